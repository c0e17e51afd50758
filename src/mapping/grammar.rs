//! The grammar of each field: which concepts make it up, and which may stand beside them.

use super::concepts::{Concept, Set, set};
use crate::field::Field;
use Concept::{
    Access, Account, Action, Amount, Answered, Branch, By, Call, Client, ClientId, ClientSide, Clients, Colleague,
    Comment, Company, Contact, Contract, Count, Currency, Date, Debtor, Decision, Department, End, General, Given,
    HalfYear, Held, House, Id, Iso, Keeper, Know, KnowUs, Known, Last, LegalName, Level, LevelAsked, Link, Manager,
    Meeting, Name, New, Next, Now, Occupation, On, OurSide, Ours, Override, OwnHouse, People, Periodic, Phone, Plan,
    Question, Reason, Referral, Referred, Relationship, Renewal, Replied, Sales, Score, Senior, Site, SixMonths,
    Someone, Staff, Stage, Status, Still, Survey, System, Thank, There, ThisYear, Title, Trade, Unique, Us, Via,
    WeHave, WeKnow, Who,
};

/// A field's grammar: each set of `needs` has a word of its own, and every other word is one of `may`.
pub(super) struct Rule {
    pub field: Field,
    pub needs: &'static [Set],
    pub may: Set,
    pub weak: bool,
}

const fn rule(field: Field, needs: &'static [Set], may: Set, weak: bool) -> Rule {
    Rule { field, needs, may, weak }
}

pub(super) const CLIENT: Set = set(&[Client, Clients, There, Trade]);
pub(super) const PERSON: Set = CLIENT
    | set(&[
        Decision, Senior, Level, LevelAsked, Access, Title, Contact, People, Staff, Who, Link, Ours, OurSide,
        ClientSide,
    ])
    | set(&[On, Know, Known, KnowUs, WeKnow, WeHave, Question, Someone]);
const KEEPING: Set =
    set(&[Ours, OurSide, House, Name, Who, Question, Link, Colleague, There, Relationship, Keeper, System])
        | set(&[Branch, Occupation]);
const SURVEY: Set = CLIENT | set(&[ClientSide, Survey, Last, Link, On, Periodic, System, Question, Given, Us]);
const NOTED: Set = CLIENT
    | set(&[Comment, General, Manager, Keeper, Account, Sales, Department, House, Ours, Link, On, Relationship, By]);

