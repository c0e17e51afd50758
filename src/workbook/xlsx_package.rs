//! Makes an xlsx package one that calamine reads right: one bad sheet entry costs only itself, XML is UTF-8, the texts
//! and styles lie where calamine looks, and nothing in them asks for more memory than the file can fill.

use super::ooxml::{self, SheetEntry, relationships, walk};
use super::package::{Package, damaged_part};
use super::tags::{Kind, Tags, unescaped};
use crate::book::Visibility;
use crate::error::FileError;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;
use std::ops::Range;

/// Excel allows 65,490 cell formats.
const MAX_STYLES: usize = 200_000;

/// What the workbook part says, after repair.
#[derive(Debug, Default)]
pub(super) struct Workbook {
    /// Worksheets, chart sheets and dialog sheets, as calamine will list them.
    pub(super) entries: Vec<(SheetEntry, bool)>,
    /// Sheets that are no worksheets, by name and kind.
    pub(super) others: Vec<(String, String)>,
    pub(super) remarks: Vec<String>,
}

/// Reads the workbook part and repairs the package where calamine would fail or err.
pub(super) fn prepare(package: &mut Package<'_>) -> Result<Workbook, FileError> {
    let mut workbook = Workbook::default();
    if recode(package)? {
        workbook.remarks.push("parts that were not in UTF-8 were converted".into());
    }
    let part = match ooxml::workbook_part(package)? {
        Some(part) if package.has(&part) => part,
        _ if package.has("xl/workbook.xml") => {
            let rels = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
            package.repair("_rels/.rels", rels.into());
            workbook.remarks.push("its table of parts was missing; the workbook was found all the same".into());
            "xl/workbook.xml".to_owned()
        }
        _ => return Err(FileError::Damaged("its workbook part is missing".into())),
    };
    let folder = part.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let related = relationships(package, &part)?;
    for (kind, file) in [("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")] {
        // calamine looks for these under fixed names.
        let expected = ooxml::resolved(&folder, file);
        let found = related.iter().find(|relationship| relationship.kind == kind).map(|found| found.target.clone());
        if let Some(found) = found.filter(|found| !found.eq_ignore_ascii_case(&expected))
            && let Some(bytes) = package.read(&found)?
        {
            package.repair(&expected, bytes);
        }
        check_counts(package, &expected)?;
    }
    entries(package, &part, &related, &mut workbook)?;
    Ok(workbook)
}

/// Sheet entries; those that calamine would refuse the whole workbook for are cut out of the workbook part.
fn entries(
    package: &mut Package<'_>,
    part: &str,
    related: &[ooxml::Relationship],
    workbook: &mut Workbook,
) -> Result<(), FileError> {
    let Some(xml) = package.read(part)? else {
        return Ok(());
    };
    // Bytes that take another's place, in their order.
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    let mut tags = Tags::new(xml.as_slice());
    while let Some(tag) = tags.next().map_err(|error| damaged_part(part, &error))? {
        if tag.name != b"sheet" || tag.kind == Kind::Close {
            continue;
        }
        let name = tag.text_of(b"name").unwrap_or_default();
        let state = tag.attribute(b"state");
        let visibility = match state {
            Some(b"hidden") => Visibility::Hidden,
            Some(b"veryHidden") => Visibility::VeryHidden,
            _ => Visibility::Visible,
        };
        let target = tag.prefixed(b"id").or_else(|| tag.attribute(b"id")).map(unescaped);
        let target = target.and_then(|id| related.iter().find(|relationship| relationship.id == id));
        let kind = target.map_or("", |target| target.kind.as_str());
        if kind != "worksheet" {
            let what = if target.is_none() { "sheet without content" } else { ooxml::other_kind(kind) };
            workbook.others.push((name.clone(), what.to_owned()));
        }
        if !matches!(kind, "worksheet" | "chartsheet" | "dialogsheet") {
            changes.push((tag.place, String::new()));
            continue;
        }
        if !matches!(state, None | Some(b"visible" | b"hidden" | b"veryHidden")) {
            let state = String::from_utf8_lossy(state.unwrap_or_default()).into_owned();
            let entry = String::from_utf8_lossy(&xml[tag.place.clone()]).into_owned();
            let entry = [format!("\"{state}\""), format!("'{state}'")]
                .iter()
                .fold(entry, |entry, state| entry.replace(state, "\"visible\""));
            changes.push((tag.place, entry));
        }
        if let Some(target) = target {
            let entry = SheetEntry { name, visibility, path: target.target.clone() };
            workbook.entries.push((entry, kind == "worksheet"));
        }
    }
    if !changes.is_empty() {
        let mut kept = Vec::with_capacity(xml.len());
        let mut from = 0;
        for (place, instead) in changes {
            kept.extend_from_slice(&xml[from..place.start]);
            kept.extend_from_slice(instead.as_bytes());
            from = place.end;
        }
        kept.extend_from_slice(&xml[from..]);
        package.repair(part, kept);
        workbook.remarks.push("sheet entries that lead nowhere or to macros were left out".into());
    }
    Ok(())
}

