//! What rows of one client disagree about, each with its cells.

use super::entry::{Entry, Settings};
use super::located::{Cited, Located, list, quoted};
use super::merge::{CountedOnce, Merged};
use super::money::{Unit, unit_of, unit_order};
use crate::account::{Input, Value};
use crate::field::{Field, Stage};
use crate::finding::Code;
use crate::value::number_text;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fields of which merging keeps one value and drops others.
const CHOSEN: [Field; 4] = [Field::OurContacts, Field::ClientContacts, Field::DecisionLevel, Field::SurveyScore];

/// Two rows of a department that say the same.
pub(super) fn duplicate_row<'a>(first: &Entry<'a>, again: &Entry<'a>) -> Located<'a> {
    let cells = vec![Cited::of(again, Field::Client), Cited::of(first, Field::Client)];
    let message = format!(
        "{} stands here and in {} with the same values: counted once; delete one of the rows",
        quoted(again.client),
        cells[1]
    );
    Located::new(Code::DuplicateRow, Field::Client, cells, message)
}

/// What a row says, in comparable form: equal for two rows of a department that say the same.
pub(super) fn said(row: &Entry) -> String {
    let text = |text: Option<&str>| text.map_or_else(String::new, |text| text.trim().to_owned());
    let texts = [Some(row.client), row.client_id, row.account_manager, row.comments, row.action_points].map(text);
    format!("{:?}", (texts, row.stage, row.currency, row.shown, row.overridden, row.measures, row.rated))
}

/// Differing rows of one client in one department.
pub(super) fn several_rows<'a>(lines: &[&Entry<'a>], parts: &[Arc<Merged>]) -> Located<'a> {
    let cells: Vec<Cited> = lines.iter().map(|line| Cited::of(line, Field::Client)).collect();
    let mut revenue: Vec<(Unit, i64)> = parts
        .iter()
        .flat_map(|part| part.revenue_last_year.positive().iter().collect::<Vec<_>>())
        .map(|(unit, amount)| (unit, (amount * 100.0).round() as i64))
        .collect();
    revenue.sort_unstable();
    let repeated = revenue.windows(2).any(|pair| pair[0] == pair[1]);
    let warning = if repeated {
        " Rows have the same revenue last year: if it is one amount, keep it in one row only."
    } else {
        ""
    };
    let message = format!(
        "{} has {} differing rows in {}, taken as lines of one account (best evidence, revenue added): {}.{warning}",
        quoted(lines[0].client),
        lines.len(),
        lines[0].department,
        list(&cells)
    );
    Located::new(Code::SeveralRows, Field::Client, cells, message)
}

/// A client that is active in one row and not in another.
pub(super) fn stages<'a>(rows: &[&Entry<'a>]) -> Option<Located<'a>> {
    let first = rows.iter().find(|row| row.stage == Stage::Active)?;
    rows.iter().find(|row| row.stage != Stage::Active)?;
    let cells: Vec<Cited> = rows.iter().map(|row| Cited::of(row, Field::Stage)).collect();
    let word = |stage| match stage {
        Stage::Active => "active",
        Stage::Prospect => "prospect",
        Stage::Former => "former",
    };
    let said =
        list(rows.iter().zip(&cells).map(|(row, cell)| format!("{} ({}, {cell})", word(row.stage), row.department)));
    let message = format!("{} is {said}: only the active rows count", quoted(first.client));
    Some(Located::new(Code::Conflict, Field::Stage, cells, message))
}

/// What the accounts of a client disagree about, and what was taken. `lines` are the rows behind each account.
pub(super) fn disagreements<'a>(
    name: &str,
    accounts: &[Arc<Merged>],
    lines: &[Vec<&Entry<'a>>],
    merged: &Merged,
) -> Vec<Located<'a>> {
    let mut found = Vec::new();
    for field in CHOSEN {
        let known: Vec<Input> =
            accounts.iter().map(|account| account.measures.get(field)).filter(|i| i.is_known()).collect();
        let dated = accounts.iter().all(|account| {
            !account.measures.survey_score.is_known()
                || account.measures.survey_date.is_known()
                    && (account.measures.survey_date != merged.measures.survey_date
                        || account.measures.survey_score == merged.measures.survey_score)
        });
        // Answers of different days do not contradict each other.
        if known.iter().all(|input| *input == known[0]) || (field == Field::SurveyScore && dated) {
            continue;
        }
        let rows: Vec<&Entry> =
            lines.iter().flatten().filter(|row| row.measures.get(field).is_known()).copied().collect();
        let cells: Vec<Cited> = rows.iter().map(|row| Cited::of(row, field)).collect();
        let said = list(
            rows.iter()
                .zip(&cells)
                .map(|(row, cell)| format!("{} ({}, {cell})", text(row.measures.get(field)), row.department)),
        );
        let message = format!(
            "departments disagree about {}, {}: {said}; the client counts with {}",
            quoted(name),
            field.id().replace('_', " "),
            text(merged.measures.get(field))
        );
        found.push(Located::new(Code::Conflict, field, cells, message));
    }
    found
}

