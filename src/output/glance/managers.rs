//! Account managers side by side.

use super::super::formula::quoted;
use super::super::sheet::{Content, LINE_HEIGHT, lines_in, set_lines};
use super::super::style::{self, Look};
use super::Page;
use super::figures::{Seen, average};
use crate::field::Status;
use rust_xlsxwriter::{ConditionalFormatDataBar, ConditionalFormatType, XlsxError};
use std::collections::BTreeMap;

/// Headings, from column B on.
pub(super) const HEADINGS: [&str; 7] =
    ["manager", "accounts", "average", "kpi", "at_risk_count", "at_risk", "one_away"];
/// Managers listed; a department with more has a register, not a team.
const MANAGERS: usize = 60;

impl Page<'_> {
    pub(super) fn managers(&mut self, mut row: u32, seen: &[Seen<'_>]) -> Result<u32, XlsxError> {
        let words = self.words;
        let mut lines = 1;
        for (col, id) in (1u16..).zip(HEADINGS) {
            let look = if col == 1 { Look::HeadingList } else { Look::HeadingListRight };
            let heading = self.label(id);
            // bold letters are wider
            lines = lines.max(lines_in(&heading, self.widths[usize::from(col)] * 0.9));
            self.text(row, col, &heading, look)?;
        }
        set_lines(self.sheet, row, lines)?;
        self.beyond += f64::from(lines - 1) * LINE_HEIGHT;
        row += 1;
        let mut groups: BTreeMap<&str, Vec<&Seen<'_>>> = BTreeMap::new();
        for one in seen.iter().filter(|one| one.fact.counted >= 0) {
            groups.entry(one.fact.manager.as_deref().unwrap_or_default()).or_default().push(one);
        }
        let maximum = self.cards.maximum();
        let average_look = if maximum.is_some() { Look::Average } else { Look::Percent };
        let at_risk = |group: &[&Seen<'_>]| group.iter().map(|one| one.rated.revenue_at_risk).sum::<f64>();
        let mut groups: Vec<_> = groups.into_iter().collect();
        groups.sort_by(|a, b| at_risk(&b.1).total_cmp(&at_risk(&a.1)).then(a.0.cmp(b.0)));
        let first = row;
        for (name, group) in groups.iter().take(MANAGERS) {
            let counted: Vec<_> = group.iter().filter(|one| one.fact.counted == 1).collect();
            let scores: Vec<_> = counted.iter().filter_map(|one| Some((one.rated.score?, one.maximum))).collect();
            let met = counted.iter().filter(|one| one.rated.kpi_met == Some(true)).count();
            let share = (!scores.is_empty()).then(|| met as f64 / scores.len() as f64);
            let average = average(scores.into_iter(), maximum);
            let risky = counted.iter().filter(|one| one.rated.shown == Status::AtRisk).count();
            let shown = if name.is_empty() { words.get("summary", "nobody") } else { name };
            self.text(row, 1, shown, Look::Wrapped)?;
            self.height(row, &[(shown, self.widths[1])])?;
            let cell = if name.is_empty() { "\"\"".to_owned() } else { format!("$B{}", row + 1) };
            let own = |c: &dyn Fn(&str) -> String| format!("({}={cell})*({}=1)", c("manager_key"), c("counted"));
            let accounts = self.tables.each(|c| format!("SUMPRODUCT({})", own(c)));
            let scored = self.tables.each(|c| format!("SUMPRODUCT({}*ISNUMBER({}))", own(c), c("score")));
            let sum = self.tables.each_card(|c, mark, only| {
                self.cards.comparable(&format!("SUMPRODUCT({}{only},{})", own(c), c("score")), mark)
            });
            let word = |id: &str, word: &str| {
                self.tables.each(|c| format!("SUMPRODUCT({}*({}={}))", own(c), c(id), quoted(word)))
            };
            let kpi = word("kpi_met", words.get("value", "yes"));
            let risk = word("status", words.get("value", Status::AtRisk.id()));
            let revenue = self.tables.each(|c| {
                format!("SUMPRODUCT(({}={cell})*({}>=0),{})", c("manager_key"), c("counted"), c("revenue_at_risk"))
            });
            let one_away = self.tables.each_card(|c, mark, only| {
                let (score, kpi) = (c("score"), format!("kt_kpi{mark}"));
                format!("SUMPRODUCT({}*ISNUMBER({score})*({score}<{kpi})*({score}>={kpi}-1){only})", own(c))
            });
            let ratio =
                |top: &Option<String>| Some(format!("IFERROR(({})/({}),\"\")", top.as_ref()?, scored.as_ref()?));
            let number = |number: Option<f64>| number.map_or(Content::Text(String::new()), Content::Number);
            let away = counted.iter().filter(|one| one.rated.one_point_away).count();
            let (averages, shares) = (ratio(&sum), ratio(&kpi));
            self.live(row, 2, accounts, Content::Number(counted.len() as f64), Look::CountRight)?;
            self.live(row, 3, averages, number(average), average_look)?;
            self.live(row, 4, shares, number(share), Look::Percent)?;
            self.live(row, 5, risk, Content::Number(risky as f64), Look::CountRight)?;
            self.sum(row, 6, revenue, at_risk(group), Look::Money)?;
            self.live(row, 7, one_away, Content::Number(away as f64), Look::CountRight)?;
            row += 1;
        }
        if row > first {
            let bar = ConditionalFormatDataBar::new()
                .use_classic_style()
                .set_fill_color(style::BAR)
                .set_minimum(ConditionalFormatType::Number, 0)
                .set_maximum(ConditionalFormatType::Number, 1);
            self.sheet.add_conditional_format(first, 4, row - 1, 4, &bar)?;
        }
        if groups.len() > MANAGERS {
            let more = words.fill("summary", "more_managers", &[("count", &(groups.len() - MANAGERS).to_string())]);
            self.text(row, 1, &more, Look::Subtitle)?;
        }
        Ok(row + 1)
    }
}
