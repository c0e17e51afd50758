//! Phrases of the dictionary that say what a heading speaks of: revenue, a year's end, a side, a window of time.

use super::index::heading_keys;
use crate::dictionary::{Dictionary, words};
use std::collections::HashSet;

/// A set of phrases, found in a heading's words.
#[derive(Clone, Debug, Default)]
pub(crate) struct Phrases {
    known: HashSet<String>,
    longest: usize,
}

impl Phrases {
    pub(super) fn new<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let known: HashSet<String> = texts.flat_map(heading_keys).filter(|key| !key.is_empty()).collect();
        // only a maximum is taken, which no order changes
        #[allow(clippy::iter_over_hash_type)]
        let longest = known.iter().map(|phrase| phrase.split(' ').count()).max().unwrap_or(0);
        Self { known, longest }
    }

    /// How many of the first words make a phrase; the longest counts, 0 for none.
    pub(crate) fn at_start(&self, words: &[&str]) -> usize {
        (1..=self.longest.min(words.len())).rev().find(|&n| self.known.contains(&words[..n].join(" "))).unwrap_or(0)
    }

    /// Whether it is one of the phrases.
    pub(crate) fn contains(&self, phrase: &str) -> bool {
        self.known.contains(phrase)
    }
}

/// What phrases of a heading speak of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the dictionary's own keys")]
pub(crate) enum Topic {
    Revenue,
    Target,
    Current,
    Prior,
    FiscalYear,
    ToDate,
    Plain,
    Actual,
    Cumulative,
    Earnings,
    Since,
    Quarter,
    Half,
    SixMonths,
    OtherWindow,
    Ours,
    Theirs,
    Contacts,
}

const TOPICS: [(Topic, &str); 18] = [
    (Topic::Revenue, "revenue"),
    (Topic::Target, "target"),
    (Topic::Current, "current"),
    (Topic::Prior, "prior"),
    (Topic::FiscalYear, "fiscal_year"),
    (Topic::ToDate, "to_date"),
    (Topic::Plain, "plain"),
    (Topic::Actual, "actual"),
    (Topic::Cumulative, "cumulative"),
    (Topic::Earnings, "earnings"),
    (Topic::Since, "since"),
    (Topic::Quarter, "quarter"),
    (Topic::Half, "half"),
    (Topic::SixMonths, "six_months"),
    (Topic::OtherWindow, "other"),
    (Topic::Ours, "ours"),
    (Topic::Theirs, "theirs"),
    (Topic::Contacts, "contacts"),
];

/// A window of time in every short form of "months": "last 6 months" → "last 6 mths".
pub(super) fn month_forms(text: &str) -> Vec<String> {
    const MONTHS: [(&[&str], &[&str]); 6] = [
        (&["months", "month"], &["mths", "mth", "mos", "mo", "mnths", "mns"]),
        (&["maanden", "maand"], &["mnd", "mndn", "mdn", "mnden"]),
        (&["Monate", "Monaten", "Monats"], &["Mon", "Mte", "Mt", "Mo", "Monat"]),
        (&["mois"], &["m", "ms"]),
        (&["meses"], &["m", "ms", "mes"]),
        (&["mesi"], &["m", "ms", "mes"]),
    ];
    let mut forms = vec![text.to_owned()];
    for (whole, short) in MONTHS {
        let words: Vec<&str> = text.split(' ').collect();
        let Some(at) = words.iter().position(|word| whole.contains(word)).filter(|at| *at > 0) else { continue };
        forms.extend(short.iter().map(|short| [&words[..at], &[*short], &words[at + 1..]].concat().join(" ")));
    }
    let glued: Vec<String> = forms
        .iter()
        .filter(|form| form.contains("6 m") || form.contains("6 M"))
        .map(|form| form.replace("6 ", "6"))
        .collect();
    forms.extend(glued);
    forms
}

/// The phrases of every topic.
pub(super) fn topics(dictionary: &Dictionary) -> Vec<(Topic, Phrases)> {
    let phrases = |id: &str| {
        let maps = [&dictionary.year_words, &dictionary.windows, &dictionary.sides];
        let all = maps.into_iter().filter_map(|map| map.get(id)).flat_map(words);
        let forms: Vec<String> = all.flat_map(|(_, word)| month_forms(word)).collect();
        Phrases::new(forms.iter().map(String::as_str))
    };
    TOPICS.iter().map(|&(topic, id)| (topic, phrases(id))).collect()
}
