//! Numbers expected and answered: the values of `mae`, `rmse` and `r2`, and which cases enter them.

use holdline::expand::CaseId;
use holdline::judge::Numbers;
use holdline::judge::Outcome::{self, CannotJudge, Fail, Pass, Skipped, TargetError};
use holdline::metric::{
    AcceptedRuns, Direction, MeasureInput, Measurement, NamedOutcomes, NumberPair, Observation, Table, Unit,
    mean_absolute_error, measure_table, r_squared, root_mean_squared_error,
};
use holdline::suite::schema::TargetErrors;
use proptest::prelude::*;

/// Numbers expected, numbers answered, and their mean absolute error, root mean squared error and R² by
/// scikit-learn 1.9.1 (numpy 2.4.6):
///
/// ```python
/// from sklearn.metrics import mean_absolute_error, root_mean_squared_error, r2_score
/// for y, p in cases:
///     print(repr(float(mean_absolute_error(y, p))), repr(float(root_mean_squared_error(y, p))),
///           repr(float(r2_score(y, p))))
/// ```
const GOLDEN: [(&[f64], &[f64], [f64; 3]); 5] = [
    (&[3.0, -0.5, 2.0, 7.0], &[2.5, 0.0, 2.0, 8.0], [0.5, 0.612_372_435_695_794_5, 0.948_608_137_044_967_9]),
    (
        &[4.2, 3.4, 10.5, 2.1, 7.75, 0.5, 25.2, 3.9],
        &[4.05, 3.61, 9.9, 2.1, 8.5, 0.75, 31.0, 3.4],
        [1.032_500_000_000_000_2, 2.089_904_304_029_254, 0.920_663_397_549_652_3],
    ),
    (&[1.0, 2.0, 3.0, 4.0], &[4.0, 3.0, 2.0, 1.0], [2.0, 2.236_067_977_499_79, -3.0]),
    // Far from zero, where a sum of squares less the square of the sum would lose every digit.
    (
        &[1e9 + 1.0, 1e9 + 2.0, 1e9 + 4.0],
        &[1e9 + 1.5, 1e9 + 2.0, 1e9 + 3.0],
        [0.5, 0.645_497_224_367_902_8, 0.732_142_857_142_857_4],
    ),
    (&[1.5, -2.25], &[1.5, -2.25], [0.0, 0.0, 1.0]),
];

#[track_caller]
fn near(found: Option<f64>, expected: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < 1e-12), "{found:?}, not {expected}");
}

#[test]
fn the_values_are_those_of_scikit_learn() {
    for (expected, answered, [mae, rmse, r2]) in GOLDEN {
        let pairs: Vec<NumberPair> = expected.iter().copied().zip(answered.iter().copied()).collect();
        near(mean_absolute_error(&pairs), mae);
        near(root_mean_squared_error(&pairs), rmse);
        near(r_squared(&pairs), r2);
        let measured = of_suite(&pairs.iter().map(|pair| case(0, Pass, Some(*pair))).collect::<Vec<_>>());
        near(get(&measured, "mae").value, mae);
        near(get(&measured, "rmse").value, rmse);
        near(get(&measured, "r2").value, r2);
    }
}

#[test]
fn there_is_no_value_of_nothing() {
    assert_eq!((mean_absolute_error(&[]), root_mean_squared_error(&[]), r_squared(&[])), (None, None, None));
    assert_eq!(r_squared(&[(3.0, 4.0)]), None);
    // The mean of three times 0.1 is not 0.1 in floating point.
    assert_eq!(r_squared(&[(0.1, 0.2), (0.1, 0.1), (0.1, 0.0)]), None);
}

fn case<'a>(scenario: usize, outcome: Outcome, pair: Option<NumberPair>) -> Observation<'a> {
    let numbers = pair.map(|(expected, answered)| Numbers { expected, answered: Some(answered) });
    Observation {
        scenario,
        family: CaseId::of(&[b"seed"]),
        variant: None,
        named: NamedOutcomes::default(),
        knobs: None,
        tags: &[],
        outcome,
        truth: None,
        label: None,
        numbers,
        answered: !matches!(outcome, TargetError | Skipped),
        timed_out: false,
        turns: None,
        latencies_ms: &[],
        first_token_ms: &[],
        tokens: None,
        cost: None,
    }
}

fn without_answer<'a>(outcome: Outcome) -> Observation<'a> {
    Observation { numbers: Some(Numbers { expected: 5.0, answered: None }), ..case(0, outcome, None) }
}

fn of_suite(cases: &[Observation<'_>]) -> Vec<Measurement> {
    let scenario_ids = ["first", "second"].map(str::to_owned);
    let input = MeasureInput {
        labels: &[],
        scenario_ids: &scenario_ids,
        target_errors: TargetErrors::default(),
        earlier: &|_| AcceptedRuns::default(),
    };
    measure_table(&input, &Table::of(cases.iter().map(std::slice::from_ref))).measurements
}

#[track_caller]
fn get<'m>(all: &'m [Measurement], key: &str) -> &'m Measurement {
    all.iter().find(|one| one.key() == key).unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn a_suite_that_expects_no_number_has_none_of_these_metrics() {
    let measured = of_suite(&[case(0, Pass, None), case(1, Fail, None)]);
    let names: Vec<&str> = measured.iter().map(|one| one.metric.as_str()).collect();
    assert!(!["mae", "rmse", "r2"].iter().any(|name| names.contains(name)), "{names:?}");
}

