//! Fingerprints of everything that a result depends on: two that are equal mean the same bytes.

use super::Handled;
use crate::account::Parsed;
use crate::config::Config;
use crate::finding::{Finding, whole};
use crate::history::{Snapshot, Typed};
use crate::output::department;
use crate::period::Month;
use crate::report::{Report, whole::Lent};
use blake3::Hasher;
use serde::Serialize;
use std::fmt::{Debug, Write};

/// A fingerprint in the making.
pub(super) struct Digest(Hasher);

impl Digest {
    pub(super) fn of(kind: &str) -> Self {
        let mut digest = Self(Hasher::new());
        digest.bytes(kind.as_bytes());
        digest
    }

    /// Each part with its length, so that no two lists of parts look alike.
    fn bytes(&mut self, bytes: &[u8]) {
        self.0.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
    }

    pub(super) fn add(&mut self, part: &(impl Serialize + ?Sized)) {
        let bytes = postcard::to_allocvec(part);
        self.bytes(&bytes.expect("BUG: memory takes whatever is plain data of a known length"));
    }

    /// For what is no data: its description names every field.
    pub(super) fn describe(&mut self, part: &impl Debug) {
        let mut text = String::new();
        // a text takes everything
        let _ = write!(text, "{part:?}");
        self.bytes(text.as_bytes());
    }

    pub(super) fn end(self) -> String {
        self.0.finalize().to_hex()[..32].to_owned()
    }
}

/// Of what everything is read, scored and written with: the program, the configuration, the month.
pub(super) fn of_settings(config: &Config, month: Month, strict: bool) -> String {
    let mut digest = Digest::of("settings");
    digest.add(&(env!("CARGO_PKG_VERSION"), env!("KEEPTABS_BUILD"), month, strict));
    digest.describe(config);
    digest.end()
}

/// Of a department's result.
pub(super) fn of_department(source: &department::Source<'_>, settings: &str) -> String {
    // every field is named, so that a further one is thought of; configuration and month are in the settings
    let department::Source {
        path,
        hash,
        department,
        parsed,
        sheets,
        facts,
        actions,
        findings,
        config: _,
        bases: _,
        period: _,
        values,
    } = source;
    let mut digest = Digest::of("department");
    digest.add(&(settings, path, hash, department, values));
    add_parsed(&mut digest, parsed);
    digest.add(&(sheets, facts, actions, Findings(findings)));
    digest.end()
}

#[derive(Serialize)]
struct Findings<'a>(#[serde(with = "whole")] &'a [Finding]);

/// What was read follows from the file's hash and the settings; what was settled afterwards does not.
fn add_parsed(digest: &mut Digest, parsed: &Parsed) {
    for table in &parsed.tables {
        let ends: Vec<_> = table.accounts().filter_map(|one| Some((one.index, one.override_end()?))).collect();
        digest.add(&(table.sheet, ends));
    }
}

/// What the workbooks and tables about the whole organisation depend on.
pub(super) struct Organisation<'o, 's> {
    pub(super) handled: &'o [Handled],
    /// The stored months that it is compared with; none where history is not asked.
    pub(super) before: Option<Vec<&'s Snapshot>>,
    pub(super) typed: &'o [Typed],
    pub(super) report: &'o Report,
    pub(super) values: bool,
}

/// Of all of them.
pub(super) fn of_organisation(own: &Organisation<'_, '_>, settings: &str) -> String {
    let Organisation { handled, before, typed, report, values } = own;
    let mut digest = Digest::of("organisation");
    digest.add(&(settings, before, typed, Lent(report), values));
    for file in *handled {
        digest.add(&(&file.job.source, &file.job.department, &file.hash, file.read.is_some()));
        if let Some(read) = &file.read {
            add_parsed(&mut digest, &read.parsed);
        }
    }
    digest.end()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_lists_of_parts_look_alike() {
        let of = |parts: &[&str]| {
            let mut digest = Digest::of("test");
            parts.iter().for_each(|part| digest.add(part));
            digest.end()
        };
        assert_eq!(of(&["a", "bc"]), of(&["a", "bc"]));
        assert!(of(&["a", "bc"]) != of(&["ab", "c"]) && of(&["a"]) != of(&["a", ""]));
    }

    #[test]
    fn every_setting_counts() {
        let month = |text: &str| text.parse::<Month>().unwrap();
        let of = |text: &str| of_settings(&Config::parse(text, "c").unwrap(), month("2026-11"), false);
        let plain = of("");
        assert_eq!(plain, of("# a remark"));
        for text in ["language = \"de\"", "[flags]\nsurvey = 7", "[output]\ncompression = 4", "currency = \"EUR\""] {
            assert_ne!(plain, of(text), "{text}");
        }
        let config = Config::parse("", "c").unwrap();
        assert_ne!(plain, of_settings(&config, month("2026-10"), false));
        assert_ne!(plain, of_settings(&config, month("2026-11"), true));
    }
}
