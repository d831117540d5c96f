//! What the metrics see of a case.

use crate::judge::{Numbers, Outcome};

/// What the metrics see of one case: numbers and labels, not texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation<'a> {
    /// Index of its scenario in the suite.
    pub scenario: usize,
    /// Its tags.
    pub tags: &'a [String],
    /// What it came to.
    pub outcome: Outcome,
    /// The one label expected, where there is exactly one.
    pub truth: Option<&'a str>,
    /// The label answered; `None` where none was, or there is no answer.
    pub label: Option<&'a str>,
    /// The number expected and the number answered, where exactly one is expected.
    pub numbers: Option<Numbers>,
    /// Whether there is an answer at all.
    pub answered: bool,
    /// Whether the answer failed to come in time.
    pub timed_out: bool,
    /// Turns answered, and the most its script allows; `None` for cases that are no conversation.
    pub turns: Option<(u32, u32)>,
    /// Milliseconds of each request that was timed.
    pub latencies_ms: Vec<f64>,
    /// Milliseconds to the first token, for each request of a stream.
    pub first_token_ms: Vec<f64>,
    /// Tokens read and written by all its turns, where every one told.
    pub tokens: Option<(u64, u64)>,
    /// Cost of all its turns, where known.
    pub cost: Option<f64>,
}
