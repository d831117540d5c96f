//! Answers that are kept beside baselines, judged anew: a run in which nobody is asked.

mod kept;

pub use kept::{KeptRun, KeptRuns};
pub(super) use kept::{is_left_out, too_many};

use super::case_records::why;
use super::options::{Options, SessionError};
use super::{baselines_folder, begin, run_plans};
use crate::baseline::{Store, UpdateMode};
use crate::gate::{Decision, ProblemKind, spoils};
use crate::report::rejudge::{Came, Flipped, Rejudged};
use crate::report::{CaseRecord, RejudgedRun, SuiteRecord};
use crate::run::Plan;
use crate::target::TargetErrorKind;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What keeps the verdicts of a suite from being had anew.
const NO_BASELINE: &str = "it has no baseline: there is nothing to judge anew";

/// Judges what is kept of the accepted answers of suites with today's judges, and offers what that comes to for
/// review. No application is asked or started.
pub async fn rejudge(options: &Options) -> Result<Vec<Rejudged>, SessionError> {
    let (project, plans) = begin::plans(options)?;
    let store = Store::new(baselines_folder(options, &project), options.ci);
    let (mut fit, mut kept, mut told) = (Vec::new(), KeptRuns::default(), BTreeMap::new());
    for plan in plans {
        match stored(&store, &plan)? {
            Ok(run) => {
                kept.insert(&plan.suite.name, run);
                fit.push(plan);
            }
            Err(refused) => drop(told.insert(plan.suite.name.clone(), refused)),
        }
    }
    if !fit.is_empty() {
        let kept = Arc::new(kept);
        for rejudged in judged(options, project, fit, &store, &kept).await? {
            told.insert(rejudged.suite.clone(), rejudged);
        }
    }
    Ok(told.into_values().collect())
}

/// What is stored for a suite, or why nothing of it is judged.
fn stored(store: &Store, plan: &Plan) -> Result<Result<KeptRun, Rejudged>, SessionError> {
    let cases = plan.cases.len();
    let refused = |run: String, left_out, why: String| Rejudged {
        suite: plan.suite.name.clone(),
        run,
        cases,
        left_out,
        flipped: Vec::new(),
        came: Came::NotOffered(why),
    };
    let Some(baseline) = store.load(&plan.suite.name)? else {
        return Ok(Err(refused(String::new(), BTreeMap::new(), NO_BASELINE.to_owned())));
    };
    let run = match KeptRun::of(store, plan, &baseline)? {
        Ok(run) => run,
        Err(why) => return Ok(Err(refused(String::new(), BTreeMap::new(), why))),
    };
    Ok(match too_many(run.left_out().values().sum(), cases) {
        Some(why) => Err(refused(baseline.run, run.left_out().clone(), why)),
        None => Ok(run),
    })
}

/// Judges what is kept of suites that have enough of it.
async fn judged(
    options: &Options,
    project: crate::suite::project::Project,
    plans: Vec<Plan>,
    store: &Store,
    kept: &Arc<KeptRuns>,
) -> Result<Vec<Rejudged>, SessionError> {
    let planned: Vec<usize> = plans.iter().map(|plan| plan.cases.len()).collect();
    let mut cache = options.cache.clone();
    // Today's judges are asked what they say today.
    cache.fresh.judge = true;
    let options = Options {
        cache,
        rejudge: Some(kept.clone()),
        update: UpdateMode::New,
        confirm: false,
        early: false,
        repeats: Some(1),
        hold: usize::MAX,
        ..options.clone()
    };
    let record = run_plans(&options, project, plans).await?;
    let mut all = Vec::with_capacity(record.suites.len());
    for (suite, planned) in record.suites.iter().zip(planned) {
        let Some(run) = kept.of(&suite.name) else { continue };
        let left_out = left_out(suite);
        let came = match too_many(left_out.values().sum(), planned) {
            Some(why) => Came::NotOffered(why),
            None => came(&options, store, suite)?,
        };
        all.push(Rejudged {
            suite: suite.name.clone(),
            run: run.run().to_owned(),
            cases: planned,
            flipped: flipped(suite, run),
            left_out,
            came,
        });
    }
    Ok(all)
}

/// What the judging of a suite came to.
fn came(options: &Options, store: &Store, suite: &SuiteRecord) -> Result<Came, SessionError> {
    if suite.pending {
        let change = store.pending(&suite.name)?.and_then(|pending| pending.change).unwrap_or_default();
        return Ok(Came::Offered(change));
    }
    let changes = suite.rejudged.as_ref().is_some_and(|rejudged| rejudged.changes);
    Ok(match suite.problems.first() {
        Some(problem) => Came::NotOffered(match problem.kind {
            ProblemKind::Interrupted => "it was interrupted; run it again".to_owned(),
            ProblemKind::Budget => "time or money was used up before every answer was judged".to_owned(),
            _ => problem.message.clone(),
        }),
        None if changes && options.ci => {
            Came::NotOffered("in CI no baseline is written: run it on your machine".to_owned())
        }
        None => {
            // What waits from judging anew before was said by judges that are no longer today's.
            let pending = store.pending(&suite.name)?;
            if !options.ci && pending.is_some_and(|pending| pending.rejudged().is_some()) {
                store.reject(&suite.name)?;
            }
            Came::Same
        }
    })
}

/// The cases that were left out of the judging, by the reason.
fn left_out(suite: &SuiteRecord) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for why in suite.cases.iter().filter_map(not_kept) {
        *reasons.entry(why.to_owned()).or_default() += 1;
    }
    reasons
}

/// Why too little of a case is kept, where that is so.
fn not_kept(case: &CaseRecord) -> Option<&str> {
    let error = case.graded.transcript.error.as_ref()?;
    (error.kind == TargetErrorKind::NotKept).then_some(error.message.as_str())
}

/// The cases of which the same answer came to something else, those that passed before first.
fn flipped(suite: &SuiteRecord, run: &KeptRun) -> Vec<Flipped> {
    let cases = suite.cases.iter().filter(|case| not_kept(case).is_none());
    let mut flipped: Vec<Flipped> = cases
        .filter_map(|case| {
            let before = run.outcome(case.id).filter(|before| *before != case.graded.outcome)?;
            Some(Flipped {
                id: case.id,
                name: format!("{}::{}", suite.scenario_of(case).id, case.name),
                before,
                after: case.graded.outcome,
                reason: why(&case.graded),
            })
        })
        .collect();
    flipped.sort_by_key(|flip| (flip.way(), flip.before, flip.after));
    flipped
}

/// Takes from the record of a suite that was judged anew what only an application that was asked can say.
pub(super) fn settle(suite: &mut SuiteRecord, of: RejudgedRun) {
    suite.rejudged = Some(of);
    suite.findings.clear();
    suite.watched.clear();
    suite.problems.retain(|problem| spoils(problem.kind));
    suite.decision = if suite.problems.is_empty() { Decision::Measured } else { Decision::Undecided };
}
