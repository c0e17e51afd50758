//! Rows of a table, written straight into the sheet's XML.
//!
//! rust_xlsxwriter makes the sheet (heading, table, widths, notes, validations, conditional formats) and one row of prototypes,
//! a cell a style; the rows themselves take its place when the package is finished. Keeping, looking up and escaping every
//! cell in rust_xlsxwriter took more than half of a run.

use super::sheet::{Content, cut};
use super::style::{Look, Styles};
use crate::book::column_letters;
use rust_xlsxwriter::{Formula, Worksheet, XlsxError};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;

/// Stands before the number of the rows in the first prototype's formula. Text of a client never follows `<f>`, so that
/// nothing else can look like it.
pub(super) const MARK: char = '\u{E000}';
/// Rows that are made at a time: the next ones while these are packed.
const AT_A_TIME: u32 = 1_024;

/// Bytes that a cell rarely exceeds, its formula apart.
const CELL: usize = 1_024;

/// A style of a cell, and whether it is outlined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Style {
    Look(Look, bool),
    Code(String, bool),
}

/// How the cells of a table look.
pub(crate) struct Looks<'l> {
    /// By column, with its formula.
    pub(crate) columns: Vec<(Look, Option<&'l str>)>,
    /// Number formats of the source that numbers may have.
    pub(crate) codes: BTreeSet<String>,
    /// Whether any cell is outlined.
    pub(crate) outlined: bool,
}

impl Looks<'_> {
    fn styles(&self) -> Vec<Style> {
        let looks = self.columns.iter().map(|(look, _)| *look).chain([Look::Date, Look::Wrong, Look::Overlong]);
        let looks: BTreeSet<Look> = looks.collect();
        let outlines = if self.outlined { &[false, true][..] } else { &[false] };
        let of = |outlined: bool| {
            let looks = looks.iter().map(move |look| Style::Look(*look, outlined));
            looks.chain(self.codes.iter().map(move |code| Style::Code(code.clone(), outlined)))
        };
        outlines.iter().flat_map(|outlined| of(*outlined)).collect()
    }
}

/// Makes the row of a number.
type Make<'r> = Box<dyn Fn(u32, &mut Row<'_>) + Send + Sync + 'r>;

/// The rows of one sheet, from its second on: made when the package is finished, and then in parts.
pub(crate) struct Rows<'r> {
    make: Make<'r>,
    count: u32,
    /// By the place of their prototypes.
    styles: Vec<Style>,
    letters: Vec<String>,
    formulas: Vec<Option<Vec<u8>>>,
    /// Whether they are the body of a table.
    pub(super) is_table: bool,
}

