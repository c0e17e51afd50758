//! Retention: of the clients, and of their revenue.

use super::changes::Past;
use super::lineage::Lineage;
use super::snapshot::{Delivered, Listed, Snapshot};
use crate::field::Status;
use crate::period::Month;
use crate::portfolio::{Amounts, Unit};
use std::collections::BTreeSet;
use std::fmt;

/// Retention up to the current month.
#[derive(Clone, Debug, PartialEq)]
pub struct Retention {
    /// Of clients, against the previous snapshot.
    pub previous: Result<Logo, Refused>,
    /// Of clients, against the snapshot twelve months before, or the oldest since; none where that is the previous one.
    pub year: Option<Logo>,
    /// Of revenue, by currency.
    pub revenue: Result<Vec<Kept>, Refused>,
}

/// Why there is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is one snapshot only: it takes two. The first month that can speak.
    OneSnapshot(Month),
    /// The fiscal year has one snapshot only: who was lost in it cannot be seen yet. The first month that can speak.
    FirstOfYear(Month),
    /// The snapshot of this month counts from another fiscal year, or full-year figures: the periods are not equal.
    OtherPeriod(Month),
    /// No client has revenue last year.
    NoRevenue,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OneSnapshot(from) => write!(f, "one month is stored; retention takes two: from {from} on"),
            Self::FirstOfYear(from) => {
                write!(f, "one month of the fiscal year is stored; retention of revenue takes two: from {from} on")
            }
            Self::OtherPeriod(month) => write!(
                f,
                "the periods are not equal: {month} was run with another fiscal year or other figures (full year or so far); run it again with today's configuration"
            ),
            Self::NoRevenue => f.write_str("no client has revenue last year"),
        }
    }
}

/// Clients kept between two months. Kept + lost + let go + unknown = clients.
#[derive(Clone, Debug, PartialEq)]
pub struct Logo {
    /// The earlier month.
    pub before: Month,
    /// The current month.
    pub now: Month,
    /// Clients then.
    pub clients: usize,
    /// Of them listed now.
    pub kept: usize,
    /// Lost.
    pub lost: Vec<Lost>,
    /// Let go on purpose: outside churn.
    pub let_go: Vec<Lost>,
    /// Of departments that were not delivered: outside both.
    pub unknown: usize,
}

impl Logo {
    /// Kept ÷ (kept + lost).
    pub fn retention(&self) -> Option<f64> {
        let known = self.kept + self.lost.len();
        (known > 0).then(|| self.kept as f64 / known as f64)
    }

    /// Lost ÷ (kept + lost).
    pub fn churn(&self) -> Option<f64> {
        self.retention().map(|retention| 1.0 - retention)
    }
}

/// A client that is gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Lost {
    /// Its name when it was last listed.
    pub client: String,
    /// The departments that listed it.
    pub departments: Vec<String>,
    /// Who looked after it.
    pub managers: Vec<String>,
    /// The month in which it was last listed.
    pub last: Month,
    /// The lowest score of its accounts then.
    pub score: Option<f64>,
    /// Last year's revenue.
    pub revenue: Amounts,
}

/// Revenue kept, in one currency. Clients = counted + not delivered + current revenue missing.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The currency.
    pub unit: Unit,
    /// Clients of the fiscal year with revenue last year.
    pub clients: usize,
    /// Of them in the sums.
    pub counted: usize,
    /// Of these lost: their current revenue counts as 0.
    pub lost: usize,
    /// Of departments that were not delivered: in no sum.
    pub not_delivered: usize,
    /// Whose current revenue is missing: in no sum.
    pub missing: usize,
    /// Last year's revenue, on the share of the year: Σ p.
    pub last_year: f64,
    /// Current revenue: Σ c.
    pub current: f64,
    /// Of it what last year's covers: Σ min(p, c), c at least 0.
    pub covered: f64,
    /// Of that, what clients shown At risk bring: it goes with them.
    pub at_risk: f64,
}

impl Kept {
    /// Gross revenue retention.
    pub fn gross(&self) -> Option<f64> {
        (self.last_year > 0.0).then(|| self.covered / self.last_year)
    }

