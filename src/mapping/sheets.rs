//! What becomes of each sheet of a workbook, and what only the whole workbook can tell: hidden sheets, wrong years.

use super::assign::{Assignment, capital, is_critical};
use super::claim::Lookup;
use super::contested::measures;
use super::returned::Returned;
use super::years::fiscal_name;
use super::{Pin, Settings, SheetMap, SheetStatus, TableMap};
use crate::book::{Book, Sheet, Visibility};
use crate::dictionary::Dictionary;
use crate::field::{Field, Kind};
use crate::finding::{Code, Finding, Severity};
use crate::header::{Found, Search};
use crate::output::department::is_own_sheet;
use crate::period::Month;
use crate::proposal::Proposal;

/// A year that a heading of target or revenue speaks of.
struct Spoken {
    heading: String,
    col: u16,
    year: i16,
    /// Target or current revenue, if it says so.
    named: Option<Field>,
    /// Whether its column was taken as target or current revenue.
    fits: bool,
    /// Whether another column is the field that it names: then this one may be about another year.
    spare: bool,
}

/// A sheet before the rest of the workbook is known.
struct Draft {
    map: SheetMap,
    complete: bool,
    /// A client table of a result of keeptabs.
    is_result: bool,
    has_client: bool,
    measures: usize,
    /// What waits for a person in a table that is not complete; it counts only where no other sheet is the client table.
    open: Vec<Finding>,
    spoken: Vec<Spoken>,
}

/// Finds the client table of every sheet and maps its headings; one entry a sheet, in order.
pub fn resolve(book: &Book, settings: &Settings<'_>, dictionary: &Dictionary) -> Vec<SheetMap> {
    let returned = Returned::of(book);
    // where the headings stand, and on which scale, is said of the department's own list
    let pins: Vec<Pin> =
        settings.pins.iter().map(|pin| Pin { header_row: None, survey_scale: None, ..pin.clone() }).collect();
    let of_result = Settings { pins: &pins, ..settings.clone() };
    let settings = if returned.is_some() { &of_result } else { settings };
    let lookup = Lookup { index: dictionary.index(), period: settings.period, by_end: settings.fiscal_name_by_end };
    let draft = |at, sheet| draft(at, sheet, book, settings, lookup, returned.as_ref());
    let named = |sheet: &Sheet| settings.pins_of(&sheet.name).any(|pin| pin.sheet.is_some());
    let visible = |sheet: &Sheet| sheet.visibility == Visibility::Visible || named(sheet);
    let mut drafts: Vec<Option<Draft>> =
        book.sheets.iter().enumerate().map(|(at, sheet)| visible(sheet).then(|| draft(at, sheet))).collect();
    let any_visible = drafts.iter().flatten().any(|draft| draft.complete);
    for (at, sheet) in book.sheets.iter().enumerate() {
        if drafts[at].is_some() {
            continue;
        }
        let mut hidden = if any_visible {
            skipped(at, sheet, "hidden, and a visible sheet holds the clients")
        } else {
            draft(at, sheet)
        };
        if hidden.complete {
            let message = "hidden, but read, because no visible sheet is a client table";
            hidden.map.findings.push(Finding::new(Code::HiddenSheetRead, message).on(&*sheet.name));
        }
        drafts[at] = Some(hidden);
    }
    let mut drafts: Vec<Draft> = drafts.into_iter().flatten().collect();
    own_sheets(&mut drafts, book, returned.is_some());
    let converted = drafts.iter().any(|draft| draft.complete);
    for draft in drafts.iter_mut().filter(|draft| !draft.complete) {
        incomplete(draft, converted, &book.sheets[draft.map.sheet], settings);
    }
    wrong_years(&mut drafts, book, settings);
    drafts.into_iter().map(|draft| draft.map).collect()
}

/// Sheets that keeptabs has added to a result are made anew.
fn own_sheets(drafts: &mut [Draft], book: &Book, marked: bool) {
    if !marked && !drafts.iter().any(|draft| draft.is_result) {
        return;
    }
    for draft in drafts.iter_mut().filter(|draft| !draft.is_result) {
        let sheet = &book.sheets[draft.map.sheet];
        if is_own_sheet(&sheet.name) {
            *draft = skipped(draft.map.sheet, sheet, "made by keeptabs, and made anew");
        }
    }
}

fn skipped(at: usize, sheet: &Sheet, reason: &str) -> Draft {
    let finding = Finding::new(Code::SheetSkipped, format!("skipped: {reason}")).on(&*sheet.name);
    let map = SheetMap {
        sheet: at,
        status: SheetStatus::Skipped,
        reason: reason.to_owned(),
        table: None,
        findings: vec![finding],
    };
    Draft {
        map,
        complete: false,
        is_result: false,
        has_client: false,
        measures: 0,
        open: Vec::new(),
        spoken: Vec::new(),
    }
}

