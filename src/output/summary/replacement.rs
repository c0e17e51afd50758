//! What it takes to replace lost clients: a sum over two assumptions that a person changes.

use super::super::page::{Page, Shown};
use super::super::sheet::Content;
use super::super::style::Look;
use super::View;
use super::retention::sum;
use crate::field::Field;
use crate::history::{self, Logo};
use crate::portfolio::Unit;
use crate::score::Inputs;
use rust_xlsxwriter::XlsxError;

/// Columns of labels and of figures.
const LABEL: u16 = 0;
const FIGURE: u16 = 3;

/// Writes the sum about the clients that were lost since `logo`'s month.
pub(super) fn write(view: &View<'_>, page: &mut Page<'_>, logo: &Logo) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("replacement", id).to_owned();
    page.section(LABEL, &word("title"))?;
    page.sentence(LABEL, &word("subtitle"), Look::Subtitle)?;
    let count = logo.lost.len();
    let month = super::super::progress::month_name(words, logo.before);
    let cell = |row: u32| format!("$D${}", row + 1);
    let lost = cell(page.row);
    line(page, &words.fill("replacement", "lost", &[("month", &month)]), Shown::count(count), Look::CountRight)?;
    if view.source.values {
        page.sentence(LABEL, &word("values_only"), Look::Subtitle)?;
    } else {
        let multiple = cell(page.row);
        line(page, &word("multiple"), Shown::number(history::DEFAULT_MULTIPLE), Look::InputNumber)?;
        let cost = cell(page.row);
        line(page, &word("cost"), Shown::Value(Content::Empty), Look::InputNumber)?;
        // what the fields say when the workbook is opened: no cost, no sum
        let stored = history::replacement(count, None, Some(history::DEFAULT_MULTIPLE));
        let both = |sum: &str| format!("IF(ISNUMBER({cost}),IF(ISNUMBER({multiple}),{sum},\"\"),\"\")");
        let result = |of: fn(&history::Replacement) -> f64| Content::number(stored.as_ref().map(of));
        let live = |sum: String, of| Shown::Live(both(&sum), result(of));
        line(page, &word("winning"), live(format!("{lost}*{cost}*{multiple}"), |sum| sum.winning), Look::Money)?;
        line(page, &word("keeping"), live(format!("{lost}*{cost}"), |sum| sum.keeping), Look::Money)?;
        let burnt = live(format!("{lost}*{cost}*{multiple}-{lost}*{cost}"), |sum| sum.burnt);
        line(page, &word("burnt"), burnt, Look::Money)?;
    }
    page.row += 1;
    let lost_revenue = sum(&logo.lost);
    for (unit, revenue) in lost_revenue.iter().filter(|&(_, amount)| amount > 0.0) {
        line(page, &view.in_unit(&word("revenue"), unit), Shown::number(revenue), Look::Money)?;
        if let Some(average) = average(view, unit) {
            line(page, &view.in_unit(&word("average"), unit), Shown::number(average), Look::Money)?;
            line(page, &word("needed"), Shown::number(revenue / average), Look::Average)?;
        }
    }
    if let Some(referrals) = referrals(view) {
        line(page, &word("referrals"), Shown::number(referrals), Look::CountRight)?;
    }
    Ok(())
}

/// A label over three columns and its figure.
fn line(page: &mut Page<'_>, label: &str, figure: Shown, look: Look) -> Result<(), XlsxError> {
    let row = page.row;
    page.spanned(&[(LABEL, FIGURE - 1, Look::Text, Content::Text(label.to_owned()))])?;
    page.cell_at(row, FIGURE, &figure, look)
}

/// What a client with last year's revenue brings on average.
fn average(view: &View<'_>, unit: Unit) -> Option<f64> {
    let amounts = view.source.clients.iter().filter_map(|line| line.revenue().get(unit)).filter(|amount| *amount > 0.0);
    let (sum, count) = amounts.fold((0.0, 0usize), |(sum, count), amount| (sum + amount, count + 1));
    (count > 0).then(|| sum / count as f64)
}

/// Referrals of all clients, where any list keeps them.
fn referrals(view: &View<'_>) -> Option<f64> {
    let known = view.source.clients.iter().filter(|line| line.merged.keeps(Field::Referrals));
    let numbers: Vec<f64> = known.filter_map(|line| line.assessed.inputs.input(Field::Referrals).number()).collect();
    (!numbers.is_empty()).then(|| numbers.iter().sum())
}
