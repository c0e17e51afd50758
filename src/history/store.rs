//! Snapshots in SQLite: one file, one transaction a run. A file that is damaged or not ours is never written to.

mod written;

pub use written::{Written, written};

use super::snapshot::{Client, Delivered, Delivery, Listed, Snapshot};
use crate::account::Currency;
use crate::error::Error;
use crate::field::{Stage, Status};
use crate::period::Month;
use crate::portfolio::Amounts;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row, params};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Name of the file below the output folder.
pub const NAME: &str = "keeptabs.sqlite";

/// "keep": tells our files from other programs' (SQLite's application id).
const APPLICATION: i32 = 0x6b65_6570;
/// How long to wait for another run.
const PATIENCE: Duration = Duration::from_secs(30);
/// What brings a file from one version of the schema to the next: the first makes version 1 of an empty file.
const MIGRATIONS: [&str; 2] = [include_str!("store.sql"), include_str!("store/written.sql")];

/// Reads every snapshot, by month. No file: none.
///
/// # Errors
/// [`Error::History`] when the file is damaged, not ours or locked.
pub fn load(path: &Path) -> Result<Vec<Snapshot>, Error> {
    match open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)? {
        Some((connection, version)) if version > 0 => snapshots(&connection).map_err(|error| trouble(path, &error)),
        _ => Ok(Vec::new()),
    }
}

/// The store, held against other runs until it is dropped.
#[derive(Debug)]
pub struct Locked {
    connection: Connection,
    path: PathBuf,
}

/// Opens the store, or makes one, and holds it; waits 30 seconds for another run.
///
/// # Errors
/// [`Error::History`] when the file is damaged, not ours or still locked.
pub fn lock(path: &Path) -> Result<Locked, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
    let Some((connection, _)) = open(path, flags)? else {
        return Err(refuse(path, "cannot be created"));
    };
    let start = || {
        connection.execute_batch("PRAGMA foreign_keys = ON; BEGIN IMMEDIATE")?;
        // another run may have made the tables while this one waited
        let version = version(&connection)?;
        for (next, migration) in (version + 1..).zip(MIGRATIONS.iter().skip(version)) {
            connection.execute_batch(migration)?;
            connection.pragma_update(None, "user_version", next as i64)?;
        }
        connection.pragma_update(None, "application_id", APPLICATION)
    };
    start().map_err(|error| trouble(path, &error))?;
    Ok(Locked { connection, path: path.to_owned() })
}

impl Locked {
    /// Every snapshot, by month.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be read.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, Error> {
        snapshots(&self.connection).map_err(|error| trouble(&self.path, &error))
    }

    /// Puts a snapshot in the place of the month's, if there is one. All or nothing.
    ///
    /// # Errors
    /// [`Error::History`] when the file cannot be written; it is then as it was.
    pub fn replace(self, snapshot: &Snapshot) -> Result<(), Error> {
        let put = || {
            insert(&self.connection, snapshot)?;
            self.connection.execute_batch("COMMIT")
        };
        put().map_err(|error| trouble(&self.path, &error))
    }
}

fn refuse(path: &Path, reason: impl Into<String>) -> Error {
    Error::History { path: path.to_owned(), reason: reason.into() }
}

