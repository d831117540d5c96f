//! Politeness put in or left out.

use super::opening;
use super::pattern::Words;
use super::phrase::{Change, Phrases, draft};
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// What can be left out. A "please" that the text speaks of, as in "how do you say please", has no comma
/// before it and no verb after it.
static DROPS: LazyLock<Phrases> = LazyLock::new(|| {
    Phrases::of([
        ("^ <please> @verb", "-"),
        ("^ <kindly> @verb", "-"),
        ("can|could|would|will you <please> +", "-"),
        ("can|could|would|will you <kindly> +", "-"),
    ])
});

/// Politeness.
pub const POLITENESS: Operator = Operator {
    name: "politeness",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Adds or drops please, thanks and could you.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[Choice {
        name: "way",
        what: "Whether to add or to drop. Default: either, whichever can be done.",
        takes: Takes::OneOf(&["add", "drop"]),
        required: false,
    }],
    vary,
};

/// What to change to be more polite in one way.
type Way = fn(&Words<'_>, &mut Stream) -> Option<Vec<Change>>;

/// Ways to be more polite, in the order in which they are drawn.
const ADDS: [Way; 5] = [please_first, please_within, please_last, thanks_last, could_you];
const THANKS: [&str; 8] = [
    "Thanks!",
    "Thanks.",
    "Thank you!",
    "Thank you.",
    "Many thanks.",
    "Thanks a lot!",
    "Thank you very much.",
    "Thanks so much!",
];
/// Words that say that the text is polite already, or speaks of politeness.
const POLITE: [&str; 14] = [
    "saying",
    "called",
    "named",
    "titled",
    "please",
    "pls",
    "plz",
    "thanks",
    "thank",
    "thx",
    "kindly",
    "say",
    "grateful",
    "appreciate",
];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let (adds, drops) = match subject.settings.text("way") {
        Some("add") => (true, false),
        Some("drop") => (false, true),
        _ => (true, true),
    };
    let text = subject.text.text;
    let dropped = drops.then(|| dropped(&words, stream)).flatten();
    let changes = dropped.or_else(|| adds.then(|| added(&words, stream)).flatten())?;
    draft(text, changes)
}

fn dropped(words: &Words<'_>, stream: &mut Stream) -> Option<Vec<Change>> {
    let mut found = vec![DROPS.changes(words, POLITENESS.touches, stream)];
    found.extend(last_words(words));
    found.retain(|changes| {
        !changes.is_empty() && changes.iter().all(|(range, _)| words.text.may_touch(range.clone(), &[]))
    });
    let drawn = stream.index(found.len());
    found.into_iter().nth(drawn)
}

/// "…, please" and "…, thanks" at the end, or "… Thanks!" as a sentence of its own.
fn last_words(words: &Words<'_>) -> Option<Vec<Change>> {
    let last = words.len().checked_sub(1).filter(|last| *last > 1)?;
    let first = match (words.get(last - 1), words.get(last)) {
        ("thank", "you") => last - 1,
        (_, "please" | "thanks" | "thx" | "pls") => last,
        _ => return None,
    };
    let before = first.checked_sub(1)?;
    let text = words.text.text;
    let (kept, end) = (words.text.words[before].end, words.text.words[last].end);
    match words.gap(before) {
        ", " => Some(vec![(kept..end, String::new())]),
        ". " | "! " | "? " => Some(vec![(kept + 1..text.len(), String::new())]),
        _ => None,
    }
}

fn added(words: &Words<'_>, stream: &mut Stream) -> Option<Vec<Change>> {
    if !opening::asks(words) || words.len() < 2 || words.iter().any(|(_, word)| POLITE.contains(&word)) {
        return None;
    }
    let mut ways = ADDS;
    stream.shuffle(&mut ways);
    ways.iter().find_map(|way| {
        way(words, stream)
            .filter(|changes| changes.iter().all(|(range, _)| words.text.may_touch(range.clone(), &[])))
    })
}

/// "Find …" → "Please find …".
fn please_first(words: &Words<'_>, _: &mut Stream) -> Option<Vec<Change>> {
    before_command(words, "please", None)
}

/// "Find …." → "Could you find …?"
fn could_you(words: &Words<'_>, stream: &mut Stream) -> Option<Vec<Change>> {
    let text = words.text.text;
    let body = text.trim_end();
    let (body, stop) = body.strip_suffix('.').map_or((body, false), |body| (body, true));
    // What follows a second sentence or an afterthought is not asked any more.
    if body.contains(['.', ',', '!', '?', ':', ';', '\n']) {
        return None;
    }
    let end = body.len()..body.len() + usize::from(stop);
    let opener = ["could you", "would you", "can you please", "could you please"][stream.index(4)];
    before_command(words, opener, Some((end, "?".to_owned())))
}

fn before_command(words: &Words<'_>, opener: &str, end: Option<Change>) -> Option<Vec<Change>> {
    if !opening::is_command(words, 0) {
        return None;
    }
    let mut changes = vec![opening::opened(words, opener)?];
    changes.extend(end);
    Some(changes)
}

/// "Can you find …" → "Can you please find …".
fn please_within(words: &Words<'_>, _: &mut Stream) -> Option<Vec<Change>> {
    let asked = matches!(words.get(0), "can" | "could" | "would" | "will") && words.get(1) == "you";
    let verb = words.text.words.get(2).filter(|_| asked && words.joined(0) && words.joined(1))?;
    Some(vec![(verb.start..verb.start, "please ".to_owned())])
}

/// Words that begin a question which asks for a yes or no, and is no request.
const ASKS_YES_OR_NO: [&str; 10] = ["are", "did", "do", "does", "has", "have", "is", "should", "was", "were"];

/// "…" → "…, please".
fn please_last(words: &Words<'_>, _: &mut Stream) -> Option<Vec<Change>> {
    let at = words.text.words.last()?.end;
    let closed = ASKS_YES_OR_NO.contains(&words.get(0))
        || words.get(1) != "you" && matches!(words.get(0), "will" | "why");
    let ended = !closed && matches!(words.text.text[at..].trim_end(), "" | "." | "?" | "!");
    ended.then(|| vec![(at..at, ", please".to_owned())])
}

/// "…" → "…. Thanks!"
fn thanks_last(words: &Words<'_>, stream: &mut Stream) -> Option<Vec<Change>> {
    let text = words.text.text.trim_end();
    let thanks = THANKS[stream.index(THANKS.len())];
    let written = match text.chars().next_back()? {
        '.' | '!' | '?' => format!(" {thanks}"),
        c if !c.is_alphanumeric() => return None,
        _ if words.text.text.contains(char::is_uppercase) => format!(". {thanks}"),
        _ => format!(", {}", thanks.trim_end_matches(['!', '.']).to_lowercase()),
    };
    Some(vec![(text.len()..text.len(), written)])
}
