//! xlsb: calamine streams the cells of a package whose workbook part is made plain and whose sheets are repaired.

use super::builder::{BookBuilder, Raw, SheetBuilder};
use super::ooxml::{self, Relationship, SheetEntry, relationships};
use super::package::{Package, damaged_part};
use super::xlsb_records::{self as records, Records};
use super::xlsx::{hidden, new_sheet, raw};
use super::{guarded, reason, xlsb_package};
use crate::book::{Book, ExcelTable, FormatId, NotCarried, Sheet};
use crate::error::FileError;
use calamine::{Reader, Xlsb, XlsbError};
use std::io::Cursor;

type Workbook<'a> = Xlsb<Cursor<&'a [u8]>>;

pub(super) fn read(bytes: &[u8], mut package: Package<'_>, mut book: BookBuilder<'_>) -> Result<Book, FileError> {
    let part = ooxml::workbook_part(&mut package)?
        .filter(|part| package.has(part))
        .unwrap_or_else(|| xlsb_package::WORKBOOK.into());
    let related = relationships(&mut package, &part)?;
    let (entries, wb_properties) = xlsb_package::entries(&mut package, &part, &related, &mut book)?;
    let texts = xlsb_package::texts(&mut package, &related)?;
    let formats = xlsb_package::formats(&mut package, &related)?;
    book.book.marker = ooxml::marker(&mut package)?;
    book.book.macros = package.paths().any(|path| path.ends_with("vbaproject.bin"));
    let mut sheets = Vec::new();
    for (index, entry) in entries.into_iter().enumerate() {
        let facts = facts(&mut package, &entry, index, texts, &mut book);
        sheets.push((entry, facts));
    }
    let readable = sheets.iter().map(|(_, facts)| facts.is_ok());
    xlsb_package::plain_workbook(&mut package, readable, &wb_properties);
    let repaired = package.repaired()?;
    let mut xlsb: Workbook<'_> =
        Xlsb::new(Cursor::new(repaired.as_deref().unwrap_or(bytes))).map_err(|error| whole(&error))?;
    book.book.epoch_1904 = xlsb.has_1904_epoch();
    for (index, (entry, facts)) in sheets.into_iter().enumerate() {
        let mut builder = new_sheet(&entry);
        let sheet = match facts {
            Err(error) => builder.unreadable(reason(error)),
            Ok(mut facts) => {
                let mut counts = std::mem::take(&mut facts.counts);
                builder.sheet.merges = std::mem::take(&mut facts.merges);
                builder.sheet.tables = surroundings(&mut package, &entry, &mut counts).unwrap_or_default();
                builder.sheet.not_carried = counts;
                sheet(&mut xlsb, &mut book, index, builder, facts, &formats)?
            }
        };
        book.book.sheets.push(sheet);
    }
    Ok(book.book)
}

/// Scans a sheet part, and repairs it if need be.
fn facts(
    package: &mut Package<'_>,
    entry: &SheetEntry,
    index: usize,
    texts: u32,
    book: &mut BookBuilder<'_>,
) -> Result<records::Facts, FileError> {
    let Some(bytes) = package.read(&entry.path)? else {
        return Err(FileError::Damaged("its part is missing from the workbook".into()));
    };
    let facts = records::sheet(&entry.path, bytes.as_slice(), texts, None)?;
    let part = if facts.repair {
        let mut repaired = Vec::with_capacity(bytes.len() + bytes.len() / 4);
        records::sheet(&entry.path, bytes.as_slice(), texts, Some(&mut repaired))?;
        repaired
    } else {
        bytes
    };
    if facts.passed_over > 0 {
        book.remark(format!(
            "sheet \"{}\": {} cells in short or rare records rewritten to be read",
            entry.name, facts.passed_over
        ));
    }
    package.repair(&format!("xl/{}", xlsb_package::sheet_path(index)), part);
    Ok(facts)
}

/// Comments, drawings and tables; their binary parts have records of their own.
fn surroundings(
    package: &mut Package<'_>,
    entry: &SheetEntry,
    counts: &mut NotCarried,
) -> Result<Vec<ExcelTable>, FileError> {
    let mut tables = ooxml::surroundings(package, &entry.path, counts)?;
    for Relationship { kind, target, .. } in relationships(package, &entry.path)? {
        if !matches!(kind.as_str(), "comments" | "table") {
            continue;
        }
        let Some(stream) = package.stream(&target)? else {
            continue;
        };
        let mut found = Records::new(stream);
        while let Some(kind) = found.next().map_err(|error| damaged_part(&target, &error))? {
            match kind {
                0x027B => counts.comments += 1,
                0x0157 => tables.extend(records::table(&found.data)),
                _ => {}
            }
        }
    }
    Ok(tables)
}

