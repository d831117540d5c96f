//! An authority claimed.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Claims a right: as the operator, the developer, the police.
pub const AUTHORITY_CLAIM: Operator = Operator {
    name: "authority_claim",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds the claim that who writes may change the application's rules.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    payload::marked(AUTHORITY_CLAIM.name, subject, stream)
}
