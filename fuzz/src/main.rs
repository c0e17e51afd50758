//! Random inputs against properties: `cargo run --manifest-path fuzz/Cargo.toml -- TARGET SECONDS [SEED] [FOLDER]`.
//!
//! TARGET is value, header, mapping, config or workbook; FOLDER holds workbooks to start from (default: fixtures). The
//! first input that breaks a property ends the run with its seed; that seed alone repeats it.

mod books;
mod grids;
mod noise;
mod values;

use books::{Pipeline, is_sound};
use keeptabs::config::Config;
use keeptabs::password::Passwords;
use keeptabs::workbook::{HandIn, Limits};
use noise::Noise;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let target = arguments.next().unwrap_or_default();
    let seconds = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(60);
    let first = arguments.next().and_then(|text| text.parse().ok()).unwrap_or(1);
    let folder = arguments.next().map_or_else(|| PathBuf::from("fixtures"), PathBuf::from);
    let Some(mut once) = target_of(&target, &folder) else {
        eprintln!("no target {target:?}: value, header, mapping, config, workbook");
        return ExitCode::from(2);
    };
    let begun = Instant::now();
    let mut seed: u64 = first;
    while begun.elapsed() < Duration::from_secs(seconds) {
        // what is going on when the process itself dies
        if target == "workbook" {
            let _ = std::fs::write(std::env::temp_dir().join("keeptabs-fuzz.seed"), seed.to_string());
        }
        if catch_unwind(AssertUnwindSafe(|| once(&mut Noise(seed)))).is_err() {
            eprintln!("{target}: broken by seed {seed}, after {} inputs", seed - first);
            return ExitCode::FAILURE;
        }
        seed += 1;
    }
    println!("{target}: {} inputs from seed {first} in {seconds} s, every property held", seed - first);
    ExitCode::SUCCESS
}

type Once = Box<dyn FnMut(&mut Noise)>;

fn target_of(name: &str, folder: &Path) -> Option<Once> {
    Some(match name {
        "value" => {
            let values = values::Values::new();
            Box::new(move |noise| drop(values.once(noise)))
        }
        "header" | "mapping" => {
            let (pipeline, headings_vary) = (Pipeline::new(), name == "mapping");
            Box::new(move |noise| grids::once(&pipeline, noise, headings_vary))
        }
        "config" => Box::new(config),
        "workbook" => {
            let (pipeline, seeds) = (Pipeline::new(), workbooks(folder));
            assert!(!seeds.is_empty(), "no workbooks below {}", folder.display());
            Box::new(move |noise| workbook(&pipeline, &seeds, noise))
        }
        _ => return None,
    })
}

/// Lines of the built-in configuration, changed: mistakes are told, and what is accepted is accepted again.
fn config(noise: &mut Noise) {
    const LINES: &str = include_str!("../../src/config/default.toml");
    let mut lines: Vec<String> = LINES.lines().map(|line| line.trim_start_matches("# ").to_owned()).collect();
    for _ in 0..=noise.below(6) {
        let at = noise.below(lines.len());
        if lines.is_empty() {
            break;
        }
        match noise.below(4) {
            0 => drop(lines.remove(at)),
            1 => {
                let line = noise.pick(&lines).clone();
                lines.insert(at, line);
            }
            2 => lines.truncate(at.max(1)),
            _ => lines[at] = noise.mutated(&lines[at]),
        }
    }
    // most of the rest is prose once the marks of comments are gone
    let kept = |line: &String| line.contains('=') || line.starts_with('[');
    let text = lines.into_iter().filter(kept).collect::<Vec<_>>().join("\n");
    match (Config::parse(&text, "keeptabs.toml"), Config::parse(&text, "keeptabs.toml")) {
        (Ok(one), Ok(two)) => assert_eq!(one.scorecard_hash(), two.scorecard_hash()),
        (Err(one), Err(two)) => {
            let told = one.to_string();
            assert!(told.contains("mend") && told == two.to_string(), "{told}");
        }
        _ => panic!("accepted once only: {text}"),
    }
}

fn workbook(pipeline: &Pipeline, seeds: &[Vec<u8>], noise: &mut Noise) {
    let seed = noise.pick(seeds);
    let bytes = if noise.one_in(200) { seed.clone() } else { noise.damaged(seed) };
    // small limits: what they are for is not in question here
    let limits = Limits { cells: 500_000, dense_cells: 500_000, part_bytes: 32 << 20, ..Limits::default() };
    let file = HandIn { bytes, sheet_name: "csv".to_owned() };
    match file.read(&limits, &Passwords::default()) {
        Ok(book) => {
            is_sound(&book);
            pipeline.holds(book, false);
        }
        Err(error) => {
            let told = error.to_string();
            assert!(!told.contains("report this"), "{told}");
        }
    }
}

fn workbooks(folder: &Path) -> Vec<Vec<u8>> {
    let mut paths = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() { open.push(path) } else { paths.push(path) }
        }
    }
    paths.sort();
    let kinds = ["xlsx", "xlsm", "xlsb", "xls", "ods", "csv"];
    let wanted = |path: &PathBuf| {
        path.extension().is_some_and(|extension| kinds.contains(&extension.to_string_lossy().to_lowercase().as_str()))
    };
    let small = |bytes: &Vec<u8>| bytes.len() <= 200_000 && !bytes.is_empty();
    paths.iter().filter(|path| wanted(path)).filter_map(|path| std::fs::read(path).ok()).filter(small).collect()
}
