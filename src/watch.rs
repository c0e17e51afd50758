//! `keeptabs watch`: runs when the workbooks in the inbox have stopped changing, once for a burst.
//!
//! The system's notices only wake the watcher up; what has changed is seen by looking. Network shares send no notices of what
//! others do, so it looks every few seconds all the same.

use crate::args::{Format, Run};
use crate::terminal;
use keeptabs::config::Config;
use keeptabs::error::Error;
use keeptabs::error_report::ErrorReport;
use keeptabs::inbox;
use notify::{RecursiveMode, Watcher};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant, SystemTime};

/// How often the inbox is looked at without any notice.
const LOOK: Duration = Duration::from_secs(10);
/// What is written while a workbook is copied comes in many notices.
const BREATH: Duration = Duration::from_millis(200);

/// Every file that counts, with its size and the time of its last change.
type Snapshot = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// What is to be done now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Nothing has changed since the last run.
    Idle,
    /// Something has changed, and may go on changing for so long.
    Wait(Duration),
    /// All is quiet: run.
    Run,
}

/// Tells a burst from its end.
struct Burst {
    quiet: Duration,
    seen: Snapshot,
    since: Instant,
    ran: Snapshot,
}

impl Burst {
    fn new(quiet: Duration, now: Instant) -> Self {
        Self { quiet, seen: Snapshot::new(), since: now, ran: Snapshot::new() }
    }

    fn look(&mut self, snapshot: Snapshot, now: Instant) -> Next {
        if snapshot != self.seen {
            self.seen = snapshot;
            self.since = now;
        }
        let quiet_for = now.saturating_duration_since(self.since);
        if self.seen == self.ran {
            Next::Idle
        } else if quiet_for < self.quiet {
            Next::Wait(self.quiet - quiet_for)
        } else {
            self.ran.clone_from(&self.seen);
            Next::Run
        }
    }
}

pub(crate) fn watch(arguments: &Run) -> Result<u8, Error> {
    let stop = Arc::new(AtomicBool::new(false));
    let (wake, woken) = mpsc::channel();
    end_on_ctrl_c(&stop, wake.clone())?;
    let mut snapshot = look(arguments)?;
    let watcher = notices(arguments, wake);
    if !arguments.quiet {
        terminal::watching(&arguments.inbox, watcher.is_ok());
    }
    let mut burst = Burst::new(quiet(arguments), Instant::now());
    while !stop.load(Ordering::Relaxed) {
        let pause = match burst.look(snapshot, Instant::now()) {
            Next::Idle => LOOK,
            Next::Wait(rest) => rest.min(LOOK),
            Next::Run => {
                match crate::once(arguments, &stop, terminal::json_line) {
                    Ok(_) | Err(Error::Stopped) => {}
                    // what is wrong now may be mended in a minute, and that is a change, too
                    Err(error) => {
                        terminal::error(&error);
                        if arguments.format == Format::Json {
                            terminal::print(|out| terminal::json_line(out, &ErrorReport::from(&error)))?;
                        }
                    }
                }
                burst.quiet = quiet(arguments);
                Duration::ZERO
            }
        };
        rest(&woken, pause, &stop);
        // an inbox that is away for a while (a share, a stick) is as the last look left it
        snapshot = look(arguments).unwrap_or_else(|_| burst.seen.clone());
    }
    if !arguments.quiet {
        terminal::watched();
    }
    Ok(0)
}

/// The first Ctrl-C ends the watch after the workbooks in hand, the second one at once.
fn end_on_ctrl_c(stop: &Arc<AtomicBool>, wake: Sender<()>) -> Result<(), Error> {
    let stop = Arc::clone(stop);
    let set = ctrlc::set_handler(move || {
        if stop.swap(true, Ordering::Relaxed) {
            #[allow(clippy::exit, reason = "somebody insists")]
            std::process::exit(130);
        }
        let _ = wake.send(());
    });
    set.map_err(|error| Error::Watch { reason: error.to_string() })
}

/// Has the system tell of changes below the inbox, for as long as the value is kept.
fn notices(arguments: &Run, wake: Sender<()>) -> notify::Result<notify::RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |_| {
        // nobody listens any more once the watch has ended
        let _ = wake.send(());
    })?;
    watcher.watch(&arguments.inbox, RecursiveMode::Recursive)?;
    Ok(watcher)
}

/// Sleeps until something may have happened.
fn rest(woken: &Receiver<()>, pause: Duration, stop: &AtomicBool) {
    if woken.recv_timeout(pause).is_ok() && !stop.load(Ordering::Relaxed) {
        std::thread::sleep(BREATH);
        while woken.try_recv().is_ok() {}
    }
}

/// How long nothing may change, as configured; a configuration with mistakes is told by the run.
fn quiet(arguments: &Run) -> Duration {
    let config = crate::config(arguments.config.as_deref(), &arguments.inbox);
    let built_in = || Config::built_in().quiet_seconds;
    Duration::from_secs(config.map_or_else(|_| built_in(), |(config, _)| config.quiet_seconds))
}

/// What a run would read: the workbooks, without lock files and results, and the configuration.
fn look(arguments: &Run) -> Result<Snapshot, Error> {
    let nothing = BTreeSet::new();
    let found = inbox::plan(&arguments.inbox, None, &arguments.out, &Config::built_in(), &nothing, &[])?;
    let mut paths: Vec<_> = found.jobs.into_iter().map(|job| job.path).collect();
    if !paths.is_empty() {
        paths.extend(crate::found_config(arguments.config.as_deref(), &arguments.inbox));
    }
    // what has gone since it was found is found gone at the next look
    let known = paths.into_iter().filter_map(|path| {
        let metadata = path.metadata().ok()?;
        Some((path, (metadata.len(), metadata.modified().ok())))
    });
    Ok(known.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(files: &[(&str, u64)]) -> Snapshot {
        files.iter().map(|&(name, size)| (PathBuf::from(name), (size, None))).collect()
    }

    #[test]
    fn one_run_for_a_burst_when_it_is_over() {
        let start = Instant::now();
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut burst = Burst::new(Duration::from_secs(5), start);
        assert_eq!(burst.look(snapshot(&[]), at(0)), Next::Idle);
        assert_eq!(burst.look(snapshot(&[("a", 1)]), at(1)), Next::Wait(Duration::from_secs(5)));
        assert_eq!(burst.look(snapshot(&[("a", 2)]), at(4)), Next::Wait(Duration::from_secs(5)));
        assert_eq!(burst.look(snapshot(&[("a", 2), ("b", 1)]), at(8)), Next::Wait(Duration::from_secs(5)));
        assert_eq!(burst.look(snapshot(&[("a", 2), ("b", 1)]), at(10)), Next::Wait(Duration::from_secs(3)));
        assert_eq!(burst.look(snapshot(&[("a", 2), ("b", 1)]), at(13)), Next::Run);
        assert_eq!(burst.look(snapshot(&[("a", 2), ("b", 1)]), at(60)), Next::Idle);
        assert_eq!(burst.look(snapshot(&[("b", 1)]), at(61)), Next::Wait(Duration::from_secs(5)));
        assert_eq!(burst.look(snapshot(&[("a", 2), ("b", 1)]), at(63)), Next::Idle, "as it was before");
    }
}
