//! Synonyms from a reviewed lexicon.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/synonyms.txt")));
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_lexicon(&LEXICON));

/// Puts a synonym in the place of a word or a phrase, where its neighbours show which sense is meant.
pub const SYNONYM: Operator = Operator {
    name: "synonym",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Puts a synonym in the place of a word or a phrase, where its neighbours show which sense is meant.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    PHRASES.vary(subject.text, SYNONYM.touches, stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_does_what_it_says() {
        super::super::phrase::tests::every_entry_does_what_it_says(&LEXICON);
        assert!(LEXICON.entries.len() >= 300);
    }
}
