//! One cell of an ods: its attributes, and what calamine is to see of them.

use super::builder::shortened;
use super::ods_content::parsed;
use super::tags::unescaped;
use crate::book::ErrorValue;
use quick_xml::events::BytesStart;

/// What calamine does not tell of a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Note {
    Percent,
    /// With the currency's code.
    Currency(String),
    Error(ErrorValue),
}

/// A cell's attributes.
pub(super) struct Cell {
    kind: String,
    value: Option<String>,
    currency: Option<String>,
    pub(super) formula: bool,
    error: bool,
    pub(super) columns: u32,
    pub(super) columns_spanned: u32,
    pub(super) rows_spanned: u32,
}

/// What becomes of a cell.
pub(super) enum Verdict {
    Empty,
    /// A formula whose result was not stored.
    FormulaWithoutValue,
    /// With the reason.
    Bad(String),
    /// With the attributes that calamine is to see.
    Filled {
        attributes: String,
        note: Option<Note>,
    },
}

impl Cell {
    pub(super) fn of(tag: &BytesStart<'_>) -> Self {
        let mut cell = Self {
            kind: String::new(),
            value: None,
            currency: None,
            formula: false,
            error: false,
            columns: 1,
            columns_spanned: 1,
            rows_spanned: 1,
        };
        let mut values = [const { None }; 5];
        for attribute in tag.attributes().with_checks(false).flatten() {
            let value = || unescaped(attribute.value.as_ref().as_bytes());
            match attribute.key.as_ref() {
                "office:value-type" => cell.kind = value(),
                "office:value" => values[0] = Some(value()),
                "office:date-value" => values[1] = Some(value()),
                "office:time-value" => values[2] = Some(value()),
                "office:boolean-value" => values[3] = Some(value()),
                "office:string-value" => values[4] = Some(value()),
                "office:currency" => cell.currency = Some(value()),
                "table:formula" => cell.formula = true,
                "calcext:value-type" => cell.error = value() == "error",
                "table:number-columns-repeated" => cell.columns = parsed(&value()),
                "table:number-columns-spanned" => cell.columns_spanned = parsed(&value()),
                "table:number-rows-spanned" => cell.rows_spanned = parsed(&value()),
                _ => {}
            }
        }
        let of_kind = ["", "date", "time", "boolean", "string"].iter().position(|kind| *kind == cell.kind).unwrap_or(0);
        cell.value = values[of_kind].take();
        cell
    }

    /// What is handed on of the cell, by its attributes and its paragraphs.
    pub(super) fn verdict(self, text: &[u8]) -> Verdict {
        let Self { kind, value, currency, formula, error, .. } = self;
        let shown = shown(text);
        let filled = !shown.is_empty();
        // Before LibreOffice 4 an error was a zero whose text said so.
        let zero_error = formula && filled && error_of(&shown).is_some();
        if error || zero_error {
            let error = error_of(&shown).unwrap_or(ErrorValue::Other);
            // An empty text would be no cell at all.
            let attributes = format!(" office:value-type=\"string\" office:string-value=\"{error}\"");
            return Verdict::Filled { attributes, note: Some(Note::Error(error)) };
        }
        let attributes = match (kind.as_str(), value) {
            ("float" | "percentage" | "currency", Some(value)) => match value.trim().parse::<f64>() {
                Ok(number) => format!(" office:value-type=\"float\" office:value=\"{number:?}\""),
                Err(_) => return Verdict::Bad(format!("is marked as a number and holds \"{}\"", shortened(&value))),
            },
            ("date", Some(value)) => format!(" office:value-type=\"date\" office:date-value=\"{}\"", escaped(&value)),
            ("time", Some(value)) => format!(" office:value-type=\"time\" office:time-value=\"{}\"", escaped(&value)),
            ("boolean", Some(value)) => {
                format!(" office:value-type=\"boolean\" office:boolean-value=\"{}\"", escaped(&value))
            }
            ("string", Some(value)) if !value.is_empty() => {
                format!(" office:value-type=\"string\" office:string-value=\"{}\"", escaped(&value))
            }
            // A cell of no type shows its text; one of a type without value would be read as empty.
            ("string" | "", _) if filled => " office:value-type=\"string\"".to_owned(),
            ("string" | "", _) if formula => return Verdict::FormulaWithoutValue,
            ("string" | "", _) => return Verdict::Empty,
            (kind, _) if filled => return Verdict::Bad(format!("is marked as {} and has no value", shortened(kind))),
            _ if formula => return Verdict::FormulaWithoutValue,
            _ => return Verdict::Empty,
        };
        let note = match kind.as_str() {
            "percentage" => Some(Note::Percent),
            "currency" => currency.map(Note::Currency),
            _ => None,
        };
        Verdict::Filled { attributes, note }
    }
}

/// The text of paragraphs without their tags; runs of spaces and breaks count for nothing.
fn shown(text: &[u8]) -> String {
    let mut shown = Vec::new();
    let mut rest = text;
    while let Some(open) = memchr::memchr(b'<', rest) {
        shown.extend_from_slice(&rest[..open]);
        let end = memchr::memchr(b'>', &rest[open..]).map_or(rest.len(), |end| open + end + 1);
        rest = &rest[end..];
    }
    unescaped(&shown)
}

fn escaped(value: &str) -> String {
    quick_xml::escape::escape(value).replace('\n', "&#10;").replace('\t', "&#9;").replace('\r', "&#13;")
}

/// The error that a text shows.
fn error_of(text: &str) -> Option<ErrorValue> {
    Some(match text.trim() {
        "#DIV/0!" => ErrorValue::Div0,
        "#N/A" => ErrorValue::Na,
        "#NAME?" => ErrorValue::Name,
        "#NULL!" => ErrorValue::Null,
        "#NUM!" => ErrorValue::Num,
        "#REF!" => ErrorValue::Ref,
        "#VALUE!" => ErrorValue::Value,
        text if text
            .strip_prefix("Err:")
            .is_some_and(|code| code.bytes().all(|b| b.is_ascii_digit()) && !code.is_empty()) =>
        {
            ErrorValue::Other
        }
        _ => return None,
    })
}
