//! What a file is, by its content: people rename csv and html to xls, and the rest of the office suite gets lost in inboxes.

use super::code_page;
use super::ooxml;
use super::package::Package;
use crate::error::FileError;
use memchr::memmem;

/// How the file's bytes are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// A zip package: xlsx, xlsm, xlsb, ods, or something else in a zip.
    Zip,
    /// A compound file: xls, or an encrypted package.
    Compound,
    /// An xls stream without its compound file.
    RawBiff,
    /// Text, maybe a csv.
    Text,
}

/// Which workbook a zip package is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PackageKind {
    Xlsx,
    Xlsb,
    Ods,
}

/// Sorts the bytes; what no department's list can be is refused here, by its name.
pub(super) fn content(bytes: &[u8]) -> Result<Content, FileError> {
    let unsupported = |what: &str| Err(FileError::Unsupported(what.into()));
    let foreign = |what: &str| Err(FileError::NotAWorkbook(what.into()));
    match bytes {
        [] => foreign("the file is empty (0 bytes)"),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Ok(Content::Compound),
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Ok(Content::Zip),
        [9, 8, 4..=16, 0, _, 5 | 6, ..] => Ok(Content::RawBiff),
        [9, 0, 4, 0, ..] | [9, 2, 4 | 6, 0, ..] | [9, 4, 4 | 6, 0, ..] => {
            unsupported("a workbook of Excel 2, 3 or 4 (before 1993)")
        }
        [0, 0, 2, 0, 4..=6, 4, ..] | [0, 0, 0x1A, 0, ..] => unsupported("a Lotus 1-2-3 worksheet"),
        [0, 0, 2, 0, ..] => unsupported("a Quattro Pro or Lotus worksheet"),
        _ if bytes.starts_with(b"%PDF") => foreign("a PDF"),
        _ if bytes.starts_with(b"{\\rtf") => foreign("a text document (RTF)"),
        _ if bytes.starts_with(b"\x89PNG") || bytes.starts_with(b"\xFF\xD8\xFF") || bytes.starts_with(b"GIF8") => {
            foreign("a picture")
        }
        _ if bytes.starts_with(b"\x1F\x8B") || bytes.starts_with(b"7z\xBC\xAF") || bytes.starts_with(b"Rar!") => {
            foreign("a packed archive; unpack it into the inbox")
        }
        _ if bytes.starts_with(b"ID;") => unsupported("a SYLK file (slk)"),
        _ if bytes.starts_with(b"TABLE\r\n0,1") || bytes.starts_with(b"TABLE\n0,1") => unsupported("a DIF file"),
        _ => text(bytes),
    }
}

/// Markup and binary data are not tables of text.
fn text(bytes: &[u8]) -> Result<Content, FileError> {
    let unsupported = |what: &str| Err(FileError::Unsupported(what.into()));
    let foreign = |what: &str| Err(FileError::NotAWorkbook(what.into()));
    let wide = code_page::utf_16(bytes).is_some();
    let head = &bytes[..bytes.len().min(8192)];
    if !wide {
        if memchr::memchr(0, bytes).is_some() {
            return foreign("binary data that no spreadsheet program writes");
        }
        let control =
            head.iter().filter(|&&byte| byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A)).count();
        if control * 50 > head.len() {
            return foreign("binary data that no spreadsheet program writes");
        }
    }
    let head = code_page::decoded(head).0.to_lowercase();
    let head = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if head.starts_with('<') {
        if memmem::find(head.as_bytes(), b"urn:schemas-microsoft-com:office:spreadsheet").is_some() {
            return unsupported("an Excel 2003 XML spreadsheet");
        }
        if head.contains("office:document") {
            return unsupported("a flat OpenDocument file (fods)");
        }
        if ["<html", "<!doctype html", "<table", "<head", "<body", "<meta", "<style"]
            .iter()
            .any(|tag| head.contains(tag))
        {
            return foreign("a web page (HTML) under another name; open it in Excel and save it as xlsx");
        }
        if head.starts_with("<?xml") || head.starts_with("<!") {
            return foreign("an XML file");
        }
    }
    if head.starts_with("mime-version:") {
        return foreign("a web archive (MHT); open it in Excel and save it as xlsx");
    }
    if head.trim().is_empty() && bytes.len() <= 8192 {
        return foreign("the file holds nothing but white space");
    }
    Ok(Content::Text)
}

