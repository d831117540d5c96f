//! Offers what a run came to as the next baseline.

use super::assemble::{GateParts, SuiteRun};
use super::case_records::why;
use super::options::{Options, SessionError};
use super::rejudge::{is_left_out, too_many};
use crate::baseline::{
    Baseline, BaselineError, KEPT_RUNS, KeptAnswer, NewRun, Offer, Offered, Signature, Store, Timings,
    UpdateMode, next, rejudged,
};
use crate::expand::CaseId;
use crate::gate::{Decision, GateOutput};
use crate::report::RejudgedRun;
use crate::run::{AnswerReader, CaseReader, Cases, ExecuteError, Journal};
use crate::suite::{Params, metric_names};
use std::cell::RefCell;

/// What came of the offer, for the record.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Whether something waits for review.
    pub pending: bool,
    /// What people are told of it.
    pub note: Option<String>,
    /// Whose answers were judged anew, where nobody was asked.
    pub rejudged: Option<RejudgedRun>,
}

/// Offers a suite's run, by the rules of the update mode.
pub fn offer(
    options: &Options,
    store: &Store,
    id: &str,
    (run, journal): (&SuiteRun, &Journal),
    parts: &GateParts<'_>,
    output: &GateOutput,
) -> Result<Outcome, SessionError> {
    let suite = &run.plan.suite;
    if let Some(note) = of_a_variant(options, &suite.params) {
        return Ok(Outcome { note: Some(note), ..Outcome::default() });
    }
    let table = &run.answered.table;
    let scores = metric_names::scored(suite.spec.gate.metrics.keys());
    let new = NewRun {
        suite: &suite.name,
        run: id,
        fingerprints: &parts.fingerprints,
        measurements: parts.measurements,
        scores: &scores,
        cases: table,
    };
    let regressed = output.decision == Decision::Regressed;
    let kept = options.kept(&suite.name).zip(parts.baseline);
    let next = match kept {
        Some((_, old)) => rejudged(old, &new),
        None => next(parts.baseline, &new, regressed),
    };
    let anew = kept.map(|(kept, old)| RejudgedRun {
        run: kept.run().to_owned(),
        changes: kept.changes(old, &next, table),
    });
    if let Some(RejudgedRun { changes: false, .. }) = anew {
        return Ok(Outcome { rejudged: anew, ..Outcome::default() });
    }
    // Answers kept by a run that was accepted would count twice among the accepted runs.
    let joins = parts
        .baseline
        .filter(|old| !regressed && kept.is_none() && next.fingerprints.measure_as(&old.fingerprints));
    let cached = run.cached.filter(|taken| joins.is_some() && taken.cached > 0);
    let doubled =
        cached.map(|_| "answers from the cache may be in the baseline already; `--fresh target` asks");
    let left_out = (0..table.len()).filter(|at| is_left_out(table, *at));
    let too_many = kept.and_then(|_| too_many(left_out.count(), table.len()));
    let latencies = (0..table.len()).filter_map(|case| {
        let times = table.answers(case).map(|answer| answer.latency_ms());
        Some((table.id(case), latency(times)?))
    });
    let timings = match kept {
        // Nothing was timed: what was accepted stays, with the host that it is of.
        Some((kept, _)) => kept.timings(id).unwrap_or_else(|| Timings::here(&suite.name, id, [])),
        None => Timings::here(&suite.name, id, latencies),
    };
    let answers = RefCell::new(Answers::of(run, journal));
    let offer = Offer {
        source: &suite.path,
        next: &next,
        answers: &|case| {
            let now = answers.borrow_mut().kept(case)?;
            Some(match kept {
                Some((kept, _)) => kept.kept_on(now, case),
                None => now,
            })
        },
        timings: &timings,
        unacceptable: output.unacceptable.as_deref().or(doubled).or(too_many.as_deref()),
        rejudged: anew.as_ref().map(|of| of.run.as_str()),
    };
    let sign = || Signature::now(options.reason.as_deref().unwrap_or_default(), &options.root);
    let offered = store.offer(&offer, options.update, sign);
    answers.into_inner().complete()?;
    let offered = match offered {
        // What was asked and judged is not lost over a folder that cannot be written. Who wants the
        // run accepted at once has to know, though.
        Err(error @ BaselineError::Write { .. })
            if options.update != UpdateMode::Always && kept.is_none() =>
        {
            let note = format!("no new baseline is offered: {}", crate::exit::chain(&error));
            return Ok(Outcome { note: Some(note), ..Outcome::default() });
        }
        offered => offered?,
    };
    let (pending, note) = match offered {
        Offered::NotWritten | Offered::Unchanged => (false, None),
        // What is told as a problem already is not told twice.
        Offered::Refused(why) if output.problems.iter().any(|problem| problem.message == why) => {
            (false, None)
        }
        Offered::Refused(why) => (false, Some(format!("no new baseline is offered: {why}"))),
        Offered::Pending(_) => (true, joins.and_then(|_| more_runs(options))),
        // Nobody has to look at it, so nobody is asked to.
        Offered::OneMore(_) => (false, Some(one_more(parts.baseline, &next))),
        Offered::Accepted(path) => (false, Some(format!("accepted as {}", path.display()))),
    };
    Ok(Outcome { pending, note, rejudged: anew })
}

