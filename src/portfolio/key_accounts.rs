//! Shares and key accounts: the smallest leading set that reaches the share.

use super::money::Unit;
use smallvec::SmallVec;

/// The place of one amount among the others of its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Standing {
    /// Place by amount, from 1.
    pub rank: usize,
    /// Part of the sum, 0 to 1.
    pub share: f64,
    /// Part of the sum up to and including this one.
    pub cumulative: f64,
    /// Whether it belongs to the smallest leading set that reaches the share asked for.
    pub key: bool,
}

/// Places by currency.
pub type Standings = SmallVec<[(Unit, Standing); 1]>;

/// Standings of amounts that are sorted from the largest down; only amounts above 0 take part.
pub(super) fn standings(sorted: &[f64], key_share: f64) -> Vec<Standing> {
    let total: f64 = sorted.iter().sum();
    // The crosser must not fall behind the limit by a rounding of the sums.
    let limit = total * key_share - total * 1e-12 * sorted.len() as f64;
    let mut before = 0.0;
    sorted
        .iter()
        .enumerate()
        .map(|(index, &amount)| {
            let key = before < limit;
            before += amount;
            let cumulative = if index + 1 == sorted.len() { 1.0 } else { before / total };
            Standing { rank: index + 1, share: amount / total, cumulative, key }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::standings;

    #[test]
    fn the_client_that_crosses_is_a_key_account() {
        for (amounts, share, keys) in [
            (&[50.0, 30.0, 20.0][..], 0.8, 2),
            (&[50.0, 29.0, 21.0], 0.8, 3),
            (&[100.0], 0.8, 1),
            (&[90.0, 10.0], 0.8, 1),
            (&[0.1; 10], 0.8, 8),
            (&[0.3, 0.3, 0.1, 0.1, 0.1, 0.1], 0.8, 4),
            (&[10.0, 10.0], 1.0, 2),
            (&[10.0, 10.0], 0.0, 0),
            (&[], 0.8, 0),
        ] {
            let found = standings(amounts, share).iter().filter(|standing| standing.key).count();
            assert_eq!(found, keys, "{amounts:?}");
        }
    }

    #[test]
    fn shares_and_ranks() {
        let found = standings(&[60.0, 30.0, 10.0], 0.8);
        assert_eq!(found.iter().map(|s| s.rank).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(found.iter().map(|s| s.share).collect::<Vec<_>>(), [0.6, 0.3, 0.1]);
        assert_eq!(found.iter().map(|s| s.cumulative).collect::<Vec<_>>(), [0.6, 0.9, 1.0]);
    }
}
