//! Numbers in words and in digits.

use super::pattern::Words;
use super::phrase::{Change, draft};
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::operators::calendar::MONTHS;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// Numbers in words and in digits.
pub const NUMBER_WORDS: Operator = Operator {
    name: "number_words",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Writes a number word in digits, or a small number in words: two and 2, the 12th and the twelfth.",
    reach: Reach::Words,
    touches: &[Guard::Number],
    needs_statement: false,
    options: &[Choice {
        name: "to",
        what: "Which way to go. Default: either, whichever can be done.",
        takes: Takes::OneOf(&["digits", "words"]),
        required: false,
    }],
    vary,
};

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 10] =
    ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const ORDINALS: [&str; 20] = [
    "",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
];
/// What a "one" counts, so that it is a number and no pronoun.
const COUNTED: [&str; 14] = [
    "hour", "minute", "day", "week", "month", "year", "page", "person", "dollar", "euro", "pound", "night",
    "ticket", "mile",
];
/// What makes a number part of a clock time in words, of a larger number, or of a fraction.
const NO_NUMBER: [&str; 16] = [
    "past", "half", "quarter", "quarters", "million", "billion", "dozen", "thirds", "fifths", "tenths",
    "thousand", "point", "oh", "zero", "fold", "o'clock",
];

/// Whether a word, in lower case, is a number in words.
pub fn is_number(word: &str) -> bool {
    SMALL.contains(&word) || TENS[2..].contains(&word) || matches!(word, "hundred" | "thousand" | "million")
}

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let way = subject.settings.text("to");
    let mut changes: Vec<Change> = Vec::new();
    if way != Some("words") {
        changes.extend(digits(&words));
    }
    if way != Some("digits") {
        changes.extend((0..words.len()).filter_map(|at| in_words(&words, at)));
    }
    changes.retain(|(range, _)| subject.text.may_touch(range.clone(), NUMBER_WORDS.touches));
    let drawn = stream.index(changes.len());
    draft(subject.text.text, vec![changes.into_iter().nth(drawn)?])
}

/// Every number in words, with its digits.
fn digits(words: &Words<'_>) -> Vec<Change> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        let Some((value, length)) = spoken(words, at) else {
            found.extend(ordinal(words, at));
            at += 1;
            continue;
        };
        let end = at + length;
        if counts(words, at, end, value) {
            let range = words.text.words[at].start..words.text.words[end - 1].end;
            found.push((range, value.to_string()));
        }
        at = end;
    }
    found
}

/// The number that is spoken from a word on, and of how many words it is.
fn spoken(words: &Words<'_>, at: usize) -> Option<(usize, usize)> {
    let small = |at: usize| SMALL.iter().position(|word| *word == words.get(at)).filter(|n| *n > 0);
    let linked = |at: usize| words.joined(at) || words.gap(at) == "-";
    let below_hundred = |at: usize| -> Option<(usize, usize)> {
        if let Some(tens) = TENS.iter().position(|word| !word.is_empty() && *word == words.get(at)) {
            let unit =
                (at + 1 < words.len() && linked(at)).then(|| small(at + 1)).flatten().filter(|n| *n < 10);
            return Some(unit.map_or((tens * 10, 1), |unit| (tens * 10 + unit, 2)));
        }
        small(at).map(|value| (value, 1))
    };
    let (value, length) = below_hundred(at)?;
    if value > 9 || at + 1 >= words.len() || !words.joined(at) || words.get(at + 1) != "hundred" {
        return Some((value, length));
    }
    let mut next = at + 2;
    if next < words.len() && words.joined(next - 1) && words.get(next) == "and" {
        next += 1;
    }
    let rest = (next < words.len() && words.joined(next - 1)).then(|| below_hundred(next)).flatten();
    Some(rest.map_or((value * 100, 2), |(rest, length)| (value * 100 + rest, next - at + length)))
}

