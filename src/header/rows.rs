//! Rows that could hold the headings, scored; and headings under groups.

use super::{HeadingText, Hit, Search};
use crate::book::{Area, Cell, Row, Sheet};
use crate::field::Field;
use crate::mapping::heading::key;

/// How many rows below a candidate are compared with it.
const BELOW: usize = 12;

/// A row that could hold the headings.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    /// Its number, from 0.
    pub row: u32,
    /// Its place among the filled rows.
    pub at: usize,
    /// The row of groups above it, where they are used.
    pub parent: Option<u32>,
    /// The first of two heading rows in two languages.
    pub first: Option<u32>,
    /// What the dictionary makes of each cell.
    pub hits: Vec<(u16, Hit)>,
    /// Its headings as they are compared.
    pub keys: Vec<String>,
    /// 0 to 1.
    pub score: f64,
}

impl Candidate {
    /// Whether both rows say the same of nearly all columns.
    pub(super) fn same_columns(&self, other: &Candidate) -> bool {
        let fields = |hits: &[(u16, Hit)]| -> Vec<(u16, Field)> {
            hits.iter()
                .filter_map(|(col, hit)| if let Hit::Field(field) = hit { Some((*col, *field)) } else { None })
                .collect()
        };
        let (mine, theirs) = (fields(&self.hits), fields(&other.hits));
        let shared = mine.iter().filter(|pair| theirs.contains(pair)).count();
        shared >= 3 && shared * 5 >= mine.len().max(theirs.len()) * 4
    }

    /// Whether it is the same heading once more, as at a page break.
    pub(super) fn repeats(&self, other: &Candidate) -> bool {
        let shared = self.keys.iter().filter(|key| other.keys.contains(key)).count();
        shared * 2 > self.keys.len().max(1)
    }
}

/// The groups over a heading row.
#[derive(Clone, Debug, Default)]
pub(super) struct Parents {
    row: Option<u32>,
    groups: Vec<Area>,
}

impl Parents {
    /// The groups in a row.
    pub(super) fn of(sheet: &Sheet, row: u32, child: u32) -> Self {
        let groups = sheet
            .merges
            .iter()
            .filter(|area| (area.first.row..=area.last.row).contains(&row) && area.first.row < child);
        Self { row: Some(row), groups: groups.copied().collect() }
    }

    /// The group's area over a column, if it is merged.
    fn area(&self, col: u16) -> Option<Area> {
        let row = self.row?;
        self.groups.iter().find(|area| area.contains(row, col)).copied()
    }
}

