//! Behaviour through the command line and real workbooks.
#![allow(clippy::cmp_owned, reason = "a cell is compared as it is shown, whatever its type")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod batch;
mod cases;
mod cli;
mod commands;
mod craft;
mod demo;
mod department;
mod documents;
mod edited;
mod first_minute;
mod fresh;
mod headings;
mod history;
mod history_carried;
mod history_commands;
mod history_kills;
mod history_year;
mod isolation;
mod limits;
mod organisation;
mod protected;
mod round_trip;
mod scaling;
mod schemas;
mod segments;
mod summary_history;
mod support;
mod traps;
mod walkthrough;
#[cfg(unix)]
mod watching;
#[cfg(unix)]
mod writing;
