//! Far less than a request, or far more: the suite says what must hold, or that the seed's expectation does.

mod emoji_only;
mod empty;
mod keywords;
mod other_language;
mod repeated_token;
mod very_long;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &keywords::KEYWORDS,
    &emoji_only::EMOJI_ONLY,
    &empty::EMPTY,
    &very_long::VERY_LONG,
    &repeated_token::REPEATED_TOKEN,
    &other_language::OTHER_LANGUAGE,
];
