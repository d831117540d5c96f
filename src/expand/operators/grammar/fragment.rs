//! Sentence fragments: what opens a request is left out, what is asked for stays.

use super::opening;
use super::pattern::Words;
use super::phrase::{Phrases, draft};
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/openers.txt")));
static PHRASES: LazyLock<Phrases> = LazyLock::new(|| Phrases::of_lexicon(&LEXICON));

/// Sentence fragments.
pub const FRAGMENT: Operator = Operator {
    name: "fragment",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Drops what opens a request: could you find the lease becomes find the lease.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let text = subject.text.text;
    let mut changes = PHRASES.changes(&words, FRAGMENT.touches, stream);
    let marks: Vec<_> = changes
        .iter()
        .filter(|(range, _)| asked_by(&text[range.clone()]))
        .filter_map(|(range, _)| {
            let next = subject.text.words.iter().position(|word| word.end > range.end)?;
            opening::without_question_mark(&words, next)
        })
        .collect();
    changes.extend(marks);
    draft(text, changes)
}

/// Whether an opener makes a request a question.
fn asked_by(opener: &str) -> bool {
    let small = opener.to_lowercase();
    let modal = small.split_whitespace().any(|word| matches!(word, "can" | "could" | "would" | "will"));
    modal && small.split_whitespace().any(|word| word == "you")
}

#[cfg(test)]
mod tests {
    use super::super::phrase::tests::every_entry_does_what_it_says;
    use super::*;

    #[test]
    fn every_entry_does_what_it_says_but_for_the_question_mark() {
        every_entry_does_what_it_says(&LEXICON);
        assert!(LEXICON.entries.len() >= 40);
    }
}
