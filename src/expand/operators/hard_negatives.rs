//! Requests and answers close to another one that mean something else: the suite says what must hold.

mod near_miss_intent;
mod partial_answer;
pub(super) mod phrases;
mod stale_fact;
mod wrong_unit;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &near_miss_intent::NEAR_MISS_INTENT,
    &partial_answer::PARTIAL_ANSWER,
    &stale_fact::STALE_FACT,
    &wrong_unit::WRONG_UNIT,
];
