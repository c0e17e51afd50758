//! Counts of contacts: whose people are counted, by who comes first and by who knows whom.

use super::compose::{Composed, common, meant};
use super::concepts::{Concept, EVERY, Languages, Lexicon, Meanings, Set, set};
use super::grammar::CLIENT;
use crate::field::Field;
use Concept::{
    Account, Aux, Client, ClientSide, Clients, Colleague, Company, Contact, Count, Debtor, House, Involved, Know,
    KnowUs, Known, Link, Now, Of, OurSide, Ours, OwnHouse, People, Question, Relationship, Someone, Staff, Stop, There,
    Trade, Us, WeHave, WeKnow, Who, With,
};

/// The client's side, where contacts are spoken of.
const THEIRS: Set = CLIENT | set(&[Account, Company, Debtor, ClientSide]);

/// Words of a heading of contacts.
pub(super) const CONTACTS: Set = THEIRS
    | set(&[Count, People, Staff, Colleague, Ours, OurSide, House, Know, Known, KnowUs, WeKnow, WeHave, Contact])
    | set(&[OwnHouse, Involved, Someone, Who, Link, Stop, Aux, Now, Us]);

/// Contacts: which side is counted is settled by who comes first and by who knows whom.
pub(super) fn contacts(read: &[Meanings]) -> Option<Composed> {
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
        set(&[Us]),
        set(&[Link, Stop, Aux, Now]),
    ];
    // "the Firm" is anybody's, but ours beside a word for the client
    let house = set(&[House, OwnHouse]);
    let plain_client = set(&[Client, Clients, There, Trade, ClientSide]);
    let means = |meanings: &Meanings, wanted: Set| meant(meanings, languages) & wanted != 0;
    let has_client = read.iter().any(|meanings| means(meanings, plain_client) && !means(meanings, house));
    let own_company = companies_of_ours(read, languages);
    let words: Vec<Set> = read
        .iter()
        .enumerate()
        .map(|(at, meanings)| {
            let meant = match has_client && means(meanings, house) {
                true => meant(meanings, languages) & !THEIRS,
                false => meant(meanings, languages),
            };
            let meant = if own_company.contains(&at) { set(&[House]) } else { meant };
            order.iter().map(|group| meant & group).find(|found| *found != 0).unwrap_or(0)
        })
        .collect();
    let words = with_people_of_the_client(words, read, languages);
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
    // "Client executives with relationships to the Firm"
    if let (Some(us), Some(client)) = (first(set(&[Us])), client)
        && ours.is_none()
        && contact.or(know).is_some_and(|contact| client < contact && contact < us)
    {
        return field(Field::ClientContacts);
    }
    if we_know.or(first(set(&[WeHave]))).is_some() {
        // "wie viele Leute kennen wir dort", "con cuántos de ellos tenemos trato": those there are counted
        let of_them =
            client.is_some() && before(people.or(first(set(&[There]))), contact) && (people.is_some() || counted);
        let subject = we_know.is_some() || contact.is_some() && before(first(set(&[Count])), people.or(client));
        return match () {
            () if before(colleague, we_know)
                && we_know.is_some()
                && counted
                && !(client.is_some() && client < colleague) =>
            {
                field(Field::OurContacts)
            }
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
        && (first(set(&[ClientSide])).is_none() || first(set(&[House, OwnHouse])).is_some_and(|house| house < client))
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
    let involved = first(set(&[Involved])).is_some() && client.is_none();
    if ours.is_some() {
        let subject = before(people, contact) || know.is_some() || counts_us && before(ours, contact);
        let of = know.is_some() || contact.is_some() || client.is_some();
        // "Attorneys who have contacts with our office": ours is whom they know
        let with_ours = ours.is_some_and(|at| at > 0 && meant(&read[at - 1], languages) & set(&[With]) != 0);
        let of_theirs = with_ours && contact.is_some() && before(contact, ours) && before(people, contact);
        return match () {
            () if of_theirs && colleague.is_none() => field(Field::ClientContacts),
            () if before(client, known) && known.is_some() && before(known, ours) => field(Field::ClientContacts),
            () if subject && of && before(ours, client) => field(Field::OurContacts),
            // "their people know ours"; "die unsere Leute kennen" says it either way round
            () if before(client, know) && before(know, ours) && contact.is_none() => field(Field::ClientContacts),
            // "Personen bij de klant met contact op kantoor"
            () if before(people, contact) && before(client, contact) && contact.is_some() && before(contact, ours) => {
                field(Field::ClientContacts)
            }
            () if contact.is_some() && client.is_none() && people.is_none() => field(Field::OurContacts),
            // "Betrokken collega's (aantal)"
            () if colleague.is_some()
                && client.is_none()
                && !anybodys
                && first(set(&[Contact])).is_none()
                && involved =>
            {
                field(Field::OurContacts)
            }
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
    if involved && first(set(&[OwnHouse])).is_some() && (people.is_some() || counted) {
        return field(Field::OurContacts);
    }
    // "Persone coinvolte del cliente", "Consultants impliqués": whoever counts the one side counts the other so
    if first(set(&[Involved])).is_some() && contact.is_none() && know.is_none() && known.is_none() {
        // "Betrokkenen bij klant": a word for people as well
        let themselves = words_meaning_both(read, languages, Involved, Concept::People).is_some();
        let someone = people.is_some() || themselves && client.is_some() || words.iter().any(side_of_client);
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

/// "Funcionários do cliente": whoever is the client's is none of ours, though the word alone would be.
fn with_people_of_the_client(mut words: Vec<Set>, read: &[Meanings], languages: Languages) -> Vec<Set> {
    let means = |at: usize, wanted: Set| read.get(at).is_some_and(|word| meant(word, languages) & wanted != 0);
    for at in 0..words.len() {
        let is_staff =
            words[at] & set(&[Colleague]) != 0 && means(at, set(&[Staff, People])) && !means(at, set(&[Ours, OurSide]));
        // "del cliente", "van de klant"
        let of_client =
            means(at + 1, set(&[Of])) && [at + 2, at + 3].iter().any(|at| means(*at, set(&[Client, Trade])));
        let nothing_between = means(at + 2, set(&[Client, Trade, Of, Stop]));
        if is_staff && of_client && nothing_between {
            words[at] = meant(&read[at], languages) & set(&[Staff, People]);
        }
    }
    words
}

/// "Técnicos da empresa em contacto com o dono de obra": where the client has a name of its own on the other side, the company is ours.
fn companies_of_ours(read: &[Meanings], languages: Languages) -> Vec<usize> {
    let means = |at: usize, wanted: Set| meant(&read[at], languages) & wanted != 0;
    let clients: Vec<usize> = (0..read.len()).filter(|at| means(*at, CLIENT | set(&[ClientSide]))).collect();
    let is_company = |at: &usize| means(*at, set(&[Company])) && !clients.contains(at);
    // "los contactos en la empresa del cliente" has nothing between the two
    let between = set(&[Contact, Know, KnowUs, Known, Involved, People]);
    let apart = |at: usize, client: usize| (at.min(client) + 1..at.max(client)).any(|at| means(at, between));
    let ours = |at: &usize| is_company(at) && !clients.is_empty() && clients.iter().all(|client| apart(*at, *client));
    (0..read.len()).filter(ours).collect()
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
    let topic = set(&[Contact, Relationship, Count, Stop, People, Involved]);
    let links = set(&[Link, With]);
    let last = read.len().saturating_sub(1);
    read.iter().enumerate().all(|(at, meanings)| any(topic, meanings) || at < last && any(links, meanings))
        && read.iter().any(|meanings| any(set(&[Contact, Relationship]), meanings))
}

/// Whether a group asks who knows whom, and of which side is left to the headings below it.
pub(super) fn is_who_knows_whom(lexicon: &Lexicon, text: &str) -> bool {
    let read = lexicon.read(text);
    let any = |wanted: Set, meanings: &Meanings| meanings.iter().any(|(concept, _)| wanted & set(&[*concept]) != 0);
    let topic = set(&[Who, Know, Count, Link, Stop, Question]);
    read.iter().all(|meanings| any(topic, meanings))
        && read.iter().any(|meanings| any(set(&[Know]), meanings))
        && read.iter().any(|meanings| any(set(&[Who, Question]), meanings))
}

/// Whether a word that says who is counted stands before every unknown one, or right behind it: "our bankers", "analisti nostri".
pub(super) fn names_who_first(lexicon: &Lexicon, text: &str) -> bool {
    let who = set(&[People, Staff, Colleague, Contact, KnowUs, WeKnow, Ours]);
    let read = lexicon.read(text);
    let means = |at: usize, wanted: Set| read.get(at).is_some_and(|meanings| meant(meanings, EVERY) & wanted != 0);
    let first = (0..read.len()).find(|at| means(*at, who));
    let is_ours = |at: usize| means(at, set(&[Ours])) && !means(at, set(&[Aux, Us]));
    let unknown = (0..read.len()).filter(|at| read[*at].is_empty());
    first.is_some_and(|first| unknown.clone().all(|at| first < at || is_ours(at + 1)))
}

/// "Corella people with contacts there": whoever has contacts at the client is one of ours, whatever our firm is called.
pub(super) fn has_contacts_there(lexicon: &Lexicon, text: &str) -> bool {
    let read = lexicon.read(text);
    let at = |wanted: Set| read.iter().position(|meanings| meant(meanings, EVERY) & wanted != 0);
    let unknown = read.iter().position(Vec::is_empty);
    match (unknown, at(set(&[People])), at(set(&[Contact])), at(set(&[There, Client, Trade]))) {
        (Some(unknown), Some(people), Some(contact), Some(there)) => {
            unknown < people
                && people < contact
                && contact < there
                && at(set(&[Us, Ours, OurSide, With])) == at(set(&[With]))
        }
        _ => false,
    }
}
