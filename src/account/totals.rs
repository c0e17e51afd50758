//! Rows of totals and subtotals: a word for it, and numbers that are the sum or a row that could be no client.

use crate::account::rows::{Shape, Sorter};
use crate::account::{DropReason, Measure};
use crate::book::Row;
use crate::field::{Field, Kind};
use crate::value::reading::{Outcome, Raw};
use crate::value::words::TotalWord;
use crate::value::{level, number};

/// How many cells the search for sums may look at in one sheet; behind that a totals word alone decides nothing.
pub(super) const SUM_BUDGET: usize = 5_000_000;

impl<'a> Sorter<'a, '_> {
    /// Whether a row that speaks of a total is one.
    pub(super) fn is_total(
        &mut self,
        row: &Row<'a>,
        word: TotalWord,
        values: usize,
        name: Option<&str>,
        id: Option<&str>,
    ) -> bool {
        let manager = self.grid.place(Field::AccountManager);
        let level = self.grid.place(Field::DecisionLevel);
        let bare = self.is_bare(row);
        // "Total Gabon" may be a client: where nothing could tell, or something speaks for it, only the sum decides.
        let comments = self.grid.place(Field::Comments).and_then(|place| self.grid.cell(row, place));
        let tells = (manager.is_some() || level.is_some())
            && values > 0
            && comments.is_none()
            && !name.is_some_and(|name| self.words.has_legal_form(name))
            && id.is_none_or(|id| self.words.total(id).is_some());
        (bare && (word == TotalWord::Alone || tells)) || self.is_sum(row)
    }

    /// Whether neither an account manager nor a level stands in the row.
    fn is_bare(&self, row: &Row<'a>) -> bool {
        let manager = self.grid.place(Field::AccountManager);
        let level = self.grid.place(Field::DecisionLevel);
        let has_manager = manager.and_then(|place| self.grid.cell(row, place)).is_some_and(|cell| {
            matches!(self.grid.raw(cell), Raw::Text(text) if !self.words.is_missing(text) && self.words.total(text).is_none())
        });
        let has_level = level.is_some_and(|place| {
            self.grid.cell(row, place).is_some_and(|cell| {
                matches!(level::level(self.grid.raw(cell), &self.contexts[place]).outcome, Outcome::Known(_))
            })
        });
        !has_manager && !has_level
    }

    /// Whether a row is a total whatever it is called: no manager, no level, and two or more numbers, all of them sums.
    pub(super) fn is_unnamed_total(&mut self, row: &Row<'a>) -> bool {
        let tells = [Field::AccountManager, Field::DecisionLevel].iter().any(|field| self.grid.place(*field).is_some());
        tells && self.is_bare(row) && {
            let (compared, equal) = self.sums(row);
            compared > 1 && equal == compared
        }
    }

    /// Whether the row's numbers equal the sums of the clients above, since the last subtotal or of all.
    pub(super) fn is_sum(&mut self, row: &Row<'a>) -> bool {
        let (compared, equal) = self.sums(row);
        equal > 0 && equal * 2 >= compared
    }

    /// How many of the row's numbers could be sums, and how many are.
    fn sums(&mut self, row: &Row<'a>) -> (u32, u32) {
        let (mut compared, mut equal) = (0, 0);
        for place in 0..self.grid.reads.len() {
            let summed = match self.grid.reads[place].measure {
                Measure::Field(field) => matches!(field.kind(), Kind::Money | Kind::Count),
                Measure::Own(_) => false,
            };
            let Some(value) = self.number(row, place).filter(|_| summed) else { continue };
            if self.budget < self.facts.len() {
                return (0, 0);
            }
            self.budget -= self.facts.len();
            let (mut all, mut since, mut lines, mut below_total) = (0.0, 0.0, 0u32, true);
            for facts in self.facts.iter().rev() {
                match facts.shape {
                    Shape::Dropped(DropReason::Total) => below_total = false,
                    Shape::Client | Shape::IdAndValues => {
                        let number = self.number(&facts.row, place).unwrap_or(0.0);
                        all += number;
                        since += if below_total { number } else { 0.0 };
                        lines += 1;
                    }
                    _ => {}
                }
            }
            let near = |sum: f64| (sum - value).abs() <= 0.01 + value.abs() * 1e-9;
            if value != 0.0 && lines > 1 {
                compared += 1;
                equal += u32::from(near(all) || near(since));
            }
        }
        (compared, equal)
    }

    fn number(&self, row: &Row<'_>, place: usize) -> Option<f64> {
        match self.grid.raw(self.grid.cell(row, place)?) {
            Raw::Number(number, _) => Some(number),
            Raw::Text(text) => number::read(text, self.words).ok()?.value(self.contexts[place].mark),
            _ => None,
        }
    }
}
