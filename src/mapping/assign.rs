//! Claims of all columns → one column a field, one field a column.

use super::called::read_with_own_word;
use super::claim::{Claim, Lookup};
use super::contested;
use super::groups::draft;
use super::heading::key;
use super::returned::Returned;
use super::units::Units;
use super::values::{Look, Profile, Verdict, profiles};
use super::{Column, Settings, Tier};
use crate::book::{Book, Sheet, column_letters};
use crate::field::{Field, Kind};
use crate::finding::{Code, Finding, Severity};
use crate::header::Layout;
use crate::proposal::Proposal;

/// A column on its way to a field.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub col: u16,
    pub heading: String,
    pub claim: Claim,
    pub reason: String,
    pub units: Units,
    pub profile: Profile,
    /// The field that the heading is a typo of, and the alias in words.
    pub typo: Option<(Field, String)>,
    pub field: Option<Field>,
    pub tier: Option<Tier>,
    pub own: Option<String>,
    /// Whether a result that comes back says itself which field it is.
    pub returned: bool,
    pub original: Option<String>,
    pub further: Option<usize>,
    pub speaks_of: Option<(i16, Option<Field>)>,
    /// The measures that the heading nearly is.
    pub near: &'static [Field],
    /// A bracket that could be an unknown unit.
    pub unread: Option<String>,
    /// The field that the heading is but for words that nobody knows, and these words.
    pub partly: Option<(Field, Vec<String>)>,
    /// Whether it has a word for the score of a survey.
    pub names_score: bool,
}

impl Draft {
    /// How closely the values have to be looked at.
    fn look(&self) -> Look {
        match &self.claim {
            Claim::Field { field: Field::Client, weak: false, .. } => Look::Letters,
            Claim::Field { field, weak: false, .. } if field.kind() == Kind::Text => match field {
                Field::AccountManager => Look::Letters,
                // "# Kunde" over 3, 4 and 3 counts somebody
                Field::ClientId => Look::Closely,
                _ => Look::Filled,
            },
            Claim::None if self.typo.is_none() && self.near.is_empty() && self.partly.is_none() => Look::Filled,
            _ => Look::Closely,
        }
    }

    pub(super) fn letters(&self) -> String {
        column_letters(self.col)
    }

    /// How the configuration names it by its letters: `column C`
    fn address(&self) -> String {
        format!("column {}", self.letters())
    }

    /// `column C "Contacts"`
    pub(super) fn named(&self) -> String {
        format!("column {} \"{}\"", self.letters(), self.heading)
    }

    pub(super) fn refuse(&mut self, reason: String) {
        self.claim = Claim::None;
        self.field = None;
        self.tier = None;
        self.reason = reason;
    }

    pub(super) fn take(&mut self, field: Field, tier: Tier) {
        self.field = Some(field);
        self.tier = Some(tier);
    }
}

/// A sheet's columns being assigned.
pub(super) struct Assignment<'a> {
    pub sheet: &'a Sheet,
    pub settings: &'a Settings<'a>,
    pub layout: &'a Layout,
    /// What the workbook says of itself, if it is a result.
    pub returned: Option<&'a Returned<'a>>,
    /// Whether the sheet is a client table of a result.
    pub is_result: bool,
    pub drafts: Vec<Draft>,
    /// The column that is headed by the list's own word for its clients.
    pub called: Option<usize>,
    pub findings: Vec<Finding>,
}

impl<'a> Assignment<'a> {
    /// Reads every heading and looks at every value once.
    pub(super) fn new(
        sheet: &'a Sheet,
        book: &'a Book,
        settings: &'a Settings<'a>,
        lookup: Lookup<'a>,
        layout: &'a Layout,
        returned: Option<&'a Returned<'a>>,
    ) -> Self {
        let columns = (layout.columns.0..=layout.columns.1).zip(&layout.headings);
        let mut drafts: Vec<Draft> = columns.map(|(col, heading)| draft(col, heading, layout, &lookup)).collect();
        let called = read_with_own_word(&mut drafts, layout, &lookup);
        let looks: Vec<_> =
            drafts.iter().zip(&layout.headings).map(|(draft, heading)| (heading.id, draft.look())).collect();
        let rows = (layout.header_row.saturating_add(1), layout.last_row);
        let profiles = profiles(sheet, book, lookup.index, rows, layout.columns.0, &looks);
        for (draft, profile) in drafts.iter_mut().zip(profiles) {
            draft.profile = profile;
        }
        Self { sheet, settings, layout, returned, is_result: false, drafts, called, findings: Vec::new() }
    }

