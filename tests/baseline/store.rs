//! Offering, accepting and rejecting.

use super::*;
use Outcome::{Fail, Pass};

fn accepted_in(dir: &Path) -> (Store, Baseline) {
    let store = Store::new(dir, false);
    let run = Run::after(None, "r1", &[("a", Pass), ("b", Fail)]);
    run.offered(&store, UpdateMode::New, &signed("")).unwrap();
    store.accept("demo", &signed("it is right")).unwrap();
    let baseline = store.load("demo").unwrap().unwrap();
    (store, baseline)
}

#[test]
fn a_run_is_offered_reviewed_and_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let run = Run::after(None, "r1", &[("a", Pass), ("b", Fail)]);

    let offered = run.offered(&store, UpdateMode::Auto, &signed("")).unwrap();
    assert_eq!(offered, Offered::Pending(dir.path().join("demo.snap.new")));
    assert_eq!(store.load("demo").unwrap(), None);
    assert_eq!(store.waiting().unwrap(), ["demo"]);
    assert_eq!(store.pending("demo").unwrap().unwrap().baseline, run.next);

    let acceptance = store.accept("demo", &signed(" it is right ")).unwrap();
    assert_eq!(acceptance.reason, "it is right");
    assert_eq!(acceptance.change, "first baseline: pass_rate 0.5000, 2 cases");
    assert_eq!(names(dir.path()), ["demo.snap", "demo.timings.json", "demo.transcripts.jsonl"]);
    let baseline = store.load("demo").unwrap().unwrap();
    assert_eq!(baseline, Baseline { history: vec![acceptance], ..run.next.clone() });
    assert_eq!(store.answers("demo", "r1").unwrap(), Beside::Found(run.answers));
    assert_eq!(store.timings("demo", "r1").unwrap(), Beside::Found(run.timings));
    assert!(store.waiting().unwrap().is_empty());

    // Not a suite's.
    fs::write(dir.path().join(".snap.new"), "").unwrap();
    assert!(store.waiting().unwrap().is_empty());
}

#[test]
fn the_history_of_acceptances_is_kept() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = accepted_in(dir.path());
    let run = Run::after(Some(&old), "r2", &[("a", Pass), ("b", Pass)]);
    run.offered(&store, UpdateMode::New, &signed("")).unwrap();
    store.accept("demo", &signed("b works now")).unwrap();
    let history = store.load("demo").unwrap().unwrap().history;
    let told: Vec<_> = history.iter().map(|entry| (entry.run.as_str(), entry.change.as_str())).collect();
    let expected =
        [("r1", "first baseline: pass_rate 0.5000, 2 cases"), ("r2", "pass_rate 0.5000 -> 1.0000")];
    assert_eq!(told, expected);
}

#[test]
fn a_rejected_run_leaves_the_accepted_one_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = accepted_in(dir.path());
    let run = Run::after(Some(&old), "r2", &[("a", Fail), ("b", Fail)]);
    run.offered(&store, UpdateMode::New, &signed("")).unwrap();
    assert!(dir.path().join("demo.transcripts.jsonl.new").exists());
    store.reject("demo").unwrap();
    assert_eq!(names(dir.path()), ["demo.snap", "demo.timings.json", "demo.transcripts.jsonl"]);
    assert_eq!(store.load("demo").unwrap(), Some(old));
    assert!(matches!(store.reject("demo"), Err(BaselineError::NoPending { .. })));
}

#[test]
fn what_cannot_be_read_can_still_be_rejected() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = accepted_in(dir.path());
    fs::write(dir.path().join("demo.snap.new"), "<<<<<<< HEAD\n").unwrap();
    assert!(matches!(store.pending("demo"), Err(BaselineError::Conflict { .. })));
    assert_eq!(store.waiting().unwrap(), ["demo"]);
    store.reject("demo").unwrap();
    assert!(store.waiting().unwrap().is_empty());
}

/// A store whose baseline keeps as many runs as it can, in which `a` passes and `b` fails.
fn full_in(dir: &Path) -> (Store, Baseline) {
    let store = Store::new(dir, false);
    for at in 1..=KEPT_RUNS {
        let old = store.load("demo").unwrap();
        let run = Run::answering("x", old.as_ref(), &format!("r{at}"), &[("a", Pass), ("b", Fail)]);
        run.offered(&store, UpdateMode::Always, &signed("one more")).unwrap();
    }
    let baseline = store.load("demo").unwrap().unwrap();
    (store, baseline)
}

