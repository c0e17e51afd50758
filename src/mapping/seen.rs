//! What headings were found to claim: departments share templates, and a heading that was read in one workbook need not be
//! read again in the next. It says nothing else than what would be found anew.

use super::claim::{Claim, Match};
use crate::period::Period;
use std::collections::HashMap;
use std::sync::{RwLock, RwLockReadGuard};

/// Headings that are kept for each reporting month: a batch of wild texts must not fill the memory.
const MOST: usize = 10_000;
/// Bytes of the longest heading that is kept.
const LONGEST: usize = 200;
/// Reporting months that are kept.
const MONTHS: usize = 24;

/// What a heading's claim depends on besides its text and the dictionary.
pub(super) type Read = (Period, bool);

/// Claims by heading.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Everything about it.
    pub(super) matches: By<Match>,
    /// The claim alone.
    pub(super) alone: By<(Claim, bool)>,
}

/// A copy of the index finds for itself.
impl Clone for Seen {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// Of each month by text.
#[derive(Debug)]
pub(super) struct By<V>(RwLock<Vec<(Read, HashMap<String, V>)>>);

impl<V> Default for By<V> {
    fn default() -> Self {
        Self(RwLock::default())
    }
}

impl<V: Clone> By<V> {
    /// What is kept of a text, else what `find` says, which is then kept.
    pub(super) fn get(&self, read: Read, text: &str, find: impl FnOnce() -> V) -> V {
        let kept = |all: &RwLockReadGuard<'_, Vec<(Read, HashMap<String, V>)>>| {
            let (_, own) = all.iter().find(|(own, _)| *own == read)?;
            own.get(text).cloned()
        };
        // a lock that somebody left in a panic holds nothing half done, but nothing depends on it either
        if let Some(value) = self.0.read().ok().as_ref().and_then(kept) {
            return value;
        }
        let value = find();
        if text.len() > LONGEST {
            return value;
        }
        if let Ok(mut all) = self.0.write() {
            let months = all.len();
            if months < MONTHS && !all.iter().any(|(own, _)| *own == read) {
                all.push((read, HashMap::new()));
            }
            let own = all.iter_mut().find(|(own, _)| *own == read).map(|(_, own)| own);
            if let Some(own) = own.filter(|own| own.len() < MOST) {
                own.insert(text.to_owned(), value.clone());
            }
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_looked_into_once_for_each_month() {
        let by: By<u32> = By::default();
        let month = |month: &str| (Period { month: month.parse().unwrap(), fiscal_start: 1 }, false);
        let mut asked = 0;
        for (read, expected) in [("2026-11", 1), ("2026-11", 1), ("2026-10", 2), ("2026-11", 1)] {
            let found = by.get(month(read), "Client", || {
                asked += 1;
                asked
            });
            assert_eq!(found, expected, "{read}");
        }
        for text in 0..2 * MOST as u32 {
            assert_eq!(by.get(month("2026-11"), &text.to_string(), || text), text);
        }
        assert!(by.0.read().unwrap().iter().all(|(_, own)| own.len() <= MOST));
    }
}