/// How long the answers to a case took: their geometric mean, since latencies are compared as ratios.
/// `None` where none was timed.
fn latency(answers: impl Iterator<Item = Option<f64>>) -> Option<f64> {
    let timed: Vec<f64> = answers.flatten().filter(|ms| *ms > 0.0).collect();
    let logs: f64 = timed.iter().map(|ms| ms.ln()).sum();
    match timed.as_slice() {
        [] => None,
        // Not through a logarithm, which would cost its last digits.
        [one] => Some(*one),
        _ => Some((logs / timed.len() as f64).exp()),
    }
}

/// What is said of a run that means the same as what is accepted.
fn one_more(baseline: Option<&Baseline>, next: &Baseline) -> String {
    let runs = next.kept_runs();
    let gains = if baseline.is_some_and(|old| old.kept_runs() == runs) {
        "gives the cases that joined later one more run".to_owned()
    } else {
        format!("keeps it as run {runs} of {KEPT_RUNS}")
    };
    format!("the same as accepted; `holdline accept {} --reason \"…\"` {gains}", next.suite)
}

/// What is said where several runs are offered and there is a baseline already that they join.
fn more_runs(options: &Options) -> Option<String> {
    let repeats = options.repeats.filter(|repeats| *repeats > 1)?;
    Some(format!(
        "there is a baseline already: accepting adds these {repeats} runs to it, and the last {KEPT_RUNS} are kept"
    ))
}

/// Why a run with other parameters than the suite's own is not offered, unless somebody asked for that.
fn of_a_variant(options: &Options, params: &Params) -> Option<String> {
    let by_itself =
        options.update == UpdateMode::Auto && options.update.resolve(options.ci) != UpdateMode::No;
    let told = super::params::told(params).filter(|_| by_itself)?;
    Some(format!("not offered as a baseline, since {told} is set for this run; `--update new` offers it"))
}

/// The answers to the cases of a run, kept beside the baseline for review.
struct Answers<'r> {
    run: &'r SuiteRun,
    cases: CaseReader<&'r Cases>,
    from: AnswerReader<'r>,
    /// Places of the cases, by their identity.
    places: Vec<u32>,
    failed: Option<SessionError>,
}

impl<'r> Answers<'r> {
    fn of(run: &'r SuiteRun, journal: &'r Journal) -> Self {
        let mut places: Vec<u32> = (0..).take(run.plan.selected.len()).collect();
        places.sort_unstable_by_key(|place| run.answered.table.id(*place as usize));
        let (cases, from) = (run.plan.cases.reader(), run.answered.reader(journal));
        Self { run, cases, from, places, failed: None }
    }

    fn kept(&mut self, case: CaseId) -> Option<KeptAnswer> {
        let table = &self.run.answered.table;
        let found = self.places.binary_search_by_key(&case, |place| table.id(*place as usize)).ok()?;
        match self.read(self.places[found] as usize) {
            Ok(kept) => Some(kept),
            Err(error) => {
                self.failed.get_or_insert(error);
                None
            }
        }
    }

    fn read(&mut self, place: usize) -> Result<KeptAnswer, SessionError> {
        let plan = &self.run.plan;
        let case = self.cases.get(plan.selected[place] as usize).map_err(ExecuteError::Cases)?;
        let graded = self.from.representative(place)?;
        let (name, reason) =
            (format!("{}::{}", plan.suite.scenarios[case.scenario].id, case.name), why(&graded));
        Ok(KeptAnswer::of(name, case.input, graded, reason))
    }

    /// Whether every answer could be read back.
    fn complete(self) -> Result<(), SessionError> {
        self.failed.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_took_the_geometric_mean_of_its_timed_answers() {
        let of = |times: &[Option<f64>]| latency(times.iter().copied());
        // Twice as long and half as long make no difference.
        let mean = of(&[Some(50.0), Some(200.0), None]).unwrap();
        assert!((mean - 100.0).abs() < 1e-9, "{mean}");
        assert_eq!(of(&[Some(12.345)]), Some(12.345));
        assert_eq!(of(&[None, None]), None);
        assert_eq!(of(&[]), None);
        // What took no time at all was not timed: it has no ratio to anything.
        assert_eq!(of(&[Some(0.0)]), None);
        assert_eq!(of(&[Some(f64::NAN), Some(3.0)]), Some(3.0));
    }
}
