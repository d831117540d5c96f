//! A quantity raised over a limit.

use super::request::{asking, lies_in};
use super::sentence::lower;
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::operators::calendar::is_month;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// Raises a quantity of the request beyond a limit of the application.
///
/// Times, dates, ordinals, versions and numbers that name something ("room 4") are no quantities. Where
/// several stand in the text, `unit` says which is meant.
pub const QUANTITY_OVER_LIMIT: Operator = Operator {
    name: "quantity_over_limit",
    version: 1,
    family: Family::Meaning,
    promise: Promise::Changed,
    what: "Raises a quantity over the application's limit: with limit 8, \"a table for four\" becomes \"a table for 16\".",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Expected, Guard::Id],
    needs_statement: true,
    options: &[
        Choice {
            name: "limit",
            what: "The most that the application allows; the quantity is raised beyond it.",
            takes: Takes::Count(1, 1_000_000_000),
            required: true,
        },
        Choice {
            name: "unit",
            what: "What is counted, as it stands after the number (\"people\") or before it (\"€\"). Default: any quantity.",
            takes: Takes::Text,
            required: false,
        },
    ],
    vary,
};

/// A number that may be a quantity.
static NUMBER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?").ok());
const WORDS: &[(&str, u64)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("fifteen", 15),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
];
/// What stands after a number that tells the time or names a thing.
const AFTER_TIMES: &[&str] = &["am", "pm", "a.m", "p.m", "o'clock", "st", "nd", "rd", "th"];
/// What stands before a number that names a thing.
const BEFORE_NAMES: &[&str] = &[
    "room", "page", "step", "chapter", "floor", "version", "number", "no", "ticket", "invoice", "line",
    "section", "item", "building", "gate", "platform", "terminal", "flat", "unit", "q", "bus", "tram",
    "level", "table",
];

/// How many characters beside a number are read.
const NEAR: usize = 40;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let limit = subject.settings.count("limit")?;
    let text = subject.text;
    let asking = asking(text, &lower(text));
    let mut sites = quantities(text, subject.settings.text("unit"));
    sites.retain(|(range, value)| {
        (2..=limit).contains(value)
            && lies_in(range, &asking)
            && text.may_touch(range.clone(), QUANTITY_OVER_LIMIT.touches)
    });
    if sites.is_empty() {
        return None;
    }
    let (range, value) = sites.swap_remove(stream.index(sites.len()));
    let over = beyond(limit, value, stream);
    let grouped = text.text[range.clone()].contains(',');
    let mut rewrite = Rewrite::new(text.text);
    rewrite.replace(range, &if grouped { thousands(&over.to_string()) } else { over.to_string() });
    Draft::of(rewrite)
}

/// A quantity over the limit, now and then only just.
fn beyond(limit: u64, value: u64, stream: &mut Stream) -> u64 {
    let round = (limit / 10 + 1) * 10;
    let raised = match stream.index(4) {
        0 => limit + 1,
        1 => limit.saturating_mul(2),
        2 => round,
        // As many times the quantity as leads over the limit.
        _ => value.saturating_mul(limit / value + 1),
    };
    raised.max(limit + 1)
}

/// Digits with commas between their thousands.
pub fn thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The quantities of a text, with their values rounded up.
pub fn quantities(text: &Text<'_>, unit: Option<&str>) -> Vec<(Range<usize>, u64)> {
    let unit = unit.map(|unit| unit.trim().to_lowercase()).filter(|unit| !unit.is_empty());
    let mut sites = Vec::new();
    for found in NUMBER.iter().flat_map(|number| number.find_iter(text.text)) {
        let plain: String = found.as_str().chars().filter(|c| *c != ',').collect();
        let Some(value) = plain.parse::<f64>().ok().filter(|value| *value < 1e12) else { continue };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1e12")]
        let value = value.ceil() as u64;
        sites.push((found.range(), value));
    }
    for (word, small) in text.words.iter().zip(lower(text)) {
        if let Some((_, value)) = WORDS.iter().find(|(name, _)| *name == small) {
            sites.push((word.range(), *value));
        }
    }
    sites.retain(|(range, value)| fits(text.text, range, *value, unit.as_deref()));
    sites.sort_by_key(|(range, _)| range.start);
    sites
}

