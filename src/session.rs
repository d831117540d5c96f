//! One run from suites to record: the only place that calls the steps in turn.

mod affected;
mod assemble;
mod assess;
mod begin;
pub(crate) mod budget;
pub mod canary;
mod case_check;
mod case_records;
mod changes;
mod coding;
mod coverage;
mod early;
pub mod judged_run;
pub mod judges;
mod merge;
pub mod models;
pub mod neighbours;
mod offer;
mod options;
mod params;
pub mod promote;
pub mod proposing;
mod quarantine;
mod rejudge;
mod seats;
mod shard;
mod signals;
mod suite_run;
pub mod synth;
pub mod talk;
mod times;
pub mod transform;
mod verify;

pub use affected::unaffected;
pub use begin::{case_errors, newest_record, plans, records, select, suites, unnamed};
pub use case_check::CaseCheck;
pub use changes::ChangesError;
pub use coding::suites_of;
pub use merge::{MergeError, Shards};
pub use options::{Options, SessionError};
pub use params::Setting;
pub use quarantine::quarantined;
pub use rejudge::{KeptRun, KeptRuns, rejudge};
pub use seats::seats;
pub use shard::weights;
pub use signals::until_signalled;
pub use verify::{recording, verify};

use crate::baseline::{Baseline, BaselineError, Fingerprints, Store, UpdateMode};
use crate::exit::Exit;
use crate::gate::{CONFIRMATIONS, Decision, ProblemKind, suite_tests};
use crate::judge::model::{Standing, Terms};
use crate::report::{FORMAT, Held, JudgedBy, Record, SuiteRecord, Unnamed, json};
use crate::run::{Plan, folder};
use crate::suite::Suite;
use crate::suite::project::Project;
use assess::Assessment;
use begin::Begun;
use std::sync::Arc;
use suite_run::Done;

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
    let clock = tokio::time::Instant::now();
    let options = &*shard::bound(options);
    let unnamed = begin::unnamed(options, &project)?;
    if options.rejudge.is_none() {
        verify(&plans)?;
    }
    let no_reason = options.reason.as_ref().is_none_or(|reason| reason.trim().is_empty());
    if options.update.resolve(options.ci) == UpdateMode::Always && no_reason {
        return Err(BaselineError::NoReason.into());
    }
    options.cache.open(&options.root, &project.cache)?;
    let store = Store::new(baselines_folder(options, &project), options.ci);
    // Read before anything is asked: a baseline that cannot be read must not cost a run.
    let baselines = plans
        .iter()
        .map(|plan| store.load(&plan.suite.name))
        .collect::<Result<Vec<Option<Baseline>>, _>>()?;
    let affected::Parted { plans, baselines, notes, carried } =
        affected::part(options, &project, plans, baselines)?;
    let codings = coding::Codings::load(options, &project, &plans)?;
    let budget = budget::budget(options, &project, &plans)?;
    let mut begun = Begun::new(options, &plans)?;
    begun.budget = Arc::new(budget);
    begun.deadline = budget::whole(options, &project).max_time.map(|limit| clock + limit.get());
    budget::count(&begun, &project, &plans)?;
    let asked = options.rejudge.is_none();
    begun.unset = suite_run::unset_live(plans.iter().map(|plan| &*plan.suite), &project, asked)?;
    let alpha = project.alpha;
    let project = Arc::new(project);
    let mut runs = Vec::with_capacity(plans.len());
    let tests = suite_tests(plans.iter().map(|plan| &plan.suite.spec.gate));
    for ((plan, baseline), notes) in plans.into_iter().zip(&baselines).zip(notes) {
        let now = fingerprints(&plan.suite);
        let watch = early::watch(options, (alpha, tests), &plan, &now, baseline.as_ref());
        let (watch, whole) = watch.map_or_else(|why| (None, Some(why)), |watch| (watch, None));
        let mut done = suite_run::run(options, &project, &begun, plan, watch).await?;
        done.run.notes.extend(whole);
        done.run.notes.extend(notes);
        runs.push(done);
    }
    let assessment = Assessment {
        options,
        alpha,
        store: &store,
        baselines: &baselines,
        id: &begun.id,
        journal: &begun.journal,
        codings: &codings,
    };
    let ready = assessment.prepare(&mut runs)?;
    if options.confirm {
        for (place, scenarios) in assessment.flagged(&runs, &ready).into_iter().enumerate() {
            confirm(options, &project, &begun, &mut runs[place], &scenarios).await?;
        }
    }
    if runs.iter().all(|run| run.is_complete) {
        begun.journal.finish()?;
    }
    // The disk takes its time, in which the gate decides.
    let journal = begun.journal.clone();
    let synced = tokio::task::spawn_blocking(move || journal.sync());
    let (verdicts, mut records): (Vec<_>, Vec<_>) = assessment.decided(&runs, ready)?.into_iter().unzip();
    if let Some(part) = options.shard {
        for (record, done) in records.iter_mut().zip(&runs) {
            shard::settle(part, record, done.run.plan.selected.len());
        }
    }
    let of_runs = records.into_iter().enumerate().map(|(at, record)| (record, Some(at)));
    let mut suites: Vec<_> = of_runs.chain(carried.into_iter().map(|record| (record, None))).collect();
    suites.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
    let (suites, places): (Vec<SuiteRecord>, Vec<Option<usize>>) = suites.into_iter().unzip();
    let decision = strongest(suites.iter().map(|suite| suite.decision));
    let mut record = Record {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        run: begun.id.clone(),
        started: begun.started.clone(),
        seconds: clock.elapsed().as_secs_f64(),
        suites,
        unnamed: unnamed.into_iter().map(Unnamed::live).collect(),
        decision,
        exit_code: Exit::from(decision).code(),
    };
    let path = folder::of(&options.root, &begun.id).join(folder::RECORD);
    let cases_of = |at: &Option<usize>| at.map_or(0, |at| runs[at].run.plan.selected.len());
    let mut held: Vec<Held> = places.iter().map(|at| Held::new(options.hold, cases_of(at))).collect();
    json::write_by(&record, &path, |place, out| {
        let Some(at) = places[place] else { return Ok(()) };
        assessment.cases(&runs[at].run, &verdicts[at], (&mut held[place], out))
    })?;
    for (suite, held) in record.suites.iter_mut().zip(held) {
        held.give(suite);
    }
    synced.await.map_err(|error| SessionError::Io { path: path.clone(), error: error.into() })??;
    Ok(record)
}

