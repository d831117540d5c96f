//! What was found beside a suite: a failing case reduced, its neighbourhood, and what was offered for review.

use super::neighbours::Relation;
use super::trigger::Trigger;
use super::way::Way;
use crate::expand::{Case, CaseId};
use crate::gate::Problem;
use crate::judge::Outcome;
use crate::report::CaseRecord;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// What was asked beside a suite, when it is over.
#[derive(Debug, Clone)]
pub struct Aside {
    /// Name of the folder below `.holdline/neighbours`.
    pub id: String,
    /// The record in it, relative to the project's root.
    pub record: PathBuf,
    /// How many cases were asked.
    pub asked: usize,
    /// Money that the answers took by the price table; `None` where none is known.
    pub cost: Option<f64>,
    /// What kept cases from being asked, in the order in which it came.
    pub problems: Vec<Problem>,
    /// Things worth knowing.
    pub notes: Vec<String>,
}

/// A failing case, reduced.
#[derive(Debug, Clone)]
pub struct Reduction {
    /// What is left of it, as it was asked last; the case itself where nothing could go.
    pub case: Case,
    /// In which way both fail.
    pub way: Way,
    /// What is left of what.
    pub left: Left,
    /// Whether every single part that is left is needed.
    pub is_minimal: bool,
    /// Cases that were asked for it.
    pub asked: usize,
}

/// What is left of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Left {
    /// Of the changes that its operators made of the seed.
    Changes(Vec<LeftStep>),
    /// Of the words.
    Words {
        /// That are left.
        kept: usize,
        /// That there were.
        of: usize,
        /// Of those left, how many had to stay, since they are protected.
        protected: usize,
        /// Whether the words are those of a seed that fails in the same way as its variant.
        of_seed: bool,
    },
}

/// What is left of what one operator did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftStep {
    /// The operator.
    pub op: String,
    /// Its changes that are left.
    pub kept: usize,
    /// Its changes.
    pub of: usize,
}

/// What came of asking the neighbourhood of a case.
#[derive(Debug, Clone)]
pub struct Explored {
    /// The case.
    pub case: Case,
    /// What it came to now; `None` where it could not be asked.
    pub now: Option<CaseRecord>,
    /// What is left of it, where it fails and was to be reduced.
    pub reduction: Option<Reduction>,
    /// The neighbours that were asked, in their order.
    pub rows: Vec<NeighbourRow>,
    /// Neighbours that were chosen; more than were asked where something kept them from it.
    pub chosen: usize,
    /// How many there are of each kind, chosen or not.
    pub available: BTreeMap<&'static str, usize>,
    /// What the failures share.
    pub triggers: Vec<Trigger>,
    /// What was offered for review.
    pub offers: Offers,
    /// What was asked.
    pub aside: Aside,
}

/// A neighbour that was asked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NeighbourRow {
    /// Its id.
    pub id: CaseId,
    /// How it is related to the case.
    pub relation: Relation,
    /// What was asked.
    pub text: String,
    /// The operators that made it; empty for a seed.
    pub operators: String,
    /// What it came to.
    pub outcome: Outcome,
    /// Why, where it does not pass.
    pub reason: String,
    /// Whether the suite asks it already.
    pub in_suite: bool,
    /// Whether it fails in the same way as the case.
    pub same_way: bool,
    /// Whether its seed passes; `None` for a seed, and where that is not known.
    pub seed_passes: Option<bool>,
}

impl NeighbourRow {
    /// Whether it is a further failure that says something: its seed does not fail as well.
    pub fn is_telling(&self) -> bool {
        self.is_further() && self.seed_passes != Some(false)
    }

    /// Whether it fails and the suite did not ask it.
    pub fn is_further(&self) -> bool {
        !self.in_suite && matches!(self.outcome, Outcome::Fail | Outcome::TargetError)
    }
}

/// What came of offering failures.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Offers {
    /// Candidates that wait for review from now on.
    pub new: usize,
    /// Failures that waited already.
    pub waiting: usize,
    /// Failures that ask nearly what the suite asks.
    pub near: usize,
}
