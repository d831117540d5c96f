//! One run from suites to record: the only place that calls the steps in turn.

mod assemble;
mod begin;
mod coverage;
mod offer;
mod options;
mod params;
mod signals;
mod suite_run;
mod verify;

pub use begin::{case_errors, newest_record, plans, records, select, suites};
pub use options::{Options, SessionError};
pub use params::Setting;
pub use signals::until_signalled;
pub use verify::verify;

use crate::baseline::{Answers, Baseline, BaselineError, Fingerprints, Store, UpdateMode};
use crate::exit::Exit;
use crate::gate::{Decision, GateInput, GateOptions, decide};
use crate::report::{FORMAT, Record, SuiteRecord, json};
use crate::run::{Plan, folder};
use crate::suite::project::Project;
use assemble::{GateParts, SuiteRun};
use begin::Begun;
use std::time::Instant;

/// Runs suites: loads them, asks the selected cases, judges, measures, decides, writes the record
/// below `.holdline/runs`, and offers what could be accepted for review.
pub async fn run(options: &Options) -> Result<Record, SessionError> {
    let (project, plans) = plans(options)?;
    let plans = select(options, plans)?;
    run_plans(options, project, plans).await
}

/// The same for plans that are loaded and selected already.
pub async fn run_plans(
    options: &Options,
    project: Project,
    plans: Vec<Plan>,
) -> Result<Record, SessionError> {
    let clock = Instant::now();
    verify(&plans)?;
    let no_reason = options.reason.as_ref().is_none_or(|reason| reason.trim().is_empty());
    if options.update.resolve(options.ci) == UpdateMode::Always && no_reason {
        return Err(BaselineError::NoReason.into());
    }
    let store = Store::new(baselines_folder(options, &project), options.ci);
    // Read before anything is asked: a baseline that cannot be read must not cost a run.
    let baselines = plans
        .iter()
        .map(|plan| store.load(&plan.suite.name))
        .collect::<Result<Vec<Option<Baseline>>, _>>()?;
    let mut begun = Begun::new(options, &plans)?;
    let alpha = project.alpha;
    let project = std::sync::Arc::new(project);
    let mut runs = Vec::with_capacity(plans.len());
    for plan in plans {
        runs.push(suite_run::run(options, &project, &mut begun, plan).await?);
    }
    if runs.iter().all(|run| run.is_complete) {
        begun.journal.finish()?;
    }
    let mut record = Record {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run: begun.id.clone(),
        started: begun.started.clone(),
        seconds: 0.0,
        suites: assess(options, alpha, &store, &baselines, runs, &begun.id)?,
        decision: Decision::Held,
        exit_code: 0,
    };
    record.decision = strongest(record.suites.iter().map(|suite| suite.decision));
    record.exit_code = Exit::from(record.decision).code();
    record.seconds = clock.elapsed().as_secs_f64();
    json::write(&record, &folder::of(&options.root, &begun.id).join(folder::RECORD))?;
    Ok(record)
}

fn baselines_folder(options: &Options, project: &Project) -> std::path::PathBuf {
    let folder = options.baselines.clone().unwrap_or_else(|| (&project.baselines).into());
    folder::below(&options.root, &folder)
}

/// Measures, decides over all suites at once, records, and offers what could be accepted.
fn assess(
    options: &Options,
    alpha: f64,
    store: &Store,
    baselines: &[Option<Baseline>],
    runs: Vec<suite_run::Done>,
    id: &str,
) -> Result<Vec<SuiteRecord>, SessionError> {
    let whys: Vec<Vec<String>> = runs.iter().map(|done| done.run.whys()).collect();
    let measured: Vec<_> =
        runs.iter().zip(baselines).map(|(done, baseline)| done.run.measure(baseline.as_ref())).collect();
    let parts: Vec<GateParts> = runs
        .iter()
        .zip(&whys)
        .zip(&measured)
        .zip(baselines)
        .map(|(((done, whys), measured), baseline)| GateParts {
            scenarios: done.run.scenario_names(),
            cases: done.run.gate_cases(whys),
            measurements: &measured.measurements,
            fingerprints: fingerprints(&done.run),
            baseline: baseline.as_ref(),
        })
        .collect();
    let inputs: Vec<GateInput> =
        runs.iter().zip(&parts).map(|(done, parts)| done.run.gate_input(parts)).collect();
    let outputs = decide(&inputs, GateOptions { alpha, ci: options.ci });
    drop(inputs);
    let mut offers = Vec::with_capacity(runs.len());
    for (((done, parts), output), whys) in runs.iter().zip(&parts).zip(&outputs).zip(&whys) {
        offers.push(offer::offer(options, store, id, &done.run, parts, output, whys)?);
    }
    drop(parts);
    let mut records = Vec::with_capacity(runs.len());
    for ((((done, measured), output), baseline), offered) in
        runs.into_iter().zip(measured).zip(outputs).zip(baselines).zip(offers)
    {
        let accepted = accepted_answers(store, baseline.as_ref())?;
        let mut record = done.run.record(measured, output, baseline.as_ref(), |case| {
            accepted.as_ref().and_then(|answers| answers.cases.get(&case.id)?.output.clone())
        });
        record.pending = offered.pending;
        record.notes.extend(offered.note);
        records.push(record);
    }
    Ok(records)
}

/// The answers accepted with a baseline.
fn accepted_answers(store: &Store, baseline: Option<&Baseline>) -> Result<Option<Answers>, SessionError> {
    let Some(baseline) = baseline else { return Ok(None) };
    Ok(store.answers(&baseline.suite, &baseline.run)?.found())
}

/// What the values of a run depend on.
fn fingerprints(run: &SuiteRun) -> Fingerprints {
    let suite = &run.plan.suite;
    Fingerprints {
        suite: suite.fingerprint.clone(),
        judges: format!("{} {}", crate::judge::fingerprint(), crate::metric::definitions_version()),
        target: crate::target::kind(&suite.spec.target).to_owned(),
    }
}

/// The decision of a run: the one with the strongest exit code; *measured* rather than *held* where
/// any suite has no baseline.
fn strongest(decisions: impl Iterator<Item = Decision> + Clone) -> Decision {
    let exit = Exit::strongest(decisions.clone().map(Exit::from));
    let mut those = decisions.filter(|decision| Exit::from(*decision) == exit);
    let measured = those.clone().find(|decision| *decision == Decision::Measured);
    measured.or_else(|| those.next()).unwrap_or(Decision::Undecided)
}

#[cfg(test)]
mod tests {
    use super::strongest;
    use crate::gate::Decision::{Exhausted, Held, Measured, Regressed, Undecided};

    #[test]
    fn the_strongest_exit_code_decides_and_what_is_not_compared_has_not_held() {
        assert_eq!(strongest([Held, Exhausted, Undecided, Regressed].into_iter()), Regressed);
        assert_eq!(strongest([Held, Exhausted, Undecided].into_iter()), Undecided);
        assert_eq!(strongest([Held, Measured, Held].into_iter()), Measured);
        assert_eq!(strongest([Held, Held].into_iter()), Held);
        assert_eq!(strongest([].into_iter()), Undecided);
    }
}
