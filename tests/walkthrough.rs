//! Documents that lead through commands are walked: what they quote is what the commands print.
//!
//! A document is walked when it says, in a comment that no reader sees, where it starts: `<!-- walk: FOLDER into inbox -->`
//! puts lists of the repository into the inbox, `<!-- walk: after DOCUMENT.md -->` goes on where another one ended. Then each
//! line `$ keeptabs …` of a `console` block is run and what stands below it compared; `…` on a line of its own stands for lines
//! left out. The lines of a `toml` block are those of keeptabs.toml from which the reader takes the `#` off.

use crate::support::{fixtures, keeptabs};
use std::fmt::Write;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A line of its own for lines left out.
const LEFT_OUT: &str = "…";

fn docs() -> PathBuf {
    fixtures().join("../docs")
}

/// What a person sees who types this: both streams, in order, less the progress.
fn printed(folder: &Path, command: &str) -> Vec<String> {
    let (mut reader, writer) = io::pipe().unwrap();
    let errors = writer.try_clone().unwrap();
    let mut call = keeptabs();
    call.current_dir(folder).args(command.split(' ').skip(1)).stdout(writer).stderr(errors);
    let mut child = call.spawn().unwrap();
    drop(call); // it holds the writers
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    child.wait().unwrap();
    let progress = |line: &&str| !(line.starts_with("Reading ") || line.starts_with("Writing "));
    text.lines().filter(progress).map(|line| line.trim_end().replace('\\', "/")).collect()
}

/// Whether the quoted lines are the printed ones, where a line `…` stands for any number.
fn fits(quoted: &[&str], printed: &[String]) -> bool {
    match quoted.split_first() {
        None => printed.is_empty(),
        Some((&LEFT_OUT, rest)) => (0..=printed.len()).any(|skipped| fits(rest, &printed[skipped..])),
        Some((line, rest)) => printed.split_first().is_some_and(|(first, others)| line == first && fits(rest, others)),
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let target = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Takes the `#` off the lines of keeptabs.toml that the block shows, one below the other.
fn uncomment(folder: &Path, block: &[&str], place: &str) {
    let path = folder.join("keeptabs.toml");
    let text = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let stands = |line: &String, shown: &str| line.strip_prefix("# ").is_some_and(|line| line.starts_with(shown));
    let all_stand = |lines: &[String]| lines.iter().zip(block).all(|(line, shown)| stands(line, shown));
    let found = lines.windows(block.len()).position(all_stand);
    let found = found.unwrap_or_else(|| panic!("{place}: these lines do not stand commented out in\n{text}"));
    for line in &mut lines[found..found + block.len()] {
        *line = line["# ".len()..].to_owned();
    }
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

/// The document with what its commands print now, and what of it does not fit: in full or in an excerpt.
fn walk(name: &str, folder: &Path) -> (String, [String; 2]) {
    let text = fs::read_to_string(docs().join(name)).unwrap().replace("\r\n", "\n");
    let (mut renewed, mut wrong) = (String::new(), [String::new(), String::new()]);
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        writeln!(renewed, "{line}").unwrap();
        let place = format!("docs/{name}, line {}", number + 1);
        if let Some(start) = line.strip_prefix("<!-- walk: ").and_then(|rest| rest.strip_suffix(" -->")) {
            if let Some(lists) = start.strip_suffix(" into inbox") {
                copy(&fixtures().join("..").join(lists), &folder.join("inbox"));
            } else if let Some(other) = start.strip_prefix("after ") {
                walk(other, folder);
            } else {
                panic!("{place}: {start}");
            }
        }
        let Some(language @ ("console" | "toml")) = line.strip_prefix("```") else { continue };
        let mut block = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with("```")) {
            block.push(line);
        }
        if language == "toml" {
            uncomment(folder, &block, &place);
            writeln!(renewed, "{}", block.join("\n")).unwrap();
            continue;
        }
        for step in block.chunk_by(|_, next| !next.starts_with("$ ")) {
            let (command, quoted) = (step[0].strip_prefix("$ ").unwrap(), &step[1..]);
            let printed = printed(folder, command);
            let fits = fits(quoted, &printed);
            let excerpt = quoted.contains(&LEFT_OUT);
            if !fits {
                writeln!(wrong[usize::from(excerpt)], "{place}: {command}\n{}\n", printed.join("\n")).unwrap();
            }
            let shown = if fits || excerpt { quoted.join("\n") } else { printed.join("\n") };
            writeln!(renewed, "$ {command}").unwrap();
            if !shown.is_empty() {
                writeln!(renewed, "{shown}").unwrap();
            }
        }
    }
    (renewed, wrong)
}

/// Walks a document; `KEEPTABS_BLESS=1` renews what it quotes in full. Excerpts are renewed by hand.
fn walked(name: &str) {
    let folder = TempDir::new().unwrap();
    let (renewed, [full, excerpts]) = walk(name, folder.path());
    if std::env::var_os("KEEPTABS_BLESS").is_some() {
        fs::write(docs().join(name), renewed).unwrap();
    } else {
        assert!(full.is_empty(), "what is quoted is not what is printed; KEEPTABS_BLESS=1 renews it:\n\n{full}");
    }
    assert!(excerpts.is_empty(), "these excerpts are not what is printed:\n\n{excerpts}");
}

#[test]
fn the_first_month() {
    walked("first-month.md");
}

#[test]
fn how_the_numbers_are_computed() {
    walked("numbers.md");
}

/// Whatever a reader may copy into keeptabs.toml holds.
#[test]
fn examples_of_configuration_hold() {
    let mut seen = 0;
    for entry in fs::read_dir(docs()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "md") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for block in text.split("```toml\n").skip(1) {
            let block = block.split("```").next().unwrap();
            if let Err(error) = keeptabs::config::Config::parse(block, "example") {
                panic!("{}: {error}\n{block}", path.display());
            }
            seen += 1;
        }
    }
    assert!(seen >= 4, "{seen}");
}
