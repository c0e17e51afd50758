//! What is stored of a month.

use super::by_key::{ByKey, Key};
use crate::account::{Input, Measure, OwnColumn, OwnKind, Value};
use crate::actions::Action;
use crate::field::{Level, Stage, Status};
use crate::period::{Month, Period};
use crate::portfolio::Amounts;
use crate::score::{Criterion, Dates, Scorecard};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// How much of a department a run saw.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Delivered {
    /// Everything that it handed in was read.
    Full,
    /// Some of its workbooks failed or need review: who is missing may stand in them.
    Partial,
    /// Nothing usable.
    Not,
}

impl Delivered {
    /// All of them.
    pub const ALL: [Delivered; 3] = [Delivered::Full, Delivered::Partial, Delivered::Not];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Full => "delivered",
            Self::Partial => "partial",
            Self::Not => "not delivered",
        }
    }
}

/// A department in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Delivery {
    /// Its name.
    pub department: String,
    /// How much of it there was.
    pub delivered: Delivered,
}

/// An input as stored; a missing one is not stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Count, survey score, amount.
    Number(f64),
    /// A level.
    Level(Level),
    /// Days since 1899-12-30.
    Date(i32),
    /// A word of a further column.
    Word(String),
    /// Something was handed in that could not be read.
    Wrong,
}

impl Fact {
    /// Of an input; `None` when it is missing. `own` is the further column that it was read from.
    pub fn of(input: Input, own: Option<&OwnColumn>) -> Option<Self> {
        match input {
            Input::Missing => None,
            Input::Wrong => Some(Self::Wrong),
            Input::Known(Value::Level(level)) => Some(Self::Level(level)),
            Input::Known(Value::Date(day)) => Some(Self::Date(day)),
            Input::Known(Value::Number(number)) => match own.map(|own| &own.kind) {
                Some(OwnKind::Words(words)) => words.get(number as usize).map(|word| Self::Word(word.clone())),
                _ => Some(Self::Number(number)),
            },
            Input::Known(_) => None,
        }
    }

    /// As an input again; a word that the column's list no longer holds is missing.
    fn input(&self, own: Option<&OwnColumn>) -> Input {
        match self {
            Self::Number(number) => Input::Known(Value::Number(*number)),
            Self::Level(level) => Input::Known(Value::Level(*level)),
            Self::Date(day) => Input::Known(Value::Date(*day)),
            Self::Wrong => Input::Wrong,
            Self::Word(word) => match own.map(|own| &own.kind) {
                Some(OwnKind::Words(words)) => words
                    .iter()
                    .position(|own| own == word)
                    .map_or(Input::Missing, |place| Input::Known(Value::Number(place as f64))),
                _ => Input::Missing,
            },
        }
    }
}

/// A client in one department, in one month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// Its department.
    pub department: String,
    /// The name that the department used.
    pub name: String,
    /// Its id in comparable form, if it is a key.
    pub id: Option<String>,
    /// The organisation's client, by place in [`Snapshot::clients`]; none where no row of the client was active.
    pub client: Option<usize>,
    /// Who looked after it, as the organisation writes the name.
    pub manager: Option<String>,
    /// Only active ones are clients.
    pub stage: Stage,
    /// A former client that was let go on purpose.
    pub let_go: bool,
    /// Name of the scorecard it was rated with.
    pub card: String,
    /// What was known, by [`measure_key`].
    pub inputs: ByKey<Fact>,
    /// Points of the criteria whose measure was known, by the criterion's id.
    pub points: ByKey<f64>,
    /// Sum of the points.
    pub score: Option<f64>,
    /// The most that the scorecard gave.
    pub maximum: f64,
    /// Status by the score.
    pub computed: Status,
    /// Status shown.
    pub shown: Status,
    /// Whether it worried.
    pub worry: Option<bool>,
    /// Whether it met the KPI.
    pub kpi_met: Option<bool>,
    /// Last year's revenue.
    pub last_year: Amounts,
    /// Target.
    pub target: Amounts,
    /// Current revenue.
    pub current: Amounts,
    /// The rows that it was read from.
    pub places: SmallVec<[Place; 1]>,
    /// What persons set over its status, live or not.
    pub overrides: Vec<Override>,
}

/// A row of a list: its place in [`Snapshot::lists`], and the row as a person counts it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place(pub usize, pub u32);

/// A client table that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct List {
    /// Path of the file below the inbox.
    pub file: String,
    /// Hash of its content.
    pub hash: String,
    /// Name of the sheet.
    pub sheet: String,
    /// The letters of the column of each measure, by [`measure_key`].
    pub columns: BTreeMap<String, String>,
}

/// A person's judgement over the computed status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The status set.
    pub status: Status,
    /// Why; without a reason it does not live.
    pub reason: Option<String>,
    /// Its last day, as handed in: days since 1899-12-30.
    pub until: Option<i32>,
    /// Who set it.
    pub by: Option<String>,
    /// Its last day where none was handed in: the end of the fiscal year in which a snapshot first held it.
    pub ends: Option<i32>,
    /// Whether it lived on the as-of date.
    pub live: bool,
}

