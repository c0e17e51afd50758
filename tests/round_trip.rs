//! A result that is handed in as next month's list gives the same result again, in every language.

use crate::support::{Ran, fixtures, number, rewritten, run};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;
use tempfile::TempDir;

/// The demo and every case, a department each.
fn everything(inbox: &Path) {
    copy(&fixtures().join("inbox"), &inbox.join("demo"));
    for case in fs::read_dir(fixtures().join("cases")).unwrap().map(Result::unwrap) {
        copy(&case.path().join("inbox"), &inbox.join(case.file_name()));
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file())
    {
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(entry.path(), target).unwrap();
    }
}

/// The department workbooks of a run as an inbox.
fn hand_in(ran: &Ran, inbox: &Path) {
    for file in ran.report()["files"].as_array().unwrap() {
        if let Some(target) = file["target"].as_str() {
            let to = inbox.join(target);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(ran.month().join(target), to).unwrap();
        }
    }
}

type Cells = BTreeMap<(usize, usize), Data>;

/// Client tables and Summary, which stand before keeptabs's other sheets: name and filled cells.
fn sheets(path: &Path) -> Vec<(String, Cells)> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let names = book.sheet_names();
    let kept = names.len() - 3;
    names[..kept].iter().map(|name| (name.clone(), cells(&mut book, name))).collect()
}

fn cells(book: &mut Xlsx<std::io::BufReader<fs::File>>, name: &str) -> Cells {
    let range = book.worksheet_range(name).unwrap();
    let filled = |data: &Data| !matches!(data, Data::Empty) && *data != Data::String(String::new());
    let cells = range.used_cells().filter(|(_, _, data)| filled(data));
    cells.map(|(row, col, data)| ((row, col), data.clone())).collect()
}

/// Adds every cell that differs; says how many were compared.
fn compare(first: &Ran, second: &Ran, target: &str, wrong: &mut Vec<String>) -> usize {
    let (a, b) = (sheets(&first.month().join(target)), sheets(&second.month().join(target)));
    let names = |sheets: &[(String, Cells)]| sheets.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if names(&a) != names(&b) {
        wrong.push(format!("{target}: {:?}, then {:?}", names(&a), names(&b)));
        return 0;
    }
    let mut compared = 0;
    for ((name, a), (_, b)) in a.iter().zip(&b) {
        compared += a.len();
        for at in a.keys().chain(b.keys().filter(|at| !a.contains_key(at))) {
            let (was, is) = (a.get(at), b.get(at));
            if was != is {
                let heading = a.get(&(0, at.1)).map(ToString::to_string).unwrap_or_default();
                wrong.push(format!("{target} {name} row {} \"{heading}\": {was:?}, then {is:?}", at.0 + 1));
            }
        }
    }
    compared
}

