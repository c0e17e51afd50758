//! Names of clients and managers, folded for comparison.

use super::clusters::Unions;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use unicode_normalization::UnicodeNormalization;

/// Words of company names, folded once.
#[derive(Clone, Debug, Default)]
pub struct NameWords {
    /// Legal forms as folded words joined by spaces → the form they are a way to write.
    forms: BTreeMap<String, String>,
    /// Most words that a legal form has.
    longest_form: usize,
    and: BTreeSet<String>,
    articles: BTreeSet<String>,
}

/// Ways to write one legal form in full or in short: the first is what the others count as.
const SAME_FORM: &[&[&str]] = &[
    &["ltd", "limited"],
    &["inc", "incorporated"],
    &["corp", "corporation"],
    &["co", "company", "compagnie", "cie"],
    &["co ltd", "company limited", "co limited"],
    &["pty ltd", "pty limited", "proprietary limited"],
    &["plc", "public limited company"],
    &["llc", "limited liability company"],
    &["llp", "limited liability partnership"],
    &["gmbh", "gesellschaft mit beschrankter haftung", "gesmbh"],
    &["gmbh co kg", "gmbh and co kg", "gmbh cokg"],
    &["ag", "aktiengesellschaft"],
    &["kg", "kommanditgesellschaft"],
    &["ug", "ug haftungsbeschrankt", "unternehmergesellschaft"],
    &["ev", "eingetragener verein"],
    &["bv", "besloten vennootschap"],
    &["nv", "naamloze vennootschap"],
    &["sa", "sociedad anonima", "societe anonyme", "sociedade anonima"],
    &["sl", "sociedad limitada"],
    &["sarl", "societe a responsabilite limitee"],
    &["sas", "societe par actions simplifiee"],
    &["spa", "societa per azioni"],
    &["srl", "societa a responsabilita limitata"],
    &["lda", "ltda", "limitada"],
    &["as", "aktieselskab", "a s"],
    &["oy", "osakeyhtio"],
];

impl NameWords {
    /// From the words as written in the dictionary; ways to write a form ("Limited") come with it ("Ltd").
    pub fn new<'a>(
        legal_forms: impl IntoIterator<Item = &'a str>,
        and: impl IntoIterator<Item = &'a str>,
        articles: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let mut words = Self {
            and: and
                .into_iter()
                .filter(|word| word.chars().any(char::is_alphanumeric))
                .map(crate::text::fold)
                .collect(),
            articles: articles.into_iter().map(crate::text::fold).collect(),
            ..Self::default()
        };
        for form in legal_forms {
            let folded = words.tokens(form, false).join(" ");
            let ways = SAME_FORM.iter().find(|ways| ways.contains(&folded.as_str()));
            let meaning = ways.map_or(folded.as_str(), |ways| ways[0]).to_owned();
            for way in ways.copied().unwrap_or_default() {
                words.add_form((*way).to_owned(), meaning.clone());
            }
            words.add_form(folded, meaning);
        }
        words
    }

    fn add_form(&mut self, form: String, meaning: String) {
        if !form.is_empty() {
            self.longest_form = self.longest_form.max(form.split(' ').count());
            self.forms.insert(form, meaning);
        }
    }

    /// A client's name, folded.
    pub fn client(&self, name: &str) -> Folded {
        let plain = self.tokens(name, false);
        let (mut kept, form) = self.without_form(&plain);
        if kept.len() > 1 && self.articles.contains(&kept[0]) {
            kept.remove(0);
        }
        if name.is_ascii() {
            return Folded::new(name, kept, None, form);
        }
        let spelled_out = self.tokens(name, true);
        let mut expanded = self.without_form(&spelled_out).0;
        if expanded.len() > 1 && self.articles.contains(&expanded[0]) {
            expanded.remove(0);
        }
        Folded::new(name, kept, Some(expanded), form)
    }

    /// A manager's name, folded: "Costa, Ana" is "Ana Costa".
    pub fn manager(&self, name: &str) -> Folded {
        let turned = match name.split_once(',') {
            Some((last, first)) if !first.contains(',') && !first.trim().is_empty() => {
                format!("{first} {last}")
            }
            _ => name.to_owned(),
        };
        Folded::new(name, self.tokens(&turned, false), Some(self.tokens(&turned, true)), None)
    }

    /// The words of a name; `expanded` writes ä as "ae" instead of "a".
    fn tokens(&self, name: &str, expanded: bool) -> Vec<String> {
        let text = spell(name, expanded);
        let mut tokens: Vec<String> = Vec::new();
        let mut initials = false;
        for word in text.split_whitespace() {
            if word == "&" {
                tokens.push("and".to_owned());
                initials = false;
                continue;
            }
            let parts = word.split(|c: char| !is_letter(c)).filter(|part| !part.is_empty());
            // "S.A.", "J.P." and "S. A." are single letters with dots: one word.
            let dotted = word.contains('.');
            for part in parts {
                let single = part.chars().count() == 1 && part.chars().all(char::is_alphabetic);
                match tokens.last_mut() {
                    Some(last) if single && initials && dotted => last.push_str(part),
                    _ => tokens.push(part.to_owned()),
                }
                initials = single && dotted;
            }
        }
        let last = tokens.len().saturating_sub(1);
        for (index, token) in tokens.iter_mut().enumerate() {
            if index > 0 && index < last && self.and.contains(token.as_str()) {
                *token = "and".to_owned();
            }
        }
        tokens
    }

    /// The words without the legal form at the end, and the form; never down to nothing.
    fn without_form(&self, tokens: &[String]) -> (Vec<String>, Option<String>) {
        for start in tokens.len().saturating_sub(self.longest_form.max(4)).max(1)..tokens.len() {
            let end = &tokens[start..];
            // "B V" and "S A" are written without dots, too.
            let spaced = end.iter().all(|token| token.chars().count() == 1);
            let form = self.forms.get(&end.join(" ")).or_else(|| spaced.then(|| self.forms.get(&end.concat()))?);
            if let Some(form) = form {
                let mut kept = tokens[..start].to_vec();
                while kept.len() > 1 && kept.last().is_some_and(|last| last == "and") {
                    kept.pop();
                }
                let nothing_left = kept.iter().all(|word| word == "and" || self.articles.contains(word));
                return if nothing_left { (tokens.to_vec(), None) } else { (kept, Some(form.clone())) };
            }
        }
        (tokens.to_vec(), None)
    }
}

