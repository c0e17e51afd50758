//! Progress and report for a person. The only place that prints.
#![allow(clippy::print_stderr, reason = "this is where the program speaks")]

use anstream::{eprintln, stdout};
use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use keeptabs::error::Error;
use keeptabs::finding::{Finding, Severity};
use keeptabs::proposal::{told_apart, wrapped};
use keeptabs::report::{FileReport, FileStatus, Report};
use keeptabs::run::Progress;
use std::io::{self, IsTerminal, Write, stderr};
use std::panic::PanicHookInfo;
use std::path::Path;
use std::sync::Mutex;

mod client;
mod history;
mod map;

pub(crate) use client::client;
pub(crate) use history::history;
mod desk;

pub(crate) use desk::{ahead, codes, demonstrated, explained, explained_json, made, month_done, watched, watching};
pub(crate) use map::map;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default();
const GREEN: Style = AnsiColor::Green.on_default();

/// Findings of one file that the report prints; the rest stands in the workbook and in run.json.
const FINDINGS_SHOWN: usize = 8;

/// From this width on the report has room for the average.
const WIDE: usize = 80;

/// Progress: a bar on a terminal, a plain line a phase elsewhere.
pub(crate) struct Bar {
    drawn: Mutex<Option<ProgressBar>>,
    on: Where,
}

/// Where progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Where {
    Nowhere,
    Lines,
    Terminal,
}

impl Bar {
    pub(crate) fn new(quiet: bool) -> Self {
        let on = match (quiet, stderr().is_terminal()) {
            (true, _) => Where::Nowhere,
            (false, true) => Where::Terminal,
            (false, false) => Where::Lines,
        };
        Self { drawn: Mutex::new(None), on }
    }

    pub(crate) fn show(&self, progress: Progress<'_>) {
        match self.on {
            Where::Nowhere => {}
            Where::Lines => line_of(progress),
            Where::Terminal => self.draw(progress),
        }
    }

    fn draw(&self, progress: Progress<'_>) {
        // a poisoned lock only means that another thread panicked while drawing
        let mut bar = self.drawn.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        match progress {
            Progress::Reading { files } => *bar = Some(started("Reading", files)),
            Progress::Writing { files } => {
                if let Some(old) = bar.take() {
                    old.finish_and_clear();
                }
                *bar = Some(started("Writing", files));
            }
            Progress::Done { source } => {
                if let Some(bar) = bar.as_ref() {
                    bar.set_message(source.to_owned());
                    bar.inc(1);
                }
            }
            Progress::End => {
                if let Some(bar) = bar.take() {
                    bar.finish_and_clear();
                }
            }
        }
    }
}

fn line_of(progress: Progress<'_>) {
    let (verb, files) = match progress {
        Progress::Reading { files } => ("Reading", files),
        Progress::Writing { files } => ("Writing", files),
        Progress::Done { .. } | Progress::End => return,
    };
    eprintln!("{verb} {files} {}", if files == 1 { "workbook" } else { "workbooks" });
}

fn started(verb: &'static str, files: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{prefix} {bar:24} {pos}/{len} {wide_msg}");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.set_prefix(verb);
    bar
}

/// Columns of the terminal, 60 to 100; elsewhere 100.
fn width() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| usize::from(width.0).clamp(60, 100))
}

/// Prints an error that ended the run.
pub(crate) fn error(error: &Error) {
    labelled(RED, "error", &error.to_string());
    let empty = match error {
        Error::Inbox { path, .. } => !path.exists(),
        Error::NoWorkbook { .. } => true,
        _ => false,
    };
    if empty {
        said(
            "Put the departments' workbooks into that folder; `keeptabs init` makes one, `keeptabs demo DIR` fills one",
        );
    }
}

/// Prints what did not go as asked, and stops nothing.
pub(crate) fn warning(message: &str) {
    labelled(YELLOW, "warning", message);
}

/// Prints a fault of the program itself, in place of a trace.
pub(crate) fn fault(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(|place| format!(" ({}, line {})", place.file(), place.line())).unwrap_or_default();
    let what = keeptabs::guard::message(panic.payload()).lines().next().unwrap_or_default();
    // nothing can be done about a standard error that is closed
    let _ = writeln!(
        anstream::stderr(),
        "{RED}error{RED:#}: keeptabs stopped by a fault of its own{place}: {what}; please report this line"
    );
}

