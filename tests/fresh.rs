//! What did not change is neither written nor read again, and what comes out is what a run from nothing gives.

use crate::history::HEADING;
use crate::history_carried::type_into;
use crate::support::{hashes, keeptabs};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::SystemTime;
use tempfile::TempDir;

const SALES: &str = "Acme,Ana,1,1,0,senior,8,1000,900,active,\nBolt,Ana,0,0,0,junior,2,2000,1900,active,\n";
const OPS: &str = "Cork,Ben,2,1,3,senior,9,500,400,active,\nDune,Ben,1,0,1,middle,6,700,600,active,\n";
const LEGAL: &str = "Echo,Cem,1,1,1,junior,4,300,300,active,\n";
const SUMMARY: &str = "Client retention summary 2026-11.xlsx";
const RESULTS: [&str; 3] = ["Legal/Clients.xlsx", "Ops/Clients.xlsx", "Sales/Clients.xlsx"];
const ORGANISATION: [&str; 3] = [SUMMARY, "clients.csv", "clients.parquet"];

struct Office {
    folder: TempDir,
}

impl Office {
    /// Three departments that have handed in for October and November.
    fn new() -> Self {
        let office = Self { folder: TempDir::new().unwrap() };
        for (department, rows) in [("Sales", SALES), ("Ops", OPS), ("Legal", LEGAL)] {
            office.hand_in("october", department, rows);
            office.hand_in("november", department, &rows.replace(",1,1,", ",1,2,"));
        }
        office.run("results", "october", "2026-10", &[]);
        office.run("results", "november", "2026-11", &[]);
        office
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn hand_in(&self, inbox: &str, department: &str, rows: &str) {
        let folder = self.path(inbox).join(department);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("Clients.csv"), format!("{HEADING}{rows}")).unwrap();
    }

    fn output(&self, out: &str, inbox: &str, month: &str, options: &[&str]) -> Output {
        let mut command = keeptabs();
        command.arg("run").arg(self.path(inbox)).arg("--out").arg(self.path(out)).args(["--month", month]);
        command.args(["--format", "json"]).args(options).output().unwrap()
    }

    fn run(&self, out: &str, inbox: &str, month: &str, options: &[&str]) -> Value {
        let output = self.output(out, inbox, month, options);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn november(&self, options: &[&str]) -> Value {
        self.run("results", "november", "2026-11", options)
    }

    fn result(&self, below: &str) -> PathBuf {
        self.path("results/2026-11").join(below)
    }

    /// When each file of November was put in its place; run.json says what a run did and is left out.
    fn times(&self) -> BTreeMap<String, SystemTime> {
        let names = self.bytes("results").into_keys();
        names.map(|name| (name.clone(), fs::metadata(self.result(&name)).unwrap().modified().unwrap())).collect()
    }

    fn bytes(&self, out: &str) -> BTreeMap<String, String> {
        let mut files = hashes(&self.path(out).join("2026-11"));
        files.remove("run.json");
        files
    }

    /// Holds the results against those of runs into another folder, where nothing can be left alone.
    fn check_against_nothing(&self, options: &[&str], what: &str) {
        let other = "from nothing";
        if self.path(other).exists() {
            fs::remove_dir_all(self.path(other)).unwrap();
        }
        self.run(other, "october", "2026-10", &[]);
        let fresh = self.run(other, "november", "2026-11", options);
        assert_eq!(fresh["totals"]["unchanged"], 0, "{what}");
        assert_eq!(self.bytes("results"), self.bytes(other), "{what}");
        let mut report = self.report();
        let files = report["files"].as_array_mut().unwrap();
        files
            .iter_mut()
            .filter(|file| file["status"] == "unchanged")
            .for_each(|file| file["status"] = "converted".into());
        report["totals"] = fresh["totals"].clone();
        assert_eq!(report, fresh, "{what}");
    }

    fn report(&self) -> Value {
        serde_json::from_slice(&fs::read(self.result("run.json")).unwrap()).unwrap()
    }

    /// What was kept of the workbooks, with the time.
    fn kept(&self) -> BTreeMap<PathBuf, SystemTime> {
        let entries = fs::read_dir(self.path("results/.keeptabs")).unwrap().map(|entry| entry.unwrap().path());
        let entries = entries.filter(|path| path.extension().is_some_and(|extension| extension == "kept"));
        entries.map(|path| (path.clone(), fs::metadata(&path).unwrap().modified().unwrap())).collect()
    }
}

fn statuses(report: &Value) -> Vec<&str> {
    report["files"].as_array().unwrap().iter().map(|file| file["status"].as_str().unwrap()).collect()
}

fn all() -> BTreeSet<&'static str> {
    RESULTS.into_iter().chain(ORGANISATION).collect()
}

