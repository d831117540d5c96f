//! The cache of answers, with the real command: what is kept, what it is found by, and what is never kept.

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, broken, runs, suite, well};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Cases of the suite.
const CASES: usize = 25;

/// A suite whose application is made of the files below `app/`.
fn made_of_files(port: u16) -> String {
    suite(port).replace("reply =", "fingerprint = [\"app/**\"]\nreply =")
}

fn project(port: u16) -> Project {
    Project::new(&[("suites/greet.toml", &made_of_files(port)), ("app/main.py", "print('1')")])
}

/// The newest record's only suite.
fn newest(project: &Project) -> Value {
    let run = runs(project.folder.path()).pop().unwrap();
    let record = std::fs::read_to_string(run.join("report.json")).unwrap();
    let record: Value = serde_json::from_str(&record).unwrap();
    record["suites"][0].clone()
}

/// What the gate says, without times.
fn findings(suite: &Value) -> Vec<&Value> {
    let is_timed = |finding: &&Value| finding["metric"].as_str().unwrap().contains("latency");
    suite["findings"].as_array().unwrap().iter().filter(|finding| !is_timed(finding)).collect()
}

/// The files of kept answers.
fn kept(project: &Project) -> Vec<PathBuf> {
    let Ok(fans) = std::fs::read_dir(project.path(".holdline/cache/answers")) else { return Vec::new() };
    let mut files: Vec<PathBuf> = fans
        .flat_map(|fan| std::fs::read_dir(fan.unwrap().path()).unwrap())
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn a_second_run_asks_nothing_and_finds_the_same() {
    let breaks = Arc::new(AtomicBool::new(false));
    let is_broken = breaks.clone();
    let app =
        App::start(move |input| if is_broken.load(Ordering::SeqCst) { broken(input) } else { well(input) });
    let project = project(app.port);
    project.accept_everything();
    assert_eq!(app.asked(), CASES);
    project.holdline(&["run"]).expect(0).says(&[
        "cache: 25 of 25 answers came from the cache; `--fresh target` asks again",
        "(every answer from the cache)",
        "no new baseline is offered: answers from the cache may be in the baseline already",
    ]);
    assert_eq!(app.asked(), CASES);

    // Another version breaks: its cases are asked, and those that are flagged twice again.
    breaks.store(true, Ordering::SeqCst);
    project.write("app/main.py", "print('2')");
    project.holdline(&["run"]).expect(1).keeps_quiet(&["from the cache"]);
    assert_eq!(app.asked(), CASES + CASES + 2 * 12);
    let asked = newest(&project);
    project.holdline(&["run"]).expect(1).says(&["cache: 49 of 49 answers came from the cache"]);
    assert_eq!(app.asked(), CASES + CASES + 2 * 12);
    let cached = newest(&project);
    assert_eq!(findings(&asked), findings(&cached));
    assert_eq!(asked["decision"], cached["decision"]);
    let answer = |suite: &Value| suite["cases"][0]["graded"]["transcript"]["turns"][0]["answer"].clone();
    assert!(answer(&asked)["latency_ms"].is_number() && answer(&asked)["cached"].is_null());
    assert!(answer(&cached)["latency_ms"].is_null(), "the time of another run is none of this one");
    assert_eq!(answer(&cached)["cached"], json!(true));
    assert_eq!(cached["cached"], json!({ "cached": 49, "answers": 49 }));
    let id = cached["cases"][0]["id"].as_str().unwrap();
    project.holdline(&["show", id]).expect(0).says(&["answered (from the cache)"]);

    // The first version again: what was kept of it is still there.
    project.write("app/main.py", "print('1')");
    project.holdline(&["run"]).expect(0).says(&["every answer from the cache"]);
    assert_eq!(app.asked(), CASES + CASES + 2 * 12);
}

#[test]
fn a_version_of_the_environment_decides_as_files_do() {
    let app = App::start(well);
    let text = suite(app.port).replace("reply =", "version = \"${env:APP_SHA}\"\nreply =");
    let project = Project::new(&[("suites/greet.toml", &text)]);
    let run = |sha: &str| {
        let output = project.command(&["run", "--quiet"]).env("APP_SHA", sha).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        app.asked()
    };
    assert_eq!([run("aaa1"), run("aaa1"), run("bbb2"), run("aaa1")], [CASES, CASES, 2 * CASES, 2 * CASES]);
}

#[test]
fn nothing_is_kept_of_an_application_that_does_not_say_what_it_is_made_of() {
    let app = App::start(well);
    let project = Project::new(&[("suites/greet.toml", &suite(app.port))]);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["run"]).expect(0).keeps_quiet(&["cache"]);
    assert_eq!((app.asked(), kept(&project).len()), (2 * CASES, 0));
}

