//! A workbook for each account manager: their book of business, account by account, in the order in which to act.

use super::super::rows::Rows;
use super::super::save;
use super::super::style::Styles;
use super::super::words::Words;
use super::columns::{self, Lines};
use super::{ACCOUNTS, Source, View, clients, printed, properties};
use crate::field::Status;
use crate::roster::Line;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;

/// Folder of these workbooks below the month's.
pub const FOLDER: &str = "By manager";
/// Longest stem of a file, in characters.
const MAX_STEM: usize = 80;

const COLUMNS: [&str; 35] = [
    "client",
    "department",
    "score",
    "change",
    "status",
    "flags",
    "next_step",
    "action",
    "currency",
    "revenue_last_year",
    "revenue_at_risk",
    "evidence",
    "key_account",
    "comments",
    "action_points",
    "our_contacts",
    "client_contacts",
    "meetings",
    "decision_level",
    "survey_score",
    "survey_date",
    "target",
    "revenue_current",
    "attainment",
    "growth",
    "previous_score",
    "previous_month",
    "what_changed",
    "worry",
    "kpi_met",
    "why",
    "known",
    "best_case",
    "renewal_date",
    "last_thanked",
];

/// A manager's workbook: its path below the month's folder, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book {
    /// Path below the month's folder, with a forward slash.
    pub target: String,
    manager: usize,
}

/// The workbooks of all managers that have accounts; no two have one path.
pub fn books(source: &Source<'_>) -> Vec<Book> {
    let mut taken = BTreeSet::new();
    let managers = source.portfolio.managers.iter().enumerate().filter(|(_, group)| !group.accounts.is_empty());
    managers
        .map(|(manager, group)| {
            let stem = file_stem(group.name.unwrap_or(Words::new(source.config.language).get("org", "nobody")));
            let mut name = stem.clone();
            let mut n = 2;
            // file systems of Windows and macOS do not tell case apart
            while !taken.insert(name.to_lowercase()) {
                name = format!("{stem} ({n})");
                n += 1;
            }
            Book { target: format!("{FOLDER}/{name}.xlsx"), manager }
        })
        .collect()
}

/// A name as a file's: without what file systems refuse or treat apart.
fn file_stem(name: &str) -> String {
    let plain: String =
        name.chars()
            .map(|c| {
                if c.is_control() || matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*') {
                    '-'
                } else {
                    c
                }
            })
            .take(MAX_STEM)
            .collect();
    let plain = plain.trim().trim_matches('.').trim();
    // Windows keeps these for devices, with whatever ending
    let device = plain.split('.').next().unwrap_or_default().to_lowercase();
    let numbered = |stem: &str| device.strip_prefix(stem).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    let is_device = matches!(device.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt");
    match plain {
        "" => "-".to_owned(),
        _ if is_device => format!("{plain}-"),
        _ => plain.to_owned(),
    }
}

/// Writes one manager's workbook.
///
/// # Errors
/// What the system or the workbook's writer said.
pub fn write(source: &Source<'_>, book: &Book, target: &Path) -> io::Result<()> {
    let view = View::new(source, Words::new(source.config.language));
    let group = &source.portfolio.managers[book.manager];
    let mut lines: Vec<Line<'_>> = group.accounts.iter().map(|&account| source.accounts[account].clone()).collect();
    // the worst first; of equal ones those with most revenue
    let revenue = |line: &Line<'_>| line.revenue().iter().map(|(_, amount)| amount).fold(0.0, f64::max);
    lines.sort_by(|a, b| {
        let place = |line: &Line<'_>| (line.shown != Status::AtRisk, line.assessed.rated.worry != Some(true));
        place(a).cmp(&place(b)).then_with(|| revenue(b).total_cmp(&revenue(a)))
    });
    let (workbook, rows) = build(&view, group.name, &lines).map_err(io::Error::other)?;
    save::workbook(workbook, &[rows], source.config.compression, target)
}

fn build<'v>(
    view: &'v View<'v>,
    manager: Option<&str>,
    lines: &'v [Line<'v>],
) -> Result<(Workbook, Rows<'v>), XlsxError> {
    let View { source, words, .. } = *view;
    let manager = manager.unwrap_or(words.get("org", "nobody"));
    let mut workbook = Workbook::new();
    workbook.set_zip_compression_level(source.config.compression);
    let title = words.fill("manager", "title", &[("manager", manager)]);
    workbook.set_properties(&properties(&title, "manager", source)?);
    let mut styles = Styles::new();
    let name = words.get("org_sheet", "clients");
    let sheet = workbook.add_worksheet().set_name(name)?;
    printed(sheet, words, manager, name, source.period);
    let table = Lines { view, table: ACCOUNTS, live: false };
    let ids = clients::kept(view, lines, &COLUMNS);
    let rows = columns::table(&table, &ids, lines, ("client", "key_account"), sheet, &mut styles)?;
    Ok((workbook, rows))
}

#[cfg(test)]
mod tests {
    use super::file_stem;

    #[test]
    fn names_that_file_systems_take() {
        for (name, stem) in [
            ("Ana Costa", "Ana Costa"),
            ("a/b: \"c\"", "a-b- -c-"),
            ("..", "-"),
            ("", "-"),
            ("con", "con-"),
            ("Com1.x", "Com1.x-"),
            ("Como", "Como"),
            (" J. R. ", "J. R"),
            ("Zoë\u{1}", "Zoë-"),
        ] {
            assert_eq!(file_stem(name), stem, "{name}");
        }
    }
}
