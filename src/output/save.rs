//! A result appears whole or not at all.

use super::finish::finish;
use super::rows::Rows;
use crate::period::Month;
use rust_xlsxwriter::{Workbook, XlsxError};
use std::ffi::OsStr;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::Builder;
use walkdir::WalkDir;

/// How hard a package is compressed where no configuration says so, 1 to 9: Excel's own measure.
pub(super) const LEVEL: u8 = 3;

/// Writes a workbook with the rows of its tables to a temporary file in the target's folder and renames it into place.
///
/// # Errors
/// What the system or the workbook's writer said; the old file, if any, is then untouched.
pub(crate) fn workbook(mut workbook: Workbook, rows: &[Rows<'_>], level: u8, target: &Path) -> io::Result<()> {
    let package = workbook.save_to_buffer().map_err(|error| match error {
        // its own temporary files may find no room
        XlsxError::IoError(error) => error,
        other => io::Error::other(other),
    })?;
    drop(workbook);
    whole(target, |file| finish(package, rows, level, file))
}

/// How the temporary files begin and end: no result of ours is called so.
const TEMPORARY: (&str, &str) = (".keeptabs-", ".tmp");

/// Takes away what a run left behind in the months' folders that was killed while it wrote. No other run may be writing.
/// What cannot be taken away stays: it is in nobody's way.
pub(crate) fn sweep(out: &Path) {
    let is_month = |name: &OsStr| name.to_str().is_some_and(|name| name.parse::<Month>().is_ok());
    let is_temporary =
        |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1));
    let months = fs::read_dir(out).into_iter().flatten().flatten().filter(|entry| is_month(&entry.file_name()));
    for entry in months.flat_map(|month| WalkDir::new(month.path())).flatten() {
        if entry.file_type().is_file() && is_temporary(entry.file_name()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Writes a file that gets its name when it is whole.
///
/// # Errors
/// What the system said; the old file, if any, is then untouched.
pub fn whole(target: &Path, fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(target_os = "linux")]
    if let Some(mut file) = nameless::create(folder) {
        filled(&mut file, fill)?;
        // a link replaces nothing: for a moment the whole file stands beside the old one
        let beside = builder.make_in(folder, |path| nameless::link(&file, path))?;
        beside.persist(target).map_err(|error| error.error)?;
        return Ok(());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // as any program would create it: readable by all that the umask lets
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    filled(file.as_file_mut(), fill)?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}

fn filled(file: &mut fs::File, fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    let mut buffered = BufWriter::with_capacity(1 << 16, &mut *file);
    fill(&mut buffered)?;
    buffered.flush()?;
    drop(buffered);
    file.sync_all()
}

/// A file without a name: of a run that is killed nothing stays. Not every file system has it.
#[cfg(target_os = "linux")]
mod nameless {
    use rustix::fs::{AtFlags, CWD, Mode, OFlags, linkat, open};
    use std::fs::File;
    use std::io;
    use std::os::fd::AsRawFd;
    use std::path::Path;

    const OPEN_FILES: &str = "/proc/self/fd";

    pub(super) fn create(folder: &Path) -> Option<File> {
        let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
        // a name is given by way of /proc
        let file = || open(folder, flags, Mode::from_bits_truncate(0o666)).ok().map(File::from);
        Path::new(OPEN_FILES).exists().then(file)?
    }

    pub(super) fn link(file: &File, path: &Path) -> io::Result<()> {
        let own = format!("{OPEN_FILES}/{}", file.as_raw_fd());
        Ok(linkat(CWD, own, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
    }
}
