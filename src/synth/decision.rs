//! What people decided about candidates: `.holdline/candidates/<suite>.decisions.jsonl`, one event a line, only
//! ever added to. A decision is on the disk before anything is done of it, and that it was done is an event of its
//! own, so that what a killed process left half done is finished by the next one.

use super::candidate::folder;
use crate::expand::CaseId;
use crate::suite::variants::Variant;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Rejections of a kind from which on it is worth telling a generator of it.
const TELLING: usize = 2;

/// What people wrote with rejections, as many as a generator is told of each kind.
const WORDS: usize = 3;

/// Characters of what people wrote that a generator is told.
const LENGTH: usize = 160;

/// Why a person rejects a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rejected {
    /// Nobody would say it.
    Unrealistic,
    /// Nobody can tell what is meant.
    Unclear,
    /// It says what another says already.
    Duplicate,
    /// It is not about the scenario, or not about the application at all.
    OffTopic,
    /// What it promises does not hold: another answer would be right.
    WrongExpectation,
    /// What it states as a fact is none.
    WrongFact,
    /// It tests nothing that is not tested.
    TooEasy,
    /// It may not be kept: personal data, or words that nobody should read.
    Unfit,
    /// Something else.
    Other,
}

impl Rejected {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Unrealistic,
        Self::Unclear,
        Self::Duplicate,
        Self::OffTopic,
        Self::WrongExpectation,
        Self::WrongFact,
        Self::TooEasy,
        Self::Unfit,
        Self::Other,
    ];

    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unrealistic => "unrealistic",
            Self::Unclear => "unclear",
            Self::Duplicate => "duplicate",
            Self::OffTopic => "off_topic",
            Self::WrongExpectation => "wrong_expectation",
            Self::WrongFact => "wrong_fact",
            Self::TooEasy => "too_easy",
            Self::Unfit => "unfit",
            Self::Other => "other",
        }
    }

    /// What it means.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Unrealistic => "nobody would say it",
            Self::Unclear => "nobody can tell what is meant",
            Self::Duplicate => "it says what another says already",
            Self::OffTopic => "it is not about the scenario",
            Self::WrongExpectation => "what it promises does not hold",
            Self::WrongFact => "what it states is not so",
            Self::TooEasy => "it tests nothing that is not tested",
            Self::Unfit => "it may not be kept",
            Self::Other => "something else",
        }
    }

    /// What a generator is to do instead.
    const fn advice(self) -> &'static str {
        match self {
            Self::Unrealistic => "write what real users of this application would write, in their words",
            Self::Unclear => "write so that one reading is enough to tell what is asked",
            Self::Duplicate => "write what none of the others says",
            Self::OffTopic => "keep to the scenario",
            Self::WrongExpectation => {
                "see to it that what is expected of the answer holds for what you write"
            }
            Self::WrongFact => "state nothing as a fact that is not given",
            Self::TooEasy => "write what is harder than the examples",
            Self::Unfit => "write no personal data, and nothing that offends",
            Self::Other => "mind what reviewers said",
        }
    }
}

impl FromStr for Rejected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|reason| reason.code() == text).ok_or_else(|| {
            let codes: Vec<&str> = Self::ALL.iter().map(|reason| reason.code()).collect();
            format!("`{text}` is no reason; the reasons are {}", codes.join(", "))
        })
    }
}

/// Something that was decided, or done of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "did", rename_all = "snake_case")]
pub enum Event {
    /// A candidate was accepted.
    Accept {
        /// The candidate.
        candidate: CaseId,
        /// What goes into the suite's file, with its review.
        variant: Box<Variant>,
    },
    /// A candidate was rejected.
    Reject {
        /// The candidate.
        candidate: CaseId,
        /// Its scenario, so that reasons can be counted by it.
        scenario: String,
        /// Why.
        reason: Rejected,
        /// Why, in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// Who rejected it.
        by: String,
        /// When.
        date: jiff::civil::Date,
    },
    /// What was decided last about a candidate does not count any more.
    Undo {
        /// The candidate.
        candidate: CaseId,
        /// Who took it back.
        by: String,
        /// When.
        date: jiff::civil::Date,
    },
    /// What was decided last about a candidate is done in the suite's file.
    Done {
        /// The candidate.
        candidate: CaseId,
    },
}

impl Event {
    /// The candidate that it is about.
    pub const fn candidate(&self) -> CaseId {
        match self {
            Self::Accept { candidate, .. }
            | Self::Reject { candidate, .. }
            | Self::Undo { candidate, .. }
            | Self::Done { candidate } => *candidate,
        }
    }
}

/// Why decisions cannot be read or kept.
#[derive(Debug, thiserror::Error)]
pub enum DecisionError {
    /// The file cannot be read or written.
    #[error("{} cannot be used: {error}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A line of it is no decision.
    #[error("{}:{line}: this is no decision: {error}; take the line out", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        error: serde_json::Error,
    },
    /// Somebody else is at it.
    #[error("another review of `{0}` goes on; end it first")]
    Busy(String),
}

