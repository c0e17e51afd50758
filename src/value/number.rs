//! Text → number: signs, grouping, decimal marks, currencies, scales. Says what is certain and what reads two ways.

use crate::account::Currency;
use crate::value::words::Words;

/// A decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// 1,234.5
    Point,
    /// 1.234,5
    Comma,
}

impl Mark {
    /// The mark itself.
    pub fn sign(self) -> char {
        match self {
            Mark::Point => '.',
            Mark::Comma => ',',
        }
    }

    fn of(sign: char) -> Option<Self> {
        match sign {
            '.' => Some(Mark::Point),
            ',' => Some(Mark::Comma),
            _ => None,
        }
    }

    fn other(self) -> Self {
        match self {
            Mark::Point => Mark::Comma,
            Mark::Comma => Mark::Point,
        }
    }
}

/// The digits of a text, without its sign.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Digits {
    /// Reads one way only.
    Sure {
        /// The number.
        value: f64,
        /// The decimal mark that it proves.
        proves: Option<Mark>,
    },
    /// "12.345": a decimal number or thousands.
    TwoWays {
        /// Read with `mark` before the decimals.
        decimal: f64,
        /// Read with `mark` between the thousands.
        grouped: f64,
        /// The mark that stands there.
        mark: Mark,
    },
}

/// What a text says as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NumberText {
    /// The digits.
    pub digits: Digits,
    /// Minus before or behind, or brackets around.
    pub negative: bool,
    /// Code, sign or name beside the digits.
    pub currency: Option<Currency>,
    /// A percent sign.
    pub percent: bool,
    /// The cell's own scale: "k", "Mio".
    pub times: Option<f64>,
    /// "3+".
    pub plus: bool,
    /// A unit of counts: "2 meetings".
    pub unit: bool,
}

impl NumberText {
    /// The evidence on decimal marks.
    pub fn proves(&self) -> Option<Mark> {
        match self.digits {
            Digits::Sure { proves, .. } => proves,
            Digits::TwoWays { .. } => None,
        }
    }

    /// A digit value with the text's sign.
    pub fn signed(&self, value: f64) -> f64 {
        if self.negative && value != 0.0 { -value } else { value }
    }

    /// The number with this decimal mark; `None` where it reads two ways and no mark is known.
    pub fn value(&self, mark: Option<Mark>) -> Option<f64> {
        match (self.digits, mark) {
            (Digits::Sure { value, .. }, _) => Some(self.signed(value)),
            (Digits::TwoWays { decimal, mark: stands, .. }, Some(mark)) if mark == stands => Some(self.signed(decimal)),
            (Digits::TwoWays { grouped, .. }, Some(_)) => Some(self.signed(grouped)),
            (Digits::TwoWays { .. }, None) => None,
        }
    }
}

const NO_NUMBER: &str = "is no number";
const TWO_NUMBERS: &str = "holds more than one number";
const GROUPING: &str = "has digits that are grouped like no number";
const EXPONENT: &str = "is a number that a program has shortened";
const SIGNS: &str = "has more than one sign";

/// Reads a text as a number, or says why it is none.
pub fn read(text: &str, words: &Words) -> Result<NumberText, &'static str> {
    let text: String = text.chars().filter_map(plain).collect();
    let text = text.trim();
    let (Some(mut first), Some(last)) =
        (text.find(|c: char| c.is_ascii_digit()), text.rfind(|c: char| c.is_ascii_digit()))
    else {
        return Err(NO_NUMBER);
    };
    if text[..first].ends_with(['.', ',']) {
        // ".5", but not the full stop of "Fr.5"
        let before = text[..first - 1].chars().next_back();
        if before.is_none_or(|c| c == ' ' || c == '-' || c == '(' || c == '+') {
            first -= 1;
        }
    }
    let (before, core, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let mut found = NumberText {
        digits: Digits::Sure { value: 0.0, proves: None },
        negative: false,
        currency: None,
        percent: false,
        times: None,
        plus: false,
        unit: false,
    };
    let mut signs = 0;
    let bracket = read_before(before, words, &mut found, &mut signs)?;
    let (dash, after) = dashed_decimals(after);
    let (part, after) = fraction(after);
    read_after(after, bracket, words, &mut found, &mut signs)?;
    if signs > 1 {
        return Err(SIGNS);
    }
    found.digits = digits(core)?;
    if let Some(part) = part {
        found.digits = match found.digits {
            Digits::Sure { value, proves: None } if value.fract() == 0.0 => {
                Digits::Sure { value: value + part, proves: None }
            }
            _ => return Err(GROUPING),
        };
    }
    if let Some(mark) = dash {
        found.digits = match found.digits {
            Digits::Sure { value, proves } if proves.is_none_or(|p| p == mark) && value.fract() == 0.0 => {
                Digits::Sure { value, proves: Some(mark) }
            }
            Digits::TwoWays { grouped, mark: stands, .. } if stands != mark => {
                Digits::Sure { value: grouped, proves: Some(mark) }
            }
            _ => return Err(GROUPING),
        };
    }
    Ok(found)
}

