//! The sheet Method while it is filled from top to bottom: texts, limits, named cells.

use super::super::cards::Card;
use super::super::formula::{number, sentence};
use super::super::sheet::{Content, put};
use super::super::style::{Look, Styles};
use super::super::words::Words;
use crate::book::{CellRef, column_letters};
use crate::value::number_text;
use rust_xlsxwriter::{DataValidation, DataValidationRule, Formula, Worksheet, XlsxError};

/// The sheet being filled from top to bottom.
pub(super) struct Page<'a> {
    pub(super) sheet: &'a mut Worksheet,
    pub(super) styles: &'a mut Styles,
    pub(super) row: u32,
    pub(super) names: Vec<(String, String)>,
    pub(super) inputs: Vec<(String, f64, String)>,
    pub(super) words: Words,
    /// Whether formulas follow what is typed here.
    pub(super) live: bool,
}

/// What a person may type into a limit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Accepts {
    Number,
    /// Points that count: with none the criterion would be another.
    Points,
    /// Points of a level: none as well.
    SomePoints,
    /// Months or days up to so many.
    Whole(i32),
}

impl Page<'_> {
    pub(super) fn text(&mut self, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        put(self.sheet, self.styles, self.row, col, look, &Content::Text(text.to_owned()))
    }

    pub(super) fn word(&mut self, col: u16, id: &str, look: Look) -> Result<(), XlsxError> {
        self.text(col, self.words.get("method", id), look)
    }

    pub(super) fn named(&mut self, col: u16, name: &str, number: f64, look: Look) -> Result<(), XlsxError> {
        self.sheet.write_number_with_format(self.row, col, number, self.styles.get(look))?;
        self.name(col, name);
        Ok(())
    }

    /// A limit that may be changed; where nothing would follow it is a figure as any other.
    pub(super) fn input(
        &mut self,
        col: u16,
        name: &str,
        number: f64,
        look: Look,
        accepts: Accepts,
    ) -> Result<(), XlsxError> {
        if !self.live {
            let plain = if look == Look::InputPercent { Look::CentredPercent } else { Look::Score };
            return self.named(col, name, number, plain);
        }
        let rule = DataValidation::new();
        let (rule, hint) = match accepts {
            Accepts::Number => (rule.allow_decimal_number(DataValidationRule::Between(-1e9, 1e9)), "hint_number"),
            Accepts::Points => (rule.allow_decimal_number(DataValidationRule::Between(0.001, 1e9)), "hint_points"),
            Accepts::SomePoints => (rule.allow_decimal_number(DataValidationRule::Between(0.0, 1e9)), "hint_number"),
            Accepts::Whole(most) => (rule.allow_whole_number(DataValidationRule::Between(0, most)), "hint_whole"),
        };
        let hint = self.words.get("method", hint);
        let rule = rule.ignore_blank(false).set_input_message(hint)?.set_error_message(hint)?;
        self.sheet.add_data_validation(self.row, col, self.row, col, &rule)?;
        let cell = CellRef { row: self.row, col }.to_string();
        self.inputs.push((name.to_owned(), number, cell));
        self.named(col, name, number, look)
    }

    pub(super) fn live(
        &mut self,
        col: u16,
        name: &str,
        formula: &str,
        result: f64,
        look: Look,
    ) -> Result<(), XlsxError> {
        let formula = Formula::new(formula).set_result(number_text(result));
        self.sheet.write_formula_with_format(self.row, col, formula, self.styles.get(look))?;
        self.name(col, name);
        Ok(())
    }

    /// The definition of a worry, which follows the limits.
    pub(super) fn worry(&mut self, own: &Card<'_>) -> Result<(), XlsxError> {
        let (words, card, mark) = (self.words, own.card, &own.mark);
        let text = words.fill(
            "definition",
            "worry",
            &[("worry", &words.number(card.worry)), ("kpi", &words.number(card.kpi))],
        );
        if !self.live {
            return self.text(1, &text, Look::Text);
        }
        let formula = sentence(words.get("definition", "worry"), &|hole| number(words, &format!("kt_{hole}{mark}")));
        let formula = Formula::new(format!("={formula}")).set_result(text);
        self.sheet.write_formula_with_format(self.row, 1, formula, self.styles.get(Look::Text))?;
        Ok(())
    }

    pub(super) fn name(&mut self, col: u16, name: &str) {
        self.names.push((name.to_owned(), format!("${}${}", column_letters(col), self.row + 1)));
    }

    pub(super) fn next(&mut self) {
        self.row += 1;
    }

    pub(super) fn skip(&mut self, rows: u32) {
        self.row += rows;
    }

    pub(super) fn section(&mut self, title: &str) -> Result<(), XlsxError> {
        self.text(0, title, Look::Section)?;
        self.next();
        Ok(())
    }

    pub(super) fn headings(&mut self, ids: &[&str]) -> Result<(), XlsxError> {
        for (col, id) in (0u16..).zip(ids) {
            let word = if id.is_empty() { "" } else { self.words.get("method", id) };
            self.text(col, word, Look::HeadingList)?;
        }
        self.next();
        Ok(())
    }
}
