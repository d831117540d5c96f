//! The `chat` target.

use crate::server::{Act, Server, open_ended, reply};
use crate::{ask, context, error_of, open, request, turn, with_secret};
use holdline::target::{Request, TargetErrorKind, ToolCall, Usage};
use serde_json::{Value, json};
use std::time::Duration;

fn at(server: &Server) -> String {
    format!("chat = '{}'\nmodel = 'm-1'\n", server.url("/v1"))
}

fn completion(message: &Value) -> String {
    json!({
        "model": "m-1-2024", "choices": [{ "index": 0, "message": message, "finish_reason": "stop" }],
        "usage": { "prompt_tokens": 11, "completion_tokens": 2, "total_tokens": 13 },
    })
    .to_string()
}

/// The stream that a model's words come in.
fn stream(line_end: &str) -> Vec<u8> {
    let delta = |delta: Value, reason: Value| {
        json!({ "model": "m-1", "choices": [{ "index": 0, "delta": delta, "finish_reason": reason }], "usage": null })
            .to_string()
    };
    let events = [
        delta(json!({ "role": "assistant", "content": "" }), Value::Null),
        delta(json!({ "content": "Grüße, " }), Value::Null),
        delta(json!({ "content": "世界" }), Value::Null),
        delta(json!({}), json!("stop")),
        json!({ "choices": [], "usage": { "prompt_tokens": 5, "completion_tokens": 3 } }).to_string(),
        "[DONE]".to_owned(),
    ];
    let event = |data: &String| format!("data: {data}{line_end}{line_end}");
    (": keep-alive\n\n".to_owned() + &events.iter().map(event).collect::<String>()).into_bytes()
}

#[tokio::test]
async fn a_conversation_is_sent_as_messages_and_only_what_is_set_is_sent() {
    let server = Server::json(&completion(&json!({ "role": "assistant", "content": "at ten" }))).await;
    let request = Request { turns: vec![turn("hi", "hello")], ..request("when?") };
    let text =
        at(&server) + "system = 'You are {{ conversation.id }}.'\napi_key = '${env:KEY}'\ntemperature = 0.0";
    let answer = ask(&text, &with_secret("KEY", "opensesame"), &request).await.unwrap();
    assert_eq!(answer.output, "at ten");
    assert_eq!(answer.model.as_deref(), Some("m-1-2024"));
    assert_eq!(answer.usage, Some(Usage { input_tokens: 11, output_tokens: 2 }));
    assert!(answer.latency_ms.is_some() && answer.first_token_ms.is_none());

    let asked = server.only();
    assert!(asked.head.starts_with("POST /v1/chat/completions "), "{}", asked.head);
    assert_eq!(asked.header("authorization"), Some("Bearer opensesame"));
    assert_eq!(
        asked.json(),
        json!({ "model": "m-1", "temperature": 0.0, "messages": [
            { "role": "system", "content": "You are c-1." },
            { "role": "user", "content": "hi" },
            { "role": "assistant", "content": "hello" },
            { "role": "user", "content": "when?" },
        ] })
    );
}

