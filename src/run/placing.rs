//! Puts what a run writes in its place. What a person has edited since keeptabs wrote it, and what another program holds
//! open, is never replaced: the new one goes beside it.

use crate::finding::{Code, Finding};
use crate::history::Written;
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
}

/// A file in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placed {
    /// Its path below the month's folder.
    pub(super) target: String,
    /// Hash of its content.
    pub(super) hash: String,
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
    /// Writes a file through a temporary one and puts it in its place, or beside what stands there.
    pub(super) fn put(&self, target: &str, write: impl FnOnce(&Path) -> io::Result<()>) -> io::Result<Placed> {
        let rename = |from: &Path, to: &Path| fs::rename(from, to);
        self.put_by(target, write, &rename)
    }

    fn put_by(
        &self,
        target: &str,
        write: impl FnOnce(&Path) -> io::Result<()>,
        rename: &dyn Fn(&Path, &Path) -> io::Result<()>,
    ) -> io::Result<Placed> {
        let folder = self.path.join(target).parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&folder)?;
        let fresh = tempfile::Builder::new().prefix(".keeptabs-").suffix(".tmp").tempfile_in(&folder)?.into_temp_path();
        write(&fresh)?;
        let hash = hash_of(&fresh)?;
        let mut beside = None;
        for n in 1..=MOST {
            let candidate = if n == 1 { target.to_owned() } else { numbered(target, n) };
            if n > 1 && self.taken.contains(&candidate.to_lowercase()) {
                continue;
            }
            let path = self.path.join(&candidate);
            if self.is_edited(&path, &candidate, &hash) {
                beside = beside.or(Some(Beside::Edited));
                continue;
            }
            match rename(&fresh, &path) {
                Ok(()) => return Ok(Placed { target: candidate, hash, beside }),
                Err(_) if path.is_file() => beside = beside.or(Some(Beside::InUse)),
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other(format!("{MOST} files of that name were edited")))
    }

    /// Whether a file holds what keeptabs did not write there.
    fn is_edited(&self, path: &Path, target: &str, fresh: &str) -> bool {
        if self.force || !path.is_file() {
            return false;
        }
        // what cannot be read cannot be told from what somebody needs
        let Ok(there) = hash_of(path) else { return true };
        match self.known.get(&self.key(target)) {
            _ if there == fresh => false,
            Some(known) => *known != there,
            // written without a store: a workbook tells who saved it last, an export does not
            None if has_author(target) => !fs::read(path).is_ok_and(|file| workbook::is_untouched(&file, self.limits)),
            None => false,
        }
    }

    /// The same folder, with further targets of this run.
    pub(super) fn with<'t>(&self, targets: impl Iterator<Item = &'t str>) -> Self {
        let taken = self.taken.iter().cloned().chain(targets.map(str::to_lowercase)).collect();
        Self { path: self.path.clone(), month: self.month.clone(), taken, ..*self }
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

fn hash_of(path: &Path) -> io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path)?)?;
    Ok(hasher.finalize().to_hex()[..32].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder<'a>(path: &Path, known: &'a Written, limits: &'a Limits, taken: &[&str]) -> Folder<'a> {
        let taken = taken.iter().map(|&name| name.to_owned()).collect();
        Folder { path: path.to_owned(), month: "2026-11".into(), known, taken, force: false, limits }
    }

    fn write(text: &str) -> impl FnOnce(&Path) -> io::Result<()> {
        move |path| fs::write(path, text)
    }

    #[test]
    fn what_is_held_open_stays_and_the_new_one_goes_beside() {
        let place = tempfile::tempdir().unwrap();
        let (known, limits) = (Written::new(), Limits::default());
        let folder = folder(place.path(), &known, &limits, &["clients (2).csv"]);
        fs::write(place.path().join("clients.csv"), "old").unwrap();
        let held = |from: &Path, to: &Path| match to.ends_with("clients.csv") {
            true => Err(io::Error::from(io::ErrorKind::PermissionDenied)),
            false => fs::rename(from, to),
        };
        let placed = folder.put_by("clients.csv", write("new"), &held).unwrap();
        // another result of this run has the second name
        assert_eq!((placed.target.as_str(), placed.beside), ("clients (3).csv", Some(Beside::InUse)));
        assert!(placed.finding("clients.csv", None).unwrap().message.contains("clients (3).csv"));
        assert_eq!(fs::read_to_string(place.path().join("clients.csv")).unwrap(), "old");
        assert_eq!(fs::read_to_string(place.path().join("clients (3).csv")).unwrap(), "new");
        // what fails without a file in the way is no edited file
        let full = |_: &Path, _: &Path| Err(io::Error::from(io::ErrorKind::StorageFull));
        assert!(folder.put_by("other.csv", write("new"), &full).is_err());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing is left behind");
    }

    #[test]
    fn what_another_hash_is_known_of_was_edited() {
        let place = tempfile::tempdir().unwrap();
        let (mut known, limits) = (Written::new(), Limits::default());
        let path = place.path().join("a.csv");
        let placed = folder(place.path(), &known, &limits, &[]).put("a.csv", write("1")).unwrap();
        known.insert("2026-11/a.csv".into(), placed.hash);
        assert_eq!(folder(place.path(), &known, &limits, &[]).put("a.csv", write("2")).unwrap().target, "a.csv");
        fs::write(&path, "typed").unwrap();
        for text in ["3", "3"] {
            let placed = folder(place.path(), &known, &limits, &[]).put("a.csv", write(text)).unwrap();
            assert_eq!((placed.target.as_str(), placed.beside), ("a (2).csv", Some(Beside::Edited)));
            known.insert("2026-11/a (2).csv".into(), placed.hash);
        }
        // it holds what would be written: nothing to lose
        assert_eq!(folder(place.path(), &known, &limits, &[]).put("a.csv", write("typed")).unwrap().target, "a.csv");
        let forced = Folder { force: true, ..folder(place.path(), &known, &limits, &[]) };
        assert_eq!(forced.put("a.csv", write("4")).unwrap().target, "a.csv");
        assert_eq!(fs::read_to_string(&path).unwrap(), "4");
    }

    #[test]
    fn names_beside() {
        assert_eq!(numbered("Sales/v1.2/Clients.xlsx", 2), "Sales/v1.2/Clients (2).xlsx");
        assert_eq!(numbered("Sales/v1.2/Clients", 3), "Sales/v1.2/Clients (3)");
    }
}