#[test]
fn what_did_not_change_is_left_alone() {
    let office = Office::new();
    let times = office.times();
    assert_eq!(times.keys().map(String::as_str).collect::<BTreeSet<_>>(), all());
    for _ in 0..2 {
        let report = office.november(&[]);
        assert_eq!(statuses(&report), ["unchanged"; 3]);
        assert_eq!((&report["totals"]["unchanged"], &report["totals"]["converted"]), (&3.into(), &0.into()));
        assert_eq!(report, office.report());
        assert_eq!(office.times(), times);
    }
    office.check_against_nothing(&[], "unchanged");
    // the same where everything is looked at again: without the last run's report, and without history's
    fs::remove_dir_all(office.path("results/.keeptabs")).unwrap();
    assert_eq!(statuses(&office.november(&[])), ["unchanged"; 3]);
    assert_eq!(office.times(), times);
    assert_eq!(statuses(&office.november(&["--force"])), ["converted"; 3]);
    assert!(office.times().iter().all(|(name, time)| times[name] < *time), "--force writes anew");
    office.check_against_nothing(&[], "forced");
    let text = keeptabs().arg("run").arg(office.path("november")).arg("--out").arg(office.path("results")).output();
    let text = String::from_utf8(text.unwrap().stdout).unwrap();
    assert!(text.contains("unchanged"), "{text}");
}

#[test]
fn every_result_is_put_back_that_is_not_as_it_was_written() {
    let office = Office::new();
    let report = office.report();
    for name in all().into_iter().chain(["run.json"]) {
        let path = office.result(name);
        let bytes = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        let again = office.november(&[]);
        assert_eq!(again["totals"]["clients"], report["totals"]["clients"]);
        if name != "run.json" {
            assert_eq!(fs::read(&path).unwrap(), bytes, "{name}");
        }
        let expected = 3 - usize::from(RESULTS.contains(&name));
        assert_eq!(again["totals"]["unchanged"], expected, "{name}");
    }
    // a result that somebody edited goes on being named, whatever else is left alone
    fs::write(office.result(RESULTS[0]), "edited").unwrap();
    for status in ["converted", "unchanged", "unchanged"] {
        let report = office.november(&[]);
        assert_eq!(statuses(&report), [status, "unchanged", "unchanged"]);
        assert_eq!(report["files"][0]["target"], "Legal/Clients (2).xlsx");
        let findings = report["files"][0]["findings"].as_array().unwrap();
        assert!(findings.iter().any(|finding| finding["code"] == "edited-result"), "{findings:#?}");
    }
}

/// Makes one change and tells which results are written anew; all of them must be what a run from nothing gives.
fn changed(office: &Office, what: &str, options: &[&str], change: impl FnOnce()) -> BTreeSet<&'static str> {
    let before = office.times();
    change();
    office.november(options);
    let after = office.times();
    let written = all().into_iter().filter(|name| before[*name] != after[*name]).collect();
    office.check_against_nothing(options, what);
    written
}