#[test]
fn a_run_that_means_the_same_as_five_kept_removes_what_waited_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = full_in(dir.path());
    let stale = Run::after(Some(&old), "r7", &[("a", Fail), ("b", Fail)]);
    stale.offered(&store, UpdateMode::New, &signed("")).unwrap();

    let same = Run::answering("x", Some(&old), "r8", &[("a", Pass), ("b", Fail)]);
    assert_eq!(same.offered(&store, UpdateMode::New, &signed("")).unwrap(), Offered::Unchanged);
    assert_eq!(names(dir.path()), ["demo.snap", "demo.timings.json", "demo.transcripts.jsonl"]);
    assert_eq!(store.load("demo").unwrap(), Some(old));
}

#[test]
fn a_run_that_means_the_same_waits_as_one_more_while_fewer_than_five_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let offered = |at: usize, mode| {
        let old = store.load("demo").unwrap();
        let run = Run::answering("x", old.as_ref(), &format!("r{at}"), &[("a", Pass), ("b", Fail)]);
        run.offered(&store, mode, &signed("one more")).unwrap()
    };
    let (snap, pending) = (dir.path().join("demo.snap"), dir.path().join("demo.snap.new"));
    assert_eq!(offered(1, UpdateMode::Always), Offered::Accepted(snap.clone()));
    for at in 2..=KEPT_RUNS {
        assert_eq!(offered(at, UpdateMode::Unseen), Offered::OneMore(pending.clone()));
        assert_eq!(offered(at, UpdateMode::New), Offered::OneMore(pending.clone()));
        assert_eq!(store.waiting().unwrap(), ["demo"]);
        let acceptance = store.accept("demo", &signed("the same again")).unwrap();
        assert_eq!(acceptance.change, format!("no metric moved, 0 outcomes flipped; run {at} of 5"));
        assert_eq!(store.load("demo").unwrap().unwrap().kept_runs(), at);
    }
    assert_eq!(offered(6, UpdateMode::Always), Offered::Unchanged);
    assert_eq!(store.load("demo").unwrap().unwrap().history.len(), KEPT_RUNS);
}

/// The lines of one text that the other does not have.
fn only_in<'a>(text: &'a str, other: &str) -> Vec<&'a str> {
    let others: BTreeSet<&str> = other.lines().collect();
    text.lines().filter(|line| !others.contains(line)).collect()
}

