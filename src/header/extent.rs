//! Where a table ends: to the right, below, and where another one begins.

use super::rows::Candidate;
use super::{Hit, Layout, SEARCHED, Search};
use crate::book::{Cell, ExcelTable, Row, column_letters};
use crate::field::{Field, Kind};
use crate::mapping::heading::key;

/// Something beside or below the table that is no part of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Further {
    /// Where it begins, from 0.
    pub row: u32,
    /// Its first column.
    pub col: u16,
    /// Whether it is a client table of its own, which must not be lost.
    pub clients: bool,
    /// What it is, for a message.
    pub what: String,
}

impl Further {
    /// Another Excel table with clients.
    pub(super) fn excel(table: &ExcelTable) -> Self {
        let at = table.area.first;
        Self { row: at.row, col: at.col, clients: true, what: format!("the Excel table \"{}\" at {at}", table.name) }
    }
}

/// The extent of a table.
pub(super) struct Extent {
    pub columns: (u16, u16),
    pub last_row: u32,
    pub further: Vec<Further>,
}

/// Columns from the first to the last heading, and on while there is data; rows until another table begins.
pub(super) fn extent(search: &mut Search<'_>, best: &Candidate) -> Extent {
    let sheet = search.sheet;
    let first = best.hits.first().map_or(0, |(col, _)| *col);
    let last = best.hits.last().map_or(first, |(col, _)| *col);
    let mut filled = vec![0u32; usize::from(last) + 2];
    let mut last_at = best.at;
    let mut further = Vec::new();
    for at in best.at + 1..sheet.row_count() {
        let row = sheet.row_at(at);
        if let Some(found) = another_table(search, best, at) {
            let ended = !further.is_empty();
            if !ended {
                last_at = without_title(search, best.at, at);
            }
            if found.clients || !ended {
                further.push(found);
            }
            continue;
        }
        if !further.is_empty() {
            continue;
        }
        last_at = at;
        for (col, _) in row.cells() {
            let col = usize::from(col);
            if col >= filled.len() {
                filled.resize(col + 2, 0);
            }
            filled[col] += 1;
        }
    }
    let mut columns = beside(search, best, &filled, &mut further);
    while columns.0 > 0 && filled[usize::from(columns.0) - 1] > 0 {
        columns.0 -= 1;
    }
    while filled.get(usize::from(columns.1) + 1).is_some_and(|&cells| cells > 0) {
        columns.1 += 1;
    }
    apart(search, best, columns, &filled, &mut further);
    Extent { columns, last_row: sheet.row_at(last_at).row, further }
}

/// The part of the heading row that is the client table; the rest is cut off only where it is a list of its own.
fn beside(search: &Search<'_>, best: &Candidate, filled: &[u32], further: &mut Vec<Further>) -> (u16, u16) {
    let mut parts: Vec<Vec<(u16, Hit)>> = Vec::new();
    for &(col, hit) in &best.hits {
        let gap = parts
            .last()
            .and_then(|part| part.last())
            .is_none_or(|&(before, _)| (before + 1..col).any(|between| filled[usize::from(between)] == 0));
        match parts.last_mut() {
            Some(part) if !gap => part.push((col, hit)),
            _ => parts.push(vec![(col, hit)]),
        }
    }
    let has_client = |part: &[(u16, Hit)]| part.iter().any(|(_, hit)| *hit == Hit::Field(Field::Client));
    let main = parts.iter().position(|part| search.is_complete(part));
    let (mut first, mut last) = (u16::MAX, 0);
    for (at, part) in parts.iter().enumerate() {
        let Some(&(col, _)) = part.first() else {
            continue;
        };
        if main.is_some_and(|main| main != at) && has_client(part) {
            let clients = search.is_complete(part);
            let what = format!("another table with clients beside it, from column {} on", column_letters(col));
            further.push(Further { row: best.row, col, clients, what });
        } else {
            first = first.min(col);
            last = last.max(part.last().map_or(col, |(col, _)| *col));
        }
    }
    (first.min(last), last)
}

/// What stands apart from the table on the same rows.
fn apart(search: &mut Search<'_>, best: &Candidate, columns: (u16, u16), filled: &[u32], further: &mut Vec<Further>) {
    let sheet = search.sheet;
    for row in sheet.rows().take(SEARCHED).filter(|row| row.row != best.row) {
        let hits: Vec<(u16, Hit)> = row
            .cells()
            .filter(|(col, _)| !(columns.0..=columns.1).contains(col))
            .map(|(col, cell)| (col, search.hit(cell)))
            .collect();
        if search.is_complete(&hits) && !further.iter().any(|known| known.row == row.row) {
            let col = hits.first().map_or(0, |(col, _)| *col);
            let what = format!("another client table at {}{}", column_letters(col), row.row + 1);
            further.push(Further { row: row.row, col, clients: true, what });
        }
    }
    let known = |col: u16| further.iter().any(|known| known.row == best.row && known.col <= col);
    let stray =
        |col: &usize| filled[*col] > 0 && !(columns.0..=columns.1).contains(&(*col as u16)) && !known(*col as u16);
    let strays: Vec<usize> = (0..filled.len()).filter(stray).collect();
    if let Some(&col) = strays.first() {
        let cells: u32 = strays.iter().map(|&col| filled[col]).sum();
        let letters = column_letters(col as u16);
        let what = format!("{cells} cells that stand apart from the table, from column {letters} on");
        further.push(Further { row: best.row, col: col as u16, clients: false, what });
    }
}

