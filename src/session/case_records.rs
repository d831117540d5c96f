//! The records of a suite's cases, made one by one from what stands on the disk.

use super::assemble::SuiteRun;
use super::options::SessionError;
use super::quarantine::Quarantine;
use crate::expand::CaseId;
use crate::gate::{Flip, Standing};
use crate::judge::Outcome;
use crate::report::CaseRecord;
use crate::run::{ExecuteError, Graded, Journal};
use std::cell::RefCell;

/// Hands the record of every selected case to `each`, in the order of the plan. `decided` says of a case, by
/// its place, how it moved and stands; `accepted_answer` what was accepted for one that moved.
pub fn case_records(
    run: &SuiteRun,
    journal: &Journal,
    quarantine: &Quarantine,
    decided: impl Fn(usize) -> (Option<Flip>, Standing),
    accepted_answer: impl Fn(CaseId) -> Option<String>,
    each: &mut dyn FnMut(CaseRecord) -> Result<(), SessionError>,
) -> Result<(), SessionError> {
    let mut cases = run.plan.cases.reader();
    let mut answers = run.answered.reader(journal);
    for (at, &index) in run.plan.selected.iter().enumerate() {
        let case = cases.get(index as usize).map_err(ExecuteError::Cases)?;
        let (flip, mut standing) = decided(at);
        quarantine.tell_of(case.id, &mut standing);
        let repeats = if run.answered.table.repeats(at) > 1 { answers.all(at)? } else { Vec::new() };
        let graded = match repeats.get(run.answered.table.representative(at)) {
            Some(graded) => graded.clone(),
            None => answers.representative(at)?,
        };
        each(CaseRecord {
            id: case.id,
            family: case.family,
            scenario: case.scenario,
            name: case.name,
            input: case.input,
            truth: case.truth,
            tags: case.tags,
            must_pass: case.must_pass,
            provenance: case.provenance,
            accepted_answer: flip.and_then(|_| accepted_answer(case.id)),
            graded,
            repeats,
            confirmations: answers.confirmations(at)?,
            flip,
            standing,
        })?;
    }
    Ok(())
}

/// Tells why a case came to what it did, in a line, by its place; nothing of one that passes.
pub fn whys<'r>(run: &'r SuiteRun, journal: &'r Journal) -> impl Fn(usize) -> String + use<'r> {
    let answers = RefCell::new(run.answered.reader(journal));
    move |at| match run.answered.table.outcome(at) {
        Outcome::Pass => String::new(),
        _ => match answers.borrow_mut().representative(at) {
            Ok(graded) => why(&graded),
            // What cannot be read back now ends the run where its record is made.
            Err(error) => error.to_string(),
        },
    }
}

/// The target's error, or the first reason that is not a pass.
pub fn why(graded: &Graded) -> String {
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
