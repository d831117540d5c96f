//! What an application is asked and what it answers, the same for every kind of target.

use crate::expand::CaseId;
use crate::suite::Row;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One question to an application: a turn of a case.
#[derive(Debug, Clone)]
pub struct Request {
    /// The case asked.
    pub case: CaseId,
    /// The row's own id, where it has one: how recorded answers are found.
    pub row_id: Option<String>,
    /// Which repeat of the case, from 0.
    pub repeat: u32,
    /// What the user says in this turn.
    pub input: Value,
    /// The turns before this one, oldest first.
    pub turns: Vec<Turn>,
    /// The columns of the case's row.
    pub row: Row,
    /// The values of the case's knobs.
    pub knobs: Row,
    /// Unique for each case, run and repeat.
    pub conversation: String,
    /// When the time of the case is over; `None` where it has no limit. Nothing is waited for beyond it.
    pub deadline: Option<std::time::Instant>,
}

/// One exchange of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// What the user said.
    pub user: Value,
    /// What the application answered.
    pub answer: Answer,
}

/// What an application answered. All of it is untrusted.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Answer {
    /// The text shown to the user.
    pub output: String,
    /// The label chosen; `None` where the application chose none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Texts the answer rests on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contexts: Vec<String>,
    /// Ids retrieved, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retrieved: Vec<Retrieved>,
    /// Tools called, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<ToolCall>,
    /// Tokens used, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usage: Option<Usage>,
    /// The model that answered, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Milliseconds from the first byte sent to the last byte read, without any queue of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<f64>,
    /// Milliseconds to the first token of a stream.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token_ms: Option<f64>,
    /// Attempts before this answer that came to nothing, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
    /// Whether it was taken from the cache of answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cached: bool,
}

/// An attempt at an answer that came to nothing and was made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What went wrong.
    pub kind: TargetErrorKind,
    /// What went wrong, in words; secrets redacted.
    pub message: String,
    /// Milliseconds that were waited before the next attempt.
    pub waited_ms: u64,
}

/// An id retrieved, with its score where there is one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Retrieved {
    /// Id of the document or passage.
    pub id: String,
    /// The retriever's score.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

/// A tool that the application called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Name of the tool.
    pub name: String,
    /// What it was called with.
    #[serde(default)]
    pub arguments: Value,
}

/// Tokens used by an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read.
    #[serde(alias = "prompt_tokens")]
    pub input_tokens: u64,
    /// Tokens written.
    #[serde(alias = "completion_tokens")]
    pub output_tokens: u64,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{kind}: {message}")]
pub struct TargetError {
    /// What went wrong, as a word of a fixed set.
    pub kind: TargetErrorKind,
    /// What went wrong, in words; secrets redacted.
    pub message: String,
    /// The HTTP status, where that is what went wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long the server asks to be left alone (`Retry-After`), in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
    /// Attempts before the one that failed last, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

impl TargetError {
    /// An error of this kind.
    pub fn new(kind: TargetErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), status: None, retry_after_ms: None, attempts: Vec::new() }
    }
}

/// The ways in which asking can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TargetErrorKind {
    /// Nobody listens at the address.
    Refused,
    /// The connection could not be made, or broke.
    Connection,
    /// No answer within the limit.
    Timeout,
    /// An HTTP status other than 2xx, or a command that ended with another code than 0.
    Status,
    /// The reply is not the JSON that was expected.
    NotJson,
    /// The reply has no value at a JSON Pointer.
    MissingPointer,
    /// The value at a JSON Pointer has the wrong type.
    WrongType,
    /// The reply is over the size limit.
    TooLarge,
    /// The reply is not text.
    NotText,
    /// A request could not be made from the suite's templates.
    Template,
    /// A command could not be started, or died.
    Command,
    /// A closure in the test program returned an error or panicked.
    InProcess,
    /// A recorded target has no answer for the case.
    NotRecorded,
    /// Nothing is kept of what the accepted run was answered, or not enough: the case cannot be judged
    /// again.
    NotKept,
    /// The budget of the run had no room for asking. Never kept: the case counts as not asked.
    NotAsked,
}

impl std::fmt::Display for TargetErrorKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Refused => "connection refused",
            Self::Connection => "connection failed",
            Self::Timeout => "time-out",
            Self::Status => "bad status",
            Self::NotJson => "not JSON",
            Self::MissingPointer => "missing pointer",
            Self::WrongType => "wrong type",
            Self::TooLarge => "answer too large",
            Self::NotText => "not text",
            Self::Template => "template",
            Self::Command => "command failed",
            Self::InProcess => "closure failed",
            Self::NotRecorded => "not recorded",
            Self::NotKept => "not kept",
            Self::NotAsked => "not asked",
        })
    }
}