fn text(input: Input) -> String {
    match input {
        Input::Known(Value::Number(number)) => number_text(number),
        Input::Known(Value::Level(level)) => level.id().to_owned(),
        _ => "unknown".to_owned(),
    }
}

/// Revenue that two departments claim to the cent.
pub(super) fn counted_once<'a>(name: &str, lines: &[Vec<&Entry<'a>>], once: CountedOnce) -> Located<'a> {
    let rows: Vec<&Entry> = [once.first, once.again].iter().flat_map(|&part| lines[part].iter().copied()).collect();
    let cells: Vec<Cited> = rows.iter().map(|row| Cited::of(row, once.field)).collect();
    let said = list(
        rows.iter()
            .zip(&cells)
            .map(|(row, cell)| format!("{} ({}, {cell})", text(row.measures.get(once.field)), row.department)),
    );
    let message = format!(
        "{} has the same {} to the cent in two departments: {said}; for the client it counts once. If it is two amounts, enter each exactly",
        quoted(name),
        once.field.id().replace('_', " ")
    );
    Located::new(Code::Conflict, once.field, cells, message)
}

/// A client whose amounts are in several currencies without rates.
pub(super) fn mixed_client<'a>(name: &str, lines: &[Vec<&Entry<'a>>], settings: &Settings) -> Located<'a> {
    let rows: Vec<&Entry> = lines.iter().flatten().copied().collect();
    let cells: Vec<Cited> = rows.iter().map(|row| Cited::of(row, Field::RevenueLastYear)).collect();
    let said = list(
        rows.iter()
            .zip(&cells)
            .map(|(row, cell)| format!("{} ({}, {cell})", unit_name(unit_of(row, settings).0), row.department)),
    );
    let message = format!(
        "amounts of {} are in several currencies: {said}; not added up, so the client has no growth and no attainment. Give rates to convert them",
        quoted(name)
    );
    Located::new(Code::MixedCurrency, Field::Currency, cells, message)
}

/// What the amounts of the whole organisation are counted in, where that is more than one currency.
pub(super) fn currencies<'a>(entries: &[Entry<'a>], settings: &Settings) -> Vec<Located<'a>> {
    let mut rows: BTreeMap<Unit, Vec<&Entry<'a>>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.stage == Stage::Active) {
        if super::merge::MONEY.iter().any(|&field| entry.measures.get(field).is_known()) {
            rows.entry(unit_of(entry, settings).0).or_default().push(entry);
        }
    }
    if rows.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    let unknown = rows.remove(&None);
    let mut units: Vec<(Unit, Vec<&Entry>)> = rows.into_iter().collect();
    units.sort_by_key(|(unit, _)| unit_order(*unit, settings));
    let said = list(units.iter().map(|(unit, rows)| {
        format!("{} in {} rows, first in {}", unit_name(*unit), rows.len(), Cited::of(rows[0], Field::RevenueLastYear))
    }));
    if let Some(unknown) = unknown {
        let cells: Vec<Cited> = unknown.iter().map(|row| Cited::of(row, Field::RevenueLastYear)).collect();
        let message = format!(
            "{} rows have amounts without a currency (first in {}), others have one ({said}): counted apart. If they are in EUR, set currency = \"EUR\" in keeptabs.toml (or yours); it holds for all amounts without one",
            cells.len(),
            cells[0]
        );
        found.push(Located::new(Code::CurrencyUnknown, Field::Currency, cells, message));
    }
    if units.len() > 1 {
        let cells: Vec<Cited> = units.iter().map(|(_, rows)| Cited::of(rows[0], Field::RevenueLastYear)).collect();
        let message = format!(
            "amounts in {} currencies: {said}; every sum is per currency, nothing is added up. To convert them, give the organisation's currency and rates in the configuration",
            units.len()
        );
        found.push(Located::new(Code::MixedCurrency, Field::Currency, cells, message));
    }
    found
}

fn unit_name(unit: Unit) -> String {
    unit.map_or_else(|| "no currency".to_owned(), |currency| currency.code().to_owned())
}
