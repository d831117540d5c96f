//! What the gate decides from, and what it comes to, for one suite.

use super::finding::{Decision, Finding, Problem};
use super::standings::Standings;
use crate::baseline::{Baseline, Fingerprints, Latencies};
use crate::expand::CaseId;
use crate::metric::{Measurement, Table};
use crate::suite::schema::{GateSpec, Kind};

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
    /// The cases that were to be asked with their answers, in the order of the plan.
    pub table: &'a Table,
    /// Why each of them came to what it did.
    pub whys: Whys<'a>,
    /// Cases of the whole plan.
    pub planned: usize,
    /// Whether only a selection of the plan was to be asked.
    pub partial: bool,
    /// Whether the run stopped before its end, since a loss was sure.
    pub stopped_early: bool,
    /// Whether nothing in it could gate yet: it has no baseline, its judges report alone, and nothing else gave a
    /// verdict.
    pub only_reports: bool,
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
    Known(&'a Latencies),
    /// There are none to compare with, for this reason.
    Unknown(&'a str),
}

/// Why cases came to what they did, each in a line, by their places: the first reason that is not a pass, or the
/// target's error. Asked for only where it is to be said.
#[derive(Clone, Copy)]
pub struct Whys<'a>(pub &'a dyn Fn(usize) -> String);

impl Whys<'static> {
    /// No case says why.
    pub const NONE: Self = Self(&|_| String::new());
}

impl Whys<'_> {
    /// Why a case came to what it did; empty where it does not say.
    pub fn of(&self, case: usize) -> String {
        (self.0)(case)
    }
}

impl std::fmt::Debug for Whys<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Whys")
    }
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
    pub cases: Standings,
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
