//! The client table's sheet on screen and on paper: what is frozen, hidden, folded, printed where.

use super::super::quality;
use super::super::sheet::{self, Column};
use super::super::words::Words;
use super::{Row, Source};
use crate::field::Field;
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Department, sheet and month above every printed page, its number below.
pub(in super::super) fn headed(sheet: &mut Worksheet, source: &Source<'_>, name: &str, words: Words) {
    let month = quality::month_name(words, source.period);
    let escape = |text: &str| text.replace('&', "&&");
    let header = words.fill(
        "print",
        "header",
        &[("department", &escape(source.department)), ("sheet", &escape(name)), ("month", &month)],
    );
    sheet.set_header(format!("&L&\"Calibri,Bold\"{}", header.chars().take(200).collect::<String>()));
    footed(sheet, words);
}

/// The page's number below, where the sheet has a title of its own.
pub(in super::super) fn footed(sheet: &mut Worksheet, words: Words) {
    let page = words.fill("print", "page", &[("page", "&P"), ("pages", "&N")]);
    sheet.set_footer(format!("&R{page}"));
}

pub(super) fn lay_out(
    sheet: &mut Worksheet,
    source: &Source<'_>,
    name: &str,
    columns: &[Column<'_, Row<'_>>],
    words: Words,
) -> Result<(), XlsxError> {
    sheet.set_row_height(0, sheet::heading_height(columns))?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_landscape();
    sheet.set_paper_size(9);
    sheet.set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_repeat_columns(0, 0)?;
    headed(sheet, source, name, words);
    // the first page holds Client to Action points, which answers the question; the rest follows
    if let Some(last) = columns.iter().position(|column| column.id == Field::ActionPoints.id()) {
        let width: f64 = columns[..=last].iter().map(|column| column.width * 7.0 + 5.0).sum();
        sheet.set_print_scale((960.0 / width * 100.0).floor().clamp(30.0, 100.0) as u16);
        // overrides and what was carried through stand together
        let rest = columns.iter().position(|column| column.id == Field::OverrideStatus.id());
        let breaks: Vec<u32> = [Some(last + 1), rest].into_iter().flatten().map(|col| col as u32).collect();
        sheet.set_vertical_page_breaks(&breaks)?;
    }
    for (col, _) in (0u16..).zip(columns).filter(|(_, column)| matches!(column.id.as_str(), "manager_key" | "counted"))
    {
        sheet.set_column_hidden(col)?;
    }
    let is_folded = |column: &Column<'_, Row<'_>>| column.id.starts_with("points:");
    if let (Some(first), Some(last)) = (columns.iter().position(is_folded), columns.iter().rposition(is_folded)) {
        sheet.group_columns_collapsed(first as u16, last as u16)?;
    }
    Ok(())
}
