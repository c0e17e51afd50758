//! One formula for rows of several scorecards: which one rates a row, and what follows from it.

use super::{Live, quoted};
use crate::output::cards::Asked;
use crate::value::number_text;

impl Live<'_> {
    /// What each scorecard of the list makes of it, as one formula that asks for the row's scorecard; the plain formula
    /// where there is one scorecard, or none makes a difference.
    pub(super) fn by_card(&self, of: impl Fn(&Self) -> String) -> String {
        let mut texts: Vec<String> = (0..self.cards.each.len()).map(|at| of(&Self { at, ..self.clone() })).collect();
        // rows whose scorecard is none of the others are the usual one's
        let mut text = texts.pop().unwrap_or_default();
        let chosen = self.cell("scorecard");
        for (card, own) in self.cards.each.iter().zip(texts).rev() {
            if own != text {
                text = format!("IF({chosen}={},{own},{text})", quoted(&card.own.name));
            }
        }
        format!("={text}")
    }

    /// The name of the scorecard that rates the row.
    pub(crate) fn scorecard(&self) -> String {
        let mut text = String::new();
        for card in self.cards.each.iter().rev() {
            let name = quoted(&card.own.name);
            text = match card.asks.as_ref() {
                Some(asked) => format!("IF({},{name},{text})", self.asked(asked)),
                None => name,
            };
        }
        format!("={text}")
    }

    /// Whether the row has one of the words.
    fn asked(&self, asked: &Asked<'_>) -> String {
        let Some(cell) = asked.heading.as_deref().map(|heading| self.heading_cell(heading)) else {
            return "FALSE".to_owned();
        };
        let mut tests = Vec::new();
        for word in &asked.words {
            tests.push(format!("TRIM({cell})={}", quoted(word)));
            // TRIM writes decimals and truth values in the language of the reader's Excel
            if word.parse::<f64>().is_ok_and(|number| number.fract() != 0.0 && number_text(number) == *word) {
                tests.push(format!("{cell}={word}"));
            }
            let upper = word.to_uppercase();
            if matches!(upper.as_str(), "TRUE" | "FALSE") {
                tests.push(format!("AND(ISLOGICAL({cell}),{cell}={upper})"));
            }
        }
        match tests.as_slice() {
            [only] => only.clone(),
            tests => format!("OR({})", tests.join(",")),
        }
    }
}