/// Says what `map --save` has written.
pub(crate) fn saved(path: &Path, count: Option<usize>) {
    let path = path.display();
    match count {
        Some(1) => {
            said(&format!(
                "One proposal was added to {path}, commented out: take the # off if it is right, then run again"
            ));
        }
        Some(count) => {
            said(&format!(
                "{count} proposals were added to {path}, commented out: take the # off those that are right, then run again"
            ));
        }
        None => eprintln!("There is nothing to add to {path}"),
    }
}

/// A sentence for standard output: on a terminal in lines of its width.
fn lines(sentence: &str) -> Vec<String> {
    wrapped(sentence, if io::stdout().is_terminal() { width() } else { usize::MAX })
}

/// Text on standard error behind a coloured word.
fn labelled(style: Style, word: &str, text: &str) {
    for line in error_lines(&format!("{word}: {text}")) {
        match line.strip_prefix(word).filter(|rest| rest.starts_with(':')) {
            Some(rest) => eprintln!("{style}{word}{style:#}{rest}"),
            None => eprintln!("{line}"),
        }
    }
}

/// Text on standard error.
fn said(text: &str) {
    for line in error_lines(text) {
        eprintln!("{line}");
    }
}

/// Text for standard error: on a terminal in lines of its width. What is set in or shows a place in a file stays whole.
fn error_lines(text: &str) -> Vec<String> {
    let width = if stderr().is_terminal() { width() } else { usize::MAX };
    let fold = |line: &str| {
        let whole = line.starts_with(' ') || line.contains(" | ") || line.chars().count() <= width;
        if whole { vec![line.to_owned()] } else { wrapped(line, width) }
    };
    text.lines().flat_map(fold).collect()
}

/// Prints to standard output. A reader that closes the pipe has read enough; any other trouble is an error.
pub(crate) fn print(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut out = stdout().lock();
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Error::Output { path: "standard output".into(), reason: error.to_string() })
        }
        _ => Ok(()),
    }
}

/// Prints a report as JSON.
pub(crate) fn json(out: &mut dyn Write, report: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, report)?;
    writeln!(out)
}

/// Prints a report as JSON on one line, for a program that reads one after another.
pub(crate) fn json_line(out: &mut dyn Write, report: &impl serde::Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, report)?;
    writeln!(out)
}

/// Prints the report.
pub(crate) fn report(out: &mut dyn Write, report: &Report, verbose: bool, written: Option<&str>) -> io::Result<()> {
    let folded_to = io::stdout().is_terminal().then(width);
    report_within(width(), folded_to, out, report, verbose, written)
}

fn report_within(
    columns: usize,
    folded_to: Option<usize>,
    out: &mut dyn Write,
    report: &Report,
    verbose: bool,
    written: Option<&str>,
) -> io::Result<()> {
    headline(out, &report.tool, &report.month, &report.config, columns)?;
    writeln!(out)?;
    let wide = columns >= WIDE;
    // beside the name stand figures and status: 51 columns, without the average 42
    let room = columns - if wide { 51 } else { 42 };
    let longest = report.files.iter().map(|file| file.source.chars().count()).max().unwrap_or(4);
    let width = longest.clamp(8, room.min(48));
    let average = if wide { "average  " } else { "" };
    writeln!(out, "{DIM}{:width$}  clients  {average}at risk  findings  status{DIM:#}", "workbook")?;
    for file in &report.files {
        line(out, file, width, wide)?;
    }
    for file in &report.files {
        findings(out, file, report, verbose, folded_to)?;
    }
    let across: Vec<_> =
        report.findings.iter().filter(|finding| verbose || finding.severity > Severity::Note).collect();
    if !across.is_empty() {
        writeln!(out)?;
        writeln!(out, "{BOLD}Across departments{BOLD:#}")?;
        for finding in across.iter().take(if verbose { usize::MAX } else { FINDINGS_SHOWN }) {
            self::finding(out, finding, folded_to)?;
        }
        if !verbose && across.len() > FINDINGS_SHOWN {
            writeln!(
                out,
                "  {DIM}… and {} more; -v lists them, run.json holds them all{DIM:#}",
                across.len() - FINDINGS_SHOWN
            )?;
        }
    }
    let totals = &report.totals;
    let unchanged = match totals.unchanged {
        0 => String::new(),
        count => format!(" ({count} unchanged)"),
    };
    writeln!(out)?;
    let done = format!("{} converted", totals.converted + totals.unchanged);
    let counts = format!(
        "{done}{unchanged}, {} need review, {} failed, {} skipped · {} accounts are {} clients, {} not scored",
        totals.needs_review, totals.failed, totals.skipped, totals.accounts, totals.clients, totals.not_scored
    );
    for line in wrapped(&counts, folded_to.unwrap_or(usize::MAX)) {
        match line.strip_prefix(&done) {
            Some(rest) => writeln!(out, "{BOLD}{done}{BOLD:#}{rest}")?,
            None => writeln!(out, "{line}")?,
        }
    }
    let told = report.files.iter().flat_map(|file| &file.findings).chain(&report.findings);
    if let Some(finding) = told.max_by_key(|finding| finding.severity).filter(|f| f.severity > Severity::Note) {
        let hint = format!("`keeptabs explain {}` says what a finding means and what to do", finding.code);
        for line in wrapped(&hint, folded_to.unwrap_or(usize::MAX)) {
            writeln!(out, "{DIM}{line}{DIM:#}")?;
        }
    }
    let waits = |finding: &Finding| finding.severity == Severity::Error && !finding.proposals.is_empty();
    if report.files.iter().flat_map(|file| &file.findings).any(waits) {
        let hint = "`keeptabs map --save` writes the lines that are proposed into keeptabs.toml, commented out";
        for line in wrapped(hint, folded_to.unwrap_or(usize::MAX)) {
            writeln!(out, "{DIM}{line}{DIM:#}")?;
        }
    }
    match written {
        Some(folder) => writeln!(out, "Results in {folder}"),
        None => writeln!(out, "Nothing was written"),
    }
}

