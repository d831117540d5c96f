//! What keeps a run from being decided, and what blocks whatever the tests say.

use super::*;

#[test]
fn a_case_that_must_pass_fails_the_build_whatever_the_baseline() {
    let mut world = steady();
    world.must_pass(14);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    assert_eq!(
        output.cases.get(14),
        (None, Standing::Fails("it must pass, whatever the baseline says".into()))
    );
    assert_eq!(world.without_baseline().decide().decision, Decision::Regressed);
}

#[test]
fn a_case_that_must_pass_and_has_no_answer_or_no_verdict_is_no_pass() {
    let mut world = steady();
    world.must_pass(0);
    world.now(0, TargetError);
    let output = world.decide();
    assert_eq!(output.decision, Decision::Regressed);
    assert_eq!(output.cases.get(0).1, Standing::Fails("it must pass, and there is no answer".into()));

    world.now(0, CannotJudge);
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Ungraded]));

    world.now(0, NotApplicable);
    assert_eq!(world.decide().decision, Decision::Held);
}

#[test]
fn no_baseline_blocks_in_ci_and_only_there() {
    let mut world = steady();
    world.without_baseline();
    let output = world.decide();
    assert_eq!((output.decision, output.problems.len()), (Decision::Measured, 0));
    let rate = finding(&output, "pass_rate");
    assert_eq!(rate.kind, FindingKind::New);
    insta::assert_snapshot!(rate.reason, @"0.933 over 150 cases; no baseline yet");
    assert_eq!(output.cases.get(14).1, Standing::Tolerated("new case, no baseline yet".into()));

    let output = world.decide_with(GateOptions { ci: true, ..options() });
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::NoBaseline]));
    insta::assert_snapshot!(output.problems[0].message, @r#"support has no baseline, and CI cannot let that pass; make one with `holdline run support --update new`, then `holdline accept support --reason "…"`"#);
    assert_eq!(output.unacceptable, None);
}

#[test]
fn a_partial_run_cannot_gate_and_still_fails_what_must_pass() {
    let mut world = steady();
    for scenario in 0..10 {
        world.now(scenario * 15, Fail);
    }
    world.keep_first(30);
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Partial]));
    insta::assert_snapshot!(output.problems[0].message, @"only 30 of 150 cases were asked: a partial run cannot gate; run the whole suite with `holdline run support`");
    let rate = finding(&output, "pass_rate");
    assert!(!rate.gates && rate.kind == FindingKind::Inconclusive);
    insta::assert_snapshot!(rate.reason, @"a partial run cannot gate: 0.933 → 0.867 over 30 paired cases");
    assert!(output.removed.is_empty() && output.unacceptable.is_some());
    assert_eq!(
        output.cases.get(0),
        (Some(Flip::Broke), Standing::Tolerated("new failure, but a partial run cannot gate".into()))
    );

    world.must_pass(0);
    assert_eq!(world.decide().decision, Decision::Regressed);
}

#[test]
fn cases_that_were_not_asked_make_a_run_partial() {
    let mut world = steady();
    world.now(5, Skipped);
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Partial]));
    assert!(matches!(output.cases.get(5).1, Standing::Skipped(_)));

    world.problems.push(Problem { kind: ProblemKind::Budget, message: "the time is used up".into() });
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Exhausted, vec![ProblemKind::Budget]));
    assert_eq!(output.unacceptable.as_deref(), Some("the time is used up"));
}

#[test]
fn a_capability_suite_is_shown_and_never_blocks() {
    let mut world = steady();
    world.kind = Kind::Capability;
    for scenario in 0..10 {
        world.now(scenario * 15, Fail);
    }
    world.must_pass(0);
    world.floor("pass_rate", 0.99);
    let output = world.decide_with(GateOptions { ci: true, ..options() });
    assert_eq!(output.decision, Decision::Held);
    assert!(output.findings.iter().all(|finding| !finding.gates));
    assert_eq!(finding(&output, "pass_rate").kind, FindingKind::Regressed);
    assert_eq!(standings(&output, FAILS), 0);
    world.without_baseline();
    let output = world.decide_with(GateOptions { ci: true, ..options() });
    assert_eq!((output.decision, output.problems.len()), (Decision::Measured, 0));
}

#[test]
fn a_capability_suite_that_could_not_be_measured_cannot_decide() {
    let capability = || {
        let mut world = steady();
        world.kind = Kind::Capability;
        world.without_baseline();
        world
    };
    let come_to = |world: &World| {
        let output = world.decide();
        (output.decision, kinds(&output))
    };

    let mut down = capability();
    (0..150).for_each(|case| down.now(case, TargetError));
    assert_eq!(come_to(&down), (Decision::Undecided, vec![ProblemKind::TargetErrors]));

    let mut unjudged = capability();
    (0..4).for_each(|case| unjudged.now(case, CannotJudge));
    assert_eq!(come_to(&unjudged), (Decision::Undecided, vec![ProblemKind::Ungraded]));

    let mut nothing = capability();
    (0..150).for_each(|case| nothing.now(case, NotApplicable));
    assert_eq!(come_to(&nothing), (Decision::Undecided, vec![ProblemKind::NothingGraded]));

    let mut part = capability();
    part.keep_first(30);
    assert_eq!(come_to(&part), (Decision::Undecided, vec![ProblemKind::Partial]));

    for (kind, decision) in [
        (ProblemKind::Target, Decision::Undecided),
        (ProblemKind::Credentials, Decision::Undecided),
        (ProblemKind::Interrupted, Decision::Undecided),
        (ProblemKind::Budget, Decision::Exhausted),
    ] {
        let mut stopped = capability();
        stopped.problems.push(Problem { kind, message: "stopped".into() });
        assert_eq!(come_to(&stopped), (decision, vec![kind]));
    }
}

