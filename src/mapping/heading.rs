//! A heading in the forms it is compared in: symbols and brackets read, units kept aside.

use super::SurveyScale;
use super::index::Index;
use super::listed::{Listed, listed};
use super::units::{self, Units};
use crate::text::fold;

/// A heading, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heading {
    /// Everything, folded.
    pub full: String,
    /// The same with camelCase split, where that differs.
    pub camel: Option<String>,
    /// Without units, scales and remarks.
    pub core: String,
    /// The text behind `core`, for the search for years.
    pub core_text: String,
    /// Without anything in brackets, where brackets hold more than units.
    pub bare: Option<String>,
    /// The text behind it.
    pub bare_text: String,
    /// What stands in those brackets.
    pub aside: String,
    /// What a list in it lists.
    pub listed: Option<Listed>,
    /// Whether the heading is that list, and not just a bracket of it.
    pub lists_alone: bool,
    /// Scale, currency, percent and survey scale that it names.
    pub units: Units,
}

/// Characters of a heading that are looked at.
const LONGEST: usize = 300;

/// "UMFRAGE_WERT_1_10", as a system exports it.
const SCALES: [(&str, &str); 4] = [("_1_10", " 1-10"), ("_0_10", " 0-10"), ("_1_5", " 1-5"), ("_0_100", " 0-100")];

impl Heading {
    /// Takes a heading apart.
    pub(crate) fn new(text: &str, index: &Index) -> Self {
        // nothing longer is a heading, and a cell may hold a book
        let text = text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end]);
        let full = key(text);
        let split = split_camel(text);
        let camel = split.as_deref().map(key).filter(|camel| *camel != full);
        let text = split.as_deref().unwrap_or(text);
        let scale = SCALES.iter().find_map(|(end, scale)| Some((text.strip_suffix(end)?, *scale)));
        // "score_derniere_enquete_10"
        let out_of_ten = || text.strip_suffix("_10").filter(|rest| rest.contains('_')).map(|rest| (rest, " /10"));
        let scale = scale.or_else(out_of_ten);
        let (text, scale) = scale.unwrap_or((text, ""));
        let spaced = text.replace('_', " ") + scale;
        let text = spaced.as_str();
        let mut units = Units::default();
        let (outside, brackets) = brackets(text);
        let outside = without_instruction(outside, index);
        let (mut kept, mut lists, mut alone) = (Vec::new(), None, false);
        for inside in brackets {
            if let Some(list) = listed(&inside, index) {
                lists = Some(list);
            } else if !units::read_aside(&inside, index, &mut units) && !is_remark(&inside, index) {
                kept.push(units::strip(&inside, index, &mut units));
            }
        }
        // "EUR / CHF / USD" is no unit
        let lists = lists.or_else(|| {
            outside
                .contains(['/', ',', '|', ':', ' '])
                .then(|| listed(&outside, index))
                .flatten()
                .inspect(|_| alone = true)
        });
        let outside = units::strip(&outside, index, &mut units);
        let bare = key(&outside);
        let bare_text = outside.clone();
        let core_text = kept.iter().fold(outside, |text, inside| text + " " + inside);
        let core = key(&core_text);
        let aside = kept.join(", ");
        let bare = (!kept.is_empty() && !bare.is_empty() && bare != core).then_some(bare);
        Self { full, camel, core, core_text, bare, bare_text, aside, listed: lists, lists_alone: alone, units }
    }

    /// Every form with all its words.
    pub(crate) fn forms(&self) -> impl Iterator<Item = &str> {
        let core = Some(self.core.as_str()).filter(|core| *core != self.full && Some(*core) != self.camel.as_deref());
        [Some(self.full.as_str()), self.camel.as_deref(), core].into_iter().flatten().filter(|form| !form.is_empty())
    }

    /// Outside of brackets, folded.
    pub(crate) fn bare_key(&self) -> &str {
        self.bare.as_deref().unwrap_or(&self.core)
    }

    /// Whether units had to be taken away to get at `core`.
    pub(crate) fn has_units(&self) -> bool {
        self.units != Units::default()
    }

    /// The survey scale it names.
    pub(crate) fn survey_scale(&self) -> Option<SurveyScale> {
        self.units.survey
    }
}

/// Folded, with `#`, `№`, `nº` as "number" and `%` as "percent".
pub(crate) fn key(text: &str) -> String {
    if text.is_ascii() && !text.contains(['#', '%', '+']) { fold(text) } else { fold(&symbols(text)) }
}

