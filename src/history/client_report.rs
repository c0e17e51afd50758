//! What `keeptabs client` tells. Documented in `docs/history.md`.

use crate::field::{Stage, Status};
use crate::period::Month;
use serde::Serialize;

/// A client in a month; serialised it is what `--format json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct ClientReport {
    /// Version of this format.
    pub version: u32,
    /// Program and version.
    pub tool: String,
    /// The month.
    pub month: Month,
    /// Set where another month would have been the latest: the client is not listed in that one.
    pub not_listed_in: Option<Month>,
    /// Its name.
    pub name: String,
    /// Names that it had in other months.
    pub other_names: Vec<String>,
    /// Its score, merged over the departments.
    pub score: Option<f64>,
    /// What the score is out of.
    pub maximum: f64,
    /// Status shown.
    pub status: Status,
    /// Whether the score meets the KPI.
    pub kpi_met: Option<bool>,
    /// Whether it is a key account.
    pub key_account: bool,
    /// Its score in the last twelve months.
    pub trend: Vec<(Month, Option<f64>)>,
    /// It in each department.
    pub accounts: Vec<AccountReport>,
    /// What the reader should know of these figures.
    pub notes: Vec<String>,
}

/// A client in a department.
#[derive(Clone, Debug, Serialize)]
pub struct AccountReport {
    /// The department.
    pub department: String,
    /// The name there.
    pub name: String,
    /// Its id, in comparable form.
    pub id: Option<String>,
    /// Who looks after it.
    pub manager: Option<String>,
    /// Active ones are scored.
    pub stage: Stage,
    /// Name of the scorecard.
    pub scorecard: String,
    /// Sum of the points.
    pub score: Option<f64>,
    /// What the score is out of.
    pub maximum: f64,
    /// Status by the score.
    pub computed_status: Status,
    /// Status shown.
    pub status: Status,
    /// Whether it worries.
    pub worry: Option<bool>,
    /// Whether it meets the KPI.
    pub kpi_met: Option<bool>,
    /// Files, sheets and rows that it was read from.
    pub rows: Vec<RowReport>,
    /// Each criterion.
    pub points: Vec<PointReport>,
    /// What else was read.
    pub inputs: Vec<InputReport>,
    /// What persons set over the status.
    pub overrides: Vec<OverrideReport>,
    /// What is to be done.
    pub actions: Vec<ActionReport>,
    /// The month compared with.
    pub previous_month: Option<Month>,
    /// Score then.
    pub previous_score: Option<f64>,
    /// Score less previous score.
    pub change: Option<f64>,
    /// Of the change, what the client's inputs moved, if the scorecard changed in between.
    pub change_by_client: Option<f64>,
    /// Of the change, what the scorecard moved.
    pub change_by_scorecard: Option<f64>,
    /// What changed, as a sentence.
    pub what_changed: String,
}

/// A row that was read.
#[derive(Clone, Debug, Serialize)]
pub struct RowReport {
    /// Path of the file below the inbox.
    pub file: String,
    /// Hash of its content.
    pub hash: String,
    /// Name of the sheet.
    pub sheet: String,
    /// The row, counted from 1.
    pub row: u32,
}

/// A criterion with its points.
#[derive(Clone, Debug, Serialize)]
pub struct PointReport {
    /// The criterion's id.
    pub criterion: String,
    /// When it gives points, if that was stored.
    pub rule: Option<String>,
    /// The points given; none where the measure is not known.
    pub points: Option<f64>,
    /// The most it gives, if that was stored.
    pub of: Option<f64>,
    /// What it measures.
    pub input: InputReport,
    /// Points now less points in the month compared with.
    pub moved: Option<f64>,
}

/// An input and where it was read.
#[derive(Clone, Debug, Serialize)]
pub struct InputReport {
    /// What it is, in words.
    pub label: String,
    /// What is known: a number, a day, a level; none where it is missing.
    pub value: Option<String>,
    /// Whether something stands there that could not be read.
    pub wrong: bool,
    /// The cells, one for each row: "D17".
    pub cells: Vec<String>,
}

/// A person's judgement over the computed status.
#[derive(Clone, Debug, Serialize)]
pub struct OverrideReport {
    /// The status set.
    pub status: Status,
    /// Why.
    pub reason: Option<String>,
    /// Who set it.
    pub by: Option<String>,
    /// Its last day.
    pub until: Option<String>,
    /// Whether the list names that day; else it is the end of the fiscal year that first held the override.
    pub end_given: bool,
    /// Whether it lived at the month's end.
    pub live: bool,
}

/// An action.
#[derive(Clone, Debug, Serialize)]
pub struct ActionReport {
    /// Who does it.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<String>,
    /// What was typed into Done.
    pub done: Option<String>,
    /// Free text.
    pub note: Option<String>,
    /// Whether it should have been done by the month's end.
    pub overdue: bool,
}
