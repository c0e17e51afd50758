//! The score of an account: points, status, flags. Pure; every rule is said in `scoring` terms of the configuration.

use crate::account::{Account, Input, Measure, Value};
use crate::field::{Field, Level, Stage, Status};
use crate::period::{Period, serial};
use crate::value::{MAX_COUNT, number_text};
use jiff::ToSpan;
use serde::Serialize;
use std::fmt;

/// When a criterion gives its points.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// More than the limit.
    Above(f64),
    /// The limit or more.
    AtLeast(f64),
    /// Less than the limit.
    Below(f64),
    /// The limit or less.
    AtMost(f64),
    /// From the first to the second, both included.
    Between(f64, f64),
    /// Points by level, in the order of [`Level::ALL`].
    Levels([f64; 3]),
    /// Points by the place of a word in the further column's list.
    Words(Vec<(String, f64)>),
    /// A day at most so many days before the as-of date.
    WithinDays(f64),
}

impl fmt::Display for Rule {
    /// "more than 1"; "junior 0, middle 1, senior 2".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let limit = |number: &f64| number_text(*number);
        let list = |parts: Vec<(&str, f64)>| {
            parts.into_iter().map(|(word, points)| format!("{word} {}", number_text(points))).collect::<Vec<_>>()
        };
        match self {
            Self::Above(x) => write!(f, "more than {}", limit(x)),
            Self::AtLeast(x) => write!(f, "at least {}", limit(x)),
            Self::Below(x) => write!(f, "less than {}", limit(x)),
            Self::AtMost(x) => write!(f, "at most {}", limit(x)),
            Self::Between(a, b) => write!(f, "from {} to {}", limit(a), limit(b)),
            Self::WithinDays(x) => write!(f, "at most {} days ago", limit(x)),
            Self::Levels(points) => {
                let parts = Level::ALL.iter().zip(points).map(|(level, points)| (level.id(), *points));
                f.write_str(&list(parts.collect()).join(", "))
            }
            Self::Words(words) => {
                let parts = words.iter().map(|(word, points)| (word.as_str(), *points));
                f.write_str(&list(parts.collect()).join(", "))
            }
        }
    }
}

/// One criterion of a scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Criterion {
    /// Stable id; names on the Method sheet are made of it.
    pub id: String,
    /// Heading of its points column in the result.
    pub heading: String,
    /// What it measures.
    pub measure: Measure,
    /// When it gives points.
    pub rule: Rule,
    /// The most it gives; with 0 it is shown and not counted.
    pub points: f64,
}

/// The clients of a list that a scorecard rates: those with one of these words in a column.
#[derive(Clone, Debug, PartialEq)]
pub struct When {
    /// Heading of the column as departments write it; compared in normalised form.
    pub column: String,
    /// The words; compared by [`crate::text::word_key`].
    pub is: Vec<String>,
}

/// A scorecard.
#[derive(Clone, Debug, PartialEq)]
pub struct Scorecard {
    /// Its name.
    pub name: String,
    /// Departments it holds for; empty: all that no other names.
    pub departments: Vec<String>,
    /// Clients it holds for; `None`: all that no other holds for.
    pub when: Option<When>,
    /// At least this is Strong.
    pub strong: f64,
    /// At least this is Watch.
    pub watch: f64,
    /// At most this is a worry.
    pub worry: f64,
    /// At least this meets the KPI.
    pub kpi: f64,
    /// Criteria (by place) in the order in which gaps are to be closed.
    pub next: Vec<usize>,
    /// The criteria.
    pub criteria: Vec<Criterion>,
}

/// Limits of the flags.
#[derive(Clone, Debug, PartialEq)]
pub struct FlagLimits {
    /// Too few meetings: below.
    pub meetings: f64,
    /// Low survey: at most.
    pub survey: f64,
    /// Survey stale: older than so many months.
    pub survey_months: i32,
    /// Below target: below.
    pub attainment: f64,
    /// Shrinking: below.
    pub growth: f64,
    /// Renewal due: within so many days.
    pub renewal_days: i32,
    /// Thank-you due: older than so many months.
    pub thanked_months: i32,
    /// First month of the fiscal year in which money flags speak.
    pub money_from_month: i8,
}

