//! Sheets made up of titles, headings, clients and noise; as `header` the places vary, as `mapping` the headings.

use crate::books::Pipeline;
use crate::noise::Noise;
use keeptabs::book::{Area, Book, Cell, CellRef, ErrorValue, ExcelTable, FormatId, Sheet, TextId, Visibility};

const HEADINGS: [&str; 44] = [
    "Client",
    "Customer name",
    "Klant",
    "Cliente",
    "Kunde",
    "Account manager",
    "Kundenbetreuer",
    "Our contacts",
    "Client contacts",
    "Contacts",
    "Meetings (6 months)",
    "Besprekingen",
    "Reuniões",
    "Decision-maker level",
    "Niveau",
    "Survey score",
    "NPS",
    "Revenue last year",
    "Revenue 2025",
    "Omsatz 2024",
    "Omzet",
    "Target",
    "Budget 2026",
    "Current performance",
    "YTD",
    "Comments",
    "Action points",
    "Renewal date",
    "Contract end",
    "Client ID",
    "No.",
    "Region",
    "Currency",
    "Department",
    "Last",
    "Now",
    "Score",
    "Status",
    "Stage",
    "Since",
    "Total",
    "%",
    "Last thanked",
    "Referrals",
];
const CLIENTS: [&str; 12] = [
    "Acme",
    "Beta & Sons",
    "Gamma Ltd",
    "Delta B.V.",
    "Total",
    "Total Gabon",
    "Note: as of June",
    "NORTH",
    "=1+1",
    "Client",
    "0012",
    "",
];
const VALUES: [&str; 14] = [
    "3+",
    "n/a",
    "senior",
    "Directeur",
    "8,5",
    "€ 1.200",
    "9/10",
    "x",
    "-",
    "30/06/2026",
    "two",
    "1,234",
    "85 %",
    "#REF!",
];

pub(crate) fn once(pipeline: &Pipeline, noise: &mut Noise, headings_vary: bool) {
    let mut book = Book { formats: vec!["General".into(), "0%".into(), "00000".into()], ..Book::default() };
    for index in 0..=noise.below(2) {
        let mut sheet = sheet(&mut book, noise, headings_vary, index);
        sheet.visibility = *noise.pick(&[Visibility::Visible, Visibility::Visible, Visibility::Hidden]);
        book.sheets.push(sheet);
    }
    let strict = noise.one_in(2);
    pipeline.holds(book, strict);
}

fn sheet(book: &mut Book, noise: &mut Noise, headings_vary: bool, index: usize) -> Sheet {
    let mut sheet = Sheet::new(format!("Sheet{index}"));
    let width = 2 + noise.below(10) as u16;
    let left = noise.below(3) as u16;
    let mut row = noise.below(if headings_vary { 2 } else { 6 }) as u32;
    for _ in 0..noise.below(if headings_vary { 1 } else { 4 }) {
        let text = noise.mutated(noise_pick(&["Clients of the North", "As of June 2026", "Confidential"], noise.0));
        put(&mut sheet, book, (row, left), Fill::Text(text));
        row += 1 + noise.below(2) as u32;
    }
    let header = row;
    for _ in 0..=usize::from(!headings_vary && noise.one_in(4)) {
        for col in 0..width {
            let heading = *noise.pick(&HEADINGS);
            let heading = match noise.below(if headings_vary { 3 } else { 9 }) {
                0 => noise.mutated(heading),
                1 if headings_vary => format!("{heading} {}", noise.pick(&HEADINGS)),
                _ => heading.to_owned(),
            };
            if !noise.one_in(12) {
                put(&mut sheet, book, (row, left + col), Fill::Text(heading));
            }
        }
        row += 1;
    }
    for _ in 0..noise.below(20) {
        row += 1 + u32::from(noise.one_in(9)) * noise.below(30) as u32;
        for col in 0..width {
            if noise.one_in(6) {
                continue;
            }
            let fill = match noise.below(9) {
                0..=2 if col == 0 => Fill::Text((*noise.pick(&CLIENTS)).to_owned()),
                0 => Fill::Text((*noise.pick(&VALUES)).to_owned()),
                1 => {
                    let text = *noise.pick(&VALUES);
                    Fill::Text(noise.mutated(text))
                }
                2 => Fill::Cell(Cell::Date(46_000.0 + noise.below(900) as f64, FormatId(0))),
                3 => Fill::Cell(Cell::Error(ErrorValue::Na)),
                4 => Fill::Cell(Cell::Number(f64::from_bits(noise.next()), FormatId(noise.below(3) as u16))),
                5 => Fill::Text((*noise.pick(&HEADINGS)).to_owned()),
                6 => Fill::Cell(Cell::Bool(noise.one_in(2))),
                _ => Fill::Cell(Cell::Number(noise.below(12) as f64, FormatId(noise.below(3) as u16))),
            };
            put(&mut sheet, book, (row, left + col), fill);
        }
    }
    if noise.one_in(4) {
        let first = CellRef { row: noise.below(8) as u32, col: left };
        let last = CellRef { row: first.row + noise.below(4) as u32, col: left + noise.below(4) as u16 };
        sheet.merges.push(Area { first, last });
    }
    if noise.one_in(5) {
        let first = CellRef { row: header.saturating_sub(noise.below(2) as u32), col: left };
        let last = CellRef { row: row.max(first.row), col: left + width };
        let (has_headings, has_totals) = (noise.one_in(2), noise.one_in(2));
        sheet.tables.push(ExcelTable { name: "T".into(), area: Area { first, last }, has_headings, has_totals });
    }
    sheet
}

fn noise_pick<'t>(texts: &[&'t str], seed: u64) -> &'t str {
    texts[(seed % texts.len() as u64) as usize]
}

enum Fill {
    Text(String),
    Cell(Cell),
}

fn put(sheet: &mut Sheet, book: &mut Book, (row, col): (u32, u16), fill: Fill) {
    let cell = match fill {
        Fill::Cell(Cell::Number(number, _)) if !number.is_finite() => return,
        Fill::Cell(cell) => cell,
        Fill::Text(text) if text.is_empty() => return,
        Fill::Text(text) => {
            let id = book.texts.iter().position(|known| **known == *text).unwrap_or_else(|| {
                book.texts.push(text.into());
                book.texts.len() - 1
            });
            Cell::Text(TextId(id as u32))
        }
    };
    sheet.push(CellRef { row, col }, cell);
}
