//! One organisation, many departments: rows → accounts → clients, with shares, key accounts and sums. Pure.
//!
//! An [`Account`] is a client in one department, a [`Client`] is the organisation's. Departments and managers count
//! accounts, each with its own score; the organisation counts clients with the merged score.

mod assemble;
mod clusters;
mod conflicts;
mod drafts;
mod entry;
mod identity;
mod ids;
mod key_accounts;
mod located;
mod managers;
mod merge;
mod money;
mod name;
#[cfg(test)]
mod properties;
mod rank;
mod similar;
mod spelled;
#[cfg(test)]
mod tests;
mod totals;
mod twice;

pub use assemble::build;
pub use entry::{Basis, Entry, Ids, Measures, Rated, Settings, Source};
pub use ids::keys_of;
pub use key_accounts::{Standing, Standings};
pub use located::{Cited, Located};
pub use merge::Merged;
pub use money::{Amounts, Unit};
pub use name::{Folded, NameWords};
pub(crate) use similar::{contained, similar};
#[cfg(test)]
pub(crate) use tests::settings as test_settings;
pub use totals::{Breakdown, Evidence, Money, Totals, TwoParts};
pub use twice::{List, MonthWords, Pick, SameLists, Verdict, same_lists};

use crate::field::{Field, Status};
use std::sync::Arc;

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It is an account, or the first line of one.
    Counted,
    /// A further line of an account.
    Line,
    /// Equal to another row of the department: not counted again.
    Duplicate,
    /// Prospect or former: not counted.
    NotActive,
}

/// What the portfolio says about a row.
#[derive(Clone, Debug, PartialEq)]
pub struct RowFacts {
    /// What became of it.
    pub role: Role,
    /// Its client, by index in [`Portfolio::clients`]; `None` where no row of the client is active.
    pub client: Option<usize>,
    /// Its account, by index in [`Portfolio::accounts`]; `None` unless it is active.
    pub account: Option<usize>,
    /// The client's share of the organisation's revenue, 0 to 1.
    pub share: Option<f64>,
    /// Whether the client is a key account of the organisation.
    pub key: bool,
    /// Whether the account is a key account of its department.
    pub key_in_department: bool,
    /// Whether the client is new.
    pub new: bool,
}

/// A client with no revenue last year but a target or revenue now: outside the 80 %.
#[derive(Clone, Debug, PartialEq)]
pub struct New {
    /// What it brings, by currency.
    pub amounts: Amounts,
    /// The field that this is.
    pub field: Field,
    /// The rank it would have among the others, by currency.
    pub ranks: Vec<(Unit, usize)>,
}

/// A client in one department.
#[derive(Clone, Debug, PartialEq)]
pub struct Account<'a> {
    /// The name that the department uses.
    pub name: &'a str,
    /// Index in [`Portfolio::clients`].
    pub client: usize,
    /// Index in [`Portfolio::departments`].
    pub department: usize,
    /// Index in [`Portfolio::managers`]; of several the one with most revenue.
    pub manager: Option<usize>,
    /// What is known of it.
    pub merged: Arc<Merged>,
    /// What the scorecard says.
    pub rated: Rated,
    /// The status shown, a live override included.
    pub shown: Status,
    /// Whether a live override sets it.
    pub overridden: bool,
    /// Its place in the department, by currency.
    pub standings: Standings,
    /// Set when it is new in its department.
    pub new: Option<New>,
}

impl Account<'_> {
    fn counted(&self) -> totals::Counted<'_> {
        totals::Counted {
            rated: &self.rated,
            shown: self.shown,
            overridden: self.overridden,
            last_year: &self.merged.revenue_last_year,
            new: self.new.as_ref().map(|new| &new.amounts),
        }
    }

    /// Whether it is a key account of its department.
    pub fn is_key(&self) -> bool {
        self.standings.iter().any(|(_, standing)| standing.key)
    }

    /// Why it is shown At risk, if it is.
    pub fn at_risk(&self) -> Option<Evidence> {
        totals::at_risk(&self.rated, self.shown, self.overridden)
    }

    /// Why it worries, if it does.
    pub fn worry(&self) -> Option<Evidence> {
        totals::worry(&self.rated)
    }
}

