//! Runs and baselines for the tests of the gate, made case by case.

use holdline::baseline::{Accepted, AcceptedCase, AcceptedMetric, AcceptedRun, Baseline, Fingerprints};
use holdline::expand::CaseId;
use holdline::gate::{GateCase, GateInput, GateOptions, GateOutput, GateRun, Problem, Times, decide};
use holdline::judge::{Numbers, Outcome};
use holdline::metric::{Direction, Gating, Measurement, Slice, Unit, find};
use holdline::suite::schema::{GateSpec, Kind, MustPass, TargetErrors};
use std::collections::BTreeMap;

/// A suite, its run and what was accepted before.
pub struct World {
    pub kind: Kind,
    pub spec: GateSpec,
    pub labels: Vec<String>,
    pub fingerprints: Fingerprints,
    pub problems: Vec<Problem>,
    scenarios: Vec<(String, String)>,
    tags: Vec<Vec<String>>,
    cases: Vec<Case>,
    baseline: Option<Baseline>,
    measured: BTreeMap<String, f64>,
    planned: Option<usize>,
    pub stopped_early: bool,
    /// Milliseconds accepted with the baseline on an equal host; `None` where it was another.
    pub times: Option<BTreeMap<CaseId, f64>>,
}

struct Case {
    id: CaseId,
    family: CaseId,
    scenario: usize,
    must_pass: MustPass,
    outcome: Outcome,
    repeats: Vec<Outcome>,
    confirmations: Vec<Outcome>,
    quarantined: bool,
    why: String,
    truth: Option<String>,
    label: Option<String>,
    numbers: Option<Numbers>,
    latency_ms: Option<f64>,
}

/// The defaults of a build outside CI.
pub const fn options() -> GateOptions {
    GateOptions { alpha: 0.05, ci: false }
}

impl World {
    pub fn new() -> Self {
        let baseline = Baseline {
            suite: "support".into(),
            run: "r1".into(),
            fingerprints: Fingerprints::default(),
            history: Vec::new(),
            metrics: BTreeMap::new(),
            cases: BTreeMap::new(),
        };
        Self {
            kind: Kind::Regression,
            spec: GateSpec::default(),
            labels: Vec::new(),
            fingerprints: Fingerprints::default(),
            problems: Vec::new(),
            scenarios: Vec::new(),
            tags: Vec::new(),
            cases: Vec::new(),
            baseline: Some(baseline),
            measured: BTreeMap::new(),
            planned: None,
            stopped_early: false,
            times: None,
        }
    }

    /// Adds a case of a scenario: a seed of its own.
    pub fn case(&mut self, scenario: usize, before: Outcome, now: Outcome) {
        while self.scenarios.len() <= scenario {
            let number = self.scenarios.len();
            self.scenarios.push((format!("s{number}"), format!("scenario {number}")));
        }
        let id = CaseId::of(&[b"case", &self.cases.len().to_le_bytes()]);
        if let Some(baseline) = &mut self.baseline {
            let run = AcceptedRun { outcome: Accepted::from(before), label: None, number: None };
            let accepted = AcceptedCase { runs: vec![run], expected: None };
            baseline.cases.insert(id, accepted);
        }
        self.tags.push(Vec::new());
        self.cases.push(Case {
            id,
            family: id,
            scenario,
            must_pass: MustPass::No,
            outcome: now,
            repeats: Vec::new(),
            confirmations: Vec::new(),
            quarantined: false,
            why: String::new(),
            truth: None,
            label: None,
            numbers: None,
            latency_ms: None,
        });
    }

    /// Adds a case of a scenario with what it came to in several runs, oldest first. The case itself came to
    /// what most runs did, and fails where as many pass as fail.
    pub fn case_of_runs(&mut self, scenario: usize, before: &[Outcome], now: &[Outcome]) {
        let passed = 2 * now.iter().filter(|outcome| **outcome == Outcome::Pass).count() > now.len();
        self.case(scenario, before[0], if passed { Outcome::Pass } else { Outcome::Fail });
        let Some(case) = self.cases.last_mut() else { return };
        case.repeats = now.to_vec();
        let accepted = self.baseline.as_mut().and_then(|baseline| baseline.cases.get_mut(&case.id));
        if let Some(accepted) = accepted {
            let run = |outcome: &Outcome| AcceptedRun {
                outcome: Accepted::from(*outcome),
                label: None,
                number: None,
            };
            accepted.runs = before.iter().map(run).collect();
        }
    }