/// calamine reserves memory for as many texts as the part claims to hold, and a style for every cell format.
fn check_counts(package: &mut Package<'_>, path: &str) -> Result<(), FileError> {
    let limit = package.part_bytes();
    let (mut claimed, mut texts, mut styles, mut bytes) = (0_u64, 0_u64, 0_usize, 0_u64);
    walk(package, path, |tag| bytes += (tag.text.len() + tag.place.len()) as u64)?;
    if bytes > limit {
        return Err(FileError::TooLarge(format!("its part {path} has more than {} MiB", limit >> 20)));
    }
    walk(package, path, |tag| match tag.name {
        b"sst" if tag.kind != Kind::Close => {
            let count = tag.attribute(b"uniqueCount").and_then(|count| std::str::from_utf8(count).ok());
            claimed = count.and_then(|count| count.trim().parse().ok()).unwrap_or(0);
        }
        b"si" => texts += u64::from(tag.kind != Kind::Close),
        b"xf" | b"font" | b"fill" | b"border" | b"numFmt" => styles += usize::from(tag.kind != Kind::Close),
        _ => {}
    })?;
    if claimed > 2 * texts + 100_000 {
        return Err(FileError::Damaged(format!("it claims to hold {claimed} texts and holds {texts}")));
    }
    if styles > MAX_STYLES {
        return Err(FileError::TooLarge(format!("it has {styles} cell formats; Excel allows 65,490")));
    }
    Ok(())
}

/// Converts XML parts in UTF-16 or a declared code page to UTF-8.
fn recode(package: &mut Package<'_>) -> Result<bool, FileError> {
    let paths: Vec<String> =
        package.paths().filter(|path| path.ends_with(".xml") || path.ends_with(".rels")).map(str::to_owned).collect();
    let mut any = false;
    for path in paths {
        // A part that cannot even be begun is somebody else's error, if anybody needs it.
        let Ok(head) = package.peek(&path, 200) else {
            continue;
        };
        let Some(encoding) = foreign(&head) else {
            continue;
        };
        let Some(bytes) = package.read(&path)? else {
            continue;
        };
        let (text, _, _) = encoding.decode(&bytes);
        // The declaration would contradict the bytes.
        let body = text.trim_start_matches('\u{feff}');
        let body = body.split_once("?>").filter(|(head, _)| head.starts_with("<?xml")).map_or(body, |(_, body)| body);
        package.repair(&path, body.as_bytes().to_vec());
        any = true;
    }
    Ok(any)
}

