//! A condition taken away.

use super::request::asking;
use super::sentence::{Sentence, adjoins, capitalised, lower};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::ops::Range;

/// Drops the clause that says when a request holds: `if`, `unless`, `when`, `only if`, `as long as`.
///
/// "Ask if he can come" has no condition, and neither has "when does it begin": such clauses stay.
pub const CONDITION_REMOVED: Operator = Operator {
    name: "condition_removed",
    version: 1,
    family: Family::Meaning,
    promise: Promise::Changed,
    what: "Drops a condition: \"Cancel it if nobody has accepted\" becomes \"Cancel it\".",
    reach: Reach::Words,
    touches: &[Guard::Meaning, Guard::Expected, Guard::Number],
    needs_statement: true,
    options: &[],
    vary,
};

/// What begins a condition, and how it may stand: longer ones first.
const OPENERS: &[&[&str]] = &[
    &["only", "if"],
    &["only", "when"],
    &["but", "only", "if"],
    &["but", "only", "when"],
    &["as", "long", "as"],
    &["so", "long", "as"],
    &["provided", "that"],
    &["on", "condition", "that"],
    &["in", "case"],
    &["as", "soon", "as"],
    &["assuming", "that"],
    &["assuming"],
    &["provided"],
    &["providing"],
    &["if"],
    &["unless"],
    &["when"],
    &["whenever"],
    &["once"],
];
/// After these `if` and `when` open no condition but say what is asked, compared or known.
const ASKING: &[&str] = &[
    "ask",
    "asks",
    "asked",
    "asking",
    "see",
    "check",
    "checked",
    "know",
    "knows",
    "tell",
    "wonder",
    "wondering",
    "sure",
    "certain",
    "decide",
    "decided",
    "confirm",
    "find",
    "out",
    "even",
    "as",
    "what",
    "remember",
    "forget",
    "idea",
    "clear",
    "say",
    "said",
    "about",
    "and",
    "or",
    "of",
    "like",
    "matter",
    "unsure",
    "on",
    "care",
    "mind",
];
/// Verbs whose object may stand between them and an indirect question.
const ASKERS: &[&str] = &["ask", "asks", "asked", "tell", "told", "show", "check", "remind", "inform"];
/// What follows a `when` that asks.
const ASKED: &[&str] = &[
    "do", "does", "did", "is", "are", "was", "were", "will", "would", "can", "could", "should", "has", "have",
];
/// A condition of one word: "if possible".
const SHORT: &[&str] = &["possible", "necessary", "needed", "required", "so", "available", "feasible"];

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let words = lower(text);
    let mut found: Vec<(Range<usize>, Option<Range<usize>>)> = Vec::new();
    for sentence in asking(text, &words) {
        found.extend(conditions(text, &words, &sentence));
    }
    found.retain(|(range, _)| text.may_touch(range.clone(), CONDITION_REMOVED.touches));
    if found.is_empty() {
        return None;
    }
    let (gone, first) = found.swap_remove(stream.index(found.len()));
    let mut rewrite = Rewrite::new(text.text);
    rewrite.replace(gone, "");
    if let Some(first) = first {
        let word = &text.text[first.clone()];
        rewrite.replace(first, &capitalised(word));
    }
    Draft::of(rewrite)
}

/// The conditions of a sentence: the bytes to drop, and the word that then begins the sentence.
fn conditions(
    text: &Text<'_>,
    words: &[String],
    sentence: &Sentence,
) -> Vec<(Range<usize>, Option<Range<usize>>)> {
    let mut found = Vec::new();
    let mut at = sentence.words.start;
    while at < sentence.words.end {
        let Some(opener) = opener(words, sentence, at) else {
            at += 1;
            continue;
        };
        let inside = at + opener;
        let last = (inside - 1..sentence.words.end)
            .find(|&w| w + 1 == sentence.words.end || stops(text, w))
            .unwrap_or(sentence.words.end - 1);
        let length = (last + 1).saturating_sub(inside);
        let whole = length >= 2 || (length == 1 && SHORT.contains(&words[inside].as_str()));
        let asks = ASKED.contains(&words[inside.min(sentence.words.end - 1)].as_str());
        if whole && at == sentence.words.start && !(asks && words[at] == "when") {
            found.extend(leading(text, words, sentence, last));
        } else if whole && at > sentence.words.start {
            found.extend(trailing(text, words, sentence, at, last));
        }
        at = last + 1;
    }
    found
}

