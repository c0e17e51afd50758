//! The same list handed in twice: found before anything is added up.

use super::clusters::Unions;
use super::entry::Settings;
use super::name::equal_names;
use super::spelled::distinct;
use crate::finding::{Code, Finding};
use crate::period::Month;
use crate::proposal::Proposal;
use crate::text::fold;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// A client table as far as it matters here.
#[derive(Clone, Debug)]
pub struct List<'a> {
    /// Path of the file below the inbox.
    pub file_name: &'a str,
    /// Name of the sheet.
    pub sheet: &'a str,
    /// Department and name of each of its clients.
    pub clients: Vec<(&'a str, &'a str)>,
}

/// A line of the configuration that picks one list of several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Path of the file below the inbox.
    pub file_name: String,
    /// The sheet, if not all of the file.
    pub sheet: Option<String>,
}

/// The names of the months in every language, folded: January first.
pub type MonthWords = [Vec<String>; 12];

/// What becomes of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no other like it.
    Alone,
    /// The one of several that counts.
    Taken,
    /// Another (by index) counts.
    Skipped(usize),
    /// One of several, and nothing tells which counts: a person has to pick.
    NeedsReview,
}

/// The verdict on every list, and a finding for each that is not alone.
#[derive(Clone, Debug, Default)]
pub struct SameLists {
    /// In the order of the lists.
    pub verdicts: Vec<Verdict>,
    /// Index of the list, and what is to be said about it.
    pub findings: Vec<(usize, Finding)>,
}

/// Finds lists of one department that share half or more of the smaller one's clients.
///
/// The one whose sheet, else file, carries the reporting month is taken, unless the configuration picks one.
pub fn same_lists(lists: &[List], month: Month, months: &MonthWords, picks: &[Pick], settings: &Settings) -> SameLists {
    let mut same = SameLists { verdicts: vec![Verdict::Alone; lists.len()], findings: Vec::new() };
    for members in groups(lists, settings) {
        let picked: Vec<usize> = members.iter().copied().filter(|&list| is_picked(&lists[list], picks)).collect();
        let dated: Vec<usize> =
            members.iter().copied().filter(|&list| carries(&lists[list], month, months) == Some(true)).collect();
        let (taken, why) = match (picked.as_slice(), dated.as_slice()) {
            ([one], _) => (Some(*one), "the configuration picks it".to_owned()),
            ([], [one]) => (Some(*one), format!("its name carries {month}")),
            _ => (None, String::new()),
        };
        for &list in &members {
            let others: Vec<String> =
                members.iter().filter(|&&other| other != list).map(|&other| place(&lists[other])).collect();
            let (verdict, finding) = match taken {
                Some(one) if one == list => (
                    Verdict::Taken,
                    Finding::new(
                        Code::SameListTwice,
                        format!(
                            "the same list was handed in more than once: this one counts ({why}), skipped: {}",
                            others.join("; ")
                        ),
                    ),
                ),
                Some(one) => (
                    Verdict::Skipped(one),
                    Finding::new(
                        Code::SameListTwice,
                        format!(
                            "the same list as {}, which counts instead ({why}): skipped; its clients are not counted twice",
                            place(&lists[one])
                        ),
                    ),
                ),
                None => (
                    Verdict::NeedsReview,
                    Finding::new(
                        Code::SameListUnclear,
                        format!(
                            "the same list as {}, and no name tells which one is of {month}: none is counted. Remove the others, or pick this one: {}",
                            others.join("; "),
                            Proposal::pick(lists[list].file_name, lists[list].sheet)
                        ),
                    ),
                ),
            };
            // one line for all of them: with two picks nothing would be settled
            let finding = match (verdict, members.first()) {
                (Verdict::NeedsReview, Some(&first)) if first == list => finding
                    .settled_by(Proposal::pick(lists[list].file_name, lists[list].sheet).or(others.join("; or "))),
                _ => finding,
            };
            same.verdicts[list] = verdict;
            same.findings.push((list, finding.on(lists[list].sheet)));
        }
    }
    same.findings.sort_by_key(|&(list, _)| list);
    same
}

