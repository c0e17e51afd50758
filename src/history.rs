//! Progress: snapshots by month, what changed and why, who came and went, what was kept.
//!
//! Everything but the store is a function on snapshots. A [`Lineage`] says which accounts of different months are one;
//! [`compare`], [`retention`] and [`trend`] read it together with the snapshots, the current month last.

mod by_key;
mod changes;
mod client;
mod client_report;
mod comparison;
mod find;
mod lineage;
mod movers;
mod overrides;
mod replacement;
mod report;
mod retention;
mod rows;
mod snapshot;
mod store;
mod table;
#[cfg(test)]
mod testing;
mod trend;

pub use by_key::{ByKey, Key, key_of};
pub use changes::{Change, Changes, Incomplete, Moved, NotDelivered, Origin, Split, compare};
pub use client::client;
pub use client_report::{
    AccountReport, ActionReport, ClientReport, InputReport, OverrideReport, PointReport, RowReport,
};
pub use comparison::Comparison;
pub use lineage::Lineage;
pub use movers::{Movement, Mover};
pub use overrides::override_end;
pub use replacement::{DEFAULT_MULTIPLE, Replacement, replacement};
pub use report::{By, HistoryReport, Line, Query, history};
pub use retention::{Kept, Logo, Lost, Refused, Retention, retention};
pub use snapshot::{
    Card, CardCriterion, Client, Delivered, Delivery, Fact, List, Listed, Override, Place, Snapshot, Typed, measure_key,
};
pub use store::{Locked, NAME, PATIENCE, Written, Wrote, load, lock, written};
pub use trend::{Group, Point, Trend, trend};
