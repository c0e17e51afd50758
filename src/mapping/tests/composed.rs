//! Headings that no alias foresees, and look-alikes that the grammar must leave alone.

use super::{one, settings};
use crate::dictionary::Dictionary;
use crate::field::Field;
use crate::finding::Code;
use crate::mapping::claim::{Claim, Lookup, Match};
use crate::mapping::{Tier, resolve};

fn claim(heading: &str) -> Match {
    let settings = settings();
    let index = Dictionary::built_in().index();
    Lookup { index, period: settings.period, by_end: settings.fiscal_name_by_end }.claim(heading)
}

#[test]
fn wordings_that_no_alias_foresees() {
    use Field::*;
    let mut wrong = Vec::new();
    for (heading, field) in [
        ("Wie hoch sind wir beim Kunden verankert?", DecisionLevel),
        ("¿Hasta qué nivel llegamos en el cliente?", DecisionLevel),
        ("Accès décideur", DecisionLevel),
        // what only tells how the column is filled in
        ("Kunde* (bitte volle Firmierung)", Client),
        ("Klantnr. (6 cijfers)", ClientId),
        ("Toelichting (max. 200 tekens)", Comments),
        ("Comments - please fill in", Comments),
        ("To do\n(wer – was – bis wann)", ActionPoints),
        ("Kd.-AP (nur Zahl)", ClientContacts),
        ("Cliente\n(nombre completo, sin abreviar)", Client),
        ("Azioni\n(da compilare a cura AM)", ActionPoints),
        // names and lists in brackets
        ("Hauptbetreuer\n(Name, Vorname)", AccountManager),
        ("Hierarchieebene\n(VS / GF / BL / SB)", DecisionLevel),
        ("Niveau ingang (inkoop/MT/dir)", DecisionLevel),
        ("Stat. (A = actief, P = prospect, E = ex)", Stage),
        ("Nieuw / bestaand / oud-klant", Stage),
        ("Interessent / Kunde / ehem.", Stage),
        // words put together, and words of a trade
        ("Druckkunde", Client),
        ("Cateringklant", Client),
        ("Bouwheernr.", ClientId),
        ("Courtageziel 2026", Target),
        ("Honorariumomzet 2025", RevenueLastYear),
        ("Ereloonbudget 2026", Target),
        ("Jahresums. 25", RevenueLastYear),
        ("Act. 25", RevenueLastYear),
        ("Umsatz 1–11/26", RevenueCurrent),
        ("Budget 26 (exkl. MwSt.)", Target),
        // our side and theirs
        ("Kontakte kanzleiseitig", OurContacts),
        ("Kontakte mandantenseitig", ClientContacts),
        ("Cont. cliente (nr)", ClientContacts),
        // asked as a question, or said as a sentence
        ("Noch Kunde?", Stage),
        ("È ancora cliente?", Stage),
        ("Clienti arrivati tramite lui", Referrals),
        ("Clientes novos via este cliente", Referrals),
        ("Note vom Kunden", SurveyScore),
        ("NumVisitas6M", Meetings),
        ("Kd.-Termine rollierend 6 Mon.", Meetings),
        ("Reuniones (presenciales + Teams)", Meetings),
        ("C-level / directie / manager", DecisionLevel),
        ("Klanttype (actief/prospect/ex-klant)", Stage),
        ("Interessent oder Kunde?", Stage),
        ("EUR / CHF / USD", Currency),
        ("Contacts externes (nb)", ClientContacts),
        ("Aantal bekende personen bij klant", ClientContacts),
        ("Nb pers. côté client", ClientContacts),
        ("Kundenkontakte (Anzahl Personen)", ClientContacts),
        ("Mitarbeitende mit Kundenkontakt (Anz.)", OurContacts),
        ("Numero di nostre persone coinvolte", OurContacts),
        ("Anzahl Ansprechpartner auf Kanzleiseite", OurContacts),
        ("Reuniões nos últimos 6 meses (qtd)", Meetings),
        ("Visitas + llamadas", Meetings),
        ("Was haben wir 2025 umgesetzt?", RevenueLastYear),
        ("CA 2025 kCHF", RevenueLastYear),
        ("Omzet jan-dec 2025", RevenueLastYear),
        ("Umsatz 01-11/2026", RevenueCurrent),
        ("Omzet '26 t/m 11", RevenueCurrent),
        ("Hoeveel omzet dit jaar tot nu toe?", RevenueCurrent),
        ("Combien visons-nous en 2026 ?", Target),
        ("Meta R$ 2026", Target),
        ("How satisfied is the client? (1-10)", SurveyScore),
        ("Kundenzufriedenheit lt. letzter Befragung (1–5, 5 = top)", SurveyScore),
        ("Meetdatum KTO", SurveyDate),
        ("Wat moeten we weten?", Comments),
        ("On fait quoi ensuite ?", ActionPoints),
        ("How many of our people know someone there?", OurContacts),
        ("Wer von uns kennt dort jemanden? (Anz.)", OurContacts),
        ("¿Cuántos de los nuestros conocen a alguien ahí?", OurContacts),
        ("Quanti dei nostri conoscono qualcuno da loro", OurContacts),
        ("NB PERSONNES DE CHEZ NOUS AYANT UN CONTACT", OurContacts),
        ("QTD_COLAB_NOSSOS_COM_CONTATO", OurContacts),
        ("Onze mensen die daar iemand kennen", OurContacts),
        ("People at the client who know our team", ClientContacts),
        ("Wer kennt uns beim Kunden? (Anz.)", ClientContacts),
        ("Quantas pessoas do cliente nos conhecem?", ClientContacts),
        ("N. referenti c/o cliente", ClientContacts),
        ("Anspr.partner beim Kd.", ClientContacts),
        ("Mensen bij klant die ons kennen", ClientContacts),
        ("Qtd. pessoas da agência em contato", OurContacts),
        ("Personas de la asesoría con trato", OurContacts),
        ("Collaborateurs du cabinet en contact", OurContacts),
        ("Mitarbeiter der Kanzlei mit Kontakt", OurContacts),
        ("Medewerkers van kantoor met contact", OurContacts),
        ("Persone dell'agenzia in contatto", OurContacts),
        ("Red de contactos Suyos", ClientContacts),
        ("Höchster Ansprechpartner (Position)", DecisionLevel),
        ("Level of top contact (J/M/S)", DecisionLevel),
        ("Realizado no ano até nov.", RevenueCurrent),
        ("Omzet dit jaar t/m verslagmaand (x € 1.000)", RevenueCurrent),
        ("Datos del cliente Código", ClientId),
        ("Visitas realizadas a clientes (últ. 6 meses)", Meetings),
        ("Kundentermine letztes Halbjahr", Meetings),
        ("Bezoeken afg. 6 mnd", Meetings),
        ("Entscheider-Funktion", DecisionLevel),
        ("Job title of the most senior contact", DecisionLevel),
        ("Quem decide (cargo)", DecisionLevel),
        ("KTO-cijfer (1-10)", SurveyScore),
        ("LatestCSAT_1to10", SurveyScore),
        ("Nota do cliente (0 a 10)", SurveyScore),
        ("Inq. respondido em:", SurveyDate),
        ("Questionario compilato il", SurveyDate),
        ("Fecha resp. encuesta", SurveyDate),
        ("Vtas. acum. 2026", RevenueCurrent),
        ("RevenueFY26YTD", RevenueCurrent),
        ("Fatt. 2025 (k€)", RevenueLastYear),
        ("Ppto. 2026", Target),
        ("Obiettivo esercizio in corso", Target),
        ("Contract loopt tot", RenewalDate),
        ("Scad. contratto", RenewalDate),
        ("Clientes que nos refirió este año", Referrals),
        ("Laatst bedankt (datum)", LastThanked),
        ("Motivo do status manual", OverrideReason),
        ("Debiteurnr.", ClientId),
        ("zust. Vertriebsmitarbeiter", AccountManager),
        ("Razón soc.", Client),
        ("Rag. sociale", Client),
        ("Trading as", Client),
        ("Cliënt/klantnaam", Client),
        ("Tomador", Client),
        ("Kunde / Baustelle", Client),
        ("Wer ist der Mandant?", Client),
        ("CRM-nummer", ClientId),
        ("Réf. annonceur", ClientId),
        ("Dat. enquête", SurveyDate),
        ("Fecha en que contestó", SurveyDate),
        ("Satisfaction (note sur 10)", SurveyScore),
        ("Cijfer enquête van 1 tot 10", SurveyScore),
        ("Giudizio trimestrale (da 1 a 5)", SurveyScore),
        ("How many of their people know ours?", ClientContacts),
        ("Wie viele Leute kennen wir dort?", ClientContacts),
        ("¿Con cuántos de ellos tenemos trato?", ClientContacts),
        ("Personen bij polishouder met contact op kantoor", ClientContacts),
        ("Combien de nos collègues y connaissent quelqu'un ?", OurContacts),
        ("Nb de membres de l'agence en lien avec l'annonceur", OurContacts),
        ("Quantos dos nossos falam com eles", OurContacts),
        ("Visitas realizadas jun-nov", Meetings),
        ("Riunioni tenute da giugno", Meetings),
        ("Besprechungen letzte 6 Mte.", Meetings),
        ("Most senior person we speak to", DecisionLevel),
        ("Figura di livello più elevato", DecisionLevel),
        ("Umsatz kum. 11/2026", RevenueCurrent),
        ("CA htva 2026 (11 mois)", RevenueCurrent),
        ("CYTD revenue (thru 11/30/26)", RevenueCurrent),
        ("Comisiones devengadas 2025", RevenueLastYear),
        ("Wer betreut den Kunden?", AccountManager),
    ] {
        let matched = claim(heading);
        let right = matches!(matched.claim, Claim::Field { field: found, .. } if found == field);
        if !right {
            wrong.push(format!("{heading}: {:?}, {}", matched.claim, matched.reason));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn look_alikes_are_never_composed() {
    let mut wrong = Vec::new();
    for heading in [
        "Client since",
        "Churn date",
        "Target group",
        "Revenue share",
        "Revenue 2023",
        "Next meeting",
        "Next client meeting",
        "Meetings planned",
        "Planned client visits",
        "Last client meeting",
        "Meeting date",
        "Meetings next 6 months",
        "QTD meetings",
        "Survey sent",
        "Survey sent date",
        "Number of surveys sent",
        "Survey reminder",
        "Surveys answered",
        "Contact e-mail",
        "Contact person",
        "Contact title",
        "Contract number",
        "Contract value",
        "Contract start date",
        "Status of the contract",
        "Client type",
        "Level of discount",
        "Discount level",
        "Manager's phone",
        "Account manager's manager",
        "Our reference",
        "Revenue N-2",
        "Revenue N+1",
        "Target next year",
        "Target through Nov",
        "Persone dello studio",
        "Agency staff",
        "People at the bank in contact",
        "Umsatz bis Oktober",
        "Realizado no ano até out.",
        "Código postal",
        "Code / date",
        "Agreement date",
        "Score change",
        "Credit rating",
        "Client score",
        "Decision date",
        "Decision pending",
        "Number of employees",
        "Referred by",
        "Referral fee",
        "Last renewal",
        "Client department",
        "Contact department",
        "Action date",
        "Action owner",
        "Previous survey score",
        "Survey target score",
        "Response rate",
        "Number of clients",
        "Cliente desde",
        "Visitas previstas",
        "Próxima visita al cliente",
        "Fecha envío encuesta",
        "Encuestas enviadas",
        "Tipo de contrato",
        "Nº de contrato",
        "Importe del contrato",
        "Inicio contrato",
        "Cargo del contacto",
        "Tel. contacto",
        "Empleados del cliente",
        "Nº de empleados",
        "Objetivo 2027",
        "Ventas 2023",
        "Margen objetivo",
        "Nivel de descuento",
        "Estado del contrato",
        "Última visita",
        "Encuesta anterior (nota)",
        "Próxima reunião com o cliente",
        "Inq. enviado em",
        "Reuniões agendadas (6 meses)",
        "Meta de reuniões",
        "Data do contrato",
        "Valor contrato",
        "Nº colaboradores",
        "Colaboradores do cliente",
        "Última visita ao cliente",
        "Cliente indicado por",
        "Nível de desconto",
        "Pesquisa anterior",
        "Faturamento 2024",
        "Contato (e-mail)",
        "Volgende klantafspraak",
        "Geplande bezoeken",
        "Enquête verstuurd op",
        "Aantal medewerkers",
        "Aantal klanten",
        "Contractnummer",
        "Contractsoort",
        "Startdatum contract",
        "Functie contactpersoon",
        "Laatste bezoek",
        "Kortingsniveau",
        "Omzet 2023",
        "Omzetaandeel",
        "Doelgroep",
        "Klantwaarde",
        "Vorige enquête cijfer",
        "Nächster Kundentermin",
        "Geplante Kundenbesuche",
        "Umfrage versendet am",
        "Anzahl Mitarbeiter",
        "Mitarbeiterzahl des Kunden",
        "Vertragsnummer",
        "Vertragsbeginn",
        "Vertragswert",
        "Kündigungsfrist",
        "Zielgruppe",
        "Kundengruppe",
        "Kundenwert",
        "Rabattstufe",
        "Funktion Ansprechpartner",
        "Letzter Besuch",
        "Umsatz 2023",
        "Umsatzanteil",
        "Vertragsstatus",
        "Umfragequote",
        "Anzahl Kunden",
        "Tel. Ansprechpartner",
        "Prochain RDV client",
        "RDV planifiés (6 mois)",
        "Enquête envoyée le",
        "Nb d'enquêtes envoyées",
        "Effectif client",
        "Nb de salariés",
        "N° de contrat",
        "Date de début du contrat",
        "Montant du contrat",
        "Fonction du contact",
        "Dernière visite client",
        "Niveau de remise",
        "CA 2023",
        "CA N-2",
        "CA N+1",
        "Part de CA",
        "Statut du contrat",
        "Note précédente",
        "Nombre de clients",
        "Recommandé par",
        "Objectif N+1",
        "Prossima visita cliente",
        "Incontri pianificati",
        "Questionario inviato il",
        "Numero dipendenti",
        "Numero clienti",
        "N. contratto",
        "Data inizio contratto",
        "Valore contratto",
        "Ruolo del contatto",
        "Ultima visita",
        "Livello di sconto",
        "Fatturato 2023",
        "Quota fatturato",
        "Stato del contratto",
        "Voto precedente",
        "n.v.t.",
        "k. A.",
        "s/d",
        "n. d.",
        "Segnalato da",
        "Note sul cliente (interne) 2024",
        "Tel. referente",
        "Budget 2027",
    ] {
        let matched = claim(heading);
        let harmless = match matched.claim {
            Claim::None | Claim::Unclear(_) | Claim::Behind => true,
            // a remark is carried either way
            Claim::Field { field, .. } => field == Field::Comments,
            _ => false,
        };
        if !harmless {
            wrong.push(format!("{heading}: {:?}, {}", matched.claim, matched.reason));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The last column of a list whose other columns are certain.
fn beside_certain(last: &str, values: [&str; 3]) -> (Option<Field>, Option<Tier>, Vec<Code>) {
    let mut grid = format!("Client | Account manager | Our contacts | Client contacts | Revenue 2025 | {last}\n");
    for (name, value) in ["Acme", "Bolt", "Crane"].iter().zip(values) {
        grid += &format!("{name} | Ana Costa | 2 | 3 | 1000 | {value}\n");
    }
    let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
    let column = map.table.as_ref().unwrap().columns[5].clone();
    (column.field, column.tier, map.findings.iter().map(|finding| finding.code).collect())
}

/// The field of the last column beside a client, a manager, meetings, a level and last year's revenue.
fn beside_without(last: &str, wanted: Option<Field>) -> Option<Field> {
    let mut grid = format!("Client | Account manager | Meetings | Seniority | Revenue 2025 | {last}\n");
    for (name, value) in ["Acme", "Bolt", "Crane"].iter().zip(["2", "0", "5"]) {
        grid += &format!("{name} | Ana Costa | 2 | senior | 1000 | {value}\n");
    }
    let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
    let field = map.table.as_ref().unwrap().columns[5].field;
    let said = map.findings.iter().any(|finding| finding.code == Code::HeadingDeduced);
    assert_eq!(said, wanted.is_some(), "{last}: {:?}", map.findings);
    field
}

#[test]
fn an_unknown_word_leaves_what_the_others_say_where_nothing_else_is_left() {
    let counts = ["2", "0", "5"];
    let deduced = vec![Code::HeadingDeduced];
    for heading in ["Zwurbel meetings held", "Nº de reuniones zurbeladas", "Bezoeken zwurbelaar (6 mnd)"] {
        assert_eq!(
            beside_certain(heading, counts),
            (Some(Field::Meetings), Some(Tier::Partly), deduced.clone()),
            "{heading}"
        );
    }
    // values that do not suit, a word that turns the others, a word that tells fields apart, and two unknown of three
    assert_eq!(beside_certain("Zwurbel meetings held", ["Ana", "Bo", "Cy"]).0, None);
    for heading in
        ["Cancelled zwurbel meetings", "Zwurbel meetings 2024", "Zwurbel meeting type", "Zwurbel blorf meetings"]
    {
        assert_eq!(beside_certain(heading, counts).0, None, "{heading}");
    }
    for (heading, field) in [
        ("# of our zwurblers who know them", Some(Field::OurContacts)),
        ("Zwurblers in contact with the client", None),
        ("No. of Zwurbel people with contacts there", Some(Field::OurContacts)),
        ("Combien des zwurbs nous connaissent", None),
        ("Zwurbel fees 2026 to date", Some(Field::RevenueCurrent)),
        ("Zwurbel fees 2026", None),
        ("Nº pess. cliente", None),
    ] {
        assert_eq!(beside_without(heading, field), field, "{heading}");
    }
    // two that could be it, and one that plainly is
    let two = |columns: &str, values: &str| {
        let grid = format!(
            "Client | Account manager | Our contacts | Client contacts | Revenue 2025 | {columns}\nAcme | Ana Costa | 2 | 3 | 1000 | {values}\n"
        );
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        map.table.as_ref().unwrap().columns[5..].iter().map(|column| column.field).collect::<Vec<_>>()
    };
    assert_eq!(two("Zwurbel meetings held | Blorf meetings held", "1 | 2"), [None, None]);
    assert_eq!(two("Zwurbel meetings held | Meetings", "1 | 2"), [None, Some(Field::Meetings)]);
}

#[test]
fn revenue_up_to_the_month_before_is_left_out_and_said() {
    let amounts = ["1000", "2500", "80"];
    for (heading, field) in [
        ("À combien de personnes parle-t-on chez eux ?", Field::ClientContacts),
        ("Aantal personen dat wij bij huurder spreken", Field::ClientContacts),
    ] {
        let claim = claim(heading).claim;
        assert!(matches!(claim, Claim::Field { field: own, .. } if own == field), "{heading}: {claim:?}");
    }
    for heading in ["Revenue 2026 (Jan–Oct)", "Umsatz 2026 bis Okt.", "Omzet 2026 t/m oktober"] {
        assert_eq!(beside_certain(heading, amounts), (None, None, vec![Code::RevenueBehind]), "{heading}");
    }
    assert_eq!(beside_certain("Omzet 2026 t/m november", amounts).0, Some(Field::RevenueCurrent));
    for heading in ["Omzet 2026 t/m september", "Revenue Oct 2026", "Target Jan–Oct 2026"] {
        assert_eq!(beside_certain(heading, amounts), (None, None, vec![]), "{heading}");
    }
}

#[test]
fn a_list_may_call_its_clients_what_it_likes() {
    let list = |own: &str, reference: &str, score: &str, names: [&str; 3]| {
        let mut grid = format!("{own} | {reference} | Account manager | Our contacts | {score}\n");
        for (at, name) in names.iter().enumerate() {
            grid += &format!("{name} | A-{at} | Ana Costa | 2 | {}\n", 7 + at);
        }
        let map = resolve(&one(&grid), &settings(), Dictionary::built_in()).remove(0);
        let table = map.table.as_ref().unwrap();
        let fields: Vec<_> = [0, 1, 4].iter().map(|at| table.columns[*at].field).collect();
        (fields, map.findings.iter().any(|finding| finding.code == Code::HeadingDeduced))
    };
    let names = ["Acme", "Bolt", "Crane"];
    let taken = vec![Some(Field::Client), Some(Field::ClientId), Some(Field::SurveyScore)];
    assert_eq!(list("Zwurbler", "Zwurbler no.", "Last zwurbler survey (1-10)", names), (taken, true));
    // nothing else speaks of it, it comes twice, or another word could be it as well
    assert_eq!(list("Zwurbler", "Region code", "Survey (1-10)", names).0[0], None);
    assert_eq!(list("Zwurbler", "Zwurbler no.", "Survey (1-10)", ["Acme", "Acme", "Acme"]).0[0], None);
}
