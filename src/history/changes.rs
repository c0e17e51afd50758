//! What changed since a department was last delivered, account by account, and why.

use super::lineage::Lineage;
use super::movers::{Mover, movers};
use super::snapshot::{Delivered, Fact, Listed, Snapshot, measure_key};
use crate::config::Config;
use crate::period::Month;
use crate::score::{Dates, Scorecard, summarise};
use crate::text::fold;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happened since earlier snapshots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// One for each account of the current snapshot, in its order.
    pub accounts: Vec<Change>,
    /// Who moved, came, went.
    pub movers: Vec<Mover>,
    /// Departments that delivered in the last twelve months and not now.
    pub not_delivered: Vec<NotDelivered>,
    /// Departments whose list may not be complete.
    pub incomplete: Vec<Incomplete>,
    /// The latest earlier snapshot whose scorecard is another, if the previous one of any department is.
    pub scorecard_changed: Option<Month>,
}

/// What became of an account since its department was last delivered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Where it comes from.
    pub origin: Origin,
    /// The snapshot that it is compared with; none when its department was never delivered before.
    pub previous_month: Option<Month>,
    /// Whether it was a client then.
    pub was_listed: bool,
    /// Its score then, as it was shown.
    pub previous_score: Option<f64>,
    /// Score less previous score.
    pub change: Option<f64>,
    /// The change in two parts, if the scorecard changed in between.
    pub split: Option<Split>,
    /// The criteria that moved it, in the order of the scorecard.
    pub moved: Vec<Moved>,
}

/// Where an account comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Its department was never delivered before: nothing is known.
    FirstDelivery,
    /// Listed last time.
    Kept,
    /// Never listed; other departments (may) have the client, if any are named.
    New(Vec<String>),
    /// Listed earlier, not last time: the month in which it was listed last.
    Returned(Month),
    /// It was another department's, which no longer lists it.
    FromDepartment(String),
    /// Prospect or former client.
    NotAClient,
}

/// A change in two parts: re-rating the earlier snapshot under today's scorecard tells them apart.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Split {
    /// What the client's inputs changed.
    pub client: f64,
    /// What the scorecard changed.
    pub scorecard: f64,
}

/// A criterion that moved a score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moved {
    /// The scorecard's name.
    pub card: String,
    /// The criterion, by place in the scorecard.
    pub criterion: usize,
    /// What was known then.
    pub before: Option<Fact>,
    /// What is known now.
    pub now: Option<Fact>,
    /// Points now less points then.
    pub points: f64,
}

/// A department that handed nothing usable in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotDelivered {
    /// Its name.
    pub department: String,
    /// When it delivered last.
    pub last: Month,
    /// How many clients it had then.
    pub clients: usize,
}

/// A department that lacks more than a third of its clients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incomplete {
    /// Its name.
    pub department: String,
    /// The month compared with.
    pub before: Month,
    /// Its clients then.
    pub clients: usize,
    /// Of them, neither listed now nor said to be former.
    pub missing: usize,
}

/// Months before the current one after which a department is no longer waited for.
const WAITED_FOR: i32 = 12;

/// Compares the current snapshot, the last of `snapshots` (sorted by month), with the earlier ones.
pub fn compare(snapshots: &[&Snapshot], lineage: &Lineage, config: &Config) -> Changes {
    let Some((current, earlier)) = snapshots.split_last() else { return Changes::default() };
    if earlier.is_empty() {
        let accounts = current.accounts.iter().map(|account| Change::first(account.is_client())).collect();
        return Changes { accounts, ..Changes::default() };
    }
    let past = Past { snapshots, lineage };
    let mut scorecard_changed = None;
    let accounts: Vec<Change> = (0..current.accounts.len())
        .map(|place| {
            let change = past.change(place, config);
            let other = change.previous_month.filter(|&month| {
                earlier.iter().any(|snapshot| snapshot.month == month && snapshot.scorecard != current.scorecard)
            });
            scorecard_changed = scorecard_changed.max(other);
            change
        })
        .collect();
    let incomplete = past.incomplete();
    let not_delivered = past.not_delivered();
    let movers = movers(&past, &accounts, &incomplete);
    Changes { accounts, movers, not_delivered, incomplete, scorecard_changed }
}

impl Change {
    fn first(is_client: bool) -> Self {
        Self {
            origin: if is_client { Origin::FirstDelivery } else { Origin::NotAClient },
            previous_month: None,
            was_listed: false,
            previous_score: None,
            change: None,
            split: None,
            moved: Vec::new(),
        }
    }
}

