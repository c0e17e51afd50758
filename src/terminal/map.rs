//! How each heading was matched, for a person.

use super::{BOLD, DIM, GREEN, RED, YELLOW};
use anstyle::Style;
use keeptabs::finding::{Finding, Severity};
use keeptabs::map_report::{ChosenBy, HeadingRow, MapColumn, MapFile, MapReport, MapSheet};
use keeptabs::mapping::{SheetStatus, Tier};
use keeptabs::proposal::wrapped;
use keeptabs::report::FileStatus;
use std::io::{self, Write};

mod overview;

/// So many workbooks are shown whole, however clear they are; of more only those that wait for a person.
const FEW: usize = 3;
/// Where the reasons begin below a heading.
const INDENT: usize = 8;
/// The longest heading that fields are lined up behind.
const HEADING: usize = 34;
/// What stands beside it: letters of the column, field and tier ("revenue_last_year · reviewed").
const BESIDE: usize = 38;

/// Prints the report; `all`: every workbook whole, however many they are; `saves`: what is proposed is saved afterwards.
pub(crate) fn map(out: &mut dyn Write, report: &MapReport, all: bool, saves: bool) -> io::Result<()> {
    map_within(super::width(), out, report, all, saves)
}

fn map_within(width: usize, out: &mut dyn Write, report: &MapReport, all: bool, saves: bool) -> io::Result<()> {
    super::headline(out, &report.tool, &report.month, &report.config, width)?;
    let whole = |file: &&MapFile| all || report.files.len() <= FEW || waits(file);
    let (whole, brief): (Vec<_>, Vec<_>) = report.files.iter().partition(whole);
    overview::clear(out, &brief, width)?;
    for file in whole {
        print_file(out, file, width)?;
    }
    if !report.findings.is_empty() {
        writeln!(out)?;
        writeln!(out, "{BOLD}Configuration{BOLD:#}")?;
    }
    for finding in &report.findings {
        paragraph(out, &finding.message, 2, width, YELLOW)?;
    }
    overview::waiting(out, &report.files, width)?;
    let columns = || report.files.iter().flat_map(|file| &file.sheets).flat_map(|sheet| &sheet.columns);
    let of = |status| report.files.iter().filter(|file| file.status == status).count();
    writeln!(out)?;
    let done = format!("{} mapped", of(FileStatus::Converted));
    let counts = format!(
        "{done}, {} need review, {} failed, {} skipped · {} of {} columns are fields",
        of(FileStatus::NeedsReview),
        of(FileStatus::Failed),
        of(FileStatus::Skipped),
        columns().filter(|column| column.field.is_some()).count(),
        columns().count()
    );
    for line in wrapped(&counts, width) {
        match line.strip_prefix(&done) {
            Some(rest) => writeln!(out, "{BOLD}{done}{BOLD:#}{rest}")?,
            None => writeln!(out, "{line}")?,
        }
    }
    if saves || decisions(report).next().is_none() {
        return Ok(());
    }
    let hint = "Add the lines that are right to keeptabs.toml; `keeptabs map --save` writes them there, commented out";
    paragraph(out, hint, 0, width, DIM)
}

/// Whether somebody has to do something before the workbook is read.
fn waits(file: &MapFile) -> bool {
    file.status >= FileStatus::NeedsReview
}

/// What a person has to decide.
fn decisions(report: &MapReport) -> impl Iterator<Item = &Finding> {
    let findings = report.files.iter().flat_map(|file| &file.sheets).flat_map(|sheet| &sheet.findings);
    findings.filter(|finding| finding.severity == Severity::Error && !finding.proposals.is_empty())
}

fn status(file: &MapFile) -> (Style, &'static str) {
    match file.status {
        FileStatus::Converted | FileStatus::Unchanged => (GREEN, "mapped"),
        FileStatus::NeedsReview => (YELLOW, "needs review"),
        FileStatus::Failed => (RED, "failed"),
        FileStatus::Skipped => (DIM, "skipped"),
    }
}

fn print_file(out: &mut dyn Write, file: &MapFile, width: usize) -> io::Result<()> {
    let (style, word) = status(file);
    writeln!(out)?;
    writeln!(out, "{BOLD}{}{BOLD:#}  {style}{word}{style:#}", file.source)?;
    if let Some(reason) = file.reason.as_ref().filter(|_| file.sheets.is_empty()) {
        paragraph(out, reason, 2, width, DIM)?;
    }
    for sheet in &file.sheets {
        print_sheet(out, sheet, width)?;
    }
    Ok(())
}

