//! Between the stages: configuration and accounts in the form that each stage takes.

use super::{Context, Handled};
use crate::account::{Account, ClientTable, Input, Measure, Parsed};
use crate::assessed::{Assessed, MergedInputs};
use crate::book::{Book, Cell};
use crate::config::Config;
use crate::dictionary::Dictionary;
use crate::field::{Field, Stage};
use crate::finding::{Code, Finding};
use crate::mapping::Pin;
use crate::output::department::Fact;
use crate::period::serial;
use crate::portfolio::{self, Entry, Ids, List, Measures, Merged, NameWords, Portfolio, Rated, Role, Source};
use crate::report::ScorecardReport;
use crate::score::{Bases, Basis, Criterion, Kept, Scorecard, live_override, rate, summarise};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// The reviewed decisions that hold for a file.
pub(super) fn pins(config: &Config, source: &str) -> Vec<Pin> {
    let rules = config.mappings.iter().filter(|rule| rule.file.is_match(source));
    rules
        .map(|rule| Pin {
            sheet: rule.sheet.clone(),
            header_row: rule.header_row,
            columns: rule.columns.clone(),
            survey_scale: rule.survey_scale,
        })
        .collect()
}

/// The fields that some scorecards measure, by their place.
pub(super) fn measures(config: &Config, cards: impl Iterator<Item = usize>) -> Vec<Field> {
    let criteria = cards.flat_map(|card| &config.scorecards[card].criteria);
    let fields = criteria.filter_map(|criterion| match criterion.measure {
        Measure::Field(field) => Some(field),
        Measure::Own(_) => None,
    });
    fields.collect::<BTreeSet<_>>().into_iter().collect()
}

/// The one currency that a workbook's amounts name.
pub(super) fn single_currency(parsed: &Parsed) -> Option<String> {
    let named: BTreeSet<_> =
        parsed.tables.iter().flat_map(|table| table.accounts()).filter_map(|account| account.currency()).collect();
    let mut named = named.into_iter();
    named.next().filter(|_| named.next().is_none()).map(|currency| currency.code().to_owned())
}

/// How the clients of a department's lists are rated.
pub(super) fn bases<'a>(department: &str, context: &Context<'a>) -> Bases<'a> {
    Bases::new(context.bases.clone(), context.config.usual_scorecard(department))
}

/// How a row is rated.
pub(super) fn basis_of_row<'c, 'a>(entry: &Entry<'_>, handled: &[Handled], context: &'c Context<'a>) -> &'c Basis<'a> {
    let usual = || context.config.usual_scorecard(&handled[entry.source.file].job.department);
    let card = account(handled, entry).and_then(|account| account.card()).unwrap_or_else(usual);
    &context.bases[card]
}

/// The average of scores, each with the highest that its scorecard gives; of different ones that of score ÷ maximum, on the
/// highest maximum.
pub(super) fn average(scores: &[(f64, f64)]) -> Option<f64> {
    let highest = scores.iter().map(|(_, maximum)| *maximum).reduce(f64::max)?;
    let is_one = scores.iter().all(|(_, maximum)| *maximum == highest);
    let scaled = |(score, maximum): &(f64, f64)| if is_one { *score } else { score / maximum * highest };
    Some(scores.iter().map(scaled).sum::<f64>() / scores.len() as f64)
}

/// How many active clients each scorecard rates, where several may rate those of a workbook.
pub(super) fn scorecards(parsed: &Parsed, config: &Config) -> Vec<ScorecardReport> {
    let active = parsed.tables.iter().flat_map(ClientTable::accounts).filter(|one| one.stage() == Stage::Active);
    let places: Vec<_> = active.map(|account| account.card()).collect();
    if places.iter().all(Option::is_none) {
        return Vec::new();
    }
    let of = |(at, card): (usize, &Scorecard)| ScorecardReport {
        name: card.name.clone(),
        clients: places.iter().filter(|place| **place == Some(at)).count(),
    };
    config.scorecards.iter().enumerate().map(of).filter(|card| card.clients > 0).collect()
}

/// The portfolio's settings, from the configuration and the dictionary's words for names.
pub(super) fn settings(context: &Context<'_>) -> portfolio::Settings {
    settings_of(context.config, context.dictionary, serial(context.period.as_of()))
}

