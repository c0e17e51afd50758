//! The dictionary as headings are looked up in it: built once, never walked in hash order.

use super::clipped::from_first;
use super::concepts::{Concept, Lexicon, Token};
use super::heading::key;
pub(crate) use super::phrases::Topic;
use super::phrases::{Phrases, topics};
use super::seen::Seen;
use crate::account::Currency;
use crate::dictionary::{ByLanguage, Dictionary, words};
use crate::field::{Field, Kind};
use crate::language::Language;
use crate::output::department::field_headings;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A heading of the dictionary.
#[derive(Clone, Debug)]
pub(crate) struct Alias {
    /// As it is compared.
    pub key: String,
    /// The field it points to.
    pub field: Field,
    /// A field's id or its own heading.
    pub exact: bool,
    /// Counts only if the values bear it out.
    pub weak: bool,
    /// As written in the dictionary.
    pub text: String,
    /// Its language's code.
    pub language: String,
}

/// Classes of short texts in cells, for the look at a column's values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lists {
    pub missing: HashSet<String>,
    pub missing_raw: HashSet<String>,
    pub levels: HashSet<String>,
    pub stages: HashSet<String>,
    /// Words for prospects and former clients.
    pub other_stages: HashSet<String>,
    pub statuses: HashSet<String>,
    pub numbers: HashSet<String>,
    pub about: HashSet<String>,
    pub totals: HashSet<String>,
    pub months: HashMap<String, u8>,
}

/// The dictionary as headings are looked up in it.
#[derive(Clone, Debug)]
pub(crate) struct Index {
    /// Every alias, in the order of fields, languages and the file.
    pub aliases: Vec<Alias>,
    /// Classes of cell texts.
    pub lists: Lists,
    by_key: HashMap<String, u32>,
    /// By set of words; `None` where two fields share it.
    by_words: HashMap<String, Option<u32>>,
    by_compact: HashMap<String, Option<u32>>,
    /// Aliases of counts without their "number of".
    by_counted: HashMap<String, Option<u32>>,
    by_shape: HashMap<(char, usize), Vec<u32>>,
    by_word: HashMap<String, Vec<u32>>,
    /// Keys of aliases and of look-alikes, in their order.
    sorted: (Vec<String>, Vec<String>),
    lookalikes: HashMap<String, String>,
    lookalike_words: HashMap<String, String>,
    vocabulary: HashSet<String>,
    /// Words that only look-alikes have.
    warned: HashSet<String>,
    discriminating: HashMap<String, Vec<String>>,
    stop_words: HashSet<String>,
    abbreviations: HashMap<String, String>,
    lexicon: Lexicon,
    remarks: HashSet<String>,
    instructions: Phrases,
    best_answers: Phrases,
    turns: BTreeSet<String>,
    topics: Vec<(Topic, Phrases)>,
    scales: HashMap<String, f64>,
    currencies: HashMap<String, (Currency, bool)>,
    pub(super) seen: Seen,
}

