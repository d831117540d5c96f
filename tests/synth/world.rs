//! A project with a suite and one or several scripted models that write for it.

use crate::model::{KEY, Model, text};
use crate::project::{Project, Ran};
use axum::response::Response;
use serde_json::{Value, json};

/// A suite with two scenarios.
pub const SUITE: &str = r#"
feature = "Answers customers of a shop for bird feeders"
labels = ["answer", "hand_over"]

[target]
recorded = "answers.jsonl"

[[scenario]]
name = "finds parcels"
why = "a lost parcel is the most frequent question"
inputs = ["Where is my parcel?", "The tracking page has said the same for a week"]
expect = { label = "answer" }

[[scenario]]
name = "hands over dangers"
inputs = ["The feeder caught fire"]
expect = { label = "hand_over" }
"#;

/// Messages as unlike each other as those of people.
pub const UNLIKE: [&str; 24] = [
    "hi, ordered two seed trays nine days ago and nothing has shown up yet",
    "Could you tell me which carrier has the box with order 1182?",
    "my neighbour signed for it apparently, but she is away until Sunday",
    "The driver left a card and no depot address. Where do I go?",
    "Is it normal that customs hold a bird bath for ten days",
    "half of the delivery came, the copper roof is missing",
    "I moved last month; did it go to the old flat?",
    "Please stop the shipment, I will be abroad when it arrives",
    "status says delivered!! nobody was at home and the porch is empty",
    "Do you ship on Saturdays, I need the nest cam before the wedding",
    "package was torn open, seeds all over the hallway",
    "what's the latest hour that a courier rings here",
    "I was promised express and paid 12 euros for it, it's been a week",
    "Can grandma pick the order up at the shop in Bremen instead",
    "tracking number ends in 77 but your site wants eleven digits",
    "Two parcels, one label: someone mixed mine with another customer's",
    "the app crashes whenever I open my shipments",
    "How do I tell the courier about the dog behind our gate?",
    "Order confirmation never arrived, money is gone from the account though",
    "returned to sender without a word, why was that",
    "We are a school and our post room closes at noon",
    "Just checking whether the heated perch left the warehouse",
    "ETA please.",
    "Your mail names a pickup locker that was torn down in spring",
];

/// A reply of the generator `queries`.
pub fn queries(texts: &[&str]) -> String {
    let items: Vec<Value> = texts.iter().map(|text| json!({ "angle": "a", "text": text })).collect();
    json!({ "approach": "as people do", "items": items }).to_string()
}

/// How many messages a request of `queries` asks for.
pub fn wanted(body: &Value) -> usize {
    let system = body["messages"][0]["content"].as_str().unwrap();
    let after = system.split("Write ").nth(1).unwrap();
    after.split(' ').next().unwrap().parse().unwrap()
}

/// Replies with the next ones of [`UNLIKE`], as many as are asked for, by the number of the request.
pub fn well(number: usize, body: &Value) -> Response {
    let count = wanted(body);
    let texts: Vec<&str> = (0..count).map(|at| UNLIKE[(number * count + at) % UNLIKE.len()]).collect();
    text(&queries(&texts))
}

/// The description of a model for `holdline.toml`.
pub fn described(name: &str, port: u16, more: &str) -> String {
    format!(
        "[models.{name}]\nbase_url = \"http://127.0.0.1:{port}/v1\"\nmodel = \"m-{name}\"\n\
         api_key = \"${{env:WRITER_KEY}}\"\nretries = 0\n{more}\n"
    )
}

/// A project in which this model writes.
pub fn project(model: &Model, more: &str) -> Project {
    of(&described("writer", model.port, more))
}

/// A project with this `holdline.toml`.
pub fn of(settings: &str) -> Project {
    Project::new(&[
        ("holdline.toml", settings),
        ("suites/shop.toml", SUITE),
        ("suites/answers.jsonl", "{\"input\": \"x\", \"output\": \"y\"}\n"),
    ])
}

/// Runs `holdline synth shop` with the key set, and sees to it that the key is nowhere.
pub fn synth(project: &Project, arguments: &[&str]) -> Ran {
    let all: Vec<&str> = ["synth", "shop"].iter().chain(arguments).copied().collect();
    let ran = Ran::of(project.command(&all).env("WRITER_KEY", KEY).output().unwrap());
    let said = ran.out.clone() + &ran.err;
    assert!(!said.contains(KEY), "the key is on the screen: {said}");
    for file in files(&project.path(".holdline")) {
        assert!(!file.contains(KEY), "the key is on the disk");
    }
    ran
}

/// What all files below a folder hold.
fn files(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.flatten() {
        if entry.path().is_dir() {
            found.extend(files(&entry.path()));
        } else {
            found.push(String::from_utf8_lossy(&std::fs::read(entry.path()).unwrap()).into_owned());
        }
    }
    found
}

/// The candidates that wait, one value a line.
pub fn candidates(project: &Project) -> Vec<Value> {
    let path = project.path(".holdline/candidates/shop.jsonl");
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Their texts.
pub fn texts(project: &Project) -> Vec<String> {
    let of = candidates(project);
    of.iter().map(|candidate| candidate["variant"]["input"].as_str().unwrap().to_owned()).collect()
}

/// What `--json` wrote.
pub fn report(project: &Project, name: &str) -> Value {
    serde_json::from_str(&project.read(name)).unwrap()
}
