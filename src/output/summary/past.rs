//! What earlier months say about a client or an account.

use super::super::department::Fact;
use super::super::progress::{changed, month_name};
use super::View;
use super::columns::Lines;
use crate::history::{Change, Comparison};
use crate::period::Month;
use crate::roster::Line;

/// What a line is compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Before {
    pub(super) month: Month,
    /// Its score then.
    pub(super) score: Option<f64>,
}

impl Lines<'_> {
    /// What a line is compared with: an account with the month in which its department was last delivered; a client
    /// likewise, where that is one month for all its accounts and each was listed in it.
    pub(super) fn before(&self, line: &Line<'_>) -> Option<Before> {
        let past = self.view.past()?;
        let changes = changes(past, line);
        let first = changes.first()?;
        let month = first.previous_month?;
        if self.are_accounts() {
            return Some(Before { month, score: first.previous_score });
        }
        if changes.iter().any(|change| change.previous_month != Some(month) || !change.was_listed) {
            return None;
        }
        // the score of all accounts together, which may have been more than there are now
        let place = past.trend.months.iter().position(|&own| own == month);
        let score = match place {
            Some(place) => past.trend.clients[line.client][place],
            None if changes.len() == 1 => first.previous_score,
            None => None,
        };
        Some(Before { month, score })
    }

    /// Score less previous score.
    pub(super) fn change(&self, line: &Line<'_>) -> Option<f64> {
        Some(line.assessed.rated.score? - self.before(line)?.score?)
    }

    /// What changed, department by department where there are several.
    pub(super) fn said(&self, line: &Line<'_>) -> String {
        let Some(past) = self.view.past() else { return String::new() };
        let of = |account: usize| {
            let own = &self.view.source.portfolio.accounts[account];
            let fact = Fact { change: past.changes.accounts.get(account).cloned(), lines: 1, ..Fact::default() };
            let said = changed(self.view.words, &fact, own.rated.score, self.view.source.config);
            (self.view.department(own.department), said)
        };
        let said: Vec<_> =
            line.accounts.iter().map(|&account| of(account)).filter(|(_, said)| !said.is_empty()).collect();
        match said.as_slice() {
            [(_, said)] if line.accounts.len() == 1 => said.clone(),
            all => {
                let each: Vec<_> = all.iter().map(|(department, said)| format!("{department}: {said}")).collect();
                self.view.named(each.iter().map(String::as_str))
            }
        }
    }

    /// The month a line is compared with, in words.
    pub(super) fn month_before(&self, line: &Line<'_>) -> Option<String> {
        Some(month_name(self.view.words, self.before(line)?.month))
    }
}

fn changes<'p>(past: &'p Comparison, line: &Line<'_>) -> Vec<&'p Change> {
    line.accounts.iter().filter_map(|&account| past.changes.accounts.get(account)).collect()
}

/// The sentence in place of figures that need earlier months: from when on there will be some.
pub(super) fn silence(view: &View<'_>) -> Option<String> {
    let words = view.words;
    if view.past().is_some() {
        return None;
    }
    if !view.source.stored {
        return Some(words.get("org", "no_history").to_owned());
    }
    let next = month_name(words, view.source.period.month.plus(1));
    Some(words.fill("org", "first_month", &[("month", &next)]))
}
