//! Who is meant by a name that a person types.

use super::lineage::Lineage;
use super::snapshot::{Listed, Snapshot};
use crate::error::Error;
use crate::portfolio::NameWords;
use crate::text::fold;
use std::collections::BTreeSet;

/// Names that are listed where a name is not clear.
const LISTED: usize = 12;
/// Names that are offered where none fits.
const OFFERED: usize = 5;
/// How near they must be, from 0 to 1.
const NEAR: f64 = 0.75;

/// A client of the lineage by name: written so in any month, or by its id; else the only one whose name holds the text.
///
/// # Errors
/// [`Error::Name`] with the names that fit, or the nearest ones.
pub(super) fn client(
    name: &str,
    snapshots: &[&Snapshot],
    lineage: &Lineage,
    words: &NameWords,
) -> Result<usize, Error> {
    let listed = |client: usize| -> Vec<&Listed> {
        let threads = lineage.clients[client].iter();
        threads.flat_map(|&thread| accounts(snapshots, lineage, thread)).collect()
    };
    let wanted = words.client(name);
    let id = name.trim().to_lowercase();
    let is_it = |account: &&Listed| {
        let own = words.client(&account.name);
        let equal = own.spellings().any(|one| wanted.spellings().any(|other| one == other));
        let form = wanted.form.is_none() || own.form.is_none() || wanted.form == own.form;
        (equal && form) || account.id.as_deref() == Some(id.as_str())
    };
    let all: Vec<Vec<&Listed>> = (0..lineage.clients.len()).map(listed).collect();
    let of = |fits: &dyn Fn(&&Listed) -> bool| -> Vec<usize> {
        (0..all.len()).filter(|&client| all[client].iter().any(fits)).collect()
    };
    let folded = fold(name);
    let mut found = of(&is_it);
    if found.is_empty() && !folded.is_empty() {
        found = of(&|account| fold(&account.name).contains(&folded));
    }
    let shown = |client: usize| {
        let last = all[client].last().copied();
        let departments: BTreeSet<&str> = all[client].iter().map(|own| own.department.as_str()).collect();
        let departments = departments.into_iter().collect::<Vec<_>>().join(", ");
        let id = last.and_then(|own| own.id.as_ref()).map(|id| format!(", id {id}")).unwrap_or_default();
        format!("{} ({departments}{id})", last.map_or("", |own| own.name.as_str()))
    };
    match found[..] {
        [client] => Ok(client),
        [] => {
            let near = |client: usize| {
                let names = all[client].iter().map(|own| strsim::jaro_winkler(&fold(&own.name), &folded));
                names.fold(0.0, f64::max)
            };
            let mut nearest: Vec<(f64, usize)> = (0..all.len()).map(|client| (near(client), client)).collect();
            nearest.retain(|(nearness, _)| *nearness >= NEAR);
            nearest.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let names: Vec<_> = nearest.iter().take(OFFERED).map(|&(_, client)| shown(client)).collect();
            let offered = match names.is_empty() {
                true => "none has a name like it".to_owned(),
                false => format!("the nearest are {}", names.join("; ")),
            };
            Err(Error::Name(format!("no client is called \"{name}\" in the stored months; {offered}")))
        }
        _ => {
            let names: Vec<_> = found.iter().take(LISTED).map(|&client| shown(client)).collect();
            let more = found.len().saturating_sub(LISTED);
            let more = if more > 0 { format!("; and {more} more") } else { String::new() };
            Err(Error::Name(format!(
                "{} clients fit \"{name}\": {}{more}; write the whole name, or the id",
                found.len(),
                names.join("; ")
            )))
        }
    }
}

/// An account manager by name: written so, else the only one whose name holds the text. Gives the folded name.
///
/// # Errors
/// [`Error::Name`] with the names that fit, or all of them.
pub(super) fn manager(name: &str, snapshots: &[&Snapshot], words: &NameWords) -> Result<String, Error> {
    let accounts = snapshots.iter().flat_map(|snapshot| &snapshot.accounts);
    let names: BTreeSet<(String, &str)> =
        accounts.filter_map(|account| account.manager.as_deref()).map(|own| (words.manager(own).base, own)).collect();
    let wanted = words.manager(name).base;
    let pick = |fits: &dyn Fn(&str) -> bool| -> BTreeSet<&str> {
        names.iter().map(|(folded, _)| folded.as_str()).filter(|folded| fits(folded)).collect()
    };
    let mut found = pick(&|folded| folded == wanted);
    if found.is_empty() && !wanted.is_empty() {
        found = pick(&|folded| folded.contains(&wanted));
    }
    match found.len() {
        1 => Ok(found.into_iter().next().unwrap_or_default().to_owned()),
        count => {
            let fits = |folded: &str| count == 0 || found.contains(folded);
            let shown: BTreeSet<&str> =
                names.iter().filter(|(folded, _)| fits(folded)).map(|(_, name)| *name).take(LISTED).collect();
            let shown = shown.into_iter().collect::<Vec<_>>().join("; ");
            Err(Error::Name(match count {
                0 => format!("no account manager is called \"{name}\" in the stored months; there are {shown}"),
                _ => format!("{count} account managers fit \"{name}\": {shown}; write the whole name"),
            }))
        }
    }
}

/// The accounts of a thread, the oldest first.
fn accounts<'s>(snapshots: &'s [&Snapshot], lineage: &'s Lineage, thread: usize) -> impl Iterator<Item = &'s Listed> {
    let places = lineage.threads[thread].places.iter().enumerate();
    places.filter_map(|(month, place)| Some(&snapshots[month].accounts[(*place)?]))
}
