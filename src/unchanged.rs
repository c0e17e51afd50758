//! Whether a result that was handed in is as keeptabs wrote it: a fingerprint of all that a person may fill in.
//!
//! The result carries it as a document property; read back and computed anew it is the same unless somebody typed.

use crate::account::{Account, Input, Parsed, Value};
use crate::actions::{self, Action};
use crate::book::Book;
use crate::field::Field;
use crate::finding::{Code, Finding};
use crate::output::{cut, department::wrong_text};
use crate::period::Month;
use crate::value::date_text;
use blake3::Hasher;

/// Name of the document property, behind "keeptabs ".
pub const PROPERTY: &str = "inputs";

/// The fingerprint of a workbook's client tables and of what was typed beside them.
pub fn fingerprint<'a>(parsed: &Parsed, typed: impl IntoIterator<Item = &'a Action>) -> String {
    let mut hasher = Hasher::new();
    for table in &parsed.tables {
        add(&mut hasher, "table");
        let carried = || table.columns.iter().filter(|column| column.is_carried());
        let sheet = &parsed.book.sheets[table.sheet];
        for account in table.accounts() {
            for &field in Field::ALL.iter().filter(|field| **field != Field::Currency) {
                add(&mut hasher, &said(&account, field, &parsed.book));
            }
            add(&mut hasher, account.currency().as_ref().map_or("", |currency| currency.code()));
            let row = sheet.row(account.row());
            for column in carried() {
                let cell = row.as_ref().and_then(|row| row.get(column.col));
                add(&mut hasher, &cell.map(|cell| parsed.book.shown(cell)).unwrap_or_default());
            }
        }
    }
    let mut typed: Vec<&Action> = typed.into_iter().collect();
    typed.sort_by_cached_key(|action| action.key());
    for action in typed {
        add(&mut hasher, "action");
        let (key, due) = (action.key(), action.due.map(|due| due.to_string()));
        for text in [Some(&key), action.owner.as_ref(), due.as_ref(), action.done.as_ref(), action.note.as_ref()] {
            add(&mut hasher, text.map_or("", String::as_str));
        }
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// What is to be said of a result of an earlier month in which nothing was updated.
pub fn check(parsed: &Parsed, month: Month) -> Option<Finding> {
    let properties = &parsed.book.marker.as_ref()?.properties;
    let written = properties.get("month")?.parse::<Month>().ok().filter(|written| *written < month)?;
    let sheet = actions::read(parsed);
    let typed = sheet.iter().flat_map(|sheet| &sheet.lines).filter(|action| action.is_typed());
    if *properties.get(PROPERTY)? != fingerprint(parsed, typed) {
        return None;
    }
    let message = format!(
        "nothing was updated since {written}: this is the result of that month as keeptabs wrote it. Ask the department whether its list is still right"
    );
    Some(Finding::new(Code::NothingUpdated, message))
}

/// Each part with its length, so that no two lists of parts look alike.
fn add(hasher: &mut Hasher, text: &str) {
    let text = cut(text);
    hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
}

fn said(account: &Account<'_>, field: Field, book: &Book) -> String {
    match account.input(field) {
        // the result says when an override without an end ends
        Input::Missing if field == Field::OverrideUntil => {
            account.override_end().map_or_else(String::new, |day| date_text(f64::from(day)))
        }
        Input::Missing => String::new(),
        Input::Known(Value::Text(id)) => book.text(id).to_owned(),
        // a day that lay in the future then is none now
        Input::Known(Value::Date(day)) => date_text(f64::from(day)),
        Input::Known(value) => format!("{value:?}"),
        Input::Wrong => wrong_text(account, field, book),
    }
}
