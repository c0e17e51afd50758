//! Sums over accounts or clients: of a department, of a manager, of the organisation.

use super::entry::Rated;
use super::money::{Amounts, Unit};
use crate::field::Status;

/// What lies behind a status that worries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// The best case is no better, or a person says so.
    Evident,
    /// The best case would be better: measures are missing.
    WantOfData,
}

/// One account or client as the sums see it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted<'p> {
    pub(super) rated: &'p Rated,
    pub(super) shown: Status,
    pub(super) overridden: bool,
    pub(super) last_year: &'p Amounts,
    /// What it brings as a new client.
    pub(super) new: Option<&'p Amounts>,
}

/// Why the status shown is At risk, if it is.
pub(super) fn at_risk(rated: &Rated, shown: Status, overridden: bool) -> Option<Evidence> {
    let evident = overridden || rated.best_status == Status::AtRisk;
    (shown == Status::AtRisk).then_some(if evident { Evidence::Evident } else { Evidence::WantOfData })
}

/// Why it worries, if it does.
pub(super) fn worry(rated: &Rated) -> Option<Evidence> {
    let evidence = if rated.best_worry { Evidence::Evident } else { Evidence::WantOfData };
    (rated.worry == Some(true)).then_some(evidence)
}

/// An amount in two parts; never shown as one.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct TwoParts {
    /// [`Evidence::Evident`].
    pub evident: f64,
    /// [`Evidence::WantOfData`].
    pub want_of_data: f64,
}

impl TwoParts {
    /// Both parts.
    pub fn sum(&self) -> f64 {
        self.evident + self.want_of_data
    }

    /// Whether want of data is more than half of it: pages say so first.
    pub fn mostly_want_of_data(&self) -> bool {
        self.want_of_data > self.evident
    }

    fn add(&mut self, evidence: Option<Evidence>, amount: f64) {
        match evidence {
            Some(Evidence::Evident) => self.evident += amount,
            Some(Evidence::WantOfData) => self.want_of_data += amount,
            None => {}
        }
    }
}

/// Sums of money in one unit; last year's revenue, amounts above 0 only.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Money {
    /// The currency.
    pub unit: Unit,
    /// All of it.
    pub revenue: f64,
    /// Of those that are scored.
    pub scored: f64,
    /// Of those that meet the KPI.
    pub kpi_met: f64,
    /// Of those shown At risk.
    pub at_risk: TwoParts,
    /// Of those that worry.
    pub worry: TwoParts,
    /// What new clients bring (not last year's, and in none of the other sums).
    pub new: f64,
}

impl Money {
    fn new(unit: Unit) -> Self {
        let none = TwoParts::default();
        Self { unit, revenue: 0.0, scored: 0.0, kpi_met: 0.0, at_risk: none, worry: none, new: 0.0 }
    }

    /// KPI attainment by revenue, 0 to 1; `None` without revenue that is scored.
    pub fn kpi_attainment(&self) -> Option<f64> {
        (self.scored > 0.0).then(|| self.kpi_met / self.scored)
    }

    /// Part of the revenue that is at risk, 0 to 1.
    pub fn at_risk_share(&self) -> Option<f64> {
        (self.revenue > 0.0).then(|| self.at_risk.sum() / self.revenue)
    }
}

/// Sums over accounts or over clients.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Totals {
    /// How many.
    pub count: usize,
    /// How many have a score.
    pub scored: usize,
    /// How many by the status shown, in the order of [`Status::ALL`].
    pub distribution: [usize; 4],
    /// How many meet the KPI.
    pub kpi_met: usize,
    /// How many would with one point more.
    pub one_point_away: usize,
    /// How many worry.
    pub worry: usize,
    /// Average of score ÷ maximum over those scored.
    pub average: Option<f64>,
    /// The maximum of their scorecards, where all have the same.
    pub maximum: Option<f64>,
    /// Money by currency, sorted.
    pub money: Vec<Money>,
}

impl Totals {
    fn money_in(&mut self, unit: Unit) -> &mut Money {
        let place = self.money.binary_search_by_key(&unit, |money| money.unit);
        let place = place.unwrap_or_else(|place| {
            self.money.insert(place, Money::new(unit));
            place
        });
        &mut self.money[place]
    }

    /// How many have no score.
    pub fn not_scored(&self) -> usize {
        self.count - self.scored
    }

    /// Average score in points, where all scorecards have one maximum.
    pub fn average_score(&self) -> Option<f64> {
        Some(self.average? * self.maximum?)
    }

    /// KPI attainment by count, 0 to 1; `None` where nothing is scored.
    pub fn kpi_attainment(&self) -> Option<f64> {
        (self.scored > 0).then(|| self.kpi_met as f64 / self.scored as f64)
    }
}

/// Totals on the way.
#[derive(Default)]
struct Adding {
    totals: Totals,
    /// Sum of score ÷ maximum.
    parts: f64,
    /// Whether all scorecards have the first one's maximum.
    differ: bool,
}

