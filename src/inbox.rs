//! Folder → jobs in a stable order, no two with one target; what is passed over is listed with its reason.

use crate::config::{Config, DepartmentRule};
use crate::error::Error;
use crate::text::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{FileType, Metadata};
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};
use walkdir::WalkDir;

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Where it is.
    pub path: PathBuf,
    /// Its path below the inbox, with forward slashes.
    pub source: String,
    /// Path of its result below the month's folder, with forward slashes.
    pub target: String,
    /// Name of its department.
    pub department: String,
}

/// A file that is passed over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// Its path below the inbox, with forward slashes.
    pub source: String,
    /// Why.
    pub reason: String,
    /// Whether that is a fault (an unreadable folder) and not a decision.
    pub fault: bool,
}

/// What lies in the inbox.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inbox {
    /// Files to read, sorted by path.
    pub jobs: Vec<Job>,
    /// Files passed over, sorted by path.
    pub passed_over: Vec<PassedOver>,
}

/// Walks the inbox, or takes `only` these files below it. `months` are the words for months in any language, folded; they are no part of a department's name.
/// `reserved` are names of files and folders of the month's folder that no result may take.
///
/// # Errors
/// [`Error::Inbox`] when the folder itself cannot be read.
pub fn plan(
    inbox: &Path,
    only: Option<&[PathBuf]>,
    out: &Path,
    config: &Config,
    months: &BTreeSet<String>,
    reserved: &[String],
) -> Result<Inbox, Error> {
    let cannot = |reason: String| Error::Inbox { path: inbox.to_owned(), reason };
    let metadata = std::fs::metadata(inbox).map_err(|error| match error.kind() {
        ErrorKind::NotFound => cannot("there is no such folder".to_owned()),
        _ => cannot(error.to_string()),
    })?;
    if !metadata.is_dir() {
        let folder = inbox.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        return Err(cannot(format!("it is a file; give the folder it lies in: keeptabs run \"{}\"", folder.display())));
    }
    let out = out.canonicalize().ok();
    if out.is_some() && out == inbox.canonicalize().ok() {
        let reason =
            "it holds the results as well, and the next run would take them for lists; give --out another folder";
        return Err(cannot(reason.to_owned()));
    }
    let mut found = Inbox::default();
    let mut files = match only {
        Some(only) => named(inbox, only, &mut found.passed_over),
        None => walked(inbox, out.as_deref(), &mut found.passed_over),
    };
    files.sort();
    let sources: Vec<_> = files.iter().map(|path| relative(inbox, path)).collect();
    let targets = targets(&sources, reserved);
    for ((path, source), target) in files.into_iter().zip(sources).zip(targets) {
        let department = department(&source, &config.departments, months);
        found.jobs.push(Job { path, source, target, department });
    }
    found.jobs.sort_by(|a, b| a.source.cmp(&b.source));
    found.passed_over.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(found)
}

/// Every file below the inbox that may be a workbook.
fn walked(inbox: &Path, out: Option<&Path>, passed: &mut Vec<PassedOver>) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut entries = WalkDir::new(inbox).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map(|path| relative(inbox, path)).unwrap_or_default();
                let reason = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                passed.push(PassedOver { source: path, reason: format!("cannot be read: {reason}"), fault: true });
                continue;
            }
        };
        if entry.depth() == 0 {
            continue;
        }
        if entry.file_type().is_dir() {
            let is_out = out.is_some() && entry.path().canonicalize().ok().as_deref() == out;
            if is_out || is_hidden(entry.file_name()) {
                entries.skip_current_dir();
                let reason = if is_out { "the output folder" } else { "a hidden folder" };
                passed.push(passed_over(inbox, entry.path(), reason));
            }
            continue;
        }
        match reason_to_pass(entry.file_name(), entry.file_type(), entry.metadata().ok().as_ref()) {
            Some(reason) => passed.push(passed_over(inbox, entry.path(), reason)),
            None => files.push(entry.into_path()),
        }
    }
    files
}

