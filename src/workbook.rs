//! Reads a workbook of any format into a [`Book`]: the only door, and the only user of the reading crates.
//!
//! The content decides what a file is, never its name. What the crates read wrong is repaired before they see it, what
//! they would take memory for is checked before they take it, and a panic of theirs costs one sheet or one workbook.

mod biff;
mod builder;
mod code_page;
mod compound;
mod delimited;
mod encrypted;
mod number_format;
mod ods;
mod ods_cell;
mod ods_content;
mod ooxml;
mod package;
mod sniff;
mod tags;
mod untouched;
mod worksheet_part;
mod xls;
mod xlsb;
mod xlsb_package;
mod xlsb_records;
mod xlsx;
mod xlsx_package;

pub use untouched::is_untouched;

use crate::book::Book;
use crate::error::FileError;
use crate::password::Passwords;
use builder::BookBuilder;
use package::Package;
use serde::{Deserialize, Serialize};
use sniff::{Content, PackageKind};
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What a workbook may cost. The defaults are far above any list of clients and far below what a machine has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Bytes of the file.
    pub file_bytes: u64,
    /// Bytes of all parts of a package, unpacked.
    pub unpacked_bytes: u64,
    /// How many times larger than packed a large part may be.
    pub ratio: u64,
    /// Bytes of a part that must be held in memory (texts, formats, an ods's content, a repaired part).
    pub part_bytes: u64,
    /// Filled cells of a workbook.
    pub cells: u64,
    /// Cells of the rectangle around a sheet's filled cells, in the formats that are read into one (xls, ods).
    pub dense_cells: u64,
    /// Bytes of all different texts of a workbook.
    pub text_bytes: u64,
    /// Bytes of memory that a worker may take, where the system can hold it to that.
    pub worker_bytes: u64,
    /// Seconds that a worker may take for a workbook.
    pub worker_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 1 << 30,
            unpacked_bytes: 2 << 30,
            ratio: 250,
            part_bytes: 256 << 20,
            cells: 40_000_000,
            dense_cells: 8_000_000,
            text_bytes: 512 << 20,
            worker_bytes: 768 << 20,
            worker_seconds: 60,
        }
    }
}

/// A file that was handed in, in memory: the bytes that are looked at, hashed and read are the same.
#[derive(Clone, Debug)]
pub struct HandIn {
    /// Its content.
    pub bytes: Vec<u8>,
    /// What a csv's only sheet is called.
    pub sheet_name: String,
}

impl HandIn {
    /// Reads the file at `path`. A csv's only sheet is named after it.
    ///
    /// # Errors
    /// When the system does not give the file, or it is larger than the limits allow.
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, FileError> {
        let io = |error: std::io::Error| match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::StaleNetworkFileHandle => FileError::Gone,
            _ => FileError::Io(error.to_string()),
        };
        let mut bytes = Vec::new();
        File::open(path).map_err(io)?.take(limits.file_bytes.saturating_add(1)).read_to_end(&mut bytes).map_err(io)?;
        check_size(&bytes, limits)?;
        let name = path.file_stem().map(|stem| stem.to_string_lossy().chars().take(31).collect::<String>());
        Ok(Self { bytes, sheet_name: name.unwrap_or_else(|| "csv".to_owned()) })
    }

    /// Whether what reading it takes can be told beforehand, so that it need not be read in another process.
    pub fn is_bounded(&self, limits: &Limits) -> bool {
        // what cannot even be opened is refused at once
        guarded(|| Opened::of(&self.bytes, limits).map_or(true, |opened| opened.is_bounded())).unwrap_or(false)
    }

    /// Reads it in this process.
    ///
    /// # Errors
    /// What the file is, if it is no readable workbook, and what to do.
    pub fn read(&self, limits: &Limits, passwords: &Passwords) -> Result<Book, FileError> {
        check_size(&self.bytes, limits)?;
        guarded(|| Opened::of(&self.bytes, limits)?.read(&self.bytes, limits, &self.sheet_name, passwords))?
    }
}

fn check_size(bytes: &[u8], limits: &Limits) -> Result<(), FileError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(FileError::TooLarge(format!("the file has more than {} MiB", limits.file_bytes >> 20)));
    }
    Ok(())
}

