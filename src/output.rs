//! Results. This module and those below it are the only users of rust_xlsxwriter.

mod actions;
mod cards;
pub mod demonstration;
pub mod department;
mod finish;
pub mod form;
mod formula;
mod glance;
mod lists;
mod method;
mod page;
mod progress;
mod quality;
mod rows;
pub mod save;
mod sentence;
mod sheet;
mod style;
pub mod summary;
mod words;

pub(crate) use sheet::{MAX_TEXT, cut};

/// What a criterion measures, inside a sentence.
pub(crate) fn criterion_label(
    language: crate::language::Language,
    criterion: &crate::score::Criterion,
    own: &[crate::account::OwnColumn],
) -> String {
    sentence::label(words::Words::new(language), criterion, own)
}

/// What changed of an account, as a sentence.
pub(crate) fn what_changed(
    language: crate::language::Language,
    change: &crate::history::Change,
    score: Option<f64>,
    config: &crate::config::Config,
) -> String {
    let fact = department::Fact { change: Some(change.clone()), lines: 1, ..department::Fact::default() };
    progress::changed(words::Words::new(language), &fact, score, config)
}
