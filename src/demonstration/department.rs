//! The departments of the demo organisation: their headings, and how each of them keeps its list.

use super::client::Client;
use super::{Cell, List};
use crate::field::Level;
use crate::period::Month;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Department {
    SalesUk,
    SalesNetherlands,
    ServiceGermany,
    ConsultingFrance,
    ServicesPortugal,
}

impl Department {
    pub(super) const ALL: [Self; 5] =
        [Self::SalesUk, Self::SalesNetherlands, Self::ServiceGermany, Self::ConsultingFrance, Self::ServicesPortugal];

    /// The consultants forget a month.
    pub(super) fn delivers(self, at: usize) -> bool {
        (self, at) != (Self::ConsultingFrance, 8)
    }

    pub(super) fn managers(self) -> [&'static str; 3] {
        match self {
            Self::SalesUk => ["Maya Stone", "Leo Hart", "Priya Nair"],
            Self::SalesNetherlands => ["Anouk de Vries", "Sem Bakker", "Femke Visser"],
            Self::ServiceGermany => ["Jonas Weber", "Katrin Vogel", "Lena Brandt"],
            Self::ConsultingFrance => ["Claire Martin", "Hugo Lefèvre", "Inès Moreau"],
            Self::ServicesPortugal => ["Ana Costa", "Rui Almeida", "Sofia Ramos"],
        }
    }

    pub(super) fn list(self, clients: &[Client], month: Month) -> List {
        match self {
            Self::SalesUk => uk(clients),
            Self::SalesNetherlands => netherlands(clients),
            Self::ServiceGermany => germany(clients, month),
            Self::ConsultingFrance => france(clients),
            Self::ServicesPortugal => portugal(clients),
        }
    }
}