/// Reads a workbook from memory, in this process and without passwords. A csv's only sheet is named "csv".
///
/// # Errors
/// What the file is, if it is no readable workbook, and what to do.
pub fn read_bytes(bytes: &[u8], limits: &Limits) -> Result<Book, FileError> {
    HandIn { bytes: bytes.to_vec(), sheet_name: "csv".to_owned() }.read(limits, &Passwords::default())
}

/// A file whose format is known, and its package opened.
enum Opened<'a> {
    Package(Package<'a>, PackageKind),
    Compound,
    RawBiff,
    Text,
}

impl<'a> Opened<'a> {
    fn of(bytes: &'a [u8], limits: &Limits) -> Result<Self, FileError> {
        Ok(match sniff::content(bytes)? {
            Content::Zip => {
                let mut package = Package::open(bytes, limits)?;
                let kind = sniff::package(&mut package)?;
                Self::Package(package, kind)
            }
            Content::Compound => Self::Compound,
            Content::RawBiff => Self::RawBiff,
            Content::Text => Self::Text,
        })
    }

    /// Cells of xlsx and xlsb are streamed; xls and ods are read whole by a crate whose appetite nobody knows.
    fn is_bounded(&self) -> bool {
        match self {
            Self::Package(package, PackageKind::Xlsx | PackageKind::Xlsb) => !package.is_heavy(),
            Self::Package(_, PackageKind::Ods) | Self::Compound | Self::RawBiff => false,
            Self::Text => true,
        }
    }

    fn read(self, bytes: &'a [u8], limits: &Limits, csv_name: &str, passwords: &Passwords) -> Result<Book, FileError> {
        let book = BookBuilder::new(limits);
        match self {
            Self::Package(package, PackageKind::Xlsx) => xlsx::read(bytes, package, book),
            Self::Package(package, PackageKind::Xlsb) => xlsb::read(bytes, package, book),
            Self::Package(package, PackageKind::Ods) => ods::read(package, book),
            Self::Compound => match xls::read_compound(bytes, book, passwords)? {
                xls::Compounded::Book(book) => Ok(book),
                xls::Compounded::Package(package) => match Opened::of(&package, limits)? {
                    opened @ Opened::Package(..) => opened.read(&package, limits, csv_name, passwords),
                    _ => Err(FileError::Damaged("what its password protects is no workbook".into())),
                },
            },
            Self::RawBiff => xls::read_stream(bytes.to_vec(), book),
            Self::Text => delimited::read(bytes, book, csv_name),
        }
    }
}

/// Runs a step whose crates may panic on damaged input.
fn guarded<T>(step: impl FnOnce() -> T) -> Result<T, FileError> {
    catch_unwind(AssertUnwindSafe(step)).map_err(|panic| {
        let message = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
        FileError::Crashed(builder::shortened(&message.unwrap_or_else(|| "its structure makes no sense".into())))
    })
}

/// Why a sheet could not be read: an error's own words, without the advice that is for whole workbooks.
fn reason(error: FileError) -> String {
    match error {
        FileError::Password | FileError::WrongPassword(_) | FileError::LockedFormat(_) => {
            "protected with a password".into()
        }
        FileError::OwnSummary | FileError::Gone => error.to_string(),
        FileError::Io(reason)
        | FileError::NotAWorkbook(reason)
        | FileError::Unsupported(reason)
        | FileError::Damaged(reason)
        | FileError::TooLarge(reason)
        | FileError::Costly(reason)
        | FileError::Crashed(reason) => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_by_content_and_a_csv_is_named_after_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Clients north.xls");
        std::fs::write(&path, "Client;Score\nAcme;8\n").unwrap();
        let read = |path: &Path, limits: &Limits| HandIn::open(path, limits)?.read(limits, &Passwords::default());
        let book = read(&path, &Limits::default()).unwrap();
        assert_eq!((book.sheets[0].name.as_str(), book.sheets[0].cell_count()), ("Clients north", 4));
        assert!(matches!(read(&folder.path().join("none.xlsx"), &Limits::default()), Err(FileError::Gone)));
        let limits = Limits { file_bytes: 5, ..Limits::default() };
        assert!(matches!(read(&path, &limits), Err(FileError::TooLarge(_))));
    }

    #[test]
    fn a_panic_is_an_error() {
        assert_eq!(guarded(|| 1), Ok(1));
        let nothing: [u8; 0] = [];
        let crashed = guarded(|| nothing[std::hint::black_box(3)]);
        assert!(matches!(crashed, Err(FileError::Crashed(reason)) if reason.contains("index out of bounds")));
    }
}
