//! What a heading says about its numbers: currency, scale, percent, survey scale.

use super::SurveyScale;
use super::index::Index;
use crate::account::Currency;
use crate::text::fold;

/// What a heading says about its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Units {
    /// What amounts are multiplied by.
    pub scale: Option<f64>,
    /// The currency named.
    pub currency: Option<Currency>,
    /// A percent sign that stands apart.
    pub percent: bool,
    /// A range of survey answers.
    pub survey: Option<SurveyScale>,
}

/// Words between a heading and its unit: "Umsatz in Tsd. €", "Omzet x 1000".
const LINKS: [&str; 15] = ["in", "en", "em", "x", "×", "*", "per", "-", "–", "de", "di", "of", "van", "d", "/"];

/// Reads what stands in a bracket, if it is nothing but units or a survey scale.
pub(crate) fn read_aside(text: &str, index: &Index, units: &mut Units) -> bool {
    if let Some(scale) = survey_scale(text, true) {
        units.survey = Some(scale);
        return true;
    }
    let mut read = *units;
    let mut any = false;
    for word in words(text) {
        match unit(word, index, true, &mut read) {
            true => any = true,
            false if LINKS.contains(&word.to_lowercase().as_str()) => {}
            // "miles de pesos", "k€ HT": no currency by itself, and no other meaning either
            false if index.is_remark(&fold(word)) => {}
            false => return false,
        }
    }
    if any {
        *units = read;
    }
    any
}

/// Takes units off both ends of a heading: "Umsatz in Tsd. €" → "Umsatz".
pub(crate) fn strip(text: &str, index: &Index, units: &mut Units) -> String {
    let text = match trailing_survey_scale(text) {
        Some((rest, scale)) => {
            units.survey = Some(scale);
            rest
        }
        None => text,
    };
    let mut words: Vec<&str> = words(text).collect();
    let mut stripped = false;
    while let Some((last, before)) = words.split_last() {
        // a currency's name may mean something else ("Real 2026"), so it needs a link before it
        let linked = before.last().map(|word| word.to_lowercase()).is_some_and(|word| {
            LINKS.contains(&word.as_str()) || index.currency(&word).is_some_and(|(_, is_name)| !is_name)
        });
        if before.is_empty() || !unit(last, index, linked, units) {
            break;
        }
        words.pop();
        while words.len() > 1 && words.last().is_some_and(|word| LINKS.contains(&word.to_lowercase().as_str())) {
            words.pop();
        }
        stripped = true;
    }
    while let Some((first, rest)) = words.split_first() {
        if rest.is_empty() || !unit(first, index, false, units) {
            break;
        }
        words.remove(0);
        stripped = true;
    }
    if stripped { words.join(" ") } else { text.to_owned() }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':')).filter(|word| !word.is_empty())
}

/// Reads one word as currency, scale, both or percent.
fn unit(word: &str, index: &Index, names: bool, units: &mut Units) -> bool {
    let word = word.trim_end_matches('.').trim_matches(['/', '\'', '’', '`']);
    if word == "%" || word == "％" {
        units.percent = true;
        return true;
    }
    let lower = word.to_lowercase();
    if let Some((currency, is_name)) = index.currency(&lower) {
        if is_name && !names {
            return false;
        }
        units.currency = Some(currency);
        return true;
    }
    // a lone letter or a bare number is a scale only in brackets or after a link
    if names && let Some(scale) = scale_word(&lower, index) {
        units.scale = Some(scale);
        return true;
    }
    if lower.chars().count() > 1
        && !lower.starts_with(|c: char| c.is_ascii_digit() && c != '0')
        && let Some(scale) = scale_word(&lower, index)
    {
        units.scale = Some(scale);
        return true;
    }
    for at in lower.char_indices().map(|(at, _)| at).skip(1) {
        let (left, right) = lower.split_at(at);
        for (money, scale) in [(left, right), (right, left)] {
            let scale = scale.trim_matches(['\'', '’', '`', '.', '/']);
            if let (Some((currency, false)), Some(scale)) = (index.currency(money), scale_word(scale, index)) {
                units.currency = Some(currency);
                units.scale = Some(scale);
                return true;
            }
        }
    }
    false
}

/// "k", "Tsd", "000", "x1000" → what amounts are multiplied by.
fn scale_word(word: &str, index: &Index) -> Option<f64> {
    if let Some(scale) = index.scale(word) {
        return Some(scale);
    }
    let digits: String =
        word.trim_start_matches(['x', '×', '*']).trim_end_matches('s').replace(['.', ',', '\'', '’'], "");
    match digits.as_str() {
        "1000" | "000" => Some(1e3),
        "1000000" | "000000" => Some(1e6),
        _ => None,
    }
}

