//! From the inputs of all suites of a run to what each comes to.

use super::assess::{Assessment, Ground};
use super::confirm;
use super::procedure::{Corrected, Correction, SCENARIO_SHARE, SUITE_SHARE, choose as ways, correct};
use super::report::{findings, watched};
use super::standing::standings;
use super::subject::{Role, What};
use super::{
    Decision, Finding, FindingKind, GateInput, GateOptions, GateOutput, Problem, ProblemKind, Standings,
};
use crate::judge::Outcome;
use crate::metric::Slice;
use crate::stats::multiple::benjamini_hochberg;
use crate::stats::permutation::PValue;
use crate::suite::schema::{Kind, OnInconclusive};

/// Decides the suites of a run, in their order.
///
/// All suites are decided at once, since their tests share one budget of false alarms: 0.8 of `alpha` for
/// the gating metrics of all suites together, the rest for all their scenarios (Holm in both). The same
/// inputs always give the same outputs. A scenario that is flagged and was not asked again counts as
/// regressed: see [`needs_runs`].
pub fn decide(inputs: &[GateInput<'_>], options: GateOptions) -> Vec<GateOutput> {
    let mut suites = tested(inputs, options);
    discover(&mut suites);
    suites.into_iter().map(finish).collect()
}

/// What has to be asked before the suites can be decided: of each suite the places of the flagged scenarios
/// whose cases are to be asked [`CONFIRMATIONS`](super::CONFIRMATIONS) times again.
///
/// None where the application never disagreed with itself over the runs of the baseline.
pub fn needs_runs(inputs: &[GateInput<'_>], options: GateOptions) -> Vec<Vec<usize>> {
    tested(inputs, options).iter().map(confirm::needs_runs).collect()
}

/// The suites with all that can block tested and corrected.
fn tested<'a>(inputs: &'a [GateInput<'a>], options: GateOptions) -> Vec<Assessment<'a>> {
    let mut suites: Vec<Assessment<'a>> = inputs.iter().map(|input| Assessment::of(input, options)).collect();
    correct_suites(&mut suites, SUITE_SHARE * options.alpha);
    correct_scenarios(&mut suites, SCENARIO_SHARE * options.alpha);
    for suite in &mut suites {
        confirm::confirm(suite, options);
    }
    suites
}

/// Corrects the tests of gating metrics over all suites that are tested.
fn correct_suites(suites: &mut [Assessment<'_>], alpha: f64) {
    let mut tests = Vec::new();
    for suite in suites.iter_mut().filter(|suite| suite.is_tested()) {
        let early = suite.input.stopped_early;
        // Looked at time and again, a p-value is worth nothing; the evidence is good whenever it is looked at.
        let sure = suite.sequential.as_ref().map_or(1.0, |evidence| (1.0 / evidence.e()).min(1.0));
        for gated in suite.gated.iter_mut().filter(|gated| gated.role == Role::Tested) {
            let Some(comparison) = &mut gated.comparison else { continue };
            if early {
                let is_watched = gated.subject.what == What::PassRate && gated.subject.slice == Slice::Suite;
                let p = if is_watched { sure } else { 1.0 };
                comparison.test.worse = PValue { exact: p, mid: p };
                comparison.test.better = PValue { exact: 1.0, mid: 1.0 };
            }
            tests.push((comparison.p(), &mut gated.corrected));
        }
    }
    corrected(tests, alpha);
}

/// Corrects the tests of scenarios over all suites that are tested, and notes those too small for one.
fn correct_scenarios(suites: &mut [Assessment<'_>], alpha: f64) {
    let tests: Vec<_> = suites
        .iter_mut()
        .filter(|suite| suite.is_tested())
        .flat_map(|suite| suite.scenarios.iter_mut())
        .filter(|test| test.tested)
        .map(|test| (test.comparison.p(), &mut test.corrected))
        .collect();
    let count = tests.len();
    corrected(tests, alpha);
    for suite in suites.iter_mut().filter(|suite| suite.is_tested()) {
        suite.notes.extend(blind(suite, alpha, count));
    }
}

/// A test's p-values of "worse" and "better", and the place for what they come to.
type Test<'t> = ((f64, f64), &'t mut Option<Corrected>);

fn corrected(tests: Vec<Test<'_>>, alpha: f64) {
    let (p_values, places): (Vec<(f64, f64)>, Vec<_>) = tests.into_iter().unzip();
    let (worse, better): (Vec<f64>, Vec<f64>) = p_values.into_iter().unzip();
    let all = correct(Correction { worse: &worse, better: &better, alpha });
    for (place, corrected) in places.into_iter().zip(all) {
        *place = Some(corrected);
    }
}

/// Corrects the tests of all that does not gate, by the rate of false discoveries.
fn discover(suites: &mut [Assessment<'_>]) {
    // Only here: what has to be asked again does not hang on it.
    for suite in suites.iter_mut() {
        suite.watched = suite.watched_metrics();
    }
    let mut watched: Vec<_> = suites.iter_mut().flat_map(|suite| suite.watched.iter_mut()).collect();
    let p_values = |of: fn((f64, f64)) -> f64| -> Vec<f64> {
        benjamini_hochberg(&watched.iter().map(|watched| of(watched.comparison.p())).collect::<Vec<f64>>())
    };
    let (worse, better) = (p_values(|p| p.0), p_values(|p| p.1));
    for (watched, found) in watched.iter_mut().zip(worse.into_iter().zip(better)) {
        watched.discovered = Some(found);
    }
}

/// Scenarios that a note names at most.
const NAMED: usize = 10;

/// Cases of one scenario beyond which no chance is left: 2 to this power is the smallest number there is.
const MOST_NEEDED: usize = 1074;

/// Notes the scenarios that their own test could not flag even if all of their cases broke.
fn blind(suite: &Assessment<'_>, alpha: f64, tests: usize) -> Option<String> {
    let threshold = alpha / tests.max(1) as f64;
    let small: Vec<String> = suite
        .scenarios
        .iter()
        .filter(|test| test.subject.what == What::PassRate)
        .filter(|test| !test.tested || test.comparison.least_exact > threshold)
        .map(|test| format!("{} ({})", test.id, test.comparison.test.cases))
        .collect();
    if small.is_empty() {
        return None;
    }
    // One case of as many runs as the baseline has.
    let arms = suite.pairing.as_ref()?.arms;
    let one = 1.0 / ways(arms.runs(), arms.cand);
    let needed =
        (1..=MOST_NEEDED).find(|cases| one.powi(i32::try_from(*cases).unwrap_or(i32::MAX)) <= threshold)?;
    let more = small.len().saturating_sub(NAMED);
    let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
    let named = small[..small.len() - more].join(", ");
    Some(format!(
        "too small for a test of their own, which takes {needed} paired cases a scenario in this run: {named}{rest}"
    ))
}

/// What a suite comes to.
fn finish(mut suite: Assessment<'_>) -> GateOutput {
    let (findings, said) = findings(&suite);
    suite.problems.extend(said.problems);
    suite.notes.extend(said.notes);
    let cases = standings(&suite, &findings);
    if suite.input.kind == Kind::Regression && suite.input.spec.on_inconclusive == OnInconclusive::Fail {
        let inconclusive = findings.iter().filter(|finding| finding.gates);
        for finding in inconclusive.filter(|finding| finding.kind == FindingKind::Inconclusive) {
            suite.problems.push(Problem {
                kind: ProblemKind::Inconclusive,
                message: format!("{}: {}; the suite says that this fails", finding.key(), finding.reason),
            });
        }
    }
    if suite.input.stopped_early {
        stopped_early(&mut suite, &findings);
    }
    let decision = decision(&suite, &findings, &cases);
    let early = suite.input.stopped_early.then(|| "the run stopped before its end".to_owned());
    let spoiled = suite.problems.iter().find(|problem| spoils(problem.kind));
    let nothing = suite.input.only_reports.then(|| "nothing in it can gate yet".to_owned());
    let unacceptable = spoiled.map(|problem| problem.message.clone()).or(early).or(nothing);
    let watched = watched(&suite);
    let (added, removed) = suite.pairing.map(|pairing| (pairing.added, pairing.removed)).unwrap_or_default();
    GateOutput {
        findings,
        watched,
        problems: suite.problems,
        notes: suite.notes,
        decision,
        cases,
        added,
        removed,
        unacceptable,
    }
}

/// What is said of a run that stopped before its end. It can fail a build and never pass one.
fn stopped_early(suite: &mut Assessment<'_>, findings: &[Finding]) {
    let table = suite.input.table;
    let all = table.len();
    let asked = (0..all).filter(|case| table.outcome(*case) != Outcome::Skipped).count();
    let e = suite.sequential.as_ref().map_or(1.0, super::Sequential::e);
    suite.notes.push(format!(
        "stopped early after {asked} of {all} cases, since a loss was sure: evidence {e:.1} against no change; \
         scenarios and other metrics were not tested"
    ));
    if !findings.iter().any(|finding| finding.gates && finding.kind == FindingKind::Regressed) {
        suite.problems.push(Problem {
            kind: ProblemKind::Partial,
            message: format!(
                "the run stopped early and its loss does not block after all; run the whole suite with \
                 `holdline run {} --no-early-stop`",
                suite.input.suite
            ),
        });
    }
}

/// Whether a run with such a problem could not become a baseline. What only keeps it from being compared
/// with the old one does not spoil it: accepting a new one is the way out.
pub(crate) const fn spoils(kind: ProblemKind) -> bool {
    !matches!(
        kind,
        ProblemKind::NoBaseline
            | ProblemKind::Incomparable
            | ProblemKind::Inconclusive
            | ProblemKind::Unpaired
    )
}

/// What the suite comes to. A capability suite never blocks by what its answers are worth, and needs nothing
/// to be compared with; but where nothing could be measured, it cannot say so by passing.
///
/// A regression comes before what cannot be decided, before what ran out.
fn decision(suite: &Assessment<'_>, findings: &[Finding], cases: &Standings) -> Decision {
    let blocks = suite.input.kind == Kind::Regression;
    let regressed = findings.iter().any(|finding| finding.gates && finding.kind == FindingKind::Regressed);
    if blocks && (regressed || cases.any_fails()) {
        return Decision::Regressed;
    }
    if suite.problems.iter().any(|problem| problem.kind != ProblemKind::Budget) {
        return Decision::Undecided;
    }
    if !suite.problems.is_empty() {
        return Decision::Exhausted;
    }
    if suite.ground == Ground::Compared { Decision::Held } else { Decision::Measured }
}
