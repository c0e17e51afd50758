//! A zip package (xlsx, xlsb, ods): reads parts within limits, takes repaired parts, and gives the package to calamine.

use super::Limits;
use crate::error::FileError;
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read, Write};
use zip::result::ZipError;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Packages of workbooks have tens of parts; thousands for a workbook full of pictures.
const MAX_PARTS: usize = 100_000;
/// Parts below this may be packed as tightly as they like (a sheet of equal rows is).
const SMALL: u64 = 64 << 20;
/// Packages that unpack to more than this (some six million cells) are read in another process.
const HEAVY: u64 = 256 << 20;

/// An opened package with the repairs made to it so far.
pub(super) struct Package<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// By lower-case path, as Excel and calamine look parts up.
    names: BTreeMap<String, usize>,
    repaired: BTreeMap<String, Vec<u8>>,
    /// Bytes of all parts, unpacked, by the package's own word (which the zip crate holds it to).
    unpacked: u64,
    /// Unpacked bytes that may still be read.
    budget: u64,
    part_bytes: u64,
}

impl<'a> Package<'a> {
    pub(super) fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, FileError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged_zip(&error))?;
        if zip.len() > MAX_PARTS {
            return Err(FileError::TooLarge(format!("its package has {} parts", zip.len())));
        }
        let (mut names, mut total) = (BTreeMap::new(), 0_u64);
        for index in 0..zip.len() {
            let entry = zip.by_index_raw(index).map_err(|error| damaged_zip(&error))?;
            let (size, packed) = (entry.size(), entry.compressed_size());
            total = total.saturating_add(size);
            if size > SMALL && size / packed.max(1) > limits.ratio {
                return Err(FileError::TooLarge(format!(
                    "a part of it unpacks from {} MiB to {} MiB, as no list of clients does",
                    packed >> 20,
                    size >> 20
                )));
            }
            names.insert(normal(&String::from_utf8_lossy(entry.name_raw())), index);
        }
        if total > limits.unpacked_bytes {
            return Err(FileError::TooLarge(format!(
                "it unpacks to {} MiB; {} MiB are allowed",
                total >> 20,
                limits.unpacked_bytes >> 20
            )));
        }
        // Every part is read at most three times: for a check, beside calamine, and for a repair.
        let budget = limits.unpacked_bytes.saturating_mul(3);
        Ok(Self { zip, names, repaired: BTreeMap::new(), unpacked: total, budget, part_bytes: limits.part_bytes })
    }

    /// Whether reading it takes time and memory that a run should not be held up by.
    pub(super) fn is_heavy(&self) -> bool {
        self.unpacked > HEAVY
    }

    /// Whether there is such a part.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = normal(path);
        self.repaired.contains_key(&path) || self.names.contains_key(&path)
    }

    /// Lower-case paths of all parts.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.names.keys().map(String::as_str)
    }

    /// Bytes that a part held in memory may have.
    pub(super) fn part_bytes(&self) -> u64 {
        self.part_bytes
    }

    /// A part as a stream that ends with an error where the limits do.
    pub(super) fn stream(&mut self, path: &str) -> Result<Option<Box<dyn Read + '_>>, FileError> {
        let path = normal(path);
        if let Some(bytes) = self.repaired.get(&path) {
            return Ok(Some(Box::new(bytes.as_slice())));
        }
        let Some(&index) = self.names.get(&path) else {
            return Ok(None);
        };
        match self.zip.by_index(index) {
            Ok(inner) => Ok(Some(Box::new(Metered { inner, budget: &mut self.budget }))),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
                Err(FileError::LockedFormat("a zip archive".into()))
            }
            Err(error) => Err(damaged_zip(&error)),
        }
    }

    /// A whole part, for those that are small or that must be held in memory.
    pub(super) fn read(&mut self, path: &str) -> Result<Option<Vec<u8>>, FileError> {
        let limit = self.part_bytes;
        let Some(stream) = self.stream(path)? else {
            return Ok(None);
        };
        let mut bytes = Vec::new();
        stream.take(limit + 1).read_to_end(&mut bytes).map_err(|error| damaged_part(path, &error))?;
        if bytes.len() as u64 > limit {
            return Err(FileError::TooLarge(format!("its part {path} has more than {} MiB", limit >> 20)));
        }
        Ok(Some(bytes))
    }

    /// The first bytes of a part.
    pub(super) fn peek(&mut self, path: &str, length: u64) -> Result<Vec<u8>, FileError> {
        let mut bytes = Vec::new();
        if let Some(stream) = self.stream(path)? {
            stream.take(length).read_to_end(&mut bytes).map_err(|error| damaged_part(path, &error))?;
        }
        Ok(bytes)
    }

    /// Replaces or adds a part.
    pub(super) fn repair(&mut self, path: &str, bytes: Vec<u8>) {
        self.repaired.insert(normal(path), bytes);
    }

    /// The repaired package, or `None` if nothing was repaired.
    pub(super) fn repaired(&mut self) -> Result<Option<Vec<u8>>, FileError> {
        if self.repaired.is_empty() {
            return Ok(None);
        }
        self.written().map(Some).map_err(|error| damaged_zip(&error))
    }

    fn written(&mut self) -> Result<Vec<u8>, ZipError> {
        let mut indices: Vec<_> = self.names.iter().map(|(path, &index)| (index, path)).collect();
        indices.sort_unstable();
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (index, path) in indices {
            if !self.repaired.contains_key(path) {
                writer.raw_copy_file_rename(self.zip.by_index_raw(index)?, path)?;
            }
        }
        write_parts(&mut writer, self.repaired.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice())))?;
        Ok(writer.finish()?.into_inner())
    }
}

