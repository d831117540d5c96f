//! Capitals and small letters, as people type them.

use super::forms::{self, Form};
use crate::expand::edit::Rewrite;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::typing::{is_common, slip};
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use crate::expand::words::Word;

/// The operator.
pub static CASE: Operator = Operator {
    name: "case",
    version: 1,
    family: Family::Surface,
    promise: Promise::Same,
    what: "Writes the text in small letters, in capitals, with capitals at the wrong places or with none",
    reach: Reach::Whole,
    touches: TOUCHES,
    needs_statement: false,
    options: &[forms::option(
        "Which cases are drawn: all small, all capitals, a capital for each word, one at the beginning of each \
         sentence, one word in capitals, or caps lock left on",
        &["lower", "upper", "title", "sentence", "one_word", "caps_lock"],
    )],
    vary: |subject, stream| forms::vary(subject, stream, &FORMS),
};

const FORMS: [Form; 6] = [
    ("lower", |subject, _| words(subject, lower_unless_a_word)),
    ("upper", |subject, _| words(subject, |word| Some(word.map(upper)))),
    ("title", |subject, _| words(subject, |word| Some(word.capital()))),
    ("sentence", |subject, _| words(subject, in_a_sentence)),
    ("one_word", one_word),
    ("caps_lock", |subject, _| words(subject, |word| (!word.is_acronym()).then(|| word.map(flip)))),
];

/// A negation or an abbreviation says the same in any case.
const TOUCHES: &[Guard] = &[Guard::Meaning, Guard::Acronym];

/// Letters of the shortest word that is stressed by capitals.
const SHORTEST_STRESSED: usize = 4;

/// Longer words that nobody stresses.
const UNSTRESSED: &[&str] = &[
    "about", "after", "because", "been", "before", "between", "could", "from", "going", "have", "into",
    "like", "should", "than", "that", "that's", "their", "them", "then", "there", "there's", "these", "they",
    "this", "those", "through", "were", "what's", "where's", "which", "while", "with", "would", "your",
];

/// A word at its place.
struct Placed<'a> {
    subject: &'a Subject<'a>,
    place: usize,
    word: &'a Word,
}

impl Placed<'_> {
    fn text(&self) -> &str {
        self.word.of(self.subject.text.text)
    }

    fn is_acronym(&self) -> bool {
        self.word.guard == Some(Guard::Acronym)
    }

    fn map(&self, to: fn(char) -> char) -> String {
        self.text().chars().map(to).collect()
    }

    /// With its first letter a capital and the rest as it was.
    fn capital(&self) -> String {
        let mut chars = self.text().chars();
        chars.next().map(upper).into_iter().chain(chars).collect()
    }

    fn part_before_apostrophe(&self) -> &str {
        self.text().split(['\'', '’']).next().unwrap_or_default()
    }
}

/// In small letters; `US` and `IT` would be other words then.
fn lower_unless_a_word(word: &Placed<'_>) -> Option<String> {
    let small = word.map(lower);
    (!word.is_acronym() || !is_common(&small)).then_some(small)
}

/// As a telephone writes it: a capital begins the sentence, `i` is one, capitals all through are none.
fn in_a_sentence(word: &Placed<'_>) -> Option<String> {
    if slip::begins_sentence(word.subject.text, word.place) || word.part_before_apostrophe() == "i" {
        return Some(word.capital());
    }
    let shouted = word.word.chars > 1 && !word.text().contains(char::is_lowercase);
    (shouted && !word.is_acronym() && word.part_before_apostrophe() != "I").then(|| word.map(lower))
}

/// Rewrites every word that may be touched.
fn words(subject: &Subject<'_>, to: impl Fn(&Placed<'_>) -> Option<String>) -> Option<Draft> {
    let mut rewrite = Rewrite::new(subject.text.text);
    for (place, word) in subject.text.open(TOUCHES) {
        if let Some(with) = to(&Placed { subject, place, word }) {
            slip::replace_difference(&mut rewrite, subject.text.text, &word.range(), &with);
        }
    }
    forms::meaning_kept(subject, rewrite)
}

/// One word in capitals, for stress.
fn one_word(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let stressed: Vec<usize> = subject
        .text
        .free()
        .filter(|(_, word)| {
            let whole = word.of(subject.text.text);
            let plain = UNSTRESSED.iter().any(|other| other.eq_ignore_ascii_case(whole));
            word.chars >= SHORTEST_STRESSED && whole.contains(char::is_lowercase) && !plain
        })
        .map(|(place, _)| place)
        .collect();
    let chosen = *stressed.get(stream.index(stressed.len()))?;
    words(subject, |word| (word.place == chosen).then(|| word.map(upper)))
}

/// The capital of a letter, where it is one character and no other alphabet's.
fn upper(c: char) -> char {
    one(c, c.to_uppercase())
}

/// The small form of a letter, where it is one character and no other alphabet's.
fn lower(c: char) -> char {
    one(c, c.to_lowercase())
}

/// The other case of a letter.
fn flip(c: char) -> char {
    if c.is_uppercase() { lower(c) } else { upper(c) }
}

fn one(c: char, mut to: impl Iterator<Item = char>) -> char {
    match (to.next(), to.next()) {
        (Some(only), None) if only.is_ascii() == c.is_ascii() => only,
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_are_those_of_the_option() {
        assert!(forms::agree(&CASE.options[0], &FORMS));
    }

    #[test]
    fn a_letter_becomes_one_letter() {
        assert_eq!("straße ſ é".chars().map(upper).collect::<String>(), "STRAßE ſ É");
        assert_eq!("\u{130}\u{212a} É".chars().map(lower).collect::<String>(), "\u{130}\u{212a} é");
        assert_eq!("iPad".chars().map(flip).collect::<String>(), "IpAD");
    }
}
