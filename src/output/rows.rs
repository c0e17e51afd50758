//! Rows of a table, written straight into the sheet's XML.
//!
//! rust_xlsxwriter makes the sheet (heading, table, widths, notes, validations, conditional formats) and one row of prototypes,
//! a cell a style; the rows themselves are put in its place when the package is finished. Keeping, looking up and escaping
//! every cell in rust_xlsxwriter took more than half of a run.

use super::sheet::{Content, cut};
use super::style::{Look, Styles};
use crate::book::column_letters;
use rust_xlsxwriter::{Format, Formula, Worksheet, XlsxError};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Seek, Write};
use tempfile::SpooledTempFile;

/// Stands before the number of the rows in the first prototype's formula. Text of a client never follows `<f>`, so that
/// nothing else can look like it.
pub(super) const MARK: char = '\u{E000}';
/// Stands before a style's slot; control characters never stand in XML otherwise.
const STYLE: u8 = 1;
/// Stands before the column whose formula belongs here.
const FORMULA: u8 = 2;
/// Rows beyond this many bytes wait on disk.
const IN_MEMORY: usize = 48 << 20;

/// A style of a cell, and whether it is outlined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Look(Look, bool),
    Code(String, bool),
}

/// The rows of one sheet, from its second on.
pub(crate) struct Rows {
    xml: SpooledTempFile,
    row: Vec<u8>,
    styles: BTreeMap<Style, u32>,
    looks: Vec<((Look, bool), u32)>,
    letters: Vec<String>,
    formulas: Vec<Option<Vec<u8>>>,
    /// Number of rows.
    count: u32,
    /// Length of their XML without formulas.
    bytes: u64,
    /// Whether they are the body of a table.
    pub(super) is_table: bool,
}

