//! Runs the selected cases of a plan against a target: bounded concurrency, one journal line a case.

use super::conversation::{Asker, Script, ScriptError};
use super::events::Events;
use super::journal::{Journal, JournalError};
use super::plan::Plan;
use super::{Graded, Transcript};
use crate::expand::Case;
use crate::judge::{JudgeContext, JudgeError, Judges, Outcome, grade};
use crate::suite::Params;
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use crate::target::Target;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::Instant;

/// Why a plan cannot be executed at all. What goes wrong with one case is in its transcript.
#[derive(Debug, thiserror::Error)]
pub enum ExecuteError {
    /// A scenario's script cannot be used.
    #[error("scenario `{scenario}`: {error}")]
    Script {
        /// The scenario's id.
        scenario: String,
        /// What is wrong.
        error: ScriptError,
    },
    /// An expectation cannot be used.
    #[error("{file}:{line}: {error}")]
    Judge {
        /// File of the case.
        file: String,
        /// Line of the case.
        line: u32,
        /// What is wrong.
        error: JudgeError,
    },
    /// The journal cannot be written.
    #[error("the journal cannot be written, so nothing more is asked: {0}")]
    Journal(#[from] JournalError),
}

/// What a plan is executed with.
pub struct Execution {
    /// What to ask.
    pub plan: Plan,
    /// The way to the application.
    pub target: Arc<dyn Target>,
    /// What judges need.
    pub judges: Arc<JudgeContext>,
    /// The values of the environment that the suite refers to.
    pub secrets: Arc<Secrets>,
    /// Prices of models.
    pub project: Arc<Project>,
    /// Id of the run.
    pub run: String,
    /// Where what comes is kept.
    pub journal: Arc<Journal>,
    /// Who watches.
    pub events: Arc<dyn Events>,
    /// When all must be done.
    pub deadline: Option<Instant>,
    /// Turns true when the run is to end.
    pub stop: watch::Receiver<bool>,
}

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Every selected case was asked.
    Complete,
    /// The time was used up.
    Exhausted,
    /// Somebody stopped it.
    Interrupted,
}

/// A case prepared for asking.
struct Prepared {
    index: usize,
    script: Arc<Script>,
    judges: Arc<Judges>,
}

impl Execution {
    /// The most turns of each scenario's script, in the order of the scenarios.
    pub fn scripts(plan: &Plan, context: &Arc<JudgeContext>) -> Result<Vec<Arc<Script>>, ExecuteError> {
        plan.suite
            .scenarios
            .iter()
            .map(|scenario| {
                Script::new(&scenario.spec.conversation, scenario.spec.max_turns, context)
                    .map(Arc::new)
                    .map_err(|error| ExecuteError::Script { scenario: scenario.id.clone(), error })
            })
            .collect()
    }

    /// Asks and judges the selected cases except those in `known`, and returns what all came to, by
    /// the case's index. Cases not asked when the run ended early are absent.
    pub async fn run(
        mut self,
        mut known: HashMap<usize, Graded>,
    ) -> Result<(HashMap<usize, Graded>, End), ExecuteError> {
        let prepared = self.prepare(&known)?;
        let suite = self.plan.suite.clone();
        self.events.asking(&suite.name, self.plan.selected.len(), known.len());
        let concurrency = suite.spec.run.concurrency.max(1);
        let shared = Arc::new(Shared {
            cases: self.plan.cases.clone(),
            target: self.target.clone(),
            secrets: self.secrets.clone(),
            project: self.project.clone(),
            model: suite.model(),
            params: suite.params.clone(),
            case_timeout: suite.spec.run.case_timeout.map(crate::suite::quantity::Duration::get),
            run: self.run.clone(),
        });
        let mut waiting = prepared.into_iter();
        let mut flying: JoinSet<(usize, Graded)> = JoinSet::new();
        let far = Instant::now() + Duration::from_hours(24 * 365);
        let end = loop {
            while flying.len() < concurrency
                && let Some(next) = waiting.next()
            {
                let shared = shared.clone();
                flying.spawn(async move { shared.ask(next).await });
            }
            if flying.is_empty() {
                break End::Complete;
            }
            tokio::select! {
                biased;
                () = stopped(&mut self.stop) => break End::Interrupted,
                () = tokio::time::sleep_until(self.deadline.unwrap_or(far)) => break End::Exhausted,
                Some(joined) = flying.join_next() => {
                    let (index, graded) = match joined {
                        Ok(done) => done,
                        // A panic in a task is a bug of ours and must not look like a result.
                        Err(error) => match error.try_into_panic() {
                            Ok(panic) => std::panic::resume_unwind(panic),
                            Err(_) => continue,
                        },
                    };
                    self.journal.keep(&suite.name, &graded)?;
                    self.events.done(&suite.name, graded.outcome);
                    known.insert(index, graded);
                }
            }
        };
        flying.shutdown().await;
        self.events.finished(&suite.name);
        Ok((known, end))
    }

