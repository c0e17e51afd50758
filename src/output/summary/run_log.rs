//! Run log: a line a file with what became of it and where its rows went.

use super::super::page::{ListColumn, Page, Shown};
use super::super::style::{Look, Styles};
use super::View;
use crate::finding::Severity;
use crate::report::{FileReport, FileStatus};
use rust_xlsxwriter::{Worksheet, XlsxError};

const WIDTHS: [f64; 15] = [40.0, 16.0, 13.0, 10.0, 11.0, 10.0, 10.0, 11.0, 10.0, 9.0, 9.0, 10.0, 9.0, 44.0, 60.0];

/// One file, or all of them.
struct Row<'s> {
    name: &'s str,
    files: &'s [FileReport],
}

impl<'s> Row<'s> {
    fn sum(&self, of: impl Fn(&FileReport) -> usize) -> Shown {
        Shown::count(self.files.iter().map(of).sum())
    }

    /// The file, if it is one.
    fn file(&self) -> Option<&'s FileReport> {
        let [file] = self.files else { return None };
        (file.source == self.name).then_some(file)
    }
}

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("run_log", id);
    let report = view.source.report;
    let totals = &report.totals;
    let mut page = Page::new(sheet, styles, &WIDTHS)?;
    let subtitle = words.fill(
        "run_log",
        "subtitle",
        &[
            ("month", &view.month()),
            ("tool", &report.tool),
            ("workbooks", &totals.workbooks.to_string()),
            ("converted", &(totals.converted + totals.unchanged).to_string()),
            ("needs_review", &totals.needs_review.to_string()),
            ("failed", &totals.failed.to_string()),
            ("skipped", &totals.skipped.to_string()),
        ],
    );
    page.title(0, word("title"), &subtitle)?;
    let status = |status: FileStatus| match status {
        FileStatus::Unchanged => word("unchanged"),
        FileStatus::Converted => words.get("quality", "converted"),
        FileStatus::NeedsReview => words.get("quality", "needs-review"),
        FileStatus::Failed => words.get("quality", "failed"),
        FileStatus::Skipped => words.get("quality", "skipped"),
    };
    let text = |of: fn(&FileReport) -> String| move |row: &Row<'_>| Shown::text(row.file().map(of).unwrap_or_default());
    let sheets = |of: fn(&crate::report::SheetReport) -> usize| {
        move |row: &Row<'_>| row.sum(|file| file.sheets.iter().map(of).sum())
    };
    let findings = |severity: Severity| {
        move |row: &Row<'_>| row.sum(|file| file.findings.iter().filter(|found| found.severity == severity).count())
    };
    let columns = [
        ListColumn::new(word("file"), Look::Text, |row: &Row<'_>| Shown::text(row.name)),
        ListColumn::new(view.heading("department"), Look::Text, text(|file| file.department.clone())),
        ListColumn::new(word("status"), Look::Text, |row: &Row<'_>| {
            Shown::text(row.file().map(|file| status(file.status)).unwrap_or_default())
        }),
        ListColumn::new(word("rows_read"), Look::CountRight, sheets(|sheet| sheet.rows_read as usize)),
        ListColumn::new(word("clients"), Look::CountRight, sheets(|sheet| sheet.clients)),
        ListColumn::new(word("dropped"), Look::CountRight, sheets(|sheet| sheet.dropped)),
        ListColumn::new(word("rejected"), Look::CountRight, sheets(|sheet| sheet.rejected)),
        ListColumn::new(word("not_scored"), Look::CountRight, |row: &Row<'_>| row.sum(|file| file.not_scored)),
        ListColumn::new(word("average"), Look::Average, |row: &Row<'_>| {
            Shown::maybe(row.file().and_then(|file| file.average_score))
        }),
        ListColumn::new(word("at_risk"), Look::CountRight, |row: &Row<'_>| row.sum(|file| file.at_risk)),
        ListColumn::new(word("errors"), Look::CountRight, findings(Severity::Error)),
        ListColumn::new(word("warnings"), Look::CountRight, findings(Severity::Warning)),
        ListColumn::new(word("notes"), Look::CountRight, findings(Severity::Note)),
        ListColumn::new(word("result"), Look::Indented, text(|file| file.target.clone().unwrap_or_default())),
        ListColumn::new(word("reason"), Look::Wrapped, text(|file| file.reason.clone().unwrap_or_default())),
    ];
    page.sheet.set_repeat_rows(page.row, page.row)?;
    page.sheet.set_freeze_panes(page.row + 1, 1)?;
    let rows = report.files.iter().map(|file| Row { name: &file.source, files: std::slice::from_ref(file) });
    page.list(0, &columns, rows)?;
    page.total(0, &columns, &Row { name: word("all"), files: &report.files })
}
