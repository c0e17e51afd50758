//! The command line: usage, configuration, exit statuses.

use crate::support::{fixtures, keeptabs, run};
use std::fs;
use tempfile::TempDir;

#[test]
fn a_missing_inbox_is_a_run_that_could_not_be_made() {
    let ran = run(std::path::Path::new("no such folder"), &[]);
    assert_eq!(ran.status(), 2);
    assert!(ran.stderr().contains("no such folder"), "{}", ran.stderr());
}

#[test]
fn an_inbox_without_workbooks_is_said() {
    let folder = TempDir::new().unwrap();
    let ran = run(folder.path(), &["--month", "2026-11"]);
    assert_eq!(ran.status(), 2);
    assert!(ran.stderr().contains("no workbook"), "{}", ran.stderr());
    assert!(!ran.out.exists());
}

#[test]
fn a_month_that_has_not_begun_is_refused() {
    let ran = run(&fixtures().join("inbox"), &["--month", "2199-01"]);
    assert_eq!(ran.status(), 2);
    assert!(ran.stderr().contains("has not begun"), "{}", ran.stderr());
}

#[test]
fn the_month_of_the_command_line_wins_over_the_configuration() {
    let ran = run(&fixtures().join("inbox"), &["--month", "2026-10"]);
    assert_eq!(ran.report()["month"], "2026-10");
    assert_eq!(ran.report()["as_of"], "2026-10-31");
    assert_eq!(run(&fixtures().join("inbox"), &[]).report()["month"], "2026-11");
}

#[test]
fn mistakes_in_the_configuration_are_shown_with_their_place() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("mine.toml");
    fs::write(&config, "month = \"2026-11\"\n[flags]\nsurvei = 3\n").unwrap();
    let ran = run(&fixtures().join("inbox"), &["--config", config.to_str().unwrap()]);
    assert_eq!(ran.status(), 2);
    let stderr = ran.stderr();
    assert!(stderr.contains("mine.toml") && stderr.contains("survei") && stderr.contains("line 3"), "{stderr}");
}

#[test]
fn a_dry_run_writes_nothing() {
    let ran = run(&fixtures().join("inbox"), &["--dry-run"]);
    assert_eq!(ran.status(), 0);
    assert!(!ran.out.exists());
    assert!(ran.stdout().contains("Nothing was written"), "{}", ran.stdout());
}

#[test]
fn quiet_is_quiet_and_json_is_json() {
    let inbox = fixtures().join("inbox");
    let quiet = run(&inbox, &["-q"]);
    assert_eq!((quiet.stdout().as_str(), quiet.stderr().as_str()), ("", ""));
    let json = run(&inbox, &["--format", "json"]);
    let printed: serde_json::Value = serde_json::from_str(&json.stdout()).unwrap();
    assert_eq!(printed, json.report());
}

#[test]
fn wrong_usage_ends_with_2() {
    let output = keeptabs().args(["run", "--month", "november"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains("like 2026-11"), "{stderr}");
}

#[test]
fn another_scorecard_gives_other_scores() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("keeptabs.toml");
    fs::write(
        &config,
        r#"month = "2026-11"
        [[scorecard]]
        name = "Meetings only"
        bands = { strong = 3, watch = 1 }
        worry = 1
        kpi = 3
        [[scorecard.criterion]]
        id = "meetings"
        heading = "Points: meetings"
        field = "meetings"
        rule = { at_least = 1 }
        points = 3
        "#,
    )
    .unwrap();
    let ran = run(&fixtures().join("cases/title-rows/inbox"), &["--config", config.to_str().unwrap()]);
    let file = ran.report()["files"][0].clone();
    assert_eq!(file["status"], "converted", "{file:#}");
    for row in ran.clients(file["target"].as_str().unwrap(), "Clients") {
        let meetings = crate::support::number(&row["Meetings (6 months)"]);
        let score = crate::support::number(&row["Score"]);
        assert_eq!(score, meetings.map(|meetings| if meetings >= 1.0 { 3.0 } else { 0.0 }), "{row:?}");
    }
}
