//! Overrides: a person's judgements over computed statuses, those that hold and those that have ended or are incomplete.

use super::super::glance::status_colours;
use super::super::page::{ListColumn, Page, Shown};
use super::super::style::{Look, Styles};
use super::{View, amount_text};
use crate::overrides::{Override, State};
use crate::period::day_of;
use crate::roster::Line;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Lines of one list; the departments' workbooks hold them all.
const MAX: usize = 1_000;
const WIDTHS: [f64; 9] = [32.0, 19.0, 13.0, 13.0, 8.0, 50.0, 15.0, 20.0, 14.0];
const STATUS: u16 = 2;
const COMPUTED: u16 = 3;

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overrides", id);
    let mut page = Page::new(sheet, styles, &WIDTHS)?;
    page.title(0, word("title"), &words.fill("overrides", "subtitle", &[("month", &view.month())]))?;
    for live in [true, false] {
        let of_kind = |one: &&Override<'_>| (one.state == State::Live) == live;
        let all: Vec<_> = view.source.overrides.iter().filter(of_kind).collect();
        let count = amount_text(view.words, all.len() as f64);
        page.section(0, &words.fill("overrides", if live { "hold" } else { "over" }, &[("count", &count)]))?;
        if all.is_empty() {
            page.sentence(0, word("none"), Look::Subtitle)?;
        } else {
            list(view, &mut page, &all)?;
        }
        page.row += 1;
    }
    Ok(())
}

fn list(view: &View<'_>, page: &mut Page<'_>, all: &[&Override<'_>]) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overrides", id);
    let account = |one: &Override<'_>| -> Option<&Line<'_>> {
        view.source.accounts.get(view.source.portfolio.rows.get(one.row)?.account?)
    };
    let text = |text: Option<&str>| Shown::text(text.unwrap_or_default());
    let columns = [
        ListColumn::new(view.heading("client"), Look::Name, |one: &&&Override<'_>| Shown::text(one.client)),
        ListColumn::new(view.heading("department"), Look::Wrapped, |one: &&&Override<'_>| Shown::text(one.department)),
        ListColumn::new(view.heading("override_status"), Look::Word, |one: &&&Override<'_>| {
            text(one.status.map(|status| words.get("value", status.id())))
        }),
        ListColumn::new(view.heading("computed_status"), Look::Word, |one: &&&Override<'_>| {
            text(account(one).map(|line| words.get("value", line.assessed.rated.computed.id())))
        }),
        ListColumn::new(view.heading("score"), Look::Total, |one: &&&Override<'_>| {
            Shown::maybe(account(one).and_then(|line| line.assessed.rated.score))
        }),
        ListColumn::new(view.heading("override_reason"), Look::Wrapped, |one: &&&Override<'_>| text(one.reason)),
        ListColumn::new(view.heading("override_until"), Look::Word, |one: &&&Override<'_>| {
            text(one.until.and_then(day_of).map(|day| day.to_string()).as_deref())
        }),
        ListColumn::new(view.heading("override_by"), Look::Wrapped, |one: &&&Override<'_>| text(one.by)),
        ListColumn::new(word("state"), Look::Word, |one: &&&Override<'_>| Shown::text(word(one.state.id()))),
    ];
    if let Some((first, last)) = page.list(0, &columns, all.iter().take(MAX))? {
        for col in [STATUS, COMPUTED] {
            status_colours(page.sheet, first, col, last, col, words)?;
        }
    }
    if all.len() > MAX {
        let more = words.fill("overrides", "more", &[("count", &amount_text(view.words, (all.len() - MAX) as f64))]);
        page.sentence(0, &more, Look::Subtitle)?;
    }
    Ok(())
}
