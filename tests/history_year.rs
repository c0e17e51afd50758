//! A year, month by month, with clients won, lost, returned, moved and renamed, departments missing in some months and
//! another scorecard in August; what the history says is compared with what the script knows.

use crate::history::Months;
use crate::support::number;
use keeptabs::config::{Config, DEFAULT};
use keeptabs::dictionary::Dictionary;
use keeptabs::history::{self, Lineage, Movement, Snapshot};
use keeptabs::portfolio::{Basis, Ids, NameWords, Settings};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

/// SplitMix64: the same seed, the same year.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit
    }
}

#[derive(Clone, PartialEq)]
struct Truth {
    /// The script's own number: stays when the client moves, is another when it is renamed.
    who: usize,
    contacts: u64,
    meetings: u64,
    level: u64,
    revenue: u64,
    current: u64,
}

impl Truth {
    /// Two contacts give a point, meetings from the limit on another, the level up to two.
    fn score(&self, meetings: u64) -> f64 {
        (u64::from(self.contacts > 1) + u64::from(self.meetings >= meetings) + self.level) as f64
    }
}

const DEPARTMENTS: [&str; 3] = ["Field", "Ops", "Sales"];
type Lists = BTreeMap<&'static str, Vec<Truth>>;

struct Script {
    random: Random,
    next: usize,
    lists: Lists,
    away: Vec<(&'static str, Truth)>,
    /// new → old
    renamed: BTreeMap<usize, usize>,
}

impl Script {
    fn client(&mut self) -> Truth {
        self.next += 1;
        let mut of = |limit| self.random.below(limit);
        // every revenue is another, so that no two clients are alike by chance
        let revenue = 10_000 * self.next as u64 + of(9_000);
        Truth { who: self.next, contacts: of(4), meetings: of(6), level: of(3), revenue, current: of(20_000) }
    }

    fn month(&mut self) {
        let (mut moving, mut back) = (Vec::new(), std::mem::take(&mut self.away));
        for (number, department) in DEPARTMENTS.into_iter().enumerate() {
            let mut list = self.lists.remove(department).unwrap_or_default();
            for client in &mut list {
                match self.random.below(10) {
                    0 => client.meetings = self.random.below(6),
                    1 => client.contacts = self.random.below(4),
                    2 => client.level = self.random.below(3),
                    _ => {}
                }
                client.current += self.random.below(2_000);
            }
            for _ in 0..self.random.below(4) {
                let place = self.random.below(list.len() as u64) as usize;
                let gone = list.remove(place);
                if self.random.below(3) == 0 {
                    moving.push((DEPARTMENTS[(number + 1) % 3], gone));
                } else {
                    self.away.push((department, gone));
                }
            }
            if self.random.below(2) == 0 {
                let place = self.random.below(list.len() as u64) as usize;
                self.next += 1;
                self.renamed.insert(self.next, list[place].who);
                list[place].who = self.next;
            }
            for _ in 0..self.random.below(3) {
                list.push(self.client());
            }
            self.lists.insert(department, list);
        }
        // who went last month or before may be back
        back.retain(|(department, client)| {
            let returns = self.random.below(4) == 0;
            if returns && let Some(list) = self.lists.get_mut(department) {
                list.push(client.clone());
            }
            !returns
        });
        self.away.extend(back);
        for (department, client) in moving {
            if let Some(list) = self.lists.get_mut(department) {
                list.push(client);
            }
        }
    }
}

fn name(who: usize) -> String {
    // a word by itself, so that no name is another's beginning
    let letters = ["ba", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu"];
    let digits = [who / 100 % 10, who / 10 % 10, who % 10].map(|digit| letters[digit]);
    format!("{} Trading {who}", digits.concat())
}

fn csv(list: &[Truth]) -> String {
    let mut text = String::new();
    for client in list {
        let level = ["junior", "middle", "senior"][client.level as usize];
        let Truth { contacts, meetings, revenue, current, .. } = client;
        writeln!(text, "{},Ana,{contacts},0,{meetings},{level},7,{revenue},{current},active,", name(client.who))
            .unwrap();
    }
    text
}

fn settings() -> Settings {
    let words = Dictionary::built_in();
    let of = |id: &str| words.name_words.get(id).into_iter().flatten().map(String::as_str);
    Settings {
        key_share: 0.8,
        basis: Basis::RevenueLastYear,
        ids: Ids::Organisation,
        currency: None,
        rates: BTreeMap::new(),
        same: Vec::new(),
        different: Vec::new(),
        words: NameWords::new(words.legal_forms.iter().map(String::as_str), of("and"), of("articles")),
        as_of: 0,
    }
}

#[test]
fn every_figure_of_a_year_equals_an_independent_computation() {
    let months = Months::new();
    let mut script =
        Script { random: Random(20), next: 0, lists: Lists::new(), away: Vec::new(), renamed: BTreeMap::new() };
    for department in DEPARTMENTS {
        let list = (0..18).map(|_| script.client()).collect();
        script.lists.insert(department, list);
    }
    let harder = months.folder.path().join("harder.toml");
    fs::write(&harder, DEFAULT.replace("{ at_least = 2 }", "{ at_least = 4 }")).unwrap();

    let mut told: Vec<Lists> = Vec::new();
    for number in 1..=12 {
        let month = format!("2025-{number:02}");
        let mut lists = script.lists.clone();
        if [4, 5].contains(&number) {
            lists.remove("Ops");
        }
        if number == 9 {
            lists.remove("Field");
        }
        let texts: Vec<_> = lists.iter().map(|(department, list)| (*department, csv(list))).collect();
        months.hand_in(&texts.iter().map(|(department, text)| (*department, text.as_str())).collect::<Vec<_>>());
        let config = ["--config", harder.to_str().unwrap()];
        let output = months.run(&month, if number >= 8 { &config } else { &[] });
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        told.push(lists);
        columns(&months, &month, &told);
        library(&months, &told, &script.renamed);
        script.month();
    }
}

fn meetings(month: usize) -> u64 {
    if month >= 7 { 4 } else { 2 }
}

/// The month before `month` in which a department was delivered.
fn before(told: &[Lists], department: &str, month: usize) -> Option<usize> {
    (0..month).rev().find(|&earlier| told[earlier].contains_key(department))
}

fn find<'t>(told: &'t [Lists], department: &str, month: usize, who: usize) -> Option<&'t Truth> {
    told[month].get(department)?.iter().find(|client| client.who == who)
}

