//! Messages of a chat, as logs and spans write them: who asked what last, and what came of it.
//!
//! Read are the messages of the `GenAI` semantic conventions (`role` and `parts`: `text`, `tool_call`,
//! `tool_call_response`) and those of `OpenAI`'s interface (`role` and `content`, a text or a list, and `tool_calls`).

use crate::suite::as_text;
use crate::target::{Answer, ToolCall, Turn};
use serde_json::Value;

/// A message.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Message {
    /// Who says it: `user`, `assistant`, `tool`, `system`, or another word.
    pub role: String,
    /// Its texts, one after the other.
    pub text: String,
    /// The tools it calls.
    pub calls: Vec<ToolCall>,
    /// What tools returned.
    pub returned: Vec<String>,
}

/// What a list of messages asks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Asked {
    /// What the user said last.
    pub input: String,
    /// The turns before that.
    pub before: Vec<Turn>,
    /// The tools called since.
    pub calls: Vec<ToolCall>,
    /// What they returned, which the answer rests on.
    pub contexts: Vec<String>,
}

/// Reads a list of messages, or a text that holds one as JSON. Nothing where it is neither.
pub fn read(value: &Value) -> Option<Vec<Message>> {
    match value {
        Value::String(text) => {
            let inner: Value = serde_json::from_str(text).ok()?;
            if inner.is_string() { None } else { read(&inner) }
        }
        Value::Array(list) => list.iter().map(message).collect(),
        one @ Value::Object(_) => Some(vec![message(one)?]),
        _ => None,
    }
}

/// Whether a value is a list of messages and no input of another kind.
pub fn is_chat(value: &Value) -> bool {
    let is_message = |of: &Value| {
        of.get("role").is_some_and(Value::is_string)
            && ["content", "parts", "tool_calls"].iter().any(|key| of.get(*key).is_some())
    };
    value.as_array().is_some_and(|list| !list.is_empty() && list.iter().all(is_message))
}

/// One message; nothing where it has no role.
pub fn message(value: &Value) -> Option<Message> {
    let role = value.get("role")?.as_str()?.to_ascii_lowercase();
    let mut message = Message { role, ..Message::default() };
    for key in ["parts", "content"] {
        match value.get(key) {
            Some(Value::String(text)) => message.say(text),
            Some(Value::Array(parts)) => parts.iter().for_each(|part| message.part(part)),
            _ => {}
        }
    }
    for call in value.get("tool_calls").and_then(Value::as_array).into_iter().flatten() {
        message.calls.extend(tool_call(call));
    }
    if message.role == "tool" && !message.text.is_empty() {
        message.returned.push(std::mem::take(&mut message.text));
    }
    Some(message)
}

impl Message {
    fn say(&mut self, text: &str) {
        if !self.text.is_empty() && !text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(text);
    }

    fn part(&mut self, part: &Value) {
        if let Some(text) = part.as_str() {
            return self.say(text);
        }
        let texts = ["content", "text"].iter().find_map(|key| part.get(*key)?.as_str());
        match part.get("type").and_then(Value::as_str).unwrap_or("text") {
            "text" | "input_text" | "output_text" => self.say(texts.unwrap_or_default()),
            "tool_call" | "tool_use" | "function_call" => self.calls.extend(tool_call(part)),
            "tool_call_response" | "tool_result" => {
                let result = ["response", "result", "content"].iter().find_map(|key| part.get(*key));
                self.returned.extend(result.map(as_text));
            }
            // Thoughts, pictures and files are no part of what is said.
            _ => {}
        }
    }
}

/// A call of a tool, as spans or as `OpenAI`'s interface write it. Arguments that are JSON in a text are read.
pub fn tool_call(value: &Value) -> Option<ToolCall> {
    let of = value.get("function").filter(|of| of.is_object()).unwrap_or(value);
    let name = of.get("name")?.as_str()?.to_owned();
    let arguments = ["arguments", "input"].iter().find_map(|key| of.get(*key)).cloned().unwrap_or_default();
    let arguments = match arguments {
        Value::String(text) => serde_json::from_str(&text).unwrap_or(Value::String(text)),
        other => other,
    };
    Some(ToolCall { name, arguments })
}

