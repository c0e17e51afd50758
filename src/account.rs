//! Accounts: a client in one department, with inputs that are known, missing or wrong, each traceable to its cell.

use crate::book::{Book, CellRef, TextId};
use crate::field::{Field, Level, Stage, Status};
use crate::finding::Finding;
use crate::mapping::Column;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

mod checks;
mod columns;
mod currency;
mod evidence;
mod grid;
mod input;
mod parse;
mod rows;
#[cfg(test)]
mod testing;
mod totals;
mod unmet;

pub use parse::{Settings, parse};

/// An ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Currency(pub [u8; 3]);

impl Currency {
    /// The code as text.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }
}

/// A value that was read.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Count, survey score, amount of money.
    Number(f64),
    /// Trimmed text, by its place in [`Book::texts`].
    Text(TextId),
    /// A level.
    Level(Level),
    /// A day: days since 1899-12-30.
    Date(i32),
    /// A stage.
    Stage(Stage),
    /// The status of an override: Strong, Watch or At risk.
    Status(Status),
    /// A currency.
    Currency(Currency),
}

/// What is known of a measure: a value, nothing, or something that cannot be one. There is no fourth case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Input {
    /// Read.
    Known(Value),
    /// Empty, "n/a", or no column for it.
    #[default]
    Missing,
    /// Unreadable, impossible or out of range: a finding names the cell; counts as missing for the score.
    Wrong,
}

const _: () = assert!(size_of::<Input>() <= 16);

impl Input {
    /// The number, if one is known.
    pub fn number(self) -> Option<f64> {
        match self {
            Input::Known(Value::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// The level, if one is known.
    pub fn level(self) -> Option<Level> {
        match self {
            Input::Known(Value::Level(level)) => Some(level),
            _ => None,
        }
    }

    /// The day (since 1899-12-30), if one is known.
    pub fn date(self) -> Option<i32> {
        match self {
            Input::Known(Value::Date(day)) => Some(day),
            _ => None,
        }
    }

    /// The text's place, if one is known.
    pub fn text(self) -> Option<TextId> {
        match self {
            Input::Known(Value::Text(id)) => Some(id),
            _ => None,
        }
    }

    /// Whether a value is known.
    pub fn is_known(self) -> bool {
        matches!(self, Input::Known(_))
    }
}

/// What a criterion measures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// One of the fields.
    Field(Field),
    /// The n-th of the further columns that scorecards name ([`OwnColumn`]).
    Own(usize),
}

/// How the values of a further column are read.
#[derive(Clone, Debug, PartialEq)]
pub enum OwnKind {
    /// Numbers.
    Number,
    /// Days.
    Date,
    /// One of these words (case and accents ignored); known as the number of its place in the list.
    Words(Vec<String>),
}

/// A further column of a department that a scorecard counts, named by its heading.
#[derive(Clone, Debug, PartialEq)]
pub struct OwnColumn {
    /// The heading as configured; compared in normalised form.
    pub heading: String,
    /// How its values are read.
    pub kind: OwnKind,
}

/// Why a row below the heading is no client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the words say it")]
pub enum DropReason {
    RepeatedHeading,
    Total,
    Section,
    Note,
    /// The example row of the blank form.
    Example,
}

/// A row below the heading that was dropped or rejected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DroppedRow {
    /// Row in the sheet, from 0.
    pub row: u32,
    /// Why; `None` means rejected: values, but no client.
    pub reason: Option<DropReason>,
    /// Its first texts, shortened, for the list.
    pub text: String,
}

/// The clients of one sheet, in the source's order.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ClientTable {
    /// Index of the sheet in [`Book::sheets`].
    pub sheet: usize,
    /// The row directly above the data, from 0.
    pub header_row: u32,
    /// Every column of the table from left to right, mapped or carried.
    pub columns: Vec<Column>,
    /// Rows that are no clients.
    pub dropped: Vec<DroppedRow>,
    /// Filled rows below the heading, up to the end of the table: clients + dropped + rejected.
    pub rows_read: u32,
    rows: Vec<u32>,
    width: usize,
    slots: [Option<u8>; Field::COUNT],
    own_slots: Vec<Option<u8>>,
    inputs: Vec<Input>,
    override_ends: BTreeMap<usize, i32>,
    /// By client the place of its scorecard in the configuration; empty where one scorecard rates the whole list.
    cards: Vec<u16>,
}

impl ClientTable {
    /// An empty table that keeps the given fields and further columns.
    pub fn new(sheet: usize, header_row: u32, columns: Vec<Column>, fields: &[Field], own: &[bool]) -> Self {
        let mut slots = [None; Field::COUNT];
        let mut width = 0u8;
        let mut next = || {
            width += 1;
            Some(width - 1)
        };
        for &field in fields {
            slots[field as usize] = next();
        }
        let own_slots = own.iter().map(|&kept| if kept { next() } else { None }).collect();
        Self { sheet, header_row, columns, slots, own_slots, width: usize::from(width), ..Self::default() }
    }

