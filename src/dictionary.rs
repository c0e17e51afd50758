//! The dictionary: every word that a department may use, in every language. Data, not code; checked at load.

use crate::field::{Field, Level, Stage, Status};
use crate::mapping::concepts::is_concept;
use crate::mapping::index::{Index, heading_keys};
use crate::text::fold;
use flate2::read::DeflateDecoder;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::{LazyLock, OnceLock};

/// Words by language code; "any" holds those of no language.
pub type ByLanguage = BTreeMap<String, Vec<String>>;

/// The dictionary file as written; see `mapping/dictionary.toml` for what each section is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the file explains each section")]
pub struct Dictionary {
    /// Field id → headings.
    pub fields: BTreeMap<String, ByLanguage>,
    /// Headings that look like a field and are none.
    pub lookalikes: ByLanguage,
    pub levels: BTreeMap<String, ByLanguage>,
    pub stages: BTreeMap<String, ByLanguage>,
    pub statuses: BTreeMap<String, ByLanguage>,
    /// Texts that mean "no value".
    pub missing: ByLanguage,
    /// Words that begin a totals or subtotals row.
    pub totals: ByLanguage,
    /// "0" … "12" → words for them.
    pub numbers: BTreeMap<String, ByLanguage>,
    /// Words that may follow a count ("2 meetings").
    pub count_units: ByLanguage,
    /// What stands before or behind a count that is not exact ("at least 3", "2 or more").
    #[serde(default)]
    pub about: ByLanguage,
    /// In a column of dates: it has not happened.
    #[serde(default)]
    pub never: ByLanguage,
    /// "1000", "1000000" → how a heading or cell says it ("k", "Mio").
    pub scales: BTreeMap<String, ByLanguage>,
    /// ISO code → signs and names.
    pub currencies: BTreeMap<String, Vec<String>>,
    /// Month names and their short forms, "1" … "12".
    pub months: BTreeMap<String, ByLanguage>,
    /// Short form → full word, in folded form.
    pub abbreviations: BTreeMap<String, String>,
    pub stop_words: ByLanguage,
    /// Group → words that veto anything fuzzy when they differ.
    pub discriminating: BTreeMap<String, Vec<String>>,
    /// Words that name one side of the relationship: "ours", "theirs", "contacts" (what is counted on either side).
    pub sides: BTreeMap<String, ByLanguage>,
    /// "revenue", "target", "current", "prior", "fiscal_year": words that a year stands beside in a heading;
    /// "earnings": what some trades have in place of revenue; "cumulative": counted since the year began; "since": words before a
    /// month from which something counts; "to_date": words before the month up to which it counts; "plain", "actual": words that change nothing; "quarter", "half": words for parts of a year.
    pub year_words: BTreeMap<String, ByLanguage>,
    /// "six_months", "other": time windows in a heading of meetings.
    pub windows: BTreeMap<String, ByLanguage>,
    /// Legal forms at the end of a company's name.
    pub legal_forms: Vec<String>,
    /// "and" and leading articles of company names.
    pub name_words: BTreeMap<String, Vec<String>>,
    /// Field id → headings that count only if the values bear them out ("Owner": only if they are names).
    #[serde(default)]
    pub weak: BTreeMap<String, ByLanguage>,
    /// Words in brackets that say nothing about what a column means ("optional", "excl. VAT").
    #[serde(default)]
    pub remarks: ByLanguage,
    /// Words that tell whoever fills the column in how to ("max. 200 characters", "bitte nur Zahl").
    #[serde(default)]
    pub instructions: ByLanguage,
    /// Words for a good answer of a survey ("1 = very good").
    #[serde(default)]
    pub best_answers: ByLanguage,
    /// Beginnings of words that turn what a heading says.
    #[serde(default)]
    pub turns: ByLanguage,
    /// Concept → words for it, of which headings are composed that no alias foresees.
    #[serde(default)]
    pub concepts: BTreeMap<String, ByLanguage>,
    #[serde(skip)]
    index: OnceLock<Index>,
}

