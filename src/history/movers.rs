//! Movers: who rose and fell, came and went, as rows.

use super::changes::{Change, Incomplete, Moved, Origin, Past, Split};
use super::snapshot::{Delivered, Listed};
use crate::field::{Field, Stage};
use crate::period::Month;
use crate::portfolio::Amounts;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Movement {
    /// The score fell.
    Down,
    /// The score rose.
    Up,
    /// No longer listed, or said to be former.
    Lost,
    /// No longer listed, in a list that lacks more than a third.
    MaybeLost,
    /// Gone, while a new name has the same manager and measures.
    MaybeRenamed,
    /// Another department's now.
    Moved,
    /// Listed earlier, not last time.
    Returned,
    /// Never listed before.
    New,
    /// Its department handed nothing usable in.
    NotDelivered,
}

impl Movement {
    /// In the order in which they are listed.
    pub const ALL: [Movement; 9] = [
        Movement::Down,
        Movement::Up,
        Movement::Lost,
        Movement::MaybeLost,
        Movement::MaybeRenamed,
        Movement::Moved,
        Movement::Returned,
        Movement::New,
        Movement::NotDelivered,
    ];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Down => "down",
            Self::Up => "up",
            Self::Lost => "lost",
            Self::MaybeLost => "maybe_lost",
            Self::MaybeRenamed => "maybe_renamed",
            Self::Moved => "moved",
            Self::Returned => "returned",
            Self::New => "new",
            Self::NotDelivered => "not_delivered",
        }
    }
}

/// A row of Movers.
#[derive(Clone, Debug, PartialEq)]
pub struct Mover {
    /// What happened.
    pub movement: Movement,
    /// The client's name: now, or, when it is gone, then.
    pub client: String,
    /// Its department now, or, when it is gone, then.
    pub department: String,
    /// The department it came from (moved), or the name that is gone (maybe renamed).
    pub from: Option<String>,
    /// Who looks, or looked, after it.
    pub manager: Option<String>,
    /// The month that it is compared with, or in which it was last listed.
    pub before: Month,
    /// Score then.
    pub previous_score: Option<f64>,
    /// Score now.
    pub score: Option<f64>,
    /// Score less previous score.
    pub change: Option<f64>,
    /// The change in two parts, if the scorecard changed.
    pub split: Option<Split>,
    /// The criteria that moved it.
    pub moved: Vec<Moved>,
    /// Last year's revenue, as last listed.
    pub revenue: Amounts,
    /// Former or prospect, where the list says so.
    pub stage: Option<Stage>,
    /// A former client that was let go on purpose.
    pub let_go: bool,
    /// The account in the current snapshot, if it is there.
    pub account: Option<usize>,
}

/// The rows, by movement, then the largest change, then revenue, then name.
pub(super) fn movers(past: &Past<'_>, changes: &[Change], incomplete: &[Incomplete]) -> Vec<Mover> {
    let mut rows = present(past, changes);
    let mut gone = gone(past, incomplete);
    join_renamed(past, &mut rows, &mut gone);
    rows.extend(gone.into_iter().map(|(_, row)| row));
    let revenue = |row: &Mover| row.revenue.iter().map(|(_, amount)| amount).fold(0.0, f64::max);
    rows.sort_by(|a, b| {
        let change = |row: &Mover| row.change.unwrap_or(0.0).abs();
        a.movement
            .cmp(&b.movement)
            .then_with(|| change(b).total_cmp(&change(a)))
            .then_with(|| revenue(b).total_cmp(&revenue(a)))
            .then_with(|| (&a.client, &a.department).cmp(&(&b.client, &b.department)))
    });
    rows
}

fn present(past: &Past<'_>, changes: &[Change]) -> Vec<Mover> {
    let mut rows = Vec::new();
    for (place, (account, change)) in past.current().accounts.iter().zip(changes).enumerate() {
        let Some(before) = change.previous_month else { continue };
        let moved_by = change.change.unwrap_or(0.0);
        let (movement, before, from) = match &change.origin {
            Origin::Kept if moved_by > 0.0 => (Movement::Up, before, None),
            Origin::Kept if moved_by < 0.0 => (Movement::Down, before, None),
            Origin::New(_) => (Movement::New, before, None),
            Origin::Returned(last) => (Movement::Returned, *last, None),
            Origin::FromDepartment(from) => (Movement::Moved, before, Some(from.clone())),
            Origin::Kept | Origin::FirstDelivery | Origin::NotAClient => continue,
        };
        rows.push(Mover {
            movement,
            client: account.name.clone(),
            department: account.department.clone(),
            from,
            manager: account.manager.clone(),
            before,
            previous_score: change.previous_score,
            score: account.score,
            change: change.change,
            split: change.split,
            moved: change.moved.clone(),
            revenue: account.last_year.clone(),
            stage: None,
            let_go: false,
            account: Some(place),
        });
    }
    rows
}

