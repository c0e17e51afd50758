//! The order of the client table's columns.

use super::super::formula::Live;
use super::super::sheet::{self, Column};
use super::super::style::Look;
use super::super::words::Words;
use super::computed::Computed;
use super::handed_in::List;
use super::{Row, Source};
use crate::account::ClientTable;
use crate::field::{Field, Kind, Status};

/// Whether amounts must say their currency, to whoever reads them and to the next run: it is not everywhere the one that
/// holds where none is named.
pub(super) fn names_currencies(source: &Source<'_>) -> bool {
    let usual = source.config.currency_of(source.path);
    let accounts = source.parsed.tables.iter().flat_map(ClientTable::accounts);
    accounts.filter_map(|account| account.currency()).any(|currency| Some(currency) != usual)
}

/// What the client table shows.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    /// Formulas.
    pub(super) live: bool,
    /// What changed since an earlier month.
    pub(super) compared: bool,
}

/// The columns of the client table, from left to right, and the formulas with the headings they refer to.
pub(super) fn columns<'a>(
    source: &Source<'a>,
    table: &'a ClientTable,
    words: Words,
    mut formulas: Live<'a>,
    placed: &mut Vec<(u16, u16)>,
    shown: Shown,
) -> (Vec<Column<'a, Row<'a>>>, Live<'a>) {
    let book = &source.parsed.book;
    let shown_currency = names_currencies(source);
    let mut list = List { columns: Vec::new(), placed, table, book, words, shown_currency };
    let has = |field: Field| table.keeps(field);
    list.field(Field::Client, 30.0, Look::Name);
    if has(Field::ClientId) {
        list.field(Field::ClientId, 12.0, Look::Text);
    }
    list.field(Field::AccountManager, 18.0, Look::Indented);
    list.field(Field::OurContacts, 9.5, Look::Count);
    list.field(Field::ClientContacts, 9.5, Look::Count);
    list.field(Field::Meetings, 11.0, Look::Count);
    list.field(Field::DecisionLevel, 11.0, Look::Word);
    list.field(Field::SurveyScore, 9.0, Look::Score);
    if has(Field::SurveyDate) {
        list.field(Field::SurveyDate, 11.5, Look::Date);
    }
    let after_measures = list.columns.len();
    list.field(Field::Comments, 28.0, Look::Indented);
    list.field(Field::ActionPoints, 26.0, Look::Indented);
    list.field(Field::RevenueLastYear, 13.0, Look::Money);
    list.field(Field::Target, 13.0, Look::Money);
    list.field(Field::RevenueCurrent, 13.0, Look::Money);
    let after_money = list.columns.len();
    for field in [Field::OverrideStatus, Field::OverrideReason, Field::OverrideUntil, Field::OverrideBy] {
        let look = match field.kind() {
            Kind::Date => Look::Date,
            Kind::Status => Look::Word,
            _ => Look::Indented,
        };
        list.field(field, 14.0, look);
    }
    for (field, look) in [
        (Field::Currency, Look::Word),
        (Field::Department, Look::Text),
        (Field::Stage, Look::Word),
        (Field::RenewalDate, Look::Date),
        (Field::LastThanked, Look::Date),
        (Field::Referrals, Look::Count),
    ] {
        // a currency that only a heading or a cell's format told is no column of the department's, unless an amount in
        // another currency stands in the row: read back, it would speak for the row
        let needed = || table.column_of(field).is_some() || list.has_wrong_amounts();
        if has(field) && (field != Field::Currency || needed()) {
            list.field(field, 12.0, look);
        }
    }
    list.carried(source.config, &mut formulas);
    let mut columns = list.columns;

    let computed = Computed { source, formulas: &formulas, live: shown.live, words };
    let mut money = computed.money();
    if shown.compared {
        let after = money.iter().position(|column| column.id == "key_account").map_or(money.len(), |place| place + 1);
        money.splice(after..after, computed.progress());
    }
    money.extend(computed.points());
    let score = computed.score();
    let inserted_later = money.len();
    let tail = columns.split_off(after_money);
    columns.extend(money);
    columns.extend(tail);
    let inserted = score.len();
    columns.splice(after_measures..after_measures, score);
    for (_, col) in placed.iter_mut() {
        let before = usize::from(*col);
        *col += if before >= after_money {
            inserted + inserted_later
        } else if before >= after_measures {
            inserted
        } else {
            0
        } as u16;
    }
    let statuses = Status::ALL.map(|status| words.get("value", status.id()).chars().count());
    let widest = statuses.into_iter().max().unwrap_or(0) as f64 + 2.0;
    for column in &mut columns {
        let is_status = matches!(column.id.as_str(), "status" | "computed_status");
        let content = if is_status { widest } else { 0.0 };
        column.width = column.width.max(content).max(sheet::heading_width(&column.heading));
    }
    (columns, formulas)
}
