//! From the departments' rows to the organisation: the one place that knows all the steps.

use super::drafts::{AccountDraft, ClientDraft, Drafting};
use super::entry::{Entry, Rated, Settings};
use super::identity::identify;
use super::located::Located;
use super::managers::fold_managers;
use super::merge::Merged;
use super::money::{Amounts, unit_of, unit_order};
use super::rank::{self, Contender};
use super::totals::Breakdown;
use super::{
    Account, Client, Group, New, Portfolio, Reconciliation, RevenueStep, Role, RowFacts, Standings, Unit, conflicts,
};
use crate::field::{Field, Status};
use rayon::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// Makes one organisation of the departments' rows.
///
/// `rate` scores merged inputs; single rows bring their score along. The result does not depend on the order of the
/// entries: they are taken by file, table and row.
pub fn build<'a>(
    entries: &[Entry<'a>],
    settings: &Settings,
    rate: &(dyn Fn(&Merged) -> Rated + Sync),
) -> Portfolio<'a> {
    let mut order: Vec<usize> = (0..entries.len()).collect();
    order.sort_by_key(|&index| (entries[index].source.order(), index));
    // as a rule they come in order, and need not be copied
    let is_sorted = order.iter().copied().eq(0..entries.len());
    let mut sorted: Cow<'_, [Entry<'a>]> =
        if is_sorted { Cow::Borrowed(entries) } else { order.iter().map(|&index| entries[index]).collect() };
    let mut places = vec![0; order.len()];
    for (place, &entry) in order.iter().enumerate() {
        places[entry] = place;
    }
    let (departments, department_of) = departments(&sorted);
    let identity = identify(&sorted, &department_of, settings);
    // A running number tells rows apart that are equal otherwise, and is nobody's id.
    let is_nobodys = |(row, keyed): (&Entry<'_>, &bool)| !keyed && row.client_id.is_some();
    if sorted.iter().zip(&identity.keyed).any(is_nobodys) {
        for (row, _) in sorted.to_mut().iter_mut().zip(&identity.keyed).filter(|(_, keyed)| !**keyed) {
            row.client_id = None;
        }
    }
    let managers = fold_managers(&sorted, &settings.words);

    let mut drafting = Drafting {
        findings: [identity.findings, managers.findings.clone(), conflicts::currencies(&sorted, settings)].concat(),
        roles: vec![Role::NotActive; sorted.len()],
        order,
        places,
        rows: sorted,
        department_of,
        client_of: identity.client_of,
        managers,
        settings,
        rate,
    };
    let account_drafts = drafting.accounts();
    let client_drafts = drafting.clients(&account_drafts, identity.clients);
    let reconciliation = reconcile(&drafting, &account_drafts, &client_drafts);

    let mut clients = ranked_clients(&drafting, client_drafts);
    let mut client_of_account = vec![0; account_drafts.len()];
    for (index, client) in clients.iter().enumerate() {
        for &account in &client.accounts {
            client_of_account[account] = index;
        }
    }
    let accounts = ranked_accounts(&drafting, account_drafts, &client_of_account);
    for client in &mut clients {
        client.lowest = lowest(&client.accounts, &accounts);
        client.account_at_risk = client.accounts.iter().any(|&account| accounts[account].shown == Status::AtRisk);
    }
    let mut findings = std::mem::take(&mut drafting.findings);
    findings.sort_by(Located::order);
    let rows = row_facts(&drafting, &accounts, &clients);
    let names = &drafting.managers.names;
    let ((departments, managers), (all_accounts, organisation)) = rayon::join(
        || (by_department(&departments, &accounts, &clients), by_manager(names, &accounts, &clients)),
        || {
            let of_clients = clients.iter().map(|client| (client.is_key(), client.counted()));
            (totals_of(&accounts, &clients, 0..accounts.len()), Breakdown::of(of_clients))
        },
    );
    Portfolio { rows, departments, managers, all_accounts, organisation, accounts, clients, reconciliation, findings }
}