impl Adding {
    fn add(&mut self, item: Counted<'_>) {
        let totals = &mut self.totals;
        totals.count += 1;
        totals.distribution[item.shown as usize] += 1;
        totals.kpi_met += usize::from(item.rated.kpi_met == Some(true));
        totals.one_point_away += usize::from(item.rated.one_point_away);
        totals.worry += usize::from(item.rated.worry == Some(true));
        if let Some(score) = item.rated.score {
            totals.scored += 1;
            self.parts += score / item.rated.maximum;
            self.differ |= *totals.maximum.get_or_insert(item.rated.maximum) != item.rated.maximum;
        }
        for (unit, amount) in item.last_year.iter().filter(|&(_, amount)| amount > 0.0) {
            let money = totals.money_in(unit);
            money.revenue += amount;
            money.scored += if item.rated.score.is_some() { amount } else { 0.0 };
            money.kpi_met += if item.rated.kpi_met == Some(true) { amount } else { 0.0 };
            money.at_risk.add(at_risk(item.rated, item.shown, item.overridden), amount);
            money.worry.add(worry(item.rated), amount);
        }
        for (unit, amount) in item.new.into_iter().flat_map(Amounts::iter) {
            totals.money_in(unit).new += amount;
        }
    }

    fn done(self) -> Totals {
        let mut totals = self.totals;
        totals.average = (totals.scored > 0).then(|| self.parts / totals.scored as f64);
        totals.maximum = totals.maximum.filter(|_| !self.differ);
        totals
    }
}

/// Totals of all, and of key accounts and the others apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Breakdown {
    /// All of them.
    pub all: Totals,
    /// Those that are key accounts of the organisation.
    pub key: Totals,
    /// The others.
    pub rest: Totals,
}

impl Breakdown {
    /// Of items, each with whether it is a key account of the organisation.
    pub(super) fn of<'p>(items: impl Iterator<Item = (bool, Counted<'p>)>) -> Self {
        let (mut all, mut key, mut rest) = (Adding::default(), Adding::default(), Adding::default());
        for (is_key, item) in items {
            all.add(item);
            if is_key { &mut key } else { &mut rest }.add(item);
        }
        Self { all: all.done(), key: key.done(), rest: rest.done() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::rated;
    use super::*;

    #[test]
    fn sums_of_a_department() {
        // Scores, best cases, revenue: 5 of 6 is fine, 4 worries, 1 with 1 known is evident, 1 with best case 6 is want of data.
        let cases = [
            (Some(5.0), 5.0, 100.0),
            (Some(4.0), 4.0, 50.0),
            (Some(3.0), 3.0, 20.0),
            (Some(1.0), 1.0, 7.0),
            (Some(1.0), 6.0, 8.0),
            (None, 6.0, 9.0),
        ];
        let rated: Vec<Rated> = cases.iter().map(|&(score, best, _)| rated(score, best)).collect();
        let amounts: Vec<Amounts> = cases.iter().map(|&(.., revenue)| Amounts::of(None, revenue)).collect();
        let counted = |index: usize| Counted {
            rated: &rated[index],
            shown: rated[index].status,
            overridden: false,
            last_year: &amounts[index],
            new: None,
        };
        let totals = Breakdown::of((0..cases.len()).map(counted).map(|item| (true, item))).all;
        assert_eq!((totals.count, totals.scored, totals.not_scored()), (6, 5, 1));
        assert_eq!(totals.distribution, [2, 2, 1, 1]);
        assert_eq!((totals.kpi_met, totals.one_point_away, totals.worry), (2, 1, 4));
        assert_eq!(totals.kpi_attainment(), Some(0.4));
        assert!((totals.average_score().unwrap() - 14.0 / 5.0).abs() < 1e-12);
        let money = totals.money[0];
        assert_eq!((money.revenue, money.scored, money.kpi_met), (194.0, 185.0, 150.0));
        assert_eq!(money.at_risk, TwoParts { evident: 7.0, want_of_data: 8.0 });
        assert!(money.at_risk.mostly_want_of_data());
        assert_eq!(money.worry, TwoParts { evident: 77.0, want_of_data: 8.0 });
    }

    #[test]
    fn an_override_makes_risk_evident() {
        let (strong, missing) = (rated(Some(6.0), 6.0), rated(None, 6.0));
        assert_eq!(at_risk(&strong, Status::AtRisk, true), Some(Evidence::Evident));
        assert_eq!(at_risk(&missing, Status::AtRisk, true), Some(Evidence::Evident));
        assert_eq!(at_risk(&missing, Status::NotScored, false), None);
        assert_eq!(at_risk(&rated(Some(0.0), 2.0), Status::Strong, true), None);
    }

    #[test]
    fn scorecards_of_different_maxima_have_no_average_in_points() {
        let (six, ten) = (rated(Some(3.0), 3.0), Rated { maximum: 10.0, ..rated(Some(5.0), 5.0) });
        let none = Amounts::default();
        let counted = |rated| Counted { rated, shown: Status::Watch, overridden: false, last_year: &none, new: None };
        let totals = Breakdown::of([counted(&six), counted(&ten)].into_iter().map(|item| (true, item))).all;
        assert_eq!((totals.average, totals.average_score()), (Some(0.5), None));
    }
}
