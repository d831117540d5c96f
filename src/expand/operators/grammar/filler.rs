//! Fillers, as people say and dictate them.

use super::opening;
use super::pattern::Words;
use super::phrase::{Change, draft};
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// Fillers with where they stand.
static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/fillers.txt")));

/// Fillers.
pub const FILLER: Operator = Operator {
    name: "filler",
    version: 1,
    family: Family::Grammar,
    promise: Promise::Same,
    what: "Puts in what people say while they think: um, so, like, you know.",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[],
    vary,
};

/// Prepositions before which a speaker pauses.
const PAUSES: [&str; 5] = ["with", "about", "for", "from", "on"];
/// Words that belong so closely to what follows that no one pauses after them.
const CLOSE: [&str; 16] = [
    "look", "looking", "looks", "search", "ask", "asked", "wait", "come", "talk", "sorry", "what", "how",
    "turn", "put", "go", "what's",
];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let mut places: Vec<(&str, usize)> = Vec::new();
    if opening::asks(&words) || words.get(0).starts_with('i') {
        places.push(("start", 0));
    }
    for (at, word) in words.iter().skip(1) {
        let Some(before) = words.before(at) else { continue };
        let asked =
            word == "you" && matches!(words.get(before), "can" | "could") && words.begins_sentence(before);
        if asked && words.joined(at) {
            places.push(("ask", at));
        } else if at > 1 && PAUSES.contains(&word) && !CLOSE.contains(&words.get(before)) && words.joined(at)
        {
            places.push(("middle", before));
        }
    }
    stream.shuffle(&mut places);
    places.into_iter().find_map(|(place, at)| {
        let fillers: Vec<&str> = LEXICON
            .entries
            .iter()
            .filter(|entry| entry[0] == place)
            .filter_map(|e| e.get(1).copied())
            .collect();
        let filler = *fillers.get(stream.index(fillers.len()))?;
        put(&words, place, at, filler)
    })
}

/// Puts a filler before the text, or after a word.
fn put(words: &Words<'_>, place: &str, at: usize, filler: &str) -> Option<Draft> {
    let text = words.text;
    let word = text.words.get(at)?;
    let change: Change = if place == "start" {
        opening::opened(words, filler)?
    } else {
        // The lexicon's fields lose their leading spaces: what begins with a letter follows a space.
        let joint = if filler.starts_with(char::is_alphabetic) { " " } else { "" };
        (word.end..word.end, format!("{joint}{filler}"))
    };
    let free = text.may_touch(change.0.clone(), &[]);
    free.then(|| draft(text.text, vec![change])).flatten()
}
