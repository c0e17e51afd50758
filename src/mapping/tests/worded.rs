//! Headings by their families of words: facts, current years, things to do, sides, and titles.

use super::{one, settings};
use crate::dictionary::Dictionary;
use crate::field::Field;
use crate::mapping::claim::{Claim, Lookup};
use crate::mapping::{SheetStatus, resolve};

#[test]
fn families_of_words_in_seven_languages() {
    use Field::*;
    let settings = settings();
    let index = Dictionary::built_in().index();
    let lookup = Lookup { index, period: settings.period, by_end: settings.fiscal_name_by_end };
    let mut wrong = Vec::new();
    for (heading, field) in [
        // who has to do with whom, as Spain, Portugal and Brazil say it
        ("Gente nuestra", OurContacts),
        ("# pessoas nossas", OurContacts),
        ("Abogados que lo llevan", OurContacts),
        ("Cuántos de ellos nos contactan", ClientContacts),
        ("Cuántos somos en contacto", OurContacts),
        ("Vis. últ. 6 m.", Meetings),
        ("Reuniones y cafés (6 meses)", Meetings),
        ("Hasta qué cargo llegamos", DecisionLevel),
        ("Nota (1-5)", SurveyScore),
        ("Nota del 1 al 10", SurveyScore),
        ("Nota dada em", SurveyDate),
        ("Vtas. netas 25", RevenueLastYear),
        ("¿Cuánto queremos facturar en 2026?", Target),
        ("Onde queremos chegar em 2026", Target),
        ("Lo facturado hasta ahora", RevenueCurrent),
        ("Fim da locação", RenewalDate),
        ("Indicou quantos?", Referrals),
        ("Organizador", Client),
        // a figure that is a fact
        ("Realized meetings in last half year", Meetings),
        ("Termine erledigt letzte 6 Monate", Meetings),
        ("Gerealiseerde bezoeken laatste 6 maanden", Meetings),
        ("Incontri conclusi ultimi 6 mesi", Meetings),
        ("Reached turnover 1–11/2026 (EUR)", RevenueCurrent),
        ("CA obtenu 2026 (à fin nov.)", RevenueCurrent),
        ("Ventas conseguidas ej. en curso", RevenueCurrent),
        ("Faturação atingida jan–nov 2026", RevenueCurrent),
        ("Geboekte omzet t/m nov 2026", RevenueCurrent),
        ("Gebuchter Umsatz 2025", RevenueLastYear),
        ("Vendite ottenute 2025", RevenueLastYear),
        ("Real ej. anterior", RevenueLastYear),
        // the year that runs, cut short
        ("Ist lfd. Jahr, kum. (T€)", RevenueCurrent),
        ("Realizado ex. em curso", RevenueCurrent),
        ("Consuntivo es. in corso", RevenueCurrent),
        ("CY quota ($K)", Target),
        ("CY revenue target", Target),
        ("Ppto. ej. actual (miles €)", Target),
        ("Budget lop. jaar", Target),
        // what is left to do
        ("Tasks for next period", ActionPoints),
        ("Te ondernemen", ActionPoints),
        ("Nächste Schritte kommende Periode", ActionPoints),
        ("Tâches pour la prochaine période", ActionPoints),
        ("Cosas por hacer", ActionPoints),
        ("Tarefas próximo período", ActionPoints),
        ("Attività in sospeso", ActionPoints),
        ("Introductions made to us", Referrals),
        ("Recommandations faites", Referrals),
        // the side by its team
        ("Nombre de contacts – équipe du client", ClientContacts),
        ("N.º de contactos – equipo del cliente", ClientContacts),
        ("Kontakte unseres Teams (Anz.)", OurContacts),
        // how high the contact stands, and who keeps the account
        ("Fonction de la personne de contact la plus haut placée", DecisionLevel),
        ("Niveau hiérarchique de notre interlocuteur le plus haut placé", DecisionLevel),
        ("Rolle unseres ranghöchsten Kontakts", DecisionLevel),
        ("Puesto de nuestro contacto más alto", DecisionLevel),
        ("Directeur de comptes", AccountManager),
        ("Directeur de compte attitré", AccountManager),
        ("Head of the account", AccountManager),
        ("Hoofd relatiebeheer", AccountManager),
        ("N° affilié", ClientId),
        ("Mitgliedsnr.", ClientId),
        ("Lidnr. klant", ClientId),
        ("Nº socio", ClientId),
        ("Gente nuestra que lo atiende (núm.)", OurContacts),
        ("Empleados nuestros con trato habitual", OurContacts),
        ("Empleados del cliente con trato habitual", ClientContacts),
        ("Personas en contacto por parte de la agencia", OurContacts),
        ("Personas en contacto por parte del anunciante", ClientContacts),
        ("Personnes du labo en contact avec le mandant", OurContacts),
        ("Personnes du mandant en contact avec le labo", ClientContacts),
        ("Pessoas envolvidas do lado da entidade", ClientContacts),
        ("Equipe da fazenda: nº de pessoas em contato", ClientContacts),
        ("Ruolo della persona di grado più elevato incontrata", DecisionLevel),
        ("Qualifica del contatto di vertice", DecisionLevel),
        ("Höchste Funktion unseres Gegenübers", DecisionLevel),
        ("Entrevues au cours des 6 mois écoulés", Meetings),
        ("Nouveaux clients venus sur sa recommandation", Referrals),
        ("Indicações que viraram clientes", Referrals),
        ("Neukunden auf Empfehlung", Referrals),
        ("Stappen te ondernemen", ActionPoints),
        ("Pasos a dar", ActionPoints),
        ("Cliente (fazenda)", Client),
        ("Kunde (Praxis)", Client),
        ("Klant (gemeente)", Client),
    ] {
        let matched = lookup.claim(heading);
        if !matches!(matched.claim, Claim::Field { field: found, .. } if found == field) {
            wrong.push(format!("{heading}: {:?}, {}", matched.claim, matched.reason));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn years_below_a_heading_of_money_are_no_amounts() {
    let status = |values: [&str; 3]| {
        let mut grid =
            String::from("Client | Our contacts | Client contacts | Meetings | Survey score | Target year\n");
        for (name, value) in ["Acme", "Bolt", "Crane"].iter().zip(values) {
            grid += &format!("{name} | 1 | 2 | 3 | 8 | {value}\n");
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        let findings: Vec<String> = map.findings.iter().map(|finding| finding.message.clone()).collect();
        (map.status, findings.join("\n"))
    };
    let (years, why) = status(["2026", "2027", "2027"]);
    assert_eq!(years, SheetStatus::NeedsReview, "{why}");
    assert!(why.contains("3 of 3 values are years"), "{why}");
    assert_eq!(status(["2026", "2027", "45000"]).0, SheetStatus::Converted);
}

#[test]
fn what_kind_of_client_our_team_and_a_window_above() {
    let fields = |heading: &str, values: [&str; 4]| {
        let mut grid = format!("{heading} | Our contacts | Client contacts | Meetings | Survey score\n");
        for value in values {
            grid += &format!("{value} | 1 | 2 | 3 | 8\n");
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.and_then(|table| table.columns[0].field)
    };
    let names = ["Acme", "Bolt", "Crane", "Delta"];
    assert_eq!(fields("Cliente (fazenda)", names), Some(Field::Client));
    assert_eq!(fields("Cliente (fazenda)", ["milho", "soja", "milho", "soja"]), None, "kinds are no clients");
    for aside in ["city", "straat", "Branche", "RFC", "NIF"] {
        assert_ne!(fields(&format!("Client ({aside})"), names), Some(Field::Client), "{aside}");
    }

    let team = |values: [&str; 4]| {
        let mut grid = String::from("Client | Unser Team | Our contacts | Client contacts | Meetings\n");
        for (name, value) in names.iter().zip(values) {
            grid += &format!("{name} | {value} | 1 | 2 | 3\n");
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.and_then(|table| table.columns[1].field)
    };
    assert_eq!(team(["Nord", "Nord", "Süd", "Süd"]), Some(Field::Department));
    assert_eq!(team(["Nord", "Süd", "West", "Ost"]), None);
    assert_eq!(team(["Ana Costa", "Ana Costa", "Bo Lima", "Bo Lima"]), None, "people are no department");
}
