//! Snapshots in SQLite: one file, one transaction a run. A file that is damaged or not ours is never written to.

mod seen;
mod written;

pub use written::{Written, Wrote, written};

use super::rows::{insert, snapshots};
use super::snapshot::Snapshot;
use crate::error::Error;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the file below the output folder.
pub const NAME: &str = "keeptabs.sqlite";

/// "keep": tells our files from other programs' (SQLite's application id).
const APPLICATION: i32 = 0x6b65_6570;
/// How long to wait for another run.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// What brings a file from one version of the schema to the next: the first makes version 1 of an empty file.
const MIGRATIONS: [&str; 4] = [
    include_str!("store.sql"),
    include_str!("store_2.sql"),
    include_str!("store/written.sql"),
    include_str!("store/fresh.sql"),
];

/// Reads every snapshot, by month. No file: none. A file of an older version is read as if it were brought up to date,
/// and stays as it is.
///
/// # Errors
/// [`Error::History`] when the file is damaged, not ours or locked.
pub fn load(path: &Path) -> Result<Vec<Snapshot>, Error> {
    let Some((connection, version)) = open(path, OpenFlags::SQLITE_OPEN_READ_WRITE, PATIENCE)? else {
        return Ok(Vec::new());
    };
    let read = || match version {
        0 => Ok(Vec::new()),
        version if version == MIGRATIONS.len() => snapshots(&connection),
        _ => {
            connection.execute_batch("BEGIN IMMEDIATE")?;
            migrate(&connection)?;
            let snapshots = snapshots(&connection)?;
            connection.execute_batch("ROLLBACK")?;
            Ok(snapshots)
        }
    };
    read().map_err(|error| trouble(path, &error, PATIENCE))
}

/// The store, held against other runs until it is dropped.
#[derive(Debug)]
pub struct Locked {
    connection: Connection,
    path: PathBuf,
}

/// Opens the store, or makes one, and holds it; waits so long for another run.
///
/// # Errors
/// [`Error::History`] when the file is damaged, not ours or still locked.
pub fn lock(path: &Path, patience: Duration) -> Result<Locked, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let Some((connection, _)) = open(path, flags, patience)? else {
        return Err(refuse(path, "cannot be created"));
    };
    let start = || {
        connection.execute_batch("PRAGMA foreign_keys = ON; BEGIN IMMEDIATE")?;
        migrate(&connection)
    };
    start().map_err(|error| trouble(path, &error, patience))?;
    Ok(Locked { connection, path: path.to_owned() })
}

/// Brings the tables up to date, inside a transaction: another run may have done so while this one waited.
fn migrate(connection: &Connection) -> rusqlite::Result<()> {
    let version = version(connection)?;
    for (next, migration) in (version + 1..).zip(MIGRATIONS.iter().skip(version)) {
        connection.execute_batch(migration)?;
        connection.pragma_update(None, "user_version", next as i64)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION)
}

impl Locked {
    /// Every snapshot, by month.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be read.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, Error> {
        snapshots(&self.connection).map_err(|error| trouble(&self.path, &error, PATIENCE))
    }

    /// Puts a snapshot in the place of the month's, if there is one; it counts once the store is committed. What runs
    /// have seen was with other months, and is forgotten.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be written.
    pub fn put(&self, snapshot: &Snapshot) -> Result<(), Error> {
        let put = || {
            insert(&self.connection, snapshot)?;
            self.connection.execute("DELETE FROM run", []).map(drop)
        };
        put().map_err(|error| trouble(&self.path, &error, PATIENCE))
    }

    /// The same, and committed: all or nothing.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be written; it is then as it was.
    pub fn replace(self, snapshot: &Snapshot) -> Result<(), Error> {
        self.put(snapshot)?;
        self.commit()
    }
}

fn refuse(path: &Path, reason: impl Into<String>) -> Error {
    Error::History { path: path.to_owned(), reason: reason.into() }
}

fn trouble(path: &Path, error: &rusqlite::Error, waited: Duration) -> Error {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => format!(
            "another run has held it for {} seconds; wait until that has ended, then run again",
            waited.as_secs()
        ),
        Some(ErrorCode::DatabaseCorrupt) => damaged(&error.to_string()),
        Some(ErrorCode::NotADatabase) => FOREIGN.to_owned(),
        _ => error.to_string(),
    };
    refuse(path, reason)
}

const FOREIGN: &str = "it was not made by keeptabs and is left as it is; move it away, or run with --no-history";

fn damaged(what: &str) -> String {
    format!(
        "it is damaged ({what}) and is left as it is; bring back a copy of it, or move it away and run the earlier months again"
    )
}

