//! Evidence combined: lines of one account, accounts of one client.

use super::entry::{Entry, Measures, Settings};
use super::money::{Amounts, amount, same_to_the_cent, unit_of};
use crate::account::{Input, Value};
use crate::field::Field;
use smallvec::{SmallVec, smallvec};
use std::sync::Arc;

/// The fields that hold money.
pub(super) const MONEY: [Field; 3] = [Field::RevenueLastYear, Field::Target, Field::RevenueCurrent];

/// What is known of an account or a client, from one row or several.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// The inputs; amounts of money in one currency, missing where they are in several.
    pub measures: Measures,
    /// Last year's revenue by currency.
    pub revenue_last_year: Amounts,
    /// Target by currency.
    pub target: Amounts,
    /// Current revenue by currency.
    pub revenue_current: Amounts,
    /// Whether there are amounts in more than one currency and no rates to convert them.
    pub mixed_currency: bool,
    /// Fields of money that some of the rows lack while others have them: their ratio to another field compares unlike things.
    pub partial: Vec<Field>,
    /// The rows, by index of the entry; department by department, there in the order of the sources.
    pub entries: SmallVec<[usize; 2]>,
    kept: [bool; Field::COUNT],
}

impl Merged {
    /// Whether any of the sheets keeps a field.
    pub fn keeps(&self, field: Field) -> bool {
        self.kept[field as usize]
    }

    /// The amounts of a field of money.
    pub fn amounts(&self, field: Field) -> &Amounts {
        match field {
            Field::Target => &self.target,
            Field::RevenueCurrent => &self.revenue_current,
            _ => &self.revenue_last_year,
        }
    }

    /// One row.
    pub(super) fn row(index: usize, entry: &Entry, settings: &Settings) -> Self {
        let amounts =
            |input| amount(entry, input, settings).map(|(unit, sum)| Amounts::of(unit, sum)).unwrap_or_default();
        let mut kept = [false; Field::COUNT];
        for &field in Field::ALL {
            kept[field as usize] = entry.source.keeps(field);
        }
        let mut merged = Self {
            measures: entry.measures,
            revenue_last_year: amounts(entry.measures.revenue_last_year),
            target: amounts(entry.measures.target),
            revenue_current: amounts(entry.measures.revenue_current),
            mixed_currency: false,
            partial: Vec::new(),
            entries: smallvec![index],
            kept,
        };
        if unit_of(entry, settings).1 != 1.0 {
            merged.set_money(&[entry.measures]);
        }
        merged
    }

    /// Differing rows of one client in one department: the best evidence, revenue added.
    pub(super) fn lines(parts: &[Arc<Merged>], settings: &Settings) -> Self {
        let amounts = MONEY.map(|field| added(parts, field));
        Self::combine(parts, amounts, greatest, settings)
    }

    /// The accounts of one client: the best evidence; meetings, referrals and revenue added. Revenue that is equal to the
    /// cent in two departments counts once, and is named.
    pub(super) fn accounts(parts: &[Arc<Merged>], settings: &Settings) -> (Self, Vec<CountedOnce>) {
        let mut once = Vec::new();
        for field in [Field::RevenueLastYear, Field::RevenueCurrent] {
            for (place, part) in parts.iter().enumerate() {
                if let Some(first) = parts[..place].iter().position(|other| equal(other, part, field)) {
                    once.push(CountedOnce { field, first, again: place });
                }
            }
        }
        // A target that came along with copied revenue is the same target; by itself a round figure proves nothing.
        for place in 0..parts.len() {
            let copied = once.iter().find(|once| once.again == place).map(|once| once.first);
            if let Some(first) = copied.filter(|&first| equal(&parts[first], &parts[place], Field::Target)) {
                once.push(CountedOnce { field: Field::Target, first, again: place });
            }
        }
        let amounts = MONEY.map(|field| {
            let mut sum = Amounts::default();
            for (place, part) in parts.iter().enumerate() {
                if !once.iter().any(|once| once.field == field && once.again == place) {
                    sum.add_all(part.amounts(field));
                }
            }
            sum
        });
        (Self::combine(parts, amounts, sum, settings), once)
    }

