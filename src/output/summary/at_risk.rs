//! At risk: the clients shown At risk, the other worries below a line, and those at risk in one department only.

use super::super::glance::status_colours;
use super::super::page::{ListColumn, Page, Shown};
use super::super::sheet::heading_width;
use super::super::style::{Look, Styles};
use super::columns::{self, Lines};
use super::{CLIENTS, View, actions, amount_text};
use crate::field::Status;
use crate::roster::Line;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::cmp::Reverse;

/// Lines of one list; a person who reads more filters the sheet Clients.
const MAX: usize = 1_000;
const STATUS: u16 = 1;

/// Clients that worry or are shown At risk: those at risk first, then by revenue, as the portfolio has them.
pub(super) fn worries<'s>(view: &View<'s>) -> Vec<&'s Line<'s>> {
    let mut lines: Vec<_> = view.source.clients.iter().filter(|line| actions::worries(line)).collect();
    // the sort keeps the portfolio's order
    lines.sort_by_key(|line| Reverse(line.shown == Status::AtRisk));
    lines
}

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("at_risk", id);
    let worries = worries(view);
    let (at_risk, others): (Vec<_>, Vec<_>) = worries.into_iter().partition(|line| line.shown == Status::AtRisk);
    let hidden: Vec<_> =
        view.source.clients.iter().filter(|line| line.account_at_risk && line.shown != Status::AtRisk).collect();
    let widths: Vec<f64> = kept(view).map(|(_, width)| width).collect();
    let mut page = Page::new(sheet, styles, &widths)?;
    lay_out(view, &mut page)?;
    let count = amount_text(view.words, at_risk.len() as f64);
    page.title(0, word("title"), &words.fill("at_risk", "subtitle", &[("month", &view.month()), ("count", &count)]))?;
    page.sheet.set_repeat_rows(page.row, page.row)?;
    list(view, &mut page, &at_risk, word("none"))?;
    page.row += 1;
    page.section(0, word("worries"))?;
    list(view, &mut page, &others, word("no_worries"))?;
    if !hidden.is_empty() {
        page.row += 1;
        page.section(0, word("hidden"))?;
        page.sentence(0, word("hidden_subtitle"), Look::Subtitle)?;
        list(view, &mut page, &hidden, "")?;
    }
    Ok(())
}

/// Who, how they stand and what is done fills the first page's width; why stands on the next.
fn lay_out(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let ids: Vec<_> = kept(view).collect();
    let last = ids.iter().position(|(id, _)| *id == "action").unwrap_or_default();
    let width: f64 = ids[..=last].iter().map(|(_, width)| width * 7.0 + 5.0).sum();
    page.sheet.set_print_scale((960.0 / width * 100.0).floor().clamp(30.0, 100.0) as u16);
    page.sheet.set_vertical_page_breaks(&[last as u32 + 1])?;
    page.sheet.set_repeat_columns(0, 0)?;
    Ok(())
}

fn list(view: &View<'_>, page: &mut Page<'_>, lines: &[&Line<'_>], none: &str) -> Result<(), XlsxError> {
    if lines.is_empty() {
        return page.sentence(0, none, Look::Subtitle);
    }
    let list: Vec<ListColumn<'_, &&Line<'_>>> = columns(view);
    if let Some((first, last)) = page.list(0, &list, lines.iter().take(MAX))? {
        status_colours(page.sheet, first, STATUS, last, STATUS, view.words)?;
        let action = list.iter().position(|column| column.heading == view.heading("action")).unwrap_or_default();
        columns::nobody_acts(page.sheet, (first, last), action as u16, view)?;
    }
    if lines.len() > MAX {
        let more =
            view.words.fill("at_risk", "more", &[("count", &amount_text(view.words, (lines.len() - MAX) as f64))]);
        page.sentence(0, &more, Look::Subtitle)?;
    }
    Ok(())
}

/// Columns of the lists with their widths.
const COLUMNS: [(&str, f64); 17] = [
    ("client", 32.0),
    ("status", 10.5),
    ("computed_status", 11.0),
    ("score", 7.5),
    ("change", 8.5),
    ("key_account", 11.0),
    ("revenue_last_year", 13.0),
    ("evidence", 14.0),
    ("account_managers", 24.0),
    ("departments", 20.0),
    ("next_step", 44.0),
    ("action", 26.0),
    ("why", 56.0),
    ("known", 9.0),
    ("best_case", 8.0),
    ("lowest_score", 10.0),
    ("lowest_department", 16.0),
];

/// The columns that hold anything.
fn kept<'v>(view: &'v View<'_>) -> impl Iterator<Item = (&'static str, f64)> + 'v {
    let (past, judged) = (view.past().is_some(), view.source.clients.iter().any(|line| line.overridden));
    let all = COLUMNS.into_iter().filter(move |(id, _)| match *id {
        "change" => past,
        "computed_status" => judged,
        _ => true,
    });
    all.map(|(id, width)| (id, width.max(heading_width(view.heading(id)))))
}

