//! keeptabs: departments' client lists in, scored and formatted workbooks out.

pub mod account;
pub mod book;
pub mod dictionary;
pub mod error;
pub mod field;
pub mod finding;
pub mod header;
pub mod mapping;
pub mod period;
pub mod text;
pub mod value;
