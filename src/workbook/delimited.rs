//! csv: a table of text in any encoding, with any of the usual delimiters. Every cell stays text.

use super::builder::{BookBuilder, Raw, SheetBuilder};
use super::code_page;
use crate::book::{Book, CellRef, FormatId, MAX_COLUMNS, MAX_ROWS, Sheet};
use crate::error::FileError;
use csv::{ByteRecord, ReaderBuilder};

/// Delimiters that spreadsheet programs write, the rarer in plain text first.
const DELIMITERS: [u8; 4] = [b'\t', b';', b'|', b','];
/// How much of a file decides about the delimiter.
const SAMPLE_BYTES: usize = 256 << 10;
const SAMPLE_RECORDS: usize = 200;
/// A quoted text of so many lines is more likely a quotation mark too many.
const MANY_LINES: usize = 20;

pub(super) fn read(bytes: &[u8], mut book: BookBuilder<'_>, name: &str) -> Result<Book, FileError> {
    let (text, guessed) = code_page::decoded(bytes);
    if let Some(encoding) = guessed {
        book.remark(format!("read as {encoding} by its letters; the file does not say its encoding"));
    }
    let (delimiter, text) = match declared(&text) {
        Some((delimiter, rest)) => (delimiter, rest),
        None => (delimiter(&text), text.as_str()),
    };
    let quoting = quotes_close(text.as_bytes(), delimiter);
    if !quoting {
        book.remark("a quotation mark is opened and never closed; quotation marks are read as they stand");
    }
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .quoting(quoting)
        .from_reader(text.as_bytes());
    let mut sheet = SheetBuilder::new(Sheet::new(name));
    let (mut record, mut row) = (ByteRecord::new(), 0_u32);
    loop {
        row = row.saturating_add(blank_lines(text.as_bytes(), reader.position().byte() as usize));
        // Reading from memory with ragged rows allowed cannot fail.
        if !reader.read_byte_record(&mut record).map_err(|error| FileError::Damaged(error.to_string()))? {
            break;
        }
        if row >= MAX_ROWS {
            return Err(FileError::TooLarge(format!("it has more than {MAX_ROWS} rows, which no workbook can hold")));
        }
        for (col, field) in record.iter().enumerate() {
            let field = String::from_utf8_lossy(field);
            if field.len() > 1000 && field.lines().count() > MANY_LINES {
                let at = u16::try_from(col).ok().filter(|&col| col < MAX_COLUMNS).map(|col| CellRef { row, col });
                sheet
                    .bad(at, format!("a quoted text of {} lines; is a quotation mark missing?", field.lines().count()));
            }
            sheet.put(&mut book, (row, col as u32), &Raw::Text(&field), FormatId::GENERAL)?;
        }
        row += 1;
    }
    book.book.sheets.push(sheet.finish());
    Ok(book.book)
}

/// The delimiter of a "sep=;" line, with the text below it. Excel does not count that line as a row.
fn declared(text: &str) -> Option<(u8, &str)> {
    let (line, rest) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let rest =
        if text.as_bytes().get(line.len()) == Some(&b'\r') { rest.strip_prefix('\n').unwrap_or(rest) } else { rest };
    let line = line.trim_end_matches([' ', '\r']).trim_matches('"');
    let value = line.get(..4).filter(|key| key.eq_ignore_ascii_case("sep=")).map(|_| &line.as_bytes()[4..])?;
    match value {
        [delimiter] if delimiter.is_ascii_punctuation() || *delimiter == b'\t' => Some((*delimiter, rest)),
        _ => None,
    }
}

