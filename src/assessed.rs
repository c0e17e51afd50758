//! A client of the organisation, or an account of several rows, with everything that the scorecard says about it.
//!
//! The portfolio keeps what its sums need; pages and exports name flags, gaps and growth as well.

use crate::account::{Input, Measure};
use crate::field::{Field, Stage};
use crate::portfolio::Merged;
use crate::score::{Basis, Flag, Inputs, Kept, Rated, rate};

/// What several rows together say.
#[derive(Clone, Debug)]
pub struct MergedInputs<'p> {
    merged: &'p Merged,
    /// Inputs of the further columns that the scorecards count, by place in the configuration.
    own: Vec<Input>,
}

impl<'p> MergedInputs<'p> {
    /// The merged fields, and the further columns beside them.
    pub fn new(merged: &'p Merged, own: Vec<Input>) -> Self {
        Self { merged, own }
    }
}

impl Inputs for MergedInputs<'_> {
    fn measure(&self, measure: &Measure) -> Input {
        match measure {
            Measure::Field(field) => self.merged.measures.get(*field),
            Measure::Own(place) => self.own.get(*place).copied().unwrap_or_default(),
        }
    }

    fn stage(&self) -> Stage {
        // only rows of active clients are merged
        Stage::Active
    }
}

/// Merged inputs with their rating.
#[derive(Clone, Debug)]
pub struct Assessed<'p> {
    /// What the rows together say.
    pub inputs: MergedInputs<'p>,
    /// What the scorecard says about it; overrides are the portfolio's.
    pub rated: Rated,
    /// How it was rated.
    pub basis: &'p Basis<'p>,
}

impl<'p> Assessed<'p> {
    /// Rates merged inputs.
    pub fn new(inputs: MergedInputs<'p>, basis: &'p Basis<'p>, kept: Kept) -> Self {
        let mut rated = rate(&inputs, basis, kept);
        // where some rows lack an amount that others have, a ratio would compare unlike things
        let partial = |field: Field| inputs.merged.partial.contains(&field);
        if partial(Field::RevenueCurrent) || partial(Field::RevenueLastYear) {
            rated.growth = None;
            rated.flags.retain(|flag| *flag != Flag::Shrinking);
        }
        if partial(Field::RevenueCurrent) || partial(Field::Target) {
            rated.attainment = None;
            rated.flags.retain(|flag| *flag != Flag::BelowTarget);
        }
        Self { inputs, rated, basis }
    }
}