/// A sheet by itself.
fn draft(
    at: usize,
    sheet: &Sheet,
    book: &Book,
    settings: &Settings<'_>,
    lookup: Lookup<'_>,
    returned: Option<&Returned<'_>>,
) -> Draft {
    if let Some(reason) = &sheet.unreadable {
        let message = format!("the sheet cannot be read: {reason}");
        let mut draft = skipped(at, sheet, "");
        draft.map.status = SheetStatus::Failed;
        draft.map.findings = vec![Finding::new(Code::SheetUnreadable, &*message).on(&*sheet.name)];
        draft.map.reason = message;
        return draft;
    }
    let found = Search::new(sheet, book, lookup, settings).run();
    let Some(layout) = &found.layout else {
        let mut draft =
            if sheet.row_count() == 0 { skipped(at, sheet, "empty") } else { skipped(at, sheet, "no client table") };
        if let Some(row) = settings.pinned_row(&sheet.name) {
            let message = format!("the configuration says that the headings stand in row {}, which is empty", row + 1);
            draft.map = review(draft.map, Finding::new(Code::HeaderUnclear, message).on(&*sheet.name));
        }
        if let Some(col) = found.transposed {
            draft.map = review(draft.map, transposed(sheet, col));
        }
        return draft;
    };
    let mut assignment = Assignment::new(sheet, book, settings, lookup, layout, returned);
    assignment.run();
    let is_result = assignment.is_result;
    let measures = measures(settings, &assignment);
    let open = open_measures(&assignment);
    let has_client = assignment.column_of(Field::Client).is_some();
    let claims_client = has_client || assignment.findings.iter().any(|finding| finding.field == Some(Field::Client));
    // a scorecard of a single measure asks for no second
    let enough = settings.measures.len().saturating_add(settings.own_columns.len()).clamp(1, 2);
    let complete = claims_client && measures + open >= enough;
    let spoken = spoken(&assignment);
    let mut findings = std::mem::take(&mut assignment.findings);
    let columns = assignment.columns();
    let mut open_findings = Vec::new();
    if complete {
        findings.extend(table_findings(sheet, &found, settings));
    } else {
        // what is unclear in a table that is none is no business of anybody's
        open_findings = std::mem::take(&mut findings);
        open_findings.retain(|finding| finding.severity == Severity::Error);
        findings.extend(found.transposed.map(|col| transposed(sheet, col)));
    }
    let table = TableMap {
        sheet: at,
        first_header_row: layout.first_header_row,
        header_row: layout.header_row,
        last_row: layout.last_row,
        columns_range: layout.columns,
        columns,
        choice: layout.choice.clone(),
    };
    let errors: Vec<&Finding> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    let (status, reason) = match errors.first() {
        Some(first) => (SheetStatus::NeedsReview, first.message.clone()),
        None => (SheetStatus::Converted, String::new()),
    };
    let map = SheetMap { sheet: at, status, reason, table: Some(table), findings };
    Draft {
        map,
        complete,
        is_result,
        has_client: claims_client,
        measures: measures + open,
        open: open_findings,
        spoken,
    }
}

fn review(mut map: SheetMap, finding: Finding) -> SheetMap {
    map.status = SheetStatus::NeedsReview;
    map.reason.clone_from(&finding.message);
    map.findings = vec![finding];
    map
}

fn transposed(sheet: &Sheet, col: u16) -> Finding {
    let letters = crate::book::column_letters(col);
    let message = format!(
        "the headings stand one below the other in column {letters}: clients must stand in rows, not in columns; \
         copy the table and paste it transposed"
    );
    Finding::new(Code::HeaderUnclear, message).on(&*sheet.name)
}

/// Measures that are there, but wait for a person: they make a client table, too.
fn open_measures(assignment: &Assignment<'_>) -> usize {
    let settings = assignment.settings;
    let mut fields: Vec<Field> = assignment
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .filter_map(|finding| finding.field)
        .filter(|field| settings.measures.contains(field) && is_critical(settings, *field))
        .filter(|field| assignment.column_of(*field).is_none())
        .collect();
    fields.sort_unstable();
    fields.dedup();
    fields.len()
}

