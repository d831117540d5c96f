//! Punctuation left out: `Hi! Are you there?` becomes `Hi Are you there`.

use super::{
    forms::{self, Form},
    marks,
};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::typing::is_common;

/// The operator.
pub static PUNCTUATION_DROPPED: Operator = Operator {
    name: "punctuation_dropped",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Leaves out the mark at the end, the commas, the apostrophes, or all of them",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[forms::option(
        "Which marks are left out: the last one, the commas, the apostrophes, or all",
        &["last", "commas", "apostrophes", "all"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 4] = [
    ("last", |subject, _| dropped(subject, |run| run.is_last, false)),
    ("commas", |subject, _| dropped(subject, |run| run.first == ',', false)),
    ("apostrophes", |subject, _| dropped(subject, |_| false, true)),
    ("all", |subject, _| dropped(subject, |_| true, true)),
];

/// Leaves out some of the marks and, where asked, the apostrophes within words.
fn dropped(subject: &Subject<'_>, wanted: fn(&marks::Run) -> bool, apostrophes: bool) -> Option<Draft> {
    let text = subject.text;
    let mut left_out: Vec<_> = marks::runs(text).filter(wanted).map(|run| run.range).collect();
    if apostrophes {
        for (_, word) in text.free() {
            let whole = word.of(text.text);
            // `we're` without it is another word.
            if whole.contains(['\'', '’']) && !is_common(&whole.replace(['\'', '’'], "")) {
                let found = whole.match_indices(['\'', '’']);
                left_out.extend(found.map(|(at, mark)| word.start + at..word.start + at + mark.len()));
            }
        }
        left_out.sort_unstable_by_key(|range| range.start);
    }
    let mut rewrite = Rewrite::new(text.text);
    for range in left_out {
        rewrite.replace(range, "");
    }
    forms::meaning_kept(subject, rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&PUNCTUATION_DROPPED.options[0], &FORMS));
    }
}