    /// Settles every column.
    pub(super) fn run(&mut self) {
        self.own_columns();
        self.pinned();
        self.typos();
        self.surveyed();
        self.named_keeper();
        contested::bare_words(self);
        self.weak();
        contested::survey(self);
        for &field in Field::ALL {
            self.settle(field);
        }
        contested::partly(self);
        contested::contacts(self);
        contested::revenue(self);
        contested::behind(self);
        self.unclear();
        self.nearly();
        self.units();
        self.typo_findings();
        self.called_finding();
        self.roll_over();
    }

    fn pinned(&mut self) {
        let pins: Vec<_> = self.drafts.iter().map(|draft| self.pin(draft)).collect();
        for (draft, pin) in self.drafts.iter_mut().zip(pins) {
            let key = key(&draft.heading);
            draft.further = if key.is_empty() { None } else { self.settings.further(&key) };
            match pin {
                Some(Some(field)) => {
                    draft.claim = Claim::Field { field, tier: Tier::Reviewed, weak: false, when: None };
                    draft.reason = "a line of the configuration".to_owned();
                    draft.own = None;
                }
                Some(None) => draft.refuse(Column::DECLINED.to_owned()),
                None => {}
            }
        }
    }

    /// What the configuration says of a column: by its letters, which tell equal headings apart, else by its heading.
    pub(super) fn pin(&self, draft: &Draft) -> Option<Option<Field>> {
        let pinned = |heading: &str| self.settings.pinned_field(&self.sheet.name, &key(heading));
        pinned(&draft.address()).or_else(|| pinned(&draft.heading))
    }

    /// Headings that no tier took, if the values agree with the alias that they are a typo of.
    fn typos(&mut self) {
        let pinned: Vec<bool> = self.drafts.iter().map(|draft| self.pin(draft).is_some()).collect();
        let open = |draft: &Draft| draft.claim == Claim::None && draft.own.is_none() && !draft.heading.is_empty();
        for (draft, pinned) in self.drafts.iter_mut().zip(pinned) {
            if pinned || !open(draft) {
                continue;
            }
            let Some((field, of)) = draft.typo.clone() else { continue };
            if draft.profile.verdict(field, true) == Verdict::Agrees {
                draft.claim = Claim::Field { field, tier: Tier::Typo, weak: false, when: None };
                draft.reason = format!("a typo of the {of}");
            } else {
                draft.reason = format!("could be a typo of the {of}: {field}, but the values do not bear it out");
            }
        }
    }

    /// "Dernière enquête", with dates below: when the survey was answered. A heading that names a score never is.
    fn surveyed(&mut self) {
        for draft in self.drafts.iter_mut().filter(|draft| !draft.returned && draft.profile.is_dated()) {
            // "Nota em" is no remark
            if matches!(draft.claim, Claim::Field { field: Field::Comments, tier: Tier::Words, .. })
                && draft.names_score
            {
                draft.claim = Claim::Field { field: Field::SurveyDate, tier: Tier::Words, weak: true, when: None };
                draft.reason = "a score, and the values are dates".to_owned();
            }
            let Claim::Field { field: Field::SurveyScore, tier, ref when, .. } = draft.claim else { continue };
            if tier == Tier::Words || tier == Tier::Alias && !draft.names_score {
                draft.claim =
                    Claim::Field { field: Field::SurveyDate, tier: Tier::Words, weak: true, when: when.clone() };
                draft.reason = "a survey, and the values are dates".to_owned();
            }
        }
    }

    /// "Ansprechpartner bei uns", with names below: who of us it is, and not how many.
    fn named_keeper(&mut self) {
        for draft in self.drafts.iter_mut().filter(|draft| !draft.returned && !draft.profile.is_numeric()) {
            let Claim::Field { field: Field::OurContacts, tier, .. } = draft.claim else { continue };
            if draft.profile.verdict(Field::AccountManager, true) == Verdict::Agrees && tier > Tier::Exact {
                draft.claim = Claim::Field { field: Field::AccountManager, tier: Tier::Words, weak: true, when: None };
                draft.reason = "our contact, and the values are names".to_owned();
            }
        }
    }

