//! The workbook that a department gets back: its client table, scored and alive, with Data quality and Method.

use self::columns::{Shown, columns};
use self::sheet_names::SheetNames;
use super::cards::{self, Cards};
use super::formula::{Has, Live};
use super::rows::Rows;
use super::sheet;
use super::style::Styles;
use super::words::Words;
use super::{actions, glance, lists, method, quality, save};
use crate::account::{Account, ClientTable, Parsed};
use crate::actions::Action;
use crate::config::Config;
use crate::field::Field;
use crate::finding::{Finding, Severity};
use crate::history::Change;
use crate::language::Language;
use crate::mapping::{OwnHeading, SheetMap};
use crate::period::Period;
use crate::score::{Bases, Basis, Kept, Rated, rate};
use crate::value::number_text;
use crate::{tried_out, unchanged};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

mod cells;
mod columns;
mod computed;
mod conditional_formats;
mod handed_in;
mod marked;
pub(super) mod page_setup;
mod sheet_names;
mod validations;

pub(crate) use cells::wrong_text;
pub(crate) use sheet_names::{LISTS, is_own_sheet};

/// What the portfolio knows about an account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// Its client's share of the organisation's revenue.
    pub share: Option<f64>,
    /// Whether its client is a key account of the organisation.
    pub key: bool,
    /// 1: counted; 0: a further line of an account, whose revenue counts; -1: a duplicate, prospect or former client.
    pub counted: i8,
    /// Who looks after it, as the organisation writes the name.
    pub manager: Option<String>,
    /// What changed since the department was last delivered.
    pub change: Option<Change>,
    /// Rows of its account: of several, none has the account's score.
    pub lines: usize,
}

impl Fact {
    /// The change that holds for the row itself.
    fn own_change(&self) -> Option<&Change> {
        self.change.as_ref().filter(|_| self.lines <= 1)
    }
}

/// What a department's result is made of.
pub struct Source<'a> {
    /// Path below the inbox, with forward slashes.
    pub path: &'a str,
    /// Hash of its content.
    pub hash: &'a str,
    /// Name of the department.
    pub department: &'a str,
    /// What was read.
    pub parsed: &'a Parsed,
    /// What became of each sheet.
    pub sheets: &'a [SheetMap],
    /// What the portfolio knows, by table and account.
    pub facts: &'a [Vec<Fact>],
    /// What the department typed beside its clients.
    pub actions: &'a [Action],
    /// What was found.
    pub findings: &'a [Finding],
    /// The configuration.
    pub config: &'a Config,
    /// How accounts are rated.
    pub bases: Bases<'a>,
    /// The reporting month.
    pub period: Period,
    /// Values instead of formulas.
    pub values: bool,
}

/// Where a client table of the source stands in the result.
pub(super) struct Placed<'a> {
    pub(super) table: &'a ClientTable,
    pub(super) sheet_name: String,
    pub(super) source_name: &'a str,
    /// Source column → column here.
    pub(super) columns: Vec<(u16, u16)>,
    pub(super) live: Option<Live<'a>>,
}

impl Placed<'_> {
    /// Source row → row here.
    pub(super) fn rows(&self) -> BTreeMap<u32, u32> {
        (1u32..).zip(self.table.accounts()).map(|(here, account)| (account.row(), here)).collect()
    }

    /// The cells here that somebody should look at: those with a warning.
    fn outlined(&self, findings: &[Finding]) -> BTreeSet<(u32, u16)> {
        let rows = self.rows();
        let columns: BTreeMap<u16, u16> = self.columns.iter().copied().collect();
        let graver = findings.iter().filter(|finding| finding.severity > Severity::Note);
        let here = graver.filter(|finding| finding.sheet.as_deref() == Some(self.source_name));
        here.filter_map(|finding| {
            let cell = finding.cell?;
            Some((*rows.get(&cell.row)?, *columns.get(&cell.col)?))
        })
        .collect()
    }
}

/// One row of the client table.
struct Row<'a> {
    account: Account<'a>,
    /// How it is rated.
    basis: Basis<'a>,
    rated: Rated,
    fact: &'a Fact,
}

/// What is known of a row that the portfolio does not have.
static UNKNOWN: Fact = Fact { share: None, key: false, counted: 0, manager: None, change: None, lines: 0 };

