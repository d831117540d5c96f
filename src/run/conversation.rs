//! One case asked: its first question, and the follow-ups that the answers call for.

use super::Transcript;
use crate::expand::Case;
use crate::judge::{Condition, JudgeContext};
use crate::suite::Params;
use crate::suite::params::PARAMS;
use crate::suite::project::Project;
use crate::suite::schema::{Expect, FollowUp};
use crate::suite::secret::Secrets;
use crate::suite::template::{JsonTemplate, Scope, Template, TemplateError};
use crate::target::{Request, Target, TargetError, TargetErrorKind, Turn};
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// Why a scenario's script cannot be used. The loader finds these first, with their places.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// What the user says is no template.
    #[error("a follow-up is no template: {0}")]
    Template(#[from] TemplateError),
    /// The condition cannot be used.
    #[error("the condition of a follow-up: {0}")]
    Condition(#[from] crate::judge::JudgeError),
    /// The condition, filled in, is not one any more.
    #[error("the condition of a follow-up: {0}")]
    Shape(#[from] serde_json::Error),
}

/// A scenario's script, ready to be played.
#[derive(Debug, Default)]
pub struct Script {
    steps: Vec<Step>,
    max_turns: u32,
}

#[derive(Debug)]
struct Step {
    when: When,
    user: Says,
    times: u32,
}

/// What the user says.
#[derive(Debug)]
enum Says {
    /// Filled in for each case.
    Template(Template),
    /// Data of one case.
    Text(String),
}

impl Says {
    fn render(&self, scope: &Scope) -> Result<Value, TemplateError> {
        match self {
            Self::Template(template) => template.render(scope),
            Self::Text(text) => Ok(Value::String(text.clone())),
        }
    }
}

/// When a follow-up is said.
#[derive(Debug)]
enum When {
    Always,
    /// The same for every case.
    Fixed(Condition),
    /// Filled in for each case.
    Template(JsonTemplate, Arc<JudgeContext>),
}

impl When {
    fn new(when: Option<&Expect>, context: &Arc<JudgeContext>) -> Result<Self, ScriptError> {
        let Some(when) = when else { return Ok(Self::Always) };
        let template = JsonTemplate::parse(&serde_json::to_value(when)?)?;
        if template.templates().iter().all(|template| template.is_plain()) {
            Ok(Self::Fixed(Condition::compile(when, context)?))
        } else {
            Ok(Self::Template(template, context.clone()))
        }
    }

    fn holds(&self, turns: &[Turn], scope: &Scope) -> Result<bool, ScriptError> {
        match self {
            Self::Always => Ok(true),
            Self::Fixed(condition) => Ok(condition.holds(turns)),
            Self::Template(template, context) => {
                let when: Expect = serde_json::from_value(template.render(scope)?)?;
                Ok(Condition::compile(&when, context)?.holds(turns))
            }
        }
    }
}

impl Script {
    /// Prepares the follow-ups of a scenario. Without a limit there is one turn more than follow-ups.
    pub fn new(
        follow_ups: &[FollowUp],
        max_turns: Option<u32>,
        context: &Arc<JudgeContext>,
    ) -> Result<Self, ScriptError> {
        let steps = follow_ups
            .iter()
            .map(|step| {
                let when = When::new(step.when.as_ref(), context)?;
                Ok(Step { when, user: Says::Template(Template::parse(&step.user)?), times: step.times })
            })
            .collect::<Result<Vec<_>, ScriptError>>()?;
        let all = follow_ups.iter().fold(1_u32, |all, step| all.saturating_add(step.times));
        Ok(Self { steps, max_turns: max_turns.unwrap_or(all) })
    }

    /// What a case brings along to be said, one after the other, whatever is answered.
    pub fn of_case(turns: &[String]) -> Self {
        let step = |turn: &String| Step { when: When::Always, user: Says::Text(turn.clone()), times: 1 };
        let steps: Vec<Step> = turns.iter().map(step).collect();
        let max_turns = u32::try_from(steps.len()).unwrap_or(u32::MAX).saturating_add(1);
        Self { steps, max_turns }
    }

    /// The most turns that a conversation can have; `None` where the scenario has no script.
    pub fn most_turns(&self) -> Option<u32> {
        (!self.steps.is_empty()).then_some(self.max_turns)
    }

    /// Whether, after some turns, the user would say something more: then the last answer is not the one that the
    /// expectations of the scenario are about.
    pub fn goes_on(&self, turns: &[Turn], scope: &Scope) -> Result<bool, ScriptError> {
        Ok(self.next(&mut self.unsaid(), turns, scope)?.is_some())
    }

    /// How often each follow-up was said when nothing was.
    pub(super) fn unsaid(&self) -> Vec<u32> {
        vec![0; self.steps.len()]
    }

    /// What the first follow-up says that is not used up and whose condition holds.
    pub(super) fn next(
        &self,
        said: &mut [u32],
        turns: &[Turn],
        scope: &Scope,
    ) -> Result<Option<Value>, ScriptError> {
        if turns.len() >= self.max_turns as usize {
            return Ok(None);
        }
        for (step, said) in self.steps.iter().zip(said) {
            if *said < step.times && step.when.holds(turns, scope)? {
                *said += 1;
                return Ok(Some(step.user.render(&scope.clone().with("turns", turns))?));
            }
        }
        Ok(None)
    }
}

/// What every case of a run is asked with.
pub struct Asker<'a> {
    /// The way to the application.
    pub target: &'a dyn Target,
    /// The values of the environment that the suite refers to.
    pub secrets: &'a Secrets,
    /// The parameters of the suite.
    pub params: &'a Params,
    /// Prices of models.
    pub project: &'a Project,
    /// Model asked for, where answers do not name theirs.
    pub model: Option<&'a str>,
    /// Limit on the time of a case.
    pub case_timeout: Option<Duration>,
    /// Id of the run.
    pub run: &'a str,
}

impl Asker<'_> {
    /// Asks a case and plays its script; nothing is asked where every answer is in the cache. Never fails: what
    /// goes wrong is in the transcript.
    pub async fn ask(&self, case: &Case, repeat: u32, script: &Script) -> Transcript {
        if let Some(recalled) = self.recall(case, repeat, script).await {
            return recalled;
        }
        let deadline = self.case_timeout.map(|limit| (Instant::now() + limit, limit));
        let (mut request, scope) = self.opening(case, repeat);
        request.deadline = deadline.map(|(deadline, _)| deadline.into_std());
        let mut said = script.unsaid();
        let error = loop {
            let asking = self.target.ask(&request);
            let asked = match deadline {
                None => asking.await,
                Some((deadline, limit)) => {
                    tokio::time::timeout_at(deadline, asking).await.unwrap_or_else(|_| {
                        let message = format!("the case took longer than its limit of {limit:?}");
                        Err(TargetError::new(TargetErrorKind::Timeout, message))
                    })
                }
            };
            let answer = match asked {
                Ok(answer) => answer,
                Err(error) => break Some(error),
            };
            let user = std::mem::take(&mut request.input);
            request.turns.push(Turn { user, answer });
            match script.next(&mut said, &request.turns, &scope) {
                Ok(None) => break None,
                Ok(Some(input)) => request.input = input,
                Err(error) => {
                    let message = self.secrets.redact(&error.to_string()).into_owned();
                    break Some(TargetError::new(TargetErrorKind::Template, message));
                }
            }
        };
        self.transcript(request, error)
    }

    /// The first question of a case, and what its script is filled in with.
    pub(super) fn opening(&self, case: &Case, repeat: u32) -> (Request, Scope) {
        let conversation = format!("{}-{}-{repeat}", self.run, case.id);
        let scope = Scope::new(self.secrets)
            .with("input", &case.input)
            .with("row", &case.row)
            .with("knobs", &case.knobs)
            .with(PARAMS, self.params.values())
            .with("conversation", std::collections::BTreeMap::from([("id", &conversation)]));
        let request = Request {
            case: case.id,
            row_id: case.row_id.clone(),
            repeat,
            input: case.input.clone(),
            turns: Vec::new(),
            row: case.row.clone(),
            knobs: case.knobs.clone(),
            conversation,
            deadline: None,
        };
        (request, scope)
    }

    /// What is kept of a case.
    pub(super) fn transcript(&self, mut request: Request, error: Option<TargetError>) -> Transcript {
        let cost = self.cost(&request.turns);
        // The application was told what the suite says; what is kept holds no secret.
        for turn in &mut request.turns {
            self.secrets.redact_value(&mut turn.user);
        }
        Transcript { case: request.case, repeat: request.repeat, turns: request.turns, error, cost }
    }

    /// Cost of all turns, where usage and price of each are known.
    fn cost(&self, turns: &[Turn]) -> Option<f64> {
        if turns.is_empty() {
            return None;
        }
        turns
            .iter()
            .map(|turn| {
                let model = turn.answer.model.as_deref().or(self.model)?;
                self.project.price(model, turn.answer.usage?)
            })
            .sum()
    }
}
