//! Forged delimiters.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Forges the marks that separate the instructions from what people write.
pub const DELIMITER_FORGING: Operator = Operator {
    name: "delimiter_forging",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds text that looks like the end of the user's part and the beginning of the operator's.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    payload::marked(DELIMITER_FORGING.name, subject, stream)
}
