//! Results that cannot be written: each costs itself and a clear line, what stood there stays whole, and the next run
//! completes the month. What this machine cannot stage is said and skipped.

use crate::history::HEADING;
use crate::support::hashes;
use serde_json::Value;
use std::fmt::Write;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_keeptabs");
const SUMMARY: &str = "Client retention summary 2026-11.xlsx";

/// An inbox and an output folder that other users can reach.
struct Office {
    folder: TempDir,
}

impl Office {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let office = Self { folder };
        office.hand_in("Sales", 5, 0);
        office.hand_in("Ops", 5, 0);
        office
    }

    fn path(&self, below: &str) -> PathBuf {
        self.folder.path().join(below)
    }

    fn result(&self, below: &str) -> PathBuf {
        self.path("results/2026-11").join(below)
    }

    /// A list with so many clients; `meetings` makes one list another.
    fn hand_in(&self, department: &str, clients: usize, meetings: usize) {
        let mut text = HEADING.to_owned();
        for client in 0..clients {
            let n = (client + meetings) % 4;
            writeln!(text, "{department} client {client:04},Ana,1,{n},{n},senior,8,1000,900,active,").unwrap();
        }
        fs::create_dir_all(self.path("inbox").join(department)).unwrap();
        fs::write(self.path("inbox").join(department).join("Clients.csv"), text).unwrap();
    }

    fn arguments(&self) -> Vec<String> {
        self.arguments_into("results")
    }

    fn arguments_into(&self, out: &str) -> Vec<String> {
        let (inbox, out) = (self.path("inbox"), self.path(out));
        let paths = ["run".into(), inbox.display().to_string(), "--out".into(), out.display().to_string()];
        paths.into_iter().chain(["--month", "2026-11"].map(str::to_owned)).collect()
    }

    /// Runs the program behind a command that starts it under other circumstances.
    fn run_behind(&self, command: &[&str], options: &[&str]) -> Output {
        let mut words = command.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        words.push(PROGRAM.to_owned());
        words.extend(self.arguments());
        words.extend(options.iter().map(|&word| word.to_owned()));
        Command::new(&words[0]).args(&words[1..]).current_dir("/").output().unwrap()
    }

    fn run(&self) -> Output {
        self.run_behind(&["env"], &[])
    }

    fn report(&self) -> Value {
        serde_json::from_slice(&fs::read(self.result("run.json")).unwrap()).unwrap()
    }

    /// The next run completes the month: everything is there, under its own name, and as a run from nothing gives it.
    fn check_completed(&self) {
        let output = self.run();
        assert_eq!(output.status.code(), Some(0), "{}{}", text(&output.stdout), text(&output.stderr));
        let report = self.report();
        for file in report["files"].as_array().unwrap() {
            let (source, target) = (file["source"].as_str().unwrap(), file["target"].as_str().unwrap());
            assert_eq!(source.trim_end_matches("csv"), target.trim_end_matches("xlsx"));
        }
        assert_eq!(report["summary"], SUMMARY);
        let other = Self { folder: TempDir::new().unwrap() };
        let copy = Command::new("cp").arg("-r").arg(self.path("inbox")).arg(other.path("inbox")).status().unwrap();
        assert!(copy.success() && other.run().status.success());
        let results = |office: &Self| {
            let mut files = hashes(&office.path("results/2026-11"));
            files.remove("run.json").unwrap();
            files
        };
        assert_eq!(results(self), results(&other));
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Whether a command works here; where it does not, the test says that it is skipped.
#[allow(clippy::print_stdout, reason = "a test that is skipped says so")]
fn works(command: &[&str], what: &str) -> bool {
    let works = Command::new(command[0]).args(&command[1..]).output().is_ok_and(|output| output.status.success());
    if !works {
        println!("SKIPPED: {what} cannot be staged here ({} does not work)", command.join(" "));
    }
    works
}

/// The words that start a program as somebody who is not root; `None` where we are root and cannot be anybody else.
fn as_nobody(office: &Office) -> Option<Vec<&'static str>> {
    if !rustix::process::geteuid().is_root() {
        return Some(vec!["env"]);
    }
    let words = vec!["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", "--"];
    let reach = office.path("inbox/Sales/Clients.csv").display().to_string();
    let test = format!("test -x '{PROGRAM}' && test -r '{reach}'");
    let tried: Vec<_> = words.iter().copied().chain(["sh", "-c", &test]).collect();
    works(&tried, "a user without rights").then_some(words)
}

