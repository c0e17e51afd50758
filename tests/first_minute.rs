//! The commands around the run: a folder made ready, a demo, an explanation, a path for a command.

use crate::support::{fixtures, hashes, is_month, keeptabs, number, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::Workbook;
use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Output, Stdio};
use tempfile::TempDir;

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn call(folder: &Path, arguments: &[&str]) -> Output {
    keeptabs().current_dir(folder).args(arguments).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}{}", text(&output.stdout), text(&output.stderr)))
}

const LANGUAGES: [&str; 7] = ["en", "nl", "pt", "de", "fr", "es", "it"];

#[test]
fn init_makes_a_folder_ready_and_overwrites_nothing() {
    let folder = TempDir::new().unwrap();
    let made = json(&call(folder.path(), &["init", "office", "--format", "json"]));
    assert_eq!(made["created"], serde_json::json!(["inbox", "keeptabs.toml", "Client list form.xlsx"]));
    let office = folder.path().join("office");
    fs::write(office.join("keeptabs.toml"), "currency = \"GBP\"\n").unwrap();
    let before = hashes(&office);
    let again = call(folder.path(), &["init", "office", "--language", "de"]);
    assert_eq!(again.status.code(), Some(0));
    assert!(text(&again.stdout).contains("kept as it was"), "{}", text(&again.stdout));
    assert_eq!(hashes(&office), before);
}

#[test]
fn the_configuration_of_init_holds_in_its_language() {
    for language in LANGUAGES {
        let folder = TempDir::new().unwrap();
        call(folder.path(), &["init", "--language", language]);
        let config = json(&call(folder.path(), &["config", "--format", "json"]));
        assert_eq!(config["language"], language);
        let text = fs::read_to_string(folder.path().join("keeptabs.toml")).unwrap();
        let active: Vec<_> = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        assert_eq!(active.len(), usize::from(language != "en"), "{active:?}");
    }
}

/// The form with three clients typed below the example, as far as a program can type: cells of the form kept, rows added.
fn filled_in(form: &Path, target: &Path) {
    let mut book: Xlsx<_> = open_workbook(form).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(&name).unwrap();
    let level = range.get_value((1, 6)).unwrap().to_string();
    for (row, cells) in (0u32..).zip(range.rows()) {
        for (col, cell) in (0u16..).zip(cells) {
            match cell {
                Data::Empty => continue,
                Data::String(text) => sheet.write_string(row, col, text).unwrap(),
                other => sheet.write_number(row, col, number(other).unwrap()).unwrap(),
            };
        }
    }
    for (row, client) in (2u32..).zip(["Alder & Finch Ltd", "Birchwood Foods", "Cedar Rail plc"]) {
        sheet.write_string(row, 0, client).unwrap().write_string(row, 2, "Maya Stone").unwrap();
        for (col, value) in [(3, 2.0), (4, 2.0), (5, 3.0), (7, 9.0)] {
            sheet.write_number(row, col, value).unwrap();
        }
        sheet.write_string(row, 6, &level).unwrap();
    }
    workbook.save(target).unwrap();
}

