//! The configuration's text with the place of every key: structural mistakes all at once, and a caret for every mistake.

use super::{settings, syntax};
use crate::text::nearest;
use serde::Deserialize;
use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue, Deserializer};

/// Where something stands in the file: keys, and places in lists.
#[derive(Clone, Debug, Default)]
pub(super) struct Place(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Key(String),
    Nth(usize),
}

impl Place {
    pub(super) fn key(&self, key: &str) -> Self {
        self.with(Step::Key(key.to_owned()))
    }

    /// A place in a list, from 0.
    pub(super) fn nth(&self, place: usize) -> Self {
        self.with(Step::Nth(place))
    }

    fn with(&self, step: Step) -> Self {
        let mut steps = self.0.clone();
        steps.push(step);
        Self(steps)
    }
}

impl From<&str> for Place {
    /// `year.start`
    fn from(dotted: &str) -> Self {
        Self(dotted.split('.').map(|key| Step::Key(key.to_owned())).collect())
    }
}

impl From<&Place> for Place {
    fn from(place: &Place) -> Self {
        place.clone()
    }
}

impl fmt::Display for Place {
    /// `mapping 2, columns, "Owner"` is said as `mapping[2].columns.Owner`, counted from 1
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if at > 0 => write!(f, ".{key}")?,
                Step::Key(key) => f.write_str(key)?,
                Step::Nth(place) => write!(f, "[{}]", place + 1)?,
            }
        }
        Ok(())
    }
}

/// A mistake: where it begins in the text, and what is said about it.
pub(super) type Mistake = (usize, String);

/// A configuration file, taken apart.
pub(super) struct Document<'t> {
    text: &'t str,
    table: DeTable<'t>,
}

impl<'t> Document<'t> {
    /// Reads a text as `T`. Every syntax mistake is named, else every key that is unknown or of the wrong type; those are
    /// left out of `T`, and the keys of the root that they stand under are told.
    pub(super) fn read<T>(text: &'t str, readable: &'t str) -> (Self, Option<T>, Vec<Mistake>, Vec<String>)
    where
        T: for<'de> Deserialize<'de>,
    {
        let (root, errors) = DeTable::parse_recoverable(readable);
        let whole = root.span();
        let mut document = Self { text, table: root.into_inner() };
        let mut mistakes: Vec<Mistake> = Vec::new();
        for error in errors {
            // what follows the first mistake of a line is mostly its consequence
            let at = error.span().map_or(0, |span| span.start);
            if !mistakes.iter().any(|(other, _)| document.line(*other) == document.line(at)) {
                let (line, marked) = document.shown(error.span());
                mistakes.push(document.mistake(error.span(), None, &syntax::in_words(error.message(), line, marked)));
            }
        }
        if !mistakes.is_empty() {
            return (document, None, mistakes, Vec::new());
        }
        let mut under = Vec::new();
        loop {
            let table = Spanned::new(whole.clone(), document.table.clone());
            let error = match T::deserialize(Deserializer::from(table)) {
                Ok(read) => return (document, Some(read), mistakes, under),
                Err(error) => error,
            };
            let span = error.span();
            let mistake = document.mistake(span.clone(), None, &in_words(error.message()));
            if !mistakes.contains(&mistake) {
                mistakes.push(mistake);
            }
            // once more without it, for the next mistake
            match span.and_then(|span| take_out(&mut document.table, &span)) {
                Some(key) => under.push(key),
                None => return (document, None, mistakes, under),
            }
        }
    }

    /// What is said about a mistake: its line with a caret, then the sentence.
    pub(super) fn mistake_at(&self, place: &Place, what: &str) -> Mistake {
        self.mistake(self.find(place), Some(place), what)
    }

