//! ods: calamine reads a content part that has been made plain.

use super::builder::{BookBuilder, Raw, SheetBuilder};
use super::ods_cell::Note;
use super::ods_content::{self, Table};
use super::ooxml::{self, marker_name};
use super::package::{self, Package};
use super::tags::{Kind, unescaped};
use super::xls::raw;
use super::xlsx::hidden;
use crate::book::{Book, FormatId, Marker, Sheet};
use crate::error::FileError;
use calamine::{Data, Ods, OdsError, Range, Reader};
use std::io::{BufReader, Cursor};

const MIMETYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
const MANIFEST: &str = "META-INF/manifest.xml";

/// Encrypted: no well-kept crate opens it.
fn locked() -> FileError {
    FileError::LockedFormat("an OpenDocument spreadsheet, ods".into())
}

pub(super) fn read(mut package: Package<'_>, mut book: BookBuilder<'_>) -> Result<Book, FileError> {
    if package.has("encrypted-package") {
        return Err(locked());
    }
    let mut encrypted = false;
    ooxml::walk(&mut package, MANIFEST, |tag| encrypted |= tag.name == b"encryption-data")?;
    if encrypted {
        return Err(locked());
    }
    let plain = match package.stream("content.xml")? {
        Some(stream) => ods_content::plain(BufReader::with_capacity(1 << 16, stream), book.limits)?,
        None => return Err(FileError::Damaged("its content is missing".into())),
    };
    book.book.marker = marker(&mut package)?;
    book.book.macros = package.paths().any(|path| path.starts_with("basic/") || path.starts_with("scripts/"));
    // calamine gets a package of what it needs: pictures and settings stay behind.
    let bytes = package::of_parts(&[
        ("mimetype", MIMETYPE),
        (MANIFEST, b"<manifest:manifest/>"),
        ("content.xml", &plain.content),
    ])?;
    drop(plain.content);
    let mut ods: Ods<Cursor<&[u8]>> = Ods::new(Cursor::new(bytes.as_slice())).map_err(|error| whole(&error))?;
    for (index, table) in plain.tables.into_iter().enumerate() {
        let sheet = match ods.worksheet_range(&index.to_string()) {
            Ok(range) => sheet(&range, table, &mut book)?,
            Err(_) => SheetBuilder::new(Sheet::new(table.name)).unreadable("its content is missing"),
        };
        book.book.sheets.push(sheet);
    }
    Ok(book.book)
}

fn sheet(range: &Range<Data>, table: Table, book: &mut BookBuilder<'_>) -> Result<Sheet, FileError> {
    let mut sheet = SheetBuilder::new(Sheet::new(table.name));
    sheet.sheet.visibility = table.visibility;
    sheet.sheet.merges = table.merges;
    sheet.sheet.not_carried = table.counts;
    for (at, reason) in table.bad {
        sheet.bad(at, reason);
    }
    let (first_row, first_column) = range.start().unwrap_or((0, 0));
    let mut last_column = None;
    for (cells, &(row, written)) in range.rows().zip(table.rows.iter().skip(first_row as usize)) {
        let from = table.notes.partition_point(|&(noted, ..)| noted < written);
        let mut notes = table.notes[from..].iter().take_while(|&&(noted, ..)| noted == written).peekable();
        for (column, value) in (first_column..).zip(cells) {
            if matches!(value, Data::Empty) {
                continue;
            }
            while notes.peek().is_some_and(|&&(_, _, last, _)| last < column) {
                notes.next();
            }
            let note = notes.peek().filter(|&&&(_, first, ..)| first <= column).map(|(.., note)| note);
            last_column = last_column.max(Some(column));
            let at = (row, column);
            match note {
                Some(&Note::Error(error)) => sheet.put(book, at, &Raw::Error(error), FormatId::GENERAL)?,
                Some(Note::Percent) => {
                    let format = book.format("0.00%");
                    sheet.put(book, at, &raw(value), format)?;
                }
                Some(Note::Currency(code)) => {
                    let format = book.format(&format!("[${code}] #,##0.00"));
                    sheet.put(book, at, &raw(value), format)?;
                }
                None => sheet.put(book, at, &raw(value), FormatId::GENERAL)?,
            }
        }
    }
    sheet.sheet.not_carried.hidden_columns = hidden(&table.hidden_columns, last_column);
    Ok(sheet.finish())
}

/// Marks of keeptabs that survive a detour through an ods.
fn marker(package: &mut Package<'_>) -> Result<Option<Marker>, FileError> {
    let mut marker = Marker::default();
    let mut name = None;
    ooxml::walk(package, "meta.xml", |tag| match (tag.name, tag.kind) {
        (b"user-defined", Kind::Open) => name = tag.text_of(b"meta:name").as_deref().and_then(marker_name),
        (b"user-defined", Kind::Close) => {
            if let Some(name) = name.take() {
                marker.properties.insert(name, unescaped(tag.text));
            }
        }
        _ => {}
    })?;
    Ok((!marker.properties.is_empty()).then_some(marker))
}

