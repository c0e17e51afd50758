//! What each stage of a run costs by itself, on one thread and without the command line.
//!
//!     cargo bench [-- CLIENTS ...]     100 1000 10000 100000
//!
//! A line a size: microseconds a client of one workbook in each stage, the least of three rounds. Where one round takes more
//! than two seconds there is one. Formulas become values above the configuration's limit, as in a run.
#![allow(clippy::print_stdout, reason = "this is what it is for")]

use keeptabs::account::{self, Parsed};
use keeptabs::config::Config;
use keeptabs::dictionary::Dictionary;
use keeptabs::field::Field;
use keeptabs::mapping::{self, SheetStatus};
use keeptabs::output::department;
use keeptabs::period::{Period, serial};
use keeptabs::portfolio::{self, Entry, Measures, Merged};
use keeptabs::run::settings_of;
use keeptabs::score::{Bases, Basis, Kept, Rated, rate, summarise};
use keeptabs::value::words::Words;
use keeptabs::workbook::read_bytes;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::error::Error;
use std::hint::black_box;
use std::time::{Duration, Instant};

const FILE: &str = "Sales/Clients.xlsx";
/// The fields that the built-in scorecard measures, in its order.
const MEASURES: [Field; 5] =
    [Field::OurContacts, Field::ClientContacts, Field::Meetings, Field::DecisionLevel, Field::SurveyScore];
const HEADINGS: &str = "Client|Account manager|Our people with contacts|Client contacts who know us|Meetings (last 6 months)|\
    Level of decision maker|Survey score (1-10)|Revenue 2025|Revenue 2026 YTD|Comments";

fn main() -> Result<(), Box<dyn Error>> {
    let given: Vec<u32> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    let sizes = if given.is_empty() { vec![100, 1_000, 10_000, 100_000] } else { given };
    println!("microseconds a client\n  clients      read       map     parse     score portfolio     write");
    for clients in sizes {
        print!("{clients:>9}");
        for taken in stages(&workbook(clients)?)? {
            print!("{:>10.2}", taken.as_secs_f64() * 1e6 / f64::from(clients));
        }
        println!();
    }
    Ok(())
}

/// A list as departments hand them in, always the same one.
fn workbook(clients: u32) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Clients")?;
    sheet.write_row(0, 0, HEADINGS.split('|'))?;
    for row in 1..=clients {
        let mixed = row.wrapping_mul(2_654_435_761) >> 8;
        let stem = ["Alder", "Birch", "Cedar", "Dogwood", "Elm"][row as usize % 5];
        sheet.write(row, 0, format!("{stem} {row} Ltd"))?;
        sheet.write(row, 1, format!("Manager {}", row % 17))?;
        for col in 2..5 {
            sheet.write(row, col, mixed / u32::from(col) % 6)?;
        }
        sheet.write(row, 5, ["Junior", "Middle", "Senior", "Director"][mixed as usize % 4])?;
        sheet.write(row, 6, 6 + mixed % 5)?;
        for col in 7..9 {
            sheet.write(row, col, f64::from(mixed / u32::from(col) % 10_000_000) / 100.0)?;
        }
        if row % 3 > 0 {
            sheet.write(row, 9, "Review the prices at the next quarterly meeting")?;
        }
    }
    workbook.save_to_buffer()
}