/// The portfolio's settings on an as-of date.
pub fn settings_of(config: &Config, dictionary: &Dictionary, as_of: i32) -> portfolio::Settings {
    let words = |id: &str| dictionary.name_words.get(id).into_iter().flatten().map(String::as_str);
    // the first name of a line is joined with, or told from, each of the others
    let pairs = |lists: &[Vec<String>]| {
        let of = |names: &Vec<String>| {
            let first = names.first().cloned().unwrap_or_default();
            names.iter().skip(1).map(move |name| (first.clone(), name.clone())).collect::<Vec<_>>()
        };
        lists.iter().flat_map(of).collect::<Vec<_>>()
    };
    portfolio::Settings {
        key_share: config.portfolio.key_share,
        basis: match config.portfolio.basis {
            Field::Target => portfolio::Basis::Target,
            Field::RevenueCurrent => portfolio::Basis::RevenueCurrent,
            _ => portfolio::Basis::RevenueLastYear,
        },
        ids: if config.portfolio.ids_across { Ids::Organisation } else { Ids::Department },
        currency: config.currency,
        rates: config.portfolio.rates.clone(),
        same: pairs(&config.portfolio.same),
        different: pairs(&config.portfolio.different),
        words: NameWords::new(dictionary.legal_forms.iter().map(String::as_str), words("and"), words("articles")),
        as_of,
    }
}

fn department<'a>(account: &Account<'_>, parsed: &'a Parsed, file: &'a Handled) -> &'a str {
    account.text(Field::Department, &parsed.book).unwrap_or(&file.job.department)
}

/// The client tables as lists: file, table and what the portfolio compares.
pub(super) fn lists(handled: &[Handled]) -> Vec<((usize, usize), List<'_>)> {
    let mut lists = Vec::new();
    for (number, file) in handled.iter().enumerate() {
        let Some(read) = &file.read else { continue };
        for (index, table) in read.parsed.tables.iter().enumerate() {
            let list = List {
                file_name: &file.job.source,
                sheet: &read.parsed.book.sheets[table.sheet].name,
                clients: table
                    .accounts()
                    .map(|account| (department(&account, &read.parsed, file), account.client(&read.parsed.book)))
                    .collect(),
            };
            lists.push(((number, index), list));
        }
    }
    lists
}

/// Every account of every file, as the portfolio takes it.
pub(super) fn entries<'a>(handled: &'a [Handled], context: &Context<'_>) -> Vec<Entry<'a>> {
    let tables = handled.iter().filter_map(|file| file.read.as_ref()).flat_map(|read| &read.parsed.tables);
    let mut entries = Vec::with_capacity(tables.map(ClientTable::len).sum());
    for (number, file) in handled.iter().enumerate() {
        let Some(read) = &file.read else { continue };
        let parsed = &read.parsed;
        let bases = bases(&file.job.department, context);
        let fallback = context.config.currency_of(&file.job.source);
        for (index, table) in parsed.tables.iter().enumerate() {
            let kept = Kept::of(table);
            for account in table.accounts() {
                let basis = bases.of(&account);
                let rated = rate(&account, basis, kept);
                entries.push(Entry {
                    source: Source {
                        file: number,
                        table: index,
                        account: account.index,
                        file_name: &file.job.source,
                        sheet: &parsed.book.sheets[table.sheet].name,
                        row: account.row(),
                        columns: &table.columns,
                    },
                    department: department(&account, parsed, file),
                    client: account.client(&parsed.book),
                    client_id: account.text(Field::ClientId, &parsed.book),
                    account_manager: account.text(Field::AccountManager, &parsed.book),
                    stage: account.stage(),
                    measures: measures_of(&account),
                    currency: account.currency().or(fallback),
                    shown: rated.shown,
                    overridden: live_override(&account, &basis.dates).is_some(),
                    rated: whole(&rated.points, basis.card, rated.score.is_some()),
                    comments: account.text(Field::Comments, &parsed.book),
                    action_points: account.text(Field::ActionPoints, &parsed.book),
                });
            }
        }
    }
    entries
}

