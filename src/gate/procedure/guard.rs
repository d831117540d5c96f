//! Step 5: whether whole runs of the baseline differ by more than their clusters do, and what the suite test
//! must then also pass.

use crate::stats::special::{chi_square_cdf, t_cdf};
use serde::{Deserialize, Serialize};

/// The p-value of the dispersion below which runs are taken to drift.
const DRIFTS: f64 = 0.05;

/// What the drift guard finds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Guard {
    /// Runs of the baseline that every case is graded in. Below 3 drift cannot be seen.
    pub runs: usize,
    /// p-value of "the runs' totals differ no more than the clusters' do" (χ²); `None` below 3 runs. 1 where
    /// no cluster differs.
    pub dispersion: Option<f64>,
    /// One-sided p-value of the candidate's mean total among those of the baseline (Student's t with one
    /// degree of freedom less than runs); `None` below 3 runs and where all totals are equal.
    pub worse: Option<f64>,
}

impl Guard {
    /// Fewest runs of the baseline whose drift can be seen.
    pub const MIN_RUNS: usize = 3;

    /// From the totals of the baseline's runs, the mean total of the candidate's `cand` runs, and the sum over
    /// clusters of the variance of each over the baseline's runs.
    pub(super) fn of(totals: &[f64], cand_mean: f64, cand: usize, clusters: f64) -> Self {
        let runs = totals.len();
        if runs < Self::MIN_RUNS || cand == 0 {
            return Self { runs, dispersion: None, worse: None };
        }
        let freedom = runs as f64 - 1.0;
        let mean = totals.iter().sum::<f64>() / runs as f64;
        let between = variance(totals);
        let dispersion =
            if clusters > 0.0 { 1.0 - chi_square_cdf(freedom * between / clusters, freedom) } else { 1.0 };
        let error = (between * (1.0 / runs as f64 + 1.0 / cand as f64)).sqrt();
        let worse = (error > 0.0).then(|| t_cdf((cand_mean - mean) / error, freedom));
        Self { runs, dispersion: Some(dispersion), worse }
    }

    /// Whether drift can be seen.
    pub const fn sees(&self) -> bool {
        self.dispersion.is_some()
    }

    /// Whether whole runs of the baseline drift.
    pub fn drifts(&self) -> bool {
        self.dispersion.is_some_and(|p| p < DRIFTS)
    }

    /// Whether it lets a loss stand: no drift is seen, or the loss is beyond the drift.
    pub fn agrees(&self, alpha: f64) -> bool {
        !self.drifts() || self.worse.is_none_or(|p| p <= alpha)
    }

    /// Whether it lets a gain stand.
    pub fn agrees_better(&self, alpha: f64) -> bool {
        !self.drifts() || self.worse.is_none_or(|p| 1.0 - p <= alpha)
    }
}

/// The variance with one degree of freedom taken off; 0 of fewer than two values.
pub(super) fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_show_no_drift() {
        let guard = Guard::of(&[40.0, 60.0], 10.0, 1, 1.0);
        assert!(!guard.sees() && guard.agrees(0.04));
    }

    #[test]
    fn runs_without_variance_agree() {
        let guard = Guard::of(&[50.0; 5], 40.0, 1, 0.0);
        assert_eq!((guard.dispersion, guard.worse), (Some(1.0), None));
        assert!(guard.agrees(0.04));
    }

    /// Totals 90, 100, 110: variance 100. With clusters that differ by 1 in all, (3−1)·100/1 is far beyond
    /// 5.99. The candidate at 95: t = −5/√(100·4/3) = −0.433 with 2 degrees, P = 0.354 (tables).
    #[test]
    fn a_loss_within_the_drift_does_not_stand() {
        let guard = Guard::of(&[90.0, 100.0, 110.0], 95.0, 1, 1.0);
        assert!(guard.drifts() && !guard.agrees(0.04));
        assert!((guard.worse.unwrap() - 0.353_6).abs() < 1e-3, "{guard:?}");
        assert!(Guard::of(&[90.0, 100.0, 110.0], 20.0, 1, 1.0).agrees(0.04));
    }
}
