//! From what was run to what is recorded: observations for the metrics, cases for the gate, and the
//! record of a suite.

use super::coverage::knob_coverage;
use super::quarantine::Quarantine;
use crate::baseline::{Accepted, Baseline, Fingerprints};
use crate::expand::{Case, CaseId, Family};
use crate::gate::{GateCase, GateInput, GateOutput, GateRun, Problem, Times};
use crate::judge::{Numbers, Outcome, Verdict, representative};
use crate::metric::{
    Confusion, MeasureInput, Measurement, Observation, Variant, WeakSpot, confusion, fewest,
    measure_repeated, notes, weak_spots,
};
use crate::report::{CaseRecord, JudgedBy, ScenarioRecord, SuiteRecord};
use crate::run::{Graded, Plan, Question, not_asked};
use crate::target::TargetErrorKind;
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// What came of running one suite.
pub struct SuiteRun {
    /// What was to be asked.
    pub plan: Plan,
    /// What each selected case came to, in the order of the plan: of several repeats the first whose outcome
    /// is that of the case.
    pub graded: Vec<Graded>,
    /// What all repeats of each selected case came to, in their order; empty where it was asked once.
    pub repeats: Vec<Vec<Graded>>,
    /// What cases, by their index among all cases of the plan, came to when they were asked again.
    pub confirmations: HashMap<usize, Vec<Graded>>,
    /// The number expected of each selected case and the number of each of its answers, where there is one.
    numbers: Vec<Vec<Option<Numbers>>>,
    /// Time spent on asking, without that for starting the application.
    pub spent: Duration,
    /// Whether enough was seen before every case was asked: those that were not are no gap.
    pub stopped_early: bool,
    /// Most turns of each scenario's script.
    pub most_turns: Vec<Option<u32>>,
    /// What kept the suite from being run whole.
    pub problems: Vec<Problem>,
    /// Things worth knowing.
    pub notes: Vec<String>,
}

impl SuiteRun {
    /// Puts together what was run; repeats of selected cases without a result were not asked. `over` is how
    /// often every case was to be asked, whatever the suite says.
    pub fn new(
        plan: Plan,
        over: Option<u32>,
        mut answers: HashMap<Question, Graded>,
        most_turns: Vec<Option<u32>>,
        problems: Vec<Problem>,
        notes: Vec<String>,
    ) -> Self {
        let count = plan.selected.len();
        let (mut graded, mut repeats) = (Vec::with_capacity(count), Vec::with_capacity(count));
        let mut numbers = Vec::with_capacity(count);
        for &index in &plan.selected {
            let case = &plan.cases[index];
            let mut answer = |repeat| {
                let answer = answers.remove(&Question { case: index, repeat });
                answer.unwrap_or_else(|| not_asked(case, repeat))
            };
            let all: Vec<Graded> = (0..plan.repeats(index, over)).map(&mut answer).collect();
            numbers.push(all.iter().map(|one| Numbers::of(&case.expect, &one.transcript)).collect());
            match <[Graded; 1]>::try_from(all) {
                Ok([one]) => {
                    graded.push(one);
                    repeats.push(Vec::new());
                }
                Err(all) => {
                    graded.push(representative(&all).cloned().unwrap_or_else(|| not_asked(case, 0)));
                    repeats.push(all);
                }
            }
        }
        let (confirmations, spent) = (HashMap::new(), Duration::ZERO);
        Self {
            plan,
            graded,
            repeats,
            confirmations,
            numbers,
            spent,
            stopped_early: false,
            most_turns,
            problems,
            notes,
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (&Case, &Graded)> {
        self.plan.selected().zip(&self.graded)
    }

    /// Every answer to a selected case, by its place in the selection.
    pub fn answers(&self, place: usize) -> &[Graded] {
        match self.repeats[place].as_slice() {
            [] => std::slice::from_ref(&self.graded[place]),
            repeats => repeats,
        }
    }

    /// What the metrics see of each selected case, from the answer that stands for it.
    fn observations(&self, quarantine: &Quarantine) -> Vec<Observation<'_>> {
        self.pairs()
            .zip(&self.numbers)
            .filter(|((case, _), _)| !quarantine.keeps_out(case.id))
            .map(|((case, graded), numbers)| {
                let numbers = numbers.get(graded.transcript.repeat as usize).copied().flatten();
                self.observe(case, graded, numbers)
            })
            .collect()
    }

    /// What the metrics see of every answer to each selected case.
    fn observed(&self, quarantine: &Quarantine) -> Vec<Vec<Observation<'_>>> {
        self.plan
            .selected()
            .enumerate()
            .filter(|(_, case)| !quarantine.keeps_out(case.id))
            .map(|(place, case)| {
                let answers = self.answers(place).iter().zip(&self.numbers[place]);
                answers.map(|(graded, numbers)| self.observe(case, graded, *numbers)).collect()
            })
            .collect()
    }

