//! What the cases of a suite came to in several runs with nothing changed between them.

use crate::baseline::{Accepted, AcceptedMetric, AcceptedRun, Baseline};
use crate::expand::{Case, CaseId, FamilyId, Promise};
use crate::judge::Numbers;
use crate::report::SuiteRecord;
use crate::run::{Graded, Plan, Transcript};
use crate::suite::Row;
use crate::suite::schema::{GateSpec, Kind, MustPass};
use std::collections::{BTreeMap, HashMap, HashSet};

/// Where the runs come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The accepted runs that the baseline keeps.
    Baseline,
    /// The repeats of the newest run.
    Repeats,
    /// So many runs that were made now, with those of the baseline where there are any.
    Asked(usize),
}

/// A suite with what its cases came to in several runs.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Name of the suite.
    pub suite: String,
    /// Whether it can block.
    pub kind: Kind,
    /// What it is held to.
    pub spec: GateSpec,
    /// The declared labels.
    pub labels: Vec<String>,
    /// Ids and names of the scenarios.
    pub scenarios: Vec<(String, String)>,
    /// The suite's seed.
    pub seed: u64,
    /// Where the runs come from.
    pub source: Source,
    /// Runs of every case.
    pub runs: usize,
    /// Cases with fewer runs, which are left out.
    pub left_out: usize,
    /// Cases in quarantine, which are left out too.
    pub quarantined: usize,
    /// The others, in the order of the plan.
    pub cases: Vec<StoredCase>,
    /// The values accepted for metrics.
    pub metrics: BTreeMap<String, AcceptedMetric>,
}

/// A case with what it came to in each run.
#[derive(Debug, Clone)]
pub struct StoredCase {
    /// Identity.
    pub id: CaseId,
    /// Identity of its seed.
    pub family: FamilyId,
    /// Index of its scenario.
    pub scenario: usize,
    /// Readable name.
    pub name: String,
    /// The family of operators that made it, and what they promise; `None` for a seed.
    pub variant: Option<(String, Promise)>,
    /// The values of its template's knobs; empty without one.
    pub knobs: Row,
    /// Its tags.
    pub tags: Vec<String>,
    /// Whether its failures fail the build.
    pub must_pass: MustPass,
    /// The one label expected.
    pub truth: Option<String>,
    /// The one number expected.
    pub number: Option<f64>,
    /// What it came to, oldest first.
    pub runs: Vec<StoredRun>,
}

/// What a case came to in one run.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredRun {
    /// The outcome.
    pub outcome: Accepted,
    /// The label answered.
    pub label: Option<String>,
    /// The number answered, where one number is expected.
    pub number: Option<f64>,
}

impl From<AcceptedRun<'_>> for StoredRun {
    fn from(run: AcceptedRun<'_>) -> Self {
        Self { outcome: run.outcome, label: run.label.map(str::to_owned), number: run.number }
    }
}

impl Stored {
    /// From the accepted runs that a baseline keeps, without the cases that are `out` of the gate; `None` where no two of them can be set side by side.
    pub fn of_baseline(
        (plan, cases): (&Plan, &[Case]),
        out: &HashSet<CaseId>,
        baseline: &Baseline,
    ) -> Option<Self> {
        Self::of((plan, cases, out), Some(baseline), Source::Baseline, |id| kept(baseline, id))
    }

    /// From the repeats of a run.
    pub fn of_repeats(
        (plan, cases): (&Plan, &[Case]),
        out: &HashSet<CaseId>,
        record: &SuiteRecord,
        baseline: Option<&Baseline>,
    ) -> Option<Self> {
        let answers = answers(cases, std::slice::from_ref(record));
        Self::of((plan, cases, out), baseline, Source::Repeats, |id| {
            answers.get(&id).cloned().unwrap_or_default()
        })
    }

