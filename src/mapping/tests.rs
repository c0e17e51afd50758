//! Rules of the heading match on a small dictionary; `native` has the real one.

mod composed;
mod lookalikes;
mod native;
mod worded;

use super::*;
use crate::book::{Area, Book, Cell, CellRef, FormatId, Sheet, TextId};
use crate::dictionary::Dictionary;
use crate::finding::{Code, Severity};

/// A small dictionary with every section.
pub(crate) fn mini() -> &'static Dictionary {
    static MINI: std::sync::LazyLock<Dictionary> =
        std::sync::LazyLock::new(|| Dictionary::parse(include_str!("tests/mini.toml")).unwrap());
    &MINI
}

/// Adds a sheet: lines of cells between `|`; numbers are numbers, `d:` a date serial, `t:` a text in any case.
pub(crate) fn add_sheet(book: &mut Book, name: &str, grid: &str) -> usize {
    let mut sheet = Sheet::new(name);
    for (row, line) in grid.lines().enumerate() {
        for (col, text) in line.split('|').enumerate() {
            let text = text.trim();
            let cell = match (text.strip_prefix("d:"), text.strip_prefix("t:")) {
                _ if text.is_empty() => continue,
                (Some(serial), _) => Cell::Date(serial.parse().unwrap(), FormatId::GENERAL),
                (_, Some(text)) => Cell::Text(text_id(book, text)),
                _ => text
                    .parse()
                    .map_or_else(|_| Cell::Text(text_id(book, text)), |n| Cell::Number(n, FormatId::GENERAL)),
            };
            assert!(sheet.push(CellRef { row: row as u32, col: col as u16 }, cell));
        }
    }
    book.sheets.push(sheet);
    book.sheets.len() - 1
}

fn text_id(book: &mut Book, text: &str) -> TextId {
    let known = book.texts.iter().position(|known| **known == *text);
    let at = known.unwrap_or_else(|| {
        book.texts.push(text.into());
        book.texts.len() - 1
    });
    TextId(at as u32)
}

/// A workbook with one sheet.
pub(crate) fn one(grid: &str) -> Book {
    let mut book = Book::default();
    add_sheet(&mut book, "Clients", grid);
    book
}

pub(crate) const MEASURES: [Field; 5] =
    [Field::OurContacts, Field::ClientContacts, Field::Meetings, Field::DecisionLevel, Field::SurveyScore];

pub(crate) fn settings<'a>() -> Settings<'a> {
    Settings {
        file: "Sales.xlsx",
        period: Period { month: "2026-11".parse().unwrap(), fiscal_start: 1 },
        fiscal_name_by_end: true,
        measures: &MEASURES,
        own_columns: &[],
        pins: &[],
        computed: &[],
        rollover: None,
    }
}

/// Columns as "heading → field tier", those without a field left out.
pub(crate) fn mapped(map: &SheetMap) -> Vec<String> {
    let columns = map.table.iter().flat_map(|table| &table.columns);
    let shown = |column: &Column| {
        let tier = serde_json::to_value(column.tier?).unwrap();
        Some(format!("{} → {} {}", column.heading, column.field?, tier.as_str().unwrap()))
    };
    columns.filter_map(shown).collect()
}

pub(crate) fn codes(map: &SheetMap) -> Vec<Code> {
    map.findings.iter().map(|finding| finding.code).collect()
}

fn resolve_one(grid: &str) -> SheetMap {
    resolve(&one(grid), &settings(), mini()).remove(0)
}

/// What one heading becomes beside a client and two measures, with these values below it.
fn beside(heading: &str, values: [&str; 4]) -> (Column, SheetMap) {
    let names = ["Acme", "Bolt", "Crane", "Delta"];
    let mut grid = format!("Client | Decision level | Meetings | {heading}\n");
    for (name, value) in names.iter().zip(values) {
        grid += &format!("{name} | senior | 2 | {value}\n");
    }
    let map = resolve_one(&grid);
    let column = map.table.as_ref().unwrap().columns.get(3).cloned();
    (column.unwrap_or_else(|| panic!("{heading}: no column")), map)
}

const NUMBERS: [&str; 4] = ["1", "2", "3", "4"];

