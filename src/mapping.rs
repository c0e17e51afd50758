//! Headings → fields, with tier and reason.

mod assign;
mod called;
pub(crate) mod claim;
mod clipped;
mod compose;
pub(crate) mod concepts;
mod contacts;
mod contested;
mod grammar;
mod groups;
pub(crate) mod heading;
mod heads;
pub(crate) mod index;
pub(crate) mod listed;
mod money;
mod phrases;
mod returned;
mod seen;
mod sheets;
mod typo;
mod units;
mod values;
mod whose;
mod years;

pub use sheets::resolve;

use crate::account::{Currency, OwnColumn};
use crate::field::Field;
use crate::language::Language;
use crate::period::Period;
use serde::{Deserialize, Serialize};

/// How a heading was matched, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
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
    /// Words that say so but for some that nobody knows, where no other column is it.
    Partly,
    /// One of keeptabs's own computed columns, read back and computed anew.
    Own,
}

/// A heading as headings are compared: folded, with signs as words.
pub(crate) fn heading_key(text: &str) -> String {
    heading::key(text)
}

/// What a heading says about the scale of a survey column: answers from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SurveyScale {
    /// 0 or 1.
    pub low: f64,
    /// 5, 10, 100 …
    pub high: f64,
}

/// A column of a client table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    /// In a result that comes back: the heading that the department's own list had, where that was another.
    pub original: Option<String>,
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

impl Column {
    /// The reason of a column that a person has said is no field.
    pub(crate) const DECLINED: &str = "no field, says a line of the configuration";
    /// The reason of a column whose words choose the scorecard.
    pub(crate) const CHOOSES: &str = "no field: its words choose the scorecard";

    /// Whether a result carries it as it was: what is no field, and a survey on another scale, beside what it was
    /// converted to.
    pub fn is_carried(&self) -> bool {
        let scale = self.survey_scale.map_or(if self.percent { 100.0 } else { 10.0 }, |scale| scale.high);
        let converted = self.field == Some(Field::SurveyScore) && scale != 10.0;
        self.own.is_none() && (self.field.is_none() || converted)
    }
}

/// Why the heading row was chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadingChoice {
    /// Whether an Excel table or a line of the configuration settled it.
    pub given: bool,
    /// Score of the chosen row, 0 to 1.
    pub score: f64,
    /// The next best row (from 0) and its score.
    pub runner_up: Option<(u32, f64)>,
}

/// Where the client table of a sheet stands and what its columns are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
    #[serde(with = "crate::finding::whole")]
    pub findings: Vec<crate::finding::Finding>,
}

/// What the configuration says about a workbook's headings; a person has reviewed it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pin {
    /// The sheet it is about; `None` means every sheet.
    pub sheet: Option<String>,
    /// The row directly above the data, from 0.
    pub header_row: Option<u32>,
    /// Heading → field, or `None` for "no field".
    pub columns: Vec<(String, Option<Field>)>,
    /// The scale of the survey's answers.
    pub survey_scale: Option<SurveyScale>,
}

/// What headings are resolved with, besides the dictionary.
#[derive(Clone, Debug)]
pub struct Settings<'a> {
    /// Name of the workbook, for the lines of configuration that findings propose.
    pub file: &'a str,
    /// The reporting month.
    pub period: Period,
    /// Whether a fiscal year is named by the year in which it ends.
    pub fiscal_name_by_end: bool,
    /// The fields that the scorecard's criteria use.
    pub measures: &'a [Field],
    /// Further columns that scorecards count.
    pub own_columns: &'a [OwnColumn],
    /// What the configuration says about this workbook.
    pub pins: &'a [Pin],
    /// Headings of keeptabs's own computed columns, in every language.
    pub computed: &'a [OwnHeading],
    /// The fiscal year whose results are rolled over into the reporting month's.
    pub rollover: Option<i16>,
}

/// The heading of one of keeptabs's own columns.
#[derive(Clone, Debug)]
pub struct OwnHeading {
    /// As it is compared.
    key: String,
    /// Stable id of the column.
    id: String,
    /// The language it is in.
    language: Language,
}

impl OwnHeading {
    /// A column's heading in a language.
    pub fn new(heading: &str, id: &str, language: Language) -> Self {
        Self { key: heading::key(heading), id: id.to_owned(), language }
    }
}

impl Settings<'_> {
    /// The lines of the configuration about a sheet, the last one first: what is added at the end of the file holds.
    fn pins_of(&self, sheet: &str) -> impl Iterator<Item = &Pin> {
        let name = crate::text::fold(sheet);
        self.pins
            .iter()
            .rev()
            .filter(move |pin| pin.sheet.as_ref().is_none_or(|sheet| crate::text::fold(sheet) == name))
    }

    /// The heading row that the configuration names for a sheet.
    pub(crate) fn pinned_row(&self, sheet: &str) -> Option<u32> {
        self.pins_of(sheet).find_map(|pin| pin.header_row)
    }

    /// What the configuration says of a heading: a field, or that it is none.
    pub(crate) fn pinned_field(&self, sheet: &str, key: &str) -> Option<Option<Field>> {
        if self.pins.is_empty() {
            return None;
        }
        let mut lines = self.pins_of(sheet).flat_map(|pin| &pin.columns);
        lines.find(|(heading, _)| heading::key(heading) == key).map(|(_, field)| *field)
    }

    /// The survey scale that the configuration names for a sheet.
    pub(crate) fn pinned_scale(&self, sheet: &str) -> Option<SurveyScale> {
        self.pins_of(sheet).find_map(|pin| pin.survey_scale)
    }

    /// The further column with this heading.
    pub(crate) fn further(&self, key: &str) -> Option<usize> {
        self.own_columns.iter().position(|own| heading::key(&own.heading) == key)
    }
}

#[cfg(test)]
pub(crate) mod tests;