    fn combine(parts: &[Arc<Merged>], amounts: [Amounts; 3], events: fn(&[f64]) -> f64, settings: &Settings) -> Self {
        let [revenue_last_year, target, revenue_current] = amounts;
        let all: Vec<Measures> = parts.iter().map(|part| part.measures).collect();
        let number = |field: Field, choose: fn(&[f64]) -> f64| {
            let known: Vec<f64> = all.iter().filter_map(|measures| measures.get(field).number()).collect();
            if known.is_empty() { unknown(&all, field) } else { Input::Known(Value::Number(choose(&known))) }
        };
        let level = all.iter().filter_map(|measures| measures.decision_level.level()).max();
        let (survey_score, survey_date) = survey(&all);
        let next = dates(&all, Field::RenewalDate).filter(|&day| day >= settings.as_of).min();
        let mut kept = [false; Field::COUNT];
        for part in parts {
            for (all, own) in kept.iter_mut().zip(part.kept) {
                *all |= own;
            }
        }
        let mut merged = Self {
            measures: Measures {
                our_contacts: number(Field::OurContacts, greatest),
                client_contacts: number(Field::ClientContacts, greatest),
                meetings: number(Field::Meetings, events),
                decision_level: level
                    .map_or_else(|| unknown(&all, Field::DecisionLevel), |level| Input::Known(Value::Level(level))),
                survey_score,
                survey_date,
                renewal_date: date(&all, Field::RenewalDate, next.or_else(|| dates(&all, Field::RenewalDate).max())),
                last_thanked: date(&all, Field::LastThanked, dates(&all, Field::LastThanked).max()),
                referrals: number(Field::Referrals, events),
                ..Measures::default()
            },
            partial: partial(parts),
            revenue_last_year,
            target,
            revenue_current,
            mixed_currency: false,
            entries: parts.iter().flat_map(|part| part.entries.iter().copied()).collect(),
            kept,
        };
        merged.set_money(&all);
        merged
    }

    fn set_money(&mut self, all: &[Measures]) {
        let mut units: Vec<_> =
            MONEY.iter().flat_map(|&field| self.amounts(field).iter().map(|(unit, _)| unit)).collect();
        units.sort_unstable();
        units.dedup();
        self.mixed_currency = units.len() > 1;
        let input = |field| match self.amounts(field).as_input() {
            _ if self.mixed_currency => Input::Missing,
            Input::Missing => unknown(all, field),
            known => known,
        };
        let [last_year, target, current] = MONEY.map(input);
        self.measures.revenue_last_year = last_year;
        self.measures.target = target;
        self.measures.revenue_current = current;
    }
}

/// An amount that stands in two departments, equal to the cent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CountedOnce {
    pub(super) field: Field,
    /// The part whose amount counts.
    pub(super) first: usize,
    /// The part whose equal amount does not.
    pub(super) again: usize,
}

fn equal(a: &Merged, b: &Merged, field: Field) -> bool {
    let (a, b) = (a.amounts(field), b.amounts(field));
    let mut pairs = a.iter().zip(b.iter());
    a.iter().len() == b.iter().len()
        && a.iter().any(|(_, amount)| amount != 0.0)
        && pairs.all(|((unit, x), (other, y))| unit == other && same_to_the_cent(x, y))
}

fn added(parts: &[Arc<Merged>], field: Field) -> Amounts {
    let mut sum = Amounts::default();
    for part in parts {
        sum.add_all(part.amounts(field));
    }
    sum
}

fn partial(parts: &[Arc<Merged>]) -> Vec<Field> {
    let has_money = |part: &&Arc<Merged>| MONEY.iter().any(|&field| part.amounts(field).iter().len() > 0);
    let with_money: Vec<&Arc<Merged>> = parts.iter().filter(has_money).collect();
    let lacks = |field: Field| {
        let known = with_money.iter().filter(|part| part.amounts(field).iter().len() > 0).count();
        let again = with_money.iter().any(|part| part.partial.contains(&field));
        again || (known > 0 && known < with_money.len())
    };
    MONEY.into_iter().filter(|&field| lacks(field)).collect()
}

/// Wrong if one of them is wrong, else missing.
fn unknown(all: &[Measures], field: Field) -> Input {
    if all.iter().any(|measures| measures.get(field) == Input::Wrong) { Input::Wrong } else { Input::Missing }
}

fn greatest(numbers: &[f64]) -> f64 {
    numbers.iter().copied().fold(f64::MIN, f64::max)
}

fn sum(numbers: &[f64]) -> f64 {
    numbers.iter().sum()
}

fn dates(all: &[Measures], field: Field) -> impl Iterator<Item = i32> {
    all.iter().filter_map(move |measures| measures.get(field).date())
}

fn date(all: &[Measures], field: Field, day: Option<i32>) -> Input {
    day.map_or_else(|| unknown(all, field), |day| Input::Known(Value::Date(day)))
}

