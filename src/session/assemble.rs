//! From what was run to what is recorded: values for the metrics, cases for the gate, and the record of a
//! suite without its cases, which [`super::case_records`] makes one by one.

use super::coverage::knob_coverage;
use super::quarantine::Quarantine;
use crate::baseline::{Accepted, AcceptedCase, Baseline, Fingerprints};
use crate::expand::CaseId;
use crate::gate::{Decision, GateInput, GateOutput, Problem, Times, Whys};
use crate::judge::Outcome;
use crate::judge::model::{Standing, Terms};
use crate::metric::{AcceptedRuns, MeasureInput, Measurement, Measures, measure_table};
use crate::report::{JudgeRecord, JudgedBy, LeftOut, ScenarioRecord, SuiteRecord};
use crate::run::cache::Taken;
use crate::run::{Answered, Plan};
use crate::suite::judges::JudgeDefinition;
use std::collections::BTreeMap;
use std::time::Duration;

/// What came of running one suite.
pub struct SuiteRun {
    /// What was to be asked.
    pub plan: Plan,
    /// What came of it.
    pub answered: Answered,
    /// Time spent on asking, without that for starting the application.
    pub spent: Duration,
    /// Whether enough was seen before every case was asked: those that were not are no gap.
    pub stopped_early: bool,
    /// What its judges said of their canaries, by name.
    pub canaries: BTreeMap<String, String>,
    /// How many answers came from the cache, where one was in use.
    pub cached: Option<Taken>,
    /// What kept the suite from being run whole.
    pub problems: Vec<Problem>,
    /// Things worth knowing.
    pub notes: Vec<String>,
}

impl SuiteRun {
    /// Adds what came from the cache, and what is worth knowing about it.
    pub fn note_cached(&mut self, cached: Option<(Taken, Vec<String>)>) {
        if let Some((taken, notes)) = cached {
            self.cached = Some(self.cached.unwrap_or_default() + taken);
            self.notes.extend(notes);
        }
    }

    /// Marks the cases that are out of the gate for a time.
    pub fn mark(&mut self, quarantine: &Quarantine) {
        let table = &mut self.answered.table;
        for at in 0..table.len() {
            table.set_quarantined(at, quarantine.keeps_out(table.id(at)));
        }
    }

    /// Measures the cases that were asked; those in quarantine enter no value.
    pub fn measure(&self, baseline: Option<&Baseline>) -> Measures {
        let earlier = |id| baseline.map(|baseline| earlier(baseline, id)).unwrap_or_default();
        let suite = &self.plan.suite;
        let scenario_ids: Vec<String> = suite.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        let input = MeasureInput {
            labels: &suite.spec.labels,
            scenario_ids: &scenario_ids,
            target_errors: suite.spec.gate.target_errors,
            earlier: &earlier,
        };
        let mut measures = measure_table(&input, &self.answered.table);
        let all = &mut measures.measurements;
        for coverage in self.coverage() {
            // Behind the others of its slice, in the order of the catalogue's slices.
            let behind = all.iter().rposition(|other| other.slice == coverage.slice);
            all.insert(behind.map_or(all.len(), |last| last + 1), coverage);
        }
        measures
    }

