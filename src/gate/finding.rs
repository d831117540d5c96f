//! What the gate comes to, with the numbers behind it.

use super::compare::Blocks;
use super::confirm::Confirmation;
use super::procedure::{Corrected, Guard};
use crate::metric::{Direction, Slice, Unit};
use serde::{Deserialize, Serialize};

/// What is said of a metric against its baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// The lower bound of the difference is above the tolerance.
    Held,
    /// No paired outcome differs.
    Unchanged,
    /// Surely better.
    Improved,
    /// Surely worse, by at least the minimum effect; or below a floor.
    Regressed,
    /// Cannot be told with these cases.
    Inconclusive,
    /// Measured in another way than the baseline.
    Incomparable,
    /// No baseline.
    New,
    /// The metric has no value, or too few of the baseline's cases could be paired.
    Missing,
}

impl std::fmt::Display for FindingKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Held => "held",
            Self::Unchanged => "unchanged",
            Self::Improved => "improved",
            Self::Regressed => "regressed",
            Self::Inconclusive => "inconclusive",
            Self::Incomparable => "incomparable",
            Self::New => "new",
            Self::Missing => "missing",
        })
    }
}

/// What the gate says of one metric over one slice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Name of the metric.
    pub metric: String,
    /// The cases it is about.
    pub slice: Slice,
    /// Whether it can block the build.
    pub gates: bool,
    /// What is said.
    pub kind: FindingKind,
    /// The reason in a sentence, with the numbers that matter.
    pub reason: String,
    /// Value accepted before, over the paired cases.
    pub baseline: Option<f64>,
    /// Value now, over the paired cases.
    pub candidate: Option<f64>,
    /// Difference of the two, candidate less baseline.
    pub delta: Option<f64>,
    /// 90 % interval of the difference.
    pub interval: Option<(f64, f64)>,
    /// One-sided p-value of "worse", before any correction.
    pub p_worse: Option<f64>,
    /// The same, corrected for the other tests of the run (Holm).
    pub p_adjusted: Option<f64>,
    /// Smallest drop seen with 80 % power.
    pub detectable: Option<f64>,
    /// Cases paired.
    pub paired: usize,
    /// Families (seeds with their variants) among them.
    pub families: usize,
    /// Cases that passed before and fail now.
    pub broke: usize,
    /// Cases that failed before and pass now.
    pub fixed: usize,
    /// The value that the metric may not fall below, where the suite states one.
    pub floor: Option<f64>,
    /// Whether more or less is better.
    pub direction: Direction,
    /// What the values are in.
    pub unit: Unit,
    /// Where the broken cases lie, most concentrated first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concentrations: Vec<Concentration>,
    /// Every number behind it; `None` where nothing was tested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Box<Evidence>>,
}

/// The numbers behind a finding. Effects are in the direction in which more is better: a loss is negative.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Runs of the baseline and of the candidate that were compared: the most that any case has.
    pub runs: (usize, usize),
    /// What was drawn as one in the test.
    pub blocks: Blocks,
    /// Clusters of the interval: families, or scenarios.
    pub clusters: usize,
    /// Blocks of the test whose runs differ.
    pub informative: usize,
    /// One-sided p-values of "worse": exact and mid.
    pub worse: (f64, f64),
    /// One-sided p-values of "better": exact and mid.
    pub better: (f64, f64),
    /// Those that the test goes by, corrected for the others of the build; `None` where it does not gate.
    pub corrected: Option<Corrected>,
    /// The largest corrected p-value that is sure.
    pub alpha: f64,
    /// The smallest p-value of "worse" that the blocks that differ could have given.
    pub least: f64,
    /// Whether the p-values are approximated (Edgeworth) and not exact.
    pub approximated: bool,
    /// Centre of the interval, its standard error and its degrees of freedom.
    pub centre: f64,
    /// Standard error.
    pub se: f64,
    /// Degrees of freedom.
    pub freedom: usize,
    /// The bounds of the 90 % interval of the effect.
    pub bounds: (f64, f64),
    /// A smaller loss never blocks.
    pub min_effect: f64,
    /// How far below its baseline the metric may be and be called held.
    pub tolerance: f64,
    /// The power that is asked for.
    pub power: f64,
    /// Smallest true loss seen with that power.
    pub detectable: f64,
    /// Cases that it takes to see a loss of the tolerance with that power; `None` where no number does, since
    /// the tolerance is 0.
    pub cases_needed: Option<f64>,
    /// Clusters to add until it is seen.
    pub clusters_to_add: usize,
    /// What the drift guard finds; `None` for a scenario's test, which has none.
    pub guard: Option<Guard>,
    /// Of a scenario's test the deviation of the noise that whole scenarios of the suite share: a loss of less
    /// than four times it and the scenario's own together is none. 0 where there is none, or none to be seen.
    #[serde(default)]
    pub common: f64,
    /// What asking a flagged scenario again said.
    pub confirmation: Option<Confirmation>,
}

impl Finding {
    /// The metric's name with its slice, as in [`crate::metric::Measurement::key`].
    pub fn key(&self) -> String {
        self.slice.key(&self.metric)
    }
}

/// A group of cases that holds a large part of what broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concentration {
    /// What the group shares: `scenario`, `expected label`, `tag`, `operators`, `knob`, `knob pair`.
    pub by: String,
    /// Its value.
    pub value: String,
    /// Cases of the group that broke.
    pub broke: usize,
    /// Paired cases of the group.
    pub of: usize,
}

/// A case whose outcome differs from the baseline's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flip {
    /// Passed before, fails now.
    Broke,
    /// Failed before, passes now.
    Fixed,
}

/// How a case stands in the build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "standing", content = "why", rename_all = "snake_case")]
pub enum Standing {
    /// It passes, or does not apply.
    Passes,
    /// It fails the build: it broke and its metric regressed, or it must pass.
    Fails(String),
    /// It fails and the gate tolerates that, for this reason.
    Tolerated(String),
    /// It has no answer or no verdict, for this reason.
    Errs(String),
    /// It was not asked, for this reason.
    Skipped(String),
}

/// Something that keeps a run from deciding, or the whole suite from being trusted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind.
    pub kind: ProblemKind,
    /// What it is and what mends it, in a sentence or two.
    pub message: String,
}

/// The kinds of [`Problem`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// There is no baseline, and this is CI.
    NoBaseline,
    /// Too many cases without an answer.
    TargetErrors,
    /// Too many cases without a verdict.
    Ungraded,
    /// Nothing was graded.
    NothingGraded,
    /// Too few of the baseline's cases could be paired.
    Unpaired,
    /// A gated metric has no value.
    NoValue,
    /// Judges, target kind or metric definitions differ from the baseline's.
    Incomparable,
    /// Only a part of the suite was run.
    Partial,
    /// The application could not be started or reached.
    Target,
    /// A credential is missing.
    Credentials,
    /// A judge is not the one it was, or whether it is cannot be told.
    Judge,
    /// Inconclusive, and the suite says that this fails.
    Inconclusive,
    /// Time or money ran out.
    Budget,
    /// A budget cannot be kept: answers do not tell what they took.
    Usage,
    /// The run was interrupted.
    Interrupted,
}

/// What a suite, or a whole run, comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing that worked got worse.
    Held,
    /// Nothing to compare with, outside CI: measured only.
    Measured,
    /// Something got worse.
    Regressed,
    /// Cannot decide.
    Undecided,
    /// Time or money ran out.
    Exhausted,
}
