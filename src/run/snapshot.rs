//! What is stored of the month.

use super::{Context, Handled, entries};
use crate::account::{Account as Row, Input, Measure, Value};
use crate::book::column_letters;
use crate::field::{Field, Stage, Status};
use crate::history::{
    ByKey, Card, CardCriterion, Client, Delivered, Delivery, Fact, List, Listed, Override, Place, Snapshot, Typed,
    key_of, measure_key,
};
use crate::language::Language;
use crate::output::criterion_label;
use crate::portfolio::{Account, Amounts, Entry, Measures, Portfolio, Role, keys_of};
use crate::report::{FileReport, FileStatus};
use crate::score::{Basis, Dates, Scorecard, live_override};
use crate::text::fold;
use rayon::prelude::*;
use smallvec::SmallVec;
use std::collections::{BTreeMap, BTreeSet};

/// What is stored of the month.
pub(super) fn snapshot(
    portfolio: &Portfolio<'_>,
    rows: &[Entry<'_>],
    handled: &[Handled],
    reports: &[FileReport],
    actions: Vec<Typed>,
    context: &Context<'_>,
) -> Snapshot {
    let config = context.config;
    let ids = keys_of(rows);
    let our_decision: Vec<String> =
        context.dictionary.name_words.get("our_decision").into_iter().flatten().map(|words| fold(words)).collect();
    let (numbers, lists) = lists(handled, context);
    let build = Build { portfolio, rows, handled, context, ids, our_decision, lists: numbers };
    let mut accounts: Vec<Listed> = portfolio.accounts.par_iter().map(|account| build.account(account)).collect();
    let not_active = rows.iter().zip(&portfolio.rows).enumerate().filter(|(_, (_, row))| row.role == Role::NotActive);
    accounts.extend(not_active.map(|(number, (entry, _))| build.not_active(number, entry)));
    Snapshot {
        month: context.period.month,
        scorecard: config.scorecard_hash(),
        scorecard_text: config.scorecard_text(),
        fiscal_start: config.fiscal_start,
        full_year: config.full_year_figures,
        departments: departments(portfolio, reports),
        clients: portfolio
            .clients
            .iter()
            .map(|client| Client {
                name: client.name.to_owned(),
                score: client.rated.score,
                maximum: client.rated.maximum,
                shown: client.shown,
                kpi_met: client.rated.kpi_met,
                key: client.is_key(),
            })
            .collect(),
        accounts,
        cards: config.scorecards.iter().map(|one| card(one, context)).collect(),
        lists,
        actions,
    }
}

/// The client tables, and the number of each by file and table.
fn lists(handled: &[Handled], context: &Context<'_>) -> (BTreeMap<(usize, usize), usize>, Vec<List>) {
    let own = &context.config.own_columns;
    let (mut numbers, mut lists) = (BTreeMap::new(), Vec::new());
    for (file, handled) in handled.iter().enumerate() {
        let Some(read) = &handled.read else { continue };
        for (place, table) in read.parsed.tables.iter().enumerate() {
            let measured = table.columns.iter().filter_map(|column| {
                let measure = column.field.map(Measure::Field).or(column.further.map(Measure::Own))?;
                Some((measure_key(&measure, own).into_owned(), column_letters(column.col)))
            });
            numbers.insert((file, place), lists.len());
            lists.push(List {
                file: handled.job.source.clone(),
                hash: handled.hash.clone(),
                sheet: read.parsed.book.sheets[table.sheet].name.clone(),
                columns: measured.collect(),
            });
        }
    }
    (numbers, lists)
}

fn card(card: &Scorecard, context: &Context<'_>) -> Card {
    let own = &context.config.own_columns;
    let criterion = |one: &crate::score::Criterion| CardCriterion {
        id: one.id.clone(),
        measure: measure_key(&one.measure, own).into_owned(),
        label: criterion_label(Language::default(), one, own),
        rule: one.rule.to_string(),
        points: one.points,
    };
    Card {
        name: card.name.clone(),
        strong: card.strong,
        watch: card.watch,
        worry: card.worry,
        kpi: card.kpi,
        criteria: card.criteria.iter().map(criterion).collect(),
    }
}

/// What a person set over the status of a row.
pub(super) fn override_of(row: &Row<'_>, file: &Handled, dates: &Dates) -> Option<Override> {
    let Input::Known(Value::Status(status)) = row.input(Field::OverrideStatus) else { return None };
    let book = &file.read.as_ref()?.parsed.book;
    let text = |field: Field| row.text(field, book).map(str::to_owned);
    Some(Override {
        status,
        reason: text(Field::OverrideReason),
        until: row.input(Field::OverrideUntil).date(),
        by: text(Field::OverrideBy),
        ends: row.override_end(),
        live: live_override(row, dates).is_some(),
    })
}

/// Departments with a client are delivered, in part where a workbook of theirs failed or needs review.
fn departments(portfolio: &Portfolio<'_>, reports: &[FileReport]) -> Vec<Delivery> {
    let faulty: BTreeSet<String> = reports
        .iter()
        .filter(|report| report.status >= FileStatus::NeedsReview)
        .map(|report| fold(&report.department))
        .collect();
    let mut departments: BTreeMap<String, Delivery> = BTreeMap::new();
    for group in &portfolio.departments {
        let name = group.name.unwrap_or_default();
        let delivered = match (group.accounts.is_empty(), faulty.contains(&fold(name))) {
            (true, _) => Delivered::Not,
            (false, true) => Delivered::Partial,
            (false, false) => Delivered::Full,
        };
        departments.insert(fold(name), Delivery { department: name.to_owned(), delivered });
    }
    for report in reports.iter().filter(|report| report.status >= FileStatus::NeedsReview) {
        let nothing = || Delivery { department: report.department.clone(), delivered: Delivered::Not };
        departments.entry(fold(&report.department)).or_insert_with(nothing);
    }
    let mut departments: Vec<_> = departments.into_values().collect();
    departments.sort_by(|a, b| a.department.cmp(&b.department));
    departments
}

struct Build<'b, 'a> {
    portfolio: &'b Portfolio<'a>,
    rows: &'b [Entry<'a>],
    handled: &'b [Handled],
    context: &'b Context<'b>,
    ids: Vec<Option<String>>,
    our_decision: Vec<String>,
    /// Numbers of the lists, by file and table.
    lists: BTreeMap<(usize, usize), usize>,
}

