//! Step 4: the tests of single scenarios, with cases as blocks.

use super::layout::Groups;
use super::scores::{Scores, Values, runs_of};
use crate::stats::permutation::{Block, PValue, RunLabel, RunLabelTest, range, run_label_flags};

/// What the test of a metric over one scenario finds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScenarioTest {
    /// Number of the scenario.
    pub scenario: usize,
    /// Cases with a run in both arms.
    pub cases: usize,
    /// Those whose runs differ.
    pub informative: usize,
    /// The effect: mean over cases of the mean over the candidate's runs less that over the baseline's.
    pub delta: f64,
    /// The standard error that the cases, taken for independent, give the effect where nothing changed. Where
    /// they have different numbers of runs it is that of the most any has.
    pub error: f64,
    /// p-value of "worse".
    pub worse: PValue,
    /// p-value of "better".
    pub better: PValue,
    /// The smallest exact p-value of "worse" that the cases that differ could have given.
    pub least: f64,
}

/// Tests every scenario that has a case with runs in both arms.
pub fn scenario_tests(scores: &Scores, scenarios: &Groups) -> Vec<ScenarioTest> {
    let mut flags = FlagCases::default();
    let mut test = |(scenario, cases): (usize, &[u32])| {
        let test = match &scores.values {
            Values::Flags(all) => flags.test(scores, all, cases),
            Values::Reals(_) => real_test(scores, cases),
        };
        test.map(|test| ScenarioTest { scenario, ..test })
    };
    scenarios.iter().enumerate().filter_map(&mut test).collect()
}

/// The cases of a scenario that pass or fail, by the runs they pass in and the runs in which they are graded:
/// buffers that one scenario after another uses.
#[derive(Default)]
struct FlagCases {
    passed: Vec<u32>,
    graded: Vec<u32>,
}

impl FlagCases {
    fn test(&mut self, scores: &Scores, flags: &[u32], cases: &[u32]) -> Option<ScenarioTest> {
        self.passed.clear();
        self.graded.clear();
        let (base, cand) = (low_bits(scores.base_runs()), low_bits(scores.cand_runs()));
        let delta = if scores.graded.is_empty() {
            if base == 0 || cand == 0 {
                return None;
            }
            self.passed.extend(cases.iter().map(|case| flags[*case as usize]));
            self.whole_effect(base, cand)
        } else {
            self.graded_effect(scores, flags, cases, base, cand)
        };
        if self.passed.is_empty() {
            return None;
        }
        let graded = (!scores.graded.is_empty()).then_some(&self.graded[..]);
        let test = run_label_flags(&self.passed, graded, base.count_ones(), cand.count_ones())
            .expect("flags are of at most 32 runs");
        Some(found(scores, &test, self.passed.len(), delta))
    }

    /// The sum of the effects of cases that are graded in every run.
    fn whole_effect(&self, base: u32, cand: u32) -> f64 {
        let (mut before, mut now) = (0_u32, 0_u32);
        let mut whole = 0_u32;
        for passed in self.passed.iter().map(|passed| passed & (base | cand)) {
            // Most cases do the same in every run.
            if passed == base | cand {
                whole += 1;
            } else if passed != 0 {
                before += (passed & base).count_ones();
                now += (passed & cand).count_ones();
            }
        }
        before += whole * base.count_ones();
        now += whole * cand.count_ones();
        f64::from(now) / f64::from(cand.count_ones()) - f64::from(before) / f64::from(base.count_ones())
    }

    /// Takes the cases that have a run in both arms, and returns the sum of their effects.
    fn graded_effect(&mut self, scores: &Scores, flags: &[u32], cases: &[u32], base: u32, cand: u32) -> f64 {
        let mut delta = 0.0;
        for case in cases {
            let (passed, graded) = (flags[*case as usize], low_bits(scores.graded(*case as usize)));
            let mean = |arm: u32| {
                let runs = (graded & arm).count_ones();
                (runs > 0).then(|| f64::from((passed & graded & arm).count_ones()) / f64::from(runs))
            };
            if let (Some(before), Some(now)) = (mean(base), mean(cand)) {
                delta += now - before;
                self.passed.push(passed);
                self.graded.push(graded);
            }
        }
        delta
    }
}

/// The runs of flags, of which there are at most 32.
#[expect(clippy::cast_possible_truncation, reason = "no run of flags is beyond")]
const fn low_bits(runs: u128) -> u32 {
    runs as u32
}