fn text(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

fn headings(headings: &[&str]) -> Vec<Cell> {
    headings.iter().map(|&heading| if heading.is_empty() { Cell::Empty } else { text(heading) }).collect()
}

fn count(count: u32) -> Cell {
    Cell::Number(f64::from(count))
}

fn said(comment: &str) -> Cell {
    if comment.is_empty() { Cell::Empty } else { text(comment) }
}

/// An amount; an empty cell where there was none.
fn amount(amount: f64) -> Cell {
    if amount == 0.0 { Cell::Empty } else { Cell::Number(amount) }
}

fn survey(client: &Client) -> [Cell; 2] {
    client.survey.map_or([Cell::Empty, Cell::Empty], |(score, day)| [Cell::Number(score), Cell::Day(day)])
}

/// A tidy list.
fn uk(clients: &[Client]) -> List {
    let mut rows = vec![headings(&[
        "Client",
        "Account manager",
        "Our contacts",
        "Client contacts",
        "Meetings (6 months)",
        "Decision maker",
        "Survey score",
        "Survey date",
        "Comments",
        "Revenue last year",
        "Target this year",
        "Revenue YTD",
        "Renewal date",
    ])];
    rows.extend(clients.iter().map(|client| {
        let [score, answered] = survey(client);
        let level = match client.level {
            Level::Junior => "Junior buyer",
            Level::Middle => "Manager",
            Level::Senior => "Director",
        };
        vec![
            text(client.name),
            text(client.manager),
            count(client.our_contacts),
            count(client.client_contacts),
            // one who does not like to count
            if client.name == "Harbour Logistics" { text("two or three") } else { count(client.meetings) },
            text(level),
            score,
            answered,
            said(client.comment),
            amount(client.last_year),
            amount(client.target),
            amount(client.so_far),
            Cell::Day(client.renewal),
        ]
    }));
    List { file: "Sales/UK clients.xlsx", sheet: "Clients", heading_rows: 1, rows }
}

/// Another order, a title above, and a column that is nobody else's business.
fn netherlands(clients: &[Client]) -> List {
    let mut rows = vec![
        vec![text("Relatieoverzicht verkoop")],
        Vec::new(),
        headings(&[
            "Accountmanager",
            "Klant",
            "Plaats",
            "Interne contacten",
            "Contacten bij klant",
            "Afspraken (6 maanden)",
            "Niveau beslisser",
            "Enquêtescore",
            "Omzet vorig jaar",
            "Doel dit jaar",
            "Omzet tot nu toe",
            "Opmerkingen",
        ]),
    ];
    let towns = ["Zwolle", "Gouda", "Utrecht", "Delft"];
    rows.extend(clients.iter().map(|client| {
        let level = match client.level {
            Level::Junior => "Junior",
            Level::Middle => "Midden",
            Level::Senior => "Directie",
        };
        vec![
            text(client.manager),
            text(client.name),
            text(towns[client.name.len() % 4]),
            count(client.our_contacts),
            count(client.client_contacts),
            count(client.meetings),
            text(level),
            survey(client)[0].clone(),
            amount(client.last_year),
            amount(client.target),
            amount(client.so_far),
            said(client.comment),
        ]
    }));
    List { file: "Sales/Klanten Nederland.xlsx", sheet: "Relaties", heading_rows: 3, rows }
}

/// How lists grow over the years: a title, headings in two rows, sections, amounts and counts as text, a total below.
fn germany(clients: &[Client], month: Month) -> List {
    let mut rows = vec![
        vec![text(format!("Kundenliste Service – Stand {month}"))],
        vec![text("intern, bitte nicht weitergeben")],
        Vec::new(),
        headings(&["", "", "Kontakte", "", "Betreuung", "", "", "Umsatz", "", ""]),
        headings(&[
            "Kunde",
            "Kundenbetreuer",
            "Interne Kontakte",
            "Kontakte beim Kunden",
            "Termine (6 Monate)",
            "Entscheiderebene",
            "Umfragenote",
            "Umsatz Vorjahr",
            "Ziel lfd. Jahr",
            "Umsatz aktuell",
        ]),
    ];
    let euro = |amount: f64| if amount == 0.0 { text("-") } else { text(format!("{} €", grouped(amount))) };
    let half = clients.len().div_ceil(2);
    for (region, clients) in ["Region Nord", "Region Süd"].into_iter().zip(clients.chunks(half)) {
        rows.push(vec![text(region)]);
        rows.extend(clients.iter().map(|client| {
            let level = match client.level {
                Level::Junior => "Sachbearbeiter",
                Level::Middle => "Abteilungsleiter",
                Level::Senior => "Geschäftsführer",
            };
            let meetings = if client.meetings > 4 { text("4+") } else { count(client.meetings) };
            let score = client.survey.map_or_else(|| text("k.A."), |(score, _)| text(comma(score)));
            vec![
                text(client.name),
                text(client.manager),
                count(client.our_contacts),
                count(client.client_contacts),
                meetings,
                text(level),
                score,
                euro(client.last_year),
                euro(client.target),
                euro(client.so_far),
            ]
        }));
    }
    let sum = |of: fn(&Client) -> f64| euro(clients.iter().map(of).sum());
    let mut total = vec![text("Summe")];
    total.resize(7, Cell::Empty);
    total.extend([sum(|c| c.last_year), sum(|c| c.target), sum(|c| c.so_far)]);
    rows.push(total);
    List { file: "Service/Kundenliste.xlsx", sheet: "Kunden", heading_rows: 5, rows }
}

/// An export with semicolons.
fn france(clients: &[Client]) -> List {
    let mut rows = vec![headings(&[
        "Client",
        "Responsable de compte",
        "Contacts internes",
        "Contacts côté client",
        "Rendez-vous (6 mois)",
        "Niveau du décideur",
        "Note enquête",
        "CA année précédente",
        "Objectif annuel",
        "CA réalisé",
        "Commentaires",
    ])];
    rows.extend(clients.iter().map(|client| {
        let level = match client.level {
            Level::Junior => "Junior",
            Level::Middle => "Intermédiaire",
            Level::Senior => "Directeur",
        };
        vec![
            text(client.name),
            text(client.manager),
            count(client.our_contacts),
            count(client.client_contacts),
            count(client.meetings),
            text(level),
            client.survey.map_or(Cell::Empty, |(score, _)| text(comma(score))),
            amount(client.last_year),
            amount(client.target),
            amount(client.so_far),
            said(client.comment),
        ]
    }));
    List { file: "Conseil/Clients.csv", sheet: "Clients", heading_rows: 1, rows }
}

/// Names of managers with the last name first, and a column of thank-you calls.
fn portugal(clients: &[Client]) -> List {
    let mut rows = vec![headings(&[
        "Cliente",
        "Gestor de conta",
        "Contactos internos",
        "Contactos no cliente",
        "Reuniões (6 meses)",
        "Nível do decisor",
        "Nota do inquérito",
        "Data do inquérito",
        "Receita ano anterior",
        "Objetivo anual",
        "Receita atual",
        "Observações",
    ])];
    rows.extend(clients.iter().map(|client| {
        let [score, answered] = survey(client);
        let level = match client.level {
            Level::Junior => "Júnior",
            Level::Middle => "Intermédio",
            Level::Senior => "Administrador",
        };
        let manager = client.manager.split_once(' ').map(|(first, last)| format!("{last}, {first}"));
        vec![
            text(client.name),
            text(manager.unwrap_or_else(|| client.manager.to_owned())),
            count(client.our_contacts),
            count(client.client_contacts),
            count(client.meetings),
            text(level),
            score,
            answered,
            amount(client.last_year),
            amount(client.target),
            amount(client.so_far),
            said(client.comment),
        ]
    }));
    List { file: "Service/Clientes Portugal.xlsx", sheet: "Clientes", heading_rows: 1, rows }
}

/// `8,5`
fn comma(number: f64) -> String {
    number.to_string().replace('.', ",")
}

/// `1.200`
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push('.');
        }
        text.push(digit);
    }
    text
}