fn trouble(path: &Path, error: &rusqlite::Error) -> Error {
    let reason = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            "another run has been writing to it for 30 seconds; wait until that has ended, then run again".to_owned()
        }
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
fn open(path: &Path, flags: OpenFlags) -> Result<Option<(Connection, usize)>, Error> {
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
    let connection = Connection::open_with_flags(path, flags).map_err(|error| trouble(path, &error))?;
    let look = || {
        connection.busy_timeout(PATIENCE)?;
        let version = version(&connection)?;
        let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let check: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
        Ok((version, application, tables, check))
    };
    let (version, application, tables, check) = look().map_err(|error| trouble(path, &error))?;
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

fn insert(connection: &Connection, snapshot: &Snapshot) -> rusqlite::Result<()> {
    let month = snapshot.month.to_string();
    connection.execute("DELETE FROM snapshot WHERE month = ?", [&month])?;
    connection.execute(
        "INSERT INTO snapshot (month, scorecard, scorecard_text, fiscal_start, full_year) VALUES (?, ?, ?, ?, ?)",
        params![month, snapshot.scorecard, snapshot.scorecard_text, snapshot.fiscal_start, snapshot.full_year],
    )?;
    for delivery in &snapshot.departments {
        connection
            .prepare_cached("INSERT INTO department (month, name, delivered) VALUES (?, ?, ?)")?
            .execute(params![month, delivery.department, delivery.delivered.id()])?;
    }
    for (number, client) in snapshot.clients.iter().enumerate() {
        connection
            .prepare_cached(
                "INSERT INTO client (month, number, name, score, maximum, shown, kpi_met, key_account)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                month,
                number as i64,
                client.name,
                client.score,
                client.maximum,
                client.shown.id(),
                client.kpi_met,
                client.key
            ])?;
    }
    for (number, account) in snapshot.accounts.iter().enumerate() {
        connection
            .prepare_cached(
                "INSERT INTO account (month, number, department, name, client_id, client, manager, stage, let_go, card,
                 score, maximum, computed, shown, worry, kpi_met, inputs, points, last_year, target, current)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                month,
                number as i64,
                account.department,
                account.name,
                account.id,
                account.client.map(|client| client as i64),
                account.manager,
                stage_id(account.stage),
                account.let_go,
                account.card,
                account.score,
                account.maximum,
                account.computed.id(),
                account.shown.id(),
                account.worry,
                account.kpi_met,
                json(&account.inputs)?,
                json(&account.points)?,
                amounts_json(&account.last_year)?,
                amounts_json(&account.target)?,
                amounts_json(&account.current)?,
            ])?;
    }
    Ok(())
}

fn snapshots(connection: &Connection) -> rusqlite::Result<Vec<Snapshot>> {
    let mut statement = connection
        .prepare("SELECT month, scorecard, scorecard_text, fiscal_start, full_year FROM snapshot ORDER BY month")?;
    let heads = statement.query_map([], |row| {
        let month: String = row.get(0)?;
        Ok(Snapshot {
            month: known(row, 0, month.parse::<Month>().ok())?,
            scorecard: row.get(1)?,
            scorecard_text: row.get(2)?,
            fiscal_start: known(row, 3, row.get(3).ok().filter(|start| (1..=12).contains(start)))?,
            full_year: row.get(4)?,
            departments: Vec::new(),
            clients: Vec::new(),
            accounts: Vec::new(),
        })
    })?;
    let mut snapshots = heads.collect::<rusqlite::Result<Vec<_>>>()?;
    for snapshot in &mut snapshots {
        fill(connection, snapshot)?;
    }
    Ok(snapshots)
}

fn fill(connection: &Connection, snapshot: &mut Snapshot) -> rusqlite::Result<()> {
    let month = snapshot.month.to_string();
    let mut statement =
        connection.prepare_cached("SELECT name, delivered FROM department WHERE month = ? ORDER BY name")?;
    let departments = statement.query_map([&month], |row| {
        Ok(Delivery { department: row.get(0)?, delivered: by_id(row, 1, &Delivered::ALL, Delivered::id)? })
    })?;
    snapshot.departments = departments.collect::<rusqlite::Result<_>>()?;

    let mut statement = connection.prepare_cached(
        "SELECT name, score, maximum, shown, kpi_met, key_account FROM client WHERE month = ? ORDER BY number",
    )?;
    let clients = statement.query_map([&month], |row| {
        Ok(Client {
            name: row.get(0)?,
            score: row.get(1)?,
            maximum: row.get(2)?,
            shown: by_id(row, 3, &Status::ALL, Status::id)?,
            kpi_met: row.get(4)?,
            key: row.get(5)?,
        })
    })?;
    snapshot.clients = clients.collect::<rusqlite::Result<_>>()?;

    let count = snapshot.clients.len();
    let mut statement = connection.prepare_cached(
        "SELECT department, name, client_id, client, manager, stage, let_go, card, score, maximum, computed, shown,
         worry, kpi_met, inputs, points, last_year, target, current FROM account WHERE month = ? ORDER BY number",
    )?;
    let accounts = statement.query_map([&month], |row| {
        let client: Option<i64> = row.get(3)?;
        Ok(Listed {
            department: row.get(0)?,
            name: row.get(1)?,
            id: row.get(2)?,
            client: client
                .map(|client| known(row, 3, usize::try_from(client).ok().filter(|&client| client < count)))
                .transpose()?,
            manager: row.get(4)?,
            stage: by_id(row, 5, &STAGES, stage_id)?,
            let_go: row.get(6)?,
            card: row.get(7)?,
            score: row.get(8)?,
            maximum: row.get(9)?,
            computed: by_id(row, 10, &Status::ALL, Status::id)?,
            shown: by_id(row, 11, &Status::ALL, Status::id)?,
            worry: row.get(12)?,
            kpi_met: row.get(13)?,
            inputs: from_json(row, 14)?,
            points: from_json(row, 15)?,
            last_year: amounts(row, 16)?,
            target: amounts(row, 17)?,
            current: amounts(row, 18)?,
        })
    })?;
    snapshot.accounts = accounts.collect::<rusqlite::Result<_>>()?;
    Ok(())
}

