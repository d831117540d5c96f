//! Slips of the fingers, of spelling and of scanning. A reader still understands every variant.

mod common_words;
mod doubled_letter;
mod dropped_letter;
mod homophone;
mod keyboard;
mod missing_space;
mod misspelling;
mod neighbouring_key;
mod scanning_slip;
pub(super) mod slip;
mod swapped_letters;

pub(super) use common_words::is_common;

use crate::expand::operator::Operator;

/// The operators of the family.
pub const ALL: &[&Operator] = &[
    &neighbouring_key::NEIGHBOURING_KEY,
    &dropped_letter::DROPPED_LETTER,
    &doubled_letter::DOUBLED_LETTER,
    &swapped_letters::SWAPPED_LETTERS,
    &missing_space::MISSING_SPACE,
    &misspelling::MISSPELLING,
    &scanning_slip::SCANNING_SLIP,
    &homophone::HOMOPHONE,
];