/// Previous score, Previous month and Change of every row.
fn columns(months: &Months, month: &str, told: &[Lists]) {
    let now = told.len() - 1;
    for (department, list) in &told[now] {
        let rows = months.rows(month, department);
        assert_eq!(rows.len(), list.len());
        let Some(base) = before(told, department, now) else {
            assert!(rows.values().all(|row| !row.contains_key("Change")));
            continue;
        };
        for client in list {
            let row = &rows[&name(client.who)];
            let previous = find(told, department, base, client.who).map(|then| then.score(meetings(base)));
            let score = client.score(meetings(now));
            assert_eq!(number(&row["Score"]), Some(score));
            assert_eq!(number(&row["Previous score"]), previous, "{month} {department} {}", name(client.who));
            assert_eq!(number(&row["Change"]), previous.map(|previous| score - previous));
            assert_eq!(row["Previous month"].to_string(), format!("2025-{:02}", base + 1));
        }
    }
}

fn library(months: &Months, told: &[Lists], renamed: &BTreeMap<usize, usize>) {
    let stored = history::load(&months.store()).unwrap();
    let snapshots: Vec<&Snapshot> = stored.iter().collect();
    let lineage = Lineage::new(&snapshots, &settings());
    let config = Config::parse(&DEFAULT.replace("{ at_least = 2 }", "{ at_least = 4 }"), "harder").unwrap();
    let config = if told.len() >= 8 { config } else { Config::built_in() };
    let changes = history::compare(&snapshots, &lineage, &config);
    let found: BTreeSet<_> =
        changes.movers.iter().map(|row| (row.movement, row.department.clone(), row.client.clone())).collect();
    assert_eq!(found.len(), changes.movers.len());
    assert_eq!(found, movers(told, renamed), "{}", told.len());
    let now = told.len() - 1;
    for (account, change) in stored[now].accounts.iter().zip(&changes.accounts) {
        let (Some(split), Some(total)) = (change.split, change.change) else { continue };
        let base = before(told, &account.department, now).unwrap();
        let who =
            told[now][account.department.as_str()].iter().find(|client| name(client.who) == account.name).unwrap();
        let then = find(told, &account.department, base, who.who).unwrap();
        assert_eq!(split.client, who.score(meetings(now)) - then.score(meetings(now)));
        assert_eq!(split.scorecard, then.score(meetings(now)) - then.score(meetings(base)));
        assert_eq!(split.client + split.scorecard, total);
    }
    retention(told, &history::retention(&snapshots, &lineage).unwrap());
}

