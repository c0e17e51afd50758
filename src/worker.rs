//! Reads in another process what no check can bound.
//!
//! xls and ods are read whole by a crate, and a failed allocation ends the process that asked for it, whatever is caught.
//! So the program starts itself again with a hidden command, limits that worker's memory and time, and gives it the
//! bytes of one workbook after another; only a [`Book`] comes back. A worker that dies or takes too long costs the
//! workbook that it was reading, and is replaced. A healthy xlsx or csv is read here and pays nothing.

mod frames;
mod process;
mod serve;

pub use serve::serve;

use crate::book::Book;
use crate::error::FileError;
use crate::password::Passwords;
use crate::workbook::{HandIn, Limits};
use process::{Death, Worker};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// A file or an answer of more bytes leaves a worker's memory in pieces: the next workbook gets a fresh one.
const LIGHT: u64 = 16 << 20;

/// Reads workbooks, here or in workers. Shared by all jobs; there are never more workers than jobs.
#[derive(Debug)]
pub struct Reader {
    program: Option<PathBuf>,
    limits: Limits,
    passwords: Passwords,
    idle: Mutex<Vec<Worker>>,
    without: AtomicBool,
}

impl Reader {
    /// `program` is keeptabs itself, for its workers; without it everything is read in this process.
    pub fn new(program: Option<PathBuf>, limits: Limits, passwords: Passwords) -> Self {
        Self { program, limits, passwords, idle: Mutex::default(), without: AtomicBool::new(false) }
    }

    /// Whether every worker that was asked for could be started.
    pub fn is_whole(&self) -> bool {
        !self.without.load(Ordering::Relaxed)
    }

    /// Reads a file that was handed in.
    ///
    /// # Errors
    /// What the file is, if it is no readable workbook, and what to do.
    pub fn read(&self, file: &HandIn) -> Result<Book, FileError> {
        match &self.program {
            Some(program) if !file.is_bounded(&self.limits) => self.elsewhere(program, file),
            _ => self.here(file),
        }
    }

    fn here(&self, file: &HandIn) -> Result<Book, FileError> {
        file.read(&self.limits, &self.passwords)
    }

    fn elsewhere(&self, program: &std::path::Path, file: &HandIn) -> Result<Book, FileError> {
        loop {
            let used = self.idle().pop();
            let fresh = used.is_none();
            let worker = used.map_or_else(|| Worker::start(program, &self.limits, &self.passwords), Ok);
            let mut worker = match worker {
                Ok(worker) => worker,
                Err(error) => {
                    self.without.store(true, Ordering::Relaxed);
                    // own checks bound every known case; a month is not lost for want of a second process
                    let mut book = self.here(file)?;
                    book.remarks
                        .push(format!("read without a process of its own, which could not be started: {error}"));
                    return Ok(book);
                }
            };
            match worker.read(file, &self.limits) {
                Ok((book, bytes)) => {
                    if bytes.max(file.bytes.len() as u64) <= LIGHT {
                        self.idle().push(worker);
                    }
                    return book;
                }
                Err(death) if fresh => return Err(self.told(death)),
                // memory in pieces may have failed a used one; only a fresh one's end is the file's doing
                Err(_) => {}
            }
        }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Worker>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn told(&self, death: Death) -> FileError {
        match death {
            Death::Memory => FileError::Costly(format!(
                "reading it takes more than {} MiB of memory (limits.worker_megabytes)",
                self.limits.worker_bytes >> 20
            )),
            Death::Time => FileError::Costly(format!(
                "reading it takes longer than {} seconds (limits.worker_seconds)",
                self.limits.worker_seconds
            )),
            Death::Stack => FileError::Costly("its parts are nested too deep".into()),
            Death::Answer => FileError::Costly("it holds more than can be handed over".into()),
            Death::Other(how) => FileError::Crashed(format!("the process that read it ended with {how}")),
        }
    }
}
