//! Where to look first.

use super::super::sheet::{Content, lines_in, put, set_lines};
use super::super::style::Look;
use super::figures::Seen;
use super::{Page, status_colours, with_unit};
use crate::field::Status;
use rust_xlsxwriter::XlsxError;

/// Clients named.
const TOP: usize = 10;
/// Bold letters are wider.
const BOLD: f64 = 0.9;

impl Page<'_> {
    /// Where to look first: the worries with the most revenue behind them.
    pub(super) fn first(&mut self, mut row: u32, seen: &[Seen<'_>]) -> Result<u32, XlsxError> {
        let words = self.words;
        self.text(row, 1, words.get("summary", "first"), Look::Section)?;
        let heading = row;
        row += 1;
        let mut worries: Vec<_> =
            seen.iter().filter(|row| row.fact.counted == 1 && row.rated.worry == Some(true)).collect();
        worries.sort_by(|a, b| {
            let at_risk = |row: &Seen<'_>| row.rated.shown != Status::AtRisk;
            at_risk(a).cmp(&at_risk(b)).then(b.last_year.total_cmp(&a.last_year)).then_with(|| a.client.cmp(b.client))
        });
        if worries.is_empty() {
            let listed = seen.iter().any(|row| row.fact.counted == 1);
            let scored = seen.iter().any(|row| row.fact.counted == 1 && row.rated.score.is_some());
            let id = match (listed, scored) {
                (false, _) => "no_client",
                (true, false) => "no_score",
                (true, true) => "no_worry",
            };
            self.text(row, 1, words.get("summary", id), Look::Subtitle)?;
            return Ok(row + 2);
        }
        self.text(heading, 2, words.get("summary", "first_order"), Look::Subtitle)?;
        let headings =
            ["client", "status", "score", "account_manager", "", "revenue_last_year", "key_account", "next_step"];
        let mut lines = 1;
        for (col, id) in (1u16..).zip(headings) {
            let heading = if id.is_empty() { "" } else { words.get("column", id) };
            let heading = with_unit(heading, id, &self.units);
            let look = match id {
                "revenue_last_year" => Look::HeadingListRight,
                "status" | "score" | "key_account" => Look::HeadingListCentred,
                _ => Look::HeadingList,
            };
            lines = lines.max(lines_in(&heading, self.widths[usize::from(col)] * BOLD));
            self.text(row, col, &heading, look)?;
        }
        set_lines(self.sheet, row, lines)?;
        let manager = words.get("column", "account_manager");
        self.sheet.merge_range(row, 4, row, 5, manager, self.styles.get(Look::HeadingList))?;
        row += 1;
        let first = row;
        for worry in worries.iter().take(TOP) {
            let key = if worry.fact.key { words.get("value", "yes") } else { "" };
            self.text(row, 1, worry.client, Look::Name)?;
            self.text(row, 2, words.get("value", worry.rated.shown.id()), Look::Word)?;
            put(self.sheet, self.styles, row, 3, Look::Total, &Content::number(worry.rated.score))?;
            self.sheet.merge_range(row, 4, row, 5, "", self.styles.get(Look::Wrapped))?;
            self.text(row, 4, worry.manager, Look::Wrapped)?;
            let amount = match worry.currency.filter(|_| self.units.len() > 1) {
                Some(currency) => Content::Formatted(worry.last_year, format!("#,##0 [${}]", currency.code())),
                None => Content::Number(worry.last_year),
            };
            self.live(row, 6, None, amount, Look::Money)?;
            self.text(row, 7, key, Look::Word)?;
            self.text(row, 8, &worry.next, Look::Wrapped)?;
            let widths = self.widths;
            let texts =
                [(worry.client, widths[1] * BOLD), (worry.manager, widths[4] + widths[5]), (&worry.next, widths[8])];
            self.height(row, &texts)?;
            row += 1;
        }
        status_colours(self.sheet, first, 2, row - 1, 2, words)?;
        if worries.len() > TOP {
            let more = words.fill("summary", "more", &[("count", &(worries.len() - TOP).to_string())]);
            self.text(row, 1, &more, Look::Subtitle)?;
            row += 1;
        }
        Ok(row + 1)
    }
}
