//! The columns of tables of clients and accounts, each by its id: heading, look, value and, where it follows a limit on
//! the Method sheet, formula.

use super::super::rows::Rows;
use super::super::sentence;
use super::super::sheet::{self, Column, Content, Marked};
use super::super::style::{self, Look};
use super::super::{formula, glance};
use super::trend::{self, Whose};
use super::{ACCOUNTS, CLIENTS, View, actions};
use crate::account::{Input, Value};
use crate::field::{Field, Kind, Status};
use crate::portfolio::Evidence;
use crate::roster::{Line, Sum};
use crate::score::Inputs;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatFormula,
    ConditionalFormatType, Worksheet, XlsxError,
};
use std::collections::BTreeSet;

/// A table of lines that is being laid out.
#[derive(Clone, Copy)]
pub(super) struct Lines<'v> {
    pub(super) view: &'v View<'v>,
    /// Name of the Excel table.
    pub(super) table: &'static str,
    /// Whether columns that follow the limits are formulas.
    pub(super) live: bool,
}

/// How a word that stands for a status, a level or an answer is shown.
fn yes_or_nothing(view: &View<'_>, answer: bool) -> Content {
    Content::text(if answer { view.words.get("value", "yes") } else { "" })
}

pub(super) fn evidence(view: &View<'_>, evidence: Option<Evidence>) -> Content {
    let id = match evidence {
        Some(Evidence::Evident) => "evident",
        Some(Evidence::WantOfData) => "want_of_data",
        None => return Content::Empty,
    };
    Content::text(view.words.get("evidence", id))
}

pub(super) fn sum(sum: Sum) -> Content {
    match sum {
        Sum::Unknown => Content::Empty,
        Sum::One(amount) => Content::Number(amount),
        Sum::Several(text) => Content::Text(text),
    }
}

pub(super) fn next_step(view: &View<'_>, line: &Line<'_>) -> String {
    let assessed = line.assessed;
    let own = &view.source.config.own_columns;
    sentence::next_step(view.words, &assessed.inputs, &assessed.rated, assessed.basis, own)
}

pub(super) fn why(view: &View<'_>, line: &Line<'_>) -> String {
    let assessed = line.assessed;
    let own = &view.source.config.own_columns;
    sentence::why(view.words, &assessed.inputs, &assessed.rated, assessed.basis, own)
}

pub(super) fn known(view: &View<'_>, line: &Line<'_>) -> String {
    let assessed = line.assessed;
    let (known, of) = (assessed.rated.known.to_string(), assessed.basis.card.counted().to_string());
    view.words.fill("why", "known", &[("known", &known), ("of", &of)])
}

impl Lines<'_> {
    /// Whether the lines are accounts of departments, not clients of the organisation.
    pub(super) fn are_accounts(&self) -> bool {
        self.table == ACCOUNTS
    }
}

