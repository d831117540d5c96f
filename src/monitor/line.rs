//! An answer as a line of JSON: the fields of a recorded answer and a few more.

use super::messages;
use super::opinion::Said;
use super::read::{BadKind, Wrong};
use super::record::{FEEDBACK, HUMAN, Logged};
use crate::suite::as_text;
use crate::target::{Answer, Retrieved, TargetError, TargetErrorKind, Turn, Usage};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Reads one line that is an object.
pub fn read(fields: &Map<String, Value>) -> Result<Logged, Wrong> {
    let part = |name: &str| fields.get(name).filter(|part| !part.is_null());
    let any = |names: &[&str]| names.iter().find_map(|name| part(name));
    let mut said = BTreeMap::new();
    for source in [FEEDBACK, HUMAN] {
        if let Some(value) = part(source) {
            let opinion = Said::read(value).map_err(|why| wrong_type(format!("`{source}`: {why}")))?;
            said.extend(opinion.map(|opinion| (source.to_owned(), opinion)));
        }
    }
    let mut logged = Logged {
        line: 0,
        id: word(part("id"), "id")?,
        scenario: word(part("scenario"), "scenario")?,
        conversation: word(any(&["conversation", "session"]), "conversation")?,
        input: Value::Null,
        before: before(part("before"))?,
        answer: answer(fields)?,
        time: any(&["time", "timestamp"]).and_then(time),
        said,
    };
    ask(&mut logged, part("input"), part("messages"))?;
    Ok(logged)
}

/// What was asked: an `input`, which may be a chat, or `messages`.
fn ask(logged: &mut Logged, input: Option<&Value>, chat: Option<&Value>) -> Result<(), Wrong> {
    let chat = chat.or_else(|| input.filter(|input| messages::is_chat(input)));
    let Some(chat) = chat else {
        logged.input = input
            .filter(|input| !is_empty(input))
            .ok_or_else(|| {
                Wrong::new(BadKind::NoInput, "neither `input` nor `messages` says what was asked")
            })?
            .clone();
        return Ok(());
    };
    let asked = messages::read(chat).as_deref().and_then(messages::asked);
    let asked = asked.ok_or_else(|| Wrong::new(BadKind::NoInput, "no message in `messages` is a user's"))?;
    logged.input = asked.input.into();
    if logged.before.is_empty() {
        logged.before = asked.before;
    }
    if let Ok(answer) = &mut logged.answer {
        if answer.calls.is_empty() {
            answer.calls = asked.calls;
        }
        if answer.contexts.is_empty() {
            answer.contexts = asked.contexts;
        }
    }
    Ok(())
}

fn answer(fields: &Map<String, Value>) -> Result<Result<Answer, TargetError>, Wrong> {
    let part = |name: &str| fields.get(name).filter(|part| !part.is_null());
    if let Some(error) = part("error").filter(|error| **error != Value::Bool(false)) {
        return Ok(Err(failure(error)));
    }
    let output = part("output")
        .ok_or_else(|| Wrong::new(BadKind::NoOutput, "neither `output` nor `error` says what came of it"))?;
    let label = match part("label") {
        None => None,
        Some(Value::String(label)) => Some(label.clone()),
        Some(_) => return Err(wrong_type("`label` has to be a text")),
    };
    Ok(Ok(Answer {
        output: as_text(output),
        label,
        contexts: list(part("contexts"), "contexts", |one| {
            let inner = ["text", "content"].iter().find_map(|key| one.get(*key)?.as_str());
            Some(inner.map_or_else(|| as_text(one), str::to_owned))
        })?,
        retrieved: list(part("retrieved"), "retrieved", retrieved)?,
        calls: list(part("calls"), "calls", messages::tool_call)?,
        usage: usage(part("usage"))?,
        model: word(part("model"), "model")?,
        latency_ms: milliseconds(part("latency_ms"), "latency_ms")?,
        first_token_ms: milliseconds(part("first_token_ms"), "first_token_ms")?,
        ..Answer::default()
    }))
}

/// An error in place of an answer: one of ours, or whatever was noted.
pub fn failure(error: &Value) -> TargetError {
    TargetError::deserialize(error).unwrap_or_else(|_| {
        let words =
            error.get("message").and_then(Value::as_str).map_or_else(|| as_text(error), str::to_owned);
        let words = if words == "true" { "an error is logged".to_owned() } else { words };
        TargetError::new(TargetErrorKind::NotRecorded, words)
    })
}

/// Turns before: `[{ "user", "output" }]`, or as a baseline's answers have them: `[{ "user", "answer": { "output" } }]`.
fn before(value: Option<&Value>) -> Result<Vec<Turn>, Wrong> {
    list(value, "before", |turn| {
        let user = turn.get("user").or_else(|| turn.get("input"))?.clone();
        let answer = match turn.get("answer") {
            Some(answer @ Value::Object(_)) => Answer::deserialize(answer).ok()?,
            Some(other) => Answer { output: as_text(other), ..Answer::default() },
            None => Answer { output: as_text(turn.get("output")?), ..Answer::default() },
        };
        Some(Turn { user, answer })
    })
}

pub fn retrieved(value: &Value) -> Option<Retrieved> {
    match value {
        Value::String(id) => Some(Retrieved { id: id.clone(), score: None }),
        Value::Number(id) => Some(Retrieved { id: id.to_string(), score: None }),
        Value::Object(_) => {
            let id = value.get("id")?;
            Some(Retrieved { id: as_text(id), score: value.get("score").and_then(Value::as_f64) })
        }
        _ => None,
    }
}