#[test]
fn the_form_goes_through_a_run_blank_and_filled_in_in_every_language() {
    for language in LANGUAGES {
        let folder = TempDir::new().unwrap();
        call(folder.path(), &["init", "--language", language]);
        let form = folder.path().join("Client list form.xlsx");
        fs::create_dir(folder.path().join("inbox/Sales")).unwrap();
        fs::copy(&form, folder.path().join("inbox/Sales/blank.xlsx")).unwrap();
        filled_in(&form, &folder.path().join("inbox/Sales/filled in.xlsx"));
        let output = call(folder.path(), &["run", "--month", "2026-10", "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{language} {}", text(&output.stdout));
        let report = json(&output);
        let [blank, filled] = report["files"].as_array().unwrap().as_slice() else { panic!("{report:#}") };
        assert_eq!(blank["status"], "skipped", "{language} {blank:#}");
        assert!(blank["reason"].as_str().unwrap().contains("blank form"), "{blank:#}");
        assert_eq!((&filled["status"], &filled["clients"]), (&"converted".into(), &3.into()), "{language} {filled:#}");
        let columns = filled["sheets"][0]["columns"].as_array().unwrap();
        assert_eq!(columns.len(), 17);
        assert!(columns.iter().all(|column| !column["field"].is_null()), "{language} {columns:#?}");
        let warnings = filled["findings"].as_array().unwrap().iter().filter(|f| f["severity"] != "note");
        assert_eq!(warnings.count(), 0, "{language} {filled:#}");
        assert_eq!(filled["average_score"], 6.0, "{language}");
    }
}

#[test]
fn the_form_helps_whoever_fills_it_in() {
    let folder = TempDir::new().unwrap();
    call(folder.path(), &["init"]);
    let form = folder.path().join("Client list form.xlsx");
    let mut package = zip::ZipArchive::new(fs::File::open(form).unwrap()).unwrap();
    let sheet = std::io::read_to_string(package.by_name("xl/worksheets/sheet1.xml").unwrap()).unwrap();
    assert_eq!(sheet.matches("<dataValidation ").count(), 17, "every column says what belongs there");
    assert_eq!(sheet.matches("prompt=").count(), 17);
    assert!(sheet.contains("\"Junior,Middle,Senior\""));
}

#[test]
fn a_path_is_a_run() {
    let folder = TempDir::new().unwrap();
    let inbox = fixtures().join("cases/title-rows/inbox");
    let output = call(folder.path(), &[inbox.to_str().unwrap(), "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(json(&output)["files"][0]["status"] == "converted" && folder.path().join("results").is_dir());
    let output = call(folder.path(), &["chekc"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("'check'"), "{}", text(&output.stderr));
}

#[test]
fn a_list_of_files_stands_for_the_inbox() {
    let inbox = fixtures().join("inbox");
    let folder = TempDir::new().unwrap();
    let list = folder.path().join("list.txt");
    let absolute = inbox.join("Services/Support contracts.xlsx");
    fs::write(
        &list,
        format!("\u{feff}Sales/UK clients.xlsx\r\n\r\n{}\r\nSales/UK clients.xlsx\r\n", absolute.display()),
    )
    .unwrap();
    let inbox = inbox.to_str().unwrap();
    let output = call(folder.path(), &["check", inbox, "--files-from", "list.txt", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let sources = |report: &Value| {
        let files = report["files"].as_array().unwrap();
        files.iter().map(|file| file["source"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sources(&json(&output)), ["Sales/UK clients.xlsx", "Services/Support contracts.xlsx"]);

    let mut child = keeptabs()
        .args(["check", inbox, "--files-from", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"Sales/UK clients.xlsx\nSales/Gone.xlsx\n../secret.xlsx\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "what is named and not there is a fault");
    let report = json(&output);
    assert_eq!(sources(&report), ["../secret.xlsx", "Sales/Gone.xlsx", "Sales/UK clients.xlsx"]);
    assert_eq!((&report["files"][0]["status"], &report["files"][1]["status"]), (&"failed".into(), &"failed".into()));

    let output = call(folder.path(), &["check", inbox, "--files-from", "no such list"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("no such list"), "{}", text(&output.stderr));

    // a scheduler that found nothing new
    fs::write(folder.path().join("empty.txt"), "\n").unwrap();
    let output = call(folder.path(), &["check", inbox, "--files-from", "empty.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("empty.txt names no workbook"), "{}", text(&output.stderr));
}

#[test]
fn findings_are_explained() {
    let here = TempDir::new().unwrap();
    let output = call(here.path(), &["explain", "heading-unclear"]);
    assert_eq!(output.status.code(), Some(0));
    let told = text(&output.stdout);
    assert!(told.contains("never guesses") && told.contains("What to do") && told.contains("[[mapping]]"), "{told}");
    let all = json(&call(here.path(), &["explain", "--format", "json"]));
    assert_eq!(all.as_array().unwrap().len(), keeptabs::finding::Code::ALL.len());
    assert!(all.as_array().unwrap().iter().all(|one| one["do"].is_string() && one["severity"].is_string()));
    let unknown = call(here.path(), &["explain", "heading-uncler"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(text(&unknown.stderr).contains("did you mean heading-unclear?"), "{}", text(&unknown.stderr));
}

#[test]
fn reports_name_codes_that_can_be_explained() {
    let here = TempDir::new().unwrap();
    let inbox = fixtures().join("cases/wrong-values/inbox");
    let output = call(here.path(), &["check", inbox.to_str().unwrap()]);
    let told = text(&output.stdout);
    assert!(told.contains("wrong-value Clients!") && told.contains("`keeptabs explain "), "{told}");
}

#[test]
fn progress_is_a_line_a_phase_in_a_pipe_and_silent_when_quiet() {
    let here = TempDir::new().unwrap();
    let inbox = fixtures().join("cases/title-rows/inbox");
    let inbox = inbox.to_str().unwrap();
    let output = call(here.path(), &["run", inbox]);
    assert_eq!(text(&output.stderr), "Reading 1 workbook\nWriting 1 workbook\n");
    assert!(!text(&output.stdout).contains('\u{1b}'), "no colours in a pipe");
    assert_eq!(text(&call(here.path(), &["run", inbox, "-q"]).stderr), "");
}

#[test]
fn a_demo_organisation_has_a_year_behind_it() {
    let folder = TempDir::new().unwrap();
    let output = call(folder.path(), &["demo", "d", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let demo = json(&output);
    let paths: Vec<_> = demo["open"].as_array().unwrap().iter().map(|pair| pair[1].as_str().unwrap()).collect();
    assert_eq!(paths.len(), 6, "{demo:#}");
    assert!(paths.iter().all(|path| folder.path().join(path).is_file()), "{paths:?}");
    let months = fs::read_dir(folder.path().join("d/results")).unwrap();
    assert_eq!(months.filter(|entry| is_month(&entry.as_ref().unwrap().path())).count(), 12);
    let report = json(&call(folder.path(), &["run", "d/inbox", "--out", "d/results", "--format", "json"]));
    assert_eq!((&report["month"], &report["totals"]["unchanged"]), (&demo["to"], &5.into()));
    let change = table(
        &folder.path().join("d/results").join(demo["to"].as_str().unwrap()).join("Sales/UK clients.xlsx"),
        "Clients",
    );
    assert!(change.iter().all(|row| row["Previous month"] != Data::Empty), "{:?}", change[0]);
    let again = call(folder.path(), &["demo", "d"]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("not empty"), "{}", text(&again.stderr));
}

#[test]
fn completions_manual_and_version() {
    let folder = TempDir::new().unwrap();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(text(&call(folder.path(), &["completions", shell]).stdout).contains("files-from"), "{shell}");
    }
    assert!(text(&call(folder.path(), &["man"]).stdout).contains(".TH keeptabs"));
    assert_eq!(call(folder.path(), &["man", "--out", "pages"]).status.code(), Some(0));
    assert!(fs::read_to_string(folder.path().join("pages/keeptabs-run.1")).unwrap().contains("files\\-from"));
    let version = text(&call(folder.path(), &["--version"]).stdout);
    assert!(version.starts_with(concat!("keeptabs ", env!("CARGO_PKG_VERSION"))), "{version}");
}

/// The program hands the summary to what the desktop opens workbooks with.
#[cfg(target_os = "linux")]
#[test]
fn the_summary_is_opened() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let opener = folder.path().join("xdg-open");
    fs::write(&opener, "#!/bin/sh\nprintf '%s' \"$1\" > opened.tmp && mv opened.tmp opened\n").unwrap();
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", folder.path().display(), std::env::var("PATH").unwrap());
    let inbox = fixtures().join("cases/title-rows/inbox");
    let run = keeptabs().current_dir(folder.path()).env("PATH", path).arg("run").arg(inbox).arg("--open").output();
    assert_eq!(run.unwrap().status.code(), Some(0));
    let opened = folder.path().join("opened");
    for _ in 0..100 {
        if opened.is_file() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let opened = fs::read_to_string(opened).unwrap();
    assert!(opened.ends_with("Client retention summary 2026-11.xlsx"), "{opened}");
    assert!(folder.path().join(&opened).is_file(), "{opened}");
}
