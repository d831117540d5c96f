//! Candidates become variants of a suite, or do not: what a person decides about each, kept and done. Who asks the
//! person is another's matter.

mod trial;

pub use trial::{Trial, TrialError, Tried};

use super::candidate::{Candidate, Queue, QueueError, folder};
use super::decision::{DecisionError, Decisions, Event, Rejected};
use crate::expand::{Case, CaseId, Promise};
use crate::finetune::Gating;
use crate::suite::schema::{Expect, OneOrMany};
use crate::suite::variants::{Approved, Reviewed, Truth, Variant, VariantFile};
use crate::suite::{Diagnostics, Suite};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;

/// A review of the candidates of one suite.
#[derive(Debug)]
pub struct Reviewing {
    /// The suite, as it was when the review began.
    pub suite: Suite,
    /// Who reviews.
    pub by: String,
    /// The day.
    pub today: jiff::civil::Date,
    queue: Queue,
    decisions: Decisions,
    file: VariantFile,
    trial: Trial,
}

/// How a candidate is accepted.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// What it may be used for.
    pub approved: Approved,
    /// What else is worth knowing.
    pub note: Option<String>,
    /// Its words, where the person changed them.
    pub edited: Option<Edited>,
    /// What must hold of the answer, where the person states it.
    pub expect: Option<OneOrMany<Box<Expect>>>,
}

impl Acceptance {
    /// As it is, for this.
    pub const fn of(approved: Approved) -> Self {
        Self { approved, note: None, edited: None, expect: None }
    }
}

/// The words of a candidate that a person may change.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edited {
    /// What is asked first.
    pub input: Value,
    /// What the user says next.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub turns: Vec<String>,
    /// Columns, such as a reference answer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub row: BTreeMap<String, Value>,
}

impl Edited {
    /// The words as they are.
    pub fn of(variant: &Variant) -> Self {
        Self { input: variant.input.clone(), turns: variant.turns.clone(), row: variant.row.clone() }
    }
}

/// What came of an acceptance.
#[derive(Debug, Clone, PartialEq)]
pub struct Accepted {
    /// The file that it stands in now, as it is shown.
    pub path: String,
    /// The id of the case that it is; for one that is to be trained on alone what it would be.
    pub case: CaseId,
    /// What the person should know.
    pub notes: Vec<String>,
}

/// What came of taking a decision back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Undone {
    /// The candidate, which waits again.
    pub candidate: CaseId,
    /// Whether it had been accepted.
    pub was_accepted: bool,
}

/// Why a decision cannot be made or done.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// The candidates cannot be read.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// The decisions cannot be read or kept.
    #[error(transparent)]
    Decisions(#[from] DecisionError),
    /// The suite's variants have mistakes.
    #[error("{0}")]
    Variants(#[from] Diagnostics),
    /// The suite's variants cannot be written.
    #[error("{path} cannot be written: {error}")]
    Write {
        /// The file, as it is shown.
        path: String,
        /// Why.
        error: std::io::Error,
    },
    /// Nobody can be told or asked.
    #[error("cannot write: {0}")]
    Terminal(std::io::Error),
    /// It cannot stand beside the suite as it is.
    #[error(transparent)]
    Trial(#[from] TrialError),
    /// No candidate has the id.
    #[error("no candidate of suite `{suite}` has the id `{id}`")]
    Unknown {
        /// The suite.
        suite: String,
        /// What was given.
        id: String,
    },
    /// Several candidates have ids that begin so.
    #[error("{n} candidates have ids that begin with `{id}`; write more of it")]
    Ambiguous {
        /// What was given.
        id: String,
        /// How many.
        n: usize,
    },
    /// Somebody decided about it already.
    #[error("candidate {0} was decided about already; `--undo` takes the last decision back")]
    Decided(CaseId),
    /// There is nothing to take back.
    #[error("nothing was decided about suite `{0}` yet")]
    NothingToUndo(String),
    /// What was accepted is not the last line of the file any more.
    #[error(
        "candidate {candidate} cannot be taken back: its line is not the last one of {path} any more; take it out of the file by hand"
    )]
    Moved {
        /// The candidate.
        candidate: CaseId,
        /// The file, as it is shown.
        path: String,
    },
}

