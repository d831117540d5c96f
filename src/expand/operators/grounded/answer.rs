//! An answer and its source, from the columns of a seed's row, and the variants that say what holds of them.

use crate::expand::edit::Rewrite;
use crate::expand::operator::{Choice, Draft, Subject, Takes};
use crate::expand::protect::Protector;
use crate::expand::words::Text;
use std::ops::Range;

/// The column of the answer.
pub const ANSWER: Choice = Choice {
    name: "answer",
    what: "The column that holds the answer. Default: \"answer\".",
    takes: Takes::Text,
    required: false,
};
/// The column of the source.
pub const SOURCE: Choice = Choice {
    name: "source",
    what: "The column that holds the source of the answer. Default: \"source\".",
    takes: Takes::Text,
    required: false,
};
/// What must hold for a correct answer.
pub const CORRECT: Choice = Choice {
    name: "correct",
    what: "What must hold where the answer is the correct one.",
    takes: Takes::Expect,
    required: true,
};
/// What must hold for an answer that the source does not support.
pub const HALLUCINATED: Choice = Choice {
    name: "hallucinated",
    what: "What must hold where the answer says something that its source does not.",
    takes: Takes::Expect,
    required: true,
};
/// The options of the operators that make hallucinated answers.
pub const HALLUCINATING: &[Choice] = &[ANSWER, SOURCE, HALLUCINATED, Choice { required: false, ..CORRECT }];

/// A column of the row that holds a text, by the option that names it, or by its own name.
pub fn column<'a>(subject: &Subject<'a>, option: &str) -> Option<&'a str> {
    let name = subject.settings.text(option).unwrap_or(option);
    subject.row.get(name)?.as_str().filter(|text| !text.trim().is_empty())
}

/// The answer and its source.
#[derive(Debug)]
pub struct Pair<'a> {
    /// The answer, with what of it is protected.
    pub answer: Text<'a>,
    /// The source.
    pub source: &'a str,
}

impl<'a> Pair<'a> {
    /// From the row of a seed; `None` where it has not both.
    pub fn of(subject: &Subject<'a>) -> Option<Self> {
        let (answer, source) = (column(subject, "answer")?, column(subject, "source")?);
        let protector = Protector::new(&[]).ok()?;
        Some(Self { answer: Text::new(answer, &protector, &[]), source })
    }

    /// The variant: the answer with some bytes replaced, and what must hold of it.
    pub fn draft(
        &self,
        subject: &Subject<'_>,
        edits: &[(Range<usize>, String)],
        holds: &str,
    ) -> Option<Draft> {
        let mut rewrite = Rewrite::new(self.answer.text);
        for (range, with) in edits {
            rewrite.replace(range.clone(), with);
        }
        let edited = Draft::of(rewrite)?;
        // Where the seed's text is the answer itself, its edits are those of the text.
        let mut draft = if subject.text.text == self.answer.text {
            edited
        } else {
            Draft::whole(subject.text.text, edited.text)
        };
        draft.expect = Some(vec![subject.settings.expect(holds)?]);
        (draft.text != subject.text.text).then_some(draft)
    }

    /// Whether a text occurs in the source as a whole word or words, in any case.
    pub fn supports(&self, text: &str) -> bool {
        occurs(self.source, text)
    }
}

/// Whether a text occurs in another as a whole, in any case.
pub fn occurs(hay: &str, needle: &str) -> bool {
    let (hay, needle) = (hay.to_lowercase(), needle.to_lowercase());
    !needle.is_empty()
        && hay.match_indices(&needle).any(|(at, found)| {
            !hay[..at].ends_with(char::is_alphanumeric)
                && !hay[at + found.len()..].starts_with(char::is_alphanumeric)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_occurs_as_whole_words() {
        assert!(occurs("Sold by Ana, in 2019.", "ana") && occurs("Sold in 2019.", "2019"));
        assert!(!occurs("Sold by Anatol in 20191", "ana") && !occurs("in 20191", "2019"));
        assert!(!occurs("x", ""));
    }
}
