//! Text → level: words and job titles. Strict: what is not known word for word is wrong, never the lowest level.

use crate::account::Value;
use crate::field::Level;
use crate::text::fold;
use crate::value::reading::{Context, Outcome, Raw, Reading, trim};
use crate::value::title::by_head;
use crate::value::words::Words;

/// What a title may add without changing its level, folded: business functions and the words that tie them to it.
/// "Sales director" is a director; "Director's assistant" or "Assistant to the CEO" holds a word that is not here.
const AREAS: &[&str] = &[
    "accounts",
    "accounting",
    "payroll",
    "buchhaltung",
    "finanzbuchhaltung",
    "rechnungswesen",
    "boekhouding",
    "administratie",
    "administracao",
    "administrative",
    "personale",
    "department",
    "dept",
    "departement",
    "departamento",
    "dipartimento",
    "division",
    "divisao",
    "divisione",
    "board",
    "conseil",
    "conselho",
    "consejo",
    "consiglio",
    "contable",
    "contabilidad",
    "comptable",
    "comptabilite",
    "contabile",
    "contabilita",
    "contabilidade",
    "fiscal",
    "ops",
    "practice",
    "plant",
    "facilities",
    "warehouse",
    "ict",
    "controlling",
    "service",
    "export",
    "administration",
    "administracion",
    "amministrazione",
    "administrativo",
    "amministrativo",
    "sistemas",
    "sistemi",
    "informatica",
    "informatique",
    "maintenance",
    "mantenimiento",
    "manutenzione",
    "manutencao",
    "suprimentos",
    "verwaltung",
    "werkstatt",
    "ufficio",
    "stabilimento",
    "industrial",
    "industriel",
    "exploitation",
    "planta",
    "almacen",
    "armazem",
    "facilitair",
    "treasury",
    "juridische",
    "zaken",
    "tienda",
    "turno",
    "traffic",
    "kaufmannische",
    "security",
    "fleet",
    "office",
    "branch",
    "project",
    "projects",
    "customer",
    "of",
    "de",
    "da",
    "do",
    "del",
    "della",
    "di",
    "des",
    "du",
    "der",
    "and",
    "und",
    "en",
    "et",
    "e",
    "y",
    "sales",
    "vertrieb",
    "verkauf",
    "verkoop",
    "vendas",
    "comercial",
    "commercial",
    "commerciale",
    "ventes",
    "ventas",
    "vendite",
    "marketing",
    "finance",
    "financial",
    "finanzen",
    "financien",
    "financeiro",
    "financier",
    "financiero",
    "finanziario",
    "finanza",
    "finances",
    "it",
    "ti",
    "digital",
    "technology",
    "technical",
    "technik",
    "tecnico",
    "technique",
    "hr",
    "rh",
    "people",
    "personal",
    "personeel",
    "purchasing",
    "procurement",
    "buying",
    "einkauf",
    "inkoop",
    "compras",
    "achats",
    "acquisti",
    "operations",
    "operaties",
    "operacoes",
    "operaciones",
    "operativo",
    "logistics",
    "logistik",
    "logistiek",
    "logistica",
    "logistique",
    "production",
    "produktion",
    "productie",
    "producao",
    "produccion",
    "produzione",
    "quality",
    "qualitat",
    "kwaliteit",
    "qualidade",
    "qualite",
    "calidad",
    "qualita",
    "legal",
    "recht",
    "juridico",
    "juridique",
    "supply",
    "chain",
    "engineering",
    "product",
    "communications",
    "strategy",
    "risk",
    "compliance",
    "business",
    "development",
    "entwicklung",
    "regional",
    "europe",
    "emea",
    "uk",
    "dach",
    "benelux",
    "international",
    "group",
];

/// Titles that keep their level whatever function stands beside them, folded. Not "partner", "owner", "administrator":
/// an HR partner, a product owner and an IT administrator are no heads of anything.
const HEADS: &[&str] = &[
    "president",
    "presidente",
    "presidenta",
    "chairman",
    "chefe",
    "cheffe",
    "director",
    "directora",
    "diretor",
    "diretora",
    "direttore",
    "direttrice",
    "directeur",
    "directrice",
    "direktor",
    "direktorin",
    "vp",
    "svp",
    "evp",
    "vice president",
    "head of",
    "head",
    "manager",
    "gerente",
    "responsable",
    "responsabile",
    "responsavel",
    "resp",
    "hoofd",
    "leiter",
    "leiterin",
    "leitung",
    "chef",
    "capo",
    "teamleider",
    "teamleiter",
    "teamleiterin",
    "encargado",
    "encargada",
    "encarregado",
    "coordinador",
    "coordenador",
    "jefe",
    "jefa",
];

