//! The condition under which a follow-up of a conversation is said.

use super::checks::{Compiled, Kind, Ruling, Subject, Use, compile};
use super::context::JudgeContext;
use super::error::JudgeError;
use crate::suite::schema::Expect;
use crate::target::Turn;

/// A condition on the last answer of a conversation, from a follow-up's `when`.
#[derive(Debug)]
pub struct Condition {
    checks: Vec<Compiled>,
}

impl Condition {
    /// Compiles a `when`. What the user says next must follow from the answers alone, so that the
    /// same answers always lead to the same conversation: `command`, `latency` and `cost` are errors.
    pub fn compile(when: &Expect, context: &JudgeContext) -> Result<Self, JudgeError> {
        Ok(Self { checks: compile(when, context, Use::When, None)? })
    }

    /// Whether every check holds of the last of the turns so far; `turns` counts them all. What cannot
    /// be told does not hold, and neither does anything before the first answer.
    pub fn holds(&self, turns: &[Turn]) -> bool {
        let Some(last) = turns.last() else { return false };
        let subject = Subject::new(&last.answer, turns.len(), None);
        self.checks.iter().all(|check| match &check.kind {
            Kind::Direct(direct) => match direct.rule(&subject) {
                Ruling::Holds(_) => !check.inverted,
                Ruling::Fails(_) => check.inverted,
                Ruling::Unknown(_) => false,
            },
            Kind::Command(_) => false,
        })
    }
}