fn sheet(
    xlsb: &mut Workbook<'_>,
    book: &mut BookBuilder<'_>,
    index: usize,
    mut builder: SheetBuilder,
    facts: records::Facts,
    formats: &[String],
) -> Result<Sheet, FileError> {
    for (at, reason) in facts.bad {
        builder.bad(at, reason);
    }
    let streamed = guarded(|| -> Result<Result<Option<u32>, String>, FileError> {
        let mut reader = match xlsb.worksheet_cells_reader(&index.to_string()) {
            Ok(reader) => reader,
            Err(_) => return Ok(Err("its cells cannot be found".into())),
        };
        let mut last_column = None;
        let mut styles = facts.styles.iter().peekable();
        loop {
            let cell = match reader.next_cell() {
                Ok(Some(cell)) => cell,
                Ok(None) => return Ok(Ok(last_column)),
                // The scan has read the whole part, so this is not its end.
                Err(_) => return Ok(Err("one of its records makes no sense".into())),
            };
            let (row, column) = cell.get_position();
            // Both walk the same part in the same order; blank cells are in `styles` only.
            let mut style = None;
            while let Some(&&(at_row, at_column, found)) = styles.peek() {
                if (at_row, at_column) > (row, column) {
                    break;
                }
                if (at_row, at_column) == (row, column) {
                    style = Some(found);
                }
                styles.next();
            }
            let format = match style.and_then(|style| formats.get(style as usize)) {
                Some(code) => book.format(code),
                None => FormatId::GENERAL,
            };
            last_column = last_column.max(Some(column));
            let value = match raw(cell.get_value()) {
                Raw::Serial { value, .. } => Raw::Number(value),
                value => value,
            };
            builder.put(book, (row, column), &value, format)?;
        }
    });
    match streamed {
        Ok(Ok(Ok(last_column))) => {
            builder.sheet.not_carried.hidden_columns = hidden(&facts.hidden_columns, last_column);
            Ok(builder.finish())
        }
        Ok(Ok(Err(reason))) => Ok(builder.unreadable(reason)),
        Ok(Err(error)) => Err(error),
        Err(panic) => Ok(builder.unreadable(reason(panic))),
    }
}

