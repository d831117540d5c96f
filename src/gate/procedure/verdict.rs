//! Step 8: what the numbers of a test come to.

use super::SLACK;
use super::correction::Corrected;
use super::suite::SuiteTest;
use crate::gate::FindingKind;

/// Fewest clusters with which anything is called held.
pub const MIN_CLUSTERS: usize = 20;

/// What a test is held to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The largest corrected p-value that is sure.
    pub alpha: f64,
    /// A smaller loss, or gain, never counts.
    pub min_effect: f64,
    /// How far below its baseline a metric may be and be called held.
    pub tolerance: f64,
}

impl Limits {
    /// Whether an effect is a loss that counts.
    pub fn is_loss(&self, delta: f64) -> bool {
        delta <= -self.min_effect + SLACK
    }

    /// Whether an effect is a gain that counts.
    pub fn is_gain(&self, delta: f64) -> bool {
        delta >= self.min_effect - SLACK
    }
}

/// What a suite's test comes to. Effects are in the direction in which more is better.
pub fn kind(test: &SuiteTest, corrected: Corrected, limits: Limits) -> FindingKind {
    let sure = corrected.worse <= limits.alpha && test.guard.agrees(limits.alpha);
    if test.informative == 0 {
        FindingKind::Unchanged
    } else if sure && limits.is_loss(test.delta) {
        FindingKind::Regressed
    } else if corrected.better <= limits.alpha
        && test.guard.agrees_better(limits.alpha)
        && limits.is_gain(test.delta)
    {
        FindingKind::Improved
    } else if is_held(test, limits.tolerance) {
        // Also what is detectable and below the minimum effect.
        FindingKind::Held
    } else {
        FindingKind::Inconclusive
    }
}

/// Whether the interval shows that no more than `tolerance` was lost.
pub fn is_held(test: &SuiteTest, tolerance: f64) -> bool {
    test.interval.low > -tolerance && test.clusters >= MIN_CLUSTERS
}

/// Whether a scenario's test flags it: surely worse, and by enough.
pub fn is_flagged(delta: f64, corrected: Corrected, limits: Limits) -> bool {
    corrected.worse <= limits.alpha && limits.is_loss(delta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gate::procedure::{Groups, Guard, Layout, Scores, Values, suite_test};

    const LIMITS: Limits = Limits { alpha: 0.04, min_effect: 0.01, tolerance: 0.05 };

    /// A test of 100 clusters with this effect, and this lower bound of its interval.
    fn test(delta: f64, low: f64) -> SuiteTest {
        let own: Vec<u32> = (0..100).collect();
        let layout = Layout { clusters: Groups::new(&own, 100), scenarios: Groups::new(&[0; 100], 1) };
        let mut flags = vec![0b11; 100];
        flags[0] = 0b01;
        let scores = Scores { base: 1, cand: 1, values: Values::Flags(flags), graded: Vec::new() };
        let mut test = suite_test(&scores, &layout, 1.0, 0.8);
        (test.delta, test.interval.low) = (delta, low);
        test
    }

    fn said(test: &SuiteTest, worse: f64, better: f64) -> FindingKind {
        kind(test, Corrected { worse, better, threshold: LIMITS.alpha, tests: 1 }, LIMITS)
    }

    #[test]
    fn a_loss_must_be_sure_and_large_enough() {
        // A hair above −0.01, as the rounding of sums may leave it.
        let loss = test(-0.01 + 1e-15, -0.06);
        assert_eq!(said(&loss, 0.04, 0.96), FindingKind::Regressed);
        assert_eq!(said(&loss, 0.0401, 0.96), FindingKind::Inconclusive);
        assert_eq!(said(&test(-0.0099, -0.06), 0.001, 0.999), FindingKind::Inconclusive);
    }

    #[test]
    fn a_gain_is_the_mirror_of_a_loss() {
        let gain = test(0.01, -0.01);
        assert_eq!(said(&gain, 0.96, 0.04), FindingKind::Improved);
        assert_eq!(said(&gain, 0.96, 0.0401), FindingKind::Held);
    }

    #[test]
    fn a_loss_within_the_drift_of_whole_runs_does_not_block() {
        let drifting = Guard { runs: 5, dispersion: Some(1e-6), worse: Some(0.2) };
        let loss = SuiteTest { guard: drifting, ..test(-0.1, -0.2) };
        assert_eq!(said(&loss, 0.001, 0.999), FindingKind::Inconclusive);
        assert_eq!(said(&loss.without_guard(), 0.001, 0.999), FindingKind::Regressed);
        let beyond = SuiteTest { guard: Guard { worse: Some(0.01), ..drifting }, ..loss };
        assert_eq!(said(&beyond, 0.001, 0.999), FindingKind::Regressed);
    }

    #[test]
    fn what_is_held_lies_wholly_above_the_tolerance() {
        assert_eq!(said(&test(-0.01, -0.0499), 0.2, 0.8), FindingKind::Held);
        assert_eq!(said(&test(-0.01, -0.05), 0.2, 0.8), FindingKind::Inconclusive);
        let few = |clusters| SuiteTest { clusters, ..test(-0.01, -0.03) };
        assert_eq!(said(&few(20), 0.2, 0.8), FindingKind::Held);
        assert_eq!(said(&few(19), 0.2, 0.8), FindingKind::Inconclusive);
    }

    #[test]
    fn without_a_difference_nothing_else_is_said() {
        let same = SuiteTest { informative: 0, clusters: 3, ..test(0.0, -0.2) };
        assert_eq!(said(&same, 1.0, 1.0), FindingKind::Unchanged);
    }
}
