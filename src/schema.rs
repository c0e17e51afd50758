//! The JSON schemas of what programs read and write, out of the types themselves.

use crate::config;
use crate::error_report::ErrorReport;
use crate::map_report::MapReport;
use crate::report::Report;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// A form with a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// keeptabs.toml.
    Config,
    /// run.json, and what `keeptabs run --format json` prints.
    Report,
    /// What `keeptabs map --format json` prints.
    Map,
    /// What `--format json` prints when nothing could be done.
    Error,
}

impl Form {
    /// The schema of the form.
    pub fn schema(self) -> Value {
        match self {
            Self::Config => config::schema(),
            Self::Report => written::<Report>(),
            Self::Map => written::<MapReport>(),
            Self::Error => written::<ErrorReport>(),
        }
    }
}

fn written<T: JsonSchema>() -> Value {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>().to_value()
}
