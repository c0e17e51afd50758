//! One heading → the field that it claims, by words alone; values and neighbours come later.

use super::Tier;
use super::compose::{Composed, compose, hints};
use super::heading::Heading;
use super::index::{Alias, Index, Topic};
use super::units::Units;
use super::years::{self, When, YearRole};
use crate::field::{Field, Kind};
use crate::period::Period;

/// What a heading claims to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Claim {
    /// A field.
    Field {
        /// Which.
        field: Field,
        /// How sure.
        tier: Tier,
        /// Only if the values bear it out.
        weak: bool,
        /// The time it speaks of.
        when: Option<When>,
    },
    /// A count of contacts, on a side that its words do not settle.
    Contacts {
        /// It has words for our side.
        ours: bool,
        /// It has words for the client's side.
        theirs: bool,
    },
    /// Revenue of no stated year.
    Revenue,
    /// It could be the field, but a person has to say so.
    Unclear(Field),
    /// No field.
    None,
}

/// A heading's claim with everything that goes with it.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// The claim.
    pub claim: Claim,
    /// Why, in words.
    pub reason: String,
    /// Units that the heading names.
    pub units: Units,
    /// The year that a heading of target or revenue speaks of, and the field if it says that it is target or current.
    pub speaks_of: Option<(i16, Option<Field>)>,
    /// The measures that it nearly is, where no rule knows it.
    pub near: &'static [Field],
    /// A bracket that could be a unit that nobody knows.
    pub unread: Option<String>,
}

/// What headings are read with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup<'a> {
    /// The dictionary.
    pub index: &'a Index,
    /// The reporting month.
    pub period: Period,
    /// Whether a fiscal year is named by the year in which it ends.
    pub by_end: bool,
}

/// A claim, its reason, and the year that it speaks of.
type Decision = (Claim, String, Option<(i16, Option<Field>)>);

/// Of two that a word can mean the later one counts.
const MONEY: [Topic; 10] = [
    Topic::Plain,
    Topic::Earnings,
    Topic::Revenue,
    Topic::Target,
    Topic::Current,
    Topic::Prior,
    Topic::FiscalYear,
    Topic::ToDate,
    Topic::Cumulative,
    Topic::Actual,
];
/// "CA 2026 (11 mois)": months since the year began.
const MONTHS: [&str; 13] =
    ["months", "month", "mths", "mos", "mois", "monate", "monaten", "mon", "mte", "meses", "mesi", "maanden", "mnd"];
const SIDES: [Topic; 3] = [Topic::Ours, Topic::Theirs, Topic::Contacts];

