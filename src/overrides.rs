//! A person's judgement over a computed status: who said so, why and until when, and whether it holds.

use crate::account::{Account, Input, Value};
use crate::book::Book;
use crate::field::{Field, Stage, Status};

/// A judgement as a department wrote it beside a client.
#[derive(Clone, Debug, PartialEq)]
pub struct Override<'a> {
    /// Place of its row among the portfolio's entries.
    pub row: usize,
    /// The client's name.
    pub client: &'a str,
    /// Its department.
    pub department: &'a str,
    /// The status that is to be shown, where it could be read.
    pub status: Option<Status>,
    /// Why.
    pub reason: Option<&'a str>,
    /// Its last day, counted from 1899-12-30.
    pub until: Option<i32>,
    /// Who said so.
    pub by: Option<&'a str>,
    /// Whether it holds.
    pub state: State,
}

/// Whether a judgement holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It holds: its status is shown.
    Live,
    /// Its last day has passed.
    Ended,
    /// Status, reason or a readable date is lacking.
    Incomplete,
}

impl State {
    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Ended => "ended",
            Self::Incomplete => "incomplete",
        }
    }
}

/// What stands in the override columns of a client's row, if anything does; `live` says whether the rating took it.
pub fn read<'a>(
    row: usize,
    account: Account<'_>,
    book: &'a Book,
    department: &'a str,
    live: bool,
) -> Option<Override<'a>> {
    let fields = [Field::OverrideStatus, Field::OverrideReason, Field::OverrideUntil, Field::OverrideBy];
    if account.stage() != Stage::Active || fields.iter().all(|&field| account.input(field) == Input::Missing) {
        return None;
    }
    let status = match account.input(Field::OverrideStatus) {
        Input::Known(Value::Status(status)) => Some(status),
        _ => None,
    };
    let until = account.input(Field::OverrideUntil);
    let reason = account.text(Field::OverrideReason, book);
    let state = match (status, reason) {
        _ if live => State::Live,
        (Some(_), Some(_)) if until != Input::Wrong => State::Ended,
        _ => State::Incomplete,
    };
    Some(Override {
        row,
        client: account.client(book),
        department,
        status,
        reason,
        until: until.date(),
        by: account.text(Field::OverrideBy, book),
        state,
    })
}
