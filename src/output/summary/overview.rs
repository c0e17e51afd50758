//! Overview: what is worst, where to look first, the departments side by side, and how rows became clients.

use super::super::formula;
use super::super::glance::status_colours;
use super::super::page::{ListColumn, Page, Shown};
use super::super::progress::month_name;
use super::super::sheet::{Content, heading_width};
use super::super::style::{Look, Styles};
use super::at_risk::worries;
use super::{CLIENTS, View, actions, amount_text, charts, columns, groups, percent_text, trend};
use crate::field::Status;
use crate::history::NotDelivered;
use crate::portfolio::{Money, Totals, Unit};
use crate::report::FileStatus;
use crate::roster::Line;
use crate::value::number_text;
use rust_xlsxwriter::{Worksheet, XlsxError};

mod reconciliation;

/// Clients named under "look here first".
const TOP: usize = 10;
/// Departments listed here.
const DEPARTMENTS: usize = 15;
/// Column of the word that says whether a client is a key account.
const KEY: usize = 4;
/// Rows that a printed page holds.
const ONE_PAGE: u32 = 54;
/// Files named in a sentence.
const NAMED: usize = 5;
/// Margin, names, ten columns of figures, the rest of the next step.
const WIDTHS: [f64; 13] = [2.0, 32.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0, 11.0, 13.0, 13.0, 13.0, 62.0];

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overview", id);
    let steps = &view.source.portfolio.reconciliation;
    let reconciled = words.fill(
        "overview",
        "reconciled",
        &[
            ("accounts", &amount_text(view.words, steps.accounts as f64)),
            ("clients", &amount_text(view.words, steps.clients as f64)),
            ("several", &amount_text(view.words, steps.in_several_departments as f64)),
        ],
    );
    let mut widths = WIDTHS;
    widths[KEY] = f64::max(widths[KEY], heading_width(view.heading("key_account")));
    let mut page = Page::new(sheet, styles, &widths)?;
    let width: f64 = widths.iter().map(|width| width * 7.0 + 5.0).sum();
    page.sheet.set_print_scale((960.0 / width * 100.0).floor() as u16);
    let subtitle = words.fill("overview", "subtitle", &[("month", &view.month()), ("reconciled", &reconciled)]);
    page.title(1, word("title"), &subtitle)?;
    let alerts = alerts(view);
    for alert in &alerts {
        page.sentence(1, alert, Look::Alert)?;
    }
    page.row += u32::from(!alerts.is_empty());
    cards(view, &mut page)?;
    page.row += 4;
    first(view, &mut page)?;
    page.row += 1;
    draw(view, &mut page)?;
    departments(view, &mut page)?;
    page.row += 1;
    key_and_others(view, &mut page)?;
    page.row += 1;
    reconciliation::money(view, &mut page)?;
    page.row += 1;
    reconciliation::steps(view, &mut page)
}

/// What a reader has to know before any figure.
fn alerts(view: &View<'_>) -> Vec<String> {
    let words = view.words;
    let mut alerts = Vec::new();
    alerts.extend(not_delivered(view));
    let files = &view.source.report.files;
    let out: Vec<&str> =
        files.iter().filter(|file| file.status >= FileStatus::NeedsReview).map(|file| file.source.as_str()).collect();
    if !out.is_empty() {
        let mut names = out[..out.len().min(NAMED)].join(", ");
        if out.len() > NAMED {
            let more = (out.len() - NAMED).to_string();
            names = words.fill("org", "more_names", &[("names", &names), ("count", &more)]);
        }
        let (count, all) = (out.len().to_string(), files.len().to_string());
        alerts.push(words.fill("overview", "left_out", &[("count", &count), ("all", &all), ("names", &names)]));
    }
    let money = &view.source.portfolio.organisation.all.money;
    if money.iter().any(|money| money.at_risk.mostly_want_of_data()) {
        alerts.push(words.get("overview", "want_of_data").to_owned());
    }
    if view.units.len() > 1 {
        let units: Vec<_> = view.units.iter().map(|&unit| view.unit_name(unit)).collect();
        alerts.push(words.fill("overview", "currencies", &[("units", &units.join(", "))]));
    }
    let clients = view.source.clients.len();
    if clients > super::MAX_ROWS {
        let (listed, count) =
            (amount_text(view.words, super::MAX_ROWS as f64), amount_text(view.words, clients as f64));
        alerts.push(words.fill("overview", "cut", &[("listed", &listed), ("count", &count)]));
    }
    let accounts = view.source.accounts.len();
    if accounts > super::MAX_ROWS {
        let count = amount_text(words, accounts as f64);
        alerts.push(words.fill("overview", "cut_accounts", &[("count", &count)]));
    }
    alerts
}

