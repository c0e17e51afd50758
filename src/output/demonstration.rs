//! Writes the lists of the demo organisation as its departments would.

use super::save;
use crate::demonstration::{Cell, List};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};
use std::io;
use std::path::Path;

/// Writes a list below an inbox.
///
/// # Errors
/// What the system or the workbook's writer said.
pub fn write(list: &List, inbox: &Path) -> io::Result<()> {
    let target = inbox.join(list.file);
    if list.is_delimited() {
        save::whole(&target, |file| {
            let mut writer = csv::WriterBuilder::new().delimiter(b';').flexible(true).from_writer(file);
            for row in &list.rows {
                writer.write_record(row.iter().map(plain))?;
            }
            writer.flush()
        })
    } else {
        save::workbook(build(list).map_err(io::Error::other)?, &[], save::LEVEL, &target)
    }
}

fn plain(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => number.to_string(),
        Cell::Day(day) => day.to_string(),
    }
}

fn build(list: &List) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let (bold, date) = (Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("dd/mm/yyyy"));
    let sheet = workbook.add_worksheet().set_name(list.sheet)?;
    for (row, cells) in (0u32..).zip(&list.rows) {
        for (col, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => &mut *sheet,
                Cell::Text(text) if (row as usize) < list.heading_rows => {
                    sheet.write_string_with_format(row, col, text, &bold)?
                }
                Cell::Text(text) => sheet.write_string(row, col, text)?,
                Cell::Number(number) => sheet.write_number(row, col, *number)?,
                Cell::Day(day) => {
                    let day = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
                    sheet.write_datetime_with_format(row, col, &day, &date)?
                }
            };
        }
    }
    let columns = list.rows.iter().map(Vec::len).max().unwrap_or(0) as u16;
    for col in 0..columns {
        let name = list.rows.get(list.heading_rows).and_then(|row| row.get(usize::from(col)));
        sheet.set_column_width(col, if matches!(name, Some(Cell::Text(_))) { 22.0 } else { 13.0 })?;
    }
    Ok(workbook)
}