/// What stands beside the score, independent of the sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the contract's words")]
pub enum Flag {
    NoContact,
    SingleThreaded,
    NoSeniorContact,
    TooFewMeetings,
    LowSurvey,
    SurveyMissing,
    SurveyStale,
    BelowTarget,
    Shrinking,
    RenewalDue,
    ThankYouDue,
}

impl Flag {
    /// In the order in which they are named.
    pub const ALL: [Flag; 11] = [
        Flag::NoContact,
        Flag::SingleThreaded,
        Flag::NoSeniorContact,
        Flag::TooFewMeetings,
        Flag::LowSurvey,
        Flag::SurveyMissing,
        Flag::SurveyStale,
        Flag::BelowTarget,
        Flag::Shrinking,
        Flag::RenewalDue,
        Flag::ThankYouDue,
    ];

    /// Stable id.
    pub fn id(self) -> &'static str {
        match self {
            Flag::NoContact => "no_contact",
            Flag::SingleThreaded => "single_threaded",
            Flag::NoSeniorContact => "no_senior_contact",
            Flag::TooFewMeetings => "too_few_meetings",
            Flag::LowSurvey => "low_survey",
            Flag::SurveyMissing => "survey_missing",
            Flag::SurveyStale => "survey_stale",
            Flag::BelowTarget => "below_target",
            Flag::Shrinking => "shrinking",
            Flag::RenewalDue => "renewal_due",
            Flag::ThankYouDue => "thank_you_due",
        }
    }
}

/// Limits that count from the as-of date, as days since 1899-12-30.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dates {
    /// Last day of the reporting month.
    pub as_of: i32,
    /// A survey before this day is stale.
    pub survey_stale_before: i32,
    /// A thank-you before this day is due again.
    pub thanked_before: i32,
    /// A renewal up to this day is due.
    pub renewal_until: i32,
}

impl Dates {
    /// Counted from the reporting month's last day, months by calendar.
    pub fn new(period: Period, limits: &FlagLimits) -> Self {
        let as_of = period.as_of();
        let months_back = |months: i32| serial(as_of.saturating_sub(months.months()));
        Self {
            as_of: serial(as_of),
            survey_stale_before: months_back(limits.survey_months),
            thanked_before: months_back(limits.thanked_months),
            renewal_until: serial(as_of) + limits.renewal_days,
        }
    }
}

/// Everything that a rating depends on besides the account.
#[derive(Clone, Debug)]
pub struct Basis<'a> {
    /// The scorecard.
    pub card: &'a Scorecard,
    /// Limits of the flags.
    pub limits: &'a FlagLimits,
    /// Date limits.
    pub dates: Dates,
    /// What of a year's revenue is due by the as-of date (1 for full-year figures).
    pub share_of_year: f64,
    /// Whether money flags speak in this month.
    pub money_flags: bool,
}

impl<'a> Basis<'a> {
    /// For a month.
    pub fn new(card: &'a Scorecard, limits: &'a FlagLimits, period: Period, full_year_figures: bool) -> Self {
        Self {
            card,
            limits,
            dates: Dates::new(period, limits),
            share_of_year: if full_year_figures { 1.0 } else { period.share_of_year() },
            money_flags: period.month_of_year() >= limits.money_from_month,
        }
    }
}

/// How the clients of a department are rated: each by its own scorecard.
#[derive(Clone, Debug)]
pub struct Bases<'a> {
    /// By the place of the scorecard in the configuration.
    each: Vec<Basis<'a>>,
    usual: usize,
}

impl<'a> Bases<'a> {
    /// By each of the configuration's scorecards; the one at `usual` holds where no other does. There is one at least.
    pub fn new(each: Vec<Basis<'a>>, usual: usize) -> Self {
        Self { each, usual }
    }

