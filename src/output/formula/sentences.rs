//! Known, Why and Next step as formulas; [`super::super::sentence`] says the same as texts, from the same templates.

use super::{Live, quoted, rule_role, sentence, stage_id};
use crate::account::Measure;
use crate::field::{Field, Kind, Level, Stage};
use crate::output::sentence as texts;
use crate::score::{Criterion, Rule};

impl Live<'_> {
    /// Known: "4 of 5".
    pub(crate) fn known(&self) -> String {
        let known = format!("COUNT({})", self.points_range());
        self.by_card(|own| {
            let of = quoted(&own.card().counted().to_string());
            sentence(own.words.get("why", "known"), &|hole| match hole {
                "known" => known.clone(),
                _ => of.clone(),
            })
        })
    }

    /// What a criterion asks for, as an expression ("more than 8").
    fn need(&self, criterion: &Criterion) -> Option<String> {
        let role = rule_role(&criterion.rule)?;
        let limit = |hole: &str| {
            self.number(&match (hole, role) {
                ("limit", "within_days") => self.name(criterion, "days"),
                ("limit", role) => self.name(criterion, role),
                (hole, _) => self.name(criterion, hole),
            })
        };
        Some(sentence(self.words.get("need", role), &limit))
    }

    /// The value of a criterion's measure as text.
    fn shown(&self, criterion: &Criterion) -> String {
        let Some(cell) = self.measure_cell(&criterion.measure) else {
            return quoted("");
        };
        match (&criterion.rule, &criterion.measure) {
            (Rule::Levels(_), _) => self.level_inside(&cell),
            (Rule::WithinDays(_), _) => format!("(kt_as_of-INT({cell}))"),
            (Rule::Words(_), _) => cell,
            (_, Measure::Field(field)) if field.kind() == Kind::Count => cell,
            _ => self.number(&cell),
        }
    }

    /// The word for a known level inside a sentence.
    fn level_inside(&self, cell: &str) -> String {
        let word = |group: &str, level: Level| quoted(self.words.get(group, level.id()));
        let [junior, middle, senior] = Level::ALL;
        let is = |level: Level, otherwise: &str| {
            format!("IF({cell}={},{},{otherwise})", word("value", level), word("inside", level))
        };
        is(junior, &is(middle, &word("inside", senior)))
    }

    /// Why: what is missing from full points.
    pub(crate) fn why(&self) -> String {
        self.by_card(Self::why_of)
    }

    fn why_of(&self) -> String {
        let words = self.words;
        let score = self.cell("score");
        let head = sentence(words.get("why", "head"), &|hole| match hole {
            "score" => self.number(&score),
            _ => self.number(&format!("kt_maximum{}", self.mark())),
        });
        let parts: Vec<_> = self
            .counted()
            .map(|criterion| {
                let points = self.points_cell(criterion);
                let label = quoted(&texts::label(words, criterion, &self.config.own_columns));
                let gap = match self.need(criterion) {
                    Some(need) => sentence(words.get("why", "gap"), &|hole| match hole {
                        "label" => label.clone(),
                        "value" => self.shown(criterion),
                        _ => need.clone(),
                    }),
                    None => sentence(words.get("why", "part"), &|hole| match hole {
                        "label" => label.clone(),
                        "value" => self.shown(criterion),
                        "points" => self.number(&points),
                        _ => self.number(&self.name(criterion, "points")),
                    }),
                };
                let unknown = sentence(words.get("why", "unknown"), &|_| label.clone());
                let part = format!("\"; \"&IF(ISNUMBER({points}),{gap},{unknown})");
                format!("IF({points}={},\"\",{part})", self.name(criterion, "points"))
            })
            .collect();
        let opens = quoted(words.get("why", "opens"));
        let text = format!("SUBSTITUTE({head}&{},\"; \",{opens},1)", parts.join("&"));
        let nothing = quoted(words.get("why", "nothing"));
        let otherwise = if self.has.stage {
            let stage = self.field(Field::Stage);
            let not_scored = sentence(words.get("why", "stage"), &|_| stage.clone());
            let not_active = [Stage::Prospect, Stage::Former]
                .map(|s| format!("{stage}={}", quoted(words.get("value", stage_id(s)))))
                .join(",");
            format!("IF(OR({not_active}),{not_scored},{nothing})")
        } else {
            nothing
        };
        format!("IF(ISNUMBER({score}),{text},{otherwise})")
    }

    /// Next step: the first gap in the scorecard's order, else the first flag's sentence.
    pub(crate) fn next_step(&self) -> String {
        self.by_card(Self::next_step_of)
    }

    fn next_step_of(&self) -> String {
        let words = self.words;
        let flags = self.cell("flags");
        let mut inner = format!(
            "IFERROR(INDEX(kt_flag_steps,MATCH(LEFT({flags},FIND(\";\",{flags}&\";\")-1),kt_flag_names,0)),\"\")"
        );
        let card = self.card();
        for &place in card.next.iter().rev() {
            let criterion = &card.criteria[place];
            if !criterion.counts() {
                continue;
            }
            let points = self.points_cell(criterion);
            let label = quoted(&texts::label(words, criterion, &self.config.own_columns));
            let step = sentence(texts::step_template(words, criterion), &|hole| match hole {
                "value" => self.shown(criterion),
                "limit" => rule_role(&criterion.rule)
                    .map_or_else(|| quoted(""), |role| self.number(&self.name(criterion, role))),
                "need" => self.need(criterion).unwrap_or_else(|| quoted("")),
                _ => label.clone(),
            });
            let measure = quoted(&texts::measure(words, criterion, &self.config.own_columns));
            let find_out = sentence(words.get("next", "find_out"), &|_| measure.clone());
            inner = format!(
                "IF({points}={},{inner},IF(ISNUMBER({points}),{step},{find_out}))",
                self.name(criterion, "points")
            );
        }
        let fill_in = quoted(words.get("next", "fill_in"));
        let score = self.cell("score");
        if !self.has.stage {
            return format!("IF(ISNUMBER({score}),{inner},{fill_in})");
        }
        let stage = self.field(Field::Stage);
        let not_active = [Stage::Prospect, Stage::Former]
            .map(|s| format!("{stage}={}", quoted(words.get("value", stage_id(s)))))
            .join(",");
        format!("IF(ISNUMBER({score}),{inner},IF(OR({not_active}),\"\",{fill_in}))")
    }
}
