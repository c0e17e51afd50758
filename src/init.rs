//! `keeptabs init`: a folder with configuration, inbox and form. What is there already stays as it is.

use crate::args::{Format, Init};
use crate::terminal;
use keeptabs::config::settings;
use keeptabs::error::Error;
use keeptabs::output::{form, save};
use serde::Serialize;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Name of the blank form.
const FORM: &str = "Client list form.xlsx";

/// What was made and what was there.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Made {
    pub(crate) folder: PathBuf,
    pub(crate) created: Vec<String>,
    pub(crate) kept: Vec<String>,
}

pub(crate) fn init(arguments: &Init) -> Result<u8, Error> {
    let folder = &arguments.folder;
    let mut made = Made { folder: folder.clone(), ..Made::default() };
    let language = arguments.language;
    made.unless_there("inbox", |path| fs::create_dir_all(path))?;
    made.unless_there(crate::CONFIG, |path| {
        let text = settings::template(language.code());
        save::whole(path, |file| file.write_all(text.as_bytes()))
    })?;
    made.unless_there(FORM, |path| form::write(path, language, jiff::Zoned::now().date()))?;
    terminal::print(|out| match arguments.format {
        Format::Json => terminal::json(out, &made),
        Format::Text => terminal::made(out, &made),
    })?;
    Ok(0)
}

impl Made {
    fn unless_there(&mut self, name: &str, make: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Error> {
        let path = self.folder.join(name);
        // a link that leads nowhere is there, too
        if path.symlink_metadata().is_ok() {
            self.kept.push(name.to_owned());
            return Ok(());
        }
        make(&path).map_err(|error| Error::Output { path, reason: error.to_string() })?;
        self.created.push(name.to_owned());
        Ok(())
    }
}
