//! Flags as a formula.

use super::{Live, quoted};
use crate::field::{Field, Kind, Level};
use crate::score::Flag;

impl Live<'_> {
    /// `then` where the field's measure is known, else `otherwise`; through its points where a criterion has them.
    fn when_known(&self, field: Field, then: &str, otherwise: &str) -> String {
        match self.points_on(field) {
            Some(criterion) => format!("IF(ISNUMBER({}),{then},{otherwise})", self.points_cell(criterion)),
            None if field.kind() == Kind::Level => {
                let cell = self.field(field);
                let known = Level::ALL.map(|level| format!("{cell}={}", quoted(self.words.get("value", level.id()))));
                format!("IF(ISTEXT({cell}),IF(OR({}),{then},{otherwise}),{otherwise})", known.join(","))
            }
            None => self.when_valid(field.kind(), &self.field(field), then, otherwise),
        }
    }

    /// Flags, joined by "; ".
    pub(crate) fn flags(&self) -> String {
        let say = |flag: Flag| quoted(&format!("; {}", self.words.get("flag", flag.id())));
        let mut parts = Vec::new();
        let fewest = format!(
            "MIN({},{})",
            self.when_known(Field::OurContacts, &self.field(Field::OurContacts), "9"),
            self.when_known(Field::ClientContacts, &self.field(Field::ClientContacts), "9")
        );
        parts.push(format!(
            "IF({fewest}=0,{},IF({fewest}=1,{},\"\"))",
            say(Flag::NoContact),
            say(Flag::SingleThreaded)
        ));
        let raise = |test: String, flag: Flag| format!("IF({test},{},\"\")", say(flag));
        let level = self.field(Field::DecisionLevel);
        let senior = quoted(self.words.get("value", Level::Senior.id()));
        let below = raise(format!("{level}<>{senior}"), Flag::NoSeniorContact);
        parts.push(self.when_known(Field::DecisionLevel, &below, "\"\""));
        let few = raise(format!("{}<kt_flag_meetings", self.field(Field::Meetings)), Flag::TooFewMeetings);
        parts.push(self.when_known(Field::Meetings, &few, "\"\""));
        let survey = self.field(Field::SurveyScore);
        let mut surveyed = raise(format!("{survey}<=kt_flag_survey"), Flag::LowSurvey);
        if self.has.survey_date {
            let date = self.field(Field::SurveyDate);
            let stale = raise(format!("{date}<kt_survey_stale_before"), Flag::SurveyStale);
            surveyed = format!("{surveyed}&IF(ISNUMBER({date}),{stale},\"\")");
        }
        let missing = raise(format!("kt_survey_kept{}=1", self.suffix), Flag::SurveyMissing);
        parts.push(self.when_known(Field::SurveyScore, &surveyed, &missing));
        if self.money_flags {
            let last_year = self.field(Field::RevenueLastYear);
            let attainment = self.cell("attainment");
            let below = raise(format!("{attainment}<kt_flag_attainment"), Flag::BelowTarget);
            let below = format!("IF(ISNUMBER({attainment}),{below},\"\")");
            parts.push(format!("IF(kt_revenue_kept{}=1,IF({last_year}=0,\"\",{below}),{below})", self.suffix));
            let growth = self.cell("growth");
            let shrinking = raise(format!("{growth}<kt_flag_growth"), Flag::Shrinking);
            parts.push(format!("IF(ISNUMBER({growth}),{shrinking},\"\")"));
        }
        if self.has.renewal {
            let date = self.field(Field::RenewalDate);
            let due = raise(format!("AND({date}>=kt_as_of,{date}<kt_renewal_until+1)"), Flag::RenewalDue);
            parts.push(format!("IF(ISNUMBER({date}),{due},\"\")"));
        }
        if self.has.thanked {
            let date = self.field(Field::LastThanked);
            let old = raise(format!("{date}<kt_thanked_before"), Flag::ThankYouDue);
            parts.push(format!("IF(ISNUMBER({date}),{old},IF(ISBLANK({date}),{},\"\"))", say(Flag::ThankYouDue)));
        }
        format!("=IF(ISNUMBER({}),MID({},3,500),\"\")", self.cell("score"), parts.join("&"))
    }
}