fn twice(language: &str) {
    let folder = TempDir::new().unwrap();
    let (lists, results) = (folder.path().join("lists"), folder.path().join("results"));
    everything(&lists);
    let options = ["--month", "2026-11", "--language", language];
    let first = run(&lists, &options);
    hand_in(&first, &results);
    let second = run(&results, &options);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for file in first.report()["files"].as_array().unwrap() {
        let Some(target) = file["target"].as_str() else { continue };
        let again = second.file(target);
        if again["status"] != "converted" {
            wrong.push(format!("{target}: {}: {}", again["status"], again["reason"]));
            continue;
        }
        compared += compare(&first, &second, target, &mut wrong);
    }
    assert!(wrong.is_empty(), "{} of {compared} cells:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    assert!(compared > 10_000, "only {compared} cells");
}

macro_rules! languages {
    ($($name:ident = $code:literal,)*) => { $(#[test] fn $name() { twice($code); })* };
}

languages! {
    english = "en",
    dutch = "nl",
    portuguese = "pt",
    german = "de",
    french = "fr",
    spanish = "es",
    italian = "it",
}

/// A result in one language handed in gives the result in another.
#[test]
fn the_language_of_what_is_handed_in_does_not_matter() {
    let folder = TempDir::new().unwrap();
    let lists = fixtures().join("inbox");
    let config = fixtures().join("keeptabs.toml");
    let english = run(&lists, &[]);
    let german = run(&lists, &["--language", "de"]);
    let results = folder.path().join("results");
    hand_in(&german, &results);
    let again = run(&results, &["--config", config.to_str().unwrap()]);
    let mut wrong = Vec::new();
    for file in english.report()["files"].as_array().unwrap() {
        let Some(target) = file["target"].as_str() else { continue };
        compare(&english, &again, target, &mut wrong);
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn a_configured_language_holds_unless_the_command_line_names_another() {
    let folder = TempDir::new().unwrap();
    let config = folder.path().join("keeptabs.toml");
    fs::write(&config, "month = \"2026-11\"\nlanguage = \"nl\"\n").unwrap();
    let inbox = fixtures().join("cases/title-rows/inbox");
    let names = |options: &[&str]| {
        let ran = run(&inbox, &[&["--config", config.to_str().unwrap()], options].concat());
        let target = ran.report()["files"][0]["target"].as_str().unwrap().to_owned();
        let book: Xlsx<_> = open_workbook(ran.month().join(target)).unwrap();
        book.sheet_names()[1].clone()
    };
    assert_eq!(names(&[]), "Samenvatting");
    assert_eq!(names(&["--language", "it"]), "Riepilogo");
    fs::write(&config, "language = \"se\"\n").unwrap();
    let refused = run(&inbox, &["--config", config.to_str().unwrap()]);
    assert_eq!(refused.status(), 2);
    assert!(refused.stderr().contains("en, nl, pt, de, fr, es, it"), "{}", refused.stderr());
}

/// The money of last year's result is last year's, and somebody has to say so.
#[test]
fn a_result_of_last_fiscal_year_needs_a_line() {
    let folder = TempDir::new().unwrap();
    let results = folder.path().join("results");
    let first = run(&fixtures().join("cases/dutch/inbox"), &["--month", "2026-11"]);
    hand_in(&first, &results);
    let again = |month: &str, rollover: &str| {
        let config = folder.path().join("keeptabs.toml");
        fs::write(&config, rollover).unwrap();
        run(&results, &["--month", month, "--config", config.to_str().unwrap(), "--dry-run", "--format", "json"])
    };
    let report = |ran: &Ran| serde_json::from_str::<serde_json::Value>(&ran.stdout()).unwrap()["files"][0].clone();
    assert_eq!(report(&again("2026-10", ""))["status"], "converted", "the same year");
    let file = report(&again("2025-10", ""));
    assert_eq!(file["status"], "needs-review", "{file:#}");
    assert!(!file["reason"].as_str().unwrap().contains("rollover"), "nothing rolls back: {file:#}");
    // fiscal years from November on: the result of 2026-11 is of the year after 2026-10's
    let older = "[year]\nstart = 11\n";
    assert_eq!(report(&again("2026-10", older))["status"], "needs-review");
}

#[test]
fn last_years_performance_becomes_last_years_revenue_when_a_line_says_so() {
    let folder = TempDir::new().unwrap();
    let (lists, results) = (folder.path().join("lists"), folder.path().join("results"));
    let list = "Client,Meetings (6 months),Decision-maker level,Revenue last year,Target this year,Current performance\n\
                Acme,2,senior,90,100,80\nBolt,1,junior,50,,40.5\n";
    fs::create_dir(&lists).unwrap();
    fs::write(lists.join("Sales.csv"), list).unwrap();
    let config = folder.path().join("keeptabs.toml");
    let run = |inbox: &Path, month: &str, line: &str| {
        fs::write(&config, format!("[year]\nstart = 11\n{line}")).unwrap();
        run(inbox, &["--month", month, "--config", config.to_str().unwrap()])
    };
    let first = run(&lists, "2026-10", "");
    let target = first.report()["files"][0]["target"].as_str().unwrap().to_owned();
    hand_in(&first, &results);
    let review = run(&results, "2026-11", "").file(&target);
    assert_eq!(review["status"], "needs-review");
    assert!(review["reason"].as_str().unwrap().contains("[rollover] from = 2026"), "{review:#}");
    let rolled = run(&results, "2026-11", "[rollover]\nfrom = 2026\n");
    let (was, is) = (first.first_clients(&target), rolled.first_clients(&target));
    assert_eq!(was.len(), is.len());
    assert_eq!(is.iter().filter_map(|row| number(&row["Revenue last year"])).sum::<f64>(), 120.5);
    for (was, is) in was.iter().zip(&is) {
        assert_eq!(number(&was["Current performance"]), number(&is["Revenue last year"]));
        assert_eq!((&is["Target this year"], &is["Current performance"]), (&Data::Empty, &Data::Empty));
    }
}

/// A list that nobody looked at says nothing about this month.
#[test]
fn a_result_in_which_nothing_was_updated_is_named() {
    let folder = TempDir::new().unwrap();
    let (lists, results) = (folder.path().join("lists"), folder.path().join("results"));
    // wrong values and days that lie in the future come back as they were
    copy(&fixtures().join("inbox/Sales"), &lists.join("demo/Sales"));
    for case in ["wrong-values", "blind-es-2", "two-sheets"] {
        copy(&fixtures().join("cases").join(case).join("inbox"), &lists.join(case));
    }
    let first = run(&lists, &["--month", "2026-10", "--language", "pt"]);
    hand_in(&first, &results);
    let updated = |ran: &Ran| {
        let files = ran.report()["files"].as_array().unwrap().clone();
        let said = |file: &serde_json::Value| {
            let findings = file["findings"].as_array().unwrap();
            let finding = findings.iter().find(|finding| finding["code"] == "nothing-updated")?;
            Some(finding["message"].as_str().unwrap().to_owned())
        };
        files.iter().map(|file| (file["source"].as_str().unwrap().to_owned(), said(file))).collect::<Vec<_>>()
    };
    for (source, said) in updated(&run(&results, &["--month", "2026-11"])) {
        assert!(said.is_some_and(|said| said.contains("since 2026-10")), "{source}");
    }
    // one client's word is enough
    let target = "demo/Sales/UK clients.xlsx";
    rewritten(&results.join(target), "xl/worksheets/sheet1.xml", "<t>South East</t>", "<t>South</t>");
    let one = updated(&run(&results, &["--month", "2026-11"]));
    let silent: Vec<_> = one.iter().filter(|(_, said)| said.is_none()).map(|(source, _)| source.as_str()).collect();
    assert_eq!(silent, [target]);
    let same_month = updated(&run(&results, &["--month", "2026-10"]));
    assert!(same_month.iter().all(|(_, said)| said.is_none()), "the month's own result may be handed in again");
}

/// Limits of a result are for trying out: they are never read back, and never without a word.
#[test]
fn limits_that_were_tried_out_are_named_and_not_taken_over() {
    let folder = TempDir::new().unwrap();
    let first = run(&fixtures().join("cases/dutch/inbox"), &["--month", "2026-11"]);
    hand_in(&first, folder.path());
    let target = first.report()["files"][0]["target"].as_str().unwrap().to_owned();
    let path = folder.path().join(&target);
    let said = || {
        let file = run(folder.path(), &["--month", "2026-11"]).file(&target);
        let findings = file["findings"].as_array().unwrap().clone();
        let tried = findings.into_iter().find(|finding| finding["code"] == "limits-tried");
        (tried.map(|finding| finding["message"].as_str().unwrap().to_owned()), file["average_score"].clone())
    };
    let (nothing, average) = said();
    assert_eq!(nothing, None);
    let names: Vec<_> = {
        let book: Xlsx<_> = open_workbook(&path).unwrap();
        book.sheet_names()
    };
    let method = format!("xl/worksheets/sheet{}.xml", names.len() - 1);
    let book: Xlsx<_> = open_workbook(&path).unwrap();
    let watch = book.defined_names().iter().find(|(name, _)| name == "kt_watch").unwrap().1.clone();
    let cell = watch.rsplit_once('!').unwrap().1.replace('$', "");
    rewritten_cell(&path, &method, &cell, "1");
    let (tried, same) = said();
    assert!(
        tried.as_deref().is_some_and(|said| said.contains("Watch: at least (below: At risk) 3, tried 1")),
        "{tried:?}"
    );
    assert_eq!(average, same);
}

/// Puts another number into a cell.
fn rewritten_cell(path: &Path, part: &str, cell: &str, number: &str) {
    let mut package = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut xml = String::new();
    package.by_name(part).unwrap().read_to_string(&mut xml).unwrap();
    let start = xml.find(&format!("<c r=\"{cell}\"")).unwrap();
    let end = start + xml[start..].find("</c>").unwrap();
    let old = &xml[start..end];
    let new = format!("{}<v>{number}</v>", &old[..old.find("<v>").unwrap()]);
    rewritten(path, part, old, &new);
}
