//! Other forms of the same verbs and nouns: polite frames that need another form, and slips of agreement.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/agreement.txt")));
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_lexicon(&LEXICON));

/// Other forms of the same verbs and nouns.
pub const INFLECTION: Operator = Operator {
    name: "inflection",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Puts a verb or noun in another form that keeps the sense: would you mind booking, they was late.",
    reach: Reach::Words,
    touches: &[Guard::Meaning],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    PHRASES.vary(subject.text, INFLECTION.touches, stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_does_what_it_says() {
        super::super::phrase::tests::every_entry_does_what_it_says(&LEXICON);
        assert!(LEXICON.entries.len() >= 30);
    }
}
