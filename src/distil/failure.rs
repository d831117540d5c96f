//! Failures: cases of which at least one answer failed, or did not come, over one or several runs.
//!
//! Failure is not error: an answer that a judge could not grade is counted, and is no failure.

use crate::expand::{CaseId, FamilyId, Provenance};
use crate::gate::{Flip, Problem, ProblemKind};
use crate::judge::{Outcome, Verdict};
use crate::report::{CaseRecord, SuiteRecord};
use crate::run::Graded;
use crate::suite::schema::MustPass;
use crate::target::TargetErrorKind;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// One case that failed, with what was complained of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    /// Name of its suite.
    pub suite: String,
    /// The suite's file, relative to the project's root.
    pub suite_path: String,
    /// Id of its scenario.
    pub scenario: String,
    /// The scenario, in words.
    pub scenario_name: String,
    /// Identity.
    pub case: CaseId,
    /// Identity of its seed.
    pub family: FamilyId,
    /// Readable name, unique in its scenario.
    pub name: String,
    /// What the application was asked first.
    pub input: Value,
    /// The one label expected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truth: Option<String>,
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// Id of the newest run in which it failed; the failing answer is of that run.
    pub run: String,
    /// The first failing answer of that run: the application's last words in it. `None` where there is none.
    /// Untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<String>,
    /// The label of that answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What failed in that answer, in the order of the verdicts; at least one.
    pub complaints: Vec<Complaint>,
    /// What people wrote about the case. Empty as read from records.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// How often it was asked, and how often it failed.
    pub seen: Seen,
    /// Whether it was accepted with the baseline.
    pub since: Since,
    /// Whether it is out of the gate for a time, by the newest run in which it failed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quarantined: bool,
}

/// Something that failed in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    /// Who complains: the check's key, without the number of one of several (`json`, not `json[2]`), with `not`
    /// before it where it is inverted; the name of a judge that is a model, likewise; or the kind of a target error.
    pub judge: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: ComplaintKind,
    /// The verdict in the judge's own words; none of checks. Untrusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// What was expected and what came. Untrusted.
    pub reason: String,
}

/// What complains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ComplaintKind {
    /// A check.
    Check,
    /// A judge that is a model.
    Model,
    /// There was no answer.
    Target {
        /// Why.
        error: TargetErrorKind,
        /// The HTTP status, where that is why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        status: Option<u16>,
    },
}

/// How often a case was asked, over all runs and repeats. Answers that could not be graded are in neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Seen {
    /// Runs that graded it.
    pub runs: u32,
    /// Answers that were graded; one that did not come is graded, and failed.
    pub graded: u32,
    /// Those of them that failed.
    pub failed: u32,
}

/// Whether a case fails whenever it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lasting {
    /// Every time, of at least two.
    Persistent,
    /// At times.
    Intermittent,
    /// It was asked once, so that nobody knows.
    Once,
}

impl Seen {
    /// Whether it fails whenever it is asked.
    pub const fn lasting(self) -> Lasting {
        match self {
            Self { graded: 0 | 1, .. } => Lasting::Once,
            Self { graded, failed, .. } if failed >= graded => Lasting::Persistent,
            _ => Lasting::Intermittent,
        }
    }
}

/// Whether a failure is new against the accepted baseline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// It passed in the baseline. One that fails only at times may have done so then.
    Passed,
    /// The baseline does not have the case.
    Added,
    /// There is no baseline, or none that can be compared with.
    Unknown,
    /// It failed in the baseline as well: it is known.
    Known,
}

impl Since {
    /// Whether nobody has accepted it yet.
    pub const fn is_new(self) -> bool {
        !matches!(self, Self::Known)
    }
}

/// What was looked at in a suite, counted in cases.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Looked {
    /// Name of the suite.
    pub suite: String,
    /// The runs that were looked at, newest first.
    pub runs: Vec<String>,
    /// Whether any of them asked only a part of the suite.
    pub partial: bool,
    /// Cases in any of the runs.
    pub cases: usize,
    /// Cases of which some answer was graded.
    pub graded: usize,
    /// Cases of which some answer failed.
    pub failed: usize,
    /// Cases of which some answer could not be judged, whether or not others could.
    pub unjudged: usize,
}

/// The failures of one suite of one run held in memory, in the order of the plan. Cases that the record left
/// out are not among them ([`SuiteRecord::left_out`]).
pub fn failures_of(run: &str, suite: &SuiteRecord) -> Vec<Failure> {
    let (mut failed, head) = (Failed::default(), Head::of(suite));
    let mut entered = failed.enter(run, &head);
    suite.cases.iter().for_each(|case| entered.take(case));
    failed.finish().1
}

