//! A demo organisation: what five departments in as many countries hand in, month by month, each with headings and habits of
//! its own. The same month gives the same lists.

mod client;
mod department;

use crate::period::Month;
use client::Client;
use department::Department;
use jiff::civil::Date;
use std::path::Path;

/// Months that the demo covers.
pub const MONTHS: usize = 12;

/// Configuration of the demo organisation.
pub const CONFIG: &str = r#"# The demo organisation. Every setting: `keeptabs init` writes them into a fresh folder.
currency = "EUR"

[portfolio.rates]
GBP = 1.17

[[department]]
file = "Sales/UK*"
name = "Sales UK"
currency = "GBP"

[[department]]
file = "Sales/*Nederland*"
name = "Verkoop Nederland"
"#;

/// A cell of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A number.
    Number(f64),
    /// A day.
    Day(Date),
}

/// What one department hands in.
#[derive(Clone, Debug, PartialEq)]
pub struct List {
    /// Path below the inbox; what does not end in csv is a workbook.
    pub file: &'static str,
    /// Name of the sheet.
    pub sheet: &'static str,
    /// Rows up to and including the headings.
    pub heading_rows: usize,
    /// Every row, titles and headings included.
    pub rows: Vec<Vec<Cell>>,
}

impl List {
    /// Whether it is delimited text and no workbook.
    pub fn is_delimited(&self) -> bool {
        Path::new(self.file).extension().is_some_and(|extension| extension == "csv")
    }
}

/// What was handed in for a month, `at` being its place among the [`MONTHS`].
pub fn inbox(month: Month, at: usize) -> Vec<List> {
    let delivered = Department::ALL.into_iter().filter(|department| department.delivers(at));
    delivered.map(|department| department.list(&Client::of(department, month, at), month)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_its_stories() {
        let month: Month = "2026-11".parse().unwrap();
        let names = |at| {
            let lists = inbox(month, at);
            lists.iter().map(|list| list.rows.len() - list.heading_rows).sum::<usize>()
        };
        assert_eq!(inbox(month, 11), inbox(month, 11));
        assert_ne!(names(0), names(11), "clients come and go");
        assert!((0..MONTHS).any(|at| inbox(month, at).len() < inbox(month, 11).len()), "a department is late");
    }
}
