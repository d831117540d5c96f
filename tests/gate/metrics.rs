//! Which metrics gate by a test, which by a floor, and how their tests are corrected.

use super::*;

/// 200 cases in two labels; 14 of them now get the other label, though they still pass or fail as before.
fn relabelled() -> World {
    let mut world = World::new();
    world.labels = vec!["book".into(), "cancel".into()];
    for case in 0..200 {
        let (truth, other) = if case % 2 == 0 { ("book", "cancel") } else { ("cancel", "book") };
        world.case(case % 2, Pass, Pass);
        world.labelled(truth, truth, if case < 14 { other } else { truth });
    }
    for key in ["accuracy", "macro_f1"] {
        world.spec.metrics.insert(key.into(), MetricGate::default());
    }
    // 186 right of 200: each label has TP 93, FP 7, FN 7, so every score is 0.93.
    world.measured("accuracy", 0.93).measured("macro_f1", 0.93);
    world
}

#[test]
fn a_floor_fails_whatever_the_baseline() {
    let mut world = steady();
    world.floor("pass_rate", 0.95);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    let rate = finding(&output, "pass_rate");
    assert_eq!((rate.kind, rate.gates, rate.floor), (FindingKind::Regressed, true, Some(0.95)));
    insta::assert_snapshot!(rate.reason, @"0.933 is below its floor of 0.950; no paired outcome differs: 0.933 over 150 cases; this suite sees drops of 2.3 pt or more (80 % power)");

    let output = world.without_baseline().decide();
    assert_eq!(output.decision, Decision::Regressed);
    insta::assert_snapshot!(finding(&output, "pass_rate").reason, @"0.933 is below its floor of 0.950");

    world.floor("pass_rate", 14.0 / 15.0);
    assert_eq!(world.decide().decision, Decision::Measured, "a value at its floor is not below it");
}

#[test]
fn the_floor_of_a_metric_where_less_is_better_is_its_limit() {
    let mut world = steady();
    world.floor("pass_rate", 0.0);
    world.floor("error_rate", 0.01);
    world.now(0, TargetError);
    world.now(1, TargetError);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    let rate = finding(&output, "error_rate");
    assert!((rate.delta.unwrap() - 2.0 / 150.0).abs() < 1e-12 && rate.broke == 2);
    insta::assert_snapshot!(rate.reason, @"0.013 is above its limit of 0.010; 0.000 → 0.013 (+1.3 pt, 90 % interval [−0.9, +3.5]), p = 0.12 (p = 0.25 corrected for 2 tests); 2 cases broke, none was fixed");
    assert_eq!(standings(&output, FAILS), 2, "the cases that newly have no answer");
}

#[test]
fn a_target_error_is_a_failure_unless_the_suite_says_otherwise() {
    let mut world = World::new();
    for case in 0..200 {
        world.case(case % 4, Pass, if case < 12 { TargetError } else { Pass });
    }
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    assert_eq!(standings(&output, FAILS), 12);
    assert_eq!(output.cases.get(0).0, Some(Flip::Broke));

    world.spec.target_errors = TargetErrors::Exclude;
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held);
    assert_eq!((finding(&output, "pass_rate").paired, output.cases.get(0).0), (188, None));
    assert_eq!(standings(&output, |standing| matches!(standing, Standing::Errs(_))), 12);
}

#[test]
fn a_gated_metric_without_a_value_cannot_be_decided() {
    let mut world = steady();
    world.spec.metrics.insert("macro_f1".into(), MetricGate::default());
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::NoValue]));
    assert_eq!(finding(&output, "macro_f1").kind, FindingKind::Missing);
    assert!(output.unacceptable.is_some());
}

