//! One suite run: credentials, the application started, the cases asked, the application stopped.

use super::assemble::SuiteRun;
use super::begin::Begun;
use super::budget::problem;
use super::options::{Options, SessionError};
use super::rejudge::KeptRun;
use super::seats::{self, answered_by_others, seats};
use crate::baseline::Store;
use crate::expand::CaseId;
use crate::gate::{Problem, ProblemKind};
use crate::judge::JudgeContext;
use crate::judge::model::{Asks, Network};
use crate::run::cache::{Before, Taken};
use crate::run::{
    Answered, Budgeted, BudgetedJudges, Early, End, ExecuteError, Execution, Plan, Question, Script, Watch,
    families, layers, place_of, scripts, stopped,
};
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use crate::suite::{Suite, env_names, said_env_names};
use crate::target::{Context, Kept, Served, Target, open};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A suite that was run, as far as it went.
pub struct Done {
    /// What came of it.
    pub run: SuiteRun,
    /// Whether every selected case was asked.
    pub is_complete: bool,
}

/// Runs one suite. What goes wrong with the application is a problem of the suite, and no error. `watch` says
/// when enough families were seen; only a suite that stops early ([`Suite::stops_early`]) is watched: any
/// other is run to its end.
pub async fn run(
    options: &Options,
    project: &Arc<Project>,
    begun: &Begun,
    plan: Plan,
    watch: Option<Watch>,
) -> Result<Done, SessionError> {
    let suite = plan.suite.clone();
    let judges = Arc::new(JudgeContext::of(&suite));
    let scripts = scripts(&plan, &judges)?;
    let mut notes = begun.notes.clone();
    notes.extend(super::params::overruled(&suite));
    let (cases, answers) = (plan.selected.len(), plan.answers(options.repeats));
    let mut answered = Answered::new(&plan, options.repeats, &scripts).map_err(ExecuteError::Cases)?;
    take_up(begun, &plan, &mut answered)?;
    let resumed = answered.count();
    let watch = watch.filter(|_| suite.stops_early(options.repeats));
    let early = watch.map(|watch| Early::new(families(&plan), watch));
    let asked = ask(
        Asking {
            options,
            project,
            begun,
            plan: &plan,
            early,
            scripts,
            deadline: suite.spec.run.max_time.map(crate::suite::quantity::Duration::get),
            log: format!("{}.log", suite.name),
        },
        plan.questions(options.repeats),
        answers - resumed,
        &mut answered,
        || match options.kept(&suite.name) {
            Some(_) => options.events.rejudging(&suite.name, answers),
            None => options.events.asking(&suite.name, cases, answers, resumed),
        },
    )
    .await?;
    let mut problems = asked.problems;
    let got = answered.count();
    match asked.end {
        Some(End::Exhausted) if answers == cases => {
            problems.push(exhausted(begun, &suite, got, cases, "cases were asked"));
        }
        Some(End::Exhausted) => problems.push(exhausted(begun, &suite, got, answers, "answers came")),
        Some(End::Interrupted) => problems.push(interrupted()),
        Some(End::Complete | End::Early) | None => {}
    }
    notes.extend(begun.budget.told(&suite.name));
    let is_complete = matches!(asked.end, Some(End::Complete | End::Early));
    notes.extend(answered.retried.note());
    let stopped_early = asked.end == Some(End::Early);
    let spent = asked.spent;
    problems.extend(answered_by_others(&suite, &answered.judged));
    let canaries = asked.canaries;
    let mut run = SuiteRun { plan, answered, spent, stopped_early, canaries, cached: None, problems, notes };
    run.note_cached(asked.cached);
    Ok(Done { run, is_complete })
}

