//! Numbers: how far those answered are from those expected.
//!
//! Cases enter that expect one number ([`Numbers`]) and have an answer with a number to read. What is far
//! off is not cut: an error counts as large as it is. A target error, or an answer without a number, has no
//! distance from anything; it is left out, counted, and told by the error rate and the pass rate.

use super::exclusion::{Exclusion, Selection};
use super::{Measurement, Metric, Observation, Slice};
use crate::judge::{Numbers, Outcome};
use crate::suite::metric_names::table::{MAE, R2, RMSE};

/// A number expected and the number answered.
pub type NumberPair = (f64, f64);

/// Mean absolute error: Σ|y − ŷ| / n, from 0 up, in the unit of the numbers. `None` without pairs.
pub fn mean_absolute_error(pairs: &[NumberPair]) -> Option<f64> {
    let sum: f64 = pairs.iter().map(|(expected, answered)| (expected - answered).abs()).sum();
    (!pairs.is_empty()).then(|| sum / pairs.len() as f64)
}

/// Root mean squared error: √(Σ(y − ŷ)² / n), from 0 up, in the unit of the numbers. `None` without pairs.
pub fn root_mean_squared_error(pairs: &[NumberPair]) -> Option<f64> {
    (!pairs.is_empty()).then(|| (squared_errors(pairs) / pairs.len() as f64).sqrt())
}

/// Coefficient of determination: 1 − Σ(y − ŷ)² / Σ(y − ȳ)². 1 is exact, 0 is as good as always answering
/// the mean, and worse goes below 0 without an end. `None` with fewer than two pairs, and where all numbers
/// expected are the same, so that there is nothing to explain.
pub fn r_squared(pairs: &[NumberPair]) -> Option<f64> {
    let spread = spread(pairs.iter().map(|(expected, _)| *expected))?;
    Some(1.0 - squared_errors(pairs) / spread)
}

/// Σ(y − ȳ)² of the numbers expected. `None` with fewer than two of them, and where all are the same.
pub(crate) fn spread(expected: impl Iterator<Item = f64> + Clone) -> Option<f64> {
    let mut rest = expected.clone();
    let first = rest.next()?;
    // Compared as they are: the mean of equal numbers may be off by its rounding.
    #[expect(clippy::float_cmp, reason = "numbers that are the same, not nearly so")]
    let differ = rest.any(|number| number != first);
    let n = expected.clone().count() as f64;
    let mean = expected.clone().sum::<f64>() / n;
    differ.then(|| expected.map(|number| (number - mean).powi(2)).sum())
}

fn squared_errors(pairs: &[NumberPair]) -> f64 {
    pairs.iter().map(|(expected, answered)| (expected - answered).powi(2)).sum()
}

/// Every metric of the family. Absent where no case expects one number.
pub(super) fn regression(slice: &Slice, cases: &[&Observation<'_>]) -> Vec<Measurement> {
    if cases.iter().all(|case| case.numbers.is_none()) {
        return Vec::new();
    }
    let selection: Selection<NumberPair> = cases.iter().map(|case| pair(case)).collect();
    let pairs = &selection.kept;
    let one = |metric: &Metric, value: Option<f64>, none: &str| {
        let value = match value {
            Some(value) if value.is_finite() => Ok(value),
            Some(_) => Err("the errors are too large to add up"),
            None => Err(none),
        };
        selection.left_out.measurement((metric, slice), pairs.len(), value)
    };
    let unexplained = match pairs.len() {
        1 => "not defined for a single case",
        _ => "not defined: the same number is expected throughout",
    };
    vec![
        one(&MAE, mean_absolute_error(pairs), "no cases"),
        one(&RMSE, root_mean_squared_error(pairs), "no cases"),
        one(&R2, r_squared(pairs), unexplained),
    ]
}

/// The numbers of a case, where it enters.
fn pair(case: &Observation<'_>) -> Result<NumberPair, Exclusion> {
    let Numbers { expected, answered } = case.numbers.ok_or(Exclusion::NoExpectedNumber)?;
    match case.outcome {
        Outcome::Skipped => Err(Exclusion::Skipped),
        // A conversation may have got a number before it broke off; that is no answer to the case.
        Outcome::TargetError => Err(Exclusion::TargetError),
        _ => answered.map(|answered| (expected, answered)).ok_or(Exclusion::NoNumber),
    }
}