#[test]
fn one_of_the_restatements_gates_and_the_others_are_shown() {
    let output = relabelled().decide();
    assert_eq!(output.decision, Decision::Regressed);
    let accuracy = finding(&output, "accuracy");
    assert_eq!((accuracy.kind, accuracy.gates, accuracy.broke), (FindingKind::Regressed, true, 14));
    let f1 = finding(&output, "macro_f1");
    assert_eq!((f1.kind, f1.gates), (FindingKind::Regressed, false));
    assert!((f1.candidate.unwrap() - 0.93).abs() < 1e-12 && (f1.delta.unwrap() + 0.07).abs() < 1e-12);
    insta::assert_snapshot!(f1.reason, @"1.000 → 0.930 (−0.070, 90 % interval [−0.101, −0.038]), p < 0.0001; 14 cases broke, none was fixed; does not block: accuracy is the test of the same verdicts");
}

/// 300 cases in 10 scenarios of 30, in two labels; all of one scenario now get the other label and fail.
fn one_scenario_lost() -> World {
    let mut world = World::new();
    world.labels = vec!["book".into(), "cancel".into()];
    for case in 0..300 {
        let (truth, other) = if case % 2 == 0 { ("book", "cancel") } else { ("cancel", "book") };
        let lost = case / 30 == 3;
        world.case(case / 30, Pass, if lost { Fail } else { Pass });
        world.labelled(truth, truth, if lost { other } else { truth });
    }
    world
}

#[test]
fn the_test_of_the_verdicts_comes_first_then_the_scenarios_that_regressed_then_the_rest_by_name() {
    let mut world = one_scenario_lost();
    for key in ["accuracy", "error_rate", "pass_rate", "recall[book]"] {
        world.spec.metrics.insert(key.into(), MetricGate::default());
    }
    world.floor("macro_f1", 0.95);
    // 30 of 300 lost, evenly over the labels: each has TP 135, FP 15, FN 15.
    world.measured("accuracy", 0.9).measured("macro_f1", 0.9).measured("recall[book]", 0.9);
    let output = world.decide();
    let keys: Vec<String> = output.findings.iter().map(Finding::key).collect();
    let gating = output.findings.iter().filter(|finding| finding.gates).count();
    assert_eq!(gating, 5);
    assert_eq!(keys[..5], ["pass_rate", "pass_rate@s3", "error_rate", "recall[book]", "macro_f1"]);
    // Then what does not block: every other scenario's pass rate, every scenario's error rate, and the rest.
    assert_eq!(
        (keys[5].as_str(), keys[14].as_str(), keys[24].as_str()),
        ("pass_rate@s0", "error_rate@s0", "accuracy")
    );
    assert_eq!(keys.len(), 25);
    assert_eq!(
        output.cases.get(90).1,
        Standing::Fails("passed in the baseline, and pass_rate regressed (1.000 → 0.900)".into())
    );
}

#[test]
fn a_case_fails_for_its_scenario_where_the_suite_does_not_regress() {
    let mut world = one_scenario_lost();
    for _ in 0..30 {
        world.case(3, Pass, Pass);
    }
    // All that broke is one family: a test over families cannot tell.
    for case in 90..120 {
        world.family_of(case, 0);
    }
    world.spec.metrics.insert("pass_rate".into(), MetricGate::default());
    world.floor("macro_f1", 0.95);
    world.measured("macro_f1", 0.9);
    let output = world.decide();
    let blocking: Vec<String> = output
        .findings
        .iter()
        .filter(|finding| finding.gates && finding.kind == FindingKind::Regressed)
        .map(Finding::key)
        .collect();
    assert_eq!(blocking, ["pass_rate@s3", "macro_f1"]);
    assert_eq!(
        output.cases.get(90).1,
        Standing::Fails("passed in the baseline, and pass_rate@s3 regressed (1.000 → 0.500)".into())
    );
}

#[test]
fn a_tag_is_tested_beside_the_suite() {
    let mut world = one_scenario_lost();
    for case in 80..120 {
        world.tag(case, "typing");
    }
    for key in ["pass_rate", "pass_rate#typing"] {
        world.spec.metrics.insert(key.into(), MetricGate::default());
    }
    // 30 of the 40 cases with the tag are those lost.
    world.measured("pass_rate#typing", 0.25);
    let output = world.decide();
    let tag = finding(&output, "pass_rate#typing");
    assert_eq!((tag.kind, tag.gates, tag.paired, tag.broke), (FindingKind::Regressed, true, 40, 30));
    assert_eq!(tag.candidate, Some(0.25));
}

