//! Line breaks: mail wrapped at a width, one sentence a line, a break pressed by chance.

use super::{
    forms::{self, Form},
    white_space::spaces,
};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;

/// The operator.
pub static LINE_BREAKS: Operator = Operator {
    name: "line_breaks",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Wraps the text, starts its sentences on new lines, or breaks it once or at the end",
    reach: Reach::Whole,
    touches: &[],
    needs_statement: false,
    options: &[forms::option(
        "Which breaks are drawn: lines of a width, a line for each sentence, one break, or one at the end",
        &["wrapped", "sentences", "one", "last"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 4] = [
    ("wrapped", |subject, stream| {
        let widths = [30, 40, 60, 72];
        wrapped(subject, widths[stream.index(widths.len())])
    }),
    ("sentences", sentences),
    ("one", |subject, stream| {
        let places = spaces(subject);
        broken(subject, places.get(stream.index(places.len())).copied(), "\n")
    }),
    ("last", |subject, _| {
        let end = subject.text.text.len();
        if subject.text.words.is_empty() || !subject.text.may_touch(end..end, &[]) {
            return None;
        }
        let mut rewrite = Rewrite::new(subject.text.text);
        rewrite.insert(end, "\n");
        forms::meaning_kept(subject, rewrite)
    }),
];

/// Puts breaks in the place of spaces.
fn broken(subject: &Subject<'_>, places: impl IntoIterator<Item = usize>, with: &str) -> Option<Draft> {
    let mut rewrite = Rewrite::new(subject.text.text);
    for at in places {
        rewrite.replace(at..at + 1, with);
    }
    forms::meaning_kept(subject, rewrite)
}

/// Lines of at most so many bytes, where there are spaces to break them at.
fn wrapped(subject: &Subject<'_>, width: usize) -> Option<Draft> {
    let (mut begin, mut breaks, mut last) = (0, Vec::new(), None);
    let places = spaces(subject);
    for at in places.into_iter().chain([subject.text.text.len()]) {
        if let Some(fits) = last.filter(|_| at - begin > width) {
            breaks.push(fits);
            begin = fits + 1;
        }
        last = Some(at);
    }
    broken(subject, breaks, "\n")
}

/// A line, or a paragraph, for each sentence.
fn sentences(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let mut places = spaces(subject);
    places.retain(|at| {
        text[..*at].ends_with(['.', '!', '?']) && text[at + 1..].starts_with(char::is_uppercase)
    });
    broken(subject, places, ["\n", "\n\n"][stream.index(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&LINE_BREAKS.options[0], &FORMS));
    }
}
