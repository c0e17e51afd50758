//! The scorecards of a department's workbook: one as a rule, several where a word in a client's row chooses among them.
//!
//! Each has its limits on Method under names of its own; criteria with one heading share
//! a column of points.

use super::department::Source;
use super::words::Words;
use crate::account::ClientTable;
use crate::field::Field;
use crate::mapping::Column;
use crate::score::{Criterion, Scorecard};
use crate::segment::{self, Choice};
use std::collections::BTreeSet;

/// A scorecard that may rate clients of the workbook.
#[derive(Clone)]
pub(crate) struct Card<'a> {
    /// Its place in the configuration.
    place: usize,
    pub(crate) card: &'a Scorecard,
    /// What the names of its limits end in: nothing for the usual one, "_s2" …
    pub(crate) mark: String,
    /// Its name as the workbook says it.
    pub(crate) name: String,
}

/// Those that may rate clients of the workbook, the usual one first.
pub(super) struct Cards<'a> {
    all: Vec<Card<'a>>,
}

impl<'a> Cards<'a> {
    /// The department's usual one, and those whose column a list of the workbook keeps.
    pub(super) fn of(source: &Source<'a>, words: Words) -> Self {
        let config = source.config;
        let choices = source.parsed.tables.iter().flat_map(|table| choices(source, table));
        let places: BTreeSet<usize> = choices.map(|choice| choice.card).collect();
        let usual = config.usual_scorecard(source.department);
        let card = |(number, place): (usize, usize)| {
            let card = &config.scorecards[place];
            let mark = if number == 1 { String::new() } else { format!("_s{number}") };
            Card { place, card, mark, name: words.scorecard(card).to_owned() }
        };
        Self { all: (1..).zip([usual].into_iter().chain(places)).map(card).collect() }
    }

    pub(super) fn all(&self) -> &[Card<'a>] {
        &self.all
    }

    /// The usual one.
    pub(super) fn usual(&self) -> &Card<'a> {
        &self.all[0]
    }

    /// The highest score, where all have the same.
    pub(super) fn maximum(&self) -> Option<f64> {
        let maximum = self.usual().card.maximum();
        self.all.iter().all(|own| own.card.maximum() == maximum).then_some(maximum)
    }

    /// A sum of one scorecard's scores, as an expression, in parts of its maximum; in points of the usual one's where all have
    /// the same, and it stays right when that of one is tried out.
    pub(super) fn comparable(&self, sum: &str, mark: &str) -> String {
        match (self.all.as_slice(), self.maximum()) {
            ([_], _) => sum.to_owned(),
            (_, Some(_)) if mark == self.usual().mark => sum.to_owned(),
            (_, Some(_)) => format!("{sum}/kt_maximum{mark}*kt_maximum"),
            (_, None) => format!("{sum}/kt_maximum{mark}"),
        }
    }

    /// Those of one list.
    pub(super) fn of_table(&self, source: &Source<'a>, table: &'a ClientTable, words: Words) -> TableCards<'a> {
        let asked = choices(source, table).into_iter().filter_map(|choice| {
            let own = self.all.iter().find(|own| own.place == choice.card)?;
            Some(TableCard { own: own.clone(), asks: Some(Asked::new(&choice, source, table, words)) })
        });
        let usual = TableCard { own: self.usual().clone(), asks: None };
        let each: Vec<_> = asked.chain([usual]).collect();
        let points = points(&each, words);
        TableCards { each, points }
    }
}

fn choices<'a>(source: &Source<'a>, table: &'a ClientTable) -> Vec<Choice<'a>> {
    segment::choices(source.config, source.department, &table.columns)
}

/// The scorecards of a list.
#[derive(Clone)]
pub(crate) struct TableCards<'a> {
    /// In the order in which they go before each other, the usual one last.
    pub(crate) each: Vec<TableCard<'a>>,
    /// Columns of points: counted ones side by side, since formulas add them up as one range.
    pub(crate) points: Vec<PointsColumn<'a>>,
}

/// A scorecard of a list.
#[derive(Clone)]
pub(crate) struct TableCard<'a> {
    pub(crate) own: Card<'a>,
    /// Which clients it rates; `None`: all others.
    pub(crate) asks: Option<Asked<'a>>,
}

