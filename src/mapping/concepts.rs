//! The concepts that headings are made of, and the words for them in every language.

use super::heading::symbols;
use super::index::heading_keys;
use super::phrases::month_forms;
use crate::dictionary::{ByLanguage, Dictionary, words};
use crate::text::fold;
use std::collections::{BTreeMap, HashMap};

macro_rules! concepts {
    ($($name:ident = $id:literal,)*) => {
        /// What a word or phrase of a heading can speak of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[allow(missing_docs, reason = "the dictionary's own keys")]
        pub(crate) enum Concept { $($name,)* }

        impl Concept {
            const ALL: &'static [(Concept, &'static str)] = &[$((Concept::$name, $id),)*];
        }
    };
}

concepts! {
    Survey = "survey", Score = "score", Date = "date", On = "on", Answered = "answered", Last = "last",
    HalfYear = "half_year", Count = "count", Meeting = "meeting", Held = "held", People = "people",
    Colleague = "colleague", Ours = "ours", Client = "client", Clients = "clients", There = "there", Know = "know",
    KnowUs = "know_us", WeKnow = "we_know", WeHave = "we_have", Contact = "contact", Someone = "someone", Who = "who", Link = "link",
    Decision = "decision", Senior = "senior", Level = "level", Title = "title", Contract = "contract", End = "end",
    Renewal = "renewal", Next = "next", Referral = "referral", Referred = "referred", Us = "us", New = "new",
    ThisYear = "this_year", Thank = "thank", Call = "call", Override = "override", Status = "status",
    Reason = "reason", By = "by", Id = "id", Debtor = "debtor", ClientId = "client_id", Name = "name",
    LegalName = "legal_name", Company = "company", Account = "account", Sales = "sales", Manager = "manager",
    Comment = "comment", General = "general", Action = "action", Plan = "plan", Currency = "currency", Iso = "iso",
    Stage = "stage", Department = "department", Trade = "trade", House = "house", Periodic = "periodic", Replied = "replied", System = "system",
    Question = "question", Relationship = "relationship", Keeper = "keeper", Other = "other", Aux = "aux", Phone = "phone",
    LevelAsked = "level_asked", Access = "access", Given = "given", Involved = "involved", Known = "known",
    Staff = "staff", OwnHouse = "own_house", OurSide = "our_side", ClientSide = "client_side", Amount = "amount", Unique = "unique", With = "with",
    Branch = "branch", Via = "via", Still = "still", Now = "now", Site = "site", Occupation = "occupation", Of = "of", SixMonths = "six_months", OtherWindow = "other_window", Stop = "stop",
}

/// Whether the dictionary may have a section of this name.
pub(crate) fn is_concept(id: &str) -> bool {
    let of_other_sections = [Concept::SixMonths, Concept::OtherWindow, Concept::Stop];
    Concept::ALL.iter().any(|(concept, known)| *known == id && !of_other_sections.contains(concept))
}

/// A set of concepts.
pub(crate) type Set = u128;

/// The set of some concepts.
pub(crate) const fn set(concepts: &[Concept]) -> Set {
    let (mut all, mut at) = (0, 0);
    while at < concepts.len() {
        all |= 1 << concepts[at] as u32;
        at += 1;
    }
    all
}

/// A set of languages; English and words of no language are at home in all.
pub(crate) type Languages = u8;

/// The languages whose words are told apart.
const LANGUAGES: [&str; 6] = ["pt", "nl", "de", "fr", "es", "it"];
/// Every language.
pub(crate) const EVERY: Languages = u8::MAX;

/// Each language by itself.
pub(crate) fn each_language() -> impl Iterator<Item = Languages> {
    (0..LANGUAGES.len()).map(|at| 1 << at)
}

fn languages(code: &str) -> Languages {
    LANGUAGES.iter().position(|known| *known == code).map_or(EVERY, |at| 1 << at)
}

/// What a word or phrase can mean, and in which languages.
pub(crate) type Meanings = Vec<(Concept, Languages)>;

/// The words for concepts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lexicon {
    phrases: HashMap<String, Meanings>,
    longest: usize,
    /// Words and beginnings of words in their order, for words cut short.
    sorted: BTreeMap<String, Meanings>,
    /// Beginnings that stand for every word that begins so.
    stems: BTreeMap<String, Meanings>,
    /// Phrases of several words in their order, for those with a word cut short.
    several: BTreeMap<String, Meanings>,
}

