//! Steps 2, 3, 5 and 6: the effect over a suite, its p-value by cluster, the drift guard and the interval.

use super::guard::{Guard, variance};
use super::layout::Layout;
use super::scores::{Scores, Values, below, runs_of};
use super::{CONFIDENCE, SIZE};
use crate::stats::cluster::{AdjustedMean, ClusterDiff, ClusterTotal};
use crate::stats::permutation::{Block, PValue, RunLabelTest, range};
use crate::stats::power::detectable;

/// What the test of a metric over a suite finds.
#[derive(Debug, Clone, PartialEq)]
pub struct SuiteTest {
    /// Cases.
    pub cases: usize,
    /// Clusters.
    pub clusters: usize,
    /// Clusters whose runs differ.
    pub informative: usize,
    /// Mean score in the baseline: over the runs of each cluster, then over cases.
    pub before: f64,
    /// The same in the candidate.
    pub now: f64,
    /// The effect: `now` less `before`, times the weight.
    pub delta: f64,
    /// p-value of "worse".
    pub worse: PValue,
    /// p-value of "better".
    pub better: PValue,
    /// The smallest mid-p of "worse" that these clusters could have given.
    pub least_mid: f64,
    /// Whether the law of the test is approximated.
    pub approximated: bool,
    /// Interval of the effect.
    pub interval: ClusterDiff,
    /// Smallest true loss seen with the power asked for.
    pub detectable: f64,
    /// What the drift guard finds.
    pub guard: Guard,
}

impl SuiteTest {
    /// The same without what the drift guard finds.
    #[must_use]
    pub fn without_guard(&self) -> Self {
        Self { guard: Guard { runs: 0, dispersion: None, worse: None }, ..self.clone() }
    }
}

/// The clusters with the sums of their scores in the runs in which all of their cases are graded: worked out
/// anew whenever they are gone through, since a suite may have a million clusters.
struct Sums<'s> {
    scores: &'s Scores,
    layout: &'s Layout,
}

/// A cluster with runs in both arms.
#[derive(Clone, Copy)]
struct Cluster<'s> {
    cases: usize,
    runs: u128,
    /// Its sums, by run.
    sums: &'s [f64],
    base: usize,
}

/// Tests a metric over a suite: the exact run-label permutation by cluster.
///
/// `weight` is what differences of single cases are multiplied by before they are averaged and before their
/// interval is made: 1 for means of cases; the number of cases for scores that are shares of a sum. `power` is
/// that of the smallest loss told. Clusters that have no run in one of the arms are left out.
pub fn suite_test(scores: &Scores, layout: &Layout, weight: f64, power: f64) -> SuiteTest {
    let sums = Sums { scores, layout };
    let ranges = match scores.values {
        Values::Flags(_) => None,
        Values::Reals(_) => {
            let mut ranges = 0.0;
            sums.each(|cluster| ranges += range(cluster.block()));
            Some(ranges)
        }
    };
    let mut test = RunLabelTest::new(ranges);
    let mut mean = AdjustedMean::default();
    let (mut cases, mut clusters) = (0, 0);
    let (mut before, mut now) = (0.0, 0.0);
    let mut common = scores.every_run();
    sums.each(|cluster| {
        test.add(cluster.block());
        let (base, cand) = cluster.means();
        before += base;
        now += cand;
        mean.add(cluster.total(weight));
        cases += cluster.cases;
        clusters += 1;
        common &= cluster.runs;
    });
    let mut spread = mean.spread();
    let mut guard = Guarded::of(scores, common);
    sums.each(|cluster| {
        spread.add(cluster.total(weight));
        guard.add(cluster);
    });
    let test = test.finish();
    let interval = spread.interval(CONFIDENCE);
    let n = (cases as f64).max(1.0);
    SuiteTest {
        cases,
        clusters,
        informative: test.informative,
        before: before / n,
        now: now / n,
        delta: weight * (now - before) / n,
        worse: test.lower,
        better: test.higher,
        least_mid: test.least_mid,
        approximated: test.approximated,
        detectable: detectable(interval.se, SIZE, power),
        guard: guard.finish(),
        interval,
    }
}

impl Sums<'_> {
    /// Goes through the clusters that have runs in both arms.
    fn each(&self, mut each: impl FnMut(Cluster<'_>)) {
        let Self { scores, layout } = self;
        let everything = scores.every_run();
        let mut sums = Vec::with_capacity(scores.runs());
        for cases in layout.clusters.iter() {
            let runs = if scores.graded.is_empty() {
                everything
            } else {
                cases.iter().fold(everything, |runs, case| runs & scores.graded(*case as usize))
            };
            let base = (runs & scores.base_runs()).count_ones() as usize;
            if cases.is_empty() || base == 0 || runs & scores.cand_runs() == 0 {
                continue;
            }
            sums.clear();
            match &scores.values {
                Values::Flags(flags) => count_flags(flags, cases, runs, &mut sums),
                Values::Reals(_) => {
                    let sum = |run| cases.iter().map(|case| scores.score(*case as usize, run)).sum::<f64>();
                    sums.extend(runs_of(runs).map(sum));
                }
            }
            each(Cluster { cases: cases.len(), runs, sums: &sums, base });
        }
    }
}

impl<'s> Cluster<'s> {
    fn block(self) -> Block<'s> {
        let (base, cand) = self.sums.split_at(self.base);
        Block { base, cand }
    }

    /// The mean of its sums in each arm.
    fn means(self) -> (f64, f64) {
        let mean = |runs: &[f64]| runs.iter().sum::<f64>() / runs.len() as f64;
        let Block { base, cand } = self.block();
        (mean(base), mean(cand))
    }

    /// What it adds to the interval.
    fn total(self, weight: f64) -> ClusterTotal {
        let (base, cand) = self.means();
        ClusterTotal { sum: weight * (cand - base), cases: self.cases }
    }
}

