//! What calamine does not tell of an xlsx worksheet, from one pass over its part: formulas, hidden rows and columns,
//! merges, and the cells that calamine would refuse or read wrong.

use super::ooxml::{address, area};
use super::package::damaged_part;
use super::tags::{Kind, Tag, Tags};
use crate::book::{Area, CellRef, MAX_COLUMNS};
use crate::error::FileError;
use std::collections::VecDeque;
use std::io::Read;

/// More merges than this are noise (and would cost memory).
const MAX_MERGES: usize = 1_000_000;
/// Remembered odd cells; a sheet with more is refused.
const MAX_ODD: usize = 1_000_000;

/// Findings about one worksheet part.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) formulas: u32,
    pub(super) formulas_without_value: u32,
    /// Hidden rows that have cells.
    pub(super) hidden_rows: u32,
    /// Hidden columns, as first and last.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    pub(super) merges: Vec<Area>,
    pub(super) hyperlinks: u32,
    /// Errors that calamine does not know ("#SPILL!"), in the order of the file.
    pub(super) odd_errors: VecDeque<CellRef>,
    /// Cells whose value calamine would take wrong without an error, each with the reason, in the order of the file.
    pub(super) distrusted: VecDeque<(CellRef, &'static str)>,
    /// Cells without an address, which calamine counts wrong after an error.
    pub(super) addresses_missing: bool,
}

/// Reads the whole part, a tag at a time.
pub(super) fn facts(path: &str, stream: impl Read) -> Result<Facts, FileError> {
    let mut walk = Walk::default();
    let mut tags = Tags::new(stream);
    while let Some(tag) = tags.next().map_err(|error| damaged_part(path, &error))? {
        walk.visit(&tag);
        if walk.facts.odd_errors.len() + walk.facts.distrusted.len() > MAX_ODD {
            return Err(FileError::Damaged(format!("its part {path} is full of cells that cannot be read")));
        }
    }
    Ok(walk.facts)
}

#[derive(Default)]
struct Walk {
    facts: Facts,
    row: u32,
    col: u32,
    row_hidden: bool,
    row_counted: bool,
    cell: Option<OpenCell>,
}

struct OpenCell {
    at: Option<CellRef>,
    content: Content,
    formula: bool,
    value: bool,
    value_before_formula: bool,
    odd_error: bool,
    distrusted: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq)]
enum Content {
    Number,
    SharedText,
    Text,
    Error,
    Other,
}

impl Walk {
    fn visit(&mut self, tag: &Tag<'_>) {
        match (tag.name, tag.kind) {
            (b"c", Kind::Open | Kind::Empty) => self.open_cell(tag),
            (b"c", Kind::Close) => self.close_cell(),
            (b"v", kind) => self.value(tag, kind),
            (b"f", Kind::Open | Kind::Empty) => {
                if let Some(cell) = &mut self.cell {
                    cell.formula = true;
                    cell.value_before_formula |= cell.value;
                }
            }
            (b"is", _) => {
                if let Some(cell) = &mut self.cell {
                    cell.value = true;
                }
            }
            (b"row", Kind::Open | Kind::Empty) => {
                if let Some(row) = tag.number(b"r") {
                    self.row = row.saturating_sub(1);
                }
                self.row_hidden = tag.is_set(b"hidden");
                self.row_counted = false;
                if tag.kind == Kind::Empty {
                    self.row += 1;
                }
            }
            (b"row", Kind::Close) => (self.row, self.col) = (self.row.saturating_add(1), 0),
            (b"col", Kind::Open | Kind::Empty) if tag.is_set(b"hidden") => {
                if let (Some(min), Some(max)) = (tag.number(b"min"), tag.number(b"max"))
                    && 1 <= min
                    && min <= max
                {
                    self.facts.hidden_columns.push((min - 1, (max - 1).min(u32::from(MAX_COLUMNS) - 1)));
                }
            }
            (b"hyperlink", Kind::Open | Kind::Empty) => self.facts.hyperlinks += 1,
            (b"mergeCell", Kind::Open | Kind::Empty) if self.facts.merges.len() < MAX_MERGES => {
                self.facts.merges.extend(tag.attribute(b"ref").and_then(area));
            }
            _ => {}
        }
    }

