//! The request of someone who reads or writes in another way.

use super::around;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The request of someone who reads or writes in another way.
pub const ACCESSIBILITY: Operator = Operator {
    name: "accessibility",
    version: 1,
    family: Family::Context,
    promise: Promise::Same,
    what: "Says that the writer uses a screen reader, types with one hand, and the like.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    around::put(ACCESSIBILITY.name, subject, stream)
}
