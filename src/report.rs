//! What a run did, as a value: printed for a person by the terminal, stored as run.json.

pub(crate) mod whole;

use crate::book::column_letters;
use crate::finding::{Code, Finding, Severity};
use crate::mapping::{Column, SheetStatus, Tier};
use serde::{Deserialize, Serialize};

/// What became of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FileStatus {
    /// No workbook, or none with a client table.
    Skipped,
    /// Its result is as the last run left it.
    Unchanged,
    /// Scored and written.
    Converted,
    /// A person has to decide something first; what was clear is written.
    NeedsReview,
    /// Not usable.
    Failed,
}

/// The report of a run; serialised it is run.json.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// Program and version.
    pub tool: String,
    /// Reporting month.
    pub month: String,
    /// Its last day.
    pub as_of: String,
    /// The configuration file, or "built-in".
    pub config: String,
    /// Hash of everything that decides about scores.
    pub scorecard: String,
    /// The summary workbook, below the month's folder.
    pub summary: Option<String>,
    /// Counts over all files.
    pub totals: Totals,
    /// One a file, sorted by path.
    pub files: Vec<FileReport>,
    /// What was found across files.
    pub findings: Vec<Finding>,
}

/// Counts over all files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Totals {
    /// Files in the inbox, skipped ones included.
    pub workbooks: usize,
    /// Scored and written.
    pub converted: usize,
    /// As the last run left them.
    pub unchanged: usize,
    /// Waiting for a person's decision.
    pub needs_review: usize,
    /// Not usable.
    pub failed: usize,
    /// No workbooks, or none with a client table.
    pub skipped: usize,
    /// Clients by department.
    pub accounts: usize,
    /// Clients of the organisation.
    pub clients: usize,
    /// Accounts without any known measure.
    pub not_scored: usize,
}

/// What became of one file.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct FileReport {
    /// Path below the inbox.
    pub source: String,
    /// Path of the result below the month's folder, if one was written (or would be, in a dry run).
    pub target: Option<String>,
    /// Its department.
    pub department: String,
    /// What became of it.
    pub status: FileStatus,
    /// Why, where it is not simply converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Clients counted.
    pub clients: usize,
    /// Of them without any known measure.
    pub not_scored: usize,
    /// Average score of the scored ones; across scorecards that of score ÷ maximum, on the highest maximum.
    pub average_score: Option<f64>,
    /// How many clients each scorecard rates, where several may rate those of the file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scorecards: Vec<ScorecardReport>,
    /// Clients shown At risk.
    pub at_risk: usize,
    /// Currency of the amounts, if it is one and known.
    pub currency: Option<String>,
    /// One a sheet, in tab order.
    pub sheets: Vec<SheetReport>,
    /// What was found.
    pub findings: Vec<Finding>,
}

/// What a scorecard rates in a file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ScorecardReport {
    /// Its name.
    pub name: String,
    /// Clients that it rates.
    pub clients: usize,
}

/// What became of one sheet.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct SheetReport {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub status: SheetStatus,
    /// Why, where it is not converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The row directly above the data, counted from 1.
    pub header_row: Option<u32>,
    /// Rows below the heading that hold anything: clients + dropped + rejected.
    pub rows_read: u32,
    /// Clients.
    pub clients: usize,
    /// Rows that are no clients: totals, notes, repeated headings.
    pub dropped: usize,
    /// Rows with values but without a client.
    pub rejected: usize,
    /// Every column of the table.
    pub columns: Vec<ColumnReport>,
}

/// How one column was matched.
#[derive(Clone, Debug, Serialize, Deserialize, schemars::JsonSchema)]
pub struct ColumnReport {
    /// Its letters.
    pub column: String,
    /// Heading as handed in.
    pub heading: String,
    /// Field id; none when it is carried through.
    pub field: Option<String>,
    /// How it was matched.
    pub tier: Option<Tier>,
    /// Why.
    pub reason: String,
}

impl From<&Column> for ColumnReport {
    fn from(column: &Column) -> Self {
        Self {
            column: column_letters(column.col),
            heading: column.heading.clone(),
            field: column.field.map(|field| field.id().to_owned()),
            tier: column.tier,
            reason: column.reason.clone(),
        }
    }
}

impl Report {
    /// Exit status: 0 all converted, 1 something failed or needs review.
    pub fn exit_status(&self) -> u8 {
        let trouble = self.files.iter().any(|file| file.status >= FileStatus::NeedsReview);
        u8::from(trouble || self.findings.iter().any(|finding| finding.severity == Severity::Error))
    }

    /// Counts the files.
    pub fn count(&mut self) {
        let of = |status| self.files.iter().filter(|file| file.status == status).count();
        self.totals = Totals {
            workbooks: self.files.len(),
            converted: of(FileStatus::Converted),
            unchanged: of(FileStatus::Unchanged),
            needs_review: of(FileStatus::NeedsReview),
            failed: of(FileStatus::Failed),
            skipped: of(FileStatus::Skipped),
            ..self.totals.clone()
        };
    }
}

impl FileReport {
    /// A file that nothing was read of yet.
    pub fn new(source: &str, department: &str) -> Self {
        Self {
            source: source.to_owned(),
            target: None,
            department: department.to_owned(),
            status: FileStatus::Skipped,
            reason: None,
            clients: 0,
            not_scored: 0,
            average_score: None,
            scorecards: Vec::new(),
            at_risk: 0,
            currency: None,
            sheets: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Gives it a status with its reason, and the finding that says so.
    pub fn end(&mut self, status: FileStatus, reason: impl Into<String>) {
        let reason = reason.into();
        let code = if status == FileStatus::Skipped { Code::FileSkipped } else { Code::FileFailed };
        self.findings.push(Finding::new(code, reason.clone()));
        self.status = status;
        self.reason = Some(reason);
    }
}
