//! Several scorecards in one list: the word in a client's row chooses.

use crate::support::{keeptabs, number, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Small clients need one contact and a survey of 8; nobody counts their meetings.
const SMALL: &str = r#"
[[scorecard]]
name = "Small clients"
when = { column = "segment", is = ["SMB", "Très petit"] }
bands = { strong = 2, watch = 1 }
worry = 1
kpi = 2
[[scorecard.criterion]]
id = "client_contacts"
heading = "Points: client contacts"
field = "client_contacts"
rule = { at_least = 1 }
points = 1
[[scorecard.criterion]]
id = "survey"
heading = "Points: survey"
field = "survey_score"
rule = { at_least = 8 }
points = 1
"#;
const HEADINGS: [&str; 8] = [
    "Client",
    "Account manager",
    "Our contacts",
    "Client contacts",
    "Meetings (6 months)",
    "Decision-maker level",
    "Survey score",
    "Segment",
];

struct Office {
    folder: TempDir,
}

impl Office {
    fn new(config: &str) -> Self {
        let office = Self { folder: TempDir::new().unwrap() };
        fs::write(office.folder.path().join("keeptabs.toml"), config).unwrap();
        office
    }

    /// A workbook in which every client has one contact, one meeting, a senior contact and a survey of 8: 2 of 6, or 2 of 2.
    fn list(&self, name: &str, headings: &[&str], words: &[&str]) {
        let path = self.folder.path().join("inbox").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name("Clients").unwrap();
        for (col, heading) in (0..).zip(headings) {
            sheet.write(0, col, *heading).unwrap();
        }
        for (row, word) in (1..).zip(words) {
            sheet
                .write(
                    row,
                    0,
                    format!("{} {}", ["Acme", "Bolt", "Coral", "Dune", "Elm", "Fir"][row as usize - 1], name.len()),
                )
                .unwrap();
            sheet.write(row, 1, "Ana").unwrap();
            for (col, count) in [(2, 1), (3, 1), (4, 1), (6, 8)] {
                sheet.write(row, col, count).unwrap();
            }
            sheet.write(row, 5, "senior").unwrap();
            sheet.write(row, 7, *word).unwrap();
        }
        workbook.save(path).unwrap();
    }

    fn run(&self, options: &[&str]) -> Value {
        let path = self.folder.path();
        let mut command = keeptabs();
        command.current_dir(path).args(["run", "inbox", "--format", "json"]).args(options);
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn result(&self, month: &str, name: &str) -> PathBuf {
        self.folder.path().join("results").join(month).join(name)
    }
}

fn config(cards: &str) -> String {
    format!("month = \"2026-11\"\n{cards}")
}

fn text<'r>(row: &'r BTreeMap<String, Data>, heading: &str) -> &'r str {
    match &row[heading] {
        Data::String(text) => text,
        Data::Empty => "",
        other => panic!("{heading}: {other:?}"),
    }
}

fn column(path: &Path, heading: &str) -> Vec<String> {
    table(path, "Clients").iter().map(|row| row[heading].to_string()).collect()
}

/// Everything that a sheet says, a line a row.
fn page(path: &Path, sheet: &str) -> String {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let range = book.worksheet_range(sheet).unwrap();
    let line = |row: &[Data]| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|") + "\n";
    range.rows().map(line).collect()
}

fn messages<'r>(of: &'r Value, code: &str) -> Vec<&'r str> {
    let all = of["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code);
    all.map(|finding| finding["message"].as_str().unwrap()).collect()
}