/// What speaks, about which month, by which configuration.
fn headline(out: &mut dyn Write, tool: &str, month: &str, config: &str, width: usize) -> io::Result<()> {
    let rest = format!(" · month {month} · configuration: {config}");
    if tool.chars().count() + rest.chars().count() <= width {
        return writeln!(out, "{BOLD}{tool}{BOLD:#}{rest}");
    }
    writeln!(out, "{BOLD}{tool}{BOLD:#} · month {month}")?;
    writeln!(out, "configuration: {config}")
}

/// The end of a path, which tells more than its beginning, where all of it does not fit.
fn ending(path: &str, width: usize) -> String {
    let letters = path.chars().count();
    if letters <= width {
        return path.to_owned();
    }
    std::iter::once('…').chain(path.chars().skip(letters + 1 - width)).collect()
}

fn line(out: &mut dyn Write, file: &FileReport, width: usize, wide: bool) -> io::Result<()> {
    let name = ending(&file.source, width);
    let average = file.average_score.map_or_else(|| "–".to_owned(), |average| format!("{average:.1}"));
    let average = if wide { format!("{average:>7}  ") } else { String::new() };
    let (style, word) = match file.status {
        FileStatus::Converted => (GREEN, "converted"),
        FileStatus::Unchanged => (GREEN, "unchanged"),
        FileStatus::NeedsReview => (YELLOW, "needs review"),
        FileStatus::Failed => (RED, "failed"),
        FileStatus::Skipped => (DIM, "skipped"),
    };
    let count = file.findings.iter().filter(|finding| finding.severity > Severity::Note).count();
    writeln!(
        out,
        "{name:width$}  {:>7}  {average}{:>7}  {count:>8}  {style}{word}{style:#}",
        file.clients, file.at_risk
    )
}

fn findings(
    out: &mut dyn Write,
    file: &FileReport,
    report: &Report,
    verbose: bool,
    folded_to: Option<usize>,
) -> io::Result<()> {
    let skipped = file.status == FileStatus::Skipped;
    // what departments disagree about is said once, across departments
    let across =
        |own: &Finding| report.findings.iter().any(|other| (other.code, &other.message) == (own.code, &own.message));
    let shown: Vec<_> = file
        .findings
        .iter()
        .filter(|finding| verbose || finding.severity > Severity::Note || skipped)
        .filter(|finding| !across(finding))
        .collect();
    if shown.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    writeln!(out, "{BOLD}{}{BOLD:#}", file.source)?;
    let limit = if verbose { usize::MAX } else { FINDINGS_SHOWN };
    let mut sorted = shown.clone();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted.iter().take(limit) {
        self::finding(out, finding, folded_to)?;
    }
    if shown.len() > limit {
        writeln!(out, "  {DIM}… and {} more, on the sheet \"Data quality\" of the result{DIM:#}", shown.len() - limit)?;
    }
    Ok(())
}