/// "J", "M" (in Brazil "P", pleno) and "S": junior, middle and senior in the letters of every language.
pub fn rank(text: &str) -> Option<Level> {
    match trim(text).to_lowercase().as_str() {
        "j" => Some(Level::Junior),
        "m" | "p" => Some(Level::Middle),
        "s" => Some(Level::Senior),
        _ => None,
    }
}

/// A cell of a level column.
pub fn level(raw: Raw<'_>, context: &Context<'_>) -> Reading {
    let text = match raw {
        Raw::Error(error) => return Reading { outcome: Outcome::Error(error), ..Reading::missing() },
        Raw::Text(text) => std::borrow::Cow::Borrowed(text),
        Raw::Number(..) => raw.shown(),
        Raw::Date(_) | Raw::Time(_) | Raw::Bool(_) => return Reading::wrong("is no level"),
    };
    if let Some(level) = rank(&text).filter(|_| context.ranks) {
        return Reading::known(Value::Level(level));
    }
    if let Some(level) = context.words.level(&fold(&text)) {
        return Reading::known(Value::Level(level));
    }
    if context.words.is_missing(&text) {
        return Reading::missing();
    }
    if let Some(level) = title(&text, context.words) {
        return Reading::known(Value::Level(level));
    }
    let mut levels = Vec::new();
    for part in parts(&text).filter(|part| !fold(part).bytes().all(|b| b.is_ascii_digit() || b == b' ')) {
        match title(part, context.words) {
            Some(level) => levels.push(level),
            None => return Reading::wrong("is no level or title that is known"),
        }
    }
    match levels.as_slice() {
        [] => Reading::wrong("is no level or title that is known"),
        [first, rest @ ..] if rest.iter().all(|level| level == first) => Reading::known(Value::Level(*first)),
        _ => Reading::wrong("names more than one level"),
    }
}

