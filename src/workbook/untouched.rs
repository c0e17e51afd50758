//! Whether a workbook is as keeptabs saved it, by what every other program changes when it saves.

use super::Limits;
use super::ooxml::{marker, walk};
use super::package::Package;
use super::tags::Kind;
use crate::error::FileError;
use std::collections::BTreeMap;

/// Whether nobody has saved the workbook since keeptabs wrote it: it has the marker, keeptabs saved it last, and it has
/// not been modified since it was created (Excel and LibreOffice enter themselves, other programs at least the time).
pub fn is_untouched(bytes: &[u8], limits: &Limits) -> bool {
    super::guarded(|| look(bytes, limits)).is_ok_and(|seen| seen.unwrap_or(false))
}

fn look(bytes: &[u8], limits: &Limits) -> Result<bool, FileError> {
    let mut package = Package::open(bytes, limits)?;
    let marked = marker(&mut package)?.is_some_and(|marker| marker.properties.contains_key("version"));
    let mut core: BTreeMap<Vec<u8>, Vec<u8>> = BTreeMap::new();
    walk(&mut package, "docProps/core.xml", |tag| {
        if tag.kind == Kind::Close {
            core.insert(tag.name.to_vec(), tag.text.to_vec());
        }
    })?;
    let said = |name: &str| core.get(name.as_bytes());
    let saved_last = said("lastModifiedBy").is_some_and(|by| by == b"keeptabs");
    Ok(marked && saved_last && said("created").is_some() && said("created") == said("modified"))
}
