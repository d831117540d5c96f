//! Chat completions of an OpenAI-compatible endpoint.

use super::error::{ModelError, ModelErrorKind};
use super::stream;
use super::wire::{Incoming, Wire};
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;
use serde_json::{Map, Value, json};

/// What is asked of a model.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChatRequest {
    /// Base address of the endpoint, up to and without `/chat/completions`.
    pub base: String,
    /// Sent as a bearer token.
    pub api_key: Option<String>,
    /// Further headers.
    pub headers: Vec<(String, String)>,
    /// The model asked for.
    pub model: Option<String>,
    /// The conversation so far, oldest first.
    pub messages: Vec<Message>,
    /// Sampling temperature; not sent when absent.
    pub temperature: Option<f64>,
    /// Upper limit of tokens in the answer; not sent when absent.
    pub max_tokens: Option<u32>,
    /// Ask for a stream, and measure the time to the first token.
    pub stream: bool,
    /// Further members of the body, such as `response_format` and `tools`.
    pub further: Map<String, Value>,
}

/// One message of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
}

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The author of the application.
    System,
    /// The user.
    User,
    /// The model.
    Assistant,
}

/// What a model answered. All of it is untrusted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Completion {
    /// The text; empty only where the model called tools, or said nothing in so many words.
    pub text: String,
    /// Tools called, in order.
    pub calls: Vec<Call>,
    /// Tokens used, where the endpoint tells.
    pub usage: Option<Tokens>,
    /// The model that answered, where the endpoint tells.
    pub model: Option<String>,
    /// Whether the text is the model's refusal, told as such by the endpoint.
    pub refused: bool,
    /// Why the model stopped, in the endpoint's words: `stop`, `length`, `content_filter`, ….
    pub finish_reason: Option<String>,
    /// The text in tokens, each with the logarithm of its probability, where that was asked for and the endpoint
    /// tells; not of a stream.
    pub tokens: Vec<Token>,
    /// Milliseconds from just before the first byte is written to the last byte read ([`Wire::ask`]).
    pub latency_ms: f64,
    /// Milliseconds from just before the first byte is written to the first token of a stream.
    pub first_token_ms: Option<f64>,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    /// What it says.
    pub text: String,
    /// Natural logarithm of its probability, 0 or less.
    pub logprob: f64,
}

/// A tool that a model called.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Name of the tool.
    pub name: String,
    /// Its arguments; a text where the model's arguments are not JSON.
    pub arguments: Value,
    /// The arguments as the model wrote them: what is there twice still is.
    pub written: String,
}

/// Tokens used by a completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tokens {
    /// Tokens read.
    pub input: u64,
    /// Tokens written.
    pub output: u64,
}

/// Asks a model and waits for its whole answer.
pub async fn complete(wire: &Wire, request: &ChatRequest) -> Result<Completion, ModelError> {
    let incoming = wire.send(request.to_http()?).await?;
    // Some endpoints have no streams and answer in one piece whatever they are asked.
    if request.stream && !incoming.is("application/json") {
        stream::read(incoming).await
    } else {
        read_whole(incoming).await
    }
}

impl ChatRequest {
    fn to_http(&self) -> Result<Request, ModelError> {
        let bad = |message: String| ModelError::new(ModelErrorKind::Request, message);
        let mut url = Url::parse(&self.base).map_err(|error| bad(format!("the base address: {error}")))?;
        url.path_segments_mut()
            .map_err(|()| bad("the base address has no host".into()))?
            .pop_if_empty()
            .extend(["chat", "completions"]);

        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(key) = &self.api_key {
            let value = HeaderValue::from_str(&format!("Bearer {key}"))
                .map_err(|_| bad("the API key holds characters that no header may hold".into()))?;
            headers.insert(AUTHORIZATION, value);
        }
        for (name, value) in &self.headers {
            let key = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| bad(format!("`{name}` is not the name of a header")))?;
            let value = HeaderValue::from_bytes(value.as_bytes())
                .map_err(|_| bad(format!("the header `{name}` holds characters that no header may hold")))?;
            headers.insert(key, value);
        }
        let mut http = Request::new(Method::POST, url);
        *http.headers_mut() = headers;
        *http.body_mut() = Some(self.body().to_string().into());
        Ok(http)
    }

    fn body(&self) -> Value {
        let mut body = self.further.clone();
        if let Some(model) = &self.model {
            body.insert("model".into(), json!(model));
        }
        body.insert("messages".into(), json!(self.messages));
        if let Some(temperature) = self.temperature {
            body.insert("temperature".into(), json!(temperature));
        }
        if let Some(max_tokens) = self.max_tokens {
            body.insert("max_tokens".into(), json!(max_tokens));
        }
        if self.stream {
            body.insert("stream".into(), json!(true));
            body.insert("stream_options".into(), json!({ "include_usage": true }));
        }
        Value::Object(body)
    }
}

async fn read_whole(mut incoming: Incoming) -> Result<Completion, ModelError> {
    let mut body = Vec::new();
    while incoming.read(&mut body).await? {}
    let latency_ms = incoming.elapsed_ms();
    let reply = json_of(&body, &incoming)?;
    if let Some(error) = reported(&reply, &incoming) {
        return Err(error);
    }
    let message = reply.pointer("/choices/0/message").ok_or_else(|| {
        ModelError::new(ModelErrorKind::NoCompletion, "the reply has nothing at `/choices/0/message`")
    })?;
    let calls = calls_of(message);
    let content = text_of(&message["content"]);
    let refused = content.as_ref().is_none_or(String::is_empty) && text_of(&message["refusal"]).is_some();
    let text = content.or_else(|| text_of(&message["refusal"]));
    Ok(Completion {
        text: said(text, &calls)?,
        calls,
        usage: usage_of(&reply),
        model: reply["model"].as_str().map(str::to_owned),
        refused,
        finish_reason: reply["choices"][0]["finish_reason"].as_str().map(str::to_owned),
        tokens: tokens_of(&reply["choices"][0]["logprobs"]["content"]),
        latency_ms,
        first_token_ms: None,
    })
}

