//! xls: calamine reads every sheet into a rectangle when it opens the workbook, so the stream is checked and repaired first.

use super::biff::{self, Biff, BiffSheet};
use super::builder::{BookBuilder, Raw, SheetBuilder};
use super::xlsx::{error_value, hidden};
use super::{code_page, compound, encrypted, guarded, ooxml};
use crate::book::{Area, Book, CellRef, FormatId, MAX_COLUMNS, MAX_ROWS, Sheet};
use crate::error::FileError;
use crate::password::Passwords;
use calamine::{Data, Dimensions, Reader, SheetType, Xls, XlsError};
use std::collections::BTreeMap;
use std::io::Cursor;

/// What a compound file holds.
pub(super) enum Compounded {
    Book(Book),
    /// A package that was protected with one of the passwords.
    Package(Vec<u8>),
}

/// A compound file: a workbook, an encrypted package, or another program's document.
pub(super) fn read_compound(
    bytes: &[u8],
    book: BookBuilder<'_>,
    passwords: &Passwords,
) -> Result<Compounded, FileError> {
    let compound = compound::Compound::open(bytes)?;
    if compound.has("EncryptedPackage") || compound.has("\u{6}DataSpaces") {
        return encrypted::opened(&compound, passwords).map(Compounded::Package);
    }
    for name in ["Workbook", "Book"] {
        if let Some(stream) = compound.stream(name)? {
            return read_stream(stream, book).map(Compounded::Book);
        }
    }
    Err(FileError::NotAWorkbook(
        match () {
            () if compound.has("WordDocument") => "a text document (doc)",
            () if compound.has("PowerPoint Document") => "a presentation (ppt)",
            () if compound.has("VisioDocument") => "a Visio drawing",
            () if compound.has("__properties_version1.0") => "an Outlook message",
            () if compound.has("NativeContent_MAIN") || compound.has("PerfectOffice_MAIN") => {
                return Err(FileError::Unsupported("a Quattro Pro notebook".into()));
            }
            () => "a document of an older Office program, without a workbook in it",
        }
        .into(),
    ))
}

/// A workbook stream.
pub(super) fn read_stream(mut stream: Vec<u8>, mut book: BookBuilder<'_>) -> Result<Book, FileError> {
    if stream.len() as u64 > book.limits.part_bytes {
        return Err(FileError::TooLarge(format!("its content has more than {} MiB", book.limits.part_bytes >> 20)));
    }
    if let Some(repaired) = biff::without_empty_continues(&stream) {
        stream = repaired;
    }
    let biff = biff::stream(&mut stream)?;
    let dense: u64 = biff.sheets.iter().map(|sheet| sheet.dense_cells).sum();
    if dense > book.limits.dense_cells {
        return Err(FileError::TooLarge(format!("its cells spread over areas of {dense} cells; save it as xlsx")));
    }
    let transcode = match biff.foreign_code_page {
        // Read as windows-1252, which loses nothing, and then by the DOS page; 437 has the same letters in the same places.
        Some(437 | 850) => true,
        Some(page) => {
            book.remark(format!("its code page {page} is unknown; accented letters may be wrong"));
            false
        }
        None => false,
    };
    // calamine trusts that every record is as long as its kind demands, and panics where one is not
    let opened = guarded(|| Xls::new(Cursor::new(compound::around(stream))));
    let mut xls: Xls<Cursor<Vec<u8>>> = opened.map_err(|_| nonsense())?.map_err(|error| whole(&error))?;
    book.book.epoch_1904 = xls.has_1904_epoch();
    let listed = xls.sheets_metadata().to_vec();
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for sheet in &listed {
        *times.entry(&sheet.name).or_default() += 1;
    }
    for (found, listed) in biff.sheets.iter().zip(&listed) {
        if found.kind != "worksheet" || listed.typ != SheetType::WorkSheet {
            let kind = if found.kind == "Visual Basic module" { found.kind } else { ooxml::other_kind(found.kind) };
            book.book.macros |= found.kind != "chartsheet";
            book.book.other_sheets.push((listed.name.clone(), kind.to_owned()));
            continue;
        }
        let mut sheet = Sheet::new(&listed.name);
        sheet.visibility = found.visibility;
        let sheet = SheetBuilder::new(sheet);
        let sheet = if times.get(listed.name.as_str()) > Some(&1) {
            // calamine keeps sheets by name: the last one's cells would stand for all.
            sheet.unreadable("another sheet of the workbook has the same name")
        } else if found.cut_off {
            sheet.unreadable("it is cut off: its end is missing")
        } else {
            worksheet(&mut xls, &biff, found, sheet, &mut book, transcode)?
        };
        book.book.sheets.push(sheet);
    }
    Ok(book.book)
}

