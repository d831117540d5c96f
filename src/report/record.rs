//! The record of a run, from which every output is made (`report.json`).

use super::coding::CodingRecord;
use super::held::LeftOut;
use super::judges::JudgeRecord;
use crate::expand::{CaseId, FamilyId, Provenance};
use crate::gate::{Decision, Finding, Flip, Problem, Standing};
use crate::judge::Outcome;
use crate::metric::{Confusion, Measurement, WeakSpot};
use crate::run::cache::Taken;
use crate::run::{Graded, GradedText, Part};
use crate::suite::schema::{Kind, MustPass};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Version of the record's format.
pub const FORMAT: u32 = 1;

/// One run over one or more suites.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// [`FORMAT`].
    pub format: u32,
    /// Version of Holdline that made it.
    pub version: String,
    /// Id of the run: the name of its folder below `.holdline/runs`.
    pub run: String,
    /// When it began (RFC 3339, UTC).
    pub started: String,
    /// Wall time in seconds.
    pub seconds: f64,
    /// The suites, in the order of their names.
    pub suites: Vec<SuiteRecord>,
    /// The suites that were left out because nobody named them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unnamed: Vec<Unnamed>,
    /// What the run comes to: the worst of its suites.
    pub decision: Decision,
    /// The exit code that goes with it.
    pub exit_code: u8,
}

/// A suite that is run only when it is named, and was not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unnamed {
    /// The suite, as it is named.
    pub suite: String,
    /// Why it was left out.
    pub why: String,
}

/// What came of one suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SuiteRecord {
    /// Name of the suite.
    pub name: String,
    /// Its file, relative to the project's root.
    pub path: String,
    /// What the feature does.
    pub feature: String,
    /// Whether it can block.
    pub kind: Kind,
    /// Fingerprint of the suite file and its data.
    pub fingerprint: String,
    /// What its values depend on: judges and kind of target. `None` in records that do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judged_by: Option<JudgedBy>,
    /// The parameters, with their values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, Value>,
    /// Names of the parameters whose values are not the suite's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changed_params: Vec<String>,
    /// Hash over the ids of the whole plan, run or not.
    pub plan: String,
    /// Cases of the whole plan.
    pub planned: usize,
    /// True where only a selection of the plan was asked.
    pub partial: bool,
    /// Which part of a larger run it is; such a record decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<Part>,
    /// The declared labels.
    pub labels: Vec<String>,
    /// The scenarios, in the order of the file.
    pub scenarios: Vec<ScenarioRecord>,
    /// The cases of the selection, in the order of the plan.
    pub cases: Vec<CaseRecord>,
    /// The cases of the selection that are not held in memory.
    #[serde(skip)]
    pub left_out: LeftOut,
    /// All metrics: the suite's first, then by scenario, then by tag.
    pub measurements: Vec<Measurement>,
    /// Values accepted with the baseline, by the metric's key; empty where the two cannot be compared.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub accepted: BTreeMap<String, f64>,
    /// What was answered where what was expected, for suites with labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Confusion>,
    /// Groups of cases that fail more than chance: knob values, pairs of them, families of operators.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weak: Vec<WeakSpot>,
    /// What the gate says: the gating metrics first.
    pub findings: Vec<Finding>,
    /// Metrics that do not gate and moved; at most 1 in 10 of them by chance alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub watched: Vec<Finding>,
    /// What keeps the suite from being decided.
    pub problems: Vec<Problem>,
    /// How many answers of this run came from the cache; `None` where none was in use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached: Option<Taken>,
    /// The judges that are models, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub judges: Vec<JudgeRecord>,
    /// Things worth knowing that change nothing: unused labels, added cases, ….
    pub notes: Vec<String>,
    /// The categories that people sorted its failures into; `None` where nothing was ever sorted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coding: Option<CodingRecord>,
    /// What is out of the gate for a time, in the order of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quarantined: Vec<QuarantineRecord>,
    /// What the suite comes to.
    pub decision: Decision,
    /// When the baseline was accepted, by whom and why, in a line; `None` without one.
    pub baseline: Option<String>,
    /// Cases that are new since the baseline.
    pub added: Vec<CaseId>,
    /// Names, as far as known, of the baseline's cases that the plan no longer has.
    pub removed: Vec<CaseId>,
    /// Whether a pending baseline was written for review.
    pub pending: bool,
    /// Why nothing was asked and the accepted values stand for the suite; `None` where it was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carried: Option<Carried>,
    /// The accepted run whose answers were judged anew; `None` where the application was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejudged: Option<RejudgedRun>,
}

/// The accepted run whose stored answers were judged anew, without asking the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejudgedRun {
    /// Its id.
    pub run: String,
    /// Whether accepting what came would change anything that is compared with.
    pub changes: bool,
}

/// Why a suite was carried over from its baseline instead of being run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The range of git's history in which nothing changed that the suite depends on.
    pub range: String,
    /// Id of the accepted run that the values come from.
    pub run: String,
}

impl Carried {
    /// Why it is carried over, in a line.
    pub fn reason(&self) -> String {
        format!("nothing that it depends on changed in {}", self.range)
    }
}

/// What the values of a run depend on besides the application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct JudgedBy {
    /// Fingerprint of the judges and of the definitions of the metrics.
    pub judges: String,
    /// Kind of target: `http`, `chat`, `command`, `recorded`, `in_process`.
    pub target: String,
}

