//! Reads a workbook of any format into a [`Book`]: the only door, and the only user of the reading crates.
//!
//! The content decides what a file is, never its name. What the crates read wrong is repaired before they see it, what
//! they would take memory for is checked before they take it, and a panic of theirs costs one sheet or one workbook.

mod biff;
mod builder;
mod code_page;
mod compound;
mod delimited;
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
use builder::BookBuilder;
use package::Package;
use sniff::Content;
use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// What a workbook may cost. The defaults are far above any list of clients and far below what a machine has.
#[derive(Clone, Debug, PartialEq, Eq)]
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
        }
    }
}

/// Reads the workbook at `path`. A csv's only sheet is named after the file.
pub fn read(path: &Path, limits: &Limits) -> Result<Book, FileError> {
    let file = File::open(path).map_err(|error| FileError::Io(error.to_string()))?;
    let mut bytes = Vec::new();
    file.take(limits.file_bytes.saturating_add(1))
        .read_to_end(&mut bytes)
        .map_err(|error| FileError::Io(error.to_string()))?;
    let name = path.file_stem().map(|stem| stem.to_string_lossy().chars().take(31).collect::<String>());
    read_named(&bytes, limits, name.as_deref().unwrap_or("csv"))
}

/// Reads a workbook from memory. A csv's only sheet is named "csv".
pub fn read_bytes(bytes: &[u8], limits: &Limits) -> Result<Book, FileError> {
    read_named(bytes, limits, "csv")
}

fn read_named(bytes: &[u8], limits: &Limits, csv_name: &str) -> Result<Book, FileError> {
    if bytes.len() as u64 > limits.file_bytes {
        return Err(FileError::TooLarge(format!("the file has more than {} MiB", limits.file_bytes >> 20)));
    }
    guarded(|| dispatch(bytes, limits, csv_name))?
}

fn dispatch(bytes: &[u8], limits: &Limits, csv_name: &str) -> Result<Book, FileError> {
    let book = BookBuilder::new(limits);
    match sniff::content(bytes)? {
        Content::Zip => {
            let mut package = Package::open(bytes, limits)?;
            match sniff::package(&mut package)? {
                sniff::PackageKind::Xlsx => xlsx::read(bytes, package, book),
                sniff::PackageKind::Xlsb => xlsb::read(bytes, package, book),
                sniff::PackageKind::Ods => ods::read(package, book),
            }
        }
        Content::Compound => xls::read_compound(bytes, book),
        Content::RawBiff => xls::read_stream(bytes.to_vec(), book),
        Content::Text => delimited::read(bytes, book, csv_name),
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
        FileError::Password => "protected with a password".into(),
        FileError::OwnSummary => error.to_string(),
        FileError::Io(reason)
        | FileError::NotAWorkbook(reason)
        | FileError::Unsupported(reason)
        | FileError::Damaged(reason)
        | FileError::TooLarge(reason)
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
        let book = read(&path, &Limits::default()).unwrap();
        assert_eq!((book.sheets[0].name.as_str(), book.sheets[0].cell_count()), ("Clients north", 4));
        assert!(matches!(read(&folder.path().join("none.xlsx"), &Limits::default()), Err(FileError::Io(_))));
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
