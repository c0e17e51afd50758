//! Who is new, and who ranks where by revenue.

use super::New;
use super::entry::{Basis, Entry, Settings};
use super::key_accounts::{Standings, standings};
use super::merge::Merged;
use super::money::{Amounts, Unit};
use crate::account::Input;
use crate::field::Field;
use smallvec::SmallVec;
use std::collections::BTreeMap;

/// What a row says about last year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LastYear {
    /// The sheet keeps it, it is empty or 0, and there is a target or revenue now.
    New,
    /// Revenue, or no telling: not kept, or unreadable.
    Known,
    /// No amounts at all.
    Nothing,
}

fn last_year(entry: &Entry) -> LastYear {
    let above_0 = |input: Input| input.number().is_some_and(|amount| amount > 0.0);
    let now = above_0(entry.measures.target) || above_0(entry.measures.revenue_current);
    match entry.measures.revenue_last_year {
        Input::Wrong => LastYear::Known,
        input if input.number().is_some_and(|amount| amount != 0.0) => LastYear::Known,
        _ if !now => LastYear::Nothing,
        _ if entry.source.keeps(Field::RevenueLastYear) => LastYear::New,
        _ => LastYear::Known,
    }
}

/// Whether these rows are a new client, and by which amounts; its rank is yet to come.
pub(super) fn new<'e, 'a: 'e>(
    rows: impl Iterator<Item = &'e Entry<'a>>,
    merged: &Merged,
    settings: &Settings,
) -> Option<New> {
    let said: SmallVec<[LastYear; 4]> = rows.map(last_year).collect();
    if !said.contains(&LastYear::New) || said.contains(&LastYear::Known) {
        return None;
    }
    let current = merged.revenue_current.positive();
    let by_target = settings.basis == Basis::Target || current.iter().len() == 0;
    let (field, amounts) =
        if by_target { (Field::Target, merged.target.positive()) } else { (Field::RevenueCurrent, current) };
    Some(New { amounts, field, ranks: Vec::new() })
}

/// One competitor: its amounts and what ties are decided by.
#[derive(Debug)]
pub(super) struct Contender<'p, T> {
    pub(super) amounts: &'p Amounts,
    pub(super) new: Option<&'p New>,
    pub(super) tie: T,
}

/// Standings and, for the new, ranks: by currency, for each contender.
pub(super) type Places = Vec<(Standings, Vec<(Unit, usize)>)>;

/// Ranks the contenders in each currency.
pub(super) fn places<T: Ord>(contenders: &[Contender<T>], key_share: f64) -> Places {
    let mut units: BTreeMap<Unit, Vec<(f64, usize)>> = BTreeMap::new();
    for (index, contender) in contenders.iter().enumerate().filter(|(_, contender)| contender.new.is_none()) {
        for (unit, amount) in contender.amounts.iter().filter(|&(_, amount)| amount > 0.0) {
            units.entry(unit).or_default().push((amount, index));
        }
    }
    let mut places: Places = vec![Default::default(); contenders.len()];
    for (&unit, amounts) in &mut units {
        amounts.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| contenders[a.1].tie.cmp(&contenders[b.1].tie)));
        let sorted: Vec<f64> = amounts.iter().map(|&(amount, _)| amount).collect();
        for (&(_, index), standing) in amounts.iter().zip(standings(&sorted, key_share)) {
            places[index].0.push((unit, standing));
        }
    }
    for (index, contender) in contenders.iter().enumerate() {
        for (unit, amount) in contender.new.iter().flat_map(|new| new.amounts.iter()) {
            let before = units.get(&unit).map_or(0, |others| others.partition_point(|&(other, _)| other >= amount));
            places[index].1.push((unit, before + 1));
        }
    }
    places
}

#[cfg(test)]
mod tests {
    use super::super::tests::{columns, entry, settings};
    use super::*;
    use crate::account::Value;
    use crate::mapping::Column;

    #[test]
    fn new_clients() {
        let number = |n: f64| Input::Known(Value::Number(n));
        let without: Vec<Column> =
            columns().iter().filter(|column| column.field != Some(Field::RevenueLastYear)).cloned().collect();
        for (last_year, target, current, kept, expected) in [
            (Input::Missing, number(5.0), Input::Missing, true, Some((Field::Target, 5.0))),
            (number(0.0), number(5.0), number(3.0), true, Some((Field::RevenueCurrent, 3.0))),
            (number(0.0), Input::Missing, number(0.0), true, None),
            (Input::Wrong, number(5.0), Input::Missing, true, None),
            (number(-1.0), number(5.0), Input::Missing, true, None),
            (number(1.0), number(5.0), Input::Missing, true, None),
            (Input::Missing, number(5.0), Input::Missing, false, None),
        ] {
            let mut row = entry(0, "Sales", "Acme");
            row.measures.revenue_last_year = last_year;
            row.measures.target = target;
            row.measures.revenue_current = current;
            if !kept {
                row.source.columns = &without;
            }
            let merged = Merged::row(0, &row, &settings());
            let found = new([&row].into_iter(), &merged, &settings());
            let found = found.map(|new| (new.field, new.amounts.get(None).unwrap_or_default()));
            assert_eq!(found, expected, "{last_year:?} {target:?} {current:?} {kept}");
        }
    }

    #[test]
    fn ties_go_by_name_and_new_clients_stay_outside() {
        let amounts = [50.0, 50.0, 100.0].map(|amount| Amounts::of(None, amount));
        let new = New { amounts: Amounts::of(None, 60.0), field: Field::Target, ranks: Vec::new() };
        let none = Amounts::default();
        let contenders = [
            Contender { amounts: &amounts[0], new: None, tie: "b" },
            Contender { amounts: &amounts[1], new: None, tie: "a" },
            Contender { amounts: &amounts[2], new: None, tie: "c" },
            Contender { amounts: &none, new: Some(&new), tie: "d" },
        ];
        let places = places(&contenders, 0.8);
        let ranks: Vec<Option<usize>> = places.iter().map(|(own, _)| own.first().map(|(_, s)| s.rank)).collect();
        assert_eq!(ranks, [Some(3), Some(2), Some(1), None]);
        assert_eq!(places[3].1, [(None, 2)]);
    }
}
