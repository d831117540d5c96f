//! Answers in spans of OpenTelemetry, by its semantic conventions for generative AI.
//!
//! Read is OTLP as JSON (`resourceSpans` → `scopeSpans` → `spans`, attributes as lists of keys and values), and one span
//! a line with its attributes as an object, as exporters to a console write them. What was asked and answered is looked
//! for in `gen_ai.input.messages` and `gen_ai.output.messages` (attributes, or the event
//! `gen_ai.client.inference.operation.details`), then in what came before them: `gen_ai.prompt` and `gen_ai.completion`
//! (also numbered, `gen_ai.prompt.0.content`), the events `gen_ai.content.prompt` and `gen_ai.content.completion`, and
//! `gen_ai.user.message`, `gen_ai.assistant.message`, `gen_ai.tool.message` and `gen_ai.choice`. The event
//! `gen_ai.evaluation.result` is a verdict of whoever its name says.
//!
//! Source: OpenTelemetry, "Semantic conventions for generative AI systems", 1.28 to 1.41 (status: development).

use super::line::{failure, retrieved, time};
use super::messages::{self, Message};
use super::opinion::Said;
use super::read::{BadKind, Wrong};
use super::record::{FEEDBACK, HUMAN, Logged};
use crate::target::{Answer, Usage};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a span came to.
#[derive(Debug)]
pub enum Span {
    /// An answer, with the operation that its span names, if any.
    Answer(Box<Logged>, Option<String>),
    /// A span that is no answer of a model: a tool, an embedding, anything else.
    Other,
}

/// The operations whose spans hold an answer.
const ANSWERING: [&str; 5] =
    ["chat", "text_completion", "generate_content", "invoke_agent", "invoke_workflow"];

/// The event that holds what the attributes of a span may.
const DETAILS: &str = "gen_ai.client.inference.operation.details";

/// The spans of a document; nothing where it is no trace.
pub fn of(document: &Value) -> Option<Vec<&Value>> {
    let list = |value: &'_ Value, names: [&str; 3]| names.iter().any(|name| value.get(*name).is_some());
    let Some(resources) = document.get("resourceSpans").or_else(|| document.get("resource_spans")) else {
        let is_span = document.get("attributes").is_some_and(|of| of.is_object() || of.is_array())
            && (list(document, ["traceId", "trace_id", "context"])
                || list(document, ["spanId", "span_id", "kind"]));
        return is_span.then(|| vec![document]);
    };
    let resources = resources.as_array().into_iter().flatten();
    Some(
        resources
            .filter_map(scopes)
            .flatten()
            .filter_map(|scope| scope.get("spans")?.as_array())
            .flatten()
            .collect(),
    )
}

/// The scopes of a resource.
fn scopes(resource: &Value) -> Option<&Vec<Value>> {
    let names = ["scopeSpans", "scope_spans", "instrumentationLibrarySpans"];
    names.iter().find_map(|name| resource.get(*name)?.as_array())
}