    /// From runs that were made with nothing changed, behind those that the baseline keeps.
    pub fn of_asked(
        (plan, cases): (&Plan, &[Case]),
        out: &HashSet<CaseId>,
        records: &[SuiteRecord],
        baseline: Option<&Baseline>,
    ) -> Option<Self> {
        let mut answers = answers(cases, records);
        let runs = |id: CaseId| {
            let mut runs = baseline.map(|baseline| kept(baseline, id)).unwrap_or_default();
            runs.extend(answers.remove(&id).unwrap_or_default());
            runs
        };
        Self::of((plan, cases, out), baseline, Source::Asked(records.len()), runs)
    }

    fn of(
        (plan, cases, out): (&Plan, &[Case], &HashSet<CaseId>),
        baseline: Option<&Baseline>,
        source: Source,
        mut runs: impl FnMut(CaseId) -> Vec<StoredRun>,
    ) -> Option<Self> {
        let planned = || cases.iter().filter(|case| !out.contains(&case.id));
        let all: Vec<Vec<StoredRun>> = planned().map(|case| runs(case.id)).collect();
        let mut counts: Vec<usize> = all.iter().map(Vec::len).collect();
        counts.sort_unstable();
        // As many as at least half of the cases have.
        let runs = counts.get((counts.len().max(1) - 1) / 2).copied().filter(|runs| *runs >= 2)?;
        let suite = &plan.suite;
        let stored: Vec<StoredCase> = planned()
            .zip(all)
            .filter(|(_, own)| own.len() >= runs)
            .map(|(case, own)| StoredCase {
                id: case.id,
                family: case.family,
                scenario: case.scenario,
                name: case.name.clone(),
                variant: case
                    .provenance
                    .lineage
                    .as_deref()
                    .map(|lineage| (lineage.family.clone(), lineage.promise)),
                knobs: case.knobs.clone(),
                tags: case.tags.clone(),
                must_pass: case.must_pass,
                truth: case.truth.clone(),
                number: Numbers::of(&case.expect, &unanswered(case.id)).map(|numbers| numbers.expected),
                runs: own[own.len() - runs..].to_vec(),
            })
            .collect();
        Some(Self {
            suite: suite.name.clone(),
            kind: suite.spec.kind,
            spec: suite.spec.gate.clone(),
            labels: suite.spec.labels.clone(),
            scenarios: suite
                .scenarios
                .iter()
                .map(|scenario| (scenario.id.clone(), scenario.spec.name.clone()))
                .collect(),
            seed: suite.spec.seed,
            source,
            runs,
            left_out: plan.cases.len() - out.len() - stored.len(),
            quarantined: out.len(),
            cases: stored,
            metrics: baseline.map(|baseline| baseline.metrics.clone()).unwrap_or_default(),
        })
    }

    /// Seeds among its cases.
    pub fn families(&self) -> usize {
        self.cases.iter().map(|case| case.family).collect::<std::collections::BTreeSet<_>>().len()
    }
}

/// What a baseline keeps of a case.
fn kept(baseline: &Baseline, id: CaseId) -> Vec<StoredRun> {
    baseline.cases.get(id).map(|case| case.runs().map(StoredRun::from).collect()).unwrap_or_default()
}

/// What each case came to in every answer of some records, oldest first.
fn answers(cases: &[Case], records: &[SuiteRecord]) -> HashMap<CaseId, Vec<StoredRun>> {
    let expects: HashMap<CaseId, _> = cases.iter().map(|case| (case.id, &case.expect)).collect();
    let mut answers: HashMap<CaseId, Vec<StoredRun>> = HashMap::new();
    for case in records.iter().flat_map(|record| &record.cases) {
        let run = |graded: &Graded| StoredRun {
            outcome: graded.outcome.into(),
            label: graded.transcript.last().and_then(|answer| answer.label.clone()),
            number: expects
                .get(&case.id)
                .and_then(|expect| Numbers::of(expect, &graded.transcript)?.answered),
        };
        answers.entry(case.id).or_default().extend(case.answers().iter().map(run));
    }
    answers
}

fn unanswered(case: CaseId) -> Transcript {
    Transcript { case, repeat: 0, turns: Vec::new(), error: None, cost: None }
}
