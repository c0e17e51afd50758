//! A run split over processes or machines: what can be done ahead of it, in parts.
//!
//! Reading needs no other workbook, joining needs them all, writing needs what joining found out about its workbook. What
//! is done ahead is only kept, or put in place with a note of what it depends on; the run at the end believes it where it
//! depends on just what that run sees, and does the rest itself. A part that fails costs time, nothing else.

use super::journal::Journal;
use super::placing::Folder;
use super::{Context, Handled, Options, Progress, finish, fresh::Digest, handle, kept, report_of, targets};
use crate::actions::Action;
use crate::error::Error;
use crate::history::Written;
use crate::inbox::{Inbox, Job};
use crate::mapping::SheetMap;
use crate::output::department::Fact;
use crate::report::whole::WholeFile;
use crate::report::{FileReport, FileStatus, Report};
use rayon::ThreadPool;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::Ordering;

/// What is done ahead of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Workbooks are read, and what was read is kept.
    Read,
    /// The organisation is put together, and kept for each workbook what its result is to say.
    Join,
    /// Results of workbooks are written as joining said.
    Write,
}

/// What joining says about the month's folder.
#[derive(Serialize, Deserialize)]
struct Joined {
    /// The content of each workbook that gets a result, by its path below the inbox.
    hashes: BTreeMap<String, String>,
    /// Every path below the month's folder that the run writes to, in lower case.
    targets: BTreeSet<String>,
    /// What the store knows of results.
    written: Written,
}

/// What joining says about one workbook, beside what was read of it.
#[derive(Serialize, Deserialize)]
struct Order<'a> {
    #[serde(with = "WholeFile")]
    report: FileReport,
    sheets: Cow<'a, [SheetMap]>,
    facts: Cow<'a, [Vec<Fact>]>,
    actions: Cow<'a, [Action]>,
    /// The tables that count, by their sheets, with the last days of overrides by account.
    tables: Vec<(usize, Vec<(usize, i32)>)>,
}

/// What a run knows of each file before it writes, one an element.
#[derive(Clone, Copy)]
pub(super) struct OfFiles<'a> {
    pub(super) handled: &'a [Handled],
    pub(super) reports: &'a [FileReport],
    pub(super) facts: &'a [Vec<Vec<Fact>>],
    pub(super) actions: &'a [Vec<Action>],
}

