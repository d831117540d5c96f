//! Repeats: how often a case that is asked several times passes every time, and at all.

use super::exclusion::{CONFIDENCE, Exclusion, Exclusions};
use super::rates::grade;
use super::rounds::wilson_of_share;
use super::view::View;
use super::{Measurement, Metric, Slice};
use crate::stats::repeats::{pass_at_k, pass_hat_k};
use crate::suite::metric_names::table::{PASS_AT_K, PASS_HAT_K};
use crate::suite::schema::TargetErrors;

/// The `k` of a suite: the fewest repeats of a case that is asked more than once. `None` where none is.
pub(super) fn fewest(cases: View<'_>) -> Option<usize> {
    cases.rows().map(|row| cases.table().repeats(row)).filter(|repeats| *repeats > 1).min()
}

/// Both metrics over cases with all their answers; none where no case is asked more than once. Cases enter
/// of which at least `k` answers are graded.
pub(super) fn repeats(slice: &Slice, cases: View<'_>, k: usize, errors: TargetErrors) -> Vec<Measurement> {
    let table = cases.table();
    if cases.rows().all(|row| table.repeats(row) < 2) {
        return Vec::new();
    }
    let tally = |row| {
        if table.repeats(row) < 2 {
            return Err(Exclusion::AskedOnce);
        }
        let graded = || table.outcomes(row).filter_map(|outcome| grade(outcome, errors).ok());
        let (passed, n) = (graded().filter(|passed| *passed).count(), graded().count());
        if n < k { Err(Exclusion::TooFewGraded) } else { Ok((passed, n)) }
    };
    let one = |metric: &Metric, of: fn(usize, usize, usize) -> Option<f64>| {
        let (mut left_out, mut cases_kept) = (Exclusions::default(), 0);
        let kept = left_out.keep(cases.rows().map(tally)).inspect(|_| cases_kept += 1);
        let sum: f64 = kept.filter_map(|(passed, n)| of(n, passed, k)).sum();
        let mean = sum / cases_kept as f64;
        let mut measurement = left_out.measurement((metric, slice), cases_kept, Ok(mean));
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
    use crate::metric::Table;
    use crate::metric::observation::{Observation, tests::observation};
    use crate::metric::view::Answer;

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
        let table = Table::of(&cases);
        let all = View::of(&table, Answer::OfRound(0));
        assert_eq!(fewest(all), Some(3));
        let [hat, at] = &repeats(&Slice::Suite, all, 3, TargetErrors::Fail)[..] else { panic!("two") };
        close(hat.value, 1.4 / 3.0);
        close(at.value, 1.0);
        assert_eq!((hat.n, hat.excluded), (3, 2));
        assert_eq!(hat.reason.as_deref(), Some("1 asked once, 1 graded in too few of their repeats"));
        assert!(hat.interval.is_some());
    }

    #[test]
    fn where_nothing_is_repeated_there_is_nothing_to_tell() {
        let table = Table::of([case(&[Pass]), case(&[Fail])]);
        let all = View::of(&table, Answer::OfRound(0));
        assert_eq!(fewest(all), None);
        assert!(repeats(&Slice::Suite, all, 1, TargetErrors::Fail).is_empty());
    }
}