fn measures_of(account: &Account<'_>) -> Measures {
    Measures {
        our_contacts: account.input(Field::OurContacts),
        client_contacts: account.input(Field::ClientContacts),
        meetings: account.input(Field::Meetings),
        decision_level: account.input(Field::DecisionLevel),
        survey_score: account.input(Field::SurveyScore),
        survey_date: account.input(Field::SurveyDate),
        renewal_date: account.input(Field::RenewalDate),
        last_thanked: account.input(Field::LastThanked),
        referrals: account.input(Field::Referrals),
        revenue_last_year: account.input(Field::RevenueLastYear),
        target: account.input(Field::Target),
        revenue_current: account.input(Field::RevenueCurrent),
    }
}

/// What the portfolio needs to know of points.
fn whole(points: &[Option<f64>], card: &Scorecard, active: bool) -> Rated {
    let summed = summarise(points, card, active);
    Rated {
        score: summed.score,
        maximum: card.maximum(),
        best_case: summed.best,
        status: summed.computed,
        best_status: card.status(Some(summed.best)),
        worry: summed.score.map(|score| score <= card.worry),
        best_worry: summed.best <= card.worry,
        kpi_met: summed.score.map(|score| score >= card.kpi),
        one_point_away: summed.score.is_some_and(|score| card.is_one_point_away(score)),
    }
}

/// The organisation, with every client scored on its merged inputs.
pub(super) fn portfolio<'a>(
    entries: &[Entry<'a>],
    handled: &'a [Handled],
    context: &Context<'_>,
    settings: &portfolio::Settings,
) -> Portfolio<'a> {
    let rate_merged = |merged: &Merged| {
        let basis = basis_of(merged, entries, handled, context);
        let points: Vec<_> = inputs(merged, entries, handled, basis).into_iter().map(|(_, points)| points).collect();
        whole(&points, basis.card, true)
    };
    portfolio::build(entries, settings, &rate_merged)
}

/// How merged rows are rated: by the scorecard of the first one.
fn basis_of<'c, 'a>(
    merged: &Merged,
    entries: &[Entry<'_>],
    handled: &[Handled],
    context: &'c Context<'a>,
) -> &'c Basis<'a> {
    basis_of_row(&entries[merged.entries[0]], handled, context)
}

/// Clients and accounts of the portfolio with all that the scorecard says about them.
pub(super) fn assess<'p>(
    portfolio: &'p Portfolio<'_>,
    entries: &[Entry<'_>],
    handled: &[Handled],
    context: &'p Context<'p>,
) -> (Vec<Assessed<'p>>, Vec<Assessed<'p>>) {
    let kept: Vec<Vec<Kept>> = handled
        .iter()
        .map(|file| file.read.iter().flat_map(|read| &read.parsed.tables).map(Kept::of).collect())
        .collect();
    let assessed = |merged: &'p Merged| {
        let basis = basis_of(merged, entries, handled, context);
        let mut own = vec![Input::Missing; context.config.own_columns.len()];
        if !own.is_empty() {
            for (criterion, (input, _)) in basis.card.criteria.iter().zip(inputs(merged, entries, handled, basis)) {
                if let Measure::Own(place) = criterion.measure {
                    own[place] = input;
                }
            }
        }
        let rows = merged.entries.iter().map(|&entry| &entries[entry].source);
        let kept = rows.map(|row| kept[row.file][row.table]).reduce(Kept::or).unwrap_or_default();
        Assessed::new(MergedInputs::new(merged, own), basis, kept)
    };
    (
        portfolio.clients.par_iter().map(|client| assessed(&client.merged)).collect(),
        portfolio.accounts.par_iter().map(|account| assessed(&account.merged)).collect(),
    )
}