/// The latest dated score with its date, else the lowest; on one day the lowest.
fn survey(all: &[Measures]) -> (Input, Input) {
    let known = all.iter().filter_map(|measures| Some((measures.survey_date.date(), measures.survey_score.number()?)));
    match known.min_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1))) {
        Some((day, score)) => (Input::Known(Value::Number(score)), date(&[], Field::SurveyDate, day)),
        None => (unknown(all, Field::SurveyScore), date(all, Field::SurveyDate, dates(all, Field::SurveyDate).max())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{entry, settings};
    use super::*;
    use crate::account::Currency;
    use crate::field::Level;

    fn number(number: f64) -> Input {
        Input::Known(Value::Number(number))
    }

    fn day(day: i32) -> Input {
        Input::Known(Value::Date(day))
    }

    fn rows(all: &[Measures]) -> Vec<Arc<Merged>> {
        let settings = settings();
        all.iter()
            .enumerate()
            .map(|(index, measures)| {
                let mut row = entry(index, "Sales", "Acme");
                row.measures = *measures;
                Arc::new(Merged::row(index, &row, &settings))
            })
            .collect()
    }

    #[test]
    fn best_evidence_of_accounts_and_lines() {
        let a = Measures {
            our_contacts: number(1.0),
            client_contacts: number(3.0),
            meetings: number(2.0),
            decision_level: Input::Known(Value::Level(Level::Junior)),
            referrals: number(1.0),
            renewal_date: day(46_000),
            last_thanked: day(46_100),
            revenue_last_year: number(100.0),
            ..Measures::default()
        };
        let b = Measures {
            our_contacts: number(4.0),
            client_contacts: Input::Wrong,
            meetings: number(3.0),
            decision_level: Input::Known(Value::Level(Level::Senior)),
            survey_score: Input::Wrong,
            referrals: number(2.0),
            renewal_date: day(46_500),
            last_thanked: day(46_200),
            revenue_last_year: number(50.0),
            target: number(10.0),
            ..Measures::default()
        };
        let parts = rows(&[a, b]);
        let (client, once) = Merged::accounts(&parts, &settings());
        assert!(once.is_empty());
        let expected = Measures {
            our_contacts: number(4.0),
            client_contacts: number(3.0),
            meetings: number(5.0),
            decision_level: Input::Known(Value::Level(Level::Senior)),
            survey_score: Input::Wrong,
            survey_date: Input::Missing,
            renewal_date: day(46_500), // 46000 lies before the reporting month's end
            last_thanked: day(46_200),
            referrals: number(3.0),
            revenue_last_year: number(150.0),
            target: number(10.0),
            revenue_current: Input::Missing,
        };
        assert_eq!(client.measures, expected);
        assert_eq!(client.partial, [Field::Target]);
        let account = Merged::lines(&parts, &settings());
        assert_eq!(account.measures, Measures { meetings: number(3.0), referrals: number(2.0), ..expected });
    }

    #[test]
    fn survey_is_the_latest_dated_else_the_lowest() {
        let survey_of = |all: &[(f64, Option<i32>)]| {
            let all: Vec<Measures> = all
                .iter()
                .map(|&(score, date)| Measures {
                    survey_score: number(score),
                    survey_date: date.map_or(Input::Missing, day),
                    ..Measures::default()
                })
                .collect();
            let merged = Merged::accounts(&rows(&all), &settings()).0.measures;
            (merged.survey_score.number(), merged.survey_date.date())
        };
        assert_eq!(survey_of(&[(9.0, Some(5)), (4.0, Some(3))]), (Some(9.0), Some(5)));
        assert_eq!(survey_of(&[(9.0, None), (4.0, None)]), (Some(4.0), None));
        assert_eq!(survey_of(&[(3.0, None), (7.0, Some(3))]), (Some(7.0), Some(3)));
        assert_eq!(survey_of(&[(9.0, Some(5)), (8.0, Some(5))]), (Some(8.0), Some(5)));
    }

    #[test]
    fn revenue_equal_to_the_cent_counts_once() {
        let of = |revenue: f64, target: f64| Measures {
            revenue_last_year: number(revenue),
            target: number(target),
            ..Measures::default()
        };
        let (client, once) = Merged::accounts(&rows(&[of(100.1, 5.0), of(100.1, 5.0), of(7.0, 5.0)]), &settings());
        assert_eq!(client.measures.revenue_last_year, number(107.1));
        assert_eq!(client.measures.target, number(10.0));
        assert_eq!(once.len(), 2);
        let (client, once) = Merged::accounts(&rows(&[of(-9.5, 5.0), of(-9.5, 6.0)]), &settings());
        assert_eq!((client.measures.revenue_last_year, once.len()), (number(-9.5), 1));
        let (client, once) = Merged::accounts(&rows(&[of(0.0, 5.0), of(0.0, 5.0)]), &settings());
        assert_eq!((client.measures.target, once.len()), (number(10.0), 0));
    }

    #[test]
    fn amounts_of_two_currencies_are_no_sum() {
        let mut rows: Vec<_> = (0..2).map(|index| entry(index, "Sales", "Acme")).collect();
        rows[0].measures.revenue_last_year = number(100.0);
        rows[1].measures.revenue_current = number(80.0);
        rows[1].currency = Some(Currency(*b"GBP"));
        let mut settings = settings();
        let merge = |settings: &Settings| {
            let parts = [0, 1].map(|index| Arc::new(Merged::row(index, &rows[index], settings)));
            Merged::accounts(&parts, settings).0
        };
        assert!(merge(&settings).mixed_currency);
        assert_eq!(merge(&settings).measures.revenue_last_year, Input::Missing);
        settings.currency = Some(Currency(*b"EUR"));
        settings.rates.insert(Currency(*b"GBP"), 1.25);
        assert!(!merge(&settings).mixed_currency);
        assert_eq!(merge(&settings).measures.revenue_current, number(100.0));
    }
}
