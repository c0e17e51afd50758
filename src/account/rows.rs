//! Which rows below the heading are clients, which are dropped and why, and which are rejected.

use crate::account::grid::Grid;
use crate::account::{DropReason, DroppedRow, totals};
use crate::book::{Cell, Row};
use crate::field::Field;
use crate::finding::{Code, Finding};
use crate::text::fold;
use crate::value::reading::{Context, Raw, trim};
use crate::value::words::Words;

/// The rows of a table, sorted out.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    /// Clients, by row number, with what stands for the name.
    pub(crate) clients: Vec<(u32, NameFrom)>,
    pub(crate) dropped: Vec<DroppedRow>,
    pub(crate) rows_read: u32,
    pub(crate) findings: Vec<Finding>,
}

/// Where a client's name stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameFrom {
    Client,
    Id,
}

/// What a row looks like by itself.
#[derive(Debug)]
pub(super) enum Shape {
    /// A name and something beside it.
    Client,
    /// An id and values, but no name.
    IdAndValues,
    /// A name and nothing else.
    Lone { text: String, across: bool },
    /// One text, not in the client's column.
    Text { text: String, measure: bool },
    /// Values without a client; whether all of them are plain numbers.
    Values { numbers: bool },
    /// Settled at once.
    Dropped(DropReason),
}

/// A filled row and what it looks like.
pub(super) struct Facts<'a> {
    pub(super) row: Row<'a>,
    pub(super) shape: Shape,
}

/// Sorts the rows of a table. `contexts` are the columns' votes, by place in [`Grid::reads`].
pub(crate) fn sort(grid: &Grid<'_>, contexts: &[Context<'_>], words: &Words) -> Sorted {
    let mut sorter = Sorter {
        grid,
        contexts,
        words,
        client: grid.place(Field::Client),
        id: grid.place(Field::ClientId),
        headings: headings(grid),
        facts: Vec::new(),
        longest: 0,
        empty: Vec::new(),
        budget: totals::SUM_BUDGET,
        merged: Vec::new(),
    };
    for row in grid.rows() {
        if let Some(shape) = sorter.shape(&row) {
            sorter.facts.push(Facts { row, shape });
        }
    }
    sorter.settle()
}

/// The rows on their way from shapes to decisions.
pub(super) struct Sorter<'a, 'g> {
    pub(super) grid: &'g Grid<'a>,
    pub(super) contexts: &'g [Context<'g>],
    pub(super) words: &'g Words,
    pub(super) client: Option<usize>,
    pub(super) id: Option<usize>,
    /// Folded texts of the heading rows, by column.
    pub(super) headings: Vec<(u16, String)>,
    pub(super) facts: Vec<Facts<'a>>,
    /// Length of the longest name of a client.
    pub(super) longest: usize,
    /// Rows that hold only zeros, errors and the like.
    pub(super) empty: Vec<u32>,
    pub(super) budget: usize,
    /// First rows of client cells that are merged over further filled rows.
    pub(super) merged: Vec<u32>,
}

fn headings(grid: &Grid<'_>) -> Vec<(u16, String)> {
    let map = grid.map;
    let mut headings: Vec<(u16, String)> =
        map.columns.iter().map(|column| (column.col, fold(&column.heading))).collect();
    // At most the two rows of a heading with groups; a wild map must not cost the time of a whole sheet.
    for row in (map.first_header_row..=map.header_row).rev().take(4).filter_map(|row| grid.sheet.row(row)) {
        headings.extend(grid.filled(row).map(|(col, cell)| (col, fold(&grid.raw(cell).shown()))));
    }
    headings.retain(|(_, text)| !text.is_empty());
    headings.sort();
    headings.dedup();
    headings
}

