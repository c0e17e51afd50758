//! Movers: whose score fell and rose, who came and went, and why.

use super::super::glance::status_colours;
use super::super::page::{ListColumn, Page, Shown};
use super::super::progress::{month_name, moved_by, signed};
use super::super::sheet::{Content, heading_width};
use super::super::style::{Look, Styles};
use super::past::silence;
use super::{View, amount_text};
use crate::history::{Comparison, Movement, Mover, Origin};
use crate::period::Month;
use crate::portfolio::Amounts;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Lines of one movement; the departments' workbooks name them all.
const MAX: usize = 5_000;
const WIDTHS: [f64; 10] = [32.0, 19.0, 22.0, 12.0, 12.0, 9.0, 11.0, 14.0, 62.0, 16.0];
const CHANGE: usize = 5;
const STATUS: u16 = 6;

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("movers", id);
    let mut widths = WIDTHS;
    widths[CHANGE] = f64::max(widths[CHANGE], heading_width(word("change")));
    let mut page = Page::new(sheet, styles, &widths)?;
    let Some((past, before)) = view.past().map(|past| (past, past.previous)) else {
        page.title(0, word("title"), &view.month())?;
        return page.sentence(0, &silence(view).unwrap_or_default(), Look::Subtitle);
    };
    let names = [("month", view.month()), ("before", month_name(words, before))];
    let names = names.each_ref().map(|(hole, name)| (*hole, name.as_str()));
    page.title(0, word("title"), &words.fill("movers", "subtitle", &names))?;
    let alerts = alerts(view, past);
    for alert in &alerts {
        page.sentence(0, alert, Look::Alert)?;
    }
    page.row += u32::from(!alerts.is_empty());
    cards(view, &mut page, past)?;
    page.row += 4;
    let movers = &past.changes.movers;
    if movers.is_empty() {
        return page.sentence(0, word("nothing"), Look::Subtitle);
    }
    for movement in Movement::ALL {
        let rows: Vec<&Mover> = movers.iter().filter(|row| row.movement == movement).collect();
        if rows.is_empty() {
            continue;
        }
        let count = amount_text(view.words, rows.len() as f64);
        let values = [("label", word(movement.id())), ("count", count.as_str())];
        page.section(0, &words.fill("movers", "count", &values))?;
        let columns = columns(view, past, &rows);
        if let Some((first, last)) = page.list(0, &columns, rows.iter().take(MAX))? {
            status_colours(page.sheet, first, STATUS, last, STATUS, words)?;
        }
        if rows.len() > MAX {
            let more = words.fill("movers", "more", &[("count", &amount_text(view.words, (rows.len() - MAX) as f64))]);
            page.sentence(0, &more, Look::Subtitle)?;
        }
        page.row += 1;
    }
    Ok(())
}

/// What a reader has to know before any of the lines.
fn alerts(view: &View<'_>, past: &Comparison) -> Vec<String> {
    let words = view.words;
    let mut alerts = Vec::new();
    if let Some(month) = past.changes.scorecard_changed {
        alerts.push(words.fill("movers", "scorecard_changed", &[("month", &month_name(words, month))]));
    }
    for own in &past.changes.incomplete {
        let (missing, clients) = (own.missing.to_string(), own.clients.to_string());
        let month = month_name(words, own.before);
        let values = [("department", own.department.as_str()), ("missing", &missing), ("clients", &clients)];
        alerts.push(words.fill("movers", "incomplete", &[&values[..], &[("month", month.as_str())]].concat()));
    }
    alerts
}

fn cards(view: &View<'_>, page: &mut Page<'_>, past: &Comparison) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("movers", id);
    let of = |movement: Movement| past.changes.movers.iter().filter(move |row| row.movement == movement);
    let count = |movement: Movement| of(movement).count();
    let points = |movement: Movement| {
        let sum: f64 = of(movement).filter_map(|row| row.change).sum();
        let note = words.fill("movers", "note_change", &[("points", &signed(words, sum))]);
        Shown::text(if sum == 0.0 { String::new() } else { note })
    };
    let figure = |count: usize| (Shown::count(count), Look::Figure0);
    let (down, look) = figure(count(Movement::Down));
    page.card((0, 0), word("card_down"), (&down, look), &points(Movement::Down))?;
    let (up, look) = figure(count(Movement::Up));
    page.card((1, 2), word("card_up"), (&up, look), &points(Movement::Up))?;
    let (lost, look) = figure(count(Movement::Lost));
    let mut revenue = Amounts::default();
    of(Movement::Lost).for_each(|row| revenue.add_all(&row.revenue));
    let open = count(Movement::MaybeLost) + count(Movement::MaybeRenamed);
    let mut notes = Vec::new();
    if revenue.iter().len() > 0 {
        notes.push(words.fill("movers", "note_lost", &[("revenue", &in_words(view, &revenue))]));
    }
    if open > 0 {
        notes.push(words.fill("movers", "note_maybe", &[("count", &open.to_string())]));
    }
    page.card((3, 7), word("card_lost"), (&lost, look), &Shown::text(notes.join(" · ")))?;
    let (new, returned) = (count(Movement::New), count(Movement::Returned));
    let (both, look) = figure(new + returned);
    let values = [("new", new.to_string()), ("returned", returned.to_string())];
    let values = values.each_ref().map(|(hole, value)| (*hole, value.as_str()));
    page.card((8, 8), word("card_new"), (&both, look), &Shown::text(words.fill("movers", "note_new", &values)))
}

