//! `keeptabs watch`, as a process that gets workbooks and a signal.

use crate::support::{fixtures, keeptabs};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A watch over an inbox of its own; killed if a test ends before it does.
struct Watch {
    folder: TempDir,
    child: Child,
}

impl Watch {
    fn new(prepare: impl FnOnce(&Path)) -> Self {
        Self::with(&[], prepare)
    }

    fn with(options: &[&str], prepare: impl FnOnce(&Path)) -> Self {
        let folder = TempDir::new().unwrap();
        fs::create_dir(folder.path().join("inbox")).unwrap();
        fs::write(folder.path().join("keeptabs.toml"), "month = \"2026-11\"\n[watch]\nquiet_seconds = 2\n").unwrap();
        prepare(folder.path());
        let said = fs::File::create(folder.path().join("said")).unwrap();
        let child = keeptabs()
            .current_dir(folder.path())
            .arg("watch")
            .args(options)
            .stdout(said.try_clone().unwrap())
            .stderr(said)
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        let watch = Self { folder, child };
        watch.until("Watching inbox");
        watch
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn said(&self) -> String {
        fs::read_to_string(self.path("said")).unwrap()
    }

    fn until(&self, words: &str) {
        let end = Instant::now() + Duration::from_secs(60);
        while !self.said().contains(words) {
            assert!(Instant::now() < end, "never said \"{words}\": {}", self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn runs(&self) -> usize {
        self.said().matches("Results in ").count()
    }

    fn until_runs(&self, count: usize) {
        let end = Instant::now() + Duration::from_secs(60);
        while self.runs() < count {
            assert!(Instant::now() < end, "{} of {count} runs: {}", self.runs(), self.said());
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    fn interrupt(&self) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
    }

    fn end(mut self) -> (i32, String) {
        self.interrupt();
        let status = self.child.wait().unwrap();
        (status.code().expect("it ends by itself"), self.said())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        // it has ended by then as a rule
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn list(name: &str) -> PathBuf {
    fixtures().join("inbox").join(name)
}

#[test]
fn it_runs_once_for_a_burst_and_ends_at_ctrl_c() {
    let watch = Watch::new(|_| {});
    // a lock file is no reason to run
    fs::write(watch.path("inbox/~$UK clients.xlsx"), "x").unwrap();
    fs::copy(list("Sales/UK clients.xlsx"), watch.path("inbox/a.xlsx")).unwrap();
    std::thread::sleep(Duration::from_millis(400));
    fs::copy(list("Services/Support contracts.xlsx"), watch.path("inbox/b.xlsx")).unwrap();
    watch.until_runs(1);
    assert!(watch.path("results/2026-11/a.xlsx").is_file() && watch.path("results/2026-11/b.xlsx").is_file());
    std::thread::sleep(Duration::from_millis(4000));
    assert_eq!(watch.runs(), 1, "once for both: {}", watch.said());
    // a decision in the configuration is a change, too
    fs::write(watch.path("keeptabs.toml"), "month = \"2026-10\"\n[watch]\nquiet_seconds = 1\n").unwrap();
    fs::remove_file(watch.path("inbox/b.xlsx")).unwrap();
    watch.until_runs(2);
    assert!(watch.path("results/2026-10/a.xlsx").is_file() && !watch.path("results/2026-10/b.xlsx").exists());
    let (status, said) = watch.end();
    assert_eq!(status, 0, "{said}");
    assert!(said.ends_with("No longer watching\n"), "{said}");
}

#[test]
fn mistakes_do_not_end_it() {
    let watch = Watch::new(|folder| {
        fs::copy(list("Sales/UK clients.xlsx"), folder.join("inbox/a.xlsx")).unwrap();
        fs::write(folder.join("keeptabs.toml"), "[watch]\nquiet_secs = 1\n").unwrap();
    });
    watch.until("did you mean quiet_seconds?");
    fs::write(watch.path("keeptabs.toml"), "month = \"2026-11\"\n[watch]\nquiet_seconds = 1\n").unwrap();
    watch.until_runs(1);
    assert_eq!(watch.end().0, 0);
}

#[test]
fn ctrl_c_during_a_run_leaves_whole_results_or_none() {
    let watch = Watch::new(|folder| {
        for at in 0..40 {
            let name = format!("inbox/d{at}/list.xlsx");
            fs::create_dir(folder.join(format!("inbox/d{at}"))).unwrap();
            fs::copy(list("Sales/UK clients.xlsx"), folder.join(name)).unwrap();
        }
    });
    watch.until("Reading 40 workbooks");
    let results = watch.path("results");
    let folder = watch.folder.path().to_owned();
    let mut watch = watch;
    watch.interrupt();
    assert_eq!(watch.child.wait().unwrap().code(), Some(0), "{}", watch.said());
    assert!(watch.said().ends_with("No longer watching\n"), "{}", watch.said());
    let month = results.join("2026-11");
    let whole = month.join("run.json").is_file();
    let written = walkdir::WalkDir::new(folder.join("results")).into_iter().flatten();
    let workbooks = written.filter(|entry| entry.file_name() == "list.xlsx").count();
    assert_eq!(workbooks, if whole { 40 } else { 0 }, "{}", watch.said());
}

#[test]
fn an_inbox_that_is_not_there_is_said_at_once() {
    let folder = TempDir::new().unwrap();
    let output = keeptabs().current_dir(folder.path()).args(["watch", "nowhere"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("nowhere"));
}

#[test]
fn programs_get_a_line_a_run() {
    let watch = Watch::with(&["--format", "json"], |folder| {
        fs::copy(list("Sales/UK clients.xlsx"), folder.join("inbox/a.xlsx")).unwrap();
    });
    watch.until("\"totals\"");
    // a configuration with a mistake is told, and so is the run after it is mended
    fs::write(watch.path("keeptabs.toml"), "langauge = 3\n").unwrap();
    watch.until("\"error\":{\"code\":\"configuration\"");
    let (status, said) = watch.end();
    assert_eq!(status, 0);
    let lines: Vec<serde_json::Value> =
        said.lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2, "{said}");
    crate::schemas::check(&lines[0], keeptabs::schema::Form::Report);
    crate::schemas::check(&lines[1], keeptabs::schema::Form::Error);
}
