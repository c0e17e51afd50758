//! Expressions over all client tables of the workbook.

use super::super::cards::{TableCard, TableCards};
use super::super::department::Placed;
use super::super::formula::quoted;
use super::super::words::Words;

/// Expressions over all client tables of the workbook; `None` where the tables are values.
pub(super) struct Tables {
    pub(super) names: Option<Vec<String>>,
    /// By table: what the names of each scorecard's limits end in, and the rows that it rates.
    cards: Vec<Vec<(String, Rows)>>,
    words: Words,
}

/// Rows of a table, by the name of their scorecard.
enum Rows {
    All,
    Of(String),
    /// The usual scorecard's: whose is none of these.
    NotOf(Vec<String>),
}

impl Tables {
    pub(super) fn new(placed: &[Placed<'_>], words: Words) -> Self {
        let names: Option<Vec<_>> =
            placed.iter().map(|place| place.live.as_ref().map(|live| live.table.clone())).collect();
        let cards = placed.iter().filter_map(|place| Some(cards(&place.live.as_ref()?.cards))).collect();
        Self { names, cards, words }
    }

    /// The sum of an expression over each scorecard of each table: beside `{}` as in [`Tables::each`] it gets what the names of
    /// the scorecard's limits end in, and a factor that leaves out the rows of others ("*(…)", or nothing).
    pub(super) fn each_card(&self, of: impl Fn(&dyn Fn(&str) -> String, &str, &str) -> String) -> Option<String> {
        let mut parts = Vec::new();
        for (name, cards) in self.names.as_ref()?.iter().zip(&self.cards) {
            let column = |id: &str| format!("{name}[{}]", self.words.get("column", id));
            for (mark, rows) in cards {
                let is = |how: &str, card: &String| format!("*({}{how}{})", column("scorecard"), quoted(card));
                let only = match rows {
                    Rows::All => String::new(),
                    Rows::Of(card) => is("=", card),
                    Rows::NotOf(cards) => cards.iter().map(|card| is("<>", card)).collect(),
                };
                parts.push(of(&column, mark, &only));
            }
        }
        Some(parts.join("+"))
    }

    /// The sum of an expression over each table; `{}` of a column stands for `Table[Heading]`.
    pub(super) fn each(&self, of: impl Fn(&dyn Fn(&str) -> String) -> String) -> Option<String> {
        let names = self.names.as_ref()?;
        let parts: Vec<_> =
            names.iter().map(|name| of(&|id: &str| format!("{name}[{}]", self.words.get("column", id)))).collect();
        Some(parts.join("+"))
    }

    /// Counted accounts whose column says a word.
    pub(super) fn count(&self, id: &str, word: &str) -> Option<String> {
        self.each(|column| format!("COUNTIFS({},{},{},1)", column(id), quoted(word), column("counted")))
    }

    /// Revenue at risk of the rows that count for money.
    pub(super) fn at_risk(&self) -> Option<String> {
        self.each(|column| format!("SUMIFS({},{},\">=0\")", column("revenue_at_risk"), column("counted")))
    }
}

fn cards(cards: &TableCards<'_>) -> Vec<(String, Rows)> {
    let rows = |own: &TableCard<'_>| match (&own.asks, cards.are_several()) {
        (_, false) => Rows::All,
        (Some(_), _) => Rows::Of(own.own.name.clone()),
        (None, _) => {
            let others = cards.each.iter().filter(|other| other.asks.is_some());
            Rows::NotOf(others.map(|other| other.own.name.clone()).collect())
        }
    };
    cards.each.iter().map(|own| (own.own.mark.clone(), rows(own))).collect()
}
