//! How far an execution is: the questions that are left, and what came so far. The tasks that ask share it:
//! each hands in what came of its last question as it takes the next.

use super::Graded;
use super::answered::{Answered, place_of};
use super::cases::{CaseReader, Cases};
use super::early::Early;
use super::events::Events;
use super::execute::{End, ExecuteError};
use super::journal::JournalError;
use super::plan::{Plan, Question};
use crate::expand::Case;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The next question.
pub struct Next {
    /// What is asked.
    pub case: Case,
    /// The place of the case in the selection.
    pub place: usize,
    /// Which repeat, from 0.
    pub repeat: u32,
}

/// A case that was asked, judged and kept.
pub struct Kept {
    /// Its place in the selection.
    pub place: usize,
    /// What was asked.
    pub case: Case,
    /// What it came to.
    pub graded: Graded,
    /// Where in the journal that stands.
    pub line: u64,
}

/// How far an execution is.
pub struct Course {
    plan: Plan,
    events: Arc<dyn Events>,
    state: Mutex<State>,
    /// Tells that nothing more is to come although something is in flight.
    over: Notify,
}

struct State {
    questions: Box<dyn Iterator<Item = Question> + Send>,
    /// The next question and the place of its case in the selection.
    waiting: Option<(Question, usize)>,
    cases: CaseReader<Arc<Cases>>,
    answered: Answered,
    early: Option<Early>,
    /// How it ends, once no more questions are given out and what is in flight may come to its end.
    closing: Option<End>,
    /// How it ended, whatever is in flight.
    ended: Option<Result<End, ExecuteError>>,
}

impl Course {
    /// At its beginning. What is there already is not asked.
    pub fn new(
        plan: &Plan,
        questions: Box<dyn Iterator<Item = Question> + Send>,
        answered: Answered,
        early: Option<Early>,
        events: Arc<dyn Events>,
    ) -> Self {
        let cases = CaseReader::new(plan.cases.clone());
        let mut state =
            State { questions, waiting: None, cases, answered, early, closing: None, ended: None };
        state.advance(plan);
        Self { plan: plan.clone(), events, state: Mutex::new(state), over: Notify::new() }
    }

    /// Whether no question is left.
    pub fn is_done(&self) -> bool {
        self.state().waiting.is_none()
    }

    /// Takes in what came of a question that is done, and gives out the next. Nothing came where there was no
    /// budget to ask with: then no more are given out.
    pub fn next(&self, done: Option<Result<Option<Kept>, JournalError>>) -> Option<Next> {
        if let Some(Ok(Some(kept))) = &done {
            self.events.done(&self.plan.suite.name, kept.graded.outcome);
        }
        let mut state = self.state();
        if state.ended.is_some() {
            return None;
        }
        match done {
            None => {}
            Some(Ok(None)) => state.closing = state.closing.or(Some(End::Exhausted)),
            Some(Ok(Some(Kept { place, case, graded, line }))) => {
                let State { answered, early, .. } = &mut *state;
                answered.take(place, &case, &graded, line);
                if early.as_mut().is_some_and(|early| early.advance(|case| answered.outcome(case))) {
                    return self.end(&mut state, Ok(End::Early));
                }
            }
            Some(Err(error)) => return self.end(&mut state, Err(error.into())),
        }
        if state.closing.is_some() {
            return None;
        }
        let (Question { case, repeat }, place) = state.waiting?;
        match state.cases.get(case) {
            Ok(case) => {
                state.advance(&self.plan);
                Some(Next { case, place, repeat })
            }
            Err(error) => self.end(&mut state, Err(ExecuteError::Cases(error))),
        }
    }

    /// Gives out no more questions.
    pub fn close(&self, end: End) {
        self.state().closing = Some(end);
    }

    /// Resolves once nothing more is to come, whatever is in flight.
    pub async fn ended(&self) -> Result<End, ExecuteError> {
        self.over.notified().await;
        self.outcome()
    }

    /// How it ended, once nothing is in flight.
    pub fn outcome(&self) -> Result<End, ExecuteError> {
        let mut state = self.state();
        let closing = state.closing.unwrap_or(End::Complete);
        state.ended.take().unwrap_or(Ok(closing))
    }

    /// What came, and who says when it is enough. To be called once nothing is in flight.
    pub fn leave(&self) -> (Answered, Option<Early>) {
        let mut state = self.state();
        (std::mem::take(&mut state.answered), state.early.take())
    }

    fn end(&self, state: &mut State, how: Result<End, ExecuteError>) -> Option<Next> {
        state.ended = Some(how);
        self.over.notify_one();
        None
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Looks for the next question that is not answered.
    fn advance(&mut self, plan: &Plan) {
        let Self { questions, answered, .. } = self;
        self.waiting = questions.find_map(|question| {
            let place = place_of(plan, question.case)?;
            (!answered.has(place, question.repeat)).then_some((question, place))
        });
    }
}
