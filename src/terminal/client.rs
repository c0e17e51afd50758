//! One client, for a person.

use super::history::{signed, word};
use super::{BOLD, DIM, GREEN, RED, YELLOW};
use anstyle::Style;
use keeptabs::field::{Stage, Status};
use keeptabs::history::{AccountReport, ActionReport, ClientReport, InputReport, OverrideReport, PointReport};
use keeptabs::value::number_text;
use std::io::{self, IsTerminal, Write};

/// Columns that the points take: "1 of 1", set in.
const GIVEN: usize = 10;

/// Prints the report.
pub(crate) fn client(out: &mut dyn Write, report: &ClientReport) -> io::Result<()> {
    let (score, standing) = (out_of(report.score, report.maximum), standing(report.kpi_met, report.key_account));
    let plain = format!("{} · {} · {score}{}{standing}", report.name, report.month, word(report.status));
    let gap = if super::lines(&plain).len() > 1 { "\n" } else { " · " };
    write!(out, "{BOLD}{}{BOLD:#}{gap}{} · ", report.name, report.month)?;
    writeln!(out, "{score}{}{standing}", coloured(report.status))?;
    if let Some(latest) = report.not_listed_in {
        writeln!(out, "{YELLOW}not listed in {latest}, the latest stored month{YELLOW:#}")?;
    }
    if !report.other_names.is_empty() {
        writeln!(out, "{DIM}also called {}{DIM:#}", report.other_names.join("; "))?;
    }
    let scores: Vec<_> = report.trend.iter().filter_map(|(month, score)| Some((month, (*score)?))).collect();
    if scores.len() > 1 {
        let scores: Vec<_> =
            scores.iter().map(|(month, score)| format!("{month} {BOLD}{}{BOLD:#}", number_text(*score))).collect();
        writeln!(out, "{}", scores.join(" · "))?;
    }
    for account in &report.accounts {
        print_account(out, account)?;
    }
    for note in &report.notes {
        writeln!(out)?;
        writeln!(out, "{DIM}{note}{DIM:#}")?;
    }
    Ok(())
}

fn print_account(out: &mut dyn Write, own: &AccountReport) -> io::Result<()> {
    writeln!(out)?;
    let manager = own.manager.as_deref().unwrap_or("no account manager");
    let stage = match own.stage {
        Stage::Active => "",
        Stage::Prospect => " · prospect",
        Stage::Former => " · former client",
    };
    write!(out, "{BOLD}{}{BOLD:#} · {manager}{stage} · ", own.department)?;
    writeln!(out, "{}{}{}", out_of(own.score, own.maximum), coloured(own.status), standing(own.kpi_met, false))?;
    for row in &own.rows {
        writeln!(out, "  {DIM}{}, sheet {}, row {}{DIM:#}", row.file, row.sheet, row.row)?;
    }
    print_inputs(out, own)?;
    for set in &own.overrides {
        writeln!(out, "  override  {}", override_text(set, own.computed_status))?;
    }
    for action in &own.actions {
        writeln!(out, "  action    {}", action_text(action))?;
    }
    if !own.what_changed.is_empty() {
        writeln!(out, "  changed   {}", own.what_changed)?;
    } else if let (Some(month), Some(previous)) = (own.previous_month, own.previous_score) {
        let by = own.change.map(|change| format!("{} ", signed(change))).unwrap_or_default();
        writeln!(out, "  changed   {by}since {month} ({})", number_text(previous))?;
    }
    Ok(())
}