#[test]
fn look_alikes_and_other_times_never_map() {
    for heading in [
        "Client since",
        "Klant sinds",
        "Churn date",
        "Target group",
        "Target %",
        "Target (%)",
        "Survey sent",
        "Next meeting",
        "Meetings planned",
        "Meetings (planned)",
        "Meetings 2026",
        "Meetings (YTD)",
        "Meetings (12 months)",
        "Planned meetings",
        "Contact e-mail",
        "Revenue 2023",
        "Target 2025",
        "Target 2027",
        "YTD 2025",
        "Revenue Q3 2026",
        "Omzet nov 2026",
        "Omzet t/m sep 2026",
        "Revenue 2025/26",
        "NPS",
        "NPS score",
        "Client contracts",
        "Contracts at client",
        "Survey forecast",
        "Customer code",
        "Client group",
    ] {
        let (column, map) = beside(heading, NUMBERS);
        assert_eq!(column.field, None, "{heading}: {}", column.reason);
        assert!(!column.reason.is_empty(), "{heading}");
        assert!(!map.findings.iter().any(|f| f.code == Code::TypoHeading), "{heading}");
    }
}

#[test]
fn headings_by_words_years_and_units() {
    for (heading, field, tier) in [
        ("client_contacts", Field::ClientContacts, Tier::Exact),
        ("Our contacts", Field::OurContacts, Tier::Exact),
        ("CONTACTS AT CLIENT", Field::ClientContacts, Tier::Alias),
        ("Contactpersonen\u{a0}bij klant", Field::ClientContacts, Tier::Alias),
        ("Client: contacts at", Field::ClientContacts, Tier::Words),
        ("№ of colleagues in touch", Field::OurContacts, Tier::Words),
        ("SurveyScore", Field::SurveyScore, Tier::Exact),
        ("Survey score (1-5)", Field::SurveyScore, Tier::Exact),
        ("Tevredenheid 1-10", Field::SurveyScore, Tier::Alias),
        ("Note de satisfaction /10", Field::SurveyScore, Tier::Alias),
        ("Revenue 2025", Field::RevenueLastYear, Tier::Alias),
        ("Umsatz 2025 (in Tsd. €)", Field::RevenueLastYear, Tier::Alias),
        ("Revenue FY25", Field::RevenueLastYear, Tier::Alias),
        ("Revenue last year (EUR k)", Field::RevenueLastYear, Tier::Exact),
        ("CA N-1 (k€)", Field::RevenueLastYear, Tier::Alias),
        ("Turnover prior year", Field::RevenueLastYear, Tier::Words),
        ("Target 2026", Field::Target, Tier::Alias),
        ("Budget FY26", Field::Target, Tier::Alias),
        ("Doelstelling 2026 (€)", Field::Target, Tier::Alias),
        ("Revenue target 2026", Field::Target, Tier::Alias),
        ("Target (net)", Field::Target, Tier::Exact),
        ("Omzet 2026", Field::RevenueCurrent, Tier::Alias),
        ("YTD 26", Field::RevenueCurrent, Tier::Alias),
        ("YTD '26", Field::RevenueCurrent, Tier::Alias),
        ("Revenue Jan–Nov 2026", Field::RevenueCurrent, Tier::Alias),
        ("Revenue YTD", Field::RevenueCurrent, Tier::Words),
        ("Omzet t/m nov 2026", Field::RevenueCurrent, Tier::Alias),
        ("# of contactpersonen bij klant", Field::ClientContacts, Tier::Words),
    ] {
        let (column, map) = beside(heading, NUMBERS);
        assert_eq!((column.field, column.tier), (Some(field), Some(tier)), "{heading}: {}", column.reason);
        assert_eq!(map.status, SheetStatus::Converted, "{heading}: {}", map.reason);
    }
}

#[test]
fn units_come_with_the_column() {
    let (column, _) = beside("Revenue 2025 (EUR k)", NUMBERS);
    assert_eq!((column.scale, column.currency.unwrap().code()), (1e3, "EUR"));
    let (column, _) = beside("Survey score (0-100)", ["80", "90", "70", "60"]);
    assert_eq!(column.survey_scale, Some(SurveyScale { low: 0.0, high: 100.0 }));
    let (column, _) = beside("Survey (%)", ["80", "90", "70", "60"]);
    assert!(column.percent && column.field == Some(Field::SurveyScore));
    assert_eq!(beside("Meetings (6 months)", NUMBERS).1.status, SheetStatus::NeedsReview, "two columns of meetings");
}

