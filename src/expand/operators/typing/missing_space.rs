//! Two words run together: `book a meeting` becomes `booka meeting`.

use super::slip;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::ops::Range;

/// The operator.
pub static MISSING_SPACE: Operator = Operator {
    name: "missing_space",
    version: 1,
    family: Family::Typing,
    promise: Promise::Same,
    what: "Leaves the space between two words out",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[slip::SLIPS],
    vary,
};

/// Letters of the longer of two words that run together: of two short ones little is left to read.
const SHORTEST: usize = 3;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    slip::at_sites(subject, stream, sites(subject), |words, _| {
        let joined = words.replacen(' ', "", 1);
        slip::is_harmless(&joined).then_some(joined)
    })
}

/// Pairs of free words with nothing but a space between. After a name the other word would seem to be part
/// of it.
fn sites(subject: &Subject<'_>) -> Vec<Range<usize>> {
    let text = subject.text.text;
    let is_plain = |word: &str| word.chars().all(|c| c.is_lowercase() || c.is_uppercase() || c == '\'');
    let pairs = subject.text.words.windows(2).enumerate().filter(|(place, pair)| {
        pair.iter().all(|word| word.guard.is_none() && is_plain(word.of(text)))
            && pair.iter().any(|word| word.chars >= SHORTEST)
            && &text[pair[0].end..pair[1].start] == " "
            && !slip::is_name(subject.text, *place)
    });
    pairs.map(|(_, pair)| pair[0].start..pair[1].end).collect()
}
