//! Other words and forms for the same request, by lexicons of patterns that have been read one by one.

mod abbreviation;
pub(crate) mod class;
mod contract;
mod expand;
mod filler;
mod fragment;
mod inflection;
mod informal;
mod number_words;
pub(crate) mod opening;
pub(crate) mod pattern;
pub(crate) mod phrase;
mod politeness;
mod regional_spelling;
mod second_language;
mod synonym;

use crate::expand::lexicon::Lexicon;
use crate::expand::operator::Operator;
use phrase::Phrases;

/// The operators of the family.
pub const ALL: &[&Operator] = &[
    &contract::CONTRACT,
    &expand::EXPAND,
    &fragment::FRAGMENT,
    &filler::FILLER,
    &politeness::POLITENESS,
    &informal::INFORMAL,
    &abbreviation::ABBREVIATION,
    &number_words::NUMBER_WORDS,
    &second_language::SECOND_LANGUAGE,
    &inflection::INFLECTION,
    &synonym::SYNONYM,
    &regional_spelling::REGIONAL_SPELLING,
];

/// Whether a word, in lower case, is a number in words.
pub(crate) fn is_number(word: &str) -> bool {
    number_words::is_number(word)
}

/// The two sides of a lexicon of pairs: a way (`=` both, `>` to the second only, `<` to the first only), and
/// two patterns, each of which stands in the place of the other.
fn pairs(lexicon: &Lexicon, to_second: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
    lexicon.entries.iter().filter_map(move |entry| {
        let [way, first, second, ..] = entry[..] else { return None };
        let shut = if to_second { "<" } else { ">" };
        let (from, to) = if to_second { (first, second) } else { (second, first) };
        (way != shut).then_some((from, inner(to)))
    })
}

/// The part of a pattern that is replaced.
fn inner(pattern: &'static str) -> &'static str {
    let open = pattern.find('<').map_or(0, |at| at + 1);
    let close = pattern.rfind('>').unwrap_or(pattern.len());
    pattern.get(open..close).unwrap_or(pattern)
}

/// The patterns of one side of a lexicon of pairs.
fn side(lexicon: &Lexicon, to_second: bool) -> Phrases {
    Phrases::of(pairs(lexicon, to_second))
}
