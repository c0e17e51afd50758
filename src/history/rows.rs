//! Snapshots ↔ the lines of the store's tables.

use super::snapshot::{Card, Client, Delivered, Delivery, List, Listed, Override, Place, Snapshot, Typed};
use crate::account::Currency;
use crate::actions::Action;
use crate::field::{Stage, Status};
use crate::period::Month;
use crate::portfolio::Amounts;
use rusqlite::{Connection, Row, params};
use serde::de::DeserializeOwned;
use smallvec::SmallVec;
use std::collections::BTreeMap;

pub(super) fn insert(connection: &Connection, snapshot: &Snapshot) -> rusqlite::Result<()> {
    let month = snapshot.month.to_string();
    connection.execute("DELETE FROM snapshot WHERE month = ?", [&month])?;
    connection.execute(
        "INSERT INTO snapshot (month, scorecard, scorecard_text, fiscal_start, full_year, cards) VALUES (?, ?, ?, ?, ?, ?)",
        params![
            month,
            snapshot.scorecard,
            snapshot.scorecard_text,
            snapshot.fiscal_start,
            snapshot.full_year,
            json(&snapshot.cards)?
        ],
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
                 score, maximum, computed, shown, worry, kpi_met, inputs, points, last_year, target, current, places, overrides)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                json(&account.places)?,
                json(&account.overrides)?,
            ])?;
    }
    for (number, list) in snapshot.lists.iter().enumerate() {
        connection
            .prepare_cached("INSERT INTO list (month, number, file, hash, sheet, columns) VALUES (?, ?, ?, ?, ?, ?)")?
            .execute(params![month, number as i64, list.file, list.hash, list.sheet, json(&list.columns)?])?;
    }
    for (number, Typed { department, action }) in snapshot.actions.iter().enumerate() {
        connection
            .prepare_cached(
                "INSERT INTO action (month, number, department, client, owner, due, done, note)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            )?
            .execute(params![
                month,
                number as i64,
                department,
                action.client,
                action.owner,
                action.due,
                action.done,
                action.note
            ])?;
    }
    Ok(())
}

pub(super) fn snapshots(connection: &Connection) -> rusqlite::Result<Vec<Snapshot>> {
    let mut statement = connection.prepare(
        "SELECT month, scorecard, scorecard_text, fiscal_start, full_year, cards FROM snapshot ORDER BY month",
    )?;
    let heads = statement.query_map([], |row| {
        let month: String = row.get(0)?;
        Ok(Snapshot {
            month: known(row, 0, month.parse::<Month>().ok())?,
            scorecard: row.get(1)?,
            scorecard_text: row.get(2)?,
            fiscal_start: known(row, 3, row.get(3).ok().filter(|start| (1..=12).contains(start)))?,
            full_year: row.get(4)?,
            cards: from_json::<Vec<Card>>(row, 5)?,
            lists: Vec::new(),
            actions: Vec::new(),
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

    let mut statement =
        connection.prepare_cached("SELECT file, hash, sheet, columns FROM list WHERE month = ? ORDER BY number")?;
    let lists = statement.query_map([&month], |row| {
        Ok(List { file: row.get(0)?, hash: row.get(1)?, sheet: row.get(2)?, columns: from_json(row, 3)? })
    })?;
    snapshot.lists = lists.collect::<rusqlite::Result<_>>()?;

    let mut statement = connection.prepare_cached(
        "SELECT department, client, owner, due, done, note FROM action WHERE month = ? ORDER BY number",
    )?;
    let actions = statement.query_map([&month], |row| {
        let action =
            Action { client: row.get(1)?, owner: row.get(2)?, due: row.get(3)?, done: row.get(4)?, note: row.get(5)? };
        Ok(Typed { department: row.get(0)?, action })
    })?;
    snapshot.actions = actions.collect::<rusqlite::Result<_>>()?;

    let count = snapshot.clients.len();
    let lists = snapshot.lists.len();
    let mut statement = connection.prepare_cached(
        "SELECT department, name, client_id, client, manager, stage, let_go, card, score, maximum, computed, shown,
         worry, kpi_met, inputs, points, last_year, target, current, places, overrides FROM account WHERE month = ? ORDER BY number",
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
            places: {
                let places: SmallVec<[Place; 1]> = from_json(row, 19)?;
                known(row, 19, places.iter().all(|place| place.0 < lists).then_some(places))?
            },
            overrides: from_json::<Vec<Override>>(row, 20)?,
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