fn columns<'v, 'l>(view: &'v View<'v>) -> Vec<ListColumn<'v, &'l &'l Line<'l>>>
where
    'l: 'v,
{
    kept(view).map(|(id, _)| column(view, id)).collect()
}

fn column<'v, 'l>(view: &'v View<'v>, id: &str) -> ListColumn<'v, &'l &'l Line<'l>>
where
    'l: 'v,
{
    let words = view.words;
    let portfolio = view.source.portfolio;
    let lines = Lines { view, table: CLIENTS, live: false };
    let heading = view.heading(id);
    type One<'l> = &'l &'l Line<'l>;
    match id {
        "client" => ListColumn::new(heading, Look::Name, |line: &One<'_>| Shown::text(line.name)),
        "status" => {
            ListColumn::new(heading, Look::Word, move |line: &One<'_>| Shown::text(words.get("value", line.shown.id())))
        }
        "computed_status" => ListColumn::new(heading, Look::Word, move |line: &One<'_>| {
            Shown::text(if line.overridden { words.get("value", line.assessed.rated.computed.id()) } else { "" })
        }),
        "score" => ListColumn::new(heading, Look::Total, |line: &One<'_>| Shown::maybe(line.assessed.rated.score)),
        "change" => ListColumn::new(heading, Look::Change, move |line: &One<'_>| Shown::maybe(lines.change(line))),
        "key_account" => ListColumn::new(heading, Look::Word, move |line: &One<'_>| {
            Shown::text(if line.key { words.get("value", "yes") } else { "" })
        }),
        "revenue_last_year" => {
            ListColumn::new(view.in_units(heading), Look::Money, move |line: &One<'_>| Shown::Value(view.revenue(line)))
        }
        "evidence" => ListColumn::new(heading, Look::Word, move |line: &One<'_>| {
            Shown::Value(columns::evidence(view, line.at_risk))
        }),
        "account_managers" => ListColumn::new(heading, Look::Indented, move |line: &One<'_>| {
            Shown::text(if line.managers.is_empty() {
                words.get("org", "nobody").to_owned()
            } else {
                view.managers(line)
            })
        }),
        "departments" => {
            ListColumn::new(heading, Look::Wrapped, move |line: &One<'_>| Shown::text(view.departments(line)))
        }
        "next_step" => {
            ListColumn::new(heading, Look::Wrapped, move |line: &One<'_>| Shown::text(columns::next_step(view, line)))
        }
        "action" => {
            ListColumn::new(heading, Look::Wrapped, move |line: &One<'_>| Shown::text(actions::said(view, line)))
        }
        "why" => ListColumn::new(heading, Look::Wrapped, move |line: &One<'_>| Shown::text(columns::why(view, line))),
        "known" => ListColumn::new(heading, Look::Word, move |line: &One<'_>| Shown::text(columns::known(view, line))),
        "best_case" => ListColumn::new(heading, Look::Score, |line: &One<'_>| Shown::number(line.assessed.rated.best)),
        "lowest_score" => ListColumn::new(heading, Look::Score, move |line: &One<'_>| {
            Shown::maybe(line.lowest.and_then(|lowest| portfolio.accounts[lowest].rated.score))
        }),
        _ => ListColumn::new(heading, Look::Text, move |line: &One<'_>| {
            let lowest = line.lowest.filter(|_| line.departments.len() > 1);
            Shown::text(lowest.map(|lowest| view.department(portfolio.accounts[lowest].department)).unwrap_or_default())
        }),
    }
}
