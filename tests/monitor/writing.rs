//! What is written: answers to promote, and candidates to review.

use crate::log::{file, monitor, project, report};
use serde_json::{Value, json};

fn lines() -> Vec<Value> {
    let key = ["AKIA", "IOSFODNN7EXAMPLE"].concat();
    vec![
        json!({ "input": "Where is my order?", "output": "It left.", "label": "order" }),
        json!({ "id": "a1", "input": "Where is my order? I am jo.smith@gmail.com", "output": "I have no idea", "label": "order",
            "contexts": [format!("the key is {key}")], "usage": { "input_tokens": 3, "output_tokens": 4 }, "latency_ms": 12.0,
            "scenario": "orders" }),
        json!({ "input": "I want my money back", "error": "time-out" }),
        json!({ "input": "please cancel my subscription now", "output": "ok" }),
        json!({ "input": "please cancel my subscription of +44 20 7123 4567", "output": "ok" }),
        json!({ "input": "Please  cancel my subscription NOW", "output": "ok" }),
    ]
}

#[test]
fn failing_answers_are_written_without_secrets_and_can_be_run() {
    let project = project();
    project.write("now.jsonl", &file(&lines()));
    let told = report(&project, &["now.jsonl", "--no-drift", "--write-recorded", "suites/failing.jsonl"], 0);
    assert_eq!((&told["written"][0]["count"], told["checked"]["fail"].as_u64()), (&json!(2), Some(1)));
    let text = project.read("suites/failing.jsonl");
    assert!(!text.contains("jo.smith") && !text.contains("IOSFODNN7EXAMPLE"), "{text}");
    let written: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failing = written.iter().find(|line| line["outcome"] == "fail").unwrap();
    assert_eq!(failing["input"], "Where is my order? I am [redacted:email]");
    assert_eq!(failing["contexts"], json!(["the key is [redacted:key]"]));
    assert_eq!((&failing["scenario"], &failing["from"]), (&json!("orders"), &json!("now.jsonl:2")));
    assert!(failing["reason"].as_str().unwrap().starts_with("not contains: "), "{failing}");
    // As the answers of a suite.
    project.write("suites/support.toml", &crate::log::SUITE.replace("answers.jsonl", "failing.jsonl"));
    let done = project.holdline(&["run", "--filter", "money back"]);
    assert!(done.out.contains("time-out") || done.err.contains("time-out"), "{done:?}");
}

#[test]
fn requests_that_no_scenario_knows_wait_for_review() {
    let project = project();
    project.write("now.jsonl", &file(&lines()));
    let told = report(&project, &["now.jsonl", "--no-drift", "--propose"], 0);
    assert_eq!(told["unlike"]["groups"][0]["answers"], 3);
    assert_eq!(told["written"][0]["count"], 2, "two different ones");
    let text = project.read(".holdline/candidates/support.jsonl");
    assert!(!text.contains("7123"), "{text}");
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let variant = &first["variant"];
    assert_eq!(variant["scenario"], "production-cancel-subscription");
    assert_eq!(
        (&variant["made"]["by"], &variant["made"]["origin"]),
        (&json!("production"), &json!("production"))
    );
    assert_eq!(variant.get("review"), None, "nobody has looked at it");
    // Again, they are there already.
    monitor(&project, &["now.jsonl", "--no-drift", "--propose"]).expect(0).says(&["0 candidates of 2"]);
    assert_eq!(project.read(".holdline/candidates/support.jsonl"), text);
}
