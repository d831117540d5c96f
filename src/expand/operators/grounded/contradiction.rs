//! The opposite of what the source says.

use super::answer::{HALLUCINATING, Pair};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::label_reversed::{self, Forms};
use crate::expand::operators::meaning::request::View;
use crate::expand::operators::meaning::sentence::{lower, sentences};
use crate::expand::operators::meaning::statement;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// Turns a statement of the answer round: its verb is negated, or a word gives way to its opposite.
pub const CONTRADICTION: Operator = Operator {
    name: "contradiction",
    version: 1,
    family: Family::Grounded,
    promise: Promise::Own,
    what: "Makes a statement of the answer its opposite; what must hold is the option `hallucinated`.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: false,
    options: HALLUCINATING,
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let pair = Pair::of(subject)?;
    let text = &pair.answer;
    let words = lower(text);
    let sentences = sentences(text);
    let negated =
        sentences.iter().filter_map(|sentence| statement::negated(&View { text, words: &words, sentence }));
    let mut changes: Vec<_> = negated.collect();
    changes.extend(label_reversed::sites(text, &sentences, Forms::All, &[]));
    changes.retain(|change| change.iter().all(|(range, _)| text.may_touch(range.clone(), &[Guard::Meaning])));
    if changes.is_empty() {
        return None;
    }
    let change = changes.swap_remove(stream.index(changes.len()));
    pair.draft(subject, &change, "hallucinated")
}