impl<'v> Lines<'v> {
    /// The columns with these ids, from left to right.
    pub(super) fn columns(&self, ids: &[&str]) -> Vec<Column<'v, &'v Line<'v>>> {
        ids.iter().map(|id| self.column(id)).collect()
    }

    fn column(&self, id: &str) -> Column<'v, &'v Line<'v>> {
        let view = self.view;
        let words = view.words;
        let field = Field::from_id(id);
        let (width, look) = shape(id);
        Column {
            id: id.to_owned(),
            heading: view.heading(id).to_owned(),
            computed: field.is_none_or(|field| matches!(field, Field::Client | Field::AccountManager)),
            width: width.max(sheet::heading_width(view.heading(id))),
            look,
            note: words.find("org_note", id).map(str::to_owned),
            original: None,
            formula: self.live.then(|| self.formula(id)).flatten(),
            value: match field {
                Some(field) if field.kind() != Kind::Text && field != Field::Currency => {
                    Box::new(move |line| input(view, line, field))
                }
                _ => self.value(id),
            },
        }
    }

    fn value(&self, id: &str) -> Box<dyn Fn(&&'v Line<'v>) -> Content + Send + Sync + 'v> {
        let view = self.view;
        let words = view.words;
        let portfolio = view.source.portfolio;
        let lines = *self;
        match id {
            "rank" => Box::new(|line| Content::number(line.standing.map(|(_, standing)| standing.rank as f64))),
            "client" => Box::new(|line| Content::text(line.name)),
            "client_id" => Box::new(|line| Content::text(&line.ids.join("; "))),
            "departments" | "department" => Box::new(move |line| Content::text(&view.departments(line))),
            "account_managers" | "account_manager" => Box::new(move |line| {
                Content::text(&if line.managers.is_empty() { String::new() } else { view.managers(line) })
            }),
            "score" => Box::new(|line| Content::number(line.assessed.rated.score)),
            "status" => Box::new(move |line| Content::text(words.get("value", line.shown.id()))),
            "computed_status" => {
                Box::new(move |line| Content::text(words.get("value", line.assessed.rated.computed.id())))
            }
            "flags" => Box::new(move |line| Content::text(&sentence::flags(words, &line.assessed.rated))),
            "next_step" => Box::new(move |line| Content::text(&next_step(view, line))),
            "why" => Box::new(move |line| Content::text(&why(view, line))),
            "known" => Box::new(move |line| Content::text(&known(view, line))),
            "best_case" => Box::new(|line| Content::Number(line.assessed.rated.best)),
            "lowest_score" => Box::new(move |line| {
                Content::number(line.lowest.and_then(|lowest| portfolio.accounts[lowest].rated.score))
            }),
            "lowest_department" => Box::new(move |line| {
                let department = line.lowest.map(|lowest| view.department(portfolio.accounts[lowest].department));
                Content::text(department.filter(|_| line.departments.len() > 1).unwrap_or_default())
            }),
            "account_at_risk" => {
                Box::new(move |line| yes_or_nothing(view, line.account_at_risk && line.shown != Status::AtRisk))
            }
            "currency" => Box::new(move |line| {
                Content::text(line.currency().map(|currency| currency.code().to_owned()).unwrap_or_default().as_str())
            }),
            "attainment" => Box::new(|line| Content::number(line.assessed.rated.attainment)),
            "growth" => Box::new(|line| Content::number(line.assessed.rated.growth)),
            "revenue_at_risk" => Box::new(|line| sum(line.revenue_at_risk())),
            "evidence" => Box::new(move |line| evidence(view, line.at_risk)),
            "share" => Box::new(|line| Content::number(line.standing.map(|(_, standing)| standing.share))),
            "cumulative" => Box::new(|line| Content::number(line.standing.map(|(_, standing)| standing.cumulative))),
            "key_account" => Box::new(move |line| yes_or_nothing(view, line.key)),
            "new" => Box::new(move |line| yes_or_nothing(view, line.new)),
            "worry" => Box::new(move |line| answer(view, line.assessed.rated.worry)),
            "kpi_met" => Box::new(move |line| answer(view, line.assessed.rated.kpi_met)),
            "previous_score" => {
                Box::new(move |line| Content::number(lines.before(line).and_then(|before| before.score)))
            }
            "previous_month" => Box::new(move |line| Content::text(&lines.month_before(line).unwrap_or_default())),
            "change" => Box::new(move |line| Content::number(lines.change(line))),
            "what_changed" => Box::new(move |line| Content::text(&lines.said(line))),
            // the sparkline is drawn over the empty cell
            "trend" => Box::new(|_| Content::Empty),
            "action" => Box::new(move |line| Content::text(&actions::said(view, line))),
            "one_away" => Box::new(move |line| yes_or_nothing(view, line.assessed.rated.one_point_away)),
            "comments" => Box::new(move |line| Content::text(&view.notes(line.comments))),
            "action_points" => Box::new(move |line| Content::text(&view.notes(line.action_points))),
            "source_file" => Box::new(move |line| {
                Content::text(&self::sources(view, line, |entry| entry.source.file_name.to_owned()))
            }),
            "source_sheet" => {
                Box::new(move |line| Content::text(&self::sources(view, line, |entry| entry.source.sheet.to_owned())))
            }
            "source_rows" => Box::new(move |line| match line.merged.entries.as_slice() {
                [entry] => Content::Number(f64::from(view.source.entries[*entry].source.row) + 1.0),
                _ => Content::text(&self::sources(view, line, |entry| (entry.source.row + 1).to_string())),
            }),
            "client_number" => Box::new(|line| Content::Number(line.client as f64 + 1.0)),
            "department_number" => {
                Box::new(|line| Content::number(line.departments.first().map(|&place| place as f64 + 1.0)))
            }
            "manager_number" => {
                Box::new(|line| Content::Number(line.managers.first().map_or(0.0, |&place| place as f64 + 1.0)))
            }
            "scorecard" => Box::new(move |line| Content::Number(view.card_number(line) as f64)),
            _ => unreachable!("BUG: no column {id}"),
        }
    }

    fn cell(&self, id: &str) -> String {
        format!("{}[[#This Row],[{}]]", self.table, self.view.heading(id))
    }

    /// The formula of a column that follows the limits on the Method sheet.
    fn formula(&self, id: &str) -> Option<String> {
        let words = self.view.words;
        let (yes, no) = (self.view.yes(), formula::quoted(words.get("value", "no")));
        let limit = match self.view.cards.len() {
            0 | 1 => "kt_kpi".to_owned(),
            _ => format!("INDEX(kt_kpi,{})", self.cell("scorecard")),
        };
        let score = self.cell("score");
        Some(match id {
            "kpi_met" => format!("IF(ISNUMBER({score}),IF({score}>={limit},{yes},{no}),\"\")"),
            "one_away" => {
                format!("IF(ISNUMBER({score}),IF({score}<{limit},IF({score}>={limit}-1,{yes},\"\"),\"\"),\"\")")
            }
            // a client is in as long as those before it do not reach the share; sums of shares are a rounding off
            "key_account" if self.table == CLIENTS => {
                let (share, cumulative) = (self.cell("share"), self.cell("cumulative"));
                format!("IF(ISNUMBER({share}),IF({cumulative}-{share}<kt_key_share-0.000000001,{yes},\"\"),\"\")")
            }
            "key_account" => {
                format!("INDEX({},{})", self.view.column(CLIENTS, "key_account"), self.cell("client_number"))
            }
            _ => return None,
        })
    }
}

