//! The command as a user runs it: decisions, exit codes, and what is written.

mod project;

use project::{App, Project, Ran, broken, runs, suite, well};
use serde_json::{Value, json};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// An application whose behaviour a test can break, and a project over it.
fn switchable() -> (App, Project, Arc<AtomicBool>) {
    let is_broken = Arc::new(AtomicBool::new(false));
    let switch = is_broken.clone();
    let app =
        App::start(move |input| if switch.load(Ordering::SeqCst) { broken(input) } else { well(input) });
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    (app, project, is_broken)
}

#[test]
fn from_the_first_run_to_a_regression_and_back() {
    let (_app, project, is_broken) = switchable();
    project.holdline(&["run"]).expect(0).says(&["holdline accept"]).keeps_quiet(&["held"]);
    assert!(project.path("baselines/talk.snap.new").exists());
    project.holdline(&["accept", "talk", "--reason", "as designed"]).expect(0);
    let accepted = project.read("baselines/talk.snap");

    // Nothing moved, so nobody is asked for anything.
    project.holdline(&["run"]).expect(0).keeps_quiet(&["holdline review", "to accept it:"]);

    is_broken.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1).says(&["parts from people", "holdline show", "a polite end"]);
    assert_eq!(project.read("baselines/talk.snap"), accepted, "a run never touches what is accepted");

    is_broken.store(false, Ordering::SeqCst);
    project.holdline_in_ci(&["run"]).expect(0);
}

#[test]
fn the_junit_failures_are_the_flipped_cases_and_the_regressed_metric() {
    let (_app, project, is_broken) = switchable();
    project.accept_everything();
    is_broken.store(true, Ordering::SeqCst);
    project.holdline(&["run", "--junit", "out/junit.xml"]).expect(1);
    let xml = project.read("out/junit.xml");
    // Twelve cases, the pass rate of the suite, and that of the scenario that broke.
    assert_eq!(xml.matches("<failure").count(), 14, "{xml}");
    assert_eq!(xml.matches("<error").count(), 0, "{xml}");
}

#[test]
fn without_a_baseline_ci_cannot_decide_and_says_how_to_make_one() {
    let (_app, project, _) = switchable();
    project.holdline_in_ci(&["run"]).expect(3).says(&["holdline run talk", "holdline accept talk"]);
    assert!(!project.path("baselines").exists(), "CI only checks");
}

#[test]
fn an_application_that_does_not_answer_is_never_a_pass() {
    let (app, project, _) = switchable();
    project.accept_everything();
    drop(app);
    project.holdline(&["run"]).expect(3).says(&["connection refused"]);
    project.holdline_in_ci(&["run"]).expect(3);
}

#[test]
fn a_typo_in_a_suite_is_shown_with_its_place_and_its_mend() {
    let (app, project, _) = switchable();
    project.write("suites/talk.toml", &suite(app.port).replacen("expect =", "expcet =", 1));
    let ran = project.holdline(&["run"]).expect(2);
    ran.says(&["suites/talk.toml:", "expcet", "did you mean `expect`?"]);
    assert_eq!(app.asked(), 0, "nothing was asked");
    project.holdline(&["check"]).expect(2);
}

#[test]
fn a_must_pass_case_fails_the_build_without_any_baseline() {
    let app = App::start(|input| {
        if input.contains("secret") {
            json!({ "message": "CANARY-1", "label": "other" })
        } else {
            well(input)
        }
    });
    let project = Project::new(&[("suites/talk.toml", &suite(app.port))]);
    project.holdline(&["run"]).expect(1).says(&["keeps its secret"]);
}

#[test]
fn a_part_of_a_suite_cannot_gate_and_asks_only_what_is_selected() {
    let (app, project, _) = switchable();
    project.accept_everything();
    let before = app.asked();
    project.holdline(&["run", "--filter", "hello number 3"]).expect(3).says(&["partial"]);
    assert_eq!(app.asked() - before, 1);
    assert!(!project.path("baselines/talk.snap.new").exists());
}