/// A name in small letters without accents; `expanded` writes ä as "ae" instead of "a".
fn spell(name: &str, expanded: bool) -> String {
    let mut text = String::with_capacity(name.len() + 8);
    // most names; nothing below would change them otherwise
    if name.is_ascii() {
        for c in name.chars() {
            match c {
                '\'' | '`' => {}
                '&' => text.push_str(" & "),
                c => text.push(c.to_ascii_lowercase()),
            }
        }
        return text;
    }
    // Compatibility forms first, so that full-width letters and ligatures are plain; then composed again, because
    // only a composed ä tells an umlaut from a stray mark.
    for c in name.nfkc().flat_map(char::to_lowercase).nfc() {
        match (c, expanded) {
            ('\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}', _) => {}
            ('ä', true) => text.push_str("ae"),
            ('ö' | 'ø', true) => text.push_str("oe"),
            ('ü', true) => text.push_str("ue"),
            ('å', true) => text.push_str("aa"),
            ('ß', _) => text.push_str("ss"),
            ('ø', false) => text.push('o'),
            ('ł', _) => text.push('l'),
            ('æ', _) => text.push_str("ae"),
            ('œ', _) => text.push_str("oe"),
            ('ı', _) => text.push('i'),
            ('đ', _) => text.push('d'),
            ('\'' | '’' | '‘' | '`' | '´' | 'ʼ', _) => {}
            ('&', _) => text.push_str(" & "),
            // Only the marks over Latin, Greek and Cyrillic letters fall away: in other scripts they are vowels.
            (c, _) => text.extend(std::iter::once(c).nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c))),
        }
    }
    text
}

/// Combining marks count as letters here: those that may fall away are gone already.
fn is_letter(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

/// A name, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folded {
    /// Its words with accents dropped, without legal form.
    pub base: String,
    /// The same with ä as "ae", where that differs. Two names are equal if any of their spellings is.
    pub expanded: Option<String>,
    /// The legal form that was taken off its end.
    pub form: Option<String>,
}

impl Folded {
    /// From the words of a name; without expanded ones where no letter has two spellings.
    fn new(name: &str, tokens: Vec<String>, expanded: Option<Vec<String>>, form: Option<String>) -> Self {
        let base = tokens.join(" ");
        if base.is_empty() {
            // Nothing but punctuation: "?" and "??" are two names still.
            let base = name.split_whitespace().collect::<Vec<_>>().join(" ");
            return Self { base, expanded: None, form: None };
        }
        let expanded = expanded.map(|words| words.join(" ")).filter(|expanded| *expanded != base);
        Self { expanded, base, form }
    }

    /// Every way in which the name may be spelled.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.base.as_str()).chain(self.expanded.as_deref())
    }
}

