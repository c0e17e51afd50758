//! What the Summary counts, as this run computed it: the stored results of the live cells.

use super::super::department::{Fact, Source};
use super::super::sentence;
use super::super::words::Words;
use crate::account::Currency;
use crate::field::{Field, Status};
use crate::score::{Flag, Kept, Rated, rate};
use std::collections::BTreeMap;

/// One row of the client tables as the summary sees it.
pub(super) struct Seen<'a> {
    pub(super) client: &'a str,
    pub(super) manager: &'a str,
    pub(super) rated: Rated,
    /// The most that its scorecard gives.
    pub(super) maximum: f64,
    pub(super) fact: Fact,
    pub(super) last_year: f64,
    pub(super) currency: Option<Currency>,
    pub(super) next: String,
}

pub(super) fn rows<'a>(source: &'a Source<'_>, words: Words) -> Vec<Seen<'a>> {
    let book = &source.parsed.book;
    let mut seen = Vec::new();
    for (table, facts) in source.parsed.tables.iter().zip(source.facts) {
        let kept = Kept::of(table);
        for (account, fact) in table.accounts().zip(facts) {
            let rated = rate(&account, source.bases.of(&account), kept);
            let next =
                sentence::next_step(words, &account, &rated, source.bases.of(&account), &source.config.own_columns);
            seen.push(Seen {
                client: account.client(book),
                manager: account.text(Field::AccountManager, book).unwrap_or_default(),
                last_year: account.input(Field::RevenueLastYear).number().unwrap_or(0.0).max(0.0),
                currency: account.currency().or_else(|| source.config.currency_of(source.path)),
                rated,
                maximum: source.bases.of(&account).card.maximum(),
                fact: fact.clone(),
                next,
            });
        }
    }
    seen
}

/// The figures as this run computed them: the stored results of the live cells.
pub(super) struct Figures {
    /// Each with the most that its scorecard gives.
    pub(super) scores: Vec<(f64, f64)>,
    pub(super) status: BTreeMap<Status, usize>,
    pub(super) kpi_yes: usize,
    pub(super) kpi_no: usize,
    pub(super) worry: usize,
    pub(super) shrinking: usize,
    pub(super) at_risk: f64,
    pub(super) evident: f64,
    pub(super) revenue: f64,
}

impl Figures {
    pub(super) fn new(seen: &[Seen<'_>]) -> Self {
        let counted = || seen.iter().filter(|row| row.fact.counted == 1);
        let money = || seen.iter().filter(|row| row.fact.counted >= 0);
        let is_evident =
            |row: &&Seen<'_>| row.rated.best_status == Status::AtRisk || row.rated.computed != Status::AtRisk;
        Self {
            scores: counted().filter_map(|row| Some((row.rated.score?, row.maximum))).collect(),
            status: Status::ALL
                .into_iter()
                .map(|status| (status, counted().filter(|row| row.rated.shown == status).count()))
                .collect(),
            kpi_yes: counted().filter(|row| row.rated.kpi_met == Some(true)).count(),
            kpi_no: counted().filter(|row| row.rated.kpi_met == Some(false)).count(),
            worry: counted().filter(|row| row.rated.worry == Some(true)).count(),
            shrinking: counted()
                .filter(|row| row.rated.shown == Status::Strong && row.rated.flags.contains(&Flag::Shrinking))
                .count(),
            at_risk: money().map(|row| row.rated.revenue_at_risk).sum(),
            evident: money().filter(is_evident).map(|row| row.rated.revenue_at_risk).sum(),
            revenue: money().map(|row| row.last_year).sum(),
        }
    }

    /// In points where all scorecards have one maximum, else of score ÷ maximum.
    pub(super) fn average(&self, maximum: Option<f64>) -> Option<f64> {
        average(self.scores.iter().copied(), maximum)
    }
}

/// The average of scores, each with its maximum: in points where that is one, else of score ÷ maximum.
pub(super) fn average(scores: impl ExactSizeIterator<Item = (f64, f64)>, maximum: Option<f64>) -> Option<f64> {
    let count = scores.len();
    let parts = scores.map(|(score, own)| if maximum.is_some() { score } else { score / own });
    (count > 0).then(|| parts.sum::<f64>() / count as f64)
}
