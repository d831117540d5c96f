//! The `command` target, with programs that are there on every Unix.
#![cfg(unix)]

use crate::{ask, context, error_of, request, turn, with_secret};
use holdline::target::{Context, Request, TargetErrorKind};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// A command that runs a script, with these arguments after it.
fn script(script: &str) -> String {
    format!("command = ['sh', '-c', '''{script}''']\n")
}

#[tokio::test]
async fn json_goes_in_and_the_shape_of_a_recorded_answer_comes_out() {
    let text = script(r#"cat >/dev/null; echo "{\"output\": \"hi\", \"label\": \"greet\"}""#);
    let answer = ask(&text, &context(), &request("x")).await.unwrap();
    assert_eq!((answer.output.as_str(), answer.label.as_deref()), ("hi", Some("greet")));
    assert!(answer.latency_ms.is_some());
}

#[tokio::test]
async fn a_program_reads_the_case_as_json() {
    let request = Request { turns: vec![turn("hi", "hello")], ..request("when?") };
    let answer = ask("command = ['cat']\nreply = { output = '' }", &context(), &request).await.unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(&answer.output).unwrap(),
        json!({ "input": "when?", "row": {}, "conversation": "c-1",
                "turns": [{ "user": "hi", "answer": { "output": "hello" } }] })
    );
}

#[tokio::test]
async fn text_goes_in_and_text_comes_out() {
    let answer =
        ask("command = ['cat']\nformat = 'text'", &context(), &request("two\nlines\n")).await.unwrap();
    assert_eq!(answer.output, "two\nlines");
    let text = "command = ['cat']\nformat = 'text'\nbody = 'say {{ input }}'";
    assert_eq!(ask(text, &context(), &request("hi")).await.unwrap().output, "say hi");
}

#[tokio::test]
async fn arguments_and_environment_are_templates_and_no_shell_reads_them() {
    let text = "command = ['sh', '-c', 'printf \"%s|%s|%s\" \"$0\" \"$WHO\" \"$PWD\"', '{{ input }}']\n\
                format = 'text'\nenv = { WHO = 'case {{ conversation.id }}' }";
    let root = tempfile::tempdir().unwrap();
    let root = root.path().canonicalize().unwrap();
    let answer =
        ask(text, &Context { root: root.clone(), ..context() }, &request("$(date); 'x'")).await.unwrap();
    assert_eq!(answer.output, format!("$(date); 'x'|case c-1|{}", root.display()));
}

#[tokio::test]
async fn a_program_with_a_path_is_found_from_the_root() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let program = root.path().join("app");
    std::fs::write(&program, "#!/bin/sh\necho from the root\n").unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let context = Context { root: root.path().to_owned(), ..context() };
    let answer = ask("command = ['./app']\nformat = 'text'", &context, &request("x")).await.unwrap();
    assert_eq!(answer.output, "from the root");
}

#[tokio::test]
async fn much_in_both_directions_does_not_hang() {
    let input = "x".repeat(1 << 20);
    let answer =
        ask("command = ['cat']\nformat = 'text'", &context(), &request(input.clone())).await.unwrap();
    assert_eq!(answer.output.len(), input.len());
    // A program that reads nothing, and one that complains without end, do not either.
    let text = script("echo ok") + "format = 'text'";
    assert_eq!(ask(&text, &context(), &request(input.clone())).await.unwrap().output, "ok");
    let text = script("cat >&2; echo ok") + "format = 'text'";
    assert_eq!(ask(&text, &context(), &request(input)).await.unwrap().output, "ok");
}

#[tokio::test]
async fn an_exit_code_is_told_with_the_end_of_what_was_complained() {
    let text = script("echo first >&2; echo last words >&2; exit 3");
    let message = error_of(TargetErrorKind::Status, ask(&text, &context(), &request("x")).await);
    assert_eq!(message, "`sh` ended with exit code 3: first last words");
}

#[tokio::test]
async fn a_program_that_dies_or_is_not_there_is_a_command_error() {
    let message =
        error_of(TargetErrorKind::Command, ask(&script("kill -9 $$"), &context(), &request("x")).await);
    assert!(message.contains("signal: 9"), "{message}");
    let outcome = ask("command = ['no-such-program-anywhere']", &context(), &request("x")).await;
    let message = error_of(TargetErrorKind::Command, outcome);
    assert!(message.contains("`no-such-program-anywhere` cannot be started"), "{message}");
}

