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
    /// The latest stored month before the current one.
    pub previous: Month,
    /// What became of each account, and who came and went.
    pub changes: Changes,
    /// What was kept.
    pub retention: Retention,
    /// The last twelve months.
    pub trend: Trend,
}

impl Comparison {
    /// Compares the last of `snapshots` (sorted by month) with those before it; nothing where there are none before it.
    pub fn of(snapshots: &[&Snapshot], config: &Config, settings: &Settings) -> Option<Self> {
        let (_, earlier) = snapshots.split_last()?;
        let previous = earlier.last()?.month;
        let lineage = Lineage::new(snapshots, settings);
        Some(Self {
            previous,
            changes: compare(snapshots, &lineage, config),
            retention: retention(snapshots, &lineage)?,
            trend: trend(snapshots, &lineage, &settings.words)?,
        })
    }
}