/// A finding with its code, by which `keeptabs explain` knows it: on a terminal within its width, elsewhere on one line.
fn finding(out: &mut dyn Write, finding: &Finding, folded_to: Option<usize>) -> io::Result<()> {
    match folded_to {
        Some(width) => folded(out, finding, &finding.to_string(), Some(finding.code.id()), 2, width),
        None => writeln!(out, "  {}{DIM}{}{DIM:#} {finding}", mark(finding.severity), finding.code),
    }
}

/// A finding in lines of a width; what is to be copied stands below it, unbroken.
fn folded(
    out: &mut dyn Write,
    finding: &Finding,
    message: &str,
    code: Option<&str>,
    indent: usize,
    width: usize,
) -> io::Result<()> {
    let (text, lines) = told_apart(message);
    let (style, word) = severity(finding.severity);
    let lead = code.map_or_else(|| word.to_owned(), |code| format!("{word} {code}"));
    for (at, line) in wrapped(&format!("{lead} {text}"), width.saturating_sub(indent + 2)).into_iter().enumerate() {
        match line.strip_prefix(&lead) {
            Some(rest) if at == 0 => {
                let code = code.map(|code| format!(" {DIM}{code}{DIM:#}")).unwrap_or_default();
                writeln!(out, "{:indent$}{style}{word}{style:#}{code}{rest}", "")?;
            }
            _ if at == 0 => writeln!(out, "{:indent$}{line}", "")?,
            _ => writeln!(out, "{:indent$}  {line}", "")?,
        }
    }
    for line in lines {
        writeln!(out, "{:indent$}  {GREEN}{line}{GREEN:#}", "")?;
    }
    Ok(())
}

fn severity(severity: Severity) -> (Style, &'static str) {
    match severity {
        Severity::Error => (RED, "error"),
        Severity::Warning => (YELLOW, "warning"),
        Severity::Note => (DIM, "note"),
    }
}

fn mark(severity: Severity) -> String {
    let (style, word) = self::severity(severity);
    format!("{style}{word}{style:#} ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use keeptabs::finding::Code;
    use keeptabs::proposal::Proposal;
    use keeptabs::report::Totals;

    #[test]
    fn the_table_fits_the_terminal() {
        let file = FileReport::new("Service/Kunden der Niederlassung Süd, Stand November, endgültig.xlsx", "Service");
        let line = Proposal::columns("Service/Kunden der Niederlassung Süd.xlsx", "Kunden", [("Kontakte", None)]);
        let message = format!("Column C \"Kontakte\" could be two things, and nothing settles which. Add: {line}");
        let findings = vec![Finding::new(Code::HeadingUnclear, message).on("Kunden").at(0, 2).settled_by(line.clone())];
        let waiting = FileReport { status: FileStatus::NeedsReview, average_score: Some(3.25), findings, ..file };
        let report = Report {
            version: 1,
            tool: "keeptabs".to_owned(),
            month: "2026-11".to_owned(),
            as_of: "2026-11-30".to_owned(),
            config: "built-in".to_owned(),
            scorecard: String::new(),
            summary: None,
            totals: Totals::default(),
            files: vec![waiting],
            findings: Vec::new(),
        };
        for columns in [60, 79, 80, 100] {
            let mut out = Vec::new();
            report_within(columns, Some(columns), &mut anstream::StripStream::new(&mut out), &report, false, None)
                .unwrap();
            let text = String::from_utf8(out).unwrap();
            let table: Vec<_> = text.lines().skip(2).take(2).collect();
            assert!(table.iter().all(|line| line.chars().count() <= columns), "{columns}\n{text}");
            assert!(table[1].contains("endgültig.xlsx") && table[1].ends_with("needs review"), "{text}");
            assert_eq!(table[1].contains("3.2"), columns >= WIDE, "{text}");
            // what is to be copied stands whole on a line of its own, everything else keeps to the width
            let (whole, folded): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.contains("[["));
            assert_eq!(whole, [format!("    {line}")]);
            let is_name = |line: &str| line == report.files[0].source;
            assert!(folded.iter().all(|line| line.chars().count() <= columns || is_name(line)), "{columns}\n{text}");
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains("Add: the line below") && words.contains("`keeptabs map --save`"), "{text}");
        }
    }
}
