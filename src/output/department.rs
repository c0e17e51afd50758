//! The workbook that a department gets back: its client table, scored and alive, with Data quality and Method.

use super::formula::{Has, Live};
use super::sheet::{self, Column, Content};
use super::style::{self, Look, Styles};
use super::words::Words;
use super::{actions, glance, lists, method, progress, quality, save, sentence};
use crate::account::{Account, ClientTable, Input, Measure, OwnKind, Parsed, Value};
use crate::actions::Action;
use crate::book::{Book, Cell, ErrorValue, FormatId};
use crate::config::Config;
use crate::field::{Field, Kind, Status};
use crate::finding::Finding;
use crate::history::Change;
use crate::language::Language;
use crate::mapping::{OwnHeading, SheetMap};
use crate::period::Period;
use crate::score::{Basis, Kept, Rated, rate};
use crate::value::MAX_COUNT;
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatDataBar, ConditionalFormatFormula,
    ConditionalFormatType, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties, ExcelDateTime,
    Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// What the portfolio knows about an account.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fact {
    /// Its client's share of the organisation's revenue.
    pub share: Option<f64>,
    /// Whether its client is a key account of the organisation.
    pub key: bool,
    /// 1: counted; 0: a further line of an account, whose revenue counts; -1: a duplicate, prospect or former client.
    pub counted: i8,
    /// Who looks after it, as the organisation writes the name.
    pub manager: Option<String>,
    /// What changed since the department was last delivered.
    pub change: Option<Change>,
    /// Rows of its account: of several, none has the account's score.
    pub lines: usize,
}

impl Fact {
    /// The change that holds for the row itself.
    fn own_change(&self) -> Option<&Change> {
        self.change.as_ref().filter(|_| self.lines <= 1)
    }
}

/// What a department's result is made of.
pub struct Source<'a> {
    /// Path below the inbox, with forward slashes.
    pub path: &'a str,
    /// Hash of its content.
    pub hash: &'a str,
    /// Name of the department.
    pub department: &'a str,
    /// What was read.
    pub parsed: &'a Parsed,
    /// What became of each sheet.
    pub sheets: &'a [SheetMap],
    /// What the portfolio knows, by table and account.
    pub facts: &'a [Vec<Fact>],
    /// What the department typed beside its clients.
    pub actions: &'a [Action],
    /// What was found.
    pub findings: &'a [Finding],
    /// The configuration.
    pub config: &'a Config,
    /// How accounts are rated.
    pub basis: Basis<'a>,
    /// The reporting month.
    pub period: Period,
    /// Values instead of formulas.
    pub values: bool,
}

/// Where a client table of the source stands in the result.
pub(super) struct Placed<'a> {
    pub(super) table: &'a ClientTable,
    pub(super) sheet_name: String,
    pub(super) source_name: &'a str,
    /// Source column → column here.
    pub(super) columns: Vec<(u16, u16)>,
    pub(super) live: Option<Live<'a>>,
}

/// One row of the client table.
struct Row<'a> {
    account: Account<'a>,
    rated: Rated,
    fact: Fact,
}

/// Writes the result.
///
/// # Errors
/// What the system or the workbook's writer said.
pub fn write(source: &Source<'_>, target: &Path) -> io::Result<()> {
    let workbook = build(source).map_err(io::Error::other)?;
    save::workbook(workbook, target)
}

