//! The command line.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use keeptabs::language::Language;
use keeptabs::period::Month;
use std::ffi::OsString;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

/// Scores how well each client is looked after: departments' client lists in, scored and formatted workbooks out.
///
/// Put the workbooks that the departments handed in into a folder and give that folder to `keeptabs run`.
#[derive(Debug, Parser)]
#[command(name = "keeptabs", version = VERSION, propagate_version = true, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// With the commit, where it is known.
const VERSION: &str = env!("KEEPTABS_VERSION");

/// In lines of at most 60 columns: clap breaks longer ones without setting the rest in.
const AFTER_HELP: &str = "\
First steps:
  keeptabs init          makes this folder ready
  keeptabs run           reads inbox, writes results
  keeptabs demo try-out  a year of a demo organisation

Exit status:
  0  every workbook was converted (with or without warnings)
  1  a workbook failed or needs review, the others were
     written; nothing is lost: run again when it is mended
  2  nothing could be done: usage, configuration, no
     workbook, results not writable

`keeptabs FOLDER` is `keeptabs run FOLDER`: a folder can be
dropped on the program.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read every workbook below the inbox, score the clients and write the results
    Run(Whole),

    /// Everything but writing: read, match headings, read values, score, report
    #[command(
        mut_arg("out", |arg| arg.hide(true)),
        mut_arg("values", |arg| arg.hide(true)),
        mut_arg("per_manager", |arg| arg.hide(true)),
        mut_arg("open", |arg| arg.hide(true)),
        mut_arg("dry_run", |arg| arg.hide(true))
    )]
    Check(Run),

    /// Show how each heading was matched and why, and what waits for a decision
    Map(Map),

    /// Show the stored months: the organisation's, or each department's, account manager's or client's
    History(History),

    /// Show a client's score, where each input was read, and what changed
    Client(Client),

    /// Read workbooks for a run that started this process
    #[command(hide = true)]
    Worker,

    /// Make a folder ready: keeptabs.toml with every setting, inbox, and a blank form for the departments
    Init(Init),

    /// Run whenever workbooks arrive in the inbox and have stopped changing, until Ctrl-C
    #[command(
        mut_arg("dry_run", |arg| arg.hide(true)),
        mut_arg("open", |arg| arg.hide(true)),
        mut_arg("files_from", |arg| arg.hide(true))
    )]
    Watch(Run),

    /// Explain a finding by its code, or list all codes
    Explain(Explain),

    /// Write a demo organisation with twelve months of lists, run every month, and say what to open
    Demo(Demo),

    /// Print the configuration that holds, or the schema of a file
    Config(Configuration),

    /// Print the completions for a shell
    Completions {
        /// The shell: bash, elvish, fish, powershell or zsh
        shell: Shell,
    },

    /// Print the manual page
    Man {
        /// Write the pages of all commands into this folder instead
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct History {
    /// What to show [default: a line a month for the organisation]
    pub(crate) what: Option<What>,

    /// Only this client: a line a month
    #[arg(long, value_name = "NAME", conflicts_with = "manager")]
    pub(crate) client: Option<String>,

    /// Only this account manager: a line a month; with `clients` those that the manager looked after
    #[arg(long, value_name = "NAME")]
    pub(crate) manager: Option<String>,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: HistoryFormat,

    /// Folder with the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,

    /// Configuration [default: keeptabs.toml beside the results, else here, else built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// What `keeptabs history` shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum What {
    /// Clients of the organisation
    Clients,
    /// Account managers
    Managers,
    /// Departments
    Departments,
}

/// How the history is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryFormat {
    /// For a person
    Text,
    /// For a program: a stable, documented form
    Json,
    /// For a spreadsheet: the same lines as a table
    Csv,
}

#[derive(Debug, Args)]
pub(crate) struct Client {
    /// Its name as in any stored month, a part of it, or its id
    #[arg(required = true, num_args = 1..)]
    pub(crate) name: Vec<String>,

    /// The month [default: the latest one that lists the client]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Folder with the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,

    /// Configuration [default: keeptabs.toml beside the results, else here, else built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The folder; it is made if it is not there. Files that are there are left as they are
    #[arg(default_value = ".", value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// Language of form and results: en, nl, pt, de, fr, es or it
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub(crate) language: Language,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// Code of a finding, as reports print it: wrong-value
    pub(crate) code: Option<String>,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// A folder that is empty or not there yet
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Configuration {
    /// Folder with the workbooks; a keeptabs.toml beside it is found
    #[arg(default_value = "inbox")]
    pub(crate) inbox: PathBuf,

    /// Configuration [default: keeptabs.toml beside the inbox, else here, else built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Print the JSON schema of keeptabs.toml instead, or of run.json (report), of `map --format json` (map) or of an error in JSON (error)
    #[arg(long, value_name = "FORM", num_args = 0..=1, require_equals = true, default_missing_value = "config")]
    pub(crate) schema: Option<Form>,

    /// How the configuration is printed: text is TOML
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// What has a JSON schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Form {
    /// keeptabs.toml
    Config,
    /// run.json
    Report,
    /// What `keeptabs map --format json` prints
    Map,
    /// What `--format json` prints when nothing could be done
    Error,
}

#[derive(Debug, Args)]
pub(crate) struct Map {
    /// Folder with the workbooks that the departments handed in
    #[arg(default_value = "inbox")]
    pub(crate) inbox: PathBuf,

