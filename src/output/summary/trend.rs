//! Trend: the last twelve months as figures; sparklines elsewhere and the chart on Overview show them.

use super::super::page::{ListColumn, Page, Shown};
use super::super::progress::month_name;
use super::super::style::{self, Look, Styles};
use super::past::silence;
use super::{View, charts};
use crate::history::{Group, Point, Trend};
use crate::period::Month;
use rust_xlsxwriter::{Chart, Sparkline, SparklineType, Worksheet, XlsxError};

/// Clients with a row here, and with a sparkline on Clients.
pub(super) const MAX_CLIENTS: usize = 1_000;
/// Columns of the first and the last month.
const FIRST: u16 = 1;
const LAST: u16 = 12;
/// Rows of a list before its first record: section and headings.
const ABOVE: u32 = 2;
/// Rows of the organisation's list.
const AVERAGE: u32 = 0;
const KPI: u32 = 1;
const OF_ORGANISATION: u32 = 4;

/// Where the records of each list begin, from 0.
pub(super) struct Layout {
    organisation: u32,
    managers: u32,
    departments: u32,
    clients: u32,
}

impl Layout {
    fn of(view: &View<'_>, trend: &Trend) -> Self {
        // title, subtitle and an empty row; a sentence and another where scorecards changed
        let top = if changed(view, trend).is_some() { 5 } else { 3 };
        let after = |first: u32, records: usize| first + records as u32 + 1 + ABOVE;
        let organisation = top + ABOVE;
        let managers = after(organisation, OF_ORGANISATION as usize);
        let departments = after(managers, trend.managers.len());
        Self { organisation, managers, departments, clients: after(departments, trend.departments.len()) }
    }
}

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("trend", id);
    let mut widths = vec![34.0];
    widths.resize(13, 9.5);
    let mut page = Page::new(sheet, styles, &widths)?;
    page.title(0, word("title"), &words.fill("trend", "subtitle", &[("month", &view.month())]))?;
    let Some(past) = view.past() else {
        return page.sentence(0, &silence(view).unwrap_or_default(), Look::Subtitle);
    };
    let trend = &past.trend;
    if let Some(changed) = changed(view, trend) {
        page.sentence(0, &changed, Look::Alert)?;
        page.row += 1;
    }
    page.sheet.set_freeze_panes(0, 1)?;
    let layout = Layout::of(view, trend);
    organisation(view, &mut page, trend)?;
    for (section, name, groups, first) in [
        ("managers", "manager", &trend.managers, layout.managers),
        ("departments", "department", &trend.departments, layout.departments),
    ] {
        page.row = first - ABOVE;
        page.section(0, word(section))?;
        let name_of = |group: &&Group| group.name.clone().unwrap_or_else(|| words.get("org", "nobody").to_owned());
        let average = |group: &&Group, place: usize| group.points[place].and_then(|point| point.average());
        let columns = months(trend, word(name), Look::Average, name_of, average);
        page.list(0, &columns, groups.iter())?;
    }
    page.row = layout.clients - ABOVE;
    let clients = view.source.clients;
    let title = if clients.len() > MAX_CLIENTS {
        words.fill("trend", "clients_first", &[("count", &super::amount_text(view.words, MAX_CLIENTS as f64))])
    } else {
        word("clients").to_owned()
    };
    page.section(0, &title)?;
    let score = |&place: &usize, month: usize| trend.clients.get(place).and_then(|scores| scores[month]);
    let columns = months(trend, word("client"), Look::Score, |&place: &usize| clients[place].name.to_owned(), score);
    page.list(0, &columns, 0..clients.len().min(MAX_CLIENTS))?;
    Ok(())
}

/// A name and a column for each month.
fn months<'v, R: 'v>(
    trend: &Trend,
    name: &str,
    look: Look,
    name_of: impl Fn(&R) -> String + 'v,
    of: impl Fn(&R, usize) -> Option<f64> + Copy + 'v,
) -> Vec<ListColumn<'v, R>> {
    let name = ListColumn::new(name, Look::Name, move |record: &R| Shown::text(name_of(record)));
    let month = |(place, month): (usize, &Month)| {
        ListColumn::new(month.to_string(), look, move |record: &R| Shown::maybe(of(record, place)))
    };
    [name].into_iter().chain(trend.months.iter().enumerate().map(month)).collect()
}

