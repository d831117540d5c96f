//! The findings of a suite, once its tests are corrected.

use super::assess::{Assessment, Gated, Ground, ScenarioTest};
use super::compare::{Comparison, Moves};
use super::concentrate::concentrations;
use super::confirm::{flagged, is_beyond_common};
use super::phrase::{self, Telling};
use super::places::Places;
use super::procedure::{Corrected, Limits, SLACK, kind};
use super::subject::{Role, Subject, What};
use super::{Evidence, Finding, FindingKind, Problem, ProblemKind, Times};
use super::{distance, mean};
use crate::metric::{Direction, Slice, Unit};
use crate::suite::metric_names::named::of_name;
use crate::suite::schema::Kind;

/// What an accepted value is kept to.
const KEPT: f64 = 1e-6;

/// What making the findings came upon.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
}

/// What is said of every gating metric and of the pass rate of every scenario; what gates first.
pub(super) fn findings(suite: &Assessment<'_>) -> (Vec<Finding>, Said) {
    let mut said = Said::default();
    let mut findings: Vec<(Place, Finding)> = suite
        .gated
        .iter()
        .map(|gated| (Place::of_metric(gated), of_metric(suite, gated, &mut said)))
        .collect();
    for test in &suite.scenarios {
        let finding = of_scenario(suite, test);
        match findings.iter_mut().find(|(_, other)| other.key() == finding.key()) {
            // The same pass rate is named as a gating metric. What blocks is what has to be said.
            Some(named) if finding.gates && named.1.kind != FindingKind::Regressed => {
                *named = (Place::Scenario, finding);
            }
            Some(_) => {}
            None => findings.push((Place::Scenario, finding)),
        }
    }
    // Metrics stand in the order of their names, scenarios in that of the file; the sort keeps both.
    findings.sort_by_key(|(place, finding)| (!finding.gates, *place));
    (findings.into_iter().map(|(_, finding)| finding).collect(), said)
}

/// Where a finding stands among those that gate, and among those that do not. What is said first of a
/// suite, and of each case, is what its first finding says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// The test of all the suite's verdicts.
    Verdicts,
    /// A scenario.
    Scenario,
    /// A test of another question, or of a part: a label, a tag, the errors.
    OtherTest,
    /// What blocks by a floor only.
    Floor,
}

impl Place {
    fn of_metric(gated: &Gated<'_>) -> Self {
        match (&gated.role, &gated.subject.slice) {
            (Role::Tested, Slice::Suite) if gated.subject.restates() => Self::Verdicts,
            (Role::Tested, Slice::Scenario(_)) => Self::Scenario,
            (Role::Tested, _) => Self::OtherTest,
            (Role::Restates(_) | Role::FloorOnly, _) => Self::Floor,
        }
    }
}

/// What is said of a gating metric.
fn of_metric(suite: &Assessment<'_>, gated: &Gated<'_>, said: &mut Said) -> Finding {
    let mut finding = match suite.ground {
        Ground::Compared => compared(suite, gated, said),
        Ground::Part => of_part(suite, gated),
        Ground::Unmeasured => Finding {
            kind: FindingKind::Missing,
            reason: "cannot be decided: too many cases have no answer or no verdict".to_owned(),
            ..bare(suite, gated)
        },
        Ground::New => {
            let finding = bare(suite, gated);
            let n = gated.measured.map_or(0, |measured| measured.n);
            let reason = format!(
                "{} over {}; no baseline yet",
                shown(finding.candidate, finding.unit),
                phrase::count(n, "case", "cases")
            );
            Finding { kind: FindingKind::New, reason, ..finding }
        }
        Ground::Incomparable => {
            let finding = bare(suite, gated);
            let (then, now) = match (finding.baseline, finding.candidate) {
                (Some(then), Some(now)) => phrase::pair(then, now, finding.unit),
                (then, now) => (shown(then, finding.unit), shown(now, finding.unit)),
            };
            let reason = format!("measured in another way than the baseline: {then} then, {now} now");
            Finding { kind: FindingKind::Incomparable, delta: None, reason, ..finding }
        }
        Ground::Unpaired => Finding {
            kind: FindingKind::Missing,
            reason: suite.pairing.as_ref().map_or_else(String::new, |pairing| {
                format!(
                    "only {} of the baseline's {} graded cases are paired",
                    pairing.graded, pairing.gradable
                )
            }),
            ..bare(suite, gated)
        },
    };
    if matches!(suite.ground, Ground::Part | Ground::Unmeasured) {
        return finding;
    }
    if gated.subject.what == What::Latency {
        return of_times(suite, gated, finding, said);
    }
    if let Some(new) = unknown_to_baseline(suite, gated, &finding) {
        finding = new;
    } else if finding.candidate.is_none() || gated.measured.is_none_or(|measured| measured.value.is_none()) {
        return without_value(suite, gated, finding, said);
    }
    if let Some(breach) = breach(gated) {
        finding.kind = FindingKind::Regressed;
        finding.gates = suite.input.kind == Kind::Regression;
        finding.reason = match suite.ground {
            Ground::Compared => format!("{breach}; {}", finding.reason),
            _ => breach,
        };
    } else if finding.kind == FindingKind::Regressed && !finding.gates && gated.role != Role::Tested {
        said.notes.push(format!("{} got worse: {}", finding.key(), finding.reason));
    }
    finding
}