fn movers(told: &[Lists], renamed: &BTreeMap<usize, usize>) -> BTreeSet<(Movement, String, String)> {
    let now = told.len() - 1;
    let mut rows = BTreeSet::new();
    let mut add = |movement, department: &str, who: usize| rows.insert((movement, department.to_owned(), name(who)));
    // not listed now by a department that listed it last time and was delivered: it left
    let left = |department: &str, who: usize| {
        let listed = before(told, department, now).is_some_and(|base| find(told, department, base, who).is_some());
        listed && told[now].contains_key(department) && find(told, department, now, who).is_none()
    };
    let ever = |department: &str, who: usize| (0..now).any(|month| find(told, department, month, who).is_some());
    for department in DEPARTMENTS {
        let Some(base) = before(told, department, now) else { continue };
        let then = &told[base][department];
        let Some(list) = told[now].get(department) else {
            then.iter().for_each(|client| {
                add(Movement::NotDelivered, department, client.who);
            });
            continue;
        };
        let missing = then.iter().filter(|client| left(department, client.who)).count();
        let lost = if missing * 3 > then.len() { Movement::MaybeLost } else { Movement::Lost };
        let mut now_named = BTreeSet::new();
        for client in list {
            let elsewhere = || DEPARTMENTS.into_iter().filter(|other| *other != department);
            if let Some(old) = then.iter().find(|old| old.who == client.who) {
                let change = client.score(meetings(now)) - old.score(meetings(base));
                if change != 0.0 {
                    add(if change > 0.0 { Movement::Up } else { Movement::Down }, department, client.who);
                }
            } else if ever(department, client.who) {
                add(Movement::Returned, department, client.who);
            } else if elsewhere().any(|other| left(other, client.who)) {
                add(Movement::Moved, department, client.who);
            } else if elsewhere().any(|other| ever(other, client.who)) {
                // its department is not there to say whether it has it still
                let open = elsewhere().any(|other| {
                    !told[now].contains_key(other)
                        && before(told, other, now).is_some_and(|base| find(told, other, base, client.who).is_some())
                });
                add(if open { Movement::New } else { Movement::Returned }, department, client.who);
            } else {
                let old = renamed.get(&client.who).and_then(|&old| then.iter().find(|then| then.who == old));
                let alike = old.filter(|old| {
                    (old.contacts, old.meetings, old.level, old.revenue)
                        == (client.contacts, client.meetings, client.level, client.revenue)
                });
                match alike.filter(|old| left(department, old.who)) {
                    Some(old) => {
                        now_named.insert(old.who);
                        add(Movement::MaybeRenamed, department, client.who)
                    }
                    None => add(Movement::New, department, client.who),
                };
            }
        }
        for client in then.iter().filter(|client| left(department, client.who) && !now_named.contains(&client.who)) {
            let arrived = DEPARTMENTS.into_iter().any(|other| {
                other != department && find(told, other, now, client.who).is_some() && !ever(other, client.who)
            });
            if !arrived {
                add(lost, department, client.who);
            }
        }
    }
    rows
}

fn retention(told: &[Lists], found: &history::Retention) {
    let now = told.len() - 1;
    let all = |month: usize| told[month].values().flatten().map(|client| client.who).collect::<BTreeSet<_>>();
    let current = all(now);
    // the department that a client was last listed in before now, as far as departments have spoken since
    let unknown = |who: usize| {
        DEPARTMENTS.into_iter().any(|department| {
            !told[now].contains_key(department)
                && before(told, department, now).is_some_and(|base| find(told, department, base, who).is_some())
        })
    };
    let check = |logo: &history::Logo, base: usize| {
        let then = all(base);
        let kept = then.intersection(&current).count();
        let open = then.difference(&current).filter(|&&who| unknown(who)).count();
        assert_eq!((logo.clients, logo.kept, logo.unknown), (then.len(), kept, open));
        assert_eq!(logo.lost.len(), then.len() - kept - open);
        assert_eq!(logo.retention(), Some(kept as f64 / (then.len() - open) as f64));
    };
    if now == 0 {
        assert!(found.previous.is_err() && found.revenue.is_err());
        return;
    }
    check(found.previous.as_ref().unwrap(), now - 1);
    if now > 1 {
        check(found.year.as_ref().unwrap(), 0);
    }
    let mut last: BTreeMap<usize, &Truth> = BTreeMap::new();
    for list in told {
        for client in list.values().flatten() {
            last.insert(client.who, client);
        }
    }
    let share = (now + 1) as f64 / 12.0;
    let (mut p, mut c, mut covered, mut counted) = (0.0, 0.0, 0.0, 0);
    for (who, client) in last {
        if unknown(who) {
            continue;
        }
        let due = client.revenue as f64 * share;
        let is = if current.contains(&who) { client.current as f64 } else { 0.0 };
        (p, c, covered, counted) = (p + due, c + is, covered + due.min(is), counted + 1);
    }
    let kept = &found.revenue.as_ref().unwrap()[0];
    assert_eq!(kept.counted, counted);
    let close = |a: f64, b: f64| (a - b).abs() < 1e-6 * b.abs().max(1.0);
    assert!(close(kept.last_year, p) && close(kept.current, c) && close(kept.covered, covered));
    assert!(close(kept.gross().unwrap(), covered / p) && close(kept.net().unwrap(), c / p));
}
