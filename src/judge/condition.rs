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
            Kind::Command(_) | Kind::Model(_) => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::checks::trial::{answer, expect, says, transcript};
    use super::*;
    use serde_json::json;

    fn holds(when: &str, answers: Vec<crate::target::Answer>) -> bool {
        let condition = Condition::compile(&expect(when), &JudgeContext::new(".", ".")).unwrap();
        condition.holds(&transcript(answers).turns)
    }

    #[test]
    fn all_that_is_said_must_hold_of_the_last_answer() {
        let clarify = answer(json!({"output": "Which meeting?", "label": "clarify"}));
        assert!(holds("label = 'clarify'", vec![says("x"), clarify.clone()]));
        assert!(!holds("label = 'clarify'", vec![clarify.clone(), says("x")]));
        assert!(holds("label = 'clarify'\nmatches = 'meeting'", vec![clarify.clone()]));
        assert!(!holds("label = 'clarify'\nmatches = 'document'", vec![clarify]));
    }

    #[test]
    fn not_asks_for_the_opposite() {
        assert!(holds("not = { contains = 'sorry' }", vec![says("done")]));
        assert!(!holds("not = { contains = 'sorry' }", vec![says("sorry")]));
    }

    #[test]
    fn turns_are_those_so_far() {
        assert!(holds("turns = { min = 2 }", vec![says("a"), says("b")]));
        assert!(!holds("turns = { min = 2 }", vec![says("a")]));
    }

    #[test]
    fn what_cannot_be_told_does_not_hold() {
        assert!(!holds("cites = {}", vec![says("[a]")]));
        assert!(!holds("not = { cites = {} }", vec![says("[a]")]));
        assert!(!holds("excludes = 'x'", vec![]));
    }

    #[test]
    fn what_depends_on_more_than_the_answer_is_refused() {
        for (when, key) in [
            ("command = { run = ['judge'] }", "command"),
            ("latency = { max = '1s' }", "latency"),
            ("cost = { max = 1.0 }", "cost"),
            ("not = { latency = { max = '1s' } }", "latency"),
        ] {
            let error = Condition::compile(&expect(when), &JudgeContext::new(".", ".")).unwrap_err();
            assert!(error.to_string().contains(&format!("`{key}` cannot stand in `when`")), "{error}");
        }
        let error = Condition::compile(&expect("label = 'a'\nat = 'every'"), &JudgeContext::new(".", "."))
            .unwrap_err();
        assert!(error.to_string().contains("`at` has no meaning here"), "{error}");
    }
}
