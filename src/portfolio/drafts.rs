//! Rows → accounts → clients, not yet ranked.

use super::Role;
use super::conflicts;
use super::entry::{Entry, Rated, Settings};
use super::located::Located;
use super::managers::Managers;
use super::merge::{CountedOnce, Merged};
use super::money::{Amounts, amount, unit_order};
use crate::field::{Stage, Status};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An account on its way: rows by place in the sorted order.
pub(super) struct AccountDraft {
    pub(super) client: usize,
    pub(super) department: usize,
    pub(super) lines: SmallVec<[usize; 2]>,
    pub(super) managers: SmallVec<[usize; 2]>,
    pub(super) merged: Arc<Merged>,
    pub(super) rated: Rated,
    pub(super) shown: Status,
    pub(super) overridden: bool,
}

/// A client on its way: accounts by place among the drafts.
pub(super) struct ClientDraft<'a> {
    pub(super) name: &'a str,
    pub(super) lines: Vec<usize>,
    pub(super) accounts: Vec<usize>,
    pub(super) managers: Vec<usize>,
    pub(super) merged: Arc<Merged>,
    pub(super) rated: Rated,
    pub(super) shown: Status,
    pub(super) overridden: bool,
    pub(super) once: Vec<CountedOnce>,
}

pub(super) struct Drafting<'a, 's> {
    /// The index of the entry behind each row.
    pub(super) order: Vec<usize>,
    /// The row of each entry: the other way round.
    pub(super) places: Vec<usize>,
    pub(super) rows: Cow<'s, [Entry<'a>]>,
    pub(super) department_of: Vec<usize>,
    pub(super) client_of: Vec<usize>,
    pub(super) managers: Managers<'a>,
    pub(super) roles: Vec<Role>,
    pub(super) findings: Vec<Located<'a>>,
    pub(super) settings: &'s Settings,
    pub(super) rate: &'s (dyn Fn(&Merged) -> Rated + Sync),
}

