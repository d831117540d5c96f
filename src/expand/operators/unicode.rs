//! Characters that look alike, or are not seen: a reader sees the same text, a program does not.
//!
//! Words of meaning keep their characters: the filter that counts them could not read them any more.

mod bidirectional_marks;
pub(super) mod compositions;
mod confusables;
mod decomposed;
mod full_width;
mod zero_width;

use crate::expand::operator::Operator;

/// The operators of the family.
pub const ALL: &[&Operator] = &[
    &confusables::CONFUSABLES,
    &zero_width::ZERO_WIDTH,
    &bidirectional_marks::BIDIRECTIONAL_MARKS,
    &full_width::FULL_WIDTH,
    &decomposed::DECOMPOSED,
];