impl Rows {
    /// For columns with these formulas, from column A on.
    pub(crate) fn new<'f>(formulas: impl Iterator<Item = Option<&'f str>>, is_table: bool) -> Self {
        let formulas: Vec<_> = formulas
            .map(|formula| {
                formula.map(|formula| {
                    let mut escaped = Vec::with_capacity(formula.len() + 16);
                    escape(formula.strip_prefix('=').unwrap_or(formula), &mut escaped);
                    escaped
                })
            })
            .collect();
        Self {
            xml: SpooledTempFile::new(IN_MEMORY),
            row: Vec::new(),
            styles: BTreeMap::new(),
            looks: Vec::new(),
            letters: (0..formulas.len() as u16).map(column_letters).collect(),
            formulas,
            count: 0,
            bytes: 0,
            is_table,
        }
    }

    /// Whether their XML may take more than a package's plain entries hold.
    pub(super) fn is_large(&self) -> bool {
        self.bytes > 1 << 29
    }

    /// The column's letters and the row of the last cell; a table has a row even when the list is empty.
    pub(super) fn last_cell(&self) -> String {
        let rows = if self.is_table { self.count.max(1) } else { self.count };
        format!("{}{}", self.letters.last().map_or("A", String::as_str), rows + 1)
    }

    /// Formulas by column, counted from 1, as they stand in XML.
    pub(super) fn formulas(&self) -> impl Iterator<Item = (usize, &[u8])> {
        (1..).zip(&self.formulas).filter_map(|(number, formula)| Some((number, formula.as_deref()?)))
    }

    /// Adds a cell to the row, with an outline if somebody should look at it.
    pub(crate) fn cell(&mut self, col: u16, look: Look, content: &Content, outlined: bool) {
        let style = match content {
            Content::Formatted(_, code) => self.code_slot(code, outlined),
            Content::Date(_) => self.look_slot(Look::Date, outlined),
            Content::Wrong(..) => self.look_slot(Look::Wrong, outlined),
            _ => self.look_slot(look, outlined),
        };
        self.open(col, style);
        match content {
            Content::Text(text) | Content::Wrong(text, _) => {
                let text = cut(text);
                let kept = text.trim() != text || text.contains('\n');
                self.row.extend_from_slice(b" t=\"inlineStr\"><is><t");
                self.row.extend_from_slice(if kept { b" xml:space=\"preserve\">" } else { b">" });
                escape(text, &mut self.row);
                self.row.extend_from_slice(b"</t></is></c>");
            }
            Content::Number(number) | Content::Formatted(number, _) | Content::Date(number) if number.is_finite() => {
                self.row.push(b'>');
                self.value(*number);
            }
            Content::Bool(value) => {
                self.row.extend_from_slice(b" t=\"b\">");
                self.value(f64::from(u8::from(*value)));
            }
            _ => self.row.extend_from_slice(b"/>"),
        }
    }

    /// Adds a cell with the column's formula and its result: a number, else text.
    pub(crate) fn formula(&mut self, col: u16, look: Look, result: &Content) {
        let style = self.look_slot(look, false);
        self.open(col, style);
        let number = match result {
            Content::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        };
        self.row.extend_from_slice(if number.is_some() { b"><f>" } else { b" t=\"str\"><f>" });
        mark(FORMULA, u32::from(col), &mut self.row);
        self.row.extend_from_slice(b"</f>");
        match (number, result) {
            (Some(number), _) => return self.value(number),
            (None, Content::Text(text)) => {
                self.row.extend_from_slice(b"<v>");
                escape(cut(text), &mut self.row);
            }
            _ => self.row.extend_from_slice(b"<v>"),
        }
        self.row.extend_from_slice(b"</v></c>");
    }

    /// Ends the row, with its height in points where it is not the usual one.
    ///
    /// # Errors
    /// A disk that is full.
    pub(crate) fn end_row(&mut self, height: Option<f64>) -> io::Result<()> {
        self.count += 1;
        let row = self.count + 1;
        match height {
            Some(height) => write!(self.xml, "<row r=\"{row}\" ht=\"{height}\" customHeight=\"1\">")?,
            None => write!(self.xml, "<row r=\"{row}\">")?,
        }
        self.row.extend_from_slice(b"</row>\n");
        self.xml.write_all(&self.row)?;
        self.bytes += self.row.len() as u64;
        self.row.clear();
        Ok(())
    }

    fn open(&mut self, col: u16, style: u32) {
        self.row.extend_from_slice(b"<c r=\"");
        self.row.extend_from_slice(self.letters[usize::from(col)].as_bytes());
        digits(self.count + 2, &mut self.row);
        self.row.extend_from_slice(b"\" s=\"");
        mark(STYLE, style, &mut self.row);
        self.row.push(b'"');
    }

    fn value(&mut self, number: f64) {
        self.row.extend_from_slice(b"<v>");
        if number.fract() == 0.0 && (0.0..4e9).contains(&number) && number.is_sign_positive() {
            digits(number as u32, &mut self.row);
        } else {
            write!(self.row, "{number}").expect("BUG: memory takes all that is written");
        }
        self.row.extend_from_slice(b"</v></c>");
    }

    fn look_slot(&mut self, look: Look, outlined: bool) -> u32 {
        if let Some((_, slot)) = self.looks.iter().find(|(own, _)| *own == (look, outlined)) {
            return *slot;
        }
        let slot = self.styles.len() as u32;
        self.styles.insert(Style::Look(look, outlined), slot);
        self.looks.push(((look, outlined), slot));
        slot
    }

    fn code_slot(&mut self, code: &str, outlined: bool) -> u32 {
        let next = self.styles.len() as u32;
        *self.styles.entry(Style::Code(code.to_owned(), outlined)).or_insert(next)
    }

    /// Puts the prototypes into the sheet's second row and hands the rows over, to be written by `save::workbook`.
    ///
    /// # Errors
    /// What the workbook's writer said.
    pub(crate) fn place(mut self, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
        if self.count == 0 && self.is_table {
            // an empty list has a row to be filled in
            for col in 0..self.letters.len() as u16 {
                if self.formulas[usize::from(col)].is_some() {
                    self.formula(col, Look::Text, &Content::Empty);
                }
            }
            self.end_row(None)?;
        }
        let mut prototypes: Vec<(u32, Format)> = Vec::new();
        for (style, slot) in &self.styles {
            let format = match style {
                Style::Look(look, false) => styles.get(*look).clone(),
                Style::Look(look, true) => styles.outlined(*look).clone(),
                Style::Code(code, false) => styles.with_code(code).clone(),
                Style::Code(code, true) => styles.outlined_with_code(code),
            };
            prototypes.push((*slot, format));
        }
        sheet.write_formula(1, 0, Formula::new(format!("{MARK}{}", styles.rows.len())))?;
        for (slot, format) in prototypes {
            sheet.write_blank(1, slot as u16 + 1, &format)?;
        }
        styles.rows.push(self);
        Ok(())
    }

    /// Writes the rows with the prototypes' style numbers.
    ///
    /// # Errors
    /// What the target said.
    pub(super) fn write(&mut self, styles: &[u32], out: &mut impl Write) -> io::Result<()> {
        self.xml.rewind()?;
        let styles: Vec<String> = styles.iter().map(u32::to_string).collect();
        let mut reader = BufReader::with_capacity(1 << 16, &mut self.xml);
        let mut line = Vec::new();
        let mut filled = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            line.pop();
            filled.clear();
            let mut copied = 0;
            for at in memchr::memchr2_iter(STYLE, FORMULA, &line) {
                filled.extend_from_slice(&line[copied..at]);
                let number = line[at + 1..at + 4].iter().fold(0, |sum, byte| sum * 64 + usize::from(byte - b' '));
                if line[at] == STYLE {
                    filled.extend_from_slice(styles.get(number).map_or("0", String::as_str).as_bytes());
                } else if let Some(Some(formula)) = self.formulas.get(number) {
                    filled.extend_from_slice(formula);
                }
                copied = at + 4;
            }
            filled.extend_from_slice(&line[copied..]);
            out.write_all(&filled)?;
            line.clear();
        }
        Ok(())
    }
}

