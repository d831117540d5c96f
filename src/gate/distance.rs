//! Step 9: mean absolute error, root mean squared error and R² as sums over cases, so that they can be
//! tested like a mean.
//!
//! The number expected of a case is part of its identity, so it is the same in both runs, and with it the
//! spread that R² divides by. The mean absolute error and R² are then sums over cases as they stand. The
//! root mean squared error is not; but the difference of two roots is the difference of the squares over
//! the sum of the roots, which gives shares whose sums differ by exactly what the metric does.

use super::compare::Moves;
use super::pair::{Arms, MIN_PAIRED_PERCENT, Pair, Pairs};
use super::score::{Rows, Scored, Value, is_in};
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

/// The errors of a case: its numbers less the one expected, by run.
#[derive(Debug, Clone, PartialEq)]
struct Errors {
    expected: f64,
    /// Of each run of either arm, where it has a number.
    by_run: Vec<(usize, f64)>,
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
pub(super) fn score<'p>(
    distance: Distance,
    pairs: impl Iterator<Item = Pair<'p>>,
    arms: Arms,
) -> Option<Scored> {
    let coverage = Coverage::of(pairs, arms);
    if !coverage.suffices() {
        return None;
    }
    let cases = &coverage.both;
    let arm = |of: fn(usize, Arms) -> bool| -> Vec<NumberPair> {
        let numbers = cases.iter().flat_map(|(_, errors)| {
            let own = errors.by_run.iter().filter(move |(run, _)| of(*run, arms));
            own.map(|(_, error)| (errors.expected, errors.expected + error))
        });
        numbers.collect()
    };
    let before = distance.value(&arm(|run, arms| run < arms.base))?;
    let now = distance.value(&arm(|run, arms| run >= arms.base))?;
    let n = cases.len() as f64;
    let whole = match distance {
        Distance::Mean => n,
        Distance::RootMeanSquare => n * (before + now),
        Distance::Explained => spread(cases.iter().map(|(_, errors)| errors.expected))?,
    };
    let share = |error: f64| match distance {
        // No run has any error, and there is nothing to divide by.
        _ if whole == 0.0 => 0.0,
        Distance::Mean => -error.abs() / whole,
        Distance::RootMeanSquare | Distance::Explained => -error.powi(2) / whole,
    };
    let mut rows = Rows::of_reals(arms);
    let mut flips = Vec::with_capacity(cases.len());
    for (index, errors) in cases {
        if rows.add(*index, errors.by_run.iter().map(|(run, error)| (*run, Some(share(*error))))) {
            flips.push(errors.flip(arms));
        }
    }
    let (cases, scores) = rows.finish()?;
    // Errors have no largest size that a case could move by. What stands for it in a mean distance is the
    // mean distance itself, and in R² the variance of what is expected.
    let unit = match distance {
        Distance::Mean | Distance::RootMeanSquare => before.max(now),
        Distance::Explained => 1.0,
    };
    Some(Scored {
        differs: (0..cases.len()).any(|case| scores.differs(case)),
        cases,
        scores,
        value: Value::Sum(before, now),
        less_is_better: distance != Distance::Explained,
        unit: if unit > 0.0 { unit } else { 1.0 },
        moves: Moves::Distances,
        flips,
    })
}

impl Errors {
    /// Whether the case is farther off in the mean of its runs, or nearer.
    fn flip(&self, arms: Arms) -> Option<Flip> {
        let mean = |of: fn(usize, Arms) -> bool| {
            let own: Vec<f64> =
                self.by_run.iter().filter(|(run, _)| of(*run, arms)).map(|(_, error)| error.abs()).collect();
            own.iter().sum::<f64>() / own.len() as f64
        };
        let (before, now) = (mean(|run, arms| run < arms.base), mean(|run, arms| run >= arms.base));
        match now.total_cmp(&before) {
            std::cmp::Ordering::Less => Some(Flip::Fixed),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(Flip::Broke),
        }
    }
}

/// Why the numbers of a slice cannot be compared with those of the baseline, where they cannot.
pub(super) fn lost(slice: &Slice, input: &GateInput<'_>, pairs: Pairs<'_>, arms: Arms) -> Option<String> {
    let of_slice = pairs.iter().filter(|pair| is_in(slice, input, pair.index));
    let coverage = Coverage::of(of_slice, arms);
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

/// The pairs with a number in the baseline, and those with one in every run now too.
struct Coverage {
    had: usize,
    both: Vec<(usize, Errors)>,
}

impl Coverage {
    fn of<'p>(pairs: impl Iterator<Item = Pair<'p>>, arms: Arms) -> Self {
        let mut coverage = Self { had: 0, both: Vec::new() };
        for pair in pairs {
            let Some(expected) = pair.case().expected else { continue };
            let by_run: Vec<(usize, f64)> =
                pair.runs(arms).filter_map(|(run, of)| Some((run, of.number? - expected))).collect();
            let now = by_run.iter().filter(|(run, _)| *run >= arms.base).count();
            if by_run.len() == now {
                continue;
            }
            coverage.had += 1;
            if now > 0 && now == pair.runs_now().min(arms.cand) {
                coverage.both.push((pair.index, Errors { expected, by_run }));
            }
        }
        coverage
    }

    /// An application that stops answering where it is far off has not come nearer.
    fn suffices(&self) -> bool {
        self.had > 0 && self.both.len() * 100 >= self.had * MIN_PAIRED_PERCENT
    }
}
