//! The records of xlsb parts (MS-XLSB): what calamine does not tell of a sheet, and the repair of what it passes over.
//!
//! calamine skips short cell records (types 12 to 18, without a column: the cell after the last one), rich texts (62) and
//! errors of formulas (11) without a word; they are rewritten as the full records that it reads.

use super::package::damaged_part;
use crate::book::{Area, CellRef, ExcelTable, MAX_COLUMNS, MAX_ROWS, NotCarried};
use crate::error::FileError;
use std::io::{self, Read};

/// No record of a workbook is longer.
const MAX_RECORD: usize = 16 << 20;
/// Remarks on bad cells that a sheet can use.
const MAX_BAD: usize = 200;

pub(super) const ROW: u16 = 0x0000;
const CELL_ERROR: u16 = 0x0003;
const CELL_TEXT: u16 = 0x0006;
const CELL_SHARED_TEXT: u16 = 0x0007;
const SHORT_BLANK: u16 = 12;
const SHORT_SHARED_TEXT: u16 = 18;
const RICH_TEXT: u16 = 62;
const BEGIN_DATA: u16 = 0x0091;
const END_DATA: u16 = 0x0092;
const DIMENSION: u16 = 0x0094;

/// Reads records off a part.
pub(super) struct Records<R> {
    reader: R,
    /// Data of the record read last.
    pub(super) data: Vec<u8>,
}

impl<R: Read> Records<R> {
    pub(super) fn new(reader: R) -> Self {
        Self { reader, data: Vec::new() }
    }

    /// Type of the next record; its data are in `data`.
    pub(super) fn next(&mut self) -> io::Result<Option<u16>> {
        let mut byte = [0];
        loop {
            match self.reader.read(&mut byte) {
                Ok(0) => return Ok(None),
                Ok(_) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        let mut kind = u16::from(byte[0]);
        if kind & 0x80 != 0 {
            self.reader.read_exact(&mut byte)?;
            kind = kind & 0x7F | u16::from(byte[0] & 0x7F) << 7;
        }
        let mut length = 0;
        for shift in [0, 7, 14, 21] {
            self.reader.read_exact(&mut byte)?;
            length |= usize::from(byte[0] & 0x7F) << shift;
            if byte[0] & 0x80 == 0 {
                break;
            }
        }
        if length > MAX_RECORD {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "holds a record of more than 16 MiB"));
        }
        self.data.resize(length, 0);
        self.reader.read_exact(&mut self.data)?;
        Ok(Some(kind))
    }
}

/// Appends a record.
pub(super) fn write(out: &mut Vec<u8>, kind: u16, data: &[u8]) {
    if kind < 0x80 {
        out.push(kind as u8);
    } else {
        out.extend([(kind & 0x7F) as u8 | 0x80, (kind >> 7) as u8]);
    }
    let mut length = data.len();
    loop {
        let more = length > 0x7F;
        out.push((length & 0x7F) as u8 | if more { 0x80 } else { 0 });
        length >>= 7;
        if !more {
            break;
        }
    }
    out.extend_from_slice(data);
}

pub(super) fn long(data: &[u8], at: usize) -> Option<u32> {
    data.get(at..at + 4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// A text with its length before it, and the place behind it; an absent one is empty.
pub(super) fn text(data: &[u8], at: usize) -> Option<(String, usize)> {
    let length = long(data, at)?;
    if length == u32::MAX {
        return Some((String::new(), at + 4));
    }
    let end = (length as usize).checked_mul(2)?.checked_add(at + 4)?;
    let units = data.get(at + 4..end)?.as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit));
    Some((String::from_utf16_lossy(&units.collect::<Vec<_>>()), end))
}

/// Findings about a sheet part.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) counts: NotCarried,
    pub(super) hidden_columns: Vec<(u32, u32)>,
    pub(super) merges: Vec<Area>,
    /// Row, column and style of the cells whose style is not the default one, in the order of the file.
    pub(super) styles: Vec<(u32, u32, u32)>,
    /// Cells that are left out, with the reason.
    pub(super) bad: Vec<(Option<CellRef>, String)>,
    /// Short cell records, rich texts and errors of formulas that calamine would pass over.
    pub(super) passed_over: u64,
    /// Whether the part must be rewritten.
    pub(super) repair: bool,
}

/// What becomes of a cell record.
enum Fate<'d> {
    Keep,
    Rewrite(u16, Vec<u8>),
    Drop(&'d str),
}