fn build(source: &Source<'_>) -> Result<Workbook, XlsxError> {
    let words = Words::new(source.config.language);
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(source.config.compression);
    workbook.set_properties(&properties(source)?);
    let mut styles = Styles::new();
    let mut names = SheetNames::default();
    let book = &source.parsed.book;
    let mut placed = Vec::new();
    let mut noted = Vec::new();
    for (index, table) in source.parsed.tables.iter().enumerate() {
        let source_name = book.sheets[table.sheet].name.as_str();
        let sheet_name = names.take(source_name, words.get("sheet", "clients"));
        let live = !source.values && table.len() < source.config.live_rows;
        let mut place = Placed { table, sheet_name, source_name, columns: Vec::new(), live: None };
        let kept = Kept::of(table);
        let suffix = if index == 0 { String::new() } else { format!("_{}", index + 1) };
        let formulas = Live {
            table: format!("Clients{suffix}"),
            suffix,
            card: source.basis.card,
            words,
            own_headings: vec![None; source.config.own_columns.len()],
            config: source.config,
            has: Has {
                survey_date: table.keeps(Field::SurveyDate),
                thanked: table.keeps(Field::LastThanked),
                renewal: table.keeps(Field::RenewalDate),
                stage: table.keeps(Field::Stage),
            },
            money_flags: source.basis.money_flags,
        };
        let facts = source.facts.get(index).map(Vec::as_slice).unwrap_or_default();
        let compared = facts.iter().filter_map(|fact| fact.change.as_ref()).any(|own| own.previous_month.is_some());
        let shown = Shown { live, compared };
        let (columns, formulas) = columns(source, table, words, formulas, &mut place.columns, shown);
        let sheet = if live { workbook.add_worksheet() } else { workbook.add_worksheet_with_constant_memory()? };
        sheet.set_name(&place.sheet_name)?;
        lay_out(sheet, source, &place.sheet_name, &columns, words)?;
        let rows = table.accounts().enumerate().map(|(i, account)| Row {
            account,
            rated: rate(&account, &source.basis, kept),
            fact: facts.get(i).cloned().unwrap_or_default(),
        });
        let name = live.then_some(formulas.table.as_str());
        // conditional formats go first: constant memory flushes rows, not formats, but the range must be known
        conditional_formats(sheet, &columns, table.len().max(1) as u32, source.basis.card.maximum(), words)?;
        sheet::write(sheet, &mut styles, &columns, rows, name)?;
        validations(sheet, &columns, table.len().max(1) as u32, words)?;
        noted.extend(columns.iter().map(|column| lists::Noted {
            table: formulas.table.clone(),
            heading: column.heading.clone(),
            id: column.id.clone(),
            sheet: place.sheet_name.clone(),
            original: column.original.clone(),
        }));
        place.live = live.then_some(formulas);
        drop(columns);
        placed.push(place);
    }
    let summary_name = names.take_ours(words.get("sheet", "summary"));
    glance::write(workbook.add_worksheet().set_name(&summary_name)?, &mut styles, source, &placed, words)?;
    let actions_name = names.take_ours(words.get("sheet", "actions"));
    actions::write(workbook.add_worksheet().set_name(&actions_name)?, &mut styles, source, words)?;
    noted.extend(actions::headings(words).into_iter().map(|(heading, id)| lists::Noted {
        table: "Actions".to_owned(),
        heading,
        id,
        sheet: actions_name.clone(),
        original: None,
    }));
    let quality_name = names.take_ours(words.get("sheet", "quality"));
    let method_name = names.take_ours(words.get("sheet", "method"));
    quality::write(workbook.add_worksheet().set_name(&quality_name)?, &mut styles, source, &placed, words)?;
    let defined = method::write(workbook.add_worksheet().set_name(&method_name)?, &styles, source, &placed, words)?;
    let lists_name = names.take_ours(LISTS);
    let listed = lists::write(workbook.add_worksheet().set_name(&lists_name)?, &noted, words)?;
    for (sheet, defined) in [(&method_name, defined), (&lists_name, listed)] {
        for (name, cell) in defined {
            workbook.define_name(&name, &format!("='{}'!{cell}", sheet.replace('\'', "''")))?;
        }
    }
    Ok(workbook)
}

/// Names of sheets: a department's come first, ours give way.
#[derive(Default)]
struct SheetNames {
    taken: BTreeSet<String>,
}

