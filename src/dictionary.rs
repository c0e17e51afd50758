//! The dictionary: every word that a department may use, in every language. Data, not code; checked at load.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Words by language code; "any" holds those of no language.
pub type ByLanguage = BTreeMap<String, Vec<String>>;

/// The dictionary file as written; see `mapping/dictionary.toml` for what each section is for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the file explains each section")]
pub struct Dictionary {
    /// Field id → headings.
    pub fields: BTreeMap<String, ByLanguage>,
    /// Headings that look like a field and are none.
    pub lookalikes: ByLanguage,
    pub levels: BTreeMap<String, ByLanguage>,
    pub stages: BTreeMap<String, ByLanguage>,
    pub statuses: BTreeMap<String, ByLanguage>,
    /// Texts that mean "no value".
    pub missing: ByLanguage,
    /// Words that begin a totals or subtotals row.
    pub totals: ByLanguage,
    /// "0" … "12" → words for them.
    pub numbers: BTreeMap<String, ByLanguage>,
    /// Words that may follow a count ("2 meetings").
    pub count_units: ByLanguage,
    /// "1000", "1000000" → how a heading or cell says it ("k", "Mio").
    pub scales: BTreeMap<String, ByLanguage>,
    /// ISO code → signs and names.
    pub currencies: BTreeMap<String, Vec<String>>,
    /// Month names and their short forms, "1" … "12".
    pub months: BTreeMap<String, ByLanguage>,
    /// Short form → full word, in folded form.
    pub abbreviations: BTreeMap<String, String>,
    pub stop_words: ByLanguage,
    /// Group → words that veto anything fuzzy when they differ.
    pub discriminating: BTreeMap<String, Vec<String>>,
    /// Words that name one side of the relationship: "ours", "theirs", "contacts" (what is counted on either side).
    pub sides: BTreeMap<String, ByLanguage>,
    /// "revenue", "target", "current", "prior", "fiscal_year": words that a year stands beside in a heading.
    pub year_words: BTreeMap<String, ByLanguage>,
    /// "six_months", "other": time windows in a heading of meetings.
    pub windows: BTreeMap<String, ByLanguage>,
    /// Legal forms at the end of a company's name.
    pub legal_forms: Vec<String>,
    /// "and" and leading articles of company names.
    pub name_words: BTreeMap<String, Vec<String>>,
}