#[test]
fn the_cases_that_failed_last_are_run_again_alone() {
    let (app, project, is_broken) = switchable();
    project.accept_everything();
    is_broken.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1);
    let before = app.asked();
    project.holdline(&["run", "--last-failed"]).expect(3);
    assert_eq!(app.asked() - before, 12);
    is_broken.store(false, Ordering::SeqCst);
    project.holdline(&["run", "--last-failed"]).expect(3);
    project.holdline(&["run", "--last-failed"]).expect(2).says(&["nothing failed"]);
}

#[test]
fn an_empty_folder_is_an_error_that_says_what_to_do() {
    let project = Project::new(&[]);
    project.holdline(&["run"]).expect(2).says(&["holdline init"]);
    project.write(".gitignore", "/.holdline\nnode_modules");
    project.holdline(&["init"]).expect(0).says(&["suites/first.toml"]);
    assert_eq!(project.read(".gitignore"), "/.holdline\nnode_modules\n/baselines/*.new\n");
    project.holdline(&["check"]).expect(0).says(&["first.toml"]);
    project.holdline(&["init"]).expect(2).says(&["nothing was written"]);
}

#[test]
fn a_suite_for_cargo_test_alone_says_so() {
    let project = Project::new(&[(
        "suites/inside.toml",
        "feature = \"x\"\n[target]\nin_process = \"app\"\n[[scenario]]\nname = \"a\"\ninputs = [\"b\"]\nexpect = { contains = \"c\" }\n",
    )]);
    project.holdline(&["run"]).expect(2).says(&["cargo test"]);
}

#[test]
fn always_accepts_with_a_reason_only_and_never_what_cannot_be_accepted() {
    let (app, project, _) = switchable();
    project.holdline(&["run", "--update", "sometimes"]).expect(2).says(&["auto, no, new, unseen, always"]);
    project.holdline(&["run", "--update", "always"]).expect(2).says(&["--reason"]);
    assert_eq!(app.asked(), 0, "a missing reason costs nothing");
    project.holdline(&["run", "--update", "no"]).expect(0);
    assert!(!project.path("baselines/talk.snap.new").exists());
    project.holdline(&["run", "--update", "always", "--reason", "new model"]).expect(0);
    assert!(project.read("baselines/talk.snap").contains("new model"));
    let accepted = project.read("baselines/talk.snap");
    drop(app);
    project.holdline(&["run", "--update", "always", "--reason", "whatever"]).expect(3);
    assert_eq!(project.read("baselines/talk.snap"), accepted);
}

#[test]
fn the_time_of_a_run_is_a_limit_with_an_exit_code_of_its_own() {
    let app = App::slow(Duration::from_millis(300), well);
    let text = suite(app.port) + "\n[run]\nconcurrency = 1\nmax_time = \"500ms\"\n";
    let project = Project::new(&[("suites/talk.toml", &text)]);
    project.holdline(&["run"]).expect(4).says(&["--resume"]);
    assert!(!project.path("baselines/talk.snap.new").exists());
}

