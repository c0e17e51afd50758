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
        // German and Dutch: sides, trades, where one meets, and what a trade takes
        ("Kont. Kd.-MA", ClientContacts),
        ("# cont. klant", ClientContacts),
        ("Betrokken medewerkers kantoor (aantal)", OurContacts),
        ("Ansprechpartner Debitor (Anzahl)", ClientContacts),
        ("Hoeveel mensen kennen we daar?", ClientContacts),
        ("Baustellenbesprechungen u. Telefonate (6 Mon.)", Meetings),
        ("Hoe vaak zagen of spraken we hen de voorbije 6 maanden?", Meetings),
        ("Kundentermine, letzte 180 Tage", Meetings),
        ("Ablauf des Betreuungsvertrags", RenewalDate),
        ("Einde leveringscontract", RenewalDate),
        ("Lieferende", RenewalDate),
        ("Reisomzet 2025", RevenueLastYear),
        ("Media-omzet 2025", RevenueLastYear),
        ("Mieterträge 2025", RevenueLastYear),
        ("Wie viel Umsatz soll es 2026 werden?", Target),
        ("Wie weit oben ist unser bester Kontakt?", DecisionLevel),
        ("Hoogste functie bij huurder", DecisionLevel),
        ("Betreuende Ärztin/betreuender Arzt", AccountManager),
        ("Wie trekt dit account?", AccountManager),
        ("Bewertung nach Event (1–5)", SurveyScore),
        ("Note vom", SurveyDate),
        ("Datum huurdersonderzoek", SurveyDate),
        ("Wat zijn de volgende stappen?", ActionPoints),
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
        // whole sentences, and who does it
        ("Quelle note nous ont-ils donnée à la dernière enquête (sur 5) ?", SurveyScore),
        ("Che voto ci hanno dato nell'ultimo questionario (da 1 a 10)?", SurveyScore),
        ("note /10", SurveyScore),
        ("Ce qu'ils nous ont rapporté en 2025 (k$)", RevenueLastYear),
        ("Combien visions-nous pour 2026 ? (€)", Target),
        ("Quanto vogliamo fare nel 2026?", Target),
        ("Diritti e onorari 2026 (a oggi)", RevenueCurrent),
        ("fatt. 26 fin qui", RevenueCurrent),
        ("CA HT 25", RevenueLastYear),
        ("Notaire ou juriste en charge", AccountManager),
        ("Chi la segue da noi?", AccountManager),
        ("Ctc int. (nb)", OurContacts),
        ("Combien chez nous ont un contact là-bas", OurContacts),
        ("Combien des siens nous côtoient", ClientContacts),
        ("Nostri in contatto con il cliente", OurContacts),
        ("Combien de fois on s'est vus ou parlé depuis 6 mois", Meetings),
        ("Incontri in studio o da loro, ultimi 6 mesi", Meetings),
        ("attività_ultimi_180gg (visite+call)", Meetings),
        ("Le plus gros titre qu'on connaît chez eux", DecisionLevel),
        ("Massima carica con cui abbiamo rapporti", DecisionLevel),
        ("Ci hanno mandato altri clienti? Quanti?", Referrals),
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

