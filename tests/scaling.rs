//! A run whose phases are done ahead by other processes gives what one run gives, and does the rest of what they leave.

use crate::support::{fixtures, hashes, keeptabs};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Output, Stdio};
use std::time::SystemTime;
use tempfile::TempDir;

const MONTH: &str = "2026-11";
/// An override without an end: how long it lives the stored months say.
const LEGAL: &str =
    "Client,Our contacts,Meetings (6 months),Override status,Override reason,Override until\nAcme,1,2,Strong,merger,\n";
const SUMMARY: &str = "Client retention summary 2026-11.xlsx";

/// Three parts of the demo's inbox and a list that came twice, each part in the hands of a process of its own.
struct Office {
    folder: TempDir,
    parts: Vec<Vec<String>>,
}

impl Office {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let from = fixtures().join("inbox");
        let mut files = hashes(&from).into_keys().collect::<Vec<_>>();
        for file in &files {
            let to = folder.path().join("inbox").join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from.join(file), to).unwrap();
        }
        fs::create_dir(folder.path().join("inbox/Legal")).unwrap();
        for name in ["Legal/Clients 2026-10.csv", "Legal/Clients 2026-11.csv"] {
            fs::write(folder.path().join("inbox").join(name), LEGAL).unwrap();
            files.push(name.to_owned());
        }
        let part = |n: usize| files.iter().skip(n).step_by(3).cloned().collect();
        Self { folder, parts: (0..3).map(part).collect() }
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn start(&self, out: &str, options: &[&str], input: &str) -> Child {
        let mut command = keeptabs();
        command.arg("run").arg(self.path("inbox")).arg("--out").arg(self.path(out));
        command.args(options).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child
    }

    fn run(&self, out: &str, options: &[&str]) -> Output {
        self.start(out, &[&["--month", MONTH], options].concat(), "").wait_with_output().unwrap()
    }

    /// The same lists a month before, so that the month is compared with another.
    fn october(&self, out: &str) {
        self.start(out, &["--month", "2026-10", "-q"], "").wait_with_output().unwrap();
    }

    /// A phase of these parts, all at once; gives what they say.
    fn phase(&self, out: &str, phase: &str, parts: &[&[String]]) -> String {
        let options = ["--month", MONTH, "--phase", phase, "--files-from", "-"];
        let started: Vec<_> = parts.iter().map(|part| self.start(out, &options, &part.join("\n"))).collect();
        started.into_iter().map(|child| said(&child.wait_with_output().unwrap())).collect()
    }

    /// Copies all files below a folder into another.
    fn hand_over(&self, from: &str, to: &str) {
        for file in hashes(&self.path(from)).keys() {
            let target = self.path(to).join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(self.path(from).join(file), target).unwrap();
        }
    }

    fn parts(&self) -> Vec<&[String]> {
        self.parts.iter().map(Vec::as_slice).collect()
    }

    /// When each file of the results was put in its place.
    fn times(&self, out: &str) -> BTreeMap<String, SystemTime> {
        let month = self.path(out).join(MONTH);
        let time = |name: &String| fs::metadata(month.join(name)).unwrap().modified().unwrap();
        hashes(&month).into_keys().map(|name| (name.clone(), time(&name))).collect()
    }

    fn kept(&self, out: &str) -> usize {
        let entries = fs::read_dir(self.path(out).join(".keeptabs")).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "kept")).count()
    }
}

/// What a command says that was done.
fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn results(out: &Path) -> BTreeMap<String, String> {
    hashes(&out.join(MONTH))
}