// its checks are a test's, so that a run does not pay for them
static BUILT_IN: LazyLock<Dictionary> = LazyLock::new(|| {
    let mut text = String::new();
    DeflateDecoder::new(PACKED)
        .read_to_string(&mut text)
        .unwrap_or_else(|error| panic!("BUG: the built-in dictionary cannot be unpacked: {error}"));
    toml::from_str(&text).unwrap_or_else(|error| panic!("BUG: the built-in dictionary cannot be read: {error}"))
});

/// mapping/dictionary.toml, packed by build.rs.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/dictionary.deflate"));

impl Dictionary {
    /// The dictionary of the program.
    pub fn built_in() -> &'static Dictionary {
        &BUILT_IN
    }

    /// Reads a dictionary and checks it as a whole; every mistake is named.
    pub fn parse(text: &str) -> Result<Dictionary, Vec<String>> {
        let dictionary: Dictionary = toml::from_str(text).map_err(|error| vec![error.to_string()])?;
        let mistakes = dictionary.mistakes();
        if mistakes.is_empty() { Ok(dictionary) } else { Err(mistakes) }
    }

    /// Every word for a month, folded.
    pub fn month_words(&self) -> BTreeSet<String> {
        self.months.values().flat_map(BTreeMap::values).flatten().map(|word| fold(word)).collect()
    }

    /// The words for each month, folded; January first.
    pub fn months_in_order(&self) -> [Vec<String>; 12] {
        std::array::from_fn(|index| {
            let words = self.months.get(&(index + 1).to_string());
            words.into_iter().flat_map(BTreeMap::values).flatten().map(|word| fold(word)).collect()
        })
    }

    /// Everything that headings are looked up in, built once.
    pub(crate) fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(self))
    }

    fn mistakes(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        self.check_headings(&mut mistakes);
        let status = |id: &str| Status::ALL.iter().any(|s| s.id() == id && *s != Status::NotScored);
        let stage = |id: &str| [Stage::Active, Stage::Prospect, Stage::Former].iter().any(|s| stage_id(*s) == id);
        check_words("levels", &self.levels, |id| Level::ALL.iter().any(|level| level.id() == id), &mut mistakes);
        check_words("stages", &self.stages, stage, &mut mistakes);
        check_words("statuses", &self.statuses, status, &mut mistakes);
        check_words("numbers", &self.numbers, |id| id.parse().is_ok_and(|n: u8| n <= 12), &mut mistakes);
        check_words("months", &self.months, |id| id.parse().is_ok_and(|n: u8| (1..=12).contains(&n)), &mut mistakes);
        check_ids("scales", self.scales.keys(), |id| id.parse().is_ok_and(|n: f64| n > 1.0), &mut mistakes);
        let code = |id: &str| id.len() == 3 && id.bytes().all(|b| b.is_ascii_uppercase());
        check_ids("currencies", self.currencies.keys(), code, &mut mistakes);
        check_ids("sides", self.sides.keys(), |id| ["ours", "theirs", "contacts"].contains(&id), &mut mistakes);
        check_ids("windows", self.windows.keys(), |id| ["six_months", "other"].contains(&id), &mut mistakes);
        let years = [
            "revenue",
            "earnings",
            "target",
            "current",
            "cumulative",
            "prior",
            "fiscal_year",
            "to_date",
            "since",
            "quarter",
            "half",
            "plain",
            "actual",
        ];
        check_ids("concepts", self.concepts.keys(), is_concept, &mut mistakes);
        check_ids("year_words", self.year_words.keys(), |id| years.contains(&id), &mut mistakes);
        mistakes
    }

    /// An alias points to one field, and no look-alike is an alias.
    fn check_headings(&self, mistakes: &mut Vec<String>) {
        let mut owners: BTreeMap<String, (&str, &str)> = BTreeMap::new();
        for (section, fields) in [("fields", &self.fields), ("weak", &self.weak)] {
            for (id, by_language) in fields {
                if Field::from_id(id).is_none() {
                    mistakes.push(format!("[{section}.{id}]: there is no field \"{id}\""));
                }
                for (language, alias) in words(by_language) {
                    let keys = heading_keys(alias);
                    if keys.iter().all(String::is_empty) {
                        mistakes.push(format!("[{section}.{id}] {language}: \"{alias}\" has no letter or digit"));
                    }
                    for key in keys {
                        let (owner, first) = *owners.entry(key).or_insert((id, alias));
                        if owner != id {
                            mistakes.push(format!(
                                "[{section}.{id}] {language}: \"{alias}\" points to {owner}, too (\"{first}\")"
                            ));
                        }
                    }
                }
            }
        }
        for (language, lookalike) in words(&self.lookalikes) {
            for key in heading_keys(lookalike) {
                if let Some((field, alias)) = owners.get(&key) {
                    mistakes
                        .push(format!("[lookalikes] {language}: \"{lookalike}\" is an alias of {field} (\"{alias}\")"));
                }
            }
        }
    }
}

