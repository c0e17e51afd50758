//! What xlsx and xlsb packages share: relationships, sheet entries, the parts around a sheet, marks of keeptabs.

use super::package::{Package, damaged_part};
use super::tags::{Kind, Tag, Tags, unescaped};
use crate::book::{Area, CellRef, ExcelTable, MAX_COLUMNS, MAX_ROWS, Marker, NotCarried, Visibility};
use crate::error::FileError;

/// A relationship of a part.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Relationship {
    pub(super) id: String,
    /// Last word of its type: "worksheet", "comments" ….
    pub(super) kind: String,
    /// Path of the target in the package.
    pub(super) target: String,
}

/// A sheet entry of the workbook.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SheetEntry {
    pub(super) name: String,
    pub(super) visibility: Visibility,
    /// Path of its part in the package.
    pub(super) path: String,
}

/// Walks the tags of a part; nothing happens if there is no such part.
pub(super) fn walk(package: &mut Package<'_>, path: &str, mut visit: impl FnMut(&Tag<'_>)) -> Result<(), FileError> {
    let Some(stream) = package.stream(path)? else {
        return Ok(());
    };
    let mut tags = Tags::new(stream);
    while let Some(tag) = tags.next().map_err(|error| damaged_part(path, &error))? {
        visit(&tag);
    }
    Ok(())
}

/// Relationships of a part ("" for the package itself), in their order.
pub(super) fn relationships(package: &mut Package<'_>, part: &str) -> Result<Vec<Relationship>, FileError> {
    let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
    let separator = if folder.is_empty() { "" } else { "/" };
    let mut found = Vec::new();
    walk(package, &format!("{folder}{separator}_rels/{file}.rels"), |tag| {
        if tag.name == b"Relationship" && tag.kind != Kind::Close && tag.attribute(b"TargetMode") != Some(b"External") {
            let text = |name: &[u8]| tag.text_of(name).unwrap_or_default();
            found.push(Relationship {
                id: text(b"Id"),
                kind: text(b"Type").rsplit('/').next().unwrap_or_default().to_owned(),
                target: resolved(folder, &text(b"Target")),
            });
        }
    })?;
    Ok(found)
}

/// A target as a path in the package: absolute, or relative to the folder of the part that names it.
pub(super) fn resolved(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// The workbook part's path, by the package's relationships.
pub(super) fn workbook_part(package: &mut Package<'_>) -> Result<Option<String>, FileError> {
    let found = relationships(package, "")?;
    // calamine takes the last one, too.
    Ok(found.into_iter().rfind(|relationship| relationship.kind == "officeDocument").map(|found| found.target))
}

/// What a person calls a sheet that is no worksheet.
pub(super) fn other_kind(kind: &str) -> &'static str {
    match kind {
        "chartsheet" => "chart sheet",
        "dialogsheet" => "dialog sheet",
        "xlMacrosheet" | "xlIntlMacrosheet" | "macrosheet" => "macro sheet",
        _ => "sheet of an unknown kind",
    }
}

/// Custom document properties that keeptabs writes into its results.
pub(super) fn marker(package: &mut Package<'_>) -> Result<Option<Marker>, FileError> {
    let mut marker = Marker::default();
    let mut name = None;
    walk(package, "docProps/custom.xml", |tag| match (tag.name, tag.kind) {
        (b"property", Kind::Open) => name = tag.text_of(b"name").as_deref().and_then(marker_name),
        (b"property", Kind::Close) => name = None,
        (_, Kind::Close) => {
            if let Some(name) = name.take() {
                marker.properties.insert(name, unescaped(tag.text));
            }
        }
        _ => {}
    })?;
    Ok((!marker.properties.is_empty()).then_some(marker))
}

/// "month" for "keeptabs month" or "keeptabs.month".
pub(super) fn marker_name(property: &str) -> Option<String> {
    let rest = property.strip_prefix("keeptabs")?;
    Some(rest.trim_start_matches([' ', '.', '-', '_', ':']).to_owned())
}

/// Counts comments, drawings and pivot tables that hang on a sheet's part, and reads its Excel tables.
pub(super) fn surroundings(
    package: &mut Package<'_>,
    sheet_part: &str,
    counts: &mut NotCarried,
) -> Result<Vec<ExcelTable>, FileError> {
    let mut tables = Vec::new();
    for Relationship { kind, target, .. } in relationships(package, sheet_part)? {
        match kind.as_str() {
            "comments" if target.ends_with(".xml") => walk(package, &target, |tag| {
                counts.comments += u32::from(tag.name == b"comment" && tag.kind != Kind::Close);
            })?,
            "drawing" => walk(package, &target, |tag| {
                let anchor = matches!(tag.name, b"twoCellAnchor" | b"oneCellAnchor" | b"absoluteAnchor");
                counts.drawings += u32::from(anchor && tag.kind == Kind::Open);
            })?,
            "pivotTable" => counts.drawings += 1,
            "table" if target.ends_with(".xml") => walk(package, &target, |tag| {
                if tag.name == b"table" && tag.kind != Kind::Close {
                    tables.extend(table(tag));
                }
            })?,
            _ => {}
        }
    }
    Ok(tables)
}

