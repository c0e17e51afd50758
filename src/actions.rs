//! What a department typed beside its clients: who does what until when. Read back from results that are handed in, and
//! carried on from the stored month.

use crate::account::{Input, Parsed, Value};
use crate::book::{Book, Cell, Sheet as BookSheet};
use crate::field::Field;
use crate::period::{Month, day_of};
use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of the sheet Actions, as far as a person typed it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Action {
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
    /// How the line finds its client again.
    pub fn key(&self) -> String {
        fold(&self.client)
    }

    /// Whether anything was typed.
    pub fn is_typed(&self) -> bool {
        self.owner.is_some() || self.due.is_some() || self.done.is_some() || self.note.is_some()
    }

    /// What was typed, for a message.
    pub fn shown(&self) -> String {
        let due = self.due.and_then(day_of).map(|day| day.to_string());
        let typed = [("owner", &self.owner), ("due", &due), ("done", &self.done), ("note", &self.note)];
        let typed = typed.iter().filter_map(|(name, text)| Some(format!("{name} \"{}\"", text.as_ref()?)));
        typed.collect::<Vec<_>>().join(", ")
    }

    /// Whether it should have been done before this day.
    pub fn is_overdue(&self, as_of: i32) -> bool {
        self.done.is_none() && self.due.is_some_and(|due| due < as_of)
    }
}

/// Stable ids of the columns of the sheet Actions.
pub const COLUMNS: [&str; 11] =
    ["client", "score", "status", "flags", "next_step", "owner", "due", "done", "note", "action_points", "key"];

/// The sheet Actions of a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// The month of the result; none where its marker names none.
    pub month: Option<Month>,
    /// Every line, also those where nothing was typed.
    pub lines: Vec<Action>,
}

/// The sheet Actions of a result of keeptabs; none for any other workbook.
pub fn read(parsed: &Parsed) -> Option<Sheet> {
    let book = &parsed.book;
    let marker = book.marker.as_ref()?;
    let month = marker.properties.get("month").and_then(|text| text.parse().ok());
    let (sheet, row, columns) = find(book)?;
    let managers = managers(parsed);
    let mut lines = Vec::new();
    for row in sheet.rows().filter(|line| line.row > row) {
        let text = |id: &str| {
            let cell = row.get(*columns.get(id)?)?;
            Some(book.shown(cell).trim().to_owned()).filter(|text| !text.is_empty())
        };
        let Some(client) = text("client") else { continue };
        let due = columns.get("due").and_then(|&col| row.get(col)).and_then(|cell| match cell {
            Cell::Date(serial, _) | Cell::Number(serial, _) => Some(serial as i32),
            _ => None,
        });
        let owner = text("owner");
        let mut action = Action { client, owner: None, due, done: text("done"), note: text("note") };
        // the account manager is the owner unless somebody typed another; without a client table nobody can tell
        let can_tell = !managers.is_empty() || action.is_typed();
        action.owner = owner.filter(|owner| can_tell && managers.get(&action.key()) != Some(&fold(owner)));
        lines.push(action);
    }
    Some(Sheet { month, lines })
}

/// The actions of a department in a month: what its results say, the newest last; else what was stored. What was done
/// in an earlier month is done with; an open action stays.
///
/// A line that was cleared in a result clears what was stored before that result; an older result clears nothing.
pub fn carried<'a>(
    results: impl IntoIterator<Item = &'a Sheet>,
    stored: Option<(Month, &[&'a Action])>,
    month: Month,
) -> Vec<Action> {
    let mut all: BTreeMap<String, ((Month, bool), &Action)> = BTreeMap::new();
    if let Some((from, actions)) = stored {
        all.extend(actions.iter().map(|action| (action.key(), ((from, false), *action))));
    }
    let mut results: Vec<_> = results.into_iter().map(|sheet| (sheet.month.unwrap_or(month), sheet)).collect();
    results.sort_by_key(|(from, _)| *from);
    for (from, sheet) in results {
        for action in &sheet.lines {
            let key = action.key();
            if action.is_typed() {
                all.insert(key, ((from, true), action));
            } else if all.get(&key).is_some_and(|(known, _)| *known < (from, true)) {
                all.remove(&key);
            }
        }
    }
    let open = |((from, _), action): &((Month, bool), &Action)| *from >= month || action.done.is_none();
    all.into_values().filter(open).map(|(_, action)| action.clone()).collect()
}

/// The sheet with the actions, its heading row, and the column of each id, as noted on the sheet Lists.
fn find(book: &Book) -> Option<(&BookSheet, u32, BTreeMap<String, u16>)> {
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
        let manager = match account.input(Field::AccountManager) {
            Input::Known(Value::Text(id)) => fold(parsed.book.text(id)),
            _ => String::new(),
        };
        managers.insert(fold(account.client(&parsed.book)), manager);
    }
    managers
}

