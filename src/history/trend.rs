//! The last twelve months, as rows for sparklines and charts.

use super::lineage::Lineage;
use super::snapshot::{Listed, Snapshot};
use crate::field::Status;
use crate::period::Month;
use crate::portfolio::NameWords;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The last twelve months up to the current one; what was not stored is a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Trend {
    /// The months, the oldest first; every row below has one place for each.
    pub months: [Month; 12],
    /// The score of each client of the current snapshot.
    pub clients: Vec<[Option<f64>; 12]>,
    /// The score of each account of the current snapshot.
    pub accounts: Vec<[Option<f64>; 12]>,
    /// All accounts.
    pub organisation: [Option<Point>; 12],
    /// The departments of the current snapshot and of those of the twelve months, by name.
    pub departments: Vec<Group>,
    /// Likewise the account managers; accounts without one last.
    pub managers: Vec<Group>,
    /// Months whose scorecard is not that of the stored month before: scores on both sides are not one measure.
    pub scorecard_changed: Vec<Month>,
}

/// A department or a manager through the months.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its latest name; `None`: no account manager.
    pub name: Option<String>,
    /// What it had.
    pub points: [Option<Point>; 12],
}

/// Accounts in a month.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Point {
    /// How many.
    pub accounts: usize,
    /// Of them scored.
    pub scored: usize,
    /// Of these at the KPI.
    pub kpi_met: usize,
    /// Of all shown At risk.
    pub at_risk: usize,
    /// Sum of the scores.
    scores: f64,
    /// Sum of score ÷ maximum.
    parts: f64,
    /// The highest maximum of the scored ones; the lowest.
    maximum: Option<(f64, f64)>,
}

impl Point {
    fn add(&mut self, account: &Listed) {
        self.count(account.score, account.maximum, account.kpi_met, account.shown);
    }

    /// Counts one more.
    pub(super) fn count(&mut self, score: Option<f64>, own: f64, kpi_met: Option<bool>, shown: Status) {
        self.accounts += 1;
        self.scored += usize::from(score.is_some());
        self.kpi_met += usize::from(kpi_met == Some(true));
        self.at_risk += usize::from(shown == Status::AtRisk);
        if let Some(score) = score {
            let (highest, lowest) = self.maximum.unwrap_or((own, own));
            self.maximum = Some((highest.max(own), lowest.min(own)));
            self.scores += score;
            self.parts += score / own;
        }
    }

    /// The average score of the scored ones; across scorecards that of score ÷ maximum, on the highest maximum.
    pub fn average(&self) -> Option<f64> {
        let (highest, lowest) = self.maximum?;
        let sum = if highest == lowest { self.scores } else { self.parts * highest };
        Some(sum / self.scored as f64)
    }

    /// What an average is out of: the highest maximum.
    pub fn maximum(&self) -> Option<f64> {
        self.maximum.map(|(highest, _)| highest)
    }

    /// Scored accounts that meet the KPI ÷ scored accounts.
    pub fn kpi_attainment(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.kpi_met as f64 / self.scored as f64)
    }
}

