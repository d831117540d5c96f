//! Asking again after a run, of a closure that counts how often it is asked.

use super::*;
use crate::judge::Outcome;
use crate::session::begin::plans;
use crate::target::{Answer, Request};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::watch;

/// Answers `yes` the first two times that each case is asked, and `no` after that.
fn options(root: &Path, suite: &str) -> (Options, Arc<AtomicU32>) {
    std::fs::create_dir_all(root.join("suites")).unwrap();
    std::fs::write(root.join("suites/yes.toml"), suite).unwrap();
    let asked = Arc::new(AtomicU32::new(0));
    let count = asked.clone();
    let mut options = Options::new(root.to_owned(), false);
    options.closures.register("app", move |request: Request| {
        count.fetch_add(1, Ordering::SeqCst);
        let output = if request.repeat < 2 { "yes" } else { "no" };
        async move { Ok::<_, String>(Answer { output: output.into(), ..Answer::default() }) }
    });
    (options, asked)
}

/// What every case came to.
fn all(run: &SuiteRun) -> Vec<Outcome> {
    let table = &run.answered.table;
    (0..table.len()).map(|at| table.outcome(at)).collect()
}

const SUITE: &str = r#"
feature = "Says yes"
[target]
in_process = "app"
[[scenario]]
name = "twice"
inputs = ["one", "two"]
expect = { equals = "yes" }
repeats = 2
[[scenario]]
name = "once"
inputs = ["three"]
expect = { equals = "yes" }
"#;

async fn begin(options: &Options) -> (Arc<Project>, Begun, SuiteRun) {
    let (project, mut plans) = plans(options).unwrap();
    let begun = Begun::new(options, &plans).unwrap();
    let project = Arc::new(project);
    let done = run(options, &project, &begun, plans.remove(0), None).await.unwrap();
    assert!(done.is_complete);
    (project, begun, done.run)
}

/// The repeats for which a case was asked again, and what they came to.
fn outcomes(run: &SuiteRun, case: usize) -> Vec<(u32, Outcome)> {
    run.answered.confirmed(case)
}

#[tokio::test]
async fn cases_are_asked_again_with_the_repeats_that_follow_theirs() {
    let root = tempfile::tempdir().unwrap();
    let (options, asked) = options(root.path(), SUITE);
    let (project, begun, mut run) = begin(&options).await;
    assert_eq!(asked.load(Ordering::SeqCst), 5);
    let problem = again(&options, &project, &begun, &mut run, &[1, 2], 2).await.unwrap();
    assert_eq!(problem, None);
    assert_eq!(asked.load(Ordering::SeqCst), 9);
    assert_eq!(outcomes(&run, 1), [(2, Outcome::Fail), (3, Outcome::Fail)]);
    assert_eq!(outcomes(&run, 2), [(1, Outcome::Pass), (2, Outcome::Fail)]);
    assert!(outcomes(&run, 0).is_empty());
    let table = &run.answered.table;
    assert_eq!((table.answers(1).len(), table.confirmations(1).len()), (2, 2));
    assert_eq!(table.outcome(1), Outcome::Pass, "what is asked again does not change what was measured");

    // What is there is not asked for again.
    again(&options, &project, &begun, &mut run, &[1, 2], 2).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), 9);
    assert_eq!(outcomes(&run, 1).len(), 2);
}

