//! What catches the eye in the client table: live, by A1 ranges and words, since Excel accepts no structured references
//! here.

use super::super::formula::Live;
use super::super::sheet::Column;
use super::super::style;
use super::{Row, Source};
use crate::field::{Field, Kind, Status};
use crate::value::MAX_COUNT;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatCustomIcon, ConditionalFormatDataBar,
    ConditionalFormatFormula, ConditionalFormatIconSet, ConditionalFormatIconType, ConditionalFormatType, Worksheet,
    XlsxError,
};

pub(super) fn add(
    sheet: &mut Worksheet,
    columns: &[Column<'_, Row<'_>>],
    last_row: u32,
    source: &Source<'_>,
    formulas: &Live<'_>,
) -> Result<(), XlsxError> {
    let words = formulas.words;
    let place = |id: &str| columns.iter().position(|column| column.id == id).map(|col| col as u16);
    let letters = |id: &str| place(id).map(crate::book::column_letters);
    for id in ["status", "computed_status"] {
        let Some(col) = place(id) else { continue };
        for status in Status::ALL {
            let rule = ConditionalFormatCell::new()
                .set_rule(ConditionalFormatCellRule::EqualTo(words.get("value", status.id())))
                .set_format(style::status(status));
            sheet.add_conditional_format(1, col, last_row, col, &rule)?;
        }
    }
    for (col, _) in (0u16..).zip(columns).filter(|(_, column)| column.id.starts_with("points:")) {
        let cell = format!("{}2", crate::book::column_letters(col));
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=IF(ISNUMBER({cell}),{cell}=0,FALSE)").as_str())
            .set_format(style::no_points());
        sheet.add_conditional_format(1, col, last_row, col, &rule)?;
    }
    if let Some(col) = place("worry") {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(words.get("value", "yes")))
            .set_format(style::worry());
        sheet.add_conditional_format(1, col, last_row, col, &rule)?;
    }
    for col in ["growth", "change"].into_iter().filter_map(place) {
        let cell = format!("{}2", crate::book::column_letters(col));
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=IF(ISNUMBER({cell}),{cell}<0,FALSE)").as_str())
            .set_format(style::negative());
        sheet.add_conditional_format(1, col, last_row, col, &rule)?;
    }
    // bars of scores out of different maxima would say that 2 of 2 is little
    for (id, top) in [("score", formulas.cards.maximum()), ("attainment", Some(1.5))] {
        let (Some(col), Some(top)) = (place(id), top) else { continue };
        let bar = ConditionalFormatDataBar::new()
            .use_classic_style()
            .set_fill_color(style::BAR)
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, top);
        sheet.add_conditional_format(1, col, last_row, col, &bar)?;
    }
    if let Some(col) = place("growth") {
        let threshold =
            |icon: ConditionalFormatCustomIcon, limit: f64| icon.set_rule(ConditionalFormatType::Number, limit);
        let arrows =
            ConditionalFormatIconSet::new().set_icon_type(ConditionalFormatIconType::ThreeArrows).set_icons(&[
                ConditionalFormatCustomIcon::new(),
                threshold(ConditionalFormatCustomIcon::new(), source.bases.usual().limits.growth.min(0.0)),
                threshold(ConditionalFormatCustomIcon::new(), 0.0),
            ]);
        sheet.add_conditional_format(1, col, last_row, col, &arrows)?;
    }
    for (col, column) in (0u16..).zip(columns) {
        let Some(test) = Field::from_id(&column.id).and_then(|field| unread(field.kind(), col)) else { continue };
        let rule = ConditionalFormatFormula::new().set_rule(test.as_str()).set_format(style::not_read());
        sheet.add_conditional_format(1, col, last_row, col, &rule)?;
    }
    if let (Some(status), Some(key), Some(client), Some(manager)) =
        (letters("status"), letters("key_account"), place("client"), place("account_manager"))
    {
        let rule = format!(
            "=AND(${key}2=\"{}\",${status}2=\"{}\")",
            words.get("value", "yes"),
            words.get("value", Status::AtRisk.id())
        );
        let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(style::key_at_risk());
        sheet.add_conditional_format(1, client, last_row, manager, &rule)?;
    }
    Ok(())
}

/// The formula that finds what a person typed and formulas do not read; nothing where any text is welcome.
fn unread(kind: Kind, col: u16) -> Option<String> {
    let cell = format!("{}2", crate::book::column_letters(col));
    let wrong = match kind {
        Kind::Count => format!("OR({cell}<0,{cell}>{MAX_COUNT},INT({cell})<>{cell})"),
        Kind::Survey => format!("OR({cell}<1,{cell}>10)"),
        Kind::Money | Kind::Date => "FALSE".to_owned(),
        Kind::Level => return Some(listed(&cell, "kt_levels")),
        Kind::Status => return Some(listed(&cell, "kt_statuses")),
        Kind::Stage => return Some(listed(&cell, "kt_stages")),
        _ => return None,
    };
    Some(format!("=IF(ISBLANK({cell}),FALSE,IF(ISNUMBER({cell}),{wrong},TRUE))"))
}

fn listed(cell: &str, list: &str) -> String {
    format!("=IF(ISBLANK({cell}),FALSE,COUNTIF({list},{cell})=0)")
}