#[test]
fn the_suite_and_each_scenario_with_a_number_have_values_of_their_own() {
    let measured = of_suite(&[
        case(0, Pass, Some((1.0, 2.0))),
        case(0, Pass, Some((3.0, 3.0))),
        case(1, Fail, Some((5.0, 2.0))),
    ]);
    near(get(&measured, "mae").value, 4.0 / 3.0);
    near(get(&measured, "mae@first").value, 0.5);
    near(get(&measured, "rmse@first").value, 0.5_f64.sqrt());
    // Squared errors 1 + 0 over (1 − 2)² + (3 − 2)².
    near(get(&measured, "r2@first").value, 0.5);
    near(get(&measured, "mae@second").value, 3.0);
    let mae = get(&measured, "mae");
    assert_eq!((mae.unit, mae.direction, mae.n, mae.excluded), (Unit::Number, Direction::Lower, 3, 0));
    let r2 = get(&measured, "r2");
    assert_eq!((r2.unit, r2.direction), (Unit::Coefficient, Direction::Higher));
    let only_first = of_suite(&[case(0, Pass, Some((1.0, 2.0))), case(1, Pass, None)]);
    assert!(!only_first.iter().any(|one| one.key() == "mae@second"));
}

#[test]
fn what_has_no_distance_is_left_out_and_counted() {
    // The error of a broken conversation is not that of its last number.
    let broken = Observation {
        numbers: Some(Numbers { expected: 5.0, answered: Some(900.0) }),
        ..case(0, TargetError, None)
    };
    let measured = of_suite(&[
        case(0, Pass, Some((5.0, 6.0))),
        // A verdict that fails, or cannot be given, says nothing against the number.
        case(0, Fail, Some((1.0, 4.0))),
        case(0, CannotJudge, Some((2.0, 2.0))),
        broken,
        without_answer(Fail),
        without_answer(Skipped),
        case(0, Pass, None),
        case(0, Pass, None),
    ]);
    let mae = get(&measured, "mae");
    near(mae.value, 4.0 / 3.0);
    assert_eq!((mae.n, mae.excluded), (3, 5));
    assert_eq!(
        mae.reason.as_deref(),
        Some(
            "1 not asked, 1 with a target error, 2 without one expected number, 1 without a number to read in \
             the answer"
        )
    );
}

#[test]
fn a_value_that_is_not_defined_is_none_with_its_reason() {
    let single = of_suite(&[case(0, Pass, Some((5.0, 6.0)))]);
    let r2 = get(&single, "r2");
    assert_eq!((r2.value, r2.reason.as_deref()), (None, Some("not defined for a single case")));
    near(get(&single, "mae").value, 1.0);
    let constant = of_suite(&[case(0, Pass, Some((5.0, 6.0))), case(0, Pass, Some((5.0, 4.0)))]);
    let r2 = get(&constant, "r2");
    assert_eq!(
        (r2.value, r2.reason.as_deref()),
        (None, Some("not defined: the same number is expected throughout"))
    );
    let unanswered = of_suite(&[without_answer(Fail), without_answer(TargetError)]);
    for name in ["mae", "rmse", "r2"] {
        let none = get(&unanswered, name);
        assert_eq!((none.value, none.n, none.excluded), (None, 0, 2), "{name}");
        assert_eq!(
            none.reason.as_deref(),
            Some("no case counts: 1 with a target error, 1 without a number to read in the answer")
        );
    }
    let huge = of_suite(&[case(0, Fail, Some((1.0, 1e300))), case(0, Pass, Some((2.0, 2.0)))]);
    near(get(&huge, "mae").value.map(|value| value / 1e300), 0.5);
    let rmse = get(&huge, "rmse");
    assert_eq!((rmse.value, rmse.reason.as_deref()), (None, Some("the errors are too large to add up")));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_metrics_agree_with_each_other(
        pairs in prop::collection::vec((-1e4..1e4_f64, -1e4..1e4_f64), 1..40),
        scale in 1e-3..1e3_f64,
    ) {
        let (mae, rmse) = (mean_absolute_error(&pairs).unwrap(), root_mean_squared_error(&pairs).unwrap());
        // The mean of distances is at most the root of the mean of their squares, and at least that over √n.
        prop_assert!(mae <= rmse * (1.0 + 1e-12) && rmse <= mae * (pairs.len() as f64).sqrt() * (1.0 + 1e-12));
        // In another unit the errors scale, and the share explained stays.
        let scaled: Vec<NumberPair> = pairs.iter().map(|(y, p)| (y * scale, p * scale)).collect();
        let near = |a: f64, b: f64| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1e-300);
        prop_assert!(near(mean_absolute_error(&scaled).unwrap(), mae * scale));
        prop_assert!(near(root_mean_squared_error(&scaled).unwrap(), rmse * scale));
        if let (Some(r2), Some(other)) = (r_squared(&pairs), r_squared(&scaled)) {
            prop_assert!(near(1.0 - r2, 1.0 - other), "{r2} {other}");
        }
    }
}