    fn open_cell(&mut self, tag: &Tag<'_>) {
        let at = match tag.attribute(b"r") {
            Some(reference) => address(reference),
            None => {
                self.facts.addresses_missing = true;
                u16::try_from(self.col).ok().map(|col| CellRef { row: self.row, col })
            }
        };
        self.col = at.map_or(self.col, |at| u32::from(at.col)).saturating_add(1);
        if self.row_hidden && !self.row_counted {
            self.facts.hidden_rows += 1;
            self.row_counted = true;
        }
        if tag.kind == Kind::Empty {
            return;
        }
        let content = match tag.attribute(b"t") {
            None | Some(b"n") => Content::Number,
            Some(b"s") => Content::SharedText,
            Some(b"str") => Content::Text,
            Some(b"e") => Content::Error,
            Some(_) => Content::Other,
        };
        self.cell = Some(OpenCell {
            at,
            content,
            formula: false,
            value: false,
            value_before_formula: false,
            odd_error: false,
            distrusted: None,
        });
    }

    fn value(&mut self, tag: &Tag<'_>, kind: Kind) {
        let Some(cell) = &mut self.cell else { return };
        match kind {
            // An empty text is a value, an empty number is none.
            Kind::Empty => cell.value |= cell.content == Content::Text,
            Kind::Open => {}
            Kind::Close => {
                cell.value |= !tag.text.is_empty() || cell.content == Content::Text;
                match cell.content {
                    // calamine reads an index that it cannot parse as the first text …
                    Content::SharedText if !tag.text.iter().all(u8::is_ascii_digit) => {
                        cell.distrusted = Some("names no text of the workbook");
                    }
                    // … and of a number in pieces the first piece.
                    Content::Number if tag.text.iter().any(|byte| matches!(byte, b'&' | b'<')) => {
                        cell.distrusted = Some("holds a number in pieces");
                    }
                    Content::Error => cell.odd_error = !known_error(tag.text),
                    _ => {}
                }
            }
        }
    }

    fn close_cell(&mut self) {
        let Some(cell) = self.cell.take() else { return };
        if cell.formula {
            self.facts.formulas += 1;
            self.facts.formulas_without_value += u32::from(!cell.value);
        }
        let Some(at) = cell.at else { return };
        if cell.odd_error {
            self.facts.odd_errors.push_back(at);
        } else if cell.value_before_formula {
            self.facts.distrusted.push_back((at, "has its value before its formula, where it is not read"));
        } else if let Some(reason) = cell.distrusted {
            self.facts.distrusted.push_back((at, reason));
        }
    }
}

/// The errors that calamine knows.
fn known_error(text: &[u8]) -> bool {
    matches!(text, b"#DIV/0!" | b"#N/A" | b"#NAME?" | b"#NULL!" | b"#NUM!" | b"#REF!" | b"#VALUE!")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_finds_what_calamine_does_not_tell() {
        let xml = br#"<x:worksheet><x:cols><x:col min="2" max="3" hidden="1"/><col min="5" max="5"/></x:cols><sheetData>
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>
            <row r="2" hidden="1"><c r="A2"><f>A1</f></c><c r="B2" t="str"><f>""</f><v></v></c><c r="C2"><f>B2</f><v/></c></row>
            <row r="3" hidden="1"/>
            <row r="4"><c r="A4" t="e"><f>X</f><v>#SPILL!</v></c><c r="B4" t="e"><v>#N/A</v></c><c r="C4"><v>7</v><f>D4</f></c></row>
            <row r="5"><c t="s"><v> 1</v></c><c r="B5"><v>1&#50;</v></c></row>
            </sheetData><mergeCells><mergeCell ref="A1:B1"/><mergeCell ref="B2:A1"/></mergeCells>
            <hyperlinks><hyperlink ref="A1"/><hyperlink ref="B2"></hyperlink></hyperlinks></x:worksheet>"#;
        let facts = facts("sheet1.xml", &xml[..]).unwrap();
        assert_eq!((facts.formulas, facts.formulas_without_value, facts.hidden_rows), (6, 2, 1));
        assert_eq!(facts.hidden_columns, [(1, 2)]);
        assert_eq!((facts.merges.len(), facts.hyperlinks), (1, 2));
        assert_eq!(facts.odd_errors.iter().map(CellRef::to_string).collect::<Vec<_>>(), ["A4"]);
        assert_eq!(facts.distrusted.iter().map(|(at, _)| at.to_string()).collect::<Vec<_>>(), ["C4", "A5", "B5"]);
        assert!(facts.addresses_missing);
    }
}
