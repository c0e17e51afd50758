//! The month in the light of earlier ones: the store, the changes and what is to be said of them.

use super::{Context, Handled, Options};
use crate::error::Error;
use crate::field::Stage;
use crate::finding::{Code, Finding};
use crate::history::{self, Changes, Comparison, Delivered, Locked, Movement, Snapshot, Written};
use crate::output::department;
use crate::period::Month;
use crate::portfolio::{self, Entry, Portfolio, Role};
use crate::proposal::Proposal;
use std::collections::BTreeMap;

/// The stored months.
pub(super) struct Past {
    held: Option<Locked>,
    stored: Vec<Snapshot>,
    written: Written,
    used: bool,
    /// Whether there is anything to store.
    noted: bool,
}

/// The store while a month is put into it beside other work.
pub(super) struct Storing {
    held: Option<Locked>,
    needed: bool,
}

impl Storing {
    /// Puts the month in its place, unless it is stored just so: it counts once the store is committed.
    pub(super) fn put(&mut self, snapshot: &Snapshot) -> Result<(), Error> {
        match &self.held {
            Some(held) if self.needed => held.put(snapshot),
            _ => Ok(()),
        }
    }
}

/// Reads the stored months, and holds the store until this month is in it.
pub(super) fn open(handled: &[Handled], options: &Options) -> Result<Past, Error> {
    let path = options.out.join(history::NAME);
    if !options.history {
        // which results were edited is no matter of months; a store that cannot be read is not asked
        let written = history::written(&path).unwrap_or_default();
        return Ok(Past { held: None, stored: Vec::new(), written, used: false, noted: false });
    }
    // a run in which nothing converts stores nothing
    let tables = handled.iter().filter_map(|file| file.read.as_ref()).flat_map(|read| &read.parsed.tables);
    let stores = tables.flat_map(|table| table.accounts()).any(|account| account.stage() == Stage::Active);
    let (held, stored) = if !options.writes() || !stores {
        (None, history::load(&path)?)
    } else {
        std::fs::create_dir_all(&options.out)
            .map_err(|error| Error::Output { path: options.out.clone(), reason: error.to_string() })?;
        let held = history::lock(&path, history::PATIENCE)?;
        let stored = held.snapshots()?;
        (Some(held), stored)
    };
    let written = held.as_ref().map_or_else(|| history::written(&path), Locked::written)?;
    Ok(Past { held, stored, written, used: true, noted: false })
}

impl Past {
    /// What keeptabs wrote last.
    pub(super) fn written(&self) -> &Written {
        &self.written
    }

    /// Whether the run asks the stored months at all.
    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    /// Whether what this run puts in place is stored anywhere.
    pub(super) fn keeps(&self, options: &Options) -> bool {
        self.held.is_some() || options.out.join(history::NAME).is_file()
    }

    /// Whether storing this month changes nothing that another run of it would say about the stored months.
    pub(super) fn is_settled(&self, snapshot: &Snapshot) -> bool {
        self.stored.contains(snapshot) || self.stored.iter().all(|other| other.month <= snapshot.month)
    }

    /// Whether no other run can write beside this one.
    pub(super) fn is_held(&self) -> bool {
        self.held.is_some()
    }

    /// The stored months before one.
    pub(super) fn before(&self, month: Month) -> impl Iterator<Item = &Snapshot> {
        self.stored.iter().filter(move |snapshot| snapshot.month < month)
    }

    /// The stored months up to one, that one included.
    pub(super) fn until(&self, month: Month) -> impl Iterator<Item = &Snapshot> {
        self.stored.iter().filter(move |snapshot| snapshot.month <= month)
    }

    /// Refuses a run that lacks departments which the stored month has.
    pub(super) fn refuse_partial(&self, snapshot: &Snapshot, options: &Options) -> Result<(), Error> {
        let stores = snapshot.delivering().next().is_some();
        let same_month = self.stored.iter().find(|other| other.month == snapshot.month);
        let Some(other) = same_month.filter(|_| stores && !options.force) else { return Ok(()) };
        let lacking = other.delivering().filter(|name| snapshot.delivered(name) == Delivered::Not);
        let departments: Vec<_> = lacking.map(str::to_owned).collect();
        if departments.is_empty() {
            return Ok(());
        }
        Err(Error::Partial { month: snapshot.month.to_string(), departments })
    }

    /// Hands the store out to have the month put into it; [`Past::take_back`] ends that.
    pub(super) fn hand_out(&mut self, snapshot: &Snapshot) -> Storing {
        Storing { needed: !self.stored.contains(snapshot), held: self.held.take() }
    }

    /// Takes the store back.
    pub(super) fn take_back(&mut self, storing: Storing) {
        self.held = storing.held;
        self.noted = storing.needed;
    }

    /// Notes what was written and what a run of the month has `seen`: it counts once it is stored.
    pub(super) fn note(&mut self, month: Month, written: &Written, seen: Option<&str>) -> Result<(), Error> {
        let Some(held) = &self.held else { return Ok(()) };
        if !self.noted && !self.is_news(written) && held.seen(month)?.as_deref() == seen {
            return Ok(());
        }
        held.note(written)?;
        held.remember(month, seen)?;
        self.noted = true;
        Ok(())
    }