    /// Says what asking a case again came to.
    pub fn asked_again(&mut self, case: usize, outcomes: &[Outcome]) {
        self.cases[case].confirmations = outcomes.to_vec();
    }

    pub fn quarantine(&mut self, case: usize) {
        self.cases[case].quarantined = true;
    }

    /// Puts the case added last into a family.
    pub fn family(&mut self, number: usize) {
        self.family_of(self.cases.len() - 1, number);
    }

    /// Puts a case into a family.
    pub fn family_of(&mut self, case: usize, number: usize) {
        self.cases[case].family = CaseId::of(&[b"family", &number.to_le_bytes()]);
    }

    /// Turns the order of the cases round.
    pub fn reverse(&mut self) {
        self.cases.reverse();
        self.tags.reverse();
    }

    /// Makes the case added last a variant of its scenario's one seed.
    pub fn family_of_scenario(&mut self) {
        if let Some(scenario) = self.cases.last().map(|case| case.scenario) {
            self.family(scenario);
        }
    }

    /// Gives the case added last its labels: expected, answered before, answered now.
    pub fn labelled(&mut self, truth: &str, before: &str, now: &str) {
        if let Some(case) = self.cases.last_mut() {
            case.truth = Some(truth.into());
            case.label = Some(now.into());
            let accepted = self.baseline.as_mut().and_then(|baseline| baseline.cases.get_mut(&case.id));
            if let Some(accepted) = accepted {
                accepted.runs[0].label = Some(before.into());
                accepted.expected = Some(truth.into());
            }
        }
    }

    /// Gives the case added last its numbers: expected, answered before, answered now.
    pub fn numbered(&mut self, expected: f64, before: Option<f64>, now: Option<f64>) {
        if let Some(case) = self.cases.last_mut() {
            case.numbers = Some(Numbers { expected, answered: now });
            let accepted = self.baseline.as_mut().and_then(|baseline| baseline.cases.get_mut(&case.id));
            if let Some(accepted) = accepted {
                accepted.runs[0].number = before;
            }
        }
    }

    /// Says how long the case added last took when it was accepted, and takes now.
    pub fn timed(&mut self, before: f64, now: Option<f64>) {
        if let Some(case) = self.cases.last_mut() {
            case.latency_ms = now;
            self.times.get_or_insert_default().insert(case.id, before);
        }
    }

    /// Changes what a case comes to now.
    pub fn now(&mut self, case: usize, outcome: Outcome) {
        self.cases[case].outcome = outcome;
    }

    pub fn why(&mut self, case: usize, why: &str) {
        self.cases[case].why = why.into();
    }

    pub fn must_pass(&mut self, case: usize) {
        self.cases[case].must_pass = MustPass::Every;
    }

    pub fn must_mostly_pass(&mut self, case: usize) {
        self.cases[case].must_pass = MustPass::Majority;
    }

    pub fn tag(&mut self, case: usize, tag: &str) {
        self.tags[case].push(tag.into());
    }

    pub fn floor(&mut self, key: &str, floor: f64) {
        self.spec.metrics.entry(key.into()).or_default().floor = Some(floor);
    }

    /// Sets a measured value that the outcomes do not give.
    pub fn measured(&mut self, key: &str, value: f64) -> &mut Self {
        self.measured.insert(key.into(), value);
        self
    }

    pub fn without_baseline(&mut self) -> &mut Self {
        self.baseline = None;
        self
    }

    /// Leaves only the first cases in the run, as a filter does.
    pub fn keep_first(&mut self, count: usize) {
        self.planned = Some(self.cases.len());
        self.cases.truncate(count);
    }

    /// Gives the first cases other ids than the baseline has.
    pub fn rename_first(&mut self, count: usize) {
        for (number, case) in self.cases.iter_mut().take(count).enumerate() {
            case.id = CaseId::of(&[b"renamed", &number.to_le_bytes()]);
        }
    }

    /// Sets the value accepted for a metric.
    pub fn accepted(&mut self, key: &str, value: f64) {
        if let Some(baseline) = &mut self.baseline {
            baseline
                .metrics
                .insert(key.into(), AcceptedMetric { value: Some(value), n: baseline.cases.len() });
        }
    }