/// "CFO / Finance director", "CEO (owner)", "3 - senior".
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['/', ',', ';', '+', '|', '(', ')', '\n', '\u{2013}', '\u{2014}'])
        .flat_map(|part| part.split(" - "))
        // "R&D" is one word
        .flat_map(|part| part.split(" & "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// The level of one title: a known word, or a head of something with nothing but business functions beside it.
fn title(text: &str, words: &Words) -> Option<Level> {
    let folded = fold(text);
    if let Some(level) = words.level(&folded) {
        return Some(level);
    }
    if ["'s", "\u{2019}s"].iter().any(|genitive| text.contains(genitive)) {
        return None; // "Director's …"
    }
    let all: Vec<&str> = folded.split(' ').collect();
    if let Some(headed) = folded.strip_prefix("head of ") {
        // Whatever it is that they head, but not "Head of sales assistant".
        let level = words.level("head of");
        return level
            .filter(|_| headed.split(' ').all(|word| words.level(word).is_none_or(|other| Some(other) == level)));
    }
    let harmless = |rest: &[&str]| rest.iter().all(|word| AREAS.contains(word));
    let windows = (1..all.len()).rev().take_while(|_| all.len() <= 8);
    let by_area =
        windows.flat_map(|n| (0..=all.len() - n).map(move |start| (start, start + n))).find_map(|(start, end)| {
            let head = all[start..end].join(" ");
            let level = words.level(&head).filter(|_| HEADS.contains(&head.as_str()))?;
            (harmless(&all[..start]) && harmless(&all[end..])).then_some(level)
        });
    // "Director / buyer" is looked at part by part
    let is_one = parts(text).count() == 1;
    by_area.or_else(|| by_head(&folded, words).filter(|_| is_one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::reading::tests::context;
    use crate::value::words::tests::words;

    #[test]
    fn levels_and_titles() {
        let words = words();
        for (text, expected) in [
            ("Senior", Some(Level::Senior)),
            (" MIDDLE ", Some(Level::Middle)),
            ("Geschäftsführer", Some(Level::Senior)),
            ("Geschaeftsfuehrer", Some(Level::Senior)),
            ("C-level", Some(Level::Senior)),
            ("c level", Some(Level::Senior)),
            ("Finance Director", Some(Level::Senior)),
            ("Sales director EMEA", Some(Level::Senior)),
            ("Head of Procurement", Some(Level::Middle)),
            ("Head of IT and Finance", Some(Level::Middle)),
            ("Head of Facilities", Some(Level::Middle)),
            ("Head of sales assistant", None),
            ("VP Sales", Some(Level::Senior)),
            ("Diretor de Compras", Some(Level::Senior)),
            ("CFO / Finance director", Some(Level::Senior)),
            ("CEO, board", Some(Level::Senior)),
            ("3 - senior", Some(Level::Senior)),
            ("Senior (CEO)", Some(Level::Senior)),
            ("Director's assistant", None),
            ("Directors assistant", Some(Level::Junior)),
            ("Assistant to the director", Some(Level::Junior)),
            ("Transport manager", Some(Level::Middle)),
            ("Chief Nursing Officer", Some(Level::Senior)),
            ("Estates Director (UK)", None),
            ("Deputy transport director", None),
            ("Assistant director", None),
            ("CEO office", None),
            ("Product CEO", None),
            ("Country manager", None),
            ("PA / CFO", None),
            ("Director / buyer", None),
            ("middle/senior", None),
            ("wizard", None),
            ("3", None),
        ] {
            let outcome = level(Raw::Text(text), &context(&words)).outcome;
            match expected {
                Some(level) => assert_eq!(outcome, Outcome::Known(Value::Level(level)), "{text}"),
                None => assert!(matches!(outcome, Outcome::Wrong(_)), "{text}: {outcome:?}"),
            }
        }
        assert_eq!(level(Raw::Text("k.A."), &context(&words)), Reading::missing());
        assert!(matches!(level(Raw::Number(3.0, "General"), &context(&words)).outcome, Outcome::Wrong(_)));
    }

    #[test]
    fn letters_are_levels_where_the_column_holds_nothing_else() {
        let words = words();
        let ranks = Context { ranks: true, ..context(&words) };
        for (text, expected) in
            [("J", Level::Junior), (" m ", Level::Middle), ("S", Level::Senior), ("P", Level::Middle)]
        {
            assert_eq!(level(Raw::Text(text), &ranks), Reading::known(Value::Level(expected)), "{text}");
            assert!(matches!(level(Raw::Text(text), &context(&words)).outcome, Outcome::Wrong(_)), "{text}");
        }
    }

    #[test]
    fn titles_of_the_built_in_dictionary() {
        let words = Words::new(crate::dictionary::Dictionary::built_in());
        for (text, expected) in [
            ("Capo contabilità", Some(Level::Middle)),
            ("Leiterin Buchhaltung", Some(Level::Middle)),
            ("Hoofd administratie", Some(Level::Middle)),
            ("Jefe de división", Some(Level::Middle)),
            ("Chefe de departamento", Some(Level::Middle)),
            ("Presidente da administração", Some(Level::Senior)),
            ("Président du conseil d'administration", Some(Level::Senior)),
            ("Chairman of the board", Some(Level::Senior)),
            ("Payroll clerk", Some(Level::Junior)),
            ("Assistente do presidente", Some(Level::Junior)),
            ("Jefe de tráfico", Some(Level::Middle)),
            ("Gerente general de ventas", Some(Level::Senior)),
            ("Director general adjunto", None),
            ("Director de expansión", Some(Level::Senior)),
            ("Chef d'atelier mécanique", Some(Level::Middle)),
            ("Leiter Kommunikation", Some(Level::Middle)),
            ("Kreditabteilungsleiterin", Some(Level::Middle)),
            ("Stv. Kreditabteilungsleiterin", None),
            ("Reiseleiter", None),
            ("hoofd technische dienst", Some(Level::Middle)),
            ("ICT-coördinator", Some(Level::Middle)),
            ("Secretário de Obras", None),
            ("Regional vice president", Some(Level::Senior)),
            ("Assistant area manager", None),
            ("Senior brand manager", Some(Level::Middle)),
            ("Administrador de condomínio", None),
            ("Presidente contabilità segretaria", None),
            ("Department", None),
        ] {
            let outcome = level(Raw::Text(text), &context(&words)).outcome;
            match expected {
                Some(level) => assert_eq!(outcome, Outcome::Known(Value::Level(level)), "{text}"),
                None => assert!(matches!(outcome, Outcome::Wrong(_)), "{text}: {outcome:?}"),
            }
        }
    }
}
