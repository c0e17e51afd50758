//! xlsx and xlsm: calamine streams the cells; a pass of our own tells what it does not.

use super::builder::{BookBuilder, Raw, SheetBuilder, shortened};
use super::ooxml::{self, SheetEntry};
use super::package::Package;
use super::xlsx_package;
use super::{guarded, number_format, reason, worksheet_part};
use crate::book::{Book, CellRef, ErrorValue, FormatId, Sheet};
use crate::error::FileError;
use calamine::{CellErrorType, DataRef, Reader, Xlsx, XlsxError};
use std::collections::BTreeSet;
use std::io::Cursor;

/// After so many errors in one sheet the rest is not worth the time.
const MAX_ERRORS: usize = 100_000;

type Workbook<'a> = Xlsx<Cursor<&'a [u8]>>;

pub(super) fn read(bytes: &[u8], mut package: Package<'_>, mut book: BookBuilder<'_>) -> Result<Book, FileError> {
    let prepared = xlsx_package::prepare(&mut package)?;
    for remark in prepared.remarks {
        book.remark(remark);
    }
    book.book.other_sheets = prepared.others;
    book.book.marker = ooxml::marker(&mut package)?;
    book.book.macros = package.paths().any(|path| path.ends_with("vbaproject.bin"));
    let repaired = package.repaired()?;
    let mut xlsx: Workbook<'_> =
        Xlsx::new(Cursor::new(repaired.as_deref().unwrap_or(bytes))).map_err(|error| whole(&error))?;
    book.book.epoch_1904 = xlsx.has_1904_epoch();
    let mut names = BTreeSet::new();
    for (entry, worksheet) in prepared.entries {
        let first = names.insert(entry.name.clone());
        if !worksheet {
            continue;
        }
        let sheet = if first {
            sheet(&mut package, &mut xlsx, &mut book, &entry)?
        } else {
            // calamine finds sheets by name and would give the first one's cells.
            new_sheet(&entry).unreadable("another sheet of the workbook has the same name")
        };
        book.book.sheets.push(sheet);
    }
    Ok(book.book)
}

pub(super) fn new_sheet(entry: &SheetEntry) -> SheetBuilder {
    let mut sheet = Sheet::new(&entry.name);
    sheet.visibility = entry.visibility;
    SheetBuilder::new(sheet)
}

/// One worksheet; whatever is wrong with it costs only itself, except what exceeds the limits.
fn sheet(
    package: &mut Package<'_>,
    xlsx: &mut Workbook<'_>,
    book: &mut BookBuilder<'_>,
    entry: &SheetEntry,
) -> Result<Sheet, FileError> {
    let mut sheet = new_sheet(entry);
    let facts = match package.stream(&entry.path) {
        Ok(Some(stream)) => worksheet_part::facts(&entry.path, stream),
        Ok(None) => return Ok(sheet.unreadable("its part is missing from the workbook")),
        Err(error) => Err(error),
    };
    let mut facts = match facts {
        Ok(facts) => facts,
        Err(error) => return Ok(sheet.unreadable(reason(error))),
    };
    sheet.sheet.not_carried.formulas = facts.formulas;
    sheet.sheet.not_carried.formulas_without_value = facts.formulas_without_value;
    sheet.sheet.not_carried.hidden_rows = facts.hidden_rows;
    sheet.sheet.not_carried.hyperlinks = facts.hyperlinks;
    sheet.sheet.merges = std::mem::take(&mut facts.merges);
    match ooxml::surroundings(package, &entry.path, &mut sheet.sheet.not_carried) {
        Ok(tables) => sheet.sheet.tables = tables,
        Err(error) => book.remark(format!(
            "sheet \"{}\": its tables or comments could not be read ({})",
            entry.name,
            reason(error)
        )),
    }
    let streamed = guarded(|| cells(xlsx, book, &entry.name, &mut sheet, &mut facts));
    match streamed {
        Ok(Ok(Streamed::Whole(last_column))) => {
            sheet.sheet.not_carried.hidden_columns = hidden(&facts.hidden_columns, last_column);
            Ok(sheet.finish())
        }
        Ok(Ok(Streamed::Broken(reason))) => Ok(sheet.unreadable(reason)),
        Ok(Err(error)) => Err(error),
        Err(panic) => Ok(sheet.unreadable(reason(panic))),
    }
}

