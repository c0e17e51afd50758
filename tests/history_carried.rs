//! What is carried from month to month: actions, and overrides without an end.

use crate::history::Months;
use crate::support::{number, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const LIST: &str = "\
Acme,Ana,1,1,0,senior,8,1000,900,active,
Bolt,Ana,0,0,0,junior,2,2000,1900,active,
Cog,Ben,1,1,0,junior,5,3000,2900,active,
";

type Lines = BTreeMap<String, BTreeMap<String, Data>>;

fn actions(months: &Months, month: &str) -> Lines {
    let rows = table(&months.out().join(month).join("Sales/Clients.xlsx"), "Actions");
    rows.into_iter().map(|row| (row["Client"].to_string(), row)).collect()
}

/// Owner, due, done and note of a client's line.
fn typed(lines: &Lines, client: &str) -> (String, Option<f64>, String, String) {
    let line = lines.get(client).unwrap_or_else(|| panic!("no {client} in {:?}", lines.keys()));
    let text = |heading: &str| line[heading].to_string();
    (text("Owner"), number(&line["Due"]), text("Done"), text("Note"))
}

/// Saves a result as an office program does that keeps values and properties, with these cells of Actions typed:
/// client, heading, value.
pub(crate) fn type_into(result: &Path, month: &str, cells: &[(&str, &str, &str)], target: &Path) {
    let mut book: Xlsx<_> = open_workbook(result).unwrap();
    let mut copy = Workbook::new();
    copy.set_properties(
        &DocProperties::new()
            .set_custom_property("keeptabs version", "0.1.0")
            .set_custom_property("keeptabs month", month)
            .set_custom_property("keeptabs language", "en")
            .set_custom_property("keeptabs source", "0"),
    );
    let day = Format::new().set_num_format("yyyy-mm-dd");
    for name in book.sheet_names() {
        let range = book.worksheet_range(&name).unwrap();
        let sheet = copy.add_worksheet().set_name(&name).unwrap();
        for (row, col, data) in range.used_cells() {
            let (row, col) = (row as u32, col as u16);
            match data {
                Data::Float(number) => sheet.write(row, col, *number).unwrap(),
                Data::Int(number) => sheet.write(row, col, *number).unwrap(),
                Data::DateTime(date) => {
                    let date = ExcelDateTime::from_serial_datetime(date.as_f64()).unwrap();
                    sheet.write_with_format(row, col, &date, &day).unwrap()
                }
                Data::Bool(value) => sheet.write(row, col, *value).unwrap(),
                other => sheet.write(row, col, other.to_string()).unwrap(),
            };
        }
        let headings: Vec<String> = range.rows().next().into_iter().flatten().map(ToString::to_string).collect();
        for (client, heading, value) in cells.iter().filter(|_| name == "Actions") {
            let row = range.rows().position(|row| row[0].to_string() == *client).unwrap() as u32;
            let col = headings.iter().position(|own| own == heading).unwrap() as u16;
            match value.split_once('-').filter(|_| *heading == "Due") {
                Some(_) => {
                    let date = ExcelDateTime::parse_from_str(value).unwrap();
                    sheet.write_with_format(row, col, &date, &day).unwrap()
                }
                None => sheet.write(row, col, *value).unwrap(),
            };
        }
    }
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    copy.save(target).unwrap();
}

fn first_month(months: &Months) {
    months.month("2025-09", &[("Sales", LIST)]);
    let result = months.out().join("2025-09/Sales/Clients.xlsx");
    let inbox = months.folder.path().join("inbox/Sales");
    fs::remove_dir_all(&inbox).unwrap();
    let cells = [
        ("Acme", "Owner", "Maya"),
        ("Acme", "Due", "2025-10-15"),
        ("Acme", "Note", "called twice"),
        ("Bolt", "Due", "2025-11-30"),
        ("Cog", "Done", "Yes"),
    ];
    type_into(&result, "2025-09", &cells, &inbox.join("Clients.xlsx"));
}

#[test]
fn actions_come_back_beside_a_list_that_does_not_hold_them() {
    let months = Months::new();
    first_month(&months);
    assert!(months.run("2025-10", &[]).status.success());
    let october = actions(&months, "2025-10");
    let acme = ("Maya".to_owned(), Some(45_945.0), String::new(), "called twice".to_owned());
    assert_eq!(typed(&october, "Acme"), acme);
    assert_eq!(typed(&october, "Cog").2, "", "what was done is done with, and the client worries still");
    // the department hands its own list in, without the result, and Bolt is gone from it
    let list = LIST.replace("Bolt,Ana,0,0,0,junior,2,2000,1900,active,\n", "");
    months.month("2025-11", &[("Sales", &list)]);
    let november = actions(&months, "2025-11");
    assert_eq!(typed(&november, "Acme"), acme);
    assert_eq!(typed(&november, "Bolt"), (String::new(), Some(45_991.0), String::new(), String::new()));
    // another department's month in between changes nothing, nor does a month in which Sales hands nothing in
    months.month("2025-12", &[("Ops", "Zeta,Cem,2,2,3,senior,9,500,400,active,\n")]);
    months.month("2026-01", &[("Sales", LIST), ("Ops", "Zeta,Cem,2,2,3,senior,9,500,400,active,\n")]);
    assert_eq!(typed(&actions(&months, "2026-01"), "Acme"), acme);
    // without history nobody knows
    assert!(months.run("2026-01", &["--no-history"]).status.success());
    assert_eq!(typed(&actions(&months, "2026-01"), "Acme").3, "");
}

#[test]
fn a_result_beside_the_new_list_gives_its_actions() {
    let months = Months::new();
    first_month(&months);
    let inbox = months.folder.path().join("inbox/Sales");
    // the new list names the month; the result is last month's and is passed over as a list
    let heading = crate::history::HEADING;
    fs::write(inbox.join("Clients 2025-10.csv"), format!("{heading}{LIST}")).unwrap();
    fs::rename(inbox.join("Clients.xlsx"), inbox.join("Clients 2025-09.xlsx")).unwrap();
    assert!(months.run("2025-10", &[]).status.success());
    let report = months.report("2025-10");
    let status = |file: &Value| file["status"].as_str().unwrap().to_owned();
    let files: Vec<_> = report["files"].as_array().unwrap().iter().map(status).collect();
    assert_eq!(files, ["skipped", "converted"], "{report:#}");
    let rows = table(&months.out().join("2025-10/Sales/Clients 2025-10.xlsx"), "Actions");
    let lines: Lines = rows.into_iter().map(|row| (row["Client"].to_string(), row)).collect();
    assert_eq!(typed(&lines, "Acme"), ("Maya".into(), Some(45_945.0), String::new(), "called twice".into()));
    assert_eq!(typed(&lines, "Bolt").0, "Ana", "the account manager was not typed");
    let stored = keeptabs::history::load(&months.store()).unwrap();
    let bolt = stored[1].actions.iter().find(|typed| typed.action.client == "Bolt").unwrap();
    assert_eq!(bolt.action.owner, None);
}

/// Two people filled in their own copy: what the run leaves out is told.
#[test]
fn results_that_disagree_about_an_action_are_told() {
    let months = Months::new();
    first_month(&months);
    let inbox = months.folder.path().join("inbox/Sales");
    let result = months.out().join("2025-09/Sales/Clients.xlsx");
    let other = [("Acme", "Owner", "Maya"), ("Acme", "Due", "2025-10-15"), ("Acme", "Note", "sent a card")];
    type_into(&result, "2025-09", &other, &inbox.join("Clients copy 2025-09.xlsx"));
    fs::rename(inbox.join("Clients.xlsx"), inbox.join("Clients 2025-09.xlsx")).unwrap();
    fs::write(inbox.join("Clients 2025-10.csv"), format!("{}{LIST}", crate::history::HEADING)).unwrap();
    months.run("2025-10", &[]);
    let report = months.report("2025-10");
    let findings = report["findings"].as_array().unwrap().iter();
    let told: Vec<_> =
        findings.filter(|f| f["message"].as_str().unwrap().contains("disagree about the actions")).collect();
    assert_eq!(told.len(), 1, "{report:#}");
    assert_eq!(told[0]["code"], "conflict");
    let message = told[0]["message"].as_str().unwrap();
    for part in [
        "\"Acme\"",
        "note \"called twice\" (Sales/Clients 2025-09.xlsx)",
        "note \"sent a card\" (Sales/Clients copy 2025-09.xlsx)",
    ] {
        assert!(message.contains(part), "{part} in {message}");
    }
    let counts = message.split("; ").last().unwrap().split(" is the last").next().unwrap();
    let stored = keeptabs::history::load(&months.store()).unwrap();
    let acme = stored.last().unwrap().actions.iter().find(|typed| typed.action.client == "Acme").unwrap();
    let note = if counts == "Sales/Clients 2025-09.xlsx" { "called twice" } else { "sent a card" };
    assert_eq!(acme.action.note.as_deref(), Some(note), "{message}");
}

const OVERRIDES: &str = "Client,Account manager,Our contacts,Client contacts,Meetings (6 months),Decision-maker level,Survey score,Override status,Override reason,Override until\n";

fn overridden(months: &Months, month: &str, rows: &str) -> Vec<(String, String)> {
    let inbox = months.folder.path().join("inbox/Sales");
    fs::create_dir_all(&inbox).unwrap();
    fs::write(inbox.join("Clients.csv"), format!("{OVERRIDES}{rows}")).unwrap();
    let output = months.run(month, &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = months.report(month);
    let findings = report["files"][0]["findings"].as_array().unwrap();
    let of_overrides = findings.iter().filter(|finding| finding["code"] == "override-not-live");
    of_overrides
        .map(|finding| (finding["cell"].as_str().unwrap().to_owned(), finding["message"].as_str().unwrap().to_owned()))
        .collect()
}

#[test]
fn an_override_without_an_end_lives_to_the_end_of_its_first_fiscal_year() {
    let months = Months::new();
    let rows = "Acme,Ana,2,2,3,senior,10,At risk,merger,\nBolt,Ana,2,2,3,senior,10,,,\n";
    let status = |month: &str| {
        let rows = months.rows(month, "Sales");
        (rows["Acme"]["Status"].to_string(), number(&rows["Acme"]["Override until"]))
    };
    assert_eq!(overridden(&months, "2025-11", rows), []);
    let end = Some(46_022.0); // 2025-12-31
    assert_eq!(status("2025-11"), ("At risk".to_owned(), end));
    assert_eq!(overridden(&months, "2025-12", rows), []);
    assert_eq!(status("2025-12"), ("At risk".to_owned(), end));
    let findings = overridden(&months, "2026-01", rows);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert!(findings[0].0 == "J2" && findings[0].1.contains("2025-12-31"), "{findings:?}");
    assert_eq!(status("2026-01"), ("Strong".to_owned(), end));
    assert_eq!(months.report("2026-01")["files"][0]["at_risk"], 0);
    // another reason is another override
    assert_eq!(overridden(&months, "2026-01", &rows.replace("merger", "lawsuit")), []);
    assert_eq!(status("2026-01"), ("At risk".to_owned(), Some(46_387.0)));
    // without history nothing tells since when it stands: it lives
    let output = months.run("2026-01", &["--no-history"]);
    assert!(output.status.success());
    assert_eq!(status("2026-01"), ("At risk".to_owned(), None));
}

#[test]
fn overrides_live_on_their_last_day_and_are_listed_when_they_do_not_live() {
    let months = Months::new();
    let rows = "\
        Last day,Ana,2,2,3,senior,10,At risk,merger,2025-11-30\n\
        Ended,Ana,2,2,3,senior,10,At risk,merger,2025-11-29\n\
        No reason,Ana,2,2,3,senior,10,At risk,,2026-11-29\n\
        No status,Ana,2,2,3,senior,10,,merger,2026-11-29\n\
        No day,Ana,2,2,3,senior,10,At risk,merger,soon\n\
        Plain,Ana,2,2,3,senior,10,,,\n";
    let findings = overridden(&months, "2025-11", rows);
    let cells: Vec<_> = findings.iter().map(|(cell, _)| cell.as_str()).collect();
    assert_eq!(cells, ["J3", "I4", "H5", "J6"], "{findings:#?}");
    let parts = ["ended on 2025-11-29", "lacks its reason", "lacks its status", "end of the override cannot be read"];
    for ((_, message), part) in findings.iter().zip(parts) {
        assert!(message.contains(part), "{message}");
    }
    let rows = months.rows("2025-11", "Sales");
    let status: Vec<_> = ["Last day", "Ended", "No reason", "No status", "No day", "Plain"]
        .map(|client| rows[client]["Status"].to_string())
        .into();
    assert_eq!(status, ["At risk", "Strong", "Strong", "Strong", "Strong", "Strong"]);
    let stored = keeptabs::history::load(&months.store()).unwrap();
    let live: Vec<_> = stored[0].accounts.iter().flat_map(|account| &account.overrides).map(|own| own.live).collect();
    assert_eq!(live.iter().filter(|live| **live).count(), 1, "{live:?}");
}
