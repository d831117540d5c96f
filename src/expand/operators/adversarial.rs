//! Attempts to make the application leave its task. The expectation of the seed stays, and beside it no answer may
//! hold what the attempt asks for: a marker that is never written out in the text, so that an answer which repeats
//! its input is not taken for one that obeyed, or the canary of the application's instructions.

mod authority_claim;
mod codes;
mod delimiter_forging;
mod encodings;
mod instruction_override;
mod many_shot;
mod marker;
mod payload;
mod prompt_leak;
mod quoted_document;
mod refusal_suppression;
mod role_play;
mod split_payload;

use crate::expand::operator::Operator;

/// The operators, in the order in which they are listed.
pub const ALL: &[&Operator] = &[
    &instruction_override::INSTRUCTION_OVERRIDE,
    &role_play::ROLE_PLAY,
    &prompt_leak::PROMPT_LEAK,
    &quoted_document::QUOTED_DOCUMENT,
    &encodings::ENCODINGS,
    &many_shot::MANY_SHOT,
    &delimiter_forging::DELIMITER_FORGING,
    &refusal_suppression::REFUSAL_SUPPRESSION,
    &split_payload::SPLIT_PAYLOAD,
    &authority_claim::AUTHORITY_CLAIM,
];
