//! Weekdays, months and days of the month.

use super::swap::{Around, Swap, swap};
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::grammar::pattern::Words;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;

/// Weekdays, months and days of the month.
pub const DATE: Operator = Operator {
    name: "date",
    version: 1,
    family: Family::Entity,
    promise: Promise::Same,
    what: "Swaps a weekday for a weekday, a month for a month, or a day of the month for another valid one.",
    reach: Reach::Words,
    touches: &[Guard::Number, Guard::Expected],
    needs_statement: false,
    options: &[],
    vary,
};

const WORKDAYS: [&str; 5] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
const WEEKEND: [&str; 2] = ["Saturday", "Sunday"];
/// `Wed`, `Sat` and `Sun` are also words; `Mon` is one in French.
const SHORT_DAYS: [&str; 4] = ["Mon", "Tue", "Thu", "Fri"];
/// May is left out: it weighs as a modal.
const MONTHS: [&str; 11] = [
    "January",
    "February",
    "March",
    "April",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Days that are holidays or names with these words before them.
const NAMED: [&str; 8] = ["good", "black", "cyber", "casual", "super", "easter", "ash", "freaky"];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let mut found: Vec<(String, Vec<String>)> =
        (0..words.len()).filter_map(|at| values(&words, at)).filter(|(_, new)| !new.is_empty()).collect();
    if found.is_empty() {
        return None;
    }
    let around = Around::of(subject);
    if around.depends_on_values(subject.text.text) {
        return None;
    }
    stream.shuffle(&mut found);
    found.into_iter().find_map(|(old, mut new)| {
        stream.shuffle(&mut new);
        new.into_iter().find_map(|new| swap(subject, &around, &Swap { old: old.clone(), new }, DATE.touches))
    })
}

/// What of a date a word is, and what may take its place.
fn values(words: &Words<'_>, at: usize) -> Option<(String, Vec<String>)> {
    let text = words.text.text;
    let whole = &text[words.text.words[at].range()];
    let word = whole.strip_suffix("'s").or_else(|| whole.strip_suffix("’s")).unwrap_or(whole);
    let plain = words.get(at).trim_end_matches("'s");
    let large = word.starts_with(char::is_uppercase);
    if at > 0 && words.gap(at - 1) == "-" || words.gap(at) == "-" {
        return None;
    }
    let before = words.before(at).map_or("", |before| words.get(before));
    let of = |list: &[&str]| -> Option<Vec<String>> {
        let same = |other: &&&str| other.eq_ignore_ascii_case(plain);
        list.iter().find(same)?;
        Some(list.iter().filter(|other| !same(other)).map(|other| (*other).to_owned()).collect())
    };
    let day_of_month = words.joined(at).then(|| day(words.get(at + 1))).flatten().is_some();
    let days = of(&WORKDAYS).or_else(|| of(&WEEKEND)).or_else(|| of(&SHORT_DAYS));
    if let Some(days) = days {
        // A weekday beside a day of the month is tied to it; a plural is a habit.
        let dated = day_of_month && !words.joined(at + 1)
            || words.joined(at) && words.joined(at + 1) && is_month(words.get(at + 2))
            || words.gap(at).starts_with(',') && day(words.get(at + 1)).is_some();
        let known = NAMED.contains(&before) || dated && !is_hour(words, at + 1);
        return (!known).then(|| (word.to_owned(), days));
    }
    if let Some(months) = of(&MONTHS) {
        let near = day(before).or_else(|| words.joined(at).then(|| day(words.get(at + 1))).flatten());
        let fits = large || near.is_some();
        // "March" and "August" in small letters are a verb and an adjective.
        let other_word = !large && matches!(plain, "march" | "august");
        let named = matches!(before, "with" | "ask" | "tell" | "invite" | "and");
        let ranged = words.iter().filter(|(_, word)| is_month(word)).count() > 1;
        let tied = words
            .before(at)
            .and_then(|before| words.before(before))
            .is_some_and(|two| is_weekday(words.get(two)));
        let longest = near.unwrap_or(1);
        let months = months.into_iter().filter(|month| longest <= length(month)).collect();
        return (fits && !other_word && !named && !ranged && !tied).then(|| (word.to_owned(), months));
    }
    day_values(words, at, word)
}

/// A day of the month: a number beside a month, or an ordinal after "the".
fn day_values(words: &Words<'_>, at: usize, word: &str) -> Option<(String, Vec<String>)> {
    let number = day(&word.to_lowercase())?;
    let before = words.before(at);
    let name = before.map_or("", |before| words.get(before));
    let after = if words.joined(at) { words.get(at + 1) } else { "" };
    let ordinal = !word.bytes().all(|byte| byte.is_ascii_digit());
    let beside = is_month(name) || is_month(after);
    let alone = ordinal
        && name == "the"
        && (after.is_empty() || matches!(after, "at" | "of" | "for" | "with" | "and"));
    let listed = at > 0 && words.gap(at - 1) == ", " && is_weekday(words.get(at - 1));
    let tied = listed
        || is_weekday(name)
        || before.and_then(|before| words.before(before)).is_some_and(|two| is_weekday(words.get(two)));
    let hyphen =
        words.gap(at).starts_with(['-', ':', '/']) || at > 0 && words.gap(at - 1).ends_with(['-', ':', '/']);
    // With two days the one may have to come before the other.
    let ranged =
        words.iter().filter(|(other, word)| *other != at && day(word).is_some()).any(|(other, word)| {
            word.ends_with(char::is_alphabetic)
                || other + 3 >= at && at + 3 >= other && !is_hour(words, other)
        });
    if !(beside || alone) || ranged || tied || hyphen || word.starts_with('0') {
        return None;
    }
    let range = if number < 10 { 2..=9 } else { 10..=28 };
    let written = |day: u32| if ordinal { format!("{day}{}", suffix(day)) } else { day.to_string() };
    Some((word.to_owned(), range.filter(|day| *day != number).map(written).collect()))
}

/// A day of the month in digits, with or without its ending.
fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let number: u32 = digits.parse().ok().filter(|number| (1..=31).contains(number))?;
    let ending = &word[digits.len()..];
    (ending.is_empty() || ending == suffix(number)).then_some(number)
}

const fn suffix(day: u32) -> &'static str {
    match (day, day % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}

/// Whether the number at a word is an hour: "Friday 3pm", "Monday 10:30".
fn is_hour(words: &Words<'_>, at: usize) -> bool {
    let after = if words.joined(at) { words.get(at + 1) } else { "" };
    words.text.words.get(at).is_some()
        && (words.gap(at).starts_with([':', '.']) || matches!(after, "am" | "pm" | "o'clock"))
}

fn is_weekday(word: &str) -> bool {
    WORKDAYS.iter().chain(&WEEKEND).any(|day| day.eq_ignore_ascii_case(word))
}

fn is_month(word: &str) -> bool {
    word == "may" || MONTHS.iter().any(|month| month.eq_ignore_ascii_case(word))
}

fn length(month: &str) -> u32 {
    match month {
        "February" => 28,
        "April" | "June" | "September" | "November" => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_the_month_end_as_they_should() {
        for (word, wanted) in [
            ("12th", Some(12)),
            ("1st", Some(1)),
            ("22nd", Some(22)),
            ("12nd", None),
            ("32", None),
            ("0", None),
            ("3pm", None),
        ] {
            assert_eq!(day(word), wanted, "{word}");
        }
        assert_eq!([1, 2, 3, 11, 13, 21, 23].map(suffix), ["st", "nd", "rd", "th", "th", "st", "rd"]);
    }
}
