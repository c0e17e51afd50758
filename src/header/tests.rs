//! Where the headings stand and where tables end.

use crate::book::{Area, Book, CellRef, ExcelTable};
use crate::finding::{Code, Severity};
use crate::mapping::tests::{add_sheet, codes, mapped, mini, one, settings};
use crate::mapping::{Pin, Settings, SheetMap, SheetStatus, resolve};

const ROWS: &str = "Acme | 2 | senior | 8\nBolt | 1 | middle | 9\nCrane | 3 | junior | 7\n";

fn clients() -> String {
    format!("Client | Meetings | Level | Survey\n{ROWS}")
}

fn map(grid: &str) -> SheetMap {
    resolve(&one(grid), &settings(), mini()).remove(0)
}

/// Rows from 1: first heading row, heading row, last row; and the columns.
fn extent(map: &SheetMap) -> (u32, u32, u32, (u16, u16)) {
    let table = map.table.as_ref().unwrap_or_else(|| panic!("no table: {}", map.reason));
    (table.first_header_row + 1, table.header_row + 1, table.last_row + 1, table.columns_range)
}

fn area(first: (u32, u16), last: (u32, u16)) -> Area {
    Area { first: CellRef { row: first.0, col: first.1 }, last: CellRef { row: last.0, col: last.1 } }
}

#[test]
fn titles_notes_and_blank_rows_stand_above() {
    let grid = format!(
        "Client list Sales\nConfidential: for internal use only. Meetings of the last six months; survey of the client, target and level.\n\
         Status | final | 30 Nov 2026\n\n{}",
        clients()
    );
    let map = map(&grid);
    assert_eq!(extent(&map), (5, 5, 8, (0, 3)));
    assert_eq!(map.status, SheetStatus::Converted);
}

#[test]
fn tables_begin_anywhere_and_keep_columns_without_heading() {
    let grid = clients().lines().map(|line| format!(" | | {line} | extra")).collect::<Vec<_>>().join("\n");
    let grid = grid.replace("Survey | extra", "Survey | ");
    let map = map(&format!("\n\n{grid}"));
    assert_eq!(extent(&map), (3, 3, 6, (2, 6)));
    assert_eq!(map.table.unwrap().columns[4].heading, "");
}

#[test]
fn repeated_headings_and_totals_stay_inside() {
    let grid = format!("{}{}Total | 12 | | 48\n", clients(), clients());
    let map = map(&grid);
    assert_eq!(extent(&map), (1, 1, 9, (0, 3)));
    assert_eq!((map.status, codes(&map)), (SheetStatus::Converted, vec![]), "{}", map.reason);
}

#[test]
fn sections_with_the_same_headings_are_one_table_unless_they_are_former_clients() {
    let sections = |second: &str| map(&format!("{}\n{second}\n{}", clients(), clients()));
    let north = sections("North");
    assert_eq!((extent(&north).2, north.status), (10, SheetStatus::Converted), "{}", north.reason);
    let former = sections("Former clients");
    assert_eq!((extent(&former).2, former.status), (4, SheetStatus::NeedsReview));
    assert!(former.reason.contains("Former clients"), "{}", former.reason);
}

#[test]
fn a_second_table_below_is_never_lost() {
    let other = map(&format!("{}\nOther list\nCustomer | Level | Meetings\nDelta | senior | 1\n", clients()));
    assert_eq!((extent(&other).2, other.status), (4, SheetStatus::NeedsReview));
    assert!(other.reason.contains("row 7") && other.reason.contains("Other list"), "{}", other.reason);
    let summary = map(&format!("{}\n\nAccountmanager | Meetings | Survey\nAna | 3 | 8\n", clients()));
    assert_eq!((extent(&summary).2, summary.status), (4, SheetStatus::Converted), "{}", summary.reason);
    assert_eq!(codes(&summary), [Code::NotCarried]);
    // far below the rows that are searched for the heading
    let many = ROWS.repeat(40);
    let far = map(&format!(
        "Client | Meetings | Level | Survey\n{many}\nCustomer | Level | Number of meetings\nDelta | senior | 1\n"
    ));
    assert_eq!((extent(&far).2, far.status), (121, SheetStatus::NeedsReview));
}

#[test]
fn tables_side_by_side_need_review() {
    let grid = clients().lines().zip(clients().lines()).map(|(a, b)| format!("{a} | | {b}\n")).collect::<String>();
    let both = map(&grid);
    assert_eq!((extent(&both).3, both.status), ((0, 3), SheetStatus::NeedsReview));
    assert!(both.reason.contains("column F"), "{}", both.reason);
    let spaced = map("Client | Meetings | | Level | Survey\nAcme | 1 | | senior | 8\nBolt | 2 | | junior | 9\n");
    assert_eq!((extent(&spaced).3, spaced.status), ((0, 4), SheetStatus::Converted), "a spacer column is no end");
    let lower = map(&format!("{ROWS} | | | | | Client | Meetings | Level\n | | | | | Delta | 3 | senior\n")
        .replace("Acme", "Client | Meetings | Level | Survey\nAcme"));
    assert_eq!(lower.status, SheetStatus::NeedsReview, "{:?}", lower.findings);
}

#[test]
fn what_stands_apart_is_said() {
    let apart = map("Client | Meetings | Level\nAcme | 1 | senior | | | checked by Ann\nBolt | 2 | junior\n");
    assert_eq!((extent(&apart).3, codes(&apart)), ((0, 2), vec![Code::NotCarried]));
    assert!(apart.findings[0].message.contains("column F"), "{}", apart.findings[0].message);
}

