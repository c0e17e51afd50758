//! What the reader has to say about a workbook as a whole.

use crate::book::Book;
use crate::finding::{Code, Finding};

/// How it was read where that was not plain, and what it holds besides worksheets.
pub(super) fn of(book: &Book) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        book.remarks.iter().map(|remark| Finding::new(Code::ReadRemark, remark.clone())).collect();
    for (name, kind) in &book.other_sheets {
        let message = format!("\"{name}\" is no worksheet ({kind}): it was not read, and the result does not carry it");
        findings.push(Finding::new(Code::NotCarried, message));
    }
    if book.macros {
        findings.push(Finding::new(Code::NotCarried, "macros: the result does not carry them"));
    }
    findings
}