/// The file with the version of its schema (0: still empty); `None` where there is none and none is to be made.
fn open(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Option<(Connection, usize)>, Error> {
    let mut head = Vec::new();
    match File::open(path) {
        Ok(file) => {
            file.take(16).read_to_end(&mut head).map_err(|error| refuse(path, error.to_string()))?;
            if !head.is_empty() && head != *b"SQLite format 3\0" {
                return Err(refuse(path, FOREIGN));
            }
        }
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if !flags.contains(OpenFlags::SQLITE_OPEN_CREATE) {
                return Ok(None);
            }
        }
        Err(error) => return Err(refuse(path, error.to_string())),
    }
    let flags = flags | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(|error| trouble(path, &error, patience))?;
    let look = || {
        connection.busy_timeout(patience)?;
        let version = version(&connection)?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok((version, application, tables, check))
    };
    let (version, application, tables, check) = look().map_err(|error| trouble(path, &error, patience))?;
    if check != "ok" {
        return Err(refuse(path, damaged(check.lines().next().unwrap_or_default())));
    }
    if application != APPLICATION && (tables > 0 || application != 0) {
        return Err(refuse(path, FOREIGN));
    }
    if version > MIGRATIONS.len() {
        return Err(refuse(path, "it was written by a newer keeptabs; use that one, or run with --no-history"));
    }
    Ok(Some((connection, version)))
}