/// A word of a heading.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub(super) word: String,
    /// Cut short: a point follows.
    pub(super) dotted: bool,
    /// Nothing but a point stands before it.
    glued: bool,
}

impl Lexicon {
    pub(crate) fn new(dictionary: &Dictionary) -> Self {
        let mut lexicon = Self::default();
        for (concept, id) in Concept::ALL {
            if let Some(by_language) = dictionary.concepts.get(*id) {
                lexicon.enter(*concept, by_language);
                // it ties words and says nothing by itself
                if *concept == Concept::Of {
                    lexicon.enter(Concept::Stop, by_language);
                }
            }
        }
        if !dictionary.concepts.is_empty() {
            lexicon.enter(Concept::Stop, &dictionary.stop_words);
            for (id, concept) in [("six_months", Concept::SixMonths), ("other", Concept::OtherWindow)] {
                lexicon.enter_all(concept, dictionary.windows.get(id));
            }
        }
        lexicon
    }

    fn enter(&mut self, concept: Concept, by_language: &ByLanguage) {
        for (language, text) in words(by_language) {
            for key in heading_keys(text) {
                let meaning = (concept, languages(language));
                if text.ends_with('*') {
                    add(self.stems.entry(key.clone()).or_default(), meaning);
                } else {
                    self.longest = self.longest.max(key.split(' ').count());
                    add(self.phrases.entry(key.clone()).or_default(), meaning);
                    if key.contains(' ') {
                        add(self.several.entry(key.clone()).or_default(), meaning);
                    }
                }
                if !key.contains(' ') && concept != Concept::Stop {
                    add(self.sorted.entry(key).or_default(), meaning);
                }
            }
        }
    }

    /// Windows of time mean the same wherever they stand.
    fn enter_all(&mut self, concept: Concept, by_language: Option<&ByLanguage>) {
        let all = by_language.into_iter().flat_map(words);
        for text in all.flat_map(|(_, text)| month_forms(text)) {
            for key in heading_keys(&text) {
                self.longest = self.longest.max(key.split(' ').count());
                add(self.phrases.entry(key).or_default(), (concept, EVERY));
            }
        }
    }

    /// What each word or phrase of a heading can mean; an unknown one means nothing.
    pub(crate) fn read(&self, text: &str) -> Vec<Meanings> {
        self.read_in(text, EVERY)
    }

    /// The same, with phrases of these languages only: Portuguese "de nós" is none in "combien de nos collègues".
    pub(crate) fn read_in(&self, text: &str, languages: Languages) -> Vec<Meanings> {
        self.read_words(text, languages).into_iter().map(|(_, meanings)| meanings).collect()
    }

    /// The same, with what a word means that the dictionary does not know.
    pub(super) fn read_with(
        &self,
        text: &str,
        languages: Languages,
        otherwise: impl Fn(&str) -> Option<Meanings>,
    ) -> Vec<Meanings> {
        let read = self.read_words(text, languages).into_iter();
        let known = |(word, meanings): (String, Meanings)| match meanings.is_empty() {
            true => otherwise(&word).unwrap_or_default(),
            false => meanings,
        };
        read.map(known).collect()
    }

    /// What a word of the dictionary means in these languages.
    pub(super) fn word_in(&self, word: &str, languages: Languages) -> Option<Meanings> {
        let known = self.phrases.get(word)?.iter().filter(|(_, own)| own & languages != 0);
        Some(known.copied().collect())
    }

    /// The words of a heading that mean nothing.
    pub(crate) fn unknown(&self, text: &str) -> Vec<String> {
        let read = self.read_words(text, EVERY).into_iter();
        read.filter(|(_, meanings)| meanings.is_empty()).map(|(word, _)| word).collect()
    }

