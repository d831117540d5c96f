//! Verbs of requests and reports, with their forms.

use crate::expand::lexicon::Lexicon;
use std::collections::HashMap;
use std::sync::LazyLock;

/// The lexicon.
pub static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/request_verbs.txt")));

/// A verb.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb {
    /// Its base form.
    pub base: &'static str,
    /// Its past form.
    pub past: String,
    /// Its form after `he`.
    pub third: String,
    /// Whether its base form is often a noun too.
    pub noun: bool,
    /// Whether it begins no order of its own in the middle of a sentence.
    pub tied: bool,
}

static VERBS: LazyLock<Vec<Verb>> = LazyLock::new(|| {
    let verb = |entry: &Vec<&'static str>| {
        let field = |at: usize| entry.get(at).copied().filter(|field| !field.is_empty());
        let (base, marks) = (entry[0], field(2).unwrap_or_default());
        Verb {
            base,
            past: field(1).map_or_else(|| regular_past(base), str::to_owned),
            third: third_person(base),
            noun: marks.contains('n'),
            tied: marks.contains('t'),
        }
    };
    LEXICON.entries.iter().map(verb).collect()
});

static BY_BASE: LazyLock<HashMap<&'static str, &'static Verb>> =
    LazyLock::new(|| VERBS.iter().map(|verb| (verb.base, verb)).collect());
static BY_PAST: LazyLock<HashMap<&'static str, &'static Verb>> =
    LazyLock::new(|| VERBS.iter().map(|verb| (verb.past.as_str(), verb)).collect());
static BY_THIRD: LazyLock<HashMap<&'static str, &'static Verb>> =
    LazyLock::new(|| VERBS.iter().map(|verb| (verb.third.as_str(), verb)).collect());

/// All past forms.
pub fn pasts() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|verb| verb.past.as_str())
}

/// The verb with a base form, in lower case.
pub fn of_base(word: &str) -> Option<&'static Verb> {
    BY_BASE.get(word).copied()
}

/// The verb with a past form.
pub fn of_past(word: &str) -> Option<&'static Verb> {
    BY_PAST.get(word).copied()
}

/// The verb with a form after `he`.
pub fn of_third(word: &str) -> Option<&'static Verb> {
    BY_THIRD.get(word).copied()
}

fn ends_in_consonant_and_y(base: &str) -> bool {
    let mut last = base.chars().rev();
    last.next() == Some('y') && !last.next().is_none_or(|c| "aeiou".contains(c))
}

fn regular_past(base: &str) -> String {
    if ends_in_consonant_and_y(base) {
        format!("{}ied", &base[..base.len() - 1])
    } else if base.ends_with('e') {
        format!("{base}d")
    } else {
        format!("{base}ed")
    }
}

fn third_person(base: &str) -> String {
    if ends_in_consonant_and_y(base) {
        format!("{}ies", &base[..base.len() - 1])
    } else if ["s", "x", "z", "ch", "sh", "o"].iter().any(|end| base.ends_with(end)) {
        format!("{base}es")
    } else {
        format!("{base}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_those_of_the_grammar_book() {
        for (base, past, third) in [
            ("find", "found", "finds"),
            ("apply", "applied", "applies"),
            ("play", "played", "plays"),
            ("cancel", "cancelled", "cancels"),
            ("push", "pushed", "pushes"),
            ("go", "went", "goes"),
            ("arrange", "arranged", "arranges"),
        ] {
            let verb = of_base(base).unwrap();
            assert_eq!((verb.past.as_str(), verb.third.as_str()), (past, third));
        }
        assert_eq!(of_past("wrote").unwrap().base, "write");
        assert_eq!(of_third("replies").unwrap().base, "reply");
    }

    #[test]
    fn the_lexicon_has_every_verb_once_and_its_marks() {
        assert_eq!((LEXICON.name, LEXICON.version), ("request_verbs", 1));
        assert!(LEXICON.entries.len() >= 270, "{}", LEXICON.entries.len());
        assert_eq!(BY_BASE.len(), LEXICON.entries.len());
        for entry in &LEXICON.entries {
            assert!(entry.len() <= 3 && entry[0] == entry[0].to_lowercase(), "{entry:?}");
            assert!(matches!(entry.get(2), None | Some(&("n" | "t"))), "{entry:?}");
        }
    }
}
