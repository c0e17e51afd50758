//! Puts what a run writes in its place. What a person has edited since keeptabs wrote it, and what another program holds
//! open, is never replaced: the new one goes beside it. What would come out as it stands is not written at all.

use super::journal::Journal;
use crate::finding::{Code, Finding};
use crate::history::{Written, Wrote};
use crate::workbook::{self, Limits};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// The names tried beside a target: "Clients (2).xlsx" to "Clients (99).xlsx".
const MOST: u32 = 99;

/// The month's folder, and what is known of the files in it.
pub(super) struct Folder<'a> {
    /// Where it is.
    pub(super) path: PathBuf,
    /// Its name below the output folder.
    pub(super) month: String,
    /// What keeptabs wrote last.
    pub(super) known: &'a Written,
    /// Every target of this run, in lower case: no result goes beside another one under such a name.
    pub(super) taken: BTreeSet<String>,
    /// Replace what was edited as well.
    pub(super) force: bool,
    /// What reading an earlier result may cost.
    pub(super) limits: &'a Limits,
    /// What was put in place and the store does not know yet.
    pub(super) journal: &'a Journal,
}

/// A file in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Its path below the month's folder.
    pub(super) target: String,
    /// Hash of its content.
    pub(super) hash: String,
    /// Whether it stood there already, as the last run left it that came to its end.
    pub(super) stood: bool,
    /// Why it does not stand where it should.
    pub(super) beside: Option<Beside>,
}

/// Why a file was left as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    Edited,
    InUse,
}

impl Folder<'_> {
    /// Writes a file through a temporary one and puts it in its place, or beside what stands there. `inputs` tells
    /// everything that the file depends on: where the same gave what stands there, nothing is written.
    pub(super) fn put(
        &self,
        target: &str,
        inputs: &str,
        write: impl FnOnce(&Path) -> io::Result<()>,
    ) -> io::Result<Placed> {
        if let Some(placed) = self.standing(target, inputs) {
            return Ok(placed);
        }
        let rename = |from: &Path, to: &Path| fs::rename(from, to);
        self.put_by(target, inputs, write, &rename)
    }

    /// What these inputs gave last, if it stands where it would be put.
    fn standing(&self, target: &str, inputs: &str) -> Option<Placed> {
        let given = |candidate: &String| {
            let key = self.key(candidate);
            let stored = self.known.get(&key).filter(|wrote| wrote.inputs == inputs).map(|wrote| (&*wrote.hash, true));
            stored.or_else(|| Some((self.journal.given(&key, inputs)?, false)))
        };
        if self.force {
            return None;
        }
        let (hash, stored) = self.candidates(target).find_map(|candidate| given(&candidate))?;
        let mut beside = None;
        for candidate in self.candidates(target) {
            let path = self.path.join(&candidate);
            let there = There::at(&path);
            if self.is_edited(&there, &candidate, hash) {
                beside = Some(Beside::Edited);
                continue;
            }
            let stands = there.hash().is_some_and(|there| there == hash);
            return stands.then(|| Placed { target: candidate, hash: hash.to_owned(), stood: stored, beside });
        }
        None
    }

    fn put_by(
        &self,
        target: &str,
        inputs: &str,
        write: impl FnOnce(&Path) -> io::Result<()>,
        rename: &dyn Fn(&Path, &Path) -> io::Result<()>,
    ) -> io::Result<Placed> {
        let folder = self.path.join(target).parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&folder)?;
        // a name only: what stands there later is whole
        let free = |path: &Path| if path.exists() { Err(io::ErrorKind::AlreadyExists.into()) } else { Ok(()) };
        let fresh =
            tempfile::Builder::new().prefix(".keeptabs-").suffix(".tmp").make_in(&folder, free)?.into_temp_path();
        write(&fresh)?;
        let hash = hash_of(&fresh)?;
        let mut beside = None;
        for candidate in self.candidates(target) {
            let path = self.path.join(&candidate);
            if self.is_edited(&There::at(&path), &candidate, &hash) {
                beside = beside.or(Some(Beside::Edited));
                continue;
            }
            self.journal.note(&self.key(&candidate), &hash, inputs)?;
            match rename(&fresh, &path) {
                Ok(()) => return Ok(Placed { target: candidate, hash, stood: false, beside }),
                Err(_) if path.is_file() => beside = beside.or(Some(Beside::InUse)),
                Err(_) if path.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other(format!("{MOST} files of that name were edited")))
    }

    /// The target, then the names beside it.
    fn candidates<'t>(&'t self, target: &'t str) -> impl Iterator<Item = String> + 't {
        let beside = (2..=MOST).map(move |n| numbered(target, n));
        let free = beside.filter(|candidate| !self.taken.contains(&candidate.to_lowercase()));
        std::iter::once(target.to_owned()).chain(free)
    }

    /// Whether a file holds what keeptabs did not write there.
    fn is_edited(&self, there: &There<'_>, target: &str, fresh: &str) -> bool {
        let hash = match there {
            _ if self.force => return false,
            There::Nothing => return false,
            // what cannot be read cannot be told from what somebody needs
            There::Unreadable => return true,
            There::File(_, hash) => hash,
        };
        let key = self.key(target);
        match self.known.get(&key) {
            _ if hash == fresh || self.journal.holds(&key, hash) => false,
            Some(known) => known.hash != *hash,
            // written without a store: a workbook tells who saved it last, an export does not
            None if has_author(target) => !there.is_untouched(self.limits),
            None => false,
        }
    }

    /// The same folder, with further targets of this run.
    pub(super) fn with<'t>(&self, targets: impl Iterator<Item = &'t str>) -> Self {
        let taken = self.taken.iter().cloned().chain(targets.map(str::to_lowercase)).collect();
        Self { path: self.path.clone(), month: self.month.clone(), taken, ..*self }
    }

    /// What is stored of a file, by its path below the output folder.
    pub(super) fn wrote(&self, placed: Placed, inputs: String) -> (String, Wrote) {
        (self.key(&placed.target), Wrote { hash: placed.hash, inputs })
    }

    /// A file's path below the output folder.
    pub(super) fn key(&self, target: &str) -> String {
        format!("{}/{target}", self.month)
    }
}

