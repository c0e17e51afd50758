//! How every heading was matched, as a value: printed for a person by the terminal, as JSON for a program.

use crate::finding::{Finding, Severity};
use crate::mapping::{SheetStatus, Tier};
use crate::proposal::Proposal;
use crate::report::FileStatus;
use crate::text::fold;
use serde::Serialize;

/// What `keeptabs map` found; serialised it is what `--format json` prints.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MapReport {
    /// Version of this format.
    pub version: u32,
    /// Program and version.
    pub tool: String,
    /// Reporting month.
    pub month: String,
    /// The configuration file, or "built-in".
    pub config: String,
    /// One a file, sorted by path.
    pub files: Vec<MapFile>,
    /// What is about no file: lines of the configuration that settle nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// One file.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MapFile {
    /// Path below the inbox.
    pub source: String,
    /// Its department.
    pub department: String,
    /// What a run would make of it.
    pub status: FileStatus,
    /// Why, where it is not simply converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// One a sheet, in tab order.
    pub sheets: Vec<MapSheet>,
}

/// One sheet.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MapSheet {
    /// Its name.
    pub name: String,
    /// What a run would make of it.
    pub status: SheetStatus,
    /// Why, where it is not converted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Where the headings stand, if there are any.
    pub headings: Option<HeadingRow>,
    /// Every column of the table, from left to right.
    pub columns: Vec<MapColumn>,
    /// What was found about headings and scales; those with proposals wait for a person.
    pub findings: Vec<Finding>,
}

/// What settled the heading row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChosenBy {
    /// The rows were compared.
    Search,
    /// An Excel table begins there.
    ExcelTable,
    /// A line of the configuration names it.
    Configuration,
}

/// The heading row and what spoke for it.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct HeadingRow {
    /// The row directly above the data, counted from 1.
    pub row: u32,
    /// The first row of headings: above `row` where groups stand over the headings.
    pub first_row: u32,
    /// What settled it.
    pub chosen_by: ChosenBy,
    /// Score of the row, 0 to 1; only where the rows were compared.
    pub score: Option<f64>,
    /// The next best row.
    pub runner_up: Option<RunnerUp>,
    /// How far the next best row is behind.
    pub margin: Option<f64>,
}

/// The next best row.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct RunnerUp {
    /// Counted from 1.
    pub row: u32,
    /// Its score, 0 to 1.
    pub score: f64,
}

/// One column.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub struct MapColumn {
    /// Its letters.
    pub column: String,
    /// Heading as handed in.
    pub heading: String,
    /// Field id; none when it is carried through.
    pub field: Option<String>,
    /// How it was matched.
    pub tier: Option<Tier>,
    /// Why it was matched, or why not: the nearest field and what spoke against it.
    pub reason: String,
    /// A few of its values, as handed in.
    pub samples: Vec<String>,
}

impl MapReport {
    /// Exit status: 0 all clear, 1 something failed or needs review.
    pub fn exit_status(&self) -> u8 {
        u8::from(self.files.iter().any(|file| file.status >= FileStatus::NeedsReview))
    }

    /// Leaves only the workbooks whose path holds the text, however it is capitalised or accented.
    pub fn keep_only(&mut self, text: &str) {
        let folded = fold(text);
        let holds = |path: &str| path.contains(text) || !folded.is_empty() && fold(path).contains(&folded);
        self.files.retain(|file| holds(&file.source));
    }

    /// What waits for a person, each with what it is about.
    pub fn open(&self) -> Vec<(String, &Proposal)> {
        let mut open = Vec::new();
        for file in &self.files {
            for finding in file.sheets.iter().flat_map(|sheet| &sheet.findings) {
                let about = || format!("{}, {finding}", file.source);
                open.extend(finding.proposals.iter().map(|proposal| (about(), proposal)));
            }
        }
        open
    }
}

impl MapSheet {
    /// Whether a finding is about how headings, heading row or scale were read.
    pub fn concerns(finding: &Finding) -> bool {
        use crate::finding::Code::*;
        let matching = matches!(
            finding.code,
            TypoHeading | HeadingDeduced | SideDeduced | ScaleConverted | ScaleUnknown | MeasureMissing
        );
        matching || !finding.proposals.is_empty() || finding.severity == Severity::Error
    }
}
