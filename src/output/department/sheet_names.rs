//! Names of sheets: a department's come first, ours give way.

use super::super::words::Words;
use std::collections::BTreeSet;

/// Names of sheets: a department's come first, ours give way.
#[derive(Default)]
pub(super) struct SheetNames {
    taken: BTreeSet<String>,
}

impl SheetNames {
    pub(super) fn take(&mut self, wanted: &str, otherwise: &str) -> String {
        let plain: String = wanted
            .chars()
            .map(|c| if matches!(c, '[' | ']' | ':' | '*' | '?' | '/' | '\\') || c.is_control() { '-' } else { c })
            .collect();
        let plain = plain.trim().trim_matches('\'');
        let plain = match plain.to_lowercase().as_str() {
            "" => otherwise.to_owned(),
            // Excel keeps this name for itself
            "history" => format!("{plain} list"),
            _ => plain.to_owned(),
        };
        self.unique(&plain, |n| format!(" ({n})"))
    }

    pub(super) fn take_ours(&mut self, wanted: &str) -> String {
        if self.taken.contains(&wanted.to_lowercase()) {
            return self.unique(&format!("{wanted} (keeptabs)"), |n| format!(" {n}"));
        }
        self.unique(wanted, |n| format!(" {n}"))
    }

    fn unique(&mut self, wanted: &str, suffix: impl Fn(u32) -> String) -> String {
        for n in 1.. {
            let suffix = if n == 1 { String::new() } else { suffix(n) };
            let room = 31 - suffix.encode_utf16().count();
            let mut units = 0;
            let kept: String = wanted
                .chars()
                .take_while(|c| {
                    units += c.len_utf16();
                    units <= room
                })
                .collect();
            let name = format!("{}{suffix}", kept.trim_end().trim_end_matches('\''));
            if self.taken.insert(name.to_lowercase()) {
                return name;
            }
        }
        unreachable!("BUG: a free name is always found")
    }
}

/// Name of the sheet with the lists, in every language.
pub(crate) const LISTS: &str = "Lists";

/// Ids of the other sheets that keeptabs adds.
const OWN_SHEETS: [&str; 4] = ["summary", "actions", "quality", "method"];

/// Whether a sheet's name is one that keeptabs gives to a sheet of its own, in any language.
pub(crate) fn is_own_sheet(name: &str) -> bool {
    let is_number = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let name = name.rsplit_once(' ').filter(|(_, last)| is_number(last)).map_or(name, |(name, _)| name);
    let name = name.strip_suffix(" (keeptabs)").unwrap_or(name);
    name == LISTS || Words::all().any(|words| OWN_SHEETS.iter().any(|id| words.get("sheet", id) == name))
}
