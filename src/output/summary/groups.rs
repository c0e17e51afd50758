//! Departments and Managers: accounts with their own score, summed up by who looks after them.

use super::super::formula::quoted;
use super::super::page::{ListColumn, Page, Shown};
use super::super::sheet::{Content, heading_width};
use super::super::style::{self, Look, Styles};
use super::charts::{self, MAX_BARS, Place, Series};
use super::trend::{self, Whose};
use super::{ACCOUNTS, View};
use crate::book::column_letters;
use crate::field::{Field, Status};
use crate::portfolio::{Breakdown, Group, Money, Unit};
use crate::roster::Line;
use crate::score::Inputs;
use rust_xlsxwriter::{ConditionalFormatDataBar, ConditionalFormatType, Worksheet, XlsxError};
use std::cmp::Reverse;

/// A department, a manager, or all of them.
pub(super) struct Row<'s> {
    /// Place among the portfolio's from 1; 0 stands for accounts without manager, `None` for all.
    number: Option<usize>,
    pub(super) name: &'s str,
    pub(super) totals: &'s Breakdown,
    accounts: Vec<&'s Line<'s>>,
}

impl Row<'_> {
    pub(super) fn money(&self, unit: Unit) -> Option<&Money> {
        self.totals.all.money.iter().find(|money| money.unit == unit)
    }
}

/// The groups, those with most at risk first; those without a name last.
fn rows<'s>(view: &View<'s>, groups: &'s [Group<'s>], otherwise: &'s str) -> Vec<Row<'s>> {
    let row = |(place, group): (usize, &'s Group<'s>)| Row {
        number: Some(if group.name.is_some() { place + 1 } else { 0 }),
        name: group.name.unwrap_or(otherwise),
        totals: &group.totals,
        accounts: group.accounts.iter().map(|&account| &view.source.accounts[account]).collect(),
    };
    let mut rows: Vec<_> = groups.iter().enumerate().filter(|(_, group)| !group.accounts.is_empty()).map(row).collect();
    let first = view.units.first().copied();
    let at_risk = |row: &Row<'_>| first.and_then(|unit| row.money(unit)).map_or(0.0, |money| money.at_risk.sum());
    rows.sort_by(|a, b| {
        let nameless = |row: &Row<'_>| row.number == Some(0);
        let count = |row: &Row<'_>| Reverse(row.totals.all.distribution[Status::AtRisk as usize]);
        nameless(a)
            .cmp(&nameless(b))
            .then(at_risk(b).total_cmp(&at_risk(a)))
            .then(count(a).cmp(&count(b)))
            .then(a.number.cmp(&b.number))
    });
    rows
}

/// The departments, those with most at risk first.
pub(super) fn department_rows<'s>(view: &View<'s>) -> Vec<Row<'s>> {
    rows(view, &view.source.portfolio.departments, view.words.get("org", "no_department"))
}

/// All accounts.
pub(super) fn all<'s>(view: &View<'s>) -> Row<'s> {
    Row {
        number: None,
        name: view.words.get("org", "all_accounts"),
        totals: &view.source.portfolio.all_accounts,
        accounts: view.source.accounts.iter().collect(),
    }
}

/// Lines that a printed page holds.
const ONE_PAGE: usize = 40;
/// Columns that formulas of other columns and charts refer to.
const NAME: u16 = 0;
const TREND: u16 = 1;
const ACCOUNTS_COL: u16 = 2;
const AT_RISK: u16 = 4;
const NOT_SCORED: u16 = 7;
const KPI_MET: u16 = 8;
const KPI: u16 = 9;
const FIRST_OF_MONEY: u16 = 13;
/// Columns of one currency: revenue, evident, want of data, share, KPI by revenue.
const OF_MONEY: u16 = 5;

pub(super) fn departments(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let rows = department_rows(view);
    write(view, sheet, styles, ("departments", "department", "department_number"), &rows, |page, _, _| {
        page.row += 1;
        Ok(())
    })
}