/// Every combination that means a field; a heading that fits two fields is none.
pub(super) const RULES: &[Rule] = &[
    // "Quelle note nous ont-ils donnée à la dernière enquête ?"
    rule(Field::SurveyScore, &[set(&[Survey]), set(&[Score])], SURVEY | set(&[Given, Us, Answered]), true),
    rule(Field::SurveyScore, &[set(&[Survey])], SURVEY & !set(&[On]), true),
    rule(
        Field::SurveyScore,
        &[set(&[Score]), set(&[Given]), set(&[Client, There, Us, Trade, Question])],
        CLIENT | set(&[Given, Us, Last, Link, Score, By, On, Question]),
        true,
    ),
    rule(
        Field::SurveyScore,
        &[set(&[Score]), set(&[Us]), set(&[Client, There, Question, Trade])],
        CLIENT | set(&[Us, Last, Link, By]),
        true,
    ),
    // "Note vom Kunden": who judges says what is judged
    rule(
        Field::SurveyScore,
        &[set(&[Score]), set(&[By]), set(&[Client, Trade])],
        CLIENT | set(&[Us, Last, Link, Periodic]),
        true,
    ),
    rule(
        Field::SurveyDate,
        &[set(&[Survey]), set(&[Date, Answered, Replied])],
        SURVEY | set(&[Date, Answered, Replied, Score, Held, Given]),
        true,
    ),
    rule(Field::SurveyDate, &[set(&[Survey]), set(&[On])], SURVEY | set(&[Answered, Replied, Held]), true),
    rule(Field::SurveyDate, &[set(&[Score]), set(&[On])], CLIENT | set(&[Last, Link, Given, By]), true),
    rule(
        Field::SurveyDate,
        &[set(&[Score]), set(&[Date])],
        CLIENT | set(&[Score, Date, Last, Link, On, By, Given, Held]),
        true,
    ),
    // "Nota dada em", with dates below
    rule(Field::SurveyDate, &[set(&[Score]), set(&[On])], set(&[Score, Last, Link, On, By, Given, Us, There]), true),
    rule(Field::SurveyDate, &[set(&[Replied]), set(&[Date, On, Answered])], SURVEY | set(&[Date, Answered]), true),
    rule(
        Field::SurveyDate,
        &[set(&[Score]), set(&[Answered]), set(&[Date, On])],
        SURVEY | set(&[Date, Answered]),
        true,
    ),
    rule(
        Field::Meetings,
        &[set(&[Meeting])],
        CLIENT
            | set(&[ClientSide, Meeting, Phone, Count, Held, Link, Who, SixMonths, Last, HalfYear, On, Ours, Sales])
            | set(&[WeHave, Site, OurSide, House, OwnHouse, Company, Account, Us]),
        true,
    ),
    rule(Field::DecisionLevel, &[set(&[Decision]), set(&[Level, Title])], PERSON, false),
    rule(Field::DecisionLevel, &[set(&[Contact]), set(&[Level])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[Senior]), set(&[Contact, Decision, People, Level, Title])], PERSON, true),
    // "Höchster Ansprechpartner (Position)" asks for a level, whatever the titles below are called
    rule(
        Field::DecisionLevel,
        &[set(&[Senior]), set(&[Contact, Decision, WeKnow]), set(&[Level, Title])],
        PERSON,
        false,
    ),
    rule(Field::DecisionLevel, &[set(&[Senior]), set(&[Level, Title]), CLIENT], PERSON, false),
    rule(Field::DecisionLevel, &[set(&[Senior]), set(&[WeKnow, KnowUs, Know, Question])], PERSON, true),
    rule(Field::DecisionLevel, &[set(&[Decision])], CLIENT | set(&[Who, Link, Decision, Question, On]), true),
    rule(Field::DecisionLevel, &[set(&[Decision]), set(&[Access, Contact])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[Access]), set(&[Level, Senior])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[LevelAsked])], PERSON & !set(&[Title]), true),
    rule(Field::DecisionLevel, &[set(&[Access]), set(&[Contact])], PERSON & !set(&[Title]), true),
    // "Nível na empresa deles"
    rule(Field::DecisionLevel, &[set(&[Level]), set(&[There])], PERSON & !set(&[Title, Client, Trade, Clients]), true),
    rule(Field::DecisionLevel, &[set(&[Level]), set(&[WeKnow, Know])], PERSON & !set(&[Title]), true),
    rule(
        Field::RenewalDate,
        &[set(&[Contract]), set(&[End, Renewal])],
        CLIENT | set(&[Contract, End, Renewal, Date, Next, Link, On, Who, By, Ours]),
        true,
    ),
    rule(Field::RenewalDate, &[set(&[Renewal])], CLIENT | set(&[Date, Next, End, Renewal, Link, On]), true),
    rule(
        Field::Referrals,
        &[set(&[Referral])],
        CLIENT | set(&[Count, Answered, ThisYear, New, Link, Us, Referral, Referred, Given, Held, Who, On, Via]),
        true,
    ),
    rule(
        Field::Referrals,
        &[set(&[Referred]), set(&[Clients, Company, Account, Trade])],
        CLIENT | set(&[Count, ThisYear, New, Link, Us, Referred, Who, Company, There]),
        true,
    ),
    // "Neukunden dank diesem Kunden"
    rule(
        Field::Referrals,
        &[set(&[Clients]), set(&[Via]), set(&[Client, There, Us])],
        CLIENT | set(&[Count, ThisYear, New, Link, Referred, Clients]),
        true,
    ),
    rule(
        Field::LastThanked,
        &[set(&[Thank])],
        CLIENT | set(&[Last, Date, On, Call, Link, Thank, Given, Held, Question, Ours, OurSide, Colleague]),
        true,
    ),
    rule(Field::OverrideStatus, &[set(&[Override]), set(&[Status])], CLIENT | set(&[Override]), true),
    rule(Field::OverrideReason, &[set(&[Override]), set(&[Reason])], set(&[Override, Status, Link]), false),
    rule(Field::OverrideUntil, &[set(&[Override]), set(&[End])], set(&[Override, Status, Date, Link, End, On]), true),
    rule(Field::OverrideBy, &[set(&[Override]), set(&[By])], set(&[Override, Status, By, Who, Link]), false),
    rule(
        Field::ClientId,
        &[set(&[Client, Debtor, Account, Trade]), set(&[Id])],
        set(&[Client, Debtor, Id, Link, System, House, Ours, Unique, Question, Branch]),
        false,
    ),
    rule(
        Field::ClientId,
        &[set(&[ClientId])],
        set(&[Client, ClientId, System, Ours, Unique, Question, Link, Branch]),
        false,
    ),
    rule(
        Field::ClientId,
        &[set(&[System]), set(&[Id, Name])],
        set(&[Client, Account, Trade, Id, Link]) & !set(&[Name]),
        false,
    ),
    rule(
        Field::Client,
        &[set(&[Client, Company, Account, Debtor, Trade]), set(&[Name, LegalName])],
        set(&[Client, Company, Account, Link]),
        false,
    ),
    rule(Field::Client, &[set(&[Trade])], set(&[Client, Company, Trade, LegalName, Name]), false),
    // "Druckkunde"; a Bank or an Agentur may be anybody's
    rule(Field::Client, &[set(&[Client]), set(&[Branch, OwnHouse])], set(&[Link]), false),
    rule(Field::Client, &[set(&[LegalName]), set(&[Name])], set(&[Client, Company]), false),
    rule(Field::Client, &[set(&[Client]), set(&[System])], set(&[Name, Link]), false),
    rule(Field::Client, &[set(&[Question]), set(&[Client, Company, Trade])], set(&[Question, Link, On, There]), false),
    rule(Field::Client, &[set(&[LegalName])], set(&[Client]), false),
    rule(Field::Client, &[set(&[Company]), set(&[Client])], 0, false),
    rule(
        Field::AccountManager,
        &[set(&[Manager, Keeper]), set(&[Account, Client, Clients, Sales, Manager, Trade, Relationship])],
        KEEPING | set(&[Manager, Account, Client, Clients, Sales, Trade, Contact, On]),
        false,
    ),
    // "Verantw. MA", "zuständige Kollegin"
    rule(Field::AccountManager, &[set(&[Manager, Keeper]), set(&[People, Staff, Colleague])], KEEPING, true),
    // "Notaire ou juriste en charge"
    rule(Field::AccountManager, &[set(&[Keeper])], KEEPING | set(&[Staff]), false),
    rule(Field::AccountManager, &[set(&[Manager])], KEEPING, true),
    // "Arquitecta"; the client may have one, too
    rule(
        Field::AccountManager,
        &[set(&[Occupation]), set(&[Account, Clients, Relationship])],
        KEEPING | set(&[Account, Clients]),
        true,
    ),
    rule(Field::AccountManager, &[set(&[Occupation])], set(&[Ours, OurSide, House, Name, Link, Branch]), true),
    rule(Field::Comments, &[set(&[Comment])], NOTED, false),
    rule(
        Field::ActionPoints,
        &[set(&[Action])],
        CLIENT | set(&[Action, Plan, Next, Link, Ours, Sales, Question, Keeper, General]),
        false,
    ),
    rule(Field::ActionPoints, &[set(&[Next]), set(&[Action])], set(&[Action, Plan, Link]), false),
    rule(
        Field::Currency,
        &[set(&[Currency])],
        set(&[Id, Iso, Currency, Amount, Account, Client, Contract, Question, Link, Name]),
        true,
    ),
    // "Noch Kunde?", "Client actif ?"
    rule(Field::Stage, &[set(&[Still]), set(&[Client, Trade, Still])], set(&[Client, Link, There, Still]), true),
    rule(Field::Stage, &[set(&[Stage, Status])], set(&[Stage, Link, Client, Account, Relationship, Sales, Now]), true),
    rule(Field::Department, &[set(&[Department])], set(&[Name, Ours, OurSide, Manager, Question, Sales, Link]), false),
];

/// A judgement that a client has given.
pub(super) const JUDGED: Rule =
    rule(Field::SurveyScore, &[set(&[Score])], CLIENT | set(&[Score, Link, Last, Periodic, Given]), true);
