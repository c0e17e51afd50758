//! The report of a run as keeptabs keeps it for itself: whole, for the same reason as findings are.

use super::{ColumnReport, FileReport, FileStatus, Report, ScorecardReport, SheetReport, Totals};
use crate::finding::{Finding, whole as findings};
use crate::mapping::SheetStatus;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Report")]
struct Whole {
    version: u32,
    tool: String,
    month: String,
    as_of: String,
    config: String,
    scorecard: String,
    summary: Option<String>,
    totals: Totals,
    #[serde(with = "files")]
    files: Vec<FileReport>,
    #[serde(with = "findings")]
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "FileReport")]
pub(crate) struct WholeFile {
    source: String,
    target: Option<String>,
    department: String,
    status: FileStatus,
    reason: Option<String>,
    clients: usize,
    not_scored: usize,
    average_score: Option<f64>,
    scorecards: Vec<ScorecardReport>,
    at_risk: usize,
    currency: Option<String>,
    #[serde(with = "sheets")]
    sheets: Vec<SheetReport>,
    #[serde(with = "findings")]
    findings: Vec<Finding>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "SheetReport")]
struct WholeSheet {
    name: String,
    status: SheetStatus,
    reason: Option<String>,
    header_row: Option<u32>,
    rows_read: u32,
    clients: usize,
    dropped: usize,
    rejected: usize,
    columns: Vec<ColumnReport>,
}

macro_rules! list {
    ($module:ident, $item:ident, $whole:literal) => {
        mod $module {
            use super::*;
            use serde::{Deserializer, Serializer};

            #[derive(Serialize)]
            struct Lent<'a>(#[serde(with = $whole)] &'a $item);

            #[derive(Deserialize)]
            struct Own(#[serde(with = $whole)] $item);

            pub(super) fn serialize<S: Serializer>(items: &[$item], serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_seq(items.iter().map(Lent))
            }

            pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<$item>, D::Error> {
                Ok(Vec::<Own>::deserialize(deserializer)?.into_iter().map(|Own(item)| item).collect())
            }
        }
    };
}

list!(files, FileReport, "WholeFile");
list!(sheets, SheetReport, "WholeSheet");

/// A report to be kept.
#[derive(Serialize)]
pub(crate) struct Lent<'a>(#[serde(with = "Whole")] pub(crate) &'a Report);

/// A report that was kept.
#[derive(Deserialize)]
pub(crate) struct Own(#[serde(with = "Whole")] pub(crate) Report);
