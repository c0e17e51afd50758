//! Headings that no alias foresees, understood by the concepts that they are made of: a small grammar of each field.

use super::concepts::{Concept, EVERY, Languages, Lexicon, Meanings, Set, each_language, set};
use super::contacts::{CONTACTS, contacts, has_contacts_there, names_who_first};
use super::grammar::{CLIENT, JUDGED, PERSON, RULES, Rule};
use super::heads::head;
use super::whose::{is_bare_job, looks_after_the_client};
use crate::field::{Field, Kind};
use Concept::{
    Aux, Contact, Count, Decision, HalfYear, Held, Id, Know, KnowUs, Last, Link, Meeting, On, Other, OtherWindow, Ours,
    People, Score, SixMonths, Staff, Stop, Survey, WeHave, WeKnow, Who,
};

/// What the concepts of a heading say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Composed {
    /// A field; `weak` where the values have to bear it out.
    Field(Field, bool),
    /// A count of contacts whose side the words leave open.
    Contacts,
    /// A count of the client's people, of which no word says that they are contacts.
    TheirPeople,
}

/// The field that a heading's concepts make up, if it is one.
pub(crate) fn compose(lexicon: &Lexicon, text: &str, scaled: bool, percent: bool) -> Option<Composed> {
    if says_twice(text) || lexicon.is_all_cut_short(text) {
        return None;
    }
    if looks_after_the_client(lexicon, text) {
        return Some(Composed::Field(Field::AccountManager, true));
    }
    let read = lexicon.read(text);
    if let Some(found) = compose_read(&read, scaled, percent) {
        // "Projektleiter" may be the one who looks after the client, and may be another: what the other columns are decides
        return found
            .ok()
            .filter(|found| !matches!(found, Composed::Field(Field::AccountManager, _)) || !is_bare_job(&read));
    }
    // a word that no language knows is known in none
    if read.iter().any(Vec::is_empty) {
        return None;
    }
    let composed = |languages| compose_read(&lexicon.read_in(text, languages), scaled, percent);
    let mut by_language = each_language().filter_map(composed);
    let first = by_language.next()?.ok()?;
    by_language.all(|other| other == Ok(first)).then_some(first)
}

/// What a heading's concepts make up but for a word or two that nobody knows, and these words.
///
/// `says_otherwise` tells the words that no concept stands for and that speak against a field all the same.
pub(crate) fn compose_partly(
    lexicon: &Lexicon,
    text: &str,
    scaled: bool,
    percent: bool,
    says_otherwise: impl Fn(&str) -> bool,
) -> Option<(Field, Vec<String>)> {
    const MOST: usize = 2;
    let read = lexicon.read(text);
    if is_bare_job(&read)
        && matches!(compose_read(&read, scaled, percent), Some(Ok(Composed::Field(Field::AccountManager, _))))
    {
        return Some((Field::AccountManager, Vec::new()));
    }
    if says_twice(text) || lexicon.is_all_cut_short(text) {
        return None;
    }
    let unknown = lexicon.unknown(text);
    // "Reisendenbefragung zuletzt": a survey of whomever
    let headless = unknown.iter().filter(|word| head(word).is_none()).count();
    let most = MOST.min(lexicon.read(text).len().saturating_sub(headless));
    if unknown.is_empty() || unknown.len() > most || unknown.iter().any(|word| says_otherwise(word)) {
        return None;
    }
    let composed = |languages| {
        let mut read = lexicon.read_with(text, languages, |word| lexicon.word_in(head(word)?, languages));
        read.retain(|meanings| !meanings.is_empty());
        compose_read(&read, scaled, percent)
    };
    let found = composed(EVERY).or_else(|| {
        let mut by_language = each_language().filter_map(composed);
        let first = by_language.next()?;
        by_language.all(|other| other == first).then_some(first)
    })?;
    let read = lexicon.read(text);
    let any = |wanted: Set| read.iter().any(|meanings| meant(meanings, EVERY) & wanted != 0);
    match found.ok()? {
        Composed::Contacts | Composed::Field(Field::OurContacts | Field::ClientContacts, _)
            if has_contacts_there(lexicon, text) =>
        {
            Some((Field::OurContacts, unknown))
        }
        // "Escreventes em contato com o cliente": an unknown word may be whoever has contact
        Composed::Field(Field::OurContacts | Field::ClientContacts, _) if !names_who_first(lexicon, text) => None,
        // an unknown word beside a bare "meetings" or "survey" may say that they are still to be held, or that it was sent
        Composed::Field(Field::Meetings, _) if !any(set(&[SixMonths, Held, Count])) => None,
        Composed::Field(Field::SurveyScore, _) if !scaled && !any(set(&[Score])) => None,
        Composed::Field(Field::SurveyDate, _) => None,
        Composed::Field(field, _) => Some((field, unknown)),
        Composed::Contacts | Composed::TheirPeople => None,
    }
}

