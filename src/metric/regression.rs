//! Numbers: how far those answered are from those expected.
//!
//! Cases enter that expect one number ([`Numbers`]) and have an answer with a number to read. What is far
//! off is not cut: an error counts as large as it is. A target error, or an answer without a number, has no
//! distance from anything; it is left out, counted, and told by the error rate and the pass rate.

use super::exclusion::{Exclusion, Exclusions};
use super::view::View;
use super::{Measurement, Metric, Observation, Slice};
use crate::judge::{Numbers, Outcome};
use crate::suite::metric_names::table::{MAE, R2, RMSE};

/// A number expected and the number answered.
pub type NumberPair = (f64, f64);

/// Mean absolute error: Σ|y − ŷ| / n, from 0 up, in the unit of the numbers. `None` without pairs.
pub fn mean_absolute_error(pairs: &[NumberPair]) -> Option<f64> {
    mean(pairs.iter().map(|(expected, answered)| (expected - answered).abs()))
}

/// Root mean squared error: √(Σ(y − ŷ)² / n), from 0 up, in the unit of the numbers. `None` without pairs.
pub fn root_mean_squared_error(pairs: &[NumberPair]) -> Option<f64> {
    mean(pairs.iter().map(squared_error)).map(f64::sqrt)
}

/// Coefficient of determination: 1 − Σ(y − ŷ)² / Σ(y − ȳ)². 1 is exact, 0 is as good as always answering
/// the mean, and worse goes below 0 without an end. `None` with fewer than two pairs, and where all numbers
/// expected are the same, so that there is nothing to explain.
pub fn r_squared(pairs: &[NumberPair]) -> Option<f64> {
    explained(pairs.iter().copied())
}

fn explained(pairs: impl Iterator<Item = NumberPair> + Clone) -> Option<f64> {
    let spread = spread(pairs.clone().map(|(expected, _)| expected))?;
    Some(1.0 - pairs.map(|pair| squared_error(&pair)).sum::<f64>() / spread)
}

fn squared_error((expected, answered): &NumberPair) -> f64 {
    (expected - answered).powi(2)
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut n = 0_usize;
    let sum: f64 = values.inspect(|_| n += 1).sum();
    (n > 0).then(|| sum / n as f64)
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

/// Every metric of the family. Absent where no case expects one number.
pub(super) fn regression(slice: &Slice, cases: View<'_>) -> Vec<Measurement> {
    if cases.iter().all(|case| case.numbers.is_none()) {
        return Vec::new();
    }
    let mut left_out = Exclusions::default();
    let n = left_out.keep(cases.iter().map(|case| pair(&case))).count();
    let pairs = cases.iter().filter_map(|case| pair(&case).ok());
    let one = |metric: &Metric, value: Option<f64>, none: &str| {
        let value = match value {
            Some(value) if value.is_finite() => Ok(value),
            Some(_) => Err("the errors are too large to add up"),
            None => Err(none),
        };
        left_out.measurement((metric, slice), n, value)
    };
    let unexplained = match n {
        1 => "not defined for a single case",
        _ => "not defined: the same number is expected throughout",
    };
    let absolute = mean(pairs.clone().map(|(expected, answered)| (expected - answered).abs()));
    let squared = mean(pairs.clone().map(|pair| squared_error(&pair)));
    vec![
        one(&MAE, absolute, "no cases"),
        one(&RMSE, squared.map(f64::sqrt), "no cases"),
        one(&R2, explained(pairs), unexplained),
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
