//! The batch. The only file that knows all stages, and the only one with threads.
//!
//! Two phases with a barrier: every file is read, mapped, parsed and rated before the first is written, because shares,
//! key accounts and duplicates need them all.

use self::journal::Journal;
use self::kept::Kept as KeptReads;
use self::placing::{Folder, Placed};
use crate::account::{self, ClientTable, DropReason, Parsed};
use crate::actions::{self, Action};
use crate::config::Config;
use crate::dictionary::Dictionary;
use crate::error::{Error, FileError};
use crate::field::{Stage, Status};
use crate::finding::{Code, Finding, Severity};
use crate::guard::guarded;
use crate::history::Written;
use crate::inbox::{self, Inbox, Job, PassedOver};
use crate::mapping::{self, SheetMap, SheetStatus};
use crate::output::department::{self, Fact};
use crate::output::save;
use crate::password::Passwords;
use crate::period::{Month, Period};
use crate::portfolio::{self, Verdict, same_lists};
use crate::report::{ColumnReport, FileReport, FileStatus, Report, SheetReport, Totals};
use crate::score::{Basis, Kept, rate};
use crate::value::words::Words;
use crate::workbook::HandIn;
use crate::worker::Reader;
use crate::{segment, tried_out, unchanged};
use jiff::ToSpan;
use jiff::civil::Date;
use rayon::ThreadPool;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

mod carried;
mod entries;
mod fresh;
mod journal;
mod kept;
mod last;
mod map;
mod organisation;
mod overrides;
mod past;
mod phase;
mod placing;
mod snapshot;
mod trouble;
mod unmatched;

pub use entries::settings_of;
pub use map::map;
pub use phase::Phase;

/// Name of the report below the month's folder.
const REPORT: &str = "run.json";

/// What a run is asked to do.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder with the workbooks.
    pub inbox: PathBuf,
    /// Folder for the results.
    pub out: PathBuf,
    /// The month given on the command line.
    pub month: Option<Month>,
    /// The day of the run; only the default month and the check against the future use it.
    pub today: Date,
    /// The configuration.
    pub config: Config,
    /// Workbooks worked on at once; `None`: one a core.
    pub jobs: Option<usize>,
    /// The program itself, which reads risky workbooks in another process; without it they are read in this one.
    pub worker: Option<PathBuf>,
    /// Passwords to try on protected workbooks.
    pub passwords: Passwords,
    /// Do everything but write.
    pub dry_run: bool,
    /// Do this much ahead of the run, and write no more than it asks for.
    pub phase: Option<Phase>,
    /// What reads two ways fails.
    pub strict: bool,
    /// Values instead of formulas.
    pub values: bool,
    /// A workbook for each account manager as well.
    pub per_manager: bool,
    /// Compare with the stored months, and store this one.
    pub history: bool,
    /// Do everything anew, and replace what was edited and the stored month even though departments are lacking.
    pub force: bool,
    /// Read these files below the inbox instead of all.
    pub files: Option<Vec<PathBuf>>,
    /// Set from outside to end the run after the workbooks in hand, before anything is written. Once writing has begun it is
    /// completed, so that a month is never half of two runs.
    pub stop: Arc<AtomicBool>,
}

impl Options {
    /// Whether the results are written, and the month is stored.
    pub fn writes(&self) -> bool {
        !self.dry_run && self.phase.is_none()
    }
}

/// What is going on, for a progress bar.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// So many files are about to be read.
    Reading {
        /// How many.
        files: usize,
    },
    /// So many files are about to be written.
    Writing {
        /// How many.
        files: usize,
    },
    /// One is done.
    Done {
        /// Its path below the inbox.
        source: &'a str,
    },
    /// All is done.
    End,
}

/// A file after the first phase.
struct Handled {
    job: Job,
    /// Of its content; empty where that could not be had.
    hash: String,
    read: Option<Read>,
    /// Whether the next run may see something else in the same content: the system had its part in it, or a password.
    passing: bool,
}

/// Every file after the first phase.
struct Gathered {
    handled: Vec<Handled>,
    reports: Vec<FileReport>,
    passed_over: Vec<PassedOver>,
}

