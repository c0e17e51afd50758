//! Cell → survey score on 1 to 10, from whatever scale the heading, the configuration or the cell itself names.

use crate::mapping::SurveyScale;
use crate::text::fold;
use crate::value::number::{self, Mark};
use crate::value::reading::{Context, Raw, Reading, not_numeric, trim};
use crate::value::{number_text, round15};

/// The scale of the scorecard.
pub const TEN: SurveyScale = SurveyScale { low: 1.0, high: 10.0 };

/// What stands between answer and scale in "8 of 10", folded.
const OF: [&str; 8] = ["of", "out of", "von", "van", "de", "sur", "su", "di"];

/// An answer before it is held against a scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// The number as it stands there; percentages as 85, not 0.85.
    pub value: f64,
    /// The cell's own scale: 5 in "4 of 5".
    pub out_of: Option<f64>,
    /// Whether the cell says percent.
    pub percent: bool,
}

/// The answer that a cell holds; the reading says why there is none.
pub fn answer(raw: Raw<'_>, context: &Context<'_>) -> Result<Answer, Reading> {
    if let Some(reading) = not_numeric(raw) {
        return Err(reading);
    }
    let text = match raw {
        Raw::Number(number, _) => {
            let percent = raw.is_percent();
            let value = round15(if percent { number * 100.0 } else { number });
            return Ok(Answer { value, out_of: None, percent });
        }
        Raw::Text(text) => trim(text),
        _ => return Err(Reading::missing()),
    };
    if context.words.is_missing(text) {
        return Err(Reading::missing());
    }
    if let Some((value, out_of)) = out_of(text, context) {
        return Ok(Answer { value, out_of: Some(out_of), percent: false });
    }
    let found = number::read(text, context.words).map_err(Reading::wrong)?;
    if found.currency.is_some() || found.times.is_some() || found.plus || found.unit {
        return Err(Reading::wrong("is no survey score"));
    }
    Ok(Answer { value: decimals(&found), out_of: None, percent: found.percent })
}

/// No survey has thousands: "8.125" and "8,125" are decimals in any country.
fn decimals(found: &number::NumberText) -> f64 {
    let as_it_stands = match found.digits {
        number::Digits::TwoWays { mark, .. } => mark,
        number::Digits::Sure { .. } => Mark::Point,
    };
    found.value(Some(as_it_stands)).unwrap_or_default()
}

/// "9/10", "4 of 5", "8,5 von 10".
fn out_of(text: &str, context: &Context<'_>) -> Option<(f64, f64)> {
    let split = |at: usize, len: usize| Some((text.get(..at)?, text.get(at + len..)?));
    let (left, right) = match text.split_once('/') {
        Some(both) => both,
        None => {
            let start = text.find(|c: char| c.is_alphabetic())?;
            let end = text
                .rfind(|c: char| c.is_alphabetic())
                .map(|at| at + text[at..].chars().next().map_or(1, char::len_utf8))?;
            OF.contains(&fold(&text[start..end]).as_str()).then(|| split(start, end - start)).flatten()?
        }
    };
    let bare = |part: &str| {
        let found = number::read(part, context.words).ok()?;
        let plain = !found.negative && !found.percent && !found.plus && !found.unit;
        (plain && found.currency.is_none() && found.times.is_none()).then(|| decimals(&found))
    };
    let (value, scale) = (bare(left)?, bare(right)?);
    let believable = scale.fract() == 0.0 && (4.0..=100.0).contains(&scale) && value <= scale;
    believable.then_some((value, scale))
}

