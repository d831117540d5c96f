//! What a request says beside what is to be done: when, how long, with whom, where, which document, how many.

use super::names;
use super::quantity_over_limit::quantities;
use super::request::Change;
use super::sentence::{adjoins, cased_like};
use super::when::{durations, times};
use crate::expand::protect::Guard;
use crate::expand::words::Text;
use std::ops::Range;

/// The slots that can be found.
pub const SLOTS: &[&str] = &["time", "duration", "person", "place", "document", "amount"];

/// Groups of people after "with".
const GROUPS: &[&str] = &[
    "team",
    "teams",
    "group",
    "manager",
    "managers",
    "boss",
    "lawyer",
    "lawyers",
    "client",
    "clients",
    "customer",
    "customers",
    "people",
    "committee",
    "department",
    "supplier",
    "suppliers",
    "insurer",
    "landlord",
    "doctor",
    "dentist",
    "colleague",
    "colleagues",
    "staff",
    "board",
    "partner",
    "partners",
    "vendor",
    "investors",
    "architects",
    "consultants",
    "accountant",
    "candidate",
    "candidates",
    "students",
    "union",
    "procurement",
    "agency",
    "parents",
    "teacher",
    "director",
    "wife",
    "husband",
    "friend",
    "friends",
    "brother",
    "sister",
    "mother",
    "father",
    "neighbour",
    "neighbours",
];
const PLACES: &[&str] = &[
    "office",
    "building",
    "restaurant",
    "hotel",
    "station",
    "airport",
    "warehouse",
    "lobby",
    "canteen",
    "headquarters",
    "clinic",
    "shop",
    "store",
    "kitchen",
    "room",
    "library",
    "museum",
    "hospital",
    "studio",
];
const DOCUMENTS: &[&str] = &[
    "agreement",
    "brochure",
    "budget",
    "certificate",
    "chart",
    "contract",
    "copy",
    "deck",
    "document",
    "documents",
    "draft",
    "file",
    "files",
    "folder",
    "form",
    "guide",
    "handbook",
    "invoice",
    "invoices",
    "lease",
    "letter",
    "list",
    "manual",
    "minutes",
    "nda",
    "note",
    "notes",
    "pdf",
    "plan",
    "plans",
    "policy",
    "presentation",
    "proposal",
    "quote",
    "receipt",
    "report",
    "reports",
    "slide",
    "slides",
    "specification",
    "spreadsheet",
    "statement",
    "template",
    "transcript",
];
/// Documents that say nothing of which is meant.
const GENERAL: &[&str] = &[
    "document",
    "documents",
    "draft",
    "file",
    "files",
    "folder",
    "form",
    "list",
    "minutes",
    "note",
    "notes",
    "slides",
];
/// What stands before a noun.
pub const DETERMINERS: &[&str] =
    &["the", "a", "an", "my", "our", "your", "their", "his", "her", "this", "that"];
/// What stands between a determiner and a noun in no noun phrase.
const BREAKS: &[&str] = &[
    "and", "or", "of", "for", "from", "to", "in", "on", "at", "with", "about", "that", "which", "is", "are",
];
/// What may follow a time, a person or a place that can be left out.
pub const FOLLOW: &[&str] = &[
    "with",
    "to",
    "for",
    "about",
    "at",
    "in",
    "on",
    "and",
    "please",
    "pls",
    "if",
    "but",
    "then",
    "or",
    "so",
    "because",
    "as",
    "is",
    "when",
    "which",
    "that",
    "instead",
    "thanks",
    "would",
    "regarding",
    "from",
    "by",
    "until",
    "before",
    "after",
    "this",
    "next",
    "tomorrow",
    "today",
    "every",
    "of",
    "over",
    "since",
    "works",
];

/// What has to go, or to be said in general words, so that a slot is missing; empty where it is not there.
pub fn missing(slot: &str, text: &Text<'_>, words: &[String], touches: &[Guard]) -> Change {
    let mut found: Change = match slot {
        "time" => times(text),
        "duration" => durations(text),
        "person" => after_prepositions(text, words, person),
        "place" => after_prepositions(text, words, place),
        "document" => documents(text, words),
        _ => amounts(text),
    };
    found.retain(|(range, _)| text.may_touch(range.clone(), touches));
    found.sort_by_key(|(range, _)| range.start);
    let mut done = 0;
    found.retain(|(range, _)| {
        let free = range.start >= done;
        done = done.max(range.end);
        free
    });
    found
}

