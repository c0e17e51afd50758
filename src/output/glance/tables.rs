//! Expressions over all client tables of the workbook.

use super::super::department::Placed;
use super::super::formula::quoted;
use super::super::words::Words;

/// Expressions over all client tables of the workbook; `None` where the tables are values.
pub(super) struct Tables {
    pub(super) names: Option<Vec<String>>,
    words: Words,
}

impl Tables {
    pub(super) fn new(placed: &[Placed<'_>], words: Words) -> Self {
        let names: Option<Vec<_>> =
            placed.iter().map(|place| place.live.as_ref().map(|live| live.table.clone())).collect();
        Self { names, words }
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
