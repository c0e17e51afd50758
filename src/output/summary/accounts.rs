//! Accounts: every client of every department with the cell that it was read from; Departments and Managers add it up.

use super::super::rows::Rows;
use super::super::style::Styles;
use super::columns::{self, Lines};
use super::{ACCOUNTS, View, clients};
use rust_xlsxwriter::{Worksheet, XlsxError};

const COLUMNS: [&str; 26] = [
    "client",
    "department",
    "account_manager",
    "score",
    "status",
    "known",
    "best_case",
    "currency",
    "revenue_last_year",
    "target",
    "revenue_current",
    "revenue_at_risk",
    "evidence",
    "key_account",
    "previous_score",
    "previous_month",
    "change",
    "worry",
    "kpi_met",
    "one_away",
    "source_file",
    "source_sheet",
    "source_rows",
    "client_number",
    "department_number",
    "manager_number",
];

pub(super) fn write<'v>(view: &'v View<'v>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<Rows<'v>, XlsxError> {
    let rows = view.source.accounts;
    let lines = Lines { view, table: ACCOUNTS, live: view.live };
    columns::table(&lines, &clients::kept(view, rows, &COLUMNS), rows, ("client", "source_rows"), sheet, styles)
}