    /// The pass rate, the error rate and the values set.
    fn measurements(&self) -> Vec<Measurement> {
        let count = |outcome: Outcome| self.cases.iter().filter(|case| case.outcome == outcome).count();
        let (passed, failed, errors) =
            (count(Outcome::Pass), count(Outcome::Fail), count(Outcome::TargetError));
        let graded = match self.spec.target_errors {
            TargetErrors::Fail => passed + failed + errors,
            TargetErrors::Exclude => passed + failed,
        };
        let asked = self.cases.len() - count(Outcome::Skipped);
        let rate = |metric: &str, part: usize, whole: usize, direction: Direction| Measurement {
            metric: metric.into(),
            slice: Slice::Suite,
            value: (whole > 0).then(|| part as f64 / whole as f64),
            n: whole,
            excluded: self.cases.len() - whole,
            reason: (whole == 0).then(|| "no cases".to_owned()),
            interval: None,
            direction,
            unit: Unit::Share,
        };
        let mut all = vec![
            rate("pass_rate", passed, graded, Direction::Higher),
            rate("error_rate", errors, asked, Direction::Lower),
        ];
        for (key, value) in &self.measured {
            let (metric, slice) = match (key.split_once('@'), key.split_once('#')) {
                (Some((metric, scenario)), _) => (metric, Slice::Scenario(scenario.into())),
                (None, Some((metric, tag))) => (metric, Slice::Tag(tag.into())),
                (None, None) => (key.as_str(), Slice::Suite),
            };
            let distance = find(key).filter(|metric| metric.gates == Gating::Distances);
            let (unit, direction) =
                distance.map_or((Unit::Coefficient, Direction::Higher), |of| (of.unit, of.direction));
            all.push(Measurement {
                value: Some(*value),
                slice,
                unit,
                ..rate(metric, 0, self.cases.len(), direction)
            });
        }
        all
    }

    /// The input, with everything it points to kept for the rest of the process.
    pub fn input(&self) -> GateInput<'static> {
        fn kept<T>(value: T) -> &'static T {
            Box::leak(Box::new(value))
        }
        let text = |text: &Option<String>| text.as_ref().map(|text| kept(text.clone()).as_str());
        let runs = |case: &Case, outcomes: &[Outcome]| -> Vec<GateRun<'static>> {
            let label = text(&case.label);
            let number = case.numbers.and_then(|numbers| numbers.answered);
            let run =
                |outcome: &Outcome| GateRun { outcome: *outcome, label, number, latency_ms: case.latency_ms };
            outcomes.iter().map(run).collect()
        };
        let cases: Vec<GateCase<'static>> = self
            .cases
            .iter()
            .zip(&self.tags)
            .map(|(case, tags)| GateCase {
                id: case.id,
                family: case.family,
                scenario: case.scenario,
                variant: None,
                knobs: None,
                tags: kept(tags.clone()),
                must_pass: case.must_pass,
                quarantined: case.quarantined,
                outcome: case.outcome,
                why: kept(case.why.clone()),
                truth: text(&case.truth),
                expected_number: case.numbers.map(|numbers| numbers.expected),
                runs: if case.repeats.is_empty() {
                    runs(case, &[case.outcome])
                } else {
                    runs(case, &case.repeats)
                },
                confirmations: runs(case, &case.confirmations),
            })
            .collect();
        GateInput {
            suite: "support",
            kind: self.kind,
            spec: kept(self.spec.clone()),
            labels: kept(self.labels.clone()),
            scenarios: kept(self.scenarios.clone()),
            planned: self.planned.unwrap_or(cases.len()),
            partial: self.planned.is_some(),
            stopped_early: self.stopped_early,
            cases: kept(cases),
            measurements: kept(self.measurements()),
            fingerprints: kept(self.fingerprints.clone()),
            baseline: self.baseline.clone().map(|baseline| kept(baseline)),
            times: match &self.times {
                Some(times) => Times::Known(kept(times.clone())),
                None => Times::Unknown("the baseline's times were measured on another host"),
            },
            problems: kept(self.problems.clone()),
        }
    }

    pub fn decide(&self) -> GateOutput {
        self.decide_with(options())
    }

    pub fn decide_with(&self, options: GateOptions) -> GateOutput {
        decide(&[self.input()], options).remove(0)
    }
}
