//! Months one after the other through the command line.

use crate::support::{keeptabs, number, table};
use calamine::Data;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Output;
use tempfile::TempDir;

/// An inbox and an output folder that live through several months.
pub(crate) struct Months {
    pub(crate) folder: TempDir,
}

pub(crate) const HEADING: &str = "Client,Account manager,Our contacts,Client contacts,Meetings (6 months),Decision-maker level,Survey score,Revenue last year,Current performance,Stage,Comments\n";

impl Months {
    pub(crate) fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("results")
    }

    pub(crate) fn store(&self) -> PathBuf {
        self.out().join("keeptabs.sqlite")
    }

    /// Puts these lists (department, rows) in place of the inbox's.
    pub(crate) fn hand_in(&self, lists: &[(&str, &str)]) {
        let inbox = self.folder.path().join("inbox");
        if inbox.exists() {
            fs::remove_dir_all(&inbox).unwrap();
        }
        for (department, rows) in lists {
            fs::create_dir_all(inbox.join(department)).unwrap();
            fs::write(inbox.join(department).join("Clients.csv"), format!("{HEADING}{rows}")).unwrap();
        }
    }

    pub(crate) fn run(&self, month: &str, options: &[&str]) -> Output {
        let inbox = self.folder.path().join("inbox");
        let mut command = keeptabs();
        command.arg("run").arg(inbox).arg("--out").arg(self.out()).args(["--month", month]).args(options);
        command.output().unwrap()
    }

    /// A run that must succeed.
    pub(crate) fn month(&self, month: &str, lists: &[(&str, &str)]) -> Value {
        self.hand_in(lists);
        let output = self.run(month, &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.report(month)
    }

    pub(crate) fn report(&self, month: &str) -> Value {
        serde_json::from_slice(&fs::read(self.out().join(month).join("run.json")).unwrap()).unwrap()
    }

    pub(crate) fn rows(&self, month: &str, department: &str) -> BTreeMap<String, BTreeMap<String, Data>> {
        let rows = table(&self.out().join(month).join(department).join("Clients.xlsx"), "Clients");
        rows.into_iter().map(|row| (row["Client"].to_string(), row)).collect()
    }
}

fn codes(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["code"].as_str().unwrap()).collect()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const OCTOBER: &str = "\
Acme,Ana,1,1,0,senior,8,1000,900,active,
Borealis,Ana,2,2,3,senior,10,2000,1900,active,
Cobalt,Ben,2,2,3,middle,9,3000,100,active,
Delta,Ben,1,2,3,junior,9,4000,3900,active,
";

#[test]
fn the_second_month_says_what_changed_and_why() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", OCTOBER)]);
    assert!(!months.rows("2026-10", "Sales")["Acme"].contains_key("Previous score"), "nothing to compare with yet");
    let report = months.month(
        "2026-11",
        &[(
            "Sales",
            "Acme,Ana,2,1,2,senior,8,1000,990,active,\n\
             Borealis,Ana,2,2,3,senior,10,2000,2100,active,\n\
             Cobalt,Ben,2,2,3,middle,9,3000,100,former,It was our decision\n\
             Delta,Ben,1,2,3,,9,4000,4100,active,\n\
             Echo,Ben,3,3,3,senior,9,,50,active,\n",
        )],
    );
    assert_eq!(codes(&report), Vec::<&str>::new(), "{report:#}");
    let rows = months.rows("2026-11", "Sales");
    let of = |client: &str| {
        let row = &rows[client];
        let text = |heading: &str| row[heading].to_string();
        (number(&row["Previous score"]), text("Previous month"), number(&row["Change"]), text("What changed"))
    };
    let expected = |previous: Option<f64>, change: Option<f64>, said: &str| {
        (previous, "2026-10".to_owned(), change, said.to_owned())
    };
    assert_eq!(
        of("Acme"),
        expected(Some(2.0), Some(2.0), "+2 since October 2026: our contacts 1 → 2 (+1); meetings 0 → 2 (+1)")
    );
    assert_eq!(of("Borealis"), expected(Some(6.0), Some(0.0), "Unchanged since October 2026"));
    assert_eq!(of("Cobalt"), expected(Some(5.0), None, "No longer a client; scored 5 in October 2026"));
    assert_eq!(of("Delta"), expected(Some(3.0), Some(0.0), "Unchanged since October 2026"));
    assert_eq!(of("Echo"), expected(None, None, "New since October 2026"));
}

