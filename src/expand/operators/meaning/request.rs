//! What a sentence asks for, and the ways to say that it is not wanted.

use super::question;
use super::sentence::{Sentence, adjoins, cased_like, sentences};
use super::verbs::{self, Verb};
use crate::expand::edit::Rewrite;
use crate::expand::meaning::{Weight, weight};
use crate::expand::operator::Draft;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Text;
use std::ops::Range;

/// Bytes of a text and what is to stand in their place, in order.
pub type Change = Vec<(Range<usize>, String)>;

/// Words before a request that are no part of it.
const OPENERS: &[&str] = &[
    "hey", "hi", "hello", "dear", "ok", "okay", "so", "also", "then", "now", "well", "and", "but", "sorry",
    "thanks", "just", "right", "anyway",
];
const POLITE: &[&str] = &["please", "pls", "plz", "kindly"];
/// Words that may stand between `can you` and the verb.
const SOFTENERS: &[&str] =
    &["please", "pls", "kindly", "just", "maybe", "possibly", "perhaps", "quickly", "also"];
/// What follows a noun and not an order: "call with Ana", "review is late".
const AFTER_NOUNS: &[&str] = &[
    "of",
    "with",
    "from",
    "for",
    "about",
    "on",
    "at",
    "to",
    "in",
    "by",
    "and",
    "or",
    "is",
    "are",
    "was",
    "were",
    "has",
    "have",
    "had",
    "will",
    "would",
    "can",
    "could",
    "should",
    "must",
    "regarding",
];
/// Orders that take a preposition although they are nouns too.
const WITH_PREPOSITION: &[&str] = &[
    "look", "search", "deal", "talk", "reply", "check", "help", "switch", "turn", "log", "sign", "roll",
    "work", "move", "push", "pull", "set", "cut", "shut", "walk", "start",
];
/// What follows an order in the middle of a sentence, where a noun would not have it.
const AFTER_ORDERS: &[&str] = &[
    "it",
    "them",
    "me",
    "us",
    "him",
    "her",
    "the",
    "a",
    "an",
    "my",
    "our",
    "your",
    "his",
    "their",
    "this",
    "that",
    "these",
    "all",
    "everything",
    "up",
    "out",
    "off",
    "down",
    "half",
];

/// A sentence of a text, with the words of the text in lower case.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The text.
    pub text: &'a Text<'a>,
    /// All its words, in lower case.
    pub words: &'a [String],
    /// The sentence.
    pub sentence: &'a Sentence,
}

