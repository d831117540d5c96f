//! A scripted model on loopback, and a project with a judge that asks it.

use crate::project::Project;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What must be nowhere on screen or disk.
pub const KEY: &str = "sk-judge-0123456789abcdef";

type Script = dyn Fn(usize, &Value) -> Response + Send + Sync;

/// A model on loopback that replies as it is told, and remembers what it was sent.
pub struct Model {
    pub port: u16,
    sent: Arc<Mutex<Vec<Value>>>,
    _runtime: tokio::runtime::Runtime,
}

#[derive(Clone)]
struct Shared {
    script: Arc<Script>,
    sent: Arc<Mutex<Vec<Value>>>,
}

impl Model {
    /// `script` is given the number of the request, from 0, and its body.
    pub fn start(script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static) -> Self {
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let sent = Arc::new(Mutex::new(Vec::new()));
        let shared = Shared { script: Arc::new(script), sent: sent.clone() };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let port = listener.local_addr().unwrap().port();
        let router = Router::new().route("/v1/chat/completions", post(reply)).with_state(shared);
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self { port, sent, _runtime: runtime }
    }

    pub fn sent(&self) -> Vec<Value> {
        self.sent.lock().unwrap().clone()
    }
}

async fn reply(State(shared): State<Shared>, Json(body): Json<Value>) -> Response {
    let number = {
        let mut sent = shared.sent.lock().unwrap();
        sent.push(body.clone());
        sent.len() - 1
    };
    (shared.script)(number, &body)
}

/// A completion with this text.
pub fn text(content: &str) -> Response {
    message(&json!({ "role": "assistant", "content": content }), "stop")
}

/// A completion with this message.
pub fn message(message: &Value, finish: &str) -> Response {
    Json(json!({
        "model": "judge-model-1",
        "choices": [{ "message": message, "finish_reason": finish }],
        "usage": { "prompt_tokens": 10, "completion_tokens": 5 },
    }))
    .into_response()
}

/// A completion with this verdict.
pub fn verdict(word: &str) -> Response {
    text(&json!({ "reasoning": "so it is", "evidence": "", "verdict": word }).to_string())
}

/// A judge of customers' problems.
pub const JUDGE: &str = r#"
kind = "rubric"
question = "Is the customer's problem resolved?"
pass_when = "the answer solves it"
fail_when = "it does not"
words = { pass = "resolved", fail = "unresolved" }
positive = "unresolved"
"#;

/// A line of labels.
pub fn label(id: usize, output: &str, label: &str) -> String {
    json!({
        "id": format!("l{id}"), "input": format!("Question {id}"), "output": output, "label": label,
        "labeller": "Ana", "date": "2026-03-02",
    })
    .to_string()
        + "\n"
}

/// The description of the model at this port, for `holdline.toml`.
pub fn described(port: u16) -> String {
    format!(
        "[models.judge]\nbase_url = \"http://127.0.0.1:{port}/v1\"\nmodel = \"m\"\napi_key = \"${{env:JUDGE_KEY}}\"\nretries = 1\n"
    )
}

/// A project with a judge and these labelled answers.
pub fn judged(model: &Model, labels: &str) -> Project {
    Project::new(&[
        ("holdline.toml", &described(model.port)),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/judges/resolved.labels.jsonl", labels),
    ])
}

/// Runs the command with the key set; gives its exit code and all that it said.
pub fn run(project: &Project, arguments: &[&str]) -> (i32, String) {
    let done = project.command(arguments).env("JUDGE_KEY", KEY).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
    assert!(!said.contains(KEY), "the key is on the screen: {said}");
    (done.status.code().unwrap(), said)
}

/// Notes a check in which a judge, as it is now, agreed with people on all of 60 answers, with `judge-model-1`.
pub fn calibrate(project: &Project, judge: &str) {
    let root = project.folder.path();
    let settings = holdline::suite::project::Project::load(root).unwrap();
    let definition = holdline::session::judges::open(root, &settings, judge).unwrap();
    let fingerprint = holdline::judge::model::Terms::of(&definition).unwrap().fingerprint;
    let line = json!({
        "at": "2026-11-20T10:00:00Z", "judge": fingerprint, "models": ["judge-model-1"],
        "positive": definition.file.positive, "true_positives": 30, "false_positives": 0,
        "false_negatives": 0, "true_negatives": 30, "ungraded": 0, "accuracy": 1.0, "tpr": 1.0, "tnr": 1.0,
        "kappa": 1.0,
    });
    project.write(&format!("suites/judges/{judge}.history.jsonl"), &format!("{line}\n"));
}
