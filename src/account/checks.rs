//! What there is to say about a whole sheet: measures without a column, odd amounts, passed dates, what is not carried.

use super::unmet::unmet;
use crate::account::{Account, ClientTable, Settings};
use crate::book::{CellRef, Sheet};
use crate::field::{Field, Kind, Stage};
use crate::finding::{Code, Finding};
use crate::period::serial;
use crate::value::{date_text, number_text};

/// From this month of the fiscal year on attainment says something about the scale of the amounts.
const FIRST_MONTH_TO_JUDGE: i8 = 3;
/// A median needs a few accounts.
const ACCOUNTS_TO_JUDGE: usize = 3;

/// Looks at a parsed table as a whole.
pub(crate) fn check(sheet: &Sheet, table: &ClientTable, settings: &Settings<'_>, survey_dropped: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for &measure in settings.measures {
        let told = survey_dropped && measure == Field::SurveyScore;
        if !table.keeps(measure) && !told {
            let finding = match table.column_of(measure) {
                Some(column) => {
                    let message = format!(
                        "the column \"{}\" is empty: {measure} is missing for every client of this sheet",
                        column.heading
                    );
                    Finding::new(Code::MeasureMissing, message).at(table.header_row, column.col)
                }
                None => unmet(sheet, table, settings, measure),
            };
            findings.push(finding.of(measure));
        }
    }
    negative_amounts(table, &mut findings);
    passed_renewals(table, settings, &mut findings);
    findings.extend(money_scale(table, settings));
    findings.extend(currency_unknown(table, settings));
    not_carried(sheet, table, &mut findings);
    for (at, reason) in &sheet.bad_cells {
        let mut finding = Finding::new(
            Code::CellUnreadable,
            format!(
                "a cell could not be read ({reason}); it counts as empty; open the workbook in Excel and save it again"
            ),
        );
        finding.cell = *at;
        findings.push(finding);
    }
    findings.into_iter().map(|finding| finding.on(&sheet.name)).collect()
}

fn at(finding: Finding, cell: Option<CellRef>) -> Finding {
    match cell {
        Some(cell) => finding.at(cell.row, cell.col),
        None => finding,
    }
}

fn money_fields() -> impl Iterator<Item = Field> {
    Field::ALL.iter().copied().filter(|field| field.kind() == Kind::Money)
}

fn negative_amounts(table: &ClientTable, findings: &mut Vec<Finding>) {
    for account in table.accounts() {
        for field in money_fields() {
            if let Some(amount) = account.input(field).number().filter(|&amount| amount < 0.0) {
                let message = format!(
                    "{} is negative; it counts as it stands, but not in shares, key accounts and revenue at risk",
                    number_text(amount)
                );
                let finding = Finding::new(Code::NegativeAmount, message).of(field).raw(number_text(amount));
                findings.push(at(finding, account.cell_of(field)));
            }
        }
    }
}

fn passed_renewals(table: &ClientTable, settings: &Settings<'_>, findings: &mut Vec<Finding>) {
    let as_of = serial(settings.period.as_of());
    for account in table.accounts().filter(|account| account.stage() != Stage::Former) {
        if let Some(day) = account.input(Field::RenewalDate).date().filter(|&day| day < as_of) {
            let day = date_text(f64::from(day));
            let message = format!(
                "the renewal date {day} has passed on {}: was it renewed? Write the next date",
                settings.period.as_of()
            );
            let finding = Finding::new(Code::RenewalPassed, message).of(Field::RenewalDate).raw(day);
            findings.push(at(finding, account.cell_of(Field::RenewalDate)));
        }
    }
}

fn attainment(account: Account<'_>, share: f64) -> Option<f64> {
    let target = account.input(Field::Target).number().filter(|&target| target > 0.0)?;
    Some(account.input(Field::RevenueCurrent).number()? / (target * share))
}