/// For each criterion of the scorecard the merged input and its points.
pub(super) fn inputs(
    merged: &Merged,
    entries: &[Entry<'_>],
    handled: &[Handled],
    basis: &Basis<'_>,
) -> Vec<(Input, Option<f64>)> {
    let rated = |criterion: &Criterion, input: Input| (input, criterion.rate(input, &basis.dates));
    let of = |criterion: &Criterion| match criterion.measure {
        Measure::Field(field) => rated(criterion, merged.measures.get(field)),
        // a further column is merged by its points: the best evidence counts
        Measure::Own(_) => {
            let rows = merged.entries.iter().filter_map(|&entry| account(handled, &entries[entry]));
            let all = rows.map(|account| rated(criterion, account.measure(&criterion.measure)));
            let best = |a: &(Input, Option<f64>), b: &(Input, Option<f64>)| {
                a.1.partial_cmp(&b.1).unwrap_or(std::cmp::Ordering::Equal)
            };
            all.max_by(best).unwrap_or_default()
        }
    };
    basis.card.criteria.iter().map(of).collect()
}

pub(super) fn account<'a>(handled: &'a [Handled], entry: &Entry<'_>) -> Option<Account<'a>> {
    let table = handled[entry.source.file].read.as_ref()?.parsed.tables.get(entry.source.table)?;
    Some(table.account(entry.source.account))
}

/// What the portfolio knows of each account, by file, table and account.
pub(super) fn facts(portfolio: &Portfolio<'_>, entries: &[Entry<'_>], files: usize) -> Vec<Vec<Vec<Fact>>> {
    let mut facts: Vec<Vec<Vec<Fact>>> = vec![Vec::new(); files];
    for (entry, row) in entries.iter().zip(&portfolio.rows) {
        let tables = &mut facts[entry.source.file];
        tables.resize(tables.len().max(entry.source.table + 1), Vec::new());
        let table = &mut tables[entry.source.table];
        table.resize(table.len().max(entry.source.account + 1), Fact::default());
        let manager = row.account.and_then(|account| portfolio.accounts[account].manager);
        table[entry.source.account] = Fact {
            share: row.share,
            key: row.key,
            counted: match row.role {
                Role::Counted => 1,
                Role::Line => 0,
                Role::Duplicate | Role::NotActive => -1,
            },
            manager: manager.and_then(|manager| portfolio.managers[manager].name).map(str::to_owned),
            ..Fact::default()
        };
    }
    facts
}

/// The portfolio's findings: those of one file to that file, those across files also to the organisation.
pub(super) fn findings(portfolio: &Portfolio<'_>, files: usize) -> (Vec<Vec<Finding>>, Vec<Finding>) {
    let mut of_files = vec![Vec::new(); files];
    let mut across = Vec::new();
    for located in &portfolio.findings {
        let concerned: BTreeSet<usize> = located.cells.iter().map(|cell| cell.file).collect();
        for &file in &concerned {
            let mut finding = located.finding.clone();
            if let Some(here) = located.cells.iter().find(|cell| cell.file == file) {
                finding.sheet = Some(here.sheet.to_owned());
                finding.cell = here.cell;
            }
            of_files[file].push(finding);
        }
        if concerned.len() != 1 {
            let mut finding = located.finding.clone();
            // the sentence names every file and cell; a bare sheet name would say too little here
            finding.sheet = None;
            finding.cell = None;
            across.push(finding);
        }
    }
    (of_files, across)
}

/// What is to be said of the workbook as a whole: how it was read, and what of it stays behind.
pub(super) fn of_workbook(book: &Book) -> impl Iterator<Item = Finding> {
    let remarks = book.remarks.iter().map(|remark| Finding::new(Code::ReadRemark, remark.clone()));
    let others = book.other_sheets.iter().map(|(name, kind)| {
        Finding::new(Code::NotCarried, format!("a {kind}: the result does not carry it")).on(name.clone())
    });
    let macros = book.macros.then(|| Finding::new(Code::NotCarried, "macros: the result does not carry them"));
    remarks.chain(others).chain(macros)
}

/// Texts that are longer than a cell holds: the result carries what fits.
pub(super) fn cut_texts(parsed: &Parsed) -> Vec<Finding> {
    let book = &parsed.book;
    let limit = crate::output::MAX_TEXT;
    // as a rule there is none, and no cell needs to be looked at
    if !book.texts.iter().any(|text| text.len() > limit && text.encode_utf16().count() > limit) {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for table in &parsed.tables {
        let sheet = &book.sheets[table.sheet];
        let rows: BTreeSet<u32> = table.accounts().map(|account| account.row()).collect();
        for row in sheet.rows().filter(|row| rows.contains(&row.row)) {
            for (col, cell) in row.cells() {
                let Cell::Text(id) = cell else { continue };
                let length = book.text(id).encode_utf16().count();
                if length > limit {
                    let message =
                        format!("{length} characters; a cell holds {limit}, so the result carries the first {limit}");
                    findings.push(Finding::new(Code::TextCut, message).on(&*sheet.name).at(row.row, col));
                }
            }
        }
    }
    findings
}