/// Asks cases of a suite again after its run, `times` each, and adds what comes to
/// [`SuiteRun::answered`]. Cases are named by their index among all cases of the plan. The application
/// is started anew, and every answer is in the journal before it counts; answers that were there when the
/// run was taken up are not asked for again.
///
/// What keeps the answers from coming is returned, and the run is then not complete: the application does
/// not start or ends, somebody stops the run, or the suite's time is used up (what its run left of
/// `max_time`). Recorded answers cannot be asked for again: of such a suite nothing is added, and that is no
/// problem.
pub async fn again(
    options: &Options,
    project: &Arc<Project>,
    begun: &Begun,
    run: &mut SuiteRun,
    cases: &[usize],
    times: u32,
) -> Result<Option<Problem>, SessionError> {
    let plan = run.plan.clone();
    let suite = plan.suite.clone();
    if suite.spec.target.recorded.is_some() {
        return Ok(None);
    }
    let judges = Arc::new(JudgeContext::of(&suite));
    let scripts = scripts(&plan, &judges)?;
    let all: Vec<Question> = (0..times)
        .flat_map(|time| cases.iter().map(move |&case| (case, time)))
        .map(|(case, time)| Question { case, repeat: plan.repeats(case, options.repeats) + time })
        .collect();
    let is_there = |question: &&Question, answered: &Answered| {
        place_of(&plan, question.case).is_some_and(|place| answered.has(place, question.repeat))
    };
    let wanted = all.len() - all.iter().filter(|question| is_there(question, &run.answered)).count();
    let asked = ask(
        Asking {
            options,
            project,
            begun,
            plan: &plan,
            early: None,
            scripts,
            deadline: suite.spec.run.max_time.map(|limit| limit.get().saturating_sub(run.spent)),
            log: format!("{}.again.log", suite.name),
        },
        Box::new(all.clone().into_iter()),
        wanted,
        &mut run.answered,
        || options.events.confirming(&suite.name, cases.len(), wanted),
    )
    .await?;
    run.spent += asked.spent;
    run.note_cached(asked.cached);
    let left = all.len() - all.iter().filter(|question| is_there(question, &run.answered)).count();
    Ok(match asked.end {
        Some(End::Exhausted) => {
            let what = "answers came that were to confirm what broke";
            Some(exhausted(begun, &suite, wanted - left, wanted, what))
        }
        Some(End::Interrupted) => Some(interrupted()),
        Some(End::Complete | End::Early) | None => asked.problems.into_iter().next(),
    })
}

/// Takes in what a killed run had come to already, answers to flagged cases among them.
fn take_up(begun: &Begun, plan: &Plan, answered: &mut Answered) -> Result<(), SessionError> {
    let Some(past) = &begun.past else { return Ok(()) };
    let name = &plan.suite.name;
    let Some(suite) = past.header.suites.iter().position(|of| of.name == *name) else { return Ok(()) };
    let places: HashMap<CaseId, usize> =
        plan.selected.iter().enumerate().map(|(at, index)| (plan.cases.id(*index as usize), at)).collect();
    let mut found: Vec<(u64, usize)> = past
        .known
        .iter()
        .filter(|((of, ..), _)| *of == suite)
        .filter_map(|((_, case, _), line)| Some((*line, *places.get(case)?)))
        .collect();
    // In the order of the journal, which reads fastest.
    found.sort_unstable();
    let mut lines = begun.journal.reader();
    let mut cases = plan.cases.reader();
    for (line, at) in found {
        let case = cases.get(plan.selected[at] as usize).map_err(ExecuteError::Cases)?;
        answered.take(at, &case, &lines.graded(line)?, line);
    }
    Ok(())
}

/// What questions are asked with.
struct Asking<'a> {
    options: &'a Options,
    project: &'a Arc<Project>,
    begun: &'a Begun,
    plan: &'a Plan,
    /// Who says when enough was seen.
    early: Option<Early>,
    scripts: Vec<Arc<Script>>,
    /// How long asking may take.
    deadline: Option<Duration>,
    /// Name of the application's log in the run's folder.
    log: String,
}

/// What came of asking.
struct Asked {
    /// How it ended; `None` where it could not begin, for which there is a problem.
    end: Option<End>,
    problems: Vec<Problem>,
    spent: Duration,
    /// What judges said of their canaries, by name.
    canaries: BTreeMap<String, String>,
    /// What came from the cache, with what is worth knowing about it.
    cached: Option<(Taken, Vec<String>)>,
}

impl Asked {
    fn nothing(end: Option<End>, problems: Vec<Problem>) -> Self {
        Self { end, problems, spent: Duration::ZERO, canaries: BTreeMap::new(), cached: None }
    }
}

