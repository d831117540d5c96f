//! Asks cases of a plan: bounded concurrency, one journal line an answer.

use super::answered::Answered;
use super::conversation::{Asker, Script, ScriptError};
use super::course::{Course, Kept, Next};
use super::early::Early;
use super::events::Events;
use super::journal::{Journal, JournalError};
use super::plan::{Plan, Question};
use super::{Graded, Transcript};
use crate::expand::Case;
use crate::judge::{JudgeContext, Judges, Outcome, Verdict, grade};
use crate::suite::project::Project;
use crate::suite::secret::Secrets;
use crate::target::{Target, TargetErrorKind};
use std::sync::{Arc, OnceLock};
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
    /// A case that was put aside cannot be read back.
    #[error("the cases of the plan cannot be read back: {0}")]
    Cases(std::io::Error),
    /// The journal cannot be written.
    #[error("the journal cannot be written, so nothing more is asked: {0}")]
    Journal(#[from] JournalError),
}

/// What a plan is executed with.
pub struct Execution {
    /// The cases.
    pub plan: Plan,
    /// What to ask, in the order of asking; what is answered already is passed over.
    pub questions: Box<dyn Iterator<Item = Question> + Send>,
    /// Who says when enough was seen, if anybody.
    pub early: Option<Early>,
    /// The way to the application.
    pub target: Arc<dyn Target>,
    /// What judges need.
    pub judges: Arc<JudgeContext>,
    /// The scripts of the scenarios, in their order.
    pub scripts: Vec<Arc<Script>>,
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
    /// Enough was seen; what was not looked at by then is not among the answers.
    Early,
    /// The time or the budget was used up.
    Exhausted,
    /// Somebody stopped it.
    Interrupted,
}

/// The scripts of a suite's scenarios, in their order.
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

impl Execution {
    /// Asks the questions, judges the answers, keeps each in the journal, and puts into `answered` what it
    /// came to. Only what is in flight is held in memory. What is not asked when the run ends before its
    /// time stays as it was.
    ///
    /// Every question is put to the target: a repeat is never served from the answer to another.
    pub async fn run(mut self, answered: &mut Answered) -> Result<End, ExecuteError> {
        let suite = self.plan.suite.clone();
        let shared = Arc::new(Shared {
            compiled: (0..self.plan.cases.shared_len()).map(|_| OnceLock::new()).collect(),
            plan: self.plan.clone(),
            once: self.judges.for_one_answer(),
            judges: self.judges.clone(),
            scripts: std::mem::take(&mut self.scripts),
            journal: self.journal.clone(),
            target: self.target.clone(),
            secrets: self.secrets.clone(),
            project: self.project.clone(),
            model: suite.model(),
            case_timeout: suite.spec.run.case_timeout.map(crate::suite::quantity::Duration::get),
            run: self.run.clone(),
        });
        let questions = std::mem::replace(&mut self.questions, Box::new(std::iter::empty()));
        let (there, early) = (std::mem::take(answered), self.early.take());
        let course = Arc::new(Course::new(&self.plan, questions, there, early, self.events.clone()));
        let ended = self.until_ended(&shared, &course, suite.spec.run.concurrency.max(1)).await;
        let early;
        (*answered, early) = course.leave();
        if let (Some(early), Ok(End::Early)) = (early, &ended) {
            early.unseen().for_each(|case| answered.forget(case, 0));
        }
        ended
    }

