//! Mapped sheets → accounts whose inputs are known, missing or wrong, with a finding for whatever is not plain.

use crate::account::columns::Doubt;
use crate::account::currency::{self, Amount};
use crate::account::evidence::{As, FormatCurrencies, SheetVotes, votes};
use crate::account::grid::Grid;
use crate::account::rows::{self, Sorted, shortened};
use crate::account::{ClientTable, Currency, Input, Measure, OwnColumn, Parsed, Value, checks};
use crate::book::{Book, CellRef, Row, TextId};
use crate::field::{Field, Kind};
use crate::finding::{Code, Finding};
use crate::mapping::TableMap;
use crate::period::Period;
use crate::value::date::DateOrder;
use crate::value::number::Mark;
use crate::value::reading::Context;
use crate::value::vote::Votes;
use crate::value::words::Words;
use std::collections::{BTreeMap, HashMap};

/// What the configuration and the run say about values.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// Name of the workbook, for the lines of configuration that findings propose.
    pub file: &'a str,
    /// Reporting month and fiscal year.
    pub period: Period,
    /// Decimal mark where workbooks prove none.
    pub decimal: Option<Mark>,
    /// Date order where workbooks prove none.
    pub date_order: Option<DateOrder>,
    /// Currency of amounts that have none.
    pub currency: Option<Currency>,
    /// Further columns that scorecards count.
    pub own_columns: &'a [OwnColumn],
    /// The fields that the scorecard's criteria measure.
    pub measures: &'a [Field],
    /// Whether the current performance holds full-year figures.
    pub full_year: bool,
    /// Whether what reads two ways fails the sheet.
    pub strict: bool,
}

/// Reads the client tables of a workbook.
pub fn parse(mut book: Book, maps: &[TableMap], settings: &Settings<'_>, words: &Words) -> Parsed {
    let year = settings.period.as_of().year();
    let formats = FormatCurrencies::new(&book, words);
    let mut texts = Texts { base: book.texts.len(), added: Vec::new(), seen: HashMap::new() };
    let (mut tables, mut findings) = (Vec::new(), Vec::new());
    let grids: Vec<Grid<'_>> =
        maps.iter().filter_map(|map| Grid::new(&book, map, settings.own_columns.len())).collect();
    let sheet_votes: Vec<SheetVotes> = grids.iter().map(|grid| votes(grid, settings, &formats, words, year)).collect();
    let mut workbook = Votes::default();
    sheet_votes.iter().for_each(|votes| workbook.add(&votes.sheet));
    for (grid, votes) in grids.iter().zip(&sheet_votes) {
        let contexts = votes.contexts(&workbook, settings, words, year);
        let sorted = rows::sort(grid, &contexts, words);
        let only_currency = if votes.sheet.currencies.is_empty() { &workbook } else { &votes.sheet }.only_currency();
        let sheet = SheetParser {
            grid,
            settings,
            words,
            contexts,
            formats: &formats,
            only_currency,
            texts: &mut texts,
            findings: Vec::new(),
            doubts: BTreeMap::new(),
            format_differs: BTreeMap::new(),
            assumed: None,
            named_elsewhere: votes.sheet.currencies.is_empty(),
        };
        let (table, found) = sheet.parse(sorted);
        tables.push(table);
        findings.extend(found);
    }
    drop(grids);
    book.texts.extend(texts.added);
    Parsed { book, tables, findings }
}

/// Texts that are made while parsing; they follow the book's own.
pub(super) struct Texts {
    base: usize,
    added: Vec<Box<str>>,
    seen: HashMap<Box<str>, TextId>,
}

impl Texts {
    pub(super) fn id(&mut self, text: &str) -> TextId {
        if let Some(&id) = self.seen.get(text) {
            return id;
        }
        let id = TextId((self.base + self.added.len()) as u32);
        self.added.push(text.into());
        self.seen.insert(text.into(), id);
        id
    }
}

/// One sheet on its way from rows to a table.
pub(super) struct SheetParser<'a, 'g> {
    pub(super) grid: &'g Grid<'a>,
    pub(super) settings: &'g Settings<'g>,
    pub(super) words: &'g Words,
    pub(super) contexts: Vec<Context<'g>>,
    pub(super) formats: &'g FormatCurrencies,
    pub(super) only_currency: Option<Currency>,
    pub(super) texts: &'g mut Texts,
    pub(super) findings: Vec<Finding>,
    /// By place in [`Grid::reads`].
    pub(super) doubts: BTreeMap<usize, Doubt>,
    /// Amounts whose number format shows another currency, by place: how many, the first row, which.
    pub(super) format_differs: BTreeMap<usize, (u32, u32, Currency)>,
    /// Clients whose amounts name no currency and were taken to be in the only one: how many, the first amount, which.
    pub(super) assumed: Option<(u32, CellRef, Currency)>,
    /// Only other sheets of the workbook name a currency.
    pub(super) named_elsewhere: bool,
}

