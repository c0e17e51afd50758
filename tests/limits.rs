//! What stands exactly at a limit is not beyond it, in whatever month.

use crate::support::{number, run};
use rust_xlsxwriter::Workbook;
use std::path::Path;
use tempfile::TempDir;

const HEADINGS: [&str; 8] = [
    "Client",
    "Our contacts",
    "Client contacts",
    "Meetings (6 months)",
    "Decision-maker level",
    "Revenue last year",
    "Target this year",
    "Current performance",
];

/// Clients that have earned nine tenths of what the share of the year asks for, and one that lacks a hundredth.
fn list(path: &Path, month: f64) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write_row(0, 0, HEADINGS).unwrap();
    for (row, year) in (1..).zip([12_000.0, 80_000.0, 33_600.0, 1_234_560.0]) {
        let current = year * 0.9 * month / 12.0 - if row == 4 { 0.01 } else { 0.0 };
        sheet.write(row, 0, format!("Client {row}")).unwrap();
        sheet.write_row(row, 1, [2, 2, 2]).unwrap();
        sheet.write(row, 4, "senior").unwrap();
        // as a person types it: to the cent
        sheet.write_row(row, 5, [year, year, (current * 100.0).round() / 100.0]).unwrap();
    }
    workbook.save(path).unwrap();
}

#[test]
fn growth_and_attainment_at_their_limits_raise_no_flag() {
    let folder = TempDir::new().unwrap();
    for month in 3..=10 {
        list(&folder.path().join("Clients.xlsx"), f64::from(month));
        let ran = run(folder.path(), &["--month", &format!("2026-{month:02}"), "--no-history"]);
        let rows = ran.first_clients("Clients.xlsx");
        for row in &rows[..3] {
            assert_eq!(number(&row["Growth"]), Some(-0.1), "month {month}");
            assert_eq!(number(&row["Target attainment"]), Some(0.9), "month {month}");
            assert!(!row["Flags"].to_string().contains("Shrinking"), "month {month}: {}", row["Flags"]);
            assert!(!row["Flags"].to_string().contains("Below target"), "month {month}: {}", row["Flags"]);
        }
        let flags = rows[3]["Flags"].to_string();
        assert!(flags.contains("Shrinking") && flags.contains("Below target"), "month {month}: {flags}");
    }
}
