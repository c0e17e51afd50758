//! What the words of a cell mean: the dictionary, folded once and indexed by text.

use crate::account::Currency;
use crate::dictionary::{ByLanguage, Dictionary};
use crate::field::{Level, Stage, Status};
use crate::text::fold;
use std::collections::{HashMap, HashSet};

/// How an example row of the blank form begins, before a colon, in the form's languages.
const EXAMPLE: [&str; 7] = ["example", "exemplo", "voorbeeld", "beispiel", "exemple", "ejemplo", "esempio"];

/// How surely a text names a totals row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TotalWord {
    /// Nothing else is said: "Total", "Summe:", "Grand total 2026".
    Alone,
    /// At the beginning or the end: "Total North", "Region Nord gesamt", but also "Total Gabon".
    AtEdge,
}

/// The dictionary's words for values.
#[derive(Clone, Debug, Default)]
pub struct Words {
    levels: HashMap<String, Level>,
    stages: HashMap<String, Stage>,
    statuses: HashMap<String, Status>,
    missing: HashSet<String>,
    /// In bytes, with room for spaces and full stops between the letters ("k. A.").
    longest_missing: usize,
    totals: HashSet<String>,
    /// First and last words of `totals`.
    total_edges: HashSet<String>,
    numbers: HashMap<String, f64>,
    units: HashSet<String>,
    about: HashSet<String>,
    never: HashSet<String>,
    scales: HashMap<String, Option<f64>>,
    currencies: HashMap<String, Currency>,
    months: HashMap<String, i8>,
    legal_forms: HashSet<String>,
}

impl Words {
    /// Folds and indexes the words of values.
    pub fn new(dictionary: &Dictionary) -> Self {
        let mut words = Self::default();
        for level in Level::ALL {
            index(&mut words.levels, dictionary.levels.get(level.id()), level);
        }
        for (id, stage) in [("active", Stage::Active), ("prospect", Stage::Prospect), ("former", Stage::Former)] {
            index(&mut words.stages, dictionary.stages.get(id), stage);
            words.stages.insert(id.to_owned(), stage);
        }
        for status in [Status::Strong, Status::Watch, Status::AtRisk] {
            index(&mut words.statuses, dictionary.statuses.get(status.id()), status);
            words.statuses.insert(fold(status.id()), status);
        }
        for word in all(&dictionary.missing) {
            words.longest_missing = words.longest_missing.max(2 * word.len() + 8);
            words.missing.insert(literal(word));
            words.missing.extend(folds(word));
        }
        words.totals = all(&dictionary.totals).flat_map(|word| folds(word)).collect();
        for total in all(&dictionary.totals).flat_map(|word| folds(word)) {
            let edges = [total.split(' ').next(), total.rsplit(' ').next()];
            words.total_edges.extend(edges.into_iter().flatten().map(str::to_owned));
        }
        for (number, by_language) in &dictionary.numbers {
            if let Ok(number) = number.parse::<f64>() {
                index(&mut words.numbers, Some(by_language), number);
            }
        }
        words.units = all(&dictionary.count_units).flat_map(|word| folds(word)).collect();
        words.about = all(&dictionary.about).flat_map(|word| folds(word)).collect();
        words.never = all(&dictionary.never).flat_map(|word| folds(word)).collect();
        for (scale, by_language) in &dictionary.scales {
            let Ok(scale) = scale.parse::<f64>() else { continue };
            for key in all(by_language).flat_map(|word| folds(word).chain([literal(word)])) {
                // "mil" is a thousand in one language and a million in another: then it says nothing.
                words
                    .scales
                    .entry(key)
                    .and_modify(|known| *known = known.filter(|&k| k == scale))
                    .or_insert(Some(scale));
            }
        }
        for (code, names) in &dictionary.currencies {
            let Some(currency) = Currency::from_code(code) else { continue };
            words.currencies.insert(literal(code), currency);
            for name in names {
                words.currencies.insert(literal(name), currency);
                for key in folds(name) {
                    words.currencies.entry(key).or_insert(currency);
                }
            }
        }
        for (month, by_language) in &dictionary.months {
            if let Ok(month @ 1..=12) = month.parse::<i8>() {
                index(&mut words.months, Some(by_language), month);
            }
        }
        words.legal_forms = dictionary.legal_forms.iter().flat_map(|form| folds(form)).collect();
        words
    }

    /// The level that the whole text names; `folded` comes from [`fold`], as in all of these.
    pub fn level(&self, folded: &str) -> Option<Level> {
        self.levels.get(folded).copied()
    }

    /// The stage that the whole text names.
    pub fn stage(&self, folded: &str) -> Option<Stage> {
        self.stages.get(folded).copied()
    }

    /// The status that the whole text names.
    pub fn status(&self, folded: &str) -> Option<Status> {
        self.statuses.get(folded).copied()
    }

    /// The small number that the whole text names.
    pub fn number(&self, folded: &str) -> Option<f64> {
        self.numbers.get(folded).copied()
    }

    /// Whether the text (unfolded) is a word that may follow a count.
    pub fn is_unit(&self, text: &str) -> bool {
        spoken(text).is_some_and(|folded| self.units.contains(&folded))
    }