/// Whether a spoken number counts something: no clock time, fraction, row of digits, pronoun or name.
fn counts(words: &Words<'_>, at: usize, end: usize, value: usize) -> bool {
    let after = if end < words.len() && words.joined(end - 1) { words.get(end) } else { "" };
    let hyphen = end < words.len() && words.gap(end - 1) == "-";
    let before = words.before(at).map_or("", |before| words.get(before));
    let unit = COUNTED.iter().any(|unit| *unit == words.get(end) || words.get(end) == format!("{unit}s"));
    let near = |word: &str| {
        NO_NUMBER.contains(&word) || SMALL.contains(&word) || TENS[2..].contains(&word) || word == "hundred"
    };
    let text = words.text.text;
    let named =
        text[words.text.words[at].range()].starts_with(char::is_uppercase) && !words.begins_sentence(at);
    let glued = at > 0 && words.gap(at - 1) == "-";
    let lonely = matches!(before, "of" | "a" | "to") && near(before);
    let pronoun = value == 1 && !(unit && (after == words.get(end) || hyphen));
    let past = matches!(before, "past" | "quarter" | "half" | "part" | "number" | "hundred")
        || near(before)
        || matches!(before, "to" if end - at == 1 && words.before(at).is_some_and(|b| before_is_clock(words, b)));
    let range = after == "to" && words.joined(end) && near(words.get(end + 1));
    !(range || named || glued || lonely || pronoun || past || near(after) || (hyphen && !unit))
}

/// Whether the word before "to" is a part of a clock time: "quarter to two".
fn before_is_clock(words: &Words<'_>, to: usize) -> bool {
    words.before(to).is_some_and(|before| {
        let word = words.get(before);
        word == "quarter" || SMALL.contains(&word) || TENS[2..].contains(&word)
    })
}

/// An ordinal in words after "the", with a noun after it: "the second storey".
fn ordinal(words: &Words<'_>, at: usize) -> Option<Change> {
    let value = ORDINALS.iter().position(|word| !word.is_empty() && *word == words.get(at))?;
    let before = words.before(at).map(|before| words.get(before))?;
    let fits = before == "the"
        && words.joined(at)
        && !matches!(words.get(at + 1), "of" | "and" | "or" | "half" | "to");
    let word = &words.text.words[at];
    let named = words.text.text[word.range()].starts_with(char::is_uppercase);
    (fits && !named).then(|| (word.range(), format!("{value}{}", suffix(value))))
}

fn suffix(value: usize) -> &'static str {
    match (value / 10 % 10, value % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// A small number in digits, as words: counted things, hours after "at", and ordinals of days.
fn in_words(words: &Words<'_>, at: usize) -> Option<Change> {
    let word = words.get(at);
    let range = words.text.words[at].range();
    if !words.stand_alone(at, at) {
        return None;
    }
    let before = words.before(at).map_or("", |before| words.get(before));
    let after = if words.joined(at) { words.get(at + 1) } else { "" };
    if MONTHS.contains(&before) || MONTHS.contains(&after) {
        return None;
    }
    let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let value: usize = number.parse().ok().filter(|_| number.len() < 3 && !number.starts_with('0'))?;
    if word.len() > number.len() {
        let fits = word[number.len()..] == *suffix(value) && before == "the" && value < 32;
        return fits.then(|| (range, ordinal_words(value)));
    }
    let plural = after.ends_with('s') && after.len() > 3 && !after.starts_with(|c: char| c.is_ascii_digit());
    let minute = matches!(after, "minute" | "hour" | "day" | "week" | "people");
    let clock = matches!(before, "at" | "after" | "before" | "until") && after.is_empty() && value < 13;
    let named = words.before(at).is_some_and(|before| {
        words.text.text[words.text.words[before].range()].starts_with(char::is_uppercase)
            && !words.begins_sentence(before)
    });
    let joint = [words.gap(at), if at > 0 { words.gap(at - 1) } else { "" }].concat();
    let signs =
        joint.contains(['$', '€', '£', '%', '-', '+', '*', '/', '=', '.']) && !words.gap(at).starts_with('.');
    ((plural || minute || clock) && !named && !signs).then(|| (range, cardinal_words(value)))
}

fn cardinal_words(value: usize) -> String {
    if value < 20 {
        SMALL[value].to_owned()
    } else if value.is_multiple_of(10) {
        TENS[value / 10].to_owned()
    } else {
        format!("{}-{}", TENS[value / 10], SMALL[value % 10])
    }
}

fn ordinal_words(value: usize) -> String {
    match value {
        0..20 => ORDINALS[value].to_owned(),
        20 => "twentieth".to_owned(),
        30 => "thirtieth".to_owned(),
        _ => format!("{}-{}", TENS[value / 10], ORDINALS[value % 10]),
    }
}
