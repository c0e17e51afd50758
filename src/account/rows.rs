//! Which rows below the heading are clients, which are dropped and why, and which are rejected.

use crate::account::grid::Grid;
use crate::account::{DropReason, DroppedRow, totals};
use crate::book::{Cell, ExcelTable, Row};
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
        // Excel's own word; the totals row of a table with headings lies outside of what is read
        let is_totals = |table: &ExcelTable| {
            table.has_totals
                && row.row == table.area.last.row + 1
                && table.area.contains(table.area.last.row, first_col)
        };
        if grid.sheet.tables.iter().any(is_totals) {
            return Some(Shape::Dropped(DropReason::Total));
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
            && self.is_total(row, total, values, name.as_deref(), id.as_deref())
        {
            return Some(Shape::Dropped(DropReason::Total));
        }
        if total.is_none() && values > 1 && self.is_unnamed_total(row) {
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
        let first_letter = |text: &str| text.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase());
        let is_heading = |&(col, cell): &(u16, Cell)| match self.grid.raw(cell) {
            Raw::Text(text) => {
                // A folding for every row would cost more than reading its numbers.
                let first = first_letter(text);
                let may_be =
                    |c: char| !c.is_ascii() || self.headings.iter().any(|(at, h)| *at == col && h.starts_with(c));
                first.is_some_and(may_be) && self.headings.binary_search(&(col, fold(text))).is_ok()
            }
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
                    // below the totals stand remarks: "Beträge netto"
                    let is_total = |facts: &Facts<'_>| matches!(facts.shape, Shape::Dropped(DropReason::Total));
                    let above = self.facts[..index].iter().rev().take_while(|facts| !is_client(facts));
                    let under_totals = !between && above.into_iter().any(is_total);
                    if company || (!across && !note && !under_totals && (!between || run > 2)) {
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
        || text.contains(" = ")
        || text.contains("://")
        || !text.chars().any(char::is_alphanumeric)
}

/// Cut to so many characters, with an ellipsis.
pub(crate) fn shortened(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
