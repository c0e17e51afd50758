//! The built-in dictionary on sheets in seven languages.

use super::{one, settings};
use crate::dictionary::Dictionary;
use crate::field::{Field, Kind};
use crate::mapping::{SheetStatus, heading, resolve};

/// Sheets as departments word them: heading, and the field that it must become ("-" for none).
const NATIVE: [(&str, &[(&str, &str)]); 7] = [
    (
        "English",
        &[
            ("Customer", "client"),
            ("Account manager", "account_manager"),
            ("Our people with contacts", "our_contacts"),
            ("Client contacts who know us", "client_contacts"),
            ("Meetings (last 6 months)", "meetings"),
            ("Seniority of contact", "decision_level"),
            ("Survey score (1-10)", "survey_score"),
            ("Revenue 2025 (£k)", "revenue_last_year"),
            ("Target 2026", "target"),
            ("YTD 2026", "revenue_current"),
            ("Comments", "comments"),
            ("Next steps", "action_points"),
            ("Client since", "-"),
            ("Churn date", "-"),
            ("Target group", "-"),
            ("Survey sent", "-"),
            ("Next meeting", "-"),
            ("Meetings planned", "-"),
            ("Revenue 2023", "-"),
            ("Contact e-mail", "-"),
        ],
    ),
    (
        "Portuguese",
        &[
            ("Cliente", "client"),
            ("Gestor de conta", "account_manager"),
            ("Pessoas nossas com contacto", "our_contacts"),
            ("Nº de contatos no cliente", "client_contacts"),
            ("Reuniões (6 meses)", "meetings"),
            ("Nível do decisor", "decision_level"),
            ("Inquérito (1-10)", "survey_score"),
            ("Faturamento 2025 (R$ mil)", "revenue_last_year"),
            ("Meta 2026", "target"),
            ("Faturamento acumulado 2026", "revenue_current"),
            ("Comentários", "comments"),
            ("Cliente desde", "-"),
            ("Reuniões planeadas", "-"),
            ("Próxima reunião", "-"),
            ("Faturamento 2023", "-"),
        ],
    ),
    (
        "Dutch",
        &[
            ("Klant", "client"),
            ("Accountmanager", "account_manager"),
            ("Eigen medewerkers met contact", "our_contacts"),
            ("Contactpersonen bij klant", "client_contacts"),
            ("Afspraken (6 mnd)", "meetings"),
            ("Niveau beslisser", "decision_level"),
            ("Tevredenheidsscore (1-10)", "survey_score"),
            ("Omzet 2025", "revenue_last_year"),
            ("Doelstelling 2026", "target"),
            ("Omzet t/m november 2026", "revenue_current"),
            ("Actiepunten", "action_points"),
            ("Klant sinds", "-"),
            ("Doelgroep", "-"),
            ("Geplande afspraken", "-"),
            ("Omzet 2023", "-"),
        ],
    ),
    (
        "German",
        &[
            ("Kunde", "client"),
            ("Kundenbetreuer", "account_manager"),
            ("Eigene Ansprechpartner im Haus", "our_contacts"),
            ("Ansprechpartner beim Kunden", "client_contacts"),
            ("Termine (letzte 6 Monate)", "meetings"),
            ("Entscheiderebene", "decision_level"),
            ("Kundenzufriedenheit (1–10)", "survey_score"),
            ("Umsatz Vorjahr (in Tsd. €)", "revenue_last_year"),
            ("Ziel 2026", "target"),
            ("Ist 2026", "revenue_current"),
            ("Massnahmen", "action_points"),
            ("Kunde seit", "-"),
            ("Zielgruppe", "-"),
            ("Nächster Termin", "-"),
            ("Geplante Termine", "-"),
            ("Umsatz 2023", "-"),
        ],
    ),
    (
        "French",
        &[
            ("Client", "client"),
            ("Chargé de compte", "account_manager"),
            ("Nos collaborateurs en contact", "our_contacts"),
            ("Interlocuteurs chez le client", "client_contacts"),
            ("Réunions (6 derniers mois)", "meetings"),
            ("Niveau de décision", "decision_level"),
            ("Note de satisfaction (/10)", "survey_score"),
            ("CA N-1 (k€)", "revenue_last_year"),
            ("Objectif 2026", "target"),
            ("CA réalisé 2026", "revenue_current"),
            ("Commentaires", "comments"),
            ("Client depuis", "-"),
            ("Prochaine réunion", "-"),
            ("Réunions prévues", "-"),
            ("CA N+1", "-"),
            ("Marge N-1", "-"),
        ],
    ),
    (
        "Spanish",
        &[
            ("Cliente", "client"),
            ("Responsable comercial", "account_manager"),
            ("Contactos del cliente", "client_contacts"),
            ("Reuniones últimos 6 meses", "meetings"),
            ("Nivel de decisión", "decision_level"),
            ("Encuesta (1-10)", "survey_score"),
            ("Facturación 2025", "revenue_last_year"),
            ("Objetivo 2026", "target"),
            ("Facturación 2026", "revenue_current"),
            ("Acciones", "action_points"),
            ("Cliente desde", "-"),
            ("Próxima reunión", "-"),
            ("Correo de contacto", "-"),
            ("Facturación 2023", "-"),
        ],
    ),
    (
        "Italian",
        &[
            ("Cliente", "client"),
            ("Referente", "account_manager"),
            ("Contatti presso il cliente", "client_contacts"),
            ("Incontri (6 mesi)", "meetings"),
            ("Livello decisore", "decision_level"),
            ("Punteggio sondaggio", "survey_score"),
            ("Fatturato 2025", "revenue_last_year"),
            ("Obiettivo 2026", "target"),
            ("Fatturato 2026", "revenue_current"),
            ("Azioni", "action_points"),
            ("Cliente dal", "-"),
            ("Prossimo incontro", "-"),
            ("Fatturato 2023", "-"),
        ],
    ),
];