#[test]
fn fiscal_years_have_names() {
    let book =
        one("Client | Meetings | Level | Revenue FY26 | Target FY27 | Umsatz 2026/27\nAcme | 1 | senior | 5 | 6 | 7\n");
    let mut settings = settings();
    settings.period.fiscal_start = 4;
    let fields = |settings: &Settings<'_>| -> Vec<Option<Field>> {
        let map = resolve(&book, settings, mini()).remove(0);
        map.table.unwrap().columns[3..].iter().map(|column| column.field).collect()
    };
    use Field::{RevenueCurrent, RevenueLastYear, Target};
    assert_eq!(fields(&settings), [Some(RevenueLastYear), Some(Target), Some(RevenueCurrent)]);
    settings.fiscal_name_by_end = false;
    // by its beginning 2026-11 is in "2026": two columns of current revenue with different values
    assert_eq!(fields(&settings), [None, None, None]);
}

#[test]
fn another_year_needs_review() {
    let map = resolve_one(
        "Client | Meetings | Level | Revenue 2024 | Target 2025 | YTD 2025\nAcme | 1 | senior | 5 | 6 | 7\n",
    );
    assert_eq!(map.status, SheetStatus::NeedsReview);
    assert!(map.reason.contains("headings speak of 2025") && map.reason.contains("--month 2025-12"), "{}", map.reason);
    let map = resolve_one(
        "Client | Meetings | Level | Revenue 2025 | Target 2027 | Target 2026\nAcme | 1 | senior | 5 | 6 | 7\n",
    );
    assert_eq!(map.status, SheetStatus::Converted, "{}", map.reason);
    let map = resolve_one("Client | Meetings | Level | Revenue 2026 | Revenue 2027\nAcme | 1 | senior | 5 | 6\n");
    assert_eq!(codes(&map), [Code::WrongYear]);
}

