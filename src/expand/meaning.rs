//! Words that carry the meaning of a request: negations, modals and quantifiers. Losing or gaining one
//! changes what is asked.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

/// What a word does to the meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// Turns it round: `not`, `never`, `without`.
    Negation,
    /// Says how binding or likely it is: `must`, `may`.
    Modal,
    /// Says how much of it: `all`, `only`, `some`.
    Quantifier,
}

const NEGATIONS: &[&str] = &[
    "aren't",
    "ain't",
    "barely",
    "can't",
    "cannot",
    "couldn't",
    "didn't",
    "doesn't",
    "don't",
    "dont",
    "hadn't",
    "hardly",
    "hasn't",
    "haven't",
    "isn't",
    "mustn't",
    "needn't",
    "neither",
    "never",
    "no",
    "nobody",
    "none",
    "nor",
    "not",
    "nothing",
    "nowhere",
    "scarcely",
    "shan't",
    "shouldn't",
    "unless",
    "wasn't",
    "weren't",
    "without",
    "won't",
    "wouldn't",
    "cant",
    "wont",
    "isnt",
    "didnt",
    "doesnt",
    "couldnt",
    "wouldnt",
    "except",
];
const MODALS: &[&str] = &["may", "might", "must", "ought", "shall", "should"];
const QUANTIFIERS: &[&str] = &[
    "all",
    "always",
    "any",
    "anything",
    "both",
    "each",
    "either",
    "every",
    "everyone",
    "everything",
    "few",
    "fewer",
    "half",
    "least",
    "less",
    "many",
    "more",
    "most",
    "much",
    "often",
    "only",
    "rarely",
    "several",
    "some",
    "sometimes",
    "twice",
    "once",
    "double",
];
/// Parts of a negation written as one word, which count as one negation and nothing else.
const MODAL_NEGATIONS: &[&str] = &["mustn't", "needn't", "shan't", "shouldn't"];

/// What a word does to the meaning, whatever its case and its kind of apostrophe.
pub fn weight(word: &str) -> Option<Weight> {
    // The longest of them has nine letters.
    if !(2..=12).contains(&word.len()) {
        return None;
    }
    let mut small = [0_u8; 12];
    let mut length = 0;
    for c in word.chars() {
        let byte = match c {
            '’' => b'\'',
            c if c.is_ascii() => c.to_ascii_lowercase() as u8,
            _ => return None,
        };
        small[length] = byte;
        length += 1;
    }
    let small = std::str::from_utf8(&small[..length]).ok()?;
    WEIGHTS.get(small).copied()
}

static WEIGHTS: LazyLock<HashMap<&str, Weight>> = LazyLock::new(|| {
    let kinds = [(NEGATIONS, Weight::Negation), (MODALS, Weight::Modal), (QUANTIFIERS, Weight::Quantifier)];
    kinds.iter().flat_map(|(words, weight)| words.iter().map(|word| (*word, *weight))).collect()
});

/// How many words of each kind a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Negations.
    pub negations: u32,
    /// Modals.
    pub modals: u32,
    /// Quantifiers.
    pub quantifiers: u32,
}

impl Count {
    /// Counts the words of a text. `shouldn't` and `should not` count alike, and so do the other pairs.
    pub fn of(text: &str) -> Self {
        let mut count = Self::default();
        for range in runs(text) {
            let word = &text[range];
            match weight(word) {
                Some(Weight::Negation) => {
                    count.negations += 1;
                    let small = word.to_lowercase().replace('’', "'");
                    count.modals +=
                        u32::from(MODAL_NEGATIONS.contains(&small.as_str()) && small != "needn't");
                }
                Some(Weight::Modal) => count.modals += 1,
                Some(Weight::Quantifier) => count.quantifiers += 1,
                None => {}
            }
        }
        count
    }
}

/// Where the words of meaning stand in a text.
pub fn spans(text: &str) -> impl Iterator<Item = Range<usize>> {
    runs(text).filter(|range| weight(&text[range.clone()]).is_some())
}

/// Runs of letters with apostrophes inside.
fn runs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let begin = at + text[at..].find(char::is_alphanumeric)?;
        let rest = &text[begin..];
        let length =
            rest.find(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’'))).unwrap_or(rest.len());
        at = begin + length;
        let word = rest[..length].trim_end_matches(['\'', '’']);
        Some(begin..begin + word.len())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_count_as_what_they_stand_for() {
        for (short, long) in [
            ("You shouldn't go", "You should not go"),
            ("don’t", "do not"),
            ("I can't", "I cannot"),
            ("we mustn't", "we must not"),
        ] {
            assert_eq!(Count::of(short), Count::of(long), "{short}");
        }
        assert_ne!(Count::of("cancel it"), Count::of("do not cancel it"));
        let count = Count::of("ALL of them must never be sent, only some");
        assert_eq!(count, Count { negations: 1, modals: 1, quantifiers: 3 });
    }

    #[test]
    fn a_name_with_an_apostrophe_is_no_word_of_meaning() {
        assert_eq!(spans("the Joneses' no-one's \u{1d54f}\u{1d54f}\u{1d54f}").count(), 1);
        assert_eq!(Count::of(""), Count::default());
    }
}
