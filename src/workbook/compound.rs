//! Compound files (MS-CFB), the container of xls: a bounded walk of our own, and a plain container around a stream.
//!
//! calamine follows chains of sectors without end and indexes tables unchecked, so it only ever sees containers that
//! [`around`] has made.

use crate::error::FileError;
use std::collections::BTreeSet;

/// Ids from here on are marks, not sectors.
const MARKS: u32 = 0xFFFF_FFFA;
const END_OF_CHAIN: u32 = 0xFFFF_FFFE;
const FREE: u32 = 0xFFFF_FFFF;
const FAT: u32 = 0xFFFF_FFFD;
/// Streams below this size lie in the mini stream.
const MINI_CUTOFF: u64 = 4096;
const MINI_SECTOR: usize = 64;
/// Sector size of the containers that [`around`] makes.
const SECTOR: usize = 4096;

/// The streams and storages at the root of a compound file.
pub(super) struct Compound<'a> {
    bytes: &'a [u8],
    sector: usize,
    fat: Vec<u32>,
    mini_fat: Vec<u32>,
    mini_stream: Vec<u8>,
    root: Vec<Entry>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    kind: u8,
    left: u32,
    right: u32,
    child: u32,
    start: u32,
    size: u64,
}

fn damaged(what: &str) -> FileError {
    FileError::Damaged(what.to_owned())
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).map_or(0, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
}

impl<'a> Compound<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, FileError> {
        let sector = match u16_at(bytes, 30) {
            _ if bytes.len() < 512 => return Err(damaged("it is cut off within its first block")),
            9 => 512,
            12 => 4096,
            _ => return Err(damaged("its first block makes no sense")),
        };
        let mut compound =
            Self { bytes, sector, fat: Vec::new(), mini_fat: Vec::new(), mini_stream: Vec::new(), root: Vec::new() };
        let sectors = bytes.len() / sector + 1;
        let mut fat_sectors: Vec<u32> = words(&bytes[76..512]).collect();
        let (mut next, mut steps) = (u32_at(bytes, 68), 0);
        while next < MARKS && steps <= sectors {
            let mut more: Vec<u32> = words(compound.sector(next)?).collect();
            next = more.pop().unwrap_or(END_OF_CHAIN);
            fat_sectors.append(&mut more);
            steps += 1;
        }
        for id in fat_sectors.into_iter().filter(|&id| id < MARKS).take(sectors) {
            // A table that breaks off still tells the chains before the break.
            let mut part: Vec<u32> = words(compound.sector(id)?).collect();
            part.resize(sector / 4, FREE);
            compound.fat.append(&mut part);
        }
        let directory = compound.chain(u32_at(bytes, 48), u64::MAX)?;
        let entries: Vec<Entry> = directory.as_chunks::<128>().0.iter().map(|raw| entry(raw, sector)).collect();
        let Some(root) = entries.first() else {
            return Err(damaged("its directory is empty"));
        };
        if u32_at(bytes, 64) > 0 {
            compound.mini_stream = compound.chain(root.start, root.size).unwrap_or_default();
            let mini_fat = compound.chain(u32_at(bytes, 60), u64::MAX).unwrap_or_default();
            compound.mini_fat = words(&mini_fat).collect();
        }
        // The root's children form a tree; ids are visited once, so that a loop ends.
        let (mut open, mut seen) = (vec![root.child], BTreeSet::new());
        while let Some(id) = open.pop() {
            if let Some(entry) = entries.get(id as usize)
                && seen.insert(id)
            {
                open.extend([entry.left, entry.right]);
                compound.root.push(entry.clone());
            }
        }
        // A broken tree hides what a plain list shows.
        if compound.root.is_empty() {
            compound.root = entries.into_iter().skip(1).filter(|entry| entry.kind != 0).collect();
        }
        Ok(compound)
    }

    /// Whether the root has an entry of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.root.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// A stream at the root.
    pub(super) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, FileError> {
        let Some(entry) = self.root.iter().find(|entry| entry.kind == 2 && entry.name.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        if entry.size >= MINI_CUTOFF {
            return self.chain(entry.start, entry.size).map(Some);
        }
        let mut stream = Vec::new();
        let (mut id, mut seen) = (entry.start, Seen::of(self.mini_fat.len()));
        while id < MARKS && (stream.len() as u64) < entry.size {
            let start = id as usize * MINI_SECTOR;
            let Some(sector) = self.mini_stream.get(start..(start + MINI_SECTOR).min(self.mini_stream.len())) else {
                return Err(damaged("its content is cut off"));
            };
            stream.extend_from_slice(sector);
            seen.visit(id)?;
            id = self.mini_fat.get(id as usize).copied().unwrap_or(END_OF_CHAIN);
        }
        stream.truncate(entry.size as usize);
        Ok(Some(stream))
    }

    fn sector(&self, id: u32) -> Result<&'a [u8], FileError> {
        let start = (id as usize + 1) * self.sector;
        match self.bytes.get(start..) {
            Some(rest) if !rest.is_empty() => Ok(&rest[..rest.len().min(self.sector)]),
            _ => Err(damaged("it is cut off: it names blocks behind its end")),
        }
    }

    /// A chain of sectors, as far as `size` goes; one that ends before is given as it is.
    fn chain(&self, start: u32, size: u64) -> Result<Vec<u8>, FileError> {
        let mut bytes = Vec::new();
        let (mut id, mut seen) = (start, Seen::of(self.fat.len()));
        while id < MARKS && (bytes.len() as u64) < size {
            let sector = self.sector(id)?;
            bytes.extend_from_slice(sector);
            if sector.len() < self.sector && size != u64::MAX && (bytes.len() as u64) < size {
                return Err(damaged("it is cut off within its content"));
            }
            seen.visit(id)?;
            id = *self.fat.get(id as usize).ok_or_else(|| damaged("its table of blocks is cut off"))?;
        }
        if size != u64::MAX {
            bytes.truncate(size as usize);
        }
        Ok(bytes)
    }
}

