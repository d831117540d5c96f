//! Step 4: the tests of single scenarios, with cases as blocks.

use super::layout::Groups;
use super::scores::{Scores, Values, runs_of};
use crate::stats::permutation::{Block, PValue, Scores as Kind, run_label};

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
    /// p-value of "worse".
    pub worse: PValue,
    /// p-value of "better".
    pub better: PValue,
    /// The smallest exact p-value of "worse" that the cases that differ could have given.
    pub least: f64,
}

/// Tests every scenario that has a case with runs in both arms.
pub fn scenario_tests(scores: &Scores, scenarios: &Groups) -> Vec<ScenarioTest> {
    let test = |(scenario, cases): (usize, &[u32])| {
        scenario_test(scores, cases).map(|test| ScenarioTest { scenario, ..test })
    };
    scenarios.iter().enumerate().filter_map(test).collect()
}

/// The scores of some cases by run, laid out for a test.
fn scenario_test(scores: &Scores, cases: &[u32]) -> Option<ScenarioTest> {
    let mut sums = Vec::with_capacity(cases.len() * scores.runs());
    let mut spans = Vec::with_capacity(cases.len());
    let mut delta = 0.0;
    for case in cases {
        let runs = scores.graded(*case as usize);
        let (base, cand) = (runs & scores.base_runs(), runs & scores.cand_runs());
        if base == 0 || cand == 0 {
            continue;
        }
        let start = sums.len();
        let score = |run| scores.score(*case as usize, run);
        sums.extend(runs_of(base).map(score));
        let middle = sums.len();
        sums.extend(runs_of(cand).map(score));
        let mean = |runs: &[f64]| runs.iter().sum::<f64>() / runs.len() as f64;
        delta += mean(&sums[middle..]) - mean(&sums[start..middle]);
        spans.push((start, middle, sums.len()));
    }
    if spans.is_empty() {
        return None;
    }
    let kind = match scores.values {
        Values::Flags(_) => Kind::Counts,
        Values::Reals(_) => Kind::Real,
    };
    let blocks: Vec<Block<'_>> = spans
        .iter()
        .map(|(start, middle, end)| Block { base: &sums[*start..*middle], cand: &sums[*middle..*end] })
        .collect();
    let test = run_label(&blocks, kind);
    Some(ScenarioTest {
        scenario: 0,
        cases: spans.len(),
        informative: test.informative,
        delta: delta / spans.len() as f64,
        worse: test.lower,
        better: test.higher,
        // The mid-p counts half of the probability of the lowest total.
        least: (2.0 * test.least_mid).min(1.0),
    })
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
}
