//! What a check is asked and what it says.

use crate::judge::reason;
use crate::target::Answer;
use serde_json::Value;
use std::sync::OnceLock;

/// A check that follows from the answer alone, and at once.
pub(in crate::judge) trait Check: Send + Sync + std::fmt::Debug {
    /// What is expected, as it reads after the word "expected"; `inverted` where it must not hold.
    fn wanted(&self, inverted: bool) -> String;

    /// Whether it holds.
    fn rule(&self, subject: &Subject<'_>) -> Ruling;
}

/// What a check says, before `not` is applied. The texts read after the word "got".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::judge) enum Ruling {
    /// It holds, for this came.
    Holds(String),
    /// It does not hold, for this came.
    Fails(String),
    /// What would tell is not known, for this reason (a sentence of its own).
    Unknown(String),
}

impl Ruling {
    /// Holds or fails, with what came.
    pub(super) fn of(holds: bool, got: impl Into<String>) -> Self {
        if holds { Self::Holds(got.into()) } else { Self::Fails(got.into()) }
    }
}

/// What a check judges: one answer, and what is known of the case as a whole.
#[derive(Debug)]
pub(in crate::judge) struct Subject<'a> {
    /// The answer.
    pub(in crate::judge) answer: &'a Answer,
    /// Turns of the conversation.
    pub(in crate::judge) turns: usize,
    /// Cost of the case, where known.
    pub(in crate::judge) cost: Option<f64>,
    folded: OnceLock<String>,
    json: OnceLock<Result<Value, String>>,
}

impl<'a> Subject<'a> {
    pub(in crate::judge) fn new(answer: &'a Answer, turns: usize, cost: Option<f64>) -> Self {
        Self { answer, turns, cost, folded: OnceLock::new(), json: OnceLock::new() }
    }

    /// The output.
    pub(super) fn output(&self) -> &'a str {
        &self.answer.output
    }

    /// The output in lower case.
    pub(super) fn folded(&self) -> &str {
        self.folded.get_or_init(|| reason::folded(self.output()))
    }

    /// The output read as JSON, or what came instead of JSON.
    pub(super) fn json(&self) -> Result<&Value, &str> {
        let read = self.json.get_or_init(|| {
            serde_json::from_str(self.output()).map_err(|error| {
                let output = self.output();
                if output.trim().is_empty() {
                    return format!("{}, which is not JSON", reason::output(output));
                }
                let fence =
                    if output.trim_start().starts_with("```") { "; it stands in a code fence" } else { "" };
                format!("{}, which is not JSON: {error}{fence}", reason::output(output))
            })
        });
        read.as_ref().map_err(String::as_str)
    }
}
