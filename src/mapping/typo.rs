//! Headings that are a typo of an alias: near enough in letters, and no word that could mean something else.

use super::claim::Lookup;
use super::heading::Heading;
use super::index::Alias;

impl Lookup<'_> {
    /// The alias that a heading is a typo of; `None` also where two fields are equally near.
    pub(crate) fn typo(&self, text: &str) -> Option<&Alias> {
        let heading = Heading::new(text, self.index);
        if heading.has_units() || heading.bare.is_some() || heading.listed.is_some() {
            return None;
        }
        heading.forms().find_map(|form| self.typo_of(form))
    }

    fn typo_of(&self, key: &str) -> Option<&Alias> {
        let (first, length) = (key.chars().next()?, key.chars().count());
        let (mut best, mut nearest): (Option<&Alias>, usize) = (None, usize::MAX);
        for alias in self.index.similar(first, length) {
            let letters = alias.key.chars().filter(|c| *c != ' ').count();
            let allowed = match letters {
                0..=4 => continue,
                5..=8 => 1,
                _ => 2,
            };
            let distance = strsim::osa_distance(&key.replace(' ', ""), &alias.key.replace(' ', ""));
            if distance > allowed || distance > nearest || self.typo_vetoed(key, &alias.key) {
                continue;
            }
            match best {
                Some(other) if distance == nearest && other.field != alias.field => return None,
                Some(_) if distance == nearest => {}
                _ => (best, nearest) = (Some(alias), distance),
            }
        }
        best
    }

    /// A word that the dictionary knows is no typo of another ("contracts" of "contacts"), and words that tell fields
    /// apart never differ.
    fn typo_vetoed(&self, key: &str, alias: &str) -> bool {
        let stem = |word: &str| word.trim_end_matches(['s', 'e', 'n', 'r']).to_owned();
        let known = |word: &str| {
            self.index.knows_word(word)
                || ["", "s", "e", "n", "en", "es"].iter().any(|end| self.index.knows_word(&(stem(word) + end)))
        };
        let (words, others): (Vec<&str>, Vec<&str>) = (key.split(' ').collect(), alias.split(' ').collect());
        let odd = |word: &&&str, among: &[&str]| !among.contains(*word);
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        // nobody mistypes a number or the first letter: "Meetings Q3", "Nombre de sites"
        let begins = |word: &&str| {
            others.iter().filter(|other| odd(other, &words)).any(|other| other.chars().next() == word.chars().next())
        };
        let joined = words.len() != others.len();
        if digits(key) != digits(alias) || !joined && !words.iter().filter(|word| odd(word, &others)).all(begins) {
            return true;
        }
        // a short word is another word, or one cut short: "arq. responsável" is no "área responsável"
        let is_short = |word: &&&str| word.chars().count() <= 4;
        if !joined && words.iter().filter(|word| odd(word, &others)).any(|word| is_short(&word)) {
            return true;
        }
        words.iter().filter(|word| odd(word, &others)).any(|word| known(word) || !self.index.groups(word).is_empty())
            || others.iter().filter(|word| odd(word, &words)).any(|word| !self.index.groups(word).is_empty())
    }
}
