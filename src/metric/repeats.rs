//! Repeats: how often a case that is asked several times passes every time, and at all.

use super::exclusion::{CONFIDENCE, Exclusion, Selection};
use super::rates::grade;
use super::rounds::wilson_of_share;
use super::{Measurement, Metric, Observation, Slice};
use crate::stats::repeats::{pass_at_k, pass_hat_k};
use crate::suite::metric_names::table::{PASS_AT_K, PASS_HAT_K};
use crate::suite::schema::TargetErrors;

/// The `k` of a suite: the fewest repeats of a case that is asked more than once. `None` where none is.
pub fn fewest<T>(cases: &[Vec<T>]) -> Option<usize> {
    cases.iter().map(Vec::len).filter(|repeats| *repeats > 1).min()
}

/// Both metrics over cases with all their answers; none where no case is asked more than once. Cases enter
/// of which at least `k` answers are graded.
pub(super) fn repeats(
    slice: &Slice,
    cases: &[&[Observation<'_>]],
    k: usize,
    errors: TargetErrors,
) -> Vec<Measurement> {
    if cases.iter().all(|answers| answers.len() < 2) {
        return Vec::new();
    }
    let tally = |answers: &&[Observation<'_>]| {
        if answers.len() < 2 {
            return Err(Exclusion::AskedOnce);
        }
        let graded: Vec<bool> = answers.iter().filter_map(|answer| grade(answer, errors).ok()).collect();
        let passed = graded.iter().filter(|passed| **passed).count();
        if graded.len() < k { Err(Exclusion::TooFewGraded) } else { Ok((passed, graded.len())) }
    };
    let selection: Selection<(usize, usize)> = cases.iter().map(tally).collect();
    let one = |metric: &Metric, of: fn(usize, usize, usize) -> Option<f64>| {
        let mean = |tallies: &[(usize, usize)]| {
            let sum: f64 = tallies.iter().filter_map(|&(passed, n)| of(n, passed, k)).sum();
            sum / tallies.len() as f64
        };
        let mut measurement = selection.value((metric, slice), mean);
        measurement.interval =
            measurement.value.and_then(|share| wilson_of_share(share, measurement.n, CONFIDENCE));
        measurement
    };
    vec![one(&PASS_HAT_K, pass_hat_k), one(&PASS_AT_K, pass_at_k)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::Outcome::{self, CannotJudge, Fail, Pass, TargetError};
    use crate::metric::observation::tests::observation;

    fn close(found: Option<f64>, expected: f64) {
        assert!((found.expect("defined") - expected).abs() < 1e-12, "{found:?}, not {expected}");
    }

    fn case(outcomes: &[Outcome]) -> Vec<Observation<'static>> {
        outcomes.iter().map(|outcome| Observation { outcome: *outcome, ..observation() }).collect()
    }

    /// At k = 3: C(3,3)/C(3,3) = 1, C(2,3) = 0, C(4,3)/C(5,3) = 4/10.
    #[test]
    fn a_suite_has_the_mean_over_its_repeated_cases() {
        let cases = [
            case(&[Pass, Pass, Pass]),
            case(&[Pass, TargetError, Pass]),
            case(&[Pass, Fail, Pass, Pass, Pass]),
            case(&[Pass]),
            case(&[Pass, CannotJudge, Pass]),
        ];
        assert_eq!(fewest(&cases), Some(3));
        let all: Vec<&[Observation<'_>]> = cases.iter().map(Vec::as_slice).collect();
        let [hat, at] = &repeats(&Slice::Suite, &all, 3, TargetErrors::Fail)[..] else { panic!("two") };
        close(hat.value, 1.4 / 3.0);
        close(at.value, 1.0);
        assert_eq!((hat.n, hat.excluded), (3, 2));
        assert_eq!(hat.reason.as_deref(), Some("1 asked once, 1 graded in too few of their repeats"));
        assert!(hat.interval.is_some());
    }

    #[test]
    fn where_nothing_is_repeated_there_is_nothing_to_tell() {
        let cases = [case(&[Pass]), case(&[Fail])];
        assert_eq!(fewest(&cases), None);
        let all: Vec<&[Observation<'_>]> = cases.iter().map(Vec::as_slice).collect();
        assert!(repeats(&Slice::Suite, &all, 1, TargetErrors::Fail).is_empty());
    }
}
