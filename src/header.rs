//! Finds the heading rows of a sheet and the extent of the table below them.

pub(crate) mod extent;
mod rows;

use crate::book::{Book, Cell, ExcelTable, Sheet, TextId};
use crate::field::{Field, Kind};
use crate::mapping::claim::{Claim, Lookup};
use crate::mapping::heading::key;
use crate::mapping::{HeadingChoice, Settings};
use rows::{Candidate, Parents};
use std::collections::HashMap;

/// How many used rows are looked at for headings.
const SEARCHED: usize = 50;
/// Rows whose scores are nearer than this are not told apart.
const MARGIN: f64 = 0.1;
/// Longer texts are no headings.
const LONGEST: usize = 120;

/// Where a table stands.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// First heading row, from 0.
    pub first_header_row: u32,
    /// The row directly above the data, from 0.
    pub header_row: u32,
    /// Last row that can hold a client.
    pub last_row: u32,
    /// First and last column.
    pub columns: (u16, u16),
    /// Why this row.
    pub choice: HeadingChoice,
    /// The heading of each column, with its parent where groups stand over the headings.
    pub headings: Vec<HeadingText>,
}

/// What stands over a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct HeadingText {
    /// The group above.
    pub parent: Option<String>,
    /// Whether the group really is merged over the column.
    pub merged: bool,
    /// The heading itself.
    pub text: String,
    /// Its text in the book, to know it again further down.
    pub id: Option<TextId>,
}

/// What a search found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The table, if any row has headings.
    pub layout: Option<Layout>,
    /// Another row that is as good, if none is clearly better.
    pub close_call: Option<u32>,
    /// Further client tables, each with the row of its headings and what tells them apart.
    pub further: Vec<extent::Further>,
    /// An Excel table that settled it.
    pub excel_table: Option<String>,
    /// Headings that stand one below the other in a column.
    pub transposed: Option<u16>,
}

/// What the dictionary makes of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Hit {
    /// A field.
    Field(Field),
    /// A measure whose field its words do not settle.
    Measure,
    /// A heading of some kind, but of no field.
    Known,
    /// Nothing.
    No,
}

/// A sheet being searched; each text is looked up once.
pub(crate) struct Search<'a> {
    pub(crate) sheet: &'a Sheet,
    pub(crate) book: &'a Book,
    pub(crate) lookup: Lookup<'a>,
    pub(crate) settings: &'a Settings<'a>,
    hits: HashMap<TextId, Hit>,
}

impl<'a> Search<'a> {
    /// A search of one sheet.
    pub(crate) fn new(sheet: &'a Sheet, book: &'a Book, lookup: Lookup<'a>, settings: &'a Settings<'a>) -> Self {
        Self { sheet, book, lookup, settings, hits: HashMap::new() }
    }

    /// Finds the client table.
    pub(crate) fn run(mut self) -> Found {
        if let Some(row) = self.settings.pinned_row(&self.sheet.name) {
            return self.pinned(row);
        }
        if let Some(found) = self.excel_tables() {
            return found;
        }
        let candidates: Vec<Candidate> =
            (0..self.sheet.row_count().min(SEARCHED)).filter_map(|at| self.candidate(at)).collect();
        let Some(best) = best(&candidates) else {
            return Found { transposed: self.transposed(), ..Found::default() };
        };
        let mut best = best.clone();
        self.lower_of_two_languages(&mut best, &candidates);
        let runner_up = candidates
            .iter()
            .filter(|other| other.row != best.row && Some(other.row) != best.parent && other.parent != Some(best.row))
            .filter(|other| other.keys != best.keys && !other.repeats(&best))
            .max_by(|a, b| a.score.total_cmp(&b.score).then(b.row.cmp(&a.row)));
        let choice = HeadingChoice {
            given: false,
            score: best.score,
            runner_up: runner_up.map(|other| (other.row, other.score)),
        };
        let (layout, further) = self.layout(&best, choice);
        let close = runner_up.filter(|other| {
            let apart = further.iter().any(|further| further.row == other.row);
            self.is_complete(&other.hits) && best.score - other.score < MARGIN && !apart && !best.same_columns(other)
        });
        let transposed = if self.is_complete(&best.hits) { None } else { self.transposed() };
        Found {
            close_call: close.map(|other| other.row),
            further,
            layout: Some(layout),
            transposed,
            ..Found::default()
        }
    }