impl SheetNames {
    fn take(&mut self, wanted: &str, otherwise: &str) -> String {
        let plain: String = wanted
            .chars()
            .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() { '-' } else { c })
            .collect();
        let plain = plain.trim().trim_matches('\'');
        let plain = match plain.to_lowercase().as_str() {
            "" => otherwise.to_owned(),
            // Excel keeps this name for itself
            "history" => format!("{plain} list"),
            _ => plain.to_owned(),
        };
        self.unique(&plain, |n| format!(" ({n})"))
    }

    fn take_ours(&mut self, wanted: &str) -> String {
        if self.taken.contains(&wanted.to_lowercase()) {
            return self.unique(&format!("{wanted} (keeptabs)"), |n| format!(" {n}"));
        }
        self.unique(wanted, |n| format!(" {n}"))
    }

    fn unique(&mut self, wanted: &str, suffix: impl Fn(u32) -> String) -> String {
        for n in 1.. {
            let suffix = if n == 1 { String::new() } else { suffix(n) };
            let room = 31 - suffix.encode_utf16().count();
            let mut units = 0;
            let kept: String = wanted
                .chars()
                .take_while(|c| {
                    units += c.len_utf16();
                    units <= room
                })
                .collect();
            let name = format!("{}{suffix}", kept.trim_end().trim_end_matches('\''));
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
        unreachable!("BUG: a free name is always found")
    }
}

fn properties(source: &Source<'_>) -> Result<DocProperties, XlsxError> {
    let as_of = source.period.as_of();
    // the as-of date, not the clock: the same input gives the same bytes
    let created = ExcelDateTime::from_ymd(as_of.year() as u16, as_of.month() as u8, as_of.day() as u8)?;
    Ok(DocProperties::new()
        .set_title(format!("{} {}", source.department, source.period.month))
        .set_author("keeptabs")
        .set_creation_datetime(&created)
        .set_custom_property("keeptabs version", env!("CARGO_PKG_VERSION"))
        .set_custom_property("keeptabs month", source.period.month.to_string().as_str())
        .set_custom_property("keeptabs language", source.config.language.code())
        .set_custom_property("keeptabs source", source.hash))
}

