//! The clients of the demo organisation and how they fare.

use super::MONTHS;
use super::department::Department;
use crate::field::Level;
use crate::period::Month;
use jiff::civil::Date;

/// What happens to a client in the course of the year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Story {
    Steady,
    /// More people know each other from month to month.
    Grows,
    /// Contacts leave, meetings stop, revenue follows.
    Fades,
    /// Listed until this month, not in it.
    Lost(usize),
    /// Listed from this month on.
    New(usize),
    /// A large client that nobody has called on for long.
    Neglected,
}

/// A client as a department knows it in a month.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) name: &'static str,
    pub(super) manager: &'static str,
    pub(super) our_contacts: u32,
    pub(super) client_contacts: u32,
    pub(super) meetings: u32,
    pub(super) level: Level,
    /// 1 to 10, and when it was answered.
    pub(super) survey: Option<(f64, Date)>,
    pub(super) last_year: f64,
    pub(super) target: f64,
    pub(super) so_far: f64,
    pub(super) renewal: Date,
    pub(super) comment: &'static str,
}

/// Name and revenue a year in thousands.
type Listed = (&'static str, u32, Story);

fn listed(department: Department) -> &'static [Listed] {
    use Story::{Fades, Grows, Lost, Neglected, New, Steady};
    match department {
        Department::SalesUk => &[
            ("Alder & Finch Ltd", 420, Steady),
            ("Birchwood Foods", 310, Grows),
            ("Cedar Rail plc", 265, Fades),
            ("Dunmore Textiles", 140, Steady),
            ("Eastgate Print", 75, Lost(7)),
            ("Fenwick Marine", 98, Grows),
            ("Granite Insurance", 380, Neglected),
            ("Harbour Logistics", 64, Steady),
            ("Ironbridge Tools", 52, Fades),
            ("Juniper Clinics", 118, New(5)),
            ("Kestrel Aviation", 205, Steady),
            ("Lowland Dairy", 33, Lost(10)),
        ],
        Department::SalesNetherlands => &[
            ("Bakkerij Van Dam", 46, Steady),
            ("De Groene Kas B.V.", 175, Grows),
            ("Duinzicht Zorg", 230, Fades),
            ("Fietsfabriek Zwolle", 88, Steady),
            ("Haven & Zoon", 120, Lost(4)),
            ("Kaasmeester Gouda", 61, New(8)),
            ("Lichtpunt Energie", 340, Neglected),
            ("Molenaar Bouw B.V.", 155, Steady),
            ("Noordster Shipping", 97, Grows),
            ("Tulpenveld Retail", 72, Steady),
        ],
        Department::ServiceGermany => &[
            ("Alpenblick Hotels GmbH", 150, Steady),
            ("Bergmann Stahlbau", 290, Fades),
            ("Elbe Druckerei", 58, Steady),
            ("Fischer Feinmechanik", 132, Grows),
            ("Hansekontor AG", 410, Steady),
            ("Isar Pharma", 265, New(3)),
            ("Nordwind Logistik GmbH", 188, Grows),
            ("Rheinland Versicherung", 355, Neglected),
            ("Schwarzwald Möbel", 84, Lost(9)),
            ("Zimmermann Optik", 47, Steady),
        ],
        Department::ConsultingFrance => &[
            ("Atelier Lumière", 92, Grows),
            ("Boulangeries du Midi", 64, Steady),
            ("Cabinet Garnier", 38, Lost(6)),
            ("Domaine des Pins", 71, Steady),
            ("Éditions Colombe", 115, Fades),
            ("Granite Insurance", 140, Steady),
            ("Nordwind Logistik GmbH", 96, Fades),
            ("Transports Rivière", 160, Grows),
        ],
        Department::ServicesPortugal => &[
            ("Adega do Vale", 54, Steady),
            ("Azulejos Lisboa", 39, Grows),
            ("Cortiça & Filhos", 128, Steady),
            ("Farmácias Atlântico", 210, Neglected),
            ("Hotéis Mar Azul", 176, Fades),
            ("Lusitânia Seguros", 240, Steady),
            ("Padaria Central", 22, New(6)),
            ("Vinhos Douro", 83, Steady),
        ],
    }
}

impl Client {
    /// The clients that a department lists in a month.
    pub(super) fn of(department: Department, month: Month, at: usize) -> Vec<Self> {
        let listed = listed(department).iter().filter(|(_, _, story)| match story {
            Story::Lost(from) => at < *from,
            Story::New(from) => at >= *from,
            _ => true,
        });
        listed.map(|one| Self::in_month(one, department, month, at)).collect()
    }

