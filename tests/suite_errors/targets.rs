//! Ways to reach the application.

use super::{target, told};

#[test]
fn no_way_to_reach_the_application() {
    insta::assert_snapshot!(target("[target]\nreply = { output = \"message\" }"));
}

#[test]
fn two_ways_to_reach_the_application() {
    insta::assert_snapshot!(target("[target]\nhttp = \"http://x\"\nchat = \"http://y\""));
}

#[test]
fn keys_that_this_target_would_ignore() {
    insta::assert_snapshot!(target(
        "[target]\nchat = \"http://x\"\nbody = { a = \"{{ input }}\" }\nformat = \"json\""
    ));
}

#[test]
fn a_target_without_a_program_or_an_address() {
    insta::assert_snapshot!(target(
        "[target]\nhttp = \"127.0.0.1/route\"\nraw = \"x\"\nform = { a = \"b\" }\n[target.serve]\ncommand = []\nready = \"http://127.0.0.1:{{ serve.port }}/\""
    ));
}

#[test]
fn serve_beside_a_command() {
    insta::assert_snapshot!(target(
        "[target]\ncommand = [\"app\"]\n[target.serve]\ncommand = [\"app\"]\nready = \"http://x\""
    ));
}

#[test]
fn a_missing_recording() {
    insta::assert_snapshot!(target("[target]\nrecorded = \"answers.jsonl\""));
}

#[test]
fn parts_of_answers_that_no_answer_has() {
    let expect = r#"[{ label = "a" }, { not = { label = "b" }, cites = {}, calls = { name = "f" }, cost = { max = 1.0 } }]"#;
    let suite = |target: &str| {
        told(&[(
            "suites/demo.toml",
            &format!(
                "feature = \"x\"\n[target]\n{target}\n[[scenario]]\nname = \"n\"\ninputs = [\"a\"]\nexpect = {expect}\n"
            ),
        )])
    };
    let http = suite("http = \"http://x\"\nreply = { output = \"/o\" }");
    let chat = suite("chat = \"http://x\"\nmodel = \"m\"");
    insta::assert_snapshot!(http + "\n\n" + &chat);
    assert!(suite("command = [\"cat\"]\nformat = \"text\"").matches("error[never-supplied]").count() == 4);
    for whole in [
        "http = \"http://x\"\nreply = { label = \"/l\", retrieved = \"/r\", calls = \"/c\", usage = \"/u\" }",
        "chat = \"http://x\"\nreply = { label = \"/l\", retrieved = \"/r\" }",
        "command = [\"cat\"]",
        "in_process = \"app\"",
    ] {
        assert_eq!(suite(whole), "no mistakes", "{whole}");
    }
}

#[test]
fn targets_that_nothing_could_be_asked_of() {
    let http = target(
        r#"[target]
http = "http://127.0.0.1:99999/ask"
headers = { "X Key" = "a", Accept = "a\nb" }
max_answer = "0B"

[target.serve]
command = ["app"]
port = 0
ready = "http://[::1/health"
ready_timeout = "0s"
env = { PORT = "80" }"#,
    );
    let chat = target(
        "[target]\nchat = \"http://\"\nmodel = \"\"\napi_key = \" \"\ntemperature = -0.5\nmax_tokens = 0\n\n[run]\nconcurrency = 100000\nrequest_timeout = \"0s\"\ncase_timeout = \"0ms\"\nmax_time = \"0h\"",
    );
    insta::assert_snapshot!(http + "\n\n" + &chat);
}