/// Writes the result.
///
/// # Errors
/// What the system or the workbook's writer said.
pub fn write(source: &Source<'_>, target: &Path) -> io::Result<()> {
    // the one row of an empty list has formulas, and those have results
    let blank: Vec<Option<ClientTable>> =
        source.parsed.tables.iter().map(|table| table.is_empty().then(|| with_a_row(table))).collect();
    let (workbook, rows) = build(source, &blank).map_err(io::Error::other)?;
    save::workbook(workbook, &rows, source.config.compression, target)
}

fn build<'a>(source: &Source<'a>, blank: &'a [Option<ClientTable>]) -> Result<(Workbook, Vec<Rows<'a>>), XlsxError> {
    let words = Words::new(source.config.language);
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(source.config.compression);
    workbook.set_properties(&properties(source, words)?);
    let mut styles = Styles::new();
    let mut names = SheetNames::default();
    let book = &source.parsed.book;
    let cards = Cards::of(source, words);
    let mut tables = Vec::new();
    let mut placed = Vec::new();
    let mut noted = Vec::new();
    for (index, table) in source.parsed.tables.iter().enumerate() {
        let source_name = book.sheets[table.sheet].name.as_str();
        let sheet_name = names.take(source_name, words.get("sheet", "clients"));
        let live = !source.values && table.len() < source.config.live_rows;
        let mut place = Placed { table, sheet_name, source_name, columns: Vec::new(), live: None };
        let kept = Kept::of(table);
        let suffix = if index == 0 { String::new() } else { format!("_{}", index + 1) };
        let formulas = Live {
            table: format!("Clients{suffix}"),
            suffix,
            cards: cards.of_table(source, table, words),
            at: 0,
            words,
            own_headings: vec![None; source.config.own_columns.len()],
            config: source.config,
            has: Has {
                survey_date: table.keeps(Field::SurveyDate),
                thanked: table.keeps(Field::LastThanked),
                renewal: table.keeps(Field::RenewalDate),
                stage: table.keeps(Field::Stage),
            },
            money_flags: source.bases.usual().money_flags,
        };
        let facts = source.facts.get(index).map(Vec::as_slice).unwrap_or_default();
        let compared = facts.iter().filter_map(|fact| fact.change.as_ref()).any(|own| own.previous_month.is_some());
        let shown = Shown { live, compared };
        let (columns, formulas) = columns(source, table, words, formulas, &mut place.columns, shown);
        let sheet = workbook.add_worksheet();
        sheet.set_name(&place.sheet_name)?;
        page_setup::lay_out(sheet, source, &place.sheet_name, &columns, words)?;
        conditional_formats::add(sheet, &columns, table.len().max(1) as u32, source, &formulas)?;
        validations::add(sheet, &columns, table.len().max(1) as u32, words)?;
        noted.extend(columns.iter().map(|column| lists::Noted {
            table: formulas.table.clone(),
            heading: column.heading.clone(),
            id: column.id.clone(),
            sheet: place.sheet_name.clone(),
            original: column.original.clone(),
        }));
        let filled = blank[index].as_ref().filter(|_| live).unwrap_or(table);
        let bases = source.bases.clone();
        let row = move |number: usize| {
            let account = filled.account(number);
            let basis = bases.of(&account).clone();
            let rated = rate(&account, &basis, kept);
            Row { account, basis, rated, fact: facts.get(number).unwrap_or(&UNKNOWN) }
        };
        let name = live.then_some(formulas.table.as_str());
        let marked = marked::of(filled, &place, &columns, source, words);
        tables.push(sheet::write(sheet, &mut styles, columns, (filled.len(), row), name, marked)?);
        place.live = live.then_some(formulas);
        placed.push(place);
    }
    let summary_name = names.take_ours(words.get("sheet", "summary"));
    let glance_sheet = workbook.add_worksheet().set_name(&summary_name)?;
    glance::write(glance_sheet, &mut styles, source, &cards, &placed, words)?;
    let actions_name = names.take_ours(words.get("sheet", "actions"));
    tables.push(actions::write(workbook.add_worksheet().set_name(&actions_name)?, &mut styles, source, words)?);
    noted.extend(actions::headings(words).into_iter().map(|(heading, id)| lists::Noted {
        table: "Actions".to_owned(),
        heading,
        id,
        sheet: actions_name.clone(),
        original: None,
    }));
    let quality_name = names.take_ours(words.get("sheet", "quality"));
    let method_name = names.take_ours(words.get("sheet", "method"));
    quality::write(workbook.add_worksheet().set_name(&quality_name)?, &mut styles, source, &placed, words)?;
    let method_sheet = workbook.add_worksheet().set_name(&method_name)?;
    let method = method::write(method_sheet, &mut styles, source, &cards, &placed, words)?;
    noted.extend(method.inputs.into_iter().map(|(name, number, cell)| lists::Noted {
        table: tried_out::TABLE.to_owned(),
        heading: name,
        id: number_text(number),
        sheet: method_name.clone(),
        original: Some(cell),
    }));
    let lists_name = names.take_ours(LISTS);
    let listed = lists::write(workbook.add_worksheet().set_name(&lists_name)?, &mut styles, &noted, words)?;
    for (sheet, defined) in [(&method_name, method.names), (&lists_name, listed)] {
        for (name, cell) in defined {
            workbook.define_name(&name, &format!("='{}'!{cell}", sheet.replace('\'', "''")))?;
        }
    }
    Ok((workbook, tables))
}

