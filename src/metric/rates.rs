//! Shares of cases: how many pass, err, or do not answer in time.

use super::exclusion::{Exclusion, Tally};
use super::view::View;
use super::{Measurement, Slice};
use crate::judge::Outcome;
use crate::suite::metric_names::table::{ERROR_RATE, MACRO_PASS_RATE, PASS_RATE, TIMEOUT_RATE};
use crate::suite::schema::TargetErrors;

/// Whether a case passes by what it came to, where it is graded.
pub(super) const fn grade(outcome: Outcome, errors: TargetErrors) -> Result<bool, Exclusion> {
    match outcome {
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
pub(super) fn pass_rate(slice: &Slice, cases: View<'_>, errors: TargetErrors) -> Measurement {
    cases.outcomes().map(|outcome| grade(outcome, errors)).collect::<Tally>().rate((&PASS_RATE, slice))
}

/// The mean of the pass rates by scenario. `n` and the exclusions are those of the suite's pass rate: a
/// scenario without a graded case has no rate to average.
pub(super) fn macro_pass_rate(suite: &Measurement, scenarios: &[Measurement]) -> Measurement {
    let rates: Vec<f64> = scenarios.iter().filter_map(|rate| rate.value).collect();
    let mean = (!rates.is_empty()).then(|| rates.iter().sum::<f64>() / rates.len() as f64);
    Measurement { metric: MACRO_PASS_RATE.name.to_owned(), value: mean, interval: None, ..suite.clone() }
}

/// The shares of cases asked that end in an error, and in a time-out.
pub(super) fn errors(slice: &Slice, cases: View<'_>) -> [Measurement; 2] {
    let asked = |outcome: Outcome, hit: bool| match outcome {
        Outcome::Skipped => Err(Exclusion::Skipped),
        _ => Ok(hit),
    };
    let erred = |outcome: Outcome| asked(outcome, outcome == Outcome::TargetError);
    let late = cases.iter().map(|case| asked(case.outcome, case.timed_out));
    [
        cases.outcomes().map(erred).collect::<Tally>().rate((&ERROR_RATE, slice)),
        late.collect::<Tally>().rate((&TIMEOUT_RATE, slice)),
    ]
}
