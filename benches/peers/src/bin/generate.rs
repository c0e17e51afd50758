//! `generate FOLDER WORKBOOKS CLIENTS`: an inbox of so many workbooks with so many clients each, always the same one.

use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::path::Path;
use std::{env, fs};

const HEADINGS: [&str; 14] = [
    "Client",
    "Account manager",
    "Our people with contacts",
    "Client contacts who know us",
    "Meetings (last 6 months)",
    "Level of decision maker",
    "Survey score (1-10)",
    "Comments",
    "Action points",
    "Revenue 2025",
    "Target 2026",
    "Revenue 2026 YTD",
    "Region",
    "Client since",
];
const STEMS: [&str; 8] = ["Alder", "Birch", "Cedar", "Dogwood", "Elm", "Fir", "Ginkgo", "Hazel"];
const TRADES: [&str; 7] = ["Foods", "Rail", "Logistics", "Energy", "Textiles", "Optics", "Media"];
const LEVELS: [&str; 4] = ["Junior", "Middle", "Senior", "Director"];

/// A linear congruential generator: the same numbers on every machine.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn amount(&mut self) -> f64 {
        (100_000 + self.below(99_900_000)) as f64 / 100.0
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [folder, workbooks, clients] = args.as_slice() else {
        return Err("generate FOLDER WORKBOOKS CLIENTS".into());
    };
    fs::create_dir_all(folder)?;
    let mut dice = Dice(2026);
    for number in 0..workbooks.parse::<u32>()? {
        workbook(&Path::new(folder).join(format!("dept{number:05}.xlsx")), number, clients.parse()?, &mut dice)?;
    }
    Ok(())
}

fn workbook(path: &Path, department: u32, clients: u32, dice: &mut Dice) -> Result<(), XlsxError> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet =
        if clients > 50_000 { workbook.add_worksheet_with_constant_memory()? } else { workbook.add_worksheet() };
    sheet.set_name("Clients")?;
    sheet.write_row(0, 0, HEADINGS)?;
    for row in 1..=clients {
        let (stem, trade) = (STEMS[row as usize % STEMS.len()], TRADES[row as usize / 3 % TRADES.len()]);
        // every twentieth client stands in all departments
        let name = if row % 20 == 0 {
            format!("{stem} {trade} {row} Ltd")
        } else {
            format!("{stem} {trade} {department}-{row} Ltd")
        };
        sheet.write(row, 0, name)?;
        sheet.write(row, 1, format!("Manager {}", row % 17))?;
        for col in 2..5 {
            sheet.write(row, col, dice.below(6) as u32)?;
        }
        sheet.write(row, 5, LEVELS[dice.below(4) as usize])?;
        sheet.write(row, 6, 6.0 + dice.below(9) as f64 / 2.0)?;
        if row % 3 > 0 {
            sheet.write(row, 7, "Review the prices at the next quarterly meeting")?;
        }
        if row % 5 == 0 {
            sheet.write(row, 8, "Introduce the director")?;
        }
        for col in 9..12 {
            sheet.write(row, col, dice.amount())?;
        }
        sheet.write(row, 12, ["North", "South", "East", "West"][dice.below(4) as usize])?;
        sheet.write_number_with_format(row, 13, f64::from(43_000 + row % 2_000), &date)?;
    }
    workbook.save(path)
}
