//! The request of someone who was here before.

use super::around;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The request of someone who was here before.
pub const EARLIER_CONTACT: Operator = Operator {
    name: "earlier_contact",
    version: 1,
    family: Family::Context,
    promise: Promise::Same,
    what: "Says that the writer has been in touch before.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    around::put(EARLIER_CONTACT.name, subject, stream)
}
