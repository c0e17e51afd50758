//! Actions: who worries us, what to do, and room to type who does it until when.

use super::department::{Source, page_setup};
use super::sentence;
use super::sheet::{Content, lines_of, put, set_lines};
use super::style::{self, Look, Styles};
use super::words::Words;
use crate::actions::{Action, COLUMNS};
use crate::field::{Field, Status};
use crate::score::{Flag, Kept, Rated, rate};
use crate::text::fold;
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Note, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// A client with its line.
struct Line<'a> {
    client: &'a str,
    rated: Option<Rated>,
    flags: String,
    next: String,
    manager: &'a str,
    action_points: &'a str,
    revenue: f64,
    action: Option<&'a Action>,
}

impl Line<'_> {
    fn urgency(&self) -> u8 {
        match &self.rated {
            Some(rated) if rated.shown == Status::AtRisk => 0,
            Some(rated) if rated.worry == Some(true) => 1,
            Some(_) => 2,
            None => 3,
        }
    }
}

/// Headings with their ids, for the sheet Lists.
pub(super) fn headings(words: Words) -> Vec<(String, String)> {
    let heading = |id: &str| words.find("actions", id).unwrap_or_else(|| words.get("column", id)).to_owned();
    COLUMNS.iter().map(|id| (heading(id), (*id).to_owned())).collect()
}

pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'_>,
    words: Words,
) -> Result<(), XlsxError> {
    let lines = lines(source, words);
    let widths = [32.0, 8.0, 11.0, 34.0, 44.0, 20.0, 13.0, 10.0, 36.0, 30.0, 10.0];
    for ((col, (heading, id)), width) in (0u16..).zip(headings(words)).zip(widths) {
        let typed = matches!(id.as_str(), "owner" | "due" | "done" | "note");
        let look = match id.as_str() {
            "score" | "status" | "due" | "done" => Look::Word,
            "client" => Look::Name,
            _ => Look::Indented,
        };
        sheet.set_column_width(col, width)?;
        sheet.write_string_with_format(0, col, heading, styles.heading(!typed, look))?;
    }
    sheet.set_row_height(0, 34)?.set_freeze_panes(1, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let name = sheet.name();
    page_setup::headed(sheet, source, &name, words);
    let last_row = (lines.len() as u32).max(1);
    sheet.autofilter(0, 0, last_row, COLUMNS.len() as u16 - 1)?;
    sheet.set_column_hidden(COLUMNS.len() as u16 - 1)?;
    let note = Note::new(words.get("actions", "hint")).set_author("keeptabs").add_author_prefix(false);
    sheet.insert_note(0, 5, &note)?;
    for (row, line) in (1u32..).zip(&lines) {
        let action = line.action;
        let text = |text: Option<&String>| text.map_or(Content::Empty, |text| Content::text(text));
        let owner = action.and_then(|action| action.owner.as_deref()).unwrap_or(line.manager);
        let status = line.rated.as_ref().map_or("", |rated| words.get("value", rated.shown.id()));
        let cells = [
            (Look::Name, Content::text(line.client)),
            (Look::Total, Content::number(line.rated.as_ref().and_then(|rated| rated.score))),
            (Look::Word, Content::text(status)),
            (Look::Indented, Content::text(&line.flags)),
            (Look::Indented, Content::text(&line.next)),
            (Look::Indented, Content::text(owner)),
            (Look::Date, action.and_then(|a| a.due).map_or(Content::Empty, |day| Content::Date(f64::from(day)))),
            (Look::Word, text(action.and_then(|action| action.done.as_ref()))),
            (Look::Indented, text(action.and_then(|action| action.note.as_ref()))),
            (Look::Indented, Content::text(line.action_points)),
            (Look::Text, Content::Text(fold(line.client))),
        ];
        for (col, (look, content)) in (0u16..).zip(&cells) {
            put(sheet, styles, row, col, *look, content)?;
        }
        let lines = cells.iter().zip(widths).map(|((look, content), width)| lines_of(*look, width, content)).max();
        set_lines(sheet, row, lines.unwrap_or(1).max(2))?;
    }
    super::glance::status_colours(sheet, 1, 2, last_row, 2, words)?;
    let overdue = ConditionalFormatFormula::new()
        .set_rule("=IF(ISNUMBER($G2),AND($G2<kt_as_of,$H2=\"\"),FALSE)")
        .set_format(style::overdue());
    sheet.add_conditional_format(1, 6, last_row, 6, &overdue)?;
    let day = DataValidation::new()
        .allow_decimal_number(DataValidationRule::GreaterThan(36_526.0))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_message(words.get("actions", "hint_due"))?
        .set_input_message(words.get("actions", "hint_due"))?;
    sheet.add_data_validation(1, 6, last_row + 200, 6, &day)?;
    let done = DataValidation::new()
        .allow_list_strings(&[words.get("value", "yes")])?
        .set_error_style(DataValidationErrorStyle::Information);
    sheet.add_data_validation(1, 7, last_row + 200, 7, &done)?;
    Ok(())
}

/// What is typed on the sheet.
pub(super) fn typed<'a>(source: &'a Source<'_>, words: Words) -> Vec<&'a Action> {
    lines(source, words).into_iter().filter_map(|line| line.action).collect()
}

/// Clients that worry or shrink, in the order of the Summary: at risk, then the other worries, then those that only shrink,
/// each by revenue; then what is still open for others.
fn lines<'a>(source: &'a Source<'_>, words: Words) -> Vec<Line<'a>> {
    let book = &source.parsed.book;
    let mut typed: BTreeMap<String, &Action> = source.actions.iter().map(|action| (action.key(), action)).collect();
    let mut lines = Vec::new();
    for (table, facts) in source.parsed.tables.iter().zip(source.facts) {
        let kept = Kept::of(table);
        for (account, fact) in table.accounts().zip(facts) {
            if fact.counted != 1 {
                continue;
            }
            let client = account.client(book);
            let rated = rate(&account, &source.basis, kept);
            let action = typed.remove(&fold(client));
            let flagged = rated.worry == Some(true) || rated.flags.contains(&Flag::Shrinking);
            if !flagged && action.is_none_or(|action| action.done.is_some()) {
                continue;
            }
            lines.push(Line {
                client,
                flags: sentence::flags(words, &rated),
                next: sentence::next_step(words, &account, &rated, &source.basis, &source.config.own_columns),
                manager: account.text(Field::AccountManager, book).unwrap_or_default(),
                action_points: account.text(Field::ActionPoints, book).unwrap_or_default(),
                revenue: account.input(Field::RevenueLastYear).number().unwrap_or(0.0),
                rated: Some(rated),
                action,
            });
        }
    }
    // a client that is no longer listed keeps what was left to do
    let left = typed.into_values().filter(|action| action.done.is_none());
    lines.extend(left.map(|action| Line {
        client: &action.client,
        rated: None,
        flags: String::new(),
        next: String::new(),
        manager: "",
        action_points: "",
        revenue: 0.0,
        action: Some(action),
    }));
    lines.sort_by(|a, b| {
        let order = a.urgency().cmp(&b.urgency()).then(b.revenue.total_cmp(&a.revenue));
        order.then_with(|| a.client.cmp(b.client))
    });
    lines
}
