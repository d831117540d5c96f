//! An application that dies half-way, as a real process: this test program plays it.

use super::*;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Requests that the application answers before it dies.
const ANSWERS: usize = 25;

/// The application. Does nothing unless it is started as one.
#[test]
#[ignore = "it is the application that the other test starts"]
fn app() {
    let Some(port) = std::env::var("PORT").ok().and_then(|port| port.parse::<u16>().ok()) else { return };
    let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
    let mut answered = 0;
    for stream in listener.incoming() {
        let mut stream = stream.unwrap();
        if read(&mut stream).starts_with("POST") {
            answered += 1;
            if answered > ANSWERS {
                std::process::exit(1);
            }
        }
        let body = r#"{"message":"fine"}"#;
        let length = body.len();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
        let _ = write!(stream, "{head}\r\ncontent-length: {length}\r\n\r\n{body}");
    }
}

/// Reads a whole request: one that is closed unread breaks the connection under its own answer.
fn read(stream: &mut TcpStream) -> String {
    let mut request = String::new();
    let mut lines = BufReader::new(stream);
    let mut length = 0;
    while lines.read_line(&mut request).unwrap_or(0) > 2 {
        let line = request.lines().last().unwrap_or_default();
        length = line.strip_prefix("content-length: ").map_or(length, |length| length.parse().unwrap());
    }
    let _ = lines.read_exact(&mut vec![0; length]);
    request
}

#[test]
fn an_application_that_dies_leaves_what_it_answered_and_errors_for_the_rest() {
    let program = std::env::current_exe().unwrap();
    let program = program.to_str().unwrap();
    let project = suite("http://127.0.0.1:{{ serve.port }}/ask", "");
    let inputs = (0..400).map(|n| format!("\"question {n}\"")).collect::<Vec<_>>().join(", ");
    let serve = format!(
        "[target.serve]\nport = \"auto\"\ncommand = ['{program}', '--ignored', '--exact', 'dying::app', '--nocapture']\n\
         ready = \"http://127.0.0.1:{{{{ serve.port }}}}/\"\n\n[run]"
    );
    let text = project.read("suites/answers.toml").replace("concurrency = 1", "concurrency = 4");
    let text = text.replace(r#""good one", "bad", "good two""#, &inputs).replace("[run]", &serve);
    project.write("suites/answers.toml", &text);
    let came = run(&project);
    let outcomes: Vec<&str> = (0..400).map(|n| came.outcome(&format!("question {n}"))).collect();
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "pass").count(), ANSWERS);
    assert_eq!(outcomes.iter().filter(|outcome| **outcome == "target_error").count(), 400 - ANSWERS);
    came.ran.expect(3).says(&["the application ended during the run"]);
}