impl SheetParser<'_, '_> {
    fn parse(mut self, sorted: Sorted) -> (ClientTable, Vec<Finding>) {
        let grid = self.grid;
        self.findings = sorted.findings;
        let survey = self.survey_scale(&sorted.clients);
        let width = grid.reads.len();
        let mut inputs: Vec<Input> = Vec::with_capacity(width * sorted.clients.len());
        let mut currencies: Vec<Input> = Vec::with_capacity(sorted.clients.len());
        for &(number, name) in &sorted.clients {
            let Some(row) = grid.sheet.row(number) else { continue };
            let start = inputs.len();
            let mut amounts = Vec::new();
            for place in 0..width {
                let mut amount = Amount::default();
                let input = self.input(&row, place, name, &survey, &mut amount);
                inputs.push(input);
                if self.kind(place) == As::Field(Kind::Money) && input.is_known() {
                    amounts.push((place, amount));
                }
            }
            currencies.push(self.row_currency(&row, &mut inputs[start..], &amounts));
        }
        let mut columns = grid.map.columns.clone();
        if survey.dropped {
            for column in columns.iter_mut().filter(|column| column.field == Some(Field::SurveyScore)) {
                column.field = None;
                column.tier = None;
                column.reason = "on another scale than 1 to 10, and none is declared".to_owned();
            }
        }
        let keeps_currency = grid.place(Field::Currency).is_some() || currencies.iter().any(|c| *c != Input::Missing);
        // A survey that nobody has answered counts as a column not kept: one finding, no flag in every row.
        let no_survey = !sorted.clients.is_empty()
            && grid
                .place(Field::SurveyScore)
                .is_some_and(|place| inputs.iter().skip(place).step_by(width).all(|&input| input == Input::Missing));
        let fields: Vec<Field> = Field::ALL
            .iter()
            .copied()
            .filter(|&field| match field {
                Field::Client => true,
                Field::Currency => keeps_currency,
                Field::SurveyScore if no_survey => false,
                field => grid.place(field).is_some(),
            })
            .collect();
        let own: Vec<bool> = (0..self.settings.own_columns.len())
            .map(|index| grid.reads.iter().any(|read| read.measure == Measure::Own(index)))
            .collect();
        let mut table = ClientTable::new(grid.map.sheet, grid.map.header_row, columns, &fields, &own);
        table.dropped = sorted.dropped;
        table.rows_read = sorted.rows_read;
        for (index, &(row, _)) in sorted.clients.iter().enumerate() {
            let account = table.add(row);
            for (place, read) in grid.reads.iter().enumerate() {
                table.set(account, &read.measure, inputs[index * width + place]);
            }
            table.set(account, &Measure::Field(Field::Currency), currencies[index]);
        }
        debug_assert_eq!(
            table.rows_read as usize,
            table.len() + table.dropped.len(),
            "every row read is accounted for"
        );
        self.doubts_as_findings();
        self.formats_as_findings();
        self.assumed_as_finding();
        let on_sheet = |finding: Finding| finding.on(&grid.sheet.name);
        let mut findings: Vec<Finding> = std::mem::take(&mut self.findings).into_iter().map(on_sheet).collect();
        findings.extend(checks::check(grid.sheet, &table, self.settings, survey.dropped));
        (table, findings)
    }

    fn kind(&self, place: usize) -> As<'_> {
        As::of(&self.grid.reads[place].measure, self.settings.own_columns)
    }

    /// The currency of a row; amounts in another one become wrong.
    fn row_currency(&mut self, row: &Row<'_>, inputs: &mut [Input], amounts: &[(usize, Amount)]) -> Input {
        let column = self.grid.place(Field::Currency).map(|place| inputs[place]);
        let stated = match column {
            Some(Input::Known(Value::Currency(currency))) => Some(currency),
            Some(Input::Wrong) => {
                amounts.iter().for_each(|&(place, _)| inputs[place] = Input::Wrong);
                return Input::Wrong;
            }
            _ => None,
        };
        if amounts.is_empty() {
            return column.unwrap_or_default();
        }
        let named: Vec<Amount> = amounts.iter().map(|&(_, amount)| amount).collect();
        let settled = currency::settle(stated, &named, self.only_currency);
        let code = settled.currency.map_or_else(String::new, |currency| currency.code().to_owned());
        for (&(place, _), (deviating, format)) in
            amounts.iter().zip(settled.deviating.iter().zip(&settled.format_differs))
        {
            let read = &self.grid.reads[place];
            if let Some(other) = deviating {
                inputs[place] = Input::Wrong;
                let message = format!(
                    "this amount is in {}, the client's currency is {code}: amounts of two currencies are never mixed; it counts as missing",
                    other.code()
                );
                let finding = Finding::new(Code::MixedCurrency, message).at(row.row, read.column.col);
                let raw = self.grid.cell(row, place).map(|cell| self.grid.raw(cell).shown().into_owned());
                let finding = finding.raw(shortened(&raw.unwrap_or_default(), 300));
                self.findings.push(match read.field() {
                    Some(field) => finding.of(field),
                    None => finding,
                });
            }
            if let Some(other) = format {
                self.format_differs.entry(place).or_insert((0, row.row, *other)).0 += 1;
            }
        }
        if let (true, Some(currency), Some(&(place, _))) = (settled.assumed, settled.currency, amounts.first()) {
            let first = CellRef { row: row.row, col: self.grid.reads[place].column.col };
            self.assumed.get_or_insert((0, first, currency)).0 += 1;
        }
        settled.currency.map_or(Input::Missing, |currency| Input::Known(Value::Currency(currency)))
    }
}

#[cfg(test)]
mod tests;
