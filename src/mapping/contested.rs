//! Columns that their own words do not settle but their neighbours do: surveys by quarter, sides of contacts, revenue.

use super::assign::{Assignment, capital, is_critical};
use super::claim::Claim;
use super::values::Verdict;
use super::{Settings, Tier};
use crate::field::{Field, Kind};
use crate::finding::Code;
use crate::period::Month;

/// A survey column with a time beside it.
struct Dated {
    at: usize,
    first: Month,
    last: Month,
    no_year: bool,
}

/// Of several survey columns by quarter, month or year the latest that is not after the reporting month.
pub(super) fn survey(assignment: &mut Assignment<'_>) {
    let (period, by_end) = (assignment.settings.period, assignment.settings.fiscal_name_by_end);
    for field in [Field::SurveyScore, Field::SurveyDate] {
        let mut dated = Vec::new();
        let mut undated = None;
        for at in assignment.claimants(field) {
            match &assignment.drafts[at].claim {
                Claim::Field { when: Some(when), .. } => {
                    if let Some((first, last, no_year)) = when.window(period, by_end) {
                        dated.push(Dated { at, first, last, no_year });
                    }
                }
                Claim::Field { tier, .. } => undated = undated.or(Some((*tier, at))),
                _ => {}
            }
        }
        let later = |column: &Dated| column.first > period.month;
        let is_empty = |column: &Dated| assignment.drafts[column.at].profile.filled == 0;
        // "Q4" without a year, filled before it has begun, is last year's, and so may be the others
        let unclear =
            dated.iter().find(|column| later(column) && column.no_year && !is_empty(column)).map(|column| column.at);
        if let Some(at) = unclear.filter(|_| dated.len() > 1) {
            for column in &dated {
                assignment.drafts[column.at].refuse("which year it is about is not clear".to_owned());
            }
            let draft = &assignment.drafts[at];
            let line = assignment.line(&draft.heading, Some(field));
            let message = format!(
                "{} lies after {}, yet it is filled: which of the {} columns of the survey is the last one? Name it: {line}",
                capital(&draft.named()),
                period.month,
                dated.len()
            );
            let finding = assignment.finding(Code::HeadingUnclear, at, message).of(field).settled_by(line);
            assignment.findings.push(finding);
            continue;
        }
        let any_filled = dated.iter().any(|column| !later(column) && !is_empty(column));
        let usable = |column: &&Dated| !later(column) && (!any_filled || !is_empty(column));
        let Some(latest) = dated.iter().filter(usable).map(|column| (column.last, column.first)).max() else {
            for column in &dated {
                assignment.drafts[column.at].refuse(format!("a survey after {}", period.month));
            }
            continue;
        };
        let chosen: Vec<usize> = dated
            .iter()
            .filter(usable)
            .filter(|column| (column.last, column.first) == latest)
            .map(|column| column.at)
            .collect();
        let named = assignment.drafts[chosen[0]].named();
        for column in dated.iter().filter(|column| !chosen.contains(&column.at)) {
            let after = column.first > period.month;
            let why = if after {
                format!("a survey after {}", period.month)
            } else {
                format!("{named} is the latest survey")
            };
            assignment.drafts[column.at].refuse(why);
        }
        match undated {
            // a plain heading beside an old quarter is the current one; beside a recent one both could be
            Some((tier, _)) if latest.0 >= period.month.plus(-4) => {
                for at in chosen {
                    if let Claim::Field { tier: own, .. } = &mut assignment.drafts[at].claim {
                        *own = tier;
                    }
                }
            }
            Some((_, plain)) => {
                let named = assignment.drafts[plain].named();
                for at in chosen {
                    assignment.drafts[at].refuse(format!("an earlier survey; {named} has no date"));
                }
            }
            None => {}
        }
    }
}