impl Index {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        let set = |by_language: &ByLanguage| -> HashSet<String> {
            words(by_language).flat_map(|(_, word)| heading_keys(word)).filter(|key| !key.is_empty()).collect()
        };
        let sets = |map: &BTreeMap<String, ByLanguage>| -> HashSet<String> { map.values().flat_map(set).collect() };
        let mut discriminating: HashMap<String, Vec<String>> = HashMap::new();
        for (group, words) in &dictionary.discriminating {
            for key in words.iter().flat_map(|word| heading_keys(word)) {
                let groups = discriminating.entry(key).or_default();
                if !groups.contains(group) {
                    groups.push(group.clone());
                }
            }
        }
        let mut months = HashMap::new();
        for (number, by_language) in &dictionary.months {
            for (_, name) in words(by_language) {
                if let Ok(number) = number.parse() {
                    months.insert(fold(name), number);
                }
            }
        }
        let mut index = Self {
            aliases: aliases(dictionary),
            lists: Lists {
                missing: set(&dictionary.missing),
                missing_raw: words(&dictionary.missing).map(|(_, word)| word.trim().to_lowercase()).collect(),
                levels: sets(&dictionary.levels),
                stages: sets(&dictionary.stages),
                other_stages: ["prospect", "former"]
                    .iter()
                    .filter_map(|id| dictionary.stages.get(*id))
                    .flat_map(set)
                    .collect(),
                statuses: sets(&dictionary.statuses),
                numbers: sets(&dictionary.numbers),
                about: set(&dictionary.about),
                totals: set(&dictionary.totals),
                months,
            },
            by_key: HashMap::new(),
            by_words: HashMap::new(),
            by_compact: HashMap::new(),
            by_counted: HashMap::new(),
            by_shape: HashMap::new(),
            by_word: HashMap::new(),
            sorted: (Vec::new(), Vec::new()),
            lookalikes: HashMap::new(),
            lookalike_words: HashMap::new(),
            vocabulary: HashSet::new(),
            warned: HashSet::new(),
            stop_words: set(&dictionary.stop_words)
                .into_iter()
                .filter(|word| !discriminating.contains_key(word))
                .collect(),
            discriminating,
            abbreviations: dictionary.abbreviations.iter().map(|(short, full)| (fold(short), fold(full))).collect(),
            lexicon: Lexicon::new(dictionary),
            remarks: set(&dictionary.remarks),
            instructions: Phrases::new(words(&dictionary.instructions).map(|(_, word)| word)),
            best_answers: Phrases::new(words(&dictionary.best_answers).map(|(_, word)| word)),
            turns: words(&dictionary.turns).map(|(_, word)| key(word)).collect(),
            topics: topics(dictionary),
            scales: HashMap::new(),
            currencies: currencies(dictionary),
            seen: Seen::default(),
        };
        for (scale, by_language) in &dictionary.scales {
            if let Ok(scale) = scale.parse() {
                for (_, word) in words(by_language) {
                    index.scales.insert(word.trim_end_matches('.').to_lowercase(), scale);
                }
            }
        }
        for (_, text) in words(&dictionary.lookalikes) {
            for key in heading_keys(text) {
                if let Some(words) = index.word_set(&key) {
                    index.lookalike_words.entry(words).or_insert_with(|| text.to_owned());
                }
                index.vocabulary.extend(key.split(' ').map(str::to_owned));
                index.warned.extend(key.split(' ').map(str::to_owned));
                index.sorted.1.push(key.clone());
                index.lookalikes.entry(key).or_insert_with(|| text.to_owned());
            }
        }
        index.enter_aliases();
        index.sorted.0 = index.aliases.iter().filter(|alias| !alias.weak).map(|alias| alias.key.clone()).collect();
        index.sorted.0.sort_unstable();
        index.sorted.1.sort_unstable();
        let topic_words = [&dictionary.year_words, &dictionary.windows, &dictionary.sides];
        for word in topic_words.into_iter().flat_map(|map| map.values()).flat_map(words).map(|(_, word)| word) {
            index.vocabulary.extend(key(word).split(' ').map(str::to_owned));
        }
        index
    }

    fn enter_aliases(&mut self) {
        for at in 0..self.aliases.len() {
            let alias = &self.aliases[at];
            let (id, field, key) = (at as u32, alias.field, alias.key.clone());
            let unless_shared = |slot: &mut Option<u32>, aliases: &[Alias]| {
                if slot.is_some_and(|other| aliases[other as usize].field != field) {
                    *slot = None;
                }
            };
            // "no cliente" is no number
            let spoken = if alias.language == "pt" { key.replace(" no ", " ") } else { key.clone() };
            if let Some(words) = self.word_set(&spoken) {
                unless_shared(self.by_words.entry(words).or_insert(Some(id)), &self.aliases);
            }
            if let Some(rest) = self.counted(&key).filter(|_| field.kind() == Kind::Count).map(str::to_owned) {
                unless_shared(self.by_counted.entry(rest).or_insert(Some(id)), &self.aliases);
            }
            unless_shared(self.by_compact.entry(compact(&key)).or_insert(Some(id)), &self.aliases);
            if let Some(first) = key.chars().next() {
                self.by_shape.entry((first, key.chars().count())).or_default().push(id);
            }
            for word in key.split(' ') {
                self.warned.remove(word);
                let postings = self.by_word.entry(word.to_owned()).or_default();
                if postings.last() != Some(&id) {
                    postings.push(id);
                }
                self.vocabulary.insert(word.to_owned());
            }
            self.by_key.entry(key).or_insert(id);
        }
    }

    /// The alias equal to a key.
    pub(crate) fn alias(&self, key: &str) -> Option<&Alias> {
        self.by_key.get(key).map(|&id| &self.aliases[id as usize])
    }

    /// The alias equal as a set of words, or but for spaces.
    pub(crate) fn alias_by_words(&self, key: &str) -> Option<&Alias> {
        let by_words = self.word_set(key).and_then(|words| self.by_words.get(&words).copied().flatten());
        let found = by_words.or_else(|| self.by_compact.get(&compact(key)).copied().flatten());
        let alias = &self.aliases[found? as usize];
        // "Funcionários do cliente com contacto" are not "funcionários com contacto no cliente"
        let is_side = matches!(alias.field, Field::OurContacts | Field::ClientContacts);
        (!is_side || self.in_same_order(key, &alias.key)).then_some(alias)
    }

    /// The alias of a count that is equal but for its "number of".
    pub(crate) fn alias_of_count(&self, key: &str) -> Option<&Alias> {
        self.by_counted.get(key).copied().flatten().map(|id| &self.aliases[id as usize])
    }

    /// The look-alike equal to a key, as written.
    pub(crate) fn lookalike(&self, key: &str) -> Option<&str> {
        let by_words = || self.word_set(key).and_then(|words| self.lookalike_words.get(&words));
        self.lookalikes.get(key).or_else(by_words).map(String::as_str)
    }

    /// The aliases that read so with words cut short.
    pub(super) fn beginning_with<'k>(&'k self, tokens: &'k [Token]) -> impl Iterator<Item = &'k Alias> {
        from_first(&self.sorted.0, tokens).filter_map(|key| self.alias(key))
    }

    /// The keys of all look-alikes, sorted.
    pub(super) fn sorted_lookalikes(&self) -> &[String] {
        &self.sorted.1
    }

    /// Aliases that begin with the same letter and are about as long, in their order.
    pub(crate) fn similar(&self, first: char, length: usize) -> impl Iterator<Item = &Alias> {
        (length.saturating_sub(2)..=length + 2)
            .filter_map(move |length| self.by_shape.get(&(first, length)))
            .flatten()
            .map(|&id| &self.aliases[id as usize])
    }

    /// The alias that shares most words with a key.
    pub(crate) fn nearest(&self, key: &str) -> Option<&Alias> {
        let words: Vec<&str> = key.split(' ').filter(|word| !self.stop_words.contains(*word)).collect();
        let mut shared: BTreeMap<u32, usize> = BTreeMap::new();
        for id in words.iter().filter_map(|word| self.by_word.get(*word)).flatten() {
            *shared.entry(*id).or_default() += 1;
        }
        let likeness = |&(id, n): &(u32, usize)| {
            let all = self.aliases[id as usize].key.split(' ').count() + words.len() - n;
            (n * 1000 / all.max(1), std::cmp::Reverse(id))
        };
        shared.into_iter().max_by_key(likeness).map(|(id, _)| &self.aliases[id as usize])
    }

    /// Whether two keys of the same words have them in the same order, if there are more than two.
    fn in_same_order(&self, key: &str, other: &str) -> bool {
        let named = |word: &&str| word.len() > 2 && !self.lexicon.speaks_of(word, &[Concept::Link]);
        let (words, others): (Vec<&str>, Vec<&str>) =
            (self.meaningful(key).filter(named).collect(), self.meaningful(other).filter(named).collect());
        words.len() <= 2 || words == others
    }

    /// The words of a key without stop words, abbreviations spelt out.
    fn meaningful<'k>(&'k self, key: &'k str) -> impl Iterator<Item = &'k str> {
        key.split(' ')
            .flat_map(|word| self.abbreviations.get(word).map_or(word, String::as_str).split(' '))
            .filter(|word| !word.is_empty() && !self.stop_words.contains(*word))
    }

    /// The same sorted; `None` if none is left.
    fn word_set(&self, key: &str) -> Option<String> {
        let mut words: Vec<&str> = self.meaningful(key).collect();
        words.sort_unstable();
        (!words.is_empty()).then(|| words.join(" "))
    }

    /// Whether the dictionary uses the word anywhere in a heading.
    pub(crate) fn knows_word(&self, word: &str) -> bool {
        self.vocabulary.contains(word) || self.abbreviations.contains_key(word)
    }

    /// The groups of words that veto when they differ, of which this is one.
    pub(crate) fn groups(&self, word: &str) -> &[String] {
        self.discriminating.get(word).map_or(&[], Vec::as_slice)
    }

    /// Whether a word that no concept stands for may turn what the others say: it tells fields apart, or only look-alikes have it.
    pub(crate) fn may_say_otherwise(&self, word: &str) -> bool {
        let turned = || {
            word.char_indices()
                .skip(2)
                .map(|(at, _)| &word[..at])
                .chain([word])
                .any(|begins| self.turns.contains(begins))
        };
        self.warned.contains(word)
            || !self.groups(word).is_empty()
            || word.chars().any(|c| c.is_ascii_digit())
            || turned()
    }

    /// Whether the word carries no meaning of its own.
    pub(crate) fn is_stop_word(&self, word: &str) -> bool {
        self.stop_words.contains(word)
    }

    /// Whether a word or phrase in brackets says nothing about what a column means.
    pub(crate) fn is_remark(&self, word: &str) -> bool {
        self.remarks.contains(word) || self.stop_words.contains(word)
    }

    /// Whether a text only tells how the column is filled in: "bitte nur Zahl", "max. 200 characters".
    pub(crate) fn is_instruction(&self, text: &str) -> bool {
        let key = key(text);
        let words: Vec<&str> = key.split(' ').collect();
        let is_number = |word: &str| word.len() <= 3 && word.bytes().all(|b| b.is_ascii_digit());
        let (mut at, mut instructs) = (0, false);
        while at < words.len() {
            let phrase = self.instructions.at_start(&words[at..]);
            // "6 digits", and no date
            let counted = is_number(words[at]) && self.instructions.at_start(&words[at + 1..]) > 0;
            // "to be filled in by the account manager"
            let by_whom = instructs && self.lexicon.speaks_of(words[at], &[Concept::Manager]);
            if phrase == 0 && !counted && !by_whom && !self.is_remark(words[at]) {
                return false;
            }
            instructs |= phrase > 0;
            at += phrase.max(1);
        }
        instructs
    }

    /// Whether it is a word for a survey or its score.
    pub(crate) fn is_score(&self, word: &str) -> bool {
        self.lexicon.speaks_of(word, &[Concept::Survey, Concept::Score])
    }

    /// Whether a text says that an answer is a good one.
    pub(crate) fn is_best(&self, text: &str) -> bool {
        let key = key(text);
        let words: Vec<&str> = key.split(' ').collect();
        (0..words.len()).any(|at| self.best_answers.at_start(&words[at..]) > 0)
    }

    /// Whether it is a word for a level.
    pub(crate) fn is_level(&self, word: &str) -> bool {
        self.lists.levels.contains(word)
    }

    /// Whether a text begins like a row of totals.
    pub(crate) fn is_total(&self, key: &str) -> bool {
        self.lists.totals.contains(key) || key.split(' ').next().is_some_and(|word| self.lists.totals.contains(word))
    }

    /// Whether it is a word for a stage of a relationship.
    pub(crate) fn is_stage(&self, word: &str) -> bool {
        self.lists.stages.contains(word)
    }

    /// Whether it is a word for prospects or former clients.
    pub(crate) fn is_other_stage(&self, word: &str) -> bool {
        self.lists.other_stages.contains(word)
    }

    /// The words for concepts.
    pub(crate) fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// What "k", "Mio", "Tsd" multiply by.
    pub(crate) fn scale(&self, word: &str) -> Option<f64> {
        self.scales.get(word).copied()
    }

    /// The currency behind a sign, code or name in lower case, and whether it is a name.
    pub(crate) fn currency(&self, word: &str) -> Option<(Currency, bool)> {
        self.currencies.get(word).copied()
    }

    /// How many of the first words speak of a topic.
    pub(crate) fn topic_at(&self, topic: Topic, words: &[&str]) -> usize {
        self.phrases(topic).map_or(0, |phrases| phrases.at_start(words))
    }

    /// Whether the phrase speaks of a topic.
    pub(crate) fn is_topic(&self, topic: Topic, phrase: &str) -> bool {
        self.phrases(topic).is_some_and(|phrases| phrases.contains(phrase))
    }

    fn phrases(&self, topic: Topic) -> Option<&Phrases> {
        self.topics.iter().find(|(known, _)| *known == topic).map(|(_, phrases)| phrases)
    }

    /// The topics that a key is made of, if every word belongs to one of those asked for (or to none, as a stop word).
    pub(crate) fn cover(&self, key: &str, asked: &[Topic]) -> Option<Vec<Topic>> {
        self.cover_but(key, asked, |_| false)
    }

    /// The same, with some words left out.
    pub(super) fn cover_but(
        &self,
        key: &str,
        asked: &[Topic],
        mut leaves_out: impl FnMut(&str) -> bool,
    ) -> Option<Vec<Topic>> {
        let words: Vec<&str> = key.split(' ').filter(|word| !word.is_empty()).collect();
        let (mut at, mut found) = (0, Vec::new());
        let counts = asked.contains(&Topic::Contacts);
        while at < words.len() {
            let best = asked.iter().map(|&topic| (self.topic_at(topic, &words[at..]), topic)).max_by_key(|&(n, _)| n);
            match best {
                Some((n, topic)) if n > 0 => {
                    at += n;
                    found.push(topic);
                }
                _ if self.stop_words.contains(words[at]) || counts && self.is_counting(words[at]) => at += 1,
                _ => {
                    // "Media-omzet"
                    let of_trade = words.get(at + 1).is_some_and(|next| {
                        asked.contains(&Topic::Plain) && self.is_topic(Topic::Revenue, next) && self.is_trade(words[at])
                    });
                    if of_trade {
                        at += 1;
                        continue;
                    }
                    match self.halves(words[at], asked).filter(|_| !counts) {
                        Some(halves) => found.extend(halves),
                        None if leaves_out(words[at]) => {}
                        None => return None,
                    }
                    at += 1;
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        (!found.is_empty()).then_some(found)
    }

    /// "Courtageziel" → "Courtage" + "Ziel": the topics of the two words that one is put together of.
    fn halves(&self, word: &str, asked: &[Topic]) -> Option<[Topic; 2]> {
        let topic = |half: &str| asked.iter().rev().find(|&&topic| self.is_topic(topic, half)).copied();
        let found = word.char_indices().skip(4).find_map(|(at, _)| {
            let (first, last) = word.split_at(at);
            let first = [Some(first), first.strip_suffix('s')].into_iter().flatten().find_map(topic)?;
            Some([first, topic(last).filter(|_| last.chars().count() >= 3)?])
        });
        found.or_else(|| self.of_trade(word, asked))
    }

    /// "Wäschereiumsatz", "reisomzet": what a trade takes is revenue; what a firm or a shop takes may be the client's own.
    fn of_trade(&self, word: &str, asked: &[Topic]) -> Option<[Topic; 2]> {
        word.char_indices().skip(3).find_map(|(at, _)| {
            let (first, last) = word.split_at(at);
            let money = [Topic::Revenue, Topic::Earnings].into_iter().find(|topic| self.is_topic(*topic, last))?;
            let suits = asked.contains(&money) && asked.contains(&Topic::Plain) && last.chars().count() >= 4;
            let linked = ["", "s", "n", "en"].into_iter().filter_map(|end| first.strip_suffix(end));
            (suits && linked.into_iter().any(|half| self.is_trade(half))).then_some([Topic::Plain, money])
        })
    }

    /// "Media": a trade, and nobody's name.
    fn is_trade(&self, word: &str) -> bool {
        let whose = [Concept::Company, Concept::House, Concept::OwnHouse, Concept::Trade, Concept::Client];
        self.lexicon.is_word_of(word, Concept::Branch) && !self.lexicon.speaks_of(word, &whose)
    }

    /// What is counted: "number of meetings" → "meetings".
    pub(crate) fn counted<'k>(&self, key: &'k str) -> Option<&'k str> {
        let (_, mut rest) = key.split_once(' ').filter(|(first, _)| self.is_counting(first))?;
        while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| self.stop_words.contains(*word)) {
            rest = after;
        }
        Some(rest)
    }

    /// "number", "count", "Anzahl": what a heading of counts may begin with.
    pub(crate) fn is_counting(&self, word: &str) -> bool {
        let word = self.abbreviations.get(word).map_or(word, String::as_str);
        matches!(
            word,
            "number" | "count" | "anzahl" | "aantal" | "numero" | "nombre" | "quantidade" | "qtd" | "cantidad"
        )
    }
}

