//! What came of asking one case once.

use crate::expand::CaseId;
use crate::judge::{Outcome, Verdict};
use crate::target::{TargetError, Turn};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

/// What was said between the user and the application in one repeat of a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Transcript {
    /// The case.
    pub case: CaseId,
    /// Which repeat, from 0.
    pub repeat: u32,
    /// The turns that were answered, oldest first. Secrets are redacted.
    pub turns: Vec<Turn>,
    /// Why the next answer did not come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<TargetError>,
    /// Cost by the price table, where usage and price are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<f64>,
}

impl Transcript {
    /// The last answer, if there is any.
    pub fn last(&self) -> Option<&crate::target::Answer> {
        self.turns.last().map(|turn| &turn.answer)
    }

    /// Time of all its requests together, in milliseconds, where every one was timed.
    pub fn latency_ms(&self) -> Option<f64> {
        if self.turns.is_empty() {
            return None;
        }
        self.turns.iter().map(|turn| turn.answer.latency_ms).sum()
    }
}

/// A transcript with its verdicts: all that one repeat of a case came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Graded {
    /// What was said.
    pub transcript: Transcript,
    /// What the judges said of it.
    pub verdicts: Vec<Verdict>,
    /// What they came to together.
    pub outcome: Outcome,
}

/// The same as its text in the journal, to be copied and not to be looked into.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct GradedText(Box<RawValue>);

/// What an answer is read back from the journal as: [`Graded`] or [`GradedText`].
pub trait ReadBack: Clone + DeserializeOwned {
    /// The same of an answer that is not in the journal.
    fn of(graded: Graded) -> Result<Self, serde_json::Error>;
}

impl ReadBack for Graded {
    fn of(graded: Graded) -> Result<Self, serde_json::Error> {
        Ok(graded)
    }
}

impl ReadBack for GradedText {
    fn of(graded: Graded) -> Result<Self, serde_json::Error> {
        to_raw_value(&graded).map(Self)
    }
}
