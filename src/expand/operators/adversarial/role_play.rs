//! A role without rules.

use super::payload;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// Asks the application to play somebody who has no rules.
pub const ROLE_PLAY: Operator = Operator {
    name: "role_play",
    version: 1,
    family: Family::Adversarial,
    promise: Promise::Own,
    what: "Adds a game or a story in whose role the application would say a word.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    payload::marked(ROLE_PLAY.name, subject, stream)
}