#[test]
fn three_parts_and_a_run_at_the_end_give_what_one_run_gives() {
    let office = Office::new();
    office.october("one");
    office.october("parts");
    let status = office.run("one", &[]).status;
    let expected = results(&office.path("one"));
    assert!(
        expected.len() == 15 && expected.contains_key(SUMMARY) && expected.contains_key("run.json"),
        "{expected:?}"
    );

    assert_eq!(office.phase("parts", "read", &office.parts()).matches("workbooks read").count(), 3);
    assert!(!office.path("parts").join(MONTH).exists(), "nothing is written yet");
    let joined = said(&office.run("parts", &["--phase", "join"]));
    assert!(joined.starts_with("11 of 12 workbooks joined\n  Legal/Clients 2026-10.csv"), "{joined}");
    let written = office.phase("parts", "write", &office.parts());
    let counts: Vec<_> = written.lines().filter(|line| line.contains(" workbooks ")).collect();
    assert_eq!(counts, ["4 of 4 workbooks written", "3 of 4 workbooks written", "4 of 4 workbooks written"]);
    let before = office.times("parts");
    assert_eq!(before.len(), 11);
    let stored = keeptabs::history::load(&office.path("parts").join(keeptabs::history::NAME)).unwrap();
    assert_eq!(stored.len(), 1, "only the run at the end stores the month");

    let last = office.run("parts", &[]);
    assert_eq!(last.status, status, "{}", String::from_utf8_lossy(&last.stderr));
    assert_eq!(results(&office.path("parts")), expected, "byte for byte");
    let after = office.times("parts");
    assert!(before.iter().all(|(name, time)| after[name] == *time), "what the parts wrote stands");
    // what was kept for the parts is swept; what one run keeps for the next one stays
    assert_eq!(office.kept("parts"), office.kept("one"));
    let again = said(&office.run("parts", &["--format", "json"]));
    let report: serde_json::Value = serde_json::from_str(&again).unwrap();
    assert_eq!(report["totals"]["unchanged"], 11);
}

#[test]
fn parts_that_fail_or_come_twice_cost_nothing_but_time() {
    let office = Office::new();
    office.run("one", &[]);
    let expected = results(&office.path("one"));
    let [first, second, third] = <[&[String]; 3]>::try_from(office.parts()).unwrap();

    // the second part is never read, the first by two at once; the third never writes
    office.phase("parts", "read", &[first, first, third]);
    fs::write(office.path("parts/.keeptabs/half.kept"), "half").unwrap();
    assert!(said(&office.run("parts", &["--phase", "join"])).starts_with("11 of 12 workbooks joined\n"));
    office.phase("parts", "write", &[first, second, first]);
    office.run("parts", &[]);
    assert_eq!(results(&office.path("parts")), expected);
}

#[test]
fn machines_that_share_no_folder_hand_over_what_they_kept() {
    let office = Office::new();
    office.run("one", &[]);
    for (machine, part) in ["here", "there", "yonder"].into_iter().zip(office.parts()) {
        office.phase(machine, "read", &[part]);
        office.hand_over(&format!("{machine}/.keeptabs"), "parts/.keeptabs");
    }
    office.run("parts", &["--phase", "join"]);
    for (machine, part) in ["here", "there", "yonder"].into_iter().zip(office.parts()) {
        office.hand_over("parts/.keeptabs", &format!("{machine}/.keeptabs"));
        let written = office.phase(machine, "write", &[part]);
        assert!(written.contains(" of 4 workbooks written"), "{written}");
        office.hand_over(machine, "parts");
    }
    let before = office.times("parts");
    assert_eq!(before.len(), 11);
    office.run("parts", &[]);
    assert_eq!(results(&office.path("parts")), results(&office.path("one")));
    let after = office.times("parts");
    assert!(before.iter().all(|(name, time)| after[name] == *time), "what the machines wrote stands");
}

#[test]
fn results_are_written_ahead_only_as_joining_said() {
    let office = Office::new();
    let [first, second, _] = <[&[String]; 3]>::try_from(office.parts()).unwrap();
    let refused = office.run("parts", &["--phase", "write", "--format", "json"]);
    assert_eq!(refused.status.code(), Some(2));
    let error: serde_json::Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(error["error"]["code"], "not-joined");

    office.run("parts", &["--phase", "join"]);
    assert_eq!(office.run("parts", &["--phase", "write", "--values"]).status.code(), Some(2), "other options");
    fs::copy(office.path("inbox").join(&first[1]), office.path("inbox").join(&first[0])).unwrap();
    fs::copy(office.path("inbox").join(&first[1]), office.path("inbox/Sales/New.xlsx")).unwrap();
    let written = office.phase("parts", "write", &[&first[..1], &["Sales/New.xlsx".to_owned()], &second[..1]]);
    assert!(written.contains("it changed after the organisation was put together"), "{written}");
    assert!(written.contains("came after the organisation was put together"), "{written}");
    assert_eq!(hashes(&office.path("parts").join(MONTH)).len(), 1, "{written}");
    for options in
        [["--phase", "read", "--no-history"], ["--phase", "join", "--dry-run"], ["--phase", "join", "--force"]]
    {
        assert_eq!(office.run("parts", &options).status.code(), Some(2), "{options:?}");
    }
}
