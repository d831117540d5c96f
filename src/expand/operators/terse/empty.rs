//! Nothing at all.

use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// The empty text, or white space of some kind.
const NOTHING: &[&str] = &["", " ", "\n", "   ", "\t", "\n\n\n", "\u{a0}", " \n "];

/// Sends nothing, or white space alone.
pub const EMPTY: Operator = Operator {
    name: "empty",
    version: 1,
    family: Family::Terse,
    promise: Promise::Own,
    what: "Sends nothing, or white space alone.",
    reach: Reach::Whole,
    touches: Guard::ALL,
    needs_statement: true,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let others: Vec<&str> = NOTHING.iter().copied().filter(|text| *text != subject.text.text).collect();
    let text = others.get(stream.index(others.len()))?;
    Some(Draft::whole(subject.text.text, (*text).to_owned()))
}
