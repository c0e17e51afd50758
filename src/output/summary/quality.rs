//! Data quality: what was found in all files, by kind, then the errors and warnings file by file.

use super::super::page::{ListColumn, Page, Shown};
use super::super::quality::{MAX_ALIKE, MAX_LINES, severity_id, shortened};
use super::super::sheet::Content;
use super::super::style::{Look, Styles};
use super::{View, amount_text, duplicates};
use crate::finding::{Code, Finding, Severity};
use crate::report::FileReport;
use rust_xlsxwriter::{Worksheet, XlsxError};
use std::cmp::Reverse;
use std::collections::BTreeMap;

const WIDTHS: [f64; 7] = [34.0, 11.0, 20.0, 20.0, 9.0, 26.0, 90.0];

/// How often a kind was found.
#[derive(Default)]
struct Kind {
    count: usize,
    files: usize,
}

type Found<'s> = (&'s FileReport, &'s Finding);

pub(super) fn write(view: &View<'_>, sheet: &mut Worksheet, styles: &mut Styles) -> Result<(), XlsxError> {
    let words = view.words;
    let word = |id: &str| words.get("org_quality", id);
    let shared = |id: &str| words.get("quality", id);
    let files = &view.source.report.files;
    // what is about clients of several files stands on Duplicates, once
    let is_own = |finding: &&Finding| !duplicates::KINDS.contains(&finding.code);
    let across: Vec<&Finding> = view.source.report.findings.iter().filter(is_own).collect();
    let all = || files.iter().flat_map(|file| file.findings.iter().filter(is_own).map(move |finding| (file, finding)));
    let count = |severity: Severity| {
        let found = all().map(|(_, finding)| finding).chain(across.iter().copied());
        amount_text(view.words, found.filter(|finding| finding.severity == severity).count() as f64)
    };
    let mut page = Page::new(sheet, styles, &WIDTHS)?;
    let subtitle = words.fill(
        "org_quality",
        "subtitle",
        &[
            ("month", &view.month()),
            ("errors", &count(Severity::Error)),
            ("warnings", &count(Severity::Warning)),
            ("notes", &count(Severity::Note)),
            ("files", &files.len().to_string()),
        ],
    );
    page.title(0, word("title"), &subtitle)?;
    if !across.is_empty() {
        page.section(0, word("across"))?;
        of_all(view, &mut page, &across)?;
        page.row += 1;
    } else if all().next().is_none() {
        return page.sentence(0, word("clean"), Look::Subtitle);
    }
    let mut kinds: BTreeMap<(Reverse<Severity>, Code), Kind> = BTreeMap::new();
    for file in files {
        let mut seen = Vec::new();
        for finding in file.findings.iter().filter(is_own) {
            let key = (Reverse(finding.severity), finding.code);
            let kind = kinds.entry(key).or_default();
            kind.count += 1;
            if !seen.contains(&key) {
                kind.files += 1;
                seen.push(key);
            }
        }
    }
    page.section(0, word("kinds"))?;
    let columns = [
        ListColumn::new(shared("code"), Look::Text, |((_, code), _): &((Reverse<Severity>, Code), Kind)| {
            Shown::text(code.id())
        }),
        ListColumn::new(shared("severity"), Look::Text, |((severity, _), _): &((Reverse<Severity>, Code), Kind)| {
            Shown::text(shared(severity_id(severity.0)))
        }),
        ListColumn::new(word("count"), Look::CountRight, |(_, kind): &((Reverse<Severity>, Code), Kind)| {
            Shown::count(kind.count)
        }),
        ListColumn::new(word("files"), Look::CountRight, |(_, kind): &((Reverse<Severity>, Code), Kind)| {
            Shown::count(kind.files)
        }),
    ];
    page.list(0, &columns, kinds.into_iter())?;
    page.row += 1;
    let grave: Vec<Found<'_>> = all().filter(|(_, finding)| finding.severity > Severity::Note).collect();
    if grave.is_empty() {
        return Ok(());
    }
    page.section(0, word("list"))?;
    page.sentence(0, word("list_subtitle"), Look::Subtitle)?;
    let columns = [
        ListColumn::new(word("file"), Look::Text, |(file, _): &Found<'_>| Shown::text(file.source.as_str())),
        ListColumn::new(shared("severity"), Look::Text, |(_, finding): &Found<'_>| {
            Shown::text(shared(severity_id(finding.severity)))
        }),
        ListColumn::new(shared("code"), Look::Text, |(_, finding): &Found<'_>| Shown::text(finding.code.id())),
        ListColumn::new(shared("sheet"), Look::Text, |(_, finding): &Found<'_>| {
            Shown::text(finding.sheet.clone().unwrap_or_default())
        }),
        ListColumn::new(word("cell"), Look::Text, |(_, finding): &Found<'_>| {
            Shown::text(finding.cell.map(|cell| cell.to_string()).unwrap_or_default())
        }),
        ListColumn::new(shared("found"), Look::Wrapped, |(_, finding): &Found<'_>| {
            Shown::text(shortened(finding.raw.as_deref().unwrap_or_default()))
        }),
        ListColumn::new(shared("message"), Look::Wrapped, |(_, finding): &Found<'_>| {
            Shown::text(finding.message.as_str())
        }),
    ];
    let listed = listed(&grave);
    let left = grave.len() - listed.len();
    page.list(0, &columns, listed.into_iter())?;
    if left > 0 {
        let more = words.fill("duplicates", "more", &[("count", &amount_text(view.words, left as f64))]);
        page.sentence(0, &more, Look::Subtitle)?;
    }
    Ok(())
}

