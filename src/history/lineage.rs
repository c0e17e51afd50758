//! Which accounts of different months are one, and which of them are one client.
//!
//! A *thread* is an account through the months: one client in one department. Within a department a month's accounts
//! are matched to the threads seen so far, one to one, the surest first: by id, by name as written, by folded name. A
//! name whose id changed is the same account where no other bears it. Threads are one client where a month's portfolio
//! said so, or where name or id say so across departments.

use super::snapshot::{Listed, Snapshot};
use crate::portfolio::{Folded, Ids, NameWords, Settings, contained, similar};
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The accounts of all months, connected.
#[derive(Debug)]
pub struct Lineage {
    /// The thread of each account, by snapshot.
    pub(super) thread_of: Vec<Vec<usize>>,
    /// Where each thread stands, by snapshot.
    pub(super) threads: Vec<Thread>,
    /// The threads of each client.
    pub(super) clients: Vec<Vec<usize>>,
    words: NameWords,
    different: Vec<(Folded, Folded)>,
}

/// An account through the months.
#[derive(Debug)]
pub(super) struct Thread {
    /// The department, folded.
    pub(super) department: String,
    /// Its place in [`Lineage::clients`].
    pub(super) client: usize,
    /// Its place among the accounts of each snapshot.
    pub(super) places: Vec<Option<usize>>,
}

impl Lineage {
    /// Connects snapshots that are sorted by month.
    pub fn new(snapshots: &[&Snapshot], settings: &Settings) -> Self {
        let confirmed = Confirmed::new(settings);
        let named =
            |snapshot: &&Snapshot| snapshot.accounts.iter().map(|account| confirmed.name(&account.name)).collect();
        let names = snapshots.iter().map(named).collect();
        let mut search = Search { snapshots, settings, names, confirmed, threads: Vec::new() };
        let thread_of: Vec<_> = (0..snapshots.len()).map(|month| search.month(month)).collect();
        let roots = search.clients(&thread_of);
        let different = search.confirmed.different;
        let mut numbers: BTreeMap<usize, usize> = BTreeMap::new();
        let mut clients: Vec<Vec<usize>> = Vec::new();
        let mut threads = search.threads;
        for (thread, root) in roots.into_iter().enumerate() {
            let number = *numbers.entry(root).or_insert(clients.len());
            if number == clients.len() {
                clients.push(Vec::new());
            }
            clients[number].push(thread);
            threads[thread].client = number;
        }
        Self { thread_of, threads, clients, words: settings.words.clone(), different }
    }

    /// Whether a person said that two names are two clients.
    pub(super) fn is_denied(&self, a: &str, b: &str) -> bool {
        denied(&self.different, &self.words.client(a), &self.words.client(b))
    }

    /// The account of a thread in a snapshot, if it was a client then.
    pub(super) fn client_in<'s>(&self, thread: usize, month: usize, snapshots: &[&'s Snapshot]) -> Option<&'s Listed> {
        let place = (*self.threads[thread].places.get(month)?)?;
        Some(&snapshots[month].accounts[place]).filter(|account| account.is_client())
    }
}

struct Search<'s, 'a> {
    snapshots: &'s [&'a Snapshot],
    settings: &'s Settings,
    /// The names of the accounts, by snapshot.
    names: Vec<Vec<Name>>,
    confirmed: Confirmed<'s>,
    threads: Vec<Thread>,
}

/// An account: its snapshot and its place there.
type Spot = (usize, usize);

/// How sure a match is, the surest first.
const BY_ID: u8 = 0;
const AS_WRITTEN: u8 = 1;
const BY_NAME: u8 = 2;
const ID_CHANGED: u8 = 3;

