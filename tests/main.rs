//! Behaviour through the command line and real workbooks.
#![allow(clippy::cmp_owned, reason = "a cell is compared as it is shown, whatever its type")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod batch;
mod cases;
mod cli;
mod commands;
mod demo;
mod department;
mod edited;
mod headings;
mod history;
mod history_year;
mod organisation;
mod round_trip;
mod support;