    /// Measures the cases that were asked; those in quarantine enter no value.
    pub fn measure(&self, baseline: Option<&Baseline>, quarantine: &Quarantine) -> Measured {
        let earlier = baseline.map(|baseline| self.earlier(baseline)).unwrap_or_default();
        let suite = &self.plan.suite;
        let scenario_ids: Vec<String> = suite.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        let input = MeasureInput {
            labels: &suite.spec.labels,
            scenario_ids: &scenario_ids,
            target_errors: suite.spec.gate.target_errors,
            earlier: &earlier,
        };
        let mut measurements = measure_repeated(&input, &self.observed(quarantine));
        // What is counted by case is told of the answers that stand for them.
        let observations = self.observations(quarantine);
        let asked = self.pairs().map(|(case, graded)| (case, graded.outcome != Outcome::Skipped));
        for coverage in knob_coverage(suite, asked) {
            // Behind the others of its slice, in the order of the catalogue's slices.
            let behind = measurements.iter().rposition(|other| other.slice == coverage.slice);
            measurements.insert(behind.map_or(measurements.len(), |last| last + 1), coverage);
        }
        let mut notes = notes(&input, &observations);
        notes.extend(fewest(&self.repeats).map(|k| {
            format!("k of `pass_hat_k` and `pass_at_k` is {k}, the fewest repeats of a case that is asked more than once")
        }));
        Measured {
            measurements,
            confusion: (!suite.spec.labels.is_empty()).then(|| confusion(&input, &observations)),
            weak: weak_spots(&input, &observations),
            notes,
        }
    }

    fn observe<'a>(&self, case: &'a Case, graded: &'a Graded, numbers: Option<Numbers>) -> Observation<'a> {
        let transcript = &graded.transcript;
        let answers = || transcript.turns.iter().map(|turn| &turn.answer);
        let most_turns = self.most_turns.get(case.scenario).copied().flatten();
        let turns = u32::try_from(transcript.turns.len()).unwrap_or(u32::MAX);
        let tokens = answers().map(|answer| answer.usage).collect::<Option<Vec<_>>>();
        Observation {
            scenario: case.scenario,
            family: case.family,
            variant: variant(case),
            leaked: leaked(case, graded),
            knobs: (!case.knobs.columns.is_empty()).then_some(&case.knobs),
            tags: &case.tags,
            outcome: graded.outcome,
            truth: case.truth.as_deref(),
            label: label_of(graded),
            numbers,
            answered: transcript.error.is_none() && !transcript.turns.is_empty(),
            timed_out: transcript.error.as_ref().is_some_and(|error| error.kind == TargetErrorKind::Timeout),
            turns: most_turns.map(|most| (turns, most)),
            latencies_ms: answers().filter_map(|answer| answer.latency_ms).collect(),
            first_token_ms: answers().filter_map(|answer| answer.first_token_ms).collect(),
            tokens: tokens.filter(|all| !all.is_empty()).map(|all| {
                all.iter().fold((0, 0), |(read, written), usage| {
                    (read + usage.input_tokens, written + usage.output_tokens)
                })
            }),
            cost: transcript.cost,
        }
    }

    /// Whether each case passed in the runs that were accepted, where it was graded.
    fn earlier(&self, baseline: &Baseline) -> HashMap<CaseId, Vec<bool>> {
        let of = |id: CaseId| {
            let graded = |outcome: Accepted| match outcome {
                Accepted::Pass => Some(true),
                Accepted::Fail => Some(false),
                Accepted::Error | Accepted::Ungraded => None,
            };
            baseline.cases.get(&id).map(|case| case.outcomes().filter_map(graded).collect())
        };
        self.plan.selected().filter_map(|case| Some((case.id, of(case.id)?))).collect()
    }

