//! A project with two suites over one application, its shards, and what is left of a report without its times.

use crate::project::{App, Project, Ran, runs, suite};
use serde_json::Value;
use std::path::PathBuf;

/// Variables by which a CI service could ask for a shard.
const SERVICES: [&str; 14] = [
    "HOLDLINE_SHARD",
    "HOLDLINE_SHARDS",
    "TEST_SHARD_INDEX",
    "TEST_TOTAL_SHARDS",
    "TEST_SHARD_STATUS_FILE",
    "TEST_UNDECLARED_OUTPUTS_DIR",
    "XML_OUTPUT_FILE",
    "CI_NODE_INDEX",
    "CI_NODE_TOTAL",
    "CIRCLE_NODE_INDEX",
    "CIRCLE_NODE_TOTAL",
    "BUILDKITE_PARALLEL_JOB",
    "BUILDKITE_PARALLEL_JOB_COUNT",
    "JOB_COMPLETION_INDEX",
];

/// A suite of eight seeds with variants, each asked twice.
pub fn varied(port: u16) -> String {
    let inputs = (1..=8).map(|n| format!("\"bye to guest number {n}\"")).collect::<Vec<_>>().join(", ");
    format!(
        r#"feature = "Parts from guests"
labels = ["hello", "bye", "other"]

[target]
http = "http://127.0.0.1:{port}/ask"
body = {{ text = "{{{{ input }}}}" }}
reply = {{ output = "/message", label = "/label" }}

[run]
repeats = 2

[[scenario]]
name = "parts from guests"
inputs = [{inputs}]
expect = {{ contains = "Good" }}
expand = ["surface"]
"#
    )
}

/// A project with the suites `greets` (25 cases) and `varied`.
pub fn world(app: &App) -> Project {
    Project::new(&[("suites/greets.toml", &suite(app.port)), ("suites/varied.toml", &varied(app.port))])
}

/// The same with everything accepted, of the application at `good`; times are not, so that none are compared.
pub fn accepted(good: &App) -> Project {
    let project = world(good);
    project.accept_everything();
    for suite in ["greets", "varied"] {
        std::fs::remove_file(project.path(&format!("baselines/{suite}.timings.json"))).unwrap();
    }
    project
}

/// Runs the command in CI, where no service says anything but what is given.
pub fn in_ci(project: &Project, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let mut command = project.command(arguments);
    for name in SERVICES {
        command.env_remove(name);
    }
    Ran::of(command.env("CI", "true").envs(environment.iter().copied()).output().unwrap())
}

/// The newest run of a project.
pub fn newest(project: &Project) -> PathBuf {
    runs(project.folder.path()).pop().expect("a run")
}

/// Asks every one of so many shards, each to come to exit code 0, and says where their runs are.
pub fn ask(project: &Project, of: u32, more: &[&str]) -> Vec<PathBuf> {
    let one = |index: u32| {
        let shard = format!("{index}/{of}");
        let arguments: Vec<&str> = ["run", "--shard", &shard].iter().chain(more).copied().collect();
        in_ci(project, &arguments, &[])
            .expect(0)
            .says(&[&format!("Shard {shard}: "), "`holdline merge` decides"]);
        newest(project)
    };
    (1..=of).map(one).collect()
}

/// Puts runs together.
pub fn merge(project: &Project, folders: &[PathBuf], more: &[&str]) -> Ran {
    let folders: Vec<&str> = folders.iter().map(|folder| folder.to_str().unwrap()).collect();
    let arguments: Vec<&str> = ["merge"].iter().chain(&folders).chain(more).copied().collect();
    in_ci(project, &arguments, &[])
}

/// A record.
pub fn record(project: &Project, path: &str) -> Value {
    serde_json::from_str(&project.read(path)).unwrap()
}

/// The record as text, without what a clock said: the run's id (a time), when it began and how long it took,
/// the times of answers, and what was measured of them.
pub fn timeless(mut record: Value) -> String {
    let fields = record.as_object_mut().unwrap();
    for name in ["run", "started", "seconds"] {
        fields.remove(name).expect("every record has it");
    }
    for suite in fields["suites"].as_array_mut().unwrap() {
        suite["measurements"].as_array_mut().unwrap().retain(|of| {
            let metric = of["metric"].as_str().unwrap();
            !metric.starts_with("latency_") && !metric.starts_with("first_token_")
        });
    }
    without_latencies(&mut record);
    serde_json::to_string_pretty(&record).unwrap()
}

fn without_latencies(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("latency_ms");
            fields.values_mut().for_each(without_latencies);
        }
        Value::Array(items) => items.iter_mut().for_each(without_latencies),
        _ => {}
    }
}

/// A `JUnit` report without its times.
pub fn timeless_junit(xml: &str) -> String {
    let mut text = String::new();
    let mut rest = xml;
    while let Some(at) = [" time=\"", " timestamp=\""].iter().filter_map(|name| rest.find(name)).min() {
        let value = at + rest[at..].find('"').unwrap() + 1;
        text.push_str(&rest[..at]);
        rest = &rest[value + rest[value..].find('"').unwrap() + 1..];
    }
    text + rest
}
