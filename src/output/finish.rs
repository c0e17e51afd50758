//! A package whose sheets get their rows.

use super::rows::{MARK, Rows};
use memchr::memmem;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Sheets of a package: their rows take the place of the prototypes.
const SHEETS: &str = "xl/worksheets/sheet";

/// Writes a package with the rows in their sheets, and the ranges and calculated columns of their tables.
///
/// # Errors
/// A package that is none, or what the target said.
pub(super) fn finish(package: Vec<u8>, rows: &[Rows<'_>], level: u8, target: &mut dyn Write) -> io::Result<()> {
    let mut source = ZipArchive::new(Cursor::new(package))?;
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(i64::from(level)));
    let names = source.file_names().map(|name| Ok(name?.into_owned())).collect::<io::Result<Vec<String>>>()?;
    let mut tables: BTreeMap<String, usize> = BTreeMap::new();
    let (sheets, others): (Vec<&String>, Vec<&String>) = names.iter().partition(|name| name.starts_with(SHEETS));
    for name in sheets {
        let xml = part(&mut source, name)?;
        let Some(place) = Place::find(&xml) else {
            writer.raw_copy_file(source.by_name(name)?)?;
            continue;
        };
        let Some(own) = rows.get(place.rows) else {
            return Err(io::Error::other("BUG: a sheet without its rows"));
        };
        writer.start_file(name.as_str(), options.large_file(own.is_large()))?;
        writer.write_all(&with_dimension(&xml[..place.start], &own.last_cell()))?;
        own.write(&place.styles, &mut writer)?;
        writer.write_all(&xml[place.end..])?;
        if own.is_table
            && let Some(table) = table_of(&mut source, name)?
        {
            tables.insert(table, place.rows);
        }
    }
    for name in others {
        match tables.get(name) {
            Some(&own) => {
                let xml = part(&mut source, name)?;
                writer.start_file(name.as_str(), options)?;
                writer.write_all(&with_columns(&xml, &rows[own]))?;
            }
            None => writer.raw_copy_file(source.by_name(name)?)?,
        }
    }
    target.write_all(writer.finish()?.get_ref())
}

fn part(source: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> io::Result<Vec<u8>> {
    let mut file = source.by_name(name)?;
    let mut xml = Vec::with_capacity(file.size() as usize);
    file.read_to_end(&mut xml)?;
    Ok(xml)
}

/// Where the prototypes stand in a sheet's XML.
struct Place {
    /// Number of the rows.
    rows: usize,
    /// Style numbers by slot.
    styles: Vec<u32>,
    start: usize,
    end: usize,
}

impl Place {
    fn find(xml: &[u8]) -> Option<Self> {
        let mark = memmem::find(xml, format!("<f>{MARK}").as_bytes())?;
        let start = memmem::rfind(&xml[..mark], b"<row ")?;
        let prototypes = mark + memmem::find(&xml[mark..], b"</row>")?;
        // up to the end: a note on a cell brings an empty row with it, and Excel forgives no row that comes twice
        let end = mark + memmem::find(&xml[mark..], b"</sheetData>")?;
        let rows = number(&xml[mark + "<f>".len() + MARK.len_utf8()..]) as usize;
        let blanks = memmem::find_iter(&xml[mark..prototypes], b"<c r=\"");
        let styles = blanks.map(|cell| {
            let cell = &xml[mark + cell..prototypes];
            memmem::find(cell, b"s=\"").map_or(0, |style| number(&cell[style + 3..]))
        });
        Some(Self { rows, styles: styles.collect(), start, end })
    }
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().take_while(|c| c.is_ascii_digit()).fold(0, |sum, c| sum * 10 + u32::from(c - b'0'))
}

/// The head of a sheet's XML with the range that its rows take.
fn with_dimension(head: &[u8], last_cell: &str) -> Vec<u8> {
    replaced(head, b"<dimension ref=\"", format!("A1:{last_cell}").as_bytes())
}

/// A table's XML with its range and the formulas of its columns; it starts in A1.
fn with_columns(xml: &[u8], rows: &Rows<'_>) -> Vec<u8> {
    let range = format!("A1:{}", rows.last_cell());
    let xml = replaced(xml, b" ref=\"", range.as_bytes());
    let xml = replaced(&xml, b"<autoFilter ref=\"", range.as_bytes());
    let mut out = Vec::with_capacity(xml.len() * 4);
    let mut copied = 0;
    for (number, formula) in rows.formulas() {
        let Some(start) = memmem::find(&xml[copied..], format!("<tableColumn id=\"{number}\" ").as_bytes()) else {
            continue;
        };
        let Some(length) = memmem::find(&xml[copied + start..], b"/>") else {
            continue;
        };
        out.extend_from_slice(&xml[copied..copied + start + length]);
        out.extend_from_slice(b"><calculatedColumnFormula>");
        out.extend_from_slice(formula);
        out.extend_from_slice(b"</calculatedColumnFormula></tableColumn>");
        copied += start + length + "/>".len();
    }
    out.extend_from_slice(&xml[copied..]);
    out
}

/// XML with another value of the first attribute that follows a text.
fn replaced(xml: &[u8], before: &[u8], value: &[u8]) -> Vec<u8> {
    let Some(start) = memmem::find(xml, before).map(|start| start + before.len()) else {
        return xml.to_vec();
    };
    let end = memchr::memchr(b'"', &xml[start..]).map_or(start, |length| start + length);
    [&xml[..start], value, &xml[end..]].concat()
}

/// The table of a sheet, by the sheet's relationships.
fn table_of(source: &mut ZipArchive<Cursor<Vec<u8>>>, sheet: &str) -> io::Result<Option<String>> {
    let name = sheet.rsplit('/').next().unwrap_or(sheet);
    let relations = part(source, &format!("xl/worksheets/_rels/{name}.rels"))?;
    Ok(memmem::find(&relations, b"../tables/").map(|start| {
        let table = relations[start + 2..].split(|c| *c == b'"').next().unwrap_or_default();
        format!("xl{}", String::from_utf8_lossy(table))
    }))
}
