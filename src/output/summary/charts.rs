//! The charts of the summary: titles, axes with names, no legend for a single series.

use super::super::style;
use rust_xlsxwriter::{
    Chart, ChartAxisCrossing, ChartFont, ChartFormat, ChartLegendPosition, ChartLine, ChartMarker, ChartMarkerType,
    ChartSolidFill, ChartType, Color,
};

/// More bars than this say nothing any more.
pub(super) const MAX_BARS: usize = 25;

/// Where the values of a chart stand: sheet, first and last row.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) sheet: &'a str,
    pub(super) first: u32,
    pub(super) last: u32,
}

/// A series: its column, name and colour.
pub(super) struct Series<'a> {
    pub(super) col: u16,
    pub(super) name: &'a str,
    pub(super) colour: Color,
}

fn filled(colour: Color) -> ChartFormat {
    ChartFormat::new().set_solid_fill(ChartSolidFill::new().set_color(colour)).clone()
}

fn titled(chart: &mut Chart, title: &str) {
    chart.title().set_name(title).set_font(ChartFont::new().set_size(11).set_bold());
}

/// Bars from left to right, one a row, stacked where there are several series; the first row stands on top.
pub(super) fn bars(
    title: &str,
    (categories, axis): (u16, &str),
    (values, code): (&str, &str),
    place: Place<'_>,
    series: &[Series<'_>],
) -> Chart {
    let mut chart = Chart::new(if series.len() > 1 { ChartType::BarStacked } else { ChartType::Bar });
    for one in series {
        let shown = chart.add_series();
        shown
            .set_categories((place.sheet, place.first, categories, place.last, categories))
            .set_values((place.sheet, place.first, one.col, place.last, one.col))
            .set_name(one.name)
            .set_format(&mut filled(one.colour))
            .set_gap(40);
        if series.len() > 1 {
            shown.set_overlap(100);
        }
    }
    titled(&mut chart, title);
    if series.len() > 1 {
        chart.legend().set_position(ChartLegendPosition::Bottom);
    } else {
        chart.legend().set_hidden();
    }
    let small = || ChartFont::new().set_size(9).clone();
    // of bars the y axis holds the categories; reversed, the first row stands on top, and the other axis then crosses at
    // the far end, which is the bottom
    chart
        .y_axis()
        .set_reverse()
        .set_crossing(ChartAxisCrossing::Max)
        .set_name(axis)
        .set_name_font(&small())
        .set_major_gridlines(false);
    chart
        .x_axis()
        .set_name(values)
        .set_name_font(&small())
        .set_num_format(code)
        .set_min(0)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xE5_E7_EB)));
    chart.set_width(620).set_height(bars_height((place.last - place.first + 1) as usize));
    chart
}

/// The distance of so few labels of an axis that long amounts do not touch: 1, 2 or 5 times a power of ten.
pub(super) fn step(most: f64) -> Option<f64> {
    if !(most.is_finite() && most >= 1.0) {
        return None;
    }
    let quarter = most / 4.0;
    let power = 10f64.powf(quarter.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|times| times * power).find(|step| *step >= quarter)
}

/// Height of a chart of so many bars, in pixels.
pub(super) fn bars_height(bars: usize) -> u32 {
    150 + 26 * bars.clamp(3, MAX_BARS) as u32
}

/// Revenue by client, the largest first, with the cumulative share on a second axis.
pub(super) fn pareto(
    title: &str,
    (rank, axis_rank): (u16, &str),
    revenue: (u16, &str),
    share: (u16, &str),
    place: Place<'_>,
) -> Chart {
    let [bar, line] = style::chart_colours();
    let range = |col: u16| (place.sheet, place.first, col, place.last, col);
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_categories(range(rank))
        .set_values(range(revenue.0))
        .set_name(revenue.1)
        .set_format(&mut filled(bar))
        .set_gap(30);
    let mut curve = Chart::new(ChartType::Line);
    curve
        .add_series()
        .set_categories(range(rank))
        .set_values(range(share.0))
        .set_name(share.1)
        .set_secondary_axis(true)
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(line).set_width(2.25)));
    chart.combine(&curve);
    // the chart that others are combined with holds their axes
    chart.y2_axis().set_name(share.1).set_num_format("0 %").set_min(0).set_max(1).set_major_unit(0.2);
    titled(&mut chart, title);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let points = place.last - place.first + 1;
    chart.x_axis().set_name(axis_rank).set_label_interval((points / 12).max(1) as u16);
    chart
        .y_axis()
        .set_name(revenue.1)
        .set_num_format("#,##0")
        .set_min(0)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xE5_E7_EB)));
    chart.set_width(900).set_height(300);
    chart
}

/// A share as columns and a figure as a line by month, each with its axis; months without a value are gaps.
pub(super) fn trend(
    title: &str,
    sheet: &str,
    (months, first, last): (u32, u16, u16),
    share: (u32, &str),
    (row, figure, maximum): (u32, &str, f64),
    axis: &str,
) -> Chart {
    let [bar, line] = style::chart_colours();
    let range = |row: u32| (sheet, row, first, row, last);
    let small = || ChartFont::new().set_size(9).clone();
    let mut chart = Chart::new(ChartType::Column);
    chart
        .add_series()
        .set_categories(range(months))
        .set_values(range(share.0))
        .set_name(share.1)
        .set_format(&mut filled(bar))
        .set_gap(60);
    let mut curve = Chart::new(ChartType::Line);
    curve
        .add_series()
        .set_categories(range(months))
        .set_values(range(row))
        .set_name(figure)
        .set_secondary_axis(true)
        .set_marker(ChartMarker::new().set_type(ChartMarkerType::Circle).set_size(5).set_format(&mut filled(line)))
        .set_format(ChartFormat::new().set_line(ChartLine::new().set_color(line).set_width(2.25)));
    chart.combine(&curve);
    chart.y2_axis().set_name(figure).set_name_font(&small()).set_num_format("0").set_min(0).set_max(maximum);
    titled(&mut chart, title);
    chart.legend().set_position(ChartLegendPosition::Bottom);
    let turned = ChartFont::new().set_size(8).set_rotation(-45).clone();
    chart.x_axis().set_name(axis).set_name_font(&small()).set_font(&turned);
    chart
        .y_axis()
        .set_name(share.1)
        .set_name_font(&small())
        .set_num_format("0 %")
        .set_min(0)
        .set_max(1)
        .set_major_unit(0.25)
        .set_major_gridlines_line(ChartLine::new().set_color(Color::RGB(0xE5_E7_EB)));
    chart.set_width(620);
    chart
}

#[cfg(test)]
mod tests {
    use super::step;

    #[test]
    fn labels_of_an_axis_are_few_and_round() {
        for (most, expected) in [(0.0, None), (40.0, Some(10.0)), (45_000_000.0, Some(20_000_000.0)), (3.0, Some(1.0))]
        {
            assert_eq!(step(most), expected, "{most}");
        }
    }
}