    /// How clients are rated that no scorecard names by a word in their row.
    pub fn usual(&self) -> &Basis<'a> {
        &self.each[self.usual]
    }

    /// How a client is rated.
    pub fn of(&self, account: &Account<'_>) -> &Basis<'a> {
        self.at(account.card())
    }

    /// How clients of a scorecard are rated, by its place in the configuration; `None` is the usual one.
    pub fn at(&self, card: Option<usize>) -> &Basis<'a> {
        &self.each[card.unwrap_or(self.usual)]
    }
}

/// Which columns a sheet keeps where that decides about flags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// Survey scores: at least one is known.
    pub survey: bool,
    /// Last thank-yous.
    pub thanked: bool,
    /// Last year's revenue: at least one client has any.
    pub last_year: bool,
    /// Overrides.
    pub overrides: bool,
    /// Stages.
    pub stage: bool,
}

impl Kept {
    /// Of a client table.
    pub fn of(table: &crate::account::ClientTable) -> Self {
        Self {
            survey: table.accounts().any(|account| account.input(Field::SurveyScore).is_known()),
            thanked: table.keeps(Field::LastThanked),
            last_year: table.accounts().any(|account| account.input(Field::RevenueLastYear) != Input::Missing),
            overrides: table.keeps(Field::OverrideStatus),
            stage: table.keeps(Field::Stage),
        }
    }

    /// Of two tables: what either of them keeps.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            survey: self.survey || other.survey,
            thanked: self.thanked || other.thanked,
            last_year: self.last_year || other.last_year,
            overrides: self.overrides || other.overrides,
            stage: self.stage || other.stage,
        }
    }
}

/// The rating of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Rated {
    /// Points by criterion; `None` where the measure is missing or wrong.
    pub points: Vec<Option<f64>>,
    /// Sum of the counted points; `None` when Not scored.
    pub score: Option<f64>,
    /// Counted criteria whose measure is known.
    pub known: usize,
    /// The score if every missing measure were as good as possible.
    pub best: f64,
    /// Status by the best case.
    pub best_status: Status,
    /// By the bands.
    pub computed: Status,
    /// The override's status where one is live, else the computed one.
    pub shown: Status,
    /// At most the worry limit; `None` when Not scored.
    pub worry: Option<bool>,
    /// At least the KPI; `None` when Not scored.
    pub kpi_met: Option<bool>,
    /// Below the KPI, and one point more would meet it.
    pub one_point_away: bool,
    /// In the order of [`Flag::ALL`].
    pub flags: Vec<Flag>,
    /// Current ÷ (last year × share of year) − 1.
    pub growth: Option<f64>,
    /// Current ÷ (target × share of year).
    pub attainment: Option<f64>,
    /// Last year's revenue if the shown status is At risk, else 0.
    pub revenue_at_risk: f64,
}

impl Rated {
    /// Whether a person's judgement stands over the computed status.
    pub fn overridden(&self, overrides: Option<Status>) -> bool {
        overrides.is_some() && self.shown != self.computed
    }
}

impl Criterion {
    /// Whether its points count.
    pub fn counts(&self) -> bool {
        self.points > 0.0
    }

    /// The points for an input; `None` if it is missing or wrong.
    pub fn rate(&self, input: Input, dates: &Dates) -> Option<f64> {
        let Input::Known(value) = input else {
            return None;
        };
        let when = |holds: bool| if holds { self.points } else { 0.0 };
        match (&self.rule, value) {
            (Rule::Above(limit), Value::Number(number)) => Some(when(number > *limit)),
            (Rule::AtLeast(limit), Value::Number(number)) => Some(when(number >= *limit)),
            (Rule::Below(limit), Value::Number(number)) => Some(when(number < *limit)),
            (Rule::AtMost(limit), Value::Number(number)) => Some(when(number <= *limit)),
            (Rule::Between(from, to), Value::Number(number)) => Some(when((*from..=*to).contains(&number))),
            (Rule::Levels(points), Value::Level(level)) => Some(points[level as usize]),
            (Rule::Words(words), Value::Number(place)) => words.get(place as usize).map(|(_, points)| *points),
            (Rule::WithinDays(days), Value::Date(day)) => {
                Some(when(day <= dates.as_of && f64::from(dates.as_of - day) <= *days))
            }
            _ => None,
        }
    }
}

