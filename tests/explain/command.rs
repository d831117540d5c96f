//! The command over a small project that was really run.

use super::project::{App, Project, broken, suite, well};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A project whose application works until it is told to break.
fn project() -> (Project, App, Arc<AtomicBool>) {
    let bad = Arc::new(AtomicBool::new(false));
    let is_bad = bad.clone();
    let app =
        App::start(move |input| if is_bad.load(Ordering::SeqCst) { broken(input) } else { well(input) });
    let project = Project::new(&[("suites/greeter.toml", &suite(app.port))]);
    (project, app, bad)
}

#[test]
fn a_regression_is_explained_from_the_newest_run() {
    let (project, _app, bad) = project();
    project.accept_everything();
    bad.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1).says(&["`holdline explain greeter` says why"]);
    let all = project.holdline(&["explain", "greeter"]).expect(0).says(&[
        "greeter: regressed",
        "pass_rate: regressed; blocks the build",
        "come up in 1 of 8,192",
        "pass_rate@parts-from-people: regressed; blocks the build",
        "9 of the 12 cases that broke",
    ]);
    let one = project.holdline(&["explain", "greeter", "pass_rate"]).expect(0);
    assert!(all.out.len() > one.out.len() && all.out.contains(one.out.lines().last().unwrap_or_default()));
    let json = project.holdline(&["explain", "greeter", "pass_rate", "--json"]).expect(0);
    let value: serde_json::Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(value["findings"][0]["evidence"]["informative"], 12);
    project.holdline(&["explain", "greeter", "error_rate"]).expect(0).says(&["it did not move by more than"]);
}

#[test]
fn an_earlier_run_is_named_by_its_id_its_folder_or_its_record() {
    let (project, _app, bad) = project();
    project.accept_everything();
    let first = super::project::runs(project.folder.path()).pop().expect("a run");
    bad.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1);
    let id = first.file_name().expect("a name").to_string_lossy().into_owned();
    let record = first.join("report.json").display().to_string();
    for run in [&id, &first.display().to_string(), &record] {
        project.holdline(&["explain", "greeter", "--run", run]).expect(0).says(&["pass_rate: new"]);
    }
    project
        .holdline(&["explain", "greeter", "--run", "nowhere"])
        .expect(2)
        .says(&["there is no run or file", &id]);
}

#[test]
fn what_is_not_known_is_told_with_what_is() {
    let (project, _app, _) = project();
    project.holdline(&["explain", "greeter"]).expect(2).says(&["there is no run yet"]);
    project.accept_everything();
    project.holdline(&["explain", "greter"]).expect(2).says(&["did you mean `greeter`?"]);
    project
        .holdline(&["explain", "greeter", "pass_rte"])
        .expect(2)
        .says(&["did you mean `pass_rate`?", "It has: pass_rate"]);
}
