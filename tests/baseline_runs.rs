//! The runs that a baseline keeps, through the real command: how they gather, and what is said of it.

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
