//! Headings that no alias foresees, and look-alikes that the grammar must leave alone.

use super::settings;
use crate::dictionary::Dictionary;
use crate::field::Field;
use crate::mapping::claim::{Claim, Lookup, Match};

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
        "Client since", "Churn date", "Target group", "Revenue share", "Revenue 2023", "Next meeting", "Next client meeting",
        "Meetings planned", "Planned client visits", "Last client meeting", "Meeting date", "Meetings next 6 months",
        "QTD meetings", "Survey sent", "Survey sent date", "Number of surveys sent", "Survey reminder", "Surveys answered",
        "Contact e-mail", "Contact person", "Contact title", "Contract number", "Contract value", "Contract start date",
        "Status of the contract", "Client type", "Level of discount", "Discount level", "Manager's phone",
        "Account manager's manager", "Our reference", "Revenue N-2", "Revenue N+1", "Target next year", "Score change",
        "Credit rating", "Client score", "Decision date", "Decision pending", "Number of employees",
        "Referred by", "Referral fee", "Last renewal", "Client department", "Contact department", "Action date",
        "Action owner", "Previous survey score", "Survey target score", "Response rate", "Number of clients",
        "Cliente desde", "Visitas previstas", "Próxima visita al cliente", "Fecha envío encuesta", "Encuestas enviadas",
        "Tipo de contrato", "Nº de contrato", "Importe del contrato", "Inicio contrato", "Cargo del contacto",
        "Tel. contacto", "Empleados del cliente", "Nº de empleados", "Objetivo 2027", "Ventas 2023", "Margen objetivo",
        "Nivel de descuento", "Estado del contrato", "Última visita", "Encuesta anterior (nota)",
        "Próxima reunião com o cliente", "Inq. enviado em", "Reuniões agendadas (6 meses)", "Meta de reuniões",
        "Data do contrato", "Valor contrato", "Nº colaboradores", "Colaboradores do cliente", "Última visita ao cliente",
        "Cliente indicado por", "Nível de desconto", "Pesquisa anterior", "Faturamento 2024", "Contato (e-mail)",
        "Volgende klantafspraak", "Geplande bezoeken", "Enquête verstuurd op", "Aantal medewerkers", "Aantal klanten",
        "Contractnummer", "Contractsoort", "Startdatum contract", "Functie contactpersoon", "Laatste bezoek",
        "Kortingsniveau", "Omzet 2023", "Omzetaandeel", "Doelgroep", "Klantwaarde", "Vorige enquête cijfer",
        "Nächster Kundentermin", "Geplante Kundenbesuche", "Umfrage versendet am", "Anzahl Mitarbeiter",
        "Mitarbeiterzahl des Kunden", "Vertragsnummer", "Vertragsbeginn", "Vertragswert", "Kündigungsfrist",
        "Zielgruppe", "Kundengruppe", "Kundenwert", "Rabattstufe", "Funktion Ansprechpartner", "Letzter Besuch",
        "Umsatz 2023", "Umsatzanteil", "Vertragsstatus", "Umfragequote", "Anzahl Kunden", "Tel. Ansprechpartner",
        "Prochain RDV client", "RDV planifiés (6 mois)", "Enquête envoyée le", "Nb d'enquêtes envoyées", "Effectif client",
        "Nb de salariés", "N° de contrat", "Date de début du contrat", "Montant du contrat", "Fonction du contact",
        "Dernière visite client", "Niveau de remise", "CA 2023", "CA N-2", "CA N+1", "Part de CA", "Statut du contrat",
        "Note précédente", "Nombre de clients", "Recommandé par", "Objectif N+1",
        "Prossima visita cliente", "Incontri pianificati", "Questionario inviato il", "Numero dipendenti", "Numero clienti",
        "N. contratto", "Data inizio contratto", "Valore contratto", "Ruolo del contatto", "Ultima visita",
        "Livello di sconto", "Fatturato 2023", "Quota fatturato", "Stato del contratto", "Voto precedente",
        "n.v.t.", "k. A.", "s/d", "n. d.", "Segnalato da", "Note sul cliente (interne) 2024", "Tel. referente", "Budget 2027",
    ] {
        let matched = claim(heading);
        let harmless = match matched.claim {
            Claim::None | Claim::Unclear(_) => true,
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