    fn in_month(&(name, thousands, story): &Listed, department: Department, month: Month, at: usize) -> Self {
        let luck = Luck::of(name, department);
        let quarter = (at / 3) as u32;
        let (up, down) = match story {
            Story::Grows => (quarter, 0),
            Story::Fades | Story::Lost(_) => (0, quarter),
            _ => (0, 0),
        };
        let neglected = story == Story::Neglected;
        let count = |what, least, spread| luck.below(what, spread) + least;
        let contacts = |what| if neglected { 1 } else { (count(what, 1, 3) + up).saturating_sub(down) };
        let held = count("meetings", 1, 3) + luck.below(&format!("meetings {at}"), 2) + up;
        let level = match (luck.below("level", 6), up) {
            (0, 0..2) => Level::Junior,
            (1 | 2, 0..3) | (0, _) => Level::Middle,
            _ => Level::Senior,
        };
        let mood = 6.5 + f64::from(luck.below("mood", 6)) / 2.0 + f64::from(up) * 0.5 - f64::from(down);
        // a quarter of the clients has not answered the last survey
        let asked = month.plus(-((at % 3) as i32));
        let answers = luck.below(&format!("survey {quarter}"), 4) > 0 && !neglected;
        let rate = match story {
            Story::Grows => 0.14,
            Story::Fades | Story::Lost(_) => -0.18,
            Story::Neglected => -0.04,
            _ => f64::from(luck.below("rate", 8)) / 100.0 - 0.01,
        };
        // what stands in the list is the last of the years that the demo covers
        let years_back = month.plus((MONTHS - 1 - at) as i32).year - month.year;
        let base = f64::from(thousands) * 1000.0 / (1.0 + rate).powi(i32::from(years_back));
        let base = (base / 100.0).round() * 100.0;
        // a new client had no last year
        let last_year = if matches!(story, Story::New(_)) { 0.0 } else { base };
        let wanted = if last_year > 0.0 { 1.06 } else { 0.5 };
        let noise = 0.97 + f64::from(luck.below(&format!("revenue {at}"), 7)) / 100.0;
        let year = f64::from(month.month) / 12.0;
        let so_far = base * if last_year > 0.0 { 1.0 + rate } else { 0.4 } * year * noise;
        Self {
            name,
            manager: department.managers()[luck.below("manager", 3) as usize],
            our_contacts: contacts("our contacts"),
            client_contacts: contacts("client contacts"),
            meetings: if neglected { 0 } else { held.saturating_sub(2 * down) },
            level,
            survey: answers.then(|| (mood.clamp(2.0, 10.0), day(asked, 8 + luck.below("day", 15) as i8))),
            last_year,
            target: (base * wanted / 500.0).round() * 500.0,
            so_far: (so_far / 10.0).round() * 10.0,
            renewal: day(month, 1 + luck.below("renewal day", 28) as i8)
                .saturating_add(jiff::Span::new().months(1 + luck.below("renewal", 20) as i32 - (at % 4) as i32)),
            comment: comment(department, story, at),
        }
    }
}

fn comment(department: Department, story: Story, at: usize) -> &'static str {
    let said = match (story, at) {
        (Story::Neglected, _) => 0,
        (Story::Fades, 6..) => 1,
        (Story::New(from), _) if at < from + 3 => 2,
        _ => return "",
    };
    let comments = match department {
        Department::SalesUk => {
            ["Only our old contact is left", "New buyer asks for quotes elsewhere", "Won at the fair"]
        }
        Department::SalesNetherlands => {
            ["Alleen ons oude contact is er nog", "Nieuwe inkoper vergelijkt prijzen", "Gewonnen op de beurs"]
        }
        Department::ServiceGermany => [
            "Nur unser alter Ansprechpartner ist noch da",
            "Neuer Einkäufer holt Angebote ein",
            "Auf der Messe gewonnen",
        ],
        Department::ConsultingFrance => {
            ["Il ne reste que notre ancien contact", "Le nouvel acheteur compare les prix", "Gagné au salon"]
        }
        Department::ServicesPortugal => {
            ["Só resta o nosso contacto antigo", "O novo comprador compara preços", "Ganho na feira"]
        }
    };
    comments[said]
}

fn day(month: Month, day: i8) -> Date {
    let first = month.first_day();
    first.saturating_add(jiff::Span::new().days(i32::from(day - 1)))
}

/// Chance that is the same every time: drawn from names, not from a clock.
struct Luck(u64);

impl Luck {
    fn of(name: &str, department: Department) -> Self {
        Self(mixed(0xcbf2_9ce4_8422_2325, &format!("{name} {department:?}")))
    }

    /// A number from 0 to below the bound.
    fn below(&self, what: &str, bound: u32) -> u32 {
        let drawn = mixed(self.0, what);
        ((drawn >> 33) % u64::from(bound)) as u32
    }
}

/// FNV-1a, and a last stir so that the high bits tell short texts apart.
fn mixed(seed: u64, text: &str) -> u64 {
    let hash = text.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash ^ (hash >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9)
}