/// What the guard goes by: the runs that every cluster has.
struct Guarded {
    base: u128,
    cand: u128,
    /// The totals of the baseline's runs.
    totals: Vec<f64>,
    now: f64,
    within: f64,
    own: Vec<f64>,
}

impl Guarded {
    fn of(scores: &Scores, common: u128) -> Self {
        let (base, cand) = (common & scores.base_runs(), common & scores.cand_runs());
        let totals = vec![0.0; base.count_ones() as usize];
        Self { base, cand, totals, now: 0.0, within: 0.0, own: Vec::new() }
    }

    fn add(&mut self, cluster: Cluster<'_>) {
        // A run's place among the cluster's own runs.
        let sum = |run: usize| cluster.sums[(cluster.runs & below(run)).count_ones() as usize];
        self.own.clear();
        self.own.extend(runs_of(self.base).map(sum));
        for (total, sum) in self.totals.iter_mut().zip(&self.own) {
            *total += sum;
        }
        self.now += runs_of(self.cand).map(sum).sum::<f64>();
        self.within += variance(&self.own);
    }

    fn finish(self) -> Guard {
        let cand = self.cand.count_ones() as usize;
        Guard::of(&self.totals, self.now / cand.max(1) as f64, cand, self.within)
    }
}

/// Bits of 8 runs, each in a byte of its own.
const BYTES: u64 = 0x0101_0101_0101_0101;

/// How many cases of a cluster score in each of its runs. Eight runs are counted at once, a byte each.
fn count_flags(flags: &[u32], cases: &[u32], runs: u128, sums: &mut Vec<f64>) {
    if let [case] = cases {
        sums.extend(runs_of(runs).map(|run| f64::from(flags[*case as usize] >> run & 1)));
        return;
    }
    let mut counts = [0_u32; 32];
    let top = 128 - runs.leading_zeros() as usize;
    for first in (0..top.min(32)).step_by(8) {
        // A byte holds up to 255.
        for some in cases.chunks(255) {
            let mut packed = 0_u64;
            for case in some {
                packed += spread(flags[*case as usize] >> first);
            }
            for (count, byte) in counts[first..].iter_mut().zip(packed.to_le_bytes()) {
                *count += u32::from(byte);
            }
        }
    }
    sums.extend(runs_of(runs).map(|run| f64::from(counts[run])));
}

/// Bit `i` of the lowest eight becomes the lowest bit of byte `i`.
const fn spread(bits: u32) -> u64 {
    let bits = (bits & 0xff) as u64;
    // Low seven bits by one multiplication, whose partial products do not meet; the eighth by itself.
    ((bits & 0x7f).wrapping_mul(0x0002_0408_1020_4081) & BYTES) | (bits >> 7) << 56
}

#[cfg(test)]
mod tests {
    use super::super::layout::Groups;
    use super::*;

    #[test]
    fn bits_are_spread_into_bytes() {
        for bits in 0..256_u32 {
            let bytes = spread(bits).to_le_bytes();
            for (at, byte) in bytes.into_iter().enumerate() {
                assert_eq!(u32::from(byte), bits >> at & 1, "{bits:b} {at}");
            }
        }
    }

    fn singles(count: u32) -> Layout {
        let own: Vec<u32> = (0..count).collect();
        Layout {
            clusters: Groups::new(&own, count as usize),
            scenarios: Groups::new(&vec![0; count as usize], 1),
        }
    }

    /// Three baseline runs and one of the candidate. By hand: the case that broke, 1 1 1 → 0, weighs −1;
    /// the unsteady one, 0 1 0 → 1, weighs 1 − 1/3; of two cases.
    #[test]
    fn effects_are_means_over_runs_and_cases() {
        let scores =
            Scores { base: 3, cand: 1, values: Values::Flags(vec![0b0111, 0b1010]), graded: Vec::new() };
        let test = suite_test(&scores, &singles(2), 1.0, 0.8);
        assert!((test.delta - f64::midpoint(-1.0, 2.0 / 3.0)).abs() < 1e-12, "{test:?}");
        assert_eq!((test.cases, test.clusters, test.informative), (2, 2, 2));
        // Lowest sums: 0 of {1 1 1 0}, one way of four; 0 of {0 1 0 1}, two of four.
        assert!((test.least_mid - 0.5 / 8.0).abs() < 1e-12);
    }

    /// The same as reals, and with a run of the second case not graded: its runs are then 0 and 0 before.
    #[test]
    fn a_run_that_is_not_graded_is_in_no_arm() {
        let flags = Scores {
            base: 3,
            cand: 1,
            values: Values::Flags(vec![0b0111, 0b1010]),
            graded: vec![0b1111, 0b1101],
        };
        let reals = Scores {
            values: Values::Reals(vec![1.0, 1.0, 1.0, 0.0, 0.0, f64::NAN, 0.0, 1.0]),
            ..flags.clone()
        };
        for scores in [flags, reals] {
            let test = suite_test(&scores, &singles(2), 1.0, 0.8);
            assert!(test.delta.abs() < 1e-12, "{test:?}");
            assert_eq!(test.guard.runs, 2, "two runs are complete");
        }
    }

    #[test]
    fn a_cluster_without_a_run_of_one_arm_is_left_out() {
        let scores =
            Scores { base: 1, cand: 1, values: Values::Flags(vec![0b01, 0b01]), graded: vec![0b11, 0b10] };
        let test = suite_test(&scores, &singles(2), 1.0, 0.8);
        assert_eq!((test.cases, test.clusters), (1, 1));
        assert!((test.delta + 1.0).abs() < 1e-12);
    }
}
