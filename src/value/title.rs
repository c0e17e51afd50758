//! Job titles by the word that heads them: whatever a manager manages, a manager it is. "Transport manager", "Jefe de tráfico",
//! "Kreditabteilungsleiterin"; "Assistant to the director" is headed by the assistant.

use crate::field::Level::{self, Junior, Middle, Senior};
use crate::value::words::Words;

/// Words that head a title where they stand first ("Jefe de tráfico"), folded, with their level.
const FIRST: &[(Level, &str)] = &[
    (
        Senior,
        "dir direcao direccion direzione direction director directora diretor diretora directeur directrice \
         direttore direttrice direktor direktorin presidente presidenta president prasident prasidentin \
         voorzitter vp svp evp vorsitzender vorsitzende vicepresidente vicepresidenta vicepresident \
         subdirector subdirectora subdiretor subdiretora vicedirettore vicedirettrice",
    ),
    (
        Middle,
        "gerente gte jefe jefa responsable responsabile responsavel resp chef cheffe chefe capo coordinador \
         coordinadora coordenador coordenadora coordinatore coordinatrice coordinateur coordonnateur \
         coordonnatrice encargado encargada encarregado encarregada supervisor supervisora superviseur \
         superviseure supervisore leiter leiterin leitung hoofd manager teamleider teamleiter teamleiterin \
         cadre subgerente ger verantwoordelijke",
    ),
    (
        Junior,
        "assistant assistante assistente asistente assistent assistentin assistenz auxiliar aux auxiliaire \
         ayudante ausiliario sachbearbeiter sachbearbeiterin mitarbeiter mitarbeiterin medewerker \
         medewerkster addetto addetta impiegato impiegata employe employee empleado empleada tecnico tecnica \
         technicien technicienne analista trainee praktikant praktikantin becario becaria stagiair stagiaire \
         estagiario estagiaria secretaresse segretaria secretaria sekretarin commis aprendiz apprenti \
         apprentie",
    ),
];

/// Words that head a title where they stand last ("Transport manager"), folded, with their level.
const LAST: &[(Level, &str)] = &[
    (Senior, "director vp president chairman direktor direktorin directeur geschaftsfuhrer"),
    (
        Middle,
        "manager managerin mgr supervisor coordinator foreman leitung verantwoordelijke lead leader head leiter leiterin",
    ),
    (
        Junior,
        "assistant clerk trainee apprentice intern analyst technician medewerker medewerkster assistent \
         assistente assistentin",
    ),
];

/// What German and Dutch titles that are one word end with, folded, with their level.
const ENDS: &[(Level, &str)] = &[
    (Senior, "direktor direktorin directeur directrice geschaftsfuhrer geschaftsfuhrerin prasident prasidentin"),
    (Middle, "leiter leiterin leitung leider leidster manager managerin chef chefin hoofd"),
    (
        Junior,
        "assistent assistentin assistenz assistente sachbearbeiter sachbearbeiterin mitarbeiter mitarbeiterin \
         medewerker medewerkster",
    ),
];

/// What is meant differently beside a head: a deputy is no head, a general manager no manager, a tour guide leads nobody.
const OTHERWISE: &str = "deputy vice sub stv stellv stellvertretender stellvertretende stellvertretung adjunct adjunto adjunta \
    adjoint adjointe aggiunto aggiunta plaatsvervangend waarnemend ex former ehemaliger ehemalige voormalig \
    ancien ancienne antiguo antigua antigo antiga acting interim general geral generale gral algemeen \
    managing country junior jr jnr jun non no nao kein keine geen reiseleiter reiseleiterin kursleiter \
    kursleiterin spielleiter reisleider office oficina";

/// Words that end the part of a title in which its head stands.
const TIES: &str = "of for to at de da do dos das del della dell dello dei degli delle di d des du al alla van voor von vom \
    der fur im in bei per para pour em en";

/// The level of a title by the word that heads it, folded; nothing where no word or more than one level does.
pub(super) fn by_head(folded: &str, words: &Words) -> Option<Level> {
    let all: Vec<&str> = folded.split(' ').collect();
    let end = all.iter().position(|word| is_among(TIES, word)).unwrap_or(all.len());
    let part = &all[..end];
    let (first, last) = (part.first()?, part.last()?);
    if let ["chief", .., "officer"] = part {
        return Some(Senior);
    }
    // "Presidente contabilità segretaria" is two titles
    let mut heads = part.iter().filter_map(|word| headed(FIRST, word).or(headed(LAST, word)).or(ending(word)));
    let head = heads.next()?;
    if heads.any(|other| other != head) {
        return None;
    }
    // "Gerente general de ventas", "Regional vice president": the dictionary knows its beginning or its end
    let known_first = headed(FIRST, first).and_then(|level| {
        let longest = (2..all.len()).rev().find_map(|n| Some((n, words.level(&all[..n].join(" "))?)));
        longest.or(Some((1, level)))
    });
    let known_last = headed(LAST, last).and_then(|level| {
        let longest = (2..part.len()).rev().find_map(|n| Some((n, words.level(&part[part.len() - n..].join(" "))?)));
        longest.or(Some((1, level)))
    });
    let otherwise = |rest: &[&str]| rest.iter().any(|word| is_among(OTHERWISE, word));
    match (known_first, known_last) {
        (Some((n, level)), None) => (!otherwise(&part[n.min(part.len())..])).then_some(level),
        (None, Some((n, level))) => (!otherwise(&part[..part.len() - n])).then_some(level),
        (Some((n, level)), Some((m, other))) => {
            let rest = part.len().saturating_sub(m).max(n.min(part.len()));
            (level == other && !otherwise(&part[n.min(rest)..rest])).then_some(level)
        }
        (None, None) => {
            let ended = part.iter().filter_map(|word| ending(word)).collect::<Vec<_>>();
            match ended.as_slice() {
                [level] if !otherwise(part) => Some(*level),
                _ => None,
            }
        }
    }
}

fn headed(heads: &[(Level, &str)], word: &str) -> Option<Level> {
    heads.iter().find(|(_, words)| is_among(words, word)).map(|(level, _)| *level)
}

fn is_among(words: &str, word: &str) -> bool {
    words.split(' ').any(|known| known == word)
}

/// "Kreditabteilungsleiterin": the longest end that is a head, with a word before it.
fn ending(word: &str) -> Option<Level> {
    let ends = |end: &str| word.strip_suffix(end).is_some_and(|before| before.chars().count() >= 3);
    let all = ENDS.iter().flat_map(|(level, words)| words.split(' ').map(move |end| (*level, end)));
    all.filter(|(_, end)| ends(end)).max_by_key(|(_, end)| end.len()).map(|(level, _)| level)
}
