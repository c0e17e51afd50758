//! Which of the ids handed in are keys.

use super::entry::{Entry, Ids};
use std::collections::{BTreeMap, BTreeSet};

/// For each entry its id in comparable form with the scope in which it holds; `None` for running numbers and empty ids.
pub(super) fn keys<'a>(entries: &[Entry<'a>], ids: Ids, department: &[usize]) -> Vec<Option<(usize, String)>> {
    let mut tables: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        tables.entry((entry.source.file, entry.source.table)).or_default().push(index);
    }
    let mut keys = vec![None; entries.len()];
    for rows in tables.values() {
        let column: Vec<Option<String>> = rows.iter().map(|&row| entries[row].client_id.and_then(comparable)).collect();
        if counts_rows(&column) {
            continue;
        }
        for (&row, id) in rows.iter().zip(column) {
            let scope = match ids {
                Ids::Organisation => 0,
                Ids::Department => department[row],
            };
            keys[row] = id.map(|id| (scope, id));
        }
    }
    keys
}

/// For each entry its id in comparable form; `None` for running numbers and empty ids.
pub fn keys_of(entries: &[Entry<'_>]) -> Vec<Option<String>> {
    let department = vec![0; entries.len()];
    keys(entries, Ids::Organisation, &department).into_iter().map(|key| key.map(|(_, id)| id)).collect()
}

/// Case, spaces and leading zeros (which Excel drops from numbers) make no other id.
fn comparable(id: &str) -> Option<String> {
    let id: String = id.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let digits = !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit());
    let kept = if digits { id.trim_start_matches('0') } else { id.as_str() };
    match (kept.is_empty(), id.is_empty()) {
        (_, true) => None,
        (true, false) => Some("0".to_owned()),
        (false, false) => Some(kept.to_owned()),
    }
}

/// Whether a column only counts 1, 2, 3 … in any order; a tenth of the numbers may be gone with rows that were deleted.
fn counts_rows(column: &[Option<String>]) -> bool {
    let mut seen = BTreeSet::new();
    let slack = column.len() / 10;
    for id in column.iter().flatten() {
        let Ok(number) = id.trim_end_matches('.').parse::<usize>() else {
            return false;
        };
        if number > column.len() + slack || !seen.insert(number) {
            return false;
        }
    }
    seen.first().is_some_and(|&lowest| lowest <= 1 + slack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_numbers() {
        for (ids, running) in [
            (&["1", "2", "3"][..], true),
            (&["3", "1", "2"], true),
            (&["0", "1", "2"], true),
            (&["001", "002", "003"], true),
            (&["1.", "2.", "3."], true),
            (&["1", "2", "3", "4", "5", "6", "7", "8", "9", "11"], true),
            (&["1"], true),
            (&["1", "2", "4711"], false),
            (&["1001", "1002", "1003"], false),
            (&["1", "1", "2"], false),
            (&["A1", "A2", "A3"], false),
            (&[""], false),
        ] {
            let column: Vec<Option<String>> = ids.iter().map(|id| comparable(id)).collect();
            assert_eq!(counts_rows(&column), running, "{ids:?}");
        }
    }

    #[test]
    fn comparable_ids() {
        for (id, expected) in [
            ("00123", Some("123")),
            ("38e18191", Some("38e18191")),
            (" ab-12 ", Some("ab-12")),
            ("AB-12", Some("ab-12")),
            ("000", Some("0")),
            ("", None),
        ] {
            assert_eq!(comparable(id).as_deref(), expected, "{id}");
        }
    }
}