    /// What the gate sees of each case.
    pub fn gate_cases<'a>(&'a self, whys: &'a [String]) -> Vec<GateCase<'a>> {
        self.pairs()
            .zip(&self.plan.selected)
            .zip(whys)
            .enumerate()
            .map(|(place, (((case, graded), index), why))| GateCase {
                id: case.id,
                family: case.family,
                scenario: case.scenario,
                variant: variant(case),
                knobs: (!case.knobs.columns.is_empty()).then_some(&case.knobs),
                tags: &case.tags,
                must_pass: case.must_pass,
                quarantined: false,
                outcome: graded.outcome,
                why,
                truth: case.truth.as_deref(),
                expected_number: self.numbers[place].iter().flatten().next().map(|numbers| numbers.expected),
                runs: self.answers(place).iter().zip(&self.numbers[place]).map(gate_run).collect(),
                confirmations: self
                    .confirmations
                    .get(index)
                    .into_iter()
                    .flatten()
                    .map(|graded| gate_run((graded, &Numbers::of(&case.expect, &graded.transcript))))
                    .collect(),
            })
            .collect()
    }

    /// Why each case came to what it did, in a line.
    pub fn whys(&self) -> Vec<String> {
        self.graded.iter().map(why).collect()
    }

    /// Ids and names of the scenarios.
    pub fn scenario_names(&self) -> Vec<(String, String)> {
        let scenarios = &self.plan.suite.scenarios;
        scenarios.iter().map(|scenario| (scenario.id.clone(), scenario.spec.name.clone())).collect()
    }

    /// What the gate decides from.
    pub fn gate_input<'a>(&'a self, parts: &'a GateParts<'a>) -> GateInput<'a> {
        let suite = &self.plan.suite;
        GateInput {
            suite: &suite.name,
            kind: suite.spec.kind,
            spec: &suite.spec.gate,
            labels: &suite.spec.labels,
            scenarios: &parts.scenarios,
            cases: &parts.cases,
            planned: self.plan.cases.len(),
            partial: self.plan.is_partial(),
            stopped_early: self.stopped_early,
            measurements: parts.measurements,
            fingerprints: &parts.fingerprints,
            baseline: parts.baseline,
            times: parts.times,
            problems: &self.problems,
        }
    }

    /// The record of the suite.
    pub fn record(
        mut self,
        measured: Measured,
        output: GateOutput,
        baseline: Option<&Baseline>,
        accepted_answer: impl Fn(&Case) -> Option<String>,
    ) -> SuiteRecord {
        let now = super::fingerprints(&self.plan.suite);
        let same = |old: &Fingerprints| old.judges == now.judges && old.target == now.target;
        let comparable = baseline.filter(|of| !self.plan.is_partial() && same(&of.fingerprints));
        let accepted = comparable.map(accepted_values).unwrap_or_default();
        let suite = self.plan.suite.clone();
        let selected = self.plan.selected.iter().zip(self.graded).zip(self.repeats);
        let cases = selected.zip(output.cases).map(|(((index, graded), repeats), (flip, standing))| {
            let case = &self.plan.cases[*index];
            CaseRecord {
                id: case.id,
                family: case.family,
                scenario: case.scenario,
                name: case.name.clone(),
                input: case.input.clone(),
                truth: case.truth.clone(),
                tags: case.tags.clone(),
                must_pass: case.must_pass,
                provenance: case.provenance.clone(),
                accepted_answer: flip.and_then(|_| accepted_answer(case)),
                graded,
                repeats,
                confirmations: self.confirmations.remove(index).unwrap_or_default(),
                flip,
                standing,
            }
        });
        let mut notes = self.notes;
        notes.extend(measured.notes);
        notes.extend(output.notes);
        SuiteRecord {
            name: suite.name.clone(),
            path: suite.path.clone(),
            feature: suite.spec.feature.clone(),
            kind: suite.spec.kind,
            fingerprint: suite.fingerprint.clone(),
            judged_by: Some(JudgedBy { judges: now.judges, target: now.target }),
            params: suite.params.values().clone(),
            changed_params: suite.params.changed().map(str::to_owned).collect(),
            plan: self.plan.hash.clone(),
            planned: self.plan.cases.len(),
            partial: self.plan.is_partial(),
            shard: None,
            labels: suite.spec.labels.clone(),
            scenarios: suite
                .scenarios
                .iter()
                .map(|scenario| ScenarioRecord {
                    id: scenario.id.clone(),
                    name: scenario.spec.name.clone(),
                    why: scenario.spec.why.clone(),
                    line: scenario.line,
                })
                .collect(),
            cases: cases.collect(),
            measurements: measured.measurements,
            accepted,
            confusion: measured.confusion,
            weak: measured.weak,
            findings: output.findings,
            watched: output.watched,
            problems: output.problems,
            notes,
            quarantined: Vec::new(),
            decision: output.decision,
            baseline: baseline.and_then(accepted_line),
            added: output.added,
            removed: output.removed,
            pending: false,
        }
    }
}

