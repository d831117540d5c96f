//! Cases that are asked several times, by the real command, of an application on loopback whose answers
//! differ from one time to the next.

#![cfg(feature = "cli")]

#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use project::{App, Project, runs};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::process::Stdio;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// An application that passes the so many first times that it is asked each of these inputs, and then fails.
fn wavering(delay: Duration, passes: &'static [(&'static str, usize)]) -> App {
    let asked: Mutex<HashMap<String, usize>> = Mutex::default();
    App::slow(delay, move |input| {
        let mut asked = asked.lock().unwrap();
        let times = asked.entry(input.to_owned()).or_default();
        *times += 1;
        let passes = passes.iter().find(|(of, _)| *of == input).map_or(usize::MAX, |(_, times)| *times);
        if *times <= passes {
            json!({ "message": "yes" })
        } else {
            json!({ "message": format!("no, {times}") })
        }
    })
}

/// A suite whose answers must be `yes`.
fn suite(port: u16, rest: &str) -> String {
    format!(
        r#"feature = "Says yes"
[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}", session = "{{{{ conversation.id }}}}" }}
reply = {{ output = "/message" }}
{rest}"#
    )
}

const TWO: &str = r#"
[run]
concurrency = 1
repeats = 5
[[scenario]]
name = "says yes"
inputs = ["steady", "wavering"]
expect = { equals = "yes" }
"#;

fn record(project: &Project) -> Value {
    let run = runs(project.folder.path()).pop().expect("a run");
    serde_json::from_str(&std::fs::read_to_string(run.join("report.json")).unwrap()).unwrap()
}

fn metric(record: &Value, name: &str) -> Value {
    let all = record["suites"][0]["measurements"].as_array().unwrap();
    all.iter().find(|of| of["metric"] == name && of["slice"] == "suite").cloned().unwrap_or_default()
}

#[test]
fn answers_are_rolled_up_by_case_and_measured_round_by_round() {
    let app = wavering(Duration::ZERO, &[("wavering", 3)]);
    let project = Project::new(&[("suites/yes.toml", &suite(app.port, TWO))]);
    project.holdline(&["run"]).expect(0);
    assert_eq!(app.asked(), 10, "every repeat is asked for");
    let record = record(&project);
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 2);
    let outcomes: Vec<&Value> =
        cases[1]["repeats"].as_array().unwrap().iter().map(|of| &of["outcome"]).collect();
    assert_eq!(outcomes, ["pass", "pass", "pass", "fail", "fail"]);
    assert_eq!(cases[1]["graded"]["outcome"], "pass", "three of five");
    let rate = metric(&record, "pass_rate");
    assert_eq!((&rate["value"], &rate["n"]), (&json!(0.8), &json!(2)));
    assert_eq!(metric(&record, "pass_hat_k")["value"], json!(0.5));
    assert_eq!(metric(&record, "pass_at_k")["value"], json!(1.0));
}

