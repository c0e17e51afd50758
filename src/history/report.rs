//! `keeptabs history`: the stored months as lines. Documented in `docs/history.md`.

use super::find;
use super::lineage::Lineage;
use super::retention::added;
use super::snapshot::{Delivered, Listed, Snapshot};
use super::trend::Point;
use crate::config::Config;
use crate::dictionary::Dictionary;
use crate::error::Error;
use crate::field::Status;
use crate::period::{Month, serial};
use crate::portfolio::{Amounts, Settings};
use crate::run::settings_of;
use crate::text::fold;
use serde::{Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};

/// What the lines are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// A line a month.
    Organisation,
    /// A line a department and month.
    Departments,
    /// A line an account manager and month.
    Managers,
    /// A line a client and month.
    Clients,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Query {
    /// What the lines are about.
    pub by: By,
    /// This client only.
    pub client: Option<String>,
    /// This account manager only; of clients: those that the manager looked after.
    pub manager: Option<String>,
}

/// The stored months; serialised it is what `--format json` prints.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryReport {
    /// Version of this format.
    pub version: u32,
    /// Program and version.
    pub tool: String,
    /// What the lines are about.
    pub by: By,
    /// The stored months, the oldest first.
    pub months: Vec<Month>,
    /// By name, then month.
    pub lines: Vec<Line>,
}

/// A month of the organisation, a department, a manager or a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The month.
    pub month: Month,
    /// Whose line it is, as written in the latest month; none for the organisation, and for "no account manager".
    pub name: Option<String>,
    /// The departments that delivered; of a client or manager: those that list it.
    pub departments: Vec<String>,
    /// Departments that handed nothing usable in, or a part only; of the organisation.
    pub not_delivered: Vec<String>,
    /// Of a client: who looked after it.
    pub managers: Vec<String>,
    /// Clients of the organisation; of a department or manager: accounts.
    pub clients: usize,
    /// Of them scored.
    pub scored: usize,
    /// Of a client its score; else the average score of the scored ones.
    pub score: Option<f64>,
    /// What the score is out of.
    pub maximum: Option<f64>,
    /// Score less that of the month named next.
    pub change: Option<f64>,
    /// The latest earlier stored month with a score.
    pub previous_month: Option<Month>,
    /// Whether the scorecard is another than in that month: the change is not the clients' alone.
    pub scorecard_changed: bool,
    /// Of a client: the status shown.
    pub status: Option<Status>,
    /// Of a client: whether it was a key account.
    pub key_account: Option<bool>,
    /// How many are shown Strong.
    pub strong: usize,
    /// How many are shown Watch.
    pub watch: usize,
    /// How many are shown At risk.
    pub at_risk: usize,
    /// How many are Not scored.
    pub not_scored: usize,
    /// How many meet the KPI.
    pub kpi_met: usize,
    /// Of the scored ones, 0 to 1.
    pub kpi_attainment: Option<f64>,
    /// Last year's revenue, by currency code; "" where none is known.
    #[serde(serialize_with = "by_code")]
    pub revenue_last_year: Amounts,
    /// Target of the fiscal year.
    #[serde(serialize_with = "by_code")]
    pub target: Amounts,
    /// Revenue of the fiscal year so far.
    #[serde(serialize_with = "by_code")]
    pub revenue_current: Amounts,
    /// Last year's revenue, amounts above 0, of those shown At risk.
    #[serde(serialize_with = "by_code")]
    pub revenue_at_risk: Amounts,
}

fn by_code<S: Serializer>(amounts: &Amounts, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(amounts.iter().map(|(unit, amount)| {
        let code = unit.map(|unit| unit.code().to_owned()).unwrap_or_default();
        (code, amount)
    }))
}

/// Who is counted in a line.
struct Group<'s> {
    name: Option<String>,
    /// Each with the status shown and its accounts in the month.
    members: Vec<(Status, Vec<&'s Listed>)>,
}

