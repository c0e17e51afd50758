//! The command line.

use clap::{Args, Parser, Subcommand, ValueEnum};
use keeptabs::language::Language;
use keeptabs::period::Month;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Scores how well each client is looked after: departments' client lists in, scored and formatted workbooks out.
///
/// Put the workbooks that the departments handed in into a folder and give that folder to `keeptabs run`.
#[derive(Debug, Parser)]
#[command(name = "keeptabs", version, propagate_version = true, max_term_width = 100, after_help = AFTER_HELP)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const AFTER_HELP: &str = "\
Exit status:
  0  every workbook was converted (there may be warnings)
  1  a workbook failed or needs review; the others were written
  2  the run could not be made: usage, configuration, no workbook, output not writable";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read every workbook below the inbox, score the clients and write the results
    Run(Run),

    /// Everything but writing: read, match headings, read values, score, report
    #[command(
        mut_arg("out", |arg| arg.hide(true)),
        mut_arg("values", |arg| arg.hide(true)),
        mut_arg("per_manager", |arg| arg.hide(true)),
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

    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
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
    #[arg(long, value_name = "N")]
    pub(crate) jobs: Option<NonZeroUsize>,

    /// Do everything but write
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// A workbook with a number or date that reads two ways fails instead of being read with a warning
    #[arg(long)]
    pub(crate) strict: bool,

    /// Neither read nor store earlier months
    #[arg(long)]
    pub(crate) no_history: bool,

    /// Replace results that were edited, and the stored month even though this run lacks departments that it has
    #[arg(long)]
    pub(crate) force: bool,

    /// Write values instead of live formulas
    #[arg(long)]
    pub(crate) values: bool,

    /// Write a workbook for each account manager as well, with their clients
    #[arg(long)]
    pub(crate) per_manager: bool,

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

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person
    Text,
    /// For a program: a stable, documented form
    Json,
}
