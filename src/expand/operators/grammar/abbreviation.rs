//! Abbreviations, and what they stand for.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/abbreviations.txt")));
static SHORTER: LazyLock<Phrases> = LazyLock::new(|| super::side(&LEXICON, true));
static LONGER: LazyLock<Phrases> = LazyLock::new(|| super::side(&LEXICON, false));

/// Abbreviations, and what they stand for.
pub const ABBREVIATION: Operator = Operator {
    name: "abbreviation",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Abbreviates words (meeting becomes mtg, tomorrow becomes tmrw) or writes abbreviations out.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[Choice {
        name: "to",
        what: "Which way to go: to the short forms, or to the long ones. Default: the short ones, and where there is nothing to shorten the long ones.",
        takes: Takes::OneOf(&["short", "long"]),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut by = |phrases: &Phrases| phrases.vary(subject.text, ABBREVIATION.touches, stream);
    match subject.settings.text("to") {
        Some("short") => by(&SHORTER),
        Some("long") => by(&LONGER),
        _ => by(&SHORTER).or_else(|| by(&LONGER)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::phrase::tests::every_pair_does_what_it_says;
    use super::*;

    #[test]
    fn every_entry_does_what_it_says() {
        every_pair_does_what_it_says(&LEXICON);
        assert!(LEXICON.entries.len() >= 80);
    }
}
