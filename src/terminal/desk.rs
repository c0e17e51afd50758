//! What the commands around the run say: init, explain, watch, demo, what is done ahead of a run.
#![allow(clippy::print_stderr, reason = "this is where the program speaks")]

use super::{BOLD, DIM, mark};
use crate::demo::Demonstrated;
use crate::init::Made;
use anstream::eprintln;
use keeptabs::explain::explain;
use keeptabs::finding::Code;
use keeptabs::proposal::wrapped;
use keeptabs::report::Report;
use serde_json::{Value, json};
use std::io::{self, Write};
use std::path::Path;

/// Prints what `init` has made and what comes next.
pub(crate) fn made(out: &mut dyn Write, made: &Made) -> io::Result<()> {
    for (word, names) in [("created", &made.created), ("kept as it was", &made.kept)] {
        for name in names {
            writeln!(out, "{}  {DIM}{word}{DIM:#}", made.folder.join(name).display())?;
        }
    }
    writeln!(out)?;
    writeln!(out, "{BOLD}Next{BOLD:#}")?;
    let run = match &made.folder {
        here if here == Path::new(".") => "Type `keeptabs run` here.".to_owned(),
        folder => format!("Go to {} and type `keeptabs run` there.", folder.display()),
    };
    for step in [
        "Send \"Client list form.xlsx\" to departments that keep no list of their own; lists that they keep are read as they are.",
        "Put the workbooks that come back into inbox, a folder for each department.",
        &format!("{run} `keeptabs check` first, if nothing is to be written yet."),
    ] {
        for (at, line) in wrapped(step, super::width() - 4).into_iter().enumerate() {
            writeln!(out, "{}{line}", if at == 0 { "  - " } else { "    " })?;
        }
    }
    Ok(())
}

/// Prints how many workbooks were read, joined or written ahead of the run, and which were not.
pub(crate) fn ahead(out: &mut dyn Write, report: &Report, done: &str) -> io::Result<()> {
    let all = report.files.len();
    let count = report.files.iter().filter(|file| file.target.is_some()).count();
    writeln!(out, "{count} of {all} {} {done}", if all == 1 { "workbook" } else { "workbooks" })?;
    for file in report.files.iter().filter(|file| file.target.is_none()) {
        writeln!(out, "  {}  {DIM}{}{DIM:#}", file.source, file.reason.as_deref().unwrap_or_default())?;
    }
    Ok(())
}

/// Prints every code with what it means.
pub(crate) fn codes(out: &mut dyn Write, codes: &[Code]) -> io::Result<()> {
    let longest = codes.iter().map(|code| code.id().len()).max().unwrap_or(0);
    for &code in codes {
        let room = super::width().saturating_sub(longest + 2).max(20);
        for (at, line) in wrapped(&explain(code).means, room).into_iter().enumerate() {
            let id = if at == 0 { code.id() } else { "" };
            writeln!(out, "{BOLD}{id:longest$}{BOLD:#}  {line}")?;
        }
    }
    writeln!(out)?;
    writeln!(out, "keeptabs explain CODE says why it matters and what to do.")
}

/// Prints the documentation of a code.
pub(crate) fn explained(out: &mut dyn Write, code: Code) -> io::Result<()> {
    let text = explain(code);
    writeln!(out, "{}{BOLD}{code}{BOLD:#}", mark(code.severity()))?;
    for (label, text) in
        [("", &text.means), ("Why it matters", &text.why), ("What to do", &text.advice), ("Example", &text.example)]
    {
        writeln!(out)?;
        if !label.is_empty() {
            writeln!(out, "{BOLD}{label}{BOLD:#}")?;
        }
        for line in wrapped(text, super::width()) {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}

/// Prints the documentation of codes as JSON: an object a code.
pub(crate) fn explained_json(out: &mut dyn Write, codes: &[Code]) -> io::Result<()> {
    let entry = |&code: &Code| {
        let text = explain(code);
        json!({
            "code": code, "severity": code.severity(), "means": text.means, "why": text.why, "do": text.advice,
            "example": text.example,
        })
    };
    super::json(out, &codes.iter().map(entry).collect::<Vec<Value>>())
}

/// Says that the watch has begun.
pub(crate) fn watching(inbox: &Path, notices: bool) {
    let how = if notices { "" } else { " (every few seconds: the system tells of no changes here)" };
    eprintln!("Watching {}{how}; Ctrl-C ends it", inbox.display());
}

/// Says that the watch has ended.
pub(crate) fn watched() {
    eprintln!("No longer watching");
}

/// Says that a month of the demo is done.
pub(crate) fn month_done(report: &Report) {
    let totals = &report.totals;
    eprintln!("{}  {} workbooks, {} clients", report.month, totals.converted, totals.clients);
}

/// Says what the demo has written and what to open.
pub(crate) fn demonstrated(out: &mut dyn Write, demo: &Demonstrated) -> io::Result<()> {
    writeln!(out, "{BOLD}Twelve months of a demo organisation{BOLD:#}, {} to {}", demo.from, demo.to)?;
    writeln!(out)?;
    for (what, path) in &demo.open {
        writeln!(out, "  {what:27}  {path}")?;
    }
    writeln!(out)?;
    writeln!(out, "Change a list in {} and type", demo.inbox.display())?;
    writeln!(out, "  {BOLD}{}{BOLD:#}", demo.again)
}
