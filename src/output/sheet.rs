//! A table as a list of columns: one declaration holds heading, width, look, value and formula; one loop writes cells.

use super::rows::{Looks, Rows};
use super::style::{Look, Styles};
use rust_xlsxwriter::{Note, Table, TableColumn, TableStyle, Worksheet, XlsxError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest text that a cell holds, in UTF-16 units.
pub(crate) const MAX_TEXT: usize = 32_767;
/// Notes on single cells beyond this make Excel slow; the findings list every one all the same.
const MAX_NOTES: usize = 1_000;

/// Lines of text that a row grows to; more is read in the cell itself.
const MAX_LINES: u32 = 8;
/// What an indent takes, in characters.
const INDENT: f64 = 1.0;
/// Height of a line, in points.
pub(crate) const LINE_HEIGHT: f64 = 15.0;
/// Height of a list's first line, in points.
const LIST_LINE: f64 = 18.0;

/// What a cell shows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Content {
    Empty,
    Text(String),
    Number(f64),
    /// A number or date with a number format of the source.
    Formatted(f64, String),
    /// Days since 1899-12-30.
    Date(f64),
    Bool(bool),
    /// What was handed in and could not be read.
    Wrong(String),
}

impl Content {
    /// Text, or empty when there is none.
    pub(crate) fn text(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// A number, or empty when there is none.
    pub(crate) fn number(number: Option<f64>) -> Self {
        number.map_or(Self::Empty, Self::Number)
    }
}

/// A column of a table whose rows are `R`.
pub(crate) struct Column<'a, R> {
    /// Stable id: language and position may change, the id does not.
    pub(crate) id: String,
    /// Heading in the workbook.
    pub(crate) heading: String,
    /// Whether keeptabs computes it.
    pub(crate) computed: bool,
    /// Width in characters.
    pub(crate) width: f64,
    /// How its cells look.
    pub(crate) look: Look,
    /// Note on its heading.
    pub(crate) note: Option<String>,
    /// The heading that the source had, where that is another.
    pub(crate) original: Option<String>,
    /// The live formula; the value is then its stored result.
    pub(crate) formula: Option<String>,
    /// The value of a row.
    pub(crate) value: Value<'a, R>,
}

/// What a row shows in a column.
pub(crate) type Value<'a, R> = Box<dyn Fn(&R) -> Content + Send + Sync + 'a>;