/// The delimiter that splits the most records alike; among equals the one that gives more columns.
fn delimiter(text: &str) -> u8 {
    let mut best = (b',', (0, 0));
    for delimiter in DELIMITERS {
        let mut widths: Vec<usize> = widths(text.as_bytes(), delimiter);
        widths.sort_unstable();
        // The most frequent width above one, the larger of equals.
        let mode =
            widths.chunk_by(|a, b| a == b).filter(|equal| equal[0] > 1).max_by_key(|equal| (equal.len(), equal[0]));
        let score = mode.map_or((0, 0), |equal| (equal.len(), equal[0]));
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    best.0
}

/// Fields per record at the beginning of a text.
fn widths(text: &[u8], delimiter: u8) -> Vec<usize> {
    let sample = &text[..text.len().min(SAMPLE_BYTES)];
    let quotes = quotes_close(sample, delimiter);
    let (mut widths, mut width, mut filled, mut quoted) = (Vec::new(), 1, false, false);
    for (index, &byte) in sample.iter().enumerate() {
        match byte {
            b'"' if quotes => quoted = !quoted,
            b'\n' | b'\r' if !quoted => {
                if filled {
                    widths.push(width);
                }
                if widths.len() == SAMPLE_RECORDS {
                    return widths;
                }
                (width, filled) = (1, false);
            }
            _ if byte == delimiter && !quoted => {
                // "1,5" in a file with semicolons is a number.
                let beside = |index: Option<usize>| index.and_then(|i| sample.get(i)).is_some_and(u8::is_ascii_digit);
                let number = delimiter == b',' && beside(index.checked_sub(1)) && beside(Some(index + 1));
                width += usize::from(!number);
                filled = true;
            }
            _ => filled |= !byte.is_ascii_whitespace(),
        }
    }
    if filled {
        widths.push(width);
    }
    widths
}

/// Whether every quotation mark that opens a field is closed.
fn quotes_close(text: &[u8], delimiter: u8) -> bool {
    let (mut quoted, mut field_start) = (false, true);
    for &byte in text {
        if quoted {
            // A doubled mark closes and opens again.
            quoted = byte != b'"';
            field_start = !quoted;
        } else if byte == b'"' && field_start {
            quoted = true;
        } else {
            field_start = byte == delimiter || byte == b'\n' || byte == b'\r';
        }
    }
    !quoted
}

/// Blank lines at a position, which the csv crate passes over and which are rows all the same.
fn blank_lines(text: &[u8], position: usize) -> u32 {
    let mut rest = text.get(position..).unwrap_or_default();
    if position > 0 && text[position - 1] == b'\r' {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut lines = 0;
    while let Some(after) = [&b"\r\n"[..], b"\n", b"\r"].iter().find_map(|end| rest.strip_prefix(*end)) {
        (rest, lines) = (after, lines + 1);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read_bytes};
    use super::*;

    fn table(bytes: &[u8]) -> (Vec<String>, Vec<String>) {
        let book = read_bytes(bytes, &Limits::default()).unwrap();
        let sheet = &book.sheets[0];
        let cells =
            sheet.rows().flat_map(|row| row.cells().map(move |(col, cell)| (CellRef { row: row.row, col }, cell)));
        (cells.map(|(at, cell)| format!("{at}={}", book.shown(cell))).collect(), book.remarks.clone())
    }

    #[test]
    fn delimiters_are_found() {
        for (text, delimiter) in [
            ("Klant;Omzet\nAcme;1,5\nBeta;2,25\n", b';'),
            ("Klant;Omzet;Doel\nAcme, Inc.;1,5;2,5\nBeta, Ltd.;2,25;3,5\n", b';'),
            ("Client,Score\nAcme,8\nBeta,9\n", b','),
            ("Client,Last,Now\nAcme,8,9\nBeta,9,10\n", b','),
            ("Client\tScore\nA;b\t8\n", b'\t'),
            ("Client|Score\nAcme|8\n", b'|'),
            ("A report\n\nClient;Notes\nAcme;\"a, b, c, d\"\nBeta;x\n", b';'),
            ("Client,Notes\nAcme,\"a; b\nc; d\"\n", b','),
            ("Client\nAcme\n", b','),
        ] {
            assert_eq!(super::delimiter(text), delimiter, "{text}");
        }
    }

    #[test]
    fn rows_keep_their_numbers() {
        for text in ["a;b\r\n\r\n\r\n\"c\r\nd\";e\r\nf\r\n", "a;b\n\n\n\"c\nd\";e\nf", "a;b\r\r\r\"c\nd\";e\rf\r"] {
            let (cells, remarks) = table(text.as_bytes());
            let cells: Vec<_> = cells.iter().map(|cell| cell.replace("\r\n", "\n")).collect();
            assert_eq!(cells, ["A1=a", "B1=b", "A4=c\nd", "B4=e", "A5=f"], "{text:?}");
            assert!(remarks.is_empty());
        }
        assert_eq!(table(b"\n\nx;y\n").0, ["A3=x", "B3=y"]);
    }

    #[test]
    fn a_sep_line_is_obeyed_and_no_row() {
        for text in [&b"sep=;\r\na;b,c\r\n"[..], b"\xEF\xBB\xBFSEP=;\na;b,c\n", b"\"sep=;\"\ra;b,c"] {
            assert_eq!(table(text).0, ["A1=a", "B1=b,c"]);
        }
        assert_eq!(table(b"sep=\t\na\tb;c\n").0, ["A1=a", "B1=b;c"]);
    }

    #[test]
    fn ragged_rows_doubled_quotes_and_code_pages() {
        assert_eq!(table(b"a,b,c\n1\n\"x \"\"y\"\"\",,z\n").0, ["A1=a", "B1=b", "C1=c", "A2=1", "A3=x \"y\"", "C3=z"]);
        let (cells, remarks) = table(b"Kunde;Ort\nM\xFCller;K\xF6ln\n");
        assert_eq!(cells[2..], ["A2=Müller", "B2=Köln"]);
        assert!(remarks[0].contains("windows-1252"), "{remarks:?}");
    }

    #[test]
    fn an_open_quotation_mark_swallows_nothing() {
        let (cells, remarks) = table(b"a;b\n\"Acme;1\nBeta;2\n");
        assert_eq!(cells, ["A1=a", "B1=b", "A2=\"Acme", "B2=1", "A3=Beta", "B3=2"]);
        assert!(remarks[0].contains("never closed"));
        let swallowed =
            format!("a;b\n\"Acme;1\n{}\"Zeta\";2\n", "Some client with a long name and more;2\n".repeat(30));
        let book = read_bytes(swallowed.as_bytes(), &Limits::default()).unwrap();
        assert!(book.sheets[0].bad_cells[0].1.contains("missing"), "{:?}", book.sheets[0].bad_cells);
    }
}
