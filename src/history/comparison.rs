//! The current month beside the earlier ones: all that is said about progress, computed once.

use super::changes::{Changes, compare};
use super::lineage::Lineage;
use super::retention::{Retention, retention};
use super::snapshot::Snapshot;
use super::trend::{Trend, trend};
use crate::config::Config;
use crate::period::Month;
use crate::portfolio::Settings;

/// The current month in the light of the earlier ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The latest stored month before the current one; none when it is the first.
    pub previous: Option<Month>,
    /// What became of each account, and who came and went.
    pub changes: Changes,
    /// What was kept.
    pub retention: Retention,
    /// The last twelve months.
    pub trend: Trend,
}

impl Comparison {
    /// Compares the last of `snapshots` (sorted by month) with those before it; nothing without any.
    pub fn of(snapshots: &[&Snapshot], config: &Config, settings: &Settings) -> Option<Self> {
        let lineage = Lineage::new(snapshots, settings);
        let (_, earlier) = snapshots.split_last()?;
        Some(Self {
            previous: earlier.last().map(|snapshot| snapshot.month),
            changes: compare(snapshots, &lineage, config),
            retention: retention(snapshots, &lineage)?,
            trend: trend(snapshots, &lineage, &settings.words)?,
        })
    }
}
