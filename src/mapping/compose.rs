//! Headings that no alias foresees, understood by the concepts that they are made of: a small grammar of each field.

use super::concepts::{Concept, EVERY, Languages, Lexicon, Meanings, Set, each_language, set};
use crate::field::{Field, Kind};
use Concept::{
    Access, Account, Action, Amount, Answered, Aux, Branch, By, Call, Client, ClientId, ClientSide, Clients, Colleague,
    Comment, Company, Contact, Contract, Count, Currency, Date, Debtor, Decision, Department, End, General, Given,
    HalfYear, Held, House, Id, Involved, Iso, Keeper, Know, KnowUs, Known, Last, LegalName, Level, LevelAsked, Link,
    Manager, Meeting, Name, New, Next, Now, Occupation, On, Other, OtherWindow, OurSide, Ours, Override, OwnHouse,
    People, Periodic, Phone, Plan, Question, Reason, Referral, Referred, Relationship, Renewal, Replied, Sales, Score,
    Senior, Site, SixMonths, Someone, Staff, Stage, Status, Still, Stop, Survey, System, Thank, There, ThisYear, Title,
    Trade, Unique, Us, Via, WeHave, WeKnow, Who, With,
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

/// A field's grammar: each set of `needs` has a word of its own, and every other word is one of `may`.
struct Rule {
    field: Field,
    needs: &'static [Set],
    may: Set,
    weak: bool,
}

const fn rule(field: Field, needs: &'static [Set], may: Set, weak: bool) -> Rule {
    Rule { field, needs, may, weak }
}

const CLIENT: Set = set(&[Client, Clients, There, Trade]);
const PERSON: Set = CLIENT
    | set(&[
        Decision, Senior, Level, LevelAsked, Access, Title, Contact, People, Staff, Who, Link, Ours, OurSide,
        ClientSide,
    ])
    | set(&[On, Know, Known, KnowUs, WeKnow, WeHave, Question]);
const KEEPING: Set =
    set(&[Ours, OurSide, House, Name, Who, Question, Link, Colleague, There, Relationship, Keeper, System])
        | set(&[Branch, Occupation]);
const SURVEY: Set = CLIENT | set(&[ClientSide, Survey, Last, Link, On, Periodic, System, Question, Given, Us]);
const NOTED: Set = CLIENT
    | set(&[Comment, General, Manager, Keeper, Account, Sales, Department, House, Ours, Link, On, Relationship, By]);

/// Every combination that means a field; a heading that fits two fields is none.
const RULES: &[Rule] = &[
    // "Quelle note nous ont-ils donnée à la dernière enquête ?"
    rule(Field::SurveyScore, &[set(&[Survey]), set(&[Score])], SURVEY | set(&[Given, Us]), true),
    rule(Field::SurveyScore, &[set(&[Survey])], SURVEY & !set(&[On]), true),
    rule(
        Field::SurveyScore,
        &[set(&[Score]), set(&[Given]), set(&[Client, There, Us, Trade, Question])],
        CLIENT | set(&[Given, Us, Last, Link, Score, By, On, Question]),
        true,
    ),
    rule(
        Field::SurveyScore,
        &[set(&[Score]), set(&[Us]), set(&[Client, There, Question, Trade])],
        CLIENT | set(&[Us, Last, Link, By]),
        true,
    ),
    // "Note vom Kunden": who judges says what is judged
    rule(
        Field::SurveyScore,
        &[set(&[Score]), set(&[By]), set(&[Client, Trade])],
        CLIENT | set(&[Us, Last, Link]),
        true,
    ),
    rule(
        Field::SurveyDate,
        &[set(&[Survey]), set(&[Date, Answered, Replied])],
        SURVEY | set(&[Date, Answered, Replied, Score, Held, Given]),
        true,
    ),
    rule(Field::SurveyDate, &[set(&[Survey]), set(&[On])], SURVEY | set(&[Answered, Replied, Held]), true),
    rule(Field::SurveyDate, &[set(&[Score]), set(&[On])], CLIENT | set(&[Last, Link, Given, By]), true),
    rule(
        Field::SurveyDate,
        &[set(&[Score]), set(&[Date])],
        CLIENT | set(&[Score, Date, Last, Link, On, By, Given, Held]),
        true,
    ),
    // "Nota dada em", with dates below
    rule(Field::SurveyDate, &[set(&[Score]), set(&[On])], set(&[Score, Last, Link, On, By, Given, Us, There]), true),
    rule(Field::SurveyDate, &[set(&[Replied]), set(&[Date, On, Answered])], SURVEY | set(&[Date, Answered]), true),
    rule(
        Field::SurveyDate,
        &[set(&[Score]), set(&[Answered]), set(&[Date, On])],
        SURVEY | set(&[Date, Answered]),
        true,
    ),
    rule(
        Field::Meetings,
        &[set(&[Meeting])],
        CLIENT
            | set(&[ClientSide, Meeting, Phone, Count, Held, Link, Who, SixMonths, Last, HalfYear, On, Ours, Sales])
            | set(&[WeHave, Site, OurSide, House, OwnHouse]),
        true,
    ),
    rule(Field::DecisionLevel, &[set(&[Decision]), set(&[Level, Title])], PERSON, false),
    rule(Field::DecisionLevel, &[set(&[Contact]), set(&[Level])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[Senior]), set(&[Contact, Decision, People, Level, Title])], PERSON, true),
    // "Höchster Ansprechpartner (Position)" asks for a level, whatever the titles below are called
    rule(
        Field::DecisionLevel,
        &[set(&[Senior]), set(&[Contact, Decision, WeKnow]), set(&[Level, Title])],
        PERSON,
        false,
    ),
    rule(Field::DecisionLevel, &[set(&[Senior]), set(&[Level, Title]), CLIENT], PERSON, false),
    rule(Field::DecisionLevel, &[set(&[Senior]), set(&[WeKnow, KnowUs, Know, Question])], PERSON, true),
    rule(Field::DecisionLevel, &[set(&[Decision])], CLIENT | set(&[Who, Link, Decision, Question, On]), true),
    rule(Field::DecisionLevel, &[set(&[Decision]), set(&[Access, Contact])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[Access]), set(&[Level, Senior])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[LevelAsked])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[Access]), set(&[Contact])], PERSON & !set(&[Title]), true),
    // "Nível na empresa deles"
    rule(Field::DecisionLevel, &[set(&[Level]), set(&[There])], PERSON & !set(&[Title, Client, Trade, Clients]), true),
    rule(Field::DecisionLevel, &[set(&[Level]), set(&[WeKnow, Know])], PERSON & !set(&[Title]), true),
    rule(
        Field::RenewalDate,
        &[set(&[Contract]), set(&[End, Renewal])],
        CLIENT | set(&[Contract, End, Renewal, Date, Next, Link, On]),
        true,
    ),
    rule(Field::RenewalDate, &[set(&[Renewal])], CLIENT | set(&[Date, Next, End, Renewal, Link, On]), true),
    rule(
        Field::Referrals,
        &[set(&[Referral])],
        CLIENT | set(&[Count, Answered, ThisYear, New, Link, Us, Referral, Referred, Given, Held, Who, On]),
        true,
    ),
    rule(
        Field::Referrals,
        &[set(&[Referred]), set(&[Clients, Company, Account, Trade])],
        CLIENT | set(&[Count, ThisYear, New, Link, Us, Referred, Who, Company, There]),
        true,
    ),
    // "Neukunden dank diesem Kunden"
    rule(
        Field::Referrals,
        &[set(&[Clients]), set(&[Via]), set(&[Client, There, Us])],
        CLIENT | set(&[Count, ThisYear, New, Link, Referred, Clients]),
        true,
    ),
    rule(
        Field::LastThanked,
        &[set(&[Thank])],
        CLIENT | set(&[Last, Date, On, Call, Link, Thank, Given, Held, Question, Ours, OurSide, Colleague]),
        true,
    ),
    rule(Field::OverrideStatus, &[set(&[Override]), set(&[Status])], CLIENT | set(&[Override]), true),
    rule(Field::OverrideReason, &[set(&[Override]), set(&[Reason])], set(&[Override, Status, Link]), false),
    rule(Field::OverrideUntil, &[set(&[Override]), set(&[End])], set(&[Override, Status, Date, Link, End, On]), true),
    rule(Field::OverrideBy, &[set(&[Override]), set(&[By])], set(&[Override, Status, By, Who, Link]), false),
    rule(
        Field::ClientId,
        &[set(&[Client, Debtor, Account, Trade]), set(&[Id])],
        set(&[Client, Debtor, Id, Link, System, House, Ours, Unique, Question, Branch]),
        false,
    ),
    rule(
        Field::ClientId,
        &[set(&[ClientId])],
        set(&[Client, ClientId, System, Ours, Unique, Question, Link, Branch]),
        false,
    ),
    rule(
        Field::ClientId,
        &[set(&[System]), set(&[Id, Name])],
        set(&[Client, Account, Trade, Id, Link]) & !set(&[Name]),
        false,
    ),
    rule(
        Field::Client,
        &[set(&[Client, Company, Account, Debtor, Trade]), set(&[Name, LegalName])],
        set(&[Client, Company, Account, Link]),
        false,
    ),
    rule(Field::Client, &[set(&[Trade])], set(&[Client, Company, Trade, LegalName, Name]), false),
    // "Druckkunde"; a Bank or an Agentur may be anybody's
    rule(Field::Client, &[set(&[Client]), set(&[Branch, OwnHouse])], set(&[Link]), false),
    rule(Field::Client, &[set(&[LegalName]), set(&[Name])], set(&[Client, Company]), false),
    rule(Field::Client, &[set(&[Client]), set(&[System])], set(&[Name, Link]), false),
    rule(Field::Client, &[set(&[Question]), set(&[Client, Company, Trade])], set(&[Question, Link, On, There]), false),
    rule(Field::Client, &[set(&[LegalName])], set(&[Client]), false),
    rule(Field::Client, &[set(&[Company]), set(&[Client])], 0, false),
    rule(
        Field::AccountManager,
        &[set(&[Manager, Keeper]), set(&[Account, Client, Clients, Sales, Manager, Trade, Relationship])],
        KEEPING | set(&[Manager, Account, Client, Clients, Sales, Trade, Contact, On]),
        false,
    ),
    // "Verantw. MA", "zuständige Kollegin"
    rule(Field::AccountManager, &[set(&[Manager, Keeper]), set(&[People, Staff, Colleague])], KEEPING, true),
    // "Notaire ou juriste en charge"
    rule(Field::AccountManager, &[set(&[Keeper])], KEEPING | set(&[Staff]), false),
    rule(Field::AccountManager, &[set(&[Manager])], KEEPING, true),
    // "Arquitecta"; the client may have one, too
    rule(Field::AccountManager, &[set(&[Occupation])], set(&[Ours, OurSide, House, Name, Link, Branch]), true),
    rule(Field::Comments, &[set(&[Comment])], NOTED, false),
    rule(
        Field::ActionPoints,
        &[set(&[Action])],
        CLIENT | set(&[Action, Plan, Next, Link, Ours, Sales, Question, Keeper, General]),
        false,
    ),
    rule(Field::ActionPoints, &[set(&[Next]), set(&[Action])], set(&[Action, Plan, Link]), false),
    rule(
        Field::Currency,
        &[set(&[Currency])],
        set(&[Id, Iso, Currency, Amount, Account, Client, Contract, Question, Link, Name]),
        true,
    ),
    // "Noch Kunde?", "Client actif ?"
    rule(Field::Stage, &[set(&[Still]), set(&[Client, Trade, Still])], set(&[Client, Link, There, Still]), true),
    rule(Field::Stage, &[set(&[Stage, Status])], set(&[Stage, Link, Client, Account, Relationship, Sales, Now]), true),
    rule(Field::Department, &[set(&[Department])], set(&[Name, Ours, OurSide, Manager, Question, Sales, Link]), false),
];

