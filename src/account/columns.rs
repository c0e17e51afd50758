//! What is settled or said once for a whole column: the survey's scale, cells that read two ways, number formats.

use crate::account::evidence::As;
use crate::account::parse::SheetParser;
use crate::account::rows::NameFrom;
use crate::field::Field;
use crate::finding::{Code, Finding, Severity};
use crate::mapping::SurveyScale;
use crate::proposal::Proposal;
use crate::value::{number_text, survey};

/// What became of the survey column.
pub(super) struct Survey {
    pub(super) scale: Option<SurveyScale>,
    /// Percentages stand there as shares: 0.85.
    pub(super) shares: bool,
    /// The scale is not known: missing for the whole sheet.
    pub(super) dropped: bool,
}

/// Cells of one column that read two ways.
pub(super) struct Doubt {
    pub(super) count: u32,
    pub(super) row: u32,
    pub(super) raw: String,
    pub(super) taken: String,
    pub(super) other: String,
}

impl SheetParser<'_, '_> {
    pub(super) fn formats_as_findings(&mut self) {
        for (&place, &(count, row, currency)) in &self.format_differs {
            let read = &self.grid.reads[place];
            let message = format!(
                "the number format shows {} where column or heading name another currency ({}); what is written counts, the format does not",
                currency.code(),
                if count == 1 { "one cell".to_owned() } else { format!("{count} cells, this is the first") }
            );
            let finding = Finding::new(Code::MixedCurrency, message).at(row, read.column.col);
            self.findings.push(read.field().map_or(finding.clone(), |field| finding.of(field)));
        }
    }

    /// Amounts without a currency beside the only one that is named: in a sheet of its own accord a remark, else a warning.
    pub(super) fn assumed_as_finding(&mut self) {
        let Some((count, first, currency)) = self.assumed else { return };
        let configured = self.settings.currency;
        if configured == Some(currency) {
            return;
        }
        let code = currency.code();
        let message = format!(
            "the amounts of {} name no currency; {code} is the only one that the {} names, and was taken for them. \
             If they are in another one, write it beside them or into the heading",
            if count == 1 { "one client".to_owned() } else { format!("{count} clients, this is the first,") },
            if self.named_elsewhere { "workbook" } else { "sheet" },
        );
        let mut finding = Finding::new(Code::CurrencyUnknown, message).at(first.row, first.col).of(Field::Currency);
        if configured.is_none() && !self.named_elsewhere {
            finding.severity = Severity::Note;
        }
        self.findings.push(finding);
    }

    /// One finding per column whose cells read two ways.
    pub(super) fn doubts_as_findings(&mut self) {
        for (&place, doubt) in &self.doubts {
            let read = &self.grid.reads[place];
            let is_date = As::of(&read.measure, self.settings.own_columns) == As::Date;
            let (code, setting) = if is_date {
                (Code::AmbiguousDate, "dates = \"day-month\" (or \"month-day\")")
            } else {
                (Code::AmbiguousNumber, "decimal = \".\" (or \",\")")
            };
            let others = match doubt.count {
                1 => String::new(),
                2 => " (and another cell of the column likewise)".to_owned(),
                count => format!(" (and {} more cells of the column likewise)", count - 1),
            };
            let message = format!(
                "\"{}\" reads two ways{others}: as {} or as {}; {} was taken; set {setting} under [locale] in keeptabs.toml, or store {} as real ones",
                doubt.raw,
                doubt.taken,
                doubt.other,
                doubt.taken,
                if is_date { "dates" } else { "numbers" }
            );
            let mut finding = Finding::new(code, message).at(doubt.row, read.column.col).raw(&doubt.raw);
            finding.field = read.field();
            if self.settings.strict {
                finding.severity = Severity::Error;
            }
            self.findings.push(finding);
        }
    }

    /// Whether the survey's answers are on the scale that is asked for, on a declared one, or on none that is known.
    pub(super) fn survey_scale(&mut self, clients: &[(u32, NameFrom)]) -> Survey {
        let none = Survey { scale: None, shares: false, dropped: false };
        let Some(place) = self.grid.place(Field::SurveyScore) else { return none };
        let column = self.grid.reads[place].column;
        let hundred = SurveyScale { low: 0.0, high: 100.0 };
        let scale = column.survey_scale.or(column.percent.then_some(hundred));
        let context = self.contexts[place];
        let answers: Vec<survey::Answer> = clients
            .iter()
            .filter_map(|&(row, _)| self.grid.cell(&self.grid.sheet.row(row)?, place))
            .filter_map(|cell| survey::answer(self.grid.raw(cell), &context).ok())
            .filter(|answer| answer.out_of.is_none())
            .collect();
        let finding = |code, message| {
            Finding::new(code, message)
                .at(self.grid.map.header_row, column.col)
                .of(Field::SurveyScore)
                .raw(&column.heading)
        };
        if let Some(scale) = scale {
            let plain = || answers.iter().filter(|answer| !answer.percent);
            let shares = scale.high == 100.0
                && plain().all(|answer| (0.0..=1.0).contains(&answer.value))
                && plain().any(|answer| answer.value.fract() != 0.0);
            if scale.high != survey::TEN.high {
                let shares = if shares { ", read from shares of 1" } else { "" };
                let message = format!(
                    "answers from {} to {}{shares} were converted to 1 to 10: × 10 / {}",
                    number_text(scale.low),
                    number_text(scale.high),
                    number_text(scale.high)
                );
                self.findings.push(finding(Code::ScaleConverted, message));
            }
            return Survey { scale: Some(scale), shares, dropped: false };
        }
        let line = |scale| Proposal::survey_scale(self.settings.file, &self.grid.sheet.name, scale);
        let above = answers.iter().filter(|answer| answer.percent || answer.value > survey::TEN.high).count();
        if answers.len() >= 2 && above * 2 > answers.len() {
            let line = line("0-100");
            let message = format!(
                "{above} of {} answers are no scores from 1 to 10, and no scale is named: the survey is missing for the whole sheet; \
                 declare the scale: {line}",
                answers.len()
            );
            self.findings.push(finding(Code::ScaleUnknown, message).settled_by(line));
            return Survey { dropped: true, ..none };
        }
        if answers.len() >= 8 && answers.iter().all(|answer| answer.value <= 5.0) {
            let line = line("1-5");
            let message = format!(
                "none of {} answers is above 5: is the scale 1 to 5? The survey is missing for the whole sheet until the scale is declared: \
                 {line} (or \"1-10\")",
                answers.len()
            );
            let mut finding = finding(Code::ScaleUnknown, message).settled_by(line.or("\"1-10\""));
            finding.severity = Severity::Error;
            self.findings.push(finding);
            return Survey { dropped: true, ..none };
        }
        none
    }
}
