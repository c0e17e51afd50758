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
    /// Whether its lowest answer is the best.
    pub best_is_low: bool,
}

impl Units {
    /// What a heading says, and for the rest the group above it.
    pub(super) fn or(self, group: Units) -> Units {
        Units {
            scale: self.scale.or(group.scale),
            currency: self.currency.or(group.currency),
            percent: self.percent || group.percent,
            survey: self.survey.or(group.survey),
            best_is_low: self.best_is_low || self.survey.is_none() && group.best_is_low,
        }
    }
}

/// Words between a heading and its unit: "Umsatz in Tsd. €", "Omzet x 1000".
const LINKS: [&str; 15] = ["in", "en", "em", "x", "×", "*", "per", "-", "–", "de", "di", "of", "van", "d", "/"];

/// Reads what stands in a bracket, if it is nothing but units or a survey scale.
pub(crate) fn read_aside(text: &str, index: &Index, units: &mut Units) -> bool {
    if is_percent(&fold(text)) {
        units.percent = true;
        return true;
    }
    if survey_scale_aside(text, index, units) {
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
    stripped |= drop_unit_within(&mut words, index, units);
    // "Budget kCHF 2026", "Meta R$ 2026": a sign or code in capitals is nothing else, wherever it stands
    let kept: Vec<&str> =
        words.iter().copied().filter(|word| !(is_plainly_money(word) && unit(word, index, false, units))).collect();
    if stripped || kept.len() < words.len() && !kept.is_empty() { kept.join(" ") } else { text.to_owned() }
}

/// "Ventas en miles de USD 2025", "Vendas em euros 2025": a unit after a link, before a year.
fn drop_unit_within(words: &mut Vec<&str>, index: &Index, units: &mut Units) -> bool {
    let is_year = |word: &&str| word.chars().take(4).filter(char::is_ascii_digit).count() == 4;
    let Some(year) = words.iter().position(is_year) else { return false };
    let Some(link) = words[..year].iter().rposition(|word| ["in", "en", "em"].contains(&word.to_lowercase().as_str()))
    else {
        return false;
    };
    let mut read = *units;
    let is_unit = |word: &&str| unit(word, index, true, &mut read) || LINKS.contains(&word.to_lowercase().as_str());
    if link == 0 || link + 1 == year || !words[link + 1..year].iter().all(is_unit) || read.currency.is_none() {
        return false;
    }
    *units = read;
    words.drain(link..year);
    true
}

/// "k€", "R$", "kCHF", "TEUR": no word of a language.
fn is_plainly_money(word: &str) -> bool {
    let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
    let sign = word.contains(['€', '$', '£']);
    let code = (3..=4).contains(&letters.len()) && letters[letters.len() - 3..].iter().all(|c| c.is_uppercase());
    sign || code && word.chars().all(char::is_alphabetic) && !word.ends_with('.')
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':')).filter(|word| !word.is_empty())
}

/// "percent" in words; an amount in percent is none, a share of answers a scale.
fn is_percent(words: &str) -> bool {
    matches!(
        words,
        "percent"
            | "per cent"
            | "pct"
            | "prozent"
            | "procent"
            | "pour cent"
            | "por cento"
            | "por ciento"
            | "percento"
            | "per cento"
    )
}

