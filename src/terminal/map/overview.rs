//! Of many workbooks: those that are clear in a line each, and at the end what waits for whom.

use super::{paragraph, status, waits};
use crate::terminal::{BOLD, DIM, YELLOW, ending};
use anstyle::Style;
use keeptabs::book::column_letters;
use keeptabs::finding::{Finding, Severity};
use keeptabs::map_report::{MapFile, MapSheet};
use std::io::{self, Write};

/// The longest name that what stands behind it is lined up by.
const NAME: usize = 44;
/// What stands behind it: status, columns and warnings.
const BESIDE: usize = 44;

/// A line for each workbook that nobody has to look at.
pub(super) fn clear(out: &mut dyn Write, files: &[&MapFile], width: usize) -> io::Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let room = NAME.min(width.saturating_sub(BESIDE));
    let longest = files.iter().map(|file| file.source.chars().count()).max().unwrap_or(0).min(room);
    writeln!(out)?;
    for file in files {
        let (style, word) = status(file);
        let name = ending(&file.source, longest);
        writeln!(out, "{name:longest$}  {style}{word:8}{style:#} {DIM}{}{DIM:#}", beside(file))?;
    }
    paragraph(out, "-v shows the columns of all, --only NAME those of one", 0, width, DIM)
}

fn beside(file: &MapFile) -> String {
    let columns = || file.sheets.iter().flat_map(|sheet| &sheet.columns);
    if columns().next().is_none() {
        return file.reason.clone().unwrap_or_default();
    }
    let fields = columns().filter(|column| column.field.is_some()).count();
    let warnings = file.sheets.iter().flat_map(|sheet| &sheet.findings);
    let warnings = match warnings.filter(|finding| finding.severity > Severity::Note).count() {
        0 => String::new(),
        1 => " · 1 warning".to_owned(),
        count => format!(" · {count} warnings"),
    };
    format!("{fields} of {} columns are fields{warnings}", columns().count())
}

/// Each workbook that waits for somebody, and its cells; nothing where one stands alone.
pub(super) fn waiting(out: &mut dyn Write, files: &[MapFile], width: usize) -> io::Result<()> {
    let waiting: Vec<_> = files.iter().filter(|file| waits(file)).collect();
    if files.len() < 2 || waiting.is_empty() {
        return Ok(());
    }
    let title = match waiting.len() {
        1 => "One workbook waits for somebody".to_owned(),
        count => format!("{count} workbooks wait for somebody"),
    };
    writeln!(out)?;
    writeln!(out, "{BOLD}{YELLOW}{title}{YELLOW:#}{BOLD:#}")?;
    for file in waiting {
        let (style, word) = status(file);
        writeln!(out, "  {}  {style}{word}{style:#}", file.source)?;
        for what in undecided(file) {
            paragraph(out, &what, 4, width, Style::new())?;
        }
    }
    Ok(())
}

/// What has to be settled, sheet by sheet; where no cell is to be named, the reason.
fn undecided(file: &MapFile) -> Vec<String> {
    let open = |finding: &&Finding| finding.severity == Severity::Error;
    let of_sheet = |sheet: &MapSheet| {
        let cells: Vec<_> = sheet.findings.iter().filter(open).map(|finding| cell(finding, sheet)).collect();
        (!cells.is_empty()).then(|| format!("{}: {}", sheet.name, cells.join(", ")))
    };
    let sheets: Vec<_> = file.sheets.iter().filter_map(of_sheet).collect();
    if sheets.is_empty() { file.reason.iter().cloned().collect() } else { sheets }
}

/// Cell and heading, `C3 "Kontakte"`; the code of what concerns no cell.
fn cell(finding: &Finding, sheet: &MapSheet) -> String {
    let Some(cell) = finding.cell else { return finding.code.id().to_owned() };
    let letters = column_letters(cell.col);
    match sheet.columns.iter().find(|column| column.column == letters && !column.heading.is_empty()) {
        Some(column) => format!("{cell} \"{}\"", column.heading),
        None => cell.to_string(),
    }
}