impl Placed {
    /// What is to be said of a result that went beside another; `source` is where the edited one is handed in.
    pub(super) fn finding(&self, wanted: &str, source: Option<&str>) -> Option<Finding> {
        let here = &self.target;
        let message = match (self.beside?, source) {
            (Beside::Edited, Some(source)) => format!(
                "the result {wanted} was edited after keeptabs wrote it and is left as it is; this run's result is {here}. To hand the edited one in, put it into the inbox in the place of {source} and run again; to have it replaced, use --force"
            ),
            (Beside::Edited, None) => format!(
                "{wanted} was edited after keeptabs wrote it and is left as it is; this run's is {here}. To have the edited one replaced, use --force"
            ),
            (Beside::InUse, _) => {
                format!("{wanted} could not be replaced, as it is if another program has it open; this run's is {here}")
            }
        };
        Some(Finding::new(Code::EditedResult, message))
    }
}

/// What stands under a name.
enum There<'p> {
    /// No file.
    Nothing,
    /// One that cannot be read.
    Unreadable,
    /// A file, with the hash of its content.
    File(&'p Path, String),
}

impl<'p> There<'p> {
    fn at(path: &'p Path) -> Self {
        if !path.is_file() {
            return Self::Nothing;
        }
        hash_of(path).map_or(Self::Unreadable, |hash| Self::File(path, hash))
    }

