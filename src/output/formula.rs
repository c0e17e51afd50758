//! What a rating is, as Excel formulas on the row and on the names of the Method sheet.
//!
//! Every formula here has its counterpart in [`crate::score`] and [`super::sentence`]; a test recalculates both over a
//! grid of inputs. Formulas test ISNUMBER and the field's range before they compare: text is greater than any number in
//! Excel, and LibreOffice's AND fails over text. Points are empty text where the measure is missing, so that they tell
//! the other columns whether it is known.

use super::cards::{PointsColumn, TableCards};
use super::words::{Piece, Words, pieces};
use crate::account::Measure;
use crate::config::Config;
use crate::field::{Field, Kind, Level, Stage, Status};
use crate::score::{Criterion, RATIO_DECIMALS, Rule, Scorecard};
use crate::value::MAX_COUNT;

mod by_card;
mod flags;
mod sentences;

/// What formulas of one client table refer to.
#[derive(Clone)]
pub(crate) struct Live<'a> {
    /// Name of the Excel table.
    pub(crate) table: String,
    /// Suffix of names that hold for this table only: empty for the first, "_2" …
    pub(crate) suffix: String,
    /// The scorecards that may rate its clients.
    pub(crate) cards: TableCards<'a>,
    /// The one that is asked for, by place.
    pub(crate) at: usize,
    /// Words of the workbook.
    pub(crate) words: Words,
    /// Headings of the further columns that criteria count, by place in the configuration.
    pub(crate) own_headings: Vec<Option<String>>,
    /// The configuration's further columns.
    pub(crate) config: &'a Config,
    /// Whether the table has a column for when a client was thanked, when it renews, when it was surveyed, its stage.
    pub(crate) has: Has,
    /// Whether money flags speak in this month.
    pub(crate) money_flags: bool,
}

/// Optional columns that a table has.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Has {
    pub(crate) survey_date: bool,
    pub(crate) thanked: bool,
    pub(crate) renewal: bool,
    pub(crate) stage: bool,
}

/// A text as a formula's literal; a long one in pieces, since Excel takes 255 characters in one.
pub(crate) fn quoted(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let literal = |part: &[char]| format!("\"{}\"", part.iter().collect::<String>().replace('"', "\"\""));
    match chars.len() {
        0..=LITERAL => literal(&chars),
        _ => chars.chunks(LITERAL).map(literal).collect::<Vec<_>>().join("&"),
    }
}

/// Characters of a literal, beyond the Basic Multilingual Plane each counts as two.
const LITERAL: usize = 120;

/// A template as an expression: its pieces and the expressions for its holes, joined by `&`.
pub(crate) fn sentence(template: &str, hole: &dyn Fn(&str) -> String) -> String {
    let mut parts: Vec<String> = Vec::new();
    for piece in pieces(template) {
        let part = match piece {
            Piece::Text(text) => quoted(text),
            Piece::Hole(name) => hole(name),
        };
        // neighbouring literals become one
        match parts.last_mut().filter(|last| joins(last, &part)) {
            Some(last) => {
                last.pop();
                last.push_str(&part[1..]);
            }
            None => parts.push(part),
        }
    }
    if parts.is_empty() { quoted("") } else { parts.join("&") }
}

/// Whether two expressions are literals that can be one.
fn joins(one: &str, other: &str) -> bool {
    let is_literal = |expression: &str| {
        let inner = expression.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        inner.is_some_and(|inner| !inner.replace("\"\"", "").contains('"'))
    };
    is_literal(one) && is_literal(other) && one.encode_utf16().count() + other.encode_utf16().count() < 250
}

/// A heading inside a structured reference.
fn escaped(heading: &str) -> String {
    let mut escaped = String::with_capacity(heading.len());
    for c in heading.chars() {
        if matches!(c, '[' | ']' | '#' | '\'' | '@') {
            escaped.push('\'');
        }
        escaped.push(c);
    }
    escaped
}

/// The defined name of a criterion's limit; `mark` is that of its scorecard.
pub(crate) fn name(criterion: &Criterion, role: &str, mark: &str) -> String {
    format!("kt_{}_{role}{mark}", criterion.id)
}

