//! Errors in two sizes: [`Error`] ends the run, [`FileError`] ends one workbook. What concerns a cell is a finding.

use std::io;
use std::path::{Path, PathBuf};

/// Why a workbook could not be read; each says what the file is and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error, serde::Serialize, serde::Deserialize)]
pub enum FileError {
    /// The system refused to give the file.
    #[error("cannot be opened: {0}; close it elsewhere or check its permissions, then run again")]
    Io(String),
    /// It was in the inbox a moment ago.
    #[error(
        "went away while the inbox was read; see that it is there and that the folder can be reached, then run again"
    )]
    Gone,
    /// Encrypted, and no password was given.
    #[error("is protected with a password; hand in a copy without one, or give the password with --password-file")]
    Password,
    /// Encrypted, and none of so many passwords opens it.
    #[error(
        "is protected with a password, and {} not open it; hand in a copy without one, or add its password",
        if *.0 == 1 { "the one given does".to_owned() } else { format!("the {} given do", .0) }
    )]
    WrongPassword(usize),
    /// Encrypted in a way that is not opened here, whatever the password.
    #[error("is protected with a password in a way that keeptabs cannot open ({0}); hand in a copy without one")]
    LockedFormat(String),
    /// No workbook at all, by its content.
    #[error("is no workbook: {0}")]
    NotAWorkbook(String),
    /// A workbook that keeptabs made of several lists.
    #[error("was made by keeptabs from the departments' lists, which count instead of it")]
    OwnSummary,
    /// A format that nothing here reads.
    #[error("is in a format that cannot be read: {0}; save it as xlsx and hand that in")]
    Unsupported(String),
    /// Damaged or cut off.
    #[error("is damaged: {0}; ask for a fresh copy or open it in Excel and save it again")]
    Damaged(String),
    /// Larger than the limits allow.
    #[error("is too large: {0}")]
    TooLarge(String),
    /// Reading it took more than a workbook may.
    #[error(
        "was given up: {0}; it may be damaged: open it in Excel and save it as xlsx, or, if it is that large, raise its limits"
    )]
    Costly(String),
    /// The reader gave up in a way that is our fault.
    #[error("could not be read ({0}); save it again as xlsx, and report this, please")]
    Crashed(String),
}

/// Why a run cannot be made; exit status 2.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The inbox does not exist or cannot be read.
    #[error("cannot read the inbox {path}: {reason}")]
    Inbox {
        /// The folder as given.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The inbox holds nothing to do.
    #[error("no workbook below {path} (looked for xlsx, xlsm, xlsb, xls, ods and csv, by content)")]
    NoWorkbook {
        /// The folder as given.
        path: PathBuf,
    },
    /// Mistakes in the configuration, all of them.
    #[error("{path} has {} to mend:\n{}", if mistakes.len() == 1 { "a mistake" } else { "mistakes" }, mistakes.join("\n\n"))]
    Config {
        /// The file, or "the command line".
        path: String,
        /// One text each, with line and caret where known.
        mistakes: Vec<String>,
    },
    /// The month given has not begun.
    #[error("{month} has not begun: today is {today}; give the month that the lists are about")]
    FutureMonth {
        /// Month asked for.
        month: String,
        /// The day of the run.
        today: String,
    },
    /// The output folder cannot be written to.
    #[error("cannot write to {path}: {reason}")]
    Output {
        /// Folder or file.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A file that the command line names cannot be read.
    #[error("cannot read {what} {path}: {reason}")]
    Unreadable {
        /// What it was to be: "the configuration".
        what: &'static str,
        /// The file as given.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A folder that something is to be made in holds something else.
    #[error("{path} is not empty; name a folder that is not there yet")]
    NotEmpty {
        /// The folder as given.
        path: PathBuf,
    },
    /// Ctrl-C cannot be waited for.
    #[error("cannot wait for Ctrl-C: {reason}")]
    Watch {
        /// What the system said.
        reason: String,
    },
    /// A person ended the run before anything was written.
    #[error("stopped; nothing was written")]
    Stopped,
    /// The stored months cannot be used.
    #[error("cannot use the history {path}: {reason}")]
    History {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        reason: String,
    },
    /// The month is stored with departments that this run lacks.
    #[error(
        "{month} is stored with {}, and nothing in this run speaks of {}: add what is missing, or replace the month all the same with --force",
        departments.join(", "), if departments.len() == 1 { "it" } else { "them" }
    )]
    Partial {
        /// The month.
        month: String,
        /// The departments that are lacking.
        departments: Vec<String>,
    },
    /// Results are to be written ahead of the run, and nothing says what with.
    #[error(
        "nothing is kept of {month} that results could be written with: run --phase join with the same options before --phase write"
    )]
    NotJoined {
        /// The month.
        month: String,
    },
    /// Nothing is stored yet.
    #[error("no month is stored in {path}: keeptabs run stores one; --out names the folder with the results")]
    NothingStored {
        /// The file.
        path: PathBuf,
    },
    /// The month asked for is not stored, or does not list who was asked for.
    #[error("{0}")]
    NotStored(String),
    /// A name that no client, or more than one, has.
    #[error("{0}")]
    Name(String),
}

impl Error {
    /// A file of the command line that the system does not give.
    pub fn unreadable(what: &'static str, path: &Path, error: &io::Error) -> Self {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            io::ErrorKind::InvalidData => "it is no text in UTF-8".to_owned(),
            _ => error.to_string(),
        };
        Self::Unreadable { what, path: path.to_owned(), reason }
    }

    /// Stable name of the kind, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Inbox { .. } => "inbox-unreadable",
            Self::NoWorkbook { .. } => "no-workbook",
            Self::Config { .. } => "configuration",
            Self::FutureMonth { .. } => "month-not-begun",
            Self::Output { .. } => "output",
            Self::Unreadable { .. } => "file-unreadable",
            Self::NotEmpty { .. } => "folder-not-empty",
            Self::Watch { .. } => "watch",
            Self::Stopped => "stopped",
            Self::History { .. } => "history",
            Self::Partial { .. } => "departments-missing",
            Self::NotJoined { .. } => "not-joined",
            Self::NothingStored { .. } => "nothing-stored",
            Self::NotStored(_) => "not-stored",
            Self::Name(_) => "name",
        }
    }
}
