//! Every kind of target, asked for real: servers on loopback, programs, files and closures.

mod chat;
mod command;
mod http;
mod in_process;
mod recorded;
mod secrets;
mod server;

use holdline::expand::CaseId;
use holdline::suite::Row;
use holdline::suite::schema::TargetSpec;
use holdline::suite::secret::Secrets;
use holdline::target::{
    self, Answer, Closures, Context, Request, Target, TargetError, TargetErrorKind, Turn,
};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// A target as a suite would write it.
fn spec(text: &str) -> TargetSpec {
    toml::from_str(text).unwrap()
}

fn context() -> Context {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    Context {
        root: here.to_owned(),
        folder: here.to_owned(),
        secrets: Arc::default(),
        serve_port: None,
        params: Arc::default(),
        request_timeout: Duration::from_secs(20),
        closures: Closures::default(),
    }
}

/// A context whose targets give up soon, for tests in which nothing comes.
fn impatient() -> Context {
    Context { request_timeout: Duration::from_millis(150), ..context() }
}

fn with_secret(name: &str, value: &str) -> Context {
    let (secrets, missing) = Secrets::gather([name.to_owned()], |_| Some(value.to_owned()));
    assert!(missing.is_empty());
    Context { secrets: Arc::new(secrets), ..context() }
}

fn open(text: &str, context: &Context) -> Box<dyn Target> {
    target::open(&spec(text), context).unwrap()
}

fn request(input: impl Into<Value>) -> Request {
    Request {
        case: CaseId::of(&[b"case"]),
        row_id: None,
        repeat: 0,
        input: input.into(),
        turns: Vec::new(),
        row: Row::default(),
        knobs: Row::default(),
        conversation: "c-1".into(),
        deadline: None,
    }
}

fn turn(user: &str, answer: &str) -> Turn {
    Turn { user: json!(user), answer: answer.into() }
}

async fn ask(text: &str, context: &Context, request: &Request) -> Result<Answer, TargetError> {
    open(text, context).ask(request).await
}

/// The error that came, which has to be of this kind.
#[track_caller]
fn error_of(kind: TargetErrorKind, outcome: Result<Answer, TargetError>) -> String {
    let error = outcome.expect_err("an error");
    assert_eq!(error.kind, kind, "{}", error.message);
    error.message
}

#[test]
fn a_target_is_reached_in_exactly_one_way() {
    for text in ["", "http = 'http://h'\nchat = 'http://h'"] {
        let error = target::open(&spec(text), &context()).err().unwrap().to_string();
        assert!(error.contains("exactly one of"), "{error}");
    }
    assert_eq!(target::kind(&spec("")), "none");
    for (kind, value) in
        [("http", "'h'"), ("chat", "'h'"), ("command", "['p']"), ("recorded", "'f'"), ("in_process", "'n'")]
    {
        assert_eq!(target::kind(&spec(&format!("{kind} = {value}"))), kind);
    }
}

#[test]
fn what_cannot_be_used_is_refused_when_the_target_is_opened() {
    for (text, named) in [
        ("http = 'http://h/{{ input'", "target.http"),
        ("http = 'http://h'\nbody = { a = '{{ }}' }", "target.body"),
        ("http = 'http://h'\nraw = 'x'\nform = { a = 'b' }", "target.body"),
        ("http = 'http://h'\nheaders = { 'a b' = 'x' }", "target.headers.a b"),
        ("http = 'http://h'\nreply = { label = 'agent' }", "target.reply.label"),
        ("chat = 'http://h'\nsystem = '{{ x'", "target.system"),
        ("command = []", "target.command"),
        ("command = ['p']\nenv = { A = '{{' }", "target.env.A"),
        ("recorded = 'no-such-file.jsonl'", "no-such-file.jsonl"),
    ] {
        let error = target::open(&spec(text), &context()).err().unwrap().to_string();
        assert!(error.contains(named), "{error}");
    }
}
