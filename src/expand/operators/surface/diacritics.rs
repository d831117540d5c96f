//! Accents left out: `café` becomes `cafe`.

use super::forms;
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::unicode::compositions;
use crate::expand::stream::Stream;

/// The operator.
pub static DIACRITICS: Operator = Operator {
    name: "diacritics",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Writes Latin letters without their accents, as on a keyboard that has none",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

/// Letters that have no plain one within them, and what people type for them.
const OTHERS: [(char, &str); 12] = [
    ('ß', "ss"),
    ('æ', "ae"),
    ('Æ', "Ae"),
    ('œ', "oe"),
    ('Œ', "Oe"),
    ('ø', "o"),
    ('Ø', "O"),
    ('ł', "l"),
    ('Ł', "L"),
    ('đ', "d"),
    ('Đ', "D"),
    ('ı', "i"),
];

fn vary(subject: &Subject<'_>, _: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let mut rewrite = Rewrite::new(text);
    for (_, word) in subject.text.free().filter(|(_, word)| !word.of(text).is_ascii()) {
        let mut before = None;
        for (at, c) in word.of(text).char_indices() {
            let range = word.start + at..word.start + at + c.len_utf8();
            if let Some((base, _)) = compositions::of(c) {
                rewrite.replace(range, base);
            } else if let Some((_, plain)) = OTHERS.iter().find(|(letter, _)| *letter == c) {
                rewrite.replace(range, plain);
            } else if matches!(c, '\u{300}'..='\u{36f}')
                && before.is_some_and(|c: char| c.is_ascii_alphabetic())
            {
                rewrite.replace(range, "");
                // Another mark on the same letter goes too.
                continue;
            }
            before = Some(c);
        }
    }
    forms::meaning_kept(subject, rewrite)
}
