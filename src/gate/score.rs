//! What each paired case adds to a metric, in each run before and now.

use super::compare::Moves;
use super::distance;
use super::pair::{Arms, Pair, Pairs, Run, kept_runs};
use super::procedure::{Scores, Values};
use super::ratio::{Labelled, Ratio};
use super::subject::What;
use super::{Flip, GateInput, latency, mean, robust};
use crate::baseline::Accepted;
use crate::expand::Promise;
use crate::metric::Slice;
use crate::suite::schema::TargetErrors;
use std::collections::HashSet;

/// Most runs whose scores fit into the bits of a flag.
const FLAG_RUNS: usize = 32;

/// A metric over paired cases.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scored {
    /// Places of the cases in the input.
    pub cases: Vec<u32>,
    /// Their scores by run, in the direction in which more is better.
    pub scores: Scores,
    /// What the scores make of the metric's value.
    pub value: Value,
    /// Whether less of the value is better.
    pub less_is_better: bool,
    /// By how much a case moves that moves by one whole: what differences are counted in.
    pub unit: f64,
    /// What it means that a case moved.
    pub moves: Moves,
    /// Which of the cases got worse or better by themselves.
    pub flips: Vec<Option<Flip>>,
    /// Whether anything about them that enters the metric differs.
    pub differs: bool,
}

/// What scores make of a metric's value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Value {
    /// They are 0 or 1, and the value is their mean or, where less is better, what is left of one.
    Share,
    /// They sum to it, up to the sign: its value in the baseline and now, as people read them.
    Sum(f64, f64),
    /// They are logarithms, less being better, and the value is the ratio of what they are logarithms of.
    LogRatio,
}

/// The scores of a metric over the pairs of its slice; `None` where it has no value on one of the sides.
pub(super) fn score(
    what: &What,
    slice: &Slice,
    input: &GateInput<'_>,
    pairs: Pairs<'_>,
    arms: Arms,
) -> Option<Scored> {
    let errors = input.spec.target_errors;
    if let What::Robust(of) = what {
        return robust::score(*of, slice, input, pairs, arms);
    }
    let pairs = pairs.iter().filter(|pair| is_in(slice, input, pair.index));
    match what {
        What::PassRate => flags(pairs, arms, false, |_, run| run.outcome.passed(errors)),
        What::ErrorRate => {
            flags(pairs, arms, true, |_, run| run.asked.then_some(run.outcome == Accepted::Error))
        }
        What::Accuracy => {
            let declared = declared(input);
            flags(pairs, arms, false, |pair, run| {
                let truth = pair.case().truth.filter(|truth| declared.contains(truth))?;
                is_classified(run, errors).then(|| label_of(run, &declared) == Some(truth))
            })
        }
        What::Ratio(ratio) => shares(ratio, &labelled(input, pairs, arms)),
        What::Distance(distance) => distance::score(*distance, pairs, arms),
        What::Score(metric) => mean::score(metric, pairs, arms),
        What::Entries(metric) => mean::share(metric, pairs, arms),
        What::StatedChange => {
            let changed = |pair: &Pair<'_>| {
                pair.case().variant.is_some_and(|variant| variant.promise == Promise::Changed)
            };
            flags(pairs.filter(changed), arms, false, |_, run| run.outcome.passed(errors))
        }
        What::Latency => latency::score(input, pairs, arms),
        What::Robust(_) | What::Summary | What::Other => None,
    }
}

/// Whether a case is in a slice.
pub(super) fn is_in(slice: &Slice, input: &GateInput<'_>, case: usize) -> bool {
    let table = input.table;
    match slice {
        Slice::Suite => true,
        Slice::Scenario(id) => input.scenarios.get(table.scenario(case)).is_some_and(|(own, _)| own == id),
        Slice::Tag(tag) => table.case(case).tags.contains(tag),
        Slice::Operators(family) => table.case(case).variant.is_some_and(|variant| variant.family == family),
    }
}

/// Scores by case and run that are put together case by case.
#[derive(Debug)]
pub(super) struct Rows {
    scores: Scores,
    cases: Vec<u32>,
}

