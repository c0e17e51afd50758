//! Arguments → library → terminal → exit status.

mod args;
mod demo;
mod init;
mod terminal;
mod watch;

use args::{Cli, Command, Configuration, Explain, Form, Format, HistoryFormat, Map, Run, What, Whole};
use clap::{CommandFactory, Parser};
use keeptabs::config::Config;
use keeptabs::error::Error;
use keeptabs::error_report::ErrorReport;
use keeptabs::finding::Code;
use keeptabs::guard;
use keeptabs::history::{self, By, Query, Snapshot};
use keeptabs::output::save;
use keeptabs::password::{self, Passwords};
use keeptabs::proposal;
use keeptabs::report::Report;
use keeptabs::run::{Options, Phase, map, run};
use keeptabs::schema;
use keeptabs::worker;
use std::env;
use std::fs;
use std::io::{self, Write};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Of the static program: that of its C runtime makes threads wait for each other.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Name of the configuration file that is looked for.
const CONFIG: &str = "keeptabs.toml";

fn main() -> ExitCode {
    panic::set_hook(Box::new(|panic| {
        if !guard::is_guarded() {
            terminal::fault(panic);
        }
    }));
    let command = Cli::parse_from(args::with_command(env::args_os())).command;
    let for_programs = command.is_for_programs();
    let started = panic::catch_unwind(|| match command {
        Command::Run(Whole { run, phase: None }) => start(&run),
        Command::Run(Whole { run, phase: Some(phase) }) => ahead(&run, phase),
        Command::Check(arguments) => start(&Run { dry_run: true, ..arguments }),
        Command::Map(arguments) => show_map(&arguments),
        Command::History(arguments) => show_history(&arguments),
        Command::Client(arguments) => show_client(&arguments),
        Command::Worker => Ok(worker::serve(io::stdin().lock(), io::stdout().lock()).map_or(2, |()| 0)),
        Command::Init(arguments) => init::init(&arguments),
        Command::Watch(arguments) => watch::watch(&arguments),
        Command::Explain(arguments) => explain(&arguments),
        Command::Demo(arguments) => demo::demo(&arguments),
        Command::Config(arguments) => configuration(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "keeptabs", &mut script);
            terminal::print(|out| out.write_all(&script)).map(|()| 0)
        }
        Command::Man { out } => manual(out.as_deref()),
    });
    match started {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(error)) => {
            terminal::error(&error);
            if for_programs {
                // standard error has said it; an output that is closed needs nothing more
                let _ = terminal::print(|out| terminal::json(out, &ErrorReport::from(&error)));
            }
            ExitCode::from(2)
        }
        // the hook has said it
        Err(_) => ExitCode::from(2),
    }
}

fn start(arguments: &Run) -> Result<u8, Error> {
    once(arguments, &Arc::default(), terminal::json).map(|report| report.exit_status())
}

/// Prints a value as JSON.
type Json<T> = fn(&mut dyn Write, &T) -> io::Result<()>;

/// Does a phase of a run, and says which workbooks are left to the run itself; what becomes of them, that one says.
fn ahead(arguments: &Run, phase: args::Phase) -> Result<u8, Error> {
    let (phase, done) = match phase {
        args::Phase::Read => (Phase::Read, "read"),
        args::Phase::Join => (Phase::Join, "joined"),
        args::Phase::Write => (Phase::Write, "written"),
    };
    let options = Options { phase: Some(phase), ..options(arguments, Arc::default())? };
    let bar = terminal::Bar::new(arguments.quiet);
    let report = run(&options, &|progress| bar.show(progress))?;
    match arguments.format {
        Format::Json => terminal::print(|out| terminal::json(out, &report))?,
        Format::Text if !arguments.quiet => terminal::print(|out| terminal::ahead(out, &report, done))?,
        Format::Text => {}
    }
    Ok(0)
}

fn options(arguments: &Run, stop: Arc<AtomicBool>) -> Result<Options, Error> {
    let (mut config, _) = config(arguments.config.as_deref(), &arguments.inbox)?;
    if let Some(language) = arguments.language {
        config.language = language;
    }
    Ok(Options {
        inbox: arguments.inbox.clone(),
        out: arguments.out.clone(),
        month: arguments.month,
        today: jiff::Zoned::now().date(),
        config,
        jobs: arguments.jobs.map(usize::from),
        worker: env::current_exe().ok(),
        passwords: passwords(arguments.password_file.as_deref())?,
        dry_run: arguments.dry_run,
        phase: None,
        strict: arguments.strict,
        values: arguments.values,
        per_manager: arguments.per_manager,
        history: !arguments.no_history,
        force: arguments.force,
        files: arguments.files_from.as_deref().map(listed).transpose()?,
        stop,
    })
}

