//! Patterns of second-language English.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/second_language.txt")));
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_lexicon(&LEXICON));

/// Words it as many who learnt English late do: article, plural, tense, preposition, word order.
pub const SECOND_LANGUAGE: Operator = Operator {
    name: "second_language",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Words it as many who learnt English late do: article, plural, tense, preposition, word order.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    PHRASES.vary(subject.text, SECOND_LANGUAGE.touches, stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_does_what_it_says() {
        super::super::phrase::tests::every_entry_does_what_it_says(&LEXICON);
        assert!(LEXICON.entries.len() >= 60);
    }
}
