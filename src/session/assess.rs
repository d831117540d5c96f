//! From what was run to what is recorded: measures, finds what has to be asked again, decides over all suites
//! at once, and offers what could be accepted.

use super::assemble::{GateParts, SuiteRun};
use super::case_records::{case_records, whys};
use super::coding::Codings;
use super::fingerprints;
use super::offer;
use super::options::{Options, SessionError};
use super::quarantine::Quarantine;
use super::rejudge;
use super::suite_run::Done;
use super::times::AcceptedTimes;
use crate::baseline::{Baseline, Store};
use crate::distil::failure::complaints;
use crate::expand::CaseId;
use crate::gate::{GateInput, GateOptions, Standings, Whys, decide, needs_runs};
use crate::metric::Measures;
use crate::report::coding::CodingRecord;
use crate::report::json::CasesOut;
use crate::report::{Held, SuiteRecord};
use crate::run::Journal;
use std::cell::RefCell;
use std::collections::{HashMap, HashSet};

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
    /// Where the answers stand.
    pub journal: &'a Journal,
    /// The categories that failures were sorted into.
    pub codings: &'a Codings,
}

/// What was decided of the cases of a suite.
pub struct Decided {
    cases: Standings,
    quarantine: Quarantine,
    /// The answers accepted for cases that moved.
    accepted: HashMap<CaseId, String>,
}

/// What the runs of all suites come to before anything is decided.
pub struct Ready {
    quarantines: Vec<Quarantine>,
    measured: Vec<Measures>,
    times: Vec<AcceptedTimes>,
}

impl Assessment<'_> {
    /// Measures the runs.
    pub fn prepare(&self, runs: &mut [Done]) -> Result<Ready, SessionError> {
        let quarantines: Vec<Quarantine> =
            runs.iter().map(|done| Quarantine::of(&done.run.plan, self.options.today)).collect();
        for (done, quarantine) in runs.iter_mut().zip(&quarantines) {
            done.run.mark(quarantine);
        }
        let measured = runs
            .iter()
            .zip(self.baselines)
            .map(|(done, baseline)| done.run.measure(baseline.as_ref()))
            .collect();
        Ok(Ready {
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
        let whys = self.whys(runs);
        let parts = self.parts(runs, ready, &whys);
        needs_runs(&inputs(runs, &parts), self.gate_options())
    }

    /// Decides, offers what could be accepted, and makes the records without their cases.
    pub fn decided(&self, runs: &[Done], ready: Ready) -> Result<Vec<(Decided, SuiteRecord)>, SessionError> {
        let whys = self.whys(runs);
        let parts = self.parts(runs, &ready, &whys);
        let outputs = decide(&inputs(runs, &parts), self.gate_options());
        let mut offers = Vec::with_capacity(runs.len());
        for ((done, parts), output) in runs.iter().zip(&parts).zip(&outputs) {
            let run = (&done.run, self.journal);
            offers.push(offer::offer(self.options, self.store, self.id, run, parts, output)?);
        }
        drop(parts);
        let Ready { measured, quarantines, .. } = ready;
        let mut decided = Vec::with_capacity(runs.len());
        for (((((done, measured), mut output), baseline), offered), quarantine) in
            runs.iter().zip(measured).zip(outputs).zip(self.baselines).zip(offers).zip(quarantines)
        {
            let cases = std::mem::take(&mut output.cases);
            let mut record = done.run.record(measured, output, baseline.as_ref());
            quarantine.tell(&mut record);
            record.coding = self.coding(&done.run, baseline.as_ref());
            record.pending = offered.pending;
            record.notes.extend(offered.note);
            if let Some(of) = offered.rejudged {
                rejudge::settle(&mut record, of);
            }
            let table = &done.run.answered.table;
            let moved = (0..table.len()).filter(|at| cases.flip(*at).is_some());
            let moved: HashSet<CaseId> = moved.map(|at| table.id(at)).collect();
            let accepted = self.accepted_answers(baseline.as_ref(), &moved)?;
            decided.push((Decided { cases, quarantine, accepted }, record));
        }
        Ok(decided)
    }

    /// Which categories the failures of a suite belong to. Values that are measured otherwise compare nothing.
    fn coding(&self, run: &SuiteRun, baseline: Option<&Baseline>) -> Option<CodingRecord> {
        let now = fingerprints(&run.plan.suite);
        let comparable =
            baseline.filter(|of| of.fingerprints.measure_as(&now) && self.options.shard.is_none());
        let answers = RefCell::new(run.answered.reader(self.journal));
        // What cannot be read back now ends the run where its record is made.
        let complained =
            |at| answers.borrow_mut().representative(at).map_or_else(|_| Vec::new(), |of| complaints(&of));
        self.codings.record(run, comparable, self.alpha, &complained)
    }

    /// Writes the record of every case of a suite, and holds those that reports need.
    pub fn cases(
        &self,
        run: &SuiteRun,
        decided: &Decided,
        into: (&mut Held, &mut CasesOut<'_>),
    ) -> Result<(), SessionError> {
        case_records(
            run,
            self.journal,
            &decided.quarantine,
            |at| decided.cases.get(at),
            |case| decided.accepted.get(&case).cloned(),
            into,
        )
    }

    /// The answers accepted with a baseline for cases that moved.
    fn accepted_answers(
        &self,
        baseline: Option<&Baseline>,
        moved: &HashSet<CaseId>,
    ) -> Result<HashMap<CaseId, String>, SessionError> {
        let Some(baseline) = baseline.filter(|_| !moved.is_empty()) else { return Ok(HashMap::new()) };
        Ok(self.store.outputs(&baseline.suite, &baseline.run, |id| moved.contains(&id))?)
    }

    /// What tells why cases came to what they did, by suite.
    fn whys<'r>(&'r self, runs: &'r [Done]) -> Vec<Box<dyn Fn(usize) -> String + 'r>> {
        let of =
            |done: &'r Done| Box::new(whys(&done.run, self.journal)) as Box<dyn Fn(usize) -> String + 'r>;
        runs.iter().map(of).collect()
    }

    const fn gate_options(&self) -> GateOptions {
        GateOptions { alpha: self.alpha, ci: self.options.ci }
    }

    fn parts<'r>(
        &'r self,
        runs: &'r [Done],
        ready: &'r Ready,
        whys: &'r [Box<dyn Fn(usize) -> String + 'r>],
    ) -> Vec<GateParts<'r>> {
        let by_suite = runs.iter().zip(whys).zip(&ready.measured).zip(self.baselines).zip(&ready.times);
        by_suite
            .map(|((((done, whys), measured), baseline), times)| GateParts {
                scenarios: done.run.scenario_names(),
                whys: Whys(whys),
                measurements: &measured.measurements,
                fingerprints: fingerprints(&done.run.plan.suite),
                baseline: baseline.as_ref(),
                times: times.as_times(),
            })
            .collect()
    }
}

fn inputs<'r>(runs: &'r [Done], parts: &'r [GateParts<'r>]) -> Vec<GateInput<'r>> {
    runs.iter().zip(parts).map(|(done, parts)| done.run.gate_input(parts)).collect()
}
