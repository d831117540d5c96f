//! What the gate decides from, and what it comes to, for one suite.

use super::finding::{Decision, Finding, Flip, Problem, Standing};
use crate::baseline::{Baseline, Fingerprints};
use crate::expand::{CaseId, FamilyId};
use crate::judge::Outcome;
use crate::metric::{Measurement, Variant};
use crate::suite::Row;
use crate::suite::schema::{GateSpec, Kind, MustPass};
use std::collections::BTreeMap;

/// What the gate sees of one suite's run.
#[derive(Debug, Clone)]
pub struct GateInput<'a> {
    /// Name of the suite.
    pub suite: &'a str,
    /// Whether it can block.
    pub kind: Kind,
    /// What it is held to.
    pub spec: &'a GateSpec,
    /// The declared labels.
    pub labels: &'a [String],
    /// Ids and names of the scenarios, in the order of the file.
    pub scenarios: &'a [(String, String)],
    /// The cases that were to be asked, in the order of the plan.
    pub cases: &'a [GateCase<'a>],
    /// Cases of the whole plan.
    pub planned: usize,
    /// Whether only a selection of the plan was to be asked.
    pub partial: bool,
    /// Whether the run stopped before its end, since a loss was sure.
    pub stopped_early: bool,
    /// What was measured over them.
    pub measurements: &'a [Measurement],
    /// What the values depend on.
    pub fingerprints: &'a Fingerprints,
    /// What was accepted before.
    pub baseline: Option<&'a Baseline>,
    /// The times accepted with it.
    pub times: Times<'a>,
    /// What already keeps the suite from being decided (the application did not start, time ran out).
    pub problems: &'a [Problem],
}

/// The times that were accepted with a baseline.
#[derive(Debug, Clone, Copy)]
pub enum Times<'a> {
    /// Milliseconds by case, measured on a host equal to this one.
    Known(&'a BTreeMap<CaseId, f64>),
    /// There are none to compare with, for this reason.
    Unknown(&'a str),
}

/// What the gate sees of one case.
#[derive(Debug, Clone)]
pub struct GateCase<'a> {
    /// Identity.
    pub id: CaseId,
    /// Identity of its seed.
    pub family: FamilyId,
    /// Index of its scenario.
    pub scenario: usize,
    /// How it was made from its seed; `None` for a seed.
    pub variant: Option<Variant<'a>>,
    /// The values of its template's knobs, by name.
    pub knobs: Option<&'a Row>,
    /// Its tags.
    pub tags: &'a [String],
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// Whether it is out of the gate for the time being.
    pub quarantined: bool,
    /// What it came to: of several repeats what most came to, and a failure where as many fail as pass.
    pub outcome: Outcome,
    /// Why, in a line: the first reason that is not a pass, or the target's error.
    pub why: &'a str,
    /// The one label expected.
    pub truth: Option<&'a str>,
    /// The one number expected.
    pub expected_number: Option<f64>,
    /// What each repeat came to, in their order; one where it was asked once.
    pub runs: Vec<GateRun<'a>>,
    /// What it came to when it was asked again because its scenario was flagged.
    pub confirmations: Vec<GateRun<'a>>,
}

/// What one answer to a case came to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateRun<'a> {
    /// The outcome.
    pub outcome: Outcome,
    /// The label answered.
    pub label: Option<&'a str>,
    /// The number answered, where exactly one is expected.
    pub number: Option<f64>,
    /// Time of all its requests, in milliseconds; `None` where it was not timed or came from a cache.
    pub latency_ms: Option<f64>,
}

/// What the gate comes to for one suite.
#[derive(Debug, Clone, PartialEq)]
pub struct GateOutput {
    /// What is said of each metric; those that gate first.
    pub findings: Vec<Finding>,
    /// Metrics that do not gate and moved: their tests are corrected by the rate of false discoveries (10 %).
    pub watched: Vec<Finding>,
    /// What keeps the suite from being decided.
    pub problems: Vec<Problem>,
    /// Things worth knowing that change nothing.
    pub notes: Vec<String>,
    /// What the suite comes to.
    pub decision: Decision,
    /// For each case of the input, in its order: how it moved and how it stands.
    pub cases: Vec<(Option<Flip>, Standing)>,
    /// Cases that the baseline does not have.
    pub added: Vec<CaseId>,
    /// Cases of the baseline that the plan does not have. Empty for a partial run.
    pub removed: Vec<CaseId>,
    /// Why this run could not become a baseline; `None` where it could.
    pub unacceptable: Option<String>,
}

/// What holds for all suites of a run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GateOptions {
    /// False blocks allowed a build: 0.8 of it for suite tests, 0.2 for scenario tests.
    pub alpha: f64,
    /// Whether this is CI, where a missing baseline cannot be let pass.
    pub ci: bool,
}