#[test]
fn running_a_month_again_replaces_it_and_a_result_is_the_same() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", OCTOBER)]);
    let better = OCTOBER.replace("Acme,Ana,1,1,0", "Acme,Ana,2,2,5");
    months.month("2026-11", &[("Sales", &better)]);
    let first = fs::read(months.out().join("2026-11/Sales/Clients.xlsx")).unwrap();
    months.month("2026-11", &[("Sales", &better)]);
    assert_eq!(first, fs::read(months.out().join("2026-11/Sales/Clients.xlsx")).unwrap());
    assert_eq!(number(&months.rows("2026-11", "Sales")["Acme"]["Change"]), Some(3.0));
    months.month("2026-11", &[("Sales", OCTOBER)]);
    assert_eq!(number(&months.rows("2026-11", "Sales")["Acme"]["Change"]), Some(0.0));
    let stored = keeptabs::history::load(&months.store()).unwrap();
    assert_eq!(stored.iter().map(|month| month.month.to_string()).collect::<Vec<_>>(), ["2026-10", "2026-11"]);
    assert_eq!(stored[1].accounts[0].score, Some(2.0));
}

#[test]
fn a_month_run_late_names_the_months_that_are_out_of_date() {
    let months = Months::new();
    months.month("2026-09", &[("Sales", OCTOBER)]);
    months.month("2026-11", &[("Sales", OCTOBER)]);
    let report = months.month("2026-10", &[("Sales", &OCTOBER.replace("Acme,Ana,1", "Acme,Ana,2"))]);
    assert_eq!(codes(&report), ["out-of-date"]);
    assert!(report["findings"][0]["message"].as_str().unwrap().contains("2026-11"), "{report:#}");
    assert_eq!(months.rows("2026-10", "Sales")["Acme"]["Previous month"].to_string(), "2026-09");
    // once more with nothing new: nothing is out of date
    let again = months.month("2026-10", &[("Sales", &OCTOBER.replace("Acme,Ana,1", "Acme,Ana,2"))]);
    assert_eq!(codes(&again), Vec::<&str>::new());
    months.month("2026-11", &[("Sales", OCTOBER)]);
    let acme = &months.rows("2026-11", "Sales")["Acme"];
    assert_eq!((number(&acme["Change"]), acme["Previous month"].to_string()), (Some(-1.0), "2026-10".to_owned()));
}

#[test]
fn a_department_that_is_absent_is_named_and_compared_when_it_is_back() {
    let months = Months::new();
    let ops = "Ypsilon,Cem,2,2,3,senior,9,500,400,active,\n";
    months.month("2026-09", &[("Sales", OCTOBER), ("Ops", ops)]);
    let october = months.month("2026-10", &[("Sales", OCTOBER)]);
    assert_eq!(codes(&october), ["not-delivered"]);
    assert!(october["findings"][0]["message"].as_str().unwrap().starts_with("Ops"));
    months.month("2026-11", &[("Sales", OCTOBER), ("Ops", &ops.replace("2,2,3", "1,2,3"))]);
    let row = &months.rows("2026-11", "Ops")["Ypsilon"];
    assert_eq!((number(&row["Change"]), row["Previous month"].to_string()), (Some(-1.0), "2026-09".to_owned()));
}

#[test]
fn a_run_that_lacks_a_department_of_the_stored_month_is_refused() {
    let months = Months::new();
    let ops = "Ypsilon,Cem,2,2,3,senior,9,500,400,active,\n";
    months.month("2026-11", &[("Sales", OCTOBER), ("Ops", ops)]);
    let before = crate::support::hashes(&months.out());
    months.hand_in(&[("Sales", OCTOBER)]);
    let refused = months.run("2026-11", &[]);
    assert_eq!(refused.status.code(), Some(2));
    let said = stderr(&refused);
    assert!(said.contains("Ops") && said.contains("--force") && !said.contains("Sales"), "{said}");
    assert_eq!(before, crate::support::hashes(&months.out()));
    assert!(months.run("2026-11", &["--force"]).status.success());
    assert_eq!(keeptabs::history::load(&months.store()).unwrap()[0].departments.len(), 1);
}

