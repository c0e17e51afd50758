//! A result appears whole or not at all.

use super::filled;
use rust_xlsxwriter::Workbook;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::Builder;

/// Writes a workbook to a temporary file in the target's folder and renames it into place.
///
/// # Errors
/// What the system or the workbook's writer said; the old file, if any, is then untouched.
pub(crate) fn workbook(mut workbook: Workbook, target: &Path) -> io::Result<()> {
    whole(target, |file| workbook.save_to_writer(file).map_err(io::Error::other))
}

/// Writes a workbook whose tables have live columns.
///
/// # Errors
/// What the system or the workbook's writer said; the old file, if any, is then untouched.
pub(crate) fn live(mut workbook: Workbook, level: u8, target: &Path) -> io::Result<()> {
    let package = workbook.save_to_buffer().map_err(io::Error::other)?;
    drop(workbook);
    whole(target, |file| filled::finish(package, level, file))
}

/// Writes a file through a temporary one in the same folder, which is then renamed.
///
/// # Errors
/// What the system said; the old file, if any, is then untouched.
pub fn whole(target: &Path, fill: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut builder = Builder::new();
    builder.prefix(".keeptabs-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // as any program would create it: readable by all that the umask lets
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    {
        let mut buffered = BufWriter::with_capacity(1 << 16, file.as_file_mut());
        fill(&mut buffered)?;
        buffered.flush()?;
    }
    file.as_file().sync_all()?;
    file.persist(target).map_err(|error| error.error)?;
    Ok(())
}