/// Symbols as words.
pub(super) fn symbols(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '#' | '＃' | '№' => out.push_str(" number "),
            '%' | '％' => out.push_str(" percent "),
            // "CA N+1" is not "CA N-1"
            '+' => out.push_str(" plus "),
            'º' | '°' => {
                // "nº", "n°" and "n.º" as words of their own; otherwise an ordinal or a degree
                let stem = out.strip_suffix('.').unwrap_or(&out);
                let word = stem.len()
                    - stem.chars().rev().take_while(|c| c.is_alphanumeric()).map(char::len_utf8).sum::<usize>();
                if stem[word..].eq_ignore_ascii_case("n") {
                    out.truncate(word);
                    out.push_str(" number ");
                } else {
                    out.push(c);
                }
            }
            c => out.push(c),
        }
    }
    out
}

/// "AccountManager" → "Account Manager"; `None` where nothing is to be split.
fn split_camel(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    // "POCs" are several of them
    let is_plural =
        |i: usize| chars.get(i + 1) == Some(&'s') && chars.get(i + 2).is_none_or(|after| !after.is_alphanumeric());
    let splits = |i: usize| {
        chars[i].is_uppercase() && !(chars[i - 1].is_uppercase() && is_plural(i))
            && (chars[i - 1].is_lowercase()
                || chars[i - 1].is_uppercase() && chars.get(i + 1).is_some_and(|next| next.is_lowercase()))
            // "NumVisits6M"
            || chars[i] == '6' && chars[i - 1].is_lowercase() && chars.get(i + 1) == Some(&'M')
    };
    let mut out = String::with_capacity(text.len() + 4);
    // "kEUR" is one word
    let is_unit = |i: usize| {
        chars[i - 1].is_lowercase()
            && (i == 1 || !chars[i - 2].is_alphanumeric())
            && chars.get(i + 1).is_some_and(|next| next.is_uppercase())
    };
    for (i, &c) in chars.iter().enumerate() {
        if i > 0 && splits(i) && !is_unit(i) {
            out.push(' ');
        }
        out.push(c);
    }
    (out != text).then_some(out)
}

/// The text outside of brackets, and each bracket's content.
fn brackets(text: &str) -> (String, Vec<String>) {
    let (mut outside, mut inside, mut depth) = (String::new(), Vec::new(), 0usize);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => {
                if depth == 0 {
                    inside.push(String::new());
                    outside.push(' ');
                }
                depth += 1;
            }
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            c if depth > 0 => inside.last_mut().expect("BUG: a bracket was opened").push(c),
            c => outside.push(c),
        }
    }
    (outside, inside)
}

/// Whether a bracket says nothing about what the column means: "optional", "dd/mm/yyyy", "junior / middle / senior".
fn is_remark(inside: &str, index: &Index) -> bool {
    let key = key(inside);
    let date_letters = |word: &str| {
        word.len() <= 4
            && ["d", "dd", "m", "mm", "y", "yy", "yyyy", "j", "jj", "jjjj", "t", "tt", "a", "aa", "aaaa", "g", "gg"]
                .contains(&word)
    };
    let remark = |word: &str| index.is_remark(word) || index.is_level(word);
    !key.is_empty()
        && (key.split(' ').all(date_letters)
            || index.is_remark(&key)
            || key.split(' ').all(remark)
            || index.is_instruction(inside))
}

/// "Comments - please fill in" → "Comments".
fn without_instruction(text: String, index: &Index) -> String {
    let ends = [" - ", " \u{2013} ", "\n", ", ", ": "].map(|mark| text.rfind(mark).map(|at| (at, at + mark.len())));
    let Some((at, after)) = ends.into_iter().flatten().max() else {
        return text;
    };
    let instructs = !text[..at].trim().is_empty() && index.is_instruction(&text[after..]);
    if instructs { text[..at].to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_words() {
        for (text, expected) in [
            ("# meetings", "number meetings"),
            ("Nº de reuniões", "number de reunioes"),
            ("N.º contactos", "number contactos"),
            ("N° clients", "number clients"),
            ("№ of contacts", "number of contacts"),
            ("Target %", "target percent"),
            ("Montº", "monto"),
            ("CA N+1", "ca n plus 1"),
            ("CA N-1", "ca n 1"),
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    #[test]
    fn camel_case_is_split() {
        for (text, expected) in [
            ("AccountManager", Some("Account Manager")),
            ("clientID", Some("client ID")),
            ("NPSScore", Some("NPS Score")),
            ("Client name", None),
            ("KPI", None),
            ("CA 2025 kCHF", None),
        ] {
            assert_eq!(split_camel(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn brackets_are_kept_aside_whatever_is_left_open() {
        assert_eq!(brackets("Revenue (EUR [k]) net"), ("Revenue   net".into(), vec!["EUR k".into()]));
        assert_eq!(brackets("a (b"), ("a  ".into(), vec!["b".into()]));
        assert_eq!(brackets(")a("), ("a ".into(), vec![String::new()]));
    }
}