/// Threads that were listed when their departments last spoke of them, and are no clients now.
fn gone(past: &Past<'_>, incomplete: &[Incomplete]) -> Vec<(usize, Mover)> {
    let short: BTreeSet<String> = incomplete.iter().map(|own| fold(&own.department)).collect();
    // where a client has gone to: the clients of accounts that came from another department
    let arrived: BTreeSet<usize> = past
        .lineage
        .threads
        .iter()
        .enumerate()
        .filter(|&(thread, _)| past.client_in(thread, past.now()).is_some() && past.last_seen(thread).is_none())
        .map(|(_, own)| own.client)
        .collect();
    let mut rows = Vec::new();
    for (thread, own) in past.lineage.threads.iter().enumerate() {
        let Some((month, listed)) = past.listed_last(thread) else { continue };
        if past.client_in(thread, past.now()).is_some() {
            continue;
        }
        let now = own.places[past.now()].map(|place| &past.current().accounts[place]);
        let movement = match (now, past.delivered(thread, past.now())) {
            (Some(_), _) => Movement::Lost,
            (None, Delivered::Full) if past.left(thread).is_some() && arrived.contains(&own.client) => continue,
            (None, Delivered::Full) if short.contains(&own.department) => Movement::MaybeLost,
            (None, Delivered::Full) => Movement::Lost,
            (None, Delivered::Partial | Delivered::Not) => Movement::NotDelivered,
        };
        let row = Mover {
            movement,
            client: listed.name.clone(),
            department: listed.department.clone(),
            from: None,
            manager: listed.manager.clone(),
            before: past.snapshots[month].month,
            previous_score: listed.score,
            score: None,
            change: None,
            split: None,
            moved: Vec::new(),
            revenue: listed.last_year.clone(),
            stage: now.map(|now| now.stage),
            let_go: now.is_some_and(|now| now.let_go),
            account: own.places[past.now()],
        };
        rows.push((thread, row));
    }
    rows
}

/// A new name whose manager and measures equal those of just one that is gone, and no other new name's: one row.
fn join_renamed(past: &Past<'_>, rows: &mut [Mover], gone: &mut Vec<(usize, Mover)>) {
    let mut old: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, (thread, row)) in gone.iter().enumerate() {
        let Some((_, listed)) = past.listed_last(*thread) else { continue };
        if matches!(row.movement, Movement::Lost | Movement::MaybeLost) && row.stage.is_none() {
            old.entry(likeness(listed)).or_default().push(number);
        }
    }
    let mut new: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, row) in rows.iter().enumerate() {
        if let (Movement::New, Some(place)) = (row.movement, row.account) {
            let account = &past.current().accounts[place];
            if comparable(account) {
                new.entry(likeness(account)).or_default().push(number);
            }
        }
    }
    let mut joined = BTreeSet::new();
    for (likeness, numbers) in new {
        let (Some([before]), [now]) = (old.get(&likeness).map(Vec::as_slice), numbers.as_slice()) else { continue };
        let was = &gone[*before].1;
        let row = &mut rows[*now];
        if past.lineage.is_denied(&was.client, &row.client) {
            continue;
        }
        row.movement = Movement::MaybeRenamed;
        row.from = Some(was.client.clone());
        row.before = was.before;
        row.previous_score = was.previous_score;
        joined.insert(*before);
    }
    let mut number = 0;
    gone.retain(|_| {
        number += 1;
        !joined.contains(&(number - 1))
    });
}

/// The measures that tell clients apart.
const MEASURES: [Field; 6] = [
    Field::OurContacts,
    Field::ClientContacts,
    Field::Meetings,
    Field::DecisionLevel,
    Field::SurveyScore,
    Field::RevenueLastYear,
];

/// Whether enough is known to take equal measures for more than chance: a manager, and three measures.
fn comparable(account: &Listed) -> bool {
    let known = MEASURES.iter().filter(|field| account.inputs.contains_key(field.id())).count();
    account.manager.is_some() && known >= 3
}

/// Department, manager and measures.
fn likeness(account: &Listed) -> String {
    let measures = MEASURES.map(|field| account.inputs.get(field.id()));
    format!("{} {:?} {measures:?}", fold(&account.department), account.manager.as_deref().map(fold))
}

#[cfg(test)]
mod tests {
    use super::super::changes::{Changes, compare};
    use super::super::lineage::Lineage;
    use super::super::snapshot::{Fact, Snapshot};
    use super::super::testing::{delivered, listed, snapshot};
    use super::*;
    use crate::config::Config;
    use crate::portfolio::test_settings;

    fn changes(months: &[Snapshot]) -> Changes {
        let months: Vec<&Snapshot> = months.iter().collect();
        compare(&months, &Lineage::new(&months, &test_settings()), &Config::built_in())
    }

    fn rows(months: &[Snapshot]) -> Vec<(Movement, String, String)> {
        let row = |row: Mover| (row.movement, row.department, row.client);
        changes(months).movers.into_iter().map(row).collect()
    }

    fn row(movement: Movement, department: &str, client: &str) -> (Movement, String, String) {
        (movement, department.to_owned(), client.to_owned())
    }