pub(super) fn managers(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let rows = rows(view, &view.source.portfolio.managers, words.get("org", "nobody"));
    write(view, sheet, styles, ("managers", "manager", "manager_number"), &rows, |page, first, last| {
        let name = page.sheet.name();
        let all = (last - first + 1) as usize;
        let shown = all.min(MAX_BARS);
        let title = if all > shown {
            words.fill("groups", "chart_kpi_first", &[("count", &shown.to_string())])
        } else {
            words.get("groups", "chart_kpi").to_owned()
        };
        let place = Place { sheet: &name, first, last: first + shown as u32 - 1 };
        let [_, colour] = style::chart_colours();
        let series = [Series { col: KPI, name: words.get("groups", "kpi"), colour }];
        let axes = ((NAME, words.get("groups", "manager")), (words.get("groups", "axis_kpi"), "0 %"));
        let mut chart = charts::bars(&title, axes.0, axes.1, place, &series);
        chart.x_axis().set_max(1);
        page.row += 1;
        if all > ONE_PAGE - 2 * shown.min(ONE_PAGE / 2) {
            page.sheet.set_page_breaks(&[page.row])?;
        }
        // not in the column of the names, which the pages of the money repeat
        page.sheet.insert_chart_with_offset(page.row, TREND, &chart, 8, 0)?;
        Ok(())
    })
}

