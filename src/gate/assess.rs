//! What one suite's run and baseline allow to be compared, before the tests of all suites are corrected
//! together.

use super::compare::{Blocks, Comparison};
use super::confirm::{Confirmation, is_steady};
use super::early::Sequential;
use super::latency::{RISE, log_of};
use super::limits::{self, Tally};
use super::pair::{MIN_PAIRED_PERCENT, Pairing};
use super::procedure::{Corrected, Guard, Limits, SCENARIO_SHARE, SUITE_SHARE, common_noise};
use super::score::score;
use super::subject::{Role, Subject, What, roles};
use super::{GateInput, GateOptions, Problem, ProblemKind, phrase};
use crate::baseline::{Accepted, Baseline};
use crate::expand::FamilyId;
use crate::metric::{Direction, Measurement, Slice, Unit};
use crate::suite::metric_names::Scope;
use crate::suite::metric_names::table::{LATENCY_RATIO, PASS_RATE};
use crate::suite::schema::{ClusterBy, Kind, MetricGate};

/// Fewest paired cases with which a scenario is tested by itself.
const MIN_SCENARIO_CASES: usize = 2;

/// What a suite can be decided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ground {
    /// By comparison with its baseline.
    Compared,
    /// Not at all: the application, or a judge, failed too often to say anything of either.
    Unmeasured,
    /// Not at all: only a part was asked.
    Part,
    /// There is nothing to compare with.
    New,
    /// The baseline was measured in another way.
    Incomparable,
    /// Too few of the baseline's cases are paired.
    Unpaired,
}

/// A gated metric of a suite.
#[derive(Debug)]
pub(super) struct Gated<'a> {
    pub subject: Subject,
    pub role: Role,
    pub gate: MetricGate,
    pub measured: Option<&'a Measurement>,
    pub comparison: Option<Comparison>,
    pub corrected: Option<Corrected>,
}

/// A metric over one scenario: the pass rate, and whatever else the suite is tested by.
#[derive(Debug)]
pub(super) struct ScenarioTest<'a> {
    /// The scenario's id, and its place in the suite.
    pub id: &'a str,
    pub place: usize,
    pub subject: Subject,
    /// Whether there are enough cases for a test.
    pub tested: bool,
    pub comparison: Comparison,
    pub corrected: Option<Corrected>,
    /// The deviation of the noise that whole scenarios of the suite share, in the unit of the scores.
    pub common: f64,
    /// What asking again said, where the test flags the scenario.
    pub confirmation: Option<Confirmation>,
}

/// A metric that does not gate, against its baseline.
#[derive(Debug)]
pub(super) struct Watched {
    pub subject: Subject,
    pub direction: Direction,
    pub unit: Unit,
    pub comparison: Comparison,
    /// Its p-values of "worse" and "better", corrected for the rate of false discoveries.
    pub discovered: Option<(f64, f64)>,
}

/// One suite, on its way to a decision.
#[derive(Debug)]
pub(super) struct Assessment<'a> {
    pub input: &'a GateInput<'a>,
    pub alpha: f64,
    pub ground: Ground,
    pub pairing: Option<Pairing<'a>>,
    pub problems: Vec<Problem>,
    pub notes: Vec<String>,
    pub gated: Vec<Gated<'a>>,
    pub scenarios: Vec<ScenarioTest<'a>>,
    pub watched: Vec<Watched>,
    /// What the blocks of the tests of whole suites are.
    pub blocks: Blocks,
    /// Whether the application never disagreed with itself over the runs of the baseline.
    pub steady: bool,
    /// Of a run that stopped before its end, the evidence that let it.
    pub sequential: Option<Sequential>,
}