fn place(list: &List) -> String {
    format!("{}, {}", list.file_name, list.sheet)
}

fn is_picked(list: &List, picks: &[Pick]) -> bool {
    let fits = |pick: &Pick| {
        pick.file_name == list.file_name && pick.sheet.as_deref().is_none_or(|sheet| fold(sheet) == fold(list.sheet))
    };
    picks.iter().any(fits)
}

/// Lists that are one, two or more each.
fn groups(lists: &[List], settings: &Settings) -> Vec<Vec<usize>> {
    let (of_client, texts) = distinct(lists.iter().flat_map(|list| &list.clients).map(|&(_, name)| name));
    let folded: Vec<_> = texts.par_iter().map(|name| settings.words.client(name)).collect();
    let names = equal_names(&folded);
    let (of_department, departments) = distinct(lists.iter().flat_map(|list| &list.clients).map(|&(own, _)| own));
    let departments: Vec<String> = departments.into_iter().map(fold).collect();
    let (of_folded, _) = distinct(departments.iter().map(String::as_str));
    let in_list = (0..).zip(lists).flat_map(|(index, list)| list.clients.iter().map(move |_| index));
    let mut holders: Vec<(usize, usize, usize)> = of_department
        .into_iter()
        .zip(of_client)
        .zip(in_list)
        .map(|((department, client), list)| (of_folded[department], names[client], list))
        .collect();
    holders.sort_unstable();
    holders.dedup();
    let mut sizes = vec![0usize; lists.len()];
    let mut shared: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for holders in holders.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        for (place, &(.., a)) in holders.iter().enumerate() {
            sizes[a] += 1;
            for &(.., b) in &holders[place + 1..] {
                *shared.entry((a, b)).or_default() += 1;
            }
        }
    }
    let mut unions = Unions::new(lists.len());
    for ((a, b), count) in shared {
        if 2 * count >= sizes[a].min(sizes[b]) {
            unions.join(a, b);
        }
    }
    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for list in 0..lists.len() {
        groups.entry(unions.root(list)).or_default().push(list);
    }
    groups.into_values().filter(|members| members.len() > 1).collect()
}

/// Whether the name of the sheet, else of the file, carries the month; `None` where neither names any month.
fn carries(list: &List, month: Month, months: &MonthWords) -> Option<bool> {
    let stem = list.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let year_of_file = year_in(stem);
    [list.sheet, stem].into_iter().find_map(|text| {
        let (found, year) = month_in(text, months)?;
        let year = year.or(year_of_file);
        Some(found == month.month && year.is_none_or(|year| year == month.year))
    })
}

fn year_in(text: &str) -> Option<i16> {
    let text = fold(text);
    let mut years = text.split(' ').filter_map(as_year);
    years.next().filter(|_| years.next().is_none())
}

fn as_year(word: &str) -> Option<i16> {
    let year: i16 = word.parse().ok().filter(|_| word.len() == 4)?;
    (1990..=2200).contains(&year).then_some(year)
}

/// Months of one language that are ordinary words of another: alone or beside a year they are months, in a phrase not.
const ORDINARY: &[&str] = &["mar", "march", "mars", "mai", "may", "set", "out", "ago"];

