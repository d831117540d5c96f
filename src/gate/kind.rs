//! Step 8: what the numbers of a comparison come to.

use super::FindingKind;
use super::compare::Comparison;

/// Fewest families with which anything is called held.
pub(super) const MIN_FAMILIES: usize = 20;

/// What a comparison is held to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Limits {
    /// The largest adjusted p-value that is sure.
    pub alpha: f64,
    /// A smaller loss, or gain, never counts.
    pub min_effect: f64,
    /// How far below its baseline a metric may be and be called held.
    pub tolerance: f64,
}

/// The p-values of one test, corrected for the others of the run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Corrected {
    pub worse: f64,
    pub better: f64,
    /// The largest p-value that the correction would take as sure in this test's place.
    pub threshold: f64,
    /// Tests of the run that were corrected together.
    pub tests: usize,
}

/// What is said of a comparison.
pub(super) fn kind(comparison: &Comparison, p: Corrected, limits: Limits) -> FindingKind {
    if !comparison.differs {
        FindingKind::Unchanged
    } else if p.worse <= limits.alpha && comparison.lost(limits.min_effect) {
        FindingKind::Regressed
    } else if p.better <= limits.alpha && comparison.gained(limits.min_effect) {
        FindingKind::Improved
    } else if is_held(comparison, limits.tolerance) {
        FindingKind::Held
    } else {
        FindingKind::Inconclusive
    }
}

/// Whether the comparison shows that no more than `tolerance` was lost.
pub(super) fn is_held(comparison: &Comparison, tolerance: f64) -> bool {
    comparison.interval.low > -tolerance && comparison.families >= MIN_FAMILIES
}

#[cfg(test)]
mod tests {
    use super::super::compare::Moves;
    use super::*;
    use crate::stats::cluster::ClusterDiff;
    use crate::stats::permutation::PValue;

    const LIMITS: Limits = Limits { alpha: 0.04, min_effect: 0.01, tolerance: 0.05 };

    /// A comparison of 100 families with this gain, and this lower bound of its interval.
    fn comparison(gain: f64, low: f64) -> Comparison {
        let p = PValue { exact: 0.5, mid: 0.5 };
        Comparison {
            before: 0.9,
            now: 0.9 + gain,
            gain,
            worse: p,
            better: p,
            least_mid: 0.0,
            changed: 10,
            interval: ClusterDiff { centre: gain, se: 0.02, freedom: 101, low, high: -low },
            detectable: 0.05,
            paired: 100,
            families: 100,
            differs: true,
            moves: Moves::Verdicts,
            broke: Vec::new(),
            fixed: Vec::new(),
            cases: Vec::new(),
        }
    }

    fn said(comparison: &Comparison, worse: f64, better: f64) -> FindingKind {
        kind(comparison, Corrected { worse, better, threshold: LIMITS.alpha, tests: 1 }, LIMITS)
    }

    #[test]
    fn a_loss_must_be_sure_and_large_enough() {
        // A hair above −0.01, as the rounding of sums may leave it.
        let loss = comparison(-0.01 + 1e-15, -0.06);
        assert_eq!(said(&loss, 0.04, 0.96), FindingKind::Regressed);
        assert_eq!(said(&loss, 0.0401, 0.96), FindingKind::Inconclusive);
        assert_eq!(said(&comparison(-0.0099, -0.06), 0.001, 0.999), FindingKind::Inconclusive);
    }

    #[test]
    fn a_gain_is_the_mirror_of_a_loss() {
        let gain = comparison(0.01, -0.01);
        assert_eq!(said(&gain, 0.96, 0.04), FindingKind::Improved);
        assert_eq!(said(&gain, 0.96, 0.0401), FindingKind::Held);
    }

    #[test]
    fn what_is_held_lies_wholly_above_the_tolerance() {
        assert_eq!(said(&comparison(-0.01, -0.0499), 0.2, 0.8), FindingKind::Held);
        assert_eq!(said(&comparison(-0.01, -0.05), 0.2, 0.8), FindingKind::Inconclusive);
        let few = |families| Comparison { families, ..comparison(-0.01, -0.03) };
        assert_eq!(said(&few(20), 0.2, 0.8), FindingKind::Held);
        assert_eq!(said(&few(19), 0.2, 0.8), FindingKind::Inconclusive);
    }

    #[test]
    fn without_a_difference_nothing_else_is_said() {
        let same = Comparison { differs: false, families: 3, ..comparison(0.0, -0.2) };
        assert_eq!(said(&same, 1.0, 1.0), FindingKind::Unchanged);
    }
}
