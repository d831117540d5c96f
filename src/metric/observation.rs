//! What the metrics see of a case.

use super::NamedOutcomes;
use crate::expand::{FamilyId, Promise};
use crate::judge::{Numbers, Outcome};
use crate::suite::Row;

/// What the metrics see of one case: numbers and labels, not texts.
#[derive(Debug, Clone, Copy)]
pub struct Observation<'a> {
    /// Index of its scenario in the suite.
    pub scenario: usize,
    /// Identity of its seed: its own where it is one.
    pub family: FamilyId,
    /// How it was made from its seed; `None` for a seed.
    pub variant: Option<Variant<'a>>,
    /// What entries of its `expect` came to that say what they measure.
    pub named: NamedOutcomes,
    /// The values of its template's knobs, by name.
    pub knobs: Option<&'a Row>,
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
    pub latencies_ms: &'a [f64],
    /// Milliseconds to the first token, for each request of a stream.
    pub first_token_ms: &'a [f64],
    /// Tokens read and written by all its turns, where every one told.
    pub tokens: Option<(u64, u64)>,
    /// Cost of all its turns, where known.
    pub cost: Option<f64>,
}

/// How a variant was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variant<'a> {
    /// The family of operators, or those of a chain joined by `+`.
    pub family: &'a str,
    /// What it promises.
    pub promise: Promise,
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::expand::CaseId;

    /// A seed that passes, and nothing else about it.
    pub fn observation() -> Observation<'static> {
        Observation {
            scenario: 0,
            family: CaseId::of(&[b"seed"]),
            variant: None,
            named: NamedOutcomes::default(),
            knobs: None,
            tags: &[],
            outcome: Outcome::Pass,
            truth: None,
            label: None,
            numbers: None,
            answered: true,
            timed_out: false,
            turns: None,
            latencies_ms: &[],
            first_token_ms: &[],
            tokens: None,
            cost: None,
        }
    }
}
