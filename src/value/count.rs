//! Cell → count: whole numbers from 0, small words, "3+", "2 meetings".

use crate::text::fold;
use crate::value::MAX_COUNT;
use crate::value::number::{self, NumberText};
use crate::value::reading::{Context, Raw, Reading, by_vote, not_numeric, trim};
use crate::value::round15;

/// A cell of a column of counts.
pub fn count(raw: Raw<'_>, context: &Context<'_>) -> Reading {
    if let Some(reading) = not_numeric(raw) {
        return reading;
    }
    match raw {
        Raw::Number(..) if raw.is_percent() => Reading::wrong("is a percentage, no count"),
        Raw::Number(number, _) => whole(number),
        Raw::Text(text) => text_count(text, context),
        _ => Reading::missing(),
    }
}

fn text_count(text: &str, context: &Context<'_>) -> Reading {
    let words = context.words;
    let folded = fold(text);
    if let Some(number) = words.number(&folded) {
        return Reading::number(number).noted(format!("\"{}\" read as {number}", trim(text)));
    }
    if words.is_missing(text) {
        return Reading::missing();
    }
    if let Some((number, unit)) = folded.split_once(' ')
        && let Some(number) = words.number(number)
        && words.is_unit(unit)
    {
        return Reading::number(number).noted(format!("\"{}\" read as {number}", trim(text)));
    }
    if let Some(number) = words.about(text) {
        return whole(number).noted(format!("\"{}\" read as {number}", trim(text)));
    }
    let found = match number::read(text, words) {
        Ok(found) => found,
        Err(why) => return Reading::wrong(why),
    };
    if let Some(why) = no_count(&found) {
        return Reading::wrong(why);
    }
    let (value, two_ways) = by_vote(&found, context.mark, false);
    let mut reading = whole(value);
    reading.two_ways = two_ways;
    if found.plus || found.unit {
        reading = reading.noted(format!("\"{}\" read as {value}", trim(text)));
    }
    reading
}

fn no_count(found: &NumberText) -> Option<&'static str> {
    if found.percent {
        Some("is a percentage, no count")
    } else if found.currency.is_some() {
        Some("is an amount of money, no count")
    } else if found.times.is_some() {
        Some("is given in thousands or millions, no count")
    } else {
        None
    }
}

fn whole(number: f64) -> Reading {
    let number = round15(number);
    if number < 0.0 {
        Reading::wrong("is negative")
    } else if number.fract() != 0.0 {
        Reading::wrong("is no whole number")
    } else if number > MAX_COUNT {
        Reading::wrong("is too large for a count")
    } else {
        Reading::number(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::ErrorValue;
    use crate::value::number::Mark;
    use crate::value::reading::Outcome;
    use crate::value::reading::tests::context;
    use crate::value::words::tests::words;

    #[test]
    fn counts() {
        let words = words();
        for (text, expected) in [
            ("0", Some(0.0)),
            ("2", Some(2.0)),
            (" 2 ", Some(2.0)),
            ("2.0", Some(2.0)),
            ("2,0", Some(2.0)),
            ("two", Some(2.0)),
            ("Zwölf", Some(12.0)),
            ("none", Some(0.0)),
            ("keine", Some(0.0)),
            ("3+", Some(3.0)),
            ("2 meetings", Some(2.0)),
            ("two meetings", Some(2.0)),
            ("twee gesprekken", Some(2.0)),
            ("2x", Some(2.0)),
            ("at least 3", Some(3.0)),
            ("mind. 4", Some(4.0)),
            ("2 o más", Some(2.0)),
            ("ca. 8", Some(8.0)),
            ("~4", Some(4.0)),
            ("+/- 4", Some(4.0)),
            ("at most 3", None),
            ("more than 3", None),
            ("ca. 2-3", None),
            ("about 2026", None),
            ("1 200", Some(1200.0)),
            ("1-2", None),
            ("2/3", None),
            ("2 or 3", None),
            ("-1", None),
            ("2.5", None),
            ("12.345", None),
            ("46305", None),
            ("3 elephants", None),
            ("> 5", None),
            ("Anna, Peter", None),
            ("50%", None),
            ("€ 2", None),
            ("2k", None),
        ] {
            let outcome = count(Raw::Text(text), &context(&words)).outcome;
            match expected {
                Some(number) => assert_eq!(outcome, Reading::number(number).outcome, "{text}"),
                None => assert!(matches!(outcome, Outcome::Wrong(_)), "{text}: {outcome:?}"),
            }
        }
        for missing in ["", "  ", "-", "n/a", "?"] {
            assert_eq!(count(Raw::Text(missing), &context(&words)), Reading::missing(), "{missing}");
        }
        for noted in ["3+", "two", "2 meetings", "ca. 8", "~4"] {
            assert!(count(Raw::Text(noted), &context(&words)).note.is_some(), "{noted}");
        }
        let voted = Context { mark: Some(Mark::Comma), ..context(&words) };
        assert_eq!(count(Raw::Text("1.234"), &voted), Reading::number(1234.0));
    }

    #[test]
    fn native_cells() {
        let words = words();
        let read = |raw| count(raw, &context(&words)).outcome;
        assert_eq!(read(Raw::Number(3.0, "General")), Reading::number(3.0).outcome);
        assert_eq!(read(Raw::Number(2.999_999_999_999_999_6, "General")), Reading::number(3.0).outcome);
        assert_eq!(read(Raw::Error(ErrorValue::Na)), Outcome::Error(ErrorValue::Na));
        for raw in [
            Raw::Number(2.5, "General"),
            Raw::Number(-1.0, "General"),
            Raw::Number(10_000.0, "General"),
            Raw::Number(f64::INFINITY, "General"),
            Raw::Number(1.0, "0%"),
            Raw::Date(46304.0),
            Raw::Time(0.5),
            Raw::Bool(true),
        ] {
            assert!(matches!(read(raw), Outcome::Wrong(_)), "{raw:?}");
        }
    }
}
