//! Step 7: all tests of a build corrected together.

use crate::stats::multiple::{holm, holm_thresholds};
use serde::{Deserialize, Serialize};

/// The p-values of one test, corrected for the others of the build.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Corrected {
    /// Of "worse".
    pub worse: f64,
    /// Of "better".
    pub better: f64,
    /// The largest p-value that the correction would take as sure in this test's place.
    pub threshold: f64,
    /// Tests of the build that were corrected together.
    pub tests: usize,
}

/// Tests to be corrected together, and what they may spend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Correction<'p> {
    /// p-values of "worse".
    pub worse: &'p [f64],
    /// p-values of "better", in the same order.
    pub better: &'p [f64],
    /// The chance of any false alarm that all of them share.
    pub alpha: f64,
}

/// Holm's correction, once for "worse" and once for "better".
pub fn correct(tests: Correction<'_>) -> Vec<Corrected> {
    let thresholds = holm_thresholds(tests.worse, tests.alpha);
    let count = tests.worse.len();
    let adjusted = holm(tests.worse).into_iter().zip(holm(tests.better)).zip(thresholds);
    adjusted
        .map(|((worse, better), threshold)| Corrected { worse, better, threshold, tests: count })
        .collect()
}