/// The test of cases with scores of any kind.
fn real_test(scores: &Scores, cases: &[u32]) -> Option<ScenarioTest> {
    // The scores of a case in its runs, those of the baseline first, and how many these are.
    let mut row = Vec::with_capacity(scores.runs());
    let mut each = |each: &mut dyn FnMut(Block<'_>)| {
        for case in cases {
            let runs = scores.graded(*case as usize);
            let base = (runs & scores.base_runs()).count_ones() as usize;
            if base == 0 || runs & scores.cand_runs() == 0 {
                continue;
            }
            row.clear();
            row.extend(runs_of(runs).map(|run| scores.score(*case as usize, run)));
            let (base, cand) = row.split_at(base);
            each(Block { base, cand });
        }
    };
    let mut ranges = 0.0;
    each(&mut |block| ranges += range(block));
    let mut test = RunLabelTest::new(Some(ranges));
    let (mut delta, mut count) = (0.0, 0);
    each(&mut |block| {
        let mean = |runs: &[f64]| runs.iter().sum::<f64>() / runs.len() as f64;
        delta += mean(block.cand) - mean(block.base);
        count += 1;
        test.add(block);
    });
    (count > 0).then(|| found(scores, &test.finish(), count, delta))
}

/// What a test of so many cases says, whose effects sum to `delta`.
fn found(scores: &Scores, test: &RunLabel, cases: usize, delta: f64) -> ScenarioTest {
    // The effect is the candidate's total, which varies, times this, less a part of what both arms have.
    let each = (1.0 / scores.base as f64 + 1.0 / scores.cand as f64) / cases as f64;
    ScenarioTest {
        error: test.variance.sqrt() * each,
        scenario: 0,
        cases,
        informative: test.informative,
        delta: delta / cases as f64,
        worse: test.lower,
        better: test.higher,
        // The mid-p counts half of the probability of the lowest total.
        least: (2.0 * test.least_mid).min(1.0),
    }
}

/// The smallest p-value that a scenario of these cases could give: every one of them passed in all runs of the
/// baseline and fails in all of the candidate's. Of `k` cases with one run on either side it is 2^−k.
pub fn least_exact(scores: &Scores, cases: &[u32]) -> f64 {
    let ways = |case: &u32| {
        let runs = scores.graded(*case as usize);
        let cand = (runs & scores.cand_runs()).count_ones() as usize;
        let all = runs.count_ones() as usize;
        if cand == 0 || cand == all { 1.0 } else { choose(all, cand) }
    };
    cases.iter().map(|case| 1.0 / ways(case)).product()
}

/// The number of ways to choose `k` of `n`.
pub(crate) fn choose(n: usize, k: usize) -> f64 {
    (0..k).map(|i| (n - i) as f64 / (i + 1) as f64).product()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flags(base: usize, cand: usize, values: &[u32]) -> Scores {
        Scores { base, cand, values: Values::Flags(values.to_vec()), graded: Vec::new() }
    }

    #[test]
    fn a_scenario_that_broke_wholly_has_the_least_p_value() {
        let scores = flags(1, 1, &[0b01; 11]);
        let tests = scenario_tests(&scores, &Groups::new(&[0; 11], 1));
        assert!((tests[0].worse.exact - 0.5_f64.powi(11)).abs() < 1e-15);
        let cases: Vec<u32> = (0..11).collect();
        assert!((least_exact(&scores, &cases) - 0.5_f64.powi(11)).abs() < 1e-15);
        assert!((tests[0].delta + 1.0).abs() < 1e-15);
        // Five runs before: one choice of six for each case.
        let five = flags(5, 1, &[0b01_1111; 3]);
        assert!((least_exact(&five, &[0, 1, 2]) - 6.0_f64.powi(-3)).abs() < 1e-15);
    }

    /// The same cases as numbers take the general way: five runs before and one now, every third case with a
    /// run that is not graded, and one without any run of the candidate.
    #[test]
    fn flags_and_numbers_give_the_same() {
        let masks: Vec<u32> = (0..24_u32).map(|case| case.wrapping_mul(2_654_435_761) >> 26).collect();
        let some: Vec<u128> = (0..24)
            .map(|case| match case % 6 {
                0 => 0b11_1011,
                3 => 0b10_0111,
                5 if case == 5 => 0b01_1111,
                _ => 0b11_1111,
            })
            .collect();
        for graded in [Vec::new(), some] {
            let of_flags = Scores { graded, ..flags(5, 1, &masks) };
            let reals = masks.iter().flat_map(|mask| (0..6).map(move |run| f64::from(mask >> run & 1)));
            let of_reals = Scores { values: Values::Reals(reals.collect()), ..of_flags.clone() };
            let scenarios = Groups::new(&[[0; 8], [1; 8], [2; 8]].concat(), 3);
            let (flags, reals) =
                (scenario_tests(&of_flags, &scenarios), scenario_tests(&of_reals, &scenarios));
            assert_eq!((flags.len(), reals.len()), (3, 3));
            for (flags, reals) in flags.iter().zip(&reals) {
                assert_eq!(
                    (flags.scenario, flags.cases, flags.informative),
                    (reals.scenario, reals.cases, reals.informative)
                );
                let near = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{flags:?} {reals:?}");
                near(flags.delta, reals.delta);
                near(flags.worse.exact, reals.worse.exact);
                near(flags.better.mid, reals.better.mid);
                near(flags.least, reals.least);
            }
        }
    }
}