/// Hidden columns up to the last one with a cell: some writers hide all the empty ones to the right.
pub(super) fn hidden(ranges: &[(u32, u32)], last_column: Option<u32>) -> u32 {
    let Some(last_column) = last_column else {
        return 0;
    };
    let hidden: u32 = ranges.iter().map(|&(min, max)| (max.min(last_column) + 1).saturating_sub(min)).sum();
    hidden.min(last_column + 1)
}

enum Streamed {
    /// With the last column that has a value.
    Whole(Option<u32>),
    Broken(String),
}

fn cells(
    xlsx: &mut Workbook<'_>,
    book: &mut BookBuilder<'_>,
    name: &str,
    sheet: &mut SheetBuilder,
    facts: &mut worksheet_part::Facts,
) -> Result<Streamed, FileError> {
    let mut reader = match xlsx.worksheet_cells_reader(name) {
        Ok(reader) => reader,
        Err(error) => return Ok(Streamed::Broken(words(&error))),
    };
    let formats: Vec<FormatId> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref())
        .map(|format| {
            format.map_or(FormatId::GENERAL, |format| match format.format_id {
                // calamine knows no code for the locale-dependent ones.
                Some(id) if format.format_code == "General" && id != 0 => book.format(number_format::built_in(id)),
                _ => book.format(&format.format_code),
            })
        })
        .collect();
    let mut last_column = None;
    let mut errors = 0;
    loop {
        match reader.next_cell_with_style_id() {
            Ok(Some((cell, style))) => {
                let at @ (row, col) = cell.get_position();
                let raw = raw(cell.get_value());
                if let Some(&(odd, reason)) = facts.distrusted.front()
                    && (odd.row, u32::from(odd.col)) == at
                {
                    facts.distrusted.pop_front();
                    sheet.bad(Some(odd), reason);
                    continue;
                }
                if !matches!(raw, Raw::Empty) {
                    last_column = last_column.max(Some(col));
                }
                let format = formats.get(style).copied().unwrap_or(FormatId::GENERAL);
                sheet.put(book, (row, col), &raw, format)?;
            }
            Ok(None) => return Ok(Streamed::Whole(last_column)),
            Err(error) if structural(&error) => {
                let after = sheet.last().map_or(String::new(), |at| format!(" after cell {at}"));
                return Ok(Streamed::Broken(format!("it breaks off{after}: {}", words(&error))));
            }
            Err(_) if facts.addresses_missing => {
                // calamine does not count the refused cell, so that every later one of the row moves left.
                return Ok(Streamed::Broken("its cells have no addresses and one of them cannot be read".into()));
            }
            Err(XlsxError::CellError(_)) if !facts.odd_errors.is_empty() => {
                let at = facts.odd_errors.pop_front().unwrap_or(CellRef { row: 0, col: 0 });
                sheet.put(book, (at.row, at.col.into()), &Raw::Error(ErrorValue::Other), FormatId::GENERAL)?;
            }
            Err(error) => {
                errors += 1;
                if errors > MAX_ERRORS {
                    return Ok(Streamed::Broken(format!("more than {MAX_ERRORS} of its cells cannot be read")));
                }
                let after = sheet.last().map_or("a cell".to_owned(), |at| format!("the cell that follows {at}"));
                sheet.bad(None, format!("{after}: {}", words(&error)));
            }
        }
    }
}

