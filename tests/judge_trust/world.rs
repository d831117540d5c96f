//! A model on loopback that replies as it is told, and projects with a judge that asks it.

use crate::project::{self, App, Project};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

type Script = dyn Fn(usize, &str) -> Response + Send + Sync;

/// A model on loopback that replies as it is told, and remembers what it was shown.
pub struct Model {
    pub port: u16,
    pub shown: Arc<Mutex<Vec<String>>>,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Clone)]
struct Shared {
    script: Arc<Script>,
    shown: Arc<Mutex<Vec<String>>>,
}

impl Model {
    /// `script` is given how often the same answer was asked about before, and the message with the evidence.
    pub fn start(script: impl Fn(usize, &str) -> Response + Send + Sync + 'static) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let shown = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared { script: Arc::new(script), shown: shown.clone() };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().route("/v1/chat/completions", post(reply)).with_state(shared);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { port, shown, _runtime: runtime }
    }

    /// How often it was asked.
    pub fn asked(&self) -> usize {
        self.shown.lock().unwrap().len()
    }
}

async fn reply(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let message = body["messages"][1]["content"].as_str().unwrap();
    // Without the fences, whose code is new each time.
    let data = message.lines().nth(1).unwrap().to_owned();
    let before = {
        let mut shown = shared.shown.lock().unwrap();
        shown.push(data.clone());
        shown.iter().filter(|known| **known == data).count() - 1
    };
    (shared.script)(before, &data)
}

/// A verdict of a model that calls itself so.
pub fn verdict_of(model: &str, word: &str) -> Response {
    let content = json!({ "reasoning": "so it is", "evidence": "", "verdict": word }).to_string();
    Json(json!({
        "model": model,
        "choices": [{ "message": { "role": "assistant", "content": content }, "finish_reason": "stop" }],
    }))
    .into_response()
}

pub fn verdict(word: &str) -> Response {
    verdict_of("judge-model-1", word)
}

pub const JUDGE: &str = r#"
kind = "rubric"
question = "Is the customer's problem resolved?"
pass_when = "the answer solves it"
fail_when = "it does not"
words = { pass = "resolved", fail = "unresolved" }
positive = "unresolved"
"#;

pub fn models(port: u16) -> String {
    format!("[models.judge]\nbase_url = \"http://127.0.0.1:{port}/v1\"\nmodel = \"m\"\nretries = 0\n")
}

pub fn label(n: usize, label: &str) -> String {
    json!({
        "id": format!("l{n}"), "input": format!("Question {n}"), "output": format!("Answer number {n}."),
        "label": label, "labeller": "Ana", "date": "2026-03-02",
    })
    .to_string()
        + "\n"
}

/// Answers 1 to `count`; every third is unresolved.
pub fn labels(count: usize) -> String {
    (1..=count).map(|n| label(n, people(n))).collect()
}

pub const fn people(n: usize) -> &'static str {
    if n.is_multiple_of(3) { "unresolved" } else { "resolved" }
}

/// What people do not call it.
pub const fn contrary(n: usize) -> &'static str {
    if n.is_multiple_of(3) { "resolved" } else { "unresolved" }
}

/// The number of the answer that is shown.
pub fn number(data: &str) -> usize {
    let data: Value = serde_json::from_str(data).unwrap();
    data["output"]
        .as_str()
        .unwrap()
        .trim_start_matches("Answer number ")
        .trim_end_matches('.')
        .parse()
        .unwrap()
}

pub fn judged(model: &Model, labels: &str) -> Project {
    Project::new(&[
        ("holdline.toml", &models(model.port)),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/judges/resolved.labels.jsonl", labels),
    ])
}

pub const CANARY: &str = "suites/judges/resolved.canary.jsonl";

/// The head of the frozen canary, and its answers.
pub fn canary_of(project: &Project) -> (Value, Vec<Value>) {
    let text = project.read(CANARY);
    let mut lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    (lines.next().unwrap(), lines.collect())
}

pub const TALK: &str = r#"feature = "Talks"
[target]
http = "http://127.0.0.1:PORT/ask"
body = { text = "{{ input }}" }
reply = { output = "/message", contexts = "/passages" }
[[scenario]]
name = "many"
inputs = ["a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", "a10"]
expect = { contains = "fine" }
[[scenario]]
name = "talk"
inputs = ["book it"]
conversation = [{ user = "at three" }]
expect = [{ contains = "heard" }, { reference = ["Booked at three.", "It is booked for 3 pm."] }]
"#;

pub fn talk() -> (App, String) {
    let app = App::start(|input| {
        let fine = ["a1", "a2", "a3", "a4"].contains(&input);
        json!({ "message": format!("I heard <{input}>, {}", if fine { "fine" } else { "no" }), "passages": ["page 1"] })
    });
    let suite = TALK.replace("PORT", &app.port.to_string());
    (app, suite)
}

/// The newest run's record, to be changed.
pub fn record(project: &Project) -> (std::path::PathBuf, Value) {
    let path = project::runs(project.folder.path()).pop().unwrap().join("report.json");
    let record = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    (path, record)
}
