//! Whether somebody's job in a heading is one at the client: "Arquitecto del cliente" is nobody of ours.

use super::compose::meant;
use super::concepts::{Concept, EVERY, Lexicon, Meanings, Set, set};
use super::heading::key;

const CLIENT: Set = set(&[Concept::Client, Concept::Clients, Concept::Trade]);
/// Of the client: "Gestor de cliente" has no article.
const OF: [&str; 8] = ["del", "do", "della", "dello", "du", "des", "de la", "de los"];
/// At the client.
const AT: [&str; 6] = ["en el", "en la", "no", "na", "chez le", "chez"];

/// Whether a heading asks for somebody with a job at the client, or of the client and with no word that says that he looks after it.
pub(super) fn works_for_the_client(lexicon: &Lexicon, text: &str) -> bool {
    let key = key(text);
    let words: Vec<&str> = key.split(' ').collect();
    let is_client = |word: &str| means(&lexicon.read(word), CLIENT);
    (2..words.len()).filter(|at| is_client(words[*at])).any(|at| {
        let article = (1..=2).filter(|n| *n < at).map(|n| (at - n, words[at - n..at].join(" ")));
        let before = |start: usize| lexicon.read(&words[..start].join(" "));
        let jobs = |start: usize| before(start).iter().any(is_job);
        let keepers = |start: usize| before(start).iter().any(is_keeper);
        article.into_iter().any(|(start, article)| {
            let article = article.as_str();
            OF.contains(&article) && jobs(start) && !keepers(start)
                || AT.contains(&article) && (jobs(start) || keepers(start))
        })
    })
}

/// "Agrônomo que atende", "Comercial que lo visita": one person with a job, and a verb for what is done for a client.
pub(super) fn looks_after_the_client(lexicon: &Lexicon, text: &str) -> bool {
    const VERBS: [&str; 29] = [
        "atiende",
        "atende",
        "lleva",
        "leva",
        "gestiona",
        "gere",
        "cuida",
        "sigue",
        "segue",
        "acompanha",
        "acompana",
        "visita",
        "ve",
        "maneja",
        "responde",
        "trata",
        "habla",
        "fala",
        "supervisa",
        "supervisiona",
        "coordina",
        "coordena",
        "administra",
        "asiste",
        "assiste",
        "tramita",
        "cubre",
        "cobre",
        "asesora",
    ];
    const PRONOUNS: [&str; 9] = ["lo", "la", "los", "las", "le", "les", "o", "os", "as"];
    let key = key(text);
    let Some((who, what)) = key.split_once(" que ") else { return false };
    let verb = what.split(' ').find(|word| !PRONOUNS.contains(word));
    let first = who.split(' ').next().unwrap_or_default();
    let read = lexicon.read(who);
    let job = set(&[Concept::Occupation, Concept::Manager]);
    verb.is_some_and(|verb| VERBS.contains(&verb))
        && !first.ends_with('s')
        && read.first().is_some_and(|meanings| meant(meanings, EVERY) & job != 0)
        && !means(&read, CLIENT | set(&[Concept::Count]))
}

/// "Projektleiter", "Innendienst": a job, and no word that says whose or that a client is looked after.
pub(super) fn is_bare_job(read: &[Meanings]) -> bool {
    let more = set(&[Concept::Manager, Concept::Keeper, Concept::Ours, Concept::OurSide])
        | set(&[Concept::Colleague, Concept::Question, Concept::Account, Concept::Clients, Concept::Relationship]);
    read.iter().any(is_job) && !means(read, more)
}

/// "Cliente / productora": two words for the client, whatever the second may be elsewhere.
pub(super) fn names_the_client_first(lexicon: &Lexicon, text: &str) -> bool {
    text.split_once('/').is_some_and(|(first, _)| {
        let read = lexicon.read(first);
        !read.is_empty() && read.iter().all(|meanings| meant(meanings, EVERY) & CLIENT != 0)
    })
}

fn means(read: &[Meanings], wanted: Set) -> bool {
    read.iter().any(|meanings| meant(meanings, EVERY) & wanted != 0)
}

fn is_job(meanings: &Meanings) -> bool {
    meant(meanings, EVERY) & set(&[Concept::Occupation]) != 0
}

/// "responsable", "quién atiende", and no "comercial": there is a "Gerente comercial" everywhere.
fn is_keeper(meanings: &Meanings) -> bool {
    let meant = meant(meanings, EVERY);
    meant & set(&[Concept::Manager, Concept::Keeper]) != 0 && meant & set(&[Concept::Occupation, Concept::Sales]) == 0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn a_job_at_the_client_is_nobody_of_ours() {
        let lexicon = Dictionary::built_in().index().lexicon();
        for text in [
            "Gerente del cliente",
            "Arquitecto del cliente",
            "Técnico del cliente",
            "Gerente comercial del cliente",
            "Jefe de proyecto del cliente",
            "Arquitecto de la promotora",
            "Técnico do cliente",
            "Engenheiro do cliente",
            "Responsable en el cliente",
            "Gestor no cliente",
        ] {
            assert!(works_for_the_client(lexicon, text), "{text}");
        }
        for text in [
            "Gestor del cliente",
            "Responsable del cliente",
            "Técnico responsable del cliente",
            "Gerente de clientes",
            "Gerente de cuenta",
            "Gestor do cliente",
            "Quem atende o cliente",
            "Responsable en el despacho",
        ] {
            assert!(!works_for_the_client(lexicon, text), "{text}");
        }
    }
}
