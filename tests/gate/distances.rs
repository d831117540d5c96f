//! Numbers against the numbers of the baseline. Expected values are worked out by hand.

use super::*;
use holdline::metric::Unit;

fn near(found: Option<f64>, expected: f64, within: f64) {
    assert!(found.is_some_and(|found| (found - expected).abs() < within), "{found:?}, not {expected}");
}

/// 40 cases that expect 8 or 12 by turns and were off by 1; ten of them are off by 3 now.
fn ten_worse() -> World {
    let mut world = World::new();
    for case in 0..40 {
        let expected = if case % 2 == 0 { 8.0 } else { 12.0 };
        world.case(case % 4, Pass, Pass);
        world.numbered(expected, Some(expected + 1.0), Some(expected - if case < 10 { 3.0 } else { 1.0 }));
    }
    for key in ["mae", "rmse", "r2"] {
        world.spec.metrics.insert(key.into(), MetricGate::default());
    }
    // Squared errors: 10·9 + 30·1 = 120 over 40 cases, of a spread of 40·2² = 160.
    world.measured("mae", 1.5).measured("rmse", 3.0_f64.sqrt()).measured("r2", 0.25);
    world
}

#[test]
fn each_is_tested_by_what_the_error_of_each_case_adds_to_it() {
    let output = ten_worse().decide();
    assert_eq!(output.decision, Decision::Regressed);
    for (key, before, now) in [("mae", 1.0, 1.5), ("rmse", 1.0, 3.0_f64.sqrt()), ("r2", 0.75, 0.25)] {
        let finding = finding(&output, key);
        assert_eq!((finding.kind, finding.gates), (FindingKind::Regressed, true), "{key}");
        near(finding.baseline, before, 1e-12);
        near(finding.candidate, now, 1e-12);
        near(finding.delta, now - before, 1e-12);
        // Ten blocks of equal size, all the worse way: 2^-10, of which the half counts; three such tests.
        near(finding.p_worse, 0.5_f64.powi(11), 1e-15);
        near(finding.p_adjusted, 3.0 * 0.5_f64.powi(11), 1e-15);
        assert_eq!((finding.paired, finding.broke, finding.fixed), (40, 0, 0), "no verdict moved");
    }
    let mae = finding(&output, "mae");
    // Counted in 1.5, the mean distance now: ten differences of 4/3 and thirty of 0 with +1 and −1 added give
    // a centre of 20/42, SE² = 42/41 · 15.54497 / 42², and with t(0.95, 41) = 1.682878 half a width of 0.239841.
    let (low, high) = mae.interval.unwrap();
    near(Some(low), 20.0 / 42.0 - 0.239_841, 2e-6);
    near(Some(high), 20.0 / 42.0 + 0.239_841, 2e-6);
    insta::assert_snapshot!(mae.reason, @"1.000 → 1.500 (+0.500, 90 % interval [+0.236, +0.716]), p = 0.0005 (p = 0.0015 corrected for 3 tests); 10 answers are farther off, none is nearer");
    insta::assert_snapshot!(finding(&output, "r2").reason, @"0.750 → 0.250 (−0.500, 90 % interval [−0.707, −0.245]), p = 0.0005 (p = 0.0015 corrected for 3 tests); 10 answers are farther off, none is nearer");
}

#[test]
fn fewer_errors_are_an_improvement() {
    let mut world = World::new();
    for case in 0..40 {
        world.case(case % 4, Pass, Pass);
        world.numbered(
            f64::from(u8::try_from(case).unwrap()),
            Some(0.0),
            Some(if case < 20 { 0.0 } else { 1.0 }),
        );
    }
    world.spec.metrics.insert("mae".into(), MetricGate::default());
    // Before Σ 0..=39 = 780; the upper twenty are nearer by 1 each.
    world.measured("mae", 19.0);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held);
    let mae = finding(&output, "mae");
    assert_eq!(mae.kind, FindingKind::Improved);
    insta::assert_snapshot!(mae.reason, @"19.50 → 19.00 (−0.500, 90 % interval [−1.60, +0.650]), p < 0.0001; no answer is farther off, 20 are nearer; accept to ratchet");
}

/// 400 cases that were off by 2.00 and are off by 2.01 now.
fn a_little_worse() -> World {
    let mut world = World::new();
    for case in 0..400 {
        world.case(case % 4, Pass, Pass);
        world.numbered(10.0, Some(12.0), Some(12.01));
    }
    world.spec.metrics.insert("mae".into(), MetricGate::default());
    world.measured("mae", 2.01);
    world
}