    fn hash(&self) -> Option<&str> {
        match self {
            Self::File(_, hash) => Some(hash),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    /// Whether it is a workbook that nobody but keeptabs has saved.
    fn is_untouched(&self, limits: &Limits) -> bool {
        match self {
            Self::File(path, _) => fs::read(path).is_ok_and(|file| workbook::is_untouched(&file, limits)),
            Self::Nothing | Self::Unreadable => false,
        }
    }
}

fn has_author(target: &str) -> bool {
    target.to_lowercase().ends_with(".xlsx")
}

/// "Sales/Clients (2).xlsx".
fn numbered(target: &str, n: u32) -> String {
    match target.rsplit_once('.') {
        Some((stem, extension)) if !extension.contains('/') => format!("{stem} ({n}).{extension}"),
        _ => format!("{target} ({n})"),
    }
}

/// Hash of a file's content.
pub(super) fn hash_of(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder<'a>(path: &Path, known: &'a Written, given: &'a (Limits, Journal), taken: &[&str]) -> Folder<'a> {
        let taken = taken.iter().map(|&name| name.to_owned()).collect();
        Folder {
            path: path.to_owned(),
            month: "2026-11".into(),
            known,
            taken,
            force: false,
            limits: &given.0,
            journal: &given.1,
        }
    }

    /// What a run knows besides its folder.
    fn given() -> (Limits, Journal) {
        (Limits::default(), Journal::open(Path::new("none"), &Written::new(), false, false))
    }

    fn write(text: &str) -> impl FnOnce(&Path) -> io::Result<()> {
        move |path| fs::write(path, text)
    }

    #[test]
    fn what_is_held_open_stays_and_the_new_one_goes_beside() {
        let place = tempfile::tempdir().unwrap();
        let (known, given) = (Written::new(), given());
        let folder = folder(place.path(), &known, &given, &["clients (2).csv"]);
        fs::write(place.path().join("clients.csv"), "old").unwrap();
        let held = |from: &Path, to: &Path| match to.ends_with("clients.csv") {
            true => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
            false => fs::rename(from, to),
        };
        let placed = folder.put_by("clients.csv", "", write("new"), &held).unwrap();
        // another result of this run has the second name
        assert_eq!((placed.target.as_str(), placed.beside), ("clients (3).csv", Some(Beside::InUse)));
        assert!(placed.finding("clients.csv", None).unwrap().message.contains("clients (3).csv"));
        assert_eq!(fs::read_to_string(place.path().join("clients.csv")).unwrap(), "old");
        assert_eq!(fs::read_to_string(place.path().join("clients (3).csv")).unwrap(), "new");
        // what fails without a file in the way is no edited file
        let full = |_: &Path, _: &Path| Err(io::Error::from(io::ErrorKind::StorageFull));
        assert!(folder.put_by("other.csv", "", write("new"), &full).is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing is left behind");
    }

    /// Puts a text, and knows it from then on.
    fn put(place: &Path, known: &mut Written, given: &(Limits, Journal), text: &str) -> Placed {
        let inputs = format!("for-{text}");
        let own = folder(place, known, given, &[]);
        let placed = own.put("a.csv", &inputs, write(text)).unwrap();
        let (key, wrote) = own.wrote(placed.clone(), inputs);
        known.insert(key, wrote);
        placed
    }

    #[test]
    fn what_another_hash_is_known_of_was_edited() {
        let place = tempfile::tempdir().unwrap();
        let (mut known, given) = (Written::new(), given());
        let path = place.path().join("a.csv");
        for text in ["1", "2"] {
            assert_eq!(put(place.path(), &mut known, &given, text).target, "a.csv");
        }
        fs::write(&path, "typed").unwrap();
        for (text, stood) in [("3", false), ("3", true), ("2", false)] {
            let placed = put(place.path(), &mut known, &given, text);
            assert_eq!((placed.target.as_str(), placed.beside), ("a (2).csv", Some(Beside::Edited)));
            assert_eq!(placed.stood, stood, "{text}");
            assert_eq!(fs::read_to_string(place.path().join("a (2).csv")).unwrap(), text);
        }
        // it holds what would be written: nothing to lose
        let placed = put(place.path(), &mut known, &given, "typed");
        assert_eq!((placed.target.as_str(), placed.beside), ("a.csv", None));
        fs::write(&path, "typed again").unwrap();
        let forced = Folder { force: true, ..folder(place.path(), &known, &given, &[]) };
        assert_eq!(forced.put("a.csv", "for-4", write("4")).unwrap().target, "a.csv");
        assert_eq!(fs::read_to_string(&path).unwrap(), "4");
    }

    #[test]
    fn what_stands_there_already_is_not_written() {
        let place = tempfile::tempdir().unwrap();
        let (mut known, given) = (Written::new(), given());
        let first = put(place.path(), &mut known, &given, "1");
        let again = folder(place.path(), &known, &given, &[]).put("a.csv", "for-1", |_| panic!("written"));
        assert_eq!(again.unwrap(), Placed { stood: true, ..first.clone() });
        // somebody took it away, or put an old copy back
        fs::remove_file(place.path().join("a.csv")).unwrap();
        assert_eq!(put(place.path(), &mut known, &given, "1"), first);
        let forced = Folder { force: true, ..folder(place.path(), &known, &given, &[]) };
        assert_eq!(forced.put("a.csv", "for-1", write("1")).unwrap(), first);
        assert!(!put(place.path(), &mut known, &given, "2").stood);
        assert!(!put(place.path(), &mut known, &given, "1").stood);
    }

    #[test]
    fn what_a_run_put_there_that_did_not_come_to_its_end_was_not_edited() {
        let out = tempfile::tempdir().unwrap();
        let month = out.path().join("2026-11");
        let mut known = Written::new();
        put(&month, &mut known, &given(), "1");
        let journal = |known: &Written| (Limits::default(), Journal::open(out.path(), known, true, true));
        // the store never hears of this one
        assert_eq!(put(&month, &mut known.clone(), &journal(&known), "2").target, "a.csv");
        let given = journal(&known);
        let again = folder(&month, &known, &given, &[]).put("a.csv", "for-2", |_| panic!("written"));
        assert!(again.is_ok_and(|placed| placed.target == "a.csv" && !placed.stood), "it was not to be made again");
        assert_eq!(put(&month, &mut known, &given, "3").target, "a.csv");
        fs::write(month.join("a.csv"), "typed").unwrap();
        let given = journal(&known);
        assert_eq!(put(&month, &mut known, &given, "4").target, "a (2).csv");
    }

    #[test]
    fn a_folder_that_goes_away_costs_the_file_in_hand() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("2026-11");
        let (known, given) = (Written::new(), given());
        let folder = folder(&path, &known, &given, &[]);
        let gone = folder.put("Sales/a.csv", "", |_| fs::remove_dir_all(&path));
        assert_eq!(gone.unwrap_err().kind(), io::ErrorKind::NotFound);
        assert_eq!(folder.put("Sales/b.csv", "", write("b")).unwrap().target, "Sales/b.csv");
        fs::create_dir_all(path.join("Sales/c.csv")).unwrap();
        let in_the_way = folder.put("Sales/c.csv", "", write("c")).unwrap_err();
        assert_eq!(in_the_way.kind(), io::ErrorKind::IsADirectory);
        assert_eq!(hash_of(&path.join("Sales/b.csv")).unwrap(), blake3::hash(b"b").to_hex()[..32]);
    }

    #[test]
    fn names_beside() {
        assert_eq!(numbered("Sales/v1.2/Clients.xlsx", 2), "Sales/v1.2/Clients (2).xlsx");
        assert_eq!(numbered("Sales/v1.2/Clients", 3), "Sales/v1.2/Clients (3)");
    }
}