    fn weak(&mut self) {
        for draft in &mut self.drafts {
            let Claim::Field { field, weak, tier, .. } = draft.claim else {
                continue;
            };
            // "Promotor" is a developer, and whoever keeps the client: one of a few that come again and again is no client
            if field == Field::Client && tier == Tier::Words && draft.profile.is_repeated() && !draft.returned {
                draft.refuse("would be client, but the same few come again and again".to_owned());
                continue;
            }
            if !weak {
                continue;
            }
            let by_words = tier == Tier::Words;
            match draft.profile.verdict(field, true) {
                Verdict::Agrees => {}
                // an empty column can hold nothing wrong
                Verdict::Empty if by_words => {}
                _ if by_words && draft.profile.verdict(field, false) == Verdict::Agrees => {
                    draft.claim = Claim::Unclear(field);
                    draft.reason = format!("{}, but {}", draft.reason, draft.profile.in_words());
                }
                _ => draft.refuse(format!("would be {field} only if the values plainly said so")),
            }
        }
    }

    /// Columns that claim a field, best tier first, then from left to right.
    pub(super) fn claimants(&self, wanted: Field) -> Vec<usize> {
        let claims = |draft: &Draft| match draft.claim {
            Claim::Field { field, tier, .. } if field == wanted => Some(tier),
            _ => None,
        };
        let mut all: Vec<(Tier, usize)> =
            self.drafts.iter().enumerate().filter_map(|(at, draft)| Some((claims(draft)?, at))).collect();
        all.sort_unstable();
        all.into_iter().map(|(_, at)| at).collect()
    }

    /// One field to one column: the best tier; equal claims are a conflict.
    fn settle(&mut self, field: Field) {
        let mut claimants = self.claimants(field);
        let tier = |drafts: &[Draft], at: usize| match drafts[at].claim {
            Claim::Field { tier, .. } => tier,
            _ => Tier::Own,
        };
        // a column that holds nothing, or something else, gives way to one that does not
        for unfit in [Verdict::Contradicts, Verdict::Empty] {
            let fits = |at: &usize| {
                let settled = tier(&self.drafts, *at) == Tier::Reviewed
                    || self.drafts[*at].returned && unfit == Verdict::Contradicts;
                settled || self.drafts[*at].profile.verdict(field, false) != unfit
            };
            let (fit, rest): (Vec<usize>, Vec<usize>) = claimants.iter().partition(|at| fits(at));
            if let Some(&best) = fit.first() {
                let other = self.drafts[best].named();
                let why = if unfit == Verdict::Empty { "it is empty" } else { "its values are something else" };
                for at in rest {
                    self.drafts[at].refuse(format!("would be {field}, but {why}; {other} is"));
                }
                claimants = fit;
            }
        }
        let Some((&best, rest)) = claimants.split_first() else {
            return;
        };
        let best_tier = tier(&self.drafts, best);
        let other = self.drafts[best].named();
        let mut equal = Vec::new();
        for &at in rest {
            if tier(&self.drafts, at) > best_tier || self.same_values(best, at) {
                let why =
                    if tier(&self.drafts, at) > best_tier { "claims it more plainly" } else { "holds the same values" };
                self.drafts[at].refuse(format!("would be {field}, but {other} {why}"));
            } else {
                equal.push(at);
            }
        }
        if !equal.is_empty() {
            self.conflict(field, best, &equal);
            if is_critical(self.settings, field) || !is_remark(field) {
                for &at in equal.iter().chain([&best]) {
                    self.drafts[at].refuse(format!("claims {field}, and so does another column"));
                }
                return;
            }
            for &at in &equal {
                self.drafts[at].refuse(format!("would be {field}, but {other} stands before it"));
            }
        }
        self.drafts[best].take(field, best_tier);
        let settled = best_tier == Tier::Reviewed || self.drafts[best].returned;
        if !settled && self.drafts[best].profile.verdict(field, false) == Verdict::Contradicts {
            if is_remark(field) || matches!(field, Field::Department | Field::ClientId) {
                let values = self.drafts[best].profile.in_words();
                self.drafts[best].refuse(format!("would be {field}, but {values}"));
            } else {
                self.contradiction(field, best);
            }
        }
    }