#[test]
fn an_acceptance_touches_the_lines_of_what_changed_and_no_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let accept = |run: &str, outcomes: &[(&str, Outcome)]| {
        let old = store.load("demo").unwrap();
        let run = Run::answering("x", old.as_ref(), run, outcomes);
        run.offered(&store, UpdateMode::Always, &signed("why")).unwrap();
        fs::read_to_string(dir.path().join("demo.snap")).unwrap()
    };
    let first = accept("r1", &[("a", Pass), ("b", Fail), ("c", Pass)]);
    let second = accept("r2", &[("a", Pass), ("b", Fail), ("c", Pass)]);
    let words = |lines: Vec<&str>| {
        lines.into_iter().map(|line| line.split('\t').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(words(only_in(&second, &first)), ["run", "runs", "accepted"]);
    assert_eq!(words(only_in(&first, &second)), ["run", "runs"]);

    // `b` is mended, and its line alone moves, with the metric.
    let third = accept("r3", &[("a", Pass), ("b", Pass), ("c", Pass)]);
    assert_eq!(words(only_in(&third, &second)), ["run", "runs", "accepted", "metric", "case"]);
    let line = only_in(&third, &second).pop().unwrap();
    assert_eq!(line, format!("case\t{}\tFFP\tx\t-", id("b")));

    // A case that joins is marked, and leaves the others as they are.
    let fourth = accept("r4", &[("a", Pass), ("b", Pass), ("c", Pass), ("d", Pass)]);
    let mut touched: Vec<&str> = only_in(&fourth, &third);
    touched.retain(|line| line.starts_with("case"));
    touched.sort_unstable_by_key(|line| line.contains('+'));
    assert_eq!(touched, [format!("case\t{}\tFFPP\tx\t-", id("b")), format!("case\t{}\t+P\tx\t-", id("d"))]);
    let letters = |baseline: &Baseline| {
        let of =
            |name| baseline.cases.get(id(name)).unwrap().outcomes().map(Accepted::letter).collect::<String>();
        ["a", "b", "c", "d"].map(of)
    };
    assert_eq!(letters(&store.load("demo").unwrap().unwrap()), ["PPPP", "FFPP", "PPPP", "P"]);
}

/// Changes what `a` came to in its newest run.
fn newest(next: &mut Baseline, change: fn(&mut AcceptedRun<'_>)) {
    edit(next, id("a"), |runs, _| change(runs.last_mut().unwrap()));
}

#[test]
fn a_difference_in_anything_that_is_compared_waits_for_review() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = full_in(dir.path());
    let differs: [fn(&mut Baseline); 9] = [
        |next| next.metrics.get_mut("pass_rate").unwrap().n += 1,
        |next| newest(next, |run| run.label = None),
        |next| newest(next, |run| run.number = Some(1.0)),
        |next| edit(next, id("a"), |_, expected| *expected = Some("x")),
        |next| newest(next, |run| run.outcome = Accepted::Error),
        |next| next.fingerprints.judges.push('x'),
        |next| {
            let others = next.cases.iter().filter(|(of, _)| *of != id("a"));
            next.cases = others.map(|(of, case)| (of, case.runs(), case.expected())).collect();
        },
        // One of several repeats that came to what no accepted run came to.
        |next| edit(next, id("a"), |runs, _| runs[3].outcome = Accepted::Fail),
        // Runs that start anew.
        |next| edit(next, id("a"), |runs, _| drop(runs.drain(..4))),
    ];
    for differ in differs {
        let mut run = Run::answering("x", Some(&old), "r7", &[("a", Pass), ("b", Fail)]);
        differ(&mut run.next);
        let offered = run.offered(&store, UpdateMode::New, &signed("")).unwrap();
        assert_eq!(offered, Offered::Pending(dir.path().join("demo.snap.new")));
        store.reject("demo").unwrap();
    }
}

#[test]
fn a_run_that_could_not_be_accepted_is_refused_in_every_mode_and_leaves_what_waits() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = accepted_in(dir.path());
    let waits = Run::after(Some(&old), "r2", &[("a", Fail), ("b", Fail)]);
    waits.offered(&store, UpdateMode::New, &signed("")).unwrap();
    let partial = Run::after(Some(&old), "r3", &[("a", Pass)]);
    for mode in [UpdateMode::Auto, UpdateMode::New, UpdateMode::Unseen, UpdateMode::Always] {
        let why = Some("only a part was run");
        let offered = partial.offered_unless(why, &store, mode, &signed("why")).unwrap();
        assert_eq!(offered, Offered::Refused("only a part was run".to_owned()));
    }
    assert_eq!(store.pending("demo").unwrap().unwrap().baseline, waits.next);
    assert_eq!(store.load("demo").unwrap(), Some(old));
}

#[test]
fn each_mode_does_what_insta_means_by_it() {
    let run = Run::after(None, "r1", &[("a", Pass)]);
    let snap = |dir: &Path| dir.join("demo.snap");
    let offered = |mode| {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::new(dir.path(), false);
        let offered = run.offered(&store, mode, &signed("why")).unwrap();
        (offered.clone(), offered == Offered::Accepted(snap(dir.path())), names(dir.path()).len())
    };
    assert_eq!(offered(UpdateMode::No), (Offered::NotWritten, false, 0));
    assert!(matches!(offered(UpdateMode::New), (Offered::Pending(_), _, 3)));
    assert!(matches!(offered(UpdateMode::Unseen), (_, true, 3)));
    assert!(matches!(offered(UpdateMode::Always), (_, true, 3)));

    // With a baseline, `unseen` waits and `always` does not.
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = accepted_in(dir.path());
    let better = Run::after(Some(&old), "r2", &[("a", Pass), ("b", Pass)]);
    let offered = better.offered(&store, UpdateMode::Unseen, &signed("why")).unwrap();
    assert_eq!(offered, Offered::Pending(dir.path().join("demo.snap.new")));
    let refused = better.offered(&store, UpdateMode::Always, &signed(" "));
    assert!(matches!(refused, Err(BaselineError::NoReason)));
    let offered = better.offered(&store, UpdateMode::Always, &signed("why")).unwrap();
    assert_eq!(offered, Offered::Accepted(snap(dir.path())));
    assert_eq!(store.load("demo").unwrap().unwrap().run, "r2");
}

