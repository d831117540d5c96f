//! The exact run-label permutation test by cluster: whether the candidate's runs score lower than chance
//! would pick from all runs.

mod law;

use super::special::{normal_cdf, normal_density};
use law::{BlockLaw, convolve, lowest_mass};

/// Beyond this many cells times blocks the law is approximated.
const MAX_WORK: f64 = 1e6;

/// Steps that scores which are not counts are laid out on.
const STEPS: f64 = 4096.0;

/// A range below this share of the scores' size is rounding noise of their sums.
const NOISE: f64 = 1e-12;

/// One block of the test: the scores that a cluster of cases sums to in each run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Block<'a> {
    /// In the runs of the baseline.
    pub base: &'a [f64],
    /// In the runs of the candidate.
    pub cand: &'a [f64],
}

/// What the scores are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scores {
    /// Whole numbers: sums of scores that are 0 or 1.
    Counts,
    /// Any finite numbers; they are rounded to a lattice of 4096 steps over the sum of all ranges.
    Real,
}

/// A one-sided p-value, twice.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PValue {
    /// Probability of a total as extreme or more so.
    pub exact: f64,
    /// The same with half of the probability of the total itself.
    pub mid: f64,
}

/// What [`run_label`] finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunLabel {
    /// The candidate's total.
    pub total: f64,
    /// Mean of the total under no change, of the scores as rounded.
    pub mean: f64,
    /// Its variance, likewise.
    pub variance: f64,
    /// Blocks whose runs differ.
    pub informative: usize,
    /// That the candidate scores lower. 1 where no block is informative.
    pub lower: PValue,
    /// That the candidate scores higher. 1 where no block is informative.
    pub higher: PValue,
    /// The smallest `lower.mid` that these blocks could have given: all of them at their lowest.
    pub least_mid: f64,
    /// Whether the law is an Edgeworth approximation and not exact.
    pub approximated: bool,
}

/// Tests whether the candidate's runs score lower than the baseline's.
///
/// Under no change every choice of as many runs of a block as the candidate has is equally likely to be the
/// candidate's, independently of the other blocks. The law of the candidate's total is the convolution of
/// the blocks' subset sums. With one run on either side this is the sign-flip test over clusters, and with
/// single 0/1 cases McNemar's. Where (sum of ranges + 1) × informative blocks passes 10⁶, the law is
/// approximated from its first three cumulants (Edgeworth), with half a step of continuity correction for
/// the exact p-values and none for the mid-p ones.
pub fn run_label(blocks: &[Block<'_>], scores: Scores) -> RunLabel {
    let step = match scores {
        Scores::Counts => 1.0,
        Scores::Real => blocks.iter().map(|block| range(*block)).sum::<f64>() / STEPS,
    };
    let step = if step > 0.0 { step } else { 1.0 };

    let laid: Vec<Laid> = blocks.iter().map(|block| Laid::of(*block, step)).collect();
    let informative = laid.iter().filter(|block| block.range > 0.0).count();
    let mut moments = Moments::default();
    let mut ranges = 0.0;
    for block in &laid {
        moments.add(block);
        ranges += block.range;
    }
    let total = blocks.iter().flat_map(|block| block.cand).sum();
    let found = RunLabel {
        total,
        mean: moments.mean * step,
        variance: moments.variance * step * step,
        informative,
        lower: PValue { exact: 1.0, mid: 1.0 },
        higher: PValue { exact: 1.0, mid: 1.0 },
        least_mid: 1.0,
        approximated: false,
    };
    if informative == 0 {
        return found;
    }
    let informing = || laid.iter().filter(|block| block.range > 0.0);
    let least_mid = 0.5 * informing().map(|block| lowest_mass(&block.values, block.chosen)).product::<f64>();
    let approximated = (ranges + 1.0) * informative as f64 > MAX_WORK;
    let (lower, higher) = if approximated {
        moments.tails()
    } else {
        let laws: Vec<BlockLaw> =
            informing().map(|block| BlockLaw::of(&block.values, block.chosen)).collect();
        exact_tails(&laws)
    };
    RunLabel { lower, higher, least_mid, approximated, ..found }
}

/// Largest less smallest score of a block, or 0 where that is rounding noise.
fn range(block: Block<'_>) -> f64 {
    let all = || block.base.iter().chain(block.cand).copied();
    let (low, high) = all()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), score| (low.min(score), high.max(score)));
    let size = all().fold(1.0, |size: f64, score| size.max(score.abs()));
    let range = high - low;
    if range > NOISE * size { range } else { 0.0 }
}