    fn conflict(&mut self, field: Field, best: usize, equal: &[usize]) {
        let named: Vec<String> = equal.iter().map(|&at| self.drafts[at].named()).collect();
        let first = &self.drafts[best];
        // of two columns of contacts the second is the other side, where that has no column
        let other_side = match field {
            Field::OurContacts => Some(Field::ClientContacts),
            Field::ClientContacts => Some(Field::OurContacts),
            _ => None,
        };
        let other_side = other_side.filter(|&other| equal.len() == 1 && self.claimants(other).is_empty());
        let sides = || std::iter::once((best, Some(field))).chain(equal.iter().map(|&at| (at, other_side)));
        // equal headings are told apart by the letters of their columns
        let equal_headings = equal.iter().any(|&at| key(&self.drafts[at].heading) == key(&first.heading));
        let name = |at: usize| match &self.drafts[at] {
            draft if equal_headings => draft.address(),
            draft => draft.heading.clone(),
        };
        let names: Vec<(String, Option<Field>)> = sides().map(|(at, field)| (name(at), field)).collect();
        let columns = names.iter().map(|(name, field)| (name.as_str(), *field));
        let line = Proposal::columns(self.settings.file, &self.sheet.name, columns);
        let taken = if is_remark(field) { "the first was taken" } else { "none was taken" };
        let how = other_side.map_or_else(
            || format!("with \"none\" for what is no {field}"),
            |other| format!("with {field} and {other} exchanged if it is the other way round"),
        );
        let mut finding = self.finding(
            Code::HeadingConflict,
            best,
            format!(
                "{} and {} both claim {field}: {taken}. To settle it, add this line, {how}: {line}",
                capital(&first.named()),
                named.join(", ")
            ),
        );
        if is_remark(field) {
            finding.severity = Severity::Warning;
        } else {
            finding = finding.settled_by(line.or("the other way round"));
        }
        self.findings.push(finding.of(field));
    }

    fn contradiction(&mut self, field: Field, at: usize) {
        let draft = &self.drafts[at];
        let message = format!(
            "{} is {field} by its heading ({}), but {}: look at the column. If it is right, add: {}; if it is no {field}, write \"none\" in its place",
            capital(&draft.named()),
            draft.reason,
            draft.profile.in_words(),
            self.line(&draft.heading, Some(field)),
        );
        let line = self.line(&draft.heading, Some(field)).or("\"none\"");
        let finding = self.finding(Code::ValuesContradict, at, message).of(field).settled_by(line);
        self.findings.push(finding);
    }

    /// Headings that could be a field which no other column took.
    fn unclear(&mut self) {
        for at in 0..self.drafts.len() {
            let Claim::Unclear(field) = self.drafts[at].claim else {
                continue;
            };
            let taken = self.column_of(field).map(|other| self.drafts[other].named());
            if let Some(other) = taken {
                self.drafts[at].refuse(format!("could be {field}, but {other} is"));
            } else if is_critical(self.settings, field)
                && self.drafts[at].profile.verdict(field, false) == Verdict::Agrees
            {
                let draft = &self.drafts[at];
                let message = format!(
                    "{} could be {field}, but is not clear enough: {}. If it is, add: {}; if not, the same with \"none\" in place of \"{field}\"",
                    capital(&draft.named()),
                    draft.reason,
                    self.line(&draft.heading, Some(field))
                );
                let line = self.line(&draft.heading, Some(field)).or("\"none\"");
                let finding = self.finding(Code::HeadingUnclear, at, message).of(field).settled_by(line);
                self.findings.push(finding);
            }
        }
    }

    /// A measure without a column beside a column that is nearly it: nobody should have to guess that it was left out.
    fn nearly(&mut self) {
        for at in 0..self.drafts.len() {
            let draft = &self.drafts[at];
            let idle = draft.field.is_none() && draft.own.is_none() && draft.further.is_none();
            if !idle || draft.claim != Claim::None || self.is_pinned(draft) {
                continue;
            }
            let suits = |field: Field| match field.kind() {
                Kind::Level => draft.profile.verdict(field, false) == Verdict::Agrees,
                _ => draft.profile.is_numeric(),
            };
            let settled = |field: Field| {
                self.column_of(field).is_some() || self.findings.iter().any(|finding| finding.field == Some(field))
            };
            let wanted = |field: &Field| is_critical(self.settings, *field) && suits(*field) && !settled(*field);
            let Some(field) = draft.near.iter().copied().find(wanted) else {
                continue;
            };
            let message = format!(
                "{} could be {field}, which no other column is, but its words are not understood: {}. If it is, add: {}; if not, the same with \"none\" in place of \"{field}\"",
                capital(&draft.named()),
                draft.reason,
                self.line(&draft.heading, Some(field))
            );
            let line = self.line(&draft.heading, Some(field)).or("\"none\"");
            let finding = self.finding(Code::HeadingUnclear, at, message).of(field).settled_by(line);
            self.findings.push(finding);
        }
    }

