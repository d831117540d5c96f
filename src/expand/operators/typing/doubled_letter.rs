//! A letter typed twice: `meeting` becomes `meetting`.

use super::slip;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static DOUBLED_LETTER: Operator = Operator {
    name: "doubled_letter",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Types a letter within a word twice, never the first one",
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
            let letter = letters.next()?;
            // What is double already would become three.
            if letters.next() == Some(letter) || out.ends_with(letter) {
                return None;
            }
            out.push(letter);
            out.push(letter);
            Some(letter.len_utf8())
        })
    })
}