fn write<'s>(
    view: &View<'s>,
    sheet: &mut Worksheet,
    styles: &mut Styles,
    (title, name, number): (&str, &str, &'static str),
    rows: &[Row<'s>],
    after: impl FnOnce(&mut Page<'_>, u32, u32) -> Result<(), XlsxError>,
) -> Result<(), XlsxError> {
    let words = view.words;
    let total = all(view);
    let columns = columns(view, words.get("groups", name), number);
    let mut widths = vec![30.0, 14.0, 10.0, 9.0, 9.0, 9.0, 9.0, 11.0, 10.0, 13.0, 10.0, 10.0, 10.0];
    widths.resize(columns.len(), 13.5);
    for (width, column) in widths.iter_mut().zip(&columns) {
        *width = f64::max(*width, heading_width(&column.heading));
    }
    let mut page = Page::new(sheet, styles, &widths)?;
    let subtitle = words.fill("groups", "subtitle", &[("month", &view.month())]);
    page.title(0, words.get("groups", title), &subtitle)?;
    if view.live {
        page.sentence(0, words.get("groups", "note"), Look::Subtitle)?;
        page.row += 1;
    }
    // the money stands on pages of its own
    let width: f64 = widths[..usize::from(FIRST_OF_MONEY)].iter().map(|width| width * 7.0 + 5.0).sum();
    page.sheet.set_vertical_page_breaks(&[FIRST_OF_MONEY.into()])?;
    page.sheet.set_repeat_columns(NAME, NAME)?;
    page.sheet.set_print_scale((960.0 / width * 100.0).floor().clamp(30.0, 100.0) as u16);
    if rows.len() > ONE_PAGE {
        page.sheet.set_repeat_rows(page.row, page.row)?;
    }
    page.sheet.set_freeze_panes(page.row + 1, 1)?;
    page.sheet.set_column_hidden(columns.len() as u16 - 1)?;
    if view.past().is_none() {
        page.sheet.set_column_hidden(TREND)?;
    }
    let Some((first, last)) = page.list(0, &columns, rows.iter())? else { return Ok(()) };
    page.total(0, &columns, &&total)?;
    for (row, of) in (first..).zip(rows) {
        let name = of.number.filter(|number| *number > 0).map(|_| of.name);
        let whose = if number == "manager_number" { Whose::Manager(name) } else { Whose::Department(of.name) };
        if let Some(drawn) = trend::sparkline(view, whose) {
            page.sheet.add_sparkline(row, TREND, &drawn)?;
        }
    }
    let bar = ConditionalFormatDataBar::new()
        .use_classic_style()
        .set_fill_color(style::BAR)
        .set_minimum(ConditionalFormatType::Number, 0)
        .set_maximum(ConditionalFormatType::Number, 1);
    page.sheet.add_conditional_format(first, KPI, last, KPI, &bar)?;
    after(&mut page, first, last)
}

type GroupColumn<'v, 's> = ListColumn<'v, &'v Row<'s>>;

fn columns<'v, 's>(view: &'v View<'s>, name: &str, number: &'static str) -> Vec<GroupColumn<'v, 's>> {
    let words = view.words;
    let word = |id: &str| words.get("groups", id);
    let status = |status: Status| {
        ListColumn::new(words.get("value", status.id()), Look::CountRight, move |row: &&Row<'_>| {
            Shown::count(row.totals.all.distribution[status as usize])
        })
    };
    // the hidden last column tells the accounts of a row
    let mut columns: Vec<GroupColumn<'v, 's>> = vec![
        ListColumn::new(name, Look::Wrapped, |row: &&Row<'_>| match row.number {
            Some(_) => Shown::text(row.name),
            None => Shown::text(view.marked(row.name)),
        }),
        // the sparkline is drawn over the empty cell
        ListColumn::new(word("trend"), Look::Text, |_: &&Row<'_>| Shown::text("")),
        ListColumn::new(word("accounts"), Look::CountRight, |row: &&Row<'_>| Shown::count(row.totals.all.count)),
        ListColumn::new(word("average"), Look::Average, |row: &&Row<'_>| Shown::maybe(row.totals.all.average_score())),
        status(Status::AtRisk),
        status(Status::Watch),
        status(Status::Strong),
        status(Status::NotScored),
    ];
    let has_new = |unit: Unit| all(view).money(unit).is_some_and(|money| money.new > 0.0);
    let thanked = view.source.accounts.iter().any(|line| line.merged.keeps(Field::LastThanked));
    let referrals = view.source.accounts.iter().any(|line| line.merged.keeps(Field::Referrals));
    let money = view.units.len() * usize::from(OF_MONEY) + view.units.iter().filter(|unit| has_new(**unit)).count();
    let last = usize::from(FIRST_OF_MONEY) + money + usize::from(thanked) + usize::from(referrals);
    let number_letters = column_letters(last as u16);
    // accounts of the row whose column says yes
    let count = move |row: &Row<'_>, at: u32, id: &str, letters: &str| {
        view.formula(|| {
            let yes = format!("{},{}", view.column(ACCOUNTS, id), view.yes());
            match row.number {
                Some(_) => format!("COUNTIFS({},${letters}{},{yes})", view.column(ACCOUNTS, number), at + 1),
                None => format!("COUNTIFS({yes})"),
            }
        })
    };
    let counted = |heading: &str, id: &'static str, of: fn(&Row<'_>) -> usize| {
        let letters = number_letters.clone();
        ListColumn::at(heading, Look::CountRight, move |row: &&Row<'_>, at| {
            Shown::live(count(row, at, id, &letters), Content::Number(of(row) as f64))
        })
    };
    columns.push(counted(word("kpi_met"), "kpi_met", |row| row.totals.all.kpi_met));
    columns.push(ListColumn::at(word("kpi"), Look::Percent, move |row: &&Row<'_>, at| {
        let cell = |col: u16| format!("${}{}", column_letters(col), at + 1);
        let formula = view.formula(|| {
            let scored = format!("{}-{}", cell(ACCOUNTS_COL), cell(NOT_SCORED));
            format!("IF({scored}>0,{}/({scored}),\"\")", cell(KPI_MET))
        });
        Shown::live(formula, Content::number(row.totals.all.kpi_attainment()))
    }));
    columns.push(counted(word("one_away"), "one_away", |row| row.totals.all.one_point_away));
    columns.push(ListColumn::new(word("worry"), Look::CountRight, |row: &&Row<'_>| Shown::count(row.totals.all.worry)));
    columns.push(counted(word("key"), "key_account", |row| row.totals.key.count));
    for &unit in &view.units {
        let of = |heading: &str, look: Look, of: fn(&Money) -> Option<f64>| {
            ListColumn::new(view.in_unit(heading, unit), look, move |row: &&Row<'_>| {
                Shown::maybe(row.money(unit).and_then(of))
            })
        };
        columns.push(of(word("revenue"), Look::Money, |money| Some(money.revenue)));
        columns.push(of(word("evident"), Look::MoneyOrNothing, |money| Some(money.at_risk.evident)));
        columns.push(of(word("want"), Look::MoneyOrNothing, |money| Some(money.at_risk.want_of_data)));
        columns.push(of(word("share"), Look::Percent, Money::at_risk_share));
        let letters = number_letters.clone();
        columns.push(ListColumn::at(
            view.in_unit(word("kpi_revenue"), unit),
            Look::Percent,
            move |row: &&Row<'_>, at| {
                let value = row.money(unit).and_then(Money::kpi_attainment);
                Shown::live(by_revenue(view, row, unit, number, &letters, at), Content::number(value))
            },
        ));
        if has_new(unit) {
            columns.push(of(word("new"), Look::MoneyOrNothing, |money| Some(money.new)));
        }
    }
    if thanked {
        let months = view.source.config.flags.thanked_months.to_string();
        let heading = words.fill("groups", "thanked", &[("months", &months)]);
        columns.push(ListColumn::new(heading, Look::CountRight, |row: &&Row<'_>| {
            let recent = |line: &&&Line<'_>| {
                let since = line.assessed.basis.dates.thanked_before;
                line.assessed.inputs.input(Field::LastThanked).date().is_some_and(|day| day >= since)
            };
            Shown::count(row.accounts.iter().filter(recent).count())
        }));
    }
    if referrals {
        columns.push(ListColumn::new(word("referrals"), Look::CountRight, |row: &&Row<'_>| {
            let of = |line: &&Line<'_>| line.assessed.inputs.input(Field::Referrals).number();
            Shown::number(row.accounts.iter().filter_map(of).sum())
        }));
    }
    columns.push(ListColumn::new(word("number"), Look::Count, |row: &&Row<'_>| {
        Shown::maybe(row.number.map(|number| number as f64))
    }));
    columns
}

