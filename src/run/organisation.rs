//! What is written about the whole organisation: the summary, the tables for BI tools, the managers' workbooks.

use super::entries::{account, assess};
use super::placing::{Folder, Placed};
use super::{Context, Handled, Options, settled};
use crate::actions::Action;
use crate::export;
use crate::finding::{Code, Finding};
use crate::guard::guarded;
use crate::history::{Comparison, Typed};
use crate::output::summary::{self, managers};
use crate::overrides::{self, Override};
use crate::portfolio::{Entry, Portfolio};
use crate::report::Report;
use crate::roster;
use crate::text::fold;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// Names below the month's folder that no department's result may take.
pub(super) fn reserved(month: crate::period::Month) -> Vec<String> {
    let own = [summary::file_name(month), managers::FOLDER.to_owned()];
    own.into_iter().chain([super::REPORT, export::CSV, export::PARQUET].map(str::to_owned)).collect()
}

/// What all of it is about.
#[derive(Clone, Copy)]
pub(super) struct Of<'o> {
    pub(super) portfolio: &'o Portfolio<'o>,
    pub(super) entries: &'o [Entry<'o>],
    pub(super) handled: &'o [Handled],
    pub(super) past: Option<&'o Comparison>,
    /// Whether months are stored.
    pub(super) stored: bool,
    /// What the departments typed beside their clients.
    pub(super) typed: &'o [Typed],
}

type Task<'t> = (String, Box<dyn Fn(&Path) -> io::Result<()> + Send + Sync + 't>);

/// Writes all of it; what could not be written is a finding of the run.
pub(super) fn write(
    of: Of<'_>,
    inputs: &str,
    context: &Context<'_>,
    options: &Options,
    folder: &Folder<'_>,
    report: &mut Report,
) -> Vec<Placed> {
    let portfolio = of.portfolio;
    let (clients, accounts) = assess(portfolio, of.entries, of.handled, context);
    let clients = roster::clients(portfolio, &clients);
    let accounts = roster::accounts(portfolio, &accounts);
    let (actions, overrides) = (actions(of), overrides(of));
    let source = summary::Source {
        portfolio,
        clients: &clients,
        accounts: &accounts,
        entries: of.entries,
        past: of.past,
        stored: of.stored,
        actions: &actions,
        overrides: &overrides,
        report,
        config: context.config,
        period: context.period,
        values: options.values,
    };
    let table = export::Table { month: context.period.month, portfolio, clients: &clients };
    let name = summary::file_name(context.period.month);
    let mut tasks: Vec<Task<'_>> = vec![
        (name.clone(), Box::new(|target| summary::write(&source, target))),
        (export::CSV.to_owned(), Box::new(|target| export::write_csv(&table, target))),
        (export::PARQUET.to_owned(), Box::new(|target| export::write_parquet(&table, target))),
    ];
    if options.per_manager {
        for book in managers::books(&source) {
            let target = book.target.clone();
            let source = &source;
            tasks.push((target, Box::new(move |target| managers::write(source, &book, target))));
        }
    }
    // in the order of the tasks, whoever works on them
    let folder = folder.with(tasks.iter().map(|(target, _)| target.as_str()));
    let done: Vec<(String, Result<Placed, String>)> = tasks
        .into_par_iter()
        .map(|(target, write)| {
            let placed = settled(guarded(|| folder.put(&target, inputs, write)));
            (target, placed)
        })
        .collect();
    report.summary = None;
    let mut all = Vec::new();
    for (target, placed) in done {
        match placed {
            Ok(placed) => {
                report.findings.extend(placed.finding(&target, None));
                if target == name {
                    report.summary = Some(placed.target.clone());
                }
                all.push(placed);
            }
            Err(trouble) => {
                let message = format!("{target} could not be written: {trouble}");
                report.findings.push(Finding::new(Code::NotWritten, message));
            }
        }
    }
    all
}

/// What is said where no workbook converted: a summary of an earlier run stays, and is not this one's.
pub(super) fn nothing_to_write(month: crate::period::Month, folder: &Path) -> Finding {
    let name = summary::file_name(month);
    let message = if folder.join(&name).exists() {
        format!(
            "no workbook was converted, so this run has no summary and stores no month; {name} in the results is that of an earlier run and was left as it was"
        )
    } else {
        "no workbook was converted, so this run has no summary and stores no month".to_owned()
    };
    Finding::new(Code::NotWritten, message)
}

/// For each account of the portfolio what its department typed beside it: an open action rather than one that is done.
fn actions(of: Of<'_>) -> Vec<Option<Action>> {
    let mut typed: BTreeMap<(String, String), &Action> = BTreeMap::new();
    for Typed { department, action } in of.typed {
        let own = typed.entry((fold(department), action.key())).or_insert(action);
        if own.done.is_some() {
            *own = action;
        }
    }
    let find = |account: &crate::portfolio::Account<'_>| {
        let rows = account.merged.entries.iter().map(|&entry| &of.entries[entry]);
        let key = |row: &Entry<'_>| (fold(&of.handled[row.source.file].job.department), fold(row.client));
        let found = rows.filter_map(|row| typed.get(&key(row)).copied());
        found.min_by_key(|action| action.done.is_some()).cloned()
    };
    of.portfolio.accounts.iter().map(find).collect()
}

/// What the departments wrote over computed statuses, in the order of the rows.
fn overrides<'o>(of: Of<'o>) -> Vec<Override<'o>> {
    let read = |(row, entry): (usize, &Entry<'o>)| {
        let book = &of.handled[entry.source.file].read.as_ref()?.parsed.book;
        overrides::read(row, account(of.handled, entry)?, book, entry.department, entry.overridden)
    };
    of.entries.iter().enumerate().filter_map(read).collect()
}
