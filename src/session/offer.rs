//! Offers what a run came to as the next baseline.

use super::assemble::{GateParts, SuiteRun};
use super::options::{Options, SessionError};
use crate::baseline::{
    Answers, BaselineError, KeptAnswer, NewCase, NewRun, Offer, Offered, Signature, Store, Timings,
    UpdateMode, next,
};
use crate::gate::{Decision, GateOutput};
use crate::suite::Params;

/// What came of the offer, for the record.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether something waits for review.
    pub pending: bool,
    /// What people are told of it.
    pub note: Option<String>,
}

/// Offers a suite's run, by the rules of the update mode.
pub fn offer(
    options: &Options,
    store: &Store,
    id: &str,
    run: &SuiteRun,
    parts: &GateParts<'_>,
    output: &GateOutput,
    whys: &[String],
) -> Result<Outcome, SessionError> {
    let suite = &run.plan.suite;
    if let Some(note) = of_a_variant(options, &suite.params) {
        return Ok(Outcome { pending: false, note: Some(note) });
    }
    let cases: Vec<NewCase> = parts
        .cases
        .iter()
        .map(|case| NewCase {
            id: case.id,
            outcome: case.outcome,
            label: case.runs.last().and_then(|run| run.label),
            expected: case.truth,
            number: case.runs.last().and_then(|run| run.number),
        })
        .collect();
    let new = NewRun {
        suite: &suite.name,
        run: id,
        fingerprints: &parts.fingerprints,
        measurements: parts.measurements,
        cases: &cases,
    };
    let next = next(parts.baseline, &new, output.decision == Decision::Regressed);
    let latencies = run
        .graded
        .iter()
        .filter_map(|graded| graded.transcript.latency_ms().map(|latency| (graded.transcript.case, latency)));
    let offer = Offer {
        source: &suite.path,
        next: &next,
        answers: &answers(run, id, whys),
        timings: &Timings::here(&suite.name, id, latencies),
        unacceptable: output.unacceptable.as_deref(),
    };
    let signature = Signature::now(options.reason.as_deref().unwrap_or_default(), &options.root);
    let offered = match store.offer(&offer, options.update, &signature) {
        // What was asked and judged is not lost over a folder that cannot be written. Who wants the
        // run accepted at once has to know, though.
        Err(error @ BaselineError::Write { .. }) if options.update != UpdateMode::Always => {
            let note = format!("no new baseline is offered: {}", crate::exit::chain(&error));
            return Ok(Outcome { pending: false, note: Some(note) });
        }
        offered => offered?,
    };
    Ok(match offered {
        Offered::NotWritten | Offered::Unchanged => Outcome::default(),
        // What is told as a problem already is not told twice.
        Offered::Refused(why) if output.problems.iter().any(|problem| problem.message == why) => {
            Outcome::default()
        }
        Offered::Refused(why) => {
            Outcome { pending: false, note: Some(format!("no new baseline is offered: {why}")) }
        }
        Offered::Pending(_) => Outcome { pending: true, note: None },
        Offered::Accepted(path) => {
            Outcome { pending: false, note: Some(format!("accepted as {}", path.display())) }
        }
    })
}

/// Why a run with other parameters than the suite's own is not offered, unless somebody asked for that.
fn of_a_variant(options: &Options, params: &Params) -> Option<String> {
    let by_itself =
        options.update == UpdateMode::Auto && options.update.resolve(options.ci) != UpdateMode::No;
    let told = super::params::told(params).filter(|_| by_itself)?;
    Some(format!("not offered as a baseline, since {told} is set for this run; `--update new` offers it"))
}

/// The answers, kept beside the baseline for review.
fn answers(run: &SuiteRun, id: &str, whys: &[String]) -> Answers {
    let suite = &run.plan.suite;
    let cases = run.plan.selected().zip(&run.graded).zip(whys).map(|((case, graded), why)| {
        let last = graded.transcript.last();
        let kept = KeptAnswer {
            name: format!("{}::{}", suite.scenarios[case.scenario].id, case.name),
            input: case.input.clone(),
            output: last.map(|answer| answer.output.clone()),
            label: last.and_then(|answer| answer.label.clone()),
            outcome: graded.outcome,
            reason: why.clone(),
        };
        (case.id, kept)
    });
    Answers { suite: suite.name.clone(), run: id.to_owned(), cases: cases.collect(), left_out: 0 }
}