impl Reviewing {
    /// Begins a review, or goes on with one, by this person on this day. What a killed review left half done is
    /// finished.
    pub fn open(
        root: &Path,
        suite: Suite,
        by: String,
        today: jiff::civil::Date,
    ) -> Result<Self, ReviewError> {
        let queue = Queue::open(root, &suite.name)?;
        let decisions = Decisions::hold(root, &suite.name)?;
        let file = VariantFile::open(root, &suite.path)?;
        let trial = Trial::new(&suite);
        let mut reviewing = Self { suite, by, today, queue, decisions, file, trial };
        reviewing.settle()?;
        Ok(reviewing)
    }

    /// The candidates about which nobody decided, in the order in which they came.
    pub fn waiting(&self) -> Vec<&Candidate> {
        let decided = self.decisions.by_candidate();
        self.queue.candidates().iter().filter(|candidate| !decided.contains_key(&candidate.id)).collect()
    }

    /// How many candidates there are in all.
    pub fn total(&self) -> usize {
        self.queue.candidates().len()
    }

    /// How many were accepted and how many rejected.
    pub fn decided(&self) -> (usize, usize) {
        let accepted =
            self.decisions.counting().filter(|event| matches!(event, Event::Accept { .. })).count();
        (accepted, self.decisions.counting().count() - accepted)
    }

    /// The candidate whose id is this or begins with it.
    pub fn find(&self, id: &str) -> Result<&Candidate, ReviewError> {
        let fits = |candidate: &&Candidate| !id.is_empty() && candidate.id.to_string().starts_with(id);
        let found: Vec<&Candidate> = self.queue.candidates().iter().filter(fits).collect();
        match found.as_slice() {
            [one] => Ok(one),
            [] => Err(ReviewError::Unknown { suite: self.suite.name.clone(), id: id.to_owned() }),
            several => Err(ReviewError::Ambiguous { id: id.to_owned(), n: several.len() }),
        }
    }

    /// Tries a variant beside the suite: the case it would be, and its seed.
    pub fn try_out(&self, variant: &Variant) -> Result<Tried, TrialError> {
        if self.needs_statement(variant) {
            return Err(TrialError::Unstated);
        }
        self.trial.of(variant, &self.file)
    }

    /// Whether a person has to state what must hold before a candidate can be accepted.
    pub fn needs_statement(&self, variant: &Variant) -> bool {
        let scenario = self.suite.scenarios.iter().find(|scenario| scenario.id == variant.scenario);
        let by_scenario = scenario.is_some_and(|scenario| scenario.spec.expect.is_some());
        variant.promise != Promise::Same && variant.expect.is_none() && (variant.of.is_some() || !by_scenario)
    }

    /// Accepts a candidate: the decision is kept, then it stands in the suite's file.
    pub fn accept(&mut self, id: CaseId, how: Acceptance) -> Result<Accepted, ReviewError> {
        let variant = self.accepted(id, how)?;
        let tried = self.trial.of(&variant, &self.file)?;
        let asks_again = |seed: &Case| seed.input == variant.input && seed.turns == variant.turns;
        if variant.is_case() && tried.seed.as_ref().is_some_and(asks_again) {
            return Err(TrialError::AsksSeed.into());
        }
        let notes = self.notes(&variant, tried.case.id != tried.case.family);
        self.decisions.add(Event::Accept { candidate: id, variant: Box::new(variant) })?;
        self.settle()?;
        Ok(Accepted { path: self.file.path.clone(), case: tried.case.id, notes })
    }

    /// What would stand in the suite's file.
    fn accepted(&self, id: CaseId, how: Acceptance) -> Result<Variant, ReviewError> {
        let candidate = self.undecided(id)?;
        let mut variant = candidate.variant.clone();
        let Acceptance { approved, note, edited, expect } = how;
        let edited = edited.filter(|edited| *edited != Edited::of(&variant));
        let edited_from = edited.is_some().then_some(id);
        let is_stated = expect.is_some();
        if let Some(expect) = expect {
            (variant.expect, variant.truth) = (Some(expect), Truth::Person);
            // Whatever its seed expects, this is what the person says.
            if variant.promise == Promise::Same {
                variant.promise = Promise::Own;
            }
        }
        if self.needs_statement(&variant) {
            return Err(TrialError::Unstated.into());
        }
        if let Some(Edited { input, turns, row }) = edited {
            (variant.input, variant.turns, variant.row) = (input, turns, row);
            self.trial.passes(&variant, is_stated, &self.file)?;
        }
        variant.review =
            Some(Reviewed { by: self.by.clone(), date: self.today, approved, note, edited_from });
        Ok(variant)
    }

