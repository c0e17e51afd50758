//! Headings under groups: "Revenue" over "2025" and "2026".

use super::assign::Draft;
use super::claim::{Claim, Lookup, Match, language, units_suit};
use super::concepts::Concept;
use super::contacts::{is_about_contacts, is_who_knows_whom};
use super::heading::{Heading, key};
use super::heads::ends_in_revenue;
use super::index::Topic;
use super::values::Profile;
use crate::field::{Field, Kind};
use crate::header::{HeadingText, Layout};

/// A column's heading read, alone or with the group above it.
pub(super) fn draft(col: u16, heading: &HeadingText, layout: &Layout, lookup: &Lookup<'_>) -> Draft {
    let (shown, matched) = match &heading.parent {
        Some(parent) => under_group(heading, parent, layout, lookup),
        None => (heading.text.clone(), lookup.claim(&heading.text)),
    };
    let Match { claim, reason, units, speaks_of, near, unread, partly } = matched;
    let typo = if claim == Claim::None { lookup.typo(&shown) } else { None };
    let typo = typo.map(|alias| (alias.field, format!("{} \"{}\"", language(alias), alias.text)));
    let names_score = key(&shown).split(' ').any(|word| lookup.index.lexicon().speaks_of(word, &[Concept::Score]));
    Draft {
        names_score,
        col,
        heading: shown,
        claim,
        reason,
        units,
        profile: Profile::default(),
        typo,
        field: None,
        tier: None,
        own: None,
        returned: false,
        original: None,
        further: None,
        speaks_of,
        near,
        unread,
        partly,
    }
}

/// "parent child" where that means something; else the child alone, unless the parent speaks against it.
fn under_group(heading: &HeadingText, parent: &str, layout: &Layout, lookup: &Lookup<'_>) -> (String, Match) {
    let joined = format!("{parent} {}", heading.text);
    // "T€" over "Plan 2026"
    let alone = lookup.claim(&heading.text);
    let units = if heading.merged { alone.units.or(lookup.claim(parent).units) } else { alone.units };
    let alone = Match { units, ..alone };
    if heading.merged || alone.claim == Claim::None {
        let together = together(heading, parent, lookup);
        if let Some(below) = by_side_below(heading, parent, &together, lookup) {
            return (joined, below);
        }
        // "Referente di studio" under "Anagrafica" asks for a name, as it does without
        let asks_for_a_name = matches!(alone.claim, Claim::Field { field: Field::AccountManager, weak: false, .. })
            && matches!(
                together.claim,
                Claim::Contacts { .. } | Claim::Field { field: Field::OurContacts | Field::ClientContacts, .. }
            );
        // "Interlocutores por nuestra parte" under "Relación comercial" counts, as it does without
        let counts = matches!(alone.claim, Claim::Field { field: Field::OurContacts | Field::ClientContacts, .. })
            && matches!(together.claim, Claim::Field { field: Field::AccountManager, .. });
        if !asks_for_a_name && !counts && (together.claim != Claim::None || together.speaks_of.is_some()) {
            return (joined, together);
        }
    }
    let Claim::Field { field, .. } = alone.claim else {
        return if heading.merged { (joined, alone) } else { (heading.text.clone(), alone) };
    };
    let index = lookup.index;
    if !units_suit(field.kind(), &alone.units) {
        let reason = format!("nearest is {field}, but the unit of \"{parent}\" does not fit");
        return (joined, Match { claim: Claim::None, reason, ..alone });
    }
    let parent_key = key(parent);
    let vetoes =
        |word: &str| index.groups(word).iter().any(|group| ["order", "horizon", "negation"].contains(&group.as_str()));
    let mut of_parent: Vec<&str> = parent_key.split(' ').collect();
    // "RV tenus" under "Suivi (6 derniers mois)": what is counted or met in that time, and no other
    if matches!(field, Field::Meetings | Field::DecisionLevel | Field::OurContacts | Field::ClientContacts) {
        let window = |at: usize| index.topic_at(Topic::SixMonths, &of_parent[at..]);
        if let Some((at, length)) = (0..of_parent.len()).map(|at| (at, window(at))).find(|(_, length)| *length > 0) {
            of_parent.drain(at..at + length);
        }
    }
    let veto = of_parent.into_iter().find(|word| vetoes(word));
    // "Last year" under "Margin" is no revenue; under "Growth" it is, if a neighbour says so
    let speaks_of_revenue = |text: &str| {
        let key = key(text);
        let words: Vec<&str> = key.split(' ').collect();
        let revenue = [Topic::Revenue, Topic::Earnings];
        (0..words.len()).any(|at| revenue.iter().any(|topic| index.topic_at(*topic, &words[at..]) > 0))
            || words.iter().any(|word| ends_in_revenue(word))
    };
    let siblings = layout.headings.iter().filter(|other| other.parent.as_deref() == Some(parent));
    // "Zahlen (CHF)" over "VJ" says no more than no group at all
    let says_nothing = || {
        let parent = Heading::new(parent, index);
        index.cover(&parent.core, &[Topic::Plain]).is_some() && !parent.units.percent
    };
    let of_revenue = field.kind() != Kind::Money
        || speaks_of_revenue(parent)
        || says_nothing()
        || siblings.clone().any(|other| speaks_of_revenue(&other.text));
    let reason = match veto {
        Some(word) => format!("\"{}\" is {field}, but stands under \"{parent}\" ({word})", heading.text),
        None if !of_revenue => {
            format!("\"{}\" is {field}, but nothing says that \"{parent}\" is about revenue", heading.text)
        }
        None => return (heading.text.clone(), alone),
    };
    (joined, Match { claim: Claim::Unclear(field), reason, ..alone })
}

