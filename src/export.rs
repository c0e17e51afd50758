//! clients.csv and clients.parquet: the merged, scored clients for people with BI tools. Documented in
//! `docs/clients-table.md`; names and order of the columns are stable, words are ids, not translations.

mod delimited;
mod parquet;

pub(crate) use delimited::harmless;
pub use delimited::write as write_csv;
pub use parquet::write as write_parquet;

use crate::account::{Input, Value};
use crate::field::{Field, Kind};
use crate::period::Month;
use crate::portfolio::{Evidence, Portfolio};
use crate::roster::{Line, Sum};
use crate::score::Inputs;

/// Names of the files, below the month's folder.
pub const CSV: &str = "clients.csv";
/// See [`CSV`].
pub const PARQUET: &str = "clients.parquet";

/// The clients and what their numbers refer to.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    /// The reporting month.
    pub month: Month,
    /// The organisation.
    pub portfolio: &'a Portfolio<'a>,
    /// Its clients.
    pub clients: &'a [Line<'a>],
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kinds {
    /// Text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// True or false.
    Bool,
    /// A day, as days since 1899-12-30.
    Date,
}

/// A value of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Datum {
    /// See [`Kinds::Text`].
    Text(String),
    /// See [`Kinds::Integer`].
    Integer(i64),
    /// See [`Kinds::Number`].
    Number(f64),
    /// See [`Kinds::Bool`].
    Bool(bool),
    /// See [`Kinds::Date`].
    Date(i32),
}

type Of = fn(&Table<'_>, &Line<'_>) -> Option<Datum>;

/// A column of the table.
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kinds,
    of: Of,
}

impl Column {
    /// Its value for a client; `None` where there is none.
    pub fn value(&self, table: &Table<'_>, line: &Line<'_>) -> Option<Datum> {
        (self.of)(table, line)
    }
}

const fn column(name: &'static str, kind: Kinds, of: Of) -> Column {
    Column { name, kind, of }
}

fn text(text: impl Into<String>) -> Option<Datum> {
    Some(text.into()).filter(|text: &String| !text.is_empty()).map(Datum::Text)
}

fn number(number: Option<f64>) -> Option<Datum> {
    number.filter(|number| number.is_finite()).map(Datum::Number)
}

fn joined<'s>(names: impl Iterator<Item = Option<&'s str>>) -> Option<Datum> {
    text(names.flatten().collect::<Vec<_>>().join("; "))
}

fn input(line: &Line<'_>, field: Field) -> Option<Datum> {
    match line.assessed.inputs.input(field) {
        Input::Known(Value::Number(number)) if field.kind() == Kind::Count => Some(Datum::Integer(number as i64)),
        Input::Known(Value::Number(number)) => Some(Datum::Number(number)),
        Input::Known(Value::Date(day)) => Some(Datum::Date(day)),
        Input::Known(Value::Level(level)) => text(level.id()),
        _ => None,
    }
}

fn money(line: &Line<'_>, field: Field) -> Option<Datum> {
    match line.amount(field) {
        Sum::One(amount) => number(Some(amount)),
        Sum::Unknown | Sum::Several(_) => None,
    }
}

fn mixed(line: &Line<'_>) -> Option<Datum> {
    let fields = [Field::RevenueLastYear, Field::Target, Field::RevenueCurrent];
    let parts = fields.iter().filter_map(|&field| match line.amount(field) {
        Sum::Several(amounts) => Some(format!("{}: {amounts}", field.id())),
        Sum::Unknown | Sum::One(_) => None,
    });
    text(parts.collect::<Vec<_>>().join(" | "))
}

