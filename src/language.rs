//! The languages of results. Lists are read in all of them at once, whatever the language of the result.

use std::fmt;
use std::str::FromStr;

/// A language that results are written in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the languages' own names")]
pub enum Language {
    #[default]
    English,
    Dutch,
    Portuguese,
    German,
    French,
    Spanish,
    Italian,
}

impl Language {
    /// Every language.
    pub const ALL: [Language; 7] =
        [Self::English, Self::Dutch, Self::Portuguese, Self::German, Self::French, Self::Spanish, Self::Italian];

    /// The ISO 639 code, as on the command line and in the configuration.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Dutch => "nl",
            Self::Portuguese => "pt",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(text));
        found.ok_or_else(|| {
            let codes = Self::ALL.map(Self::code).join(", ");
            format!("\"{text}\" is no language of results; they are {codes}")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Language;

    #[test]
    fn codes_are_read_back() {
        for language in Language::ALL {
            assert_eq!(language.to_string().parse(), Ok(language));
        }
        assert!("se".parse::<Language>().unwrap_err().contains("\"se\""));
    }
}
