//! Several scorecards beside each other: which one counts for a client must never be chosen in silence.

use super::document::Place;
use super::mistakes::Mistakes;
use crate::mapping::heading_key;
use crate::score::{Scorecard, When};
use crate::text::word_key;

/// Each has a name of its own, and no two hold for the same clients.
pub(super) fn one_each(cards: &[Scorecard], m: &mut Mistakes<'_>) {
    for (at, card) in cards.iter().enumerate() {
        let place = Place::from("scorecard").nth(at);
        let earlier = &cards[..at];
        // scores are told apart by the scorecard's name: in the lists, and from month to month
        if earlier.iter().any(|other| word_key(&other.name) == word_key(&card.name)) {
            m.add(place.key("name"), "another scorecard has this name; give it one of its own");
        }
        match &card.when {
            Some(when) => one_for_each_word(card, when, earlier, &place, m),
            None => one_for_each_department(card, earlier, &place.key("departments"), m),
        }
    }
}

fn one_for_each_department(card: &Scorecard, earlier: &[Scorecard], place: &Place, m: &mut Mistakes<'_>) {
    let earlier: Vec<_> = earlier.iter().filter(|other| other.when.is_none()).collect();
    if card.departments.is_empty() && earlier.iter().any(|other| other.departments.is_empty()) {
        m.add(place, "an earlier scorecard names no departments either; only one can hold for all others");
        return;
    }
    for name in &card.departments {
        if let Some(other) = earlier.iter().find(|other| other.departments.contains(name)) {
            m.add(place, format_args!("\"{name}\" has the scorecard \"{}\" already", other.name));
        }
    }
}

fn one_for_each_word(card: &Scorecard, when: &When, earlier: &[Scorecard], place: &Place, m: &mut Mistakes<'_>) {
    let meets = |other: &Scorecard| match card.departments.as_slice() {
        [] => other.departments.is_empty(),
        names => names.iter().any(|name| other.departments.contains(name)),
    };
    for other in earlier.iter().filter(|other| meets(other)) {
        let Some(theirs) = other.when.as_ref().filter(|own| heading_key(&own.column) == heading_key(&when.column))
        else {
            continue;
        };
        for word in when.is.iter().filter(|word| theirs.is.iter().any(|own| word_key(own) == word_key(word))) {
            let what = format!("clients with \"{word}\" have the scorecard \"{}\" already", other.name);
            m.add(place.key("when").key("is"), what);
        }
    }
}
