//! One suite run: credentials, the application started, the cases asked, the application stopped.

use super::assemble::SuiteRun;
use super::begin::Begun;
use super::options::{Options, SessionError};
use crate::gate::{Problem, ProblemKind};
use crate::judge::JudgeContext;
use crate::run::{End, Execution, Graded, Plan, folder};
use crate::suite::env_names;
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
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
    let notes = begun.notes.clone();
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
    let stopped = |known, problem: Problem| Done {
        run: SuiteRun::new(plan.clone(), known, most_turns.clone(), vec![problem], notes.clone()),
        is_complete: false,
    };
    if *options.stop.borrow() {
        return Ok(stopped(known, interrupted()));
    }
    let (secrets, missing) = Secrets::gather(env_names(&suite), |name| std::env::var(name).ok());
    if !missing.is_empty() {
        let names = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message = match missing.len() {
            1 => {
                format!("suite `{}` refers to {names}, which is not set: set it, then run again", suite.name)
            }
            _ => format!(
                "suite `{}` refers to {names}, which are not set: set them, then run again",
                suite.name
            ),
        };
        return Ok(stopped(known, Problem { kind: ProblemKind::Credentials, message }));
    }
    let mut context = Context {
        root: suite.root.clone(),
        folder: suite.folder(),
        secrets: Arc::new(secrets),
        serve_port: None,
        request_timeout: suite.spec.run.request_timeout.get(),
        closures: options.closures.clone(),
    };
    let mut served = None;
    if let Some(spec) = &suite.spec.target.serve {
        options.events.starting(&suite.name);
        let log = folder::of(&options.root, &begun.id).join(format!("{}.log", suite.name));
        let mut stop = options.stop.clone();
        let starting = tokio::select! {
            biased;
            _ = stop.wait_for(|stop| *stop) => return Ok(stopped(known, interrupted())),
            starting = Served::start(spec, &context.root, &context.secrets, log) => starting,
        };
        match starting {
            Ok(started) => {
                context.serve_port = started.port();
                served = Some(started);
            }
            Err(error) => {
                let message = format!("the application did not start: {}", crate::exit::chain(&error));
                return Ok(stopped(known, Problem { kind: ProblemKind::Target, message }));
            }
        }
    }
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
        End::Exhausted => problems.push(Problem {
            kind: ProblemKind::Budget,
            message: format!(
                "the time of the run is used up: {} of {} cases were asked; `holdline run --resume` goes on",
                graded.len(),
                plan.selected.len()
            ),
        }),
    }
    Ok(Done {
        run: SuiteRun::new(plan, graded, most_turns, problems, notes),
        is_complete: end == End::Complete,
    })
}

fn interrupted() -> Problem {
    Problem {
        kind: ProblemKind::Interrupted,
        message: "the run was interrupted; `holdline run --resume` goes on where it stopped".into(),
    }
}