#[test]
fn excel_tables_are_taken_as_they_stand() {
    let mut book = one(&format!(
        "Client | Meetings | Level\nOld | 1 | senior\n\n{}Total | 6 | | 24\nNew | 1 | senior | 5\n",
        clients()
    ));
    let table = ExcelTable { name: "List".into(), area: area((3, 0), (6, 3)), has_headings: true, has_totals: true };
    book.sheets[0].tables.push(table);
    let map = resolve(&book, &settings(), mini()).remove(0);
    assert_eq!(extent(&map), (4, 4, 7, (0, 3)));
    assert!(map.table.as_ref().unwrap().choice.given);
    assert_eq!(map.status, SheetStatus::NeedsReview, "a client typed below the table must not be lost");
    assert!(map.reason.contains("rows 9 to 9"), "{}", map.reason);
}

#[test]
fn headings_in_two_languages_stand_above_the_data() {
    let map = map(&format!(
        "Client | Meetings | Decision level | Survey score\nKlant | Reuniões | Level | Tevredenheid\n{ROWS}"
    ));
    assert_eq!(extent(&map), (1, 2, 5, (0, 3)));
    assert_eq!(map.status, SheetStatus::Converted, "{}", map.reason);
}

#[test]
fn vertical_merges_hold_the_heading() {
    let mut book =
        one("Client | Level | Contacts | \n | | Ours | Theirs | \nAcme | senior | 1 | 2\nBolt | junior | 3 | 4\n");
    book.sheets[0].merges = vec![area((0, 0), (1, 0)), area((0, 1), (1, 1)), area((0, 2), (0, 3))];
    let map = resolve(&book, &settings(), mini()).remove(0);
    assert_eq!(
        mapped(&map),
        [
            "Client → client exact",
            "Level → decision_level alias",
            "Contacts Ours → our_contacts words",
            "Contacts Theirs → client_contacts words"
        ]
    );
    assert_eq!(extent(&map), (1, 2, 4, (0, 3)));
}

#[test]
fn groups_are_not_filled_over_blanks() {
    let map =
        map("Client | Level | Contacts | \nName | | Ours | Theirs | \nAcme | senior | 1 | 2\nBolt | junior | 3 | 4\n");
    assert!(!mapped(&map).iter().any(|column| column.contains("Theirs")), "{:?}", mapped(&map));
}

#[test]
fn a_pinned_row_is_the_heading() {
    let book = one(&format!("{}\nKlant | Reuniões | Level | Survey\nDelta | 1 | senior | 3\n", clients()));
    let pins = [Pin { header_row: Some(5), ..Pin::default() }];
    let settings = Settings { pins: &pins, ..settings() };
    let map = resolve(&book, &settings, mini()).remove(0);
    assert_eq!(extent(&map), (6, 6, 7, (0, 3)));
    assert!(map.table.unwrap().choice.given);
    let pins = [Pin { header_row: Some(90), ..Pin::default() }];
    let settings = Settings { pins: &pins, ..settings };
    assert_eq!(resolve(&book, &settings, mini())[0].status, SheetStatus::NeedsReview);
}

#[test]
fn headings_in_a_column_are_named() {
    let map = map("Client | Acme | Bolt\nMeetings | 1 | 2\nLevel | senior | junior\nSurvey | 8 | 9\n");
    assert_eq!((map.status, codes(&map)), (SheetStatus::NeedsReview, vec![Code::HeaderUnclear]));
    assert!(map.reason.contains("transposed"), "{}", map.reason);
}

#[test]
fn lists_without_clients_keep_their_headings() {
    let map = map("Client | Meetings | Level | Survey\n");
    assert_eq!((extent(&map), map.status), ((1, 1, 1, (0, 3)), SheetStatus::Converted));
}

#[test]
fn nothing_makes_it_panic() {
    // a seeded walk over sheets of headings, values and holes
    let words = [
        "Client",
        "Meetings",
        "Level",
        "Contacts",
        "Survey Q3",
        "2025",
        "Revenue",
        "Target 2026",
        "",
        "",
        "1",
        "8,5",
        "Acme",
        "t:2026",
        "d:46356",
        "Total",
        "(",
        "#",
        "Ours",
        "Former clients",
    ];
    let mut state = 7u64;
    let mut next = |n: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % n
    };
    for _ in 0..400 {
        let (rows, columns) = (next(9) + 1, next(7) + 1);
        let grid: String = (0..rows)
            .map(|_| (0..columns).map(|_| words[next(words.len())]).collect::<Vec<_>>().join(" | ") + "\n")
            .collect();
        let mut book = Book::default();
        add_sheet(&mut book, "S", &grid);
        let (row, col) = (next(4) as u32, next(4) as u16);
        let merge = area((row, col), (row + next(2) as u32, col + next(3) as u16));
        book.sheets[0].merges.push(merge);
        if next(3) == 0 {
            let table = ExcelTable { name: "T".into(), area: merge, has_headings: true, has_totals: next(2) == 0 };
            book.sheets[0].tables.push(table);
        }
        for map in resolve(&book, &settings(), mini()) {
            if let Some(table) = &map.table {
                assert!(table.header_row <= table.last_row && table.columns_range.0 <= table.columns_range.1, "{grid}");
                assert_eq!(
                    table.columns.len(),
                    usize::from(table.columns_range.1 - table.columns_range.0) + 1,
                    "{grid}"
                );
            }
            let error = map.findings.iter().any(|finding| finding.severity == Severity::Error);
            assert!(!error || map.status != SheetStatus::Converted, "{grid}");
            assert!(map.status == SheetStatus::Converted || !map.reason.is_empty(), "{grid}");
        }
    }
}