/// A value of calamine's in our terms.
pub(super) fn raw<'a>(value: &'a DataRef<'_>) -> Raw<'a> {
    match value {
        DataRef::Empty => Raw::Empty,
        DataRef::Int(value) => Raw::Number(*value as f64),
        DataRef::Float(value) => Raw::Number(*value),
        DataRef::String(text) => Raw::Text(text),
        DataRef::SharedString(text) => Raw::SharedText(text),
        DataRef::Bool(value) => Raw::Bool(*value),
        DataRef::DateTime(moment) => Raw::Serial { value: moment.as_f64(), duration: moment.is_duration() },
        DataRef::DateTimeIso(text) => Raw::Iso(text),
        DataRef::DurationIso(text) => Raw::IsoDuration(text),
        DataRef::Error(error) => Raw::Error(error_value(error)),
    }
}

pub(super) fn error_value(error: &CellErrorType) -> ErrorValue {
    match error {
        CellErrorType::Div0 => ErrorValue::Div0,
        CellErrorType::NA => ErrorValue::Na,
        CellErrorType::Name => ErrorValue::Name,
        CellErrorType::Null => ErrorValue::Null,
        CellErrorType::Num => ErrorValue::Num,
        CellErrorType::Ref => ErrorValue::Ref,
        CellErrorType::Value => ErrorValue::Value,
        CellErrorType::GettingData => ErrorValue::Other,
    }
}

/// Errors of the part, not of a cell: what follows them is lost (and calamine repeats them for ever).
fn structural(error: &XlsxError) -> bool {
    matches!(
        error,
        XlsxError::Io(_)
            | XlsxError::Zip(_)
            | XlsxError::Xml(_)
            | XlsxError::XmlEof(_)
            | XlsxError::Encoding(_)
            | XlsxError::XmlAttr(_)
    )
}

/// An error of a sheet or a cell in words.
fn words(error: &XlsxError) -> String {
    match error {
        XlsxError::CellError(text) => format!("unknown error value \"{}\"", shortened(text)),
        XlsxError::ParseFloat(_) => "is marked as a number and holds none".into(),
        XlsxError::CellTAttribute(text) => {
            format!("is of the unknown type \"{}\"", shortened(text))
        }
        XlsxError::UnexpectedNode(_) => "holds something that is neither value nor formula".into(),
        XlsxError::Unexpected(_) => "names a text that the workbook does not have".into(),
        XlsxError::Unrecognized { val, .. } => format!("holds \"{}\", which is neither true nor false", shortened(val)),
        XlsxError::XmlEof(_) => "the file ends in the middle of it".into(),
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::Encoding(_) => "its XML is broken".into(),
        XlsxError::Io(_) | XlsxError::Zip(_) => "its part cannot be unpacked".into(),
        XlsxError::WorksheetNotFound(_) => "its part is missing from the workbook".into(),
        XlsxError::NotAWorksheet(_) => "it holds no cells".into(),
        XlsxError::Alphanumeric(_)
        | XlsxError::NumericColumn(_)
        | XlsxError::RangeWithoutColumnComponent
        | XlsxError::RangeWithoutRowComponent
        | XlsxError::ColumnNumberOverflow
        | XlsxError::RowNumberOverflow => "has an address that is none".into(),
        other => shortened(&other.to_string()),
    }
}

