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

/// What a person may type who has not read the manual, and the words that put it right.
#[test]
fn wrong_usage_says_what_is_right() {
    let folder = TempDir::new().unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    fs::copy(fixtures().join("inbox/Sales/UK clients.xlsx"), inbox.join("UK clients.xlsx")).unwrap();
    let cases: &[(&[&str], &str)] = &[
        (&["run", "inbx"], "cannot read the inbox inbx: there is no such folder"),
        (&["run", "inbox/UK clients.xlsx"], "it is a file; give the folder it lies in: keeptabs run \"inbox\""),
        (
            &["run", "inbox", "--out", "inbox"],
            "it holds the results as well, and the next run would take them for lists",
        ),
        (&["run", "--month", "11-2026"], "\"11-2026\" is no month; write it as year and month: 2026-11"),
        (&["run", "--month", "Nov 2026"], "write it as year and month: 2026-11"),
        (&["run", "--month", "2026/3"], "write it as year and month: 2026-03"),
        (&["run", "--month", "2026-11-30"], "write it as year and month: 2026-11"),
        (&["run", "--month", "2026-13"], "write it as year and month, like 2026-11"),
        (&["run", "--month", "03/04/2026"], "write it as year and month, like 2026-11"),
        (&["run", "--jobs", "0"], "give a whole number from 1 up"),
        (&["run", "--language", "klingon"], "they are en, nl, pt, de, fr, es, it"),
        (&["run", "--config", "nope.toml"], "cannot read the configuration nope.toml: there is no such file"),
        (&["run", "--password-file", "nope"], "cannot read the passwords nope: there is no such file"),
        (&["run", "--files-from", "nope"], "cannot read the list of files nope: there is no such file"),
        (&["explain", "wrongvalue"], "did you mean wrong-value?"),
        (&["history"], "keeptabs run stores one"),
        (&["rum"], "a similar subcommand exists: 'run'"),
    ];
    for (arguments, wanted) in cases {
        let output = keeptabs().args(*arguments).current_dir(folder.path()).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap().replace('\\', "/");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(wanted), "{arguments:?}: {said}");
    }
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["inbox"], "nothing is written");
}

#[test]
fn errors_are_json_where_json_is_asked_for() {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("bad.toml"), "langauge = \"nl\"\n[output]\ncompression = 12\n").unwrap();
    let commands: &[&[&str]] = &[
        &["run", "inbox"],
        &["check", "inbox"],
        &["map", "inbox"],
        &["history"],
        &["client", "Acme"],
        &["explain", "no-such-code"],
        &["config", "--config", "bad.toml"],
        &["demo", "."],
        &["init", "bad.toml"],
        &["watch", "inbox"],
    ];
    for command in commands {
        let mut program = keeptabs();
        let output = program.args(*command).args(["--format", "json"]).current_dir(folder.path()).output().unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        crate::schemas::check(&value, keeptabs::schema::Form::Error);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command:?}: {said}");
        assert!(said.starts_with("error: "), "people read it as well: {command:?}: {said}");
        let mistakes = value["error"]["mistakes"].as_array().map_or(0, Vec::len);
        assert_eq!(mistakes, if command[0] == "config" { 2 } else { 0 }, "{value}");
    }
}