/// The bytes to drop so that what is around a phrase stays in order: a space before, a comma that is left
/// over, or what follows at the beginning.
pub fn with_spaces(text: &str, range: Range<usize>) -> Range<usize> {
    let before = &text[..range.start];
    let after = &text[range.end..];
    let bare = before.trim_end_matches(' ');
    let closed = after.is_empty() || after.starts_with(['.', ',', '?', '!', ';', ')', '\n']);
    if bare.ends_with(',') && closed {
        return bare.len() - 1..range.end;
    }
    if bare.is_empty() || bare.ends_with(['.', '!', '?', '\n', '(', '"']) {
        let rest = after.trim_start_matches([',', ' ']);
        return range.start..text.len() - rest.len();
    }
    bare.len()..range.end
}

/// Whether a phrase can be left out as far as what follows it tells.
pub fn ends_well(text: &str, end: usize) -> bool {
    let after = &text[end..];
    let decimal = after.starts_with(['.', ',']) && after[1..].starts_with(|c: char| c.is_ascii_digit());
    let joined =
        after.starts_with(['\'', '’', '-', '/', ':', '%', '_']) || after.starts_with(char::is_alphanumeric);
    if joined || decimal {
        return false;
    }
    let next = after.trim_start();
    let word = next.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    word.is_empty() || FOLLOW.contains(&word.as_str())
}

