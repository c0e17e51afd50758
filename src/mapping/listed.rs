//! Headings that list the values of their column: "Klanttype (actief/prospect/ex-klant)", "Director / manager / staff?".

use super::Tier;
use super::claim::{Claim, Decision, Lookup};
use super::concepts::Concept;
use super::heading::Heading;
use super::index::Index;
use crate::field::Field;
use crate::text::fold;

/// What a list in a heading lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Levels, from the board down.
    Levels,
    /// Levels in letters: the heading says it, and no value can.
    Ranks,
    /// Stages of a relationship.
    Stages,
    /// Currencies.
    Currencies,
    /// Yes and no: whatever the rest says, no amount, count or name stands below.
    Answers,
}

/// Yes and no, folded, in the order in which they are written.
const ANSWERS: [&str; 9] = ["y n", "yes no", "ja nein", "j n", "ja nee", "oui non", "o n", "sim nao", "si no"];

/// Junior, middle and senior in letters, from either end.
const RANKS: [&str; 8] = ["j m s", "s m j", "jr mid sr", "sr mid jr", "j p s", "s p j", "low mid high", "high mid low"];

/// What a text lists, if nothing else stands in it.
pub(super) fn listed(text: &str, index: &Index) -> Option<Listed> {
    if ANSWERS.contains(&fold(text).as_str()) || fold(text) == "s n" {
        return Some(Listed::Answers);
    }
    // "Status: active / lapsed / prospect"
    let parts = parts(text.rsplit_once(':').map_or(text, |(_, list)| list));
    if parts.len() < 2 {
        return None;
    }
    // "J/M/S": three in the order of rank, and nothing else comes in those letters
    if RANKS.contains(&parts.join(" ").to_lowercase().as_str()) {
        return Some(Listed::Ranks);
    }
    let all = |is: &dyn Fn(&str) -> bool| parts.iter().filter(|part| is(part)).count();
    let (levels, stages) = (all(&|part| index.is_level(&fold(part))), all(&|part| index.is_stage(&fold(part))));
    let others = all(&|part| index.is_other_stage(&fold(part)));
    let currencies = all(&|part| index.currency(&part.to_lowercase()).is_some());
    match () {
        () if currencies == parts.len() => Some(Listed::Currencies),
        () if stages == parts.len() && others > 0 => Some(Listed::Stages),
        // "neu / Bestand / ehemalig"
        () if stages >= 2 && parts.len() == 3 && others > 0 => Some(Listed::Stages),
        // not every title is in the dictionary
        () if levels >= 2 && levels * 3 >= parts.len() * 2 => Some(Listed::Levels),
        () => None,
    }
}

/// The parts of a list.
fn parts(text: &str) -> Vec<&str> {
    const OR: [&str; 6] = [" or ", " ou ", " of ", " oder ", " o ", " bzw. "];
    let mut parts: Vec<&str> = text.split(['/', ',', ';', '|', '\u{2013}', '→', '>']).collect();
    for or in OR {
        parts = parts.into_iter().flat_map(|part| part.split(or)).collect();
    }
    // "P = Prospect", "1 - aktiv"
    let parts = parts.into_iter().map(|part| part.rsplit_once('=').map_or(part, |(_, meaning)| meaning));
    let strokes: &[char] = &['?', '¿', '.', ':', '…', '-', ' '];
    parts.map(|part| part.trim().trim_matches(strokes)).filter(|part| !part.is_empty()).collect()
}

impl Lookup<'_> {
    /// A heading that is a list of values, alone or in brackets behind words that suit it.
    pub(super) fn by_list(&self, heading: &Heading) -> Option<Decision> {
        let weak = |field: Field, what: &str| {
            let claim = Claim::Field { field, tier: Tier::Words, weak: true, when: None };
            Some((claim, format!("it lists {what}"), None))
        };
        let alone = heading.lists_alone;
        let list = heading.listed?;
        let speaks = |concepts: &[Concept]| {
            heading.bare_key().split(' ').any(|word| self.index.lexicon().speaks_of(word, concepts))
        };
        let of_level = alone || speaks(&[Concept::Level, Concept::Contact, Concept::Decision, Concept::Senior]);
        match list {
            Listed::Answers => Some((Claim::None, "a question of yes or no".to_owned(), None)),
            Listed::Stages => weak(Field::Stage, "stages"),
            Listed::Currencies if alone => weak(Field::Currency, "currencies"),
            Listed::Levels if of_level => weak(Field::DecisionLevel, "levels"),
            Listed::Ranks if of_level && !alone => {
                let claim = Claim::Field { field: Field::DecisionLevel, tier: Tier::Words, weak: false, when: None };
                Some((claim, "it lists levels in letters".to_owned(), None))
            }
            Listed::Levels | Listed::Ranks | Listed::Currencies => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn lists_of_values() {
        let index = Dictionary::built_in().index();
        for (text, expected) in [
            ("C-suite / VP / Director / Mgr", Some(Listed::Levels)),
            ("Direction, cadre ou opérationnel ?", Some(Listed::Levels)),
            ("Prospect of klant?", Some(Listed::Stages)),
            ("Activo/Prospecto/Excliente", Some(Listed::Stages)),
            ("J/M/S", Some(Listed::Ranks)),
            ("€ / $ / £", Some(Listed::Currencies)),
            ("EUR/CHF/USD", Some(Listed::Currencies)),
            ("Y/N", Some(Listed::Answers)),
            ("sí / no", Some(Listed::Answers)),
            ("Cliente / Empresa", None),
            ("Client", None),
            ("Manager", None),
            ("Client or company", None),
            ("month/year", None),
        ] {
            assert_eq!(listed(text, index), expected, "{text}");
        }
    }
}