/// The month that a text names, with its year where it has one: "2026-11", "Nov 26", "30.11.2026", "202611".
fn month_in(text: &str, months: &MonthWords) -> Option<(i8, Option<i16>)> {
    let text = fold(text);
    // Letters and digits that touch are words of their own: "nov26".
    let mut words: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let mut last: Option<bool> = None;
        for c in word.chars() {
            match (last == Some(c.is_ascii_digit()), words.last_mut()) {
                (true, Some(current)) => current.push(c),
                _ => words.push(c.to_string()),
            }
            last = Some(c.is_ascii_digit());
        }
    }
    let others = |place: usize| {
        let mut others = words.iter().enumerate().filter(|&(other, _)| other != place);
        others.any(|(_, word)| word.chars().any(char::is_alphabetic))
    };
    let number = |place: Option<usize>| words.get(place?)?.parse::<i16>().ok();
    let short = |n: i16| (20..=99).contains(&n).then_some(2000 + n);
    for (place, word) in words.iter().enumerate() {
        if let Some(month) = months.iter().position(|names| names.contains(word)) {
            let beside = [place.checked_add(1), place.checked_sub(1)];
            let full = beside.iter().find_map(|&place| as_year(words.get(place?)?));
            let after = number(Some(place + 1)).and_then(short).filter(|_| words[place + 1].len() == 2);
            let year = full.or(after);
            if year.is_none() && ORDINARY.contains(&word.as_str()) && others(place) {
                continue;
            }
            return Some((month as i8 + 1, year));
        }
    }
    let as_month = |n: i16| i8::try_from(n).ok().filter(|n| (1..=12).contains(n));
    for (place, word) in words.iter().enumerate() {
        if !word.bytes().all(|b| b.is_ascii_digit()) {
            continue;
        }
        if word.len() == 6
            && let (Some(year), Ok(month)) = (as_year(&word[..4]), word[4..].parse())
            && let Some(month) = as_month(month)
        {
            return Some((month, Some(year)));
        }
        if word.len() == 8
            && let (Some(year), Ok(month)) = (as_year(&word[..4]), word[4..6].parse())
            && let Some(month) = as_month(month)
        {
            return Some((month, Some(year)));
        }
        let Some(year) = as_year(word) else { continue };
        if let Some(month) = number(Some(place + 1)).and_then(as_month) {
            return Some((month, Some(year)));
        }
        let before = number(place.checked_sub(1)).and_then(as_month);
        let first = number(place.checked_sub(2)).and_then(as_month);
        match (first, before) {
            // "10-11-2026" is in October or in November: it names none.
            (Some(first), Some(before)) if first != before => return None,
            (_, Some(month)) => return Some((month, Some(year))),
            // "11/30/2026"
            (Some(month), None) if number(place.checked_sub(1)).is_some_and(|day| day <= 31) => {
                return Some((month, Some(year)));
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::tests::settings;
    use super::*;

    fn months() -> MonthWords {
        let mut months: MonthWords = Default::default();
        for (month, names) in [
            (0, "january jan janeiro januar"),
            (8, "september sep sept"),
            (9, "october oct oktober out"),
            (10, "november nov novembro"),
        ] {
            months[month] = names.split(' ').map(str::to_owned).collect();
        }
        months
    }

    fn november() -> Month {
        Month::new(2026, 11).unwrap()
    }

    fn verdicts(lists: &[(&str, &str, &[&str])], picks: &[Pick]) -> (Vec<Verdict>, Vec<Code>) {
        let lists: Vec<List> = lists
            .iter()
            .map(|&(file_name, sheet, names)| List {
                file_name,
                sheet,
                clients: names.iter().map(|&name| ("Sales", name)).collect(),
            })
            .collect();
        let same = same_lists(&lists, november(), &months(), picks, &settings());
        (same.verdicts, same.findings.into_iter().map(|(_, finding)| finding.code).collect())
    }

    #[test]
    fn months_in_names() {
        for (text, found) in [
            ("Clients 2026-11", Some((11, Some(2026)))),
            ("clients_2026_11_v2", Some((11, Some(2026)))),
            ("202611 clients", Some((11, Some(2026)))),
            ("20261130", Some((11, Some(2026)))),
            ("2026-11-15", Some((11, Some(2026)))),
            ("30.11.2026", Some((11, Some(2026)))),
            ("11/30/2026", Some((11, Some(2026)))),
            ("11.2026", Some((11, Some(2026)))),
            ("Nov 26", Some((11, Some(2026)))),
            ("nov26", Some((11, Some(2026)))),
            ("Novembro de 2026", Some((11, None))),
            ("Oct", Some((10, None))),
            ("10-11-2026", None),
            ("Clients (1)", None),
            ("Clients 2026", None),
            ("Novartis", None),
            ("Clients Out 2026", Some((10, Some(2026)))),
            ("Out", Some((10, None))),
            ("Sold out", None),
            ("客户 清单", None),
        ] {
            assert_eq!(month_in(text, &months()), found, "{text}");
        }
    }

    #[test]
    fn one_list_handed_in_twice_is_never_added_up() {
        let (a, b, other): (&[&str], &[&str], &[&str]) =
            (&["Acme", "Globex", "Initech"], &["ACME", "Globex Ltd"], &["Umbrella"]);
        let (verdicts_, codes) =
            verdicts(&[("S/c.xlsx", "Oct", a), ("S/c.xlsx", "Nov", b), ("S/d.xlsx", "X", other)], &[]);
        assert_eq!(verdicts_, [Verdict::Skipped(1), Verdict::Taken, Verdict::Alone]);
        assert_eq!(codes, [Code::SameListTwice; 2]);
        let twice = [("S/c.xlsx", "Clients", a), ("S/c (1).xlsx", "Clients", b)];
        assert_eq!(verdicts(&twice, &[]), (vec![Verdict::NeedsReview; 2], vec![Code::SameListUnclear; 2]));
        let pick = Pick { file_name: "S/c (1).xlsx".to_owned(), sheet: None };
        assert_eq!(verdicts(&twice, &[pick]).0, [Verdict::Skipped(1), Verdict::Taken]);
    }

    #[test]
    fn months_in_the_sheet_go_before_those_of_the_file() {
        let list: &[&str] = &["Acme"];
        for (a, b, expected) in [
            (("c 2026-11.xlsx", "Oct"), ("c 2026-11.xlsx", "Nov"), [Verdict::Skipped(1), Verdict::Taken]),
            (("c 2025.xlsx", "Nov"), ("c 2026.xlsx", "Nov"), [Verdict::Skipped(1), Verdict::Taken]),
            (("c Nov 2026.xlsx", "Clients"), ("c.xlsx", "Clients"), [Verdict::Taken, Verdict::Skipped(0)]),
            (("c Nov 2026.xlsx", "A"), ("d Nov 2026.xlsx", "A"), [Verdict::NeedsReview, Verdict::NeedsReview]),
            (("c.xlsx", "Nov"), ("d 2026-11.xlsx", "A"), [Verdict::NeedsReview, Verdict::NeedsReview]),
        ] {
            assert_eq!(verdicts(&[(a.0, a.1, list), (b.0, b.1, list)], &[]).0, expected, "{a:?} {b:?}");
        }
    }

    #[test]
    fn half_of_the_smaller_list_decides_within_a_department() {
        let of = |clients: &[(&'static str, &'static str)]| List {
            file_name: "a.xlsx",
            sheet: "S",
            clients: clients.to_vec(),
        };
        let found = |a: &[(&'static str, &'static str)], b: &[(&'static str, &'static str)]| {
            same_lists(&[of(a), of(b)], november(), &months(), &[], &settings()).verdicts[0]
        };
        let big = [("S", "A1"), ("S", "B1"), ("S", "C1"), ("S", "D1"), ("S", "E1")];
        assert_eq!(found(&big, &[("S", "A1"), ("S", "X1")]), Verdict::NeedsReview);
        assert_eq!(found(&big, &[("S", "A1"), ("S", "X1"), ("S", "Y1")]), Verdict::Alone);
        assert_eq!(found(&big, &[("T", "A1"), ("T", "B1")]), Verdict::Alone);
    }
}