/// A client of the organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Client<'a> {
    /// The most frequent spelling of its name.
    pub name: &'a str,
    /// Its ids as handed in.
    pub ids: Vec<&'a str>,
    /// Indexes in [`Portfolio::accounts`], by department.
    pub accounts: Vec<usize>,
    /// Indexes in [`Portfolio::managers`], the one with most revenue first.
    pub managers: Vec<usize>,
    /// What is known of it: what its account knows, where it has one.
    pub merged: Arc<Merged>,
    /// What the scorecard says about the merged inputs.
    pub rated: Rated,
    /// The status shown: the worst live override, else that of the score.
    pub shown: Status,
    /// Whether a live override sets it.
    pub overridden: bool,
    /// Its place in the organisation, by currency: one, as a rule; none without an amount above 0 or when it is new.
    pub standings: Standings,
    /// Set when it is new.
    pub new: Option<New>,
    /// The account with the lowest score (index in [`Portfolio::accounts`]), if any is scored.
    pub lowest: Option<usize>,
    /// Whether any of its accounts is shown At risk: the best evidence must not hide it.
    pub account_at_risk: bool,
    /// Comments with their departments (index in [`Portfolio::departments`]).
    pub comments: Vec<(usize, &'a str)>,
    /// Action points with their departments.
    pub action_points: Vec<(usize, &'a str)>,
}

impl Client<'_> {
    fn counted(&self) -> totals::Counted<'_> {
        totals::Counted {
            rated: &self.rated,
            shown: self.shown,
            overridden: self.overridden,
            last_year: &self.merged.revenue_last_year,
            new: self.new.as_ref().map(|new| &new.amounts),
        }
    }

    /// Whether it is a key account of the organisation.
    pub fn is_key(&self) -> bool {
        self.standings.iter().any(|(_, standing)| standing.key)
    }

    /// Why it is shown At risk, if it is.
    pub fn at_risk(&self) -> Option<Evidence> {
        totals::at_risk(&self.rated, self.shown, self.overridden)
    }

    /// Why it worries, if it does.
    pub fn worry(&self) -> Option<Evidence> {
        totals::worry(&self.rated)
    }
}

/// A department or a manager: its accounts and their sums.
#[derive(Clone, Debug, PartialEq)]
pub struct Group<'a> {
    /// Its name; `None` stands for "no account manager".
    pub name: Option<&'a str>,
    /// Indexes in [`Portfolio::accounts`].
    pub accounts: Vec<usize>,
    /// Sums over them; key accounts are the organisation's.
    pub totals: Breakdown,
}

/// How the revenue of the accounts becomes that of the clients, in one currency.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RevenueStep {
    /// The currency.
    pub unit: Unit,
    /// Last year's revenue of all accounts, amounts above 0.
    pub accounts: f64,
    /// Less what two departments have equal to the cent.
    pub counted_once: f64,
    /// Less what negative amounts of one department take from another's.
    pub netted: f64,
    /// Last year's revenue of all clients, amounts above 0.
    pub clients: f64,
}

/// How rows become accounts, and accounts clients.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciliation {
    /// Rows that came in = not active + duplicates + further lines + accounts.
    pub rows: usize,
    /// Prospects and former clients.
    pub not_active: usize,
    /// Rows equal to another.
    pub duplicates: usize,
    /// Further lines of accounts.
    pub further_lines: usize,
    /// Clients in one department each.
    pub accounts: usize,
    /// Clients of the organisation.
    pub clients: usize,
    /// Clients that stand in two or more departments.
    pub in_several_departments: usize,
    /// The step in money.
    pub revenue: Vec<RevenueStep>,
}

/// The organisation.
#[derive(Clone, Debug, PartialEq)]
pub struct Portfolio<'a> {
    /// What became of each entry, in the order given.
    pub rows: Vec<RowFacts>,
    /// By department, then name.
    pub accounts: Vec<Account<'a>>,
    /// By revenue; then the new ones, then those without revenue, by name.
    pub clients: Vec<Client<'a>>,
    /// By name; also those without an active client.
    pub departments: Vec<Group<'a>>,
    /// By name, also those whose clients are not active or led by others; accounts without a manager last.
    pub managers: Vec<Group<'a>>,
    /// Sums over all accounts: equal to those over departments and over managers.
    pub all_accounts: Breakdown,
    /// Sums over clients.
    pub organisation: Breakdown,
    /// From rows to clients.
    pub reconciliation: Reconciliation,
    /// Conflicts, possible duplicates and the like, by place.
    pub findings: Vec<Located<'a>>,
}