impl Search<'_, '_> {
    /// Matches a month's accounts to the threads; those without one begin their own.
    fn month(&mut self, month: usize) -> Vec<usize> {
        let accounts = &self.snapshots[month].accounts;
        let mut departments: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (place, account) in accounts.iter().enumerate() {
            departments.entry(fold(&account.department)).or_default().push(place);
        }
        let mut of: Vec<Option<usize>> = vec![None; accounts.len()];
        for (department, places) in departments {
            let known: Vec<usize> =
                (0..self.threads.len()).filter(|&thread| self.threads[thread].department == department).collect();
            // who is a client comes first: a former one of the same name must not take its thread
            let (active, other): (Vec<_>, Vec<_>) = places.iter().partition(|&&place| accounts[place].is_client());
            let mut free: BTreeSet<usize> = known.into_iter().collect();
            for places in [active, other] {
                self.match_up(month, &places, &mut free, &mut of);
            }
            for place in places {
                if of[place].is_none() {
                    of[place] = Some(self.threads.len());
                    self.threads.push(Thread {
                        department: department.clone(),
                        client: 0,
                        places: vec![None; self.snapshots.len()],
                    });
                }
            }
        }
        let of: Vec<usize> = of.into_iter().flatten().collect();
        for (place, &thread) in of.iter().enumerate() {
            self.threads[thread].places[month] = Some(place);
        }
        of
    }

    fn match_up(&mut self, month: usize, places: &[usize], free: &mut BTreeSet<usize>, of: &mut [Option<usize>]) {
        for sureness in [BY_ID, AS_WRITTEN, BY_NAME, ID_CHANGED] {
            let mut threads_by_key: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            for &thread in free.iter() {
                for key in self.keys(self.last(thread, month), sureness) {
                    threads_by_key.entry(key).or_default().push(thread);
                }
            }
            let mut wanted: Vec<(usize, Vec<usize>)> = Vec::new();
            for &place in places.iter().filter(|&&place| of[place].is_none()) {
                let spot = (month, place);
                let mut found: Vec<usize> = self
                    .keys(spot, sureness)
                    .iter()
                    .filter_map(|key| threads_by_key.get(key))
                    .flatten()
                    .copied()
                    .filter(|&thread| self.fits(self.last(thread, month), spot, sureness))
                    .collect();
                found.sort_unstable();
                found.dedup();
                // of an account that went and came back under one id, the latest
                if sureness <= AS_WRITTEN {
                    found.sort_by_key(|&thread| std::cmp::Reverse(self.last_month(thread, month)));
                    found.truncate(1);
                }
                wanted.push((place, found));
            }
            let mut claims: BTreeMap<usize, usize> = BTreeMap::new();
            for &thread in wanted.iter().flat_map(|(_, found)| found) {
                *claims.entry(thread).or_default() += 1;
            }
            for (place, found) in wanted {
                // a name that fits two ways is left open
                if let [thread] = found[..]
                    && (sureness <= AS_WRITTEN || claims[&thread] == 1)
                    && free.remove(&thread)
                {
                    of[place] = Some(thread);
                }
            }
        }
    }

    fn last_month(&self, thread: usize, before: usize) -> usize {
        (0..before).rev().find(|&month| self.threads[thread].places[month].is_some()).unwrap_or(0)
    }

    fn last(&self, thread: usize, before: usize) -> Spot {
        let month = self.last_month(thread, before);
        (month, self.threads[thread].places[month].unwrap_or(0))
    }

    fn account(&self, (month, place): Spot) -> &Listed {
        &self.snapshots[month].accounts[place]
    }

    fn name(&self, (month, place): Spot) -> &Name {
        &self.names[month][place]
    }

    fn keys(&self, spot: Spot, sureness: u8) -> Vec<&str> {
        let account = self.account(spot);
        match sureness {
            BY_ID => account.id.as_deref().into_iter().collect(),
            AS_WRITTEN => vec![account.name.trim()],
            _ => self.name(spot).keys.iter().map(String::as_str).collect(),
        }
    }

    fn fits(&self, a: Spot, b: Spot, sureness: u8) -> bool {
        let differ = self.ids_differ(a, b);
        if sureness == ID_CHANGED { differ && self.equal(a, b) } else { !differ && self.one(a, b) }
    }

    fn ids_differ(&self, a: Spot, b: Spot) -> bool {
        matches!((&self.account(a).id, &self.account(b).id), (Some(a), Some(b)) if a != b)
    }

