//! What a cell says for a field: known, missing or wrong, with the reason in words. Shared by all kinds of values.

use crate::account::{Currency, Value};
use crate::book::{Book, Cell, ErrorValue};
use crate::value::date::DateOrder;
use crate::value::number::{Mark, NumberText};
use crate::value::words::Words;
use crate::value::{date_text, number_text, time_text};
use std::borrow::Cow;

/// A cell with its text and number format resolved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Raw<'a> {
    /// A text as handed in.
    Text(&'a str),
    /// A number and its format code.
    Number(f64, &'a str),
    /// A date serial.
    Date(f64),
    /// A time or duration, in days.
    Time(f64),
    /// TRUE or FALSE.
    Bool(bool),
    /// An Excel error.
    Error(ErrorValue),
}

impl<'a> Raw<'a> {
    /// Resolves a cell of a book.
    pub fn of(book: &'a Book, cell: Cell) -> Self {
        match cell {
            Cell::Text(id) => Raw::Text(book.texts.get(id.0 as usize).map_or("", |text| text)),
            Cell::Number(number, format) => Raw::Number(number, book.format(format)),
            Cell::Date(serial, _) => Raw::Date(serial),
            Cell::Time(days, _) => Raw::Time(days),
            Cell::Bool(value) => Raw::Bool(value),
            Cell::Error(error) => Raw::Error(error),
        }
    }

    /// What a person would call the content; a number format of zeros only ("00000") is honoured, as in keys.
    pub fn shown(&self) -> Cow<'a, str> {
        match *self {
            Raw::Text(text) => Cow::Borrowed(text),
            Raw::Number(number, format) => {
                let text = number_text(number);
                let padded = format.len() > 1 && format.bytes().all(|b| b == b'0');
                let whole = text.bytes().all(|b| b.is_ascii_digit());
                Cow::Owned(if padded && whole { format!("{text:0>width$}", width = format.len()) } else { text })
            }
            Raw::Date(serial) => Cow::Owned(date_text(serial)),
            Raw::Time(days) => Cow::Owned(time_text(days)),
            Raw::Bool(value) => Cow::Borrowed(if value { "TRUE" } else { "FALSE" }),
            Raw::Error(error) => Cow::Owned(error.to_string()),
        }
    }

    /// Whether the cell holds nothing that a person sees.
    pub fn is_blank(&self) -> bool {
        matches!(self, Raw::Text(text) if trim(text).is_empty())
    }

    /// Whether a native number is shown in percent.
    pub fn is_percent(&self) -> bool {
        matches!(self, Raw::Number(_, format) if format.contains('%'))
    }
}

/// Without white space and invisible characters around it.
pub fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}'))
}

/// What the words and the votes say for one column.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The dictionary's words.
    pub words: &'a Words,
    /// The decimal mark that evidence has settled.
    pub mark: Option<Mark>,
    /// The date order that evidence has settled.
    pub order: Option<DateOrder>,
    /// Whether the column holds dates of either order, so that the order of the others is a majority's only.
    pub mixed_order: bool,
    /// Whether a column of levels holds their first letters and nothing else.
    pub ranks: bool,
    /// The year of the as-of date: two-digit years are read near it.
    pub year: i16,
}

/// What a cell came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A value.
    Known(Value),
    /// No value.
    Missing,
    /// Something that cannot be one: what it is, in words that follow the raw text.
    Wrong(Cow<'static, str>),
    /// An Excel error.
    Error(ErrorValue),
}

/// What a cell came to, and what there is to say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The value, or why there is none.
    pub outcome: Outcome,
    /// How it was read, where that is not plain ("3+" as 3).
    pub note: Option<String>,
    /// Both readings of a text that reads two ways without evidence; the first was taken.
    pub two_ways: Option<(String, String)>,
    /// The currency typed beside an amount.
    pub currency: Option<Currency>,
}

impl Reading {
    /// A value that was read.
    pub fn known(value: Value) -> Self {
        Self { outcome: Outcome::Known(value), note: None, two_ways: None, currency: None }
    }

    /// A number that was read, without floating noise.
    pub fn number(number: f64) -> Self {
        Self::known(Value::Number(super::round15(number)))
    }

    /// No value.
    pub fn missing() -> Self {
        Self { outcome: Outcome::Missing, note: None, two_ways: None, currency: None }
    }

    /// No possible value; `why` follows the raw text in a sentence.
    pub fn wrong(why: impl Into<Cow<'static, str>>) -> Self {
        Self { outcome: Outcome::Wrong(why.into()), note: None, two_ways: None, currency: None }
    }

    /// With a remark on how it was read.
    #[must_use]
    pub fn noted(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

/// What no number field takes; `None` means: look at the number or text.
pub fn not_numeric(raw: Raw<'_>) -> Option<Reading> {
    match raw {
        Raw::Text(text) if trim(text).is_empty() => Some(Reading::missing()),
        Raw::Date(serial) => {
            Some(Reading::wrong(format!("is a date ({}): Excel turns 9/10 into one", date_text(serial))))
        }
        Raw::Time(days) => Some(Reading::wrong(format!("is a time ({}), no number", time_text(days)))),
        Raw::Bool(_) => Some(Reading::wrong("is TRUE or FALSE, no number")),
        Raw::Error(error) => Some(Reading { outcome: Outcome::Error(error), ..Reading::missing() }),
        Raw::Number(number, _) if !number.is_finite() => Some(Reading::wrong("is no number")),
        Raw::Text(_) | Raw::Number(..) => None,
    }
}

/// A number text by the column's mark; without one as decimals or as thousands, with both readings kept.
pub fn by_vote(number: &NumberText, mark: Option<Mark>, as_thousands: bool) -> (f64, Option<(String, String)>) {
    use crate::value::number::Digits;
    match (number.value(mark), number.digits) {
        (None, Digits::TwoWays { decimal, grouped, .. }) => {
            let (decimal, grouped) = (number.signed(decimal), number.signed(grouped));
            let (taken, other) = if as_thousands { (grouped, decimal) } else { (decimal, grouped) };
            (taken, Some((number_text(taken), number_text(other))))
        }
        (value, _) => (value.unwrap_or_default(), None),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A context without evidence, in 2026.
    pub(crate) fn context(words: &Words) -> Context<'_> {
        Context { words, mark: None, order: None, mixed_order: false, ranks: false, year: 2026 }
    }

    #[test]
    fn keys_keep_their_zeros() {
        assert_eq!(Raw::Number(123.0, "00000").shown(), "00123");
        assert_eq!(Raw::Number(123.0, "General").shown(), "123");
        assert_eq!(Raw::Number(1.5, "00").shown(), "1.5");
        assert_eq!(Raw::Text(" 00123").shown(), " 00123");
    }
}