impl Search<'_> {
    /// The `at`-th filled row as a candidate, alone or with its groups, if it has any heading.
    pub(super) fn candidate(&mut self, at: usize) -> Option<Candidate> {
        if self.is_data(self.sheet.row_at(at)) {
            return None;
        }
        let single = self.single(at);
        let pair = self.pair(at);
        let best = pair.unwrap_or(single);
        best.hits.iter().any(|(_, hit)| *hit != Hit::No).then_some(best)
    }

    /// Whether a third of a row's cells are numbers that are no years: no row of headings, whatever its words are. Cheap,
    /// so that the words of ordinary rows need not be looked up.
    fn is_data(&self, row: Row<'_>) -> bool {
        let is_year = |number: f64| number.fract() == 0.0 && (1990.0..=2100.0).contains(&number);
        let is_number = |cell: Cell| match cell {
            Cell::Number(number, _) => !is_year(number),
            Cell::Text(id) => {
                let text = self.book.text(id);
                text.len() <= 24
                    && text.bytes().any(|b| b.is_ascii_digit())
                    && !text.chars().any(char::is_alphabetic)
                    && !text.trim().parse().is_ok_and(is_year)
            }
            _ => false,
        };
        let numbers = row.cells().filter(|(_, cell)| is_number(*cell)).count();
        numbers >= 2 && numbers * 3 >= row.cells().len()
    }

    /// A row by itself.
    pub(super) fn single(&mut self, at: usize) -> Candidate {
        let row = self.sheet.row_at(at);
        let mut labels = Vec::new();
        for (col, cell) in row.cells() {
            let hit = self.hit(cell);
            labels.push((col, hit, self.label(cell)));
        }
        self.scored(at, None, labels)
    }

    /// A row with the groups above it, if real merges say so, or if they tell more than either row.
    pub(super) fn pair(&mut self, at: usize) -> Option<Candidate> {
        let above = self.sheet.row_at(at.checked_sub(1)?);
        let row = self.sheet.row_at(at);
        if above.row + 1 != row.row || row.cells().any(|(_, cell)| self.label(cell).is_none()) {
            return None;
        }
        let parents = Parents::of(self.sheet, above.row, row.row);
        let width = self.width(at.saturating_sub(1));
        let is_group = |area: &Area| {
            let columns = area.last.col - area.first.col + 1;
            columns >= 2 && columns < width && area.first.row == area.last.row
        };
        let grouped = parents.groups.iter().any(is_group);
        let down = parents.groups.iter().any(|area| area.last.row == row.row && area.first.col == area.last.col);
        if above.cells().len() < 2 && !grouped {
            return None;
        }
        let single = self.single(at);
        let upper = self.single(at - 1);
        let columns = (
            above.cells().next().map_or(0, |(col, _)| col).min(row.cells().next().map_or(0, |(col, _)| col)),
            above.cells().last().map_or(0, |(col, _)| col).max(row.cells().last().map_or(0, |(col, _)| col)),
        );
        let headings = headings(self, row.row, columns, &parents);
        let mut labels = Vec::new();
        for (col, heading) in (columns.0..=columns.1).zip(&headings) {
            if heading.text.is_empty() {
                continue;
            }
            let alone = self.hit_of(&heading.text);
            let joined = match &heading.parent {
                Some(parent) if heading.merged || alone == Hit::No => {
                    self.hit_of(&self.lookup.below_group(parent, &heading.text))
                }
                _ => Hit::No,
            };
            let hit = if joined == Hit::No { alone } else { joined };
            labels.push((col, hit, Some(heading.text.clone())));
        }
        let pair = self.scored(at, Some(above.row), labels);
        let known = |candidate: &Candidate| distinct(&candidate.hits);
        // groups over a full heading row belong to it; headings that only look stacked must tell more than either row
        let children = known(&single) > 0 || grouped && row.cells().len() >= 2;
        let more = known(&pair) > known(&upper) && known(&pair) >= known(&single);
        let certain = (grouped || down) && more;
        let stacked = children && known(&pair) > known(&upper).max(known(&single));
        (certain || stacked).then_some(pair)
    }

    /// Columns that the rows from here on fill.
    fn width(&self, at: usize) -> u16 {
        let rows = (at..self.sheet.row_count()).take(BELOW).map(|at| self.sheet.row_at(at));
        let ends = rows.filter_map(|row| Some((row.cells().next()?.0, row.cells().last()?.0)));
        let (first, last) = ends.fold((u16::MAX, 0), |(first, last), (a, b)| (first.min(a), last.max(b)));
        last.saturating_sub(first) + 1
    }

    /// Share of known headings (the heaviest), contrast with the rows below, width, uniqueness, brevity.
    fn scored(&mut self, at: usize, parent: Option<u32>, labels: Vec<(u16, Hit, Option<String>)>) -> Candidate {
        let below: Vec<_> = (at + 1..self.sheet.row_count()).take(BELOW).map(|at| self.sheet.row_at(at)).collect();
        let data: Vec<bool> = below.iter().map(|row| self.is_data(*row)).collect();
        let filled = labels.len().max(1) as f64;
        let hits: Vec<(u16, Hit)> = labels.iter().map(|(col, hit, _)| (*col, *hit)).collect();
        let known = hits.iter().filter(|(_, hit)| *hit != Hit::No).count() as f64;
        let dictionary = 0.6 * (distinct(&hits) as f64 / 5.0).min(1.0) + 0.4 * known / filled;
        let mut contrast = 0.0;
        for (col, _, label) in &labels {
            let cells = below.iter().zip(&data).filter_map(|(row, data)| Some((row.get(*col)?, *data)));
            let (mut texts, mut others, mut headings) = (0, 0, 0);
            for (cell, data) in cells {
                match cell {
                    Cell::Text(_) if !data && matches!(self.hit(cell), Hit::Field(_)) => headings += 1,
                    Cell::Text(_) => texts += 1,
                    _ => others += 1,
                }
            }
            contrast += match label {
                None => 0.0,
                Some(_) if others > texts + headings => 1.0,
                Some(_) if texts > headings => 0.5,
                Some(_) => 0.0,
            };
        }
        let mut widths: Vec<usize> = below.iter().map(|row| row.cells().len()).collect();
        widths.sort_unstable();
        let block = widths.get(widths.len() / 2).copied().unwrap_or(labels.len()).max(1) as f64;
        let mut keys: Vec<String> = labels.iter().filter_map(|(_, _, label)| label.as_deref().map(key)).collect();
        let brief =
            labels.iter().filter(|(_, _, label)| label.as_ref().is_some_and(|text| text.chars().count() <= 40)).count();
        keys.sort_unstable();
        let mut unique = keys.clone();
        unique.dedup();
        let score = 0.5 * dictionary
            + 0.2 * contrast / filled
            + 0.1 * (filled / block).min(1.0)
            + 0.1 * unique.len() as f64 / filled
            + 0.1 * brief as f64 / filled;
        Candidate { row: self.sheet.row_at(at).row, at, parent, first: None, hits, keys: unique, score }
    }
}

/// How many different things the hits speak of.
fn distinct(hits: &[(u16, Hit)]) -> usize {
    let mut fields: Vec<Field> = Vec::new();
    let mut measures = 0;
    for (_, hit) in hits {
        match hit {
            Hit::Field(field) if !fields.contains(field) => fields.push(*field),
            Hit::Measure => measures += 1,
            _ => {}
        }
    }
    fields.len() + measures
}

/// The heading of each column of a row, with the group above it; groups are filled right only inside real merges.
pub(super) fn headings(search: &Search<'_>, row: u32, columns: (u16, u16), parents: &Parents) -> Vec<HeadingText> {
    let sheet = search.sheet;
    let cell = |row: u32, col: u16| sheet.row(row).and_then(|row| row.get(col));
    let label = |row: u32, col: u16| cell(row, col).and_then(|cell| search.label(cell));
    (columns.0..=columns.1)
        .map(|col| {
            let area = parents.area(col);
            let parent = parents.row.and_then(|above| match area {
                Some(area) => label(area.first.row, area.first.col),
                None => label(above, col),
            });
            let id = match cell(row, col) {
                Some(Cell::Text(id)) => Some(id),
                _ => None,
            };
            let merged = area.is_some_and(|area| area.last.col > area.first.col);
            match (label(row, col), parent) {
                (Some(text), Some(parent)) if parent == text => HeadingText { parent: None, merged: false, text, id },
                (Some(text), parent) => HeadingText { merged: merged && parent.is_some(), parent, text, id },
                // a group merged over several columns is no heading of a column without one
                (None, Some(parent)) if !merged => HeadingText { parent: None, merged: false, text: parent, id },
                (None, Some(parent)) if area.is_some_and(|area| area.last.row >= row) => {
                    HeadingText { parent: None, merged: false, text: parent, id }
                }
                (None, _) => HeadingText::default(),
            }
        })
        .collect()
}