fn lay_out(
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
    let month = quality::month_name(words, source.period);
    let escape = |text: &str| text.replace('&', "&&");
    let header = words.fill(
        "print",
        "header",
        &[("department", &escape(source.department)), ("sheet", &escape(name)), ("month", &month)],
    );
    sheet.set_header(format!("&L&\"Calibri,Bold\"{}", header.chars().take(200).collect::<String>()));
    let page = words.fill("print", "page", &[("page", "&P"), ("pages", "&N")]);
    sheet.set_footer(format!("&R{page}"));
    // the first page holds Client to Action points, which answers the question; the rest follows
    if let Some(last) = columns.iter().position(|column| column.id == Field::ActionPoints.id()) {
        let width: f64 = columns[..=last].iter().map(|column| column.width * 7.0 + 5.0).sum();
        sheet.set_print_scale((960.0 / width * 100.0).floor().clamp(30.0, 100.0) as u16);
        sheet.set_vertical_page_breaks(&[last as u32 + 1])?;
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

/// Whether amounts must say their currency, to whoever reads them and to the next run: it is not everywhere the one that
/// holds where none is named.
fn names_currencies(source: &Source<'_>) -> bool {
    let usual = source.config.currency_of(source.path);
    let accounts = source.parsed.tables.iter().flat_map(ClientTable::accounts);
    accounts.filter_map(|account| account.currency()).any(|currency| Some(currency) != usual)
}

/// What the client table shows.
#[derive(Clone, Copy)]
struct Shown {
    /// Formulas.
    live: bool,
    /// What changed since an earlier month.
    compared: bool,
}

/// The columns of the client table, from left to right, and the formulas with the headings they refer to.
fn columns<'a>(
    source: &Source<'a>,
    table: &'a ClientTable,
    words: Words,
    mut formulas: Live<'a>,
    placed: &mut Vec<(u16, u16)>,
    shown: Shown,
) -> (Vec<Column<'a, Row<'a>>>, Live<'a>) {
    let book = &source.parsed.book;
    let shown_currency = names_currencies(source);
    let mut list = List { columns: Vec::new(), placed, table, book, words, shown_currency };
    let has = |field: Field| table.keeps(field);
    list.field(Field::Client, 30.0, Look::Name);
    if has(Field::ClientId) {
        list.field(Field::ClientId, 12.0, Look::Text);
    }
    list.field(Field::AccountManager, 18.0, Look::Text);
    list.field(Field::OurContacts, 9.5, Look::Count);
    list.field(Field::ClientContacts, 9.5, Look::Count);
    list.field(Field::Meetings, 11.0, Look::Count);
    list.field(Field::DecisionLevel, 11.0, Look::Word);
    list.field(Field::SurveyScore, 9.0, Look::Score);
    if has(Field::SurveyDate) {
        list.field(Field::SurveyDate, 11.5, Look::Date);
    }
    let after_measures = list.columns.len();
    list.field(Field::Comments, 28.0, Look::Wrapped);
    list.field(Field::ActionPoints, 26.0, Look::Wrapped);
    list.field(Field::RevenueLastYear, 13.0, Look::Money);
    list.field(Field::Target, 13.0, Look::Money);
    list.field(Field::RevenueCurrent, 13.0, Look::Money);
    let after_money = list.columns.len();
    for field in [Field::OverrideStatus, Field::OverrideReason, Field::OverrideUntil, Field::OverrideBy] {
        let look = match field.kind() {
            Kind::Date => Look::Date,
            Kind::Status => Look::Word,
            _ => Look::Wrapped,
        };
        list.field(field, 14.0, look);
    }
    for (field, look) in [
        (Field::Currency, Look::Word),
        (Field::Department, Look::Text),
        (Field::Stage, Look::Word),
        (Field::RenewalDate, Look::Date),
        (Field::LastThanked, Look::Date),
        (Field::Referrals, Look::Count),
    ] {
        // a currency that only a heading or a cell's format told is no column of the department's, unless an amount in
        // another currency stands in the row: read back, it would speak for the row
        let needed = || table.column_of(field).is_some() || list.has_wrong_amounts();
        if has(field) && (field != Field::Currency || needed()) {
            list.field(field, 12.0, look);
        }
    }
    list.carried(source.config, &mut formulas);
    let mut columns = list.columns;

    let formulas = &formulas;
    let of = |formula: String| shown.live.then_some(formula);
    let computed =
        |id: &str, width, look, formula: Option<String>, value: Box<dyn Fn(&Row<'a>) -> Content + Send + Sync + 'a>| {
            Column {
                id: id.to_owned(),
                heading: words.get("column", id).to_owned(),
                computed: true,
                width,
                look,
                note: None,
                original: None,
                formula,
                value,
            }
        };
    let yes_no = move |answer: Option<bool>| match answer {
        Some(true) => Content::text(words.get("value", "yes")),
        Some(false) => Content::text(words.get("value", "no")),
        None => Content::text(""),
    };
    let basis = source.basis.clone();
    let own = &source.config.own_columns;
    let (why_basis, next_basis) = (basis.clone(), basis.clone());
    let card = basis.card;

    let mut money = vec![
        computed(
            "attainment",
            11.5,
            Look::Percent,
            of(formulas.attainment()),
            Box::new(|r| Content::number(r.rated.attainment)),
        ),
        computed("growth", 9.5, Look::Percent, of(formulas.growth()), Box::new(|r| Content::number(r.rated.growth))),
        computed(
            "revenue_at_risk",
            13.0,
            Look::MoneyOrNothing,
            of(formulas.revenue_at_risk()),
            Box::new(|r| Content::Number(r.rated.revenue_at_risk)),
        ),
        Column {
            note: Some(words.get("note", "share").to_owned()),
            ..computed("share", 10.0, Look::Share, None, Box::new(|r| Content::number(r.fact.share)))
        },
        Column {
            note: Some(words.get("note", "key_account").to_owned()),
            ..computed(
                "key_account",
                9.5,
                Look::Word,
                None,
                Box::new(move |r| Content::text(if r.fact.key { words.get("value", "yes") } else { "" })),
            )
        },
        computed("worry", 8.5, Look::Word, of(formulas.worry()), Box::new(move |r| yes_no(r.rated.worry))),
        computed("kpi_met", 8.5, Look::Word, of(formulas.kpi_met()), Box::new(move |r| yes_no(r.rated.kpi_met))),
        computed(
            "why",
            40.0,
            Look::Wrapped,
            of(formulas.why()),
            Box::new(move |r| Content::Text(sentence::why(words, &r.account, &r.rated, &why_basis, own))),
        ),
        computed(
            "known",
            8.5,
            Look::Word,
            of(formulas.known()),
            Box::new(move |r| {
                Content::Text(words.fill(
                    "why",
                    "known",
                    &[("known", &r.rated.known.to_string()), ("of", &card.counted().to_string())],
                ))
            }),
        ),
        computed("best_case", 8.5, Look::Count, of(formulas.best_case()), Box::new(|r| Content::Number(r.rated.best))),
        computed(
            "computed_status",
            11.0,
            Look::Word,
            of(formulas.computed_status()),
            Box::new(move |r| Content::text(words.get("value", r.rated.computed.id()))),
        ),
        computed(
            "manager_key",
            12.0,
            Look::Text,
            None,
            Box::new(|r| Content::text(r.fact.manager.as_deref().unwrap_or_default())),
        ),
        computed("counted", 8.0, Look::Count, None, Box::new(|r| Content::Number(f64::from(r.fact.counted)))),
    ];
    if shown.compared {
        let noted = |note: &str, column: Column<'a, Row<'a>>| Column {
            note: Some(words.get("note", note).to_owned()),
            ..column
        };
        let own = |r: &Row<'a>| r.fact.own_change().cloned();
        let month = |change: Change| change.previous_month.map(|month| month.to_string());
        let (config, column) = (source.config, computed);
        let progress = [
            noted(
                "previous",
                column(
                    "previous_score",
                    9.0,
                    Look::Score,
                    None,
                    Box::new(move |r| Content::number(own(r).and_then(|change| change.previous_score))),
                ),
            ),
            noted(
                "previous",
                column(
                    "previous_month",
                    10.0,
                    Look::Word,
                    None,
                    Box::new(move |r| Content::text(&own(r).and_then(month).unwrap_or_default())),
                ),
            ),
            column(
                "change",
                8.5,
                Look::Change,
                of(formulas.change()),
                Box::new(move |r| {
                    let previous = own(r).and_then(|change| change.previous_score);
                    Content::number(r.rated.score.zip(previous).map(|(score, previous)| score - previous))
                }),
            ),
            noted(
                "previous",
                column(
                    "what_changed",
                    36.0,
                    Look::Wrapped,
                    None,
                    Box::new(move |r| Content::Text(progress::changed(words, &r.fact, r.rated.score, config))),
                ),
            ),
        ];
        let after = money.iter().position(|column| column.id == "key_account").map_or(money.len(), |place| place + 1);
        money.splice(after..after, progress);
    }
    // counted criteria side by side: formulas add them up as one range
    let mut order: Vec<usize> = (0..card.criteria.len()).collect();
    order.sort_by_key(|&place| !card.criteria[place].counts());
    let points = order.into_iter().map(|place| {
        let criterion = &card.criteria[place];
        Column {
            id: format!("points:{}", criterion.id),
            heading: words.points(criterion).to_owned(),
            computed: true,
            width: 10.0,
            look: Look::Score,
            note: None,
            original: None,
            formula: of(formulas.points(criterion)),
            value: Box::new(move |r: &Row<'a>| Content::number(r.rated.points[place])) as Box<_>,
        }
    });
    let score = vec![
        computed("score", 7.5, Look::Total, of(formulas.score()), Box::new(|r| Content::number(r.rated.score))),
        computed(
            "status",
            11.0,
            Look::Word,
            of(formulas.status()),
            Box::new(move |r| Content::text(words.get("value", r.rated.shown.id()))),
        ),
        computed(
            "flags",
            30.0,
            Look::Wrapped,
            of(formulas.flags()),
            Box::new(move |r| Content::Text(sentence::flags(words, &r.rated))),
        ),
        computed(
            "next_step",
            36.0,
            Look::Wrapped,
            of(formulas.next_step()),
            Box::new(move |r| Content::Text(sentence::next_step(words, &r.account, &r.rated, &next_basis, own))),
        ),
    ];
    let inserted_later = money.len() + card.criteria.len();
    let tail = columns.split_off(after_money);
    columns.extend(money.into_iter().chain(points));
    columns.extend(tail);
    let inserted = score.len();
    columns.splice(after_measures..after_measures, score);
    for (_, col) in placed.iter_mut() {
        let before = usize::from(*col);
        *col += if before >= after_money {
            inserted + inserted_later
        } else if before >= after_measures {
            inserted
        } else {
            0
        } as u16;
    }
    let statuses = Status::ALL.map(|status| words.get("value", status.id()).chars().count());
    let widest = statuses.into_iter().max().unwrap_or(0) as f64 + 2.0;
    for column in &mut columns {
        let is_status = matches!(column.id.as_str(), "status" | "computed_status");
        let content = if is_status { widest } else { 0.0 };
        column.width = column.width.max(content).max(sheet::heading_width(&column.heading));
    }
    (columns, formulas.clone())
}

/// The columns that come from the source, while they are gathered.
struct List<'a, 'p> {
    columns: Vec<Column<'a, Row<'a>>>,
    placed: &'p mut Vec<(u16, u16)>,
    table: &'a ClientTable,
    book: &'a Book,
    words: Words,
    /// Whether amounts say their currency.
    shown_currency: bool,
}

impl<'a> List<'a, '_> {
    /// A field, kept by the source or not: an empty column can be filled in.
    fn field(&mut self, field: Field, width: f64, look: Look) {
        let heading = self.words.get("column", field.id()).to_owned();
        let column = self.table.column_of(field);
        if let Some(column) = column {
            self.placed.push((column.col, self.columns.len() as u16));
        }
        let original = column
            .map(|column| column.original.as_ref().unwrap_or(&column.heading))
            .filter(|original| **original != heading && !original.is_empty())
            .map(|original| original.chars().take(900).collect::<String>());
        let mut note = original.as_ref().map(|original| self.words.fill("note", "original", &[("heading", original)]));
        if field == Field::OverrideUntil && self.table.accounts().any(|account| account.override_end().is_some()) {
            let said = self.words.get("note", "override_end");
            note = Some(note.map_or(said.to_owned(), |note| format!("{note}\n{said}")));
        }
        let (book, words, shown_currency) = (self.book, self.words, self.shown_currency);
        self.columns.push(Column {
            id: field.id().to_owned(),
            heading,
            computed: false,
            width: self.fitted(field, width),
            look,
            note,
            original,
            formula: None,
            value: Box::new(move |row| input(row, field, book, words, shown_currency)),
        });
    }

    fn has_wrong_amounts(&self) -> bool {
        let money = || Field::ALL.iter().filter(|field| field.kind() == Kind::Money);
        self.table.accounts().any(|account| money().any(|field| account.input(*field) == Input::Wrong))
    }

    /// Names get the width they need, within reason.
    fn fitted(&self, field: Field, width: f64) -> f64 {
        if !matches!(field, Field::Client | Field::AccountManager) {
            return width;
        }
        let longest = self
            .table
            .accounts()
            .take(300)
            .filter_map(|account| account.text(field, self.book))
            .map(|text| text.chars().count())
            .max();
        (longest.unwrap_or(0) as f64 * 1.05 + 2.0).clamp(width * 0.8, width * 1.3)
    }

    /// Every unmapped column as it was.
    fn carried(&mut self, config: &Config, formulas: &mut Live<'_>) {
        let reserved = reserved(self.words, formulas);
        let mut taken = reserved.clone();
        let sheet = &self.book.sheets[self.table.sheet];
        for column in self.table.columns.iter().filter(|column| column.field.is_none() && column.own.is_none()) {
            let heading = carried_heading(self.words, &column.heading, column.col, &reserved, &mut taken);
            if let Some(own) = column.further {
                formulas.own_headings[own] = Some(heading.clone());
            }
            self.placed.push((column.col, self.columns.len() as u16));
            let (book, col, further) = (self.book, column.col, column.further);
            let kinds: Vec<_> = config.own_columns.iter().map(|own| own.kind.clone()).collect();
            let texts = sheet.rows().take(300).filter_map(|row| match row.get(col) {
                Some(Cell::Text(id)) => Some(book.text(id).chars().count().min(40)),
                _ => None,
            });
            let longest = texts.max().unwrap_or(0).max(heading.chars().count().min(14));
            self.columns.push(Column {
                id: format!("carried:{col}"),
                heading,
                computed: false,
                width: longest as f64 + 3.0,
                look: if longest >= 40 { Look::Wrapped } else { Look::Text },
                note: None,
                original: None,
                formula: None,
                value: Box::new(move |row: &Row<'a>| {
                    let counted = further.map(|own| (own, row.account.measure(&Measure::Own(own))));
                    match counted {
                        Some((own, Input::Known(value))) => own_value(&kinds[own], value),
                        _ => carried(book, sheet, row.account.row(), col),
                    }
                }),
            });
        }
    }
}

/// Stable ids of the columns that keeptabs computes.
const COMPUTED: [&str; 21] = [
    "score",
    "status",
    "flags",
    "next_step",
    "attainment",
    "growth",
    "revenue_at_risk",
    "share",
    "key_account",
    "previous_score",
    "previous_month",
    "change",
    "what_changed",
    "worry",
    "kpi_met",
    "why",
    "known",
    "best_case",
    "computed_status",
    "manager_key",
    "counted",
];

/// Headings of computed columns in every language, by which a result that is handed in is known again.
pub fn computed_headings(config: &Config) -> Vec<OwnHeading> {
    let of = |words: Words| {
        let own = COMPUTED.into_iter().map(move |id| OwnHeading::new(words.get("column", id), id, words.language()));
        let criteria = config.scorecards.iter().flat_map(|card| &card.criteria);
        own.chain(criteria.map(move |criterion| {
            OwnHeading::new(words.points(criterion), &format!("points:{}", criterion.id), words.language())
        }))
    };
    Words::all().flat_map(of).collect()
}

/// The headings of a field in every language.
pub(crate) fn field_headings(field: Field) -> impl Iterator<Item = (Language, &'static str)> {
    Words::all().map(move |words| (words.language(), words.get("column", field.id())))
}

/// Name of the sheet with the lists, in every language.
pub(crate) const LISTS: &str = "Lists";

/// Ids of the other sheets that keeptabs adds.
const OWN_SHEETS: [&str; 4] = ["summary", "actions", "quality", "method"];

/// Whether a sheet's name is one that keeptabs gives to a sheet of its own, in any language.
pub(crate) fn is_own_sheet(name: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let name = name.rsplit_once(' ').filter(|(_, last)| is_number(last)).map_or(name, |(name, _)| name);
    let name = name.strip_suffix(" (keeptabs)").unwrap_or(name);
    name == LISTS || Words::all().any(|words| OWN_SHEETS.iter().any(|id| words.get("sheet", id) == name))
}

/// Headings that are ours, folded for comparison as Excel tables compare them.
fn reserved(words: Words, formulas: &Live<'_>) -> BTreeSet<String> {
    let fields = Field::ALL.iter().map(|field| field.id());
    let ours = fields.chain(COMPUTED).map(|id| words.get("column", id).to_lowercase());
    ours.chain(formulas.card.criteria.iter().map(|criterion| formulas.words.points(criterion).to_lowercase())).collect()
}

/// A carried heading: trimmed, not empty, not ours, unique without case, as an Excel table demands.
fn carried_heading(
    words: Words,
    given: &str,
    col: u16,
    reserved: &BTreeSet<String>,
    taken: &mut BTreeSet<String>,
) -> String {
    let plain: String =
        given.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !c.is_control()).take(200).collect();
    let mut heading = if plain.is_empty() {
        words.fill("column", "unnamed", &[("letter", &crate::book::column_letters(col))])
    } else {
        plain
    };
    if reserved.contains(&heading.to_lowercase()) {
        heading = words.fill("column", "carried", &[("heading", &heading)]);
    }
    let base = heading.clone();
    for n in 2.. {
        if taken.insert(heading.to_lowercase()) {
            break;
        }
        heading = format!("{base} ({n})");
    }
    heading
}

