use super::DropReason::{Example, Note, RepeatedHeading, Section, Total};
use super::*;
use crate::account::Parsed;
use crate::account::testing::{case, found, names};

const HEADINGS: &[&str] = &["client", "account_manager", "meetings", "decision_level", "revenue_last_year", "Region"];
const ACME: &[&str] = &["Acme", "Ana", "#2", "senior", "#100"];
const BIG: &[&str] = &["Big Corp", "Ana", "#3", "middle", "#250.5"];

fn parsed(rows: &[&[&str]]) -> Parsed {
    case(&[&[HEADINGS], rows].concat()).parse()
}

fn dropped(parsed: &Parsed) -> Vec<(u32, Option<DropReason>)> {
    parsed.tables[0].dropped.iter().map(|dropped| (dropped.row + 1, dropped.reason)).collect()
}

#[test]
fn totals_are_dropped_and_clients_that_sound_like_them_are_not() {
    for (last, total) in [
        (&["Total", "", "#5", "", "#350.5"] as &[&str], true),
        (&["Total"], true),
        (&["", "Total", "#5", "", "#350.5"], true),
        (&["", "", "#5", "", "#350.5"], true),
        (&["Total North", "", "#5", "", "#350.5"], true),
        (&["Total", "", "#7", "", "#999"], true),
        (&["Summe", "", "", "", "350,50 €"], true),
        (&["Alles bij elkaar", "", "#5", "", "#350.5"], true),
        (&["Alles bij elkaar", "", "#5", "", "#350"], false),
        (&["Elm Works", "Ana", "#5", "", "#350.5"], false),
        (&["Total", "Bob", "#7", "senior", "#999"], false),
        (&["Total Gabon", "Bob", "#7", "", "#999"], false),
        (&["Total Gabon", "", "", "senior", "#999"], false),
        (&["Total Gabon", "2 people", "#5", "", "#350.5"], true),
        (&["Total Produce Ltd", "", "#7", "", "#999"], false),
        (&["TotalEnergies", "", "#7", "", "#999"], false),
    ] {
        let parsed = parsed(&[ACME, BIG, last]);
        let expected = if total { vec![(4, Some(Total))] } else { vec![] };
        assert_eq!(dropped(&parsed), expected, "{last:?}");
        assert_eq!(names(&parsed).len(), if total { 2 } else { 3 }, "{last:?}");
    }
}

#[test]
fn subtotals_count_since_the_last_one() {
    let rows: &[&[&str]] = &[
        &["client", "revenue_last_year"],
        &["Acme", "#100"],
        &["Big Corp", "#200"],
        &["Subtotal", "#300"],
        &["Cafe", "#50"],
        &["Dough", "#70"],
        &["Total bakers", "#120"],
        &["Total Gabon", "#7"],
        &["Grand total", "#427"],
    ];
    let parsed = case(rows).parse();
    assert_eq!(names(&parsed), ["Acme", "Big Corp", "Cafe", "Dough", "Total Gabon"]);
    assert_eq!(dropped(&parsed), [(4, Some(Total)), (7, Some(Total)), (9, Some(Total))]);
}

#[test]
fn headings_sections_notes_and_blank_rows() {
    let parsed = parsed(&[
        &["Region North"],
        ACME,
        &[],
        HEADINGS,
        &["  ", "\u{a0}"],
        &["", "", "", "", "", "Region South"],
        BIG,
        &["", "", "#0", "", "!", ""],
        &["Region West", "", "", "", ""],
        &["Cafe", "Bob", "#1"],
        &["Source: CRM export of 30 November"],
        &["All revenue figures are taken from the ledger and are not audited."],
    ]);
    assert_eq!(names(&parsed), ["Acme", "Big Corp", "Cafe"]);
    assert_eq!(
        dropped(&parsed),
        [
            (2, Some(Section)),
            (5, Some(RepeatedHeading)),
            (7, Some(Section)),
            (10, Some(Section)),
            (12, Some(Note)),
            (13, Some(Note)),
        ]
    );
    assert_eq!(parsed.tables[0].rows_read, 9);
    let blank = found(&parsed, Code::RowDropped).into_iter().find(|f| f.message.contains("taken as blank")).unwrap();
    assert_eq!(blank.to_string().split(':').next(), Some("Clients!A9"));
}

