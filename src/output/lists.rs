//! Lists, a hidden sheet: the words of the validation lists, and a line a column with its stable id, by which a result
//! is known again whatever its language.

use super::formula::stage_id;
use super::sheet::{Content, put};
use super::style::{Look, Styles};
use super::words::Words;
use crate::field::{Level, Stage, Status};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// A column of a client table as it is noted here.
pub(super) struct Noted {
    pub(super) table: String,
    pub(super) heading: String,
    pub(super) id: String,
    pub(super) sheet: String,
    pub(super) original: Option<String>,
}

/// Writes the sheet and returns the defined names with their cells.
pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    noted: &[Noted],
    words: Words,
) -> Result<Vec<(String, String)>, XlsxError> {
    sheet.set_hidden(true);
    let levels = Level::ALL.map(Level::id).to_vec();
    let statuses = vec![Status::Strong.id(), Status::Watch.id(), Status::AtRisk.id()];
    let stages = [Stage::Active, Stage::Prospect, Stage::Former].map(stage_id).to_vec();
    let mut names = Vec::new();
    for (col, (name, ids)) in (0u16..).zip([("kt_levels", levels), ("kt_statuses", statuses), ("kt_stages", stages)]) {
        for (row, id) in (0u32..).zip(&ids) {
            sheet.write_string(row, col, words.get("value", id))?;
        }
        let letter = crate::book::column_letters(col);
        names.push((name.to_owned(), format!("${letter}$1:${letter}${}", ids.len())));
    }
    for (row, column) in (0u32..).zip(noted) {
        sheet.write_string(row, 4, &column.table)?;
        sheet.write_string(row, 5, &column.heading)?;
        sheet.write_string(row, 6, &column.id)?;
        sheet.write_string(row, 7, &column.sheet)?;
        if let Some(original) = &column.original {
            put(sheet, styles, row, 8, Look::Text, &Content::text(original))?;
        }
    }
    Ok(names)
}