/// The words in a column by which a scorecard knows its clients.
#[derive(Clone)]
pub(crate) struct Asked<'a> {
    column: &'a Column,
    /// The column's heading in the result, once it is known.
    pub(crate) heading: Option<String>,
    /// As configured, and as the list writes them where Excel would see a difference.
    pub(crate) words: Vec<String>,
}

impl<'a> Asked<'a> {
    fn new(choice: &Choice<'a>, source: &Source<'a>, table: &'a ClientTable, words: Words) -> Self {
        let book = &source.parsed.book;
        let further = segment::further_spellings(choice, table, book, &source.config.own_columns);
        let heading = choice.column.field.map(|field| words.get("column", Field::id(field)).to_owned());
        let words = choice.when.is.iter().map(|word| segment::as_trimmed(word));
        let words = words.chain(further).collect();
        Self { column: choice.column, heading, words }
    }
}

impl TableCards<'_> {
    /// Whether a word in the row chooses.
    pub(crate) fn are_several(&self) -> bool {
        self.each.len() > 1
    }

    /// Says under which heading a column of the source stands here.
    pub(crate) fn headed(&mut self, column: &Column, heading: &str) {
        let asked = self.each.iter_mut().filter_map(|own| own.asks.as_mut());
        for asked in asked.filter(|asked| asked.column.col == column.col && asked.column.field.is_none()) {
            asked.heading = Some(heading.to_owned());
        }
    }

    /// The headings of the columns that choose.
    pub(crate) fn headings(&self) -> Vec<&str> {
        let asked = self.each.iter().filter_map(|own| own.asks.as_ref()?.heading.as_deref());
        let mut headings = Vec::new();
        for heading in asked {
            if !headings.contains(&heading) {
                headings.push(heading);
            }
        }
        headings
    }

    /// The highest score, where all have the same.
    pub(crate) fn maximum(&self) -> Option<f64> {
        let mut maxima = self.each.iter().map(|own| own.own.card.maximum());
        let first = maxima.next()?;
        maxima.all(|maximum| maximum == first).then_some(first)
    }
}

/// A column of points: a criterion that one or several scorecards of the list have.
#[derive(Clone)]
pub(crate) struct PointsColumn<'a> {
    /// Stable id of the column.
    pub(crate) id: String,
    pub(crate) heading: String,
    pub(crate) criterion: &'a Criterion,
    /// The criterion's place in each scorecard of the list.
    of: Vec<Option<usize>>,
}

impl PointsColumn<'_> {
    /// The criterion's place in the list's n-th scorecard, if that has it.
    pub(crate) fn place_in(&self, card: usize) -> Option<usize> {
        self.of[card]
    }
}

fn points<'a>(each: &[TableCard<'a>], words: Words) -> Vec<PointsColumn<'a>> {
    let mut columns: Vec<PointsColumn<'a>> = Vec::new();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    // those of the usual one stand as in any other workbook
    let usual_first = [each.len() - 1].into_iter().chain(0..each.len() - 1);
    for at in usual_first {
        let own = &each[at].own;
        for (place, criterion) in own.card.criteria.iter().enumerate() {
            // limits and rules may differ: the formula asks for the row's scorecard
            let is_same = |column: &&mut PointsColumn<'_>| {
                let headings = [column.criterion, criterion].map(|own| own.heading.to_lowercase());
                headings[0] == headings[1] && column.criterion.counts() == criterion.counts()
            };
            if let Some(column) = columns.iter_mut().find(is_same) {
                column.of[at] = Some(place);
                continue;
            }
            let mut heading = words.points(criterion).to_owned();
            while !taken.insert(heading.to_lowercase()) {
                heading = told_apart(&heading, &own.name);
            }
            let id = format!("points:{}", criterion.id);
            let id = if columns.iter().any(|column| column.id == id) { format!("{id}:{}", own.mark) } else { id };
            let mut of = vec![None; each.len()];
            of[at] = Some(place);
            columns.push(PointsColumn { id, heading, criterion, of });
        }
    }
    columns.sort_by_key(|column| !column.criterion.counts());
    columns
}

/// The heading of a criterion's points where that of another scorecard has it, too.
pub(super) fn told_apart(heading: &str, card: &str) -> String {
    // a heading of a table holds none of these
    let name: String = card.chars().filter(|c| !matches!(c, '[' | ']' | '#' | '\'' | '@') && !c.is_control()).collect();
    format!("{heading} ({})", name.chars().take(60).collect::<String>().trim())
}
