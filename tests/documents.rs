//! Documents made from what the program knows, and documents that must name all of it.

use crate::support::fixtures;
use keeptabs::config::settings;
use keeptabs::explain::explain;
use keeptabs::finding::{Code, Severity};
use keeptabs::schema::Form;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// The committed file is what is generated; `KEEPTABS_BLESS=1` renews it.
fn is_committed(name: &str, generated: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(name);
    if std::env::var_os("KEEPTABS_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(committed == generated, "docs/{name} is out of date: renew it with KEEPTABS_BLESS=1 cargo test documents");
}

/// A text in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[test]
fn findings_by_code() {
    let mut text = String::from(
        "# Findings by code\n\n\
         Made from `src/explain/findings.toml` by a test; `KEEPTABS_BLESS=1 cargo test documents` renews it. `keeptabs explain CODE`\n\
         says the same.\n\n\
         An **error** waits for a decision or a mended file, and keeps its sheet or workbook out. A **warning** does not, but\n\
         somebody should look. A **note** is good to know.\n\n\
         | code | | what was found |\n|---|---|---|\n",
    );
    let severity = |code: Code| match code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    for &code in Code::ALL {
        writeln!(text, "| [`{code}`](#{code}) | {} | {} |", severity(code), cell(&explain(code).means)).unwrap();
    }
    for &code in Code::ALL {
        let told = explain(code);
        write!(
            text,
            "\n## {code}\n\n*{}.* {}\n\n**Why it matters.** {}\n\n**What to do.** {}\n\n> {}\n",
            severity(code),
            told.means,
            told.why,
            told.advice,
            told.example
        )
        .unwrap();
    }
    is_committed("findings.md", &text);
}

#[test]
fn every_setting() {
    let mut text = String::from(
        "# Configuration\n\n\
         Made from `src/config/default.toml` by a test; `KEEPTABS_BLESS=1 cargo test documents` renews it.\n\n\
         keeptabs looks for `keeptabs.toml` beside the inbox, then in the working directory; `--config FILE` names another. What a\n\
         file leaves out stays as it is built in. `keeptabs init` writes a file with every setting in it, commented out;\n\
         `keeptabs config` prints what holds, and `keeptabs config --schema` the JSON schema, for editors that complete and check.\n\
         All mistakes are shown at once, each with its line.\n",
    );
    for section in settings::sections() {
        let heading =
            if section.heading.is_empty() { "Above the sections".to_owned() } else { section.heading.clone() };
        write!(text, "\n## {heading}\n\n").unwrap();
        if !section.about.is_empty() {
            write!(text, "{}\n\n", section.about).unwrap();
        }
        if section.settings.is_empty() {
            continue;
        }
        writeln!(text, "| setting | default | meaning |\n|---|---|---|").unwrap();
        for setting in &section.settings {
            let value =
                if setting.is_default { format!("`{}`", setting.value) } else { format!("none; `{}`", setting.value) };
            writeln!(text, "| `{}` | {} | {} |", setting.key, cell(&value), cell(&setting.meaning)).unwrap();
        }
    }
    is_committed("configuration.md", &text);
}

#[test]
fn schemas() {
    for (form, name) in [(Form::Config, "config"), (Form::Report, "report"), (Form::Map, "map"), (Form::Error, "error")]
    {
        is_committed(&format!("schemas/{name}.json"), &format!("{:#}\n", form.schema()));
    }
}

/// The English headings of a group in one of the files of words: no titles and sentences, no words of charts.
fn words(file: &str, group: &str) -> BTreeSet<String> {
    let text = std::fs::read_to_string(fixtures().join("../src/output").join(file)).unwrap();
    let words: toml::Table = toml::from_str(&text).unwrap();
    let group_is_columns = group.ends_with("column");
    let group = words[group].as_table().unwrap();
    let other = ["title", "subtitle", "managers", "departments", "all", "unchanged"];
    let headings = group.iter().filter(|(id, _)| {
        group_is_columns || !(other.contains(&id.as_str()) || id.starts_with("chart") || id.starts_with("axis"))
    });
    let headings = headings.map(|(_, word)| word["en"].as_str().unwrap().to_owned());
    // what a carried heading is made of is no column of its own
    headings.filter(|heading| !heading.contains('{') && !heading.ends_with('.')).collect()
}

#[test]
fn every_column_of_the_results_is_explained() {
    let document = std::fs::read_to_string(fixtures().join("../docs/columns.md")).unwrap();
    let explained: BTreeSet<&str> =
        document.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |")).map(|(name, _)| name).collect();
    let summary = ["org_column", "groups", "run_log"].map(|group| words("words_summary.toml", group));
    let columns = words("words.toml", "column").into_iter().chain(summary.into_iter().flatten());
    let columns: BTreeSet<_> = columns.collect();
    let missing: Vec<_> = columns.iter().filter(|heading| !explained.contains(heading.as_str())).collect();
    assert!(missing.is_empty(), "docs/columns.md does not explain {missing:?}");
    let points = words("words.toml", "points");
    let typed = ["Owner", "Due", "Done", "Note"].map(str::to_owned);
    assert!(points.iter().chain(&typed).all(|heading| explained.contains(heading.as_str())), "{points:?}");
    let known: BTreeSet<_> = columns.into_iter().chain(points).chain(typed).collect();
    let gone: Vec<_> = explained.iter().filter(|heading| !known.contains(**heading)).collect();
    assert!(gone.is_empty(), "docs/columns.md explains what there is not: {gone:?}");
}

#[test]
fn every_setting_a_message_may_name_exists() {
    let known: BTreeSet<String> =
        settings::sections().into_iter().flat_map(|section| section.settings).map(|setting| setting.key).collect();
    for &code in Code::ALL {
        let told = explain(code);
        for text in [&told.advice, &told.why] {
            for quoted in text.split('`').skip(1).step_by(2) {
                let key = quoted.split(" = ").next().unwrap();
                let is_key = key.chars().all(|c| c.is_ascii_lowercase() || c == '_');
                assert!(!is_key || known.contains(key), "{code} speaks of the setting {key}, which there is not");
            }
        }
    }
}
