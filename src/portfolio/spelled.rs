//! The distinct spellings of client names, and which of them the configuration speaks of.

use super::entry::{Entry, Settings};
use super::name::{Folded, equal_names};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A name of the configuration: its group, and its legal form (or none) where some row writes the name so; else any form.
pub(super) type Sought = (usize, Option<Option<String>>);

/// The distinct spellings of client names.
pub(super) struct Spelled<'a> {
    /// The spelling of each row.
    pub(super) of_row: Vec<usize>,
    texts: Vec<&'a str>,
    pub(super) folded: Vec<Folded>,
    /// For each spelling the first one that is equal to it but for the legal form.
    pub(super) group: Vec<usize>,
}

impl<'a> Spelled<'a> {
    pub(super) fn new(entries: &[Entry<'a>], settings: &Settings) -> Self {
        let (of_row, texts) = distinct(entries.iter().map(|entry| entry.client));
        let folded: Vec<Folded> = texts.par_iter().map(|text| settings.words.client(text)).collect();
        let group = equal_names(&folded);
        Self { of_row, texts, folded, group }
    }

    /// The names of the configuration that some row bears.
    pub(super) fn find(&self, names: &[&str], settings: &Settings) -> Vec<Option<Sought>> {
        if names.is_empty() {
            return Vec::new();
        }
        let mut by_spelling: BTreeMap<&str, usize> = BTreeMap::new();
        let mut forms = BTreeSet::new();
        for (name, &group) in self.folded.iter().zip(&self.group) {
            by_spelling.extend(name.spellings().map(|spelling| (spelling, group)));
            forms.insert((group, &name.form));
        }
        names
            .iter()
            .map(|name| {
                let folded = settings.words.client(name);
                let group = folded.spellings().find_map(|spelling| by_spelling.get(spelling).copied())?;
                let written = forms.contains(&(group, &folded.form));
                Some((group, written.then_some(folded.form)))
            })
            .collect()
    }

    /// For each spelling the sides of the pairs declared different that it belongs to: 2 × pair + side.
    pub(super) fn marks(&self, settings: &Settings) -> Vec<Vec<usize>> {
        let mut marks = vec![Vec::new(); self.texts.len()];
        let names: Vec<&str> = settings.different.iter().flat_map(|(a, b)| [a.as_str(), b.as_str()]).collect();
        let found = self.find(&names, settings);
        for (pair, sides) in found.chunks(2).enumerate() {
            let [Some(a), Some(b)] = sides else { continue };
            for (side, (group, form)) in [a, b].into_iter().enumerate() {
                // Names that fold to the same are told apart by how they are written.
                let text = (a == b).then(|| plain(names[2 * pair + side]));
                for (spelling, marks) in marks.iter_mut().enumerate() {
                    let fits = self.group[spelling] == *group
                        && form.as_ref().is_none_or(|form| *form == self.folded[spelling].form)
                        && text.as_ref().is_none_or(|text| *text == plain(self.texts[spelling]));
                    if fits {
                        marks.push(2 * pair + side);
                    }
                }
            }
        }
        marks
    }
}

/// For each text its place among the distinct ones, and these in the order of their first places.
pub(super) fn distinct<'t>(texts: impl Iterator<Item = &'t str>) -> (Vec<usize>, Vec<&'t str>) {
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut found = Vec::new();
    let place = |text| {
        *places.entry(text).or_insert_with(|| {
            found.push(text);
            found.len() - 1
        })
    };
    (texts.map(place).collect(), found)
}

/// As written, but for case and spaces.
fn plain(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