/// The departments that handed nothing usable in.
fn not_delivered(view: &View<'_>) -> Option<String> {
    let words = view.words;
    let all = &view.past()?.changes.not_delivered;
    let name = |own: &NotDelivered| {
        let (month, clients) = (month_name(words, own.last), own.clients.to_string());
        let values = [("department", own.department.as_str()), ("month", &month), ("clients", &clients)];
        words.fill("overview", "not_delivered_one", &values)
    };
    let names: Vec<_> = all.iter().map(name).collect();
    let names = view.named(names.iter().map(String::as_str));
    (!all.is_empty()).then(|| words.fill("overview", "not_delivered", &[("names", &names)]))
}

/// Clients whose column says a word, as an expression.
fn counted(view: &View<'_>, id: &str, word: &str) -> String {
    format!("COUNTIFS({},{})", view.column(CLIENTS, id), formula::quoted(view.words.get("value", word)))
}

fn cards(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overview", id);
    let totals = &view.source.portfolio.organisation.all;
    let (scored, not_scored) =
        (amount_text(view.words, totals.scored as f64), amount_text(view.words, totals.not_scored() as f64));
    let (average, note) = match totals.maximum {
        Some(maximum) => {
            let maximum = number_text(maximum);
            let values = [("maximum", maximum.as_str()), ("scored", &scored), ("not_scored", &not_scored)];
            ((Shown::maybe(totals.average_score()), Look::Figure), words.fill("overview", "of", &values))
        }
        None => {
            let values = [("scored", scored.as_str()), ("not_scored", &not_scored)];
            ((Shown::maybe(totals.average), Look::FigurePercent), words.fill("overview", "of_parts", &values))
        }
    };
    page.card((1, 1), &view.marked(word("average")), (&average.0, average.1), &Shown::text(note))?;

    let met = counted(view, "kpi_met", "yes");
    let all = format!("({met}+{})", counted(view, "kpi_met", "no"));
    let share =
        Shown::live(view.formula(|| format!("IF({all}>0,{met}/{all},\"\")")), Content::number(totals.kpi_attainment()));
    let met_text = totals.kpi_met.to_string();
    let note = match view.cards.as_slice() {
        [card] => {
            let kpi = number_text(card.kpi);
            let text = words.fill("overview", "kpi_note", &[("met", &met_text), ("scored", &scored), ("kpi", &kpi)]);
            let formula = view.formula(|| {
                formula::sentence(word("kpi_note"), &|hole| match hole {
                    "met" => met.clone(),
                    "scored" => all.clone(),
                    _ => "kt_kpi".to_owned(),
                })
            });
            Shown::live(formula, Content::Text(text))
        }
        _ => Shown::text(words.fill("overview", "kpi_note_cards", &[("met", &met_text), ("scored", &scored)])),
    };
    page.card((2, 4), &view.marked(word("kpi")), (&share, Look::FigurePercent), &note)?;

    let at_risk = amount_text(view.words, totals.distribution[Status::AtRisk as usize] as f64);
    let idle = view.source.clients.iter().filter(|line| actions::is_neglected(view, line)).count();
    let idle = amount_text(view.words, idle as f64);
    let note = words.fill("overview", "worry_note", &[("at_risk", &at_risk), ("idle", &idle)]);
    page.card((5, 7), &view.marked(word("worry")), (&Shown::count(totals.worry), Look::Figure0), &Shown::text(note))?;

    let unit = view.units.first().copied().flatten();
    let money = of_unit(totals, unit);
    let (evident, want, share) = (
        amount_text(view.words, money.map_or(0.0, |money| money.at_risk.evident)),
        amount_text(view.words, money.map_or(0.0, |money| money.at_risk.want_of_data)),
        percent_text(money.and_then(Money::at_risk_share).unwrap_or(0.0)),
    );
    let note = words.fill("overview", "risk_note", &[("evident", &evident), ("want", &want), ("share", &share)]);
    let sum = Shown::number(money.map_or(0.0, |money| money.at_risk.sum()));
    let label = view.marked(&view.in_unit(word("at_risk"), unit));
    page.card((8, 11), &label, (&sum, Look::FigureAtRisk), &Shown::text(note))
}

fn of_unit(totals: &Totals, unit: Unit) -> Option<&Money> {
    totals.money.iter().find(|money| money.unit == unit)
}

