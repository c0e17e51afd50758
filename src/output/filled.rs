//! Formulas that fill a column are written once and repeated by a mark until the package is finished: escaping, keeping and
//! compressing the same long text in every row was most of the cost of a live workbook.

use memchr::memmem::{Finder, FinderRev};
use rust_xlsxwriter::Formula;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Stands before the formula in its first row. Text of a client never follows `<f>`, so that nothing else can look like it.
const FIRST: char = '\u{E000}';
/// Stands for the formula in every further row.
const AGAIN: char = '\u{E001}';

/// The formula of a column, to be written into its first row.
pub(super) fn first(formula: &str) -> Formula {
    Formula::new(format!("{FIRST}{}", formula.strip_prefix('=').unwrap_or(formula)))
}

/// The formula of a column, to be written into every row but the first.
pub(super) fn again() -> Formula {
    Formula::new(AGAIN.to_string())
}

/// Formulas of a sheet by column, as they stand in its XML.
type Formulas = BTreeMap<u32, Vec<u8>>;

/// Writes a package with each mark replaced by its formula, and the formulas as calculated columns of the sheet's table, which
/// starts in column A.
///
/// # Errors
/// A package that is none, or what the target said.
pub(super) fn finish(package: Vec<u8>, level: u8, target: &mut dyn Write) -> io::Result<()> {
    let mut source = ZipArchive::new(Cursor::new(package))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(i64::from(level)));
    let names = source.file_names().map(|name| Ok(name?.into_owned())).collect::<io::Result<Vec<String>>>()?;
    let mut tables: BTreeMap<String, Formulas> = BTreeMap::new();
    // sheets come before the tables, so that a table finds what its sheet told
    for name in names.iter().filter(|name| name.starts_with("xl/worksheets/sheet")) {
        let xml = part(&mut source, name)?;
        writer.start_file(name.as_str(), options)?;
        let formulas = write_sheet(&xml, &mut writer)?;
        if !formulas.is_empty()
            && let Some(table) = table_of(&mut source, name)?
        {
            tables.insert(table, formulas);
        }
    }
    for name in names.iter().filter(|name| !name.starts_with("xl/worksheets/sheet")) {
        if let Some(formulas) = tables.get(name) {
            let xml = part(&mut source, name)?;
            writer.start_file(name.as_str(), options)?;
            write_table(&xml, formulas, &mut writer)?;
        } else {
            writer.raw_copy_file(source.by_name(name)?)?;
        }
    }
    target.write_all(&writer.finish()?.into_inner())
}

fn part(source: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> io::Result<Vec<u8>> {
    let mut file = source.by_name(name)?;
    let mut xml = Vec::with_capacity(file.size() as usize);
    file.read_to_end(&mut xml)?;
    Ok(xml)
}

/// Copies a sheet's XML with the formulas in place.
fn write_sheet(xml: &[u8], out: &mut impl Write) -> io::Result<Formulas> {
    let mut mark = [0; 3];
    let open = Finder::new("<f>");
    let cell = FinderRev::new("<c r=\"");
    let mut formulas = Formulas::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(found) = open.find(&xml[at..]) {
        let text = at + found + 3;
        at = text;
        let first = xml[text..].starts_with(FIRST.encode_utf8(&mut [0; 3]).as_bytes());
        if !first && !xml[text..].starts_with(AGAIN.encode_utf8(&mut mark).as_bytes()) {
            continue;
        }
        let column = cell.rfind(&xml[..text]).map_or(0, |start| column(&xml[start + 6..]));
        let after = text + 3;
        out.write_all(&xml[copied..text])?;
        if first {
            let end = memchr::memchr(b'<', &xml[after..]).map_or(xml.len(), |length| after + length);
            formulas.insert(column, xml[after..end].to_vec());
        } else if let Some(formula) = formulas.get(&column) {
            out.write_all(formula)?;
        }
        copied = after;
        at = after;
    }
    out.write_all(&xml[copied..])?;
    Ok(formulas)
}

/// Column of a reference such as `AB12`, counted from 1.
fn column(reference: &[u8]) -> u32 {
    reference.iter().take_while(|c| c.is_ascii_uppercase()).fold(0, |sum, c| sum * 26 + u32::from(c - b'A') + 1)
}

/// The table of a sheet, by the sheet's relationships.
fn table_of(source: &mut ZipArchive<Cursor<Vec<u8>>>, sheet: &str) -> io::Result<Option<String>> {
    let name = sheet.rsplit('/').next().unwrap_or(sheet);
    let relations = part(source, &format!("xl/worksheets/_rels/{name}.rels"))?;
    let start = memchr::memmem::find(&relations, b"../tables/");
    Ok(start.map(|start| {
        let table = relations[start + 2..].split(|c| *c == b'"').next().unwrap_or_default();
        format!("xl{}", String::from_utf8_lossy(table))
    }))
}

/// Copies a table's XML with the formulas of its columns.
fn write_table(xml: &[u8], formulas: &Formulas, out: &mut impl Write) -> io::Result<()> {
    let mut copied = 0;
    for (number, formula) in formulas {
        let tag = format!("<tableColumn id=\"{number}\" ");
        let Some(start) = memchr::memmem::find(xml, tag.as_bytes()) else {
            continue;
        };
        let Some(length) = memchr::memmem::find(&xml[start..], b"/>") else {
            continue;
        };
        out.write_all(&xml[copied..start + length])?;
        out.write_all(b"><calculatedColumnFormula>")?;
        out.write_all(formula)?;
        out.write_all(b"</calculatedColumnFormula></tableColumn>")?;
        copied = start + length + 2;
    }
    out.write_all(&xml[copied..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_mark_becomes_its_columns_formula() {
        let sheet = "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B2\"><f>\u{E000}A2&lt;1</f><v>2</v></c>\
                     <c r=\"AA2\" s=\"3\"><f>\u{E000}SUM(C[x])</f><v>2</v></c><c r=\"AA3\"><f>\u{E001}</f><v>5</v></c>\
                     <c r=\"B3\"><f>\u{E001}</f><v>1</v></c><c r=\"C3\"><f>1+1</f><v>2</v></c>";
        let mut out = Vec::new();
        let formulas = write_sheet(sheet.as_bytes(), &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "<c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"B2\"><f>A2&lt;1</f><v>2</v></c>\
             <c r=\"AA2\" s=\"3\"><f>SUM(C[x])</f><v>2</v></c><c r=\"AA3\"><f>SUM(C[x])</f><v>5</v></c>\
             <c r=\"B3\"><f>A2&lt;1</f><v>1</v></c><c r=\"C3\"><f>1+1</f><v>2</v></c>"
        );
        assert_eq!(formulas.keys().copied().collect::<Vec<_>>(), [2, 27]);

        let table = "<table><tableColumn id=\"1\" name=\"a\"/><tableColumn id=\"2\" name=\"b/\" dataDxfId=\"0\"/>\
                     <tableColumn id=\"27\" name=\"c\"/></table>";
        let mut out = Vec::new();
        write_table(table.as_bytes(), &formulas, &mut out).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "<table><tableColumn id=\"1\" name=\"a\"/><tableColumn id=\"2\" name=\"b/\" dataDxfId=\"0\">\
             <calculatedColumnFormula>A2&lt;1</calculatedColumnFormula></tableColumn>\
             <tableColumn id=\"27\" name=\"c\"><calculatedColumnFormula>SUM(C[x])</calculatedColumnFormula></tableColumn></table>"
        );
    }
}