#[test]
fn a_first_baseline_accepted_unseen_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let run = Run::after(None, "r1", &[("a", Pass)]);
    run.offered(&store, UpdateMode::Unseen, &signed("")).unwrap();
    let baseline = store.load("demo").unwrap().unwrap();
    assert_eq!(baseline.acceptance().unwrap().reason, "first baseline, accepted at once (unseen)");
}

#[test]
fn in_ci_nothing_is_written() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = accepted_in(dir.path());
    let run = Run::after(Some(&old), "r2", &[("a", Fail), ("b", Fail)]);
    run.offered(&store, UpdateMode::New, &signed("")).unwrap();
    // As cargo-insta leaves it: the .snap moved, the rest did not.
    fs::rename(dir.path().join("demo.snap.new"), dir.path().join("demo.snap")).unwrap();
    let before = names(dir.path());

    let ci = Store::new(dir.path(), true);
    let baseline = ci.load("demo").unwrap().unwrap();
    assert_eq!(baseline.run, "r2");
    assert_eq!(ci.answers("demo", "r2").unwrap(), Beside::Found(run.answers));
    assert_eq!(ci.timings("demo", "r2").unwrap(), Beside::Found(run.timings));
    let other = Run::after(Some(&baseline), "r3", &[("a", Pass), ("b", Pass)]);
    for mode in [UpdateMode::Auto, UpdateMode::New, UpdateMode::Unseen, UpdateMode::Always] {
        assert_eq!(other.offered(&ci, mode, &signed("why")).unwrap(), Offered::NotWritten);
    }
    assert!(matches!(ci.accept("demo", &signed("why")), Err(BaselineError::Ci { .. })));
    assert!(matches!(ci.reject("demo"), Err(BaselineError::Ci { .. })));
    assert_eq!(names(dir.path()), before);

    // Outside CI the next load brings the answers along.
    store.load("demo").unwrap();
    assert_eq!(names(dir.path()), ["demo.snap", "demo.timings.json", "demo.transcripts.jsonl"]);
    assert_eq!(store.answers("demo", "r2").unwrap().found().unwrap().run, "r2");
}

#[test]
fn a_pending_baseline_that_follows_another_than_the_accepted_one_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let (store, old) = accepted_in(dir.path());
    let mine = Run::after(Some(&old), "r2", &[("a", Pass), ("b", Pass)]);
    mine.offered(&store, UpdateMode::New, &signed("")).unwrap();
    // Meanwhile another baseline arrives through version control.
    let mut theirs = Snap { source: String::new(), change: None, baseline: old }.into_accepted();
    theirs.run = "r9".to_owned();
    let theirs = Snap { source: String::new(), change: None, baseline: theirs };
    fs::write(dir.path().join("demo.snap"), theirs.render()).unwrap();
    let error = store.accept("demo", &signed("why")).unwrap_err();
    assert!(matches!(error, BaselineError::Stale { .. }), "{error}");
    assert_eq!(store.load("demo").unwrap().unwrap().run, "r9");
}

#[test]
fn an_acceptance_wants_a_reason_and_something_to_accept() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = accepted_in(dir.path());
    assert!(matches!(store.accept("demo", &signed("why")), Err(BaselineError::NoPending { .. })));
    assert!(matches!(store.accept("demo", &signed(" \n")), Err(BaselineError::NoReason)));
    assert!(matches!(store.accept("../demo", &signed("why")), Err(BaselineError::Name { .. })));
}

