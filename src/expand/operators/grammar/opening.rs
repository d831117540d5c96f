//! How a text begins and ends: whether it asks for something, and what changes when words are put before or
//! after it.

use super::class;
use super::pattern::Words;
use super::phrase::Change;

/// Words that requests and questions begin with, beside verbs of requests. Written small they are the same
/// words, so that something may come before them.
const OPENINGS: &[&str] = &[
    "are", "can", "could", "did", "do", "does", "has", "have", "how", "is", "please", "should", "was",
    "were", "what", "what's", "when", "where", "where's", "which", "who", "why", "will", "would",
];
/// Other words that are the same when they are written small.
const PLAIN: &[&str] = &["everything", "it", "it's", "my", "our", "same", "some", "there", "this", "we"];
/// Words that begin a noun phrase which asks for what it names.
const NAMING: &[&str] = &["a", "an", "any", "notes", "something", "the"];
/// Words after which a verb of requests is one, and no noun.
const OBJECTS: &[&str] = &[
    "a",
    "all",
    "an",
    "every",
    "everything",
    "for",
    "her",
    "him",
    "his",
    "it",
    "me",
    "my",
    "off",
    "our",
    "out",
    "some",
    "that",
    "the",
    "their",
    "them",
    "this",
    "up",
    "us",
];

/// Whether the word is a verb that asks to do something, where a sentence begins with it.
pub fn is_command(words: &Words<'_>, at: usize) -> bool {
    class::is_verb(words.get(at)) && words.joined(at) && OBJECTS.contains(&words.get(at + 1))
}

/// Whether the text, from its first word, asks for something.
pub fn asks(words: &Words<'_>) -> bool {
    let first = words.get(0);
    is_command(words, 0) || OPENINGS.contains(&first) || NAMING.contains(&first) || asks_of_speaker(words)
}

/// "I need …", "I'd like …".
fn asks_of_speaker(words: &Words<'_>) -> bool {
    match words.get(0) {
        "i" | "we" => matches!(words.get(1), "need" | "want" | "would"),
        "i'd" | "we'd" => matches!(words.get(1), "like" | "love"),
        _ => false,
    }
}

/// The change that puts an opener before a text, written as the text is: what began with a capital begins
/// small after it, unless it is a name. `None` where that would touch what is protected.
pub fn opened(words: &Words<'_>, opener: &str) -> Option<Change> {
    let first = words.text.words.first()?;
    let word = first.of(words.text.text);
    let Some(letter) = word.chars().next().filter(|c| c.is_uppercase()) else {
        return Some((first.start..first.start, format!("{opener} ")));
    };
    let mut opener_letters = opener.chars();
    let large: String =
        opener_letters.next().into_iter().flat_map(char::to_uppercase).chain(opener_letters).collect();
    let small = words.get(0);
    let common = [OPENINGS, NAMING, PLAIN].iter().any(|list| list.contains(&small)) || class::is_verb(small);
    if !common || word.chars().skip(1).any(char::is_uppercase) {
        return Some((first.start..first.start, format!("{large} ")));
    }
    let free = words.text.may_touch(first.range(), &[]);
    free.then(|| (first.start..first.start + letter.len_utf8(), format!("{large} {}", letter.to_lowercase())))
}

/// The change of the question mark that ends the sentence of a word, where the sentence asks no longer.
pub fn without_question_mark(words: &Words<'_>, from: usize) -> Option<Change> {
    let text = words.text.text;
    let after = words.text.words.get(from)?.end;
    let at = after + text[after..].find(['.', '!', '?', '\n'])?;
    if !text[at..].starts_with('?') || !words.text.may_touch(at..at + 1, &[]) {
        return None;
    }
    let last = text[at + 1..].trim().is_empty();
    Some((at..at + 1, if last { String::new() } else { ".".to_owned() }))
}
