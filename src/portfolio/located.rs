//! Findings about several rows, each with its cell.

use super::entry::Entry;
use crate::book::CellRef;
use crate::field::Field;
use crate::finding::{Code, Finding};
use std::cmp::Ordering;
use std::fmt;

/// More cells than this are counted in the sentence, not listed; [`Located::cells`] has them all.
const CELLS_IN_SENTENCE: usize = 8;

/// A cell of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cited<'a> {
    /// Index of the file in the run.
    pub file: usize,
    /// Path of the file below the inbox.
    pub file_name: &'a str,
    /// Name of the sheet.
    pub sheet: &'a str,
    /// Row in the sheet, from 0.
    pub row: u32,
    /// The cell, where the table has a column for the field.
    pub cell: Option<CellRef>,
}

impl<'a> Cited<'a> {
    /// The cell of a field of a row.
    pub fn of(entry: &Entry<'a>, field: Field) -> Self {
        let source = &entry.source;
        Self {
            file: source.file,
            file_name: source.file_name,
            sheet: source.sheet,
            row: source.row,
            cell: source.cell(field),
        }
    }
}

impl fmt::Display for Cited<'_> {
    /// `Sales/UK clients.xlsx, Clients!A7`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.file_name, self.sheet)?;
        match self.cell {
            Some(cell) => write!(f, "!{cell}"),
            None => write!(f, " row {}", self.row + 1),
        }
    }
}

/// A finding with every cell that it is about, in any file.
#[derive(Clone, Debug, PartialEq)]
pub struct Located<'a> {
    /// Sheet and cell are those of the first of the cells.
    pub finding: Finding,
    /// The cells, in the order of the sentence; empty for what concerns the whole organisation.
    pub cells: Vec<Cited<'a>>,
}

impl<'a> Located<'a> {
    /// A finding about these cells.
    pub(super) fn new(code: Code, field: Field, cells: Vec<Cited<'a>>, message: String) -> Self {
        let mut finding = Finding::new(code, message).of(field);
        if let Some(first) = cells.first() {
            finding = finding.on(first.sheet);
            finding.cell = first.cell;
        }
        Self { finding, cells }
    }

    /// The order of findings: by first cell, then by kind and sentence.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        let key = |located: &Self| located.cells.first().map(|cell| (cell.file, cell.sheet, cell.row));
        let kind = |located: &Self| (located.finding.code, located.finding.field);
        let sentence = || self.finding.message.cmp(&other.finding.message);
        key(self).cmp(&key(other)).then_with(|| kind(self).cmp(&kind(other))).then_with(sentence)
    }
}

/// "a, b and 3 more"
pub(super) fn list<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| item.to_string()).collect();
    let shown = if items.len() > CELLS_IN_SENTENCE + 1 { CELLS_IN_SENTENCE } else { items.len() };
    let mut text = items[..shown].join("; ");
    if shown < items.len() {
        text.push_str(&format!("; and {} more", items.len() - shown));
    }
    text
}

/// A name as a string of the configuration.
pub(super) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn long_lists_are_counted() {
        assert_eq!(list(["a", "b"]), "a; b");
        assert_eq!(list(1..=9), "1; 2; 3; 4; 5; 6; 7; 8; 9");
        assert_eq!(list(1..=12), "1; 2; 3; 4; 5; 6; 7; 8; and 4 more");
    }
}