/// A block in steps of the lattice: the scores of the candidate's runs first.
struct Laid {
    values: Vec<f64>,
    chosen: usize,
    range: f64,
}

impl Laid {
    fn of(block: Block<'_>, step: f64) -> Self {
        let values: Vec<f64> = if range(block) > 0.0 {
            block.cand.iter().chain(block.base).map(|score| (score / step).round_ties_even()).collect()
        } else {
            // Rounding noise may straddle the border between two steps.
            let level = block.cand.iter().chain(block.base).next().map_or(0.0, |score| score / step);
            vec![level; block.cand.len() + block.base.len()]
        };
        let range = range(Block { base: &values, cand: &[] });
        Self { values, chosen: block.cand.len(), range }
    }
}

/// The cumulants of the candidate's total, summed over blocks.
#[derive(Default)]
struct Moments {
    total: f64,
    mean: f64,
    variance: f64,
    third: f64,
}

impl Moments {
    /// Adds a block: the cumulants of the sum of `chosen` of its scores drawn without replacement.
    fn add(&mut self, block: &Laid) {
        let n = block.values.len() as f64;
        let chosen = block.chosen as f64;
        let left = n - chosen;
        self.total += block.values[..block.chosen].iter().sum::<f64>();
        if block.values.is_empty() {
            return;
        }
        let mean = block.values.iter().sum::<f64>() / n;
        self.mean += chosen * mean;
        let central =
            |power: i32| block.values.iter().map(|value| (value - mean).powi(power)).sum::<f64>() / n;
        if n > 1.0 {
            self.variance += chosen * left * central(2) / (n - 1.0);
        }
        if n > 2.0 {
            self.third += chosen * left * (left - chosen) * central(3) / ((n - 1.0) * (n - 2.0));
        }
    }

    /// The two tails by Edgeworth's expansion to the third cumulant, in steps of the lattice.
    fn tails(&self) -> (PValue, PValue) {
        let deviation = self.variance.sqrt();
        let skew = self.third / deviation.powi(3);
        let below = |total: f64| {
            let z = (total - self.mean) / deviation;
            (normal_cdf(z) - skew / 6.0 * (z * z - 1.0) * normal_density(z)).clamp(0.0, 1.0)
        };
        let mid = below(self.total);
        (
            PValue { exact: below(self.total + 0.5), mid },
            PValue { exact: 1.0 - below(self.total - 0.5), mid: 1.0 - mid },
        )
    }
}