impl<'a> View<'a> {
    /// A word in lower case; empty beyond the sentence.
    pub fn word(&self, at: usize) -> &'a str {
        if self.sentence.words.contains(&at) { self.words[at].as_str() } else { "" }
    }

    /// A word as it is written.
    pub fn written(&self, at: usize) -> &'a str {
        self.text.words[at].of(self.text.text)
    }

    /// First byte of a word.
    pub fn start(&self, at: usize) -> usize {
        self.text.words[at].start
    }

    /// Byte after the last of a word.
    pub fn end(&self, at: usize) -> usize {
        self.text.words[at].end
    }

    /// Whether a word of meaning negates something between two marks around a word.
    pub fn negated_around(&self, at: usize) -> bool {
        let negates = |w: &usize| weight(self.word(*w)) == Some(Weight::Negation);
        let before = (self.sentence.words.start..at).rev().take_while(|&w| adjoins(self.text, w));
        let after = (at..self.sentence.words.end - 1).take_while(|&w| adjoins(self.text, w)).map(|w| w + 1);
        [at].into_iter().chain(before).chain(after).any(|w| negates(&w))
    }

    /// Whether the sentence is negated somewhere.
    pub fn negated(&self) -> bool {
        self.sentence.words.clone().any(|at| weight(self.word(at)) == Some(Weight::Negation))
    }

    /// Whether a clause may begin at a word: the sentence does, or a comma, a dash or a conjunction
    /// stands before it.
    pub fn opens_clause(&self, at: usize) -> bool {
        at == self.begin()
            || (at > self.sentence.words.start
                && (!adjoins(self.text, at - 1)
                    || matches!(self.word(at - 1), "so" | "and" | "but" | "then")))
    }

    /// The first word that is no opener ("Hi Ana, please" aside).
    pub fn begin(&self) -> usize {
        let mut at = self.sentence.words.start;
        while OPENERS.contains(&self.word(at)) {
            let greets = matches!(self.word(at), "hey" | "hi" | "hello" | "dear");
            let named = greets && !self.word(at + 1).is_empty() && !adjoins(self.text, at + 1);
            at += if named { 2 } else { 1 };
        }
        if at < self.sentence.words.end { at } else { self.sentence.words.start }
    }

    /// The verb of an order that stands at a word.
    pub fn order(&self, at: usize) -> Option<&'static Verb> {
        let verb = verbs::of_base(self.word(at))?;
        let next = self.word(at + 1);
        if next.is_empty() {
            return Some(verb);
        }
        let gap = &self.text.text[self.end(at)..self.start(at + 1)];
        let joined = gap.starts_with(' ') && gap.chars().all(|c| " '\"“‘«(€$£#@".contains(c));
        let noun = verb.noun && AFTER_NOUNS.contains(&next) && !WITH_PREPOSITION.contains(&verb.base);
        let finite = matches!(next, "is" | "are" | "was" | "were" | "sure");
        let asks = verb.base == "do" && matches!(next, "i" | "we" | "you" | "they");
        // "open questions" are no order.
        let adjective = verb.base == "open"
            && matches!(next, "questions" | "items" | "issues" | "points" | "positions" | "seats" | "slots");
        (joined && !noun && !finite && !asks && !adjective).then_some(verb)
    }

    /// Whether what follows a verb makes it an order where it could be a noun too.
    pub fn takes_object(&self, at: usize) -> bool {
        AFTER_ORDERS.contains(&self.word(at + 1))
    }

    /// The places where the sentence asks for something: what is said at more than one of them cannot be
    /// taken back by one negation.
    pub fn demands(&self) -> usize {
        let begin = self.begin();
        let mut count = 0;
        let mut polite_question = false;
        for at in self.sentence.words.clone() {
            let before = if at > begin { self.word(at - 1) } else { "" };
            let after_polite = POLITE.contains(&before);
            let joined =
                at > begin && (self.opens_clause(at) || matches!(before, "and" | "or" | "then" | "also"));
            let order = self.order(at).is_some_and(|verb| !verb.tied)
                && (at == begin || after_polite || (joined && self.takes_object(at)));
            let of_you = self.asks_you(at);
            polite_question |= of_you;
            let softened = after_polite && at > 2 && self.word(at - 2) == "you";
            count += usize::from((order && !softened) || of_you || self.wishes(at));
        }
        let open = question::begins(self, begin);
        let asks = (self.sentence.asks(self.text.text) && !polite_question) || (open && count == 0);
        count + usize::from(asks)
    }

    /// Whether `can you` begins a clause here.
    fn asks_you(&self, at: usize) -> bool {
        matches!(self.word(at), "can" | "could" | "would" | "will")
            && self.word(at + 1) == "you"
            && self.opens_clause(at)
            && !self.word(at + 2).is_empty()
    }

    /// Whether `I need` or the like begins a clause here.
    fn wishes(&self, at: usize) -> bool {
        self.opens_clause(at) && wish_at(self, at).is_some()
    }

    fn has_polite_word(&self) -> bool {
        self.sentence.words.clone().any(|at| POLITE.contains(&self.word(at)))
    }

    /// The question mark becomes a full stop.
    pub fn unask(&self, change: &mut Change) {
        if self.sentence.asks(self.text.text) {
            change.push((self.sentence.mark_at(self.text.text)..self.sentence.range.end, ".".to_owned()));
        }
    }
}

/// The sentences that ask for something; all of them where none does, as in notes of a few words.
pub fn asking(text: &Text<'_>, words: &[String]) -> Vec<Sentence> {
    let all = sentences(text);
    let asks = |sentence: &&Sentence| View { text, words, sentence }.demands() > 0;
    let asking: Vec<Sentence> = all.iter().filter(asks).cloned().collect();
    if asking.is_empty() { all } else { asking }
}

/// Whether bytes lie within one of some sentences.
pub fn lies_in(range: &Range<usize>, sentences: &[Sentence]) -> bool {
    sentences.iter().any(|sentence| sentence.range.start <= range.start && range.end <= sentence.range.end)
}

/// Says of what a sentence asks for that it is not wanted.
pub fn declined(view: &View<'_>, stream: &mut Stream) -> Option<Change> {
    order(view, stream)
        .or_else(|| asked_of_you(view))
        .or_else(|| asked_for_us(view))
        .or_else(|| wish(view))
        .or_else(|| question::declined(view, stream))
}

