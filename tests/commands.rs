//! `keeptabs map`, `keeptabs check`, and the way from a proposal to a decision.

use crate::support::{fixtures, keeptabs};
use serde_json::Value;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use tempfile::TempDir;

/// A folder with an inbox of csv lists and a configuration beside it.
struct Office {
    folder: TempDir,
}

impl Office {
    fn new(lists: &[(&str, &str)]) -> Self {
        let office = Self { folder: TempDir::new().unwrap() };
        fs::write(office.config(), "# ours\nmonth = \"2026-11\"").unwrap();
        for (name, text) in lists {
            let path = office.folder.path().join("inbox").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        office
    }

    fn config(&self) -> PathBuf {
        self.folder.path().join("keeptabs.toml")
    }

    fn call(&self, arguments: &[&str]) -> Output {
        keeptabs().current_dir(self.folder.path()).args(arguments).output().unwrap()
    }

    fn report(&self, command: &str, status: i32) -> Value {
        let output = self.call(&[command, "--format", "json"]);
        assert_eq!(output.status.code(), Some(status), "{}", text(&output.stdout));
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Takes one sign off every line, as somebody does who believes all of it.
    fn uncomment(&self) {
        let config = fs::read_to_string(self.config()).unwrap();
        let lines = config.lines().map(|line| line.strip_prefix('#').unwrap_or(line));
        fs::write(self.config(), lines.map(|line| format!("{line}\n")).collect::<String>().replace(" ours", "# ours"))
            .unwrap();
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn columns(file: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let columns = file["sheets"][0]["columns"].as_array().unwrap();
    columns.iter().map(|c| (text(&c["heading"]), text(&c["field"]), text(&c["tier"]))).collect()
}

/// Save, see that a comment changes nothing, decide, run: the decision holds.
fn settled(office: &Office) -> Value {
    let saved = office.call(&["map", "--save"]);
    assert_eq!(saved.status.code(), Some(1), "{}", text(&saved.stdout));
    let config = fs::read_to_string(office.config()).unwrap();
    assert!(config.starts_with("# ours\nmonth = \"2026-11\"\n\n## keeptabs map --save, 2026-11"), "{config}");
    assert!(config.contains("\n# [[mapping]]\n") || config.contains("\n# [[pick]]\n"), "{config}");
    let again = office.call(&["map", "--save"]);
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("nothing to add"), "{}", text(&again.stderr));
    assert_eq!(fs::read_to_string(office.config()).unwrap(), config);
    office.uncomment();
    let report = office.report("check", 0);
    let clear = office.call(&["map", "--save"]);
    assert_eq!(clear.status.code(), Some(0), "{}", text(&clear.stdout));
    assert!(text(&clear.stderr).contains("nothing to add"), "{}", text(&clear.stderr));
    report
}

#[test]
fn contacts_of_nobody_are_settled_by_a_line() {
    let office = Office::new(&[(
        "Sales/[UK] \"new\", {1}.csv",
        "Client,Contacts,Meetings,Decision-maker level\nAcme,3,2,senior\nBolt,1,4,junior\n",
    )]);
    let report = settled(&office);
    let wanted = ("Contacts".to_owned(), "our_contacts".to_owned(), "reviewed".to_owned());
    assert!(columns(&report["files"][0]).contains(&wanted), "{report:#}");
    // the other side stands beside the line
    let config = fs::read_to_string(office.config()).unwrap();
    assert!(config.contains("# or \"client_contacts\""), "{config}");
}

#[test]
fn two_columns_for_one_field_are_settled_by_a_line() {
    let office = Office::new(&[(
        "a.csv",
        "Customer,Klant,Meetings,Decision-maker level\nAcme,Xeno,2,senior\nBolt,Yoyo,4,junior\n",
    )]);
    let columns = columns(&settled(&office)["files"][0]);
    let wanted = [("Customer", "client", "reviewed"), ("Klant", "–", "–")];
    let wanted = wanted.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(columns[..2], wanted);
}

#[test]
fn equal_headings_are_told_apart_by_the_letters_of_their_columns() {
    let office = Office::new(&[(
        "a.csv",
        "Client,Meetings,Decision-maker level,Meetings,Survey score\nAcme,2,senior,1,9\nBolt,4,junior,0,7\n",
    )]);
    let columns = columns(&settled(&office)["files"][0]);
    assert_eq!((columns[1].1.as_str(), columns[1].2.as_str()), ("meetings", "reviewed"));
    assert_eq!(columns[3].1, "–");
}

#[test]
fn two_rows_that_could_be_the_headings_are_settled_by_a_line() {
    let office = Office::new(&[(
        "a.csv",
        "Number of meetings,Survey score,Customer,Comments,Our contacts,Region\n\
         Klant,Aantal besprekingen,Klanttevredenheid,Omzet vorig jaar,Contactpersonen bij klant,Opmerkingen\n\
         Acme,2,9,100,1,a\nBolt,4,7,200,2,b\nCog,4,7,200,2,b\nDot,4,7,200,2,b\n",
    )]);
    let before = office.report("map", 1);
    let headings = before["files"][0]["sheets"][0]["headings"].clone();
    assert_eq!(headings["chosen_by"], "search");
    assert!(headings["margin"].as_f64().unwrap() < 0.1 && headings["runner_up"]["row"].is_u64(), "{headings:#}");
    settled(&office);
    let after = office.report("map", 0);
    assert_eq!(after["files"][0]["sheets"][0]["headings"]["chosen_by"], "configuration");
    assert_eq!(after["files"][0]["sheets"][0]["headings"]["row"], headings["row"]);
}

#[test]
fn the_scale_of_a_survey_is_settled_by_a_line() {
    let clients: String = (1..=9).map(|n| format!("Client {n},{n},senior,{}\n", 1 + n % 5)).collect();
    let office = Office::new(&[("a.csv", &format!("Client,Meetings,Decision-maker level,Survey score\n{clients}"))]);
    let report = settled(&office);
    let findings = report["files"][0]["findings"].as_array().unwrap();
    assert!(findings.iter().any(|finding| finding["code"] == "scale-converted"), "{report:#}");
}

#[test]
fn values_that_contradict_a_heading_are_settled_by_a_line() {
    let office = Office::new(&[(
        "a.csv",
        "Client,Our contacts,Decision-maker level,Meetings\nAcme,3,senior,weekly\nBolt,2,junior,with Ana\nCog,1,middle,by phone\nDot,1,middle,seldom\n",
    )]);
    let columns = columns(&settled(&office)["files"][0]);
    assert_eq!((columns[3].1.as_str(), columns[3].2.as_str()), ("meetings", "reviewed"));
}

#[test]
fn a_list_handed_in_twice_is_settled_by_a_line() {
    let list = "Client,Our contacts,Meetings,Decision-maker level\nAcme,3,2,senior\nBolt,1,4,junior\n";
    let office = Office::new(&[("Sales/a.csv", list), ("Sales/b.csv", list)]);
    let report = settled(&office);
    let status: Vec<_> = report["files"].as_array().unwrap().iter().map(|file| file["status"].clone()).collect();
    assert_eq!(status, ["converted", "skipped"], "{report:#}");
}

#[test]
fn lines_of_messages_work_as_they_stand() {
    // whatever a finding proposes can be copied from it into the file, at its end
    let lists = [
        ("Sales/a.csv", "Client,Our contacts,Meetings,Decision-maker level\nDelta Ltd,3,2,senior\nBolt,1,4,junior\n"),
        ("Service/b.csv", "Client,Our contacts,Meetings,Decision-maker level\nDelta BV,3,2,senior\nXeno,1,4,junior\n"),
        ("Legal/c.csv", "Client,Contacts,Meetings,Decision-maker level\nYoyo,3,2,senior\nZeta,1,4,junior\n"),
    ];
    let office = Office::new(&lists);
    let report = office.report("check", 1).to_string();
    for line in ["[[mapping]] ", "[[same]] ", "[[different]] "] {
        assert!(report.contains(line), "{line}: {report}");
    }
    let message = |code: &str| {
        let report = office.report("check", 1);
        let files = report["files"].as_array().unwrap().iter().flat_map(|file| file["findings"].as_array().unwrap());
        let all: Vec<_> = files.chain(report["findings"].as_array().unwrap()).cloned().collect();
        let found = all.iter().find(|finding| finding["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} in {report:#}"))["message"].as_str().unwrap().to_owned()
    };
    let unclear = message("heading-unclear");
    let mapping = unclear.split_once("Add: ").unwrap().1.split_once("; or").unwrap().0.to_owned();
    let duplicate = message("possible-duplicate");
    let (same, different) = duplicate.split_once("Confirm or deny: ").unwrap().1.split_once(" or ").unwrap();
    let before = fs::read_to_string(office.config()).unwrap();
    let with = |lines: &[&str]| {
        fs::write(office.config(), format!("{before}\n[limits]\ncells = 1000000\n{}\n", lines.join("\n"))).unwrap();
        office.report("check", 0)
    };
    let denied = with(&[&mapping, different]);
    assert_eq!((&denied["totals"]["clients"], denied.to_string().contains("possible-duplicate")), (&6.into(), false));
    let confirmed = with(&[&mapping, same]);
    assert_eq!(confirmed["totals"]["clients"], 5, "{confirmed:#}");
}

#[test]
fn map_tells_everything_and_writes_nothing() {
    let before = crate::support::hashes(&fixtures().join("cases/needs-review"));
    let case = fixtures().join("cases/needs-review");
    let inbox = case.join("inbox");
    let call = |options: &[&str]| {
        let config = case.join("keeptabs.toml");
        keeptabs().arg("map").arg(&inbox).arg("--config").arg(config).args(options).output().unwrap()
    };
    let shown = call(&[]);
    assert_eq!(shown.status.code(), Some(1));
    let shown = text(&shown.stdout);
    for part in [
        "month 2026-11",
        "Sales/Whose contacts.xlsx  needs review",
        "headings in row 1 (score ",
        "client · exact",
        "C1: Column C \"Contacts\"",
        "\n      [[mapping]] file = \"Sales/Whose contacts.xlsx\", sheet = \"Clients\", columns = { \"Contacts\" = ",
        "1 mapped, 1 need review",
    ] {
        assert!(shown.contains(part), "{part}:\n{shown}");
    }
    assert!(!shown.contains('\u{1b}'), "colours in a file");
    let json: Value = serde_json::from_slice(&call(&["--format", "json"]).stdout).unwrap();
    let sheet = &json["files"][1]["sheets"][0];
    assert_eq!(sheet["status"], "needs-review");
    assert_eq!((&sheet["headings"]["row"], &sheet["headings"]["first_row"]), (&1.into(), &1.into()));
    assert_eq!(sheet["columns"][0]["samples"].as_array().unwrap().len(), 3, "{sheet:#}");
    assert!(sheet["findings"][0]["proposals"][0].as_str().unwrap().starts_with("[[mapping]] file = "));
    assert_eq!(before, crate::support::hashes(&case));
}

#[test]
fn a_new_configuration_is_made_beside_the_inbox() {
    let office =
        Office::new(&[("a.csv", "Client,Contacts,Meetings,Decision-maker level\nAcme,3,2,senior\nBolt,1,4,junior\n")]);
    fs::remove_file(office.config()).unwrap();
    for inbox in ["inbox", "inbox/", "./inbox/../inbox"] {
        let saved = office.call(&["map", inbox, "--save", "--month", "2026-11"]);
        assert_eq!(saved.status.code(), Some(1), "{}", text(&saved.stderr));
        assert!(fs::read_to_string(office.config()).unwrap().starts_with("## keeptabs map --save, 2026-11"));
    }
    let inside = keeptabs()
        .current_dir(office.folder.path().join("inbox"))
        .args(["map", ".", "--save", "--month", "2026-11"])
        .output()
        .unwrap();
    assert!(text(&inside.stderr).contains("nothing to add"), "{}", text(&inside.stderr));
    assert_eq!(fs::read_dir(office.folder.path().join("inbox")).unwrap().count(), 1);
}

#[test]
fn check_is_a_run_that_writes_nothing() {
    let folder = TempDir::new().unwrap();
    let inbox = fixtures().join("inbox");
    let call = |arguments: &[&str]| {
        keeptabs().current_dir(folder.path()).arg(arguments[0]).arg(&inbox).args(&arguments[1..]).output().unwrap()
    };
    let check = call(&["check"]);
    let run = call(&["run", "--dry-run"]);
    assert_eq!((check.status.code(), &check.stdout), (Some(0), &run.stdout));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    let fails = keeptabs().args(["check", "--month", "2026-11"]).arg(fixtures().join("cases/fails/inbox")).output();
    assert_eq!(fails.unwrap().status.code(), Some(1));
    assert_eq!(call(&["check", "--month", "2199-01"]).status.code(), Some(2));
    let help = text(&call(&["check", "--help"]).stdout);
    assert!(help.contains("--strict") && !help.contains("--values") && !help.contains("--dry-run"), "{help}");
}

#[test]
fn a_reader_that_has_read_enough_is_no_trouble() {
    for command in ["map", "check"] {
        let mut child = keeptabs()
            .arg(command)
            .arg(fixtures().join("inbox"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut said = String::new();
        child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), "Reading 10 workbooks\n"), "{command}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_printed_is_an_error() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = keeptabs().arg("check").arg(fixtures().join("inbox")).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("standard output"), "{}", text(&output.stderr));
}

#[test]
fn every_mistake_of_a_configuration_is_shown_at_its_place() {
    let office = Office::new(&[("a.csv", "Client\nAcme\n")]);
    let config = "month = \"2026-11\"\n\n[year]\nstart = 13\n\n[flags]\nsurvei = 3\n\n[[mapping]]\ncolumns = { \"X\" = \"cliant\" }\n";
    fs::write(office.config(), config).unwrap();
    let output = office.call(&["check"]);
    assert_eq!(output.status.code(), Some(2));
    let said = text(&output.stderr);
    for part in [
        "keeptabs.toml has mistakes to mend",
        "4 | start = 13\n  |         ^^\nyear.start: 13 is not between 1 and 12",
        "7 | survei = 3\n  | ^^^^^^\nthere is no survei here; did you mean survey?",
        "did you mean \"client\"?",
    ] {
        assert!(said.contains(part), "{part}:\n{said}");
    }
    assert!(Path::new(&office.config()).is_file());
}

#[test]
fn a_line_that_settles_nothing_is_named() {
    let list = "Client;Meetings;Decision-maker level;Survey score\nAcme;3;Senior;9\nBolt;1;Junior;7\n";
    let office = Office::new(&[("Sales/List.csv", list)]);
    let config = "month = \"2026-11\"\n\
        [[mapping]]\nfile = \"Sales/*\"\ncolumns = { \"Meetings\" = \"meetings\", \"Metings\" = \"none\", \"column D\" = \"survey_score\" }\n\
        [[mapping]]\nfile = \"Sales/*\"\nsheet = \"Old\"\nheader_row = 3\n\
        [[mapping]]\nfile = \"Service/*\"\nheader_row = 3\n";
    fs::write(office.config(), config).unwrap();
    for command in ["check", "map"] {
        let report = office.report(command, 0);
        let findings = report["findings"].as_array().unwrap();
        let messages: Vec<_> = findings.iter().map(|finding| finding["message"].as_str().unwrap()).collect();
        let parts = [
            ["number 1", "no table has a heading \"Metings\""],
            ["number 2", "there is no sheet \"Old\""],
            ["number 3", "no workbook of the inbox has this name"],
        ];
        assert_eq!(messages.len(), parts.len(), "{command}: {messages:?}");
        for (message, parts) in messages.iter().zip(parts) {
            assert!(parts.iter().all(|part| message.contains(part)), "{command}: {message}");
        }
        assert!(findings.iter().all(|finding| finding["code"] == "mapping-unused"), "{command}: {findings:?}");
        let printed = text(&office.call(&[command]).stdout);
        assert!(printed.contains("number 3"), "{printed}");
    }
}

#[test]
fn a_scorecard_for_a_department_that_nobody_is_of_is_named() {
    let list = "Client;Department;Meetings;Decision-maker level\nAcme;Small;3;Senior\nBolt;;1;Junior\n";
    let office = Office::new(&[("Sales/List.csv", list)]);
    let card = |department: &str| {
        format!(
            "month = \"2026-11\"\n[[scorecard]]\nname = \"Few\"\ndepartments = [\"{department}\"]\nbands = {{ strong = 1, watch = 0.5 }}\n\
             worry = 0\nkpi = 1\n[[scorecard.criterion]]\nid = \"m\"\nheading = \"P\"\nfield = \"meetings\"\n\
             rule = {{ at_least = 1 }}\npoints = 1\n"
        )
    };
    for (department, hint) in [
        ("sales", "did you mean \"Sales\"?"),
        ("Small", "rows of Sales/List.csv name it"),
        ("Zzz", "no workbook is of it"),
    ] {
        fs::write(office.config(), card(department)).unwrap();
        for command in ["check", "map"] {
            let report = office.report(command, 0);
            let findings = report["findings"].as_array().unwrap();
            let told = findings.iter().find(|finding| finding["code"] == "scorecard-unused").expect("told");
            assert!(told["message"].as_str().unwrap().contains(hint), "{command}: {told}");
        }
    }
    fs::write(office.config(), card("Sales")).unwrap();
    let report = office.report("check", 0);
    assert!(report["findings"].as_array().is_none_or(Vec::is_empty), "{report:#}");
}

#[test]
fn a_table_that_is_not_complete_shows_what_is_open_and_is_settled_by_lines() {
    let list = "Client;Umfrage Bogen Nord;Meeting count;Meetings held\n\
        Acme;gut;2;3\nBolt;mittel;5;1\nCrane;gut;0;2\n";
    let office = Office::new(&[("Sales/List.csv", list)]);
    let report = office.report("check", 1);
    let codes: Vec<_> =
        report["files"][0]["findings"].as_array().unwrap().iter().map(|f| f["code"].as_str().unwrap()).collect();
    assert!(codes.contains(&"client-table-incomplete") && codes.contains(&"heading-conflict"), "{codes:?}");
    assert_eq!(office.call(&["map", "--save"]).status.code(), Some(1));
    let saved = fs::read_to_string(office.config()).unwrap();
    for line in ["\"Meeting count\" = \"meetings\"", "\"Umfrage Bogen Nord\" = \"survey_score\""] {
        assert!(saved.contains(line), "{saved}");
    }
}

/// Of many workbooks the one that waits for somebody is not searched for.
#[test]
fn of_many_workbooks_those_that_wait_are_shown_whole_and_named_at_the_end() {
    const CLEAR: &str = "Client,Our contacts,Client contacts,Meetings\nAlder,2,3,1\nBirch,1,1,0\n";
    const UNCLEAR: &str = "Client,Contacts,Our contacts at the client,Meetings\nCedar,2,3,1\nDate,1,1,0\n";
    let lists = [("A/one.csv", CLEAR), ("B/two.csv", CLEAR), ("C/three.csv", CLEAR), ("D/Süd.csv", UNCLEAR)];
    let office = Office::new(&lists);
    let shown = |arguments: &[&str]| text(&office.call(arguments).stdout);

    let brief = shown(&["map"]);
    let at = |part: &str| brief.find(part).unwrap_or_else(|| panic!("{part} in\n{brief}"));
    assert!(at("A/one.csv    mapped") < at("D/Süd.csv  needs review"), "{brief}");
    assert!(!brief.contains("equal to keeptabs's heading \"our_contacts\""), "{brief}");
    assert_eq!(brief.matches("A/one.csv").count(), 1, "{brief}");
    let waiting = &brief[at("One workbook waits for somebody")..];
    assert!(waiting.contains("  D/Süd.csv  needs review\n"), "{brief}");
    assert!(waiting.contains("C1 \"Our contacts at the client\""), "{brief}");
    assert!(waiting.contains("`keeptabs map --save` writes them there"), "{brief}");

    let all = shown(&["map", "-v"]);
    for (name, _) in lists {
        assert!(all.contains(&format!("\n{name}  ")), "{all}");
    }
    assert_eq!(all.matches("headings in row 1").count(), 4, "{all}");

    let one = shown(&["map", "--only", "b/TWO"]);
    assert!(one.contains("headings in row 1") && !one.contains("one.csv") && !one.contains("wait"), "{one}");
    assert!(shown(&["map", "--only", "sud"]).contains("D/Süd.csv  needs review"));
    let none = office.call(&["map", "--only", "elsewhere"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(text(&none.stderr).contains("no workbook in inbox has \"elsewhere\" in its path"));
    assert_eq!(office.report("map", 1)["files"].as_array().unwrap().len(), 4, "a program gets all");
}

/// Who believes everything that is proposed is told, and what is proposed then settles it: the later line holds.
#[test]
fn two_proposals_that_exclude_each_other_are_settled_by_the_next() {
    const BOTH: &str = "Kunde,Kontaktpersonen,Kontakte,Besuche\nAlder,2,3,1\nBirch,1,1,0\n";
    let office = Office::new(&[("Sales/Kunden.csv", BOTH)]);
    let first = office.call(&["map", "--save"]);
    assert_eq!(first.status.code(), Some(1));
    let folded = text(&first.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(folded.contains("One line is enough: column C \"Kontakte\" is then the other side"), "{folded}");
    office.uncomment();
    let second = office.call(&["map", "--save"]);
    assert_eq!(second.status.code(), Some(1), "{}", text(&second.stdout));
    assert!(text(&second.stdout).contains("both claim our_contacts"), "{}", text(&second.stdout));
    let config = fs::read_to_string(office.config()).unwrap();
    let (settled, added) = config.split_at(config.rfind("## keeptabs map --save").unwrap());
    let added: String = added.lines().map(|line| format!("{}\n", line.strip_prefix("# ").unwrap_or(line))).collect();
    fs::write(office.config(), format!("{settled}{added}")).unwrap();
    let third = office.report("map", 0);
    let fields: Vec<_> = columns(&third["files"][0]).into_iter().map(|(_, field, _)| field).collect();
    assert_eq!(fields, ["client", "our_contacts", "client_contacts", "meetings"]);
}
