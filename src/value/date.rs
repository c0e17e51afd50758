//! Text or cell → day: ISO, day and month by vote, names of months, two-digit years near the reporting year.

use crate::account::Value;
use crate::period::{day_of, serial};
use crate::text::fold;
use crate::value::reading::{Context, Outcome, Raw, Reading, trim};
use crate::value::words::Words;
use crate::value::{date_text, number_text, time_text};
use jiff::civil::Date;

/// Which comes first in 05/06/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DateOrder {
    /// 5 June.
    DayFirst,
    /// 6 May.
    MonthFirst,
}

/// What a text says as a date; days since 1899-12-30.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateText {
    /// Reads one way only.
    Sure {
        /// The day.
        day: i32,
        /// The order that it proves.
        proves: Option<DateOrder>,
    },
    /// 05/06/2026.
    TwoWays {
        /// Read as 5 June.
        day_first: i32,
        /// Read as 6 May.
        month_first: i32,
    },
}

impl DateText {
    /// The evidence on the order.
    pub fn proves(self) -> Option<DateOrder> {
        match self {
            DateText::Sure { proves, .. } => proves,
            DateText::TwoWays { .. } => None,
        }
    }
}

const NO_DATE: &str = "is no date";
const NO_SUCH_DAY: &str = "is a day that no calendar has, or lies outside 1900 to 2200";
const NO_DAY: &str = "is a month without a day";
const NO_YEAR: &str = "is a day without a year";

/// Words between day, month and year, folded.
const BETWEEN: [&str; 9] = ["de", "del", "do", "of", "the", "den", "le", "il", "van"];
/// What follows the digits of an ordinal, folded.
const ORDINAL: [&str; 8] = ["st", "nd", "rd", "th", "er", "e", "o", "a"];

/// Reads a text as a date, or says why it is none. Two-digit years lie between 79 years before and 20 after `year`.
pub fn read(text: &str, words: &Words, year: i16) -> Result<DateText, &'static str> {
    let text = without_time(trim(text));
    if text.len() > 60 {
        return Err(NO_DATE);
    }
    if text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return compact(text);
    }
    if text.chars().any(char::is_alphabetic) { named(text, words, year) } else { numeric(text, year) }
}

/// Drops "T10:00:00Z", " 10:00", " 10:00 PM" behind a date.
fn without_time(text: &str) -> &str {
    let Some(colon) = text.find(':') else { return text };
    let hours = text[..colon].trim_end_matches(|c: char| c.is_ascii_digit());
    let is_time = hours.len() < colon && hours.ends_with([' ', 'T', ',', '\u{a0}']);
    let rest_is_time = text[colon + 1..]
        .split([':', '.', ' ', '\u{a0}', '\u{202f}', '+'])
        .all(|part| part.trim_end_matches('Z').bytes().all(|b| b.is_ascii_digit()) || is_clock_word(part));
    if is_time && rest_is_time { hours.trim_end_matches([' ', 'T', ',', '\u{a0}']) } else { text }
}

fn is_clock_word(part: &str) -> bool {
    ["am", "pm", "uhr", "h", "uur"].contains(&part.to_lowercase().as_str())
}

/// 20261130
fn compact(text: &str) -> Result<DateText, &'static str> {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse().ok()).unwrap_or(0i16);
    let day = calendar(number(0..4), number(4..6), number(6..8)).ok_or(NO_SUCH_DAY)?;
    Ok(DateText::Sure { day, proves: None })
}

fn numeric(text: &str, near: i16) -> Result<DateText, &'static str> {
    let parts: Vec<&str> =
        text.split(['/', '.', '-', '\u{2013}', ' ', '\u{a0}']).filter(|part| !part.is_empty()).collect();
    let mut marks = text.chars().filter(|c| matches!(c, '/' | '.' | '-' | '\u{2013}'));
    let first_mark = marks.next();
    if marks.any(|mark| Some(mark) != first_mark) || !parts.iter().all(|part| part.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(NO_DATE);
    }
    let &[a, b, c] = parts.as_slice() else {
        return Err(match parts.as_slice() {
            [year, _] | [_, year] if year.len() == 4 && first_mark.is_some() => NO_DAY,
            [_, _] if first_mark.is_some() => NO_YEAR,
            _ => NO_DATE,
        });
    };
    let short = |part: &str| if part.len() <= 2 { part.parse::<i16>().ok() } else { None };
    if let (4, Ok(year), Some(month), Some(day)) = (a.len(), a.parse(), short(b), short(c)) {
        let day = calendar(year, month, day).ok_or(NO_SUCH_DAY)?;
        return Ok(DateText::Sure { day, proves: None });
    }
    let (Some(a), Some(b), Some(year)) = (short(a), short(b), full_year(c, near)) else { return Err(NO_DATE) };
    match (calendar(year, b, a), calendar(year, a, b)) {
        (Some(day), Some(_)) if a == b => Ok(DateText::Sure { day, proves: None }),
        (Some(day_first), Some(month_first)) => Ok(DateText::TwoWays { day_first, month_first }),
        (Some(day), None) => Ok(DateText::Sure { day, proves: Some(DateOrder::DayFirst) }),
        (None, Some(day)) => Ok(DateText::Sure { day, proves: Some(DateOrder::MonthFirst) }),
        (None, None) => Err(NO_SUCH_DAY),
    }
}

