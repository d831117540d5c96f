//! What holds of the metrics of any cases.

use super::*;
use proptest::prelude::*;

/// Milliseconds of requests, and to their first tokens.
const TIMES: [(&[f64], &[f64]); 6] = [
    (&[], &[]),
    (&[0.0], &[]),
    (&[17.5], &[8.25]),
    (&[999.0], &[500.0]),
    (&[3.0, 400.0], &[1.0, 200.0]),
    (&[62.0, 61.0], &[31.0]),
];

prop_compose! {
    fn observation()(
        scenario in 0..3_usize,
        outcome in prop::sample::select(vec![Pass, Fail, NotApplicable, CannotJudge, JudgeError, TargetError, Skipped]),
        truth in prop::option::of(prop::sample::select(vec!["book", "ask", "find", "other", "undeclared"])),
        label in prop::option::of(prop::sample::select(vec!["book", "ask", "find", "weather"])),
        numbers in prop::option::of((-1e3..1e3_f64, prop::option::of(-1e3..1e3_f64))),
        turns in prop::option::of((1..3_u32, 3..5_u32)),
        (latencies_ms, first_token_ms) in prop::sample::select(TIMES.to_vec()),
        tokens in prop::option::of((0..1000_u64, 0..1000_u64)),
        cost in prop::option::of(0.0..1.0_f64),
    ) -> Observation<'static> {
        let answered = !matches!(outcome, TargetError | Skipped);
        Observation {
            turns, latencies_ms, first_token_ms, tokens, cost, truth, label, answered,
            numbers: numbers.map(|(expected, answered)| Numbers { expected, answered }),
            ..case(scenario, outcome)
        }
    }
}

fn same(a: Option<f64>, b: Option<f64>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
        (a, b) => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_the_cases_changes_nothing(
        (cases, shuffled) in prop::collection::vec(observation(), 0..40)
            .prop_flat_map(|cases| (Just(cases.clone()), Just(cases).prop_shuffle())),
    ) {
        let suite = Suite::new(&LABELS);
        let (before, after) = (suite.measure(&cases), suite.measure(&shuffled));
        prop_assert_eq!(before.len(), after.len());
        for (a, b) in before.iter().zip(&after) {
            prop_assert_eq!((a.key(), a.n, a.excluded, &a.reason), (b.key(), b.n, b.excluded, &b.reason));
            prop_assert!(same(a.value, b.value), "{} {:?} {:?}", a.key(), a.value, b.value);
        }
        prop_assert_eq!(suite.confusion(&cases), suite.confusion(&shuffled));
    }

    #[test]
    fn every_case_of_a_slice_enters_or_is_excluded_with_a_reason(
        cases in prop::collection::vec(observation(), 1..40),
    ) {
        for one in Suite::new(&LABELS).measure(&cases) {
            let of_slice = match &one.slice {
                Slice::Scenario(id) => {
                    let at = ["first", "second", "third"].iter().position(|name| name == id);
                    cases.iter().filter(|case| Some(case.scenario) == at).count()
                }
                _ => cases.len(),
            };
            prop_assert_eq!(one.n + one.excluded, of_slice, "{}", one.key());
            prop_assert_eq!(one.value.is_none() || one.excluded > 0, one.reason.is_some(), "{}", one.key());
            if one.n == 0 {
                prop_assert_eq!(one.value, None, "{}", one.key());
            }
            let (least, most) = find(&one.key()).unwrap().range;
            prop_assert!(one.value.is_none_or(|value| (least..=most + 1e-12).contains(&value)), "{} {:?}", one.key(), one.value);
        }
    }

    #[test]
    fn keys_are_unique_and_every_metric_is_in_the_catalogue_and_in_its_order(
        cases in prop::collection::vec(observation(), 0..40),
    ) {
        let all = Suite::new(&LABELS).measure(&cases);
        let mut keys: Vec<String> = all.iter().map(Measurement::key).collect();
        keys.sort();
        keys.dedup();
        prop_assert_eq!(keys.len(), all.len());
        let mut last = (Slice::Suite, 0);
        for one in &all {
            let metric = find(&one.key()).unwrap();
            prop_assert_eq!((metric.unit, metric.direction), (one.unit, one.direction));
            let place = catalogue().iter().position(|other| other == metric).unwrap();
            if metric.scope != Scope::Label {
                prop_assert!(one.slice != last.0 || last.1 <= place, "{}", one.key());
                last = (one.slice.clone(), place);
            }
        }
    }

    #[test]
    fn scores_of_a_matrix_agree_with_each_other(
        pairs in prop::collection::vec(
            (prop::sample::select(LABELS.to_vec()), prop::option::of(prop::sample::select(LABELS.to_vec()))),
            1..60,
        ),
    ) {
        let labels = LABELS.map(str::to_owned);
        let confusion = Confusion::count(&labels, pairs.iter().copied());
        let n = pairs.len() as f64;
        let hits = pairs.iter().filter(|(truth, label)| Some(*truth) == *label).count() as f64;
        let accuracy = confusion.accuracy().unwrap();
        prop_assert!((accuracy - hits / n).abs() < 1e-12);
        let (micro, weighted) = (confusion.micro_averages().unwrap(), confusion.weighted_averages().unwrap());
        prop_assert!((micro.recall - accuracy).abs() < 1e-12);
        prop_assert!((weighted.recall - accuracy).abs() < 1e-12);
        prop_assert!(micro.precision >= micro.recall);
        for counts in confusion.by_label() {
            let all = counts.true_positives + counts.false_positives + counts.false_negatives + counts.true_negatives;
            prop_assert_eq!(all, pairs.len());
            let (p, r) = (counts.precision(), counts.recall());
            let harmonic = if p + r > 0.0 { 2.0 * p * r / (p + r) } else { 0.0 };
            prop_assert!((counts.f1() - harmonic).abs() < 1e-12);
        }
        let mcc = confusion.mcc().unwrap();
        prop_assert!(mcc.abs() <= 1.0 + 1e-12 && confusion.kappa().is_none_or(|kappa| kappa <= 1.0));
    }
}