fn whole(error: &OdsError) -> FileError {
    match error {
        OdsError::Password => locked(),
        OdsError::CellLimitExceeded { .. } => FileError::TooLarge("it has or repeats too many cells".into()),
        _ => FileError::Damaged("its content cannot be read".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::package::tests::zipped;
    use super::super::{Limits, read_bytes};
    use super::*;
    use crate::book::{Cell, CellRef, ErrorValue, Visibility};

    fn ods(content: &str) -> Vec<u8> {
        let content = format!(
            "<?xml version=\"1.0\"?><office:document-content><office:automatic-styles><style:style style:name=\"ta2\"><style:table-properties table:display=\"false\"/></style:style></office:automatic-styles><office:body><office:spreadsheet>{content}</office:spreadsheet></office:body></office:document-content>"
        );
        zipped(&[("mimetype", MIMETYPE), (MANIFEST, b"<manifest:manifest/>"), ("content.xml", content.as_bytes())])
    }

    fn told(book: &Book, sheet: usize) -> Vec<String> {
        let cells = book.sheets[sheet]
            .rows()
            .flat_map(|row| row.cells().map(move |(col, cell)| (CellRef { row: row.row, col }, cell)));
        cells.map(|(at, cell)| format!("{at}={}", book.shown(cell))).collect()
    }

    #[test]
    fn pretty_printed_content_is_read_with_what_calamine_does_not_tell() {
        let book = read_bytes(
            &ods(r#"
            <table:table table:name="Clients">
              <table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
              <!-- a comment -->
              <table:table-row table:number-rows-repeated="3">
                <table:table-cell table:number-columns-repeated="1024"/>
              </table:table-row>
              <table:table-row>
                <table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" office:value-type="string"><text:p>Client
                   name</text:p><text:p>of <text:span>the</text:span><text:s text:c="3"/>&amp; x</text:p></table:table-cell>
                <table:covered-table-cell/>
                <table:table-cell office:value-type="percentage" office:value="0.25"><text:p>25%</text:p></table:table-cell>
                <table:table-cell office:value-type="currency" office:currency="EUR" office:value="12"><text:p>12 €</text:p></table:table-cell>
                <table:table-cell office:value-type="date" office:date-value="2026-11-30"><text:p>30</text:p></table:table-cell>
                <table:table-cell office:value-type="time" office:time-value="PT12H00M00S"/>
                <table:table-cell office:value-type="boolean" office:boolean-value="true"/>
                <table:table-cell><text:p>untyped</text:p></table:table-cell>
                <table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>noted</text:p><draw:frame><draw:text-box><text:p>shape</text:p></draw:text-box></draw:frame></table:table-cell>
              </table:table-row>
              <table:table-row table:number-rows-repeated="2" table:visibility="filter">
                <table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/>
                <table:table-cell table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>
                <table:table-cell table:formula="of:=X" office:value-type="float" office:value="0"><text:p>Err:502</text:p></table:table-cell>
                <table:table-cell office:value-type="float" office:value="abc"/>
                <table:table-cell office:value-type="float"><text:p>5</text:p></table:table-cell>
              </table:table-row>
              <table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
            </table:table>
            <table:table table:name="Clients" table:style-name="ta2"><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:table>"#),
            &Limits::default(),
        )
        .unwrap();
        assert_eq!(
            told(&book, 0),
            [
                "A4=Client name\nof the   & x",
                "C4=0.25",
                "D4=12",
                "E4=2026-11-30",
                "F4=12:00",
                "G4=TRUE",
                "H4=untyped",
                "I4=noted",
                "A5=7",
                "B5=7",
                "C5=#DIV/0!",
                "D5=#ERROR!",
                "A6=7",
                "B6=7",
                "C6=#DIV/0!",
                "D6=#ERROR!",
            ]
        );
        let sheet = &book.sheets[0];
        let format = |col| match sheet.cell(CellRef { row: 3, col }) {
            Some(Cell::Number(_, format)) => book.format(format).to_owned(),
            other => panic!("{other:?}"),
        };
        assert_eq!((format(2).as_str(), format(3).as_str()), ("0.00%", "[$EUR] #,##0.00"));
        assert_eq!(sheet.cell(CellRef { row: 5, col: 3 }), Some(Cell::Error(ErrorValue::Other)));
        let counts = &sheet.not_carried;
        assert_eq!(
            (counts.formulas, counts.hidden_rows, counts.hidden_columns, counts.comments, counts.drawings),
            (4, 2, 1, 1, 1)
        );
        assert_eq!(sheet.merges.iter().map(|area| area.last.to_string()).collect::<Vec<_>>(), ["B4"]);
        assert_eq!(sheet.bad_cells.iter().map(|(at, _)| at.unwrap().to_string()).collect::<Vec<_>>(), ["E5", "F5"]);
        assert_eq!((book.sheets[1].visibility, told(&book, 1)), (Visibility::Hidden, vec!["A1=1".to_owned()]));
    }

    #[test]
    fn repeats_are_counted_before_they_are_unfolded() {
        for content in [
            r#"<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="95" office:value-type="float" office:value="1"/></table:table-row></table:table>"#.to_owned(),
            format!(r#"<table:table table:name="S">{}</table:table>"#, r#"<table:table-row><table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/></table:table-row>"#.repeat(1500)),
        ] {
            assert!(matches!(read_bytes(&ods(&content), &Limits::default()), Err(FileError::TooLarge(_))));
        }
        let far = r#"<table:table table:name="S"><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row><table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated="16000"/><table:table-cell office:value-type="string"><text:p><text:s text:c="2000000000"/>x</text:p></table:table-cell></table:table-row></table:table>"#;
        let book = read_bytes(&ods(far), &Limits::default()).unwrap();
        let places: Vec<_> = book.sheets[0].rows().map(|row| row.row).collect();
        assert_eq!((places, book.texts[0].len()), (vec![0, 1_048_001], 32_768));
    }

    #[test]
    fn an_encrypted_ods_is_told() {
        let bytes = zipped(&[("mimetype", MIMETYPE), (MANIFEST, b"<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"), ("content.xml", b"\x01")]);
        assert_eq!(read_bytes(&bytes, &Limits::default()), Err(locked()));
    }
}
