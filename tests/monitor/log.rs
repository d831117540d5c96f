//! A suite, and logs that are the same on every machine.

use crate::project::{Project, Ran};
use holdline::expand::stream::Stream;
use serde_json::{Value, json};

/// Two scenarios, of which nothing but labels and words is expected.
pub const SUITE: &str = r#"
feature = "Answers customers of a bird feeder"
labels = ["order", "refund", "other"]

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "tells where an order is"
id = "orders"
inputs = ["Where is my order?", "When does my parcel come?", "Can you track my order please"]
expect = { label = "order", not = { contains = "no idea" } }

[[scenario]]
name = "takes things back"
id = "refunds"
inputs = ["I want my money back", "How do I return the bird feeder?"]
expect = { label = "refund" }
"#;

pub fn project() -> Project {
    Project::new(&[
        ("suites/support.toml", SUITE),
        (
            "suites/answers.jsonl",
            "{\"input\":\"Where is my order?\",\"output\":\"In Bremen\",\"label\":\"order\"}\n",
        ),
    ])
}

/// How the traffic of a log is.
#[derive(Clone, Copy)]
pub struct Traffic {
    /// Share of requests about a subscription, which no scenario knows.
    pub unknown: f64,
    /// Share of answers with a wrong label.
    pub wrong: f64,
    /// Share of answers that decline.
    pub declines: f64,
    /// Share of errors.
    pub errors: f64,
    /// Share of thumbs up.
    pub up: f64,
    /// Latency is so many times what it is.
    pub slow: f64,
    /// Sentences more in each answer.
    pub longer: usize,
}

pub const USUAL: Traffic =
    Traffic { unknown: 0.1, wrong: 0.05, declines: 0.03, errors: 0.02, up: 0.8, slow: 1.0, longer: 0 };

const ORDERS: [&str; 4] = [
    "Where is my order?",
    "When does my parcel come?",
    "where is my order {}",
    "Can you track my order please",
];
const REFUNDS: [&str; 3] =
    ["I want my money back", "How do I return the bird feeder?", "how do i return the bird feeder {}"];
const UNKNOWN: [&str; 4] = [
    "cancel my subscription {}",
    "please cancel the subscription of my mother {}",
    "my subscription should end {}",
    "stop the monthly subscription {}",
];
const TAILS: [&str; 8] = ["today", "now", "please", "at once", "thanks", "again", "this week", "for good"];
const SAID: [&str; 5] = [
    "It left on Monday.",
    "You will hear from us.",
    "It takes three days.",
    "Keep the box.",
    "The postman has it.",
];

/// So many lines of a log of its own name.
pub fn lines(name: &str, count: usize, traffic: Traffic) -> Vec<Value> {
    let mut stream = Stream::new(&[b"test: monitor", name.as_bytes()]);
    (0..count).map(|number| line(&mut stream, number, traffic)).collect()
}

fn line(stream: &mut Stream, number: usize, traffic: Traffic) -> Value {
    let (input, label) = if stream.chance(traffic.unknown) {
        (UNKNOWN[stream.index(4)], "other")
    } else if stream.chance(0.6) {
        (ORDERS[stream.index(4)], "order")
    } else {
        (REFUNDS[stream.index(3)], "refund")
    };
    let input = input.replace("{}", TAILS[stream.index(8)]);
    let label = if stream.chance(traffic.wrong) { "other" } else { label };
    let count = 1 + stream.index(4) + traffic.longer;
    let said: Vec<&str> = (0..count).map(|_| SAID[stream.index(5)]).collect();
    let declines = stream.chance(traffic.declines);
    let output = if declines { "I'm sorry, but I can't help with that.".to_owned() } else { said.join(" ") };
    let latency = (200.0 + 600.0 * stream.unit()) * traffic.slow;
    let (is_error, has_feedback, is_up) =
        (stream.chance(traffic.errors), stream.chance(0.5), stream.chance(traffic.up));
    let mut line = json!({ "id": format!("r{number}"), "input": input, "time": 1_772_445_600 + 60 * number });
    if is_error {
        line["error"] = "the model did not answer".into();
        return line;
    }
    line["output"] = output.into();
    line["label"] = label.into();
    line["latency_ms"] = latency.into();
    line["usage"] = json!({ "input_tokens": 150, "output_tokens": 12 * count });
    if has_feedback {
        line["feedback"] = if is_up { "up" } else { "down" }.into();
    }
    line
}

/// Lines as a file.
pub fn file(lines: &[Value]) -> String {
    lines.iter().map(|line| line.to_string() + "\n").collect()
}

/// Runs the command, which must end with this code, and gives its JSON.
pub fn report(project: &Project, arguments: &[&str], code: i32) -> Value {
    let arguments: Vec<&str> =
        ["monitor"].iter().chain(arguments).chain(&["--json", "report.json"]).copied().collect();
    project.holdline(&arguments).expect(code);
    serde_json::from_str(&project.read("report.json")).unwrap()
}

/// Runs the command on a log.
pub fn monitor(project: &Project, arguments: &[&str]) -> Ran {
    let arguments: Vec<&str> = ["monitor"].iter().chain(arguments).copied().collect();
    project.holdline(&arguments)
}

/// The test of drift of this name.
pub fn test<'r>(report: &'r Value, what: &str) -> &'r Value {
    let tests = report["drift"]["tests"].as_array().unwrap();
    tests.iter().find(|test| test["what"] == what).unwrap_or_else(|| panic!("{what} is not among {tests:#?}"))
}