#[test]
fn repeats_are_kept_apart() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    let app = App::start(move |input| {
        let mut answer = well(input);
        let number = counter.fetch_add(1, Ordering::SeqCst);
        answer["message"] = json!(format!("Good day number {number}"));
        answer
    });
    let project = project(app.port);
    let outputs = || -> Vec<String> {
        let suite = newest(&project);
        let cases = suite["cases"].as_array().unwrap();
        let repeats = cases.iter().flat_map(|case| case["repeats"].as_array().unwrap());
        repeats.map(|graded| graded["transcript"]["turns"][0]["answer"]["output"].to_string()).collect()
    };
    project.holdline(&["run", "--repeats", "3"]).expect(0);
    let asked = outputs();
    assert_eq!(asked.iter().collect::<std::collections::HashSet<_>>().len(), 3 * CASES);
    project.holdline(&["run", "--repeats", "3"]).expect(0);
    assert_eq!(outputs(), asked, "each repeat has its own answer again");
    project.holdline(&["run", "--repeats", "4"]).expect(0).says(&["cache: 75 of 100 answers"]);
    assert_eq!(app.asked(), 4 * CASES);
}

#[test]
fn errors_are_not_kept() {
    let down = Arc::new(AtomicBool::new(true));
    let is_down = down.clone();
    // Without a message there is no answer.
    let app = App::start(move |input| {
        if is_down.load(Ordering::SeqCst) && input.starts_with("bye") { json!({}) } else { well(input) }
    });
    let project = project(app.port);
    project.holdline(&["run"]).expect(3).says(&["target error"]);
    down.store(false, Ordering::SeqCst);
    project.holdline(&["run"]).expect(0).says(&["cache: 13 of 25 answers"]);
    assert_eq!(app.asked(), CASES + 12);
    project.holdline(&["run"]).expect(0).says(&["cache: 25 of 25 answers"]);
}

#[test]
fn two_processes_at_once_ask_everything_twice_at_most_and_leave_no_torn_entry() {
    let times = Arc::new(Mutex::new(std::collections::HashMap::<String, usize>::new()));
    let counts = times.clone();
    let app = App::slow(Duration::from_millis(2), move |input| {
        *counts.lock().unwrap().entry(input.to_owned()).or_default() += 1;
        well(input)
    });
    let project = project(app.port);
    let start = || project.command(&["run", "--quiet"]).stdout(Stdio::null()).spawn().unwrap();
    for mut process in [start(), start()] {
        assert_eq!(process.wait().unwrap().code(), Some(0));
    }
    let most = times.lock().unwrap().values().max().copied();
    assert!(most <= Some(2), "{most:?}");
    let asked = app.asked();
    assert_eq!(kept(&project).len(), CASES, "an entry an answer, and nothing left of writing");
    project.holdline(&["run"]).expect(0).says(&["every answer from the cache"]);
    assert_eq!(app.asked(), asked);
}

#[test]
fn what_is_torn_damaged_or_foreign_is_asked_again_and_replaced() {
    let app = App::start(well);
    let project = project(app.port);
    project.holdline(&["run"]).expect(0);
    let files = kept(&project);
    let whole = std::fs::read(&files[0]).unwrap();
    std::fs::write(&files[0], &whole[..whole.len() / 2]).unwrap();
    std::fs::write(&files[1], b"").unwrap();
    std::fs::write(&files[2], &whole).unwrap(); // the answer to another question
    let text = String::from_utf8(whole).unwrap();
    std::fs::write(&files[3], text.replace("\"output\":\"", "\"output\":\"x")).unwrap();
    std::fs::write(&files[4], [0xff, 0xfe, b'\n']).unwrap();
    project.holdline(&["run"]).expect(0).says(&["cache: 20 of 25 answers"]);
    assert_eq!(app.asked(), CASES + 5);
    project.holdline(&["run"]).expect(0).says(&["every answer from the cache"]);
}

#[test]
fn fresh_asks_and_what_comes_is_kept() {
    let app = App::start(well);
    let project = project(app.port);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["run", "--fresh", "judge"]).expect(0).says(&["every answer from the cache"]);
    for (at, what) in ["target", "all"].into_iter().enumerate() {
        project.holdline(&["run", "--fresh", what]).expect(0).keeps_quiet(&["cache:"]);
        assert_eq!(app.asked(), (at + 2) * CASES);
    }
    project.holdline(&["run"]).expect(0);
    assert_eq!(app.asked(), 3 * CASES);
}