    /// Each word, or the first of a phrase, and what it can mean.
    fn read_words(&self, text: &str, languages: Languages) -> Vec<(String, Meanings)> {
        let tokens = tokens(text);
        let spoken = |meanings: &Meanings| meanings.iter().any(|(_, own)| own & languages != 0);
        let (mut at, mut read) = (0, Vec::new());
        while at < tokens.len() {
            let phrase = (2..=self.longest.min(tokens.len() - at)).rev().find_map(|n| {
                let tokens = &tokens[at..at + n];
                let words: Vec<&str> = tokens.iter().map(|token| token.word.as_str()).collect();
                let whole = self.phrases.get(&words.join(" ")).cloned();
                Some((n, whole.or_else(|| self.phrase_cut_short(tokens)).filter(spoken)?))
            });
            if let Some((n, meanings)) = phrase {
                read.push((tokens[at].word.clone(), meanings));
                at += n;
                continue;
            }
            let token = &tokens[at];
            // "Anspr.partner" is one word
            if let (true, Some(next)) = (token.dotted, tokens.get(at + 1).filter(|next| next.glued))
                && let Some(meanings) = self.cut_within(&token.word, &next.word)
            {
                read.push((token.word.clone(), meanings));
                at += 2;
                continue;
            }
            at += 1;
            let mut known = self.word(&token.word);
            // "resp." is short for more than the dictionary's own abbreviation
            if let Some(more) = self.cut_short(&token.word).filter(|_| token.dotted && may_be_more(&known)) {
                more.into_iter().for_each(|meaning| add(&mut known, meaning));
            }
            if !known.is_empty() {
                read.push((token.word.clone(), known));
            } else if let Some(meanings) = self.cut_short(&token.word).filter(|_| token.dotted) {
                read.push((token.word.clone(), meanings));
            } else if let Some(parts) = self.compound(&token.word, token.dotted) {
                read.extend(parts.into_iter().map(|part| (token.word.clone(), part)));
            } else {
                read.push((token.word.clone(), Vec::new()));
            }
        }
        read
    }

    /// A heading that is nothing but the beginnings of one word or two: "Prov." could be too much, and "Vert. init." as well.
    pub(crate) fn is_all_cut_short(&self, text: &str) -> bool {
        let tokens = tokens(text);
        let short =
            |token: &Token| token.dotted && token.word.chars().count() <= 4 && self.word(&token.word).is_empty();
        let unknown = |token: &Token| self.word(&token.word).is_empty() && self.compound(&token.word, false).is_none();
        matches!(tokens.as_slice(), [only] if only.dotted && unknown(only))
            || tokens.len() == 2 && tokens.iter().all(short)
    }

    /// Whether its first or last word is a client and nothing else.
    pub(crate) fn begins_or_ends_with_client(&self, text: &str) -> bool {
        let read = self.read(text);
        let is_client = |meanings: Option<&Meanings>| {
            meanings.is_some_and(|all| all.iter().any(|(concept, _)| *concept == Concept::Client))
        };
        is_client(read.first()) || is_client(read.last())
    }

    /// Whether a word of it is cut short, and more than one word may begin so.
    pub(crate) fn has_cut_short(&self, text: &str) -> bool {
        tokens(text).iter().any(|token| token.dotted && token.word.chars().count() <= 4)
    }

    /// "nb", "aantal personen": a count of people, and nothing else.
    pub(crate) fn is_quantity(&self, text: &str) -> bool {
        if matches!(super::heading::key(text).as_str(), "no" | "nr" | "number" | "num") {
            return true;
        }
        let counts = set(&[Concept::Count, Concept::People, Concept::Staff, Concept::Stop]);
        let read = self.read(text);
        !read.is_empty()
            && read.iter().all(|meanings| meanings.iter().any(|(concept, _)| counts & set(&[*concept]) != 0))
    }

    /// "Name, Vorname", "full legal name", "company": who, and nothing else; whose people only where it is one of ours.
    pub(crate) fn is_name(&self, text: &str, of_ours: bool) -> bool {
        let names = set(&[Concept::Name, Concept::LegalName, Concept::Company, Concept::Branch])
            | set(&[Concept::System, Concept::Link, Concept::Stop]);
        let ours = set(&[Concept::House, Concept::OwnHouse, Concept::Ours, Concept::OurSide, Concept::Colleague])
            | set(&[Concept::Keeper, Concept::Manager]);
        let names = if of_ours { names | ours } else { names };
        let read = self.read(text);
        !read.is_empty()
            && read.iter().all(|meanings| meanings.iter().any(|(concept, _)| names & set(&[*concept]) != 0))
    }

    /// Whether a word beside an amount of money tells no more than what for or with whom ("management fees"), or is known to nobody.
    pub(crate) fn leaves_money_open(&self, word: &str) -> bool {
        let speaks_otherwise = set(&[Concept::Count, Concept::Meeting, Concept::Survey, Concept::Score, Concept::Date])
            | set(&[Concept::Referral, Concept::Other, Concept::OtherWindow, Concept::SixMonths, Concept::Next])
            | set(&[Concept::End, Concept::Renewal, Concept::Id, Concept::ClientId, Concept::Name, Concept::Stage])
            | set(&[Concept::Status, Concept::Reason, Concept::Comment, Concept::Action, Concept::Currency])
            | set(&[Concept::Client, Concept::Clients, Concept::Company, Concept::People, Concept::Staff]);
        self.word(word).iter().all(|(concept, _)| speaks_otherwise & set(&[*concept]) == 0)
    }