#[test]
fn people_are_told_how_many_answers_pass_and_can_see_each() {
    let app = wavering(Duration::ZERO, &[("wavering", 2)]);
    let project = Project::new(&[("suites/yes.toml", &suite(app.port, TWO))]);
    project.holdline(&["run", "--junit", "junit.xml"]).expect(0).says(&[
        "asking 2 cases for 10 answers",
        "done, 3 of 10 failing",
        "pass 2/5",
        "1 unstable case",
        "pass_hat_k",
    ]);
    assert!(project.read("junit.xml").contains(r#"<property name="passed" value="2"/>"#));
    project.holdline(&["show", "wavering"]).expect(0).says(&["asked 5 times: pass 2/5", "│ no, 3"]);
    project.holdline(&["show", "wavering", "--repeat", "5"]).expect(0).says(&["│ no, 5"]);
    project.holdline(&["show", "wavering", "--repeat", "1"]).expect(0).says(&["│ yes"]);
    project.holdline(&["show", "wavering", "--repeat", "6"]).expect(2).says(&["there are 5"]);
    project.holdline(&["run", "--last-failed"]).expect(3).says(&["asking 1 case for 5 answers"]);
}

#[test]
fn each_repeat_is_a_conversation_of_its_own_and_rounds_follow_each_other() {
    let app = wavering(Duration::ZERO, &[]);
    let project = Project::new(&[("suites/yes.toml", &suite(app.port, TWO))]);
    project.holdline(&["run"]).expect(0);
    let journal = std::fs::read_to_string(runs(project.folder.path())[0].join("journal.jsonl")).unwrap();
    let repeats: Vec<u64> = journal
        .lines()
        .filter_map(|line| {
            serde_json::from_str::<Value>(line).ok()?["entry"]["graded"]["graded"]["transcript"]["repeat"]
                .as_u64()
        })
        .collect();
    assert_eq!(repeats, [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
}

#[test]
fn a_killed_run_asks_only_the_repeats_that_are_missing() {
    let app = wavering(Duration::from_millis(40), &[]);
    let project = Project::new(&[("suites/yes.toml", &suite(app.port, TWO))]);
    let mut child = project.command(&["run"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while app.asked() < 5 && begun.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(app.asked() < 10, "killed in the middle");
    project.holdline(&["run", "--resume", "--repeats", "2"]).expect(2).says(&["another number of times"]);
    project.holdline(&["run", "--resume"]).expect(0).says(&["taken up", "answers there"]);
    assert!(app.asked() <= 10 + 1, "{} questions for 10 answers, 1 in flight", app.asked());
    let record = record(&project);
    let cases = record["suites"][0]["cases"].as_array().unwrap();
    assert!(cases.iter().all(|case| case["repeats"].as_array().unwrap().len() == 5));
}

#[test]
fn recorded_lines_with_one_id_are_repeats_and_one_that_is_missing_is_told() {
    let lines = [
        r#"{"input": "steady", "output": "yes"}"#,
        r#"{"input": "wavering", "output": "yes"}"#,
        r#"{"input": "steady", "output": "yes"}"#,
        r#"{"input": "steady", "output": "yes"}"#,
    ];
    let text = "feature = \"Says yes\"\n[target]\nrecorded = \"answers.jsonl\"\n".to_owned() + TWO;
    let text = text.replace("repeats = 5", "repeats = 3");
    let project = Project::new(&[("suites/yes.toml", &text), ("suites/answers.jsonl", &lines.join("\n"))]);
    project.holdline(&["run"]).expect(3);
    let record = record(&project);
    let wavering = &record["suites"][0]["cases"][1]["repeats"];
    let outcomes: Vec<&Value> = wavering.as_array().unwrap().iter().map(|of| &of["outcome"]).collect();
    assert_eq!(outcomes, ["pass", "target_error", "target_error"]);
    let message = wavering[1]["transcript"]["error"]["message"].as_str().unwrap();
    assert!(message.contains("repeat 2 is asked for, and there is 1 (on line 2)"), "{message}");
}

#[test]
fn a_case_that_must_pass_by_majority_is_asked_three_times() {
    let app = wavering(Duration::ZERO, &[]);
    let rest = r#"
[[scenario]]
name = "says yes"
inputs = ["steady"]
expect = { equals = "yes" }
must_pass = "majority"
[[scenario]]
name = "says it once"
inputs = ["once"]
expect = { equals = "yes" }
"#;
    let project = Project::new(&[("suites/yes.toml", &suite(app.port, rest))]);
    project.holdline(&["run"]).expect(0);
    assert_eq!(app.asked(), 3 + 1);
    project.holdline(&["run", "--repeats", "2"]).expect(0);
    assert_eq!(app.asked(), 4 + 3 + 2);
}

#[test]
fn a_dry_run_counts_every_repeat() {
    let text = "feature = \"x\"\n[target]\nchat = \"http://127.0.0.1:9/v1\"\nmodel = \"small\"\nmax_tokens = 100\n\
                [run]\nrepeats = 3\n\
                [[scenario]]\nname = \"a\"\ninputs = [\"one\", \"two\"]\nexpect = { contains = \"c\" }\n";
    let project = Project::new(&[
        ("holdline.toml", "[prices.\"small\"]\ninput = 1.0\noutput = 10.0\n"),
        ("suites/chat.toml", text),
    ]);
    // Six answers of 100 tokens at 10 a million.
    let says = ["2 of 2 cases for 6 answers", "2  a, 3 times each", "0.0060 USD"];
    project.holdline(&["run", "--dry-run"]).expect(0).says(&says);
    project
        .holdline(&["run", "--dry-run", "--repeats", "1"])
        .expect(0)
        .says(&["2 of 2 cases,", "0.0020 USD"]);
    project.holdline(&["run", "--repeats", "101"]).expect(2).says(&["1..=100"]);
}

#[test]
fn repeats_that_cannot_be_are_told_with_their_place() {
    let app = wavering(Duration::ZERO, &[]);
    let text = suite(app.port, &TWO.replace("repeats = 5", "repeats = 1000"));
    let project = Project::new(&[("suites/yes.toml", &text)]);
    project.holdline(&["run"]).expect(2).says(&[
        "suites/yes.toml:9:11",
        "`repeats` cannot be 1000",
        "a number from 1 to 100",
    ]);
    assert_eq!(app.asked(), 0);
}