    fn equal(&self, a: Spot, b: Spot) -> bool {
        self.confirmed.equal(self.name(a), self.name(b))
    }

    /// Whether name or id make them one.
    fn one(&self, a: Spot, b: Spot) -> bool {
        let (x, y) = (self.account(a), self.account(b));
        self.equal(a, b) || (x.id.is_some() && x.id == y.id && self.confirmed.alike(self.name(a), self.name(b)))
    }

    /// For each thread the smallest one of its client.
    fn clients(&self, thread_of: &[Vec<usize>]) -> Vec<usize> {
        let mut sets = Sets((0..self.threads.len()).collect());
        for (snapshot, threads) in self.snapshots.iter().zip(thread_of) {
            let mut first: BTreeMap<usize, usize> = BTreeMap::new();
            for (account, &thread) in snapshot.accounts.iter().zip(threads) {
                if let Some(client) = account.client {
                    sets.join(*first.entry(client).or_insert(thread), thread);
                }
            }
        }
        // across departments and months
        let count = self.snapshots.len();
        let latest: Vec<Spot> = (0..self.threads.len()).map(|thread| self.last(thread, count)).collect();
        let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (thread, &spot) in latest.iter().enumerate() {
            for key in self.client_keys(spot) {
                by_key.entry(key).or_default().push(thread);
            }
        }
        for thread in 0..self.threads.len() {
            let spot = latest[thread];
            let keys = self.client_keys(spot);
            let found: BTreeSet<usize> = keys.iter().flat_map(|key| by_key[key].iter().copied()).collect();
            let mut one: Vec<usize> =
                found.into_iter().filter(|&other| self.one_elsewhere(thread, other, &latest)).collect();
            one.push(thread);
            // a name that two clients bear decides nothing
            let apart = |&a: &usize, &b: &usize, sets: &mut Sets| {
                sets.root(a) != sets.root(b) && !self.one_elsewhere(a, b, &latest)
            };
            let undecided = one.iter().enumerate().any(|(n, a)| one[..n].iter().any(|b| apart(a, b, &mut sets)));
            if !undecided {
                one.iter().for_each(|&other| sets.join(other, thread));
            }
        }
        (0..self.threads.len()).map(|thread| sets.root(thread)).collect()
    }

    /// Whether threads of two departments are one client by name or id.
    fn one_elsewhere(&self, a: usize, b: usize, latest: &[Spot]) -> bool {
        self.threads[a].department != self.threads[b].department
            && !self.met(a, b)
            && self.one_client(latest[a], latest[b])
    }

    /// Whether a month's portfolio has seen both: it has judged then.
    fn met(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.threads[a].places, &self.threads[b].places);
        let client = |month: usize, place: Option<usize>| self.snapshots[month].accounts[place?].client;
        (0..self.snapshots.len()).any(|month| client(month, a[month]).is_some() && client(month, b[month]).is_some())
    }

    fn client_keys(&self, spot: Spot) -> Vec<String> {
        let mut keys = self.name(spot).keys.clone();
        if self.settings.ids == Ids::Organisation {
            keys.extend(self.account(spot).id.iter().map(|id| format!("id {id}")));
        }
        keys
    }

    fn one_client(&self, a: Spot, b: Spot) -> bool {
        // ids of two departments say nothing of each other then
        if self.settings.ids == Ids::Department { self.equal(a, b) } else { !self.ids_differ(a, b) && self.one(a, b) }
    }
}

/// Sets of threads.
struct Sets(Vec<usize>);

