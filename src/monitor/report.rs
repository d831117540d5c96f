//! What `holdline monitor` found, as data: every output is made of this alone.

use super::expected::Route;
use super::read::Log;
use super::window::Tally;
use crate::judge::Outcome;
use crate::metric::Unit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the JSON document.
pub const FORMAT: u32 = 1;

/// What was found. All texts of the log in it are scrubbed of secrets and personal data, and untrusted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of the document.
    pub format: u32,
    /// Name of the suite.
    pub suite: String,
    /// What was read.
    pub log: Log,
    /// The first and the last time in the log.
    pub times: Option<(jiff::Timestamp, jiff::Timestamp)>,
    /// All answers by what checks said of them.
    pub checked: Tally,
    /// Share of those graded that pass; an error counts as the suite says.
    pub pass: Option<Share>,
    /// The least similarity at which a request is like a seed.
    pub bar: f64,
    /// Answers by how it is known whose they are.
    pub routes: BTreeMap<Route, Tally>,
    /// Answers by scenario, those without any left out.
    pub scenarios: Vec<ScenarioSeen>,
    /// Names of scenarios that the suite does not have, with how many answers name each of the first few.
    pub unknown: BTreeMap<String, u64>,
    /// Answers that decline, by their wording, of those that are answers.
    pub declines: Option<Share>,
    /// What users and people said.
    pub sources: Vec<SourceSeen>,
    /// What judges said of a sample.
    pub sampled: Option<SampleSeen>,
    /// Judges, and programs, of the suite that were not asked, since nothing said how many they may be asked about.
    pub unasked: Vec<String>,
    /// How far two sources of verdicts agree.
    pub agreement: Vec<Agreement>,
    /// What changed against an earlier log or the accepted answers.
    pub drift: Option<Drift>,
    /// Why there is nothing to compare with.
    pub no_drift: Option<String>,
    /// Requests like no scenario.
    pub unlike: Unlike,
    /// Some of the answers that checks fail.
    pub failing: Vec<Example>,
    /// Where answers were written to, and how many.
    pub written: Vec<Written>,
    /// Why nothing can be told, or not enough: the command ends with 3.
    pub problems: Vec<String>,
    /// What is worth knowing.
    pub notes: Vec<String>,
}

/// A share with what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// How many.
    pub count: u64,
    /// Of so many.
    pub of: u64,
    /// The share, 0 to 1.
    pub value: f64,
    /// Its 95 % interval (Wilson).
    pub interval: (f64, f64),
}

/// A scenario in the log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScenarioSeen {
    /// Its id.
    pub scenario: String,
    /// Its answers.
    pub tally: Tally,
    /// Share of those graded that pass.
    pub pass: Option<Share>,
}

/// A source of verdicts beside checks and judges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SourceSeen {
    /// Its name: `feedback`, `human`, or as the log calls it.
    pub name: String,
    /// Answers of which it says something.
    pub said: u64,
    /// Those that it calls good, of those that it calls good or bad.
    pub good: Option<Share>,
    /// Those that it calls neither.
    pub neither: u64,
    /// Those whose number is on no known scale.
    pub unread: u64,
    /// The scale that its numbers were read on, where it gives any.
    pub scale: Option<(f64, f64)>,
}

/// What judges and programs said of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleSeen {
    /// Answers that were asked about.
    pub asked: u64,
    /// Answers that were to be asked about.
    pub wanted: u64,
    /// Answers that they apply to, of which the sample was drawn.
    pub of: u64,
    /// What each said.
    pub judges: Vec<JudgeSeen>,
    /// What was spent, in words; none where nothing limits it.
    pub spent: Option<String>,
    /// Why fewer were asked about than were to be.
    pub stopped: Option<String>,
}

/// What one judge said of a sample.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeSeen {
    /// Its name, as verdicts carry it.
    pub judge: String,
    /// Answers by what it said.
    pub outcomes: BTreeMap<Outcome, u64>,
    /// Those that pass of those that pass or fail: an estimate for all answers that it applies to.
    pub pass: Option<Share>,
    /// Whether it may not gate, and so only reports.
    pub reports_only: bool,
}

/// How far two sources agree on the answers of which both say pass or fail, good or bad.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Agreement {
    /// The first source.
    pub one: String,
    /// The second.
    pub other: String,
    /// Both good; the first alone; the second alone; both bad.
    pub counts: [u64; 4],
    /// Answers on which they agree.
    pub agree: Option<Share>,
    /// Cohen's kappa; none where it is not defined.
    pub kappa: Option<f64>,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drift {
    /// What it is compared with, in words.
    pub against: String,
    /// What was read of an earlier log; none for accepted answers.
    pub log: Option<Log>,
    /// Answers compared, before and now: one of each conversation, where the logs name them.
    pub answers: (u64, u64),
    /// Whether answers of one conversation were counted as one.
    pub by_conversation: bool,
    /// Chance at most that any drift is found where nothing has changed.
    pub alpha: f64,
    /// The tests, by what they look at.
    pub tests: Vec<DriftTest>,
    /// What could not be tested, with the reason.
    pub left_out: Vec<(String, String)>,
}

