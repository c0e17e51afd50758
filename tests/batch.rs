//! Laws of a whole batch: the inbox stays as it is, the same input gives the same bytes.

use crate::support::{fixtures, hashes, keeptabs, run};
use std::fs;
use tempfile::TempDir;

#[test]
fn jobs_time_zone_and_locale_change_no_byte() {
    let inbox = fixtures().join("inbox");
    let results = |jobs: &str, zone: &str, locale: &str| {
        let folder = TempDir::new().unwrap();
        let out = folder.path().join("results");
        let run = keeptabs()
            .arg("run")
            .arg(&inbox)
            .args(["--jobs", jobs, "--out"])
            .arg(&out)
            .env("TZ", zone)
            .env("LC_ALL", locale)
            .output()
            .unwrap();
        assert!(run.status.success());
        hashes(&out)
    };
    let one = results("1", "UTC", "C");
    assert!(one.len() > 8);
    for (jobs, zone, locale) in [("2", "Pacific/Auckland", "de_DE.UTF-8"), ("8", "America/Los_Angeles", "tr_TR.UTF-8")]
    {
        assert_eq!(one, results(jobs, zone, locale), "{jobs} {zone} {locale}");
    }
}

#[test]
fn the_order_and_times_of_files_change_no_byte() {
    let inbox = fixtures().join("inbox");
    let mut files: Vec<_> = hashes(&inbox).into_keys().collect();
    let folder = TempDir::new().unwrap();
    let mut results = Vec::new();
    for copy in ["one", "two"] {
        let inbox_copy = folder.path().join(copy).join("inbox");
        for file in &files {
            let target = inbox_copy.join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::write(target, fs::read(inbox.join(file)).unwrap()).unwrap();
        }
        fs::copy(fixtures().join("keeptabs.toml"), folder.path().join(copy).join("keeptabs.toml")).unwrap();
        results.push(hashes(&run(&inbox_copy, &[]).out));
        files.reverse();
    }
    assert!(results[0].len() > 8);
    assert_eq!(results[0], results[1]);
}

#[test]
fn the_inbox_stays_as_it_is() {
    let inbox = fixtures().join("inbox");
    let before = hashes(&inbox);
    run(&inbox, &[]);
    assert_eq!(before, hashes(&inbox));
}

#[test]
fn one_bad_workbook_costs_only_itself() {
    let folder = TempDir::new().unwrap();
    let inbox = folder.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let good = fixtures().join("inbox/Sales/UK clients.xlsx");
    fs::copy(&good, inbox.join("good.xlsx")).unwrap();
    let bytes = fs::read(&good).unwrap();
    fs::write(inbox.join("cut.xlsx"), &bytes[..bytes.len() / 2]).unwrap();
    fs::write(inbox.join("empty.xlsx"), b"").unwrap();
    fs::write(inbox.join("page.xls"), b"<html><table><tr><td>Client</td></tr></table></html>").unwrap();
    fs::write(inbox.join("~$good.xlsx"), b"lock").unwrap();
    let ran = run(&inbox, &["--month", "2026-11"]);
    assert_eq!(ran.status(), 1, "{}", ran.stdout());
    let status = |source: &str| ran.file(source)["status"].as_str().unwrap().to_owned();
    assert_eq!(status("good.xlsx"), "converted");
    assert_eq!(status("cut.xlsx"), "failed");
    assert_eq!(status("empty.xlsx"), "skipped");
    assert_eq!(status("page.xls"), "skipped");
    assert_eq!(status("~$good.xlsx"), "skipped");
    assert!(ran.month().join("good.xlsx").is_file());
    let left: Vec<_> = hashes(&ran.out).into_keys().filter(|path| path.contains("tmp")).collect();
    assert_eq!(left, Vec::<String>::new());
}

#[test]
fn the_output_folder_inside_the_inbox_is_not_read_back() {
    let folder = TempDir::new().unwrap();
    let inbox = folder.path();
    fs::copy(fixtures().join("inbox/Sales/UK clients.xlsx"), inbox.join("UK.xlsx")).unwrap();
    for _ in 0..2 {
        let status =
            keeptabs().args(["run", ".", "--out", "results", "--month", "2026-11"]).current_dir(inbox).output();
        assert!(status.unwrap().status.success());
    }
    let report: serde_json::Value =
        serde_json::from_slice(&fs::read(inbox.join("results/2026-11/run.json")).unwrap()).unwrap();
    assert_eq!(report["totals"]["unchanged"], 1, "{report:#}");
}

#[test]
fn values_hold_the_same_figures_as_formulas() {
    let inbox = fixtures().join("inbox");
    let (live, values) = (run(&inbox, &[]), run(&inbox, &["--values"]));
    let report = live.report();
    for file in report["files"].as_array().unwrap() {
        let Some(target) = file["target"].as_str() else {
            continue;
        };
        for sheet in file["sheets"].as_array().unwrap().iter().filter(|sheet| sheet["status"] == "converted") {
            let name = sheet["name"].as_str().unwrap();
            let (a, b) = (live.clients(target, name), values.clients(target, name));
            assert_eq!(a.len(), b.len());
            for (a, b) in a.iter().zip(&b) {
                for (heading, value) in a {
                    // a formula without result is empty text, a value is nothing at all
                    assert_eq!(value.to_string(), b[heading].to_string(), "{target} {heading}");
                }
            }
        }
    }
}
