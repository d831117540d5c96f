//! The exact run-label permutation test by cluster: whether the candidate's runs score lower than chance
//! would pick from all runs.

mod flags;
mod law;
mod moments;
mod subsets;

pub use flags::run_label_flags;
use law::Law;
use moments::Moments;
use subsets::{Subsets, lowest_mass};

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
/// single 0/1 cases McNemar's. Blocks may differ in their numbers of runs. Where (sum of ranges + 1) ×
/// informative blocks passes 10⁶, the law is approximated from its first three cumulants (Edgeworth), with half
/// a step of continuity correction for the exact p-values and none for the mid-p ones. Probabilities below
/// 10⁻²⁵⁰ count as 0.
///
/// [`run_label_flags`] is the same test for single 0/1 cases, and faster.
pub fn run_label(blocks: &[Block<'_>], scores: Scores) -> RunLabel {
    let mut test = RunLabelTest::new(match scores {
        Scores::Counts => None,
        Scores::Real => Some(blocks.iter().map(|block| range(*block)).sum()),
    });
    for block in blocks {
        test.add(*block);
    }
    test.finish()
}

/// [`run_label`] for blocks that are not kept, one after the other.
pub struct RunLabelTest {
    step: f64,
    /// The informative blocks, one behind the other, and where each ends with its candidate's runs; none once
    /// the law is to be approximated.
    laid: Vec<f64>,
    ends: Vec<(usize, usize)>,
    sorted: Vec<f64>,
    moments: Moments,
    informative: usize,
    /// The sum of the ranges in steps, and the least mid-p.
    ranges: f64,
    least: f64,
    total: f64,
}

impl RunLabelTest {
    /// A test of no blocks yet, whose scores are counts; or any numbers, whose [`range`]s sum to so much.
    pub fn new(ranges: Option<f64>) -> Self {
        let step = ranges.map_or(1.0, |ranges| ranges / STEPS);
        Self {
            step: if step > 0.0 { step } else { 1.0 },
            laid: Vec::new(),
            ends: Vec::new(),
            sorted: Vec::new(),
            moments: Moments::default(),
            informative: 0,
            ranges: 0.0,
            least: 0.5,
            total: 0.0,
        }
    }

    /// Adds a block.
    pub fn add(&mut self, block: Block<'_>) {
        self.total = block.cand.iter().fold(self.total, |total, score| total + score);
        let start = self.laid.len();
        let range = lay(block, self.step, &mut self.laid);
        let chosen = block.cand.len();
        self.moments.add(&self.laid[start..], chosen);
        if range <= 0.0 {
            self.laid.truncate(start);
            return;
        }
        self.informative += 1;
        self.ranges += range;
        self.least *= lowest_mass(&self.laid[start..], chosen, &mut self.sorted);
        // What is approximated goes by the moments alone. More blocks make it no less so.
        if is_beyond(self.ranges, self.informative) {
            self.laid.clear();
            self.ends.clear();
        } else {
            self.ends.push((self.laid.len(), chosen));
        }
    }

    /// What the test of all blocks finds.
    pub fn finish(self) -> RunLabel {
        let mut found = self.moments.found(self.total, self.step);
        if self.informative == 0 {
            return found;
        }
        (found.informative, found.least_mid) = (self.informative, self.least);
        found.approximated = is_beyond(self.ranges, self.informative);
        (found.lower, found.higher) = if found.approximated {
            self.moments.tails()
        } else {
            let mut law = Law::within(0);
            let mut subsets = Subsets::default();
            let (mut seen, mut start) = (0, 0);
            for (end, chosen) in self.ends {
                seen += subsets.draw(&self.laid[start..end], chosen);
                law.add(subsets.masses());
                start = end;
            }
            law.tails(seen)
        };
        found
    }
}

/// Whether a law of so many steps over so many blocks is approximated.
fn is_beyond(ranges: f64, informative: usize) -> bool {
    (ranges + 1.0) * informative as f64 > MAX_WORK
}

/// Largest less smallest score of a block, or 0 where that is rounding noise.
pub fn range(block: Block<'_>) -> f64 {
    let mut size = 1.0_f64;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for score in block.base.iter().chain(block.cand) {
        (low, high, size) = (low.min(*score), high.max(*score), size.max(score.abs()));
    }
    let range = high - low;
    if range > NOISE * size { range } else { 0.0 }
}

/// Appends a block to `laid` in steps of the lattice, the scores of the candidate's runs first, and returns
/// their range in steps.
fn lay(block: Block<'_>, step: f64, laid: &mut Vec<f64>) -> f64 {
    let scores = || block.cand.iter().chain(block.base);
    let start = laid.len();
    if range(block) > 0.0 {
        laid.extend(scores().map(|score| (score / step).round_ties_even()));
        range(Block { base: &laid[start..], cand: &[] })
    } else {
        // Rounding noise may straddle the border between two steps.
        let level = scores().next().map_or(0.0, |score| score / step);
        laid.extend(scores().map(|_| level));
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::paired::mcnemar;
    use proptest::prelude::*;

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
        assert_eq!(run_label(&[], Scores::Real).lower, PValue { exact: 1.0, mid: 1.0 });
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
    fn blocks_with_unlike_runs_are_told_apart() {
        // 0 of {0, 1, 1}, and 1 of {1, 0}: sums −1/3, ½; in steps 0 w.p. ⅓·½, 1 w.p. ⅔·½ + ⅓·½, 2 w.p. ⅔·½.
        let blocks = [Block { base: &[1.0, 1.0], cand: &[0.0] }, Block { base: &[0.0], cand: &[1.0] }];
        let found = run_label(&blocks, Scores::Counts);
        assert!((found.lower.exact - 4.0 / 6.0).abs() < 1e-15, "{found:?}");
        assert!((found.lower.mid - (1.0 / 6.0 + 3.0 / 12.0)).abs() < 1e-15);
        assert!((found.least_mid - 1.0 / 12.0).abs() < 1e-15);
    }

    /// 999 coins are the most that are exact: 2⁻⁹⁹⁹ is as far down as the law goes.
    #[test]
    fn the_ends_of_a_large_law_are_no_trouble() {
        for (broke, fixed) in [(999, 0), (0, 999), (500, 499)] {
            let found = test_of(&single_cases(broke, fixed, 0), Scores::Counts);
            let expected = mcnemar(broke as u64, fixed as u64);
            assert!(!found.approximated);
            assert!((found.lower.mid - expected.mid_worse).abs() < 1e-12, "{broke} {fixed} {found:?}");
        }
        // One run of a hundred, 999 times over: (1/100)⁹⁹⁹ is less than the smallest number.
        let base = [1.0; 99];
        let blocks = vec![Block { base: &base, cand: &[0.0] }; 999];
        let found = run_label(&blocks, Scores::Counts);
        assert!(found.lower.exact.abs() < 1e-200 && (found.higher.exact - 1.0).abs() < 1e-12);
    }

    /// Half of 2,000 runs, in more ways than the largest number: the one that passes is among them in half.
    #[test]
    fn ways_beyond_the_largest_number_are_counted() {
        let base = vec![0.0; 1000];
        let mut cand = base.clone();
        cand[7] = 1.0;
        let found = run_label(&[Block { base: &base, cand: &cand }], Scores::Counts);
        assert!(
            (found.higher.exact - 0.5).abs() < 1e-9 && (found.lower.mid - 0.75).abs() < 1e-9,
            "{found:?}"
        );
        assert!((found.least_mid - 0.25).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn one_block_beside_its_enumeration() {
        // Two of {4, 0, 1, 1, 3}: sums 1 1 2 3 4 4 4 5 5 7 and 4 + 0 seen.
        let found = run_label(&[Block { base: &[1.0, 1.0, 3.0], cand: &[4.0, 0.0] }], Scores::Counts);
        assert!((found.lower.exact - 0.7).abs() < 1e-15 && (found.higher.exact - 0.6).abs() < 1e-15);
        assert!((found.lower.mid - 0.55).abs() < 1e-15 && (found.least_mid - 0.1).abs() < 1e-15);
    }

    /// All sums of the candidate's total, by trying every choice of runs of every block.
    fn enumerated(blocks: &[(Vec<u8>, usize)]) -> (PValue, PValue) {
        let mut sums: Vec<u32> = vec![0];
        for (scores, chosen) in blocks {
            let choices = (0_u32..1 << scores.len()).filter(|choice| choice.count_ones() as usize == *chosen);
            let of = |choice: u32| -> u32 {
                scores
                    .iter()
                    .enumerate()
                    .filter(|(run, _)| choice >> run & 1 == 1)
                    .map(|(_, s)| u32::from(*s))
                    .sum()
            };
            let block: Vec<u32> = choices.map(of).collect();
            sums = sums.iter().flat_map(|sum| block.iter().map(move |more| sum + more)).collect();
        }
        let seen: u32 = blocks
            .iter()
            .flat_map(|(scores, chosen)| &scores[..*chosen])
            .map(|score| u32::from(*score))
            .sum();
        let share =
            |of: &dyn Fn(u32) -> bool| sums.iter().filter(|sum| of(**sum)).count() as f64 / sums.len() as f64;
        let at = share(&|sum| sum == seen);
        let tail = |beyond: f64| PValue { exact: beyond + at, mid: beyond + at / 2.0 };
        (tail(share(&|sum| sum < seen)), tail(share(&|sum| sum > seen)))
    }

    fn same(found: PValue, expected: PValue) -> bool {
        (found.exact - expected.exact).abs() < 1e-12 && (found.mid - expected.mid).abs() < 1e-12
    }

    proptest! {
        #[test]
        fn small_blocks_are_as_enumerated(
            blocks in prop::collection::vec((prop::collection::vec(0_u8..6, 1..6), 0_usize..6), 1..5),
        ) {
            let blocks: Vec<(Vec<u8>, usize)> =
                blocks.into_iter().map(|(scores, cand)| { let cand = cand % (scores.len() + 1); (scores, cand) }).collect();
            let scores: Vec<Vec<f64>> =
                blocks.iter().map(|(scores, _)| scores.iter().map(|score| f64::from(*score)).collect()).collect();
            let laid: Vec<Block<'_>> = scores
                .iter()
                .zip(&blocks)
                .map(|(scores, (_, chosen))| Block { base: &scores[*chosen..], cand: &scores[..*chosen] })
                .collect();
            let found = run_label(&laid, Scores::Counts);
            if found.informative > 0 {
                let (lower, higher) = enumerated(&blocks);
                prop_assert!(same(found.lower, lower) && same(found.higher, higher), "{found:?} {lower:?} {higher:?}");
                prop_assert!(found.least_mid <= found.lower.mid + 1e-12);
            }
        }

        #[test]
        fn flags_are_blocks_of_one_case(
            cases in prop::collection::vec((any::<u32>(), any::<u32>()), 0..60),
            base in 0_u32..12,
            cand in 0_u32..5,
            all_graded in any::<bool>(),
        ) {
            let (passed, mut graded): (Vec<u32>, Vec<u32>) = cases.into_iter().unzip();
            let found = if all_graded {
                graded.fill(u32::MAX);
                run_label_flags(&passed, None, base, cand)
            } else {
                run_label_flags(&passed, Some(&graded), base, cand)
            }
            .unwrap();
            let runs_of = |at: usize, runs: std::ops::Range<u32>| -> Vec<f64> {
                let run_of = |run: u32| f64::from(passed[at] >> run & 1);
                runs.filter(|run| graded[at] >> run & 1 == 1).map(run_of).collect()
            };
            let blocks: Vec<[Vec<f64>; 2]> = (0..passed.len())
                .map(|at| [runs_of(at, 0..base), runs_of(at, base..base + cand)])
                .collect();
            let blocks: Vec<Block<'_>> =
                blocks.iter().map(|[base, cand]| Block { base, cand }).collect();
            let expected = run_label(&blocks, Scores::Counts);
            prop_assert!(same(found.lower, expected.lower), "{found:?} {expected:?}");
            prop_assert!(same(found.higher, expected.higher), "{found:?} {expected:?}");
            prop_assert!((found.mean - expected.mean).abs() < 1e-12 && (found.total - expected.total).abs() < 1e-12);
            prop_assert!((found.variance - expected.variance).abs() < 1e-12);
            prop_assert!((found.least_mid - expected.least_mid).abs() < 1e-12);
            prop_assert_eq!(found.informative, expected.informative);
        }
    }
}
