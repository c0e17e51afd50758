//! keeptabs: departments' client lists in, scored and formatted workbooks out.

pub mod account;
pub mod actions;
pub mod book;
pub mod config;
pub mod dictionary;
pub mod error;
pub mod field;
pub mod finding;
pub mod guard;
pub mod header;
pub mod history;
pub mod inbox;
pub mod language;
pub mod map_report;
pub mod mapping;
pub mod output;
pub mod period;
pub mod portfolio;
pub mod proposal;
pub mod report;
pub mod run;
pub mod score;
pub mod text;
pub mod value;
pub mod workbook;
