//! The reporting month and what follows from it: as-of date, fiscal year, share of the year. No clock in here.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A calendar month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    /// Year, 1990 to 2200.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

impl Month {
    /// The month, if it is one that a client list can speak of.
    pub fn new(year: i16, month: i8) -> Option<Self> {
        ((1990..=2200).contains(&year) && (1..=12).contains(&month)).then_some(Self { year, month })
    }

    /// The month of a day.
    pub fn of(day: Date) -> Option<Self> {
        Self::new(day.year(), day.month())
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        Date::constant(self.year, self.month, 1)
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The month `months` later (earlier, if negative).
    pub fn plus(self, months: i32) -> Self {
        let day = self.first_day().saturating_add(months.months());
        Self { year: day.year(), month: day.month() }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl FromStr for Month {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text.split_once('-').filter(|(year, month)| {
            year.len() == 4 && month.len() == 2 && [year, month].iter().all(|t| t.bytes().all(|b| b.is_ascii_digit()))
        });
        parsed.and_then(|(year, month)| Self::new(year.parse().ok()?, month.parse().ok()?)).ok_or_else(|| {
            let meant = written_otherwise(text);
            let wish = meant.map_or_else(
                || "write it as year and month, like 2026-11".to_owned(),
                |month| format!("write it as year and month: {month}"),
            );
            format!("\"{text}\" is no month; {wish}")
        })
    }
}

/// The month that another way of writing it names: "11/2026", "2026.11", "2026-11-30", "nov 2026".
fn written_otherwise(text: &str) -> Option<Month> {
    const NAMES: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let parts: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    let year = |part: &str| part.parse().ok().filter(|_| part.len() == 4);
    let month = |part: &str| {
        let start = part.get(..3).map(str::to_lowercase);
        let named =
            NAMES.iter().position(|name| start.as_deref() == Some(name)).and_then(|at| i8::try_from(at + 1).ok());
        named.or_else(|| part.parse().ok().filter(|_| part.len() <= 2))
    };
    match parts[..] {
        [first, second] => match (year(first), year(second)) {
            (Some(year), None) => Month::new(year, month(second)?),
            (None, Some(year)) => Month::new(year, month(first)?),
            _ => None,
        },
        // a day is only left away where it cannot be taken for the month
        [first, second, _] => Month::new(year(first)?, month(second)?),
        _ => None,
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

/// The reporting month in its fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The reporting month.
    pub month: Month,
    /// Month in which the fiscal year begins, 1 to 12.
    pub fiscal_start: i8,
}

impl Period {
    /// Month of the fiscal year, 1 to 12.
    pub fn month_of_year(self) -> i8 {
        (self.month.month - self.fiscal_start).rem_euclid(12) + 1
    }

    /// Months of the fiscal year up to and including the reporting month, over 12.
    pub fn share_of_year(self) -> f64 {
        f64::from(self.month_of_year()) / 12.0
    }

    /// The last day of the reporting month: every date rule counts from it.
    pub fn as_of(self) -> Date {
        self.month.last_day()
    }

    /// First month of the fiscal year.
    pub fn fiscal_first(self) -> Month {
        self.month.plus(1 - i32::from(self.month_of_year()))
    }

    /// The calendar year in which the fiscal year ends: "FY26" begins in April 2025 where the year begins in April.
    pub fn fiscal_year(self) -> i16 {
        self.fiscal_first().plus(11).year
    }
}

/// Days since 1899-12-30, as Excel counts from March 1900 on.
pub fn serial(day: Date) -> i32 {
    (day - Date::constant(1899, 12, 30)).get_days()
}

/// The day behind a serial number, if the calendar has it.
pub fn day_of(serial: i32) -> Option<Date> {
    let days = Span::new().try_days(serial).ok()?; // `serial.days()` panics beyond the calendar
    Date::constant(1899, 12, 30).checked_add(days).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(month: &str, fiscal_start: i8) -> Period {
        Period { month: month.parse().unwrap(), fiscal_start }
    }

    #[test]
    fn share_of_year_counts_the_reporting_month() {
        assert_eq!(period("2026-01", 1).share_of_year(), 1.0 / 12.0);
        assert_eq!(period("2026-11", 1).share_of_year(), 11.0 / 12.0);
        assert_eq!(period("2026-04", 4).share_of_year(), 1.0 / 12.0);
        assert_eq!(period("2026-03", 4).share_of_year(), 1.0);
    }

    #[test]
    fn fiscal_year_is_named_by_its_end() {
        assert_eq!(period("2026-11", 1).fiscal_year(), 2026);
        assert_eq!(period("2026-03", 4).fiscal_year(), 2026);
        assert_eq!(period("2026-04", 4).fiscal_year(), 2027);
        assert_eq!(period("2026-11", 4).fiscal_first().to_string(), "2026-04");
    }

    #[test]
    fn months_are_strict() {
        for bad in ["2026-13", "2026-00", "26-11", "2026-1", "2026/11", "November", "+026-01"] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
        assert_eq!("2026-11".parse::<Month>().unwrap().last_day().to_string(), "2026-11-30");
    }

    #[test]
    fn serials_are_excels() {
        assert_eq!(day_of(i32::MAX), None);
        assert_eq!(serial(Date::constant(2026, 11, 30)), 46356);
        assert_eq!(day_of(46356), Some(Date::constant(2026, 11, 30)));
    }
}
