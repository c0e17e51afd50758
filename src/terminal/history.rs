//! The stored months, for a person: as a table that fits the terminal.

use super::{BOLD, DIM, RED};
use keeptabs::field::Status;
use keeptabs::history::{By, HistoryReport, Line};
use keeptabs::period::Month;
use keeptabs::value::number_text;
use std::io::{self, Write};

/// The longest name that is shown whole.
const NAME: usize = 36;

/// A column: heading, whether it is text, how early it gives way, cells.
struct Column {
    heading: String,
    left: bool,
    /// Columns of the highest number give way first; those of 0 never.
    gives_way: usize,
    cells: Vec<String>,
}

impl Column {
    fn new(heading: &str, left: bool, gives_way: usize, cells: impl Iterator<Item = String>) -> Self {
        Self { heading: heading.to_owned(), left, gives_way, cells: cells.collect() }
    }

    fn width(&self) -> usize {
        self.cells.iter().chain([&self.heading]).map(|cell| cell.chars().count()).max().unwrap_or(0)
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }
}

/// Prints the report.
pub(crate) fn history(out: &mut dyn Write, report: &HistoryReport) -> io::Result<()> {
    let names = report.lines.iter().fold(Vec::new(), |mut names: Vec<&Option<String>>, line| {
        if names.last() != Some(&&line.name) {
            names.push(&line.name);
        }
        names
    });
    let what = match report.by {
        By::Organisation => "months",
        By::Departments => "departments",
        By::Managers => "account managers",
        By::Clients => "clients",
    };
    let span = match (report.months.first(), report.months.last()) {
        (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
        (Some(only), _) => only.to_string(),
        _ => String::new(),
    };
    let several = names.len() > 1;
    match (names.as_slice(), report.by) {
        ([], _) => return writeln!(out, "No line: nobody fits"),
        (_, By::Organisation) => writeln!(out, "{BOLD}All departments{BOLD:#} · {span}")?,
        ([name], _) => writeln!(out, "{BOLD}{}{BOLD:#} · {span}", shown(name, report.by))?,
        _ => writeln!(out, "{BOLD}{} {what}{BOLD:#} · {span}", names.len())?,
    }
    writeln!(out)?;
    let columns = if several { side_by_side(report) } else { by_month(report) };
    let hidden = print(out, columns)?;
    let changed: Vec<_> = report.lines.iter().filter(|line| line.scorecard_changed).map(|line| line.month).collect();
    let mut notes = Vec::new();
    if !changed.is_empty() {
        let mut months = changed;
        months.sort();
        months.dedup();
        let months = months.iter().map(Month::to_string).collect::<Vec<_>>().join(", ");
        notes.push(format!("* the scorecard changed in {months}: the change is not the clients' alone"));
    }
    if !hidden.is_empty() {
        notes.push(format!("not shown for want of room: {}; --format csv and json hold everything", hidden.join(", ")));
    }
    if !notes.is_empty() {
        writeln!(out)?;
    }
    let lines = notes.iter().flat_map(|note| super::lines(note));
    lines.into_iter().try_for_each(|line| writeln!(out, "{DIM}{line}{DIM:#}"))
}

fn shown(name: &Option<String>, by: By) -> String {
    match (name, by) {
        (Some(name), _) => name.clone(),
        (None, By::Managers) => "No account manager".to_owned(),
        (None, _) => String::new(),
    }
}

/// One line a month.
fn by_month(report: &HistoryReport) -> Vec<Column> {
    let lines = &report.lines;
    let of = |heading: &str, gives_way: usize, cell: &dyn Fn(&Line) -> String| {
        Column::new(heading, false, gives_way, lines.iter().map(cell))
    };
    let count = |heading: &str, gives_way: usize, count: fn(&Line) -> usize| {
        of(heading, gives_way, &|line| count(line).to_string())
    };
    let mut columns = vec![Column::new("month", true, 0, lines.iter().map(|line| line.month.to_string()))];
    if report.by == By::Clients {
        columns.push(of("score", 0, &|line| score(line.score)));
        columns.push(of("change", 0, &change));
        columns.push(Column::new("status", true, 0, lines.iter().map(|line| line.status.map_or("", word).to_owned())));
        columns.push(of("KPI", 4, &|line| yes(line.kpi_attainment.map(|met| met > 0.0))));
        columns.push(of("key", 5, &|line| yes(line.key_account.filter(|key| *key))));
    } else {
        columns.push(count(if report.by == By::Organisation { "clients" } else { "accounts" }, 0, |line| line.clients));
        columns.push(of("average", 0, &|line| line.score.map_or("–".to_owned(), |score| format!("{score:.2}"))));
        columns.push(of("change", 0, &change));
        columns.push(count("strong", 4, |line| line.strong));
        columns.push(count("watch", 4, |line| line.watch));
        columns.push(count("at risk", 1, |line| line.at_risk));
        columns.push(count("not scored", 5, |line| line.not_scored));
        columns.push(of("KPI met", 1, &kpi));
    }
    columns.push(of("last year", 6, &|line| money(&line.revenue_last_year)));
    columns.push(of("target", 7, &|line| money(&line.target)));
    columns.push(of("so far", 3, &|line| money(&line.revenue_current)));
    columns.push(of("revenue at risk", 3, &|line| money(&line.revenue_at_risk)));
    let list = |heading: &str, gives_way, names: fn(&Line) -> &Vec<String>| {
        Column::new(heading, true, gives_way, lines.iter().map(|line| names(line).join(", ")))
    };
    match report.by {
        By::Organisation => columns.push(list("not delivered", 2, |line| &line.not_delivered)),
        By::Managers => columns.push(list("departments", 8, |line| &line.departments)),
        By::Clients => {
            columns.push(list("departments", 8, |line| &line.departments));
            columns.push(list("account managers", 9, |line| &line.managers));
        }
        By::Departments => {}
    }
    columns
}

/// One line a name, the scores of the months side by side.
fn side_by_side(report: &HistoryReport) -> Vec<Column> {
    let mut groups: Vec<&[Line]> = report.lines.chunk_by(|a, b| a.name == b.name).collect();
    let last = report.months.last().copied();
    let now = |lines: &&[Line]| lines.last().filter(|line| Some(line.month) == last).cloned();
    let revenue = |lines: &&[Line]| {
        let amounts = lines.last().map(|line| line.revenue_last_year.iter().map(|(_, amount)| amount).sum::<f64>());
        amounts.unwrap_or_default()
    };
    if report.by == By::Clients {
        // what there is most to lose of stands first
        groups.sort_by(|a, b| revenue(b).total_cmp(&revenue(a)));
    }
    let name = |lines: &&[Line]| cut(&shown(&lines[0].name, report.by), NAME);
    let heading = match report.by {
        By::Departments => "department",
        By::Managers => "account manager",
        _ => "client",
    };
    let mut columns = vec![Column::new(heading, true, 0, groups.iter().map(name))];
    let months = report.months.len();
    for (place, month) in report.months.iter().enumerate() {
        let of_month = |lines: &&[Line]| match lines.iter().find(|line| line.month == *month) {
            Some(line) if report.by == By::Clients => score(line.score),
            Some(line) => line.score.map_or("–".to_owned(), |score| format!("{score:.2}")),
            None => String::new(),
        };
        // of many months the oldest give way, the two latest never
        let gives_way = if place + 2 < months { 10 + months - place } else { 0 };
        columns.push(Column::new(&month.to_string(), false, gives_way, groups.iter().map(of_month)));
    }
    let of_now = |cell: &dyn Fn(&Line) -> String| -> Vec<String> {
        groups.iter().map(|lines| now(lines).map(|line| cell(&line)).unwrap_or_default()).collect()
    };
    columns.push(Column::new("change", false, 0, of_now(&change).into_iter()));
    if report.by == By::Clients {
        let status = |line: &Line| line.status.map_or("", word).to_owned();
        columns.push(Column::new("status", true, 2, of_now(&status).into_iter()));
    } else {
        columns.push(Column::new("accounts", false, 4, of_now(&|line| line.clients.to_string()).into_iter()));
        columns.push(Column::new("at risk", false, 3, of_now(&|line| line.at_risk.to_string()).into_iter()));
        columns.push(Column::new("KPI met", false, 1, of_now(&kpi).into_iter()));
    }
    columns.push(Column::new("last year", false, 5, of_now(&|line| money(&line.revenue_last_year)).into_iter()));
    columns
}

/// Prints what fits; gives the headings of what does not.
fn print(out: &mut dyn Write, mut columns: Vec<Column>) -> io::Result<Vec<String>> {
    let room = terminal_size::terminal_size().map_or(120, |(width, _)| usize::from(width.0).max(40));
    columns.retain(|column| !column.is_empty());
    let mut hidden = Vec::new();
    let wide = |columns: &[Column]| columns.iter().map(|column| column.width() + 2).sum::<usize>().saturating_sub(2);
    while wide(&columns) > room {
        let last = (0..columns.len()).max_by_key(|&place| columns[place].gives_way);
        match last.filter(|&place| columns[place].gives_way > 0) {
            Some(place) => hidden.insert(0, columns.remove(place).heading),
            None => break,
        }
    }
    let rows = columns.first().map_or(0, |column| column.cells.len());
    let line = |cell: &dyn Fn(&Column) -> String| {
        let padded = columns.iter().map(|column| {
            let (text, width) = (cell(column), column.width());
            if column.left { format!("{text:<width$}") } else { format!("{text:>width$}") }
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    writeln!(out, "{DIM}{}{DIM:#}", line(&|column| column.heading.clone()))?;
    for row in 0..rows {
        let text = line(&|column| column.cells[row].clone());
        // the word says it; the colour only helps to find it
        let at_risk = word(Status::AtRisk);
        match text.split_once(at_risk) {
            Some((before, after)) => writeln!(out, "{before}{RED}{at_risk}{RED:#}{after}")?,
            None => writeln!(out, "{text}")?,
        }
    }
    Ok(hidden)
}

fn cut(text: &str, length: usize) -> String {
    match text.char_indices().nth(length) {
        Some(_) => text.chars().take(length - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Strong => "Strong",
        Status::Watch => "Watch",
        Status::AtRisk => "At risk",
        Status::NotScored => "Not scored",
    }
}

fn score(score: Option<f64>) -> String {
    score.map_or("–".to_owned(), number_text)
}

fn yes(answer: Option<bool>) -> String {
    match answer {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => String::new(),
    }
}

/// "+0.25", with a star where the scorecard changed.
fn change(line: &Line) -> String {
    let star = if line.scorecard_changed { "*" } else { "" };
    line.change.map_or(String::new(), |change| format!("{}{star}", signed(change)))
}

pub(super) fn signed(change: f64) -> String {
    let size = number_text((change.abs() * 100.0).round() / 100.0);
    match change {
        _ if size == "0" => size,
        change if change > 0.0 => format!("+{size}"),
        _ => format!("−{size}"),
    }
}

fn kpi(line: &Line) -> String {
    line.kpi_attainment.map_or("–".to_owned(), |part| format!("{:.0} %", part * 100.0))
}

/// "1,234 EUR"; several currencies are not added up.
fn money(amounts: &keeptabs::portfolio::Amounts) -> String {
    let one = |(unit, amount): (keeptabs::portfolio::Unit, f64)| {
        let code = unit.map(|unit| format!(" {}", unit.code())).unwrap_or_default();
        format!("{}{code}", thousands(amount))
    };
    amounts.iter().map(one).collect::<Vec<_>>().join(" + ")
}

fn thousands(amount: f64) -> String {
    let digits = format!("{:.0}", amount.abs());
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if amount < 0.0 && digits != "0" { format!("−{text}") } else { text }
}
