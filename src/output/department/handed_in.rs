//! The columns that come from the source: fields under their headings, everything else as it was.

use super::super::formula::Live;
use super::super::sheet::Column;
use super::super::style::Look;
use super::super::words::Words;
use super::{COMPUTED, Row, cells};
use crate::account::{ClientTable, Input, Measure};
use crate::book::{Book, Cell, column_letters};
use crate::config::Config;
use crate::field::{Field, Kind};
use std::collections::BTreeSet;

/// The columns that come from the source, while they are gathered.
pub(super) struct List<'a, 'p> {
    pub(super) columns: Vec<Column<'a, Row<'a>>>,
    pub(super) placed: &'p mut Vec<(u16, u16)>,
    pub(super) table: &'a ClientTable,
    pub(super) book: &'a Book,
    pub(super) words: Words,
    /// Whether amounts say their currency.
    pub(super) shown_currency: bool,
}

impl<'a> List<'a, '_> {
    /// A field, kept by the source or not: an empty column can be filled in.
    pub(super) fn field(&mut self, field: Field, width: f64, look: Look) {
        let heading = self.words.get("column", field.id()).to_owned();
        let column = self.table.column_of(field);
        if let Some(column) = column {
            self.placed.push((column.col, self.columns.len() as u16));
        }
        let original = column
            .map(|column| column.original.as_ref().unwrap_or(&column.heading))
            .filter(|original| **original != heading && !original.is_empty())
            .map(|original| original.chars().take(900).collect::<String>());
        let mut note = original.as_ref().map(|original| self.words.fill("note", "original", &[("heading", original)]));
        if field == Field::OverrideUntil && self.table.accounts().any(|account| account.override_end().is_some()) {
            let said = self.words.get("note", "override_end");
            note = Some(note.map_or(said.to_owned(), |note| format!("{note}\n{said}")));
        }
        let (book, words, shown_currency) = (self.book, self.words, self.shown_currency);
        self.columns.push(Column {
            id: field.id().to_owned(),
            heading,
            computed: false,
            width: self.fitted(field, width),
            look,
            note,
            original,
            formula: None,
            value: Box::new(move |row| cells::input(row, field, book, words, shown_currency)),
        });
    }

    pub(super) fn has_wrong_amounts(&self) -> bool {
        let money = || Field::ALL.iter().filter(|field| field.kind() == Kind::Money);
        self.table.accounts().any(|account| money().any(|field| account.input(*field) == Input::Wrong))
    }

    /// Names get the width they need, within reason.
    fn fitted(&self, field: Field, width: f64) -> f64 {
        if !matches!(field, Field::Client | Field::AccountManager) {
            return width;
        }
        let longest = self
            .table
            .accounts()
            .take(300)
            .filter_map(|account| account.text(field, self.book))
            .map(|text| text.chars().count())
            .max();
        (longest.unwrap_or(0) as f64 * 1.05 + 2.0).clamp(width * 0.8, width * 1.3)
    }

    /// Every unmapped column as it was.
    pub(super) fn carried(&mut self, config: &Config, formulas: &mut Live<'_>) {
        let reserved = reserved(self.words, formulas);
        let mut taken = reserved.clone();
        let sheet = &self.book.sheets[self.table.sheet];
        for column in self.table.columns.iter().filter(|column| column.is_carried()) {
            let given = match column.field {
                Some(_) => self.words.fill("column", "carried", &[("heading", &column.heading)]),
                None => column.heading.clone(),
            };
            let heading = carried_heading(self.words, &given, column.col, &reserved, &mut taken);
            if let Some(own) = column.further {
                formulas.own_headings[own] = Some(heading.clone());
            }
            formulas.cards.headed(column, &heading);
            if column.field.is_none() {
                self.placed.push((column.col, self.columns.len() as u16));
            }
            let (book, col, further) = (self.book, column.col, column.further);
            let kinds: Vec<_> = config.own_columns.iter().map(|own| own.kind.clone()).collect();
            let texts = sheet.rows().take(300).filter_map(|row| match row.get(col) {
                Some(Cell::Text(id)) => Some(book.text(id).chars().count().min(40)),
                Some(cell @ (Cell::Number(_, format) | Cell::Date(_, format) | Cell::Time(_, format))) => {
                    // room for what the format adds, but not for its conditions and colours
                    let code = book.format(format).split(';').next().map_or(0, |code| code.chars().count());
                    Some(book.shown(cell).chars().count().max(code.min(16)) + 1)
                }
                _ => None,
            });
            let longest = texts.max().unwrap_or(0).max(heading.chars().count().min(14));
            self.columns.push(Column {
                id: format!("carried:{col}"),
                heading,
                computed: false,
                width: longest as f64 + 3.0,
                look: if longest >= 40 { Look::Wrapped } else { Look::Text },
                note: None,
                original: None,
                formula: None,
                value: Box::new(move |row: &Row<'a>| {
                    let counted = further.map(|own| (own, row.account.measure(&Measure::Own(own))));
                    match counted {
                        Some((own, Input::Known(value))) => cells::own_value(&kinds[own], value),
                        _ => cells::carried(book, sheet, row.account.row(), col),
                    }
                }),
            });
        }
    }
}

/// Headings that are ours, folded for comparison as Excel tables compare them.
fn reserved(words: Words, formulas: &Live<'_>) -> BTreeSet<String> {
    let fields = Field::ALL.iter().map(|field| field.id());
    let ours = fields.chain(COMPUTED).map(|id| words.get("column", id).to_lowercase());
    ours.chain(formulas.cards.points.iter().map(|column| column.heading.to_lowercase())).collect()
}

/// A carried heading: trimmed, not empty, not ours, unique without case, as an Excel table demands.
fn carried_heading(
    words: Words,
    given: &str,
    col: u16,
    reserved: &BTreeSet<String>,
    taken: &mut BTreeSet<String>,
) -> String {
    let plain: String =
        given.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(200).collect();
    // rust_xlsxwriter would take it for the XML of rich text
    let plain = if plain.starts_with("<r>") && plain.ends_with("</r>") { plain.replace('<', "‹") } else { plain };
    let mut heading =
        if plain.is_empty() { words.fill("column", "unnamed", &[("letter", &column_letters(col))]) } else { plain };
    if reserved.contains(&heading.to_lowercase()) {
        heading = words.fill("column", "carried", &[("heading", &heading)]);
    }
    let base = heading.clone();
    for n in 2.. {
        if taken.insert(heading.to_lowercase()) {
            break;
        }
        heading = format!("{base} ({n})");
    }
    heading
}