/// A ratio of times, which has no value without times to compare with. That they are missing is told, and
/// blocks nothing: times are compared on equal hosts or not at all.
fn of_times(suite: &Assessment<'_>, gated: &Gated<'_>, finding: Finding, said: &mut Said) -> Finding {
    if let Some(comparison) = &gated.comparison {
        let beyond = gated.gate.floor.filter(|most| comparison.now > most + SLACK);
        let Some(limit) = beyond else { return finding };
        let (now, most) = phrase::pair(comparison.now, limit, finding.unit);
        let reason = format!("{now} is above its limit of {most}; {}", finding.reason);
        let blocks = suite.input.kind == Kind::Regression;
        return Finding { kind: FindingKind::Regressed, gates: blocks, reason, ..finding };
    }
    if suite.ground == Ground::New {
        return Finding { reason: "no baseline yet".to_owned(), ..finding };
    }
    let why = match suite.input.times {
        Times::Unknown(why) => why,
        Times::Known(_) => "no case was timed both times",
    };
    said.notes.push(format!("{} gates nothing in this run: {why}", finding.key()));
    Finding {
        kind: FindingKind::Incomparable,
        gates: false,
        reason: format!("no times to compare: {why}"),
        ..finding
    }
}

/// A metric with a value that the baseline never had, over cases that are all new: there is nothing to lose
/// yet. It is held to its floor, and to the baseline once that is accepted.
fn unknown_to_baseline(suite: &Assessment<'_>, gated: &Gated<'_>, finding: &Finding) -> Option<Finding> {
    let now = gated.measured?.value?;
    let unknown = suite.input.baseline.is_some_and(|old| !old.metrics.contains_key(&gated.subject.key));
    // Numbers that the baseline does not keep have a message of their own.
    let distances = matches!(gated.subject.what, What::Distance(_) | What::Score(_) | What::Entries(_));
    if suite.ground != Ground::Compared || finding.candidate.is_some() || !unknown || distances {
        return None;
    }
    let reason = format!("{} now; the baseline does not have it", shown(Some(now), finding.unit));
    Some(Finding { kind: FindingKind::New, candidate: Some(now), reason, ..finding.clone() })
}

/// A gated metric without a value: the suite cannot be decided.
fn without_value(suite: &Assessment<'_>, gated: &Gated<'_>, finding: Finding, said: &mut Said) -> Finding {
    let lost = suite.pairing.as_ref().filter(|_| suite.ground == Ground::Compared);
    let slice = &gated.subject.slice;
    let lost = lost.and_then(|pairing| match gated.subject.what {
        What::Distance(_) => distance::lost(slice, suite.input, pairing.pairs(), pairing.arms),
        What::Score(metric) | What::Entries(metric) => {
            mean::lost(metric, slice, suite.input, pairing.pairs(), pairing.arms)
        }
        _ => None,
    });
    let kind = if lost.is_some() { ProblemKind::Unpaired } else { ProblemKind::NoValue };
    let why = match gated.measured {
        None => not_measured(&gated.subject),
        Some(measured) if measured.value.is_none() => {
            measured.reason.clone().unwrap_or_else(|| "it cannot be computed".to_owned())
        }
        Some(_) => lost.unwrap_or_else(|| "no case that enters it is paired with the baseline".to_owned()),
    };
    if suite.input.kind == Kind::Regression && !suite.input.only_reports {
        said.problems
            .push(Problem { kind, message: format!("{} gates and has no value: {why}", finding.key()) });
    }
    Finding {
        kind: FindingKind::Missing,
        candidate: None,
        delta: None,
        reason: format!("no value: {why}"),
        ..finding
    }
}

