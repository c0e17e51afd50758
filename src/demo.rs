//! `keeptabs demo`: twelve months of a demo organisation, written, run, and what to open.

use crate::args::{Demo, Format};
use crate::terminal;
use keeptabs::config::Config;
use keeptabs::demonstration::{CONFIG, MONTHS, inbox};
use keeptabs::error::Error;
use keeptabs::output::{demonstration, save};
use keeptabs::password::Passwords;
use keeptabs::period::Month;
use keeptabs::report::Report;
use keeptabs::run::{Options, run};
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What was written.
#[derive(Debug, Serialize)]
pub(crate) struct Demonstrated {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) inbox: PathBuf,
    /// What to look at, and where it is.
    pub(crate) open: Vec<(String, String)>,
    /// The line that runs the last month again.
    pub(crate) again: String,
}

pub(crate) fn demo(arguments: &Demo) -> Result<u8, Error> {
    let folder = &arguments.folder;
    let trouble = |error: io::Error| Error::Output { path: folder.clone(), reason: error.to_string() };
    if fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some()) {
        return Err(Error::NotEmpty { path: folder.clone() });
    }
    save::whole(&folder.join(crate::CONFIG), |file| file.write_all(CONFIG.as_bytes())).map_err(trouble)?;
    let today = jiff::Zoned::now().date();
    let newest = Month::of(today.saturating_sub(jiff::Span::new().days(15)));
    let newest = newest.ok_or_else(|| trouble(io::Error::other("the system's clock is out of range")))?;
    let mut last = None;
    for at in 0..MONTHS {
        let month = newest.plus(at as i32 + 1 - MONTHS as i32);
        let handed_in = if at + 1 == MONTHS { folder.join("inbox") } else { folder.join(format!("earlier/{month}")) };
        for list in inbox(month, at) {
            demonstration::write(&list, &handed_in).map_err(trouble)?;
        }
        let report = run(&options(folder, handed_in, month)?, &|_| {})?;
        terminal::month_done(&report);
        last = Some(report);
    }
    let Some(report) = last else { return Ok(0) };
    let demonstrated = told(folder, newest.plus(1 - MONTHS as i32), &report);
    terminal::print(|out| match arguments.format {
        Format::Json => terminal::json(out, &demonstrated),
        Format::Text => terminal::demonstrated(out, &demonstrated),
    })?;
    Ok(report.exit_status())
}

fn options(folder: &Path, inbox: PathBuf, month: Month) -> Result<Options, Error> {
    Ok(Options {
        inbox,
        out: folder.join("results"),
        month: Some(month),
        today: jiff::Zoned::now().date(),
        config: Config::parse(CONFIG, crate::CONFIG)?,
        jobs: None,
        dry_run: false,
        phase: None,
        strict: false,
        values: false,
        per_manager: false,
        history: true,
        force: false,
        files: None,
        stop: Arc::default(),
        // the demo's own lists need neither
        worker: None,
        passwords: Passwords::default(),
    })
}

fn told(folder: &Path, from: Month, report: &Report) -> Demonstrated {
    let results = folder.join("results").join(&report.month);
    let shown = |below: &str| results.join(below).display().to_string();
    let mut open = Vec::new();
    if let Some(summary) = &report.summary {
        open.push(("the whole organisation".to_owned(), shown(summary)));
    }
    for file in &report.files {
        if let Some(target) = &file.target {
            open.push((file.department.clone(), shown(target)));
        }
    }
    Demonstrated {
        from: from.to_string(),
        to: report.month.clone(),
        inbox: folder.join("inbox"),
        open,
        again: format!("keeptabs run {} --out {}", quoted(&folder.join("inbox")), quoted(&folder.join("results"))),
    }
}

/// A path as it is typed into a shell.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string();
    if path.contains(' ') { format!("\"{path}\"") } else { path }
}
