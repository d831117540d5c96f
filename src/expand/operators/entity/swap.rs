//! Swapping a value for another one of its kind, wherever it stands.

use crate::expand::edit::Rewrite;
use crate::expand::meaning;
use crate::expand::operator::{Draft, Subject};
use crate::expand::protect::Guard;
use crate::suite::schema::Expect;
use serde_json::Value;
use std::ops::Range;

/// A value and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Swap {
    /// As it stands in the text.
    pub old: String,
    /// Written alike.
    pub new: String,
}

/// What the expectation and the row say beside the text.
#[derive(Debug)]
pub struct Around {
    texts: Vec<String>,
    computed: bool,
}

impl Around {
    /// Reads the texts of the expectation and of the row.
    pub fn of(subject: &Subject<'_>) -> Self {
        let mut texts = Vec::new();
        for expect in subject.expect {
            collect_expected(expect, &mut texts);
        }
        for value in &subject.row.values {
            collect(value, &mut texts);
        }
        texts.retain(|text| text != subject.text.text);
        Self { texts, computed: subject.expect.iter().any(computed) }
    }

    /// Whether the expected answer may be worked out from the values of the text, so that other values would
    /// need another one: an exact value, or a number that the text does not hold.
    pub fn depends_on_values(&self, text: &str) -> bool {
        self.computed || self.texts.iter().any(|said| numbers(said).any(|number| !holds(text, number)))
    }
}

/// Expectations that can only be met by one value.
fn computed(expect: &Expect) -> bool {
    expect.number.is_some()
        || expect.equals.is_some()
        || expect.json.is_some()
        || expect.json_schema.is_some()
        || expect.matches.is_some()
        || expect.calls.is_some()
        || expect.command.is_some()
        || expect.not.as_deref().is_some_and(computed)
}

fn collect_expected(expect: &Expect, texts: &mut Vec<String>) {
    if let Ok(Value::Object(mut fields)) = serde_json::to_value(expect) {
        // What must not be said, labels, and what is measured are not values of the text.
        fields.remove("excludes");
        fields.remove("measures");
        fields.remove("label");
        fields.values().for_each(|value| collect(value, texts));
    }
}

fn collect(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.clone()),
        Value::Array(list) => list.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The runs of digits of a text.
fn numbers(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty())
}

fn holds(text: &str, number: &str) -> bool {
    numbers(text).any(|run| run == number)
}

/// Where a value stands in a text as a whole word, in any case of its letters.
fn places(text: &str, value: &str) -> Vec<Range<usize>> {
    let (hay, needle) = (text.to_lowercase(), value.to_lowercase());
    let folded = hay.len() == text.len() && needle.len() == value.len();
    let (hay, needle) = if folded { (hay.as_str(), needle.as_str()) } else { (text, value) };
    let inside = |c: char| c.is_alphanumeric() || c == '_';
    hay.match_indices(needle)
        .map(|(at, found)| at..at + found.len())
        .filter(|range| {
            let before = hay[..range.start].chars().next_back();
            let after = hay[range.end..].chars().next();

            let currency = needle.starts_with(['$', '€', '£', '¥']);
            (currency || !before.is_some_and(inside)) && !after.is_some_and(inside)
        })
        .collect()
}

/// Whether a place is part of a longer number, such as the `3` of `3.5` or of `3:30`.
fn glued(text: &str, range: &Range<usize>) -> bool {
    let joins = |c: char| matches!(c, '.' | ',' | ':' | '/' | '-' | '–' | '+' | '#' | '$' | '€' | '£' | '%');
    let mut before = text[..range.start].chars().rev();
    let mut after = text[range.end..].chars();
    let left = before.next().is_some_and(joins) && before.next().is_some_and(|c| c.is_ascii_digit());
    let right = after.next().is_some_and(joins) && after.next().is_some_and(|c| c.is_ascii_digit());
    left || right
}

/// Puts a value in the place of another, everywhere; `None` where that would touch what is protected, meet
/// the same value elsewhere, or leave a part of the old one behind.
pub fn swap(subject: &Subject<'_>, around: &Around, swap: &Swap, touches: &[Guard]) -> Option<Draft> {
    let text = subject.text.text;
    let found = places(text, &swap.old);
    let texts = || std::iter::once(text).chain(around.texts.iter().map(String::as_str));
    let taken = texts().any(|text| !places(text, &swap.new).is_empty());
    let numeric = swap.old.bytes().any(|byte| byte.is_ascii_digit());
    let torn = numeric
        && texts().any(|text| {
            let whole = places(text, &swap.old);
            let alone = numbers(&swap.old).any(|number| {
                places(text, number)
                    .iter()
                    .any(|part| !whole.iter().any(|whole| whole.start <= part.start && part.end <= whole.end))
            });
            alone || whole.iter().any(|range| glued(text, range))
        });
    let free = found.iter().all(|range| subject.text.may_touch(range.clone(), touches));
    if found.is_empty() || taken || torn || !free {
        return None;
    }
    let mut rewrite = Rewrite::new(text);
    let mut swaps: Vec<(String, String)> = Vec::new();
    for range in &found {
        let old = &text[range.clone()];
        let new = written_like(old, &swap.new);
        rewrite.replace(range.clone(), &new);
        swaps.push((old.to_owned(), new));
    }
    for said in &around.texts {
        swaps.extend(places(said, &swap.old).into_iter().map(|range| {
            let old = &said[range];
            (old.to_owned(), written_like(old, &swap.new))
        }));
    }
    swaps.sort();
    swaps.dedup();
    let mut draft = Draft::of(rewrite)?;
    draft.swaps = swaps;
    (meaning::Count::of(&draft.text) == meaning::Count::of(text)).then_some(draft)
}

/// A value in capitals or small letters, as another one is.
fn written_like(old: &str, new: &str) -> String {
    let has = |which: fn(char) -> bool| old.chars().any(which);
    match (has(char::is_uppercase), has(char::is_lowercase)) {
        (false, true) => new.to_lowercase(),
        (true, false) if old.chars().filter(|c| c.is_alphabetic()).count() > 1 => new.to_uppercase(),
        _ => new.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_are_found_in_any_case() {
        assert_eq!(places("Ana's and ANA, not Anaïs or Diana", "Ana"), [0..3, 10..13]);
        assert_eq!(places("pay $30 of $300 or $30", "$30"), [4..7, 19..22]);
        assert!(places("ask Ana", "Bo").is_empty());
    }

    #[test]
    fn a_number_within_a_longer_one_is_glued() {
        assert!(glued("at 3.30", &(3..4)) && glued("10:30", &(3..5)) && glued("2-3 days", &(0..1)));
        assert!(!glued("at 3.", &(3..4)) && !glued("3, 4", &(0..1)));
    }

    #[test]
    fn letters_follow_the_old_value() {
        assert_eq!(written_like("grace", "Ana"), "ana");
        assert_eq!(written_like("GRACE", "Ana"), "ANA");
        assert_eq!(written_like("Grace", "Ana"), "Ana");
    }
}
