//! What changed since the month in which a department was last delivered, as a sentence.

use super::department::Fact;
use super::sentence::label;
use super::words::Words;
use crate::config::Config;
use crate::history::{self, Change, Moved, Origin};
use crate::period::{Month, day_of};

/// "+1 since October 2026: meetings 1 → 3 (+1)"; empty when nothing is to be said.
pub(crate) fn changed(words: Words, fact: &Fact, score: Option<f64>, config: &Config) -> String {
    let Some((change, month)) = fact.change.as_ref().and_then(|change| Some((change, change.previous_month?))) else {
        return String::new();
    };
    let month = month_name(words, month);
    let say = |id: &str, more: &[(&str, &str)]| {
        let mut values = vec![("month", month.as_str())];
        values.extend_from_slice(more);
        words.fill("changed", id, &values)
    };
    let previous = change.previous_score.map(|score| words.number(score));
    match (&change.origin, &previous) {
        (Origin::FirstDelivery, _) => String::new(),
        (Origin::New(elsewhere), _) if elsewhere.is_empty() => say("new", &[]),
        (Origin::New(elsewhere), _) => say("new_elsewhere", &[("departments", &elsewhere.join(", "))]),
        (Origin::Returned(last), _) => words.fill("changed", "returned", &[("month", &month_name(words, *last))]),
        (Origin::FromDepartment(from), _) => words.fill("changed", "from", &[("department", from)]),
        (Origin::NotAClient, Some(previous)) => say("gone_scored", &[("previous", previous)]),
        (Origin::NotAClient, None) if change.was_listed => say("gone", &[]),
        (Origin::NotAClient, None) => String::new(),
        (Origin::Kept, Some(previous)) if fact.lines > 1 => {
            let now = change.change.zip(change.previous_score).map(|(change, before)| words.number(before + change));
            let now = now.unwrap_or_else(|| words.get("changed", "unknown").to_owned());
            say("lines", &[("lines", &fact.lines.to_string()), ("score", &now), ("previous", previous)])
        }
        (Origin::Kept, Some(previous)) if score.is_none() => say("no_longer_scored", &[("previous", previous)]),
        (Origin::Kept, None) if score.is_none() => say("not_scored", &[]),
        (Origin::Kept, None) => say("scored", &[]),
        (Origin::Kept, Some(_)) => kept(words, change, config, &say),
    }
}

/// Fills a sentence (its id, and values beside the month).
type Say<'s> = &'s dyn Fn(&str, &[(&str, &str)]) -> String;

fn kept(words: Words, change: &Change, config: &Config, say: Say<'_>) -> String {
    let by = signed(words, change.change.unwrap_or(0.0));
    let parts = moved_by(words, &change.moved, config);
    match change.split.filter(|split| split.scorecard != 0.0) {
        Some(split) => {
            let (client, scorecard) = (signed(words, split.client), signed(words, split.scorecard));
            let head = say("split", &[("change", &by), ("client", &client), ("scorecard", &scorecard)]);
            if parts.is_empty() { head } else { format!("{head}: {parts}") }
        }
        None if parts.is_empty() && change.change == Some(0.0) => say("same", &[]),
        None if parts.is_empty() => say("by", &[("change", &by)]),
        None => say("parts", &[("change", &by), ("parts", &parts)]),
    }
}

/// The criteria that moved a score: "meetings 1 → 3 (+1); survey 9 → 7 (−1)".
pub(crate) fn moved_by(words: Words, moved: &[Moved], config: &Config) -> String {
    moved.iter().filter_map(|moved| part(words, moved, config)).collect::<Vec<_>>().join("; ")
}

fn part(words: Words, moved: &Moved, config: &Config) -> Option<String> {
    let card = config.scorecards.iter().find(|card| card.name == moved.card)?;
    let label = label(words, card.criteria.get(moved.criterion)?, &config.own_columns);
    let known = |fact: &Option<history::Fact>| match fact {
        Some(history::Fact::Number(number)) => words.number(*number),
        Some(history::Fact::Level(level)) => words.get("value", level.id()).to_lowercase(),
        Some(history::Fact::Date(day)) => day_of(*day).map(|day| day.to_string()).unwrap_or_default(),
        Some(history::Fact::Word(word)) => word.clone(),
        Some(history::Fact::Wrong) | None => words.get("changed", "unknown").to_owned(),
    };
    let (before, now, points) = (known(&moved.before), known(&moved.now), signed(words, moved.points));
    let values = [("label", label.as_str()), ("before", &before), ("now", &now), ("points", &points)];
    Some(words.fill("changed", "part", &values))
}

/// "+1", "−1", "0".
pub(crate) fn signed(words: Words, number: f64) -> String {
    let size = words.number(number.abs());
    match number {
        _ if size == "0" => size,
        _ if number > 0.0 => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

/// "October 2026".
pub(crate) fn month_name(words: Words, month: Month) -> String {
    let name = words.get("month", &month.month.to_string());
    words.fill("month", "year", &[("month", name), ("year", &month.year.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Level;
    use crate::history::Split;

    fn said(change: Change, score: Option<f64>, lines: usize) -> String {
        let fact = Fact { change: Some(change), lines, ..Fact::default() };
        changed(Words::new(crate::language::Language::default()), &fact, score, &Config::built_in())
    }

    fn kept(previous: Option<f64>, change: Option<f64>, moved: Vec<Moved>) -> Change {
        Change {
            origin: Origin::Kept,
            previous_month: "2026-10".parse().ok(),
            previous_score: previous,
            was_listed: true,
            change,
            split: None,
            moved,
        }
    }

    #[test]
    fn sentences() {
        let moved = |criterion, before, now, points| Moved {
            card: Config::built_in().scorecards[0].name.clone(),
            criterion,
            before,
            now,
            points,
        };
        let number = |number: f64| Some(history::Fact::Number(number));
        let up = vec![
            moved(2, number(1.0), number(3.0), 1.0),
            moved(3, Some(history::Fact::Level(Level::Senior)), None, -2.0),
        ];
        assert_eq!(
            said(kept(Some(4.0), Some(-1.0), up.clone()), Some(3.0), 1),
            "−1 since October 2026: meetings 1 → 3 (+1); decision maker senior → unknown (−2)"
        );
        assert_eq!(said(kept(Some(4.0), Some(0.0), vec![]), Some(4.0), 1), "Unchanged since October 2026");
        assert_eq!(said(kept(None, None, vec![]), Some(4.0), 1), "Was not scored in October 2026");
        assert_eq!(
            said(kept(Some(4.0), Some(-2.0), vec![]), Some(1.0), 2),
            "2 rows are one account with a score of 2 (4 in October 2026)"
        );
        let split = Change {
            split: Some(Split { client: 1.0, scorecard: -4.0 }),
            ..kept(Some(5.0), Some(-3.0), up[..1].to_vec())
        };
        assert_eq!(
            said(split, Some(2.0), 1),
            "−3 since October 2026 (+1 by the client, −4 by the changed scorecard): meetings 1 → 3 (+1)"
        );
        let origin = |origin| said(Change { origin, ..kept(None, None, vec![]) }, Some(1.0), 1);
        assert_eq!(origin(Origin::New(vec![])), "New since October 2026");
        assert_eq!(origin(Origin::FromDepartment("Sales".into())), "Came from Sales");
        assert_eq!(origin(Origin::Returned("2026-03".parse().unwrap())), "Back: last listed in March 2026");
    }
}
