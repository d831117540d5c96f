//! Several runs on either side: confirmation, drift, quarantine, what must pass, and what decides clusters.

use super::*;
use holdline::gate::{Blocks, Confirmation, needs_runs};
use holdline::suite::schema::ClusterBy;

/// 20 scenarios of 12 cases that pass in both runs of the baseline but for one that did not always; in the
/// first scenario every case fails now.
fn one_scenario_down() -> World {
    let mut world = World::new();
    for scenario in 0..20 {
        for case in 0..12 {
            let before = if scenario == 7 && case == 0 { [Pass, Fail] } else { [Pass, Pass] };
            world.case_of_runs(scenario, &before, &[if scenario == 0 { Fail } else { Pass }]);
        }
    }
    world
}

#[test]
fn a_flagged_scenario_is_to_be_asked_again_and_no_other() {
    let world = one_scenario_down();
    assert_eq!(needs_runs(&[world.input()], options()), [vec![0]]);
    let steady = steady();
    assert_eq!(needs_runs(&[steady.input()], options()), [Vec::<usize>::new()]);
}

#[test]
fn a_flag_stays_where_each_run_alone_says_the_same() {
    let mut world = one_scenario_down();
    // Two runs before and one now: 3^−12 at best. Asked again, 8 and 12 of 12 fail: 3^−8 and 3^−12.
    for case in 0..12 {
        world.asked_again(case, &[if case < 8 { Fail } else { Pass }, Fail]);
    }
    assert_eq!(needs_runs(&[world.input()], options()), [Vec::<usize>::new()], "asked already");
    let output = world.decide();
    let broken = finding(&output, "pass_rate@s0");
    assert_eq!((broken.kind, broken.gates), (FindingKind::Regressed, true));
    let Some(Confirmation::Confirmed(p)) = &broken.evidence.as_deref().unwrap().confirmation else {
        panic!("{broken:?}")
    };
    assert!((p[1] - 3.0_f64.powi(-12)).abs() < 1e-12, "{p:?}");
    assert!(
        broken.reason.ends_with("asked twice again (p = 0.0002 and p < 0.0001): confirmed"),
        "{}",
        broken.reason
    );
    assert_eq!(output.decision, Decision::Regressed);
}

#[test]
fn a_flag_falls_where_one_run_does_not_say_so() {
    let mut world = one_scenario_down();
    // A suite of one cluster a scenario cannot see one scenario break.
    for case in 0..12 {
        world.asked_again(case, &[Pass, Fail]);
    }
    let output = world.decide();
    let broken = finding(&output, "pass_rate@s0");
    assert_eq!((broken.kind, broken.gates), (FindingKind::Inconclusive, false));
    assert!(
        broken.reason.contains("asked twice again (p = 1.00 and p < 0.0001): not confirmed"),
        "{}",
        broken.reason
    );
    assert_eq!(output.decision, Decision::Held);
    assert!(matches!(output.cases.get(0).1, Standing::Tolerated(_)));
}

#[test]
fn an_application_that_never_disagreed_with_itself_is_not_asked_again() {
    let mut world = World::new();
    for case in 0..240 {
        world.case_of_runs(case / 12, &[Pass, Pass], &[if case < 12 { Fail } else { Pass }]);
    }
    assert_eq!(needs_runs(&[world.input()], options()), [Vec::<usize>::new()]);
    let broken = world.decide();
    let broken = finding(&broken, "pass_rate@s0");
    assert_eq!(broken.kind, FindingKind::Regressed);
    assert_eq!(broken.evidence.as_deref().unwrap().confirmation, Some(Confirmation::NotNeeded));
}

/// Five runs before, of which the third was bad throughout, and a candidate as bad as that one.
#[test]
fn a_loss_no_larger_than_the_drift_of_whole_runs_does_not_block() {
    let mut world = World::new();
    for case in 0..200 {
        let bad = case % 4 == 0;
        let good = [Pass, Pass, if bad { Fail } else { Pass }, Pass, Pass];
        world.case_of_runs(case / 40, &good, &[if case % 5 == 0 { Fail } else { Pass }]);
    }
    let output = world.decide();
    let rate = finding(&output, "pass_rate");
    let guard = rate.evidence.as_deref().unwrap().guard.unwrap();
    assert!(guard.drifts() && guard.runs == 5, "{guard:?}");
    assert!(rate.p_adjusted.unwrap() < 0.001);
    assert_eq!((rate.kind, output.decision), (FindingKind::Inconclusive, Decision::Held));
    assert!(rate.reason.contains("whole runs of the baseline differ as much"), "{}", rate.reason);
}

#[test]
fn three_runs_show_drift_and_fewer_are_said_not_to() {
    let of = |runs: usize| {
        let mut world = World::new();
        for case in 0..60 {
            world.case_of_runs(case / 20, &vec![Pass; runs], &[Pass]);
        }
        world.decide().notes.iter().any(|note| note.contains("drift between runs cannot be seen"))
    };
    assert_eq!([1, 2, 3, 5].map(of), [true, true, false, false]);
}

#[test]
fn a_case_in_quarantine_is_in_no_arm_and_fails_nothing() {
    let mut world = World::new();
    for case in 0..100 {
        world.case(0, Pass, if case < 10 { Fail } else { Pass });
    }
    assert_eq!(world.decide().decision, Decision::Regressed);
    for case in 0..10 {
        world.quarantine(case);
    }
    world.must_pass(0);
    let output = world.decide();
    assert_eq!((output.decision, finding(&output, "pass_rate").paired), (Decision::Held, 90));
    assert!(matches!(&output.cases.get(0).1, Standing::Tolerated(why) if why.contains("quarantine")));
    assert!(output.notes.iter().any(|note| note.contains("10 in quarantine")), "{:?}", output.notes);
}