    /// Whether a word can mean one of these.
    pub(crate) fn speaks_of(&self, word: &str, concepts: &[Concept]) -> bool {
        self.word(word).iter().any(|(concept, _)| concepts.contains(concept))
    }

    /// Whether a word of the dictionary, and no beginning or other form of one, can mean it.
    pub(super) fn is_word_of(&self, word: &str, concept: Concept) -> bool {
        self.phrases.get(word).is_some_and(|meanings| meanings.iter().any(|(known, _)| *known == concept))
    }

    /// A whole word.
    fn word(&self, word: &str) -> Meanings {
        let mut all = self.phrases.get(word).cloned().unwrap_or_default();
        for (at, _) in word.char_indices().skip(3).chain([(word.len(), ' ')]) {
            for meaning in self.stems.get(&word[..at]).into_iter().flatten() {
                add(&mut all, *meaning);
            }
        }
        if all.is_empty() { self.declined(word) } else { all }
    }

    /// "Einsenders", "advertisers": an unknown word that is a known one with an ending.
    fn declined(&self, word: &str) -> Meanings {
        let stem = |end: &&str| word.strip_suffix(end).filter(|stem| stem.chars().count() >= 5);
        let known = ["s", "es", "n", "en"].iter().filter_map(stem).find_map(|stem| self.phrases.get(stem));
        // several clients are no client by name, and several surveys no survey
        let several = |&(concept, languages): &(Concept, Languages)| match concept {
            Concept::Trade | Concept::Client => Some((Concept::Clients, languages)),
            Concept::People | Concept::Colleague | Concept::Contact => Some((concept, languages)),
            _ => None,
        };
        known.map_or_else(Meanings::new, |meanings| meanings.iter().filter_map(several).collect())
    }

    /// "Inq." → "inquérito": whatever begins so, unless it could be a word that says something else.
    fn cut_short(&self, beginning: &str) -> Option<Meanings> {
        if beginning.chars().count() < 2 {
            return None;
        }
        let mut all = Meanings::new();
        for (_, meanings) in
            self.sorted.range(beginning.to_owned()..).take_while(|(word, _)| word.starts_with(beginning))
        {
            meanings.iter().for_each(|meaning| add(&mut all, *meaning));
        }
        let says_otherwise = all.iter().any(|(concept, _)| *concept == Concept::Other);
        (!all.is_empty() && !says_otherwise).then_some(all)
    }

    /// "Razón soc." → "razón social".
    fn phrase_cut_short(&self, tokens: &[Token]) -> Option<Meanings> {
        let first = tokens.first().filter(|_| tokens.iter().any(|token| token.dotted))?;
        let mut all = Meanings::new();
        let from_first = self.several.range(first.word.clone()..);
        for (phrase, meanings) in from_first.take_while(|(phrase, _)| phrase.starts_with(&first.word)) {
            if is_cut_short(phrase, tokens) {
                meanings.iter().for_each(|meaning| add(&mut all, *meaning));
            }
        }
        (!all.is_empty()).then_some(all)
    }

    /// "Anspr.partner" → "Ansprechpartner".
    fn cut_within(&self, beginning: &str, end: &str) -> Option<Meanings> {
        if beginning.chars().count() < 2 || end.chars().count() < 3 {
            return None;
        }
        let words = self.sorted.range(beginning.to_owned()..).take_while(|(word, _)| word.starts_with(beginning));
        let mut all = Meanings::new();
        for (_, meanings) in words.filter(|(word, _)| word.len() > beginning.len() + end.len() && word.ends_with(end)) {
            meanings.iter().for_each(|meaning| add(&mut all, *meaning));
        }
        (!all.is_empty()).then_some(all)
    }

