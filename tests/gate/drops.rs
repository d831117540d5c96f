//! What the tests against the baseline see, and how it is said.

use super::*;

#[test]
fn nothing_changed_is_unchanged_and_holds() {
    let output = steady().decide();
    assert_eq!(output.decision, Decision::Held);
    assert_eq!(output.unacceptable, None);
    assert!(output.problems.is_empty(), "{:?}", output.problems);
    let rate = finding(&output, "pass_rate");
    assert_eq!((rate.kind, rate.gates, rate.paired, rate.families), (FindingKind::Unchanged, true, 150, 150));
    insta::assert_snapshot!(rate.reason, @"no paired outcome differs: 0.933 over 150 cases; this suite sees drops of 2.3 pt or more (80 % power)");
    assert_eq!(standings(&output, TOLERATED), 10);
    assert_eq!(output.cases.get(14).1, Standing::Tolerated("failed in the baseline too".into()));
}

#[test]
fn one_case_of_150_lost_blocks_nothing_and_is_shown() {
    let mut world = steady();
    world.now(3, Fail);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held);
    let rate = finding(&output, "pass_rate");
    assert_eq!((rate.kind, rate.broke, rate.fixed), (FindingKind::Held, 1, 0));
    // One changed family: half of the chance that it is at its lowest.
    assert_eq!(rate.p_worse, Some(0.25));
    insta::assert_snapshot!(rate.reason, @"0.933 → 0.927 (−0.7 pt, 90 % interval [−2.5, +1.2]), p = 0.25; 1 case broke, none was fixed");
    assert_eq!(
        output.cases.get(3),
        (Some(Flip::Broke), Standing::Tolerated("new failure, but pass_rate held".into()))
    );
}

#[test]
fn an_even_drop_over_all_scenarios_regresses_the_suite_and_fails_the_flipped_cases() {
    let mut world = steady();
    for scenario in 0..10 {
        world.now(scenario * 15, Fail);
    }
    world.now(14, Pass);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    let rate = finding(&output, "pass_rate");
    assert_eq!((rate.kind, rate.broke, rate.fixed), (FindingKind::Regressed, 10, 1));
    // P(X ≤ 1) − ½P(X = 1) of 11 fair throws: (1 + 11 / 2) / 2048.
    assert!((rate.p_worse.unwrap() - 6.5 / 2048.0).abs() < 1e-12);
    insta::assert_snapshot!(rate.reason, @"0.933 → 0.873 (−6.0 pt, 90 % interval [−9.8, −2.1]), p = 0.0032; 10 cases broke, 1 was fixed");
    assert!(output.findings.iter().filter(|finding| finding.gates).count() == 1, "no scenario stands out");
    assert_eq!(standings(&output, FAILS), 10);
    insta::assert_snapshot!(format!("{:?}", output.cases.get(15).1), @r#"Fails("passed in the baseline, and pass_rate regressed (0.933 → 0.873)")"#);
    assert_eq!(output.unacceptable, None, "a person may accept a regression with a reason");
}

#[test]
fn a_scenario_that_broke_wholly_is_flagged_and_named() {
    // 20 of 400 cases: the suite loses 5 points, all of them in one family of variants, which a test over
    // families cannot see.
    let mut world = World::new();
    for scenario in 0..20 {
        for _ in 0..20 {
            world.case(scenario, Pass, if scenario == 7 { Fail } else { Pass });
            world.family_of_scenario();
        }
    }
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    let rate = finding(&output, "pass_rate");
    assert_ne!(rate.kind, FindingKind::Regressed);
    insta::assert_snapshot!(rate.reason, @"inconclusive: −5.0 pt [−13.5, +3.6], 20 cases broke, none was fixed; this suite sees drops of 12.4 pt or more (80 % power); to see 5 pt add 103 scenarios, or keep 5 baseline runs; cannot block: only 1 scenario changed, which gives p = 0.25 at best where 0.0400 is needed");
    let flagged = finding(&output, "pass_rate@s7");
    assert_eq!((flagged.kind, flagged.gates), (FindingKind::Regressed, true));
    assert_eq!((flagged.baseline, flagged.candidate), (Some(1.0), Some(0.0)));
    assert!((flagged.p_worse.unwrap() - 0.5_f64.powi(20)).abs() < 1e-15);
    assert!((flagged.p_adjusted.unwrap() - 20.0 * 0.5_f64.powi(20)).abs() < 1e-15);
    insta::assert_snapshot!(flagged.reason, @"1.000 → 0.000 (−100.0 pt, 90 % interval [−100.0, −48.0]), p < 0.0001; 20 cases broke, none was fixed; it was not asked again");
    assert_eq!(standings(&output, FAILS), 20, "only that scenario's cases fail");
    assert_eq!(
        rate.concentrations,
        [Concentration { by: "scenario".into(), value: "s7".into(), broke: 20, of: 20 }]
    );
}

#[test]
fn a_case_broken_outside_the_flagged_scenario_is_tolerated() {
    let mut world = World::new();
    for scenario in 0..20 {
        for case in 0..20 {
            let lost = scenario == 7 || (scenario == 3 && case == 0);
            world.case(scenario, Pass, if lost { Fail } else { Pass });
            world.family_of_scenario();
        }
    }
    let output = world.decide();
    assert_eq!(standings(&output, FAILS), 20);
    insta::assert_snapshot!(format!("{:?}", output.cases.get(60).1), @r#"Tolerated("new failure, but pass_rate is inconclusive")"#);
}

#[test]
fn small_scenarios_are_listed_as_blind() {
    // 20 scenarios are tested at 0.01 / 20, which 11 single cases reach and 10 do not.
    let mut world = World::new();
    for scenario in 0..20 {
        for _ in 0..if scenario < 3 { 10 } else { 11 } {
            world.case(scenario, Pass, Pass);
        }
    }
    let output = world.decide();
    let note = output.notes.iter().find(|note| note.starts_with("too small")).expect("a note");
    insta::assert_snapshot!(note, @"too small for a test of their own, which takes 11 paired cases a scenario in this run: s0 (10), s1 (10), s2 (10)");
}

#[test]
fn an_inconclusive_drop_says_what_would_settle_it() {
    // 50 cases, of which 6 broke and 5 were fixed.
    let mut world = World::new();
    for case in 0..50 {
        let (before, now) = match case {
            0..6 => (Pass, Fail),
            6..11 => (Fail, Pass),
            _ => (Pass, Pass),
        };
        world.case(0, before, now);
    }
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held, "a warning, not a failure");
    let rate = finding(&output, "pass_rate");
    assert_eq!(rate.kind, FindingKind::Inconclusive);
    insta::assert_snapshot!(rate.reason, @"inconclusive: −2.0 pt [−13.6, +9.8], 6 cases broke, 5 were fixed; this suite sees drops of 17.4 pt or more (80 % power); to see 5 pt add 556 seeds (not variants), or keep 5 baseline runs");

    world.spec.on_inconclusive = OnInconclusive::Fail;
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Inconclusive]));
    assert_eq!(output.unacceptable, None);
}