/// Which names are equal: for each name the index of the first one equal to it, by any of their spellings.
pub(super) fn equal_names(names: &[Folded]) -> Vec<usize> {
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(names.len());
    let mut unions = Unions::new(names.len());
    for (index, name) in names.iter().enumerate() {
        for spelling in name.spellings() {
            let other = *first.entry(spelling).or_insert(index);
            unions.join(other, index);
        }
    }
    (0..names.len()).map(|index| unions.root(index)).collect()
}

#[cfg(test)]
pub(super) fn test_words() -> NameWords {
    let forms = [
        "Ltd",
        "plc",
        "LLP",
        "LLC",
        "Inc",
        "GmbH",
        "GmbH & Co. KG",
        "AG",
        "KG",
        "B.V.",
        "N.V.",
        "S.A.",
        "S.L.",
        "S.r.l.",
        "S.p.A.",
        "Ltda",
        "SARL",
        "SAS",
        "Oy",
        "A/S",
        "S.A. de C.V.",
        "Corp",
        "SE",
    ];
    NameWords::new(forms, ["and", "und", "en", "et", "e", "y", "&"], ["the"])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(a: &str, b: &str) -> bool {
        let words = test_words();
        let names = [words.client(a), words.client(b)];
        equal_names(&names) == [0, 0]
    }

    #[test]
    fn equal_client_names() {
        for (a, b) in [
            ("ACME", "Acme"),
            ("Müller", "Mueller"),
            ("Müller", "Muller"),
            ("Ma\u{308}rkte", "Maerkte"),
            ("Mueller Möbel", "Müller Moebel"),
            ("Groß", "Gross"),
            ("Ørsted", "Orsted"),
            ("Łódź Transport", "Lodz Transport"),
            ("São João", "Sao Joao"),
            ("Smith & Sons", "Smith and Sons"),
            ("Smith&Sons", "Smith und Sons"),
            ("Silva e Costa", "Silva & Costa"),
            ("Garcia y Lopez", "García en López"),
            ("The Acme", "Acme"),
            ("Acme Ltd", "Acme Ltd."),
            ("Acme Limited", "ACME LTD"),
            ("Nova B.V.", "Nova BV"),
            ("Nova b. v.", "Nova B V"),
            ("Rossi S.p.A.", "Rossi SpA"),
            ("Weber GmbH & Co. KG", "Weber GmbH und Co KG"),
            ("Grupo Sol, S.A. de C.V.", "Grupo Sol SA de CV"),
            ("Coca-Cola", "Coca Cola"),
            ("L’Oréal", "L'Oreal"),
            ("J.P. Morgan", "JP Morgan"),
            ("Ａｃｍｅ", "Acme"),
            ("Acme (UK) Ltd", "Acme UK Ltd"),
        ] {
            assert!(equal(a, b), "{a} = {b}: {:?} {:?}", test_words().client(a), test_words().client(b));
        }
    }

    #[test]
    fn unequal_client_names() {
        for (a, b) in [
            ("Mueller", "Muller"),
            ("Aqua Blu", "Aqua Blue"),
            ("Acme 1", "Acme 2"),
            ("AG", "GmbH"),
            ("The Limited", "The Inc"),
            ("?", "??"),
            ("किताब", "कताब"),
            ("E Plus", "Y Plus"),
            ("株式会社青", "株式会社赤"),
        ] {
            assert!(!equal(a, b), "{a} ≠ {b}");
        }
    }

    #[test]
    fn legal_forms() {
        let words = test_words();
        for (name, base, form) in [
            ("Acme Ltd", "acme", Some("ltd")),
            ("The Acme Company Limited", "acme company", Some("ltd")),
            ("Acme GmbH & Co. KG", "acme", Some("gmbh co kg")),
            ("Costa & Ltda", "costa", Some("lda")),
            ("AG", "ag", None),
            ("The Limited", "limited", None),
            ("SE", "se", None),
            ("Norsk A/S", "norsk", Some("as")),
            ("Ltd Acme", "ltd acme", None),
        ] {
            let folded = words.client(name);
            assert_eq!((folded.base.as_str(), folded.form.as_deref()), (base, form), "{name}");
        }
    }

    #[test]
    fn managers() {
        let words = test_words();
        let equal = |a: &str, b: &str| equal_names(&[words.manager(a), words.manager(b)]) == [0, 0];
        assert!(equal("Costa, Ana", "Ana Costa"));
        assert!(equal("  ana COSTA", "Ana  Costa"));
        assert!(equal("Jürgen Groß", "Juergen Gross"));
        assert!(equal("Ana-Maria Costa", "Costa, Ana Maria"));
        assert!(!equal("Ana Costa", "A. Costa"));
        assert!(!equal("Ana Costa Ltd", "Ana Costa"));
    }
}