    /// Compiles what the waiting cases need; cases with the same expectations share their judges.
    fn prepare(&self, known: &HashMap<usize, Graded>) -> Result<Vec<Prepared>, ExecuteError> {
        let scripts = Self::scripts(&self.plan, &self.judges)?;
        let mut compiled: HashMap<*const crate::suite::schema::Expect, Arc<Judges>> = HashMap::new();
        let waiting = self.plan.selected.iter().filter(|index| !known.contains_key(index));
        waiting
            .map(|&index| {
                let case = &self.plan.cases[index];
                let judges = match compiled.entry(case.expect.as_ptr()) {
                    std::collections::hash_map::Entry::Occupied(entry) => entry.get().clone(),
                    std::collections::hash_map::Entry::Vacant(entry) => {
                        let place = &case.provenance.place;
                        let judges = Judges::compile(&case.expect, &self.judges).map_err(|error| {
                            ExecuteError::Judge { file: place.file.to_string(), line: place.line, error }
                        })?;
                        entry.insert(Arc::new(judges)).clone()
                    }
                };
                Ok(Prepared { index, script: scripts[case.scenario].clone(), judges })
            })
            .collect()
    }
}

/// Resolves when the run is to end; never, when nobody can say so any more.
pub async fn stopped(stop: &mut watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// What all cases in flight share.
struct Shared {
    cases: Arc<[Case]>,
    target: Arc<dyn Target>,
    secrets: Arc<Secrets>,
    params: Arc<Params>,
    project: Arc<Project>,
    model: Option<String>,
    case_timeout: Option<Duration>,
    run: String,
}

impl Shared {
    async fn ask(&self, prepared: Prepared) -> (usize, Graded) {
        let case = &self.cases[prepared.index];
        let asker = Asker {
            target: &*self.target,
            secrets: &self.secrets,
            params: &self.params,
            project: &self.project,
            model: self.model.as_deref(),
            case_timeout: self.case_timeout,
            run: &self.run,
        };
        let transcript = asker.ask(case, 0, &prepared.script).await;
        let mut graded = grade(&prepared.judges, case, transcript).await;
        // A judge that is a program may say what it was given by the environment.
        for verdict in &mut graded.verdicts {
            if let std::borrow::Cow::Owned(redacted) = self.secrets.redact(&verdict.reason) {
                verdict.reason = redacted;
            }
        }
        (prepared.index, graded)
    }
}

/// What a case comes to that was never asked.
pub fn not_asked(case: &Case) -> Graded {
    let transcript = Transcript { case: case.id, repeat: 0, turns: Vec::new(), error: None, cost: None };
    Graded { transcript, verdicts: Vec::new(), outcome: Outcome::Skipped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_run_that_nobody_can_stop_goes_on() {
        let (sender, mut stop) = watch::channel(false);
        drop(sender);
        let waited = tokio::time::timeout(Duration::from_millis(20), stopped(&mut stop)).await;
        assert!(waited.is_err());
    }

    #[tokio::test]
    async fn a_stop_is_seen_also_when_it_came_first() {
        let (sender, mut stop) = watch::channel(false);
        sender.send(true).unwrap();
        stopped(&mut stop).await;
    }
}
