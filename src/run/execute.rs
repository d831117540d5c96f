//! Asks cases of a plan: bounded concurrency, one journal line an answer.

use super::conversation::{Asker, Script, ScriptError};
use super::early::Early;
use super::events::Events;
use super::journal::{Journal, JournalError};
use super::plan::{Plan, Question};
use super::{Graded, Transcript};
use crate::expand::Case;
use crate::judge::{JudgeContext, JudgeError, Judges, Outcome, grade};
use crate::suite::Params;
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use crate::target::{Target, TargetErrorKind};
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
    /// The cases.
    pub plan: Plan,
    /// What to ask, in the order of asking.
    pub questions: Vec<Question>,
    /// Who says when enough was seen, if anybody; what came before is in its answers.
    pub early: Option<(Early, HashMap<Question, Graded>)>,
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
    /// How long what is in flight may take then.
    pub grace: Duration,
}

/// How an execution ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Everything was asked.
    Complete,
    /// Enough was seen; what was not looked at by then is not in the answers.
    Early,
    /// The time or the budget was used up.
    Exhausted,
    /// Somebody stopped it.
    Interrupted,
}

/// A question prepared for asking.
struct Prepared {
    question: Question,
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

    /// Asks the questions, and judges the answers. What is not asked when the run ends before its time is
    /// absent. Where enough may have been seen, the answers that came before are returned with the new ones.
    ///
    /// Every question is put to the target: a repeat is never served from the answer to another.
    pub async fn run(mut self) -> Result<(HashMap<Question, Graded>, End), ExecuteError> {
        let prepared = self.prepare()?;
        let (mut early, mut answers) = match self.early.take() {
            Some((early, known)) => (Some(early), known),
            None => (None, HashMap::new()),
        };
        let suite = self.plan.suite.clone();
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
        let mut flying: JoinSet<(Question, Graded)> = JoinSet::new();
        let far = Instant::now() + Duration::from_hours(24 * 365);
        // How it ends, once nothing more is begun and what is in flight may come to its end.
        let mut closing = None;
        let mut grace_ends = far;
        let end = loop {
            // Where no time is left to begin with, nothing is asked that would be given up at once.
            let is_over = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
            if is_over && waiting.len() + flying.len() > 0 {
                break End::Exhausted;
            }
            while closing.is_none()
                && flying.len() < concurrency
                && let Some(next) = waiting.next()
            {
                let shared = shared.clone();
                flying.spawn(async move { shared.ask(next).await });
            }
            if flying.is_empty() {
                break closing.unwrap_or(End::Complete);
            }
            tokio::select! {
                biased;
                () = stopped(&mut self.stop), if closing != Some(End::Interrupted) => {
                    if self.grace.is_zero() {
                        break End::Interrupted;
                    }
                    closing = Some(End::Interrupted);
                    grace_ends = Instant::now() + self.grace;
                }
                () = tokio::time::sleep_until(grace_ends) => break End::Interrupted,
                () = tokio::time::sleep_until(self.deadline.unwrap_or(far)) => break End::Exhausted,
                Some(joined) = flying.join_next() => {
                    let (question, graded) = match joined {
                        Ok(done) => done,
                        // A panic in a task is a bug of ours and must not look like a result.
                        Err(error) => match error.try_into_panic() {
                            Ok(panic) => std::panic::resume_unwind(panic),
                            Err(_) => continue,
                        },
                    };
                    if graded.transcript.error.as_ref().is_some_and(|error| error.kind == TargetErrorKind::NotAsked)
                    {
                        closing = closing.or(Some(End::Exhausted));
                        continue;
                    }
                    self.journal.keep(&suite.name, &graded)?;
                    self.events.done(&suite.name, graded.outcome);
                    answers.insert(question, graded);
                    if early.as_mut().is_some_and(|early| early.advance(&answers)) {
                        break End::Early;
                    }
                }
            }
        };
        flying.shutdown().await;
        if let Some(early) = early.filter(|_| end == End::Early) {
            early.keep_seen(&mut answers);
        }
        Ok((answers, end))
    }

    /// Compiles what the cases need; those with the same expectations share their judges.
    fn prepare(&self) -> Result<Vec<Prepared>, ExecuteError> {
        let scripts = Self::scripts(&self.plan, &self.judges)?;
        let mut compiled: HashMap<*const crate::suite::schema::Expect, Arc<Judges>> = HashMap::new();
        self.questions
            .iter()
            .map(|&question| {
                let case = &self.plan.cases[question.case];
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
                Ok(Prepared { question, script: scripts[case.scenario].clone(), judges })
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
    async fn ask(&self, prepared: Prepared) -> (Question, Graded) {
        let question = prepared.question;
        let case = &self.cases[question.case];
        let asker = Asker {
            target: &*self.target,
            secrets: &self.secrets,
            params: &self.params,
            project: &self.project,
            model: self.model.as_deref(),
            case_timeout: self.case_timeout,
            run: &self.run,
        };
        let transcript = asker.ask(case, question.repeat, &prepared.script).await;
        let mut graded = grade(&prepared.judges, case, transcript).await;
        // A judge that is a program may say what it was given by the environment.
        for verdict in &mut graded.verdicts {
            if let std::borrow::Cow::Owned(redacted) = self.secrets.redact(&verdict.reason) {
                verdict.reason = redacted;
            }
        }
        (question, graded)
    }
}

/// What a repeat of a case comes to that was never asked.
pub fn not_asked(case: &Case, repeat: u32) -> Graded {
    let transcript = Transcript { case: case.id, repeat, turns: Vec::new(), error: None, cost: None };
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
