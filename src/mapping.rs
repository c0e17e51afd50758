//! Headings → fields, with tier and reason.

use crate::account::Currency;
use crate::field::Field;
use serde::Serialize;

/// How a heading was matched, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tier {
    /// By a reviewed line in the configuration.
    Reviewed,
    /// Equal to the field's id or its heading.
    Exact,
    /// Equal to an alias of the dictionary.
    Alias,
    /// Equal as a set of words.
    Words,
    /// A typo of an alias.
    Typo,
    /// One of keeptabs's own computed columns, read back and computed anew.
    Own,
}

/// What a heading says about the scale of a survey column: answers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurveyScale {
    /// 0 or 1.
    pub low: f64,
    /// 5, 10, 100 …
    pub high: f64,
}

/// A column of a client table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Column in the sheet, from 0.
    pub col: u16,
    /// Heading as handed in, trimmed, line breaks to spaces; may be empty.
    pub heading: String,
    /// The field it was matched to.
    pub field: Option<Field>,
    /// Stable id of the computed column of keeptabs that it is ("score", "why" …): not carried, computed anew.
    pub own: Option<String>,
    /// The n-th further column that a scorecard counts ([`crate::account::OwnColumn`]).
    pub further: Option<usize>,
    /// How it was matched.
    pub tier: Option<Tier>,
    /// Why it was matched, or why not (the nearest field and what spoke against it).
    pub reason: String,
    /// What amounts are multiplied by ("EUR k" → 1,000).
    pub scale: f64,
    /// The scale of survey answers, when the heading or the configuration names one.
    pub survey_scale: Option<SurveyScale>,
    /// Whether the heading says that numbers are percentages.
    pub percent: bool,
    /// The currency that the heading names.
    pub currency: Option<Currency>,
}

/// Why the heading row was chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeadingChoice {
    /// Whether an Excel table or a line of the configuration settled it.
    pub given: bool,
    /// Score of the chosen row, 0 to 1.
    pub score: f64,
    /// The next best row (from 0) and its score.
    pub runner_up: Option<(u32, f64)>,
}

/// Where the client table of a sheet stands and what its columns are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableMap {
    /// Index of the sheet in [`crate::book::Book::sheets`].
    pub sheet: usize,
    /// First heading row, from 0; above `header_row` where groups stand over the headings.
    pub first_header_row: u32,
    /// The row directly above the data, from 0.
    pub header_row: u32,
    /// Last row that can hold a client, from 0.
    pub last_row: u32,
    /// First and last column of the table, from 0.
    pub columns_range: (u16, u16),
    /// Every column of the table from left to right.
    pub columns: Vec<Column>,
    /// Why this row.
    pub choice: HeadingChoice,
}

/// What becomes of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SheetStatus {
    /// No client table; does not count.
    Skipped,
    /// A client table.
    Converted,
    /// A person has to decide something first.
    NeedsReview,
    /// Cannot be used.
    Failed,
}

/// What was found out about a sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct SheetMap {
    /// Index of the sheet in [`crate::book::Book::sheets`].
    pub sheet: usize,
    /// What becomes of it.
    pub status: SheetStatus,
    /// One sentence why, where it is not converted.
    pub reason: String,
    /// The table, also where it needs review (for `keeptabs map`).
    pub table: Option<TableMap>,
    /// What was found.
    pub findings: Vec<crate::finding::Finding>,
}
