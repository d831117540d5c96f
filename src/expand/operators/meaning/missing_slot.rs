//! Something that a request needs, left out.

use super::request::{asking, lies_in};
use super::sentence::{capitalised, lower};
use super::slots::{SLOTS, missing};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// Leaves out when, how long, with whom, where, which document or how many, at every place where the
/// request says it. What is the object itself ("cancel my 3 pm") stays.
pub const MISSING_SLOT: Operator = Operator {
    name: "missing_slot",
    version: 1,
    family: Family::Meaning,
    promise: Promise::Changed,
    what: "Leaves out what a request needs: \"Book a call with Ana on Friday\" becomes \"Book a call with Ana\".",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Id, Guard::Acronym, Guard::Meaning, Guard::Expected],
    needs_statement: true,
    options: &[Choice {
        name: "slot",
        what: "What is left out. Default: any of these that the request has.",
        takes: Takes::OneOf(SLOTS),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let words = lower(text);
    let asking = asking(text, &words);
    let asked = subject.settings.text("slot");
    let wanted = SLOTS.iter().filter(|slot| asked.is_none_or(|asked| asked == **slot));
    let mut found: Vec<_> = wanted
        .map(|slot| {
            let mut change = missing(slot, text, &words, MISSING_SLOT.touches);
            change.retain(|(range, _)| lies_in(range, &asking));
            change
        })
        .filter(|change| !change.is_empty())
        .collect();
    if found.is_empty() {
        return None;
    }
    let change = found.swap_remove(stream.index(found.len()));
    let mut rewrite = Rewrite::new(text.text);
    for (range, with) in &change {
        rewrite.replace(range.clone(), with);
        // What was said first is gone: the next word begins the sentence.
        let opened = range.start == 0 && with.is_empty() && text.text.starts_with(char::is_uppercase);
        let next = text.words.iter().find(|word| opened && word.start == range.end);
        if let Some(word) = next.filter(|word| text.may_touch(word.range(), MISSING_SLOT.touches)) {
            rewrite.replace(word.range(), &capitalised(word.of(text.text)));
        }
    }
    let draft = Draft::of(rewrite)?;
    let left = draft.text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
    (left >= 2).then_some(draft)
}