/// Whether another table begins at a row: headings where the table has numbers.
fn another_table(search: &mut Search<'_>, best: &Candidate, at: usize) -> Option<Further> {
    let row = search.sheet.row_at(at);
    if !could_be_headings(search, best, row) {
        return None;
    }
    let hits: Vec<(u16, Hit)> = row.cells().map(|(col, cell)| (col, search.hit(cell))).collect();
    let clients = search.is_complete(&hits);
    let known = hits.iter().filter(|(_, hit)| matches!(hit, Hit::Field(_) | Hit::Measure)).count();
    if !clients && known < 3 {
        return None;
    }
    let col = hits.first().map_or(0, |(col, _)| *col);
    let keys: Vec<String> = row.cells().filter_map(|(_, cell)| search.label(cell)).map(|label| key(&label)).collect();
    let repeated = keys.iter().filter(|key| best.keys.contains(key)).count() * 2 > best.keys.len();
    let title = title_above(search, best.at, at);
    if repeated {
        // the same headings once more are a page break or a section, unless what stands above says otherwise
        let title = title.filter(|title| other_stage(search, title))?;
        let what = format!("\"{title}\" at row {}, with the same headings", row.row + 1);
        return Some(Further { row: row.row, col, clients: true, what });
    }
    let kind = if clients { "another client table" } else { "another table" };
    let what = match title {
        Some(title) => format!("{kind} at row {} (\"{title}\")", row.row + 1),
        None => format!("{kind} at row {}", row.row + 1),
    };
    Some(Further { row: row.row, col, clients, what })
}

/// Cheap, because it is asked of every row: words where numbers belong, or nothing but words.
fn could_be_headings(search: &mut Search<'_>, best: &Candidate, row: Row<'_>) -> bool {
    if row.cells().len() < 3 {
        return false;
    }
    let word = |cell: Cell| match cell {
        Cell::Text(id) => search.book.text(id).starts_with(|c: char| c.is_alphabetic() || matches!(c, '#' | 'º' | '№')),
        _ => false,
    };
    let number = |col: u16| {
        best.hits.binary_search_by_key(&col, |(col, _)| *col).is_ok_and(|at| match best.hits[at].1 {
            Hit::Field(field) => matches!(field.kind(), Kind::Count | Kind::Survey | Kind::Money | Kind::Date),
            Hit::Measure => true,
            _ => false,
        })
    };
    let (mut words, mut misplaced) = (0, 0);
    for (col, _) in row.cells().filter(|(_, cell)| word(*cell)) {
        words += 1;
        misplaced += usize::from(number(col));
    }
    if misplaced < 2 && words < row.cells().len() {
        return false;
    }
    let mut first = row.cells().map(|(_, cell)| cell).take(4);
    first.any(|cell| search.hit(cell) != Hit::No)
}

/// The text that stands alone in the row above, if one does.
fn title_above(search: &Search<'_>, header: usize, at: usize) -> Option<String> {
    let above = at.checked_sub(1).filter(|above| *above > header)?;
    let mut cells = search.sheet.row_at(above).cells();
    match (cells.next(), cells.next()) {
        (Some((_, cell @ Cell::Text(_))), None) => search.label(cell),
        _ => None,
    }
}

/// Whether a title speaks of prospects or former clients.
fn other_stage(search: &Search<'_>, title: &str) -> bool {
    let words = key(title);
    words.split(' ').chain([words.as_str()]).any(|word| search.lookup.index.is_other_stage(word))
}

/// The last row of a table above another one, whose title belongs to it if a blank row stands before.
fn without_title(search: &Search<'_>, header: usize, at: usize) -> usize {
    let sheet = search.sheet;
    let mut last = at - 1;
    for _ in 0..3 {
        if last <= header || sheet.row_at(last).cells().len() > 1 {
            break;
        }
        if sheet.row_at(last - 1).row + 1 < sheet.row_at(last).row {
            return last - 1;
        }
        last -= 1;
    }
    at - 1
}

/// Rows that somebody typed directly below an Excel table.
pub(super) fn below_excel_table(search: &Search<'_>, layout: &Layout, table: &ExcelTable) -> Option<Further> {
    let first = layout.last_row + 1 + u32::from(table.has_totals);
    let total = |cell: Cell| search.label(cell).is_some_and(|text| search.lookup.index.is_total(&key(&text)));
    let in_table = |row: &Row<'_>| {
        let cells = row.cells().filter(|(col, _)| (layout.columns.0..=layout.columns.1).contains(col));
        cells.clone().count() >= 2 && !cells.clone().any(|(_, cell)| total(cell))
    };
    let rows = (first..).map_while(|row| search.sheet.row(row).filter(in_table)).count();
    (rows > 0).then(|| {
        let last = u64::from(first) + rows as u64;
        let what = format!("rows {} to {last}, directly below the Excel table \"{}\"", first + 1, table.name);
        Further { row: first, col: layout.columns.0, clients: true, what }
    })
}
