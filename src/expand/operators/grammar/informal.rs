//! Informal spelling.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/informal.txt")));
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_lexicon(&LEXICON));

/// Spells words as in a quick message: gonna, u, thx, pls.
pub const INFORMAL: Operator = Operator {
    name: "informal",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Spells words as in a quick message: gonna, u, thx, pls.",
    reach: Reach::Words,
    touches: &[Guard::Meaning],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    PHRASES.vary(subject.text, INFORMAL.touches, stream)
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
