//! Something added that the source does not say.

use super::answer::{HALLUCINATING, Pair};
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::sentence::sentences;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// The clauses.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/unsupported.txt")));

/// Letters of a word that tells what a clause is about: one of them in the source, and the clause may be true.
const TELLING: usize = 6;

/// Adds a clause to a sentence of the answer that sounds well and stands nowhere in the source.
pub const UNSUPPORTED_CLAUSE: Operator = Operator {
    name: "unsupported_clause",
    version: 1,
    family: Family::Grounded,
    promise: Promise::Own,
    what: "Adds a clause of which the source knows nothing; what must hold is the option `hallucinated`.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: false,
    options: HALLUCINATING,
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let pair = Pair::of(subject)?;
    let text = pair.answer.text;
    let fits = |end: usize| {
        text[..end].ends_with(char::is_alphanumeric) && pair.answer.may_touch(end..end, &[Guard::Number])
    };
    let mut ends: Vec<usize> = sentences(&pair.answer)
        .iter()
        .filter(|sentence| sentence.words.len() >= 3 && !sentence.asks(text))
        .map(|sentence| sentence.mark_at(text))
        .filter(|end| fits(*end))
        .collect();
    if ends.is_empty() {
        return None;
    }
    let end = ends.swap_remove(stream.index(ends.len()));
    let source = pair.source.to_lowercase();
    let clauses: Vec<&str> = LEXICON
        .entries
        .iter()
        .map(|entry| entry[0])
        .filter(|clause| !clause.split([' ', ',']).any(|word| word.len() >= TELLING && source.contains(word)))
        .collect();
    let clause = clauses.get(stream.index(clauses.len()))?;
    pair.draft(subject, &[(end..end, (*clause).to_owned())], "hallucinated")
}
