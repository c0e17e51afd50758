//! The lines of configuration that messages propose. Each is a table of its own, so that it can be put at the end of the
//! file as it stands, any number of times; the configuration takes it on one line or on several.

use crate::field::Field;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

mod told;

pub use told::told_apart;

/// A line of configuration that settles a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Proposal {
    table: Cow<'static, str>,
    pairs: Vec<(Cow<'static, str>, String)>,
    or: Option<String>,
}

impl Proposal {
    /// Names the field of headings; `None`: no field.
    pub fn columns<'a>(file: &str, sheet: &str, columns: impl IntoIterator<Item = (&'a str, Option<Field>)>) -> Self {
        let columns = columns
            .into_iter()
            .map(|(heading, field)| format!("{} = {}", quoted(heading), quoted(field.map_or("none", Field::id))));
        let columns: Vec<_> = columns.collect();
        Self::mapping(file, sheet, "columns", format!("{{ {} }}", columns.join(", ")))
    }

    /// Names the row directly above the data, from 0.
    pub fn header_row(file: &str, sheet: &str, row: u32) -> Self {
        Self::mapping(file, sheet, "header_row", (row + 1).to_string())
    }

    /// Names the scale of the survey's answers: "1-5".
    pub fn survey_scale(file: &str, sheet: &str, scale: &str) -> Self {
        Self::mapping(file, sheet, "survey_scale", quoted(scale))
    }

    fn mapping(file: &str, sheet: &str, key: &'static str, value: String) -> Self {
        // the file is a pattern: "[UK] clients.xlsx" must mean itself
        let file = quoted(&globset::escape(file));
        Self::of("mapping", [("file", file), ("sheet", quoted(sheet)), (key, value)])
    }

    /// The names are one client.
    pub fn same(names: &[&str]) -> Self {
        Self::names("same", names)
    }

    /// The first name is another client than each of the others.
    pub fn different(names: &[&str]) -> Self {
        Self::names("different", names)
    }

    fn names(table: &'static str, names: &[&str]) -> Self {
        let names: Vec<_> = names.iter().map(|name| quoted(name)).collect();
        Self::of(table, [("names", format!("[{}]", names.join(", ")))])
    }

    /// Of lists handed in twice this one counts.
    pub fn pick(file: &str, sheet: &str) -> Self {
        Self::of("pick", [("file", quoted(file)), ("sheet", quoted(sheet))])
    }

    fn of<const N: usize>(table: &'static str, pairs: [(&'static str, String); N]) -> Self {
        Self { table: table.into(), pairs: pairs.map(|(key, value)| (key.into(), value)).into(), or: None }
    }

    /// What else the last value could be: a remark behind the line.
    #[must_use]
    pub fn or(mut self, other: impl Into<String>) -> Self {
        self.or = Some(other.into());
        self
    }

    /// As a table of the configuration, a line for each key.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![format!("[[{}]]", self.table)];
        lines.extend(self.pairs.iter().map(|(key, value)| format!("{key} = {value}")));
        if let (Some(last), Some(or)) = (lines.last_mut(), &self.or) {
            last.push_str("  # or ");
            last.push_str(or);
        }
        lines
    }
}

impl fmt::Display for Proposal {
    /// On one line: `[[mapping]] file = "…", sheet = "…", columns = { "…" = "…" }`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[[{}]] ", self.table)?;
        for (place, (key, value)) in self.pairs.iter().enumerate() {
            let comma = if place > 0 { ", " } else { "" };
            write!(f, "{comma}{key} = {value}")?;
        }
        Ok(())
    }
}

/// As the line that it is for readers; keeptabs itself keeps its parts.
impl Serialize for Proposal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => serializer.collect_str(self),
            false => (&self.table, &self.pairs, &self.or).serialize(serializer),
        }
    }
}

/// From what keeptabs kept.
impl<'de> Deserialize<'de> for Proposal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (table, pairs, or) = Deserialize::deserialize(deserializer)?;
        Ok(Self { table, pairs, or })
    }
}

/// A text as a string of the configuration.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Proposals with what they are about, as lines for the end of a configuration file: commented out, for a person to
/// decide. `None` if all of them stand there already, commented out or not.
pub fn commented_out(existing: &str, month: &str, open: &[(String, &Proposal)]) -> Option<(String, usize)> {
    let known: Vec<&str> = existing.lines().map(bare).collect();
    let mut seen: Vec<&Proposal> = Vec::new();
    let mut text = String::new();
    for (about, proposal) in open {
        let lines = proposal.lines();
        let wanted: Vec<&str> = lines.iter().map(|line| bare(line)).collect();
        let one_line = proposal.to_string();
        let stands = known.windows(wanted.len()).any(|window| window == wanted)
            || known.iter().any(|line| line.starts_with(&one_line));
        if stands || seen.contains(proposal) {
            continue;
        }
        seen.push(proposal);
        text.push('\n');
        // two signs: a remark stays one when somebody takes one sign off every line
        for line in wrapped(&about.replace(&one_line, "the lines below"), 100) {
            text.push_str(&format!("## {line}\n"));
        }
        for line in lines {
            text.push_str(&format!("# {line}\n"));
        }
    }
    let heading = format!(
        "## keeptabs map --save, {month}: what it could not settle. Take the # off the lines that are right, and run again.\n"
    );
    (!seen.is_empty()).then(|| (heading + &text, seen.len()))
}

