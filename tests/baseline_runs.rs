//! The runs that a baseline keeps, through the real command: how they gather, and what is said of it.
#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, suite, well};
use std::collections::BTreeSet;

fn talking() -> (App, Project) {
    let app = App::start(well);
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    (app, project)
}

/// The words that begin the lines of `new` that `old` does not have.
fn touched(old: &str, new: &str) -> Vec<String> {
    let known: BTreeSet<&str> = old.lines().collect();
    let lines = new.lines().filter(|line| !known.contains(line));
    lines.map(|line| line.split('\t').next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn a_run_that_means_the_same_becomes_run_two_of_five() {
    let (_app, project) = talking();
    project.accept_everything();
    let first = project.read("baselines/talk.snap");

    let kept = "the same as accepted; `holdline accept talk --reason \"…\"` keeps it as run 2 of 5";
    project.holdline(&["run"]).expect(0).says(&[kept]).keeps_quiet(&["holdline review", "to accept it:"]);
    project.holdline(&["review"]).expect(0).says(&["nothing changed, one more run: 2 of 5"]);
    // In CI nobody can accept, and nothing is written.
    let waiting = project.read("baselines/talk.snap.new");
    project.holdline_in_ci(&["run"]).expect(0).keeps_quiet(&["the same as accepted"]);
    assert_eq!(project.read("baselines/talk.snap.new"), waiting);

    let said = "accepted talk: no metric moved, 0 outcomes flipped; run 2 of 5";
    project.holdline(&["accept", "--reason", "once more"]).expect(0).says(&[said]);
    let second = project.read("baselines/talk.snap");
    assert_eq!(touched(&first, &second), ["run", "runs", "accepted"]);
    assert!(second.contains("\nruns\t2\n"), "{second}");

    for run in 3..=5 {
        let kept = format!("as run {run} of 5");
        project.holdline(&["run"]).expect(0).says(&[&kept]);
        project.holdline(&["accept", "talk", "--reason", "once more"]).expect(0);
    }
    let full = project.read("baselines/talk.snap");
    project.holdline(&["run"]).expect(0).keeps_quiet(&["the same as accepted"]);
    assert!(!project.path("baselines/talk.snap.new").exists(), "five are kept, so nothing is offered");
    assert_eq!(project.read("baselines/talk.snap"), full);
}

#[test]
fn accepting_at_once_keeps_one_more_run_as_well() {
    let (_app, project) = talking();
    project.accept_everything();
    project.holdline(&["run", "--update", "always", "--reason", "again"]).expect(0).says(&["accepted as"]);
    assert!(project.read("baselines/talk.snap").contains("\nruns\t2\n"));
}

#[test]
fn several_runs_are_recorded_at_once() {
    let (app, project) = talking();
    project.holdline(&["run", "--baseline-runs", "5"]).expect(0).says(&["first baseline:"]);
    assert_eq!(app.asked(), 25 * 5);
    project.holdline(&["review"]).expect(0).says(&["would be the first baseline", "with 5 runs"]);
    project.holdline(&["accept", "--reason", "five of them"]).expect(0);
    assert!(project.read("baselines/talk.snap").contains("\nruns\t5\n"));
    // They are as many as are kept.
    project.holdline(&["run"]).expect(0).keeps_quiet(&["the same as accepted"]);

    // One that follows a baseline says so, where it is another than that.
    project.write("suites/talk.toml", &suite(app.port).replace("number 12\"", "number 13\""));
    let note = "there is a baseline already: accepting adds these 3 runs to it";
    project.holdline(&["run", "--baseline-runs", "3"]).expect(0).says(&[note]);
    project.holdline(&["review"]).expect(0).says(&["would follow run"]);
}

#[test]
fn several_runs_are_refused_where_they_could_not_become_a_baseline() {
    let (app, project) = talking();
    for part in [&["--filter", "hello"][..], &["--tag", "x"], &["--last-failed"]] {
        let arguments = [&["run", "--baseline-runs", "5"], part].concat();
        let why = "--baseline-runs: a part of a suite cannot become a baseline: leave out --filter";
        project.holdline(&arguments).expect(2).says(&[why]);
    }
    let kept = "--baseline-runs: with `no` for --update or HOLDLINE_UPDATE the runs would not be kept";
    project.holdline(&["run", "--baseline-runs", "5", "--update", "no"]).expect(2).says(&[kept]);
    let ci = "--baseline-runs: in CI nothing is written below the baselines: record the runs on your machine";
    project.holdline_in_ci(&["run", "--baseline-runs", "5"]).expect(2).says(&[ci]);
    for number in ["0", "21", "-1", "x"] {
        project.holdline(&["run", &format!("--baseline-runs={number}")]).expect(2).says(&["--baseline-runs"]);
    }
    assert_eq!(app.asked(), 0);
    assert!(!project.path("baselines").exists());
}
