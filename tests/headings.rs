//! `docs/headings.md` is the dictionary for a reader: the committed file is what the dictionary says.

use keeptabs::dictionary::{ByLanguage, Dictionary};
use keeptabs::field::{Field, Kind};
use std::fmt::Write;

const LANGUAGES: [(&str, &str); 8] = [
    ("en", "English"),
    ("pt", "Portuguese"),
    ("nl", "Dutch"),
    ("de", "German"),
    ("fr", "French"),
    ("es", "Spanish"),
    ("it", "Italian"),
    ("any", "any"),
];

fn kind(field: Field) -> &'static str {
    match field.kind() {
        Kind::Text => "text",
        Kind::Count => "a whole number",
        Kind::Level => "junior, middle or senior, or a title",
        Kind::Survey => "a score from 1 to 10",
        Kind::Date => "a date",
        Kind::Money => "an amount of money",
        Kind::Stage => "active, prospect or former",
        Kind::Status => "Strong, Watch or At risk",
        Kind::Currency => "a currency",
    }
}

fn words(by_language: Option<&ByLanguage>, language: &str) -> String {
    let words = by_language.and_then(|words| words.get(language)).into_iter().flatten();
    // a bar would end the cell
    words.map(|word| word.replace('|', "\\|")).collect::<Vec<_>>().join(" · ")
}

fn rows(text: &mut String, by_language: Option<&ByLanguage>) {
    writeln!(text, "| language | headings |\n|---|---|").unwrap();
    for (code, language) in LANGUAGES {
        let words = words(by_language, code);
        if !words.is_empty() {
            writeln!(text, "| {language} | {words} |").unwrap();
        }
    }
}

fn generated() -> String {
    let dictionary = Dictionary::built_in();
    let mut text = String::from(
        "# Headings that keeptabs knows\n\n\
         Made from `src/mapping/dictionary.toml` by a test; `KEEPTABS_BLESS=1 cargo test headings` renews it.\n\n\
         Capitals, accents, spaces and punctuation do not matter, units in brackets are read (\"Revenue (EUR k)\"), the order of\n\
         words and small typos are forgiven where nothing else could be meant, and years are read against the reporting month.\n\
         `keeptabs map` shows how the headings of your own lists are matched, and why.\n\n\
         **Your lists may be in any of the seven languages**, mixed as well: all are known at once, and nothing has to be set. Numbers\n\
         and dates are read as their column writes them. The language of the *results* is `--language`, or `language` in keeptabs.toml.\n\n\
         **A heading that is not here** comes back as it was, at the right end of the client table. If it holds something that is\n\
         scored, name it in keeptabs.toml; the fields are the titles below, and `\"none\"` is for a heading that is read wrongly:\n\n\
         ```toml\n\
         [[mapping]]\n\
         file = \"Sales/*.xlsx\"\n\
         columns = { \"Touchpoints\" = \"meetings\", \"Owner\" = \"none\" }\n\
         ```\n\n\
         **A heading that reads two ways** (\"Contacts\": ours or theirs?) sends its workbook to *needs review*; `keeptabs map --save`\n\
         writes the line that settles it. Our contacts are *our people* who know somebody there, client contacts *their people* who\n\
         know us.\n\n\
         **Titles of people** (Director, Geschäftsführer, inkoper …) are read as junior, middle or senior; a title that is not known is a\n\
         finding, never 0 points.\n",
    );
    for &field in Field::ALL {
        writeln!(text, "\n## {field}\n\nHolds {}.\n", kind(field)).unwrap();
        rows(&mut text, dictionary.fields.get(field.id()));
        if let Some(weak) = dictionary.weak.get(field.id()) {
            writeln!(text, "\nOnly if the values bear it out:\n").unwrap();
            rows(&mut text, Some(weak));
        }
    }
    text.push_str("\n## Look-alikes\n\nThey resemble a field and are none; their columns come back as they were.\n\n");
    rows(&mut text, Some(&dictionary.lookalikes));
    text
}

#[test]
fn the_document_is_what_the_dictionary_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/headings.md");
    let generated = generated();
    if std::env::var_os("KEEPTABS_BLESS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == generated,
        "docs/headings.md is out of date: renew it with KEEPTABS_BLESS=1 cargo test headings"
    );
}

#[test]
fn every_language_of_the_dictionary_is_in_the_document() {
    let dictionary = Dictionary::built_in();
    let maps = dictionary.fields.values().chain(dictionary.weak.values()).chain([&dictionary.lookalikes]);
    for language in maps.flat_map(|words| words.keys()) {
        assert!(LANGUAGES.iter().any(|(code, _)| code == language), "{language}");
    }
}