/// A line without its comment sign and without the remark behind it.
fn bare(line: &str) -> &str {
    let line = line.trim_start_matches(['#', ' ', '\t']);
    line.split_once("  # or ").map_or(line, |(line, _)| line).trim_end()
}

/// A text in lines of at most so many characters, broken between words.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut length = 0;
    for word in text.split_whitespace() {
        let letters = word.chars().count();
        if length > 0 && length + 1 + letters > width {
            lines.push(String::new());
            length = 0;
        }
        if let Some(line) = lines.last_mut() {
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.push_str(word);
            length += letters;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn all() -> Vec<Proposal> {
        let (file, sheet) = ("Sales/[UK] \"new\" {1}.xlsx", "Q&A, \\ # [[x]]\u{1}");
        vec![
            Proposal::columns(file, sheet, [("Kon\"tak\\te, # = {", Some(Field::ClientContacts)), ("Owner", None)])
                .or("\"our_contacts\""),
            Proposal::header_row(file, sheet, 3).or("2"),
            Proposal::survey_scale(file, sheet, "1-5"),
            Proposal::same(&["Acme, Inc.", "ACME \"Holding\""]),
            Proposal::different(&["Delta Ltd", "Delta [BV]"]),
            Proposal::pick(file, sheet).or("another"),
        ]
    }

    /// Everything that a proposal can say, as the configuration understands it.
    fn check(config: &Config) {
        let (file, sheet) = ("Sales/[UK] \"new\" {1}.xlsx", "Q&A, \\ # [[x]]\u{1}");
        assert_eq!(config.mappings.len(), 3);
        for rule in &config.mappings {
            assert!(rule.file.is_match(file) && !rule.file.is_match("Sales/U \"new\" 1.xlsx"));
            assert_eq!(rule.sheet.as_deref(), Some(sheet));
        }
        let columns = config.mappings[0].columns.iter().map(|(heading, field)| (heading.as_str(), *field));
        let wanted = [("Kon\"tak\\te, # = {", Some(Field::ClientContacts)), ("Owner", None)];
        assert_eq!(columns.collect::<Vec<_>>(), wanted);
        assert_eq!(config.mappings[1].header_row, Some(3));
        assert_eq!(config.mappings[2].survey_scale.map(|scale| (scale.low, scale.high)), Some((1.0, 5.0)));
        assert_eq!(config.portfolio.same, [["Acme, Inc.", "ACME \"Holding\""]]);
        assert_eq!(config.portfolio.different, [["Delta Ltd", "Delta [BV]"]]);
        assert_eq!(config.picks.len(), 1);
        assert_eq!((config.picks[0].file_name.as_str(), config.picks[0].sheet.as_deref()), (file, Some(sheet)));
    }

    #[test]
    fn every_proposal_is_configuration_on_one_line_and_on_several() {
        let before = "[limits]\ncells = 7\n";
        let one: Vec<_> = all().iter().map(|proposal| format!("{proposal}  # taken\n")).collect();
        let several: Vec<_> = all().iter().map(|proposal| proposal.lines().join("\n") + "\n").collect();
        for text in [one, several] {
            let text = before.to_owned() + &text.concat();
            check(&Config::parse(&text, "t").unwrap_or_else(|error| panic!("{text}\n{error}")));
        }
    }

    #[test]
    fn proposals_are_saved_once_and_are_comments_until_somebody_decides() {
        let proposals = all();
        let open: Vec<_> = proposals.iter().map(|proposal| ("why ".repeat(60), proposal)).collect();
        let (text, count) = commented_out("month = \"2026-11\"\n", "2026-11", &open).unwrap();
        assert_eq!(count, 6);
        assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#')), "{text}");
        assert!(Config::parse(&text, "t").unwrap().mappings.is_empty());
        let uncommented: Vec<_> = text.lines().map(|line| line.strip_prefix('#').unwrap_or(line)).collect();
        check(&Config::parse(&uncommented.join("\n"), "t").unwrap());
        // neither the comments nor the decided lines are written again, nor a line that was put there by hand
        assert_eq!(commented_out(&text, "2026-12", &open), None);
        assert_eq!(commented_out(&uncommented.join("\n"), "2026-12", &open), None);
        let by_hand = format!("{}\n", proposals[1]);
        assert_eq!(commented_out(&by_hand, "2026-12", &open[1..2]), None);
        assert_eq!(commented_out(&by_hand, "2026-12", &open).map(|(_, count)| count), Some(5));
    }

    #[test]
    fn no_message_writes_configuration_by_hand() {
        let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
        let mut offenders = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
                let path = entry.path();
                let name = path.display().to_string();
                if path.is_dir() {
                    folders.push(path);
                } else if name.ends_with(".rs") && !name.contains("proposal.rs") && !name.contains("config") {
                    let text = std::fs::read_to_string(&path).unwrap();
                    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
                    let tests = name.ends_with("tests.rs") || name.ends_with("testing.rs");
                    let says = |line: &&str| {
                        !line.trim_start().starts_with("//")
                            && [
                                "[[mapping]]",
                                "columns = {{",
                                "same = [",
                                "different = [",
                                "pick = [",
                                "survey_scale = \\\"",
                            ]
                            .iter()
                            .any(|line_of_config| line.contains(line_of_config))
                    };
                    offenders
                        .extend(code.lines().filter(says).filter(|_| !tests).map(|line| format!("{name}: {line}")));
                }
            }
        }
        assert!(offenders.is_empty(), "{offenders:#?}: let a Proposal say it, so that it is known to work");
    }
}
