//! The request in a hurry.

use super::around;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The request in a hurry.
pub const TIME_PRESSURE: Operator = Operator {
    name: "time_pressure",
    version: 1,
    family: Family::Context,
    promise: Promise::Same,
    what: "Says that the writer is in a hurry.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    around::put(TIME_PRESSURE.name, subject, stream)
}