    fn mistake(&self, span: Option<Range<usize>>, place: Option<&Place>, what: &str) -> Mistake {
        let Some(span) = span.filter(|span| span.start <= self.text.len()) else {
            let place = place.map_or_else(String::new, |place| format!("{place}: "));
            return (usize::MAX, format!("{place}{what}"));
        };
        let number = self.line(span.start) + 1;
        let begin = self.text[..span.start].rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[begin..].lines().next().unwrap_or_default();
        let column = self.text[begin..span.start].chars().count();
        let end = span.end.clamp(span.start, begin + line.len());
        let marked = self.text.get(span.start..end).map_or(1, |text| text.chars().count()).max(1);
        let gutter = " ".repeat(number.to_string().len());
        // tabs stay tabs, so that the caret stands where they end
        let indent: String = line.chars().take(column).map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let place = place.map_or_else(String::new, |place| format!("{place}: "));
        let text = format!(
            "line {number}, column {}\n{gutter} |\n{number} | {line}\n{gutter} | {indent}{}\n{place}{what}",
            column + 1,
            "^".repeat(marked)
        );
        (span.start, text)
    }

    /// The line of a place, and what stands at the place itself.
    fn shown(&self, span: Option<Range<usize>>) -> (&str, &str) {
        let span = span.unwrap_or_default();
        let marked = self.text.get(span.clone()).unwrap_or_default();
        let line = self.text.lines().nth(self.line(span.start)).unwrap_or_default();
        (line, marked.lines().next().unwrap_or_default())
    }

    fn line(&self, at: usize) -> usize {
        self.text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count()
    }

    /// Where the value stands; if it is left out, where it should.
    fn find(&self, place: &Place) -> Option<Range<usize>> {
        let mut found: Option<&Spanned<DeValue<'t>>> = None;
        for step in &place.0 {
            let next = match (step, found.map(Spanned::get_ref)) {
                (Step::Key(key), None) => self.table.get(key.as_str()),
                (Step::Key(key), Some(DeValue::Table(table))) => table.get(key.as_str()),
                (Step::Nth(place), Some(DeValue::Array(array))) => array.get(*place),
                _ => None,
            };
            match next {
                Some(next) => found = Some(next),
                None => break,
            }
        }
        found.map(Spanned::span)
    }
}

/// Takes the innermost entry with this span, of its key or its value, out of a table; the outermost key above it, if it is
/// there. (The first table of a list has the list's span.)
fn take_out(table: &mut DeTable<'_>, span: &Range<usize>) -> Option<String> {
    let below =
        table.iter_mut().find_map(|(key, value)| take_out_below(value, span).then(|| key.get_ref().to_string()));
    below.or_else(|| {
        let here = table.iter().find(|(key, value)| key.span() == *span || value.span() == *span);
        let key = here.map(|(key, _)| key.get_ref().to_string())?;
        table.remove(key.as_str());
        Some(key)
    })
}

fn take_out_below(value: &mut Spanned<DeValue<'_>>, span: &Range<usize>) -> bool {
    match value.get_mut() {
        DeValue::Table(table) => take_out(table, span).is_some(),
        DeValue::Array(array) => {
            let kept: DeArray<'_> = array.iter().filter(|element| element.span() != *span).cloned().collect();
            let found = kept.len() < array.len();
            if found {
                *array = kept;
            }
            found || array.iter_mut().any(|element| take_out_below(element, span))
        }
        _ => false,
    }
}

/// serde's messages for people who do not program.
fn in_words(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if message.starts_with("unknown field")
        && let Some(unknown) = quoted.next()
    {
        let known: Vec<&str> = quoted.collect();
        // a line of the template whose # was taken off, while its section kept it
        if known.contains(&"scorecard")
            && let Some(section) = settings::section_of(unknown)
        {
            return format!("{unknown} belongs under {section}: write that line above it");
        }
        let near = nearest(unknown, known.iter().copied());
        let near = match (near, settings::nearly(unknown).filter(|_| known.contains(&"scorecard"))) {
            (Some(near), _) => format!("did you mean {near}? "),
            (None, Some((key, section))) => format!("did you mean {key}, under {section}? "),
            (None, None) => String::new(),
        };
        return format!("there is no {unknown} here; {near}Known here: {}", known.join(", "));
    }
    let mut text = message.trim_end().to_owned();
    for (said, plain) in [
        ("invalid type: map", "this is a table"),
        ("invalid type: ", "this is "),
        ("invalid value: ", "this is "),
        ("missing field", "left out:"),
        ("expected i64", "expected a whole number"),
        ("expected u64", "expected a whole number from 0 up"),
        ("expected usize", "expected a whole number from 0 up"),
        ("expected u32", "expected a whole number from 0 up"),
        ("expected f64", "expected a number"),
        ("expected a boolean", "expected true or false"),
        ("expected a string", "expected a text in quotation marks"),
        ("expected a sequence", "expected a list in [ ]"),
        ("expected a map", "expected a table in { }"),
        ("integer `", "the number `"),
        ("floating point `", "the number `"),
        ("string \"", "the text \""),
        ("boolean `", "the word `"),
    ] {
        text = text.replace(said, plain);
    }
    text.replace("this is a table, expected a list in [ ]", "this is one of a list: write its name in [[ ]]")
}

