//! What endpoints tell beside their verdicts: probabilities, tokens and their own names.

use crate::model::{KEY, Model, text, verdict};
use crate::world::*;
use axum::Json;
use axum::response::{IntoResponse, Response};
use holdline::judge::Outcome::{Fail, Pass};
use holdline::judge::model::Network;
use serde_json::{Value, json};
use std::sync::Arc;

/// A completion of a model that calls itself so, with the tokens of its text.
fn told(model: &str, pieces: &[(&str, f64)]) -> Response {
    let content: String = pieces.iter().map(|(text, _)| *text).collect();
    let tokens: Vec<Value> = pieces
        .iter()
        .map(|(text, probability)| json!({ "token": text, "logprob": probability.ln(), "bytes": null }))
        .collect();
    Json(json!({
        "model": model,
        "choices": [{ "message": { "content": content }, "finish_reason": "stop", "logprobs": { "content": tokens } }],
    }))
    .into_response()
}

const SURE: [(&str, f64); 4] = [
    (r#"{"reasoning": "r", "evidence": "", "#, 0.5),
    (r#""verdict": ""#, 0.9),
    ("pa", 0.8),
    (r#"ss"}"#, 0.75),
];

#[test]
fn the_probability_of_a_verdict_is_kept_where_it_is_asked_for_and_told() {
    let asked_with = |logprobs: &str, script: Box<Script>| {
        let model = Model::start(script);
        let project = project_of(model.port, &[("j", RUBRIC)]);
        let settings =
            project.read("holdline.toml").replace("retries = 0", &format!("retries = 0\n{logprobs}"));
        project.write("holdline.toml", &settings);
        let found = judged(&judge_of(&project, "j", Arc::new(Network)), &Given::default(), 0);
        (found, model.sent())
    };
    let (found, sent) = asked_with("logprobs = true", Box::new(|_, _| told("m-1", &SURE)));
    assert_eq!((found.outcome, &sent[0]["logprobs"]), (Pass, &json!(true)));
    assert!((found.confidence.unwrap() - 0.6).abs() < 1e-9, "0.8 · 0.75: {:?}", found.confidence);
    assert_eq!((found.usage, found.models.as_slice()), (None, &["m-1".to_owned()][..]), "usage is not told");
    let (found, sent) = asked_with("logprobs = true", Box::new(|_, _| verdict("pass")));
    assert_eq!((found.outcome, found.confidence, sent.len()), (Pass, None, 1));
    let (_, sent) = asked_with("", Box::new(|_, _| verdict("pass")));
    assert_eq!(sent[0].get("logprobs"), None, "sent only where it is set");
}

#[test]
fn all_models_that_answered_are_named() {
    let script = |_, body: &Value| told(if body["model"] == "large" { "z-large" } else { "a-small" }, &SURE);
    let file = format!("{RUBRIC}samples = 2\nstrong = \"large\"\n");
    let (found, _) = asked(&file, script);
    assert_eq!(found.models, ["a-small"]);
    let fails = |_, body: &Value| {
        let (model, word) = if body["model"] == "large" { ("z-large", "pass") } else { ("a-small", "fail") };
        let content = format!(r#"{{"reasoning": "r", "evidence": "", "verdict": "{word}"}}"#);
        told(model, &[(content.as_str(), 0.5)])
    };
    let (found, _) = asked(&file, fails);
    assert_eq!((found.outcome, found.models), (Pass, vec!["a-small".to_owned(), "z-large".to_owned()]));
}

#[test]
fn what_a_judge_says_of_keys_is_masked_in_every_part() {
    let reply = claims(&[(&format!("the key is {KEY}"), &format!("so {KEY}"), "unsupported")]);
    let (found, _) = asked(CLAIMS, move |_, _| text(&reply));
    assert_eq!(found.outcome, Fail);
    assert!(!format!("{found:?}").contains(KEY), "{found:?}");
}
