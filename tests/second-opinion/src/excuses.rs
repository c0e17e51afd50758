//! Where IronCalc is known to be wrong. An excuse that no formula needs any more fails the check.

/// Formulas that IronCalc gets wrong.
pub(crate) struct Excuse {
    /// What such a formula holds, as IronCalc writes it.
    pub(crate) mark: &'static str,
    /// What IronCalc does.
    pub(crate) reason: &'static str,
}

impl Excuse {
    pub(crate) fn covers(&self, formula: &str) -> bool {
        formula.contains("SUMPRODUCT(") && formula.contains(self.mark)
    }
}

pub(crate) const EXCUSES: &[Excuse] = &[
    // IronCalc marks with @ what it takes one cell of
    Excuse { mark: "ISNUMBER(@", reason: "ISNUMBER of a column inside SUMPRODUCT takes one cell of the column" },
    Excuse { mark: ",@", reason: "SEARCH in a column inside SUMPRODUCT takes one cell of the column" },
];
