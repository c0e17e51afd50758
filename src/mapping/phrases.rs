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

/// The phrases of every topic.
pub(super) fn topics(dictionary: &Dictionary) -> Vec<(Topic, Phrases)> {
    let phrases = |id: &str| {
        let maps = [&dictionary.year_words, &dictionary.windows, &dictionary.sides];
        Phrases::new(maps.into_iter().filter_map(|map| map.get(id)).flat_map(words).map(|(_, word)| word))
    };
    TOPICS.iter().map(|&(topic, id)| (topic, phrases(id))).collect()
}
