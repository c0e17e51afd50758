//! A run that is killed, and runs at once: what stands under a final name is whole, and the next run mends the rest.

use crate::history::Months;
use crate::support::{hashes, keeptabs};
use keeptabs::history::{self, Snapshot};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

/// How often the program is killed; the development part of the README says when to raise it.
fn kills() -> u64 {
    std::env::var("KEEPTABS_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
}

/// Three departments with some clients; `month` makes the lists of two months different.
fn hand_in(months: &Months, month: u32) {
    let list = |department: u32| {
        let mut text = String::new();
        for client in 0..30 {
            let meetings = (client + month) % 4;
            writeln!(text, "Client {department}{client:02} Ltd,Ana,1,{meetings},{meetings},senior,8,1000,900,active,")
                .unwrap();
        }
        text
    };
    let texts = [list(1), list(2), list(3)];
    months.hand_in(&[("Ops", &texts[0]), ("Sales", &texts[1]), ("Service", &texts[2])]);
}

fn start(months: &Months, month: &str) -> Child {
    let mut command = keeptabs();
    command.arg("run").arg(months.folder.path().join("inbox")).arg("--out").arg(months.out());
    command.args(["--month", month, "--per-manager", "-q"]).spawn().unwrap()
}

fn finish(months: &Months, month: &str) {
    assert!(start(months, month).wait().unwrap().success());
}

/// Reads a file to its end as what its name says it is.
fn read_whole(path: &Path) {
    let bytes = fs::read(path).unwrap();
    let name = path.display();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("xlsx") => {
            let mut parts = zip::ZipArchive::new(File::open(path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
            for part in 0..parts.len() {
                // at its end the checksum is compared
                parts.by_index(part).unwrap().read_to_end(&mut Vec::new()).unwrap_or_else(|e| panic!("{name}: {e}"));
            }
        }
        Some("json") => {
            drop(serde_json::from_slice::<serde_json::Value>(&bytes).unwrap_or_else(|e| panic!("{name}: {e}")))
        }
        Some("csv") => assert!(bytes.iter().filter(|byte| **byte == b'\n').count() == 91, "{name}"),
        Some("parquet") => assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{name}"),
        _ => panic!("{name}: what is this?"),
    }
}

/// Every file under a final name is whole; the others are those that the next run sweeps. Gives their number.
fn check(months: &Months) -> usize {
    let mut left = 0;
    for path in hashes(&months.out()).into_keys() {
        let name = path.rsplit('/').next().unwrap();
        match path.as_str() {
            "keeptabs.sqlite" | "keeptabs.sqlite-journal" => {}
            _ if path.starts_with(".keeptabs/") => {}
            _ if name.starts_with(".keeptabs-") && name.ends_with(".tmp") => {
                // where files can be without a name, one gets its name when it is whole
                let whole = std::fs::metadata(months.out().join(&path)).unwrap().len() > 0;
                assert!(whole || !cfg!(target_os = "linux"), "{path} is partial");
                left += 1;
            }
            _ => read_whole(&months.out().join(&path)),
        }
    }
    left
}

/// The results of October; run.json says which of them a run wrote.
fn results(months: &Months) -> BTreeMap<String, String> {
    let mut results = hashes(&months.out().join("2026-10"));
    results.remove("run.json").unwrap();
    results
}

fn stored(months: &Months) -> Vec<Snapshot> {
    history::load(&months.store()).unwrap()
}

#[test]
fn killed_at_any_moment_everything_is_whole_and_the_next_run_completes() {
    let months = Months::new();
    hand_in(&months, 0);
    finish(&months, "2026-09");
    hand_in(&months, 1);
    let base = fs::read(months.store()).unwrap();
    let started = Instant::now();
    finish(&months, "2026-10");
    let takes = started.elapsed();
    let whole = stored(&months);
    let expected = results(&months);
    let (mut early, mut late, mut left) = (0, 0, 0);
    let mut random = 20_260_718u64;
    for kill in 0..kills() {
        // in turn into an empty folder, and over results of other lists
        fs::remove_dir_all(months.out().join("2026-10")).unwrap();
        fs::write(months.store(), &base).unwrap();
        let mut before = stored(&months);
        if kill % 2 == 1 {
            hand_in(&months, 2);
            finish(&months, "2026-10");
            hand_in(&months, 1);
            before = stored(&months);
        }
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let wait = takes.mul_f64((random >> 33) as f64 / (1u64 << 31) as f64 * 1.3);
        let mut run = start(&months, "2026-10");
        std::thread::sleep(wait);
        // it may have ended by itself
        run.kill().unwrap_or(());
        run.wait().unwrap();
        left += check(&months);
        let now = stored(&months);
        assert!(now == before || now == whole, "killed after {wait:?}: {} months", now.len());
        early += u64::from(now == before);
        late += u64::from(now == whole);
        finish(&months, "2026-10");
        assert_eq!(check(&months), 0, "the next run sweeps");
        assert_eq!(stored(&months), whole);
        assert_eq!(results(&months), expected);
    }
    println!(
        "{} kills over {takes:?}: {early} before the month was stored, {late} after; {left} temporary files left",
        kills()
    );
    assert!(early > 0, "no kill came in time");
}

#[test]
fn what_a_killed_run_left_is_not_taken_for_somebodys_edit() {
    let months = Months::new();
    hand_in(&months, 0);
    let started = Instant::now();
    finish(&months, "2026-10");
    let takes = started.elapsed();
    for part in 0..12 {
        hand_in(&months, 1);
        finish(&months, "2026-10");
        hand_in(&months, 2);
        let mut run = start(&months, "2026-10");
        std::thread::sleep(takes.mul_f64(0.4 + f64::from(part) * 0.06));
        run.kill().unwrap_or(());
        run.wait().unwrap();
        // the lists change before somebody runs again
        hand_in(&months, 3);
        finish(&months, "2026-10");
        let beside: Vec<_> = hashes(&months.out()).into_keys().filter(|path| path.contains("(2)")).collect();
        assert_eq!(beside, Vec::<String>::new(), "killed at part {part}");
    }
}

#[test]
fn two_runs_of_one_month_at_once_give_what_one_gives() {
    let months = Months::new();
    hand_in(&months, 0);
    finish(&months, "2026-09");
    hand_in(&months, 1);
    finish(&months, "2026-10");
    let (whole, expected) = (stored(&months), results(&months));
    for _ in 0..3 {
        fs::remove_dir_all(months.out().join("2026-10")).unwrap();
        let runs = [(); 2].map(|()| start(&months, "2026-10"));
        for mut run in runs {
            assert!(run.wait().unwrap().success());
        }
        assert_eq!(check(&months), 0);
        assert_eq!(stored(&months), whole);
        assert_eq!(results(&months), expected);
    }
}

#[test]
fn a_second_run_waits_for_the_first() {
    let months = Months::new();
    hand_in(&months, 0);
    finish(&months, "2026-09");
    let held = history::lock(&months.store(), history::PATIENCE).unwrap();
    let mut second = start(&months, "2026-10");
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(second.try_wait().unwrap(), None, "it waits");
    assert!(!months.out().join("2026-10").exists(), "and writes nothing meanwhile");
    drop(held);
    assert!(second.wait().unwrap().success());
    assert_eq!(stored(&months).len(), 2);
}
