//! An ods's content made plain for calamine, which refuses white space between cells, unfolds repeats before it counts
//! them, and reads the text of shapes into cells. What it does not tell is noted on the way.

use super::Limits;
use super::ods_cell::{Cell, Note, Verdict};
use crate::book::{Area, CellRef, MAX_COLUMNS, MAX_ROWS, NotCarried, Visibility};
use crate::error::FileError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::BufRead;

/// Excel's longest text, which bounds runs of spaces as well.
const MAX_SPACES: u32 = 32_767;
const MAX_MERGES: usize = 1_000_000;
const MAX_BAD: usize = 200;

/// A table of the content and what calamine does not tell of it.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    pub(super) counts: NotCarried,
    pub(super) hidden_columns: Vec<(u32, u32)>,
    pub(super) merges: Vec<Area>,
    pub(super) bad: Vec<(Option<CellRef>, String)>,
    /// For every row that calamine will find: its number in the sheet, and the written row that it repeats.
    pub(super) rows: Vec<(u32, u32)>,
    /// By written row and column, in order: columns from and to, and what they are.
    pub(super) notes: Vec<(u32, u32, u32, Note)>,
}

/// The plain content, with its tables named by number.
pub(super) struct Plain {
    pub(super) content: Vec<u8>,
    pub(super) tables: Vec<Table>,
}

struct Walk<'l> {
    limits: &'l Limits,
    content: Vec<u8>,
    tables: Vec<Table>,
    hidden_styles: BTreeSet<String>,
    style: String,
    /// Row to come in the current table, and column to come in the current row.
    row: u32,
    column: u32,
    columns_seen: u32,
    cells: u64,
    width: u64,
}

/// Rewrites a content part.
pub(super) fn plain(stream: impl BufRead, limits: &Limits) -> Result<Plain, FileError> {
    let mut reader = Reader::from_reader(stream);
    reader.config_mut().check_end_names = false;
    let mut walk = Walk {
        limits,
        content: b"<office:document-content><office:body><office:spreadsheet>".to_vec(),
        tables: Vec::new(),
        hidden_styles: BTreeSet::new(),
        style: String::new(),
        row: 0,
        column: 0,
        columns_seen: 0,
        cells: 0,
        width: 0,
    };
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match next(&mut reader, &mut buffer)? {
            Event::Eof => break,
            Event::Start(tag) if tag.name().as_ref() == "table:table" => {
                let (name, style) = (attribute(&tag, "table:name"), attribute(&tag, "table:style-name"));
                walk.table(&mut reader, name.unwrap_or_default(), style)?;
            }
            Event::Start(tag) if skipped(tag.name().as_ref()) => {
                let name = tag.name().as_ref().to_owned();
                skip(&mut reader, &name)?;
            }
            Event::Start(tag) | Event::Empty(tag) => match tag.name().as_ref() {
                "style:style" => walk.style = attribute(&tag, "style:name").unwrap_or_default(),
                "style:table-properties" if attribute(&tag, "table:display").as_deref() == Some("false") => {
                    walk.hidden_styles.insert(walk.style.clone());
                }
                _ => {}
            },
            _ => {}
        }
    }
    walk.content.extend(b"</office:spreadsheet></office:body></office:document-content>");
    Ok(Plain { content: walk.content, tables: walk.tables })
}

/// Parts of the content that hold tables or cells that are not the sheet's.
fn skipped(name: &str) -> bool {
    matches!(
        name,
        "table:tracked-changes"
            | "table:dde-links"
            | "table:shapes"
            | "office:forms"
            | "table:scenario"
            | "office:dde-source"
    )
}

fn next<'b, R: BufRead>(reader: &mut Reader<R>, buffer: &'b mut Vec<u8>) -> Result<Event<'b>, FileError> {
    reader.read_event_into(buffer).map_err(|error| match error {
        quick_xml::Error::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            FileError::TooLarge(format!("its content {error}"))
        }
        _ => FileError::Damaged("the XML of its content is broken".into()),
    })
}

fn cut_off() -> FileError {
    FileError::Damaged("its content is cut off".into())
}

/// Passes over an element that has been opened.
fn skip<R: BufRead>(reader: &mut Reader<R>, name: &str) -> Result<(), FileError> {
    let (mut buffer, mut depth) = (Vec::new(), 1);
    while depth > 0 {
        buffer.clear();
        match next(reader, &mut buffer)? {
            Event::Start(tag) if tag.name().as_ref() == name => depth += 1,
            Event::End(tag) if tag.name().as_ref() == name => depth -= 1,
            Event::Eof => return Err(cut_off()),
            _ => {}
        }
    }
    Ok(())
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().with_checks(false).flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(super::tags::unescaped(found.value.as_ref().as_bytes()))
}

fn count(tag: &BytesStart<'_>, name: &str) -> u32 {
    attribute(tag, name).map_or(1, |value| parsed(&value))
}

/// A count of at least one; nonsense is one, too much is the most.
pub(super) fn parsed(value: &str) -> u32 {
    value.trim().parse::<u64>().map_or(1, |count| count.clamp(1, u32::MAX.into()) as u32)
}

