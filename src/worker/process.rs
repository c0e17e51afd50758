//! A worker, seen from the run: started, asked, watched, and ended.

use super::frames;
use super::serve::{Greeting, VERSION};
use crate::book::Book;
use crate::error::FileError;
use crate::password::Passwords;
use crate::workbook::{HandIn, Limits};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Bytes of a book on the pipe; the limits on cells and texts come before.
const MAX_ANSWER: u64 = 1 << 30;
/// Bytes of a dead worker's last words that are looked at.
const LAST_WORDS: u64 = 4096;

/// Why a worker gave no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Death {
    Memory,
    Time,
    Stack,
    /// The answer was larger than allowed.
    Answer,
    /// The system's word for it.
    Other(String),
}

/// A running worker.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts the program's hidden command and makes sure that it is the same program.
    pub(super) fn start(program: &Path, limits: &Limits, passwords: &Passwords) -> io::Result<Self> {
        let mut command = Command::new(program);
        // it gets its passwords through the pipe, where no list of processes shows them
        command.arg("worker").env_remove(crate::password::VARIABLE);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::Error::other("it has no pipes"));
        };
        let mut worker = Self { child, input, output: BufReader::new(output) };
        match worker.greeted(limits, passwords) {
            Ok(Some(version)) if version == VERSION.as_bytes() => Ok(worker),
            _ => Err(io::Error::other("it is another program")),
        }
    }

    fn greeted(&mut self, limits: &Limits, passwords: &Passwords) -> io::Result<Option<Vec<u8>>> {
        let greeting = Greeting { limits: limits.clone(), passwords: passwords.exposed().to_vec() };
        frames::send_value(&mut self.input, &greeting)?;
        self.input.flush()?;
        frames::receive(&mut self.output, 100)
    }

    /// What the worker reads in the file, with the bytes of the answer; or how it died of it.
    pub(super) fn read(&mut self, file: &HandIn, limits: &Limits) -> Result<(Result<Book, FileError>, u64), Death> {
        let Self { child, input, output } = self;
        let patience = Duration::from_secs(limits.worker_seconds);
        let answer = thread::scope(|scope| {
            let (done, answer) = mpsc::channel();
            // the thread ends with the worker at the latest: a dead one's pipes are closed
            scope.spawn(move || drop(done.send(ask(input, output, file))));
            answer.recv_timeout(patience).unwrap_or_else(|_| {
                drop(child.kill());
                Err(Death::Time)
            })
        });
        let answer = match answer {
            Ok(answer) => answer,
            Err(Death::Other(_)) => return Err(self.buried()),
            Err(death) => return Err(death),
        };
        let book = frames::value(&answer).map_err(|error| Death::Other(error.to_string()))?;
        Ok((book, answer.len() as u64))
    }

    /// Why a worker that closed its pipe is gone.
    fn buried(&mut self) -> Death {
        let mut words = Vec::new();
        if let Some(stderr) = self.child.stderr.take() {
            drop(stderr.take(LAST_WORDS).read_to_end(&mut words));
        }
        match self.child.wait() {
            Ok(status) => cause(status, &String::from_utf8_lossy(&words)),
            Err(error) => Death::Other(error.to_string()),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // it holds nothing that could be left half done
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn ask(input: &mut ChildStdin, output: &mut impl Read, file: &HandIn) -> Result<Vec<u8>, Death> {
    let asked = frames::send(input, file.sheet_name.as_bytes())
        .and_then(|()| frames::send(input, &file.bytes))
        .and_then(|()| input.flush());
    let answer = asked.and_then(|()| frames::receive(output, MAX_ANSWER));
    match answer {
        Ok(Some(answer)) => Ok(answer),
        Ok(None) => Err(Death::Other("the pipe closed".into())),
        Err(error) if error.kind() == io::ErrorKind::FileTooLarge => Err(Death::Answer),
        Err(error) => Err(Death::Other(error.to_string())),
    }
}

/// Rust says why it aborts; the rest the system knows.
fn cause(status: ExitStatus, words: &str) -> Death {
    if words.contains("memory allocation of") || words.contains("out of memory") {
        return Death::Memory;
    }
    if words.contains("overflowed its stack") {
        return Death::Stack;
    }
    if was_out_of_time(status) { Death::Time } else { Death::Other(status.to_string()) }
}

#[cfg(unix)]
fn was_out_of_time(status: ExitStatus) -> bool {
    use rustix::process::Signal;
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn was_out_of_time(_: ExitStatus) -> bool {
    false
}