#[test]
fn lone_names() {
    // At the end, companies by their form, and runs of names are clients; each is reported.
    let at_end = parsed(&[ACME, &["Newcomer"]]);
    assert_eq!(names(&at_end), ["Acme", "Newcomer"]);
    assert_eq!(found(&at_end, Code::LoneName).len(), 1);
    let company = parsed(&[ACME, &["Muster GmbH"], BIG]);
    assert_eq!(names(&company), ["Acme", "Muster GmbH", "Big Corp"]);
    let run = parsed(&[ACME, &["One"], &["Two"], &["Three"], BIG]);
    assert_eq!(names(&run).len(), 5);
    let all = parsed(&[&["One"], &["Two"]]);
    assert_eq!(names(&all), ["One", "Two"]);
    let two = parsed(&[&["Europe"], &["Germany"], ACME]);
    assert_eq!(names(&two), ["Acme"]);
}

#[test]
fn a_name_merged_across_is_a_section() {
    let rows = &[HEADINGS, ACME, &["Muster GmbH"], BIG, &["Remarks below"]];
    let parsed = case(rows).merge((2, 0), (2, 4)).merge((4, 0), (4, 4)).parse();
    assert_eq!(names(&parsed), ["Acme", "Big Corp"]);
    assert_eq!(dropped(&parsed), [(3, Some(Section)), (5, Some(Note))]);
}

#[test]
fn example_rows_and_rejected_rows() {
    let parsed =
        parsed(&[&["Example: Acme Ltd", "Ana", "#2"], ACME, &["", "Bob", "#3", "senior"], &["n/a", "Bob", "#3"]]);
    assert_eq!(names(&parsed), ["Acme"]);
    assert_eq!(dropped(&parsed), [(2, Some(Example)), (4, None), (5, None)]);
    assert_eq!(found(&parsed, Code::RowRejected).len(), 2);
    assert_eq!(parsed.tables[0].rejected(), 2);
}

#[test]
fn an_id_stands_for_a_missing_name() {
    let rows: &[&[&str]] = &[
        &["client_id", "client", "meetings", "comments"],
        &["#00123@00000", "Acme", "#2"],
        &["38e18191", "", "#3"],
        &["#7", "", ""],
        &["Legend", "", "", "1 is low"],
        &["Source of the list"],
    ];
    let parsed = case(rows).parse();
    assert_eq!(names(&parsed), ["Acme", "38e18191"]);
    assert_eq!(dropped(&parsed), [(5, None), (6, Some(Note))]);
    assert_eq!(found(&parsed, Code::IdAsName).len(), 1);
    let id = parsed.tables[0].account(0).text(Field::ClientId, &parsed.book);
    assert_eq!(id, Some("00123"));
}

#[test]
fn merged_managers_hold_and_merged_clients_need_review() {
    let rows = &[
        HEADINGS,
        &["Acme", "Ana", "#1"],
        &["Big Corp", "", "#2"],
        &["Cafe", "hidden below the merge", "#3"],
        &["Dough", "Bob", "#4"],
        &["", "Bob", "#5"],
    ];
    let parsed = case(rows).merge((1, 1), (3, 1)).merge((4, 0), (5, 0)).parse();
    assert_eq!(names(&parsed), ["Acme", "Big Corp", "Cafe", "Dough"]);
    let managers: Vec<_> =
        parsed.tables[0].accounts().map(|a| a.text(Field::AccountManager, &parsed.book).unwrap()).collect();
    assert_eq!(managers, ["Ana", "Ana", "Ana", "Bob"]);
    assert_eq!(dropped(&parsed), [(6, None)]);
    assert_eq!(found(&parsed, Code::MergedClient)[0].cell.unwrap().to_string(), "A5");
}

#[test]
fn an_amount_merged_over_clients_belongs_to_none() {
    let rows: &[&[&str]] = &[&["client", "revenue_last_year"], &["Acme", "#300"], &["Big Corp", ""], &["Cafe", "#5"]];
    let parsed = case(rows).merge((1, 1), (2, 1)).parse();
    let inputs: Vec<_> = parsed.tables[0].accounts().map(|a| a.input(Field::RevenueLastYear).number()).collect();
    assert_eq!(inputs, [None, None, Some(5.0)]);
    assert_eq!(found(&parsed, Code::WrongValue).len(), 2);
}