    /// Gross revenue retention if every client shown At risk is lost.
    pub fn gross_without_risk(&self) -> Option<f64> {
        (self.last_year > 0.0).then(|| (self.covered - self.at_risk) / self.last_year)
    }

    /// Net revenue retention.
    pub fn net(&self) -> Option<f64> {
        (self.last_year > 0.0).then(|| self.current / self.last_year)
    }
}

/// Retention in the current month, the last of `snapshots` (sorted by month).
pub fn retention(snapshots: &[&Snapshot], lineage: &Lineage) -> Option<Retention> {
    let (current, earlier) = snapshots.split_last()?;
    let past = Past { snapshots, lineage };
    let next = current.month.plus(1);
    let Some(previous) = earlier.len().checked_sub(1) else {
        let refused = Refused::OneSnapshot(next);
        return Some(Retention { previous: Err(refused), year: None, revenue: Err(refused) });
    };
    let a_year_ago = current.month.plus(-12);
    let oldest = earlier.iter().position(|snapshot| snapshot.month >= a_year_ago);
    Some(Retention {
        previous: Ok(logo(&past, previous)),
        year: oldest.filter(|&oldest| oldest != previous).map(|oldest| logo(&past, oldest)),
        revenue: revenue(&past, next),
    })
}

/// What became of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Kept,
    Lost,
    LetGo,
    Unknown,
}

fn fate(past: &Past<'_>, client: usize) -> Fate {
    let threads = &past.lineage.clients[client];
    if threads.iter().any(|&thread| past.client_in(thread, past.now()).is_some()) {
        return Fate::Kept;
    }
    let listed = || threads.iter().copied().filter(|&thread| past.listed_last(thread).is_some());
    let said =
        |thread: usize| past.lineage.threads[thread].places[past.now()].map(|place| &past.current().accounts[place]);
    if listed().any(|thread| said(thread).is_none() && past.delivered(thread, past.now()) != Delivered::Full) {
        Fate::Unknown
    } else if threads.iter().filter_map(|&thread| said(thread)).any(|account| account.let_go) {
        Fate::LetGo
    } else {
        Fate::Lost
    }
}

fn logo(past: &Past<'_>, base: usize) -> Logo {
    let mut logo = Logo {
        before: past.snapshots[base].month,
        now: past.current().month,
        clients: 0,
        kept: 0,
        lost: Vec::new(),
        let_go: Vec::new(),
        unknown: 0,
    };
    for (client, threads) in past.lineage.clients.iter().enumerate() {
        if !threads.iter().any(|&thread| past.client_in(thread, base).is_some()) {
            continue;
        }
        logo.clients += 1;
        match fate(past, client) {
            Fate::Kept => logo.kept += 1,
            Fate::Unknown => logo.unknown += 1,
            Fate::Lost => logo.lost.extend(lost(past, threads)),
            Fate::LetGo => logo.let_go.extend(lost(past, threads)),
        }
    }
    for list in [&mut logo.lost, &mut logo.let_go] {
        let revenue = |lost: &Lost| lost.revenue.iter().map(|(_, amount)| amount).fold(0.0, f64::max);
        list.sort_by(|a, b| revenue(b).total_cmp(&revenue(a)).then_with(|| a.client.cmp(&b.client)));
    }
    logo
}

/// A client as it was listed last.
fn lost(past: &Past<'_>, threads: &[usize]) -> Option<Lost> {
    let month = threads.iter().filter_map(|&thread| past.last_seen(thread)).max()?;
    let listed: Vec<&Listed> = threads.iter().filter_map(|&thread| past.client_in(thread, month)).collect();
    let all = |of: &dyn Fn(&Listed) -> Option<String>| {
        listed.iter().filter_map(|account| of(account)).collect::<BTreeSet<_>>().into_iter().collect()
    };
    Some(Lost {
        client: listed.first()?.name.clone(),
        departments: all(&|account| Some(account.department.clone())),
        managers: all(&|account| account.manager.clone()),
        last: past.snapshots[month].month,
        score: listed.iter().filter_map(|account| account.score).min_by(f64::total_cmp),
        revenue: added(&listed.iter().map(|account| &account.last_year).collect::<Vec<_>>()),
    })
}