#[test]
fn a_floor_that_is_missed_by_little_is_told_apart_from_the_value() {
    let mut world = steady();
    world.floor("mcc", 0.8);
    world.measured("mcc", 0.799_98);
    world.accepted("mcc", 0.8);
    let output = world.decide();
    insta::assert_snapshot!(finding(&output, "mcc").reason, @"0.79998 is below its floor of 0.80000; 0.80000 → 0.79998 (−0.00002); blocks by its floor of 0.800 only: no test of it is defined");
}

#[test]
fn what_a_shown_metric_sees_alone_is_not_lost() {
    let mut world = relabelled();
    world.spec.metrics.insert("pass_rate".into(), MetricGate::default());
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held);
    assert!(output.notes.iter().any(|note| note.starts_with("accuracy got worse: ")));
    world.floor("macro_f1", 0.95);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    assert!(finding(&output, "macro_f1").gates, "a floor blocks by itself");
}

#[test]
fn a_ratio_is_tested_by_what_each_case_adds_to_it() {
    let mut world = relabelled();
    world.spec.metrics.remove("accuracy");
    let output = world.decide();
    let f1 = finding(&output, "macro_f1");
    assert_eq!((f1.kind, f1.gates, f1.broke), (FindingKind::Regressed, true, 14));
    // Pooled, each label has 193 hits, 7 false alarms and 7 misses, F = 386/400. A case that broke moves from
    // 2 − 2F for its label to −F for each of the two: every one by the same amount, so that the exact law is
    // that of 14 fair throws.
    assert!((f1.p_worse.unwrap() - 0.5_f64.powi(15)).abs() < 1e-15, "{:?}", f1.p_worse);
    insta::assert_snapshot!(f1.reason, @"1.000 → 0.930 (−0.070, 90 % interval [−0.101, −0.038]), p < 0.0001; 14 cases broke, none was fixed");
}

#[test]
fn a_metric_without_a_test_leaves_the_pass_rate_to_gate() {
    let mut world = steady();
    world.floor("mcc", 0.5);
    world.measured("mcc", 0.7);
    world.accepted("mcc", 0.75);
    for scenario in 0..10 {
        world.now(scenario * 15, Fail);
    }
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    assert_eq!(finding(&output, "pass_rate").kind, FindingKind::Regressed);
    let mcc = finding(&output, "mcc");
    assert!(!mcc.gates && mcc.p_worse.is_none());
    insta::assert_snapshot!(mcc.reason, @"0.750 → 0.700 (−0.050); blocks by its floor of 0.500 only: no test of it is defined");
}

#[test]
fn the_tests_of_all_suites_share_one_budget() {
    // 5 of 100 cases broke: p = ½⁶ = 0.016, sure alone, and not as one of three tests at 0.04.
    let mut world = World::new();
    for case in 0..100 {
        world.case(case % 5, Pass, if case < 5 { Fail } else { Pass });
    }
    assert_eq!(world.decide().decision, Decision::Regressed);
    let others = [steady(), steady()];
    let inputs = [world.input(), others[0].input(), others[1].input()];
    let outputs = decide(&inputs, options());
    assert_eq!(outputs[0].decision, Decision::Held);
    let rate = finding(&outputs[0], "pass_rate");
    assert!((rate.p_adjusted.unwrap() - 3.0 / 64.0).abs() < 1e-12);
    insta::assert_snapshot!(rate.reason, @"inconclusive: −5.0 pt [−9.2, −0.7], 5 cases broke, none was fixed; this suite sees drops of 6.4 pt or more (80 % power); to see 5 pt add 63 seeds (not variants), or keep 5 baseline runs; cannot block: only 5 families changed, which gives p = 0.016 at best where 0.0133 is needed");
}