    /// How much of the combinations of the knobs of templates was asked.
    fn coverage(&self) -> Vec<Measurement> {
        let table = &self.answered.table;
        let cases = (0..table.len()).map(|at| {
            let case = table.case(at);
            (case.scenario, case.knobs, table.outcome(at) != Outcome::Skipped)
        });
        knob_coverage(&self.plan.suite, cases)
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
            table: &self.answered.table,
            whys: parts.whys,
            planned: self.plan.cases.len(),
            partial: self.plan.is_partial(),
            stopped_early: self.stopped_early,
            // What gated once may not stop to unseen: with a baseline the two are not comparable.
            only_reports: parts.baseline.is_none() && self.only_reports(),
            measurements: parts.measurements,
            fingerprints: &parts.fingerprints,
            baseline: parts.baseline,
            times: parts.times,
            problems: &self.problems,
        }
    }

    /// What the judges of the suite that are models came to.
    fn judges(&self) -> Vec<JudgeRecord> {
        let record = |judge: &JudgeDefinition| {
            let terms = Terms::of(judge).ok()?;
            let reports_only = match terms.standing {
                Standing::Gates => Vec::new(),
                Standing::Reports(why) => why,
            };
            Some(JudgeRecord {
                name: judge.name.clone(),
                fingerprint: terms.fingerprint,
                reports_only,
                canary: self.canaries.get(&judge.name).cloned(),
                counts: self.answered.judged.of(&judge.name),
            })
        };
        self.plan.suite.judges.iter().filter_map(record).collect()
    }

    /// Whether nothing in it could gate: judges that report alone, and no other verdict.
    fn only_reports(&self) -> bool {
        let table = &self.answered.table;
        let judges = self.judges();
        let is_graded = |case| table.outcome(case).is_graded();
        !judges.is_empty() && !judges.iter().any(JudgeRecord::gates) && !(0..table.len()).any(is_graded)
    }

    /// The record of the suite, without its cases.
    pub fn record(&self, measured: Measures, output: GateOutput, baseline: Option<&Baseline>) -> SuiteRecord {
        let now = super::fingerprints(&self.plan.suite);
        let same = |old: &Fingerprints| old.judges == now.judges && old.target == now.target;
        let comparable = baseline.filter(|of| !self.plan.is_partial() && same(&of.fingerprints));
        let accepted = comparable.map(accepted_values).unwrap_or_default();
        let mut notes = self.notes.clone();
        notes.extend(self.cached.and_then(Taken::note));
        notes.extend(measured.notes);
        notes.extend(output.notes);
        SuiteRecord {
            judged_by: Some(JudgedBy { judges: now.judges, target: now.target }),
            changed_params: self.plan.suite.params.changed().map(str::to_owned).collect(),
            partial: self.plan.is_partial(),
            measurements: measured.measurements,
            accepted,
            confusion: measured.confusion,
            weak: measured.weak,
            findings: output.findings,
            watched: output.watched,
            problems: output.problems,
            cached: self.cached,
            judges: self.judges(),
            notes,
            decision: output.decision,
            baseline: baseline.and_then(accepted_line),
            added: output.added,
            removed: output.removed,
            ..of_plan(&self.plan)
        }
    }
}

/// The record of a suite of which nothing but the plan is known yet.
pub fn of_plan(plan: &Plan) -> SuiteRecord {
    let suite = &plan.suite;
    SuiteRecord {
        name: suite.name.clone(),
        path: suite.path.clone(),
        feature: suite.spec.feature.clone(),
        kind: suite.spec.kind,
        fingerprint: suite.fingerprint.clone(),
        judged_by: None,
        params: suite.params.values().clone(),
        changed_params: Vec::new(),
        plan: plan.hash.clone(),
        planned: plan.cases.len(),
        partial: false,
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
        cases: Vec::new(),
        left_out: LeftOut::default(),
        measurements: Vec::new(),
        accepted: BTreeMap::new(),
        confusion: None,
        weak: Vec::new(),
        findings: Vec::new(),
        watched: Vec::new(),
        problems: Vec::new(),
        cached: None,
        judges: Vec::new(),
        notes: Vec::new(),
        coding: None,
        quarantined: Vec::new(),
        decision: Decision::Held,
        baseline: None,
        added: Vec::new(),
        removed: Vec::new(),
        pending: false,
        carried: None,
        rejudged: None,
    }
}

/// In how many accepted runs a case was graded, and in how many of them it passed.
fn earlier(baseline: &Baseline, id: CaseId) -> AcceptedRuns {
    let mut runs = AcceptedRuns::default();
    for outcome in baseline.cases.get(id).into_iter().flat_map(AcceptedCase::outcomes) {
        runs.graded += u32::from(matches!(outcome, Accepted::Pass | Accepted::Fail));
        runs.passed += u32::from(outcome == Accepted::Pass);
    }
    runs
}

/// What the gate borrows for one suite.
pub struct GateParts<'a> {
    /// Ids and names of the scenarios.
    pub scenarios: Vec<(String, String)>,
    /// Why each case came to what it did.
    pub whys: Whys<'a>,
    /// What was measured.
    pub measurements: &'a [Measurement],
    /// What the values depend on.
    pub fingerprints: Fingerprints,
    /// What was accepted before.
    pub baseline: Option<&'a Baseline>,
    /// The times accepted with it, or why there are none to compare with.
    pub times: Times<'a>,
}

/// The values of a baseline that are numbers.
pub fn accepted_values(baseline: &Baseline) -> BTreeMap<String, f64> {
    baseline.metrics.iter().filter_map(|(key, metric)| Some((key.clone(), metric.value?))).collect()
}

/// The newest acceptance in a line.
pub fn accepted_line(baseline: &Baseline) -> Option<String> {
    let last = baseline.history.last()?;
    Some(format!("accepted {} by {}: {}", last.at, last.by, last.reason))
}