/// Blocks of a chain so far: one that comes twice would repeat what stands in it, which may look right.
struct Seen(Vec<bool>);

impl Seen {
    fn of(blocks: usize) -> Self {
        Self(vec![false; blocks])
    }

    fn visit(&mut self, id: u32) -> Result<(), FileError> {
        let again = self.0.get_mut(id as usize).is_some_and(|seen| std::mem::replace(seen, true));
        if again { Err(damaged("its blocks run in a circle")) } else { Ok(()) }
    }
}

fn entry(raw: &[u8; 128], sector: usize) -> Entry {
    let units: Vec<u16> = raw[..64].as_chunks::<2>().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
    let length = units.iter().position(|&unit| unit == 0).unwrap_or(units.len());
    let high = if sector == 512 { 0 } else { u64::from(u32_at(raw, 124)) };
    Entry {
        name: String::from_utf16_lossy(&units[..length]),
        kind: raw[66],
        left: u32_at(raw, 68),
        right: u32_at(raw, 72),
        child: u32_at(raw, 76),
        start: u32_at(raw, 116),
        size: u64::from(u32_at(raw, 120)) | high << 32,
    }
}

/// A compound file that holds nothing but a workbook stream.
pub(super) fn around(mut stream: Vec<u8>) -> Vec<u8> {
    // Below the cutoff it would have to lie in a mini stream; zeros behind the last record are no records.
    if (stream.len() as u64) < MINI_CUTOFF {
        stream.resize(MINI_CUTOFF as usize, 0);
    }
    let size = stream.len() as u64;
    stream.resize(stream.len().next_multiple_of(SECTOR), 0);
    let data_sectors = stream.len() / SECTOR;
    let fat_sectors = (data_sectors + 1).div_ceil(SECTOR / 4 - 1);
    // Header, tables, directory, data.
    let mut bytes = vec![0; SECTOR];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    for (at, value) in [(24, 0x3E_u16), (26, 4), (28, 0xFFFE), (30, 12), (32, 6)] {
        bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
    let directory = fat_sectors as u32;
    for (at, value) in
        [(40, 1), (44, fat_sectors as u32), (48, directory), (56, 4096), (60, END_OF_CHAIN), (68, END_OF_CHAIN)]
    {
        bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    for (index, place) in bytes[76..512].as_chunks_mut::<4>().0.iter_mut().enumerate() {
        *place = if index < fat_sectors { index as u32 } else { FREE }.to_le_bytes();
    }
    let mut fat = vec![FAT; fat_sectors];
    fat.push(END_OF_CHAIN);
    fat.extend((1..data_sectors as u32).map(|next| directory + 1 + next));
    fat.push(END_OF_CHAIN);
    fat.resize(fat_sectors * SECTOR / 4, FREE);
    bytes.extend(fat.iter().flat_map(|id| id.to_le_bytes()));
    // calamine takes an empty chain at the root for a missing directory, so the root names the data, of no length.
    bytes.extend(directory_entry("Root Entry", 5, 1, directory + 1, 0));
    bytes.extend(directory_entry("Workbook", 2, FREE, directory + 1, size));
    bytes.resize((fat_sectors + 2) * SECTOR, 0);
    bytes.append(&mut stream);
    bytes
}

fn directory_entry(name: &str, kind: u8, child: u32, start: u32, size: u64) -> [u8; 128] {
    let mut raw = [0; 128];
    for (place, unit) in raw[..64].as_chunks_mut::<2>().0.iter_mut().zip(name.encode_utf16()) {
        *place = unit.to_le_bytes();
    }
    raw[64..66].copy_from_slice(&(2 * name.len() as u16 + 2).to_le_bytes());
    raw[66] = kind;
    raw[67] = 1;
    for (at, value) in [(68, FREE), (72, FREE), (76, child), (116, start)] {
        raw[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    raw[120..].copy_from_slice(&size.to_le_bytes());
    raw
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_comes_out() {
        for length in [0_usize, 10, 4096, 5000, 3_000_000, 5_000_000] {
            let stream: Vec<u8> = (0..length).map(|byte| byte as u8).collect();
            let container = around(stream.clone());
            let compound = Compound::open(&container).unwrap();
            assert!(compound.has("workbook") && !compound.has("Book"));
            let found = compound.stream("Workbook").unwrap().unwrap();
            assert_eq!(found[..length], stream);
            assert!(found.len() == length.max(4096));
        }
    }

    #[test]
    fn circles_cuts_and_noise_end() {
        let good = around(vec![7; 20_000]);
        // Every sector leads to itself.
        let mut circle = good.clone();
        for (index, place) in circle[SECTOR..2 * SECTOR].as_chunks_mut::<4>().0.iter_mut().enumerate() {
            *place = (index as u32).to_le_bytes();
        }
        assert!(Compound::open(&circle).is_err());
        let mut difat = good.clone();
        difat[68..72].copy_from_slice(&0_u32.to_le_bytes());
        let _ = Compound::open(&difat);
        for length in (8..good.len()).step_by(509) {
            let found = Compound::open(&good[..length]).and_then(|compound| compound.stream("Workbook"));
            assert!(found.is_err() || found == Ok(Some(vec![7; 20_000])), "{length}");
        }
        // No byte of the tables makes it panic or run for ever.
        for at in (24..3 * SECTOR).step_by(7) {
            let mut noisy = good.clone();
            noisy[at] ^= 0xFF;
            if let Ok(compound) = Compound::open(&noisy) {
                let _ = compound.stream("Workbook");
            }
        }
    }
}
