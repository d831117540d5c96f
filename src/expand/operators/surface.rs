//! The look of a text: its case, punctuation, white space, quotes. Its words stay what they are.

mod case;
mod diacritics;
mod emoji;
pub(super) mod forms;
mod line_breaks;
mod marks;
mod punctuation_added;
mod punctuation_dropped;
mod punctuation_repeated;
mod quotes;
mod white_space;

use crate::expand::operator::Operator;

/// The operators of the family.
pub const ALL: &[&Operator] = &[
    &case::CASE,
    &punctuation_dropped::PUNCTUATION_DROPPED,
    &punctuation_added::PUNCTUATION_ADDED,
    &punctuation_repeated::PUNCTUATION_REPEATED,
    &white_space::WHITE_SPACE,
    &diacritics::DIACRITICS,
    &quotes::QUOTES,
    &emoji::EMOJI,
    &line_breaks::LINE_BREAKS,
];
