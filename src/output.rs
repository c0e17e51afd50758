//! Results. This module and those below it are the only users of rust_xlsxwriter.

mod actions;
pub mod department;
mod formula;
mod glance;
mod lists;
mod method;
mod page;
mod progress;
mod quality;
pub mod save;
mod sentence;
mod sheet;
mod style;
pub mod summary;
mod words;

pub(crate) use sheet::{MAX_TEXT, cut};
