//! Limits that somebody tried out on the sheet Method of a result that is handed in: they are never read back, but named.

use crate::book::{Book, Cell, CellRef, Sheet};
use crate::finding::{Code, Finding};
use crate::output::department::LISTS;
use crate::value::number_text;

/// What the sheet Lists calls a line about a limit; its further columns are name, value, sheet and cell.
pub const TABLE: &str = "Method";

/// The limits of a result that are others than those it was written with.
pub fn check(book: &Book) -> Option<Finding> {
    book.marker.as_ref()?;
    let lists = book.sheets.iter().filter(|sheet| sheet.name.starts_with(LISTS));
    let tried = lists.flat_map(Sheet::rows).filter_map(|row| {
        let text = |col: u16| match row.get(col) {
            Some(Cell::Text(id)) => Some(book.text(id)),
            _ => None,
        };
        let [table, _, written, sheet, cell] = [4, 5, 6, 7, 8].map(text);
        (table == Some(TABLE)).then_some(())?;
        let sheet = book.sheets.iter().find(|one| Some(one.name.as_str()) == sheet)?;
        difference(book, sheet, cell?, written?.parse().ok()?)
    });
    let tried: Vec<String> = tried.collect();
    if tried.is_empty() {
        return None;
    }
    let message = format!(
        "limits that were tried out on {TABLE} are not taken over: {}. Whoever wants them changes the configuration",
        tried.join("; ")
    );
    Some(Finding::new(Code::LimitsTried, message))
}

/// "Strong: at least 5, tried 4.5".
fn difference(book: &Book, sheet: &Sheet, address: &str, written: f64) -> Option<String> {
    let is_here = |row: u32, col: u16| CellRef { row, col }.to_string() == address;
    let found =
        sheet.rows().find_map(|row| row.cells().find(|(col, _)| is_here(row.row, *col)).map(|(_, cell)| (row, cell)));
    let (label, tried) = match found {
        Some((_, Cell::Number(number, _))) if (number - written).abs() < 1e-9 => return None,
        Some((row, cell)) => {
            let texts = [0, 1].map(|col| match row.get(col) {
                Some(Cell::Text(id)) => book.text(id).trim(),
                _ => "",
            });
            (texts.join(" ").trim().to_owned(), book.shown(cell))
        }
        None => (address.to_owned(), "nothing".to_owned()),
    };
    Some(format!("{label} {}, tried {tried}", number_text(written)))
}
