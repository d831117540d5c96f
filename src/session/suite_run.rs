//! One suite run: credentials, the application started, the cases asked, the application stopped.

use super::assemble::SuiteRun;
use super::begin::Begun;
use super::options::{Options, SessionError};
use crate::gate::{Problem, ProblemKind};
use crate::judge::JudgeContext;
use crate::run::{Early, End, Execution, Graded, Plan, Question, Watch, families, folder, stopped};
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use crate::suite::{Suite, env_names};
use crate::target::{Context, Served, open};
use std::collections::HashMap;
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
    begun: &mut Begun,
    plan: Plan,
    watch: Option<Watch>,
) -> Result<Done, SessionError> {
    let suite = plan.suite.clone();
    let judges = Arc::new(JudgeContext::new(suite.root.clone(), suite.folder()));
    let most_turns =
        Execution::scripts(&plan, &judges)?.iter().map(|script| script.most_turns()).collect::<Vec<_>>();
    let mut notes = begun.notes.clone();
    notes.extend(super::params::overruled(&suite));
    let mut questions = plan.questions(options.repeats);
    let (cases, answers) = (plan.selected.len(), questions.len());
    let mut known = known(begun, &plan, &mut questions);
    let resumed = known.len();
    let watch = watch.filter(|_| suite.stops_early(options.repeats));
    let early = watch.map(|watch| (Early::new(families(&plan), watch), known.clone()));
    let asked = ask(
        Asking {
            options,
            project,
            begun,
            plan: &plan,
            early,
            judges,
            deadline: suite.spec.run.max_time.map(crate::suite::quantity::Duration::get),
            log: format!("{}.log", suite.name),
        },
        questions,
        || options.events.asking(&suite.name, cases, answers, resumed),
    )
    .await?;
    if asked.end == Some(End::Early) {
        known = asked.answers;
    } else {
        known.extend(asked.answers);
    }
    let mut problems = asked.problems;
    let got = known.len();
    match asked.end {
        Some(End::Exhausted) if answers == cases => problems.push(exhausted(got, cases, "cases were asked")),
        Some(End::Exhausted) => problems.push(exhausted(got, answers, "answers came")),
        Some(End::Interrupted) => problems.push(interrupted()),
        Some(End::Complete | End::Early) | None => {}
    }
    let is_complete = matches!(asked.end, Some(End::Complete | End::Early));
    let mut run = SuiteRun::new(plan, options.repeats, known, most_turns, problems, notes);
    run.spent = asked.spent;
    run.stopped_early = asked.end == Some(End::Early);
    Ok(Done { run, is_complete })
}

/// Asks cases of a suite again after its run, `times` each, and adds what comes to
/// [`SuiteRun::confirmations`]. Cases are named by their index among all cases of the plan. The application
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
    begun: &mut Begun,
    run: &mut SuiteRun,
    cases: &[usize],
    times: u32,
) -> Result<Option<Problem>, SessionError> {
    let plan = run.plan.clone();
    let suite = plan.suite.clone();
    if suite.spec.target.recorded.is_some() {
        return Ok(None);
    }
    let all: Vec<Question> = (0..times)
        .flat_map(|time| cases.iter().map(move |&case| (case, time)))
        .map(|(case, time)| Question { case, repeat: plan.repeats(case, options.repeats) + time })
        .collect();
    let mut questions = all.clone();
    let mut answers = known(begun, &plan, &mut questions);
    questions.retain(|question| {
        let there = run.confirmations.get(&question.case).into_iter().flatten();
        !there.into_iter().any(|graded| graded.transcript.repeat == question.repeat)
    });
    let wanted = questions.len();
    let asked = ask(
        Asking {
            options,
            project,
            begun,
            plan: &plan,
            early: None,
            judges: Arc::new(JudgeContext::new(suite.root.clone(), suite.folder())),
            deadline: suite.spec.run.max_time.map(|limit| limit.get().saturating_sub(run.spent)),
            log: format!("{}.again.log", suite.name),
        },
        questions,
        || options.events.confirming(&suite.name, cases.len(), wanted),
    )
    .await?;
    run.spent += asked.spent;
    let got = asked.answers.len();
    answers.extend(asked.answers);
    for question in all {
        if let Some(graded) = answers.remove(&question) {
            run.confirmations.entry(question.case).or_default().push(graded);
        }
    }
    Ok(match asked.end {
        Some(End::Exhausted) => Some(exhausted(got, wanted, "answers came that were to confirm what broke")),
        Some(End::Interrupted) => Some(interrupted()),
        Some(End::Complete | End::Early) | None => asked.problems.into_iter().next(),
    })
}

