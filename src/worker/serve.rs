//! A worker, seen from within: reads what comes through its standard input until that ends.

use super::frames;
use crate::error::FileError;
use crate::guard::guarded;
use crate::password::Passwords;
use crate::workbook::{HandIn, Limits};
use serde::{Deserialize, Serialize};
use std::io::{self, Read, Write};

/// What a worker answers to its greeting.
pub(super) const VERSION: &str = concat!("keeptabs worker ", env!("CARGO_PKG_VERSION"));

/// What a worker is told first.
#[derive(Serialize, Deserialize)]
pub(super) struct Greeting {
    pub(super) limits: Limits,
    pub(super) passwords: Vec<String>,
}

/// Serves one run; returns when its pipe ends.
///
/// # Errors
/// When the pipe breaks or speaks another language.
pub fn serve(mut input: impl Read, mut output: impl Write) -> io::Result<()> {
    let Some(greeting) = frames::receive(&mut input, 1 << 20)? else { return Ok(()) };
    let Greeting { limits, passwords } = frames::value(&greeting)?;
    let passwords: Passwords = passwords.into_iter().collect();
    limit_memory(limits.worker_bytes);
    frames::send(&mut output, VERSION.as_bytes())?;
    output.flush()?;
    while let Some(name) = frames::receive(&mut input, 1 << 10)? {
        let bytes = frames::receive(&mut input, limits.file_bytes)?.ok_or(io::ErrorKind::UnexpectedEof)?;
        limit_time(limits.worker_seconds);
        let sheet_name = String::from_utf8_lossy(&name).into_owned();
        let file = HandIn { bytes, sheet_name };
        let book = guarded(|| file.read(&limits, &passwords)).unwrap_or_else(|panic| Err(FileError::Crashed(panic)));
        drop(file);
        frames::send_value(&mut output, &book)?;
        output.flush()?;
    }
    Ok(())
}

/// Past this an allocation fails, which ends the process. Where the system refuses, the budgets of the reader remain.
#[cfg(unix)]
fn limit_memory(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let most = |limit| Rlimit { current: Some(limit), maximum: Some(limit) };
    #[cfg(not(target_os = "openbsd"))]
    let _ = setrlimit(Resource::As, most(bytes));
    #[cfg(target_os = "openbsd")]
    let _ = setrlimit(Resource::Data, most(bytes));
    // nobody looks at the memory of a worker that ended
    let _ = setrlimit(Resource::Core, most(0));
}

/// The run watches the clock; this ends a worker whose run was itself ended from outside.
#[cfg(unix)]
fn limit_time(seconds: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = u64::try_from(clock_gettime(ClockId::ProcessCPUTime).tv_sec).unwrap_or(0);
    let maximum = getrlimit(Resource::Cpu).maximum;
    let _ = setrlimit(Resource::Cpu, Rlimit { current: Some(used + seconds + 5), maximum });
}

#[cfg(not(unix))]
fn limit_memory(_: u64) {}

#[cfg(not(unix))]
fn limit_time(_: u64) {}
