//! What was handed in, as a cell of the result.

use super::super::formula::stage_id;
use super::super::sheet::Content;
use super::super::words::Words;
use super::Row;
use crate::account::{Account, Currency, Input, OwnKind, Value};
use crate::book::{Book, Cell, ErrorValue, FormatId, Sheet};
use crate::field::{Field, Kind};

/// The number format of a duration whose source tells none.
pub(super) const DURATION: &str = "[h]:mm";

/// The number format of an amount that says its currency.
pub(super) fn money_format(currency: Currency) -> String {
    format!("#,##0 [${}]", currency.code())
}

/// The note on a field's cell that could not be read.
pub(super) fn expected(field: Field) -> &'static str {
    match field.kind() {
        Kind::Count => "expected_count",
        Kind::Survey => "expected_survey",
        Kind::Level => "expected_level",
        Kind::Date => "expected_date",
        Kind::Money => "expected_money",
        _ => "expected_other",
    }
}

/// A cell as it was handed in.
pub(super) fn carried(book: &Book, sheet: &Sheet, row: u32, col: u16) -> Content {
    let coded = |number: f64, format: FormatId, otherwise: Content| {
        if format == FormatId::GENERAL { otherwise } else { Content::Formatted(number, book.format(format).to_owned()) }
    };
    match sheet.row(row).and_then(|row| row.get(col)) {
        None => Content::Empty,
        Some(Cell::Text(id)) => Content::text(book.text(id)),
        Some(Cell::Number(number, format)) => coded(number, format, Content::Number(number)),
        Some(Cell::Date(serial, format)) => coded(serial, format, Content::Date(serial)),
        Some(Cell::Time(days, format)) => coded(days, format, Content::Formatted(days, DURATION.to_owned())),
        Some(Cell::Bool(value)) => Content::Bool(value),
        Some(Cell::Error(error)) => Content::Text(error.to_string()),
    }
}

pub(super) fn own_value(kind: &OwnKind, value: Value) -> Content {
    match (kind, value) {
        (OwnKind::Words(words), Value::Number(place)) => {
            words.get(place as usize).map_or(Content::Empty, |word| Content::text(word))
        }
        (_, Value::Number(number)) => Content::Number(number),
        (_, Value::Date(day)) => Content::Date(f64::from(day)),
        _ => Content::Empty,
    }
}

/// An input in its type; a wrong one as it was handed in.
pub(super) fn input(row: &Row<'_>, field: Field, book: &Book, words: Words, shown_currency: bool) -> Content {
    let currency = || row.account.currency().filter(|_| shown_currency && field.kind() == Kind::Money);
    match row.account.input(field) {
        // the formula of the status asks this cell, and so does the next run
        Input::Missing if field == Field::OverrideUntil => {
            row.account.override_end().map_or(Content::Empty, |day| Content::Date(f64::from(day)))
        }
        Input::Missing => Content::Empty,
        Input::Known(Value::Number(number)) => match currency() {
            Some(currency) => Content::Formatted(number, money_format(currency)),
            None => Content::Number(number),
        },
        Input::Known(Value::Text(id)) => Content::text(book.text(id)),
        Input::Known(Value::Level(level)) => Content::text(words.get("value", level.id())),
        Input::Known(Value::Date(day)) => Content::Date(f64::from(day)),
        Input::Known(Value::Stage(stage)) => Content::text(words.get("value", stage_id(stage))),
        Input::Known(Value::Status(status)) => Content::text(words.get("value", status.id())),
        Input::Known(Value::Currency(currency)) => Content::text(currency.code()),
        Input::Wrong => Content::Wrong(wrong_text(&row.account, field, book)),
    }
}

/// What stands where a value cannot be read, as it was handed in.
pub(crate) fn wrong_text(account: &Account<'_>, field: Field, book: &Book) -> String {
    let cell = account.cell_of(field).and_then(|at| book.sheets[account.table.sheet].cell(at));
    match cell {
        // as plain text "#N/A" would be a way to say that there is no value
        Some(cell @ Cell::Error(ErrorValue::Na)) => format!("{} (Excel)", book.shown(cell)),
        Some(cell) => book.shown(cell),
        None => String::new(),
    }
}
