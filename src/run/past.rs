//! The month in the light of earlier ones: its snapshot, the store, the changes and what is to be said of them.

use super::{Context, Handled, Options, entries};
use crate::account::{Input, Measure};
use crate::error::Error;
use crate::field::{Field, Stage, Status};
use crate::finding::{Code, Finding};
use crate::history::{
    self, Changes, Client, Comparison, Delivered, Delivery, Fact, Listed, Locked, Movement, Snapshot, measure_key,
};
use crate::output::department;
use crate::portfolio::{self, Account, Amounts, Entry, Measures, Portfolio, Role, keys_of};
use crate::proposal::Proposal;
use crate::report::{FileReport, FileStatus};
use crate::score::{Basis, Scorecard};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The stored months.
pub(super) struct Past {
    held: Option<Locked>,
    stored: Vec<Snapshot>,
    used: bool,
}

/// Reads the stored months, and holds the store until this month is in it. A run that lacks departments which the
/// stored month has is refused.
pub(super) fn open(snapshot: &Snapshot, options: &Options) -> Result<Past, Error> {
    if !options.history {
        return Ok(Past { held: None, stored: Vec::new(), used: false });
    }
    let path = options.out.join(history::NAME);
    // a run in which nothing converts stores nothing
    let stores = snapshot.delivering().next().is_some();
    let (held, stored) = if options.dry_run || !stores {
        (None, history::load(&path)?)
    } else {
        std::fs::create_dir_all(&options.out)
            .map_err(|error| Error::Output { path: options.out.clone(), reason: error.to_string() })?;
        let held = history::lock(&path)?;
        let stored = held.snapshots()?;
        (Some(held), stored)
    };
    let same_month = stored.iter().find(|other| other.month == snapshot.month);
    if let Some(other) = same_month.filter(|_| stores && !options.force) {
        let lacking = other.delivering().filter(|name| snapshot.delivered(name) == Delivered::Not);
        let departments: Vec<_> = lacking.map(str::to_owned).collect();
        if !departments.is_empty() {
            return Err(Error::Partial { month: snapshot.month.to_string(), departments });
        }
    }
    Ok(Past { held, stored, used: true })
}

impl Past {
    /// Stores the month, unless it is stored just so.
    pub(super) fn store(self, snapshot: &Snapshot) -> Result<(), Error> {
        match self.held {
            Some(held) if !self.stored.contains(snapshot) => held.replace(snapshot),
            _ => Ok(()),
        }
    }
}

/// The month beside the earlier ones, what changed also for each row and as findings.
pub(super) fn compare(
    past: &Past,
    snapshot: &Snapshot,
    settings: &portfolio::Settings,
    context: &Context<'_>,
    rows: &[Entry<'_>],
    portfolio: &Portfolio<'_>,
    facts: &mut [Vec<Vec<department::Fact>>],
) -> (Option<Comparison>, Vec<Finding>) {
    if !past.used {
        return (None, Vec::new());
    }
    let earlier = past.stored.iter().filter(|other| other.month < snapshot.month);
    let months: Vec<&Snapshot> = earlier.chain([snapshot]).collect();
    let Some(comparison) = Comparison::of(&months, context.config, settings) else { return (None, Vec::new()) };
    let changes = &comparison.changes;
    let places = places(rows, portfolio);
    let mut lines: BTreeMap<usize, usize> = BTreeMap::new();
    for (place, row) in places.iter().zip(&portfolio.rows) {
        if let Some(place) = place {
            *lines.entry(*place).or_default() += usize::from(row.role != Role::Duplicate);
        }
    }
    for (entry, place) in rows.iter().zip(&places) {
        let Some(place) = *place else { continue };
        let fact = &mut facts[entry.source.file][entry.source.table][entry.source.account];
        fact.change = changes.accounts.get(place).cloned();
        fact.lines = lines.get(&place).copied().unwrap_or_default();
    }
    let findings = findings(past, snapshot, changes);
    (Some(comparison), findings)
}

fn findings(past: &Past, snapshot: &Snapshot, changes: &Changes) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |code, message: String| findings.push(Finding::new(code, message));
    for own in &changes.not_delivered {
        find(
            Code::NotDelivered,
            format!(
                "{} handed nothing usable in; its {} of {} are neither counted nor lost. Figures about the whole organisation lack them",
                own.department,
                counted(own.clients, "client"),
                own.last
            ),
        );
    }
    for own in &changes.incomplete {
        find(
            Code::ListIncomplete,
            format!(
                "{} of the {} of {} in {} are not in its list: is it complete? Until that is settled they are \"lost?\"",
                own.missing,
                counted(own.clients, "client"),
                own.department,
                own.before
            ),
        );
    }
    for row in changes.movers.iter().filter(|row| row.movement == Movement::MaybeRenamed) {
        let Some(old) = &row.from else { continue };
        let message = format!(
            "\"{}\" of {} is new, and \"{old}\", of the same account manager and with the same measures, is gone: renamed? If so, confirm",
            row.client, row.department
        );
        let finding = Finding::new(Code::MaybeRenamed, message);
        findings.push(finding.settled_by(Proposal::same(&[old, &row.client])));
    }
    let mut find = |code, message: String| findings.push(Finding::new(code, message));
    if let Some(month) = changes.scorecard_changed {
        find(
            Code::ScorecardChanged,
            format!(
                "the scorecard is another than in {month}: what was handed in then is rated anew, and each change is split into the client's part and the scorecard's"
            ),
        );
    }
    let later: Vec<_> =
        past.stored.iter().filter(|other| other.month > snapshot.month).map(|other| other.month.to_string()).collect();
    if !later.is_empty() && !past.stored.contains(snapshot) {
        let months = later.join(", ");
        find(
            Code::OutOfDate,
            format!(
                "{} is stored anew: what the results of {months} say about changes is out of date; run {} again",
                snapshot.month,
                if later.len() == 1 { "it" } else { "them" }
            ),
        );
    }
    findings
}