impl Rows {
    /// Rows of 0 and 1 where they fit into flags.
    pub fn of_flags(arms: Arms) -> Self {
        let fits = arms.runs() <= FLAG_RUNS;
        Self::with(arms, if fits { Values::Flags(Vec::new()) } else { Values::Reals(Vec::new()) })
    }

    /// Rows of any numbers.
    pub fn of_reals(arms: Arms) -> Self {
        Self::with(arms, Values::Reals(Vec::new()))
    }

    fn with(arms: Arms, values: Values) -> Self {
        let scores = Scores { base: arms.base, cand: arms.cand, values, graded: Vec::new() };
        Self { scores, cases: Vec::new() }
    }

    /// Adds a case by the scores of its runs, `None` where one is not graded; false where it is left out.
    pub fn add(&mut self, case: usize, runs: impl Iterator<Item = (usize, Option<f64>)>) -> bool {
        let (mut graded, mut own, mut bits) = (0_u128, 0_u128, 0_u32);
        let every = self.scores.every_run();
        let start = self.cases.len() * self.scores.runs();
        if let Values::Reals(reals) = &mut self.scores.values {
            reals.resize(start + (every.count_ones() as usize), 0.0);
        }
        for (run, score) in runs {
            own |= 1 << run;
            if let Some(score) = score {
                graded |= 1 << run;
                if let Values::Reals(reals) = &mut self.scores.values {
                    reals[start + run] = score;
                }
                if score > 0.5 && run < FLAG_RUNS {
                    bits |= 1 << run;
                }
            }
        }
        let kept = kept_runs(graded, own, &self.scores);
        match &mut self.scores.values {
            Values::Flags(flags) => flags.extend(kept.map(|_| bits)),
            Values::Reals(reals) if kept.is_none() => reals.truncate(start),
            Values::Reals(_) => {}
        }
        let Some(kept) = kept else { return false };
        // Most often every case is graded in every run, and nothing is to be said of it.
        if kept != every && self.scores.graded.is_empty() {
            self.scores.graded = vec![every; self.cases.len()];
        }
        if kept != every || !self.scores.graded.is_empty() {
            self.scores.graded.push(kept);
        }
        self.cases.push(u32::try_from(case).expect("cases are counted in 32 bits"));
        true
    }

    /// The cases and their scores; none where no case was added.
    pub fn finish(self) -> Option<(Vec<u32>, Scores)> {
        (!self.cases.is_empty()).then_some((self.cases, self.scores))
    }
}

/// A share of cases: `flag` says for each run of a pair whether it counts; where less of the share is better,
/// what does not count is good.
fn flags<'p>(
    pairs: impl Iterator<Item = Pair<'p>>,
    arms: Arms,
    less_is_better: bool,
    flag: impl Fn(&Pair<'p>, &Run<'p>) -> Option<bool>,
) -> Option<Scored> {
    let mut rows = Rows::of_flags(arms);
    for pair in pairs {
        let score =
            |run: &Run<'p>| flag(&pair, run).map(|counts| f64::from(u8::from(counts != less_is_better)));
        rows.add(pair.index, pair.runs(arms).map(|(at, run)| (at, score(&run))));
    }
    let (cases, scores) = rows.finish()?;
    Some(Scored::of_shares(cases, scores, less_is_better))
}

impl Scored {
    /// A share of cases whose scores are 0 or 1.
    pub fn of_shares(cases: Vec<u32>, scores: Scores, less_is_better: bool) -> Self {
        let flips = (0..cases.len()).map(|case| majority_flip(&scores, case)).collect();
        let differs = (0..cases.len()).any(|case| scores.differs(case));
        Self {
            cases,
            scores,
            value: Value::Share,
            less_is_better,
            unit: 1.0,
            moves: Moves::Verdicts,
            flips,
            differs,
        }
    }
}

