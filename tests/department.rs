//! What a department's workbook carries, and what it says where it cannot.

use crate::support::{Ran, fixtures, number, run, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{Chart, Format, Note, Workbook};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use tempfile::TempDir;

const MONTH: [&str; 2] = ["--month", "2026-11"];

fn part(path: &Path, name: &str) -> String {
    let mut package = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    package.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The texts of a sheet, row by row.
fn texts(path: &Path, sheet: &str) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ")).collect()
}

fn column<'a>(rows: &'a [BTreeMap<String, Data>], heading: &str) -> Vec<&'a Data> {
    rows.iter().map(|row| row.get(heading).unwrap_or_else(|| panic!("no {heading}: {row:?}"))).collect()
}

fn said(ran: &Ran, source: &str, code: &str) -> Vec<String> {
    let file = ran.file(source);
    let findings = file["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    findings.map(|finding| finding["message"].as_str().unwrap().to_owned()).collect()
}

/// Texts that programs like to take for something else.
const TEXTS: [&str; 9] = [
    "=1+1",
    "+31 20 1234",
    "-n",
    "@home",
    "<r>bad & broken</r>",
    "a\u{1}b_x0041_",
    "TRUE",
    "00123",
    "http://x.example",
];

#[test]
fn what_is_carried_is_carried_as_it_was() {
    let folder = TempDir::new().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("List").unwrap();
    let headings = ["Client", "Our contacts", "Meetings", "Survey score", "Tag", "<r>Seen</r>", "Weight", "Yes", "Sum"];
    for (col, heading) in (0u16..).zip(headings) {
        // headings as a rich string: plain ones that look like its XML would break the file
        sheet.write_rich_string(0, col, &[(&Format::new(), heading)]).unwrap();
    }
    let (day, weight) = (Format::new().set_num_format("dd/mm/yyyy"), Format::new().set_num_format("0.00\" kg\""));
    for (row, text) in (1u32..).zip(TEXTS) {
        sheet.write_string(row, 0, format!("Client {text}")).unwrap();
        sheet.write_number(row, 1, 2).unwrap().write_number(row, 2, 3).unwrap().write_number(row, 3, 9).unwrap();
        match text.starts_with("<r>") {
            true => sheet.write_rich_string(row, 4, &[(&Format::new(), text)]).unwrap(),
            false => sheet.write_string(row, 4, text).unwrap(),
        };
        sheet.write_number_with_format(row, 5, 46_000.0 + f64::from(row), &day).unwrap();
        sheet.write_number_with_format(row, 6, 1.5, &weight).unwrap();
        sheet.write_boolean(row, 7, true).unwrap();
        sheet.write_formula(row, 8, rust_xlsxwriter::Formula::new("=B2+C2").set_result("5")).unwrap();
    }
    sheet.set_row_hidden(3).unwrap().set_column_hidden(6).unwrap();
    sheet.insert_note(1, 0, &Note::new("call them")).unwrap();
    let mut chart = Chart::new_bar();
    chart.add_series().set_values("List!$B$2:$B$4");
    sheet.insert_chart(12, 1, &chart).unwrap();
    book.add_worksheet().set_name("Budget").unwrap().write_string(0, 0, "Rent").unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    book.save(inbox.join("List.xlsx")).unwrap();
    let ran = run(&inbox, &MONTH);
    let path = ran.month().join("List.xlsx");
    let rows = ran.first_clients("List.xlsx");
    let expected: Vec<_> = TEXTS.iter().map(|text| Data::String((*text).to_owned())).collect();
    assert_eq!(column(&rows, "Tag"), expected.iter().collect::<Vec<_>>());
    let clients: Vec<_> = TEXTS.iter().map(|text| Data::String(format!("Client {text}"))).collect();
    assert_eq!(column(&rows, "Client"), clients.iter().collect::<Vec<_>>());
    assert!(column(&rows, "‹r>Seen‹/r>").iter().all(|cell| matches!(cell, Data::DateTime(_))), "dates stay dates");
    assert!(column(&rows, "Yes").iter().all(|cell| **cell == Data::Bool(true)));
    assert!(column(&rows, "Sum").iter().all(|cell| number(cell) == Some(5.0)));
    let styles = part(&path, "xl/styles.xml");
    assert!(styles.contains("dd/mm/yyyy") && styles.contains("0.00&quot; kg&quot;"), "number formats are carried");
    assert!(!part(&path, "xl/worksheets/sheet1.xml").contains("<f>B2+C2</f>"));
    let not_carried = said(&ran, "List.xlsx", "not-carried").join("\n");
    for what in ["9 formulas", "1 note", "1 hidden row", "1 hidden column", "1 chart"] {
        assert!(not_carried.contains(what), "{what}: {not_carried}");
    }
    let quality = texts(&path, "Data quality").join("\n");
    assert!(quality.contains("Budget") && quality.contains("9 formulas"), "{quality}");
    // once more: everything came through unharmed
    let again = TempDir::new().unwrap();
    fs::copy(&path, again.path().join("List.xlsx")).unwrap();
    assert_eq!(run(again.path(), &MONTH).first_clients("List.xlsx"), rows);
}

#[test]
fn a_text_too_long_for_a_cell_is_cut_and_macros_stay_behind() {
    let folder = TempDir::new().unwrap();
    let long = "é".repeat(40_000);
    fs::write(folder.path().join("List.csv"), format!("Client,Our contacts,Meetings,Tag\nAcme,1,2,{long}\n")).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (col, (heading, value)) in (0u16..).zip([("Client", "Bolt"), ("Our contacts", "2"), ("Meetings", "3")]) {
        sheet.write(0, col, heading).unwrap().write(1, col, value).unwrap();
    }
    let project = folder.path().join("project.tmp");
    fs::write(&project, "macros").unwrap();
    book.add_vba_project(&project).unwrap();
    book.save(folder.path().join("Macros.xlsm")).unwrap();
    fs::remove_file(project).unwrap();
    let ran = run(folder.path(), &MONTH);
    let rows = ran.first_clients("List.xlsx");
    assert_eq!(column(&rows, "Tag"), [&Data::String("é".repeat(32_767))]);
    assert_eq!(said(&ran, "List.csv", "text-cut").len(), 1);
    assert_eq!(said(&ran, "Macros.xlsm", "not-carried"), ["macros: the result does not carry them"]);
}

#[test]
fn a_survey_on_another_scale_stands_beside_what_it_was_converted_to() {
    let ran = run(&fixtures().join("cases/scale-in-heading/inbox"), &MONTH);
    let rows = ran.first_clients("Clients.xlsx");
    let (was, is) = (column(&rows, "Survey (1-5) (as handed in)"), column(&rows, "Survey score"));
    let answers: Vec<_> = was.iter().zip(&is).filter_map(|(was, is)| Some((number(was)?, number(is)?))).collect();
    assert!(answers.len() >= 3);
    assert!(answers.iter().all(|(was, is)| was * 2.0 == *is), "{answers:?}");
}

/// Without formulas the workbook says the same, in a plain range.
#[test]
fn values_say_what_formulas_say() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("keeptabs.toml");
    fs::write(&config, "month = \"2026-11\"\n[output]\nlive_rows = 4\n").unwrap();
    let inbox = fixtures().join("cases/wrong-values/inbox");
    let live = run(&inbox, &MONTH);
    let results =
        [run(&inbox, &["--month", "2026-11", "--values"]), run(&inbox, &["--config", config.to_str().unwrap()])];
    let target = live.report()["files"][0]["target"].as_str().unwrap().to_owned();
    let sheet = "xl/worksheets/sheet1.xml";
    let formulas = part(&live.month().join(&target), sheet);
    assert!(formulas.contains("<f>") && formulas.contains("<tableParts"));
    for values in results {
        let path = values.month().join(&target);
        let plain = part(&path, sheet);
        assert!(!plain.contains("<f>") && !plain.contains("<tableParts") && plain.contains("<autoFilter"), "{plain}");
        // the same colours; icons and bars as well
        let rules = |xml: &str| xml.matches("<cfRule").count();
        assert_eq!(rules(&plain), rules(&formulas));
        let name = {
            let book: Xlsx<_> = open_workbook(&path).unwrap();
            book.sheet_names()[0].clone()
        };
        let shown = |rows: Vec<BTreeMap<String, Data>>| {
            let text = |data: &Data| data.to_string();
            rows.iter()
                .map(|row| row.iter().map(|(key, cell)| (key.clone(), text(cell))).collect())
                .collect::<Vec<Vec<_>>>()
        };
        assert_eq!(shown(values.clients(&target, &name)), shown(table(&live.month().join(&target), &name)));
        let method = texts(&path, "Method").join("\n");
        assert!(method.contains("This workbook holds values, not formulas"), "{method}");
    }
}

