//! What the last run of a month saw and left behind, as long as the stored months are what it saw.

use super::{Locked, PATIENCE, trouble};
use crate::error::Error;
use crate::period::Month;
use rusqlite::OptionalExtension;

impl Locked {
    /// What the last run of a month has seen, if it would see the same again.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be read.
    pub fn seen(&self, month: Month) -> Result<Option<String>, Error> {
        let select = "SELECT seen FROM run WHERE month = ?";
        let found = self.connection.query_row(select, [month.to_string()], |row| row.get(0)).optional();
        found.map_err(|error| trouble(&self.path, &error, PATIENCE))
    }

    /// Remembers what a run of a month has seen, or forgets it; it counts once the store is committed.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be written.
    pub fn remember(&self, month: Month, seen: Option<&str>) -> Result<(), Error> {
        let month = month.to_string();
        let put = match seen {
            Some(seen) => self
                .connection
                .execute("INSERT OR REPLACE INTO run (month, seen) VALUES (?, ?)", [month.as_str(), seen]),
            None => self.connection.execute("DELETE FROM run WHERE month = ?", [month]),
        };
        put.map(drop).map_err(|error| trouble(&self.path, &error, PATIENCE))
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::testing::{listed, snapshot};
    use super::super::{NAME, lock};
    use super::*;

    #[test]
    fn another_month_that_is_stored_makes_a_run_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        let month: Month = "2026-11".parse().unwrap();
        let seen = || lock(&path, PATIENCE).unwrap().seen(month).unwrap();
        assert_eq!(seen(), None);
        let held = lock(&path, PATIENCE).unwrap();
        held.put(&snapshot("2026-11", &[listed("Sales", "Acme", 3.0)])).unwrap();
        held.remember(month, Some("this")).unwrap();
        held.commit().unwrap();
        assert_eq!(seen().as_deref(), Some("this"));
        let held = lock(&path, PATIENCE).unwrap();
        held.remember(month, None).unwrap();
        drop(held);
        assert_eq!(seen().as_deref(), Some("this"), "not committed");
        lock(&path, PATIENCE).unwrap().replace(&snapshot("2026-10", &[])).unwrap();
        assert_eq!(seen(), None);
    }
}