impl<'a> Sorter<'a, '_> {
    /// The name in a cell, if it is one.
    fn name(&self, cell: Cell) -> Option<String> {
        let raw = self.grid.raw(cell);
        match raw {
            // A formula that points to an empty cell gives 0.
            Raw::Error(_) | Raw::Bool(false) => None,
            Raw::Number(0.0, _) => None,
            Raw::Text(text) if self.words.is_missing(text) => None,
            _ => Some(trim(&raw.shown()).to_owned()),
        }
    }

    /// Zeros, errors, FALSE and "n/a": what formulas leave in the empty rows of a form.
    fn is_nothing(&self, cell: Cell) -> bool {
        match self.grid.raw(cell) {
            Raw::Error(_) | Raw::Bool(false) => true,
            Raw::Number(number, _) => number == 0.0,
            Raw::Text(text) => self.words.is_missing(text),
            _ => false,
        }
    }

    /// What the row looks like; `None` for a blank one.
    fn shape(&mut self, row: &Row<'a>) -> Option<Shape> {
        let grid = self.grid;
        let filled: Vec<(u16, Cell)> = grid.filled(*row).collect();
        let &(first_col, first) = filled.first()?;
        if self.is_repeated_heading(&filled) {
            return Some(Shape::Dropped(DropReason::RepeatedHeading));
        }
        let client_cell = self.client.and_then(|place| grid.cell(row, place));
        let name = client_cell.and_then(|cell| self.name(cell));
        let id_cell = self.id.and_then(|place| grid.cell(row, place));
        let id = id_cell.and_then(|cell| self.name(cell));
        let col_of = |place: Option<usize>| place.map(|place| grid.reads[place].column.col);
        let (client_col, id_col) = (col_of(self.client), col_of(self.id));
        let others = || filled.iter().filter(|&&(col, _)| Some(col) != client_col && Some(col) != id_col);
        let values = others().filter(|&&(_, cell)| !self.is_nothing(cell)).count();

        if name.as_deref().is_some_and(|name| self.words.is_example(name)) {
            return Some(Shape::Dropped(DropReason::Example));
        }
        let total = name.as_deref().and_then(|name| self.words.total(name)).or_else(|| match grid.raw(first) {
            Raw::Text(text) => self.words.total(text),
            _ => None,
        });
        if let Some(total) = total
            && self.is_total(row, total, values, id.as_deref())
        {
            return Some(Shape::Dropped(DropReason::Total));
        }
        let under_merge = self.client.and_then(|place| grid.merge(row.row, place)).filter(|a| a.first.row < row.row);
        if let (Some(area), None) = (under_merge, &name)
            && values > 0
            && area.first.row > grid.map.header_row
        {
            if self.merged.last() != Some(&area.first.row) {
                self.merged.push(area.first.row);
            }
            return Some(Shape::Values { numbers: false });
        }
        if let Some(name) = name {
            let held =
                (0..grid.reads.len()).any(|place| Some(place) != self.client && grid.is_under_merge(row.row, place));
            if filled.len() == 1 && !held {
                let across = self.client.and_then(|place| grid.merge(row.row, place));
                let across = across.is_some_and(|area| area.last.col > area.first.col);
                return Some(Shape::Lone { text: name, across });
            }
            self.longest = self.longest.max(name.chars().count());
            return Some(Shape::Client);
        }
        if values == 0 && id.as_deref().is_none_or(|id| id.bytes().all(|b| b.is_ascii_digit())) {
            self.empty.push(row.row);
            return None;
        }
        if filled.len() == 1
            && let Raw::Text(text) = grid.raw(first)
        {
            let measure = grid.reads.iter().any(|read| {
                read.column.col == first_col
                    && !matches!(read.field(), Some(Field::AccountManager | Field::Department | Field::ClientId))
            });
            return Some(Shape::Text { text: trim(text).to_owned(), measure });
        }
        let is_number = |cell: Cell| matches!(cell, Cell::Number(..));
        let key = id.is_some_and(|id| id.bytes().any(|b| b.is_ascii_digit()) || others().any(|&(_, c)| is_number(c)));
        if key && values > 0 {
            return Some(Shape::IdAndValues);
        }
        Some(Shape::Values { numbers: filled.iter().all(|&(_, cell)| is_number(cell)) })
    }

    fn is_repeated_heading(&self, filled: &[(u16, Cell)]) -> bool {
        let is_heading = |&(col, cell): &(u16, Cell)| match self.grid.raw(cell) {
            Raw::Text(text) => self.headings.binary_search(&(col, fold(text))).is_ok(),
            _ => false,
        };
        if !filled.first().is_some_and(is_heading) {
            return false;
        }
        let equal = filled.iter().filter(|cell| is_heading(cell)).count();
        equal * 2 >= filled.len() && (equal > 1 || filled.len() == 1)
    }

    /// Decides what needs the rows around it, and writes everything down.
    fn settle(mut self) -> Sorted {
        let is_client = |facts: &Facts<'_>| matches!(facts.shape, Shape::Client | Shape::IdAndValues);
        let last_client = self.facts.iter().rposition(is_client);
        let mut sorted = Sorted { rows_read: self.facts.len() as u32, ..Sorted::default() };
        let mut sums_to_try = 3;
        let mut run = 0; // length of the run of lone names that the current one stands in
        for index in 0..self.facts.len() {
            let between = last_client.is_some_and(|last| index < last);
            run = match &self.facts[index].shape {
                Shape::Lone { .. } if run > 0 => run,
                Shape::Lone { .. } => {
                    self.facts[index..].iter().take_while(|f| matches!(f.shape, Shape::Lone { .. })).count()
                }
                _ => 0,
            };
            let row = self.facts[index].row;
            let longest = self.longest;
            let section_or_note = |text: &str| {
                if between && !is_sentence(text, longest) { DropReason::Section } else { DropReason::Note }
            };
            let reason = match &self.facts[index].shape {
                Shape::Client => {
                    sorted.clients.push((row.row, NameFrom::Client));
                    continue;
                }
                Shape::IdAndValues => {
                    sorted.clients.push((row.row, NameFrom::Id));
                    sorted.findings.push(self.id_as_name(&row));
                    continue;
                }
                Shape::Dropped(reason) => Some(*reason),
                Shape::Lone { text, across } => {
                    let company = self.words.has_legal_form(text) && !across;
                    let note = is_sentence(text, longest);
                    if company || (!across && !note && (!between || run > 2)) {
                        sorted.clients.push((row.row, NameFrom::Client));
                        sorted.findings.push(self.lone_name(&row, text));
                        continue;
                    }
                    Some(section_or_note(text))
                }
                Shape::Text { measure: true, .. } if between => None,
                Shape::Text { text, .. } => Some(section_or_note(text)),
                Shape::Values { numbers: true } if !between && sums_to_try > 0 => {
                    sums_to_try -= 1;
                    self.is_sum(&row).then_some(DropReason::Total)
                }
                Shape::Values { .. } => None,
            };
            let text = self.row_text(&row);
            sorted.findings.push(self.dropped(&row, reason, &text));
            sorted.dropped.push(DroppedRow { row: row.row, reason, text });
        }
        let sheet = &self.grid.sheet.name;
        for &row in &self.merged {
            let col = self.client.map_or(0, |place| self.grid.reads[place].column.col);
            let message = "the client's cell is merged over several filled rows, so it is not clear how many clients these are; \
                           unmerge it and write one client in each row";
            sorted.findings.push(Finding::new(Code::MergedClient, message).on(sheet).at(row, col).of(Field::Client));
        }
        if let (Some(first), Some(last)) = (self.empty.first(), self.empty.last()) {
            let message = format!(
                "{} between row {} and row {} without a client hold nothing but zeros, errors or running numbers and were taken as blank",
                if self.empty.len() == 1 { "1 row".to_owned() } else { format!("{} rows", self.empty.len()) },
                first + 1,
                last + 1
            );
            let col = self.grid.map.columns_range.0;
            sorted.findings.push(Finding::new(Code::RowDropped, message).on(sheet).at(*first, col));
        }
        sorted
    }

    fn dropped(&self, row: &Row<'a>, reason: Option<DropReason>, text: &str) -> Finding {
        let (code, message) = match reason {
            Some(DropReason::RepeatedHeading) => (Code::RowDropped, "the heading again; not a client"),
            Some(DropReason::Total) => (Code::RowDropped, "a total; not a client"),
            Some(DropReason::Section) => (Code::RowDropped, "a heading of the rows below; not a client"),
            Some(DropReason::Note) => (Code::RowDropped, "a note; not a client"),
            Some(DropReason::Example) => (Code::RowDropped, "the example row of the form; not a client"),
            None => (
                Code::RowRejected,
                "values without a client: the row is left out; write the client's name into it, or clear it",
            ),
        };
        let col = self.grid.filled(*row).next().map_or(0, |(col, _)| col);
        Finding::new(code, message).on(&self.grid.sheet.name).at(row.row, col).raw(text)
    }

    fn id_as_name(&self, row: &Row<'a>) -> Finding {
        let place = self.client.or(self.id).unwrap_or_default();
        let col = self.grid.reads.get(place).map_or(0, |read| read.column.col);
        let id = self.id.and_then(|place| self.grid.cell(row, place)).and_then(|cell| self.name(cell));
        let id = id.unwrap_or_default();
        Finding::new(Code::IdAsName, format!("the client's name is missing; its id {id} stands for it; write the name"))
            .on(&self.grid.sheet.name)
            .at(row.row, col)
            .of(Field::Client)
            .raw(id)
    }

    fn lone_name(&self, row: &Row<'a>, name: &str) -> Finding {
        let col = self.client.map_or(0, |place| self.grid.reads[place].column.col);
        let message =
            "a name alone in its row: taken as a client without any measure; fill in the measures, or clear the row";
        Finding::new(Code::LoneName, message)
            .on(&self.grid.sheet.name)
            .at(row.row, col)
            .of(Field::Client)
            .raw(shortened(name, 200))
    }

    fn row_text(&self, row: &Row<'a>) -> String {
        let cells: Vec<String> =
            self.grid.filled(*row).take(4).map(|(_, cell)| shortened(trim(&self.grid.raw(cell).shown()), 80)).collect();
        shortened(&cells.join(" | "), 120)
    }
}

