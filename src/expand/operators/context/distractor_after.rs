//! A harmless sentence after the request.

use super::around;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// A harmless sentence after the request.
pub const DISTRACTOR_AFTER: Operator = Operator {
    name: "distractor_after",
    version: 1,
    family: Family::Context,
    promise: Promise::Same,
    what: "Puts a harmless sentence about something else after the request.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    around::put(DISTRACTOR_AFTER.name, subject, stream)
}
