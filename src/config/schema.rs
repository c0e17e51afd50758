//! The JSON schema of the configuration, for editors and checkers: out of the types that read it, explained by
//! `default.toml`.

use super::file::File;
use super::settings;
use crate::language::Language;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// Settings that take one of a few words.
fn choices() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("language", Language::ALL.map(Language::code).to_vec()),
        ("year.named_by", vec!["end", "start"]),
        ("locale.decimal", vec![",", "."]),
        ("locale.dates", vec!["day-month", "month-day"]),
        ("portfolio.basis", vec!["revenue_last_year", "target", "revenue_current"]),
        ("portfolio.ids", vec!["organisation", "department"]),
    ]
}

/// The schema.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<File>().to_value();
    without_null(&mut schema);
    for section in settings::sections() {
        let Some(object) = at(&mut schema, section.name()) else { continue };
        if !section.about.is_empty() && !section.heading.is_empty() {
            object["description"] = json!(section.about);
        }
        for setting in section.settings {
            let Some(property) = object["properties"].get_mut(&setting.key) else { continue };
            property["description"] = json!(setting.meaning);
            let value: Option<toml::Table> = toml::from_str(&format!("value = {}", setting.value)).ok();
            if let Some(value) = value.filter(|_| setting.is_default).and_then(|mut table| table.remove("value")) {
                property["default"] = json!(value);
            }
        }
    }
    for (place, words) in choices() {
        let (section, key) = place.rsplit_once('.').unwrap_or(("", place));
        if let Some(object) = at(&mut schema, section) {
            object["properties"][key]["enum"] = json!(words);
        }
    }
    schema["title"] = json!("keeptabs.toml");
    schema["description"] = json!("Configuration of keeptabs. What is left out stays as it is built in.");
    schema
}

/// The object that a section's settings are the properties of.
fn at<'s>(schema: &'s mut Value, section: &str) -> Option<&'s mut Value> {
    let mut found = schema;
    for part in section.split('.').filter(|part| !part.is_empty()) {
        found = found.get_mut("properties")?.get_mut(part)?;
        if found.get("items").is_some() {
            found = found.get_mut("items")?;
        }
    }
    found.get("properties").is_some().then_some(found)
}

/// A setting is left out, never null.
fn without_null(schema: &mut Value) {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = types.as_slice() {
            schema["type"] = only.clone();
        }
    }
    if let Some(Value::Array(any)) = schema.get_mut("anyOf") {
        any.retain(|one| one != &json!({ "type": "null" }));
        if let [only] = any.as_slice() {
            *schema = only.clone();
        }
    }
    match schema {
        Value::Object(map) => map.values_mut().for_each(without_null),
        Value::Array(list) => list.iter_mut().for_each(without_null),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use std::collections::BTreeSet;

    fn settings_of(schema: &Value, section: &str, into: &mut BTreeSet<(String, String)>) {
        for (key, property) in schema["properties"].as_object().unwrap() {
            let inner = property.get("items").filter(|items| items.get("properties").is_some()).unwrap_or(property);
            let path = if section.is_empty() { key.clone() } else { format!("{section}.{key}") };
            // rules and bands stand on one line, and the line above explains them
            if inner.get("properties").is_some() && !["bands", "rule", "when"].contains(&key.as_str()) {
                settings_of(inner, &path, into);
            } else if key != "rates" {
                into.insert((section.to_owned(), key.clone()));
            }
        }
    }

    #[test]
    fn what_can_be_read_is_what_is_documented() {
        let mut read = BTreeSet::new();
        settings_of(&schema(), "", &mut read);
        let sections = settings::sections();
        let documented: BTreeSet<(String, String)> = sections
            .iter()
            .filter(|section| section.name() != "portfolio.rates")
            .flat_map(|section| section.settings.iter().map(|s| (section.name().to_owned(), s.key.clone())))
            .collect();
        assert_eq!(read, documented, "a setting of config/file.rs is missing in default.toml, or the other way round");
    }

    #[test]
    fn everything_in_the_schema_is_explained_and_nothing_is_null() {
        let schema = schema();
        assert!(!schema.to_string().contains("\"null\""), "{schema:#}");
        assert_eq!(schema["properties"]["flags"]["properties"]["growth"]["default"], json!(-0.1));
        assert_eq!(schema["properties"]["year"]["additionalProperties"], json!(false));
        assert!(schema["properties"]["scorecard"]["items"]["properties"]["kpi"]["description"].is_string());
    }

    #[test]
    fn the_words_of_a_choice_are_those_that_are_read() {
        for (place, words) in choices() {
            let (section, key) = place.rsplit_once('.').unwrap_or(("", place));
            let heading = if section.is_empty() { String::new() } else { format!("[{section}]\n") };
            let read = |word: &str| Config::parse(&format!("{heading}{key} = \"{word}\"\n"), "t");
            assert!(read("no such word").is_err(), "{place}");
            for word in words {
                assert!(read(word).is_ok(), "{place} {word}");
            }
        }
    }
}