/// Which workbook the package is, or what it is instead.
pub(super) fn package(package: &mut Package<'_>) -> Result<PackageKind, FileError> {
    let foreign = |what: &str| Err(FileError::NotAWorkbook(what.into()));
    let mimetype = package.peek("mimetype", 200)?;
    let mimetype = String::from_utf8_lossy(&mimetype).trim().to_owned();
    if let Some(kind) = mimetype.strip_prefix("application/vnd.oasis.opendocument.") {
        return match kind.split('-').next() {
            Some("spreadsheet") => Ok(PackageKind::Ods),
            Some("text") => foreign("a text document (odt)"),
            Some("presentation") => foreign("a presentation (odp)"),
            _ => foreign("an OpenDocument file that is no spreadsheet"),
        };
    }
    let part = ooxml::workbook_part(package)?.unwrap_or_default().to_lowercase();
    if part.ends_with(".bin") || package.has("xl/workbook.bin") && !package.has(&part) {
        return Ok(PackageKind::Xlsb);
    }
    match part.split('/').next() {
        Some("word") => return foreign("a text document (docx)"),
        Some("ppt") => return foreign("a presentation (pptx)"),
        Some("visio") => return foreign("a Visio drawing"),
        _ => {}
    }
    if package.has(&part) && part.ends_with(".xml") || package.has("xl/workbook.xml") {
        return Ok(PackageKind::Xlsx);
    }
    if package.has("content.xml") && package.has("META-INF/manifest.xml") {
        return Ok(PackageKind::Ods);
    }
    if package.paths().any(|path| path.ends_with(".iwa")) {
        return Err(FileError::Unsupported("an Apple Numbers document".into()));
    }
    if package.paths().any(|path| path.starts_with("xl/")) {
        return Err(FileError::Damaged("its workbook part is missing".into()));
    }
    foreign("a zip archive; unpack it into the inbox")
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::super::package::tests::zipped;
    use super::*;

    #[test]
    fn contents_are_told_apart() {
        for (bytes, expected) in [
            (&b"Client;Score\n"[..], Ok(Content::Text)),
            (b"\xFF\xFEC\0;\0", Ok(Content::Text)),
            (b"C\0;\0S\0\n\0", Ok(Content::Text)),
            (b"PK\x03\x04", Ok(Content::Zip)),
            (b"\x09\x08\x10\x00\x00\x06\x05\x00", Ok(Content::RawBiff)),
            (b"", Err("empty")),
            (b" \n \n", Err("white space")),
            (b"%PDF-1.4", Err("PDF")),
            (b"\r\n<HTML><table>", Err("HTML")),
            (b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>", Err("2003")),
            (b"<?xml version='1.0'?><a/>", Err("XML")),
            (b"\x09\x00\x04\x00\x02\x00", Err("Excel 2, 3 or 4")),
            (b"a;b\0\0\0c", Err("binary")),
            (b"\x01\x02\x03\x04", Err("binary")),
            (b"<5 years;2\n>5 years;3\n", Ok(Content::Text)),
        ] {
            match (content(bytes), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{bytes:?}"),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{bytes:?}: {found:?}, {expected:?}"),
            }
        }
    }

    #[test]
    fn packages_are_told_apart() {
        let rels = |target: &str| {
            format!("<Relationships><Relationship Type='x/officeDocument' Target='{target}'/></Relationships>")
                .into_bytes()
        };
        let (word, book, binary) = (rels("word/document.xml"), rels("/xl/book22.xml"), rels("xl/workbook.bin"));
        type Parts<'p> = &'p [(&'p str, &'p [u8])];
        let cases: [(Parts<'_>, Result<PackageKind, &str>); 7] = [
            (&[("_rels/.rels", &word), ("word/document.xml", b"")], Err("docx")),
            (&[("_rels/.rels", &book), ("xl/book22.xml", b"")], Ok(PackageKind::Xlsx)),
            (&[("_rels/.rels", &binary), ("xl/workbook.bin", b"")], Ok(PackageKind::Xlsb)),
            (&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")], Ok(PackageKind::Ods)),
            (&[("mimetype", b"application/vnd.oasis.opendocument.text")], Err("odt")),
            (&[("Index/Document.iwa", b"")], Err("Numbers")),
            (&[("a.csv", b"a;b")], Err("zip archive")),
        ];
        for (parts, expected) in cases {
            let bytes = zipped(parts);
            let limits = Limits::default();
            match (package(&mut Package::open(&bytes, &limits).unwrap()), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected),
                (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
                (found, expected) => panic!("{found:?}, {expected:?}"),
            }
        }
    }
}