/// The twelve months that end with the last of `snapshots` (sorted by month).
pub fn trend(snapshots: &[&Snapshot], lineage: &Lineage, words: &NameWords) -> Option<Trend> {
    let current = *snapshots.last()?;
    let months: [Month; 12] = std::array::from_fn(|back| current.month.plus(back as i32 - 11));
    let stored = months.map(|month| snapshots.iter().position(|snapshot| snapshot.month == month));
    let score_of = |threads: &[usize]| {
        stored.map(|place| {
            let listed = threads.iter().filter_map(|&thread| lineage.client_in(thread, place?, snapshots));
            let numbers: BTreeSet<_> = listed.filter_map(|account| account.client).collect();
            // two that became one: the worse one counts
            numbers.into_iter().filter_map(|number| snapshots[place?].clients[number].score).min_by(f64::total_cmp)
        })
    };
    let now = snapshots.len() - 1;
    // of a client's accounts the last one names its threads
    let mut threads_of = vec![None; current.clients.len()];
    for (account, &thread) in current.accounts.iter().zip(&lineage.thread_of[now]) {
        if let Some(number) = account.client {
            threads_of[number] = Some(lineage.threads[thread].client);
        }
    }
    let scores = |client: Option<usize>| client.map_or([None; 12], |client| score_of(&lineage.clients[client]));
    let mut clients: Vec<[Option<f64>; 12]> = threads_of.into_iter().map(scores).collect();
    for (number, client) in current.clients.iter().enumerate() {
        clients[number][11] = client.score;
    }
    let accounts = lineage.thread_of[now]
        .iter()
        .map(|&thread| stored.map(|place| lineage.client_in(thread, place?, snapshots)?.score))
        .collect();
    let of_month = |place: Option<usize>| place.map_or(&[][..], |place| &snapshots[place].accounts[..]);
    let organisation = stored.map(|place| {
        let mut point = Point::default();
        of_month(place).iter().filter(|account| account.is_client()).for_each(|account| point.add(account));
        place.map(|_| point)
    });
    let groups = |name: for<'l> fn(&'l Listed) -> Option<&'l str>, folded: &dyn Fn(&str) -> String| {
        let mut numbers: BTreeMap<Option<&str>, usize> = BTreeMap::new();
        let mut by_name: BTreeMap<Option<String>, usize> = BTreeMap::new();
        let mut groups: Vec<Group> = Vec::new();
        for (column, &place) in stored.iter().enumerate() {
            for account in of_month(place).iter().filter(|account| account.is_client()) {
                let name = name(account);
                // a name is folded once, however many accounts it has
                let number = *numbers.entry(name).or_insert_with(|| {
                    *by_name.entry(name.map(folded)).or_insert_with(|| {
                        groups.push(Group { name: None, points: [None; 12] });
                        groups.len() - 1
                    })
                });
                let group = &mut groups[number];
                if group.name.as_deref() != name {
                    group.name = name.map(str::to_owned);
                }
                group.points[column].get_or_insert_default().add(account);
            }
        }
        let nobody = by_name.remove(&None);
        by_name.into_values().chain(nobody).map(|number| groups[number].clone()).collect()
    };
    let in_year: Vec<&Snapshot> = stored.iter().flatten().map(|&place| snapshots[place]).collect();
    let changed = in_year.windows(2).filter(|pair| pair[0].scorecard != pair[1].scorecard);
    Some(Trend {
        months,
        clients,
        accounts,
        organisation,
        departments: groups(|account| Some(&account.department), &fold),
        managers: groups(|account| account.manager.as_deref(), &|name| words.manager(name).base),
        scorecard_changed: changed.map(|pair| pair[1].month).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, snapshot};
    use super::*;
    use crate::portfolio::test_settings;

    #[test]
    fn twelve_months_with_their_gaps() {
        let mut nobody = listed("Sales", "B", 2.0);
        nobody.manager = None;
        let mut turned = listed("Sales", "ACME", 5.0);
        turned.manager = Some("Costa, Ana".into());
        let months = [
            snapshot("2025-11", &[listed("Sales", "Acme", 1.0)]),
            snapshot("2025-12", &[listed("Sales", "Acme", 2.0)]),
            snapshot("2026-10", &[listed("Sales", "Acme", 3.0), listed("Ops", "C", 4.0)]),
            Snapshot { scorecard: "two".into(), ..snapshot("2026-11", &[turned, nobody]) },
        ];
        let months: Vec<&Snapshot> = months.iter().collect();
        let settings = test_settings();
        let trend = trend(&months, &Lineage::new(&months, &settings), &settings.words).unwrap();
        assert_eq!((trend.months[0].to_string(), trend.months[11].to_string()), ("2025-12".into(), "2026-11".into()));
        let mut acme = [None; 12];
        (acme[0], acme[10], acme[11]) = (Some(2.0), Some(3.0), Some(5.0));
        assert_eq!(trend.clients[0], acme);
        assert_eq!(trend.accounts[0], acme);
        let october = trend.organisation[10].unwrap();
        assert_eq!((october.accounts, october.kpi_met, october.average()), (2, 1, Some(3.5)));
        assert_eq!(trend.organisation[5], None);
        let names: Vec<_> = trend.managers.iter().map(|group| group.name.as_deref()).collect();
        assert_eq!(names, [Some("Costa, Ana"), None]);
        assert_eq!(
            trend.departments.iter().filter_map(|group| group.name.as_deref()).collect::<Vec<_>>(),
            ["Ops", "Sales"]
        );
        assert_eq!(trend.managers[0].points[11].unwrap().average(), Some(5.0));
        assert_eq!(trend.scorecard_changed, [months[3].month]);
    }
}
