//! Bodies that are not what they say, too much, or no text.

use super::*;
use server::open_ended;

/// What the application could send before Holdline turned away is in sockets by then: a few MiB for the
/// answer, and what the system buffers.
const SENT_AT_MOST: usize = 64 << 20;

fn json(length: usize, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_shorter_than_it_says() {
    let server = bad(|_| vec![Act::Send(json(100, r#"{"message":"fine"}"#)), Act::Close]).await;
    let came = run(&suite(&server.url("/ask"), "retries = 1"));
    came.only_the_bad_one_is("connection");
    assert_eq!(bad_requests(&server), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_longer_than_it_says_is_cut_and_is_no_answer() {
    let server = bad(|_| vec![Act::Send(json(5, r#"{"message":"fine"}"#))]).await;
    let came = run(&suite(&server.url("/ask"), ""));
    came.only_the_bad_one_is("not_json");
    assert_eq!(bad_requests(&server), 1);
}

/// What is left over of one body must not be read as the answer to the next request on the connection.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_behind_a_body_is_nobodys_answer() {
    let server = bad(|_| {
        let mut bytes = json(5, r#"{"me}"#);
        bytes.extend(json(20, r#"{"message":"fine 2"}"#));
        vec![Act::Send(bytes)]
    })
    .await;
    let came = run(&suite(&server.url("/ask"), ""));
    came.only_the_bad_one_is("not_json");
    assert!(!came.report.to_string().contains("fine 2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gigabyte_that_is_announced_is_refused_before_it_is_read() {
    let server = bad(|_| vec![Act::Send(json(1 << 30, "")), Act::Forever(vec![b' '; 65_536])]).await;
    let came = run(&suite(&server.url("/ask"), ""));
    came.only_the_bad_one_is("too_large");
    assert_eq!(bad_requests(&server), 1);
    assert!(server.sent() < SENT_AT_MOST, "{} bytes went out", server.sent());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_without_end_is_read_up_to_the_limit() {
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 65_536], b"\r\n".to_vec()].concat();
    let chunked = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    let forms =
        [(chunked.as_bytes().to_vec(), chunk), (open_ended("application/json", b""), vec![b' '; 65_536])];
    for (head, more) in forms {
        let server = bad(move |_| vec![Act::Send(head.clone()), Act::Forever(more.clone())]).await;
        let came = run(&suite(&server.url("/ask"), ""));
        came.only_the_bad_one_is("too_large");
        assert_eq!(bad_requests(&server), 1);
        assert!(server.sent() < SENT_AT_MOST, "{} bytes went out", server.sent());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_without_end_and_an_error_without_end() {
    let line = format!("x-more: {}\r\n", "a".repeat(1000));
    let head = vec![Act::Send(b"HTTP/1.1 200 OK\r\n".to_vec()), Act::Forever(line.into())];
    let error = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n".to_vec();
    let error = vec![Act::Send(error), Act::Forever(vec![b'e'; 65_536])];
    for (acts, kind) in [(head, "connection"), (error, "status")] {
        let server = bad(move |_| acts.clone()).await;
        let came = run(&suite(&server.url("/ask"), "retries = 0"));
        came.only_the_bad_one_is(kind);
        assert!(server.sent() < SENT_AT_MOST, "{} bytes went out", server.sent());
        assert!(came.report.to_string().len() < 100_000, "what is quoted of it is short");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text() {
    let server = bad(|_| {
        let mut bytes = json(19, r#"{"message":"fine"#);
        bytes.extend(b"\xff\"}");
        vec![Act::Send(bytes)]
    })
    .await;
    let came = run(&suite(&server.url("/ask"), ""));
    came.only_the_bad_one_is("not_text");
    assert_eq!(bad_requests(&server), 1);
}

/// A model that never stops: fast, it comes to the limit of an answer; slow, to that of a request.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_of_events_without_end() {
    const FINE: &str = r#"{"choices":[{"message":{"content":"fine"}}]}"#;
    let event = |text: &str| format!("data: {{\"choices\":[{{\"delta\":{{\"content\":\"{text}\"}}}}]}}\n\n");
    let fast = vec![Act::Forever(event(&"fine ".repeat(2000)).into())];
    let slow: Vec<Act> = (0..3000)
        .flat_map(|_| [Act::Send(event("fine ").into()), Act::Pause(Duration::from_millis(20))])
        .collect();
    for (acts, kind) in [(fast, "too_large"), (slow, "timeout")] {
        let server = Server::answering(move |asked| {
            if is_bad(asked) {
                let mut all = vec![Act::Send(open_ended("text/event-stream", b""))];
                all.extend(acts.clone());
                all
            } else {
                vec![Act::Send(reply("200 OK", "application/json", FINE))]
            }
        })
        .await;
        let project = suite("", "request_timeout = \"2s\"\nretries = 0");
        let text = project.read("suites/answers.toml");
        let (front, back) = (text.find("http =").unwrap(), text.find("[run]").unwrap());
        let chat = format!("chat = \"{}\"\nmodel = \"m\"\nstream = true\n\n", server.url("/v1"));
        project.write("suites/answers.toml", &[&text[..front], &chat, &text[back..]].concat());
        let came = run(&project);
        came.only_the_bad_one_is(kind);
        assert!(server.sent() < SENT_AT_MOST, "{} bytes went out", server.sent());
    }
}