/// 12 Nov 2026, 12. November 26, November 12th, 2026, 12 de novembro de 2026, 1er mars 2026.
fn named(text: &str, words: &Words, near: i16) -> Result<DateText, &'static str> {
    let folded = fold(text);
    let mut month = None;
    let mut numbers: Vec<(&str, bool)> = Vec::with_capacity(2);
    for word in folded.split(' ').filter(|word| !BETWEEN.contains(word)) {
        let digits = word.trim_end_matches(|c: char| c.is_alphabetic());
        let suffix = &word[digits.len()..];
        if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            if !suffix.is_empty() && !ORDINAL.contains(&suffix) {
                return Err(NO_DATE);
            }
            numbers.push((digits, !suffix.is_empty()));
        } else if month.replace(words.month(word).ok_or(NO_DATE)?).is_some() {
            return Err(NO_DATE);
        }
    }
    let month = i16::from(month.ok_or(NO_DATE)?);
    let (day, year) = match numbers.as_slice() {
        [(year, false), (day, _)] if year.len() == 4 && day.len() <= 2 => (day, year),
        [(day, _), (year, false)] if day.len() <= 2 => (day, year),
        [(year, false)] if year.len() == 4 => return Err(NO_DAY),
        [_] => return Err(NO_YEAR),
        _ => return Err(NO_DATE),
    };
    let (Ok(day), Some(year)) = (day.parse::<i16>(), full_year(year, near)) else { return Err(NO_DATE) };
    let day = calendar(year, month, day).ok_or(NO_SUCH_DAY)?;
    Ok(DateText::Sure { day, proves: None })
}

fn full_year(text: &str, near: i16) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    match text.len() {
        4 => Some(year),
        2 => {
            let century = near - near.rem_euclid(100);
            [century - 100, century, century + 100]
                .into_iter()
                .map(|century| century + year)
                .find(|candidate| (near - 79..=near + 20).contains(candidate))
        }
        _ => None,
    }
}

fn calendar(year: i16, month: i16, day: i16) -> Option<i32> {
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (1900..=2200).contains(&year).then(|| serial(date))
}

fn in_range(day: f64) -> Option<i32> {
    let day = day.floor();
    let whole = (0.0..=200_000.0).contains(&day).then_some(day as i32)?;
    day_of(whole).filter(|date| (1900..=2200).contains(&date.year())).map(|_| whole)
}

/// A cell of a date column.
pub fn date(raw: Raw<'_>, context: &Context<'_>) -> Reading {
    let known = |day: i32| Reading::known(Value::Date(day));
    match raw {
        Raw::Date(serial) => in_range(serial).map_or_else(|| Reading::wrong(NO_SUCH_DAY), known),
        Raw::Number(number, _) => number_as_day(number),
        Raw::Time(days) => Reading::wrong(format!("is a time ({}), no date", time_text(days))),
        Raw::Bool(_) => Reading::wrong("is TRUE or FALSE, no date"),
        Raw::Error(error) => Reading { outcome: Outcome::Error(error), ..Reading::missing() },
        Raw::Text(text) if context.words.is_missing(text) || context.words.is_never(&fold(text)) => Reading::missing(),
        Raw::Text(text) => match read(text, context.words, context.year) {
            Err(why) => Reading::wrong(why),
            Ok(DateText::Sure { day, .. }) => known(day),
            Ok(DateText::TwoWays { day_first, month_first }) => {
                let (taken, other) = match context.order {
                    Some(DateOrder::MonthFirst) => (month_first, day_first),
                    _ => (day_first, month_first),
                };
                let mut reading = known(taken);
                if context.order.is_none() || context.mixed_order {
                    reading.two_ways = Some((date_text(f64::from(taken)), date_text(f64::from(other))));
                }
                reading
            }
        },
    }
}

