//! One answer of a log, whatever form it was written in.

use super::opinion::Said;
use crate::expand::CaseId;
use crate::target::{Answer, TargetError, Turn};
use serde_json::Value;
use std::collections::BTreeMap;

/// The user's own verdict, among what was said of an answer.
pub const FEEDBACK: &str = "feedback";

/// The verdict of a person who looked at it.
pub const HUMAN: &str = "human";

/// Sources of verdicts that are told apart at most; what others say counts for [`OTHERS`].
pub const MOST_SOURCES: usize = 16;

/// The source of verdicts beyond [`MOST_SOURCES`].
pub const OTHERS: &str = "others";

/// An answer as it was logged. All of it is untrusted.
#[derive(Debug, Clone, PartialEq)]
pub struct Logged {
    /// The line it stands on, from 1.
    pub line: u64,
    /// The log's own id of it.
    pub id: Option<String>,
    /// The scenario that whoever wrote the log took it for: an id or a name.
    pub scenario: Option<String>,
    /// The conversation that it belongs to.
    pub conversation: Option<String>,
    /// What the user said.
    pub input: Value,
    /// The turns before, oldest first.
    pub before: Vec<Turn>,
    /// What the application answered, or why it did not.
    pub answer: Result<Answer, TargetError>,
    /// When, as the log says it.
    pub time: Option<jiff::Timestamp>,
    /// What was said of the answer, by who said it.
    pub said: BTreeMap<String, Said>,
}

impl Logged {
    /// What the user said first, by which its scenario is known.
    pub fn first_input(&self) -> &Value {
        self.before.first().map_or(&self.input, |turn| &turn.user)
    }

    /// All turns, the answer's last; those before it alone where there is none.
    pub fn turns(&self) -> Vec<Turn> {
        let mut turns = self.before.clone();
        if let Ok(answer) = &self.answer {
            turns.push(Turn { user: self.input.clone(), answer: answer.clone() });
        }
        turns
    }

    /// Identity of what was asked and answered: neither of its place in the log nor of its times.
    pub fn identity(&self) -> CaseId {
        let mut input = self.input.clone();
        input.sort_all_objects();
        let before = serde_json::to_string(&self.before).unwrap_or_default();
        let (output, label) = match &self.answer {
            Ok(answer) => (answer.output.as_str(), answer.label.as_deref().unwrap_or_default()),
            Err(error) => (error.message.as_str(), ""),
        };
        CaseId::of(&[
            b"logged",
            self.id.as_deref().unwrap_or_default().as_bytes(),
            input.to_string().as_bytes(),
            before.as_bytes(),
            output.as_bytes(),
            label.as_bytes(),
        ])
    }
}

/// An input as text: a text as it is, anything else as JSON.
pub fn text_of(input: &Value) -> std::borrow::Cow<'_, str> {
    match input {
        Value::String(text) => text.into(),
        other => other.to_string().into(),
    }
}