    /// Lets so many tasks ask until nothing is left to ask, or the run ends before.
    async fn until_ended(
        &mut self,
        shared: &Arc<Shared>,
        course: &Arc<Course>,
        concurrency: usize,
    ) -> Result<End, ExecuteError> {
        // Where no time is left to begin with, nothing is asked that would be given up at once.
        let is_over = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_over && !course.is_done() {
            return Ok(End::Exhausted);
        }
        let mut flying = JoinSet::new();
        for _ in 0..concurrency {
            let (shared, course) = (shared.clone(), course.clone());
            flying.spawn(async move { shared.work(&course).await });
        }
        let far = Instant::now() + Duration::from_hours(24 * 365);
        let mut grace_ends = far;
        let end = loop {
            tokio::select! {
                biased;
                () = stopped(&mut self.stop), if grace_ends == far => {
                    if self.grace.is_zero() {
                        break Ok(End::Interrupted);
                    }
                    course.close(End::Interrupted);
                    grace_ends = Instant::now() + self.grace;
                }
                () = tokio::time::sleep_until(grace_ends) => break Ok(End::Interrupted),
                () = tokio::time::sleep_until(self.deadline.unwrap_or(far)) => break Ok(End::Exhausted),
                end = course.ended() => break end,
                joined = flying.join_next() => match joined {
                    None => break course.outcome(),
                    Some(Ok(())) => {}
                    // A panic in a task is a bug of ours and must not look like a result.
                    Some(Err(error)) => if let Ok(panic) = error.try_into_panic() {
                        std::panic::resume_unwind(panic)
                    },
                }
            }
        };
        flying.shutdown().await;
        end
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
    plan: Plan,
    /// The judges of expectations that several cases share, once they were needed.
    compiled: Vec<OnceLock<Arc<Judges>>>,
    judges: Arc<JudgeContext>,
    /// For expectations that no other case has.
    once: JudgeContext,
    scripts: Vec<Arc<Script>>,
    journal: Arc<Journal>,
    target: Arc<dyn Target>,
    secrets: Arc<Secrets>,
    project: Arc<Project>,
    model: Option<String>,
    case_timeout: Option<Duration>,
    run: String,
}

impl Shared {
    /// Asks one question after the other until there is none.
    async fn work(&self, course: &Course) {
        let mut came = None;
        while let Some(Next { case, place, repeat }) = course.next(came.take()) {
            came = Some(self.ask(case, place, repeat).await);
        }
    }

    /// Nothing where there was no budget to ask with.
    async fn ask(&self, case: Case, place: usize, repeat: u32) -> Result<Option<Kept>, JournalError> {
        let asker = Asker {
            target: &*self.target,
            secrets: &self.secrets,
            params: &self.plan.suite.params,
            project: &self.project,
            model: self.model.as_deref(),
            case_timeout: self.case_timeout,
            run: &self.run,
        };
        let own = (!case.turns.is_empty()).then(|| Script::of_case(&case.turns));
        let script = own.as_ref().unwrap_or(&self.scripts[case.scenario]);
        let transcript = asker.ask(&case, repeat, script).await;
        if transcript.error.as_ref().is_some_and(|error| error.kind == TargetErrorKind::NotAsked) {
            return Ok(None);
        }
        let Some(mut graded) = self.judge(&case, transcript).await else { return Ok(None) };
        // A judge that is a program may say what it was given by the environment, and a model what it was told.
        for verdict in &mut graded.verdicts {
            verdict.redact(&self.secrets);
        }
        let line = self.journal.keep(&self.plan.suite.name, &graded)?;
        Ok(Some(Kept { place, case, graded, line }))
    }

    /// Nothing where there was no budget to ask a judge with.
    async fn judge(&self, case: &Case, transcript: Transcript) -> Option<Graded> {
        let shared = self.plan.cases.shared(&case.expect).map(|at| &self.compiled[at]);
        if let Some(judges) = shared.and_then(OnceLock::get) {
            return grade(judges, case, transcript).await;
        }
        let context = if shared.is_some() { &*self.judges } else { &self.once };
        match Judges::compile(&case.expect, context) {
            Ok(judges) => {
                let judges = Arc::new(judges);
                if let Some(place) = shared {
                    // Another case may have been quicker; both are the same.
                    let _ = place.set(judges.clone());
                }
                grade(&judges, case, transcript).await
            }
            // Found before anything is asked, but for what only shows when it is built.
            Err(error) => {
                let verdict = Verdict::of_check("expect", Outcome::JudgeError, error.to_string());
                let outcome =
                    if transcript.error.is_some() { Outcome::TargetError } else { Outcome::JudgeError };
                Some(Graded { transcript, verdicts: vec![verdict], outcome })
            }
        }
    }
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