/// The files that a list names. What it names and is not there is a fault: somebody counts on it.
fn named(inbox: &Path, only: &[PathBuf], passed: &mut Vec<PassedOver>) -> Vec<PathBuf> {
    let mut files = BTreeSet::new();
    for name in only {
        let path = inbox.join(name);
        let below = path.strip_prefix(inbox).ok().filter(|below| {
            below.file_name().is_some() && below.components().all(|part| matches!(part, Component::Normal(_)))
        });
        let Some(below) = below else {
            let reason = "named in the list of files, but not below the inbox".to_owned();
            passed.push(PassedOver { source: name.display().to_string(), reason, fault: true });
            continue;
        };
        match std::fs::symlink_metadata(&path) {
            Ok(metadata) => {
                match reason_to_pass(below.file_name().unwrap_or_default(), metadata.file_type(), Some(&metadata)) {
                    Some(reason) => passed.push(passed_over(inbox, &path, reason)),
                    None => {
                        files.insert(inbox.join(below));
                    }
                }
            }
            Err(error) => passed.push(PassedOver {
                source: relative(inbox, &path),
                reason: format!("named in the list of files, but cannot be read: {error}"),
                fault: true,
            }),
        }
    }
    files.into_iter().collect()
}

fn passed_over(inbox: &Path, path: &Path, reason: &str) -> PassedOver {
    PassedOver { source: relative(inbox, path), reason: reason.to_owned(), fault: false }
}

fn is_hidden(name: &OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

fn reason_to_pass(name: &OsStr, kind: FileType, metadata: Option<&Metadata>) -> Option<&'static str> {
    let is_hidden = is_hidden(name);
    let name = name.to_string_lossy();
    if name.starts_with("~$") || name.starts_with(".~lock") {
        return Some("a lock file: somebody has the workbook open");
    }
    if is_hidden {
        return Some("a hidden file");
    }
    if kind.is_symlink() {
        return Some("a link; hand in the file itself");
    }
    if !kind.is_file() {
        return Some("no regular file");
    }
    match metadata {
        Some(metadata) if metadata.len() == 0 => Some("empty (0 bytes): the copy may not have finished"),
        _ => None,
    }
}