fn worksheet(
    xls: &mut Xls<Cursor<Vec<u8>>>,
    biff: &Biff,
    found: &BiffSheet,
    mut sheet: SheetBuilder,
    book: &mut BookBuilder<'_>,
    transcode: bool,
) -> Result<Sheet, FileError> {
    let name = sheet.sheet.name.clone();
    let Ok(range) = xls.worksheet_range(&name) else {
        return Ok(sheet.unreadable("its content is missing"));
    };
    sheet.sheet.not_carried = found.counts.clone();
    if let Ok(merges) = xls.merge_cells_by_sheet_name(&name) {
        sheet.sheet.merges = merges.iter().filter_map(area).collect();
    }
    let mut formats = found.formats.iter().peekable();
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut last_column = None;
    for (row, cells) in (first_row..).zip(range.rows()) {
        let place = found.rows.as_ref().and_then(|rows| rows.get(row as usize)).map_or(row, |&row| row.into());
        for (column, value) in (first_column..).zip(cells) {
            if matches!(value, Data::Empty) {
                continue;
            }
            let mut format = FormatId::GENERAL;
            while let Some(&&(at_row, at_column, number)) = formats.peek() {
                let at = (u32::from(at_row), u32::from(at_column));
                if at > (row, column) {
                    break;
                }
                formats.next();
                if at == (row, column) {
                    format = book.format(biff.code(number));
                }
            }
            last_column = last_column.max(Some(column));
            match value {
                Data::String(text) if transcode && !text.is_ascii() => {
                    let bytes = encoding_rs::WINDOWS_1252.encode(text).0;
                    sheet.put(book, (place, column), &Raw::Text(&code_page::dos(&bytes)), format)?;
                }
                value => sheet.put(book, (place, column), &raw(value), format)?,
            }
        }
    }
    sheet.sheet.not_carried.hidden_columns = hidden(&found.hidden_columns, last_column);
    Ok(sheet.finish())
}

/// A value of calamine's in our terms.
pub(super) fn raw(value: &Data) -> Raw<'_> {
    match value {
        Data::Empty => Raw::Empty,
        Data::Int(value) => Raw::Number(*value as f64),
        Data::Float(value) => Raw::Number(*value),
        Data::String(text) => Raw::Text(text),
        Data::Bool(value) => Raw::Bool(*value),
        Data::DateTime(moment) => Raw::Serial { value: moment.as_f64(), duration: moment.is_duration() },
        Data::DateTimeIso(text) => Raw::Iso(text),
        Data::DurationIso(text) => Raw::IsoDuration(text),
        Data::Error(error) => Raw::Error(error_value(error)),
    }
}

fn area(found: &Dimensions) -> Option<Area> {
    let corner = |(row, col): (u32, u32)| {
        let col = u16::try_from(col).ok()?;
        (row < MAX_ROWS && col < MAX_COLUMNS).then_some(CellRef { row, col })
    };
    let (first, last) = (corner(found.start)?, corner(found.end)?);
    (first.row <= last.row && first.col <= last.col).then_some(Area { first, last })
}

fn nonsense() -> FileError {
    FileError::Damaged("one of its records makes no sense".into())
}

