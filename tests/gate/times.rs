//! `latency_ratio`: times beside those accepted, case by case, on an equal host.

use super::*;

/// 100 cases that took 100 ms, of which `slower` take `now` and the others as long as before.
fn world(slower: usize, now: f64) -> World {
    let mut world = World::new();
    for case in 0..100 {
        world.case(0, Pass, Pass);
        // Half of them are ten times as slow as the others: it is ratios that count.
        let before = if case % 2 == 0 { 100.0 } else { 1000.0 };
        world.timed(before, Some(if case < slower { before * now } else { before }));
    }
    world
}

fn gated(mut world: World) -> GateOutput {
    world.spec.metrics.insert("latency_ratio".into(), MetricGate::default());
    world.spec.metrics.insert("pass_rate".into(), MetricGate::default());
    world.decide()
}

#[test]
fn a_rise_of_more_than_ten_per_cent_blocks() {
    let output = gated(world(100, 1.2));
    let ratio = finding(&output, "latency_ratio");
    assert_eq!((ratio.kind, output.decision), (FindingKind::Regressed, Decision::Regressed));
    assert!((ratio.candidate.unwrap() - 1.2).abs() < 1e-12 && ratio.baseline == Some(1.0));
    assert!(ratio.reason.starts_with("1.00 → 1.20 (+20.0 %, 90 % interval ["), "{}", ratio.reason);
    // Half of the cases twice as slow: the geometric mean ratio is √2.
    let half = gated(world(50, 2.0));
    let ratio = finding(&half, "latency_ratio").candidate.unwrap();
    assert!((ratio - 2.0_f64.sqrt()).abs() < 1e-12 && half.decision == Decision::Regressed);
}

#[test]
fn a_rise_within_ten_per_cent_does_not_and_a_fall_is_an_improvement() {
    let output = gated(world(100, 1.05));
    assert_eq!(finding(&output, "latency_ratio").kind, FindingKind::Held);
    assert_eq!(output.decision, Decision::Held);
    assert_eq!(finding(&gated(world(100, 0.5)), "latency_ratio").kind, FindingKind::Improved);
}

#[test]
fn another_host_is_told_and_gates_nothing() {
    let mut world = world(100, 3.0);
    world.times = None;
    let output = gated(world);
    let ratio = finding(&output, "latency_ratio");
    assert_eq!((ratio.kind, ratio.gates), (FindingKind::Incomparable, false));
    assert_eq!(output.decision, Decision::Held);
    assert!(output.notes.iter().any(|note| note.contains("another host")), "{:?}", output.notes);
}

#[test]
fn answers_without_a_time_are_in_no_arm() {
    let mut world = world(100, 1.2);
    // From a cache: neither as slow as before nor at once.
    for _ in 0..20 {
        world.case(0, Pass, Pass);
        world.timed(100.0, None);
    }
    assert_eq!(finding(&gated(world), "latency_ratio").paired, 100);
}

#[test]
fn what_is_not_named_is_only_told_where_it_differs_much() {
    let told = |now: f64| {
        let output = world(100, now).decide();
        assert_eq!(output.decision, Decision::Held);
        output.notes.iter().any(|note| note.contains("answers took 1.50 times as long"))
    };
    assert!(told(1.5) && !told(1.05));
}