/// The departments by name, and the number of each row's; case and accents make no other department.
fn departments<'a>(rows: &[Entry<'a>]) -> (Vec<&'a str>, Vec<usize>) {
    let mut spellings: BTreeMap<&str, (String, &'a str)> = BTreeMap::new();
    let mut names: BTreeMap<String, &'a str> = BTreeMap::new();
    for row in rows {
        let (folded, _) =
            spellings.entry(row.department).or_insert_with(|| (crate::text::fold(row.department), row.department));
        names.entry(folded.clone()).or_insert(row.department);
    }
    let numbers: BTreeMap<&str, usize> =
        names.keys().enumerate().map(|(number, name)| (name.as_str(), number)).collect();
    let of_row = rows.iter().map(|row| numbers[spellings[row.department].0.as_str()]).collect();
    (names.values().copied().collect(), of_row)
}

/// Clients by revenue; then the new ones, then those without revenue.
fn ranked_clients<'a>(drafting: &Drafting<'a, '_>, drafts: Vec<ClientDraft<'a>>) -> Vec<Client<'a>> {
    let settings = drafting.settings;
    let new: Vec<Option<New>> = drafts
        .par_iter()
        .map(|draft| rank::new(draft.lines.iter().map(|&line| &drafting.rows[line]), &draft.merged, settings))
        .collect();
    let ties: Vec<(String, &str, usize)> =
        drafts.par_iter().map(|draft| (crate::text::fold(draft.name), draft.name, draft.lines[0])).collect();
    let field = settings.basis.field();
    let contenders: Vec<Contender<_>> = drafts
        .iter()
        .zip(&new)
        .zip(&ties)
        .map(|((draft, new), tie)| Contender { amounts: draft.merged.amounts(field), new: new.as_ref(), tie })
        .collect();
    let places = rank::places(&contenders, settings.key_share);
    let mut clients: Vec<Option<Client>> = drafts
        .into_iter()
        .zip(new.iter().cloned())
        .zip(places)
        .map(|((draft, new), (mut standings, ranks))| {
            standings.sort_by_key(|(unit, _)| unit_order(*unit, settings));
            Some(client(drafting, draft, new.map(|new| New { ranks, ..new }), standings))
        })
        .collect();
    // a client is large: their numbers are sorted
    let mut ranked: Vec<usize> = (0..clients.len()).collect();
    ranked.sort_by(|&x, &y| {
        let (Some(a), Some(b)) = (&clients[x], &clients[y]) else { return Ordering::Equal };
        let place = |client: &Client| {
            let first = client.standings.first();
            let new = client.new.as_ref().and_then(|new| new.ranks.first());
            let (group, unit, rank) = match (first, new) {
                (Some((unit, standing)), _) => (0, *unit, standing.rank),
                (None, Some((unit, rank))) => (1, *unit, *rank),
                (None, None) => (2, None, 0),
            };
            (group, unit_order(unit, settings), rank)
        };
        let brings = |client: &Client| {
            let new = client.new.as_ref().and_then(|new| new.amounts.iter().next());
            new.map_or(0.0, |(_, amount)| amount)
        };
        place(a).cmp(&place(b)).then_with(|| brings(b).total_cmp(&brings(a))).then_with(|| ties[x].cmp(&ties[y]))
    });
    let mut sorted = Vec::with_capacity(ranked.len());
    sorted.extend(ranked.into_iter().filter_map(|place| clients[place].take()));
    sorted
}

fn client<'a>(
    drafting: &Drafting<'a, '_>,
    draft: ClientDraft<'a>,
    new: Option<New>,
    standings: Standings,
) -> Client<'a> {
    let mut ids: Vec<&str> = Vec::new();
    let (mut comments, mut action_points) = (Vec::new(), Vec::new());
    for &line in &draft.lines {
        let row = &drafting.rows[line];
        let department = drafting.department_of[line];
        note(&mut comments, department, row.comments);
        note(&mut action_points, department, row.action_points);
        if let Some(id) = row.client_id.map(str::trim).filter(|id| !id.is_empty() && !ids.contains(id)) {
            ids.push(id);
        }
    }
    Client {
        name: draft.name,
        ids,
        accounts: draft.accounts,
        managers: draft.managers,
        merged: draft.merged,
        rated: draft.rated,
        shown: draft.shown,
        overridden: draft.overridden,
        standings,
        new,
        lowest: None,
        account_at_risk: false,
        comments,
        action_points,
    }
}

/// Adds a text beside those that are there, once.
fn note<'a>(notes: &mut Vec<(usize, &'a str)>, department: usize, text: Option<&'a str>) {
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty())
        && !notes.contains(&(department, text))
    {
        notes.push((department, text));
    }
}

/// The accounts with their places in their departments.
fn ranked_accounts<'a>(
    drafting: &Drafting<'a, '_>,
    drafts: Vec<AccountDraft>,
    client_of: &[usize],
) -> Vec<Account<'a>> {
    let settings = drafting.settings;
    let mut accounts: Vec<Account> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        accounts.push(Account {
            name: drafting.rows[draft.lines[0]].client.trim(),
            client: client_of[accounts.len()],
            department: draft.department,
            manager: draft.managers.first().copied(),
            new: rank::new(draft.lines.iter().map(|&line| &drafting.rows[line]), &draft.merged, settings),
            merged: draft.merged,
            rated: draft.rated,
            shown: draft.shown,
            overridden: draft.overridden,
            standings: Standings::new(),
        });
    }
    // They stand by department, then name: ties go by place.
    for department in accounts.chunk_by_mut(|a, b| a.department == b.department) {
        let contenders: Vec<Contender<usize>> = department
            .iter()
            .enumerate()
            .map(|(tie, account)| Contender {
                amounts: account.merged.amounts(settings.basis.field()),
                new: account.new.as_ref(),
                tie,
            })
            .collect();
        let places = rank::places(&contenders, settings.key_share);
        for (account, (standings, ranks)) in department.iter_mut().zip(places) {
            account.standings = standings;
            account.standings.sort_by_key(|(unit, _)| unit_order(*unit, settings));
            if let Some(new) = &mut account.new {
                new.ranks = ranks;
            }
        }
    }
    accounts
}