fn usage(value: Option<&Value>) -> Result<Option<Usage>, Wrong> {
    let Some(value) = value else { return Ok(None) };
    Usage::deserialize(value)
        .map(Some)
        .map_err(|_| wrong_type("`usage` has to be `{ \"input_tokens\", \"output_tokens\" }`"))
}

fn list<T>(value: Option<&Value>, name: &str, one: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, Wrong> {
    match value {
        None => Ok(Vec::new()),
        Some(Value::Array(all)) => all
            .iter()
            .map(|of| one(of).ok_or_else(|| wrong_type(format!("an element of `{name}` cannot be read"))))
            .collect(),
        Some(_) => Err(wrong_type(format!("`{name}` has to be a list"))),
    }
}

fn word(value: Option<&Value>, name: &str) -> Result<Option<String>, Wrong> {
    match value {
        None => Ok(None),
        Some(of @ (Value::String(_) | Value::Number(_))) => Ok(Some(as_text(of))),
        Some(_) => Err(wrong_type(format!("`{name}` has to be a text or a number"))),
    }
}

fn milliseconds(value: Option<&Value>, name: &str) -> Result<Option<f64>, Wrong> {
    let Some(value) = value else { return Ok(None) };
    let time = value.as_f64().filter(|time| *time >= 0.0 && time.is_finite());
    time.map(Some).ok_or_else(|| wrong_type(format!("`{name}` has to be a number of milliseconds")))
}

/// A time: RFC 3339, or seconds, milliseconds, microseconds or nanoseconds since 1970, by its size.
pub fn time(value: &Value) -> Option<jiff::Timestamp> {
    if let Some(text) = value.as_str() {
        return text.parse().ok().or_else(|| since_1970(text.parse().ok()?));
    }
    since_1970(value.as_f64()?)
}

fn since_1970(number: f64) -> Option<jiff::Timestamp> {
    let seconds =
        [1.0, 1e3, 1e6, 1e9].into_iter().map(|of| number / of).find(|seconds| seconds.abs() < 1e11)?;
    #[expect(clippy::cast_possible_truncation, reason = "below 1e14 by the line above")]
    jiff::Timestamp::from_millisecond((seconds * 1e3).round() as i64).ok()
}

fn is_empty(value: &Value) -> bool {
    value.as_str().is_some_and(str::is_empty)
}

fn wrong_type(why: impl Into<String>) -> Wrong {
    Wrong::new(BadKind::WrongType, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::needless_pass_by_value, reason = "values are written where they are read")]
    fn parsed(value: Value) -> Result<Logged, Wrong> {
        read(value.as_object().unwrap())
    }

    #[test]
    fn a_line_is_read_whole() {
        let logged = parsed(json!({
            "id": 17, "input": "Where is it?", "output": "In Bremen", "label": "order", "contexts": ["it is in Bremen"],
            "retrieved": ["d1", { "id": "d2", "score": 0.5 }], "calls": [{ "name": "find", "arguments": { "n": 1 } }],
            "usage": { "prompt_tokens": 5, "completion_tokens": 2 }, "latency_ms": 12.5, "time": "2026-03-02T10:00:00Z",
            "model": "m", "scenario": "orders", "feedback": "up", "human": { "verdict": "fail" },
        }))
        .unwrap();
        let answer = logged.answer.unwrap();
        assert_eq!((answer.output.as_str(), answer.label.as_deref()), ("In Bremen", Some("order")));
        assert_eq!(answer.retrieved.len(), 2);
        assert_eq!(answer.usage, Some(Usage { input_tokens: 5, output_tokens: 2 }));
        assert_eq!((logged.id.as_deref(), logged.scenario.as_deref()), (Some("17"), Some("orders")));
        assert_eq!(logged.said[FEEDBACK], Said::Good);
        assert_eq!(logged.said[HUMAN], Said::Bad);
        assert_eq!(logged.time.unwrap().to_string(), "2026-03-02T10:00:00Z");
    }

    #[test]
    fn an_error_stands_for_an_answer() {
        for (error, message) in [
            (json!("timed out"), "timed out"),
            (json!({ "message": "no" }), "no"),
            (json!(true), "an error is logged"),
        ] {
            let logged = parsed(json!({ "input": "a", "error": error })).unwrap();
            assert_eq!(logged.answer.unwrap_err().message, message);
        }
        assert!(parsed(json!({ "input": "a", "output": "b", "error": false })).unwrap().answer.is_ok());
    }

    #[test]
    fn what_is_wrong_is_told_by_its_kind() {
        for (line, kind) in [
            (json!({ "output": "b" }), BadKind::NoInput),
            (json!({ "input": "", "output": "b" }), BadKind::NoInput),
            (json!({ "messages": [], "output": "b" }), BadKind::NoInput),
            (json!({ "input": "a" }), BadKind::NoOutput),
            (json!({ "input": "a", "output": "b", "label": 3 }), BadKind::WrongType),
            (json!({ "input": "a", "output": "b", "contexts": "c" }), BadKind::WrongType),
            (json!({ "input": "a", "output": "b", "latency_ms": -1 }), BadKind::WrongType),
            (json!({ "input": "a", "output": "b", "feedback": "purple" }), BadKind::WrongType),
            (json!({ "input": "a", "output": "b", "usage": 3 }), BadKind::WrongType),
        ] {
            assert_eq!(parsed(line.clone()).unwrap_err().kind, kind, "{line}");
        }
    }

    #[test]
    fn times_are_known_by_their_size() {
        for of in [
            json!(1_772_445_600),
            json!(1_772_445_600_000_i64),
            json!("1772445600000000000"),
            json!("2026-03-02T10:00:00Z"),
        ] {
            assert_eq!(time(&of).unwrap().to_string(), "2026-03-02T10:00:00Z", "{of}");
        }
        assert_eq!(time(&json!("yesterday")), None);
    }
}