impl<'r> Rows<'r> {
    /// So many rows, each made by its number from 0. The prototypes of their styles come into the sheet's second row, whose
    /// place the rows take in `save::workbook`.
    ///
    /// # Errors
    /// What the workbook's writer said.
    pub(crate) fn new(
        (sheet, styles): (&mut Worksheet, &mut Styles),
        looks: &Looks<'_>,
        is_table: bool,
        count: u32,
        make: impl Fn(u32, &mut Row<'_>) + Send + Sync + 'r,
    ) -> Result<Self, XlsxError> {
        let own = looks.styles();
        sheet.write_formula(1, 0, Formula::new(format!("{MARK}{}", styles.next_rows())))?;
        for (slot, style) in (1u16..).zip(&own) {
            match style {
                Style::Look(look, false) => sheet.write_blank(1, slot, styles.get(*look))?,
                Style::Look(look, true) => sheet.write_blank(1, slot, styles.outlined(*look))?,
                Style::Code(code, false) => sheet.write_blank(1, slot, styles.with_code(code))?,
                Style::Code(code, true) => sheet.write_blank(1, slot, &styles.outlined_with_code(code))?,
            };
        }
        Ok(Self::of(looks, own, is_table, count, make))
    }

    fn of(
        looks: &Looks<'_>,
        styles: Vec<Style>,
        is_table: bool,
        count: u32,
        make: impl Fn(u32, &mut Row<'_>) + Send + Sync + 'r,
    ) -> Self {
        let formula = |formula: &str| {
            let mut escaped = Vec::with_capacity(formula.len() + 16);
            escape(formula.strip_prefix('=').unwrap_or(formula), &mut escaped);
            escaped
        };
        Self {
            make: Box::new(make),
            count,
            styles,
            letters: (0..looks.columns.len() as u16).map(column_letters).collect(),
            formulas: looks.columns.iter().map(|(_, own)| own.map(formula)).collect(),
            is_table,
        }
    }

    /// Whether their XML may take more than a package's plain entries hold.
    pub(super) fn is_large(&self) -> bool {
        let formulas: usize = self.formulas.iter().flatten().map(Vec::len).sum();
        u64::from(self.count) * (self.letters.len() * CELL + formulas) as u64 > 1 << 30
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

    /// Writes the rows with the prototypes' style numbers.
    ///
    /// # Errors
    /// What the target said.
    pub(super) fn write(&self, styles: &[u32], out: &mut (impl Write + Send)) -> io::Result<()> {
        let numbers = Numbers::new(&self.styles, styles);
        if self.count == 0 && self.is_table {
            // an empty list has a row to be filled in
            let mut row = Row::new(self, &numbers);
            for col in (0u16..).zip(&self.formulas).filter_map(|(col, formula)| formula.is_some().then_some(col)) {
                row.formula(col, Look::Text, &Content::Empty);
            }
            row.end(None);
            return out.write_all(&row.xml);
        }
        let made = |rows: Range<u32>| {
            let mut row = Row::new(self, &numbers);
            for number in rows {
                row.start(number);
                (self.make)(number, &mut row);
            }
            row.xml
        };
        let after = |end: u32| end..self.count.min(end.saturating_add(AT_A_TIME));
        let mut part = after(0);
        let mut ready = made(part.clone());
        while part.end < self.count {
            part = after(part.end);
            let (next, written) = rayon::join(|| made(part.clone()), || out.write_all(&ready));
            written?;
            ready = next;
        }
        out.write_all(&ready)
    }
}

/// The numbers of styles in the package, as text; the second of each is outlined.
struct Numbers<'s> {
    looks: BTreeMap<Look, [String; 2]>,
    codes: BTreeMap<&'s str, [String; 2]>,
}

impl<'s> Numbers<'s> {
    fn new(styles: &'s [Style], numbers: &[u32]) -> Self {
        let (mut looks, mut codes) = (BTreeMap::new(), BTreeMap::new());
        for (style, number) in styles.iter().zip(numbers) {
            let (both, outlined) = match style {
                Style::Look(look, outlined) => (looks.entry(*look).or_insert_with(<[String; 2]>::default), outlined),
                Style::Code(code, outlined) => (codes.entry(code.as_str()).or_default(), outlined),
            };
            both[usize::from(*outlined)] = number.to_string();
        }
        Self { looks, codes }
    }

    fn of(&self, look: Look, content: &Content, outlined: bool) -> &[u8] {
        let look = match content {
            Content::Formatted(_, code) => match self.codes.get(code.as_str()) {
                Some(own) => return own[usize::from(outlined)].as_bytes(),
                None => look,
            },
            Content::Date(_) => Look::Date,
            Content::Wrong(..) => Look::Wrong,
            _ => look,
        };
        self.looks.get(&look).map_or(b"0", |own| own[usize::from(outlined)].as_bytes())
    }
}

/// A row while it is made; those before it stand in `xml`.
pub(crate) struct Row<'w> {
    xml: Vec<u8>,
    cells: Vec<u8>,
    /// Its number in the sheet, as text.
    number: Vec<u8>,
    rows: &'w Rows<'w>,
    styles: &'w Numbers<'w>,
}

impl<'w> Row<'w> {
    fn new(rows: &'w Rows<'w>, styles: &'w Numbers<'w>) -> Self {
        let mut row = Self { xml: Vec::new(), cells: Vec::new(), number: Vec::new(), rows, styles };
        row.start(0);
        row
    }