/// Reading, header search with mapping, parsing, scoring, portfolio, writing.
fn stages(bytes: &[u8]) -> Result<[Duration; 6], Box<dyn Error>> {
    let config = Config::built_in();
    let period = Period { month: "2026-11".parse()?, fiscal_start: config.fiscal_start };
    let words = Words::new(Dictionary::built_in());
    let basis = Basis::new(config.scorecard_for("Sales"), &config.flags, period, config.full_year_figures);

    let (read, book) = least(|| (), |()| read_bytes(bytes, &config.limits));
    let book = book?;
    let settings = mapping::Settings {
        file: FILE,
        period,
        fiscal_name_by_end: config.fiscal_name_by_end,
        measures: &MEASURES,
        own_columns: &[],
        pins: &[],
        computed: &department::computed_headings(&config),
        rollover: None,
    };
    let (map, sheets) = least(|| (), |()| mapping::resolve(&book, &settings, Dictionary::built_in()));
    let converted = sheets.iter().filter(|sheet| sheet.status == SheetStatus::Converted);
    let maps: Vec<_> = converted.filter_map(|sheet| sheet.table.clone()).collect();
    let settings = account::Settings {
        file: FILE,
        period,
        decimal: None,
        date_order: None,
        currency: None,
        own_columns: &[],
        measures: &MEASURES,
        full_year: config.full_year_figures,
        strict: false,
    };
    let (parse, parsed) = least(|| book.clone(), |book| account::parse(book, &maps, &settings, &words));
    let table = parsed.tables.first().ok_or("the list was not understood")?;
    let rate_all = |()| {
        let kept = Kept::of(table);
        table.accounts().map(|account| rate(&account, &basis, kept)).collect::<Vec<_>>()
    };
    let (score, rated) = least(|| (), rate_all);
    let entries = entries(&parsed, &rated, &basis);
    let settings = settings_of(&config, Dictionary::built_in(), serial(period.as_of()));
    let of_merged = |merged: &Merged| {
        let inputs = MEASURES.into_iter().map(|field| merged.measures.get(field));
        let rated =
            basis.card.criteria.iter().zip(inputs).map(|(criterion, input)| criterion.rate(input, &basis.dates));
        of_points(&rated.collect::<Vec<_>>(), &basis)
    };
    let (portfolio, _) = least(|| (), |()| portfolio::build(&entries, &settings, &of_merged).clients.len());
    let source = department::Source {
        path: FILE,
        hash: "",
        department: "Sales",
        parsed: &parsed,
        sheets: &sheets,
        facts: &[],
        actions: &[],
        findings: &[],
        config: &config,
        bases: Bases::new(vec![basis], 0),
        period,
        values: false,
    };
    let folder = tempfile::tempdir()?;
    let (write, written) = least(|| (), |()| department::write(&source, &folder.path().join("Clients.xlsx")));
    written?;
    Ok([read, map, parse, score, portfolio, write])
}

/// The least time of three rounds, or of one that takes long; what goes in is made beforehand.
fn least<I, T>(input: impl Fn() -> I, stage: impl Fn(I) -> T) -> (Duration, T) {
    let round = || {
        let input = input();
        let started = Instant::now();
        let made = black_box(stage(black_box(input)));
        (started.elapsed(), made)
    };
    let (first, made) = round();
    let rounds = if first < Duration::from_secs(2) { 2 } else { 0 };
    ((0..rounds).map(|_| round().0).fold(first, Duration::min), made)
}

fn of_points(points: &[Option<f64>], basis: &Basis<'_>) -> portfolio::Rated {
    let summed = summarise(points, basis.card, true);
    portfolio::Rated {
        score: summed.score,
        maximum: basis.card.maximum(),
        best_case: summed.best,
        status: summed.computed,
        best_status: basis.card.status(Some(summed.best)),
        worry: summed.score.map(|score| score <= basis.card.worry),
        best_worry: summed.best <= basis.card.worry,
        kpi_met: summed.score.map(|score| score >= basis.card.kpi),
        one_point_away: false,
    }
}

fn entries<'a>(parsed: &'a Parsed, rated: &[Rated], basis: &Basis<'_>) -> Vec<Entry<'a>> {
    let book = &parsed.book;
    let table = &parsed.tables[0];
    let of = |(account, rated): (account::Account<'_>, &Rated)| Entry {
        source: portfolio::Source {
            file: 0,
            table: 0,
            account: account.index,
            file_name: FILE,
            sheet: &book.sheets[table.sheet].name,
            row: account.row(),
            columns: &table.columns,
        },
        department: "Sales",
        client: account.client(book),
        client_id: None,
        account_manager: account.text(Field::AccountManager, book),
        stage: account.stage(),
        measures: Measures {
            our_contacts: account.input(Field::OurContacts),
            client_contacts: account.input(Field::ClientContacts),
            meetings: account.input(Field::Meetings),
            decision_level: account.input(Field::DecisionLevel),
            survey_score: account.input(Field::SurveyScore),
            revenue_last_year: account.input(Field::RevenueLastYear),
            revenue_current: account.input(Field::RevenueCurrent),
            ..Measures::default()
        },
        currency: account.currency(),
        rated: of_points(&rated.points, basis),
        shown: rated.shown,
        overridden: false,
        comments: account.text(Field::Comments, book),
        action_points: None,
    };
    table.accounts().zip(rated).map(of).collect()
}
