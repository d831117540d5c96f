//! One suite run: credentials, the application started, the cases asked, the application stopped.

use super::assemble::SuiteRun;
use super::begin::Begun;
use super::options::{Options, SessionError};
use crate::gate::{Problem, ProblemKind};
use crate::judge::JudgeContext;
use crate::run::{End, Execution, Graded, Plan, folder, stopped};
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use crate::suite::{Suite, env_names};
use crate::target::{Context, Served, open};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::time::Instant;

/// A suite that was run, as far as it went.
pub struct Done {
    /// What came of it.
    pub run: SuiteRun,
    /// Whether every selected case was asked.
    pub is_complete: bool,
}

/// Runs one suite. What goes wrong with the application is a problem of the suite, and no error.
pub async fn run(
    options: &Options,
    project: &Arc<Project>,
    begun: &mut Begun,
    plan: Plan,
) -> Result<Done, SessionError> {
    let suite = plan.suite.clone();
    let mut notes = begun.notes.clone();
    notes.extend(super::params::overruled(&suite));
    let known: HashMap<usize, Graded> = plan
        .selected
        .iter()
        .filter_map(|&index| {
            let key = (suite.name.clone(), plan.cases[index].id, 0);
            begun.known.remove(&key).map(|graded| (index, graded))
        })
        .collect();
    let judges = Arc::new(JudgeContext::new(suite.root.clone(), suite.folder()));
    let most_turns =
        Execution::scripts(&plan, &judges)?.iter().map(|script| script.most_turns()).collect::<Vec<_>>();
    let given_up = |known, problem: Problem| Done {
        run: SuiteRun::new(plan.clone(), known, most_turns.clone(), vec![problem], notes.clone()),
        is_complete: false,
    };
    if *options.stop.borrow() {
        return Ok(given_up(known, interrupted()));
    }
    let (secrets, missing) = Secrets::gather(env_names(&suite), |name| std::env::var(name).ok());
    if !missing.is_empty() {
        return Ok(given_up(known, unset(&suite.name, &missing)));
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
    let served = match start(options, begun, &suite, &context).await {
        Ok(served) => served,
        Err(problem) => return Ok(given_up(known, problem)),
    };
    context.serve_port = served.as_ref().and_then(Served::port);
    let target = open(&suite.spec.target, &context)
        .map_err(|error| SessionError::Target { suite: suite.name.clone(), error })?;
    let execution = Execution {
        plan: plan.clone(),
        target: Arc::from(target),
        judges: judges.clone(),
        secrets: context.secrets.clone(),
        project: project.clone(),
        run: begun.id.clone(),
        journal: begun.journal.clone(),
        events: options.events.clone(),
        deadline: suite.spec.run.max_time.map(|limit| Instant::now() + limit.get()),
        stop: options.stop.clone(),
    };
    let executed = execution.run(known).await;
    let mut problems = Vec::new();
    if let Some(mut served) = served {
        if let Some(death) = served.died() {
            let message = format!("the application ended during the run: {}", crate::exit::chain(&death));
            problems.push(Problem { kind: ProblemKind::Target, message });
        }
        served.stop().await;
    }
    let (graded, end) = executed?;
    match end {
        End::Complete => {}
        End::Interrupted => problems.push(interrupted()),
        End::Exhausted => problems.push(exhausted(graded.len(), plan.selected.len())),
    }
    Ok(Done {
        run: SuiteRun::new(plan, graded, most_turns, problems, notes),
        is_complete: end == End::Complete,
    })
}

/// Starts the application, where the suite says how.
async fn start(
    options: &Options,
    begun: &Begun,
    suite: &Suite,
    context: &Context,
) -> Result<Option<Served>, Problem> {
    let Some(spec) = &suite.spec.target.serve else { return Ok(None) };
    options.events.starting(&suite.name);
    let log = folder::of(&options.root, &begun.id).join(format!("{}.log", suite.name));
    let mut stop = options.stop.clone();
    tokio::select! {
        biased;
        () = stopped(&mut stop) => Err(interrupted()),
        started = Served::start(spec, &context.root, &context.secrets, &context.params, log) => {
            started.map(Some).map_err(|error| Problem {
                kind: ProblemKind::Target,
                message: format!("the application did not start: {}", crate::exit::chain(&error)),
            })
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

fn exhausted(asked: usize, selected: usize) -> Problem {
    Problem {
        kind: ProblemKind::Budget,
        message: format!(
            "the time of the run is used up: {asked} of {selected} cases were asked; `holdline run --resume` goes on"
        ),
    }
}

fn interrupted() -> Problem {
    Problem {
        kind: ProblemKind::Interrupted,
        message: "the run was interrupted; `holdline run --resume` goes on where it stopped".into(),
    }
}
