//! Runs the program as a user does and reads the workbooks that it wrote.

use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// The program, started outside the checkout: results of somebody's run there are none of a test's business.
pub(crate) fn keeptabs() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_keeptabs"));
    command.current_dir(env!("CARGO_TARGET_TMPDIR"));
    command
}

/// A finished run with its results.
pub(crate) struct Ran {
    pub(crate) output: Output,
    pub(crate) out: PathBuf,
    _folder: TempDir,
}

/// Runs an inbox into a temporary folder.
pub(crate) fn run(inbox: &Path, options: &[&str]) -> Ran {
    let folder = TempDir::new().unwrap();
    let out = folder.path().join("results");
    let output = keeptabs().arg("run").arg(inbox).arg("--out").arg(&out).args(options).output().unwrap();
    Ran { output, out, _folder: folder }
}

impl Ran {
    pub(crate) fn status(&self) -> i32 {
        self.output.status.code().expect("the program ended by itself")
    }

    pub(crate) fn stdout(&self) -> String {
        String::from_utf8(self.output.stdout.clone()).unwrap()
    }

    pub(crate) fn stderr(&self) -> String {
        String::from_utf8(self.output.stderr.clone()).unwrap()
    }

    /// The month's folder; there is one.
    pub(crate) fn month(&self) -> PathBuf {
        let folders = std::fs::read_dir(&self.out).unwrap_or_else(|_| panic!("no results: {}", self.stderr()));
        folders.map(|entry| entry.unwrap().path()).find(|path| is_month(path)).unwrap()
    }

    pub(crate) fn report(&self) -> Value {
        serde_json::from_slice(&std::fs::read(self.month().join("run.json")).unwrap()).unwrap()
    }

    pub(crate) fn file(&self, source: &str) -> Value {
        let report = self.report();
        let files = report["files"].as_array().unwrap();
        files
            .iter()
            .find(|file| file["source"] == source)
            .unwrap_or_else(|| panic!("no {source} in {files:#?}"))
            .clone()
    }

    /// The client table on a sheet of a result: rows by heading.
    pub(crate) fn clients(&self, target: &str, sheet: &str) -> Vec<BTreeMap<String, Data>> {
        table(&self.month().join(target), sheet)
    }
}

impl Ran {
    /// The client table on the first sheet of a result.
    pub(crate) fn first_clients(&self, target: &str) -> Vec<BTreeMap<String, Data>> {
        let path = self.month().join(target);
        let book: Xlsx<_> = open_workbook(&path).unwrap();
        table(&path, &book.sheet_names()[0])
    }
}

/// A sheet whose first row holds headings, as rows by heading.
pub(crate) fn table(path: &Path, sheet: &str) -> Vec<BTreeMap<String, Data>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let range = book.worksheet_range(sheet).unwrap_or_else(|error| panic!("{} {sheet}: {error}", path.display()));
    let mut rows = range.rows();
    let headings: Vec<_> = rows.next().unwrap().iter().map(ToString::to_string).collect();
    rows.map(|row| headings.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

/// A number, whatever its type; nothing and empty text are `None`.
pub(crate) fn number(cell: &Data) -> Option<f64> {
    match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        Data::DateTime(date) => Some(date.as_f64()),
        Data::Empty => None,
        Data::String(text) if text.is_empty() => None,
        other => panic!("{other:?} is no number"),
    }
}

/// Whether it is a month's folder below the output folder.
pub(crate) fn is_month(path: &Path) -> bool {
    path.is_dir() && path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'))
}

/// Every file below a folder with the hash of its content, by path.
pub(crate) fn hashes(folder: &Path) -> BTreeMap<String, String> {
    let files =
        walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|entry| entry.file_type().is_file());
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().display().to_string();
            (path, blake3::hash(&std::fs::read(entry.path()).unwrap()).to_string())
        })
        .collect()
}

/// Saves a workbook as another program would that changes a text in one of its parts.
pub(crate) fn rewritten(path: &Path, part: &str, from: &str, to: &str) {
    let bytes = std::fs::read(path).unwrap();
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut saved = zip::ZipWriter::new(std::fs::File::create(path).unwrap());
    for index in 0..package.len() {
        let mut old = package.by_index(index).unwrap();
        let name = old.name().unwrap().into_owned();
        let mut content = String::new();
        old.read_to_string(&mut content).unwrap();
        if name == part {
            assert!(content.contains(from), "no {from} in {part}");
            content = content.replace(from, to);
        }
        saved.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        saved.write_all(content.as_bytes()).unwrap();
    }
    saved.finish().unwrap();
}