#[test]
fn a_killed_run_is_taken_up_and_asks_nothing_twice_but_what_was_in_flight() {
    let app = App::slow(Duration::from_millis(40), well);
    let text = suite(app.port) + "\n[run]\nconcurrency = 2\n";
    let project = Project::new(&[("suites/talk.toml", &text)]);
    let mut child = project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while app.asked() < 8 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let asked = app.asked();
    assert!((8..25).contains(&asked), "killed in the middle, after {asked}");
    project.holdline(&["run", "--resume"]).expect(0).says(&["taken up"]);
    assert!(app.asked() <= 25 + 2, "{} questions for 25 cases, 2 in flight", app.asked());
    assert_eq!(runs(project.folder.path()).len(), 1);
    project.holdline(&["run", "--resume"]).expect(2).says(&["nothing to take up"]);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_keeps_what_is_done_and_cannot_decide() {
    let app = App::slow(Duration::from_millis(50), well);
    let text = suite(app.port) + "\n[run]\nconcurrency = 1\n";
    let project = Project::new(&[("suites/talk.toml", &text)]);
    let child = project.command(&["run"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let begun = Instant::now();
    while app.asked() < 3 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let status = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(status.success());
    Ran::of(child.wait_with_output().unwrap()).expect(3).says(&["interrupted", "--resume"]);
    project.holdline(&["run", "--resume"]).expect(0);
}

#[test]
fn a_dry_run_asks_nothing() {
    let (app, project, _) = switchable();
    project.holdline(&["run", "--dry-run"]).expect(0).says(&["25 of 25 cases", "nothing was asked"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn a_dry_run_tells_the_cost_where_prices_are_known() {
    let project = Project::new(&[
        ("holdline.toml", "[prices.\"small\"]\ninput = 1.0\noutput = 10.0\n"),
        (
            "suites/chat.toml",
            "feature = \"x\"\n[target]\nchat = \"http://127.0.0.1:9/v1\"\nmodel = \"small\"\nmax_tokens = 100\n\
             [[scenario]]\nname = \"a\"\ninputs = [\"one\", \"two\"]\nexpect = { contains = \"c\" }\n",
        ),
    ]);
    // Two answers of 100 tokens at 10 a million are 0.0020; the few tokens read cost next to nothing.
    project.holdline(&["run", "--dry-run"]).expect(0).says(&["0.0020 USD"]);
}

#[test]
fn a_bad_path_for_an_output_costs_no_run() {
    let (app, project, _) = switchable();
    project.write("taken", "a file");
    project.holdline(&["run", "--junit", "taken/junit.xml"]).expect(2).says(&["taken"]);
    assert_eq!(app.asked(), 0);
}

#[test]
fn listing_names_every_case_once_and_asks_nothing() {
    let (app, project, _) = switchable();
    let ran = project.holdline(&["list"]).expect(0);
    let mut names: Vec<&str> = ran.out.lines().collect();
    assert_eq!(names.len(), 25);
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 25);
    assert!(names.iter().all(|name| name.starts_with("talk::")), "{names:?}");
    assert_eq!(app.asked(), 0);
    let json = project.holdline(&["list", "--json", "--filter", "secret"]).expect(0);
    let line: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(line["must_pass"], json!(true));
}

#[test]
fn one_case_can_be_looked_at_whole() {
    let (_app, project, is_broken) = switchable();
    project.accept_everything();
    is_broken.store(true, Ordering::SeqCst);
    project.holdline(&["run"]).expect(1);
    project.holdline(&["show", "bye number 7"]).expect(0).says(&["bye number 7", "Hello again", "Good bye"]);
    project.holdline(&["show", "bye number"]).expect(2).says(&["12 cases fit"]);
    project.holdline(&["show", "no such case"]).expect(2);
}

#[test]
fn the_summary_for_github_is_appended_by_itself() {
    let (_app, project, _) = switchable();
    project.write("summary.md", "before\n");
    let path = project.path("summary.md");
    let ran = Ran::of(project.command(&["run"]).env("GITHUB_STEP_SUMMARY", &path).output().unwrap());
    ran.expect(0);
    let summary = project.read("summary.md");
    assert!(summary.starts_with("before\n") && summary.len() > 100, "{summary}");
}

#[cfg(unix)]
#[test]
fn an_application_that_does_not_start_is_told_with_the_end_of_its_log() {
    let project = Project::new(&[(
        "suites/dies.toml",
        "feature = \"x\"\n[target]\nhttp = \"http://127.0.0.1:{{ serve.port }}/\"\n[target.serve]\nport = \"auto\"\n\
         command = [\"sh\", \"-c\", \"echo one; echo two; exit 3\"]\nready = \"http://127.0.0.1:{{ serve.port }}/\"\n\
         [[scenario]]\nname = \"a\"\ninputs = [\"b\"]\nexpect = { contains = \"c\" }\n",
    )]);
    let ran = project.holdline(&["run"]).expect(3).says(&["exit status: 3", "dies.log"]);
    let lines: Vec<&str> = ran.out.lines().map(str::trim).collect();
    let one = lines.iter().position(|line| *line == "one").expect("the log's first line");
    assert_eq!(lines[one + 1], "two");
}