#[test]
fn a_file_that_is_too_large_for_the_system_costs_itself() {
    let office = Office::new();
    assert_eq!(office.run().status.code(), Some(0));
    let before = fs::read(office.result("Sales/Clients.xlsx")).unwrap();
    // with room for the small workbook only; without the signal that would end the program
    office.hand_in("Sales", 2_000, 1);
    office.hand_in("Ops", 5, 1);
    let limit = fs::metadata(office.result(SUMMARY)).unwrap().len() * 3 / 512;
    let limited = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
    let output = office.run_behind(&["sh", "-c", &limited, "sh"], &["--no-history"]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    assert!(said.contains("Sales/Clients.xlsx could not be written") && said.contains("make room"), "{said}");
    assert_eq!(fs::read(office.result("Sales/Clients.xlsx")).unwrap(), before, "the earlier result is whole");
    let report = office.report();
    assert_eq!((&report["files"][0]["status"], &report["files"][1]["status"]), (&"converted".into(), &"failed".into()));
    office.check_completed();
}

#[test]
fn a_full_disk_costs_what_does_not_fit_and_the_next_run_completes_the_month() {
    let office = Office::new();
    let space = office.path("results");
    fs::create_dir(&space).unwrap();
    let mount = |size: &str, then: &str| {
        // a file system of its own, seen by the commands below only; what is left on it is carried out and in again
        format!(
            "mount -t tmpfs -o size={size} none '{space}' && cp -a '{space}.saved/.' '{space}/' && {{ {then}; }}; \
             status=$?; rm -rf '{space}.saved'; cp -a '{space}' '{space}.saved'; exit $status",
            space = space.display()
        )
    };
    fs::create_dir(office.path("results.saved")).unwrap();
    let own = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"];
    let tried = mount("1m", "true");
    if !works(&[&own[..], &[&tried]].concat(), "a full disk") {
        return;
    }
    let run = |size: &str| {
        let script = mount(size, "\"$@\"");
        office.run_behind(&[&own[..], &[&script, "sh"]].concat(), &[])
    };
    let saved = office.path("results.saved");
    assert_eq!(run("20m").status.code(), Some(0));
    let size: u64 =
        walkdir::WalkDir::new(&saved).into_iter().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    let before = hashes(&saved.join("2026-11"));
    office.hand_in("Sales", 3_000, 1);
    office.hand_in("Ops", 6, 1);
    // from no room at all to room for nearly everything
    for extra in [0, 40, 120, 400] {
        let output = run(&format!("{}k", size / 1024 + 60 + extra));
        let said = text(&output.stdout) + &text(&output.stderr);
        assert!(matches!(output.status.code(), Some(1 | 2)), "{extra}: {said}");
        assert!(!said.contains("panicked") && !said.contains("fault of its own"), "{said}");
        assert!(said.contains("make room") || said.contains("disk is full"), "{extra}: {said}");
        let after = hashes(&saved.join("2026-11"));
        for name in ["Sales/Clients.xlsx", "Ops/Clients.xlsx", SUMMARY, "clients.csv"] {
            let path = saved.join("2026-11").join(name);
            let whole = after[name] == before[name] || name.ends_with("csv") || is_whole(&path);
            assert!(whole, "{extra}: {name} is neither the old nor a whole new one");
        }
        assert!(!after.keys().any(|name| name.contains("(2)")), "{extra}: {after:#?}");
    }
    fs::remove_dir(&space).unwrap();
    fs::rename(&saved, &space).unwrap();
    // the lists have changed once more: what stands there is keeptabs's own all the same
    office.hand_in("Ops", 7, 2);
    office.check_completed();
}

fn is_whole(path: &std::path::Path) -> bool {
    let mut package = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..package.len()).all(|part| {
        let mut part = package.by_index(part).unwrap();
        std::io::copy(&mut part, &mut std::io::sink()).is_ok()
    })
}