/// Where the walk stands.
#[derive(Default)]
struct Place {
    row: u32,
    next_column: u32,
    data: bool,
    dimension: bool,
}

/// Walks a sheet part; with `out`, writes the repaired part. `texts` is the number of shared texts.
pub(super) fn sheet(
    path: &str,
    stream: impl Read,
    texts: u32,
    mut out: Option<&mut Vec<u8>>,
) -> Result<Facts, FileError> {
    let mut facts = Facts::default();
    let mut records = Records::new(stream);
    let mut place = Place::default();
    loop {
        let kind = match records.next() {
            Ok(Some(kind)) => kind,
            Ok(None) => break,
            // What follows the cells (views, filters) is nobody's loss.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && !place.data && place.dimension => {
                break;
            }
            Err(error) => return Err(damaged_part(path, &error)),
        };
        let data = &records.data;
        let fate = visit(kind, data, &mut place, &mut facts, texts, out.as_deref_mut());
        if !matches!(fate, Fate::Keep) {
            facts.repair = true;
        }
        if let Some(out) = out.as_deref_mut() {
            match &fate {
                Fate::Keep => write(out, kind, data),
                Fate::Rewrite(kind, data) => write(out, *kind, data),
                Fate::Drop(_) => {}
            }
        }
        if let Fate::Drop(reason) = fate
            && facts.bad.len() < MAX_BAD
        {
            let column = place.next_column.checked_sub(1).and_then(|column| u16::try_from(column).ok());
            let at = column
                .filter(|&col| col < MAX_COLUMNS && place.row < MAX_ROWS)
                .map(|col| CellRef { row: place.row, col });
            facts.bad.push((at, reason.to_owned()));
        }
    }
    if place.data {
        return Err(FileError::Damaged(format!("its part {path} breaks off in row {}", place.row + 1)));
    }
    Ok(facts)
}

fn visit<'d>(
    kind: u16,
    data: &[u8],
    place: &mut Place,
    facts: &mut Facts,
    texts: u32,
    out: Option<&mut Vec<u8>>,
) -> Fate<'d> {
    match kind {
        DIMENSION => {
            place.dimension = true;
            if data.len() < 16 {
                return Fate::Rewrite(DIMENSION, vec![0; 16]);
            }
        }
        BEGIN_DATA => {
            place.data = true;
            if !place.dimension {
                // calamine looks for it before anything else.
                facts.repair = true;
                place.dimension = true;
                if let Some(out) = out {
                    write(out, DIMENSION, &[0; 16]);
                }
            }
        }
        END_DATA => place.data = false,
        ROW if place.data => {
            let Some(row) = long(data, 0) else {
                return Fate::Drop("a row without a number");
            };
            (place.row, place.next_column) = (row, 0);
            if row >= MAX_ROWS {
                // calamine would take it for the end of the sheet.
                return Fate::Drop("a row outside of what Excel allows");
            }
            facts.counts.hidden_rows += u32::from(data.get(11).is_some_and(|flags| flags & 0x10 != 0));
        }
        // Column information.
        60 if data.get(16).is_some_and(|flags| flags & 1 != 0) => {
            if let (Some(first), Some(last)) = (long(data, 0), long(data, 4))
                && first <= last
                && last < u32::from(MAX_COLUMNS)
            {
                facts.hidden_columns.push((first, last));
            }
        }
        // Merged cells.
        176 => facts.merges.extend(area(data)),
        // Hyperlinks.
        494 => facts.counts.hyperlinks += 1,
        _ if place.data => return cell(kind, data, place, facts, texts),
        _ => {}
    }
    Fate::Keep
}

/// Bytes of a full cell record before its value: column, style, flags.
const HEAD: usize = 8;

