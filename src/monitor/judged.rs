//! A sample of the answers put to the judges of the suite that are models, and to programs that decide.

use super::expected::Expected;
use super::report::{JudgeSeen, SampleSeen, Share};
use super::watch::{MonitorError, Wish};
use super::window::Sampled;
use crate::baseline::Store;
use crate::judge::model::{Asks, Network};
use crate::judge::{JudgeContext, Judges, Outcome, Verdict};
use crate::run::cache::Caching;
use crate::run::folder::below;
use crate::run::{Budget, BudgetedJudges, Limits, Over};
use crate::session;
use crate::suite::Suite;
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What was said of a sample.
pub struct Said {
    /// In numbers.
    pub seen: SampleSeen,
    /// What was said of each sampled answer; nothing of those that were not asked about.
    pub verdicts: Vec<Vec<Verdict>>,
    /// Why nothing can be told of it.
    pub problem: Option<String>,
}

/// Asks about a sample, drawn from `of` answers. The answers are scrubbed already.
pub async fn judge(
    wish: &Wish,
    expected: &Expected,
    sample: &[Sampled],
    of: u64,
) -> Result<Said, MonitorError> {
    let (suite, project) = (expected.suite(), expected.project());
    let budget = budget(wish, expected)?;
    let mut asks: Arc<dyn Asks> = Arc::new(Network);
    if budget.limits(&suite.name) {
        asks = Arc::new(BudgetedJudges::new(asks, budget.clone(), &suite.name, project.clone()));
    }
    let caching = Caching::default();
    caching.open(&wish.root, &project.cache).map_err(session::SessionError::from)?;
    let asks = caching.before_judges(suite, asks);
    let folder = wish.baselines.clone().unwrap_or_else(|| project.baselines.as_str().into());
    let store = Store::new(below(&wish.root, &folder), wish.ci);
    let lookup = |name: &str| std::env::var(name).ok();
    let wanted = sample.len() as u64;
    let nothing = |problem: String| Said {
        seen: SampleSeen { asked: 0, wanted, of, judges: Vec::new(), spent: None, stopped: None },
        verdicts: vec![Vec::new(); sample.len()],
        problem: Some(problem),
    };
    let seats = match session::seats(suite, project, &asks, &store, lookup)? {
        Ok(seats) => seats,
        Err(problem) => return Ok(nothing(problem.message)),
    };
    let context = Arc::new(JudgeContext::of(suite).with_seats(seats));
    let verdicts = ask(expected, sample, &context).await?;
    let asked = verdicts.iter().flatten().count() as u64;
    let verdicts: Vec<Vec<Verdict>> = verdicts.into_iter().map(Option::unwrap_or_default).collect();
    let stopped = (asked < wanted).then(|| match budget.over(&suite.name) {
        Some(Over::Spent(why) | Over::Untold(why)) => why,
        None => "the rest was not asked about".to_owned(),
    });
    let judges = judges(&verdicts);
    let problem = problem(suite, &judges, asked);
    let spent = budget.told(&suite.name);
    Ok(Said { seen: SampleSeen { asked, wanted, of, judges, spent, stopped }, verdicts, problem })
}

/// What may be spent.
fn budget(wish: &Wish, expected: &Expected) -> Result<Arc<Budget>, MonitorError> {
    let project = expected.project();
    if let Some((key, nothing)) = wish.budget.nothing() {
        return Err(MonitorError::Usage(format!("`{key}` cannot be {nothing}: nothing could be asked")));
    }
    if wish.budget.max_cost.is_some() && project.prices.is_empty() {
        let why = "`max_cost` cannot be kept, since holdline.toml has no [prices]";
        return Err(MonitorError::Usage(why.to_owned()));
    }
    let limits = Limits { cost: wish.budget.max_cost, tokens: wish.budget.max_tokens };
    let budget = Budget::new(&project.currency, limits);
    budget.suite(&expected.suite().name, Limits::default(), None);
    Ok(Arc::new(budget))
}

/// Asks about each answer, several at once; nothing of those for which no budget was left.
async fn ask(
    expected: &Expected,
    sample: &[Sampled],
    context: &Arc<JudgeContext>,
) -> Result<Vec<Option<Vec<Verdict>>>, MonitorError> {
    let most = expected.suite().spec.run.concurrency.max(1);
    let room = Arc::new(Semaphore::new(most));
    let mut tasks = JoinSet::new();
    let mut found: Vec<Option<Vec<Verdict>>> = vec![None; sample.len()];
    for (at, Sampled { logged, routed, rules }) in sample.iter().enumerate() {
        let Some(case) = expected.case(logged, *routed, rules) else { continue };
        let judges = Judges::compile(&rules.expect, context)
            .map_err(|error| MonitorError::Usage(format!("suite `{}`: {error}", expected.suite().name)))?;
        let (transcript, room) = (expected.transcript(logged), room.clone());
        tasks.spawn(async move {
            // It is never closed.
            let _place = room.acquire().await;
            (at, judges.judge(&case, &transcript).await)
        });
    }
    while let Some(joined) = tasks.join_next().await {
        match joined {
            Ok((at, verdicts)) => found[at] = verdicts,
            // A panic in a task is a bug of ours and must not look like a result.
            Err(error) => {
                if let Ok(panic) = error.try_into_panic() {
                    std::panic::resume_unwind(panic);
                }
            }
        }
    }
    Ok(found)
}

/// What each judge, and each program, said.
fn judges(verdicts: &[Vec<Verdict>]) -> Vec<JudgeSeen> {
    let mut judges: BTreeMap<&str, JudgeSeen> = BTreeMap::new();
    for verdict in verdicts.iter().flatten().filter(|verdict| is_asked(verdict)) {
        let judge = judges.entry(&verdict.judge).or_insert_with(|| JudgeSeen {
            judge: verdict.judge.clone(),
            outcomes: BTreeMap::new(),
            pass: None,
            reports_only: !verdict.counts(),
        });
        *judge.outcomes.entry(verdict.outcome).or_default() += 1;
    }
    let rated = |mut judge: JudgeSeen| {
        let count = |outcome| judge.outcomes.get(&outcome).copied().unwrap_or_default();
        let (pass, fail) = (count(Outcome::Pass), count(Outcome::Fail));
        judge.pass = Share::of(pass, pass + fail);
        judge
    };
    judges.into_values().map(rated).collect()
}

/// Whether a verdict is that of a model or a program.
pub fn is_asked(verdict: &Verdict) -> bool {
    let last = verdict.judge.rsplit(' ').next().unwrap_or_default();
    verdict.model.is_some() || last.split('[').next() == Some("command")
}

/// Why the sample tells nothing: nobody was asked, or too many verdicts did not come.
fn problem(suite: &Suite, judges: &[JudgeSeen], asked: u64) -> Option<String> {
    if asked == 0 {
        return Some("no judge was asked about any answer".to_owned());
    }
    let most = suite.spec.gate.max_ungraded.get();
    judges.iter().find_map(|judge| {
        let count = |outcome| judge.outcomes.get(&outcome).copied().unwrap_or_default();
        let ungraded = count(Outcome::CannotJudge) + count(Outcome::JudgeError);
        let all = ungraded + count(Outcome::Pass) + count(Outcome::Fail);
        (ungraded as f64 > most * all as f64).then(|| {
            format!(
                "judge `{}` gave no verdict on {ungraded} of {all} answers; at most {:.0} % may stay ungraded",
                judge.judge,
                most * 100.0
            )
        })
    })
}