#[test]
fn a_folder_that_cannot_be_written_to_is_said_before_anything_is_done() {
    let office = Office::new();
    assert_eq!(office.run().status.code(), Some(0));
    let before = hashes(&office.path("results"));
    office.hand_in("Sales", 6, 1);
    let Some(nobody) = as_nobody(&office) else { return };
    let protect = |mode: u32| {
        for entry in walkdir::WalkDir::new(office.path("results")).into_iter().map(Result::unwrap) {
            let own = if entry.file_type().is_dir() { mode } else { mode & 0o666 };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(own)).unwrap();
        }
    };
    protect(0o555);
    let output = office.run_behind(&nobody, &[]);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("results"), "{}", text(&output.stderr));
    // without a store each result is tried
    let output = office.run_behind(&nobody, &["--no-history"]);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    let said = text(&output.stdout);
    for name in ["Sales/Clients.xlsx", "Ops/Clients.xlsx", "run.json"] {
        assert!(said.contains(&format!("{name} could not be written")), "{name}: {said}");
    }
    assert!(said.contains("see that you may write there"), "{said}");
    protect(0o755);
    assert_eq!(hashes(&office.path("results")), before);
    office.check_completed();
}

#[test]
fn what_another_program_does_not_let_go_of_stays_and_the_new_one_goes_beside() {
    let office = Office::new();
    assert_eq!(office.run().status.code(), Some(0));
    if !rustix::process::geteuid().is_root() {
        println!("SKIPPED: a result that cannot be replaced takes root to stage");
        return;
    }
    let held = office.result("Sales/Clients.xlsx");
    let path = held.display().to_string();
    if !works(&["chattr", "+i", &path], "a result that cannot be replaced") {
        return;
    }
    let before = fs::read(&held).unwrap();
    office.hand_in("Sales", 6, 1);
    let output = office.run();
    assert!(works(&["chattr", "-i", &path], "letting go"));
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("Sales/Clients.xlsx could not be replaced") && said.contains("Clients (2).xlsx"), "{said}");
    assert_eq!(fs::read(&held).unwrap(), before);
    fs::remove_file(office.result("Sales/Clients (2).xlsx")).unwrap();
    office.check_completed();
}

#[test]
fn a_result_that_somebody_is_reading_is_replaced_under_him() {
    let office = Office::new();
    assert_eq!(office.run().status.code(), Some(0));
    let mut reader = fs::File::open(office.result("Sales/Clients.xlsx")).unwrap();
    let before = fs::read(office.result("Sales/Clients.xlsx")).unwrap();
    office.hand_in("Sales", 6, 1);
    office.check_completed();
    let mut seen = Vec::new();
    std::io::Read::read_to_end(&mut reader, &mut seen).unwrap();
    assert_eq!(seen, before, "he goes on seeing what he opened");
}

#[test]
fn a_folder_in_the_way_costs_one_file() {
    let office = Office::new();
    fs::create_dir_all(office.result("Sales/Clients.xlsx/inside")).unwrap();
    fs::create_dir_all(office.result("clients.csv")).unwrap();
    let output = office.run();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    for name in ["Sales/Clients.xlsx", "clients.csv"] {
        assert!(said.contains(&format!("{name} could not be written")), "{said}");
    }
    assert!(said.contains("a folder has its name: move that away"), "{said}");
    assert!(office.result("Ops/Clients.xlsx").is_file() && office.result(SUMMARY).is_file());
    fs::remove_dir_all(office.result("Sales/Clients.xlsx")).unwrap();
    fs::remove_dir(office.result("clients.csv")).unwrap();
    office.check_completed();
}

#[test]
fn a_file_where_a_folder_is_needed_is_said() {
    let office = Office::new();
    fs::create_dir_all(office.path("results/2026-11")).unwrap();
    fs::write(office.result("Sales"), "a file").unwrap();
    let output = office.run();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Sales/Clients.xlsx could not be written"), "{said}");
    assert!(said.contains("a file stands where a folder is needed"), "{said}");
    fs::remove_file(office.result("Sales")).unwrap();
    office.check_completed();
    fs::remove_dir_all(office.path("results")).unwrap();
    fs::create_dir(office.path("results")).unwrap();
    fs::write(office.path("results/2026-11"), "a file").unwrap();
    let output = office.run();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    assert!(text(&output.stderr).contains("cannot write to"), "{}", text(&output.stderr));
    assert_eq!(fs::read_to_string(office.path("results/2026-11")).unwrap(), "a file");
}