/// Amounts inside a sentence.
pub(super) fn in_words(view: &View<'_>, amounts: &Amounts) -> String {
    match view.amounts(amounts) {
        Content::Number(amount) => match view.units.as_slice() {
            [Some(unit)] => format!("{} {}", amount_text(view.words, amount), unit.code()),
            _ => amount_text(view.words, amount),
        },
        Content::Text(text) => text,
        _ => amount_text(view.words, 0.0),
    }
}

fn columns<'v, 's>(view: &'v View<'s>, past: &'v Comparison, rows: &[&'v Mover]) -> Vec<ListColumn<'v, &'v &'v Mover>> {
    let words = view.words;
    let word = |id: &str| words.get("movers", id);
    let one = |month: Month| rows.iter().all(|row| row.before == month);
    let then = match rows.first() {
        Some(row) if one(row.before) => {
            words.fill("movers", "score_then", &[("month", &month_name(words, row.before))])
        }
        _ => word("score_before").to_owned(),
    };
    let now = words.fill("movers", "score_now", &[("month", &view.month())]);
    let status = move |row: &&&Mover| {
        let account = row.account.and_then(|place| view.source.portfolio.accounts.get(place));
        Shown::text(account.map_or("", |account| words.get("value", account.shown.id())))
    };
    vec![
        ListColumn::new(word("client"), Look::Name, |row: &&&Mover| Shown::text(row.client.as_str())),
        ListColumn::new(word("department"), Look::Wrapped, |row: &&&Mover| Shown::text(row.department.as_str())),
        ListColumn::new(word("manager"), Look::Wrapped, move |row: &&&Mover| {
            Shown::text(row.manager.as_deref().unwrap_or(words.get("org", "nobody")))
        }),
        ListColumn::new(then, Look::Score, |row: &&&Mover| Shown::maybe(row.previous_score)),
        ListColumn::new(now, Look::Total, |row: &&&Mover| Shown::maybe(row.score)),
        ListColumn::new(word("change"), Look::Change, |row: &&&Mover| Shown::maybe(row.change)),
        ListColumn::new(word("status"), Look::Word, status),
        ListColumn::new(view.in_units(word("revenue")), Look::Money, |row: &&&Mover| {
            Shown::Value(view.amounts(&row.revenue))
        }),
        ListColumn::new(word("why"), Look::Indented, |row: &&&Mover| Shown::text(why(view, past, row))),
        ListColumn::new(word("before"), Look::Word, move |row: &&&Mover| Shown::text(month_name(words, row.before))),
    ]
}

/// What happened, in one sentence.
fn why(view: &View<'_>, past: &Comparison, row: &Mover) -> String {
    let words = view.words;
    let word = |id: &str| words.get("movers", id).to_owned();
    let month = month_name(words, row.before);
    let from = row.from.as_deref().unwrap_or_default();
    match row.movement {
        Movement::Down | Movement::Up => {
            let parts = moved_by(words, &row.moved, view.source.config);
            match row.split.filter(|split| split.scorecard != 0.0) {
                Some(split) => {
                    let (client, card) = (signed(words, split.client), signed(words, split.scorecard));
                    let head = words.fill("movers", "split", &[("client", &client), ("scorecard", &card)]);
                    if parts.is_empty() { head } else { format!("{head}: {parts}") }
                }
                None => parts,
            }
        }
        Movement::Lost | Movement::MaybeLost if row.let_go => word("let_go"),
        Movement::Lost | Movement::MaybeLost if row.stage.is_some() => word("former"),
        Movement::Lost | Movement::MaybeLost => word("gone"),
        Movement::MaybeRenamed => words.fill("movers", "renamed_from", &[("name", from)]),
        Movement::Moved => words.fill("movers", "moved_from", &[("department", from)]),
        Movement::Returned => words.fill("movers", "returned_since", &[("month", &month)]),
        Movement::New => match row.account.and_then(|place| past.changes.accounts.get(place)).map(|own| &own.origin) {
            Some(Origin::New(elsewhere)) if !elsewhere.is_empty() => {
                let departments = view.named(elsewhere.iter().map(String::as_str));
                words.fill("movers", "new_elsewhere", &[("departments", &departments)])
            }
            _ => word("new_here"),
        },
        Movement::NotDelivered => words.fill("movers", "silent", &[("month", &month)]),
    }
}