#[test]
fn the_word_in_the_row_chooses_the_scorecard() {
    let office = Office::new(&config(SMALL));
    office.list("Sales/List.xlsx", &HEADINGS, &["SMB", "Enterprise", " smb ", "TRES  PETIT", "", "SMB+"]);
    let report = office.run(&[]);
    let path = office.result("2026-11", "Sales/List.xlsx");
    let [small, usual] = ["Small clients", "Client retention matrix"];
    assert_eq!(column(&path, "Scorecard"), [small, usual, small, small, usual, usual]);
    let rows = table(&path, "Clients");
    assert!(rows.iter().all(|row| number(&row["Score"]) == Some(2.0)));
    assert_eq!(column(&path, "Status"), ["Strong", "At risk", "Strong", "Strong", "At risk", "At risk"]);
    assert_eq!(column(&path, "KPI met"), ["Yes", "No", "Yes", "Yes", "No", "No"]);
    assert_eq!(column(&path, "Known"), ["2 of 2", "5 of 5", "2 of 2", "2 of 2", "5 of 5", "5 of 5"]);
    assert_eq!((text(&rows[0], "Why"), text(&rows[1], "Why").split(':').next()), ("2 of 2", Some("2 of 6")));
    // criteria of one heading share a column; what the row's scorecard does not have is empty
    let points: Vec<_> = rows[0].keys().filter(|heading| heading.starts_with("Points")).collect();
    assert_eq!(points.len(), 5, "{points:?}");
    let survey = rows.iter().map(|row| number(&row["Points: survey"]));
    assert_eq!(survey.collect::<Vec<_>>(), [Some(1.0), Some(0.0), Some(1.0), Some(1.0), Some(0.0), Some(0.0)]);
    assert_eq!([number(&rows[0]["Points: meetings"]), number(&rows[1]["Points: meetings"])], [None, Some(0.0)]);

    let file = &report["files"][0];
    assert_eq!(file["scorecards"][0]["clients"], 3, "{file:#}");
    assert_eq!(
        (file["scorecards"][0]["name"].as_str(), file["scorecards"].as_array().unwrap().len()),
        (Some(small), 2)
    );
    // half of them have everything, half a third: four of six
    assert_eq!(file["average_score"], 4.0);
    let segment = file["sheets"][0]["columns"].as_array().unwrap().last().unwrap();
    assert!(segment["reason"].as_str().unwrap().contains("choose the scorecard"), "{segment}");
    for code in ["scorecard-column", "scorecard-unused"] {
        assert!(messages(file, code).is_empty() && messages(&report, code).is_empty(), "{report:#}");
    }
    let method = page(&path, "Method");
    for said in [
        "Scorecard: Client retention matrix",
        "Rates all other clients",
        "Scorecard: Small clients",
        "Rates the clients whose \"segment\" is: SMB, Très petit",
        "What the score means: Small clients",
        "Worry (Small clients)|A score of 1 or less",
    ] {
        assert!(method.contains(said), "{said}: {method}");
    }
    let summary = page(&path, "Summary");
    assert!(summary.contains("Client retention matrix (6), Small clients (2)"), "{summary}");
    assert!(summary.contains("of the highest score"), "{summary}");
    let whole = office.result("2026-11", "Client retention summary 2026-11.xlsx");
    assert!(page(&whole, "Method").contains("Small clients (segment: SMB, Très petit)"));
}

#[test]
fn a_word_that_is_changed_in_the_result_changes_the_scorecard() {
    let office = Office::new(&config(SMALL));
    office.list("Sales/List.xlsx", &HEADINGS, &["SMB", "Enterprise"]);
    office.run(&[]);
    let first = office.result("2026-11", "Sales/List.xlsx");
    // one formula for the whole column: it asks the cell, and all others ask it
    let mut book: Xlsx<_> = open_workbook(&first).unwrap();
    let formulas = book.worksheet_formula("Clients").unwrap();
    let scorecard = formulas.rows().next().unwrap().iter().find(|text| text.contains("TRIM(")).unwrap();
    let asks =
        "IF(OR(TRIM(Clients[[#This Row],[Segment]])=\"SMB\",TRIM(Clients[[#This Row],[Segment]])=\"Très petit\"),";
    assert_eq!(*scorecard, format!("{asks}\"Small clients\",\"Client retention matrix\")"));
    // handed in with the other word
    crate::support::rewritten(&first, "xl/worksheets/sheet1.xml", "<t>Enterprise</t>", "<t>smb</t>");
    fs::rename(&first, office.folder.path().join("inbox/Sales/List.xlsx")).unwrap();
    let report = office.run(&["--force"]);
    let again = office.result("2026-11", "Sales/List.xlsx");
    assert_eq!(column(&again, "Scorecard"), ["Small clients"; 2], "{report:#}");
    assert_eq!(column(&again, "Why"), ["2 of 2"; 2]);
}

