//! What was last written, so that a result which a person has edited since is never replaced.

use super::{Locked, PATIENCE, open, trouble};
use crate::error::Error;
use rusqlite::{Connection, OpenFlags};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// What is known of each file by its path below the output folder, with forward slashes.
pub type Written = BTreeMap<String, Wrote>;

/// What is known of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wrote {
    /// Hash of its content.
    pub hash: String,
    /// Hash of everything that it depends on; empty where it was written before this was stored.
    pub inputs: String,
}

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

/// A store of before does not have the table, or not all of its columns.
const COLUMNS: &str = "SELECT count(*) FROM pragma_table_info('written')";

fn read(connection: &Connection) -> rusqlite::Result<Written> {
    let statement = match connection.query_row(COLUMNS, [], |row| row.get::<_, i64>(0))? {
        0 => return Ok(Written::new()),
        2 => "SELECT path, hash, '' FROM written ORDER BY path",
        _ => "SELECT path, hash, inputs FROM written ORDER BY path",
    };
    let mut statement = connection.prepare(statement)?;
    statement.query_map([], |row| Ok((row.get(0)?, Wrote { hash: row.get(1)?, inputs: row.get(2)? })))?.collect()
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
            let put = "INSERT OR REPLACE INTO written (path, hash, inputs) VALUES (?, ?, ?)";
            let mut statement = self.connection.prepare(put)?;
            written.iter().try_for_each(|(path, own)| statement.execute([path, &own.hash, &own.inputs]).map(drop))
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
        let of = |hash: &str| Wrote { hash: hash.to_owned(), inputs: format!("for {hash}") };
        let one = |hash: &str| Written::from([("2026-11/a.xlsx".to_owned(), of(hash))]);
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