/// Two fields fit equally well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Undecided;

/// What the words make up; nothing where one of them is unknown or no rule fits.
fn compose_read(read: &[Meanings], scaled: bool, percent: bool) -> Option<Result<Composed, Undecided>> {
    if read.is_empty() || read.iter().any(Vec::is_empty) {
        return None;
    }
    if let Some(found) = contacts(read) {
        // "Nb de rencontres avec le client": who is met is known, too
        let meets = RULES.iter().any(|rule| rule.field == Field::Meetings && fits(rule, read));
        return Some(if meets { Err(Undecided) } else { Ok(found) });
    }
    // "(1-10)" and "(%)" are no dates, and no names
    let can_be = |rule: &&Rule| !(scaled || percent) || !matches!(rule.field.kind(), Kind::Date | Kind::Text);
    let fitting: Vec<&Rule> = RULES.iter().filter(can_be).filter(|rule| fits(rule, read)).collect();
    // who asks for more knows the heading better: "enquête" beside "date" is no score
    let most = fitting.iter().map(|rule| rule.needs.len()).max().unwrap_or(0);
    let mut best = fitting.iter().filter(|rule| rule.needs.len() == most).map(|rule| rule.field);
    let found = best.next();
    if best.any(|field| Some(field) != found) {
        return Some(Err(Undecided));
    }
    let weak = |field| fitting.iter().filter(|rule| rule.field == field).all(|rule| rule.weak);
    let found = found.map(|field| (field, weak(field)));
    // "Nota do cliente (0 a 10)": only its scale tells a survey from any other judgement
    let found = found.or_else(|| (scaled && fits(&JUDGED, read)).then_some((Field::SurveyScore, true)));
    found.map(|(field, weak)| Ok(Composed::Field(field, weak)))
}

/// "Account manager's manager" is not the account manager.
fn says_twice(text: &str) -> bool {
    let key = super::heading::key(text);
    let words: Vec<&str> = key.split(' ').filter(|word| word.chars().count() > 3).collect();
    words.iter().enumerate().any(|(at, word)| words[..at].contains(word))
}

/// The languages in which every word means one of these.
pub(super) fn common(read: &[Meanings], allowed: Set) -> Languages {
    let of_word = |meanings: &Meanings| {
        let allowed = meanings.iter().filter(|(concept, _)| allowed & set(&[*concept]) != 0);
        allowed.fold(0, |all, (_, languages)| all | languages)
    };
    read.iter().fold(EVERY, |all, meanings| all & of_word(meanings))
}

/// What a word can mean in those languages.
pub(super) fn meant(meanings: &Meanings, languages: Languages) -> Set {
    meanings.iter().filter(|(_, own)| own & languages != 0).fold(0, |all, (concept, _)| all | set(&[*concept]))
}

