//! Mistakes in what the configuration says: collected, so that the user gets the whole list.

use super::document::{Document, Mistake, Place};
use crate::account::Currency;
use crate::text::nearest;
use globset::{GlobBuilder, GlobMatcher};

/// Every mistake is added here, so that the user gets the whole list.
#[derive(Default)]
pub(super) struct Mistakes<'t> {
    pub(super) document: Option<&'t Document<'t>>,
    pub(super) found: Vec<Mistake>,
}

impl Mistakes<'_> {
    pub(super) fn add(&mut self, place: impl Into<Place>, what: impl std::fmt::Display) {
        let (place, what) = (place.into(), what.to_string());
        self.found.push(match self.document {
            Some(document) => document.mistake_at(&place, &what),
            None => (0, format!("{place}: {what}")),
        });
    }

    pub(super) fn ok<T, E: std::fmt::Display>(&mut self, place: impl Into<Place>, result: Result<T, E>) -> Option<T> {
        result.map_err(|error| self.add(place, error)).ok()
    }

    pub(super) fn within(&mut self, place: impl Into<Place>, number: i64, from: i64, to: i64) -> i64 {
        if !(from..=to).contains(&number) {
            self.add(place, format_args!("{number} is not between {from} and {to}"));
        }
        number.clamp(from, to)
    }

    pub(super) fn one_of<T: Copy>(&mut self, place: impl Into<Place>, given: &str, choices: &[(&str, T)]) -> Option<T> {
        let found = choices.iter().find(|(name, _)| *name == given).map(|(_, value)| *value);
        if found.is_none() {
            let names: Vec<_> = choices.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            let near = nearest(given, choices.iter().map(|(name, _)| *name));
            let near = near.map_or_else(String::new, |near| format!("; did you mean \"{near}\"?"));
            self.add(place, format_args!("\"{given}\" is none of {}{near}", names.join(", ")));
        }
        found
    }

    pub(super) fn choice<T: Copy>(
        &mut self,
        place: impl Into<Place>,
        given: Option<String>,
        choices: &[(&str, T)],
        default: T,
    ) -> T {
        given.and_then(|given| self.one_of(place, &given, choices)).unwrap_or(default)
    }

    pub(super) fn currency(&mut self, place: impl Into<Place>, code: &str) -> Option<Currency> {
        let code = <[u8; 3]>::try_from(code.as_bytes()).ok().filter(|code| code.iter().all(u8::is_ascii_uppercase));
        if code.is_none() {
            self.add(place, "a currency is three capital letters, like \"EUR\"");
        }
        code.map(Currency)
    }

    pub(super) fn glob(&mut self, place: impl Into<Place>, pattern: &str) -> Option<GlobMatcher> {
        // case ignored: the same file name is written "Sales.XLSX" on the next machine
        let glob = GlobBuilder::new(pattern).case_insensitive(true).literal_separator(false).build();
        self.ok(place, glob).map(|glob| glob.compile_matcher())
    }
}
