//! Where IronCalc is known to be wrong. An excuse that no formula needs any more fails the check.

/// Formulas that IronCalc gets wrong.
pub(crate) struct Excuse {
    /// What such a formula holds, all of it.
    pub(crate) marks: &'static [&'static str],
    /// What IronCalc does.
    pub(crate) reason: &'static str,
}

impl Excuse {
    pub(crate) fn covers(&self, formula: &str) -> bool {
        self.marks.iter().all(|mark| formula.contains(mark))
    }
}

pub(crate) const EXCUSES: &[Excuse] = &[];
