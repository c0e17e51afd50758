//! Key accounts: the smallest set of clients that brings most of the revenue, in each currency, with its curve.

use super::super::formula::quoted;
use super::super::glance::status_colours;
use super::super::page::{ListColumn, Page, Shown};
use super::super::sheet::{Content, heading_width};
use super::super::style::{self, Look, Styles};
use super::{CLIENTS, View, amount_text, charts, columns, percent_text};
use crate::book::column_letters;
use crate::field::Status;
use crate::portfolio::{Standing, Unit};
use crate::roster::Line;
use rust_xlsxwriter::{ConditionalFormatFormula, Worksheet, XlsxError};

/// Listed are the clients up to this share, or up to the configured one where that is more.
const LISTED: f64 = 0.95;
/// Lines of one list; the sheet Clients has the rest.
const MAX: usize = 2_000;
const WIDTHS: [f64; 12] = [7.0, 32.0, 14.0, 11.0, 12.0, 11.0, 8.0, 11.0, 14.0, 25.0, 22.0, 44.0];
const RANK: u16 = 0;
const REVENUE: u16 = 2;
const CUMULATIVE: u16 = 4;
const KEY: u16 = 5;
const STATUS: u16 = 7;

/// A client in the ranking of one currency.
struct Ranked<'s> {
    line: &'s Line<'s>,
    amount: f64,
    standing: Standing,
}

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("key_accounts", id);
    let basis = view.source.config.portfolio.basis;
    let mut widths = WIDTHS;
    let key = usize::from(KEY);
    widths[key] = f64::max(widths[key], heading_width(view.heading("key_account")));
    let mut page = Page::new(sheet, styles, &widths)?;
    let by = words.inside(words.get("column", basis.id()));
    page.title(0, word("title"), &words.fill("key_accounts", "subtitle", &[("month", &view.month()), ("basis", &by)]))?;
    let mut any = false;
    for &unit in &view.units {
        let ranked = ranked(view, unit);
        if ranked.is_empty() {
            continue;
        }
        any = true;
        block(view, &mut page, unit, &ranked)?;
        page.row += 1;
    }
    if !any {
        page.sentence(0, word("none"), Look::Subtitle)?;
        page.row += 1;
    }
    new(view, &mut page)
}

/// The clients with revenue in a currency, the largest first.
fn ranked<'s>(view: &View<'s>, unit: Unit) -> Vec<Ranked<'s>> {
    let basis = view.source.config.portfolio.basis;
    let clients = view.source.portfolio.clients.iter().zip(view.source.clients);
    let mut ranked: Vec<_> = clients
        .filter_map(|(client, line)| {
            let (_, standing) = client.standings.iter().find(|(own, _)| *own == unit)?;
            let amount = line.merged.amounts(basis).get(unit).unwrap_or(0.0);
            Some(Ranked { line, amount, standing: *standing })
        })
        .collect();
    ranked.sort_by_key(|one| one.standing.rank);
    ranked
}