#[test]
fn other_judges_are_not_comparable() {
    let mut world = steady();
    for scenario in 0..10 {
        world.now(scenario * 15, Fail);
    }
    world.accepted("pass_rate", 0.933_333);
    world.fingerprints.judges = "other".into();
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Incomparable]));
    insta::assert_snapshot!(output.problems[0].message, @r#"the judges or the definitions of the metrics differ from the baseline's, so that its values mean something else; if that is meant, accept a new baseline with `holdline run support --update new`, then `holdline accept support --reason "…"`"#);
    let rate = finding(&output, "pass_rate");
    assert_eq!((rate.kind, rate.delta), (FindingKind::Incomparable, None));
    insta::assert_snapshot!(rate.reason, @"measured in another way than the baseline: 0.933 then, 0.867 now");
    assert!(output.cases.iter().all(|(flip, _)| flip.is_none()), "no outcome moved that can be told");
    assert_eq!(output.unacceptable, None);

    world.fingerprints.judges = String::new();
    world.fingerprints.suite = "other".into();
    assert_eq!(world.decide().decision, Decision::Regressed, "another suite file forbids nothing");
}

#[test]
fn four_fifths_of_the_baseline_must_be_paired() {
    let lose = |count: usize| {
        let mut world = World::new();
        for case in 0..100 {
            world.case(case % 5, Pass, Pass);
        }
        world.rename_first(count);
        world.decide()
    };
    let output = lose(20);
    assert_eq!(output.decision, Decision::Held);
    assert_eq!((output.added.len(), output.removed.len()), (20, 20));
    insta::assert_snapshot!(output.notes[0], @"80 cases are paired with the baseline; in neither arm: 20 added, 20 removed");

    let output = lose(21);
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::Unpaired]));
    assert_eq!(finding(&output, "pass_rate").kind, FindingKind::Missing);
    insta::assert_snapshot!(output.problems[0].message, @r#"only 79 of the 100 cases that the baseline has graded are graded again (80 % are needed): the others were removed, renamed, changed or not graded; if that is meant, accept a new baseline with `holdline run support --update new`, then `holdline accept support --reason "…"`"#);
    assert_eq!(output.unacceptable, None, "accepting is the way out of a renaming that was meant");
}

#[test]
fn cases_that_are_no_longer_graded_are_lost_coverage() {
    let mut world = World::new();
    for case in 0..100 {
        world.case(0, Pass, if case < 21 { NotApplicable } else { Pass });
    }
    assert_eq!(kinds(&world.decide()), [ProblemKind::Unpaired]);
}

#[test]
fn an_app_that_does_not_answer_is_no_regression() {
    let mut world = steady();
    world.must_pass(0);
    world.floor("pass_rate", 0.5);
    for case in 0..150 {
        world.now(case, TargetError);
        world.why(case, "connection refused (127.0.0.1:8080)");
    }
    let output = world.decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::TargetErrors]));
    insta::assert_snapshot!(output.problems[0].message, @"150 of 150 cases have no answer (100 %; at most 10 % may); most often (150×): connection refused (127.0.0.1:8080)");
    assert_eq!(finding(&output, "pass_rate").kind, FindingKind::Missing);
    assert!(matches!(&output.cases.get(0).1, Standing::Errs(why) if why.starts_with("connection refused")));
    assert!(output.unacceptable.is_some());
}

#[test]
fn limits_are_kept_to_the_case() {
    let errors = |count: usize, outcome: Outcome| {
        let mut world = World::new();
        for case in 0..100 {
            world.case(0, Pass, if case < count { outcome } else { Pass });
        }
        world.spec.target_errors = TargetErrors::Exclude;
        kinds(&world.decide())
    };
    assert_eq!(errors(10, TargetError), []);
    assert_eq!(errors(11, TargetError), [ProblemKind::TargetErrors]);
    assert_eq!(errors(2, CannotJudge), []);
    assert_eq!(errors(3, Outcome::JudgeError), [ProblemKind::Ungraded]);
    assert_eq!(errors(100, NotApplicable), [ProblemKind::NothingGraded]);
}

#[test]
fn no_cases_are_nothing_graded() {
    let output = World::new().decide();
    assert_eq!((output.decision, kinds(&output)), (Decision::Undecided, vec![ProblemKind::NothingGraded]));
}