#[test]
fn a_few_first_names_are_people_and_counts_no_department() {
    let second = |heading: &str, values: [&str; 4]| {
        let mut grid = format!("Client | {heading} | Our contacts | Client contacts | Meetings\n");
        for (name, value) in ["Acme", "Bolt", "Crane", "Delta"].iter().zip(values) {
            grid += &format!("{name} | {value} | 1 | 2 | 3\n");
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.and_then(|table| table.columns[1].field)
    };
    assert_eq!(second("Chef de mission", ["Giulia", "Marco", "Giulia", "Marco"]), Some(Field::AccountManager));
    assert_eq!(second("Chef de mission", ["Giulia", "Marco", "Anna", "Luca"]), None, "could be the clients' own");
    assert_eq!(second("Dip.", ["12", "45", "230", "8"]), None, "dipendenti");
    assert_eq!(second("Dip.", ["Nord", "Sud", "Nord", "Sud"]), Some(Field::Department));
    let (ours, theirs) = ("Persone coinvolte nostre", "Persone coinvolte del cliente");
    let grid =
        format!("Client | {ours} | {theirs} | Meetings | Survey score\nAcme | 1 | 2 | 3 | 8\nBolt | 2 | 1 | 4 | 9\n");
    let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
    let fields = map.table.map(|table| [table.columns[1].field, table.columns[2].field]);
    assert_eq!(fields, Some([Some(Field::OurContacts), Some(Field::ClientContacts)]));
}

#[test]
fn the_clients_people_are_its_contacts_only_beside_ours() {
    let side = |first: &str, second: &str| {
        let mut grid = format!("Client | {first} | {second} | Meetings (6 months) | Survey score\n");
        for name in ["Acme", "Bolt", "Crane"] {
            grid += &format!("{name} | 2 | 5 | 3 | 8\n");
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.and_then(|table| table.columns[2].field)
    };
    assert_eq!(side("Unsere Ansprechpartner", "Personen beim Mandanten"), Some(Field::ClientContacts));
    assert_eq!(side("Wij (# pers. in contact)", "Klant (# pers.)"), Some(Field::ClientContacts));
    // never our side, and how many staff a client has says nothing
    assert_eq!(side("Client contacts", "Personen beim Mandanten"), None);
    assert_eq!(side("Unsere Ansprechpartner", "Anzahl Mitarbeiter Kunde"), None);
}

#[test]
fn german_and_dutch_headings_of_a_second_round() {
    let settings = settings();
    let index = Dictionary::built_in().index();
    let lookup = Lookup { index, period: settings.period, by_end: settings.fiscal_name_by_end };
    for (text, expected) in [
        ("Wie hoch war der Umsatz 2025 (in €)?", Field::RevenueLastYear),
        ("Wie hoch ist der Umsatz 2026 bis heute?", Field::RevenueCurrent),
        ("Honorarziel laufendes Jahr (2026) in Euro", Field::Target),
        ("Planansatz 2026", Field::Target),
        ("Besprechungen (rückblickend 6 Monate)", Field::Meetings),
        ("Gespräche der letzten zwei Quartale", Field::Meetings),
        ("Stand Mandantenzufriedenheit", Field::SurveyDate),
        ("Anz. MA Treuhand im Kontakt", Field::OurContacts),
        ("Account-Inhaber", Field::AccountManager),
        ("Folgeschritte", Field::ActionPoints),
        ("Abteilungskürzel", Field::Department),
        ("Hoe vaak overlegd in het afgelopen half jaar?", Field::Meetings),
        ("Aantal besprekingen (voorgaande zes maanden)", Field::Meetings),
        ("Betrokken collega's (aantal)", Field::OurContacts),
        ("Contactpersoon van ons", Field::AccountManager),
        ("Op welke datum gaf de klant dit cijfer", Field::SurveyDate),
        ("Advieshonorarium 2025", Field::RevenueLastYear),
        ("Reisomzet over 2025", Field::RevenueLastYear),
        ("Einddatum raamcontract", Field::RenewalDate),
        ("Vervolgstap", Field::ActionPoints),
        ("UMFRAGE_WERT_1_10", Field::SurveyScore),
        ("Bewertung Kunde 1..10", Field::SurveyScore),
        ("Betrokken collega's", Field::OurContacts),
        ("Anz. MA Treuhand im Kontakt", Field::OurContacts),
    ] {
        let claim = lookup.claim(text).claim;
        assert!(matches!(&claim, Claim::Field { field, .. } if *field == expected), "{text}: {claim:?}");
    }
}

#[test]
fn what_is_written_together_is_what_its_last_part_says_where_nothing_else_is_left() {
    let third = |heading: &str, value: f64| {
        let mut grid = format!("Client | Our contacts | {heading} | Meetings | Client contacts\n");
        for (at, name) in ["Acme", "Bolt", "Crane", "Delta"].iter().enumerate() {
            grid += &format!("{name} | 1 | {} | 3 | 2\n", value + at as f64);
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.and_then(|table| table.columns[2].field)
    };
    assert_eq!(third("Patientenumfrage (1-10)", 6.0), Some(Field::SurveyScore));
    assert_eq!(third("Rosenumsatz 2025", 12_500.0), Some(Field::RevenueLastYear));
    assert_eq!(third("Eltern- und Mitarbeiterbefragung (1-10)", 6.0), None);
    assert_eq!(third("Konzernumsatz 2025", 12_500.0), None);
    // small numbers that come again are counts, and no client's number
    let grid = "Kunde | # wir | # Kunde | Meetings | Survey score\nAcme | 1 | 2 | 3 | 8\nBolt | 2 | 2 | 4 | 9\nCrane | 2 | 1 | 4 | 9\n";
    let map = resolve(&one(grid), &settings(), Dictionary::built_in()).remove(0);
    assert_ne!(map.table.and_then(|table| table.columns[2].field), Some(Field::ClientId));
}

#[test]
fn spanish_and_portuguese_headings_of_new_lists() {
    let field = |heading: &str, values: [&str; 4]| {
        let mut grid = format!("Client | {heading} | Extra\n");
        for (name, value) in ["Acme", "Bolt", "Crane", "Delta"].iter().zip(values) {
            grid += &format!("{name} | {value} | x\n");
        }
        grid = grid.replacen("Extra", "Meetings last 6 months", 1).replace("| x", "| 3");
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.and_then(|table| table.columns[1].field)
    };
    let (names, counts) = (["Ana Ruiz", "Eng.ª Viegas", "Ana Ruiz", "Eng.ª Viegas"], ["2", "3", "1", "2"]);
    let money = ["120.5", "340", "88", "410.2"];
    for heading in ["Sectorista", "Comercial que lo visita", "Técnico que acompanha", "Gestor", "EXECCONTA"] {
        assert_eq!(field(heading, names), Some(Field::AccountManager), "{heading}");
    }
    for heading in [
        "Gerente del cliente",
        "Arquitecto del cliente",
        "Técnico del cliente",
        "Responsable en el cliente",
        "Engenheiro do cliente",
        "Comercial que lo captó",
    ] {
        assert_eq!(field(heading, names), None, "{heading}");
    }
    let ours = [
        "N.º de técnicos da empresa em contacto com o dono de obra",
        "Personas de la agencia en contacto con el cliente",
    ];
    let theirs = [
        "N.º de representantes do dono de obra em contacto com a empresa",
        "N.º de funcionários do cliente com contacto",
    ];
    for heading in ours {
        assert_eq!(field(heading, counts), Some(Field::OurContacts), "{heading}");
    }
    for heading in theirs {
        assert_ne!(field(heading, counts), Some(Field::OurContacts), "{heading}");
    }
    assert_eq!(field(theirs[0], counts), Some(Field::ClientContacts));
    for (heading, wanted) in [
        ("Ventas del año 2025 (S/)", Field::RevenueLastYear),
        ("Vendas em euros 2025", Field::RevenueLastYear),
        ("Facturación en miles de USD 2025", Field::RevenueLastYear),
        ("Volumen 2025 (miles de euros)", Field::RevenueLastYear),
        ("Presupuesto este año (miles de colones)", Field::Target),
        ("A faturar em 2026", Field::Target),
        ("Receita cobrada em 2026, até 30 de novembro (€)", Field::RevenueCurrent),
    ] {
        assert_eq!(field(heading, money), Some(wanted), "{heading}");
    }
    for heading in ["Volumen 2025", "Producción 2026", "A receber em 2026"] {
        assert_eq!(field(heading, money), None, "{heading}");
    }
}

#[test]
fn french_and_italian_as_offices_write_it() {
    use Field::*;
    let settings = settings();
    let index = Dictionary::built_in().index();
    let lookup = Lookup { index, period: settings.period, by_end: settings.fiscal_name_by_end };
    let mut wrong = Vec::new();
    for (heading, field) in [
        ("Nb employés à nous qui traitent avec le client", OurContacts),
        ("Pers. de contact chez nous (nbre)", OurContacts),
        ("Contacts MO (nb)", ClientContacts),
        // a word cut short stays one beside a number
        ("Entret. 6 derniers mois", Meetings),
        ("Réunions terminées (180 derniers jours)", Meetings),
        ("Fonction contact sup.", DecisionLevel),
        ("score_derniere_enquete_10", SurveyScore),
        ("Voto ricevuto (1-10)", SurveyScore),
        ("Voto che ci ha dato il cliente (1-10)", SurveyScore),
        ("Compensi fatturati nel 2025 (euro, oltre IVA)", RevenueLastYear),
        ("Ricavi previsti 2026 – budget (€)", Target),
        ("Facturation 2026 à date (M€)", RevenueCurrent),
        ("Chiffre 2026 HTVA (11 m.)", RevenueCurrent),
        ("Honoraires encaissés depuis le 1er janvier 2026, €", RevenueCurrent),
        ("Scadenza polizza principale / rinnovo", RenewalDate),
        ("Contrat entretien jusqu'au", RenewalDate),
        ("Azioni successive", ActionPoints),
        ("Mandat géré par", AccountManager),
        ("Notre direction", Department),
        ("Organisation cliente", Client),
    ] {
        let found = lookup.claim(heading);
        let is_it = matches!(found.claim, Claim::Field { field: claimed, .. } if claimed == field);
        if !is_it {
            wrong.push(format!("{heading}: {:?}, {}", found.claim, found.reason));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