    #[test]
    fn every_movement_has_its_row() {
        let september = [listed("Sales", "Back", 1.0), listed("Sales", "A", 2.0)];
        let october = [
            listed("Sales", "A", 2.0),
            listed("Sales", "B", 4.0),
            listed("Sales", "C", 3.0),
            listed("Sales", "Gone", 3.0),
            listed("Sales", "Ended", 3.0),
            listed("Sales", "Mover", 3.0),
            listed("Ops", "O", 3.0),
            listed("Late", "L", 3.0),
        ];
        let mut ended = listed("Sales", "Ended", 3.0).stage(Stage::Former);
        ended.let_go = true;
        let november = [
            listed("Sales", "A", 3.0),
            listed("Sales", "B", 1.0),
            listed("Sales", "C", 3.0),
            ended,
            listed("Sales", "Back", 1.0),
            listed("Sales", "Newcomer", 1.0),
            listed("Ops", "O", 3.0),
            listed("Ops", "Mover", 3.0),
        ];
        let months = [snapshot("2026-09", &september), snapshot("2026-10", &october), snapshot("2026-11", &november)];
        assert_eq!(
            rows(&months),
            [
                row(Movement::Down, "Sales", "B"),
                row(Movement::Up, "Sales", "A"),
                row(Movement::Lost, "Sales", "Ended"),
                row(Movement::Lost, "Sales", "Gone"),
                row(Movement::Moved, "Ops", "Mover"),
                row(Movement::Returned, "Sales", "Back"),
                row(Movement::New, "Sales", "Newcomer"),
                row(Movement::NotDelivered, "Late", "L"),
            ]
        );
        let movers = changes(&months).movers;
        assert_eq!((movers[0].change, movers[1].change), (Some(-3.0), Some(1.0)));
        assert!(movers[2].let_go && movers[2].stage == Some(Stage::Former));
        assert_eq!(movers[4].from.as_deref(), Some("Sales"));
        assert_eq!(movers[5].before.to_string(), "2026-09");
    }

    #[test]
    fn a_list_that_lacks_more_than_a_third_makes_lost_a_question() {
        let all: Vec<_> = ["A", "B", "C", "D", "E", "F"].map(|name| listed("Sales", name, 1.0)).into();
        let kept = |count: usize| [snapshot("2026-10", &all), snapshot("2026-11", &all[..count])];
        let lost = |months: &[Snapshot]| rows(months).into_iter().map(|row| row.0).collect::<Vec<_>>();
        assert_eq!(lost(&kept(4)), [Movement::Lost; 2]);
        assert_eq!(lost(&kept(3)), [Movement::MaybeLost; 3]);
        assert!(changes(&kept(4)).incomplete.is_empty());
    }

    #[test]
    fn who_is_missing_in_part_is_not_lost() {
        let all: Vec<_> = ["A", "B"].map(|name| listed("Sales", name, 1.0)).into();
        let partial = delivered(snapshot("2026-11", &all[..1]), "Sales", Delivered::Partial);
        assert_eq!(rows(&[snapshot("2026-10", &all), partial]), [row(Movement::NotDelivered, "Sales", "B")]);
    }

    #[test]
    fn a_new_name_with_the_measures_of_a_missing_one_may_be_renamed() {
        let with = |name: &str, contacts: f64| {
            let mut account = listed("Sales", name, 2.0);
            account.inputs.insert("our_contacts", Fact::Number(contacts));
            account.inputs.insert("revenue_last_year", Fact::Number(71_250.0));
            account
        };
        let others: Vec<_> = (0..4).map(|n| listed("Sales", &format!("Other {n}"), 1.0)).collect();
        let months = |old: &[Listed], new: &[Listed]| {
            [snapshot("2026-10", &[old, &others].concat()), snapshot("2026-11", &[new, &others].concat())]
        };
        let one = months(&[with("Acme", 3.0)], &[with("Zedburg", 3.0)]);
        assert_eq!(rows(&one), [row(Movement::MaybeRenamed, "Sales", "Zedburg")]);
        assert_eq!(changes(&one).movers[0].from.as_deref(), Some("Acme"));
        // other measures, or two that would fit: nothing is guessed
        assert_eq!(rows(&months(&[with("Acme", 3.0)], &[with("Zedburg", 4.0)])).len(), 2);
        assert_eq!(rows(&months(&[with("Acme", 3.0), with("Nova", 3.0)], &[with("Zedburg", 3.0)])).len(), 3);
        // a person said that they are two
        let refs: Vec<&Snapshot> = one.iter().collect();
        let mut settings = test_settings();
        settings.different = vec![("Acme".into(), "ZEDBURG".into())];
        let changes = compare(&refs, &Lineage::new(&refs, &settings), &Config::built_in());
        let movements: Vec<_> = changes.movers.iter().map(|row| row.movement).collect();
        assert_eq!(movements, [Movement::Lost, Movement::New]);
        // little known is no likeness
        assert_eq!(rows(&months(&[listed("Sales", "P", 1.0)], &[listed("Sales", "Q", 1.0)])).len(), 2);
    }
}
