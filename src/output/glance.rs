//! Summary: the department at a glance. Figures are live over the client tables; the order of the lists is the run's.

use self::figures::Figures;
use self::tables::Tables;
use super::department::{Placed, Source};
use super::formula;
use super::quality::month_name;
use super::sheet::{Content, lines_in, put, set_lines};
use super::style::{self, Look, Styles};
use super::words::Words;
use crate::field::Status;
use crate::value::number_text;
use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Formula, Worksheet, XlsxError};

mod cards;
mod figures;
mod first;
mod managers;
mod statuses;
mod tables;

/// Widths of the columns, in characters.
const WIDTHS: [f64; 9] = [2.0, 34.0, 12.0, 12.0, 12.0, 12.0, 15.0, 15.0, 74.0];

pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'_>,
    placed: &[Placed<'_>],
    words: Words,
) -> Result<(), XlsxError> {
    let seen = figures::rows(source, words);
    let word = |id: &str| words.get("summary", id);
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_formula_result_default("");
    for (col, width) in WIDTHS.into_iter().enumerate() {
        sheet.set_column_width(col as u16, width)?;
    }
    let title = words.fill("summary", "title", &[("department", source.department)]);
    sheet.write_with_format(0, 1, title, styles.get(Look::Title))?;
    styles.name_share(word("of_revenue"));
    for (row, height) in [(3, 20.0), (4, 32.0), (5, 18.0)] {
        sheet.set_row_height(row, height)?;
    }
    let mut page = Page { sheet, styles, tables: Tables::new(placed, words), words };
    page.subtitle(source, seen.iter().filter(|row| row.fact.counted == 1).count())?;
    let figures = Figures::new(&seen);
    page.cards(&figures, source)?;

    let mut row = 8;
    row = page.first(row, &seen)?;
    row = page.statuses(row, &figures)?;
    page.text(row, 1, word("managers"), Look::Section)?;
    page.managers(row + 1, &seen)?;
    Ok(())
}

struct Page<'a> {
    sheet: &'a mut Worksheet,
    styles: &'a mut Styles,
    tables: Tables,
    words: Words,
}

impl Page<'_> {
    fn text(&mut self, row: u32, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        put(self.sheet, self.styles, row, col, look, &Content::Text(text.to_owned()))
    }

    /// A row as high as its wrapped texts need it.
    fn height(&mut self, row: u32, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
        let lines = texts.iter().map(|(text, width)| lines_in(text, *width)).max().unwrap_or(1);
        set_lines(self.sheet, row, lines)
    }

    fn sentence(&self, id: &str, hole: &dyn Fn(&str) -> String) -> String {
        formula::sentence(self.words.get("summary", id), hole)
    }

    /// What the figures are about; the highest score follows Method.
    fn subtitle(&mut self, source: &Source<'_>, accounts: usize) -> Result<(), XlsxError> {
        let words = self.words;
        let card = source.basis.card;
        let (month, accounts) = (month_name(words, source.period), accounts.to_string());
        let maximum = words.number(card.maximum());
        let values = [
            ("month", month.as_str()),
            ("accounts", &accounts),
            ("scorecard", words.scorecard(card)),
            ("maximum", &maximum),
        ];
        let text = words.fill("summary", "subtitle", &values);
        let formula = self.tables.names.is_some().then(|| {
            self.sentence("subtitle", &|hole| match hole {
                "maximum" => formula::number(words, "kt_maximum"),
                hole => formula::quoted(values.iter().find(|(name, _)| *name == hole).map_or("", |(_, text)| text)),
            })
        });
        self.live(1, 1, formula, Content::Text(text), Look::Subtitle)
    }

    /// A live figure, or the value where the tables hold values.
    fn live(
        &mut self,
        row: u32,
        col: u16,
        formula: Option<String>,
        value: Content,
        look: Look,
    ) -> Result<(), XlsxError> {
        let Some(formula) = formula else { return put(self.sheet, self.styles, row, col, look, &value) };
        let result = match &value {
            Content::Number(number) => number_text(*number),
            Content::Text(text) => text.clone(),
            _ => String::new(),
        };
        let formula = Formula::new(format!("={formula}")).set_result(result);
        self.sheet.write_formula_with_format(row, col, formula, self.styles.get(look))?;
        Ok(())
    }
}

/// Status words in their colours.
pub(super) fn status_colours(
    sheet: &mut Worksheet,
    first_row: u32,
    first_col: u16,
    last_row: u32,
    last_col: u16,
    words: Words,
) -> Result<(), XlsxError> {
    for status in Status::ALL {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(words.get("value", status.id())))
            .set_format(style::status(status));
        sheet.add_conditional_format(first_row, first_col, last_row, last_col, &rule)?;
    }
    Ok(())
}
