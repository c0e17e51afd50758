//! Progress: snapshots by month, what changed and why, who came and went, what was kept.
//!
//! Everything but the store is a function on snapshots. A [`Lineage`] says which accounts of different months are one;
//! [`compare`], [`retention`] and [`trend`] read it together with the snapshots, the current month last.

mod changes;
mod comparison;
mod lineage;
mod movers;
mod replacement;
mod retention;
mod snapshot;
mod store;
#[cfg(test)]
mod testing;
mod trend;

pub use changes::{Change, Changes, Incomplete, Moved, NotDelivered, Origin, Split, compare};
pub use comparison::Comparison;
pub use lineage::Lineage;
pub use movers::{Movement, Mover};
pub use replacement::{DEFAULT_MULTIPLE, Replacement, replacement};
pub use retention::{Kept, Logo, Lost, Refused, Retention, retention};
pub use snapshot::{Client, Delivered, Delivery, Fact, Listed, Snapshot, measure_key};
pub use store::{Locked, NAME, load, lock};
pub use trend::{Group, Point, Trend, trend};