/// The two tails from the exact law.
fn exact_tails(laws: &[BlockLaw]) -> (PValue, PValue) {
    let law = convolve(laws);
    let seen: usize = laws.iter().map(|block| block.seen).sum();
    let (below, rest) = law.split_at(seen);
    let below = below.iter().sum::<f64>();
    let at = rest.first().copied().unwrap_or(0.0);
    let above = rest.iter().skip(1).sum::<f64>();
    let tail = |beyond: f64| PValue { exact: (beyond + at).min(1.0), mid: (beyond + at / 2.0).min(1.0) };
    (tail(below), tail(above))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::mcnemar;

    fn single_cases(broke: usize, fixed: usize, same: usize) -> Vec<[f64; 2]> {
        let mut pairs = vec![[1.0, 0.0]; broke];
        pairs.extend(vec![[0.0, 1.0]; fixed]);
        pairs.extend(vec![[1.0, 1.0]; same]);
        pairs
    }

    fn test_of(pairs: &[[f64; 2]], scores: Scores) -> RunLabel {
        let blocks: Vec<Block<'_>> =
            pairs.iter().map(|pair| Block { base: &pair[..1], cand: &pair[1..] }).collect();
        run_label(&blocks, scores)
    }

    #[test]
    fn single_cases_give_mcnemar() {
        for (broke, fixed) in [(1, 0), (4, 0), (16, 6), (1, 7), (40, 21)] {
            let found = test_of(&single_cases(broke, fixed, 30), Scores::Counts);
            let expected = mcnemar(broke as u64, fixed as u64);
            assert!((found.lower.mid - expected.mid_worse).abs() < 1e-12, "{broke} {fixed}");
            assert!((found.lower.exact - expected.exact_worse).abs() < 1e-12, "{broke} {fixed}");
            assert_eq!(found.informative, broke + fixed);
        }
    }

    #[test]
    fn the_two_mid_p_values_make_one() {
        let found = test_of(&single_cases(9, 3, 4), Scores::Counts);
        assert!((found.lower.mid + found.higher.mid - 1.0).abs() < 1e-12);
        // P(X ≥ 9 of 12 break) = (220 + 66 + 12 + 1) / 4096.
        assert!((found.lower.exact - 299.0 / 4096.0).abs() < 1e-12);
    }

    #[test]
    fn without_a_difference_nothing_is_said() {
        let found = test_of(&single_cases(0, 0, 12), Scores::Counts);
        assert_eq!((found.lower.mid, found.higher.mid, found.informative), (1.0, 1.0, 0));
        assert_eq!(run_label(&[], Scores::Real).lower.exact, 1.0);
    }

    #[test]
    fn the_least_p_value_of_k_changed_clusters_halves_k_and_one_times() {
        let found = test_of(&single_cases(2, 3, 9), Scores::Counts);
        assert!((found.least_mid - 0.5_f64.powi(6)).abs() < 1e-15);
    }

    #[test]
    fn halves_on_the_lattice_are_as_exact_as_counts() {
        let halves: Vec<[f64; 2]> =
            single_cases(5, 2, 3).iter().map(|pair| [pair[0] / 2.0, pair[1] / 2.0]).collect();
        let real = test_of(&halves, Scores::Real);
        let counts = test_of(&single_cases(5, 2, 3), Scores::Counts);
        assert!((real.lower.mid - counts.lower.mid).abs() < 1e-12);
        // The mean of the total is that of the lattice: within half a step for each of the 14 scores.
        assert!((real.mean - counts.mean / 2.0).abs() < 7.0 * 3.5 / 4096.0, "{real:?}");
    }

    #[test]
    fn rounding_noise_is_no_difference() {
        let found = test_of(&[[0.1 + 0.2, 0.3], [0.7, 0.1 + 0.6]], Scores::Real);
        assert_eq!((found.informative, found.lower.mid), (0, 1.0));
    }

    #[test]
    fn beyond_the_limit_the_approximation_is_near_the_exact_law() {
        // 1100 changed single cases: (1100 + 1) · 1100 > 10⁶. The mean is 550 and the deviation √275, so
        // 520 fixed are z = −1.809; the mid-p of Binomial(1100, ½) is McNemar's.
        let found = test_of(&single_cases(580, 520, 0), Scores::Counts);
        let exact = mcnemar(580, 520);
        assert!(found.approximated);
        assert!((found.lower.mid - exact.mid_worse).abs() < 1e-4, "{found:?} {exact:?}");
        assert!((found.lower.exact - exact.exact_worse).abs() < 1e-4, "{found:?} {exact:?}");
    }

    #[test]
    fn the_third_cumulant_of_one_run_in_six_is_that_of_a_draw() {
        // One of {0, 1, 1, 1, 1, 1}: third central moment p(1−p)(1−2p) with p = 5/6.
        let laid = Laid::of(Block { base: &[1.0, 1.0, 1.0, 1.0, 0.0], cand: &[1.0] }, 1.0);
        let mut moments = Moments::default();
        moments.add(&laid);
        assert!((moments.third - 5.0 / 6.0 / 6.0 * (1.0 - 10.0 / 6.0)).abs() < 1e-12);
        assert!((moments.variance - 5.0 / 36.0).abs() < 1e-12);
    }
}
