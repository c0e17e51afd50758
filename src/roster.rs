//! The organisation's clients, and the departments' accounts, as lines: what pages and exports show of each.

use crate::account::Currency;
use crate::assessed::Assessed;
use crate::field::{Field, Status};
use crate::portfolio::{Amounts, Evidence, Merged, Portfolio, Standing, Unit};
use crate::value::number_text;
use rayon::prelude::*;
use std::collections::HashMap;

/// A client of the organisation, or an account of a department.
#[derive(Clone, Debug)]
pub struct Line<'s> {
    /// Its name.
    pub name: &'s str,
    /// Its ids as handed in.
    pub ids: &'s [&'s str],
    /// Place of the client among the portfolio's, from 0.
    pub client: usize,
    /// Its accounts, by place among the portfolio's; of an account itself alone.
    pub accounts: Vec<usize>,
    /// The departments it stands in, by place among the portfolio's.
    pub departments: Vec<usize>,
    /// Who looks after it, by place among the portfolio's; the one with most revenue first.
    pub managers: Vec<usize>,
    /// What is known of it.
    pub merged: &'s Merged,
    /// What the scorecard says.
    pub assessed: &'s Assessed<'s>,
    /// The status shown, a live override included.
    pub shown: Status,
    /// Whether a live override sets it.
    pub overridden: bool,
    /// Why it is shown At risk, if it is.
    pub at_risk: Option<Evidence>,
    /// Its place in the organisation: of several currencies the one in which it weighs most.
    pub standing: Option<(Unit, Standing)>,
    /// Whether it is a key account of the organisation.
    pub key: bool,
    /// Whether it is new.
    pub new: bool,
    /// The account with the lowest score, by place among the portfolio's.
    pub lowest: Option<usize>,
    /// Whether one of its accounts is shown At risk.
    pub account_at_risk: bool,
    /// Comments, with the departments' names where there are several.
    pub comments: Notes<'s>,
    /// Action points likewise.
    pub action_points: Notes<'s>,
}

/// An amount of a line.
#[derive(Clone, Debug, PartialEq)]
pub enum Sum {
    /// None is known.
    Unknown,
    /// In one currency.
    One(f64),
    /// In several, which are not added up: "EUR 100; GBP 50".
    Several(String),
}

impl Line<'_> {
    /// An amount of money.
    pub fn amount(&self, field: Field) -> Sum {
        sum(self.merged.amounts(field), self.merged.mixed_currency)
    }

    /// Last year's revenue as the sums count it, by currency: amounts above 0.
    pub fn revenue(&self) -> Amounts {
        self.merged.revenue_last_year.positive()
    }

    /// Last year's revenue of a line that is shown At risk; nothing at risk is 0.
    pub fn revenue_at_risk(&self) -> Sum {
        if self.at_risk.is_none() { Sum::One(0.0) } else { sum(&self.revenue(), self.merged.mixed_currency) }
    }

    /// The currency of its amounts, where they are in one.
    pub fn currency(&self) -> Option<Currency> {
        let all = [Field::RevenueLastYear, Field::Target, Field::RevenueCurrent];
        let first = all.into_iter().find_map(|field| self.merged.amounts(field).iter().next());
        first.filter(|_| !self.merged.mixed_currency).and_then(|(unit, _)| unit)
    }
}

fn sum(amounts: &Amounts, mixed: bool) -> Sum {
    let mut each = amounts.iter();
    match each.next() {
        None => Sum::Unknown,
        Some((_, amount)) if !mixed => Sum::One(amount),
        Some(_) => {
            let text = |(unit, amount): (Unit, f64)| match unit {
                Some(unit) => format!("{} {}", unit.code(), number_text(amount)),
                None => number_text(amount),
            };
            Sum::Several(amounts.iter().map(text).collect::<Vec<_>>().join("; "))
        }
    }
}

