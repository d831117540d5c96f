//! Reads an answer out of a reply, by the pointers of the suite.

use super::open::OpenError;
use super::pointer::Pointer;
use super::{Answer, Retrieved, TargetError, TargetErrorKind, ToolCall, Usage};
use crate::model::excerpt;
use crate::suite::schema::ReplySpec;
use crate::suite::secret::Secrets;
use serde::Deserialize;
use serde_json::Value;
use std::sync::Arc;

/// Where the parts of an answer stand in a reply.
#[derive(Debug)]
pub(super) struct Reader {
    output: Option<Pointer>,
    label: Option<Pointer>,
    contexts: Option<Pointer>,
    retrieved: Option<Pointer>,
    calls: Option<Pointer>,
    usage: Option<Pointer>,
    model: Option<Pointer>,
    secrets: Arc<Secrets>,
}

impl Reader {
    /// Only what the suite points to; without `output` the whole reply is the output.
    pub(super) fn pointed(spec: &ReplySpec, secrets: &Arc<Secrets>) -> Result<Self, OpenError> {
        let at = |name: &str, pointer: &Option<String>| {
            let field = format!("reply.{name}");
            pointer.as_ref().map(|pointer| Pointer::parse(&field, pointer)).transpose()
        };
        Ok(Self {
            output: at("output", &spec.output)?,
            label: at("label", &spec.label)?,
            contexts: at("contexts", &spec.contexts)?,
            retrieved: at("retrieved", &spec.retrieved)?,
            calls: at("calls", &spec.calls)?,
            usage: at("usage", &spec.usage)?,
            model: at("model", &spec.model)?,
            secrets: Arc::clone(secrets),
        })
    }

    /// What the suite does not point to stands where a recorded answer has it.
    pub(super) fn document(spec: &ReplySpec, secrets: &Arc<Secrets>) -> Result<Self, OpenError> {
        let or = |given: &Option<String>, default: &str| given.clone().or_else(|| Some(default.to_owned()));
        let spec = ReplySpec {
            output: or(&spec.output, "/output"),
            label: or(&spec.label, "/label"),
            contexts: or(&spec.contexts, "/contexts"),
            retrieved: or(&spec.retrieved, "/retrieved"),
            calls: or(&spec.calls, "/calls"),
            usage: or(&spec.usage, "/usage"),
            model: or(&spec.model, "/model"),
        };
        Self::pointed(&spec, secrets)
    }

    /// Whether the reply has to be JSON.
    pub(super) fn points(&self) -> bool {
        let pointers = [
            &self.output,
            &self.label,
            &self.contexts,
            &self.retrieved,
            &self.calls,
            &self.usage,
            &self.model,
        ];
        pointers.into_iter().any(Option::is_some)
    }

    /// The answer in a reply as it came; `source` names the reply in errors.
    pub(super) fn read_text(&self, text: String, source: &str) -> Result<Answer, TargetError> {
        if !self.points() {
            return Ok(Answer { output: text, ..Answer::default() });
        }
        let reply: Value = serde_json::from_str(&text).map_err(|error| {
            // Secrets go before the text is cut, lest half of one stays.
            let beginning = excerpt(&self.secrets.redact(&text));
            let what = if text.trim().is_empty() {
                format!("{source} is empty, where JSON is expected")
            } else {
                format!("{source} is not JSON ({error}): {beginning}")
            };
            TargetError::new(TargetErrorKind::NotJson, what)
        })?;
        let mut answer = self.read(&reply)?;
        if self.output.is_none() {
            answer.output = text;
        }
        Ok(answer)
    }

    /// The answer in a reply that is JSON. Without a pointer to the output the output stays empty.
    pub(super) fn read(&self, reply: &Value) -> Result<Answer, TargetError> {
        let output = match &self.output {
            Some(pointer) => crate::suite::as_text(pointer.get(reply, &self.secrets)?),
            None => String::new(),
        };
        Ok(Answer {
            output,
            label: optional(self.label.as_ref(), reply, "a text, a number, true or false", word)?,
            contexts: list(self.contexts.as_ref(), reply, "a list of texts", |item| {
                item.as_str().map(str::to_owned)
            })?,
            retrieved: list(
                self.retrieved.as_ref(),
                reply,
                "a list of ids or of `{ id, score }`",
                retrieved,
            )?,
            calls: list(self.calls.as_ref(), reply, "a list of `{ name, arguments }`", |item| {
                ToolCall::deserialize(item).ok()
            })?,
            usage: optional(
                self.usage.as_ref(),
                reply,
                "`{ input_tokens, output_tokens }` or `{ prompt_tokens, completion_tokens }`",
                |value| Usage::deserialize(value).ok(),
            )?,
            model: optional(self.model.as_ref(), reply, "a text", |value| value.as_str().map(str::to_owned))?,
            latency_ms: None,
            first_token_ms: None,
            attempts: Vec::new(),
            cached: false,
        })
    }
}

