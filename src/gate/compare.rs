//! Steps 2 to 6: a metric now against its baseline.

use super::places::Places;
use super::procedure::{Groups, Layout, SIZE, SuiteTest, least_exact, scenario_tests, suite_test};
use super::score::{Scored, Value};
use super::{Flip, GateInput, phrase};
use crate::stats::cluster::ClusterDiff;
use crate::stats::permutation::PValue;
use crate::stats::power::{more_needed, whole};
use serde::{Deserialize, Serialize};

/// A metric now against its baseline, over paired cases. Effects are in the direction in which more is
/// better, so that a loss is negative; `before` and `now` are as people read them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub before: f64,
    pub now: f64,
    /// The numbers of the test; effects in the metric's own units. Of a scenario's test, whose blocks are
    /// cases, the p-values, what differs and the least p-value, which is exact then, are those of the cases.
    pub test: SuiteTest,
    /// What the blocks are.
    pub blocks: Blocks,
    /// Runs of the baseline and of the candidate.
    pub runs: (usize, usize),
    /// Families among the cases.
    pub families: usize,
    /// Whether anything differs.
    pub differs: bool,
    /// What a movement of a case is.
    pub moves: Moves,
    /// Places of the cases that broke, and of those that were fixed; or of those farther off and nearer.
    pub broke: Places,
    pub fixed: Places,
    /// Places of all cases.
    pub cases: Places,
    /// Of a scenario's test the effect by cases and the standard error that they, taken for independent, give
    /// it; in the units of the scores.
    pub by_case: Option<(f64, f64)>,
    /// The smallest exact p-value that a test by cases could have given, had every case broken.
    pub least_exact: f64,
}

/// What the blocks of a test are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Blocks {
    /// Families: a seed with its variants.
    Families,
    /// Scenarios: where a suite has enough of them.
    Scenarios,
    /// Single cases: for a test of one scenario, which a test over families could not see break.
    Cases,
}

/// What it means that a case got worse or better by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    /// It broke, or was fixed.
    Verdicts,
    /// Its number is farther from the one expected, or nearer.
    Distances,
    /// It scores less than it did, or more.
    Scores,
    /// Its answer took longer, or less long.
    Times,
}

impl Blocks {
    /// So many of them, in words: `1 family`, `3 scenarios`.
    pub fn counted(self, n: usize) -> String {
        let (one, many) = match self {
            Self::Families => ("family", "families"),
            Self::Scenarios => ("scenario", "scenarios"),
            Self::Cases => ("case", "cases"),
        };
        phrase::count(n, one, many)
    }
}

impl Comparison {
    pub fn of(scored: &Scored, input: &GateInput<'_>, blocks: Blocks) -> Self {
        let n = scored.cases.len();
        let places = || scored.cases.iter().map(|at| *at as usize);
        let by_family = || Groups::by_key(places().map(|at| input.table.family(at)));
        let (clusters, families) = match blocks {
            Blocks::Families | Blocks::Cases => (by_family(), None),
            Blocks::Scenarios => {
                (Groups::by_key(places().map(|at| input.table.scenario(at))), Some(by_family().len()))
            }
        };
        let families = families.unwrap_or(clusters.len());
        let layout = Layout { clusters, scenarios: Groups::whole(n) };
        // Shares sum to the value and not to n times it.
        let weight = if matches!(scored.value, Value::Sum(..)) { n as f64 } else { 1.0 } / scored.unit;
        let mut test = suite_test(&scored.scores, &layout, weight, input.spec.power.get());
        test = in_units(&test, scored.unit);
        let sign = if scored.less_is_better { -1.0 } else { 1.0 };
        let (before, now) = match scored.value {
            Value::Share => {
                let value = |good: f64| if scored.less_is_better { 1.0 - good } else { good };
                (value(test.before), value(test.now))
            }
            Value::Sum(before, now) => (before, now),
            Value::LogRatio => (1.0, (test.before - test.now).exp()),
        };
        test.delta = match scored.value {
            Value::LogRatio => test.now - test.before,
            Value::Share | Value::Sum(..) => sign * (now - before),
        };
        let mut by_case = None;
        if blocks == Blocks::Cases
            && let Some(own) = scenario_tests(&scored.scores, &layout.scenarios).first()
        {
            by_case = Some((own.delta, own.error));
            (test.worse, test.better, test.informative) = (own.worse, own.better, own.informative);
            test.least_mid = own.least;
        }
        let flipped = |flip: Flip| {
            places().zip(&scored.flips).filter(|(_, of)| **of == Some(flip)).map(|(case, _)| case).collect()
        };
        Self {
            before,
            now,
            test,
            blocks,
            runs: (scored.scores.base, scored.scores.cand),
            families,
            differs: scored.differs,
            moves: scored.moves,
            broke: flipped(Flip::Broke),
            fixed: flipped(Flip::Fixed),
            cases: places().collect(),
            by_case,
            least_exact: least_exact(&scored.scores, layout.scenarios.of(0)),
        }
    }

    /// The p-values that the test goes by: mid-p for a suite, exact for a scenario.
    pub fn p(&self) -> (f64, f64) {
        let of = |p: PValue| if self.blocks == Blocks::Cases { p.exact } else { p.mid };
        (of(self.test.worse), of(self.test.better))
    }

    /// The cases that it takes to see a loss of `tolerance`, at the power asked for.
    pub fn cases_needed(&self, tolerance: f64, power: f64) -> f64 {
        more_needed(self.test.interval.se, self.test.cases, tolerance, SIZE, power).required
    }

    /// Clusters to add until a loss of `tolerance` is seen.
    pub fn clusters_to_add(&self, tolerance: f64, power: f64) -> usize {
        let n = self.test.cases as f64;
        whole((self.cases_needed(tolerance, power) - n) * self.test.clusters as f64 / n - 1e-9)
    }
}

/// A test whose differences were counted in `unit`.
fn in_units(test: &SuiteTest, unit: f64) -> SuiteTest {
    let interval = ClusterDiff {
        centre: test.interval.centre * unit,
        se: test.interval.se * unit,
        low: test.interval.low * unit,
        high: test.interval.high * unit,
        ..test.interval
    };
    SuiteTest { delta: test.delta * unit, detectable: test.detectable * unit, interval, ..test.clone() }
}