/// "1-10", "0–100", "/10", "out of 10", "1 = bad, 5 = good" with nothing else in it than few words.
fn survey_scale(text: &str, aside: bool) -> Option<SurveyScale> {
    let text = text.trim();
    let mut numbers = Vec::new();
    let mut digits = String::new();
    let mut other = String::new();
    for c in text.chars().chain([' ']) {
        if c.is_ascii_digit() {
            digits.push(c);
        } else {
            if !digits.is_empty() {
                numbers.push(std::mem::take(&mut digits).parse::<f64>().ok()?);
            }
            other.extend(c.to_lowercase());
        }
    }
    let tops = |n: f64| [3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 20.0, 100.0].contains(&n);
    match numbers[..] {
        // a year or a window has other numbers; two with a low end of 0 or 1 are a scale
        [low, high] if (low == 0.0 || low == 1.0) && tops(high) && (aside || is_range(&other)) => {
            Some(SurveyScale { low, high })
        }
        [high] if tops(high) && is_out_of(&other) => {
            Some(SurveyScale { low: if high > 10.0 { 0.0 } else { 1.0 }, high })
        }
        _ => None,
    }
}

fn is_range(between: &str) -> bool {
    matches!(between.trim(), "-" | "–" | "—" | "to" | "bis" | "tot" | "t/m" | "a" | "à" | "au" | "até")
}

fn is_out_of(before: &str) -> bool {
    let before = before.trim();
    matches!(
        before,
        "/" | "out of" | "von" | "van" | "op" | "sur" | "su" | "de" | "em" | "sobre" | "max" | "max." | "op de"
    )
}

/// A survey scale at the end of a heading, with what stands before it: "Score /10", "Note sur 10", "Cijfer 1-10".
fn trailing_survey_scale(text: &str) -> Option<(&str, SurveyScale)> {
    let starts = text
        .char_indices()
        .filter(|&(at, c)| at > 0 && (c == '/' || text[..at].ends_with(char::is_whitespace) && !c.is_whitespace()));
    starts
        .filter_map(|(at, _)| {
            Some((text[..at].trim_end_matches([' ', '-', '–', ':', ',']), survey_scale(&text[at..], false)?))
        })
        .find(|(rest, _)| !rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::mini;
    use super::*;

    #[test]
    fn survey_scales() {
        for (text, expected) in [
            ("1-10", Some((1.0, 10.0))),
            ("0–100", Some((0.0, 100.0))),
            ("/10", Some((1.0, 10.0))),
            ("out of 10", Some((1.0, 10.0))),
            ("op schaal 1-5", Some((1.0, 5.0))),
            ("1 = bad, 10 = good", Some((1.0, 10.0))),
            ("/100", Some((0.0, 100.0))),
            ("6 months", None),
            ("2025", None),
            ("10", None),
        ] {
            let read = survey_scale(text, true).map(|scale| (scale.low, scale.high));
            assert_eq!(read, expected, "{text}");
        }
        assert_eq!(trailing_survey_scale("Score /10").map(|(rest, _)| rest), Some("Score"));
        assert_eq!(trailing_survey_scale("Tevredenheid 1-10").map(|(rest, _)| rest), Some("Tevredenheid"));
        assert_eq!(trailing_survey_scale("Meetings last 6").map(|(rest, _)| rest), None);
    }

    #[test]
    fn units_at_the_ends() {
        let dictionary = mini();
        for (text, rest, scale, currency) in [
            ("Umsatz in Tsd. €", "Umsatz", Some(1e3), Some("EUR")),
            ("Revenue EUR k", "Revenue", Some(1e3), Some("EUR")),
            ("CA k€", "CA", Some(1e3), Some("EUR")),
            ("Umsatz TEUR", "Umsatz", Some(1e3), Some("EUR")),
            ("Revenue €'000", "Revenue", Some(1e3), Some("EUR")),
            ("Omzet x 1.000", "Omzet", Some(1e3), None),
            ("£ revenue", "revenue", None, Some("GBP")),
            ("Real", "Real", None, None),
            ("Meetings 6 M", "Meetings 6 M", None, None),
            ("Umsatz in Mio", "Umsatz", Some(1e6), None),
        ] {
            let mut units = Units::default();
            let left = strip(text, dictionary.index(), &mut units);
            assert_eq!(left, rest, "{text}");
            assert_eq!(
                (units.scale, units.currency.map(|c| c.code().to_owned())),
                (scale, currency.map(String::from)),
                "{text}"
            );
        }
        for (text, scale, percent) in [("EUR k", Some(1e3), false), ("%", None, true), ("in 000s", Some(1e3), false)] {
            let mut units = Units::default();
            assert!(read_aside(text, dictionary.index(), &mut units), "{text}");
            assert_eq!((units.scale, units.percent), (scale, percent), "{text}");
        }
        let built_in = crate::dictionary::Dictionary::built_in().index();
        for (text, scale) in [
            ("miles de pesos", 1e3),
            ("in Tausend", 1e3),
            ("mil €", 1e3),
            ("hundreds", 1e2),
            ("milliers d'euros", 1e3),
            ("em milhares de reais", 1e3),
            ("migliaia di euro", 1e3),
            ("in duizenden euro's", 1e3),
            ("x € 1.000", 1e3),
            ("k€ HT", 1e3),
            ("Mio. €", 1e6),
        ] {
            let mut units = Units::default();
            assert!(read_aside(text, built_in, &mut units), "{text}");
            assert_eq!(units.scale, Some(scale), "{text}");
        }
        assert!(!read_aside("dozens", built_in, &mut Units::default()), "an unknown unit");
        assert!(!read_aside("planned", dictionary.index(), &mut Units::default()));
    }
}