/// Excel repairs a sheet in which a row comes twice, and loses what it says.
#[test]
fn every_row_comes_once_and_in_order() {
    let ran = run(&fixtures().join("inbox"), &MONTH);
    // a wrong value has a note, and a note asks for a row
    let target = ran.month().join("Sales/UK clients.xlsx");
    let sheet = part(&target, "xl/worksheets/sheet1.xml");
    assert!(part(&target, "xl/comments1.xml").contains("ref=\"H"), "no note on a survey score");
    let rows: Vec<u32> =
        sheet.split("<row r=\"").skip(1).map(|row| row[..row.find('"').unwrap()].parse().unwrap()).collect();
    assert!(rows.is_sorted_by(|a, b| a < b), "{rows:?}");
}

#[test]
fn actions_stand_in_the_order_of_the_summary() {
    let ran = run(&fixtures().join("inbox"), &MONTH);
    let path = ran.month().join("Sales/UK clients.xlsx");
    let status = table(&path, "Actions");
    let order: Vec<String> = column(&status, "Status").iter().map(|status| status.to_string()).collect();
    let at_risk = order.iter().filter(|status| *status == "At risk").count();
    assert!(at_risk > 0 && at_risk < order.len(), "{order:?}");
    assert!(order[..at_risk].iter().all(|status| status == "At risk"), "{order:?}");
    let summary = texts(&path, "Summary");
    let first = summary.iter().position(|row| row.contains("Next step")).unwrap() + 1;
    let client = column(&status, "Client")[0].to_string();
    assert!(summary[first].contains(&client), "{client}: {}", summary[first]);
}

