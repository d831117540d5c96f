//! Times, durations, counts and amounts.

use super::swap::{Around, Swap, swap};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::calendar::is_month;
use crate::expand::operators::grammar::class;
use crate::expand::operators::grammar::pattern::Words;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use regex::Regex;
use std::sync::LazyLock;

/// Times, durations, counts and amounts.
pub const NUMBER: Operator = Operator {
    name: "number",
    version: 1,
    family: Family::Entity,
    promise: Promise::Same,
    what: "Swaps a time, a duration, a count or an amount for another one of its shape and size.",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Expected],
    needs_statement: false,
    options: &[],
    vary,
};

/// A number as it stands in a protected span: its sign of currency, its digits, minutes, and what follows.
static SHAPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?P<lead>[$€£¥~<>≤≥]?\s?)(?P<whole>\d{1,4})(?:(?P<point>[:.])(?P<minutes>\d\d))?(?P<tail>[^\d]*)$",
    )
    .unwrap_or_else(|error| unreachable!("the pattern is tested: {error}"))
});

/// Numbers that are names: of the emergency services, and of things that everybody calls so.
const NAMES: [u32; 11] = [101, 112, 247, 360, 365, 401, 403, 404, 747, 911, 999];
/// Before an hour of the day without "am", "pm" or minutes.
const CLOCK: [&str; 8] = ["at", "until", "till", "by", "after", "before", "around", "about"];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let mut found: Vec<(String, Vec<String>)> = subject
        .text
        .protected
        .iter()
        .filter(|span| span.guard == Guard::Number)
        .filter_map(|span| values(&words, span.range.start, span.range.end))
        .filter(|(_, values)| !values.is_empty())
        .collect();
    if found.is_empty() {
        return None;
    }
    let around = Around::of(subject);
    if around.depends_on_values(subject.text.text) {
        return None;
    }
    stream.shuffle(&mut found);
    found.into_iter().find_map(|(old, mut values)| {
        stream.shuffle(&mut values);
        values
            .into_iter()
            .find_map(|new| swap(subject, &around, &Swap { old: old.clone(), new }, NUMBER.touches))
    })
}

/// The number of a span as it is swapped, and what may take its place.
fn values(words: &Words<'_>, start: usize, end: usize) -> Option<(String, Vec<String>)> {
    let text = words.text.text;
    let span = text.get(start..end)?.trim_end_matches(['.', ',', ':', '/', '–', '-', ' ']);
    let shape = SHAPE.captures(span)?;
    let whole = shape.name("whole")?;
    let number: u32 = whole.as_str().parse().ok()?;
    let at = words.text.words.iter().position(|word| word.start == start + whole.start())?;
    let last = words.text.words.iter().rposition(|word| word.end <= start + span.len())?;
    let before = words.before(at).map_or("", |before| words.get(before));
    let after = if words.joined(last) { words.get(last + 1) } else { "" };
    let year = shape.name("minutes").is_none() && (1900..=2100).contains(&number);
    let ranged = matches!(before, "from" | "between")
        || matches!(after, "to" | "or" | "and") && after_is_number(words, last)
        || matches!(before, "to" | "and" | "or") && at > 1 && is_amount(words.get(at - 2));
    if is_month(before) || is_month(after) || NAMES.contains(&number) || year || ranged {
        return None;
    }
    let tail = shape["tail"].trim().to_lowercase();
    let minutes = shape.name("minutes").map_or(Some(0), |minutes| minutes.as_str().parse::<u32>().ok())?;
    let half = tail.replace('.', "");
    let on_clock = shape.name("point").is_some_and(|point| point.as_str() == ":" || CLOCK.contains(&before))
        || matches!(half.as_str(), "am" | "pm" | "o'clock" | "o’clock")
        || tail.is_empty() && (CLOCK.contains(&before) || is_day(before)) && !after.ends_with('s');
    let candidates = if matches!(half.as_str(), "st" | "nd" | "rd" | "th") || minutes > 59 {
        return None;
    } else if on_clock {
        hours(number, &half)
    } else if shape.name("point").is_some() || is_named(words, at) {
        return None;
    } else {
        alike(number, if tail.starts_with('%') { 100 } else { u32::MAX })
    };
    let lead = shape.name("lead")?;
    let money = lead.as_str().starts_with(['$', '€', '£', '¥']);
    let from = if money { 0 } else { whole.start() };
    let padded = whole.as_str().starts_with('0');
    let written = |number: u32| {
        let digits = if padded { format!("{number:02}") } else { number.to_string() };
        format!("{}{digits}{}", &span[from..whole.start()], &span[whole.end()..])
    };
    let new = candidates.into_iter().filter(|new| *new != number).map(written).collect();
    Some((span[from..].to_owned(), new))
}

/// Whether a number stands after the word that follows: "2 to 3 days".
fn after_is_number(words: &Words<'_>, last: usize) -> bool {
    is_amount(words.get(last + 2))
}

fn is_amount(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether the word is a day, before the hour of which it may stand.
fn is_day(word: &str) -> bool {
    const DAYS: [&str; 18] = [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "today",
        "tomorrow",
        "tmrw",
        "tonight",
    ];
    DAYS.contains(&word)
}

/// Whether a number is part of a name: what stands before it is written large, and is no verb or
/// preposition that begins a sentence.
fn is_named(words: &Words<'_>, at: usize) -> bool {
    words.before(at).is_some_and(|before| {
        let word = &words.text.text[words.text.words[before].range()];
        let small = words.get(before);
        let plain = class::is_verb(small) || class::is_preposition(small);
        word.starts_with(char::is_uppercase) && !(words.begins_sentence(before) && plain) && word != "I"
    })
}

/// Other hours of the same part of the day.
fn hours(hour: u32, half: &str) -> Vec<u32> {
    let range = match (half, hour) {
        ("am", 7..=11) => 8..=11,
        ("am", 1..=6) => 4..=6,
        ("pm", 7..=11) => 7..=11,
        (_, 1..=6) => 1..=6,
        ("" | "o'clock" | "o’clock", 7..=12) => 8..=12,
        ("", 13..=18) => 13..=18,
        ("", 19..=23) => 19..=22,
        _ => return Vec::new(),
    };
    range.collect()
}

/// Other numbers of the same size, as round, and of as many digits: from the half of it to its double.
fn alike(number: u32, most: u32) -> Vec<u32> {
    let step = match number {
        0 | 1 => return Vec::new(),
        _ if number.is_multiple_of(100) => 100,
        _ if number.is_multiple_of(10) => 10,
        _ if number.is_multiple_of(5) && number > 9 => 5,
        _ => 1,
    };
    let first = number.div_ceil(2).max(2).next_multiple_of(step);
    let digits = |number: u32| number.ilog10();
    let last = (number * 2).min(most);
    let step = usize::try_from(step).unwrap_or(1);
    (first..=last).step_by(step).filter(|new| digits(*new) == digits(number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_size_and_roundness() {
        assert_eq!(alike(30, u32::MAX), [20, 30, 40, 50, 60]);
        assert_eq!(alike(45, u32::MAX), [25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90]);
        assert_eq!(alike(2, u32::MAX), [2, 3, 4]);
        assert_eq!(alike(80, 100), [40, 50, 60, 70, 80, 90]);
        assert!(alike(1, u32::MAX).is_empty());
        assert_eq!(hours(14, ""), [13, 14, 15, 16, 17, 18]);
        assert_eq!(hours(3, "pm"), [1, 2, 3, 4, 5, 6]);
        assert!(hours(27, "").is_empty());
    }
}
