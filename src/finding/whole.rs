//! Findings as keeptabs keeps them for itself: whole, so that they come back as they were. run.json's form is for readers
//! and leaves out what is empty, which only a format that names its fields can do.

use super::{Code, Finding, Severity};
use crate::book::CellRef;
use crate::field::Field;
use crate::proposal::Proposal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize, Deserialize)]
#[serde(remote = "Finding")]
struct Whole {
    code: Code,
    severity: Severity,
    sheet: Option<String>,
    cell: Option<CellRef>,
    field: Option<Field>,
    raw: Option<String>,
    message: String,
    proposals: Vec<Proposal>,
}

#[derive(Serialize)]
struct Lent<'a>(#[serde(with = "Whole")] &'a Finding);

#[derive(Deserialize)]
struct Own(#[serde(with = "Whole")] Finding);

pub(crate) fn serialize<S: Serializer>(findings: &[Finding], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(findings.iter().map(Lent))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Finding>, D::Error> {
    Ok(Vec::<Own>::deserialize(deserializer)?.into_iter().map(|Own(finding)| finding).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_comes_back_as_it_was() {
        #[derive(Serialize, Deserialize, Debug, PartialEq)]
        struct All(#[serde(with = "super")] Vec<Finding>);
        let plain = Finding::new(Code::NotWritten, "m");
        let full = Finding::new(Code::WrongValue, "85 is no survey score")
            .on("Clients")
            .at(16, 5)
            .of(Field::SurveyScore)
            .raw("85")
            .settled_by(Proposal::survey_scale("a.xlsx", "Clients", "0-100").or("\"0-10\""));
        let all = All(Code::ALL.iter().map(|code| Finding::new(*code, "")).chain([plain, full]).collect());
        let bytes = postcard::to_allocvec(&all).unwrap();
        assert_eq!(postcard::from_bytes::<All>(&bytes).unwrap(), all);
    }
}