/// Whether a number is a quantity, and of the unit asked for.
fn fits(text: &str, range: &Range<usize>, value: u64, unit: Option<&str>) -> bool {
    let (before, after) = (&text[..range.start], &text[range.end..]);
    let near =
        |c: char| c.is_alphanumeric() || matches!(c, '.' | ':' | '-' | '/' | '_' | '#' | ',' | '@' | '+');
    // Part of a longer token: a time, a date, a version, an id, an address.
    let joined_before = before.ends_with(|c: char| near(c) && c != ',');
    let inside_after = after.starts_with([':', '/', '_', '@', '#'])
        || (after.starts_with(['.', ',']) && after[1..].starts_with(|c: char| c.is_ascii_digit()));
    if joined_before || inside_after {
        return false;
    }
    // No unit is longer: what lies beyond is not looked at for every number.
    let following: String =
        after.trim_start_matches([' ', '-']).chars().take(NEAR).flat_map(char::to_lowercase).collect();
    let next = following.split(|c: char| !(c.is_alphanumeric() || c == '\'')).next().unwrap_or_default();
    let last = before.trim_end();
    let previous =
        last.rsplit(|c: char| !(c.is_alphanumeric() || c == '\'')).next().unwrap_or_default().to_lowercase();
    let glued = after.starts_with(char::is_alphabetic);
    if let Some(unit) = unit {
        let whole = following.strip_prefix(unit).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric));
        let before: Vec<char> = last.chars().rev().take(NEAR).collect();
        let before: String = before.iter().rev().flat_map(|c| c.to_lowercase()).collect();
        return whole || before.ends_with(unit);
    }
    let currency = last.ends_with(['€', '$', '£', '¥']);
    let year = (1900..2100).contains(&value) && !currency && !after.starts_with(' ');
    let names = BEFORE_NAMES.contains(&previous.as_str()) && last.len() == before.trim_end_matches(' ').len();
    let bare = next.is_empty() || !after.starts_with([' ', '-', '%', '€', '$', '£']);
    // "for four": a number of people needs no noun after it, "at four" is a time.
    let people =
        previous == "for" && (bare || matches!(next, "at" | "on" | "in" | "tonight" | "tomorrow" | "today"));
    let plural = next.ends_with('s') || NUMBERED.contains(&next) || after.starts_with('%');
    let adjective = second_word_is_plural(after);
    let counts = currency || people || plural || adjective || after.starts_with(['€', '$', '£']);
    !glued && !year && !AFTER_TIMES.contains(&next) && !is_month(next) && counts && (currency || !names)
}

/// What is counted without an `s`.
const NUMBERED: &[&str] = &[
    "people", "children", "men", "women", "persons", "minute", "hour", "day", "week", "month", "year",
    "euro", "eur", "usd", "gbp", "chf", "dollar", "pound", "percent", "kg", "km", "gb", "mb", "copies",
    "staff", "page",
];

/// "two large pizzas", "3 open seats".
fn second_word_is_plural(after: &str) -> bool {
    let mut words = after.trim_start().split(' ');
    let first = words.next().unwrap_or_default();
    let second = words.next().unwrap_or_default().trim_end_matches(['.', ',', '?', '!']);
    first.chars().all(char::is_lowercase)
        && first.len() > 2
        && !matches!(first, "and" | "with" | "for" | "the" | "from" | "past" | "then" | "this")
        && second.len() > 3
        && second.ends_with('s')
        && !second.ends_with("ss")
        && !second.contains('\'')
}