/// What a test of drift is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// What is asked.
    Inputs,
    /// What is answered.
    Answers,
    /// What verdicts say of it.
    Outcomes,
}

/// What a test of drift found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It has changed, and by enough to look at.
    Drifted,
    /// It has surely changed, and by little.
    Slight,
    /// No change can be told from chance.
    Nothing,
}

/// One test of drift.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DriftTest {
    /// What is asked, answered, or what came of it.
    pub aspect: Aspect,
    /// What was compared.
    pub what: String,
    /// How many there are of it before and now.
    pub n: (u64, u64),
    /// Before and now: a median, a share; none where there is no one number.
    pub values: Option<(f64, f64)>,
    /// The unit of those.
    pub unit: Unit,
    /// The population stability index, in nats; none where nothing is binned.
    pub psi: Option<f64>,
    /// How large the change is.
    pub effect: Effect,
    /// The name of the test.
    pub test: String,
    /// Its p-value.
    pub p: f64,
    /// The same after Holm's correction over all tests.
    pub adjusted: f64,
    /// What that comes to.
    pub found: Found,
}

/// How large a change is, with its interval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Effect {
    /// How often one of now is above one of before, 0 to 1; 0.5 where nothing differs.
    Superiority {
        /// The share of pairs.
        value: f64,
        /// 95 % interval.
        interval: (f64, f64),
    },
    /// The area under the curve of a classifier that tells now from before; 0.5 where nothing differs.
    Classifier {
        /// The area.
        value: f64,
        /// 95 % interval.
        interval: (f64, f64),
    },
    /// A share less what it was.
    Difference {
        /// −1 to 1.
        value: f64,
        /// 95 % interval.
        interval: (f64, f64),
    },
    /// The share that changed most of several.
    Most {
        /// Which. Untrusted where it is a label.
        name: String,
        /// Its share before and now.
        shares: (f64, f64),
        /// Interval of its change, 95 % over all shares together.
        interval: (f64, f64),
    },
    /// The Jensen–Shannon divergence, in bits, 0 to 1.
    Divergence {
        /// The divergence.
        value: f64,
        /// What chance alone gives: 95 % of it.
        by_chance: (f64, f64),
    },
}

/// Requests like no scenario.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Unlike {
    /// How many, of all answers.
    pub share: Option<Share>,
    /// Different ones that were grouped.
    pub grouped: u64,
    /// Answers that those are.
    pub grouped_answers: u64,
    /// Groups, largest first; those of one request said once are left out.
    pub groups: Vec<Group>,
    /// Different requests that are alone.
    pub alone: u64,
    /// Groups beyond those listed.
    pub more: u64,
}

/// Requests that are like each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Group {
    /// Answers.
    pub answers: u64,
    /// Different requests.
    pub different: u64,
    /// What they have in common, in a few words.
    pub terms: Vec<String>,
    /// The most central one and some more, the most frequent first.
    pub examples: Vec<String>,
    /// The label that most of them were answered with, with how many of those that have one.
    pub label: Option<(String, u64, u64)>,
    /// The line of the first example.
    pub line: u64,
    /// A scenario to paste into the suite, without what is expected.
    pub toml: String,
}

/// An answer that checks fail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Example {
    /// The line in the log.
    pub line: u64,
    /// Its scenario; none where it is like none.
    pub scenario: Option<String>,
    /// How that is known.
    pub route: Route,
    /// What was asked.
    pub input: String,
    /// What was answered, or the error.
    pub output: String,
    /// Why it fails.
    pub reason: String,
}

/// Something that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The file as it is shown.
    pub path: String,
    /// How many are in it.
    pub count: u64,
    /// What they are.
    pub what: String,
}

impl Share {
    /// A share; nothing of nothing.
    pub fn of(count: u64, of: u64) -> Option<Self> {
        let places = (usize::try_from(count).ok()?, usize::try_from(of).ok()?);
        let interval = crate::stats::interval::wilson(places.0, places.1, 0.95)?;
        Some(Self { count, of, value: count as f64 / of as f64, interval })
    }
}

impl Drift {
    /// Whether anything drifted by enough to look at.
    pub fn is_found(&self) -> bool {
        self.tests.iter().any(|test| test.found == Found::Drifted)
    }
}

impl Report {
    /// Whether anything can be told.
    pub const fn is_told(&self) -> bool {
        self.problems.is_empty()
    }
}
