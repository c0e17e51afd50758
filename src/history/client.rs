//! `keeptabs client`: one client in one month: the score, where each input was read, what changed.

use super::changes::compare;
use super::client_report::{
    AccountReport, ActionReport, ClientReport, InputReport, OverrideReport, PointReport, RowReport,
};
use super::find;
use super::lineage::Lineage;
use super::snapshot::{CardCriterion, Fact, Listed, Place, Snapshot, Typed};
use super::trend::trend;
use crate::config::Config;
use crate::dictionary::Dictionary;
use crate::error::Error;
use crate::field::Status;
use crate::language::Language;
use crate::output::what_changed;
use crate::period::{Month, day_of, serial};
use crate::portfolio::Measures;
use crate::run::settings_of;
use crate::text::fold;
use crate::value::number_text;
use std::collections::BTreeSet;

/// Tells about a client in a month, the latest one that lists it if none is given. `snapshots` are sorted by month.
///
/// # Errors
/// [`Error::Name`] when the name fits nobody, or more than one; [`Error::NotStored`] when the month does not list it.
pub fn client(
    snapshots: &[Snapshot],
    name: &str,
    month: Option<Month>,
    config: &Config,
) -> Result<ClientReport, Error> {
    let all: Vec<&Snapshot> = snapshots.iter().collect();
    let as_of = all.last().map_or(0, |last| serial(last.month.last_day()));
    let settings = settings_of(config, Dictionary::built_in(), as_of);
    let months = |of: &[&Snapshot]| of.iter().map(|own| own.month.to_string()).collect::<Vec<_>>().join(", ");
    if let Some(month) = month.filter(|&month| all.iter().all(|own| own.month != month)) {
        return Err(Error::NotStored(format!("{month} is not stored; there are {}", months(&all))));
    }
    let lineage = Lineage::new(&all, &settings);
    let client = find::client(name, &all, &lineage, &settings.words)?;
    let listed: Vec<&Snapshot> = all
        .iter()
        .enumerate()
        .filter(|(place, _)| lineage.clients[client].iter().any(|&own| lineage.threads[own].places[*place].is_some()))
        .map(|(_, own)| *own)
        .collect();
    let wanted = month.or(listed.last().map(|own| own.month));
    let Some(now) = listed.iter().find(|own| Some(own.month) == wanted) else {
        let month = month.map(|month| month.to_string()).unwrap_or_default();
        return Err(Error::NotStored(format!("\"{name}\" is not listed in {month}; it is in {}", months(&listed))));
    };
    let months: Vec<&Snapshot> = all.iter().copied().filter(|own| own.month <= now.month).collect();
    let report = Report { now, months, config };
    let names = lineage.clients[client].iter().flat_map(|&thread| {
        let places = lineage.threads[thread].places.iter().enumerate();
        places.filter_map(|(month, place)| Some(all[month].accounts[(*place)?].name.clone()))
    });
    let place = all.iter().position(|own| own.month == now.month).unwrap_or_default();
    let accounts: Vec<usize> =
        lineage.clients[client].iter().filter_map(|&thread| lineage.threads[thread].places[place]).collect();
    let mut told = report.tell(&accounts, names.collect(), &settings);
    told.not_listed_in = all.last().map(|last| last.month).filter(|&last| month.is_none() && last != now.month);
    Ok(told)
}

struct Report<'s> {
    now: &'s Snapshot,
    /// The months up to now.
    months: Vec<&'s Snapshot>,
    config: &'s Config,
}