    /// Stores what was noted, and lets other runs write. Gives whether the store knows what was written.
    pub(super) fn store(self, written: &Written, options: &Options) -> Result<bool, Error> {
        let is_news = self.is_news(written);
        match self.held {
            Some(held) if self.noted => held.commit().map(|()| true),
            Some(_) => Ok(true),
            None => {
                let path = options.out.join(history::NAME);
                if self.used || !path.exists() {
                    return Ok(false);
                }
                // as good as can be: without history a store that cannot be written stops nothing
                let noted = || {
                    let held = history::lock(&path, history::PATIENCE)?;
                    held.note(written)?;
                    held.commit()
                };
                Ok(!is_news || noted().is_ok())
            }
        }
    }

    fn is_news(&self, written: &Written) -> bool {
        written.iter().any(|(path, own)| self.written.get(path) != Some(own))
    }
}

/// The month beside the earlier ones, what changed also for each row and as findings.
pub(super) fn compare(
    past: &Past,
    snapshot: &Snapshot,
    settings: &portfolio::Settings,
    context: &Context<'_>,
    rows: &[Entry<'_>],
    portfolio: &Portfolio<'_>,
    facts: &mut [Vec<Vec<department::Fact>>],
) -> (Option<Comparison>, Vec<Finding>) {
    if !past.used {
        return (None, Vec::new());
    }
    let months: Vec<&Snapshot> = past.before(snapshot.month).chain([snapshot]).collect();
    let Some(comparison) = Comparison::of(&months, context.config, settings) else {
        // later months may be there
        return (None, findings(past, snapshot, &Changes::default()));
    };
    let changes = &comparison.changes;
    let places = places(rows, portfolio);
    let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, row) in places.iter().zip(&portfolio.rows) {
        if let Some(place) = place {
            *lines.entry(*place).or_default() += usize::from(row.role != Role::Duplicate);
        }
    }
    for (entry, place) in rows.iter().zip(&places) {
        let Some(place) = *place else { continue };
        let fact = &mut facts[entry.source.file][entry.source.table][entry.source.account];
        fact.change = changes.accounts.get(place).cloned();
        fact.lines = lines.get(&place).copied().unwrap_or_default();
    }
    let findings = findings(past, snapshot, changes);
    (Some(comparison), findings)
}

fn findings(past: &Past, snapshot: &Snapshot, changes: &Changes) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, message: String| findings.push(Finding::new(code, message));
    for own in &changes.not_delivered {
        find(
            Code::NotDelivered,
            format!(
                "{} handed nothing usable in; its {} of {} are neither counted nor lost. Figures about the whole organisation lack them",
                own.department,
                counted(own.clients, "client"),
                own.last
            ),
        );
    }
    for own in &changes.incomplete {
        find(
            Code::ListIncomplete,
            format!(
                "{} of the {} of {} in {} are not in its list: is it complete? Until that is settled they are \"lost?\"",
                own.missing,
                counted(own.clients, "client"),
                own.department,
                own.before
            ),
        );
    }
    for row in changes.movers.iter().filter(|row| row.movement == Movement::MaybeRenamed) {
        let Some(old) = &row.from else { continue };
        let (same, different) = (Proposal::same(&[old, &row.client]), Proposal::different(&[old, &row.client]));
        let message = format!(
            "\"{}\" of {} is new, and \"{old}\", of the same account manager and with the same measures, is gone: renamed? Confirm or deny: {same} or {different}",
            row.client, row.department
        );
        findings.push(Finding::new(Code::MaybeRenamed, message).settled_by(same).settled_by(different));
    }
    let mut find = |code, message: String| findings.push(Finding::new(code, message));
    if let Some(month) = changes.scorecard_changed {
        find(
            Code::ScorecardChanged,
            format!(
                "the scorecard is another than in {month}: what was handed in then is rated anew, and each change is split into the client's part and the scorecard's"
            ),
        );
    }
    let later: Vec<_> =
        past.stored.iter().filter(|other| other.month > snapshot.month).map(|other| other.month.to_string()).collect();
    if !later.is_empty() && !past.stored.iter().any(|other| other.means_the_same(snapshot)) {
        let months = later.join(", ");
        find(
            Code::OutOfDate,
            format!(
                "{} is stored anew: what the results of {months} say about changes is out of date; run {} again",
                snapshot.month,
                if later.len() == 1 { "it" } else { "them" }
            ),
        );
    }
    findings
}

fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Where each row's account stands in the snapshot: accounts first, then rows that are not active.
pub(super) fn places(rows: &[Entry<'_>], portfolio: &Portfolio<'_>) -> Vec<Option<usize>> {
    let mut next = portfolio.accounts.len();
    let place = |(_, row): (&Entry<'_>, &portfolio::RowFacts)| match row.role {
        Role::NotActive => {
            next += 1;
            Some(next - 1)
        }
        _ => row.account,
    };
    rows.iter().zip(&portfolio.rows).map(place).collect()
}