fn print_sheet(out: &mut dyn Write, sheet: &MapSheet, width: usize) -> io::Result<()> {
    let (style, word) = match sheet.status {
        SheetStatus::Converted => (GREEN, None),
        SheetStatus::NeedsReview => (YELLOW, Some("needs review")),
        SheetStatus::Failed => (RED, Some("failed")),
        SheetStatus::Skipped => (DIM, Some("skipped")),
    };
    let word = word.map(|word| format!(" · {style}{word}{style:#}")).unwrap_or_default();
    writeln!(out, "  {BOLD}{}{BOLD:#}{word}", sheet.name)?;
    if sheet.status == SheetStatus::Skipped {
        // its columns are of no use to anybody
        return paragraph(out, sheet.reason.as_deref().unwrap_or_default(), 4, width, DIM);
    }
    if let Some(headings) = &sheet.headings {
        paragraph(out, &heading_row(headings), 4, width, Style::new())?;
    }
    let room = HEADING.min(width.saturating_sub(BESIDE));
    let longest = sheet.columns.iter().map(|column| column.heading.chars().count()).max().unwrap_or(0).min(room);
    for column in &sheet.columns {
        print_column(out, column, longest, width)?;
    }
    // a finding begins with a capital, a reason does not
    let told = |reason: &String| {
        let same = |finding: &Finding| finding.message.to_lowercase() == reason.to_lowercase();
        !sheet.findings.iter().any(same)
    };
    if let Some(reason) = sheet.reason.as_ref().filter(|reason| told(reason)) {
        paragraph(out, reason, 4, width, style)?;
    }
    for finding in &sheet.findings {
        super::folded(out, finding, &format!("{}{}", place(finding), finding.message), None, 4, width)?;
    }
    Ok(())
}

/// The cell, where the sheet is known.
fn place(finding: &Finding) -> String {
    finding.cell.map(|cell| format!("{cell}: ")).unwrap_or_default()
}

fn heading_row(headings: &HeadingRow) -> String {
    let rows = match headings.first_row {
        first if first < headings.row => format!("headings in rows {first} to {}", headings.row),
        _ => format!("headings in row {}", headings.row),
    };
    let why = match (headings.chosen_by, headings.score, &headings.runner_up, headings.margin) {
        (ChosenBy::Configuration, ..) => "says a line of the configuration".to_owned(),
        (ChosenBy::ExcelTable, ..) => "where an Excel table begins".to_owned(),
        (ChosenBy::Search, Some(score), Some(other), Some(margin)) => {
            format!("score {score:.2}, next best row {} with {:.2}, margin {margin:.2}", other.row, other.score)
        }
        (ChosenBy::Search, Some(score), ..) => format!("score {score:.2}, no other row comes near"),
        (ChosenBy::Search, ..) => String::new(),
    };
    format!("{rows} ({why})")
}

fn print_column(out: &mut dyn Write, column: &MapColumn, longest: usize, width: usize) -> io::Result<()> {
    let (style, tier) = match column.tier {
        Some(Tier::Reviewed) => (GREEN.bold(), "reviewed"),
        Some(Tier::Exact) => (GREEN, "exact"),
        Some(Tier::Alias) => (GREEN, "alias"),
        Some(Tier::Words) => (YELLOW, "words"),
        Some(Tier::Typo) => (YELLOW, "typo"),
        Some(Tier::Partly) => (YELLOW, "partly"),
        Some(Tier::Own) => (DIM, "own"),
        None => (DIM, ""),
    };
    let shown = if column.heading.is_empty() { "(no heading)" } else { &column.heading };
    let room = HEADING.min(width.saturating_sub(BESIDE));
    let heading: String = if shown.chars().count() > room {
        shown.chars().take(room.saturating_sub(1)).chain(['…']).collect()
    } else {
        shown.to_owned()
    };
    let field = match (&column.field, column.tier) {
        (Some(field), _) => format!("{field} · {tier}"),
        (None, Some(Tier::Own)) => "computed anew".to_owned(),
        (None, _) => "carried as it is".to_owned(),
    };
    writeln!(out, "  {BOLD}{:>4}{BOLD:#}  {heading:longest$}  {style}{field}{style:#}", column.column)?;
    let samples = column.samples.join(" · ");
    let reason =
        if samples.is_empty() { column.reason.clone() } else { format!("{}; values: {samples}", column.reason) };
    paragraph(out, &reason, INDENT, width, DIM)
}

fn paragraph(out: &mut dyn Write, text: &str, indent: usize, width: usize, style: Style) -> io::Result<()> {
    for line in wrapped(text, width - indent) {
        writeln!(out, "{:indent$}{style}{line}{style:#}", "")?;
    }
    Ok(())
}