impl<'a> Assessment<'a> {
    pub fn of(input: &'a GateInput<'a>, options: GateOptions) -> Self {
        let tally = Tally::of(input);
        let pairing = input.baseline.map(|baseline| Pairing::of(input, baseline));
        let broken = limits::broken(input, tally);
        let ground = ground(input, pairing.as_ref(), tally, &broken);
        let mut problems = input.problems.to_vec();
        problems.extend(broken);
        problems.extend(incomplete(input, tally));
        if let Some(problem) = must_pass_without_verdict(input) {
            problems.push(problem);
        }
        // What only keeps a comparison from being made is no problem of a suite that never blocks.
        if input.kind == Kind::Regression && !input.only_reports {
            problems.extend(incomparable(input, options, ground, pairing.as_ref()));
        }
        let mut suite = Self {
            input,
            alpha: options.alpha,
            ground,
            steady: pairing.as_ref().is_some_and(is_steady),
            pairing,
            problems,
            notes: Vec::new(),
            gated: Vec::new(),
            scenarios: Vec::new(),
            watched: Vec::new(),
            blocks: blocks(input),
            sequential: None,
        };
        suite.gated = suite.gated_metrics();
        if ground == Ground::Compared && input.stopped_early {
            suite.sequential = suite.sequential(options);
        }
        if ground == Ground::Compared && !input.stopped_early {
            suite.scenarios = suite.scenario_tests();
            suite.notes.extend(suite.pairing.as_ref().and_then(Pairing::note));
            suite.notes.extend(suite.unseen());
            suite.notes.extend(suite.times());
        }
        suite
    }

    /// The evidence in what a run that stopped early had asked: the families that are there, whole.
    fn sequential(&self, options: GateOptions) -> Option<Sequential> {
        let spec = self.input.spec;
        let passed = |outcome: Accepted| outcome.passed(spec.target_errors);
        let graded = self.pairing.as_ref()?.pairs().iter().filter_map(|pair| {
            let (before, now) = (passed(pair.accepted.latest())?, passed(pair.now())?);
            Some((pair.case().family, (before, now)))
        });
        let mut graded: Vec<(FamilyId, (bool, bool))> = graded.collect();
        graded.sort_unstable();
        let mut sequential = Sequential::new(spec, options.alpha, 1)?;
        for family in graded.chunk_by(|one, other| one.0 == other.0) {
            sequential.family(family.iter().map(|(_, graded)| *graded));
        }
        Some(sequential)
    }

    /// How long answers took beside those accepted, where that differs much and gates nothing. No test goes
    /// with it: a busy machine slows all cases together, and that is no chance.
    fn times(&self) -> Option<String> {
        let subject = Subject::of_key(LATENCY_RATIO.name);
        if self.gated.iter().any(|gated| gated.subject.what == What::Latency) {
            return None;
        }
        let comparison = self.compare(&subject)?;
        (comparison.test.delta.abs() >= log_of(RISE)).then(|| {
            format!(
                "answers took {} times as long as those accepted, on an equal host (geometric mean over {}); \
                 shown only, unless `{}` is named under [gate.metrics]",
                phrase::value(comparison.now, LATENCY_RATIO.unit),
                phrase::count(comparison.test.cases, "case", "cases"),
                LATENCY_RATIO.name
            )
        })
    }

    /// What the comparison cannot see, in a sentence; `None` where it sees all that the procedure does.
    fn unseen(&self) -> Option<String> {
        let runs = self.pairing.as_ref()?.arms.base;
        let drift = runs < Guard::MIN_RUNS;
        let shared = self.blocks == Blocks::Families;
        let kept = match runs {
            1 => "one accepted run".to_owned(),
            runs => format!("{runs} accepted runs"),
        };
        let drift = drift
            .then(|| format!("drift between runs cannot be seen with {kept} (it takes {})", Guard::MIN_RUNS));
        let shared = shared
            .then(|| "noise shared inside a scenario but not inside a family is not covered".to_owned());
        let parts: Vec<String> = drift.into_iter().chain(shared).collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    }

    /// Whether the suite takes part in the tests that can block.
    pub fn is_tested(&self) -> bool {
        self.ground == Ground::Compared && self.input.kind == Kind::Regression
    }