impl Build<'_, '_> {
    fn basis(&self, entry: &Entry<'_>) -> &Basis<'_> {
        entries::basis_of_row(entry, self.handled, self.context)
    }

    fn places(&self, rows: &[usize]) -> SmallVec<[Place; 1]> {
        let place = |&row: &usize| {
            let source = &self.rows[row].source;
            Some(Place(*self.lists.get(&(source.file, source.table))?, source.row + 1))
        };
        rows.iter().filter_map(place).collect()
    }

    fn overrides(&self, rows: &[usize], basis: &Basis<'_>) -> Vec<Override> {
        let of = |&row: &usize| {
            let entry = &self.rows[row];
            override_of(&entries::account(self.handled, entry)?, &self.handled[entry.source.file], &basis.dates)
        };
        rows.iter().filter_map(of).collect()
    }

    fn account(&self, account: &Account<'_>) -> Listed {
        let merged = &account.merged;
        let entry = &self.rows[merged.entries[0]];
        let basis = self.basis(entry);
        let rated = entries::inputs(merged, self.rows, self.handled, basis);
        let points = basis.card.criteria.iter().zip(&rated);
        Listed {
            department: self.portfolio.departments[account.department].name.unwrap_or_default().to_owned(),
            name: account.name.to_owned(),
            id: merged.entries.iter().find_map(|&entry| self.ids[entry].clone()),
            client: Some(account.client),
            manager: account.manager.and_then(|place| self.portfolio.managers[place].name).map(str::to_owned),
            stage: Stage::Active,
            let_go: false,
            card: basis.card.name.clone(),
            inputs: self.inputs(&merged.measures, basis.card, rated.iter().map(|(input, _)| *input)),
            points: points.filter_map(|(one, (_, points))| Some((key_of(&one.id), (*points)?))).collect(),
            score: account.rated.score,
            maximum: account.rated.maximum,
            computed: account.rated.status,
            shown: account.shown,
            worry: account.rated.worry,
            kpi_met: account.rated.kpi_met,
            last_year: merged.revenue_last_year.clone(),
            target: merged.target.clone(),
            current: merged.revenue_current.clone(),
            places: self.places(&merged.entries),
            overrides: self.overrides(&merged.entries, basis),
        }
    }

    fn not_active(&self, number: usize, entry: &Entry<'_>) -> Listed {
        let basis = self.basis(entry);
        let mut said = [entry.comments, entry.action_points].into_iter().flatten().map(fold);
        let ours = |text: String| self.our_decision.iter().any(|words| text.contains(words.as_str()));
        let own = entries::account(self.handled, entry);
        let measured = |measure: &Measure| own.map_or(Input::Missing, |account| account.measure(measure));
        let inputs = basis.card.criteria.iter().map(|criterion| measured(&criterion.measure));
        Listed {
            department: entry.department.to_owned(),
            name: entry.client.trim().to_owned(),
            id: self.ids[number].clone(),
            client: self.portfolio.rows[number].client,
            manager: entry.account_manager.map(str::to_owned),
            stage: entry.stage,
            let_go: entry.stage == Stage::Former && said.any(ours),
            card: basis.card.name.clone(),
            inputs: self.inputs(&entry.measures, basis.card, inputs),
            points: ByKey::default(),
            score: None,
            maximum: basis.card.maximum(),
            computed: Status::NotScored,
            shown: entry.shown,
            worry: None,
            kpi_met: None,
            last_year: Amounts::default(),
            target: Amounts::default(),
            current: Amounts::default(),
            places: self.places(&[number]),
            overrides: self.overrides(&[number], basis),
        }
    }

    /// What is known: every measure, and the further columns that the scorecard counts.
    fn inputs(&self, measures: &Measures, card: &Scorecard, of_card: impl Iterator<Item = Input>) -> ByKey<Fact> {
        let own = &self.context.config.own_columns;
        let fields = Measures::FIELDS
            .into_iter()
            .map(|field: Field| (measure_key(&Measure::Field(field), own), Fact::of(measures.get(field), None)));
        let further = card.criteria.iter().zip(of_card).filter_map(|(criterion, input)| match criterion.measure {
            Measure::Own(place) => Some((measure_key(&criterion.measure, own), Fact::of(input, own.get(place)))),
            Measure::Field(_) => None,
        });
        fields.chain(further).filter_map(|(key, fact)| Some((key, fact?))).collect()
    }
}