impl Override {
    /// Whether it is the same judgement: another end or author does not make it another.
    pub fn is_same(&self, other: &Override) -> bool {
        let reason = |own: &Override| own.reason.as_deref().map(crate::text::fold);
        self.status == other.status && reason(self) == reason(other)
    }
}

/// A scorecard in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    /// Its name.
    pub name: String,
    /// At least this is Strong.
    pub strong: f64,
    /// At least this is Watch.
    pub watch: f64,
    /// At most this is a worry.
    pub worry: f64,
    /// At least this meets the KPI.
    pub kpi: f64,
    /// Its criteria.
    pub criteria: Vec<CardCriterion>,
}

/// A criterion of a scorecard in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardCriterion {
    /// Its id.
    pub id: String,
    /// What it measures, by [`measure_key`].
    pub measure: String,
    /// The same in words.
    pub label: String,
    /// When it gives points: "more than 1".
    pub rule: String,
    /// The most it gives; with 0 it is shown and not counted.
    pub points: f64,
}

/// What a department typed beside a client.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Typed {
    /// The department.
    pub department: String,
    /// What was typed.
    pub action: Action,
}

impl Listed {
    /// Whether it was a client.
    pub fn is_client(&self) -> bool {
        self.stage == Stage::Active
    }

    /// The points that a scorecard gives for what was known then.
    pub(super) fn rate(&self, card: &Scorecard, own: &[OwnColumn], dates: &Dates) -> Vec<Option<f64>> {
        let rate = |criterion: &Criterion| {
            let column = own_column(&criterion.measure, own);
            let fact = self.inputs.get(&measure_key(&criterion.measure, own));
            criterion.rate(fact.map_or(Input::Missing, |fact| fact.input(column)), dates)
        };
        card.criteria.iter().map(rate).collect()
    }
}

/// A client of the organisation, in one month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// The merged score.
    pub score: Option<f64>,
    /// The most that the scorecard gave.
    pub maximum: f64,
    /// Status shown.
    pub shown: Status,
    /// Whether it met the KPI.
    pub kpi_met: Option<bool>,
    /// Whether it was a key account.
    pub key: bool,
}

/// A month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Snapshot {
    /// The reporting month.
    pub month: Month,
    /// Hash of everything that decided about scores.
    pub scorecard: String,
    /// The same as text.
    pub scorecard_text: String,
    /// First month of the fiscal year.
    pub fiscal_start: i8,
    /// Whether current revenue and target were full-year figures.
    pub full_year: bool,
    /// The departments, by name.
    pub departments: Vec<Delivery>,
    /// The organisation's clients.
    pub clients: Vec<Client>,
    /// Clients by department, former ones and prospects included.
    pub accounts: Vec<Listed>,
    /// The scorecards.
    pub cards: Vec<Card>,
    /// The client tables that were read.
    pub lists: Vec<List>,
    /// What departments typed beside their clients.
    pub actions: Vec<Typed>,
}

impl Snapshot {
    /// Whether later months would say the same of another month in its place: where it was read, and in what words, does not matter.
    pub fn means_the_same(&self, other: &Snapshot) -> bool {
        let bare = |snapshot: &Snapshot| {
            let mut bare = Snapshot { lists: Vec::new(), cards: Vec::new(), ..snapshot.clone() };
            bare.accounts.iter_mut().for_each(|account| account.places.clear());
            bare
        };
        self == other || bare(self) == bare(other)
    }

    /// Its month in its fiscal year.
    pub fn period(&self) -> Period {
        Period { month: self.month, fiscal_start: self.fiscal_start }
    }

    /// How much of a department there was; case and accents make no other department.
    pub fn delivered(&self, department: &str) -> Delivered {
        let folded = crate::text::fold(department);
        let found = self.departments.iter().find(|own| crate::text::fold(&own.department) == folded);
        found.map_or(Delivered::Not, |own| own.delivered)
    }

    /// The departments of which there was something.
    pub fn delivering(&self) -> impl Iterator<Item = &str> {
        let some = self.departments.iter().filter(|own| own.delivered != Delivered::Not);
        some.map(|own| own.department.as_str())
    }
}

fn own_column<'a>(measure: &Measure, own: &'a [OwnColumn]) -> Option<&'a OwnColumn> {
    match measure {
        Measure::Own(place) => own.get(*place),
        Measure::Field(_) => None,
    }
}

/// The key under which a measure is stored: a field's id, or the heading of a further column.
pub fn measure_key(measure: &Measure, own: &[OwnColumn]) -> Key {
    match measure {
        Measure::Field(field) => Cow::Borrowed(field.id()),
        Measure::Own(_) => {
            Cow::Owned(format!("column: {}", own_column(measure, own).map_or("", |own| own.heading.as_str())))
        }
    }
}