/// An empty table with a row in which nothing is known, and which stands nowhere in the source.
fn with_a_row(table: &ClientTable) -> ClientTable {
    let mut table = table.clone();
    table.add(u32::MAX);
    table
}

fn properties(source: &Source<'_>, words: Words) -> Result<DocProperties, XlsxError> {
    let as_of = source.period.as_of();
    let inputs = unchanged::fingerprint(source.parsed, actions::typed(source, words));
    // the as-of date, not the clock: the same input gives the same bytes
    let created = ExcelDateTime::from_ymd(as_of.year() as u16, as_of.month() as u8, as_of.day() as u8)?;
    Ok(DocProperties::new()
        .set_title(format!("{} {}", source.department, source.period.month))
        .set_author("keeptabs")
        .set_creation_datetime(&created)
        .set_custom_property("keeptabs version", env!("CARGO_PKG_VERSION"))
        .set_custom_property("keeptabs month", source.period.month.to_string().as_str())
        .set_custom_property("keeptabs language", source.config.language.code())
        .set_custom_property("keeptabs source", source.hash)
        .set_custom_property(format!("keeptabs {}", unchanged::PROPERTY), inputs.as_str()))
}

/// Stable ids of the columns that keeptabs computes.
const COMPUTED: [&str; 22] = [
    "score",
    "scorecard",
    "status",
    "flags",
    "next_step",
    "attainment",
    "growth",
    "revenue_at_risk",
    "share",
    "key_account",
    "previous_score",
    "previous_month",
    "change",
    "what_changed",
    "worry",
    "kpi_met",
    "why",
    "known",
    "best_case",
    "computed_status",
    "manager_key",
    "counted",
];

/// Headings of computed columns in every language, by which a result that is handed in is known again.
pub fn computed_headings(config: &Config) -> Vec<OwnHeading> {
    let of = |words: Words| {
        let own = COMPUTED.into_iter().map(move |id| OwnHeading::new(words.get("column", id), id, words.language()));
        let criteria = config.scorecards.iter().flat_map(|card| &card.criteria);
        let points = criteria.map(move |criterion| (words.points(criterion).to_owned(), criterion));
        // of several scorecards in one list
        let chosen = config.scorecards.iter().filter(|card| card.when.is_some());
        let of_card = move |card| {
            let heading = move |criterion| cards::told_apart(words.points(criterion), words.scorecard(card));
            card.criteria.iter().map(move |criterion| (heading(criterion), criterion))
        };
        own.chain(points.chain(chosen.flat_map(of_card)).map(move |(heading, criterion)| {
            OwnHeading::new(&heading, &format!("points:{}", criterion.id), words.language())
        }))
    };
    Words::all().flat_map(of).collect()
}

/// The headings of a field in every language.
pub(crate) fn field_headings(field: Field) -> impl Iterator<Item = (Language, &'static str)> {
    Words::all().map(move |words| (words.language(), words.get("column", field.id())))
}

/// A heading of a department's list as results carry it where it is one of keeptabs's own, in every language.
pub(crate) fn carried_headings(heading: &str) -> impl Iterator<Item = String> {
    Words::all().map(move |words| words.fill("column", "carried", &[("heading", heading)]))
}