    fn start(&mut self, number: u32) {
        self.number.clear();
        digits(number + 2, &mut self.number);
    }

    /// Adds a cell, with an outline if somebody should look at it.
    pub(crate) fn cell(&mut self, col: u16, look: Look, content: &Content, outlined: bool) {
        self.open(col, self.styles.of(look, content, outlined));
        match content {
            Content::Text(text) | Content::Wrong(text) => {
                let text = cut(text);
                let kept = text.trim() != text || text.contains('\n');
                self.cells.extend_from_slice(b" t=\"inlineStr\"><is><t");
                self.cells.extend_from_slice(if kept { b" xml:space=\"preserve\">" } else { b">" });
                escape(text, &mut self.cells);
                self.cells.extend_from_slice(b"</t></is></c>");
            }
            Content::Number(number) | Content::Formatted(number, _) | Content::Date(number) if number.is_finite() => {
                self.cells.push(b'>');
                self.value(*number);
            }
            Content::Bool(value) => {
                self.cells.extend_from_slice(b" t=\"b\">");
                self.value(f64::from(u8::from(*value)));
            }
            _ => self.cells.extend_from_slice(b"/>"),
        }
    }

    /// Adds a cell with the column's formula and its result: a number, else text.
    pub(crate) fn formula(&mut self, col: u16, look: Look, result: &Content) {
        self.open(col, self.styles.of(look, &Content::Empty, false));
        let number = match result {
            Content::Number(number) if number.is_finite() => Some(*number),
            _ => None,
        };
        self.cells.extend_from_slice(if number.is_some() { b"><f>" } else { b" t=\"str\"><f>" });
        self.cells.extend_from_slice(self.rows.formulas[usize::from(col)].as_deref().unwrap_or_default());
        self.cells.extend_from_slice(b"</f>");
        match (number, result) {
            (Some(number), _) => return self.value(number),
            (None, Content::Text(text)) => {
                self.cells.extend_from_slice(b"<v>");
                escape(cut(text), &mut self.cells);
            }
            _ => self.cells.extend_from_slice(b"<v>"),
        }
        self.cells.extend_from_slice(b"</v></c>");
    }

    /// Ends the row, with its height in points where it is not the usual one.
    pub(crate) fn end(&mut self, height: Option<f64>) {
        self.xml.extend_from_slice(b"<row r=\"");
        self.xml.extend_from_slice(&self.number);
        match height {
            Some(height) => write!(self.xml, "\" ht=\"{height}\" customHeight=\"1\">").expect(MEMORY),
            None => self.xml.extend_from_slice(b"\">"),
        }
        self.xml.extend_from_slice(&self.cells);
        self.xml.extend_from_slice(b"</row>");
        self.cells.clear();
    }

    fn open(&mut self, col: u16, style: &'w [u8]) {
        self.cells.extend_from_slice(b"<c r=\"");
        self.cells.extend_from_slice(self.rows.letters[usize::from(col)].as_bytes());
        self.cells.extend_from_slice(&self.number);
        self.cells.extend_from_slice(b"\" s=\"");
        self.cells.extend_from_slice(style);
        self.cells.push(b'"');
    }

    fn value(&mut self, number: f64) {
        self.cells.extend_from_slice(b"<v>");
        if number.fract() == 0.0 && (0.0..4e9).contains(&number) && number.is_sign_positive() {
            digits(number as u32, &mut self.cells);
        } else {
            self.cells.extend_from_slice(zmij::Buffer::new().format_finite(number).as_bytes());
        }
        self.cells.extend_from_slice(b"</v></c>");
    }
}

const MEMORY: &str = "BUG: memory takes all that is written";

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
                write!(out, "_x{byte:04X}_").expect(MEMORY);
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