/// The sum; an amount that two departments have equal to the cent counts once, as in the portfolio.
pub(super) fn added(amounts: &[&Amounts]) -> Amounts {
    let mut sum = Amounts::default();
    for (place, &own) in amounts.iter().enumerate() {
        if !amounts[..place].iter().any(|&other| equal(other, own)) {
            sum.add_all(own);
        }
    }
    sum
}

fn equal(a: &Amounts, b: &Amounts) -> bool {
    let cents = |amount: f64| (amount * 100.0).round();
    a.iter().len() == b.iter().len()
        && a.iter().any(|(_, amount)| amount != 0.0)
        && a.iter().zip(b.iter()).all(|((unit, x), (other, y))| unit == other && cents(x) == cents(y))
}

/// Last year's and current revenue of a client in the fiscal year.
struct Money {
    last_year: Amounts,
    /// Without what is missing.
    current: Amounts,
    /// Currencies in which an account has last year's revenue and no current one.
    missing: BTreeSet<Unit>,
}

fn revenue(past: &Past<'_>, next: Month) -> Result<Vec<Kept>, Refused> {
    let current = past.current();
    let first = current.period().fiscal_first();
    let year: Vec<usize> = (0..=past.now()).filter(|&month| past.snapshots[month].month >= first).collect();
    if year.len() < 2 {
        let turn = next.plus(i32::from(next >= first.plus(12)));
        return Err(Refused::FirstOfYear(turn));
    }
    let other = |&&month: &&usize| {
        let snapshot = past.snapshots[month];
        snapshot.fiscal_start != current.fiscal_start || snapshot.full_year != current.full_year
    };
    if let Some(&month) = year.iter().find(other) {
        return Err(Refused::OtherPeriod(past.snapshots[month].month));
    }
    let share = if current.full_year { 1.0 } else { current.period().share_of_year() };
    let mut kept: Vec<Kept> = Vec::new();
    for (client, threads) in past.lineage.clients.iter().enumerate() {
        let Some(money) = money(past, threads, &year) else { continue };
        let fate = fate(past, client);
        for (unit, last_year) in money.last_year.iter().filter(|&(_, amount)| amount > 0.0) {
            let place = match kept.binary_search_by_key(&unit, |own| own.unit) {
                Ok(place) => place,
                Err(place) => {
                    kept.insert(place, Kept::none(unit));
                    place
                }
            };
            let sums = &mut kept[place];
            sums.clients += 1;
            if fate == Fate::Unknown || some_not_delivered(past, threads) {
                sums.not_delivered += 1;
                continue;
            }
            if fate == Fate::Kept && money.missing.contains(&unit) {
                sums.missing += 1;
                continue;
            }
            let current = if fate == Fate::Kept { money.current.get(unit).unwrap_or(0.0) } else { 0.0 };
            let due = last_year * share;
            sums.counted += 1;
            sums.lost += usize::from(fate != Fate::Kept);
            sums.last_year += due;
            sums.current += current;
            let covered = due.min(current.max(0.0));
            sums.covered += covered;
            if fate == Fate::Kept && shown_at_risk(past, threads) {
                sums.at_risk += covered;
            }
        }
    }
    if kept.is_empty() { Err(Refused::NoRevenue) } else { Ok(kept) }
}

impl Kept {
    fn none(unit: Unit) -> Self {
        let (clients, counted, lost, not_delivered, missing) = (0, 0, 0, 0, 0);
        let (last_year, current, covered, at_risk) = (0.0, 0.0, 0.0, 0.0);
        Self { unit, clients, counted, lost, not_delivered, missing, last_year, current, covered, at_risk }
    }
}

/// Whether a department that listed the client last has not spoken of it now: its part of the revenue is not known.
fn some_not_delivered(past: &Past<'_>, threads: &[usize]) -> bool {
    threads.iter().any(|&thread| {
        past.listed_last(thread).is_some()
            && past.lineage.threads[thread].places[past.now()].is_none()
            && past.delivered(thread, past.now()) != Delivered::Full
    })
}