/// The worries with the most revenue behind them.
fn first(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    page.section(1, words.get("overview", "first"))?;
    let all = worries(view);
    if all.is_empty() {
        return page.sentence(1, words.get("overview", "no_worry"), Look::Subtitle);
    }
    let text = |text: &str| Content::Text(text.to_owned());
    let revenue = view.in_units(view.heading("revenue_last_year"));
    page.spanned(&[
        (1, 1, Look::HeadingList, text(view.heading("client"))),
        (2, 2, Look::HeadingListCentred, text(view.heading("status"))),
        (3, 3, Look::HeadingListCentred, text(view.heading("score"))),
        (4, 4, Look::HeadingListCentred, text(view.heading("key_account"))),
        (5, 6, Look::HeadingListRight, text(&revenue)),
        (7, 8, Look::HeadingListIndented, text(view.heading("account_managers"))),
        (9, 10, Look::HeadingList, text(view.heading("departments"))),
        (11, 12, Look::HeadingList, text(view.heading("next_step"))),
    ])?;
    let top = page.row;
    for line in all.iter().take(TOP) {
        page.spanned(&[
            (1, 1, Look::Name, text(line.name)),
            (2, 2, Look::Word, text(words.get("value", line.shown.id()))),
            (3, 3, Look::Total, Content::number(line.assessed.rated.score)),
            (4, 4, Look::Word, text(if line.key { words.get("value", "yes") } else { "" })),
            (5, 6, Look::Money, view.revenue(line)),
            (7, 8, Look::Indented, Content::Text(managers(view, line))),
            (9, 10, Look::Wrapped, Content::Text(view.departments(line))),
            (11, 12, Look::Wrapped, Content::Text(columns::next_step(view, line))),
        ])?;
    }
    status_colours(page.sheet, top, 2, page.row - 1, 2, words)?;
    if all.len() > TOP {
        let more =
            words.fill("overview", "more_worries", &[("count", &amount_text(view.words, (all.len() - TOP) as f64))]);
        page.sentence(1, &more, Look::Subtitle)?;
    }
    Ok(())
}

/// As many managers as a line holds.
fn managers(view: &View<'_>, line: &Line<'_>) -> String {
    if line.managers.is_empty() { view.words.get("org", "nobody").to_owned() } else { view.managers(line) }
}

/// Side by side, two in a row; on a page of their own where they do not fit below the clients, which is the answer.
fn draw(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let departments = groups::department_rows(view).len();
    // heights are those that charts of so many bars have; the one of the months is as high as that of the fewest
    let height = charts::bars_height(departments);
    let mut charts = groups::department_charts(view, departments);
    charts.extend(trend::chart(view).map(|mut chart| chart.set_height(height.min(280)).clone()));
    let mut charts = charts.into_iter();
    let rows = height / 20 + 2;
    let end = page.row + rows * charts.len().div_ceil(2) as u32;
    let breaks = if departments > 6 || end > ONE_PAGE { vec![page.row, end] } else { vec![end] };
    page.sheet.set_page_breaks(&breaks)?;
    while let Some(left) = charts.next() {
        page.sheet.insert_chart(page.row, 1, &left)?;
        if let Some(right) = charts.next() {
            page.sheet.insert_chart_with_offset(page.row, 7, &right, 30, 0)?;
        }
        page.row += rows;
    }
    Ok(())
}

/// A line of a list of totals.
struct Totalled<'s> {
    name: String,
    totals: &'s Totals,
    of: Of,
}

/// Whose totals they are: what their formulas count.
#[derive(Clone, Copy)]
enum Of {
    /// A department's or all accounts', by place on the sheet Departments.
    Accounts(usize),
    /// All clients'.
    Clients,
    /// Those of clients that are key accounts, or of the others.
    Key(bool),
}

fn departments(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    page.section(1, words.get("overview", "departments"))?;
    let columns = totals_columns(view, words.get("overview", "name"), words.get("overview", "accounts"));
    let rows = groups::department_rows(view);
    let listed = rows.iter().enumerate().take(DEPARTMENTS);
    let listed = listed.map(|(place, row)| Totalled {
        name: row.name.to_owned(),
        totals: &row.totals.all,
        of: Of::Accounts(place),
    });
    page.list(1, &columns, listed)?;
    if rows.len() > DEPARTMENTS {
        let more = words.fill("overview", "more_departments", &[("count", &(rows.len() - DEPARTMENTS).to_string())]);
        page.sentence(1, &more, Look::Subtitle)?;
    }
    let portfolio = view.source.portfolio;
    for (id, totals, of) in [
        ("all_accounts", &portfolio.all_accounts.all, Of::Accounts(rows.len())),
        ("merged_clients", &portfolio.organisation.all, Of::Clients),
    ] {
        page.total(1, &columns, &Totalled { name: view.marked(words.get("org", id)), totals, of })?;
    }
    Ok(())
}

