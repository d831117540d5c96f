//! How a suite file says that the application is reached.

use crate::suite::quantity::{Duration, Size};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// How the application is reached. Exactly one of `http`, `chat`, `command`, `recorded` and
/// `in_process` names the way.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct TargetSpec {
    /// Address of an HTTP endpoint; a template.
    pub http: Option<String>,
    /// Base address of an OpenAI-compatible endpoint, up to and without `/chat/completions`; a template.
    pub chat: Option<String>,
    /// Program and arguments; every argument is a template. Run in the project's root, without a shell.
    pub command: Option<Vec<String>>,
    /// JSON lines with answers that exist already, relative to the suite file.
    pub recorded: Option<String>,
    /// Name of the closure registered on the harness (`cargo test` only).
    pub in_process: Option<String>,

    /// HTTP method (`http` only). Default: `POST`, or `GET` when nothing is sent.
    pub method: Option<Method>,
    /// HTTP headers; values are templates (`http` and `chat`).
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// JSON body; strings in it are templates (`http`). With `command`, what is written to standard input.
    pub body: Option<Value>,
    /// Form fields, URL-encoded; values are templates (`http` only).
    pub form: Option<BTreeMap<String, String>>,
    /// Body as it stands; a template (`http` only).
    pub raw: Option<String>,
    /// Where the parts of an answer stand in the reply.
    #[serde(default)]
    pub reply: ReplySpec,

    /// Model asked for (`chat` only).
    pub model: Option<String>,
    /// System message; a template (`chat` only).
    pub system: Option<String>,
    /// API key, usually `${env:NAME}` (`chat` only).
    pub api_key: Option<String>,
    /// Sampling temperature; sent only when set (`chat` only).
    pub temperature: Option<f64>,
    /// Upper limit of tokens in an answer; sent only when set (`chat` only).
    pub max_tokens: Option<u32>,
    /// Read the answer as a stream, and measure the time to its first token (`chat` only).
    #[serde(default)]
    pub stream: bool,

    /// What a `command` speaks on standard input and output. Default: `json`.
    pub format: Option<CommandFormat>,
    /// Environment given to a `command`; values are templates.
    #[serde(default)]
    pub env: BTreeMap<String, String>,

    /// Largest answer accepted. Default: `4MiB`.
    pub max_answer: Option<Size>,
    /// Files of the project that the application is made of, as globs; decides when cached answers are used and
    /// which suites a change affects.
    #[serde(default)]
    pub fingerprint: Vec<String>,
    /// Version of an application that is not made of files of this project, usually `${env:NAME}`; decides when
    /// cached answers are used (`http`, `chat` and `command`).
    pub version: Option<String>,
    /// Starts the application before the run and stops it afterwards.
    pub serve: Option<ServeSpec>,
}

/// HTTP method of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
#[expect(missing_docs, reason = "the methods' names say it")]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
}

/// What a command target speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CommandFormat {
    /// One JSON document in, one out; `reply` holds JSON Pointers.
    #[default]
    Json,
    /// The input as text in, the answer as text out.
    Text,
}

/// Where the parts of an answer stand in a reply: JSON Pointers (RFC 6901).
///
/// For `http` they point into the reply's JSON body; without `output` the whole body is the output,
/// as text. For `chat` they point into the message's text read as JSON, when any is set. For a JSON
/// `command` the default is the shape of a recorded answer: `/output`, `/label`, `/contexts`, ….
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReplySpec {
    /// The text shown to the user.
    pub output: Option<String>,
    /// The label the application chose. A missing or null value means that it chose none.
    pub label: Option<String>,
    /// A list of texts that the answer rests on.
    pub contexts: Option<String>,
    /// A list of ids, or of `{ id, score }`, in the order retrieved.
    pub retrieved: Option<String>,
    /// A list of tool calls, `{ name, arguments }`.
    pub calls: Option<String>,
    /// Token counts, `{ input_tokens, output_tokens }` or `{ prompt_tokens, completion_tokens }`.
    pub usage: Option<String>,
    /// The model that answered.
    pub model: Option<String>,
}

/// Starts the application under test before the run and stops it, with its children, afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ServeSpec {
    /// Program and arguments, run in the project's root; templates. Without a shell.
    pub command: Vec<String>,
    /// `"auto"` picks a free port; a number is used as it is. The application is told in `PORT`.
    pub port: Option<Port>,
    /// Address that answers 2xx once the application is ready; a template.
    pub ready: String,
    /// How long the application may take until it is ready. Default: `120s`.
    pub ready_timeout: Option<Duration>,
    /// Further environment; values are templates.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
}

/// A port, or the wish for a free one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Port {
    /// This port.
    Fixed(u16),
    /// Any free port.
    Auto(AutoPort),
}

/// The word `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum AutoPort {
    /// Any free port.
    Auto,
}
