//! What a message says that rules count with: order numbers, days and card numbers; and its words.

use jiff::civil::Date;
use jiff::{Span, ToSpan};
use regex::{Captures, Regex, RegexBuilder};
use std::sync::LazyLock;

/// Months by the first three letters of their names.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/// Numbers that are written as words.
const NUMBERS: [(&str, i32); 16] = [
    ("a", 1),
    ("an", 1),
    ("one", 1),
    ("two", 2),
    ("couple", 2),
    ("three", 3),
    ("few", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];
/// Digits of a number that may be that of a card.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().expect("the pattern is well formed")
}

static ORDER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\bp[li1]\s*[-–—_.:#]?\s*(\d{6})\b|(?:^|[^\d-])(\d{6})(?:$|[^\d])"));
static CARD: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d(?:[ -]?\d){12,18}"));
static AGO: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(\d{1,4}|[a-z]+)(?:\s+of)?\s+(day|week|month|year)s?\b(?:\s+(?:and\s+)?(?:a\s+)?half)?\s*(?:ago|old|back|now|since|after)\b",
    )
});
static LAST: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(today|yesterday|last\s+(week|month|year))\b"));
static ISO: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4})-(\d{2})-(\d{2})\b"));
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(\d{1,2})(?:st|nd|rd|th)?\s+(?:of\s+)?([a-z]{3})[a-z]*\.?,?(?:\s+(\d{4}))?\b")
});
static MONTH_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s+(\d{4})\b)?"));
static MONTH_ALONE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:in|since|of)\s+(?:early\s+|late\s+)?(january|february|march|april|may|june|july|august|september|october|november|december)\b(?:\s+(\d{4}))?",
    )
});

/// The number of an order, as the order book writes it.
pub fn order(text: &str) -> Option<String> {
    let found = ORDER.captures(text)?;
    let digits = found.get(1).or(found.get(2))?;
    Some(format!("PL-{}", digits.as_str()))
}

/// Whether something that looks like the whole number of a card is in the text.
pub fn has_card(text: &str) -> bool {
    CARD.find_iter(text)
        .any(|found| CARD_DIGITS.contains(&found.as_str().chars().filter(char::is_ascii_digit).count()))
}

/// The day in the past that the text speaks of.
pub fn day(text: &str, today: Date) -> Option<Date> {
    let past = |date: &Date| *date <= today;
    written_out(text, today).filter(past).or_else(|| since(text, today)).filter(past)
}

fn since(text: &str, today: Date) -> Option<Date> {
    if let Some(found) = AGO.captures(text) {
        let count = number(&found[1])?;
        return today.checked_sub(span(count, &found[2].to_lowercase())).ok();
    }
    let found = LAST.captures(text)?;
    let span = match (found.get(2), found[1].to_lowercase().as_str()) {
        (Some(unit), _) => span(1, &unit.as_str().to_lowercase()),
        (None, "yesterday") => 1.day(),
        (None, _) => 0.days(),
    };
    today.checked_sub(span).ok()
}

fn span(count: i32, unit: &str) -> Span {
    match unit {
        "day" => count.days(),
        "week" => count.weeks(),
        "month" => count.months(),
        _ => count.years(),
    }
}

fn number(text: &str) -> Option<i32> {
    let text = text.to_lowercase();
    text.parse().ok().or_else(|| NUMBERS.iter().find(|(word, _)| *word == text).map(|(_, number)| *number))
}

/// A date with its day, or a month alone (its first day: the customer gets the shorter period, and is told).
fn written_out(text: &str, today: Date) -> Option<Date> {
    if let Some(found) = ISO.captures(text) {
        return Date::new(found[1].parse().ok()?, found[2].parse().ok()?, found[3].parse().ok()?).ok();
    }
    let (mut day_first, mut month_first) = (DAY_FIRST.captures_iter(text), MONTH_FIRST.captures_iter(text));
    day_first
        .find_map(|found| latest(&found, &found[2], found[1].parse().ok()?, today))
        .or_else(|| month_first.find_map(|found| latest(&found, &found[1], found[2].parse().ok()?, today)))
        .or_else(|| {
            let found = MONTH_ALONE.captures(text)?;
            let year = found.get(2).and_then(|year| year.as_str().parse().ok());
            of_year(year, month(&found[1])?, 1, today)
        })
}

