//! The smallest drop that a suite can see, now and with more seeds, more accepted runs or more answers.

use super::stored::Stored;
use crate::baseline::Accepted;
use crate::gate::Blocks;
use crate::gate::procedure::SIZE;
use crate::stats::power::{detectable, whole};
use crate::suite::schema::TargetErrors;
use std::collections::BTreeMap;

/// What the smallest drops depend on: how much the pass rate of a suite varies by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Clusters and cases.
    pub clusters: usize,
    /// Cases.
    pub cases: usize,
    /// Sum over clusters of the variance, over runs, of how many of its cases pass.
    pub within: f64,
    /// The power asked for.
    pub power: f64,
}

impl Seen {
    /// The smallest true drop that is seen with `times` as many seeds, `before` accepted runs and `now` answers
    /// to each case.
    ///
    /// The error is that of the gate's interval (its two added clusters included) for a candidate whose
    /// clusters vary as those of the stored runs do: the difference of a cluster then has the variance of
    /// its total times `1/before + 1/now`.
    pub fn smallest(&self, times: usize, before: usize, now: usize) -> f64 {
        let times = times as f64;
        let (clusters, cases) = (times * self.clusters as f64, times * self.cases as f64 + 2.0);
        let spread = times * self.within * (1.0 / before.max(1) as f64 + 1.0 / now.max(1) as f64);
        let se = ((clusters + 2.0) / (clusters + 1.0) * (spread + 2.0)).sqrt() / cases;
        detectable(se, SIZE, self.power)
    }

    /// The fewest clusters that must all get worse for one test by itself to block, with `before` accepted runs
    /// and one answer to each case: the test's p-value is then ½·(before + 1)^−k, and `alpha` is what it may be.
    pub fn fewest(&self, before: usize, alpha: f64) -> usize {
        whole((0.5 / alpha).ln() / (before.max(1) as f64 + 1.0).ln() - 1e-9)
    }
}

/// What a suite's smallest drops depend on, where `blocks` are drawn as one.
pub fn sees(stored: &Stored, blocks: Blocks) -> Seen {
    let mut totals: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    let mut cases = 0;
    for case in &stored.cases {
        let score = |outcome: Accepted| match (outcome, stored.spec.target_errors) {
            (Accepted::Pass, _) => Some(1.0),
            (Accepted::Fail, _) | (Accepted::Error, TargetErrors::Fail) => Some(0.0),
            (Accepted::Error, TargetErrors::Exclude) | (Accepted::Ungraded, _) => None,
        };
        // A case that is not graded in every run is in no total.
        let Some(scores) = case.runs.iter().map(|run| score(run.outcome)).collect::<Option<Vec<f64>>>()
        else {
            continue;
        };
        cases += 1;
        let key = match blocks {
            Blocks::Scenarios => case.scenario as u64,
            Blocks::Families | Blocks::Cases => case.family.as_u64(),
        };
        let total = totals.entry(key).or_insert_with(|| vec![0.0; scores.len()]);
        for (total, score) in total.iter_mut().zip(&scores) {
            *total += score;
        }
    }
    let within = totals.values().map(|total| variance(total)).sum();
    Seen { clusters: totals.len(), cases, within, power: stored.spec.power.get() }
}

/// The variance with one degree of freedom taken off; 0 of fewer than two values.
fn variance(values: &[f64]) -> f64 {
    if values.len() < 2 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (values.len() as f64 - 1.0)
}