/// A number where a date belongs: a date that lost its format, or the digits of one.
fn number_as_day(number: f64) -> Reading {
    if (20_000.0..80_000.0).contains(&number)
        && let Some(day) = in_range(number)
    {
        let shown = date_text(f64::from(day));
        return Reading::known(Value::Date(day)).noted(format!("a number without date format, read as {shown}"));
    }
    if number.fract() == 0.0 && (19_000_101.0..=22_001_231.0).contains(&number) {
        return match compact(&number_text(number)) {
            Ok(DateText::Sure { day, .. }) => Reading::known(Value::Date(day)),
            _ => Reading::wrong(NO_SUCH_DAY),
        };
    }
    Reading::wrong("is a number, no date")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::reading::tests::context;
    use crate::value::words::tests::words;

    fn day(text: &str) -> i32 {
        serial(text.parse().unwrap())
    }

    #[test]
    fn dates_that_read_one_way() {
        let words = words();
        for (text, iso) in [
            ("2026-11-30", "2026-11-30"),
            ("2026-11-30T10:15:00Z", "2026-11-30"),
            ("2026-11-30 10:15", "2026-11-30"),
            ("30/11/2026 10:15:00 PM", "2026-11-30"),
            ("2026/1/5", "2026-01-05"),
            ("20261130", "2026-11-30"),
            ("30.11.2026", "2026-11-30"),
            ("11/30/2026", "2026-11-30"),
            ("30-11-26", "2026-11-30"),
            ("5/5/2026", "2026-05-05"),
            ("31.12.45", "2045-12-31"),
            ("31.12.47", "1947-12-31"),
            ("12 Nov 2026", "2026-11-12"),
            ("12. November 26", "2026-11-12"),
            ("12-Nov-26", "2026-11-12"),
            ("November 12th, 2026", "2026-11-12"),
            ("12 de novembro de 2026", "2026-11-12"),
            ("1er mars 2026", "2026-03-01"),
            ("1º de maio de 2026", "2026-05-01"),
            ("3. März 2026", "2026-03-03"),
            ("3 Maerz 2026", "2026-03-03"),
            ("2026 March 3", "2026-03-03"),
        ] {
            match read(text, &words, 2026) {
                Ok(DateText::Sure { day: found, .. }) => assert_eq!(found, day(iso), "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_is_no_date() {
        let words = words();
        for (text, why) in [
            ("soon", NO_DATE),
            ("31/02/2026", NO_SUCH_DAY),
            ("2026-13-01", NO_SUCH_DAY),
            ("1.1.1850", NO_SUCH_DAY),
            ("Nov 2026", NO_DAY),
            ("11/2026", NO_DAY),
            ("12 Nov", NO_YEAR),
            ("9/10", NO_YEAR),
            ("46356", NO_DATE),
            ("Q3 2026", NO_DATE),
            ("May 2026 12 13", NO_DATE),
            ("1/2-2026", NO_DATE),
            ("10:15", NO_DATE),
        ] {
            assert_eq!(read(text, &words, 2026), Err(why), "{text}");
        }
    }

    #[test]
    fn the_order_settles_what_reads_two_ways() {
        let words = words();
        let cell =
            |order, mixed_order| date(Raw::Text("05/06/2026"), &Context { order, mixed_order, ..context(&words) });
        let known = |iso| Outcome::Known(Value::Date(day(iso)));
        assert_eq!(cell(Some(DateOrder::DayFirst), false).outcome, known("2026-06-05"));
        assert_eq!(cell(Some(DateOrder::MonthFirst), false).outcome, known("2026-05-06"));
        assert_eq!(cell(Some(DateOrder::DayFirst), false).two_ways, None);
        let unsettled = cell(None, false);
        assert_eq!(unsettled.outcome, known("2026-06-05"));
        assert_eq!(unsettled.two_ways.unwrap(), ("2026-06-05".to_owned(), "2026-05-06".to_owned()));
        assert!(cell(Some(DateOrder::MonthFirst), true).two_ways.is_some());
    }

    #[test]
    fn cells_that_are_no_text() {
        let words = words();
        let read = |raw| date(raw, &context(&words));
        assert_eq!(read(Raw::Date(46356.75)), Reading::known(Value::Date(46356)));
        assert!(read(Raw::Number(46356.0, "General")).note.is_some());
        assert_eq!(read(Raw::Number(20_261_130.0, "0")), Reading::known(Value::Date(46356)));
        assert_eq!(read(Raw::Text("tbc")), Reading::missing());
        for raw in [
            Raw::Number(2026.0, "General"),
            Raw::Number(3.0, "General"),
            Raw::Number(f64::NAN, "General"),
            Raw::Date(1e300),
            Raw::Date(-5.0),
            Raw::Date(f64::NAN),
            Raw::Time(0.4),
            Raw::Bool(true),
        ] {
            assert!(matches!(read(raw).outcome, Outcome::Wrong(_)), "{raw:?}");
        }
    }
}