/// KPI attainment by revenue as a formula, where each account's amounts are in one currency that the sheet names.
fn by_revenue(view: &View<'_>, row: &Row<'_>, unit: Unit, number: &str, letters: &str, at: u32) -> Option<String> {
    let several = view.units.len() > 1;
    let mixed = || view.source.accounts.iter().any(|line| line.merged.mixed_currency);
    if !view.live || (several && unit.is_none()) || mixed() {
        return None;
    }
    let revenue = view.column(ACCOUNTS, Field::RevenueLastYear.id());
    let answered = |word: &str| {
        let mut formula = format!("SUMIFS({revenue},{revenue},\">0\",{},", view.column(ACCOUNTS, "kpi_met"));
        formula.push_str(&quoted(view.words.get("value", word)));
        if row.number.is_some() {
            formula.push_str(&format!(",{},${letters}{}", view.column(ACCOUNTS, number), at + 1));
        }
        if several {
            formula.push_str(&format!(",{},{}", view.column(ACCOUNTS, "currency"), quoted(&view.unit_name(unit))));
        }
        formula.push(')');
        formula
    };
    let (yes, no) = (answered("yes"), answered("no"));
    Some(format!("IFERROR({yes}/({yes}+{no}),\"\")"))
}

/// The charts of the departments, on Overview: status, and revenue at risk in each currency.
pub(super) fn department_charts(view: &View<'_>, departments: usize) -> Vec<rust_xlsxwriter::Chart> {
    let words = view.words;
    let shown = departments.min(MAX_BARS);
    if shown == 0 {
        return Vec::new();
    }
    let sheet = words.get("org_sheet", "departments");
    let first = heading_row(view) + 1;
    let place = Place { sheet, first, last: first + shown as u32 - 1 };
    let title = |id: &str| {
        if departments > shown {
            words.fill("overview", &format!("{id}_first"), &[("count", &shown.to_string())])
        } else {
            words.get("overview", id).to_owned()
        }
    };
    let department = (NAME, words.get("groups", "department"));
    let statuses: Vec<_> = (AT_RISK..)
        .zip(Status::ALL)
        .map(|(col, status)| Series { col, name: words.get("value", status.id()), colour: style::chart_colour(status) })
        .collect();
    let axis = words.get("overview", "axis_accounts");
    let mut all = vec![charts::bars(&title("chart_status"), department, (axis, "0"), place, &statuses)];
    let has_new = |unit: Unit| self::all(view).money(unit).is_some_and(|money| money.new > 0.0);
    let mut col = FIRST_OF_MONEY;
    for &unit in &view.units {
        let [evident, want] = style::risk_colours();
        let series = [
            Series { col: col + 1, name: words.get("evidence", "evident"), colour: evident },
            Series { col: col + 2, name: words.get("evidence", "want_of_data"), colour: want },
        ];
        let axis = view.in_unit(words.get("overview", "at_risk"), unit);
        let mut chart = charts::bars(&title("chart_risk"), department, (&axis, "#,##0"), place, &series);
        let sums = view.source.portfolio.departments.iter().flat_map(|group| &group.totals.all.money);
        let most = sums.filter(|money| money.unit == unit).map(|money| money.at_risk.sum()).fold(0.0, f64::max);
        if let Some(step) = charts::step(most) {
            chart.x_axis().set_major_unit(step);
        }
        all.push(chart);
        col += OF_MONEY + u16::from(has_new(unit));
    }
    all
}

/// The cell of the KPI attainment of a department (by its place in [`department_rows`]) or, after them, of all accounts.
pub(super) fn kpi_cell(view: &View<'_>, place: usize) -> String {
    let row = heading_row(view) as usize + 2 + place;
    format!("'{}'!${}${row}", view.words.get("org_sheet", "departments"), column_letters(KPI))
}

/// The row of the headings on Departments and Managers.
fn heading_row(view: &View<'_>) -> u32 {
    if view.live { 5 } else { 3 }
}
