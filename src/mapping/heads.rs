//! Words that German and Dutch write together: the last part says what it is, also where nobody knows the first.

/// What is counted or asked, and never a date, an agreement or a visit to a website.
const MEETINGS: [&str; 9] = [
    "gesprache",
    "gespraeche",
    "besprechungen",
    "sitzungen",
    "begehungen",
    "gesprekken",
    "besprekingen",
    "overleggen",
    "vergaderingen",
];
const SURVEYS: [&str; 9] = [
    "befragung",
    "umfrage",
    "zufriedenheit",
    "zufriedenheitsbefragung",
    "enquete",
    "bevraging",
    "tevredenheid",
    "tevredenheidsonderzoek",
    "tevredenheidsmeting",
];
const REVENUES: [&str; 7] = ["umsatz", "umsaetze", "umsatze", "erlos", "erlose", "honorar", "omzet"];

/// Of our own people, of the market, or with those who want a job: no client's.
const NO_CLIENTS: [&str; 22] = [
    "mitarbeiter",
    "personal",
    "team",
    "beleg",
    "markt",
    "trend",
    "arbeit",
    "bewerb",
    "einstell",
    "vorstell",
    "intern",
    "job",
    "feedback",
    "medewerker",
    "personeel",
    "werk",
    "sollicit",
    "functioner",
    "telefon",
    "telefoon",
    "eltern",
    "ouder",
];
/// A part of the revenue, of another time or another firm.
const OF_ANOTHER: [&str; 41] = [
    "konzern",
    "gruppen",
    "markt",
    "welt",
    "branchen",
    "unternehmens",
    "firmen",
    "filial",
    "haupt",
    "mehr",
    "minder",
    "zusatz",
    "neu",
    "rest",
    "teil",
    "quartals",
    "monats",
    "tages",
    "wochen",
    "ausland",
    "inland",
    "export",
    "prognose",
    "soll",
    "plan",
    "ziel",
    "wunsch",
    "eigen",
    "fremd",
    "einzel",
    "concern",
    "groeps",
    "wereld",
    "bedrijfs",
    "maand",
    "week",
    "dag",
    "kwartaal",
    "deel",
    "winkel",
    "sub",
];

/// The word at the end of one that nobody knows, if it is a meeting or a survey: "Reisendenbefragung" → "befragung".
pub(super) fn head(word: &str) -> Option<&'static str> {
    MEETINGS.into_iter().chain(SURVEYS).find(|head| has_head(word, head, &NO_CLIENTS))
}

/// "Rittenomzet": revenue from something that nobody knows.
pub(super) fn ends_in_revenue(word: &str) -> bool {
    REVENUES.iter().any(|head| has_head(word, head, &OF_ANOTHER))
}

fn has_head(word: &str, head: &str, unless: &[&str]) -> bool {
    let first = word.strip_suffix(head).filter(|first| first.chars().count() >= 3);
    first.is_some_and(|first| !unless.iter().any(|other| first.starts_with(other)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_says_what_it_is() {
        assert_eq!(head("reisendenbefragung"), Some("befragung"));
        assert_eq!(head("voortgangsgesprekken"), Some("gesprekken"));
        assert!(ends_in_revenue("rittenomzet"));
        for word in ["mitarbeiterbefragung", "sollicitatiegesprekken", "befragung", "liefertermine", "prijsafspraken"] {
            assert_eq!(head(word), None, "{word}");
        }
        for word in ["konzernumsatz", "umsatz", "restumsatz", "umsatzpotenzial", "winkelomzet"] {
            assert!(!ends_in_revenue(word), "{word}");
        }
    }
}