/// The decisions about the candidates of a suite.
#[derive(Debug)]
pub struct Decisions {
    path: PathBuf,
    events: Vec<Event>,
    /// The decisions that count, by their places among the events, in their order.
    counting: Vec<usize>,
    /// Held as long as decisions are made.
    _lock: Option<File>,
}

impl Decisions {
    /// What was decided about the candidates of a suite, by its name. A last line that a killed process left
    /// unfinished is not there.
    pub fn open(root: &Path, suite: &str) -> Result<Self, DecisionError> {
        let path = folder(root).join(format!("{suite}.decisions.jsonl"));
        let mut decisions =
            Self { path: path.clone(), events: Vec::new(), counting: Vec::new(), _lock: None };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(decisions),
            Err(error) => return Err(DecisionError::Io { path, error }),
        };
        for (at, line) in text.split_inclusive('\n').enumerate() {
            if line.trim().is_empty() || !line.ends_with('\n') {
                continue;
            }
            let event = serde_json::from_str(line).map_err(|error| DecisionError::Line {
                path: path.clone(),
                line: at + 1,
                error,
            })?;
            decisions.count(event);
        }
        Ok(decisions)
    }

    /// The same to be added to: nobody else can until it is dropped.
    pub fn hold(root: &Path, suite: &str) -> Result<Self, DecisionError> {
        let path = folder(root).join(format!("{suite}.lock"));
        let failed = |error| DecisionError::Io { path: path.clone(), error };
        std::fs::create_dir_all(folder(root)).map_err(failed)?;
        let file = File::options().create(true).append(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DecisionError::Busy(suite.to_owned())),
            // Some network file systems know no locks; a review is better than none.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        Ok(Self { _lock: Some(file), ..Self::open(root, suite)? })
    }

    /// Everything that happened, in its order.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The decisions that count, in the order in which they were made.
    pub fn counting(&self) -> impl DoubleEndedIterator<Item = &Event> {
        self.counting.iter().map(|at| &self.events[*at])
    }

    /// What was decided about each candidate, as far as it counts.
    pub fn by_candidate(&self) -> HashMap<CaseId, &Event> {
        self.counting().map(|event| (event.candidate(), event)).collect()
    }

    /// What was decided last and is not known to be done: an acceptance or an undoing of one. At most the process
    /// that was killed last left any.
    pub fn undone(&self) -> Option<&Event> {
        match self.events.last()? {
            event @ (Event::Accept { .. } | Event::Undo { .. }) => Some(event),
            Event::Reject { .. } | Event::Done { .. } => None,
        }
    }

    /// Adds an event; it is on the disk when this returns.
    pub fn add(&mut self, event: Event) -> Result<(), DecisionError> {
        let failed = |error| DecisionError::Io { path: self.path.clone(), error };
        let mut line = serde_json::to_string(&event).map_err(|error| failed(error.into()))?;
        line.push('\n');
        self.append(&line).map_err(failed)?;
        self.count(event);
        Ok(())
    }

    fn append(&self, line: &str) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
            let ignore = folder.with_file_name(".gitignore");
            if !ignore.exists() {
                std::fs::write(ignore, "*\n")?;
            }
        }
        let mut file = File::options().create(true).append(true).open(&self.path)?;
        let there = std::fs::read(&self.path)?;
        let whole = there.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64)?;
        file.write_all(line.as_bytes())?;
        file.sync_data()
    }

    fn count(&mut self, event: Event) {
        let at = self.events.len();
        match &event {
            Event::Accept { .. } | Event::Reject { .. } => self.counting.push(at),
            Event::Undo { candidate, .. } => {
                let last = self.counting.iter().rposition(|at| self.events[*at].candidate() == *candidate);
                if let Some(last) = last {
                    self.counting.remove(last);
                }
            }
            Event::Done { .. } => {}
        }
        self.events.push(event);
    }

    /// Rejections that count, by reason.
    pub fn reasons(&self) -> BTreeMap<Rejected, usize> {
        let mut reasons = BTreeMap::new();
        for event in self.counting() {
            if let Event::Reject { reason, .. } = event {
                *reasons.entry(*reason).or_default() += 1;
            }
        }
        reasons
    }
}

