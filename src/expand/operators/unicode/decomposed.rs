//! Letters with marks written as a letter and its marks, as some systems store them: the same to the eye.

use super::compositions;
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::surface::forms;
use crate::expand::stream::Stream;

/// The operator.
pub static DECOMPOSED: Operator = Operator {
    name: "decomposed",
    version: 1,
    family: Family::Unicode,
    promise: Promise::Same,
    what: "Writes letters with accents as a plain letter and combining marks",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, _: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let mut rewrite = Rewrite::new(text);
    for (_, word) in subject.text.free().filter(|(_, word)| !word.of(text).is_ascii()) {
        for (at, c) in word.of(text).char_indices() {
            if let Some((base, marks)) = compositions::of(c) {
                let at = word.start + at;
                rewrite.replace(at..at + c.len_utf8(), &[base, marks].concat());
            }
        }
    }
    forms::meaning_kept(subject, rewrite)
}
