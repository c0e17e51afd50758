//! `keeptabs history` and `keeptabs client`.

use crate::history::Months;
use crate::support::{fixtures, keeptabs};
use calamine::{Data, Reader, open_workbook_auto};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Output;
use tempfile::TempDir;

fn call(out: &Path, arguments: &[&str]) -> Output {
    keeptabs().args(arguments).arg("--out").arg(out).output().unwrap()
}

fn text(out: &Path, arguments: &[&str]) -> String {
    let output = call(out, arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(out: &Path, arguments: &[&str]) -> Value {
    serde_json::from_str(&text(out, &[arguments, &["--format", "json"]].concat())).unwrap()
}

/// What is said when it cannot be done.
fn refused(out: &Path, arguments: &[&str]) -> String {
    let output = call(out, arguments);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).unwrap()
}

/// The demo organisation in two months.
fn demo() -> (TempDir, std::path::PathBuf) {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("results");
    for month in ["2026-09", "2026-10"] {
        let mut run = keeptabs();
        run.arg("run").arg(fixtures().join("inbox")).args(["--month", month, "-q", "--out"]).arg(&out);
        assert!(run.status().unwrap().success());
    }
    (folder, out)
}

type Record = BTreeMap<String, String>;

fn records(text: &str) -> Vec<Record> {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn sum(records: &[Record], column: &str) -> f64 {
    records.iter().filter_map(|record| record[column].parse::<f64>().ok()).sum()
}

#[test]
fn the_months_say_what_clients_csv_says() {
    let (_folder, out) = demo();
    let lines = records(&text(&out, &["history", "--format", "csv"]));
    assert_eq!(lines.iter().map(|line| line["month"].as_str()).collect::<Vec<_>>(), ["2026-09", "2026-10"]);
    let clients = records(&fs::read_to_string(out.join("2026-10/clients.csv")).unwrap());
    let with = |column: &str, value: &str| clients.iter().filter(|client| client[column] == value).count().to_string();
    let line = &lines[1];
    assert_eq!(line["clients"], clients.len().to_string());
    for status in ["strong", "watch", "at_risk", "not_scored"] {
        assert_eq!(line[status], with("status", status), "{status}");
    }
    assert_eq!(line["kpi_met"], with("kpi_met", "true"));
    let close = |a: &str, b: f64| (a.parse::<f64>().unwrap() - b).abs() < 1e-6 * b.abs().max(1.0);
    assert!(close(&line["score"], sum(&clients, "score") / line["scored"].parse::<f64>().unwrap()));
    for money in ["revenue_last_year", "target", "revenue_current", "revenue_at_risk"] {
        assert!(close(&line[money], sum(&clients, money)), "{money}: {} {}", line[money], sum(&clients, money));
    }
    assert_eq!((line["change"].as_str(), line["previous_month"].as_str()), ("0", "2026-09"));
    // a line each: the same clients, and departments and managers add up to the same accounts
    let each = records(&text(&out, &["history", "clients", "--format", "csv"]));
    let latest: Vec<Record> = each.into_iter().filter(|line| line["month"] == "2026-10").collect();
    assert_eq!(latest.len(), clients.len());
    assert_eq!(sum(&latest, "score"), sum(&clients, "score"));
    assert!(close(&line["revenue_at_risk"], sum(&latest, "revenue_at_risk")));
    let accounts: Vec<f64> = ["departments", "managers"]
        .iter()
        .map(|what| {
            let lines = records(&text(&out, &["history", what, "--format", "csv"]));
            sum(&lines.into_iter().filter(|line| line["month"] == "2026-10").collect::<Vec<_>>(), "clients")
        })
        .collect();
    let report: Value = serde_json::from_slice(&fs::read(out.join("2026-10/run.json")).unwrap()).unwrap();
    assert_eq!(accounts[0], accounts[1]);
    assert!(report["totals"]["accounts"].as_f64().unwrap() >= accounts[0], "rows of one account count once");
    let json = json(&out, &["history"]);
    assert_eq!((&json["version"], &json["by"]), (&1.into(), &"organisation".into()));
    assert_eq!(json["lines"][1]["revenue_last_year"]["EUR"].as_f64().unwrap(), sum(&lines[1..], "revenue_last_year"));
}

#[test]
fn tables_fit_and_say_what_they_leave_out() {
    let (_folder, out) = demo();
    for arguments in [
        vec!["history"],
        vec!["history", "departments"],
        vec!["history", "managers"],
        vec!["history", "clients"],
        vec!["history", "--manager", "Ana Costa"],
        vec!["history", "--client", "fenwick"],
        vec!["history", "clients", "--manager", "ana costa"],
    ] {
        let shown = text(&out, &arguments);
        assert!(shown.lines().count() > 3 && shown.contains("2026-10"), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() <= 120), "{shown}");
        assert!(!shown.contains('\u{1b}'), "colours in a file");
    }
    assert!(text(&out, &["history"]).contains("not shown for want of room: last year, target"));
}

#[test]
fn every_input_of_a_client_stands_in_its_cell() {
    let (_folder, out) = demo();
    let mut compared = 0;
    for name in ["Caledon Whisky", "Müllersen", "Fenwick Marine", "Noordzee Logistiek"] {
        let report = json(&out, &["client", name]);
        for account in report["accounts"].as_array().unwrap() {
            let points = account["points"].as_array().unwrap();
            let given: f64 = points.iter().filter_map(|point| point["points"].as_f64()).sum();
            assert_eq!(account["score"].as_f64(), Some(given), "{account:#}");
            let row = &account["rows"][0];
            let mut book = open_workbook_auto(fixtures().join("inbox").join(row["file"].as_str().unwrap())).unwrap();
            let range = book.worksheet_range(row["sheet"].as_str().unwrap()).unwrap();
            for input in points.iter().map(|point| &point["input"]).chain(account["inputs"].as_array().unwrap()) {
                let (Some(value), [cell]) = (input["value"].as_str(), input["cells"].as_array().unwrap().as_slice())
                else {
                    continue;
                };
                let stands = range.get_value(place(cell.as_str().unwrap())).unwrap();
                if let (Data::Float(_) | Data::Int(_), Ok(number)) = (stands, value.parse::<f64>()) {
                    assert_eq!(crate::support::number(stands), Some(number), "{name} {input:#}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 20, "{compared} cells compared");
}

/// "E29" as row and column from 0.
fn place(cell: &str) -> (u32, u32) {
    let letters = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    let col = letters.bytes().fold(0, |col, letter| col * 26 + u32::from(letter - b'A') + 1);
    (cell[letters.len()..].parse::<u32>().unwrap() - 1, col - 1)
}

const HEADING: &str = "Client,Client ID,Account manager,Our contacts,Client contacts,Meetings (6 months),Decision-maker level,Survey score,Override status,Override reason,Override until,Override by\n";

fn month(months: &Months, month: &str, rows: &str, options: &[&str]) {
    let inbox = months.folder.path().join("inbox/Sales");
    fs::create_dir_all(&inbox).unwrap();
    fs::write(inbox.join("Clients.csv"), format!("{HEADING}{rows}")).unwrap();
    let output = months.run(month, options);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn story() -> Months {
    let months = Months::new();
    month(
        &months,
        "2026-08",
        "Acme Ltd,K-7,Ana,1,1,0,senior,8,,,,\nAcme Trading,K-9,Ana,1,1,0,senior,8,,,,\nGone & Co,K-3,Ben,1,1,0,junior,8,,,,\n",
        &[],
    );
    let harder = months.folder.path().join("keeptabs.toml");
    fs::write(&harder, keeptabs::config::DEFAULT.replace("{ at_least = 2 }", "{ at_least = 3 }")).unwrap();
    month(
        &months,
        "2026-09",
        "Acme Ltd,K-7,Ana,2,1,2,senior,hardly,At risk,merger,,Maya\nAcme Trading,K-9,Ana,1,1,0,senior,8,,,,\n",
        &[],
    );
    months
}

#[test]
fn a_client_with_its_points_override_and_what_changed() {
    let months = story();
    let report = json(&months.out(), &["client", "acme", "ltd"]);
    assert_eq!((&report["name"], &report["month"]), (&"Acme Ltd".into(), &"2026-09".into()));
    assert_eq!((&report["status"], &report["score"]), (&"at_risk".into(), &3.0.into()));
    let account = &report["accounts"][0];
    let point = |id: &str| {
        let points = account["points"].as_array().unwrap();
        points.iter().find(|point| point["criterion"] == id).unwrap().clone()
    };
    let ours = point("our_contacts");
    assert_eq!((&ours["rule"], &ours["moved"]), (&"more than 1".into(), &1.0.into()));
    assert_eq!((&ours["input"]["value"], &ours["input"]["cells"][0]), (&"2".into(), &"D2".into()));
    let meetings = point("meetings");
    assert_eq!((&meetings["rule"], &meetings["points"]), (&"at least 3".into(), &0.0.into()));
    let survey = point("survey_score");
    assert_eq!((&survey["points"], &survey["input"]["wrong"]), (&Value::Null, &true.into()));
    assert_eq!(account["overrides"][0]["until"], "2026-12-31");
    assert_eq!(
        (&account["overrides"][0]["live"], &account["overrides"][0]["end_given"]),
        (&true.into(), &false.into())
    );
    assert_eq!((&account["previous_month"], &account["change"]), (&"2026-08".into(), &1.0.into()));
    assert_eq!((&account["change_by_client"], &account["change_by_scorecard"]), (&1.0.into(), &0.0.into()));
    let shown = text(&months.out(), &["client", "Acme Ltd"]);
    for part in [
        "Acme Ltd · 2026-09 · 3 of 6 · At risk · KPI not met",
        "2026-08 2 · 2026-09 3",
        "Sales/Clients.csv, sheet Clients, row 2",
        "our contacts (+1)",
        "not readable",
        "override  At risk instead of Watch: merger, by Maya, until 2026-12-31 (the end of its first fiscal year)",
        "changed   +1 since August 2026: our contacts 1 → 2 (+1)",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    // an earlier month as it was scored then
    let august = text(&months.out(), &["client", "Acme Ltd", "--month", "2026-08"]);
    assert!(august.contains("2 of 6 · At risk") && august.contains("at least 2"), "{august}");
    assert!(august.contains("another scorecard than the configuration's"), "{august}");
}

#[test]
fn names_are_found_folded_in_part_by_id_or_not_at_all() {
    let months = story();
    let out = months.out();
    let name = |arguments: &[&str]| json(&out, &[&["client"], arguments].concat())["name"].clone();
    assert_eq!(name(&["ACME LIMITED"]), "Acme Ltd");
    assert_eq!(name(&["k-9"]), "Acme Trading");
    assert_eq!(name(&["trad"]), "Acme Trading");
    let several = refused(&out, &["client", "Acm"]);
    for part in ["2 clients fit \"Acm\"", "Acme Ltd (Sales, id k-7)", "Acme Trading (Sales, id k-9)"] {
        assert!(several.contains(part), "{several}");
    }
    let nearest = refused(&out, &["client", "Acne Trading"]);
    assert!(nearest.contains("no client is called") && nearest.contains("nearest are Acme Trading"), "{nearest}");
    assert!(refused(&out, &["history", "--client", "Acm"]).contains("2 clients fit"));
    assert!(refused(&out, &["history", "--manager", "Zoe"]).contains("there are Ana; Ben"));
    assert!(refused(&out, &["history", "departments", "--manager", "Ana"]).contains("--manager"));
    // who is gone is shown as last listed
    let gone = text(&out, &["client", "gone"]);
    assert!(gone.contains("2026-08") && gone.contains("not listed in 2026-09, the latest stored month"), "{gone}");
    assert!(refused(&out, &["client", "gone", "--month", "2026-09"]).contains("it is in 2026-08"));
    assert!(refused(&out, &["client", "gone", "--month", "2026-07"]).contains("there are 2026-08, 2026-09"));
}

#[test]
fn without_a_stored_month_there_is_nothing_to_show() {
    let folder = TempDir::new().unwrap();
    for arguments in [&["history"][..], &["client", "Acme"]] {
        let said = refused(folder.path(), arguments);
        assert!(said.contains("no month is stored") && said.contains("--out"), "{said}");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "looking makes no file");
}
