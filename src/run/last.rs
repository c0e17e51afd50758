//! The last run of a month, remembered: where it would see and leave behind the same, it is not made again.

use super::fresh::Digest;
use super::kept::Kept;
use super::placing::hash_of;
use super::{Context, Handled, Options, REPORT};
use crate::finding::Code;
use crate::history::{self, Written};
use crate::inbox::{Inbox, Job};
use crate::output::save;
use crate::password::Passwords;
use crate::report::whole::{Lent, Own};
use crate::report::{FileStatus, Report};
use rayon::ThreadPool;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::time::Duration;

/// The head of a workbook in a compound file, the only kind that a password opens.
const COMPOUND: [u8; 4] = [0xD0, 0xCF, 0x11, 0xE0];

/// What a run saw and left behind.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Fingerprint of all that is neither a source nor a stored month.
    settings: String,
    /// Hash of each source by its path below the inbox.
    sources: BTreeMap<String, String>,
    /// Hash of each result by its path below the output folder.
    results: BTreeMap<String, String>,
}

impl Seen {
    /// Its name among what is kept.
    fn name(&self) -> String {
        let mut digest = Digest::of("report");
        digest.add(self);
        digest.end()
    }
}

/// Fingerprint of all that a run depends on besides sources, results and stored months. Of passwords only whether there are
/// any: what they open, or do not, is never remembered.
pub(super) fn settings(inbox: &Inbox, options: &Options, context: &Context<'_>) -> String {
    let mut digest = Digest::of("run");
    let has_passwords = !options.passwords.exposed().is_empty();
    digest.add(&(context.kept.settings(), options.values, options.per_manager, has_passwords));
    for job in &inbox.jobs {
        digest.add(&(&job.source, &job.target, &job.department));
    }
    for other in &inbox.passed_over {
        digest.add(&(&other.source, &other.reason, other.fault));
    }
    digest.end()
}

/// Whether a file's content may be known only to who has its password.
pub(super) fn is_secret(bytes: &[u8], passwords: &Passwords) -> bool {
    !passwords.exposed().is_empty() && bytes.starts_with(&COMPOUND)
}

/// The report of a run that would do what the last one did, and did it whole.
pub(super) fn again(
    inbox: &Inbox,
    settings: &str,
    options: &Options,
    context: &Context<'_>,
    pool: &ThreadPool,
) -> Option<Report> {
    let store = options.out.join(history::NAME);
    if !options.writes() || options.force || !options.history || !store.is_file() {
        return None;
    }
    // whatever is in the way, the run itself says so
    let held = history::lock(&store, Duration::ZERO).ok()?;
    let seen: Seen = serde_json::from_str(&held.seen(context.period.month).ok()??).ok()?;
    if seen.settings != settings || seen.sources.len() != inbox.jobs.len() {
        return None;
    }
    let is_source =
        |job: &Job| seen.sources.get(&job.source).is_some_and(|hash| hash_of(&job.path).is_ok_and(|own| own == *hash));
    let is_result = |(path, hash): (&String, &String)| hash_of(&options.out.join(path)).is_ok_and(|own| own == *hash);
    let is_same = pool.install(|| inbox.jobs.par_iter().all(is_source) && seen.results.par_iter().all(is_result));
    if !is_same {
        return None;
    }
    let Own(mut report) = context.kept.get(&seen.name())?;
    for file in report.files.iter_mut().filter(|file| file.status == FileStatus::Converted) {
        file.status = FileStatus::Unchanged;
    }
    report.count();
    save::sweep(&options.out);
    write_report(&report, options).ok()?;
    Some(report)
}

/// Puts run.json in its place, unless it stands there just so.
pub(super) fn write_report(report: &Report, options: &Options) -> std::io::Result<()> {
    let target = options.out.join(&report.month).join(REPORT);
    let text = serde_json::to_vec_pretty(report)?;
    if fs::read(&target).is_ok_and(|there| there == text) {
        return Ok(());
    }
    save::whole(&target, |file| file.write_all(&text))
}

/// What this run saw and left behind, if the next one would see the same and no more than that decided about it.
pub(super) fn seen(
    settings: String,
    handled: &[Handled],
    written: &Written,
    report: &Report,
    context: &Context<'_>,
) -> Option<Seen> {
    let told = report.files.iter().flat_map(|file| &file.findings).chain(&report.findings);
    let placed = told.map(|finding| finding.code).all(|code| !matches!(code, Code::NotWritten | Code::EditedResult));
    if !placed || !context.reader.is_whole() || handled.iter().any(|file| file.passing || file.hash.is_empty()) {
        return None;
    }
    let sources = handled.iter().map(|file| (file.job.source.clone(), file.hash.clone())).collect();
    let results = written.iter().map(|(path, own)| (path.clone(), own.hash.clone())).collect();
    Some(Seen { settings, sources, results })
}

/// Keeps the report of a run, for the next one to give.
pub(super) fn keep(seen: &Seen, report: &Report, kept: &Kept) -> Option<String> {
    kept.put(&seen.name(), &Lent(report));
    serde_json::to_string(seen).ok()
}