fn answer(view: &View<'_>, answer: Option<bool>) -> Content {
    Content::text(match answer {
        Some(true) => view.words.get("value", "yes"),
        Some(false) => view.words.get("value", "no"),
        None => "",
    })
}

fn input(view: &View<'_>, line: &Line<'_>, field: Field) -> Content {
    if field.kind() == Kind::Money {
        return sum(line.amount(field));
    }
    match line.assessed.inputs.input(field) {
        Input::Known(Value::Number(number)) => Content::Number(number),
        Input::Known(Value::Date(day)) => Content::Date(f64::from(day)),
        Input::Known(Value::Level(level)) => Content::text(view.words.get("value", level.id())),
        // what could not be read is missing here; its department's workbook shows it
        _ => Content::Empty,
    }
}

/// What the rows behind a line have in common, or each of them.
fn sources(view: &View<'_>, line: &Line<'_>, of: impl Fn(&crate::portfolio::Entry<'_>) -> String) -> String {
    let mut seen = BTreeSet::new();
    let texts = line.merged.entries.iter().map(|&entry| of(&view.source.entries[entry]));
    texts.filter(|text| seen.insert(text.clone())).collect::<Vec<_>>().join("; ")
}

/// Width and look by id.
fn shape(id: &str) -> (f64, Look) {
    match id {
        "rank" => (7.0, Look::Count),
        "client" => (32.0, Look::Name),
        "client_id" => (12.0, Look::Text),
        "departments" | "account_managers" => (22.0, Look::Indented),
        "department" | "account_manager" => (19.0, Look::Text),
        "score" => (7.5, Look::Total),
        "lowest_score" => (9.5, Look::Score),
        "lowest_department" => (13.0, Look::Text),
        "status" | "computed_status" => (11.0, Look::Word),
        "flags" => (30.0, Look::Indented),
        "next_step" => (38.0, Look::Indented),
        "why" => (50.0, Look::Indented),
        "evidence" => (14.0, Look::Word),
        "our_contacts" | "client_contacts" | "referrals" => (9.5, Look::Count),
        "meetings" | "decision_level" => (11.0, if id == "meetings" { Look::Count } else { Look::Word }),
        "survey_score" => (9.0, Look::Score),
        "change" => (8.5, Look::Change),
        "previous_score" => (9.5, Look::Score),
        "previous_month" => (16.0, Look::Word),
        "what_changed" => (46.0, Look::Indented),
        "trend" => (14.0, Look::Text),
        "action" => (26.0, Look::Indented),
        "survey_date" | "renewal_date" | "last_thanked" => (11.5, Look::Date),
        "currency" => (9.5, Look::Word),
        "revenue_last_year" | "target" | "revenue_current" => (13.0, Look::Money),
        "revenue_at_risk" => (13.0, Look::MoneyOrNothing),
        "attainment" | "growth" => (11.0, Look::Percent),
        "share" | "cumulative" => (11.0, Look::Share),
        "best_case" => (8.5, Look::Score),
        "comments" | "action_points" => (28.0, Look::Indented),
        "source_file" => (40.0, Look::Text),
        "source_sheet" => (16.0, Look::Text),
        "client_number" | "department_number" | "manager_number" | "scorecard" => (9.0, Look::Count),
        "account_at_risk" => (12.0, Look::Word),
        _ => (10.5, Look::Word),
    }
}

/// Colours of a table of lines: status, score bar, growth, key accounts at risk.
pub(super) fn conditional_formats(
    sheet: &mut Worksheet,
    columns: &[Column<'_, &Line<'_>>],
    rows: usize,
    view: &View<'_>,
) -> Result<(), XlsxError> {
    let last_row = rows.max(1) as u32;
    let words = view.words;
    let place = |id: &str| (0u16..).zip(columns).find(|(_, column)| column.id == id).map(|(col, _)| col);
    for id in ["status", "computed_status"] {
        if let Some(col) = place(id) {
            glance::status_colours(sheet, 1, col, last_row, col, words)?;
        }
    }
    if let Some(col) = place("worry") {
        let rule = ConditionalFormatCell::new()
            .set_rule(ConditionalFormatCellRule::EqualTo(words.get("value", "yes")))
            .set_format(style::worry());
        sheet.add_conditional_format(1, col, last_row, col, &rule)?;
    }
    if let Some(col) = place("action") {
        nobody_acts(sheet, (1, last_row), col, view)?;
    }
    if let Some(col) = place("growth") {
        let cell = format!("{}2", crate::book::column_letters(col));
        let rule = ConditionalFormatFormula::new()
            .set_rule(format!("=IF(ISNUMBER({cell}),{cell}<0,FALSE)").as_str())
            .set_format(style::negative());
        sheet.add_conditional_format(1, col, last_row, col, &rule)?;
    }
    let top = view.cards.iter().map(|card| card.maximum()).fold(0.0, f64::max);
    if let Some(col) = place("score").filter(|_| top > 0.0) {
        let bar = ConditionalFormatDataBar::new()
            .use_classic_style()
            .set_fill_color(style::BAR)
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, top);
        sheet.add_conditional_format(1, col, last_row, col, &bar)?;
    }
    if let (Some(status), Some(key), Some(client)) = (place("status"), place("key_account"), place("client")) {
        let letters = crate::book::column_letters;
        let at_risk = formula::quoted(words.get("value", Status::AtRisk.id()));
        let rule = format!("=AND(${}2={},${}2={at_risk})", letters(key), view.yes(), letters(status));
        let rule = ConditionalFormatFormula::new().set_rule(rule.as_str()).set_format(style::key_at_risk());
        sheet.add_conditional_format(1, client, last_row, client, &rule)?;
    }
    Ok(())
}

