//! Summary: the department at a glance. Figures are live over the client tables; the order of the lists is the run's.

use self::figures::{Figures, Seen};
use self::tables::Tables;
use super::cards::{Card, Cards};
use super::department::{Placed, Source, page_setup};
use super::formula;
use super::quality::month_name;
use super::sheet::{Content, LINE_HEIGHT, amount_width, heading_width, lines_in, put, set_list_lines};
use super::style::{self, Look, Styles};
use super::words::Words;
use crate::field::Status;
use crate::value::number_text;
use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, Formula, Worksheet, XlsxError};
use std::collections::BTreeSet;

mod cards;
mod figures;
mod first;
mod managers;
mod statuses;
mod tables;

/// What stands where there is no figure.
const NONE: &str = "–";
/// Widths of the columns, in characters, where no heading needs more.
const WIDTHS: [f64; 9] = [2.0, 42.0, 12.0, 12.0, 12.0, 12.0, 15.0, 15.0, 74.0];
/// What the figures on top take beyond plain rows, in points.
const CARDS: f64 = 45.0;
/// What a landscape A4 page holds, in points, between its margins.
const PAGE: (f64, f64) = (741.0, 487.0);
/// How much smaller than its width asks for a page may be printed for the sake of being one.
const SMALLER: f64 = 1.35;

pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'_>,
    cards: &Cards<'_>,
    placed: &[Placed<'_>],
    words: Words,
) -> Result<(), XlsxError> {
    let seen = figures::rows(source, words);
    let word = |id: &str| words.get("summary", id);
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_paper_size(9);
    page_setup::footed(sheet, words);
    sheet.set_formula_result_default("");
    let units = units(&seen);
    let mut widths = WIDTHS;
    for (width, id) in widths.iter_mut().skip(1).zip(managers::HEADINGS) {
        *width = width.max(heading_width(&with_unit(word(id), id, &units)));
    }
    for (col, width) in (0u16..).zip(widths) {
        sheet.set_column_width(col, width)?;
    }
    let title = words.fill("summary", "title", &[("department", source.department)]);
    sheet.write_with_format(0, 1, title, styles.get(Look::Title))?;
    styles.name_share(word("of_revenue"));
    for (row, height) in [(3, 20.0), (4, 32.0)] {
        sheet.set_row_height(row, height)?;
    }
    let tables = Tables::new(placed, words);
    let mut page = Page { sheet, styles, cards, tables, words, units, widths, beyond: CARDS };
    page.subtitle(source, seen.iter().filter(|row| row.fact.counted == 1).count())?;
    let figures = Figures::new(&seen);
    page.figures(&figures)?;

    let mut row = 8;
    row = page.first(row, &seen)?;
    let middle = (row, page.points(row));
    row = page.statuses(row, &figures)?;
    let managers = (row, page.points(row));
    if seen.iter().any(|row| row.fact.counted >= 0) {
        page.text(row, 1, word("managers"), Look::Section)?;
        row = page.managers(row + 1, &seen)?;
    }
    page.print(&[middle, managers], row)
}

/// The currencies of the amounts. Of several nothing is added up here: there are no rates on this page.
fn units(seen: &[Seen<'_>]) -> Vec<String> {
    let with_money = seen.iter().filter(|row| row.last_year > 0.0);
    let codes: BTreeSet<_> = with_money.filter_map(|row| Some(row.currency?.code().to_owned())).collect();
    codes.into_iter().collect()
}

/// A label; what is money says in which currency.
fn with_unit(label: &str, id: &str, units: &[String]) -> String {
    match units {
        [unit] if matches!(id, "at_risk" | "risk_parts" | "revenue_last_year") => format!("{label} ({unit})"),
        _ => label.to_owned(),
    }
}

struct Page<'a> {
    sheet: &'a mut Worksheet,
    styles: &'a mut Styles,
    cards: &'a Cards<'a>,
    tables: Tables,
    words: Words,
    units: Vec<String>,
    widths: [f64; 9],
    /// Points that rows take beyond a plain row's.
    beyond: f64,
}

