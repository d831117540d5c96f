//! Latin letters with marks, and what they are made of.

use crate::expand::lexicon::Lexicon;
use std::collections::HashMap;
use std::sync::LazyLock;

static LEXICON: LazyLock<Lexicon> =
    LazyLock::new(|| Lexicon::parse(include_str!("../../lexicon/compositions.txt")));

/// Letters with their base and their marks.
static PARTS: LazyLock<HashMap<char, (&'static str, String)>> = LazyLock::new(|| {
    let read = |entry: &Vec<&'static str>| {
        let [letter, base, marks] = entry[..] else { return None };
        let mark = |hex| u32::from_str_radix(hex, 16).ok().and_then(char::from_u32);
        Some((letter.chars().next()?, (base, marks.split(' ').map(mark).collect::<Option<String>>()?)))
    };
    LEXICON.entries.iter().filter_map(read).collect()
});

/// The plain letter within a Latin letter, and its marks in their order.
pub fn of(letter: char) -> Option<(&'static str, &'static str)> {
    PARTS.get(&letter).map(|(base, marks)| (*base, marks.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the Unicode character database, `UnicodeData.txt`, field 5.
    #[test]
    fn letters_are_made_of_what_unicode_says() {
        assert_eq!((LEXICON.name, LEXICON.version), ("compositions", 1));
        assert_eq!((PARTS.len(), LEXICON.entries.len()), (405, 405));
        for (letter, base, marks) in [
            ('é', "e", "\u{301}"),
            ('Å', "A", "\u{30a}"),
            ('ç', "c", "\u{327}"),
            ('ő', "o", "\u{30b}"),
            ('ế', "e", "\u{302}\u{301}"),
            ('ậ', "a", "\u{323}\u{302}"),
        ] {
            assert_eq!(of(letter), Some((base, marks)), "{letter}");
        }
        assert_eq!([of('e'), of('ø'), of('ß')], [None; 3]);
        let plain = |base: &str| base.len() == 1 && base.bytes().all(|byte| byte.is_ascii_alphabetic());
        let is_mark = |c: char| matches!(c, '\u{300}'..='\u{36f}');
        assert!(PARTS.values().all(|(base, marks)| plain(base) && marks.chars().all(is_mark)));
    }
}
