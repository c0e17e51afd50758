//! Puts a [`Book`] together: interns texts and formats, keeps the budget, and gives each value its place or its reason.

use super::Limits;
use super::number_format::{self, Kind};
use crate::book::{Book, Cell, CellRef, ErrorValue, FormatId, MAX_COLUMNS, MAX_ROWS, Sheet, TextId};
use crate::error::FileError;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

/// Remarks on cells kept per sheet; the last one counts the rest.
const MAX_BAD_CELLS: usize = 100;
/// Days between Excel's two epochs.
const DAYS_1904: f64 = 1462.0;

/// A value as a format's reader gives it.
pub(super) enum Raw<'a> {
    Empty,
    Text(&'a str),
    /// A text that many cells share, at one place in memory as long as the book is being read.
    SharedText(&'a str),
    Number(f64),
    /// A serial that the reader takes for a date (or a duration) by its format.
    Serial {
        value: f64,
        duration: bool,
    },
    /// ISO 8601 date, date and time, or time.
    Iso(&'a str),
    /// ISO 8601 duration.
    IsoDuration(&'a str),
    Bool(bool),
    Error(ErrorValue),
}

/// The book being read.
pub(super) struct BookBuilder<'l> {
    pub(super) book: Book,
    pub(super) limits: &'l Limits,
    text_ids: HashMap<u64, u32>,
    /// Shared texts by their address, so that a long one is compared once and not in every cell.
    shared_ids: HashMap<usize, TextId>,
    text_bytes: u64,
    cells: u64,
    format_ids: HashMap<Box<str>, u16>,
    kinds: Vec<Kind>,
}

impl<'l> BookBuilder<'l> {
    pub(super) fn new(limits: &'l Limits) -> Self {
        Self {
            book: Book { formats: vec!["General".into()], ..Book::default() },
            limits,
            text_ids: HashMap::new(),
            shared_ids: HashMap::new(),
            text_bytes: 0,
            cells: 0,
            format_ids: HashMap::from([("General".into(), 0)]),
            kinds: vec![Kind::Number],
        }
    }

    /// Number of a text, once each.
    pub(super) fn text(&mut self, text: &str) -> Result<TextId, FileError> {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let mut key = hasher.finish();
        while let Some(&id) = self.text_ids.get(&key) {
            if &*self.book.texts[id as usize] == text {
                return Ok(TextId(id));
            }
            key = key.wrapping_add(1);
        }
        self.text_bytes += text.len() as u64;
        if self.text_bytes > self.limits.text_bytes {
            return Err(FileError::TooLarge(format!("its texts take more than {} MiB", self.limits.text_bytes >> 20)));
        }
        let id = self.book.texts.len() as u32;
        self.book.texts.push(text.into());
        self.text_ids.insert(key, id);
        Ok(TextId(id))
    }

    /// Number of a format code. Past 65,535 codes (Excel allows 250 of one's own) the rest count as General.
    pub(super) fn format(&mut self, code: &str) -> FormatId {
        if let Some(&id) = self.format_ids.get(code) {
            return FormatId(id);
        }
        let Ok(id) = u16::try_from(self.book.formats.len()) else {
            return FormatId::GENERAL;
        };
        self.book.formats.push(code.into());
        self.kinds.push(number_format::kind(code));
        self.format_ids.insert(code.into(), id);
        FormatId(id)
    }

    /// Adds a remark for the user, once.
    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        let remark = remark.into();
        if !self.book.remarks.contains(&remark) {
            self.book.remarks.push(remark);
        }
    }

    fn cell(&mut self, raw: &Raw<'_>, format: FormatId) -> Result<Result<Option<Cell>, String>, FileError> {
        Ok(Ok(Some(match *raw {
            Raw::Empty => return Ok(Ok(None)),
            Raw::Text("") | Raw::SharedText("") => return Ok(Ok(None)),
            Raw::SharedText(text) => match self.shared_ids.get(&text.as_ptr().addr()) {
                Some(&id) => Cell::Text(id),
                None => {
                    let id = self.text(text)?;
                    self.shared_ids.insert(text.as_ptr().addr(), id);
                    Cell::Text(id)
                }
            },
            Raw::Text(text) => Cell::Text(self.text(text)?),
            Raw::Bool(value) => Cell::Bool(value),
            Raw::Error(error) => Cell::Error(error),
            Raw::Number(value) | Raw::Serial { value, .. } if !value.is_finite() => {
                return Ok(Err(format!("holds {value}, which is no number")));
            }
            Raw::Number(value) => self.number(value, format, Kind::Number),
            Raw::Serial { value, duration } => {
                self.number(value, format, if duration { Kind::Duration } else { Kind::Date })
            }
            Raw::Iso(text) => match iso_serial(text) {
                Some((serial, Kind::Clock)) => Cell::Time(serial, format),
                Some((serial, _)) => Cell::Date(serial, format),
                None => {
                    return Ok(Err(format!("holds a date that cannot be read: \"{}\"", shortened(text))));
                }
            },
            Raw::IsoDuration(text) => match iso_duration(text) {
                Some(days) => Cell::Time(days, format),
                None => {
                    return Ok(Err(format!("holds a time that cannot be read: \"{}\"", shortened(text))));
                }
            },
        })))
    }

    /// The format code decides where it is known, else the reader's word for it.
    fn number(&self, value: f64, format: FormatId, otherwise: Kind) -> Cell {
        let kind = match self.kinds.get(usize::from(format.0)) {
            Some(&kind) if format != FormatId::GENERAL => kind,
            _ => otherwise,
        };
        match kind {
            Kind::Number => Cell::Number(value, format),
            Kind::Duration => Cell::Time(value, format),
            Kind::Clock if (0.0..1.0).contains(&value) => Cell::Time(value, format),
            Kind::Clock | Kind::Date if self.book.epoch_1904 => Cell::Date(value + DAYS_1904, format),
            Kind::Clock | Kind::Date => Cell::Date(value, format),
        }
    }
}

/// The sheet being read. Cells may come in any order; most formats give them in order, which costs nothing.
pub(super) struct SheetBuilder {
    pub(super) sheet: Sheet,
    unordered: Option<Vec<(CellRef, Cell)>>,
    more_bad_cells: usize,
    last: Option<CellRef>,
}

impl SheetBuilder {
    pub(super) fn new(sheet: Sheet) -> Self {
        Self { sheet, unordered: None, more_bad_cells: 0, last: None }
    }

    /// Address of the cell put last, for remarks on what follows it.
    pub(super) fn last(&self) -> Option<CellRef> {
        self.last
    }

    /// Takes a value; `at` is counted from 0.
    pub(super) fn put(
        &mut self,
        book: &mut BookBuilder<'_>,
        at: (u32, u32),
        raw: &Raw<'_>,
        format: FormatId,
    ) -> Result<(), FileError> {
        if matches!(raw, Raw::Empty | Raw::Text("") | Raw::SharedText("")) {
            return Ok(());
        }
        let (row, col) = at;
        if row >= MAX_ROWS || col >= u32::from(MAX_COLUMNS) {
            self.bad(
                None,
                format!("row {}, column {} lies outside of what Excel allows", u64::from(row) + 1, u64::from(col) + 1),
            );
            return Ok(());
        }
        let at = CellRef { row, col: col as u16 };
        self.last = Some(at);
        let cell = match book.cell(raw, format)? {
            Ok(Some(cell)) => cell,
            Ok(None) => return Ok(()),
            Err(reason) => {
                self.bad(Some(at), reason);
                return Ok(());
            }
        };
        book.cells += 1;
        if book.cells > book.limits.cells {
            return Err(FileError::TooLarge(format!("it has more than {} filled cells", book.limits.cells)));
        }
        match &mut self.unordered {
            Some(cells) => cells.push((at, cell)),
            None if self.sheet.push(at, cell) => {}
            None => {
                let mut cells = cells_of(&self.sheet);
                cells.push((at, cell));
                self.unordered = Some(cells);
            }
        }
        Ok(())
    }

    /// Notes a cell that could not be read.
    pub(super) fn bad(&mut self, at: Option<CellRef>, reason: impl Into<String>) {
        if self.sheet.bad_cells.len() + 1 < MAX_BAD_CELLS {
            self.sheet.bad_cells.push((at, reason.into()));
        } else {
            self.more_bad_cells += 1;
        }
    }

    /// Gives the sheet up; nothing half-read stays.
    pub(super) fn unreadable(mut self, reason: impl Into<String>) -> Sheet {
        let mut sheet = Sheet::new(mem::take(&mut self.sheet.name));
        sheet.visibility = self.sheet.visibility;
        sheet.unreadable = Some(reason.into());
        sheet
    }

    /// The finished sheet.
    pub(super) fn finish(mut self) -> Sheet {
        if let Some(mut cells) = self.unordered.take() {
            cells.sort_by_key(|&(at, _)| at);
            let mut ordered = Sheet::new(mem::take(&mut self.sheet.name));
            ordered.visibility = self.sheet.visibility;
            ordered.merges = mem::take(&mut self.sheet.merges);
            ordered.tables = mem::take(&mut self.sheet.tables);
            ordered.not_carried = mem::take(&mut self.sheet.not_carried);
            ordered.bad_cells = mem::take(&mut self.sheet.bad_cells);
            self.sheet = ordered;
            for (at, cell) in cells {
                if !self.sheet.push(at, cell) {
                    self.bad(Some(at), "stands in the file twice; the first value is read");
                }
            }
        }
        if self.more_bad_cells > 0 {
            let more = format!("and {} more cells could not be read", self.more_bad_cells);
            self.sheet.bad_cells.push((None, more));
        }
        self.sheet
    }
}

fn cells_of(sheet: &Sheet) -> Vec<(CellRef, Cell)> {
    sheet.rows().flat_map(|row| row.cells().map(move |(col, cell)| (CellRef { row: row.row, col }, cell))).collect()
}

/// A text cut to a length that a remark can hold.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Days since 1899-12-30 of an ISO date, date and time, or (as a part of a day) time.
fn iso_serial(text: &str) -> Option<(f64, Kind)> {
    let text = text.trim().trim_end_matches('Z');
    // More digits of a second than any clock has; some writers print all of a binary fraction.
    let text = match text.rsplit_once('.') {
        Some((_, digits)) if digits.len() > 9 && digits.bytes().all(|b| b.is_ascii_digit()) => {
            &text[..text.len() - digits.len() + 9]
        }
        _ => text,
    };
    if !text.contains('-') {
        return Some((part_of_day(text.trim_start_matches('T').parse().ok()?), Kind::Clock));
    }
    let (day, time) = text.split_once(['T', ' ']).unwrap_or((text, ""));
    let day = f64::from(crate::period::serial(day.parse().ok()?));
    let time = if time.is_empty() { 0.0 } else { part_of_day(time.parse().ok()?) };
    Some((day + time, Kind::Date))
}

fn part_of_day(time: jiff::civil::Time) -> f64 {
    let seconds = i32::from(time.hour()) * 3600 + i32::from(time.minute()) * 60 + i32::from(time.second());
    (f64::from(seconds) + f64::from(time.subsec_nanosecond()) / 1e9) / 86_400.0
}

/// Days of an ISO duration such as "PT12H30M15.5S"; months and years have no fixed length and are refused.
fn iso_duration(text: &str) -> Option<f64> {
    let (negative, text) = text.trim().strip_prefix('-').map_or((false, text.trim()), |rest| (true, rest));
    let mut rest = text.strip_prefix('P')?;
    let (mut seconds, mut time, mut any) = (0.0, false, false);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            (rest, time) = (after, true);
            continue;
        }
        let unit = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',')?;
        let number: f64 = rest[..unit].replace(',', ".").parse().ok()?;
        seconds += number
            * match (rest.as_bytes()[unit], time) {
                (b'D', false) => 86_400.0,
                (b'H', true) => 3_600.0,
                (b'M', true) => 60.0,
                (b'S', true) => 1.0,
                _ => return None,
            };
        (rest, any) = (&rest[unit + 1..], true);
    }
    any.then_some(seconds / 86_400.0 * if negative { -1.0 } else { 1.0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_texts_become_serials() {
        assert_eq!(iso_serial("2026-11-30"), Some((46_356.0, Kind::Date)));
        assert_eq!(iso_serial("2026-11-30T12:00:00Z"), Some((46_356.5, Kind::Date)));
        assert_eq!(iso_serial("18:00:00"), Some((0.75, Kind::Clock)));
        assert_eq!(iso_serial("12:00:00.00000000000154875"), Some((0.5, Kind::Clock)));
        assert_eq!(iso_serial("2026-13-30"), None);
        for (text, days) in [
            ("PT12H00M00S", Some(0.5)),
            ("-P1DT12H", Some(-1.5)),
            ("PT36H", Some(1.5)),
            ("P1M", None),
            ("P", None),
            ("", None),
        ] {
            assert_eq!(iso_duration(text), days, "{text}");
        }
    }

    #[test]
    fn cells_in_any_order_come_out_in_order() {
        let limits = Limits::default();
        let mut book = BookBuilder::new(&limits);
        let mut sheet = SheetBuilder::new(Sheet::new("S"));
        for (row, col, value) in [(2, 1, 1.0), (0, 3, 2.0), (0, 0, 3.0), (2, 1, 9.0)] {
            sheet.put(&mut book, (row, col), &Raw::Number(value), FormatId::GENERAL).unwrap();
        }
        sheet.put(&mut book, (MAX_ROWS, 0), &Raw::Number(1.0), FormatId::GENERAL).unwrap();
        sheet.put(&mut book, (3, 0), &Raw::Number(f64::NAN), FormatId::GENERAL).unwrap();
        let sheet = sheet.finish();
        let found: Vec<_> = cells_of(&sheet).iter().map(|(at, cell)| (at.to_string(), *cell)).collect();
        let number = |value| Cell::Number(value, FormatId::GENERAL);
        assert_eq!(found, [("A1".into(), number(3.0)), ("D1".into(), number(2.0)), ("B3".into(), number(1.0))]);
        let bad: Vec<_> = sheet.bad_cells.iter().map(|(at, _)| at.map(|at| at.to_string())).collect();
        assert_eq!(bad, [None, Some("A4".into()), Some("B3".into())]);
    }

    #[test]
    fn formats_decide_over_the_reader_and_1904_is_shifted() {
        let limits = Limits::default();
        let mut book = BookBuilder::new(&limits);
        book.book.epoch_1904 = true;
        let date = book.format("dd/mm/yyyy");
        let clock = book.format("h:mm");
        let plain = book.format("0 \"days\"");
        for (raw, format, expected) in [
            (Raw::Number(10.0), date, Cell::Date(1472.0, date)),
            (Raw::Serial { value: 0.5, duration: false }, clock, Cell::Time(0.5, clock)),
            (Raw::Serial { value: 10.0, duration: false }, plain, Cell::Number(10.0, plain)),
            (Raw::Serial { value: 10.0, duration: false }, FormatId::GENERAL, Cell::Date(1472.0, FormatId::GENERAL)),
            (Raw::Serial { value: 1.5, duration: true }, FormatId::GENERAL, Cell::Time(1.5, FormatId::GENERAL)),
        ] {
            assert_eq!(book.cell(&raw, format), Ok(Ok(Some(expected))));
        }
    }

    #[test]
    fn bad_cells_are_counted_past_a_hundred() {
        let mut sheet = SheetBuilder::new(Sheet::new("S"));
        for _ in 0..250 {
            sheet.bad(None, "x");
        }
        let bad = sheet.finish().bad_cells;
        assert_eq!((bad.len(), bad[99].1.as_str()), (100, "and 151 more cells could not be read"));
    }
}