fn latest(found: &Captures<'_>, name: &str, day: i8, today: Date) -> Option<Date> {
    let year = found.get(3).and_then(|year| year.as_str().parse().ok());
    of_year(year, month(name)?, day, today)
}

/// The date in that year, or else the last time that it was.
fn of_year(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Date> {
    if let Some(year) = year {
        return Date::new(year, month, day).ok();
    }
    let this = Date::new(today.year(), month, day).ok()?;
    if this <= today { Some(this) } else { Date::new(today.year() - 1, month, day).ok() }
}

fn month(name: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|month| name.to_lowercase().starts_with(month))?;
    i8::try_from(place + 1).ok()
}

/// The words of a text, in small letters, without apostrophes, each as its stem.
pub fn stems(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['\'', '’', '`'], "");
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(stem).collect()
}

/// A word without its ending: `charged`, `charges` and `charging` are one.
pub fn stem(word: &str) -> String {
    let cut = ["ing", "ed", "es", "s", "e"]
        .iter()
        .filter_map(|ending| word.strip_suffix(ending))
        .find(|left| left.chars().count() >= 3)
        .unwrap_or(word);
    let mut letters: Vec<char> = cut.chars().collect();
    if let [.., before, last] = letters[..] {
        if before == last && letters.len() > 3 {
            letters.pop();
        } else if last == 'y' && letters.len() > 3 {
            letters.pop();
            letters.push('i');
        }
    }
    letters.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 28);

    #[test]
    fn order_numbers_are_read_in_any_spelling_and_other_numbers_are_not() {
        for text in ["my order PL-204518", "pl 204518 pls", "PL204518?", "it's 204518", "#204518."] {
            assert_eq!(order(text).as_deref(), Some("PL-204518"), "{text}");
        }
        for text in ["2045181", "no number", "in 2026", "4111 1111 1111 1111", "2026-11-02"] {
            assert_eq!(order(text), None, "{text}");
        }
    }

    #[test]
    fn days_are_counted_from_today() {
        for (text, day_meant) in [
            ("it came 45 days ago", date(2026, 10, 14)),
            ("I got it three weeks ago", date(2026, 11, 7)),
            ("it arrived a couple of weeks ago", date(2026, 11, 14)),
            ("bought two years ago", date(2024, 11, 28)),
            ("it came yesterday", date(2026, 11, 27)),
            ("delivered on 2 November", date(2026, 11, 2)),
            ("delivered Nov 2nd", date(2026, 11, 2)),
            ("it was the 3rd of December", date(2025, 12, 3)),
            ("on 2026-10-29", date(2026, 10, 29)),
            ("in March 2025", date(2025, 3, 1)),
        ] {
            assert_eq!(day(text, TODAY), Some(day_meant), "{text}");
        }
        assert_eq!(day("I have 2 feeders and may buy 3 more", TODAY), None);
        assert_eq!(day("it will come on 2027-01-01", TODAY), None);
    }

    #[test]
    fn card_numbers_are_seen_with_spaces_and_order_numbers_are_none() {
        assert!(has_card("my card is 4111 1111 1111 1111"));
        assert!(has_card("4111-1111-1111-1111"));
        assert!(!has_card("PL-204518, 3 weeks ago, 149 euros"));
    }

    #[test]
    fn endings_make_no_other_word() {
        assert_eq!(stem("charging"), stem("charged"));
        assert_eq!(stem("battery"), stem("batteries"));
        assert_eq!(stem("stopped"), stem("stop"));
        assert_eq!(stems("Can't REFUND it?"), ["cant", "refund", "it"]);
    }
}
