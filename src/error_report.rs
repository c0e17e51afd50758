//! Why a run cannot be made, for a program.

use crate::error::Error;
use serde::Serialize;

/// What `--format json` prints when nothing could be done; the exit status is 2.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct ErrorReport {
    /// Version of this format.
    pub version: u32,
    /// Program and version.
    pub tool: String,
    /// What went wrong.
    pub error: Trouble,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Trouble {
    /// Stable name of its kind: "no-workbook".
    pub code: String,
    /// What a person is told.
    pub message: String,
    /// In a configuration: each mistake, with its line and a caret.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mistakes: Vec<String>,
}

impl From<&Error> for ErrorReport {
    fn from(error: &Error) -> Self {
        let mistakes = match error {
            Error::Config { mistakes, .. } => mistakes.clone(),
            _ => Vec::new(),
        };
        Self {
            version: 1,
            tool: concat!("keeptabs ", env!("CARGO_PKG_VERSION")).to_owned(),
            error: Trouble { code: error.code().to_owned(), message: error.to_string(), mistakes },
        }
    }
}