fn version(connection: &Connection) -> rusqlite::Result<usize> {
    let version: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::super::snapshot::{CardCriterion, Client, List, Listed, Override, Place, Typed};
    use super::super::testing::{listed, snapshot};
    use super::*;
    use crate::account::Currency;
    use crate::actions::Action;
    use crate::field::Status;
    use crate::history::Card;
    use crate::portfolio::Amounts;
    use tempfile::TempDir;

    fn place() -> (TempDir, PathBuf) {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join(NAME);
        (folder, path)
    }

    #[test]
    fn a_month_comes_back_as_stored_and_running_it_again_replaces_it() {
        let (_folder, path) = place();
        assert_eq!(load(&path).unwrap(), []);
        assert!(!path.exists());
        let mut october = snapshot("2026-10", &[listed("Sales", "Acme", 3.0), listed("Sales", "Zed", 5.0)]);
        october.accounts[0].last_year = Amounts::of(Some(Currency(*b"EUR")), 0.1 + 0.2);
        october.accounts[0].last_year.add(None, -7.0);
        october.accounts[1].points.insert("meetings", 1.0);
        october.lists.push(List {
            file: "Sales/Clients.xlsx".into(),
            hash: "ab".into(),
            sheet: "Clients".into(),
            columns: [("meetings".to_owned(), "F".to_owned())].into(),
        });
        october.accounts[0].places = [Place(0, 17)].into_iter().collect();
        october.accounts[1].overrides = vec![Override {
            status: Status::AtRisk,
            reason: Some("merger".into()),
            until: None,
            by: Some("Maya".into()),
            ends: Some(46_387),
            live: true,
        }];
        october.cards.push(Card {
            name: "Client retention matrix".into(),
            strong: 5.0,
            watch: 3.0,
            worry: 4.0,
            kpi: 4.0,
            criteria: vec![CardCriterion {
                id: "meetings".into(),
                measure: "meetings".into(),
                label: "meetings".into(),
                rule: "at least 2".into(),
                points: 1.0,
            }],
        });
        let action =
            Action { client: "Acme".into(), due: Some(46_000), note: Some("called".into()), ..Action::default() };
        october.actions.push(Typed { department: "Sales".into(), action });
        let september = snapshot("2026-09", &[listed("Sales", "Acme", 1.0)]);
        lock(&path, PATIENCE).unwrap().replace(&october).unwrap();
        lock(&path, PATIENCE).unwrap().replace(&september).unwrap();
        assert_eq!(load(&path).unwrap(), [september.clone(), october]);
        let again = snapshot("2026-10", &[listed("Sales", "Acme", 6.0)]);
        lock(&path, PATIENCE).unwrap().replace(&again).unwrap();
        assert_eq!(load(&path).unwrap(), [september, again]);
    }

    #[test]
    fn what_is_not_committed_is_gone() {
        let (_folder, path) = place();
        let october = snapshot("2026-10", &[listed("Sales", "Acme", 3.0)]);
        lock(&path, PATIENCE).unwrap().replace(&october).unwrap();
        let locked = lock(&path, PATIENCE).unwrap();
        insert(&locked.connection, &snapshot("2026-10", &[])).unwrap();
        drop(locked);
        assert_eq!(load(&path).unwrap(), [october]);
    }

    #[test]
    fn damaged_and_foreign_files_are_refused_and_left_alone() {
        let refused = |bytes: &[u8], expected: &str| {
            let (_folder, path) = place();
            std::fs::write(&path, bytes).unwrap();
            for error in [load(&path).unwrap_err(), lock(&path, PATIENCE).unwrap_err()] {
                assert!(error.to_string().contains(expected), "{error}");
            }
            assert_eq!(std::fs::read(&path).unwrap(), bytes);
        };
        refused(b"month,client,score\n", "not made by keeptabs");
        refused(b"SQLite format 3\0 and then nothing that it should be", "not made by keeptabs");

        let (_folder, path) = place();
        let other = Connection::open(&path).unwrap();
        other.execute_batch("CREATE TABLE account (name TEXT)").unwrap();
        drop(other);
        refused(&std::fs::read(&path).unwrap(), "not made by keeptabs");

        let (_folder, path) = place();
        let many: Vec<_> = (0..500).map(|n| listed("Sales", &format!("Client {n}"), 3.0)).collect();
        lock(&path, PATIENCE).unwrap().replace(&snapshot("2026-10", &many)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes[half..].fill(0xaa);
        refused(&bytes, "damaged");

        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        drop(newer);
        refused(&std::fs::read(&path).unwrap(), "newer keeptabs");
    }

    /// What version 1 wrote: a month of it must be read, and live on in a file that is brought up to date.
    #[test]
    fn a_file_of_version_1_is_read_and_brought_up_to_date() {
        let (_folder, path) = place();
        let old = Connection::open(&path).unwrap();
        old.execute_batch(MIGRATIONS[0]).unwrap();
        old.execute_batch(
            r#"INSERT INTO snapshot VALUES ('2026-10', 'one', 'the scorecard', 1, 0);
            INSERT INTO department VALUES ('2026-10', 'Sales', 'delivered');
            INSERT INTO client VALUES ('2026-10', 0, 'Acme', 3.0, 6.0, 'watch', 0, 0);
            INSERT INTO account VALUES ('2026-10', 0, 'Sales', 'Acme', NULL, 0, 'Ana Costa', 'active', 0,
              'Client retention matrix', 3.0, 6.0, 'watch', 'watch', 1, 0, '{"meetings":{"number":3.0}}',
              '{"meetings":3.0}', '{}', '{}', '{}');"#,
        )
        .unwrap();
        old.pragma_update(None, "user_version", 1).unwrap();
        old.pragma_update(None, "application_id", APPLICATION).unwrap();
        drop(old);
        let october = snapshot("2026-10", &[listed("Sales", "Acme", 3.0)]);
        let expected = Listed { kpi_met: Some(false), ..october.accounts[0].clone() };
        let october = Snapshot { accounts: vec![expected], ..october };
        let october =
            Snapshot { clients: vec![Client { kpi_met: Some(false), ..october.clients[0].clone() }], ..october };
        let before = std::fs::read(&path).unwrap();
        assert_eq!(load(&path).unwrap(), std::slice::from_ref(&october));
        assert_eq!(std::fs::read(&path).unwrap(), before, "reading leaves the file as it is");
        let november = snapshot("2026-11", &[listed("Sales", "Acme", 4.0)]);
        lock(&path, PATIENCE).unwrap().replace(&november).unwrap();
        assert_eq!(load(&path).unwrap(), [october, november]);
        let version: i64 =
            Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
        assert_eq!(version, MIGRATIONS.len() as i64);
    }

    #[test]
    fn who_waits_too_long_is_told_so_and_reading_goes_on() {
        let (_folder, path) = place();
        let october = snapshot("2026-10", &[listed("Sales", "Acme", 3.0)]);
        lock(&path, PATIENCE).unwrap().replace(&october).unwrap();
        let held = lock(&path, PATIENCE).unwrap();
        let started = std::time::Instant::now();
        let refused = lock(&path, Duration::from_secs(1)).unwrap_err().to_string();
        assert!(started.elapsed() >= Duration::from_secs(1));
        assert!(refused.contains("another run has held it for 1 second") && refused.contains("run again"), "{refused}");
        assert_eq!(load(&path).unwrap(), std::slice::from_ref(&october));
        drop(held);
        lock(&path, Duration::from_secs(1)).unwrap();
    }

    #[test]
    fn a_file_that_was_never_filled_is_no_foreign_one() {
        let (_folder, path) = place();
        std::fs::write(&path, b"").unwrap();
        assert_eq!(load(&path).unwrap(), []);
        lock(&path, PATIENCE).unwrap().replace(&snapshot("2026-10", &[])).unwrap();
        assert_eq!(load(&path).unwrap().len(), 1);
    }
}
