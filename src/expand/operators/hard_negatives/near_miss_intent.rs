//! A request that looks like another and asks for something else.

use super::phrases::{Phrases, put};
use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::operators::meaning::request::{asking, lies_in};
use crate::expand::operators::meaning::sentence::{Sentence, lower};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::sync::LazyLock;

/// The phrases, and those that look alike.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/near_miss.txt")));

/// Puts in the place of what is asked for something that is worded alike: `book a meeting` – `book a table`.
pub const NEAR_MISS_INTENT: Operator = Operator {
    name: "near_miss_intent",
    version: 1,
    family: Family::HardNegatives,
    promise: Promise::Own,
    what: "Asks for something that is worded alike: \"book a meeting\" becomes \"book a table\".",
    reach: Reach::Words,
    touches: &[Guard::Expected, Guard::Meaning, Guard::Acronym],
    needs_statement: true,
    options: &[Choice {
        name: "with",
        what: "Pairs of your own, tried first: \"book a meeting -> book a table\". What has no \" -> \" is not used.",
        takes: Takes::Texts,
        required: false,
    }],
    vary,
};

static PHRASES: LazyLock<Phrases<'static>> = LazyLock::new(|| {
    let entries =
        LEXICON.entries.iter().filter_map(|entry| Some((entry[0], entry.get(1)?.split('|').collect())));
    Phrases::new(entries)
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text;
    let touches = NEAR_MISS_INTENT.touches;
    let words = lower(text);
    let asking = asking(text, &words);
    let own = subject.settings.texts("with");
    let pairs = own.iter().filter_map(|pair| {
        let (phrase, instead) = pair.split_once("->")?;
        let (phrase, instead) = (phrase.trim(), instead.trim());
        (!instead.is_empty()).then(|| (phrase, vec![instead]))
    });
    let mut sites = Phrases::new(pairs).sites(text, touches);
    if sites.is_empty() {
        sites = PHRASES.sites(text, touches);
        sites.retain(|site| lies_in(&site.range, &asking));
        sites.retain(|site| site.words.len() > 1 || is_order(&words, &asking, site.words.start));
    }
    if sites.is_empty() {
        return None;
    }
    let site = sites.swap_remove(stream.index(sites.len()));
    let instead = site.instead[stream.index(site.instead.len())];
    let mut rewrite = Rewrite::new(text.text);
    for (range, with) in put(text, &site, instead, touches) {
        rewrite.replace(range, &with);
    }
    Draft::of(rewrite)
}

/// Single words of the lexicon that are verbs.
const VERBS: &[&str] = &["fetch", "find", "recap", "summarise", "summarize"];

/// A single verb is replaced only where it is an order: "the report I could not find" stays.
fn is_order(words: &[String], asking: &[Sentence], at: usize) -> bool {
    if !VERBS.contains(&words[at].as_str()) || asking.iter().any(|sentence| sentence.words.start == at) {
        return true;
    }
    let back = |by: usize| at.checked_sub(by).map_or("", |at| words[at].as_str());
    match back(1) {
        "you" => matches!(back(2), "can" | "could" | "would" | "will"),
        before => matches!(before, "please" | "to" | "and" | "then" | "also"),
    }
}