/// An Excel table by its root tag; `None` if its area makes no sense.
fn table(tag: &Tag<'_>) -> Option<ExcelTable> {
    let mut area = area(tag.attribute(b"ref")?)?;
    let has_totals = tag.number(b"totalsRowCount").unwrap_or(0) > 0;
    if has_totals {
        area.last.row = area.last.row.checked_sub(1).filter(|&row| row >= area.first.row)?;
    }
    Some(ExcelTable {
        name: tag.text_of(b"displayName").or_else(|| tag.text_of(b"name"))?,
        area,
        has_headings: tag.number(b"headerRowCount").unwrap_or(1) > 0,
        has_totals,
    })
}

/// "B2:D9" or "B2".
pub(super) fn area(reference: &[u8]) -> Option<Area> {
    let mut corners = reference.split(|&byte| byte == b':').map(address);
    let first = corners.next()??;
    let last = corners.next().unwrap_or(Some(first))?;
    (corners.next().is_none() && first.row <= last.row && first.col <= last.col).then_some(Area { first, last })
}

/// "B2", with or without dollar signs; `None` outside of Excel's limits.
pub(super) fn address(reference: &[u8]) -> Option<CellRef> {
    let (mut row, mut col) = (0_u32, 0_u32);
    for &byte in reference {
        match byte {
            b'$' => {}
            b'A'..=b'Z' | b'a'..=b'z' if row == 0 => col = col * 26 + u32::from(byte.to_ascii_uppercase() - b'A') + 1,
            b'0'..=b'9' if col > 0 => row = row * 10 + u32::from(byte - b'0'),
            _ => return None,
        }
        if row > MAX_ROWS || col > u32::from(MAX_COLUMNS) {
            return None;
        }
    }
    (row > 0 && col > 0).then(|| CellRef { row: row - 1, col: (col - 1) as u16 })
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::super::package::tests::zipped;
    use super::*;

    #[test]
    fn addresses_and_areas() {
        for (text, expected) in [
            ("A1", Some((0, 0))),
            ("$XFD$1048576", Some((1_048_575, 16_383))),
            ("XFE1", None),
            ("A1048577", None),
            ("1A", None),
            ("A", None),
            ("", None),
        ] {
            assert_eq!(address(text.as_bytes()).map(|at| (at.row, at.col)), expected, "{text}");
        }
        assert!(area(b"B2:A1").is_none() && area(b"A1:B2:C3").is_none());
        assert_eq!(area(b"C3").map(|area| area.last.to_string()), Some("C3".into()));
    }

    #[test]
    fn targets_are_resolved() {
        for (folder, target, path) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets", "../tables/table1.xml", "xl/tables/table1.xml"),
            ("xl", "/xl/a.xml", "xl/a.xml"),
            ("", "xl\\workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../a", "a"),
        ] {
            assert_eq!(resolved(folder, target), path);
        }
    }

    #[test]
    fn what_hangs_on_a_sheet_is_counted_and_tables_leave_out_totals() {
        let rels = br#"<Relationships><Relationship Id="a" Type="x/comments" Target="../comments1.xml"/>
            <Relationship Id="b" Type="x/drawing" Target="../d.xml"/><Relationship Id="c" Type="x/pivotTable" Target="../p.xml"/>
            <Relationship Id="d" Type="x/table" Target="/xl/tables/t.xml"/><Relationship Id="e" Type="x/table" Target="../tables/u.xml"/>
            <Relationship Id="h" Type="x/hyperlink" Target="http://x/" TargetMode="External"/></Relationships>"#;
        let bytes = zipped(&[
            ("xl/worksheets/_rels/sheet1.xml.rels", rels),
            (
                "xl/comments1.xml",
                b"<comments><commentList><comment ref='A1'><text/></comment><comment/></commentList></comments>",
            ),
            ("xl/d.xml", b"<xdr:wsDr><xdr:twoCellAnchor></xdr:twoCellAnchor></xdr:wsDr>"),
            ("xl/tables/t.xml", b"<table displayName='T' ref='A1:B5' totalsRowCount='1'/>"),
            ("xl/tables/u.xml", b"<table displayName='U' ref='D1:E5' headerRowCount='0'></table>"),
        ]);
        let limits = Limits::default();
        let mut package = Package::open(&bytes, &limits).unwrap();
        let mut counts = NotCarried::default();
        let tables = surroundings(&mut package, "xl/worksheets/sheet1.xml", &mut counts).unwrap();
        assert_eq!((counts.comments, counts.drawings), (2, 2));
        let told: Vec<_> =
            tables.iter().map(|t| (t.name.as_str(), t.area.last.to_string(), t.has_headings, t.has_totals)).collect();
        assert_eq!(told, [("T", "B4".into(), true, true), ("U", "E5".into(), false, false)]);
    }

    #[test]
    fn marks_of_keeptabs_are_found() {
        let custom = b"<Properties><property fmtid='x' name='keeptabs month'><vt:lpwstr>2026-11</vt:lpwstr></property>
            <property name='Author'><vt:lpwstr>Ann &amp; Bo</vt:lpwstr></property><property name='keeptabs.version'><vt:i4>1</vt:i4></property></Properties>";
        let limits = Limits::default();
        let bytes = zipped(&[("docProps/custom.xml", custom)]);
        let marker = marker(&mut Package::open(&bytes, &limits).unwrap()).unwrap().unwrap();
        let told: Vec<_> = marker.properties.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(told, ["month=2026-11", "version=1"]);
    }
}