/// One spelling for spaces, apostrophes and minus signs; invisible characters fall away.
fn plain(c: char) -> Option<char> {
    match c {
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => None,
        '\u{2019}' | '\u{2018}' | '\u{b4}' | '`' => Some('\''),
        '\u{2212}' | '\u{2010}' | '\u{2011}' | '\u{2012}' | '\u{2013}' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c => Some(c),
    }
}

/// What stands before the digits: sign, opening bracket, currency. Returns whether a bracket is open.
fn read_before(before: &str, words: &Words, found: &mut NumberText, signs: &mut u32) -> Result<bool, &'static str> {
    let bracket = before.matches('(').count();
    let minus = before.matches('-').count();
    let plus = before.matches('+').count();
    if bracket > 1 || minus + plus > 1 {
        return Err(NO_NUMBER);
    }
    found.negative = bracket + minus > 0;
    *signs += (bracket + minus + plus) as u32;
    let rest: String = before.chars().filter(|c| !matches!(c, '(' | '-' | '+')).collect();
    if !rest.trim().is_empty() {
        found.currency = Some(words.currency(&rest).ok_or(NO_NUMBER)?);
    }
    Ok(bracket == 1)
}

/// "7½": what stands behind whole digits as one sign.
fn fraction(after: &str) -> (Option<f64>, &str) {
    let parts = [('½', 0.5), ('¼', 0.25), ('¾', 0.75)];
    let found = parts.into_iter().find_map(|(sign, part)| Some((part, after.trim_start().strip_prefix(sign)?)));
    found.map_or((None, after), |(part, rest)| (Some(part), rest))
}

/// "1.200,-" and "1'200.–": strokes for no cents prove the decimal mark.
fn dashed_decimals(after: &str) -> (Option<Mark>, &str) {
    let mut chars = after.chars();
    let mark = chars.next().and_then(Mark::of);
    let rest = chars.as_str().trim_start();
    let stripped = rest.trim_start_matches(['-', '\u{2014}', '=']);
    if mark.is_some() && stripped.len() < rest.len() { (mark, stripped) } else { (None, after) }
}

/// What stands behind the digits: closing bracket, minus, percent, plus, currency, scale, unit.
fn read_after(
    after: &str,
    bracket: bool,
    words: &Words,
    found: &mut NumberText,
    signs: &mut u32,
) -> Result<(), &'static str> {
    let closing = after.matches(')').count();
    let minus = after.matches('-').count();
    let percent = after.matches('%').count();
    let plus = after.matches('+').count();
    if closing != usize::from(bracket) || minus > 1 || percent > 1 || plus > 1 {
        return Err(NO_NUMBER);
    }
    found.negative |= minus == 1;
    *signs += minus as u32;
    found.percent = percent == 1;
    found.plus = plus == 1;
    let rest: String = after.chars().filter(|c| !matches!(c, ')' | '-' | '%' | '+')).collect();
    let rest = rest.trim();
    if rest.is_empty() {
        return Ok(());
    }
    let mut take_currency = |part: &str| match words.currency(part) {
        Some(currency) if found.currency.is_none_or(|known| known == currency) => {
            found.currency = Some(currency);
            true
        }
        _ => false,
    };
    if take_currency(rest) {
        return Ok(());
    }
    if let Some(times) = words.scale(rest) {
        found.times = Some(times);
        return Ok(());
    }
    if words.is_unit(rest) {
        found.unit = true;
        return Ok(());
    }
    // Scale and currency together: "Mio €", "EUR k", "k€", "TEUR".
    for (at, _) in rest.char_indices().skip(1) {
        let (left, right) = rest.split_at(at);
        for (scale, currency) in [(left, right), (right, left)] {
            if let Some(times) = words.scale(scale)
                && take_currency(currency)
            {
                found.times = Some(times);
                return Ok(());
            }
        }
    }
    Err(NO_NUMBER)
}

