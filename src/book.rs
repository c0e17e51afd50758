//! A workbook as it was handed in: owned cells with absolute addresses, and nothing of the reading crates.
//!
//! [`Book`] is the only thing that leaves the reader, so it can come from another process: everything is serde.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Rows a worksheet can have (Excel's limit, which every format is held to).
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns a worksheet can have (Excel's limit).
pub const MAX_COLUMNS: u16 = 16_384;

/// Index of a text in [`Book::texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TextId(pub u32);

/// Index of a number format code in [`Book::formats`]; 0 is always "General".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FormatId(pub u16);

impl FormatId {
    /// No number format, or one that the source does not tell.
    pub const GENERAL: FormatId = FormatId(0);
}

/// What a cell holds: 16 bytes, copied freely.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Cell {
    /// A text, by its place in [`Book::texts`].
    Text(TextId),
    /// A number as stored.
    Number(f64, FormatId),
    /// A date, or date and time: days since 1899-12-30 (a 1904 workbook's are converted on reading).
    Date(f64, FormatId),
    /// A duration or a time of day, in days.
    Time(f64, FormatId),
    /// TRUE or FALSE.
    Bool(bool),
    /// An Excel error.
    Error(ErrorValue),
}

const _: () = assert!(size_of::<Cell>() <= 16);

/// Excel's error values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is the error text without its punctuation")]
pub enum ErrorValue {
    Div0,
    Na,
    Name,
    Null,
    Num,
    Ref,
    Value,
    /// Any later one (`#SPILL!`, `#CALC!`, `#FIELD!` …), which the reader cannot tell apart.
    Other,
}

impl fmt::Display for ErrorValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Div0 => "#DIV/0!",
            Self::Na => "#N/A",
            Self::Name => "#NAME?",
            Self::Null => "#NULL!",
            Self::Num => "#NUM!",
            Self::Ref => "#REF!",
            Self::Value => "#VALUE!",
            Self::Other => "#ERROR!",
        })
    }
}

/// Address of a cell; row and column are counted from 0, shown as Excel does ("B4").
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CellRef {
    /// Row, from 0.
    pub row: u32,
    /// Column, from 0.
    pub col: u16,
}

impl fmt::Display for CellRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", column_letters(self.col), self.row + 1)
    }
}

/// "A" for 0, "AB" for 27.
pub fn column_letters(col: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = u32::from(col) + 1;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&b| b as char).collect()
}

/// A rectangle of cells, both corners included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Upper left corner.
    pub first: CellRef,
    /// Lower right corner.
    pub last: CellRef,
}

impl Area {
    /// Whether the cell lies inside.
    pub fn contains(&self, row: u32, col: u16) -> bool {
        (self.first.row..=self.last.row).contains(&row) && (self.first.col..=self.last.col).contains(&col)
    }
}

/// An Excel table (ListObject) of a sheet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExcelTable {
    /// Its name in the workbook.
    pub name: String,
    /// Heading and data rows, without a totals row.
    pub area: Area,
    /// Whether the first row of the area holds the headings.
    pub has_headings: bool,
    /// Whether a totals row follows directly below the area.
    pub has_totals: bool,
}

/// Whether a person sees the sheet in Excel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "Excel's own three words")]
pub enum Visibility {
    #[default]
    Visible,
    Hidden,
    VeryHidden,
}

/// Counts of what a sheet holds and a result cannot carry over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotCarried {
    /// Cells with a formula; their stored values are read.
    pub formulas: u32,
    /// Formulas without a stored value, read as empty.
    pub formulas_without_value: u32,
    /// Notes and comments.
    pub comments: u32,
    /// Hidden (or filtered out) rows; they are read like any other.
    pub hidden_rows: u32,
    /// Hidden columns; they are read like any other.
    pub hidden_columns: u32,
    /// Charts, pictures, pivot tables.
    pub drawings: u32,
    /// Cells that lead elsewhere; what they show is read.
    pub hyperlinks: u32,
}

/// One worksheet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Sheet {
    /// Name on the tab.
    pub name: String,
    /// Visible, hidden or very hidden.
    pub visibility: Visibility,
    /// Why its cells could not be read; then it has none.
    pub unreadable: Option<String>,
    /// Merged areas.
    pub merges: Vec<Area>,
    /// Excel tables.
    pub tables: Vec<ExcelTable>,
    /// What it holds and a result cannot carry over.
    pub not_carried: NotCarried,
    /// Cells that could not be read, each with its address if known and the reason (at most 100 kept).
    pub bad_cells: Vec<(Option<CellRef>, String)>,
    rows: Vec<RowStart>,
    columns: Vec<u16>,
    cells: Vec<Cell>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct RowStart {
    row: u32,
    first: u32,
}

/// A row that has at least one filled cell.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// Number of the row in the sheet, from 0.
    pub row: u32,
    columns: &'a [u16],
    cells: &'a [Cell],
}

impl<'a> Row<'a> {
    /// The cell in a column, if it is filled.
    pub fn get(&self, col: u16) -> Option<Cell> {
        self.columns.binary_search(&col).ok().map(|i| self.cells[i])
    }