    /// What the test of a metric goes by, whose value was `before`.
    pub fn limits(&self, gate: &MetricGate, what: &What, before: f64) -> Limits {
        let spec = self.input.spec;
        if *what == What::Latency {
            return Limits {
                alpha: SUITE_SHARE * self.alpha,
                min_effect: log_of(gate.min_effect.unwrap_or(RISE)),
                tolerance: log_of(gate.tolerance.unwrap_or(RISE)),
            };
        }
        // What is a number in the suite's own unit has no points: its limits are shares of what it was.
        let whole = if what.is_relative() { before } else { 1.0 };
        Limits {
            alpha: SUITE_SHARE * self.alpha,
            min_effect: whole * gate.min_effect.unwrap_or(spec.min_effect).get(),
            tolerance: whole * gate.tolerance.unwrap_or(spec.tolerance).get(),
        }
    }

    /// What the test of a metric over a scenario goes by, whose value was `before`.
    pub fn scenario_limits(&self, what: &What, before: f64) -> Limits {
        let spec = self.input.spec;
        if *what == What::Latency {
            let (alpha, rise) = (SCENARIO_SHARE * self.alpha, log_of(RISE));
            return Limits { alpha, min_effect: rise, tolerance: rise };
        }
        let whole = if what.is_relative() { before } else { 1.0 };
        Limits {
            alpha: SCENARIO_SHARE * self.alpha,
            min_effect: whole * spec.min_scenario_effect.get(),
            tolerance: whole * spec.tolerance.get(),
        }
    }

    /// The power that is asked for.
    pub fn power(&self) -> f64 {
        self.input.spec.power.get()
    }