/// What is read of a suite beside its cases.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Head {
    /// Its name.
    pub name: String,
    /// Its file.
    pub path: String,
    /// Its scenarios: id and words.
    pub scenarios: Vec<ScenarioHead>,
    /// The baseline, in a line.
    pub baseline: Option<String>,
    /// Cases that the baseline does not have.
    pub added: BTreeSet<CaseId>,
    /// Whether only a part of it was asked.
    pub partial: bool,
    /// What keeps it from being decided.
    pub problems: Vec<Problem>,
    /// What is out of the gate.
    #[serde(default)]
    pub quarantined: Vec<QuarantineHead>,
    /// There where nothing was asked.
    #[serde(default)]
    pub carried: Option<serde::de::IgnoredAny>,
    /// There where accepted answers were judged anew.
    #[serde(default)]
    pub rejudged: Option<serde::de::IgnoredAny>,
}

/// A scenario, as failures need it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct ScenarioHead {
    /// Stable id.
    pub id: String,
    /// The behaviour, in words.
    pub name: String,
}

/// What is out of the gate, as failures need it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct QuarantineHead {
    /// The cases.
    pub cases: Vec<CaseId>,
}

impl Head {
    fn of(suite: &SuiteRecord) -> Self {
        let scenario =
            |of: &crate::report::ScenarioRecord| ScenarioHead { id: of.id.clone(), name: of.name.clone() };
        Self {
            name: suite.name.clone(),
            path: suite.path.clone(),
            scenarios: suite.scenarios.iter().map(scenario).collect(),
            baseline: suite.baseline.clone(),
            added: suite.added.iter().copied().collect(),
            partial: suite.partial,
            problems: suite.problems.clone(),
            quarantined: suite
                .quarantined
                .iter()
                .map(|of| QuarantineHead { cases: of.cases.clone() })
                .collect(),
            carried: suite.carried.as_ref().map(|_| serde::de::IgnoredAny),
            rejudged: suite.rejudged.as_ref().map(|_| serde::de::IgnoredAny),
        }
    }
}

/// Failures being gathered over runs; runs are entered newest first.
#[derive(Debug, Clone, Default)]
pub struct Failed {
    suites: BTreeMap<String, SuiteFailed>,
}

#[derive(Debug, Clone, Default)]
struct SuiteFailed {
    looked: Looked,
    cases: BTreeMap<CaseId, CaseSeen>,
    /// The failures, in the order in which they were met.
    failures: Vec<Failure>,
}

#[derive(Debug, Clone, Copy, Default)]
struct CaseSeen {
    seen: Seen,
    unjudged: bool,
    /// The place of its failure, from 1; 0 where it has none.
    failure: usize,
}

/// A suite of a run, whose cases are being taken in.
pub(super) struct Entered<'f> {
    run: &'f str,
    head: &'f Head,
    into: &'f mut SuiteFailed,
}

impl Failed {
    /// Begins to take in a suite of a run.
    pub(super) fn enter<'f>(&'f mut self, run: &'f str, head: &'f Head) -> Entered<'f> {
        let into = self.suites.entry(head.name.clone()).or_default();
        into.looked.suite.clone_from(&head.name);
        if !into.looked.runs.iter().any(|of| of == run) {
            into.looked.runs.push(run.to_owned());
        }
        into.looked.partial |= head.partial;
        Entered { run, head, into }
    }

    /// What was looked at, by suite, and the failures: suite by suite, each in the order of the plan of its newest
    /// run, those of older runs alone behind them.
    pub fn finish(self) -> (Vec<Looked>, Vec<Failure>) {
        let (mut looked, mut failures) = (Vec::new(), Vec::new());
        for (_, mut suite) in self.suites {
            let count = |keep: fn(&CaseSeen) -> bool| suite.cases.values().filter(|case| keep(case)).count();
            suite.looked.cases = suite.cases.len();
            suite.looked.graded = count(|case| case.seen.graded > 0);
            suite.looked.failed = count(|case| case.seen.failed > 0);
            suite.looked.unjudged = count(|case| case.unjudged);
            looked.push(suite.looked);
            for failure in &mut suite.failures {
                failure.seen = suite.cases[&failure.case].seen;
            }
            failures.append(&mut suite.failures);
        }
        (looked, failures)
    }
}