fn fits(rule: &Rule, read: &[Meanings]) -> bool {
    let allowed = rule.needs.iter().fold(rule.may | set(&[Stop, Aux]), |all, need| all | need);
    let languages = common(read, allowed);
    if languages == 0 {
        return false;
    }
    let meant: Vec<Set> = read.iter().map(|meanings| meant(meanings, languages)).collect();
    if rule.field == Field::Meetings && !(window_is_whole(&meant) && no_other_window(read, allowed)) {
        return false;
    }
    // "Nº pess. cliente" counts, whatever else begins like a person; "ref." is a number, too
    let counts_people = |meanings: &&Meanings| {
        let any = |wanted: Set| meanings.iter().any(|(concept, _)| wanted & set(&[*concept]) != 0);
        any(set(&[People, Staff, Contact])) && !any(set(&[Id]))
    };
    if rule.field == Field::ClientId && read.iter().any(|meanings| counts_people(&meanings)) {
        return false;
    }
    each_its_own(rule.needs, &meant, 0)
}

/// Whether each need has a word of its own.
fn each_its_own(needs: &[Set], meant: &[Set], used: u64) -> bool {
    let Some((need, rest)) = needs.split_first() else {
        return true;
    };
    let free = |at: &usize| *at < 64 && used & (1 << at) == 0 && meant[*at] & need != 0;
    (0..meant.len()).filter(free).any(|at| each_its_own(rest, meant, used | 1 << at))
}

/// "Last" alone is the last meeting, and a half-year that is not the last one some other.
fn window_is_whole(meant: &[Set]) -> bool {
    let any = |wanted: Set| meant.iter().any(|word| word & wanted != 0);
    let only = |word: &Set, one: Concept, but: Set| word & set(&[one]) != 0 && word & but == 0;
    let last = meant.iter().any(|word| only(word, Last, set(&[SixMonths, HalfYear, Meeting])));
    let half = meant.iter().any(|word| only(word, HalfYear, set(&[SixMonths])));
    (!last || any(set(&[SixMonths, HalfYear]))) && (!half || any(set(&[Last, Held])))
}

/// "QTD" is a quantity only beside words that are Portuguese for certain.
fn no_other_window(read: &[Meanings], allowed: Set) -> bool {
    let is_window = |meanings: &&Meanings| meanings.iter().any(|(concept, _)| *concept == OtherWindow);
    let (windows, others): (Vec<&Meanings>, Vec<&Meanings>) = read.iter().partition(is_window);
    let others: Vec<Meanings> = others.into_iter().cloned().collect();
    windows.is_empty() || common(&others, allowed) != EVERY
}

/// The measures that a heading nearly is: it has the word for one, and none that says something else.
pub(crate) fn hints(lexicon: &Lexicon, text: &str, says_otherwise: impl Fn(&str) -> bool) -> &'static [Field] {
    let read = lexicon.read(text);
    let meant: Vec<Set> = read.iter().map(|meanings| meant(meanings, EVERY)).collect();
    let any = |wanted: Set| meant.iter().any(|word| word & wanted != 0);
    let about = |fields: &'static [Field], core: Set, beside: Set| {
        let foreign = meant.iter().any(|word| *word != 0 && word & (core | beside | set(&[Stop, Link, Who, On])) == 0);
        (any(core) && !foreign).then_some(fields)
    };
    let key = super::heading::key(text);
    let vetoed = key.split(' ').any(|word| lexicon.read(word).iter().all(Vec::is_empty) && says_otherwise(word));
    if vetoed || any(set(&[Other, OtherWindow])) {
        return &[];
    }
    let found = about(&[Field::Meetings], set(&[Meeting]), CLIENT | set(&[Count, Held, SixMonths, Ours]))
        .or_else(|| about(&[Field::SurveyScore], set(&[Survey]), CLIENT | set(&[Score, Last])))
        .or_else(|| about(&[Field::DecisionLevel], set(&[Decision]), PERSON))
        .or_else(|| {
            about(&[Field::OurContacts, Field::ClientContacts], set(&[Know, KnowUs, WeKnow, WeHave, Contact]), CONTACTS)
        });
    found.unwrap_or(&[])
}
