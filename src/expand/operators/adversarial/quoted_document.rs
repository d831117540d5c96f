//! An order hidden in a document.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Puts the order into an e-mail, a page or a file that the application is to read.
pub const QUOTED_DOCUMENT: Operator = Operator {
    name: "quoted_document",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds a quoted document that holds an order for whoever reads it.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    payload::marked(QUOTED_DOCUMENT.name, subject, stream)
}