/// A table of a list may stand on one line, as messages propose it: `[[mapping]] file = "a.xlsx", header_row = 4`.
/// In TOML it takes several, so blanks and commas become line breaks: every byte stays at its place.
pub(super) fn broken_up(text: &str) -> Cow<'_, str> {
    let mut bytes: Option<Vec<u8>> = None;
    let mut begin = 0;
    for line in text.split_inclusive('\n') {
        for at in breaks(line) {
            bytes.get_or_insert_with(|| text.as_bytes().to_vec())[begin + at] = b'\n';
        }
        begin += line.len();
    }
    match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Cow::Owned(text),
        _ => Cow::Borrowed(text),
    }
}

/// Where a line is to be broken: behind `[[name]]` and at the commas between its keys.
fn breaks(line: &str) -> Vec<usize> {
    let name_at = line.len() - line.trim_start().len() + 2;
    let Some((name, _)) = line.trim_start().strip_prefix("[[").and_then(|rest| rest.split_once("]]")) else {
        return Vec::new();
    };
    let rest_at = name_at + name.len() + 2;
    let rest = &line[rest_at..];
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-. ".contains(c);
    if !name.chars().all(plain) || rest.trim().is_empty() || !rest.starts_with([' ', '\t']) {
        return Vec::new();
    }
    if rest.trim_start().starts_with('#') {
        return Vec::new();
    }
    let mut breaks = vec![rest_at];
    let (mut depth, mut string, mut escaped) = (0, None, false);
    for (at, c) in rest.char_indices() {
        match (string, c) {
            _ if escaped => escaped = false,
            (Some('"'), '\\') => escaped = true,
            (Some(quote), c) if quote == c => string = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => string = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => depth -= 1,
            (None, ',') if depth == 0 => breaks.push(rest_at + at),
            (None, '#') => break,
            _ => {}
        }
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_line_tables_become_toml_byte_for_byte() {
        for (text, broken) in [
            ("[[mapping]] file = \"a, b\", columns = { \"x\" = \"y\", z = 'p, q' }, header_row = 4 # a, b", {
                "[[mapping]]\nfile = \"a, b\"\n columns = { \"x\" = \"y\", z = 'p, q' }\n header_row = 4 # a, b"
            }),
            ("[[same]] names = [\"a\\\", b\", \"c\"]", "[[same]]\nnames = [\"a\\\", b\", \"c\"]"),
            ("[[mapping]] # a, b\nx = 1", "[[mapping]] # a, b\nx = 1"),
            ("[[mapping]]\nx = [1, 2]\n", "[[mapping]]\nx = [1, 2]\n"),
            ("same = [\n  [[\"a\"]], 3\n]", "same = [\n  [[\"a\"]], 3\n]"),
        ] {
            assert_eq!(broken_up(text), broken);
        }
    }

    #[test]
    fn sentences_are_for_people() {
        let fields = "unknown field `survei`, expected one of `meetings`, `survey`, `growth`";
        assert_eq!(
            in_words(fields),
            "there is no survei here; did you mean survey? Known here: meetings, survey, growth"
        );
        let above = "unknown field `compresion`, expected one of `scorecard`, `watch`";
        assert_eq!(
            in_words(above),
            "there is no compresion here; did you mean compression, under [output]? Known here: scorecard, watch"
        );
        assert_eq!(
            in_words("invalid type: string \"x\", expected i64"),
            "this is the text \"x\", expected a whole number"
        );
    }
}
