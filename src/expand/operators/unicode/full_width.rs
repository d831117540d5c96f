//! Letters as wide as Chinese ones, as East Asian keyboards type them: `ｃａｎｃｅｌ`.

use super::super::surface::forms::{self, Form};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::words::Word;

/// The operator.
pub static FULL_WIDTH: Operator = Operator {
    name: "full_width",
    version: 1,
    family: Family::Unicode,
    promise: Promise::Same,
    what: "Writes Latin letters in their full-width forms",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[forms::option("Which words are written so: all of them, or one", &["text", "one_word"])],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 2] = [
    ("text", |subject, _| wide(subject, plain(subject, 1))),
    ("one_word", |subject, stream| {
        let words = plain(subject, SHORTEST);
        wide(subject, words.get(stream.index(words.len())).copied())
    }),
];

/// How far the full-width form of a character lies from its plain one.
const APART: u32 = 0xff01 - 0x21;

/// Letters of the shortest word that is written so by itself.
const SHORTEST: usize = 4;

/// The free words of so many characters that have plain Latin letters.
fn plain<'s>(subject: &Subject<'s>, shortest: usize) -> Vec<&'s Word> {
    let has_letters = |word: &Word| word.of(subject.text.text).contains(|c: char| c.is_ascii_alphabetic());
    let words = subject.text.free().map(|(_, word)| word);
    words.filter(|word| word.chars >= shortest && has_letters(word)).collect()
}

fn wide<'w>(subject: &Subject<'_>, words: impl IntoIterator<Item = &'w Word>) -> Option<Draft> {
    let text = subject.text.text;
    let mut rewrite = Rewrite::new(text);
    for word in words {
        let with: String = word.of(text).chars().map(widened).collect();
        rewrite.replace(word.range(), &with);
    }
    forms::meaning_kept(subject, rewrite)
}

/// The full-width form of a Latin letter; anything else as it is.
fn widened(c: char) -> char {
    Some(c).filter(char::is_ascii_alphabetic).and_then(|c| char::from_u32(u32::from(c) + APART)).unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&FULL_WIDTH.options[0], &FORMS));
    }

    /// U+FF21 is the full-width A, U+FF5A the z.
    #[test]
    fn letters_are_widened_and_nothing_else() {
        assert_eq!("Az'é".chars().map(widened).collect::<String>(), "\u{ff21}\u{ff5a}'é");
    }
}