/// The encoding of an XML part, if it is not UTF-8.
fn foreign(head: &[u8]) -> Option<&'static Encoding> {
    match head {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => return Some(UTF_16BE),
        _ => {}
    }
    let declaration = head.strip_prefix(b"<?xml").map(|rest| &rest[..memmem::find(rest, b"?>").unwrap_or(0)])?;
    let value = &declaration[memmem::find(declaration, b"encoding")? + 8..];
    let label = value.split(|byte| matches!(byte, b'"' | b'\'')).nth(1)?;
    // An UTF-16 label on single bytes is a lie.
    Encoding::for_label(label).filter(|&encoding| encoding != UTF_8 && encoding != UTF_16LE && encoding != UTF_16BE)
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::super::package::tests::zipped;
    use super::*;

    const RELS: &[u8] =
        br#"<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK_RELS: &[u8] =
        br#"<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>
        <Relationship Id="r2" Type="x/xlMacrosheet" Target="macrosheets/sheet1.xml"/>
        <Relationship Id="r3" Type="x/chartsheet" Target="chartsheets/sheet1.xml"/></Relationships>"#;

    fn prepared(parts: &[(&str, &[u8])]) -> (Result<Workbook, FileError>, String) {
        let bytes = zipped(parts);
        let limits = Limits::default();
        let mut package = Package::open(&bytes, &limits).unwrap();
        let workbook = prepare(&mut package);
        let part = package.read("xl/workbook.xml").unwrap().unwrap_or_default();
        (workbook, String::from_utf8_lossy(&part).into_owned())
    }

    #[test]
    fn bad_sheet_entries_cost_only_themselves() {
        let book = br#"<workbook><sheets><sheet name="Clients" sheetId="1" r:id="r1"/><sheet name="Macro1" sheetId="2" r:id="r2"/>
            <sheet name=" " sheetId="3" r:id=""/><sheet name="Chart" r:id="r3"/><sheet name="Odd" state="shy" r:id="r1"/></sheets></workbook>"#;
        let (workbook, part) =
            prepared(&[("_rels/.rels", RELS), ("xl/_rels/workbook.xml.rels", BOOK_RELS), ("xl/workbook.xml", book)]);
        let workbook = workbook.unwrap();
        let kept: Vec<_> = workbook.entries.iter().map(|(entry, sheet)| (entry.name.as_str(), *sheet)).collect();
        assert_eq!(kept, [("Clients", true), ("Chart", false), ("Odd", true)]);
        let others: Vec<_> = workbook.others.iter().map(|(name, kind)| format!("{name}: {kind}")).collect();
        assert_eq!(others, ["Macro1: macro sheet", " : sheet without content", "Chart: chart sheet"]);
        assert!(!part.contains("Macro1") && !part.contains("sheetId=\"3\"") && !part.contains("shy"), "{part}");
        assert!(part.contains("Clients") && part.contains("Odd") && part.ends_with("</workbook>"), "{part}");
    }

    #[test]
    fn utf_16_and_code_pages_become_utf_8() {
        let book = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><workbook><sheets><sheet name=\"Kö\" r:id=\"r1\"/></sheets></workbook>";
        let mut wide = vec![0xFF, 0xFE];
        wide.extend(book.encode_utf16().flat_map(u16::to_le_bytes));
        let latin = "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?><workbook><sheets><sheet name=\"K\u{1}\" r:id=\"r1\"/></sheets></workbook>";
        let latin: Vec<u8> = latin.bytes().map(|byte| if byte == 1 { 0xF6 } else { byte }).collect();
        for bytes in [wide, latin] {
            let (workbook, part) = prepared(&[
                ("_rels/.rels", RELS),
                ("xl/_rels/workbook.xml.rels", BOOK_RELS),
                ("xl/workbook.xml", &bytes),
            ]);
            assert_eq!(workbook.unwrap().entries[0].0.name, "Kö");
            assert!(part.starts_with("<workbook>"), "{part}");
        }
    }

    #[test]
    fn claims_that_no_file_can_fill_are_refused() {
        let rels =
            br#"<Relationships><Relationship Id="s" Type="x/sharedStrings" Target="texts.xml"/></Relationships>"#;
        let sst = br#"<sst uniqueCount="1000000000"><si><t>a</t></si></sst>"#;
        let (workbook, _) = prepared(&[
            ("_rels/.rels", RELS),
            ("xl/_rels/workbook.xml.rels", rels),
            ("xl/workbook.xml", b"<workbook/>"),
            ("xl/texts.xml", sst),
        ]);
        assert!(matches!(workbook, Err(FileError::Damaged(_))), "{workbook:?}");
    }
}
