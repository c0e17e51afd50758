//! Why a result could not be written, and what to do about it, in one clause each.

use std::error::Error;
use std::io::{self, ErrorKind};

/// What the system said, and what to do.
pub(super) fn told(error: &io::Error) -> String {
    let cause = cause(error);
    let advice = match cause.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => "make room there",
        ErrorKind::ReadOnlyFilesystem => "choose a folder that can be written to (--out)",
        ErrorKind::PermissionDenied | ErrorKind::ResourceBusy => {
            "close it if it is open, and see that you may write there"
        }
        ErrorKind::InvalidFilename => "give the workbook or its folders shorter names",
        ErrorKind::IsADirectory => "a folder has its name: move that away",
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => "a file stands where a folder is needed: move that away",
        ErrorKind::NotFound => "the folder went away: see that it is there",
        _ => "close it if it is open",
    };
    format!("{cause}; {advice}, then run again")
}

/// The system's own error below those that wrap it.
fn cause(error: &io::Error) -> &io::Error {
    let mut cause = error;
    let mut next: Option<&(dyn Error + 'static)> = error.get_ref().map(|inner| inner as _);
    while let Some(inner) = next {
        next = match inner.downcast_ref::<io::Error>() {
            Some(own) => {
                cause = own;
                // its source is that of what it wraps, not what it wraps
                own.get_ref().map(|inner| inner as _)
            }
            None => inner.source(),
        };
    }
    cause
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_told_however_deep_it_lies() {
        let full = || io::Error::from(ErrorKind::StorageFull);
        assert!(told(&full()).contains("make room there, then run again"));
        assert!(told(&io::Error::other(full())).contains("make room"));
        assert!(told(&io::Error::other(io::Error::other(full()))).contains("make room"));
        assert!(told(&io::Error::from(ErrorKind::InvalidFilename)).contains("shorter names"));
        assert_eq!(told(&io::Error::other("odd")), "odd; close it if it is open, then run again");
    }
}
