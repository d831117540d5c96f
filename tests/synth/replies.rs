//! Every kind of reply that is none: sent back once where that may help, and told by its name.

use crate::model::{Model, message, text};
use crate::world::{UNLIKE, candidates, project, queries, report, synth, well};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::time::Duration;

const TWO: [&str; 6] = ["--scenario", "finds-parcels", "--count", "2", "--json", "o.json"];

/// Asks for two, and expects an error of this kind, with so many requests, and nothing else.
fn is_none(script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static, kind: &str, sent: usize) {
    let model = Model::start(script);
    let project = project(&model, "timeout = \"400ms\"");
    let ran = synth(&project, &TWO).expect(3);
    ran.says(&["0 of 2 delivered", kind, "Nothing came of 1 thing asked about"]);
    assert_eq!(report(&project, "o.json")["errors"], json!({ kind: 2 }));
    assert_eq!(model.sent().len(), sent, "{kind}");
    assert!(candidates(&project).is_empty());
    // An error is never kept: it is asked again.
    synth(&project, &TWO).expect(3);
    assert_eq!(model.sent().len(), 2 * sent, "{kind}");
}

#[test]
fn what_is_not_json_as_asked_is_sent_back_once_and_then_unreadable() {
    let good = queries(&UNLIKE[..2]);
    for reply in [
        String::new(),
        "Here are two messages.".into(),
        format!("Sure! {good}"),
        format!("```json\n{good}\n```"),
        format!("{good}{good}"),
        good.replace("\"items\"", "\"messages\""),
        good.replace("\"a\"", "NaN"),
        good.replacen("\"approach\"", "\"approach\":\"\",\"approach\"", 1),
        good.replacen("\"angle\"", "\"angle\":\"\",\"angle\"", 1),
        good.replacen("\"angle\":\"a\",", "", 1),
        json!({ "approach": "", "items": [] }).to_string(),
        json!({ "approach": "", "items": [{ "angle": "", "text": 7 }] }).to_string(),
        json!([{ "angle": "", "text": "x" }]).to_string(),
    ] {
        is_none(move |_, _| text(&reply), "unreadable", 2);
    }
}

#[test]
fn a_reply_that_is_mended_counts() {
    let model =
        Model::start(|number, body| if number == 0 { text("Sure, here they are!") } else { well(0, body) });
    let project = project(&model, "");
    synth(&project, &TWO).expect(0).says(&["2 of 2 delivered", "1 reply, 2 requests in all, 20 + 10 tokens"]);
    let sent = model.sent();
    let back = sent[1]["messages"].as_array().unwrap();
    assert_eq!(back.len(), 4);
    assert_eq!(back[2], json!({ "role": "assistant", "content": "Sure, here they are!" }));
    let mend = back[3]["content"].as_str().unwrap();
    assert!(mend.starts_with("That reply cannot be used: the reply is not a JSON object alone."), "{mend}");
}

#[test]
fn what_ends_early_is_filtered_or_refused_is_told_so_and_not_asked_for_again() {
    let said = || json!({ "role": "assistant", "content": queries(&UNLIKE[..2]) });
    is_none(move |_, _| message(&said(), "length"), "cut_off", 1);
    is_none(move |_, _| message(&said(), "content_filter"), "filtered", 1);
    let refusal = json!({ "role": "assistant", "content": null, "refusal": "I will not." });
    is_none(move |_, _| message(&refusal, "stop"), "refused", 1);
}

#[test]
fn an_endpoint_that_gives_nothing_gives_no_reply() {
    is_none(|_, _| StatusCode::UNAUTHORIZED.into_response(), "no_reply", 1);
    is_none(|_, _| StatusCode::TOO_MANY_REQUESTS.into_response(), "no_reply", 1);
    is_none(|_, _| StatusCode::BAD_GATEWAY.into_response(), "no_reply", 1);
    is_none(|_, _| text(&"x".repeat(5 << 20)), "no_reply", 1);
}

#[test]
fn an_endpoint_that_takes_too_long_gives_no_reply() {
    let model = Model::start(|_, _| {
        std::thread::sleep(Duration::from_secs(2));
        text("late")
    });
    let project = project(&model, "timeout = \"300ms\"");
    synth(&project, &TWO).expect(3).says(&["0 of 2 delivered", "no_reply", "no complete answer from"]);
    assert_eq!(report(&project, "o.json")["errors"], json!({ "no_reply": 2 }));
}

#[test]
fn an_endpoint_without_schemas_is_asked_by_tool_and_then_for_an_object_and_a_key_twice_is_seen_there() {
    let model = Model::start(|_, body| {
        if body.get("response_format").is_some_and(|form| form["type"] == "json_schema") {
            return StatusCode::BAD_REQUEST.into_response();
        }
        let twice = queries(&UNLIKE[..2]).replacen("\"approach\"", "\"approach\":\"\",\"approach\"", 1);
        let mended = body["messages"].as_array().unwrap().len() > 2;
        let arguments = if mended { queries(&UNLIKE[..2]) } else { twice };
        let call = json!({ "function": { "name": "queries", "arguments": arguments } });
        message(&json!({ "role": "assistant", "content": null, "tool_calls": [call] }), "tool_calls")
    });
    let project = project(&model, "");
    synth(&project, &TWO).expect(0).says(&["2 of 2 delivered"]);
    let sent = model.sent();
    assert_eq!(sent.len(), 3, "by schema, by tool, and mended");
    assert_eq!(sent[2]["tool_choice"]["function"]["name"], "queries");
    assert!(
        sent[2]["messages"][3]["content"].as_str().unwrap().contains("the key `approach` is there twice")
    );
}

#[test]
fn hostile_texts_act_on_nothing() {
    let model = Model::start(|_, _| {
        text(&queries(&["\u{1b}[31m::error::red alert where is the box", "Where is my parcel?\u{202e}"]))
    });
    let project = project(&model, "");
    let ran = synth(&project, &TWO);
    assert!(!ran.out.contains('\u{1b}') && !ran.out.contains('\u{202e}'), "{}", ran.out);
    ran.says(&["schema"]);
}