/// Asks the cases of flagged scenarios again. What keeps them from being asked is told, and the flags then
/// stand as they are; a run that somebody stopped, or whose time is used up, is not complete.
async fn confirm(
    options: &Options,
    project: &Arc<Project>,
    begun: &Begun,
    done: &mut Done,
    scenarios: &[usize],
) -> Result<(), SessionError> {
    if scenarios.is_empty() {
        return Ok(());
    }
    let plan = &done.run.plan;
    let is_flagged = |case: &usize| scenarios.contains(&plan.cases.scenario(*case));
    let cases: Vec<usize> = plan.selected.iter().map(|case| *case as usize).filter(is_flagged).collect();
    let asked = format!(
        "{} of flagged scenarios asked twice again",
        crate::report::number::count(cases.len(), "case", "cases")
    );
    match suite_run::again(options, project, begun, &mut done.run, &cases, CONFIRMATIONS).await? {
        None if !done.run.answered.table.is_confirmed() => {
            done.run.notes.push(
                "recorded answers cannot be asked again: flagged scenarios stand as they are".to_owned(),
            );
        }
        None => done.run.notes.push(asked),
        Some(problem) if matches!(problem.kind, ProblemKind::Interrupted | ProblemKind::Budget) => {
            // A part of the answers says nothing; what is in the journal is taken up again.
            done.run.answered.forget_confirmations();
            done.run.problems.push(problem);
            done.is_complete = false;
        }
        Some(problem) => {
            // The run itself is whole: what it flagged stands, unconfirmed.
            done.run.answered.forget_confirmations();
            done.run.notes.push(format!("flagged scenarios could not be asked again: {}", problem.message));
        }
    }
    Ok(())
}

fn baselines_folder(options: &Options, project: &Project) -> std::path::PathBuf {
    let folder = options.baselines.clone().unwrap_or_else(|| (&project.baselines).into());
    folder::below(&options.root, &folder)
}

/// What the values of a run depend on.
fn fingerprints(suite: &Suite) -> Fingerprints {
    let models = suite.judges.iter().map(|judge| match Terms::of(judge) {
        Ok(terms) if terms.standing == Standing::Gates => {
            let canary = judge.frozen.as_ref().map(|canary| format!(":{}", canary.digest()));
            format!(" {}:{}{}", judge.name, terms.fingerprint, canary.unwrap_or_default())
        }
        // Verdicts that count and others do not make the same outcomes.
        Ok(terms) => format!(" {}:{}:reports", judge.name, terms.fingerprint),
        // Told before anything is asked: see `seats`.
        Err(_) => format!(" {}", judge.name),
    });
    let models: String = models.collect();
    let (checks, metrics) = (crate::judge::fingerprint(), crate::metric::definitions_version());
    Fingerprints {
        suite: suite.fingerprint.clone(),
        judges: format!("{checks} {metrics}{models}"),
        target: crate::target::kind(&suite.spec.target).to_owned(),
    }
}

/// The same without the suite itself, as the record tells it.
fn judged_by(plan: &Plan) -> JudgedBy {
    let Fingerprints { judges, target, .. } = fingerprints(&plan.suite);
    JudgedBy { judges, target }
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
