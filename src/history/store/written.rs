//! What was last written, so that a result which a person has edited since is never replaced.

use super::{Locked, PATIENCE, open, trouble};
use crate::error::Error;
use rusqlite::{Connection, OpenFlags};
use std::collections::BTreeMap;
use std::path::Path;

/// Hash of each file's content by its path below the output folder, with forward slashes.
pub type Written = BTreeMap<String, String>;

/// What was last written; nothing where there is no store, or one of before.
///
/// # Errors
/// [`Error::History`] when the file is damaged, not ours or locked.
pub fn written(path: &Path) -> Result<Written, Error> {
    match open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, PATIENCE)? {
        Some((connection, _)) => read(&connection).map_err(|error| trouble(path, &error, PATIENCE)),
        None => Ok(Written::new()),
    }
}

/// A store of before does not have the table.
const TABLE: &str = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'written'";

fn read(connection: &Connection) -> rusqlite::Result<Written> {
    let tables: i64 = connection.query_row(TABLE, [], |row| row.get(0))?;
    if tables == 0 {
        return Ok(Written::new());
    }
    let mut statement = connection.prepare("SELECT path, hash FROM written ORDER BY path")?;
    statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
}

impl Locked {
    /// What was last written.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be read.
    pub fn written(&self) -> Result<Written, Error> {
        read(&self.connection).map_err(|error| trouble(&self.path, &error, PATIENCE))
    }

    /// Notes what has been written; it counts once the store is committed.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be written.
    pub fn note(&self, written: &Written) -> Result<(), Error> {
        let put = || {
            let mut statement = self.connection.prepare("INSERT OR REPLACE INTO written (path, hash) VALUES (?, ?)")?;
            written.iter().try_for_each(|(path, hash)| statement.execute([path, hash]).map(drop))
        };
        put().map_err(|error| trouble(&self.path, &error, PATIENCE))
    }

    /// Ends without another snapshot: what was noted counts.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be written; it is then as it was.
    pub fn commit(self) -> Result<(), Error> {
        self.connection.execute_batch("COMMIT").map_err(|error| trouble(&self.path, &error, PATIENCE))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{NAME, lock};
    use super::*;

    #[test]
    fn what_was_noted_counts_once_committed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(NAME);
        assert_eq!(written(&path).unwrap(), Written::new());
        assert!(!path.exists());
        let one = |hash: &str| Written::from([("2026-11/a.xlsx".to_owned(), hash.to_owned())]);
        let store = lock(&path, PATIENCE).unwrap();
        store.note(&one("1")).unwrap();
        drop(store);
        assert_eq!(written(&path).unwrap(), Written::new(), "not committed");
        for hash in ["1", "2"] {
            let store = lock(&path, PATIENCE).unwrap();
            store.note(&one(hash)).unwrap();
            store.commit().unwrap();
            assert_eq!(written(&path).unwrap(), one(hash));
        }
    }
}
