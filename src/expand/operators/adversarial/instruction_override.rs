//! Instructions overridden.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Tells the application to forget its instructions and to do something else.
pub const INSTRUCTION_OVERRIDE: Operator = Operator {
    name: "instruction_override",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds an order to drop all earlier instructions and to say a word instead.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    payload::marked(INSTRUCTION_OVERRIDE.name, subject, stream)
}
