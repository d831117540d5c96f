//! Every kind of reply that is no verdict, in a run: what the case comes to, that it never passes, and that the
//! key is nowhere afterwards.

#[expect(dead_code, reason = "other test files use the rest")]
mod model;
#[expect(dead_code, reason = "other test files use the rest")]
mod project;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::{JUDGE, Model, calibrate, described, message, text};
use project::{Project, runs};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Duration;

/// A key that every encoding changes.
const KEY: &str = r#"q9/Zr+tE=wq&x7"mB\0123456789"#;

/// The same in base64.
const BASE64: &str = "cTkvWnIrdEU9d3EmeDcibUJcMDEyMzQ1Njc4OQ==";

const SUITE: &str = r#"
feature = "Answers customers"
[target]
recorded = "answers.jsonl"
[[scenario]]
name = "solves what was asked"
inputs = ["Where is my order?"]
expect = { judge = "resolved" }
"#;

/// Every form in which an endpoint might send the key back.
fn forms() -> [String; 4] {
    let escaped = json!(KEY).to_string();
    let encoded: String = KEY
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_string() } else { format!("%{:02X}", c as u32) })
        .collect();
    [KEY.to_owned(), escaped.trim_matches('"').to_owned(), encoded, BASE64.to_owned()]
}

/// All files below a folder with what is in them.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
    found
}

/// What came of judging one answer: exit code, screen, and the verdict in the record.
fn judged(script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static) -> (i32, String, Value) {
    let model = Model::start(script);
    let project = Project::new(&[
        ("holdline.toml", &(described(model.port) + "timeout = \"400ms\"\n")),
        ("suites/judges/resolved.toml", JUDGE),
        ("suites/support.toml", SUITE),
        ("suites/answers.jsonl", "{\"input\": \"Where is my order?\", \"output\": \"It is in Bremen.\"}\n"),
    ]);
    calibrate(&project, "resolved");
    let done = project.command(&["run"]).env("JUDGE_KEY", KEY).output().unwrap();
    let said = String::from_utf8(done.stdout).unwrap() + &String::from_utf8(done.stderr).unwrap();
    for form in forms() {
        assert!(!said.contains(&form), "the key is on the screen as {form}: {said}");
        for (path, bytes) in files(project.folder.path()) {
            let holds = bytes.windows(form.len()).any(|window| window == form.as_bytes());
            assert!(!holds, "the key is in {path} as {form}");
        }
    }
    let newest = runs(project.folder.path()).pop().unwrap();
    let record: Value =
        serde_json::from_str(&std::fs::read_to_string(newest.join("report.json")).unwrap()).unwrap();
    (done.status.code().unwrap(), said, record["suites"][0]["cases"][0]["graded"].clone())
}

/// A reply that is no verdict makes a judge error that says why, and a run that decides nothing.
fn is_no_verdict(script: impl Fn(usize, &Value) -> Response + Send + Sync + 'static, why: &str) {
    let (code, said, graded) = judged(script);
    assert_eq!(graded["outcome"], "judge_error", "{why}: {said}");
    let reason = graded["verdicts"][0]["reason"].as_str().unwrap();
    assert!(reason.contains(why), "{why}: {reason}");
    assert_eq!(code, 3, "{why}: {said}");
    assert!(said.contains("1 of 1 judged cases have no verdict"), "{why}: {said}");
}

const GOOD: &str = r#"{"reasoning": "", "evidence": "", "verdict": "resolved"}"#;

#[test]
fn what_is_not_json_as_asked_is_no_verdict() {
    for (reply, why) in [
        ("", "unreadable reply"),
        ("resolved", "unreadable reply"),
        (&format!("The customer is happy: {GOOD}"), "unreadable reply"),
        (&format!("```json\n{GOOD}\n```"), "unreadable reply"),
        (&format!("{GOOD}{GOOD}"), "unreadable reply"),
        (r#"{"reasoning": "", "evidence": ""}"#, "unreadable reply"),
        (r#"{"reasoning": "", "evidence": "", "verdict": "splendid"}"#, "unreadable reply"),
        (r#"{"reasoning": "", "evidence": "", "verdict": NaN}"#, "unreadable reply"),
        (r#"{"reasoning": "", "evidence": "", "verdict": ["resolved"]}"#, "unreadable reply"),
        (r#"[{"verdict": "resolved"}]"#, "unreadable reply"),
    ] {
        let reply = reply.to_owned();
        is_no_verdict(move |_, _| text(&reply), why);
    }
}

#[test]
fn what_ends_early_is_filtered_or_refused_is_no_verdict() {
    let said = || json!({ "role": "assistant", "content": GOOD });
    is_no_verdict(move |_, _| message(&said(), "length"), "reply cut off");
    is_no_verdict(move |_, _| message(&said(), "content_filter"), "reply filtered");
    let refusal = json!({ "role": "assistant", "content": null, "refusal": "I will not judge that." });
    is_no_verdict(move |_, _| message(&refusal, "stop"), "refused: ");
}

#[test]
fn an_endpoint_that_does_not_answer_gives_no_verdict_and_keeps_the_key_to_itself() {
    // It says all that it knows of the key.
    is_no_verdict(|_, _| (StatusCode::UNAUTHORIZED, forms().join(" ")).into_response(), "no reply");
    is_no_verdict(|_, _| StatusCode::TOO_MANY_REQUESTS.into_response(), "no reply");
    is_no_verdict(|_, _| (StatusCode::BAD_GATEWAY, forms().join(" ")).into_response(), "no reply");
    is_no_verdict(
        |_, _| {
            std::thread::sleep(Duration::from_millis(700));
            text(GOOD)
        },
        "no reply",
    );
    is_no_verdict(|_, _| text(&"x".repeat(5 << 20)), "no reply");
}

#[test]
fn a_verdict_may_repeat_the_key_and_nobody_sees_it() {
    let told = forms().join(" ");
    let reply = json!({ "reasoning": told, "evidence": told, "verdict": "unresolved" }).to_string();
    let (_, _, graded) = judged(move |_, _| text(&reply));
    let reason = graded["verdicts"][0]["reason"].as_str().unwrap();
    assert!(reason.contains("[redacted"), "{reason}");
}

#[test]
fn a_fail_that_quotes_what_is_not_there_is_marked() {
    let reply = json!({ "reasoning": "it is rude", "evidence": "Go away", "verdict": "unresolved" });
    let (_, _, graded) = judged(move |_, _| text(&reply.to_string()));
    assert_eq!(graded["verdicts"][0]["model"]["verified"], json!(false));
    assert_eq!(graded["verdicts"][0]["reason"], "it is rude (what it quotes is not in the answer)");
}

#[test]
fn a_hostile_name_of_a_model_is_a_name_and_nothing_more() {
    let (_, said, graded) = judged(|_, _| {
        Json(json!({
            "model": "\u{1b}[31m::error::m",
            "choices": [{ "message": { "role": "assistant", "content": GOOD }, "finish_reason": "stop" }],
        }))
        .into_response()
    });
    assert_eq!(graded["verdicts"][0]["outcome"], "pass");
    assert!(!said.contains('\u{1b}'), "{said}");
}