#[test]
fn a_suite_of_twenty_seeds_with_three_changed_says_that_it_cannot_block_and_why() {
    let mut world = World::new();
    for case in 0..20 {
        world.case(0, Pass, if case < 3 { Fail } else { Pass });
    }
    let output = world.decide();
    assert_eq!(output.decision, Decision::Held);
    let reason = &finding(&output, "pass_rate").reason;
    // Three of three broke: 2^−4 is the least that there is, and 0.04 is needed.
    assert!(
        reason.ends_with(
            "cannot block: only 3 families changed, which gives p = 0.062 at best where 0.0400 is needed"
        ),
        "{reason}"
    );
}

#[test]
fn few_changed_families_cannot_block() {
    let mut world = World::new();
    for case in 0..30 {
        world.case(0, Pass, if case < 3 { Fail } else { Pass });
    }
    let rate = finding(&world.decide(), "pass_rate").clone();
    assert_eq!(rate.kind, FindingKind::Inconclusive);
    insta::assert_snapshot!(rate.reason, @"inconclusive: −10.0 pt [−21.1, +2.3], 3 cases broke, none was fixed; this suite sees drops of 17.1 pt or more (80 % power); to see 5 pt add 323 seeds (not variants), or keep 5 baseline runs; cannot block: only 3 families changed, which gives p = 0.062 at best where 0.0400 is needed");
}

#[test]
fn too_few_families_never_hold_however_many_variants() {
    let mut world = World::new();
    for case in 0..400 {
        world.case(0, Pass, if case == 0 { Fail } else { Pass });
        world.family(case / 40);
    }
    let rate = finding(&world.decide(), "pass_rate").clone();
    assert_eq!((rate.kind, rate.families), (FindingKind::Inconclusive, 10));
    insta::assert_snapshot!(rate.reason, @"inconclusive: −0.2 pt [−1.0, +0.5], 1 case broke, none was fixed; this suite sees drops of 1.1 pt or more (80 % power); at least 20 families are needed to call it held: add 10 seeds (not variants); cannot block: only 1 family changed, which gives p = 0.25 at best where 0.0400 is needed");
}

