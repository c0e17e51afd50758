//! The workbook about the whole organisation: what is worst, who looks after it, and what the figures rest on.

mod accounts;
mod actions;
mod at_risk;
mod charts;
mod clients;
mod columns;
mod duplicates;
mod groups;
mod key_accounts;
pub mod managers;
mod method;
mod movers;
mod overrides;
mod overview;
mod past;
mod quality;
mod replacement;
mod retention;
mod run_log;
mod trend;

use super::quality::month_name;
use super::rows::Rows;
use super::save;
use super::sheet::Content;
use super::style::Styles;
use super::words::Words;
use crate::actions::Action;
use crate::config::Config;
use crate::field::Field;
use crate::history::Comparison;
use crate::language::Language;
use crate::overrides::Override;
use crate::period::{Month, Period};
use crate::portfolio::{Amounts, Entry, Portfolio, Unit};
use crate::report::Report;
use crate::roster::{Line, Notes, Sum};
use crate::score::Scorecard;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, Worksheet, XlsxError};
use std::io;
use std::path::Path;

/// Clients listed on the sheet Clients (clients.csv holds them all), and accounts up to which there is a sheet of them.
const MAX_ROWS: usize = 20_000;

/// Names in one cell, departments or managers; clients.csv holds them all.
const NAMED: usize = 4;

/// What the summary is made of.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The organisation.
    pub portfolio: &'a Portfolio<'a>,
    /// Its clients, in the portfolio's order.
    pub clients: &'a [Line<'a>],
    /// The departments' accounts, in the portfolio's order.
    pub accounts: &'a [Line<'a>],
    /// The rows that they come from, as the portfolio took them.
    pub entries: &'a [Entry<'a>],
    /// The month beside the earlier ones; none where there are none.
    pub past: Option<&'a Comparison>,
    /// Whether months are stored, so that the next one has this one before it.
    pub stored: bool,
    /// What the departments typed on their sheets Actions, for each account of the portfolio.
    pub actions: &'a [Option<Action>],
    /// What the departments wrote over computed statuses.
    pub overrides: &'a [Override<'a>],
    /// What became of each file.
    pub report: &'a Report,
    /// The configuration.
    pub config: &'a Config,
    /// The reporting month.
    pub period: Period,
    /// Values instead of formulas.
    pub values: bool,
}

/// Name of the summary below the month's folder.
pub fn file_name(month: Month) -> String {
    format!("Client retention summary {month}.xlsx")
}

/// Writes the summary.
///
/// # Errors
/// What the system or the workbook's writer said.
pub fn write(source: &Source<'_>, target: &Path) -> io::Result<()> {
    let view = View::new(source, Words::new(source.config.language));
    let (workbook, rows) = build(&view).map_err(io::Error::other)?;
    save::workbook(workbook, &rows, source.config.compression, target)
}

