//! Runs and baselines for the tests of the gate, made case by case.

use holdline::baseline::{
    Accepted, AcceptedCases, AcceptedMetric, AcceptedRun, Baseline, Fingerprints, Latencies,
};
use holdline::expand::CaseId;
use holdline::gate::{GateInput, GateOptions, GateOutput, Problem, Times, Whys, decide};
use holdline::judge::{Numbers, Outcome};
use holdline::metric::{AnswerFacts, CaseFacts, Direction, Gating, Measurement, Slice, Table, Unit, find};
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
    accepted: BTreeMap<CaseId, Kept>,
    measured: BTreeMap<String, f64>,
    planned: Option<usize>,
    pub stopped_early: bool,
    /// Milliseconds accepted with the baseline on an equal host; `None` where it was another.
    pub times: Option<BTreeMap<CaseId, f64>>,
}

/// What was accepted for a case: its runs and the label expected.
struct Kept {
    runs: Vec<KeptRun>,
    expected: Option<String>,
}

struct KeptRun {
    outcome: Accepted,
    label: Option<String>,
    number: Option<f64>,
}

impl KeptRun {
    fn of(outcome: Outcome) -> Self {
        Self { outcome: Accepted::from(outcome), label: None, number: None }
    }
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

impl Kept {
    fn accepted(&self) -> impl Iterator<Item = AcceptedRun<'_>> {
        self.runs.iter().map(|run| AcceptedRun {
            outcome: run.outcome,
            label: run.label.as_deref(),
            number: run.number,
        })
    }
}

impl Case {
    /// An answer to it that came to this.
    fn answer(&self, outcome: Outcome) -> AnswerFacts<'_> {
        AnswerFacts {
            outcome,
            label: self.label.as_deref(),
            number: self.numbers.and_then(|numbers| numbers.answered),
            turns: 1,
            latencies_ms: self.latency_ms.as_slice(),
            ..AnswerFacts::NOT_ASKED
        }
    }
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
            cases: AcceptedCases::default(),
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
            accepted: BTreeMap::new(),
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
        self.accepted.insert(id, Kept { runs: vec![KeptRun::of(before)], expected: None });
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
        if let Some(accepted) = self.accepted.get_mut(&case.id) {
            accepted.runs = before.iter().copied().map(KeptRun::of).collect();
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
            if let Some(accepted) = self.accepted.get_mut(&case.id) {
                accepted.runs[0].label = Some(before.into());
                accepted.expected = Some(truth.into());
            }
        }
    }

    /// Gives the case added last its numbers: expected, answered before, answered now.
    pub fn numbered(&mut self, expected: f64, before: Option<f64>, now: Option<f64>) {
        if let Some(case) = self.cases.last_mut() {
            case.numbers = Some(Numbers { expected, answered: now });
            if let Some(accepted) = self.accepted.get_mut(&case.id) {
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
                .insert(key.into(), AcceptedMetric { value: Some(value), n: self.accepted.len() });
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

    /// The cases of the baseline.
    fn accepted_cases(&self) -> AcceptedCases {
        let kept = self.accepted.iter();
        kept.map(|(id, kept)| (*id, kept.accepted(), kept.expected.as_deref())).collect()
    }

    /// The cases with their answers.
    fn table(&self) -> Table {
        let mut table = Table::default();
        for (at, (case, tags)) in self.cases.iter().zip(&self.tags).enumerate() {
            let facts = CaseFacts {
                id: case.id,
                family: case.family,
                scenario: case.scenario,
                variant: None,
                knobs: None,
                tags,
                must_pass: case.must_pass,
                quarantined: case.quarantined,
                truth: case.truth.as_deref(),
                expected: case.numbers.map(|numbers| numbers.expected),
                measured: holdline::metric::Measured::default(),
                most_turns: None,
            };
            let repeats = if case.repeats.is_empty() { &[case.outcome][..] } else { &case.repeats };
            table.push(&facts, u32::try_from(repeats.len()).unwrap());
            for (repeat, outcome) in (0..).zip(repeats) {
                table.set(at, repeat, &case.answer(*outcome));
            }
            for outcome in &case.confirmations {
                table.confirm(at, usize::MAX, &case.answer(*outcome));
            }
        }
        table
    }

    /// The input, with everything it points to kept for the rest of the process.
    pub fn input(&self) -> GateInput<'static> {
        fn kept<T>(value: T) -> &'static T {
            Box::leak(Box::new(value))
        }
        let table = self.table();
        let whys: Vec<String> = self.cases.iter().map(|case| case.why.clone()).collect();
        GateInput {
            suite: "support",
            kind: self.kind,
            spec: kept(self.spec.clone()),
            labels: kept(self.labels.clone()),
            scenarios: kept(self.scenarios.clone()),
            planned: self.planned.unwrap_or(self.cases.len()),
            partial: self.planned.is_some(),
            stopped_early: self.stopped_early,
            only_reports: false,
            table: kept(table),
            whys: Whys(kept(move |case: usize| whys[case].clone())),
            measurements: kept(self.measurements()),
            fingerprints: kept(self.fingerprints.clone()),
            baseline: self.baseline.clone().map(|baseline| {
                let baseline: &Baseline = kept(Baseline { cases: self.accepted_cases(), ..baseline });
                baseline
            }),
            times: match &self.times {
                Some(times) => {
                    Times::Known(kept(times.iter().map(|(id, ms)| (*id, *ms)).collect::<Latencies>()))
                }
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
