//! Lines of the configuration about headings that met nothing: a file that was renamed, a sheet or heading that is gone.

use super::{Handled, Read};
use crate::book::column_letters;
use crate::config::{Config, MappingRule};
use crate::finding::{Code, Finding};
use crate::mapping::{Column, heading_key};
use crate::text::fold;

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