/// Reads one word as currency, scale, both or percent.
fn unit(given: &str, index: &Index, names: bool, units: &mut Units) -> bool {
    let word = given.trim_end_matches('.').trim_matches(['/', '\'', '’', '`']);
    if word == "%" || word == "％" || is_percent(&fold(word)) {
        units.percent = true;
        return true;
    }
    let lower = word.to_lowercase();
    // "Cve. cliente" is a client's key
    let cut_short = given.ends_with('.') && lower.len() == 3 && lower.is_ascii() && lower != "eur" || lower == "cve";
    if let Some((currency, is_name)) =
        index.currency(&lower).filter(|_| !cut_short || word.chars().all(char::is_uppercase))
    {
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

/// "1-10", "0–100", "/10", "out of 10", "van 1 tot 10" with nothing else in it than words that say nothing.
fn survey_scale(text: &str, says_nothing: impl Fn(&str) -> bool) -> Option<SurveyScale> {
    let whole = text.replace(",0 ", " ").replace(".0 ", " ");
    let whole = whole.strip_suffix(",0").or(whole.strip_suffix(".0")).unwrap_or(&whole);
    let (numbers, words) = numbers(whole)?;
    let bare = |words: &str| {
        let words = words.replace('%', "");
        let kept: Vec<&str> = words.split_whitespace().filter(|word| !says_nothing(&fold(word))).collect();
        kept.join(" ").trim_matches([' ', ':', ',', ';', '=']).to_owned()
    };
    let tops = |n: f64| [3.0, 4.0, 5.0, 6.0, 7.0, 10.0, 20.0, 100.0].contains(&n);
    match (numbers.as_slice(), words.as_slice()) {
        // a year or a window has other numbers; two with a low end of 0 or 1 are a scale
        (&[low, high], [before, between, after]) if (low == 0.0 || low == 1.0) && tops(high) => {
            let plain = is_range(between) && is_from(&bare(before)) && bare(after).is_empty();
            plain.then_some(SurveyScale { low, high })
        }
        (&[high], [before, after]) if tops(high) && is_out_of(&bare(before)) && bare(after).is_empty() => {
            Some(SurveyScale { low: if high > 10.0 { 0.0 } else { 1.0 }, high })
        }
        _ => None,
    }
}

/// The numbers of a text, and what stands before, between and after them.
fn numbers(text: &str) -> Option<(Vec<f64>, Vec<String>)> {
    let (mut numbers, mut words) = (Vec::new(), vec![String::new()]);
    let mut rest = text;
    while !rest.is_empty() {
        let (digits, after) = rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
        if !digits.is_empty() {
            numbers.push(digits.parse().ok()?);
            words.push(String::new());
        }
        let (other, after) = after.split_at(after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len()));
        words.last_mut()?.push_str(&other.to_lowercase());
        rest = after;
    }
    Some((numbers, words))
}

/// A survey scale in a bracket: also "note sur 10", and "1 = bad, 5 = good".
fn survey_scale_aside(text: &str, index: &Index, units: &mut Units) -> bool {
    let says_nothing = |word: &str| is_scale(word) || index.is_score(word);
    if let Some(scale) = survey_scale(text, says_nothing) {
        units.survey = Some(scale);
        return true;
    }
    // "1–5, 5 = top"
    if let Some((range, rest)) = text.split_once([',', ';'])
        && let Some(scale) = survey_scale(range, says_nothing)
        && let Some((answers, words)) = numbers(rest)
        && let (&[answer], [_, of_answer]) = (answers.as_slice(), words.as_slice())
        && [scale.low, scale.high].contains(&answer)
    {
        units.survey = Some(scale);
        units.best_is_low = answer == scale.low && index.is_best(of_answer);
        return true;
    }
    let Some((numbers, words)) = numbers(text) else { return false };
    let (&[low, high], [_, of_low, of_high]) = (numbers.as_slice(), words.as_slice()) else { return false };
    let Some(scale) = survey_scale(&format!("{low}-{high}"), is_scale) else { return false };
    units.survey = Some(scale);
    // "1 = sehr gut, 6 = ungenügend"
    units.best_is_low = index.is_best(of_low) && !index.is_best(of_high);
    true
}

fn is_scale(word: &str) -> bool {
    matches!(word, "scale" | "schaal" | "skala" | "echelle" | "escala" | "scala" | "range")
}

fn is_range(between: &str) -> bool {
    let between = between.trim();
    matches!(
        between,
        "-" | "–"
            | "—"
            | "…"
            | "..."
            | ".."
            | "_"
            | "to"
            | "bis"
            | "tot"
            | "t/m"
            | "a"
            | "al"
            | "à"
            | "au"
            | "até"
            | "hasta"
    )
}

/// What may stand before the low end: "van 1 tot 10", "op een schaal van 1 tot 10".
fn is_from(before: &str) -> bool {
    matches!(
        before,
        "" | "from"
            | "of"
            | "on"
            | "de"
            | "da"
            | "del"
            | "van"
            | "von"
            | "du"
            | "op van"
            | "op een van"
            | "auf einer von"
            | "em"
    )
}

fn is_out_of(before: &str) -> bool {
    matches!(
        before,
        "/" | "s/"
            | "out of"
            | "von"
            | "van"
            | "op"
            | "sur"
            | "su"
            | "de"
            | "em"
            | "sobre"
            | "max"
            | "max."
            | "máx"
            | "máx."
            | "máximo"
            | "op de"
    )
}

/// A survey scale at the end of a heading, with what stands before it: "Score /10", "Note sur 10", "Cijfer van 1 tot 10".
fn trailing_survey_scale(text: &str) -> Option<(&str, SurveyScale)> {
    let starts = text
        .char_indices()
        .filter(|&(at, c)| at > 0 && (c == '/' || text[..at].ends_with(char::is_whitespace) && !c.is_whitespace()));
    starts
        .filter_map(|(at, _)| {
            Some((text[..at].trim_end_matches([' ', '-', '–', ':', ',']), survey_scale(&text[at..], is_scale)?))
        })
        .find(|(rest, _)| !rest.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::mini;
    use super::*;

    #[test]
    fn survey_scales() {
        let index = crate::dictionary::Dictionary::built_in().index();
        for (text, expected) in [
            ("1-10", Some((1.0, 10.0))),
            ("0–100", Some((0.0, 100.0))),
            ("/10", Some((1.0, 10.0))),
            ("out of 10", Some((1.0, 10.0))),
            ("op schaal 1-5", Some((1.0, 5.0))),
            ("1 = bad, 10 = good", Some((1.0, 10.0))),
            ("/100", Some((0.0, 100.0))),
            ("note sur 10", Some((1.0, 10.0))),
            ("cijfer 1-10", Some((1.0, 10.0))),
            ("Skala von 1 bis 5", Some((1.0, 5.0))),
            ("1 = sehr gut, 6 = ungenügend", Some((1.0, 6.0))),
            ("1 = schlecht, 5 = sehr gut", Some((1.0, 5.0))),
            ("1–5, 5 = top", Some((1.0, 5.0))),
            ("1,0 a 7,0", Some((1.0, 7.0))),
            ("máx. 10", Some((1.0, 10.0))),
            ("6 months", None),
            ("2025", None),
            ("10", None),
        ] {
            let mut units = Units::default();
            survey_scale_aside(text, index, &mut units);
            assert_eq!(units.survey.map(|scale| (scale.low, scale.high)), expected, "{text}");
            assert_eq!(units.best_is_low, text.starts_with("1 = sehr gut"), "{text}");
        }
        assert_eq!(trailing_survey_scale("Score /10").map(|(rest, _)| rest), Some("Score"));
        assert_eq!(trailing_survey_scale("Tevredenheid 1-10").map(|(rest, _)| rest), Some("Tevredenheid"));
        assert_eq!(trailing_survey_scale("Cijfer enquête van 1 tot 10").map(|(rest, _)| rest), Some("Cijfer enquête"));
        assert_eq!(trailing_survey_scale("Bew. 1..10").map(|(rest, _)| rest), Some("Bew."));
        assert_eq!(trailing_survey_scale("Note de 0 à 10").map(|(rest, _)| rest), Some("Note"));
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