#[test]
fn a_run_in_which_nothing_converts_stores_nothing() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", OCTOBER)]);
    let before = fs::read(months.store()).unwrap();
    fs::write(months.folder.path().join("inbox/Sales/Clients.csv"), "Our contacts,Client contacts,Meetings\n1,2,3\n")
        .unwrap();
    assert_eq!(months.run("2026-10", &[]).status.code(), Some(1));
    assert_eq!(before, fs::read(months.store()).unwrap());
}

#[test]
fn without_history_there_is_none() {
    let months = Months::new();
    months.hand_in(&[("Sales", OCTOBER)]);
    assert!(months.run("2026-10", &["--no-history"]).status.success());
    assert!(!months.store().exists());
    assert!(months.run("2026-10", &["--dry-run"]).status.success());
    assert!(!months.store().exists());
    assert!(months.run("2026-10", &[]).status.success());
    assert!(months.run("2026-11", &["--no-history"]).status.success());
    assert!(!months.rows("2026-11", "Sales")["Acme"].contains_key("Change"));
    assert_eq!(keeptabs::history::load(&months.store()).unwrap().len(), 1);
}

#[test]
fn a_damaged_or_foreign_history_is_refused_and_left_alone() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", OCTOBER)]);
    let mut bytes = fs::read(months.store()).unwrap();
    let half = bytes.len() / 2;
    bytes[half..].fill(0x5a);
    for bytes in [bytes, b"Client;Score\nAcme;3\n".to_vec()] {
        fs::write(months.store(), &bytes).unwrap();
        let refused = months.run("2026-11", &[]);
        assert_eq!(refused.status.code(), Some(2));
        let said = stderr(&refused);
        assert!(said.contains("keeptabs.sqlite") && said.contains("left as it is"), "{said}");
        assert_eq!(fs::read(months.store()).unwrap(), bytes);
        assert!(!months.out().join("2026-11").exists());
        assert!(months.run("2026-11", &["--no-history"]).status.success());
        fs::remove_dir_all(months.out().join("2026-11")).unwrap();
    }
}

#[test]
fn two_runs_at_once_lose_nothing() {
    let months = Months::new();
    months.hand_in(&[("Sales", OCTOBER)]);
    let runs: Vec<_> = ["2026-09", "2026-10", "2026-11"]
        .map(|month| {
            let mut command = keeptabs();
            command.arg("run").arg(months.folder.path().join("inbox")).arg("--out").arg(months.out());
            command.args(["--month", month, "-q"]).spawn().unwrap()
        })
        .into();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    assert_eq!(keeptabs::history::load(&months.store()).unwrap().len(), 3);
}

#[test]
fn another_scorecard_splits_the_change() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", OCTOBER)]);
    let default = keeptabs::config::DEFAULT;
    let harder = default.replace("{ at_least = 2 }", "{ at_least = 4 }");
    assert_ne!(default, harder);
    let config = months.folder.path().join("harder.toml");
    fs::write(&config, harder).unwrap();
    months.hand_in(&[("Sales", &OCTOBER.replace("Delta,Ben,1,2,3", "Delta,Ben,2,2,3"))]);
    assert!(months.run("2026-11", &["--config", config.to_str().unwrap()]).status.success());
    assert_eq!(codes(&months.report("2026-11")), ["scorecard-changed"]);
    let rows = months.rows("2026-11", "Sales");
    assert_eq!(number(&rows["Delta"]["Change"]), Some(0.0));
    assert_eq!(
        rows["Delta"]["What changed"].to_string(),
        "0 since October 2026 (+1 by the client, −1 by the changed scorecard): our contacts 1 → 2 (+1)"
    );
    assert_eq!(
        rows["Borealis"]["What changed"].to_string(),
        "−1 since October 2026 (0 by the client, −1 by the changed scorecard)"
    );
}