/// The keys that a text of the dictionary is found by: umlauts as "u" and as "ue".
pub(crate) fn heading_keys(text: &str) -> Vec<String> {
    let plain = key(text);
    if !text.contains(['ä', 'ö', 'ü', 'Ä', 'Ö', 'Ü']) {
        return vec![plain];
    }
    let spelt = text.replace(['ä', 'Ä'], "ae").replace(['ö', 'Ö'], "oe").replace(['ü', 'Ü'], "ue");
    vec![plain, key(&spelt)]
}

fn compact(key: &str) -> String {
    key.replace(' ', "")
}

fn aliases(dictionary: &Dictionary) -> Vec<Alias> {
    let mut all: Vec<Alias> = Vec::new();
    for &field in Field::ALL {
        for (language, text) in field_headings(field).chain([(Language::English, field.id())]) {
            // in a department's own list "Klant" is one word for a client among others, no plainer than "Relatie"
            let exact = language == Language::English;
            let (text, language) = (text.to_owned(), language.to_string());
            all.push(Alias { key: key(&text), field, exact, weak: false, text, language });
        }
        for (section, weak) in [(&dictionary.fields, false), (&dictionary.weak, true)] {
            for (language, text) in section.get(field.id()).into_iter().flat_map(words) {
                for key in heading_keys(text).into_iter().filter(|key| !key.is_empty()) {
                    let language = language.to_owned();
                    all.push(Alias { key, field, exact: false, weak, text: text.to_owned(), language });
                }
            }
        }
    }
    all
}

fn currencies(dictionary: &Dictionary) -> HashMap<String, (Currency, bool)> {
    let mut map = HashMap::new();
    for (code, signs) in &dictionary.currencies {
        let Ok(bytes) = <[u8; 3]>::try_from(code.as_bytes()) else {
            continue;
        };
        map.insert(code.to_lowercase(), (Currency(bytes), false));
        for sign in signs {
            let is_name = sign.chars().all(char::is_alphabetic) && !sign.eq_ignore_ascii_case(code);
            map.entry(sign.to_lowercase()).or_insert((Currency(bytes), is_name));
        }
    }
    map
}