fn block(view: &View<'_>, page: &mut Page<'_>, unit: Unit, ranked: &[Ranked<'_>]) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("key_accounts", id);
    let several = view.units.len() > 1;
    if several {
        page.section(0, &view.unit_name(unit))?;
    }
    // clients stand in one ranking only, unless there are several currencies: then their column follows one of them
    let live = view.live && !several;
    let keys: Vec<_> = ranked.iter().filter(|one| one.standing.key).collect();
    let column = |id: &str| view.column(CLIENTS, id);
    let formula = |of: &dyn Fn() -> String| live.then(of);
    let yes = view.yes();
    let count = Shown::live(
        formula(&|| format!("COUNTIFS({},{yes})", column("key_account"))),
        Content::Number(keys.len() as f64),
    );
    let clients =
        words.fill("key_accounts", "count_note", &[("clients", &amount_text(view.words, ranked.len() as f64))]);
    let brought = Shown::live(
        formula(&|| format!("SUMIFS({},{},{yes})", column("share"), column("key_account"))),
        Content::Number(keys.iter().map(|one| one.standing.share).sum()),
    );
    let total: f64 = ranked.iter().map(|one| one.amount).sum();
    let total = match unit {
        Some(unit) => format!("{} {}", amount_text(view.words, total), unit.code()),
        None => amount_text(view.words, total),
    };
    let total = words.fill("key_accounts", "share_note", &[("total", &total)]);
    let at_risk: Vec<_> = keys.iter().filter(|one| one.line.shown == Status::AtRisk).collect();
    let last_year: f64 = at_risk.iter().filter_map(|one| one.line.revenue().get(unit)).sum();
    let risk = Shown::live(
        formula(&|| format!("SUMIFS({},{},{yes})", column("revenue_at_risk"), column("key_account"))),
        Content::Number(last_year),
    );
    let values = [("count", at_risk.len().to_string()), ("all", keys.len().to_string())];
    let values = values.each_ref().map(|(hole, value)| (*hole, value.as_str()));
    let risk_note = Shown::live(
        formula(&|| {
            let risky = quoted(words.get("value", Status::AtRisk.id()));
            let key = format!("{},{yes}", column("key_account"));
            super::super::formula::sentence(word("at_risk_note"), &|hole| match hole {
                "count" => format!("COUNTIFS({key},{},{risky})", column("status")),
                _ => format!("COUNTIFS({key})"),
            })
        }),
        Content::Text(words.fill("key_accounts", "at_risk_note", &values)),
    );
    let largest = &ranked[0];
    let largest_note = words.fill("key_accounts", "concentration_note", &[("client", largest.line.name)]);
    page.card((0, 1), &view.marked(word("count")), (&count, Look::Figure0), &Shown::text(clients))?;
    page.card((2, 4), &view.marked(word("share")), (&brought, Look::FigurePercent), &Shown::text(total))?;
    page.card((5, 7), &view.marked(&view.in_unit(word("at_risk"), unit)), (&risk, Look::FigureAtRisk), &risk_note)?;
    let share = Shown::number(largest.standing.share);
    page.card((8, 10), word("concentration"), (&share, Look::FigurePercent), &Shown::text(largest_note))?;
    page.row += 4;
    let chart_row = page.row;
    page.row += 16;

    let limit = LISTED.max(view.source.config.portfolio.key_share);
    let within = |one: &&Ranked<'_>| one.standing.key || one.standing.cumulative - one.standing.share < limit;
    let listed: Vec<_> = ranked.iter().take(MAX).take_while(within).collect();
    let columns = list(view, unit, live);
    let Some((first, last)) = page.list(0, &columns, listed.iter())? else { return Ok(()) };
    status_colours(page.sheet, first, STATUS, last, STATUS, words)?;
    // those beyond the limit step back
    let rule = format!("=${}{}<>{yes}", column_letters(KEY), first + 1);
    let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(style::stepped_back());
    page.sheet.add_conditional_format(first, 0, last, CUMULATIVE, &rule)?;
    if listed.len() < ranked.len() {
        let share = percent_text(listed.last().map_or(0.0, |one| one.standing.cumulative));
        page.sentence(0, &words.fill("key_accounts", "listed", &[("share", &share)]), Look::Subtitle)?;
    }
    let title = match unit {
        Some(unit) => words.fill("key_accounts", "chart_in", &[("unit", unit.code())]),
        None => word("chart").to_owned(),
    };
    let name = page.sheet.name();
    let basis = words.get("column", view.source.config.portfolio.basis.id());
    let chart = charts::pareto(
        &title,
        (RANK, word("axis_rank")),
        (REVENUE, &view.in_unit(basis, unit)),
        (CUMULATIVE, word("axis_share")),
        charts::Place { sheet: &name, first, last },
    );
    page.sheet.insert_chart(chart_row, 0, &chart)?;
    Ok(())
}

fn list<'v>(view: &'v View<'_>, unit: Unit, live: bool) -> Vec<ListColumn<'v, &'v &'v Ranked<'v>>> {
    let words = view.words;
    let basis = words.get("column", view.source.config.portfolio.basis.id());
    let heading = |id: &str| view.heading(id);
    vec![
        ListColumn::new(heading("rank"), Look::Count, |one: &&&Ranked<'_>| Shown::count(one.standing.rank)),
        ListColumn::new(heading("client"), Look::Name, |one: &&&Ranked<'_>| Shown::text(one.line.name)),
        ListColumn::new(view.in_unit(basis, unit), Look::Money, |one: &&&Ranked<'_>| Shown::number(one.amount)),
        ListColumn::new(heading("share"), Look::Share, |one: &&&Ranked<'_>| Shown::number(one.standing.share)),
        ListColumn::new(heading("cumulative"), Look::Share, |one: &&&Ranked<'_>| {
            Shown::number(one.standing.cumulative)
        }),
        ListColumn::at(heading("key_account"), Look::Word, move |one: &&&Ranked<'_>, _| {
            let value =
                Content::Text(if one.standing.key { words.get("value", "yes").to_owned() } else { String::new() });
            let formula =
                live.then(|| format!("INDEX({},{})", view.column(CLIENTS, "key_account"), one.line.client + 1));
            Shown::live(formula, value)
        }),
        ListColumn::new(heading("score"), Look::Total, |one: &&&Ranked<'_>| {
            Shown::maybe(one.line.assessed.rated.score)
        }),
        ListColumn::new(heading("status"), Look::Word, move |one: &&&Ranked<'_>| {
            Shown::text(words.get("value", one.line.shown.id()))
        }),
        ListColumn::new(heading("evidence"), Look::Word, |one: &&&Ranked<'_>| {
            Shown::Value(columns::evidence(view, one.line.at_risk))
        }),
        ListColumn::new(heading("account_managers"), Look::Indented, |one: &&&Ranked<'_>| {
            Shown::text(view.managers(one.line))
        }),
        ListColumn::new(heading("departments"), Look::Wrapped, |one: &&&Ranked<'_>| {
            Shown::text(view.departments(one.line))
        }),
        ListColumn::new(heading("next_step"), Look::Wrapped, |one: &&&Ranked<'_>| {
            Shown::text(columns::next_step(view, one.line))
        }),
    ]
}