/// A list with an amount a client, each in its own currency, and what its Summary says.
fn summary_of(amounts: &[(f64, &str)]) -> String {
    let folder = TempDir::new().unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("List").unwrap();
    let headings = ["Client", "Our contacts", "Client contacts", "Meetings", "Level", "Survey score", "Revenue 2025"];
    sheet.write_row(0, 0, headings.iter().chain(&["Currency"]).copied()).unwrap();
    for (row, (amount, currency)) in (1u32..).zip(amounts) {
        sheet.write(row, 0, format!("Client {row}")).unwrap();
        sheet.write_row(row, 1, [1.0, 1.0, 0.0]).unwrap();
        sheet.write(row, 4, "Junior").unwrap();
        sheet.write_row(row, 5, [5.0, *amount]).unwrap();
        sheet.write(row, 7, *currency).unwrap();
    }
    book.save(folder.path().join("List.xlsx")).unwrap();
    let ran = run(folder.path(), &MONTH);
    assert_eq!(ran.status(), 0, "{}", ran.stdout());
    texts(&ran.month().join("List.xlsx"), "Summary").join("\n")
}

#[test]
fn a_summary_names_its_currency_and_adds_up_one_only() {
    let one = summary_of(&[(1000.0, "EUR"), (2000.0, "EUR")]);
    assert!(one.contains("Revenue at risk (EUR)") && one.contains("3000"), "{one}");
    let two = summary_of(&[(1000.0, "EUR"), (2000.0, "USD")]);
    assert!(two.contains("amounts in EUR, USD are not added up") && !two.contains("3000"), "{two}");
}