/// An error of the whole workbook in words.
fn whole(error: &XlsxError) -> FileError {
    FileError::Damaged(match error {
        XlsxError::Password => return FileError::Password,
        XlsxError::Zip(_) | XlsxError::Io(_) => "one of its parts cannot be unpacked".into(),
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::Encoding(_) | XlsxError::XmlEof(_) => {
            "the XML of its workbook, texts or formats is broken".into()
        }
        XlsxError::FileNotFound(part) => format!("its part {} is missing", shortened(part)),
        XlsxError::RelationshipNotFound => "its sheets cannot be found".into(),
        other => shortened(&other.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::package::Package;
    use super::super::package::tests::zipped;
    use super::super::{Limits, read_bytes};
    use crate::book::{Book, Cell, CellRef, ErrorValue, Visibility};
    use crate::error::FileError;
    use rust_xlsxwriter::{Format, Formula, Table, TableColumn, Workbook};

    fn cell(book: &Book, sheet: usize, address: &str) -> Option<Cell> {
        book.sheets[sheet].cell(super::ooxml::address(address.as_bytes()).unwrap())
    }

    fn shown(book: &Book, sheet: usize, address: &str) -> String {
        cell(book, sheet, address).map_or("-".into(), |cell| book.shown(cell))
    }

    /// A one-sheet workbook around the given sheet XML.
    fn around(sheet: &str) -> Vec<u8> {
        let rels = br#"<Relationships><Relationship Id="rId1" Type="x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
        let book_rels = br#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
        let book = br#"<workbook><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#;
        let sst = br#"<sst uniqueCount="1"><si><t>first</t></si></sst>"#;
        zipped(&[
            ("_rels/.rels", rels),
            ("xl/_rels/workbook.xml.rels", book_rels),
            ("xl/workbook.xml", book),
            ("xl/sharedStrings.xml", sst),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    }

    fn read(bytes: &[u8]) -> Result<Book, FileError> {
        read_bytes(bytes, &Limits::default())
    }

    #[test]
    fn a_written_workbook_comes_back() {
        let mut workbook = Workbook::new();
        let percent = Format::new().set_num_format("0%");
        let date = Format::new().set_num_format("dd/mm/yyyy");
        let sheet = workbook.add_worksheet().set_name("Clients").unwrap();
        sheet.write(1, 1, "Client").unwrap();
        sheet.write(2, 1, "Acme").unwrap();
        sheet.write(3, 1, "Client").unwrap();
        sheet.write_with_format(2, 2, 0.85, &percent).unwrap();
        sheet.write_with_format(2, 3, 46_356.0, &date).unwrap();
        sheet.write(2, 4, true).unwrap();
        sheet.write_formula(3, 4, Formula::new("1/0").set_result("#DIV/0!")).unwrap();
        sheet.merge_range(6, 0, 6, 2, "Total", &Format::new()).unwrap();
        sheet.set_row_hidden(3).unwrap();
        sheet.set_column_hidden(2).unwrap();
        let table = Table::new()
            .set_name("List")
            .set_columns(&[TableColumn::new().set_header("A"), TableColumn::new().set_header("B")])
            .set_total_row(true);
        sheet.add_table(10, 0, 13, 1, &table).unwrap();
        workbook.add_worksheet().set_name("Notes").unwrap().set_very_hidden(true);
        let book = read(&workbook.save_to_buffer().unwrap()).unwrap();
        let clients = &book.sheets[0];
        assert_eq!(
            ["B2", "B3", "B4", "D3", "E3", "E4", "A7"].map(|at| shown(&book, 0, at)),
            ["Client", "Acme", "Client", "2026-11-30", "TRUE", "#DIV/0!", "Total"]
        );
        let Some(Cell::Number(0.85, format)) = cell(&book, 0, "C3") else { panic!("{:?}", cell(&book, 0, "C3")) };
        assert_eq!(book.format(format), "0%");
        assert_eq!(book.texts.iter().filter(|text| &***text == "Client").count(), 1);
        assert_eq!(
            (clients.not_carried.formulas, clients.not_carried.hidden_rows, clients.not_carried.hidden_columns),
            (1, 1, 1)
        );
        assert_eq!(clients.merges.iter().map(|area| area.last.to_string()).collect::<Vec<_>>(), ["C7"]);
        let table = &clients.tables[0];
        assert_eq!(
            (table.name.as_str(), table.area.last.row, table.has_headings, table.has_totals),
            ("List", 12, true, true)
        );
        assert_eq!(book.sheets[1].visibility, Visibility::VeryHidden);
    }

    #[test]
    fn later_errors_and_bad_cells_cost_only_themselves() {
        let book = read(&around(
            r#"<worksheet><sheetData><row r="1"><c r="A1" t="e"><v>#SPILL!</v></c><c r="B1"><v>1</v></c></row>
            <row r="2"><c r="A2" t="zz"><v>1</v></c><c r="B2" t="n"><v>x</v></c><c r="C2"><v>nan</v></c><c r="D2"><v>2</v></c></row>
            <row r="3"><c r="A3"><v>3</v><f>1+2</f></c><c r="B3" t="s"><v>+0</v></c><c r="C3" t="s"><v>7</v></c><c r="D3" t="s"><v>0</v></c></row>
            <row r="4"><c r="A4" t="d"><v>2026-11-30</v></c></row><row r="1048577"><c r="A1048577"><v>1</v></c></row></sheetData></worksheet>"#,
        ))
        .unwrap();
        let sheet = &book.sheets[0];
        assert_eq!(cell(&book, 0, "A1"), Some(Cell::Error(ErrorValue::Other)));
        assert_eq!(["B1", "D2", "D3", "A4"].map(|at| shown(&book, 0, at)), ["1", "2", "first", "2026-11-30"]);
        assert_eq!(sheet.cell_count(), 5);
        let bad: Vec<_> =
            sheet.bad_cells.iter().map(|(at, _)| at.map_or("-".into(), |at: CellRef| at.to_string())).collect();
        assert_eq!(bad, ["-", "-", "C2", "A3", "B3", "-", "-"], "{:?}", sheet.bad_cells);
    }

    #[test]
    fn cells_far_apart_cost_nothing() {
        let book = read(&around(r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>"#)).unwrap();
        assert_eq!((shown(&book, 0, "A1"), shown(&book, 0, "XFD1048576")), ("1".into(), "2".into()));
    }

    #[test]
    fn a_sheet_that_breaks_off_has_no_cells() {
        let book =
            read(&around(r#"<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2"#))
                .unwrap();
        let sheet = &book.sheets[0];
        assert_eq!(
            (sheet.cell_count(), sheet.unreadable.as_deref()),
            (0, Some("it breaks off after cell A1: its XML is broken"))
        );
    }

    #[test]
    fn an_error_among_cells_without_addresses_moves_nothing() {
        let bytes = around(
            r#"<worksheet><sheetData><row><c t="e"><v>#SPILL!</v></c><c><v>1</v></c></row></sheetData></worksheet>"#,
        );
        let book = read(&bytes).unwrap();
        assert_eq!((book.sheets[0].cell_count(), book.sheets[0].unreadable.is_some()), (0, true));
        let book =
            read(&around(r#"<worksheet><sheetData><row><c/><c><v>1</v></c></row></sheetData></worksheet>"#)).unwrap();
        assert_eq!(shown(&book, 0, "B1"), "1");
    }

    #[test]
    fn of_two_sheets_with_one_name_the_second_is_not_read_as_the_first() {
        let bytes = around("<worksheet><sheetData><row><c><v>1</v></c></row></sheetData></worksheet>");
        let limits = Limits::default();
        let mut package = Package::open(&bytes, &limits).unwrap();
        let twice = r#"<workbook><sheets><sheet name="S" r:id="r1"/><sheet name="S" r:id="r1"/></sheets></workbook>"#;
        package.repair("xl/workbook.xml", twice.into());
        let book = read(&package.repaired().unwrap().unwrap()).unwrap();
        let told: Vec<_> = book.sheets.iter().map(|sheet| (sheet.cell_count(), sheet.unreadable.is_some())).collect();
        assert_eq!(told, [(1, false), (0, true)]);
    }

    #[test]
    fn too_many_cells_are_refused() {
        let limits = Limits { cells: 2, ..Limits::default() };
        let bytes = around(
            r#"<worksheet><sheetData><row><c><v>1</v></c><c><v>1</v></c><c><v>1</v></c></row></sheetData></worksheet>"#,
        );
        assert!(matches!(read_bytes(&bytes, &limits), Err(FileError::TooLarge(_))));
    }
}