#[test]
fn a_name_that_the_system_does_not_take_costs_one_file() {
    let office = Office::new();
    let long = format!("inbox/Sales/{}.csv", "n".repeat(251));
    fs::rename(office.path("inbox/Sales/Clients.csv"), office.path(&long)).unwrap();
    let output = office.run();
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("could not be written") && said.contains("shorter names"), "{said}");
    assert!(office.result("Ops/Clients.xlsx").is_file());
    fs::rename(office.path(&long), office.path("inbox/Sales/short.csv")).unwrap();
    office.check_completed();
}

#[test]
fn results_that_vanish_while_they_are_written_are_made_by_the_next_run() {
    let office = Office::new();
    office.hand_in("Sales", 3_000, 0);
    let (results, mut runs) = (office.path("results"), 0);
    for wait in [20, 60, 120, 250, 500, 1000] {
        let mut words = office.arguments();
        words.push("-q".into());
        let mut run = Command::new(PROGRAM).args(words).current_dir("/").spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait));
        // another program takes everything away; what is made meanwhile may stay
        runs += usize::from(fs::remove_dir_all(&results).is_ok());
        let status = run.wait().unwrap().code();
        assert!(matches!(status, Some(0..=2)), "{wait}: {status:?}");
    }
    println!("the results were taken away {runs} times");
    if results.exists() {
        fs::remove_dir_all(&results).unwrap();
    }
    office.check_completed();
}

/// A list that cannot be read although it is there.
#[test]
fn a_source_that_is_not_given_costs_itself() {
    let office = Office::new();
    let Some(nobody) = as_nobody(&office) else { return };
    fs::create_dir(office.path("results")).unwrap();
    fs::set_permissions(office.path("results"), fs::Permissions::from_mode(0o777)).unwrap();
    let sales = office.path("inbox/Sales/Clients.csv");
    fs::set_permissions(&sales, fs::Permissions::from_mode(0o000)).unwrap();
    let output = office.run_behind(&nobody, &[]);
    let said = text(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{said}{}", text(&output.stderr));
    assert!(said.contains("cannot be opened") && said.contains("check its permissions"), "{said}");
    assert!(office.result("Ops/Clients.xlsx").is_file());
    fs::set_permissions(&sales, fs::Permissions::from_mode(0o644)).unwrap();
    office.check_completed();
}

/// Lists that are there when the inbox is walked and gone when their turn comes.
#[test]
fn sources_that_go_away_cost_themselves() {
    let office = Office::new();
    office.hand_in("A large one", 30_000, 0);
    office.hand_in("Zebra", 5, 0);
    for (gone, left) in [(&["Zebra"][..], 3), (&["Ops", "Sales", "Zebra"], 1)] {
        let out = format!("results without {}", gone.len());
        let mut run = Command::new(PROGRAM)
            .args(office.arguments_into(&out))
            .args(["--jobs", "1", "--format", "json"])
            .current_dir("/")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // it says so once the inbox is walked
        let mut line = String::new();
        BufReader::new(run.stderr.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert!(line.contains("Reading 4 workbooks"), "{line}");
        for department in gone {
            fs::rename(office.path("inbox").join(department), office.path(department)).unwrap();
        }
        let output = run.wait_with_output().unwrap();
        for department in gone {
            fs::rename(office.path(department), office.path("inbox").join(department)).unwrap();
        }
        assert_eq!(output.status.code(), Some(1));
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!((&report["totals"]["failed"], &report["totals"]["converted"]), (&gone.len().into(), &left.into()));
        let files = report["files"].as_array().unwrap();
        for file in files.iter().filter(|file| file["status"] == "failed") {
            assert!(file["reason"].as_str().unwrap().contains("went away while the inbox was read"), "{file:#}");
        }
    }
}