/// The digits with their grouping and decimal marks.
fn digits(core: &str) -> Result<Digits, &'static str> {
    if let Some(odd) = core.chars().find(|c| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '\'' | ' ')) {
        let exponent = matches!(odd, 'e' | 'E') && core.chars().filter(|c| c.is_alphabetic()).count() == 1;
        return Err(if exponent { EXPONENT } else { TWO_NUMBERS });
    }
    let groups: Vec<&str> = core.split(['.', ',', '\'', ' ']).collect();
    let marks: Vec<char> = core.chars().filter(|c| !c.is_ascii_digit()).collect();
    let Some(&last) = marks.last() else {
        return sure(core, "", None);
    };
    let in_threes = |groups: &[&str]| {
        groups.split_first().is_some_and(|(head, rest)| {
            (1..=3).contains(&head.len()) && !head.is_empty() && rest.iter().all(|group| group.len() == 3)
        })
    };
    let all_same = marks.iter().all(|&mark| mark == last);
    if all_same && (marks.len() > 1 || Mark::of(last).is_none()) {
        // Grouping only; two points cannot be decimal marks, so the other mark is the decimal one.
        let proves = Mark::of(last).map(Mark::other);
        return if in_threes(&groups) { sure(&groups.concat(), "", proves) } else { Err(GROUPING) };
    }
    let mark = Mark::of(last).ok_or(GROUPING)?;
    let (whole, decimals) = groups.split_at(groups.len() - 1);
    let decimals = decimals[0];
    if marks.len() == 1 {
        let whole = whole[0];
        if decimals.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0') {
            return Ok(Digits::TwoWays {
                decimal: parse(whole, decimals)?,
                grouped: parse(&format!("{whole}{decimals}"), "")?,
                mark,
            });
        }
        return sure(whole, decimals, Some(mark));
    }
    let grouping = marks[0];
    let one_grouping = marks[..marks.len() - 1].iter().all(|&m| m == grouping) && grouping != last;
    if one_grouping && in_threes(whole) { sure(&whole.concat(), decimals, Some(mark)) } else { Err(GROUPING) }
}

fn sure(whole: &str, decimals: &str, proves: Option<Mark>) -> Result<Digits, &'static str> {
    Ok(Digits::Sure { value: parse(whole, decimals)?, proves })
}