impl<'a> Drafting<'a, '_> {
    /// The place of an entry among the sorted rows.
    pub(super) fn place_of(&self, entry: usize) -> usize {
        self.places[entry]
    }

    /// The accounts of active clients, by department, then name.
    pub(super) fn accounts(&mut self) -> Vec<AccountDraft> {
        let active = (0..self.rows.len()).filter(|&row| self.rows[row].stage == Stage::Active);
        let mut rows: Vec<(usize, usize, usize)> =
            active.map(|row| (self.client_of[row], self.department_of[row], row)).collect();
        rows.sort_unstable();
        let mut drafts: Vec<AccountDraft> = Vec::with_capacity(rows.len());
        let mut own = Vec::new();
        for rows in rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            own.clear();
            own.extend(rows.iter().map(|&(.., row)| row));
            drafts.push(self.account(rows[0].0, rows[0].1, &own));
        }
        drafts.sort_by_cached_key(|draft| {
            let name = self.rows[draft.lines[0]].client;
            (draft.department, crate::text::fold(name), name, draft.lines[0])
        });
        drafts
    }

    fn account(&mut self, client: usize, department: usize, rows: &[usize]) -> AccountDraft {
        let mut lines: SmallVec<[usize; 2]> = SmallVec::new();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for &row in rows {
            match if rows.len() == 1 { None } else { seen.insert(conflicts::said(&self.rows[row]), row) } {
                Some(first) => {
                    self.roles[row] = Role::Duplicate;
                    self.findings.push(conflicts::duplicate_row(&self.rows[first], &self.rows[row]));
                }
                None => {
                    self.roles[row] = if lines.is_empty() { Role::Counted } else { Role::Line };
                    lines.push(row);
                }
            }
        }
        let part = |&line: &usize| Arc::new(Merged::row(self.order[line], &self.rows[line], self.settings));
        let (merged, rated) = match lines.as_slice() {
            [only] => (part(only), self.rows[*only].rated),
            _ => {
                let parts: Vec<Arc<Merged>> = lines.iter().map(part).collect();
                let entries: Vec<&Entry> = lines.iter().map(|&line| &self.rows[line]).collect();
                self.findings.push(conflicts::several_rows(&entries, &parts));
                let merged = Merged::lines(&parts, self.settings);
                let rated = (self.rate)(&merged);
                (Arc::new(merged), rated)
            }
        };
        let set = lines.iter().map(|&line| &self.rows[line]).map(|entry| (entry.overridden, entry.shown));
        let (overridden, shown) = worst_override(set, rated.status);
        AccountDraft { client, department, managers: self.by_revenue(&lines), lines, merged, rated, shown, overridden }
    }

    /// The clients with an active account, in the order of identity.
    pub(super) fn clients(&mut self, accounts: &[AccountDraft], count: usize) -> Vec<ClientDraft<'a>> {
        let mut of_client: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (index, account) in accounts.iter().enumerate() {
            of_client[account.client].push(index);
        }
        let mut all_rows: Vec<Vec<usize>> = vec![Vec::new(); count];
        for (row, &client) in self.client_of.iter().enumerate() {
            all_rows[client].push(row);
        }
        let active = of_client.into_iter().zip(all_rows).filter(|(accounts, _)| !accounts.is_empty());
        active.map(|(own, rows)| self.client(own, &rows, accounts)).collect()
    }

    fn client(&mut self, own: Vec<usize>, rows: &[usize], accounts: &[AccountDraft]) -> ClientDraft<'a> {
        let all: Vec<usize> = own.iter().flat_map(|&account| accounts[account].lines.iter().copied()).collect();
        let lines = || -> Vec<Vec<&Entry<'a>>> {
            let of = |&account: &usize| accounts[account].lines.iter().map(|&line| &self.rows[line]).collect();
            own.iter().map(of).collect()
        };
        let name = most_frequent(&self.rows, &all);
        let mut found: Vec<Located<'a>> = Vec::new();
        found.extend(conflicts::stages(&rows.iter().map(|&row| &self.rows[row]).collect::<Vec<_>>()));
        let (merged, once, rated) = match own.as_slice() {
            [only] => (accounts[*only].merged.clone(), Vec::new(), accounts[*only].rated),
            _ => {
                let parts: Vec<Arc<Merged>> = own.iter().map(|&account| accounts[account].merged.clone()).collect();
                let lines = lines();
                let (merged, once) = Merged::accounts(&parts, self.settings);
                found.extend(conflicts::disagreements(name, &parts, &lines, &merged));
                found.extend(once.iter().map(|&once| conflicts::counted_once(name, &lines, once)));
                let rated = (self.rate)(&merged);
                (Arc::new(merged), once, rated)
            }
        };
        if merged.mixed_currency {
            found.push(conflicts::mixed_client(name, &lines(), self.settings));
        }
        self.findings.extend(found);
        let set = own.iter().map(|&account| (accounts[account].overridden, accounts[account].shown));
        let (overridden, shown) = worst_override(set, rated.status);
        let managers = self.by_revenue(&all).into_vec();
        ClientDraft { name, lines: all, accounts: own, managers, merged, rated, shown, overridden, once }
    }

    /// The managers of these rows, the one with most revenue first, then by name.
    fn by_revenue(&self, rows: &[usize]) -> SmallVec<[usize; 2]> {
        if let [row] = rows {
            return self.managers.of_row[*row].into_iter().collect();
        }
        let mut revenue: BTreeMap<usize, Amounts> = BTreeMap::new();
        for &row in rows {
            let Some(manager) = self.managers.of_row[row] else {
                continue;
            };
            let own = revenue.entry(manager).or_default();
            let input = self.rows[row].measures.get(self.settings.basis.field());
            if let Some((unit, amount)) =
                amount(&self.rows[row], input, self.settings).filter(|&(_, amount)| amount > 0.0)
            {
                own.add(unit, amount);
            }
        }
        let mut units: Vec<_> = revenue.values().flat_map(|own| own.iter().map(|(unit, _)| unit)).collect();
        units.sort_by_key(|&unit| unit_order(unit, self.settings));
        let first = units.first().copied().flatten();
        let mut managers: Vec<(usize, f64)> =
            revenue.iter().map(|(&manager, own)| (manager, own.get(first).unwrap_or(0.0))).collect();
        managers.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        managers.into_iter().map(|(manager, _)| manager).collect()
    }
}

/// Whether a live override sets the status, and the status shown: the worst override, else the computed one.
fn worst_override(parts: impl Iterator<Item = (bool, Status)>, computed: Status) -> (bool, Status) {
    match parts.filter(|(overridden, _)| *overridden).map(|(_, shown)| shown).min() {
        Some(shown) => (true, shown),
        None => (false, computed),
    }
}

/// The most frequent spelling of these rows' client; of equally frequent ones the first.
fn most_frequent<'a>(rows: &[Entry<'a>], of: &[usize]) -> &'a str {
    if let [row] = of {
        return rows[*row].client.trim();
    }
    let mut counts: BTreeMap<&str, (Reverse<usize>, usize)> = BTreeMap::new();
    for (place, &row) in of.iter().enumerate() {
        counts.entry(rows[row].client.trim()).or_insert((Reverse(0), place)).0.0 += 1;
    }
    counts.into_iter().min_by_key(|&(_, count)| count).map_or("", |(name, _)| name)
}
