//! The opposite asked for.

use super::request::asking;
use super::sentence::{Sentence, begins_with_vowel, cased_like, lower};
use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// The antonyms: the forms of a word, those of its opposite, and when not to.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/antonyms.txt")));

/// Replaces a verb, or a word that says which way, by its opposite: `accept` – `decline`.
///
/// Words of the lexicon that mean something else beside certain words ("open questions", "close to") stay,
/// and a sentence that holds both of a pair is left alone.
pub const LABEL_REVERSED: Operator = Operator {
    name: "label_reversed",
    version: 1,
    family: Family::Meaning,
    promise: Promise::Changed,
    what: "Asks for the opposite: \"Accept the invitation\" becomes \"Decline the invitation\".",
    reach: Reach::Words,
    touches: &[Guard::Expected],
    needs_statement: true,
    options: &[],
    vary,
};

/// Which form of its word one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The base form of a verb.
    Base,
    /// Another form of a verb.
    Other,
    /// A word of one form.
    Only,
}

/// One direction of a pair, for one form.
#[derive(Debug)]
struct Antonym {
    form: Form,
    /// The opposite in the same form.
    opposite: &'static str,
    /// All forms of both words of the pair.
    pair: &'static [&'static str],
    /// Words that may not stand before, or after.
    not_before: Vec<&'static str>,
    not_after: Vec<&'static str>,
    /// Words of which one must follow.
    only_before: Vec<&'static str>,
    /// Words of which one must stand before.
    only_after: Vec<&'static str>,
    /// A preposition that changes with the word.
    preposition: Option<(&'static str, &'static str)>,
}

static ANTONYMS: LazyLock<HashMap<&'static str, Vec<Antonym>>> = LazyLock::new(|| {
    let mut map: HashMap<&'static str, Vec<Antonym>> = HashMap::new();
    for entry in &LEXICON.entries {
        let [left, right, guards @ ..] = entry.as_slice() else { continue };
        let (left, right): (Vec<_>, Vec<_>) = (left.split('|').collect(), right.split('|').collect());
        let pair: &'static [&'static str] = left.iter().chain(&right).copied().collect::<Vec<_>>().leak();
        for (from, to, side) in [(&left, &right, "1"), (&right, &left, "2")] {
            if guards.iter().any(|guard| *guard == format!("never{side}")) {
                continue;
            }
            for (place, (word, opposite)) in from.iter().zip(to).enumerate() {
                map.entry(word).or_default().push(Antonym {
                    form: match (from.len(), place) {
                        (1, _) => Form::Only,
                        (_, 0) => Form::Base,
                        _ => Form::Other,
                    },
                    opposite,
                    pair,
                    not_before: guarded(guards, side, "not-before"),
                    not_after: guarded(guards, side, "not-after"),
                    only_before: guarded(guards, side, "only-before"),
                    only_after: guarded(guards, side, "only-after"),
                    preposition: guards
                        .iter()
                        .find_map(|guard| guard.strip_prefix("prep=")?.split_once('>'))
                        .map(|(one, two)| if side == "1" { (one, two) } else { (two, one) }),
                });
            }
        }
    }
    map
});

/// The words of a guard for one side, or for both.
fn guarded(guards: &[&'static str], side: &str, name: &str) -> Vec<&'static str> {
    let of = |guard: &&'static str| {
        let (key, words) = guard.split_once('=')?;
        (key == name || key.strip_suffix(side) == Some(name)).then(|| words.split('|'))
    };
    guards.iter().filter_map(of).flatten().collect()
}

/// After these a verb tells something, and asks for nothing.
const TOLD: &[&str] = &[
    "i", "we", "they", "you", "even", "never", "may", "might", "would", "will", "can", "could", "should",
    "must", "who", "that", "which",
];

/// A place where the opposite can be put.
type Site = Vec<(Range<usize>, String)>;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let words = lower(text);
    let mut sites = sites(text, &asking(text, &words), Forms::Orders, LABEL_REVERSED.touches);
    if sites.is_empty() {
        return None;
    }
    let site = sites.swap_remove(stream.index(sites.len()));
    let mut rewrite = Rewrite::new(text.text);
    for (range, with) in site {
        rewrite.replace(range, &with);
    }
    Draft::of(rewrite)
}

/// Which forms of a verb are replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forms {
    /// Those by which something is asked for: "the slides we showed" stay.
    Orders,
    /// All of them.
    All,
}

/// The places of sentences where the opposite can be put.
pub fn sites(text: &Text<'_>, sentences: &[Sentence], forms: Forms, touches: &[Guard]) -> Vec<Site> {
    let words = lower(text);
    let mut sites = Vec::new();
    for sentence in sentences {
        for at in sentence.words.clone() {
            let Some(antonyms) = ANTONYMS.get(words[at].as_str()) else { continue };
            if !text.may_touch(text.words[at].range(), touches) || hyphenated(text, at) {
                continue;
            }
            let near =
                |w: Option<usize>| w.filter(|w| sentence.words.contains(w)).map_or("", |w| words[w].as_str());
            let (before, after) = (near(at.checked_sub(1)), near(Some(at + 1)));
            let twice = |antonym: &&Antonym| {
                let others = sentence.words.clone().filter(|w| *w != at);
                others.into_iter().any(|w| antonym.pair.contains(&words[w].as_str()))
            };
            let told = TOLD.contains(&before);
            let fits = |antonym: &&Antonym| {
                let ordered = antonym.form == Form::Only || (antonym.form == Form::Base && !told);
                (forms == Forms::All || ordered)
                    && !antonym.not_before.contains(&after)
                    && !antonym.not_after.contains(&before)
                    && (antonym.only_before.is_empty() || antonym.only_before.contains(&after))
                    && (antonym.only_after.is_empty() || antonym.only_after.contains(&before))
                    && !twice(antonym)
            };
            for antonym in antonyms.iter().filter(fits) {
                sites.push(site(text, &words, at, sentence.words.end, antonym, touches));
            }
        }
    }
    sites
}

/// Whether a word is part of a compound: `open-ended`, `sign-in`.
fn hyphenated(text: &Text<'_>, at: usize) -> bool {
    let word = text.words[at];
    text.text[..word.start].ends_with(['-', '_', '/', '@', '#', '.'])
        || text.text[word.end..].starts_with(['-', '_', '/', '@'])
}

/// The edits of one opposite: the article before it, the word, and the preposition that goes with it.
fn site(
    text: &Text<'_>,
    words: &[String],
    at: usize,
    end: usize,
    antonym: &Antonym,
    touches: &[Guard],
) -> Site {
    let word = text.words[at];
    let mut site = Vec::new();
    if let Some(article) = at.checked_sub(1).filter(|&w| matches!(words[w].as_str(), "a" | "an")) {
        let wanted = if begins_with_vowel(antonym.opposite) { "an" } else { "a" };
        let range = text.words[article].range();
        if words[article] != wanted && text.may_touch(range.clone(), touches) {
            let written = text.words[article].of(text.text);
            let written = if written.starts_with('A') { "A" } else { "a" }.to_owned() + &wanted[1..];
            site.push((range, written));
        }
    }
    site.push((word.range(), cased_like(word.of(text.text), antonym.opposite)));
    if let Some((from, to)) = antonym.preposition {
        let range = (at + 1..end).find(|&w| words[w] == from).map(|w| text.words[w].range());
        if let Some(range) = range.filter(|range| text.may_touch(range.clone(), touches)) {
            site.push((range, to.to_owned()));
        }
    }
    site
}
