//! The check of the tools that the application called.
//!
//! One call of that name must have all the arguments given, each deeply equal (numbers by value);
//! arguments that are not named are free. Arguments that come as a JSON text, as several APIs write
//! them, are read. Every turn's calls are its own.

use super::check::{Check, Ruling, Subject};
use super::value::{difference, same};
use crate::judge::error::CheckError;
use crate::judge::reason;
use crate::suite::schema::CallCheck;
use crate::target::ToolCall;
use serde_json::{Map, Value};
use std::borrow::Cow;

#[derive(Debug)]
struct Called {
    name: String,
    arguments: Map<String, Value>,
}

/// A check that a tool was called.
pub(super) fn call(spec: &CallCheck) -> Result<Box<dyn Check>, CheckError> {
    if spec.name.is_empty() {
        return Err(CheckError::EmptyText);
    }
    let arguments = spec.arguments.clone().unwrap_or_default().into_iter().collect();
    Ok(Box::new(Called { name: spec.name.clone(), arguments }))
}

/// The arguments of a call, read where they are a JSON text.
fn arguments(call: &ToolCall) -> Cow<'_, Value> {
    match &call.arguments {
        Value::String(text) => serde_json::from_str(text).map_or(Cow::Borrowed(&call.arguments), Cow::Owned),
        value => Cow::Borrowed(value),
    }
}

impl Called {
    /// The first argument of a call that is not as expected, in words.
    fn wrong_argument(&self, call: &ToolCall) -> Option<String> {
        let came = arguments(call);
        self.arguments.iter().find_map(|(name, expected)| match came.get(name) {
            Some(value) if same(expected, value) => None,
            Some(value) => Some(format!(
                "{} {}{}",
                reason::start(name),
                reason::json(value),
                difference(expected, value)
            )),
            None => Some(format!("no {}", reason::start(name))),
        })
    }
}

impl Check for Called {
    fn wanted(&self, inverted: bool) -> String {
        let call = if inverted { "no call of" } else { "a call of" };
        let name = reason::start(&self.name);
        if self.arguments.is_empty() {
            format!("{call} {name}")
        } else {
            format!("{call} {name} with {}", reason::code(&Value::Object(self.arguments.clone()).to_string()))
        }
    }

    fn rule(&self, subject: &Subject<'_>) -> Ruling {
        let calls = &subject.answer.calls;
        let mut near = None;
        for call in calls.iter().filter(|call| call.name == self.name) {
            match self.wrong_argument(call) {
                None => {
                    return Ruling::Holds(format!(
                        "{} with {}",
                        reason::start(&call.name),
                        reason::json(&arguments(call))
                    ));
                }
                Some(wrong) => near = near.or(Some(wrong)),
            }
        }
        Ruling::Fails(match near {
            Some(wrong) => format!("a call of {} with {wrong}", reason::start(&self.name)),
            None if calls.is_empty() => "no call of any tool".into(),
            None => format!(
                "calls of {} only",
                reason::listed(calls.iter().map(|call| call.name.as_str()), "and")
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::trial::{answer, expect, fails, holds, refused, says, transcript, verdicts};
    use crate::target::Answer;
    use serde_json::json;

    fn booking() -> Answer {
        answer(json!({"output": "", "calls": [
            {"name": "find_room", "arguments": {"seats": 4}},
            {"name": "book", "arguments": {"room": {"name": "Blue"}, "minutes": 30, "who": ["Ana"]}},
            {"name": "mail", "arguments": "{\"to\": \"ana\"}"},
        ]}))
    }

    #[test]
    fn a_call_by_name_is_found() {
        let (why, _) = holds("calls = { name = 'find_room' }", &booking());
        assert_eq!(why, "expected a call of `find_room`, got `find_room` with `{\"seats\":4}`");
        assert_eq!(
            fails("calls = { name = 'cancel' }", &booking()),
            "expected a call of `cancel`, got calls of `find_room`, `book` and `mail` only"
        );
        assert_eq!(
            fails("calls = { name = 'book' }", &says("booked!")),
            "expected a call of `book`, got no call of any tool"
        );
    }

    #[test]
    fn the_arguments_given_are_among_those_of_one_call() {
        holds(
            "calls = { name = 'book', arguments = { minutes = 30.0, room = { name = 'Blue' } } }",
            &booking(),
        );
        holds("calls = { name = 'mail', arguments = { to = 'ana' } }", &booking());
        assert_eq!(
            fails("calls = { name = 'book', arguments = { minutes = 60 } }", &booking()),
            "expected a call of `book` with `{\"minutes\":60}`, got a call of `book` with `minutes` `30`"
        );
        assert!(
            fails("calls = { name = 'book', arguments = { room = { name = 'Red' } } }", &booking()).ends_with(
                "got a call of `book` with `room` `{\"name\":\"Blue\"}`; at `/name` it has `\"Blue\"`, not `\"Red\"`"
            )
        );
        assert!(
            fails("calls = { name = 'book', arguments = { floor = 1 } }", &booking())
                .ends_with("got a call of `book` with no `floor`")
        );
    }

    #[test]
    fn arguments_of_two_calls_do_not_add_up() {
        let twice = answer(json!({"output": "", "calls": [
            {"name": "f", "arguments": {"a": 1, "b": 0}},
            {"name": "f", "arguments": {"a": 0, "b": 1}},
        ]}));
        fails("calls = { name = 'f', arguments = { a = 1, b = 1 } }", &twice);
        holds("calls = { name = 'f', arguments = { a = 0, b = 1 } }", &twice);
    }

    #[test]
    fn every_call_in_a_list_has_a_verdict() {
        let entry = expect("calls = [{ name = 'book' }, { name = 'cancel' }]");
        let found = verdicts(&[entry], &transcript([booking()]));
        let found: Vec<_> = found.iter().map(|v| (v.judge.as_str(), v.outcome.to_string())).collect();
        assert_eq!(found, [("calls[1]", "pass".to_owned()), ("calls[2]", "fail".to_owned())]);
        assert!(refused("calls = []").contains("the list is empty"));
    }
}