/// A new package of the given parts.
pub(super) fn of_parts(parts: &[(&str, &[u8])]) -> Result<Vec<u8>, FileError> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    write_parts(&mut writer, parts.iter().copied()).map_err(|error| damaged_zip(&error))?;
    writer.finish().map(Cursor::into_inner).map_err(|error| damaged_zip(&error))
}

fn write_parts<'p>(
    writer: &mut ZipWriter<Cursor<Vec<u8>>>,
    parts: impl Iterator<Item = (&'p str, &'p [u8])>,
) -> Result<(), ZipError> {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (path, bytes) in parts {
        writer.start_file(path, stored.large_file(bytes.len() as u64 >= u64::from(u32::MAX)))?;
        writer.write_all(bytes)?;
    }
    Ok(())
}

/// Counts what is unpacked, whatever the package says about its sizes.
struct Metered<'b, R> {
    inner: R,
    budget: &'b mut u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        *self.budget = self
            .budget
            .checked_sub(read as u64)
            .ok_or_else(|| io::Error::new(io::ErrorKind::FileTooLarge, "more data than its package says"))?;
        Ok(read)
    }
}

fn normal(path: &str) -> String {
    path.trim_start_matches('/').replace('\\', "/").to_ascii_lowercase()
}

/// What a broken zip means to somebody who has never seen one.
fn damaged_zip(error: &ZipError) -> FileError {
    FileError::Damaged(match error {
        ZipError::InvalidArchive(_) => {
            "its end is missing or its table of contents is broken (was it copied completely?)".into()
        }
        ZipError::UnsupportedArchive(what) => {
            format!("its package is packed in a way that workbooks are not ({what})")
        }
        other => format!("its package cannot be unpacked ({other})"),
    })
}

/// A part that breaks off or grows without end.
pub(super) fn damaged_part(path: &str, error: &io::Error) -> FileError {
    match error.kind() {
        io::ErrorKind::FileTooLarge => FileError::TooLarge(format!("its part {path} {error}")),
        _ => FileError::Damaged(format!("its part {path} cannot be unpacked ({error})")),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A package of the given parts.
    pub(in super::super) fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, bytes) in parts {
            writer.start_file(*path, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn repairs_replace_parts_and_leave_the_rest() {
        let bytes = zipped(&[("mimetype", b"m"), ("XL/Workbook.xml", b"old"), ("b", b"kept")]);
        let limits = Limits::default();
        let mut package = Package::open(&bytes, &limits).unwrap();
        assert_eq!(package.repaired().unwrap(), None);
        assert_eq!(package.read("xl/workbook.xml").unwrap().unwrap(), b"old");
        package.repair("xl/workbook.xml", b"new".to_vec());
        let again = package.repaired().unwrap().unwrap();
        let mut package = Package::open(&again, &limits).unwrap();
        assert_eq!(package.paths().collect::<Vec<_>>(), ["b", "mimetype", "xl/workbook.xml"]);
        assert_eq!(package.read("/xl/workbook.xml").unwrap().unwrap(), b"new");
        assert_eq!(package.read("B").unwrap().unwrap(), b"kept");
        assert_eq!(package.read("c").unwrap(), None);
    }

    #[test]
    fn bombs_are_refused_before_they_are_unpacked() {
        let bytes = zipped(&[("a", &vec![b' '; 70 << 20])]);
        let error = Package::open(&bytes, &Limits::default()).err().unwrap();
        assert!(matches!(error, FileError::TooLarge(_)), "{error}");
        let limits = Limits { unpacked_bytes: 10, ..Limits::default() };
        let error = Package::open(&zipped(&[("a", &[7; 20])]), &limits).err().unwrap();
        assert!(matches!(error, FileError::TooLarge(_)), "{error}");
        let limits = Limits { part_bytes: 10, ..Limits::default() };
        let bytes = zipped(&[("a", &[7; 20])]);
        let error = Package::open(&bytes, &limits).unwrap().read("a").err().unwrap();
        assert!(matches!(error, FileError::TooLarge(_)), "{error}");
    }

    #[test]
    fn a_cut_package_is_damaged() {
        let bytes = zipped(&[("a", b"b")]);
        let error = Package::open(&bytes[..bytes.len() - 10], &Limits::default()).err().unwrap();
        assert!(matches!(error, FileError::Damaged(_)), "{error}");
    }
}