/// Runs, prints the report, opens the summary if that is asked for.
fn once(arguments: &Run, stop: &Arc<AtomicBool>, json: Json<Report>) -> Result<Report, Error> {
    let options = options(arguments, Arc::clone(stop))?;
    let bar = terminal::Bar::new(arguments.quiet);
    let report = run(&options, &|progress| bar.show(progress))?;
    match arguments.format {
        Format::Json => terminal::print(|out| json(out, &report))?,
        Format::Text if !arguments.quiet => {
            let folder = options.out.join(&report.month).display().to_string();
            let written = options.writes().then_some(folder.as_str());
            terminal::print(|out| terminal::report(out, &report, arguments.verbose, written))?;
        }
        Format::Text => {}
    }
    if arguments.open && options.writes() {
        let folder = options.out.join(&report.month);
        let target = report.summary.as_ref().map_or(folder.clone(), |summary| folder.join(summary));
        if let Err(error) = open::that_detached(&target) {
            let why = match error.kind() {
                io::ErrorKind::NotFound if target.exists() => "no program that opens files was found here".to_owned(),
                _ => error.to_string(),
            };
            terminal::warning(&format!("{} cannot be opened: {why}", target.display()));
        }
    }
    Ok(report)
}

/// The files that a list names, a line each.
fn listed(list: &Path) -> Result<Vec<PathBuf>, Error> {
    let text = if list == Path::new("-") { io::read_to_string(io::stdin()) } else { fs::read_to_string(list) };
    let text = text.map_err(|error| Error::unreadable("the list of files", list, &error))?;
    // Windows programs put a mark before UTF-8
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let files: Vec<_> = lines.filter(|line| !line.is_empty()).map(PathBuf::from).collect();
    if files.is_empty() {
        let list = if list == Path::new("-") { "standard input".to_owned() } else { list.display().to_string() };
        return Err(Error::Name(format!("{list} names no workbook, so there is nothing to do (--files-from)")));
    }
    Ok(files)
}

fn explain(arguments: &Explain) -> Result<u8, Error> {
    let codes = match &arguments.code {
        None => Code::ALL.to_vec(),
        Some(word) => match keeptabs::explain::find(word) {
            Ok(code) => vec![code],
            Err(near) => {
                let near = near.map_or_else(String::new, |code| format!("; did you mean {code}?"));
                return Err(Error::Name(format!("there is no finding \"{word}\"{near} `keeptabs explain` lists all")));
            }
        },
    };
    terminal::print(|out| match (arguments.format, &arguments.code) {
        (Format::Json, _) => terminal::explained_json(out, &codes),
        (Format::Text, None) => terminal::codes(out, &codes),
        (Format::Text, Some(_)) => codes.iter().try_for_each(|&code| terminal::explained(out, code)),
    })?;
    Ok(0)
}

fn configuration(arguments: &Configuration) -> Result<u8, Error> {
    if let Some(form) = arguments.schema {
        let form = match form {
            Form::Config => schema::Form::Config,
            Form::Report => schema::Form::Report,
            Form::Map => schema::Form::Map,
            Form::Error => schema::Form::Error,
        };
        return terminal::print(|out| terminal::json(out, &form.schema())).map(|()| 0);
    }
    let (text, source) = match found_config(arguments.config.as_deref(), &arguments.inbox) {
        Some(path) => (config_text(&path)?, path.display().to_string()),
        None => (String::new(), "built-in".to_owned()),
    };
    let effective = Config::effective(&text, &source)?;
    terminal::print(|out| match arguments.format {
        Format::Json => terminal::json(out, &effective),
        Format::Text => {
            let text = toml::to_string(&effective).map_err(io::Error::other)?;
            write!(out, "# {source}, and what is built in for what it leaves out\n{text}")
        }
    })?;
    Ok(0)
}

fn manual(folder: Option<&Path>) -> Result<u8, Error> {
    let Some(folder) = folder else {
        let mut page = Vec::new();
        let written = clap_mangen::Man::new(Cli::command()).render(&mut page);
        written.map_err(|error| Error::Output { path: "standard output".into(), reason: error.to_string() })?;
        return terminal::print(|out| out.write_all(&page)).map(|()| 0);
    };
    let trouble = |error: io::Error| Error::Output { path: folder.to_owned(), reason: error.to_string() };
    fs::create_dir_all(folder).map_err(trouble)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(trouble)?;
    Ok(0)
}

