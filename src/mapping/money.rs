//! Headings with a time beside them, and amounts of money: years are read against the reporting month.

use super::Tier;
use super::claim::{Claim, Decision, Lookup, language};
use super::concepts::Concept;
use super::heading::{Heading, key};
use super::heads::ends_in_revenue;
use super::index::{Alias, Topic};
use super::years::{self, When, YearRole};
use crate::field::{Field, Kind};
use crate::period::Month;

/// Of two that a word can mean the later one counts.
pub(super) const MONEY: [Topic; 10] = [
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
const MONTHS: [&str; 14] = [
    "m", "months", "month", "mths", "mos", "mois", "monate", "monaten", "mon", "mte", "meses", "mesi", "maanden", "mnd",
];
impl Lookup<'_> {
    /// A field with a year, quarter or month beside it.
    pub(super) fn by_time(&self, heading: &Heading) -> Option<Decision> {
        let (when, rest) = years::read(&heading.core_text, self.index);
        if when.is_empty() {
            return None;
        }
        let (rest, so_far) = self.months_so_far(&key(&rest));
        // "Volumen 2025 (miles de euros)": what is in euros is no weight
        let volume = ["volumen", "volume", "produccion", "producao"]
            .iter()
            .find_map(|word| rest.strip_prefix(word))
            .map(str::trim_start);
        let in_money = heading.units.currency.is_some() && !rest.is_empty();
        let rest =
            match volume.filter(|after| in_money && (after.is_empty() || self.index.cover(after, &MONEY).is_some())) {
                Some(after) => format!("ventas {after}").trim_end().to_owned(),
                None => rest,
            };
        // "Facturation à date" is no "date de facturation"
        if let Some(lookalike) = self.index.lookalike(&rest).filter(|_| self.index.alias(&rest).is_none()) {
            return Some((Claim::None, format!("\"{lookalike}\" looks like a field and is none"), None));
        }
        let when = when.whole_years(self.period);
        let alias = self.alias_of(&rest);
        let mut topics = self.index.cover(&rest, &MONEY).unwrap_or_default();
        // "Realizado no ano até nov.": what the year has brought, and up to when
        let until = self.until(&rest).filter(|_| alias.is_none() && topics.is_empty());
        topics.extend(until.map(|_| Topic::ToDate));
        let alias = alias.or(until);
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
        if let Some(found) = self.six_months_before(field, &when) {
            return Some((found.0, found.1, None));
        }
        let what = if field == Field::Meetings { "another window than the last six months" } else { "another time" };
        Some((Claim::None, format!("nearest is {field} (\"{text}\"), but of {what}"), None))
    }

    /// The words for current performance before an "up to" that nothing follows.
    fn until(&self, rest: &str) -> Option<&Alias> {
        let words: Vec<&str> = rest.split(' ').collect();
        let ends = |at: &usize| self.index.topic_at(Topic::ToDate, &words[*at..]) == words.len() - at;
        let at = (1..words.len()).find(ends)?;
        self.alias_of(&words[..at].join(" ")).filter(|alias| alias.field == Field::RevenueCurrent)
    }

    /// Without "11 months", where so many months of the year have passed.
    pub(super) fn months_so_far(&self, key: &str) -> (String, bool) {
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
        // "t/m 11", "t/m P11"
        let number = |word: &str| word.strip_prefix('p').unwrap_or(word).parse() == Ok(self.period.month.month);
        let up_to_month = |three: &[&str]| up_to(&three[..2].join(" ")) && number(three[2]);
        if let Some(at) = words.windows(3).position(up_to_month) {
            return ([&words[..at], &words[at + 3..]].concat().join(" "), true);
        }
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
        let until = |month: Month| {
            when.is_year_to(self.period, month)
                || (has(Topic::ToDate) || has(Topic::Cumulative)) && when.is_month(month)
        };
        let before = Some(self.period.month.plus(-1)).filter(|month| *month >= self.period.fiscal_first());
        if when.in_part() {
            return match () {
                () if target || prior => none("speaks of a part of a year".to_owned()),
                () if until(self.period.month) && (current || revenue) => take(Field::RevenueCurrent),
                () if before.is_some_and(until) && (current || revenue) => {
                    let reason = format!("the year up to a month before {}", self.period.month);
                    Some((Claim::Behind, reason, speaks_of))
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
            // "Honorarziel laufendes Jahr (2026)"; a target up to now is not the year's
            (true, false, true, YearRole::Current)
                if has(Topic::Current)
                    && ![Topic::Cumulative, Topic::ToDate, Topic::Actual].iter().any(|topic| has(*topic)) =>
            {
                take(Field::Target)
            }
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
    pub(super) fn by_topic(&self, heading: &Heading) -> Option<Decision> {
        let covered = |form: &str| {
            let (rest, so_far) = self.months_so_far(form);
            let mut topics = self.index.cover(&rest, &MONEY)?;
            topics.extend(so_far.then_some(Topic::Cumulative));
            Some(topics)
        };
        self.by_topics(heading, heading.forms().find_map(covered)?)
    }

    /// Money by the words that are known, where a word or two stand beside them that say nothing known, and these words.
    pub(super) fn money_partly(&self, heading: &Heading) -> Option<(Field, Vec<String>)> {
        const MOST: usize = 2;
        let (when, rest) = years::read(&heading.core_text, self.index);
        let (rest, so_far) = self.months_so_far(&key(&rest));
        let (mut unknown, mut of_trade) = (Vec::new(), false);
        let mut topics = self.index.cover_but(&rest, &MONEY, |word| {
            let open = !self.index.may_say_otherwise(word) && self.index.lexicon().leaves_money_open(word);
            of_trade |= open && ends_in_revenue(word);
            unknown.extend(open.then(|| word.to_owned()));
            open
        });
        // "Rittenomzet 2025" has no other word
        let alone = topics.is_none() && of_trade && !when.is_empty();
        topics = topics.or(alone.then(Vec::new));
        let mut topics = topics?;
        topics.extend(of_trade.then_some(Topic::Revenue));
        topics.sort_unstable();
        topics.dedup();
        let speaks_of_money = topics.iter().any(|topic| matches!(topic, Topic::Revenue | Topic::Target));
        if !speaks_of_money || unknown.is_empty() || unknown.len() > MOST {
            return None;
        }
        let names_client = rest.split(' ').any(|word| self.index.lexicon().speaks_of(word, &[Concept::Client]));
        topics.extend(so_far.then_some(Topic::Cumulative));
        let so_far = [Topic::Current, Topic::Cumulative, Topic::ToDate, Topic::Actual];
        let says_so_far = topics.iter().any(|topic| so_far.contains(topic));
        let found = match when.is_empty() {
            true => self.by_topics(heading, topics),
            false => self.by_year(heading, &when.whole_years(self.period), None, &topics),
        };
        // "Fees targeted 2026": what is so far has to say so
        match found?.0 {
            Claim::Field { field: Field::RevenueCurrent, .. } if !says_so_far => None,
            // "Budget com du client": what the client may spend
            Claim::Field { field: Field::Target, .. } if names_client => None,
            Claim::Field { field, .. } => Some((field, unknown)),
            _ => None,
        }
    }

    /// Money without a year, by what its words speak of.
    fn by_topics(&self, heading: &Heading, topics: Vec<Topic>) -> Option<Decision> {
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
        // "CY quota"; a "target year" is a year
        let this_year = || heading.forms().any(|form| form.split(' ').any(|word| word == "cy"));
        let field = match named[..] {
            [Topic::Target] if this_year() => Field::Target,
            // a bare "Commission" is anything
            [Topic::Revenue] if earnings => return None,
            [Topic::Revenue] => {
                return Some((Claim::Revenue, "revenue, of no stated year".to_owned(), None));
            }
            [Topic::Revenue, Topic::Target]
            | [Topic::Target, Topic::Current]
            | [Topic::Revenue, Topic::Target, Topic::Current] => Field::Target,
            [Topic::Revenue, Topic::Prior]
            | [Topic::Revenue, Topic::Prior, Topic::Actual]
            // "Real ej. anterior": what came in is money
            | [Topic::Prior, Topic::Actual] => Field::RevenueLastYear,
            [Topic::Current, Topic::Actual]
            | [Topic::Revenue, Topic::Current]
            | [Topic::Revenue, Topic::Actual]
            | [Topic::Revenue, Topic::Current, Topic::Actual] => Field::RevenueCurrent,
            _ => return None,
        };
        let claim = Claim::Field { field, tier: Tier::Words, weak: false, when: None };
        Some((claim, format!("words for {}", year_words(field)), None))
    }

    /// Meetings of six months that end with the month before the report's: nobody but a person knows whether they still hold.
    pub(super) fn six_months_before(&self, field: Field, when: &When) -> Option<(Claim, String)> {
        let (first, last, _) = when.window(self.period, self.by_end).filter(|_| field == Field::Meetings)?;
        let month = self.period.month;
        (last == month.plus(-1) && first == last.plus(-5)).then(|| {
            let reason = format!("six months up to {last}, and the report is of {month}");
            (Claim::Unclear(field), reason)
        })
    }

    /// Whether a time beside the field is one that it may have.
    pub(super) fn time_suits(&self, field: Field, when: &When) -> bool {
        let window = when.window(self.period, self.by_end);
        match field {
            Field::SurveyScore | Field::SurveyDate => window.is_some(),
            Field::Meetings => {
                window.is_some_and(|(first, last, _)| last == self.period.month && first == last.plus(-5))
            }
            _ => window.is_some_and(|(first, last, _)| first <= self.period.month && self.period.month <= last),
        }
    }
}

fn year_words(field: Field) -> &'static str {
    match field {
        Field::RevenueLastYear => "revenue of the fiscal year before that",
        Field::Target => "target of the fiscal year",
        _ => "revenue of the fiscal year",
    }
}