/// A judgement that a client has given.
const JUDGED: Rule =
    rule(Field::SurveyScore, &[set(&[Score])], CLIENT | set(&[Score, Link, Last, Periodic, Given]), true);

/// The client's side, where contacts are spoken of.
const THEIRS: Set = CLIENT | set(&[Account, Company, Debtor, ClientSide]);

/// Words of a heading of contacts.
const CONTACTS: Set = THEIRS
    | set(&[Count, People, Staff, Colleague, Ours, OurSide, House, Know, Known, KnowUs, WeKnow, WeHave, Contact])
    | set(&[OwnHouse, Involved, Someone, Who, Link, Stop, Aux, Now]);

/// The field that a heading's concepts make up, if it is one.
pub(crate) fn compose(lexicon: &Lexicon, text: &str, scaled: bool, percent: bool) -> Option<Composed> {
    if says_twice(text) || lexicon.is_all_cut_short(text) {
        return None;
    }
    let read = lexicon.read(text);
    if let Some(found) = compose_read(&read, scaled, percent) {
        return found.ok();
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
    if says_twice(text) || lexicon.is_all_cut_short(text) {
        return None;
    }
    let unknown = lexicon.unknown(text);
    let most = MOST.min(lexicon.read(text).len().saturating_sub(unknown.len()));
    if unknown.is_empty() || unknown.len() > most || unknown.iter().any(|word| says_otherwise(word)) {
        return None;
    }
    let composed = |languages| {
        let mut read = lexicon.read_in(text, languages);
        read.retain(|meanings| !meanings.is_empty());
        compose_read(&read, scaled, percent)
    };
    let found = composed(EVERY).or_else(|| {
        let mut by_language = each_language().filter_map(composed);
        let first = by_language.next()?;
        by_language.all(|other| other == first).then_some(first)
    })?;
    match found.ok()? {
        // "Escreventes em contato com o cliente": an unknown word may be whoever has contact
        Composed::Field(Field::OurContacts | Field::ClientContacts, _) if !names_who_first(lexicon, text) => None,
        Composed::Field(field, _) => Some((field, unknown)),
        Composed::Contacts | Composed::TheirPeople => None,
    }
}

/// Whether a word that says who is counted stands before every unknown one, or right behind it: "our bankers", "analisti nostri".
fn names_who_first(lexicon: &Lexicon, text: &str) -> bool {
    let who = set(&[People, Staff, Colleague, Contact, KnowUs, WeKnow, Ours]);
    let read = lexicon.read(text);
    let means = |at: usize, wanted: Set| read.get(at).is_some_and(|meanings| meant(meanings, EVERY) & wanted != 0);
    let first = (0..read.len()).find(|at| means(*at, who));
    let is_ours = |at: usize| means(at, set(&[Ours])) && !means(at, set(&[Aux, Us]));
    let unknown = (0..read.len()).filter(|at| read[*at].is_empty());
    first.is_some_and(|first| unknown.clone().all(|at| first < at || is_ours(at + 1)))
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
fn common(read: &[Meanings], allowed: Set) -> Languages {
    let of_word = |meanings: &Meanings| {
        let allowed = meanings.iter().filter(|(concept, _)| allowed & set(&[*concept]) != 0);
        allowed.fold(0, |all, (_, languages)| all | languages)
    };
    read.iter().fold(EVERY, |all, meanings| all & of_word(meanings))
}

/// What a word can mean in those languages.
fn meant(meanings: &Meanings, languages: Languages) -> Set {
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

/// Contacts: which side is counted is settled by who comes first and by who knows whom.
fn contacts(read: &[Meanings]) -> Option<Composed> {
    let languages = common(read, CONTACTS);
    if languages == 0 {
        return None;
    }
    let order = [
        set(&[KnowUs]),
        set(&[WeKnow, WeHave]),
        set(&[Colleague]),
        set(&[Ours, OurSide]),
        THEIRS,
        set(&[Contact, Involved]),
        set(&[People, Staff]),
        set(&[Know]),
        set(&[Known]),
        set(&[House, OwnHouse]),
        set(&[Someone, Count]),
        set(&[Who]),
        set(&[Link, Stop, Aux, Now]),
    ];
    let words: Vec<Set> = read
        .iter()
        .map(|meanings| {
            let meant = meant(meanings, languages);
            order.iter().map(|group| meant & group).find(|found| *found != 0).unwrap_or(0)
        })
        .collect();
    let first = |wanted: Set| words.iter().position(|word| word & wanted != 0);
    let (client, colleague) = (first(THEIRS), first(set(&[Colleague])));
    // "de l'agence" is our side where the client has a word of its own
    let people = first(set(&[People, Staff, Colleague]));
    let house = first(set(&[House])).filter(|_| client.is_some());
    // "pessoas da agência em contato": nobody calls the client so, and whoever of it has contact is one of ours
    let of_house = first(set(&[OwnHouse])).filter(|at| {
        let counted = people.or(first(set(&[Count, Who])));
        let contact = first(set(&[Contact])).or(first(set(&[Know])));
        contact.is_some_and(|contact| *at < contact && counted.is_some_and(|counted| counted < contact))
    });
    let ours = [first(set(&[Ours, OurSide, Colleague])), house, of_house].into_iter().flatten().min();
    // whoever of ours is involved has contact; of the client's people that says nothing
    let contact = first(set(&[Contact])).or(first(set(&[Involved])).filter(|_| ours.is_some()));
    let (know, known, we_know) = (first(set(&[Know])), first(set(&[Known])), first(set(&[WeKnow])));
    let our_side = read.iter().any(|meanings| meant(meanings, languages) & set(&[OurSide]) != 0);
    // "Combien chez nous ont un contact là-bas": who is counted stands behind the count
    let counts_us = read.windows(2).any(|pair| {
        let first_means = |concept| meant(&pair[0], languages) & set(&[concept]) != 0;
        (first_means(Count) || first_means(Who)) && meant(&pair[1], languages) & set(&[OurSide]) != 0
    });
    let staff = words.iter().any(|word| word & set(&[Staff]) != 0);
    let counted = first(set(&[Count, Who])).is_some();
    let before = |a: Option<usize>, b: Option<usize>| a.is_some() && b.is_none_or(|b| a.is_some_and(|a| a < b));
    let field = |field: Field| Some(Composed::Field(field, true));
    if first(set(&[KnowUs])).is_some() {
        let someone = counted || people.is_some() || client.is_some() || contact.is_some() || words.len() == 1;
        return if someone && !before(ours, client) { field(Field::ClientContacts) } else { None };
    }
    if we_know.or(first(set(&[WeHave]))).is_some() {
        // "wie viele Leute kennen wir dort", "con cuántos de ellos tenemos trato": those there are counted
        let of_them =
            client.is_some() && before(people.or(first(set(&[There]))), contact) && (people.is_some() || counted);
        let subject = we_know.is_some() || contact.is_some() && before(first(set(&[Count])), people.or(client));
        return match () {
            () if before(colleague, we_know) && we_know.is_some() && counted => field(Field::OurContacts),
            () if ours.is_none() && of_them && subject => field(Field::ClientContacts),
            () => (contact.is_some() || people.is_some() || counted && (client.is_some() || we_know.is_some()))
                .then_some(Composed::Contacts),
        };
    }
    // "Mitarbeitende mit Kundenkontakt"
    if let (Some(people), Some(client), Some(contact)) = (people, client, contact)
        && people + 1 < client
        && client + 1 == contact
        && meant(&read[client - 1], languages) & set(&[With]) != 0
        && first(set(&[ClientSide])).is_none()
    {
        return field(Field::OurContacts);
    }
    // "Aantal personen dat wij bij huurder spreken": whom we speak to
    let pronoun = words_meaning_both(read, languages, Aux, OurSide);
    if know.is_some() && before(people.or(first(set(&[Count]))), pronoun) && pronoun.is_some() && colleague.is_none() {
        return field(Field::ClientContacts);
    }
    // "À combien de personnes parle-t-on chez eux"
    let links = |meanings: &Meanings| meant(meanings, languages) & set(&[Link, With]) != 0;
    let counts = |meanings: &Meanings| meant(meanings, languages) & set(&[Count]) != 0;
    if let [first, second, ..] = read
        && links(first)
        && counts(second)
        && know.is_some()
        && ours.is_none()
        && client.is_some()
    {
        return field(Field::ClientContacts);
    }
    // "Nb de collaborateurs chez le client": their staff, or ours that works there
    let anybodys = ours.filter(|at| words[*at] & set(&[Colleague]) != 0).is_some_and(|at| {
        let other = meant(&read[at], languages);
        other & set(&[Staff]) != 0 && other & set(&[Ours, OurSide]) == 0
    });
    let says_more = [contact, know, known, house, first(set(&[Involved]))].iter().any(Option::is_some);
    if anybodys && !says_more {
        return None;
    }
    if ours.is_some() {
        let subject = before(people, contact) || know.is_some() || counts_us && before(ours, contact);
        let of = know.is_some() || contact.is_some() || client.is_some();
        return match () {
            () if subject && of && before(ours, client) => field(Field::OurContacts),
            // "their people know ours"; "die unsere Leute kennen" says it either way round
            () if before(client, know) && before(know, ours) && contact.is_none() => field(Field::ClientContacts),
            // "Personen bij de klant met contact op kantoor"
            () if before(people, contact) && before(client, contact) && contact.is_some() && before(contact, ours) => {
                field(Field::ClientContacts)
            }
            () if contact.is_some() && client.is_none() && people.is_none() => field(Field::OurContacts),
            () if contact.is_some() || know.is_some() => Some(Composed::Contacts),
            () if our_side && !staff && (first(set(&[People])).is_some() || counted) && client.is_none() => {
                field(Field::OurContacts)
            }
            // "Gente nuestra": who of ours has to do with the client, where no other word stands beside it
            () if first(set(&[People])).is_some() && !staff && client.is_none() && first(set(&[Ours])).is_some() => {
                field(Field::OurContacts)
            }
            // "Abogados que lo llevan"
            () if people.is_some() && client.is_none() && colleague > people => field(Field::OurContacts),
            () => None,
        };
    }
    if client.is_some() && known.is_some() && (people.is_some() || contact.is_some()) {
        // "bekende personen bij klant" are the client's; "medewerkers bekend bij klant" may be anybody's
        return if staff { Some(Composed::Contacts) } else { field(Field::ClientContacts) };
    }
    // "Externe Mitarbeiter" stand on no side
    let side_of_client = |word: &Set| word & set(&[ClientSide]) != 0 && word & set(&[Client]) != 0;
    if words.iter().any(side_of_client) && people.is_some() && contact.is_none() && !staff {
        return field(Field::ClientContacts);
    }
    // "Betrokken medewerkers kantoor": whoever of our house is involved
    let involved = first(set(&[Involved])).is_some() && client.is_none();
    if involved && first(set(&[OwnHouse])).is_some() && (people.is_some() || counted) {
        return field(Field::OurContacts);
    }
    // "Persone coinvolte del cliente", "Consultants impliqués": whoever counts the one side counts the other so
    if first(set(&[Involved])).is_some() && contact.is_none() && know.is_none() && known.is_none() {
        let someone = people.is_some() || words.iter().any(side_of_client);
        return someone.then_some(Composed::Contacts);
    }
    let follows = client.is_some_and(|at| at > 0 && contact == Some(at - 1) && side_of_client(&words[at]));
    let at_client = follows && !staff;
    match (client, contact, know) {
        // whoever knows the client is one of ours
        (Some(_), _, Some(_)) if before(know, client) && (counted || people.is_some()) => field(Field::OurContacts),
        // "Personas en contacto por parte del anunciante"
        (Some(_), Some(_), None) if at_client => field(Field::ClientContacts),
        (Some(_), Some(_), None) if before(people, contact) && before(contact, client) => Some(Composed::Contacts),
        (Some(_), Some(_), None) => field(Field::ClientContacts),
        // "Contacts côté agence": whose agency, the other column says
        (None, Some(_), None) if people.is_none() && first(set(&[House, OwnHouse])).is_some() => {
            Some(Composed::Contacts)
        }
        // "Total contactos vinculados", beside "Total usuarios vinculados"
        (None, Some(_), None) if counted && first(set(&[Involved])).is_some() => Some(Composed::Contacts),
        // "Nº personas agencia", beside "Nº personas anunciante"
        (None, None, None) if people.is_some() && counted && !staff && first(set(&[House, OwnHouse])).is_some() => {
            Some(Composed::Contacts)
        }
        // "Pessoas do hospital com relação": whose hospital, the other column says
        (None, Some(_), None) if people.is_some() && counted && !staff && first(set(&[House])).is_some() => {
            Some(Composed::Contacts)
        }
        // "Mitarbeiter in Kontakt", "gekoppelde contactpersonen": whose, the other column says
        (None, Some(_), None) if (people.is_some() || known.is_some()) && first(set(&[House])).is_none() => {
            Some(Composed::Contacts)
        }
        // "Personas del taller que los conocen"
        (None, None, Some(_)) if people.is_some() && first(set(&[House])).is_some() => Some(Composed::Contacts),
        // "Personen beim Mandanten"; how many staff a client has is something else
        (Some(_), None, None) if people.is_some() && !staff => Some(Composed::TheirPeople),
        _ => None,
    }
}

/// The first word that can mean the one and the other.
fn words_meaning_both(read: &[Meanings], languages: Languages, one: Concept, other: Concept) -> Option<usize> {
    let both =
        |meanings: &Meanings| [one, other].iter().all(|concept| meant(meanings, languages) & set(&[*concept]) != 0);
    read.iter().position(both)
}

/// Whether a group speaks of contacts and of nothing else: whose they are, the headings below it say.
pub(super) fn is_about_contacts(lexicon: &Lexicon, text: &str) -> bool {
    let read = lexicon.read(text);
    let any = |wanted: Set, meanings: &Meanings| meanings.iter().any(|(concept, _)| wanted & set(&[*concept]) != 0);
    let topic = set(&[Contact, Relationship, Count, Stop]);
    read.iter().all(|meanings| any(topic, meanings))
        && read.iter().any(|meanings| any(set(&[Contact, Relationship]), meanings))
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