    fn pinned(mut self, row: u32) -> Found {
        let Some(at) = self.sheet.rows().position(|filled| filled.row == row) else {
            return Found::default();
        };
        let mut candidate = self.single(at);
        if let Some(pair) = self.pair(at) {
            candidate = pair;
        }
        let choice = HeadingChoice { given: true, score: candidate.score, runner_up: None };
        let (layout, further) = self.layout(&candidate, choice);
        Found { layout: Some(layout), further, ..Found::default() }
    }

    /// The first Excel table that is a client table, as it stands; further ones are named.
    fn excel_tables(&mut self) -> Option<Found> {
        let sheet = self.sheet;
        let tables: Vec<&ExcelTable> = sheet.tables.iter().filter(|table| table.has_headings).collect();
        let mut mapping = Vec::new();
        for table in tables {
            let Some(row) = sheet.row(table.area.first.row) else {
                continue;
            };
            let columns = (table.area.first.col, table.area.last.col);
            let hits: Vec<(u16, Hit)> = row
                .cells()
                .filter(|(col, _)| (columns.0..=columns.1).contains(col))
                .map(|(col, cell)| (col, self.hit(cell)))
                .collect();
            if self.is_complete(&hits) {
                mapping.push((table, columns));
            }
        }
        let &(table, columns) = mapping.first()?;
        let choice = HeadingChoice { given: true, score: 1.0, runner_up: None };
        let parents = Parents::default();
        let layout = Layout {
            first_header_row: table.area.first.row,
            header_row: table.area.first.row,
            last_row: table.area.last.row,
            columns,
            choice,
            headings: rows::headings(self, table.area.first.row, columns, &parents),
        };
        let mut further: Vec<extent::Further> =
            mapping[1..].iter().map(|(table, _)| extent::Further::excel(table)).collect();
        if further.is_empty() {
            further.extend(extent::below_excel_table(self, &layout, table));
        }
        Some(Found { layout: Some(layout), further, excel_table: Some(table.name.clone()), ..Found::default() })
    }

    /// What the dictionary makes of a cell.
    pub(crate) fn hit(&mut self, cell: Cell) -> Hit {
        let Cell::Text(id) = cell else { return Hit::No };
        if let Some(&hit) = self.hits.get(&id) {
            return hit;
        }
        let hit = self.look_up(self.book.text(id));
        self.hits.insert(id, hit);
        hit
    }

    fn look_up(&self, text: &str) -> Hit {
        if text.len() > LONGEST {
            return Hit::No;
        }
        let key = key(text);
        // "n.v.t." stands for a value that is not there
        if key.is_empty() || self.lookup.index.lists.missing.contains(&key) {
            return Hit::No;
        }
        if let Some(pinned) = self.settings.pinned_field(&self.sheet.name, &key) {
            return pinned.map_or(Hit::Known, Hit::Field);
        }
        if self.settings.further(&key).is_some() {
            return Hit::Measure;
        }
        if let Some(alias) = self.lookup.index.alias(&key) {
            return hit_of_field(alias.field, alias.weak);
        }
        let index = self.lookup.index;
        // "de" and "of" stand in names as well
        let known = |word: &str| {
            index.knows_word(word) && !index.is_stop_word(word)
                || word.bytes().any(|b| b.is_ascii_digit())
                || !word.is_ascii()
        };
        if key.split(' ').count() > 12
            || !(key.split(' ').any(known) || text.chars().any(char::is_uppercase) && self.is_camel(text))
        {
            return Hit::No;
        }
        self.hit_of(text)
    }

    fn is_camel(&self, text: &str) -> bool {
        text.as_bytes().windows(2).any(|pair| pair[0].is_ascii_lowercase() && pair[1].is_ascii_uppercase())
    }