/// Why a metric is not among those measured.
fn not_measured(subject: &Subject) -> String {
    let labels = subject.published.is_some_and(|metric| metric.needs_labels);
    match &subject.slice {
        _ if subject.key.ends_with(']') => {
            "it was not measured: no case expects this label or is answered by it"
        }
        Slice::Scenario(_) if labels && subject.what != What::Accuracy => {
            "it was not measured: over a scenario whose cases all expect one label only accuracy is"
        }
        _ if matches!(subject.what, What::Distance(_)) => "it was not measured: no case expects one number",
        _ if matches!(subject.what, What::Score(_)) && of_name(&subject.metric).is_none() => {
            "it was not measured: no case has the `reference` or `relevant` that it takes"
        }
        _ if matches!(subject.what, What::Score(_) | What::Entries(_)) => {
            "it was not measured: no case has an entry in `expect` that `measures` it"
        }
        _ if labels => "it was not measured: no case expects a label",
        _ => "it was not measured: no case gave anything to measure it by",
    }
    .to_owned()
}

/// A metric of a suite that can be compared.
fn compared(suite: &Assessment<'_>, gated: &Gated<'_>, said: &mut Said) -> Finding {
    let blank = bare(suite, gated);
    let finding = match (&gated.comparison, &gated.role) {
        (Some(comparison), _) => {
            let limits = suite.limits(&gated.gate, &gated.subject.what, comparison.before);
            let corrected = gated.corrected.unwrap_or_else(|| alone(comparison, limits));
            let kind = kind(&comparison.test, corrected, limits);
            let kind = match kind {
                _ if !comparison.differs => FindingKind::Unchanged,
                FindingKind::Regressed => FindingKind::Regressed,
                // A part of a suite shows that something broke, and not that nothing did.
                _ if suite.input.stopped_early => FindingKind::Inconclusive,
                kind => kind,
            };
            let telling = Telling::of(suite, &blank, limits, corrected);
            filled(suite, blank, comparison, (kind, gated.corrected), telling)
        }
        (None, Role::FloorOnly) => untested(blank),
        (None, _) => Finding { candidate: None, ..blank },
    };
    let blocks = match gated.gate.floor {
        Some(floor) => format!("blocks by its floor of {} only", phrase::value(floor, finding.unit)),
        None => "does not block".to_owned(),
    };
    let reason = match &gated.role {
        Role::Tested if suite.input.stopped_early && finding.kind == FindingKind::Regressed => {
            format!("{}; sure before the run's end, by the evidence of an e-process", finding.reason)
        }
        Role::Tested => finding.reason,
        Role::Restates(other) => {
            format!("{}; {blocks}: {other} is the test of the same verdicts", finding.reason)
        }
        Role::FloorOnly => {
            if gated.gate.floor.is_none() {
                said.notes.push(format!(
                    "{} is named under [gate.metrics] and cannot block: no test of it is defined; give it a floor",
                    finding.key()
                ));
            }
            format!("{}; {blocks}: no test of it is defined", finding.reason)
        }
    };
    Finding { reason, ..finding }
}

/// A metric that is only set beside its accepted value.
fn untested(finding: Finding) -> Finding {
    let (kind, reason) = match (finding.baseline, finding.candidate, finding.delta) {
        (Some(before), Some(now), Some(delta)) => {
            let same = delta.abs() <= KEPT;
            let kind = if same { FindingKind::Unchanged } else { FindingKind::Inconclusive };
            let change = phrase::arrow(before, now, finding.unit);
            (kind, format!("{change} ({})", phrase::delta(delta, finding.unit)))
        }
        _ => (
            FindingKind::New,
            format!("{}; the baseline does not have it", shown(finding.candidate, finding.unit)),
        ),
    };
    Finding { kind, reason, ..finding }
}

/// A metric of a partial run: shown over the cases that were asked.
fn of_part(suite: &Assessment<'_>, gated: &Gated<'_>) -> Finding {
    let finding = Finding { gates: false, kind: FindingKind::Inconclusive, ..bare(suite, gated) };
    let Some(comparison) = &gated.comparison else {
        return Finding { reason: "a partial run cannot gate".to_owned(), ..finding };
    };
    let reason = format!(
        "a partial run cannot gate: {} over {}",
        phrase::arrow(comparison.before, comparison.now, finding.unit),
        phrase::count(comparison.test.cases, "paired case", "paired cases")
    );
    Finding { reason, ..with_values(finding, comparison) }
}