    /// The metrics that gate, by name. The pass rate gates where nothing is named, and where nothing named
    /// can be tested: a suite that no test guards would always be green.
    fn gated_metrics(&mut self) -> Vec<Gated<'a>> {
        let named = &self.input.spec.metrics;
        let mut subjects: Vec<Subject> = named.keys().map(|key| Subject::of_key(key)).collect();
        let mut roles = roles(&subjects);
        if !roles.contains(&Role::Tested) {
            if !subjects.is_empty() {
                self.notes.push(format!(
                    "no test is defined for {}: the pass rate is tested in their place",
                    named.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
                ));
            }
            subjects.insert(0, Subject::pass_rate(Slice::Suite));
            roles.insert(0, Role::Tested);
        }
        let gated = |(subject, role): (Subject, Role)| Gated {
            gate: named.get(&subject.key).cloned().unwrap_or_default(),
            measured: self
                .input
                .measurements
                .iter()
                .find(|measured| measured.metric == subject.metric && measured.slice == subject.slice),
            comparison: self.compare(&subject),
            corrected: None,
            subject,
            role,
        };
        subjects.into_iter().zip(roles).map(gated).collect()
    }

    /// A metric against its baseline, where the two can be set side by side.
    fn compare(&self, subject: &Subject) -> Option<Comparison> {
        if !matches!(self.ground, Ground::Compared | Ground::Part) {
            return None;
        }
        let pairing = self.pairing.as_ref()?;
        let scored = score(&subject.what, &subject.slice, self.input, pairing.pairs(), pairing.arms)?;
        // All cases of a scenario would be one cluster.
        let blocks = match subject.slice {
            Slice::Scenario(_) => Blocks::Families,
            Slice::Suite | Slice::Tag(_) | Slice::Operators(_) => self.blocks,
        };
        // A cluster is left out whose cases are graded in no run together.
        Some(Comparison::of(&scored, self.input, blocks)).filter(|of| of.test.cases > 0)
    }

    /// The pass rate of every scenario with a paired case, and the other metrics that the suite is tested by
    /// and that are taken over scenarios.
    fn scenario_tests(&self) -> Vec<ScenarioTest<'a>> {
        let mut names = vec![PASS_RATE.name.to_owned()];
        // Of a single scenario the suite's own test says all there is to say.
        let several = self.input.scenarios.len() > 1;
        let more = self.gated.iter().filter(|gated| gated.role == Role::Tested && several).filter(|gated| {
            let subject = &gated.subject;
            subject.slice == Slice::Suite
                && !subject.restates()
                && subject.published.is_some_and(|metric| metric.scope != Scope::Label)
        });
        names.extend(more.map(|gated| gated.subject.metric.clone()));
        let Some(pairing) = &self.pairing else { return Vec::new() };
        let places = pairing.by_scenario(self.input.scenarios.len());
        let mut tests = Vec::new();
        for name in names {
            let first = tests.len();
            for (place, ((id, _), own)) in self.input.scenarios.iter().zip(&places).enumerate() {
                let subject = Subject::of_key(&Slice::Scenario(id.clone()).key(&name));
                let pairs = pairing.pairs().at(own);
                let scored = score(&subject.what, &subject.slice, self.input, pairs, pairing.arms);
                let Some(scored) = scored else { continue };
                let comparison = Comparison::of(&scored, self.input, Blocks::Cases);
                if comparison.test.cases == 0 {
                    continue;
                }
                let tested = comparison.test.cases >= MIN_SCENARIO_CASES;
                let (corrected, confirmation) = (None, None);
                let common = 0.0;
                tests.push(ScenarioTest {
                    id,
                    place,
                    subject,
                    tested,
                    comparison,
                    corrected,
                    common,
                    confirmation,
                });
            }
            let own = &mut tests[first..];
            let effects: Vec<(f64, f64)> = own.iter().filter_map(|test| test.comparison.by_case).collect();
            let common = common_noise(&effects);
            for test in own {
                test.common = common;
            }
        }
        tests
    }

    /// Every other metric that was measured over the suite or a part of it and can be tested.
    pub fn watched_metrics(&self) -> Vec<Watched> {
        if self.ground != Ground::Compared || self.input.stopped_early {
            return Vec::new();
        }
        let measured = self.input.measurements.iter().map(|of| (of.key(), of.direction, of.unit));
        let watched = |(key, direction, unit): (String, Direction, Unit)| {
            let subject = Subject::of_key(&key);
            let tested = subject.published.is_some_and(|metric| metric.gates.is_tested());
            let gates = self.gated.iter().any(|gated| gated.subject.key == key);
            // One verdict restated is no other news.
            let told = |other: &Gated<'_>| other.subject.restates() && other.subject.slice == subject.slice;
            let restated =
                subject.restates() && (subject.what != What::PassRate || self.gated.iter().any(told));
            // Scenarios are tested by themselves.
            if !tested || gates || restated || matches!(subject.slice, Slice::Scenario(_)) {
                return None;
            }
            let comparison = self.compare(&subject)?;
            Some(Watched { subject, direction, unit, comparison, discovered: None })
        };
        measured.filter_map(watched).collect()
    }
}

/// Fewest scenarios with which they are the clusters by themselves, and the largest share of the cases that
/// any of them may hold, in per cent.
const MIN_SCENARIOS: usize = 20;
const MAX_SCENARIO_PERCENT: usize = 10;

/// What the blocks of the tests of whole suites are. By the plan alone, never by results.
fn blocks(input: &GateInput<'_>) -> Blocks {
    match input.spec.cluster {
        ClusterBy::Family => Blocks::Families,
        ClusterBy::Scenario => Blocks::Scenarios,
        ClusterBy::Auto => {
            let mut counts = vec![0_usize; input.scenarios.len()];
            for case in 0..input.table.len() {
                if let Some(count) = counts.get_mut(input.table.scenario(case)) {
                    *count += 1;
                }
            }
            counts.retain(|count| *count > 0);
            let largest = counts.iter().max().copied().unwrap_or(0);
            let even = largest * 100 <= input.table.len() * MAX_SCENARIO_PERCENT;
            if counts.len() >= MIN_SCENARIOS && even { Blocks::Scenarios } else { Blocks::Families }
        }
    }
}