impl Walk<'_> {
    fn current(&mut self) -> &mut Table {
        // `table` pushes one before anything can ask for it.
        let last = self.tables.len() - 1;
        &mut self.tables[last]
    }

    fn bad(&mut self, column: u32, reason: String) {
        let at = u16::try_from(column).ok().filter(|&col| col < MAX_COLUMNS && self.row < MAX_ROWS);
        let at = at.map(|col| CellRef { row: self.row, col });
        let bad = &mut self.current().bad;
        if bad.len() < MAX_BAD {
            bad.push((at, reason));
        }
    }

    fn table<R: BufRead>(
        &mut self,
        reader: &mut Reader<R>,
        name: String,
        style: Option<String>,
    ) -> Result<(), FileError> {
        let hidden = style.is_some_and(|style| self.hidden_styles.contains(&style));
        let visibility = if hidden { Visibility::Hidden } else { Visibility::Visible };
        self.content.extend(format!("<table:table table:name=\"{}\">", self.tables.len()).bytes());
        self.tables.push(Table { name, visibility, ..Table::default() });
        (self.row, self.columns_seen, self.width) = (0, 0, 0);
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            match next(reader, &mut buffer)? {
                Event::Start(tag) if tag.name().as_ref() == "table:table-row" => {
                    let (repeats, hidden) = (count(&tag, "table:number-rows-repeated"), collapsed(&tag));
                    self.row(reader, repeats, hidden)?;
                }
                Event::Empty(tag) if tag.name().as_ref() == "table:table-row" => {
                    self.row = self.row.saturating_add(count(&tag, "table:number-rows-repeated"));
                }
                Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "table:table-column" => {
                    let first = self.columns_seen;
                    self.columns_seen = first.saturating_add(count(&tag, "table:number-columns-repeated"));
                    if collapsed(&tag) && first < u32::from(MAX_COLUMNS) {
                        let last = self.columns_seen.min(u32::from(MAX_COLUMNS)) - 1;
                        self.current().hidden_columns.push((first, last));
                    }
                }
                Event::Start(tag) if skipped(tag.name().as_ref()) || tag.name().as_ref() == "table:table" => {
                    let name = tag.name().as_ref().to_owned();
                    self.current().counts.drawings += u32::from(name == "table:shapes");
                    skip(reader, &name)?;
                }
                Event::End(tag) if tag.name().as_ref() == "table:table" => break,
                Event::Eof => return Err(cut_off()),
                _ => {}
            }
        }
        self.content.extend(b"</table:table>");
        Ok(())
    }

    fn row<R: BufRead>(&mut self, reader: &mut Reader<R>, repeats: u32, hidden: bool) -> Result<(), FileError> {
        let written = self.current().rows.last().map_or(0, |&(_, written)| written + 1);
        let mut row = Vec::new();
        // Columns passed since the last cell that was written, and cells filled.
        let (mut gap, mut filled) = (0, 0_u64);
        self.column = 0;
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            let (tag, open) = match next(reader, &mut buffer)? {
                Event::Start(tag) => (tag, true),
                Event::Empty(tag) => (tag, false),
                Event::End(tag) if tag.name().as_ref() == "table:table-row" => break,
                Event::Eof => return Err(cut_off()),
                _ => continue,
            };
            let name = tag.name().as_ref().to_owned();
            if name != "table:table-cell" && name != "table:covered-table-cell" {
                if open {
                    skip(reader, &name)?;
                }
                continue;
            }
            let cell = Cell::of(&tag);
            let columns = cell.columns;
            let text = if open { self.content_of(reader, &name)? } else { Vec::new() };
            let first = self.column;
            self.column = first.saturating_add(columns);
            self.merge(cell.columns_spanned, cell.rows_spanned, first);
            self.current().counts.formulas += if cell.formula {
                columns.min(u32::from(MAX_COLUMNS)).saturating_mul(repeats.min(MAX_ROWS))
            } else {
                0
            };
            let (attributes, note) = match cell.verdict(&text) {
                Verdict::Filled { attributes, note } => (attributes, note),
                nothing => {
                    match nothing {
                        Verdict::FormulaWithoutValue => self.current().counts.formulas_without_value += 1,
                        Verdict::Bad(reason) => self.bad(first, reason),
                        _ => {}
                    }
                    gap = (gap + columns.min(u32::from(MAX_COLUMNS))).min(u32::from(MAX_COLUMNS));
                    continue;
                }
            };
            let columns = columns.min(u32::from(MAX_COLUMNS).saturating_sub(first));
            if columns == 0 || self.row >= MAX_ROWS {
                self.bad(first, "a cell outside of what Excel allows".into());
                continue;
            }
            if gap > 0 {
                row.extend(format!("<table:table-cell table:number-columns-repeated=\"{gap}\"/>").bytes());
                gap = 0;
            }
            row.extend(format!("<table:table-cell table:number-columns-repeated=\"{columns}\"").bytes());
            row.extend_from_slice(attributes.as_bytes());
            row.push(b'>');
            row.extend_from_slice(&text);
            row.extend(b"</table:table-cell>");
            filled += u64::from(columns);
            self.width = self.width.max(u64::from(first + columns));
            if let Some(note) = note {
                self.current().notes.push((written, first, first + columns - 1, note));
            }
        }
        if filled > 0 {
            let from = self.row;
            let repeats = repeats.min(MAX_ROWS - from);
            self.cells = self.cells.saturating_add(filled * u64::from(repeats));
            let rows = self.current().rows.len() as u64 + u64::from(repeats);
            if self.cells > self.limits.cells || rows.saturating_mul(self.width) > self.limits.dense_cells {
                let limit = self.limits.cells.min(self.limits.dense_cells);
                let name = &self.current().name;
                return Err(FileError::TooLarge(format!(
                    "sheet \"{name}\" has, repeats or spans more than {limit} cells; save it as xlsx"
                )));
            }
            self.current().rows.extend((from..from + repeats).map(|row| (row, written)));
            self.current().counts.hidden_rows += if hidden { repeats } else { 0 };
            self.content.extend(format!("<table:table-row table:number-rows-repeated=\"{repeats}\">").bytes());
            self.content.append(&mut row);
            self.content.extend(b"</table:table-row>");
            if self.content.len() as u64 > self.limits.part_bytes {
                return Err(FileError::TooLarge(format!(
                    "its content has more than {} MiB",
                    self.limits.part_bytes >> 20
                )));
            }
        }
        self.row = self.row.saturating_add(repeats);
        Ok(())
    }

    fn merge(&mut self, columns: u32, rows: u32, first: u32) {
        let (last_row, last_column) = (self.row.saturating_add(rows - 1), first.saturating_add(columns - 1));
        if (columns, rows) != (1, 1) && last_row < MAX_ROWS && last_column < u32::from(MAX_COLUMNS) {
            let corner = |row, col| CellRef { row, col: col as u16 };
            let area = Area { first: corner(self.row, first), last: corner(last_row, last_column) };
            if self.current().merges.len() < MAX_MERGES {
                self.current().merges.push(area);
            }
        }
    }

    /// The paragraphs of a cell, without comments and shapes.
    fn content_of<R: BufRead>(&mut self, reader: &mut Reader<R>, cell: &str) -> Result<Vec<u8>, FileError> {
        let (mut text, mut buffer, mut within) = (Vec::new(), Vec::new(), 0_usize);
        loop {
            buffer.clear();
            match next(reader, &mut buffer)? {
                Event::End(tag) if tag.name().as_ref() == cell => return Ok(text),
                Event::Eof => return Err(cut_off()),
                Event::Start(tag) => {
                    let name = tag.name().as_ref().to_owned();
                    match name.as_str() {
                        "text:p" | "text:h" => {
                            within += 1;
                            text.extend(b"<text:p>");
                        }
                        "text:s" => spaces(&tag, &mut text),
                        "text:a" => self.current().counts.hyperlinks += 1,
                        _ if name.starts_with("text:") => {}
                        _ => {
                            let counts = &mut self.current().counts;
                            counts.comments += u32::from(name == "office:annotation");
                            counts.drawings += u32::from(name.starts_with("draw:"));
                            skip(reader, &name)?;
                        }
                    }
                }
                Event::Empty(tag) => match tag.name().as_ref() {
                    "text:p" | "text:h" => text.extend(b"<text:p></text:p>"),
                    "text:s" => spaces(&tag, &mut text),
                    "text:tab" => text.extend(b"<text:tab/>"),
                    "text:line-break" => text.extend(b"<text:line-break/>"),
                    _ => {}
                },
                Event::End(tag) if matches!(tag.name().as_ref(), "text:p" | "text:h") => {
                    within = within.saturating_sub(1);
                    text.extend(b"</text:p>");
                }
                // White space collapses within paragraphs, as in HTML, and means nothing between them.
                Event::Text(found) if within > 0 => collapse(&found, &mut text),
                Event::CData(found) if within > 0 => {
                    collapse(&quick_xml::escape::escape(&*found), &mut text);
                }
                Event::GeneralRef(found) if within > 0 => {
                    text.push(b'&');
                    text.extend(found.bytes());
                    text.push(b';');
                }
                _ => {}
            }
        }
    }
}

fn collapsed(tag: &BytesStart<'_>) -> bool {
    attribute(tag, "table:visibility").is_some_and(|visibility| visibility != "visible")
}

fn spaces(tag: &BytesStart<'_>, text: &mut Vec<u8>) {
    text.extend(format!("<text:s text:c=\"{}\"/>", count(tag, "text:c").min(MAX_SPACES)).bytes());
}

/// Appends text with runs of white space as one space, and none at the beginning of a paragraph.
fn collapse(found: &str, text: &mut Vec<u8>) {
    for byte in found.bytes() {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {
                if !matches!(text.last(), Some(b' ')) && !text.ends_with(b"<text:p>") {
                    text.push(b' ');
                }
            }
            byte => text.push(byte),
        }
    }
}