#[test]
fn answers_and_timings_of_another_run_are_ignored_with_a_note() {
    let dir = tempfile::tempdir().unwrap();
    let (store, _) = accepted_in(dir.path());
    let answers = store.answers("demo", "r7").unwrap();
    assert!(
        answers.note().unwrap().ends_with("demo.transcripts.jsonl is ignored: it belongs to another run")
    );
    assert_eq!(answers.found(), None);
    let timings = store.timings("demo", "r7").unwrap();
    assert!(timings.note().unwrap().ends_with("demo.timings.json is ignored: it belongs to another run"));

    let path = dir.path().join("demo.transcripts.jsonl");
    let hostile = fs::read_to_string(&path).unwrap().replace("\"pass\"", r#""\u001b[2J""#);
    fs::write(&path, hostile).unwrap();
    let answers = store.answers("demo", "r1").unwrap();
    let note = answers.note().unwrap();
    assert!(note.contains("jsonl is ignored: line ") && note.contains("`\u{fffd}[2J`"), "{note:?}");

    fs::write(&path, "<<<<<<< HEAD\n").unwrap();
    let answers = store.answers("demo", "r1").unwrap();
    assert!(answers.note().unwrap().ends_with("demo.transcripts.jsonl is ignored: it cannot be read"));
}

#[test]
fn outcomes_of_accepted_runs_gather_up_to_five() {
    let mut old: Option<Baseline> = None;
    let outcomes = [Pass, Fail, Pass, Outcome::TargetError, Outcome::CannotJudge, Pass, Fail];
    for (at, outcome) in outcomes.into_iter().enumerate() {
        old = Some(Run::after(old.as_ref(), &format!("r{at}"), &[("a", outcome)]).next);
    }
    let old = old.unwrap();
    let kept = old.cases.get(id("a")).unwrap();
    assert_eq!(kept.outcomes().map(Accepted::letter).collect::<String>(), "PE-PF");
    let labels: Vec<_> = kept.runs().map(|run| run.label.unwrap()).collect();
    assert_eq!(labels, ["r2", "r3", "r4", "r5", "r6"]);
}

#[test]
fn each_repeat_of_a_run_is_a_run_of_its_own() {
    let fingerprints = fingerprints("01");
    let measurements = [share("pass_rate", 1.0, 1)];
    let after = |old: Option<&Baseline>, run: &str, labels: &[&str]| {
        let answer = |label| NewAnswer { outcome: Pass, label, number: None };
        let runs = labels.iter().map(|label| answer(Some(*label))).collect();
        let case = NewCase { id: id("a"), runs, expected: None, quarantined: false };
        let new = NewRun {
            scores: &[],
            suite: "demo",
            run,
            fingerprints: &fingerprints,
            measurements: &measurements,
            cases: &table(&[case]),
        };
        next(old, &new, false)
    };
    let labels = |baseline: &Baseline| {
        let runs = baseline.cases.get(id("a")).unwrap().runs();
        runs.map(|run| run.label.unwrap()).collect::<Vec<_>>().concat()
    };
    let first = after(None, "r1", &["a", "b", "c"]);
    assert_eq!(labels(&first), "abc");
    let second = after(Some(&first), "r2", &["d", "e", "f", "g"]);
    assert_eq!(labels(&second), "cdefg");
    assert_eq!(labels(&after(Some(&second), "r3", &["h", "i", "j", "k", "l", "m", "n"])), "jklmn");
}

#[test]
fn the_number_of_every_run_is_kept_and_one_that_moved_is_a_change() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let fingerprints = fingerprints("01");
    let measurements = [share("pass_rate", 1.0, 1)];
    let after = |old: Option<&Baseline>, name: &str, number: f64| {
        let answer = NewAnswer { outcome: Pass, label: None, number: Some(number) };
        let case = NewCase { id: id("a"), runs: vec![answer], expected: None, quarantined: false };
        let run = NewRun {
            scores: &[],
            suite: "demo",
            run: name,
            fingerprints: &fingerprints,
            measurements: &measurements,
            cases: &table(&[case]),
        };
        let next = next(old, &run, false);
        Run { next, ..Run::after(old, name, &[("a", Pass)]) }
    };
    after(None, "r1", 4.25).offered(&store, UpdateMode::Always, &signed("first")).unwrap();
    let old = store.load("demo").unwrap().unwrap();
    assert_eq!(old.cases.get(id("a")).unwrap().number(), Some(4.25));

    let same = after(Some(&old), "r2", 4.25);
    assert!(matches!(same.offered(&store, UpdateMode::New, &signed("")).unwrap(), Offered::OneMore(_)));
    let moved = after(Some(&old), "r2", 4.5);
    assert!(matches!(moved.offered(&store, UpdateMode::New, &signed("")).unwrap(), Offered::Pending(_)));
    store.accept("demo", &signed("nearer")).unwrap();
    let now = store.load("demo").unwrap().unwrap();
    let kept: Vec<_> = now.cases.get(id("a")).unwrap().runs().map(|run| run.number).collect();
    assert_eq!(kept, [Some(4.25), Some(4.5)]);
    assert_eq!(after(None, "r3", f64::NAN).next.cases.get(id("a")).unwrap().number(), None);
}