fn whole(error: &XlsError) -> FileError {
    FileError::Damaged(match error {
        XlsError::Password => return biff::locked(),
        XlsError::EoStream(_) | XlsError::Io(_) | XlsError::ContinueRecordTooShort => "it is cut off".into(),
        _ => return nonsense(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, read_bytes};
    use super::*;
    use crate::book::{Cell, ErrorValue, Visibility};

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    fn number(row: u16, column: u16, style: u16, value: f64) -> Vec<u8> {
        record(0x0203, &[&words(&[row, column, style])[..], &value.to_le_bytes()].concat())
    }

    fn label(row: u16, column: u16, text: &[u8]) -> Vec<u8> {
        record(0x0204, &[&words(&[row, column, 0, text.len() as u16])[..], text].concat())
    }

    /// A BIFF5 stream of one sheet.
    fn stream(globals: &[Vec<u8>], cells: &[Vec<u8>]) -> Vec<u8> {
        let mut stream = record(BOF, &words(&[0x0500, 5, 0, 0]));
        stream.extend(globals.concat());
        let entry = stream.len() + 4;
        stream.extend(record(0x0085, b"\0\0\0\0\x01\0\x07Clients"));
        stream.extend(record(0x000A, &[]));
        let position = stream.len() as u32;
        stream[entry..entry + 4].copy_from_slice(&position.to_le_bytes());
        stream.extend(record(BOF, &words(&[0x0500, 16, 0, 0])));
        stream.extend(cells.concat());
        stream.extend(record(0x000A, &[]));
        stream
    }

    const BOF: u16 = 0x0809;

    fn read(stream: &[u8]) -> Result<Book, FileError> {
        read_bytes(&compound::around(stream.to_vec()), &Limits::default())
    }

    #[test]
    fn formats_counts_and_merges_come_along() {
        let style = |format: u16| record(0x00E0, &[words(&[0, format]), vec![0; 12]].concat());
        let globals = [
            record(0x041E, &[&words(&[164])[..], b"\x050.00%"].concat()),
            style(0),
            style(164),
            style(14),
            record(0x0022, &words(&[1])),
        ];
        let mut row = words(&[3, 0, 4, 255, 0, 0, 0x20, 0]);
        row.truncate(16);
        let cells = [
            record(0x0200, &[0xFF; 14]),
            record(0x0208, &row),
            record(0x007D, &words(&[1, 1, 2000, 0, 1])),
            label(1, 1, b"Client"),
            number(3, 1, 0, 7.0),
            number(3, 2, 1, 0.5),
            number(3, 3, 2, 100.0),
            record(0x0205, &[&words(&[3, 4, 0])[..], &[0x07, 1]].concat()),
            record(0x00E5, &words(&[1, 0, 0, 0, 3])),
        ];
        let book = read(&stream(&globals, &cells)).unwrap();
        let sheet = &book.sheets[0];
        let told: Vec<_> = sheet
            .rows()
            .flat_map(|row| row.cells().map(move |(col, cell)| (CellRef { row: row.row, col }.to_string(), cell)))
            .collect();
        assert_eq!(told[1], ("B4".into(), Cell::Number(7.0, FormatId::GENERAL)));
        let Cell::Number(0.5, percent) = told[2].1 else { panic!("{told:?}") };
        let Cell::Date(1562.0, date) = told[3].1 else { panic!("{told:?}") };
        assert_eq!((book.format(percent), book.format(date)), ("0.00%", "mm-dd-yy"));
        assert_eq!(told[4], ("E4".into(), Cell::Error(ErrorValue::Div0)));
        assert_eq!((sheet.visibility, sheet.merges.len()), (Visibility::Hidden, 1));
        assert_eq!((sheet.not_carried.hidden_rows, sheet.not_carried.hidden_columns), (1, 1));
    }

    #[test]
    fn rows_far_apart_are_moved_together_and_back() {
        let cells: Vec<_> = [(2, 1.0), (30_000, 2.0), (65_535, 3.0)]
            .iter()
            .flat_map(|&(row, value)| [number(row, 0, 0, value), number(row, 255, 0, -value)])
            .collect();
        let book = read(&stream(&[], &cells)).unwrap();
        let rows: Vec<_> = book.sheets[0].rows().map(|row| (row.row, row.get(0), row.get(255))).collect();
        let n = |value| Some(Cell::Number(value, FormatId::GENERAL));
        assert_eq!(rows, [(2, n(1.0), n(-1.0)), (30_000, n(2.0), n(-2.0)), (65_535, n(3.0), n(-3.0))]);
        let limits = Limits { dense_cells: 700, ..Limits::default() };
        let bytes = compound::around(stream(&[], &cells));
        assert!(matches!(read_bytes(&bytes, &limits), Err(FileError::TooLarge(_))));
    }

    #[test]
    fn old_code_pages_are_read() {
        let page = |page: u16| record(0x0042, &words(&[page]));
        for (number, text, expected, remarks) in [
            (850_u16, &b"M\x81ller \x9A"[..], "Müller Ü", 0),
            (1252, b"M\xFCller", "Müller", 0),
            (0x8000, b"M\x9Fller", "Müller", 0),
            (10_029, b"Acme", "Acme", 1),
        ] {
            let book = read(&stream(&[page(number)], &[label(0, 0, text)])).unwrap();
            assert_eq!((&*book.texts[0], book.remarks.len()), (expected, remarks), "{number}");
        }
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        assert!(matches!(read(&stream(&[record(0x002F, &[0; 4])], &[])), Err(FileError::LockedFormat(_))));
        let mut cut = stream(&[], &[label(0, 0, b"Acme")]);
        let position = u32::try_from(cut.len()).unwrap() * 100;
        let entry = cut.windows(4).position(|window| window == [0x85, 0, 14, 0]).unwrap() + 4;
        cut[entry..entry + 4].copy_from_slice(&position.to_le_bytes());
        assert!(matches!(read(&cut), Err(FileError::Damaged(_))));
        let mut raw = stream(&[], &[label(0, 0, b"Acme")]);
        assert_eq!(
            read_bytes(&raw, &Limits::default()).unwrap().texts.len(),
            1,
            "a stream without a container is read"
        );
        raw.truncate(raw.len() - 4);
        let sheet = &read_bytes(&raw, &Limits::default()).unwrap().sheets[0];
        assert_eq!((sheet.cell_count(), sheet.unreadable.is_some()), (0, true));
    }

    #[test]
    fn compound_files_of_others_are_named() {
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        let container = compound::around(vec![0; 4096]);
        let place = container.windows(16).position(|window| window == wide("Workbook")).unwrap();
        for (name, expected) in
            [("EncryptedPackage", "password"), ("WordDocument", "doc"), ("Anything", "older Office")]
        {
            let mut other = container.clone();
            other[place..place + 2 * name.len()].copy_from_slice(&wide(name));
            let error = read_bytes(&other, &Limits::default()).unwrap_err();
            assert!(error.to_string().contains(expected), "{error}");
        }
    }

    #[test]
    fn empty_continue_records_are_taken_out() {
        let globals = [record(0x00FC, &[0; 8]), record(0x003C, &[])];
        let book = read(&stream(&globals, &[label(0, 0, b"Acme")])).unwrap();
        assert_eq!(book.texts.len(), 1);
    }
}
