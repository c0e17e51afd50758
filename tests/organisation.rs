//! What a run writes about the whole organisation: the summary, clients.csv and clients.parquet, managers' workbooks.

use crate::support::{Ran, fixtures, hashes, number, run, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn demo(options: &[&str]) -> Ran {
    let ran = run(&fixtures().join("inbox"), options);
    assert_eq!(ran.status(), 0, "{}{}", ran.stdout(), ran.stderr());
    ran
}

fn summary(ran: &Ran) -> PathBuf {
    ran.month().join(ran.report()["summary"].as_str().expect("a summary was written"))
}

/// A sheet's rows as texts.
fn rows(path: &Path, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// A list on a sheet from the row whose first cell is `heading` to the line of totals, by name.
fn list(path: &Path, sheet: &str, heading: &str) -> BTreeMap<String, BTreeMap<String, f64>> {
    let rows = rows(path, sheet);
    let mut rows = rows.iter().skip_while(|row| row[0] != heading);
    let headings = rows.next().unwrap_or_else(|| panic!("no {heading} on {sheet}"));
    rows.take_while(|row| !row[0].is_empty())
        .map(|row| {
            // a stored result has 15 digits
            let rounded = |figure: f64| (figure * 1e9).round() / 1e9;
            let figures = headings.iter().cloned().zip(row.iter().map(|cell| cell.parse().ok()));
            let figures =
                figures.filter_map(|(heading, figure): (String, Option<f64>)| Some((heading, rounded(figure?))));
            (row[0].clone(), figures.collect())
        })
        .collect()
}

/// An inbox of csv lists by path.
fn inbox(lists: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (path, rows) in lists {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let heading = "Client,Account manager,Our contacts,Client contacts,Meetings,Decision-maker level,Survey score,Revenue last year";
        fs::write(path, format!("{heading}\n{rows}\n")).unwrap();
    }
    folder
}

#[test]
fn the_summary_has_its_sheets_and_reconciles() {
    let ran = demo(&[]);
    let path = summary(&ran);
    assert_eq!(path.file_name().unwrap(), "Client retention summary 2026-11.xlsx");
    let book: Xlsx<_> = open_workbook(&path).unwrap();
    assert_eq!(
        book.sheet_names(),
        [
            "Overview",
            "Clients",
            "Key accounts",
            "At risk",
            "Managers",
            "Departments",
            "Movers",
            "Retention",
            "Trend",
            "Duplicates",
            "Data quality",
            "Accounts",
            "Run log",
            "Method"
        ]
    );
    let totals = &ran.report()["totals"];
    let overview = rows(&path, "Overview");
    let sentence = format!(
        "November 2026 · {} accounts are {} clients; 1 in two or more departments",
        totals["accounts"], totals["clients"]
    );
    assert!(overview.iter().any(|row| row.contains(&sentence)), "{sentence}: {:?}", &overview[..3]);
    for (sheet, heading) in [("Departments", "Department"), ("Managers", "Account manager")] {
        let mut lines = list(&path, sheet, heading);
        let all = lines.remove("All accounts").unwrap();
        assert_eq!(all["Accounts"], totals["accounts"].as_f64().unwrap());
        let added_up =
            ["Accounts", "At risk", "Watch", "Strong", "Not scored", "KPI met", "One point away", "Worry us"];
        let added_up =
            added_up.into_iter().chain(["Key accounts", "Revenue last year (EUR)", "At risk: evident (EUR)"]);
        for figure in added_up.chain(["At risk: want of data (EUR)"]) {
            let sum: f64 = lines.values().filter_map(|line| line.get(figure)).sum();
            assert!((sum - all[figure]).abs() < 0.005, "{sheet} {figure}: {sum}, in all {}", all[figure]);
        }
    }
    let clients = table(&path, "Clients");
    assert_eq!(clients.len(), totals["clients"].as_u64().unwrap() as usize);
    let share: f64 = clients.iter().filter_map(|row| number(&row["Share of revenue"])).sum();
    assert!((share - 1.0).abs() < 1e-9, "{share}");
    // the log accounts for every file and row
    let log = list(&path, "Run log", "File");
    assert_eq!(log.len(), totals["workbooks"].as_u64().unwrap() as usize + 1);
    let all = &log["All files"];
    assert_eq!(all["Rows read"], all["Client rows"] + all["Dropped"] + all["Rejected"]);
}

#[test]
fn the_summary_follows_the_language() {
    // the figures of the managers, whose names are the same in every language
    let figures = |ran: &Ran, sheet: &str| -> BTreeMap<String, Vec<String>> {
        let rows = rows(&summary(ran), sheet);
        let of_manager = |name: &str| ["Ana Costa", "Priya Nair", "Katrin Vogel"].contains(&name);
        let numbers = |row: Vec<String>| row.into_iter().skip(1).filter(|cell| cell.parse::<f64>().is_ok()).collect();
        rows.into_iter().filter(|row| of_manager(&row[0])).map(|row| (row[0].clone(), numbers(row))).collect()
    };
    let english = figures(&demo(&[]), "Managers");
    assert_eq!(english.len(), 3);
    for (code, [overview, clients, managers, movers]) in [
        ("de", ["Überblick", "Kunden", "Kundenbetreuer", "Bewegungen"]),
        ("fr", ["Vue générale", "Clients", "Responsables de compte", "Mouvements"]),
        ("nl", ["Overzicht", "Klanten", "Accountmanagers", "Verschuivingen"]),
    ] {
        let ran = demo(&["--language", code, "--per-manager"]);
        let book: Xlsx<_> = open_workbook(summary(&ran)).unwrap();
        let names = book.sheet_names();
        assert!(
            [overview, clients, managers, movers].iter().all(|sheet| names.contains(&(*sheet).to_owned())),
            "{names:?}"
        );
        assert_eq!(figures(&ran, managers), english, "{code}");
        assert!(table(&ran.month().join("By manager/Priya Nair.xlsx"), clients).len() > 1);
    }
}

#[test]
fn every_account_names_the_cell_that_it_comes_from() {
    let ran = demo(&[]);
    let accounts = table(&summary(&ran), "Accounts");
    assert_eq!(accounts.len() as u64, ran.report()["totals"]["accounts"].as_u64().unwrap());
    let of = |client: &str, department: &str| {
        let mut own = accounts.iter().filter(|row| row["Client"] == client && row["Department"] == department);
        let row = own.next().unwrap();
        (row["Source file"].to_string(), row["Source sheet"].to_string(), number(&row["Source row"]))
    };
    let place = |file: &str, sheet: &str, row: f64| (file.to_owned(), sheet.to_owned(), Some(row));
    assert_eq!(of("Noordzee Logistiek B.V.", "Sales"), place("Sales/Klanten Nederland.xls", "Klanten", 4.0));
    assert_eq!(
        of("Noordzee Logistiek B.V.", "Consulting"),
        place("Consulting/Consulting client matrix.xlsx", "Matrix", 6.0)
    );
}

#[test]
fn values_make_a_summary_without_formulas_and_with_the_same_figures() {
    let (live, values) = (demo(&[]), demo(&["--values"]));
    let formulas = |ran: &Ran| -> usize {
        let mut book: Xlsx<_> = open_workbook(summary(ran)).unwrap();
        let sheets = book.sheet_names();
        sheets.iter().map(|sheet| book.worksheet_formula(sheet).unwrap().used_cells().count()).sum()
    };
    assert!(formulas(&live) > 100);
    assert_eq!(formulas(&values), 0);
    for (sheet, heading) in [("Departments", "Department"), ("Managers", "Account manager")] {
        assert_eq!(list(&summary(&live), sheet, heading), list(&summary(&values), sheet, heading));
    }
}

fn parquet_rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let reader = SerializedFileReader::new(fs::File::open(path).unwrap()).unwrap();
    let schema = reader.metadata().file_metadata().schema().clone();
    let names = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let text = |field: &Field| match field {
            Field::Null => String::new(),
            Field::Str(text) => text.clone(),
            Field::Long(number) => number.to_string(),
            Field::Double(number) => number.to_string(),
            Field::Bool(answer) => answer.to_string(),
            Field::Date(days) => jiff_day(*days),
            other => panic!("{other:?}"),
        };
        row.unwrap().get_column_iter().map(|(_, field)| text(field)).collect()
    });
    (names, rows.collect())
}

