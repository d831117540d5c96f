//! Rounds: one answer of each case at a time, and the values of all rounds together.

use super::exclusion::CONFIDENCE;
use super::named;
use super::view::View;
use super::{Measurement, Slice};
use crate::suite::metric_names::named::of_name;
use crate::suite::repeats::{MOST, rounds};
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::HashMap;

/// How many rounds the answers to these cases make.
pub(super) fn count(cases: View<'_>) -> usize {
    let numbers = cases.rows().map(|row| u32::try_from(cases.table().repeats(row)).unwrap_or(u32::MAX));
    // Suites whose numbers make more are refused when they are loaded.
    rounds(numbers).unwrap_or(MOST) as usize
}

/// The measurements of all rounds as one, in the order of the first; what only later rounds have stands
/// behind what precedes it there.
pub(super) fn together(mut rounds: Vec<Vec<Measurement>>) -> Vec<Measurement> {
    if rounds.len() < 2 {
        return rounds.pop().unwrap_or_default();
    }
    let mut order: Vec<(String, Slice)> = Vec::new();
    let mut found: HashMap<(String, Slice), Vec<Measurement>> = HashMap::new();
    for round in rounds {
        let mut next = 0;
        for measurement in round {
            let key = (measurement.metric.clone(), measurement.slice.clone());
            if order.get(next) == Some(&key) {
                next += 1;
            } else if found.contains_key(&key) {
                next = order.iter().position(|other| *other == key).map_or(next, |at| at + 1);
            } else {
                order.insert(next, key.clone());
                next += 1;
            }
            found.entry(key).or_default().push(measurement);
        }
    }
    order.iter().filter_map(|key| mean_of(&found.remove(key)?)).collect()
}

/// One metric over one slice, from its rounds.
fn mean_of(rounds: &[Measurement]) -> Option<Measurement> {
    let values: Vec<f64> = rounds.iter().filter_map(|round| round.value).collect();
    let telling = rounds.iter().filter(|round| round.value.is_some() || values.is_empty());
    let least = telling.min_by_key(|round| round.n)?;
    let value = mean(&values);
    let interval = match value {
        Some(share) if least.interval.is_some() && of_name(&least.metric).is_some() => {
            named::interval(share, least.n, least.direction)
        }
        Some(share) if least.interval.is_some() => wilson_of_share(share, least.n, CONFIDENCE),
        _ => None,
    };
    Some(Measurement { value, interval, ..least.clone() })
}

/// The mean; a value that all share is kept as it is, whatever sums would round to.
fn mean(values: &[f64]) -> Option<f64> {
    let first = values.first()?;
    #[expect(clippy::float_cmp, reason = "values that are the same, not nearly so")]
    let same = values.iter().all(|value| value == first);
    Some(if same { *first } else { values.iter().sum::<f64>() / values.len() as f64 })
}

