//! A workbook through mapping and parsing: nothing is lost, whatever stands in it.

use keeptabs::account::{self, Settings as AccountSettings};
use keeptabs::book::{Book, Cell, MAX_COLUMNS, MAX_ROWS};
use keeptabs::dictionary::Dictionary;
use keeptabs::field::Field;
use keeptabs::mapping::{self, Settings, SheetStatus};
use keeptabs::period::Period;
use keeptabs::value::words::Words;

const MEASURES: [Field; 5] =
    [Field::OurContacts, Field::ClientContacts, Field::Meetings, Field::DecisionLevel, Field::SurveyScore];

pub(crate) struct Pipeline {
    words: Words,
    period: Period,
}

impl Pipeline {
    pub(crate) fn new() -> Self {
        let month = "2026-11".parse().expect("a month");
        Self { words: Words::new(Dictionary::built_in()), period: Period { month, fiscal_start: 1 } }
    }

    /// Rows read are clients, dropped and rejected ones, and each of them once.
    pub(crate) fn holds(&self, book: Book, strict: bool) {
        let sheets = mapping::resolve(
            &book,
            &Settings {
                file: "a.xlsx",
                period: self.period,
                fiscal_name_by_end: true,
                measures: &MEASURES,
                own_columns: &[],
                pins: &[],
                computed: &[],
                rollover: None,
            },
            Dictionary::built_in(),
        );
        assert_eq!(sheets.len(), book.sheets.len(), "every sheet has its map");
        for sheet in &sheets {
            assert!(sheet.status == SheetStatus::Converted || !sheet.reason.is_empty(), "a reason: {sheet:?}");
        }
        let maps: Vec<_> = sheets
            .iter()
            .filter(|sheet| sheet.status == SheetStatus::Converted)
            .filter_map(|sheet| sheet.table.clone())
            .collect();
        let settings = AccountSettings {
            file: "a.xlsx",
            period: self.period,
            decimal: None,
            date_order: None,
            currency: None,
            own_columns: &[],
            measures: &MEASURES,
            full_year: false,
            strict,
        };
        let parsed = account::parse(book, &maps, &settings, &self.words);
        for (table, map) in parsed.tables.iter().zip(&maps) {
            assert_eq!(table.rows_read as usize, table.len() + table.dropped.len(), "rows of {map:?}");
            let mut rows: Vec<u32> = table.accounts().map(|account| account.row()).collect();
            rows.extend(table.dropped.iter().map(|dropped| dropped.row));
            let count = rows.len();
            rows.sort_unstable();
            rows.dedup();
            assert_eq!(rows.len(), count, "each row once");
            assert!(rows.iter().all(|&row| row > map.header_row && row <= map.last_row), "within the table");
            for account in table.accounts() {
                assert!(!account.client(&parsed.book).is_empty(), "a client has a name");
            }
        }
    }
}

/// What a reader promises of a book.
pub(crate) fn is_sound(book: &Book) {
    for sheet in &book.sheets {
        let mut before = None;
        for row in sheet.rows() {
            assert!(before < Some(row.row) && row.row < MAX_ROWS, "rows in order");
            before = Some(row.row);
            let mut column = None;
            for (col, cell) in row.cells() {
                assert!(column < Some(col) && col < MAX_COLUMNS, "columns in order");
                column = Some(col);
                match cell {
                    Cell::Text(id) => assert!((id.0 as usize) < book.texts.len(), "a text"),
                    Cell::Number(number, format) | Cell::Date(number, format) | Cell::Time(number, format) => {
                        assert!(number.is_finite() && usize::from(format.0) < book.formats.len(), "a number");
                    }
                    Cell::Bool(_) | Cell::Error(_) => {}
                }
            }
        }
        assert!(sheet.unreadable.is_none() || sheet.cell_count() == 0, "nothing half-read");
        for area in &sheet.merges {
            assert!(area.first.row <= area.last.row && area.first.col <= area.last.col, "an area");
        }
    }
}
