//! A name in the answer that is not the one in the source.

use super::answer::{HALLUCINATING, Pair, occurs};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::names;
use crate::expand::operators::meaning::sentence::{adjoins, sentences};
use crate::expand::protect::{Guard, Protector};
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::ops::Range;

/// Replaces a name of the answer by another: by one of the same kind from the source, as models do, or by one
/// that the source does not hold.
///
/// Names are words in capitals within a sentence, and those of the lexicon anywhere. What kind a name is of is
/// known for those of the lexicon alone; any other is replaced by another such name of the source, or by a name
/// that could be a person's, a place's or a firm's.
pub const ENTITY_SWAPPED: Operator = Operator {
    name: "entity_swapped",
    version: 1,
    family: Family::Grounded,
    promise: Promise::Own,
    what: "Replaces a name of the answer by another one; what must hold is the option `hallucinated`.",
    reach: Reach::Around,
    touches: Guard::ALL,
    needs_statement: false,
    options: HALLUCINATING,
    vary,
};

/// Capitalised words that are no names.
const NO_NAMES: &[&str] = &[
    "I", "The", "A", "An", "In", "On", "At", "It", "He", "She", "They", "We", "You", "This", "That", "These",
    "Those", "No", "Yes", "If", "When", "After", "Before", "But", "And", "Or", "For", "From", "By", "As",
    "To", "Its", "His", "Her", "Their", "Our", "My", "Your", "There", "Dr", "Mr", "Mrs", "Ms", "Prof",
];

/// A name of a text: its bytes and its kind.
type Name = (Range<usize>, Option<&'static str>);

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let pair = Pair::of(subject)?;
    let text = &pair.answer;
    let mut found = names_of(text);
    // A name that the source does not hold would be as wrong before.
    found.retain(|(range, _)| pair.supports(&text.text[range.clone()]));
    if found.is_empty() {
        return None;
    }
    let (range, kind) = found.swap_remove(stream.index(found.len()));
    let name = &text.text[range.clone()];
    let source = Text::new(pair.source, &Protector::new(&[]).ok()?, &[]);
    let mut others: Vec<&str> = names_of(&source)
        .into_iter()
        .filter(|(_, other)| *other == kind)
        .map(|(range, _)| &pair.source[range])
        .filter(|other| !occurs(text.text, other) && !occurs(name, other) && !occurs(other, name))
        .collect();
    others.sort_unstable();
    others.dedup();
    let unknown = |other: &&str| !pair.supports(other) && !occurs(text.text, other);
    let of_kind: Vec<&str> = names::of_kind(kind.unwrap_or("surname")).filter(unknown).collect();
    let within = !others.is_empty() && !stream.chance(0.3);
    let from = if within { &others } else { &of_kind };
    let mut other = (*from.get(stream.index(from.len()))?).to_owned();
    if !within && kind == Some("person") && name.contains(' ') {
        let surnames: Vec<&str> = names::of_kind("surname").filter(unknown).collect();
        other = format!("{other} {}", surnames.get(stream.index(surnames.len()))?);
    }
    // Wherever the answer says the name, so that it contradicts the source and not itself.
    let edits: Vec<(Range<usize>, String)> = text
        .text
        .match_indices(name)
        .filter(|(at, found)| {
            !text.text[..*at].ends_with(char::is_alphanumeric)
                && !text.text[at + found.len()..].starts_with(char::is_alphanumeric)
        })
        .map(|(at, found)| (at..at + found.len(), other.clone()))
        .collect();
    pair.draft(subject, &edits, "hallucinated")
}

/// The names of a text: runs of capitalised words that do not merely begin a sentence.
pub fn names_of(text: &Text<'_>) -> Vec<Name> {
    let begins: Vec<usize> = sentences(text).iter().map(|sentence| sentence.words.start).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.words.len() {
        let word = text.words[at].of(text.text);
        let known = names::kind(word);
        let capital = word.starts_with(char::is_uppercase)
            && word.chars().skip(1).any(char::is_lowercase)
            && !NO_NAMES.contains(&word)
            && word.chars().all(char::is_alphabetic);
        if !capital || (known.is_none() && begins.binary_search(&at).is_ok()) {
            at += 1;
            continue;
        }
        let mut last = at;
        while last + 1 < text.words.len() && adjoins(text, last) {
            let next = text.words[last + 1].of(text.text);
            let name = next.starts_with(char::is_uppercase) && next.chars().skip(1).any(char::is_lowercase);
            let apart = matches!(names::kind(next), Some("month" | "weekday"));
            if !name
                || apart
                || known.is_some_and(|kind| kind != "person")
                || !next.chars().all(char::is_alphabetic)
            {
                break;
            }
            last += 1;
        }
        let range = text.words[at].start..text.words[last].end;
        let kind = names::kind(&text.text[range.clone()]).or(known);
        let free = text.may_touch(range.clone(), &[Guard::Meaning, Guard::Expected, Guard::Suite]);
        if free {
            found.push((range, kind));
        }
        at = last + 1;
    }
    found
}
