//! Clients: the organisation's, ranked by revenue, with the merged score and the lowest account score beside it.

use super::super::rows::Rows;
use super::super::style::Styles;
use super::columns::{self, Lines};
use super::{CLIENTS, MAX_ROWS, View};
use crate::field::Field;
use crate::roster::Line;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// From left to right; the first screen says who, how they stand and what to do.
const COLUMNS: [&str; 47] = [
    "rank",
    "client",
    "score",
    "change",
    "trend",
    "status",
    "flags",
    "next_step",
    "action",
    "departments",
    "account_managers",
    "revenue_last_year",
    "key_account",
    "currency",
    "share",
    "lowest_score",
    "lowest_department",
    "account_at_risk",
    "client_id",
    "our_contacts",
    "client_contacts",
    "meetings",
    "decision_level",
    "survey_score",
    "survey_date",
    "target",
    "revenue_current",
    "attainment",
    "growth",
    "previous_score",
    "previous_month",
    "what_changed",
    "revenue_at_risk",
    "evidence",
    "cumulative",
    "new",
    "worry",
    "kpi_met",
    "why",
    "known",
    "best_case",
    "computed_status",
    "renewal_date",
    "last_thanked",
    "referrals",
    "comments",
    "action_points",
];

pub(super) fn write<'v>(view: &'v View<'v>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<Rows<'v>, XlsxError> {
    let all = view.source.clients;
    let rows = &all[..all.len().min(MAX_ROWS)];
    let lines = Lines { view, table: CLIENTS, live: view.live };
    columns::table(&lines, &kept(view, rows, &COLUMNS), rows, ("client", "key_account"), sheet, styles)
}

/// Columns that speak when earlier months are stored.
const PAST: [&str; 5] = ["change", "trend", "previous_score", "previous_month", "what_changed"];

/// The columns that hold anything; those that several scorecards need are added.
pub(super) fn kept<'i>(view: &View<'_>, rows: &[Line<'_>], ids: &[&'i str]) -> Vec<&'i str> {
    let optional =
        [Field::ClientId, Field::SurveyDate, Field::RenewalDate, Field::LastThanked, Field::Referrals].map(Field::id);
    let holds = |id: &str| match Field::from_id(id) {
        Some(Field::Currency) => rows.iter().any(|line| line.currency().is_some()),
        Some(Field::Comments) => rows.iter().any(|line| !line.comments.is_empty()),
        Some(Field::ActionPoints) => rows.iter().any(|line| !line.action_points.is_empty()),
        Some(Field::ClientId) => rows.iter().any(|line| !line.ids.is_empty()),
        None if PAST.contains(&id) => view.past().is_some(),
        Some(field) if optional.contains(&id) => rows.iter().any(|line| line.merged.keeps(field)),
        _ => true,
    };
    let mut ids: Vec<&str> = ids.iter().copied().filter(|id| holds(id)).collect();
    if view.cards.len() > 1 {
        ids.push("scorecard");
    }
    ids
}