impl Scorecard {
    /// The highest score: derived, never typed in.
    pub fn maximum(&self) -> f64 {
        self.criteria.iter().map(|criterion| criterion.points).sum()
    }

    /// How many criteria count.
    pub fn counted(&self) -> usize {
        self.criteria.iter().filter(|criterion| criterion.counts()).count()
    }

    /// The first criterion that measures a field.
    pub fn criterion_on(&self, field: Field) -> Option<usize> {
        self.criteria.iter().position(|criterion| criterion.measure == Measure::Field(field))
    }

    /// Whether a score misses the KPI by one point at most.
    pub fn is_one_point_away(&self, score: f64) -> bool {
        score < self.kpi && score >= self.kpi - 1.0
    }

    /// The status of a score.
    pub fn status(&self, score: Option<f64>) -> Status {
        match score {
            None => Status::NotScored,
            Some(score) if score >= self.strong => Status::Strong,
            Some(score) if score >= self.watch => Status::Watch,
            Some(_) => Status::AtRisk,
        }
    }
}

/// Whether a number can be a count.
pub fn is_count(number: f64) -> bool {
    (0.0..=MAX_COUNT).contains(&number) && number.fract() == 0.0
}

/// Where a rating takes its inputs from: a row of a client table, or what several rows together say.
pub trait Inputs {
    /// The input of what a criterion measures.
    fn measure(&self, measure: &Measure) -> Input;

    /// Where the relationship stands.
    fn stage(&self) -> Stage;

    /// The last day of an override for which none was handed in, where the stored months tell.
    fn override_end(&self) -> Option<i32> {
        None
    }

    /// The input of a field.
    fn input(&self, field: Field) -> Input {
        self.measure(&Measure::Field(field))
    }
}

impl Inputs for Account<'_> {
    fn measure(&self, measure: &Measure) -> Input {
        Account::measure(self, measure)
    }

    fn stage(&self) -> Stage {
        Account::stage(self)
    }

    fn override_end(&self) -> Option<i32> {
        Account::override_end(self)
    }
}

/// The status of an override that is live on the as-of date: status and reason are given and it has not ended.
pub fn live_override(account: &impl Inputs, dates: &Dates) -> Option<Status> {
    let Input::Known(Value::Status(status)) = account.input(Field::OverrideStatus) else {
        return None;
    };
    account.input(Field::OverrideReason).text()?;
    match account.input(Field::OverrideUntil) {
        Input::Missing => Some(status).filter(|_| account.override_end().is_none_or(|day| day >= dates.as_of)),
        Input::Known(Value::Date(day)) if day >= dates.as_of => Some(status),
        _ => None,
    }
}

/// Rates one account.
pub fn rate(account: &impl Inputs, basis: &Basis<'_>, kept: Kept) -> Rated {
    let points: Vec<_> = basis
        .card
        .criteria
        .iter()
        .map(|criterion| criterion.rate(account.measure(&criterion.measure), &basis.dates))
        .collect();
    let active = account.stage() == Stage::Active;
    let summary = summarise(&points, basis.card, active);
    let money = Money::of(account, basis.share_of_year);
    let shown = if kept.overrides { live_override(account, &basis.dates) } else { None };
    let shown = shown.filter(|_| active).unwrap_or(summary.computed);
    let flags = if summary.score.is_some() { flags(account, basis, kept, &money) } else { Vec::new() };
    Rated {
        points,
        score: summary.score,
        known: summary.known,
        best: summary.best,
        best_status: basis.card.status(Some(summary.best)),
        computed: summary.computed,
        shown,
        worry: summary.score.map(|score| score <= basis.card.worry),
        kpi_met: summary.score.map(|score| score >= basis.card.kpi),
        one_point_away: summary.score.is_some_and(|score| basis.card.is_one_point_away(score)),
        flags,
        growth: money.growth,
        attainment: money.attainment,
        revenue_at_risk: if shown == Status::AtRisk { money.last_year.unwrap_or(0.0).max(0.0) } else { 0.0 },
    }
}

