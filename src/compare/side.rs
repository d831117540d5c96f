//! What a run, or a baseline, offers for comparison.

use super::Cases;
use crate::baseline::{Accepted, AcceptedCase, Answers, Baseline};
use crate::expand::FamilyId;
use crate::gate::Decision;
use crate::judge::Outcome;
use crate::metric::{Slice, Unit};
use crate::report::{CaseRecord, JudgedBy, Record, SuiteRecord};
use crate::suite::as_text;
use serde_json::Value;
use std::collections::BTreeMap;

/// Longest first line of an answer, in characters.
const ANSWER: usize = 400;

/// One of the things that are compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Side {
    /// How it was named.
    pub name: String,
    /// Id of the run, where it is one.
    pub run: Option<String>,
    /// When it began.
    pub started: Option<String>,
    /// Its suites.
    pub suites: Vec<SideSuite>,
}

/// A suite of one side.
#[derive(Debug, Clone, PartialEq)]
pub struct SideSuite {
    /// Its name.
    pub name: String,
    /// The parameters.
    pub params: BTreeMap<String, Value>,
    /// Whether the side says what its parameters were; a baseline does not.
    pub has_params: bool,
    /// What the values depend on besides the application.
    pub judged_by: Option<JudgedBy>,
    /// The cases.
    pub cases: Cases,
    /// The metrics of the whole suite.
    pub metrics: Vec<SideMetric>,
    /// What the gate said.
    pub decision: Option<Decision>,
    /// Whether only a part of the suite was asked.
    pub partial: bool,
}

/// A case of one side.
#[derive(Debug, Clone, PartialEq)]
pub struct SideCase {
    /// Identity of its seed; a baseline does not have it.
    pub family: Option<FamilyId>,
    /// What is known of it; a baseline knows nothing.
    pub known: Option<Known>,
    /// Whether each answer passed, the oldest first; `None` where it was not graded.
    pub answers: Vec<Option<bool>>,
    /// What it came to, in a word or two: `pass`, `3/5`.
    pub outcome: String,
    /// The first line of its answer.
    pub answer: Option<String>,
}

/// What a run knows of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Id of its scenario.
    pub scenario: String,
    /// Its name.
    pub name: String,
    /// The first line of what was asked first.
    pub input: String,
    /// Whether it is a variant of another case.
    pub variant: bool,
}

/// A metric of one side.
#[derive(Debug, Clone, PartialEq)]
pub struct SideMetric {
    /// Its key.
    pub key: String,
    /// Its value.
    pub value: Option<f64>,
    /// Its 95 % interval, where it is a rate.
    pub interval: Option<(f64, f64)>,
    /// What it is in; a baseline does not say.
    pub unit: Option<Unit>,
    /// Whether the suite gates on it.
    pub gates: bool,
}

impl Side {
    /// A run.
    pub fn of_run(name: String, record: &Record) -> Self {
        Self {
            name,
            run: Some(record.run.clone()),
            started: Some(record.started.clone()),
            // What was not asked has nothing to set beside the others.
            suites: record
                .suites
                .iter()
                .filter(|suite| suite.carried.is_none())
                .map(SideSuite::of_record)
                .collect(),
        }
    }

    /// What is accepted, for the suites that have a baseline, each with the answers kept beside it.
    pub fn of_baselines<'a>(all: impl IntoIterator<Item = (&'a Baseline, Option<&'a Answers>)>) -> Self {
        let suites = all.into_iter().map(|(baseline, answers)| SideSuite::of_baseline(baseline, answers));
        Self { name: "baseline".into(), run: None, started: None, suites: suites.collect() }
    }

    /// The suite of a name.
    pub fn suite(&self, name: &str) -> Option<&SideSuite> {
        self.suites.iter().find(|suite| suite.name == name)
    }
}