/// Why people rejected candidates of a suite, for the next prompt: the most frequent reason first, each with its
/// count and what people wrote. Nothing where nothing was rejected, and nothing of a reason that was given once and
/// without words.
pub fn advice(root: &Path, suite: &str) -> Result<Vec<String>, DecisionError> {
    let decisions = Decisions::open(root, suite)?;
    let decided = decisions.counting().count();
    let mut words: BTreeMap<Rejected, Vec<&str>> = BTreeMap::new();
    for event in decisions.counting() {
        if let Event::Reject { reason, note: Some(note), .. } = event {
            words.entry(*reason).or_default().push(note);
        }
    }
    let mut reasons: Vec<(Rejected, usize)> = decisions.reasons().into_iter().collect();
    reasons.sort_by_key(|(reason, n)| (std::cmp::Reverse(*n), *reason));
    let told = |(reason, n): (Rejected, usize)| {
        let mut said: Vec<String> = Vec::new();
        // The newest first: people learn what they want as they read.
        for note in words.get(&reason).into_iter().flatten().rev() {
            let note: String = note.chars().take(LENGTH).collect();
            if said.len() < WORDS && !said.contains(&note) {
                said.push(note);
            }
        }
        if n < TELLING && said.is_empty() {
            return None;
        }
        let said = if said.is_empty() { String::new() } else { format!(" They wrote: {}.", said.join("; ")) };
        Some(format!(
            "Reviewers rejected {n} of {decided} because {}: {}.{said}",
            reason.meaning(),
            reason.advice()
        ))
    };
    Ok(reasons.into_iter().filter_map(told).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SUITE: &str = "desk";

    fn id(n: u8) -> CaseId {
        CaseId::of(&[&[n]])
    }

    fn reject(n: u8, reason: Rejected, note: Option<&str>) -> Event {
        Event::Reject {
            candidate: id(n),
            scenario: "a".into(),
            reason,
            note: note.map(str::to_owned),
            by: "Ada".into(),
            date: jiff::civil::date(2026, 11, 20),
        }
    }

    fn undo(n: u8) -> Event {
        Event::Undo { candidate: id(n), by: "Ada".into(), date: jiff::civil::date(2026, 11, 20) }
    }

    #[test]
    fn what_was_decided_is_there_the_next_time_and_what_was_taken_back_is_not() {
        let root = tempfile::tempdir().unwrap();
        let mut decisions = Decisions::hold(root.path(), SUITE).unwrap();
        for n in 0..3 {
            decisions.add(reject(n, Rejected::Unclear, None)).unwrap();
        }
        decisions.add(undo(1)).unwrap();
        decisions.add(reject(1, Rejected::Other, Some("hm"))).unwrap();
        drop(decisions);
        let read = Decisions::open(root.path(), SUITE).unwrap();
        let order: Vec<CaseId> = read.counting().map(Event::candidate).collect();
        assert_eq!(order, [id(0), id(2), id(1)]);
        assert_eq!(read.reasons(), BTreeMap::from([(Rejected::Unclear, 2), (Rejected::Other, 1)]));
        assert_eq!(read.events().len(), 5);
    }

    #[test]
    fn a_torn_last_line_is_not_there_and_does_not_run_into_the_next() {
        let root = tempfile::tempdir().unwrap();
        let mut decisions = Decisions::hold(root.path(), SUITE).unwrap();
        decisions.add(reject(0, Rejected::Unclear, None)).unwrap();
        drop(decisions);
        let path = folder(root.path()).join("desk.decisions.jsonl");
        let mut file = File::options().append(true).open(&path).unwrap();
        file.write_all(b"{\"did\":\"rej").unwrap();
        let mut decisions = Decisions::hold(root.path(), SUITE).unwrap();
        assert_eq!(decisions.events().len(), 1);
        decisions.add(reject(1, Rejected::Unclear, None)).unwrap();
        drop(decisions);
        assert_eq!(Decisions::open(root.path(), SUITE).unwrap().events().len(), 2);
    }

    #[test]
    fn a_damaged_line_is_named() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder(root.path())).unwrap();
        std::fs::write(folder(root.path()).join("desk.decisions.jsonl"), "\n{\"did\":\"sing\"}\n").unwrap();
        let error = Decisions::open(root.path(), SUITE).unwrap_err().to_string();
        assert!(error.contains("desk.decisions.jsonl:2: this is no decision"), "{error}");
    }

    #[test]
    fn two_reviews_at_once_are_one_too_many() {
        let root = tempfile::tempdir().unwrap();
        let held = Decisions::hold(root.path(), SUITE).unwrap();
        assert!(matches!(Decisions::hold(root.path(), SUITE), Err(DecisionError::Busy(_))));
        assert!(Decisions::open(root.path(), SUITE).is_ok(), "to read is no harm");
        drop(held);
        assert!(Decisions::hold(root.path(), SUITE).is_ok());
    }

    #[test]
    fn advice_counts_reasons_and_repeats_what_people_wrote() {
        let root = tempfile::tempdir().unwrap();
        assert!(advice(root.path(), SUITE).unwrap().is_empty());
        let mut decisions = Decisions::hold(root.path(), SUITE).unwrap();
        decisions.add(reject(0, Rejected::TooEasy, None)).unwrap();
        for n in 1..4 {
            decisions.add(reject(n, Rejected::Unrealistic, (n > 1).then_some("too formal"))).unwrap();
        }
        decisions.add(reject(4, Rejected::Other, Some("we sell no boats"))).unwrap();
        assert_eq!(
            advice(root.path(), SUITE).unwrap(),
            [
                "Reviewers rejected 3 of 5 because nobody would say it: write what real users of this application \
                 would write, in their words. They wrote: too formal.",
                "Reviewers rejected 1 of 5 because something else: mind what reviewers said. They wrote: we sell no \
                 boats.",
            ]
        );
    }
}