/// Starts the application, asks, and stops it. Where `wanted`, the number of answers to come, is 0, nothing
/// is started.
async fn ask(
    mut with: Asking<'_>,
    questions: Box<dyn Iterator<Item = Question> + Send>,
    wanted: usize,
    answered: &mut Answered,
    announce: impl FnOnce(),
) -> Result<Asked, SessionError> {
    let Asking { options, project, begun, plan, .. } = with;
    let suite = &plan.suite;
    if *options.stop.borrow() {
        return Ok(Asked::nothing(Some(End::Interrupted), Vec::new()));
    }
    // Before credentials: who asks nothing needs none.
    if wanted == 0 && with.early.is_none() {
        return Ok(Asked::nothing(Some(End::Complete), Vec::new()));
    }
    if let Some(problem) = &begun.unset {
        return Ok(Asked::nothing(None, vec![problem.clone()]));
    }
    // Whoever is not asked is told no key.
    let kept = options.kept(&suite.name).map(KeptRun::said);
    let names = if kept.is_some() { said_env_names(suite) } else { env_names(suite) };
    let (secrets, missing) = Secrets::gather(names, |name| std::env::var(name).ok());
    if !missing.is_empty() {
        return Ok(Asked::nothing(None, vec![unset(&suite.name, &missing)]));
    }
    if let Some(early) = &mut with.early
        && early.advance(|case| answered.outcome(case))
    {
        early.unseen().for_each(|case| answered.forget(case, 0));
        return Ok(Asked::nothing(Some(End::Early), Vec::new()));
    }
    if wanted == 0 {
        return Ok(Asked::nothing(Some(End::Complete), Vec::new()));
    }
    let (judges, canaries) = match judges(&with).await? {
        Ok(ready) => ready,
        Err(not_ready) => return Ok(not_ready),
    };
    // Where nothing more could be asked, nothing is started.
    if begun.budget.over(&suite.name).is_some() || begun.deadline.is_some_and(|end| Instant::now() >= end) {
        return Ok(Asked::nothing(Some(End::Exhausted), Vec::new()));
    }
    let mut context = Context {
        root: suite.root.clone(),
        folder: suite.folder(),
        secrets: Arc::new(secrets),
        serve_port: None,
        params: suite.params.clone(),
        request_timeout: suite.spec.run.request_timeout.get(),
        closures: options.closures.clone(),
    };
    let up = begun.up.lock().await.take();
    let served = match up {
        Some(up) => Some(up),
        None => match start(options, suite, &context, begun.folder.join(&with.log)).await {
            Ok(served) => served,
            Err(NoStart::Stopped) => return Ok(Asked::nothing(Some(End::Interrupted), Vec::new())),
            Err(NoStart::Failed(problem)) => return Ok(Asked::nothing(None, vec![problem])),
        },
    };
    context.serve_port = served.as_ref().and_then(Served::port);
    let own = with.deadline.map(|limit| Instant::now() + limit);
    let deadline = own.into_iter().chain(begun.deadline).min();
    let cache = match kept {
        Some(said) => Before::plain(Arc::new(Kept::new(said, context.secrets.clone()))),
        None => reach(&with, &context, deadline)?,
    };
    let execution = Execution {
        plan: plan.clone(),
        questions,
        early: with.early,
        target: cache.target.clone(),
        judges,
        scripts: with.scripts,
        secrets: context.secrets.clone(),
        project: project.clone(),
        run: begun.id.clone(),
        journal: begun.journal.clone(),
        events: options.events.clone(),
        deadline,
        stop: options.stop.clone(),
        grace: suite.spec.run.grace.get(),
    };
    announce();
    let begin = Instant::now();
    let executed = execution.run(answered).await;
    let spent = begin.elapsed();
    options.events.finished(&suite.name);
    let cached = cache.finish().await;
    let mut problems = Vec::new();
    if let Some(mut served) = served {
        if let Some(death) = served.died() {
            let message = format!("the application ended during the run: {}", crate::exit::chain(&death));
            problems.push(Problem { kind: ProblemKind::Target, message });
        }
        if begun.stays_up && problems.is_empty() {
            *begun.up.lock().await = Some(served);
        } else {
            served.stop().await;
        }
    }
    Ok(Asked { end: Some(executed?), problems, spent, canaries, cached })
}

