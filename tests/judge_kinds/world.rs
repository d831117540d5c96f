//! Judges and models that the tests share, and the ways to ask.

use crate::model::{KEY, Model, verdict};
use crate::project::Project;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use holdline::judge::Outcome;
use holdline::judge::model::{Asks, Evidence, Judgement, ModelJudge, Network};
use holdline::session::judges::{clients, open, ready};
use serde_json::{Value, json};
use std::sync::Arc;

pub const RUBRIC: &str = r#"
kind = "rubric"
question = "Is it resolved?"
pass_when = "it is"
fail_when = "it is not"
positive = "fail"
"#;

pub const CLAIMS: &str = r#"
kind = "claims"
positive = "fail"
"#;

pub const PRINCIPLES: &str = r#"
kind = "principles"
positive = "fail"
principles = [
    { id = "honest", text = "It promises nothing that is not so" },
    { id = "kind", text = "It is friendly" },
]
"#;

pub const COMPARE: &str = "kind = \"compare\"\n";

pub const CONTEXTS: [&str; 2] = ["Orders ship  on Monday.", "The feeder is red."];

/// A project with these judges and two models at this port: `small`, which is asked first, and `large`.
pub fn project_of(port: u16, judges: &[(&str, &str)]) -> Project {
    let described = |name: &str, model: &str| {
        format!(
            "[models.{name}]\nbase_url = \"http://127.0.0.1:{port}/v1\"\nmodel = \"{model}\"\napi_key = \"${{env:JUDGE_KEY}}\"\nretries = 0\nconcurrency = 1\n"
        )
    };
    let project =
        Project::new(&[("holdline.toml", &(described("judge", "small") + &described("large", "large")))]);
    for (name, file) in judges {
        project.write(&format!("suites/judges/{name}.toml"), file);
    }
    project
}

/// The judge of this name, whose requests are answered by `asks`.
pub fn judge_of(project: &Project, name: &str, asks: Arc<dyn Asks>) -> ModelJudge {
    let root = project.folder.path();
    let settings = holdline::suite::project::Project::load(root).unwrap();
    let definition = open(root, &settings, name).unwrap();
    let lookup = |name: &str| (name == "JUDGE_KEY").then(|| KEY.to_owned());
    ready(&definition, &clients(&settings, &definition, lookup).unwrap().unwrap(), asks).unwrap()
}

/// What is judged here, unless a test says otherwise.
pub struct Given {
    pub output: &'static str,
    pub contexts: Vec<String>,
    pub accepted: Option<&'static str>,
}

impl Default for Given {
    fn default() -> Self {
        let contexts = CONTEXTS.map(str::to_owned).to_vec();
        Self { output: "It ships on Monday and is red.", contexts, accepted: Some("It ships.") }
    }
}

pub fn judged(judge: &ModelJudge, given: &Given, round: u32) -> Judgement {
    let input = json!("Where is it?");
    let evidence = Evidence {
        input: &input,
        before: &[],
        output: given.output,
        contexts: &given.contexts,
        accepted: given.accepted,
        reference: &[],
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(judge.again(&evidence, round))
}

pub type Script = dyn Fn(usize, &Value) -> Response + Send + Sync;

/// What the first of these judges makes of what is given, and what was sent for it.
pub fn asked_of(
    judges: &[(&str, &str)],
    given: &Given,
    script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static,
) -> (Judgement, Vec<Value>) {
    let model = Model::start(script);
    let project = project_of(model.port, judges);
    let found = judged(&judge_of(&project, judges[0].0, Arc::new(Network)), given, 0);
    (found, model.sent())
}

pub fn asked(
    file: &str,
    script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static,
) -> (Judgement, Vec<Value>) {
    asked_of(&[("j", file)], &Given::default(), script)
}

/// Says these verdicts one after the other, whoever asks; `!` is an error of the endpoint.
pub fn in_turn(words: &'static [&'static str]) -> impl Fn(usize, &Value) -> Response + Send + Sync + 'static {
    move |number, _| said(words.get(number).copied().unwrap_or("too many"))
}

pub fn said(word: &str) -> Response {
    if word == "!" { (StatusCode::BAD_REQUEST, "no").into_response() } else { verdict(word) }
}

/// Says one word as the small model, and another as the large one.
pub fn by_model(
    small: &'static str,
    large: &'static str,
) -> impl Fn(usize, &Value) -> Response + Send + Sync + 'static {
    move |_, body| said(if body["model"] == "large" { large } else { small })
}

/// How often the large model was asked.
pub fn large(sent: &[Value]) -> usize {
    sent.iter().filter(|body| body["model"] == "large").count()
}

pub fn claims(entries: &[(&str, &str, &str)]) -> String {
    let entry = |(claim, evidence, verdict): &(&str, &str, &str)| json!({ "claim": claim, "reasoning": "r", "evidence": evidence, "verdict": verdict });
    json!({ "claims": entries.iter().map(entry).collect::<Vec<_>>() }).to_string()
}

pub fn principles(entries: &[(&str, &str)]) -> String {
    let entry = |(principle, verdict): &(&str, &str)| json!({ "principle": principle, "reasoning": "r", "evidence": "", "verdict": verdict });
    json!({ "principles": entries.iter().map(entry).collect::<Vec<_>>() }).to_string()
}

pub fn parts(judgement: &Judgement) -> Vec<(&str, Outcome)> {
    judgement.parts.iter().map(|part| (part.name.as_str(), part.outcome)).collect()
}

/// The data of a request, read back.
pub fn data(body: &Value) -> Value {
    let message = body["messages"][1]["content"].as_str().unwrap();
    serde_json::from_str(message.lines().nth(1).unwrap()).unwrap()
}

/// Three rubrics with a question each, and a panel of them.
pub fn panel(more: &str) -> Vec<(&'static str, String)> {
    let member = |name: &str| RUBRIC.replace("Is it resolved?", &format!("Question {name}?"));
    let file = format!(
        "kind = \"panel\"\njudges = [\"a\", \"b\", \"c\"]\npositive = \"bad\"\nwords = {{ pass = \"good\", fail = \"bad\" }}\n{more}"
    );
    vec![("panel", file), ("a", member("a")), ("b", member("b")), ("c", member("c"))]
}

pub fn asked_panel(
    files: &[(&'static str, String)],
    script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static,
) -> (Judgement, Vec<Value>) {
    let files: Vec<(&str, &str)> = files.iter().map(|(name, file)| (*name, file.as_str())).collect();
    asked_of(&files, &Given::default(), script)
}
