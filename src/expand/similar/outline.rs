//! A few bits about a set, enough to refuse most sets that are not near it.

/// Words of 64 bits in an outline.
const WORDS: usize = 4;

/// For each of 256 classes of grams, whether the set has an odd number of them.
///
/// A gram that only one of two sets has flips one bit, so the bits that differ are at most as many as
/// the grams that do.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline([u64; WORDS]);

impl Outline {
    /// The outline of a set of mixed numbers.
    pub(super) fn of(grams: &[u64]) -> Self {
        let mut words = [0; WORDS];
        for gram in grams {
            let class = gram % (64 * WORDS as u64);
            words[(class / 64) as usize] ^= 1 << (class % 64);
        }
        Self(words)
    }

    /// At most the number of grams that one of the sets has and the other has not.
    pub(super) fn difference(&self, other: &Self) -> usize {
        self.0.iter().zip(&other.0).map(|(a, b)| (a ^ b).count_ones() as usize).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_never_differ_in_more_than_the_sets_do() {
        let set = |from: u64, to: u64| (from..to).map(super::super::mixed).collect::<Vec<_>>();
        for (a, b, apart) in
            [(set(0, 50), set(0, 50), 0), (set(0, 50), set(3, 50), 3), (set(0, 400), set(200, 600), 400)]
        {
            assert!(Outline::of(&a).difference(&Outline::of(&b)) <= apart);
        }
        assert_eq!(Outline::of(&[7]).difference(&Outline::of(&[7, 256 + 9])), 1);
        assert_eq!(Outline::of(&[7]).difference(&Outline::of(&[256 + 7])), 0, "one class, both odd");
    }
}
