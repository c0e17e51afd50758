//! Headings with words cut short: "Dénom. soc." stands for the aliases that read so, if all of them are one field's.

use super::Tier;
use super::claim::{Claim, Lookup, language};
use super::concepts::{Token, is_cut_short, tokens};
use super::heading::Heading;
use super::index::Index;
use crate::field::{Field, Kind};

/// Fewer letters before a point say nothing: "C." begins too much.
const LETTERS: usize = 3;
/// And of a heading that is nothing but one word: "Seg." begins "seguimiento" and "segmento".
const ALONE: usize = 5;

impl Lookup<'_> {
    /// A heading whose words before a point are the beginnings of an alias's; no look-alike may read so, too.
    pub(super) fn by_beginnings(&self, heading: &Heading) -> Option<(Claim, String)> {
        let tokens = tokens(&heading.core_text);
        let says_enough = |token: &Token| token.dotted && token.word.chars().count() >= LETTERS;
        if heading.has_units() || !tokens.iter().any(says_enough) {
            return None;
        }
        let mut aliases = self.index.beginning_with(&tokens);
        let first = aliases.next()?;
        if aliases.any(|other| other.field != first.field) || self.index.lookalike_begins(&tokens) {
            return None;
        }
        // names are told from other names by no value, but a few people's come again and again
        let short = tokens.len() == 1 && tokens[0].word.chars().count() < ALONE;
        let weak = first.field.kind() != Kind::Text || short && first.field == Field::AccountManager;
        if short && !weak {
            return None;
        }
        let claim = Claim::Field { field: first.field, tier: Tier::Words, weak, when: None };
        Some((claim, format!("cut short, the {} \"{}\"", language(first), first.text)))
    }
}

/// The keys of a sorted list that begin like the first word.
pub(super) fn from_first<'k>(sorted: &'k [String], tokens: &'k [Token]) -> impl Iterator<Item = &'k String> {
    let first = tokens.first().map_or("", |token| token.word.as_str());
    let start = sorted.partition_point(|key| key.as_str() < first);
    sorted[start..].iter().take_while(move |key| key.starts_with(first)).filter(move |key| is_cut_short(key, tokens))
}

impl Index {
    fn lookalike_begins(&self, tokens: &[Token]) -> bool {
        from_first(self.sorted_lookalikes(), tokens).next().is_some()
    }
}
