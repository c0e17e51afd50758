//! The columns that keeptabs computes: each with its value and, where it is live, its formula.

use super::super::formula::Live;
use super::super::sheet::{Column, Content, Value};
use super::super::style::Look;
use super::super::words::Words;
use super::super::{method, progress, sentence};
use super::{Row, Source};
use crate::history::Change;

/// Characters of a formula.
const MAX_FORMULA: usize = 8_192;

/// Declares computed columns.
pub(super) struct Computed<'s, 'a> {
    pub(super) source: &'s Source<'a>,
    pub(super) formulas: &'s Live<'a>,
    /// Whether columns are formulas.
    pub(super) live: bool,
    pub(super) words: Words,
}

impl<'a> Computed<'_, 'a> {
    fn column(
        &self,
        id: &str,
        width: f64,
        look: Look,
        value: impl Fn(&Row<'a>) -> Content + Send + Sync + 'a,
    ) -> Column<'a, Row<'a>> {
        Column {
            id: id.to_owned(),
            heading: self.words.get("column", id).to_owned(),
            computed: true,
            width,
            look,
            note: None,
            original: None,
            formula: None,
            value: Box::new(value) as Value<'a, Row<'a>>,
        }
    }

    /// A column with a formula; a scorecard of very many criteria can ask for one that Excel would not take.
    fn live(&self, formula: String, column: Column<'a, Row<'a>>) -> Column<'a, Row<'a>> {
        let fits = formula.encode_utf16().count() <= MAX_FORMULA;
        let said = || self.words.get("note", "too_long").to_owned();
        let note = if self.live && !fits { Some(said()) } else { column.note };
        Column { formula: (self.live && fits).then_some(formula), note, ..column }
    }

    fn noted(&self, note: &str, column: Column<'a, Row<'a>>) -> Column<'a, Row<'a>> {
        let share = method::key_share(self.words, self.source);
        Column { note: Some(self.words.fill("note", note, &[("share", &share)])), ..column }
    }

    fn yes_no(&self, answer: fn(&Row<'a>) -> Option<bool>) -> impl Fn(&Row<'a>) -> Content + Send + Sync + use<'a> {
        let words = self.words;
        move |row| match answer(row) {
            Some(true) => Content::text(words.get("value", "yes")),
            Some(false) => Content::text(words.get("value", "no")),
            None => Content::text(""),
        }
    }

    /// Score, Status, Flags, Next step.
    pub(super) fn score(&self) -> Vec<Column<'a, Row<'a>>> {
        let (words, formulas) = (self.words, self.formulas);
        let own = &self.source.config.own_columns;
        let mut columns = vec![
            self.live(formulas.score(), self.column("score", 7.5, Look::Total, |row| Content::number(row.rated.score))),
            self.live(
                formulas.status(),
                self.column("status", 11.0, Look::Word, move |row| {
                    Content::text(words.get("value", row.rated.shown.id()))
                }),
            ),
            self.live(
                formulas.flags(),
                self.column("flags", 30.0, Look::Indented, move |row| {
                    Content::Text(sentence::flags(words, &row.rated))
                }),
            ),
            self.live(
                formulas.next_step(),
                self.column("next_step", 36.0, Look::Indented, move |row| {
                    Content::Text(sentence::next_step(words, &row.account, &row.rated, &row.basis, own))
                }),
            ),
        ];
        if formulas.cards.are_several() {
            let chosen_by = formulas.cards.headings().join(", ");
            let note = words.fill("note", "scorecard", &[("columns", &chosen_by)]);
            let column = self
                .column("scorecard", 18.0, Look::Indented, move |row| Content::text(words.scorecard(row.basis.card)));
            columns.push(self.live(formulas.scorecard(), Column { note: Some(note), ..column }));
        }
        columns
    }

    /// Attainment to Counted.
    pub(super) fn money(&self) -> Vec<Column<'a, Row<'a>>> {
        let (words, formulas) = (self.words, self.formulas);
        let own = &self.source.config.own_columns;
        vec![
            self.live(
                formulas.attainment(),
                self.column("attainment", 11.5, Look::Percent, |row| Content::number(row.rated.attainment)),
            ),
            self.live(
                formulas.growth(),
                self.column("growth", 11.0, Look::Percent, |row| Content::number(row.rated.growth)),
            ),
            self.live(
                formulas.revenue_at_risk(),
                self.column("revenue_at_risk", 13.0, Look::MoneyOrNothing, |row| {
                    Content::Number(row.rated.revenue_at_risk)
                }),
            ),
            self.noted("share", self.column("share", 10.0, Look::Share, |row| Content::number(row.fact.share))),
            self.noted(
                "key_account",
                self.column("key_account", 9.5, Look::Word, move |row| {
                    Content::text(if row.fact.key { words.get("value", "yes") } else { "" })
                }),
            ),
            self.live(formulas.worry(), self.column("worry", 8.5, Look::Word, self.yes_no(|row| row.rated.worry))),
            self.live(
                formulas.kpi_met(),
                self.column("kpi_met", 8.5, Look::Word, self.yes_no(|row| row.rated.kpi_met)),
            ),
            self.live(
                formulas.why(),
                self.column("why", 40.0, Look::Indented, move |row| {
                    Content::Text(sentence::why(words, &row.account, &row.rated, &row.basis, own))
                }),
            ),
            self.live(
                formulas.known(),
                self.column("known", 8.5, Look::Word, move |row| {
                    let (known, of) = (row.rated.known.to_string(), row.basis.card.counted().to_string());
                    Content::Text(words.fill("why", "known", &[("known", &known), ("of", &of)]))
                }),
            ),
            self.live(
                formulas.best_case(),
                self.column("best_case", 8.5, Look::Count, |row| Content::Number(row.rated.best)),
            ),
            self.live(
                formulas.computed_status(),
                self.column("computed_status", 11.0, Look::Word, move |row| {
                    Content::text(words.get("value", row.rated.computed.id()))
                }),
            ),
            self.column("manager_key", 12.0, Look::Text, |row| {
                Content::text(row.fact.manager.as_deref().unwrap_or_default())
            }),
            self.column("counted", 8.0, Look::Count, |row| Content::Number(f64::from(row.fact.counted))),
        ]
    }

    /// What changed since the department was last delivered.
    pub(super) fn progress(&self) -> Vec<Column<'a, Row<'a>>> {
        fn previous(row: &Row<'_>) -> Option<f64> {
            row.fact.own_change().and_then(|change| change.previous_score)
        }
        let month = |change: &Change| change.previous_month.map(|month| month.to_string());
        let (words, config) = (self.words, self.source.config);
        vec![
            self.noted(
                "previous",
                self.column("previous_score", 9.0, Look::Score, |row| Content::number(previous(row))),
            ),
            self.noted(
                "previous",
                self.column("previous_month", 10.0, Look::Word, move |row| {
                    Content::text(&row.fact.own_change().and_then(month).unwrap_or_default())
                }),
            ),
            self.live(
                self.formulas.change(),
                self.column("change", 8.5, Look::Change, |row| {
                    Content::number(row.rated.score.zip(previous(row)).map(|(score, previous)| score - previous))
                }),
            ),
            self.noted(
                "previous",
                self.column("what_changed", 36.0, Look::Indented, move |row| {
                    Content::Text(progress::changed(words, row.fact, row.rated.score, config))
                }),
            ),
        ]
    }

    /// Points of each criterion of the scorecards that may rate clients of the list.
    pub(super) fn points(&self) -> impl Iterator<Item = Column<'a, Row<'a>>> {
        let cards = &self.formulas.cards;
        cards.points.iter().map(move |points| {
            let placed =
                cards.each.iter().enumerate().filter_map(|(at, own)| Some((own.own.card, points.place_in(at)?)));
            let placed: Vec<_> = placed.collect();
            let value = move |row: &Row<'a>| {
                let own = placed.iter().find(|(card, _)| std::ptr::eq(*card, row.basis.card));
                Content::number(own.and_then(|(_, place)| row.rated.points[*place]))
            };
            let column = Column {
                id: points.id.clone(),
                heading: points.heading.clone(),
                computed: true,
                width: 10.0,
                look: Look::Score,
                note: None,
                original: None,
                formula: None,
                value: Box::new(value) as Value<'a, Row<'a>>,
            };
            self.live(self.formulas.points(points), column)
        })
    }
}
