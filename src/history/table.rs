//! The lines of `keeptabs history` as csv.

use super::report::{HistoryReport, Line};
use crate::export::harmless;
use crate::portfolio::Amounts;
use crate::value::number_text;
use std::collections::BTreeSet;
use std::io;

/// Columns of the csv.
const COLUMNS: [&str; 26] = [
    "month",
    "name",
    "departments",
    "not_delivered",
    "managers",
    "clients",
    "scored",
    "score",
    "maximum",
    "change",
    "previous_month",
    "scorecard_changed",
    "status",
    "key_account",
    "strong",
    "watch",
    "at_risk",
    "not_scored",
    "kpi_met",
    "kpi_attainment",
    "currency",
    "revenue_last_year",
    "target",
    "revenue_current",
    "revenue_at_risk",
    "mixed_amounts",
];

impl HistoryReport {
    /// Writes the lines as csv: comma, decimal point, lists separated by "; ".
    ///
    /// # Errors
    /// What the writer said.
    pub fn csv(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut writer = csv::WriterBuilder::new().from_writer(out);
        writer.write_record(COLUMNS)?;
        for line in &self.lines {
            writer.write_record(line.cells())?;
        }
        writer.flush()
    }
}

impl Line {
    fn amounts(&self) -> [(&'static str, &Amounts); 4] {
        [
            ("revenue_last_year", &self.revenue_last_year),
            ("target", &self.target),
            ("revenue_current", &self.revenue_current),
            ("revenue_at_risk", &self.revenue_at_risk),
        ]
    }

    fn cells(&self) -> [String; 26] {
        let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
        let list = |names: &[String]| harmless(names.join("; "));
        let units: BTreeSet<_> =
            self.amounts().into_iter().flat_map(|(_, amounts)| amounts.iter().map(|(unit, _)| unit)).collect();
        let only = units.first().copied().filter(|_| units.len() == 1);
        let amount = |place: usize| only.and_then(|unit| self.amounts()[place].1.get(unit));
        let several = |(name, amounts): (&str, &Amounts)| {
            let parts = amounts.iter().map(|(unit, amount)| {
                format!("{} {}", unit.map_or("?".to_owned(), |unit| unit.code().to_owned()), number_text(amount))
            });
            let parts = parts.collect::<Vec<_>>().join("; ");
            (!parts.is_empty()).then(|| format!("{name}: {parts}"))
        };
        let mixed = match units.len() {
            0 | 1 => String::new(),
            _ => self.amounts().into_iter().filter_map(several).collect::<Vec<_>>().join(" | "),
        };
        [
            self.month.to_string(),
            harmless(self.name.clone().unwrap_or_default()),
            list(&self.departments),
            list(&self.not_delivered),
            list(&self.managers),
            self.clients.to_string(),
            self.scored.to_string(),
            number(self.score),
            number(self.maximum),
            number(self.change),
            self.previous_month.map(|month| month.to_string()).unwrap_or_default(),
            self.scorecard_changed.to_string(),
            self.status.map(|status| status.id().to_owned()).unwrap_or_default(),
            self.key_account.map(|key| key.to_string()).unwrap_or_default(),
            self.strong.to_string(),
            self.watch.to_string(),
            self.at_risk.to_string(),
            self.not_scored.to_string(),
            self.kpi_met.to_string(),
            number(self.kpi_attainment),
            only.flatten().map(|unit| unit.code().to_owned()).unwrap_or_default(),
            number(amount(0)),
            number(amount(1)),
            number(amount(2)),
            number(amount(3)),
            mixed,
        ]
    }
}