#[tokio::test]
async fn a_stream_is_the_same_wherever_it_is_cut() {
    for line_end in ["\n", "\r\n"] {
        let body = stream(line_end);
        for size in [1, 2, 3, 7, 64, body.len()] {
            // Each piece is a chunk of its own, so that it arrives as one.
            let chunk = |piece: &[u8]| [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
            let head =
                b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
            let chunks: Vec<u8> = body.chunks(size).flat_map(chunk).collect();
            let server = Server::acting([Act::Send([head.as_slice(), &chunks, b"0\r\n\r\n"].concat())]).await;
            let target = open(&(at(&server) + "stream = true"), &context());
            for _ in 0..2 {
                let answer = target.ask(&request("x")).await.unwrap();
                assert_eq!(answer.output, "Grüße, 世界", "pieces of {size}");
                assert_eq!(answer.usage, Some(Usage { input_tokens: 5, output_tokens: 3 }));
                assert!(answer.first_token_ms.unwrap() <= answer.latency_ms.unwrap());
            }
            assert_eq!(server.connections(), 1, "the connection is used again");
            assert_eq!(server.asked()[0].json()["stream_options"], json!({ "include_usage": true }));
        }
    }
}

#[tokio::test]
async fn the_first_token_is_timed_when_it_comes() {
    let body = String::from_utf8(stream("\n")).unwrap();
    let events: Vec<&str> = body.split_inclusive("\n\n").collect();
    // The role comes at once, the first word 60 ms later, the rest 60 ms after that.
    let server = Server::acting([
        Act::Send(open_ended("text/event-stream", events[..2].concat().as_bytes())),
        Act::Pause(Duration::from_millis(60)),
        Act::Send(events[2].into()),
        Act::Pause(Duration::from_millis(60)),
        Act::Send(events[3..].concat().into()),
        Act::Close,
    ])
    .await;
    let answer = ask(&(at(&server) + "stream = true"), &context(), &request("x")).await.unwrap();
    let (first, all) = (answer.first_token_ms.unwrap(), answer.latency_ms.unwrap());
    assert!(first >= 60.0 && all >= 120.0 && first <= all, "{first} of {all}");
}

#[tokio::test]
async fn a_stream_that_ends_too_soon_is_no_answer() {
    let body = stream("\n");
    let cut = body.windows(6).position(|six| six == b"\"stop\"").unwrap() - 40;
    let server = Server::acting([Act::Send(open_ended("text/event-stream", &body[..cut])), Act::Close]).await;
    let outcome = ask(&(at(&server) + "stream = true"), &context(), &request("x")).await;
    // The last event is cut in the middle, or missing: either way there is no answer.
    let error = outcome.unwrap_err();
    assert!(matches!(error.kind, TargetErrorKind::Connection | TargetErrorKind::NotJson), "{error}");

    let whole_events = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
    let server =
        Server::acting([Act::Send(open_ended("text/event-stream", whole_events.as_bytes())), Act::Close])
            .await;
    let outcome = ask(&(at(&server) + "stream = true"), &context(), &request("x")).await;
    let message = error_of(TargetErrorKind::Connection, outcome);
    assert!(message.contains("ended before its last event"), "{message}");
}

#[tokio::test]
async fn errors_reported_in_a_stream_or_with_status_200_are_errors() {
    let error = r#"{"error":{"message":"overloaded","type":"server_error"}}"#;
    let server = Server::acting([
        Act::Send(open_ended("text/event-stream", format!("data: {error}\n\n").as_bytes())),
        Act::Close,
    ])
    .await;
    let outcome = ask(&(at(&server) + "stream = true"), &context(), &request("x")).await;
    assert_eq!(error_of(TargetErrorKind::Status, outcome), "the endpoint reports: overloaded");

    let server = Server::json(error).await;
    let outcome = ask(&at(&server), &context(), &request("x")).await;
    assert_eq!(error_of(TargetErrorKind::Status, outcome), "the endpoint reports: overloaded");
}

#[tokio::test]
async fn an_endless_stream_stops_at_the_limit() {
    let event = b"data: {\"choices\":[{\"delta\":{\"content\":\"aaaaaaaa\"}}]}\n\n".repeat(64);
    let server = Server::acting([Act::Send(open_ended("text/event-stream", b"")), Act::Forever(event)]).await;
    let text = at(&server) + "stream = true\nmax_answer = '64KiB'";
    error_of(TargetErrorKind::TooLarge, ask(&text, &context(), &request("x")).await);
}

#[tokio::test]
async fn an_endpoint_without_streams_is_understood() {
    let server = Server::json(&completion(&json!({ "content": "whole" }))).await;
    let answer = ask(&(at(&server) + "stream = true"), &context(), &request("x")).await.unwrap();
    assert_eq!((answer.output.as_str(), answer.first_token_ms), ("whole", None));
}

#[tokio::test]
async fn tool_calls_are_kept_with_their_arguments_read() {
    let expected = vec![
        ToolCall { name: "book".into(), arguments: json!({ "at": "10:00" }) },
        ToolCall { name: "mail".into(), arguments: json!("{broken") },
    ];
    let call = |name: &str, arguments: &str| json!({ "type": "function", "function": { "name": name, "arguments": arguments } });
    let message = json!({ "content": null, "tool_calls": [call("book", r#"{"at":"10:00"}"#), call("mail", "{broken")] });
    let server = Server::json(&completion(&message)).await;
    let answer = ask(&at(&server), &context(), &request("x")).await.unwrap();
    assert_eq!((answer.output.as_str(), &answer.calls), ("", &expected));

    let piece = |index: u64, function: Value| {
        let delta = json!({ "tool_calls": [{ "index": index, "function": function }] });
        format!("data: {}\n\n", json!({ "choices": [{ "delta": delta }] }))
    };
    let body = [
        piece(0, json!({ "name": "book", "arguments": "" })),
        piece(0, json!({ "arguments": "{\"at\":" })),
        piece(1, json!({ "name": "mail", "arguments": "{broken" })),
        piece(0, json!({ "arguments": "\"10:00\"}" })),
        "data: [DONE]\n\n".to_owned(),
    ]
    .concat();
    let server =
        Server::acting([Act::Send(open_ended("text/event-stream", body.as_bytes())), Act::Close]).await;
    let answer = ask(&(at(&server) + "stream = true"), &context(), &request("x")).await.unwrap();
    assert_eq!((answer.output.as_str(), &answer.calls), ("", &expected));
    assert!(answer.first_token_ms.is_some());
}

#[tokio::test]
async fn pointers_read_the_message_as_json() {
    let message = json!({ "content": r#"{ "say": "hi", "agent": "greeter" }"# });
    let server = Server::json(&completion(&message)).await;
    let pointing = at(&server) + "reply = { output = '/say', label = '/agent' }";
    let answer = ask(&pointing, &context(), &request("x")).await.unwrap();
    assert_eq!((answer.output.as_str(), answer.label.as_deref()), ("hi", Some("greeter")));

    let server = Server::json(&completion(&json!({ "content": "I would rather talk." }))).await;
    let pointing = at(&server) + "reply = { label = '/agent' }";
    let message = error_of(TargetErrorKind::NotJson, ask(&pointing, &context(), &request("x")).await);
    assert!(message.ends_with("I would rather talk."), "{message}");
}

#[tokio::test]
async fn a_refusal_and_parts_are_text_and_nothing_is_not_an_empty_answer() {
    for (message, output) in [
        (json!({ "content": null, "refusal": "I cannot." }), "I cannot."),
        (json!({ "content": [{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }] }), "ab"),
        (json!({ "content": "" }), ""),
    ] {
        let server = Server::json(&completion(&message)).await;
        assert_eq!(ask(&at(&server), &context(), &request("x")).await.unwrap().output, output);
    }
    for body in [completion(&json!({ "content": null })), r#"{ "choices": [] }"#.to_owned()] {
        let server = Server::json(&body).await;
        error_of(TargetErrorKind::MissingPointer, ask(&at(&server), &context(), &request("x")).await);
    }
}

#[tokio::test]
async fn a_bad_status_and_a_reply_that_is_not_json_are_told_apart() {
    let busy = r#"{"error":{"message":"rate limit"}}"#;
    let server = Server::acting([Act::Send(reply("429 Too Many Requests", "application/json", busy))]).await;
    for text in [at(&server), at(&server) + "stream = true"] {
        let message = error_of(TargetErrorKind::Status, ask(&text, &context(), &request("x")).await);
        assert!(message.contains("429 Too Many Requests") && message.contains("rate limit"), "{message}");
    }
    let server = Server::acting([Act::Send(reply("200 OK", "text/html", "<html>"))]).await;
    error_of(TargetErrorKind::NotJson, ask(&at(&server), &context(), &request("x")).await);
}
