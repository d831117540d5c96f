//! A letter left out: `meeting` becomes `meting`.

use super::slip;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static DROPPED_LETTER: Operator = Operator {
    name: "dropped_letter",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Leaves a letter out within a word, never its first or its last",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[slip::SLIPS],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    slip::at_sites(subject, stream, slip::words(subject.text), |word, stream| {
        slip::at_a_letter(word, 1, stream, |rest, _, _| {
            let mut letters = rest.chars();
            let left_out = letters.next()?;
            letters.next().map(|_| left_out.len_utf8())
        })
    })
}
