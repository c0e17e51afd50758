//! The first phase alone, for a person who wants to know how each heading was matched and why.

use super::{Gathered, Options, Progress, context, entries, finish, gather, plan, pool, unmatched};
use crate::account::ClientTable;
use crate::book::{Book, column_letters};
use crate::error::Error;
use crate::finding::Finding;
use crate::map_report::{ChosenBy, HeadingRow, MapColumn, MapFile, MapReport, MapSheet, RunnerUp};
use crate::mapping::{Column, Pin, SheetMap, SheetStatus, TableMap};
use crate::report::{FileReport, FileStatus};
use crate::text::fold;

/// Values shown of a column.
const SAMPLES: usize = 3;
/// Rows looked through for them.
const SAMPLED_ROWS: usize = 200;
/// Longer values are cut.
const SAMPLE_LETTERS: usize = 24;

/// Reads every workbook below the inbox and tells how its headings are matched; writes nothing.
///
/// # Errors
/// Only what makes the whole run impossible; what concerns one workbook is in the report.
pub fn map(options: &Options, progress: &(dyn Fn(Progress<'_>) + Sync)) -> Result<MapReport, Error> {
    let context = context(options)?;
    let settings = entries::settings(&context);
    let Gathered { handled, mut reports, passed_over } =
        gather(plan(options, &context)?, options, &context, &settings, &pool(options)?, progress)?;
    progress(Progress::End);
    let mut findings = unmatched::mappings(context.config, &handled);
    findings.extend(unmatched::scorecards(context.config, &handled));
    let mut files = Vec::new();
    for (file, report) in handled.iter().zip(&mut reports) {
        finish(file, report, Vec::new(), &context);
        let pins = entries::pins(context.config, &file.job.source);
        let sheets = file.read.iter().flat_map(|read| {
            let sheet = |map: &SheetMap| {
                let table = read.parsed.tables.iter().find(|table| table.sheet == map.sheet);
                sheet(map, table, &read.parsed.book, &pins, &report.findings)
            };
            read.sheets.iter().map(sheet).collect::<Vec<_>>()
        });
        files.push(mapped(report, sheets.collect()));
    }
    for skipped in passed_over {
        let mut report = FileReport::new(&skipped.source, "");
        report.end(if skipped.fault { FileStatus::Failed } else { FileStatus::Skipped }, skipped.reason);
        files.push(mapped(&report, Vec::new()));
    }
    files.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(MapReport {
        version: 1,
        tool: concat!("keeptabs ", env!("CARGO_PKG_VERSION")).to_owned(),
        month: context.period.month.to_string(),
        config: context.config.source.clone(),
        files,
        findings,
    })
}

fn mapped(report: &FileReport, sheets: Vec<MapSheet>) -> MapFile {
    MapFile {
        source: report.source.clone(),
        department: report.department.clone(),
        status: report.status,
        reason: report.reason.clone(),
        sheets,
    }
}

fn sheet(map: &SheetMap, parsed: Option<&ClientTable>, book: &Book, pins: &[Pin], findings: &[Finding]) -> MapSheet {
    let name = &book.sheets[map.sheet].name;
    let table = map.table.as_ref();
    // a survey whose scale is unknown is no longer the field's column once its values are read
    let columns = parsed.map(|table| &table.columns).or(table.map(|table| &table.columns));
    let columns = table.zip(columns).map(|(table, columns)| columns.iter().map(|c| column(c, table, book)).collect());
    let of_sheet = |finding: &&Finding| finding.sheet.as_ref() == Some(name) && MapSheet::concerns(finding);
    MapSheet {
        name: name.clone(),
        status: map.status,
        reason: (map.status != SheetStatus::Converted).then(|| map.reason.clone()),
        headings: table.map(|table| headings(table, name, pins)),
        columns: columns.unwrap_or_default(),
        findings: findings.iter().filter(of_sheet).cloned().collect(),
    }
}

fn headings(table: &TableMap, sheet: &str, pins: &[Pin]) -> HeadingRow {
    let choice = &table.choice;
    let holds = |pin: &&Pin| pin.sheet.as_ref().is_none_or(|name| fold(name) == fold(sheet));
    let pinned = pins.iter().filter(holds).any(|pin| pin.header_row.is_some());
    let chosen_by = match choice.given {
        true if pinned => ChosenBy::Configuration,
        true => ChosenBy::ExcelTable,
        false => ChosenBy::Search,
    };
    let round = |score: f64| (score * 1000.0).round() / 1000.0;
    HeadingRow {
        row: table.header_row + 1,
        first_row: table.first_header_row + 1,
        chosen_by,
        score: (!choice.given).then(|| round(choice.score)),
        runner_up: choice.runner_up.map(|(row, score)| RunnerUp { row: row + 1, score: round(score) }),
        margin: choice.runner_up.map(|(_, score)| round(choice.score - score)),
    }
}

fn column(column: &Column, table: &TableMap, book: &Book) -> MapColumn {
    let reason = match column.further {
        Some(_) if column.field.is_none() => "a further column that the scorecard counts".to_owned(),
        _ => column.reason.clone(),
    };
    MapColumn {
        column: column_letters(column.col),
        heading: column.heading.clone(),
        field: column.field.map(|field| field.id().to_owned()),
        tier: column.tier,
        reason,
        samples: samples(column.col, table, book),
    }
}

/// The first few different values.
fn samples(col: u16, table: &TableMap, book: &Book) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    let below = |row: &u32| *row > table.header_row && *row <= table.last_row;
    let rows = book.sheets[table.sheet].rows().filter(|row| below(&row.row));
    for cell in rows.take(SAMPLED_ROWS).filter_map(|row| row.get(col)) {
        let shown = book.shown(cell).split_whitespace().collect::<Vec<_>>().join(" ");
        let shown = match shown.char_indices().nth(SAMPLE_LETTERS) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        };
        if !shown.is_empty() && !samples.contains(&shown) {
            samples.push(shown);
        }
        if samples.len() == SAMPLES {
            break;
        }
    }
    samples
}
