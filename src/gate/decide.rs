//! From the inputs of all suites of a run to what each comes to.

use super::assess::{Assessment, Ground, SCENARIO_SHARE, SUITE_SHARE};
use super::kind::Corrected;
use super::report::findings;
use super::standing::standings;
use super::subject::Role;
use super::{
    Decision, Finding, FindingKind, GateInput, GateOptions, GateOutput, Problem, ProblemKind, Standing,
};
use crate::stats::multiple::{holm, holm_thresholds};
use crate::suite::schema::{Kind, OnInconclusive};

/// Decides the suites of a run, in their order.
///
/// All suites are decided at once, since their tests share one budget of false alarms: 0.8 of `alpha` for
/// the gating metrics of all suites together, the rest for all their scenarios (Holm in both). The same
/// inputs always give the same outputs.
pub fn decide(inputs: &[GateInput<'_>], options: GateOptions) -> Vec<GateOutput> {
    let mut suites: Vec<Assessment<'_>> = inputs.iter().map(|input| Assessment::of(input, options)).collect();
    correct_suites(&mut suites, SUITE_SHARE * options.alpha);
    correct_scenarios(&mut suites, SCENARIO_SHARE * options.alpha);
    suites.into_iter().map(finish).collect()
}

/// Corrects the tests of gating metrics over all suites that are tested.
fn correct_suites(suites: &mut [Assessment<'_>], alpha: f64) {
    let mut tests: Vec<_> = suites
        .iter_mut()
        .filter(|suite| suite.is_tested())
        .flat_map(|suite| suite.gated.iter_mut())
        .filter(|gated| gated.role == Role::Tested)
        .filter_map(|gated| {
            gated.comparison.as_ref().map(|c| (c.worse.mid, c.better.mid, &mut gated.corrected))
        })
        .collect();
    correct(&mut tests, alpha);
}

/// Corrects the tests of scenarios over all suites that are tested, and notes those too small for one.
fn correct_scenarios(suites: &mut [Assessment<'_>], alpha: f64) {
    let mut tests: Vec<_> = suites
        .iter_mut()
        .filter(|suite| suite.is_tested())
        .flat_map(|suite| suite.scenarios.iter_mut())
        .filter(|test| test.tested)
        .map(|test| (test.comparison.worse.exact, test.comparison.better.exact, &mut test.corrected))
        .collect();
    correct(&mut tests, alpha);
    let count = tests.len();
    for suite in suites.iter_mut().filter(|suite| suite.is_tested()) {
        suite.notes.extend(blind(suite, alpha, count));
    }
}

/// A test's p-values of "worse" and "better", and the place for what they come to.
type Test<'t> = (f64, f64, &'t mut Option<Corrected>);

/// Holm's correction, once for "worse" and once for "better".
fn correct(tests: &mut [Test<'_>], alpha: f64) {
    let worse: Vec<f64> = tests.iter().map(|test| test.0).collect();
    let better: Vec<f64> = tests.iter().map(|test| test.1).collect();
    let thresholds = holm_thresholds(&worse, alpha);
    let count = tests.len();
    let adjusted = holm(&worse).into_iter().zip(holm(&better)).zip(thresholds);
    for (test, ((worse, better), threshold)) in tests.iter_mut().zip(adjusted) {
        *test.2 = Some(Corrected { worse, better, threshold, tests: count });
    }
}

/// Scenarios that a note names at most.
const NAMED: usize = 10;

/// Cases of one scenario beyond which no chance is left: 2 to this power is the smallest number there is.
const MOST_NEEDED: usize = 1074;

/// Notes the scenarios that their own test could not flag even if all of their cases broke.
fn blind(suite: &Assessment<'_>, alpha: f64, tests: usize) -> Option<String> {
    let threshold = alpha / tests.max(1) as f64;
    let best = |cases: usize| 0.5_f64.powi(i32::try_from(cases).unwrap_or(i32::MAX));
    let small: Vec<String> = suite
        .scenarios
        .iter()
        .filter(|test| !test.tested || best(test.comparison.paired) > threshold)
        .map(|test| format!("{} ({})", test.id, test.comparison.paired))
        .collect();
    if small.is_empty() {
        return None;
    }
    let needed = (1..=MOST_NEEDED).find(|cases| best(*cases) <= threshold)?;
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
    let decision = decision(&suite, &findings, cases.iter().map(|(_, standing)| standing));
    let unacceptable =
        suite.problems.iter().find(|problem| spoils(problem.kind)).map(|problem| problem.message.clone());
    let (added, removed) = suite.pairing.map(|pairing| (pairing.added, pairing.removed)).unwrap_or_default();
    GateOutput {
        findings,
        problems: suite.problems,
        notes: suite.notes,
        decision,
        cases,
        added,
        removed,
        unacceptable,
    }
}

/// Whether a run with such a problem could not become a baseline. What only keeps it from being compared
/// with the old one does not spoil it: accepting a new one is the way out.
const fn spoils(kind: ProblemKind) -> bool {
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
fn decision<'s>(
    suite: &Assessment<'_>,
    findings: &[Finding],
    mut standings: impl Iterator<Item = &'s Standing>,
) -> Decision {
    let blocks = suite.input.kind == Kind::Regression;
    let regressed = findings.iter().any(|finding| finding.gates && finding.kind == FindingKind::Regressed);
    if blocks && (regressed || standings.any(|standing| matches!(standing, Standing::Fails(_)))) {
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
