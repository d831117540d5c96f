//! Spaces too many, of another kind, or missing after a comma.

use super::{
    forms::{self, Form},
    marks,
};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static WHITE_SPACE: Operator = Operator {
    name: "white_space",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Types spaces twice, before the text, after it or before a mark, or as a tab or a hard space",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[forms::option(
        "Which changes are drawn: spaces doubled, before the text, after it, before a mark, missing after a mark, \
         a tab, or hard spaces",
        &["doubled", "leading", "trailing", "before_mark", "missing_after_mark", "tab", "hard"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 7] = [
    ("doubled", |subject, stream| some_spaces(subject, stream, "  ", 3)),
    ("leading", |subject, stream| around(subject, 0, [" ", "  ", "   "][stream.index(3)])),
    ("trailing", |subject, stream| {
        around(subject, subject.text.text.len(), [" ", "  ", "   "][stream.index(3)])
    }),
    ("before_mark", before_mark),
    ("missing_after_mark", missing_after_mark),
    ("tab", |subject, stream| some_spaces(subject, stream, "\t", 1)),
    ("hard", |subject, stream| some_spaces(subject, stream, "\u{a0}", 3)),
];

/// The single spaces between two words, that are not protected.
pub fn spaces(subject: &Subject<'_>) -> Vec<usize> {
    let text = subject.text;
    let gaps = text.words.windows(2).map(|pair| pair[0].end..pair[1].start);
    let single = gaps.filter(|gap| text.text[gap.clone()].ends_with(' '));
    let single = single.filter(|gap| !text.text[gap.clone()].ends_with("  "));
    single.map(|gap| gap.end - 1).filter(|at| text.may_touch(*at..at + 1, &[])).collect()
}

/// Replaces up to `most` of the spaces.
fn some_spaces(subject: &Subject<'_>, stream: &mut Stream, with: &str, most: u64) -> Option<Draft> {
    let mut places = spaces(subject);
    stream.shuffle(&mut places);
    places.truncate(1 + usize::try_from(stream.below(most)).unwrap_or(0));
    places.sort_unstable();
    let mut rewrite = Rewrite::new(subject.text.text);
    for at in places {
        rewrite.replace(at..at + 1, with);
    }
    forms::meaning_kept(subject, rewrite)
}

/// Puts spaces before the text or after it.
fn around(subject: &Subject<'_>, at: usize, spaces: &str) -> Option<Draft> {
    if subject.text.words.is_empty() || !subject.text.may_touch(at..at, &[]) {
        return None;
    }
    let mut rewrite = Rewrite::new(subject.text.text);
    rewrite.insert(at, spaces);
    forms::meaning_kept(subject, rewrite)
}

/// Puts a space before a mark, as in French.
fn before_mark(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let runs: Vec<marks::Run> = marks::runs(subject.text).filter(|run| run.first != '.').collect();
    let mut rewrite = Rewrite::new(subject.text.text);
    rewrite.insert(runs.get(stream.index(runs.len()))?.range.start, " ");
    forms::meaning_kept(subject, rewrite)
}

/// Leaves out the space after a mark, between two words that may be touched.
fn missing_after_mark(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let pairs = text.words.windows(2).filter(|pair| {
        pair.iter().all(|word| word.guard.is_none())
            && matches!(&text.text[pair[0].end..pair[1].start], ", " | "! " | "? ")
    });
    let places: Vec<usize> = pairs.map(|pair| pair[0].end + 1).collect();
    let at = *places.get(stream.index(places.len()))?;
    let mut rewrite = Rewrite::new(text.text);
    rewrite.replace(at..at + 1, "");
    forms::meaning_kept(subject, rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&WHITE_SPACE.options[0], &FORMS));
    }
}