/// Reads a span. One of another kind is no mistake; one of an answer that does not say what was said is.
pub fn read(span: &Value) -> Result<Span, Wrong> {
    let mut attributes = object(span.get("attributes"));
    let events = events(span);
    for (_, fields) in events.iter().filter(|(name, _)| name == DETAILS) {
        for (key, value) in fields {
            attributes.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    let operation = text(&attributes, "gen_ai.operation.name");
    let is_ours = match &operation {
        Some(operation) => ANSWERING.contains(&operation.as_str()),
        None => {
            attributes.keys().chain(events.iter().map(|(name, _)| name)).any(|key| key.starts_with("gen_ai."))
        }
    };
    if !is_ours {
        return Ok(Span::Other);
    }
    let asked = asked(&attributes, &events).as_deref().and_then(messages::asked);
    let said = answered(&attributes, &events);
    let failed = failed(span, &attributes);
    let Some(asked) = asked else {
        // Without the operation nothing says that it should be an answer.
        if operation.is_none() && said.is_none() {
            return Ok(Span::Other);
        }
        let why = "the span does not say what was asked; is the content of messages captured?";
        return Err(Wrong::new(BadKind::NoContent, why));
    };
    let answer = match (said, failed) {
        (_, Some(error)) => Err(failure(&error)),
        (Some(mut said), None) => {
            let mut calls = asked.calls;
            calls.append(&mut said.calls);
            Ok(Answer {
                output: said.text,
                label: text(&attributes, "holdline.label"),
                contexts: asked.contexts,
                retrieved: documents(&attributes),
                calls,
                usage: usage(&attributes),
                model: ["gen_ai.response.model", "gen_ai.request.model"]
                    .iter()
                    .find_map(|key| text(&attributes, key)),
                latency_ms: latency(span),
                ..Answer::default()
            })
        }
        (None, None) => {
            let why = "the span does not say what was answered; is the content of messages captured?";
            return Err(Wrong::new(BadKind::NoContent, why));
        }
    };
    let begun = ["startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime"];
    let logged = Logged {
        line: 0,
        id: text(&attributes, "holdline.id"),
        scenario: text(&attributes, "holdline.scenario"),
        conversation: text(&attributes, "gen_ai.conversation.id").or_else(|| trace(span)),
        input: asked.input.into(),
        before: asked.before,
        answer,
        time: begun.iter().find_map(|key| time(span.get(*key)?)),
        said: verdicts(&attributes, &events)?,
    };
    Ok(Span::Answer(Box::new(logged), operation))
}

/// The messages that were sent.
fn asked(attributes: &Map<String, Value>, events: &[(String, Map<String, Value>)]) -> Option<Vec<Message>> {
    if let Some(found) = attributes.get("gen_ai.input.messages").and_then(messages::read) {
        return Some(found);
    }
    if let Some(found) = numbered(attributes, "gen_ai.prompt") {
        return Some(found);
    }
    let prompts = events.iter().filter(|(name, _)| name == "gen_ai.content.prompt").map(|(_, fields)| fields);
    for fields in std::iter::once(attributes).chain(prompts) {
        if let Some(prompt) = fields.get("gen_ai.prompt") {
            return messages::read(prompt).or_else(|| Some(vec![said_by("user", prompt.as_str()?)]));
        }
    }
    let told: Vec<Message> = events
        .iter()
        .filter_map(|(name, fields)| {
            let role = name.strip_prefix("gen_ai.")?.strip_suffix(".message")?;
            event_message(role, fields)
        })
        .collect();
    (!told.is_empty()).then_some(told)
}

/// The first message that came back.
fn answered(attributes: &Map<String, Value>, events: &[(String, Map<String, Value>)]) -> Option<Message> {
    let first = |list: Vec<Message>| list.into_iter().find(|of| of.role != "user" && of.role != "system");
    if let Some(found) = attributes.get("gen_ai.output.messages").and_then(messages::read) {
        return first(found);
    }
    if let Some(found) = numbered(attributes, "gen_ai.completion") {
        return first(found);
    }
    let came =
        events.iter().filter(|(name, _)| name == "gen_ai.content.completion").map(|(_, fields)| fields);
    for fields in std::iter::once(attributes).chain(came) {
        if let Some(said) = fields.get("gen_ai.completion") {
            return match messages::read(said) {
                Some(list) => first(list),
                None => Some(said_by("assistant", said.as_str()?)),
            };
        }
    }
    let (_, choice) = events.iter().find(|(name, _)| name == "gen_ai.choice")?;
    event_message("assistant", choice)
}

fn said_by(role: &str, text: &str) -> Message {
    Message { role: role.to_owned(), text: text.to_owned(), ..Message::default() }
}

/// A message that an event tells: in `message`, or in its own fields.
fn event_message(role: &str, fields: &Map<String, Value>) -> Option<Message> {
    let inner = match fields.get("message") {
        Some(Value::String(text)) => match serde_json::from_str(text) {
            Ok(Value::Object(inner)) => inner,
            _ => return Some(said_by(role, text)),
        },
        Some(Value::Object(inner)) => inner.clone(),
        _ => fields.clone(),
    };
    let mut inner = inner;
    inner.entry("role").or_insert_with(|| role.into());
    for key in ["content", "tool_calls"] {
        // Attributes hold lists as JSON.
        if let Some(Value::String(text)) = inner.get(key)
            && let Ok(list @ Value::Array(_)) = serde_json::from_str(text)
        {
            inner.insert(key.to_owned(), list);
        }
    }
    let told = ["content", "parts", "tool_calls"].iter().any(|key| inner.contains_key(*key));
    if told { messages::message(&Value::Object(inner)) } else { None }
}

/// Messages in numbered attributes: `gen_ai.prompt.0.role`, `gen_ai.prompt.0.content`.
fn numbered(attributes: &Map<String, Value>, name: &str) -> Option<Vec<Message>> {
    let mut found: BTreeMap<usize, (Option<String>, String)> = BTreeMap::new();
    for (key, value) in attributes {
        let Some((number, field)) =
            key.strip_prefix(name).and_then(|rest| rest.strip_prefix('.')?.split_once('.'))
        else {
            continue;
        };
        let Ok(number) = number.parse() else { continue };
        let message = found.entry(number).or_default();
        match (field, value.as_str()) {
            ("role", Some(role)) => message.0 = Some(role.to_owned()),
            ("content", Some(content)) => content.clone_into(&mut message.1),
            _ => {}
        }
    }
    let role = if name.ends_with("completion") { "assistant" } else { "user" };
    let all = found.into_values().map(|(said, content)| {
        let content =
            serde_json::from_str(&content).ok().filter(Value::is_array).unwrap_or(Value::String(content));
        json!({ "role": said.unwrap_or_else(|| role.to_owned()), "content": content })
    });
    let all: Vec<Message> = all.filter_map(|of| messages::message(&of)).collect();
    (!all.is_empty()).then_some(all)
}

/// What was said of the answer: evaluations by whoever their name says.
fn verdicts(
    attributes: &Map<String, Value>,
    events: &[(String, Map<String, Value>)],
) -> Result<BTreeMap<String, Said>, Wrong> {
    let mut said = BTreeMap::new();
    for (source, key) in [(FEEDBACK, "holdline.feedback"), (HUMAN, "holdline.human")] {
        if let Some(value) = attributes.get(key) {
            said.extend(opinion(value)?.map(|of| (source.to_owned(), of)));
        }
    }
    for (_, fields) in events.iter().filter(|(name, _)| name == "gen_ai.evaluation.result") {
        let name = text(fields, "gen_ai.evaluation.name").unwrap_or_else(|| "evaluation".to_owned());
        let value = fields.get("gen_ai.evaluation.score.label").filter(|label| {
            // A label in words of its own says nothing that the number does not.
            Said::read(label).is_ok_and(|said| said.is_some())
        });
        let value = value.or_else(|| fields.get("gen_ai.evaluation.score.value"));
        let Some(value) = value else { continue };
        let low = name.to_lowercase();
        let source = if low.contains("feedback") || low.contains("thumb") || low.starts_with("user") {
            FEEDBACK.to_owned()
        } else if low.contains("human") {
            HUMAN.to_owned()
        } else {
            name
        };
        said.extend(opinion(value)?.map(|of| (source, of)));
    }
    Ok(said)
}

fn opinion(value: &Value) -> Result<Option<Said>, Wrong> {
    Said::read(value).map_err(|why| Wrong::new(BadKind::WrongType, why))
}

/// Why a span failed: its status, or the kind of its error.
fn failed(span: &Value, attributes: &Map<String, Value>) -> Option<Value> {
    let status = span.get("status").unwrap_or(&Value::Null);
    let code = ["code", "status_code"].iter().find_map(|key| status.get(*key)).unwrap_or(status);
    let is_error = code.as_u64() == Some(2) || code.as_str().is_some_and(|code| code.ends_with("ERROR"));
    let kind = attributes.get("error.type");
    if !is_error && kind.is_none() {
        return None;
    }
    let told = ["message", "description"]
        .iter()
        .find_map(|key| status.get(*key))
        .filter(|of| of.as_str() != Some(""));
    Some(told.or(kind).cloned().unwrap_or_else(|| "the span ended in an error".into()))
}

fn usage(attributes: &Map<String, Value>) -> Option<Usage> {
    let number = |names: [&str; 2]| names.iter().find_map(|name| whole(attributes.get(*name)?));
    Some(Usage {
        input_tokens: number(["gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"])?,
        output_tokens: number(["gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"])?,
    })
}

fn documents(attributes: &Map<String, Value>) -> Vec<crate::target::Retrieved> {
    let found = attributes.get("gen_ai.retrieval.documents");
    let read = found.and_then(Value::as_str).and_then(|text| serde_json::from_str::<Value>(text).ok());
    let list = read.as_ref().or(found).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(retrieved).collect()
}

/// Milliseconds from the beginning of the span to its end.
fn latency(span: &Value) -> Option<f64> {
    let nanoseconds = |names: [&str; 2]| names.iter().find_map(|name| whole(span.get(*name)?));
    let begun = nanoseconds(["startTimeUnixNano", "start_time_unix_nano"]);
    let ended = nanoseconds(["endTimeUnixNano", "end_time_unix_nano"]);
    if let Some((begun, ended)) = begun.zip(ended) {
        return Some(ended.checked_sub(begun)? as f64 / 1e6);
    }
    let at = |names: [&str; 2]| names.iter().find_map(|name| time(span.get(*name)?));
    let (begun, ended) = (at(["start_time", "startTime"])?, at(["end_time", "endTime"])?);
    let apart = ended.as_microsecond() - begun.as_microsecond();
    (apart >= 0).then(|| apart as f64 / 1e3)
}

fn trace(span: &Value) -> Option<String> {
    let of = |value: &Value| {
        ["traceId", "trace_id"].iter().find_map(|key| value.get(*key)?.as_str().map(str::to_owned))
    };
    of(span).or_else(|| of(span.get("context")?))
}

/// The events of a span: their names and attributes, with what their body says.
fn events(span: &Value) -> Vec<(String, Map<String, Value>)> {
    let all = span.get("events").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(|event| {
        let name = event.get("name")?.as_str()?.to_owned();
        let mut fields = object(event.get("attributes"));
        for key in ["body", "event_body"] {
            if let Some(Value::Object(body)) = event.get(key).map(any) {
                for (key, value) in body {
                    fields.entry(key).or_insert(value);
                }
            }
        }
        Some((name, fields))
    })
    .collect()
}

/// Attributes as an object, in whichever form they come.
fn object(value: Option<&Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(fields)) => fields.clone(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|of| Some((of.get("key")?.as_str()?.to_owned(), any(of.get("value")?))))
            .collect(),
        _ => Map::new(),
    }
}

/// A value of OTLP (`{ "stringValue": … }`) as a plain one; any other as it is.
fn any(value: &Value) -> Value {
    let Value::Object(fields) = value else { return value.clone() };
    let Some((kind, inner)) = fields.iter().next().filter(|_| fields.len() == 1) else {
        return value.clone();
    };
    match kind.as_str() {
        "stringValue" | "boolValue" | "doubleValue" | "bytesValue" => inner.clone(),
        "intValue" => whole(inner).map_or_else(|| inner.clone(), Value::from),
        "arrayValue" => Value::Array(
            inner.get("values").and_then(Value::as_array).into_iter().flatten().map(any).collect(),
        ),
        "kvlistValue" => Value::Object(object(inner.get("values"))),
        _ => value.clone(),
    }
}

/// A whole number, which OTLP writes as a text.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn text(fields: &Map<String, Value>, key: &str) -> Option<String> {
    fields.get(key)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}