/// A heading that is a field but for words that nobody knows is it where the other columns leave nothing else: they are a
/// client list for certain, none of them is that field or could be it, and the values bear it out.
pub(super) fn partly(assignment: &mut Assignment<'_>) {
    const CERTAIN: usize = 4;
    let certain = assignment.drafts.iter().filter(|draft| draft.field.is_some()).count();
    let has_client = assignment.column_of(Field::Client).is_some();
    if certain < CERTAIN + usize::from(!has_client) {
        return;
    }
    for &field in Field::ALL.iter().filter(|field| has_client || **field == Field::Client) {
        let could_be = |draft: &super::assign::Draft| {
            let partly = draft.partly.as_ref().is_some_and(|(other, _)| *other == field);
            draft.claim == Claim::Unclear(field) || draft.claim == Claim::None && partly
        };
        let mut able = (0..assignment.drafts.len()).filter(|at| could_be(&assignment.drafts[*at]));
        let (Some(at), None) = (able.next(), able.next()) else { continue };
        let settled = assignment.column_of(field).is_some()
            || assignment.findings.iter().any(|finding| finding.field == Some(field));
        let draft = &assignment.drafts[at];
        let idle = draft.field.is_none() && draft.own.is_none() && draft.further.is_none();
        let Some((_, unknown)) = draft.partly.clone().filter(|_| idle && !settled && !assignment.is_pinned(draft))
        else {
            continue;
        };
        let is_text = !draft.profile.is_numeric() && !draft.profile.is_dated();
        if draft.profile.verdict(field, true) != Verdict::Agrees || field.kind() == Kind::Text && !is_text {
            continue;
        }
        let by_job = unknown.is_empty();
        let words = unknown.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" and ");
        let draft = &mut assignment.drafts[at];
        draft.take(field, Tier::Partly);
        draft.reason = match by_job {
            true => format!("somebody's job, and no other column is {field}"),
            false => format!("words for {field} but for {words}, and no other column is it"),
        };
        let why = match by_job {
            true => "it names somebody's job, a few names come again and again, and no other column is it".to_owned(),
            false => format!(
                "its words say so but for {words}, which keeptabs does not know, the values suit it and no other column is it"
            ),
        };
        let message = format!(
            "{} was taken as {field}: {why}. If that is wrong, add: {}",
            capital(&assignment.drafts[at].named()),
            assignment.line(&assignment.drafts[at].heading, None)
        );
        let finding = assignment.finding(Code::HeadingDeduced, at, message).of(field);
        assignment.findings.push(finding);
    }
}

/// Contacts whose side the words leave open take the side that is left when the other is certain.
pub(super) fn contacts(assignment: &mut Assignment<'_>) {
    let mut open: Vec<(usize, bool, bool)> = Vec::new();
    for (at, draft) in assignment.drafts.iter_mut().enumerate() {
        let Claim::Contacts { ours, theirs } = draft.claim else {
            continue;
        };
        match draft.profile.verdict(Field::OurContacts, false) {
            Verdict::Agrees if draft.profile.is_numeric() => open.push((at, ours, theirs)),
            Verdict::Empty => draft.refuse(format!("{}; it is empty", draft.reason)),
            _ => draft.refuse("contacts, but the values are no counts".to_owned()),
        }
    }
    let certain = |assignment: &Assignment<'_>, field| assignment.column_of(field);
    let sides = [(Field::OurContacts, Field::ClientContacts), (Field::ClientContacts, Field::OurContacts)];
    for (taken, left) in sides {
        if let (Some(other), None, [(at, ours, theirs)]) =
            (certain(assignment, taken), certain(assignment, left), open.as_slice())
        {
            let other = assignment.drafts[other].named();
            let draft = &mut assignment.drafts[*at];
            // a word for the side that is taken already speaks against the side that is left
            let against = match left {
                Field::OurContacts => *theirs && !*ours,
                _ => *ours && !*theirs,
            };
            if against {
                continue;
            }
            draft.take(left, Tier::Words);
            draft.reason = format!("{}; {other} is {taken}, so {left} is left", draft.reason);
            let message = format!(
                "{} does not say which side is counted; {other} is {taken}, so it was taken as {left}. If that is wrong, add: {}",
                capital(&assignment.drafts[*at].named()),
                assignment.line(&assignment.drafts[*at].heading, None)
            );
            let finding = assignment.finding(Code::SideDeduced, *at, message).of(left);
            assignment.findings.push(finding);
            return;
        }
    }
    let both = sides.iter().all(|(field, _)| certain(assignment, *field).is_some());
    // a word for one side alone may speak against the side that is left
    let pair = match open.as_slice() {
        [(one, ours, theirs), (two, our_too, their_too)] if ours == theirs && our_too == their_too => {
            Some((*one, *two))
        }
        _ => None,
    };
    let pair = pair.filter(|_| !sides.iter().any(|(field, _)| certain(assignment, *field).is_some()));
    for (at, ours, theirs) in open {
        if both {
            assignment.drafts[at].refuse("contacts, but both sides have their columns".to_owned());
            continue;
        }
        if !sides.iter().any(|(field, _)| is_critical(assignment.settings, *field)) {
            continue;
        }
        let likely = if theirs && !ours { Field::ClientContacts } else { Field::OurContacts };
        let other = if likely == Field::OurContacts { Field::ClientContacts } else { Field::OurContacts };
        let draft = &assignment.drafts[at];
        let message = format!(
            "{} could be our_contacts (how many of our people know theirs) or client_contacts (how many of theirs know us), \
             and nothing settles which. Add: {}; or \"{other}\" in place of \"{likely}\"{}",
            capital(&draft.named()),
            assignment.line(&draft.heading, Some(likely)),
            pair.map_or_else(String::new, |(one, two)| {
                let rest = assignment.drafts[if at == one { two } else { one }].named();
                format!(". One line is enough: {rest} is then the other side")
            }),
        );
        let line = assignment.line(&draft.heading, Some(likely)).or(format!("\"{other}\""));
        let finding = assignment.finding(Code::HeadingUnclear, at, message).of(likely).settled_by(line);
        assignment.findings.push(finding);
    }
}