/// What the suite can be decided by.
fn ground(input: &GateInput<'_>, pairing: Option<&Pairing<'_>>, tally: Tally, broken: &[Problem]) -> Ground {
    let down = |problem: &Problem| {
        matches!(problem.kind, ProblemKind::Target | ProblemKind::Credentials | ProblemKind::Judge)
    };
    if !broken.is_empty() || input.problems.iter().any(down) {
        return Ground::Unmeasured;
    }
    if is_part(input, tally) {
        return Ground::Part;
    }
    match (input.baseline, pairing) {
        (Some(baseline), _) if !differences(input, baseline).is_empty() => Ground::Incomparable,
        (Some(_), Some(pairing)) if !input.stopped_early && !pairing.suffices() => Ground::Unpaired,
        (Some(_), Some(_)) => Ground::Compared,
        _ => Ground::New,
    }
}

/// Whether only a part of the plan was asked.
fn is_part(input: &GateInput<'_>, tally: Tally) -> bool {
    let stopped = tally.skipped > 0 && !input.stopped_early;
    input.partial || stopped || input.table.len() < input.planned
}

/// The problem of a run that did not ask the whole plan, where nothing else says so already.
fn incomplete(input: &GateInput<'_>, tally: Tally) -> Option<Problem> {
    let explained = input.problems.iter().any(|problem| limits::stops(problem.kind));
    if !is_part(input, tally) || (explained && !input.partial) {
        return None;
    }
    let asked = input.table.len() - tally.skipped;
    let message = format!(
        "only {asked} of {} cases were asked: a partial run cannot gate; run the whole suite with \
         `holdline run {}`",
        input.planned.max(input.table.len()),
        input.suite
    );
    Some(Problem { kind: ProblemKind::Partial, message })
}

/// Cases that must pass and have no verdict: nobody knows whether they do.
fn must_pass_without_verdict(input: &GateInput<'_>) -> Option<Problem> {
    if input.kind == Kind::Capability {
        return None;
    }
    let unknown = |case: &usize| input.table.outcome(*case).is_ungraded();
    let must_pass = |case: &usize| input.table.case(*case).must_pass.is_set();
    let count = (0..input.table.len()).filter(unknown).filter(must_pass).count();
    (count > 0).then(|| Problem {
        kind: ProblemKind::Ungraded,
        message: format!(
            "{} that must pass {} no verdict",
            phrase::count(count, "case", "cases"),
            if count == 1 { "has" } else { "have" }
        ),
    })
}

/// What differs between the run and the baseline that makes the two incomparable.
fn differences(input: &GateInput<'_>, baseline: &Baseline) -> Vec<&'static str> {
    let (now, then) = (input.fingerprints, &baseline.fingerprints);
    let mut differences = Vec::new();
    if now.judges != then.judges {
        differences.push("the judges or the definitions of the metrics");
    }
    if now.target != then.target {
        differences.push("the kind of target");
    }
    differences
}

/// What keeps a complete run from being compared.
fn incomparable(
    input: &GateInput<'_>,
    options: GateOptions,
    ground: Ground,
    pairing: Option<&Pairing<'_>>,
) -> Option<Problem> {
    let suite = input.suite;
    let anew = format!("`holdline run {suite} --update new`, then `holdline accept {suite} --reason \"…\"`");
    let (kind, message) = match (ground, input.baseline, pairing) {
        (_, None, _) if options.ci => (
            ProblemKind::NoBaseline,
            format!("{suite} has no baseline, and CI cannot let that pass; make one with {anew}"),
        ),
        (Ground::Incomparable, Some(baseline), _) => (
            ProblemKind::Incomparable,
            format!(
                "{} differ from the baseline's, so that its values mean something else; \
                 if that is meant, accept a new baseline with {anew}",
                differences(input, baseline).join(" and ")
            ),
        ),
        (Ground::Unpaired, _, Some(pairing)) => (
            ProblemKind::Unpaired,
            format!(
                "only {} of the {} cases that the baseline has graded are graded again \
                 ({MIN_PAIRED_PERCENT} % are needed): the others were removed, renamed, changed or not \
                 graded; if that is meant, accept a new baseline with {anew}",
                pairing.graded, pairing.gradable
            ),
        ),
        _ => return None,
    };
    Some(Problem { kind, message })
}