/// The account with the lowest part of its maximum; of equal ones the first.
fn lowest(own: &[usize], accounts: &[Account]) -> Option<usize> {
    let part = |&index: &usize| Some((accounts[index].rated.score? / accounts[index].rated.maximum, index));
    own.iter().filter_map(part).min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, index)| index)
}

fn totals_of(accounts: &[Account], clients: &[Client], members: impl Iterator<Item = usize>) -> Breakdown {
    Breakdown::of(members.map(|index| (clients[accounts[index].client].is_key(), accounts[index].counted())))
}

fn by_department<'a>(names: &[&'a str], accounts: &[Account], clients: &[Client]) -> Vec<Group<'a>> {
    let mut members = vec![Vec::new(); names.len()];
    for (index, account) in accounts.iter().enumerate() {
        members[account.department].push(index);
    }
    let group = |(&name, own): (&&'a str, Vec<usize>)| Group {
        name: Some(name),
        totals: totals_of(accounts, clients, own.iter().copied()),
        accounts: own,
    };
    names.iter().zip(members).map(group).collect()
}

fn by_manager<'a>(names: &[&'a str], accounts: &[Account], clients: &[Client]) -> Vec<Group<'a>> {
    let mut members = vec![Vec::new(); names.len() + 1];
    for (index, account) in accounts.iter().enumerate() {
        members[account.manager.unwrap_or(names.len())].push(index);
    }
    let nobody = members.last().is_some_and(|own| !own.is_empty());
    let names = names.iter().map(|&name| Some(name)).chain(nobody.then_some(None));
    let group = |(name, own): (Option<&'a str>, Vec<usize>)| Group {
        name,
        totals: totals_of(accounts, clients, own.iter().copied()),
        accounts: own,
    };
    names.zip(members).map(group).collect()
}

fn row_facts(drafting: &Drafting, accounts: &[Account], clients: &[Client]) -> Vec<RowFacts> {
    let mut client_of_identity: Vec<Option<usize>> = vec![None; drafting.rows.len()];
    for account in accounts {
        for &entry in account.merged.entries.iter().take(1) {
            client_of_identity[drafting.client_of[drafting.place_of(entry)]] = Some(account.client);
        }
    }
    // a client's accounts stand by department
    let account_of = |client: usize, department: usize| {
        let own = &clients[client].accounts;
        let place = own.binary_search_by_key(&department, |&account| accounts[account].department).ok()?;
        Some(own[place])
    };
    let facts = |row: usize| {
        let role = drafting.roles[row];
        let client = client_of_identity[drafting.client_of[row]];
        let account = client
            .filter(|_| role != Role::NotActive)
            .and_then(|client| account_of(client, drafting.department_of[row]));
        let counted = account.map(|account| (&accounts[account], &clients[accounts[account].client]));
        let unit = unit_of(&drafting.rows[row], drafting.settings).0;
        let standing = counted.and_then(|(_, client)| {
            let own = client.standings.iter().find(|(other, _)| *other == unit);
            own.or(client.standings.first()).map(|(_, standing)| standing)
        });
        RowFacts {
            role,
            client,
            account,
            share: standing.map(|standing| standing.share),
            key: counted.is_some_and(|(_, client)| client.is_key()),
            key_in_department: counted.is_some_and(|(account, _)| account.is_key()),
            new: counted.is_some_and(|(_, client)| client.new.is_some()),
        }
    };
    (0..drafting.rows.len()).into_par_iter().map(|entry| facts(drafting.place_of(entry))).collect()
}

fn reconcile(drafting: &Drafting, accounts: &[AccountDraft], clients: &[ClientDraft]) -> Reconciliation {
    let count = |role| drafting.roles.iter().filter(|&&own| own == role).count();
    let (mut of_accounts, mut once, mut of_clients) = (Amounts::default(), Amounts::default(), Amounts::default());
    for account in accounts {
        of_accounts.add_all(&account.merged.revenue_last_year.positive());
    }
    for client in clients {
        of_clients.add_all(&client.merged.revenue_last_year.positive());
        for again in client.once.iter().filter(|once| once.field == Field::RevenueLastYear).map(|once| once.again) {
            once.add_all(&accounts[client.accounts[again]].merged.revenue_last_year.positive());
        }
    }
    let step = |(unit, accounts): (Unit, f64)| {
        let (counted_once, clients) = (once.get(unit).unwrap_or(0.0), of_clients.get(unit).unwrap_or(0.0));
        RevenueStep { unit, accounts, counted_once, netted: accounts - counted_once - clients, clients }
    };
    Reconciliation {
        rows: drafting.rows.len(),
        not_active: count(Role::NotActive),
        duplicates: count(Role::Duplicate),
        further_lines: count(Role::Line),
        accounts: accounts.len(),
        clients: clients.len(),
        in_several_departments: clients.iter().filter(|client| client.accounts.len() > 1).count(),
        revenue: of_accounts.iter().map(step).collect(),
    }
}