fn cell<'d>(kind: u16, data: &[u8], place: &mut Place, facts: &mut Facts, texts: u32) -> Fate<'d> {
    let short = (SHORT_BLANK..=SHORT_SHARED_TEXT).contains(&kind);
    if !short && !(1..=11).contains(&kind) && kind != RICH_TEXT {
        return Fate::Keep;
    }
    // In full records the style follows the column; short ones begin with it.
    let (column, style_at) = if short { (Some(place.next_column), 0) } else { (long(data, 0), 4) };
    let (Some(column), Some(style)) = (column, long(data, style_at)) else {
        return Fate::Drop("a cell without an address");
    };
    place.next_column = column.saturating_add(1);
    if column >= u32::from(MAX_COLUMNS) || place.row >= MAX_ROWS {
        return Fate::Drop("a cell outside of what Excel allows");
    }
    facts.counts.formulas += u32::from((8..=11).contains(&kind));
    if style & 0xFF_FFFF != 0 {
        facts.styles.push((place.row, column, style & 0xFF_FFFF));
    }
    let mut full = column.to_le_bytes().to_vec();
    full.extend_from_slice(&data[style_at..]);
    let full_kind = match kind {
        SHORT_BLANK..=SHORT_SHARED_TEXT => kind - SHORT_BLANK + 1,
        11 => CELL_ERROR,
        RICH_TEXT => {
            // One byte of flags stands before the text.
            if full.len() > HEAD {
                full.remove(HEAD);
            }
            CELL_TEXT
        }
        kind => kind,
    };
    let enough = match full_kind {
        2 | CELL_SHARED_TEXT => full.len() >= HEAD + 4,
        CELL_ERROR | 4 | 10 => full.len() > HEAD,
        5 | 9 => full.len() >= HEAD + 8,
        CELL_TEXT | 8 => text(&full, HEAD).is_some(),
        _ => true,
    };
    if !enough {
        return Fate::Drop("a cell whose value is cut off");
    }
    if full_kind == CELL_SHARED_TEXT && long(&full, HEAD).is_none_or(|index| index >= texts) {
        return Fate::Drop("names a text that the workbook does not have");
    }
    // An error that calamine does not know becomes one that is read as "some error".
    if full_kind == CELL_ERROR && !matches!(full[HEAD], 0 | 7 | 0x0F | 0x17 | 0x1D | 0x24 | 0x2A | 0x2B) {
        full[HEAD] = 0x2B;
        return Fate::Rewrite(CELL_ERROR, full);
    }
    if full_kind == kind {
        return Fate::Keep;
    }
    facts.passed_over += u64::from(kind != SHORT_BLANK);
    if full_kind == CELL_ERROR {
        full.truncate(HEAD + 1);
    }
    Fate::Rewrite(full_kind, full)
}

/// Rows first, then columns.
fn area(data: &[u8]) -> Option<Area> {
    let corner = |row: u32, col: u32| {
        let col = u16::try_from(col).ok().filter(|&col| col < MAX_COLUMNS)?;
        (row < MAX_ROWS).then_some(CellRef { row, col })
    };
    let first = corner(long(data, 0)?, long(data, 8)?)?;
    let last = corner(long(data, 4)?, long(data, 12)?)?;
    (first.row <= last.row && first.col <= last.col).then_some(Area { first, last })
}

/// An Excel table by its opening record (BrtBeginList).
pub(super) fn table(data: &[u8]) -> Option<ExcelTable> {
    let mut area = area(data)?;
    let has_totals = long(data, 28)? > 0;
    if has_totals {
        area.last.row = area.last.row.checked_sub(1).filter(|&row| row >= area.first.row)?;
    }
    let (name, after) = text(data, 64)?;
    let display = text(data, after).map(|(display, _)| display).filter(|display| !display.is_empty());
    Some(ExcelTable { name: display.unwrap_or(name), area, has_headings: long(data, 24)? > 0, has_totals })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_read_as_written() {
        let mut out = Vec::new();
        for (kind, length) in [(0_u16, 0_usize), (7, 12), (0x0194, 200), (0x3FFF, 70_000)] {
            write(&mut out, kind, &vec![1; length]);
        }
        let mut records = Records::new(out.as_slice());
        let mut found = Vec::new();
        while let Some(kind) = records.next().unwrap() {
            found.push((kind, records.data.len()));
        }
        assert_eq!(found, [(0, 0), (7, 12), (0x0194, 200), (0x3FFF, 70_000)]);
        assert!(Records::new(&out[..out.len() - 1]).by_ref_count().is_err());
    }

    impl<R: Read> Records<R> {
        fn by_ref_count(&mut self) -> io::Result<usize> {
            let mut count = 0;
            while self.next()?.is_some() {
                count += 1;
            }
            Ok(count)
        }
    }

    #[test]
    fn a_part_that_breaks_off_within_its_cells_is_damaged() {
        let mut part = Vec::new();
        write(&mut part, BEGIN_DATA, &[]);
        write(&mut part, ROW, &[0; 17]);
        assert!(sheet("p", part.as_slice(), 0, None).is_err());
        write(&mut part, END_DATA, &[]);
        let facts = sheet("p", part.as_slice(), 0, None).unwrap();
        assert!(facts.repair, "the dimension is missing");
    }
}
