//! Marks of the writing direction that leave English as it reads: before or after words, or around the text.
//! Those that turn the order round are left out: a reader would see it.

use super::super::surface::forms::{self, Form};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static BIDIRECTIONAL_MARKS: Operator = Operator {
    name: "bidirectional_marks",
    version: 1,
    family: Family::Unicode,
    promise: Promise::Same,
    what: "Puts marks of the writing direction beside words or around the text, where they change nothing",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[forms::option(
        "Where the marks stand: beside words, or around the text",
        &["words", "around"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 2] = [("words", beside_words), ("around", around)];

/// The left-to-right mark, and the right-to-left one.
const MARKS: [&str; 2] = ["\u{200e}", "\u{200f}"];

/// Embedding, isolate and first-strong isolate, each with its end.
const PAIRS: [(&str, &str); 3] =
    [("\u{202a}", "\u{202c}"), ("\u{2066}", "\u{2069}"), ("\u{2068}", "\u{2069}")];

/// Words for each that gets a mark.
const WORDS_EACH: usize = 5;

fn beside_words(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut places: Vec<usize> = Vec::with_capacity(subject.text.words.len());
    for (_, word) in subject.text.free() {
        let at = if stream.below(2) == 0 { word.start } else { word.end };
        if subject.text.may_touch(at..at, &[]) {
            places.push(at);
        }
    }
    let marks = (places.len() / WORDS_EACH).max(1);
    stream.shuffle(&mut places);
    places.truncate(marks);
    places.sort_unstable();
    let mut rewrite = Rewrite::new(subject.text.text);
    for at in places {
        let marks = if is_between_letters(subject.text.text, at) { &MARKS[..] } else { &MARKS[..1] };
        rewrite.insert(at, marks[stream.index(marks.len())]);
    }
    forms::meaning_kept(subject, rewrite)
}

/// Whether the nearest letter or digit on either side is a letter: only there a right-to-left mark is not
/// seen. At the beginning it would turn the whole text, and beside a number it would move the number.
fn is_between_letters(text: &str, at: usize) -> bool {
    let before = text[..at].chars().rev().find(|c| c.is_alphanumeric());
    let after = text[at..].chars().find(|c| c.is_alphanumeric());
    before.is_some_and(char::is_alphabetic) && after.is_some_and(char::is_alphabetic)
}

fn around(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let end = subject.text.text.len();
    let at_edges = [0, end].iter().all(|at| subject.text.may_touch(*at..*at, &[]));
    if subject.text.words.is_empty() || !at_edges {
        return None;
    }
    let (open, close) = PAIRS[stream.index(PAIRS.len())];
    let mut rewrite = Rewrite::new(subject.text.text);
    rewrite.insert(0, open).insert(end, close);
    forms::meaning_kept(subject, rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&BIDIRECTIONAL_MARKS.options[0], &FORMS));
    }
}