#[test]
fn a_name_that_may_be_another_ones_is_settled_by_a_line() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", OCTOBER)]);
    let renamed = OCTOBER.replace("Cobalt,", "Zinnober,");
    let report = months.month("2026-11", &[("Sales", &renamed)]);
    assert_eq!(codes(&report), ["maybe-renamed"]);
    let message = report["findings"][0]["message"].as_str().unwrap();
    let (same, different) = message.split_once("Confirm or deny: ").unwrap().1.split_once(" or ").unwrap();
    let config = months.folder.path().join("keeptabs.toml");
    let with = |line: &str| {
        fs::write(&config, line).unwrap();
        assert!(months.run("2026-11", &[]).status.success());
        let zinnober = &months.rows("2026-11", "Sales")["Zinnober"];
        (codes(&months.report("2026-11")).len(), zinnober["What changed"].to_string())
    };
    assert_eq!(with(different), (0, "New since October 2026".to_owned()));
    assert_eq!(with(same), (0, "Unchanged since October 2026".to_owned()));
}

#[test]
fn earlier_months_run_in_any_order_give_the_same_history() {
    let lists = [
        ("2026-08", OCTOBER.replace("Acme,Ana,1,1,0", "Acme,Ana,3,0,0")),
        ("2026-09", OCTOBER.replace("Delta,Ben,1,2,3", "Delta,Cem,2,2,1")),
        ("2026-10", OCTOBER.to_owned()),
    ];
    let run = |months: &Months, (month, list): &(&str, String)| {
        months.hand_in(&[("Sales", list)]);
        assert!(months.run(month, &[]).status.success());
        let findings = months.report(month)["findings"].clone();
        findings.as_array().unwrap().iter().map(|own| own["message"].as_str().unwrap().to_owned()).collect::<String>()
    };
    let right = Months::new();
    lists.iter().for_each(|list| assert_eq!(run(&right, list), ""));
    let wrong = Months::new();
    assert_eq!(run(&wrong, &lists[2]), "");
    assert!(run(&wrong, &lists[0]).contains("the results of 2026-10"));
    assert!(run(&wrong, &lists[1]).contains("the results of 2026-10"));
    // what is stored is the same already; the results are so once the months named are run again
    let stored = |months: &Months| keeptabs::history::load(&months.store()).unwrap();
    assert_eq!(stored(&right), stored(&wrong));
    assert_eq!(run(&wrong, &lists[2]), "");
    for (month, _) in &lists {
        let result = |months: &Months| crate::support::hashes(&months.out().join(month).join("Sales"));
        assert_eq!(result(&right), result(&wrong), "{month}");
    }
    assert_eq!(stored(&right), stored(&wrong));
}

#[test]
fn a_department_of_which_a_part_failed_loses_nobody() {
    let months = Months::new();
    let second = months.folder.path().join("inbox/Sales/More.csv");
    let more = "Echo,Ana,1,1,0,senior,8,1000,900,active,\nFoxtrot,Ana,1,1,0,senior,8,1500,900,active,\n";
    months.hand_in(&[("Sales", OCTOBER)]);
    fs::write(&second, format!("{HEADING}{more}")).unwrap();
    assert!(months.run("2026-10", &[]).status.success());
    fs::write(&second, "Our contacts,Client contacts,Meetings\n1,2,3\n").unwrap();
    let gone = OCTOBER.replace("Cobalt,Ben,2,2,3,middle,9,3000,100,active,\n", "");
    fs::write(months.folder.path().join("inbox/Sales/Clients.csv"), format!("{HEADING}{gone}")).unwrap();
    assert_eq!(months.run("2026-11", &[]).status.code(), Some(1));
    let stored = keeptabs::history::load(&months.store()).unwrap();
    assert_eq!(stored[1].departments[0].delivered, keeptabs::history::Delivered::Partial);
    assert_eq!(codes(&months.report("2026-11")), Vec::<&str>::new(), "nobody is missed, nobody lost");
    // the month is stored with the department: a part of it may replace it
    assert_eq!(months.run("2026-10", &[]).status.code(), Some(1));
    // nothing of it may not
    fs::remove_file(months.folder.path().join("inbox/Sales/Clients.csv")).unwrap();
    fs::create_dir_all(months.folder.path().join("inbox/Ops")).unwrap();
    fs::write(months.folder.path().join("inbox/Ops/Clients.csv"), format!("{HEADING}{more}")).unwrap();
    let refused = months.run("2026-10", &[]);
    assert!(refused.status.code() == Some(2) && stderr(&refused).contains("Sales"), "{}", stderr(&refused));
}