fn key_and_others(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overview", id);
    page.section(1, word("key"))?;
    let columns = totals_columns(view, word("group"), word("clients"));
    let organisation = &view.source.portfolio.organisation;
    let rows = [("key_accounts", &organisation.key, true), ("others", &organisation.rest, false)];
    let rows =
        rows.into_iter().map(|(id, totals, key)| Totalled { name: word(id).to_owned(), totals, of: Of::Key(key) });
    page.list(1, &columns, rows)?;
    page.total(1, &columns, &Totalled { name: view.marked(word("all")), totals: &organisation.all, of: Of::Clients })
}

/// Name, count, average, KPI, distribution and the money of the first currency.
fn totals_columns<'v>(view: &'v View<'_>, name: &str, count: &str) -> Vec<ListColumn<'v, Totalled<'v>>> {
    let words = view.words;
    let word = |id: &str| words.get("overview", id);
    let unit = view.units.first().copied().flatten();
    // what the line counts of the sheet Clients; `None` where it does not follow any limit
    let filter = move |of: Of| {
        let column = view.column(CLIENTS, "key_account");
        let yes = words.get("value", "yes");
        match of {
            Of::Key(true) => view.formula(|| format!("{column},{}", formula::quoted(yes))),
            Of::Key(false) => view.formula(|| format!("{column},{}", formula::quoted(&format!("<>{yes}")))),
            _ => None,
        }
    };
    let count_of = move |of: Of, id: &str, word: &str| {
        let filter = filter(of)?;
        Some(format!("COUNTIFS({filter},{},{})", view.column(CLIENTS, id), formula::quoted(words.get("value", word))))
    };
    let mut columns: Vec<ListColumn<'v, Totalled<'v>>> = vec![
        ListColumn::new(name, Look::Wrapped, |row: &Totalled<'_>| Shown::text(row.name.as_str())),
        ListColumn::new(count, Look::CountRight, move |row: &Totalled<'_>| {
            let formula = filter(row.of).map(|filter| format!("COUNTIFS({filter})"));
            Shown::live(formula, Content::Number(row.totals.count as f64))
        }),
        ListColumn::new(word("average_short"), Look::Average, move |row: &Totalled<'_>| {
            let score = view.column(CLIENTS, "score");
            let formula = filter(row.of)
                .filter(|_| view.cards.len() == 1)
                .map(|filter| format!("IFERROR(SUMIFS({score},{filter})/COUNTIFS({filter},{score},\">=0\"),\"\")"));
            Shown::live(formula, Content::number(row.totals.average_score()))
        }),
        ListColumn::new(word("kpi"), Look::Percent, move |row: &Totalled<'_>| {
            let formula = match row.of {
                Of::Accounts(place) => view.formula(|| groups::kpi_cell(view, place)),
                Of::Clients => Some(counted(view, "kpi_met", "yes"))
                    .zip(Some(counted(view, "kpi_met", "no")))
                    .filter(|_| view.live)
                    .map(|(met, not)| format!("IFERROR({met}/({met}+{not}),\"\")")),
                Of::Key(_) => count_of(row.of, "kpi_met", "yes")
                    .zip(count_of(row.of, "kpi_met", "no"))
                    .map(|(met, not)| format!("IFERROR({met}/({met}+{not}),\"\")")),
            };
            Shown::live(formula, Content::number(row.totals.kpi_attainment()))
        }),
    ];
    for status in Status::ALL {
        let of = move |row: &Totalled<'_>| {
            let value = Content::Number(row.totals.distribution[status as usize] as f64);
            Shown::live(count_of(row.of, "status", status.id()), value)
        };
        columns.push(ListColumn::new(words.get("value", status.id()), Look::CountRight, of));
    }
    // formulas add up what stands in one currency
    let one_currency = view.units.len() < 2;
    let mut of = |id: &str, look: Look, column: &'static str, more: Option<&'static str>, of: fn(&Money) -> f64| {
        columns.push(ListColumn::new(view.in_unit(word(id), unit), look, move |row: &Totalled<'_>| {
            let formula = filter(row.of).filter(|_| one_currency).map(|filter| {
                let amounts = view.column(CLIENTS, column);
                let evidence = more.map(|id| {
                    let word = formula::quoted(words.get("evidence", id));
                    format!(",{},{word}", view.column(CLIENTS, "evidence"))
                });
                format!("SUMIFS({amounts},{amounts},\">0\",{filter}{})", evidence.unwrap_or_default())
            });
            Shown::live(formula, Content::Number(of_unit(row.totals, unit).map_or(0.0, of)))
        }));
    };
    of("revenue", Look::Money, "revenue_last_year", None, |money| money.revenue);
    let at_risk = "revenue_at_risk";
    of("evident", Look::MoneyOrNothing, at_risk, Some("evident"), |money| money.at_risk.evident);
    of("want", Look::MoneyOrNothing, at_risk, Some("want_of_data"), |money| money.at_risk.want_of_data);
    columns
}
