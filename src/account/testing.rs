//! Small workbooks for the tests of this module, written as tables of texts.

use crate::account::{Account, ClientTable, Input, OwnColumn, Parsed, Settings, parse};
use crate::book::{Area, Book, Cell, CellRef, ErrorValue, FormatId, Sheet, TextId};
use crate::field::Field;
use crate::finding::{Code, Finding};
use crate::mapping::{Column, TableMap};
use crate::period::Period;
use crate::value::words::tests::words;

pub(crate) const MEASURES: [Field; 5] =
    [Field::OurContacts, Field::ClientContacts, Field::Meetings, Field::DecisionLevel, Field::SurveyScore];

pub(crate) fn settings() -> Settings<'static> {
    Settings {
        file: "a.xlsx",
        period: Period { month: "2026-11".parse().unwrap(), fiscal_start: 1 },
        decimal: None,
        date_order: None,
        currency: None,
        own_columns: &[],
        measures: &MEASURES,
        full_year: false,
        strict: false,
    }
}

pub(crate) struct Case {
    pub(crate) book: Book,
    pub(crate) maps: Vec<TableMap>,
}

pub(crate) fn column(col: u16, heading: &str) -> Column {
    Column {
        col,
        heading: heading.to_owned(),
        field: Field::from_id(heading),
        own: None,
        further: None,
        tier: None,
        reason: String::new(),
        scale: 1.0,
        survey_scale: None,
        percent: false,
        currency: None,
    }
}

/// A workbook of one sheet. The first row holds the headings: field ids map, others are carried. Cells: "" is none,
/// "#5" the number, "#5@0%" with a format, "@46304" a date, "!" #N/A, "TRUE" a boolean, anything else text.
pub(crate) fn case(rows: &[&[&str]]) -> Case {
    let mut case = Case { book: Book { formats: vec!["General".into()], ..Book::default() }, maps: Vec::new() };
    case.add_sheet("Clients", rows);
    case
}

impl Case {
    pub(crate) fn add_sheet(&mut self, name: &str, rows: &[&[&str]]) {
        let mut sheet = Sheet::new(name);
        for (row, cells) in rows.iter().enumerate() {
            for (col, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
                let cell = self.cell(text);
                assert!(sheet.push(CellRef { row: row as u32, col: col as u16 }, cell));
            }
        }
        let width = rows.iter().map(|row| row.len()).max().unwrap_or(1) as u16;
        self.maps.push(TableMap {
            sheet: self.book.sheets.len(),
            last_row: rows.len() as u32 - 1,
            columns_range: (0, width - 1),
            columns: rows[0].iter().enumerate().map(|(col, heading)| column(col as u16, heading)).collect(),
            ..TableMap::default()
        });
        self.book.sheets.push(sheet);
    }

    fn cell(&mut self, text: &str) -> Cell {
        let number = |text: &str| text.parse::<f64>().ok();
        if let Some(rest) = text.strip_prefix('#') {
            let (digits, format) = rest.split_once('@').unwrap_or((rest, "General"));
            if let Some(number) = number(digits) {
                let known = self.book.formats.iter().position(|code| &**code == format);
                let format = known.unwrap_or_else(|| {
                    self.book.formats.push(format.into());
                    self.book.formats.len() - 1
                });
                return Cell::Number(number, FormatId(format as u16));
            }
        }
        match text {
            "!" => return Cell::Error(ErrorValue::Na),
            "TRUE" => return Cell::Bool(true),
            _ => {}
        }
        if let Some(serial) = text.strip_prefix('@').and_then(number) {
            return Cell::Date(serial, FormatId::GENERAL);
        }
        self.book.texts.push(text.into());
        Cell::Text(TextId(self.book.texts.len() as u32 - 1))
    }

    pub(crate) fn merge(mut self, first: (u32, u16), last: (u32, u16)) -> Self {
        let at = |(row, col)| CellRef { row, col };
        self.book.sheets[0].merges.push(Area { first: at(first), last: at(last) });
        self
    }

    pub(crate) fn parse(self) -> Parsed {
        self.parse_with(&settings())
    }

    pub(crate) fn parse_with(self, settings: &Settings<'_>) -> Parsed {
        let parsed = parse(self.book, &self.maps, settings, &words());
        for table in &parsed.tables {
            assert_eq!(table.rows_read as usize, table.len() + table.dropped.len());
        }
        parsed
    }

    pub(crate) fn parse_own(self, own: &[OwnColumn]) -> Parsed {
        self.parse_with(&Settings { own_columns: own, ..settings() })
    }
}

pub(crate) fn names(parsed: &Parsed) -> Vec<&str> {
    let table = &parsed.tables[0];
    (0..table.len())
        .map(|index| match table.account(index).input(Field::Client) {
            Input::Known(crate::account::Value::Text(id)) => parsed.book.text(id),
            other => panic!("a client without a name: {other:?}"),
        })
        .collect()
}

pub(crate) fn account(table: &ClientTable, index: usize) -> Account<'_> {
    table.account(index)
}

pub(crate) fn found(parsed: &Parsed, code: Code) -> Vec<&Finding> {
    parsed.findings.iter().filter(|finding| finding.code == code).collect()
}

/// Codes and cells of all findings but those on measures without a column.
pub(crate) fn places(parsed: &Parsed) -> Vec<(Code, String)> {
    let told = parsed.findings.iter().filter(|finding| finding.code != Code::MeasureMissing);
    told.map(|f| (f.code, f.cell.map_or_else(String::new, |cell| cell.to_string()))).collect()
}