/// How a case of flags moved: from what most runs of the baseline were to what most of the candidate's are.
/// Where as many were good as not, its newest run decides; where as many are good as not, it is not good.
pub(super) fn majority_flip(scores: &Scores, case: usize) -> Option<Flip> {
    let graded = scores.graded(case);
    // How many of its runs in an arm were good, of how many, and whether the newest was.
    let runs = |arm: u128| {
        let (mut good, mut of, mut newest) = (0_usize, 0_usize, None);
        let mut left = graded & arm;
        while left != 0 {
            let is_good = scores.score(case, left.trailing_zeros() as usize) > 0.5;
            (good, of, newest) = (good + usize::from(is_good), of + 1, Some(is_good));
            left &= left - 1;
        }
        (good, of, newest)
    };
    let ((good_before, of_before, newest), (good_now, of_now, _)) =
        (runs(scores.base_runs()), runs(scores.cand_runs()));
    let was = match (2 * good_before).cmp(&of_before) {
        std::cmp::Ordering::Equal => newest?,
        order => order.is_gt(),
    };
    flip(was, 2 * good_now > of_now)
}

/// How a case moved that was good or not, and is good or not.
pub(super) const fn flip(before: bool, now: bool) -> Option<Flip> {
    match (before, now) {
        (true, false) => Some(Flip::Broke),
        (false, true) => Some(Flip::Fixed),
        _ => None,
    }
}

fn declared<'p>(input: &GateInput<'p>) -> HashSet<&'p str> {
    input.labels.iter().map(String::as_str).collect()
}

/// Whether a run enters the classification metrics.
fn is_classified(run: &Run<'_>, errors: TargetErrors) -> bool {
    run.asked && !(run.outcome == Accepted::Error && errors == TargetErrors::Exclude)
}

/// The label of a run that enters them; none where the answer names no declared one.
fn label_of<'p>(run: &Run<'p>, declared: &HashSet<&str>) -> Option<&'p str> {
    // A conversation may have got a label before it broke off; that is no answer to the case.
    let answered = run.outcome != Accepted::Error;
    run.label.filter(|label| answered && declared.contains(label))
}

/// The labels of the pairs that enter the classification metrics: those that expect a declared label.
fn labelled<'p>(input: &GateInput<'p>, pairs: impl Iterator<Item = Pair<'p>>, arms: Arms) -> Labelled<'p> {
    let declared = declared(input);
    let errors = input.spec.target_errors;
    let mut rows = Rows::of_flags(arms);
    let mut labelled = Labelled::default();
    for pair in pairs {
        let Some(truth) = pair.case().truth.filter(|truth| declared.contains(truth)) else { continue };
        let mut row = vec![None; arms.runs()];
        let runs = pair.runs(arms).map(|(at, run)| {
            row[at] = label_of(&run, &declared);
            let right = f64::from(u8::from(row[at] == Some(truth)));
            (at, is_classified(&run, errors).then_some(right))
        });
        if rows.add(pair.index, runs) {
            labelled.truths.push(truth);
            labelled.labels.extend(row);
        }
    }
    if let Some((cases, right)) = rows.finish() {
        (labelled.cases, labelled.right) = (cases, Some(right));
    }
    labelled
}

/// The shares of the cases in a ratio.
fn shares(ratio: &Ratio, labelled: &Labelled<'_>) -> Option<Scored> {
    let linear = ratio.linear(labelled)?;
    let right = labelled.right.as_ref()?;
    let runs = right.runs();
    let differs = labelled.labels.chunks(runs).enumerate().any(|(case, labels)| {
        let mut seen = (0..runs).filter(|run| right.graded(case) >> run & 1 == 1).map(|run| labels[run]);
        let first = seen.next();
        seen.any(|label| Some(label) != first)
    });
    Some(Scored {
        cases: labelled.cases.clone(),
        scores: Scores { values: Values::Reals(linear.shares), ..right.clone() },
        value: Value::Sum(linear.before, linear.now),
        less_is_better: false,
        unit: 1.0,
        moves: Moves::Verdicts,
        flips: (0..labelled.cases.len()).map(|case| majority_flip(right, case)).collect(),
        differs,
    })
}
