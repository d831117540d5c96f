//! From what was run to what is recorded: measures, finds what has to be asked again, decides over all suites
//! at once, and offers what could be accepted.

use super::assemble::{GateParts, Measured, SuiteRun};
use super::fingerprints;
use super::offer;
use super::options::{Options, SessionError};
use super::quarantine::Quarantine;
use super::suite_run::Done;
use super::times::AcceptedTimes;
use crate::baseline::{Answers, Baseline, Store};
use crate::expand::CaseId;
use crate::gate::{GateInput, GateOptions, GateOutput, Whys, decide, needs_runs};
use crate::report::SuiteRecord;
use std::collections::HashSet;

/// What all suites of a run are assessed with.
pub struct Assessment<'a> {
    /// What was asked for.
    pub options: &'a Options,
    /// False alarms allowed a build.
    pub alpha: f64,
    /// The baselines.
    pub store: &'a Store,
    /// What was accepted for each suite.
    pub baselines: &'a [Option<Baseline>],
    /// Id of the run.
    pub id: &'a str,
}

/// What the runs of all suites come to before anything is decided.
pub struct Ready {
    /// Why each case came to what it did, by suite.
    whys: Vec<Box<dyn Fn(usize) -> String>>,
    quarantines: Vec<Quarantine>,
    measured: Vec<Measured>,
    times: Vec<AcceptedTimes>,
}

impl Assessment<'_> {
    /// Measures the runs.
    pub fn prepare(&self, runs: &[Done]) -> Result<Ready, SessionError> {
        let quarantines: Vec<Quarantine> =
            runs.iter().map(|done| Quarantine::of(&done.run.plan, self.options.today)).collect();
        let measured = runs
            .iter()
            .zip(self.baselines)
            .zip(&quarantines)
            .map(|((done, baseline), quarantine)| done.run.measure(baseline.as_ref(), quarantine))
            .collect();
        Ok(Ready {
            whys: runs.iter().map(|done| why_of(done.run.whys())).collect(),
            quarantines,
            measured,
            times: self
                .baselines
                .iter()
                .map(|baseline| AcceptedTimes::of(self.store, baseline.as_ref()))
                .collect::<Result<_, _>>()?,
        })
    }

    /// The places of the scenarios of each suite that are flagged and have to be asked again.
    pub fn flagged(&self, runs: &[Done], ready: &Ready) -> Vec<Vec<usize>> {
        let parts = self.parts(runs, ready);
        needs_runs(&inputs(runs, &parts), self.gate_options())
    }

    /// Decides, offers what could be accepted, and makes the records.
    pub fn records(&self, runs: Vec<Done>, ready: Ready) -> Result<Vec<SuiteRecord>, SessionError> {
        let parts = self.parts(&runs, &ready);
        let outputs = decide(&inputs(&runs, &parts), self.gate_options());
        let mut offers = Vec::with_capacity(runs.len());
        for ((done, parts), output) in runs.iter().zip(&parts).zip(&outputs) {
            let offered = offer::offer(self.options, self.store, self.id, &done.run, parts, output)?;
            offers.push(offered);
        }
        drop(parts);
        let Ready { measured, quarantines, .. } = ready;
        let mut records = Vec::with_capacity(runs.len());
        for (((((done, measured), output), baseline), offered), quarantine) in
            runs.into_iter().zip(measured).zip(outputs).zip(self.baselines).zip(offers).zip(quarantines)
        {
            let moved = moved(&done.run, &output);
            let accepted = self.accepted_answers(baseline.as_ref(), &moved)?;
            let mut record = done.run.record(measured, output, baseline.as_ref(), |case| {
                accepted.as_ref().and_then(|answers| answers.cases.get(&case.id)?.output.clone())
            });
            quarantine.tell(&mut record);
            record.pending = offered.pending;
            record.notes.extend(offered.note);
            records.push(record);
        }
        Ok(records)
    }

    /// The answers accepted with a baseline, to the cases that moved.
    fn accepted_answers(
        &self,
        baseline: Option<&Baseline>,
        moved: &HashSet<CaseId>,
    ) -> Result<Option<Answers>, SessionError> {
        let Some(baseline) = baseline.filter(|_| !moved.is_empty()) else { return Ok(None) };
        let found = self.store.answers_to(&baseline.suite, &baseline.run, |id| moved.contains(&id))?;
        Ok(found.found())
    }

    const fn gate_options(&self) -> GateOptions {
        GateOptions { alpha: self.alpha, ci: self.options.ci }
    }

    fn parts<'r>(&'r self, runs: &'r [Done], ready: &'r Ready) -> Vec<GateParts<'r>> {
        let by_suite = runs
            .iter()
            .zip(&ready.quarantines)
            .zip(&ready.whys)
            .zip(&ready.measured)
            .zip(self.baselines)
            .zip(&ready.times);
        by_suite
            .map(|(((((done, quarantine), whys), measured), baseline), times)| GateParts {
                scenarios: done.run.scenario_names(),
                table: done.run.table(quarantine),
                whys: Whys(whys),
                measurements: &measured.measurements,
                fingerprints: fingerprints(&done.run.plan.suite),
                baseline: baseline.as_ref(),
                times: times.as_times(),
            })
            .collect()
    }
}

/// Why each case came to what it did, by its place.
fn why_of(whys: Vec<String>) -> Box<dyn Fn(usize) -> String> {
    Box::new(move |case| whys[case].clone())
}

/// The cases of a run that moved.
fn moved(run: &SuiteRun, output: &GateOutput) -> HashSet<CaseId> {
    let cases = run.plan.selected().enumerate().filter(|(place, _)| output.cases.flip(*place).is_some());
    cases.map(|(_, case)| case.id).collect()
}

fn inputs<'r>(runs: &'r [Done], parts: &'r [GateParts<'r>]) -> Vec<GateInput<'r>> {
    runs.iter().zip(parts).map(|(done, parts)| done.run.gate_input(parts)).collect()
}
