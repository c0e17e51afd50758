//! Whether IronCalc, which shares no code with LibreOffice or with keeptabs, calculates what keeptabs stored.
//!
//! `second-opinion WORKBOOK...` exits 1 on a difference that nothing excuses, on a workbook without a formula, and on an
//! excuse that no formula needs.

use ironcalc::base::Model;
use ironcalc::base::cell::CellValue;
use ironcalc::import::load_from_xlsx;
use std::process::ExitCode;

mod excuses;

use excuses::{EXCUSES, Excuse};

/// A formula whose stored result is not what was calculated.
struct Difference {
    cell: String,
    formula: String,
    stored: CellValue,
    calculated: CellValue,
}

fn main() -> ExitCode {
    let mut formulas = 0;
    let mut wrong = 0;
    let mut needed = vec![0; EXCUSES.len()];
    let workbooks: Vec<_> = std::env::args().skip(1).collect();
    for path in &workbooks {
        let differences = match differences(path) {
            Ok((count, differences)) => {
                formulas += count;
                differences
            }
            Err(error) => {
                println!("{path}: {error}");
                wrong += 1;
                continue;
            }
        };
        for one in differences {
            if let Some(excuse) = EXCUSES.iter().position(|excuse| excuse.covers(&one.formula)) {
                needed[excuse] += 1;
                continue;
            }
            wrong += 1;
            println!("{path} {}: stored {:?}, calculated {:?}: {}", one.cell, one.stored, one.calculated, one.formula);
        }
    }
    for (Excuse { mark, reason }, count) in EXCUSES.iter().zip(&needed) {
        if *count == 0 {
            println!("no formula needs the excuse for {mark:?} any more ({reason}): take it out");
            wrong += 1;
        } else {
            println!("{count} formulas excused: {reason}");
        }
    }
    println!("{} workbooks, {formulas} formulas calculated, {wrong} differences", workbooks.len());
    if wrong > 0 || formulas == 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// How many formulas there are, and those that differ.
fn differences(path: &str) -> Result<(usize, Vec<Difference>), String> {
    let mut model = load_from_xlsx(path, "en", "UTC", "en").map_err(|error| error.to_string())?;
    let mut stored = Vec::new();
    for cell in model.get_all_cells() {
        if let Some(formula) = model.get_cell_formula(cell.index, cell.row, cell.column)? {
            let value = model.get_cell_value_by_index(cell.index, cell.row, cell.column)?;
            stored.push((cell.index, cell.row, cell.column, formula, value));
        }
    }
    model.evaluate();
    let count = stored.len();
    let mut differences = Vec::new();
    for (sheet, row, column, formula, stored) in stored {
        let calculated = model.get_cell_value_by_index(sheet, row, column)?;
        if !same(&stored, &calculated) {
            let cell = format!("{}!R{row}C{column}", sheet_name(&model, sheet));
            differences.push(Difference { cell, formula, stored, calculated });
        }
    }
    Ok((count, differences))
}

fn sheet_name(model: &Model<'_>, sheet: u32) -> String {
    let names = model.workbook.get_worksheet_names();
    names.get(sheet as usize).cloned().unwrap_or_else(|| sheet.to_string())
}

/// Equal in value and kind; nothing and empty text are one.
fn same(a: &CellValue, b: &CellValue) -> bool {
    match (a, b) {
        (CellValue::Number(a), CellValue::Number(b)) => (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0),
        (CellValue::None, CellValue::String(text)) | (CellValue::String(text), CellValue::None) => text.is_empty(),
        _ => a == b,
    }
}