    /// What the dictionary makes of a heading.
    pub(crate) fn hit_of(&self, text: &str) -> Hit {
        let (claim, speaks_of_a_year) = self.lookup.claim_alone(text);
        match claim {
            Claim::Field { field, weak, .. } => hit_of_field(field, weak),
            Claim::Revenue | Claim::Behind | Claim::Unclear(_) => Hit::Known,
            Claim::Contacts { .. } => Hit::Measure,
            Claim::None if speaks_of_a_year || self.lookup.index.lookalike(&key(text)).is_some() => Hit::Known,
            Claim::None => Hit::No,
        }
    }

    /// Whether headings make a client table: a client and two measures.
    pub(crate) fn is_complete(&self, hits: &[(u16, Hit)]) -> bool {
        let mut fields: Vec<Field> = Vec::new();
        let mut measures = 0;
        for (_, hit) in hits {
            match hit {
                Hit::Field(field) if !fields.contains(field) => {
                    fields.push(*field);
                    measures += usize::from(self.settings.measures.contains(field));
                }
                Hit::Measure => measures += 1,
                _ => {}
            }
        }
        fields.contains(&Field::Client) && measures >= 2
    }

    /// Headings in two languages, one row below the other: the table begins below the lower one.
    fn lower_of_two_languages(&self, best: &mut Candidate, candidates: &[Candidate]) {
        if best.parent.is_some() {
            return;
        }
        let lower = candidates.iter().find(|other| other.row == best.row + 1 && other.parent.is_none());
        if let Some(lower) = lower.filter(|lower| lower.same_columns(best)) {
            *best = Candidate { parent: None, first: Some(best.row), ..lower.clone() };
        } else if let Some(upper) =
            candidates.iter().find(|other| other.row + 1 == best.row && other.same_columns(best))
        {
            best.first = Some(upper.row);
        }
    }

    fn layout(&mut self, best: &Candidate, choice: HeadingChoice) -> (Layout, Vec<extent::Further>) {
        let extent::Extent { columns, last_row, further } = extent::extent(self, best);
        let parents = best.parent.map(|row| Parents::of(self.sheet, row, best.row)).unwrap_or_default();
        let layout = Layout {
            first_header_row: best.parent.or(best.first).unwrap_or(best.row),
            header_row: best.row,
            last_row,
            columns,
            choice,
            headings: rows::headings(self, best.row, columns, &parents),
        };
        (layout, further)
    }

    /// A column in which the headings stand one below the other.
    fn transposed(&mut self) -> Option<u16> {
        let sheet = self.sheet;
        let mut columns: HashMap<u16, Vec<(u16, Hit)>> = HashMap::new();
        for row in sheet.rows().take(SEARCHED) {
            if let Some((col, cell)) = row.cells().next() {
                let hit = self.hit(cell);
                columns.entry(col).or_default().push((col, hit));
            }
        }
        let mut cols: Vec<u16> = columns.keys().copied().collect();
        cols.sort_unstable();
        cols.into_iter().find(|col| self.is_complete(&columns[col]))
    }

    /// The text of a heading cell: texts, years and dates are headings.
    pub(crate) fn label(&self, cell: Cell) -> Option<String> {
        let text = match cell {
            Cell::Text(id) => self.book.text(id).to_owned(),
            Cell::Number(number, _) if number.fract() == 0.0 && (1990.0..=2100.0).contains(&number) => {
                self.book.shown(cell)
            }
            Cell::Date(..) => self.book.shown(cell),
            _ => return None,
        };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    }
}

/// Counts and levels that need their values are likely to have them; names are not.
fn hit_of_field(field: Field, weak: bool) -> Hit {
    if weak && field.kind() == Kind::Text && field != Field::Client { Hit::Known } else { Hit::Field(field) }
}

fn best(candidates: &[Candidate]) -> Option<&Candidate> {
    candidates.iter().max_by(|a, b| a.score.total_cmp(&b.score).then(b.row.cmp(&a.row)))
}

#[cfg(test)]
mod tests;
