//! The measures and facts that a client list can hold, by stable id.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What kind of value a field takes; the field decides the type, nothing is inferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Free text, a name or an id: numbers become text.
    Text,
    /// A whole number from 0 to [`crate::value::MAX_COUNT`].
    Count,
    /// [`Level`].
    Level,
    /// A survey score on 1 to 10.
    Survey,
    /// A calendar day.
    Date,
    /// An amount of money.
    Money,
    /// [`Stage`].
    Stage,
    /// One of the three statuses that a person can set.
    Status,
    /// A currency code or sign.
    Currency,
}

macro_rules! fields {
    ($($(#[$doc:meta])* $variant:ident = $id:literal: $kind:ident,)*) => {
        /// A field of the client list.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum Field { $($(#[$doc])* $variant,)* }

        impl Field {
            /// Every field, in the order of the result's columns.
            pub const ALL: &'static [Field] = &[$(Field::$variant,)*];

            /// Stable id, as used in configuration, dictionary and run.json.
            pub fn id(self) -> &'static str {
                match self { $(Field::$variant => $id,)* }
            }

            /// What kind of value it takes.
            pub fn kind(self) -> Kind {
                match self { $(Field::$variant => Kind::$kind,)* }
            }
        }
    };
}

fields! {
    /// Name of the client organisation.
    Client = "client": Text,
    /// The organisation's own key.
    ClientId = "client_id": Text,
    /// Who looks after the client.
    AccountManager = "account_manager": Text,
    /// How many of our people have contacts in the client's organisation.
    OurContacts = "our_contacts": Count,
    /// How many of the client's people have contacts in ours.
    ClientContacts = "client_contacts": Count,
    /// Meetings held in the last six months.
    Meetings = "meetings": Count,
    /// Level of the most senior contact.
    DecisionLevel = "decision_level": Level,
    /// Score of the last quarterly survey.
    SurveyScore = "survey_score": Survey,
    /// When the survey was answered.
    SurveyDate = "survey_date": Date,
    /// Free text.
    Comments = "comments": Text,
    /// Free text.
    ActionPoints = "action_points": Text,
    /// Revenue of the fiscal year before the reporting month's.
    RevenueLastYear = "revenue_last_year": Money,
    /// Revenue target of the current fiscal year.
    Target = "target": Money,
    /// Revenue of the current fiscal year so far.
    RevenueCurrent = "revenue_current": Money,
    /// Currency of the amounts.
    Currency = "currency": Currency,
    /// Overrides the department of folder or file.
    Department = "department": Text,
    /// Active, prospect or former.
    Stage = "stage": Stage,
    /// Next contract renewal.
    RenewalDate = "renewal_date": Date,
    /// Last thank-you call.
    LastThanked = "last_thanked": Date,
    /// Clients referred to us this year.
    Referrals = "referrals": Count,
    /// A person's judgement over the computed status.
    OverrideStatus = "override_status": Status,
    /// Why the status was overridden.
    OverrideReason = "override_reason": Text,
    /// Last day of the override.
    OverrideUntil = "override_until": Date,
    /// Who overrode it.
    OverrideBy = "override_by": Text,
}

impl Field {
    /// How many fields there are.
    pub const COUNT: usize = Self::ALL.len();

    /// The field with this id.
    pub fn from_id(id: &str) -> Option<Field> {
        Self::ALL.iter().copied().find(|field| field.id() == id)
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// Seniority of the most senior contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the contract's three words")]
pub enum Level {
    Junior,
    Middle,
    /// Director, board, owner, vice president.
    Senior,
}

impl Level {
    /// From the lowest to the highest.
    pub const ALL: [Level; 3] = [Level::Junior, Level::Middle, Level::Senior];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::Junior => "junior",
            Self::Middle => "middle",
            Self::Senior => "senior",
        }
    }
}

/// Where the relationship stands; only active clients are scored and counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the contract's three words")]
pub enum Stage {
    #[default]
    Active,
    Prospect,
    Former,
}

/// How a client stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the contract's four words")]
pub enum Status {
    AtRisk,
    Watch,
    Strong,
    NotScored,
}

impl Status {
    /// From the worst to the best, then without a score.
    pub const ALL: [Status; 4] = [Status::AtRisk, Status::Watch, Status::Strong, Status::NotScored];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::AtRisk => "at_risk",
            Self::Watch => "watch",
            Self::Strong => "strong",
            Self::NotScored => "not_scored",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_found_again() {
        for &field in Field::ALL {
            assert_eq!(Field::from_id(field.id()), Some(field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.id());
        }
    }
}
