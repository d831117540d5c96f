//! The command over a project that was really run.

use super::project::{App, Project, broken, runs, suite, well};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

fn project() -> (Project, App, Arc<AtomicBool>) {
    let bad = Arc::new(AtomicBool::new(false));
    let is_bad = bad.clone();
    let app = App::start(move |input| {
        if is_bad.load(Ordering::SeqCst) && input.ends_with("number 7") { broken("bye") } else { well(input) }
    });
    let project = Project::new(&[("suites/greeter.toml", &suite(app.port))]);
    (project, app, bad)
}

#[test]
fn a_project_is_looked_over_without_asking_anything() {
    let (project, app, _) = project();
    project.holdline(&["doctor"]).expect(0).says(&[
        "ok    greeter: 25 cases, target http (not asked)",
        "note  greeter: no baseline yet",
        "holdline doctor --aa 1000",
    ]);
    assert_eq!(app.asked(), 0);
    project.accept_everything();
    project.holdline(&["doctor"]).expect(0).says(&["its baseline keeps 1 accepted run; 5 see smaller drops"]);
    project.write("baselines/greeter.snap", "nonsense");
    project.holdline(&["doctor"]).expect(3).says(&["wrong greeter: "]);
}

#[test]
fn one_run_is_not_enough_and_the_way_to_more_is_told() {
    let (project, _app, _) = project();
    project.accept_everything();
    project.holdline(&["doctor", "--aa", "100"]).expect(3).says(&[
        "greeter: its baseline keeps one run, and it takes two",
        "holdline run greeter --baseline-runs 5",
        "nothing could be measured",
    ]);
}

#[test]
fn the_runs_of_a_baseline_are_drawn_again() {
    let (project, app, bad) = project();
    project.accept_everything();
    bad.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["accept", "--reason", "meant"]).expect(0);
    let asked = app.asked();
    let first = project.holdline(&["doctor", "--aa", "60", "greeter"]).expect(0).says(&[
        "greeter: 25 cases, 2 accepted runs",
        "each of the 2 runs as it was, against the others: 0 of 2 would block",
        "flip rate     4.0 %",
    ]);
    assert_eq!(app.asked(), asked, "nothing is asked");
    let again = project.holdline(&["doctor", "--aa", "60", "greeter"]).expect(0);
    assert_eq!(first.out, again.out);
}

#[test]
fn asking_really_asks_and_offers_no_baseline() {
    let (project, app, _) = project();
    project.accept_everything();
    let before = app.asked();
    project
        .holdline(&["doctor", "--aa", "3", "--ask", "--dry-run"])
        .expect(0)
        .says(&["3 runs of 25 cases: 75 conversations", "nothing was asked"]);
    assert_eq!(app.asked(), before);
    project.holdline(&["doctor", "--aa", "3", "--ask"]).expect(0).says(&[
        "asks 3 runs of 25 cases",
        "greeter: 25 cases, 4 runs, 3 were made now with nothing changed",
        "0 of the 3 runs made now would block against the accepted baseline",
        "0 %: no case ever disagreed with itself",
    ]);
    assert_eq!(app.asked(), before + 75);
    assert!(!project.path("baselines/greeter.snap.new").exists());
    assert_eq!(runs(project.folder.path()).len(), 4);
    project.holdline(&["doctor", "--aa", "51", "--ask"]).expect(2).says(&["1 to 50"]);
}
