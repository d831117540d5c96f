//! Apostrophes straight or curly, and the whole text in quotes.

use super::forms::{self, Form};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// The operator.
pub static QUOTES: Operator = Operator {
    name: "quotes",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Writes apostrophes curly or straight, or puts the whole text in quotes",
    reach: Reach::Whole,
    touches: TOUCHES,
    needs_statement: false,
    options: &[forms::option(
        "Which changes are drawn: curly apostrophes, straight ones, or quotes around the text",
        &["curly", "straight", "around"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 3] = [
    ("curly", |subject, _| apostrophes(subject, '\'', "’")),
    ("straight", |subject, _| apostrophes(subject, '’', "'")),
    ("around", around),
];

/// `don't` and `don’t` say the same.
const TOUCHES: &[Guard] = &[Guard::Meaning];

/// What people put around a text that they pasted.
const AROUND: [(&str, &str); 3] = [("\"", "\""), ("“", "”"), ("'", "'")];

/// Replaces one kind of apostrophe by the other, within words.
fn apostrophes(subject: &Subject<'_>, from: char, to: &str) -> Option<Draft> {
    let text = subject.text.text;
    let mut rewrite = Rewrite::new(text);
    for (_, word) in subject.text.open(TOUCHES) {
        for (at, mark) in word.of(text).match_indices(from) {
            rewrite.replace(word.start + at..word.start + at + mark.len(), to);
        }
    }
    forms::meaning_kept(subject, rewrite)
}

/// Puts the text in quotes, where it has none.
fn around(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let begin = text.len() - text.trim_start().len();
    let end = text.trim_end().len();
    let (open, close) = AROUND[stream.index(AROUND.len())];
    let at_edges = [begin, end].iter().all(|at| subject.text.may_touch(*at..*at, &[]));
    if subject.text.words.is_empty() || !at_edges || text.contains(['"', '“', '”', '‘', '«', '»', '„', '`'])
    {
        return None;
    }
    // An apostrophe within would seem to close a single quote.
    let (open, close) = if text.contains('\'') { AROUND[0] } else { (open, close) };
    let mut rewrite = Rewrite::new(text);
    rewrite.insert(begin, open).insert(end, close);
    forms::meaning_kept(subject, rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&QUOTES.options[0], &FORMS));
    }
}