#[test]
fn a_sure_gain_is_improved() {
    let mut world = steady();
    for scenario in 0..10 {
        world.now(scenario * 15 + 14, Pass);
    }
    let rate = finding(&world.decide(), "pass_rate").clone();
    assert_eq!(rate.kind, FindingKind::Improved);
    insta::assert_snapshot!(rate.reason, @"0.933 → 1.000 (+6.7 pt, 90 % interval [+2.9, +10.3]), p = 0.0005; no case broke, 10 were fixed; accept to ratchet");
}

#[test]
fn a_sure_drop_below_the_minimum_effect_is_held_and_said() {
    // 10 of 2000 cases broke: p = ½¹¹, half a point.
    let mut world = World::new();
    for case in 0..2000 {
        world.case(case % 10, Pass, if case < 10 { Fail } else { Pass });
    }
    let rate = finding(&world.decide(), "pass_rate").clone();
    assert_eq!(rate.kind, FindingKind::Held);
    insta::assert_snapshot!(rate.reason, @"1.000 → 0.995 (−0.5 pt, 90 % interval [−0.8, −0.2]), p = 0.0005; 10 cases broke, none was fixed; detectable, below the minimum effect of 1 pt");
}

#[test]
fn the_smallest_drop_that_blocks_can_be_set() {
    let mut world = World::new();
    for case in 0..100 {
        world.case(case % 5, Pass, if case < 5 { Fail } else { Pass });
    }
    world.spec.min_effect = Share::from_points(5.0);
    assert_eq!(world.decide().decision, Decision::Regressed, "a drop of exactly that blocks");
    world.spec.min_effect = Share::from_points(5.1);
    assert_eq!(world.decide().decision, Decision::Held);
}

#[test]
fn where_the_broken_cases_lie_is_told_most_concentrated_first() {
    let mut world = steady();
    for case in [0, 1, 2, 3, 4, 5, 6, 7, 16, 31, 46] {
        world.now(case, Fail);
    }
    for case in [0, 1, 2, 16, 31] {
        world.tag(case, "typing");
    }
    let output = world.decide();
    let group =
        |by: &str, value: &str, broke, of| Concentration { by: by.into(), value: value.into(), broke, of };
    // 8 of 15 in s0 against 3 of 135; 5 of 5 tagged against 6 of 145.
    assert_eq!(
        finding(&output, "pass_rate").concentrations,
        [group("scenario", "s0", 8, 15), group("tag", "typing", 5, 5)]
    );
}

#[test]
fn groups_of_the_same_broken_cases_are_told_once() {
    // The label is wider than the scenario, and holds the same broken cases.
    let mut world = World::new();
    for case in 0..100 {
        world.case(case / 10, Pass, if case < 8 { Fail } else { Pass });
        let label = if case < 20 { "book" } else { "cancel" };
        world.labelled(label, label, label);
    }
    let rate = finding(&world.decide(), "pass_rate").clone();
    let group = Concentration { by: "scenario".into(), value: "s0".into(), broke: 8, of: 10 };
    assert_eq!(rate.concentrations, [group]);
}

#[test]
fn at_most_five_groups_are_told() {
    // 7 of 20 scenarios lost 4 cases of 10 each: each holds more than twice the share of the rest.
    let mut world = World::new();
    for case in 0..200 {
        world.case(case / 10, Pass, if case < 70 && case % 10 < 4 { Fail } else { Pass });
    }
    let rate = finding(&world.decide(), "pass_rate").clone();
    let named: Vec<&str> = rate.concentrations.iter().map(|group| group.value.as_str()).collect();
    assert_eq!(named, ["s0", "s1", "s2", "s3", "s4"]);
}

#[test]
fn the_order_of_the_cases_decides_nothing() {
    let mut world = steady();
    for case in [0, 1, 2, 3, 40, 41, 100] {
        world.now(case, Fail);
    }
    let there = world.decide();
    world.reverse();
    let back = world.decide();
    assert_eq!(there.findings, back.findings);
    assert!(there.cases.iter().eq(back.cases.iter().rev()));
}

#[test]
fn a_scenario_named_as_a_metric_has_one_finding() {
    let mut world = steady();
    world.spec.metrics.insert("pass_rate@s0".into(), MetricGate::default());
    world.measured("pass_rate@s0", 14.0 / 15.0);
    let output = world.decide();
    assert_eq!(finding(&output, "pass_rate@s0").kind, FindingKind::Unchanged);
    for case in 0..14 {
        world.now(case, Fail);
        world.family_of(case, 0);
    }
    // 14 variants of one seed: a test over families cannot see them, the test of the scenario does.
    world.measured("pass_rate@s0", 0.0);
    let output = world.decide();
    let named: Vec<&Finding> =
        output.findings.iter().filter(|finding| finding.key() == "pass_rate@s0").collect();
    assert_eq!(named.len(), 1);
    assert_eq!((named[0].kind, named[0].gates), (FindingKind::Regressed, true));
}
