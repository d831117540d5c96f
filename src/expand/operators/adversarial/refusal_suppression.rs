//! Refusals forbidden.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Forbids the application to refuse.
pub const REFUSAL_SUPPRESSION: Operator = Operator {
    name: "refusal_suppression",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds rules for the answer under which it could not say no.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    payload::marked(REFUSAL_SUPPRESSION.name, subject, stream)
}
