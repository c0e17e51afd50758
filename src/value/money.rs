//! Cell → amount of money and the currency that stands beside it; further numbers that scorecards name.

use crate::account::Currency;
use crate::value::number;
use crate::value::reading::{Context, Raw, Reading, by_vote, not_numeric, trim};
use crate::value::words::Words;
use crate::value::{number_text, round15};

/// A cell of a money column whose heading says to multiply by `scale`.
pub fn money(raw: Raw<'_>, scale: f64, context: &Context<'_>) -> Reading {
    if let Some(reading) = not_numeric(raw) {
        return reading;
    }
    let text = match raw {
        Raw::Number(..) if raw.is_percent() => return Reading::wrong("is a percentage, no amount of money"),
        Raw::Number(number, _) => return amount(number * scale),
        Raw::Text(text) if context.words.is_missing(text) => return Reading::missing(),
        Raw::Text(text) => trim(text),
        _ => return Reading::missing(),
    };
    let found = match number::read(text, context.words) {
        Ok(found) => found,
        Err(why) => return Reading::wrong(why),
    };
    if found.percent {
        return Reading::wrong("is a percentage, no amount of money");
    }
    if found.plus || found.unit {
        return Reading::wrong("is no amount of money");
    }
    if let (Some(proved), Some(mark)) = (found.proves(), context.mark)
        && proved != mark
    {
        return Reading::wrong(format!(
            "has \"{}\" before its decimals, but the column uses \"{}\"",
            proved.sign(),
            mark.sign()
        ));
    }
    // A cell that names its own scale does not take the heading's on top.
    let times = found.times.unwrap_or(scale);
    let (value, two_ways) = by_vote(&found, context.mark, true);
    let mut reading = amount(value * times);
    reading.two_ways = two_ways;
    reading.currency = found.currency;
    if found.times.is_some() {
        reading = reading.noted(format!("\"{text}\" read as {}", number_text(round15(value * times))));
    }
    reading
}

fn amount(number: f64) -> Reading {
    if number.is_finite() { Reading::number(number) } else { Reading::wrong("is no number") }
}

/// A cell of a further column of numbers.
pub fn plain_number(raw: Raw<'_>, context: &Context<'_>) -> Reading {
    if let Some(reading) = not_numeric(raw) {
        return reading;
    }
    let text = match raw {
        Raw::Number(number, _) => return amount(number),
        Raw::Text(text) if context.words.is_missing(text) => return Reading::missing(),
        Raw::Text(text) => trim(text),
        _ => return Reading::missing(),
    };
    let found = match number::read(text, context.words) {
        Ok(found) => found,
        Err(why) => return Reading::wrong(why),
    };
    if found.plus {
        return Reading::wrong("is no number");
    }
    let (value, two_ways) = by_vote(&found, context.mark, false);
    // As Excel keeps it: 12% is 0.12.
    let value = if found.percent { value / 100.0 } else { value * found.times.unwrap_or(1.0) };
    let mut reading = amount(value);
    reading.two_ways = two_ways;
    if found.percent || found.times.is_some() {
        reading = reading.noted(format!("\"{text}\" read as {}", number_text(round15(value))));
    }
    reading
}