/// Makes the lines that are asked for. `snapshots` are sorted by month.
///
/// # Errors
/// [`Error::Name`] when a name fits nobody, or more than one.
pub fn history(snapshots: &[Snapshot], query: &Query, config: &Config) -> Result<HistoryReport, Error> {
    let snapshots: Vec<&Snapshot> = snapshots.iter().collect();
    let as_of = snapshots.last().map_or(0, |last| serial(last.month.last_day()));
    let settings = settings_of(config, Dictionary::built_in(), as_of);
    let manager = query.manager.as_deref().map(|name| find::manager(name, &snapshots, &settings.words)).transpose()?;
    let lines = match query.by {
        By::Organisation => organisation(&snapshots),
        By::Departments => {
            grouped(&snapshots, &|account| Some((fold(&account.department), account.department.clone())))
        }
        By::Managers => {
            let of = |account: &Listed| {
                account.manager.as_ref().map(|name| (settings.words.manager(name).base, name.clone()))
            };
            let only = |key: &Option<String>| manager.is_none() || *key == manager;
            grouped(&snapshots, &of).into_iter().filter(|(key, _)| only(key)).collect()
        }
        By::Clients => clients(&snapshots, query, manager.as_deref(), &settings)?,
    };
    let lines = lines.into_iter().flat_map(|(_, lines)| with_changes(lines, &snapshots)).collect();
    Ok(HistoryReport {
        version: 1,
        tool: concat!("keeptabs ", env!("CARGO_PKG_VERSION")).to_owned(),
        by: query.by,
        months: snapshots.iter().map(|snapshot| snapshot.month).collect(),
        lines,
    })
}

/// Lines by the key of whose they are.
type Lines = Vec<(Option<String>, Vec<Line>)>;

fn organisation(snapshots: &[&Snapshot]) -> Lines {
    let month = |snapshot: &&Snapshot| {
        let mut members: Vec<_> = snapshot.clients.iter().map(|own| (own.shown, Vec::new())).collect();
        for account in snapshot.accounts.iter().filter(|account| account.is_client()) {
            if let Some(number) = account.client {
                members[number].1.push(account);
            }
        }
        let mut line = line(snapshot, &Group { name: None, members });
        line.departments = snapshot.delivering().map(str::to_owned).collect();
        let lacking = snapshot.departments.iter().filter(|own| own.delivered != Delivered::Full);
        line.not_delivered = lacking.map(|own| own.department.clone()).collect();
        let clients = snapshot.clients.iter().map(|own| (own.score, own.maximum, own.kpi_met, own.shown));
        count(&mut line, clients);
        line
    };
    vec![(None, snapshots.iter().map(month).collect())]
}

/// Departments or managers: accounts count, each with its own score.
fn grouped(snapshots: &[&Snapshot], key: &dyn Fn(&Listed) -> Option<(String, String)>) -> Lines {
    let mut names: BTreeMap<Option<String>, Option<String>> = BTreeMap::new();
    let mut all: BTreeMap<Option<String>, Vec<Line>> = BTreeMap::new();
    for snapshot in snapshots {
        let mut groups: BTreeMap<Option<String>, Group<'_>> = BTreeMap::new();
        for account in snapshot.accounts.iter().filter(|account| account.is_client()) {
            let (folded, name) = key(account).unzip();
            names.insert(folded.clone(), name.clone());
            let group = groups.entry(folded).or_insert_with(|| Group { name, members: Vec::new() });
            group.members.push((account.shown, vec![account]));
        }
        for (folded, group) in groups {
            let mut line = line(snapshot, &group);
            let accounts = group.members.iter().flat_map(|(_, accounts)| accounts);
            count(&mut line, accounts.map(|own| (own.score, own.maximum, own.kpi_met, own.shown)));
            all.entry(folded).or_default().push(line);
        }
    }
    let nobody = all.remove_entry(&None);
    let mut lines: Lines = all.into_iter().chain(nobody).collect();
    for (key, lines) in &mut lines {
        let name = names.get(key).cloned().flatten();
        lines.iter_mut().for_each(|line| line.name.clone_from(&name));
    }
    lines
}