/// What messages ask: what the user says last, with what went before. Nothing where no user says anything.
pub fn asked(messages: &[Message]) -> Option<Asked> {
    let is_user = |message: &&Message| message.role == "user" && !message.text.is_empty();
    let last = messages.iter().rposition(|message| is_user(&message))?;
    let mut asked = Asked { input: messages[last].text.clone(), ..Asked::default() };
    let mut user: Option<String> = None;
    for message in &messages[..last] {
        match message.role.as_str() {
            "user" if !message.text.is_empty() => user = Some(message.text.clone()),
            "assistant" | "model" if !message.text.is_empty() => {
                if let Some(user) = user.take() {
                    let (output, calls) = (message.text.clone(), message.calls.clone());
                    let answer = Answer { output, calls, ..Answer::default() };
                    asked.before.push(Turn { user: user.into(), answer });
                }
            }
            _ => {}
        }
    }
    for message in &messages[last + 1..] {
        asked.calls.extend(message.calls.iter().cloned());
        asked.contexts.extend(message.returned.iter().cloned());
    }
    Some(asked)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_last_user_is_asked_after_the_turns_before() {
        let messages = read(&json!([
            { "role": "system", "content": "Be short." },
            { "role": "user", "content": "Hello" },
            { "role": "assistant", "content": "Hello to you" },
            { "role": "user", "content": [{ "type": "text", "text": "Where is" }, { "type": "text", "text": "my order?" }] },
            { "role": "assistant", "content": null, "tool_calls": [{ "id": "1", "type": "function",
                "function": { "name": "find", "arguments": "{\"order\": 7}" } }] },
            { "role": "tool", "tool_call_id": "1", "content": "in Bremen" },
        ]))
        .unwrap();
        let asked = asked(&messages).unwrap();
        assert_eq!(asked.input, "Where is\nmy order?");
        assert_eq!(asked.before.len(), 1);
        assert_eq!(
            (&asked.before[0].user, asked.before[0].answer.output.as_str()),
            (&json!("Hello"), "Hello to you")
        );
        assert_eq!(asked.calls, [ToolCall { name: "find".into(), arguments: json!({ "order": 7 }) }]);
        assert_eq!(asked.contexts, ["in Bremen"]);
    }

    #[test]
    fn parts_of_the_conventions_are_read() {
        let parts = json!([{ "role": "user", "parts": [{ "type": "text", "content": "Weather?" }] },
            { "role": "assistant", "parts": [{ "type": "reasoning", "content": "hm" },
                { "type": "tool_call", "id": "c", "name": "weather", "arguments": { "city": "Paris" } }] },
            { "role": "tool", "parts": [{ "type": "tool_call_response", "id": "c", "response": "rainy" }] }]);
        // As a text of JSON too, as spans have it.
        for value in [parts.clone(), Value::String(parts.to_string())] {
            let asked = asked(&read(&value).unwrap()).unwrap();
            assert_eq!(
                (asked.input.as_str(), asked.contexts.as_slice()),
                ("Weather?", ["rainy".to_owned()].as_slice())
            );
            assert_eq!(asked.calls[0].name, "weather");
        }
    }

    #[test]
    fn what_is_no_chat_is_told_apart() {
        assert!(is_chat(&json!([{ "role": "user", "content": "a" }])));
        for other in
            [json!([]), json!(["a"]), json!([{ "role": "user" }]), json!({ "role": "user" }), json!("a")]
        {
            assert!(!is_chat(&other), "{other}");
        }
        assert_eq!(read(&json!("just a text")), None);
        assert_eq!(asked(&read(&json!([{ "role": "assistant", "content": "a" }])).unwrap()), None);
    }
}