/// "Our people involved" under "Relationship": the group says what is counted, and the heading below it whose.
fn by_side_below(heading: &HeadingText, parent: &str, together: &Match, lookup: &Lookup<'_>) -> Option<Match> {
    let is_side =
        |below: &Match| matches!(below.claim, Claim::Field { field: Field::OurContacts | Field::ClientContacts, .. });
    let lexicon = lookup.index.lexicon();
    let arrow = heading.text.contains(['→', '➔', '►']).then(|| heading.text.replace(['→', '➔', '►'], " know "));
    let below = match arrow {
        // "wir → Kunde" under "Kontakte"
        Some(text) if heading.merged && is_about_contacts(lexicon, parent) => Some(text),
        // "Notre équipe" under "Qui connaît qui"
        _ if is_who_knows_whom(lexicon, parent) => Some(format!("{} contacts", heading.text)),
        _ => None,
    };
    if let Some(below) = below.map(|text| lookup.claim(&text)).filter(is_side) {
        return Some(below);
    }
    let open = matches!(together.claim, Claim::None | Claim::Contacts { .. });
    if !open || !heading.merged || !is_about_contacts(lookup.index.lexicon(), parent) {
        return None;
    }
    let below = lookup.claim(&format!("{} {parent}", heading.text));
    is_side(&below).then_some(below)
}

/// The group and the heading read as one, with the group's unit.
fn together(heading: &HeadingText, parent: &str, lookup: &Lookup<'_>) -> Match {
    let found = lookup.claim(&lookup.below_group(parent, &heading.text));
    Match { units: found.units.or(Heading::new(parent, lookup.index).units), ..found }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn groups_of_contacts_and_of_nothing_else() {
        let lexicon = Dictionary::built_in().index().lexicon();
        for text in
            ["Contatti", "Relationship", "Red de contactos", "Nº de pessoas com contato", "Kontaktnetz", "Relatie"]
        {
            assert!(is_about_contacts(lexicon, text), "{text}");
        }
        // whose they are is said, or left hanging
        for text in ["Our contacts", "Contacts with", "Client", "Contacts at client", "Number", ""] {
            assert!(!is_about_contacts(lexicon, text), "{text}");
        }
    }
}
