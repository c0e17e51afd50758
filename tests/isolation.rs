//! What a workbook does to the process that reads it costs only that workbook.

use crate::craft::{Xlsx, csv, hungry_ods, ods, ods_rows, ods_table, xls};
use crate::support::{fixtures, keeptabs, run};
use keeptabs::error::FileError;
use keeptabs::password::Passwords;
use keeptabs::workbook::{HandIn, Limits};
use keeptabs::worker::Reader;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};
use tempfile::TempDir;

fn inbox(files: &[(&str, Vec<u8>)], config: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::create_dir(folder.path().join("inbox")).unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join("inbox").join(name), bytes).unwrap();
    }
    fs::write(folder.path().join("keeptabs.toml"), config).unwrap();
    folder
}

fn good_ods() -> Vec<u8> {
    ods(&ods_table("Clients", &ods_rows("")))
}

fn file(bytes: Vec<u8>) -> HandIn {
    HandIn { bytes, sheet_name: "Clients".to_owned() }
}

/// A reader whose workers leave a line behind when they start.
#[cfg(unix)]
fn counted(folder: &Path, limits: Limits) -> (Reader, PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let (script, log) = (folder.join("keeptabs.sh"), folder.join("log"));
    let program = env!("CARGO_BIN_EXE_keeptabs");
    fs::write(&script, format!("#!/bin/sh\necho started >> '{}'\nexec '{program}' \"$@\"\n", log.display())).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    (Reader::new(Some(script), limits, Passwords::default()), log)
}

#[cfg(unix)]
fn starts(log: &Path) -> usize {
    fs::read_to_string(log).map_or(0, |text| text.lines().count())
}

#[cfg(target_os = "linux")]
#[test]
fn a_workbook_that_exhausts_memory_costs_only_itself() {
    let files = [
        ("a.xls", xls(&[], &[])),
        ("b hungry.ods", hungry_ods()),
        ("c.ods", good_ods()),
        ("d.csv", csv()),
        ("e.xlsx", Xlsx::new().zip()),
    ];
    let folder = inbox(&files, "[limits]\nworker_megabytes = 100\n");
    let ran = run(&folder.path().join("inbox"), &["--month", "2026-10", "--jobs", "2", "-q"]);
    assert_eq!(ran.status(), 1, "{}{}", ran.stdout(), ran.stderr());
    let hungry = ran.file("b hungry.ods");
    assert_eq!(hungry["status"], "failed");
    let reason = hungry["reason"].as_str().unwrap();
    assert!(reason.contains("more than 100 MiB of memory (limits.worker_megabytes)"), "{reason}");
    assert_eq!(hungry["findings"][0]["code"], "file-failed");
    // they hold one list, which counts once; every one of them was read
    for name in ["a.xls", "c.ods", "d.csv", "e.xlsx"] {
        let file = ran.file(name);
        assert!(file["status"] != "failed" && file["sheets"][0]["name"].is_string(), "{name}: {file}");
    }
    assert_eq!(ran.report()["totals"]["clients"], 2);
    assert_eq!(ran.stderr(), "", "a dead worker is a finding, no noise");
}

#[test]
fn a_workbook_that_takes_too_long_costs_only_itself() {
    // a hundred thousand rounds for each of many passwords
    let passwords: String = (0..2000).map(|number| format!("wrong {number}\n")).collect();
    let slow = fs::read(fixtures().join("traps/agile.xlsx")).unwrap();
    let folder = inbox(&[("slow.xlsx", slow), ("good.xls", xls(&[], &[]))], "[limits]\nworker_seconds = 4\n");
    let list = folder.path().join("passwords.txt");
    fs::write(&list, passwords).unwrap();
    let begun = Instant::now();
    let list = list.to_str().unwrap();
    let ran = run(&folder.path().join("inbox"), &["--month", "2026-10", "--password-file", list]);
    assert_eq!(ran.status(), 1, "{}", ran.stderr());
    let slow = ran.file("slow.xlsx");
    assert_eq!(slow["status"], "failed");
    let reason = slow["reason"].as_str().unwrap();
    assert!(reason.contains("longer than 4 seconds (limits.worker_seconds)"), "{reason}");
    assert_eq!(ran.file("good.xls")["status"], "converted");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[cfg(unix)]
#[test]
fn one_worker_serves_many_workbooks_and_is_replaced_when_it_dies() {
    let folder = TempDir::new().unwrap();
    let limits = Limits { worker_bytes: 100 << 20, ..Limits::default() };
    let (reader, log) = counted(folder.path(), limits);
    let alone = Reader::new(None, Limits::default(), Passwords::default());
    for _ in 0..5 {
        for bytes in [xls(&[], &[]), good_ods()] {
            let file = file(bytes);
            assert_eq!(reader.read(&file).unwrap(), alone.read(&file).unwrap(), "the pipe changes nothing");
        }
    }
    assert_eq!(starts(&log), 1);
    if cfg!(target_os = "linux") {
        assert!(matches!(reader.read(&file(hungry_ods())), Err(FileError::Costly(_))));
        // the used worker died of it, and a fresh one as well, which makes it certain
        assert_eq!(starts(&log), 2);
        assert!(reader.read(&file(good_ods())).is_ok());
        assert_eq!(starts(&log), 3);
    }
}

#[cfg(unix)]
#[test]
fn a_healthy_xlsx_or_csv_is_read_without_a_worker_and_a_very_large_one_is_not() {
    let folder = TempDir::new().unwrap();
    let (reader, log) = counted(folder.path(), Limits::default());
    for bytes in [Xlsx::new().zip(), csv()] {
        assert_eq!(reader.read(&file(bytes)).unwrap().sheets[0].row_count(), 3);
    }
    assert_eq!(starts(&log), 0);
    let space = " ".repeat(60 << 20);
    let heavy = (0..5).fold(Xlsx::new(), |xlsx, part| xlsx.and(&format!("xl/media/{part}"), space.as_bytes()));
    assert_eq!(reader.read(&file(heavy.zip())).unwrap().sheets[0].row_count(), 3);
    assert_eq!(starts(&log), 1);
}

#[test]
fn without_a_worker_everything_is_read_in_this_process() {
    let reader = Reader::new(Some(PathBuf::from("/nowhere/keeptabs")), Limits::default(), Passwords::default());
    let book = reader.read(&file(good_ods())).unwrap();
    assert_eq!(book.sheets[0].row_count(), 3);
    assert!(book.remarks[0].contains("process of its own"), "{:?}", book.remarks);
}

#[cfg(unix)]
#[test]
fn another_program_is_no_worker() {
    let reader = Reader::new(Some(PathBuf::from("/bin/cat")), Limits::default(), Passwords::default());
    let book = reader.read(&file(good_ods())).unwrap();
    assert!(book.remarks[0].contains("another program"), "{:?}", book.remarks);
}

#[test]
fn a_worker_ends_with_its_run() {
    let mut worker =
        keeptabs().arg("worker").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(worker.stdin.take());
    assert!(worker.wait().unwrap().success());
    let help = keeptabs().arg("--help").output().unwrap();
    assert!(!String::from_utf8(help.stdout).unwrap().contains("worker"));
}