fn parse(whole: &str, decimals: &str) -> Result<f64, &'static str> {
    let value: f64 = format!("0{whole}.{decimals}0").parse().map_err(|_| NO_NUMBER)?;
    if value.is_finite() { Ok(crate::value::round15(value)) } else { Err(NO_NUMBER) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::words::tests::words;

    #[test]
    fn numbers_that_read_one_way() {
        let words = words();
        use Mark::{Comma, Point};
        for (text, value, proves) in [
            ("0", 0.0, None),
            ("12", 12.0, None),
            ("007", 7.0, None),
            ("8,5", 8.5, Some(Comma)),
            ("8.5", 8.5, Some(Point)),
            (".5", 0.5, Some(Point)),
            ("-,5", -0.5, Some(Comma)),
            ("7½", 7.5, None),
            ("1¼", 1.25, None),
            ("0.345", 0.345, Some(Point)),
            ("1234.567", 1234.567, Some(Point)),
            ("1.234,56", 1234.56, Some(Comma)),
            ("1,234.56", 1234.56, Some(Point)),
            ("1.234.567", 1_234_567.0, Some(Comma)),
            ("1,234,567", 1_234_567.0, Some(Point)),
            ("1 234 567,8", 1_234_567.8, Some(Comma)),
            ("1\u{a0}200", 1200.0, None),
            ("1\u{202f}200,50", 1200.5, Some(Comma)),
            ("1'200.50", 1200.5, Some(Point)),
            ("1’200", 1200.0, None),
            ("€ 1.200,50", 1200.5, Some(Comma)),
            ("1 200 €", 1200.0, None),
            ("EUR 12", 12.0, None),
            ("£12", 12.0, None),
            ("R$ 45,05", 45.05, Some(Comma)),
            ("Fr.5", 5.0, None),
            ("-€ 5", -5.0, None),
            ("€ -5", -5.0, None),
            ("\u{2212}7", -7.0, None),
            ("1200-", -1200.0, None),
            ("(1 200)", -1200.0, None),
            ("(€ 1.200,00)", -1200.0, Some(Comma)),
            ("-0", 0.0, None),
            ("+5", 5.0, None),
            ("1.200,-", 1200.0, Some(Comma)),
            ("€ 1.200,--", 1200.0, Some(Comma)),
            ("1'200.–", 1200.0, Some(Point)),
            ("85%", 85.0, None),
            ("85 %", 85.0, None),
        ] {
            let number = read(text, &words).unwrap_or_else(|why| panic!("{text} {why}"));
            assert_eq!(number.value(None), Some(value), "{text}");
            assert_eq!(number.proves(), proves, "{text}");
        }
    }

    #[test]
    fn numbers_that_read_two_ways_wait_for_the_vote() {
        let words = words();
        for (text, point, comma) in [("12.345", 12.345, 12345.0), ("1,234", 1234.0, 1.234), ("-€ 1.200", -1.2, -1200.0)]
        {
            let number = read(text, &words).unwrap();
            assert_eq!(number.value(None), None, "{text}");
            assert_eq!(number.value(Some(Mark::Point)), Some(point), "{text}");
            assert_eq!(number.value(Some(Mark::Comma)), Some(comma), "{text}");
        }
    }

    #[test]
    fn what_is_no_number() {
        let words = words();
        for (text, why) in [
            ("", NO_NUMBER),
            ("abc", NO_NUMBER),
            ("ca. 3", NO_NUMBER),
            ("3 bananas", NO_NUMBER),
            ("t1000t1000", NO_NUMBER),
            ("1-2", TWO_NUMBERS),
            ("9/10", TWO_NUMBERS),
            ("5²", NO_NUMBER),
            ("12,34,567", GROUPING),
            ("1 2", GROUPING),
            ("1.234.56", GROUPING),
            ("1,234.567.890", GROUPING),
            ("1..2", GROUPING),
            ("1.2,-", GROUPING),
            ("1.2E+05", EXPONENT),
            ("1,2E5", EXPONENT),
            ("--5", NO_NUMBER),
            ("-5-", SIGNS),
            ("(5", NO_NUMBER),
            ("5)", NO_NUMBER),
            ("€ 5 $", NO_NUMBER),
            ("5.", NO_NUMBER),
        ] {
            assert_eq!(read(text, &words), Err(why), "{text}");
        }
        assert_eq!(read(&"9".repeat(400), &words), Err(NO_NUMBER));
    }

    #[test]
    fn what_stands_beside_the_digits() {
        let words = words();
        let read = |text| read(text, &words).unwrap();
        assert_eq!(read("1,2 Mio").times, Some(1e6));
        for text in ["12 k€", "12k €", "€ 12k", "12 TEUR", "12 EUR k", "12 T€"] {
            assert_eq!(read(text).times, Some(1e3), "{text}");
            assert_eq!(read(text).currency.unwrap().code(), "EUR", "{text}");
        }
        assert!(read("3+").plus && read("2 meetings").unit && read("2x").unit);
    }
}