/// How many words open a condition here.
fn opener(words: &[String], sentence: &Sentence, at: usize) -> Option<usize> {
    let rest = &words[at..sentence.words.end];
    let length = OPENERS
        .iter()
        .filter(|opener| {
            rest.len() >= opener.len() && opener.iter().zip(rest).all(|(wanted, word)| wanted == word)
        })
        .map(|opener| opener.len())
        .max()?;
    let before = if at > sentence.words.start { words[at - 1].as_str() } else { "" };
    // "tell me when it is ready", "ask Tom if he can come".
    let near = at.saturating_sub(3).max(sentence.words.start)..at;
    let asking = ASKING.contains(&before) || near.into_iter().any(|w| ASKERS.contains(&words[w].as_str()));
    (!asking).then_some(length)
}

/// Whether a clause stops after a word: a mark that is no apostrophe, hyphen or part of a number.
fn stops(text: &Text<'_>, word: usize) -> bool {
    let between = &text.text[text.words[word].end..text.words[word + 1].start];
    !adjoins(text, word)
        && between.contains([',', ';', ')', '(', '–', '—'])
        && between.contains(char::is_whitespace)
}

/// "If it rains, call it off": up to the comma. "When does it begin, …?" asks, and sets no condition.
fn leading(
    text: &Text<'_>,
    words: &[String],
    sentence: &Sentence,
    last: usize,
) -> Option<(Range<usize>, Option<Range<usize>>)> {
    let next = last + 1;
    if next >= sentence.words.end || !text.text[text.words[last].end..].starts_with(',') {
        return None;
    }
    let mut main = next;
    if words[main] == "then" && main + 1 < sentence.words.end && adjoins(text, main) {
        main += 1;
    }
    // "If Ana, Tom and Wei agree, …": what follows a list is no main clause.
    if words[next..sentence.words.end].len() < 2 || matches!(words[next].as_str(), "and" | "or") {
        return None;
    }
    Some((sentence.range.start..text.words[main].start, Some(text.words[main].range())))
}

/// "Call it off if it rains": up to the next mark, with the space or comma before it.
fn trailing(
    text: &Text<'_>,
    words: &[String],
    sentence: &Sentence,
    at: usize,
    last: usize,
) -> Option<(Range<usize>, Option<Range<usize>>)> {
    // "when" after a noun or in a question is no condition: "the day when", "when does".
    let opens = words[at].as_str();
    if matches!(opens, "when" | "once" | "whenever")
        && (sentence.asks(text.text) || at < sentence.words.start + 2 || !told(words, sentence, at))
    {
        return None;
    }
    // "It depends, if you ask me, …" may go as well; "…, if X, Y" between two marks keeps the second.
    let before = text.words[at - 1].end;
    let mut between = text.text[before..text.words[at].start].chars();
    let bracket = between.any(|c| matches!(c, '(' | '[' | '"' | '“'));
    let quoted = text.text[text.words[last].end..sentence.range.end].starts_with([')', ']', '"', '”']);
    (!bracket && !quoted).then_some((before..text.words[last].end, None))
}

/// Whether an order or a wish stands before: then `when` says when it holds.
fn told(words: &[String], sentence: &Sentence, at: usize) -> bool {
    let before = &words[sentence.words.start..at];
    let past = before.iter().any(|word| matches!(word.as_str(), "was" | "were" | "had" | "did"));
    !past && before.iter().any(|word| super::verbs::of_base(word).is_some())
}
