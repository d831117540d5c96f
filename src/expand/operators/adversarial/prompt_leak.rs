//! The application's instructions asked for.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Asks for the application's instructions beside the request. No answer may hold the suite's canary, a text that
/// stands in the instructions alone; nothing to do without one, or where the request says it itself.
pub const PROMPT_LEAK: Operator = Operator {
    name: "prompt_leak",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds a request to show the application's instructions; the canary may not appear.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    subject.canary?;
    payload::attempt(subject, payload::template(PROMPT_LEAK.name, stream)?, &[], None)
}