/// A label's id, how its figures look, and the figure of a month.
type Figure = (&'static str, Look, fn(&Point) -> Option<f64>);

fn organisation(view: &View<'_>, page: &mut Page<'_>, trend: &Trend) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("trend", id);
    page.section(0, word("organisation"))?;
    page.text(0, "", Look::HeadingList)?;
    for (col, month) in (FIRST..).zip(&trend.months) {
        page.text(col, &month.to_string(), Look::HeadingListRight)?;
    }
    page.row += 1;
    let rows: [Figure; OF_ORGANISATION as usize] = [
        ("average", Look::Average, Point::average),
        ("kpi", Look::Percent, Point::kpi_attainment),
        ("accounts", Look::CountRight, |point| Some(point.accounts as f64)),
        ("at_risk", Look::CountRight, |point| Some(point.at_risk as f64)),
    ];
    for (id, look, of) in rows {
        page.text(0, word(id), Look::Name)?;
        for (col, point) in (FIRST..).zip(&trend.organisation) {
            page.cell_at(page.row, col, &Shown::maybe(point.as_ref().and_then(of)), look)?;
        }
        page.row += 1;
    }
    Ok(())
}

/// The sentence about scorecards that changed within the twelve months.
fn changed(view: &View<'_>, trend: &Trend) -> Option<String> {
    let months: Vec<_> = trend.scorecard_changed.iter().map(|&month| month_name(view.words, month)).collect();
    (!months.is_empty()).then(|| view.words.fill("trend", "scorecard_changed", &[("months", &months.join(", "))]))
}

/// Whose months a sparkline shows.
#[derive(Clone, Copy)]
pub(super) enum Whose<'n> {
    /// A client's, by place in the portfolio.
    Client(usize),
    /// A manager's, by name.
    Manager(Option<&'n str>),
    /// A department's, by name.
    Department(&'n str),
}

/// A sparkline over a row of the sheet Trend; none where fewer than two months have a value.
///
/// Columns rather than a line: a month that is not stored is a gap, and a single one between gaps is seen.
pub(super) fn sparkline(view: &View<'_>, whose: Whose<'_>) -> Option<Sparkline> {
    let trend = &view.past()?.trend;
    let layout = Layout::of(view, trend);
    let in_groups = |groups: &[Group], name: Option<&str>| {
        let place = groups.iter().position(|group| group.name.as_deref() == name)?;
        Some((place as u32, groups[place].points.iter().filter(|point| point.is_some_and(|p| p.scored > 0)).count()))
    };
    let (row, known) = match whose {
        Whose::Client(place) if place >= MAX_CLIENTS => return None,
        Whose::Client(place) => (layout.clients + place as u32, trend.clients.get(place)?.iter().flatten().count()),
        Whose::Manager(name) => in_groups(&trend.managers, name).map(|(row, known)| (layout.managers + row, known))?,
        Whose::Department(name) => {
            in_groups(&trend.departments, Some(name)).map(|(row, known)| (layout.departments + row, known))?
        }
    };
    let top = view.cards.iter().map(|card| card.maximum()).fold(0.0, f64::max);
    let [bar, last] = style::chart_colours();
    (known > 1).then(|| {
        Sparkline::new()
            .set_range((view.words.get("org_sheet", "trend"), row, FIRST, row, LAST))
            .set_custom_min(0)
            .set_custom_max(top)
            .set_type(SparklineType::Column)
            .set_sparkline_color(bar)
            .show_last_point(true)
            .set_last_point_color(last)
    })
}

/// The organisation's average score and KPI attainment by month, if two months at least are stored.
pub(super) fn chart(view: &View<'_>) -> Option<Chart> {
    let trend = &view.past()?.trend;
    if trend.organisation.iter().flatten().filter(|point| point.scored > 0).count() < 2 {
        return None;
    }
    let words = view.words;
    let word = |id: &str| words.get("trend", id);
    let first = Layout::of(view, trend).organisation;
    let maximum = view.cards.iter().map(|card| card.maximum()).fold(0.0, f64::max);
    Some(charts::trend(
        word("chart"),
        words.get("org_sheet", "trend"),
        (first - 1, FIRST, LAST),
        (first + KPI, word("kpi")),
        (first + AVERAGE, words.get("groups", "average"), maximum),
        word("axis_month"),
    ))
}
