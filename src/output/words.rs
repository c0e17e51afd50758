//! The words of a workbook in one language. Data in `words.toml` and `words_summary.toml`, looked up by id.

use crate::language::Language;
use crate::score::{Criterion, Scorecard};
use crate::value::number_text;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

type ById = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

/// The words of a language, by group and id. They are asked for in every cell.
type Found = HashMap<(&'static str, &'static str), &'static str>;

/// The department workbooks' words, the summary workbook's and the form's; no group stands in two.
const FILES: [&str; 3] =
    [include_str!("words.toml"), include_str!("words_summary.toml"), include_str!("words_form.toml")];

static ALL: LazyLock<ById> = LazyLock::new(|| {
    let files = FILES.map(|file| toml::from_str::<ById>(file).expect("BUG: words are checked by a test"));
    files.into_iter().flatten().collect()
});

static BY_LANGUAGE: LazyLock<[Found; Language::ALL.len()]> = LazyLock::new(|| {
    Language::ALL.map(|language| {
        let words = ALL.iter().flat_map(|(group, ids)| ids.iter().map(move |(id, words)| ((group, id), words)));
        let own = words.filter_map(|((group, id), words)| {
            Some(((group.as_str(), id.as_str()), words.get(language.code())?.as_str()))
        });
        own.collect()
    })
});

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    language: Language,
}

impl Words {
    pub(crate) fn new(language: Language) -> Self {
        Self { language }
    }

    /// The words of every language.
    pub(crate) fn all() -> impl Iterator<Item = Words> {
        Language::ALL.into_iter().map(Words::new)
    }

    pub(crate) fn language(self) -> Language {
        self.language
    }

    /// The word with this id ("status" in "column"); the id itself where there is none, which a test rules out.
    pub(crate) fn get(self, group: &str, id: &str) -> &'static str {
        self.find(group, id).unwrap_or_else(|| panic!("BUG: no word {group}.{id}"))
    }

    /// The word with this id, if there is one.
    pub(crate) fn find(self, group: &str, id: &str) -> Option<&'static str> {
        BY_LANGUAGE[self.language as usize].get(&(group, id)).copied()
    }

    /// The word with its `{…}` filled in.
    pub(crate) fn fill(self, group: &str, id: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(group, id), values)
    }

    /// What stands before a number's decimals.
    pub(crate) fn decimal_mark(self) -> char {
        if self.language == Language::English { '.' } else { ',' }
    }

    /// A number inside a sentence.
    pub(crate) fn number(self, number: f64) -> String {
        number_text(number).replace('.', &self.decimal_mark().to_string())
    }

    /// A heading's words inside a sentence; German nouns keep their capitals.
    pub(crate) fn inside(self, heading: &str) -> String {
        if self.language == Language::German { heading.to_owned() } else { heading.to_lowercase() }
    }

    /// The heading of a criterion's points: in this language where it is the built-in one, else as configured.
    pub(crate) fn points(self, criterion: &Criterion) -> &str {
        self.unless_configured("points", &criterion.id, &criterion.heading)
    }

    /// The name of a scorecard: in this language where it is the built-in one, else as configured.
    pub(crate) fn scorecard(self, card: &Scorecard) -> &str {
        self.unless_configured("scorecard", "name", &card.name)
    }

    fn unless_configured<'a>(self, group: &str, id: &str, configured: &'a str) -> &'a str {
        let built_in = Words::new(Language::English).find(group, id) == Some(configured);
        self.find(group, id).filter(|_| built_in).unwrap_or(configured)
    }
}

/// A template as its literal pieces and the names of its `{…}`, in order.
pub(crate) fn pieces(template: &str) -> Vec<Piece<'_>> {
    each_piece(template).collect()
}

fn each_piece(template: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = template;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let hole = rest.strip_prefix('{').and_then(|after| after.split_once('}'));
        if let Some((name, tail)) = hole {
            rest = tail;
            return Some(Piece::Hole(name));
        }
        // a brace that nothing closes is text
        let closes = |open: &usize| rest[*open..].contains('}');
        let end = rest.find('{').filter(closes).unwrap_or(rest.len());
        let (text, tail) = rest.split_at(end);
        rest = tail;
        Some(Piece::Text(text))
    })
}

