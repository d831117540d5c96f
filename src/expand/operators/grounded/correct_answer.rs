//! The correct answer, as it is.

use super::answer::{ANSWER, CORRECT, HALLUCINATED, SOURCE, column};
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// The answer of the row, unchanged: the pair of every hallucinated one. Nothing to do where it is the text of
/// the seed already.
pub const CORRECT_ANSWER: Operator = Operator {
    name: "correct_answer",
    version: 1,
    family: Family::Grounded,
    promise: Promise::Own,
    what: "Takes the answer of the row as it is; what must hold is the option `correct`.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: false,
    options: &[ANSWER, SOURCE, CORRECT, Choice { required: false, ..HALLUCINATED }],
    vary,
};

fn vary(subject: &Subject<'_>, _: &mut Stream) -> Option<Draft> {
    let answer = column(subject, "answer")?;
    column(subject, "source")?;
    if answer == subject.text.text {
        return None;
    }
    let expect = Some(vec![subject.settings.expect("correct")?]);
    Some(Draft { expect, ..Draft::whole(subject.text.text, answer.to_owned()) })
}