/// Whether a lone text is a remark rather than a name.
fn is_sentence(text: &str, longest_name: usize) -> bool {
    let chars = text.chars().count();
    let words = text.split_whitespace().count();
    chars > 80
        || (longest_name > 0 && chars > 30 && chars > 2 * longest_name)
        || (words >= 5 && text.ends_with(['.', '!', '?']))
        || text.starts_with(['*', '†', '¹', '²', '(', '©'])
        || (words >= 2 && text.contains(": "))
        || text.ends_with(':') && words >= 3
        || text.contains("://")
}

/// Cut to so many characters, with an ellipsis.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::DropReason::{Example, Note, RepeatedHeading, Section, Total};
    use super::*;
    use crate::account::Parsed;
    use crate::account::testing::{case, found, names};

    const HEADINGS: &[&str] =
        &["client", "account_manager", "meetings", "decision_level", "revenue_last_year", "Region"];
    const ACME: &[&str] = &["Acme", "Ana", "#2", "senior", "#100"];
    const BIG: &[&str] = &["Big Corp", "Ana", "#3", "middle", "#250.5"];

    fn parsed(rows: &[&[&str]]) -> Parsed {
        case(&[&[HEADINGS], rows].concat()).parse()
    }

    fn dropped(parsed: &Parsed) -> Vec<(u32, Option<DropReason>)> {
        parsed.tables[0].dropped.iter().map(|dropped| (dropped.row + 1, dropped.reason)).collect()
    }

    #[test]
    fn totals_are_dropped_and_clients_that_sound_like_them_are_not() {
        for (last, total) in [
            (&["Total", "", "#5", "", "#350.5"] as &[&str], true),
            (&["Total"], true),
            (&["", "Total", "#5", "", "#350.5"], true),
            (&["", "", "#5", "", "#350.5"], true),
            (&["Total North", "", "#5", "", "#350.5"], true),
            (&["Total", "", "#7", "", "#999"], true),
            (&["Summe", "", "", "", "350,50 €"], true),
            (&["Total", "Bob", "#7", "senior", "#999"], false),
            (&["Total Gabon", "Bob", "#7", "", "#999"], false),
            (&["Total Gabon", "", "", "senior", "#999"], false),
            (&["Total Gabon", "2 people", "#5", "", "#350.5"], true),
            (&["TotalEnergies", "", "#7", "", "#999"], false),
        ] {
            let parsed = parsed(&[ACME, BIG, last]);
            let expected = if total { vec![(4, Some(Total))] } else { vec![] };
            assert_eq!(dropped(&parsed), expected, "{last:?}");
            assert_eq!(names(&parsed).len(), if total { 2 } else { 3 }, "{last:?}");
        }
    }

    #[test]
    fn subtotals_count_since_the_last_one() {
        let rows: &[&[&str]] = &[
            &["client", "revenue_last_year"],
            &["Acme", "#100"],
            &["Big Corp", "#200"],
            &["Subtotal", "#300"],
            &["Cafe", "#50"],
            &["Dough", "#70"],
            &["Total bakers", "#120"],
            &["Total Gabon", "#7"],
            &["Grand total", "#427"],
        ];
        let parsed = case(rows).parse();
        assert_eq!(names(&parsed), ["Acme", "Big Corp", "Cafe", "Dough", "Total Gabon"]);
        assert_eq!(dropped(&parsed), [(4, Some(Total)), (7, Some(Total)), (9, Some(Total))]);
    }

    #[test]
    fn headings_sections_notes_and_blank_rows() {
        let parsed = parsed(&[
            &["Region North"],
            ACME,
            &[],
            HEADINGS,
            &["  ", "\u{a0}"],
            &["", "", "", "", "", "Region South"],
            BIG,
            &["", "", "#0", "", "!", ""],
            &["Region West", "", "", "", ""],
            &["Cafe", "Bob", "#1"],
            &["Source: CRM export of 30 November"],
            &["All revenue figures are taken from the ledger and are not audited."],
        ]);
        assert_eq!(names(&parsed), ["Acme", "Big Corp", "Cafe"]);
        assert_eq!(
            dropped(&parsed),
            [
                (2, Some(Section)),
                (5, Some(RepeatedHeading)),
                (7, Some(Section)),
                (10, Some(Section)),
                (12, Some(Note)),
                (13, Some(Note)),
            ]
        );
        assert_eq!(parsed.tables[0].rows_read, 9);
        let blank =
            found(&parsed, Code::RowDropped).into_iter().find(|f| f.message.contains("taken as blank")).unwrap();
        assert_eq!(blank.to_string().split(':').next(), Some("Clients!A9"));
    }

    #[test]
    fn lone_names() {
        // At the end, companies by their form, and runs of names are clients; each is reported.
        let at_end = parsed(&[ACME, &["Newcomer"]]);
        assert_eq!(names(&at_end), ["Acme", "Newcomer"]);
        assert_eq!(found(&at_end, Code::LoneName).len(), 1);
        let company = parsed(&[ACME, &["Muster GmbH"], BIG]);
        assert_eq!(names(&company), ["Acme", "Muster GmbH", "Big Corp"]);
        let run = parsed(&[ACME, &["One"], &["Two"], &["Three"], BIG]);
        assert_eq!(names(&run).len(), 5);
        let all = parsed(&[&["One"], &["Two"]]);
        assert_eq!(names(&all), ["One", "Two"]);
        let two = parsed(&[&["Europe"], &["Germany"], ACME]);
        assert_eq!(names(&two), ["Acme"]);
    }

    #[test]
    fn a_name_merged_across_is_a_section() {
        let rows = &[HEADINGS, ACME, &["Muster GmbH"], BIG, &["Remarks below"]];
        let parsed = case(rows).merge((2, 0), (2, 4)).merge((4, 0), (4, 4)).parse();
        assert_eq!(names(&parsed), ["Acme", "Big Corp"]);
        assert_eq!(dropped(&parsed), [(3, Some(Section)), (5, Some(Note))]);
    }

    #[test]
    fn example_rows_and_rejected_rows() {
        let parsed =
            parsed(&[&["Example: Acme Ltd", "Ana", "#2"], ACME, &["", "Bob", "#3", "senior"], &["n/a", "Bob", "#3"]]);
        assert_eq!(names(&parsed), ["Acme"]);
        assert_eq!(dropped(&parsed), [(2, Some(Example)), (4, None), (5, None)]);
        assert_eq!(found(&parsed, Code::RowRejected).len(), 2);
        assert_eq!(parsed.tables[0].rejected(), 2);
    }

    #[test]
    fn an_id_stands_for_a_missing_name() {
        let rows: &[&[&str]] = &[
            &["client_id", "client", "meetings", "comments"],
            &["#00123@00000", "Acme", "#2"],
            &["38e18191", "", "#3"],
            &["#7", "", ""],
            &["Legend", "", "", "1 is low"],
            &["Source of the list"],
        ];
        let parsed = case(rows).parse();
        assert_eq!(names(&parsed), ["Acme", "38e18191"]);
        assert_eq!(dropped(&parsed), [(5, None), (6, Some(Note))]);
        assert_eq!(found(&parsed, Code::IdAsName).len(), 1);
        let id = parsed.tables[0].account(0).text(Field::ClientId, &parsed.book);
        assert_eq!(id, Some("00123"));
    }

    #[test]
    fn merged_managers_hold_and_merged_clients_need_review() {
        let rows = &[
            HEADINGS,
            &["Acme", "Ana", "#1"],
            &["Big Corp", "", "#2"],
            &["Cafe", "hidden below the merge", "#3"],
            &["Dough", "Bob", "#4"],
            &["", "Bob", "#5"],
        ];
        let parsed = case(rows).merge((1, 1), (3, 1)).merge((4, 0), (5, 0)).parse();
        assert_eq!(names(&parsed), ["Acme", "Big Corp", "Cafe", "Dough"]);
        let managers: Vec<_> =
            parsed.tables[0].accounts().map(|a| a.text(Field::AccountManager, &parsed.book).unwrap()).collect();
        assert_eq!(managers, ["Ana", "Ana", "Ana", "Bob"]);
        assert_eq!(dropped(&parsed), [(6, None)]);
        assert_eq!(found(&parsed, Code::MergedClient)[0].cell.unwrap().to_string(), "A5");
    }

    #[test]
    fn an_amount_merged_over_clients_belongs_to_none() {
        let rows: &[&[&str]] =
            &[&["client", "revenue_last_year"], &["Acme", "#300"], &["Big Corp", ""], &["Cafe", "#5"]];
        let parsed = case(rows).merge((1, 1), (2, 1)).parse();
        let inputs: Vec<_> = parsed.tables[0].accounts().map(|a| a.input(Field::RevenueLastYear).number()).collect();
        assert_eq!(inputs, [None, None, Some(5.0)]);
        assert_eq!(found(&parsed, Code::WrongValue).len(), 2);
    }
}
