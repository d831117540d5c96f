//! The meaning changed in a stated way: the suite says what must hold of the variants.

mod condition_removed;
pub(super) mod label_reversed;
mod missing_slot;
pub(super) mod names;
mod negation;
mod quantity_over_limit;
mod question;
pub(super) mod request;
mod role_without_permission;
pub(super) mod sentence;
mod slots;
pub(super) mod statement;
pub(super) mod verbs;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &negation::NEGATION,
    &condition_removed::CONDITION_REMOVED,
    &quantity_over_limit::QUANTITY_OVER_LIMIT,
    &role_without_permission::ROLE_WITHOUT_PERMISSION,
    &missing_slot::MISSING_SLOT,
    &label_reversed::LABEL_REVERSED,
];
