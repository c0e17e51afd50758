//! At risk: the clients shown At risk, the other worries below a line, and those at risk in one department only.

use super::super::glance::status_colours;
use super::super::page::{ListColumn, Page, Shown};
use super::super::style::{Look, Styles};
use super::{View, amount_text, columns};
use crate::field::Status;
use crate::roster::Line;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::cmp::Reverse;

/// Lines of one list; a person who reads more filters the sheet Clients.
const MAX: usize = 1_000;
const WIDTHS: [f64; 14] = [32.0, 10.5, 7.5, 11.0, 13.0, 14.0, 24.0, 20.0, 44.0, 56.0, 9.0, 8.0, 10.0, 16.0];
const STATUS: u16 = 1;

/// Clients that worry or are shown At risk: those at risk first, then by revenue, as the portfolio has them.
pub(super) fn worries<'s>(view: &View<'s>) -> Vec<&'s Line<'s>> {
    let mut lines: Vec<_> = view
        .source
        .clients
        .iter()
        .filter(|line| line.shown == Status::AtRisk || line.assessed.rated.worry == Some(true))
        .collect();
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
    let mut page = Page::new(sheet, styles, &WIDTHS)?;
    let count = amount_text(at_risk.len() as f64);
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

fn list(view: &View<'_>, page: &mut Page<'_>, lines: &[&Line<'_>], none: &str) -> Result<(), XlsxError> {
    if lines.is_empty() {
        return page.sentence(0, none, Look::Subtitle);
    }
    let words = view.words;
    let portfolio = view.source.portfolio;
    let heading = |id: &str| view.heading(id);
    let list = [
        ListColumn::new(heading("client"), Look::Name, |line: &&&Line<'_>| Shown::text(line.name)),
        ListColumn::new(heading("status"), Look::Word, |line: &&&Line<'_>| {
            Shown::text(words.get("value", line.shown.id()))
        }),
        ListColumn::new(heading("score"), Look::Total, |line: &&&Line<'_>| Shown::maybe(line.assessed.rated.score)),
        ListColumn::new(heading("key_account"), Look::Word, |line: &&&Line<'_>| {
            Shown::text(if line.key { words.get("value", "yes") } else { "" })
        }),
        ListColumn::new(view.in_units(heading("revenue_last_year")), Look::Money, |line: &&&Line<'_>| {
            Shown::Value(view.revenue(line))
        }),
        ListColumn::new(heading("evidence"), Look::Word, |line: &&&Line<'_>| {
            Shown::Value(columns::evidence(view, line.at_risk))
        }),
        ListColumn::new(heading("account_managers"), Look::Indented, |line: &&&Line<'_>| {
            Shown::text(if line.managers.is_empty() {
                words.get("org", "nobody").to_owned()
            } else {
                view.managers(line)
            })
        }),
        ListColumn::new(heading("departments"), Look::Wrapped, |line: &&&Line<'_>| Shown::text(view.departments(line))),
        ListColumn::new(heading("next_step"), Look::Wrapped, |line: &&&Line<'_>| {
            Shown::text(columns::next_step(view, line))
        }),
        ListColumn::new(heading("why"), Look::Wrapped, |line: &&&Line<'_>| Shown::text(columns::why(view, line))),
        ListColumn::new(heading("known"), Look::Word, |line: &&&Line<'_>| Shown::text(columns::known(view, line))),
        ListColumn::new(heading("best_case"), Look::Score, |line: &&&Line<'_>| Shown::number(line.assessed.rated.best)),
        ListColumn::new(heading("lowest_score"), Look::Score, |line: &&&Line<'_>| {
            Shown::maybe(line.lowest.and_then(|lowest| portfolio.accounts[lowest].rated.score))
        }),
        ListColumn::new(heading("lowest_department"), Look::Text, |line: &&&Line<'_>| {
            let several = line.departments.len() > 1;
            let lowest = line.lowest.filter(|_| several);
            Shown::text(lowest.map(|lowest| view.department(portfolio.accounts[lowest].department)).unwrap_or_default())
        }),
    ];
    if let Some((first, last)) = page.list(0, &list, lines.iter().take(MAX))? {
        status_colours(page.sheet, first, STATUS, last, STATUS, words)?;
    }
    if lines.len() > MAX {
        let more = words.fill("at_risk", "more", &[("count", &amount_text((lines.len() - MAX) as f64))]);
        page.sentence(0, &more, Look::Subtitle)?;
    }
    Ok(())
}
