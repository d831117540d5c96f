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
