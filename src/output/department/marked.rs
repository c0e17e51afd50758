//! What the client table shows otherwise than its columns say: outlines, notes on what could not be read, number formats.

use super::super::sheet::{Column, Marked};
use super::super::words::Words;
use super::columns::names_currencies;
use super::{Placed, Row, Source, cells};
use crate::account::{ClientTable, Input};
use crate::book::{Cell, FormatId};
use crate::field::{Field, Kind};
use std::collections::BTreeSet;

/// Of the rows of `table`, which is that of `place` or stands for it.
pub(super) fn of(
    table: &ClientTable,
    place: &Placed<'_>,
    columns: &[Column<'_, Row<'_>>],
    source: &Source<'_>,
    words: Words,
) -> Marked {
    Marked {
        outlined: place.outlined(source.findings),
        notes: notes(table, columns, words),
        codes: codes(table, columns, source),
        lines: 1,
    }
}

fn notes(table: &ClientTable, columns: &[Column<'_, Row<'_>>], words: Words) -> Vec<(u32, u16, &'static str)> {
    let fields: Vec<(u16, Field)> =
        (0u16..).zip(columns).filter_map(|(col, column)| Some((col, Field::from_id(&column.id)?))).collect();
    let mut notes = Vec::new();
    for (row, account) in (1u32..).zip(table.accounts()) {
        let wrong = fields.iter().filter(|(_, field)| account.input(*field) == Input::Wrong);
        notes.extend(wrong.map(|(col, field)| (row, *col, words.get("note", cells::expected(*field)))));
    }
    notes
}

/// The number formats that amounts and carried cells may have here.
fn codes(table: &ClientTable, columns: &[Column<'_, Row<'_>>], source: &Source<'_>) -> BTreeSet<String> {
    let book = &source.parsed.book;
    let sheet = &book.sheets[table.sheet];
    let carried: BTreeSet<u16> =
        columns.iter().filter_map(|column| column.id.strip_prefix("carried:")?.parse().ok()).collect();
    let mut formats: BTreeSet<FormatId> = BTreeSet::new();
    let mut codes = BTreeSet::new();
    for (col, cell) in table.accounts().filter_map(|account| sheet.row(account.row())).flat_map(|row| row.cells()) {
        match cell {
            Cell::Time(_, FormatId::GENERAL) if carried.contains(&col) => {
                codes.insert(cells::DURATION.to_owned());
            }
            Cell::Number(_, format) | Cell::Date(_, format) | Cell::Time(_, format)
                if format != FormatId::GENERAL && carried.contains(&col) =>
            {
                formats.insert(format);
            }
            _ => {}
        }
    }
    codes.extend(formats.into_iter().map(|format| book.format(format).to_owned()));
    let has_money =
        || columns.iter().filter_map(|column| Field::from_id(&column.id)).any(|own| own.kind() == Kind::Money);
    if names_currencies(source) && has_money() {
        let currencies: BTreeSet<_> = table.accounts().filter_map(|account| account.currency()).collect();
        codes.extend(currencies.into_iter().map(cells::money_format));
    }
    codes
}