/// What follows from the points alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summed {
    /// Sum of the counted points; `None` when no measure is known.
    pub score: Option<f64>,
    /// Counted criteria whose measure is known.
    pub known: usize,
    /// The score if every missing measure were as good as possible.
    pub best: f64,
    /// By the bands.
    pub computed: Status,
}

/// Adds the points up.
pub fn summarise(points: &[Option<f64>], card: &Scorecard, active: bool) -> Summed {
    let counted = || card.criteria.iter().zip(points).filter(|(criterion, _)| criterion.counts());
    let known = counted().filter(|(_, points)| points.is_some()).count();
    let sum: f64 = counted().filter_map(|(_, points)| *points).sum();
    let best = counted().map(|(criterion, points)| points.unwrap_or(criterion.points)).sum();
    let score = (known > 0 && active).then_some(sum);
    Summed { score, known, best, computed: card.status(score) }
}

/// Decimals of growth and attainment.
pub(crate) const RATIO_DECIMALS: i32 = 10;

struct Money {
    last_year: Option<f64>,
    growth: Option<f64>,
    attainment: Option<f64>,
}

impl Money {
    fn of(account: &impl Inputs, share: f64) -> Self {
        let last_year = account.input(Field::RevenueLastYear).number();
        let current = account.input(Field::RevenueCurrent).number();
        let over = |base: Option<f64>| Some(current? / (base.filter(|&base| base > 0.0)? * share));
        Self {
            last_year,
            growth: over(last_year).map(|ratio| without_noise(ratio - 1.0)),
            attainment: over(account.input(Field::Target).number()).map(without_noise),
        }
    }
}

/// To [`RATIO_DECIMALS`] decimals, as the formulas do: shares of the year are twelfths, so that what is exactly at a limit
/// comes out a last bit above or below it.
fn without_noise(ratio: f64) -> f64 {
    let scale = 10f64.powi(RATIO_DECIMALS);
    let rounded = (ratio * scale).round() / scale;
    if rounded.is_finite() { rounded } else { ratio }
}

fn flags(account: &impl Inputs, basis: &Basis<'_>, kept: Kept, money: &Money) -> Vec<Flag> {
    let limits = basis.limits;
    let dates = basis.dates;
    let number = |field| account.input(field).number();
    let fewest = [Field::OurContacts, Field::ClientContacts].into_iter().filter_map(number).min_by(f64::total_cmp);
    let survey = number(Field::SurveyScore);
    // last year's revenue is kept and empty or 0: nothing to compare with, whatever the target says
    let new = kept.last_year
        && matches!(account.input(Field::RevenueLastYear), Input::Missing | Input::Known(Value::Number(0.0)));
    let holds = |flag: Flag| match flag {
        Flag::NoContact => fewest == Some(0.0),
        Flag::SingleThreaded => fewest == Some(1.0),
        Flag::NoSeniorContact => account.input(Field::DecisionLevel).level().is_some_and(|level| level < Level::Senior),
        Flag::TooFewMeetings => number(Field::Meetings).is_some_and(|meetings| meetings < limits.meetings),
        Flag::LowSurvey => survey.is_some_and(|survey| survey <= limits.survey),
        Flag::SurveyMissing => kept.survey && survey.is_none(),
        Flag::SurveyStale => {
            survey.is_some()
                && account.input(Field::SurveyDate).date().is_some_and(|day| day < dates.survey_stale_before)
        }
        Flag::BelowTarget => {
            basis.money_flags && !new && money.attainment.is_some_and(|ratio| ratio < limits.attainment)
        }
        Flag::Shrinking => basis.money_flags && money.growth.is_some_and(|growth| growth < limits.growth),
        Flag::RenewalDue => account
            .input(Field::RenewalDate)
            .date()
            .is_some_and(|day| (dates.as_of..=dates.renewal_until).contains(&day)),
        Flag::ThankYouDue => {
            kept.thanked
                && match account.input(Field::LastThanked) {
                    Input::Missing => true,
                    Input::Known(Value::Date(day)) => day < dates.thanked_before,
                    _ => false,
                }
        }
    };
    Flag::ALL.into_iter().filter(|&flag| holds(flag)).collect()
}