/// Whether a judge is an `excludes`: by its name, or by its name and the place of its entry.
fn is_exclusion(judge: &str) -> bool {
    judge.strip_prefix("excludes").is_some_and(|place| place.is_empty() || place.starts_with('['))
}

fn variant(case: &Case) -> Option<Variant<'_>> {
    let lineage = case.provenance.lineage.as_deref()?;
    Some(Variant { family: &lineage.family, promise: lineage.promise })
}

/// Whether the answer to an adversarial variant holds a text that it must not.
fn leaked(case: &Case, graded: &Graded) -> Option<bool> {
    let lineage = case.provenance.lineage.as_deref()?;
    let adversarial = lineage.family.split('+').any(|family| family == Family::Adversarial.name());
    let mut verdicts = graded.verdicts.iter().filter(|verdict| adversarial && is_exclusion(&verdict.judge));
    let first = verdicts.next()?;
    let failed = |verdict: &Verdict| verdict.outcome == Outcome::Fail;
    let judged = first.outcome.is_graded();
    judged.then(|| failed(first) || verdicts.any(failed))
}

/// What the gate sees of one answer.
fn gate_run<'a>((graded, numbers): (&'a Graded, &Option<Numbers>)) -> GateRun<'a> {
    GateRun {
        outcome: graded.outcome,
        label: label_of(graded),
        number: numbers.and_then(|numbers| numbers.answered),
        latency_ms: graded.transcript.latency_ms(),
    }
}

/// What was measured over the cases of a suite.
pub struct Measured {
    /// All metrics.
    pub measurements: Vec<Measurement>,
    /// What was answered where what was expected, for suites with labels.
    pub confusion: Option<Confusion>,
    /// Groups of cases that fail more than chance.
    pub weak: Vec<WeakSpot>,
    /// What is to be told of the metrics.
    pub notes: Vec<String>,
}

/// What the gate borrows for one suite.
pub struct GateParts<'a> {
    /// Ids and names of the scenarios.
    pub scenarios: Vec<(String, String)>,
    /// The cases.
    pub cases: Vec<GateCase<'a>>,
    /// What was measured.
    pub measurements: &'a [Measurement],
    /// What the values depend on.
    pub fingerprints: Fingerprints,
    /// What was accepted before.
    pub baseline: Option<&'a Baseline>,
    /// The times accepted with it, or why there are none to compare with.
    pub times: Times<'a>,
}

/// The label of the last answer; none where the case has no answer.
fn label_of(graded: &Graded) -> Option<&str> {
    if graded.transcript.error.is_some() {
        return None;
    }
    graded.transcript.last().and_then(|answer| answer.label.as_deref())
}

/// The target's error, or the first reason that is not a pass.
fn why(graded: &Graded) -> String {
    if let Some(error) = &graded.transcript.error {
        return error.to_string();
    }
    let verdict = graded.verdicts.iter().find(|verdict| verdict.outcome == graded.outcome);
    match (graded.outcome, verdict) {
        (Outcome::Pass, _) => String::new(),
        (_, Some(verdict)) => verdict.reason.clone(),
        (outcome, None) => outcome.to_string(),
    }
}

/// The values of a baseline that are numbers.
fn accepted_values(baseline: &Baseline) -> BTreeMap<String, f64> {
    baseline.metrics.iter().filter_map(|(key, metric)| Some((key.clone(), metric.value?))).collect()
}

/// The newest acceptance in a line.
fn accepted_line(baseline: &Baseline) -> Option<String> {
    let last = baseline.history.last()?;
    Some(format!("accepted {} by {}: {}", last.at, last.by, last.reason))
}