/// What a sheet shows.
enum Sheet<'v> {
    Page(fn(&View<'_>, &mut Worksheet, &mut Styles) -> Result<(), XlsxError>),
    Table(fn(&'v View<'v>, &mut Worksheet, &mut Styles) -> Result<Rows<'v>, XlsxError>),
}

fn build<'v>(view: &'v View<'v>) -> Result<(Workbook, Vec<Rows<'v>>), XlsxError> {
    let View { source, words, .. } = *view;
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(source.config.compression);
    let title = file_name(source.period.month);
    workbook.set_properties(&properties(title.trim_end_matches(".xlsx"), "summary", source)?);
    let mut styles = Styles::new();
    let mut rows = Vec::new();
    let sheets: [(&str, Sheet<'v>); 14] = [
        ("overview", Sheet::Page(overview::write)),
        ("clients", Sheet::Table(clients::write)),
        ("key_accounts", Sheet::Page(key_accounts::write)),
        ("at_risk", Sheet::Page(at_risk::write)),
        ("overrides", Sheet::Page(overrides::write)),
        ("managers", Sheet::Page(groups::managers)),
        ("departments", Sheet::Page(groups::departments)),
        ("movers", Sheet::Page(movers::write)),
        ("retention", Sheet::Page(retention::write)),
        ("trend", Sheet::Page(trend::write)),
        ("duplicates", Sheet::Page(duplicates::write)),
        ("quality", Sheet::Page(quality::write)),
        ("accounts", Sheet::Table(accounts::write)),
        ("run_log", Sheet::Page(run_log::write)),
    ];
    let is_needed = |id: &str| match id {
        "overrides" => !source.overrides.is_empty(),
        // beyond that no formula adds it up, and the departments' workbooks hold it
        "accounts" => source.accounts.len() <= MAX_ROWS,
        _ => true,
    };
    for (id, write) in sheets.into_iter().filter(|(id, _)| is_needed(id)) {
        let name = words.get("org_sheet", id);
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        printed(sheet, words, words.get("org", "organisation"), name, source.period);
        match write {
            Sheet::Page(write) => write(view, sheet, &mut styles)?,
            Sheet::Table(write) => rows.push(write(view, sheet, &mut styles)?),
        }
    }
    let name = words.get("org_sheet", "method");
    let sheet = workbook.add_worksheet().set_name(name)?;
    printed(sheet, words, words.get("org", "organisation"), name, source.period);
    for (defined, cells) in method::write(view, sheet, &mut styles)? {
        workbook.define_name(&defined, &format!("='{name}'!{cells}"))?;
    }
    Ok((workbook, rows))
}

/// Header and footer of printed pages.
fn printed(sheet: &mut Worksheet, words: Words, about: &str, name: &str, period: Period) {
    let escape = |text: &str| text.replace('&', "&&");
    let month = month_name(words, period);
    let header =
        words.fill("print", "header", &[("department", &escape(about)), ("sheet", &escape(name)), ("month", &month)]);
    sheet.set_header(format!("&L&\"Calibri,Bold\"{}", header.chars().take(200).collect::<String>()));
    let page = words.fill("print", "page", &[("page", "&P"), ("pages", "&N")]);
    sheet.set_footer(format!("&R{page}"));
}

fn properties(title: &str, kind: &str, source: &Source<'_>) -> Result<DocProperties, XlsxError> {
    let as_of = source.period.as_of();
    // the as-of date, not the clock: the same input gives the same bytes
    let created = ExcelDateTime::from_ymd(as_of.year() as u16, as_of.month() as u8, as_of.day() as u8)?;
    Ok(DocProperties::new()
        .set_title(title)
        .set_author("keeptabs")
        .set_creation_datetime(&created)
        .set_custom_property("keeptabs version", env!("CARGO_PKG_VERSION"))
        .set_custom_property("keeptabs month", source.period.month.to_string().as_str())
        .set_custom_property("keeptabs language", source.config.language.code())
        .set_custom_property("keeptabs kind", kind))
}

/// The source with what several sheets derive from it.
struct View<'s> {
    source: &'s Source<'s>,
    words: Words,
    /// The currencies of the organisation's amounts: the configured one first, those without any last.
    units: Vec<Unit>,
    /// The scorecards by which clients and accounts are rated.
    cards: Vec<&'s Scorecard>,
    /// Whether limits can be tried out: the sheets Clients and Accounts are whole, with formulas.
    live: bool,
}

impl<'s> View<'s> {
    fn new(source: &'s Source<'s>, words: Words) -> Self {
        let mut units: Vec<Unit> = source.portfolio.all_accounts.all.money.iter().map(|money| money.unit).collect();
        units.sort_by_key(|unit| (*unit != source.config.currency, unit.is_none(), *unit));
        let lines = || source.clients.iter().chain(source.accounts);
        let is_used = |card: &&Scorecard| lines().any(|line| std::ptr::eq(*card, line.assessed.basis.card));
        let cards = source.config.scorecards.iter().filter(is_used).collect();
        let rows = source.clients.len().max(source.accounts.len());
        let live = !source.values && rows < source.config.live_rows.min(MAX_ROWS);
        Self { source, words, units, cards, live }
    }

    fn month(&self) -> String {
        month_name(self.words, self.source.period)
    }

    fn unit_name(&self, unit: Unit) -> String {
        unit.map_or_else(|| self.words.get("org", "no_currency").to_owned(), |unit| unit.code().to_owned())
    }

    /// A heading with the currency of its amounts, where there is one or several must be told apart.
    fn in_unit(&self, label: &str, unit: Unit) -> String {
        if unit.is_none() && self.units.len() < 2 {
            return label.to_owned();
        }
        self.words.fill("org", "in_unit", &[("label", label), ("unit", &self.unit_name(unit))])
    }

    /// The same for a column whose lines have currencies of their own.
    fn in_units(&self, label: &str) -> String {
        match self.units.as_slice() {
            [unit] => self.in_unit(label, *unit),
            _ => label.to_owned(),
        }
    }

    /// The month beside the earlier ones, if there are any.
    fn past(&self) -> Option<&'s Comparison> {
        self.source.past
    }

    /// A label with the mark of figures that lack a department which was not delivered.
    fn marked(&self, label: &str) -> String {
        let lacks = self.past().is_some_and(|past| !past.changes.not_delivered.is_empty());
        if lacks { format!("{label} *") } else { label.to_owned() }
    }

    /// Amounts that were stored: a number where all are in the organisation's one currency, else each with its own.
    fn amounts(&self, amounts: &Amounts) -> Content {
        let text = |(unit, amount): (Unit, f64)| match unit {
            Some(unit) => format!("{} {}", amount_text(self.words, amount), unit.code()),
            None => amount_text(self.words, amount),
        };
        match (amounts.iter().collect::<Vec<_>>().as_slice(), self.units.as_slice()) {
            ([], _) => Content::Empty,
            ([(unit, amount)], [own]) if unit == own => Content::Number(*amount),
            (all, _) => Content::Text(all.iter().copied().map(text).collect::<Vec<_>>().join("; ")),
        }
    }

    /// Last year's revenue of a line: a number where all have one currency, else with its own.
    fn revenue(&self, line: &Line<'_>) -> Content {
        match (line.amount(Field::RevenueLastYear), line.currency()) {
            (Sum::One(amount), Some(unit)) if self.units.len() > 1 => {
                Content::Text(format!("{} {}", amount_text(self.words, amount), unit.code()))
            }
            (sum, _) => columns::sum(sum),
        }
    }

    fn department(&self, place: usize) -> &'s str {
        self.source.portfolio.departments[place].name.unwrap_or(self.words.get("org", "no_department"))
    }

    fn departments(&self, line: &Line<'_>) -> String {
        self.named(line.departments.iter().map(|&place| self.department(place)))
    }

    fn notes(&self, notes: Notes<'_>) -> String {
        notes.joined(|departments| self.named(departments.iter().map(|&place| self.department(place))))
    }

    /// Names in one cell: the first few and how many more there are.
    fn named<'n>(&self, names: impl ExactSizeIterator<Item = &'n str>) -> String {
        let all = names.len();
        // "and 1 more" would take the room of the name
        let shown = if all <= NAMED + 1 { all } else { NAMED };
        let text = names.take(shown).collect::<Vec<_>>().join("; ");
        if all == shown {
            return text;
        }
        self.words.fill("org", "more_names", &[("names", &text), ("count", &(all - shown).to_string())])
    }

    fn manager(&self, place: usize) -> &'s str {
        self.source.portfolio.managers[place].name.unwrap_or(self.words.get("org", "nobody"))
    }

    fn managers(&self, line: &Line<'_>) -> String {
        self.named(line.managers.iter().map(|&place| self.manager(place)))
    }

    /// The place of a line's scorecard among those in use, from 1.
    fn card_number(&self, line: &Line<'_>) -> usize {
        let is_own = |card: &&Scorecard| std::ptr::eq(*card, line.assessed.basis.card);
        self.cards.iter().position(is_own).map_or(1, |place| place + 1)
    }

    /// The heading of a column of the tables.
    fn heading(&self, id: &str) -> &'static str {
        self.words.find("org_column", id).unwrap_or_else(|| self.words.get("column", id))
    }

    /// A column of a table on its sheet, for formulas elsewhere.
    fn column(&self, table: &str, id: &str) -> String {
        format!("{table}[{}]", self.heading(id))
    }

    /// A formula, where the workbook is live.
    fn formula(&self, of: impl FnOnce() -> String) -> Option<String> {
        self.live.then(of)
    }

    fn yes(&self) -> String {
        super::formula::quoted(self.words.get("value", "yes"))
    }
}

/// Names of the Excel tables.
const CLIENTS: &str = "Clients";
const ACCOUNTS: &str = "Accounts";

/// An amount with the language's thousands separators, inside sentences.
fn amount_text(words: Words, amount: f64) -> String {
    let separator = match words.language() {
        Language::English => ',',
        Language::French => '\u{202f}',
        Language::Dutch | Language::Portuguese | Language::German | Language::Spanish | Language::Italian => '.',
    };
    let whole = format!("{:.0}", amount.abs());
    let mut text = String::with_capacity(whole.len() + 6);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    if amount <= -0.5 { format!("-{text}") } else { text }
}

/// A share inside sentences.
fn percent_text(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_in_sentences() {
        for (amount, text) in
            [(0.0, "0"), (999.4, "999"), (1_000.0, "1,000"), (-1_234_567.8, "-1,234,568"), (-0.2, "0")]
        {
            assert_eq!(amount_text(Words::new(Language::English), amount), text);
        }
        assert_eq!(amount_text(Words::new(Language::German), 1_234.0), "1.234");
        assert_eq!(amount_text(Words::new(Language::French), 1_234.0), "1\u{202f}234");
    }
}