/// Every word with its language, in the order of the file's keys.
pub(crate) fn words(by_language: &ByLanguage) -> impl Iterator<Item = (&str, &str)> {
    by_language.iter().flat_map(|(language, words)| words.iter().map(move |word| (language.as_str(), word.as_str())))
}

fn stage_id(stage: Stage) -> &'static str {
    match stage {
        Stage::Active => "active",
        Stage::Prospect => "prospect",
        Stage::Former => "former",
    }
}

fn check_ids<'a>(
    section: &str,
    ids: impl Iterator<Item = &'a String>,
    known: impl Fn(&str) -> bool,
    mistakes: &mut Vec<String>,
) {
    for id in ids.filter(|id| !known(id)) {
        mistakes.push(format!("[{section}]: \"{id}\" is none of its keys"));
    }
}

/// The ids are known, and no word stands under two of them.
fn check_words(
    section: &str,
    map: &BTreeMap<String, ByLanguage>,
    known: impl Fn(&str) -> bool,
    mistakes: &mut Vec<String>,
) {
    check_ids(section, map.keys(), known, mistakes);
    let mut owners: BTreeMap<String, &str> = BTreeMap::new();
    for (id, by_language) in map {
        for (language, word) in words(by_language) {
            for key in heading_keys(word) {
                let owner = *owners.entry(key).or_insert(id);
                if owner != id {
                    mistakes.push(format!("[{section}.{id}] {language}: \"{word}\" stands under {owner}, too"));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::tests::mini;

    #[test]
    fn the_built_in_dictionary_has_no_mistakes() {
        assert_eq!(Dictionary::built_in().mistakes(), Vec::<String>::new());
        assert_eq!(mini().mistakes(), Vec::<String>::new());
    }

    #[test]
    fn every_mistake_is_named() {
        let text = include_str!("mapping/tests/mini.toml");
        for (old, new, mistake) in [
            ("nl = [\"Klant\"]", "nl = [\"Klant\", \"Kundennummer\"]", "points to client, too"),
            ("nl = [\"Klant\"]", "nl = [\"Client since\"]", "\"Client since\" is an alias of client"),
            ("nl = [\"Klant\"]", "nl = [\"--\"]", "has no letter or digit"),
            ("[fields.stage]", "[fields.staging]", "there is no field \"staging\""),
            ("[levels.senior]", "[levels.chief]", "\"chief\" is none of its keys"),
            ("en = [\"junior\"]", "en = [\"junior\", \"CEO\"]", "\"CEO\" stands under junior, too"),
            ("[name_words]", "[nonsense]", "unknown field `nonsense`"),
        ] {
            assert!(text.contains(old), "{old}");
            let mistakes = Dictionary::parse(&text.replacen(old, new, 1)).unwrap_err();
            assert!(mistakes.iter().any(|found| found.contains(mistake)), "{mistake}: {mistakes:?}");
        }
    }
}
