//! `docs/commands.md` is the command line for a reader: the committed file is what the declarations say.

use super::Cli;
use clap::{Arg, Command, CommandFactory, Parser};
use std::fmt::Write;

fn arguments(command: &Command) -> Vec<&Arg> {
    let builtin = ["help", "version"];
    command.get_arguments().filter(|arg| !arg.is_hide_set() && !builtin.contains(&arg.get_id().as_str())).collect()
}

fn spelled(arg: &Arg) -> String {
    let value = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string).unwrap_or_default();
    let value = if arg.get_possible_values().is_empty() || arg.is_positional() || !arg.get_action().takes_values() {
        value
    } else {
        let values: Vec<_> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
        values.join("\\|")
    };
    let long = arg.get_long().map(|long| format!("--{long}"));
    let short = arg.get_short().map(|short| format!("-{short}"));
    let name = [short, long].into_iter().flatten().collect::<Vec<_>>().join(", ");
    match (name.as_str(), arg.get_action().takes_values()) {
        ("", _) => format!("`{value}`"),
        (name, true) if arg.is_require_equals_set() => format!("`{name}[={value}]`"),
        (name, true) => format!("`{name} {value}`"),
        (name, false) => format!("`{name}`"),
    }
}

fn help(arg: &Arg) -> String {
    let mut help = arg.get_help().map(ToString::to_string).unwrap_or_default().replace('|', "\\|");
    assert!(!help.is_empty(), "say in src/args.rs what {} does", arg.get_id());
    let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if arg.get_action().takes_values() && !default.is_empty() {
        write!(help, " [default: {}]", default.join(" ")).unwrap();
    }
    help
}

const FOR_PROGRAMS: &str = "\
## For programs

With `--format json` a command prints one JSON value on standard output, and nothing else stands there: `run` and `check` the report
(what `run.json` holds), `map` the headings, `watch` a report a run, each on a line of its own. Progress and what is meant for people
go to standard error. Where nothing could be done, standard output holds `{\"version\": 1, \"tool\": …, \"error\": {\"code\": …,
\"message\": …}}`, in a configuration with the list of its `mistakes`, and the exit status is 2; only arguments that are not understood are
told on standard error alone. `keeptabs config --schema=report`, `=map` and `=error` print the [schemas](schemas).

`NO_COLOR=1` leaves colours away, as does a pipe or a file.";

fn generated() -> String {
    let mut cli = Cli::command();
    cli.build();
    let mut text = String::from(
        "# Commands\n\n\
         Made from `src/args.rs` by a test; `KEEPTABS_BLESS=1 cargo test --bin keeptabs` renews it. `keeptabs COMMAND --help` says\n\
         the same, `keeptabs man` prints a manual page, `keeptabs completions SHELL` the completions for a shell.\n\n\
         | command | what it does |\n|---|---|\n",
    );
    let shown = |command: &&Command| !command.is_hide_set() && command.get_name() != "help";
    for command in cli.get_subcommands().filter(shown) {
        let name = command.get_name();
        writeln!(text, "| [`keeptabs {name}`](#keeptabs-{name}) | {} |", command.get_about().unwrap()).unwrap();
    }
    writeln!(text, "\n```text\n{}\n```", cli.get_after_help().unwrap()).unwrap();
    for command in cli.get_subcommands().filter(shown) {
        writeln!(text, "\n## keeptabs {}\n\n{}.\n", command.get_name(), command.get_about().unwrap()).unwrap();
        writeln!(text, "| argument | meaning |\n|---|---|").unwrap();
        for arg in arguments(command) {
            writeln!(text, "| {} | {} |", spelled(arg), help(arg)).unwrap();
        }
    }
    writeln!(text, "\n{FOR_PROGRAMS}").unwrap();
    text
}

#[test]
fn the_document_is_what_the_command_line_says() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/commands.md");
    let generated = generated();
    if std::env::var_os("KEEPTABS_BLESS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == generated,
        "docs/commands.md is out of date: renew it with KEEPTABS_BLESS=1 cargo test --bin keeptabs"
    );
}

/// Every document for people, with its name.
fn documents() -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = std::fs::read_dir(root.join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let files = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md"));
    let read = |path: std::path::PathBuf| (path.display().to_string(), std::fs::read_to_string(&path).unwrap());
    files.chain(["README.md", "CHANGELOG.md"].map(|name| root.join(name))).map(read).collect()
}

#[test]
fn examples_in_documents_are_understood() {
    let mut seen = 0;
    for (name, text) in documents() {
        for line in text.lines() {
            let example = line.strip_prefix("$ ").and_then(|line| line.rsplit(" | ").next());
            let Some(example) = example.filter(|example| example.starts_with("keeptabs")) else { continue };
            // no example needs more of a shell than blanks
            assert!(!example.contains(['"', '\'', '>']), "{name}: {example}");
            let words = super::with_command(example.split(' ').map(Into::into));
            if let Err(error) = Cli::try_parse_from(words) {
                panic!("{name}: {example}\n{error}");
            }
            seen += 1;
        }
    }
    assert!(seen >= 2, "{seen}");
}

#[test]
fn documents_name_commands_and_options_that_there_are() {
    let mut cli = Cli::command();
    cli.build();
    let commands: Vec<_> = cli.get_subcommands().map(Command::get_name).collect();
    let long: Vec<_> = cli.get_subcommands().flat_map(Command::get_arguments).filter_map(Arg::get_long).collect();
    for (name, text) in documents() {
        for code in text.split('`').skip(1).step_by(2) {
            let mut words = code.split_whitespace();
            if words.next() != Some("keeptabs") {
                continue;
            }
            for word in words {
                let option = word.strip_prefix("--").map(|option| option.split(['=', '[']).next().unwrap());
                assert!(option.is_none_or(|option| long.contains(&option)), "{name}: `{code}` has no --{option:?}");
            }
            let command = code.split_whitespace().nth(1).unwrap_or("run");
            let is_command = command.chars().all(|c| c.is_ascii_lowercase());
            assert!(!is_command || commands.contains(&command), "{name}: `{code}`");
        }
    }
}

#[test]
fn every_argument_says_what_it_does() {
    let mut cli = Cli::command();
    cli.build();
    for command in cli.get_subcommands() {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for arg in arguments(command) {
            assert!(!help(arg).is_empty(), "keeptabs {} {}", command.get_name(), arg.get_id());
        }
    }
}

#[test]
fn a_path_stands_for_a_run() {
    let with = |words: &[&str]| {
        let all = super::with_command(["keeptabs"].iter().chain(words).map(Into::into));
        all[1..].iter().map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>()
    };
    assert_eq!(with(&["./inbox", "-q"]), ["run", "./inbox", "-q"]);
    assert_eq!(with(&["src"]), ["run", "src"], "a folder that is there");
    for words in [&["run"][..], &["map", "./inbox"], &["--help"], &["inbx"], &[], &["help"]] {
        assert_eq!(with(words), words);
    }
}
