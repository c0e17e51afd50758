//! What keeptabs has put in place since the store was last committed.
//!
//! The store learns of a run's results when the run ends. A run that is killed, or whose disk is full, has replaced some
//! of them by then; without this the next run would take its own work for somebody's edits.

use super::kept::FOLDER;
use super::placing::hash_of;
use crate::history::Written;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// How the names of journals begin in the folder of what keeptabs keeps; each run has its own.
const PREFIX: &str = "placed-";

/// A line a file: hash of the content, hash of all that it depends on, path below the output folder.
pub(super) struct Journal {
    kept: PathBuf,
    /// What the content depends on, by path and hash of the content.
    before: BTreeMap<(String, String), String>,
    own: Mutex<Option<(File, PathBuf)>>,
    used: bool,
}

impl Journal {
    /// Reads the journals below the output folder, beside what the store knows. A run that notes nothing anywhere does not
    /// `use` one; one that holds the store takes away what no longer says anything. To others it is no matter whether a file
    /// still stands, and looking would cost the parts of a run the sum of their work.
    pub(super) fn open(out: &Path, known: &Written, used: bool, held: bool) -> Self {
        let kept = out.join(FOLDER);
        let stands = |key: &str, hash: &str| {
            known.get(key).is_none_or(|own| own.hash != hash) && hash_of(&out.join(key)).is_ok_and(|own| own == hash)
        };
        let mut before = BTreeMap::new();
        for entry in fs::read_dir(&kept).into_iter().flatten().flatten() {
            if !entry.file_name().to_string_lossy().starts_with(PREFIX) {
                continue;
            }
            let Ok(bytes) = fs::read(entry.path()) else { continue };
            // half a line, the last thing that a killed run wrote, names no file
            let text = String::from_utf8_lossy(&bytes);
            let parts = |line: &str| {
                let (hash, rest) = line.split_once(' ')?;
                let (inputs, key) = rest.split_once(' ')?;
                (!held || stands(key, hash)).then(|| ((key.to_owned(), hash.to_owned()), inputs.to_owned()))
            };
            let needed: Vec<_> = text.lines().filter_map(parts).collect();
            if needed.is_empty() && held {
                let _ = fs::remove_file(entry.path());
            }
            before.extend(needed);
        }
        Self { kept, before, own: Mutex::default(), used }
    }

    /// Whether an earlier run that did not come to its end has put this content there.
    pub(super) fn holds(&self, key: &str, hash: &str) -> bool {
        self.before.contains_key(&(key.to_owned(), hash.to_owned()))
    }

    /// The content that these inputs gave there in an earlier run, by its hash.
    pub(super) fn given(&self, key: &str, inputs: &str) -> Option<&str> {
        let first = (key.to_owned(), String::new());
        let here = self.before.range(first..).take_while(|((path, _), _)| path == key);
        here.filter(|(_, own)| *own == inputs).map(|((_, hash), _)| hash.as_str()).next()
    }

    /// Notes what is about to be put in place.
    pub(super) fn note(&self, key: &str, hash: &str, inputs: &str) -> io::Result<()> {
        if !self.used {
            return Ok(());
        }
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if own.is_none() {
            fs::create_dir_all(&self.kept)?;
            *own = Some(tempfile::Builder::new().prefix(PREFIX).tempfile_in(&self.kept)?.keep()?);
        }
        own.as_mut().map_or(Ok(()), |(file, _)| file.write_all(format!("{hash} {inputs} {key}\n").as_bytes()))
    }

    /// Ends it: the store knows what this run has noted.
    pub(super) fn close(self) {
        let own = self.own.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some((file, path)) = own {
            drop(file);
            // what cannot be taken away says nothing wrong
            let _ = fs::remove_file(path);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::Wrote;

    #[test]
    fn what_was_noted_is_known_until_the_store_knows_it() {
        let out = tempfile::tempdir().unwrap();
        let kept = out.path().join(FOLDER);
        let journals = || fs::read_dir(&kept).map_or(0, |entries| entries.count());
        let hash = |text: &str| blake3::hash(text.as_bytes()).to_hex()[..32].to_owned();
        let none = Written::new();
        let open = |known: &Written| Journal::open(out.path(), known, true, true);
        Journal::open(out.path(), &none, false, false).note("a.xlsx", "1", "").unwrap();
        assert!(!kept.exists(), "a run without a store notes nothing");
        let first = open(&none);
        for text in ["old", "new"] {
            first.note("a.xlsx", &hash(text), text).unwrap();
            fs::write(out.path().join("a.xlsx"), text).unwrap();
        }
        assert!(!first.holds("a.xlsx", &hash("new")), "it is this run's own");
        drop(first);
        // the run was killed in the middle of a line
        let journal = fs::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
        fs::write(&journal, [fs::read(&journal).unwrap(), b"0123 4567 b.xl".to_vec()].concat()).unwrap();
        let second = open(&none);
        assert!(second.holds("a.xlsx", &hash("new")) && !second.holds("a.xlsx", &hash("old")));
        assert!(!second.holds("b.xlsx", "0123"));
        assert_eq!(second.given("a.xlsx", "new"), Some(hash("new").as_str()));
        assert_eq!((second.given("a.xlsx", "old"), second.given("a", "new")), (None, None), "it stands there no more");
        second.note("c.xlsx", &hash("c"), "c").unwrap();
        fs::write(out.path().join("c.xlsx"), "c").unwrap();
        assert!(open(&none).holds("c.xlsx", &hash("c")));
        second.close();
        assert_eq!(journals(), 1, "the other run's is still needed");
        let known = [("a.xlsx".to_owned(), Wrote { hash: hash("new"), inputs: String::new() })].into();
        assert!(!open(&known).holds("a.xlsx", &hash("new")), "the store says so");
        assert_eq!(journals(), 0);
    }
}