impl SideSuite {
    /// A suite as it was run.
    fn of_record(suite: &SuiteRecord) -> Self {
        let gates = |key: &str| suite.findings.iter().any(|finding| finding.gates && finding.key() == key);
        let of_suite = suite.measurements.iter().filter(|of| of.slice == Slice::Suite);
        // A scenario's pass rate may gate by itself where it is tested for a break: the cases tell that.
        let of_a_part = |slice: &Slice, metric: &str| match slice {
            Slice::Suite => false,
            Slice::Scenario(_) => metric != "pass_rate",
            Slice::Tag(_) | Slice::Operators(_) => true,
        };
        let others =
            suite.measurements.iter().filter(|of| of_a_part(&of.slice, &of.metric) && gates(&of.key()));
        Self {
            name: suite.name.clone(),
            params: suite.params.clone(),
            has_params: true,
            judged_by: suite.judged_by.clone(),
            cases: suite.cases.iter().map(|case| (case.id, SideCase::of_record(suite, case))).collect(),
            metrics: of_suite
                .chain(others)
                .map(|of| SideMetric {
                    key: of.key(),
                    value: of.value,
                    interval: of.interval,
                    unit: Some(of.unit),
                    gates: gates(&of.key()),
                })
                .collect(),
            decision: Some(suite.decision),
            partial: suite.partial,
        }
    }

    /// A suite as it is accepted.
    fn of_baseline(baseline: &Baseline, answers: Option<&Answers>) -> Self {
        let cases = baseline.cases.iter().map(|(id, case)| {
            let kept = answers.and_then(|answers| answers.cases.get(&id)?.output.as_deref());
            (id, SideCase::of_accepted(case, kept))
        });
        let metrics = baseline.metrics.iter().map(|(key, metric)| SideMetric {
            key: key.clone(),
            value: metric.value,
            interval: None,
            unit: None,
            gates: false,
        });
        Self {
            name: baseline.suite.clone(),
            params: BTreeMap::new(),
            has_params: false,
            judged_by: Some(JudgedBy {
                judges: baseline.fingerprints.judges.clone(),
                target: baseline.fingerprints.target.clone(),
            }),
            cases: cases.collect(),
            metrics: metrics.collect(),
            decision: None,
            partial: false,
        }
    }

    /// How many cases are graded.
    pub fn graded(&self) -> usize {
        self.cases.values().filter(|case| case.tally().1 > 0).count()
    }
}

impl SideCase {
    fn of_record(suite: &SuiteRecord, case: &CaseRecord) -> Self {
        let answers = case.answers().iter().map(|graded| match graded.outcome {
            Outcome::Pass => Some(true),
            Outcome::Fail | Outcome::TargetError => Some(false),
            _ => None,
        });
        let (passed, graded) = case.tally();
        let transcript = &case.graded.transcript;
        let answer = transcript.last().map(|answer| first_line(&answer.output));
        Self {
            family: Some(case.family),
            known: Some(Known {
                scenario: suite.scenario_of(case).id.clone(),
                name: case.name.clone(),
                input: first_line(&as_text(&case.input)),
                variant: case.family != case.id,
            }),
            answers: answers.collect(),
            outcome: match case.repeats.len() {
                0 | 1 => case.graded.outcome.to_string(),
                _ => format!("{passed}/{graded}"),
            },
            answer: answer.or_else(|| transcript.error.as_ref().map(|error| first_line(&error.to_string()))),
        }
    }

    fn of_accepted(case: AcceptedCase<'_>, answer: Option<&str>) -> Self {
        let answers: Vec<Option<bool>> = case
            .outcomes()
            .map(|outcome| match outcome {
                Accepted::Pass => Some(true),
                Accepted::Fail | Accepted::Error => Some(false),
                Accepted::Ungraded => None,
            })
            .collect();
        let outcome = match case.latest() {
            _ if answers.len() > 1 => {
                let (passed, graded) = tally(&answers);
                format!("{passed}/{graded}")
            }
            Accepted::Pass => Outcome::Pass.to_string(),
            Accepted::Fail => Outcome::Fail.to_string(),
            Accepted::Error => Outcome::TargetError.to_string(),
            Accepted::Ungraded => "not graded".to_owned(),
        };
        Self { family: None, known: None, answers, outcome, answer: answer.map(first_line) }
    }

    /// How many of its graded answers pass, and how many are graded.
    pub fn tally(&self) -> (usize, usize) {
        tally(&self.answers)
    }
}

fn tally(answers: &[Option<bool>]) -> (usize, usize) {
    let graded = answers.iter().flatten();
    (graded.clone().filter(|passed| **passed).count(), graded.count())
}

/// The first line that says anything, its end cut off where it is long.
fn first_line(text: &str) -> String {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    line.trim().chars().take(ANSWER).collect()
}
