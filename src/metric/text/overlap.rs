//! What two texts have in common, counted in parts of them.

use std::collections::HashMap;
use std::hash::Hash;

/// How much of an answer is in the reference, and how much of the reference is in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Overlap {
    /// Share of the answer's parts that the reference has too, 0 to 1.
    pub precision: f64,
    /// Share of the reference's parts that the answer has too, 0 to 1.
    pub recall: f64,
    /// Their harmonic mean, 0 to 1; 0 where both are 0.
    pub f1: f64,
}

impl Overlap {
    /// The overlap of an answer of `answer` parts with a reference of `reference`, `common` of which both have.
    /// A share of nothing is 0.
    pub(super) fn of(common: usize, answer: usize, reference: usize) -> Self {
        let share = |all: usize| if all == 0 { 0.0 } else { common as f64 / all as f64 };
        let (precision, recall) = (share(answer), share(reference));
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }
}

/// How often each part occurs.
pub(super) fn counted<T: Eq + Hash>(parts: impl Iterator<Item = T>) -> HashMap<T, usize> {
    let mut counts = HashMap::new();
    for part in parts {
        *counts.entry(part).or_default() += 1;
    }
    counts
}

/// How many parts both have, each as often as the one that has it less often.
pub(super) fn common<T: Eq + Hash>(one: &HashMap<T, usize>, other: &HashMap<T, usize>) -> usize {
    one.iter().map(|(part, count)| other.get(part).map_or(0, |there| *count.min(there))).sum()
}