/// Reads every workbook by itself, and keeps what was read.
pub(super) fn read(
    inbox: Inbox,
    options: &Options,
    context: &Context<'_>,
    pool: &ThreadPool,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Report, Error> {
    make(&options.out.join(kept::FOLDER))?;
    progress(Progress::Reading { files: inbox.jobs.len() });
    let one = |job| {
        let (file, mut report) = handle(job, context);
        finish(&file, &mut report, Vec::new(), context);
        report
    };
    each(inbox, options, context, pool, progress, &one)
}

/// Keeps for each workbook what its result is to say.
pub(super) fn join(
    files: OfFiles<'_>,
    written: &Written,
    options: &Options,
    context: &Context<'_>,
) -> Result<(), Error> {
    make(&options.out.join(kept::FOLDER))?;
    let OfFiles { handled, reports, facts, actions } = files;
    let all = handled.par_iter().zip(reports).zip(facts).zip(actions);
    let hashes = all.filter_map(|(((file, report), facts), actions)| {
        let read = file.read.as_ref().filter(|_| report.target.is_some())?;
        let order = Order {
            report: report.clone(),
            sheets: (&read.sheets).into(),
            facts: facts.into(),
            actions: actions.into(),
            tables: read
                .parsed
                .tables
                .iter()
                .map(|table| {
                    let ends = table.accounts().filter_map(|one| Some((one.index, one.override_end()?)));
                    (table.sheet, ends.collect())
                })
                .collect(),
        };
        context.kept.put(&name(&file.job.source, options, context), &order);
        Some((file.job.source.clone(), file.hash.clone()))
    });
    let month = format!("{}/", context.period.month);
    let joined = Joined {
        hashes: hashes.collect(),
        targets: targets(reports, context.period.month),
        written: written
            .iter()
            .filter(|(path, _)| path.starts_with(&month))
            .map(|(path, own)| (path.clone(), own.clone()))
            .collect(),
    };
    context.kept.put(&name("", options, context), &joined);
    Ok(())
}

/// Writes the results of these workbooks as joining said.
pub(super) fn write(
    inbox: Inbox,
    options: &Options,
    context: &Context<'_>,
    pool: &ThreadPool,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Report, Error> {
    let joined = context.kept.get::<Joined>(&name("", options, context));
    let joined = joined.ok_or_else(|| Error::NotJoined { month: context.period.month.to_string() })?;
    let journal = Journal::open(&options.out, &joined.written, true, false);
    let month = context.period.month.to_string();
    let folder = Folder {
        path: options.out.join(&month),
        month,
        known: &joined.written,
        taken: joined.targets,
        force: false,
        limits: &context.config.limits,
        journal: &journal,
    };
    make(&folder.path)?;
    progress(Progress::Writing { files: inbox.jobs.len() });
    let one = |job: Job| {
        let (source, department) = (job.source.clone(), job.department.clone());
        match written(job, joined.hashes.get(&source).map(String::as_str), options, context, &folder) {
            Ok(report) => report,
            Err(why) => {
                let mut report = FileReport::new(&source, &department);
                report.end(FileStatus::Skipped, format!("left to the run at the end: {why}"));
                report
            }
        }
    };
    each(inbox, options, context, pool, progress, &one)
}

/// Writes the result of one workbook, or says why not.
fn written(
    job: Job,
    joined: Option<&str>,
    options: &Options,
    context: &Context<'_>,
    folder: &Folder<'_>,
) -> Result<FileReport, &'static str> {
    let joined = joined.ok_or("it has no result, or came after the organisation was put together")?;
    let order = context.kept.get::<Order<'_>>(&name(&job.source, options, context));
    let order = order.ok_or("what its result is to say was not kept")?;
    let (mut file, _) = handle(job, context);
    if file.hash != joined {
        return Err("it changed after the organisation was put together");
    }
    let read = file.read.as_mut().ok_or("it could not be read")?;
    read.sheets = order.sheets.into_owned();
    read.parsed.tables.retain(|table| order.tables.iter().any(|(sheet, _)| *sheet == table.sheet));
    for (table, (_, ends)) in read.parsed.tables.iter_mut().zip(order.tables) {
        ends.into_iter().for_each(|(account, day)| table.set_override_end(account, day));
    }
    let mut report = order.report;
    // the note in the journal tells the run at the end
    super::write(&file, &mut report, &order.facts, &order.actions, context, folder, options.values);
    Ok(report)
}

/// Does it for each file, and reports.
fn each(
    inbox: Inbox,
    options: &Options,
    context: &Context<'_>,
    pool: &ThreadPool,
    progress: &(dyn Fn(Progress<'_>) + Sync),
    one: &(dyn Fn(Job) -> FileReport + Sync),
) -> Result<Report, Error> {
    let done = |job: Job| {
        let report = (!options.stop.load(Ordering::Relaxed)).then(|| one(job))?;
        progress(Progress::Done { source: &report.source });
        Some(report)
    };
    let reports: Option<Vec<_>> = pool.install(|| inbox.jobs.into_par_iter().map(done).collect());
    progress(Progress::End);
    // how many clients the accounts are, only all lists together tell
    Ok(report_of(reports.ok_or(Error::Stopped)?, inbox.passed_over, 0, Vec::new(), context))
}

/// The name under which is kept what joining says about a workbook, or without one about the month's folder.
fn name(source: &str, options: &Options, context: &Context<'_>) -> String {
    let mut digest = Digest::of("joined");
    digest.add(&(context.kept.settings(), options.values, source));
    digest.end()
}

fn make(folder: &Path) -> Result<(), Error> {
    let trouble = |error: std::io::Error| Error::Output { path: folder.to_owned(), reason: error.to_string() };
    std::fs::create_dir_all(folder).map_err(trouble)
}