impl Sets {
    fn root(&mut self, mut item: usize) -> usize {
        while self.0[item] != item {
            self.0[item] = self.0[self.0[item]];
            item = self.0[item];
        }
        item
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// What a person confirmed or denied about names.
struct Confirmed<'s> {
    settings: &'s Settings,
    /// Each pair with the number of the first one that speaks of the same client.
    same: Vec<(usize, Folded, Folded)>,
    different: Vec<(Folded, Folded)>,
}

/// A name with the keys under which an equal one is found.
struct Name {
    folded: Folded,
    keys: Vec<String>,
}

impl<'s> Confirmed<'s> {
    fn new(settings: &'s Settings) -> Self {
        let fold = |pairs: &[(String, String)]| -> Vec<(Folded, Folded)> {
            pairs.iter().map(|(a, b)| (settings.words.client(a), settings.words.client(b))).collect()
        };
        let pairs = fold(&settings.same);
        let mut sets = Sets((0..pairs.len()).collect());
        for (number, (a, b)) in pairs.iter().enumerate() {
            for (earlier, (x, y)) in pairs[..number].iter().enumerate() {
                if [(a, x), (a, y), (b, x), (b, y)].into_iter().any(|(one, other)| one == other) {
                    sets.join(earlier, number);
                }
            }
        }
        let same = pairs.into_iter().enumerate().map(|(number, (a, b))| (sets.root(number), a, b)).collect();
        Self { settings, same, different: fold(&settings.different) }
    }

    fn name(&self, name: &str) -> Name {
        let folded = self.settings.words.client(name);
        let mut keys: Vec<String> = folded.spellings().map(str::to_owned).collect();
        for (number, a, b) in &self.same {
            if is(&folded, a) || is(&folded, b) {
                keys.push(format!("\u{0}same {number}"));
            }
        }
        Name { folded, keys }
    }

    fn equal(&self, a: &Name, b: &Name) -> bool {
        if self.denied(&a.folded, &b.folded) {
            return false;
        }
        let confirmed = a.keys.iter().any(|key| key.starts_with('\u{0}') && b.keys.contains(key));
        let forms_differ = matches!((&a.folded.form, &b.folded.form), (Some(a), Some(b)) if a != b);
        confirmed || (!forms_differ && same_spelling(&a.folded, &b.folded))
    }

    /// Enough for one id: the legal form may differ.
    fn alike(&self, a: &Name, b: &Name) -> bool {
        let (a, b) = (&a.folded, &b.folded);
        !self.denied(a, b) && (same_spelling(a, b) || similar(a, b) || contained(a, b))
    }

    fn denied(&self, a: &Folded, b: &Folded) -> bool {
        denied(&self.different, a, b)
    }
}

fn denied(different: &[(Folded, Folded)], a: &Folded, b: &Folded) -> bool {
    a != b && different.iter().any(|(x, y)| (is(a, x) && is(b, y)) || (is(a, y) && is(b, x)))
}

fn same_spelling(a: &Folded, b: &Folded) -> bool {
    a.spellings().any(|one| b.spellings().any(|other| one == other))
}

/// Whether a name is the one that a person wrote into the configuration; without a legal form it stands for all.
fn is(name: &Folded, written: &Folded) -> bool {
    same_spelling(name, written) && (written.form.is_none() || written.form == name.form)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, snapshot};
    use super::*;
    use crate::field::Stage;
    use crate::portfolio::test_settings;

    /// Whether the accounts named (month, place) are one thread; and one client.
    fn threads(months: &[Snapshot]) -> Vec<Vec<usize>> {
        let months: Vec<&Snapshot> = months.iter().collect();
        Lineage::new(&months, &test_settings()).thread_of
    }

    fn clients(months: &[Snapshot]) -> Vec<Vec<usize>> {
        let months: Vec<&Snapshot> = months.iter().collect();
        let lineage = Lineage::new(&months, &test_settings());
        let of = |threads: &Vec<usize>| threads.iter().map(|&thread| lineage.threads[thread].client).collect();
        lineage.thread_of.iter().map(of).collect()
    }

    #[test]
    fn names_are_compared_folded_and_ids_bridge_a_new_name() {
        let october = [listed("Sales", "Müller GmbH", 1.0), listed("Sales", "Acme", 2.0).id("7")];
        let november = [listed("Sales", "ACME Deutschland", 2.0).id("7"), listed("sales", "Mueller", 1.0)];
        let of = threads(&[snapshot("2026-10", &october), snapshot("2026-11", &november)]);
        assert_eq!(of, [vec![0, 1], vec![1, 0]]);
    }

