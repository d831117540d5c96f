//! Points in time and lengths of time, as requests say them.

use super::request::Change;
use super::sentence::{begins_with_vowel, cased_like};
use super::slots::{DETERMINERS, FOLLOW, ends_well, with_spaces, word_before};
use crate::expand::words::Text;
use regex::Regex;
use std::sync::LazyLock;

/// Points in time, one after another: "next Wednesday at 9:30".
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "(?:january|february|march|april|may|june|july|august|september|october|november|december)";
    let day = r"(?:(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?|(?:mon|tues?|wed|thu(?:rs?)?|fri)\b)";
    let part = "(?:morning|afternoon|evening|night|weekend|lunchtime)";
    let clock = r"(?:\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b)?|\d{1,2}\s?(?:[ap]m\b|[ap]\.m\.|o['’]clock)|noon|midday|midnight|half past \w+|(?:a )?quarter (?:past|to) \w+)";
    let date = format!(
        r"(?:(?:the )?\d{{1,2}}(?:st|nd|rd|th)\b(?: of {month})?|\d{{1,2}} {month}(?: \d{{4}})?|{month} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}})?)"
    );
    let relative = format!(
        r"(?:the day after tomorrow|(?:today|tonight|tomorrow|yesterday|tmrw)(?: {part})?|(?:this|next|last|every|each|the coming) (?:week|month|quarter|year|spring|summer|autumn|winter|{part}|{day}(?: {part})?))"
    );
    let unit = format!("(?:{relative}|{date}|{clock}|{day}(?: {part})?)");
    let alone = format!(r"(?:(?:in|on|over|at) (?:the|my) {part}|in {month}\b(?: \d{{4}})?|at \d{{1,2}}\b)");
    let preposition = "(?:on|at|by|until|till|before|after|around|from|for|since|to)";
    let one = format!("(?:(?:{preposition} )?{unit}|{alone})");
    Regex::new(&format!(r"(?i)\b{one}(?:(?:,? (?:(?:and|or) )?|, )(?:{one}|{part}))*")).ok()
});
/// Lengths of time, with what stands before them.
static DURATION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let number = r"(?:\d+|half an?|an|a|one|two|three|four|five|six|eight|ten|fifteen|twenty|thirty|forty|forty-five|ninety)";
    Regex::new(&format!(
        r"(?i)(?:\b(?P<det>an? |the |my )|(?P<prep>,? for |, ))?\b{number}[ -](?:minutes?|mins?|hours?|hrs?|days?|weeks?)\b"
    ))
    .ok()
});
const PREPOSITIONS: &[&str] = &[
    "on", "at", "by", "until", "till", "before", "after", "around", "from", "for", "since", "to", "in",
    "over",
];
/// Before these words a time is no mere circumstance.
const BEFORE_OBJECTS: &[&str] = &[
    "about", "as", "with", "of", "than", "out", "up", "off", "over", "like", "or", "and", "cancel", "say",
    "is",
];
/// Before these words a length of time is said with a shade that would be left alone.
const BEFORE_LENGTHS: &[&str] = &[
    "say", "about", "nearly", "around", "over", "under", "least", "most", "within", "in", "last", "roughly",
    "almost", "only", "just", "is", "every", "than",
];
/// Points in time that can be left out.
pub fn times(text: &Text<'_>) -> Change {
    let source = text.text;
    let all = TIME.iter().flat_map(|time| time.find_iter(source));
    let fit = all.filter(|found| {
        let before = word_before(source, found.start());
        // "my 3 pm", "the 4 o'clock": there it is what is asked for, not when.
        let named = DETERMINERS.contains(&before.as_str()) || before.ends_with("'s");
        let glued = source[..found.start()].ends_with(['-', '/', '.', ':', '#', '@', '"']);
        // "it's about Thursday", "deal with next Monday": there it is the object.
        let bare = !PREPOSITIONS.iter().any(|word| {
            found.as_str().to_lowercase().strip_prefix(word).is_some_and(|rest| rest.starts_with(' '))
        });
        // "Tomorrow at 10, book a room" – but "Monday?" is all there is.
        let alone = before.is_empty() && !source[found.end()..].starts_with(',');
        let object = bare && (BEFORE_OBJECTS.contains(&before.as_str()) || alone);
        !named && !glued && !object && ends_well(source, found.end())
    });
    fit.map(|found| (with_spaces(source, found.range()), String::new())).collect()
}

/// Lengths of time that can be left out, or said in general words.
pub fn durations(text: &Text<'_>) -> Change {
    let source = text.text;
    let mut change = Vec::new();
    for found in DURATION.iter().flat_map(|duration| duration.captures_iter(source)) {
        let Some(whole) = found.get(0) else { continue };
        let after = &source[whole.end()..];
        let next = after.trim_start().split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        if matches!(next, "is" | "works" | "would" | "and")
            || BEFORE_LENGTHS.contains(&word_before(source, whole.start()).as_str())
        {
            continue;
        }
        let noun =
            after.starts_with(' ') && !next.is_empty() && !FOLLOW.contains(&next.to_lowercase().as_str());
        if let Some(determiner) = found.name("det").filter(|_| noun) {
            let article = if determiner.as_str().trim().len() > 2 {
                determiner.as_str().trim()
            } else if begins_with_vowel(next) {
                "an"
            } else {
                "a"
            };
            change.push((whole.range(), cased_like(determiner.as_str(), article)));
        } else if noun || !ends_well(source, whole.end()) || found.name("det").is_some() {
            // "half the people", "five bullets": no length of time that stands alone.
        } else if found.name("prep").is_some() {
            change.push((with_spaces(source, whole.range()), String::new()));
        } else if !source.contains("some time")
            && !source[..whole.start()].ends_with(|c: char| c.is_alphanumeric() || "-.:/".contains(c))
        {
            change.push((whole.range(), "some time".to_owned()));
        }
    }
    change
}