#[test]
fn limits_of_a_distance_are_shares_of_what_it_was() {
    // 0.01 more is half a per cent: less than the minimum effect of one per cent, which is 0.02.
    let mut world = a_little_worse();
    let output = world.decide();
    let mae = finding(&output, "mae");
    assert_eq!((output.decision, mae.kind, mae.unit), (Decision::Held, FindingKind::Held, Unit::Number));
    insta::assert_snapshot!(mae.reason, @"2.000 → 2.010 (+0.01000, 90 % interval [−0.00172, +0.0216]), p < 0.0001; 400 answers are farther off, none is nearer; detectable, below the minimum effect of 0.02");

    let min_effect = Share::from_points(0.4);
    world
        .spec
        .metrics
        .insert("mae".into(), MetricGate { min_effect: Some(min_effect), ..MetricGate::default() });
    assert_eq!(finding(&world.decide(), "mae").kind, FindingKind::Regressed);
}

#[test]
fn the_ceiling_of_a_distance_is_in_its_own_unit() {
    let mut world = a_little_worse();
    world.floor("mae", 2.005);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    insta::assert_snapshot!(finding(&output, "mae").reason, @"2.010 is above its limit of 2.005; 2.000 → 2.010 (+0.01000, 90 % interval [−0.00172, +0.0216]), p < 0.0001; 400 answers are farther off, none is nearer; detectable, below the minimum effect of 0.02");
    world.floor("mae", 2.01);
    assert_eq!(world.decide().decision, Decision::Held);
}

#[test]
fn the_same_numbers_are_unchanged() {
    let mut world = World::new();
    for case in 0..30 {
        world.case(case % 3, Pass, Pass);
        world.numbered(f64::from(u8::try_from(case).unwrap()), Some(5.5), Some(5.5));
    }
    for key in ["mae", "r2"] {
        world.spec.metrics.insert(key.into(), MetricGate::default());
        world.measured(key, 1.0);
    }
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held);
    assert_eq!(finding(&output, "mae").kind, FindingKind::Unchanged);
    assert_eq!(finding(&output, "r2").kind, FindingKind::Unchanged);
}

#[test]
fn an_application_without_any_error_is_no_trouble() {
    let mut world = World::new();
    for case in 0..30 {
        let expected = f64::from(u8::try_from(case).unwrap());
        world.case(case % 3, Pass, Pass);
        world.numbered(expected, Some(expected), Some(if case < 8 { expected + 0.5 } else { expected }));
    }
    for key in ["mae", "rmse"] {
        world.spec.metrics.insert(key.into(), MetricGate::default());
        world.measured(key, 0.1);
    }
    let output = world.decide();
    // Any sure rise from nothing is more than any share of it.
    assert_eq!(finding(&output, "mae").kind, FindingKind::Regressed);
    assert_eq!(finding(&output, "rmse").kind, FindingKind::Regressed);
    world.now(0, Pass);
    let mut world = World::new();
    world.case(0, Pass, Pass);
    world.numbered(1.0, Some(1.0), Some(1.0));
    world.spec.metrics.insert("rmse".into(), MetricGate::default());
    world.measured("rmse", 0.0);
    assert_eq!(finding(&world.decide(), "rmse").kind, FindingKind::Unchanged);
}

#[test]
fn an_application_that_stops_answering_has_not_come_nearer() {
    // 21 of 100 numbers are gone; the others are as they were.
    let mut world = World::new();
    for case in 0..100 {
        world.case(case % 4, Pass, Pass);
        world.numbered(10.0, Some(11.0), (case >= 21).then_some(11.0));
    }
    world.spec.metrics.insert("mae".into(), MetricGate::default());
    world.measured("mae", 1.0);
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Unpaired]));
    insta::assert_snapshot!(finding(&output, "mae").reason, @"no value: only 79 of the 100 cases that have a number in the baseline have one now (80 % are needed)");
    assert_eq!(output.unacceptable, None, "accepting a new baseline is the way out where that is meant");
}

#[test]
fn a_baseline_without_numbers_says_how_to_get_them() {
    let mut world = World::new();
    for case in 0..30 {
        world.case(case % 3, Pass, Pass);
        world.numbered(10.0, None, Some(11.0));
    }
    world.spec.metrics.insert("mae".into(), MetricGate::default());
    world.measured("mae", 1.0);
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Unpaired]));
    insta::assert_snapshot!(finding(&output, "mae").reason, @r#"no value: the baseline keeps no numbers to compare with; accept a new one with `holdline run support --update new`, then `holdline accept support --reason "…"`"#);
    assert_eq!(output.unacceptable, None);
}

#[test]
fn a_case_that_broke_where_the_errors_grew_fails_the_build() {
    let mut world = ten_worse();
    world.now(3, Fail);
    world.now(4, TargetError);
    let output = world.decide();
    assert!(
        matches!(&output.cases.get(3).1, Standing::Fails(why) if why.contains("mae regressed")),
        "{:?}",
        output.cases.get(3)
    );
    assert!(
        matches!(&output.cases.get(4).1, Standing::Errs(_)),
        "no answer is no number that is farther off"
    );
}