#[derive(Serialize, Deserialize)]
struct Read {
    parsed: Parsed,
    sheets: Vec<SheetMap>,
    /// What was typed beside the clients, in a result that was handed in.
    actions: Option<actions::Sheet>,
}

/// What every file is read with.
struct Context<'a> {
    config: &'a Config,
    /// How clients are rated by each scorecard of the configuration.
    bases: Vec<Basis<'a>>,
    period: Period,
    strict: bool,
    dictionary: &'a Dictionary,
    words: Words,
    reader: Reader,
    passwords: &'a Passwords,
    kept: KeptReads,
}

/// Runs the batch: reads every workbook below the inbox, scores, writes, reports.
///
/// # Errors
/// Only what makes the whole run impossible; what concerns one workbook is in the report.
pub fn run(options: &Options, progress: &(dyn Fn(Progress<'_>) + Sync)) -> Result<Report, Error> {
    let config = &options.config;
    let context = context(options)?;
    let period = context.period;
    let pool = pool(options)?;
    let settings = entries::settings(&context);
    let inbox = plan(options, &context)?;
    match options.phase {
        Some(Phase::Read) => return phase::read(inbox, options, &context, &pool, progress),
        Some(Phase::Write) => return phase::write(inbox, options, &context, &pool, progress),
        Some(Phase::Join) | None => {}
    }
    let surroundings = last::settings(&inbox, options, &context);
    if let Some(report) = last::again(&inbox, &surroundings, options, &context, &pool) {
        progress(Progress::End);
        return Ok(report);
    }
    let Gathered { mut handled, mut reports, passed_over } =
        gather(inbox, options, &context, &settings, &pool, progress)?;
    let mut past = past::open(&handled, options).inspect_err(|_| progress(Progress::End))?;
    overrides::settle(&mut handled, &past, &settings, &context);
    let rows = entries::entries(&handled, &context);
    let portfolio = pool.install(|| entries::portfolio(&rows, &handled, &context, &settings));
    let (of_files, mut across) = entries::findings(&portfolio, handled.len());
    let mut facts = entries::facts(&portfolio, &rows, handled.len());
    pool.install(|| {
        let all = handled.par_iter().zip(&mut reports).zip(of_files);
        all.for_each(|((file, report), findings)| finish(file, report, findings, &context));
    });

    let typed = carried::carried(&handled, past.until(period.month).last(), period.month);
    let actions = carried::shared_out(&typed, &handled);
    let mut snapshot = pool.install(|| snapshot::snapshot(&portfolio, &rows, &handled, &reports, typed, &context));
    past.refuse_partial(&snapshot, options).inspect_err(|_| progress(Progress::End))?;
    across.extend(carried::contradictions(&handled, period.month));
    across.extend(unmatched::mappings(config, &handled));
    across.extend(unmatched::scorecards(config, &handled));
    let (comparison, of_past) = past::compare(&past, &snapshot, &settings, &context, &rows, &portfolio, &mut facts);
    across.extend(of_past);

    if options.phase == Some(Phase::Join) {
        let of_files = phase::OfFiles { handled: &handled, reports: &reports, facts: &facts, actions: &actions };
        let written = past.written();
        pool.install(|| phase::join(of_files, written, options, &context))?;
    }
    // the next run will find this month stored; would that change what it says?
    let is_settled =
        past.is_settled(&snapshot) && carried::carried(&handled, Some(&snapshot), period.month) == snapshot.actions;
    let (is_held, keeps) = (past.is_held(), past.keeps(options));
    let mut storing = past.hand_out(&snapshot);
    let mut not_put = None;
    let journal = Journal::open(&options.out, past.written(), keeps, is_held);
    let folder = Folder {
        path: options.out.join(period.month.to_string()),
        month: period.month.to_string(),
        known: past.written(),
        taken: targets(&reports, period.month),
        force: options.force,
        limits: &config.limits,
        journal: &journal,
    };
    let mut stood: BTreeSet<String> = BTreeSet::new();
    let mut written = Written::new();
    if options.writes() {
        if is_held {
            save::sweep(&options.out);
        }
        std::fs::create_dir_all(&folder.path)
            .map_err(|error| Error::Output { path: folder.path.clone(), reason: error.to_string() })?;
        progress(Progress::Writing { files: reports.iter().filter(|report| report.target.is_some()).count() });
        let write_all = || -> Vec<_> {
            let all = handled.par_iter().zip(&mut reports).zip(&facts).zip(&actions);
            all.filter_map(|(((file, report), facts), actions)| {
                report.target.as_ref()?;
                let placed = write(file, report, facts, actions, &context, &folder, options.values);
                progress(Progress::Done { source: &file.job.source });
                placed
            })
            .collect()
        };
        let (placed, put) = pool.install(|| rayon::join(write_all, || storing.put(&snapshot)));
        not_put = put.err();
        // done with, and large
        snapshot.accounts = Vec::new();
        drop(facts);
        stood.extend(placed.iter().filter(|(placed, _)| placed.stood).map(|(placed, _)| placed.target.clone()));
        written.extend(placed.into_iter().map(|(placed, inputs)| folder.wrote(placed, inputs)));
    }

    let mut report = report_of(reports, passed_over, portfolio.clients.len(), across, &context);
    if options.writes() {
        if report.files.iter().any(|file| file.target.is_some()) {
            let of = organisation::Of {
                portfolio: &portfolio,
                entries: &rows,
                handled: &handled,
                past: comparison.as_ref(),
                stored: past.is_used(),
                typed: &snapshot.actions,
            };
            let inputs = fresh::of_organisation(
                &fresh::Organisation {
                    handled: &handled,
                    before: past.is_used().then(|| past.before(period.month).collect()),
                    typed: &snapshot.actions,
                    report: &report,
                    values: options.values,
                },
                context.kept.settings(),
            );
            let placed = pool.install(|| organisation::write(of, &inputs, &context, options, &folder, &mut report));
            written.extend(placed.into_iter().map(|placed| folder.wrote(placed, inputs.clone())));
        } else {
            report.findings.push(organisation::nothing_to_write(period.month, &folder.path));
        }
        for file in report.files.iter_mut().filter(|file| file.status == FileStatus::Converted) {
            if file.target.as_ref().is_some_and(|target| stood.contains(target)) {
                file.status = FileStatus::Unchanged;
            }
        }
        report.count();
        let seen = is_settled.then(|| last::seen(surroundings, &handled, &written, &report, &context)).flatten();
        let seen = seen.and_then(|seen| last::keep(&seen, &report, &context.kept));
        let not_stored = |error: Error| {
            let message = format!("the month could not be stored: {error}; the results stand, so run again");
            Finding::new(Code::NotWritten, message)
        };
        // all but the last step while no other run can write
        past.take_back(storing);
        let noted = not_put.map_or_else(|| past.note(snapshot.month, &written, seen.as_deref()), Err);
        let noted = noted.map_err(|error| report.findings.push(not_stored(error))).is_ok();
        if is_held {
            context.kept.sweep();
        }
        if let Err(error) = last::write_report(&report, options) {
            let message = format!("{REPORT} could not be written: {}", trouble::told(&error));
            report.findings.push(Finding::new(Code::NotWritten, message));
        }
        match noted.then(|| past.store(&written, options)) {
            Some(Ok(true)) => journal.close(),
            Some(Ok(false)) | None => {}
            Some(Err(error)) => {
                report.findings.push(not_stored(error));
                // as good as can be: what has no room for a month may have none for a report
                let _ = last::write_report(&report, options);
            }
        }
    }
    progress(Progress::End);
    Ok(report)
}

/// The report of these files, before anything about the whole organisation is written.
fn report_of(
    mut reports: Vec<FileReport>,
    passed_over: Vec<PassedOver>,
    clients: usize,
    findings: Vec<Finding>,
    context: &Context<'_>,
) -> Report {
    for skipped in passed_over {
        let mut report = FileReport::new(&skipped.source, "");
        report.end(if skipped.fault { FileStatus::Failed } else { FileStatus::Skipped }, skipped.reason);
        reports.push(report);
    }
    reports.sort_by(|a, b| a.source.cmp(&b.source));
    let mut report = Report {
        version: 1,
        tool: concat!("keeptabs ", env!("CARGO_PKG_VERSION")).to_owned(),
        month: context.period.month.to_string(),
        as_of: context.period.as_of().to_string(),
        config: context.config.source.clone(),
        scorecard: context.config.scorecard_hash(),
        summary: None,
        totals: Totals {
            accounts: reports.iter().map(|file| file.clients).sum(),
            clients,
            not_scored: reports.iter().map(|file| file.not_scored).sum(),
            ..Totals::default()
        },
        files: reports,
        findings,
    };
    report.count();
    report
}

fn context(options: &Options) -> Result<Context<'_>, Error> {
    let config = &options.config;
    let period = Period { month: month(options)?, fiscal_start: config.fiscal_start };
    let dictionary = Dictionary::built_in();
    let reader = Reader::new(options.worker.clone(), config.limits.clone(), options.passwords.clone());
    let kept = KeptReads::new(options, fresh::of_settings(config, period.month, options.strict));
    let basis = |card| Basis::new(card, &config.flags, period, config.full_year_figures);
    Ok(Context {
        config,
        bases: config.scorecards.iter().map(basis).collect(),
        period,
        strict: options.strict,
        dictionary,
        words: Words::new(dictionary),
        reader,
        passwords: &options.passwords,
        kept,
    })
}

fn pool(options: &Options) -> Result<ThreadPool, Error> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(options.jobs.unwrap_or(0)).build();
    pool.map_err(|error| Error::Output { path: options.out.clone(), reason: error.to_string() })
}