    /// "Befragungsdatum" → "Befragungs" + "Datum"; every part is a word of one language.
    fn compound(&self, word: &str, dotted: bool) -> Option<Vec<Meanings>> {
        let writes_together = languages("nl") | languages("de");
        let together = |meanings: &Meanings| -> Meanings {
            meanings.iter().filter(|(_, languages)| languages & writes_together != 0).copied().collect()
        };
        for (at, _) in word.char_indices().skip(3).collect::<Vec<_>>().into_iter().rev() {
            let (first, rest) = word.split_at(at);
            if rest.chars().count() < 3 && !["nr", "id"].contains(&rest) {
                continue;
            }
            let linked = |end| first.strip_suffix(end).filter(|stem| stem.chars().count() >= 4);
            let Some(first) = [Some(first), linked("s"), linked("en"), linked("n")]
                .into_iter()
                .flatten()
                .map(|first| together(&self.phrases.get(first).cloned().unwrap_or_default()))
                .find(|meanings| !meanings.is_empty())
            else {
                continue;
            };
            let mut last = together(&self.word(rest));
            if last.is_empty() && dotted {
                last = together(&self.cut_short(rest).unwrap_or_default());
            }
            if !last.is_empty() {
                // "Liefervertrag" is a contract and "werfbezoek" a visit, whatever for and wherever
                let means = |meanings: &Meanings, concept| meanings.iter().any(|(known, _)| *known == concept);
                let of_kind = means(&first, Concept::Branch) && means(&last, Concept::Contract)
                    || means(&first, Concept::Site) && means(&last, Concept::Meeting);
                return Some(if of_kind { vec![last] } else { vec![first, last] });
            }
            if let Some(parts) = self.compound(rest, dotted) {
                return Some(std::iter::once(first).chain(parts).collect());
            }
        }
        None
    }
}

/// "réf." is a number, "cont." a contact, "Anz." a count, "int." internal and "pers." people, whatever else begins so.
fn may_be_more(known: &Meanings) -> bool {
    use Concept::{Contact, Count, Id, Ours, People};
    let settled = |concept: &Concept| matches!(concept, Id | Contact | Count | Ours | People);
    !known.is_empty() && !known.iter().any(|(concept, _)| settled(concept))
}

fn add(meanings: &mut Meanings, (concept, languages): (Concept, Languages)) {
    match meanings.iter_mut().find(|(known, _)| *known == concept) {
        Some((_, known)) => *known |= languages,
        None => meanings.push((concept, languages)),
    }
}

/// Whether a phrase reads so with some of its words cut short.
pub(super) fn is_cut_short(phrase: &str, tokens: &[Token]) -> bool {
    let mut words = phrase.split(' ');
    let same = |token: &Token| {
        let word = words.next().unwrap_or_default();
        // "file no." is no file note
        let is_number = matches!(token.word.as_str(), "no" | "nr");
        let begins = token.dotted && !is_number && token.word.len() >= 2 && word.starts_with(&token.word);
        word == token.word || begins
    };
    tokens.iter().all(same) && words.next().is_none()
}

pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text = symbols(text);
    let mut tokens: Vec<Token> = Vec::new();
    let mut before = String::new();
    let is_letter = |c: char| c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        let end = rest.find(|c| !is_letter(c)).unwrap_or(rest.len());
        if end == 0 {
            before.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let dotted = rest[end..].starts_with('.');
        let folded = fold(&rest[..end]);
        for word in folded.split(' ').filter(|word| !word.is_empty()) {
            tokens.push(Token { word: word.to_owned(), dotted, glued: before == "." });
        }
        before.clear();
        rest = &rest[end..];
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_cut_short_glued_or_put_together() {
        let lexicon = Dictionary::built_in().index().lexicon();
        let is = |text: &str, expected: &[Concept]| {
            let read = lexicon.read(text);
            assert_eq!(read.len(), expected.len(), "{text}: {read:?}");
            for (meanings, concept) in read.iter().zip(expected) {
                assert!(meanings.iter().any(|(known, _)| known == concept), "{text}: {concept:?} in {read:?}");
            }
        };
        is("Inq. satisf.", &[Concept::Survey, Concept::Survey]);
        is("Anspr.partner", &[Concept::Contact]);
        is("Befragungsdatum", &[Concept::Survey, Concept::Date]);
        is("Entscheiderebene", &[Concept::Decision, Concept::Level]);
        is("Kundentermine", &[Concept::Client, Concept::Meeting]);
        is("Vertragsende", &[Concept::Contract, Concept::End]);
        is("nos conocen", &[Concept::KnowUs]);
        for text in ["Zielgruppe", "Kundenwunsch", "Entsch", "Prev."] {
            assert!(lexicon.read(text).iter().any(Vec::is_empty), "{text}: {:?}", lexicon.read(text));
        }
    }
}
