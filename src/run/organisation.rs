//! What is written about the whole organisation: the summary, the tables for BI tools, the managers' workbooks.

use super::entries::assess;
use super::placing::{Folder, Placed};
use super::{Context, Handled, Options, settled};
use crate::export;
use crate::finding::{Code, Finding};
use crate::guard::guarded;
use crate::output::summary::{self, managers};
use crate::portfolio::{Entry, Portfolio};
use crate::report::Report;
use crate::roster;
use rayon::prelude::*;
use std::io;
use std::path::Path;

/// Names below the month's folder that no department's result may take.
pub(super) fn reserved(month: crate::period::Month) -> Vec<String> {
    let own = [summary::file_name(month), managers::FOLDER.to_owned()];
    own.into_iter().chain([super::REPORT, export::CSV, export::PARQUET].map(str::to_owned)).collect()
}

type Task<'t> = (String, Box<dyn Fn(&Path) -> io::Result<()> + Send + Sync + 't>);

/// Writes all of it; what could not be written is a finding of the run.
pub(super) fn write(
    portfolio: &Portfolio<'_>,
    entries: &[Entry<'_>],
    handled: &[Handled],
    context: &Context<'_>,
    options: &Options,
    folder: &Folder<'_>,
    report: &mut Report,
) -> Vec<Placed> {
    let (clients, accounts) = assess(portfolio, entries, handled, context);
    let clients = roster::clients(portfolio, &clients);
    let accounts = roster::accounts(portfolio, &accounts);
    let source = summary::Source {
        portfolio,
        clients: &clients,
        accounts: &accounts,
        entries,
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
            let placed = settled(guarded(|| folder.put(&target, write)));
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
                let message =
                    format!("{target} could not be written: {trouble}; close it if it is open, then run again");
                report.findings.push(Finding::new(Code::NotWritten, message));
            }
        }
    }
    all
}