/// What there is to do.
fn plan(options: &Options, context: &Context<'_>) -> Result<Inbox, Error> {
    let reserved = organisation::reserved(context.period.month);
    let only = options.files.as_deref();
    let months = context.dictionary.month_words();
    inbox::plan(&options.inbox, only, &options.out, context.config, &months, &reserved)
}

/// Phase 1: reads every workbook below the inbox; each list counts once.
fn gather(
    inbox: Inbox,
    options: &Options,
    context: &Context<'_>,
    settings: &portfolio::Settings,
    pool: &ThreadPool,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Gathered, Error> {
    progress(Progress::Reading { files: inbox.jobs.len() });
    let (mut handled, mut reports): (Vec<Handled>, Vec<FileReport>) = pool.install(|| {
        inbox
            .jobs
            .into_par_iter()
            .map(|job| {
                let handled = (!options.stop.load(Ordering::Relaxed)).then(|| handle(job, context))?;
                progress(Progress::Done { source: &handled.0.job.source });
                Some(handled)
            })
            .while_some()
            .unzip()
    });
    if options.stop.load(Ordering::Relaxed) {
        progress(Progress::End);
        return Err(Error::Stopped);
    }
    if !inbox.passed_over.iter().any(|file| file.fault)
        && reports.iter().all(|report| report.status == FileStatus::Skipped)
        && handled.iter().all(|file| file.read.is_none())
    {
        progress(Progress::End);
        return Err(Error::NoWorkbook { path: options.inbox.clone() });
    }
    pool.install(|| settle_lists_handed_in_twice(&mut handled, &mut reports, settings, context));
    Ok(Gathered { handled, reports, passed_over: inbox.passed_over })
}

/// The month given, else configured, else that of the day 15 days ago; one that has not begun is an error.
fn month(options: &Options) -> Result<Month, Error> {
    let given = options.month.or(options.config.month);
    let usual = || Month::of(options.today.saturating_sub(15.days()));
    let future = |month: String| Error::FutureMonth { month, today: options.today.to_string() };
    let month = given.or_else(usual).ok_or_else(|| future(options.today.to_string()))?;
    if month.first_day() > options.today { Err(future(month.to_string())) } else { Ok(month) }
}

/// Phase 1 for one file: read, map, parse. Whatever goes wrong costs this file only.
fn handle(job: Job, context: &Context<'_>) -> (Handled, FileReport) {
    let mut report = FileReport::new(&job.source, &job.department);
    let mut handled = Handled { job, hash: String::new(), read: None, passing: true };
    let opened = guarded(|| HandIn::open(&handled.job.path, &context.config.limits));
    let what = opened.and_then(|opened| {
        let file = match opened {
            Ok(file) => file,
            Err(error) => return Ok(Err(error)),
        };
        handled.hash = blake3::hash(&file.bytes).to_hex()[..32].to_owned();
        handled.passing = last::is_secret(&file.bytes, context.passwords);
        let name = (!handled.passing).then(|| context.kept.name(&handled.job, &handled.hash));
        guarded(|| read_or_kept(file, name.as_deref(), &handled.job, context))
    });
    match what {
        Ok(Ok(read)) => handled.read = Some(read),
        Ok(Err(error @ (FileError::NotAWorkbook(_) | FileError::OwnSummary))) => {
            report.end(FileStatus::Skipped, error.to_string());
        }
        Ok(Err(error)) => {
            handled.passing |=
                matches!(error, FileError::Gone | FileError::Io(_) | FileError::Costly(_) | FileError::Crashed(_));
            report.end(FileStatus::Failed, error.to_string());
        }
        Err(panic) => {
            handled.passing = true;
            report.end(FileStatus::Failed, FileError::Crashed(panic).to_string());
        }
    }
    (handled, report)
}

/// What was kept of the file's content under this name, else what is read of it.
fn read_or_kept(file: HandIn, name: Option<&str>, job: &Job, context: &Context<'_>) -> Result<Read, FileError> {
    if let Some(read) = name.and_then(|name| context.kept.get(name)) {
        return Ok(read);
    }
    let read = read(file, job, context)?;
    // where a worker was lacking, a later run may read more
    if let Some(name) = name.filter(|_| context.reader.is_whole()) {
        context.kept.put(name, &read);
    }
    Ok(read)
}

fn read(file: HandIn, job: &Job, context: &Context<'_>) -> Result<Read, FileError> {
    let config = context.config;
    let book = context.reader.read(&file)?;
    drop(file);
    // a summary or a manager's workbook repeats what its departments' lists say
    if book.marker.as_ref().is_some_and(|marker| marker.properties.contains_key("kind")) {
        return Err(FileError::OwnSummary);
    }

    let pins = entries::pins(config, &job.source);
    let usual = config.usual_scorecard(&job.department);
    let by_word = config.scorecards_by_word(&job.department);
    let measures = entries::measures(config, by_word.iter().map(|(card, _)| *card).chain([usual]));
    let computed = department::computed_headings(config);
    let mut sheets = mapping::resolve(
        &book,
        &mapping::Settings {
            file: &job.source,
            period: context.period,
            fiscal_name_by_end: config.fiscal_name_by_end,
            measures: &measures,
            own_columns: &config.own_columns,
            pins: &pins,
            computed: &computed,
            rollover: config.rollover,
        },
        context.dictionary,
    );
    for table in sheets.iter_mut().filter_map(|sheet| sheet.table.as_mut()) {
        segment::explain(config, &job.department, &mut table.columns);
    }
    let maps: Vec<_> = sheets
        .iter()
        .filter(|sheet| sheet.status == SheetStatus::Converted)
        .filter_map(|sheet| sheet.table.clone())
        .collect();
    // of the scorecards for some clients only those whose column a list keeps
    let columns = maps.iter().flat_map(|map| segment::choices(config, &job.department, &map.columns));
    let measures = entries::measures(config, columns.map(|choice| choice.card).chain([usual]));
    let settings = account::Settings {
        file: &job.source,
        period: context.period,
        decimal: config.decimal,
        date_order: config.date_order,
        currency: config.currency_of(&job.source),
        own_columns: &config.own_columns,
        measures: &measures,
        full_year: config.full_year_figures,
        strict: context.strict,
    };
    let mut parsed = account::parse(book, &maps, &settings, &context.words);
    segment::assign(&mut parsed, config, &job.department);
    // while every client table is there: they tell who is the owner unless somebody typed another
    let actions = actions::read(&parsed);
    let strict =
        |finding: &Finding| context.strict && matches!(finding.code, Code::AmbiguousNumber | Code::AmbiguousDate);
    // what a person must settle keeps its sheet out, and only that
    for sheet in sheets.iter_mut().filter(|sheet| sheet.status == SheetStatus::Converted) {
        if parsed.tables.iter().any(|table| table.sheet == sheet.sheet && is_blank_form(table)) {
            sheet.status = SheetStatus::Skipped;
            "the blank form: it holds no client but the example".clone_into(&mut sheet.reason);
            let name = &*parsed.book.sheets[sheet.sheet].name;
            let finding = Finding::new(Code::SheetSkipped, format!("skipped: {}", sheet.reason));
            sheet.findings.push(finding.on(name));
            parsed.tables.retain(|table| table.sheet != sheet.sheet);
            continue;
        }
        let name = &parsed.book.sheets[sheet.sheet].name;
        let stopper = parsed.findings.iter().find(|finding| {
            finding.sheet.as_ref() == Some(name) && (finding.severity == Severity::Error || strict(finding))
        });
        if let Some(finding) = stopper {
            sheet.status = if strict(finding) { SheetStatus::Failed } else { SheetStatus::NeedsReview };
            sheet.reason = finding.message.clone();
            parsed.tables.retain(|table| table.sheet != sheet.sheet);
        }
    }
    parsed.findings.extend(entries::of_workbook(&parsed.book));
    parsed.findings.extend(entries::cut_texts(&parsed));
    parsed.findings.extend(tried_out::check(&parsed.book));
    parsed.findings.extend(unchanged::check(&parsed, context.period.month));
    Ok(Read { parsed, sheets, actions })
}

/// Whether nobody has written anything below the example row.
fn is_blank_form(table: &ClientTable) -> bool {
    table.is_empty() && table.dropped.iter().any(|row| row.reason == Some(DropReason::Example))
}

/// The same list handed in twice counts once.
fn settle_lists_handed_in_twice(
    handled: &mut [Handled],
    reports: &mut [FileReport],
    settings: &portfolio::Settings,
    context: &Context<'_>,
) {
    let (places, lists): (Vec<_>, Vec<_>) = entries::lists(handled).into_iter().unzip();
    let months = context.dictionary.months_in_order();
    let same = same_lists(&lists, context.period.month, &months, &context.config.picks, settings);
    let mut out = Vec::new();
    for (list, finding) in same.findings {
        let (file, table) = places[list];
        let status = match same.verdicts[list] {
            Verdict::Alone | Verdict::Taken => None,
            Verdict::Skipped(_) => Some(SheetStatus::Skipped),
            Verdict::NeedsReview => Some(SheetStatus::NeedsReview),
        };
        out.push((file, table, status, finding));
    }
    for (file, table, status, finding) in out {
        let Some(read) = &mut handled[file].read else { continue };
        let sheet = read.parsed.tables[table].sheet;
        if let (Some(status), Some(map)) = (status, read.sheets.iter_mut().find(|map| map.sheet == sheet)) {
            map.status = status;
            map.reason.clone_from(&finding.message);
        }
        reports[file].findings.push(finding);
    }
    for file in handled {
        let Some(Read { parsed, sheets, .. }) = &mut file.read else { continue };
        parsed
            .tables
            .retain(|table| sheets.iter().any(|map| map.sheet == table.sheet && map.status == SheetStatus::Converted));
    }
}

/// Status, counts and findings of a file, once everything is known about it.
fn finish(file: &Handled, report: &mut FileReport, of_portfolio: Vec<Finding>, context: &Context<'_>) {
    let Some(read) = &file.read else { return };
    let book = &read.parsed.book;
    for map in &read.sheets {
        let table = read.parsed.tables.iter().find(|table| table.sheet == map.sheet);
        let columns = table.map(|table| &table.columns).or(map.table.as_ref().map(|table| &table.columns));
        report.sheets.push(SheetReport {
            name: book.sheets[map.sheet].name.clone(),
            status: map.status,
            reason: (map.status != SheetStatus::Converted).then(|| map.reason.clone()),
            header_row: map.table.as_ref().map(|table| table.header_row + 1),
            rows_read: table.map_or(0, |table| table.rows_read),
            clients: table.map_or(0, |table| table.len()),
            dropped: table.map_or(0, |table| table.dropped.len() - table.rejected()),
            rejected: table.map_or(0, |table| table.rejected()),
            columns: columns.into_iter().flatten().map(ColumnReport::from).collect(),
        });
        report.findings.extend_from_slice(&map.findings);
    }
    report.findings.extend_from_slice(&read.parsed.findings);
    report.findings.extend(of_portfolio);
    let worst = report.sheets.iter().map(|sheet| sheet.status).max().unwrap_or(SheetStatus::Skipped);
    report.status = match worst {
        SheetStatus::Skipped => FileStatus::Skipped,
        SheetStatus::Converted => FileStatus::Converted,
        SheetStatus::NeedsReview => FileStatus::NeedsReview,
        SheetStatus::Failed => FileStatus::Failed,
    };
    if report.status != FileStatus::Converted {
        let of_worst = report.sheets.iter().filter(|sheet| sheet.status == worst);
        let reasons: Vec<_> =
            of_worst.filter_map(|sheet| Some(format!("{}: {}", sheet.name, sheet.reason.as_ref()?))).collect();
        report.reason = Some(if reasons.is_empty() { "holds no sheet".to_owned() } else { reasons.join("; ") });
    }
    if read.parsed.tables.is_empty() {
        return;
    }
    report.target = Some(file.job.target.clone());
    let bases = entries::bases(&file.job.department, context);
    let mut scores = Vec::new();
    for table in &read.parsed.tables {
        let kept = Kept::of(table);
        for account in table.accounts().filter(|account| account.stage() == Stage::Active) {
            let basis = bases.of(&account);
            let rated = rate(&account, basis, kept);
            report.clients += 1;
            report.at_risk += usize::from(rated.shown == Status::AtRisk);
            match rated.score {
                Some(score) => scores.push((score, basis.card.maximum())),
                None => report.not_scored += 1,
            }
        }
    }
    report.average_score = entries::average(&scores);
    report.scorecards = entries::scorecards(&read.parsed, context.config);
    report.currency = entries::single_currency(&read.parsed);
}

/// Every path below the month's folder that this run writes to, in lower case.
fn targets(reports: &[FileReport], month: Month) -> BTreeSet<String> {
    let own = organisation::reserved(month).into_iter();
    own.chain(reports.iter().filter_map(|report| report.target.clone())).map(|path| path.to_lowercase()).collect()
}

/// Phase 2 for one file.
fn write(
    file: &Handled,
    report: &mut FileReport,
    facts: &[Vec<Fact>],
    actions: &[Action],
    context: &Context<'_>,
    folder: &Folder<'_>,
    values: bool,
) -> Option<(Placed, String)> {
    let (Some(read), Some(target)) = (&file.read, &report.target) else { return None };
    let source = department::Source {
        path: &file.job.source,
        hash: &file.hash,
        department: &file.job.department,
        parsed: &read.parsed,
        sheets: &read.sheets,
        facts,
        actions,
        findings: &report.findings,
        config: context.config,
        bases: entries::bases(&file.job.department, context),
        period: context.period,
        values,
    };
    let inputs = fresh::of_department(&source, context.kept.settings());
    let put = || folder.put(target, &inputs, |path| department::write(&source, path));
    let trouble = match settled(guarded(put)) {
        Ok(placed) => {
            report.findings.extend(placed.finding(target, Some(&file.job.source)));
            report.target = Some(placed.target.clone());
            return Some((placed, inputs));
        }
        Err(trouble) => trouble,
    };
    let message = format!("the result {target} could not be written: {trouble}");
    report.findings.push(Finding::new(Code::NotWritten, message.clone()));
    report.status = FileStatus::Failed;
    report.reason = Some(message);
    report.target = None;
    None
}

/// What was written, or what went wrong.
fn settled(written: Result<std::io::Result<Placed>, String>) -> Result<Placed, String> {
    match written {
        Ok(placed) => placed.map_err(|error| trouble::told(&error)),
        Err(_) => Err("the program failed while writing; report this, please".to_owned()),
    }
}
