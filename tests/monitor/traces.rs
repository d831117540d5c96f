//! Spans of OpenTelemetry, in the forms in which they come.

use crate::log::{file, project, report};
use serde_json::{Value, json};

/// Attributes as OTLP has them.
fn attributes(fields: &Value) -> Value {
    fields
        .as_object()
        .unwrap()
        .iter()
        .map(|(key, value)| {
            let value = match value {
                Value::Number(number) => json!({ "intValue": number.to_string() }),
                Value::Bool(is) => json!({ "boolValue": is }),
                Value::String(text) => json!({ "stringValue": text }),
                other => json!({ "stringValue": other.to_string() }),
            };
            json!({ "key": key, "value": value })
        })
        .collect()
}

fn otlp(spans: &[Value]) -> Value {
    json!({ "resourceSpans": [{ "resource": { "attributes": [] }, "scopeSpans": [{ "scope": {}, "spans": spans }] }] })
}

#[test]
fn spans_of_the_conventions_of_today() {
    let span = json!({
        "traceId": "5b8efff798038103d269b633813fc60c", "spanId": "eee19b7ec3c1b174", "name": "chat m", "kind": 3,
        "startTimeUnixNano": "1772445600000000000", "endTimeUnixNano": "1772445600250000000",
        "attributes": attributes(&json!({
            "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "gen_ai.response.model": "m-1",
            "gen_ai.usage.input_tokens": 12, "gen_ai.usage.output_tokens": 5, "holdline.label": "order",
            "gen_ai.input.messages": [{ "role": "user", "parts": [{ "type": "text", "content": "Where is my order?" }] }],
            "gen_ai.output.messages": [{ "role": "assistant", "finish_reason": "stop",
                "parts": [{ "type": "text", "content": "It left on Monday." }] }],
        })),
        "events": [{ "name": "gen_ai.evaluation.result", "timeUnixNano": "1772445601000000000", "attributes": attributes(&json!({
            "gen_ai.evaluation.name": "user_feedback", "gen_ai.evaluation.score.label": "positive" })) }],
        "status": {},
    });
    let failed = json!({
        "traceId": "1", "spanId": "2", "name": "chat m", "status": { "code": 2, "message": "rate limit" },
        "attributes": attributes(&json!({ "gen_ai.operation.name": "chat",
            "gen_ai.input.messages": [{ "role": "user", "parts": [{ "type": "text", "content": "I want my money back" }] }] })),
    });
    let tool = json!({ "traceId": "1", "spanId": "3", "name": "execute_tool find",
        "attributes": attributes(&json!({ "gen_ai.operation.name": "execute_tool" })) });
    let other = json!({ "traceId": "1", "spanId": "4", "name": "GET /", "attributes": [] });
    let silent = json!({ "traceId": "1", "spanId": "5", "name": "chat m",
        "attributes": attributes(&json!({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "m" })) });
    let project = project();
    let spans: Vec<Value> = std::iter::repeat_n(span, 12).chain([failed, tool, other]).collect();
    // One document over many lines, as a file that somebody downloads.
    project.write("trace.json", &serde_json::to_string_pretty(&otlp(&spans)).unwrap());
    let found = report(&project, &["trace.json", "--no-drift"], 0);
    assert_eq!((&found["log"]["answers"], &found["log"]["other_spans"]), (&json!(13), &json!(2)));
    let checked = &found["checked"];
    assert_eq!((&checked["pass"], &checked["errors"]), (&json!(12), &json!(1)));
    assert_eq!(found["sources"][0]["good"]["count"], 12);
    assert_eq!(found["times"][0], "2026-03-02T10:00:00Z");
    // A document a line, as a collector writes them, of which one does not say what was said.
    project.write("trace.jsonl", &file(&[otlp(&spans[..9]), otlp(&[silent])]));
    let found = report(&project, &["trace.jsonl", "--no-drift"], 0);
    assert_eq!(
        (&found["log"]["answers"], &found["log"]["bad"][0]["kind"]),
        (&json!(9), &json!("no_content"))
    );
    assert_eq!(found["log"]["bad"][0]["first"], 2);
}

#[test]
fn spans_of_earlier_conventions_and_of_consoles() {
    let ask = "Where is my order?";
    let answers = [
        // Prompt and completion as attributes, in OpenAI's form or plain.
        json!({ "gen_ai.prompt": json!([{ "role": "user", "content": ask }]).to_string(),
            "gen_ai.completion": json!([{ "role": "assistant", "content": "It left." }]).to_string() }),
        json!({ "gen_ai.prompt": ask, "gen_ai.completion": "It left." }),
        // Numbered.
        json!({ "gen_ai.prompt.0.role": "system", "gen_ai.prompt.0.content": "Be short.", "gen_ai.prompt.1.role": "user",
            "gen_ai.prompt.1.content": ask, "gen_ai.completion.0.role": "assistant", "gen_ai.completion.0.content": "It left." }),
    ];
    let mut spans: Vec<Value> = answers
        .into_iter()
        .map(|attributes| json!({ "name": "chat", "context": { "trace_id": "0x1", "span_id": "0x2" }, "kind": "SpanKind.CLIENT",
            "start_time": "2026-03-02T10:00:00.000000Z", "end_time": "2026-03-02T10:00:00.250000Z",
            "status": { "status_code": "UNSET" }, "attributes": attributes, "events": [] }))
        .collect();
    // As events.
    for events in [
        json!([{ "name": "gen_ai.content.prompt", "attributes": { "gen_ai.prompt": ask } },
            { "name": "gen_ai.content.completion", "attributes": { "gen_ai.completion": "It left." } }]),
        json!([{ "name": "gen_ai.user.message", "attributes": { "content": ask } },
            { "name": "gen_ai.choice", "attributes": { "index": 0, "message": "{\"role\":\"assistant\",\"content\":\"It left.\"}" } }]),
        json!([{ "name": "gen_ai.client.inference.operation.details", "attributes": {
            "gen_ai.input.messages": [{ "role": "user", "parts": [{ "type": "text", "content": ask }] }],
            "gen_ai.output.messages": [{ "role": "assistant", "parts": [{ "type": "text", "content": "It left." }] }] } }]),
    ] {
        spans.push(json!({ "name": "chat", "traceId": "1", "spanId": "2", "attributes": { "gen_ai.system": "x" }, "events": events }));
    }
    let project = project();
    project.write("spans.jsonl", &file(&spans));
    let found = report(&project, &["spans.jsonl", "--no-drift"], 0);
    assert_eq!(found["log"]["answers"], 6, "{found:#}");
    // No label came with them, which the scenario asks for; all say the same.
    assert_eq!(found["routes"]["seed"]["fail"], 6);
    assert_eq!(found["failing"][0]["output"], "It left.");
}
