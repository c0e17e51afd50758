//! What a department typed beside its clients: who does what until when. Read back from a result that is handed in.

use crate::account::{Input, Parsed, Value};
use crate::book::{Book, Cell, Sheet};
use crate::field::Field;
use crate::period::Month;
use crate::text::fold;
use std::collections::BTreeMap;

/// One line of the sheet Actions, as far as a person typed it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Action {
    /// Folded name of the client: how the line finds its client again.
    pub key: String,
    /// Name of the client.
    pub client: String,
    /// Who does it, if not the account manager.
    pub owner: Option<String>,
    /// Until when: days since 1899-12-30.
    pub due: Option<i32>,
    /// Anything here means done.
    pub done: Option<String>,
    /// Free text.
    pub note: Option<String>,
}

impl Action {
    /// Whether anything was typed.
    pub fn is_typed(&self) -> bool {
        self.owner.is_some() || self.due.is_some() || self.done.is_some() || self.note.is_some()
    }
}

/// Stable ids of the columns of the sheet Actions.
pub const COLUMNS: [&str; 11] =
    ["client", "score", "status", "flags", "next_step", "owner", "due", "done", "note", "action_points", "key"];

/// The typed actions of a result of keeptabs; empty for any other workbook. What was done in an earlier month is done
/// with; an open action is carried on.
pub fn read(parsed: &Parsed, month: Month) -> Vec<Action> {
    let book = &parsed.book;
    let Some(marker) = &book.marker else { return Vec::new() };
    let earlier = marker.properties.get("month").and_then(|text| text.parse::<Month>().ok()).is_some_and(|m| m < month);
    let Some((sheet, row, columns)) = find(book) else { return Vec::new() };
    let managers = managers(parsed);
    let mut actions = Vec::new();
    for row in sheet.rows().filter(|line| line.row > row) {
        let text = |id: &str| {
            let cell = row.get(*columns.get(id)?)?;
            Some(book.shown(cell).trim().to_owned()).filter(|text| !text.is_empty())
        };
        let Some(client) = text("client") else { continue };
        let key = fold(&client);
        let due = columns.get("due").and_then(|&col| row.get(col)).and_then(|cell| match cell {
            Cell::Date(serial, _) | Cell::Number(serial, _) => Some(serial as i32),
            _ => None,
        });
        // the account manager is the owner unless somebody typed another
        let owner = text("owner").filter(|owner| managers.get(&key) != Some(&fold(owner)));
        let action = Action { key, client, owner, due, done: text("done"), note: text("note") };
        if action.is_typed() && !(earlier && action.done.is_some()) {
            actions.push(action);
        }
    }
    actions
}

/// The sheet with the actions, its heading row, and the column of each id, as noted on the sheet Lists.
fn find(book: &Book) -> Option<(&Sheet, u32, BTreeMap<String, u16>)> {
    let mut headings = BTreeMap::new();
    for sheet in &book.sheets {
        for row in sheet.rows() {
            let text = |col: u16| match row.get(col) {
                Some(Cell::Text(id)) => Some(book.text(id)),
                _ => None,
            };
            if let (Some("Actions"), Some(heading), Some(id)) = (text(4), text(5), text(6)) {
                headings.insert(heading.to_owned(), id.to_owned());
            }
        }
    }
    if headings.len() < COLUMNS.len() {
        return None;
    }
    for sheet in &book.sheets {
        let Some(row) = sheet.rows().next() else { continue };
        let found: BTreeMap<String, u16> = row
            .cells()
            .filter_map(|(col, cell)| match cell {
                Cell::Text(id) => Some((headings.get(book.text(id))?.clone(), col)),
                _ => None,
            })
            .collect();
        if ["client", "owner", "due", "done", "note", "key"].iter().all(|id| found.contains_key(*id)) {
            return Some((sheet, row.row, found));
        }
    }
    None
}

/// Folded client → folded account manager, as the same workbook says.
fn managers(parsed: &Parsed) -> BTreeMap<String, String> {
    let mut managers = BTreeMap::new();
    for account in parsed.tables.iter().flat_map(|table| table.accounts()) {
        if let Input::Known(Value::Text(id)) = account.input(Field::AccountManager) {
            managers.insert(fold(account.client(&parsed.book)), fold(parsed.book.text(id)));
        }
    }
    managers
}
