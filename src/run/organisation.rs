//! What is written about the whole organisation: the summary, the tables for BI tools, the managers' workbooks.

use super::entries::assess;
use super::{Context, Handled, Options, trouble};
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
    folder: &Path,
    report: &mut Report,
) {
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
    let failed: Vec<(String, Finding)> = tasks
        .into_par_iter()
        .filter_map(|(target, write)| {
            let path = folder.join(&target);
            let trouble = trouble(guarded(|| write(&path)))?;
            let message = format!("{target} could not be written: {trouble}; close it if it is open, then run again");
            Some((target, Finding::new(Code::NotWritten, message)))
        })
        .collect();
    report.summary = (!failed.iter().any(|(target, _)| *target == name)).then_some(name);
    report.findings.extend(failed.into_iter().map(|(_, finding)| finding));
}