impl Page<'_> {
    /// A label in its language; what is money says in which currency.
    fn label(&self, id: &str) -> String {
        with_unit(self.words.get("summary", id), id, &self.units)
    }

    /// A sum of money, where amounts are in one currency.
    fn sum(&mut self, row: u32, col: u16, formula: Option<String>, sum: f64, look: Look) -> Result<(), XlsxError> {
        if self.units.len() > 1 {
            return self.text(row, col, NONE, look);
        }
        self.live(row, col, formula, Content::Number(sum), look)
    }

    /// How far down a row begins.
    fn points(&self, row: u32) -> f64 {
        f64::from(row) * LINE_HEIGHT + self.beyond
    }

    /// One page if it can be read as one; else it breaks before a section, never through a chart.
    fn print(&mut self, sections: &[(u32, f64)], end: u32) -> Result<(), XlsxError> {
        let width: f64 = self.widths.iter().map(|width| (width * 7.0 + 5.0) * 0.75).sum();
        let room = PAGE.1 * width / PAGE.0;
        if self.points(end) <= room * SMALLER {
            self.sheet.set_print_fit_to_pages(1, 1);
            return Ok(());
        }
        self.sheet.set_print_fit_to_pages(1, 0);
        let ends = sections.iter().skip(1).map(|(_, start)| *start).chain([self.points(end)]);
        if let Some(((row, _), _)) = sections.iter().zip(ends).find(|(_, end)| *end > room) {
            self.sheet.set_page_breaks(&[*row])?;
        }
        Ok(())
    }

    fn text(&mut self, row: u32, col: u16, text: &str, look: Look) -> Result<(), XlsxError> {
        put(self.sheet, self.styles, row, col, look, &Content::Text(text.to_owned()))
    }

    /// A row of a list as high as its wrapped texts need it.
    fn height(&mut self, row: u32, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
        let lines = texts.iter().map(|(text, width)| lines_in(text, *width)).max().unwrap_or(1);
        self.beyond += set_list_lines(self.sheet, row, lines)? - LINE_HEIGHT;
        Ok(())
    }

    fn sentence(&self, id: &str, hole: &dyn Fn(&str) -> String) -> String {
        formula::sentence(self.words.get("summary", id), hole)
    }

    /// What the figures are about; the highest score follows Method.
    fn subtitle(&mut self, source: &Source<'_>, accounts: usize) -> Result<(), XlsxError> {
        let words = self.words;
        let (month, accounts) = (month_name(words, source.period), accounts.to_string());
        let usual = self.cards.usual();
        let maximum = words.number(usual.card.maximum());
        let several = self.cards.all().iter().map(|own| format!("{} ({})", own.name, words.number(own.card.maximum())));
        let several = several.collect::<Vec<_>>().join(", ");
        let values = [
            ("month", month.as_str()),
            ("accounts", &accounts),
            ("scorecard", &usual.name),
            ("maximum", &maximum),
            ("scorecards", &several),
        ];
        let id = if self.cards.all().len() == 1 { "subtitle" } else { "subtitle_cards" };
        let text = words.fill("summary", id, &values);
        let formula = self.tables.names.is_some().then(|| {
            self.sentence(id, &|hole| match hole {
                "maximum" => formula::number(words, "kt_maximum"),
                "scorecards" => self.scorecards(),
                hole => formula::quoted(values.iter().find(|(name, _)| *name == hole).map_or("", |(_, text)| text)),
            })
        });
        self.live(1, 1, formula, Content::Text(text), Look::Subtitle)
    }

    /// The scorecards, each with its highest score, as an expression.
    fn scorecards(&self) -> String {
        let one = |own: &Card<'_>| {
            let maximum = formula::number(self.words, &format!("kt_maximum{}", own.mark));
            format!("{}&{maximum}&\")\"", formula::quoted(&format!("{} (", own.name)))
        };
        self.cards.all().iter().map(one).collect::<Vec<_>>().join("&\", \"&")
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
        let needed = amount_width(look, &value);
        if let Some(width) = self.widths.get_mut(usize::from(col)).filter(|width| **width < needed) {
            *width = needed;
            self.sheet.set_column_width(col, needed)?;
        }
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