/// A cell as it was handed in.
fn carried(book: &Book, sheet: &crate::book::Sheet, row: u32, col: u16) -> Content {
    let coded = |number: f64, format: FormatId, otherwise: Content| {
        if format == FormatId::GENERAL { otherwise } else { Content::Formatted(number, book.format(format).to_owned()) }
    };
    match sheet.row(row).and_then(|row| row.get(col)) {
        None => Content::Empty,
        Some(Cell::Text(id)) => Content::text(book.text(id)),
        Some(Cell::Number(number, format)) => coded(number, format, Content::Number(number)),
        Some(Cell::Date(serial, format)) => coded(serial, format, Content::Date(serial)),
        Some(Cell::Time(days, format)) => coded(days, format, Content::Formatted(days, "[h]:mm".to_owned())),
        Some(Cell::Bool(value)) => Content::Bool(value),
        Some(Cell::Error(error)) => Content::Text(error.to_string()),
    }
}

fn own_value(kind: &OwnKind, value: Value) -> Content {
    match (kind, value) {
        (OwnKind::Words(words), Value::Number(place)) => {
            words.get(place as usize).map_or(Content::Empty, |word| Content::text(word))
        }
        (_, Value::Number(number)) => Content::Number(number),
        (_, Value::Date(day)) => Content::Date(f64::from(day)),
        _ => Content::Empty,
    }
}