#[test]
fn outcomes_start_anew_when_something_regressed_or_is_measured_otherwise() {
    let measurements = [share("pass_rate", 1.0 / 3.0, 3)];
    let answer = NewAnswer { outcome: Fail, label: None, number: None };
    let cases = [NewCase { id: id("a"), runs: vec![answer], expected: Some("x"), quarantined: false }];
    let old = Run::after(None, "r1", &[("a", Pass), ("gone", Pass)]).next;
    let letters = |judges: &str, target: &str, suite: &str, regressed: bool| {
        let fingerprints =
            Fingerprints { suite: suite.to_owned(), judges: judges.to_owned(), target: target.to_owned() };
        let run = NewRun {
            scores: &[],
            suite: "demo",
            run: "r2",
            fingerprints: &fingerprints,
            measurements: &measurements,
            cases: &table(&cases),
        };
        let next = next(Some(&old), &run, regressed);
        assert_eq!(next.cases.len(), 1, "a case that the plan no longer has is dropped");
        assert_eq!(next.cases.get(id("a")).unwrap().expected(), Some("x"));
        assert_eq!(next.metrics["pass_rate"].value, Some(0.333_333));
        next.cases.get(id("a")).unwrap().outcomes().map(Accepted::letter).collect::<String>()
    };
    assert_eq!(letters("01", "http", "5e", false), "PF");
    assert_eq!(letters("01", "http", "edited", false), "PF");
    assert_eq!(letters("01", "http", "5e", true), "F");
    assert_eq!(letters("02", "http", "5e", false), "F");
    assert_eq!(letters("01", "chat", "5e", false), "F");
}

#[test]
fn what_is_in_quarantine_is_not_accepted_along_the_way() {
    let fingerprints = fingerprints("01");
    let measurements = [share("pass_rate", 0.0, 1)];
    let old = Run::after(None, "r1", &[("a", Pass), ("b", Pass)]).next;
    let letters = |old: Option<&Baseline>, regressed: bool| {
        let case = |name: &str, quarantined| {
            let answer = NewAnswer { outcome: Fail, label: None, number: None };
            NewCase { id: id(name), runs: vec![answer], expected: None, quarantined }
        };
        let run = NewRun {
            scores: &[],
            suite: "demo",
            run: "r2",
            fingerprints: &fingerprints,
            measurements: &measurements,
            cases: &table(&[case("a", true), case("b", false), case("new", true)]),
        };
        let next = next(old, &run, regressed);
        let of =
            |name| next.cases.get(id(name)).unwrap().outcomes().map(Accepted::letter).collect::<String>();
        ["a", "b", "new"].map(of)
    };
    assert_eq!(letters(Some(&old), false), ["P", "PF", "F"]);
    assert_eq!(letters(Some(&old), true), ["P", "F", "F"]);
    assert_eq!(letters(None, false), ["F", "F", "F"]);
}

#[test]
fn latencies_do_not_make_a_new_baseline() {
    let mut latency = share("latency_p95", 12.5, 1);
    latency.unit = Unit::Milliseconds;
    let mut nothing = share("macro_f1", f64::NAN, 0);
    nothing.slice = Slice::Scenario("asks-back".to_owned());
    let measurements = [latency, share("pass_rate", 1.0, 1), nothing];
    let fingerprints = fingerprints("01");
    let run = NewRun {
        scores: &[],
        suite: "demo",
        run: "r1",
        fingerprints: &fingerprints,
        measurements: &measurements,
        cases: &table(&[]),
    };
    let metrics = next(None, &run, false).metrics;
    let expected = BTreeMap::from([
        ("macro_f1@asks-back".to_owned(), AcceptedMetric { value: None, n: 0 }),
        ("pass_rate".to_owned(), AcceptedMetric { value: Some(1.0), n: 1 }),
    ]);
    assert_eq!(metrics, expected);
}
