//! What may be typed where, so that the client table can be filled in further.

use super::super::sheet::Column;
use super::super::words::Words;
use super::Row;
use crate::field::{Field, Kind};
use crate::value::MAX_COUNT;
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, DataValidationRule, Worksheet, XlsxError};

/// What may be typed where, so that the sheet can be filled in further.
pub(super) fn add(
    sheet: &mut Worksheet,
    columns: &[Column<'_, Row<'_>>],
    last_row: u32,
    words: Words,
) -> Result<(), XlsxError> {
    for (col, column) in (0u16..).zip(columns) {
        let Some(field) = Field::from_id(&column.id) else {
            continue;
        };
        let (rule, hint) = match field.kind() {
            Kind::Level => (DataValidation::new().allow_list_formula("=kt_levels".into()), "hint_level"),
            Kind::Status => (DataValidation::new().allow_list_formula("=kt_statuses".into()), "hint_status"),
            Kind::Stage => (DataValidation::new().allow_list_formula("=kt_stages".into()), "hint_stage"),
            Kind::Count => {
                let range = DataValidationRule::Between(0, MAX_COUNT as i32);
                (DataValidation::new().allow_whole_number(range), "hint_count")
            }
            Kind::Survey => {
                let range = DataValidationRule::Between(1.0, 10.0);
                (DataValidation::new().allow_decimal_number(range), "hint_survey")
            }
            _ => continue,
        };
        let rule = rule.set_input_title(column.heading.chars().take(32).collect::<String>())?;
        let rule = rule.set_input_message(words.get("note", hint))?;
        let rule = rule.set_error_style(DataValidationErrorStyle::Warning);
        let rule = rule.set_error_message(words.get("note", hint))?;
        sheet.add_data_validation(1, col, last_row, col, &rule)?;
    }
    Ok(())
}
