//! The `recorded` target.

use crate::{error_of, request, turn};
use holdline::expand::CaseId;
use holdline::target::{self, Answer, Context, OpenError, Request, Target, TargetErrorKind};
use serde_json::{Value, json};

/// A recorded target over these lines.
fn recorded(lines: &str) -> Result<Box<dyn Target>, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("answers.jsonl"), lines).unwrap();
    let context = Context { folder: folder.path().to_owned(), ..crate::context() };
    target::open(&crate::spec("recorded = 'answers.jsonl'"), &context)
}

async fn answer(lines: &str, request: Request) -> Result<Answer, holdline::target::TargetError> {
    recorded(lines).unwrap().ask(&request).await
}

async fn output(lines: &str, request: Request) -> String {
    answer(lines, request).await.unwrap().output
}

fn row(id: &str, input: impl Into<Value>) -> Request {
    Request { row_id: Some(id.into()), ..request(input) }
}

fn repeat(repeat: u32) -> Request {
    Request { repeat, ..row("r1", "q") }
}

#[tokio::test]
async fn answers_are_found_by_row_then_by_case_then_by_input() {
    let case = CaseId::of(&[b"case"]);
    let lines = format!(
        r#"{{"id":"r1","output":"by row"}}

{{"id":"{case}","output":"by case"}}
{{"id":7,"output":"by number"}}
{{"input":"q","output":"by input","label":"l","latency_ms":12.5,"usage":{{"input_tokens":1,"output_tokens":2}}}}
{{"input":{{"a":1,"b":[2]}},"output":"by table"}}"#
    );
    assert_eq!(output(&lines, row("r1", "q")).await, "by row");
    assert_eq!(output(&lines, row("r2", "q")).await, "by case");
    assert_eq!(output(&lines, row("7", "q")).await, "by number");
    let other = |input: Value| Request { case: CaseId::of(&[b"other"]), ..request(input) };
    let found = answer(&lines, other(json!("q"))).await.unwrap();
    assert_eq!(
        (found.output.as_str(), found.label.as_deref(), found.latency_ms),
        ("by input", Some("l"), Some(12.5))
    );
    assert_eq!(found.usage.unwrap().output_tokens, 2);
    assert_eq!(output(&lines, other(json!({ "b": [2], "a": 1 }))).await, "by table");
    let missing = answer(&lines, other(json!("else"))).await;
    assert_eq!(error_of(TargetErrorKind::NotRecorded, missing), "answers.jsonl: no line has this input");
}

#[tokio::test]
async fn a_text_is_not_the_json_that_it_looks_like() {
    let lines = r#"{"input":[1],"output":"list"}"#;
    error_of(TargetErrorKind::NotRecorded, answer(lines, request("[1]")).await);
    assert_eq!(output(lines, request(json!([1]))).await, "list");
}

#[tokio::test]
async fn several_lines_are_repeats_in_their_order_or_by_run() {
    let plain = "{\"id\":\"r1\",\"output\":\"a\"}\n{\"id\":\"r1\",\"output\":\"b\"}";
    assert_eq!(output(plain, repeat(0)).await + &output(plain, repeat(1)).await, "ab");
    let message = error_of(TargetErrorKind::NotRecorded, answer(plain, repeat(2)).await);
    assert!(message.contains("repeat 3 is asked for, and there are 2"), "{message}");

    let runs = "{\"id\":\"r1\",\"run\":2,\"output\":\"b\"}\n{\"id\":\"r1\",\"run\":1,\"output\":\"a\"}";
    assert_eq!(output(runs, repeat(0)).await + &output(runs, repeat(1)).await, "ab");
}

#[tokio::test]
async fn an_answer_to_another_input_of_the_row_is_not_taken() {
    let lines = r#"{"id":"r1","input":"what it used to say","output":"stale"}"#;
    let message = error_of(TargetErrorKind::NotRecorded, answer(lines, row("r1", "q")).await);
    assert!(message.contains("line 1 has the id `r1` and another input"), "{message}");
}

#[tokio::test]
async fn the_turns_of_a_conversation_are_told_apart_by_what_was_said() {
    let lines =
        "{\"id\":\"r1\",\"output\":\"first\"}\n{\"id\":\"r1\",\"input\":\"yes\",\"output\":\"second\"}";
    assert_eq!(output(lines, row("r1", "q")).await, "first");
    let later = |input: &str| Request { turns: vec![turn("q", "first")], ..row("r1", input) };
    assert_eq!(output(lines, later("yes")).await, "second");
    error_of(TargetErrorKind::NotRecorded, answer(lines, later("no")).await);
}

#[tokio::test]
async fn one_input_with_two_answers_under_different_ids_is_ambiguous() {
    let lines =
        "{\"id\":\"x\",\"input\":\"q\",\"output\":\"a\"}\n{\"id\":\"y\",\"input\":\"q\",\"output\":\"b\"}";
    let message = error_of(TargetErrorKind::NotRecorded, answer(lines, request("q")).await);
    assert!(message.contains("lines 1 and 2 have this input"), "{message}");
    let same = lines.replace("\"b\"", "\"a\"");
    assert_eq!(output(&same, request("q")).await, "a");
}

#[tokio::test]
async fn a_recorded_error_is_a_target_error() {
    let lines = "{\"id\":\"r1\",\"error\":\"upstream failed\"}\n\
                 {\"id\":\"r2\",\"error\":{\"kind\":\"timeout\",\"message\":\"no answer in 30s\"}}";
    let message = error_of(TargetErrorKind::NotRecorded, answer(lines, row("r1", "q")).await);
    assert_eq!(message, "an error is recorded: upstream failed");
    let message = error_of(TargetErrorKind::Timeout, answer(lines, row("r2", "q")).await);
    assert_eq!(message, "no answer in 30s");
}

#[test]
fn a_bad_line_is_refused_with_its_place() {
    for (line, why) in [
        ("{\"id\":", "not JSON"),
        ("[1]", "not an object"),
        (r#"{"output":"x"}"#, "neither `id` nor `input`"),
        (r#"{"id":"a"}"#, "nothing at `/output`"),
        (r#"{"id":{},"output":"x"}"#, "`id` has to be"),
        (r#"{"id":"a","output":"x","label":{}}"#, "`/label`"),
        (r#"{"id":"a","output":"x","latency_ms":-1}"#, "`latency_ms`"),
        (r#"{"id":"a","output":"x","run":"first"}"#, "`run`"),
        (r#"{"id":"r","run":1,"output":"x"}"#, "line 1 answers run 1 of the same already"),
        (r#"{"id":"r","output":"x"}"#, "either this line or line 1"),
    ] {
        let lines = format!("{{\"id\":\"r\",\"run\":1,\"output\":\"x\"}}\n\n{line}\n");
        let error = recorded(&lines).err().unwrap();
        let OpenError::Lines { lines, .. } = &error else { panic!("{error}") };
        assert_eq!(lines.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3], "{error}");
        let error = error.to_string();
        assert!(error.contains("answers.jsonl: line 3: ") && error.contains(why), "{error}");
    }
}

#[test]
fn all_bad_lines_are_told_at_once_and_a_file_without_any_is_refused() {
    let lines = |text: &str| match recorded(text).err().unwrap() {
        OpenError::Lines { lines, .. } => lines.into_iter().map(|(line, _)| line).collect::<Vec<_>>(),
        other => panic!("{other}"),
    };
    let good = r#"{"id":"r","run":1,"output":"x"}"#;
    assert_eq!(lines(&format!("nonsense\n{good}\n[1]\n\n{good}\n")), [1, 3, 5]);
    assert_eq!(lines("\n"), [1]);
}