/// The columns, in their order.
pub const COLUMNS: [Column; 45] = [
    column("month", Kinds::Text, |table, _| text(table.month.to_string())),
    column("rank", Kinds::Integer, |_, line| line.standing.map(|(_, standing)| Datum::Integer(standing.rank as i64))),
    column("client", Kinds::Text, |_, line| text(line.name)),
    column("client_ids", Kinds::Text, |_, line| text(line.ids.join("; "))),
    column("departments", Kinds::Text, |table, line| {
        joined(line.departments.iter().map(|&place| table.portfolio.departments[place].name))
    }),
    column("account_managers", Kinds::Text, |table, line| {
        joined(line.managers.iter().map(|&place| table.portfolio.managers[place].name))
    }),
    column("accounts", Kinds::Integer, |_, line| Some(Datum::Integer(line.departments.len() as i64))),
    column("scorecard", Kinds::Text, |_, line| text(line.assessed.basis.card.name.as_str())),
    column("score", Kinds::Number, |_, line| number(line.assessed.rated.score)),
    column("maximum", Kinds::Number, |_, line| number(Some(line.assessed.basis.card.maximum()))),
    column("known", Kinds::Integer, |_, line| Some(Datum::Integer(line.assessed.rated.known as i64))),
    column("criteria", Kinds::Integer, |_, line| Some(Datum::Integer(line.assessed.basis.card.counted() as i64))),
    column("best_case", Kinds::Number, |_, line| number(Some(line.assessed.rated.best))),
    column("status", Kinds::Text, |_, line| text(line.shown.id())),
    column("computed_status", Kinds::Text, |_, line| text(line.assessed.rated.computed.id())),
    column("overridden", Kinds::Bool, |_, line| Some(Datum::Bool(line.overridden))),
    column("worry", Kinds::Bool, |_, line| line.assessed.rated.worry.map(Datum::Bool)),
    column("kpi_met", Kinds::Bool, |_, line| line.assessed.rated.kpi_met.map(Datum::Bool)),
    column("one_point_away", Kinds::Bool, |_, line| Some(Datum::Bool(line.assessed.rated.one_point_away))),
    column("flags", Kinds::Text, |_, line| joined(line.assessed.rated.flags.iter().map(|flag| Some(flag.id())))),
    column("lowest_score", Kinds::Number, |table, line| {
        number(line.lowest.and_then(|account| table.portfolio.accounts[account].rated.score))
    }),
    column("lowest_department", Kinds::Text, |table, line| {
        let department = line.lowest.map(|account| table.portfolio.accounts[account].department);
        text(department.and_then(|place| table.portfolio.departments[place].name)?)
    }),
    column("account_at_risk", Kinds::Bool, |_, line| Some(Datum::Bool(line.account_at_risk))),
    column("our_contacts", Kinds::Integer, |_, line| input(line, Field::OurContacts)),
    column("client_contacts", Kinds::Integer, |_, line| input(line, Field::ClientContacts)),
    column("meetings", Kinds::Integer, |_, line| input(line, Field::Meetings)),
    column("decision_level", Kinds::Text, |_, line| input(line, Field::DecisionLevel)),
    column("survey_score", Kinds::Number, |_, line| input(line, Field::SurveyScore)),
    column("survey_date", Kinds::Date, |_, line| input(line, Field::SurveyDate)),
    column("currency", Kinds::Text, |_, line| text(line.currency()?.code())),
    column("revenue_last_year", Kinds::Number, |_, line| money(line, Field::RevenueLastYear)),
    column("target", Kinds::Number, |_, line| money(line, Field::Target)),
    column("revenue_current", Kinds::Number, |_, line| money(line, Field::RevenueCurrent)),
    column("mixed_amounts", Kinds::Text, |_, line| mixed(line)),
    column("attainment", Kinds::Number, |_, line| number(line.assessed.rated.attainment)),
    column("growth", Kinds::Number, |_, line| number(line.assessed.rated.growth)),
    column("revenue_at_risk", Kinds::Number, |_, line| match line.revenue_at_risk() {
        Sum::One(amount) => number(Some(amount)),
        Sum::Unknown | Sum::Several(_) => None,
    }),
    column("at_risk_evidence", Kinds::Text, |_, line| {
        text(match line.at_risk? {
            Evidence::Evident => "evident",
            Evidence::WantOfData => "want_of_data",
        })
    }),
    column("share", Kinds::Number, |_, line| number(line.standing.map(|(_, standing)| standing.share))),
    column("cumulative_share", Kinds::Number, |_, line| number(line.standing.map(|(_, standing)| standing.cumulative))),
    column("key_account", Kinds::Bool, |_, line| Some(Datum::Bool(line.key))),
    column("new", Kinds::Bool, |_, line| Some(Datum::Bool(line.new))),
    column("renewal_date", Kinds::Date, |_, line| input(line, Field::RenewalDate)),
    column("last_thanked", Kinds::Date, |_, line| input(line, Field::LastThanked)),
    column("referrals", Kinds::Integer, |_, line| input(line, Field::Referrals)),
];
