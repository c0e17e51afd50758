//! What a list calls its clients, where its own word for them is in no dictionary: "Commissioner" beside "Commissioner ref." and
//! "Score in last commissioner survey".

use super::Tier;
use super::assign::Draft;
use super::claim::{Claim, Lookup};
use super::groups::draft;
use super::heading::key;
use crate::field::Field;
use crate::header::{HeadingText, Layout};

/// A word that other headings would make sense with if it meant the client.
struct Called {
    at: usize,
    word: String,
    /// Columns that it makes fields of.
    others: Vec<(usize, Draft)>,
}

/// Reads the headings with the list's own word for a client, if exactly one word can be it and no column claims the client;
/// returns the column that it heads. Its values still have to come once each.
pub(super) fn read_with_own_word(drafts: &mut [Draft], layout: &Layout, lookup: &Lookup<'_>) -> Option<usize> {
    let claims_client = |draft: &Draft| matches!(draft.claim, Claim::Field { field: Field::Client, .. });
    if drafts.iter().any(claims_client) {
        return None;
    }
    let found = drafts.iter().enumerate().filter_map(|(at, draft)| {
        let word = own_word(draft, lookup)?;
        let others = others(at, &word, drafts, layout, lookup);
        (!others.is_empty()).then_some(Called { at, word, others })
    });
    let mut found = found.collect::<Vec<_>>().into_iter();
    let (Some(called), None) = (found.next(), found.next()) else { return None };
    for (at, with_word) in called.others {
        let reason = format!("{}, if \"{}\" is what clients are called", with_word.reason, called.word);
        drafts[at] = Draft { heading: drafts[at].heading.clone(), reason, ..with_word };
    }
    let client = &mut drafts[called.at];
    client.claim = Claim::Field { field: Field::Client, tier: Tier::Words, weak: true, when: None };
    client.reason = "what other headings call the client".to_owned();
    Some(called.at)
}

/// The one word of a heading that nobody knows and that claims nothing.
fn own_word(draft: &Draft, lookup: &Lookup<'_>) -> Option<String> {
    let word = key(&draft.heading);
    let is_one_word = word.chars().count() >= 4 && word.chars().all(char::is_alphabetic);
    let unknown = draft.claim == Claim::None
        && is_one_word
        && !lookup.index.may_say_otherwise(&word)
        && lookup.index.lexicon().read(&word).iter().all(Vec::is_empty)
        && lookup.index.lookalike(&word).is_none();
    unknown.then_some(word)
}

/// The columns that become fields once the word means the client.
fn others(own: usize, word: &str, drafts: &[Draft], layout: &Layout, lookup: &Lookup<'_>) -> Vec<(usize, Draft)> {
    let mut others = Vec::new();
    for (at, (before, heading)) in drafts.iter().zip(&layout.headings).enumerate() {
        if at == own || !matches!(before.claim, Claim::None | Claim::Contacts { .. }) {
            continue;
        }
        let text = with_client(&heading.text, word);
        let parent =
            heading.parent.as_deref().map(|parent| with_client(parent, word).unwrap_or_else(|| parent.to_owned()));
        if text.is_none() && parent == heading.parent {
            continue;
        }
        let text = text.unwrap_or_else(|| heading.text.clone());
        let heading = HeadingText { parent, text, merged: heading.merged, id: heading.id };
        let after = draft(before.col, &heading, layout, lookup);
        if matches!(after.claim, Claim::Field { field, .. } if field != Field::Client) {
            others.push((at, after));
        }
    }
    others
}

/// The heading with "client" in the place of the word, in singular or plural; `None` where it does not stand in it.
fn with_client(text: &str, word: &str) -> Option<String> {
    let stem =
        word.char_indices().nth_back(0).filter(|_| word.chars().count() >= 6).map_or(word, |(end, _)| &word[..end]);
    let is_it = |token: &str| {
        let token = key(token);
        token.starts_with(stem) && token.chars().count() <= word.chars().count() + 2
    };
    let mut found = false;
    let mut out = String::with_capacity(text.len());
    for token in text.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let letters = token.trim_end_matches(|c: char| !c.is_alphanumeric());
        if !letters.is_empty() && is_it(letters) {
            found = true;
            out.push_str("client");
            out.push_str(&token[letters.len()..]);
        } else {
            out.push_str(token);
        }
    }
    found.then_some(out)
}
