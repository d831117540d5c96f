//! Letters of other scripts that look like Latin ones: `cаncel` with a Cyrillic `а`.

use crate::expand::edit::Rewrite;
use crate::expand::lexicon::Lexicon;
use crate::expand::operator::{Choice, Draft, Family, Operator, Promise, Reach, Subject, Takes};
use crate::expand::operators::surface::forms;
use crate::expand::stream::Stream;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The operator.
pub static CONFUSABLES: Operator = Operator {
    name: "confusables",
    version: 1,
    family: Family::Unicode,
    promise: Promise::Same,
    what: "Writes Latin letters with letters of other scripts that look alike",
    reach: Reach::Words,
    touches: &[],
    needs_statement: false,
    options: &[Choice {
        name: "letters",
        what: "How many letters at most; without it one for every 12 that may be touched",
        takes: Takes::Count(1, MOST),
        required: false,
    }],
    vary,
};

/// The most letters of one variant.
const MOST: u64 = 100;

/// Letters for each that is replaced where the option is not given.
const LETTERS_EACH: u64 = 12;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/confusables.txt")));

/// The letters that look like a Latin one.
static ALIKE: LazyLock<HashMap<char, Vec<&'static str>>> = LazyLock::new(|| {
    let read =
        |entry: &Vec<&'static str>| Some((entry[0].chars().next()?, entry.get(1)?.split('|').collect()));
    LEXICON.entries.iter().filter_map(read).collect()
});

fn vary(subject: &Subject<'_>, stream: &mut Stream) -> Option<Draft> {
    let text = subject.text.text;
    let mut sites: Vec<(usize, char)> = Vec::with_capacity(text.len());
    for (_, word) in subject.text.free() {
        let letters = word.of(text).char_indices().filter(|(_, c)| c.is_ascii_alphabetic());
        sites.extend(letters.map(|(at, c)| (word.start + at, c)));
    }
    let letters = subject.settings.count("letters").unwrap_or(sites.len() as u64 / LETTERS_EACH);
    stream.shuffle(&mut sites);
    sites.truncate(usize::try_from(letters.clamp(1, MOST)).unwrap_or(1));
    sites.sort_unstable();
    let mut rewrite = Rewrite::new(text);
    for (at, letter) in sites {
        let alike = ALIKE.get(&letter)?;
        rewrite.replace(at..at + 1, alike.get(stream.index(alike.len()))?);
    }
    forms::meaning_kept(subject, rewrite)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_letter_has_others_that_are_single_letters_and_not_latin_ones() {
        assert_eq!((LEXICON.name, LEXICON.version), ("confusables", 1));
        assert!(('a'..='z').chain('A'..='Z').all(|letter| ALIKE.contains_key(&letter)));
        assert_eq!((ALIKE.len(), LEXICON.entries.len()), (52, 52));
        let pairs: usize = ALIKE.values().map(Vec::len).sum();
        assert!(pairs >= 200, "{pairs}");
        for (letter, alike) in ALIKE.iter() {
            assert_eq!(alike.iter().collect::<HashSet<_>>().len(), alike.len(), "{letter}");
            for other in alike {
                let mut chars = other.chars();
                let c = chars.next().unwrap();
                assert!(chars.next().is_none() && !c.is_ascii() && c.is_alphanumeric(), "{letter}: {other}");
            }
        }
    }
}
