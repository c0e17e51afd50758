//! Makes an xlsb package one that calamine opens: a workbook part with nothing but the readable worksheets, texts where
//! it looks for them, and no styles, which are read here.

use super::builder::BookBuilder;
use super::number_format;
use super::ooxml::{self, Relationship, SheetEntry};
use super::package::{Package, damaged_part};
use super::xlsb_records::{self as records, Records, long, text};
use crate::book::Visibility;
use crate::error::FileError;
use std::collections::BTreeMap;

pub(super) const WORKBOOK: &str = "xl/workbook.bin";
const TEXTS: &str = "xl/sharedStrings.bin";
const STYLES: &str = "xl/styles.bin";

/// Worksheets of the workbook part, and its property record; others go to the book's list.
pub(super) fn entries(
    package: &mut Package<'_>,
    part: &str,
    related: &[Relationship],
    book: &mut BookBuilder<'_>,
) -> Result<(Vec<SheetEntry>, Vec<u8>), FileError> {
    let Some(stream) = package.stream(part)? else {
        return Err(FileError::Damaged("its workbook part is missing".into()));
    };
    let mut found = Records::new(stream);
    let (mut entries, mut properties) = (Vec::new(), vec![0; 4]);
    while let Some(kind) = found.next().map_err(|error| damaged_part(part, &error))? {
        let data = &found.data;
        match kind {
            0x0099 if !data.is_empty() => properties.clone_from(data),
            0x009C => {
                let id = text(data, 8);
                let name = id.as_ref().and_then(|&(_, after)| text(data, after));
                let (Some((id, _)), Some((name, _))) = (id, name) else {
                    return Err(FileError::Damaged("its list of sheets is broken".into()));
                };
                let visibility = match long(data, 0) {
                    Some(1) => Visibility::Hidden,
                    Some(2) => Visibility::VeryHidden,
                    _ => Visibility::Visible,
                };
                match related.iter().find(|relationship| relationship.id == id) {
                    Some(target) if target.kind == "worksheet" => {
                        entries.push(SheetEntry { name, visibility, path: target.target.clone() });
                    }
                    Some(target) => book.book.other_sheets.push((name, ooxml::other_kind(&target.kind).into())),
                    None => book.book.other_sheets.push((name, "sheet without content".into())),
                }
            }
            // End of the list; what follows (names, calculation) is not needed.
            0x0090 => break,
            _ => {}
        }
    }
    Ok((entries, properties))
}

/// Puts the shared texts where calamine looks for them and counts them.
pub(super) fn texts(package: &mut Package<'_>, related: &[Relationship]) -> Result<u32, FileError> {
    moved(package, related, "sharedStrings", TEXTS)?;
    let limit = package.part_bytes();
    let Some(stream) = package.stream(TEXTS)? else {
        return Ok(0);
    };
    let mut found = Records::new(stream);
    let (mut claimed, mut count, mut bytes) = (0, 0, 0_u64);
    while let Some(kind) = found.next().map_err(|error| damaged_part(TEXTS, &error))? {
        match kind {
            0x009F => claimed = long(&found.data, 4).unwrap_or(0),
            0x0013 => count += 1,
            _ => {}
        }
        bytes += found.data.len() as u64;
        if bytes > limit {
            return Err(FileError::TooLarge(format!("its texts take more than {} MiB", limit >> 20)));
        }
    }
    // calamine reads as many as are claimed.
    if claimed > count {
        return Err(FileError::Damaged(format!("it claims to hold {claimed} texts and holds {count}")));
    }
    Ok(claimed)
}

/// Number format codes by style; calamine only tells dates from the rest.
pub(super) fn formats(package: &mut Package<'_>, related: &[Relationship]) -> Result<Vec<String>, FileError> {
    moved(package, related, "styles", STYLES)?;
    let (mut codes, mut styles, mut within, mut plain) = (BTreeMap::new(), Vec::new(), false, Vec::new());
    let Some(stream) = package.stream(STYLES)? else {
        return Ok(Vec::new());
    };
    let mut found = Records::new(stream);
    while let Some(kind) = found.next().map_err(|error| damaged_part(STYLES, &error))? {
        let data = &found.data;
        let number = |at: usize| data.get(at..at + 2).map(|bytes| u16::from_le_bytes([bytes[0], bytes[1]]));
        match kind {
            0x002C => {
                if let (Some(number), Some((code, _))) = (number(0), text(data, 2)) {
                    codes.insert(number, code);
                }
            }
            0x0269 => within = true,
            0x026A => within = false,
            0x002F if within => styles.push(number(2).unwrap_or(0)),
            _ => {}
        }
    }
    drop(found);
    // calamine stumbles over some records of this part; an empty list of styles tells it that no cell is a date.
    records::write(&mut plain, 0x0269, &0_u32.to_le_bytes());
    records::write(&mut plain, 0x026A, &[]);
    package.repair(STYLES, plain);
    let code =
        |number: u16| codes.get(&number).cloned().unwrap_or_else(|| number_format::built_in(number.into()).into());
    Ok(styles.into_iter().map(code).collect())
}

fn moved(package: &mut Package<'_>, related: &[Relationship], kind: &str, expected: &str) -> Result<(), FileError> {
    let found = related.iter().find(|relationship| relationship.kind == kind).map(|found| found.target.clone());
    if let Some(found) = found.filter(|found| !found.eq_ignore_ascii_case(expected))
        && let Some(bytes) = package.read(&found)?
    {
        package.repair(expected, bytes);
    }
    Ok(())
}

/// Path under which calamine is given the sheet.
pub(super) fn sheet_path(index: usize) -> String {
    format!("worksheets/keeptabs{index}.bin")
}

/// A workbook part with nothing but the readable worksheets: names and links that calamine cannot parse fail the whole.
pub(super) fn plain_workbook(package: &mut Package<'_>, readable: impl Iterator<Item = bool>, properties: &[u8]) {
    let wide = |text: &str| {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut data = (units.len() as u32).to_le_bytes().to_vec();
        data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
        data
    };
    let mut part = Vec::new();
    let mut rels =
        String::from(r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#);
    records::write(&mut part, 0x0083, &[]);
    records::write(&mut part, 0x0099, properties);
    records::write(&mut part, 0x008F, &[]);
    for (index, readable) in readable.enumerate() {
        if readable {
            // By number: names may repeat, and calamine finds sheets by name.
            let id = format!("rId{index}");
            let state_and_tab = [[0_u8; 4], (index as u32 + 1).to_le_bytes()].concat();
            records::write(&mut part, 0x009C, &[state_and_tab, wide(&id), wide(&index.to_string())].concat());
            rels.push_str(&format!(r#"<Relationship Id="{id}" Type="worksheet" Target="{}"/>"#, sheet_path(index)));
        }
    }
    rels.push_str("</Relationships>");
    records::write(&mut part, 0x0090, &[]);
    // Calculation properties: where calamine stops reading.
    records::write(&mut part, 0x009D, &[0; 26]);
    records::write(&mut part, 0x0084, &[]);
    package.repair(WORKBOOK, part);
    package.repair("xl/_rels/workbook.bin.rels", rels.into_bytes());
}
