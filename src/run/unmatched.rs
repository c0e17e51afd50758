//! Lines of the configuration that met nothing: a file that was renamed, a sheet or heading that is gone, a department that
//! nobody is of.

use super::{Handled, Read};
use crate::account::ClientTable;
use crate::book::column_letters;
use crate::config::{Config, MappingRule};
use crate::field::Field;
use crate::finding::{Code, Finding};
use crate::mapping::{Column, heading_key};
use crate::score::Scorecard;
use crate::text::{fold, nearest};
use std::collections::BTreeSet;

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

/// One finding for every department that a `[[scorecard]]` names and no workbook is of.
pub(super) fn scorecards(config: &Config, handled: &[Handled]) -> Vec<Finding> {
    let departments: BTreeSet<&str> = handled.iter().map(|file| file.job.department.as_str()).collect();
    let of = |card: &Scorecard, name: &str| {
        let hint = match (named_by_rows(handled, name), nearest(name, departments.iter().copied())) {
            (Some(source), _) => {
                format!(
                    ": rows of {source} name it, but a scorecard holds for whole workbooks, and they were scored like the rest of theirs"
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
