//! A chat completion that comes as a stream of events.

use super::chat::{self, Call, Completion};
use super::error::{ModelError, ModelErrorKind};
use super::sse::{Events, NotText};
use super::wire::Incoming;
use serde_json::Value;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long the end of a body is waited for after its last event, so that the connection can be
/// used again.
const TAIL: Duration = Duration::from_millis(20);

/// A completion as far as it has come.
#[derive(Debug, Default)]
struct Partial {
    text: Option<String>,
    /// Name and arguments of the tools called, by their index.
    calls: BTreeMap<u64, (String, String)>,
    completion: Completion,
}

/// Reads a stream to its end.
pub(super) async fn read(mut incoming: Incoming) -> Result<Completion, ModelError> {
    let not_text = |NotText| ModelError::new(ModelErrorKind::NotText, "the stream is not UTF-8");
    let (mut events, mut partial, mut bytes, mut done) =
        (Events::default(), Partial::default(), Vec::new(), false);
    while !done {
        let more = incoming.read(&mut bytes).await?;
        let mut complete = events.push(&bytes).map_err(not_text)?;
        bytes.clear();
        if !more {
            complete.extend(events.finish().map_err(not_text)?);
        }
        for data in complete {
            if data.trim() == "[DONE]" {
                done = true;
                break;
            }
            partial.take(&data, &incoming)?;
        }
        if !more {
            break;
        }
    }
    let latency_ms = incoming.elapsed_ms();
    if !done && partial.completion.finish_reason.is_none() {
        return Err(ModelError::new(
            ModelErrorKind::Connection,
            format!("the stream of {} ended before its last event", incoming.place()),
        ));
    }
    // The answer is complete; whatever comes of the tail changes nothing about it.
    let tail = async { while incoming.read(&mut bytes).await == Ok(true) {} };
    let _ = tokio::time::timeout(TAIL, tail).await;
    partial.finish(latency_ms)
}

impl Partial {
    fn take(&mut self, data: &str, incoming: &Incoming) -> Result<(), ModelError> {
        let event: Value = serde_json::from_str(data).map_err(|error| {
            let message = format!("an event of the stream is not JSON ({error}): {}", incoming.excerpt(data));
            ModelError::new(ModelErrorKind::NotJson, message)
        })?;
        if let Some(error) = chat::reported(&event, incoming) {
            return Err(error);
        }
        if let Some(usage) = chat::usage_of(&event) {
            self.completion.usage = Some(usage);
        }
        if let Some(model) = event["model"].as_str().filter(|model| !model.is_empty()) {
            self.completion.model = Some(model.to_owned());
        }
        let choices = event["choices"].as_array().map(Vec::as_slice).unwrap_or_default();
        let Some(choice) = choices.iter().find(|choice| choice["index"].as_u64().unwrap_or(0) == 0) else {
            return Ok(());
        };
        if let Some(reason) = choice["finish_reason"].as_str() {
            self.completion.finish_reason = Some(reason.to_owned());
        }
        let before = self.length();
        let delta = &choice["delta"];
        for piece in [&delta["content"], &delta["refusal"]].into_iter().filter_map(Value::as_str) {
            self.text.get_or_insert_default().push_str(piece);
        }
        let calls = delta["tool_calls"].as_array().map(Vec::as_slice).unwrap_or_default();
        for (place, call) in calls.iter().enumerate() {
            let index = call["index"].as_u64().unwrap_or(place as u64);
            let (name, arguments) = self.calls.entry(index).or_default();
            name.push_str(call["function"]["name"].as_str().unwrap_or_default());
            arguments.push_str(call["function"]["arguments"].as_str().unwrap_or_default());
        }
        if before == 0 && self.length() > 0 {
            self.completion.first_token_ms = Some(incoming.elapsed_ms());
        }
        Ok(())
    }

    /// Bytes that the model has said so far.
    fn length(&self) -> usize {
        let called: usize = self.calls.values().map(|(name, arguments)| name.len() + arguments.len()).sum();
        self.text.as_ref().map_or(0, String::len) + called
    }

    fn finish(self, latency_ms: f64) -> Result<Completion, ModelError> {
        let calls: Vec<Call> = self
            .calls
            .into_values()
            .map(|(name, written)| Call {
                name,
                arguments: chat::arguments(&Value::String(written.clone())),
                written,
            })
            .collect();
        Ok(Completion { text: chat::said(self.text, &calls)?, calls, latency_ms, ..self.completion })
    }
}