/// A number inside a sentence, with the decimal mark of the sentence's language wherever it is calculated. English is
/// left to the reader's settings, as the cells with numbers are.
pub(crate) fn number(words: Words, expression: &str) -> String {
    match words.decimal_mark() {
        '.' => expression.to_owned(),
        mark => format!("SUBSTITUTE({expression},\".\",\"{mark}\")"),
    }
}

impl<'a> Live<'a> {
    fn card(&self) -> &'a Scorecard {
        self.cards.each[self.at].own.card
    }

    /// What the names of the scorecard's limits end in.
    fn mark(&self) -> &str {
        &self.cards.each[self.at].own.mark
    }

    fn name(&self, criterion: &Criterion, role: &str) -> String {
        name(criterion, role, self.mark())
    }

    fn number(&self, expression: &str) -> String {
        number(self.words, expression)
    }

    fn heading_cell(&self, heading: &str) -> String {
        format!("{}[[#This Row],[{}]]", self.table, escaped(heading))
    }

    fn cell(&self, id: &str) -> String {
        self.heading_cell(self.words.get("column", id))
    }

    fn field(&self, field: Field) -> String {
        self.cell(field.id())
    }

    fn points_cell(&self, criterion: &Criterion) -> String {
        let place = self.card().criteria.iter().position(|own| own.id == criterion.id);
        let column = self.cards.points.iter().find(|column| column.place_in(self.at) == place);
        let column = column.expect("BUG: every criterion has its column of points");
        self.heading_cell(&column.heading)
    }

    fn measure_cell(&self, measure: &Measure) -> Option<String> {
        match measure {
            Measure::Field(field) => Some(self.field(*field)),
            Measure::Own(index) => self.own_headings.get(*index)?.as_deref().map(|heading| self.heading_cell(heading)),
        }
    }

    /// A whole column of the table.
    pub(crate) fn column(&self, heading: &str) -> String {
        format!("{}[{}]", self.table, escaped(heading))
    }

    fn counted(&self) -> impl Iterator<Item = &'a Criterion> {
        self.card().criteria.iter().filter(|criterion| criterion.counts())
    }

    /// The row's counted points as one range: counted criteria stand side by side, and those of other scorecards are empty.
    fn points_range(&self) -> String {
        let counted = self.cards.points.iter().filter(|column| column.criterion.counts());
        let headings: Vec<_> = counted.map(|column| escaped(&column.heading)).collect();
        match headings.as_slice() {
            [only] => format!("{}[[#This Row],[{only}]]", self.table),
            [first, .., last] => format!("{}[[#This Row],[{first}]:[{last}]]", self.table),
            [] => quoted(""),
        }
    }

    /// `then` where the cell holds a value that the field accepts, else `otherwise`.
    fn when_valid(&self, kind: Kind, cell: &str, then: &str, otherwise: &str) -> String {
        match kind {
            Kind::Count => format!(
                "IF(ISNUMBER({cell}),IF(AND({cell}>=0,{cell}<={MAX_COUNT},INT({cell})={cell}),{then},{otherwise}),{otherwise})"
            ),
            Kind::Survey => {
                format!("IF(ISNUMBER({cell}),IF(AND({cell}>=1,{cell}<=10),{then},{otherwise}),{otherwise})")
            }
            _ => format!("IF(ISNUMBER({cell}),{then},{otherwise})"),
        }
    }

    /// Points of a column: a number, or empty text where the measure is missing or wrong or the row's scorecard has no such
    /// criterion.
    pub(crate) fn points(&self, column: &PointsColumn<'_>) -> String {
        self.by_card(|own| match column.place_in(own.at) {
            Some(place) => own.points_of(&own.card().criteria[place]),
            None => quoted(""),
        })
    }

    fn points_of(&self, criterion: &Criterion) -> String {
        let Some(cell) = self.measure_cell(&criterion.measure) else {
            return quoted("");
        };
        let points = self.name(criterion, "points");
        let when = |test: String| format!("IF({test},{points},0)");
        let limit = |role: &str| self.name(criterion, role);
        let inner = match &criterion.rule {
            Rule::Above(_) => when(format!("{cell}>{}", limit("above"))),
            Rule::AtLeast(_) => when(format!("{cell}>={}", limit("at_least"))),
            Rule::Below(_) => when(format!("{cell}<{}", limit("below"))),
            Rule::AtMost(_) => when(format!("{cell}<={}", limit("at_most"))),
            Rule::Between(..) => when(format!("AND({cell}>={},{cell}<={})", limit("from"), limit("to"))),
            Rule::WithinDays(_) => {
                let fresh = when(format!("kt_as_of-INT({cell})<={}", limit("days")));
                return format!("IF(ISNUMBER({cell}),IF({cell}<kt_as_of+1,{fresh},\"\"),\"\")");
            }
            Rule::Levels(_) => {
                let levels =
                    Level::ALL.map(|level| (self.words.get("value", level.id()).to_owned(), limit(level.id())));
                return self.word_points(&cell, &levels);
            }
            Rule::Words(words) => {
                let words: Vec<_> = words
                    .iter()
                    .enumerate()
                    .map(|(i, (word, _))| (word.clone(), limit(&format!("word_{}", i + 1))))
                    .collect();
                return self.word_points(&cell, &words);
            }
        };
        let kind = match &criterion.measure {
            Measure::Field(field) => field.kind(),
            Measure::Own(_) => Kind::Money,
        };
        self.when_valid(kind, &cell, &inner, "\"\"")
    }

    fn word_points(&self, cell: &str, words: &[(String, String)]) -> String {
        let mut inner = "\"\"".to_owned();
        for (word, limit) in words {
            inner = format!("IF({cell}={},{limit},{inner})", quoted(word));
        }
        format!("IF(ISTEXT({cell}),{inner},\"\")")
    }

    /// Score: empty text when Not scored.
    pub(crate) fn score(&self) -> String {
        let range = self.points_range();
        let sum = format!("IF(COUNT({range})=0,\"\",SUM({range}))");
        if !self.has.stage {
            return format!("={sum}");
        }
        let stage = self.field(Field::Stage);
        let word = |stage: Stage| quoted(self.words.get("value", stage_id(stage)));
        format!("=IF(OR({stage}={},{stage}={}),\"\",{sum})", word(Stage::Prospect), word(Stage::Former))
    }

    /// The score if every missing measure were as good as possible.
    pub(crate) fn best_case(&self) -> String {
        let missing = |own: &Self, criterion: &Criterion| {
            format!("IF(ISNUMBER({}),0,{})", own.points_cell(criterion), own.name(criterion, "points"))
        };
        self.by_card(|own| {
            let missing: Vec<_> = own.counted().map(|criterion| missing(own, criterion)).collect();
            format!("SUM({})+{}", own.points_range(), missing.join("+"))
        })
    }

    /// Status by the bands.
    pub(crate) fn computed_status(&self) -> String {
        let score = self.cell("score");
        let word = |status: Status| quoted(self.words.get("value", status.id()));
        self.by_card(|own| {
            let mark = own.mark();
            format!(
                "IF(ISNUMBER({score}),IF({score}>=kt_strong{mark},{},IF({score}>=kt_watch{mark},{},{})),{})",
                word(Status::Strong),
                word(Status::Watch),
                word(Status::AtRisk),
                word(Status::NotScored)
            )
        })
    }

    /// Status as shown: a live override, else the computed one.
    pub(crate) fn status(&self) -> String {
        let (given, reason) = (self.field(Field::OverrideStatus), self.field(Field::OverrideReason));
        let (until, computed) = (self.field(Field::OverrideUntil), self.cell("computed_status"));
        let words = [Status::Strong, Status::Watch, Status::AtRisk]
            .map(|status| format!("{given}={}", quoted(self.words.get("value", status.id()))))
            .join(",");
        let live = format!(
            "IF(ISTEXT({reason}),IF(IF(ISNUMBER({until}),{until}>=kt_as_of,ISBLANK({until})),IF(OR({words}),{given},{computed}),{computed}),{computed})"
        );
        format!("=IF(ISTEXT({given}),{live},{computed})")
    }

    /// Worry: Yes, No, or empty when Not scored.
    pub(crate) fn worry(&self) -> String {
        self.yes_no("<=kt_worry")
    }

    /// KPI met: Yes, No, or empty when Not scored.
    pub(crate) fn kpi_met(&self) -> String {
        self.yes_no(">=kt_kpi")
    }

    fn yes_no(&self, test: &str) -> String {
        let score = self.cell("score");
        let (yes, no) = (quoted(self.words.get("value", "yes")), quoted(self.words.get("value", "no")));
        self.by_card(|own| format!("IF(ISNUMBER({score}),IF({score}{test}{},{yes},{no}),\"\")", own.mark()))
    }

    /// Current ÷ (base × share of year), less `minus`, without the noise of the last bits.
    fn ratio(&self, base: Field, minus: &str) -> String {
        let (current, base) = (self.field(Field::RevenueCurrent), self.field(base));
        format!(
            "=IF(ISNUMBER({current}),IF(ISNUMBER({base}),IF({base}>0,ROUND({current}/({base}*kt_share_of_year){minus},{RATIO_DECIMALS}),\"\"),\"\"),\"\")"
        )
    }

    /// Growth.
    pub(crate) fn growth(&self) -> String {
        self.ratio(Field::RevenueLastYear, "-1")
    }

    /// Score less previous score; empty unless both are known.
    pub(crate) fn change(&self) -> String {
        let (score, previous) = (self.cell("score"), self.cell("previous_score"));
        format!("=IF(ISNUMBER({score}),IF(ISNUMBER({previous}),{score}-{previous},\"\"),\"\")")
    }

    /// Target attainment.
    pub(crate) fn attainment(&self) -> String {
        self.ratio(Field::Target, "")
    }

    /// Last year's revenue of a client shown At risk, else 0.
    pub(crate) fn revenue_at_risk(&self) -> String {
        let (status, last_year) = (self.cell("status"), self.field(Field::RevenueLastYear));
        let at_risk = quoted(self.words.get("value", Status::AtRisk.id()));
        format!("=IF({status}={at_risk},IF(ISNUMBER({last_year}),IF({last_year}>0,{last_year},0),0),0)")
    }

    /// 1 where the table holds a known survey score.
    pub(crate) fn survey_kept(&self) -> String {
        let points = self.points_on(Field::SurveyScore).map(|criterion| self.words.points(criterion));
        let heading = points.unwrap_or_else(|| self.words.get("column", "survey_score"));
        format!("=IF(COUNT({})>0,1,0)", self.column(heading))
    }

    /// The criterion whose points tell of every row whether the field's measure is known: where scorecards differ from row to
    /// row none does.
    fn points_on(&self, field: Field) -> Option<&'a Criterion> {
        let card = self.card();
        card.criterion_on(field).filter(|_| !self.cards.are_several()).map(|place| &card.criteria[place])
    }

    /// 1 where the table holds any of last year's revenues.
    pub(crate) fn revenue_kept(&self) -> String {
        format!("=IF(COUNTA({})>0,1,0)", self.column(self.words.get("column", "revenue_last_year")))
    }
}

/// The role of a rule's limit in names and words; `None` for levels.
pub(crate) fn rule_role(rule: &Rule) -> Option<&'static str> {
    match rule {
        Rule::Above(_) => Some("above"),
        Rule::AtLeast(_) => Some("at_least"),
        Rule::Below(_) => Some("below"),
        Rule::AtMost(_) => Some("at_most"),
        Rule::Between(..) => Some("between"),
        Rule::WithinDays(_) => Some("within_days"),
        Rule::Levels(_) | Rule::Words(_) => None,
    }
}

/// The id of a stage's word.
pub(crate) fn stage_id(stage: Stage) -> &'static str {
    match stage {
        Stage::Active => "active",
        Stage::Prospect => "prospect",
        Stage::Former => "former",
    }
}