#[test]
fn a_client_that_comes_under_another_scorecard_has_not_changed_itself() {
    // four points for a small client, two for another that is looked after just so
    let office =
        Office::new(&SMALL.replace("rule = { at_least = 8 }\npoints = 1", "rule = { at_least = 8 }\npoints = 3"));
    office.list("Sales/List.xlsx", &HEADINGS, &["SMB", "SMB"]);
    office.run(&["--month", "2026-10"]);
    office.list("Sales/List.xlsx", &HEADINGS, &["SMB", "Enterprise"]);
    office.run(&["--month", "2026-11"]);
    let path = office.result("2026-11", "Sales/List.xlsx");
    assert_eq!(column(&path, "Previous score"), ["4", "4"]);
    assert_eq!(column(&path, "Change"), ["0", "-2"]);
    let said = column(&path, "What changed");
    assert!(said[0].starts_with("Unchanged"), "{said:?}");
    assert!(said[1].contains("0 by the client, −2 by the changed scorecard"), "{said:?}");
}

#[test]
fn a_column_or_word_that_no_list_has_is_named() {
    let office = Office::new(&config(SMALL));
    let others: Vec<&str> =
        HEADINGS.iter().map(|heading| if *heading == "Segment" { "Segments" } else { heading }).collect();
    office.list("Sales/List.xlsx", &others, &["SMB"]);
    office.list("Services/Other list.xlsx", &HEADINGS, &["SME", "Enterprise"]);
    let report = office.run(&["--no-history"]);
    let [sales, services] = [0, 1].map(|file| messages(&report["files"][file], "scorecard-column"));
    assert_eq!((sales.len(), services.len()), (1, 0), "{report:#}");
    assert!(sales[0].contains("no column is headed \"segment\"; did you mean \"Segments\"?"), "{sales:?}");
    let unused = messages(&report, "scorecard-unused");
    assert!(
        unused.len() == 1 && unused[0].ends_with("and no client is one of them; did you mean \"SME\"?"),
        "{unused:?}"
    );
    // only one list keeps the column, and only that has a scorecard a row
    let headings = |name: &str| table(&office.result("2026-11", name), "Clients")[0].contains_key("Scorecard");
    assert_eq!([headings("Sales/List.xlsx"), headings("Services/Other list.xlsx")], [false, true]);

    let twice: Vec<&str> =
        HEADINGS.iter().map(|heading| if *heading == "Account manager" { "SEGMENT" } else { heading }).collect();
    office.list("Sales/List.xlsx", &twice, &["SMB"]);
    let report = office.run(&["--no-history"]);
    let said = messages(&report["files"][0], "scorecard-column");
    assert!(said.len() == 1 && said[0].contains("column B decides"), "{said:?}");
}

#[test]
fn a_scorecard_of_the_department_goes_before_one_for_all() {
    let of_sales =
        SMALL.replace("Small clients", "Small in Sales").replace("when =", "departments = [\"Sales\"]\nwhen =");
    let office = Office::new(&config(&format!("{SMALL}{of_sales}")));
    office.list("Sales/List.xlsx", &HEADINGS, &["SMB", "Enterprise"]);
    office.list("Services/Other list.xlsx", &HEADINGS, &["SMB"]);
    let values = office.run(&["--values"]);
    let named = |name: &str| column(&office.result("2026-11", name), "Scorecard");
    assert_eq!(named("Sales/List.xlsx"), ["Small in Sales", "Client retention matrix"], "{values:#}");
    assert_eq!(named("Services/Other list.xlsx"), ["Small clients"]);
}
