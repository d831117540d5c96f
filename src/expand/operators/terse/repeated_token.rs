//! A word said again and again.

use super::keywords::{compound, says_little};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use crate::expand::words::Word;

/// Repeats a word of the request where it stands; the rest stays.
pub const REPEATED_TOKEN: Operator = Operator {
    name: "repeated_token",
    version: 1,
    family: Family::Terse,
    promise: Promise::Own,
    what: "Repeats a word of the request where it stands: \"the meeting meeting meeting …\".",
    reach: Reach::Around,
    touches: &[],
    needs_statement: true,
    options: &[Choice {
        name: "times",
        what: "How often the word is said again. Default: 20 to 60 times.",
        takes: Takes::Count(1, 5_000),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let all: Vec<_> = text.free().map(|(_, word)| *word).collect();
    // A word that says something, where there is one.
    let telling = |word: &&Word| {
        let small = word.of(text.text).to_lowercase();
        word.chars >= 4 && !says_little(&small) && !compound(text.text, word)
    };
    let long: Vec<_> = all.iter().filter(telling).copied().collect();
    let words = if long.is_empty() { all } else { long };
    if words.is_empty() {
        return None;
    }
    let word = words[stream.index(words.len())];
    let times = subject.settings.count("times").unwrap_or_else(|| 20 + stream.below(41));
    let again = format!(" {}", word.of(text.text)).repeat(usize::try_from(times).ok()?);
    let mut rewrite = Rewrite::new(text.text);
    rewrite.insert(word.end, &again);
    Draft::of(rewrite)
}
