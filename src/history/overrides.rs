//! Since when a person's judgement stands, and when it ends where nobody said so.

use super::lineage::Lineage;
use super::snapshot::{Override, Snapshot};
use crate::period::serial;

/// The last day (since 1899-12-30) of an override without an end: that of the fiscal year in which a snapshot first
/// held it. `place` is its account's in the current snapshot, the last of `snapshots` (sorted by month).
///
/// Months in which its account was not listed say nothing; one in which it was listed without the override breaks off.
pub fn override_end(snapshots: &[&Snapshot], lineage: &Lineage, place: usize, own: &Override) -> Option<i32> {
    let (current, earlier) = snapshots.split_last()?;
    let thread = *lineage.thread_of.get(earlier.len())?.get(place)?;
    let mut first = *current;
    for (month, snapshot) in earlier.iter().enumerate().rev() {
        let Some(then) = lineage.threads[thread].places[month].map(|place| &snapshot.accounts[place]) else { continue };
        if !then.overrides.iter().any(|other| other.is_same(own)) {
            break;
        }
        first = snapshot;
    }
    Some(serial(first.period().fiscal_first().plus(11).last_day()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{listed, snapshot};
    use super::*;
    use crate::field::Status;
    use crate::period::day_of;
    use crate::portfolio::test_settings;

    fn end(months: &[(&str, Option<&str>)], fiscal_start: i8) -> String {
        let own = |reason: &str| Override {
            status: Status::AtRisk,
            reason: Some(reason.to_owned()),
            until: None,
            by: None,
            ends: None,
            live: true,
        };
        let months: Vec<Snapshot> = months
            .iter()
            .map(|(month, reason)| {
                let mut account = listed("Sales", "Acme", 3.0);
                account.overrides.extend(reason.map(own));
                let accounts = if *reason == Some("absent") { vec![] } else { vec![account] };
                Snapshot { fiscal_start, ..snapshot(month, &accounts) }
            })
            .collect();
        let months: Vec<&Snapshot> = months.iter().collect();
        let lineage = Lineage::new(&months, &test_settings());
        let now = &months[months.len() - 1].accounts[0];
        day_of(override_end(&months, &lineage, 0, &now.overrides[0]).unwrap()).unwrap().to_string()
    }

    #[test]
    fn it_lives_to_the_end_of_the_fiscal_year_that_first_held_it() {
        assert_eq!(end(&[("2026-11", Some("merger"))], 1), "2026-12-31");
        assert_eq!(end(&[("2026-11", Some("merger"))], 4), "2027-03-31");
        assert_eq!(end(&[("2026-11", Some("Merger")), ("2027-01", Some("merger"))], 1), "2026-12-31");
        // an account that was not listed said nothing
        assert_eq!(
            end(&[("2026-11", Some("merger")), ("2026-12", Some("absent")), ("2027-01", Some("merger"))], 1),
            "2026-12-31"
        );
        // another reason, or a month without it, begins anew
        assert_eq!(end(&[("2026-11", Some("lawsuit")), ("2027-01", Some("merger"))], 1), "2027-12-31");
        assert_eq!(
            end(&[("2026-11", Some("merger")), ("2026-12", None), ("2027-01", Some("merger"))], 1),
            "2027-12-31"
        );
    }
}