/// Resolves when the time of the run is over; never where it has no limit.
async fn over(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// The judges of a suite, ready to be asked, and what they said of their canaries; or what came of the suite
/// where one of them is not there, or is not what it was.
async fn judges(
    with: &Asking<'_>,
) -> Result<Result<(Arc<JudgeContext>, BTreeMap<String, String>), Asked>, SessionError> {
    let Asking { options, project, begun, plan, .. } = with;
    let suite = &plan.suite;
    let mut asks: Arc<dyn Asks> = Arc::new(Network);
    if begun.budget.limits(&suite.name) {
        let budget = begun.budget.clone();
        asks = Arc::new(BudgetedJudges::new(asks, budget, &suite.name, (*project).clone()));
    }
    let lookup = |name: &str| std::env::var(name).ok();
    let mut canaries = BTreeMap::new();
    let mut stop = options.stop.clone();
    let watched = tokio::select! {
        biased;
        () = stopped(&mut stop) => return Ok(Err(Asked::nothing(Some(End::Interrupted), Vec::new()))),
        () = over(begun.deadline) => return Ok(Err(Asked::nothing(Some(End::Exhausted), Vec::new()))),
        watched = begun.canaries.watch(suite, project, &asks, &mut canaries, lookup) => watched?,
    };
    if let Some(problem) = watched {
        return Ok(Err(Asked { canaries, ..Asked::nothing(None, vec![problem]) }));
    }
    let asks = options.cache.before_judges(suite, asks);
    let store = Store::new(super::baselines_folder(options, project), options.ci);
    Ok(match seats(suite, project, &asks, &store, lookup)? {
        Ok(seats) => Ok((Arc::new(JudgeContext::of(suite).with_seats(seats)), canaries)),
        Err(problem) => Err(Asked::nothing(None, vec![problem])),
    })
}

/// Opens the way to the application, with all that stands before it.
fn reach(with: &Asking<'_>, context: &Context, deadline: Option<Instant>) -> Result<Before, SessionError> {
    let Asking { options, project, begun, plan, .. } = with;
    let suite = &plan.suite;
    let target = open(&suite.spec.target, context)
        .map_err(|error| SessionError::Target { suite: suite.name.clone(), error })?;
    let target: Arc<dyn Target> = Arc::from(target);
    let mut asked = layers(target.clone(), suite, &begun.pace, deadline);
    // Recorded answers cost nothing any more.
    if begun.budget.limits(&suite.name) && suite.spec.target.recorded.is_none() {
        let (budget, model) = (begun.budget.clone(), suite.model());
        asked = Arc::new(Budgeted::new(asked, budget, &suite.name, (*project).clone(), model));
    }
    Ok(options.cache.before(suite, context, &target, asked)?)
}

/// Why the application is not there to be asked.
enum NoStart {
    Stopped,
    Failed(Problem),
}

/// Starts the application, where the suite says how and anything is to be asked of it.
async fn start(
    options: &Options,
    suite: &Suite,
    context: &Context,
    log: PathBuf,
) -> Result<Option<Served>, NoStart> {
    let spec = suite.spec.target.serve.as_ref().filter(|_| options.rejudge.is_none());
    let Some(spec) = spec else { return Ok(None) };
    options.events.starting(&suite.name);
    let mut stop = options.stop.clone();
    tokio::select! {
        biased;
        () = stopped(&mut stop) => Err(NoStart::Stopped),
        started = Served::start(spec, &context.root, &context.secrets, &context.params, log) => {
            started.map(Some).map_err(|error| NoStart::Failed(Problem {
                kind: ProblemKind::Target,
                message: format!("the application did not start: {}", crate::exit::chain(&error)),
            }))
        }
    }
}

/// What the first live suite that lacks something lacks to be asked, or to be judged. An application that is not
/// `asked` needs no key.
pub fn unset_live<'a>(
    suites: impl Iterator<Item = &'a Suite>,
    project: &Project,
    asked: bool,
) -> Result<Option<Problem>, SessionError> {
    let lookup = |name: &str| std::env::var(name).ok();
    for suite in suites.filter(|suite| suite.is_live) {
        let (_, missing) = Secrets::gather(env_names(suite), lookup);
        if asked && !missing.is_empty() {
            return Ok(Some(unset(&suite.name, &missing)));
        }
        if let Some(problem) = seats::missing(suite, project, lookup)? {
            return Ok(Some(problem));
        }
    }
    Ok(None)
}

fn unset(suite: &str, names: &[String]) -> Problem {
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let (are, them) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
    Problem {
        kind: ProblemKind::Credentials,
        message: format!("suite `{suite}` refers to {list}, which {are} not set: set {them}, then run again"),
    }
}

/// What is told where the budget, or else the time, is used up.
fn exhausted(begun: &Begun, suite: &Suite, got: usize, of: usize, what: &str) -> Problem {
    if let Some(over) = begun.budget.over(&suite.name) {
        return problem(&over, got, of, what);
    }
    Problem {
        kind: ProblemKind::Budget,
        message: format!(
            "the time of the run is used up: {got} of {of} {what}; `holdline run --resume` goes on"
        ),
    }
}

fn interrupted() -> Problem {
    Problem {
        kind: ProblemKind::Interrupted,
        message: "the run was interrupted; `holdline run --resume` goes on where it stopped".into(),
    }
}

#[cfg(test)]
mod tests;
