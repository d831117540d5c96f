//! Steps 2, 3, 5 and 6: the effect over a suite, its p-value by cluster, the drift guard and the interval.

use super::guard::{Guard, variance};
use super::layout::Layout;
use super::scores::{Scores, Values, below, runs_of};
use super::{CONFIDENCE, SIZE};
use crate::stats::cluster::{ClusterDiff, ClusterTotal, cluster_diff_adj};
use crate::stats::permutation::{Block, PValue, Scores as Kind, run_label};
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

/// The scores of the clusters: their sums in the runs in which all of a cluster's cases are graded.
struct Sums {
    /// The sums, cluster after cluster: the baseline's runs first.
    sums: Vec<f64>,
    /// Of each cluster: its cases, its runs, and where its sums begin.
    clusters: Vec<Cluster>,
}

#[derive(Clone, Copy)]
struct Cluster {
    cases: usize,
    runs: u128,
    start: usize,
    base: usize,
    cand: usize,
}

/// Tests a metric over a suite: the exact run-label permutation by cluster.
///
/// `weight` is what differences of single cases are multiplied by before they are averaged and before their
/// interval is made: 1 for means of cases; the number of cases for scores that are shares of a sum. `power` is
/// that of the smallest loss told. Clusters that have no run in one of the arms are left out.
pub fn suite_test(scores: &Scores, layout: &Layout, weight: f64, power: f64) -> SuiteTest {
    let sums = Sums::of(scores, layout);
    let kind = match scores.values {
        Values::Flags(_) => Kind::Counts,
        Values::Reals(_) => Kind::Real,
    };
    let blocks: Vec<Block<'_>> = sums.blocks().collect();
    let test = run_label(&blocks, kind);
    let cases = sums.clusters.iter().map(|cluster| cluster.cases).sum::<usize>();
    let n = (cases as f64).max(1.0);
    let (mut before, mut now) = (0.0, 0.0);
    let mut totals = Vec::with_capacity(blocks.len());
    for (block, cluster) in blocks.iter().zip(&sums.clusters) {
        let mean = |runs: &[f64]| runs.iter().sum::<f64>() / runs.len() as f64;
        let (base, cand) = (mean(block.base), mean(block.cand));
        before += base;
        now += cand;
        totals.push(ClusterTotal { sum: weight * (cand - base), cases: cluster.cases });
    }
    let interval = cluster_diff_adj(&totals, CONFIDENCE);
    SuiteTest {
        cases,
        clusters: blocks.len(),
        informative: test.informative,
        before: before / n,
        now: now / n,
        delta: weight * (now - before) / n,
        worse: test.lower,
        better: test.higher,
        least_mid: test.least_mid,
        approximated: test.approximated,
        detectable: detectable(interval.se, SIZE, power),
        guard: sums.guard(scores),
        interval,
    }
}

impl Sums {
    fn of(scores: &Scores, layout: &Layout) -> Self {
        let mut all = Self {
            sums: Vec::with_capacity(layout.clusters.len() * scores.runs()),
            clusters: Vec::with_capacity(layout.clusters.len()),
        };
        let everything = scores.every_run();
        for cases in layout.clusters.iter() {
            let runs = if scores.graded.is_empty() {
                everything
            } else {
                cases.iter().fold(everything, |runs, case| runs & scores.graded(*case as usize))
            };
            let base = (runs & scores.base_runs()).count_ones() as usize;
            let cand = (runs & scores.cand_runs()).count_ones() as usize;
            if cases.is_empty() || base == 0 || cand == 0 {
                continue;
            }
            let start = all.sums.len();
            all.clusters.push(Cluster { cases: cases.len(), runs, start, base, cand });
            match &scores.values {
                Values::Flags(flags) => count_flags(flags, cases, runs, &mut all.sums),
                Values::Reals(_) => {
                    let sum = |run| cases.iter().map(|case| scores.score(*case as usize, run)).sum::<f64>();
                    all.sums.extend(runs_of(runs).map(sum));
                }
            }
        }
        all
    }

    fn blocks(&self) -> impl Iterator<Item = Block<'_>> {
        self.clusters.iter().map(|cluster| {
            let (base, cand) =
                self.sums[cluster.start..][..cluster.base + cluster.cand].split_at(cluster.base);
            Block { base, cand }
        })
    }

    /// The guard goes by the runs that every cluster has.
    fn guard(&self, scores: &Scores) -> Guard {
        let common = self.clusters.iter().fold(scores.every_run(), |runs, cluster| runs & cluster.runs);
        let (base, cand) = (common & scores.base_runs(), common & scores.cand_runs());
        let base_runs = base.count_ones() as usize;
        let mut totals = vec![0.0; base_runs];
        let (mut now, mut within) = (0.0, 0.0);
        let mut own = Vec::with_capacity(base_runs);
        for cluster in &self.clusters {
            // A run's place among the cluster's own runs.
            let sum =
                |run: usize| self.sums[cluster.start + (cluster.runs & below(run)).count_ones() as usize];
            own.clear();
            own.extend(runs_of(base).map(sum));
            for (total, sum) in totals.iter_mut().zip(&own) {
                *total += sum;
            }
            now += runs_of(cand).map(sum).sum::<f64>();
            within += variance(&own);
        }
        let cand_runs = cand.count_ones() as usize;
        Guard::of(&totals, now / cand_runs.max(1) as f64, cand_runs, within)
    }
}

/// Bits of 8 runs, each in a byte of its own.
const BYTES: u64 = 0x0101_0101_0101_0101;

/// How many cases of a cluster score in each of its runs. Eight runs are counted at once, a byte each.
fn count_flags(flags: &[u32], cases: &[u32], runs: u128, sums: &mut Vec<f64>) {
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
