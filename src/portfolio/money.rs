//! Amounts by currency: never added up across currencies, converted only at rates of the configuration.

use super::entry::{Entry, Settings};
use crate::account::{Currency, Input};
use serde::Serialize;
use smallvec::{SmallVec, smallvec};

/// What an amount is counted in: a currency, or none known.
pub type Unit = Option<Currency>;

/// Amounts by unit, sorted; a unit that has no amount is absent.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Amounts(SmallVec<[(Unit, f64); 1]>);

impl Amounts {
    /// One amount.
    pub fn of(unit: Unit, amount: f64) -> Self {
        Self(smallvec![(unit, amount)])
    }

    /// Adds an amount to those of its unit.
    pub fn add(&mut self, unit: Unit, amount: f64) {
        match self.0.binary_search_by_key(&unit, |&(unit, _)| unit) {
            Ok(place) => self.0[place].1 += amount,
            Err(place) => self.0.insert(place, (unit, amount)),
        }
    }

    /// Adds all amounts of another.
    pub fn add_all(&mut self, other: &Amounts) {
        for &(unit, amount) in &other.0 {
            self.add(unit, amount);
        }
    }

    /// The amount in a unit; `None` where there is none.
    pub fn get(&self, unit: Unit) -> Option<f64> {
        self.0.iter().find(|(own, _)| *own == unit).map(|&(_, amount)| amount)
    }

    /// Unit by unit.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (Unit, f64)> {
        self.0.iter().copied()
    }

    /// Only the amounts above 0: what shares, the 80 % and revenue at risk count.
    #[must_use]
    pub fn positive(&self) -> Self {
        Self(self.0.iter().copied().filter(|&(_, amount)| amount > 0.0).collect())
    }

    /// As one input: the amount when there is just one unit.
    pub(super) fn as_input(&self) -> Input {
        match self.0.as_slice() {
            [(_, amount)] => Input::Known(crate::account::Value::Number(*amount)),
            _ => Input::Missing,
        }
    }
}

/// What a row's amounts are counted in, and the factor that brings them there.
pub(super) fn unit_of(entry: &Entry, settings: &Settings) -> (Unit, f64) {
    let own = entry.currency.or(settings.currency);
    match (own, settings.currency) {
        (Some(own), Some(base)) if own != base => match settings.rates.get(&own) {
            Some(&rate) if rate.is_finite() && rate > 0.0 => (Some(base), rate),
            _ => (Some(own), 1.0),
        },
        _ => (own, 1.0),
    }
}

/// A row's amounts in its unit: last year's revenue, target, current revenue.
pub(super) fn amount(entry: &Entry, input: Input, settings: &Settings) -> Option<(Unit, f64)> {
    let (unit, rate) = unit_of(entry, settings);
    input.number().filter(|amount| amount.is_finite()).map(|amount| (unit, amount * rate))
}

/// The order in which units are listed: the organisation's first, then by code, amounts without currency last.
pub(super) fn unit_order(unit: Unit, settings: &Settings) -> (bool, bool, Unit) {
    (unit != settings.currency, unit.is_none(), unit)
}

/// Whether two amounts are the same to the cent.
pub(super) fn same_to_the_cent(a: f64, b: f64) -> bool {
    (a * 100.0).round() == (b * 100.0).round()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_stay_apart_by_currency() {
        let [eur, gbp] = [Some(Currency(*b"EUR")), Some(Currency(*b"GBP"))];
        let mut amounts = Amounts::of(gbp, 10.0);
        amounts.add(eur, 5.0);
        amounts.add(gbp, -30.0);
        assert_eq!(amounts.iter().collect::<Vec<_>>(), [(eur, 5.0), (gbp, -20.0)]);
        assert_eq!(amounts.positive(), Amounts::of(eur, 5.0));
        assert_eq!(amounts.as_input(), Input::Missing);
        assert_eq!(amounts.get(None), None);
    }

    #[test]
    fn the_cent_decides() {
        assert!(same_to_the_cent(0.1 + 0.2, 0.3));
        assert!(!same_to_the_cent(100.00, 100.01));
    }
}