/// Findings about where the table stands.
fn table_findings(sheet: &Sheet, found: &Found, settings: &Settings<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(layout) = &found.layout else {
        return findings;
    };
    if let Some(other) = found.close_call {
        let shown = (layout.header_row + 1, other + 1);
        let line = Proposal::header_row(settings.file, &sheet.name, layout.header_row);
        let message = format!(
            "rows {} and {} could both be the headings: add: {line}; or header_row = {}",
            shown.0, shown.1, shown.1
        );
        let finding = Finding::new(Code::HeaderUnclear, message).on(&*sheet.name).at(other, layout.columns.0);
        findings.push(finding.settled_by(line.or(shown.1.to_string())));
    }
    for further in &found.further {
        let table = match &found.excel_table {
            Some(name) => format!("the Excel table \"{name}\""),
            None => format!("the table whose headings stand in row {}", layout.header_row + 1),
        };
        let finding = if further.clients {
            let message = format!(
                "besides {table} the sheet holds {}: put each list on a sheet of its own, so that none is lost",
                further.what
            );
            Finding::new(Code::HeaderUnclear, message)
        } else {
            Finding::new(Code::NotCarried, format!("{} are no part of {table} and were not read", further.what))
        };
        findings.push(finding.on(&*sheet.name).at(further.row, further.col));
    }
    findings
}

/// A sheet that is no client table by itself.
fn incomplete(draft: &mut Draft, converted: bool, sheet: &Sheet, settings: &Settings<'_>) {
    let Some(table) = &draft.map.table else {
        return;
    };
    if draft.map.findings.iter().any(|finding| finding.code == Code::HeaderUnclear) {
        draft.map.status = SheetStatus::NeedsReview;
        draft.map.reason = draft.map.findings[0].message.clone();
        return;
    }
    let row = table.header_row;
    let named = |wanted: &dyn Fn(Field) -> bool| {
        let columns = table.columns.iter().filter(|column| column.field.is_some_and(wanted));
        columns.map(|column| format!("\"{}\"", column.heading)).collect::<Vec<_>>().join(", ")
    };
    let found = named(&|field| settings.measures.contains(&field));
    let missing: Vec<&str> = settings
        .measures
        .iter()
        .filter(|field| !table.columns.iter().any(|column| column.field == Some(**field)))
        .map(|field| field.id())
        .collect();
    let nearest: Vec<String> = table
        .columns
        .iter()
        .filter(|column| column.field.is_none() && column.own.is_none() && !column.heading.is_empty())
        .take(12)
        .map(|column| format!("{} \"{}\"", crate::book::column_letters(column.col), column.heading))
        .collect();
    let line = |field: Field| {
        let near = near(field);
        let open = || table.columns.iter().filter(|column| is_open(column));
        let heading = open().find(|column| column.reason.starts_with(&near)).or_else(|| open().next());
        let heading = heading.map_or("…", |column| &column.heading);
        Proposal::columns(settings.file, &sheet.name, [(heading, Some(field))])
    };
    let nearest = if nearest.is_empty() { "none".to_owned() } else { nearest.join(", ") };
    let wanted = std::iter::once(Field::Client).filter(|_| !draft.has_client);
    let measures = settings.measures.iter().copied().filter(|field| missing.contains(&field.id()));
    let near = |field: &Field| *field == Field::Client || is_near(table, *field);
    let proposals: Vec<Proposal> =
        wanted.chain(measures).filter(near).filter(|_| table.columns.iter().any(is_open)).map(line).collect();
    let (status, code, reason) = match (draft.has_client, draft.measures) {
        (true, n) if !converted => {
            let open = || settings.measures.iter().copied().filter(|field| missing.contains(&field.id()));
            let field =
                open().find(|field| is_near(table, *field)).or_else(|| open().next()).unwrap_or(Field::Meetings);
            let reason = format!(
                "a client column, but {n} of the measures that are scored{}; without a column: {}. Columns not understood: {nearest}. \
                 Name them, for example: {}",
                if found.is_empty() { String::new() } else { format!(" ({found})") },
                missing.join(", "),
                line(field)
            );
            (SheetStatus::NeedsReview, Code::ClientTableIncomplete, reason)
        }
        (true, n) => {
            let reason = format!("clients, but {n} of the measures that are scored; another sheet is the client table");
            (SheetStatus::Skipped, Code::SheetSkipped, reason)
        }
        (false, n) if n >= 2 && !converted => {
            let reason = format!(
                "measures ({found}) but no client column (headings in row {}). Columns not understood: {nearest}. \
                 Name the one that holds the clients: {}",
                row + 1,
                line(Field::Client)
            );
            (SheetStatus::Failed, Code::ClientTableIncomplete, reason)
        }
        (false, n) if n >= 2 => {
            let reason = format!("measures ({found}) but no client column; another sheet is the client table");
            (SheetStatus::Skipped, Code::SheetSkipped, reason)
        }
        _ => {
            draft.map.table = None;
            (SheetStatus::Skipped, Code::SheetSkipped, "no client table".to_owned())
        }
    };
    let mut finding = Finding::new(code, capital(&reason)).on(&*sheet.name).at(row, 0);
    if code == Code::ClientTableIncomplete {
        finding.proposals = proposals;
    }
    // measures that are not read should at least be seen
    if code == Code::SheetSkipped && draft.measures >= 2 {
        finding.severity = Severity::Warning;
    }
    draft.map.status = status;
    draft.map.reason = reason;
    draft.map.findings.push(finding);
    if code == Code::ClientTableIncomplete {
        draft.map.findings.append(&mut draft.open);
    }
}

