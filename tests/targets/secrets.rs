//! No target returns a secret.

use crate::server::{Act, Server, reply};
use crate::{ask, error_of, request, with_secret};
use holdline::target::TargetErrorKind;

const SECRET: &str = "s3same/öffne dich";

/// A server that answers with the headers and the body it was sent.
async fn echo(status: &'static str) -> Server {
    Server::answering(move |asked| {
        let seen = serde_json::json!({ "head": asked.head, "body": asked.body, asked.body.clone(): 1 });
        vec![Act::Send(reply(status, "application/json", &seen.to_string()))]
    })
    .await
}

fn is_clean(text: &str) {
    for part in ["s3same", "ffne", "czNzYW1l"] {
        assert!(!text.contains(part), "{text}");
    }
}

#[tokio::test]
async fn an_echoed_secret_is_in_no_answer_and_in_no_error() {
    let context = with_secret("KEY", SECRET);
    let sent =
        "headers = { authorization = 'Bearer ${env:KEY}' }\nbody = { a = '${env:KEY}', b = '{{ input }}' }\n";

    let server = echo("200 OK").await;
    let at = format!("http = '{}?key=${{env:KEY}}'\n{sent}", server.url("/"));
    for pointers in ["", "reply = { output = '/body', label = '/head', model = '/body', contexts = '/none' }"]
    {
        let answer = ask(&format!("{at}{pointers}"), &context, &request("x")).await.unwrap();
        is_clean(&serde_json::to_string(&answer).unwrap());
        assert!(answer.output.contains("[redacted:KEY]"), "{}", answer.output);
    }
    // The server did get it.
    assert!(server.asked()[0].body.contains(SECRET));

    let outcome = ask(&format!("{at}reply = {{ output = '/nothing' }}"), &context, &request("x")).await;
    is_clean(&error_of(TargetErrorKind::MissingPointer, outcome));

    let server = echo("500 Oh").await;
    let at = format!("http = '{}?key=${{env:KEY}}'\n{sent}", server.url("/"));
    let message = error_of(TargetErrorKind::Status, ask(&at, &context, &request("x")).await);
    is_clean(&message);
    assert!(message.contains("[redacted:"), "{message}");
}

#[tokio::test]
async fn a_secret_at_the_edge_of_an_excerpt_is_not_cut_in_half() {
    let context = with_secret("KEY", "opensesame-opensesame");
    for before in 270..300 {
        let body = "x".repeat(before) + " opensesame-opensesame";
        let server = Server::acting([Act::Send(reply("500 Oh", "text/plain", &body))]).await;
        let outcome = ask(&format!("http = '{}'", server.url("/")), &context, &request("x")).await;
        let message = error_of(TargetErrorKind::Status, outcome);
        assert!(!message.contains("open"), "{before}: {message}");
    }
}

#[tokio::test]
async fn keys_that_the_run_does_not_know_are_redacted_too() {
    let key = concat!("sk-", "live0123456789abcdefghij");
    let server = Server::json(&format!(r#"{{ "message": "use {key}" }}"#)).await;
    let text = format!("http = '{}'\nreply = {{ output = '/message' }}", server.url("/"));
    let answer = ask(&text, &crate::context(), &request("x")).await.unwrap();
    assert_eq!(answer.output, "use [redacted:key]");
}

#[tokio::test]
async fn a_closure_and_its_panic_give_nothing_away() {
    let mut context = with_secret("KEY", SECRET);
    context.closures.register("app", async |request: holdline::target::Request| {
        assert!(request.input != "panic", "with {SECRET}");
        Ok::<_, String>(SECRET)
    });
    let answer = ask("in_process = 'app'", &context, &request("x")).await.unwrap();
    assert_eq!(answer.output, "[redacted:KEY]");
    let outcome = ask("in_process = 'app'", &context, &request("panic")).await;
    is_clean(&error_of(TargetErrorKind::InProcess, outcome));
}

#[tokio::test]
async fn calls_and_retrieved_ids_are_redacted() {
    let server = Server::json(
        r#"{ "output": "", "calls": [{ "name": "opensesame", "arguments": { "opensesame": ["a opensesame"] } }],
             "retrieved": ["opensesame"] }"#,
    )
    .await;
    let text = format!(
        "http = '{}'\nreply = {{ output = '/output', calls = '/calls', retrieved = '/retrieved' }}",
        server.url("/")
    );
    let answer = ask(&text, &with_secret("KEY", "opensesame"), &request("x")).await.unwrap();
    let written = serde_json::to_string(&answer).unwrap();
    assert!(!written.contains("opensesame"), "{written}");
    assert_eq!(written.matches("[redacted:KEY]").count(), 4, "{written}");
}
