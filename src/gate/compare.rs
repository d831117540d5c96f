//! Steps 2, 3, 4 and 6: the effect, its p-value and its interval.

use super::score::{Score, Scored};
use super::{Flip, GateInput};
use crate::expand::FamilyId;
use crate::stats::cluster::{ClusterDiff, ClusterTotal, cluster_diff_adj};
use crate::stats::permutation::{Block, PValue, RunLabel, Scores, run_label};
use crate::stats::power::{detectable, more_needed, whole};
use std::collections::BTreeMap;

/// One-sided size that sample sizes are told for.
const SIZE: f64 = 0.05;

/// Power that sample sizes are told for.
const POWER: f64 = 0.8;

/// Confidence of the two-sided interval.
const CONFIDENCE: f64 = 0.9;

/// Slack of comparisons of effects: the rounding of sums, not a part of the rule.
pub(super) const SLACK: f64 = 1e-12;

/// A metric now against its baseline, over paired cases. Effects are in the direction in which more is
/// better, so that a loss is negative; `before` and `now` are as people read them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub before: f64,
    pub now: f64,
    /// The gain: negative where the metric got worse.
    pub gain: f64,
    /// p-value of "worse".
    pub worse: PValue,
    /// p-value of "better".
    pub better: PValue,
    /// The smallest mid-p that these cases could have given.
    pub least_mid: f64,
    /// Blocks of the test that differ.
    pub changed: usize,
    /// Interval of the gain.
    pub interval: ClusterDiff,
    /// Smallest loss seen with 80 % power.
    pub detectable: f64,
    pub paired: usize,
    pub families: usize,
    /// Whether anything differs.
    pub differs: bool,
    /// What a movement of a case is.
    pub moves: Moves,
    /// Places of the cases that broke, and of those that were fixed; or of those farther off and nearer.
    pub broke: Vec<usize>,
    pub fixed: Vec<usize>,
    /// Places of all cases.
    pub cases: Vec<usize>,
}

/// What the blocks of the test are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Blocks {
    /// Families: for a test of a whole suite.
    Families,
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
}

/// What a family sums to.
#[derive(Default)]
struct Family {
    before: f64,
    now: f64,
    total: ClusterTotal,
}

impl Comparison {
    pub fn of(scored: &Scored, input: &GateInput<'_>, blocks: Blocks) -> Self {
        let n = scored.scores.len();
        // Shares sum to the value and not to n times it.
        let scale = if scored.counts { 1.0 } else { n as f64 };
        let mut families: BTreeMap<FamilyId, Family> = BTreeMap::new();
        for score in &scored.scores {
            let family = families.entry(input.cases[score.index].family).or_default();
            family.before += score.before;
            family.now += score.now;
            family.total.sum += scale * (score.now - score.before) / scored.unit;
            family.total.cases += 1;
        }
        let totals: Vec<ClusterTotal> = families.values().map(|family| family.total).collect();
        let interval = in_units(cluster_diff_adj(&totals, CONFIDENCE), scored.unit);
        let sums: Vec<[f64; 2]> = match blocks {
            Blocks::Families => families.values().map(|family| [family.before, family.now]).collect(),
            Blocks::Cases => scored.scores.iter().map(|score| [score.before, score.now]).collect(),
        };
        let test = test(&sums, if scored.counts { Scores::Counts } else { Scores::Real });
        let sign = if scored.less_is_better { -1.0 } else { 1.0 };
        let flipped = |flip: Flip| {
            let are = |score: &&Score| score.flip == Some(flip);
            scored.scores.iter().filter(are).map(|score| score.index).collect()
        };
        Self {
            before: scored.before,
            now: scored.now,
            gain: sign * (scored.now - scored.before),
            worse: test.lower,
            better: test.higher,
            least_mid: test.least_mid,
            changed: test.informative,
            interval,
            detectable: detectable(interval.se, SIZE, POWER),
            paired: n,
            families: families.len(),
            differs: scored.scores.iter().any(|score| score.differs),
            moves: scored.moves,
            broke: flipped(Flip::Broke),
            fixed: flipped(Flip::Fixed),
            cases: scored.scores.iter().map(|score| score.index).collect(),
        }
    }

    /// Families to add until a loss of `tolerance` is seen.
    pub fn families_to_add(&self, tolerance: f64) -> usize {
        let n = self.paired as f64;
        let needed = more_needed(self.interval.se, self.paired, tolerance, SIZE, POWER);
        whole((needed.required - n) * self.families as f64 / n - 1e-9)
    }

    /// Whether the metric is worse by at least `effect`.
    pub fn lost(&self, effect: f64) -> bool {
        self.gain <= -effect + SLACK
    }

    /// Whether the metric is better by at least `effect`.
    pub fn gained(&self, effect: f64) -> bool {
        self.gain >= effect - SLACK
    }
}

/// An interval of differences that were counted in `unit`.
fn in_units(interval: ClusterDiff, unit: f64) -> ClusterDiff {
    ClusterDiff {
        centre: interval.centre * unit,
        se: interval.se * unit,
        low: interval.low * unit,
        high: interval.high * unit,
        ..interval
    }
}

/// The run-label test with one run on either side.
fn test(sums: &[[f64; 2]], scores: Scores) -> RunLabel {
    let blocks: Vec<Block<'_>> =
        sums.iter().map(|sums| Block { base: &sums[..1], cand: &sums[1..] }).collect();
    run_label(&blocks, scores)
}
