//! What each paired case adds to a metric, before and now.

use super::compare::Moves;
use super::distance;
use super::pair::{Pair, passed};
use super::ratio::{Labelled, Ratio};
use super::subject::What;
use super::{Flip, GateCase, GateInput, robust};
use crate::baseline::Accepted;
use crate::expand::Promise;
use crate::judge::Outcome;
use crate::metric::Slice;
use crate::suite::schema::TargetErrors;
use std::collections::HashSet;

/// What one paired case adds, in the direction in which more is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Score {
    /// Its place among the cases of the input.
    pub index: usize,
    pub before: f64,
    pub now: f64,
    /// Whether anything about it that enters the metric differs.
    pub differs: bool,
    /// Whether it got worse or better by itself.
    pub flip: Option<Flip>,
}

/// A metric over paired cases.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scored {
    /// The metric's value over the paired cases in the baseline, as people read it.
    pub before: f64,
    /// The same now.
    pub now: f64,
    pub scores: Vec<Score>,
    /// Whether the scores are 0 or 1 (or −1), and the value is their mean; otherwise they are shares of the
    /// value, which is their sum.
    pub counts: bool,
    /// Whether less of the value is better.
    pub less_is_better: bool,
    /// By how much a case moves that moves by one whole: what differences are counted in.
    pub unit: f64,
    /// What it means that a case moved.
    pub moves: Moves,
}

/// The scores of a metric over the pairs of its slice; `None` where it has no value on one of the sides.
pub(super) fn score(what: &What, slice: &Slice, input: &GateInput<'_>, pairs: &[Pair<'_>]) -> Option<Scored> {
    let errors = input.spec.target_errors;
    if let What::Robust(of) = what {
        return robust::score(*of, slice, input, pairs);
    }
    let pairs = pairs.iter().filter(|pair| is_in(slice, input, pair.case));
    match what {
        What::PassRate => {
            means(pairs, false, |pair| Some((passed(pair.before(), errors)?, passed(pair.now(), errors)?)))
        }
        What::ErrorRate => means(pairs, true, |pair| {
            let now = (pair.case.outcome != Outcome::Skipped).then_some(pair.now() == Accepted::Error)?;
            Some((pair.before() == Accepted::Error, now))
        }),
        What::Accuracy => {
            let (places, cases) = labelled(input, pairs, errors);
            let right =
                cases.iter().map(|case| (case.before == Some(case.truth), case.now == Some(case.truth)));
            from_flags(places.into_iter().zip(right).collect(), false)
        }
        What::Ratio(ratio) => {
            let (places, cases) = labelled(input, pairs, errors);
            shares(ratio, &places, &cases)
        }
        What::Distance(distance) => distance::score(*distance, pairs),
        What::StatedChange => means(pairs, false, |pair| {
            let changed = pair.case.variant.is_some_and(|variant| variant.promise == Promise::Changed);
            Some((passed(pair.before(), errors)?, passed(pair.now(), errors)?)).filter(|_| changed)
        }),
        What::Robust(_) | What::Summary | What::Other => None,
    }
}

/// Whether a case is in a slice.
pub(super) fn is_in(slice: &Slice, input: &GateInput<'_>, case: &GateCase<'_>) -> bool {
    match slice {
        Slice::Suite => true,
        Slice::Scenario(id) => input.scenarios.get(case.scenario).is_some_and(|(own, _)| own == id),
        Slice::Tag(tag) => case.tags.contains(tag),
        Slice::Operators(family) => case.variant.is_some_and(|variant| variant.family == family),
    }
}

/// A share of cases: `flags` says for each pair whether it counted before and counts now.
fn means<'p>(
    pairs: impl Iterator<Item = &'p Pair<'p>>,
    less_is_better: bool,
    flags: impl Fn(&Pair<'_>) -> Option<(bool, bool)>,
) -> Option<Scored> {
    from_flags(pairs.filter_map(|pair| Some((pair.index, flags(pair)?))).collect(), less_is_better)
}

/// A share of cases from its flags.
fn from_flags(cases: Vec<(usize, (bool, bool))>, less_is_better: bool) -> Option<Scored> {
    if cases.is_empty() {
        return None;
    }
    let n = cases.len() as f64;
    let share =
        |side: fn((bool, bool)) -> bool| cases.iter().filter(|(_, flags)| side(*flags)).count() as f64 / n;
    let (before, now) = (share(|flags| flags.0), share(|flags| flags.1));
    let score = |(index, (before, now)): (usize, (bool, bool))| {
        let count = |flag: bool| f64::from(u8::from(flag)) * if less_is_better { -1.0 } else { 1.0 };
        let flip = flip(before != less_is_better, now != less_is_better);
        Score { index, before: count(before), now: count(now), differs: before != now, flip }
    };
    let scores = cases.into_iter().map(score).collect();
    Some(Scored { before, now, scores, counts: true, less_is_better, unit: 1.0, moves: Moves::Verdicts })
}

/// How a case moved that was good or not, and is good or not.
pub(super) const fn flip(before: bool, now: bool) -> Option<Flip> {
    match (before, now) {
        (true, false) => Some(Flip::Broke),
        (false, true) => Some(Flip::Fixed),
        _ => None,
    }
}

/// The labels of the pairs that enter the classification metrics: those that expect a declared label. An
/// answer that names no declared label is none.
fn labelled<'p>(
    input: &GateInput<'p>,
    pairs: impl Iterator<Item = &'p Pair<'p>>,
    errors: TargetErrors,
) -> (Vec<usize>, Vec<Labelled<'p>>) {
    let declared: HashSet<&str> = input.labels.iter().map(String::as_str).collect();
    let label = |label: Option<&'p str>, outcome: Accepted| match (outcome, errors) {
        (Accepted::Error, TargetErrors::Exclude) => None,
        // A conversation may have got a label before it broke off; that is no answer to the case.
        (Accepted::Error, TargetErrors::Fail) => Some(None),
        _ => Some(label.filter(|label| declared.contains(label))),
    };
    pairs
        .filter(|pair| pair.case.outcome != Outcome::Skipped)
        .filter_map(|pair| {
            let truth = pair.case.truth.filter(|truth| declared.contains(truth))?;
            let before = label(pair.accepted.label(), pair.before())?;
            let now = label(pair.case.runs.last().and_then(|run| run.label), pair.now())?;
            Some((pair.index, Labelled { truth, before, now }))
        })
        .unzip()
}

/// The shares of the cases in a ratio.
fn shares(ratio: &Ratio, places: &[usize], cases: &[Labelled<'_>]) -> Option<Scored> {
    let linear = ratio.linear(cases)?;
    let score = |((index, case), (before, now)): ((&usize, &Labelled<'_>), &(f64, f64))| {
        let flip = flip(case.before == Some(case.truth), case.now == Some(case.truth));
        Score { index: *index, before: *before, now: *now, differs: case.before != case.now, flip }
    };
    let scores = places.iter().zip(cases).zip(&linear.shares).map(score).collect();
    Some(Scored {
        before: linear.before,
        now: linear.now,
        scores,
        counts: false,
        less_is_better: false,
        unit: 1.0,
        moves: Moves::Verdicts,
    })
}
