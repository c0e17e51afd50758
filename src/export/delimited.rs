//! The table as csv that Excel opens as it is meant: UTF-8 with its mark, and no text that runs as a formula.

use super::{COLUMNS, Datum, Table};
use crate::output::save;
use crate::period::day_of;
use std::io;
use std::path::Path;

/// Writes the file.
///
/// # Errors
/// What the system said.
pub fn write(table: &Table<'_>, target: &Path) -> io::Result<()> {
    save::whole(target, |file| {
        // without the mark Excel takes UTF-8 for the country's code page
        file.write_all("\u{feff}".as_bytes())?;
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(file);
        writer.write_record(COLUMNS.iter().map(|column| column.name))?;
        for line in table.clients {
            writer.write_record(COLUMNS.iter().map(|column| field(column.value(table, line))))?;
        }
        writer.flush()
    })
}

fn field(value: Option<Datum>) -> String {
    match value {
        None => String::new(),
        Some(Datum::Text(text)) => harmless(text),
        Some(Datum::Integer(number)) => number.to_string(),
        Some(Datum::Number(number)) => number.to_string(),
        Some(Datum::Bool(answer)) => answer.to_string(),
        Some(Datum::Date(day)) => day_of(day).map(|day| day.to_string()).unwrap_or_default(),
    }
}

/// A text that a spreadsheet would run as a formula gets an apostrophe before it.
pub(crate) fn harmless(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_do_not_run() {
        for (given, written) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+351 21", "'+351 21"),
            ("-", "'-"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(field(Some(Datum::Text(given.to_owned()))), written);
        }
        // numbers are numbers
        assert_eq!(field(Some(Datum::Number(-12.5))), "-12.5");
        assert_eq!(field(Some(Datum::Date(46_356))), "2026-11-30");
    }
}
