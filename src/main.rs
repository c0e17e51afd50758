//! Arguments → library → terminal → exit status.

mod args;
mod terminal;

use args::{Cli, Command, Format, Run};
use clap::Parser;
use keeptabs::config::Config;
use keeptabs::error::Error;
use keeptabs::run::{Options, run};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let Cli { command: Command::Run(arguments) } = Cli::parse();
    match start(&arguments) {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            terminal::error(&error);
            ExitCode::from(2)
        }
    }
}

fn start(arguments: &Run) -> Result<u8, Error> {
    let config = config(arguments.config.as_deref(), &arguments.inbox)?;
    let bar = terminal::Bar::new(arguments.quiet);
    let options = Options {
        inbox: arguments.inbox.clone(),
        out: arguments.out.clone(),
        month: arguments.month,
        today: jiff::Zoned::now().date(),
        config,
        jobs: arguments.jobs.map(usize::from),
        dry_run: arguments.dry_run,
        strict: arguments.strict,
        values: arguments.values,
        history: !arguments.no_history,
        force: arguments.force,
    };
    let report = run(&options, &|progress| bar.show(progress))?;
    match arguments.format {
        // a reader that closed the pipe has read enough
        Format::Json => terminal::json(&report).unwrap_or(()),
        Format::Text if !arguments.quiet => {
            let out = options.out.join(&report.month).display().to_string();
            terminal::report(&report, arguments.verbose, (!options.dry_run).then_some(&out));
        }
        Format::Text => {}
    }
    Ok(report.exit_status())
}

/// The configuration given, else keeptabs.toml beside the inbox, else in the working directory, else the built-in one.
fn config(given: Option<&Path>, inbox: &Path) -> Result<Config, Error> {
    const NAME: &str = "keeptabs.toml";
    let beside = inbox.parent().map(|folder| folder.join(NAME));
    let found = beside.into_iter().chain([PathBuf::from(NAME)]).find(|path| path.is_file());
    let Some(path) = given.map(Path::to_owned).or(found) else {
        return Ok(Config::built_in());
    };
    let shown = path.display().to_string();
    let text = fs::read_to_string(&path)
        .map_err(|error| Error::Config { path: shown.clone(), mistakes: vec![format!("cannot be read: {error}")] })?;
    // the file's name, not its place: results are the same wherever the folder lies
    let source = path.file_name().map_or(shown.clone(), |name| name.to_string_lossy().into_owned());
    Config::parse(&text, &source)
}
