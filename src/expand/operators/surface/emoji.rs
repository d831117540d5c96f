//! An emoji at the end, friendly or neutral: `find the lease 🙏`.

use super::forms;
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static EMOJI: Operator = Operator {
    name: "emoji",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Adds a friendly emoji at the end, or a waving hand at the beginning",
    reach: Reach::Around,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

/// Those that stand at the end and say no more than a smile or a thank-you.
const AT_THE_END: [&str; 14] =
    ["🙂", "😊", "😀", "😄", "🙏", "👍", "🙌", "😅", "☺️", "✨", "🙏🙏", "😊👍", ":)", ":-)"];

/// The greeting.
const WAVE: &str = "👋 ";

/// One variant of so many begins with the greeting.
const ONE_IN: u64 = 8;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let end = text.trim_end().len();
    let mut rewrite = Rewrite::new(text);
    if stream.below(ONE_IN) == 0 && subject.text.may_touch(0..0, &[]) {
        rewrite.insert(0, WAVE);
    } else if end > 0 && subject.text.may_touch(end..end, &[]) {
        let mut with = String::from(" ");
        with.push_str(AT_THE_END[stream.index(AT_THE_END.len())]);
        rewrite.insert(end, &with);
    }
    forms::meaning_kept(subject, rewrite)
}