fn show_map(arguments: &Map) -> Result<u8, Error> {
    let (config, path) = config(arguments.config.as_deref(), &arguments.inbox)?;
    let bar = terminal::Bar::new(false);
    let options = Options {
        inbox: arguments.inbox.clone(),
        out: PathBuf::from("results"),
        month: arguments.month,
        today: jiff::Zoned::now().date(),
        config,
        jobs: None,
        worker: env::current_exe().ok(),
        passwords: passwords(arguments.password_file.as_deref())?,
        dry_run: true,
        phase: None,
        strict: false,
        values: false,
        per_manager: false,
        history: false,
        force: false,
        files: None,
        stop: Arc::default(),
    };
    let mut report = map(&options, &|progress| bar.show(progress))?;
    if let Some(name) = &arguments.only {
        report.keep_only(name);
        if report.files.is_empty() {
            let inbox = arguments.inbox.display();
            return Err(Error::Name(format!(
                "no workbook in {inbox} has \"{name}\" in its path; `keeptabs map` lists all"
            )));
        }
    }
    terminal::print(|out| match arguments.format {
        Format::Json => terminal::json(out, &report),
        Format::Text => terminal::map(out, &report, arguments.verbose || arguments.only.is_some(), arguments.save),
    })?;
    if arguments.save {
        let path = path.unwrap_or_else(|| beside(&arguments.inbox).join(CONFIG));
        let trouble = |error: io::Error| Error::Output { path: path.clone(), reason: error.to_string() };
        let existing = if path.is_file() { fs::read_to_string(&path).map_err(trouble)? } else { String::new() };
        let added = proposal::commented_out(&existing, &report.month, &report.open());
        if let Some((text, _)) = &added {
            // a link stays one: the file that it leads to is replaced
            let target = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
            let gap = if existing.is_empty() {
                ""
            } else if existing.ends_with('\n') {
                "\n"
            } else {
                "\n\n"
            };
            save::whole(&target, |file| write!(file, "{existing}{gap}{text}")).map_err(trouble)?;
        }
        terminal::saved(&path, added.map(|(_, count)| count));
    }
    Ok(report.exit_status())
}

fn show_history(arguments: &args::History) -> Result<u8, Error> {
    let (config, _) = config(arguments.config.as_deref(), &arguments.out)?;
    let by = match (arguments.what, &arguments.client, &arguments.manager) {
        (None | Some(What::Clients), Some(_), _) | (Some(What::Clients), ..) => By::Clients,
        (None | Some(What::Managers), None, Some(_)) | (Some(What::Managers), None, _) => By::Managers,
        (Some(What::Departments), None, None) => By::Departments,
        (None, None, None) => By::Organisation,
        (Some(_), ..) => {
            let message = "--client goes with clients, --manager with managers or clients".to_owned();
            return Err(Error::Name(message));
        }
    };
    let query = Query { by, client: arguments.client.clone(), manager: arguments.manager.clone() };
    let report = history::history(&stored(&arguments.out)?, &query, &config)?;
    terminal::print(|out| match arguments.format {
        HistoryFormat::Text => terminal::history(out, &report),
        HistoryFormat::Json => terminal::json(out, &report),
        HistoryFormat::Csv => report.csv(out),
    })?;
    Ok(0)
}

fn show_client(arguments: &args::Client) -> Result<u8, Error> {
    let (config, _) = config(arguments.config.as_deref(), &arguments.out)?;
    let name = arguments.name.join(" ");
    let report = history::client(&stored(&arguments.out)?, &name, arguments.month, &config)?;
    terminal::print(|out| match arguments.format {
        Format::Text => terminal::client(out, &report),
        Format::Json => terminal::json(out, &report),
    })?;
    Ok(0)
}

/// The stored months; one at least.
fn stored(out: &Path) -> Result<Vec<Snapshot>, Error> {
    let path = out.join(history::NAME);
    let months = history::load(&path)?;
    if months.is_empty() { Err(Error::NothingStored { path }) } else { Ok(months) }
}

/// The configuration given, else keeptabs.toml beside the inbox (or the results), else in the working directory, else the built-in one;
/// and its file.
fn config(given: Option<&Path>, inbox: &Path) -> Result<(Config, Option<PathBuf>), Error> {
    let Some(path) = found_config(given, inbox) else {
        return Ok((Config::built_in(), None));
    };
    let text = config_text(&path)?;
    // the file's name, not its place: results are the same wherever the folder lies
    let source =
        path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok((Config::parse(&text, &source)?, Some(path)))
}

/// The passwords of a file, and that of the environment.
fn passwords(file: Option<&Path>) -> Result<Passwords, Error> {
    let mut passwords = Passwords::default();
    if let Some(path) = file {
        let text = fs::read_to_string(path).map_err(|error| Error::unreadable("the passwords", path, &error))?;
        passwords = Passwords::of_lines(&text);
    }
    passwords.extend(env::var(password::VARIABLE).ok().filter(|password| !password.is_empty()));
    Ok(passwords)
}

fn found_config(given: Option<&Path>, inbox: &Path) -> Option<PathBuf> {
    let found = [beside(inbox).join(CONFIG), PathBuf::from(CONFIG)].into_iter().find(|path| path.is_file());
    given.map(Path::to_owned).or(found)
}

fn config_text(path: &Path) -> Result<String, Error> {
    fs::read_to_string(path).map_err(|error| Error::unreadable("the configuration", path, &error))
}

/// The folder that holds the inbox.
fn beside(inbox: &Path) -> PathBuf {
    // "." and ".." have no parent that could be read off their names
    let named = if inbox.file_name().is_some() { Ok(inbox.to_owned()) } else { fs::canonicalize(inbox) };
    let named = named.unwrap_or_else(|_| inbox.to_owned());
    named.parent().map(Path::to_owned).unwrap_or_default()
}
