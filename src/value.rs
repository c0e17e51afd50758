//! Cell → count, number, level, date, money: strict, after the column has voted. Pure.

/// The largest count that is believed; an Excel date serial in a count column lies above it.
pub const MAX_COUNT: f64 = 9_999.0;

/// A number as a person types it, with a decimal point and without grouping.
pub fn number_text(number: f64) -> String {
    format!("{number}")
}

/// A date serial as ISO text, with the time where there is one.
pub fn date_text(serial: f64) -> String {
    let day = serial.floor();
    let date =
        crate::period::day_of(day as i32).map_or_else(|| number_text(day), |day| day.to_string());
    if serial > day {
        format!("{date} {}", time_text(serial - day))
    } else {
        date
    }
}

/// A part of a day as hours and minutes.
pub fn time_text(days: f64) -> String {
    let minutes = (days * 1440.0).round() as i64;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}