#[tokio::test]
async fn output_that_is_not_what_was_expected_is_told_apart() {
    for (program, kind) in [
        ("echo hello", TargetErrorKind::NotJson),
        ("true", TargetErrorKind::NotJson),
        ("echo \"{}\"", TargetErrorKind::MissingPointer),
        ("echo \"{\\\"output\\\": \\\"x\\\", \\\"label\\\": []}\"", TargetErrorKind::WrongType),
        ("printf \"\\\\377\"", TargetErrorKind::NotText),
    ] {
        error_of(kind, ask(&script(program), &context(), &request("x")).await);
    }
}

#[tokio::test]
async fn endless_output_is_cut_off_and_its_program_ended() {
    let text = "command = ['yes']\nmax_answer = '64KiB'";
    let message = error_of(TargetErrorKind::TooLarge, ask(text, &context(), &request("x")).await);
    assert!(message.contains("65536 bytes"), "{message}");
}

#[tokio::test]
async fn a_program_over_time_is_killed_with_its_children() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let text = script(&format!("sleep 60 & echo $$ $! > {}; echo waiting >&2; wait", pids.display()));
    // A busy machine may need more time even to start the program.
    let mut limit = Duration::from_millis(100);
    let message = loop {
        let context = Context { request_timeout: limit, ..context() };
        let message = error_of(TargetErrorKind::Timeout, ask(&text, &context, &request("x")).await);
        if message.ends_with("waiting") {
            break message;
        }
        limit *= 2;
        assert!(limit < Duration::from_secs(30), "{message}");
    };
    assert_eq!(message, format!("`sh` did not end within {limit:?}: waiting"));
    let pids = std::fs::read_to_string(pids).unwrap();
    for pid in pids.split_whitespace() {
        assert!(is_gone(pid), "{pid} is still there");
    }
}

#[tokio::test]
async fn children_left_behind_do_not_hold_up_the_answer() {
    let started = Instant::now();
    let text = script("sleep 60 & echo ok") + "format = 'text'";
    assert_eq!(ask(&text, &context(), &request("x")).await.unwrap().output, "ok");
    assert!(started.elapsed() < Duration::from_secs(15));
}

#[tokio::test]
async fn a_question_that_is_dropped_takes_its_program_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let pid = folder.path().join("pid");
    let text = script(&format!("echo $$ > {}.new; mv {0}.new {0}; exec sleep 60", pid.display()));
    let asking = tokio::spawn(async move { ask(&text, &context(), &request("x")).await });
    let mut looks = 0;
    while !pid.exists() {
        looks += 1;
        assert!(looks < 2000, "the program did not start");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    assert!(is_gone(std::fs::read_to_string(pid).unwrap().trim()));
}

#[tokio::test]
async fn what_a_program_says_is_redacted() {
    let context = with_secret("KEY", "opensesame");
    let text = script("echo \"$KEY\"; echo \"$KEY\" >&2; exit $CODE") + "format = 'text'\n";
    let answer =
        ask(&format!("{text}env = {{ KEY = '${{env:KEY}}', CODE = '0' }}"), &context, &request("x")).await;
    assert_eq!(answer.unwrap().output, "[redacted:KEY]");
    let outcome =
        ask(&format!("{text}env = {{ KEY = '${{env:KEY}}', CODE = '1' }}"), &context, &request("x")).await;
    assert_eq!(error_of(TargetErrorKind::Status, outcome), "`sh` ended with exit code 1: [redacted:KEY]");
}

/// Whether a process has gone, or goes within two seconds. One that only waits to be collected by
/// its parent has gone.
fn is_gone(pid: &str) -> bool {
    (0..200).any(|_| {
        let ps = std::process::Command::new("ps").args(["-o", "stat=", "-p", pid]).output().unwrap();
        let state = String::from_utf8_lossy(&ps.stdout);
        let gone = state.trim().is_empty() || state.trim().starts_with('Z');
        if !gone {
            std::thread::sleep(Duration::from_millis(10));
        }
        gone
    })
}