#[test]
fn a_bare_revenue_is_current_only_beside_last_years() {
    let map = resolve_one("Client | Meetings | Level | Revenue 2025 | Revenue\nAcme | 1 | senior | 5 | 6\n");
    assert!(mapped(&map).contains(&"Revenue → revenue_current words".to_owned()), "{:?}", mapped(&map));
    let map = resolve_one("Client | Meetings | Level | Turnover\nAcme | 1 | senior | 5\n");
    assert_eq!((map.status, codes(&map)), (SheetStatus::NeedsReview, vec![Code::HeadingUnclear]));
    assert!(map.reason.contains(r#"columns = { "Turnover" = "revenue_current" }"#), "{}", map.reason);
}

#[test]
fn sides_are_settled_by_words_or_by_what_is_left() {
    let sides = |first: &str, second: &str| {
        let map = resolve_one(&format!(
            "Client | Meetings | Level | {first} | {second}\nAcme | 1 | senior | 2 | 3\nBolt | 1 | senior | 4 | 1\n"
        ));
        let fields: Vec<_> = map.table.as_ref().unwrap().columns[3..].iter().map(|column| column.field).collect();
        (fields, map.status, codes(&map))
    };
    use Field::{ClientContacts, OurContacts};
    let both = vec![Some(OurContacts), Some(ClientContacts)];
    assert_eq!(sides("Our contacts", "Contacts at client"), (both.clone(), SheetStatus::Converted, vec![]));
    assert_eq!(sides("Our contacts", "Contacts"), (both.clone(), SheetStatus::Converted, vec![Code::SideDeduced]));
    assert_eq!(
        sides("Our contacts at the client", "Contacts at client"),
        (both.clone(), SheetStatus::Converted, vec![Code::SideDeduced])
    );
    assert_eq!(sides("Contacts (ours)", "Contacts (theirs)"), (both, SheetStatus::Converted, vec![]));
    let (fields, status, codes) = sides("Contacts", "Region");
    assert_eq!((fields, status, codes), (vec![None, None], SheetStatus::NeedsReview, vec![Code::HeadingUnclear]));
    let (fields, status, _) = sides("Contacts", "Our contacts at the client");
    assert_eq!((fields, status), (vec![None, None], SheetStatus::NeedsReview));
    // names of people are no count
    let (column, map) = beside("Contacts", ["Ana Costa", "Jan Bos", "Eva Ruiz", "Tom May"]);
    assert_eq!((column.field, map.status), (None, SheetStatus::Converted));
}

#[test]
fn of_several_surveys_the_latest_counts() {
    let surveys = |headings: &str, values: &str| {
        let map = resolve_one(&format!(
            "Client | Meetings | Level | {headings}\nAcme | 1 | senior | {values}\nBolt | 1 | senior | {values}\n"
        ));
        let taken = map
            .table
            .as_ref()
            .unwrap()
            .columns
            .iter()
            .find(|c| c.field == Some(Field::SurveyScore))
            .map(|c| c.heading.clone());
        (taken.unwrap_or_default(), map.status)
    };
    let converted = SheetStatus::Converted;
    assert_eq!(
        surveys("Survey Q1 2026 | Survey Q3 2026 | Survey Q2 2026", "7 | 8 | 9"),
        ("Survey Q3 2026".into(), converted)
    );
    assert_eq!(surveys("Survey Q3 2026 | Survey Q4 2026", "7 | "), ("Survey Q3 2026".into(), converted));
    assert_eq!(surveys("Survey Q3 2026 | Survey Q1 2027", "7 | 8"), ("Survey Q3 2026".into(), converted));
    assert_eq!(surveys("Survey Q1 | Survey Q2 | Survey Q3", "7 | 8 | 9"), ("Survey Q3".into(), converted));
    assert_eq!(surveys("Survey Sep 2026 | Survey Jan 2026", "7 | 8"), ("Survey Sep 2026".into(), converted));
    assert_eq!(surveys("Survey 2025 | Survey 2026", "7 | 8"), ("Survey 2026".into(), converted));
    assert_eq!(surveys("Survey | Survey 2024", "7 | 8"), ("Survey".into(), converted));
    assert_eq!(surveys("Survey | Survey Q3 2026", "7 | 8"), (String::new(), SheetStatus::NeedsReview));
    let mut january = settings();
    january.period.month = "2026-02".parse().unwrap();
    let book = one(
        "Client | Meetings | Level | Survey Q3 | Survey Q4\nAcme | 1 | senior | 7 | 8\nBolt | 1 | senior | 7 | 8\n",
    );
    assert_eq!(resolve(&book, &january, mini())[0].status, SheetStatus::NeedsReview);
}

#[test]
fn typos_need_values_and_no_known_word() {
    let (column, map) = beside("Satisfction score", ["8", "9", "7", "8"]);
    assert_eq!((column.field, column.tier), (Some(Field::SurveyScore), Some(Tier::Typo)), "{}", column.reason);
    assert_eq!(codes(&map), [Code::TypoHeading]);
    let (column, _) = beside("Satisfction score", ["good", "bad", "fair", "good"]);
    assert_eq!(column.field, None);
    let (column, _) = beside("Tarhet", ["good", "bad", "fair", "good"]);
    assert_eq!(column.field, None);
}

#[test]
fn owner_is_a_manager_only_with_names() {
    assert_eq!(beside("Owner", ["Ana Costa", "Jan Bos", "Eva Ruiz", "Ana Costa"]).0.field, Some(Field::AccountManager));
    assert_eq!(beside("Owner", ["family", "fund", "state", "family"]).0.field, None);
}

#[test]
fn values_send_even_an_exact_heading_to_review() {
    let (_, map) = beside("Survey score", ["good", "bad", "fair", "good"]);
    assert_eq!((map.status, codes(&map)), (SheetStatus::NeedsReview, vec![Code::ValuesContradict]));
    let (column, map) = beside("Survey score", ["", "n/a", "", "?"]);
    assert_eq!(
        (map.status, column.field),
        (SheetStatus::Converted, Some(Field::SurveyScore)),
        "an empty column says nothing"
    );
    let (_, map) = beside("Survey score", ["8", "9", "7", "great"]);
    assert_eq!(map.status, SheetStatus::Converted, "one wrong cell decides nothing");
}

#[test]
fn equal_claims_are_a_conflict_that_names_both() {
    let map = resolve_one("Customer | Klant | Meetings | Level\nAcme | Bolt | 1 | senior\n");
    assert_eq!((map.status, codes(&map)), (SheetStatus::NeedsReview, vec![Code::HeadingConflict]));
    assert!(map.reason.contains("\"Customer\"") && map.reason.contains("\"Klant\""), "{}", map.reason);
    let map = resolve_one("Client | Klant | Meetings | Level\nAcme | Bolt | 1 | senior\n");
    assert_eq!((map.status, mapped(&map)[0].as_str()), (SheetStatus::Converted, "Client → client exact"));
    let map = resolve_one("Client | Meetings | Level | Remarks | Notes\nAcme | 1 | senior | a | b\n");
    assert_eq!(map.status, SheetStatus::Converted, "of two remarks the first is taken");
    assert_eq!(map.findings[0].severity, Severity::Warning);
    let map = resolve_one("Customer | Klant | Meetings | Level\nAcme | Acme | 1 | senior\n");
    assert_eq!(map.status, SheetStatus::Converted, "equal columns cannot be told apart and need not be");
    let map = resolve_one("Client | Level | Meetings | Number of meetings\nAcme | senior | | 3\nBolt | senior | | 1\n");
    assert!(mapped(&map).contains(&"Number of meetings → meetings alias".to_owned()), "an empty column gives way");
}

#[test]
fn the_configuration_settles_what_words_do_not() {
    let book = one("Client | Level | Meetings | Contacts | Clientele\nAcme | senior | 2 | 3 | 1\n");
    let pin = Pin {
        columns: vec![("contacts".into(), Some(Field::ClientContacts)), ("Meetings".into(), None)],
        ..Pin::default()
    };
    let pins = [pin];
    let settings = Settings { pins: &pins, ..settings() };
    let map = resolve(&book, &settings, mini()).remove(0);
    assert_eq!(
        mapped(&map),
        ["Client → client exact", "Level → decision_level alias", "Contacts → client_contacts reviewed"]
    );
    assert_eq!(map.status, SheetStatus::Converted, "{}", map.reason);
}

#[test]
fn further_columns_are_found_by_their_heading() {
    let own = [OwnColumn { heading: "Net promoter".into(), kind: crate::account::OwnKind::Number }];
    let settings = Settings { own_columns: &own, ..settings() };
    let book = one("Client | NET  promoter | Meetings\nAcme | 50 | 2\n");
    let map = resolve(&book, &settings, mini()).remove(0);
    assert_eq!(map.table.unwrap().columns[1].further, Some(0));
    assert_eq!(map.status, SheetStatus::Converted, "a further column is a measure, too");
}

#[test]
fn a_sheet_is_what_it_holds() {
    let measures = "Region | Meetings | Level | Survey\nNorth | 1 | senior | 8\n";
    let map = resolve_one(measures);
    assert_eq!((map.status, codes(&map)), (SheetStatus::Failed, vec![Code::ClientTableIncomplete]));
    assert!(map.reason.contains("\"Region\""), "{}", map.reason);
    let few = "Client | Invoice | Meetings\nAcme | 77 | 1\n";
    assert_eq!(resolve_one(few).status, SheetStatus::NeedsReview);
    assert_eq!(resolve_one("Read me\nThis list is kept by Ana.\n").status, SheetStatus::Skipped);
    assert_eq!(resolve_one("").status, SheetStatus::Skipped);
    let mut book = one("Client | Meetings | Level\nAcme | 1 | senior\n");
    add_sheet(&mut book, "Invoices", few);
    add_sheet(&mut book, "By region", measures);
    let statuses: Vec<_> = resolve(&book, &settings(), mini()).iter().map(|map| map.status).collect();
    assert_eq!(statuses, [SheetStatus::Converted, SheetStatus::Skipped, SheetStatus::Skipped]);
}

#[test]
fn hidden_sheets_are_read_only_when_nothing_visible_maps() {
    let table = "Client | Meetings | Level\nAcme | 1 | senior\n";
    let mut book = one("Notes\n");
    let hidden = add_sheet(&mut book, "Data", table);
    book.sheets[hidden].visibility = crate::book::Visibility::Hidden;
    let maps = resolve(&book, &settings(), mini());
    assert_eq!((maps[1].status, codes(&maps[1])), (SheetStatus::Converted, vec![Code::HiddenSheetRead]));
    add_sheet(&mut book, "Clients 2", table);
    assert_eq!(resolve(&book, &settings(), mini())[1].status, SheetStatus::Skipped);
}

#[test]
fn groups_over_headings() {
    let grid = "Client |        | Contacts |        | Revenue |      | Margin\n\
                Name   | Level  | Ours     | Theirs | 2025    | 2026 | Last year\n\
                Acme   | senior | 1        | 2      | 10      | 20   | 3\n";
    let mut book = one(grid);
    for (first, last) in [(2, 3), (4, 5)] {
        book.sheets[0].merges.push(Area { first: CellRef { row: 0, col: first }, last: CellRef { row: 0, col: last } });
    }
    let map = resolve(&book, &settings(), mini()).remove(0);
    assert_eq!(
        mapped(&map),
        [
            "Client Name → client alias",
            "Level → decision_level alias",
            "Contacts Ours → our_contacts words",
            "Contacts Theirs → client_contacts words",
            "Revenue 2025 → revenue_last_year alias",
            "Revenue 2026 → revenue_current alias",
        ],
        "{:?}",
        map.findings
    );
    let table = map.table.unwrap();
    assert_eq!((table.first_header_row, table.header_row), (0, 1));
}
