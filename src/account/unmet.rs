//! Measures that no column of a sheet holds, and the carried columns that may be them: a person decides.

use super::{ClientTable, Settings};
use crate::book::{Cell, CellRef, Sheet, column_letters};
use crate::field::{Field, Kind};
use crate::finding::{Code, Finding};
use crate::mapping::Column;
use crate::proposal::Proposal;

/// So many columns are asked about at most; a list that keeps more of them is not understood at all.
const ASKED: usize = 3;
/// Nobody holds so many meetings or knows so many people: such numbers count something else.
const LARGEST_COUNT: f64 = 100.0;

/// A measure without a column.
pub(super) fn unmet(sheet: &Sheet, table: &ClientTable, settings: &Settings<'_>, measure: Field) -> Finding {
    let missing = format!("no column holds {measure}: it is missing for every client of this sheet");
    let propose = |heading: &str| Proposal::columns(settings.file, &sheet.name, [(heading, Some(measure))]);
    let near: Vec<&Column> =
        table.columns.iter().filter(|column| is_open(column) && suits(sheet, table, column, measure)).collect();
    if near.is_empty() || near.len() > ASKED {
        let line = propose("its heading");
        let message = format!("{missing}; add one, or name the one that it is: {line}");
        return Finding::new(Code::MeasureMissing, message);
    }
    let named: Vec<_> =
        near.iter().map(|column| format!("{} \"{}\"", column_letters(column.col), column.heading)).collect();
    let lines: Vec<_> = near.iter().map(|column| propose(&column.heading)).collect();
    let shown: Vec<_> = lines.iter().map(ToString::to_string).collect();
    let message = format!("{missing}. If it is column {}, add: {}", named.join(" or "), shown.join("; or: "));
    let mut finding = Finding::new(Code::MeasureMissing, message);
    finding.proposals = lines;
    finding
}

/// Whether nobody has said what the column is.
fn is_open(column: &Column) -> bool {
    column.field.is_none()
        && column.own.is_none()
        && column.further.is_none()
        && ![Column::DECLINED, Column::CHOOSES].contains(&column.reason.as_str())
        && !column.heading.is_empty()
}

/// Whether all numbers of the column could be the measure; words and gaps decide nothing as long as they are the fewer.
fn suits(sheet: &Sheet, table: &ClientTable, column: &Column, measure: Field) -> bool {
    let fits = |number: f64| match measure.kind() {
        Kind::Count => number.fract() == 0.0 && (0.0..LARGEST_COUNT).contains(&number),
        Kind::Survey => (1.0..=10.0).contains(&number),
        _ => false,
    };
    let (mut numbers, mut others) = (Vec::new(), 0);
    for account in table.accounts() {
        match sheet.cell(CellRef { row: account.row(), col: column.col }) {
            Some(Cell::Number(number, _)) if !fits(number) => return false,
            Some(Cell::Number(number, _)) => numbers.push(number),
            Some(Cell::Date(..) | Cell::Time(..)) => return false,
            Some(Cell::Text(_)) => others += 1,
            Some(Cell::Bool(_) | Cell::Error(_)) | None => {}
        }
    }
    // 1, 2, 3 … numbers the rows
    let runs = numbers.len() > 2 && numbers.windows(2).all(|pair| pair[1] == pair[0] + 1.0);
    numbers.len() > others && !runs
}

#[cfg(test)]
mod tests {
    use super::super::testing::{case, found};
    use crate::finding::Code;

    /// What is said of a measure when a column "Touch" with these cells stands beside a client column.
    fn asked(field: &str, cells: [&str; 4]) -> Option<String> {
        let rows: Vec<Vec<&str>> = std::iter::once(vec!["client", "Touch"])
            .chain(["Acme", "Big Corp", "Coral", "Dune"].into_iter().zip(cells).map(|(name, cell)| vec![name, cell]))
            .collect();
        let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
        let parsed = case(&rows).parse();
        let finding =
            found(&parsed, Code::MeasureMissing).into_iter().find(|f| f.field.unwrap().id() == field).unwrap();
        assert_eq!(finding.proposals.is_empty(), finding.message.contains("its heading"));
        finding.proposals.first().map(ToString::to_string)
    }

    #[test]
    fn a_carried_column_that_may_be_the_measure_is_named() {
        let line = |field: &str| {
            format!("[[mapping]] file = \"a.xlsx\", sheet = \"Clients\", columns = {{ \"Touch\" = \"{field}\" }}")
        };
        assert_eq!(asked("meetings", ["#4", "#0", "", "#2"]), Some(line("meetings")));
        assert_eq!(asked("meetings", ["#4", "#0", "?", "#2"]), Some(line("meetings")), "a word among numbers");
        assert_eq!(asked("survey_score", ["#8.5", "#7", "", "#9"]), Some(line("survey_score")));
        assert_eq!(asked("survey_score", ["#4", "#0", "", "#2"]), None, "0 is no score");
        for other in [
            ["#4", "#2.5", "", ""],
            ["#400", "#2", "", ""],
            ["@45000", "", "", ""],
            ["a", "b", "#1", ""],
            ["", "", "", ""],
        ] {
            assert_eq!(asked("meetings", other), None, "{other:?}");
        }
        assert_eq!(asked("meetings", ["#1", "#2", "#3", "#4"]), None, "the number of the row");
        assert_eq!(asked("decision_level", ["#1", "#2", "#3", "#3"]), None, "levels are words");
    }
}
