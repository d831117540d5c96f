//! The `http` target.

use crate::server::{Act, Server, open_ended, reply};
use crate::{ask, context, error_of, impatient, open, request, turn};
use holdline::suite::Row;
use holdline::target::{Context, Request, TargetErrorKind};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

const JSON: &str = "application/json";

fn at(server: &Server) -> String {
    format!("http = '{}'\n", server.url("/route"))
}

#[tokio::test]
async fn an_input_is_posted_and_the_answer_read_by_pointers() {
    let server =
        Server::json(r#"{ "message": "hi", "agent": "greeter", "docs": [{ "id": "d1", "score": 0.5 }] }"#)
            .await;
    let text = at(&server) + "reply = { output = '/message', label = '/agent', retrieved = '/docs' }";
    let answer = ask(&text, &context(), &request("hello")).await.unwrap();
    assert_eq!((answer.output.as_str(), answer.label.as_deref()), ("hi", Some("greeter")));
    assert_eq!((answer.retrieved[0].id.as_str(), answer.retrieved[0].score), ("d1", Some(0.5)));
    assert!(answer.latency_ms.unwrap() > 0.0);

    let asked = server.only();
    assert!(asked.head.starts_with("POST /route HTTP/1.1"), "{}", asked.head);
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(asked.json(), json!({ "input": "hello" }));
}

#[tokio::test]
async fn without_pointers_the_whole_body_is_the_output() {
    let server = Server::acting([Act::Send(reply("200 OK", "text/plain", "just text\n"))]).await;
    assert_eq!(ask(&at(&server), &context(), &request("x")).await.unwrap().output, "just text\n");
}

#[tokio::test]
async fn templates_fill_the_body_and_the_headers() {
    let server = Server::json("{}").await;
    let text = at(&server)
        + "headers = { x-user = '{{ row.name }}', content-type = 'application/vnd.app+json' }\n\
           body = { text = '{{ input }}', n = '{{ row.n }}', s = 'id {{ conversation.id }}', \
                    last = '{{ turns[0].answer.output }}', port = '{{ serve.port }}', fixed = true }";
    let request = Request {
        row: Row {
            columns: Arc::from(["name".to_owned(), "n".into()]),
            values: vec![json!("Ana"), json!(3)],
        },
        turns: vec![turn("hi", "hello {{ input }}")],
        ..request("{{ row.n }} stays")
    };
    ask(&text, &Context { serve_port: Some(4711), ..context() }, &request).await.unwrap();
    let asked = server.only();
    assert_eq!(asked.header("x-user"), Some("Ana"));
    assert_eq!(asked.header("content-type"), Some("application/vnd.app+json"));
    assert_eq!(
        asked.json(),
        json!({ "text": "{{ row.n }} stays", "n": 3, "s": "id c-1", "last": "hello {{ input }}",
                "port": 4711, "fixed": true })
    );
}

#[tokio::test]
async fn forms_and_raw_bodies_are_sent_as_they_should_be() {
    let server = Server::json("{}").await;
    ask(&(at(&server) + "form = { 'a b' = '{{ input }}', c = '1' }"), &context(), &request("x & y=é"))
        .await
        .unwrap();
    ask(&(at(&server) + "method = 'PUT'\nraw = 'say {{ input }}'"), &context(), &request("hi"))
        .await
        .unwrap();
    let asked = server.asked();
    assert_eq!(asked[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(asked[0].body, "a+b=x+%26+y%3D%C3%A9&c=1");
    assert!(asked[1].head.starts_with("PUT "));
    assert_eq!(asked[1].body, "say hi");
}

#[tokio::test]
async fn an_input_in_the_address_is_a_get_and_stays_in_its_place() {
    let server = Server::json("{}").await;
    let text = format!("http = '{}?q={{{{ input }}}}&n=1'", server.url("/search"));
    ask(&text, &context(), &request("a&b=c #d/é")).await.unwrap();
    let asked = server.only();
    assert!(asked.head.starts_with("GET /search?q=a%26b%3Dc%20%23d%2F%C3%A9&n=1 HTTP/1.1"), "{}", asked.head);
    assert_eq!(asked.body, "");
}

#[tokio::test]
async fn an_address_that_is_a_value_as_a_whole_is_taken_as_it_stands() {
    let server = Server::json("{}").await;
    ask("http = '{{ input }}'", &context(), &request(server.url("/a?b=c"))).await.unwrap();
    assert!(server.only().head.starts_with("GET /a?b=c "));
}

#[tokio::test]
async fn nobody_listening_is_refused() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let message = error_of(
        TargetErrorKind::Refused,
        ask(&format!("http = 'http://{free}/a?key=hidden'"), &context(), &request("x")).await,
    );
    assert_eq!(message, format!("nobody listens at http://{free}/a"));
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_a_connection_error() {
    let outcome = ask("http = 'http://no-such-host.invalid/'", &context(), &request("x")).await;
    let message = error_of(TargetErrorKind::Connection, outcome);
    assert!(message.contains("no-such-host.invalid"), "{message}");
}

#[tokio::test]
async fn a_connection_that_breaks_is_a_connection_error() {
    let head = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this".to_vec();
    for acts in [
        vec![Act::Close],
        vec![Act::Reset],
        vec![Act::Send(head.clone()), Act::Close],
        vec![Act::Send(head), Act::Reset],
        vec![Act::Send(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nab".to_vec()), Act::Close],
        vec![Act::Send(b"this is not HTTP\r\n\r\n".to_vec()), Act::Close],
    ] {
        let server = Server::acting(acts).await;
        error_of(TargetErrorKind::Connection, ask(&at(&server), &context(), &request("x")).await);
    }
}

#[tokio::test]
async fn the_time_limit_covers_the_whole_request() {
    let drip = |bytes: &[u8]| vec![Act::Send(bytes.to_vec()), Act::Pause(Duration::from_millis(40))];
    let dripping =
        [b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n".as_slice(), b"a", b"b", b"c", b"d", b"e"];
    for acts in [vec![Act::Hang], dripping.into_iter().flat_map(drip).chain([Act::Hang]).collect()] {
        let server = Server::acting(acts).await;
        let message =
            error_of(TargetErrorKind::Timeout, ask(&at(&server), &impatient(), &request("x")).await);
        assert_eq!(message, format!("no complete answer from {} within 150ms", server.url("/route")));
    }
}

#[tokio::test]
async fn a_bad_status_is_quoted_with_the_beginning_of_its_body() {
    let body = format!("no such\r\nroute{}", "!".repeat(10_000));
    let server = Server::acting([Act::Send(reply("404 Not Found", "text/plain", &body))]).await;
    let message = error_of(TargetErrorKind::Status, ask(&at(&server), &context(), &request("x")).await);
    assert!(message.contains("404 Not Found: no such  route!!!"), "{message}");
    assert!(message.ends_with("!…") && message.chars().count() < 400, "{message}");
}

#[tokio::test]
async fn a_bad_status_with_a_body_that_never_ends_is_still_a_bad_status() {
    let head = b"HTTP/1.1 500 Oh\r\nconnection: close\r\n\r\n".to_vec();
    for act in [Act::Forever(vec![b'x'; 4096]), Act::Hang] {
        let server = Server::acting([Act::Send(head.clone()), act]).await;
        let message = error_of(TargetErrorKind::Status, ask(&at(&server), &context(), &request("x")).await);
        assert!(message.contains("500"), "{message}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Server::json("{}").await;
    let to = elsewhere.url("/there?token=hidden");
    let head = format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    let server = Server::acting([Act::Send(head.into_bytes())]).await;
    let message = error_of(TargetErrorKind::Status, ask(&at(&server), &context(), &request("x")).await);
    assert!(message.contains(&format!("a redirect to {};", elsewhere.url("/there"))), "{message}");
    assert!(elsewhere.asked().is_empty());
}

#[tokio::test]
async fn a_reply_that_is_not_json_is_quoted() {
    let pointing = "reply = { output = '/message' }";
    let server = Server::acting([Act::Send(reply("200 OK", "text/html", "<html>sorry"))]).await;
    let outcome = ask(&(at(&server) + pointing), &context(), &request("x")).await;
    assert!(error_of(TargetErrorKind::NotJson, outcome).ends_with(": <html>sorry"));

    let server = Server::acting([Act::Send(reply("204 No Content", JSON, ""))]).await;
    let outcome = ask(&(at(&server) + pointing), &context(), &request("x")).await;
    assert_eq!(error_of(TargetErrorKind::NotJson, outcome), "the reply is empty, where JSON is expected");
}

#[tokio::test]
async fn a_missing_pointer_and_a_wrong_type_are_target_errors() {
    let server = Server::json(r#"{ "agent": { "name": "x" } }"#).await;
    let outcome = ask(&(at(&server) + "reply = { output = '/message' }"), &context(), &request("x")).await;
    let message = error_of(TargetErrorKind::MissingPointer, outcome);
    assert_eq!(message, "the reply has nothing at `/message`: the reply has `agent`");
    let outcome = ask(&(at(&server) + "reply = { label = '/agent' }"), &context(), &request("x")).await;
    error_of(TargetErrorKind::WrongType, outcome);
}

#[tokio::test]
async fn a_reply_over_the_limit_is_not_read_to_its_end() {
    let announced = b"HTTP/1.1 200 OK\r\ncontent-length: 99999999\r\n\r\n".to_vec();
    for acts in [
        vec![Act::Send(announced), Act::Hang],
        vec![Act::Send(open_ended(JSON, b"")), Act::Forever(vec![b'x'; 4096])],
    ] {
        let server = Server::acting(acts).await;
        let text = at(&server) + "max_answer = '8KiB'";
        let message = error_of(TargetErrorKind::TooLarge, ask(&text, &context(), &request("x")).await);
        assert!(message.contains("over the limit of 8192 bytes"), "{message}");
        // What is under way in the buffers of both ends may be much; the stream would never end.
        assert!(server.sent() < 64 << 20);
    }
}

#[tokio::test]
async fn a_reply_of_exactly_the_limit_is_taken() {
    let server = Server::acting([Act::Send(reply("200 OK", "text/plain", &"x".repeat(1024)))]).await;
    assert!(ask(&(at(&server) + "max_answer = '1KiB'"), &context(), &request("x")).await.is_ok());
    let outcome = ask(&(at(&server) + "max_answer = '1023B'"), &context(), &request("x")).await;
    error_of(TargetErrorKind::TooLarge, outcome);
}

#[tokio::test]
async fn bytes_that_are_no_text_are_a_target_error() {
    let server = Server::acting([Act::Send(open_ended("text/plain", b"ab\xff")), Act::Close]).await;
    let message = error_of(TargetErrorKind::NotText, ask(&at(&server), &context(), &request("x")).await);
    assert_eq!(message, "the reply is not UTF-8 (byte 2)");
}

#[tokio::test]
async fn a_byte_order_mark_is_no_part_of_the_answer() {
    let server = Server::json("\u{feff}{ \"message\": \"hi\" }").await;
    let text = at(&server) + "reply = { output = '/message' }";
    assert_eq!(ask(&text, &context(), &request("x")).await.unwrap().output, "hi");
}

#[tokio::test]
async fn what_cannot_be_filled_in_is_a_template_error_that_names_the_key() {
    let server = Server::json("{}").await;
    for (text, named) in [
        (at(&server) + "body = { a = '{{ row.missing }}' }", "target.body"),
        (at(&server) + "headers = { x = '{{ input }}' }", "target.headers.x"),
        (at(&server) + "form = { a = '{{ turns[0].user }}' }", "target.form.a"),
        ("http = 'http://127.0.0.1:{{ serve.port }}/'".to_owned(), "target.http"),
        ("http = 'ftp://127.0.0.1/'".to_owned(), "ftp"),
        ("http = 'not an address'".to_owned(), "target.http"),
    ] {
        let outcome = ask(&text, &context(), &request("two\nlines")).await;
        let message = error_of(TargetErrorKind::Template, outcome);
        assert!(message.contains(named), "{message}");
    }
    assert!(server.asked().is_empty());
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = Server::json("{}").await;
    let target = open(&at(&server), &context());
    for _ in 0..20 {
        target.ask(&request("x")).await.unwrap();
    }
    assert_eq!((server.asked().len(), server.connections()), (20, 1));
}

#[tokio::test]
async fn requests_run_at_once_and_keep_their_answers_apart() {
    let server =
        Server::answering(|asked| vec![Act::Gather(16), Act::Send(reply("200 OK", JSON, &asked.body))]).await;
    let target: Arc<dyn holdline::target::Target> =
        open(&(at(&server) + "reply = { output = '/input' }"), &context()).into();
    let asking: Vec<_> = (0..16)
        .map(|n| {
            let target = Arc::clone(&target);
            tokio::spawn(async move { target.ask(&request(format!("input {n}"))).await })
        })
        .collect();
    for (n, asking) in asking.into_iter().enumerate() {
        assert_eq!(asking.await.unwrap().unwrap().output, format!("input {n}"));
    }
}
