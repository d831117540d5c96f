//! Punctuation marks that end a sentence or a part of it.

use crate::expand::words::Text;
use std::ops::Range;

/// The marks, of one character each.
const MARKS: [char; 7] = ['.', '?', '!', ',', ';', ':', '…'];

/// A mark, or several in a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Its bytes.
    pub range: Range<usize>,
    /// Its first character.
    pub first: char,
    /// How many characters it has.
    pub length: usize,
    /// Whether nothing but white space follows.
    pub is_last: bool,
}

/// The marks of a text that stand after a word and before white space or the end, and that are not
/// protected. Marks within a word (`e.g`, `tl;dr`) and those of faces (`:)`) are none.
pub fn runs<'t>(text: &'t Text<'_>) -> impl Iterator<Item = Run> + 't {
    let source = text.text;
    let end = source.trim_end().len();
    text.words.iter().filter_map(move |word| {
        let rest = &source[word.end..];
        let length = rest.find(|c| !MARKS.contains(&c)).unwrap_or(rest.len());
        let range = word.end..word.end + length;
        let ends = source[range.end..].chars().next().is_none_or(char::is_whitespace);
        let first = rest.chars().next().filter(|_| length > 0 && ends)?;
        let run = Run { first, length: rest[..length].chars().count(), is_last: range.end >= end, range };
        text.may_touch(run.range.clone(), &[]).then_some(run)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::protect::Protector;

    #[test]
    fn marks_stand_between_words() {
        let protector = Protector::new(&[]).unwrap();
        let text = Text::new("tl;dr, please?! At 10. See a.b@example.com :) ok... ", &protector, &[]);
        let found: Vec<(&str, bool)> = runs(&text).map(|run| (&text.text[run.range], run.is_last)).collect();
        assert_eq!(found, [(",", false), ("?!", false), ("...", true)]);
    }
}
