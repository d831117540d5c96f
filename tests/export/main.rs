//! `holdline export`: sets to train on, of what people approved, and nothing that gates.

#[expect(dead_code, reason = "other test files use the rest")]
#[path = "../project/mod.rs"]
mod project;

mod formats;
mod refused;
mod sources;
mod splits;

use project::Project;
use serde_json::{Value, json};

/// A suite that gates.
const GATE: &str = r#"
feature = "answers about feeders"
labels = ["answer", "other"]
[target]
recorded = "gate.answers.jsonl"
[[scenario]]
name = "warranty"
inputs = ["how long is the warranty of the feeder?", "is the battery covered?"]
expect = { label = "answer" }
expand = ["typing"]
"#;

/// One that measures and never gates.
const DESK: &str = r#"
feature = "answers about parcels"
kind = "capability"
[target]
recorded = "desk.answers.jsonl"
[[scenario]]
name = "parcels"
inputs = ["where is my parcel?"]
expect = { contains = "track" }
[[scenario]]
name = "returns"
inputs = ["can I send it back?"]
expect = { contains = "30 days" }
"#;

/// A reviewed variant.
fn variant(scenario: &str, input: &str, approved: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut line = json!({
        "scenario": scenario,
        "input": input,
        "expect": { "contains": "track" },
        "made": { "by": "model", "origin": "model" },
        "truth": "person",
        "review": { "by": "Ada", "date": "2026-11-20", "approved": approved }
    });
    change(&mut line);
    format!("{line}\n")
}

/// One with a right answer.
fn answered(scenario: &str, input: &str, approved: &str, answer: &str) -> String {
    variant(scenario, input, approved, |line| line["row"] = json!({ "reference": answer }))
}

/// A recorded answer.
fn recorded(input: &str, output: &str) -> String {
    json!({ "input": input, "output": output }).to_string() + "\n"
}

/// A project with both suites, and variants of the one that does not gate.
fn project(variants: &[String]) -> Project {
    Project::new(&[
        ("suites/gate.toml", GATE),
        ("suites/gate.answers.jsonl", &recorded("x", "y")),
        ("suites/desk.toml", DESK),
        ("suites/desk.answers.jsonl", &recorded("x", "y")),
        ("suites/desk.variants.jsonl", &variants.concat()),
    ])
}

/// The rows of a file of JSON lines.
fn rows(project: &Project, name: &str) -> Vec<Value> {
    project.read(name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A manifest.
fn manifest(project: &Project, name: &str) -> Value {
    serde_json::from_str(&project.read(name)).unwrap()
}