impl Entered<'_> {
    /// Takes a case in: all its repeats, and the answers for which it was asked again.
    pub fn take(&mut self, case: &CaseRecord) {
        let seen = self.into.cases.entry(case.id).or_default();
        let (mut graded, mut first) = (0, None);
        for answer in case.answers().iter().chain(&case.confirmations) {
            match answer.outcome {
                Outcome::Pass => graded += 1,
                Outcome::Fail | Outcome::TargetError => {
                    graded += 1;
                    seen.seen.failed += 1;
                    first = first.or(Some(answer));
                }
                Outcome::CannotJudge | Outcome::JudgeError => seen.unjudged = true,
                Outcome::NotApplicable | Outcome::Skipped => {}
            }
        }
        seen.seen.graded += graded;
        seen.seen.runs += u32::from(graded > 0);
        // Of several runs the newest tells, and newer ones come first.
        let Some(answer) = first.filter(|_| seen.failure == 0) else { return };
        let failure = self.failure(case, answer);
        self.into.failures.push(failure);
        if let Some(seen) = self.into.cases.get_mut(&case.id) {
            seen.failure = self.into.failures.len();
        }
    }

    fn failure(&self, case: &CaseRecord, answer: &Graded) -> Failure {
        let scenario = self.head.scenarios.get(case.scenario);
        let last = answer.transcript.last();
        Failure {
            suite: self.head.name.clone(),
            suite_path: self.head.path.clone(),
            scenario: scenario.map(|of| of.id.clone()).unwrap_or_default(),
            scenario_name: scenario.map(|of| of.name.clone()).unwrap_or_default(),
            case: case.id,
            family: case.family,
            name: case.name.clone(),
            input: case.input.clone(),
            truth: case.truth.clone(),
            must_pass: case.must_pass,
            tags: case.tags.clone(),
            provenance: case.provenance.clone(),
            run: self.run.to_owned(),
            output: last.map(|of| of.output.clone()),
            label: last.and_then(|of| of.label.clone()),
            complaints: complaints(answer),
            notes: Vec::new(),
            // Known once all runs are in.
            seen: Seen::default(),
            since: self.since(case),
            quarantined: self.head.quarantined.iter().any(|of| of.cases.contains(&case.id)),
        }
    }

    fn since(&self, case: &CaseRecord) -> Since {
        if self.head.baseline.is_none()
            || self.head.problems.iter().any(|of| of.kind == ProblemKind::Incomparable)
        {
            return Since::Unknown;
        }
        if self.head.added.contains(&case.id) {
            return Since::Added;
        }
        match (case.flip, case.graded.outcome) {
            // One that passes as a whole fails at times, and did not move: it passed in the baseline too.
            (Some(Flip::Broke), _) | (None, Outcome::Pass) => Since::Passed,
            _ => Since::Known,
        }
    }
}

/// What failed in an answer.
pub fn complaints(answer: &Graded) -> Vec<Complaint> {
    if let Some(error) = &answer.transcript.error {
        let kind = ComplaintKind::Target { error: error.kind, status: error.status };
        let reason = error.message.clone();
        return vec![Complaint { judge: error.kind.to_string(), kind, word: None, reason }];
    }
    let failed = |verdict: &&Verdict| verdict.outcome == Outcome::Fail && verdict.counts();
    let complaint = |verdict: &Verdict| match &verdict.model {
        Some(model) => Complaint {
            judge: match verdict.judge.strip_prefix("not ") {
                Some(_) => format!("not {}", model.judge),
                None => model.judge.clone(),
            },
            kind: ComplaintKind::Model,
            word: model.word.clone(),
            reason: verdict.reason.clone(),
        },
        None => Complaint {
            judge: unnumbered(&verdict.judge).to_owned(),
            kind: ComplaintKind::Check,
            word: None,
            reason: verdict.reason.clone(),
        },
    };
    let all: Vec<Complaint> = answer.verdicts.iter().filter(failed).map(complaint).collect();
    if !all.is_empty() {
        return all;
    }
    // A record made by hand may say less than its outcome.
    let reason = answer.outcome.to_string();
    vec![Complaint { judge: "expect".to_owned(), kind: ComplaintKind::Check, word: None, reason }]
}

/// A check's name without the number that tells several of one name apart: places in a file are no kinds of
/// failures.
fn unnumbered(name: &str) -> &str {
    let numbered = name.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
    match numbered {
        Some((bare, number)) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
            bare
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_one_of_several_checks_is_no_part_of_its_name() {
        let names = ["json[2]", "not json[12]", "recall[escalation]", "label", "[3]", "json[]", "json[2"];
        let bare = ["json", "not json", "recall[escalation]", "label", "", "json[]", "json[2"];
        assert_eq!(names.map(unnumbered), bare);
    }

    #[test]
    fn one_answer_does_not_tell_whether_a_case_always_fails() {
        let lasting = |graded, failed| Seen { runs: 1, graded, failed }.lasting();
        assert_eq!(lasting(1, 1), Lasting::Once);
        assert_eq!(lasting(2, 2), Lasting::Persistent);
        assert_eq!(lasting(5, 4), Lasting::Intermittent);
    }
}