/// Full-year figures, another unit or one month only? One question for the sheet.
fn money_scale(table: &ClientTable, settings: &Settings<'_>) -> Option<Finding> {
    let period = settings.period;
    if period.month_of_year() < FIRST_MONTH_TO_JUDGE || settings.full_year {
        return None;
    }
    let share = period.share_of_year();
    let active = table.accounts().filter(|account| account.stage() == Stage::Active);
    let mut all: Vec<f64> = active.filter_map(|account| attainment(account, share)).collect();
    all.sort_by(f64::total_cmp);
    if all.len() < ACCOUNTS_TO_JUDGE {
        return None;
    }
    let middle = all.len() / 2;
    let median = if all.len().is_multiple_of(2) { (all[middle - 1] + all[middle]) / 2.0 } else { all[middle] };
    let guess = if median > 2.0 {
        "does the column hold full-year figures, or is the target in another unit?"
    } else if median < 0.25 {
        "does the column hold one month only, or is it in another unit than the target?"
    } else {
        return None;
    };
    let message = format!(
        "half of the clients have reached {} % or {} of their target for the {} months so far: {guess} The figures stand as handed in",
        (median * 100.0).round(),
        if median > 2.0 { "more" } else { "less" },
        period.month_of_year()
    );
    let finding = Finding::new(Code::MoneyScale, message).of(Field::RevenueCurrent);
    Some(match table.column_of(Field::RevenueCurrent) {
        Some(column) => finding.at(table.header_row, column.col),
        None => finding,
    })
}

fn currency_unknown(table: &ClientTable, settings: &Settings<'_>) -> Option<Finding> {
    if settings.currency.is_some() || !table.keeps(Field::Currency) {
        return None;
    }
    let with_amounts =
        || table.accounts().filter(|account| money_fields().any(|field| account.input(field).is_known()));
    let mut without = with_amounts().filter(|account| account.currency().is_none());
    let first = without.next()?;
    let rest = without.count();
    if !with_amounts().any(|account| account.currency().is_some()) {
        return None;
    }
    let message = format!(
        "the amounts of {} have no currency while others of the sheet have one; they are not added to the others; \
         set currency = \"EUR\" (or yours) in the configuration, or write it into the sheet",
        if rest == 0 { "one client".to_owned() } else { format!("{} clients", rest + 1) }
    );
    let cell = money_fields().filter(|&field| first.input(field).is_known()).find_map(|field| first.cell_of(field));
    Some(at(Finding::new(Code::CurrencyUnknown, message).of(Field::Currency), cell))
}

fn not_carried(sheet: &Sheet, table: &ClientTable, findings: &mut Vec<Finding>) {
    let counts = &sheet.not_carried;
    // a result that comes back has formulas, notes and hidden columns of keeptabs's own
    let is_result = table.columns.iter().any(|column| column.own.is_some());
    let of_list = |of_list: &'static str, of_result: &'static str| if is_result { of_result } else { of_list };
    let counted =
        |count: u32, one: &str, many: &str| if count == 1 { format!("1 {one}") } else { format!("{count} {many}") };
    for (count, one, many, what) in [
        (
            counts.formulas,
            "formula",
            "formulas",
            of_list(
                "the stored values were read, and the result holds values",
                "keeptabs's own are made anew; of any others the stored values were read",
            ),
        ),
        (
            counts.comments,
            "note or comment",
            "notes or comments",
            of_list("the result does not carry them", "keeptabs's own are made anew; the result carries no others"),
        ),
        (counts.hidden_rows, "hidden row", "hidden rows", "read like any other, and not hidden in the result"),
        (
            counts.hidden_columns,
            "hidden column",
            "hidden columns",
            of_list(
                "read like any other, and not hidden in the result",
                "keeptabs's own are hidden again; any others are read, and not hidden in the result",
            ),
        ),
        (
            counts.drawings,
            "chart, picture or pivot table",
            "charts, pictures or pivot tables",
            "the result does not carry them",
        ),
        (counts.hyperlinks, "hyperlink", "hyperlinks", "what they show was read, and the result does not lead there"),
    ] {
        if count > 0 {
            findings.push(Finding::new(Code::NotCarried, format!("{}: {what}", counted(count, one, many))));
        }
    }
    if counts.formulas_without_value > 0 {
        let message = format!(
            "{} without a stored value, read as empty; open the workbook in Excel, let it calculate, and save it",
            counted(counts.formulas_without_value, "formula", "formulas")
        );
        findings.push(Finding::new(Code::FormulaWithoutValue, message));
    }
}
