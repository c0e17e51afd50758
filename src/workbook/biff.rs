//! The records of an xls stream (MS-XLS, BIFF5 and BIFF8): one pass that finds what calamine does not tell (formats, hidden
//! rows, formulas), and takes out of the stream what would make it fail or take memory without end.

use super::number_format;
use crate::book::{NotCarried, Visibility};
use crate::error::FileError;
use std::collections::BTreeMap;
use std::ops::Range;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000A;
const CONTINUE: u16 = 0x003C;
const DIMENSIONS: u16 = 0x0200;
/// No record of any version, so that readers pass over it.
const NOTHING: u16 = 0x0FFF;
/// calamine's code pages, beside those that [`stream`] replaces.
const CODE_PAGES: [u16; 24] = [
    866, 874, 932, 936, 949, 950, 1200, 1201, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258, 10_000, 10_007,
    20_866, 21_866, 28_592, 54_936, 65_001,
];

/// A sheet of the stream.
#[derive(Debug, Default)]
pub(super) struct BiffSheet {
    pub(super) visibility: Visibility,
    /// "worksheet", "macrosheet", "chartsheet" ….
    pub(super) kind: &'static str,
    pub(super) counts: NotCarried,
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// Number format of each cell that has one, as row (in the stream) and column, in order.
    pub(super) formats: Vec<(u16, u16, u16)>,
    /// Where rows stand in the sheet, if they were moved together in the stream because they lay far apart.
    pub(super) rows: Option<Vec<u16>>,
    /// Whether its records end without an end mark.
    pub(super) cut_off: bool,
    /// Whether one of its records cannot be what it says.
    pub(super) makes_no_sense: bool,
    /// Cells of the rectangle that calamine will make.
    pub(super) dense_cells: u64,
}

/// The stream's own words.
#[derive(Debug, Default)]
pub(super) struct Biff {
    pub(super) sheets: Vec<BiffSheet>,
    /// Format codes by number.
    pub(super) codes: BTreeMap<u16, String>,
    /// The code page that the stream was in, if calamine does not know it.
    pub(super) foreign_code_page: Option<u16>,
    pub(super) biff8: bool,
}

/// One record: its type and where its data lie.
fn record(stream: &[u8], at: usize) -> Option<(u16, Range<usize>)> {
    let head = stream.get(at..at + 4)?;
    let length = usize::from(u16::from_le_bytes([head[2], head[3]]));
    (at + 4 + length <= stream.len()).then_some((u16::from_le_bytes([head[0], head[1]]), at + 4..at + 4 + length))
}

fn word(data: &[u8], at: usize) -> Option<u16> {
    data.get(at..at + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]))
}

fn set_word(stream: &mut [u8], at: usize, value: u16) {
    stream[at..at + 2].copy_from_slice(&value.to_le_bytes());
}

/// Encrypted: no well-kept crate opens what Excel 97 to 2003 used.
pub(super) fn locked() -> FileError {
    FileError::LockedFormat("a workbook of Excel 97 to 2003, xls".into())
}

