//! The words of a workbook in one language. Data in `words.toml`, looked up by id.

use std::collections::BTreeMap;
use std::sync::LazyLock;

type ById = BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>;

static ALL: LazyLock<ById> =
    LazyLock::new(|| toml::from_str(include_str!("words.toml")).expect("BUG: words.toml is checked by a test"));

/// The words of one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Words {
    language: &'static str,
}

impl Words {
    /// English, the default.
    pub(crate) const ENGLISH: Words = Words { language: "en" };

    /// The word with this id ("status" in "column"); the id itself where there is none, which a test rules out.
    pub(crate) fn get(self, group: &str, id: &str) -> &'static str {
        self.find(group, id).unwrap_or_else(|| panic!("BUG: no word {group}.{id}"))
    }

    /// The word with this id, if there is one.
    pub(crate) fn find(self, group: &str, id: &str) -> Option<&'static str> {
        ALL.get(group)?.get(id)?.get(self.language).map(String::as_str)
    }

    /// The word with its `{…}` filled in.
    pub(crate) fn fill(self, group: &str, id: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(group, id), values)
    }
}

/// A template as its literal pieces and the names of its `{…}`, in order.
pub(crate) fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, tail)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        pieces.push(Piece::Hole(name));
        rest = tail;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    pieces
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
    let mut filled = String::with_capacity(template.len() + 16);
    for piece in pieces(template) {
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
    use crate::field::Field;
    use crate::score::Flag;

    #[test]
    fn templates_are_filled() {
        assert_eq!(fill("{a} of {b}!", &[("a", "1"), ("b", "2")]), "1 of 2!");
    }

    #[test]
    fn every_field_and_flag_has_its_words() {
        let words = Words::ENGLISH;
        for field in Field::ALL {
            assert!(words.find("column", field.id()).is_some(), "{field}");
        }
        for flag in Flag::ALL {
            for group in ["flag", "flag_step", "flag_rule"] {
                assert!(words.find(group, flag.id()).is_some(), "{group}.{}", flag.id());
            }
        }
    }

    #[test]
    fn headings_of_a_table_are_unique_without_case_and_plain() {
        let mut seen = std::collections::BTreeSet::new();
        for word in ALL["column"].values().filter_map(|by| by.get("en")).filter(|word| !word.contains('{')) {
            assert!(seen.insert(word.to_lowercase()), "{word} stands twice");
            assert!(!word.contains(['[', ']', '#', '\'', '@', '\n']), "{word}");
        }
    }
}