    #[test]
    fn an_id_of_other_names_joins_nothing() {
        let october = [listed("Sales", "Acme", 1.0).id("7")];
        let november = [listed("Sales", "Zedburg Foods", 1.0).id("7")];
        assert_eq!(threads(&[snapshot("2026-10", &october), snapshot("2026-11", &november)]), [vec![0], vec![1]]);
    }

    #[test]
    fn a_name_whose_id_changed_is_the_same_unless_two_bear_it() {
        let october = [listed("Sales", "Acme", 1.0).id("7")];
        let one = [listed("Sales", "Acme", 1.0).id("1007")];
        assert_eq!(threads(&[snapshot("2026-10", &october), snapshot("2026-11", &one)]), [vec![0], vec![0]]);
        let two = [listed("Sales", "Acme", 1.0).id("1007"), listed("Sales", "Acme", 1.0).id("1008")];
        assert_eq!(threads(&[snapshot("2026-10", &october), snapshot("2026-11", &two)]), [vec![0], vec![1, 2]]);
    }

    #[test]
    fn other_legal_forms_are_others() {
        let october = [listed("Sales", "Nova B.V.", 1.0), listed("Sales", "Nova Ltd", 1.0)];
        let november = [listed("Sales", "Nova Limited", 1.0), listed("Sales", "Nova BV", 1.0)];
        let of = threads(&[snapshot("2026-10", &october), snapshot("2026-11", &november)]);
        assert_eq!(of, [vec![0, 1], vec![1, 0]]);
    }

    #[test]
    fn a_former_one_does_not_take_the_thread_of_the_client() {
        let october = [listed("Sales", "Acme", 1.0)];
        let november = [listed("Sales", "Acme", 1.0).stage(Stage::Former), listed("Sales", "Acme", 1.0)];
        assert_eq!(threads(&[snapshot("2026-10", &october), snapshot("2026-11", &november)]), [vec![0], vec![1, 0]]);
    }

    #[test]
    fn departments_keep_their_threads_and_share_their_clients() {
        let october = [listed("Sales", "Acme", 1.0)];
        let november = [listed("Services", "Acme", 1.0)];
        let months = [snapshot("2026-10", &october), snapshot("2026-11", &november)];
        assert_eq!(threads(&months), [vec![0], vec![1]]);
        assert_eq!(clients(&months), [vec![0], vec![0]]);
        // but not two that a month's portfolio kept apart
        let both = [listed("Sales", "Acme", 1.0).id("1"), listed("Services", "Acme", 1.0).id("2")];
        assert_eq!(clients(&[snapshot("2026-11", &both)]), [vec![0, 1]]);
    }

    #[test]
    fn a_client_that_went_round_all_departments_is_one() {
        let months = ["Sales", "Field", "Ops"].map(|department| listed(department, "Acme", 1.0));
        let [a, b, c] = months.map(|account| snapshot("2026-09", &[account]));
        let months = [
            a,
            Snapshot { month: "2026-10".parse().unwrap(), ..b },
            Snapshot { month: "2026-11".parse().unwrap(), ..c },
        ];
        assert_eq!(clients(&months), [vec![0], vec![0], vec![0]]);
    }

    #[test]
    fn what_a_person_confirmed_or_denied_holds_across_months() {
        let months = [
            snapshot("2026-10", &[listed("Sales", "Acme", 1.0), listed("Sales", "Nova", 1.0)]),
            snapshot("2026-11", &[listed("Sales", "Zed", 1.0), listed("Sales", "Nova Ltd", 1.0)]),
        ];
        let months: Vec<&Snapshot> = months.iter().collect();
        let mut settings = test_settings();
        settings.same = vec![("Acme".into(), "Zed".into())];
        settings.different = vec![("Nova".into(), "Nova Ltd".into())];
        assert_eq!(Lineage::new(&months, &settings).thread_of, [vec![0, 1], vec![0, 2]]);
        // several names of one client
        settings.same = vec![("Was".into(), "Acme".into()), ("Was".into(), "Zed".into())];
        assert_eq!(Lineage::new(&months, &settings).thread_of, [vec![0, 1], vec![0, 2]]);
    }
}
