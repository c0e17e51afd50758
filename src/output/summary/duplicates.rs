//! Duplicates: what departments say differently about one client, what may be one client, the same list handed in twice.

use super::super::page::{ListColumn, Page, Shown};
use super::super::style::{Look, Styles};
use super::{View, amount_text};
use crate::finding::{Code, Finding};
use rust_xlsxwriter::{Worksheet, XlsxError};

/// Lines of one kind; run.json holds them all.
const MAX: usize = 1_000;
/// Cells named of one finding.
const CELLS: usize = 20;
/// In the order of their weight.
pub(super) const KINDS: [Code; 9] = [
    Code::SameListUnclear,
    Code::Conflict,
    Code::PossibleDuplicate,
    Code::SameListTwice,
    Code::SeveralRows,
    Code::DuplicateRow,
    Code::MixedCurrency,
    Code::CurrencyUnknown,
    Code::ManagerMerged,
];

/// What was found, and the cells that it is about.
type Found<'s> = (&'s Finding, String);

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("duplicates", id);
    let mut page = Page::new(sheet, styles, &[110.0, 70.0])?;
    page.title(0, word("title"), &words.fill("duplicates", "subtitle", &[("month", &view.month())]))?;
    let mut any = false;
    for code in KINDS {
        let found = found(view, code);
        if found.is_empty() {
            continue;
        }
        any = true;
        page.section(0, &format!("{} ({})", word(code.id()), amount_text(view.words, found.len() as f64)))?;
        let columns = [
            ListColumn::new(word("message"), Look::Wrapped, |(finding, _): &&Found<'_>| {
                Shown::text(finding.message.as_str())
            }),
            ListColumn::new(word("cells"), Look::Wrapped, |(_, cells): &&Found<'_>| Shown::text(cells.as_str())),
        ];
        page.list(0, &columns, found.iter().take(MAX))?;
        if found.len() > MAX {
            let more =
                words.fill("duplicates", "more", &[("count", &amount_text(view.words, (found.len() - MAX) as f64))]);
            page.sentence(0, &more, Look::Subtitle)?;
        }
        page.row += 1;
    }
    if !any {
        page.sentence(0, word("clean"), Look::Subtitle)?;
    }
    Ok(())
}

fn found<'s>(view: &View<'s>, code: Code) -> Vec<Found<'s>> {
    // the portfolio's findings know all their cells; lists handed in twice are findings of their files
    if matches!(code, Code::SameListTwice | Code::SameListUnclear) {
        let files = view.source.report.files.iter();
        let of_files = files.flat_map(|file| file.findings.iter().map(move |finding| (file, finding)));
        let own = of_files.filter(|(_, finding)| finding.code == code);
        return own
            .map(|(file, finding)| {
                let sheet = finding.sheet.as_deref().map(|sheet| format!(", {sheet}")).unwrap_or_default();
                (finding, format!("{}{sheet}", file.source))
            })
            .collect();
    }
    let located = view.source.portfolio.findings.iter().filter(|located| located.finding.code == code);
    located
        .map(|located| {
            let mut cells: Vec<_> = located.cells.iter().take(CELLS).map(ToString::to_string).collect();
            if let Some(more @ 1..) = located.cells.len().checked_sub(CELLS) {
                cells.push(view.words.fill("duplicates", "more", &[("count", &more.to_string())]));
            }
            (&located.finding, cells.join("\n"))
        })
        .collect()
}
