//! What each finding means, for `keeptabs explain` and docs/findings.md. Data in `explain/findings.toml`.

use crate::finding::Code;
use crate::text::nearest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static ALL: LazyLock<BTreeMap<String, Explanation>> =
    LazyLock::new(|| toml::from_str(include_str!("explain/findings.toml")).expect("BUG: a test reads it"));

/// The documentation of a kind of finding.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Explanation {
    /// What was found.
    pub means: String,
    /// Why it matters.
    pub why: String,
    /// What to do about it.
    #[serde(rename = "do")]
    pub advice: String,
    /// How it looks in practice.
    pub example: String,
}

/// The documentation of a code.
pub fn explain(code: Code) -> &'static Explanation {
    ALL.get(code.id()).unwrap_or_else(|| panic!("BUG: {code} is not documented, and a test says that it is"))
}

/// The code that is called so, whatever its case and with blanks or underscores for hyphens.
///
/// # Errors
/// The code that is most like the word, if any is like it.
pub fn find(word: &str) -> Result<Code, Option<Code>> {
    let id = word.trim().to_lowercase().replace([' ', '_'], "-");
    let of = |id: &str| Code::ALL.iter().copied().find(|code| code.id() == id);
    of(&id).ok_or_else(|| nearest(&id, Code::ALL.iter().map(|code| code.id())).and_then(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_explained_and_nothing_else() {
        let missing: Vec<_> = Code::ALL.iter().filter(|code| !ALL.contains_key(code.id())).collect();
        assert!(missing.is_empty(), "add to src/explain/findings.toml: {missing:?}");
        for (id, text) in ALL.iter() {
            assert!(Code::ALL.iter().any(|code| code.id() == id), "{id} is no code");
            for text in [&text.means, &text.why, &text.advice, &text.example] {
                assert!(text.len() > 8, "{id}: {text}");
            }
        }
    }

    #[test]
    fn codes_are_found_as_people_type_them() {
        assert_eq!(find("wrong-value"), Ok(Code::WrongValue));
        assert_eq!(find(" Wrong_Value "), Ok(Code::WrongValue));
        assert_eq!(find("wrong-valeu"), Err(Some(Code::WrongValue)));
        assert_eq!(find("zzzz"), Err(None));
    }
}
