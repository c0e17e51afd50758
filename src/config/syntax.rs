//! What the TOML parser says about a text that is no TOML, for people who have never heard of TOML.

/// Quotation marks that word processors and phones put in place of `"`.
const TYPOGRAPHIC: [char; 9] = ['“', '”', '„', '‟', '‘', '’', '‚', '«', '»'];

/// The parser's message in words; `line` is where it happened, `marked` what the caret stands under.
pub(super) fn in_words(message: &str, line: &str, marked: &str) -> String {
    let is = |begin: &str| message.starts_with(begin);
    if is("missing escaped value") || is("invalid escape") || is("too few unicode") {
        return "in a text, \\ begins a sign of its own: write paths with /, as in \"Sales/Clients.xlsx\"".to_owned();
    }
    if marked.contains(TYPOGRAPHIC) {
        return "these are quotation marks of a word processor; write \" in their place".to_owned();
    }
    if is("string values must be quoted") {
        return format!("a text stands in quotation marks: \"{}\"", marked.trim());
    }
    if is("invalid basic string") || is("invalid literal string") {
        return "the text that begins here does not end: its closing quotation mark is missing".to_owned();
    }
    if is("invalid date") || is("invalid time") || is("invalid datetime") {
        return format!("a month or a day stands in quotation marks: \"{}\"", marked.trim());
    }
    if is("duplicate key") {
        return "this stands in the file already, further up; leave one of the two".to_owned();
    }
    let colon = line.find(':').filter(|&at| line[..at].chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
    if let (true, Some(at)) = (is("key with no value"), colon) {
        return format!("a setting is written with = : {} = {}", &line[..at], line[at + 1..].trim());
    }
    if is("key with no value") {
        return "a setting is written with = : language = \"nl\"; a remark begins with #".to_owned();
    }
    if let Some(bracket) = message.split('`').nth(1).filter(|_| is("unclosed")) {
        return format!("what is opened on this line is not closed: {bracket} is missing");
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::config::Config;

    #[test]
    fn the_usual_slips_are_told_in_words() {
        for (text, told) in [
            ("[[mapping]]\nfile = \"Sales\\Clients.xlsx\"", "write paths with /"),
            ("currency = “EUR”", "quotation marks of a word processor"),
            ("currency = EUR", "a text stands in quotation marks: \"EUR\""),
            ("currency = \"EUR", "its closing quotation mark is missing"),
            ("currency = 'EUR", "its closing quotation mark is missing"),
            ("month = 2026-10", "stands in quotation marks: \"2026-10\""),
            ("month = 2026-11-05", "expected a text in quotation marks"),
            ("currency = \"EUR\"\ncurrency = \"GBP\"", "stands in the file already"),
            ("currency: \"EUR\"", "is written with = : currency = \"EUR\""),
            ("our currency is the euro", "is written with = : language"),
            ("[[same]]\nnames = [\"a\", \"b\"", "] is missing"),
            ("[[mapping]]\nfile = \"a\"\ncolumns = { \"A\" = \"none\"", "} is missing"),
        ] {
            let mistakes = Config::parse(text, "keeptabs.toml").expect_err(text).to_string();
            assert!(mistakes.contains(told), "{text}\n{mistakes}");
            assert!(mistakes.contains('^'), "{mistakes}");
        }
    }
}