    fn xml(looks: &Looks<'_>, count: u32, make: impl Fn(u32, &mut Row<'_>) + Send + Sync) -> (String, String) {
        let rows = Rows::of(looks, looks.styles(), true, count, make);
        let mut out = Vec::new();
        rows.write(&(1..=12).collect::<Vec<_>>(), &mut out).unwrap();
        (String::from_utf8(out).unwrap(), rows.last_cell())
    }

    #[test]
    fn rows_are_cells_with_styles_and_formulas() {
        let looks = Looks {
            columns: vec![(Look::Text, None), (Look::Count, Some("=IF(A2<1,\"x\",2)")), (Look::Text, None)],
            codes: ["0.0".to_owned()].into(),
            outlined: true,
        };
        let (xml, last) = xml(&looks, 2, |number, row| {
            if number == 0 {
                row.cell(0, Look::Text, &Content::text("a<b"), false);
                row.formula(1, Look::Count, &Content::Number(2.5));
                row.cell(2, Look::Text, &Content::Formatted(3.0, "0.0".to_owned()), false);
                row.end(None);
            } else {
                row.cell(0, Look::Text, &Content::text(" x\ny"), true);
                row.formula(1, Look::Count, &Content::text("00123"));
                row.cell(2, Look::Text, &Content::Empty, false);
                row.end(Some(30.0));
            }
        });
        assert_eq!(last, "C3");
        // Text, Overlong, Count, Date, Wrong, the code; then the same outlined
        assert_eq!(
            xml,
            "<row r=\"2\"><c r=\"A2\" s=\"1\" t=\"inlineStr\"><is><t>a&lt;b</t></is></c>\
             <c r=\"B2\" s=\"3\"><f>IF(A2&lt;1,\"x\",2)</f><v>2.5</v></c><c r=\"C2\" s=\"6\"><v>3</v></c></row>\
             <row r=\"3\" ht=\"30\" customHeight=\"1\">\
             <c r=\"A3\" s=\"7\" t=\"inlineStr\"><is><t xml:space=\"preserve\"> x&#10;y</t></is></c>\
             <c r=\"B3\" s=\"3\" t=\"str\"><f>IF(A2&lt;1,\"x\",2)</f><v>00123</v></c><c r=\"C3\" s=\"1\"/></row>"
        );
    }

    #[test]
    fn many_rows_come_in_order_and_none_leaves_room_for_one() {
        let looks = Looks { columns: vec![(Look::Count, Some("=1"))], codes: BTreeSet::new(), outlined: false };
        let of = |count: u32| {
            xml(&looks, count, |number, row| {
                row.cell(0, Look::Count, &Content::Number(f64::from(number)), false);
                row.end(None);
            })
        };
        let (many, last) = of(3 * AT_A_TIME + 1);
        let numbers: Vec<u32> =
            many.split("<v>").skip(1).map(|rest| rest.split('<').next().unwrap().parse().unwrap()).collect();
        assert_eq!(numbers, (0..3 * AT_A_TIME + 1).collect::<Vec<_>>());
        assert_eq!(last, format!("A{}", 3 * AT_A_TIME + 2));
        let (none, last) = of(0);
        assert_eq!(
            (none.as_str(), last.as_str()),
            ("<row r=\"2\"><c r=\"A2\" s=\"0\" t=\"str\"><f>1</f><v></v></c></row>", "A2")
        );
    }

    #[test]
    fn rows_of_long_formulas_are_large() {
        let is_large = |count: u32, formula: &str| {
            let looks = Looks { columns: vec![(Look::Count, Some(formula))], codes: BTreeSet::new(), outlined: false };
            Rows::of(&looks, looks.styles(), true, count, |_, _| {}).is_large()
        };
        assert!(!is_large(200_000, "=1"));
        assert!(is_large(200_000, &"1+".repeat(4_000)));
        assert!(is_large(1_048_576, "=1"));
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
}
