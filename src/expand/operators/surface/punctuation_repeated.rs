//! Marks typed more than once: `Are you there?` becomes `Are you there??`.

use super::{forms, marks};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static PUNCTUATION_REPEATED: Operator = Operator {
    name: "punctuation_repeated",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Types a question mark, an exclamation mark, the last full stop or a comma more than once",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let wanted = |run: &marks::Run| run.length == 1 && more(run).is_some();
    let runs: Vec<marks::Run> = marks::runs(subject.text).filter(wanted).collect();
    let run = runs.get(stream.index(runs.len()))?;
    let choices = more(run)?;
    let mut rewrite = Rewrite::new(subject.text.text);
    rewrite.insert(run.range.end, choices.get(stream.index(choices.len()))?);
    forms::meaning_kept(subject, rewrite)
}

/// What people type after a mark. A full stop within the text may be that of an abbreviation.
const fn more(run: &marks::Run) -> Option<&'static [&'static str]> {
    match run.first {
        '?' => Some(&["?", "??", "!"]),
        '!' => Some(&["!", "!!", "!!!"]),
        '.' if run.is_last => Some(&[".", ".."]),
        ',' => Some(&[","]),
        _ => None,
    }
}