/// The value at a pointer; `None` where there is no pointer, nothing, or null.
fn optional<T>(
    pointer: Option<&Pointer>,
    reply: &Value,
    wanted: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Option<T>, TargetError> {
    let Some((pointer, value)) = pointer.and_then(|pointer| Some((pointer, pointer.find(reply)?))) else {
        return Ok(None);
    };
    read(value).map(Some).ok_or_else(|| pointer.wrong(wanted, value))
}

/// The list at a pointer; empty where there is no pointer, nothing, or null.
fn list<T>(
    pointer: Option<&Pointer>,
    reply: &Value,
    wanted: &str,
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, TargetError> {
    let all = |value: &Value| value.as_array()?.iter().map(&read).collect::<Option<Vec<T>>>();
    Ok(optional(pointer, reply, wanted, all)?.unwrap_or_default())
}

/// A text, or a number or truth value as text.
fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn retrieved(item: &Value) -> Option<Retrieved> {
    let id =
        |value: &Value| value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|n| n.to_string()));
    match item {
        Value::Object(fields) => {
            let score = match fields.get("score") {
                None | Some(Value::Null) => None,
                Some(score) => Some(score.as_f64()?),
            };
            Some(Retrieved { id: id(fields.get("id")?)?, score })
        }
        plain => Some(Retrieved { id: id(plain)?, score: None }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Reader {
        Reader::document(&ReplySpec::default(), &Arc::default()).unwrap()
    }

    #[test]
    fn every_part_of_an_answer_is_read() {
        let answer = document()
            .read(&json!({
                "output": "hi", "label": "greet", "contexts": ["a"],
                "retrieved": ["d1", 2, { "id": "d3", "score": 0.5 }, { "id": 4, "score": null }],
                "calls": [{ "name": "f", "arguments": { "x": 1 } }, { "name": "g" }],
                "usage": { "prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7 }, "model": "m",
            }))
            .unwrap();
        let found = |id: &str, score| Retrieved { id: id.into(), score };
        assert_eq!(
            answer,
            Answer {
                output: "hi".into(),
                label: Some("greet".into()),
                contexts: vec!["a".into()],
                retrieved: vec![
                    found("d1", None),
                    found("2", None),
                    found("d3", Some(0.5)),
                    found("4", None)
                ],
                calls: vec![
                    ToolCall { name: "f".into(), arguments: json!({ "x": 1 }) },
                    ToolCall { name: "g".into(), arguments: Value::Null },
                ],
                usage: Some(Usage { input_tokens: 3, output_tokens: 4 }),
                model: Some("m".into()),
                latency_ms: None,
                first_token_ms: None,
                attempts: Vec::new(),
                cached: false,
            }
        );
    }

    #[test]
    fn missing_and_null_parts_are_none_but_a_missing_output_is_an_error() {
        let answer = document().read(&json!({ "output": "", "label": null })).unwrap();
        assert_eq!(answer, Answer::default());
        let kind = |reply: Value| document().read(&reply).unwrap_err().kind;
        assert_eq!(kind(json!({ "label": "x" })), TargetErrorKind::MissingPointer);
        assert_eq!(kind(json!({ "output": null })), TargetErrorKind::WrongType);
    }

    #[test]
    fn labels_that_are_numbers_or_truth_values_become_texts() {
        let label = |label: Value| document().read(&json!({ "output": "", "label": label })).unwrap().label;
        assert_eq!(label(json!(7)), Some("7".into()));
        assert_eq!(label(json!(false)), Some("false".into()));
    }

    #[test]
    fn an_output_that_is_no_text_is_compact_json() {
        let output = |value: Value| document().read(&json!({ "output": value })).unwrap().output;
        assert_eq!(output(json!({ "a": [1, true] })), r#"{"a":[1,true]}"#);
        assert_eq!(output(json!(1.5)), "1.5");
    }

    #[test]
    fn a_part_of_the_wrong_type_is_an_error_that_names_it() {
        for (key, value) in [
            ("label", json!({})),
            ("label", json!(["a"])),
            ("contexts", json!("a")),
            ("contexts", json!([1])),
            ("retrieved", json!([{ "score": 1 }])),
            ("retrieved", json!([{ "id": "a", "score": "high" }])),
            ("calls", json!([{ "arguments": {} }])),
            ("usage", json!({ "input_tokens": 1 })),
            ("usage", json!({ "input_tokens": -1, "output_tokens": 1 })),
            ("model", json!(1)),
        ] {
            let error = document().read(&json!({ "output": "", key: value })).unwrap_err();
            assert_eq!(error.kind, TargetErrorKind::WrongType, "{key}: {value}");
            assert!(error.message.contains(&format!("`/{key}`")), "{error}");
        }
    }

    #[test]
    fn without_a_pointer_to_it_the_output_is_the_whole_reply() {
        let spec = ReplySpec { label: Some("/l".into()), ..ReplySpec::default() };
        let reader = Reader::pointed(&spec, &Arc::default()).unwrap();
        let text = r#"{ "l": "x" }"#;
        let answer = reader.read_text(text.to_owned(), "the reply").unwrap();
        assert_eq!((answer.output.as_str(), answer.label.as_deref()), (text, Some("x")));

        let plain = Reader::pointed(&ReplySpec::default(), &Arc::default()).unwrap();
        assert_eq!(plain.read_text("not JSON".into(), "the reply").unwrap().output, "not JSON");
    }
}
