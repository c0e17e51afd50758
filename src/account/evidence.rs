//! The votes: what the cells of each column, sheet and workbook prove about decimal marks, date orders and currencies.

use crate::account::grid::Grid;
use crate::account::{Measure, OwnColumn, OwnKind, Settings};
use crate::book::{Book, FormatId};
use crate::field::Kind;
use crate::value::date;
use crate::value::level::rank;
use crate::value::money::format_currency;
use crate::value::number;
use crate::value::reading::{Context, Raw};
use crate::value::vote::{Votes, settled_mark, settled_order};
use crate::value::words::Words;

/// How a column's cells are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum As<'a> {
    Field(Kind),
    Number,
    Date,
    Words(&'a [String]),
}

impl<'a> As<'a> {
    pub(crate) fn of(measure: &Measure, own: &'a [OwnColumn]) -> Self {
        match measure {
            Measure::Field(field) => match field.kind() {
                Kind::Date => As::Date,
                kind => As::Field(kind),
            },
            Measure::Own(index) => match own.get(*index).map(|column| &column.kind) {
                Some(OwnKind::Date) => As::Date,
                Some(OwnKind::Words(words)) => As::Words(words),
                Some(OwnKind::Number) | None => As::Number,
            },
        }
    }

    fn is_number(self) -> bool {
        matches!(self, As::Number | As::Field(Kind::Count | Kind::Survey | Kind::Money))
    }
}

/// The currencies that a book's number formats show, by [`FormatId`].
pub(crate) struct FormatCurrencies(Vec<Option<crate::account::Currency>>);

impl FormatCurrencies {
    pub(crate) fn new(book: &Book, words: &Words) -> Self {
        Self(book.formats.iter().map(|format| format_currency(format, words)).collect())
    }

    pub(crate) fn of(&self, format: FormatId) -> Option<crate::account::Currency> {
        self.0.get(usize::from(format.0)).copied().flatten()
    }
}

/// The votes of a sheet.
#[derive(Default)]
pub(crate) struct SheetVotes {
    /// By place in [`Grid::reads`].
    columns: Vec<Votes>,
    /// All of them.
    pub(crate) sheet: Votes,
}

/// Lets every cell of the columns that are read vote.
pub(crate) fn votes(
    grid: &Grid<'_>,
    settings: &Settings<'_>,
    formats: &FormatCurrencies,
    words: &Words,
    year: i16,
) -> SheetVotes {
    let kinds: Vec<As<'_>> = grid.reads.iter().map(|read| As::of(&read.measure, settings.own_columns)).collect();
    let mut columns = vec![Votes::default(); kinds.len()];
    for (votes, (kind, read)) in columns.iter_mut().zip(kinds.iter().zip(&grid.reads)) {
        if *kind == As::Field(Kind::Money) {
            votes.currencies.extend(read.column.currency);
        }
    }
    for row in grid.rows() {
        for (place, kind) in kinds.iter().enumerate() {
            let Some(cell) = row.get(grid.reads[place].column.col) else { continue };
            let votes = &mut columns[place];
            let is_money = *kind == As::Field(Kind::Money);
            match (grid.raw(cell), kind) {
                (Raw::Text(text), kind) if kind.is_number() => {
                    if let Ok(found) = number::read(text, words) {
                        found.proves().into_iter().for_each(|mark| votes.mark(mark));
                        votes.currencies.extend(found.currency.filter(|_| is_money));
                    }
                }
                (Raw::Text(text), As::Date) => {
                    let order = date::read(text, words, year).ok().and_then(date::DateText::proves);
                    order.into_iter().for_each(|order| votes.order(order));
                }
                (Raw::Text(text), As::Field(Kind::Level)) if !words.is_missing(text) => votes.rank(rank(text)),
                (Raw::Text(text), As::Field(Kind::Currency)) => votes.currencies.extend(words.currency(text)),
                (Raw::Number(..), _) if is_money => {
                    if let crate::book::Cell::Number(_, format) = cell {
                        votes.currencies.extend(formats.of(format));
                    }
                }
                _ => {}
            }
        }
    }
    let mut sheet = Votes::default();
    columns.iter().for_each(|votes| sheet.add(votes));
    SheetVotes { columns, sheet }
}

impl SheetVotes {
    /// What evidence has settled for each column, by place in [`Grid::reads`].
    pub(crate) fn contexts<'w>(
        &self,
        workbook: &Votes,
        settings: &Settings<'_>,
        words: &'w Words,
        year: i16,
    ) -> Vec<Context<'w>> {
        self.columns
            .iter()
            .map(|column| Context {
                words,
                mark: settled_mark(column, &self.sheet, workbook, settings.decimal),
                order: settled_order(column, &self.sheet, workbook, settings.date_order),
                mixed_order: column.mixed_order(),
                ranks: column.are_ranks(),
                year,
            })
            .collect()
    }
}
