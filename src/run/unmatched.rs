//! Lines of the configuration that met nothing: a file that was renamed, a sheet or heading that is gone, a department that
//! nobody is of.

use super::{Handled, Read};
use crate::account::ClientTable;
use crate::book::column_letters;
use crate::config::{Config, MappingRule};
use crate::field::Field;
use crate::finding::{Code, Finding};
use crate::mapping::{Column, heading_key};
use crate::score::{Scorecard, When};
use crate::segment;
use crate::text::{fold, nearest, word_key};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// One finding for every file, sheet or heading that a `[[mapping]]` names and no workbook has.
pub(super) fn mappings(config: &Config, handled: &[Handled]) -> Vec<Finding> {
    let of = |(at, rule): (usize, &MappingRule)| -> Vec<Finding> {
        let finding = |what: String| {
            let line = format!("Mapping number {} of {} (file \"{}\")", at + 1, config.source, rule.file.glob());
            Finding::new(Code::MappingUnused, format!("{line} settles nothing: {what}"))
        };
        missing(rule, handled).into_iter().map(finding).collect()
    };
    config.mappings.iter().enumerate().flat_map(of).collect()
}

/// One finding for every department that a `[[scorecard]]` names and no workbook is of, and for every scorecard whose clients
/// no list has.
pub(super) fn scorecards(config: &Config, handled: &[Handled]) -> Vec<Finding> {
    let mut findings = of_departments(config, handled);
    let by_word = config.scorecards.iter().enumerate().filter_map(|(at, card)| Some((at, card, card.when.as_ref()?)));
    let unused = by_word.filter_map(|(at, card, when)| {
        let what = no_client(config, at, card, when, handled)?;
        let words: Vec<_> = when.is.iter().map(|word| format!("\"{word}\"")).collect();
        let whose = format!("whose \"{}\" is {}", when.column, words.join(" or "));
        Some(Finding::new(
            Code::ScorecardUnused,
            format!("The scorecard \"{}\" is for clients {whose}, {what}", card.name),
        ))
    });
    findings.extend(unused);
    findings
}

/// Why a scorecard that is for clients with a word rates none.
fn no_client(config: &Config, at: usize, card: &Scorecard, when: &When, handled: &[Handled]) -> Option<String> {
    let is_of = |name: &str| card.departments.is_empty() || card.departments.iter().any(|own| own == name);
    // departments that nobody is of are a finding of their own, and what could not be read can hold anything
    let files: Vec<_> = handled.iter().filter(|file| is_of(&file.job.department)).collect();
    let read: Vec<_> = files.iter().map(|file| Some((*file, file.read.as_ref()?))).collect::<Option<_>>()?;
    let tables =
        || read.iter().flat_map(|(file, read)| read.parsed.tables.iter().map(move |table| (file, read, table)));
    tables().next()?;
    if tables().flat_map(|(_, _, table)| table.accounts()).any(|account| account.card() == Some(at)) {
        return None;
    }
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    let mut is_kept = false;
    for (file, read, table) in tables() {
        let choices = segment::choices(config, &file.job.department, &table.columns);
        for choice in choices.iter().filter(|choice| choice.card == at) {
            is_kept = true;
            let words = table.accounts().filter_map(|row| {
                segment::word(&row, choice.column, &read.parsed.book, &config.own_columns).map(Cow::into_owned)
            });
            said.extend(words.map(|word| (word_key(&word), word)));
        }
    }
    Some(if !is_kept {
        "and no list has that column".to_owned()
    } else if when.is.iter().any(|word| said.contains_key(&word_key(word))) {
        "and a scorecard that goes before it rates them all".to_owned()
    } else {
        let near = when.is.iter().find_map(|word| nearest(word, said.values().map(String::as_str)));
        let near = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
        format!("and no client is one of them{near}")
    })
}

fn of_departments(config: &Config, handled: &[Handled]) -> Vec<Finding> {
    let departments: BTreeSet<&str> = handled.iter().map(|file| file.job.department.as_str()).collect();
    let of = |card: &Scorecard, name: &str| {
        let hint = match (named_by_rows(handled, name), nearest(name, departments.iter().copied())) {
            (Some(source), _) => {
                format!(
                    ": rows of {source} name it, but departments = … is about whole workbooks, and they were scored like the rest of theirs"
                )
            }
            (None, Some(near)) => format!("; did you mean \"{near}\"?"),
            (None, None) => String::new(),
        };
        let message =
            format!("The scorecard \"{}\" is for the department \"{name}\", and no workbook is of it{hint}", card.name);
        Finding::new(Code::ScorecardUnused, message)
    };
    let names = config.scorecards.iter().flat_map(|card| card.departments.iter().map(move |name| (card, name)));
    names.filter(|(_, name)| !departments.contains(name.as_str())).map(|(card, name)| of(card, name)).collect()
}

/// A workbook in which a row names the department.
fn named_by_rows<'a>(handled: &'a [Handled], name: &str) -> Option<&'a str> {
    let names_it = |read: &Read| {
        let book = &read.parsed.book;
        let mut accounts = read.parsed.tables.iter().flat_map(ClientTable::accounts);
        accounts.any(|account| account.text(Field::Department, book).is_some_and(|text| fold(text) == fold(name)))
    };
    handled.iter().find(|file| file.read.as_ref().is_some_and(names_it)).map(|file| file.job.source.as_str())
}

/// What a rule speaks of and nothing is.
fn missing(rule: &MappingRule, handled: &[Handled]) -> Vec<String> {
    let files: Vec<&Handled> = handled.iter().filter(|file| rule.file.is_match(&file.job.source)).collect();
    if files.is_empty() {
        return vec!["no workbook of the inbox has this name".to_owned()];
    }
    // what could not be read can hold anything
    let Some(read) = files.iter().map(|file| file.read.as_ref()).collect::<Option<Vec<&Read>>>() else {
        return Vec::new();
    };
    let is_named = |name: &str| rule.sheet.as_ref().is_none_or(|sheet| fold(sheet) == fold(name));
    if !read.iter().any(|read| read.parsed.book.sheets.iter().any(|sheet| is_named(&sheet.name))) {
        return vec![format!("there is no sheet \"{}\"", rule.sheet.as_deref().unwrap_or_default())];
    }
    let tables = |read: &&Read| {
        let named = read.sheets.iter().filter(|map| is_named(&read.parsed.book.sheets[map.sheet].name));
        named.filter_map(|map| map.table.clone()).collect::<Vec<_>>()
    };
    let columns: Vec<Column> = read.iter().flat_map(tables).flat_map(|table| table.columns).collect();
    let has = |heading: &str| {
        let key = heading_key(heading);
        let is_it = |column: &Column| {
            let headings = [Some(&column.heading), column.original.as_ref()];
            headings.into_iter().flatten().any(|heading| heading_key(heading) == key)
                || heading_key(&format!("column {}", column_letters(column.col))) == key
        };
        columns.iter().any(is_it)
    };
    let missing = rule.columns.iter().filter(|(heading, _)| !has(heading));
    missing.map(|(heading, _)| format!("no table has a heading \"{heading}\"")).collect()
}
