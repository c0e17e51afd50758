//! One heading → the field that it claims, by words alone; values and neighbours come later.

use super::Tier;
use super::compose::{Composed, compose, compose_partly, hints};
use super::concepts::Concept;
use super::heading::Heading;
use super::index::{Alias, Index, Topic};
use super::money::MONEY;
use super::units::Units;
use super::whose::{names_the_client_first, works_for_the_client};
use super::years::{self, When};
use crate::field::{Field, Kind};
use crate::period::Period;

/// What a heading claims to be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Claim {
    /// A field.
    Field {
        /// Which.
        field: Field,
        /// How sure.
        tier: Tier,
        /// Only if the values bear it out.
        weak: bool,
        /// The time it speaks of.
        when: Option<When>,
    },
    /// A count of contacts, on a side that its words do not settle.
    Contacts {
        /// It has words for our side.
        ours: bool,
        /// It has words for the client's side.
        theirs: bool,
    },
    /// Revenue of no stated year.
    Revenue,
    /// Revenue of the fiscal year, but only up to the month before the reporting month.
    Behind,
    /// It could be the field, but a person has to say so.
    Unclear(Field),
    /// No field.
    None,
}

/// A heading's claim with everything that goes with it.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// The claim.
    pub claim: Claim,
    /// Why, in words.
    pub reason: String,
    /// Units that the heading names.
    pub units: Units,
    /// The year that a heading of target or revenue speaks of, and the field if it says that it is target or current.
    pub speaks_of: Option<(i16, Option<Field>)>,
    /// The measures that it nearly is, where no rule knows it.
    pub near: &'static [Field],
    /// A bracket that could be a unit that nobody knows.
    pub unread: Option<String>,
    /// The field that it is but for words that nobody knows, and these words.
    pub partly: Option<(Field, Vec<String>)>,
}

/// What headings are read with.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lookup<'a> {
    /// The dictionary.
    pub index: &'a Index,
    /// The reporting month.
    pub period: Period,
    /// Whether a fiscal year is named by the year in which it ends.
    pub by_end: bool,
}

/// A claim, its reason, and the year that it speaks of.
pub(super) type Decision = (Claim, String, Option<(i16, Option<Field>)>);

const SIDES: [Topic; 3] = [Topic::Ours, Topic::Theirs, Topic::Contacts];

