//! The common English words, and first names: a slip that makes one of them makes another request, and one in
//! a name another name.

use crate::expand::lexicon::Lexicon;
use std::collections::HashMap;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/common_words.txt")));

/// The words, and whether each is a name.
static WORDS: LazyLock<HashMap<&'static str, bool>> =
    LazyLock::new(|| LEXICON.entries.iter().map(|entry| (entry[0], entry.get(1) == Some(&"name"))).collect());

/// Bytes of the longest word that is looked up; none of the lexicon is as long.
const LONGEST: usize = 24;

/// Whether a word is a common one and no name, whatever its case.
pub fn is_common(word: &str) -> bool {
    with_lower(word, |small| WORDS.get(small).is_some_and(|is_name| !is_name))
}

/// Whether a word reads as a common one and no name: it is one, or one with a regular ending.
pub fn reads_as_common(word: &str) -> bool {
    with_lower(word, |small| match WORDS.get(small) {
        Some(is_name) => !is_name,
        None => ENDINGS.iter().any(|ending| has_stem(small, ending)),
    })
}

/// Whether a word reads as one that is listed: a common one, also with a regular ending, or a name.
pub fn reads_as_listed(word: &str) -> bool {
    with_lower(word, |small| {
        WORDS.contains_key(small) || ENDINGS.iter().any(|ending| has_stem(small, ending))
    })
}

/// Regular endings, and what they may have taken the place of.
const ENDINGS: [(&str, &[&str]); 13] = [
    ("ies", &["y"]),
    ("ied", &["y"]),
    ("ier", &["y"]),
    ("ily", &["y"]),
    ("es", &[""]),
    ("s", &[""]),
    ("ed", &["", "e"]),
    ("ing", &["", "e"]),
    ("er", &["", "e"]),
    ("est", &["", "e"]),
    ("ly", &["", "le"]),
    ("able", &["", "e"]),
    ("y", &["", "e"]),
];

/// Whether a word is a common one with this ending, its last letter doubled or not (`stopped`).
fn has_stem(word: &str, (ending, before): &(&str, &[&str])) -> bool {
    let Some(stem) = word.strip_suffix(ending).filter(|stem| stem.len() >= 2) else {
        return false;
    };
    let mut buffer = [0; LONGEST];
    let whole = |end: &&str| {
        let whole = buffer.get_mut(..stem.len() + end.len())?;
        let (first, last) = whole.split_at_mut(stem.len());
        first.copy_from_slice(stem.as_bytes());
        last.copy_from_slice(end.as_bytes());
        std::str::from_utf8(whole).ok().map(|whole| WORDS.contains_key(whole))
    };
    let doubled = stem.len() > 3 && stem.as_bytes()[stem.len() - 1] == stem.as_bytes()[stem.len() - 2];
    before.iter().filter_map(whole).any(|found| found)
        || doubled && WORDS.contains_key(&stem[..stem.len() - 1])
}

/// Reads a word in lower case; false where it is no plain English word.
fn with_lower(word: &str, read: impl Fn(&str) -> bool) -> bool {
    let mut buffer = [0; LONGEST];
    let Some(small) = buffer.get_mut(..word.len()).filter(|_| word.is_ascii()) else {
        return false;
    };
    small.copy_from_slice(word.as_bytes());
    small.make_ascii_lowercase();
    std::str::from_utf8(small).is_ok_and(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lexicon_is_large_sorted_and_plain() {
        assert_eq!((LEXICON.name, LEXICON.version), ("common_words", 1));
        assert!(WORDS.len() >= 7000, "{}", WORDS.len());
        assert!(LEXICON.entries.windows(2).all(|pair| pair[0] < pair[1]), "sorted, each word once");
        for entry in &LEXICON.entries {
            let plain = entry[0].bytes().all(|byte| byte.is_ascii_lowercase());
            let marked = matches!(entry.get(1), None | Some(&"name" | &"rude")) && entry.len() <= 2;
            assert!(plain && marked && entry[0].len() < LONGEST, "{entry:?}");
        }
    }

    #[test]
    fn regular_forms_read_as_common() {
        for word in ["form", "Form", "forms", "parties", "planned", "planed", "making", "later", "Nicely"] {
            assert!(reads_as_common(word), "{word}");
        }
        for word in ["fomr", "meetign", "tomorow", "s", "", "é", "antidisestablishmentarianism"] {
            assert!(!reads_as_common(word), "{word}");
        }
        assert!(is_common("MEET") && !is_common("meets"));
        assert!(!is_common("Anna") && !reads_as_common("anna") && reads_as_listed("anna"));
    }
}