/// Reads and repairs a workbook stream.
pub(super) fn stream(stream: &mut Vec<u8>) -> Result<Biff, FileError> {
    let mut biff = Biff::default();
    let mut formats_of_styles = Vec::new();
    let mut positions = Vec::new();
    let mut at = 0;
    while let Some((kind, place)) = record(stream, at) {
        at = place.end;
        let data = &stream[place.clone()];
        match kind {
            BOF => match word(data, 0) {
                Some(0x0600) => biff.biff8 = true,
                Some(0x0500) | None => {}
                Some(0x0200..0x0500) => {
                    return Err(FileError::Unsupported("a workbook of Excel 2, 3 or 4 (before 1993)".into()));
                }
                Some(_) => biff.biff8 = true,
            },
            // FilePass: every encryption, XOR included, which calamine takes for none.
            0x002F => return Err(locked()),
            0x0042 => {
                let page = word(data, 0).unwrap_or(1252);
                let known = match page {
                    0x8000 => 10_000,
                    0x8001 | 367 => 1252,
                    page if CODE_PAGES.contains(&page) => page,
                    // BIFF8 keeps its texts in Unicode whatever this record says.
                    _ if biff.biff8 => 1200,
                    page => {
                        biff.foreign_code_page = Some(page);
                        1252
                    }
                };
                if data.len() >= 2 {
                    set_word(stream, place.start, known);
                }
            }
            0x041E => {
                if let Some((number, code)) = format_code(data, biff.biff8) {
                    biff.codes.insert(number, code);
                }
            }
            // Names and other workbooks' sheets, which only formulas need: calamine's parser of formulas trusts every length.
            0x0017 | 0x0018 => set_word(stream, place.start - 4, NOTHING),
            0x00E0 => formats_of_styles.push(word(data, 2).unwrap_or(0)),
            0x0085 if data.len() >= 6 => {
                let position = u32::from_le_bytes([data[0], data[1], data[2], data[3]]) as usize;
                let visibility = match data[4] & 0x3F {
                    1 => Visibility::Hidden,
                    2 => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                let kind = match data[5] {
                    0 => "worksheet",
                    1 => "macrosheet",
                    2 => "chartsheet",
                    6 => "Visual Basic module",
                    _ => "unknown",
                };
                // calamine refuses the workbook for a state or kind that it does not know.
                if data[4] & 0x3F > 2 {
                    stream[place.start + 4] = 0;
                }
                if kind == "unknown" {
                    stream[place.start + 5] = 1;
                }
                positions.push(position);
                biff.sheets.push(BiffSheet { visibility, kind, ..BiffSheet::default() });
            }
            EOF => break,
            _ => {}
        }
    }
    if positions.iter().any(|&position| position >= stream.len()) {
        return Err(FileError::Damaged("it is cut off: a sheet begins behind its end".into()));
    }
    let has_format = |style: u16| formats_of_styles.get(usize::from(style)).copied().filter(|&number| number != 0);
    for (sheet, &position) in biff.sheets.iter_mut().zip(&positions) {
        let end = worksheet(stream, position, sheet, has_format);
        if sheet.makes_no_sense {
            return Err(FileError::Damaged("one of its records makes no sense".into()));
        }
        if sheet.cut_off {
            // calamine would refuse the whole workbook for the sheet that breaks off.
            if positions.iter().any(|&position| position >= end) {
                return Err(FileError::Damaged("one of its records makes no sense".into()));
            }
            stream.truncate(end);
            stream.extend([EOF as u8, 0, 0, 0]);
        }
    }
    Ok(biff)
}

/// Walks a sheet's records, and says where they end.
fn worksheet(stream: &mut [u8], position: usize, sheet: &mut BiffSheet, format: impl Fn(u16) -> Option<u16>) -> usize {
    let (mut at, mut depth, mut hidden_rows) = (position, 0_usize, Vec::new());
    // Places of the row numbers of all cells.
    let mut places: Vec<(u16, usize)> = Vec::new();
    let (mut first_column, mut last_column) = (u16::MAX, 0);
    let mut formula_lengths = Vec::new();
    sheet.cut_off = true;
    while let Some((kind, place)) = record(stream, at) {
        at = place.end;
        let data = &stream[place.clone()];
        match kind {
            BOF => depth += 1,
            EOF if depth <= 1 => {
                sheet.cut_off = false;
                break;
            }
            EOF => depth -= 1,
            // Charts within the sheet have cells of their own.
            _ if depth > 1 => {}
            // calamine reserves memory for as many cells as this record claims.
            DIMENSIONS => set_word(stream, place.start - 4, NOTHING),
            0x0208 if word(data, 12).is_some_and(|flags| flags & 0x20 != 0) => hidden_rows.extend(word(data, 0)),
            0x007D if word(data, 8).is_some_and(|flags| flags & 1 != 0) => {
                if let (Some(first), Some(last)) = (word(data, 0), word(data, 2))
                    && first <= last
                {
                    sheet.hidden_columns.push((first.into(), last.into()));
                }
            }
            0x001C => sheet.counts.comments += 1,
            0x01B8 => sheet.counts.hyperlinks += 1,
            // Objects: charts and pictures.
            0x005D if matches!(word(data, 4), Some(5 | 8)) => sheet.counts.drawings += 1,
            0x00B0 => sheet.counts.drawings += 1,
            0x0203 | 0x027E | 0x0006 | 0x00FD | 0x0204 | 0x00D6 | 0x0205 | 0x00BD if data.len() >= 6 => {
                let (row, column) = (word(data, 0).unwrap_or(0), word(data, 2).unwrap_or(0));
                places.push((row, place.start));
                if kind == 0x0006 {
                    sheet.counts.formulas += 1;
                    // The stored value is read; of the formula itself nothing stays for calamine to parse.
                    if data.len() < 22 {
                        sheet.makes_no_sense = true;
                        break;
                    }
                    formula_lengths.push(place.start + 20);
                }
                let last = if kind == 0x00BD { word(data, data.len() - 2).unwrap_or(column) } else { column };
                (first_column, last_column) = (first_column.min(column), last_column.max(last));
                let styles = if kind == 0x00BD { &data[4..data.len() - 2] } else { &data[4..6] };
                for (offset, style) in styles.chunks(6).enumerate() {
                    if let Some(number) = word(style, 0).and_then(&format) {
                        sheet.formats.push((row, column.wrapping_add(offset as u16), number));
                    }
                }
            }
            _ => {}
        }
    }
    for place in formula_lengths {
        set_word(stream, place, 0);
    }
    places.sort_unstable();
    let mut rows: Vec<u16> = places.iter().map(|&(row, _)| row).collect();
    rows.dedup();
    sheet.counts.hidden_rows = hidden_rows.iter().filter(|row| rows.binary_search(row).is_ok()).count() as u32;
    let (Some(&first), Some(&last)) = (rows.first(), rows.last()) else {
        return at;
    };
    let columns = u64::from(last_column.saturating_sub(first_column)) + 1;
    let span = u64::from(last - first) + 1;
    sheet.dense_cells = columns * span;
    // A stray cell at the bottom of the sheet would cost the memory of all rows between: move the rows together.
    if rows.len() as u64 * 4 < span && sheet.dense_cells > 100_000 {
        let moved = |row: u16| rows.partition_point(|&found| found < row) as u16;
        for (row, place) in places {
            set_word(stream, place, moved(row));
        }
        for (row, ..) in &mut sheet.formats {
            *row = moved(*row);
        }
        sheet.dense_cells = columns * rows.len() as u64;
        sheet.rows = Some(rows);
    }
    sheet.formats.sort_by_key(|&(row, column, _)| (row, column));
    at
}

/// Number and code of a FORMAT record.
fn format_code(data: &[u8], biff8: bool) -> Option<(u16, String)> {
    let number = word(data, 0)?;
    let code = if biff8 {
        let length = usize::from(word(data, 2)?);
        let text = data.get(5..)?;
        if data[4] & 1 == 1 {
            let units = text.as_chunks::<2>().0.iter().take(length).map(|unit| u16::from_le_bytes(*unit));
            String::from_utf16_lossy(&units.collect::<Vec<_>>())
        } else {
            text.iter().take(length).map(|&byte| byte as char).collect()
        }
    } else {
        let length = usize::from(*data.get(2)?);
        data.get(3..)?.iter().take(length).map(|&byte| byte as char).collect()
    };
    Some((number, code))
}

impl Biff {
    /// Code of a number format.
    pub(super) fn code(&self, number: u16) -> &str {
        self.codes.get(&number).map_or_else(|| number_format::built_in(number.into()), String::as_str)
    }
}

/// Takes empty CONTINUE records out of a stream, over which calamine stumbles, and moves the sheets' positions along.
pub(super) fn without_empty_continues(stream: &[u8]) -> Option<Vec<u8>> {
    let (mut kept, mut removed, mut entries, mut at) = (Vec::new(), Vec::new(), Vec::new(), 0);
    while let Some((kind, place)) = record(stream, at) {
        if kind == CONTINUE && place.is_empty() {
            removed.push(at);
        } else {
            if kind == 0x0085 && place.len() >= 6 {
                entries.push(kept.len() + 4);
            }
            kept.extend_from_slice(&stream[at..place.end]);
        }
        at = place.end;
    }
    kept.extend_from_slice(&stream[at..]);
    for entry in entries {
        let position = u32::from_le_bytes([kept[entry], kept[entry + 1], kept[entry + 2], kept[entry + 3]]);
        let before = removed.partition_point(|&place| place < position as usize) as u32;
        kept[entry..entry + 4].copy_from_slice(&position.saturating_sub(4 * before).to_le_bytes());
    }
    (!removed.is_empty()).then_some(kept)
}