    /// An amount is never read as plain beside a bracket that could be its unit, whoever named the column.
    fn units(&mut self) {
        for at in 0..self.drafts.len() {
            let draft = &self.drafts[at];
            let (Some(field), Some(unread)) = (draft.field.filter(|field| field.kind() == Kind::Money), &draft.unread)
            else {
                continue;
            };
            let message = format!(
                "{} is {field}, but \"({unread})\" is no unit that keeptabs knows: write it in the workbook as \"(EUR)\" or \"(EUR k)\", or leave it away",
                capital(&draft.named())
            );
            let finding = self.finding(Code::HeadingUnclear, at, message).of(field);
            self.findings.push(finding);
        }
    }

    pub(super) fn is_pinned(&self, draft: &Draft) -> bool {
        self.settings.pinned_field(&self.sheet.name, &key(&draft.heading)).is_some()
    }

    fn typo_findings(&mut self) {
        for at in 0..self.drafts.len() {
            if let (Some(field), Some(Tier::Typo)) = (self.drafts[at].field, self.drafts[at].tier) {
                let draft = &self.drafts[at];
                let message = format!(
                    "{} was taken as {field}: {}. If that is wrong, add: {}",
                    capital(&draft.named()),
                    draft.reason,
                    self.line(&draft.heading, None)
                );
                let finding = self.finding(Code::TypoHeading, at, message).of(field);
                self.findings.push(finding);
            }
        }
    }

    fn called_finding(&mut self) {
        let Some(at) = self.called.filter(|at| self.drafts[*at].field == Some(Field::Client)) else { return };
        let message = format!(
            "{} was taken as client: keeptabs does not know the word, but other headings speak of it as of a client, and no value comes twice. If that is wrong, add: {}",
            capital(&self.drafts[at].named()),
            self.line(&self.drafts[at].heading, None)
        );
        let finding = self.finding(Code::HeadingDeduced, at, message).of(Field::Client);
        self.findings.push(finding);
    }

    /// The column that was taken as a field.
    pub(super) fn column_of(&self, field: Field) -> Option<usize> {
        self.drafts.iter().position(|draft| draft.field == Some(field))
    }

    /// A finding at a column's heading.
    pub(super) fn finding(&self, code: Code, at: usize, message: String) -> Finding {
        let draft = &self.drafts[at];
        Finding::new(code, message).on(&*self.sheet.name).at(self.layout.header_row, draft.col).raw(&*draft.heading)
    }

    /// The line of configuration that settles a heading.
    pub(super) fn line(&self, heading: &str, field: Option<Field>) -> Proposal {
        Proposal::columns(self.settings.file, &self.sheet.name, [(heading, field)])
    }

    fn same_values(&self, a: usize, b: usize) -> bool {
        let (a, b) = (self.drafts[a].col, self.drafts[b].col);
        let inside = |row: u32| row > self.layout.header_row && row <= self.layout.last_row;
        self.sheet.rows().filter(|row| inside(row.row)).all(|row| row.get(a) == row.get(b))
    }

    /// The finished columns.
    pub(super) fn columns(&self) -> Vec<Column> {
        let pinned_scale = self.settings.pinned_scale(&self.sheet.name);
        let column = |draft: &Draft| {
            let kind = draft.field.map(Field::kind);
            let survey = draft.field == Some(Field::SurveyScore);
            Column {
                col: draft.col,
                heading: draft.heading.clone(),
                field: draft.field,
                own: draft.own.clone(),
                further: draft.further,
                tier: draft.tier,
                original: draft.original.clone(),
                reason: draft.reason.clone(),
                scale: draft.units.scale.filter(|_| kind == Some(Kind::Money)).unwrap_or(1.0),
                survey_scale: if survey { pinned_scale.or(draft.units.survey) } else { None },
                percent: draft.units.percent,
                currency: draft.units.currency,
            }
        };
        self.drafts.iter().map(column).collect()
    }
}

/// Fields whose heading somebody has to settle before the sheet is used.
pub(super) fn is_critical(settings: &Settings<'_>, field: Field) -> bool {
    settings.measures.contains(&field) || field == Field::Client || field.kind() == Kind::Money
}

/// Texts that feed no figure: of two, the first is taken.
fn is_remark(field: Field) -> bool {
    matches!(field, Field::Comments | Field::ActionPoints | Field::OverrideReason | Field::OverrideBy)
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