    /// What speaks against training on it.
    fn notes(&self, variant: &Variant, is_of_seed: bool) -> Vec<String> {
        let approved = variant.review.as_ref().map(|review| review.approved);
        let gates = Gating::is_gate(&self.suite);
        let name = &self.suite.name;
        match approved {
            Some(Approved::Both) if gates => vec![format!(
                "suite {name} gates, so that it will gate and `holdline export` will refuse to train on it; approve it for one of the two"
            )],
            Some(Approved::Training) if gates && is_of_seed => vec![format!(
                "its seed gates in suite {name}, so that `holdline export` will refuse to train on it"
            )],
            _ => Vec::new(),
        }
    }

    /// Rejects a candidate.
    pub fn reject(&mut self, id: CaseId, reason: Rejected, note: Option<String>) -> Result<(), ReviewError> {
        let scenario = self.undecided(id)?.variant.scenario.clone();
        let (by, date) = (self.by.clone(), self.today);
        Ok(self.decisions.add(Event::Reject { candidate: id, scenario, reason, note, by, date })?)
    }

    /// Takes the last decision back, whenever it was made. What was accepted is taken out of the suite's file as
    /// long as nothing was added behind it.
    pub fn undo(&mut self) -> Result<Undone, ReviewError> {
        let Some(last) = self.decisions.counting().next_back() else {
            return Err(ReviewError::NothingToUndo(self.suite.name.clone()));
        };
        let candidate = last.candidate();
        let mut was_accepted = false;
        if let Event::Accept { variant, .. } = last {
            was_accepted = true;
            let is_last = self.file.ends_with(variant);
            if !is_last.map_err(|error| self.write(error))? {
                return Err(ReviewError::Moved { candidate, path: self.file.path.clone() });
            }
        }
        let (by, date) = (self.by.clone(), self.today);
        self.decisions.add(Event::Undo { candidate, by, date })?;
        self.settle()?;
        Ok(Undone { candidate, was_accepted })
    }

    /// Rejections that count, by reason.
    pub fn reasons(&self) -> BTreeMap<Rejected, usize> {
        self.decisions.reasons()
    }

    fn undecided(&self, id: CaseId) -> Result<&Candidate, ReviewError> {
        let candidate = self.queue.candidates().iter().find(|candidate| candidate.id == id);
        let unknown = || ReviewError::Unknown { suite: self.suite.name.clone(), id: id.to_string() };
        let candidate = candidate.ok_or_else(unknown)?;
        if self.decisions.by_candidate().contains_key(&id) {
            return Err(ReviewError::Decided(id));
        }
        Ok(candidate)
    }

    /// Does in the suite's file what was decided last, where it is not done yet.
    fn settle(&mut self) -> Result<(), ReviewError> {
        let Some(event) = self.decisions.undone().cloned() else { return Ok(()) };
        let candidate = event.candidate();
        match &event {
            Event::Accept { variant, .. } => {
                let is_there = self.file.variants.iter().any(|placed| placed.variant == **variant);
                if !is_there {
                    self.file.add((**variant).clone()).map_err(|error| self.write(error))?;
                }
            }
            Event::Undo { .. } => {
                let before = self.decisions.events().iter().rev().skip(1);
                let undone = before
                    .filter(|event| event.candidate() == candidate)
                    .find(|event| matches!(event, Event::Accept { .. } | Event::Reject { .. }));
                if let Some(Event::Accept { variant, .. }) = undone.cloned() {
                    self.file.take_back(&variant).map_err(|error| self.write(error))?;
                }
            }
            Event::Reject { .. } | Event::Done { .. } => {}
        }
        Ok(self.decisions.add(Event::Done { candidate })?)
    }

    fn write(&self, error: std::io::Error) -> ReviewError {
        ReviewError::Write { path: self.file.path.clone(), error }
    }
}

/// The names of the suites of which candidates were put aside, sorted.
pub fn suites_with_candidates(root: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder(root)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let suites = names.filter_map(|name| name.strip_suffix(".jsonl").map(str::to_owned));
    let mut suites: Vec<String> = suites.filter(|name| !name.ends_with(".decisions")).collect();
    suites.sort_unstable();
    suites
}