fn relative(inbox: &Path, path: &Path) -> String {
    let below = path.strip_prefix(inbox).unwrap_or(path);
    below.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// Same place, same stem, always .xlsx; sources that would share a target keep their full names, and reserved names at
/// the top get a number.
fn targets(sources: &[String], reserved: &[String]) -> Vec<String> {
    let reserved: BTreeSet<String> = reserved.iter().map(|name| name.to_lowercase()).collect();
    let free = |target: String| {
        let (top, below) = target.split_once('/').map_or((target.as_str(), None), |(top, below)| (top, Some(below)));
        if !reserved.contains(&top.to_lowercase()) {
            return target;
        }
        match below {
            Some(below) => format!("{top} (2)/{below}"),
            None => format!("{} (2).xlsx", top.trim_end_matches(".xlsx")),
        }
    };
    let short = |source: &String| {
        let (folder, name) = source.rsplit_once('/').map_or(("", source.as_str()), |(folder, name)| (folder, name));
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
        if folder.is_empty() { format!("{stem}.xlsx") } else { format!("{folder}/{stem}.xlsx") }
    };
    let mut shared: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources {
        // file systems of Windows and macOS do not tell case apart
        *shared.entry(short(source).to_lowercase()).or_default() += 1;
    }
    let wanted = |source: &String| {
        let short = short(source);
        free(if shared[&short.to_lowercase()] > 1 { format!("{source}.xlsx") } else { short })
    };
    let mut taken = BTreeSet::new();
    let unique = |target: String| {
        let mut name = target.clone();
        let mut n = 2;
        while !taken.insert(name.to_lowercase()) {
            name = format!("{} ({n}).xlsx", target.trim_end_matches(".xlsx"));
            n += 1;
        }
        name
    };
    sources.iter().map(wanted).map(unique).collect()
}

/// The department of a file: by pattern, else the first folder, else the file's name without months, versions and
/// copy marks.
fn department(source: &str, rules: &[DepartmentRule], months: &BTreeSet<String>) -> String {
    if let Some(rule) = rules.iter().find(|rule| rule.file.is_match(source)) {
        return rule.name.clone();
    }
    match source.split_once('/') {
        Some((folder, _)) => folder.to_owned(),
        None => plain_stem(source, months),
    }
}

fn plain_stem(name: &str, months: &BTreeSet<String>) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let marks = [
        "final", "copy", "copia", "kopie", "copie", "draft", "new", "neu", "nieuw", "novo", "version", "versao",
        "versie", "rev", "of", "de", "von", "van",
    ];
    let is_mark = |word: &str| {
        let folded = fold(word);
        let digits = folded.trim_start_matches(['v', 'r', 'q']);
        folded.is_empty()
            || digits.chars().all(|c| c.is_ascii_digit() || c == ' ')
            || marks.contains(&folded.as_str())
            || months.contains(&folded)
    };
    let words: Vec<_> = stem.split(|c: char| c.is_whitespace() || c == '_').filter(|word| !word.is_empty()).collect();
    let words: Vec<_> = words
        .iter()
        .flat_map(|word| {
            // "sales-2026-11" is a name and a date; "Sales-UK" is a name
            let parts: Vec<_> = word.split('-').collect();
            if parts.iter().any(|part| is_mark(part)) { parts } else { vec![*word] }
        })
        .collect();
    let first = words.iter().position(|word| !is_mark(word));
    let last = words.iter().rposition(|word| !is_mark(word));
    match (first, last) {
        (Some(first), Some(last)) => words[first..=last].join(" "),
        _ => stem.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn months() -> BTreeSet<String> {
        ["november", "nov", "marz"].into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn departments_of_files_in_the_inbox_itself() {
        for (name, expected) in [
            ("Sales 2026-11 v2 final (1).xlsx", "Sales"),
            ("sales_november_2026.xls", "sales"),
            ("2026-11 Beratung März.xlsx", "Beratung"),
            ("Sales-UK.xlsx", "Sales-UK"),
            ("Sales UK-2026-11.csv", "Sales UK"),
            ("clients - Copy.xlsx", "clients"),
            ("2026-11.xlsx", "2026-11"),
            ("Q4 Key Accounts 2026.xlsx", "Key Accounts"),
            ("no extension", "no extension"),
        ] {
            assert_eq!(department(name, &[], &months()), expected, "{name}");
        }
        assert_eq!(super::department("Sales/UK/list.xlsx", &[], &months()), "Sales");
    }

    #[test]
    fn no_two_files_have_one_target() {
        let sources = ["a.xls", "a.xlsx", "A.ods", "b/a.csv", "a.xls.xlsx", "c"].map(str::to_owned);
        let targets = targets(&sources, &[]);
        assert_eq!(targets, ["a.xls.xlsx", "a.xlsx.xlsx", "A.ods.xlsx", "b/a.xlsx", "a.xls (2).xlsx", "c.xlsx"]);
    }

    #[test]
    fn no_result_takes_the_name_of_another_file_of_the_run() {
        let reserved = ["Summary 2026-11.xlsx", "By manager", "run.json"].map(str::to_owned);
        let sources =
            ["summary 2026-11.xls", "summary 2026-11 (2).xlsx", "By manager/a.xls", "run.json/b.csv", "x/run.json"];
        let targets = targets(&sources.map(str::to_owned), &reserved);
        assert_eq!(
            targets,
            [
                "summary 2026-11 (2).xlsx",
                "summary 2026-11 (2) (2).xlsx",
                "By manager (2)/a.xlsx",
                "run.json (2)/b.xlsx",
                "x/run.xlsx"
            ]
        );
    }
}
