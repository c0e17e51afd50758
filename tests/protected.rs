//! Workbooks with a password (fixtures/traps/make_protected.py made them): opened with the right one, else said.

use crate::support::{fixtures, hashes, keeptabs, number};
use serde_json::Value;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const PASSWORD: &str = "korrekt-Pferd 7";

/// Runs both files; gives their statuses and reasons, and everything that was printed or written.
fn statuses(passwords: Option<&str>, environment: Option<&str>) -> (Vec<(String, String)>, String, TempDir) {
    let folder = TempDir::new().unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    for name in ["agile.xlsx", "standard.xlsx"] {
        fs::copy(fixtures().join("traps").join(name), inbox.join(name)).unwrap();
    }
    let (statuses, told) = statuses_in(&folder, passwords, environment);
    (statuses, told, folder)
}

fn statuses_in(
    folder: &TempDir,
    passwords: Option<&str>,
    environment: Option<&str>,
) -> (Vec<(String, String)>, String) {
    let inbox = folder.path().join("inbox");
    let mut command = keeptabs();
    command.arg("run").arg(&inbox).args(["--month", "2026-10", "--verbose", "--out"]).arg(folder.path().join("out"));
    command.env_remove("KEEPTABS_PASSWORD");
    if let Some(passwords) = passwords {
        fs::write(folder.path().join("passwords.txt"), passwords).unwrap();
        command.arg("--password-file").arg(folder.path().join("passwords.txt"));
    }
    if let Some(password) = environment {
        command.env("KEEPTABS_PASSWORD", password);
    }
    let output = command.output().unwrap();
    let report = fs::read_to_string(folder.path().join("out/2026-10/run.json")).unwrap();
    let told = [String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap()].concat();
    let files: Value = serde_json::from_str(&report).unwrap();
    let text = |file: &Value, key: &str| file[key].as_str().unwrap_or_default().to_owned();
    let statuses = files["files"].as_array().unwrap().iter().map(|file| (text(file, "status"), text(file, "reason")));
    (statuses.collect(), report + &told)
}

fn scores(folder: &Path, target: &str) -> Vec<Option<f64>> {
    let rows = crate::support::table(&folder.join("out/2026-10").join(target), "Clients");
    rows.iter().map(|row| number(&row["Score"])).collect()
}

#[test]
fn the_right_password_opens_it_from_a_file_or_the_environment() {
    let list = format!("first try\r\n\r\n{PASSWORD}\r\n");
    for (file, environment) in [(Some(list.as_str()), None), (None, Some(PASSWORD)), (Some("wrong"), Some(PASSWORD))] {
        let (statuses, told, folder) = statuses(file, environment);
        assert_eq!(statuses.iter().map(|(status, _)| status).collect::<Vec<_>>(), ["converted"; 2], "{told}");
        for target in ["agile.xlsx", "standard.xlsx"] {
            assert_eq!(scores(folder.path(), target), [Some(6.0), Some(0.0)]);
        }
    }
}

/// Neither that a workbook could not be opened nor what stood in it is remembered.
#[test]
fn every_run_needs_the_password_anew() {
    let folder = statuses(None, None).2;
    // the lists of a month that is stored may not be lacking; another workbook has it stored
    fs::copy(fixtures().join("inbox/Sales/UK clients.xlsx"), folder.path().join("inbox/UK.xlsx")).unwrap();
    let of = |passwords: Option<&str>| {
        let statuses = statuses_in(&folder, passwords, None).0;
        statuses.into_iter().map(|(status, _)| status).collect::<Vec<_>>()
    };
    assert_eq!(of(None), ["converted", "failed", "failed"].map(String::from));
    assert_eq!(of(None), ["unchanged", "failed", "failed"].map(String::from));
    assert_eq!(of(Some("wrong")), ["unchanged", "failed", "failed"].map(String::from));
    assert_eq!(of(Some(PASSWORD))[1..], ["converted", "converted"].map(String::from));
    assert_eq!(of(Some(PASSWORD))[1..], ["unchanged", "unchanged"].map(String::from));
    let kept = fs::read_dir(folder.path().join("out/.keeptabs")).unwrap().count();
    assert_eq!(kept, 1, "the one list without a password");
}

#[test]
fn without_the_right_password_it_says_so() {
    for (file, expected) in
        [(None, "or give the password with --password-file"), (Some("one\ntwo\n"), "the 2 given do not open it")]
    {
        for (status, reason) in statuses(file, None).0 {
            assert_eq!(status, "failed");
            assert!(reason.contains("is protected with a password") && reason.contains(expected), "{reason}");
        }
    }
}

#[test]
fn passwords_stand_nowhere() {
    let secrets = format!("not this one\n{PASSWORD}\n");
    let (_, told, folder) = statuses(Some(&secrets), Some("from the environment"));
    for secret in ["not this one", PASSWORD, "from the environment"] {
        assert!(!told.contains(secret), "{told}");
    }
    for path in hashes(&folder.path().join("out")).into_keys() {
        let bytes = fs::read(folder.path().join("out").join(&path)).unwrap();
        assert!(memchr::memmem::find(&bytes, PASSWORD.as_bytes()).is_none(), "{path}");
    }
}

#[test]
fn a_password_file_that_is_missing_ends_the_run() {
    let output = keeptabs().args(["run", ".", "--password-file", "/nowhere/passwords.txt"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("cannot read the passwords"));
}
