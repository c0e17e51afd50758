//! Account managers: spellings of one person taken as one, and listed.

use super::entry::Entry;
use super::located::{Cited, Located, list, quoted};
use super::name::{NameWords, equal_names};
use crate::field::Field;
use crate::finding::Code;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// The managers of all rows.
#[derive(Debug)]
pub(super) struct Managers<'a> {
    /// For each row the number of its manager; `None` without one.
    pub(super) of_row: Vec<Option<usize>>,
    /// The spelling shown, by number; sorted.
    pub(super) names: Vec<&'a str>,
    pub(super) findings: Vec<Located<'a>>,
}

pub(super) fn fold_managers<'a>(entries: &[Entry<'a>], words: &NameWords) -> Managers<'a> {
    let mut rows_by_text: BTreeMap<&'a str, Vec<usize>> = BTreeMap::new();
    for (row, entry) in entries.iter().enumerate() {
        if let Some(name) = entry.account_manager.map(str::trim).filter(|name| !name.is_empty()) {
            rows_by_text.entry(name).or_default().push(row);
        }
    }
    let (texts, rows): (Vec<&str>, Vec<Vec<usize>>) = rows_by_text.into_iter().unzip();
    let roots = equal_names(&texts.iter().map(|name| words.manager(name)).collect::<Vec<_>>());
    let mut people: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (text, root) in roots.into_iter().enumerate() {
        people.entry(root).or_default().push(text);
    }
    // "Ana Costa" rather than "Costa, Ana"; then the most frequent spelling; then the first by alphabet.
    let shown = |of: &[usize]| of.iter().copied().min_by_key(|&t| (texts[t].contains(','), Reverse(rows[t].len()), t));
    let mut people: Vec<(&str, Vec<usize>)> =
        people.into_values().filter_map(|of| Some((texts[shown(&of)?], of))).collect();
    people.sort_by_key(|&(name, _)| (crate::text::fold(name), name));

    let mut managers = Managers { of_row: vec![None; entries.len()], names: Vec::new(), findings: Vec::new() };
    for (number, (name, spellings)) in people.into_iter().enumerate() {
        for &row in spellings.iter().flat_map(|&text| &rows[text]) {
            managers.of_row[row] = Some(number);
        }
        if spellings.len() > 1 {
            let mut first_rows: Vec<usize> = spellings.iter().map(|&text| rows[text][0]).collect();
            first_rows.sort_unstable();
            let cells: Vec<Cited> =
                first_rows.iter().map(|&row| Cited::of(&entries[row], Field::AccountManager)).collect();
            let written = list(first_rows.iter().zip(&cells).map(|(&row, cell)| {
                format!("{} (first in {cell})", quoted(entries[row].account_manager.unwrap_or_default().trim()))
            }));
            let message = format!("spellings of one account manager, counted as {}: {written}", quoted(name));
            managers.findings.push(Located::new(Code::ManagerMerged, Field::AccountManager, cells, message));
        }
        managers.names.push(name);
    }
    managers
}

#[cfg(test)]
mod tests {
    use super::super::name::test_words;
    use super::super::tests::entry;
    use super::*;

    #[test]
    fn spellings_are_one_person_and_listed() {
        let names =
            ["Costa, Ana", "Ana Costa", "ANA COSTA", "Ana Costa", "Bob Lee", " ", "Jürgen Groß", "Juergen Gross"];
        let entries: Vec<Entry> = names
            .iter()
            .enumerate()
            .map(|(index, name)| Entry { account_manager: Some(name), ..entry(index, "Sales", "Acme") })
            .collect();
        let managers = fold_managers(&entries, &test_words());
        assert_eq!(managers.names, ["Ana Costa", "Bob Lee", "Juergen Gross"]);
        assert_eq!(managers.of_row, [Some(0), Some(0), Some(0), Some(0), Some(1), None, Some(2), Some(2)]);
        assert_eq!(managers.findings.len(), 2);
        assert_eq!(managers.findings[0].cells.len(), 3);
    }
}
