//! Full forms become contractions.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// Contractions with what they stand for.
pub(super) static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/contractions.txt")));

static PHRASES: LazyLock<Phrases> = LazyLock::new(|| super::side(&LEXICON, true));

/// Full forms become contractions.
pub const CONTRACT: Operator = Operator {
    name: "contract",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Contracts: I am becomes I'm, do not becomes don't.",
    reach: Reach::Words,
    touches: &[Guard::Meaning],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    PHRASES.vary(subject.text, CONTRACT.touches, stream)
}

#[cfg(test)]
mod tests {
    use super::super::phrase::tests::every_pair_does_what_it_says;
    use super::*;

    #[test]
    fn every_entry_does_what_it_says() {
        every_pair_does_what_it_says(&LEXICON);
        assert!(LEXICON.entries.len() >= 60);
    }
}
