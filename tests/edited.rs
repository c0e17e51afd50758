//! What a person has edited is never replaced; the new result goes beside it.

use crate::support::{keeptabs, rewritten};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const LIST: &str = "Client,Our contacts,Client contacts,Meetings,Survey score\nAcme,2,2,1,9\nBolt,0,1,0,5\n";
const SUMMARY: &str = "Client retention summary 2026-11.xlsx";

struct Office {
    folder: TempDir,
}

impl Office {
    fn new() -> Self {
        let office = Self { folder: TempDir::new().unwrap() };
        office.hand_in("Sales.csv", LIST);
        office
    }

    fn hand_in(&self, name: &str, list: &str) {
        let inbox = self.folder.path().join("inbox");
        fs::create_dir_all(&inbox).unwrap();
        fs::write(inbox.join(name), list).unwrap();
    }

    fn result(&self, name: &str) -> PathBuf {
        self.folder.path().join("results/2026-11").join(name)
    }

    /// The report of a run.
    fn run(&self, options: &[&str]) -> Value {
        let mut command = keeptabs();
        command.arg("run").arg(self.folder.path().join("inbox")).arg("--out").arg(self.folder.path().join("results"));
        let output = command.args(["--month", "2026-11", "--format", "json"]).args(options).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn codes(findings: &Value) -> Vec<&str> {
    findings.as_array().unwrap().iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[test]
fn an_edited_result_stays_and_the_new_one_stands_beside_it() {
    let office = Office::new();
    office.run(&[]);
    let path = office.result("Sales.xlsx");
    // every byte counts, whoever says to have saved it
    let mut edited = fs::read(&path).unwrap();
    edited.push(0);
    fs::write(&path, &edited).unwrap();
    for clients in ["Cork,2,2,1,9\n", "Cork,2,2,1,9\nDune,1,1,1,1\n"] {
        office.hand_in("Sales.csv", &format!("{LIST}{clients}"));
        let report = office.run(&[]);
        assert_eq!(fs::read(&path).unwrap(), edited);
        let file = &report["files"][0];
        assert_eq!((&file["status"], &file["target"]), (&"converted".into(), &"Sales (2).xlsx".into()));
        let finding = &file["findings"].as_array().unwrap().iter().find(|f| f["code"] == "edited-result").unwrap();
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains("Sales.xlsx") && message.contains("Sales (2).xlsx"), "{message}");
        assert!(message.contains("in the place of Sales.csv") && message.contains("--force"), "{message}");
        assert!(office.result("Sales (2).xlsx").is_file() && !office.result("Sales (3).xlsx").exists());
    }
    let report = office.run(&["--force"]);
    assert_eq!(report["files"][0]["target"], "Sales.xlsx");
    assert!(!codes(&report["files"][0]["findings"]).contains(&"edited-result"));
    assert_ne!(fs::read(&path).unwrap(), edited);
    office.hand_in("Sales.csv", LIST);
    assert_eq!(office.run(&[])["files"][0]["target"], "Sales.xlsx", "what was forced is keeptabs's again");
}

#[test]
fn an_edited_summary_stays_too() {
    let office = Office::new();
    office.run(&[]);
    fs::write(office.result(SUMMARY), "notes").unwrap();
    fs::write(office.result("clients.csv"), "notes").unwrap();
    let report = office.run(&[]);
    assert_eq!(report["summary"], "Client retention summary 2026-11 (2).xlsx");
    assert_eq!(codes(&report["findings"]), ["edited-result", "edited-result"]);
    for name in [SUMMARY, "clients.csv"] {
        assert_eq!(fs::read_to_string(office.result(name)).unwrap(), "notes");
    }
    assert!(office.result("clients (2).csv").is_file());
}

#[test]
fn without_a_store_a_workbook_tells_who_saved_it_last() {
    let office = Office::new();
    office.run(&["--no-history"]);
    let path = office.result("Sales.xlsx");
    office.hand_in("Sales.csv", &format!("{LIST}Cork,2,2,1,9\n"));
    let before = fs::read(&path).unwrap();
    assert_eq!(office.run(&["--no-history"])["files"][0]["target"], "Sales.xlsx");
    assert_ne!(fs::read(&path).unwrap(), before);
    rewritten(&path, "docProps/core.xml", "<cp:lastModifiedBy>keeptabs<", "<cp:lastModifiedBy>Ann<");
    office.hand_in("Sales.csv", LIST);
    let report = office.run(&["--no-history"]);
    assert_eq!(report["files"][0]["target"], "Sales (2).xlsx");
    assert!(codes(&report["files"][0]["findings"]).contains(&"edited-result"));
    // a workbook that is not of keeptabs at all
    fs::write(&path, "PK").unwrap();
    assert_eq!(office.run(&["--no-history"])["files"][0]["target"], "Sales (2).xlsx");
}

#[test]
fn a_run_without_history_edits_nothing() {
    let office = Office::new();
    office.run(&[]);
    office.hand_in("Sales.csv", &format!("{LIST}Cork,2,2,1,9\n"));
    office.run(&["--no-history"]);
    office.hand_in("Sales.csv", LIST);
    let report = office.run(&[]);
    assert_eq!((&report["files"][0]["target"], &report["summary"]), (&"Sales.xlsx".into(), &SUMMARY.into()));
}

#[test]
fn no_result_goes_beside_under_the_name_of_another() {
    let office = Office::new();
    office.hand_in("Sales (2).csv", &LIST.replace("Acme", "Apex").replace("Bolt", "Bond"));
    office.run(&[]);
    fs::write(office.result("Sales.xlsx"), "notes").unwrap();
    let report = office.run(&[]);
    let targets: Vec<_> = report["files"].as_array().unwrap().iter().map(|file| &file["target"]).collect();
    assert_eq!(targets, ["Sales (2).xlsx", "Sales (3).xlsx"]);
}