fn clients(snapshots: &[&Snapshot], query: &Query, manager: Option<&str>, settings: &Settings) -> Result<Lines, Error> {
    let lineage = Lineage::new(snapshots, settings);
    let only =
        query.client.as_deref().map(|name| find::client(name, snapshots, &lineage, &settings.words)).transpose()?;
    let wanted = |client: &usize| only.is_none_or(|only| only == *client);
    let mut all: Lines = Vec::new();
    for client in (0..lineage.clients.len()).filter(wanted) {
        let mut lines = Vec::new();
        for (month, snapshot) in snapshots.iter().enumerate() {
            let threads = lineage.clients[client].iter();
            let own: Vec<&Listed> = threads.filter_map(|&thread| lineage.client_in(thread, month, snapshots)).collect();
            // two that became one: the worse one speaks
            let numbers: BTreeSet<usize> = own.iter().filter_map(|account| account.client).collect();
            let merged = numbers.iter().map(|&number| &snapshot.clients[number]);
            let score = |score: Option<f64>| score.unwrap_or(f64::INFINITY);
            let Some(merged) = merged.min_by(|a, b| score(a.score).total_cmp(&score(b.score))) else { continue };
            let mut line =
                line(snapshot, &Group { name: Some(merged.name.clone()), members: vec![(merged.shown, own)] });
            count(&mut line, std::iter::once((merged.score, merged.maximum, merged.kpi_met, merged.shown)));
            line.managers = names_of(
                lineage.clients[client]
                    .iter()
                    .filter_map(|&thread| lineage.client_in(thread, month, snapshots)?.manager.clone()),
            );
            line.status = Some(merged.shown);
            line.key_account = Some(merged.key);
            lines.push(line);
        }
        if let Some(manager) = manager {
            let leads = |line: &Line| line.managers.iter().any(|name| settings.words.manager(name).base == manager);
            lines.retain(leads);
        }
        let name = lines.last().and_then(|line| line.name.clone());
        lines.iter_mut().for_each(|line| line.name.clone_from(&name));
        if let Some(name) = name {
            all.push((Some(fold(&name)), lines));
        }
    }
    all.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(all)
}

/// Names, departments and money of a group in a month.
fn line(snapshot: &Snapshot, group: &Group<'_>) -> Line {
    let sum = |of: fn(&Listed) -> &Amounts, counts: fn(Status, Amounts) -> Amounts| {
        let mut sum = Amounts::default();
        for (shown, accounts) in &group.members {
            let amounts: Vec<&Amounts> = accounts.iter().map(|account| of(account)).collect();
            sum.add_all(&counts(*shown, added(&amounts)));
        }
        sum
    };
    let all = |_, amounts| amounts;
    let at_risk =
        |shown, amounts: Amounts| if shown == Status::AtRisk { amounts.positive() } else { Amounts::default() };
    let accounts = group.members.iter().flat_map(|(_, accounts)| accounts);
    Line {
        month: snapshot.month,
        name: group.name.clone(),
        departments: names_of(accounts.map(|account| account.department.clone())),
        not_delivered: Vec::new(),
        managers: Vec::new(),
        clients: 0,
        scored: 0,
        score: None,
        maximum: None,
        change: None,
        previous_month: None,
        scorecard_changed: false,
        status: None,
        key_account: None,
        strong: 0,
        watch: 0,
        at_risk: 0,
        not_scored: 0,
        kpi_met: 0,
        kpi_attainment: None,
        revenue_last_year: sum(|account| &account.last_year, all),
        target: sum(|account| &account.target, all),
        revenue_current: sum(|account| &account.current, all),
        revenue_at_risk: sum(|account| &account.last_year, at_risk),
    }
}

/// Each name once, sorted.
fn names_of(names: impl Iterator<Item = String>) -> Vec<String> {
    names.collect::<BTreeSet<_>>().into_iter().collect()
}

/// Counts scores and statuses into a line.
fn count(line: &mut Line, all: impl Iterator<Item = (Option<f64>, f64, Option<bool>, Status)>) {
    let mut point = Point::default();
    for (score, maximum, kpi_met, shown) in all {
        point.count(score, maximum, kpi_met, shown);
        match shown {
            Status::Strong => line.strong += 1,
            Status::Watch => line.watch += 1,
            Status::AtRisk => line.at_risk += 1,
            Status::NotScored => line.not_scored += 1,
        }
    }
    line.clients = point.accounts;
    line.scored = point.scored;
    line.score = point.average();
    line.maximum = point.maximum();
    line.kpi_met = point.kpi_met;
    line.kpi_attainment = point.kpi_attainment();
}

fn with_changes(mut lines: Vec<Line>, snapshots: &[&Snapshot]) -> Vec<Line> {
    let card = |month: Month| snapshots.iter().find(|own| own.month == month).map(|own| own.scorecard.as_str());
    let mut before: Option<(Month, f64)> = None;
    for line in &mut lines {
        let Some(score) = line.score else { continue };
        if let Some((month, previous)) = before {
            line.change = Some(score - previous);
            line.previous_month = Some(month);
            line.scorecard_changed = card(month) != card(line.month);
        }
        before = Some((line.month, score));
    }
    lines
}