/// Cells that are shown otherwise than their column says.
#[derive(Default)]
pub(crate) struct Marked {
    /// Row and column of the sheet of the cells that somebody should look at.
    pub(crate) outlined: BTreeSet<(u32, u16)>,
    /// Notes on what could not be read, by row and column of the sheet.
    pub(crate) notes: Vec<(u32, u16, &'static str)>,
    /// Number formats that the source has in its cells.
    pub(crate) codes: BTreeSet<String>,
    /// Lines that every row has room for.
    pub(crate) lines: u32,
}

/// Writes heading and rows from A1 on, as an Excel table with live formulas when it gets a name. The rows, `record` by
/// number from 0, are for `save::workbook`.
pub(crate) fn write<'r, R: 'r>(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    columns: Vec<Column<'r, R>>,
    (count, record): (usize, impl Fn(usize) -> R + Send + Sync + 'r),
    table: Option<&str>,
    marked: Marked,
) -> Result<Rows<'r>, XlsxError> {
    sheet.set_formula_result_default("");
    for (col, column) in (0u16..).zip(&columns) {
        sheet.set_column_width(col, column.width)?;
    }
    // a table needs a row, an empty list as well
    let last_row = (count as u32).max(1);
    let last_col = columns.len() as u16 - 1;
    if let Some(name) = table {
        let table = excel_table(name, styles, &columns);
        // save::workbook gives it the range of its rows
        sheet.add_table(0, 0, 1, last_col, &table)?;
    } else {
        for (col, column) in (0u16..).zip(&columns) {
            sheet.write_string_with_format(0, col, &column.heading, heading(styles, column))?;
        }
        sheet.autofilter(0, 0, last_row, last_col)?;
    }
    let on_headings = (0u16..).zip(&columns).filter_map(|(col, column)| Some((0, col, column.note.as_deref()?)));
    let on_cells = marked.notes.iter().map(|&(row, col, note)| (row, col, note));
    for (row, col, note) in on_headings.chain(on_cells.take(MAX_NOTES)) {
        sheet.insert_note(row, col, &Note::new(note).set_author("keeptabs").add_author_prefix(false))?;
    }
    let columns = Arc::new(columns);
    let formula = |column: &Column<'r, R>| table.is_some() && column.formula.is_some();
    let shown = columns.iter().map(|column| (column.look, column.formula.as_deref().filter(|_| formula(column))));
    let looks = Looks { columns: shown.collect(), codes: marked.codes, outlined: !marked.outlined.is_empty() };
    let live: Vec<bool> = columns.iter().map(formula).collect();
    // viewers do not fit rows to the text of formulas; two lines leave room for what a recalculation says
    let has_sentences = columns.iter().any(|column| column.formula.is_some() && column.look == Look::Indented);
    let least = if has_sentences { 2 } else { marked.lines.max(1) };
    for (col, width) in room_for_amounts(&columns, count, &record) {
        sheet.set_column_width(col, width)?;
    }
    let own = Arc::clone(&columns);
    Rows::new((sheet, styles), &looks, table.is_some(), count as u32, move |number, row| {
        let record = record(number as usize);
        let mut lines = least;
        for ((col, column), live) in (0u16..).zip(own.iter()).zip(&live) {
            let content = (column.value)(&record);
            lines = lines.max(lines_of(column.look, column.width, &content));
            if *live {
                row.formula(col, column.look, &content);
            } else {
                let look = if is_overlong(column.look, column.width, &content) { Look::Overlong } else { column.look };
                row.cell(col, look, &content, marked.outlined.contains(&(number + 1, col)));
            }
        }
        row.end((lines > 1).then(|| f64::from(lines.min(MAX_LINES)) * LINE_HEIGHT));
    })
}

/// The columns whose amounts need more room than their width, and how much.
fn room_for_amounts<R>(columns: &[Column<'_, R>], count: usize, record: &impl Fn(usize) -> R) -> Vec<(u16, f64)> {
    let is_amount = |column: &Column<'_, R>| matches!(column.look, Look::Money | Look::MoneyOrNothing);
    let mut widths: Vec<(u16, &Column<'_, R>, f64)> = (0u16..)
        .zip(columns)
        .filter(|(_, column)| is_amount(column))
        .map(|(col, column)| (col, column, column.width))
        .collect();
    for number in if widths.is_empty() { 0..0 } else { 0..count } {
        let record = record(number);
        for (_, column, width) in &mut widths {
            *width = width.max(amount_width(column.look, &(column.value)(&record)));
        }
    }
    widths.into_iter().filter(|(_, column, width)| *width > column.width).map(|(col, _, width)| (col, width)).collect()
}

/// Makes a row as high as so many lines.
pub(crate) fn set_lines(sheet: &mut Worksheet, row: u32, lines: u32) -> Result<(), XlsxError> {
    if lines > 1 {
        sheet.set_row_height(row, f64::from(lines.min(MAX_LINES)) * LINE_HEIGHT)?;
    }
    Ok(())
}

/// Makes a row of a list as high as so many lines, with room for the rule under its heading.
pub(crate) fn set_list_lines(sheet: &mut Worksheet, row: u32, lines: u32) -> Result<f64, XlsxError> {
    let height = LIST_LINE + f64::from(lines.clamp(1, MAX_LINES) - 1) * LINE_HEIGHT;
    sheet.set_row_height(row, height)?;
    Ok(height)
}

/// The width at which an amount is read, not `####`; 0 for everything else.
pub(crate) fn amount_width(look: Look, content: &Content) -> f64 {
    // a currency stands behind the amount, in capitals
    let (number, currency) = match content {
        Content::Number(number) => (*number, 0.0),
        Content::Formatted(number, _) => (*number, 5.0),
        _ => return 0.0,
    };
    if !matches!(look, Look::Money | Look::MoneyOrNothing) || !number.is_finite() {
        return 0.0;
    }
    let digits = number.abs().max(1.0).log10().floor() + 1.0;
    let sign = if number < 0.0 { 1.0 } else { 0.0 };
    // separators are narrow, letters of totals bold
    sign + digits * 1.08 + (digits / 3.0).floor() * 0.6 + currency + 1.5
}

/// The width at which no word of a heading is broken.
pub(crate) fn heading_width(heading: &str) -> f64 {
    let longest = heading.split([' ', '-']).map(|word| word.chars().count()).max().unwrap_or(0);
    (longest as f64 * 1.1 + 1.5).min(30.0)
}

/// The height at which every heading is seen whole, two lines at least.
pub(crate) fn heading_height<R>(columns: &[Column<'_, R>]) -> f64 {
    // bold letters take more room
    let lines = columns.iter().map(|column| lines_in(&column.heading, column.width * 0.86)).max();
    f64::from(lines.unwrap_or(1).clamp(2, MAX_LINES)) * LINE_HEIGHT + 4.0
}

/// How many lines a cell takes at a width.
pub(crate) fn lines_of(look: Look, width: f64, content: &Content) -> u32 {
    match content {
        Content::Text(text) | Content::Wrong(text) if matches!(look, Look::Wrapped | Look::Indented | Look::Name) => {
            lines_in(text, if look == Look::Indented { width - INDENT } else { width })
        }
        _ => 1,
    }
}

/// Whether a text is longer than the highest row. Its beginning is seen then, not its middle.
fn is_overlong(look: Look, width: f64, content: &Content) -> bool {
    matches!((look, content), (Look::Wrapped | Look::Indented, Content::Text(text)) if lines_needed(text, width) > MAX_LINES)
}

/// How many lines a wrapped text takes at a width in characters, roughly: words are not broken.
pub(crate) fn lines_in(text: &str, width: f64) -> u32 {
    lines_needed(text, width).clamp(1, MAX_LINES)
}

/// The same for texts that are longer than a row can be; what is more than one line too long is not counted.
fn lines_needed(text: &str, width: f64) -> u32 {
    let room = ((width * 1.05) as usize).max(1);
    let mut lines = 0;
    for line in text.lines() {
        let mut used = 0;
        lines += 1;
        for word in line.split(' ').map(|word| word.chars().count()) {
            if used > 0 && used + 1 + word > room {
                lines += 1;
                used = 0;
            }
            used += word + usize::from(used > 0);
            if used > room {
                lines += ((used - 1) / room) as u32;
                used = (used - 1) % room + 1;
            }
        }
        if lines > MAX_LINES {
            break;
        }
    }
    lines
}

fn heading<'s, R>(styles: &'s Styles, column: &Column<'_, R>) -> &'s rust_xlsxwriter::Format {
    // a heading stands where its figures stand
    styles.heading(column.computed, column.look)
}

fn excel_table<R>(name: &str, styles: &Styles, columns: &[Column<'_, R>]) -> Table {
    let declared: Vec<_> = columns
        .iter()
        .map(|column| {
            let mut declared =
                TableColumn::new().set_header(&column.heading).set_header_format(heading(styles, column));
            if column.formula.is_some() {
                // save::workbook adds the formula itself
                declared = declared.set_format(styles.get(column.look));
            }
            declared
        })
        .collect();
    Table::new().set_name(name).set_style(TableStyle::None).set_columns(&declared)
}

/// Writes one cell.
pub(crate) fn put(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    row: u32,
    col: u16,
    look: Look,
    content: &Content,
) -> Result<(), XlsxError> {
    match content {
        Content::Empty => sheet.write_blank(row, col, styles.get(look))?,
        Content::Text(text) => return put_text(sheet, row, col, text, styles.get(look)),
        Content::Number(number) => sheet.write_number_with_format(row, col, *number, styles.get(look))?,
        Content::Formatted(number, code) => {
            sheet.write_number_with_format(row, col, *number, styles.with_code(code))?
        }
        Content::Date(serial) => sheet.write_number_with_format(row, col, *serial, styles.get(Look::Date))?,
        Content::Bool(value) => sheet.write_boolean_with_format(row, col, *value, styles.get(look))?,
        Content::Wrong(text) => return put_text(sheet, row, col, text, styles.get(Look::Wrong)),
    };
    Ok(())
}

/// Text stays text: it is cut where Excel would refuse it, and text that looks like rich text's XML is escaped by way of
/// a rich string, since rust_xlsxwriter writes `<r>…</r>` unescaped.
fn put_text(
    sheet: &mut Worksheet,
    row: u32,
    col: u16,
    text: &str,
    format: &rust_xlsxwriter::Format,
) -> Result<(), XlsxError> {
    let text = cut(text);
    if text.starts_with("<r>") && text.ends_with("</r>") {
        let plain = rust_xlsxwriter::Format::default();
        sheet.write_rich_string_with_format(row, col, &[(&plain, text)], format)?;
    } else {
        sheet.write_string_with_format(row, col, text, format)?;
    }
    Ok(())
}

/// The part of a text that a cell holds.
pub(crate) fn cut(text: &str) -> &str {
    if text.len() <= MAX_TEXT {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MAX_TEXT
    });
    end.map_or(text, |(end, _)| &text[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_wrapped_texts() {
        for (text, width, lines) in [
            ("Introduce a colleague (of us with contacts there so far: 1)", 38.0, 2),
            ("exactly ten", 10.5, 1),
            ("one two", 4.0, 2),
            ("unbreakable-word-of-many-letters", 10.0, 4),
            ("two\nlines", 40.0, 2),
            ("", 10.0, 1),
        ] {
            assert_eq!(lines_of(Look::Wrapped, width, &Content::Text(text.to_owned())), lines, "{text}");
        }
        let comment = Content::Text("A very long comment. ".repeat(30));
        assert!(is_overlong(Look::Indented, 28.0, &comment));
        assert!(!is_overlong(Look::Indented, 120.0, &comment));
        assert_eq!(lines_of(Look::Text, 4.0, &Content::Text("one two".to_owned())), 1);
    }

    #[test]
    fn amounts_have_room() {
        let width = |number: f64| amount_width(Look::Money, &Content::Number(number));
        assert!(width(999_999.0) < 13.0);
        // 1,494,831,130 has thirteen characters
        assert!((13.0..16.0).contains(&width(1_494_831_130.0)));
        assert!(width(-1_494_831_130.0) > width(1_494_831_130.0));
        let coded = Content::Formatted(1_494_831_130.0, "#,##0 [$EUR]".to_owned());
        assert!(amount_width(Look::Money, &coded) > width(1_494_831_130.0) + 4.0);
        assert_eq!(amount_width(Look::Count, &Content::Number(1e12)), 0.0);
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        assert_eq!(cut(&"x".repeat(40_000)).len(), MAX_TEXT);
        assert_eq!(cut(&"😀".repeat(20_000)).chars().count(), MAX_TEXT / 2);
        assert_eq!(cut("short"), "short");
    }
}