    /// Adds a client that stands in `row` (from 0); its inputs are missing until set.
    pub fn add(&mut self, row: u32) -> usize {
        self.rows.push(row);
        self.inputs.resize(self.rows.len() * self.width, Input::Missing);
        self.rows.len() - 1
    }

    /// Sets an input of a client. The field must be kept.
    pub fn set(&mut self, account: usize, measure: &Measure, input: Input) {
        if let Some(slot) = self.slot(measure) {
            self.inputs[account * self.width + slot] = input;
        }
    }

    /// Sets the last day (since 1899-12-30) of a client's override for which none was handed in.
    pub fn set_override_end(&mut self, account: usize, day: i32) {
        self.override_ends.insert(account, day);
    }

    /// Sets which scorecard rates which client, by place in the configuration.
    pub fn set_cards(&mut self, cards: Vec<u16>) {
        self.cards = cards;
    }

    fn slot(&self, measure: &Measure) -> Option<usize> {
        match measure {
            Measure::Field(field) => self.slots[*field as usize],
            Measure::Own(index) => self.own_slots.get(*index).copied().flatten(),
        }
        .map(usize::from)
    }

    /// Whether the sheet keeps the measure at all.
    pub fn keeps(&self, field: Field) -> bool {
        self.slots[field as usize].is_some()
    }

    /// Whether the sheet keeps the measure at all.
    pub fn keeps_measure(&self, measure: &Measure) -> bool {
        self.slot(measure).is_some()
    }

    /// How many clients.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no client.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// One client.
    pub fn account(&self, index: usize) -> Account<'_> {
        Account { table: self, index }
    }

    /// All clients in the source's order.
    pub fn accounts(&self) -> impl ExactSizeIterator<Item = Account<'_>> + Clone {
        (0..self.len()).map(|index| self.account(index))
    }

    /// The column that holds a field.
    pub fn column_of(&self, field: Field) -> Option<&Column> {
        self.columns.iter().find(|column| column.field == Some(field))
    }

    /// Rows with values but without a client.
    pub fn rejected(&self) -> usize {
        self.dropped.iter().filter(|row| row.reason.is_none()).count()
    }
}

/// A client in one department.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// The table it stands in.
    pub table: &'a ClientTable,
    /// Its place in the table, from 0.
    pub index: usize,
}

impl Account<'_> {
    /// Row in the source's sheet, from 0.
    pub fn row(&self) -> u32 {
        self.table.rows[self.index]
    }

    /// The input of a field.
    pub fn input(&self, field: Field) -> Input {
        self.measure(&Measure::Field(field))
    }

    /// The input of what a criterion measures.
    pub fn measure(&self, measure: &Measure) -> Input {
        self.table.slot(measure).map_or(Input::Missing, |slot| self.table.inputs[self.index * self.table.width + slot])
    }

    /// The cell an input was read from.
    pub fn cell_of(&self, field: Field) -> Option<CellRef> {
        self.table.column_of(field).map(|column| CellRef { row: self.row(), col: column.col })
    }

    /// The client's name.
    pub fn client<'b>(&self, book: &'b Book) -> &'b str {
        self.text(Field::Client, book).unwrap_or_default()
    }

    /// A text input.
    pub fn text<'b>(&self, field: Field, book: &'b Book) -> Option<&'b str> {
        self.input(field).text().map(|id| book.text(id))
    }

    /// Where the relationship stands.
    pub fn stage(&self) -> Stage {
        match self.input(Field::Stage) {
            Input::Known(Value::Stage(stage)) => stage,
            _ => Stage::Active,
        }
    }

    /// The last day (since 1899-12-30) of an override for which none was handed in, where the stored months tell.
    pub fn override_end(&self) -> Option<i32> {
        self.table.override_ends.get(&self.index).copied()
    }

    /// The place in the configuration of the scorecard that rates it; `None`: the usual one of its department.
    pub fn card(&self) -> Option<usize> {
        self.table.cards.get(self.index).copied().map(usize::from)
    }

    /// The currency of its amounts, where the source tells (column, heading, cell or number format).
    pub fn currency(&self) -> Option<Currency> {
        match self.input(Field::Currency) {
            Input::Known(Value::Currency(currency)) => Some(currency),
            _ => None,
        }
    }
}

/// A workbook that was read: its cells, its client tables and what was found on the way.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Parsed {
    /// The cells; texts made while parsing are added to [`Book::texts`].
    pub book: Book,
    /// One per sheet that is a client table.
    pub tables: Vec<ClientTable>,
    /// What was found.
    #[serde(with = "crate::finding::whole")]
    pub findings: Vec<Finding>,
}
