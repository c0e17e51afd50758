//! What a number format code says about the number in the cell: plain, a date, a time of day or a duration.

/// Kind of number that a format shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Date,
    /// Hours, minutes or seconds, without a day.
    Clock,
    /// Hours, minutes or seconds that do not wrap: `[h]:mm`.
    Duration,
}

/// Kind of a format code, by its first section.
pub(super) fn kind(code: &str) -> Kind {
    let (mut day, mut minute_or_month, mut clock) = (false, false, false);
    let mut chars = code.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            ';' => break,
            '"' => while chars.next().is_some_and(|c| c != '"') {},
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => {
                let mut inner = String::new();
                for c in chars.by_ref().take_while(|&c| c != ']') {
                    inner.push(c.to_ascii_lowercase());
                }
                let first = inner.chars().next();
                if matches!(first, Some('h' | 'm' | 's')) && inner.chars().all(|c| Some(c) == first) {
                    return Kind::Duration;
                }
            }
            'a' | 'A' => {
                // "AM/PM" and "A/P" are no months.
                if matches!(chars.peek(), Some('m' | 'M' | '/')) {
                    clock = true;
                    while matches!(chars.peek(), Some('m' | 'M' | '/' | 'p' | 'P')) {
                        chars.next();
                    }
                }
            }
            // A word such as "General" or a localised "Standard" is no run of date letters.
            'G' | 'S' if code.starts_with("General") || code.starts_with("Standard") => break,
            'd' | 'D' | 'y' | 'Y' => day = true,
            'm' | 'M' => minute_or_month = true,
            'h' | 'H' | 's' | 'S' => clock = true,
            _ => {}
        }
    }
    match (day, minute_or_month, clock) {
        (true, ..) | (false, true, false) => Kind::Date,
        (false, _, true) => Kind::Clock,
        (false, false, false) => Kind::Number,
    }
}

/// The code behind a number format that Excel does not write out (ECMA-376 18.8.30); "General" for unknown ones.
/// The dates of East Asian Excels (27 to 36, 50 to 58) differ by locale; one date code stands for all.
pub(super) fn built_in(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        5 => "\"$\"#,##0_);\\(\"$\"#,##0\\)",
        6 => "\"$\"#,##0_);[Red]\\(\"$\"#,##0\\)",
        7 => "\"$\"#,##0.00_);\\(\"$\"#,##0.00\\)",
        8 => "\"$\"#,##0.00_);[Red]\\(\"$\"#,##0.00\\)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 => "mm-dd-yy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 => "h:mm",
        21 => "h:mm:ss",
        22 => "m/d/yy h:mm",
        27..=31 | 34..=36 | 50..=58 => "yyyy-mm-dd",
        32 | 33 => "h:mm:ss",
        37 => "#,##0 ;(#,##0)",
        38 => "#,##0 ;[Red](#,##0)",
        39 => "#,##0.00;(#,##0.00)",
        40 => "#,##0.00;[Red](#,##0.00)",
        41 => "_(* #,##0_);_(* \\(#,##0\\);_(* \"-\"_);_(@_)",
        42 => "_(\"$\"* #,##0_);_(\"$\"* \\(#,##0\\);_(\"$\"* \"-\"_);_(@_)",
        43 => "_(* #,##0.00_);_(* \\(#,##0.00\\);_(* \"-\"??_);_(@_)",
        44 => "_(\"$\"* #,##0.00_);_(\"$\"* \\(#,##0.00\\);_(\"$\"* \"-\"??_);_(@_)",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mmss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => "General",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_say_what_they_show() {
        for (code, expected) in [
            ("General", Kind::Number),
            ("#,##0.00 \"days\"", Kind::Number),
            ("0\\d", Kind::Number),
            ("[Red]0.00;dd", Kind::Number),
            ("_(\"$\"* #,##0_)", Kind::Number),
            ("0.00E+00", Kind::Number),
            ("[$€-407] #,##0", Kind::Number),
            ("dd/mm/yyyy", Kind::Date),
            ("[$-409]mmm\\ yy", Kind::Date),
            ("mmm", Kind::Date),
            ("yyyy-mm-dd hh:mm", Kind::Date),
            ("h:mm AM/PM", Kind::Clock),
            ("mm:ss", Kind::Clock),
            ("[h]:mm", Kind::Duration),
            ("[mm]:ss", Kind::Duration),
        ] {
            assert_eq!(kind(code), expected, "{code}");
        }
    }
}