#[tokio::test]
async fn a_number_of_repeats_that_cannot_be_is_refused_before_anything_is_asked() {
    let root = tempfile::tempdir().unwrap();
    let (mut options, asked) = options(root.path(), SUITE);
    let (_, plans) = plans(&options).unwrap();
    for repeats in [0, 101] {
        options.repeats = Some(repeats);
        let error = Begun::new(&options, &plans).err().expect("refused").to_string();
        assert!(error.contains("from 1 to 100"), "{error}");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_run_that_is_taken_up_does_not_ask_again_what_it_knows() {
    let root = tempfile::tempdir().unwrap();
    let (mut options, asked) = options(root.path(), SUITE);
    let (project, begun, mut run) = begin(&options).await;
    again(&options, &project, &begun, &mut run, &[0], 1).await.unwrap();
    // Killed before its end: the journal is not finished.
    drop((begun, run));
    let before = asked.load(Ordering::SeqCst);
    options.resume = true;
    let (project, begun, mut run) = begin(&options).await;
    again(&options, &project, &begun, &mut run, &[0], 2).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst) - before, 1, "only the second time");
    assert_eq!(outcomes(&run, 0), [(2, Outcome::Fail), (3, Outcome::Fail)]);
}

#[tokio::test]
async fn what_keeps_answers_from_coming_again_is_told() {
    let root = tempfile::tempdir().unwrap();
    let (mut options, asked) = options(root.path(), SUITE);
    let (project, begun, mut run) = begin(&options).await;
    let before = asked.load(Ordering::SeqCst);
    let (_sender, stopping) = watch::channel(true);
    options.stop = stopping;
    let problem = again(&options, &project, &begun, &mut run, &[0], 2).await.unwrap().unwrap();
    assert_eq!(problem.kind, ProblemKind::Interrupted);
    assert_eq!(asked.load(Ordering::SeqCst), before);
    assert!(!run.answered.table.is_confirmed());
}

#[tokio::test]
async fn the_time_of_the_suite_is_not_begun_anew() {
    let root = tempfile::tempdir().unwrap();
    let limited = SUITE
        .replace("[[scenario]]\nname = \"once\"", "[run]\nmax_time = \"1h\"\n[[scenario]]\nname = \"once\"");
    let (options, _) = options(root.path(), &limited);
    let (project, begun, mut run) = begin(&options).await;
    run.spent = Duration::from_hours(1);
    let problem = again(&options, &project, &begun, &mut run, &[0], 2).await.unwrap().unwrap();
    assert_eq!(problem.kind, ProblemKind::Budget);
    assert!(problem.message.contains("0 of 2 answers"), "{}", problem.message);
}

#[cfg(unix)]
#[tokio::test]
async fn an_application_that_does_not_start_again_is_told() {
    let root = tempfile::tempdir().unwrap();
    let served = r#"
feature = "Says yes"
[target]
http = "http://127.0.0.1:9/"
body = { text = "{{ input }}" }
[target.serve]
command = ["sh", "-c", "exit 3"]
ready = "http://127.0.0.1:9/"
[[scenario]]
name = "once"
inputs = ["one"]
expect = { equals = "yes" }
"#;
    let (options, _) = options(root.path(), served);
    let (project, mut plans) = plans(&options).unwrap();
    let begun = Begun::new(&options, &plans).unwrap();
    let plan = plans.remove(0);
    let project = Arc::new(project);
    let judges = Arc::new(JudgeContext::new(root.path(), root.path()));
    let answered = Answered::new(&plan, None, &scripts(&plan, &judges).unwrap()).unwrap();
    let mut run = SuiteRun {
        plan,
        answered,
        spent: Duration::ZERO,
        stopped_early: false,
        canaries: std::collections::BTreeMap::new(),
        cached: None,
        problems: Vec::new(),
        notes: Vec::new(),
    };
    let problem = again(&options, &project, &begun, &mut run, &[0], 2).await.unwrap().unwrap();
    assert_eq!(problem.kind, ProblemKind::Target);
    assert!(problem.message.contains("did not start"), "{}", problem.message);
    assert!(!run.answered.table.is_confirmed());
}