impl SuiteRecord {
    /// Whether nothing in it can gate: it has judges that are models, none of them may gate, and nothing else
    /// gave a verdict.
    pub fn only_reports(&self) -> bool {
        let graded = self.count(Outcome::Pass) + self.count(Outcome::Fail);
        graded == 0 && !self.judges.is_empty() && !self.judges.iter().any(JudgeRecord::gates)
    }

    /// The parameters whose values are not the suite's own.
    pub fn variant(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.changed_params.iter().filter_map(|name| Some((name.as_str(), self.params.get(name)?)))
    }

    /// How many cases were selected.
    pub fn asked(&self) -> usize {
        self.cases.len() + self.left_out.len()
    }

    /// How many of them came to this.
    pub fn count(&self, outcome: Outcome) -> usize {
        let held = self.cases.iter().filter(|case| case.graded.outcome == outcome).count();
        held + self.left_out.of(outcome)
    }

    /// The scenario of a case.
    pub fn scenario_of(&self, case: &CaseRecord) -> &ScenarioRecord {
        &self.scenarios[case.scenario]
    }
}

/// What is out of the gate for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuarantineRecord {
    /// What it is: ``scenario `x` `` or `case 0123456789abcdef`.
    pub what: String,
    /// Who sees to it that it comes back.
    pub owner: String,
    /// Why it is out.
    pub reason: String,
    /// The last day on which it is out.
    pub until: jiff::civil::Date,
    /// The cases of the whole plan that it keeps out.
    pub cases: Vec<CaseId>,
}

impl QuarantineRecord {
    /// What is out and why, in a line.
    pub fn told(&self) -> String {
        let cases = super::number::count(self.cases.len(), "case", "cases");
        format!("{} ({cases}) until {} ({}): {}", self.what, self.until, self.owner, self.reason)
    }

    /// Why a case of it is tolerated, in a line.
    pub fn standing(&self) -> String {
        format!("in quarantine until {} ({}): {}", self.until, self.owner, self.reason)
    }
}

/// A scenario, as reports need it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScenarioRecord {
    /// Stable id.
    pub id: String,
    /// The behaviour, in words.
    pub name: String,
    /// The hypothesis it tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Line of the suite file, from 1.
    pub line: u32,
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Identity.
    pub id: CaseId,
    /// Identity of its seed.
    pub family: FamilyId,
    /// Index of its scenario.
    pub scenario: usize,
    /// Readable name, unique in its scenario.
    pub name: String,
    /// What the application was asked first.
    pub input: Value,
    /// The one label expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<String>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What it came to: of several repeats the first whose outcome is that of the case.
    pub graded: Graded,
    /// What all its repeats came to, in their order, where there is more than one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repeats: Vec<Graded>,
    /// What it came to when it was asked again because its scenario was flagged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<Graded>,
    /// How it moved against the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flip: Option<Flip>,
    /// How it stands in the build.
    pub standing: Standing,
    /// The answer accepted with the baseline, for cases that moved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_answer: Option<String>,
}

impl CaseRecord {
    /// Every answer of the run to the case, confirmations left out.
    pub fn answers(&self) -> &[Graded] {
        if self.repeats.is_empty() { std::slice::from_ref(&self.graded) } else { &self.repeats }
    }

    /// How many of its graded answers pass, and how many are graded: `(3, 5)`. A target error counts as
    /// graded and failed.
    pub fn tally(&self) -> (usize, usize) {
        tally(self.answers().iter().map(|graded| graded.outcome))
    }

    /// Whether its graded answers disagree.
    pub fn is_unstable(&self) -> bool {
        wavers(self.tally())
    }
}

/// What came of one case, of which nobody reads more than was decided: the beginning of a [`CaseRecord`].
#[derive(Debug, Clone, Copy, Serialize)]
pub struct CaseHead {
    /// Identity.
    pub id: CaseId,
    /// Identity of its seed.
    pub family: FamilyId,
    /// Index of its scenario.
    pub scenario: usize,
}

/// The end of the same; between the two stands what the plan says of the case, from its name to its
/// provenance.
#[derive(Debug, Clone, Serialize)]
pub struct CaseTail {
    /// What it came to.
    pub graded: GradedText,
    /// What all its repeats came to, where there is more than one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repeats: Vec<GradedText>,
    /// What it came to when it was asked again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub confirmations: Vec<GradedText>,
    /// How it moved against the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flip: Option<Flip>,
    /// How it stands in the build.
    pub standing: Standing,
    /// The answer accepted with the baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accepted_answer: Option<String>,
}

/// How many of these outcomes are a pass, and how many are graded; a target error counts as graded and failed.
pub(super) fn tally(outcomes: impl Iterator<Item = Outcome>) -> (usize, usize) {
    outcomes.fold((0, 0), |(passed, graded), outcome| match outcome {
        Outcome::Pass => (passed + 1, graded + 1),
        Outcome::Fail | Outcome::TargetError => (passed, graded + 1),
        _ => (passed, graded),
    })
}

/// Whether some of those graded passed, and some did not.
pub(super) const fn wavers((passed, graded): (usize, usize)) -> bool {
    passed > 0 && passed < graded
}
