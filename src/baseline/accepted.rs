//! The contents of a baseline.

use super::cases::AcceptedCases;
use crate::judge::Outcome;
use crate::suite::schema::TargetErrors;
use std::collections::BTreeMap;

/// Version of the baseline's format, in which every baseline is written. Versions 1 and 2 are read; they
/// keep label (and, from version 2 on, number) of the newest run alone.
pub const FORMAT: u32 = 4;

/// How many accepted runs a case keeps.
pub const KEPT_RUNS: usize = 5;

/// What was accepted for one suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Baseline {
    /// Name of the suite.
    pub suite: String,
    /// Id of the run accepted last.
    pub run: String,
    /// What the values depend on.
    pub fingerprints: Fingerprints,
    /// Every acceptance, oldest first.
    pub history: Vec<Acceptance>,
    /// Values by [`crate::metric::Measurement::key`], of the run accepted last.
    pub metrics: BTreeMap<String, AcceptedMetric>,
    /// Cases by id.
    pub cases: AcceptedCases,
}

/// What the values of a baseline depend on. Hex digits or short words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fingerprints {
    /// The suite file and its data. Differs often and forbids nothing.
    pub suite: String,
    /// Judges and metric definitions. A difference makes the metrics incomparable.
    pub judges: String,
    /// Kind of target: `http`, `chat`, `command`, `recorded`, `in_process`. A difference makes the
    /// metrics incomparable.
    pub target: String,
}

/// One acceptance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Id of the run accepted.
    pub run: String,
    /// When (RFC 3339, UTC, whole seconds), or `unknown`.
    pub at: String,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// From what to what: `pass_rate 0.9400 -> 0.9550`.
    pub change: String,
}

/// A metric's value as accepted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AcceptedMetric {
    /// The value, or none.
    pub value: Option<f64>,
    /// Cases that enter it.
    pub n: usize,
}

/// The outcome of a case in an accepted run, as one letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Accepted {
    /// `P`: passed.
    Pass,
    /// `F`: failed.
    Fail,
    /// `E`: target error.
    Error,
    /// `-`: not graded.
    Ungraded,
}

impl Fingerprints {
    /// Whether metrics are measured as with the others, so that values and runs of the two belong together.
    pub fn measure_as(&self, other: &Self) -> bool {
        self.judges == other.judges && self.target == other.target
    }
}

impl Baseline {
    /// The acceptance of its run.
    pub fn acceptance(&self) -> Option<&Acceptance> {
        self.history.iter().rev().find(|acceptance| acceptance.run == self.run)
    }

    /// How many runs most of its cases keep; of several such numbers the greatest. Without cases 0.
    pub fn kept_runs(&self) -> usize {
        let mut cases = [0_usize; KEPT_RUNS + 1];
        for (_, case) in self.cases.iter() {
            cases[case.runs().len().min(KEPT_RUNS)] += 1;
        }
        // Of equal ones `max_by_key` takes the last.
        let most = cases.iter().enumerate().filter(|(_, cases)| **cases > 0).max_by_key(|(_, cases)| **cases);
        most.map_or(0, |(runs, _)| runs)
    }
}

impl Accepted {
    /// The letter that stands for it.
    pub const fn letter(self) -> char {
        match self {
            Self::Pass => 'P',
            Self::Fail => 'F',
            Self::Error => 'E',
            Self::Ungraded => '-',
        }
    }

    /// Whether it is a pass; `None` where it enters no pass rate.
    pub const fn passed(self, errors: TargetErrors) -> Option<bool> {
        match (self, errors) {
            (Self::Pass, _) => Some(true),
            (Self::Fail, _) | (Self::Error, TargetErrors::Fail) => Some(false),
            (Self::Error, TargetErrors::Exclude) | (Self::Ungraded, _) => None,
        }
    }

    /// What a letter stands for.
    pub const fn of_letter(letter: char) -> Option<Self> {
        match letter {
            'P' => Some(Self::Pass),
            'F' => Some(Self::Fail),
            'E' => Some(Self::Error),
            '-' => Some(Self::Ungraded),
            _ => None,
        }
    }
}

impl From<Outcome> for Accepted {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Pass => Self::Pass,
            Outcome::Fail => Self::Fail,
            Outcome::TargetError => Self::Error,
            Outcome::NotApplicable | Outcome::CannotJudge | Outcome::JudgeError | Outcome::Skipped => {
                Self::Ungraded
            }
        }
    }
}
