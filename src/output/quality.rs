//! Data quality: every row accounted for, and every finding with a link to its cell.

use super::department::{Placed, Source, page_setup};
use super::sheet::{Content, LINE_HEIGHT, lines_in, put};
use super::style::{Look, Styles};
use super::words::Words;
use crate::book::{CellRef, column_letters};
use crate::finding::{Code, Finding, Severity};
use crate::mapping::SheetStatus;
use crate::period::Period;
use rust_xlsxwriter::{Url, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Rows that stay on screen at most.
const FROZEN: u32 = 12;
/// Findings listed at most; counts are always exact.
pub(super) const MAX_LINES: usize = 5_000;
/// Findings of one code in one column listed at most.
pub(super) const MAX_ALIKE: usize = 200;

/// "November 2026".
pub(super) fn month_name(words: Words, period: Period) -> String {
    let month = words.get("month", &period.month.month.to_string());
    words.fill("month", "year", &[("month", month), ("year", &period.month.year.to_string())])
}

pub(super) fn write(
    sheet: &mut Worksheet,
    styles: &mut Styles,
    source: &Source<'_>,
    placed: &[Placed<'_>],
    words: Words,
) -> Result<(), XlsxError> {
    let word = |id| words.get("quality", id);
    sheet.set_screen_gridlines(false);
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page_setup::footed(sheet, words);
    for (col, width) in [22.0, 22.0, 22.0, 12.0, 12.0, 30.0, 90.0].into_iter().enumerate() {
        sheet.set_column_width(col as u16, width)?;
    }
    sheet.write_with_format(0, 0, word("title"), styles.get(Look::Title))?;
    let month = month_name(words, source.period);
    let subtitle = words.fill(
        "quality",
        "subtitle",
        &[("department", source.department), ("month", &month), ("source", source.path)],
    );
    sheet.write_with_format(1, 0, subtitle, styles.get(Look::Subtitle))?;

    let mut row = 3;
    sheet.write_with_format(row, 0, word("reconciliation"), styles.get(Look::Section))?;
    row += 1;
    let headings = ["sheet", "heading_row", "rows_read", "clients", "dropped", "rejected", "outcome"];
    for (col, id) in (0u16..).zip(headings) {
        let look = match col {
            0 => Look::HeadingList,
            1..6 => Look::HeadingListRight,
            _ => Look::HeadingListIndented,
        };
        sheet.write_with_format(row, col, word(id), styles.get(look))?;
    }
    row += 1;
    let book = &source.parsed.book;
    for map in source.sheets {
        let name = &book.sheets[map.sheet].name;
        put(sheet, styles, row, 0, Look::Text, &Content::text(name))?;
        if let Some(place) = placed.iter().find(|place| place.table.sheet == map.sheet) {
            let table = place.table;
            let figures = [
                f64::from(table.header_row) + 1.0,
                f64::from(table.rows_read),
                table.len() as f64,
                (table.dropped.len() - table.rejected()) as f64,
                table.rejected() as f64,
            ];
            for (col, figure) in (1u16..).zip(figures) {
                put(sheet, styles, row, col, Look::CountRight, &Content::Number(figure))?;
            }
        }
        let outcome = match map.status {
            SheetStatus::Converted => word("converted").to_owned(),
            status => format!("{}: {}", word(status_id(status)), map.reason),
        };
        put(sheet, styles, row, 6, Look::Indented, &Content::text(&outcome))?;
        height(sheet, row, &[(&outcome, 90.0)])?;
        row += 1;
    }
    row += 1;
    sheet.write_with_format(row, 0, word("findings"), styles.get(Look::Section))?;
    row += 1;
    if source.findings.is_empty() {
        sheet.write_with_format(row, 0, word("clean"), styles.get(Look::Subtitle))?;
        return Ok(());
    }
    for (col, id) in ["severity", "code", "sheet", "source_cell", "here", "found", "message"].into_iter().enumerate() {
        sheet.write_with_format(row, col as u16, word(id), styles.get(Look::HeadingList))?;
    }
    sheet.set_repeat_rows(row, row)?;
    // what is frozen leaves room for the findings
    if row < FROZEN {
        sheet.set_freeze_panes(row + 1, 0)?;
    }
    row += 1;
    let places = Places::new(placed);
    for line in lines(source.findings) {
        let (finding, text) = match line {
            Line::One(finding) => (finding, finding.message.clone()),
            Line::More(finding, count) => (finding, words.fill("quality", "more", &[("count", &count.to_string())])),
        };
        let one = matches!(line, Line::One(_));
        put(sheet, styles, row, 0, Look::Text, &Content::text(word(severity_id(finding.severity))))?;
        put(sheet, styles, row, 1, Look::Text, &Content::text(finding.code.id()))?;
        put(sheet, styles, row, 2, Look::Text, &Content::text(finding.sheet.as_deref().unwrap_or_default()))?;
        let cell = finding.cell.filter(|_| one);
        put(sheet, styles, row, 3, Look::Text, &Content::text(&cell.map(|c| c.to_string()).unwrap_or_default()))?;
        match cell.and_then(|cell| places.find(finding.sheet.as_deref()?, cell)) {
            Some((name, here)) => {
                let target = format!("internal:'{}'!{here}", name.replace('\'', "''"));
                sheet.write_url_with_format(row, 4, Url::new(target).set_text(here), styles.get(Look::Link))?;
            }
            None => put(sheet, styles, row, 4, Look::Text, &Content::Empty)?,
        }
        let raw = finding.raw.as_deref().filter(|_| one).unwrap_or_default();
        put(sheet, styles, row, 5, Look::Wrapped, &Content::text(&shortened(raw)))?;
        put(sheet, styles, row, 6, Look::Wrapped, &Content::text(&text))?;
        height(sheet, row, &[(&shortened(raw), 30.0), (&text, 90.0)])?;
        row += 1;
    }
    Ok(())
}

/// A row as high as its wrapped texts need it.
fn height(sheet: &mut Worksheet, row: u32, texts: &[(&str, f64)]) -> Result<(), XlsxError> {
    let lines = texts.iter().map(|(text, width)| lines_in(text, *width)).max().unwrap_or(1);
    if lines > 1 {
        sheet.set_row_height(row, f64::from(lines) * LINE_HEIGHT)?;
    }
    Ok(())
}

pub(super) fn shortened(text: &str) -> String {
    if text.chars().count() <= 120 { text.to_owned() } else { text.chars().take(119).chain(['…']).collect() }
}

enum Line<'a> {
    One(&'a Finding),
    More(&'a Finding, usize),
}

/// Code, sheet and column: findings of one kind.
type Kind<'a> = (Code, Option<&'a str>, Option<u16>);

/// The findings to list: the grave ones first, then in the order of sheets and cells; many of a kind are cut.
fn lines(findings: &[Finding]) -> Vec<Line<'_>> {
    let mut sorted: Vec<_> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    let mut alike: BTreeMap<Kind<'_>, (usize, &Finding)> = BTreeMap::new();
    let mut lines = Vec::new();
    for finding in sorted {
        let key = (finding.code, finding.sheet.as_deref(), finding.cell.map(|cell| cell.col));
        let (count, _) = alike.entry(key).and_modify(|(count, _)| *count += 1).or_insert((1, finding));
        if *count <= MAX_ALIKE && lines.len() < MAX_LINES {
            lines.push(Line::One(finding));
        }
    }
    let listed: BTreeMap<_, usize> = lines.iter().fold(BTreeMap::new(), |mut counts, line| {
        if let Line::One(finding) = line {
            *counts.entry((finding.code, finding.sheet.as_deref(), finding.cell.map(|c| c.col))).or_default() += 1;
        }
        counts
    });
    for (key, (count, finding)) in alike {
        let left = count - listed.get(&key).copied().unwrap_or(0);
        if left > 0 {
            lines.push(Line::More(finding, left));
        }
    }
    lines
}

/// Finds where a source's cell stands in the result.
struct Places<'a>(Vec<(&'a Placed<'a>, BTreeMap<u32, u32>)>);

impl<'a> Places<'a> {
    fn new(placed: &'a [Placed<'a>]) -> Self {
        Self(placed.iter().map(|place| (place, place.rows())).collect())
    }

    fn find(&self, sheet: &str, cell: CellRef) -> Option<(&'a str, String)> {
        let (place, rows) = self.0.iter().find(|(place, _)| place.source_name == sheet)?;
        let row = if cell.row == place.table.header_row { 0 } else { *rows.get(&cell.row)? };
        let col = place.columns.iter().find(|(source, _)| *source == cell.col)?.1;
        Some((&place.sheet_name, format!("{}{}", column_letters(col), row + 1)))
    }
}

pub(super) fn severity_id(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn status_id(status: SheetStatus) -> &'static str {
    match status {
        SheetStatus::Converted => "converted",
        SheetStatus::NeedsReview => "needs-review",
        SheetStatus::Failed => "failed",
        SheetStatus::Skipped => "skipped",
    }
}
