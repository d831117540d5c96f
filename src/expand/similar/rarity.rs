//! The order that all sets are read in: rarest grams first.

use super::overlap::prefix;
use super::shape::Shape;

/// Bits of the counters' index, at most: 4 MiB of counters.
const MOST_BITS: u32 = 20;

/// How often each gram occurs, roughly: grams with the same high bits share a counter. Any order will
/// do for the search to be right, as long as it is one; a good one makes it fast.
#[derive(Debug)]
pub(super) struct Rarity {
    counts: Vec<u32>,
    shift: u32,
}

impl Rarity {
    /// Counted over these.
    pub(super) fn of(shapes: &[Shape]) -> Self {
        let grams: usize = shapes.iter().map(|shape| shape.grams.len()).sum();
        let bits = (usize::BITS - grams.leading_zeros()).clamp(8, MOST_BITS);
        let mut of = Self { counts: vec![0; 1 << bits], shift: u64::BITS - bits };
        for gram in shapes.iter().flat_map(|shape| &shape.grams) {
            let counter = of.counter(*gram);
            of.counts[counter] = of.counts[counter].saturating_add(1);
        }
        of
    }

    /// The grams of a shape that are enough to find all sets near it, rarest first.
    pub(super) fn prefix(&self, shape: &Shape, threshold: f64) -> Vec<u64> {
        let length = prefix(shape.grams.len(), threshold);
        let mut ordered: Vec<(u32, u64)> =
            shape.grams.iter().map(|gram| (self.counts[self.counter(*gram)], *gram)).collect();
        if length < ordered.len() {
            ordered.select_nth_unstable(length);
            ordered.truncate(length);
        }
        ordered.sort_unstable();
        ordered.into_iter().map(|(_, gram)| gram).collect()
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most 20 bits are left")]
    fn counter(&self, gram: u64) -> usize {
        (gram >> self.shift) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_holds_what_is_rarest() {
        let shapes: Vec<Shape> = ["abcdefghij", "abcdefghij", "abcdefghix"].map(Shape::of).into();
        let rarity = Rarity::of(&shapes);
        // Six grams, of which at least five must be shared at 0.8: two are enough to find a neighbour.
        let prefix = rarity.prefix(&shapes[2], 0.8);
        assert_eq!(prefix.len(), 2);
        assert_eq!(prefix[0], Shape::of("fghix").grams[0], "the one gram that no other text has");
    }
}
