//! `copy INBOX OUT`: every cell of every workbook read with calamine and written with rust_xlsxwriter, one workbook after
//! the other. What a program on the same two crates costs that does none of the job.

use calamine::{Data, Reader, Xlsx, open_workbook};
use rust_xlsxwriter::{Format, Workbook};
use std::error::Error;
use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    let [inbox, out] = args.as_slice() else { return Err("copy INBOX OUT".into()) };
    fs::create_dir_all(out)?;
    let mut sources: Vec<_> =
        fs::read_dir(inbox)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    sources.sort();
    for source in sources.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")) {
        copy(source, &Path::new(out).join(source.file_name().unwrap_or_default()))?;
    }
    Ok(())
}

fn copy(source: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let mut read: Xlsx<_> = open_workbook(source)?;
    let mut written = Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    for name in read.sheet_names() {
        let range = read.worksheet_range(&name)?;
        let sheet = written.add_worksheet();
        sheet.set_name(&name)?;
        let (top, left) = range.start().unwrap_or_default();
        for (row, col, cell) in range.used_cells() {
            let (row, col) = (top + row as u32, (left as usize + col) as u16);
            match cell {
                Data::String(text) => sheet.write_string(row, col, text)?,
                Data::Float(number) => sheet.write_number(row, col, *number)?,
                Data::Int(number) => sheet.write_number(row, col, *number as f64)?,
                Data::Bool(value) => sheet.write_boolean(row, col, *value)?,
                Data::DateTime(when) => sheet.write_number_with_format(row, col, when.as_f64(), &date)?,
                _ => continue,
            };
        }
    }
    written.save(target)?;
    Ok(())
}
