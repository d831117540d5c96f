//! How often the application disagrees with itself.

use super::stored::Stored;
use crate::baseline::Accepted;

/// How often two answers to one case differ in whether they pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Flips {
    /// Pairs of graded answers to one case, over all cases, and those that differ.
    pub pairs: usize,
    /// Pairs that differ.
    pub differ: usize,
    /// Cases that ever differ.
    pub cases: usize,
    /// The places of those cases with how many of their graded answers pass, of how many: the most divided
    /// first.
    pub worst: Vec<(usize, usize, usize)>,
}

impl Flips {
    /// The share of pairs that differ; 0 of none.
    pub fn rate(&self) -> f64 {
        if self.pairs == 0 { 0.0 } else { self.differ as f64 / self.pairs as f64 }
    }
}

/// How often the answers to the cases of a suite differ. A target error is a failure here; answers that are
/// not graded are left out.
pub fn flips(stored: &Stored) -> Flips {
    let mut flips = Flips { pairs: 0, differ: 0, cases: 0, worst: Vec::new() };
    for (place, case) in stored.cases.iter().enumerate() {
        let count = |wanted: fn(Accepted) -> bool| case.runs.iter().filter(|run| wanted(run.outcome)).count();
        let passed = count(|outcome| outcome == Accepted::Pass);
        let graded = count(|outcome| outcome != Accepted::Ungraded);
        flips.pairs += graded * graded.saturating_sub(1) / 2;
        let differ = passed * (graded - passed);
        flips.differ += differ;
        if differ > 0 {
            flips.worst.push((place, passed, graded));
        }
    }
    flips.cases = flips.worst.len();
    flips.worst.sort_by_key(|(_, passed, graded)| std::cmp::Reverse(passed * (graded - passed)));
    flips
}
