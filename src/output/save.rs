//! A result appears whole or not at all.

use super::finish::finish;
use super::rows::Rows;
use rust_xlsxwriter::Workbook;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use tempfile::Builder;

/// Writes a workbook with the rows of its tables to a temporary file in the target's folder and renames it into place.
///
/// # Errors
/// What the system or the workbook's writer said; the old file, if any, is then untouched.
pub(crate) fn workbook(mut workbook: Workbook, rows: &mut [Rows], level: u8, target: &Path) -> io::Result<()> {
    let package = workbook.save_to_buffer().map_err(io::Error::other)?;
    drop(workbook);
    whole(target, |file| finish(package, rows, level, file))
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