fn json_of(body: &[u8], incoming: &Incoming) -> Result<Value, ModelError> {
    let place = incoming.place();
    let text = std::str::from_utf8(body).map_err(|_| {
        ModelError::new(ModelErrorKind::NotText, format!("the reply of {place} is not UTF-8"))
    })?;
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let message = format!("the reply of {place} is not JSON ({error}): {}", incoming.excerpt(text));
        ModelError::new(ModelErrorKind::NotJson, message)
    })
}

/// The error that an endpoint reports in place of a completion, though its status is 200.
pub(super) fn reported(reply: &Value, incoming: &Incoming) -> Option<ModelError> {
    let error = reply.get("error").filter(|error| !error.is_null())?;
    let words = error["message"].as_str().map_or_else(|| error.to_string(), str::to_owned);
    let message = format!("the endpoint reports: {}", incoming.excerpt(&words));
    Some(ModelError::new(ModelErrorKind::Status, message))
}

/// The text of a message: a string, or a list of parts.
fn text_of(content: &Value) -> Option<String> {
    match content {
        Value::String(text) => Some(text.clone()),
        Value::Array(parts) => Some(parts.iter().filter_map(|part| part["text"].as_str()).collect()),
        _ => None,
    }
}

/// The text, which may be missing only where tools were called: no answer is not an empty one.
pub(super) fn said(text: Option<String>, calls: &[Call]) -> Result<String, ModelError> {
    match text {
        Some(text) => Ok(text),
        None if !calls.is_empty() => Ok(String::new()),
        None => Err(ModelError::new(
            ModelErrorKind::NoCompletion,
            "the message has no text at `content` or `refusal`, and calls no tools",
        )),
    }
}

fn calls_of(message: &Value) -> Vec<Call> {
    let calls = message["tool_calls"].as_array().map(Vec::as_slice).unwrap_or_default();
    let functions = calls.iter().map(|call| &call["function"]).chain(message.get("function_call"));
    functions
        .filter_map(|function| {
            Some(Call {
                name: function["name"].as_str()?.to_owned(),
                arguments: arguments(&function["arguments"]),
                written: match &function["arguments"] {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                },
            })
        })
        .collect()
}

/// Arguments come as a text that holds JSON, or as an empty one where there are none; what is not
/// JSON stays a text.
pub(super) fn arguments(written: &Value) -> Value {
    match written {
        Value::String(text) if text.trim().is_empty() => json!({}),
        Value::String(text) => serde_json::from_str(text).unwrap_or_else(|_| written.clone()),
        other => other.clone(),
    }
}

/// The tokens of a text with their probabilities; none where one of them is not as it should be.
fn tokens_of(content: &Value) -> Vec<Token> {
    let tokens = content.as_array().map(Vec::as_slice).unwrap_or_default();
    let token = |token: &Value| {
        Some(Token { text: token["token"].as_str()?.to_owned(), logprob: token["logprob"].as_f64()? })
    };
    tokens.iter().map(token).collect::<Option<_>>().unwrap_or_default()
}

/// Token counts, where the reply tells both.
pub(super) fn usage_of(reply: &Value) -> Option<Tokens> {
    let usage = reply.get("usage")?;
    Some(Tokens { input: usage["prompt_tokens"].as_u64()?, output: usage["completion_tokens"].as_u64()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_added_before_the_query_of_the_base_address() {
        for (base, full) in [
            ("http://h/v1", "http://h/v1/chat/completions"),
            ("http://h/v1/", "http://h/v1/chat/completions"),
            ("http://h", "http://h/chat/completions"),
            ("http://h/d?api-version=2", "http://h/d/chat/completions?api-version=2"),
        ] {
            let request = ChatRequest { base: base.into(), ..ChatRequest::default() };
            assert_eq!(request.to_http().unwrap().url().as_str(), full);
        }
    }

    #[test]
    fn only_what_is_set_is_sent() {
        let message = Message { role: Role::User, content: "hi".into() };
        let mut request = ChatRequest { messages: vec![message], ..ChatRequest::default() };
        let messages = json!([{ "role": "user", "content": "hi" }]);
        assert_eq!(request.body(), json!({ "messages": messages }));
        request.model = Some("m".into());
        request.temperature = Some(0.0);
        request.max_tokens = Some(5);
        request.stream = true;
        assert_eq!(
            request.body(),
            json!({ "model": "m", "messages": messages, "temperature": 0.0, "max_tokens": 5, "stream": true,
                    "stream_options": { "include_usage": true } })
        );
    }

    #[test]
    fn a_key_that_no_header_can_hold_is_not_shown() {
        let request = ChatRequest {
            base: "http://h".into(),
            api_key: Some("se\ncret".into()),
            ..ChatRequest::default()
        };
        let error = request.to_http().unwrap_err();
        assert_eq!(error.kind, ModelErrorKind::Request);
        assert!(!error.message.contains("cret"), "{error}");
    }

    #[test]
    fn arguments_are_read_as_json_where_they_are() {
        assert_eq!(arguments(&json!(r#"{"a":1}"#)), json!({ "a": 1 }));
        assert_eq!(arguments(&json!("{broken")), json!("{broken"));
        assert_eq!(arguments(&json!({ "a": 1 })), json!({ "a": 1 }));
        assert_eq!(arguments(&json!("")), json!({}));
    }
}