#[test]
fn a_conversation_is_taken_as_a_whole_or_not_at_all() {
    // The application keeps what was said before by the conversation's id, and says so.
    let app = App::start(|input| json!({ "message": format!("heard {input}"), "label": "hello" }));
    let text = format!(
        r#"feature = "Talks"
[target]
http = "http://127.0.0.1:{}/ask"
body = {{ text = "{{{{ input }}}}", session = "{{{{ conversation.id }}}}" }}
reply = {{ output = "/message" }}
fingerprint = ["app/*"]

[[scenario]]
name = "goes on"
inputs = ["one"]
conversation = [{{ user = "two" }}, {{ user = "three" }}]
expect = {{ contains = "heard three" }}
"#,
        app.port
    );
    let project = Project::new(&[("suites/talk.toml", &text), ("app/a", "1")]);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["run"]).expect(0).says(&["cache: 3 of 3 answers"]);
    assert_eq!(app.asked(), 3);
    let last = kept(&project)
        .into_iter()
        .find(|path| std::fs::read_to_string(path).unwrap().contains("heard three"));
    std::fs::remove_file(last.unwrap()).unwrap();
    project.holdline(&["run"]).expect(0).keeps_quiet(&["cache:"]);
    assert_eq!(app.asked(), 6, "all three turns were said again");
}

#[test]
fn an_edited_expectation_is_judged_without_asking() {
    let app = App::start(well);
    let project = project(app.port);
    project.holdline(&["run"]).expect(0);
    project.write(
        "suites/greet.toml",
        &made_of_files(app.port).replace("contains = \"Good\"", "contains = \"bye\""),
    );
    project.holdline(&["run"]).expect(0).says(&["every answer from the cache"]);
    assert_eq!(app.asked(), CASES);
}

#[test]
fn the_command_shows_the_cache_and_prunes_it() {
    let app = App::start(well);
    let project = project(app.port);
    project.holdline(&["cache"]).expect(0).says(&[".holdline/cache: 0 answers, 0 B"]);
    project.holdline(&["run"]).expect(0);
    project.holdline(&["cache"]).expect(0).says(&[
        "25 answers",
        "asked from",
        "kept up to 1GiB, and each for 30d",
    ]);
    let dry = ["cache", "prune", "--max-size", "0B", "--dry-run"];
    project.holdline(&dry).expect(0).says(&["25 answers would be removed", "0 left"]);
    project
        .holdline(&["cache", "prune", "--max-age", "1d"])
        .expect(0)
        .says(&["0 answers removed", "25 left"]);
    project.holdline(&["cache", "prune", "--max-size", "0B"]).expect(0).says(&["25 answers removed"]);
    assert_eq!(kept(&project).len(), 0);
    project.holdline(&["cache", "prune", "--max-size", "lots"]).expect(2).says(&["is not a size"]);
    project.holdline(&["run"]).expect(0);
    assert_eq!(app.asked(), 2 * CASES);
}

#[test]
fn the_project_says_where_the_cache_is_and_how_large_and_old_it_may_get() {
    let app = App::start(well);
    let project = project(app.port);
    project.write("holdline.toml", "[cache]\nfolder = \"kept\"\nmax_size = \"1B\"\n");
    project.holdline(&["run"]).expect(0);
    project.holdline(&["cache"]).expect(0).says(&["kept: 0 answers"]);
    project.write("holdline.toml", "[cache]\nfolder = \"kept\"\nmax_age = \"0m\"\n");
    project.holdline(&["run"]).expect(0);
    let elsewhere = tempfile::tempdir().unwrap();
    let run = |asked| {
        let output = project.command(&["run"]).env("HOLDLINE_CACHE_DIR", elsewhere.path()).output().unwrap();
        assert_eq!((output.status.code(), app.asked()), (Some(0), asked));
    };
    project.write("holdline.toml", "");
    run(3 * CASES);
    run(3 * CASES);
    assert!(elsewhere.path().join("answers").is_dir() && !project.path(".holdline/cache").exists());
}

#[test]
fn a_cache_that_cannot_be_written_costs_nothing_but_itself() {
    let app = App::start(well);
    let project = project(app.port);
    project.write("holdline.toml", "[cache]\nfolder = \"file\"\n");
    project.write("file", "not a folder");
    project.holdline(&["run"]).expect(0).says(&["cache: not every answer could be kept"]);
    assert_eq!(app.asked(), CASES);
}

#[test]
fn mistakes_are_told_before_anything_is_asked() {
    let app = App::start(well);
    let project = project(app.port);
    let nothing = made_of_files(app.port).replace("app/**", "lib/**");
    project.write("suites/greet.toml", &nothing);
    project.holdline(&["run"]).expect(2).says(&[
        "missing-file",
        "`lib/**` matches no file",
        "suites/greet.toml",
    ]);
    let outside = made_of_files(app.port).replace("app/**", "../**");
    project.write("suites/greet.toml", &outside);
    project.holdline(&["check"]).expect(2).says(&["bad-pattern", "lies outside the project"]);
    assert_eq!(app.asked(), 0);
}

#[cfg(not(feature = "remote"))]
#[test]
fn a_remote_store_needs_the_feature() {
    let app = App::start(well);
    let project = project(app.port);
    project.write("holdline.toml", "[cache]\nremote = \"s3://bucket/prefix\"\n");
    project.holdline(&["run"]).expect(2).says(&["needs a Holdline built with the feature `remote`"]);
    assert_eq!(app.asked(), 0);
}