/// A cell of the survey column, on the scale that the column is known to have.
pub fn survey(raw: Raw<'_>, scale: Option<SurveyScale>, shares: bool, context: &Context<'_>) -> Reading {
    let answer = match answer(raw, context) {
        Ok(answer) => answer,
        Err(reading) => return reading,
    };
    let scale = scale.unwrap_or(TEN);
    if let Some(high) = answer.out_of {
        let low = if scale.high == high { scale.low } else { TEN.low };
        if answer.value < low {
            return Reading::wrong(format!("is below the lowest answer, {}", number_text(low)));
        }
        let reading = Reading::number(answer.value * 10.0 / high);
        return if high == TEN.high {
            reading
        } else {
            let score = number_text(round15(answer.value * 10.0 / high));
            reading.noted(format!("\"{}\" read as {score} of 10", trim(&raw.shown())))
        };
    }
    if answer.percent && scale.high != 100.0 {
        return Reading::wrong("is a percentage, no survey score");
    }
    let value = if shares && !answer.percent { round15(answer.value * 100.0) } else { answer.value };
    if !(scale.low..=scale.high).contains(&value) {
        return Reading::wrong(format!("lies outside {} to {}", number_text(scale.low), number_text(scale.high)));
    }
    Reading::number(if scale.high == TEN.high { value } else { value * 10.0 / scale.high })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::reading::Outcome;
    use crate::value::reading::tests::context;
    use crate::value::words::tests::words;

    const FIVE: Option<SurveyScale> = Some(SurveyScale { low: 1.0, high: 5.0 });
    const HUNDRED: Option<SurveyScale> = Some(SurveyScale { low: 0.0, high: 100.0 });
    const ZERO_TEN: Option<SurveyScale> = Some(SurveyScale { low: 0.0, high: 10.0 });

    #[test]
    fn texts() {
        let words = words();
        for (text, scale, expected) in [
            ("8", None, Some(8.0)),
            ("8,5", None, Some(8.5)),
            ("8.5", None, Some(8.5)),
            ("8.125", None, Some(8.125)),
            ("10", None, Some(10.0)),
            ("1", None, Some(1.0)),
            ("9/10", None, Some(9.0)),
            ("8,5 / 10", None, Some(8.5)),
            ("4 of 5", None, Some(8.0)),
            ("8 out of 10", None, Some(8.0)),
            ("8 von 10", None, Some(8.0)),
            ("4/5", FIVE, Some(8.0)),
            ("4", FIVE, Some(8.0)),
            ("85", HUNDRED, Some(8.5)),
            ("85%", HUNDRED, Some(8.5)),
            ("0", HUNDRED, Some(0.0)),
            ("0", ZERO_TEN, Some(0.0)),
            ("0", None, None),
            ("0", FIVE, None),
            ("0/10", None, None),
            ("6", FIVE, None),
            ("85", None, None),
            ("85%", None, None),
            ("11", None, None),
            ("-8", None, None),
            ("8-9", None, None),
            ("11/10", None, None),
            ("9/10/2026", None, None),
            ("great", None, None),
            ("€ 8", None, None),
        ] {
            let outcome = survey(Raw::Text(text), scale, false, &context(&words)).outcome;
            match expected {
                Some(number) => assert_eq!(outcome, Reading::number(number).outcome, "{text}"),
                None => assert!(matches!(outcome, Outcome::Wrong(_)), "{text}: {outcome:?}"),
            }
        }
        for missing in ["", "n.v.t.", "—"] {
            assert_eq!(survey(Raw::Text(missing), None, false, &context(&words)), Reading::missing());
        }
    }

    #[test]
    fn native_cells() {
        let words = words();
        let read = |raw, scale, shares| survey(raw, scale, shares, &context(&words)).outcome;
        assert_eq!(read(Raw::Number(8.5, "0.0"), None, false), Reading::number(8.5).outcome);
        assert_eq!(read(Raw::Number(0.85, "0%"), HUNDRED, false), Reading::number(8.5).outcome);
        assert_eq!(read(Raw::Number(0.85, "General"), HUNDRED, true), Reading::number(8.5).outcome);
        for raw in [
            Raw::Number(0.85, "0%"),
            Raw::Number(85.0, "General"),
            Raw::Number(0.0, "0"),
            Raw::Date(46304.0),
            Raw::Bool(true),
        ] {
            assert!(matches!(read(raw, None, false), Outcome::Wrong(_)), "{raw:?}");
        }
    }
}