/// What is said of a metric over a scenario.
fn of_scenario(suite: &Assessment<'_>, test: &ScenarioTest<'_>) -> Finding {
    let comparison = &test.comparison;
    let limits: Limits = suite.scenario_limits(&test.subject.what, comparison.before);
    let untested = Corrected { worse: 1.0, better: 1.0, threshold: 0.0, tests: 0 };
    let corrected = test.corrected.unwrap_or(untested);
    let (direction, unit) =
        test.subject.published.map_or((Direction::Higher, Unit::Share), |of| (of.direction, of.unit));
    let blank = empty(&test.subject, direction, unit);
    // The guard is for whole suites.
    let free = kind(&comparison.test.without_guard(), corrected, limits);
    let kind = match &test.confirmation {
        _ if !comparison.differs => FindingKind::Unchanged,
        Some(said) if !said.stands() => FindingKind::Inconclusive,
        _ if free == FindingKind::Regressed && !is_beyond_common(test) => FindingKind::Inconclusive,
        _ => free,
    };
    let telling = Telling {
        confirmation: test.confirmation.as_ref(),
        common: test.common,
        ..Telling::of(suite, &blank, limits, corrected)
    };
    let mut finding = filled(suite, blank, comparison, (kind, test.corrected), telling);
    if let Some(evidence) = &mut finding.evidence {
        evidence.confirmation.clone_from(&test.confirmation);
        evidence.common = test.common;
        evidence.guard = None;
    }
    Finding {
        gates: finding.kind == FindingKind::Regressed && flagged(suite, test),
        p_worse: test.tested.then_some(comparison.p().0),
        ..finding
    }
}

/// The rate of false discoveries among the metrics that do not gate and are said to have moved.
const FALSE_DISCOVERIES: f64 = 0.10;

/// What is said of the metrics that do not gate: those that moved, by the rate of false discoveries.
pub(super) fn watched(suite: &Assessment<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for watched in &suite.watched {
        let Some((worse, better)) = watched.discovered else { continue };
        let kind = match (worse <= FALSE_DISCOVERIES, better <= FALSE_DISCOVERIES) {
            (true, _) => FindingKind::Regressed,
            (_, true) => FindingKind::Improved,
            _ => continue,
        };
        let comparison = &watched.comparison;
        let whole = if watched.subject.what.is_relative() { comparison.before } else { 1.0 };
        let limits = Limits {
            alpha: FALSE_DISCOVERIES,
            min_effect: 0.0,
            tolerance: whole * suite.input.spec.tolerance.get(),
        };
        let corrected = Corrected { worse, better, ..alone(comparison, limits) };
        let blank = empty(&watched.subject, watched.direction, watched.unit);
        let telling = Telling::of(suite, &blank, limits, corrected);
        let finding = filled(suite, blank, comparison, (kind, Some(corrected)), telling);
        findings.push(Finding { gates: false, ..finding });
    }
    findings
}

/// The p-values of a test that is corrected for no other.
fn alone(comparison: &Comparison, limits: Limits) -> Corrected {
    let (worse, better) = comparison.p();
    Corrected { worse, better, threshold: limits.alpha, tests: 1 }
}

/// A finding with all that a comparison says: what it comes to, and its p-values where they are corrected.
fn filled(
    suite: &Assessment<'_>,
    finding: Finding,
    comparison: &Comparison,
    (kind, corrected): (FindingKind, Option<Corrected>),
    telling: Telling<'_>,
) -> Finding {
    Finding {
        kind,
        reason: telling.reason(comparison, kind),
        interval: Some(telling.interval(comparison)),
        p_worse: Some(comparison.p().0),
        p_adjusted: corrected.map(|corrected| corrected.worse),
        detectable: Some(comparison.test.detectable),
        concentrations: match comparison.moves {
            Moves::Verdicts => concentrations(suite.input, &comparison.cases, &comparison.broke),
            Moves::Distances | Moves::Scores | Moves::Times => Vec::new(),
        },
        evidence: Some(Box::new(evidence(suite, comparison, corrected, telling.limits))),
        ..with_values(finding, comparison)
    }
}