/// The new clients with the ranks that they would have.
fn new(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("key_accounts", id);
    let portfolio = view.source.portfolio;
    let rows: Vec<_> = portfolio
        .clients
        .iter()
        .zip(view.source.clients)
        .filter_map(|(client, line)| client.new.as_ref().map(|new| (new, line)))
        .flat_map(|(new, line)| new.amounts.iter().map(move |(unit, amount)| (new, line, unit, amount)))
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    page.section(0, word("new"))?;
    page.sentence(0, word("new_subtitle"), Look::Subtitle)?;
    type New<'s> = (&'s crate::portfolio::New, &'s Line<'s>, Unit, f64);
    let columns = [
        ListColumn::new(word("would_rank"), Look::Count, |(new, _, unit, _): &New<'_>| {
            let rank = new.ranks.iter().find(|(own, _)| own == unit);
            Shown::maybe(rank.map(|&(_, rank)| rank as f64))
        }),
        ListColumn::new(view.heading("client"), Look::Name, |(_, line, ..): &New<'_>| Shown::text(line.name)),
        ListColumn::new(view.in_units(word("brings")), Look::Money, |(.., amount): &New<'_>| Shown::number(*amount)),
        ListColumn::new(view.heading("currency"), Look::Word, |(_, _, unit, _): &New<'_>| {
            Shown::text(unit.map(|unit| unit.code().to_owned()).unwrap_or_default())
        }),
        ListColumn::new(word("brings_by"), Look::Text, |(new, ..): &New<'_>| {
            Shown::text(words.get("column", new.field.id()))
        }),
        ListColumn::new("", Look::Text, |_: &New<'_>| Shown::text("")),
        ListColumn::new(view.heading("score"), Look::Total, |(_, line, ..): &New<'_>| {
            Shown::maybe(line.assessed.rated.score)
        }),
        ListColumn::new(view.heading("status"), Look::Word, |(_, line, ..): &New<'_>| {
            Shown::text(words.get("value", line.shown.id()))
        }),
    ];
    if let Some((first, last)) = page.list(0, &columns, rows.into_iter())? {
        status_colours(page.sheet, first, STATUS, last, STATUS, words)?;
    }
    Ok(())
}