/// A part of a template.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Piece<'a> {
    /// As it stands.
    Text(&'a str),
    /// To be filled in.
    Hole(&'a str),
}

/// Fills a template's `{…}`.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len() + 32);
    for piece in each_piece(template) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Hole(name) => match values.iter().find(|(given, _)| *given == name) {
                Some((_, value)) => filled.push_str(value),
                None => panic!("BUG: nothing to fill {{{name}}} of \"{template}\" with"),
            },
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::field::{Field, Level, Status};
    use crate::score::Flag;
    use std::collections::BTreeSet;

    fn each() -> impl Iterator<Item = (String, &'static BTreeMap<String, String>)> {
        let of = |(group, ids): (&'static String, &'static BTreeMap<String, BTreeMap<String, String>>)| {
            ids.iter().map(move |(id, by)| (format!("{group}.{id}"), by))
        };
        ALL.iter().flat_map(of)
    }

    fn holes(template: &str) -> BTreeSet<&str> {
        let hole = |piece| if let Piece::Hole(name) = piece { Some(name) } else { None };
        pieces(template).into_iter().filter_map(hole).collect()
    }

    #[test]
    fn templates_are_filled() {
        assert_eq!(fill("{a} of {b}!", &[("a", "1"), ("b", "2")]), "1 of 2!");
    }

    #[test]
    fn no_group_stands_in_both_files() {
        let groups: usize = FILES.map(|file| toml::from_str::<ById>(file).unwrap().len()).iter().sum();
        assert_eq!(groups, ALL.len());
    }

    #[test]
    fn every_word_stands_in_every_language_with_the_same_holes() {
        for (id, by) in each() {
            let english = by.get("en").unwrap_or_else(|| panic!("{id} lacks English"));
            for (code, word) in by {
                assert!(Language::ALL.iter().any(|l| l.code() == code), "{id} has a language of its own, {code}");
                let is_plain = !word.trim().is_empty() && word.trim() == word;
                assert!(is_plain || id == "why.opens", "{id} {code}: {word:?}");
                assert_eq!(holes(word), holes(english), "{id} {code}: {word}");
            }
            let lacking = Language::ALL.iter().find(|language| !by.contains_key(language.code()));
            assert!(lacking.is_none(), "{id} lacks {}", lacking.unwrap());
        }
    }

    #[test]
    fn every_field_level_and_flag_has_its_words() {
        for words in Words::all() {
            for field in Field::ALL {
                assert!(words.find("column", field.id()).is_some(), "{field}");
            }
            for flag in Flag::ALL {
                for group in ["flag", "flag_step", "flag_rule"] {
                    assert!(words.find(group, flag.id()).is_some(), "{group}.{}", flag.id());
                }
            }
            for level in Level::ALL {
                assert!(words.find("inside", level.id()).is_some(), "{}", level.id());
            }
        }
    }

    #[test]
    fn headings_of_a_table_are_unique_without_case_and_plain() {
        for words in Words::all() {
            let mut seen = BTreeSet::new();
            let groups = ["column", "points", "org_column"].into_iter();
            let headings = groups.flat_map(|group| ALL[group].keys().map(move |id| (group, id)));
            for word in headings.map(|(group, id)| words.get(group, id)).filter(|word| !word.contains('{')) {
                assert!(seen.insert(word.to_lowercase()), "{word} stands twice in {}", words.language());
                assert!(!word.contains(['[', ']', '#', '\'', '@', '\n']), "{word}");
            }
        }
    }

    #[test]
    fn the_summarys_sheets_have_names_that_excel_takes() {
        for words in Words::all() {
            let mut seen = BTreeSet::new();
            for id in ALL["org_sheet"].keys() {
                let name = words.get("org_sheet", id);
                assert!(seen.insert(name.to_lowercase()) && name.to_lowercase() != "history", "{name}");
                // formulas put them between apostrophes
                let is_plain = !name.contains(['[', ']', ':', '*', '?', '/', '\\', '\'']);
                assert!(is_plain && name.chars().count() <= 31, "{name}");
            }
        }
    }

    /// Summary searches for a flag's name in the flags, Method's list is matched by it, and counts compare words.
    #[test]
    fn words_that_formulas_look_for_are_told_apart() {
        for words in Words::all() {
            let flags: Vec<String> = Flag::ALL.iter().map(|flag| words.get("flag", flag.id()).to_lowercase()).collect();
            for (at, flag) in flags.iter().enumerate() {
                assert!(!flag.contains([';', '*', '?', '~']), "{flag}");
                let others = flags.iter().enumerate().filter(|(other, _)| *other != at);
                for (_, other) in others {
                    assert!(!other.contains(flag.as_str()), "{flag} stands in {other}");
                }
            }
            let values: Vec<_> = ALL["value"].keys().map(|id| words.get("value", id)).collect();
            let values: Vec<_> =
                values.into_iter().chain(ALL["evidence"].keys().map(|id| words.get("evidence", id))).collect();
            assert!(values.iter().all(|word| !word.starts_with(['<', '>', '=']) && !word.contains(['*', '?', '~'])));
            let statuses: BTreeSet<_> = Status::ALL.iter().map(|status| words.get("value", status.id())).collect();
            assert_eq!(statuses.len(), Status::ALL.len());
        }
    }

    /// Literals are joined at `"&"`, and the head of Why ends at the first "; ".
    #[test]
    fn sentences_can_be_made_by_formulas() {
        for (id, by) in each() {
            let group = id.split('.').next().unwrap();
            for (language, word) in by.iter().filter(|_| ["why", "need", "next", "label", "measure"].contains(&group)) {
                assert!(!word.contains('"') && !word.contains("; "), "{id} {language}: {word}");
            }
            for (language, word) in by.iter().filter(|_| id.starts_with("note.hint")) {
                assert!(word.chars().count() <= 255, "{id} {language}: Excel shows 255 characters");
            }
        }
        assert!(
            ["of", "kpi_note", "worry_note"].iter().all(|id| ALL["summary"][*id].values().all(|w| !w.contains('"')))
        );
        assert!(
            [("overview", "kpi_note"), ("key_accounts", "at_risk_note")]
                .iter()
                .all(|(group, id)| ALL[*group][*id].values().all(|word| !word.contains('"')))
        );
    }

    #[test]
    fn the_built_in_scorecard_is_translated_and_any_other_stands_as_configured() {
        let config = Config::built_in();
        let card = &config.scorecards[0];
        let german = Words::new(Language::German);
        assert_eq!(german.scorecard(card), "Kundenbindungsmatrix");
        for criterion in &card.criteria {
            assert_eq!(Words::new(Language::English).points(criterion), criterion.heading);
            assert!(german.points(criterion).starts_with("Punkte: "), "{}", criterion.heading);
        }
        let own = Criterion { heading: "Contacts inside".to_owned(), ..card.criteria[0].clone() };
        assert_eq!(german.points(&own), "Contacts inside");
    }
}
