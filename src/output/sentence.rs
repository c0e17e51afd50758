//! Why and Next step as texts; [`super::formula`] says the same as formulas, from the same templates.

use super::formula::{rule_role, stage_id};
use super::words::{Words, fill};
use crate::account::{Input, Measure, OwnColumn, Value};
use crate::field::{Field, Stage};
use crate::score::{Basis, Criterion, Inputs, Rated, Rule};

/// What a criterion measures, inside a sentence.
pub(crate) fn label(words: Words, criterion: &Criterion, own: &[OwnColumn]) -> String {
    by_measure(words, "label", criterion, own)
}

/// What is to be found out, inside a sentence.
pub(crate) fn measure(words: Words, criterion: &Criterion, own: &[OwnColumn]) -> String {
    by_measure(words, "measure", criterion, own)
}

fn by_measure(words: Words, group: &str, criterion: &Criterion, own: &[OwnColumn]) -> String {
    match criterion.measure {
        Measure::Field(field) => match words.find(group, field.id()) {
            Some(word) => word.to_owned(),
            None => words.inside(words.get("column", field.id())),
        },
        Measure::Own(index) => own.get(index).map(|column| column.heading.clone()).unwrap_or_default(),
    }
}

/// The sentence for a gap in a criterion.
pub(crate) fn step_template(words: Words, criterion: &Criterion) -> &'static str {
    let own = match (&criterion.measure, &criterion.rule) {
        // "1 of 2 held" is only true of a limit that itself suffices
        (Measure::Field(Field::Meetings), Rule::AtLeast(_)) => words.find("next", "meetings"),
        (Measure::Field(Field::Meetings), _) => None,
        (Measure::Field(Field::OurContacts | Field::ClientContacts), Rule::Above(_) | Rule::AtLeast(_)) => {
            words.find("next", field_id(criterion))
        }
        (Measure::Field(Field::OurContacts | Field::ClientContacts), _) => None,
        (Measure::Field(field), _) => words.find("next", field.id()),
        (Measure::Own(_), _) => None,
    };
    let other = if rule_role(&criterion.rule).is_some() { "other" } else { "other_level" };
    own.unwrap_or_else(|| words.get("next", other))
}

fn field_id(criterion: &Criterion) -> &'static str {
    match criterion.measure {
        Measure::Field(field) => field.id(),
        Measure::Own(_) => "other",
    }
}

fn need(words: Words, criterion: &Criterion) -> String {
    let limit = |number: f64| [("limit", words.number(number))];
    let (role, values) = match &criterion.rule {
        Rule::Above(x) => ("above", limit(*x).to_vec()),
        Rule::AtLeast(x) => ("at_least", limit(*x).to_vec()),
        Rule::Below(x) => ("below", limit(*x).to_vec()),
        Rule::AtMost(x) => ("at_most", limit(*x).to_vec()),
        Rule::WithinDays(x) => ("within_days", limit(*x).to_vec()),
        Rule::Between(a, b) => ("between", vec![("from", words.number(*a)), ("to", words.number(*b))]),
        Rule::Levels(_) | Rule::Words(_) => return String::new(),
    };
    let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    words.fill("need", role, &values)
}

fn limit_of(words: Words, rule: &Rule) -> String {
    match rule {
        Rule::Above(x) | Rule::AtLeast(x) | Rule::Below(x) | Rule::AtMost(x) | Rule::WithinDays(x) => words.number(*x),
        _ => String::new(),
    }
}

fn shown(words: Words, criterion: &Criterion, input: Input, basis: &Basis<'_>) -> String {
    match (input, &criterion.rule) {
        (Input::Known(Value::Number(place)), Rule::Words(list)) => {
            list.get(place as usize).map(|(word, _)| word.clone()).unwrap_or_default()
        }
        (Input::Known(Value::Number(number)), _) => words.number(number),
        (Input::Known(Value::Level(level)), _) => words.get("inside", level.id()).to_owned(),
        (Input::Known(Value::Date(day)), _) => (basis.dates.as_of - day).to_string(),
        _ => String::new(),
    }
}

/// "4 of 6: client contacts 1, needs more than 1; survey 8, needs more than 8".
pub(crate) fn why(words: Words, account: &impl Inputs, rated: &Rated, basis: &Basis<'_>, own: &[OwnColumn]) -> String {
    let Some(score) = rated.score else {
        return match account.stage() {
            Stage::Active => words.get("why", "nothing").to_owned(),
            stage => words.fill("why", "stage", &[("stage", words.get("value", stage_id(stage)))]),
        };
    };
    let maximum = words.number(basis.card.maximum());
    let mut text = words.fill("why", "head", &[("score", &words.number(score)), ("maximum", &maximum)]);
    let mut separator = words.get("why", "opens");
    for (criterion, points) in basis.card.criteria.iter().zip(&rated.points) {
        if !criterion.counts() || *points == Some(criterion.points) {
            continue;
        }
        let label = label(words, criterion, own);
        let value = shown(words, criterion, account.measure(&criterion.measure), basis);
        text.push_str(separator);
        separator = "; ";
        text.push_str(&match points {
            None => words.fill("why", "unknown", &[("label", &label)]),
            Some(points) if rule_role(&criterion.rule).is_none() => words.fill(
                "why",
                "part",
                &[
                    ("label", &label),
                    ("value", &value),
                    ("points", &words.number(*points)),
                    ("of", &words.number(criterion.points)),
                ],
            ),
            Some(_) => {
                words.fill("why", "gap", &[("label", &label), ("value", &value), ("need", &need(words, criterion))])
            }
        });
    }
    text
}

/// What to do next, in one sentence; empty when nothing is open.
pub(crate) fn next_step(
    words: Words,
    account: &impl Inputs,
    rated: &Rated,
    basis: &Basis<'_>,
    own: &[OwnColumn],
) -> String {
    if rated.score.is_none() {
        return if account.stage() == Stage::Active { words.get("next", "fill_in").to_owned() } else { String::new() };
    }
    for &place in &basis.card.next {
        let criterion = &basis.card.criteria[place];
        let points = rated.points[place];
        if !criterion.counts() || points == Some(criterion.points) {
            continue;
        }
        if points.is_none() {
            return words.fill("next", "find_out", &[("measure", &measure(words, criterion, own))]);
        }
        return fill(
            step_template(words, criterion),
            &[
                ("value", &shown(words, criterion, account.measure(&criterion.measure), basis)),
                ("limit", &limit_of(words, &criterion.rule)),
                ("need", &need(words, criterion)),
                ("label", &label(words, criterion, own)),
            ],
        );
    }
    rated.flags.first().map(|flag| words.get("flag_step", flag.id()).to_owned()).unwrap_or_default()
}

/// "Single-threaded; Low survey".
pub(crate) fn flags(words: Words, rated: &Rated) -> String {
    rated.flags.iter().map(|flag| words.get("flag", flag.id())).collect::<Vec<_>>().join("; ")
}
