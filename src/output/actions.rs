//! Actions: who worries us, what to do, and room to type who does it until when.

use super::department::{Source, page_setup};
use super::rows::Rows;
use super::sentence;
use super::sheet::{self, Column, Content, Marked, Value};
use super::style::{self, Look, Styles};
use super::words::Words;
use crate::actions::{Action, COLUMNS};
use crate::field::{Field, Status};
use crate::score::{Flag, Kept, Rated, rate};
use crate::text::fold;
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, Worksheet, XlsxError,
};
use std::collections::BTreeMap;
use std::sync::Arc;

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

pub(super) fn write<'a>(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'a>,
    words: Words,
) -> Result<Rows<'a>, XlsxError> {
    let lines = lines(source, words);
    sheet.set_row_height(0, 34)?.set_freeze_panes(1, 1)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let name = sheet.name();
    page_setup::headed(sheet, source, &name, words);
    let last_row = (lines.len() as u32).max(1);
    sheet.set_column_hidden(COLUMNS.len() as u16 - 1)?;
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
    let rows = (lines.len(), move |number: usize| Arc::clone(&lines[number]));
    sheet::write(sheet, styles, columns(words), rows, None, Marked { lines: 2, ..Marked::default() })
}

/// Every column with its content; the widths leave room for what is typed.
fn columns<'a>(words: Words) -> Vec<Column<'a, Arc<Line<'a>>>> {
    let shapes = [
        (32.0, Look::Name),
        (8.0, Look::Total),
        (11.0, Look::Word),
        (34.0, Look::Indented),
        (44.0, Look::Indented),
        (20.0, Look::Indented),
        (13.0, Look::Date),
        (10.0, Look::Word),
        (36.0, Look::Indented),
        (30.0, Look::Indented),
        (10.0, Look::Text),
    ];
    let column = |((heading, id), (width, look)): ((String, String), (f64, Look))| Column::<'a, Arc<Line<'a>>> {
        computed: !matches!(id.as_str(), "owner" | "due" | "done" | "note"),
        note: (id == "owner").then(|| words.get("actions", "hint").to_owned()),
        value: value(&id, words),
        id,
        heading,
        width,
        look,
        original: None,
        formula: None,
    };
    headings(words).into_iter().zip(shapes).map(column).collect()
}

fn value<'a>(id: &str, words: Words) -> Value<'a, Arc<Line<'a>>> {
    fn typed(line: &Line<'_>, of: fn(&Action) -> Option<&String>) -> Content {
        line.action.and_then(of).map_or(Content::Empty, |text| Content::text(text))
    }
    match id {
        "client" => Box::new(|line| Content::text(line.client)),
        "score" => Box::new(|line| Content::number(line.rated.as_ref().and_then(|rated| rated.score))),
        "status" => Box::new(move |line| {
            line.rated.as_ref().map_or(Content::Empty, |rated| Content::text(words.get("value", rated.shown.id())))
        }),
        "flags" => Box::new(|line| Content::text(&line.flags)),
        "next_step" => Box::new(|line| Content::text(&line.next)),
        "owner" => Box::new(|line| {
            Content::text(line.action.and_then(|action| action.owner.as_deref()).unwrap_or(line.manager))
        }),
        "due" => Box::new(|line| {
            line.action.and_then(|action| action.due).map_or(Content::Empty, |day| Content::Date(f64::from(day)))
        }),
        "done" => Box::new(|line| typed(line, |action| action.done.as_ref())),
        "note" => Box::new(|line| typed(line, |action| action.note.as_ref())),
        "action_points" => Box::new(|line| Content::text(line.action_points)),
        _ => Box::new(|line| Content::Text(fold(line.client))),
    }
}

/// What is typed on the sheet.
pub(super) fn typed<'a>(source: &Source<'a>, words: Words) -> Vec<&'a Action> {
    lines(source, words).iter().filter_map(|line| line.action).collect()
}

/// Clients that worry or shrink, in the order of the Summary: at risk, then the other worries, then those that only shrink,
/// each by revenue; then what is still open for others.
fn lines<'a>(source: &Source<'a>, words: Words) -> Vec<Arc<Line<'a>>> {
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
            let rated = rate(&account, source.bases.of(&account), kept);
            let action = typed.remove(&fold(client));
            let flagged = rated.worry == Some(true) || rated.flags.contains(&Flag::Shrinking);
            if !flagged && action.is_none_or(|action| action.done.is_some()) {
                continue;
            }
            lines.push(Line {
                client,
                flags: sentence::flags(words, &rated),
                next: sentence::next_step(
                    words,
                    &account,
                    &rated,
                    source.bases.of(&account),
                    &source.config.own_columns,
                ),
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
    lines.into_iter().map(Arc::new).collect()
}