fn jiff_day(days: i32) -> String {
    use jiff::ToSpan;
    jiff::civil::date(1970, 1, 1).saturating_add(i64::from(days).days()).to_string()
}

fn csv_rows(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let bytes = fs::read(path).unwrap();
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).expect("the mark that Excel needs");
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (names, reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect())
}

#[test]
fn csv_and_parquet_hold_the_same_clients_in_documented_columns() {
    let folder = inbox(&[
        (
            "Sales/list.csv",
            "=cmd|' /C calc'!A0,@Ann,2,2,2,senior,9,1000.55\n-5 Ltd,\"Bo, \"\"B\"\"\",,,,,,\n\u{d6}l AG,,1,1,0,junior,3,200",
        ),
        ("Services/list.csv", "\u{d6}l AG,Cy,2,3,1,senior,9,300"),
    ]);
    let small = run(folder.path(), &["--month", "2026-11"]);
    let mut apostrophes = 0;
    for ran in [demo(&[]), small] {
        let (names, in_csv) = csv_rows(&ran.month().join("clients.csv"));
        let (parquet_names, in_parquet) = parquet_rows(&ran.month().join("clients.parquet"));
        assert_eq!(names, parquet_names);
        assert_eq!(in_csv.len(), ran.report()["totals"]["clients"].as_u64().unwrap() as usize);
        assert_eq!(in_csv.len(), in_parquet.len());
        for (a, b) in in_csv.iter().zip(&in_parquet) {
            for ((name, a), b) in names.iter().zip(a).zip(b) {
                let runs = b.starts_with(['=', '+', '-', '@', '\t', '\r']) && b.parse::<f64>().is_err();
                apostrophes += usize::from(runs);
                let expected = if runs { format!("'{b}") } else { b.clone() };
                assert_eq!(*a, expected, "{name}");
            }
        }
        let documented = include_str!("../docs/clients-table.md");
        let documented: Vec<_> =
            documented.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
        assert_eq!(documented, names);
    }
    assert_eq!(apostrophes, 3);
}