/// "Book it" – "Don't book it"; "…, please book it" – "…, please don't book it".
fn order(view: &View<'_>, stream: &mut Stream) -> Option<Change> {
    if view.sentence.asks(view.text.text) {
        return None;
    }
    let begin = view.begin();
    let polite = |at: usize| POLITE.contains(&view.word(at));
    let after_polite = || {
        let at = view.sentence.words.clone().find(|&at| {
            polite(at) && view.opens_clause(at) && adjoins(view.text, at) && view.order(at + 1).is_some()
        });
        at.map(|at| at + 1)
    };
    let after_mark = || {
        view.sentence.words.clone().skip(1).find(|&at| {
            view.opens_clause(at) && view.order(at).is_some_and(|verb| !verb.tied) && view.takes_object(at)
        })
    };
    let at = if view.order(begin).is_some() { begin } else { after_polite().or_else(after_mark)? };
    let verb = view.order(at)?;
    if view.negated_around(at) {
        return None;
    }
    let word = view.written(at);
    // Capitals in the whole of a word, such as "BOOK IT", are kept in the whole of it.
    let loud =
        word.chars().filter(|c| c.is_alphabetic()).count() > 1 && !word.chars().any(char::is_lowercase);
    let forms: &[&str] = match (at == begin, view.has_polite_word()) {
        (true, false) => &["don't", "do not", "please don't", "no need to"],
        (true, true) => &["don't", "do not", "no need to"],
        (false, _) => &["don't", "do not"],
    };
    let text = format!("{} {}", forms[stream.index(forms.len())], verb.base);
    let text = if loud { text.to_uppercase() } else { cased_like(word, &text) };
    Some(vec![(view.text.words[at].range(), text)])
}

/// "Can you book it?" – "Please don't book it."
fn asked_of_you(view: &View<'_>) -> Option<Change> {
    let ask = view.sentence.words.clone().find(|&at| view.asks_you(at))?;
    let mut at = ask + 2;
    while SOFTENERS.contains(&view.word(at)) {
        at += 1;
    }
    view.order(at)?;
    if view.negated_around(at) || (ask..at).any(|at| !adjoins(view.text, at)) {
        return None;
    }
    let again =
        view.sentence.words.clone().any(|w| !(ask..at).contains(&w) && POLITE.contains(&view.word(w)));
    let form = if again { "don't " } else { "please don't " };
    let mut change = vec![(view.start(ask)..view.start(at), cased_like(view.written(ask), form))];
    view.unask(&mut change);
    Some(change)
}

/// "Could we get a room?" – "We don't want to get a room."
fn asked_for_us(view: &View<'_>) -> Option<Change> {
    let ask = view.begin();
    let who = view.word(ask + 1);
    if !matches!(view.word(ask), "can" | "could" | "may") || !matches!(who, "i" | "we") {
        return None;
    }
    let verb = view.order(ask + 2).is_some() || view.word(ask + 2) == "have";
    if !verb || view.negated_around(ask) {
        return None;
    }
    let who = if who == "i" { "I" } else { who };
    let form = cased_like(view.written(ask), &format!("{who} don't want to"));
    let mut change = vec![(view.start(ask)..view.end(ask + 1), form)];
    view.unask(&mut change);
    Some(change)
}

/// "I need a room" – "I don't need a room".
fn wish(view: &View<'_>) -> Option<Change> {
    if view.sentence.asks(view.text.text) {
        return None;
    }
    let at = view.sentence.words.clone().find(|&at| view.wishes(at))?;
    if view.negated_around(at) { None } else { wish_at(view, at).map(|change| vec![change]) }
}

/// The wish that begins at a word, taken back.
fn wish_at(view: &View<'_>, at: usize) -> Option<(Range<usize>, String)> {
    let mut next = at + 1;
    while matches!(view.word(next), "really" | "just" | "also" | "urgently") {
        next += 1;
    }
    let direct = next == at + 1;
    match (view.word(at), view.word(next)) {
        ("i" | "we", "need" | "want" | "require" | "wish") => {
            Some((view.start(next)..view.start(next), "don't ".to_owned()))
        }
        ("i" | "we", "would") if direct && matches!(view.word(next + 1), "like" | "love") => {
            Some((view.start(next)..view.end(next + 1), "don't want".to_owned()))
        }
        ("i'd" | "we'd", "like" | "love") if direct => {
            let who = if view.word(at) == "i'd" { "I don't want" } else { "we don't want" };
            Some((view.start(at)..view.end(next), cased_like(view.written(at), who)))
        }
        ("i'm" | "we're", "looking" | "trying" | "hoping") if direct => {
            Some((view.end(at)..view.end(at), " not".to_owned()))
        }
        ("i" | "we", "am" | "are")
            if direct && matches!(view.word(next + 1), "looking" | "trying" | "hoping") =>
        {
            Some((view.end(next)..view.end(next), " not".to_owned()))
        }
        _ => None,
    }
}

/// The variant that changes make, where none of them lies in what is protected.
pub fn made(text: &Text<'_>, change: &Change, touches: &[Guard]) -> Option<Draft> {
    let mut rewrite = Rewrite::new(text.text);
    for (range, with) in change {
        if !text.may_touch(range.clone(), touches) {
            return None;
        }
        rewrite.replace(range.clone(), with);
    }
    Draft::of(rewrite)
}
