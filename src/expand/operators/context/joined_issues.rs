//! Two requests in one message.

use super::around;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;

/// Two requests in one message.
pub const JOINED_ISSUES: Operator = Operator {
    name: "joined_issues",
    version: 1,
    family: Family::Context,
    promise: Promise::Own,
    what: "Joins another request to this one; the suite says what must hold of an answer to both.",
    reach: Reach::Around,
    touches: &[],
    needs_statement: true,
    options: &[Choice {
        name: "with",
        what: "The requests to join, one of which is drawn for each variant.",
        takes: Takes::Texts,
        required: true,
    }],
    vary,
};

/// What joins two requests.
const JOINTS: [&str; 12] = [
    "Also,",
    "And also,",
    "One more thing:",
    "Another thing:",
    "While I have you:",
    "Besides,",
    "Separately,",
    "On another subject:",
    "Oh, and",
    "PS:",
    "And then:",
    "Second question:",
];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut texts = subject.settings.texts("with");
    texts.retain(|text| !text.trim().is_empty());
    if subject.text.words.is_empty() {
        return None;
    }
    let other = texts.get(stream.index(texts.len()))?.trim();
    let joint = JOINTS[stream.index(JOINTS.len())];
    around::after(subject.text.text, &format!("{joint} {other}"))
}
