//! Step 9: mean absolute error, root mean squared error and R² as sums over cases, so that they can be
//! tested like a mean.
//!
//! The number expected of a case is part of its identity, so it is the same in both runs, and with it the
//! spread that R² divides by. The mean absolute error and R² are then sums over cases as they stand. The
//! root mean squared error is not; but the difference of two roots is the difference of the squares over
//! the sum of the roots, which gives shares whose sums differ by exactly what the metric does.

use super::compare::Moves;
use super::pair::{MIN_PAIRED_PERCENT, Pair};
use super::score::{Score, Scored, is_in};
use super::{Flip, GateInput};
use crate::metric::{NumberPair, Slice, mean_absolute_error, r_squared, root_mean_squared_error, spread};

/// A summary of distances of numbers from those expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Distance {
    /// Mean absolute error.
    Mean,
    /// Root mean squared error.
    RootMeanSquare,
    /// R², the share of the variance that is explained.
    Explained,
}

/// The number expected of a case, and the number answered in each of the two runs.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Numbered {
    index: usize,
    expected: f64,
    before: f64,
    now: f64,
}

impl Distance {
    pub fn of_name(name: &str) -> Option<Self> {
        match name {
            "mae" => Some(Self::Mean),
            "rmse" => Some(Self::RootMeanSquare),
            "r2" => Some(Self::Explained),
            _ => None,
        }
    }

    fn value(self, pairs: &[NumberPair]) -> Option<f64> {
        match self {
            Self::Mean => mean_absolute_error(pairs),
            Self::RootMeanSquare => root_mean_squared_error(pairs),
            Self::Explained => r_squared(pairs),
        }
        .filter(|value| value.is_finite())
    }
}

/// The scores of the pairs that have a number on both sides. `None` where the metric has no value on one of
/// them, or too few of the numbers that the baseline has are answered again.
pub(super) fn score<'p>(distance: Distance, pairs: impl Iterator<Item = &'p Pair<'p>>) -> Option<Scored> {
    let coverage = Coverage::of(pairs);
    let cases = &coverage.both;
    if !coverage.suffices() {
        return None;
    }
    let run = |answer: fn(&Numbered) -> f64| -> Vec<NumberPair> {
        cases.iter().map(|case| (case.expected, answer(case))).collect()
    };
    let before = distance.value(&run(|case| case.before))?;
    let now = distance.value(&run(|case| case.now))?;
    let n = cases.len() as f64;
    let whole = match distance {
        Distance::Mean => n,
        Distance::RootMeanSquare => n * (before + now),
        Distance::Explained => spread(cases.iter().map(|case| case.expected))?,
    };
    let share = |error: f64| match distance {
        // No run has any error, and there is nothing to divide by.
        _ if whole == 0.0 => 0.0,
        Distance::Mean => -error.abs() / whole,
        Distance::RootMeanSquare | Distance::Explained => -error.powi(2) / whole,
    };
    let one = |case: &Numbered| {
        let (before, now) = (case.before - case.expected, case.now - case.expected);
        let flip = match now.abs().total_cmp(&before.abs()) {
            std::cmp::Ordering::Less => Some(Flip::Fixed),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Flip::Broke),
        };
        Score { index: case.index, before: share(before), now: share(now), differs: flip.is_some(), flip }
    };
    // Errors have no largest size that a case could move by. What stands for it in a mean distance is the
    // mean distance itself, and in R² the variance of what is expected.
    let unit = match distance {
        Distance::Mean | Distance::RootMeanSquare => before.max(now),
        Distance::Explained => 1.0,
    };
    Some(Scored {
        before,
        now,
        scores: cases.iter().map(one).collect(),
        counts: false,
        less_is_better: distance != Distance::Explained,
        unit: if unit > 0.0 { unit } else { 1.0 },
        moves: Moves::Distances,
    })
}

/// Why the numbers of a slice cannot be compared with those of the baseline, where they cannot.
pub(super) fn lost(slice: &Slice, input: &GateInput<'_>, pairs: &[Pair<'_>]) -> Option<String> {
    let of_slice = pairs.iter().filter(|pair| is_in(slice, input, pair.case));
    let coverage = Coverage::of(of_slice);
    match coverage.had {
        0 => Some(format!(
            "the baseline keeps no numbers to compare with; accept a new one with `holdline run {suite} \
             --update new`, then `holdline accept {suite} --reason \"…\"`",
            suite = input.suite
        )),
        had if !coverage.suffices() => Some(format!(
            "only {} of the {had} cases that have a number in the baseline have one now ({MIN_PAIRED_PERCENT} % \
             are needed)",
            coverage.both.len()
        )),
        _ => None,
    }
}

/// The pairs with a number in the baseline, and those with one now too.
struct Coverage {
    had: usize,
    both: Vec<Numbered>,
}

impl Coverage {
    fn of<'p>(pairs: impl Iterator<Item = &'p Pair<'p>>) -> Self {
        let mut coverage = Self { had: 0, both: Vec::new() };
        for pair in pairs {
            let (Some(expected), Some(before)) = (pair.case.expected_number, pair.accepted.number()) else {
                continue;
            };
            coverage.had += 1;
            if let Some(now) = pair.case.runs.last().and_then(|run| run.number) {
                coverage.both.push(Numbered { index: pair.index, expected, before, now });
            }
        }
        coverage
    }

    /// An application that stops answering where it is far off has not come nearer.
    fn suffices(&self) -> bool {
        self.had > 0 && self.both.len() * 100 >= self.had * MIN_PAIRED_PERCENT
    }
}
