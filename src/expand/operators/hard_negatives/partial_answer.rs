//! Part of a text, true as far as it goes.

use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::meaning::request::View;
use crate::expand::operators::meaning::sentence::{Sentence, adjoins, capitalised, lower, sentences};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::ops::Range;

/// Keeps part of a text: one of its sentences goes, the last item of a list, or the second of two requests.
///
/// For suites whose inputs are answers to be judged: what is left is true and does not answer all of it. For
/// requests: half of what was asked for.
pub const PARTIAL_ANSWER: Operator = Operator {
    name: "partial_answer",
    version: 1,
    family: Family::HardNegatives,
    promise: Promise::Own,
    what: "Leaves out a sentence, an item of a list or the second of two requests.",
    reach: Reach::Words,
    touches: Guard::ALL,
    needs_statement: true,
    options: &[],
    vary,
};

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let words = lower(text);
    let mut sites = sentence_dropped(text, &words);
    sites.extend(second_half(text, &words));
    if sites.is_empty() {
        sites = last_item(text, &words);
    }
    if sites.is_empty() {
        return None;
    }
    let (gone, with) = sites.swap_remove(stream.index(sites.len()));
    let mut rewrite = Rewrite::new(text.text);
    rewrite.replace(gone, &with);
    Draft::of(rewrite)
}

type Site = (Range<usize>, String);

/// Every sentence of at least three words but the first, which the others may refer to, and the only one that
/// asks for something.
fn sentence_dropped(text: &Text<'_>, words: &[String]) -> Vec<Site> {
    let all = sentences(text);
    let asks = |sentence: &&Sentence| View { text, words, sentence }.demands() > 0;
    let asking: Vec<&Sentence> = all.iter().filter(asks).collect();
    let before = |sentence: &Sentence| text.text[..sentence.range.start].trim_end().len();
    all.iter()
        .filter(|sentence| sentence.words.len() >= 3 && asking != [*sentence])
        .filter(|sentence| before(sentence) > 0)
        .map(|sentence| (before(sentence)..sentence.range.end, String::new()))
        .collect()
}

/// "Find the contract and then book a call" – "Find the contract".
fn second_half(text: &Text<'_>, words: &[String]) -> Vec<Site> {
    let mut sites = Vec::new();
    for sentence in sentences(text) {
        let view = View { text, words, sentence: &sentence };
        for at in sentence.words.start + 2..sentence.words.end {
            let mut from = at;
            while from > sentence.words.start
                && matches!(view.word(from - 1), "and" | "then" | "also" | "please")
            {
                from -= 1;
            }
            let joined = from < at && (view.word(from) != "please" || from + 1 < at);
            let order =
                view.order(at).is_some_and(|verb| !verb.tied && (!verb.noun || view.takes_object(at)));
            if !joined || !order || from == sentence.words.start {
                continue;
            }
            let cut = text.words[from - 1].end;
            let end = sentence.mark_at(text.text);
            // From the second request to the end of the sentence, or the first request with what joins them.
            sites.push((cut..end, String::new()));
            let begin = view.begin();
            // "… and read it to me" cannot stand alone.
            let refers = (at..sentence.words.end)
                .any(|w| matches!(view.word(w), "it" | "them" | "him" | "her" | "one"));
            if view.order(begin).is_some() && !refers {
                let first = text.words[at].of(text.text);
                let capital = text.words[begin].of(text.text).starts_with(char::is_uppercase);
                let first = if capital { capitalised(first) } else { first.to_owned() };
                sites.push((text.words[begin].start..text.words[at].end, first));
            }
            break;
        }
    }
    sites
}

/// "Lars, Mei and Ottilie" – "Lars and Mei"; "Priya and Tom" – "Priya".
fn last_item(text: &Text<'_>, words: &[String]) -> Vec<Site> {
    let mut sites = Vec::new();
    if words.iter().any(|word| matches!(word.as_str(), "both" | "between" | "together" | "each")) {
        return sites;
    }
    for (and, _) in words.iter().enumerate().filter(|(_, word)| *word == "and") {
        if and == 0 || !adjoins(text, and) {
            continue;
        }
        let (before, after) = (text.words[and - 1], text.words[and + 1]);
        let alike = |word: &str| {
            word.starts_with(char::is_uppercase) || word.starts_with(|c: char| c.is_ascii_digit())
        };
        let names = alike(before.of(text.text)) && alike(after.of(text.text));
        let more = text.text[after.end..].starts_with([' ', '-']) && {
            let next = text.words.get(and + 2).map(|word| word.of(text.text));
            next.is_some_and(alike)
        };
        if !names || more || text.text[after.end..].starts_with(['\'', '’', '-']) {
            continue;
        }
        let comma = and >= 2 && &text.text[text.words[and - 2].end..before.start] == ", ";
        if comma {
            // The item before becomes the last one.
            sites.push((text.words[and - 2].end..after.end, format!(" and {}", before.of(text.text))));
        } else {
            sites.push((before.end..after.end, String::new()));
        }
    }
    sites
}
