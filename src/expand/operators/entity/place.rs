//! Cities and countries.

use super::swap::{Around, Swap, swap};
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Draft, Family, Operator, Promise, Reach, Subject};
use crate::expand::operators::grammar::pattern::Words;
use crate::expand::operators::grammar::phrase::begins_with_vowel;
use crate::expand::protect::Guard;
use crate::expand::stream::Stream;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Cities and countries.
pub const PLACE: Operator = Operator {
    name: "place",
    version: 1,
    family: Family::Entity,
    promise: Promise::Same,
    what: "Swaps a city for a city or a country for a country, in the expectation and the row too.",
    reach: Reach::Words,
    touches: &[Guard::Expected],
    needs_statement: false,
    options: &[],
    vary,
};

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/places.txt")));

/// The places by the first of their words in small letters, each with its kind: a row of the lexicon.
static PLACES: LazyLock<HashMap<String, Vec<(&'static str, usize)>>> = LazyLock::new(|| {
    let mut places: HashMap<String, Vec<_>> = HashMap::new();
    for (kind, names) in kinds().enumerate() {
        for place in names {
            let first = place.split(' ').next().unwrap_or(place);
            places.entry(first.to_lowercase()).or_default().push((place, kind));
        }
    }
    places
});

static KINDS: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| kinds().collect());

fn kinds() -> impl Iterator<Item = Vec<&'static str>> {
    LEXICON.entries.iter().filter_map(|entry| Some(entry.get(1)?.split('|').collect()))
}

/// What stands before a place written small.
const BEFORE_SMALL: [&str; 7] = ["in", "to", "from", "near", "visiting", "around", "for"];
/// What a place may follow with "of": elsewhere it is a part of a name, as in "bank of London".
const BEFORE_OF: [&str; 6] = ["capital", "population", "centre", "center", "map", "outskirts"];
/// What may follow a place after a comma, where nothing of its name does.
const AFTER_COMMA: [&str; 13] =
    ["please", "thanks", "and", "but", "i", "i'm", "what", "how", "can", "could", "if", "is", "then"];
/// How many places are drawn for one that fits.
const TRIES: usize = 8;

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let words = Words::of(subject.text);
    let mut found: Vec<(usize, &'static str, usize)> = (0..words.len())
        .filter_map(|at| found_at(&words, at).map(|(place, kind)| (at, place, kind)))
        .collect();
    if found.is_empty() {
        return None;
    }
    stream.shuffle(&mut found);
    let around = Around::of(subject);
    found.into_iter().find_map(|(at, old, kind)| {
        let article = words.before(at).is_some_and(|before| matches!(words.get(before), "a" | "an"));
        let names = KINDS.get(kind)?;
        (0..TRIES).find_map(|_| {
            let new = *names.get(stream.index(names.len()))?;
            if article && begins_with_vowel(new) != begins_with_vowel(old) {
                return None;
            }
            swap(subject, &around, &Swap { old: old.to_owned(), new: new.to_owned() }, PLACE.touches)
        })
    })
}

/// The place whose name begins with a word.
fn found_at(words: &Words<'_>, at: usize) -> Option<(&'static str, usize)> {
    let word = words.get(at).trim_end_matches("'s");
    let (place, kind) = *PLACES.get(word)?.iter().find(|(place, _)| {
        place.split(' ').enumerate().all(|(n, part)| {
            words.get(at + n).trim_end_matches("'s").eq_ignore_ascii_case(part)
                && (n == 0 || words.joined(at + n - 1))
        })
    })?;
    let last = at + place.split(' ').count() - 1;
    let text = words.text.text;
    let large = |at: usize| {
        words.text.words.get(at).is_some_and(|word| text[word.start..].starts_with(char::is_uppercase))
    };
    let before = words.before(at);
    let of = before
        .filter(|before| words.get(*before) == "of")
        .is_some_and(|of| !words.before(of).is_some_and(|second| BEFORE_OF.contains(&words.get(second))));
    let glued = at > 0 && words.gap(at - 1) == "-" || words.gap(last) == "-";
    // "Portland, Oregon": the two belong together.
    let listed =
        |gap: usize, beside: usize| words.gap(gap) == ", " && !AFTER_COMMA.contains(&words.get(beside));
    let paired =
        listed(last, last + 1) || at > 0 && listed(at - 1, at - 1) && PLACES.contains_key(words.get(at - 1));
    if of || glued || paired {
        return None;
    }
    let fits = if large(at) {
        // Beside another capital it is part of a name: "Hamburg Airport", "Project Oslo".
        let begins = |at: usize| words.begins_sentence(at);
        !(words.joined(last) && large(last + 1) && words.get(last + 1) != "i")
            && before.is_none_or(|before| !large(before) || begins(before))
    } else {
        let small = before.is_some_and(|before| BEFORE_SMALL.contains(&words.get(before)));
        small && !text.contains(char::is_uppercase)
    };
    fits.then_some((place, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_stands_once() {
        let mut all: Vec<&str> = KINDS.iter().flatten().copied().collect();
        assert!(LEXICON.version > 0 && KINDS.len() == 2 && all.len() > 150, "{}", all.len());
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|two| two[0] == two[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
