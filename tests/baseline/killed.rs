//! A process that is killed while it accepts leaves the old baseline or the new one, whole.

use super::*;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

const FOLDER: &str = "HOLDLINE_TEST_ACCEPT_IN";

/// Cases of each run: enough that a file is not written in one go.
const CASES: usize = 500;

/// A run in which every outcome, label and answer tells its number.
fn numbered(old: Option<&Baseline>, number: usize) -> Run {
    let names: Vec<String> = (0..CASES).map(|at| format!("case {at}")).collect();
    let outcome = if number.is_multiple_of(2) { Outcome::Pass } else { Outcome::Fail };
    let outcomes: Vec<(&str, Outcome)> = names.iter().map(|name| (name.as_str(), outcome)).collect();
    Run::after(old, &format!("r{number}"), &outcomes)
}

fn number(run: &str) -> usize {
    run.strip_prefix('r').unwrap().parse().unwrap()
}

#[test]
#[ignore = "a child of the next test: it accepts until it is killed"]
fn child_that_accepts_until_it_is_killed() {
    let Some(dir) = std::env::var_os(FOLDER) else { return };
    let store = Store::new(PathBuf::from(dir), false);
    loop {
        let old = store.load("demo").unwrap();
        let run = numbered(old.as_ref(), old.as_ref().map_or(0, |old| number(&old.run) + 1));
        println!("begun");
        run.offered(&store, UpdateMode::Always, &signed("again")).unwrap();
    }
}

#[test]
fn killed_while_accepting_the_baseline_is_the_old_or_the_new_one_whole() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let started = Instant::now();
    let first = numbered(None, 0);
    first.offered(&store, UpdateMode::Always, &signed("first")).unwrap();
    let one_acceptance = started.elapsed();
    let mut reached = 0;
    for round in 0..1_000_u32 {
        // More rounds where the machine is busy with other things and few acceptances come to their end.
        if round >= 40 && reached >= 5 {
            break;
        }
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "killed::child_that_accepts_until_it_is_killed", "--ignored", "--nocapture"])
            .env(FOLDER, dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(said.any(|line| line.unwrap().ends_with("begun")));
        // Spread over the time of three acceptances, without a pattern that fits them.
        std::thread::sleep(one_acceptance * 3 * (round * 619 % 1_000) / 1_000);
        child.kill().unwrap();
        child.wait().unwrap();

        let baseline = store.load("demo").unwrap().expect("a baseline was there and is not");
        let now = number(&baseline.run);
        assert!(now >= reached, "round {round}: the baseline went back from {reached} to {now}");
        reached = now;
        assert_eq!(baseline.history.len(), now + 1);
        assert!(baseline.history.iter().enumerate().all(|(at, entry)| number(&entry.run) == at));
        let whole = numbered(None, now);
        assert_eq!(baseline.cases.len(), CASES);
        // The runs before are as whole: their labels are those runs' ids, one after the other.
        let kept = baseline.kept_runs();
        assert_eq!(kept, (now + 1).min(KEPT_RUNS));
        let labels: Vec<String> = (now + 1 - kept..=now).map(|number| format!("r{number}")).collect();
        let answered = |case: AcceptedCase<'_>| {
            case.runs().map(|run| run.label.unwrap()).eq(labels.iter().map(String::as_str))
        };
        assert!(baseline.cases.iter().all(|(_, case)| answered(case)));
        assert!(baseline.cases.iter().all(|(_, case)| case.label() == Some(baseline.run.as_str())));
        assert_eq!(store.answers("demo", &baseline.run).unwrap(), Beside::Found(whole.answers));
        assert_eq!(store.timings("demo", &baseline.run).unwrap(), Beside::Found(whole.timings));
    }
    assert!(reached >= 5, "only {reached} acceptances in all rounds: the test saw too little");
}

