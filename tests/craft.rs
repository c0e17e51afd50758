//! Makes small workbooks with one thing wrong, byte by byte, around one list of two clients.

use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub(crate) const HEADINGS: [&str; 6] =
    ["Client", "Our contacts", "Client contacts", "Meetings (6 months)", "Decision-maker level", "Survey score"];
pub(crate) const CLIENTS: [(&str, [u32; 3], &str, u32); 2] =
    [("Acme", [2, 3, 2], "Senior", 9), ("Beta", [1, 1, 0], "Junior", 7)];

/// A text or a number.
#[derive(Clone)]
pub(crate) enum Value {
    Text(&'static str),
    Number(u32),
}

/// The list, headings first.
pub(crate) fn list() -> Vec<Vec<Value>> {
    let mut rows = vec![HEADINGS.map(Value::Text).to_vec()];
    rows.extend(CLIENTS.iter().map(|&(name, [ours, theirs, meetings], level, survey)| {
        let numbers = [ours, theirs, meetings].map(Value::Number);
        [vec![Value::Text(name)], numbers.to_vec(), vec![Value::Text(level), Value::Number(survey)]].concat()
    }));
    rows
}

/// The list as a csv.
pub(crate) fn csv() -> Vec<u8> {
    let shown = |value: &Value| match value {
        Value::Text(text) => (*text).to_owned(),
        Value::Number(number) => number.to_string(),
    };
    list().iter().map(|row| row.iter().map(shown).collect::<Vec<_>>().join(";") + "\n").collect::<String>().into_bytes()
}

pub(crate) fn zipped<P: AsRef<str>, B: AsRef<[u8]>>(parts: &[(P, B)]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in parts {
        writer.start_file(path.as_ref(), SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes.as_ref()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// An xlsx in parts, to be changed before it is zipped.
pub(crate) struct Xlsx(pub(crate) Vec<(String, Vec<u8>)>);

impl Xlsx {
    /// The list on the sheet "Clients", its texts shared.
    pub(crate) fn new() -> Self {
        let mut texts = Vec::new();
        let mut rows = String::new();
        for (row, values) in list().iter().enumerate() {
            rows += &format!("<row r=\"{}\">", row + 1);
            for (column, value) in values.iter().enumerate() {
                let at = format!("{}{}", (b'A' + column as u8) as char, row + 1);
                rows += &match value {
                    Value::Number(number) => format!("<c r=\"{at}\"><v>{number}</v></c>"),
                    Value::Text(text) => {
                        texts.push(format!("<si><t>{text}</t></si>"));
                        format!("<c r=\"{at}\" t=\"s\"><v>{}</v></c>", texts.len() - 1)
                    }
                };
            }
            rows += "</row>";
        }
        let sst = format!("<sst uniqueCount=\"{}\">{}</sst>", texts.len(), texts.concat());
        let parts = [
            ("_rels/.rels", "<Relationships><Relationship Id=\"rId1\" Type=\"x/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>".to_owned()),
            ("xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"r1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"sharedStrings.xml\"/></Relationships>".to_owned()),
            ("xl/workbook.xml", "<workbook><sheets><sheet name=\"Clients\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>".to_owned()),
            ("xl/sharedStrings.xml", sst),
            ("xl/worksheets/sheet1.xml", format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")),
        ];
        Self(parts.map(|(path, text)| (path.to_owned(), text.into_bytes())).to_vec())
    }

    /// Replaces a text in a part; it must be there.
    pub(crate) fn with(mut self, part: &str, from: &str, to: &str) -> Self {
        let (_, bytes) = self.0.iter_mut().find(|(path, _)| path.ends_with(part)).unwrap();
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(text.contains(from), "{part}: no {from}");
        *bytes = text.replacen(from, to, 1).into_bytes();
        self
    }

    /// Further rows or cells at the end of the sheet.
    pub(crate) fn below(self, rows: &str) -> Self {
        self.with("sheet1.xml", "</sheetData>", &format!("{rows}</sheetData>"))
    }

    pub(crate) fn and(mut self, part: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.push((part.to_owned(), bytes.into()));
        self
    }

    /// Every XML part in another encoding.
    pub(crate) fn recoded(mut self, encode: impl Fn(&str) -> Vec<u8>) -> Self {
        for (_, bytes) in &mut self.0 {
            *bytes = encode(std::str::from_utf8(bytes).unwrap());
        }
        self
    }

    pub(crate) fn zip(self) -> Vec<u8> {
        zipped(&self.0)
    }
}

/// An ods with the given tables; `rows()` are the list's.
pub(crate) fn ods(tables: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\"?><office:document-content><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    );
    let mimetype = "application/vnd.oasis.opendocument.spreadsheet";
    zipped(&[("mimetype", mimetype), ("META-INF/manifest.xml", "<manifest:manifest/>"), ("content.xml", &content)])
}

/// The list as rows of an ods, with `gap` between all tags (white space of pretty-printed files).
pub(crate) fn ods_rows(gap: &str) -> String {
    let cell = |value: &Value| match value {
        Value::Text(text) => {
            format!("<table:table-cell office:value-type=\"string\"><text:p>{text}</text:p></table:table-cell>{gap}")
        }
        Value::Number(number) => {
            format!("<table:table-cell office:value-type=\"float\" office:value=\"{number}\"/>{gap}")
        }
    };
    let row = |row: &Vec<Value>| row.iter().map(cell).collect::<String>();
    list().iter().map(|values| format!("<table:table-row>{gap}{}</table:table-row>{gap}", row(values))).collect()
}

/// A sheet of an ods.
pub(crate) fn ods_table(name: &str, rows: &str) -> String {
    format!("<table:table table:name=\"{name}\">{rows}</table:table>")
}

/// Some 800 bytes that unfold to six million cells.
pub(crate) fn hungry_ods() -> Vec<u8> {
    let cells =
        "<table:table-cell table:number-columns-repeated=\"60\" office:value-type=\"float\" office:value=\"1\"/>";
    ods(&ods_table("S", &format!("<table:table-row table:number-rows-repeated=\"100000\">{cells}</table:table-row>")))
}

/// A record of a workbook stream.
pub(crate) fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &(data.len() as u16).to_le_bytes(), data].concat()
}

pub(crate) fn words(words: &[u16]) -> Vec<u8> {
    words.iter().flat_map(|word| word.to_le_bytes()).collect()
}

/// A number in a cell of an xls.
pub(crate) fn xls_number(row: u16, column: u16, value: f64) -> Vec<u8> {
    record(0x0203, &[&words(&[row, column, 0])[..], &value.to_le_bytes()].concat())
}

/// The list as records of cells.
pub(crate) fn xls_cells() -> Vec<u8> {
    let mut cells = Vec::new();
    for (row, values) in (0..).zip(list()) {
        for (column, value) in (0..).zip(values) {
            cells.extend(match value {
                Value::Number(number) => xls_number(row, column, number.into()),
                Value::Text(text) => {
                    record(0x0204, &[&words(&[row, column, 0, text.len() as u16])[..], text.as_bytes()].concat())
                }
            });
        }
    }
    cells
}

/// A BIFF5 stream of the given sheets: name, kind, records.
pub(crate) fn biff(globals: &[u8], sheets: &[(&str, u8, Vec<u8>)]) -> Vec<u8> {
    let mut stream = record(0x0809, &words(&[0x0500, 5, 0, 0]));
    stream.extend(globals);
    let mut entries = Vec::new();
    for (name, kind, _) in sheets {
        entries.push(stream.len() + 4);
        stream.extend(record(0x0085, &[&[0, 0, 0, 0, 0, *kind, name.len() as u8], name.as_bytes()].concat()));
    }
    stream.extend(record(0x000A, &[]));
    for ((_, _, cells), entry) in sheets.iter().zip(entries) {
        let position = stream.len() as u32;
        stream[entry..entry + 4].copy_from_slice(&position.to_le_bytes());
        stream.extend(record(0x0809, &words(&[0x0500, 16, 0, 0])));
        stream.extend(cells);
        stream.extend(record(0x000A, &[]));
    }
    stream
}

/// An xls of the list, with further records before and behind its cells.
pub(crate) fn xls(globals: &[u8], further: &[u8]) -> Vec<u8> {
    compound("Workbook", biff(globals, &[("Clients", 0, [xls_cells(), further.to_vec()].concat())]))
}

const FREE: u32 = 0xFFFF_FFFF;
const END: u32 = 0xFFFF_FFFE;

/// A compound file (512-byte blocks) with one stream: block 0 is the table, 1 the directory, the stream follows.
pub(crate) fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    stream.resize(stream.len().max(4096).next_multiple_of(512), 0);
    let blocks = (stream.len() / 512) as u32;
    let mut bytes = vec![0; 512];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    for (at, value) in [(24, 0x3E_u16), (26, 3), (28, 0xFFFE), (30, 9), (32, 6)] {
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    for (at, value) in [(44, 1), (48, 1), (56, 4096), (60, END), (68, END)] {
        bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(value));
    }
    bytes[76..].fill(0xFF);
    bytes[76..80].fill(0);
    let mut fat = vec![0xFFFF_FFFD, END];
    fat.extend((1..blocks).map(|block| block + 2));
    fat.push(END);
    assert!(fat.len() <= 128, "one block holds the table");
    fat.resize(128, FREE);
    bytes.extend(fat.iter().flat_map(|entry| entry.to_le_bytes()));
    let mut directory = vec![0; 512];
    for (at, name, kind, child, start, size) in
        [(0, "Root Entry", 5, 1, END, 0), (128, name, 2, FREE, 2, stream.len() as u32)]
    {
        for (place, unit) in directory[at..at + 64].chunks_exact_mut(2).zip(name.encode_utf16()) {
            place.copy_from_slice(&unit.to_le_bytes());
        }
        directory[at + 64] = 2 * name.len() as u8 + 2;
        (directory[at + 66], directory[at + 67]) = (kind, 1);
        for (field, value) in [(68, FREE), (72, FREE), (76, child), (116, start), (120, size)] {
            directory[at + field..at + field + 4].copy_from_slice(&value.to_le_bytes());
        }
    }
    bytes.extend(directory);
    bytes.extend(stream);
    bytes
}

/// Sets an entry of the table of blocks of a compound file.
pub(crate) fn linked(mut compound: Vec<u8>, block: usize, next: u32) -> Vec<u8> {
    compound[512 + 4 * block..516 + 4 * block].copy_from_slice(&next.to_le_bytes());
    compound
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    [(units.len() as u32).to_le_bytes().to_vec(), words(&units)].concat()
}

/// A record of an xlsb part.
pub(crate) fn xlsb_record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    if kind < 128 {
        out.push(kind as u8)
    } else {
        out.extend([kind as u8 | 0x80, (kind >> 7) as u8])
    }
    let mut length = data.len();
    while length >= 128 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
    out.extend(data);
    out
}

/// The list as an xlsb: with further records behind its cells, and further sheets (name, relationship).
pub(crate) fn xlsb(further: &[u8], sheets: &[(&str, &str)]) -> Vec<u8> {
    let entry = |id: u8, rel: &str, name: &str| {
        xlsb_record(0x009C, &[vec![0, 0, 0, 0, id, 0, 0, 0], wide(rel), wide(name)].concat())
    };
    let mut book = [xlsb_record(0x0083, &[]), xlsb_record(0x008F, &[]), entry(1, "rId1", "Clients")].concat();
    for (id, (name, rel)) in (2..).zip(sheets) {
        book.extend(entry(id, rel, name));
    }
    book.extend([xlsb_record(0x0090, &[]), xlsb_record(0x0084, &[])].concat());
    let mut sheet = [xlsb_record(0x0081, &[]), xlsb_record(0x0091, &[])].concat();
    for (row, values) in (0_u32..).zip(list()) {
        sheet.extend(xlsb_record(0, &[&row.to_le_bytes()[..], &[0; 13]].concat()));
        for (column, value) in (0_u32..).zip(values) {
            let head = [column.to_le_bytes(), [0; 4]].concat();
            sheet.extend(match value {
                Value::Number(number) => xlsb_record(5, &[head, f64::from(number).to_le_bytes().to_vec()].concat()),
                Value::Text(text) => xlsb_record(6, &[head, wide(text)].concat()),
            });
        }
    }
    sheet.extend(further);
    sheet.extend([xlsb_record(0x0092, &[]), xlsb_record(0x0082, &[])].concat());
    let rels =
        "<Relationships><Relationship Id=\"x\" Type=\"x/officeDocument\" Target=\"xl/workbook.bin\"/></Relationships>";
    let book_rels = "<Relationships><Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.bin\"/><Relationship Id=\"rId2\" Type=\"x/chartsheet\" Target=\"chartsheets/sheet1.bin\"/></Relationships>";
    zipped(&[
        ("_rels/.rels", rels.as_bytes()),
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", book_rels.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet),
        ("xl/chartsheets/sheet1.bin", &[xlsb_record(0x0081, &[]), xlsb_record(0x0082, &[])].concat()),
    ])
}