    /// The month that the lists are about [default: the configuration's, else the month of the day 15 days ago]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,

    /// Configuration [default: keeptabs.toml beside the inbox, else here, else built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Passwords of protected workbooks, one a line; KEEPTABS_PASSWORD in the environment is tried as well
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,

    /// Write what waits for a decision into the configuration, commented out: take the # off the lines that are right
    #[arg(long)]
    pub(crate) save: bool,

    /// Only workbooks whose path holds this text, capitals or not
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Option<String>,

    /// Show every workbook whole; of many only those that wait for a decision are [--format json always holds all]
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct Whole {
    #[command(flatten)]
    pub(crate) run: Run,

    /// Do only this ahead of the run, of a part of the workbooks: docs/scaling.md
    #[arg(long, value_name = "PHASE", conflicts_with_all = ["dry_run", "no_history", "force", "open"])]
    pub(crate) phase: Option<Phase>,
}

/// What can be done ahead of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Phase {
    /// Read workbooks and keep what was read
    Read,
    /// Put the organisation together
    Join,
    /// Write the results of workbooks
    Write,
}

#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Folder with the workbooks that the departments handed in
    #[arg(default_value = "inbox")]
    pub(crate) inbox: PathBuf,

    /// Folder for the results
    #[arg(long, value_name = "DIR", default_value = "results")]
    pub(crate) out: PathBuf,

    /// The month that the lists are about [default: the configuration's, else the month of the day 15 days ago]
    #[arg(long, value_name = "YYYY-MM")]
    pub(crate) month: Option<Month>,

    /// Configuration [default: keeptabs.toml beside the inbox, else here, else built in]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// Passwords of protected workbooks, one a line; KEEPTABS_PASSWORD in the environment is tried as well
    #[arg(long, value_name = "FILE")]
    pub(crate) password_file: Option<PathBuf>,

    /// How many workbooks are worked on at once [default: one for each core]
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Do everything but write
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// A workbook with a number or date that reads two ways fails instead of being read with a warning
    #[arg(long)]
    pub(crate) strict: bool,

    /// Neither read nor store earlier months, nor keep what was read for the next run
    #[arg(long)]
    pub(crate) no_history: bool,

    /// Do everything anew; replace results that were edited, and the stored month even though this run lacks departments that it has
    #[arg(long)]
    pub(crate) force: bool,

    /// Write values instead of live formulas
    #[arg(long)]
    pub(crate) values: bool,

    /// Write a workbook for each account manager as well, with their clients
    #[arg(long)]
    pub(crate) per_manager: bool,

    /// Read the workbooks that this file names, a path below the inbox a line, instead of all; "-": standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Option<PathBuf>,

    /// Open the summary when all is done
    #[arg(long)]
    pub(crate) open: bool,

    /// Language of the results: en, nl, pt, de, fr, es or it [default: the configuration's, else en]
    #[arg(long, value_name = "CODE")]
    pub(crate) language: Option<Language>,

    /// How the report is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,

    /// Print nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// List notes and carried columns, too
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

fn at_least_one(text: &str) -> Result<NonZeroUsize, &'static str> {
    text.parse().map_err(|_| "give a whole number from 1 up")
}

impl Command {
    /// Whether what is printed is for a program.
    pub(crate) fn is_for_programs(&self) -> bool {
        let format = match self {
            Self::Run(Whole { run, .. }) | Self::Check(run) | Self::Watch(run) => run.format,
            Self::Map(arguments) => arguments.format,
            Self::History(arguments) => return arguments.format == HistoryFormat::Json,
            Self::Client(arguments) => arguments.format,
            Self::Init(arguments) => arguments.format,
            Self::Explain(arguments) => arguments.format,
            Self::Demo(arguments) => arguments.format,
            Self::Config(arguments) => arguments.format,
            Self::Worker | Self::Completions { .. } | Self::Man { .. } => return false,
        };
        format == Format::Json
    }
}

/// The arguments, with `run` before a first one that is a path: `keeptabs ./inbox`.
pub(crate) fn with_command(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<_> = arguments.into_iter().collect();
    let Some(first) = arguments.get(1) else { return arguments };
    let text = first.to_string_lossy();
    let is_command = Cli::command().get_subcommands().any(|command| command.get_name() == text) || text == "help";
    let names_a_path = text.contains(std::path::is_separator) || Path::new(first).is_dir();
    if names_a_path && !is_command && !text.starts_with('-') {
        arguments.insert(1, "run".into());
    }
    arguments
}

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person
    Text,
    /// For a program: a stable, documented form
    Json,
}

#[cfg(test)]
mod document;