    /// Filled cells from left to right, with their columns.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = (u16, Cell)> + Clone + use<'a> {
        self.columns.iter().copied().zip(self.cells.iter().copied())
    }
}

impl Sheet {
    /// An empty sheet.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Adds a cell. Cells come in order: by row, then by column; one that does not is ignored and `false` returned.
    pub fn push(&mut self, at: CellRef, cell: Cell) -> bool {
        match self.rows.last() {
            Some(last) if last.row == at.row => {
                if self.columns.last().is_some_and(|&col| col >= at.col) {
                    return false;
                }
            }
            Some(last) if last.row > at.row => return false,
            _ => self.rows.push(RowStart { row: at.row, first: self.cells.len() as u32 }),
        }
        self.columns.push(at.col);
        self.cells.push(cell);
        true
    }

    /// How many rows have at least one filled cell.
    pub fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// How many cells are filled.
    pub fn cell_count(&self) -> usize {
        self.cells.len()
    }

    /// The `index`-th filled row (not the row number).
    pub fn row_at(&self, index: usize) -> Row<'_> {
        let start = self.rows[index].first as usize;
        let end = self.rows.get(index + 1).map_or(self.cells.len(), |next| next.first as usize);
        Row { row: self.rows[index].row, columns: &self.columns[start..end], cells: &self.cells[start..end] }
    }

    /// Filled rows from top to bottom.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> + Clone {
        (0..self.rows.len()).map(|index| self.row_at(index))
    }

    /// The row with this number (from 0), if it has a filled cell.
    pub fn row(&self, row: u32) -> Option<Row<'_>> {
        self.rows.binary_search_by_key(&row, |start| start.row).ok().map(|index| self.row_at(index))
    }

    /// The cell at an address, if it is filled.
    pub fn cell(&self, at: CellRef) -> Option<Cell> {
        self.row(at.row)?.get(at.col)
    }
}

/// What a workbook says about itself when it is a result of keeptabs (custom document properties).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Marker {
    /// Custom properties whose name starts with "keeptabs", by the rest of the name ("month", "version", …).
    pub properties: std::collections::BTreeMap<String, String>,
}

/// A whole workbook.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Book {
    /// Worksheets in tab order.
    pub sheets: Vec<Sheet>,
    /// Every text of the workbook, once each.
    pub texts: Vec<Box<str>>,
    /// Number format codes; the first is "General".
    pub formats: Vec<Box<str>>,
    /// Whether Excel would count its dates from 1904 (they are converted already).
    pub epoch_1904: bool,
    /// Present when the workbook is a result of keeptabs.
    pub marker: Option<Marker>,
    /// Whether it carries macros, which a result does not.
    pub macros: bool,
    /// Sheets that are no worksheets (charts, macro and dialog sheets), by name and kind.
    pub other_sheets: Vec<(String, String)>,
    /// Remarks of the reader that the user should see ("short cell records rewritten", "read as windows-1252").
    pub remarks: Vec<String>,
}

impl Book {
    /// The text behind an id.
    pub fn text(&self, id: TextId) -> &str {
        &self.texts[id.0 as usize]
    }

    /// The number format code behind an id.
    pub fn format(&self, id: FormatId) -> &str {
        self.formats.get(usize::from(id.0)).map_or("General", |code| code)
    }

    /// What a person sees in the cell, roughly: numbers without format, dates as ISO text.
    pub fn shown(&self, cell: Cell) -> String {
        match cell {
            Cell::Text(id) => self.text(id).to_owned(),
            Cell::Number(number, _) => crate::value::number_text(number),
            Cell::Date(serial, _) => crate::value::date_text(serial),
            Cell::Time(days, _) => crate::value::time_text(days),
            Cell::Bool(true) => "TRUE".to_owned(),
            Cell::Bool(false) => "FALSE".to_owned(),
            Cell::Error(error) => error.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_as_excel_does() {
        for (col, letters) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_letters(col), letters);
        }
        assert_eq!(CellRef { row: 3, col: 1 }.to_string(), "B4");
    }

    #[test]
    fn rows_keep_their_numbers_and_gaps() {
        let mut sheet = Sheet::new("S");
        for (row, col, value) in [(2, 1, 1.0), (2, 4, 2.0), (9, 0, 3.0)] {
            assert!(sheet.push(CellRef { row, col }, Cell::Number(value, FormatId::GENERAL)));
        }
        assert!(!sheet.push(CellRef { row: 9, col: 0 }, Cell::Bool(true)), "a repeated address is refused");
        assert!(!sheet.push(CellRef { row: 1, col: 0 }, Cell::Bool(true)), "a row that goes back is refused");
        assert_eq!(sheet.rows().map(|row| (row.row, row.cells().len())).collect::<Vec<_>>(), [(2, 2), (9, 1)]);
        assert_eq!(sheet.cell(CellRef { row: 2, col: 4 }), Some(Cell::Number(2.0, FormatId::GENERAL)));
        assert_eq!(sheet.cell(CellRef { row: 3, col: 4 }), None);
    }
}