impl Lookup<'_> {
    /// What a heading claims.
    pub(crate) fn claim(&self, text: &str) -> Match {
        let heading = Heading::new(text, self.index);
        let decided = self.decide(&heading);
        let says_otherwise = |word: &str| !self.index.groups(word).is_empty();
        let decided = decided.map(|decision| best_is_low(decision, &heading));
        let near = match decided {
            None => hints(self.index.lexicon(), &heading.core_text, says_otherwise),
            Some(_) => &[],
        };
        let (claim, reason, speaks_of) = decided.unwrap_or_else(|| (Claim::None, self.why_not(&heading.core), None));
        Match { claim, reason, unread: self.unread(&heading), units: heading.units, speaks_of, near }
    }

    /// What stands in brackets beside an amount and could be a unit that nobody knows.
    fn unread(&self, heading: &Heading) -> Option<String> {
        let (_, rest) = years::read(&heading.aside, self.index);
        let (rest, _) = self.months_so_far(&super::heading::key(&rest));
        (!rest.is_empty() && self.index.cover(&rest, &MONEY).is_none()).then(|| heading.aside.clone())
    }

    /// What a heading's words make of it; nothing where no rule knows them.
    fn decide(&self, heading: &Heading) -> Option<Decision> {
        if heading.full.is_empty() {
            return Some((Claim::None, "no heading".to_owned(), None));
        }
        let found = self
            .by_alias(heading)
            .or_else(|| self.by_words(heading))
            .or_else(|| self.by_window(heading))
            .or_else(|| self.by_side(heading));
        if let Some((claim, reason)) = found {
            // words for both sides say nothing by themselves; who knows whom may
            let open = matches!(claim, Claim::Contacts { .. });
            let (claim, reason) = self.by_concepts(heading).filter(|_| open).unwrap_or((claim, reason));
            return Some((claim, reason, None));
        }
        if let Some(found) = self.by_time(heading).or_else(|| self.by_topic(heading)) {
            return Some(found);
        }
        let found = self
            .by_concepts(heading)
            .or_else(|| self.by_beginnings(heading))
            .or_else(|| self.by_alternatives(heading))
            .or_else(|| self.by_bare(heading));
        let (claim, reason) = found?;
        Some((claim, reason, None))
    }

    /// Equal to an alias, or to a look-alike.
    fn by_alias(&self, heading: &Heading) -> Option<(Claim, String)> {
        for form in heading.forms() {
            if let Some(alias) = self.index.alias(form) {
                let (tier, how) = match alias.exact {
                    true => (Tier::Exact, format!("equal to keeptabs's heading \"{}\"", alias.text)),
                    false => (Tier::Alias, format!("equal to the {} \"{}\"", language(alias), alias.text)),
                };
                return Some(self.accept(heading, form, alias, tier, how));
            }
            if let Some(lookalike) = self.index.lookalike(form) {
                return Some((Claim::None, format!("\"{lookalike}\" looks like a field and is none")));
            }
        }
        None
    }

    /// Equal as a set of words, or but for spaces, or but for "number of" before a count.
    fn by_words(&self, heading: &Heading) -> Option<(Claim, String)> {
        let same = |form: &str| {
            let alias = self.index.alias_by_words(form)?;
            let how = format!("the same words as the {} \"{}\"", language(alias), alias.text);
            Some(self.accept(heading, form, alias, Tier::Words, how))
        };
        let counted = |form: &str| {
            let rest = self.index.counted(form)?;
            let alias = self.alias_of(rest).filter(|alias| alias.field.kind() == Kind::Count)?;
            // Portuguese "qtd" is a quantity, English "QTD" a quarter
            let first = form.split(' ').next().unwrap_or_default();
            if alias.language == "en" && self.index.is_topic(Topic::OtherWindow, first) {
                return None;
            }
            let how = format!("a number of the {} \"{}\"", language(alias), alias.text);
            Some(self.accept(heading, form, alias, Tier::Words, how))
        };
        let uncounted = |form: &str| {
            let alias = self.index.alias_of_count(form)?;
            let how = format!("the {} \"{}\", and the values are numbers", language(alias), alias.text);
            let (claim, reason) = self.accept(heading, form, alias, Tier::Words, how);
            let claim = match claim {
                Claim::Field { field, tier, when, .. } => Claim::Field { field, tier, weak: true, when },
                other => other,
            };
            Some((claim, reason))
        };
        heading.forms().find_map(|form| same(form).or_else(|| counted(form)).or_else(|| uncounted(form)))
    }

    /// Units must suit the field: a percentage is no amount, and only amounts have a scale.
    fn accept(&self, heading: &Heading, form: &str, alias: &Alias, tier: Tier, how: String) -> (Claim, String) {
        let units = &heading.units;
        let used = form == heading.core && heading.has_units();
        if used && !units_suit(alias.field.kind(), units) {
            let reason = format!("nearest is {} (\"{}\"); vetoed: the unit in the heading", alias.field, alias.text);
            return (Claim::None, reason);
        }
        (Claim::Field { field: alias.field, tier, weak: alias.weak, when: None }, how)
    }

    fn alias_of(&self, key: &str) -> Option<&Alias> {
        self.index.alias(key).or_else(|| self.index.alias_by_words(key))
    }

    /// Meetings with a window of time beside them.
    fn by_window(&self, heading: &Heading) -> Option<(Claim, String)> {
        let words: Vec<&str> = heading.core.split(' ').collect();
        let (mut rest, mut at, mut six, mut other) = (Vec::new(), 0, false, false);
        let quantity = words.len() > 1 && self.index.is_counting(words[0]);
        if quantity {
            rest.push(words[0]);
            at = 1;
        }
        while at < words.len() {
            let (n, m) = (
                self.index.topic_at(Topic::SixMonths, &words[at..]),
                self.index.topic_at(Topic::OtherWindow, &words[at..]),
            );
            if n == 0 && m == 0 {
                rest.push(words[at]);
                at += 1;
            } else {
                (six, other) = (six || n > m, other || m >= n);
                at += n.max(m);
            }
        }
        if !six && !other {
            return None;
        }
        let alias = self.alias_of(&rest.join(" ")).filter(|alias| alias.field == Field::Meetings)?;
        let is_window = self.index.topic_at(Topic::OtherWindow, &words[..1]) > 0;
        let other = other || quantity && is_window && alias.language == "en";
        Some(if other {
            (Claim::None, "nearest is meetings; vetoed: another window than the last six months".to_owned())
        } else {
            let claim = Claim::Field { field: Field::Meetings, tier: Tier::Words, weak: false, when: None };
            (claim, format!("the {} \"{}\" with a window of six months", language(alias), alias.text))
        })
    }

    /// Contacts with words for a side.
    fn by_side(&self, heading: &Heading) -> Option<(Claim, String)> {
        let found = heading.forms().find_map(|form| self.index.cover(form, &SIDES))?;
        if !found.contains(&Topic::Contacts) || heading.has_units() {
            return None;
        }
        let (ours, theirs) = (found.contains(&Topic::Ours), found.contains(&Topic::Theirs));
        // "contacts per client" counts either side's
        let per = heading.full.split(' ').any(|word| ["per", "pro", "por", "par", "by"].contains(&word));
        let reason = match (ours, theirs) {
            (true, true) => "contacts, with words for both sides",
            (true, false) => "contacts, with a word for our side only",
            (false, true) => "contacts, with a word for the client's side only",
            (false, false) => "contacts, with no word for a side",
        };
        if ours != theirs && !per {
            let field = if ours { Field::OurContacts } else { Field::ClientContacts };
            let claim = Claim::Field { field, tier: Tier::Words, weak: true, when: None };
            return Some((claim, reason.to_owned()));
        }
        Some((Claim::Contacts { ours, theirs }, reason.to_owned()))
    }

    /// A field with a year, quarter or month beside it.
    fn by_time(&self, heading: &Heading) -> Option<Decision> {
        let (when, rest) = years::read(&heading.core_text, self.index);
        if when.is_empty() {
            return None;
        }
        let (rest, so_far) = self.months_so_far(&super::heading::key(&rest));
        if let Some(lookalike) = self.index.lookalike(&rest) {
            return Some((Claim::None, format!("\"{lookalike}\" looks like a field and is none"), None));
        }
        let alias = self.alias_of(&rest);
        let mut topics = self.index.cover(&rest, &MONEY).unwrap_or_default();
        topics.extend(so_far.then_some(Topic::Cumulative));
        let money = |field: Field| field.kind() == Kind::Money;
        if alias.is_some_and(|alias| money(alias.field)) || alias.is_none() && !topics.is_empty() {
            return self.by_year(heading, &when, alias.map(|alias| alias.field), &topics);
        }
        let alias = alias?;
        let (field, text) = (alias.field, &alias.text);
        let claim = Claim::Field { field, tier: Tier::Words, weak: alias.weak, when: Some(when.clone()) };
        let how = format!("the {} \"{text}\" with a time beside it", language(alias));
        if heading.has_units() && !(field == Field::SurveyScore && heading.survey_scale().is_some()) {
            return None;
        }
        if self.time_suits(field, &when) {
            return Some((claim, how, None));
        }
        let what = if field == Field::Meetings { "another window than the last six months" } else { "another time" };
        Some((Claim::None, format!("nearest is {field} (\"{text}\"); vetoed: {what}"), None))
    }

    /// Without "11 months", where so many months of the year have passed.
    fn months_so_far(&self, key: &str) -> (String, bool) {
        let first = self.period.fiscal_first();
        let passed = (1..=12).find(|months| first.plus(months - 1) == self.period.month).unwrap_or(12).to_string();
        let words: Vec<&str> = key.split(' ').collect();
        let up_to =
            |word: &str| [Topic::Cumulative, Topic::ToDate].iter().any(|topic| self.index.is_topic(*topic, word));
        // "11 mois", "kum. 11"
        let is_it = |pair: &[&str]| {
            pair[0] == passed && MONTHS.contains(&pair[1])
                || up_to(pair[0]) && pair[1].parse() == Ok(self.period.month.month)
        };
        match words.windows(2).position(is_it) {
            Some(at) => ([&words[..at], &words[at + 2..]].concat().join(" "), true),
            None => (key.to_owned(), false),
        }
    }

    /// Money with a year.
    fn by_year(&self, heading: &Heading, when: &When, alias: Option<Field>, topics: &[Topic]) -> Option<Decision> {
        let has = |topic| topics.contains(&topic);
        let revenue = has(Topic::Revenue) || has(Topic::Earnings);
        let tier = if has(Topic::Earnings) && !has(Topic::Revenue) { Tier::Words } else { Tier::Alias };
        let year = when.year(self.by_end);
        let role = when.role(self.period, self.by_end);
        let target = alias == Some(Field::Target) || alias.is_none() && has(Topic::Target);
        let prior = alias == Some(Field::RevenueLastYear) || alias.is_none() && has(Topic::Prior);
        // "Ist 2025": what came in, of the year that stands beside it
        let actual =
            has(Topic::Actual) && !has(Topic::Current) && role == YearRole::Prior && !target && !when.in_part();
        let current = !actual
            && (alias == Some(Field::RevenueCurrent)
                || alias.is_none() && (has(Topic::Current) || has(Topic::Cumulative) || has(Topic::Actual)));
        let named = match (target, current) {
            (true, _) => Some(Field::Target),
            (false, true) => Some(Field::RevenueCurrent),
            (false, false) => None,
        };
        let speaks_of = year.map(|year| (year, named));
        let none = |reason: String| Some((Claim::None, reason, speaks_of));
        if heading.units.percent {
            return none("a percentage is no amount".to_owned());
        }
        let shown = year.map_or_else(|| "its time".to_owned(), |year| year.to_string());
        let take = |field: Field| {
            let reason = format!("{shown} is the {} of {}", year_words(field), self.period.month);
            let claim = Claim::Field { field, tier, weak: false, when: None };
            Some((claim, reason, speaks_of))
        };
        if when.in_part() {
            return match () {
                () if target || prior => none("speaks of a part of a year".to_owned()),
                () if when.is_year_to_date(self.period) && (current || revenue) => take(Field::RevenueCurrent),
                () if (has(Topic::ToDate) || has(Topic::Cumulative))
                    && when.is_month(self.period.month)
                    && (current || revenue) =>
                {
                    take(Field::RevenueCurrent)
                }
                () if current => {
                    let reason = "speaks of a part of a year that is not plainly the year so far".to_owned();
                    Some((Claim::Unclear(Field::RevenueCurrent), reason, speaks_of))
                }
                () => none("speaks of a part of a year".to_owned()),
            };
        }
        match (target, prior, current, role) {
            (true, false, false, YearRole::Current) => take(Field::Target),
            (false, true, false, YearRole::Prior) => take(Field::RevenueLastYear),
            (false, false, false, YearRole::Prior) if actual => take(Field::RevenueLastYear),
            (false, false, true, YearRole::Current) => take(Field::RevenueCurrent),
            (false, false, false, YearRole::Current) if revenue => take(Field::RevenueCurrent),
            (false, false, false, YearRole::Prior) if revenue => take(Field::RevenueLastYear),
            (false, false, false, _) if !revenue => none("a year, but nothing that says of what".to_owned()),
            _ => none(format!("{shown} does not fit: {} is in fiscal year {}", self.period.month, self.fiscal_year())),
        }
    }

    fn fiscal_year(&self) -> i16 {
        years::fiscal_name(self.period, self.by_end)
    }

    /// Money without a year, by the words it is made of.
    fn by_topic(&self, heading: &Heading) -> Option<Decision> {
        let covered = |form: &str| {
            let (rest, so_far) = self.months_so_far(form);
            let mut topics = self.index.cover(&rest, &MONEY)?;
            topics.extend(so_far.then_some(Topic::Cumulative));
            Some(topics)
        };
        let topics: Vec<Topic> = heading.forms().find_map(covered)?;
        // a target up to now is not the year's
        if topics.contains(&Topic::Target) && topics.contains(&Topic::Cumulative) {
            return None;
        }
        if heading.units.percent || heading.units.survey.is_some() {
            return Some((Claim::None, "a percentage is no amount".to_owned(), None));
        }
        let says_nothing = [Topic::FiscalYear, Topic::ToDate, Topic::Plain];
        let earnings = topics.contains(&Topic::Earnings) && !topics.contains(&Topic::Revenue);
        let meant = |topic| match topic {
            Topic::Earnings => Topic::Revenue,
            Topic::Cumulative => Topic::Current,
            topic => topic,
        };
        let mut named: Vec<Topic> =
            topics.into_iter().map(meant).filter(|topic| !says_nothing.contains(topic)).collect();
        named.sort_unstable();
        named.dedup();
        let field = match named[..] {
            // a bare "Commission" is anything
            [Topic::Revenue] if earnings => return None,
            [Topic::Revenue] => {
                return Some((Claim::Revenue, "revenue, of no stated year".to_owned(), None));
            }
            [Topic::Revenue, Topic::Target]
            | [Topic::Target, Topic::Current]
            | [Topic::Revenue, Topic::Target, Topic::Current] => Field::Target,
            [Topic::Revenue, Topic::Prior] | [Topic::Revenue, Topic::Prior, Topic::Actual] => Field::RevenueLastYear,
            [Topic::Revenue, Topic::Current]
            | [Topic::Revenue, Topic::Actual]
            | [Topic::Revenue, Topic::Current, Topic::Actual] => Field::RevenueCurrent,
            _ => return None,
        };
        let claim = Claim::Field { field, tier: Tier::Words, weak: false, when: None };
        Some((claim, format!("words for {}", year_words(field)), None))
    }

    /// A field by the concepts that its words stand for.
    fn by_concepts(&self, heading: &Heading) -> Option<(Claim, String)> {
        let (when, rest) = years::read(&heading.core_text, self.index);
        let composed = compose(self.index.lexicon(), &rest, heading.survey_scale().is_some())?;
        let (field, weak) = match composed {
            Composed::Field(field, weak) => (field, weak),
            Composed::Contacts if when.is_empty() && !heading.has_units() => {
                let reason = "contacts, and its words leave open whose".to_owned();
                return Some((Claim::Contacts { ours: true, theirs: true }, reason));
            }
            Composed::Contacts => return None,
        };
        if !units_suit(field.kind(), &heading.units) {
            return Some((Claim::None, format!("nearest is {field}; vetoed: the unit in the heading")));
        }
        let timed = matches!(field, Field::SurveyScore | Field::SurveyDate | Field::Meetings | Field::Referrals);
        let suits = timed && self.time_suits(field, &when);
        if !when.is_empty() && !suits {
            return Some((Claim::None, format!("nearest is {field}; vetoed: another time")));
        }
        let when = Some(when).filter(|when| !when.is_empty());
        Some((Claim::Field { field, tier: Tier::Words, weak, when }, format!("words for {field}")))
    }

    /// "Kunde / Baustelle": names and remarks, of which one part is known and the other says nothing against it.
    fn by_alternatives(&self, heading: &Heading) -> Option<(Claim, String)> {
        let mut found: Option<(Claim, String)> = None;
        let parts: Vec<&str> =
            heading.core_text.split(['/', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() < 2 || heading.has_units() {
            return None;
        }
        for part in parts {
            let part = Heading::new(part, self.index);
            match self.decide(&part) {
                Some((Claim::Field { field, when: None, .. }, reason, None)) if field.kind() == Kind::Text => {
                    if found.as_ref().is_some_and(
                        |(claim, _)| !matches!(claim, Claim::Field { field: other, .. } if *other == field),
                    ) {
                        return None;
                    }
                    let claim = Claim::Field { field, tier: Tier::Words, weak: false, when: None };
                    found = found.or(Some((claim, reason)));
                }
                None if part.core.split(' ').all(|word| self.index.groups(word).is_empty()) => {}
                _ => return None,
            }
        }
        found
    }

    /// Whether a time beside the field is one that it may have.
    fn time_suits(&self, field: Field, when: &When) -> bool {
        let window = when.window(self.period, self.by_end);
        match field {
            Field::SurveyScore | Field::SurveyDate => window.is_some(),
            Field::Meetings => {
                window.is_some_and(|(first, last, _)| last == self.period.month && first == last.plus(-5))
            }
            _ => window.is_some_and(|(first, last, _)| first <= self.period.month && self.period.month <= last),
        }
    }

    /// An alias once brackets are left away whose words are unknown: never applied.
    fn by_bare(&self, heading: &Heading) -> Option<(Claim, String)> {
        heading.bare.as_ref()?;
        let bare = Heading { aside: String::new(), ..Heading::new(&heading.bare_text, self.index) };
        let field = match self.decide(&bare)?.0 {
            Claim::Field { field, .. } | Claim::Unclear(field) => field,
            Claim::Revenue => Field::RevenueCurrent,
            Claim::Contacts { .. } | Claim::None => return None,
        };
        let aside = super::heading::key(&heading.aside);
        let veto = aside.split(' ').find(|word| !self.index.groups(word).is_empty());
        Some(match veto {
            Some(word) => (Claim::None, format!("nearest is {field} (\"{}\"); vetoed: {word}", bare.full)),
            None => (
                Claim::Unclear(field),
                format!("\"{}\" is {field}, but \"({})\" is not known", heading.bare_text.trim(), heading.aside),
            ),
        })
    }

    /// The nearest field, and what spoke against it.
    fn why_not(&self, key: &str) -> String {
        let Some(alias) = self.index.nearest(key) else {
            return "no field is near".to_owned();
        };
        let odd = |words: &str, others: &str| {
            let others: Vec<&str> = others.split(' ').collect();
            let differs = |word: &&str| !others.contains(word) && !self.index.is_stop_word(word);
            let mut odd: Vec<String> = words.split(' ').filter(differs).map(str::to_owned).collect();
            odd.sort_by_key(|word| self.index.groups(word).is_empty());
            odd.into_iter().next()
        };
        let against = odd(key, &alias.key).map(|word| format!("vetoed: {word}"));
        let against = against.or_else(|| odd(&alias.key, key).map(|word| format!("missing: {word}")));
        let against = against.map_or_else(String::new, |against| format!("; {against}"));
        format!("nearest is {} (\"{}\"){against}", alias.field, alias.text)
    }
}

/// A survey whose lowest answer is the best is not read as if the highest were.
fn best_is_low((claim, reason, speaks_of): Decision, heading: &Heading) -> Decision {
    match claim {
        Claim::Field { field: Field::SurveyScore, .. } if heading.units.best_is_low => {
            let reason = "its lowest answer is the best, and keeptabs counts the highest as the best".to_owned();
            (Claim::Unclear(Field::SurveyScore), reason, speaks_of)
        }
        claim => (claim, reason, speaks_of),
    }
}

/// A percentage is no amount, and only amounts have a currency or a scale.
pub(super) fn units_suit(kind: Kind, units: &Units) -> bool {
    let money = units.scale.is_some() || units.currency.is_some();
    match kind {
        Kind::Money => !units.percent && units.survey.is_none(),
        Kind::Survey => !money,
        _ => !money && !units.percent && units.survey.is_none(),
    }
}

fn year_words(field: Field) -> &'static str {
    match field {
        Field::RevenueLastYear => "revenue of the fiscal year before that",
        Field::Target => "target of the fiscal year",
        _ => "revenue of the fiscal year",
    }
}

/// "Dutch alias".
pub(crate) fn language(alias: &Alias) -> String {
    let name = match alias.language.as_str() {
        "en" => "English",
        "pt" => "Portuguese",
        "nl" => "Dutch",
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "it" => "Italian",
        _ => return "alias".to_owned(),
    };
    format!("{name} alias")
}