/// The word before a place, in lower case.
pub fn word_before(text: &str, at: usize) -> String {
    let before = text[..at].trim_end_matches([' ', '-']);
    before
        .rsplit(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')))
        .next()
        .unwrap_or_default()
        .to_lowercase()
}

/// Prepositional phrases whose words answer a question, from the preposition on.
fn after_prepositions(
    text: &Text<'_>,
    words: &[String],
    phrase: fn(&Text<'_>, &[String], usize) -> Option<usize>,
) -> Change {
    let mut change = Vec::new();
    let mut at = 0;
    while at + 1 < words.len() {
        let needed = at > 0
            && adjoins(text, at - 1)
            && matches!(words[at - 1].as_str(), "deal" | "on" | "agree" | "agreed");
        match phrase(text, words, at)
            .filter(|_| !needed)
            .filter(|&last| ends_well(text.text, text.words[last].end))
        {
            Some(last) => {
                let range = text.words[at].start..text.words[last].end;
                change.push((with_spaces(text.text, range), String::new()));
                at = last + 1;
            }
            None => at += 1,
        }
    }
    change
}

/// Whether a word is a name of a person, by its look or its kind.
fn names_person(text: &Text<'_>, at: usize, after_with: bool) -> bool {
    let word = text.words[at].of(text.text);
    let kind = names::kind(word);
    let expected = text.protected.iter().any(|span| {
        span.guard == Guard::Expected
            && span.range.start <= text.words[at].start
            && span.range.end >= text.words[at].end
    });
    let capital = word.starts_with(char::is_uppercase) && word.chars().skip(1).any(char::is_lowercase);
    matches!(kind, Some("person" | "surname"))
        || (after_with && kind.is_none_or(|kind| kind == "organisation") && (capital || expected))
}

/// The last word of "with Ana and the design team".
fn person(text: &Text<'_>, words: &[String], at: usize) -> Option<usize> {
    let with = words[at] == "with";
    if !with && !matches!(words[at].as_str(), "for" | "from" | "to" | "by") {
        return None;
    }
    let mut last = None;
    let mut next = at + 1;
    while next < words.len() {
        let end = one_person(text, words, next, with);
        let Some(end) = end else { break };
        last = Some(end);
        // "Lars, Mei and Ottilie"
        let joint = &text.text
            [text.words[end].end..text.words.get(end + 1).map_or(text.text.len(), |word| word.start)];
        next = if words.get(end + 1).is_some_and(|word| word == "and") {
            end + 2
        } else if joint == ", " {
            end + 1
        } else {
            break;
        };
    }
    last
}

/// The last word of one person or group that begins at a word.
fn one_person(text: &Text<'_>, words: &[String], at: usize, with: bool) -> Option<usize> {
    let mut end = at;
    if matches!(words[at].as_str(), "dr" | "mr" | "mrs" | "ms" | "prof") && at + 1 < words.len() {
        end += 1;
    } else if DETERMINERS.contains(&words[at].as_str()) && with {
        return (at + 1..words.len().min(at + 4))
            .take_while(|&w| adjoins(text, w - 1) && !BREAKS.contains(&words[w].as_str()))
            .find(|&w| {
                GROUPS.contains(&words[w].as_str())
                    && !words.get(w + 1).is_some_and(|next| GROUPS.contains(&next.as_str()))
            });
    } else if GROUPS.contains(&words[at].as_str()) && with {
        return Some(at);
    } else if !names_person(text, at, with) {
        return None;
    }
    while end + 1 < words.len() && adjoins(text, end) && names_person(text, end + 1, with) {
        end += 1;
    }
    Some(end)
}

/// The last word of "in Lisbon", "at our office", "to room 4".
fn place(text: &Text<'_>, words: &[String], at: usize) -> Option<usize> {
    if !matches!(words[at].as_str(), "in" | "at" | "to" | "near" | "from") || !adjoins(text, at) {
        return None;
    }
    let next = at + 1;
    if matches!(names::kind(text.words[next].of(text.text)), Some("city" | "country")) {
        return Some(next);
    }
    if words[next] == "room" && next + 1 < words.len() && adjoins(text, next) {
        return Some(next + 1);
    }
    if !DETERMINERS.contains(&words[next].as_str()) {
        return None;
    }
    (next + 1..words.len().min(next + 4))
        .take_while(|&w| adjoins(text, w - 1) && !BREAKS.contains(&words[w].as_str()))
        .find(|&w| PLACES.contains(&words[w].as_str()))
}

/// "the signed lease for the Hamburg office" – "the document".
fn documents(text: &Text<'_>, words: &[String]) -> Change {
    let mut change = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if !DOCUMENTS.contains(&words[at].as_str()) {
            at += 1;
            continue;
        }
        let mut noun = at;
        while noun + 1 < words.len() && adjoins(text, noun) && DOCUMENTS.contains(&words[noun + 1].as_str()) {
            noun += 1;
        }
        let first = (1..=4)
            .map_while(|back| at.checked_sub(back))
            .take_while(|&w| adjoins(text, w) && !BREAKS.contains(&words[w].as_str()))
            .find(|&w| DETERMINERS.contains(&words[w].as_str()));
        let last = described(text, words, noun);
        if let Some(first) = first.filter(|&first| noun - first > 1 || last > noun) {
            let plural = words[noun].ends_with('s');
            let general = match words[noun].as_str() {
                kept if GENERAL.contains(&kept) => kept,
                _ if plural => "documents",
                _ => "document",
            };
            let determiner = match words[first].as_str() {
                "a" | "an" if plural => "some",
                "an" => "a",
                word => word,
            };
            let written = cased_like(text.words[first].of(text.text), determiner);
            if !(words[noun] == general && noun == first + 1 && last == noun) {
                let range = text.words[first].start..text.words[last].end;
                change.push((range, format!("{written} {general}")));
            }
        }
        at = last + 1;
    }
    change
}

/// The last word of what describes a noun: "that Noor presented in March".
fn described(text: &Text<'_>, words: &[String], noun: usize) -> usize {
    let opens =
        ["of", "for", "from", "about", "on", "that", "which", "with", "called", "named", "regarding", "in"];
    let mut last = noun;
    let next = noun + 1;
    let Some(second) = words.get(next + 1).map(|_| text.words[next + 1].of(text.text)) else { return last };
    let time = matches!(names::kind(second), Some("month" | "weekday"));
    let person = words[next] == "with" && second.starts_with(char::is_uppercase);
    if !adjoins(text, noun)
        || !adjoins(text, next)
        || !opens.contains(&words[next].as_str())
        || time
        || person
    {
        return last;
    }
    while last + 1 < words.len() {
        let gap = &text.text[text.words[last].end..text.words[last + 1].start];
        let stops = gap.contains([',', ';', '.', '?', '!', '\n', '(', ')', ':']);
        if stops || matches!(words[last + 1].as_str(), "and" | "then" | "please" | "so" | "but" | "or") {
            break;
        }
        last += 1;
    }
    last
}

/// "two large pizzas" – "large pizzas".
fn amounts(text: &Text<'_>) -> Change {
    let source = text.text;
    let mut change = Vec::new();
    for (range, _) in quantities(text, None) {
        let next = source[range.end..].trim_start_matches([' ', '-']);
        let word = next.split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
        let length = ["minute", "hour", "day", "week", "month", "year", "min", "hr"];
        let money = source[..range.start].ends_with(['€', '$', '£', '¥']);
        let aside = source[..range.start].trim_end().ends_with([',', ';', ':']);
        if aside
            || length.iter().any(|unit| word.starts_with(unit))
            || source[range.end..].starts_with(['-', '%'])
        {
            continue;
        }
        if money {
            let sign = source[..range.start].chars().next_back().map_or(0, char::len_utf8);
            change.push((range.start - sign..range.end, "some money".to_owned()));
        } else if word_before(source, range.start) == "for"
            && (word.is_empty() || FOLLOW.contains(&word.as_str()))
        {
            let from = source[..range.start].trim_end().len() - "for".len();
            change.push((with_spaces(source, from..range.end), String::new()));
        } else if source[range.end..].starts_with(' ') && !word.is_empty() {
            change.push((range.start..range.end + 1, String::new()));
        }
    }
    change
}