#[test]
fn what_must_pass_fails_by_any_answer_or_by_most_of_them() {
    let of = |runs: &[Outcome], set: fn(&mut World, usize)| {
        let mut world = World::new();
        for case in 0..40 {
            world.case_of_runs(0, &[Pass], if case == 0 { runs } else { &[Pass, Pass, Pass] });
        }
        set(&mut world, 0);
        world.decide().decision == Decision::Regressed
    };
    assert!(of(&[Pass, Pass, Fail], World::must_pass));
    assert!(!of(&[Pass, Pass, Fail], World::must_mostly_pass));
    assert!(of(&[Pass, Fail, TargetError], World::must_mostly_pass));
}

#[test]
fn scenarios_are_clusters_where_there_are_twenty_and_none_is_large() {
    let of = |scenarios: usize, first: usize, by: ClusterBy| {
        let mut world = World::new();
        world.spec.cluster = by;
        for scenario in 0..scenarios {
            for case in 0..if scenario == 0 { first } else { 10 } {
                world.case(scenario, Pass, if case == 0 && scenario < 3 { Fail } else { Pass });
            }
        }
        finding(&world.decide(), "pass_rate").evidence.as_deref().unwrap().blocks
    };
    assert_eq!(of(20, 10, ClusterBy::Auto), Blocks::Scenarios);
    assert_eq!(of(19, 10, ClusterBy::Auto), Blocks::Families);
    // 22 of 212 cases are 10.4 %.
    assert_eq!(of(20, 22, ClusterBy::Auto), Blocks::Families);
    assert_eq!(of(20, 21, ClusterBy::Auto), Blocks::Scenarios);
    assert_eq!(of(2, 10, ClusterBy::Scenario), Blocks::Scenarios);
    assert_eq!(of(20, 10, ClusterBy::Family), Blocks::Families);
}

/// With one run before, three broken families give p = 2^−4; with five they give 6^−3/2 and block.
#[test]
fn five_accepted_runs_see_what_one_cannot() {
    let of = |runs: usize| {
        let mut world = World::new();
        for case in 0..60 {
            world.case_of_runs(case / 20, &vec![Pass; runs], &[if case < 3 { Fail } else { Pass }]);
        }
        world.decide()
    };
    assert_eq!(of(1).decision, Decision::Held);
    let five = of(5);
    let rate = finding(&five, "pass_rate");
    assert_eq!(five.decision, Decision::Regressed);
    assert!((rate.p_worse.unwrap() - 6.0_f64.powi(-3) / 2.0).abs() < 1e-12);
}

/// A case that is graded in one of three runs now, or in less than half of its runs before, is left out.
#[test]
fn a_case_ungraded_in_any_run_now_or_in_most_before_is_left_out() {
    let mut world = World::new();
    for _ in 0..60 {
        world.case_of_runs(0, &[Pass, Pass, Pass], &[Pass, Pass]);
    }
    world.case_of_runs(0, &[Pass, Pass, Pass], &[Pass, CannotJudge]);
    world.case_of_runs(0, &[CannotJudge, CannotJudge, Pass], &[Pass, Pass]);
    world.case_of_runs(0, &[CannotJudge, Pass, Pass], &[Pass, Pass]);
    assert_eq!(finding(&world.decide(), "pass_rate").paired, 61);
}

/// What does not gate is told where it moved, by the rate of false discoveries.
#[test]
fn what_does_not_gate_and_moved_is_watched() {
    let mut world = World::new();
    for case in 0..200 {
        world.case(0, Pass, if case < 20 { TargetError } else { Pass });
    }
    world.spec.max_target_errors = Share::from_points(20.0);
    let output = world.decide();
    let errors = output.watched.iter().find(|of| of.key() == "error_rate").expect("error_rate moved");
    assert!(!errors.gates && errors.kind == FindingKind::Regressed);
    assert!(finding(&output, "pass_rate").gates);
    assert!(steady().decide().watched.is_empty());
}

/// 12 scenarios of 60 cases, of which 40 passed before. In every second one 12 of those fail now, in the others
/// 12 more pass: by itself each of the losses is sure (2^−12 where 0.01/12 is needed), and all scenarios move so.
#[test]
fn a_scenario_that_moves_as_all_scenarios_do_is_not_flagged() {
    let world = |moving: usize| {
        let mut world = World::new();
        for scenario in 0..12 {
            for case in 0..60 {
                let passing = match scenario {
                    of if of >= moving => 40,
                    of if of % 2 == 0 => 28,
                    _ => 52,
                };
                world.case(
                    scenario,
                    if case < 40 { Pass } else { Fail },
                    if case < passing { Pass } else { Fail },
                );
            }
        }
        world
    };
    let all = world(12).decide();
    let broke = finding(&all, "pass_rate@s0");
    assert_eq!((broke.kind, broke.gates), (FindingKind::Inconclusive, false));
    assert!(broke.p_adjusted.unwrap() < 0.01);
    assert!(broke.reason.contains("whole scenarios of this suite differ as much"), "{}", broke.reason);
    // By hand: the error of 12 cases that differ is √(12/4) · 2/60, and 0.2² / (τ² + 12/60²) = 0.4549.
    let common = broke.evidence.as_deref().unwrap().common;
    assert!((common - (0.04 / 0.454_936_4 - 12.0 / 3600.0_f64).sqrt()).abs() < 1e-6, "{common}");
    assert_eq!(all.decision, Decision::Held);
    // Where no other scenario moves, the same loss is one.
    let one = world(1).decide();
    assert_eq!(finding(&one, "pass_rate@s0").kind, FindingKind::Regressed);
    assert_eq!(one.decision, Decision::Regressed);
}
