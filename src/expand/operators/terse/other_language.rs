//! A request in the frame of another language.

use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// The frames, by language.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/languages.txt")));

/// The languages.
pub const LANGUAGES: &[&str] = &[
    "german",
    "french",
    "spanish",
    "italian",
    "portuguese",
    "dutch",
    "polish",
    "turkish",
    "swedish",
    "japanese",
];

/// Puts the request, as it is, into a sentence of another language that greets, asks for help or for an answer
/// in that language: people who mix languages write like this.
///
/// The request itself is not translated: that takes a model, or a person. So this shows whether an application
/// finds a request among words of another language and what language it answers in, not how well it
/// understands that language.
pub const OTHER_LANGUAGE: Operator = Operator {
    name: "other_language",
    version: 1,
    family: Family::Terse,
    promise: Promise::Own,
    what: "Frames the request, as it is, in another language: \"Kannst du mir dabei bitte helfen? …\".",
    reach: Reach::Around,
    touches: &[],
    needs_statement: true,
    options: &[Choice {
        name: "languages",
        what: "The languages to draw from. Default: all of them.",
        takes: Takes::AnyOf(LANGUAGES),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let request = subject.text.text;
    if request.trim().is_empty() {
        return None;
    }
    let asked = subject.settings.texts("languages");
    let frames: Vec<&str> = LEXICON
        .entries
        .iter()
        .filter(|entry| asked.is_empty() || asked.contains(&entry[0]))
        .filter_map(|entry| entry.get(1).copied())
        .collect();
    let (before, after) = frames.get(stream.index(frames.len()))?.split_once("{request}")?;
    let mut rewrite = Rewrite::new(request);
    rewrite.insert(0, before).insert(request.len(), after);
    Draft::of(rewrite)
}