impl Lookup<'_> {
    /// What a heading claims.
    pub(crate) fn claim(&self, text: &str) -> Match {
        self.index.seen.matches.get((self.period, self.by_end), text, || self.find(text))
    }

    fn find(&self, text: &str) -> Match {
        let heading = Heading::new(text, self.index);
        let decided = self.decide(&heading);
        let says_otherwise = |word: &str| !self.index.groups(word).is_empty();
        let decided = decided.map(|decision| best_is_low(decision, &heading));
        let near = match decided {
            None => hints(self.index.lexicon(), &heading.core_text, says_otherwise),
            Some(_) => &[],
        };
        let partly = || self.partly(&heading).or_else(|| self.money_partly(&heading));
        let partly = if decided.is_none() { partly() } else { None };
        let (claim, reason, speaks_of) = decided.unwrap_or_else(|| (Claim::None, self.why_not(&heading.core), None));
        Match { claim, reason, unread: self.unread(&heading), units: heading.units, speaks_of, near, partly }
    }

    /// The claim alone, and whether it speaks of a year: all that the search for the headings asks of a cell.
    pub(crate) fn claim_alone(&self, text: &str) -> (Claim, bool) {
        let find = || match self.decide(&Heading::new(text, self.index)) {
            Some((claim, _, speaks_of)) => (claim, speaks_of.is_some()),
            None => (Claim::None, false),
        };
        self.index.seen.alone.get((self.period, self.by_end), text, find)
    }

    /// A heading and the group above it in one, without the group's unit: "Facturación en miles de USD" over "2025".
    pub(crate) fn below_group(&self, group: &str, text: &str) -> String {
        let read = Heading::new(group, self.index);
        let core = read.core_text.trim();
        if read.has_units() && !core.is_empty() { format!("{core} {text}") } else { format!("{group} {text}") }
    }

    /// What stands in brackets beside an amount and could be a unit that nobody knows.
    fn unread(&self, heading: &Heading) -> Option<String> {
        let (_, rest) = years::read(&heading.aside, self.index);
        let (rest, _) = self.months_so_far(&super::heading::key(&rest));
        (!rest.is_empty() && self.index.cover(&rest, &MONEY).is_none()).then(|| heading.aside.clone())
    }

    /// What a heading's words make of it; nothing where no rule knows them.
    fn decide(&self, heading: &Heading) -> Option<Decision> {
        if let Some(found) = self.by_list(heading) {
            return Some(found);
        }
        if heading.full.is_empty() {
            return Some((Claim::None, "no heading".to_owned(), None));
        }
        let found = self
            .by_alias(heading)
            .or_else(|| by_since(heading))
            .or_else(|| self.by_counted_alias(heading))
            .or_else(|| self.by_words(heading).filter(|(claim, _)| !self.is_somebody_there(claim, heading)))
            .or_else(|| self.by_window(heading))
            .or_else(|| self.by_side(heading));
        if let Some((claim, reason)) = found {
            // words for both sides say nothing by themselves; who knows whom may
            let open = matches!(claim, Claim::Contacts { .. });
            let (claim, reason) = self.by_concepts(heading).filter(|_| open).unwrap_or((claim, reason));
            return Some((claim, reason, None));
        }
        if let Some(found) = self.by_time(heading).or_else(|| self.by_topic(heading)) {
            return Some(found);
        }
        let found = self
            .by_values_listed(heading)
            .or_else(|| self.by_concepts(heading))
            .or_else(|| self.by_beginnings(heading))
            .or_else(|| self.by_alternatives(heading))
            .or_else(|| self.by_bare(heading));
        let (claim, reason) = found?;
        Some((claim, reason, None))
    }

    /// Equal to an alias, or to a look-alike.
    fn by_alias(&self, heading: &Heading) -> Option<(Claim, String)> {
        for form in heading.forms() {
            if let Some(alias) = self.index.alias(form) {
                let (tier, how) = match alias.exact {
                    true => (Tier::Exact, format!("equal to keeptabs's heading \"{}\"", alias.text)),
                    false => (Tier::Alias, format!("equal to the {} \"{}\"", language(alias), alias.text)),
                };
                return Some(self.accept(heading, form, alias, tier, how));
            }
            if let Some(lookalike) = self.index.lookalike(form) {
                return Some((Claim::None, format!("\"{lookalike}\" looks like a field and is none")));
            }
        }
        None
    }

    /// "Our contacts (no. of staff)": an alias of a count, and a bracket that says that it is one.
    fn by_counted_alias(&self, heading: &Heading) -> Option<(Claim, String)> {
        let bare = heading.bare.as_ref().filter(|_| self.index.lexicon().is_quantity(&heading.aside))?;
        let alias = self.index.alias(bare).filter(|alias| alias.field.kind() == Kind::Count && !alias.weak)?;
        let claim = Claim::Field { field: alias.field, tier: Tier::Words, weak: true, when: None };
        Some((claim, format!("equal to the {} \"{}\", counted", language(alias), alias.text)))
    }

    /// Equal as a set of words, or but for spaces, or but for "number of" before a count.
    fn by_words(&self, heading: &Heading) -> Option<(Claim, String)> {
        let same = |form: &str| {
            let alias = self.index.alias_by_words(form)?;
            // "Owner / client" is two, and no client's owner
            if matches!(alias.field, Field::Client | Field::AccountManager) && heading.core_text.contains('/') {
                return None;
            }
            // "Nota (1-5)" is a score, and no note
            if alias.field == Field::Comments && heading.survey_scale().is_some() {
                return None;
            }
            let how = format!("the same words as the {} \"{}\"", language(alias), alias.text);
            Some(self.accept(heading, form, alias, Tier::Words, how))
        };
        let counted = |form: &str| {
            let rest = self.index.counted(form)?;
            let alias = self.alias_of(rest).filter(|alias| alias.field.kind() == Kind::Count)?;
            // Portuguese "qtd" is a quantity, English "QTD" a quarter
            let first = form.split(' ').next().unwrap_or_default();
            if alias.language == "en" && self.index.is_topic(Topic::OtherWindow, first) {
                return None;
            }
            let how = format!("a number of the {} \"{}\"", language(alias), alias.text);
            Some(self.accept(heading, form, alias, Tier::Words, how))
        };
        let uncounted = |form: &str| {
            let alias = self.index.alias_of_count(form)?;
            let how = format!("the {} \"{}\", and the values are numbers", language(alias), alias.text);
            let (claim, reason) = self.accept(heading, form, alias, Tier::Words, how);
            let claim = match claim {
                Claim::Field { field, tier, when, .. } => Claim::Field { field, tier, weak: true, when },
                other => other,
            };
            Some((claim, reason))
        };
        heading.forms().find_map(|form| same(form).or_else(|| counted(form)).or_else(|| uncounted(form)))
    }

    /// Units must suit the field: a percentage is no amount, and only amounts have a scale.
    fn accept(&self, heading: &Heading, form: &str, alias: &Alias, tier: Tier, how: String) -> (Claim, String) {
        let units = &heading.units;
        let used = form == heading.core && heading.has_units();
        if used && !units_suit(alias.field.kind(), units) {
            // "note /10", "Voto ricevuto (1-10)": remarks and days have no scale, and a grade has the same words
            let grade = |found: &(Claim, String)| matches!(found.0, Claim::Field { field: Field::SurveyScore, .. });
            let same_words = matches!(alias.field, Field::Comments | Field::SurveyDate);
            let grade = self.by_concepts(heading).filter(|_| same_words).filter(grade);
            if let Some(found) = grade {
                return found;
            }
            let reason =
                format!("nearest is {} (\"{}\"), but the unit in the heading does not fit", alias.field, alias.text);
            return (Claim::None, reason);
        }
        (Claim::Field { field: alias.field, tier, weak: alias.weak, when: None }, how)
    }

    pub(super) fn alias_of(&self, key: &str) -> Option<&Alias> {
        self.index.alias(key).or_else(|| self.index.alias_by_words(key))
    }

    /// Meetings with a window of time beside them.
    fn by_window(&self, heading: &Heading) -> Option<(Claim, String)> {
        // "Reuniões nos últimos 6 meses (qtd)": how many, and no quarter
        let counted = !heading.aside.is_empty() && self.index.lexicon().is_quantity(&heading.aside);
        let words: Vec<&str> = if counted { heading.bare_key() } else { &heading.core }.split(' ').collect();
        let (mut rest, mut at, mut six, mut other) = (Vec::new(), 0, false, false);
        let quantity = words.len() > 1 && self.index.is_counting(words[0]);
        if quantity {
            rest.push(words[0]);
            at = 1;
        }
        while at < words.len() {
            let (n, m) = (
                self.index.topic_at(Topic::SixMonths, &words[at..]),
                self.index.topic_at(Topic::OtherWindow, &words[at..]),
            );
            if n == 0 && m == 0 {
                rest.push(words[at]);
                at += 1;
            } else {
                (six, other) = (six || n > m, other || m >= n);
                at += n.max(m);
            }
        }
        if !six && !other {
            return None;
        }
        let alias = self.alias_of(&rest.join(" ")).filter(|alias| alias.field == Field::Meetings)?;
        let is_window = self.index.topic_at(Topic::OtherWindow, &words[..1]) > 0;
        let other = other || quantity && is_window && alias.language == "en";
        Some(if other {
            (Claim::None, "nearest is meetings, but of another window than the last six months".to_owned())
        } else {
            let claim = Claim::Field { field: Field::Meetings, tier: Tier::Words, weak: false, when: None };
            (claim, format!("the {} \"{}\" with a window of six months", language(alias), alias.text))
        })
    }

    /// Same words, another meaning: "Responsable en el cliente" is nobody of ours, as "Responsable de cliente" is.
    fn is_somebody_there(&self, claim: &Claim, heading: &Heading) -> bool {
        match claim {
            Claim::Field { field: Field::AccountManager, .. } => {
                works_for_the_client(self.index.lexicon(), &heading.core_text)
            }
            // "Do cliente" under a group of counts: what is the client's, and not who it is
            Claim::Field { field: Field::Client, .. } => {
                ["del ", "do ", "du "].iter().any(|article| heading.full.starts_with(article))
            }
            _ => false,
        }
    }

    /// Contacts with words for a side.
    fn by_side(&self, heading: &Heading) -> Option<(Claim, String)> {
        let found = heading.forms().find_map(|form| self.index.cover(form, &SIDES))?;
        if !found.contains(&Topic::Contacts) || heading.has_units() {
            return None;
        }
        let (ours, theirs) = (found.contains(&Topic::Ours), found.contains(&Topic::Theirs));
        // "contacts per client" counts either side's
        let per = heading.full.split(' ').any(|word| ["per", "pro", "por", "par", "by"].contains(&word));
        let reason = match (ours, theirs) {
            (true, true) => "contacts, with words for both sides",
            (true, false) => "contacts, with a word for our side only",
            (false, true) => "contacts, with a word for the client's side only",
            (false, false) => "contacts, with no word for a side",
        };
        if ours != theirs && !per {
            let field = if ours { Field::OurContacts } else { Field::ClientContacts };
            let claim = Claim::Field { field, tier: Tier::Words, weak: true, when: None };
            return Some((claim, reason.to_owned()));
        }
        Some((Claim::Contacts { ours, theirs }, reason.to_owned()))
    }

    /// A field by the concepts that its words stand for.
    fn by_concepts(&self, heading: &Heading) -> Option<(Claim, String)> {
        let (when, rest) = years::read(&heading.core_text, self.index);
        let composed = compose(self.index.lexicon(), &rest, heading.survey_scale().is_some(), heading.units.percent)?;
        let (field, weak) = match composed {
            // "Sales org.", "Cust. co.": names are told from others by no word that could be several
            Composed::Field(field @ (Field::AccountManager | Field::Client), weak) => {
                (field, weak || self.index.lexicon().has_cut_short(&rest))
            }
            Composed::Field(field, weak) => (field, weak),
            Composed::Contacts if when.is_empty() && !heading.has_units() => {
                let reason = "contacts, and its words leave open whose".to_owned();
                return Some((Claim::Contacts { ours: true, theirs: true }, reason));
            }
            Composed::TheirPeople if when.is_empty() && !heading.has_units() => {
                let reason = "people of the client's side, and no word says that they are contacts".to_owned();
                return Some((Claim::Contacts { ours: false, theirs: true }, reason));
            }
            Composed::Contacts | Composed::TheirPeople => return None,
        };
        if field == Field::AccountManager && names_the_client_first(self.index.lexicon(), &rest) {
            return None;
        }
        if field == Field::AccountManager && works_for_the_client(self.index.lexicon(), &rest) {
            return Some((Claim::None, format!("nearest is {field}, but somebody at the client")));
        }
        if !units_suit(field.kind(), &heading.units) {
            return Some((Claim::None, format!("nearest is {field}, but the unit in the heading does not fit")));
        }
        // "Ref. cli. (n.)": how many "referenti", or a reference
        let counted = !heading.aside.is_empty() && self.index.lexicon().is_quantity(&heading.aside);
        if field == Field::ClientId && counted && heading.bare_key().split(' ').any(|word| word == "ref") {
            return Some((Claim::None, "a number behind \"ref.\" counts people or is a reference".to_owned()));
        }
        let timed = matches!(field, Field::SurveyScore | Field::SurveyDate | Field::Meetings | Field::Referrals);
        let suits = timed && self.time_suits(field, &when);
        if let Some(found) = self.six_months_before(field, &when) {
            return Some(found);
        }
        if !when.is_empty() && !suits {
            return Some((Claim::None, format!("nearest is {field}, but of another time")));
        }
        let when = Some(when).filter(|when| !when.is_empty());
        Some((Claim::Field { field, tier: Tier::Words, weak, when }, format!("words for {field}")))
    }

    /// A field by the words that are known, where the others are known to nobody: never without the values and the other columns.
    fn partly(&self, heading: &Heading) -> Option<(Field, Vec<String>)> {
        let (when, rest) = years::read(&heading.core_text, self.index);
        let scaled = heading.survey_scale().is_some();
        let says_otherwise = |word: &str| self.index.may_say_otherwise(word);
        let (field, unknown) =
            compose_partly(self.index.lexicon(), &rest, scaled, heading.units.percent, says_otherwise)?;
        let named = match field {
            // "Contracting client"
            Field::Client => !self.index.lexicon().begins_or_ends_with_client(&rest),
            Field::ClientId | Field::Comments | Field::ActionPoints | Field::RenewalDate => true,
            _ => false,
        };
        let suits = when.is_empty() && units_suit(field.kind(), &heading.units);
        let suits = suits && !(field == Field::AccountManager && works_for_the_client(self.index.lexicon(), &rest));
        (suits && !named).then_some((field, unknown))
    }

    /// "Kunde / Baustelle": names and remarks, of which one part is known and the other says nothing against it.
    fn by_alternatives(&self, heading: &Heading) -> Option<(Claim, String)> {
        let mut found: Option<(Claim, String)> = None;
        let parts: Vec<&str> =
            heading.core_text.split(['/', '|']).map(str::trim).filter(|part| !part.is_empty()).collect();
        if parts.len() < 2 || heading.has_units() {
            return None;
        }
        for part in parts {
            let part = Heading::new(part, self.index);
            match self.decide(&part) {
                // a bare "Code" beside another word may be a code of that
                None | Some((Claim::Field { field: Field::ClientId, weak: true, .. }, ..))
                    if part.core.split(' ').all(|word| self.index.groups(word).is_empty()) => {}
                Some((Claim::Field { field, when: None, .. }, reason, None)) if field.kind() == Kind::Text => {
                    if found.as_ref().is_some_and(
                        |(claim, _)| !matches!(claim, Claim::Field { field: other, .. } if *other == field),
                    ) {
                        return None;
                    }
                    let claim = Claim::Field { field, tier: Tier::Words, weak: false, when: None };
                    found = found.or(Some((claim, reason)));
                }
                _ => return None,
            }
        }
        found
    }

    /// An alias once brackets are left away whose words are unknown: never applied.
    fn by_bare(&self, heading: &Heading) -> Option<(Claim, String)> {
        heading.bare.as_ref()?;
        let bare = Heading { aside: String::new(), ..Heading::new(&heading.bare_text, self.index) };
        let decided = self.decide(&bare)?;
        // "Contacts externes (nb)"
        if self.index.lexicon().is_quantity(&heading.aside) {
            match decided.0 {
                Claim::Field { field, tier, .. } if field.kind() == Kind::Count => {
                    let claim = Claim::Field { field, tier: tier.max(Tier::Words), weak: true, when: None };
                    return Some((claim, decided.1));
                }
                claim @ Claim::Contacts { .. } => return Some((claim, decided.1)),
                _ => {}
            }
        }
        // "Betreuer (Name, Vorname)"
        if let Claim::Field { field, tier, when: None, .. } = decided.0
            && self.is_said_in_brackets(field, &heading.aside)
        {
            let weak = !matches!(field, Field::Client | Field::AccountManager);
            return Some((Claim::Field { field, tier: tier.max(Tier::Words), weak, when: None }, decided.1));
        }
        // "Cliente (fazenda)": what the client is, if the values come once each
        if let Claim::Field { field: Field::Client, tier: Tier::Exact | Tier::Alias, weak: false, when: None } =
            decided.0
            && self.is_kind_of_client(&heading.aside)
        {
            let claim = Claim::Field { field: Field::Client, tier: Tier::Words, weak: true, when: None };
            return Some((claim, format!("{}, and \"({})\" says of what kind", decided.1, heading.aside)));
        }
        let field = match decided.0 {
            Claim::Field { field, .. } | Claim::Unclear(field) => field,
            Claim::Revenue => Field::RevenueCurrent,
            Claim::Behind => return Some((Claim::Behind, decided.1)),
            Claim::Contacts { .. } | Claim::None => return None,
        };
        let aside = super::heading::key(&heading.aside);
        let veto = aside.split(' ').find(|word| !self.index.groups(word).is_empty());
        Some(match veto {
            Some(word) => (Claim::None, format!("nearest is {field} (\"{}\"), but not with \"{word}\"", bare.full)),
            None => (
                Claim::Unclear(field),
                format!("\"{}\" is {field}, but \"({})\" is not known", heading.bare_text.trim(), heading.aside),
            ),
        })
    }

    /// "Ebene (VS/GF/BL/SB)": the values decide whether they are levels.
    fn by_values_listed(&self, heading: &Heading) -> Option<(Claim, String)> {
        let listed = heading.aside.contains(['/', ',', ';', '|', '→', '>']).then_some(heading.bare.as_ref()?)?;
        let bare = Heading { aside: String::new(), ..Heading::new(&heading.bare_text, self.index) };
        match self.decide(&bare).filter(|_| !listed.is_empty())? {
            (
                Claim::Field { field: field @ (Field::DecisionLevel | Field::Stage), tier, when: None, .. },
                reason,
                _,
            ) if self.is_said_in_brackets(field, &heading.aside) => {
                Some((Claim::Field { field, tier: tier.max(Tier::Words), weak: true, when: None }, reason))
            }
            _ => None,
        }
    }

    /// Whether a bracket says what goes without saying: a name behind whoever has one, values behind a field that knows its own.
    fn is_said_in_brackets(&self, field: Field, aside: &str) -> bool {
        match field {
            Field::Client | Field::AccountManager => {
                let key = super::heading::key(aside);
                let ours = field == Field::AccountManager;
                let names = |word: &&str| self.index.is_remark(word) || self.index.lexicon().is_name(word, ours);
                let rest: Vec<&str> = key.split(' ').filter(|word| !names(word)).collect();
                self.index.lexicon().is_name(aside, ours)
                    || rest.is_empty()
                    || self.index.is_instruction(&rest.join(" "))
            }
            Field::DecisionLevel | Field::Stage => {
                let parts: Vec<&str> = aside.split(['/', ',', ';', '|', '→', '>']).map(str::trim).collect();
                // numbers are no levels: "(1-4)"
                let is_value = |part: &&str| {
                    !part.is_empty() && part.split(' ').count() <= 4 && !part.contains(|c: char| c.is_ascii_digit())
                };
                // "Kontakte (Anzahl Personen)" over "höchste Ebene": what the group's other columns count
                parts.len() >= 3 && parts.iter().all(is_value)
                    || field == Field::DecisionLevel && self.index.lexicon().is_quantity(aside)
            }
            _ => false,
        }
    }

    /// One noun that speaks of nothing else: "fazenda", "Praxis", and no "(city)".
    fn is_kind_of_client(&self, aside: &str) -> bool {
        const KINDS: [Concept; 7] = [
            Concept::Client,
            Concept::Clients,
            Concept::Trade,
            Concept::Company,
            Concept::Branch,
            Concept::House,
            Concept::OwnHouse,
        ];
        let key = super::heading::key(aside);
        let is_noun = key.chars().count() >= 5
            && key.chars().all(char::is_alphabetic)
            && aside.chars().any(char::is_lowercase)
            && self.index.groups(&key).is_empty();
        let read = self.index.lexicon().read(aside);
        let unknown = read.iter().all(Vec::is_empty) && !self.index.knows_word(&key);
        is_noun && (unknown || self.index.lexicon().speaks_of(&key, &KINDS) && self.index.lookalike(&key).is_none())
    }

    /// The nearest field, and what spoke against it.
    fn why_not(&self, key: &str) -> String {
        let Some(alias) = self.index.nearest(key) else {
            return "no field is near".to_owned();
        };
        let odd = |words: &str, others: &str| {
            let others: Vec<&str> = others.split(' ').collect();
            let differs = |word: &&str| !others.contains(word) && !self.index.is_stop_word(word);
            let mut odd: Vec<String> = words.split(' ').filter(differs).map(str::to_owned).collect();
            odd.sort_by_key(|word| self.index.groups(word).is_empty());
            odd.into_iter().next()
        };
        let against = odd(key, &alias.key).map(|word| format!(", but not with \"{word}\""));
        let against = against.or_else(|| odd(&alias.key, key).map(|word| format!(", but \"{word}\" is missing")));
        let against = against.unwrap_or_default();
        format!("nearest is {} (\"{}\"){against}", alias.field, alias.text)
    }
}

