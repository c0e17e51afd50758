//! The rules of identity, case by case.

use super::*;
use crate::portfolio::tests::{entry, settings};
use Code::{Conflict, PossibleDuplicate};

type Row = (&'static str, &'static str, &'static str);
type Pair = (&'static str, &'static str);
type Case = (&'static str, &'static [Row], &'static [usize], &'static [Code]);

/// Rows as (department, name, id) → the client of each and the codes of the findings.
fn identity(rows: &[(&str, &str, &str)], settings: &Settings) -> (Vec<usize>, Vec<Code>) {
    let entries: Vec<Entry> = rows
        .iter()
        .enumerate()
        .map(|(index, &(department, name, id))| Entry {
            client_id: (!id.is_empty()).then_some(id),
            ..entry(index, department, name)
        })
        .collect();
    let departments: Vec<usize> = rows.iter().map(|row| usize::from(row.0.as_bytes()[0])).collect();
    let found = identify(&entries, &departments, settings);
    assert!(found.findings.iter().all(|finding| finding.cells.len() > 1), "{:?}", found.findings);
    (found.client_of, found.findings.iter().map(|finding| finding.finding.code).collect())
}

#[test]
fn the_rules_of_identity() {
    #[rustfmt::skip]
    let cases: &[Case] = &[
        ("equal names join", &[("S", "Acme Ltd", ""), ("T", "ACME LTD.", ""), ("T", "Globex", "")], &[0, 0, 1], &[]),
        ("umlauts either way", &[("S", "Müller", ""), ("T", "Mueller", ""), ("U", "Muller", "")], &[0, 0, 0], &[]),
        ("equal ids, similar names", &[("S", "Globex", "K7"), ("T", "Globexx", "K7")], &[0, 0], &[]),
        ("equal ids, one name within the other", &[("S", "Acme", "K7"), ("T", "Acme Deutschland", "K7")], &[0, 0], &[]),
        ("equal ids, different names", &[("S", "Acme", "K7"), ("T", "Globex", "K7")], &[0, 1], &[Conflict]),
        ("equal ids, names that differ in a number", &[("S", "Fund Alpha 1", "K7"), ("T", "Fund Alpha 2", "K7")], &[0, 1], &[Conflict]),
        ("equal names, different ids", &[("S", "Acme", "K7"), ("T", "Acme", "K8")], &[0, 1], &[Conflict]),
        ("no id joins the only one", &[("S", "Acme", "K7"), ("T", "Acme", ""), ("U", "Acme", "K7")], &[0, 0, 0], &[]),
        ("no id beside two ids joins neither", &[("S", "Acme", "K7"), ("T", "Acme", ""), ("U", "Acme", "K8"), ("V", "Acme", "")], &[0, 1, 2, 1], &[Conflict]),
        ("running numbers are no ids", &[("S", "Acme", "1"), ("S", "Globex", "2"), ("T", "Globex", "1"), ("T", "Acme", "2")], &[0, 1, 1, 0], &[]),
        ("different legal forms", &[("S", "Acme Ltd", ""), ("T", "Acme GmbH", "")], &[0, 1], &[PossibleDuplicate]),
        ("one way or the other to write a form", &[("S", "Acme Ltd", ""), ("T", "Acme Limited", "")], &[0, 0], &[]),
        ("no form beside one form", &[("S", "Acme", ""), ("T", "Acme GmbH", "")], &[0, 0], &[]),
        ("no form beside two forms", &[("S", "Acme", ""), ("T", "Acme GmbH", ""), ("U", "Acme Ltd", "")], &[0, 1, 2], &[PossibleDuplicate]),
        ("equal ids settle the forms", &[("S", "Acme GmbH", "K7"), ("T", "Acme Ltd", "K7"), ("U", "Acme", "")], &[0, 0, 0], &[]),
        ("similar names are reported", &[("S", "Northwind", ""), ("T", "Nortwind", "")], &[0, 1], &[PossibleDuplicate]),
        ("numbers make two", &[("S", "Studio 54", ""), ("T", "Studio 55", "")], &[0, 1], &[]),
    ];
    for (rule, rows, clients, codes) in cases {
        let (found, findings) = identity(rows, &settings());
        assert_eq!((found.as_slice(), findings.as_slice()), (*clients, *codes), "{rule}");
    }
}

#[test]
fn ids_of_departments_do_not_speak_beyond_them() {
    let settings = Settings { ids: Ids::Department, ..settings() };
    for (rows, clients, codes) in [
        (&[("S", "Acme", "K7"), ("T", "Globex", "K7"), ("U", "Acme", "K9")][..], &[0, 1, 0][..], &[][..]),
        (&[("S", "Acme", "K7"), ("S", "Acme", "K8"), ("T", "Acme", "K7")], &[0, 1, 2], &[Conflict]),
        (&[("S", "Acme", "K7"), ("S", "Globex", "K7")], &[0, 1], &[Conflict]),
    ] {
        assert_eq!(identity(rows, &settings), (clients.to_vec(), codes.to_vec()), "{rows:?}");
    }
}

#[test]
fn a_person_confirms_or_denies() {
    let pair = |a: &str, b: &str| vec![(a.to_owned(), b.to_owned())];
    #[rustfmt::skip]
    let same: &[(&[Row], Pair, &[usize])] = &[
        (&[("S", "Facebook", ""), ("T", "Meta", "")], ("facebook", "META"), &[0, 0]),
        (&[("S", "Facebook", "K1"), ("T", "Meta", "K2")], ("Facebook", "Meta"), &[0, 0]),
        (&[("S", "Acme", "K1"), ("T", "Acme", "K2")], ("Acme", "Acme"), &[0, 0]),
        (&[("S", "Acme Ltd", ""), ("T", "Acme GmbH", ""), ("U", "Acme AG", "")], ("Acme Ltd", "Acme GmbH"), &[0, 0, 1]),
        (&[("S", "Facebook", ""), ("T", "Meta", "")], ("Facebook", "Nobody"), &[0, 1]),
    ];
    for (rows, (a, b), clients) in same {
        let settings = Settings { same: pair(a, b), ..settings() };
        assert_eq!(identity(rows, &settings).0, *clients, "{rows:?} are the same");
    }
    #[rustfmt::skip]
    let different: &[(&[Row], Pair)] = &[
        (&[("S", "Northwind", ""), ("T", "Nortwind", "")], ("Northwind", "Nortwind")),
        (&[("S", "Acme Ltd", ""), ("T", "Acme GmbH", "")], ("Acme GmbH", "Acme Ltd")),
        (&[("S", "Acme", ""), ("T", "Acme GmbH", "")], ("Acme", "Acme GmbH")),
        (&[("S", "Müller", ""), ("T", "Muller", "")], ("Müller", "Muller")),
        (&[("S", "Acme", "K7"), ("T", "Globex", "K7")], ("Acme", "Globex")),
    ];
    for (rows, (a, b)) in different {
        let settings = Settings { different: pair(a, b), ..settings() };
        assert_eq!(identity(rows, &settings), (vec![0, 1], vec![]), "{rows:?} are different");
    }
}

#[test]
fn one_id_for_everything_is_one_finding() {
    let names: Vec<String> =
        (0..60).map(|n| format!("{}corp", char::from(b'a' + n % 26).to_string().repeat(4 + usize::from(n)))).collect();
    let rows: Vec<(&str, &str, &str)> = names.iter().map(|name| ("S", name.as_str(), "new")).collect();
    let (clients, codes) = identity(&rows, &settings());
    assert_eq!(clients, (0..60).collect::<Vec<_>>());
    assert_eq!(codes.iter().filter(|code| **code == Conflict).count(), 1);
}
