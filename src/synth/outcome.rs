//! What came of asking generators: everything that was asked for is accounted for.

use super::candidate::Candidate;
use super::knobs::{KnobCoverage, Values};
use super::plan::Warning;
use super::select::Yields;
use super::tally::ModelTally;
use crate::expand::Reason;
use crate::model::UnansweredKind;
use serde::Serialize;
use std::collections::BTreeMap;

/// What came of asking generators for a suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Name of the suite.
    pub suite: String,
    /// Candidates that were wanted.
    pub wanted: usize,
    /// What became of what was asked for, by generator and by model.
    pub yields: Yields,
    /// Candidates asked for whose requests got no reply that could be used, by what went wrong.
    pub errors: BTreeMap<UnansweredKind, usize>,
    /// Of what was delivered, how many waited for review already.
    pub waiting: usize,
    /// Each model in rotation with what it was asked and what that took.
    pub models: Vec<(String, ModelTally)>,
    /// What the candidates cover of the knobs, by generator and scenario.
    pub coverage: Vec<Covered>,
    /// What was asked about and nothing came of.
    pub barren: Vec<Barren>,
    /// Mean scores of the candidates that were scored, by axis, with how many those are.
    pub scores: BTreeMap<String, (f64, usize)>,
    /// What each round was asked for and delivered.
    pub rounds: Vec<Round>,
    /// Why it ended.
    pub end: End,
    /// What should have been said first.
    pub warnings: Vec<Warning>,
    /// Some of what was rejected, in words, for each reason.
    pub examples: BTreeMap<Reason, Vec<Example>>,
    /// What was let in.
    pub candidates: Vec<Candidate>,
}

/// What the candidates of a generator cover of a scenario's knobs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Covered {
    /// The generator.
    pub generator: String,
    /// The scenario's id.
    pub scenario: String,
    /// The combinations.
    pub coverage: KnobCoverage,
}

/// Something that was asked about and that nothing came of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Barren {
    /// The generator.
    pub generator: String,
    /// The scenario's id.
    pub scenario: String,
    /// The seed that was to be varied.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The values of knobs.
    #[serde(skip_serializing_if = "Values::is_empty")]
    pub knobs: Values,
    /// Where the passages stand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passages: Vec<String>,
    /// Candidates asked for, in all rounds.
    pub asked: usize,
    /// What was rejected, by reason.
    pub rejected: BTreeMap<Reason, usize>,
    /// Requests that got no reply that could be used, the last of them in words. Untrusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A round of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Round {
    /// Candidates asked for.
    pub asked: usize,
    /// Candidates let in.
    pub delivered: usize,
}

/// A draft that was rejected. Untrusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// What it says.
    pub text: String,
    /// Why it was rejected, in words.
    pub why: String,
}

/// Why asking ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "end", rename_all = "snake_case")]
pub enum End {
    /// Everything that was wanted is there.
    Reached,
    /// The rounds are used up.
    Rounds,
    /// Further rounds brought no more.
    StoppedRising,
    /// A limit of the budget is used up.
    Budget {
        /// Which one, in words.
        why: String,
    },
    /// A limit of the budget cannot be kept.
    Untold {
        /// Why not, in words.
        why: String,
    },
    /// The time is used up.
    Time,
    /// Somebody stopped it.
    Stopped,
    /// Replies cannot be kept.
    Broken {
        /// Why not, in words.
        why: String,
    },
}

impl Outcome {
    /// Requests that got a reply that could be used.
    pub fn replies(&self) -> usize {
        self.models.iter().map(|(_, tally)| tally.replies).sum()
    }

    /// Replies among them that were on the disk.
    pub fn kept(&self) -> usize {
        self.models.iter().map(|(_, tally)| tally.kept).sum()
    }

    /// Drafts that replies had less than they were asked for; those of requests without a reply are not among them.
    pub fn short(&self) -> usize {
        self.yields.all.missing().saturating_sub(self.errors.values().sum())
    }
}