/// The currency that a number format shows: `[$€-407]`, `"R$"`, `£#,##0`.
pub fn format_currency(format: &str, words: &Words) -> Option<Currency> {
    let section = format.split(';').next().unwrap_or_default();
    let mut rest = section;
    let mut bare = String::new();
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        let literal = match c {
            '[' => {
                let (inside, after) = rest.split_once(']').unwrap_or((rest, ""));
                rest = after;
                inside.strip_prefix('$').map(|tag| tag.split('-').next().unwrap_or_default())
            }
            '"' => {
                let (inside, after) = rest.split_once('"').unwrap_or((rest, ""));
                rest = after;
                Some(inside)
            }
            '\\' | '_' | '*' => {
                let skipped = rest.chars().next();
                rest = &rest[skipped.map_or(0, char::len_utf8)..];
                if c == '\\' {
                    bare.extend(skipped);
                }
                None
            }
            _ => {
                bare.push(c);
                None
            }
        };
        if let Some(currency) = literal.filter(|text| !text.trim().is_empty()).and_then(|text| words.currency(text)) {
            return Some(currency);
        }
    }
    // What is left are digits, marks and signs typed plainly into the code.
    let sign = bare.trim_matches(|c: char| {
        c.is_whitespace() || matches!(c, '#' | '0' | ',' | '.' | '?' | '-' | '(' | ')' | '+' | '\'')
    });
    if sign.is_empty() || sign.chars().any(|c| c.is_ascii_alphabetic() && sign.chars().count() == 1) {
        return None;
    }
    words.currency(sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::number::Mark;
    use crate::value::reading::Outcome;
    use crate::value::reading::tests::context;
    use crate::value::words::tests::words;

    #[test]
    fn amounts() {
        let words = words();
        let comma = Context { mark: Some(Mark::Comma), ..context(&words) };
        for (text, scale, expected) in [
            ("1.234,56", 1.0, Some(1234.56)),
            ("€ 1.200", 1.0, Some(1200.0)),
            ("12.345", 1.0, Some(12345.0)),
            ("12,5", 1000.0, Some(12500.0)),
            ("0,1", 1000.0, Some(100.0)),
            ("(1 200)", 1.0, Some(-1200.0)),
            ("1.200,-", 1.0, Some(1200.0)),
            ("1,2 Mio", 1.0, Some(1_200_000.0)),
            ("1,2 Mio", 1000.0, Some(1_200_000.0)),
            ("12k €", 1000.0, Some(12000.0)),
            ("0", 1.0, Some(0.0)),
            ("12.50", 1.0, None),
            ("85%", 1.0, None),
            ("12+", 1.0, None),
            ("2 meetings", 1.0, None),
            ("1.2E+05", 1.0, None),
            ("lots", 1.0, None),
        ] {
            let outcome = money(Raw::Text(text), scale, &comma).outcome;
            match expected {
                Some(number) => assert_eq!(outcome, Reading::number(number).outcome, "{text}"),
                None => assert!(matches!(outcome, Outcome::Wrong(_)), "{text}: {outcome:?}"),
            }
        }
        let unsettled = money(Raw::Text("12.345"), 1.0, &context(&words));
        assert_eq!(unsettled.outcome, Reading::number(12345.0).outcome);
        assert_eq!(unsettled.two_ways.unwrap(), ("12345".to_owned(), "12.345".to_owned()));
        assert_eq!(money(Raw::Text("£ 5"), 1.0, &comma).currency.unwrap().code(), "GBP");
        assert_eq!(money(Raw::Number(1.1 * 3.0, "0.00"), 1.0, &comma), Reading::number(3.3));
        for raw in [Raw::Number(0.85, "0%"), Raw::Date(46304.0), Raw::Bool(false), Raw::Number(1e308, "0")] {
            assert!(matches!(money(raw, 1000.0, &comma).outcome, Outcome::Wrong(_)), "{raw:?}");
        }
    }

    #[test]
    fn further_numbers() {
        let words = words();
        let read = |text| plain_number(Raw::Text(text), &context(&words));
        assert_eq!(read("12%").outcome, Reading::number(0.12).outcome);
        assert_eq!(read("12.345").outcome, Reading::number(12.345).outcome);
        assert!(read("12.345").two_ways.is_some());
        assert!(matches!(read("12-13").outcome, Outcome::Wrong(_)));
    }

    #[test]
    fn currencies_of_number_formats() {
        let words = words();
        for (format, code) in [
            ("#,##0.00 [$€-407]", Some("EUR")),
            ("[$£-809]#,##0", Some("GBP")),
            ("[$EUR] #,##0", Some("EUR")),
            ("\"R$\" #,##0.00", Some("BRL")),
            ("_-* #,##0.00\\ \"€\"_-;-* #,##0.00\\ \"€\"_-", Some("EUR")),
            ("£#,##0;[Red]-£#,##0", Some("GBP")),
            ("#,##0\\ €", Some("EUR")),
            ("$#,##0", Some("USD")),
            ("General", None),
            ("#,##0.00", None),
            ("[$-409]mmm", None),
            ("[Red]0", None),
            ("0.0\"", None),
            ("[", None),
            ("\\", None),
            ("0 \"k\"", None),
        ] {
            assert_eq!(format_currency(format, &words).map(|c| c.code().to_owned()).as_deref(), code, "{format}");
        }
    }
}