/// A column with a heading that is no field yet.
fn is_open(column: &super::Column) -> bool {
    column.field.is_none() && column.own.is_none() && !column.heading.is_empty()
}

/// How the reason of a column begins whose nearest field this is.
fn near(field: Field) -> String {
    format!("nearest is {field} ")
}

fn is_near(table: &TableMap, field: Field) -> bool {
    table.columns.iter().any(|column| column.field.is_none() && column.reason.starts_with(&near(field)))
}

fn spoken(assignment: &Assignment<'_>) -> Vec<Spoken> {
    let spoken = |draft: &super::assign::Draft| {
        let (year, named) = draft.speaks_of?;
        let fits = matches!(draft.field, Some(Field::Target | Field::RevenueCurrent));
        let spare = !fits && named.is_some_and(|field| assignment.column_of(field).is_some());
        Some(Spoken { heading: draft.heading.clone(), col: draft.col, year, named, fits, spare })
    };
    assignment.drafts.iter().filter(|draft| assignment.pin(draft).is_none()).filter_map(spoken).collect()
}

fn is_money(field: Option<Field>) -> bool {
    field.is_some_and(|field| field.kind() == Kind::Money)
}

/// A workbook none of whose target or current-performance years fits the month is about another year.
fn wrong_years(drafts: &mut [Draft], book: &Book, settings: &Settings<'_>) {
    let current = fiscal_name(settings.period, settings.fiscal_name_by_end);
    let spoken = || drafts.iter().filter(|draft| draft.complete).flat_map(|draft| &draft.spoken);
    let says = |spoken: &&Spoken| spoken.named.is_some() && !spoken.spare;
    let explicit = spoken().any(|spoken| says(&spoken));
    let wrong = if explicit {
        !spoken().any(|spoken| says(&spoken) && spoken.fits)
    } else {
        // actual revenue of a year that has not begun, or of two years of which neither fits
        let money = |draft: &Draft| draft.map.table.iter().flat_map(|table| &table.columns).any(|c| is_money(c.field));
        spoken().any(|spoken| spoken.year > current && !spoken.spare)
            || spoken().count() >= 2 && !drafts.iter().filter(|draft| draft.complete).any(money)
    };
    let latest = spoken().filter(|spoken| !explicit || says(spoken)).map(|spoken| spoken.year).max();
    let (true, Some(year)) = (wrong, latest) else {
        return;
    };
    // the last month of that fiscal year
    let period = settings.period;
    let month =
        Month::new(period.fiscal_first().year + (year - current), period.fiscal_start).map(|first| first.plus(11));
    let month = month.map_or_else(|| year.to_string(), |month| month.to_string());
    for draft in drafts.iter_mut().filter(|draft| draft.complete && !draft.spoken.is_empty()) {
        let headings: Vec<String> = draft.spoken.iter().map(|spoken| format!("\"{}\"", spoken.heading)).collect();
        let message = format!(
            "headings speak of {year} ({}), but the month is {}: did you mean --month {month}?",
            headings.join(", "),
            period.month
        );
        let sheet = &book.sheets[draft.map.sheet];
        let row = draft.map.table.as_ref().map_or(0, |table| table.header_row);
        let col = draft.spoken.first().map_or(0, |spoken| spoken.col);
        if draft.map.status == SheetStatus::Converted {
            draft.map.status = SheetStatus::NeedsReview;
            draft.map.reason.clone_from(&message);
        }
        draft.map.findings.push(Finding::new(Code::WrongYear, message).on(&*sheet.name).at(row, col));
    }
    let years = format!("another sheet's headings speak of {year}, and the month is {}", period.month);
    for draft in drafts.iter_mut().filter(|draft| draft.complete && draft.map.status == SheetStatus::Converted) {
        draft.map.status = SheetStatus::NeedsReview;
        draft.map.reason.clone_from(&years);
        let sheet = &book.sheets[draft.map.sheet];
        draft.map.findings.push(Finding::new(Code::WrongYear, capital(&years)).on(&*sheet.name));
    }
}