/// "Socio dal", "Partner since (year)": since when somebody is what he is, and never who.
fn by_since(heading: &Heading) -> Option<(Claim, String)> {
    const SINCE: [&str; 9] = ["since", "seit", "sinds", "depuis", "desde", "dal", "dall", "dalla", "dallo"];
    const WHEN: [&str; 17] = [
        "year", "date", "jahr", "datum", "jaar", "an", "annee", "l", "ano", "data", "anno", "fecha", "mese", "mes",
        "month", "monat", "maand",
    ];
    let mut words: Vec<&str> = heading.full.split(' ').collect();
    while words.len() > 1 && words.last().is_some_and(|word| WHEN.contains(word)) {
        words.pop();
    }
    let since = words.last().filter(|word| SINCE.contains(word) && words.len() > 1)?;
    Some((Claim::None, format!("\"{since}\" at its end asks since when")))
}

/// A survey whose lowest answer is the best is not read as if the highest were.
fn best_is_low((claim, reason, speaks_of): Decision, heading: &Heading) -> Decision {
    match claim {
        Claim::Field { field: Field::SurveyScore, .. } if heading.units.best_is_low => {
            let reason = "its lowest answer is the best, and keeptabs counts the highest as the best".to_owned();
            (Claim::Unclear(Field::SurveyScore), reason, speaks_of)
        }
        claim => (claim, reason, speaks_of),
    }
}

/// A percentage is no amount, and only amounts have a currency or a scale.
pub(super) fn units_suit(kind: Kind, units: &Units) -> bool {
    let money = units.scale.is_some() || units.currency.is_some();
    match kind {
        Kind::Money => !units.percent && units.survey.is_none(),
        Kind::Survey => !money,
        _ => !money && !units.percent && units.survey.is_none(),
    }
}

/// "Dutch alias".
pub(crate) fn language(alias: &Alias) -> String {
    let name = match alias.language.as_str() {
        "en" => "English",
        "pt" => "Portuguese",
        "nl" => "Dutch",
        "de" => "German",
        "fr" => "French",
        "es" => "Spanish",
        "it" => "Italian",
        _ => return "alias".to_owned(),
    };
    format!("{name} alias")
}
