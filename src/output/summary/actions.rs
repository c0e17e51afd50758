//! Open actions beside clients that worry: who does what until when, and where nobody does anything.

use super::View;
use crate::actions::Action;
use crate::field::Status;
use crate::period::{day_of, serial};
use crate::roster::Line;

/// Whether a line is one that somebody should act on.
pub(super) fn worries(line: &Line<'_>) -> bool {
    line.shown == Status::AtRisk || line.assessed.rated.worry == Some(true)
}

/// Whether nobody acts on a line that worries.
pub(super) fn is_neglected(view: &View<'_>, line: &Line<'_>) -> bool {
    worries(line) && open(view, line).is_none()
}

/// The open action of a line with the account that it is about: the one that is due first.
fn open<'s>(view: &View<'s>, line: &Line<'_>) -> Option<(usize, &'s Action)> {
    let of = |&account: &usize| Some((account, view.source.actions.get(account)?.as_ref()?));
    let open = line.accounts.iter().filter_map(of).filter(|(_, action)| action.done.is_none());
    open.min_by_key(|(_, action)| action.due.unwrap_or(i32::MAX))
}

/// "Ana Costa by 2026-12-15", "None open", or nothing where nothing is to be done.
pub(super) fn said(view: &View<'_>, line: &Line<'_>) -> String {
    let words = view.words;
    let Some((account, action)) = open(view, line) else {
        return if worries(line) { words.get("org_action", "none").to_owned() } else { String::new() };
    };
    let manager = view.source.portfolio.accounts[account].manager.map(|place| view.manager(place));
    let owner = action.owner.as_deref().or(manager).unwrap_or(words.get("org", "nobody"));
    let Some(day) = action.due.and_then(day_of) else {
        return words.fill("org_action", "open", &[("owner", owner)]);
    };
    let late = serial(day) < serial(view.source.period.as_of());
    words.fill("org_action", if late { "overdue" } else { "due" }, &[("owner", owner), ("day", &day.to_string())])
}
