//! Shares of cases: how many pass, err, or do not answer in time.

use super::exclusion::{Exclusion, Selection};
use super::{Measurement, Observation, Slice};
use crate::judge::Outcome;
use crate::suite::metric_names::table::{ERROR_RATE, MACRO_PASS_RATE, PASS_RATE, TIMEOUT_RATE};
use crate::suite::schema::TargetErrors;

/// Whether a case passes, where it is graded.
pub(super) fn grade(case: &Observation<'_>, errors: TargetErrors) -> Result<bool, Exclusion> {
    match case.outcome {
        Outcome::Pass => Ok(true),
        Outcome::Fail => Ok(false),
        Outcome::TargetError => match errors {
            TargetErrors::Fail => Ok(false),
            TargetErrors::Exclude => Err(Exclusion::TargetError),
        },
        Outcome::NotApplicable => Err(Exclusion::NotApplicable),
        Outcome::CannotJudge => Err(Exclusion::CannotJudge),
        Outcome::JudgeError => Err(Exclusion::JudgeError),
        Outcome::Skipped => Err(Exclusion::Skipped),
    }
}

/// The share of the graded cases that pass.
pub(super) fn pass_rate(slice: &Slice, cases: &[&Observation<'_>], errors: TargetErrors) -> Measurement {
    cases.iter().map(|case| grade(case, errors)).collect::<Selection<bool>>().rate((&PASS_RATE, slice))
}

/// The mean of the pass rates by scenario. `n` and the exclusions are those of the suite's pass rate: a
/// scenario without a graded case has no rate to average.
pub(super) fn macro_pass_rate(suite: &Measurement, scenarios: &[Measurement]) -> Measurement {
    let rates: Vec<f64> = scenarios.iter().filter_map(|rate| rate.value).collect();
    let mean = (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64);
    Measurement { metric: MACRO_PASS_RATE.name.to_owned(), value: mean, interval: None, ..suite.clone() }
}

/// The shares of cases asked that end in an error, and in a time-out.
pub(super) fn errors(slice: &Slice, cases: &[&Observation<'_>]) -> [Measurement; 2] {
    let asked = |hit: fn(&Observation<'_>) -> bool| {
        let one = |case: &&Observation<'_>| match case.outcome {
            Outcome::Skipped => Err(Exclusion::Skipped),
            _ => Ok(hit(case)),
        };
        cases.iter().map(one).collect::<Selection<bool>>()
    };
    [
        asked(|case| case.outcome == Outcome::TargetError).rate((&ERROR_RATE, slice)),
        asked(|case| case.timed_out).rate((&TIMEOUT_RATE, slice)),
    ]
}
