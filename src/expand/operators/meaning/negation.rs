//! Negation.

use super::request::{self, View};
use super::sentence::{lower, sentences};
use super::statement;
use crate::expand::meaning::Count;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// Says of what was asked for that it is not wanted, or negates what was stated.
///
/// Orders ("Don't book …"), polite questions ("Please don't …"), wishes ("I don't need …"), questions ("I
/// don't want to know where …") and, where nothing is asked for, the verb of a statement. A sentence that is
/// negated already, or that asks for two things, is left alone.
pub const NEGATION: Operator = Operator {
    name: "negation",
    version: 1,
    family: Family::Meaning,
    promise: Promise::Changed,
    what: "Asks not to do what was asked for: \"Book a room\" becomes \"Don't book a room\".",
    reach: Reach::Words,
    touches: &[Guard::Meaning, Guard::Expected],
    needs_statement: true,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let words = lower(text);
    let sentences = sentences(text);
    let views = || sentences.iter().map(|sentence| View { text, words: &words, sentence });
    let mut changes: Vec<_> = match views().map(|view| view.demands()).sum() {
        0 => views().filter_map(|view| statement::negated(&view)).collect(),
        1 => views()
            .filter(|view| view.demands() == 1)
            .filter_map(|view| request::declined(&view, stream))
            .collect(),
        _ => return None,
    };
    if changes.is_empty() {
        return None;
    }
    let change = changes.swap_remove(stream.index(changes.len()));
    let draft = request::made(text, &change, NEGATION.touches)?;
    // One negation more, whatever the pieces: never a double one.
    let more = Count::of(&draft.text).negations == Count::of(text.text).negations + 1;
    more.then_some(draft)
}