const STAGES: [Stage; 3] = [Stage::Active, Stage::Prospect, Stage::Former];

fn stage_id(stage: Stage) -> &'static str {
    match stage {
        Stage::Active => "active",
        Stage::Prospect => "prospect",
        Stage::Former => "former",
    }
}

/// What a column holds, or an error that names the column: a value that we never write is damage.
fn known<T>(row: &Row<'_>, column: usize, value: Option<T>) -> rusqlite::Result<T> {
    let wrong = || {
        let name = row.as_ref().column_name(column).unwrap_or_default().to_owned();
        rusqlite::Error::InvalidColumnType(column, name, rusqlite::types::Type::Text)
    };
    value.ok_or_else(wrong)
}

fn by_id<T: Copy>(row: &Row<'_>, column: usize, all: &[T], id: fn(T) -> &'static str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    known(row, column, all.iter().copied().find(|&one| id(one) == text))
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    known(row, column, serde_json::from_str(&text).ok())
}

/// Amounts by currency code; without a currency under the empty one.
fn amounts_json(amounts: &Amounts) -> rusqlite::Result<String> {
    let code = |unit: Option<Currency>| unit.map(|unit| unit.code().to_owned()).unwrap_or_default();
    json(&amounts.iter().map(|(unit, amount)| (code(unit), amount)).collect::<BTreeMap<_, _>>())
}

fn amounts(row: &Row<'_>, column: usize) -> rusqlite::Result<Amounts> {
    let stored: BTreeMap<String, f64> = from_json(row, column)?;
    let mut amounts = Amounts::default();
    for (code, amount) in stored {
        let unit = match code.as_bytes() {
            b"" => None,
            code => Some(Currency(known(row, column, code.try_into().ok())?)),
        };
        amounts.add(unit, amount);
    }
    Ok(amounts)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, snapshot};
    use super::*;
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
        october.accounts[1].points.insert("meetings".into(), 1.0);
        let september = snapshot("2026-09", &[listed("Sales", "Acme", 1.0)]);
        lock(&path).unwrap().replace(&october).unwrap();
        lock(&path).unwrap().replace(&september).unwrap();
        assert_eq!(load(&path).unwrap(), [september.clone(), october]);
        let again = snapshot("2026-10", &[listed("Sales", "Acme", 6.0)]);
        lock(&path).unwrap().replace(&again).unwrap();
        assert_eq!(load(&path).unwrap(), [september, again]);
    }

    #[test]
    fn what_is_not_committed_is_gone() {
        let (_folder, path) = place();
        let october = snapshot("2026-10", &[listed("Sales", "Acme", 3.0)]);
        lock(&path).unwrap().replace(&october).unwrap();
        let locked = lock(&path).unwrap();
        insert(&locked.connection, &snapshot("2026-10", &[])).unwrap();
        drop(locked);
        assert_eq!(load(&path).unwrap(), [october]);
    }

    #[test]
    fn damaged_and_foreign_files_are_refused_and_left_alone() {
        let refused = |bytes: &[u8], expected: &str| {
            let (_folder, path) = place();
            std::fs::write(&path, bytes).unwrap();
            for error in [load(&path).unwrap_err(), lock(&path).unwrap_err()] {
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
        lock(&path).unwrap().replace(&snapshot("2026-10", &many)).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        let half = bytes.len() / 2;
        bytes[half..].fill(0xaa);
        refused(&bytes, "damaged");

        let newer = Connection::open(&path).unwrap();
        newer.pragma_update(None, "user_version", 99).unwrap();
        drop(newer);
        refused(&std::fs::read(&path).unwrap(), "newer keeptabs");
    }

    #[test]
    fn a_file_that_was_never_filled_is_no_foreign_one() {
        let (_folder, path) = place();
        std::fs::write(&path, b"").unwrap();
        assert_eq!(load(&path).unwrap(), []);
        lock(&path).unwrap().replace(&snapshot("2026-10", &[])).unwrap();
        assert_eq!(load(&path).unwrap().len(), 1);
    }
}