/// An input in its type; a wrong one as it was handed in.
fn input(row: &Row<'_>, field: Field, book: &Book, words: Words, shown_currency: bool) -> Content {
    let currency = || row.account.currency().filter(|_| shown_currency && field.kind() == Kind::Money);
    match row.account.input(field) {
        // the formula of the status asks this cell, and so does the next run
        Input::Missing if field == Field::OverrideUntil => {
            row.account.override_end().map_or(Content::Empty, |day| Content::Date(f64::from(day)))
        }
        Input::Missing => Content::Empty,
        Input::Known(Value::Number(number)) => match currency() {
            Some(currency) => Content::Formatted(number, format!("#,##0 [${}]", currency.code())),
            None => Content::Number(number),
        },
        Input::Known(Value::Text(id)) => Content::text(book.text(id)),
        Input::Known(Value::Level(level)) => Content::text(words.get("value", level.id())),
        Input::Known(Value::Date(day)) => Content::Date(f64::from(day)),
        Input::Known(Value::Stage(stage)) => Content::text(words.get("value", super::formula::stage_id(stage))),
        Input::Known(Value::Status(status)) => Content::text(words.get("value", status.id())),
        Input::Known(Value::Currency(currency)) => Content::text(currency.code()),
        Input::Wrong => {
            let sheet = &book.sheets[row.account.table.sheet];
            let cell = row.account.cell_of(field).and_then(|at| sheet.cell(at));
            let raw = cell.map(|cell| book.shown(cell));
            let expected = match field.kind() {
                Kind::Count => "expected_count",
                Kind::Survey => "expected_survey",
                Kind::Level => "expected_level",
                Kind::Date => "expected_date",
                Kind::Money => "expected_money",
                _ => "expected_other",
            };
            // as plain text "#N/A" would be a way to say that there is no value
            let raw = match cell {
                Some(Cell::Error(ErrorValue::Na)) => raw.map(|raw| format!("{raw} (Excel)")),
                _ => raw,
            };
            Content::Wrong(raw.unwrap_or_default(), words.get("note", expected))
        }
    }
}

/// What may be typed where, so that the sheet can be filled in further.
fn validations(
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

fn conditional_formats(
    sheet: &mut Worksheet,
    columns: &[Column<'_, Row<'_>>],
    last_row: u32,
    maximum: f64,
    words: Words,
) -> Result<(), XlsxError> {
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
    for (id, top) in [("score", maximum), ("attainment", 1.5)] {
        let Some(col) = place(id) else { continue };
        let bar = ConditionalFormatDataBar::new()
            .use_classic_style()
            .set_fill_color(style::BAR)
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, top);
        sheet.add_conditional_format(1, col, last_row, col, &bar)?;
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
