//! What the summary says in the light of earlier months: Movers, Retention, Trend, open actions, overrides.

use crate::history::Months;
use crate::support::{number, table};
use calamine::{Data, Reader, Xlsx, open_workbook};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

fn summary(months: &Months, month: &str) -> PathBuf {
    months.out().join(month).join(format!("Client retention summary {month}.xlsx"))
}

/// A sheet's rows as texts.
fn rows(months: &Months, month: &str, sheet: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(summary(months, month)).unwrap();
    let range = book.worksheet_range(sheet).unwrap_or_else(|error| panic!("{sheet}: {error}"));
    range.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

/// A list on a page below the section with this title: rows by heading.
fn list(rows: &[Vec<String>], section: &str) -> Vec<BTreeMap<String, String>> {
    let at = rows.iter().position(|row| row[0] == section).unwrap_or_else(|| panic!("no \"{section}\": {rows:#?}"));
    let headings = &rows[at + 1];
    let lines = rows[at + 2..].iter().take_while(|row| !row[0].is_empty());
    lines.map(|row| headings.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

const SALES: &str = "\
Acme,Ana,1,1,0,senior,8,1000,900,active,
Borealis,Ana,2,2,3,senior,10,2000,1900,active,
Cobalt,Ben,2,2,3,middle,9,3000,100,active,
Delta,Ben,1,2,3,junior,9,4000,3900,active,
Gamma,Ben,2,2,3,senior,9,500,450,active,
";
const OPS: &str = "Ypsilon,Cem,2,2,3,senior,9,600,500,active,\nAcme,Dora,2,2,3,senior,9,50,40,active,\n";
const LATE: &str = "Zeta,Cem,2,2,3,senior,9,700,600,active,\n";

/// October; in November Acme rises, Borealis falls, Cobalt is let go, Delta is gone, Echo is new, Late is not delivered.
fn two_months() -> Months {
    let months = Months::new();
    months.month("2026-10", &[("Sales", SALES), ("Ops", OPS), ("Late", LATE)]);
    let november = "\
Acme,Ana,2,1,2,senior,8,1000,990,active,
Borealis,Ana,2,2,0,senior,10,2000,2100,active,
Cobalt,Ben,2,2,3,middle,9,3000,100,former,It was our decision
Gamma,Ben,2,2,3,senior,9,500,500,active,
Echo,Ben,3,3,3,senior,9,,50,active,
";
    months.month("2026-11", &[("Sales", november), ("Ops", OPS)]);
    months
}

#[test]
fn before_two_months_the_sheets_say_from_when_on_they_speak() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", SALES)]);
    for sheet in ["Movers", "Retention", "Trend"] {
        let rows = rows(&months, "2026-10", sheet);
        assert!(rows.iter().any(|row| row[0].contains("speaks from November 2026 on")), "{sheet}: {rows:?}");
    }
    let clients = table(&summary(&months, "2026-10"), "Clients");
    assert!(!clients[0].contains_key("Change"), "nothing to compare with yet");
    assert!(months.run("2026-11", &["--no-history"]).status.success());
    for sheet in ["Movers", "Retention", "Trend"] {
        let rows = rows(&months, "2026-11", sheet);
        assert!(rows.iter().any(|row| row[0].contains("--no-history")), "{sheet}: {rows:?}");
    }
}

#[test]
fn movers_say_who_and_why_and_name_both_months() {
    let months = two_months();
    let rows = rows(&months, "2026-11", "Movers");
    let one = |section: &str| {
        let list = list(&rows, section);
        let [row] = list.as_slice() else { panic!("{section}: {list:?}") };
        let text = |heading: &str| row[heading].clone();
        let then = row.get("Score October 2026").unwrap_or_else(|| panic!("{row:?}")).clone();
        (text("Client"), then, text("Score November 2026"), text("Change"), text("What happened"))
    };
    let row = |client: &str, then: &str, now: &str, change: &str, why: &str| {
        (client.to_owned(), then.to_owned(), now.to_owned(), change.to_owned(), why.to_owned())
    };
    assert_eq!(one("Score fell (1)"), row("Borealis", "6", "5", "-1", "meetings 3 → 0 (−1)"));
    assert_eq!(one("Score rose (1)"), row("Acme", "2", "4", "2", "our contacts 1 → 2 (+1); meetings 0 → 2 (+1)"));
    assert_eq!(one("New (1)"), row("Echo", "", "6", "", "Never listed before"));
    let lost: Vec<_> = list(&rows, "Lost (2)")
        .iter()
        .map(|row| (row["Client"].clone(), row["Revenue last year"].clone(), row["What happened"].clone()))
        .collect();
    let gone = |client: &str, revenue: &str, why: &str| (client.to_owned(), revenue.to_owned(), why.to_owned());
    assert_eq!(
        lost,
        [gone("Delta", "4000", "No longer listed"), gone("Cobalt", "3000", "Let go on purpose: our decision"),]
    );
    let silent = one("Not delivered: their departments handed nothing usable in (1)");
    assert_eq!((silent.0.as_str(), silent.2.as_str()), ("Zeta", ""));
}

#[test]
fn what_is_not_delivered_marks_the_figures_that_lack_it() {
    let months = two_months();
    let overview = rows(&months, "2026-11", "Overview");
    let told = overview.iter().flatten().find(|text| text.starts_with("Not delivered")).unwrap();
    assert!(told.contains("Late (clients in October 2026: 1)") && told.contains("marked *"), "{told}");
    assert!(overview.iter().flatten().any(|text| text == "Average score *"));
    let october = rows(&months, "2026-10", "Overview");
    assert!(!october.iter().flatten().any(|text| text.contains('*')), "{october:?}");
}

#[test]
fn clients_show_the_change_of_the_merged_score_and_why() {
    let months = two_months();
    let clients = table(&summary(&months, "2026-11"), "Clients");
    let of = |client: &str| {
        let row = clients.iter().find(|row| row["Client"].to_string() == client).unwrap();
        let text = |heading: &str| row[heading].to_string();
        (number(&row["Previous score"]), text("Previous month"), number(&row["Change"]), text("What changed"))
    };
    let october = "October 2026".to_owned();
    // Acme stands in two departments: merged it had 5 (the lowest survey is 8) and has 5; what moved is told by department
    let acme = of("Acme");
    assert_eq!((acme.0, acme.1, acme.2), (Some(5.0), october.clone(), Some(0.0)));
    assert_eq!(
        acme.3,
        "Ops: Unchanged since October 2026; Sales: +2 since October 2026: our contacts 1 → 2 (+1); meetings 0 → 2 (+1)"
    );
    let borealis = of("Borealis");
    assert_eq!((borealis.0, borealis.2), (Some(6.0), Some(-1.0)));
    assert_eq!(of("Echo"), (None, String::new(), None, "New since October 2026".to_owned()));
}

#[test]
fn retention_counts_clients_once_and_keeps_those_let_go_apart() {
    let months = two_months();
    let rows = rows(&months, "2026-11", "Retention");
    let of = |section: &str| list(&rows, section);
    let kept = &of("Clients kept and lost")[0];
    let figures = ["Since", "Clients then", "Kept", "Lost", "Let go on purpose", "Not delivered"];
    let figures = figures.map(|heading| kept[heading].as_str());
    // Acme (two departments), Borealis, Cobalt, Delta, Gamma, Ypsilon, Zeta
    assert_eq!(figures, ["October 2026", "7", "4", "1", "1", "1"]);
    let churn: f64 = kept["Churn"].parse().unwrap();
    assert!((churn - 0.2).abs() < 1e-9, "{churn}");
    assert_eq!(of("Lost since October 2026 (1)")[0]["Client"], "Delta");
    assert_eq!(of("Let go on purpose since October 2026 (1): outside churn")[0]["Client"], "Cobalt");
    // 11/12 of 1000 + 50 (Acme), 2000, 3000, 4000, 500, 600 against what they bring; those that went bring nothing
    let at = rows.iter().position(|row| row[0].starts_with("Last year's revenue on the same share")).unwrap();
    let money: BTreeMap<_, _> = rows[at + 1].iter().zip(&rows[at + 2]).collect();
    let figure = |heading: &str| -> f64 { money[&heading.to_owned()].parse().unwrap() };
    let share = 11.0 / 12.0;
    let due = share * (1_050.0 + 2_000.0 + 3_000.0 + 4_000.0 + 500.0 + 600.0);
    let brings = 990.0 + 40.0 + 2_100.0 + 500.0 + 500.0;
    let covered = share * (1_050.0 + 2_000.0 + 500.0) + 500.0;
    assert!((figure("Last year, same share") - due).abs() < 1e-6 && figure("Current performance") == brings);
    assert!((figure("GRR") - covered / due).abs() < 1e-9 && (figure("NRR") - brings / due).abs() < 1e-9);
}

#[test]
fn the_replacement_sum_is_empty_until_the_cost_is_known() {
    let months = two_months();
    let mut book: Xlsx<_> = open_workbook(summary(&months, "2026-11")).unwrap();
    let values = book.worksheet_range("Retention").unwrap();
    let formulas = book.worksheet_formula("Retention").unwrap();
    let at = |label: &str| {
        let mut cells = values.used_cells().filter(|(_, _, cell)| cell.to_string() == label);
        cells.next().unwrap_or_else(|| panic!("no {label}")).0 as u32
    };
    let figure = |label: &str| values.get_value((at(label), 3)).cloned().unwrap_or(Data::Empty);
    assert_eq!(number(&figure("Clients lost since October 2026")), Some(1.0));
    assert_eq!(number(&figure("Winning one costs so many times that (assumption)")), Some(6.5));
    assert_eq!(number(&figure("Cost to keep one client for a year (yours to fill in)")), None);
    for label in
        ["Winning as many new clients", "Keeping those that were lost for a year", "Burnt by losing and replacing them"]
    {
        assert_eq!(number(&figure(label)), None, "{label}: empty, never 0");
        assert!(formulas.get_value((at(label), 3)).is_some_and(|formula| formula.contains("ISNUMBER")), "{label}");
    }
}

#[test]
fn months_stand_on_trend_and_are_drawn_beside_the_names() {
    let months = two_months();
    let rows = rows(&months, "2026-11", "Trend");
    let last = |section: &str, name: &str| {
        let all = list(&rows, section);
        let row = all.iter().find(|row| row.values().any(|text| text == name)).unwrap();
        (row["2026-10"].clone(), row["2026-11"].clone(), row["2026-09"].clone())
    };
    let pair = |then: &str, now: &str| (then.to_owned(), now.to_owned(), String::new());
    assert_eq!(last("Clients: score", "Borealis"), pair("6", "5"));
    assert_eq!(last("All accounts", "Accounts"), pair("8", "6"));
    assert_eq!(last("Departments: average score of their accounts", "Late"), pair("6", ""));
    let file = fs::File::open(summary(&months, "2026-11")).unwrap();
    let mut package = zip::ZipArchive::new(file).unwrap();
    let mut drawn = Vec::new();
    for index in 0..package.len() {
        let mut part = package.by_index(index).unwrap();
        if part.name().unwrap().starts_with("xl/worksheets/sheet") {
            let mut xml = String::new();
            std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
            let of = xml.matches("<xm:f>Trend!").count();
            drawn.extend((of > 0).then_some(of));
        }
    }
    drawn.sort_unstable();
    // departments Sales and Ops; managers Ana, Ben, Cem, Dora; clients but Echo, which is new
    assert_eq!(drawn, [2, 4, 4]);
}

#[test]
fn a_worry_without_an_open_action_is_a_flag() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", SALES)]);
    let actions = |month: &str| -> BTreeMap<String, String> {
        let rows = table(&summary(&months, month), "Clients");
        rows.iter().map(|row| (row["Client"].to_string(), row["Open action"].to_string())).collect()
    };
    let october = actions("2026-10");
    assert_eq!((october["Acme"].as_str(), october["Delta"].as_str()), ("None open", "None open"));
    assert_eq!(october["Borealis"], "", "no worry, nothing to do");
    let overview = rows(&months, "2026-10", "Overview");
    assert!(overview.iter().flatten().any(|text| text.ends_with("2 without open action")), "{overview:?}");
}

#[test]
fn overrides_stand_beside_the_computed_status_and_ended_ones_are_listed() {
    let months = Months::new();
    let inbox = months.folder.path().join("inbox/Sales");
    fs::create_dir_all(&inbox).unwrap();
    fs::write(
        inbox.join("Clients.csv"),
        "Client,Account manager,Our contacts,Client contacts,Meetings (6 months),Decision-maker level,Survey score,Revenue last year,Override status,Override reason,Override until,Override by\n\
         Acme,Ana,1,1,0,senior,8,1000,Strong,Signed for three years,2027-01-31,Eva\n\
         Borealis,Ana,2,2,3,senior,10,2000,At risk,Their director leaves,2026-10-31,Eva\n\
         Cobalt,Ana,2,2,3,senior,10,2000,At risk,,,\n\
         Delta,Ana,2,2,3,senior,10,2000,,,,\n",
    )
    .unwrap();
    assert!(months.run("2026-11", &[]).status.success());
    let rows = rows(&months, "2026-11", "Overrides");
    let line = |row: &BTreeMap<String, String>| {
        ["Client", "Override status", "Computed status", "Override until", "State"].map(|heading| row[heading].clone())
    };
    let holds: Vec<_> = list(&rows, "Judgements that hold (1)").iter().map(line).collect();
    assert_eq!(holds, [["Acme", "Strong", "At risk", "2027-01-31", "holds"].map(str::to_owned)]);
    let over: Vec<_> = list(&rows, "Ended or incomplete: they have no effect (2)").iter().map(line).collect();
    assert_eq!(
        over,
        [
            ["Borealis", "At risk", "Strong", "2026-10-31", "ended"].map(str::to_owned),
            ["Cobalt", "At risk", "Strong", "", "incomplete"].map(str::to_owned),
        ]
    );
    months.hand_in(&[("Sales", SALES)]);
    assert!(months.run("2026-12", &["--no-history"]).status.code() == Some(2), "that month has not begun");
    assert!(months.run("2026-11", &["--no-history"]).status.success());
    let book: Xlsx<_> = open_workbook(summary(&months, "2026-11")).unwrap();
    assert!(!book.sheet_names().contains(&"Overrides".to_owned()));
}

#[test]
fn a_client_of_dozens_of_departments_stays_in_its_cell() {
    let months = Months::new();
    let names: Vec<String> = (0..60).map(|number| format!("Department {number:02} of a long name")).collect();
    let lists: Vec<_> =
        names.iter().map(|name| (name.as_str(), "Acme,Ana,1,1,0,senior,8,1000,900,active,\n")).collect();
    months.month("2026-11", &lists);
    let clients = table(&summary(&months, "2026-11"), "Clients");
    assert_eq!(
        clients[0]["Departments"].to_string(),
        "Department 00 of a long name; Department 01 of a long name; Department 02 of a long name; Department 03 of a long name and 56 more"
    );
    let csv = fs::read_to_string(months.out().join("2026-11/clients.csv")).unwrap();
    assert!(csv.contains("Department 59 of a long name"), "clients.csv holds them all");
}

#[test]
fn where_nothing_converts_the_earlier_summary_stays_and_the_report_says_so() {
    let months = Months::new();
    months.month("2026-10", &[("Sales", SALES)]);
    let before = fs::read(summary(&months, "2026-10")).unwrap();
    let list = months.folder.path().join("inbox/Sales/Clients.csv");
    fs::write(list, "Our contacts,Client contacts,Meetings\n1,2,3\n").unwrap();
    assert_eq!(months.run("2026-10", &[]).status.code(), Some(1));
    assert_eq!(fs::read(summary(&months, "2026-10")).unwrap(), before);
    let report = months.report("2026-10");
    assert!(report["summary"].is_null());
    let finding = &report["findings"][0];
    assert_eq!(finding["code"], "not-written");
    assert!(finding["message"].as_str().unwrap().contains("of an earlier run"), "{finding}");
}