impl Report<'_> {
    fn tell(&self, accounts: &[usize], names: BTreeSet<String>, settings: &crate::portfolio::Settings) -> ClientReport {
        let now = self.now;
        let lineage = Lineage::new(&self.months, settings);
        let changes = compare(&self.months, &lineage, self.config);
        let trend = trend(&self.months, &lineage, &settings.words);
        let listed = |&place: &usize| &now.accounts[place];
        let merged = accounts.iter().map(listed).find_map(|own| own.client);
        let first = accounts.first().map(listed);
        let client = merged.map(|number| &now.clients[number]);
        let name = client.map(|own| &own.name).or(first.map(|own| &own.name)).cloned().unwrap_or_default();
        let mut notes = Vec::new();
        let same_card = now.scorecard == self.config.scorecard_hash();
        if !same_card {
            notes.push(format!(
                "{} was scored with another scorecard than the configuration's: points and rules are those of then",
                now.month
            ));
        }
        if now.cards.is_empty() {
            notes.push(format!(
                "{} was stored by an older keeptabs: run it again to see rules, cells and actions",
                now.month
            ));
        }
        let accounts = accounts.iter().map(|&place| {
            let mut told = self.account(&now.accounts[place]);
            if let Some(change) = changes.accounts.get(place) {
                told.previous_month = change.previous_month;
                told.previous_score = change.previous_score;
                told.change = change.change;
                // what is rated anew is rated with the configuration's scorecard
                if same_card {
                    told.change_by_client = change.split.map(|split| split.client);
                    told.change_by_scorecard = change.split.map(|split| split.scorecard);
                    let card = self.config.scorecards.iter().find(|card| card.name == told.scorecard);
                    for moved in &change.moved {
                        let id = card.and_then(|card| card.criteria.get(moved.criterion)).map(|own| &own.id);
                        let point = told.points.iter_mut().find(|point| Some(&point.criterion) == id);
                        point.into_iter().for_each(|point| point.moved = Some(moved.points));
                    }
                    told.what_changed = what_changed(Language::default(), change, told.score, self.config);
                }
            }
            told
        });
        let accounts: Vec<_> = accounts.collect();
        let scores = trend.and_then(|trend| Some((trend.months, *trend.clients.get(merged?)?)));
        ClientReport {
            version: 1,
            tool: concat!("keeptabs ", env!("CARGO_PKG_VERSION")).to_owned(),
            month: now.month,
            not_listed_in: None,
            other_names: names.into_iter().filter(|other| *other != name).collect(),
            score: client.and_then(|own| own.score),
            maximum: client.map(|own| own.maximum).or(first.map(|own| own.maximum)).unwrap_or_default(),
            status: client.map(|own| own.shown).or(first.map(|own| own.shown)).unwrap_or(Status::NotScored),
            kpi_met: client.and_then(|own| own.kpi_met),
            key_account: client.is_some_and(|own| own.key),
            trend: scores.map(|(months, scores)| months.into_iter().zip(scores).collect()).unwrap_or_default(),
            name,
            accounts,
            notes,
        }
    }

    fn account(&self, own: &Listed) -> AccountReport {
        let now = self.now;
        let card = now.cards.iter().find(|card| card.name == own.card);
        let points = match card {
            Some(card) => card.criteria.iter().map(|one| self.point(own, one)).collect(),
            // stored by an older version: what is known
            None => own.points.iter().map(|(id, points)| self.bare_point(own, id, *points)).collect(),
        };
        let measured = |id: &str| card.is_some_and(|card| card.criteria.iter().any(|one| one.measure == id));
        let others = Measures::FIELDS.iter().map(|field| field.id()).filter(|id| !measured(id));
        let inputs = others.map(|id| self.input(own, id, &id.replace('_', " ")));
        let as_of = serial(now.month.last_day());
        let actions = now.actions.iter().filter(|typed| self.concerns(typed, own));
        AccountReport {
            department: own.department.clone(),
            name: own.name.clone(),
            id: own.id.clone(),
            manager: own.manager.clone(),
            stage: own.stage,
            scorecard: own.card.clone(),
            score: own.score,
            maximum: own.maximum,
            computed_status: own.computed,
            status: own.shown,
            worry: own.worry,
            kpi_met: own.kpi_met,
            rows: own
                .places
                .iter()
                .map(|place| {
                    let list = &now.lists[place.0];
                    let (file, hash, sheet) = (list.file.clone(), list.hash.clone(), list.sheet.clone());
                    RowReport { file, hash, sheet, row: place.1 }
                })
                .collect(),
            points,
            inputs: inputs.filter(|input| input.value.is_some() || input.wrong).collect(),
            overrides: own
                .overrides
                .iter()
                .map(|set| OverrideReport {
                    status: set.status,
                    reason: set.reason.clone(),
                    by: set.by.clone(),
                    until: set.until.or(set.ends).and_then(day_of).map(|day| day.to_string()),
                    end_given: set.until.is_some(),
                    live: set.live,
                })
                .collect(),
            actions: actions
                .map(|typed| ActionReport {
                    owner: typed.action.owner.clone().or(own.manager.clone()),
                    due: typed.action.due.and_then(day_of).map(|day| day.to_string()),
                    done: typed.action.done.clone(),
                    note: typed.action.note.clone(),
                    overdue: typed.action.is_overdue(as_of),
                })
                .collect(),
            previous_month: None,
            previous_score: None,
            change: None,
            change_by_client: None,
            change_by_scorecard: None,
            what_changed: String::new(),
        }
    }
    /// Whether an action is about an account: the name, and the department that typed it. A list that names departments
    /// itself is typed into as one.
    fn concerns(&self, typed: &Typed, own: &Listed) -> bool {
        let (key, department) = (typed.action.key(), fold(&typed.department));
        let listed = |other: &&Listed| fold(&other.name) == key && fold(&other.department) == department;
        let elsewhere = || self.now.accounts.iter().any(|other| listed(&other));
        fold(&own.name) == key && (fold(&own.department) == department || !elsewhere())
    }

    fn point(&self, own: &Listed, one: &CardCriterion) -> PointReport {
        PointReport {
            criterion: one.id.clone(),
            rule: Some(one.rule.clone()),
            points: own.points.get(&one.id).copied(),
            of: Some(one.points),
            input: self.input(own, &one.measure, &one.label),
            moved: None,
        }
    }

    /// What is known of a criterion that was stored by an older version.
    fn bare_point(&self, own: &Listed, id: &str, points: f64) -> PointReport {
        let input = self.input(own, id, &id.replace('_', " "));
        PointReport { criterion: id.to_owned(), rule: None, points: Some(points), of: None, input, moved: None }
    }

    fn input(&self, own: &Listed, measure: &str, label: &str) -> InputReport {
        let fact = own.inputs.get(measure);
        let cell = |place: &Place| {
            let letters = self.now.lists[place.0].columns.get(measure)?;
            Some(format!("{letters}{}", place.1))
        };
        InputReport {
            label: label.to_owned(),
            value: fact.and_then(shown),
            wrong: fact == Some(&Fact::Wrong),
            cells: own.places.iter().filter_map(cell).collect(),
        }
    }
}

fn shown(fact: &Fact) -> Option<String> {
    match fact {
        Fact::Number(number) => Some(number_text(*number)),
        Fact::Level(level) => Some(level.id().to_owned()),
        Fact::Date(day) => day_of(*day).map(|day| day.to_string()),
        Fact::Word(word) => Some(word.clone()),
        Fact::Wrong => None,
    }
}
