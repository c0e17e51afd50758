//! What goes into the portfolio: one client row of one department, as plain data.

use super::name::NameWords;
use crate::account::{Currency, Input};
use crate::book::CellRef;
use crate::field::{Field, Stage, Status};
use crate::mapping::Column;
use std::collections::BTreeMap;

/// Where a row stands.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// Index of the file in the run.
    pub file: usize,
    /// Index of the client table in the file.
    pub table: usize,
    /// Index of the client in the table.
    pub account: usize,
    /// Path of the file below the inbox.
    pub file_name: &'a str,
    /// Name of the sheet.
    pub sheet: &'a str,
    /// Row in the sheet, from 0.
    pub row: u32,
    /// The columns of the table: they name the cell of every input.
    pub columns: &'a [Column],
}

impl Source<'_> {
    /// The cell that a field of this row was read from.
    pub fn cell(&self, field: Field) -> Option<CellRef> {
        let column = self.columns.iter().find(|column| column.field == Some(field))?;
        Some(CellRef { row: self.row, col: column.col })
    }

    /// Whether the table keeps a field at all.
    pub fn keeps(&self, field: Field) -> bool {
        self.columns.iter().any(|column| column.field == Some(field))
    }

    /// The order of the rows: by file, table and place in the table.
    pub(super) fn order(&self) -> (usize, usize, usize, u32) {
        (self.file, self.table, self.account, self.row)
    }
}

/// The inputs that are merged, as read or as merged.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "the fields of the same names")]
pub struct Measures {
    pub our_contacts: Input,
    pub client_contacts: Input,
    pub meetings: Input,
    pub decision_level: Input,
    pub survey_score: Input,
    pub survey_date: Input,
    pub renewal_date: Input,
    pub last_thanked: Input,
    pub referrals: Input,
    pub revenue_last_year: Input,
    pub target: Input,
    pub revenue_current: Input,
}

impl Measures {
    /// The fields held here.
    pub const FIELDS: [Field; 12] = [
        Field::OurContacts,
        Field::ClientContacts,
        Field::Meetings,
        Field::DecisionLevel,
        Field::SurveyScore,
        Field::SurveyDate,
        Field::RenewalDate,
        Field::LastThanked,
        Field::Referrals,
        Field::RevenueLastYear,
        Field::Target,
        Field::RevenueCurrent,
    ];

    /// The input of a field; missing for a field that is not held here.
    pub fn get(&self, field: Field) -> Input {
        match field {
            Field::OurContacts => self.our_contacts,
            Field::ClientContacts => self.client_contacts,
            Field::Meetings => self.meetings,
            Field::DecisionLevel => self.decision_level,
            Field::SurveyScore => self.survey_score,
            Field::SurveyDate => self.survey_date,
            Field::RenewalDate => self.renewal_date,
            Field::LastThanked => self.last_thanked,
            Field::Referrals => self.referrals,
            Field::RevenueLastYear => self.revenue_last_year,
            Field::Target => self.target,
            Field::RevenueCurrent => self.revenue_current,
            _ => Input::Missing,
        }
    }
}

/// What the scorecard says about a row, an account or a client.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rated {
    /// The sum of the points; `None` when no measure is known.
    pub score: Option<f64>,
    /// The most that its scorecard gives.
    pub maximum: f64,
    /// The score if every missing measure were as good as possible.
    pub best_case: f64,
    /// Status by the score.
    pub status: Status,
    /// Status by the best case.
    pub best_status: Status,
    /// Whether it worries; `None` when not scored.
    pub worry: Option<bool>,
    /// Whether it would worry in the best case.
    pub best_worry: bool,
    /// Whether it meets the KPI; `None` when not scored.
    pub kpi_met: Option<bool>,
    /// Scored, below the KPI, and one point more would meet it.
    pub one_point_away: bool,
}

/// One client row of one department. A row in it is read-only: the portfolio borrows its texts.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Where it stands.
    pub source: Source<'a>,
    /// The department it counts for.
    pub department: &'a str,
    /// The client's name as handed in.
    pub client: &'a str,
    /// The organisation's own key.
    pub client_id: Option<&'a str>,
    /// Who looks after the client, as handed in.
    pub account_manager: Option<&'a str>,
    /// Only active clients are counted.
    pub stage: Stage,
    /// What is known of it.
    pub measures: Measures,
    /// Currency of its amounts, where the source or the department's configuration tells.
    pub currency: Option<Currency>,
    /// What its scorecard says.
    pub rated: Rated,
    /// The status shown: that of a live override, else [`Rated::status`].
    pub shown: Status,
    /// Whether a live override sets the status shown.
    pub overridden: bool,
    /// Free text.
    pub comments: Option<&'a str>,
    /// Free text.
    pub action_points: Option<&'a str>,
}

/// Which amount ranks clients and makes the shares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields of the same names")]
pub enum Basis {
    #[default]
    RevenueLastYear,
    RevenueCurrent,
    Target,
}

impl Basis {
    /// The field it stands for.
    pub fn field(self) -> Field {
        match self {
            Self::RevenueLastYear => Field::RevenueLastYear,
            Self::RevenueCurrent => Field::RevenueCurrent,
            Self::Target => Field::Target,
        }
    }
}

/// How far the clients' ids hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ids {
    /// One key for the whole organisation.
    #[default]
    Organisation,
    /// Each department has keys of its own.
    Department,
}

/// How the departments become one organisation.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Key accounts are the smallest leading set that reaches this share, 0 to 1.
    pub key_share: f64,
    /// The amount that ranks.
    pub basis: Basis,
    /// How far ids hold.
    pub ids: Ids,
    /// The organisation's currency: amounts without one have it, and rates convert into it.
    pub currency: Option<Currency>,
    /// What one unit of a currency is worth in [`Settings::currency`].
    pub rates: BTreeMap<Currency, f64>,
    /// Names that a person confirmed to be one client.
    pub same: Vec<(String, String)>,
    /// Names that a person confirmed to be two clients.
    pub different: Vec<(String, String)>,
    /// Words of company names: legal forms, "and", articles.
    pub words: NameWords,
    /// Last day of the reporting month (days since 1899-12-30): the next renewal is not before it.
    pub as_of: i32,
}
