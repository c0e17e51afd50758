//! Actions: what the results that were handed in say, else the stored month, shared out to the workbooks.

use super::Handled;
use crate::actions::{self, Action, Sheet};
use crate::finding::{Code, Finding};
use crate::history::{Snapshot, Typed};
use crate::period::Month;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};

/// The actions of every department, with those of the last month stored, those of absent ones included: they wait for it.
pub(super) fn carried(handled: &[Handled], last: Option<&Snapshot>, month: Month) -> Vec<Typed> {
    let mut results: BTreeMap<String, (&str, Vec<&Sheet>)> = BTreeMap::new();
    for file in handled {
        let sheet = file.read.as_ref().and_then(|read| read.actions.as_ref());
        let of_department = results.entry(fold(&file.job.department)).or_insert((&file.job.department, Vec::new()));
        of_department.1.extend(sheet);
    }
    let mut stored: BTreeMap<String, Vec<&Action>> = BTreeMap::new();
    for typed in last.iter().flat_map(|snapshot| &snapshot.actions) {
        let department = fold(&typed.department);
        results.entry(department.clone()).or_insert((&typed.department, Vec::new()));
        stored.entry(department).or_default().push(&typed.action);
    }
    let mut all = Vec::new();
    for (folded, (department, sheets)) in results {
        let stored = stored.get(&folded).zip(last).map(|(actions, last)| (last.month, actions.as_slice()));
        let of = |action| Typed { department: department.to_owned(), action };
        all.extend(actions::carried(sheets, stored, month).into_iter().map(of));
    }
    all
}

/// What results of one month say differently about the same client of a department: the last of them counts.
pub(super) fn contradictions(handled: &[Handled], month: Month) -> Vec<Finding> {
    type Said<'a> = (Month, Vec<(&'a str, &'a Action)>);
    let mut said: BTreeMap<(String, String), Said<'_>> = BTreeMap::new();
    for file in handled {
        let Some(sheet) = file.read.as_ref().and_then(|read| read.actions.as_ref()) else { continue };
        let of = sheet.month.unwrap_or(month);
        for action in sheet.lines.iter().filter(|action| action.is_typed()) {
            let known = said.entry((fold(&file.job.department), action.key())).or_insert((of, Vec::new()));
            if known.0 < of {
                *known = (of, Vec::new());
            }
            if known.0 == of {
                known.1.push((&file.job.source, action));
            }
        }
    }
    let differ = |(_, lines): &Said<'_>| lines.iter().any(|(_, action)| *action != lines[0].1);
    let finding = |(_, lines): Said<'_>| {
        let (last, action) = lines.last()?;
        let shown: Vec<_> = lines.iter().map(|(source, action)| format!("{} ({source})", action.shown())).collect();
        let message = format!(
            "results disagree about the actions for \"{}\": {}; {last} is the last one read and counts. \
             Bring the lines together in one of them, and take the other out of the inbox",
            action.client,
            shown.join("; ")
        );
        Some(Finding::new(Code::Conflict, message))
    };
    said.into_values().filter(differ).filter_map(finding).collect()
}

/// The actions of each file: a client's stand in the workbook that lists it; those of clients whom no workbook lists in
/// the one that said so, else in the department's first.
pub(super) fn shared_out(all: &[Typed], handled: &[Handled]) -> Vec<Vec<Action>> {
    let mut of_files = vec![Vec::new(); handled.len()];
    let written: Vec<Option<BTreeSet<String>>> = handled.iter().map(clients).collect();
    for typed in all {
        let (department, key) = (fold(&typed.department), typed.action.key());
        let own =
            || (0..handled.len()).filter(|&n| written[n].is_some() && fold(&handled[n].job.department) == department);
        let lists = |n: &usize| written[*n].as_ref().is_some_and(|clients| clients.contains(&key));
        let says = |n: &usize| {
            let sheet = handled[*n].read.as_ref().and_then(|read| read.actions.as_ref());
            sheet.is_some_and(|sheet| sheet.lines.contains(&typed.action))
        };
        if let Some(file) = own().find(lists).or_else(|| own().find(says)).or_else(|| own().next()) {
            of_files[file].push(typed.action.clone());
        }
    }
    of_files
}

/// The folded clients of a file that gets a result.
fn clients(file: &Handled) -> Option<BTreeSet<String>> {
    let parsed = &file.read.as_ref()?.parsed;
    let accounts = parsed.tables.iter().flat_map(|table| table.accounts());
    (!parsed.tables.is_empty()).then(|| accounts.map(|account| fold(account.client(&parsed.book))).collect())
}