#[cfg(test)]
mod tests {
    use super::*;

    fn action(client: &str, note: Option<&str>, done: Option<&str>) -> Action {
        Action {
            client: client.to_owned(),
            note: note.map(str::to_owned),
            done: done.map(str::to_owned),
            ..Action::default()
        }
    }

    fn notes(results: &[Sheet], stored: Option<(&str, &[Action])>) -> Vec<(String, Option<String>)> {
        let stored: Option<(Month, Vec<&Action>)> =
            stored.map(|(month, actions)| (month.parse().unwrap(), actions.iter().collect()));
        let stored = stored.as_ref().map(|(month, actions)| (*month, actions.as_slice()));
        let all = carried(results, stored, "2026-11".parse().unwrap());
        all.into_iter().map(|action| (action.client, action.note)).collect()
    }

    fn sheet(month: &str, lines: &[Action]) -> Sheet {
        Sheet { month: month.parse().ok(), lines: lines.to_vec() }
    }

    #[test]
    fn what_was_stored_stays_until_it_is_done() {
        let stored = [action("Acme", Some("call"), None), action("Bolt", Some("sent"), Some("yes"))];
        let acme = ("Acme".to_owned(), Some("call".to_owned()));
        assert_eq!(notes(&[], Some(("2026-10", &stored))), std::slice::from_ref(&acme));
        // stored this month: what was done stands still
        assert_eq!(notes(&[], Some(("2026-11", &stored))).len(), 2);
        // a result that does not speak of it leaves it, one that clears or ends it does not
        assert_eq!(
            notes(&[sheet("2026-10", &[action("Cog", None, None)])], Some(("2026-10", &stored))),
            std::slice::from_ref(&acme)
        );
        assert_eq!(notes(&[sheet("2026-10", &[action("ACME", None, None)])], Some(("2026-10", &stored))), []);
        assert_eq!(notes(&[sheet("2026-10", &[action("Acme", None, Some("x"))])], Some(("2026-10", &stored))), []);
        // an older result clears nothing, and says what was typed in it
        let older = sheet("2026-09", &[action("Acme", None, None), action("Dot", Some("typed late"), None)]);
        let dot = ("Dot".to_owned(), Some("typed late".to_owned()));
        assert_eq!(notes(&[older], Some(("2026-10", &stored))), [acme, dot]);
    }

    #[test]
    fn of_two_results_the_newer_one_counts() {
        let old = sheet("2026-09", &[action("Acme", Some("old"), None)]);
        let new = sheet("2026-10", &[action("Acme", Some("new"), None)]);
        let expected = [("Acme".to_owned(), Some("new".to_owned()))];
        assert_eq!(notes(&[new.clone(), old.clone()], None), expected);
        assert_eq!(notes(&[old, new.clone()], None), expected);
        // of one month a cleared line does not clear the other's
        assert_eq!(notes(&[new, sheet("2026-10", &[action("Acme", None, None)])], None), expected);
    }

    #[test]
    fn overdue_is_later_than_the_day() {
        let due = Action { due: Some(46_356), ..Action::default() };
        assert!(!due.is_overdue(46_356) && due.is_overdue(46_357));
        assert!(!Action { done: Some("Yes".into()), ..due }.is_overdue(46_357));
        assert!(!Action::default().is_overdue(46_357));
    }
}
