//! The figures at the top of the Summary, each with its context.

use super::super::formula::{number, sentence};
use super::super::sheet::{Content, lines_in};
use super::super::style::{self, Look};
use super::super::words::fill;
use super::figures::Figures;
use super::{NONE, Page};
use crate::field::Status;
use rust_xlsxwriter::{ConditionalFormatCell, ConditionalFormatCellRule, XlsxError};

impl Page<'_> {
    pub(super) fn figures(&mut self, figures: &Figures) -> Result<(), XlsxError> {
        let words = self.words;
        let (yes, no) = (words.get("value", "yes"), words.get("value", "no"));
        let maximum = self.cards.maximum();
        let scored = figures.kpi_yes + figures.kpi_no;
        let kpi_share = (scored > 0).then(|| figures.kpi_yes as f64 / scored as f64);
        let risk_share = (figures.revenue > 0.0).then(|| figures.at_risk / figures.revenue);
        let average = self.tables.names.as_ref().and_then(|_| {
            let sum = match self.cards.all() {
                [_] => self.tables.each(|c| format!("SUMIFS({},{},1)", c("score"), c("counted")))?,
                _ => self.tables.each_card(|c, mark, only| {
                    let sum = format!("SUMPRODUCT(1*({}=1){only},{})", c("counted"), c("score"));
                    self.cards.comparable(&sum, mark)
                })?,
            };
            let count = self.scored()?;
            Some(format!("IFERROR(({sum})/({count}),\"{NONE}\")"))
        });
        let met = self.tables.count("kpi_met", yes).zip(self.tables.count("kpi_met", no));
        let kpi = met.map(|(met, not)| format!("IFERROR(({met})/({met}+{not}),\"{NONE}\")"));
        let worry = self.tables.count("worry", yes);
        let at_risk = self.tables.at_risk();
        let sum = if self.units.len() > 1 { Content::text(NONE) } else { Content::Number(figures.at_risk) };
        let at_risk = at_risk.filter(|_| self.units.len() < 2);
        let figure = |number: Option<f64>| number.map_or(Content::text(NONE), Content::Number);
        let average_look = if maximum.is_some() { Look::Figure } else { Look::FigurePercent };
        let cards = [
            (1u16, 1u16, "average", average, figure(figures.average(maximum)), average_look),
            (2, 3, "kpi", kpi, figure(kpi_share), Look::FigurePercent),
            (4, 5, "worry", worry, Content::Number(figures.worry as f64), Look::Figure0),
            (6, 7, "at_risk", at_risk, sum, Look::FigureAtRisk),
        ];
        for (first, last, id, formula, value, look) in cards {
            if last > first {
                for (row, look) in [(3, Look::CardLabel), (4, look), (5, Look::CardNote)] {
                    self.sheet.merge_range(row, first, row, last, "", self.styles.get(look))?;
                }
            }
            let label = self.label(id);
            self.text(3, first, &label, Look::CardLabel)?;
            self.live(4, first, formula, value, look)?;
        }
        let nothing =
            ConditionalFormatCell::new().set_rule(ConditionalFormatCellRule::EqualTo(0)).set_format(style::calm());
        self.sheet.add_conditional_format(4, 6, 4, 6, &nothing)?;
        let room = |first: u16, last: u16| -> f64 {
            // letters under a figure are smaller
            self.widths[usize::from(first)..=usize::from(last)].iter().sum::<f64>() * 1.3
        };
        let rooms = [room(2, 3), room(4, 5), room(6, 7)];
        let is_live = self.tables.names.is_some();
        match maximum {
            Some(maximum) => {
                let of = words.fill("summary", "of", &[("maximum", &words.number(maximum))]);
                let formula = is_live.then(|| self.sentence("of", &|_| number(words, "kt_maximum")));
                self.live(5, 1, formula, Content::Text(of), Look::CardNote)?;
            }
            None => self.text(5, 1, words.get("summary", "of_parts"), Look::CardNote)?,
        }
        let kpi_limit = words.number(self.cards.usual().card.kpi);
        let kpi_note = match self.cards.all() {
            [_] => words.get("summary", "kpi_note"),
            _ => words.get("overview", "kpi_note_cards"),
        };
        let values = [("met", &*figures.kpi_yes.to_string()), ("scored", &scored.to_string()), ("kpi", &kpi_limit)];
        let met_text = fill(kpi_note, &values);
        let counts = self.tables.count("kpi_met", yes).zip(self.tables.count("kpi_met", no));
        let formula = counts.map(|(met, not)| {
            sentence(kpi_note, &|hole| match hole {
                "met" => format!("({met})"),
                "scored" => format!("({met}+{not})"),
                _ => number(words, "kt_kpi"),
            })
        });
        let mut lines = lines_in(&met_text, rooms[0]);
        self.live(5, 2, formula, Content::Text(met_text), Look::CardNote)?;
        let at_risk_count = figures.status[&Status::AtRisk].to_string();
        let note = words.fill("summary", "worry_note", &[("at_risk", &at_risk_count)]);
        lines = lines.max(lines_in(&note, rooms[1]));
        let count = self.tables.count("status", words.get("value", Status::AtRisk.id()));
        let formula = count.map(|count| self.sentence("worry_note", &|_| format!("({count})")));
        self.live(5, 4, formula, Content::Text(note), Look::CardNote)?;
        if self.units.len() > 1 {
            let note = words.fill("summary", "not_added", &[("units", &self.units.join(", "))]);
            lines = lines.max(lines_in(&note, rooms[2]));
            self.sheet.set_row_height(5, f64::from(lines) * 13.0 + 5.0)?;
            return self.text(5, 6, &note, Look::CardNote);
        }
        // "100 % " stands before it
        lines = lines.max(lines_in(words.get("summary", "of_revenue"), rooms[2] - 6.0));
        self.sheet.set_row_height(5, f64::from(lines) * 13.0 + 5.0)?;
        let revenue = self.revenue();
        let share = self.tables.at_risk().zip(revenue).map(|(risk, all)| format!("IFERROR(({risk})/({all}),\"\")"));
        self.live(5, 6, share, risk_share.map_or(Content::Text(String::new()), Content::Number), Look::CardShare)
    }

    fn scored(&self) -> Option<String> {
        self.tables.each(|c| format!("COUNTIFS({},\">=0\",{},1)", c("score"), c("counted")))
    }

    fn revenue(&self) -> Option<String> {
        self.tables.each(|c| {
            let last_year = c("revenue_last_year");
            format!("SUMIFS({last_year},{last_year},\">0\",{},\">=0\")", c("counted"))
        })
    }
}
