//! What a column's unambiguous cells prove about the ambiguous ones, and whose evidence counts when they prove nothing.

use crate::account::Currency;
use crate::field::Level;
use crate::value::date::DateOrder;
use crate::value::number::Mark;
use std::collections::BTreeSet;

/// Cells that prove something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Votes {
    point: u32,
    comma: u32,
    day_first: u32,
    month_first: u32,
    /// Levels that stand there by their first letters, and texts that do not.
    ranks: BTreeSet<Level>,
    no_ranks: u32,
    /// Currencies that columns, headings, cells or number formats name.
    pub currencies: BTreeSet<Currency>,
}

impl Votes {
    /// Counts a cell that proves a decimal mark.
    pub fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Point => self.point += 1,
            Mark::Comma => self.comma += 1,
        }
    }

    /// Counts a cell that proves a date order.
    pub fn order(&mut self, order: DateOrder) {
        match order {
            DateOrder::DayFirst => self.day_first += 1,
            DateOrder::MonthFirst => self.month_first += 1,
        }
    }

    /// Counts a text of a column of levels.
    pub fn rank(&mut self, rank: Option<Level>) {
        match rank {
            Some(rank) => _ = self.ranks.insert(rank),
            None => self.no_ranks += 1,
        }
    }

    /// Whether the column holds first letters of levels, more than one of them, and nothing else.
    pub fn are_ranks(&self) -> bool {
        self.ranks.len() >= 2 && self.no_ranks == 0
    }

    /// Adds the evidence of another column or sheet.
    pub fn add(&mut self, other: &Votes) {
        self.point += other.point;
        self.comma += other.comma;
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.currencies.extend(&other.currencies);
    }

    /// The mark that most cells of the column prove.
    pub fn most_marks(&self) -> Option<Mark> {
        match self.point.cmp(&self.comma) {
            std::cmp::Ordering::Greater => Some(Mark::Point),
            std::cmp::Ordering::Less => Some(Mark::Comma),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The order that most cells of the column prove.
    pub fn most_orders(&self) -> Option<DateOrder> {
        match self.day_first.cmp(&self.month_first) {
            std::cmp::Ordering::Greater => Some(DateOrder::DayFirst),
            std::cmp::Ordering::Less => Some(DateOrder::MonthFirst),
            std::cmp::Ordering::Equal => None,
        }
    }

    /// Whether dates of both orders stand in the column.
    pub fn mixed_order(&self) -> bool {
        self.day_first > 0 && self.month_first > 0
    }

    /// The only currency, if there is just one.
    pub fn only_currency(&self) -> Option<Currency> {
        self.currencies.first().copied().filter(|_| self.currencies.len() == 1)
    }

    fn only_mark(&self) -> Option<Mark> {
        if self.point > 0 && self.comma > 0 { None } else { self.most_marks() }
    }

    fn only_order(&self) -> Option<DateOrder> {
        if self.mixed_order() { None } else { self.most_orders() }
    }
}

/// The decimal mark of a column: its own majority, else what sheet or workbook prove without exception, else the
/// configured one.
pub fn settled_mark(column: &Votes, sheet: &Votes, workbook: &Votes, configured: Option<Mark>) -> Option<Mark> {
    column.most_marks().or_else(|| sheet.only_mark()).or_else(|| workbook.only_mark()).or(configured)
}

/// The date order of a column, likewise.
pub fn settled_order(
    column: &Votes,
    sheet: &Votes,
    workbook: &Votes,
    configured: Option<DateOrder>,
) -> Option<DateOrder> {
    column.most_orders().or_else(|| sheet.only_order()).or_else(|| workbook.only_order()).or(configured)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn votes(point: u32, comma: u32) -> Votes {
        Votes { point, comma, ..Votes::default() }
    }

    #[test]
    fn letters_need_company() {
        let of = |ranks: &[Option<Level>]| {
            let mut votes = Votes::default();
            ranks.iter().for_each(|rank| votes.rank(*rank));
            votes.are_ranks()
        };
        assert!(of(&[Some(Level::Junior), Some(Level::Senior), Some(Level::Junior)]));
        assert!(!of(&[Some(Level::Senior), Some(Level::Senior)]));
        assert!(!of(&[Some(Level::Junior), Some(Level::Senior), None]));
        assert!(!of(&[]));
    }

    #[test]
    fn the_nearest_evidence_counts() {
        let none = votes(0, 0);
        for (column, sheet, workbook, configured, mark) in [
            (votes(2, 1), votes(2, 9), votes(2, 9), Some(Mark::Comma), Some(Mark::Point)),
            (none.clone(), votes(0, 1), votes(5, 1), None, Some(Mark::Comma)),
            (votes(1, 1), votes(1, 1), votes(1, 1), Some(Mark::Comma), Some(Mark::Comma)),
            (none.clone(), votes(3, 1), votes(3, 1), None, None),
            (none.clone(), none.clone(), votes(3, 0), Some(Mark::Comma), Some(Mark::Point)),
            (none.clone(), none.clone(), none.clone(), None, None),
        ] {
            assert_eq!(settled_mark(&column, &sheet, &workbook, configured), mark, "{column:?} {sheet:?}");
        }
    }
}
