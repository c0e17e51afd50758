//! Each trap that is known of real and of hostile workbooks, by name, with what becomes of it.
//!
//! Every one is a small file made here, with the list of [`craft`] around what is wrong, and runs in a batch of its own;
//! together they run in one batch, which ends and converts what is good.

use crate::craft::{self, Xlsx, csv, linked, ods, ods_rows, ods_table, record, words, xls, xlsb, zipped};
use crate::support::{keeptabs, run};
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

enum Outcome {
    /// Both clients come out; the findings hold this text, if any.
    Converted(&'static str),
    /// Both clients come out, but a sheet beside theirs failed, and the reason holds this text.
    Partly(&'static str),
    /// Failed, and the reason holds this text.
    Failed(&'static str),
    /// Passed over, and the reason holds this text.
    Skipped(&'static str),
}

use Outcome::{Converted, Failed, Partly, Skipped};

macro_rules! traps {
    ($($name:ident: $file:literal, $bytes:expr => $outcome:expr;)*) => {
        $(#[test] fn $name() { check($file, $bytes, &$outcome); })*

        #[test]
        fn all_in_one_batch() {
            together(&[$((stringify!($name), $file, $bytes, $outcome),)*]);
        }
    };
}

traps! {
    // Far cells: no memory is taken for what lies between.
    far_corner_cell: "a.xlsx", Xlsx::new().below("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>").zip() => Converted("");
    far_column_and_last_row: "a.xlsx", Xlsx::new().below("<row r=\"1048576\"><c r=\"BX1048576\"><v>1</v></c></row>").zip() => Converted("");
    far_row_of_two_columns: "a.xlsx", Xlsx::new().below("<row r=\"1048576\"><c r=\"A1048576\"/><c r=\"B1048576\"><v>1</v></c></row>").zip() => Converted("");
    row_that_excel_does_not_have: "a.xlsx", Xlsx::new().below("<row r=\"100000000\"><c r=\"A100000000\"><v>1</v></c></row>").zip() => Converted("outside");
    row_number_that_overflows: "a.xlsx", Xlsx::new().below("<row r=\"4294967297\"><c r=\"A4294967297\"><v>1</v></c></row>").zip() => Converted("");
    column_that_excel_does_not_have: "a.xlsx", Xlsx::new().below("<row r=\"9\"><c r=\"ZZZZZ9\"><v>1</v></c></row>").zip() => Converted("");
    xls_cells_far_apart: "a.xls", xls(&[], &[craft::xls_number(65_000, 1, 1.0), craft::xls_number(65_535, 250, 1.0)].concat()) => Converted("");
    ods_cells_far_apart: "a.ods", ods(&ods_table("Clients", &(ods_rows("") + "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row><table:table-row><table:table-cell table:number-columns-repeated=\"16000\"/><table:table-cell office:value-type=\"float\" office:value=\"1\"/></table:table-row>"))) => Converted("");

    // Claims that no file can fill.
    texts_claimed_a_billion: "a.xlsx", Xlsx::new().with("sharedStrings.xml", "uniqueCount=\"10\"", "uniqueCount=\"1000000000\"").zip() => Failed("claims to hold");
    texts_claimed_beyond_numbers: "a.xlsx", Xlsx::new().with("sharedStrings.xml", "uniqueCount=\"10\"", "uniqueCount=\"18446744073709551615\"").zip() => Failed("claims to hold");
    shared_formula_of_a_huge_number: "a.xlsx", Xlsx::new().below("<row r=\"9\"><c r=\"B9\"><f t=\"shared\" si=\"3000000000\" ref=\"B9\">1</f><v>1</v></c></row>").zip() => Converted("");
    dimension_upside_down: "a.xlsx", Xlsx::new().with("sheet1.xml", "<sheetData>", "<dimension ref=\"B2:A1\"/><sheetData>").zip() => Converted("");
    dimension_of_everything: "a.xlsx", Xlsx::new().with("sheet1.xml", "<sheetData>", "<dimension ref=\"A1:XFD1048576\"/><sheetData>").zip() => Converted("");
    xls_dimensions_of_everything: "a.xls", craft::compound("Workbook", craft::biff(&[], &[("Clients", 0, [record(0x0200, &[0xFF; 14]), craft::xls_cells()].concat())])) => Converted("");
    ods_rows_repeated_by_the_million: "a.ods", ods(&ods_table("S", "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell table:number-columns-repeated=\"95\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>")) => Failed("too large");
    ods_texts_repeated_by_the_million: "a.ods", ods(&ods_table("S", "<table:table-row table:number-rows-repeated=\"40000\"><table:table-cell table:number-columns-repeated=\"1000\" office:value-type=\"string\"><text:p>Acme</text:p></table:table-cell></table:table-row>")) => Failed("too large");
    ods_wide_rows: "a.ods", ods(&ods_table("S", &"<table:table-row><table:table-cell table:number-columns-repeated=\"16384\" office:value-type=\"float\" office:value=\"1\"/></table:table-row>".repeat(1500))) => Failed("too large");
    ods_spaces_by_the_billion: "a.ods", ods(&ods_table("Clients", &ods_rows("").replace("Senior", "<text:s text:c=\"2000000000\"/>Senior"))) => Converted("");
    package_that_is_a_bomb: "a.xlsx", Xlsx::new().and("xl/media/image1.png", vec![0; 70 << 20]).zip() => Failed("as no list of clients does");
    package_that_lies_about_a_size: "a.xlsx", lying() => Failed("larger than its declared");

    // Compound files.
    compound_directory_in_a_circle_xls: "a.xls", linked(xls(&[], &[]), 1, 1) => Failed("circle");
    compound_directory_in_a_circle_xlsx: "a.xlsx", linked(xls(&[], &[]), 1, 1) => Failed("circle");
    compound_directory_in_a_circle_xlsb: "a.xlsb", linked(xls(&[], &[]), 1, 1) => Failed("circle");
    compound_stream_in_a_circle: "a.xls", linked(xls(&[], &[]), 4, 3) => Failed("");
    compound_cut_within_its_table: "a.xls", xls(&[], &[])[..700].to_vec() => Failed("cut off");
    compound_block_out_of_range: "a.xls", linked(xls(&[], &[]), 4, 70_000) => Failed("cut off");
    compound_cut_within_its_first_block: "a.xls", xls(&[], &[])[..100].to_vec() => Failed("cut off");

    // xls.
    xls_with_an_empty_continue_record: "a.xls", xls(&record(0x003C, &[]), &record(0x003C, &[])) => Converted("");
    xls_of_a_dos_code_page: "a.xls", craft::compound("Workbook", craft::biff(&record(0x0042, &words(&[850])), &[("Clients", 0, dos_cells())])) => Converted("");
    xls_of_an_unknown_code_page: "a.xls", xls(&record(0x0042, &words(&[10_029])), &[]) => Converted("code page 10029 is unknown");
    xls_stream_without_container: "a.xls", craft::biff(&[], &[("Clients", 0, craft::xls_cells())]) => Converted("");
    xls_formula_longer_than_its_record: "a.xls", xls(&[], &xls_formula(7.0, &[0xFF, 0xB4, 0x1E])) => Converted("");
    xls_formula_without_room_for_its_length: "a.xls", xls(&[], &xls_formula(7.0, &[])) => Failed("makes no sense");
    xls_record_of_one_byte: "a.xls", xls(&record(0x0022, &[1]), &[]) => Failed("makes no sense");
    xls_names_that_make_no_sense: "a.xls", xls(&[record(0x0018, &[0xFF; 20]), record(0x0017, &[0xFF; 3])].concat(), &[]) => Converted("");
    xls_with_a_chart_sheet_before: "a.xls", craft::compound("Workbook", craft::biff(&[], &[("Chart", 2, vec![]), ("Clients", 0, craft::xls_cells())])) => Converted("");
    xls_with_a_macro_sheet_behind: "a.xls", craft::compound("Workbook", craft::biff(&[], &[("Clients", 0, craft::xls_cells()), ("Macro", 1, vec![])])) => Converted("");
    xls_with_a_sheet_cut_off: "a.xls", craft::compound("Workbook", cut_behind_the_first_sheet()) => Partly("cut off");
    xls_protected: "a.xls", xls(&record(0x002F, &[1, 0, 1, 0]), &[]) => Failed("protected with a password");
    xls_protected_by_xor: "a.xls", xls(&record(0x002F, &[0, 0, 7, 7, 9, 9]), &[]) => Failed("protected with a password");
    xls_of_excel_4: "a.xls", b"\x09\x04\x06\x00\x00\x04\x10\x00".to_vec() => Failed("Excel 2, 3 or 4");
    xls_of_excel_4_in_a_container: "a.xls", craft::compound("Book", record(0x0809, &words(&[0x0400, 5, 0, 0]))) => Failed("Excel 2, 3 or 4");

    // xlsb.
    xlsb_text_number_out_of_range: "a.xlsb", xlsb(&[row(8), craft::xlsb_record(7, &[0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0])].concat(), &[]) => Converted("");
    xlsb_column_out_of_range: "a.xlsb", xlsb(&[row(8), craft::xlsb_record(5, &[0xF0, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xF0, 0x3F])].concat(), &[]) => Converted("");
    xlsb_sheet_without_relationship: "a.xlsb", xlsb(&[], &[("Gone", "rId9")]) => Converted("");
    xlsb_with_a_chart_sheet: "a.xlsb", xlsb(&[], &[("Chart", "rId2")]) => Converted("");
    xlsb_short_cell_records: "a.xlsb", xlsb(&[row(8), craft::xlsb_record(17, &[0, 0, 0, 0, 1, 0, 0, 0, b'x', 0])].concat(), &[]) => Converted("rewritten");

    // xlsx: one bad entry costs only itself.
    sheet_entry_without_relationship: "a.xlsx", Xlsx::new().with("workbook.xml", "</sheets>", "<sheet name=\"Gone\" sheetId=\"2\" r:id=\"r9\"/></sheets>").zip() => Converted("lead nowhere");
    sheet_of_excel_4_macros: "a.xlsm", Xlsx::new().with("workbook.xml.rels", "</Relationships>", "<Relationship Id=\"r3\" Type=\"x/xlMacrosheet\" Target=\"macrosheets/sheet1.xml\"/></Relationships>").with("workbook.xml", "</sheets>", "<sheet name=\"Macro\" sheetId=\"2\" r:id=\"r3\"/></sheets>").zip() => Converted("lead nowhere or to macros");
    sheet_of_an_unknown_state: "a.xlsx", Xlsx::new().with("workbook.xml", "sheetId=\"1\"", "sheetId=\"1\" state=\"shy\"").zip() => Converted("");
    sheet_that_is_a_chart: "a.xlsx", Xlsx::new().with("workbook.xml.rels", "</Relationships>", "<Relationship Id=\"r3\" Type=\"x/chartsheet\" Target=\"chartsheets/sheet1.xml\"/></Relationships>").with("workbook.xml", "</sheets>", "<sheet name=\"Chart\" sheetId=\"2\" r:id=\"r3\"/></sheets>").and("xl/chartsheets/sheet1.xml", "<chartsheet/>").zip() => Converted("");
    sheet_whose_part_is_missing: "a.xlsx", Xlsx::new().with("workbook.xml.rels", "</Relationships>", "<Relationship Id=\"r3\" Type=\"x/worksheet\" Target=\"worksheets/sheet9.xml\"/></Relationships>").with("workbook.xml", "</sheets>", "<sheet name=\"Lost\" sheetId=\"2\" r:id=\"r3\"/></sheets>").zip() => Partly("its part is missing");
    sheet_that_breaks_off_beside_a_good_one: "a.xlsx", two_sheets("<worksheet><sheetData><row r=\"1\"><c r=\"A1\"><v>1") => Partly("Second");
    error_values_of_later_excels: "a.xlsx", Xlsx::new().below("<row r=\"9\"><c r=\"B9\" t=\"e\"><v>#SPILL!</v></c><c r=\"C9\" t=\"e\"><v>#FIELD!</v></c></row>").zip() => Converted("");
    cell_of_an_unknown_type: "a.xlsx", Xlsx::new().below("<row r=\"9\"><c r=\"B9\" t=\"q\"><v>1</v></c><c r=\"C9\"><v>abc</v></c></row>").zip() => Converted("unknown type");
    value_before_its_formula: "a.xlsx",
        Xlsx::new().below("<row r=\"9\"><c r=\"B9\"><v>2</v><f>1+1</f></c></row>").zip() => Converted("B9");
    table_with_totals_and_without_headings: "a.xlsx", totals_without_headings() => Converted("");
    table_whose_part_is_missing: "a.xlsx", Xlsx::new().and("xl/worksheets/_rels/sheet1.xml.rels", "<Relationships><Relationship Id=\"t\" Type=\"x/table\" Target=\"../tables/table9.xml\"/></Relationships>").zip() => Converted("");
    xml_in_utf_16: "a.xlsx", Xlsx::new().recoded(|text| [&[0xFF, 0xFE][..], &words(&text.encode_utf16().collect::<Vec<_>>())].concat()).zip() => Converted("converted");
    xml_in_utf_16_the_other_way_round: "a.xlsx", Xlsx::new().recoded(|text| text.encode_utf16().flat_map(u16::to_be_bytes).collect()).zip() => Converted("converted");
    xml_bomb: "a.xlsx", Xlsx::new().with("sharedStrings.xml", "<sst", "<!DOCTYPE sst [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><sst").with("sharedStrings.xml", "Acme", "&b;&b;").zip() => Failed("");

    // ods.
    ods_pretty_printed: "a.ods", ods(&ods_table("Clients", &ods_rows("\n   "))) => Converted("");
    ods_with_comments_between_cells: "a.ods", ods(&ods_table("Clients", &ods_rows("<!-- x -->"))) => Converted("");
    ods_protected: "a.ods", zipped(&[("mimetype", "application/vnd.oasis.opendocument.spreadsheet"), ("META-INF/manifest.xml", "<manifest:manifest><manifest:file-entry manifest:full-path=\"content.xml\"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"), ("content.xml", "\x01\x02")]) => Failed("protected with a password");

    // What is no workbook, or no longer one.
    cut_off_while_copied: "a.xlsx", half(Xlsx::new().zip()) => Failed("copied completely");
    cut_off_csv_in_an_ods_name: "a.ods", half(ods(&ods_table("Clients", &ods_rows("")))) => Failed("copied completely");
    empty_file: "a.xlsx", Vec::new() => Skipped("0 bytes");
    lock_file: "~$a.xlsx", b"\x04John".to_vec() => Skipped("lock file");
    web_page_named_xls: "a.xls", b"<html><body><table><tr><td>Client</td></tr></table></body></html>".to_vec() => Skipped("web page");
    xml_named_xls: "a.xls", b"<?xml version=\"1.0\"?><root/>".to_vec() => Skipped("an XML file");
    excel_2003_xml_named_xls: "a.xls", b"<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"/>".to_vec() => Failed("Excel 2003 XML");
    csv_named_xlsx: "a.xlsx", csv() => Converted("");
    xlsx_named_xls: "a.xls", Xlsx::new().zip() => Converted("");
    xls_named_ods: "a.ods", xls(&[], &[]) => Converted("");
    ods_named_csv: "a.csv", ods(&ods_table("Clients", &ods_rows(""))) => Converted("");
    zip_of_anything: "a.xlsx", zipped(&[("a.csv", csv())]) => Skipped("zip archive");
    csv_with_nul_bytes: "a.csv", [csv(), b"\0\0\0".to_vec()].concat() => Skipped("binary data");
    csv_in_utf_16: "a.csv", [&[0xFF, 0xFE][..], &words(&csv().into_iter().map(u16::from).collect::<Vec<_>>())].concat() => Converted("");
}

fn half(bytes: Vec<u8>) -> Vec<u8> {
    bytes[..bytes.len() / 2].to_vec()
}

/// A package whose sheet says in the table of contents that it is small.
fn lying() -> Vec<u8> {
    let mut bytes = Xlsx::new().below(&"<row/>".repeat(10_000)).zip();
    let name = b"xl/worksheets/sheet1.xml";
    let entry = bytes.windows(name.len()).rposition(|window| window == name).unwrap() - 46;
    assert_eq!(bytes[entry..entry + 4], *b"PK\x01\x02");
    bytes[entry + 24..entry + 28].copy_from_slice(&500_u32.to_le_bytes());
    bytes
}

fn row(number: u32) -> Vec<u8> {
    craft::xlsb_record(0, &[&number.to_le_bytes()[..], &[0; 13]].concat())
}

/// The list with a client of DOS letters.
fn dos_cells() -> Vec<u8> {
    [craft::xls_cells(), record(0x0204, &[&words(&[9, 0, 0, 6])[..], b"M\x81ller"].concat())].concat()
}

/// A formula in B9 with its stored value.
fn xls_formula(value: f64, formula: &[u8]) -> Vec<u8> {
    let head = [words(&[8, 1, 0]), value.to_le_bytes().to_vec(), vec![0; 6]].concat();
    record(0x0006, &[&head[..], formula].concat())
}

fn cut_behind_the_first_sheet() -> Vec<u8> {
    let stream = craft::biff(&[], &[("Clients", 0, craft::xls_cells()), ("Second", 0, craft::xls_cells())]);
    let mut stream = stream[..stream.len() - 30].to_vec();
    // the container fills up with zeros, which no record is
    stream.extend([0xFF; 8]);
    stream
}

fn two_sheets(second: &str) -> Vec<u8> {
    let rel = "<Relationship Id=\"r3\" Type=\"x/worksheet\" Target=\"worksheets/sheet2.xml\"/></Relationships>";
    Xlsx::new()
        .with("workbook.xml.rels", "</Relationships>", rel)
        .with("workbook.xml", "</sheets>", "<sheet name=\"Second\" sheetId=\"2\" r:id=\"r3\"/></sheets>")
        .and("xl/worksheets/sheet2.xml", second)
        .zip()
}

/// The last row of the table is its totals.
fn totals_without_headings() -> Vec<u8> {
    let totals = "<row r=\"4\"><c r=\"A4\" t=\"inlineStr\"><is><t>Everybody</t></is></c><c r=\"B4\"><v>3</v></c></row>";
    let table = "<table name=\"T\" displayName=\"T\" ref=\"A2:F4\" headerRowCount=\"0\" totalsRowCount=\"1\"/>";
    let rel =
        "<Relationships><Relationship Id=\"t\" Type=\"x/table\" Target=\"../tables/table1.xml\"/></Relationships>";
    let parts = Xlsx::new().below(totals).and("xl/worksheets/_rels/sheet1.xml.rels", rel);
    parts.and("xl/tables/table1.xml", table).zip()
}

fn judge(file: &Value, outcome: &Outcome) -> Result<(), String> {
    let status = file["status"].as_str().unwrap();
    let reason = file["reason"].as_str().unwrap_or_default();
    let (expected, text, told) = match outcome {
        Converted(text) => ("converted", text, file["findings"].to_string()),
        Failed(text) | Partly(text) => ("failed", text, reason.to_owned()),
        Skipped(text) => ("skipped", text, reason.to_owned()),
    };
    if status == expected && told.contains(text) { Ok(()) } else { Err(format!("{file:#}")) }
}

fn check(name: &str, bytes: Vec<u8>, outcome: &Outcome) {
    let folder = TempDir::new().unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    fs::write(inbox.join(name), bytes).unwrap();
    // a run needs a workbook; this one is of another department, and of other clients
    let other = String::from_utf8(csv()).unwrap().replace("Acme", "Omega").replace("Beta", "Psi");
    fs::write(inbox.join("z other.csv"), other).unwrap();
    let ran = run(&inbox, &["--month", "2026-10"]);
    let file = ran.file(name);
    if let Err(file) = judge(&file, outcome) {
        panic!("{file}\n{}{}", ran.stdout(), ran.stderr());
    }
    assert_eq!(ran.status(), i32::from(matches!(outcome, Failed(_) | Partly(_))), "{file:#}");
    if matches!(outcome, Converted(_) | Partly(_)) {
        let rows = ran.first_clients(file["target"].as_str().unwrap());
        let clients: Vec<_> = rows.iter().map(|row| (row["Client"].to_string(), row["Score"].to_string())).collect();
        for client in [("Acme", "6"), ("Beta", "0")] {
            assert!(clients.contains(&(client.0.to_owned(), client.1.to_owned())), "{clients:?}");
        }
        assert!(
            clients.iter().all(|(name, _)| ["Acme", "Beta", "Müller", "x"].contains(&name.as_str())),
            "{clients:?}"
        );
    }
    assert_eq!(ran.file("z other.csv")["status"], "converted");
}

/// All of them in one inbox, and all of the same list: the batch ends and fails what fails.
fn together(traps: &[(&str, &str, Vec<u8>, Outcome)]) {
    let folder = TempDir::new().unwrap();
    let inbox = folder.path().join("inbox");
    for (name, file, bytes, _) in traps {
        fs::create_dir_all(inbox.join(name)).unwrap();
        fs::write(inbox.join(name).join(file), bytes).unwrap();
    }
    let output = keeptabs()
        .args(["check", "--month", "2026-10", "--jobs", "2", "--format", "json"])
        .arg(&inbox)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    for (name, file, _, outcome) in traps {
        let source = format!("{name}/{file}");
        let found = report["files"].as_array().unwrap().iter().find(|file| file["source"] == source.as_str()).unwrap();
        // those that converted alone are now the same list, handed in over and over
        let failed = matches!(outcome, Failed(_) | Partly(_));
        assert_eq!(found["status"] == "failed", failed, "{found:#}");
    }
}
