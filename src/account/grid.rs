//! A sheet's cells as a person sees them: blank texts and what lies hidden under a merge are not there.

use crate::account::Measure;
use crate::book::{Area, Book, Cell, CellRef, Row, Sheet};
use crate::field::Field;
use crate::mapping::{Column, TableMap};
use crate::value::reading::Raw;

/// A column that is read into an input.
#[derive(Clone, Debug)]
pub(crate) struct ReadColumn<'a> {
    /// What its cells are read as.
    pub(crate) measure: Measure,
    /// Where it stands and what its heading says.
    pub(crate) column: &'a Column,
}

impl ReadColumn<'_> {
    pub(crate) fn field(&self) -> Option<Field> {
        match self.measure {
            Measure::Field(field) => Some(field),
            Measure::Own(_) => None,
        }
    }
}

/// The data region of a mapped sheet.
pub(crate) struct Grid<'a> {
    pub(crate) book: &'a Book,
    pub(crate) sheet: &'a Sheet,
    pub(crate) map: &'a TableMap,
    /// The columns that are read, from left to right; a field is read once.
    pub(crate) reads: Vec<ReadColumn<'a>>,
    /// Columns that keeptabs has computed: what stands there says nothing about the row.
    own: Vec<u16>,
    /// Merges over the data, by place in `reads`, from top to bottom.
    merges: Vec<Vec<Area>>,
}

impl<'a> Grid<'a> {
    pub(crate) fn new(book: &'a Book, map: &'a TableMap, own_columns: usize) -> Option<Self> {
        let sheet = book.sheets.get(map.sheet)?;
        let mut reads: Vec<ReadColumn<'a>> = Vec::new();
        for column in map.columns.iter().filter(|column| column.own.is_none()) {
            let field = column.field.map(Measure::Field);
            let own = column.further.filter(|&index| index < own_columns).map(Measure::Own);
            for measure in field.into_iter().chain(own) {
                if reads.iter().all(|read| read.measure != measure) {
                    reads.push(ReadColumn { measure, column });
                }
            }
        }
        let covers = |area: &Area, col: u16| {
            (area.first.col..=area.last.col).contains(&col)
                && area.first != area.last
                && area.last.row > map.header_row
                && area.first.row <= map.last_row
        };
        let merges = reads
            .iter()
            .map(|read| {
                let mut areas: Vec<Area> =
                    sheet.merges.iter().filter(|area| covers(area, read.column.col)).copied().collect();
                areas.sort_by_key(|area| area.first.row);
                areas
            })
            .collect();
        let own = map.columns.iter().filter(|column| column.own.is_some()).map(|column| column.col).collect();
        Some(Self { book, sheet, map, reads, own, merges })
    }

    /// The place of a field among the columns that are read.
    pub(crate) fn place(&self, field: Field) -> Option<usize> {
        self.reads.iter().position(|read| read.measure == Measure::Field(field))
    }

    /// Rows of the data region that have a filled cell somewhere.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'a>> + use<'a> {
        let (first, last) = (self.map.header_row, self.map.last_row);
        self.sheet.rows().skip_while(move |row| row.row <= first).take_while(move |row| row.row <= last)
    }

    pub(crate) fn raw(&self, cell: Cell) -> Raw<'a> {
        Raw::of(self.book, cell)
    }

    /// The merge that covers a cell of a read column.
    pub(crate) fn merge(&self, row: u32, place: usize) -> Option<&Area> {
        let areas = &self.merges[place];
        let after = areas.partition_point(|area| area.first.row <= row);
        areas[..after].last().filter(|area| area.last.row >= row)
    }

    /// The cell of a read column, if a person sees something in it.
    pub(crate) fn cell(&self, row: &Row<'_>, place: usize) -> Option<Cell> {
        let col = self.reads[place].column.col;
        let at = CellRef { row: row.row, col };
        let hidden = self.merge(row.row, place).is_some_and(|area| area.first != at);
        row.get(col).filter(|&cell| !hidden && !self.raw(cell).is_blank())
    }

    /// The text of a vertical merge that began above and holds for this row, too.
    pub(crate) fn held(&self, row: u32, place: usize) -> Option<Cell> {
        let area = self.merge(row, place)?;
        let first = area.first;
        if first.row >= row || first.row <= self.map.header_row || first.col != self.reads[place].column.col {
            return None;
        }
        self.sheet.cell(first).filter(|&cell| matches!(cell, Cell::Text(_)) && !self.raw(cell).is_blank())
    }

    /// Whether a filled cell above is merged down into this row.
    pub(crate) fn is_under_merge(&self, row: u32, place: usize) -> bool {
        self.merge(row, place).is_some_and(|area| {
            area.first.row < row
                && area.first.row > self.map.header_row
                && self.sheet.cell(area.first).is_some_and(|cell| !self.raw(cell).is_blank())
        })
    }

    /// Whether the cell is shared by several rows.
    pub(crate) fn is_shared(&self, row: u32, place: usize) -> bool {
        self.merge(row, place).is_some_and(|area| area.last.row > area.first.row)
    }

    /// Every visible cell of the table in a row, from left to right.
    pub(crate) fn filled<'r>(&'r self, row: Row<'a>) -> impl Iterator<Item = (u16, Cell)> + use<'a, 'r> {
        let (first, last) = self.map.columns_range;
        row.cells().filter(move |&(col, cell)| {
            (first..=last).contains(&col)
                && !self.own.contains(&col)
                && !self.raw(cell).is_blank()
                && !self.is_hidden(row.row, col)
        })
    }

    fn is_hidden(&self, row: u32, col: u16) -> bool {
        // Columns that are not read may keep what lies under a merge: it only counts as "something stands there".
        if self.merges.iter().all(Vec::is_empty) {
            return false;
        }
        let place = self.reads.iter().position(|read| read.column.col == col);
        let area = place.and_then(|place| self.merge(row, place));
        area.is_some_and(|area| area.first != CellRef { row, col })
    }
}
