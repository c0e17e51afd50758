//! What was read of workbooks, kept from one run to the next, so that a month in which one of two hundred changed reads
//! one. What is damaged, missing or of other settings is read anew: an entry is believed only when it has the very name
//! that stands for what it was made of, and holds what was put into it.

use super::Options;
use super::fresh::Digest;
use crate::inbox::Job;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Name of the folder below the output folder. Everything in it can be made anew.
pub(super) const FOLDER: &str = ".keeptabs";

/// How the files end that are kept.
const ENDING: &str = ".kept";

/// Bytes of the hash in front of what is kept.
const HASH: usize = 32;

/// The folder of what is kept, as a run uses it.
pub(super) struct Kept {
    /// None: neither asked nor filled.
    folder: Option<PathBuf>,
    /// Whether what was kept is asked.
    asked: bool,
    /// Whether anything is kept.
    filled: bool,
    settings: String,
    used: Mutex<BTreeSet<String>>,
}

impl Kept {
    /// With the fingerprint of the settings that everything is read with.
    pub(super) fn new(options: &Options, settings: String) -> Self {
        Self {
            folder: options.history.then(|| options.out.join(FOLDER)),
            asked: !options.force,
            filled: !options.dry_run,
            settings,
            used: Mutex::default(),
        }
    }

    /// The fingerprint of the settings that everything is read with.
    pub(super) fn settings(&self) -> &str {
        &self.settings
    }

    /// The name of what is read of a file with this content.
    pub(super) fn name(&self, job: &Job, hash: &str) -> String {
        let mut digest = Digest::of("read");
        digest.add(&(&self.settings, &job.source, &job.department, hash));
        digest.end()
    }

    /// What is kept under a name.
    pub(super) fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let folder = self.folder.as_ref().filter(|_| self.asked)?;
        let bytes = fs::read(path(folder, name)).ok()?;
        let (hash, content) = bytes.split_at_checked(HASH)?;
        let found = (hash_of(name, content) == hash).then(|| postcard::from_bytes(content).ok()).flatten();
        if found.is_some() {
            self.use_of(name);
        }
        found
    }

    /// Keeps it under a name. What cannot be kept will be made anew.
    pub(super) fn put(&self, name: &str, value: &impl Serialize) {
        let Some(folder) = self.folder.as_ref().filter(|_| self.filled) else { return };
        let Ok(content) = postcard::to_allocvec(value) else { return };
        let bytes = [hash_of(name, &content).as_slice(), &content].concat();
        let path = path(folder, name);
        // not through a temporary file: what is there by halves does not have its hash
        if fs::create_dir_all(folder).and_then(|()| fs::write(&path, bytes)).is_ok() {
            self.use_of(name);
        } else {
            let _ = fs::remove_file(path);
        }
    }

    fn use_of(&self, name: &str) {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(format!("{name}{ENDING}"));
    }

    /// Takes away what this run did not use. Another run that misses it reads anew.
    pub(super) fn sweep(&self) {
        let Some(folder) = &self.folder else { return };
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(ENDING) && !used.contains(&name) {
                // what stays is in nobody's way
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

fn path(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{name}{ENDING}"))
}

fn hash_of(name: &str, content: &[u8]) -> [u8; HASH] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(name.as_bytes()).update(content);
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(folder: &Path) -> Kept {
        Kept {
            folder: Some(folder.to_owned()),
            asked: true,
            filled: true,
            settings: "s".to_owned(),
            used: Mutex::default(),
        }
    }

    #[test]
    fn only_what_was_kept_under_the_name_and_is_whole_comes_back() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("kept");
        let first = kept(&folder);
        first.put("one", &("Acme", 3_u32));
        let read = |name: &str| kept(&folder).get::<(String, u32)>(name);
        assert_eq!(read("one"), Some(("Acme".to_owned(), 3)));
        assert_eq!(read("two"), None);
        fs::copy(path(&folder, "one"), path(&folder, "two")).unwrap();
        assert_eq!(read("two"), None, "it has another's name");
        let whole = fs::read(path(&folder, "one")).unwrap();
        for cut in [0, HASH - 1, HASH, whole.len() - 1] {
            fs::write(path(&folder, "one"), &whole[..cut]).unwrap();
            assert_eq!(read("one"), None, "cut off at {cut}");
        }
        for place in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[place] ^= 4;
            fs::write(path(&folder, "one"), bytes).unwrap();
            assert_eq!(read("one"), None, "byte {place}");
        }
    }

    #[test]
    fn what_a_run_did_not_use_is_swept() {
        let place = tempfile::tempdir().unwrap();
        let first = kept(place.path());
        first.put("one", &1_u8);
        first.put("two", &2_u8);
        fs::write(place.path().join("placed"), "").unwrap();
        let second = kept(place.path());
        assert_eq!(second.get::<u8>("two"), Some(2));
        second.put("three", &3_u8);
        second.sweep();
        let mut names: Vec<_> = fs::read_dir(place.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["placed", "three.kept", "two.kept"]);
        let without = Kept { filled: false, ..kept(place.path()) };
        without.put("four", &4_u8);
        assert!(!place.path().join("four.kept").exists());
        assert_eq!(Kept { asked: false, ..kept(place.path()) }.get::<u8>("two"), None);
        assert_eq!(Kept { folder: None, ..kept(place.path()) }.get::<u8>("two"), None);
    }
}