/// Wilson's score interval for a share of `n` cases, two-sided at `confidence`, clipped to [0, 1]: the
/// interval of [`wilson`](crate::stats::interval::wilson) for shares that no whole number of cases makes,
/// as means over rounds are. `None` where `n` is 0, or the share is not from 0 to 1.
///
/// For a mean over rounds it is conservative: it grants a case that was asked often no more than one that
/// was asked once.
pub(super) fn wilson_of_share(share: f64, n: usize, confidence: f64) -> Option<(f64, f64)> {
    if n == 0 || !(0.0..=1.0).contains(&share) || !(confidence > 0.0 && confidence < 1.0) {
        return None;
    }
    let z = Normal::standard().inverse_cdf(f64::midpoint(1.0, confidence));
    let count = n as f64;
    let z2_per_n = z * z / count;
    let centre = (share + z2_per_n / 2.0) / (1.0 + z2_per_n);
    let half = z * (share * (1.0 - share) / count + z2_per_n / (4.0 * count)).sqrt() / (1.0 + z2_per_n);
    // At either end the bound is the end itself, which rounding would miss by a bit.
    let low = if share <= 0.0 { 0.0 } else { (centre - half).max(0.0) };
    let high = if share >= 1.0 { 1.0 } else { (centre + half).min(1.0) };
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::CaseId;
    use crate::judge::Outcome::{self, Fail, Pass, TargetError};
    use crate::metric::observation::tests::observation;
    use crate::metric::{AcceptedRuns, MeasureInput, Observation, Table, measure_table};
    use crate::stats::interval::wilson;
    use crate::suite::schema::TargetErrors;

    const TIMES: [&[f64]; 3] = [&[100.0], &[200.0], &[300.0]];

    fn answers(case: u8, outcomes: &[Outcome]) -> Vec<Observation<'static>> {
        let one = |(at, outcome): (usize, &Outcome)| Observation {
            family: CaseId::of(&[&[case]]),
            outcome: *outcome,
            latencies_ms: TIMES[at],
            ..observation()
        };
        outcomes.iter().enumerate().map(one).collect()
    }

    fn measured(cases: &[Vec<Observation<'_>>]) -> Vec<Measurement> {
        let ids = ["s".to_owned()];
        let input = MeasureInput {
            labels: &[],
            scenario_ids: &ids,
            target_errors: TargetErrors::Fail,
            earlier: &|_| AcceptedRuns::default(),
        };
        measure_table(&input, &Table::of(cases)).measurements
    }

    fn of<'m>(all: &'m [Measurement], metric: &str) -> &'m Measurement {
        all.iter().find(|of| of.metric == metric && of.slice == Slice::Suite).expect("it is measured")
    }

    /// Two cases asked twice and one asked three times make 6 rounds. The rates by case are 1/2, 1 and 1/3.
    #[test]
    fn every_answer_of_a_case_weighs_the_same() {
        let cases = [answers(1, &[Pass, Fail]), answers(2, &[Pass, Pass]), answers(3, &[Fail, Fail, Pass])];
        let all = measured(&cases);
        let rate = of(&all, "pass_rate");
        let mean = (0.5 + 1.0 + 1.0 / 3.0) / 3.0;
        assert!((rate.value.unwrap() - mean).abs() < 1e-12, "{rate:?}");
        assert_eq!((rate.n, rate.excluded), (3, 0));
        let (low, high) = rate.interval.unwrap();
        let (expected_low, expected_high) = wilson_of_share(mean, 3, 0.95).unwrap();
        assert!((low - expected_low).abs() < 1e-12 && (high - expected_high).abs() < 1e-12);
        // Seven times, each once: 100, 200, 100, 200, 100, 200, 300.
        let median = of(&all, "latency_p50");
        assert_eq!((median.value, median.n), (Some(200.0), 3));
        assert_eq!(of(&all, "latency_p99").value, Some(300.0));
    }

    #[test]
    fn the_fewest_cases_that_a_round_rests_on_are_told() {
        let cases = [answers(1, &[Pass, Outcome::JudgeError]), answers(2, &[Pass, TargetError])];
        let all = measured(&cases);
        let rate = of(&all, "pass_rate");
        // Both pass in the first round; in the second one fails and the other is not graded.
        assert_eq!((rate.value, rate.n, rate.excluded), (Some(0.5), 1, 1));
        assert_eq!(rate.reason.as_deref(), Some("1 with a judge error"));
        assert_eq!(of(&all, "error_rate").value, Some(0.25));
    }

    #[test]
    fn a_value_is_missing_only_where_every_round_lacks_it() {
        let cases = [answers(1, &[Outcome::JudgeError, Pass])];
        let rate = of(&measured(&cases), "pass_rate").clone();
        assert_eq!((rate.value, rate.n), (Some(1.0), 1));
        let cases = [answers(1, &[Outcome::JudgeError, Outcome::CannotJudge])];
        let rate = of(&measured(&cases), "pass_rate").clone();
        assert_eq!((rate.value, rate.n, rate.interval), (None, 0, None));
    }

    #[test]
    fn what_only_a_later_round_has_stands_where_it_would_have_stood() {
        let one = |metric: &str, value| Measurement {
            metric: metric.to_owned(),
            value: Some(value),
            ..of(&measured(&[answers(1, &[Pass])]), "pass_rate").clone()
        };
        let rounds = vec![
            vec![one("a", 0.0), one("d", 0.0)],
            vec![one("a", 1.0), one("b", 1.0), one("c", 1.0), one("d", 1.0)],
        ];
        let all: Vec<(String, f64)> =
            together(rounds).into_iter().map(|of| (of.metric, of.value.unwrap())).collect();
        let wanted = [("a", 0.5), ("b", 1.0), ("c", 1.0), ("d", 0.5)];
        assert_eq!(all, wanted.map(|(name, value)| (name.to_owned(), value)));
    }

    #[test]
    fn the_interval_of_a_share_is_that_of_the_cases_that_make_it() {
        for (hits, n) in [(0, 20), (20, 20), (47, 50), (713, 1000)] {
            let (low, high) = wilson(hits, n, 0.95).unwrap();
            let (also_low, also_high) = wilson_of_share(hits as f64 / n as f64, n, 0.95).unwrap();
            assert!((low - also_low).abs() < 1e-12 && (high - also_high).abs() < 1e-12, "{hits} of {n}");
        }
        assert_eq!(wilson_of_share(0.5, 0, 0.95), None);
        assert_eq!(wilson_of_share(1.5, 4, 0.95), None);
    }
}