/// Marks the cells that say that nobody acts.
pub(super) fn nobody_acts(
    sheet: &mut Worksheet,
    (first, last): (u32, u32),
    col: u16,
    view: &View<'_>,
) -> Result<(), XlsxError> {
    let rule = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::EqualTo(view.words.get("org_action", "none")))
        .set_format(style::negative());
    sheet.add_conditional_format(first, col, last, col, &rule)?;
    Ok(())
}

/// Lays out the page of a table of lines: the columns up to `last` fill the first page's width.
pub(super) fn lay_out(
    sheet: &mut Worksheet,
    columns: &[Column<'_, &Line<'_>>],
    frozen: &str,
    last: &str,
) -> Result<(), XlsxError> {
    let place = |id: &str| columns.iter().position(|column| column.id == id);
    let frozen = place(frozen).unwrap_or(0) as u16;
    sheet.set_row_height(0, sheet::heading_height(columns))?;
    sheet.set_freeze_panes(1, frozen + 1)?;
    sheet.set_landscape().set_paper_size(9).set_margins(0.4, 0.4, 0.6, 0.6, 0.3, 0.3);
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_repeat_columns(0, frozen)?;
    if let Some(last) = place(last) {
        let width: f64 = columns[..=last].iter().map(|column| column.width * 7.0 + 5.0).sum();
        sheet.set_print_scale((960.0 / width * 100.0).floor().clamp(30.0, 100.0) as u16);
        if last + 1 < columns.len() {
            sheet.set_vertical_page_breaks(&[last as u32 + 1])?;
        }
    }
    for (col, column) in (0u16..).zip(columns) {
        if column.id.ends_with("_number") || column.id == "scorecard" {
            sheet.set_column_hidden(col)?;
        }
    }
    Ok(())
}

/// Writes a table of lines with its layout and colours.
pub(super) fn table<'v>(
    lines: &Lines<'v>,
    ids: &[&str],
    rows: &'v [Line<'v>],
    (frozen, last): (&str, &str),
    sheet: &mut Worksheet,
    styles: &mut super::super::style::Styles,
) -> Result<Rows<'v>, XlsxError> {
    let columns = lines.columns(ids);
    lay_out(sheet, &columns, frozen, last)?;
    conditional_formats(sheet, &columns, rows.len(), lines.view)?;
    if let Some((col, _)) = (0u16..).zip(&columns).find(|(_, column)| column.id == "trend") {
        for (row, line) in (1u32..).zip(rows.iter().take(trend::MAX_CLIENTS)) {
            if let Some(drawn) = trend::sparkline(lines.view, Whose::Client(line.client)) {
                sheet.add_sparkline(row, col, &drawn)?;
            }
        }
    }
    let table = lines.live.then_some(lines.table);
    sheet::write(sheet, styles, columns, (rows.len(), |number| &rows[number]), table, Marked::default())
}