/// A line for each criterion, then what else was read.
fn print_inputs(out: &mut dyn Write, own: &AccountReport) -> io::Result<()> {
    let points = own.points.iter().map(|point| [label(point), value(&point.input), rule(point), cells(&point.input)]);
    let inputs = own.inputs.iter().map(|input| [input.label.clone(), value(input), String::new(), cells(input)]);
    let lines: Vec<[String; 4]> = points.chain(inputs).collect();
    let width = |place: usize| lines.iter().map(|line| line[place].chars().count()).max().unwrap_or(0);
    let [a, b, c] = [width(0), width(1), width(2)];
    // where there is no room for all of it, the rule stands below its value
    let narrow = io::stdout().is_terminal() && GIVEN + a + b + c + width(3) + 6 > super::width();
    for (place, [label, value, rule, cells]) in lines.iter().enumerate() {
        let given = match own.points.get(place) {
            Some(point) => points_text(point),
            None => " ".repeat(8),
        };
        if narrow {
            let line = format!("  {given}  {label:<a$}  {value:<b$}  {DIM}{cells}{DIM:#}");
            writeln!(out, "{}", line.trim_end())?;
            if !rule.is_empty() {
                writeln!(out, "{:GIVEN$}  {DIM}{rule}{DIM:#}", "")?;
            }
            continue;
        }
        let line = format!("  {given}  {label:<a$}  {value:<b$}  {DIM}{rule:<c$}  {cells}{DIM:#}");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// "1 of 1", coloured where something is missing.
fn points_text(point: &PointReport) -> String {
    let of = point.of.map(|of| format!(" of {}", number_text(of))).unwrap_or_default();
    let text = format!("{}{of}", point.points.map_or("–".to_owned(), number_text));
    let style = match (point.points, point.of) {
        (Some(points), Some(of)) if points < of => YELLOW,
        (None, _) => RED,
        _ => GREEN,
    };
    format!("{style}{text:<8}{style:#}")
}

fn label(point: &PointReport) -> String {
    let moved = point.moved.map(|moved| format!(" ({})", signed(moved))).unwrap_or_default();
    format!("{}{moved}", point.input.label)
}

fn value(input: &InputReport) -> String {
    match (&input.value, input.wrong) {
        (Some(value), _) => value.clone(),
        (None, true) => "not readable".to_owned(),
        (None, false) => "missing".to_owned(),
    }
}

fn rule(point: &PointReport) -> String {
    point.rule.clone().unwrap_or_default()
}

fn cells(input: &InputReport) -> String {
    if input.cells.is_empty() { "no column".to_owned() } else { input.cells.join(", ") }
}

fn override_text(set: &OverrideReport, computed: Status) -> String {
    let by = set.by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
    let reason = set.reason.as_deref().unwrap_or("no reason given");
    let until = match (&set.until, set.end_given) {
        (Some(day), true) => format!(", until {day}"),
        (Some(day), false) => format!(", until {day} (the end of its first fiscal year)"),
        (None, _) => String::new(),
    };
    let lives = if set.live { format!("instead of {}", word(computed)) } else { "not live".to_owned() };
    format!("{} {lives}: {reason}{by}{until}", word(set.status))
}

fn action_text(action: &ActionReport) -> String {
    let due = action.due.as_ref().map(|due| match action.overdue {
        true => format!("due {due} {RED}overdue{RED:#}"),
        false => format!("due {due}"),
    });
    let done = action.done.as_ref().map(|done| format!("done: {done}"));
    let parts = [action.owner.clone(), due, done, action.note.clone()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// "4 of 6 · ", nothing where there is no score.
fn out_of(score: Option<f64>, maximum: f64) -> String {
    score.map(|score| format!("{} of {} · ", number_text(score), number_text(maximum))).unwrap_or_default()
}

fn standing(kpi_met: Option<bool>, key: bool) -> String {
    let kpi = match kpi_met {
        Some(true) => " · KPI met",
        Some(false) => " · KPI not met",
        None => "",
    };
    format!("{kpi}{}", if key { " · key account" } else { "" })
}

fn coloured(status: Status) -> String {
    let style = match status {
        Status::Strong => GREEN,
        Status::Watch => YELLOW,
        Status::AtRisk => RED,
        Status::NotScored => Style::new().dimmed(),
    };
    format!("{style}{}{style:#}", word(status))
}