fn whole(error: &XlsbError) -> FileError {
    match error {
        XlsbError::Password => FileError::Password,
        _ => FileError::Damaged("its texts cannot be read".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::package::tests::zipped;
    use super::super::{Limits, read_bytes};
    use super::*;
    use crate::book::{Cell, CellRef, ErrorValue, Visibility};

    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u16> = text.encode_utf16().collect();
        [(units.len() as u32).to_le_bytes().to_vec(), units.iter().flat_map(|unit| unit.to_le_bytes()).collect()]
            .concat()
    }

    /// A one-sheet workbook with the given cell records (each: type and data).
    fn workbook(cells: &[(u16, Vec<u8>)], before: &[u16]) -> Vec<u8> {
        let mut book = Vec::new();
        for (kind, data) in [
            (0x0083, vec![]),
            (0x0099, vec![0; 12]),
            (0x008F, vec![]),
            (0x009C, [vec![1, 0, 0, 0, 1, 0, 0, 0], wide("rId1"), wide("Clients")].concat()),
            (0x009C, [vec![0, 0, 0, 0, 2, 0, 0, 0], wide("rId2"), wide("Macro1")].concat()),
            (0x009C, [vec![0, 0, 0, 0, 3, 0, 0, 0], wide("rId9"), wide("Gone")].concat()),
            (0x0090, vec![]),
            // A name whose formula calamine cannot parse.
            (0x0027, [vec![0; 9], wide("N"), vec![1, 0, 0, 0, 0xFF]].concat()),
            (0x009D, vec![0; 26]),
        ] {
            records::write(&mut book, kind, &data);
        }
        let mut texts = Vec::new();
        records::write(&mut texts, 0x009F, &[2, 0, 0, 0, 2, 0, 0, 0]);
        records::write(&mut texts, 0x0013, &[vec![0], wide("Acme")].concat());
        records::write(&mut texts, 0x0013, &[vec![0], wide("Beta")].concat());
        let mut styles = Vec::new();
        records::write(&mut styles, 0x0267, &[1, 0, 0, 0]);
        records::write(&mut styles, 0x002C, &[vec![164, 0], wide("0.0%")].concat());
        records::write(&mut styles, 0x0269, &[3, 0, 0, 0]);
        for number in [0_u8, 164, 14] {
            records::write(&mut styles, 0x002F, &[0xFF, 0xFF, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }
        records::write(&mut styles, 0x026A, &[]);
        let mut sheet = Vec::new();
        for &kind in before {
            records::write(&mut sheet, kind, &[0; 16]);
        }
        records::write(&mut sheet, 0x0091, &[]);
        for (kind, data) in cells {
            records::write(&mut sheet, *kind, data);
        }
        records::write(&mut sheet, 0x0092, &[]);
        records::write(&mut sheet, 176, &[0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]);
        let rels = br#"<Relationships><Relationship Id="x" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>"#;
        let book_rels =
            br#"<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="/xl/worksheets/sheet1.bin"/>
            <Relationship Id="rId2" Type="x/xlMacrosheet" Target="macrosheets/sheet1.bin"/></Relationships>"#;
        zipped(&[
            ("_rels/.rels", rels),
            ("xl/workbook.bin", &book),
            ("xl/_rels/workbook.bin.rels", book_rels),
            ("xl/sharedStrings.bin", &texts),
            ("xl/styles.bin", &styles),
            ("xl/worksheets/sheet1.bin", &sheet),
        ])
    }

    fn row(number: u32, hidden: bool) -> (u16, Vec<u8>) {
        let mut data = vec![0; 17];
        data[..4].copy_from_slice(&number.to_le_bytes());
        data[11] = if hidden { 0x10 } else { 0 };
        (records::ROW, data)
    }

    fn full(kind: u16, column: u32, style: u32, value: &[u8]) -> (u16, Vec<u8>) {
        (kind, [&column.to_le_bytes()[..], &style.to_le_bytes(), value].concat())
    }

    fn short(kind: u16, style: u32, value: &[u8]) -> (u16, Vec<u8>) {
        (kind, [&style.to_le_bytes()[..], value].concat())
    }

    #[test]
    fn short_records_rich_texts_and_formula_errors_are_read() {
        let cells = [
            row(0, false),
            full(7, 0, 0, &0_u32.to_le_bytes()),
            short(18, 0, &1_u32.to_le_bytes()),
            short(16, 1, &0.25_f64.to_le_bytes()),
            short(12, 0, &[]),
            short(15, 0, &[1]),
            short(14, 0, &[0x2A]),
            short(13, 2, &((46_356_i32 << 2 | 2).to_le_bytes())),
            short(17, 0, &wide("short")),
            row(4, true),
            short(18, 0, &0_u32.to_le_bytes()),
            full(11, 3, 0, &[7, 0, 0, 0, 0, 0, 0]),
            full(62, 5, 0, &[&[1][..], &wide("rich")].concat()),
            full(9, 6, 0, &[&7.5_f64.to_le_bytes()[..], &[0; 10]].concat()),
            full(3, 7, 0, &[0x99]),
            full(7, 8, 0, &99_u32.to_le_bytes()),
            full(5, 9, 0, &[0; 3]),
        ];
        let book = read_bytes(&workbook(&cells, &[0x0081, 0x0094]), &Limits::default()).unwrap();
        let sheet = &book.sheets[0];
        let told: Vec<_> = sheet
            .rows()
            .flat_map(|row| row.cells().map(move |(col, cell)| (CellRef { row: row.row, col }, cell)))
            .map(|(at, cell)| format!("{at}={}", book.shown(cell)))
            .collect();
        assert_eq!(
            told,
            [
                "A1=Acme",
                "B1=Beta",
                "C1=0.25",
                "E1=TRUE",
                "F1=#N/A",
                "G1=2026-11-30",
                "H1=short",
                "A5=Acme",
                "D5=#DIV/0!",
                "F5=rich",
                "G5=7.5",
                "H5=#ERROR!"
            ]
        );
        let Some(Cell::Number(_, percent)) = sheet.cell(CellRef { row: 0, col: 2 }) else { panic!("C1") };
        assert_eq!(book.format(percent), "0.0%");
        assert_eq!(sheet.cell(CellRef { row: 4, col: 7 }), Some(Cell::Error(ErrorValue::Other)));
        let bad: Vec<_> = sheet.bad_cells.iter().map(|(at, _)| at.unwrap().to_string()).collect();
        assert_eq!(bad, ["I5", "J5"]);
        assert_eq!(
            (sheet.visibility, sheet.not_carried.hidden_rows, sheet.not_carried.formulas),
            (Visibility::Hidden, 1, 2)
        );
        assert_eq!(sheet.merges[0].last.to_string(), "D2");
        let others: Vec<_> = book.other_sheets.iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
        assert_eq!(others, ["Macro1: macro sheet", "Gone: sheet without content"]);
        assert!(book.remarks[0].contains("rewritten"), "{:?}", book.remarks);
    }

    #[test]
    fn a_sheet_without_dimension_is_read() {
        let cells = [row(2, false), full(5, 1, 0, &1.5_f64.to_le_bytes())];
        let book = read_bytes(&workbook(&cells, &[0x0081]), &Limits::default()).unwrap();
        assert_eq!(book.sheets[0].cell(CellRef { row: 2, col: 1 }), Some(Cell::Number(1.5, FormatId::GENERAL)));
        assert!(book.remarks.is_empty());
    }
}
