//! The settings as documented in `default.toml`: the one place where a setting is explained.
//!
//! A line `key = value # meaning` is a setting, and so is `# key = value # meaning`, which has no default. Other comments
//! explain the section or setting below them.

use super::DEFAULT;
use crate::text::nearest;

/// A section of the configuration with its settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    /// As written: `[year]`, `[[scorecard.criterion]]`; empty for what stands before the first section.
    pub heading: String,
    /// What it is for.
    pub about: String,
    /// Its settings, in order.
    pub settings: Vec<Setting>,
}

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value in the built-in configuration, else an example.
    pub value: String,
    /// Whether the value is a default and not an example.
    pub is_default: bool,
    /// What it means.
    pub meaning: String,
}

impl Section {
    /// `year` of `[year]`.
    pub fn name(&self) -> &str {
        self.heading.trim_matches(['[', ']'])
    }
}

/// A line of `default.toml`.
enum Line<'a> {
    Blank,
    Prose(&'a str),
    Heading(&'a str),
    Setting { key: &'a str, value: &'a str, meaning: &'a str, is_default: bool },
}

fn line(line: &str) -> Line<'_> {
    let (is_default, plain) = line.strip_prefix("# ").map_or((true, line), |rest| (false, rest));
    let (code, meaning) = plain.split_once(" #").map_or((plain, ""), |(code, meaning)| (code, meaning.trim()));
    let code = code.trim();
    if line.trim_matches(['#', ' ']).is_empty() {
        Line::Blank
    } else if code.starts_with('[') && code.ends_with(']') {
        Line::Heading(code)
    } else if let Some((key, value)) = code.split_once(" = ").filter(|(key, _)| is_key(key)) {
        Line::Setting { key, value, meaning, is_default }
    } else {
        Line::Prose(line.trim_start_matches(['#', ' ']))
    }
}

fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Every section of the built-in configuration; what stands twice (criteria) is given once.
pub fn sections() -> Vec<Section> {
    let mut sections = vec![Section::default()];
    let mut prose: Vec<&str> = Vec::new();
    let mut at = 0;
    for text in DEFAULT.lines() {
        match line(text) {
            // what is said about a whole file or about several sections ends in a blank line
            Line::Blank => prose.clear(),
            Line::Prose(text) => prose.push(text),
            Line::Heading(heading) => {
                let about = std::mem::take(&mut prose).join(" ");
                at = sections.iter().position(|section| section.heading == heading).unwrap_or_else(|| {
                    sections.push(Section { heading: heading.to_owned(), about, settings: Vec::new() });
                    sections.len() - 1
                });
            }
            Line::Setting { key, value, meaning, is_default } => {
                let above = std::mem::take(&mut prose).join(" ");
                let settings = &mut sections[at].settings;
                if !settings.iter().any(|setting| setting.key == key) {
                    let meaning = [above.as_str(), meaning].into_iter().filter(|text| !text.is_empty());
                    settings.push(Setting {
                        key: key.to_owned(),
                        value: value.trim().to_owned(),
                        is_default,
                        meaning: meaning.collect::<Vec<_>>().join(" "),
                    });
                }
            }
        }
    }
    sections
}

/// The heading of the section that a setting belongs to, if it is known in one only.
pub(super) fn section_of(key: &str) -> Option<String> {
    let sections = sections();
    let mut of = sections.iter().filter(|section| section.settings.iter().any(|setting| setting.key == key));
    let first = of.next().filter(|section| !section.heading.is_empty())?;
    of.next().is_none().then(|| first.heading.clone())
}

/// The setting of a section that a word is nearly, and the heading of that section.
pub(super) fn nearly(word: &str) -> Option<(String, String)> {
    let sections = sections();
    let below = || sections.iter().filter(|section| !section.heading.is_empty());
    let keys = || below().flat_map(|section| section.settings.iter().map(move |setting| (setting, section)));
    let near = nearest(word, keys().map(|(setting, _)| setting.key.as_str()))?;
    keys().find(|(setting, _)| setting.key == near).map(|(setting, of)| (setting.key.clone(), of.heading.clone()))
}

/// A configuration file with every setting and its default, commented out: explanations with two signs, settings with one,
/// so that a line whose # is taken off is a setting. `language` is set if it is not the built-in one.
pub fn template(language: &str) -> String {
    let mut text = String::from(
        "## keeptabs.toml: every setting with its default. To change one, take the # off its line and off the line in\n\
         ## brackets above it. What starts with ## explains. `keeptabs config` shows what holds.\n",
    );
    // the file's own introduction is about the built-in configuration
    let settings = DEFAULT.split_once("\n\n").map_or(DEFAULT, |(_, settings)| settings);
    for text_line in settings.lines() {
        let (sign, off) = match line(text_line) {
            Line::Blank if text_line.is_empty() => ("", text_line),
            Line::Blank | Line::Prose(_) => ("#", text_line),
            Line::Setting { key: "language", value, .. } if value.trim_matches('"') != language => {
                text.push_str(&format!("language = \"{language}\"\n"));
                continue;
            }
            Line::Heading(_) | Line::Setting { .. } if text_line.starts_with('#') => ("", text_line),
            Line::Heading(_) | Line::Setting { .. } => ("# ", text_line),
        };
        if text.ends_with("holds.\n") {
            text.push('\n');
        }
        text.push_str(sign);
        text.push_str(off);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    /// One sign off every line, as somebody does who wants all of it.
    fn uncommented(text: &str) -> String {
        text.lines()
            .map(|line| format!("{}\n", line.strip_prefix('#').unwrap_or(line).trim_start_matches(' ')))
            .collect()
    }

    #[test]
    fn the_template_says_what_is_built_in() {
        let as_is = Config::parse(&template("en"), "t").unwrap();
        let built_in = Config::built_in();
        assert_eq!(as_is.scorecard_text(), built_in.scorecard_text());
        assert_eq!((as_is.language, as_is.month), (built_in.language, None));
        assert_eq!(Config::parse(&template("de"), "t").unwrap().language.code(), "de");
    }

    #[test]
    fn the_template_loads_with_every_line_uncommented() {
        let text = uncommented(&template("en"));
        let config = Config::parse(&text, "t").unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert!(config.month.is_some() && config.currency.is_some() && config.rollover.is_some());
        assert_eq!((config.mappings.len(), config.departments.len(), config.picks.len()), (1, 1, 1));
        assert_eq!((config.portfolio.same.len(), config.portfolio.different.len()), (2, 2));
        assert_eq!((config.portfolio.rates.len(), config.mappings[0].columns.len()), (1, 3));
        assert_eq!(config.scorecards[0].criteria.len(), 5);
    }

    #[test]
    fn every_line_of_the_template_alone_under_its_section_loads() {
        let text = template("en");
        let count = text.lines().filter(|line| matches!(super::line(line), Line::Setting { .. })).count();
        assert!(count > 40, "{count}");
        for section in sections().iter().filter(|section| !section.heading.contains("scorecard")) {
            for setting in &section.settings {
                let needed = match section.heading.as_str() {
                    "[[department]]" if setting.key == "file" => "name = \"x\"\n",
                    "[[department]]" if setting.key == "name" => "file = \"x\"\n",
                    "[[department]]" => "name = \"x\"\nfile = \"x\"\n",
                    "[[pick]]" if setting.key == "sheet" => "file = \"x\"\n",
                    _ => "",
                };
                let text = format!("{}\n{needed}{} = {}\n", section.heading, setting.key, setting.value);
                if let Err(error) = Config::parse(&text, "t") {
                    panic!("{text}\n{error}");
                }
            }
        }
    }

    #[test]
    fn every_setting_is_explained() {
        for section in sections() {
            assert!(section.heading.is_empty() || section.heading == "[portfolio.rates]" || section.name().len() > 1);
            for setting in &section.settings {
                assert!(
                    setting.meaning.len() > 6,
                    "{} {} needs a comment in default.toml",
                    section.heading,
                    setting.key
                );
            }
        }
    }

    #[test]
    fn a_setting_without_its_section_is_told_where_it_belongs() {
        let error = Config::parse("key_share = 0.7\n", "t").unwrap_err().to_string();
        assert!(error.contains("key_share belongs under [portfolio]") && error.contains('^'), "{error}");
        assert_eq!(section_of("language"), None);
        assert_eq!(section_of("name"), None);
    }
}