/// What a killed run had come to already; these questions are not asked again.
fn known(begun: &mut Begun, plan: &Plan, questions: &mut Vec<Question>) -> HashMap<Question, Graded> {
    let mut known = HashMap::new();
    questions.retain(|question| {
        let key = (plan.suite.name.clone(), plan.cases[question.case].id, question.repeat);
        let found = begun.known.remove(&key);
        let is_new = found.is_none();
        known.extend(found.map(|graded| (*question, graded)));
        is_new
    });
    known
}

/// What questions are asked with.
struct Asking<'a> {
    options: &'a Options,
    project: &'a Arc<Project>,
    begun: &'a Begun,
    plan: &'a Plan,
    /// Who says when enough was seen, with what is there already.
    early: Option<(Early, HashMap<Question, Graded>)>,
    judges: Arc<JudgeContext>,
    /// How long asking may take.
    deadline: Option<Duration>,
    /// Name of the application's log in the run's folder.
    log: String,
}

/// What came of asking.
struct Asked {
    answers: HashMap<Question, Graded>,
    /// How it ended; `None` where it could not begin, for which there is a problem.
    end: Option<End>,
    problems: Vec<Problem>,
    spent: Duration,
}

impl Asked {
    fn nothing(end: Option<End>, problems: Vec<Problem>) -> Self {
        Self { answers: HashMap::new(), end, problems, spent: Duration::ZERO }
    }
}

/// Starts the application, asks, and stops it. Where there is nothing to ask, nothing is started.
async fn ask(
    mut with: Asking<'_>,
    questions: Vec<Question>,
    announce: impl FnOnce(),
) -> Result<Asked, SessionError> {
    let Asking { options, project, begun, plan, .. } = with;
    let suite = &plan.suite;
    if *options.stop.borrow() {
        return Ok(Asked::nothing(Some(End::Interrupted), Vec::new()));
    }
    // Before credentials: who asks nothing needs none.
    if questions.is_empty() && with.early.is_none() {
        return Ok(Asked::nothing(Some(End::Complete), Vec::new()));
    }
    let (secrets, missing) = Secrets::gather(env_names(suite), |name| std::env::var(name).ok());
    if !missing.is_empty() {
        return Ok(Asked::nothing(None, vec![unset(&suite.name, &missing)]));
    }
    if let Some((early, known)) = &mut with.early
        && early.advance(known)
    {
        early.keep_seen(known);
        let answers = std::mem::take(known);
        return Ok(Asked { answers, ..Asked::nothing(Some(End::Early), Vec::new()) });
    }
    if questions.is_empty() {
        return Ok(Asked::nothing(Some(End::Complete), Vec::new()));
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
    let log = folder::of(&options.root, &begun.id).join(&with.log);
    let served = match start(options, suite, &context, log).await {
        Ok(served) => served,
        Err(NoStart::Stopped) => return Ok(Asked::nothing(Some(End::Interrupted), Vec::new())),
        Err(NoStart::Failed(problem)) => return Ok(Asked::nothing(None, vec![problem])),
    };
    context.serve_port = served.as_ref().and_then(Served::port);
    let target = open(&suite.spec.target, &context)
        .map_err(|error| SessionError::Target { suite: suite.name.clone(), error })?;
    let execution = Execution {
        plan: plan.clone(),
        questions,
        early: with.early,
        target: Arc::from(target),
        judges: with.judges,
        secrets: context.secrets.clone(),
        project: project.clone(),
        run: begun.id.clone(),
        journal: begun.journal.clone(),
        events: options.events.clone(),
        deadline: with.deadline.map(|limit| Instant::now() + limit),
        stop: options.stop.clone(),
    };
    announce();
    let begin = Instant::now();
    let executed = execution.run().await;
    let spent = begin.elapsed();
    options.events.finished(&suite.name);
    let mut problems = Vec::new();
    if let Some(mut served) = served {
        if let Some(death) = served.died() {
            let message = format!("the application ended during the run: {}", crate::exit::chain(&death));
            problems.push(Problem { kind: ProblemKind::Target, message });
        }
        served.stop().await;
    }
    let (answers, end) = executed?;
    Ok(Asked { answers, end: Some(end), problems, spent })
}

/// Why the application is not there to be asked.
enum NoStart {
    Stopped,
    Failed(Problem),
}

/// Starts the application, where the suite says how.
async fn start(
    options: &Options,
    suite: &Suite,
    context: &Context,
    log: PathBuf,
) -> Result<Option<Served>, NoStart> {
    let Some(spec) = &suite.spec.target.serve else { return Ok(None) };
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

fn unset(suite: &str, names: &[String]) -> Problem {
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    let (are, them) = if names.len() == 1 { ("is", "it") } else { ("are", "them") };
    Problem {
        kind: ProblemKind::Credentials,
        message: format!("suite `{suite}` refers to {list}, which {are} not set: set {them}, then run again"),
    }
}

fn exhausted(got: usize, of: usize, what: &str) -> Problem {
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