/// Revenue without a year is the current one only beside last year's.
pub(super) fn revenue(assignment: &mut Assignment<'_>) {
    let mut open = Vec::new();
    let current = assignment.column_of(Field::RevenueCurrent).map(|at| assignment.drafts[at].named());
    for (at, draft) in assignment.drafts.iter_mut().enumerate().filter(|(_, draft)| draft.claim == Claim::Revenue) {
        match (&current, draft.profile.verdict(Field::RevenueCurrent, false)) {
            (Some(named), _) => draft.refuse(format!("revenue of no stated year; {named} is the current one")),
            (None, Verdict::Agrees) => open.push(at),
            (None, Verdict::Empty) => draft.refuse("revenue of no stated year; it is empty".to_owned()),
            (None, Verdict::Contradicts) => draft.refuse("revenue, but the values are no amounts".to_owned()),
        }
    }
    let last_year = assignment.column_of(Field::RevenueLastYear).map(|at| assignment.drafts[at].named());
    if let ([at], Some(named)) = (open.as_slice(), &last_year) {
        let draft = &mut assignment.drafts[*at];
        draft.take(Field::RevenueCurrent, Tier::Words);
        draft.reason = format!("revenue beside {named}, which is last year's");
        return;
    }
    for at in open {
        let draft = &assignment.drafts[at];
        let message = format!(
            "{} does not say which year it is about, and {}. Add: {}; or \"revenue_last_year\" in place of \"revenue_current\", or \"none\" for neither",
            capital(&draft.named()),
            if last_year.is_some() { "it is not the only one" } else { "there is no last year's beside it" },
            assignment.line(&draft.heading, Some(Field::RevenueCurrent)),
        );
        let line = assignment.line(&draft.heading, Some(Field::RevenueCurrent));
        let line = line.or("\"revenue_last_year\", or \"none\"");
        let finding = assignment.finding(Code::HeadingUnclear, at, message).of(Field::RevenueCurrent).settled_by(line);
        assignment.findings.push(finding);
    }
}

/// Revenue of the year up to the month before is not measured by a target up to the reporting month; what is left out is said.
pub(super) fn behind(assignment: &mut Assignment<'_>) {
    let month = assignment.settings.period.month;
    let current = assignment.column_of(Field::RevenueCurrent).is_some();
    for at in 0..assignment.drafts.len() {
        if assignment.drafts[at].claim != Claim::Behind {
            continue;
        }
        let draft = &mut assignment.drafts[at];
        let agrees = draft.profile.verdict(Field::RevenueCurrent, false) == Verdict::Agrees;
        draft.refuse(draft.reason.clone());
        if current || !agrees {
            continue;
        }
        let draft = &assignment.drafts[at];
        let message = format!(
            "{} ends in {}, and the report is of {month}: it was left out, as attainment and growth would be short of a month. If the lists are of {}, run with --month {}; to count it as it is, add: {}",
            capital(&draft.named()),
            month.plus(-1),
            month.plus(-1),
            month.plus(-1),
            assignment.line(&draft.heading, Some(Field::RevenueCurrent))
        );
        let finding = assignment.finding(Code::RevenueBehind, at, message).of(Field::RevenueCurrent);
        assignment.findings.push(finding);
    }
}

/// How many of the scorecard's measures a field list holds.
pub(super) fn measures(settings: &Settings<'_>, assignment: &Assignment<'_>) -> usize {
    let counts = |draft: &&super::assign::Draft| {
        draft.further.is_some() || draft.field.is_some_and(|field| settings.measures.contains(&field))
    };
    assignment.drafts.iter().filter(counts).count()
}

/// "Account" over a few names of people, "Clave" over keys: bare words, where no other column claims the field.
pub(super) fn bare_words(assignment: &mut Assignment<'_>) {
    let is_bare = |assignment: &Assignment<'_>, at: usize| {
        let draft = &assignment.drafts[at];
        !draft.returned && matches!(draft.claim, Claim::Field { weak: true, tier, .. } if tier <= Tier::Alias)
    };
    let clients = assignment.claimants(Field::Client);
    if let &[first, second] = clients.as_slice() {
        let bare = [first, second].into_iter().find(|&at| is_bare(assignment, at));
        let alone = assignment.claimants(Field::AccountManager).is_empty();
        if let Some(at) = bare.filter(|&at| alone && assignment.drafts[at].profile.is_few_names()) {
            let draft = &mut assignment.drafts[at];
            draft.claim = Claim::Field { field: Field::AccountManager, tier: Tier::Words, weak: true, when: None };
            draft.reason = "the values are names of a few people".to_owned();
        }
    }
    for field in [Field::Client, Field::ClientId] {
        let claimants = assignment.claimants(field);
        let (bare, plain): (Vec<usize>, Vec<usize>) = claimants.iter().partition(|at| is_bare(assignment, **at));
        if plain.is_empty() && bare.len() < 2 {
            continue;
        }
        for at in bare {
            assignment.drafts[at].refuse(format!("would be {field} only if no other column were"));
        }
    }
}
