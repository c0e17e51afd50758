//! How rows became clients, and revenue at risk by currency.

use super::super::super::page::{ListColumn, Page, Shown};
use super::super::super::style::Look;
use super::super::View;
use super::of_unit;
use crate::portfolio::Money;
use rust_xlsxwriter::XlsxError;

/// Revenue at risk in each currency.
pub(super) fn money(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overview", id);
    page.section(1, word("money"))?;
    let totals = &view.source.portfolio.organisation.all;
    let has_new = totals.money.iter().any(|money| money.new > 0.0);
    let of = |id: &str, of: fn(&Money) -> f64| {
        ListColumn::new(word(id), Look::Money, move |money: &&Money| Shown::number(of(money)))
    };
    let mut columns = vec![
        ListColumn::new(word("currency"), Look::Text, |money: &&Money| Shown::text(view.unit_name(money.unit))),
        of("revenue", |money| money.revenue),
        of("evident", |money| money.at_risk.evident),
        of("want", |money| money.at_risk.want_of_data),
        of("sum", |money| money.at_risk.sum()),
        ListColumn::new(word("share"), Look::Percent, |money: &&Money| Shown::maybe(money.at_risk_share())),
    ];
    if has_new {
        columns.push(of("new_revenue", |money| money.new));
    }
    let in_order = view.units.iter().filter_map(|&unit| of_unit(totals, unit));
    page.list(1, &columns, in_order)?;
    Ok(())
}

/// How rows become accounts, and accounts clients; and the same in money.
pub(super) fn steps(view: &View<'_>, page: &mut Page<'_>) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("overview", id);
    page.section(1, word("reconciliation"))?;
    let steps = &view.source.portfolio.reconciliation;
    let less = |count: usize| -(count as f64);
    let counts = [
        ("rows_in", steps.rows as f64),
        ("not_active", less(steps.not_active)),
        ("duplicates", less(steps.duplicates)),
        ("further_lines", less(steps.further_lines)),
        ("accounts_left", steps.accounts as f64),
        ("merged", less(steps.accounts - steps.clients)),
        ("clients_left", steps.clients as f64),
    ];
    let mut rows: Vec<(String, f64, bool)> =
        counts.iter().map(|&(id, count)| (word(id).to_owned(), count, id.ends_with("_left"))).collect();
    for step in &steps.revenue {
        for (id, amount) in [
            ("money_in", step.accounts),
            ("counted_once", -step.counted_once),
            ("netted", -step.netted),
            ("money_left", step.clients),
        ] {
            rows.push((view.in_unit(word(id), step.unit), amount, id.ends_with("_left")));
        }
    }
    // the sentences are longer than the first column
    for (col, heading) in [(1u16, word("step")), (2, ""), (3, ""), (4, "")] {
        page.text(col, heading, Look::HeadingList)?;
    }
    page.text(5, word("rows"), Look::HeadingListRight)?;
    page.row += 1;
    for (text, figure, is_result) in rows {
        if is_result {
            for col in 1..5 {
                let text = if col == 1 { text.as_str() } else { "" };
                page.sheet.write_string_with_format(page.row, col, text, page.styles.total(Look::Text))?;
            }
            page.fit(5, Look::Money, &Shown::number(figure))?;
            page.sheet.write_number_with_format(page.row, 5, figure, page.styles.total(Look::Money))?;
        } else {
            page.sheet.merge_range(page.row, 1, page.row, 4, "", page.styles.get(Look::Text))?;
            page.text(1, &text, Look::Text)?;
            page.cell_at(page.row, 5, &Shown::number(figure), Look::Money)?;
        }
        page.row += 1;
    }
    Ok(())
}
