//! Signals: the first lets what is in flight come to its end within the grace time, the second ends the run at
//! once, and nothing that was started outlives it.
#![cfg(unix)]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, Ran, suite, well};
use serde_json::Value;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn wait_for(what: &str, until: impl Fn() -> bool) {
    let begun = Instant::now();
    while !until() {
        assert!(begun.elapsed() < Duration::from_mins(1), "{what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Whether a process runs; one that only waits to be collected by its parent does not.
fn is_alive(pid: &str) -> bool {
    let ps = Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
    let state = String::from_utf8_lossy(&ps.stdout);
    !(state.trim().is_empty() || state.trim().starts_with('Z'))
}

fn signal(child: &Child, signal: &str) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

fn start(project: &Project) -> Child {
    let mut command = project.command(&["run", "--json", "report.json"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn with(port: u16, run: &str) -> Project {
    let text = suite(port) + "\n[run]\nconcurrency = 4\n" + run;
    Project::new(&[("suites/talk.toml", &text)])
}

/// A project whose application has a child, is asked to end in vain, and is answered for by another one.
fn served(app: &App, run: &str) -> Project {
    let project = with(app.port, run);
    let serve = format!(
        "\n[target.serve]\ncommand = [\"sh\", \"served.sh\"]\nready = \"http://0.0.0.0:{}/health\"\n",
        app.port
    );
    project.write("suites/talk.toml", &(project.read("suites/talk.toml") + &serve));
    project.write(
        "served.sh",
        "trap '' TERM\nsleep 600 &\necho \"$$ $!\" > pids.new\nmv pids.new pids\nwhile true; do sleep 1; done\n",
    );
    project
}

fn pids(project: &Project) -> Vec<String> {
    project.read("pids").split_whitespace().map(str::to_owned).collect()
}

#[test]
fn what_is_in_flight_is_kept_and_nothing_more_begins() {
    for name in ["-TERM", "-INT"] {
        let app = App::slow(Duration::from_millis(300), well);
        let project = with(app.port, "");
        let child = start(&project);
        wait_for("four are asked", || app.asked() >= 4);
        signal(&child, name);
        Ran::of(child.wait_with_output().unwrap()).expect(3).says(&["interrupted", "--resume"]);
        let asked = app.asked();
        assert!((4..25).contains(&asked), "{asked}");
        let report: Value = serde_json::from_str(&project.read("report.json")).unwrap();
        let cases = report["suites"][0]["cases"].as_array().unwrap();
        let kept = cases.iter().filter(|case| case["graded"]["outcome"] == "pass").count();
        assert_eq!(kept, asked, "every answer that was asked for is kept");
        assert!(!project.path("baselines/talk.snap.new").exists());
        project.holdline(&["run", "--resume"]).expect(0);
        assert_eq!(app.asked(), 25, "nothing is asked twice");
    }
}

#[test]
fn an_application_that_never_answers_is_given_up_after_the_grace_time() {
    let app = App::slow(Duration::from_hours(1), well);
    let project = served(&app, "grace = \"700ms\"\nrequest_timeout = \"1h\"\n");
    let child = start(&project);
    wait_for("four are asked", || app.asked() == 4);
    let begun = Instant::now();
    signal(&child, "-TERM");
    Ran::of(child.wait_with_output().unwrap()).expect(3).says(&["interrupted", "--resume"]);
    assert!(begun.elapsed() >= Duration::from_millis(700), "{:?}", begun.elapsed());
    assert_eq!(app.asked(), 4);
    for pid in pids(&project) {
        wait_for("the application is gone", || !is_alive(&pid));
    }
}

#[test]
fn without_grace_what_is_in_flight_is_given_up_at_once() {
    let app = App::slow(Duration::from_hours(1), well);
    let project = with(app.port, "grace = \"0s\"\nrequest_timeout = \"1h\"\n");
    let child = start(&project);
    wait_for("four are asked", || app.asked() == 4);
    signal(&child, "-TERM");
    Ran::of(child.wait_with_output().unwrap()).expect(3).says(&["interrupted"]);
}

#[test]
fn a_second_signal_ends_the_run_and_what_it_started_at_once() {
    let app = App::slow(Duration::from_hours(1), well);
    let project = served(&app, "grace = \"1h\"\nrequest_timeout = \"1h\"\n");
    let mut child = start(&project);
    wait_for("four are asked", || app.asked() == 4);
    signal(&child, "-TERM");
    std::thread::sleep(Duration::from_millis(300));
    assert!(child.try_wait().unwrap().is_none(), "it waits for what is in flight");
    assert!(pids(&project).iter().all(|pid| is_alive(pid)));
    signal(&child, "-TERM");
    Ran::of(child.wait_with_output().unwrap()).expect(3).says(&["stopped at once", "--resume"]);
    for pid in pids(&project) {
        wait_for("the application is gone", || !is_alive(&pid));
    }
}

#[test]
fn a_run_that_is_killed_leaves_no_application_behind() {
    let app = App::slow(Duration::from_hours(1), well);
    let project = served(&app, "request_timeout = \"1h\"\n");
    let mut child = start(&project);
    wait_for("four are asked", || app.asked() == 4);
    child.kill().unwrap();
    child.wait().unwrap();
    for pid in pids(&project) {
        wait_for("the application is gone", || !is_alive(&pid));
    }
}