    /// The count in "at least 3", "ca. 8", "~4", "2 or more": as it stands there, though it is not exact.
    pub fn about(&self, text: &str) -> Option<f64> {
        let text = text.trim();
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()) && (1..=3).contains(&text.len());
        let signed = ["~", "\u{2248}", "\u{b1}", "+/-", "+-"].iter().find_map(|sign| text.strip_prefix(sign));
        if let Some(rest) = signed.map(str::trim).filter(|rest| digits(rest)) {
            return rest.parse().ok();
        }
        let folded = fold(text);
        let (before, last) = folded.rsplit_once(' ')?;
        if digits(last) && self.about.contains(before) {
            return last.parse().ok();
        }
        let (first, after) = folded.split_once(' ')?;
        (digits(first) && self.about.contains(after)).then(|| first.parse().ok()).flatten()
    }

    /// Whether it says that something has not happened yet.
    pub fn is_never(&self, folded: &str) -> bool {
        self.never.contains(folded)
    }

    /// The month that the word names.
    pub fn month(&self, folded: &str) -> Option<i8> {
        self.months.get(folded).copied()
    }

    /// Whether the text (unfolded) means "no value": nothing, only dashes and the like, "n/a" …
    pub fn is_missing(&self, text: &str) -> bool {
        let text = text.trim();
        // Most cells are none of these; they must not cost a folding.
        let is_plain = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b' ');
        let is_number = text.starts_with(|c: char| c.is_ascii_digit()) && text.bytes().all(is_plain);
        if text.len() > self.longest_missing || is_number {
            return false;
        }
        let literal = literal(text);
        if literal.is_empty() || self.missing.contains(&literal) {
            return true;
        }
        // Folding drops signs, so "-5" or "n/a!" must not become a word here: only letters may speak.
        !literal.chars().any(|c| c.is_ascii_digit()) && {
            let folded = fold(&literal);
            if folded.is_empty() { is_filler(&literal) } else { self.missing.contains(&folded) }
        }
    }

    /// What a cell's own "k" or "Mio" (unfolded) multiplies by.
    pub fn scale(&self, text: &str) -> Option<f64> {
        let key = literal(text);
        self.scales.get(&key).or_else(|| self.scales.get(&spoken(&key)?)).copied().flatten()
    }

    /// The currency that a code, sign or name (unfolded) stands for.
    pub fn currency(&self, text: &str) -> Option<Currency> {
        let key = literal(text);
        self.currencies.get(&key).or_else(|| self.currencies.get(&spoken(&key)?)).copied()
    }

    /// Whether the text (unfolded) speaks of a total.
    pub fn total(&self, text: &str) -> Option<TotalWord> {
        if text.len() > 200 {
            return None;
        }
        let folded = fold(text);
        let edges =
            [folded.split(' ').next(), folded.rsplit(' ').find(|word| !word.bytes().all(|b| b.is_ascii_digit()))];
        if !edges.iter().flatten().any(|word| self.total_edges.contains(*word)) {
            return None;
        }
        let said: Vec<&str> =
            folded.split(' ').filter(|word| !word.is_empty() && !word.bytes().all(|b| b.is_ascii_digit())).collect();
        let is_total = |words: &[&str]| !words.is_empty() && self.totals.contains(&words.join(" "));
        if is_total(&said) || self.totals.contains(&folded) {
            return Some(TotalWord::Alone);
        }
        let longest = said.len().saturating_sub(1).min(4);
        (1..=longest).any(|n| is_total(&said[..n]) || is_total(&said[said.len() - n..])).then_some(TotalWord::AtEdge)
    }

    /// Whether the name ends in a legal form: certainly a company.
    pub fn has_legal_form(&self, name: &str) -> bool {
        let folded = fold(name);
        let words: Vec<&str> = folded.split(' ').collect();
        (1..words.len().min(5)).any(|n| {
            let end = &words[words.len() - n..];
            self.legal_forms.contains(&end.join(" ")) || self.legal_forms.contains(&end.concat())
        })
    }

    /// Whether the text begins like the example row of the blank form.
    pub fn is_example(&self, text: &str) -> bool {
        text.split_once(':').is_some_and(|(before, _)| EXAMPLE.contains(&fold(before).as_str()))
    }
}

impl Currency {
    /// The currency of an ISO 4217 code, in capitals.
    pub fn from_code(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }
}

/// Trimmed, lower case, no-break spaces as spaces, without a closing full stop.
fn literal(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }).collect();
    let trimmed = spaced.trim();
    trimmed.strip_suffix('.').filter(|rest| !rest.is_empty()).unwrap_or(trimmed).to_lowercase()
}

/// The folded text, if folding loses no sign that matters ("k€" is not "k").
fn spoken(text: &str) -> Option<String> {
    text.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '.' | '-' | '\'')).then(|| fold(text))
}

/// Whether the text is made of the strokes that people draw into empty cells.
fn is_filler(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_' | '.' | '?' | '/' | '\u{2026}')
    })
}

fn all(words: &ByLanguage) -> impl Iterator<Item = &String> {
    words.values().flatten()
}

/// The folded forms of a word: ü as u and as ue.
fn folds(word: &str) -> impl Iterator<Item = String> + use<> {
    let expanded: String = word.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue");
    [fold(word), fold(&expanded)].into_iter().filter(|folded| !folded.is_empty())
}

fn index<T: Copy>(map: &mut HashMap<String, T>, words: Option<&ByLanguage>, value: T) {
    for word in words.into_iter().flat_map(all) {
        for key in folds(word) {
            map.entry(key).or_insert(value);
        }
    }
}

#[cfg(test)]
pub(crate) mod tests;