#[test]
fn merged_clients_are_exported_as_they_were_scored() {
    let folder = inbox(&[
        ("Sales/list.csv", "\u{d6}l AG,Bo,1,1,1,junior,3,200\nNew,Bo,,,,,,"),
        ("Services/list.csv", "\u{d6}l,Cy,2,3,1,senior,9,300"),
    ]);
    let ran = run(folder.path(), &["--month", "2026-11"]);
    let (names, rows) = csv_rows(&ran.month().join("clients.csv"));
    let row = rows.iter().find(|row| row[2].starts_with('\u{d6}')).unwrap();
    let value = |name: &str| row[names.iter().position(|own| own == name).unwrap()].as_str();
    // contacts 2 and 3, meetings 1 + 1, senior, survey the lowest (3): all points but the survey's
    assert_eq!((value("score"), value("lowest_score"), value("lowest_department")), ("5", "0", "Sales"));
    assert_eq!((value("departments"), value("account_managers")), ("Sales; Services", "Cy; Bo"));
    assert_eq!((value("meetings"), value("survey_score"), value("revenue_last_year")), ("2", "3", "500"));
    assert_eq!((value("status"), value("account_at_risk"), value("flags")), ("strong", "true", "low_survey"));
}

#[test]
fn managers_get_their_book_of_business() {
    let ran = demo(&["--per-manager"]);
    let folder = ran.month().join("By manager");
    let mut accounts = BTreeSet::new();
    let mut count = 0;
    for file in fs::read_dir(&folder).unwrap() {
        let path = file.unwrap().path();
        for row in table(&path, "Clients") {
            count += 1;
            assert!(accounts.insert((row["Client"].to_string(), row["Department"].to_string())));
            assert!(row.contains_key("Next step") && row.contains_key("Flags"));
            let at_risk = number(&row["Revenue at risk"]).is_some_and(|amount| amount > 0.0);
            assert!(!at_risk || row["Status"] == Data::String("At risk".to_owned()));
        }
    }
    assert_eq!(count, ran.report()["totals"]["accounts"].as_u64().unwrap());
    assert!(folder.join("Priya Nair.xlsx").is_file());
    assert!(!demo(&[]).month().join("By manager").exists());
}

#[test]
fn managers_names_make_safe_files() {
    // two names that differ only where a file's name ends
    let long = "Maximilian ".repeat(8);
    let names = ["\"a/b: \"\"c\"\"\"", "CON", "", &format!("{long}One"), &format!("{long}Two")];
    let rows: Vec<_> = ('A'..).zip(names).map(|(client, name)| format!("{client},{name},2,2,2,senior,9,1")).collect();
    let folder = inbox(&[("Sales/list.csv", &rows.join("\n"))]);
    let ran = run(folder.path(), &["--month", "2026-11", "--per-manager"]);
    assert_eq!(ran.status(), 0, "{}", ran.stdout());
    let files = fs::read_dir(ran.month().join("By manager")).unwrap();
    let files: BTreeSet<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let long = "Maximilian ".repeat(8)[..80].trim().to_owned();
    let expected = ["CON-.xlsx", "No account manager.xlsx", "a-b- -c-.xlsx"].map(str::to_owned);
    let expected = expected.into_iter().chain([format!("{long}.xlsx"), format!("{long} (2).xlsx")]);
    assert_eq!(files, expected.collect());
}

