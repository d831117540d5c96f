//! Two letters in the wrong order: `meeting` becomes `meetnig`.

use super::slip;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static SWAPPED_LETTERS: Operator = Operator {
    name: "swapped_letters",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Types two adjoining letters of a word in the wrong order, never the first one",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[slip::SLIPS],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    slip::at_sites(subject, stream, slip::words(subject.text), |word, stream| {
        slip::at_a_letter(word, 1, stream, |rest, _, out| {
            let mut letters = rest.chars();
            let (one, other) = (letters.next()?, letters.next()?);
            if one == other || one.is_uppercase() != other.is_uppercase() {
                return None;
            }
            out.push(other);
            out.push(one);
            Some(one.len_utf8() + other.len_utf8())
        })
    })
}
