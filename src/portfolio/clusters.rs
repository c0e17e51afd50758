//! Sets of things that are one, and pairs that a person keeps apart.

use std::collections::BTreeSet;

/// Sets of things that are one.
#[derive(Debug)]
pub(super) struct Unions(Vec<usize>);

impl Unions {
    pub(super) fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// The smallest member of the set of `item`.
    pub(super) fn root(&mut self, mut item: usize) -> usize {
        while self.0[item] != item {
            self.0[item] = self.0[self.0[item]];
            item = self.0[item];
        }
        item
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// Sets that refuse to join where a person declared members of them different.
///
/// A member's marks are the sides of declared pairs that it belongs to: 2 × pair for one side, 2 × pair + 1 for the other.
#[derive(Debug)]
pub(super) struct Clusters {
    unions: Unions,
    /// The marks of each set, at its root.
    marks: Vec<BTreeSet<usize>>,
}

impl Clusters {
    /// Every member by itself, with its marks.
    pub(super) fn new<'m>(members: impl Iterator<Item = &'m [usize]>) -> Self {
        let marks: Vec<BTreeSet<usize>> = members.map(|marks| marks.iter().copied().collect()).collect();
        Self { unions: Unions::new(marks.len()), marks }
    }

    /// The smallest member of the set of `item`.
    pub(super) fn root(&mut self, item: usize) -> usize {
        self.unions.root(item)
    }

    /// Joins two sets unless names in them were declared different.
    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b || denied(&self.marks[a], &self.marks[b]) {
            return;
        }
        self.unions.join(a, b);
        let moved = std::mem::take(&mut self.marks[a.max(b)]);
        self.marks[a.min(b)].extend(moved);
    }
}

/// Whether any pair declared different has one side here and one there.
pub(super) fn denied(a: &BTreeSet<usize>, b: &BTreeSet<usize>) -> bool {
    a.iter().any(|mark| b.contains(&(mark ^ 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_different_never_joins_by_a_third() {
        let marks: [&[usize]; 4] = [&[0], &[], &[1], &[]];
        let mut clusters = Clusters::new(marks.into_iter());
        clusters.join(0, 1);
        clusters.join(1, 2);
        clusters.join(2, 3);
        let roots: Vec<usize> = (0..4).map(|item| clusters.root(item)).collect();
        assert_eq!(roots, [0, 0, 2, 2]);
        clusters.join(3, 0);
        assert_ne!(clusters.root(3), clusters.root(0));
    }
}
