//! A request cut down to its keywords.

use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::operators::meaning::names;
use crate::expand::operators::meaning::sentence::{capitalised, lower};
use crate::expand::operators::meaning::verbs;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::{Text, Word};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that say little.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/stop_words.txt")));

static STOP_WORDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| LEXICON.entries.iter().map(|entry| entry[0]).collect());

/// Words that say when, which are the first to go.
const TIMES: &[&str] = &[
    "today",
    "tomorrow",
    "tonight",
    "yesterday",
    "morning",
    "afternoon",
    "evening",
    "night",
    "week",
    "month",
    "year",
    "day",
    "time",
    "noon",
    "late",
    "next",
    "last",
    "twenty",
    "thirty",
    "minute",
    "minutes",
    "hour",
    "hours",
];

/// Keeps one to three words, as people type them into a search box: names, long words and the verb of the request
/// first, words that say little never. They stay in their order.
pub const KEYWORDS: Operator = Operator {
    name: "keywords",
    version: 1,
    family: Family::Terse,
    promise: Promise::Own,
    what: "Keeps one to three keywords: \"Find the signed lease for the Hamburg office\" becomes \"lease hamburg\".",
    reach: Reach::Whole,
    touches: Guard::ALL,
    needs_statement: true,
    options: &[Choice {
        name: "count",
        what: "How many words are kept. Default: one to three.",
        takes: Takes::Count(1, 3),
        required: false,
    }],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let words = lower(text);
    let count = subject.settings.count("count").unwrap_or_else(|| 1 + stream.below(3));
    let mut ranked: Vec<(u32, usize)> =
        (0..words.len()).filter_map(|at| Some((salience(text, &words, at)?, at))).collect();
    ranked.sort_by_key(|(salience, at)| (std::cmp::Reverse(*salience), *at));
    let mut seen = HashSet::new();
    ranked.retain(|(_, at)| seen.insert(words[*at].as_str()));
    let mut kept: Vec<usize> =
        ranked.iter().take(usize::try_from(count).unwrap_or(1)).map(|(_, at)| *at).collect();
    if kept.is_empty() {
        return None;
    }
    kept.sort_unstable();
    let mut rewrite = Rewrite::new(text.text);
    let mut done = 0;
    for (place, at) in kept.iter().enumerate() {
        let word = text.words[*at];
        rewrite.replace(done..word.start, if place == 0 { "" } else { " " });
        rewrite.replace(word.range(), &typed(word.of(text.text)));
        done = word.end;
    }
    rewrite.replace(done..text.text.len(), "");
    Draft::of(rewrite)
}

/// Whether a word says little by itself.
pub fn says_little(word: &str) -> bool {
    STOP_WORDS.contains(word)
}

/// Whether a word is part of a compound: "stand-up".
pub fn compound(text: &str, word: &Word) -> bool {
    text[..word.start].ends_with(['-', '_', '/', '.', '@', '#', ';'])
        || text[word.end..].starts_with(['-', '_', '/', '@', ';'])
}

/// A word as it is typed in haste: small, unless all of it is in capitals, and without its `'s`.
fn typed(word: &str) -> String {
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word);
    if word.chars().any(char::is_lowercase) { word.to_lowercase() } else { word.to_owned() }
}

/// How much a word says; nothing for those that say little, and for parts of longer tokens.
fn salience(text: &Text<'_>, words: &[String], at: usize) -> Option<u32> {
    let word = text.words[at];
    let small = words[at].as_str();
    let written = word.of(text.text);
    let letters = written.chars().filter(|c| c.is_alphabetic()).count();
    let token = matches!(word.guard, Some(Guard::Url | Guard::Email | Guard::Code | Guard::Number));
    if letters < 2 || says_little(small) || token || compound(text.text, &word) {
        return None;
    }
    let mut salience = u32::try_from(letters.min(12)).unwrap_or(12);
    let root = written.strip_suffix("'s").or_else(|| written.strip_suffix("’s")).unwrap_or(written);
    match names::kind(&capitalised(root)) {
        Some("weekday" | "month") => salience = 3,
        Some("person" | "surname") => salience += 4,
        _ if TIMES.contains(&small.trim_end_matches("'s")) => salience = 2,
        _ if at > 0 && written.starts_with(char::is_uppercase) => salience += 6,
        _ if at == 0 && verbs::of_base(small).is_some() => salience += 3,
        _ if verbs::of_base(small).is_none() && !small.ends_with("ly") && !small.ends_with("ing") => {
            salience += 4;
        }
        _ => {}
    }
    // What stands late in an English noun phrase is its head.
    let heads = text.words.get(at + 1).is_none_or(|next| {
        text.text[word.end..next.start] != *" " || STOP_WORDS.contains(words[at + 1].as_str())
    });
    Some(salience + if heads { 3 } else { 0 })
}
