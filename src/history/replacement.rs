//! What it costs to replace lost clients instead of keeping them.

/// Winning a client costs 6 to 7 times what keeping one costs (attributed to F. Reichheld): an assumption.
pub const DEFAULT_MULTIPLE: f64 = 6.5;

/// The like-for-like sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replacement {
    /// Winning as many new clients.
    pub winning: f64,
    /// Keeping those that were lost for a year.
    pub keeping: f64,
    /// The difference.
    pub burnt: f64,
}

/// Lost clients × cost to keep one for a year × multiple, less what keeping them would have cost. Nothing without both.
pub fn replacement(lost: usize, cost: Option<f64>, multiple: Option<f64>) -> Option<Replacement> {
    let keeping = lost as f64 * cost?;
    let winning = keeping * multiple?;
    Some(Replacement { winning, keeping, burnt: winning - keeping })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_of_the_contract() {
        let sum = replacement(10, Some(100.0), Some(DEFAULT_MULTIPLE)).unwrap();
        assert_eq!((sum.winning, sum.keeping, sum.burnt), (6_500.0, 1_000.0, 5_500.0));
        assert_eq!(replacement(10, None, Some(6.5)), None);
        assert_eq!(replacement(10, Some(100.0), None), None);
    }
}
