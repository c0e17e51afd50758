//! Cell → count, number, level, date, money: strict, after the column has voted. Pure.

pub mod count;
pub mod date;
pub mod level;
pub mod money;
pub mod number;
pub mod reading;
pub mod survey;
mod title;
pub mod vote;
pub mod words;

/// The largest count that is believed; an Excel date serial in a count column lies above it.
pub const MAX_COUNT: f64 = 9_999.0;

/// Rounded to the 15 significant digits that Excel keeps: 0.1 + 0.2 becomes 0.3.
pub fn round15(number: f64) -> f64 {
    // Whole numbers and up to four decimals have no noise to lose; they are nearly all there is.
    let exact = number.abs() < 1e10 && (number * 1e4).round() / 1e4 == number;
    if exact || !number.is_finite() { number } else { format!("{number:.14e}").parse().unwrap_or(number) }
}

/// A number as Excel's `&` writes it: a decimal point, at most 15 digits, no grouping, an exponent only for the
/// astronomically large or small.
pub fn number_text(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return (number as i64).to_string(); // most numbers; 0 for -0
    }
    let rounded = round15(number);
    if rounded == 0.0 {
        return "0".to_owned(); // also for -0
    }
    if rounded.is_finite() && !(1e-19..1e21).contains(&rounded.abs()) {
        let text = format!("{rounded:E}");
        return match text.split_once('E') {
            Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}E+{exponent}"),
            _ => text,
        };
    }
    format!("{rounded}")
}

/// A date serial as ISO text, with the time where there is one.
pub fn date_text(serial: f64) -> String {
    let day = serial.floor();
    let date = crate::period::day_of(day as i32).map_or_else(|| number_text(day), |day| day.to_string());
    if serial > day { format!("{date} {}", time_text(serial - day)) } else { date }
}

/// A part of a day as hours and minutes.
pub fn time_text(days: f64) -> String {
    let minutes = (days * 1440.0).round() as i64;
    let sign = if minutes < 0 { "-" } else { "" };
    format!("{sign}{:02}:{:02}", minutes.unsigned_abs() / 60, minutes.unsigned_abs() % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_excel_joins_them() {
        for (number, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (123.0, "123"),
            (-1200.5, "-1200.5"),
            (0.1 + 0.2, "0.3"),
            (1.1 * 1.1, "1.21"),
            (1e15, "1000000000000000"),
            (123_456_789_012_345_678.0, "123456789012346000"),
            (1e20, "100000000000000000000"),
            (1.5e21, "1.5E+21"),
            (0.00001, "0.00001"),
            (1e-20, "1E-20"),
            (2.0 / 3.0, "0.666666666666667"),
        ] {
            assert_eq!(number_text(number), text);
        }
    }

    #[test]
    fn no_serial_is_too_wild_to_be_shown() {
        assert_eq!(date_text(46356.0), "2026-11-30");
        assert_eq!(date_text(46356.5), "2026-11-30 12:00");
        for wild in [f64::NAN, f64::INFINITY, f64::MIN, 1e12, -1e12] {
            date_text(wild);
            time_text(wild);
        }
        assert_eq!(time_text(-0.5), "-12:00");
    }
}