fn counted(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Where each row's account stands in the snapshot: accounts first, then rows that are not active.
fn places(rows: &[Entry<'_>], portfolio: &Portfolio<'_>) -> Vec<Option<usize>> {
    let mut next = portfolio.accounts.len();
    let place = |(_, row): (&Entry<'_>, &portfolio::RowFacts)| match row.role {
        Role::NotActive => {
            next += 1;
            Some(next - 1)
        }
        _ => row.account,
    };
    rows.iter().zip(&portfolio.rows).map(place).collect()
}

/// What is stored of the month.
pub(super) fn snapshot(
    portfolio: &Portfolio<'_>,
    rows: &[Entry<'_>],
    handled: &[Handled],
    reports: &[FileReport],
    context: &Context<'_>,
) -> Snapshot {
    let config = context.config;
    let ids = keys_of(rows);
    let our_decision: Vec<String> =
        context.dictionary.name_words.get("our_decision").into_iter().flatten().map(|words| fold(words)).collect();
    let build = Build { portfolio, rows, handled, context, ids, our_decision };
    let of_accounts = portfolio.accounts.iter().map(|account| build.account(account));
    let not_active = rows.iter().zip(&portfolio.rows).enumerate().filter(|(_, (_, row))| row.role == Role::NotActive);
    let others = not_active.map(|(number, (entry, _))| build.not_active(number, entry));
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
        accounts: of_accounts.chain(others).collect(),
    }
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
}

impl Build<'_, '_> {
    fn basis(&self, entry: &Entry<'_>) -> Basis<'_> {
        entries::basis(self.context.config, &self.handled[entry.source.file].job.department, self.context)
    }

    fn account(&self, account: &Account<'_>) -> Listed {
        let merged = &account.merged;
        let entry = &self.rows[merged.entries[0]];
        let basis = self.basis(entry);
        let rated = entries::inputs(merged, self.rows, self.handled, &basis);
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
            points: points.filter_map(|(one, (_, points))| Some((one.id.clone(), (*points)?))).collect(),
            score: account.rated.score,
            maximum: account.rated.maximum,
            computed: account.rated.status,
            shown: account.shown,
            worry: account.rated.worry,
            kpi_met: account.rated.kpi_met,
            last_year: merged.revenue_last_year.clone(),
            target: merged.target.clone(),
            current: merged.revenue_current.clone(),
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
            points: BTreeMap::new(),
            score: None,
            maximum: basis.card.maximum(),
            computed: Status::NotScored,
            shown: entry.shown,
            worry: None,
            kpi_met: None,
            last_year: Amounts::default(),
            target: Amounts::default(),
            current: Amounts::default(),
        }
    }

    /// What is known: every measure, and the further columns that the scorecard counts.
    fn inputs(
        &self,
        measures: &Measures,
        card: &Scorecard,
        of_card: impl Iterator<Item = Input>,
    ) -> BTreeMap<String, Fact> {
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