#[test]
fn native_sheets_in_seven_languages() {
    for (language, headings) in NATIVE {
        let value = |field: &str| match Field::from_id(field).map(Field::kind) {
            Some(Kind::Text) => "Ana Costa",
            Some(Kind::Level) => "senior",
            _ => "2",
        };
        let line = |cells: Vec<&str>| cells.join(" | ") + "\n";
        let row = line(headings.iter().map(|(_, field)| value(field)).collect());
        let grid = line(headings.iter().map(|(heading, _)| *heading).collect()) + &row + &row + &row;
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        let columns = map.table.unwrap_or_else(|| panic!("{language}: {}", map.reason)).columns;
        for ((heading, field), column) in headings.iter().zip(&columns) {
            let found = column.field.map_or("-", Field::id);
            assert_eq!(found, *field, "{language}, \"{heading}\": {}", column.reason);
        }
        assert_eq!(map.status, SheetStatus::Converted, "{language}: {}", map.reason);
    }
}

#[test]
fn every_alias_of_the_dictionary_is_found() {
    let dictionary = Dictionary::built_in();
    for (id, by_language) in &dictionary.fields {
        for (language, alias) in crate::dictionary::words(by_language) {
            let found = dictionary.index().alias(&heading::key(alias)).map(|alias| alias.field.id());
            assert_eq!(found, Some(id.as_str()), "{language}: {alias}");
        }
    }
    for (language, lookalike) in crate::dictionary::words(&dictionary.lookalikes) {
        let grid = format!("Client | Meetings | Survey score | {lookalike}\nAcme | 2 | 8 | 1\nBolt | 1 | 7 | 2\n");
        let map = resolve(&one(&grid), &settings(), dictionary).remove(0);
        let column = &map.table.unwrap().columns[3];
        assert_eq!(column.field, None, "{language}: {lookalike}: {}", column.reason);
    }
}