#[test]
fn whatever_a_result_depends_on_has_it_written_anew() {
    let office = Office::new();
    let of = |names: &[&'static str]| names.iter().copied().collect::<BTreeSet<_>>();
    let organisation_and = |name: &'static str| of(&ORGANISATION).into_iter().chain([name]).collect::<BTreeSet<_>>();

    let written = changed(&office, "a cell", &[], || {
        office.hand_in("november", "Ops", &OPS.replace("Ben,2,1,3", "Ben,2,1,0"));
    });
    assert_eq!(written, organisation_and("Ops/Clients.xlsx"));

    let written = changed(&office, "revenue of one department moves everybody's shares", &[], || {
        office.hand_in("november", "Ops", &OPS.replace(",500,", ",5000,"));
    });
    assert_eq!(written, all());

    let written = changed(&office, "the month before", &[], || {
        office.hand_in("october", "Legal", &LEGAL.replace("1,1,1", "1,1,3"));
        office.run("results", "october", "2026-10", &[]);
    });
    assert!(written.is_superset(&organisation_and("Legal/Clients.xlsx")), "{written:?}");
    assert!(!written.contains("Sales/Clients.xlsx"));

    let written = changed(&office, "an action", &[], || {
        let inbox = office.path("november/Sales");
        fs::remove_file(inbox.join("Clients.csv")).unwrap();
        let cells = [("Bolt", "Note", "called twice")];
        type_into(&office.result("Sales/Clients.xlsx"), "2026-11", &cells, &inbox.join("Clients.xlsx"));
    });
    assert_eq!(written, organisation_and("Sales/Clients.xlsx"));
    let written = changed(&office, "another action", &[], || {
        let cells = [("Bolt", "Note", "called again")];
        let list = office.path("november/Sales/Clients.xlsx");
        type_into(&list.clone(), "2026-11", &cells, &list);
    });
    assert_eq!(written, organisation_and("Sales/Clients.xlsx"));

    assert_eq!(changed(&office, "language", &["--language", "de"], || {}), all());
    assert_eq!(changed(&office, "values", &["--values"], || {}), all());
    assert_eq!(changed(&office, "back", &[], || {}), all());
    let written = changed(&office, "a limit", &[], || {
        fs::write(office.path("keeptabs.toml"), "[flags]\nsurvey = 5\n").unwrap();
        // the month before is rated by the same limits, as it is where everything is made anew
        office.run("results", "october", "2026-10", &[]);
    });
    assert_eq!(written, all());
    assert_eq!(changed(&office, "nothing", &[], || {}), of(&[]));
}

#[test]
fn only_what_changed_is_read_and_nothing_damaged_is_believed() {
    let office = Office::new();
    let before = office.kept();
    assert_eq!(before.len(), 4, "three lists and the report: {before:?}");
    office.hand_in("november", "Ops", &OPS.replace("Ben,2,1,3", "Ben,2,1,0"));
    office.november(&[]);
    let after = office.kept();
    assert_eq!(after.len(), 4, "what is no longer used is swept");
    let same: Vec<_> = before.iter().filter(|(path, time)| after.get(*path) == Some(time)).collect();
    assert_eq!(same.len(), 2, "two lists were not read again");
    office.check_against_nothing(&[], "one list");

    for (path, damage) in after.keys().zip(["", "short", "flipped", "swapped"]) {
        let mut bytes = fs::read(path).unwrap();
        match damage {
            "flipped" => bytes[40] ^= 1,
            "swapped" => bytes = fs::read(after.keys().next().unwrap()).unwrap(),
            _ => bytes = damage.into(),
        }
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(statuses(&office.november(&[])), ["unchanged"; 3]);
    office.check_against_nothing(&[], "damaged");
    office.hand_in("november", "Ops", OPS);
    office.november(&[]);
    office.check_against_nothing(&[], "damaged and changed");
}

#[test]
fn without_history_nothing_is_kept() {
    let office = Office::new();
    let kept = office.kept();
    office.hand_in("november", "Ops", LEGAL);
    assert_eq!(office.november(&["--no-history"])["totals"]["unchanged"], 0);
    assert_eq!(office.kept(), kept);
    assert_eq!(office.november(&["--no-history"])["totals"]["unchanged"], 3);
    office.run("other", "november", "2026-11", &["--no-history"]);
    assert!(!office.path("other/.keeptabs").exists());
    let checked = keeptabs().arg("check").arg(office.path("november")).arg("--out").arg(office.path("third")).output();
    assert!(checked.unwrap().status.success() && !office.path("third").exists());
}

/// The stored months decide: what a month of before, or one of after, says about this one is told whatever was said last.
#[test]
fn a_run_is_only_spared_when_it_would_say_the_same() {
    let office = Office::new();
    office.run("results", "november", "2026-10", &[]);
    let report = office.run("results", "november", "2026-10", &[]);
    let said = |report: &Value| report["findings"].to_string().contains("out-of-date");
    assert!(!said(&report), "it is stored just so by now: {report:#}");
    let report = office.run("results", "october", "2026-10", &[]);
    assert!(said(&report), "{report:#}");
    for _ in 0..2 {
        assert!(!said(&office.run("results", "october", "2026-10", &[])));
    }
    fs::write(office.path("november/notes.txt"), "hello").unwrap();
    assert_eq!(statuses(&office.november(&[])), ["unchanged", "unchanged", "unchanged", "skipped"]);
}

#[test]
fn two_folders_do_not_mix() {
    let office = Office::new();
    let read = |path: &Path| fs::read(path).unwrap();
    let sales = read(&office.result("Sales/Clients.xlsx"));
    // the same lists under other names: nothing that was read as one is taken for the other
    fs::rename(office.path("november/Sales"), office.path("november/Swap")).unwrap();
    fs::rename(office.path("november/Ops"), office.path("november/Sales")).unwrap();
    fs::rename(office.path("november/Swap"), office.path("november/Ops")).unwrap();
    office.november(&[]);
    assert_ne!(read(&office.result("Sales/Clients.xlsx")), sales);
    office.check_against_nothing(&[], "swapped");
}
