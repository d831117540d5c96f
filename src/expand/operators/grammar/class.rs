//! Classes of words that patterns name by `@`: closed lists, so that a pattern says no more than it means.

use crate::expand::lexicon::Lexicon;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Verbs of requests with their forms: base, past, participle in -ing.
static VERBS: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/verbs.txt")));

/// The verbs by their base forms.
static FORMS: LazyLock<HashMap<&'static str, Vec<&'static str>>> =
    LazyLock::new(|| VERBS.entries.iter().map(|entry| (entry[0], entry.clone())).collect());

/// Whether a word, in lower case, is the base form of a verb of requests.
pub fn is_verb(word: &str) -> bool {
    FORMS.contains_key(word)
}

/// Another form of a verb of requests: 1 for the past, 2 for the participle in -ing.
pub fn form(verb: &str, form: usize) -> Option<&'static str> {
    FORMS.get(verb).and_then(|entry| entry.get(form)).copied()
}

const DETERMINERS: &[&str] = &[
    "a", "an", "the", "this", "that", "these", "those", "my", "your", "our", "his", "her", "their", "its",
    "another", "some", "any",
];
const POSSESSIVES: &[&str] = &["my", "your", "our", "his", "her", "their", "its"];
const SUBJECTS: &[&str] = &["i", "you", "we", "they", "he", "she", "it"];
const QUESTION_WORDS: &[&str] = &["what", "when", "where", "who", "why", "how", "which", "whose", "whom"];
const EVENTS: &[&str] = &[
    "meeting",
    "call",
    "appointment",
    "session",
    "sync",
    "interview",
    "workshop",
    "demo",
    "conference",
    "lunch",
    "chat",
    "retrospective",
    "catchup",
    "webinar",
    "training",
    "dinner",
    "visit",
];
const RECORDS: &[&str] = &[
    "document",
    "file",
    "report",
    "contract",
    "spreadsheet",
    "presentation",
    "deck",
    "letter",
    "form",
    "invoice",
    "policy",
    "certificate",
    "folder",
    "template",
    "lease",
    "agreement",
    "proposal",
    "slides",
    "receipt",
    "manual",
    "plan",
    "chart",
    "list",
    "copy",
    "pdf",
];
const DAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "tomorrow",
    "today",
    "tonight",
];
const WEEKDAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const NUMBERS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "fifteen",
    "twenty", "thirty", "forty", "fifty", "sixty", "ninety", "hundred",
];
const UNITS: &[&str] = &["minute", "hour", "day", "week", "month", "year"];
const PREPOSITIONS: &[&str] =
    &["with", "for", "on", "at", "in", "to", "from", "about", "of", "by", "before", "after", "until", "till"];

/// Whether a word, in lower case, is a common number in words.
pub fn is_number(word: &str) -> bool {
    NUMBERS.contains(&word)
}

/// Whether a word, in lower case, is a preposition.
pub fn is_preposition(word: &str) -> bool {
    PREPOSITIONS.contains(&word)
}

/// The words of a class; `None` where there is no such class.
pub fn words(name: &str) -> Option<Vec<&'static str>> {
    let list = match name {
        "det" => DETERMINERS,
        "poss" => POSSESSIVES,
        "subj" => SUBJECTS,
        "wh" => QUESTION_WORDS,
        "event" => EVENTS,
        "record" => RECORDS,
        "day" => DAYS,
        "weekday" => WEEKDAYS,
        "month" => MONTHS,
        "number" => NUMBERS,
        "unit" => UNITS,
        "prep" => PREPOSITIONS,
        "verb" => return Some(FORMS.keys().copied().collect()),
        _ => return None,
    };
    Some(list.to_vec())
}