/// The months before the current one, as a thread sees them.
pub(super) struct Past<'s> {
    pub(super) snapshots: &'s [&'s Snapshot],
    pub(super) lineage: &'s Lineage,
}

impl<'s> Past<'s> {
    /// The current snapshot's place.
    pub(super) fn now(&self) -> usize {
        self.snapshots.len() - 1
    }

    pub(super) fn current(&self) -> &'s Snapshot {
        self.snapshots[self.now()]
    }

    /// The account of a thread in a snapshot, if it was a client then.
    pub(super) fn client_in(&self, thread: usize, month: usize) -> Option<&'s Listed> {
        self.lineage.client_in(thread, month, self.snapshots)
    }

    /// How much of a thread's department there was in a snapshot.
    pub(super) fn delivered(&self, thread: usize, month: usize) -> Delivered {
        self.snapshots[month].delivered(&self.lineage.threads[thread].department)
    }

    /// The latest snapshot before `before` that tells whether the thread was a client: its department was delivered in
    /// full, or in part with it.
    pub(super) fn last_word(&self, thread: usize, before: usize) -> Option<usize> {
        (0..before).rev().find(|&month| match self.delivered(thread, month) {
            Delivered::Full => true,
            Delivered::Partial => self.lineage.threads[thread].places[month].is_some(),
            Delivered::Not => false,
        })
    }

    /// The account of a thread the last time that its department spoke of it, with the snapshot's place.
    pub(super) fn listed_last(&self, thread: usize) -> Option<(usize, &'s Listed)> {
        let month = self.last_word(thread, self.now())?;
        Some((month, self.client_in(thread, month)?))
    }

    /// When the thread was a client last, before now.
    pub(super) fn last_seen(&self, thread: usize) -> Option<usize> {
        (0..self.now()).rev().find(|&month| self.client_in(thread, month).is_some())
    }

    /// The latest earlier snapshot in which a department was delivered.
    fn last_delivery(&self, department: &str) -> Option<usize> {
        (0..self.now()).rev().find(|&month| self.snapshots[month].delivered(department) != Delivered::Not)
    }

    fn change(&self, place: usize, config: &Config) -> Change {
        let account = &self.current().accounts[place];
        let thread = self.lineage.thread_of[self.now()][place];
        let Some(base) = self.last_word(thread, self.now()).or_else(|| self.last_delivery(&account.department)) else {
            let mut first = Change::first(account.is_client());
            if let Some((month, from)) =
                self.others(thread).find_map(|other| self.left(other)).filter(|_| account.is_client())
            {
                first.origin = Origin::FromDepartment(from.department.clone());
                first.previous_month = Some(self.snapshots[month].month);
            }
            return first;
        };
        let previous = self.client_in(thread, base);
        let mut change = Change {
            origin: self.origin(account, thread, previous.is_some()),
            previous_month: Some(self.snapshots[base].month),
            was_listed: previous.is_some(),
            previous_score: previous.and_then(|previous| previous.score),
            change: None,
            split: None,
            moved: Vec::new(),
        };
        let (Some(previous), Some(score), Some(before)) = (previous, account.score, change.previous_score) else {
            return change;
        };
        change.change = Some(score - before);
        let card = card(config, account);
        let then = self.snapshots[base];
        // a client whose word in its list changed may have come under another scorecard
        let again = if then.scorecard == self.current().scorecard && previous.card == account.card {
            card.criteria.iter().map(|criterion| previous.points.get(&criterion.id).copied()).collect()
        } else {
            let points = previous.rate(card, &config.own_columns, &Dates::new(then.period(), &config.flags));
            if let Some(rerated) = summarise(&points, card, true).score {
                change.split = Some(Split { client: score - rerated, scorecard: rerated - before });
            }
            points
        };
        for (number, (criterion, before)) in card.criteria.iter().zip(again).enumerate() {
            let points = account.points.get(&criterion.id).copied().unwrap_or(0.0) - before.unwrap_or(0.0);
            if criterion.counts() && points != 0.0 {
                let key = measure_key(&criterion.measure, &config.own_columns);
                change.moved.push(Moved {
                    card: card.name.clone(),
                    criterion: number,
                    before: previous.inputs.get(&key).cloned(),
                    now: account.inputs.get(&key).cloned(),
                    points,
                });
            }
        }
        change
    }

    fn origin(&self, account: &Listed, thread: usize, listed_last: bool) -> Origin {
        if !account.is_client() {
            return Origin::NotAClient;
        }
        if listed_last {
            return Origin::Kept;
        }
        if let Some(month) = self.last_seen(thread) {
            return Origin::Returned(self.snapshots[month].month);
        }
        // never this department's; what of the client in others?
        if let Some((_, from)) = self.others(thread).find_map(|other| self.left(other)) {
            return Origin::FromDepartment(from.department.clone());
        }
        let mut elsewhere: Vec<String> = self
            .others(thread)
            .filter_map(|other| match self.client_in(other, self.now()) {
                Some(listed) => Some(listed.department.clone()),
                None if self.delivered(other, self.now()) == Delivered::Full => None,
                None => self.listed_last(other).map(|(_, listed)| listed.department.clone()),
            })
            .collect();
        elsewhere.sort();
        elsewhere.dedup();
        match self.others(thread).filter_map(|other| self.last_seen(other)).max() {
            Some(month) if elsewhere.is_empty() => Origin::Returned(self.snapshots[month].month),
            _ => Origin::New(elsewhere),
        }
    }

    /// The other threads of a thread's client.
    fn others(&self, thread: usize) -> impl Iterator<Item = usize> {
        let client = self.lineage.threads[thread].client;
        self.lineage.clients[client].iter().copied().filter(move |&other| other != thread)
    }

    /// The account as it was, if its department listed it last time, was delivered in full and no longer names it.
    pub(super) fn left(&self, thread: usize) -> Option<(usize, &'s Listed)> {
        let last = self.listed_last(thread)?;
        let gone = self.lineage.threads[thread].places[self.now()].is_none();
        (gone && self.delivered(thread, self.now()) == Delivered::Full).then_some(last)
    }

    fn not_delivered(&self) -> Vec<NotDelivered> {
        let oldest = self.current().month.plus(-WAITED_FOR);
        let mut last: BTreeMap<String, (&str, usize)> = BTreeMap::new();
        for month in 0..self.now() {
            for department in self.snapshots[month].delivering() {
                last.insert(fold(department), (department, month));
            }
        }
        let absent = last.into_values().filter(|&(department, month)| {
            self.snapshots[month].month >= oldest && self.current().delivered(department) == Delivered::Not
        });
        absent
            .map(|(department, month)| NotDelivered {
                department: department.to_owned(),
                last: self.snapshots[month].month,
                clients: clients_of(self.snapshots[month], department).count(),
            })
            .collect()
    }

    fn incomplete(&self) -> Vec<Incomplete> {
        let current = self.current();
        let mut found = Vec::new();
        for department in current.delivering().filter(|name| current.delivered(name) == Delivered::Full) {
            let folded = fold(department);
            let mut before = None;
            let (mut clients, mut missing) = (0, 0);
            for (thread, own) in self.lineage.threads.iter().enumerate().filter(|(_, own)| own.department == folded) {
                let Some((month, _)) = self.listed_last(thread) else { continue };
                before = before.max(Some(month));
                clients += 1;
                missing += usize::from(own.places[self.now()].is_none());
            }
            if let Some(month) = before.filter(|_| missing * 3 > clients) {
                let before = self.snapshots[month].month;
                found.push(Incomplete { department: department.to_owned(), before, clients, missing });
            }
        }
        found
    }
}