/// Whether the organisation shows the client At risk now.
fn shown_at_risk(past: &Past<'_>, threads: &[usize]) -> bool {
    let now = threads.iter().filter_map(|&thread| past.client_in(thread, past.now()));
    now.filter_map(|account| past.current().clients.get(account.client?)).any(|client| client.shown == Status::AtRisk)
}

/// The money of a client's accounts, each as last listed in the year; `None` if none was listed in it.
fn money(past: &Past<'_>, threads: &[usize], year: &[usize]) -> Option<Money> {
    let listed = |thread: usize, month: usize| past.client_in(thread, month);
    let seen = |thread: usize| year.iter().copied().filter(move |&month| listed(thread, month).is_some());
    let mut last: Vec<(usize, usize, &Listed)> = Vec::new();
    for &thread in threads {
        if let Some(month) = seen(thread).max() {
            last.extend(listed(thread, month).map(|account| (thread, month, account)));
        }
    }
    // an account that another department took over is that one, not a lost part
    let taken_over = |month: usize| threads.iter().any(|&other| seen(other).min().is_some_and(|first| first > month));
    last.retain(|&(_, month, _)| month == past.now() || !taken_over(month));
    if last.is_empty() {
        return None;
    }
    let now: Vec<&Listed> = last.iter().filter(|(_, month, _)| *month == past.now()).map(|own| own.2).collect();
    let missing = now.iter().flat_map(|account| {
        let has = account.last_year.iter().filter(|&(_, amount)| amount > 0.0).map(|(unit, _)| unit);
        has.filter(|&unit| account.current.get(unit).is_none())
    });
    Some(Money {
        last_year: added(&last.iter().map(|own| &own.2.last_year).collect::<Vec<_>>()),
        missing: missing.collect(),
        current: added(&now.iter().map(|account| &account.current).collect::<Vec<_>>()),
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{delivered, listed, snapshot};
    use super::*;
    use crate::field::Stage;
    use crate::portfolio::test_settings;

    fn of(months: &[Snapshot]) -> Retention {
        let months: Vec<&Snapshot> = months.iter().collect();
        retention(&months, &Lineage::new(&months, &test_settings())).unwrap()
    }

    #[test]
    fn one_month_says_from_when_on() {
        let one = of(&[snapshot("2026-11", &[listed("Sales", "A", 1.0)])]);
        assert_eq!(one.previous, Err(Refused::OneSnapshot("2026-12".parse().unwrap())));
        let december = snapshot("2025-12", &[listed("Sales", "A", 1.0).money(1.0, None)]);
        let january = snapshot("2026-01", &[listed("Sales", "A", 1.0).money(1.0, None)]);
        let first = of(&[december, january]);
        assert_eq!(first.revenue, Err(Refused::FirstOfYear("2026-02".parse().unwrap())));
        assert_eq!(first.previous.unwrap().kept, 1);
    }

    #[test]
    fn clients_are_kept_lost_let_go_or_unknown() {
        let october = [
            listed("Sales", "Kept", 1.0).client(0),
            listed("Ops", "Kept", 1.0).client(0),
            listed("Sales", "Moved", 1.0).client(1),
            listed("Sales", "Lost", 2.0).client(2).money(500.0, None),
            listed("Sales", "Ended", 1.0).client(3),
            listed("Late", "Unknown", 1.0).client(4),
        ];
        let mut ended = listed("Sales", "Ended", 1.0).stage(Stage::Former);
        ended.let_go = true;
        let november =
            [listed("Ops", "Kept", 1.0), listed("Ops", "Moved", 1.0), ended, listed("Sales", "Newcomer", 1.0)];
        let logo = of(&[snapshot("2026-10", &october), snapshot("2026-11", &november)]).previous.unwrap();
        assert_eq!((logo.clients, logo.kept, logo.lost.len(), logo.let_go.len(), logo.unknown), (5, 2, 1, 1, 1));
        assert_eq!(logo.retention(), Some(2.0 / 3.0));
        assert!((logo.churn().unwrap() - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!((logo.lost[0].client.as_str(), logo.lost[0].score), ("Lost", Some(2.0)));
        assert_eq!(logo.lost[0].revenue, Amounts::of(None, 500.0));
    }

    #[test]
    fn twelve_months_before_or_the_oldest_since() {
        let month = |month: &str| snapshot(month, &[listed("Sales", "A", 1.0)]);
        let year = |months: &[&str]| {
            let months: Vec<_> = months.iter().map(|name| month(name)).collect();
            of(&months).year.map(|logo| logo.before.to_string())
        };
        assert_eq!(year(&["2025-10", "2025-11", "2026-10", "2026-11"]).as_deref(), Some("2025-11"));
        assert_eq!(year(&["2025-10", "2026-03", "2026-10", "2026-11"]).as_deref(), Some("2026-03"));
        assert_eq!(year(&["2026-10", "2026-11"]), None);
    }

    #[test]
    fn revenue_on_equal_periods() {
        // share of the year in June: one half
        let may = [
            listed("Sales", "Grows", 1.0).money(1_000.0, Some(450.0)),
            listed("Sales", "Shrinks", 1.0).money(2_000.0, Some(800.0)),
            listed("Sales", "Lost", 1.0).money(400.0, Some(100.0)),
            listed("Sales", "Silent", 1.0).money(600.0, Some(100.0)),
            listed("Late", "Unknown", 1.0).money(900.0, Some(100.0)),
            listed("Sales", "Nothing", 1.0).money(0.0, Some(100.0)),
        ];
        let june = [
            listed("Sales", "Grows", 1.0).money(1_000.0, Some(700.0)),
            listed("Sales", "Shrinks", 1.0).money(2_000.0, Some(-50.0)),
            listed("Sales", "Silent", 1.0).money(600.0, None),
            listed("Sales", "Nothing", 1.0).money(0.0, Some(100.0)),
        ];
        let months = [snapshot("2026-05", &may), snapshot("2026-06", &june)];
        let kept = of(&months).revenue.unwrap().remove(0);
        assert_eq!((kept.clients, kept.counted, kept.lost, kept.missing, kept.not_delivered), (5, 3, 1, 1, 1));
        assert_eq!((kept.last_year, kept.current, kept.covered), (1_700.0, 650.0, 500.0));
        assert_eq!((kept.gross(), kept.net()), (Some(500.0 / 1_700.0), Some(650.0 / 1_700.0)));
        let other = [Snapshot { fiscal_start: 4, ..months[0].clone() }, months[1].clone()];
        assert_eq!(of(&other).revenue, Err(Refused::OtherPeriod(months[0].month)));
    }

    #[test]
    fn a_client_of_two_departments_counts_once_and_a_move_is_no_loss() {
        let may = [
            listed("Sales", "Both", 1.0).client(0).money(1_000.0, Some(500.0)),
            listed("Ops", "Both", 1.0).client(0).money(1_000.0, Some(500.0)),
            listed("Sales", "Mover", 1.0).client(1).money(2_000.0, Some(900.0)),
            listed("Sales", "Half", 1.0).client(2).money(400.0, Some(200.0)),
            listed("Ops", "Half", 1.0).client(2).money(800.0, Some(300.0)),
        ];
        let june = [
            listed("Sales", "Both", 1.0).client(0).money(1_000.0, Some(500.0)),
            listed("Ops", "Both", 1.0).client(0).money(1_000.0, Some(500.0)),
            listed("Ops", "Mover", 1.0).client(1).money(2_100.0, Some(1_000.0)),
            listed("Ops", "Half", 1.0).client(2).money(800.0, Some(300.0)),
        ];
        let kept = of(&[snapshot("2026-05", &may), snapshot("2026-06", &june)]).revenue.unwrap().remove(0);
        // halves of 1,000, 2,100 and 400 + 800: what Sales lost of Half counts, its copy of Both does not
        assert_eq!((kept.last_year, kept.current), (500.0 + 1_050.0 + 600.0, 500.0 + 1_000.0 + 300.0));
        let partial = delivered(
            snapshot("2026-06", &[listed("Ops", "Half", 1.0).client(0).money(800.0, Some(300.0))]),
            "Sales",
            Delivered::Not,
        );
        let kept = of(&[snapshot("2026-05", &may), partial]).revenue.unwrap().remove(0);
        assert_eq!((kept.counted, kept.not_delivered), (0, 3));
    }
}