/// What concerns the whole run; sentences take the room of several columns.
fn of_all(view: &View<'_>, page: &mut Page<'_>, all: &[&Finding]) -> Result<(), XlsxError> {
    let shared = |id: &str| view.words.get("quality", id).to_owned();
    page.spanned(&[
        (0, 0, Look::HeadingList, Content::Text(shared("code"))),
        (1, 1, Look::HeadingList, Content::Text(shared("severity"))),
        (2, 6, Look::HeadingList, Content::Text(shared("message"))),
    ])?;
    for finding in all.iter().take(MAX_LINES) {
        let lines = finding.proposals.iter().map(ToString::to_string);
        let text = [finding.message.clone()].into_iter().chain(lines).collect::<Vec<_>>().join("\n");
        page.spanned(&[
            (0, 0, Look::Text, Content::text(finding.code.id())),
            (1, 1, Look::Text, Content::Text(shared(severity_id(finding.severity)))),
            (2, 6, Look::Wrapped, Content::Text(text)),
        ])?;
    }
    if all.len() > MAX_LINES {
        let more = amount_text(view.words, (all.len() - MAX_LINES) as f64);
        let more = view.words.fill("duplicates", "more", &[("count", &more)]);
        page.sentence(0, &more, Look::Subtitle)?;
    }
    Ok(())
}

/// Errors first, then in the order of the files; many of a kind in one column are cut.
fn listed<'s>(found: &[Found<'s>]) -> Vec<Found<'s>> {
    /// File, kind, sheet and column.
    type Place<'s> = (&'s str, Code, Option<&'s str>, Option<u16>);
    let mut alike: BTreeMap<Place<'_>, usize> = BTreeMap::new();
    let mut sorted = found.to_vec();
    sorted.sort_by_key(|(_, finding)| Reverse(finding.severity));
    sorted.retain(|(file, finding)| {
        let column = finding.cell.map(|cell| cell.col);
        let count = alike.entry((&file.source, finding.code, finding.sheet.as_deref(), column)).or_default();
        *count += 1;
        *count <= MAX_ALIKE
    });
    sorted.truncate(MAX_LINES);
    sorted
}
