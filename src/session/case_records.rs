//! The records of a suite's cases, made one by one from what stands on the disk.

use super::assemble::SuiteRun;
use super::options::SessionError;
use super::quarantine::Quarantine;
use crate::expand::{Case, CaseId};
use crate::gate::{Flip, Standing};
use crate::judge::Outcome;
use crate::metric::Table;
use crate::report::json::CasesOut;
use crate::report::{CaseHead, CaseRecord, CaseTail, Held, is_notable};
use crate::run::{AnswerReader, ExecuteError, Graded, Journal, JournalError, ReadBack};
use std::cell::RefCell;

/// Writes the record of every selected case, in the order of the plan, and holds those that reports need.
/// `decided` says of a case, by its place, how it moved and stands; `accepted_answer` what was accepted for
/// one that moved.
pub fn case_records(
    run: &SuiteRun,
    journal: &Journal,
    quarantine: &Quarantine,
    decided: impl Fn(usize) -> (Option<Flip>, Standing),
    accepted_answer: impl Fn(CaseId) -> Option<String>,
    (held, out): (&mut Held, &mut CasesOut<'_>),
) -> Result<(), SessionError> {
    let mut cases = run.plan.cases.reader();
    let mut answers = run.answered.reader(journal);
    let (plan, table) = (&run.plan.cases, &run.answered.table);
    for (at, &index) in run.plan.selected.iter().enumerate() {
        let index = index as usize;
        let id = plan.id(index);
        let (flip, mut standing) = decided(at);
        quarantine.tell_of(id, &mut standing);
        let accepted_answer = flip.and_then(|_| accepted_answer(id));
        let outcome = table.outcome(at);
        let notable = is_notable(table.outcomes(at), outcome, flip, &standing);
        if held.wants(notable) {
            let case = cases.get(index).map_err(ExecuteError::Cases)?;
            let answered = came(table, at, &mut answers)?;
            let record = CaseRecord { flip, accepted_answer, ..record(case, answered, standing) };
            out.case(&record)?;
            held.take(record);
        } else {
            // Nobody looks into it: what it says is copied.
            let begin = CaseHead { id, family: plan.family(index), scenario: plan.scenario(index) };
            let Came { graded, repeats, confirmations } = came(table, at, &mut answers)?;
            let tail = CaseTail { graded, repeats, confirmations, flip, standing, accepted_answer };
            out.copied(begin, cases.said(index).map_err(ExecuteError::Cases)?, &tail)?;
            held.leave_out(outcome, notable);
        }
    }
    Ok(())
}

/// The records of cases that were asked beside the runs, in the order of the plan: they gate nothing, and are
/// compared with nothing.
pub fn records_aside(run: &SuiteRun, journal: &Journal) -> Result<Vec<CaseRecord>, SessionError> {
    let mut cases = run.plan.cases.reader();
    let mut answers = run.answered.reader(journal);
    let table = &run.answered.table;
    let of = |(at, index): (usize, &u32)| -> Result<CaseRecord, SessionError> {
        let case = cases.get(*index as usize).map_err(ExecuteError::Cases)?;
        let answered = came(table, at, &mut answers)?;
        let standing = match table.outcome(at) {
            Outcome::Pass | Outcome::NotApplicable => Standing::Passes,
            Outcome::Skipped => Standing::Skipped("it was not asked".to_owned()),
            _ => Standing::Tolerated("asked beside the suite: it gates nothing".to_owned()),
        };
        Ok(record(case, answered, standing))
    };
    run.plan.selected.iter().enumerate().map(of).collect()
}

/// The record of a case, compared with nothing.
fn record(case: Case, answered: Came<Graded>, standing: Standing) -> CaseRecord {
    let Came { graded, repeats, confirmations } = answered;
    CaseRecord {
        id: case.id,
        family: case.family,
        scenario: case.scenario,
        name: case.name,
        input: case.input,
        truth: case.truth,
        tags: case.tags,
        must_pass: case.must_pass,
        provenance: case.provenance,
        graded,
        repeats,
        confirmations,
        flip: None,
        standing,
        accepted_answer: None,
    }
}

/// What came of a case.
struct Came<G> {
    graded: G,
    repeats: Vec<G>,
    confirmations: Vec<G>,
}

fn came<G: ReadBack>(
    table: &Table,
    at: usize,
    answers: &mut AnswerReader<'_>,
) -> Result<Came<G>, JournalError> {
    let repeats: Vec<G> = if table.repeats(at) > 1 { answers.all(at)? } else { Vec::new() };
    let graded = match repeats.get(table.representative(at)) {
        Some(graded) => graded.clone(),
        None => answers.representative(at)?,
    };
    Ok(Came { graded, repeats, confirmations: answers.confirmations(at)? })
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