fn clients_of<'a>(snapshot: &'a Snapshot, department: &str) -> impl Iterator<Item = &'a Listed> {
    let folded = fold(department);
    snapshot.accounts.iter().filter(move |account| account.is_client() && fold(&account.department) == folded)
}

/// The scorecard of an account.
fn card<'c>(config: &'c Config, account: &Listed) -> &'c Scorecard {
    let named = config.scorecards.iter().find(|card| card.name == account.card);
    named.unwrap_or_else(|| config.scorecard_for(&account.department))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{delivered, listed, snapshot};
    use super::*;
    use crate::field::{Level, Stage};
    use crate::portfolio::test_settings;

    fn changes(months: &[Snapshot]) -> Changes {
        let months: Vec<&Snapshot> = months.iter().collect();
        compare(&months, &Lineage::new(&months, &test_settings()), &Config::built_in())
    }

    #[test]
    fn the_change_is_against_the_last_delivery_and_names_its_criteria() {
        let mut now = listed("Sales", "Acme", 1.0);
        now.inputs.insert("decision_level", Fact::Level(Level::Senior));
        now.points.insert("decision_level", 2.0);
        now.score = Some(3.0);
        let months = [
            snapshot("2026-08", &[listed("Sales", "Acme", 0.0)]),
            delivered(snapshot("2026-09", &[]), "Sales", Delivered::Not),
            snapshot("2026-11", &[now]),
        ];
        let change = &changes(&months).accounts[0];
        assert_eq!(change.origin, Origin::Kept);
        assert_eq!(change.previous_month.unwrap().to_string(), "2026-08");
        assert_eq!((change.previous_score, change.change, change.split), (Some(0.0), Some(3.0), None));
        let moved: Vec<_> = change.moved.iter().map(|moved| (moved.criterion, moved.points)).collect();
        assert_eq!(moved, [(2, 1.0), (3, 2.0)]);
        assert_eq!(change.moved[1].now, Some(Fact::Level(Level::Senior)));
        assert_eq!(change.moved[1].before, None);
    }

    #[test]
    fn a_changed_scorecard_splits_the_change() {
        // then, under another scorecard, five meetings gave 5 points; today's gives 1, and the contact gives another
        let then = listed("Sales", "Acme", 5.0);
        let mut now = listed("Sales", "Acme", 1.0);
        now.inputs.insert("our_contacts", Fact::Number(2.0));
        now.inputs.insert("meetings", Fact::Number(5.0));
        now.points.insert("our_contacts", 1.0);
        now.score = Some(2.0);
        let months =
            [snapshot("2026-10", &[then]), Snapshot { scorecard: "two".into(), ..snapshot("2026-11", &[now]) }];
        let all = changes(&months);
        assert_eq!(all.scorecard_changed, Some(months[0].month));
        let change = &all.accounts[0];
        assert_eq!(change.change, Some(-3.0));
        assert_eq!(change.split, Some(Split { client: 1.0, scorecard: -4.0 }));
        assert_eq!(change.moved.iter().map(|moved| moved.criterion).collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn origins() {
        let months = [
            snapshot("2026-09", &[listed("Sales", "Back", 1.0), listed("Sales", "Kept", 1.0)]),
            snapshot(
                "2026-10",
                &[listed("Sales", "Kept", 1.0), listed("Sales", "Mover", 1.0), listed("Ops", "X", 1.0)],
            ),
            snapshot(
                "2026-11",
                &[
                    listed("Sales", "Back", 1.0),
                    listed("Sales", "Kept", 1.0),
                    listed("Sales", "Never seen", 1.0),
                    listed("Ops", "Mover", 1.0),
                    listed("Ops", "X", 1.0),
                    listed("Ops", "Kept", 1.0).client(1),
                    listed("Desk", "First", 1.0),
                    listed("Sales", "Prospect", 1.0).stage(Stage::Prospect),
                ],
            ),
        ];
        let changes = changes(&months);
        let origins: Vec<_> = changes.accounts.iter().map(|change| change.origin.clone()).collect();
        assert_eq!(
            origins,
            [
                Origin::Returned(months[0].month),
                Origin::Kept,
                Origin::New(Vec::new()),
                Origin::FromDepartment("Sales".into()),
                Origin::Kept,
                Origin::New(vec!["Sales".into()]),
                Origin::FirstDelivery,
                Origin::NotAClient,
            ]
        );
    }

    #[test]
    fn who_is_missing_from_a_department_in_part_is_not_gone() {
        let ten: Vec<_> = (0..10).map(|n| listed("Sales", &format!("Client {n}"), 1.0)).collect();
        let months = [
            snapshot("2026-09", &ten),
            delivered(snapshot("2026-10", &ten[..2]), "Sales", Delivered::Partial),
            snapshot("2026-11", &ten[..6]),
        ];
        let changes = changes(&months);
        // compared with the month that spoke of it
        let months_of: Vec<_> =
            changes.accounts.iter().map(|change| change.previous_month.unwrap().to_string()).collect();
        assert_eq!(months_of, ["2026-10", "2026-10", "2026-09", "2026-09", "2026-09", "2026-09"]);
        assert!(changes.accounts.iter().all(|change| change.origin == Origin::Kept));
        let incomplete = &changes.incomplete[0];
        assert_eq!((incomplete.clients, incomplete.missing), (10, 4));
    }

    #[test]
    fn departments_are_waited_for_a_year() {
        let months = [
            snapshot("2025-10", &[listed("Closed", "A", 1.0)]),
            snapshot("2025-11", &[listed("Late", "B", 1.0), listed("Late", "C", 1.0), listed("Sales", "D", 1.0)]),
            snapshot("2026-11", &[listed("Sales", "D", 1.0)]),
        ];
        let expected = NotDelivered { department: "Late".into(), last: months[1].month, clients: 2 };
        assert_eq!(changes(&months).not_delivered, [expected]);
    }
}