/// The states that the disk goes through while a run is offered and accepted after another: each is
/// what a process leaves behind that dies there.
#[test]
fn at_every_step_of_an_acceptance_the_baseline_is_whole() {
    let (old_dir, new_dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let old = numbered(None, 0);
    old.offered(&Store::new(old_dir.path(), false), UpdateMode::Always, &signed("old")).unwrap();
    let accepted = Store::new(old_dir.path(), false).load("demo").unwrap().unwrap();
    let new = numbered(Some(&accepted), 1);
    fs::copy(old_dir.path().join("demo.snap"), new_dir.path().join("demo.snap")).unwrap();
    let store = Store::new(new_dir.path(), false);
    new.offered(&store, UpdateMode::New, &signed("")).unwrap();
    let waiting = fs::read(new_dir.path().join("demo.snap.new")).unwrap();
    store.accept("demo", &signed("new")).unwrap();

    let written = |name: &str| fs::read(new_dir.path().join(name)).unwrap();
    let steps: [(&str, Option<Vec<u8>>, &str); 7] = [
        ("demo.transcripts.jsonl.new", Some(written("demo.transcripts.jsonl")), "r0"),
        ("demo.timings.json.new", Some(written("demo.timings.json")), "r0"),
        ("demo.snap.new", Some(waiting), "r0"),
        ("demo.snap", Some(written("demo.snap")), "r1"),
        ("demo.transcripts.jsonl", Some(written("demo.transcripts.jsonl")), "r1"),
        ("demo.timings.json", Some(written("demo.timings.json")), "r1"),
        ("demo.snap.new", None, "r1"),
    ];
    for reached in 0..=steps.len() {
        for ci in [true, false] {
            let dir = tempfile::tempdir().unwrap();
            for name in names(old_dir.path()) {
                fs::copy(old_dir.path().join(&name), dir.path().join(&name)).unwrap();
            }
            for (name, contents, _) in &steps[..reached] {
                let path = dir.path().join(name);
                match contents {
                    Some(contents) => fs::write(path, contents).unwrap(),
                    None => fs::remove_file(path).unwrap(),
                }
            }
            let expected = steps[..reached].last().map_or("r0", |(_, _, run)| run);
            let whole = if expected == "r0" { &old } else { &new };
            let store = Store::new(dir.path(), ci);
            let baseline = store.load("demo").unwrap().unwrap();
            assert_eq!(baseline.run, expected, "after {reached} steps");
            assert_eq!(baseline.cases, whole.next.cases);
            assert_eq!(store.answers("demo", expected).unwrap(), Beside::Found(whole.answers.clone()));
            assert_eq!(store.timings("demo", expected).unwrap(), Beside::Found(whole.timings.clone()));
            assert_eq!(store.waiting().unwrap().len(), usize::from(reached == 3), "after {reached} steps");
        }
    }
}

#[test]
fn two_that_accept_at_once_leave_one_whole_baseline() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path(), false);
    let run = numbered(None, 0);
    for _ in 0..20 {
        run.offered(&store, UpdateMode::New, &signed("")).unwrap();
        let results: Vec<_> = std::thread::scope(|scope| {
            let accepting: Vec<_> =
                (0..4).map(|_| scope.spawn(|| store.accept("demo", &signed("at once")))).collect();
            accepting.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(results.iter().any(Result::is_ok), "{results:?}");
        let late = |error: &BaselineError| {
            matches!(error, BaselineError::NoPending { .. } | BaselineError::Stale { .. })
        };
        assert!(results.iter().filter_map(|result| result.as_ref().err()).all(late), "{results:?}");
        assert_eq!(store.load("demo").unwrap().unwrap().history.len(), 1);
        assert_eq!(store.answers("demo", "r0").unwrap(), Beside::Found(run.answers.clone()));
        assert_eq!(names(dir.path()), ["demo.snap", "demo.timings.json", "demo.transcripts.jsonl"]);
        fs::remove_file(dir.path().join("demo.snap")).unwrap();
    }
}
