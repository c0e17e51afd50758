//! Method: the assumptions that can be tried out, where the figures come from, and what the words mean.

use super::super::page::{Page, Shown};
use super::super::sheet::Content;
use super::super::style::{Look, Styles};
use super::View;
use crate::period::serial;
use crate::score::Scorecard;
use crate::value::number_text;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// What the words mean, in the order of reading.
const TERMS: [&str; 14] = [
    "account",
    "client",
    "identity",
    "merged",
    "evident",
    "want_of_data",
    "kpi",
    "one_away",
    "share",
    "key_account",
    "new",
    "retention",
    "gross",
    "net",
];

/// Writes the sheet and returns the defined names with their cells.
pub(super) fn write(
    view: &View<'_>,
    sheet: &mut Worksheet,
    styles: &mut Styles,
) -> Result<Vec<(String, String)>, XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("org_method", id);
    let mut page = Page::new(sheet, styles, &[46.0, 24.0, 90.0])?;
    page.title(0, word("title"), &words.fill("org_method", "subtitle", &[("month", &view.month())]))?;
    page.sentence(0, word(if view.live { "try_out" } else { "values_only" }), Look::Subtitle)?;
    page.row += 1;
    page.section(0, word("assumptions"))?;
    let mut names = Vec::new();
    let first = page.row + 1;
    let look = |input: Look, plain: Look| if view.live { input } else { plain };
    for card in &view.cards {
        let label = match view.cards.len() {
            1 => word("kpi").to_owned(),
            _ => words.fill("org_method", "kpi_card", &[("card", words.scorecard(card))]),
        };
        page.text(0, &label, Look::Text)?;
        page.cell_at(page.row, 1, &Shown::number(card.kpi), look(Look::InputNumber, Look::Score))?;
        page.row += 1;
    }
    if !view.cards.is_empty() {
        names.push(("kt_kpi".to_owned(), format!("$B${first}:$B${}", page.row)));
    }
    page.text(0, word("key_share"), Look::Text)?;
    let share = Shown::number(view.source.config.portfolio.key_share);
    page.cell_at(page.row, 1, &share, look(Look::InputPercent, Look::Percent))?;
    page.row += 1;
    names.push(("kt_key_share".to_owned(), format!("$B${}", page.row)));
    page.row += 1;
    facts(view, &mut page)?;
    page.row += 1;
    page.section(0, word("definitions"))?;
    for id in TERMS {
        let text = |group: &str| Content::Text(words.get(group, id).to_owned());
        page.spanned(&[(0, 0, Look::Text, text("org_term")), (1, 2, Look::Wrapped, text("org_definition"))])?;
    }
    Ok(names)
}

fn facts(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("org_method", id);
    let shared = |id: &str| words.get("method", id);
    let (config, report) = (view.source.config, view.source.report);
    page.section(0, word("facts"))?;
    let basis = words.get("column", config.portfolio.basis.id());
    let ids = word(if config.portfolio.ids_across { "ids_organisation" } else { "ids_department" });
    let rates: Vec<String> = config
        .portfolio
        .rates
        .iter()
        .map(|(unit, rate)| {
            let base = config.currency.map(|base| base.code().to_owned()).unwrap_or_default();
            let label = words.fill("org_method", "rate", &[("unit", unit.code()), ("base", &base)]);
            format!("{label}: {}", number_text(*rate))
        })
        .collect();
    let rates = if rates.is_empty() { word("no_rates").to_owned() } else { rates.join("; ") };
    let card = |card: &&Scorecard| match &card.when {
        Some(when) => format!("{} ({}: {})", words.scorecard(card), when.column, when.is.join(", ")),
        None => words.scorecard(card).to_owned(),
    };
    let cards: Vec<String> = view.cards.iter().map(card).collect();
    let share = view.source.accounts.first().map(|line| line.assessed.basis.share_of_year);
    let rows = [
        (shared("month"), Content::Text(view.month()), Look::Text),
        (shared("as_of"), Content::Date(f64::from(serial(view.source.period.as_of()))), Look::Date),
        (shared("share"), Content::number(share), Look::CentredShare),
        (shared("version"), Content::text(&report.tool), Look::Text),
        (shared("configuration"), Content::text(&config.source), Look::Text),
        (word("scorecard_hash"), Content::text(&report.scorecard), Look::Text),
        (view.heading("scorecard"), Content::Text(cards.join("; ")), Look::Text),
        (word("basis"), Content::text(basis), Look::Text),
        (word("ids"), Content::text(ids), Look::Text),
        (word("rates"), Content::Text(rates), Look::Wrapped),
    ];
    for (label, content, look) in rows {
        // figures and days stand in a narrow column, texts take the room they need
        let last = if matches!(look, Look::Text | Look::Wrapped) { 2 } else { 1 };
        page.spanned(&[(0, 0, Look::Text, Content::Text(label.to_owned())), (1, last, look, content)])?;
    }
    Ok(())
}