/// A number in 18 bits, as three printable characters.
fn mark(kind: u8, number: u32, out: &mut Vec<u8>) {
    let digit = |shift: u32| b' ' + (number >> shift & 63) as u8;
    out.extend_from_slice(&[kind, digit(12), digit(6), digit(0)]);
}

fn digits(number: u32, out: &mut Vec<u8>) {
    let mut text = [0; 10];
    let mut at = text.len();
    let mut rest = number;
    loop {
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.extend_from_slice(&text[at..]);
}

/// Text as XML: what XML forbids is written as Excel does, `_xHHHH_`, and what looks like that is told apart.
fn escape(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut copied = 0;
    for (at, byte) in bytes.iter().enumerate() {
        let instead: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'\n' => b"&#10;",
            b'\t' | b' '..=b'%' | b'\''..=b';' | b'=' | b'?'..=b'^' | b'`'..=b'~' => continue,
            b'_' if is_escape(&bytes[at..]) => b"_x005F_",
            0..=31 | 127 => {
                out.extend_from_slice(&bytes[copied..at]);
                write!(out, "_x{byte:04X}_").expect("BUG: memory takes all that is written");
                copied = at + 1;
                continue;
            }
            // U+FFFE and U+FFFF
            0xEF if matches!(bytes.get(at..at + 3), Some([0xEF, 0xBF, 0xBE | 0xBF])) => {
                out.extend_from_slice(&bytes[copied..at]);
                out.extend_from_slice(if bytes[at + 2] == 0xBE { b"_xFFFE_" } else { b"_xFFFF_" });
                copied = at + 3;
                continue;
            }
            _ => continue,
        };
        out.extend_from_slice(&bytes[copied..at]);
        out.extend_from_slice(instead);
        copied = at + 1;
    }
    out.extend_from_slice(&bytes[copied..]);
}

/// Whether a text starts like `_x000D_`.
fn is_escape(bytes: &[u8]) -> bool {
    matches!(bytes, [b'_', b'x', a, b, c, d, b'_', ..] if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn xml(rows: &mut Rows) -> String {
        let mut out = Vec::new();
        rows.write(&[7, 8, 9], &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_are_cells_with_styles_and_formulas() {
        let mut rows = Rows::new([None, Some("=IF(A2<1,\"x\",2)"), None].into_iter(), true);
        rows.cell(0, Look::Text, &Content::text("a<b"), false);
        rows.formula(1, Look::Count, &Content::Number(2.5));
        rows.cell(2, Look::Text, &Content::Formatted(3.0, "0.0".to_owned()), false);
        rows.end_row(None).unwrap();
        rows.cell(0, Look::Text, &Content::text(" x\ny"), false);
        rows.formula(1, Look::Count, &Content::text("00123"));
        rows.cell(2, Look::Text, &Content::Empty, false);
        rows.end_row(Some(30.0)).unwrap();
        assert_eq!(rows.last_cell(), "C3");
        assert_eq!(
            xml(&mut rows),
            "<row r=\"2\"><c r=\"A2\" s=\"7\" t=\"inlineStr\"><is><t>a&lt;b</t></is></c>\
             <c r=\"B2\" s=\"8\"><f>IF(A2&lt;1,\"x\",2)</f><v>2.5</v></c><c r=\"C2\" s=\"9\"><v>3</v></c></row>\
             <row r=\"3\" ht=\"30\" customHeight=\"1\">\
             <c r=\"A3\" s=\"7\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> x&#10;y</t></is></c>\
             <c r=\"B3\" s=\"8\" t=\"str\"><f>IF(A2&lt;1,\"x\",2)</f><v>00123</v></c><c r=\"C3\" s=\"7\"/></row>"
        );
    }

    #[test]
    fn text_is_escaped_as_excel_does() {
        for (text, escaped) in [
            ("a&b>c", "a&amp;b&gt;c"),
            ("\u{1}\r\t\n", "_x0001__x000D_\t&#10;"),
            ("_x000D_", "_x005F_x000D_"),
            ("_x00", "_x00"),
            ("é\u{FFFE}ï", "é_xFFFE_ï"),
        ] {
            let mut out = Vec::new();
            escape(text, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), escaped);
        }
    }

    #[test]
    fn marks_hold_any_number() {
        let mut out = Vec::new();
        mark(STYLE, 65 * 64 + 3, &mut out);
        let number = out[1..].iter().fold(0, |sum, byte| sum * 64 + usize::from(byte - b' '));
        assert_eq!((out.len(), number), (4, 65 * 64 + 3));
    }
}
