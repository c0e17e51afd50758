//! The blank form that a department fills in: headings at A1, what belongs where said by each cell that is selected, lists
//! to choose from, and an example row that the program knows by its first word and passes over.

use super::save;
use super::sheet::heading_width;
use super::style::{Look, Styles};
use super::words::Words;
use crate::field::{Field, Kind, Level};
use crate::language::Language;
use crate::value::MAX_COUNT;
use jiff::civil::Date;
use rust_xlsxwriter::{
    DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime, Format, Workbook,
    Worksheet, XlsxError,
};
use std::io;
use std::path::Path;

/// Rows that are made ready for typing.
const ROWS: u32 = 1_000;

/// A column of the form.
struct Column {
    field: Field,
    width: f64,
    look: Look,
    example: Example,
}

/// What the example row shows.
enum Example {
    Nothing,
    Number(f64),
    /// A word of the form, by id.
    Word(&'static str),
    Level(Level),
    /// A day so many days from the day of writing.
    Days(i32),
}

fn columns() -> Vec<Column> {
    use Example::{Days, Nothing, Number, Word};
    let of = |field, width, look, example| Column { field, width, look, example };
    vec![
        of(Field::Client, 32.0, Look::Name, Word("example_client")),
        of(Field::ClientId, 13.0, Look::Text, Nothing),
        of(Field::AccountManager, 20.0, Look::Text, Word("example_manager")),
        of(Field::OurContacts, 11.0, Look::Count, Number(3.0)),
        of(Field::ClientContacts, 11.0, Look::Count, Number(2.0)),
        of(Field::Meetings, 12.0, Look::Count, Number(4.0)),
        of(Field::DecisionLevel, 14.0, Look::Word, Example::Level(Level::Senior)),
        of(Field::SurveyScore, 10.0, Look::Score, Number(9.0)),
        of(Field::SurveyDate, 12.5, Look::Date, Days(-40)),
        of(Field::Comments, 30.0, Look::Wrapped, Word("example_comments")),
        of(Field::ActionPoints, 30.0, Look::Wrapped, Word("example_actions")),
        of(Field::RevenueLastYear, 14.0, Look::Money, Number(48_000.0)),
        of(Field::Target, 14.0, Look::Money, Number(52_000.0)),
        of(Field::RevenueCurrent, 14.0, Look::Money, Number(41_500.0)),
        of(Field::RenewalDate, 12.5, Look::Date, Days(150)),
        of(Field::LastThanked, 12.5, Look::Date, Days(-60)),
        of(Field::Referrals, 11.5, Look::Count, Number(1.0)),
    ]
}

/// Writes the form; the example's dates lie around `today`.
///
/// # Errors
/// What the system or the workbook's writer said.
pub fn write(target: &Path, language: Language, today: Date) -> io::Result<()> {
    save::workbook(build(Words::new(language), today).map_err(io::Error::other)?, &[], save::LEVEL, target)
}

fn build(words: Words, today: Date) -> Result<Workbook, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(today.year() as u16, today.month() as u8, today.day() as u8)?;
    workbook.set_properties(&DocProperties::new().set_author("keeptabs").set_creation_datetime(&created));
    let styles = Styles::new();
    let sheet = workbook.add_worksheet().set_name(words.get("sheet", "clients"))?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_row_height(0, 34.0)?;
    sheet.set_landscape().set_paper_size(9).set_repeat_rows(0, 0)?;
    sheet.set_print_fit_to_pages(1, 0);
    for (col, column) in (0u16..).zip(&columns()) {
        let heading = words.get("column", column.field.id());
        sheet.set_column_width(col, column.width.max(heading_width(heading)))?;
        sheet.write_string_with_format(0, col, heading, styles.heading(false, column.look))?;
        sheet.set_column_format(col, styles.get(column.look))?;
        example(sheet, col, column, styles.get(column.look), words, today)?;
        sheet.add_data_validation(1, col, ROWS, col, &validation(column.field, heading, words)?)?;
    }
    Ok(workbook)
}

fn example(
    sheet: &mut Worksheet,
    col: u16,
    column: &Column,
    look: &Format,
    words: Words,
    today: Date,
) -> Result<(), XlsxError> {
    let look = &super::style::stepped_back().merge(look).set_italic();
    match column.example {
        Example::Nothing => sheet.write_blank(1, col, look)?,
        Example::Number(number) => sheet.write_number_with_format(1, col, number, look)?,
        Example::Word(id) => sheet.write_string_with_format(1, col, words.get("form", id), look)?,
        Example::Level(level) => sheet.write_string_with_format(1, col, words.get("value", level.id()), look)?,
        Example::Days(days) => {
            let day = today.saturating_add(jiff::Span::new().days(days));
            let serial = ExcelDateTime::from_ymd(day.year() as u16, day.month() as u8, day.day() as u8)?;
            sheet.write_datetime_with_format(1, col, &serial, look)?
        }
    };
    Ok(())
}

/// What a cell says when it is selected, and what it warns of. A warning, not a refusal: what is typed all the same is told
/// by the run, with its cell.
fn validation(field: Field, heading: &str, words: Words) -> Result<DataValidation, XlsxError> {
    let (rule, hint) = match field.kind() {
        Kind::Level => {
            let levels = Level::ALL.map(|level| words.get("value", level.id()));
            (DataValidation::new().allow_list_strings(&levels)?, Some("hint_level"))
        }
        Kind::Survey => {
            let range = DataValidationRule::Between(1.0, 10.0);
            (DataValidation::new().allow_decimal_number(range), Some("hint_survey"))
        }
        Kind::Count => {
            let range = DataValidationRule::Between(0, MAX_COUNT as i32);
            (DataValidation::new().allow_whole_number(range), None)
        }
        Kind::Date => {
            let from = ExcelDateTime::from_ymd(1990, 1, 1)?;
            (DataValidation::new().allow_date(DataValidationRule::GreaterThanOrEqualTo(from)), None)
        }
        Kind::Money => {
            let range = DataValidationRule::Between(-1e12, 1e12);
            (DataValidation::new().allow_decimal_number(range), None)
        }
        _ => (DataValidation::new(), None),
    };
    let message = hint.map_or_else(|| words.get("form", field.id()), |hint| words.get("note", hint));
    rule.set_input_title(heading.chars().take(32).collect::<String>())?
        .set_input_message(message)?
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_message(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_form() {
        for language in Language::ALL {
            let mut book = build(Words::new(language), jiff::civil::date(2026, 11, 30)).unwrap();
            assert!(book.save_to_buffer().unwrap().len() > 5_000, "{language}");
        }
    }
}
