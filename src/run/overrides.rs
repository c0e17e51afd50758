//! Overrides before anything is rated: when those end for which nobody said so, and which do not live.

use super::past::{self, Past};
use super::{Context, Handled, entries, snapshot};
use crate::account::{Account, Input, Value};
use crate::field::{Field, Stage};
use crate::finding::{Code, Finding};
use crate::history::{Lineage, Snapshot, override_end};
use crate::period::day_of;
use crate::portfolio;
use crate::score::{Dates, live_override};

/// Gives every override without an end its last day, as far as the stored months are asked, and lists those that do not
/// live.
pub(super) fn settle(handled: &mut [Handled], past: &Past, settings: &portfolio::Settings, context: &Context<'_>) {
    for (file, table, account, day) in ends(handled, past, settings, context) {
        if let Some(read) = &mut handled[file].read {
            read.parsed.tables[table].set_override_end(account, day);
        }
    }
    let dates = Dates::new(context.period, &context.config.flags);
    for read in handled.iter_mut().filter_map(|file| file.read.as_mut()) {
        let parsed = &mut read.parsed;
        for table in &parsed.tables {
            let sheet = &parsed.book.sheets[table.sheet].name;
            let found = table.accounts().filter_map(|account| not_live(&account, &dates));
            parsed.findings.extend(found.map(|finding| finding.on(sheet)));
        }
    }
}

/// The last days, by file, table and account.
fn ends(
    handled: &[Handled],
    past: &Past,
    settings: &portfolio::Settings,
    context: &Context<'_>,
) -> Vec<(usize, usize, usize, i32)> {
    let is_open = |account: Account<'_>| {
        matches!(account.input(Field::OverrideStatus), Input::Known(_))
            && account.input(Field::OverrideReason).is_known()
            && account.input(Field::OverrideUntil) == Input::Missing
    };
    let tables = handled.iter().filter_map(|file| file.read.as_ref()).flat_map(|read| &read.parsed.tables);
    if !past.is_used() || !tables.flat_map(|table| table.accounts()).any(is_open) {
        return Vec::new();
    }
    // who is who in earlier months does not depend on anything that is rated
    let rows = entries::entries(handled, context);
    let portfolio = entries::portfolio(&rows, handled, context, settings);
    let now = snapshot::snapshot(&portfolio, &rows, handled, &[], Vec::new(), context);
    let months: Vec<&Snapshot> = past.before(now.month).chain([&now]).collect();
    let lineage = Lineage::new(&months, settings);
    let dates = Dates::new(context.period, &context.config.flags);
    let mut ends = Vec::new();
    for (entry, place) in rows.iter().zip(past::places(&rows, &portfolio)) {
        let Some((account, place)) = entries::account(handled, entry).zip(place) else { continue };
        let own = snapshot::override_of(&account, &handled[entry.source.file], &dates).filter(|_| is_open(account));
        if let Some(day) = own.and_then(|own| override_end(&months, &lineage, place, &own)) {
            ends.push((entry.source.file, entry.source.table, entry.source.account, day));
        }
    }
    ends
}

/// Why the override of a client does not live, if it has one.
fn not_live(account: &Account<'_>, dates: &Dates) -> Option<Finding> {
    let input = |field| account.input(field);
    let given = |field| input(field) != Input::Missing;
    let any = [Field::OverrideStatus, Field::OverrideReason, Field::OverrideUntil].into_iter().any(given);
    if !any || account.stage() != Stage::Active || live_override(account, dates).is_some() {
        return None;
    }
    let day = |day: i32| day_of(day).map(|day| day.to_string()).unwrap_or_default();
    let effect = "the computed status is shown";
    let (field, message) = match (input(Field::OverrideStatus), input(Field::OverrideReason)) {
        (Input::Known(_), Input::Known(_)) => {
            let why = match (input(Field::OverrideUntil), account.override_end()) {
                (Input::Known(Value::Date(until)), _) => format!("the override ended on {}", day(until)),
                (Input::Missing, Some(end)) => format!(
                    "the override has no end; it lived to the end of the fiscal year in which it was first handed in, {}",
                    day(end)
                ),
                _ => "the end of the override cannot be read".to_owned(),
            };
            (Field::OverrideUntil, format!("{why}: {effect}; give it another end if it still holds"))
        }
        (Input::Known(_), _) => {
            (Field::OverrideReason, format!("the override lacks its reason: {effect}; say why, or take it out"))
        }
        _ => (Field::OverrideStatus, format!("the override lacks its status: {effect}; say which, or take it out")),
    };
    let finding = Finding::new(Code::OverrideNotLive, message).of(field);
    Some(match account.cell_of(field).or_else(|| account.cell_of(Field::OverrideStatus)) {
        Some(cell) => finding.at(cell.row, cell.col),
        None => finding,
    })
}
