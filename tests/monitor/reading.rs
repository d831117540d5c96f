//! What a log may be, and what of it cannot be told.

use crate::log::{SUITE, USUAL, file, lines, monitor, project, report};
use crate::project::Project;
use serde_json::json;
use std::io::Write as _;
use std::process::Stdio;

#[test]
fn a_log_on_standard_input_is_read() {
    let project = project();
    let mut command = project.command(&["monitor", "-", "--no-drift"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(file(&lines("now", 20, USUAL)).as_bytes()).unwrap();
    let done = child.wait_with_output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap();
    assert_eq!(done.status.code(), Some(0), "{said}");
    assert!(said.contains("standard input") && said.contains("20 answers"), "{said}");
}

#[test]
fn bad_lines_are_told_with_the_first_place_and_too_many_decide_nothing() {
    let project = project();
    let good = file(&lines("now", 30, USUAL));
    project.write("few.jsonl", &format!("{good}oops\n{{\"input\": \"a\"}}\noops again\n"));
    monitor(&project, &["few.jsonl", "--no-drift"]).expect(0).says(&[
        "3 of 33",
        "2 not JSON, the first at few.jsonl:31",
        "1 no answer, the first at few.jsonl:32",
    ]);
    project.write("many.jsonl", &format!("{good}{}", "oops\n".repeat(5)));
    monitor(&project, &["many.jsonl", "--no-drift"])
        .expect(3)
        .says(&["cannot tell", "5 of 35 answers in many.jsonl cannot be read; at most 10 % may be lost"]);
}

#[test]
fn what_cannot_be_told_of_at_all() {
    let project = project();
    project.write("empty.jsonl", "\n\n");
    monitor(&project, &["empty.jsonl"]).expect(3).says(&["empty.jsonl holds no answer"]);
    project.write("bad.jsonl", "nonsense\n");
    monitor(&project, &["bad.jsonl"]).expect(3).says(&["bad.jsonl holds no answer that can be read"]);
    std::fs::write(project.path("log.gz"), [0x1f, 0x8b, 8, 0, 0]).unwrap();
    monitor(&project, &["log.gz"]).expect(3).says(&["gunzip -c FILE | holdline monitor -"]);
    project.write("other.jsonl", &file(&[json!({ "input": "play some jazz", "output": "ok" })]));
    monitor(&project, &["other.jsonl"]).expect(3).says(&["no request is like a scenario"]);
    monitor(&project, &["nowhere.jsonl"]).expect(2).says(&["nowhere.jsonl"]);
    project.write("one.jsonl", &file(&lines("now", 5, USUAL)));
    monitor(&project, &["one.jsonl", "--against", "nowhere.jsonl"]).expect(2).says(&["nowhere.jsonl"]);
    monitor(&project, &["one.jsonl", "--bar", "0"]).expect(2).says(&["`--bar` cannot be 0"]);
    monitor(&project, &["one.jsonl", "--suite", "nothing"]).expect(2);
    project.write("suites/second.toml", SUITE);
    monitor(&project, &["one.jsonl"]).expect(2).says(&["say which one with `--suite`: `second`, `support`"]);
    monitor(&project, &["one.jsonl", "--suite", "second", "--no-drift"]).expect(0);
}

#[test]
fn whose_request_it_is_is_told_by_name_by_words_and_by_likeness() {
    let project = project();
    let said = |input: &str, label: &str| json!({ "input": input, "output": "It left.", "label": label });
    let named = |mut line: serde_json::Value, scenario: &str| {
        line["scenario"] = scenario.into();
        line
    };
    project.write(
        "now.jsonl",
        &file(&[
            said("Where is my order?", "order"),
            said(" Where is my order?\n", "refund"),
            said("where is my order now", "order"),
            named(said("something else entirely", "refund"), "refunds"),
            named(said("something else again", "order"), "takes things back"),
            named(said("Where is my order?", "refund"), "refunds"),
            named(said("no such thing at all", "order"), "gone"),
        ]),
    );
    let report = report(&project, &["now.jsonl", "--no-drift"], 0);
    let route = |how: &str| {
        let of = &report["routes"][how];
        (of["answers"].as_u64().unwrap(), of["pass"].as_u64().unwrap(), of["fail"].as_u64().unwrap())
    };
    assert_eq!((route("seed"), route("alike"), route("named")), ((2, 1, 1), (1, 1, 0), (3, 2, 1)));
    assert_eq!(report["routes"]["unlike"]["answers"], 1);
    assert_eq!(report["unknown"]["gone"], 1);
    // A higher bar.
    let report = crate::log::report(&project, &["now.jsonl", "--no-drift", "--bar", "0.9"], 0);
    assert_eq!(report["routes"].get("alike"), None);
    assert_eq!(report["routes"]["unlike"]["answers"], 2);
}

#[test]
fn what_needs_a_seed_is_left_out_and_told() {
    let project = Project::new(&[
        (
            "suites/capitals.toml",
            r#"
feature = "Knows capitals"
[target]
recorded = "answers.jsonl"
[[scenario]]
name = "names the capital"
id = "capital"
inputs = { file = "capitals.jsonl", input = "question" }
expect = [{ contains = "{{ row.capital }}" }, { words = { max = 5 } }, { not = { contains = "{{ input }}" } }]
"#,
        ),
        (
            "suites/capitals.jsonl",
            "{\"question\":\"Capital of France?\",\"capital\":\"Paris\"}\n{\"question\":\"Capital of Peru?\",\"capital\":\"Lima\"}\n",
        ),
        ("suites/answers.jsonl", "{\"input\":\"Capital of France?\",\"output\":\"Paris\"}\n"),
    ]);
    project.write(
        "now.jsonl",
        &file(&[
            json!({ "input": "Capital of France?", "output": "It is Paris" }),
            json!({ "input": "Capital of France?", "output": "It is Rome" }),
            json!({ "scenario": "capital", "input": "Capital of Italy?", "output": "It is Oslo" }),
            json!({ "scenario": "capital", "input": "Rome?", "output": "You say Rome?" }),
        ]),
    );
    let report = report(&project, &["now.jsonl", "--no-drift"], 0);
    let of = |how: &str, what: &str| report["routes"][how][what].as_u64().unwrap();
    assert_eq!((of("seed", "pass"), of("seed", "fail"), of("seed", "partly")), (1, 1, 0));
    assert_eq!((of("named", "pass"), of("named", "fail"), of("named", "partly")), (1, 1, 2));
}

#[test]
fn an_answer_in_the_middle_of_a_conversation_is_not_judged() {
    let suite = SUITE.replace(
        "expect = { label = \"refund\" }",
        "conversation = [{ when = { label = \"clarify\" }, user = \"the one in green\" }]\nexpect = { label = \"refund\" }",
    );
    let project = project();
    // Nobody asks it.
    let target = "http = \"http://127.0.0.1:9/ask\"\nbody = { text = \"{{ input }}\" }\nreply = { output = \"/message\", label = \"/label\" }";
    let suite = suite.replace("recorded = \"answers.jsonl\"", target);
    project.write("suites/support.toml", &suite.replace("\"other\"]", "\"other\", \"clarify\"]"));
    let first = json!({ "input": "I want my money back", "output": "For which one?", "label": "clarify" });
    let second = json!({
        "input": "the green one", "output": "Sent.", "label": "refund",
        "before": [{ "user": "I want my money back", "output": "For which one?" }],
    });
    project.write("now.jsonl", &file(&[first, second]));
    let report = report(&project, &["now.jsonl", "--no-drift"], 0);
    let seed = &report["routes"]["seed"];
    assert_eq!((&seed["not_applicable"], &seed["pass"], &seed["fail"]), (&json!(1), &json!(1), &json!(0)));
}

#[test]
fn feedback_and_people_are_sources_of_their_own_with_their_agreement() {
    let project = project();
    let line = |label: &str, feedback: serde_json::Value, human: &str| json!({ "input": "Where is my order?", "output": "It left.", "label": label, "feedback": feedback, "human": human });
    let mut all = vec![];
    // Stars: 5 and 4 are good, 3 is neither, 1 is bad.
    all.extend((0..6).map(|_| line("order", json!(5), "pass")));
    all.extend((0..2).map(|_| line("order", json!(1), "pass")));
    all.push(line("other", json!(4), "fail"));
    all.push(line("other", json!(1), "fail"));
    all.push(line("other", json!(3), "fail"));
    project.write("now.jsonl", &file(&all));
    let report = report(&project, &["now.jsonl", "--no-drift"], 0);
    let feedback = &report["sources"][0];
    assert_eq!((&feedback["name"], &feedback["scale"]), (&json!("feedback"), &json!([1.0, 5.0])));
    assert_eq!(
        (&feedback["good"]["count"], &feedback["good"]["of"], &feedback["neither"]),
        (&json!(7), &json!(10), &json!(1))
    );
    assert_eq!(report["sources"][1]["good"]["count"], 8);
    let pair = |one: &str, other: &str| {
        let all = report["agreement"].as_array().unwrap();
        all.iter().find(|of| of["one"] == one && of["other"] == other).unwrap().clone()
    };
    // Checks pass 8 and fail 3; feedback is good on 6 of the 8, and of the failing good on one, bad on one.
    let of = pair("checks", "feedback");
    assert_eq!(of["counts"], json!([6, 2, 1, 1]));
    // p_o = 0.7; p_e = 0.8 · 0.7 + 0.2 · 0.3 = 0.62; kappa = 0.08 / 0.38.
    assert!((of["kappa"].as_f64().unwrap() - 0.08 / 0.38).abs() < 1e-9);
    assert_eq!(pair("checks", "human")["counts"], json!([8, 0, 0, 3]));
    // As thumbs the stars would be something else, and 5 is none.
    let report = crate::log::report(&project, &["now.jsonl", "--no-drift", "--scale", "0..1"], 0);
    assert_eq!(report["sources"][0]["unread"], 8);
}