/// The numbers of a comparison, for the record.
fn evidence(
    suite: &Assessment<'_>,
    comparison: &Comparison,
    corrected: Option<Corrected>,
    limits: Limits,
) -> Evidence {
    let test = &comparison.test;
    let power = suite.power();
    Evidence {
        runs: comparison.runs,
        blocks: comparison.blocks,
        clusters: test.clusters,
        informative: test.informative,
        worse: (test.worse.exact, test.worse.mid),
        better: (test.better.exact, test.better.mid),
        corrected,
        alpha: limits.alpha,
        least: test.least_mid,
        approximated: test.approximated,
        centre: test.interval.centre,
        se: test.interval.se,
        freedom: test.interval.freedom,
        bounds: (test.interval.low, test.interval.high),
        min_effect: limits.min_effect,
        tolerance: limits.tolerance,
        power,
        detectable: test.detectable,
        cases_needed: Some(comparison.cases_needed(limits.tolerance, power)).filter(|of| of.is_finite()),
        clusters_to_add: comparison.clusters_to_add(limits.tolerance, power),
        guard: Some(test.guard),
        common: 0.0,
        confirmation: None,
    }
}

/// A finding with the values of a comparison and the cases that moved.
fn with_values(finding: Finding, comparison: &Comparison) -> Finding {
    // A number that is farther off has not broken its case.
    let flipped = |cases: &Places| if comparison.moves == Moves::Verdicts { cases.len() } else { 0 };
    Finding {
        baseline: Some(comparison.before),
        candidate: Some(comparison.now),
        delta: Some(comparison.now - comparison.before),
        paired: comparison.test.cases,
        families: comparison.families,
        broke: flipped(&comparison.broke),
        fixed: flipped(&comparison.fixed),
        ..finding
    }
}

/// A gated metric with its value now beside the accepted one, before anything is said of it.
fn bare(suite: &Assessment<'_>, gated: &Gated<'_>) -> Finding {
    let published =
        gated.subject.published.map_or((Direction::Higher, Unit::Share), |of| (of.direction, of.unit));
    let (direction, unit) = gated.measured.map_or(published, |measured| (measured.direction, measured.unit));
    let accepted = suite.input.baseline.and_then(|baseline| baseline.metrics.get(&gated.subject.key));
    let baseline = accepted.and_then(|accepted| accepted.value);
    let candidate = gated.measured.and_then(|measured| measured.value);
    Finding {
        gates: gated.role == Role::Tested && suite.input.kind == Kind::Regression,
        baseline,
        candidate,
        delta: candidate.zip(baseline).map(|(now, before)| now - before),
        floor: gated.gate.floor,
        ..empty(&gated.subject, direction, unit)
    }
}

/// A finding that says nothing yet.
fn empty(subject: &Subject, direction: Direction, unit: Unit) -> Finding {
    Finding {
        metric: subject.metric.clone(),
        slice: subject.slice.clone(),
        gates: false,
        kind: FindingKind::Missing,
        reason: String::new(),
        baseline: None,
        candidate: None,
        delta: None,
        interval: None,
        p_worse: None,
        p_adjusted: None,
        detectable: None,
        paired: 0,
        families: 0,
        broke: 0,
        fixed: 0,
        floor: None,
        direction,
        unit,
        concentrations: Vec::new(),
        evidence: None,
    }
}

/// A value, in words where there is none.
fn shown(value: Option<f64>, unit: Unit) -> String {
    value.map_or_else(|| "no value".to_owned(), |value| phrase::value(value, unit))
}

/// That a metric is beyond its floor, where it is.
fn breach(gated: &Gated<'_>) -> Option<String> {
    let measured = gated.measured?;
    let (value, floor) = (measured.value?, gated.gate.floor?);
    let (now, limit) = phrase::pair(value, floor, measured.unit);
    match measured.direction {
        Direction::Lower if value > floor + SLACK => Some(format!("{now} is above its limit of {limit}")),
        Direction::Higher | Direction::Neither if value < floor - SLACK => {
            Some(format!("{now} is below its floor of {limit}"))
        }
        _ => None,
    }
}

/// What the cases of a slice are called.
pub(super) const fn slice_word(slice: &Slice) -> &'static str {
    match slice {
        Slice::Suite => "suite",
        Slice::Scenario(_) => "scenario",
        Slice::Tag(_) => "tag",
        Slice::Operators(_) => "family of operators",
    }
}