#[test]
fn the_same_bytes_whatever_the_jobs_for_managers_as_well() {
    let files = |jobs: &str| hashes(&demo(&["--per-manager", "--jobs", jobs]).out);
    let one = files("1");
    assert!(one.keys().any(|path| path.contains("By manager")));
    assert_eq!(one, files("4"));
}

#[test]
fn no_department_takes_the_name_of_what_the_run_writes_itself() {
    let list = "A,Ann,2,2,2,senior,9,1";
    let folder = inbox(&[
        ("Client retention summary 2026-11.csv", list),
        ("By manager/Ann.csv", list),
        ("run.json/x.csv", list),
        ("clients.csv", list),
    ]);
    let ran = run(folder.path(), &["--month", "2026-11", "--per-manager"]);
    assert_eq!(ran.status(), 0, "{}", ran.stdout());
    let month = ran.month();
    for (file, sheet) in [
        ("Client retention summary 2026-11.xlsx", "Overview"),
        ("Client retention summary 2026-11 (2).xlsx", "Summary"),
        ("By manager/Ann.xlsx", "Clients"),
        ("By manager (2)/Ann.xlsx", "Summary"),
        ("run.json (2)/x.xlsx", "Summary"),
        ("clients.xlsx", "Summary"),
    ] {
        let book: Xlsx<_> = open_workbook(month.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        assert!(book.sheet_names().contains(&sheet.to_owned()), "{file}");
    }
}

#[test]
fn a_summary_that_cannot_be_written_costs_only_itself() {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("results");
    fs::create_dir_all(out.join("2026-11/Client retention summary 2026-11.xlsx/in the way")).unwrap();
    let output = crate::support::keeptabs()
        .arg("run")
        .arg(fixtures().join("inbox"))
        .arg("--out")
        .arg(&out)
        .args(["--format", "json"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(report["summary"].is_null());
    let codes: Vec<_> = report["findings"].as_array().unwrap().iter().map(|finding| &finding["code"]).collect();
    assert!(codes.contains(&&"not-written".into()), "{codes:?}");
    assert!(out.join("2026-11/clients.csv").is_file() && out.join("2026-11/Sales/UK clients.xlsx").is_file());
}

#[test]
fn nothing_converted_means_no_summary() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("cut.xlsx"), b"PK\x03\x04").unwrap();
    let ran = run(folder.path(), &["--month", "2026-11"]);
    assert_eq!(ran.status(), 1);
    assert!(ran.report()["summary"].is_null());
    let files: Vec<_> = hashes(&ran.out).into_keys().collect();
    assert_eq!(files, ["2026-11/run.json"]);
}

#[test]
fn a_run_that_writes_nothing_writes_no_summary() {
    for options in [["--dry-run"].as_slice(), &["--dry-run", "--per-manager"]] {
        let ran = run(&fixtures().join("inbox"), options);
        assert_eq!(ran.status(), 0, "{}{}", ran.stdout(), ran.stderr());
        assert!(!ran.out.exists(), "{options:?}");
    }
}

#[test]
fn none_scored_and_no_revenue_make_a_summary_all_the_same() {
    let folder = inbox(&[("Sales/list.csv", "A,,,,,,,\nB,Ann,,,,,,0")]);
    let ran = run(folder.path(), &["--month", "2026-11"]);
    assert_eq!(ran.status(), 0, "{}", ran.stdout());
    let overview = rows(&summary(&ran), "Overview");
    assert!(overview.iter().any(|row| row.iter().any(|cell| cell == "No client worries us this month.")));
    let keys = rows(&summary(&ran), "Key accounts");
    assert!(keys.iter().any(|row| row[0] == "No client has revenue to rank by."));
}

#[test]
fn a_summary_that_is_handed_in_counts_nobody_twice() {
    let ran = demo(&["--per-manager"]);
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("Board")).unwrap();
    fs::copy(summary(&ran), folder.path().join("Board/summary.xlsx")).unwrap();
    fs::copy(ran.month().join("By manager/Priya Nair.xlsx"), folder.path().join("Board/Priya.xlsx")).unwrap();
    fs::copy(fixtures().join("inbox/Sales/UK clients.xlsx"), folder.path().join("UK.xlsx")).unwrap();
    let ran = run(folder.path(), &["--month", "2026-11"]);
    assert_eq!(ran.status(), 0, "{}", ran.stdout());
    assert_eq!(ran.report()["totals"]["accounts"], 26);
    for file in ["Board/summary.xlsx", "Board/Priya.xlsx"] {
        assert_eq!(ran.file(file)["status"], "skipped");
        assert!(ran.file(file)["reason"].as_str().unwrap().contains("made by keeptabs"));
    }
}
