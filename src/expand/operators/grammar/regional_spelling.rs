//! British and American spelling.

use super::phrase::Phrases;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/spellings.txt")));
static AMERICAN: LazyLock<Phrases> = LazyLock::new(|| super::side(&LEXICON, true));
static BRITISH: LazyLock<Phrases> = LazyLock::new(|| super::side(&LEXICON, false));

/// British and American spelling.
pub const REGIONAL_SPELLING: Operator = Operator {
    name: "regional_spelling",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Spells a word as the other side of the Atlantic does: summarise and summarize, colour and color.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[Choice {
        name: "to",
        what: "Whose spelling to write. Default: the one that the text does not use.",
        takes: Takes::OneOf(&["us", "uk"]),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let mut by = |phrases: &Phrases| phrases.vary(subject.text, REGIONAL_SPELLING.touches, stream);
    match subject.settings.text("to") {
        Some("us") => by(&AMERICAN),
        Some("uk") => by(&BRITISH),
        _ => by(&AMERICAN).or_else(|| by(&BRITISH)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_differ_and_stand_once() {
        let mut words: Vec<&str> = LEXICON.entries.iter().flat_map(|entry| [entry[1], entry[2]]).collect();
        words.sort_unstable();
        let twice: Vec<_> = words.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(LEXICON.version > 0 && LEXICON.entries.len() > 100 && twice.is_empty(), "{twice:?}");
    }
}