#[tokio::test]
async fn recorded_answers_are_not_asked_for_again() {
    let root = tempfile::tempdir().unwrap();
    let recorded = SUITE.replace("in_process = \"app\"", "recorded = \"answers.jsonl\"");
    let (options, _) = options(root.path(), &recorded);
    let line = |input: &str| format!("{{\"input\": \"{input}\", \"output\": \"yes\"}}\n");
    let lines: String = ["one", "one", "two", "two", "three"].into_iter().map(line).collect();
    std::fs::write(root.path().join("suites/answers.jsonl"), lines).unwrap();
    let (project, begun, mut run) = begin(&options).await;
    assert!(all(&run).iter().all(|outcome| *outcome == Outcome::Pass));
    let problem = again(&options, &project, &begun, &mut run, &[0], 2).await.unwrap();
    assert_eq!((problem, run.answered.table.is_confirmed()), (None, false));
}

const MANY: &str = r#"
feature = "Says yes"
seed = 7
[target]
in_process = "app"
[run]
concurrency = 8
stop = "early"
[[scenario]]
name = "says yes"
inputs = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]
expect = { equals = "yes" }
expand = ["unicode"]
per_seed = 1
"#;

/// Stops with the fifth family; tells the cases of those that it saw.
fn fifth() -> (Watch, Arc<std::sync::Mutex<Vec<Vec<usize>>>>) {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let told = seen.clone();
    let watch: Watch = Box::new(move |answered| {
        let mut told = told.lock().unwrap();
        told.push(answered.iter().map(|(case, _)| *case).collect());
        told.len() == 5
    });
    (watch, seen)
}

/// The outcomes of a run that is watched by [`fifth`], when every answer takes another time.
async fn watched(root: &Path, suite: &str, slow: u64, resume: bool) -> (SuiteRun, bool, Vec<Vec<usize>>) {
    let (mut options, asked) = options(root, suite);
    options.resume = resume;
    options.closures.register("app", move |request: Request| {
        let number = u64::from(asked.fetch_add(1, Ordering::SeqCst));
        async move {
            tokio::time::sleep(Duration::from_millis(number * slow % 7)).await;
            let output = if request.repeat < 2 { "yes" } else { "no" };
            Ok::<_, String>(Answer { output: output.into(), ..Answer::default() })
        }
    });
    let (project, mut plans) = plans(&options).unwrap();
    let begun = Begun::new(&options, &plans).unwrap();
    let (watch, seen) = fifth();
    let plan = plans.remove(0);
    let done = run(&options, &Arc::new(project), &begun, plan, Some(watch)).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    (done.run, done.is_complete, seen)
}

#[tokio::test]
async fn a_suite_stops_after_the_same_families_however_fast_answers_come() {
    let root = tempfile::tempdir().unwrap();
    let (first, is_complete, seen) = watched(root.path(), MANY, 3, false).await;
    assert!(is_complete && first.stopped_early && first.problems.is_empty());
    let outcomes = all;
    let asked = outcomes(&first).iter().filter(|outcome| **outcome != Outcome::Skipped).count();
    assert_eq!((seen.len(), asked), (5, seen.iter().flatten().count()));
    assert!(seen.iter().any(|family| family.len() == 2), "variants are looked at with their seed");
    for slow in [0, 5] {
        let root = tempfile::tempdir().unwrap();
        let (run, _, also) = watched(root.path(), MANY, slow, false).await;
        assert_eq!((outcomes(&run), also), (outcomes(&first), seen.clone()));
    }
    // Taken up before its journal was finished, it sees the same and asks nothing.
    let (run, is_complete, also) = watched(root.path(), MANY, 0, true).await;
    assert!(is_complete && run.stopped_early && run.spent.is_zero());
    assert_eq!((outcomes(&run), also), (outcomes(&first), seen));
}

#[tokio::test]
async fn a_suite_that_does_not_stop_early_is_not_watched() {
    let root = tempfile::tempdir().unwrap();
    let (run, is_complete, seen) =
        watched(root.path(), &MANY.replace("stop = \"early\"", "stop = \"never\""), 0, false).await;
    assert!(is_complete && !run.stopped_early && seen.is_empty());
    assert!(all(&run).iter().all(|outcome| *outcome == Outcome::Pass));
}