/// The clients in the portfolio's order: by revenue, then the new ones, then those without revenue.
pub fn clients<'s>(portfolio: &'s Portfolio<'_>, assessed: &'s [Assessed<'s>]) -> Vec<Line<'s>> {
    let line = |(place, (client, assessed)): (usize, (&'s crate::portfolio::Client<'_>, &'s Assessed<'s>))| {
        let departments: Vec<_> =
            client.accounts.iter().map(|&account| portfolio.accounts[account].department).collect();
        let named = departments.len() > 1;
        let notes = |all| Notes { all, own: None, named };
        Line {
            name: client.name,
            ids: &client.ids,
            client: place,
            accounts: client.accounts.clone(),
            departments,
            managers: client.managers.clone(),
            merged: &client.merged,
            assessed,
            shown: client.shown,
            overridden: client.overridden,
            at_risk: client.at_risk(),
            standing: weightiest(&client.standings),
            key: client.is_key(),
            new: client.new.is_some(),
            lowest: client.lowest,
            account_at_risk: client.account_at_risk,
            comments: notes(&client.comments),
            action_points: notes(&client.action_points),
        }
    };
    portfolio.clients.par_iter().zip(assessed).enumerate().map(line).collect()
}

/// The accounts in the portfolio's order: by department, then name. Shares and key accounts are the organisation's.
pub fn accounts<'s>(portfolio: &'s Portfolio<'_>, assessed: &'s [Assessed<'s>]) -> Vec<Line<'s>> {
    let line = |(place, (account, assessed)): (usize, (&'s crate::portfolio::Account<'_>, &'s Assessed<'s>))| {
        let client = &portfolio.clients[account.client];
        let notes = |all| Notes { all, own: Some(account.department), named: false };
        Line {
            name: account.name,
            ids: &client.ids,
            client: account.client,
            accounts: vec![place],
            departments: vec![account.department],
            managers: account.manager.into_iter().collect(),
            merged: &account.merged,
            assessed,
            shown: account.shown,
            overridden: account.overridden,
            at_risk: account.at_risk(),
            standing: weightiest(&client.standings),
            key: client.is_key(),
            new: account.new.is_some(),
            lowest: Some(place),
            account_at_risk: account.shown == Status::AtRisk,
            comments: notes(&client.comments),
            action_points: notes(&client.action_points),
        }
    };
    portfolio.accounts.par_iter().zip(assessed).enumerate().map(line).collect()
}

/// A client is a key account when it is one in any currency: the standing that decides comes earliest.
fn weightiest(standings: &[(Unit, Standing)]) -> Option<(Unit, Standing)> {
    let before = |standing: &Standing| standing.cumulative - standing.share;
    standings.iter().copied().min_by(|(_, a), (_, b)| before(a).total_cmp(&before(b)))
}

/// What departments wrote about a line.
#[derive(Clone, Copy, Debug)]
pub struct Notes<'s> {
    /// Those of the client, each with its department by place among the portfolio's.
    all: &'s [(usize, &'s str)],
    /// The department whose notes alone are meant.
    own: Option<usize>,
    /// Whether it is said who wrote them.
    named: bool,
}

impl<'s> Notes<'s> {
    fn each(self) -> impl Iterator<Item = (usize, &'s str)> {
        self.all.iter().copied().filter(move |(department, _)| self.own.is_none_or(|own| own == *department))
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.each().next().is_none()
    }

    /// A line each; what several departments say in the same words is said once, after what `names` makes of them.
    pub fn joined(self, names: impl Fn(&[usize]) -> String) -> String {
        let mut said: Vec<(Vec<usize>, &str)> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (department, text) in self.each() {
            let place = *places.entry(text).or_insert_with(|| {
                said.push((Vec::new(), text));
                said.len() - 1
            });
            said[place].0.push(department);
        }
        let note = |(departments, text): (Vec<usize>, &str)| {
            if self.named { format!("{}: {text}", names(&departments)) } else { text.to_owned() }
        };
        said.into_iter().map(note).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Notes;

    #[test]
    fn equal_notes_are_said_once() {
        let departments = ["Sales", "Legal", "Support"];
        let names = |of: &[usize]| of.iter().map(|&place| departments[place]).collect::<Vec<_>>().join(", ");
        let all = [(0, "call"), (1, "wait"), (2, "call")];
        let notes = Notes { all: &all, own: None, named: true };
        assert_eq!(notes.joined(names), "Sales, Support: call\nLegal: wait");
        assert_eq!(Notes { own: Some(1), named: false, ..notes }.joined(names), "wait");
        assert!(Notes { own: Some(3), ..notes }.is_empty());
    }
}
