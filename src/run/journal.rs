//! What keeptabs has put in place since the store was last committed.
//!
//! The store learns of a run's results when the run ends. A run that is killed, or whose disk is full, has replaced some
//! of them by then; without this the next run would take its own work for somebody's edits.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Its name in the folder of what keeptabs keeps.
const NAME: &str = "placed";

/// A line a file: hash of the content, path below the output folder.
pub(super) struct Journal {
    path: PathBuf,
    before: BTreeSet<String>,
    file: Mutex<Option<File>>,
    used: bool,
}

impl Journal {
    /// The journal of what is kept in a folder. A run that notes nothing anywhere does not `use` one.
    pub(super) fn open(kept: &Path, used: bool) -> Self {
        let path = kept.join(NAME);
        // half a line, the last thing that a killed run wrote, names no file
        let text = fs::read(&path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        Self { path, before: text.lines().map(str::to_owned).collect(), file: Mutex::default(), used }
    }

    /// Whether an earlier run that did not come to its end has put this content there.
    pub(super) fn holds(&self, key: &str, hash: &str) -> bool {
        self.before.contains(&line(key, hash))
    }

    /// Notes what is about to be put in place.
    pub(super) fn note(&self, key: &str, hash: &str) -> io::Result<()> {
        if !self.used {
            return Ok(());
        }
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        if file.is_none() {
            if let Some(folder) = self.path.parent() {
                fs::create_dir_all(folder)?;
            }
            *file = Some(OpenOptions::new().create(true).append(true).open(&self.path)?);
        }
        match file.as_mut() {
            // the line break in front ends what a killed run left half written
            Some(file) => file.write_all(format!("\n{}\n", line(key, hash)).as_bytes()),
            None => Ok(()),
        }
    }

    /// Ends it: the store knows everything.
    pub(super) fn close(self) {
        drop(self.file);
        // what cannot be taken away says nothing wrong
        let _ = fs::remove_file(&self.path);
    }
}

fn line(key: &str, hash: &str) -> String {
    format!("{hash} {key}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_noted_is_known_until_the_store_knows_it() {
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("kept");
        Journal::open(&kept, false).note("2026-11/a.xlsx", "1").unwrap();
        assert!(!kept.exists(), "a run without a store notes nothing");
        let first = Journal::open(&kept, true);
        first.note("2026-11/a.xlsx", "1").unwrap();
        assert!(!first.holds("2026-11/a.xlsx", "1"), "it is this run's own");
        drop(first);
        // a run that was killed in the middle of a line
        fs::write(kept.join(NAME), [fs::read(kept.join(NAME)).unwrap(), b"\n2 2026-11/b".to_vec()].concat()).unwrap();
        let second = Journal::open(&kept, true);
        assert!(second.holds("2026-11/a.xlsx", "1") && !second.holds("2026-11/a.xlsx", "2"));
        assert!(!second.holds("2026-11/b.xlsx", "2"));
        second.note("2026-11/c.xlsx", "3").unwrap();
        assert!(Journal::open(&kept, true).holds("2026-11/c.xlsx", "3"));
        second.close();
        assert!(!Journal::open(&kept, true).holds("2026-11/c.xlsx", "3"));
    }
}
